"""Products of matrices: NumPy's values to within the error that the contract allows, its errors and shapes."""

import itertools

import numpy as np
import pytest

from fastjit import njit

SHAPES = [(0, 0, 0), (0, 3, 2), (3, 0, 2), (1, 1, 1), (5, 7, 3), (9, 8, 8), (64, 33, 17), (130, 70, 41)]


@njit
def matmul(a, b):
    return a @ b


def close(got, a, b):
    """Within n * eps * sum |terms|."""
    expected = a @ b
    assert type(got) is type(expected) and got.dtype == expected.dtype and got.shape == expected.shape
    bound = a.shape[1] * np.finfo(got.dtype).eps * (np.abs(a) @ np.abs(b))
    assert np.all(np.abs(got - expected) <= bound)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES)
def test_layouts(dtype, shape):
    m, k, n = shape
    rng = np.random.default_rng(m + k + n)
    a, b = rng.standard_normal((m, k)).astype(dtype), rng.standard_normal((k, n)).astype(dtype)
    views = (
        lambda x: x,
        np.asfortranarray,
        lambda x: x[::-1, ::-1],
        lambda x: np.repeat(x, 2, axis=1)[:, ::2],
    )
    for left, right in itertools.product(views, views):
        close(matmul(left(a), right(b)), left(a), right(b))


def test_memory_that_is_not_aligned():
    raw = np.zeros(8 * 20 + 1, np.uint8)
    a = np.frombuffer(raw.data, np.float64, count=20, offset=1).reshape(4, 5)
    assert not a.flags.aligned
    a[:] = np.arange(20).reshape(4, 5)
    assert np.array_equal(matmul(a, a.T), a @ a.T)


def test_special_values():
    a = np.array([[np.inf, 1.0], [np.nan, -0.0], [0.0, -np.inf]])
    b = np.array([[0.0, 1.0], [1.0, -1.0]])
    with np.errstate(invalid="ignore"):
        expected = a @ b
    assert np.array_equal(matmul(a, b), expected, equal_nan=True)


def test_shapes_that_do_not_fit():
    a = np.ones((2, 3))
    with pytest.raises(ValueError, match="not aligned"):
        matmul(a, a)
