"""PolyBench: solvers and decompositions. Those that work in place copy their input first."""

import math

import numpy as np
from vectors.kernel import CHAIN, REUSE, arrays, exact


def cholesky(source, a):
    a[:] = source
    for i in range(a.shape[0]):
        for j in range(i):
            for k in range(j):
                a[i, j] -= a[i, k] * a[j, k]
            a[i, j] /= a[j, j]
        for k in range(i):
            a[i, i] -= a[i, k] * a[i, k]
        a[i, i] = math.sqrt(a[i, i])


def durbin(r, y, z):
    y[0] = -r[0]
    beta = 1.0
    alpha = -r[0]
    for k in range(1, r.shape[0]):
        beta = (1.0 - alpha * alpha) * beta
        total = 0.0
        for i in range(k):
            total += r[k - i - 1] * y[i]
        alpha = -(r[k] + total) / beta
        for i in range(k):
            z[i] = y[i] + alpha * y[k - i - 1]
        for i in range(k):
            y[i] = z[i]
        y[k] = alpha


def gramschmidt(source, a, r, q):
    a[:] = source
    m, n = a.shape
    for k in range(n):
        norm = 0.0
        for i in range(m):
            norm += a[i, k] * a[i, k]
        r[k, k] = math.sqrt(norm)
        for i in range(m):
            q[i, k] = a[i, k] / r[k, k]
        for j in range(k + 1, n):
            r[k, j] = 0.0
            for i in range(m):
                r[k, j] += q[i, k] * a[i, j]
            for i in range(m):
                a[i, j] -= q[i, k] * r[k, j]


def lu(source, a):
    a[:] = source
    n = a.shape[0]
    for i in range(n):
        for j in range(i):
            for k in range(j):
                a[i, j] -= a[i, k] * a[k, j]
            a[i, j] /= a[j, j]
        for j in range(i, n):
            for k in range(i):
                a[i, j] -= a[i, k] * a[k, j]


def ludcmp(source, a, b, x, y):
    a[:] = source
    n = a.shape[0]
    for i in range(n):
        for j in range(i):
            w = a[i, j]
            for k in range(j):
                w -= a[i, k] * a[k, j]
            a[i, j] = w / a[j, j]
        for j in range(i, n):
            w = a[i, j]
            for k in range(i):
                w -= a[i, k] * a[k, j]
            a[i, j] = w
    for i in range(n):
        w = b[i]
        for j in range(i):
            w -= a[i, j] * y[j]
        y[i] = w
    for i in range(n - 1, -1, -1):
        w = y[i]
        for j in range(i + 1, n):
            w -= a[i, j] * x[j]
        x[i] = w / a[i, i]


def trisolv(lower, x, b):
    for i in range(lower.shape[0]):
        x[i] = b[i]
        for j in range(i):
            x[i] -= lower[i, j] * x[j]
        x[i] = x[i] / lower[i, i]


def definite(n):
    """Symmetric and positive definite, and room for a copy."""
    (a,) = arrays((n, n))
    return a @ a.T + n * np.eye(n), np.zeros((n, n))


def for_durbin(n):
    (r,) = arrays(n)
    return 0.4 * r / n, np.zeros(n), np.zeros(n)


def for_gramschmidt(n):
    source, a, r, q = arrays((n, n - 2), (n, n - 2), (n - 2, n - 2), (n, n - 2))
    return source + np.eye(n, n - 2), a, r, q


def for_ludcmp(n):
    return *definite(n), *arrays(n, n, n)


def for_trisolv(n):
    lower, x, b = arrays((n, n), n, n)
    return lower / n + np.eye(n), x, b


KERNELS = [
    exact(REUSE, "cholesky", cholesky, definite, (6,), (48,)),
    exact(CHAIN, "durbin", durbin, for_durbin, (8,), (200,)),
    exact(REUSE, "gramschmidt", gramschmidt, for_gramschmidt, (6,), (48,)),
    exact(REUSE, "lu", lu, definite, (6,), (48,)),
    exact(REUSE, "ludcmp", ludcmp, for_ludcmp, (6,), (48,)),
    exact(CHAIN, "trisolv", trisolv, for_trisolv, (8,), (100,)),
]
