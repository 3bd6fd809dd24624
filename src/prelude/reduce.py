"""Reductions of arrays, written in the subset itself.

`*_flat` take a 1-d array (any stride) and return a scalar of the type that NumPy gives. `dtype` is the scalar
type to accumulate in. Arrays of more dimensions come to them as their memory, if that is contiguous, or row
by row. The kind of a reduction is a string, known when the function is compiled. Messages are NumPy's.
"""

import numpy as np


def sum_flat(a, dtype):
    """Of a 1-d array: pairwise for floats, in order for integers."""
    if _prim.kind(dtype) == "i" or _prim.kind(dtype) == "u" or _prim.kind(dtype) == "b":
        return sum_in_order(a, dtype)
    # NumPy starts from zero and adds the pairwise sum: -0.0 becomes 0.0.
    n = len(a)
    if a.dtype == dtype:
        if _prim.splits(n):
            return dtype(0) + pairwise_of_parts(a, dtype)
        return dtype(0) + pairwise(a, 0, n, dtype)
    # Elements of another type go through a buffer of 8192.
    total = dtype(0)
    for start in range(0, n, 8192):
        total += pairwise(a, start, min(8192, n - start), dtype)
    return total


def pairwise(a, start, n, dtype):
    """NumPy's pairwise summation of n elements: eight accumulators up to 128 elements, else halves."""
    if n < 8:
        total = _prim.cast(-0.0, dtype)
        for i in range(start, start + n):
            total += _prim.cast(a[i], dtype)
        return total
    if n <= 128:
        r0 = _prim.cast(a[start], dtype)
        r1 = _prim.cast(a[start + 1], dtype)
        r2 = _prim.cast(a[start + 2], dtype)
        r3 = _prim.cast(a[start + 3], dtype)
        r4 = _prim.cast(a[start + 4], dtype)
        r5 = _prim.cast(a[start + 5], dtype)
        r6 = _prim.cast(a[start + 6], dtype)
        r7 = _prim.cast(a[start + 7], dtype)
        stop = start + n - n % 8
        for i in range(start + 8, stop, 8):
            r0 += _prim.cast(a[i], dtype)
            r1 += _prim.cast(a[i + 1], dtype)
            r2 += _prim.cast(a[i + 2], dtype)
            r3 += _prim.cast(a[i + 3], dtype)
            r4 += _prim.cast(a[i + 4], dtype)
            r5 += _prim.cast(a[i + 5], dtype)
            r6 += _prim.cast(a[i + 6], dtype)
            r7 += _prim.cast(a[i + 7], dtype)
        total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
        for i in range(stop, start + n):
            total += _prim.cast(a[i], dtype)
        return total
    half = n // 2
    half -= half % 8
    return pairwise(a, start, half, dtype) + pairwise(a, start + half, n - half, dtype)


def pairwise_of_parts(a, dtype):
    """As `pairwise` for more than 32 * 128 elements: the halves of halves are summed up on threads."""
    parts = np.empty(32, dtype)
    for k in _prim.prange(32):
        start = 0
        n = len(a)
        for level in range(4, -1, -1):
            half = n // 2
            half -= half % 8
            if k >> level & 1:
                start += half
                n -= half
            else:
                n = half
        parts[k] = pairwise(a, start, n, dtype)
    count = 32
    while count > 1:
        count //= 2
        for k in range(count):
            parts[k] = parts[2 * k] + parts[2 * k + 1]
    return parts[0]


def sum_in_order(a, dtype):
    """Sequential sum, as along an axis that is not the fastest in memory; of integers also out of parts."""
    total = dtype(0)
    if (_prim.kind(dtype) == "i" or _prim.kind(dtype) == "u") and _prim.splits(len(a)):
        for i in _prim.prange(len(a)):
            total += _prim.cast(a[i], dtype)
        return total
    for i in range(len(a)):
        total += _prim.cast(a[i], dtype)
    return total


def prod_flat(a, dtype):
    total = dtype(1)
    for i in range(len(a)):
        total *= _prim.cast(a[i], dtype)
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


def first_nan(a):
    """The place of the first nan, of which there is one: in NumPy's searches it wins."""
    for i in range(len(a)):
        if a[i] != a[i]:
            return np.int64(i)
    return np.int64(0)


def argmin_flat(a, dtype):
    if len(a) == 0:
        raise ValueError("attempt to get argmin of an empty sequence")
    best = a[0]
    where = 0
    nans = 0
    for i in range(len(a)):
        value = a[i]
        if value != value:
            nans += 1
        if value < best:
            best = value
            where = i
    if nans > 0:
        return first_nan(a)
    return np.int64(where)


def argmax_flat(a, dtype):
    if len(a) == 0:
        raise ValueError("attempt to get argmax of an empty sequence")
    best = a[0]
    where = 0
    nans = 0
    for i in range(len(a)):
        value = a[i]
        if value != value:
            nans += 1
        if value > best:
            best = value
            where = i
    if nans > 0:
        return first_nan(a)
    return np.int64(where)


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


