"""Arrays that share memory: what is compiled for arrays that are apart is not what runs for them."""

import numpy as np
import pytest

from fastjit import fastjit


def product(a, b, c):
    for i in range(c.shape[0]):
        for k in range(a.shape[1]):
            for j in range(c.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


def sums(a, b, c):
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            c[i, j] = 0.0
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


def shift(a, b, c):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            c[i, j] = a[i, j] + 0.5 * b[i, j]


def cells(a, b, c):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            c[0, 0] += a[i, j] - b[i, j]


def views(memory):
    """Triples of arrays in the same memory, some apart and some not."""
    grid = memory.reshape(20, 20)
    yield grid[:9, :9], grid[9:18, :9], grid[:9, 9:18]
    yield grid[:9, :9], grid[:9, :9], grid[:9, :9]
    yield grid[:9, :9], grid[1:10, 1:10], grid[2:11, 2:11]
    yield grid[:9, :9], grid[9:18, 9:18], grid[8:17, 8:17]
    yield grid[8::-1, :9], grid[:9, 8::-1], grid[17:8:-1, 17:8:-1]
    yield grid[8::-1, 8::-1], grid[17:8:-1, :9], grid[:9, :9]
    yield grid[::2, ::2], grid[1::2, ::2], grid[::2, 1::2]
    yield memory[:81].reshape(9, 9), memory[81:162].reshape(9, 9), memory[162:243].reshape(9, 9)
    yield memory[:81].reshape(9, 9), memory[81:162].reshape(9, 9), memory[80:161].reshape(9, 9)
    yield memory[:81].reshape(9, 9), memory[81:162].reshape(9, 9), memory[161:242].reshape(9, 9)
    yield memory[:81].reshape(9, 9).T, memory[160:241].reshape(9, 9), memory[80:161].reshape(9, 9).T


@pytest.mark.parametrize("function", [product, sums, shift, cells])
@pytest.mark.parametrize("case", range(11))
def test_same_as_interpreted(function, case):
    ours = np.random.default_rng(case).standard_normal(400) * 1e-3
    theirs = ours.copy()
    compiled = fastjit(function)
    for memory, call in ((ours, compiled), (theirs, function)):
        call(*list(views(memory))[case])
    assert ours.tobytes() == theirs.tobytes()


def test_one_function_for_both():
    """A call with arrays that overlap in between changes nothing for the others."""
    compiled = fastjit(product)
    for case in (7, 8, 7, 1, 7):
        ours = np.random.default_rng(case).standard_normal(400) * 1e-3
        theirs = ours.copy()
        compiled(*list(views(ours))[case])
        product(*list(views(theirs))[case])
        assert ours.tobytes() == theirs.tobytes()
