"""The place of the least or greatest: by hand in each way of writing it, and NumPy's."""

import itertools

import numpy as np

NAN, INF = float("nan"), float("inf")


def first_least(a):
    best, where = a[0], 0
    for i in range(1, len(a)):
        if a[i] < best:
            best = a[i]
            where = i
    return best, where


def last_least(a):
    best, where = a[0], 0
    for i in range(len(a)):
        if a[i] <= best:
            best = a[i]
            where = i
    return best, where


def first_greatest(a):
    where, best = 0, a[0]
    for i, x in enumerate(a):
        if best < x:
            best, where = x, i
    return best, where


def last_greatest(a):
    best, where = a[0], 0
    for i in range(len(a)):
        if a[i] >= best:
            best = a[i]
            where = i
    return best, where


def opposite(a):
    best, where = a[0], 0
    for i in range(len(a)):
        if not a[i] <= best:
            best = a[i]
            where = i
    return best, where


def from_nothing(a, start):
    best, where = start, -1
    for i in range(len(a)):
        if a[i] < best:
            best = a[i]
            where = i
    return float(best), where


def from_nothing_last(a, start):
    best, where = start, -1
    for i in range(len(a)):
        if a[i] <= best:
            best = a[i]
            where = i
    return float(best), where


def from_somewhere(a, start, stop):
    best, where = 3.5, -1
    for i in range(start, stop):
        if a[i] <= best:
            best = a[i]
            where = i
    return float(best), where


def of_some(a, b):
    best, where = 100.0, -1
    for i in range(len(a)):
        if b[i] > 0 and a[i] < best:
            best = a[i]
            where = i
    return float(best), where


def nearest(a, b, x, y):
    best, where, of_a, of_b = INF, -1, 0.0, 0.0
    for i in range(len(a)):
        distance = (a[i] - x) ** 2 + (b[i] - y) ** 2
        if distance < best:
            best, where, of_a, of_b = distance, i, a[i], b[i]
    return best, where, of_a, of_b


def in_rows(a):
    row, column, best = 0, 0, a[0, 0]
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            if a[i, j] > best:
                best = a[i, j]
                row, column = i, j
    return row, column, best


def pivot(a, k):
    """The column's largest, as Gauss's elimination looks for it."""
    big, at = 0.0, k
    for i in range(k, a.shape[0]):
        if abs(a[i, k]) > big:
            big = abs(a[i, k])
            at = i
    return at, big


def two_at_once(a):
    low, high, least, greatest = a[0], a[0], 0, 0
    for i in range(len(a)):
        if a[i] < low:
            low = a[i]
            least = i
        if a[i] > high:
            high = a[i]
            greatest = i
    return low, least, high, greatest


def with_a_mark(a):
    best, where, late = a[0], 0, False
    for i in range(len(a)):
        if a[i] < best:
            best = a[i]
            where = i
            late = i > 10
    return best, where, late


def with_a_sum(a):
    best, where, total = a[0], 0, 0
    for i in range(len(a)):
        total += a[i]
        if a[i] < best:
            best = a[i]
            where = i
    return best, where, total


def counters_of_most(start):
    best, where = 0, 7
    for i in range(start, start + 70):
        if i // 2**60 <= best:
            best = i // 2**60
            where = i
    return best, where


def numpy_argmin(a):
    return np.argmin(a), a.argmin()


def numpy_argmax(a):
    return np.argmax(a), a.argmax()


def numpy_axes(a):
    return np.argmin(a, axis=0), np.argmax(a, axis=1)


RNG = np.random.default_rng(11)
INTEGERS = (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)
ZEROS = np.array([0.0, -0.0] * 20)


def of_type(dtype, length):
    """Few different values, so that there are equals; now and then the least and the greatest there are."""
    a = RNG.integers(0, 6, length).astype(dtype)
    if length % 3 == 1:
        a[RNG.integers(length)] = np.iinfo(dtype).min
        a[RNG.integers(length)] = np.iinfo(dtype).max
    return a


