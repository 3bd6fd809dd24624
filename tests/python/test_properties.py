"""Random scalars and arrays: the compiled answer is the interpreter's."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fastjit import fastjit
from fastjit.testing import assert_same

INTS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-20, 20), st.sampled_from([2**62, -(2**62), 2**53 + 1]))
FLOATS = st.floats(width=64)
NUMBERS = st.one_of(INTS, FLOATS, st.booleans())
DTYPES = st.sampled_from(["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"])


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def div(a, b):
    return a / b


def floordiv(a, b):
    return a // b


def mod(a, b):
    return a % b


def order(a, b):
    return a < b, a <= b, a == b


def bits(a, b):
    return a & b, a | b, a ^ b


def section(a, i, j, k):
    return a[i:j:k]


def element(a, i):
    return a[i]


def polynomial(a):
    return a * a - a + a


def accumulate(a):
    s = 0.0
    for x in a:
        s += x
    return s


compiled = {f: fastjit(cache=False)(f) for f in (add, sub, mul, div, floordiv, mod, order, bits, section, element, polynomial, accumulate)}


def same(function, *args):
    assert_same(compiled[function], *args)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([add, sub, mul, div, floordiv, mod, order]), NUMBERS, NUMBERS)
def test_operators(function, a, b):
    same(function, a, b)


@settings(max_examples=200, deadline=None)
@given(INTS, INTS)
def test_bits(a, b):
    same(bits, a, b)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([add, sub, mul, order]), DTYPES, DTYPES, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_numpy_scalars(function, first, second, a, b):
    x = np.uint64(a).astype(first)
    y = np.uint64(b).astype(second)
    with np.errstate(all="ignore"):
        same(function, x, y)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 9), *[st.integers(-12, 12)] * 3)
def test_slices(n, i, j, k):
    same(section, np.arange(float(n)), i, j, k)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 5), st.integers(-8, 8), st.booleans())
def test_elements(n, i, reverse):
    a = np.arange(float(n))
    same(element, a[::-1] if reverse else a, i)


@settings(max_examples=200, deadline=None)
@given(DTYPES, st.lists(st.integers(0, 255), max_size=20), st.sampled_from([1, 2, -1, -3]))
def test_expressions(dtype, values, step):
    a = np.array(values, np.int64).astype(dtype)[::step]
    with np.errstate(all="ignore"):
        same(polynomial, a)
        if len(a):
            same(accumulate, a)
