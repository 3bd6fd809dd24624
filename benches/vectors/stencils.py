"""Stencils: PolyBench's, waves, convolutions, the game of life."""

import numpy as np
from vectors.kernel import CACHE, CHAIN, MEMORY, SINGLE, SMALL, arrays, exact


def adi(u, v, p, q, steps):
    n = u.shape[0]
    dx = 1.0 / n
    dt = 1.0 / steps
    mul1 = 2.0 * dt / (dx * dx)
    mul2 = 1.0 * dt / (dx * dx)
    a = -mul1 / 2.0
    b = 1.0 + mul1
    c = a
    d = -mul2 / 2.0
    e = 1.0 + mul2
    f = d
    for _ in range(steps):
        for i in range(1, n - 1):
            v[0, i] = 1.0
            p[i, 0] = 0.0
            q[i, 0] = v[0, i]
            for j in range(1, n - 1):
                p[i, j] = -c / (a * p[i, j - 1] + b)
                q[i, j] = (-d * u[j, i - 1] + (1.0 + 2.0 * d) * u[j, i] - f * u[j, i + 1] - a * q[i, j - 1]) / (
                    a * p[i, j - 1] + b
                )
            v[n - 1, i] = 1.0
            for j in range(n - 2, 0, -1):
                v[j, i] = p[i, j] * v[j + 1, i] + q[i, j]
        for i in range(1, n - 1):
            u[i, 0] = 1.0
            p[i, 0] = 0.0
            q[i, 0] = u[i, 0]
            for j in range(1, n - 1):
                p[i, j] = -f / (d * p[i, j - 1] + e)
                q[i, j] = (-a * v[i - 1, j] + (1.0 + 2.0 * a) * v[i, j] - c * v[i + 1, j] - d * q[i, j - 1]) / (
                    d * p[i, j - 1] + e
                )
            u[i, n - 1] = 1.0
            for j in range(n - 2, 0, -1):
                u[i, j] = p[i, j] * u[i, j + 1] + q[i, j]


def fdtd_2d(ex, ey, hz, source):
    nx, ny = hz.shape
    for t in range(source.shape[0]):
        for j in range(ny):
            ey[0, j] = source[t]
        for i in range(1, nx):
            for j in range(ny):
                ey[i, j] -= 0.5 * (hz[i, j] - hz[i - 1, j])
        for i in range(nx):
            for j in range(1, ny):
                ex[i, j] -= 0.5 * (hz[i, j] - hz[i, j - 1])
        for i in range(nx - 1):
            for j in range(ny - 1):
                hz[i, j] -= 0.7 * (ex[i, j + 1] - ex[i, j] + ey[i + 1, j] - ey[i, j])


def heat_3d(a, b, steps):
    n = a.shape[0]
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                for k in range(1, n - 1):
                    b[i, j, k] = (
                        0.125 * (a[i + 1, j, k] - 2.0 * a[i, j, k] + a[i - 1, j, k])
                        + 0.125 * (a[i, j + 1, k] - 2.0 * a[i, j, k] + a[i, j - 1, k])
                        + 0.125 * (a[i, j, k + 1] - 2.0 * a[i, j, k] + a[i, j, k - 1])
                        + a[i, j, k]
                    )
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                for k in range(1, n - 1):
                    a[i, j, k] = (
                        0.125 * (b[i + 1, j, k] - 2.0 * b[i, j, k] + b[i - 1, j, k])
                        + 0.125 * (b[i, j + 1, k] - 2.0 * b[i, j, k] + b[i, j - 1, k])
                        + 0.125 * (b[i, j, k + 1] - 2.0 * b[i, j, k] + b[i, j, k - 1])
                        + b[i, j, k]
                    )


def jacobi_1d(a, b, steps):
    n = a.shape[0]
    for _ in range(steps):
        for i in range(1, n - 1):
            b[i] = 0.33333 * (a[i - 1] + a[i] + a[i + 1])
        for i in range(1, n - 1):
            a[i] = 0.33333 * (b[i - 1] + b[i] + b[i + 1])


def jacobi_2d(a, b, steps):
    n, m = a.shape
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                b[i, j] = 0.2 * (a[i, j] + a[i, j - 1] + a[i, j + 1] + a[i + 1, j] + a[i - 1, j])
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                a[i, j] = 0.2 * (b[i, j] + b[i, j - 1] + b[i, j + 1] + b[i + 1, j] + b[i - 1, j])


def seidel_2d(a, steps):
    n = a.shape[0]
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                a[i, j] = (
                    a[i - 1, j - 1]
                    + a[i - 1, j]
                    + a[i - 1, j + 1]
                    + a[i, j - 1]
                    + a[i, j]
                    + a[i, j + 1]
                    + a[i + 1, j - 1]
                    + a[i + 1, j]
                    + a[i + 1, j + 1]
                ) / 9.0


def red_black(a, right, steps):
    """Gauss-Seidel in two colours: every second element of a row."""
    n, m = a.shape
    for step in range(2 * steps):
        for i in range(1, n - 1):
            for j in range(1 + (i + step) % 2, m - 1, 2):
                a[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1] - right[i, j])


