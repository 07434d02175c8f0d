"""Makes distributions.txt: quantiles of the standard tables from scipy, with corrections found by integration.

    python3 distributions.py > distributions.txt        (scipy 1.17.1 made the committed table)

A line: the table, a 64-bit draw in hexadecimal, the quantile of (draw + 1/2) / 2^64.
"""

from fractions import Fraction

import numpy
from scipy import integrate, optimize, stats

cut = 3.0
beyond = 2.0**-10
shape = 2 / 3

# The normal: restricted to -3...3, then scaled to deviation 1.
normal_scale = 1 / stats.truncnorm(-cut, cut).std()

# The gamma: restricted, then bent to s (x + e x^2) with mean 1 and variance 3/2. Moments by integration over x.
gamma = stats.gamma(shape, scale=1 / shape)
top = gamma.isf(beyond)


def moment(power):
    # x = y^3 takes the singularity of the density at zero away.
    integrand = lambda y: y ** (3 * power) * gamma.pdf(y**3) * 3 * y**2
    return integrate.quad(integrand, 0, top ** (1 / 3), epsabs=1e-14, epsrel=1e-12)[0] / (1 - beyond)


m = [moment(power) for power in range(5)]
assert abs(m[0] - 1) < 1e-10


def excess(e):
    mean = m[1] + e * m[2]
    square = m[2] + 2 * e * m[3] + e * e * m[4]
    return square / mean**2 - 2.5


bend = optimize.brentq(excess, 0, 0.5, xtol=1e-15)
gamma_scale = 1 / (m[1] + bend * m[2])


def bent(x):
    return gamma_scale * (x + bend * x * x)


def quantiles(tail, is_upper):
    """All four, `tail` being the probability beyond, from the end that is near."""
    sign = 1 if is_upper else -1
    outside = stats.norm.sf(cut)
    yield "exponential", -numpy.log(tail) if is_upper else -numpy.log1p(-tail)
    yield "normal", sign * normal_scale * stats.norm.isf(outside + tail * (1 - 2 * outside))
    arcsine = numpy.sin(numpy.pi * tail / 2) ** 2
    yield "arcsine", 1 - arcsine if is_upper else arcsine
    if is_upper:
        yield "gamma", bent(gamma.isf(beyond + tail * (1 - beyond)))
    else:
        yield "gamma", bent(gamma.ppf(tail * (1 - beyond)))


print("# made by distributions.py: table, draw, quantile")
corrections = [repr(float(number)) for number in (normal_scale, gamma_scale, bend)]
print("# normal: scale", corrections[0], " gamma: scale", corrections[1], "bend", corrections[2])
state = 1
for case in range(250):
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    # A quarter from everywhere, the rest from ever deeper in the tails. The last cell, below 2^-41, is no quantile
    # of the law.
    shift = 0 if case % 4 == 0 else case % 40
    tail_bits = (state >> 1) >> shift
    if tail_bits < 2**23:
        continue
    is_upper = case % 2 == 0
    draw = 2**64 - 1 - tail_bits if is_upper else tail_bits
    tail = float(Fraction(2 * tail_bits + 1, 2**65))
    for name, value in quantiles(tail, is_upper):
        print(name, f"{draw:016x}", repr(float(value)))
