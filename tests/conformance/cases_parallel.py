"""Arrays that the iterations of prange combine into: whole, element by element, with errors."""

import numpy as np

from fastjit import prange


def columns(a):
    total = np.zeros(a.shape[1], a.dtype)
    for i in prange(a.shape[0]):
        total += a[i]
    return total


def columns_of_argument(a, total):
    for i in prange(a.shape[0]):
        if a[i, 0] > 1:
            total -= a[i]
    return 0


def products(a):
    total = np.ones(a.shape[1], np.int64)
    for i in prange(a.shape[0]):
        total *= a[i]
    return total


def matrix(a, n):
    total = np.zeros((2, a.shape[1]), np.int64)
    count = 0
    for i in prange(n, 0, -3):
        total += a[i % a.shape[0]] * i
        count += 1
    return total, count


def histogram(values, n):
    counts = np.zeros(n, np.int64)
    for i in prange(len(values)):
        counts[values[i]] += 1
    return counts


def histogram_of_two(values, counts, sums):
    for i in prange(len(values)):
        k = values[i]
        if k >= 0:
            counts[k] += 1
            sums[k, 0] += i
            for j in range(i):
                sums[j % 2, 1] -= 1
    return 0


def bits(values, out):
    for i in prange(len(values)):
        out[values[i] % 2] ^= values[i]
    return 0


def flags(values, out):
    for i in prange(len(values)):
        out[values[i] % 3] |= values[i] > 2
    return 0


def own_places(values, out):
    for i in prange(len(values)):
        out[i] += values[i]
        out[i] *= 2
    return 0


def shifted_places(values, out):
    for i in prange(len(values) - 1):
        out[i + 1] += values[i]
    return 0


def read_too(values, out):
    for i in prange(len(values)):
        out[values[i] % 2] += values[i]
        out[2] = out[0] * 2 + i
    return 0


def two_operations(values, out):
    for i in prange(len(values)):
        out[values[i] % 2] += i
        out[values[i] % 2] *= 3
    return 0


def with_others(a):
    total = np.zeros(a.shape[1], np.int64)
    out = np.zeros(a.shape[0], np.int64)
    best = 0
    for i in prange(a.shape[0]):
        row = a[i] * 2
        total += row
        out[i] = row.sum()
        best = max(best, row[0])
    return total, out, best


def nested(a):
    total = np.zeros(a.shape[1], np.int64)
    for i in prange(a.shape[0]):
        for j in prange(a.shape[1]):
            total[j] += a[i, j]
    return total


def in_helper(a, n):
    t = np.zeros(a.shape[1], np.int64)
    for k in range(n):
        t += columns(a)
    return t


SMALL = np.arange(12, dtype=np.int64).reshape(4, 3)
BIG = np.arange(300, dtype=np.int64).reshape(100, 3) % 17
VALUES = np.arange(1000, dtype=np.int64) * 7 % 13

CASES = [
    (columns, [(SMALL,), (BIG,), (SMALL[:0],), (BIG[::-2, ::-1],), (BIG.astype(np.float64),), (SMALL > 3,)]),
    (columns, [(np.zeros((5, 0)),), (np.full((3, 2), -0.0),), (BIG.astype(np.int8),), (BIG * (1 + 2j),)]),
    (columns_of_argument, [(SMALL, np.zeros(3, np.int64)), (BIG, np.arange(3.0)), (BIG, np.zeros((2, 3))[:, ::-1])]),
    (columns_of_argument, [(SMALL, np.zeros(2)), (SMALL, np.zeros(3, np.int8))]),
    (products, [(SMALL + 1,), (BIG + 2,)]),
    (matrix, [(SMALL, 50), (SMALL, 0), (SMALL, 2), (BIG, 400)]),
    (histogram, [(VALUES, 13), (VALUES, 5), (VALUES[:0], 3), (VALUES - 3, 13), (VALUES - 20, 13)]),
    (histogram_of_two, [(VALUES[:200], np.zeros(13, np.int64), np.zeros((13, 2), np.int64))]),
    (bits, [(VALUES, np.zeros(2, np.int64)), (VALUES[:1], np.ones(2, np.int64))]),
    (flags, [(VALUES, np.zeros(3, bool)), (VALUES[:2], np.zeros(3, bool))]),
    (own_places, [(VALUES, np.ones(1000, np.int64))]),
    (shifted_places, [(VALUES, np.ones(1000, np.int64))]),
    (read_too, [(VALUES, np.ones(3, np.int64))]),
    (two_operations, [(VALUES[:30], np.ones(2, np.int64))]),
    (with_others, [(SMALL,), (BIG,)]),
    (nested, [(SMALL,), (BIG,)]),
    (in_helper, [(BIG, 3), (BIG, 0)]),
]