def median_flat(a, dtype):
    """Middle of a sorted copy, or the mean of the two middle elements; nan if there is one."""
    n = len(a)
    if n == 0:
        return _prim.cast(np.nan, dtype)
    b = np.empty(n, a.dtype)
    for i in range(n):
        b[i] = a[i]
    sort_flat(b)
    last = b[n - 1]
    if last != last:
        return _prim.cast(last, dtype)
    if n % 2 == 1:
        return _prim.cast(b[n // 2], dtype)
    return (_prim.cast(b[n // 2 - 1], dtype) + _prim.cast(b[n // 2], dtype)) / _prim.cast(2, dtype)


def cumsum(a, dtype):
    out = np.empty(len(a), dtype)
    total = dtype(0)
    for i in range(len(a)):
        total += _prim.cast(a[i], dtype)
        out[i] = total
    return out


def cumprod(a, dtype):
    out = np.empty(len(a), dtype)
    total = dtype(1)
    for i in range(len(a)):
        total *= _prim.cast(a[i], dtype)
        out[i] = total
    return out


def reduce_all(kind, a, dtype, ddof):
    """All elements of `a`, of one dimension or more: a scalar."""
    if a.ndim > 1:
        if _prim.layout(a) == "C":
            return reduce_all(kind, _prim.flat(a), dtype, ddof)
        if kind == "argmin" or kind == "argmax" or kind == "median":
            # The index counts in C order; the median sorts a copy anyhow.
            return reduce_all(kind, a.ravel(), dtype, ddof)
        if _prim.layout(a) == "F":
            return reduce_all(kind, _prim.flat(a), dtype, ddof)
    if kind == "sum":
        return sum_all(a, dtype)
    if kind == "prod":
        return fold_all("prod", a, _prim.cast(1, dtype))
    if kind == "min":
        if a.size == 0:
            raise ValueError("zero-size array to reduction operation minimum which has no identity")
        return fold_all("min", a, first_element(a))
    if kind == "max":
        if a.size == 0:
            raise ValueError("zero-size array to reduction operation maximum which has no identity")
        return fold_all("max", a, first_element(a))
    if kind == "any":
        return np.bool_(any_all(a))
    if kind == "all":
        return np.bool_(all_all(a))
    if kind == "argmin":
        return argmin_flat(a, dtype)
    if kind == "argmax":
        return argmax_flat(a, dtype)
    if kind == "ptp":
        return reduce_all("max", a, dtype, ddof) - reduce_all("min", a, dtype, ddof)
    if kind == "mean":
        return sum_all(a, dtype) / _prim.cast(a.size, dtype)
    if kind == "var":
        return var_all(a, dtype, ddof)
    if kind == "std":
        return np.sqrt(var_all(a, dtype, ddof))
    if kind == "median":
        return median_flat(a, dtype)
    if kind == "count_nonzero":
        return np.int64(count_all(a))
    if _prim.kind(a) != "f":
        # Integers hold no nan.
        if kind == "nanmean":
            return reduce_all("mean", a, dtype, ddof)
        if kind == "nanvar":
            return reduce_all("var", a, dtype, ddof)
        if kind == "nanstd":
            return reduce_all("std", a, dtype, ddof)
        if kind == "nanmin":
            if a.size == 0:
                raise ValueError("zero-size array to reduction operation fmin which has no identity")
            return reduce_all("min", a, dtype, ddof)
        if kind == "nanmax":
            if a.size == 0:
                raise ValueError("zero-size array to reduction operation fmax which has no identity")
            return reduce_all("max", a, dtype, ddof)
    if a.ndim > 1:
        return reduce_all(kind, a.ravel(), dtype, ddof)
    if kind == "nanmin":
        return nanmin_flat(a, dtype)
    if kind == "nanmax":
        return nanmax_flat(a, dtype)
    if kind == "nanmean":
        return np.nansum(a, dtype=dtype) / _prim.cast(count_not_nan(a), dtype)
    return nanvar_flat(kind, a, dtype, ddof)


def sum_all(a, dtype):
    if a.ndim == 1:
        return sum_flat(a, dtype)
    if _prim.is_contiguous(a):
        return sum_flat(_prim.flat(_prim.assume_contiguous(a)), dtype)
    total = _prim.cast(0, dtype)
    for i in range(a.shape[0]):
        total += sum_all(a[i], dtype)
    return total


def first_element(a):
    if a.ndim == 1:
        return a[0]
    return first_element(a[0])


def fold_all(kind, a, total):
    """`total op element` for each element; `total` has the type of the result."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            total = fold_all(kind, a[i], total)
        return total
    # These take a quarter of the time that a sum takes.
    if kind == "min" and _prim.splits(len(a) // 4):
        return smallest_of_parts(a, total, total.dtype)
    if kind == "max" and _prim.splits(len(a) // 4):
        return largest_of_parts(a, total, total.dtype)
    for i in range(len(a)):
        x = _prim.cast(a[i], total.dtype)
        if kind == "sum":
            total = total + x
        elif kind == "prod":
            total = total * x
        elif kind == "min":
            total = np.minimum(total, x)
        elif kind == "max":
            total = np.maximum(total, x)
    return total


def smallest_of_parts(a, best, dtype):
    for i in _prim.prange(len(a)):
        best = np.minimum(best, _prim.cast(a[i], dtype))
    return best


def largest_of_parts(a, best, dtype):
    for i in _prim.prange(len(a)):
        best = np.maximum(best, _prim.cast(a[i], dtype))
    return best


def any_all(a):
    if a.ndim > 1:
        for i in range(a.shape[0]):
            if any_all(a[i]):
                return True
        return False
    for i in range(len(a)):
        if a[i]:
            return True
    return False


def all_all(a):
    if a.ndim > 1:
        for i in range(a.shape[0]):
            if not all_all(a[i]):
                return False
        return True
    for i in range(len(a)):
        if not a[i]:
            return False
    return True


def count_all(a):
    count = 0
    if a.ndim > 1:
        for i in range(a.shape[0]):
            count += count_all(a[i])
        return count
    for i in range(len(a)):
        if a[i]:
            count += 1
    return count


def count_not_nan(a):
    count = 0
    for i in range(len(a)):
        if a[i] == a[i]:
            count += 1
    return count


def var_all(a, dtype, ddof):
    """Mean of the squared distances from the mean; `ddof` is taken off the count."""
    centre = sum_all(a, dtype) / _prim.cast(a.size, dtype)
    if a.ndim == 1:
        squares = np.empty(len(a), real_type(dtype))
        for i in range(len(a)):
            squares[i] = square_of_distance(_prim.cast(a[i], dtype) - centre)
        total = sum_flat(squares, real_type(dtype))
    else:
        total = sum_of_squares(a, dtype, centre)
    return total / _prim.cast(max(a.size - ddof, 0), real_type(dtype))


def real_type(dtype):
    if dtype == np.complex64:
        return np.float32
    if dtype == np.complex128:
        return np.float64
    return dtype


def square_of_distance(x):
    if _prim.kind(x) == "c":
        return x.real * x.real + x.imag * x.imag
    return x * x


def sum_of_squares(a, dtype, centre):
    total = _prim.cast(0, real_type(dtype))
    for i in range(a.shape[0]):
        if a.ndim > 1:
            total += sum_of_squares(a[i], dtype, centre)
        else:
            total += square_of_distance(_prim.cast(a[i], dtype) - centre)
    return total


def nanvar_flat(kind, a, dtype, ddof):
    count = count_not_nan(a)
    centre = np.nansum(a, dtype=dtype) / _prim.cast(count, dtype)
    squares = np.empty(len(a), dtype)
    for i in range(len(a)):
        if a[i] == a[i]:
            distance = _prim.cast(a[i], dtype) - centre
            squares[i] = distance * distance
        else:
            squares[i] = 0.0
    degrees = count - ddof
    result = sum_flat(squares, dtype) / _prim.cast(degrees, dtype)
    if degrees <= 0:
        result = _prim.cast(np.nan, dtype)
    if kind == "nanstd":
        return np.sqrt(result)
    return result


def reduce_rows(kind, a, out, dtype, ddof):
    """`out[...]` from the trailing axes of `a`, whose leading axes are those of `out`."""
    for i in range(out.shape[0]):
        if out.ndim == 1:
            out[i] = _prim.cast(reduce_all(kind, a[i], dtype, ddof), out.dtype)
        else:
            reduce_rows(kind, a[i], out[i], dtype, ddof)


def first_slice(kind, a, out):
    """The first slice of the leading axes of `a`, whose trailing axes are those of `out`."""
    if a.shape[0] == 0:
        if kind == "min":
            raise ValueError("zero-size array to reduction operation minimum which has no identity")
        raise ValueError("zero-size array to reduction operation maximum which has no identity")
    if a.ndim == out.ndim + 1:
        out[...] = a[0]
    else:
        first_slice(kind, a[0], out)


def fold_slices(kind, a, out):
    """`out = out op slice` for each slice of the leading axes of `a`."""
    for i in range(a.shape[0]):
        if a.ndim > out.ndim + 1:
            fold_slices(kind, a[i], out)
        elif kind == "sum":
            out[...] = out + _prim.cast(a[i], out.dtype)
        elif kind == "prod":
            out[...] = out * _prim.cast(a[i], out.dtype)
        elif kind == "min":
            out[...] = np.minimum(out, a[i])
        elif kind == "max":
            out[...] = np.maximum(out, a[i])
        elif kind == "any":
            out[...] = np.logical_or(out, a[i])
        else:
            out[...] = np.logical_and(out, a[i])


def cumulate_rows(kind, a, out):
    """Running sums or products along the last axis, stored in `out`."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            cumulate_rows(kind, a[i], out[i])
        return
    total = _prim.cast(0 if kind == "cumsum" else 1, out.dtype)
    for i in range(len(a)):
        if kind == "cumsum":
            total += _prim.cast(a[i], out.dtype)
        else:
            total *= _prim.cast(a[i], out.dtype)
        out[i] = total
