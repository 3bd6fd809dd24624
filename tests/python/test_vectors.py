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
