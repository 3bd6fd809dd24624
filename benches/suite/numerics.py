"""Numerical methods: helpers, small tuples, statistics, recurrences."""

import math

import numpy as np
from suite.kernel import Kernel


def cubic(x, c):
    return x * x * x - 2.0 * x - c


def newton(targets, out):
    steps = 0
    for i in range(len(targets)):
        c = targets[i]
        x = 2.0
        for _ in range(50):
            slope = 3.0 * x * x - 2.0
            change = cubic(x, c) / slope
            x -= change
            steps += 1
            if abs(change) < 1e-12:
                break
        out[i] = x
    return steps


def bisect(low, high, c):
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        if cubic(middle, c) > 0.0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


def bisection(targets):
    total = 0.0
    for i in range(len(targets)):
        total += bisect(1.0, 4.0, targets[i])
    return total


def integrand(x):
    return math.sin(x) / (1.0 + x * x)


def simpson(f, low, high, n):
    h = (high - low) / n
    total = f(low) + f(high)
    for i in range(1, n):
        total += (4.0 if i % 2 else 2.0) * f(low + i * h)
    return total * h / 3.0


def integral(low, high, n):
    return simpson(integrand, low, high, n)


def welford(a):
    count = 0
    mean = 0.0
    squares = 0.0
    for x in a:
        count += 1
        change = x - mean
        mean += change / count
        squares += change * (x - mean)
    return mean + squares / (count - 1)


def spline(knots, coefficients, points, out):
    """A cubic spline; the piece is found by bisection."""
    last = len(knots) - 2
    for i in range(len(points)):
        x = points[i]
        low = 0
        high = last
        while low < high:
            middle = (low + high + 1) // 2
            if knots[middle] <= x:
                low = middle
            else:
                high = middle - 1
        d = x - knots[low]
        c = coefficients[low]
        out[i] = ((c[3] * d + c[2]) * d + c[1]) * d + c[0]


def horner(coefficients, x):
    total = 0.0
    for i in range(len(coefficients)):
        total = total * x + coefficients[i]
    return total


def minus(a, b):
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def hit_sphere(origin, direction, centre, radius):
    """Distance along the ray, or -1."""
    away = minus(origin, centre)
    half = dot(away, direction)
    under = half * half - (dot(away, away) - radius * radius)
    if under < 0.0:
        return -1.0
    return -half - math.sqrt(under)


def trace(centres, radii, width, height):
    """Nearest spheres seen from a camera, in small tuples."""
    total = 0.0
    for row in range(height):
        for column in range(width):
            x, y, z = (column + 0.5) / width - 0.5, (row + 0.5) / height - 0.5, 1.0
            size = math.sqrt(x * x + y * y + z * z)
            direction = (x / size, y / size, z / size)
            nearest = 1e9
            for k in range(len(radii)):
                centre = (centres[k, 0], centres[k, 1], centres[k, 2])
                distance = hit_sphere((0.0, 0.0, 0.0), direction, centre, radii[k])
                if 0.0 < distance < nearest:
                    nearest = distance
            if nearest < 1e9:
                total += nearest
    return total


def inside(px, py, xs, ys):
    """Whether a point lies in a polygon, by crossings."""
    crossed = False
    j = len(xs) - 1
    for i in range(len(xs)):
        if (ys[i] > py) != (ys[j] > py) and px < (xs[j] - xs[i]) * (py - ys[i]) / (ys[j] - ys[i]) + xs[i]:
            crossed = not crossed
        j = i
    return crossed


def points_inside(points, xs, ys):
    count = 0
    for i in range(points.shape[0]):
        if inside(points[i, 0], points[i, 1], xs, ys):
            count += 1
    return count


def tridiagonal(lower, diagonal, upper, right, scratch, x):
    """Thomas's algorithm."""
    n = len(diagonal)
    scratch[0] = upper[0] / diagonal[0]
    x[0] = right[0] / diagonal[0]
    for i in range(1, n):
        pivot = diagonal[i] - lower[i] * scratch[i - 1]
        scratch[i] = upper[i] / pivot
        x[i] = (right[i] - lower[i] * x[i - 1]) / pivot
    for i in range(n - 2, -1, -1):
        x[i] -= scratch[i] * x[i + 1]


