"""Functions of floats whose domains the program itself keeps, or does not quite."""

import math

import numpy as np

FLOATS = [
    0.0, -0.0, 5e-324, -5e-324, 1e-200, 0.5, -0.5, 1.0, -1.0, 0.9999999999999999, 1.0000000000000002, 2.0, -2.5, 1e16,
    1e200, -1e200, math.inf, -math.inf, math.nan,
]  # fmt: skip
PAIRS = [(x, y) for x in FLOATS for y in (0.0, -0.0, 1.0, -2.5, 1e-200, 1e200, math.inf, math.nan)]
SINGLES = [(np.float32(x), np.float32(y)) for x, y in PAIRS if not (1e38 < abs(x) < math.inf or 1e38 < abs(y) < math.inf)]


def length(x, y):
    return math.sqrt(x * x + y * y)


def length_and_more(x, y):
    return math.sqrt(x * x + 0.01) + math.sqrt(abs(y)) + math.log(1.0 + y * y)


def difference_of_squares(x, y):
    return math.sqrt(x * x - y * y)


def logarithm_of_square(x):
    return math.log(x * x)


def logarithm_of_size(x):
    return math.log(abs(x) + 1e-300)


def logarithm_of_exponential(x):
    return math.log(math.exp(x))


def where_not_negative(x):
    if x < 0.0:
        return -1.0
    return math.sqrt(x)


def where_positive(x):
    if x > 0.0:
        return math.log(x)
    return 0.0


def where_not_positive(x):
    if not x <= 0.0:
        return math.log(x)
    return 0.0


def where_above(x, y):
    """The other side may be nan."""
    if y >= 0.0 and not x < y:
        return math.sqrt(x)
    return -1.0


def where_below(x, y):
    if x <= y and y < 1.0:
        return math.asin(x)
    return math.atanh(y) if abs(y) < 1.0 else 7.0


def clamped(x):
    return math.acos(max(-1.0, min(1.0, x)))


def clamped_by_numpy(x):
    return math.acos(np.maximum(-1.0, np.minimum(1.0, x)))


def kept_positive(x, y):
    return math.sqrt(max(x, 0.0)) + math.sqrt(y if y > 0.0 else 0.0)


def quotient(x, y):
    return math.sqrt(abs(x) / (y * y + 1.0)) + math.sqrt(abs(y) / 3.0)


def quotient_of_zero(x, y):
    """np.float64: a quotient by -0.0 is minus infinity."""
    return math.sqrt(np.float64(abs(x)) / np.abs(np.float64(y)) if y != 0.0 else np.float64(1.0) / np.sqrt(np.float64(y)))


def roots(a, b, c):
    discriminant = b * b - 4.0 * a * c
    if discriminant < 0.0:
        return (0.0, 0.0)
    root = math.sqrt(discriminant)
    return (-b - root, -b + root)


def of_counter(n):
    total = 0.0
    for i in range(n):
        total += math.sqrt(i) + math.log(i + 1.0) + math.sqrt(n - i)
    return total


def compared_with_itself(x):
    small = x < 3.0
    return (small, abs(x) < 0.0, abs(x) == -1.0, x * x != -4.0, math.sqrt(abs(x)) >= 0.0, abs(x) > math.inf)


def lengths(x, y, out):
    for i in range(len(x)):
        out[i] = math.sqrt(x[i] * x[i] + y[i] ** 2)


def roots_where_possible(x, out):
    for i in range(len(x)):
        if x[i] >= 0.0:
            out[i] = math.sqrt(x[i])
        else:
            out[i] = -x[i]


ONE = [(x,) for x in FLOATS]
ARRAYS = [(np.array(FLOATS * k), np.array(FLOATS[::-1] * k), np.zeros(len(FLOATS) * k)) for k in (1, 3)]
ARRAYS += [(x[::-1], y[::2].repeat(2)[: len(x)], out) for x, y, out in ARRAYS] + [(np.zeros(0), np.zeros(0), np.zeros(0))]
with np.errstate(over="ignore"):
    ARRAYS += [tuple(a.astype(np.float32) for a in arrays) for arrays in ARRAYS]

CASES = [
    *[(f, PAIRS + SINGLES) for f in (length, length_and_more, difference_of_squares, where_above, where_below, kept_positive, quotient, quotient_of_zero)],
    *[(f, ONE) for f in (logarithm_of_square, logarithm_of_size, logarithm_of_exponential, where_not_negative, where_positive, where_not_positive, clamped, clamped_by_numpy, compared_with_itself)],
    (roots, [(a, b, c) for a in (1.0, -2.0, 0.0, math.nan) for b in (0.0, 3.0, -1e200, math.inf) for c in (1.0, -1.0, math.inf)]),
    (of_counter, [(0,), (1,), (20,)]),
    (lengths, ARRAYS),
    (roots_where_possible, [(x, out) for x, _, out in ARRAYS]),
]
