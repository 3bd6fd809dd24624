"""The kernels of the benchmark: plain functions, compiled by each contestant from the same source.

`KERNELS` lists (name, function, arguments, True if LLVM vectorises it). Helpers that a kernel calls are in
`HELPERS` and are compiled first, under the same name.
"""

import math

import numpy as np


def nbody(position, velocity, mass, dt, steps):
    n = mass.shape[0]
    for _ in range(steps):
        for i in range(n):
            for j in range(i + 1, n):
                dx = position[i, 0] - position[j, 0]
                dy = position[i, 1] - position[j, 1]
                dz = position[i, 2] - position[j, 2]
                square = dx * dx + dy * dy + dz * dz
                pull = dt / (square * math.sqrt(square))
                velocity[i, 0] -= dx * mass[j] * pull
                velocity[i, 1] -= dy * mass[j] * pull
                velocity[i, 2] -= dz * mass[j] * pull
                velocity[j, 0] += dx * mass[i] * pull
                velocity[j, 1] += dy * mass[i] * pull
                velocity[j, 2] += dz * mass[i] * pull
        for i in range(n):
            for k in range(3):
                position[i, k] += dt * velocity[i, k]


def mandelbrot(width, height, limit):
    total = 0
    for row in range(height):
        im = -1.2 + 2.4 * row / (height - 1)
        for column in range(width):
            re = -2.0 + 2.6 * column / (width - 1)
            x = 0.0
            y = 0.0
            k = 0
            while k < limit and x * x + y * y <= 4.0:
                x, y = x * x - y * y + re, 2.0 * x * y + im
                k += 1
            total += k
    return total


def sieve(flags):
    """Marks the composites in an array of ones; how many primes are left."""
    n = flags.shape[0]
    count = 0
    for i in range(2, n):
        if flags[i]:
            count += 1
            for j in range(i * i, n, i):
                flags[j] = 0
    return count


def strict_sum(a):
    total = 0.0
    for i in range(a.shape[0]):
        total += a[i]
    return total


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def lcg_pi(n, seed):
    state = seed
    inside = 0
    for _ in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        x = state / 2147483648.0
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        y = state / 2147483648.0
        if x * x + y * y < 1.0:
            inside += 1
    return 4.0 * inside / n


def power_sum(n):
    total = 0.0
    for i in range(n):
        total += i**0.5
    return total


def collatz(limit):
    longest = 0
    for start in range(1, limit):
        n = start
        steps = 0
        while n != 1:
            if n % 2 == 0:
                n = n // 2
            else:
                n = 3 * n + 1
            steps += 1
        longest = max(longest, steps)
    return longest


def histogram(values, counts):
    for i in range(values.shape[0]):
        counts[values[i]] += 1


def heat(old, new, steps):
    n, m = old.shape
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                new[i, j] = 0.25 * (old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1])


def axpy(a, x, y):
    for i in range(x.shape[0]):
        y[i] = a * x[i] + y[i]


def matmul(a, b, c):
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            s = a[i, k]
            for j in range(b.shape[1]):
                c[i, j] += s * b[k, j]


def levenshtein(a, b, previous, current):
    for j in range(len(b) + 1):
        previous[j] = j
    for i in range(len(a)):
        current[0] = i + 1
        for j in range(len(b)):
            cost = 0 if a[i] == b[j] else 1
            current[j + 1] = min(previous[j + 1] + 1, current[j] + 1, previous[j] + cost)
        previous, current = current, previous
    return previous[len(b)]


def kmeans_step(points, centres, labels):
    inertia = 0.0
    for i in range(points.shape[0]):
        best = np.inf
        for k in range(centres.shape[0]):
            distance = 0.0
            for d in range(points.shape[1]):
                difference = points[i, d] - centres[k, d]
                distance += difference * difference
            if distance < best:
                best = distance
                labels[i] = k
        inertia += best
    return inertia


def kernels():
    """(name, function, arguments, target ratio or None where LLVM vectorises)."""
    rng = np.random.default_rng(1)
    floats = rng.random(4096)
    position, velocity, mass = rng.random((8, 3)), rng.random((8, 3)), rng.random(8)
    words = rng.integers(0, 4, (2, 200)).astype(np.int32)
    square = rng.random((64, 64))
    return [
        ("n-body", nbody, (position, velocity, mass, 1e-6, 20), 1.15),
        ("mandelbrot", mandelbrot, (60, 40, 100), 1.15),
        ("sieve", sieve, (np.ones(100_000, np.uint8),), 1.15),
        ("strict sum", strict_sum, (floats,), 1.15),
        ("recursion (fib)", fib, (22,), 1.15),
        ("LCG Monte-Carlo", lcg_pi, (50_000, 42), 1.15),
        ("sum of i ** 0.5", power_sum, (100_000,), None),
        ("collatz", collatz, (3000,), None),
        ("histogram", histogram, (rng.integers(0, 256, 20_000), np.zeros(256, np.int64)), None),
        ("levenshtein", levenshtein, (words[0], words[1], np.zeros(201, np.int64), np.zeros(201, np.int64)), None),
        ("k-means step", kmeans_step, (rng.random((200, 16)), rng.random((8, 16)), np.zeros(200, np.int64)), None),
        ("heat (vectorised by LLVM)", heat, (square, square.copy(), 4), None),
        ("axpy (vectorised by LLVM)", axpy, (1.0, floats, floats.copy()), None),
        ("matmul (vectorised by LLVM)", matmul, (square, square.copy(), np.zeros((64, 64))), None),
    ]
