"""Products of vectors and matrices, written in the subset itself. Messages are NumPy's.

`dtype` is the type of the result, NumPy's promotion of the two. Deterministic; within n * eps * sum|terms|.
"""

import numpy as np


def dot_vectors(a, b, dtype):
    if len(a) != len(b):
        raise ValueError(
            f"shapes ({len(a)},) and ({len(b)},) not aligned: {len(a)} (dim 0) != {len(b)} (dim 0)"
        )
    total = _prim.cast(0, dtype)
    for i in range(len(a)):
        total += _prim.cast(a[i], dtype) * _prim.cast(b[i], dtype)
    return total


def dot_matrix_vector(a, b, dtype):
    n, m = a.shape
    if m != len(b):
        raise ValueError(f"shapes ({n},{m}) and ({len(b)},) not aligned: {m} (dim 1) != {len(b)} (dim 0)")
    out = np.empty(n, dtype)
    for i in range(n):
        total = _prim.cast(0, dtype)
        for k in range(m):
            total += _prim.cast(a[i, k], dtype) * _prim.cast(b[k], dtype)
        out[i] = total
    return out


def dot_vector_matrix(a, b, dtype):
    n, m = b.shape
    if len(a) != n:
        raise ValueError(f"shapes ({len(a)},) and ({n},{m}) not aligned: {len(a)} (dim 0) != {n} (dim 0)")
    out = np.zeros(m, dtype)
    for k in range(n):
        factor = _prim.cast(a[k], dtype)
        for j in range(m):
            out[j] += factor * _prim.cast(b[k, j], dtype)
    return out


def dot_matrices(a, b, dtype):
    n, m = a.shape
    k2, p = b.shape
    if m != k2:
        raise ValueError(f"shapes ({n},{m}) and ({k2},{p}) not aligned: {m} (dim 1) != {k2} (dim 0)")
    if a.dtype == b.dtype and (a.dtype == np.float64 or a.dtype == np.float32):
        out = np.empty((n, p), dtype)
        _prim.matmul(out, a, b)
        return out
    out = np.zeros((n, p), dtype)
    for i in range(n):
        for k in range(m):
            factor = _prim.cast(a[i, k], dtype)
            for j in range(p):
                out[i, j] += factor * _prim.cast(b[k, j], dtype)
    return out


def dot(a, b):
    """np.dot of scalars, vectors and matrices."""
    if np.isscalar(a) or np.isscalar(b):
        return a * b
    return product(a, b, "dot")


def matmul(a, b):
    return product(a, b, "matmul")


def product(a, b, name):
    dtype = np.result_type(a, b)
    if a.ndim == 1 and b.ndim == 1:
        return dot_vectors(a, b, dtype)
    if a.ndim == 2 and b.ndim == 1:
        return dot_matrix_vector(a, b, dtype)
    if a.ndim == 1 and b.ndim == 2:
        return dot_vector_matrix(a, b, dtype)
    if a.ndim == 2 and b.ndim == 2:
        return dot_matrices(a, b, dtype)
    return stacked(a, b, dtype)


def stacked(a, b, dtype):
    """matmul of arrays of three dimensions or more: matrix by matrix."""
    if a.ndim == 3 and b.ndim == 3:
        n = a.shape[0] if b.shape[0] == 1 else b.shape[0]
        if a.shape[0] != n and a.shape[0] != 1:
            raise ValueError("operands could not be broadcast together")
        out = np.empty((n, a.shape[1], b.shape[2]), dtype)
        for i in range(n):
            out[i] = dot_matrices(a[i if a.shape[0] > 1 else 0], b[i if b.shape[0] > 1 else 0], dtype)
        return out
    if a.ndim == 3 and b.ndim == 2:
        out = np.empty((a.shape[0], a.shape[1], b.shape[1]), dtype)
        for i in range(a.shape[0]):
            out[i] = dot_matrices(a[i], b, dtype)
        return out


def vdot(a, b):
    if _prim.kind(a) == "c":
        return product(np.conj(a.ravel()), b.ravel(), "vdot")
    return product(a.ravel(), b.ravel(), "vdot")


def outer(a, b):
    x = a.ravel()
    y = b.ravel()
    return x[:, np.newaxis] * y


def trace(a):
    dtype = np.int64 if _prim.kind(a) == "i" or _prim.kind(a) == "b" else a.dtype
    total = _prim.cast(0, dtype)
    for i in range(min(a.shape[0], a.shape[1])):
        total += _prim.cast(a[i, i], dtype)
    return total


def cross(a, b):
    """Of two vectors of three elements."""
    if len(a) != 3 or len(b) != 3:
        raise ValueError("incompatible dimensions for cross product\n(dimension must be 2 or 3)")
    out = np.empty(3, np.result_type(a, b))
    out[0] = a[1] * b[2] - a[2] * b[1]
    out[1] = a[2] * b[0] - a[0] * b[2]
    out[2] = a[0] * b[1] - a[1] * b[0]
    return out


def kron(a, b):
    if a.ndim == 1:
        return (a[:, np.newaxis] * b).ravel()
    out = np.empty((a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]), np.result_type(a, b))
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            for k in range(b.shape[0]):
                for l in range(b.shape[1]):
                    out[i * b.shape[0] + k, j * b.shape[1] + l] = a[i, j] * b[k, l]
    return out


def norm(a):
    """The square root of the sum of the squared sizes of all elements."""
    if _prim.kind(a) == "c":
        return np.sqrt(squared_size(a))
    if _prim.kind(a) == "f":
        x = a.ravel()
        return np.sqrt(dot_vectors(x, x, a.dtype))
    y = a.ravel().astype(np.float64)
    return np.sqrt(dot_vectors(y, y, np.float64))


def squared_size(a):
    x = a.ravel()
    total = _prim.cast(0, real_type(a.dtype))
    for i in range(len(x)):
        total += square_of_distance(x[i])
    return total
