"""Sums, norms, extremes: in order, and under fastmath."""

import math

import numpy as np
from vectors.kernel import CHAIN, MEMORY, arrays, close, exact, fast


def dot(x, y):
    total = 0.0
    for i in range(x.shape[0]):
        total += x[i] * y[i]
    return total


def norm_1(x):
    total = 0.0
    for i in range(x.shape[0]):
        total += abs(x[i] - 0.5)
    return total


def norm_2(x):
    total = 0.0
    for i in range(x.shape[0]):
        total += x[i] * x[i]
    return math.sqrt(total)


def norm_max(x):
    highest = 0.0
    for i in range(x.shape[0]):
        highest = max(highest, abs(x[i] - 0.5))
    return highest


def moments(x):
    total = 0.0
    squares = 0.0
    for i in range(x.shape[0]):
        total += x[i]
        squares += x[i] * x[i]
    mean = total / x.shape[0]
    return squares / x.shape[0] - mean * mean


def sum_where(x, level):
    total = 0.0
    for i in range(x.shape[0]):
        if x[i] > level:
            total += x[i]
    return total


def least(x):
    lowest = x[0]
    for i in range(1, x.shape[0]):
        lowest = min(lowest, x[i])
    return lowest


def column_sums(a, out):
    for j in range(a.shape[1]):
        out[j] = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[j] += a[i, j]


def row_sums(a, out):
    for i in range(a.shape[0]):
        total = 0.0
        for j in range(a.shape[1]):
            total += a[i, j]
        out[i] = total


def k_means(points, centres, labels, sums, counts):
    """Nearest centres and the sums of their points."""
    sums[:, :] = 0.0
    counts[:] = 0
    for i in range(points.shape[0]):
        nearest = np.inf
        label = 0
        for c in range(centres.shape[0]):
            distance = 0.0
            for k in range(points.shape[1]):
                d = points[i, k] - centres[c, k]
                distance += d * d
            if distance < nearest:
                nearest = distance
                label = c
        labels[i] = label
        counts[label] += 1
        for k in range(points.shape[1]):
            sums[label, k] += points[i, k]


def integral(low, high, n):
    """The trapezoidal rule for a rational function."""
    h = (high - low) / n
    total = 0.0
    for i in range(n):
        x = low + (i + 0.5) * h
        total += 4.0 / (1.0 + x * x)
    return total * h


def integer_dot(x, y):
    total = np.int64(0)
    for i in range(x.shape[0]):
        total += x[i] * y[i]
    return total


def dot_float32(x, y):
    total = np.float32(0.0)
    for i in range(x.shape[0]):
        total += x[i] * y[i]
    return total


def one(n):
    return arrays(n)


def two(n):
    return arrays(n, n)


def with_level(n):
    return *arrays(n), 0.5


def table(n):
    return arrays((n, n + 1), n + 1)


def rows(n):
    return arrays((n, n + 1), n)


def clusters(n, k, dimensions):
    points, centres = arrays((n, dimensions), (k, dimensions))
    return points, centres, np.zeros(n, np.int64), np.zeros((k, dimensions)), np.zeros(k, np.int64)


def numbers(*values):
    return values


def integers(n):
    return tuple(np.random.default_rng(8).integers(-1000, 1000, (2, n)))


def single(n):
    return tuple(a.astype(np.float32) for a in arrays(n, n))


KERNELS = [
    exact(CHAIN, "dot", dot, two, (9,), (1500,)),
    exact(CHAIN, "norm (maximum)", norm_max, one, (9,), (1500,)),
    exact(CHAIN, "least", least, one, (9,), (1500,)),
    exact(CHAIN, "column sums", column_sums, table, (9,), (40,)),
    exact(CHAIN, "row sums", row_sums, rows, (9,), (40,)),
    exact(CHAIN, "k-means step", k_means, clusters, (12, 3, 2), (150, 8, 4)),
    exact(CHAIN, "dot, int64", integer_dot, integers, (9,), (1500,)),
    fast("dot, fastmath", dot, two, (9,), (1500,)),
    fast("norm (absolute), fastmath", norm_1, one, (9,), (1500,)),
    fast("norm (Euclidean), fastmath", norm_2, one, (9,), (1500,)),
    fast("norm (maximum), fastmath", norm_max, one, (9,), (1500,)),
    fast("moments, fastmath", moments, one, (9,), (1500,)),
    fast("sum where, fastmath", sum_where, with_level, (9,), (1500,)),
    fast("row sums, fastmath", row_sums, rows, (9,), (40,)),
    fast("k-means step, fastmath", k_means, clusters, (12, 3, 2), (150, 8, 4)),
    fast("integral, fastmath", integral, numbers, (0.0, 1.0, 20), (0.0, 1.0, 2000)),
    close(CHAIN, "dot, float32", dot_float32, single, (9,), (1500,), 1e-5),
    fast("dot, 48 MB, fastmath", dot, two, (9,), (3_000_000,), MEMORY),
]

