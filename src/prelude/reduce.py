"""Reductions of arrays, written in the subset itself.

`*_flat` take a 1-d array (any stride) and return a scalar of the type that NumPy gives. `*_last` reduce the
last axis of an array of two or more dimensions and return an array; the caller permutes the axis there.
`dtype` is the scalar type to accumulate in. Messages are NumPy's.
"""

import numpy as np


def sum_flat(a, dtype):
    # NumPy starts from zero and adds the pairwise sum: -0.0 becomes 0.0.
    return dtype(0) + pairwise(a, dtype)


def pairwise(a, dtype):
    """NumPy's pairwise summation: eight accumulators below 128 elements, else halves."""
    n = len(a)
    if n < 8:
        total = dtype(0)
        if n > 0:
            total = dtype(a[0])
            for i in range(1, n):
                total += dtype(a[i])
        return total
    if n <= 128:
        r0 = dtype(a[0])
        r1 = dtype(a[1])
        r2 = dtype(a[2])
        r3 = dtype(a[3])
        r4 = dtype(a[4])
        r5 = dtype(a[5])
        r6 = dtype(a[6])
        r7 = dtype(a[7])
        stop = n - n % 8
        for i in range(8, stop, 8):
            r0 += dtype(a[i])
            r1 += dtype(a[i + 1])
            r2 += dtype(a[i + 2])
            r3 += dtype(a[i + 3])
            r4 += dtype(a[i + 4])
            r5 += dtype(a[i + 5])
            r6 += dtype(a[i + 6])
            r7 += dtype(a[i + 7])
        total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
        for i in range(stop, n):
            total += dtype(a[i])
        return total
    half = n // 2
    half -= half % 8
    return pairwise(a[:half], dtype) + pairwise(a[half:], dtype)


def sum_in_order(a, dtype):
    """Sequential sum, as along an axis that is not the fastest in memory."""
    total = dtype(0)
    for i in range(len(a)):
        total += dtype(a[i])
    return total


def prod_flat(a, dtype):
    total = dtype(1)
    for i in range(len(a)):
        total *= dtype(a[i])
    return total


def min_flat(a, dtype):
    if len(a) == 0:
        raise ValueError("zero-size array to reduction operation minimum which has no identity")
    best = a[0]
    for i in range(1, len(a)):
        best = np.minimum(best, a[i])
    return best


def max_flat(a, dtype):
    if len(a) == 0:
        raise ValueError("zero-size array to reduction operation maximum which has no identity")
    best = a[0]
    for i in range(1, len(a)):
        best = np.maximum(best, a[i])
    return best


def any_flat(a, dtype):
    for i in range(len(a)):
        if a[i]:
            return np.bool_(True)
    return np.bool_(False)


def all_flat(a, dtype):
    for i in range(len(a)):
        if not a[i]:
            return np.bool_(False)
    return np.bool_(True)


def argmin_flat(a, dtype):
    if len(a) == 0:
        raise ValueError("attempt to get argmin of an empty sequence")
    best = a[0]
    where = 0
    if best != best:
        return np.int64(0)
    for i in range(1, len(a)):
        value = a[i]
        # The first nan wins, as in NumPy.
        if value != value:
            return np.int64(i)
        if value < best:
            best = value
            where = i
    return np.int64(where)


def argmax_flat(a, dtype):
    if len(a) == 0:
        raise ValueError("attempt to get argmax of an empty sequence")
    best = a[0]
    where = 0
    if best != best:
        return np.int64(0)
    for i in range(1, len(a)):
        value = a[i]
        if value != value:
            return np.int64(i)
        if value > best:
            best = value
            where = i
    return np.int64(where)


def mean_flat(a, dtype):
    return dtype(sum_flat(a, dtype) / dtype(len(a)))


def without_nan(a, dtype):
    """A copy in which nan is zero."""
    out = np.empty(len(a), dtype)
    for i in range(len(a)):
        out[i] = dtype(a[i]) if a[i] == a[i] else dtype(0)
    return out


def nansum_flat(a, dtype):
    return sum_flat(without_nan(a, dtype), dtype)


def nanmean_flat(a, dtype):
    count = 0
    for i in range(len(a)):
        if a[i] == a[i]:
            count += 1
    return dtype(nansum_flat(a, dtype) / dtype(count))


def nanmin_flat(a, dtype):
    if len(a) == 0:
        raise ValueError("zero-size array to reduction operation fmin which has no identity")
    best = a[0]
    for i in range(1, len(a)):
        best = np.fmin(best, a[i])
    return best


def nanmax_flat(a, dtype):
    if len(a) == 0:
        raise ValueError("zero-size array to reduction operation fmax which has no identity")
    best = a[0]
    for i in range(1, len(a)):
        best = np.fmax(best, a[i])
    return best


def var_flat(a, dtype, ddof):
    """Mean of the squared distance from the mean; `ddof` is taken off the count."""
    centre = mean_flat(a, dtype)
    squares = np.empty(len(a), dtype)
    for i in range(len(a)):
        distance = dtype(a[i]) - centre
        squares[i] = distance * distance
    return dtype(sum_flat(squares, dtype) / dtype(max(len(a) - ddof, 0)))


def std_flat(a, dtype, ddof):
    return np.sqrt(var_flat(a, dtype, ddof))


def ptp_flat(a, dtype):
    return max_flat(a, dtype) - min_flat(a, dtype)


def median_flat(a, dtype):
    """Middle of a sorted copy, or the mean of the two middle elements; nan if there is one."""
    n = len(a)
    if n == 0:
        return dtype(np.nan)
    b = np.empty(n, dtype)
    for i in range(n):
        b[i] = dtype(a[i])
        if b[i] != b[i]:
            return dtype(np.nan)
    sort_flat(b)
    if n % 2 == 1:
        return b[n // 2]
    return dtype((b[n // 2 - 1] + b[n // 2]) / dtype(2))


def reduce_last(function, a, out, dtype):
    """`out[...] = function(row, dtype)` for each row along the last axis of `a`."""
    for i in range(a.shape[0]):
        if a.ndim == 2:
            out[i] = function(a[i], dtype)
        else:
            reduce_last(function, a[i], out[i], dtype)


def cumsum_flat(a, dtype):
    out = np.empty(len(a), dtype)
    total = dtype(0)
    for i in range(len(a)):
        total += dtype(a[i])
        out[i] = total
    return out


def cumprod_flat(a, dtype):
    out = np.empty(len(a), dtype)
    total = dtype(1)
    for i in range(len(a)):
        total *= dtype(a[i])
        out[i] = total
    return out


def sort_flat(a):
    """Heap sort of a 1-d array in place; nan last, as in NumPy. (Only the values are seen, so stability
    does not matter.)"""
    n = len(a)
    for start in range(n // 2 - 1, -1, -1):
        sift(a, start, n)
    for end in range(n - 1, 0, -1):
        value = a[end]
        a[end] = a[0]
        a[0] = value
        sift(a, 0, end)


def sift(a, root, end):
    """Restores the heap below `root`, where nan counts as the largest."""
    value = a[root]
    while 2 * root + 1 < end:
        child = 2 * root + 1
        if child + 1 < end and below(a[child], a[child + 1]):
            child += 1
        if not below(value, a[child]):
            break
        a[root] = a[child]
        root = child
    a[root] = value


def below(x, y):
    return x < y or (y != y and x == x)
