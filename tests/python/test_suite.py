"""The kernels of the benchmark's suite, by CPython and compiled, with checks and without them."""

import sys
import warnings
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benches"))

from suite import kernels

from fastjit.testing import assert_same


@pytest.mark.parametrize("options", [{}, {"boundscheck": False, "overflow": "wrap"}], ids=["checked", "unchecked"])
@pytest.mark.parametrize("kernel", kernels(), ids=lambda kernel: kernel.name)
def test_kernel(kernel, options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        assert_same(kernel.function, *kernel.inputs(*kernel.small), **options)
