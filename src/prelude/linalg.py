"""Products of vectors and matrices, written in the subset itself. Messages are NumPy's.

`dtype` is the type of the result, NumPy's promotion of the two. Deterministic; within n * eps * sum|terms|.
"""

import numpy as np


def dot_vectors(a, b, dtype):
    if len(a) != len(b):
        raise ValueError(
            f"shapes ({len(a)},) and ({len(b)},) not aligned: {len(a)} (dim 0) != {len(b)} (dim 0)"
        )
    total = dtype(0)
    for i in range(len(a)):
        total += dtype(a[i]) * dtype(b[i])
    return total


def dot_matrix_vector(a, b, dtype):
    n, m = a.shape
    if m != len(b):
        raise ValueError(f"shapes ({n},{m}) and ({len(b)},) not aligned: {m} (dim 1) != {len(b)} (dim 0)")
    out = np.empty(n, dtype)
    for i in range(n):
        total = dtype(0)
        for k in range(m):
            total += dtype(a[i, k]) * dtype(b[k])
        out[i] = total
    return out


def dot_vector_matrix(a, b, dtype):
    n, m = b.shape
    if len(a) != n:
        raise ValueError(f"shapes ({len(a)},) and ({n},{m}) not aligned: {len(a)} (dim 0) != {n} (dim 0)")
    out = np.zeros(m, dtype)
    for k in range(n):
        factor = dtype(a[k])
        for j in range(m):
            out[j] += factor * dtype(b[k, j])
    return out


def dot_matrices(a, b, dtype):
    n, m = a.shape
    k2, p = b.shape
    if m != k2:
        raise ValueError(f"shapes ({n},{m}) and ({k2},{p}) not aligned: {m} (dim 1) != {k2} (dim 0)")
    out = np.zeros((n, p), dtype)
    for i in range(n):
        for k in range(m):
            factor = dtype(a[i, k])
            for j in range(p):
                out[i, j] += factor * dtype(b[k, j])
    return out
