"""The kernels of the benchmark's vector suite, by CPython and compiled, with checks and without them."""

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benches"))

from vectors import expressions, kernels

from fastjit import fastjit
from fastjit.testing import assert_same

# Large enough for vector loops with a rest, small enough for the interpreter.
SHORT, LONG = 7, 53


def close(function, arguments, expected_arguments, tolerance, **options):
    """The interpreter's numbers but for the last digits, and its types."""
    result, expected = fastjit(**options)(function)(*arguments), function(*expected_arguments)
    assert type(result) is type(expected)
    for ours, theirs in [(result, expected), *zip(arguments, expected_arguments)]:
        if theirs is not None:
            np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=0.0)


@pytest.mark.parametrize("options", [{}, {"boundscheck": False, "overflow": "wrap"}], ids=["checked", "unchecked"])
@pytest.mark.parametrize("kernel", kernels(), ids=lambda kernel: kernel.name)
def test_kernel(kernel, options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        if kernel.tolerance == 0.0 or kernel.fastmath:
            assert_same(kernel.function, *kernel.inputs(*kernel.small), **options)
        else:
            arguments, expected = kernel.inputs(*kernel.small), kernel.inputs(*kernel.small)
            close(kernel.function, arguments, expected, kernel.tolerance, **options)
        arguments, expected = kernel.inputs(*kernel.small), kernel.inputs(*kernel.small)
        close(kernel.function, arguments, expected, max(kernel.tolerance, 1e-10), fastmath=True, **options)


@pytest.mark.parametrize("length", [SHORT, LONG])
@pytest.mark.parametrize("expression", expressions.EXPRESSIONS)
def test_expression(expression, length):
    arguments = expressions.arguments(length)
    close(expression, arguments, arguments, 1e-15)


def test_classes():
    """Names are unique; what is measured under fastmath is compared with a tolerance."""
    names = [kernel.name for kernel in kernels()]
    assert len(names) == len(set(names))
    assert all(kernel.tolerance > 0.0 for kernel in kernels() if kernel.fastmath)


def compared(a, level, out):
    for i in range(len(a)):
        out[i, 0] = 255 if a[i] > level else 0
        out[i, 1] = 1 if a[i] >= level else 2
        out[i, 2] = 1 if level > a[i] else 2
        out[i, 3] = 1 if a[i] == level else 2
        out[i, 4] = 1 if a[i] != level else 2
        out[i, 5] = 1 if a[i] <= 1000 else 2


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16, np.int32])
def test_narrow_numbers_beside_wide_ones(dtype):
    least, most = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
    a = np.array([least, least + 1, -1 if least else 1, 0, 100, most - 1, most] * 9, dtype)
    for level in (least - 1, least, 0, 100, most, most + 1, most + 2, 10**12, -(10**12), 2**63 - 1, -(2**63)):
        assert_same(compared, a, level, np.zeros((len(a), 6), np.uint8))


def to_integers(x, out):
    for i in range(len(x)):
        out[i] = np.int32(x[i])


def test_float_to_int32():
    x = np.random.default_rng(3).uniform(-3e9, 3e9, 201)
    x = np.concatenate([x[np.abs(x) < 2**31], [-0.5, 0.5, 2147483647.0, -2147483648.0, -0.0]])
    assert_same(to_integers, x, np.zeros(len(x), np.int32))
