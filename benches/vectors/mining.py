"""PolyBench: statistics of tables, dynamic programming, a recursive filter."""

import math

import numpy as np
from vectors.kernel import CHAIN, REUSE, SMALL, arrays, exact


def covariance(data, cov, mean):
    n, m = data.shape
    for j in range(m):
        mean[j] = 0.0
        for i in range(n):
            mean[j] += data[i, j]
        mean[j] /= n
    for i in range(n):
        for j in range(m):
            data[i, j] -= mean[j]
    for i in range(m):
        for j in range(i, m):
            cov[i, j] = 0.0
            for k in range(n):
                cov[i, j] += data[k, i] * data[k, j]
            cov[i, j] /= n - 1.0
            cov[j, i] = cov[i, j]


def correlation(data, corr, mean, stddev):
    n, m = data.shape
    for j in range(m):
        mean[j] = 0.0
        for i in range(n):
            mean[j] += data[i, j]
        mean[j] /= n
    for j in range(m):
        stddev[j] = 0.0
        for i in range(n):
            stddev[j] += (data[i, j] - mean[j]) * (data[i, j] - mean[j])
        stddev[j] = math.sqrt(stddev[j] / n)
        if stddev[j] <= 0.1:
            stddev[j] = 1.0
    for i in range(n):
        for j in range(m):
            data[i, j] -= mean[j]
            data[i, j] /= math.sqrt(n) * stddev[j]
    for i in range(m - 1):
        corr[i, i] = 1.0
        for j in range(i + 1, m):
            corr[i, j] = 0.0
            for k in range(n):
                corr[i, j] += data[k, i] * data[k, j]
            corr[j, i] = corr[i, j]
    corr[m - 1, m - 1] = 1.0


def floyd_warshall(source, path):
    path[:] = source
    n = path.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                path[i, j] = min(path[i, j], path[i, k] + path[k, j])


def nussinov(sequence, table):
    n = sequence.shape[0]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            best = table[i, j - 1]
            if i + 1 < n:
                best = max(best, table[i + 1, j])
                inner = table[i + 1, j - 1]
                if i < j - 1 and sequence[i] + sequence[j] == 3:
                    inner += 1
                best = max(best, inner)
            for k in range(i + 1, j):
                best = max(best, table[i, k] + table[k + 1, j])
            table[i, j] = best


def deriche(alpha, image, out, y1, y2):
    w, h = image.shape
    k = (1.0 - math.exp(-alpha)) * (1.0 - math.exp(-alpha))
    k /= 1.0 + 2.0 * alpha * math.exp(-alpha) - math.exp(2.0 * alpha)
    a2 = k * math.exp(-alpha) * (alpha - 1.0)
    a3 = k * math.exp(-alpha) * (alpha + 1.0)
    a4 = -k * math.exp(-2.0 * alpha)
    b1 = 2.0**-alpha
    b2 = -math.exp(-2.0 * alpha)
    for i in range(w):
        ym1 = 0.0
        ym2 = 0.0
        xm1 = 0.0
        for j in range(h):
            y1[i, j] = k * image[i, j] + a2 * xm1 + b1 * ym1 + b2 * ym2
            xm1 = image[i, j]
            ym2 = ym1
            ym1 = y1[i, j]
    for i in range(w):
        yp1 = 0.0
        yp2 = 0.0
        xp1 = 0.0
        xp2 = 0.0
        for j in range(h - 1, -1, -1):
            y2[i, j] = a3 * xp1 + a4 * xp2 + b1 * yp1 + b2 * yp2
            xp2 = xp1
            xp1 = image[i, j]
            yp2 = yp1
            yp1 = y2[i, j]
    for i in range(w):
        for j in range(h):
            out[i, j] = y1[i, j] + y2[i, j]
    for j in range(h):
        tm1 = 0.0
        ym1 = 0.0
        ym2 = 0.0
        for i in range(w):
            y1[i, j] = k * out[i, j] + a2 * tm1 + b1 * ym1 + b2 * ym2
            tm1 = out[i, j]
            ym2 = ym1
            ym1 = y1[i, j]
    for j in range(h):
        tp1 = 0.0
        tp2 = 0.0
        yp1 = 0.0
        yp2 = 0.0
        for i in range(w - 1, -1, -1):
            y2[i, j] = a3 * tp1 + a4 * tp2 + b1 * yp1 + b2 * yp2
            tp2 = tp1
            tp1 = out[i, j]
            yp2 = yp1
            yp1 = y2[i, j]
    for i in range(w):
        for j in range(h):
            out[i, j] = y1[i, j] + y2[i, j]


def for_covariance(n):
    return arrays((n + 4, n), (n, n), n)


def for_correlation(n):
    return arrays((n + 4, n), (n, n), n, n)


def distances(n):
    source = np.random.default_rng(3).integers(1, 1000, (n, n)).astype(np.int32)
    return source, source.copy()


def bases(n):
    return np.random.default_rng(4).integers(0, 4, n).astype(np.int32), np.zeros((n, n), np.int32)


def for_deriche(n):
    return 0.25, *arrays((n, n + 1), (n, n + 1), (n, n + 1), (n, n + 1))


KERNELS = [
    exact(REUSE, "covariance", covariance, for_covariance, (6,), (48,)),
    exact(REUSE, "correlation", correlation, for_correlation, (6,), (48,)),
    exact(SMALL, "floyd-warshall, int32", floyd_warshall, distances, (6,), (48,)),
    exact(REUSE, "nussinov, int32", nussinov, bases, (8,), (60,)),
    exact(CHAIN, "deriche", deriche, for_deriche, (6,), (64,)),
]
