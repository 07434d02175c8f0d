"""Makes philox4x64.txt from numpy's Philox, an implementation independent of this package's.

    python3 philox4x64.py > philox4x64.txt        (numpy 2.4.6 made the committed table)

numpy increments the 256-bit counter before each block, so the counter it is given is one less than the one a line
names. A line: the counter's four words, the key's two, the block's four, all hexadecimal, least significant word first.
"""

import numpy

print("# made by philox4x64.py: counter (4 words), key (2), block (4)")
state = 0x9E3779B97F4A7C15
for case in range(64):
    words = []
    for _ in range(6):
        # Any spread of bits will do; this linear congruence is Knuth's MMIX.
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        words.append(state ^ state >> 29)
    # The shapes that random streams use: small indices, a small block number, zeros above.
    if case % 4 == 1:
        words[0:4] = [case, case % 7, 0, 0]
    # A carry through one, two and three words of the counter.
    if case % 4 == 2:
        words[0 : 1 + case % 3] = [0] * (1 + case % 3)
    counter = sum(word << (64 * place) for place, word in enumerate(words[:4]))
    before = (counter - 1) % 2**256
    generator = numpy.random.Philox(
        # Typed arrays: numpy would turn a list that mixes words below and above 2^63 into floating point.
        counter=numpy.array([before >> (64 * place) & (2**64 - 1) for place in range(4)], dtype=numpy.uint64),
        key=numpy.array(words[4:], dtype=numpy.uint64),
    )
    block = [int(word) for word in generator.random_raw(4)]
    print(*(f"{word:016x}" for word in words + block))
