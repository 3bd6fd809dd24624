"""Indexing by arrays: masks and integers, load and store."""

import numpy as np


def take_mask(a, mask):
    """a[mask] for a mask over all axes, or over the first of them if it is 1-d."""
    check_mask(a, mask)
    count = count_all(mask)
    if mask.ndim == 1:
        out = np.empty((count,) + a.shape[1:], a.dtype)
        k = 0
        for i in range(len(mask)):
            if mask[i]:
                out[k] = a[i]
                k += 1
        return out
    out = np.empty(count, a.dtype)
    take_mask_into(a, mask, out, 0)
    return out


def take_mask_into(a, mask, out, k):
    """Appends the chosen elements to `out` from place `k` on; the next free place."""
    for i in range(a.shape[0]):
        if a.ndim > 1:
            k = take_mask_into(a[i], mask[i], out, k)
        elif mask[i]:
            out[k] = a[i]
            k += 1
    return k


def check_mask(a, mask):
    for axis in range(mask.ndim):
        if a.shape[axis] != mask.shape[axis]:
            raise IndexError(
                f"boolean index did not match indexed array along axis {axis}; size of axis is {a.shape[axis]} "
                f"but size of corresponding boolean axis is {mask.shape[axis]}"
            )


def take_index(a, index):
    """a[index] for an array of integers."""
    if index.ndim == 1:
        out = np.empty((len(index),) + a.shape[1:], a.dtype)
        for k in range(len(index)):
            out[k] = a[index[k]]
        return out
    flat = index.ravel()
    out = np.empty((flat.size,) + a.shape[1:], a.dtype)
    for k in range(len(flat)):
        out[k] = a[flat[k]]
    return out.reshape(index.shape + a.shape[1:])


def take_pairs(a, i, j):
    """a[i, j] for two 1-d arrays of integers."""
    n = broadcast_length(len(i), len(j))
    out = np.empty((n,) + a.shape[2:], a.dtype)
    for k in range(n):
        out[k] = a[i[k if len(i) != 1 else 0], j[k if len(j) != 1 else 0]]
    return out


def broadcast_length(n, m):
    if n != m and n != 1 and m != 1:
        raise IndexError(
            f"shape mismatch: indexing arrays could not be broadcast together with shapes ({n},) ({m},) "
        )
    return m if n == 1 else n


def put_mask(a, mask, value):
    """a[mask] = value for a scalar or a 1-d array."""
    check_mask(a, mask)
    if np.isscalar(value):
        put_mask_scalar(a, mask, value)
    elif value.ndim == 0:
        put_mask_scalar(a, mask, value.item())
    else:
        count = count_all(mask)
        if len(value) != count and len(value) != 1:
            raise ValueError(
                f"NumPy boolean array indexing assignment cannot assign {len(value)} input values to the {count} "
                f"output values where the mask is true"
            )
        # As if the values had been read before the first store.
        put_mask_array(a, mask, value.copy(), 0)


def put_mask_scalar(a, mask, value):
    for i in range(mask.shape[0]):
        if mask.ndim > 1:
            put_mask_scalar(a[i], mask[i], value)
        elif mask[i]:
            a[i] = value


def put_mask_array(a, mask, value, k):
    for i in range(mask.shape[0]):
        if mask.ndim > 1:
            k = put_mask_array(a[i], mask[i], value, k)
        elif mask[i]:
            a[i] = value[k if len(value) != 1 else 0]
            k += 1
    return k


def put_index(a, index, value):
    """a[index] = value for a 1-d array of integers."""
    for k in range(len(index)):
        place = index[k]
        if place >= a.shape[0] or place < -a.shape[0]:
            raise IndexError(f"index {place} is out of bounds for axis 0 with size {a.shape[0]}")
    if np.isscalar(value):
        for k in range(len(index)):
            a[index[k]] = value
    elif value.ndim < a.ndim:
        for k in range(len(index)):
            a[index[k]] = value
    else:
        if len(value) != len(index) and len(value) != 1:
            raise ValueError(
                f"shape mismatch: value array of shape ({len(value)},) could not be broadcast to indexing result "
                f"of shape ({len(index)},)"
            )
        copy = value.copy()
        for k in range(len(index)):
            a[index[k]] = copy[k if len(copy) != 1 else 0]


def take(a, indices):
    if np.isscalar(indices):
        return a.ravel()[indices]
    return take_index(a.ravel(), indices)


def flatnonzero(a):
    return nonzero(a.ravel())[0]


def argwhere(a):
    places = nonzero(a)
    out = np.empty((len(places[0]), a.ndim), np.int64)
    if a.ndim == 1:
        out[:, 0] = places[0]
    if a.ndim == 2:
        out[:, 0] = places[0]
        out[:, 1] = places[1]
    return out