def floats(length, dtype=np.float64):
    a = RNG.integers(0, 6, length) * RNG.choice([-1.0, 1.0], length)
    return np.where(RNG.random(length) < 0.1, RNG.choice([NAN, INF, -INF], length), a).astype(dtype)


def nan_at(length, *places):
    a = RNG.random(length)
    a[list(places)] = NAN
    return a


ARRAYS = (
    [floats(length) for length in range(1, 71)]
    + [floats(length, np.float32) for length in (1, 7, 16, 33, 70)]
    + [of_type(dtype, length) for dtype, length in itertools.product(INTEGERS, (1, 9, 40, 64, 70))]
    + [floats(70)[::-1], floats(140)[::2], of_type(np.int32, 70)[::-1], of_type(np.uint8, 90)[::3]]
    + [np.full(50, x) for x in (NAN, INF, -INF, 0.0)]
    + [ZEROS, -ZEROS, ZEROS[1:], np.append(ZEROS, -1.0), np.append(-ZEROS, -0.0)]
    + [nan_at(40, place) for place in range(40)]
    + [nan_at(40, 0, 39), nan_at(40, 17, 16), nan_at(20000, 19999), RNG.random(40000)]
)
EMPTY = [np.empty(0), np.empty(0, np.int32)]
STARTS = (INF, -INF, NAN, 0.0, -0.0, 2.0)

CASES = [
    (first_least, [(a,) for a in ARRAYS + EMPTY]),
    (last_least, [(a,) for a in ARRAYS + EMPTY]),
    (first_greatest, [(a,) for a in ARRAYS + EMPTY]),
    (last_greatest, [(a,) for a in ARRAYS]),
    (opposite, [(a,) for a in ARRAYS if a.dtype.kind in "iu"] + [(floats(70),)]),
    (from_nothing, [(floats(n), s) for n, s in itertools.product((0, 1, 5, 40, 70), STARTS)]),
    (from_nothing_last, [(floats(n), s) for n, s in itertools.product((0, 1, 5, 40, 70), STARTS)]),
    (from_nothing, [(np.full(40, s), s) for s in STARTS]),
    (from_nothing_last, [(np.full(40, s), s) for s in STARTS]),
    (from_somewhere, [(floats(70), start, stop) for start, stop in [(0, 70), (3, 65), (-20, 50), (9, 9), (5, 80)]]),
    (of_some, [(floats(n), floats(n)) for n in (0, 1, 16, 50, 70)]),
    (of_some, [(np.full(50, -1.0), np.zeros(50)), (np.full(50, 100.0), np.ones(50))]),
    (nearest, [(floats(n), floats(n), 0.5, -1.0) for n in (0, 1, 16, 50, 70)]),
    (in_rows, [(floats(n * m).reshape(n, m),) for n, m in [(1, 1), (3, 40), (40, 3), (7, 33)]]),
    (in_rows, [(floats(700).reshape(20, 35).T,), (np.zeros((4, 40)),)]),
    (pivot, [(floats(900).reshape(30, 30), k) for k in (0, 3, 29)]),
    (two_at_once, [(a,) for a in ARRAYS[:80]]),
    (with_a_mark, [(a,) for a in ARRAYS[:80:5]]),
    (with_a_sum, [(of_type(np.int64, n) % 1000,) for n in (1, 30, 70)]),
    (counters_of_most, [(-(2**63),), (0,), (2**63 - 80,)]),
    (numpy_argmin, [(a,) for a in ARRAYS + EMPTY]),
    (numpy_argmax, [(a,) for a in ARRAYS + EMPTY]),
    (numpy_argmin, [(floats(700).reshape(20, 35),), (floats(700).reshape(20, 35).T,)]),
    (numpy_argmax, [(RNG.random(n) < 0.1,) for n in (1, 8, 70)]),
    (numpy_axes, [(floats(700).reshape(20, 35),), (of_type(np.uint8, 66).reshape(33, 2),)]),
]
