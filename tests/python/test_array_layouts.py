"""Array expressions and stores on arrays of any layout, overlap and shape, against NumPy.

The arrays are random but seeded: C, Fortran, strided, reversed, empty, with axes of length 1, views of one
buffer. Results, contents afterwards, and errors with their messages have to be NumPy's.
"""

import random

import numpy as np
import pytest

from fastjit import fastjit, prange


def add(a, b):
    return a + b


def multiply_add(a, b, c):
    return a * b + c


def copy_into(a, b):
    a[...] = b


def sum_into(a, b, c):
    a[...] = b + c


def add_in_place(a, b):
    a += b


def subtract_product_in_place(a, b, c):
    a -= b * c


def add_out(a, b, c):
    np.add(a, b, out=c)


def fresh_copy(a):
    return a.copy()


def move(a, i, j, k, p, q, r):
    a[i:j:k] = a[p:q:r]


def move_scaled(a, i, j, k, p, q, r):
    a[i:j:k] = a[p:q:r] * 2 + 1


def move_added(a, i, j, k, p, q, r):
    a[i:j:k] += a[p:q:r]


def transpose_into(a):
    a[:] = a.T


def add_transpose(a):
    a += a.T * 2


def reshape_two(a, n, m):
    return a.reshape(n, m)


COMPILED = {}


def compiled(func):
    if func not in COMPILED:
        COMPILED[func] = fastjit(func)
    return COMPILED[func]


def with_layout(a):
    """A copy of an argument in a buffer of its own, at the same place in it."""
    if not isinstance(a, np.ndarray):
        return a
    base = a
    while isinstance(base.base, np.ndarray):
        base = base.base
    copy = base.copy(order="K")
    offset = a.__array_interface__["data"][0] - base.__array_interface__["data"][0]
    return np.ndarray(a.shape, a.dtype, copy, offset, a.strides)


def outcome(func, args):
    try:
        result = func(*args)
    except Exception as error:
        return type(error).__name__, str(error)
    return "result", result


def same(a, b):
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b) and a.shape == b.shape
    return type(a) is type(b) and a == b


def check(func, *args):
    expected_args = [with_layout(arg) for arg in args]
    args = [with_layout(arg) for arg in args]
    shown = [(a.shape, a.strides) if isinstance(a, np.ndarray) else a for a in args]
    expected = outcome(func, expected_args)
    got = outcome(compiled(func), args)
    assert got[0] == expected[0], (func.__name__, shown, expected, got)
    assert same(expected[1], got[1]), (func.__name__, shown, expected, got)
    for wanted, changed in zip(expected_args, args):
        assert same(wanted, changed), (func.__name__, shown, wanted, changed)


def random_array(pick, ndim):
    shape = [pick.choice([0, 1, 1, 2, 3, 4]) for _ in range(ndim)]
    kind = pick.choice(["C", "F", "strided", "strided", "reversed"])
    fill = np.random.default_rng(pick.randrange(1000))
    if kind in "CF":
        return np.array(fill.integers(0, 9, shape), dtype=float, order=kind)
    big = fill.integers(0, 9, [2 * n + 1 for n in shape]).astype(float)
    a = big[tuple(slice(pick.choice([0, 1]), None, 2) for _ in shape)][tuple(slice(0, n) for n in shape)]
    if kind == "reversed":
        a = a[tuple(slice(None, None, pick.choice([1, -1])) for _ in shape)]
    return a


@pytest.mark.parametrize("seed", range(4))
def test_any_layout_and_shape(seed):
    pick = random.Random(seed)
    for _ in range(80):
        a, b, c = (random_array(pick, pick.choice([1, 1, 2, 2, 3])) for _ in range(3))
        check(add, a, b)
        check(multiply_add, a, b, c)
        check(copy_into, a, b)
        check(sum_into, a, b, c)
        check(add_in_place, a, b)
        check(subtract_product_in_place, a, b, c)
        check(add_out, a, b, c)
        check(fresh_copy, a)


@pytest.mark.parametrize("seed", range(4))
def test_views_that_overlap(seed):
    pick = random.Random(seed)
    for _ in range(150):
        a = np.arange(8.0)
        to = [pick.randint(-3, 8), pick.randint(-3, 9), pick.choice([1, 1, 2, -1, -2])]
        source = [pick.randint(-3, 8), pick.randint(-3, 9), pick.choice([1, 1, 2, -1, -2])]
        check(move, a, *to, *source)
        check(move_scaled, a, *to, *source)
        check(move_added, a, *to, *source)


@pytest.mark.parametrize("n", range(5))
def test_transposes_of_the_same_memory(n):
    a = np.arange(float(n * n)).reshape(n, n)
    for source in (a, np.asfortranarray(a), a[::-1]):
        check(transpose_into, source)
        check(add_transpose, source)


def test_reshape_with_unknown_lengths():
    a = np.arange(12.0).reshape(3, 4)
    for n in (-1, 0, 2, 5, 6):
        for m in (-1, 0, 2, 6):
            check(reshape_two, a, n, m)


def test_parallel_loops_with_arrays_of_their_own():
    def rows(a, fail):
        out = np.zeros_like(a)
        total = 0.0
        for i in prange(a.shape[0]):
            row = a[i] * 2
            out[i] = row[::-1]
            out[i, 1:] += row[:-1]
            total += row[i % fail]
        return out, total

    a = np.arange(200.0).reshape(50, 4)
    out, total = fastjit(rows)(a, 4)
    expected_out, expected_total = rows(a, 4)
    assert np.array_equal(out, expected_out)
    assert total == expected_total
    with pytest.raises(IndexError, match="index 4 is out of bounds for axis 0 with size 4"):
        fastjit(rows)(a, 6)
