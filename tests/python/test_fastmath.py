"""Each flag of `fastmath` changes what it is a licence for, and nothing else."""

import math
from fractions import Fraction

import numpy as np
import pytest

from fastjit import fastjit
from fastjit.testing import assert_same

FLAGS = ["nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc"]


def product_and_sum(x, y, z, out):
    for i in range(len(x)):
        out[i] = x[i] * y[i] + z[i]


def product_and_difference(x, y, z, out):
    for i in range(len(x)):
        out[i] = z[i] - x[i] * y[i]


def product_less(x, y, z, out):
    for i in range(len(x)):
        out[i] = x[i] * y[i] - z[i]


def scaled(x, c, out):
    for i in range(len(x)):
        out[i] = x[i] / c


def scaled_by_constant(x, out):
    for i in range(len(x)):
        out[i] = x[i] / 3.0


def quotients(x, y, out):
    for i in range(len(x)):
        out[i] = x[i] / y[i]


def sum_of(x):
    total = 0.0
    for v in x:
        total += v
    return total


def count_nan(x):
    count = 0
    for v in x:
        if np.isnan(v):
            count += 1
    return count


def count_infinite(x):
    count = 0
    for v in x:
        if np.isinf(v):
            count += 1
    return count


def smaller(x, y, out):
    for i in range(len(x)):
        out[i] = np.minimum(x[i], y[i])


def exponentials(x, out):
    for i in range(len(x)):
        out[i] = math.exp(x[i])


def quotient(x, y):
    return x / y


def scalar(x, y, z):
    return x * y + z


def data(count, n=103):
    return tuple(np.random.default_rng(11).uniform(-3.0, 3.0, (count, n)))


def run(function, *arguments, flags):
    out = np.zeros_like(arguments[0])
    fastjit(fastmath=flags)(function)(*arguments, out)
    return out


def others(*flags):
    """All flags but these."""
    return set(FLAGS) - set(flags)


def test_contract():
    x, y, z = data(3)
    for function, sign, product in ((product_and_sum, 1, 1), (product_less, -1, 1), (product_and_difference, 1, -1)):
        assert_same(function, x, y, z, np.zeros_like(x), fastmath=others("contract"))
        fused = run(function, x, y, z, flags={"contract"})
        rows = [[Fraction(number) for number in row] for row in zip(x.tolist(), y.tolist(), z.tolist())]
        exact = [float(product * a * b + sign * c) for a, b, c in rows]
        assert fused.tolist() == exact
    assert fastjit(fastmath={"contract"})(scalar)(0.1, 10.0, -1.0) == float(Fraction(0.1) * 10 - 1)


def test_arcp():
    (x,) = data(1)
    c = 0.7
    assert_same(scaled, x, c, np.zeros_like(x), fastmath=others("arcp"))
    assert_same(scaled_by_constant, x, np.zeros_like(x), fastmath=others("arcp"))
    assert np.array_equal(run(scaled, x, c, flags={"arcp"}), x * (1.0 / c))
    assert np.array_equal(run(scaled_by_constant, x, flags={"arcp"}), x * (1.0 / 3.0))
    # A divisor that changes is divided by.
    assert_same(quotients, x, x[::-1].copy(), np.zeros_like(x), fastmath=True)
    with pytest.raises(ZeroDivisionError):
        fastjit(fastmath={"arcp"})(quotient)(1.0, 0.0)


def test_nnan_and_ninf():
    x = np.array([1.0, np.nan, np.inf, -np.inf, 0.0, np.nan])
    assert_same(count_nan, x, fastmath=others("nnan"))
    assert_same(count_infinite, x, fastmath=others("ninf"))
    assert fastjit(fastmath={"nnan"})(count_nan)(x) == 0
    assert fastjit(fastmath={"ninf"})(count_infinite)(x) == 0
    finite = data(1)[0]
    for function in (count_nan, count_infinite):
        assert_same(function, finite, fastmath=True)


def test_minimum():
    x, y = data(2)
    assert_same(smaller, x, y, np.zeros_like(x), fastmath={"nnan", "nsz"})
    x[3], y[5] = np.nan, np.nan
    for flags in ({"nnan"}, {"nsz"}, others("nnan"), others("nsz")):
        assert_same(smaller, x, y, np.zeros_like(x), fastmath=flags)


def test_afn():
    (x,) = data(1)
    assert_same(exponentials, x, np.zeros_like(x), fastmath=others("afn"))
    expected = np.exp(x)
    for flags in ({"afn"}, {"afn", "ninf"}, True):
        got = run(exponentials, x, flags=flags)
        assert np.all(np.abs(got - expected) <= 2 * np.spacing(expected))
    fast = fastjit(fastmath=True)(exponentials)
    fast(x, np.zeros_like(x))
    assert "vectorised: " in str(fast.explain())
    slow = fastjit(fastmath=others("afn"))(exponentials)
    slow(x, np.zeros_like(x))
    assert "vectorised: " not in str(slow.explain()).replace("not vectorised: ", "")


def roots(x, out):
    for i in range(len(x)):
        out[i] = math.sqrt(x[i])


