"""What `f.explain()` says of the loops of common kernels: lanes and rounds. A lost vectorisation fails here."""

import math
import os
import platform
from pathlib import Path

import numpy as np
import pytest

from fastjit import fastjit


def complex_product(a, b, out):
    for i in range(len(a)):
        out[i] = a[i] * b[i]


def axpy(a, b):
    for i in range(len(a)):
        b[i] += 2.5 * a[i]


def triad(a, b, c):
    for i in range(len(a)):
        c[i] = a[i] + 3.0 * b[i]


def polynomial(a, b):
    for i in range(len(a)):
        x = a[i]
        b[i] = ((x * 0.5 + 1.0) * x - 2.0) * x + 3.0


def clip(a, b):
    for i in range(len(a)):
        b[i] = min(max(a[i], 0.0), 1.0)


def rectify(a, b):
    for i in range(len(a)):
        if a[i] > 0.0:
            b[i] = a[i]
        else:
            b[i] = 0.1 * a[i]


def wrap(x, size):
    if x < 0.0:
        return x + size
    if x >= size:
        return x - size
    return x


def wrapped(a, b):
    for i in range(len(a)):
        b[i] = wrap(a[i], 0.75)


def passed_over(a):
    n = 0
    for i in range(len(a)):
        if a[i] < 0.5:
            continue
        n += 1
    return n


def backwards(a, b):
    for i in range(len(a)):
        b[i] = a[len(a) - 1 - i]


def differences(a, b):
    for i in range(1, len(a) - 1):
        b[i] = a[i + 1] - a[i - 1]


def total(a):
    s = 0.0
    for i in range(len(a)):
        s += a[i]
    return s


def dot(a, b):
    s = 0.0
    for i in range(len(a)):
        s += a[i] * b[i]
    return s


def total_where(a):
    s = 0.0
    for i in range(len(a)):
        if a[i] > 0.5:
            s += a[i]
    return s


def moments(a):
    s = 0.0
    t = 0.0
    for i in range(len(a)):
        s += a[i]
        t += a[i] * a[i]
    return s, t


def greatest(a):
    best = -np.inf
    for i in range(len(a)):
        if a[i] > best:
            best = a[i]
    return best


def count(a):
    n = 0
    for i in range(len(a)):
        if a[i] > 0.5:
            n += 1
    return n


def blend(a, b, c):
    for i in range(len(a)):
        c[i] = (np.uint16(a[i]) * np.uint16(3) + np.uint16(b[i])) >> np.uint16(2)


def jacobi(a, b):
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


def outer(a, x, y):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] += x[i] * y[j]


def product(a, b, c):
    for i in range(c.shape[0]):
        for k in range(a.shape[1]):
            for j in range(c.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


def inner_products(a, b, c):
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            s = 0.0
            for k in range(a.shape[1]):
                s += a[i, k] * b[j, k]
            c[i, j] = s


def row_sums(a, x):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            x[i] += a[i, j]


def shortest(d):
    for k in range(d.shape[0]):
        for i in range(d.shape[0]):
            for j in range(d.shape[0]):
                d[i, j] = min(d[i, j], d[i, k] + d[k, j])


def bits(a):
    h = 0
    for i in range(len(a)):
        h ^= a[i]
    return h


def flags():
    """The CPU's, as Linux names them."""
    info = Path("/proc/cpuinfo")
    return info.read_text() if info.exists() else ""


F, S, I, B = (np.ones(100, dtype) for dtype in (np.float64, np.float32, np.int64, np.uint8))
M, V, C = np.ones((40, 40)), np.ones(40), np.ones(40, np.complex128)
FAST = {"fastmath": True}

D4, D8, S4 = (f"{what} at a time, {rounds} vectors in each round"
              for what, rounds in (("4 float64", 4), ("4 float64", 8), ("8 float32", 4)))
I4, I8 = (f"4 64-bit integers at a time, {rounds} vectors in each round" for rounds in (4, 8))
# Narrow numbers are computed in the widest vectors there are.
B8 = f"{32 if ' avx512vl ' in flags() else 16} 8-bit integers at a time, 4 vectors in each round"
FOUR = "4 iterations at a time"

# What is said of vectors and rounds, in order of the lines.
KERNELS = [
    (axpy, (F, F), {}, [D4]),
    (axpy, (S, S), {}, [S4]),
    (triad, (F, F, F), {}, [D4]),
    (polynomial, (F, F), {}, [D4]),
    (polynomial, (S, S), {}, [S4]),
    (clip, (F, F), {}, [D4]),
    (rectify, (F, F), {}, [D4]),
    (wrapped, (F, F), {}, [D4]),
    (backwards, (F, F), {}, [D4]),
    (differences, (F, F), {}, [D4]),
    (total, (F,), {}, []),
    (total, (F,), FAST, [D8]),
    (dot, (F, F), {}, []),
    (dot, (F, F), FAST, [D4]),
    (dot, (S, S), FAST, [S4]),
    (total_where, (F,), FAST, [D4]),
    (moments, (F,), FAST, [D4]),
    (greatest, (F,), {}, [D8]),
    (count, (F,), {}, [I4]),
    (passed_over, (F,), {}, [I4]),
    (bits, (I,), {}, [I8]),
    (blend, (B, B, B), {}, [B8]),
    (jacobi, (M, M), {}, [D4]),
    (outer, (M, V, V), {}, [D4]),
    (product, (M, M, M), {}, [FOUR, D4]),
    (inner_products, (M, M, M), {}, [FOUR]),
    (inner_products, (M, M, M), FAST, [FOUR, "4 float64 at a time, 2 vectors in each round"]),
    (row_sums, (M, V), {}, [FOUR]),
    (shortest, (M,), {}, [D4]),
    (complex_product, (C, C, C), {}, ["4 float64 at a time, 2 vectors in each round"]),
]


def is_measured():
    """Whether the figures are those of this machine: x86 with 256 bits, all of them in use."""
    return platform.machine() == "x86_64" and " avx2 " in flags() and "FASTJIT_VECTOR_BITS" not in os.environ


def said(function, arguments, settings):
    compiled = fastjit(function, **settings)
    compiled(*[argument.copy() for argument in arguments])
    notes = [line.split("+ ", 1)[1] for line in str(compiled.explain()).splitlines() if "+ " in line]
    notes = [note.split(": ", 1) for note in notes if ": " in note]
    return [what for word, what in notes if word in ("vectorised", "unrolled")]


@pytest.mark.skipif(not is_measured(), reason="figures for x86 with AVX2")
@pytest.mark.parametrize(("function", "arguments", "settings", "expected"), KERNELS)
def test_lanes_and_rounds(function, arguments, settings, expected):
    assert said(function, arguments, settings) == expected


def checked_differences(a, b, out):
    for i in range(a.shape[0]):
        out[i] = int(a[i]) - int(b[i])


def checked_sums(a, b, out):
    for i in range(a.shape[0]):
        out[i] = int(a[i]) + int(b[i]) + 1


@pytest.mark.parametrize(("kernel", "bad"), [(checked_differences, -(2**63)), (checked_sums, 2**63 - 1)])
def test_what_stands_before_an_overflow_is_written(kernel, bad):
    compiled = fastjit(kernel)
    for length in (1, 7, 8, 9, 20, 40):
        for place in range(length):
            a, b, out = np.arange(length), np.full(length, 5), np.full(length, -1)
            a[place] = bad
            with pytest.raises(OverflowError, match="does not fit in 64 bits"):
                compiled(a, b, out)
            expected = np.full(length, -1)
            kernel(a[:place], b[:place], expected)
            assert np.array_equal(out, expected), place
