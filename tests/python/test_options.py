"""Options of the decorator, each with its own effect, and what a compiled function shows of itself."""

import math

import numpy as np
import pytest

from fastjit import fastjit


def product(a, b):
    return a * b


def quotient(a, b):
    return a / b


def element(a, i):
    return a[i]


def total(a):
    t = 0.0
    for x in a:
        t += x
    return t


def wrapped(value):
    """The value modulo 2**64, as a signed number."""
    return (value + 2**63) % 2**64 - 2**63


@pytest.mark.parametrize("a, b", [(3, 4), (2**40, 2**40 + 1), (-(2**63), -1), (2**62, 6)])
def test_overflow_wrap(a, b):
    assert fastjit(overflow="wrap")(product)(a, b) == wrapped(a * b)


def test_error_model_numpy():
    f = fastjit(error_model="numpy")(quotient)
    assert f(1.0, 0.0) == math.inf
    assert f(-1.0, 0.0) == -math.inf
    assert math.isnan(f(0.0, 0.0))
    with pytest.raises(ZeroDivisionError):
        fastjit(quotient)(1.0, 0.0)


def test_boundscheck_off_keeps_negative_indices():
    f = fastjit(boundscheck=False)(element)
    a = np.arange(3.0)
    assert f(a, -1) == 2.0
    assert f(a, 1) == 1.0


def shifted(a, distances, out):
    for k in range(len(distances)):
        d = distances[k]
        for i in range(len(a) - 1, -1, -1):
            out[i] += a[i - d] * (k + 1)
    return out


@pytest.mark.parametrize("distances", [[0], [1, 2, 5], [6, 0, 3], []])
def test_boundscheck_off_wraps_in_loops(distances):
    a, d = np.arange(6), np.array(distances, np.int64)
    f = fastjit(boundscheck=False, overflow="wrap")(shifted)
    assert f(a, d, np.zeros(6, np.int64)).tolist() == shifted(a, d, np.zeros(6, np.int64)).tolist()


@pytest.mark.parametrize("flags", [False, True, {"nnan"}, {"reassoc", "nsz"}])
def test_fastmath_is_accepted(flags):
    assert fastjit(fastmath=flags)(total)(np.arange(100.0)) == 4950.0


def test_unknown_fastmath_flag():
    with pytest.raises((TypeError, ValueError), match="turbo"):
        fastjit(fastmath={"turbo"})(total)


def test_parallel_off_runs_in_order():
    from fastjit import prange

    @fastjit(parallel=False)
    def f(n):
        last = -1
        for i in prange(n):
            last = i
        return last

    assert f(10) == 9


@pytest.mark.parametrize("stage, word", [("hir", "fn0"), ("mir", "v0"), ("clif", "block0"), ("asm", "ret")])
def test_inspect(stage, word):
    f = fastjit(product)
    f(1, 2)
    assert word in f.inspect(stage)


def test_inspect_of_an_unknown_stage():
    f = fastjit(product)
    f(1, 2)
    with pytest.raises(ValueError, match="hir, mir, clif, asm"):
        f.inspect("bytecode")


@pytest.mark.parametrize("option", ["debug", "looplift", "no_rewrites", "no_cpython_wrapper", "no_cfunc_wrapper"])
def test_options_of_numba_without_a_meaning(option):
    assert fastjit(**{option: True})(product)(3, 4) == 12


def test_object_mode_is_refused():
    with pytest.raises(TypeError, match="without the decorator"):
        fastjit(forceobj=True)(product)
