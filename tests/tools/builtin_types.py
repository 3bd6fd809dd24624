"""Asks the interpreter for the type of many calls of builtins, `math` and NumPy.

Writes tests/golden/builtin_types.tsv: parameters, expression, type of the result. The compiler has to infer
the same type. `--check` compares instead and fails on a difference.
"""

import cmath  # noqa: F401
import math  # noqa: F401
import pathlib
import re
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")

VALUES = {
    "b": ("bool", True), "i": ("int", 3), "j": ("int", 2), "x": ("float", 0.5), "y": ("float", 0.25),
    "z": ("complex", 1 + 2j), "q": ("bool_", np.bool_(True)), "i8": ("int8", np.int8(3)),
    "u8": ("uint8", np.uint8(3)), "i32": ("int32", np.int32(3)), "i64": ("int64", np.int64(3)),
    "u64": ("uint64", np.uint64(3)), "f": ("float32", np.float32(0.5)), "d": ("float64", np.float64(0.5)),
    "c64": ("complex64", np.complex64(1 + 2j)), "c": ("complex128", np.complex128(1 + 2j)),
    "A": ("float64[::1]", np.arange(1.0, 5.0) / 8), "B": ("float64[:, ::1]", np.arange(6.0).reshape(2, 3) / 8),
    "C": ("float64[:, :, ::1]", np.arange(24.0).reshape(2, 3, 4) / 32),
    "F": ("float64[::1, :]", np.asfortranarray(np.arange(6.0).reshape(2, 3) / 8)),
    "S": ("float64[:]", np.arange(8.0)[::2] / 8), "G": ("float32[::1]", np.arange(4, dtype="f4") / 8),
    "N": ("int64[::1]", np.arange(1, 5)), "M": ("int32[:, ::1]", np.arange(1, 7, dtype="i4").reshape(2, 3)),
    "U": ("uint8[::1]", np.arange(1, 5, dtype="u1")), "T": ("boolean[::1]", np.array([True, False, True, True])),
    "Z": ("complex128[::1]", np.arange(4) + 1j),
}  # fmt: skip

SCALARS = "b i x z q i8 u8 i32 i64 u64 f d c64 c".split()
REALS = "b i x q i8 u8 i32 i64 u64 f d".split()
ARRAYS = "A B C F S G N M U T Z".split()
UFUNC1 = """sqrt exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh
    arccosh arctanh cbrt floor ceil trunc rint fabs absolute negative positive invert sign square reciprocal
    conjugate deg2rad rad2deg isnan isinf isfinite signbit logical_not bitwise_count real imag angle""".split()
UFUNC2 = """add subtract multiply divide floor_divide remainder power float_power fmod minimum maximum fmin fmax
    arctan2 hypot copysign nextafter logaddexp heaviside less equal logical_and left_shift bitwise_and
    gcd lcm isclose""".split()
MATH1 = """sqrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh atanh erf
    erfc gamma lgamma fabs floor ceil trunc isnan isinf isfinite degrees radians modf frexp ulp""".split()
REDUCTIONS = "sum prod min max mean var std any all argmin argmax ptp median nansum nanmean nanmin nanmax nanstd count_nonzero cumsum cumprod".split()

