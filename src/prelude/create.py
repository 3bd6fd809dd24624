"""Arrays made by a rule, written in the subset itself."""

import math

import numpy as np


def arange_int(start, stop, step, dtype):
    """Python ints or NumPy integers; as many elements as `range`."""
    if step == 0:
        raise ZeroDivisionError("division by zero")
    n = 0
    if step > 0 and start < stop:
        n = (stop - start - 1) // step + 1
    if step < 0 and start > stop:
        n = (start - stop - 1) // -step + 1
    out = np.empty(n, dtype)
    for i in range(n):
        out[i] = _prim.cast(start + i * step, dtype)
    return out


def arange_float(start, stop, step, dtype):
    """NumPy's rule: the difference of the first two elements is added up by multiplication."""
    if step == 0.0:
        raise ZeroDivisionError("float division by zero")
    length = float(np.ceil((stop - start) / step))
    n = 0
    if length != length:
        raise ValueError("arange: cannot compute length")
    if length > 0.0:
        if length > 9.0e15:
            raise ValueError("Maximum allowed size exceeded")
        n = int(length)
    out = np.empty(n, dtype)
    if n > 0:
        out[0] = _prim.cast(start, dtype)
    if n > 1:
        out[1] = _prim.cast(start + step, dtype)
        first = out[0]
        delta = out[1] - first
        for i in range(2, n):
            out[i] = first + _prim.cast(i, dtype) * delta
    return out


def linspace(start, stop, num, endpoint, dtype):
    """`num` numbers from `start` to `stop`."""
    return linspace_step(start, stop, num, endpoint, dtype)[0]


def linspace_step(start, stop, num, endpoint, dtype):
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    divisions = num - 1 if endpoint else num
    out = np.empty(num, dtype)
    delta = stop - start
    step = math.nan
    if divisions > 0:
        step = delta / divisions
        for i in range(num):
            if step == 0.0:
                out[i] = from_float((i / divisions) * delta + start, dtype)
            else:
                out[i] = from_float(i * step + start, dtype)
    else:
        for i in range(num):
            out[i] = from_float(i * delta + start, dtype)
    if endpoint and num > 1:
        out[num - 1] = from_float(stop, dtype)
    return (out, np.float64(step))


def from_float(x, dtype):
    """As astype, but integers are rounded down."""
    if _prim.kind(dtype) == "i" or _prim.kind(dtype) == "u":
        return _prim.cast(np.floor(x), dtype)
    return _prim.cast(x, dtype)


def eye(n, m, k, dtype):
    out = np.zeros((n, m), dtype)
    for i in range(n):
        j = i + k
        if 0 <= j and j < m:
            out[i, j] = _prim.cast(1, dtype)
    return out
