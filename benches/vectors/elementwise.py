"""Loops over elements: float64, float32 with Python's constants, complex numbers, conversions."""

import numpy as np
from vectors.kernel import CACHE, CHAIN, MEMORY, SINGLE, arrays, close, exact


def axpy(alpha, x, y):
    for i in range(x.shape[0]):
        y[i] += alpha * x[i]


def triad(a, b, c, out):
    for i in range(out.shape[0]):
        out[i] = a[i] * b[i] + c[i]


def polynomial(x, out):
    for i in range(x.shape[0]):
        t = x[i]
        out[i] = ((((0.1 * t + 0.2) * t - 0.3) * t + 0.4) * t - 0.5) * t + 0.6


def rational(x, out):
    for i in range(x.shape[0]):
        t = x[i]
        out[i] = ((0.3 * t + 1.1) * t + 0.7) / ((0.2 * t + 0.9) * t + 1.3)


def clip(x, low, high, out):
    for i in range(x.shape[0]):
        out[i] = min(max(x[i], low), high)


def leaky(x, out):
    """A choice by sign."""
    for i in range(x.shape[0]):
        v = x[i] - 0.5
        out[i] = v if v > 0.0 else 0.01 * v


def quadratic(a, b, c, out):
    for i in range(out.shape[0]):
        d = b[i] * b[i] - 4.0 * a[i] * c[i]
        out[i] = np.sqrt(d) - b[i] if d >= 0.0 else 0.0


def lengths(x, y, z, out):
    for i in range(out.shape[0]):
        out[i] = np.sqrt(x[i] * x[i] + y[i] * y[i] + z[i] * z[i])


def rotate(points, cosine, sine, out):
    """Pairs side by side."""
    for i in range(points.shape[0]):
        out[i, 0] = cosine * points[i, 0] - sine * points[i, 1]
        out[i, 1] = sine * points[i, 0] + cosine * points[i, 1]


def differences(a, out):
    for i in range(1, a.shape[0] - 1):
        out[i] = (a[i + 1] - a[i - 1]) * 0.5


def reverse(a, out):
    n = a.shape[0]
    for i in range(n):
        out[i] = a[n - 1 - i]


def complex_product(a, b, out):
    for i in range(a.shape[0]):
        out[i] = a[i] * b[i]


def mandelbrot_row(re, im, zr, zi, count, steps):
    """All points of a row go the same number of steps."""
    for _ in range(steps):
        for i in range(re.shape[0]):
            x = zr[i]
            y = zi[i]
            inside = x * x + y * y <= 4.0
            zr[i] = x * x - y * y + re[i] if inside else x
            zi[i] = 2.0 * x * y + im[i] if inside else y
            count[i] += 1.0 if inside else 0.0


def cumulative(a, out):
    total = 0.0
    for i in range(a.shape[0]):
        total += a[i]
        out[i] = total


def rolling_variance(a, window, out):
    """Sums that are carried along."""
    total = 0.0
    squares = 0.0
    for i in range(a.shape[0]):
        total += a[i]
        squares += a[i] * a[i]
        if i >= window:
            old = a[i - window]
            total -= old
            squares -= old * old
        out[i] = squares - total * total / window


def standardise(table, mean, scale, out):
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            out[i, j] = (table[i, j] - mean[j]) / scale[j]


def pairwise(points, out):
    n = points.shape[0]
    for i in range(n):
        for j in range(n):
            total = 0.0
            for k in range(points.shape[1]):
                d = points[i, k] - points[j, k]
                total += d * d
            out[i, j] = np.sqrt(total)


def axpy_float32(x, y):
    for i in range(x.shape[0]):
        y[i] = 0.5 * x[i] + y[i]


def polynomial_float32(x, out):
    for i in range(x.shape[0]):
        t = x[i]
        out[i] = (((0.1 * t + 0.25) * t - 0.5) * t + 0.75) * t + 1.0


def gain_float32(x, out):
    for i in range(x.shape[0]):
        v = x[i] * 1.5 - 0.25
        out[i] = min(max(v, 0.0), 1.0)


def grey_float32(rgb, out):
    for i in range(rgb.shape[0]):
        out[i] = 0.299 * rgb[i, 0] + 0.587 * rgb[i, 1] + 0.114 * rgb[i, 2]


def to_float32(a, out):
    for i in range(a.shape[0]):
        out[i] = a[i]