EXPRESSIONS = [
    "len(A)", "len((i, x))", "min(i, j)", "max(x, y, 0.1)", "min(A)", "max((i, j))", "min(1, x)", "abs(i)", "abs(x)",
    "abs(z)", "abs(b)", "abs(f)", "abs(c64)", "abs(A)", "round(x)", "round(x, 1)", "round(i)", "round(i, -1)",
    "round(f, 1)", "round(d, 2)", "round(d)", "pow(i, j)", "pow(x, y)", "pow(i, j, 7)", "divmod(i, j)",
    "divmod(x, y)", "divmod(i64, j)", "sum((i, x))", "sum(A)", "sum(N)", "sum((x, y))", "any(T)", "all(T)",
    "any((i, j))", "int(x)", "int(d)", "int(i8)", "int(u64)", "int(b)", "float(i)", "float(f)", "float('inf')",
    "float(i8)", "bool(i)", "bool(x)", "bool(q)", "complex(x, y)", "complex(i, x)", "complex(z, 1)", "int('12')",
    "np.float32(x)", "np.float64(i)", "np.int8(i)", "np.uint8(i64)", "np.bool_(i)", "np.complex128(x)",
    "np.int64(x)", "np.float32(A)", "isinstance(i, int)", "isinstance(x, (int, float))", "isinstance(d, float)",
    "isinstance(A, np.ndarray)", "isinstance(i8, np.integer)", "math.pi", "math.inf", "np.pi", "np.e", "cmath.pi",
    "math.gcd(12, i)", "math.lcm(4, i, 6)", "math.comb(10, i)", "math.perm(5, j)", "math.factorial(i)",
    "math.isqrt(17)", "math.hypot(x, y)", "math.hypot(x, y, 1.0)", "math.dist((x, y), (1.0, 2.0))", "math.fsum((x, y))",
    "math.fsum(A)", "math.prod((i, j))", "math.prod(A)", "math.ldexp(x, i)", "math.isclose(x, y)",
    "math.isclose(x, y, rel_tol=0.5)", "math.copysign(x, -1.0)", "math.fmod(x, y)", "math.remainder(x, y)",
    "math.log(x, 2)", "math.log(8, i)", "math.atan2(x, y)", "math.pow(x, y)", "math.nextafter(x, y)", "math.acosh(1.5)",
    "cmath.exp(z)", "cmath.sqrt(z)", "cmath.sqrt(-1.0)", "cmath.phase(z)", "cmath.polar(z)", "cmath.rect(x, y)",
    "cmath.log(z)", "cmath.log(z, 2)", "cmath.sin(z)", "cmath.atanh(z)", "cmath.isnan(z)", "cmath.isclose(z, z)",
    "cmath.acos(z)", "cmath.tanh(x)", "cmath.log10(z)", "z ** 2", "z ** z", "c ** 2", "c64 ** c64", "z ** x",
    "np.clip(A, 0.1, 0.3)", "np.clip(x, 0, 1)", "np.clip(N, 2, 3)", "A.clip(0.1, 0.3)", "np.where(T, A, 0.0)",
    "np.where(A > 0.2, A, N)", "np.where(x > 0, d, f)", "np.round(A)", "np.round(A, 1)", "np.round(f, 1)",
    "np.round(N, -1)", "A.round(2)", "np.nan_to_num(A)", "np.nan_to_num(f)", "np.angle(Z, True)", "np.fix(A)",
    "np.finfo(np.float64).eps", "np.finfo(np.float32).max", "np.iinfo(np.int32).max", "np.iinfo('u1').bits",
    "np.finfo(x).tiny", "A.shape", "B.shape", "A.ndim", "B.size", "A.nbytes", "A.itemsize", "B.strides", "B.T", "F.T",
    "Z.real", "Z.imag", "A.real", "d.real", "c.imag", "z.real", "z.conjugate()", "c.conjugate()", "A.dtype.itemsize",
    "A.dtype == np.float64", "A.T", "C.T", "np.empty(i).shape", "np.zeros(3)", "np.zeros((2, i))", "np.zeros(3, np.int32)",
    "np.zeros(3, dtype='f4')", "np.zeros(3, dtype=bool)", "np.zeros((2, 3), int)", "np.ones(3)", "np.ones((2, 2), np.float32)",
    "np.full(3, 1.5)", "np.full((2, 2), 7)", "np.full(2, i, np.float32)", "np.zeros_like(A)", "np.ones_like(M)",
    "np.empty_like(F).shape", "np.zeros_like(F)", "np.full_like(A, 2)", "np.zeros_like(A, dtype=np.int8)", "np.arange(i)",
    "np.arange(1, 10, 2)", "np.arange(x)", "np.arange(0.0, 1.0, 0.25)", "np.arange(3, dtype=np.float32)",
    "np.arange(np.int32(4))", "np.linspace(0, 1, 5)", "np.linspace(x, 2.0)", "np.linspace(0, 1, 4, endpoint=False)",
    "np.linspace(0, 1, 3, retstep=True)", "np.eye(3)", "np.eye(2, 3, 1)", "np.identity(2)", "np.eye(2, dtype=np.int32)",
    "np.array([1, 2, 3])", "np.array([1.0, i])", "np.array([[1, 2], [3, 4]])", "np.array([[x, y], [1, 2]])",
    "np.array((i, j))", "np.array(A)", "np.array([A, A])", "np.array([1, 2], dtype=np.float32)", "np.array([True, False])",
    "np.array([f, f])", "np.array([i8, 1])", "np.array(N, dtype=np.float64)", "np.asarray(A)", "np.asarray([1.5, 2])",
    "np.asarray(N, dtype=np.float32)", "np.ascontiguousarray(S)", "np.ascontiguousarray(A)", "np.copy(A)", "A.copy()",
    "S.copy()", "F.copy()", "B.astype(np.float32)", "A.astype(np.int64)", "N.astype('f8')", "N.astype(float)",
    "B.reshape(3, 2)", "B.reshape((6,))", "B.reshape(-1)", "np.reshape(B, (3, 2))", "B.ravel()", "B.flatten()", "C.ravel()",
    "np.ravel(B)", "F.flatten()", "B.transpose()", "C.transpose(1, 0, 2)", "C.transpose((2, 1, 0))", "np.transpose(B)",
    "A.view()", "np.array(5.0).item()", "A[0].item()", "A.item(1)", "np.sort(A)", "A.fill(1.0)", "np.sum(B, axis=0)",
    "np.sum(B, axis=1)", "np.sum(C, axis=(0, 2))", "np.sum(C, axis=1, keepdims=True)", "B.sum(axis=-1)", "B.sum(0)",
    "np.sum(A, dtype=np.float32)", "np.sum(N, dtype=np.float64)", "np.sum(A, initial=1.0)", "np.sum(B, axis=0, initial=2.0)",
    "np.max(A, initial=0.0)", "np.mean(B, axis=0)", "np.mean(B, axis=1)", "np.mean(M, axis=0)", "np.var(B, axis=0)",
    "np.std(A, ddof=1)", "B.std(axis=1, ddof=1)", "np.argmax(B, axis=1)", "np.argmin(B, axis=0)", "np.any(B > 0.2, axis=0)",
    "np.all(B > 0.2, axis=1)", "np.min(B, axis=0)", "np.max(B, axis=1)", "np.prod(B, axis=0)", "np.median(B, axis=1)",
    "np.cumsum(B, axis=0)", "np.cumsum(B, axis=1)", "np.cumsum(B)", "np.cumprod(N)", "np.sum(F, axis=0)", "np.mean(F, axis=1)",
    "np.ptp(B, axis=0)", "np.nanmean(B, axis=0)", "np.sum(S)", "np.sum(B.T)", "np.max(B.T)", "np.sum(B[:, ::2])",
    "np.dot(A, A)", "np.dot(B, B.T)", "A @ A", "B @ B.T", "np.dot(B, np.ones(3))", "A.dot(A)", "N @ N", "np.dot(N, A)",
    "np.outer(A, A)", "np.vdot(Z, Z)", "np.trace(B)", "np.expand_dims(A, 0)", "np.squeeze(np.ones((1, 3)), 0)",
    "np.swapaxes(B, 0, 1)", "np.moveaxis(C, 0, 2)", "np.nonzero(T)", "np.allclose(A, A)", "np.array_equal(A, A)",
    "np.isscalar(x)", "0.25 in A", "2 in (1, i)", "A + 1", "1 + A", "A * i", "A / 2", "N / 2", "N // 2", "N % 2", "N ** 2",
    "A ** 2", "A ** 0.5", "G * 0.1", "U + 1", "N + A", "M * 2", "-A", "~N", "~T", "A > 0.2", "N == 2", "U < 300",
    "(A > 0.1) & (A < 0.3)", "A + B[:, :1]", "G + i", "G + d", "f * x", "f * d", "i8 + 1", "i8 + i64", "u64 + i64", "u8 + i",
    "i64 / 2", "i / j", "i // j", "i % j", "i ** j", "i ** -1", "x ** 2", "x // y", "x % y", "b + b", "b & b", "i & j",
    "i << j", "i >> 1", "-b", "~i", "not i", "i < x", "i8 < u64", "i8 == 300", "q & q", "q | q", "(1, 2) + (i,)", "(i,) * 2",
    "(1, i) < (1, 5)", "i is None", "b is True", "None is None", "'a' == 'a'", "'a' in 'abc'", "i if b else j",
    "N << 1", "T | T", "np.add(A, 1)", "np.bool_(True) + np.bool_(True)", "np.float64(1) // np.float64(0)",
    "A.sum()", "A.mean()", "N.mean()", "B.max()", "N.min()", "T.any()", "T.sum()", "U.sum()", "M.sum()", "G.sum()", "G.mean()",
    "A.std()", "N.prod()", "A.argmax()", "Z.sum()", "Z.mean()", "Z.conj()", "x.is_integer()", "i.bit_length()",
]  # fmt: skip