def logarithms(x, out):
    for i in range(len(x)):
        out[i] = math.log(x[i])


def test_domains():
    """Results that are nan are ruled out by `nnan`, infinite ones by `ninf`; everything else raises."""
    x = np.abs(data(1)[0])
    for function in (roots, logarithms):
        for flags in ({"nnan", "ninf"}, True):
            fast = fastjit(fastmath=flags)(function)
            out = np.zeros_like(x)
            fast(x, out)
            expected = np.array([(math.sqrt if function is roots else math.log)(v) for v in x])
            assert np.all(np.abs(out - expected) <= 2 * np.spacing(np.abs(expected)))
        assert "vectorised: " in str(fast.explain()).replace("not vectorised: ", "")
    bad = x.copy()
    bad[7] = -1.0
    for function in (roots, logarithms):
        for flags in (False, others("nnan")):
            with pytest.raises(ValueError, match="math domain error"):
                fastjit(fastmath=flags)(function)(bad, np.zeros_like(x))
    bad[7] = 0.0
    with pytest.raises(ValueError, match="math domain error"):
        fastjit(fastmath={"nnan"})(logarithms)(bad, np.zeros_like(x))
    assert np.isnan(run(roots, -np.ones(9), flags={"nnan"})).all()


def lengths(x, y, out):
    for i in range(len(x)):
        out[i] = math.hypot(x[i], y[i])


def test_hypot():
    x, y = data(2)
    assert_same(lengths, x, y, np.zeros_like(x), fastmath=others("afn"))
    x[:8] = [0.0, -0.0, 1e300, 1e-300, 5e-324, np.inf, np.nan, -np.inf]
    got, expected = run(lengths, x, y, flags={"afn"}), np.hypot(x, y)
    assert np.array_equal(np.isfinite(got), np.isfinite(expected))
    near = np.isfinite(expected)
    assert np.all(np.abs(got[near] - expected[near]) <= 2 * np.spacing(expected[near]))
    assert np.array_equal(got[~near], expected[~near], equal_nan=True)


def test_reassoc():
    x = np.random.default_rng(5).uniform(0.0, 1.0, 1003)
    assert_same(sum_of, x, fastmath=others("reassoc"))
    assert np.isclose(fastjit(fastmath={"reassoc"})(sum_of)(x), x.sum(), rtol=1e-13)


def squares_of_rows(a, b, out):
    for i in range(a.shape[0]):
        for j in range(b.shape[0]):
            s = out[i, j]
            for k in range(a.shape[1]):
                d = a[i, k] - b[j, k]
                s += d * d
            out[i, j] = s


def sums_of_rows(a, out):
    for i in range(a.shape[0]):
        s = 0
        p = 1
        for k in range(a.shape[1]):
            s += a[i, k]
            p *= a[i, k]
        out[i, 0] = s
        out[i, 1] = p


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "int32"])
def test_rows_of_every_length(dtype):
    """Short rows take another way than long ones; small whole numbers give the same in every order."""
    rng = np.random.default_rng(7)
    for length in range(40):
        a, b = (rng.integers(-9, 9, (rows, length)).astype(dtype) for rows in (3, 6))
        for flags in (True, {"reassoc"}, False):
            assert_same(squares_of_rows, a, b, np.full((3, 6), 2, dtype), fastmath=flags)
            assert_same(squares_of_rows, a[:, ::-1], b[::2, ::-1], np.zeros((3, 3), dtype), fastmath=flags)
            few = a % 2 + (a % 3 == 0)
            assert_same(sums_of_rows, few.astype(dtype), np.zeros((3, 2), dtype), fastmath=flags)


def test_zeros_of_short_rows():
    zeros = np.full((2, 5), -0.0)
    for flags in (True, {"reassoc"}, {"reassoc", "contract"}, False):
        for start in (0.0, -0.0):
            assert_same(sums_of_rows, zeros, np.full((2, 2), start), fastmath=flags)
            assert_same(squares_of_rows, zeros, zeros, np.full((2, 2), start), fastmath=flags)


@pytest.mark.parametrize("flag", FLAGS)
def test_each_flag_on_numbers_that_need_none(flag):
    """Small whole numbers: every order and every rounding gives the same."""
    x, y, z = np.arange(40.0), np.arange(40.0)[::-1].copy(), np.full(40, 2.0)
    assert_same(product_and_sum, x, y, z, np.zeros(40), fastmath={flag})
    assert_same(scaled, x, 4.0, np.zeros(40), fastmath={flag})
    assert_same(sum_of, x, fastmath={flag})
    assert_same(smaller, x, y, np.zeros(40), fastmath={flag})


def test_wrong_names():
    for flags in ({"speed"}, ["contract", "nan"], {"turbo": True}):
        with pytest.raises(TypeError, match="fastmath flag .* does not exist; the flags are nnan, ninf, nsz"):
            fastjit(fastmath=flags)(sum_of)
    for value in (3.5, "contract"):
        with pytest.raises(TypeError, match="fastmath is True, False or a set of"):
            fastjit(fastmath=value)(sum_of)
