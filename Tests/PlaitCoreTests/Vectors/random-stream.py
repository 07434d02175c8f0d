"""Makes random-stream.txt: draws of named streams, computed with numpy's Philox and a SipHash written from its paper.

    python3 random-stream.py > random-stream.txt        (numpy 2.4.6 made the committed table)

A line: seed, index and draw number in decimal, the draw in hexadecimal, the stream's name to the end of the line.
"""

import numpy

MASK = 2**64 - 1


def rotated(word, count):
    return (word << count | word >> (64 - count)) & MASK


def siphash128(key0, key1, data):
    v = [0x736F6D6570736575, 0x646F72616E646F6D ^ 0xEE, 0x6C7967656E657261, 0x7465646279746573]
    for place in range(4):
        v[place] ^= (key0, key1)[place % 2]

    def mix(rounds):
        for _ in range(rounds):
            v[0] = (v[0] + v[1]) & MASK
            v[1] = rotated(v[1], 13) ^ v[0]
            v[0] = rotated(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK
            v[3] = rotated(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK
            v[3] = rotated(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK
            v[1] = rotated(v[1], 17) ^ v[2]
            v[2] = rotated(v[2], 32)

    padded = data + bytes(7 - len(data) % 8) + bytes([len(data) % 256])
    for place in range(0, len(padded), 8):
        word = int.from_bytes(padded[place : place + 8], "little")
        v[3] ^= word
        mix(2)
        v[0] ^= word
    v[2] ^= 0xEE
    mix(4)
    low = v[0] ^ v[1] ^ v[2] ^ v[3]
    v[1] ^= 0xDD
    mix(4)
    return low, v[0] ^ v[1] ^ v[2] ^ v[3]


def draw(seed, name, index, number):
    key = siphash128(seed, int.from_bytes(b"plait/rs", "big"), name.encode())
    before = (index + (number // 4 << 64) - 1) % 2**256
    generator = numpy.random.Philox(
        counter=numpy.array([before >> (64 * place) & MASK for place in range(4)], dtype=numpy.uint64),
        key=numpy.array(key, dtype=numpy.uint64),
    )
    return int(generator.random_raw(4)[number % 4])


print("# made by random-stream.py: seed, index, number, draw, name")
for seed in (0, 1, 2, 20261120, MASK):
    for name in ("", "link/wifi/client>server/loss", "link/wifi/server>client/loss", "host/zürich/backoff"):
        for index, number in ((0, 0), (0, 1), (1, 0), (17, 2), (17, 7), (MASK, MASK)):
            print(seed, index, number, f"{draw(seed, name, index, number):016x}", name)
