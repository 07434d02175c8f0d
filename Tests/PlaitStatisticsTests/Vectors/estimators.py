"""Makes estimators.txt with scipy and numpy.

    python3 estimators.py > estimators.txt        (scipy 1.17.1 and numpy 2.4.6 made the committed table)

A line: what is estimated, its arguments and the answer, separated by blanks. The samples are the same ones that the
tests make: value(i) = (i * 7919 % 1009) / 1009.
"""

import numpy
from scipy import stats


def series(count):
    return numpy.array([(i * 7919 % 1009) / 1009 for i in range(count)])


def out(*words):
    print(*(repr(float(word)) if isinstance(word, (float, numpy.floating)) else word for word in words))


print("# made by estimators.py")
for count in (2, 5, 30, 1000):
    values = series(count)
    for level in (0.9, 0.95, 0.99):
        low, high = stats.t.interval(level, count - 1, loc=values.mean(), scale=stats.sem(values))
        out("mean", count, level, values.mean(), values.var(ddof=1), low, high)
for successes, trials in ((0, 10), (1, 10), (5, 10), (10, 10), (3, 1000), (123, 456)):
    for level in (0.9, 0.95, 0.99):
        bounds = stats.binomtest(successes, trials).proportion_ci(level, method="wilson")
        out("wilson", successes, trials, level, bounds.low, bounds.high)
for cells in (2, 5, 16):
    observed = numpy.array([40 + (i * 37 % 11) for i in range(cells)])
    result = stats.chisquare(observed)
    out("chisquare", cells, 0, result.statistic, result.pvalue)
observed = numpy.array([40 + (i * 37 % 11) for i in range(16)])
result = stats.chisquare(observed, ddof=2)
out("chisquare", 16, 2, result.statistic, result.pvalue)
for count, shift in ((20, 0.0), (20, 0.2), (100, 0.05), (100, 0.12), (1000, 0.0), (1000, 0.04), (1000, 0.1)):
    result = stats.kstest(numpy.clip(series(count) + shift, 0, 2), stats.uniform.cdf, method="exact")
    out("ks1", count, shift, result.statistic, result.pvalue)
for first, second, shift in ((20, 30, 0.0), (100, 80, 0.15), (500, 400, 0.05), (500, 400, 0.12)):
    # Other values, so that the samples have none in common.
    other = numpy.array([(i * 787 % 2003) / 2003 for i in range(1, second + 1)]) + shift
    result = stats.ks_2samp(series(first), other, method="exact")
    out("ks2", first, second, shift, result.statistic, result.pvalue)