def to_int32(a, out):
    for i in range(a.shape[0]):
        out[i] = np.int32(a[i] * 1000.0)


def from_int64(a, out):
    for i in range(a.shape[0]):
        out[i] = a[i] * 0.001


def two(n):
    return arrays(n, n)


def three(n):
    return arrays(n, n, n)


def four(n):
    return arrays(n, n, n, n)


def for_axpy(n):
    return 0.3, *arrays(n, n)


def for_clip(n):
    x, out = arrays(n, n)
    return x, 0.2, 0.8, out


def for_rotate(n):
    return *arrays((n, 2)), 0.8, 0.6, *arrays((n, 2))


def complexes(n):
    a, b, c, d = arrays(n, n, n, n)
    return a + 1j * b, c + 1j * d, np.zeros(n, np.complex128)


def row(n, steps):
    re, im, zr, zi, count = arrays(n, n, n, n, n)
    return 3.0 * re - 2.0, 2.0 * im - 1.0, zr, zi, count, steps


def for_rolling(n, window):
    a, out = arrays(n, n)
    return a, window, out


def table(n):
    return arrays((n, n + 1), n + 1, n + 1, (n, n + 1))


def cloud(n, dimensions):
    return arrays((n, dimensions), (n, n))


def single(*shapes):
    return tuple(a.astype(np.float32) for a in arrays(*shapes))


def single_two(n):
    return single(n, n)


def pixels(n):
    return single((n, 3), n)


def narrow(n):
    (a,) = arrays(n)
    return a, np.zeros(n, np.float32)


def rounded(n):
    (a,) = arrays(n)
    return a, np.zeros(n, np.int32)


def whole(n):
    return np.arange(n), np.zeros(n)


KERNELS = [
    exact(CACHE, "axpy", axpy, for_axpy, (9,), (1500,)),
    exact(CACHE, "triad", triad, four, (9,), (1000,)),
    exact(CACHE, "polynomial", polynomial, two, (9,), (1500,)),
    exact(CACHE, "rational function", rational, two, (9,), (1500,)),
    exact(CACHE, "clip", clip, for_clip, (9,), (1500,)),
    exact(CACHE, "leaky rectifier", leaky, two, (9,), (1500,)),
    exact(CACHE, "quadratic", quadratic, four, (9,), (1000,)),
    exact(CACHE, "lengths (sqrt)", lengths, four, (9,), (1000,)),
    exact(CACHE, "rotation of pairs", rotate, for_rotate, (9,), (700,)),
    exact(CACHE, "central differences", differences, two, (9,), (1500,)),
    exact(CACHE, "reversed copy", reverse, two, (9,), (1500,)),
    exact(CACHE, "complex product", complex_product, complexes, (9,), (600,)),
    exact(CACHE, "Mandelbrot by rows", mandelbrot_row, row, (9, 5), (400, 20)),
    exact(CACHE, "standardise a table", standardise, table, (5,), (32,)),
    exact(CACHE, "float64 to float32", to_float32, narrow, (9,), (2000,)),
    exact(CACHE, "float64 to int32", to_int32, rounded, (9,), (2000,)),
    exact(CACHE, "int64 to float64", from_int64, whole, (9,), (2000,)),
    exact(CHAIN, "cumulative sum", cumulative, two, (9,), (1500,)),
    exact(CHAIN, "rolling variance", rolling_variance, for_rolling, (12, 4), (1500, 30)),
    exact(CHAIN, "pairwise distances", pairwise, cloud, (6, 3), (48, 8)),
    close(SINGLE, "axpy, float32", axpy_float32, single_two, (9,), (3000,), 1e-6),
    close(SINGLE, "polynomial, float32", polynomial_float32, single_two, (9,), (3000,), 1e-6),
    close(SINGLE, "gain and clip, float32", gain_float32, single_two, (9,), (3000,), 1e-5),
    close(SINGLE, "RGB to grey, float32", grey_float32, pixels, (9,), (1500,), 1e-6),
    exact(MEMORY, "axpy, 48 MB", axpy, for_axpy, (9,), (3_000_000,)),
    exact(MEMORY, "triad, 64 MB", triad, four, (9,), (2_000_000,)),
    exact(MEMORY, "float64 to float32, 48 MB", to_float32, narrow, (9,), (4_000_000,)),
]
