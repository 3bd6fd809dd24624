"""Elementary functions in loops that are vectorised: NumPy's values but for the last bit, wherever they stand."""

import math

import numpy as np
import pytest

from fastjit import njit

SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1.0, -1.0, 0.5, -0.5, 1e300, -1e300, 709.9, -745.2]
UNARY = [
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "arcsin", "arccos", "arctan",
    "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "cbrt",
]  # fmt: skip

# Functions of `math` that NumPy has not, under `afn`.
MATH = ["erf", "erfc"]


def sources(tmp_path, body):
    """A function that has a source file, as `njit` asks."""
    import importlib.util

    path = tmp_path / "loops_of_functions.py"
    path.write_text("import math\nimport numpy as np\nfrom fastjit import njit\n\n" + body)
    spec = importlib.util.spec_from_file_location("loops_of_functions", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compare(got, expected):
    assert got.dtype == expected.dtype
    assert np.array_equal(np.isnan(got), np.isnan(expected))
    finite = np.isfinite(expected)
    assert np.array_equal(got[~finite], expected[~finite], equal_nan=True)
    # Each is within one unit of the exact value.
    assert np.all(np.abs(got[finite] - expected[finite]) <= 2 * np.spacing(np.abs(expected[finite])))
    zero = expected == 0
    assert np.array_equal(np.signbit(got[zero]), np.signbit(expected[zero]))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_functions(tmp_path, dtype):
    body = "".join(
        f"@njit\ndef {name}_loop(x, out):\n    for i in range(len(x)):\n        out[i] = np.{name}(x[i])\n\n\n"
        for name in UNARY
    )
    module = sources(tmp_path, body)
    rng = np.random.default_rng(1)
    for name in UNARY:
        loop = getattr(module, f"{name}_loop")
        for x in (rng.uniform(-3, 3, 203), rng.uniform(0, 1e5, 203), np.array(SPECIAL * 3)):
            with np.errstate(over="ignore"):
                x = x.astype(dtype)
            out = np.empty_like(x)
            loop(x, out)
            with np.errstate(all="ignore"):
                # NumPy's own functions of float32 are up to four units away.
                compare(out, getattr(np, name)(x.astype(np.float64)).astype(dtype))
            # The same bits in any other place, in place too.
            for start in (1, 2, 5, 30):
                part = x[start : start + 9].copy()
                loop(part, part)
                assert np.array_equal(part, out[start : start + 9], equal_nan=True), name


def test_functions_of_math(tmp_path):
    body = "".join(
        f"@njit(fastmath={{'afn'}})\ndef {name}_loop(x, out):\n"
        f"    for i in range(len(x)):\n        out[i] = math.{name}(x[i])\n\n\n"
        for name in MATH
    )
    module = sources(tmp_path, body)
    rng = np.random.default_rng(6)
    for name in MATH:
        loop = getattr(module, f"{name}_loop")
        edges = [0.4999, 0.5, 0.5001, -0.5, 5.9, 6.0, -6.0, 26.5, 26.6, 27.2, 27.3, 28.0, 1e-310, -1e-310]
        for x in (rng.uniform(-7, 7, 1001), rng.uniform(-1, 30, 203), np.array(SPECIAL * 3 + edges)):
            out = np.empty_like(x)
            loop(x, out)
            compare(out, np.array([getattr(math, name)(v) for v in x.tolist()]))
        assert "vectorised: " in str(loop.explain()).replace("not vectorised: ", "")


@njit
def powers(x, y, out):
    for i in range(len(x)):
        out[i] = x[i] ** y[i] + np.hypot(x[i], y[i]) + np.arctan2(y[i], x[i])


def test_functions_of_two():
    rng = np.random.default_rng(2)
    x, y = rng.uniform(0.1, 9, 101), rng.uniform(-4, 4, 101)
    for k, special in enumerate([None, *SPECIAL]):
        if special is not None:
            x[7 * k % 101] = special
        out = np.empty_like(x)
        powers(x, y, out)
        with np.errstate(all="ignore"):
            expected = x**y + np.hypot(x, y) + np.arctan2(y, x)
        finite = np.isfinite(expected)
        assert np.array_equal(out[~finite], expected[~finite], equal_nan=True)
        assert np.allclose(out[finite], expected[finite], rtol=1e-14)


def test_powers_far_from_one():
    """What the logarithm lacks is multiplied by the exponent."""
    rng = np.random.default_rng(7)
    x = rng.uniform(1.0, 2.0, 2000)
    y = rng.uniform(-1020, 1020, 2000) / np.log2(x)
    out = np.empty_like(x)
    general_powers(x, y, out)
    wide = x.astype(np.longdouble) ** y.astype(np.longdouble)
    assert np.max(np.abs(out - wide) / np.spacing(out)) < 0.95


@njit
def general_powers(x, y, out):
    for i in range(len(x)):
        out[i] = x[i] ** y[i]


def test_a_sum_of_a_function():
    @njit
    def total(x):
        s = 0.0
        for i in range(len(x)):
            s += np.sin(x[i])
        return s

    x = np.linspace(-10, 10, 1001)
    assert abs(total(x) - np.sin(x).sum()) < 1e-12
    x[500] = 1e18
    assert abs(total(x) - np.sin(x).sum()) < 1e-12


@njit
def rare_in_place(x, y):
    for i in range(len(x)):
        x[i] = np.sin(x[i]) * y[i] + np.cos(3.0 * x[i]) + y[i] ** x[i] + np.tan(x[i])


@pytest.mark.parametrize("length", [1, 5, 8, 31, 200])
def test_rare_arguments(length):
    """The C library helps in some lanes; everything else that the loop holds survives."""
    rng = np.random.default_rng(length)
    for rare in range(0, length, max(1, length // 7)):
        x, y = rng.uniform(-3, 3, length), rng.uniform(0.1, 2, length)
        x[rare] = 1e15
        y[(rare + 3) % length] = -1.0
        y[(rare * 2) % length] = 0.0
        with np.errstate(all="ignore"):
            expected = np.sin(x) * y + np.cos(3.0 * x) + y**x + np.tan(x)
        rare_in_place(x, y)
        assert np.allclose(x, expected, rtol=1e-12, atol=1e-12, equal_nan=True)


@njit
def small_powers(x, cube, fourth, inverse):
    for i in range(len(x)):
        cube[i] = x[i] ** 3
        fourth[i] = x[i] ** 4
        inverse[i] = x[i] ** -1


@njit
def power_of_float(x):
    return x**3, x**4


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_small_powers(dtype):
    huge = [1e103, -1e103, 1e120, -1e120, 1e150, -1.3e150, 7e153, -7e153, 1e25, 1e12, -1e13, 3e9, 5e18, 5.6e102, 1.3e77, 1.15e77, 1e154, 1e160, 1e-103, 1e-108, -1e-110, 1e-162]
    with np.errstate(all="ignore"):
        x = np.concatenate([SPECIAL, huge, np.random.default_rng(4).uniform(-9, 9, 500)]).astype(dtype)
        outs = [np.empty_like(x) for _ in range(3)]
        small_powers(x, *outs)
        for out, exponent in zip(outs, (3, 4, -1)):
            wide = x.astype(np.longdouble) ** exponent
            assert np.array_equal(out, wide.astype(dtype), equal_nan=True), exponent
            assert np.array_equal(np.signbit(out[out == 0]), np.signbit(wide.astype(dtype)[out == 0]))


def test_powers_of_python_floats():
    for x in (0.1, -7.3, 1e70, 0.0, -0.0, float("inf"), float("-inf"), float("nan")):
        assert repr(power_of_float(x)) == repr((x**3, x**4))
    with pytest.raises(OverflowError):
        power_of_float(1e150)