def cholesky(a, factor):
    n = a.shape[0]
    for i in range(n):
        for j in range(i + 1):
            total = a[i, j]
            for k in range(j):
                total -= factor[i, k] * factor[j, k]
            if i == j:
                factor[i, i] = math.sqrt(total)
            else:
                factor[i, j] = total / factor[j, j]


def smooth(a, weight, out):
    """Exponential moving average."""
    level = a[0]
    for i in range(len(a)):
        level = weight * a[i] + (1.0 - weight) * level
        out[i] = level


def extremes(a):
    low = a[0]
    high = a[0]
    where = 0
    for i in range(1, len(a)):
        if a[i] < low:
            low = a[i]
        elif a[i] > high:
            high = a[i]
            where = i
    return low + high + where


def drawdown(prices):
    """Largest fall from a running maximum."""
    peak = prices[0]
    worst = 0.0
    for i in range(len(prices)):
        peak = max(peak, prices[i])
        worst = max(worst, (peak - prices[i]) / peak)
    return worst


def zeta(s, n):
    total = 0.0
    for k in range(1, n):
        total += 1.0 / k**s
    return total


def floats(n, seed=0):
    return np.random.default_rng([1, seed]).random(n)


def targets_and_out(n, seed=0):
    return 5.0 + floats(n, seed), np.zeros(n)


def targets(n, seed=0):
    return (5.0 + floats(n, seed),)


def numbers(*values):
    return values


def one_array(n):
    return (1.0 + floats(n),)


def pieces(n, points, seed=0):
    rng = np.random.default_rng([2, seed])
    return np.linspace(0.0, 1.0, n + 1), rng.random((n, 4)), rng.random(points), np.zeros(points)


def polynomial(n):
    return floats(n), 0.9


def spheres(n, width, height, seed=0):
    centres = np.random.default_rng([3, seed]).random((n, 3)) * [4.0, 4.0, 3.0] - [2.0, 2.0, -4.0]
    return centres, 0.3 + 0.4 * floats(n, seed), width, height


def polygon(n, points, seed=0):
    angles = np.linspace(0.0, 2 * np.pi, n, endpoint=False)
    radius = 0.5 + floats(n, seed)
    return np.random.default_rng([4, seed]).random((points, 2)) * 2 - 1, radius * np.cos(angles), radius * np.sin(angles)


def system(n):
    lower, upper, right = np.random.default_rng(5).random((3, n))
    return lower, 4.0 + floats(n), upper, right, np.zeros(n), np.zeros(n)


def positive_definite(n):
    a = np.random.default_rng(6).random((n, n))
    return a @ a.T + n * np.eye(n), np.zeros((n, n))


def signal(n):
    return floats(n), 0.1, np.zeros(n)


KERNELS = [
    Kernel("Newton", newton, targets_and_out, (7,), (1000,), drawn=True),
    Kernel("bisection", bisection, targets, (5,), (300,), drawn=True),
    Kernel("Simpson (function argument)", integral, numbers, (0.0, 3.0, 20), (0.0, 3.0, 5000)),
    Kernel("Welford", welford, one_array, (9,), (10_000,)),
    Kernel("spline", spline, pieces, (5, 20), (64, 3000), drawn=True),
    Kernel("Horner", horner, polynomial, (9,), (10_000,)),
    Kernel("ray tracing (tuples)", trace, spheres, (5, 6, 5), (12, 40, 30), drawn=True),
    Kernel("point in polygon", points_inside, polygon, (7, 20), (24, 500), drawn=True),
    Kernel("tridiagonal system", tridiagonal, system, (8,), (5000,)),
    Kernel("Cholesky", cholesky, positive_definite, (6,), (48,)),
    Kernel("exponential average", smooth, signal, (9,), (10_000,)),
    Kernel("extremes", extremes, one_array, (9,), (10_000,)),
    Kernel("drawdown", drawdown, one_array, (9,), (10_000,)),
    Kernel("zeta (power)", zeta, numbers, (3.5, 20), (3.5, 3000)),
]