def expressions():
    yield from EXPRESSIONS
    for name in UFUNC1:
        for var in SCALARS + ["A", "B", "S", "G", "N", "U", "T", "Z"]:
            yield f"np.{name}({var})"
    for name in UFUNC2:
        for left, right in ["xx", "ix", "xi", "ij", ("i8", "i64"), ("f", "x"), ("u8", "i"), ("d", "f"), "AA", "AG", "Ax", "iN",
                            "NN", "UN", "GG", ("M", "d"), "TT", "BB"]:  # fmt: skip
            yield f"np.{name}({left}, {right})"
    for name in MATH1:
        for var in REALS:
            yield f"math.{name}({var})"
    for name in REDUCTIONS:
        ordered = name.startswith("nan") or name in "min max argmin argmax ptp median".split()
        for var in ARRAYS[:-1] if ordered else ARRAYS:
            yield f"np.{name}({var})"


def describe(value, parent):
    """The type as the compiler shows it, arrays by dtype and number of dimensions only."""
    if isinstance(value, np.ndarray):
        return f"array({value.dtype}, {value.ndim})"
    if isinstance(value, tuple):
        return "(" + ", ".join(describe(item, parent) for item in value) + ")"
    if value is None:
        return "None"
    if isinstance(value, np.generic):
        return f"np.{value.dtype}"
    return type(value).__name__


def lines():
    done = set()
    for text in expressions():
        if text in done:
            continue
        done.add(text)
        names = [name for name in VALUES if re.search(rf"(?<![\w.'])({name})(?![\w'])", text)]
        scope = {name: np.copy(VALUES[name][1], order="K") if isinstance(VALUES[name][1], np.ndarray) else VALUES[name][1]
                 for name in names}  # fmt: skip
        try:
            with np.errstate(all="ignore"):
                result = describe(eval(text, globals(), scope), text)
        except Exception as exc:  # noqa: BLE001
            result = f"{type(exc).__name__}"
        params = ", ".join(f'{name}: "{VALUES[name][0]}"' for name in names)
        yield f"{params}\t{text}\t{result}\n"


def main():
    path = pathlib.Path(__file__).resolve().parents[1] / "golden" / "builtin_types.tsv"
    text = "".join(lines())
    if "--check" in sys.argv:
        if path.read_text() != text:
            sys.exit(f"{path} is not what the interpreter says; run {sys.argv[0]}")
    else:
        path.write_text(text)


if __name__ == "__main__":
    main()
