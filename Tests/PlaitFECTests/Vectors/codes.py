"""Makes codes.txt: products and inverses of GF(256) with 0x11D, and repair symbols of blocks.

    python3 codes.py > codes.txt    with reedsolo 1.7.0, whose field arithmetic is used and nothing else of it

A symbol is its bytes, zeros up to the longest symbol of the block, and its length as two bytes, the high one first. Byte
j of symbol i is (31 i + 17 j + i j + 1) mod 256. The generator is Cauchy's: 1 / ((k + row) xor column).
"""

from reedsolo import gf_inverse, gf_mul, init_tables

init_tables(prim=0x11D, generator=2)

BLOCKS = [
    (1, 1, [9]),
    (3, 2, [5, 0, 3]),
    (10, 3, [70, 64, 1, 66, 62, 70, 0, 70, 63, 65]),
    (20, 6, [(7 * i) % 41 for i in range(20)]),
    (7, 3, [100, 80, 100, 100, 99]),
    (100, 155, [(3 * i) % 5 for i in range(100)]),
]


def symbol(number: int, length: int, extent: int) -> bytes:
    body = bytes((31 * number + 17 * j + number * j + 1) % 256 for j in range(length))
    return body + bytes(extent - length) + length.to_bytes(2, "big")


print("# Made by codes.py with reedsolo's field arithmetic.")
for left in range(1, 256, 9):
    for right in (0, 1, 2, 3, 0x1D, 0x53, 0x80, 0xCA, 0xFF):
        print("product", left, right, gf_mul(left, right))
for byte in range(1, 256):
    print("inverse", byte, gf_inverse(byte))
for sources, repairs, lengths in BLOCKS:
    # Fewer lengths than sources: a block that was closed early.
    extent = max(lengths)
    symbols = [symbol(number, length, extent) for number, length in enumerate(lengths)]
    rows = []
    for row in range(repairs):
        total = bytearray(extent + 2)
        for column, coded in enumerate(symbols):
            factor = gf_inverse((sources + row) ^ column)
            for place, byte in enumerate(coded):
                total[place] ^= gf_mul(factor, byte)
        rows.append(total.hex())
    print("block", sources, repairs, ",".join(map(str, lengths)), ",".join(rows))
