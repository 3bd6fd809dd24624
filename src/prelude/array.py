"""Functions of arrays that are neither reductions nor products."""

import numpy as np


def truth(a):
    """bool(array)."""
    if a.size == 0:
        raise ValueError(
            "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty."
        )
    if a.size > 1:
        raise ValueError(
            "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
        )
    return bool(first_element(a))


def item(a):
    if a.size != 1:
        raise ValueError("can only convert an array of size 1 to a Python scalar")
    return first_element(a)


def item_at(a, k):
    """The element at a place in C order, counted from the end where it is negative."""
    n = a.size
    if k < -n or k >= n:
        raise IndexError(f"index {k} is out of bounds for size {n}")
    return flat_element(a, k + n if k < 0 else k)


def flat_element(a, k):
    if a.ndim == 0:
        return a[()]
    elif a.ndim == 1:
        return a[k]
    else:
        row = a.size // a.shape[0]
        return flat_element(a[k // row], k % row)


def contains(a, value):
    """`value in a`."""
    for i in range(a.shape[0]):
        if a.ndim > 1:
            if contains(a[i], value):
                return True
        else:
            if a[i] == value:
                return True
    return False


def nonzero(a):
    count = count_all(a)
    if a.ndim == 1:
        places = np.empty(count, np.int64)
        k = 0
        for i in range(len(a)):
            if a[i]:
                places[k] = i
                k += 1
        return (places,)
    if a.ndim == 2:
        rows = np.empty(count, np.int64)
        columns = np.empty(count, np.int64)
        k = 0
        for i in range(a.shape[0]):
            for j in range(a.shape[1]):
                if a[i, j]:
                    rows[k] = i
                    columns[k] = j
                    k += 1
        return (rows, columns)
    if a.ndim == 3:
        first = np.empty(count, np.int64)
        second = np.empty(count, np.int64)
        third = np.empty(count, np.int64)
        k = 0
        for i in range(a.shape[0]):
            for j in range(a.shape[1]):
                for l in range(a.shape[2]):
                    if a[i, j, l]:
                        first[k] = i
                        second[k] = j
                        third[k] = l
                        k += 1
        return (first, second, third)


def diff(a):
    """First differences along the last axis."""
    return a[..., 1:] - a[..., :-1]


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    return bool(np.all(np.isclose(a, b, rtol, atol, equal_nan)))


def array_equal(a, b):
    if a.ndim != b.ndim:
        return False
    if a.shape != b.shape:
        return False
    return bool(np.all(a == b))


def flip(a):
    """All axes reversed, for one or two dimensions."""
    if a.ndim == 1:
        return a[::-1]
    return a[::-1, ::-1]


def fliplr(a):
    return a[:, ::-1]


def flipud(a):
    return a[::-1]


def roll(a, shift):
    """Of the flattened array."""
    flat = a.ravel()
    n = flat.size
    out = np.empty(n, a.dtype)
    if n > 0:
        shift = shift % n
        for i in range(n):
            k = i + shift
            if k >= n:
                k -= n
            out[k] = flat[i]
    return out.reshape(a.shape)


def repeat(a, repeats):
    """Each element of the flattened array `repeats` times."""
    flat = a.ravel()
    if repeats < 0:
        raise ValueError("repeats may not contain negative values.")
    out = np.empty(flat.size * repeats, a.dtype)
    k = 0
    for i in range(flat.size):
        for _ in range(repeats):
            out[k] = flat[i]
            k += 1
    return out


def tile(a, reps):
    """An array `reps` times along its last axis."""
    n = a.shape[-1]
    out = np.empty(a.shape[:-1] + (reps * n,), a.dtype)
    for k in range(reps):
        out[..., k * n : (k + 1) * n] = a
    return out


def check_joined(axis, expected, found, index):
    if expected != found:
        raise ValueError(
            f"all the input array dimensions except for the concatenation axis must match exactly, but along "
            f"dimension {axis}, the array at index 0 has size {expected} and the array at index {index} has size "
            f"{found}"
        )


def check_stacked(expected, found):
    if expected != found:
        raise ValueError("all input arrays must have the same shape")


def argsort(a, axis=-1, kind=None):
    """The order is a stable one whatever `kind` asks for."""
    if a.ndim == 1:
        if axis != -1 and axis != 0:
            raise ValueError(f"axis {axis} is out of bounds for array of dimension 1")
        return places_in_order(a)
    out = np.empty(a.shape, np.int64)
    if a.ndim == 2 and (axis == 0 or axis == -2):
        for j in range(a.shape[1]):
            out[:, j] = places_in_order(a[:, j])
    elif axis == -1 or axis == a.ndim - 1:
        for i in range(a.shape[0]):
            out[i] = argsort(a[i])
    else:
        raise ValueError(f"argsort() along axis {axis} is not known to fastjit")
    return out


def places_in_order(a):
    """Places in the order of their values, nan last, equal ones in order."""
    n = len(a)
    order = np.arange(n)
    other = np.empty(n, np.int64)
    width = 1
    while width < n:
        for low in range(0, n, 2 * width):
            middle = min(low + width, n)
            high = min(low + 2 * width, n)
            i = low
            j = middle
            for k in range(low, high):
                if i < middle and (j >= high or not comes_before(a[order[j]], a[order[i]])):
                    other[k] = order[i]
                    i += 1
                else:
                    other[k] = order[j]
                    j += 1
        order, other = other, order
        width *= 2
    return order


def comes_before(x, y):
    """x < y, where nan is larger than all."""
    if x < y:
        return True
    return bool(y != y) and bool(x == x)


def searchsorted(a, v, side="left"):
    if np.isscalar(v):
        return np.int64(place_in(a, v, side))
    out = np.empty(len(v), np.int64)
    for k in range(len(v)):
        out[k] = place_in(a, v[k], side)
    return out


def place_in(a, x, side):
    low = 0
    high = len(a)
    while low < high:
        middle = (low + high) // 2
        if side == "left":
            goes_on = comes_before(a[middle], x)
        else:
            goes_on = not comes_before(x, a[middle])
        if goes_on:
            low = middle + 1
        else:
            high = middle
    return low


def digitize(x, bins, right=False):
    rising = True
    for k in range(1, len(bins)):
        if bins[k] < bins[k - 1]:
            rising = False
    if not rising:
        for k in range(1, len(bins)):
            if bins[k] > bins[k - 1]:
                raise ValueError("bins must be monotonically increasing or decreasing")
    if np.isscalar(x):
        return np.int64(bin_of(x, bins, rising, right))
    out = np.empty(len(x), np.int64)
    for i in range(len(x)):
        out[i] = bin_of(x[i], bins, rising, right)
    return out


def bin_of(x, bins, rising, right):
    """As NumPy: falling bins are searched from their end with the other side."""
    low = 0
    high = len(bins)
    while low < high:
        middle = (low + high) // 2
        edge = bins[middle] if rising else bins[len(bins) - 1 - middle]
        if right:
            goes_on = comes_before(edge, x)
        else:
            goes_on = not comes_before(x, edge)
        if goes_on:
            low = middle + 1
        else:
            high = middle
    return low if rising else len(bins) - low


def unique(a):
    flat = np.sort(a.ravel())
    n = len(flat)
    count = 0
    for i in range(n):
        if i == 0 or (flat[i] != flat[i - 1] and not (flat[i] != flat[i] and flat[i - 1] != flat[i - 1])):
            flat[count] = flat[i]
            count += 1
    return flat[:count].copy()


def bincount(x, weights=None, minlength=0):
    n = minlength
    for i in range(len(x)):
        if x[i] < 0:
            raise ValueError("'list' argument must have no negative elements")
        n = max(n, int(x[i]) + 1)
    if weights is None:
        counts = np.zeros(n, np.int64)
        for i in range(len(x)):
            counts[x[i]] += 1
        return counts
    if len(weights) != len(x):
        raise ValueError("The weights and list don't have the same length.")
    sums = np.zeros(n)
    for i in range(len(x)):
        sums[x[i]] += weights[i]
    return sums


def interp(x, xp, fp):
    if len(xp) == 0:
        raise ValueError("array of sample points is empty")
    if len(xp) != len(fp):
        raise ValueError("fp and xp are not of the same length.")
    if np.isscalar(x):
        return np.float64(interp_one(float(x), xp, fp))
    out = np.empty(len(x))
    for k in range(len(x)):
        out[k] = interp_one(float(x[k]), xp, fp)
    return out


def interp_one(x, xp, fp):
    n = len(xp)
    if x != x:
        return x
    if x > xp[n - 1]:
        return float(fp[n - 1])
    if x < xp[0]:
        return float(fp[0])
    low = 0
    high = n
    while low < high:
        middle = (low + high) // 2
        if x >= xp[middle]:
            low = middle + 1
        else:
            high = middle
    j = low - 1
    if j == n - 1 or xp[j] == x:
        return float(fp[j])
    slope = (float(fp[j + 1]) - float(fp[j])) / (float(xp[j + 1]) - float(xp[j]))
    result = slope * (x - float(xp[j])) + float(fp[j])
    if result != result:
        result = slope * (x - float(xp[j + 1])) + float(fp[j + 1])
        if result != result and fp[j] == fp[j + 1]:
            result = float(fp[j])
    return result


def quantile(a, q):
    """Linear interpolation in the sorted elements, for one `q` or a 1-d array of them."""
    if np.isscalar(q):
        if not (0 <= q and q <= 1):
            raise ValueError("Quantiles must be in the range [0, 1]")
        return quantile_of(sorted_floats(a), float(q))
    flat = sorted_floats(a)
    out = np.empty(len(q))
    for k in range(len(q)):
        if not (0 <= q[k] and q[k] <= 1):
            raise ValueError("Quantiles must be in the range [0, 1]")
        out[k] = quantile_of(flat, float(q[k]))
    return out


def percentile(a, q):
    if np.isscalar(q):
        if not (0 <= q and q <= 100):
            raise ValueError("Percentiles must be in the range [0, 100]")
        return quantile_of(sorted_floats(a), float(q) / 100.0)
    flat = sorted_floats(a)
    out = np.empty(len(q))
    for k in range(len(q)):
        if not (0 <= q[k] and q[k] <= 100):
            raise ValueError("Percentiles must be in the range [0, 100]")
        out[k] = quantile_of(flat, float(q[k]) / 100.0)
    return out


def sorted_floats(a):
    flat = a.ravel().astype(np.float64)
    sort_flat(flat)
    return flat


def quantile_of(a, q):
    n = len(a)
    if n == 0:
        return np.float64(np.nan)
    if a[n - 1] != a[n - 1]:
        return a[n - 1]
    place = q * (n - 1)
    low = int(place)
    if low >= n - 1:
        return a[n - 1]
    t = place - low
    d = a[low + 1] - a[low]
    if t >= 0.5:
        return a[low + 1] - d * (1.0 - t)
    return a[low] + d * t


def histogram(a, bins=10, range=None):
    """Counts and edges of equal bins."""
    flat = a.ravel()
    if range is None:
        first = 0.0 if len(flat) == 0 else float(np.min(flat))
        last = 1.0 if len(flat) == 0 else float(np.max(flat))
    else:
        first = float(range[0])
        last = float(range[1])
    if bins < 1:
        raise ValueError("`bins` must be positive, when an integer")
    if first > last:
        raise ValueError("max must be larger than min in range parameter.")
    if first == last:
        first = first - 0.5
        last = last + 0.5
    edges = np.linspace(first, last, bins + 1)
    counts = np.zeros(bins, np.int64)
    span = last - first
    for x in flat:
        value = float(x)
        if value >= first and value <= last:
            k = int((value - first) / span * bins)
            if k == bins:
                k -= 1
            if value < edges[k]:
                k -= 1
            elif k != bins - 1 and value >= edges[k + 1]:
                k += 1
            counts[k] += 1
    return (counts, edges)


def isin(a, values):
    ordered = np.sort(values.ravel())
    flat = a.ravel()
    out = np.empty(flat.size, np.bool_)
    for i in range(flat.size):
        k = place_in(ordered, flat[i], "left")
        out[i] = k < len(ordered) and ordered[k] == flat[i]
    return out.reshape(a.shape)


def tril(a, k=0):
    out = np.zeros(a.shape, a.dtype)
    for i in range(a.shape[0]):
        for j in range(min(i + k + 1, a.shape[1])):
            out[i, j] = a[i, j]
    return out


def triu(a, k=0):
    out = np.zeros(a.shape, a.dtype)
    for i in range(a.shape[0]):
        for j in range(max(i + k, 0), a.shape[1]):
            out[i, j] = a[i, j]
    return out


def diag(a, k=0):
    if a.ndim == 1:
        n = len(a) + abs(k)
        out = np.zeros((n, n), a.dtype)
        for i in range(len(a)):
            out[i + max(-k, 0), i + max(k, 0)] = a[i]
        return out
    row = max(-k, 0)
    column = max(k, 0)
    n = max(min(a.shape[0] - row, a.shape[1] - column), 0)
    line = np.empty(n, a.dtype)
    for i in range(n):
        line[i] = a[i + row, i + column]
    return line


def fill_diagonal(a, value):
    for i in range(min(a.shape[0], a.shape[1])):
        a[i, i] = value


def meshgrid(x, y):
    a = np.empty((len(y), len(x)), x.dtype)
    b = np.empty((len(y), len(x)), y.dtype)
    a[...] = x
    b[...] = y[:, np.newaxis]
    return (a, b)


def trapezoid(y, x=None, dx=1.0):
    total = np.float64(0.0)
    if x is None:
        return np.sum(dx * (y[1:] + y[:-1]) / 2.0)
    return np.sum((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2.0) + total


def polyval(p, x):
    y = x * 0
    for k in range(len(p)):
        y = y * x + p[k]
    return y


def convolve(a, v, mode="full"):
    if len(a) == 0:
        raise ValueError("a cannot be empty")
    if len(v) == 0:
        raise ValueError("v cannot be empty")
    if len(v) > len(a):
        return slide(v, a[::-1], mode)
    return slide(a, v[::-1], mode)


def correlate(a, v, mode="valid"):
    if len(a) == 0:
        raise ValueError("a cannot be empty")
    if len(v) == 0:
        raise ValueError("v cannot be empty")
    if len(v) > len(a):
        return slide(v, a, mode)[::-1]
    return slide(a, v, mode)


def slide(a, v, mode):
    """Sums of products of `v` moved along the longer `a`."""
    dtype = np.result_type(a, v)
    n = len(a)
    m = len(v)
    if mode == "full":
        first = 1 - m
        count = n + m - 1
    elif mode == "same":
        first = -(m // 2)
        count = n
    else:
        first = 0
        count = n - m + 1
    out = np.empty(count, dtype)
    for k in range(count):
        start = first + k
        total = _prim.cast(0, dtype)
        for j in range(max(-start, 0), min(m, n - start)):
            total += _prim.cast(a[start + j], dtype) * _prim.cast(v[j], dtype)
        out[k] = total
    return out


def ediff1d(a):
    flat = a.ravel()
    return flat[1:] - flat[:-1]


def gradient(a):
    n = len(a)
    if n < 2:
        raise ValueError(
            "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required."
        )
    out = np.empty(n)
    out[0] = float(a[1]) - float(a[0])
    out[n - 1] = float(a[n - 1]) - float(a[n - 2])
    for i in range(1, n - 1):
        out[i] = (float(a[i + 1]) - float(a[i - 1])) / 2.0
    return out


def ufunc_fold(f, a, total):
    for x in a:
        total = f(total, x)
    return total


def ufunc_fold_slices(f, a, out):
    """`out = f(out, slice)` for each slice of the leading axis of `a`."""
    for i in range(a.shape[0]):
        out[...] = f(out, a[i])


def ufunc_accumulate(f, a, out):
    """The first slice of `a`, then `f` of the last result and the next slice."""
    if a.shape[0] > 0:
        out[0] = a[0]
    for i in range(1, a.shape[0]):
        out[i] = f(out[i - 1], a[i])


def extreme_accumulate(f, a, out):
    """As `ufunc_accumulate` for `np.minimum` and its like: of equal zeros the later."""
    if a.shape[0] > 0:
        out[0] = a[0]
    for i in range(1, a.shape[0]):
        if a.ndim == 1:
            x = a[i]
            out[i] = x if x == out[i - 1] else f(out[i - 1], x)
        else:
            out[i] = np.where(a[i] == out[i - 1], a[i], f(out[i - 1], a[i]))


def check_places(indices, axis, n):
    for k in range(len(indices)):
        if not -n <= indices[k] < n:
            raise IndexError(f"index {indices[k]} is out of bounds for axis {axis} with size {n}")


def ufunc_at(f, a, indices, values):
    """`a[k] = f(a[k], value)`, one place after the other."""
    check_places(indices, 0, a.shape[0])
    check_values(values, len(indices), a)
    for k in range(len(indices)):
        a[indices[k]] = f(a[indices[k]], value_at(values, k, a))


def check_values(values, n, like):
    if isinstance(values, np.ndarray) and values.ndim == like.ndim and len(values) != n and len(values) != 1:
        raise ValueError("array is not broadcastable to correct shape")


def value_at(values, k, like):
    """The k-th of the values that `ufunc.at` is given; fewer axes, or a single one, are for all places."""
    if not isinstance(values, np.ndarray):
        return values
    if values.ndim < like.ndim:
        return values
    return values[k if len(values) > 1 else 0]


def ufunc_at_pairs(f, a, indices, values):
    """As `ufunc_at`, for places in a matrix."""
    i, j = indices
    if len(i) != len(j):
        raise IndexError(
            f"shape mismatch: indexing arrays could not be broadcast together with shapes ({len(i)},) ({len(j)},) "
        )
    check_places(i, 0, a.shape[0])
    check_places(j, 1, a.shape[1])
    check_values(values, len(i), i)
    for k in range(len(i)):
        a[i[k], j[k]] = f(a[i[k], j[k]], value_at(values, k, i))
