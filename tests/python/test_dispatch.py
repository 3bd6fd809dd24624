"""Calls: signatures, keywords, defaults, None, methods, metadata, pickling, returned types."""

import copy
import functools
import inspect
import pickle
import weakref

import numpy as np
import pytest

import fastjit
from fastjit import fastjit as decorate


@decorate
def add(a, b=10, *, c=100):
    """Adds."""
    return a + b + c


@decorate
def optional(a, scale=None):
    if scale is None:
        return a
    return a * scale


class Model:
    factor = 3

    @decorate
    def scaled(self, x):
        return x * 2

    @staticmethod
    @decorate
    def doubled(x):
        return x * 2


@decorate
def identity(x):
    return x


def test_three_names_one_decorator():
    assert fastjit.jit is fastjit.njit is fastjit.fastjit


def test_bare_and_called():
    assert decorate(lambda x: x + 1)(1) == 2
    assert decorate()(lambda x: x + 1)(1) == 2
    assert decorate(cache=False, nogil=True)(lambda x: x + 1)(1) == 2


def test_positional_keyword_default():
    assert add(1) == 111
    assert add(1, 2) == 103
    assert add(1, b=2) == 103
    assert add(b=1, a=2, c=3) == 6
    assert add(*(1, 2), **{"c": 3}) == 6


@pytest.mark.parametrize("args, kwargs", [((), {}), ((1, 2, 3), {}), ((1,), {"a": 1}), ((1,), {"d": 1})])
def test_bad_arguments_read_as_in_python(args, kwargs):
    with pytest.raises(TypeError) as ours:
        add(*args, **kwargs)
    with pytest.raises(TypeError) as theirs:
        add.py_func(*args, **kwargs)
    assert str(ours.value) == str(theirs.value)


def test_none_is_a_type_of_its_own():
    assert optional(2) == 2
    assert optional(2, 3) == 6
    assert optional(2, None) == 2
    assert optional(2.5, scale=2) == 5.0


def test_static_method():
    assert Model.doubled(3) == 6
    assert Model().doubled(3) == 6


def test_metadata():
    assert add.__name__ == "add"
    assert add.__doc__ == "Adds."
    assert add.__module__ == __name__
    assert add.__wrapped__ is add.py_func
    assert inspect.signature(add) == inspect.signature(add.py_func)
    assert callable(add)
    assert "add" in repr(add)
    functools.update_wrapper(lambda: None, add)


def test_signatures():
    f = decorate(lambda x: x + 1)
    assert len(f.signatures) == 0
    f(1)
    f(2)
    f(1.5)
    assert len(f.signatures) == 2


def test_pickle_and_copy():
    assert pickle.loads(pickle.dumps(add)) is add
    assert copy.copy(add)(1) == 111
    assert copy.deepcopy(add)(1) == 111


def test_weak_reference():
    f = decorate(lambda x: x)
    reference = weakref.ref(f)
    assert reference() is f


@pytest.mark.parametrize(
    "value",
    [
        True,
        3,
        2.5,
        1 + 2j,
        None,
        (1, 2.5, (True, None)),
        np.bool_(True),
        np.int8(-3),
        np.int16(-3),
        np.int32(-3),
        np.int64(-3),
        np.uint8(200),
        np.uint16(200),
        np.uint32(2**32 - 1),
        np.uint64(2**64 - 1),
        np.float32(1.5),
        np.float64(1.5),
        np.complex64(1 + 2j),
        np.complex128(1 + 2j),
    ],
    ids=repr,
)
def test_types_come_back(value):
    result = identity(value)
    assert type(result) is type(value)
    assert result == value


def test_same_array_comes_back():
    a = np.arange(3.0)
    assert identity(a) is a
    assert identity((a, 1))[0] is a


def test_views_hold_their_base():
    @decorate
    def tail(a):
        return a[1:]

    a = np.arange(5.0)
    b = tail(a)
    assert b.base is a
    b[0] = 42.0
    assert a[1] == 42.0


def test_memmap(tmp_path):
    a = np.memmap(tmp_path / "data", np.float64, "w+", shape=(4,))
    a[:] = 2.0

    @decorate
    def total(a):
        s = 0.0
        for x in a:
            s += x
        return s

    assert total(a) == 8.0