def wave_1d(now, before, speed):
    """Leapfrog: the next state takes the place of the one before."""
    for i in range(1, now.shape[0] - 1):
        before[i] = 2.0 * now[i] - before[i] + speed * (now[i - 1] - 2.0 * now[i] + now[i + 1])


def convolve(a, weights, out):
    taps = weights.shape[0]
    for i in range(out.shape[0]):
        total = 0.0
        for k in range(taps):
            total += a[i + k] * weights[k]
        out[i] = total


def convolve_3(image, weights, out):
    """Nine products written out."""
    w = weights
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (
                w[0, 0] * image[i, j]
                + w[0, 1] * image[i, j + 1]
                + w[0, 2] * image[i, j + 2]
                + w[1, 0] * image[i + 1, j]
                + w[1, 1] * image[i + 1, j + 1]
                + w[1, 2] * image[i + 1, j + 2]
                + w[2, 0] * image[i + 2, j]
                + w[2, 1] * image[i + 2, j + 1]
                + w[2, 2] * image[i + 2, j + 2]
            )


def convolve_2d(image, weights, out):
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            total = 0.0
            for k in range(weights.shape[0]):
                for m in range(weights.shape[1]):
                    total += image[i + k, j + m] * weights[k, m]
            out[i, j] = total


def moving_average(a, out):
    for i in range(2, a.shape[0] - 2):
        out[i] = (a[i - 2] + a[i - 1] + a[i] + a[i + 1] + a[i + 2]) / 5.0


def blur_float32(a, out):
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            out[i, j] = 0.5 * a[i, j] + 0.125 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


def life(board, out):
    n, m = board.shape
    for i in range(1, n - 1):
        for j in range(1, m - 1):
            around = (
                board[i - 1, j - 1]
                + board[i - 1, j]
                + board[i - 1, j + 1]
                + board[i, j - 1]
                + board[i, j + 1]
                + board[i + 1, j - 1]
                + board[i + 1, j]
                + board[i + 1, j + 1]
            )
            out[i, j] = 1 if around == 3 or (around == 2 and board[i, j] == 1) else 0


def for_adi(n, steps):
    return *arrays((n, n), (n, n), (n, n), (n, n)), steps


def for_fdtd(n, steps):
    return *arrays((n, n + 1), (n, n + 1), (n, n + 1)), np.linspace(0.0, 1.0, steps)


def cubes(n, steps):
    return *arrays((n, n, n), (n, n, n)), steps


def lines(n, steps):
    return *arrays(n, n), steps


def squares(n, steps):
    return *arrays((n, n + 1), (n, n + 1)), steps


def square(n, steps):
    return *arrays((n, n)), steps


def for_red_black(n, steps):
    return *arrays((n, n + 1), (n, n + 1)), steps


def for_wave(n):
    return *arrays(n, n), 0.25


def for_convolve(n, taps):
    return arrays(n + taps - 1, taps, n)


def for_convolve_2d(n, taps):
    return arrays((n + taps - 1, n + taps), (taps, taps), (n, n + 1))


def two_lines(n):
    return arrays(n, n)


def single_squares(n):
    return tuple(a.astype(np.float32) for a in arrays((n, n + 1), (n, n + 1)))


def boards(n):
    return np.random.default_rng(5).integers(0, 2, (n, n + 1)).astype(np.uint8), np.zeros((n, n + 1), np.uint8)


KERNELS = [
    exact(CHAIN, "adi", adi, for_adi, (6, 2), (40, 2)),
    exact(CACHE, "fdtd-2d", fdtd_2d, for_fdtd, (6, 2), (40, 4)),
    exact(CACHE, "heat-3d", heat_3d, cubes, (6, 2), (16, 4)),
    exact(CACHE, "jacobi-1d", jacobi_1d, lines, (12, 2), (1500, 8)),
    exact(CACHE, "jacobi-2d", jacobi_2d, squares, (7, 2), (40, 8)),
    exact(CHAIN, "seidel-2d", seidel_2d, square, (7, 2), (40, 4)),
    exact(CACHE, "red-black", red_black, for_red_black, (9, 2), (40, 4)),
    exact(CACHE, "wave 1-D", wave_1d, for_wave, (12,), (1500,)),
    exact(CACHE, "convolution 1-D", convolve, for_convolve, (20, 5), (1000, 16)),
    exact(CACHE, "convolution 2-D", convolve_2d, for_convolve_2d, (8, 3), (40, 5)),
    exact(CACHE, "convolution 3x3, written out", convolve_3, for_convolve_2d, (8, 3), (40, 3)),
    exact(CACHE, "moving average", moving_average, two_lines, (12,), (1500,)),
    exact(SINGLE, "blur, float32", blur_float32, single_squares, (8,), (48,)),
    exact(SMALL, "game of life, uint8", life, boards, (9,), (64,)),
    exact(MEMORY, "jacobi-2d, 64 MB", jacobi_2d, squares, (7, 1), (2000, 1)),
    exact(MEMORY, "wave 1-D, 48 MB", wave_1d, for_wave, (12,), (3_000_000,)),
]
