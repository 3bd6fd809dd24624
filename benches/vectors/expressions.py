"""Array expressions of four operations and more: beyond the cache beside NumPy, in cache beside Numba."""

import compiling
import measure
import numpy as np

IN_CACHE, BEYOND = 500, 2_000_000


def mixed(a, b, c, d):
    return a * b + c * d - 0.5 * a


def smooth(a, b, c, d):
    return (a + b) * 0.5 + (c - d) * (c - d) * 0.25


def rational(a, b, c, d):
    return (a * b + c) / (d * d + 1.0) - a


def distance(a, b, c, d):
    return np.sqrt((a - b) * (a - b) + (c - d) * (c - d))


def chosen(a, b, c, d):
    return np.where(a > b, a * c + d, b * d - c)


def neighbours(a, b, c, d):
    return 0.25 * (a[:-2] + 2.0 * a[1:-1] + a[2:]) + b[1:-1] * c[1:-1]


def exponentials(a, b, c, d):
    return a * np.exp(-b) + c * np.exp(-d)


EXPRESSIONS = [mixed, smooth, rational, distance, chosen, neighbours, exponentials]


def arguments(n):
    return tuple(np.random.default_rng(9).random((4, n)))


def figures(ours, theirs) -> list[measure.Figure]:
    rows = []
    for title, n, limit in (("in cache, / numba", IN_CACHE, 0.9), ("beyond the cache, / NumPy", BEYOND, 0.5)):
        for expression in EXPRESSIONS:
            mine = compiling.compiled(ours, expression)
            peer = compiling.compiled(theirs, expression) if n == IN_CACHE else expression
            given = arguments(n)
            assert np.allclose(mine(*given), expression(*given), rtol=1e-13)
            peer(*given)
            seconds = measure.paired(mine, peer, given, 15)
            times = seconds[0] * 1e6, seconds[1] * 1e6
            rows.append(measure.Figure(f"array expressions {title}", expression.__name__, *times, "us", limit))
    return rows