def test_refused_arguments_are_named():
    @decorate
    def first(a):
        return a[0]

    cases = [
        (np.ma.masked_array([1.0]), "MaskedArray"),
        (np.arange(3.0).astype(">f8"), "byte"),
        (np.array(["a"]), "dtype"),
        ({1: 2}, "dict"),
    ]
    for value, word in cases:
        with pytest.raises(TypeError) as error:
            first(value)
        assert word in str(error.value)


def test_large_int_runs_in_the_interpreter():
    with pytest.warns(fastjit.DeoptWarning):
        assert identity.py_func is not None
        f = decorate(lambda x: x + 1)
        assert f(2**70) == 2**70 + 1


def test_deopt_gives_the_exact_answer_and_warns_once():
    @decorate
    def factorial(n):
        result = 1
        for k in range(2, n + 1):
            result *= k
        return result

    assert factorial(20) == 2432902008176640000
    with pytest.warns(fastjit.DeoptWarning) as caught:
        assert factorial(25) == 15511210043330985984000000
        assert factorial(30) == 265252859812191058636308480000000
    assert len(caught) == 1


def test_explicit_signatures():
    @decorate("float64(float64, int64)")
    def f(x, n):
        return x * n

    assert f(1.5, 2) == 3.0
    assert len(f.signatures) == 1

    @decorate(["i8(i8)", "f8(f8)"])
    def g(x):
        return x + x

    assert g(2) == 4
    assert g(1.5) == 3.0


def test_unknown_option():
    with pytest.raises(TypeError, match="colour"):
        decorate(colour=True)(lambda x: x)


def test_misspelled_name_is_reported():
    @decorate
    def f(x):
        return summ + x

    with pytest.raises(fastjit.errors.FastjitError) as error:
        f(1)
    assert "summ" in str(error.value)
    assert __file__ in str(error.value)


def test_many_arguments():
    @decorate
    def f(a, b, c, d, e, f, g, h, i, j, k, l):
        return a + b + c + d + e + f + g + h + i + j + k + l

    assert f(*range(12)) == 66
    assert f(*(float(x) for x in range(12))) == 66.0


def test_a_call_starts_again_where_the_tests_before_a_loop_fail():
    @decorate(cache=False)
    def fill(a, n):
        for i in range(n):
            a[i] = i + 1
        return n

    a = np.zeros(3)
    assert fill(a, 2) == 2
    assert fill.stats["compiled"] == 1
    with pytest.raises(IndexError, match="index 3 is out of bounds for axis 0 with size 3"):
        fill(a, 5)
    assert a.tolist() == [1.0, 2.0, 3.0]
    assert (fill.stats["compiled"], fill.stats["calls_deopt"]) == (2, 0)
    a[:] = 0
    assert fill(a, 3) == 3 and a.tolist() == [1.0, 2.0, 3.0]
    for _ in range(2):
        with pytest.raises(IndexError):
            fill(a, 4)
    assert (fill.stats["compiled"], fill.stats["calls_deopt"]) == (2, 0)


def test_a_call_that_starts_again_gives_back_the_gil_and_its_arrays():
    table = np.arange(4.0)

    @decorate(cache=False, nogil=True)
    def last(n, shift):
        total = 0.0
        for i in range(n):
            total += table[i + shift]
        return total

    assert last(4, 0) == 6.0
    assert last(2, -2) == last.py_func(2, -2) == 5.0
    assert last(0, 100) == 0.0
    with pytest.raises(IndexError):
        last(2, 3)


def test_numbers_that_were_returned_stay_as_they_are():
    """The object of a number is used again only when nobody has it any more."""

    @decorate
    def item(a, k):
        return a[k]

    for dtype in ("f8", "f4", "i8", "u1", "i2", "c8", "c16", "?"):
        a = np.array([0, 1, 2, 3], dtype)
        one, two = item(a, 1), item(a, 2)
        third = item(a, 3)
        again = one
        assert (one, two, third, item(a, 0)) == tuple(a[[1, 2, 3, 0]])
        assert [type(x) for x in (one, two, third)] == [a.dtype.type] * 3
        del one
        item(a, 0)
        item(a, 3)
        assert again == a[1]
        kept = [item(a, k) for k in range(4)]
        assert kept == list(a)
        assert {item(a, 1): 1}[a[1]] == 1
