"""Arrays made by a rule, written in the subset itself."""

import numpy as np


def filled(shape, value, dtype):
    out = np.empty(shape, dtype)
    out[...] = value
    return out


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
        out[i] = start + i * step
    return out


def arange_float(start, stop, step, dtype):
    """NumPy's rule: the difference of the first two elements is added up by multiplication."""
    if step == 0.0:
        raise ZeroDivisionError("float division by zero")
    length = np.ceil((stop - start) / step)
    n = 0
    if length != length:
        raise ValueError("arange: cannot compute length")
    if length > 0.0:
        if length > 9.0e15:
            raise ValueError("Maximum allowed size exceeded")
        n = int(length)
    out = np.empty(n, dtype)
    if n > 0:
        out[0] = start
    if n > 1:
        out[1] = start + step
        first = out[0]
        delta = out[1] - first
        for i in range(2, n):
            out[i] = first + i * delta
    return out


def linspace(start, stop, num, endpoint, dtype):
    """`num` floats from `start` to `stop`."""
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    divisions = num - 1 if endpoint else num
    out = np.empty(num, dtype)
    delta = stop - start
    if divisions > 0:
        step = delta / divisions
        for i in range(num):
            if step == 0.0:
                out[i] = dtype((i / divisions) * delta + start)
            else:
                out[i] = dtype(i * step + start)
    else:
        for i in range(num):
            out[i] = dtype(i * delta + start)
    if endpoint and num > 1:
        out[num - 1] = dtype(stop)
    return out


def eye(n, m, k, dtype):
    out = np.zeros((n, m), dtype)
    for i in range(n):
        j = i + k
        if 0 <= j and j < m:
            out[i, j] = 1
    return out
