"""`parallel=True`: loops over large arrays run on threads, and give what the interpreter gives."""

import numpy as np
import pytest

from fastjit import fastjit, get_num_threads, prange, set_num_threads
from fastjit.testing import assert_same

LARGE = 70_001


def expression(a, b):
    return a * 2.0 + np.sqrt(np.abs(b)) - a / (b + 1)


def into(a, b, out):
    np.add(a, b, out=out)
    out *= 3
    return out


def stored(a, out):
    out[...] = a * 2
    return 0


def whole(a, b, out):
    out[...] = a - b
    out[1:-1] += 0.5 * (out[2:] + 1)
    return out.shape[0]


def slices(a, out):
    out[::-1] = a
    out[1::3] = a[::3][: len(out[1::3])]
    out[: len(a) // 2] = a[len(a) // 2 : len(a) // 2 * 2] + 1
    return 0


def overlapping(a):
    a[1:] = a[:-1] * 2 + 1
    return 0


def filled(n, x):
    a = np.full(n, x)
    a[::2] = 7
    return a


def integers(a, b):
    return a // b + (a % b) * (a > b) - (a << 2)


def powers(k, out):
    out[...] = k**k
    return 0


def converted(a):
    b = a.astype(np.float32)
    c = (b > 0.5) & (b < 0.75)
    return b, c, np.where(c, b, -b)


def broadcast(a, row, column):
    return a * row + column


def checked(a, out):
    out[...] = a
    out[:] = np.nan
    return 0


def growing(a, out):
    out[:] = a
    return 0


def in_a_loop(a, n):
    for k in range(n):
        a *= 0.5
        a += k
    return a.copy()


def in_prange(a):
    out = np.empty_like(a)
    for i in prange(a.shape[0]):
        out[i] = a[i] * 2 + 1
    return out


def helper(a, b):
    return np.sqrt(a * a + b * b)


def calls(a, b):
    return helper(a, b) + helper(b, a + 1)


def reductions(a):
    return a.sum(), a.mean(), (a * a).sum(), np.any(a == 2), np.all(a != 2), a.prod()


def functions(a, b):
    return np.exp(-a), np.sin(b) * np.log(a + 1), a**b, np.hypot(a, b)


def extremes(a):
    return a.min(), a.max(), np.min(a[::-1]), a.max(axis=0)


def random(shape, seed=1):
    return np.random.default_rng(seed).random(shape)


A, B = random(LARGE), random(LARGE, 2)
M = random((300, 301))
I, J = (A * 1000 - 500).astype(np.int64), (B * 20 - 10).astype(np.int64)
READ_ONLY = A.copy()
READ_ONLY.flags.writeable = False
EDGES = np.resize(np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 1e308, 5e-324]), LARGE)


def overlapping_rows():
    """Rows that share elements, which are stored to in order."""
    base = np.zeros(LARGE + 10)
    return np.lib.stride_tricks.as_strided(base, (LARGE // 100, 100), (8, 8))


CASES = [
    (expression, [(A, B), (A[::-1], B), (M, M.T[:1].T), (A[:5], B[:5]), (A[:0], B[:0]), (EDGES, B), (READ_ONLY, B)]),
    (expression, [(A.astype(np.float32), B.astype(np.float32)), (M.T, M.T), (M[::-2, ::3], M[1::2, ::3])]),
    (into, [(A, B, np.zeros(LARGE)), (A, B, np.zeros((2, LARGE))[1]), (A, B, np.zeros(2 * LARGE)[::-2])]),
    (into, [(A, B, np.zeros(3)), (A, B, READ_ONLY), (I, J, np.zeros(LARGE)), (A, B, A.copy())]),
    (into, [(M, M, np.zeros((300, 301), order="F")), (M, M, np.zeros((301, 300)).T), (M, M, np.zeros((2, 300, 301)))]),
    (into, [(M[:, :100], M[:, :1], np.zeros((300, 100)))]),
    (stored, [(random((700, 100)), overlapping_rows()), (M.T, np.zeros((300, 301)).T), (M[::-1], M.copy()[::-1, ::-1])]),
    (whole, [(A, B, np.zeros(LARGE)), (A, 2.0, np.zeros((3, LARGE))), (A, B, np.zeros(5))]),
    (slices, [(A, np.zeros(LARGE)), (A[::-1], np.zeros(2 * LARGE)[::-2]), (I, np.zeros(LARGE, np.int64))]),
    (overlapping, [(A.copy(),), (np.zeros((LARGE, 2))[:, 1],)]),
    (filled, [(LARGE, 1.5), (0, 1.5), (3, 2.0)]),
    (integers, [(I, J), (I, np.where(J == 0, 1, J)), (I.astype(np.int8), J.astype(np.int8))]),
    (powers, [(I % 5, np.zeros(LARGE, np.int64))]),
    (converted, [(A,), (EDGES,), (M.T,)]),
    (broadcast, [(M, M[0], M[:, :1]), (M, 2.0, M[0, 0]), (M[:1], M[0], M[:, :1]), (M, M[0, :5], M)]),
    (checked, [(A, np.zeros(LARGE, np.int64)), (A, np.zeros(LARGE))]),
    (growing, [(A, np.zeros(LARGE - 1)), (A[:1], np.zeros(LARGE)), (np.float64(3), np.zeros(LARGE))]),
    (in_a_loop, [(A.copy(), 20), (M.copy(), 5), (A[:7].copy(), 3)]),
    (extremes, [(A,), (EDGES,), (M,), (M.T,), (A.astype(np.float32),), (I,), (A[:9],), (A[:0],), (A > 2,), (M[:, ::2],)]),
    (extremes, [(np.resize(a, 200_003),) for a in (A, EDGES, I, A.astype(np.float32), A > 0.5)]),
    (in_prange, [(M,), (random((3, LARGE)),)]),
    (calls, [(A, B), (A[:3], B[:3])]),
]


@pytest.fixture(params=[1, 2, 5])
def threads(request):
    before = get_num_threads()
    set_num_threads(request.param)
    yield
    set_num_threads(before)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [pytest.param(f, arguments, id=f"{f.__name__}-{k}") for f, calls in CASES for k, arguments in enumerate(calls)],
)
@pytest.mark.filterwarnings("ignore")
def test_same_as_the_interpreter(function, arguments, threads):
    assert_same(fastjit(parallel=True)(function), *arguments)


@pytest.mark.parametrize(
    "a",
    [
        *(A, EDGES, M, A[::-1], A[:100], A.astype(np.float32), I, M.T, M[:, ::2], A > 0.5),
        *(random(1_000_003), random(1_000_003, 4)[::2], random(8 * 128 * 64 + 1).astype(np.float32), A + 1j * B),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_same_bits_as_on_one_thread(a, threads):
    for function in (reductions, functions) if a.dtype.kind == "f" else (reductions,):
        arguments = (a,) if function is reductions else (a, a + 1)
        ours = fastjit(parallel=True)(function)(*arguments)
        assert [np.asarray(x).tobytes() for x in ours] == [
            np.asarray(x).tobytes() for x in fastjit(function)(*arguments)
        ]
