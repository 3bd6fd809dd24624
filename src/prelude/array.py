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
