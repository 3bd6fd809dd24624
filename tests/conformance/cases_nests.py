"""Loop nests that use elements again and again: products, convolutions, distances, sums that are kept in memory.

Every size from none to more than two turns of four; nan, infinities and zeros of both signs; arrays that are
one another, that overlap, that are read-only, strided or reversed.
"""

import numpy as np

SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1e308, -1.5, 0.1, 3.0]


def numbers(*shape, seed=0, special=False, dtype=np.float64):
    """Numbers whose sums depend on the order; one in six is special."""
    rng = np.random.default_rng(seed)
    values = rng.standard_normal(shape) * 10.0 ** rng.integers(-8, 8, shape)
    if special:
        values = np.where(rng.random(shape) < 1 / 6, rng.choice(SPECIAL, shape), values)
    return values.astype(dtype)


def frozen(a):
    a.flags.writeable = False
    return a


def product_ijk(a, b, c):
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            s = 0.0
            for k in range(a.shape[1]):
                s += a[i, k] * b[k, j]
            c[i, j] = s
    return c


def product_ikj(a, b, c):
    for i in range(c.shape[0]):
        for k in range(a.shape[1]):
            for j in range(c.shape[1]):
                c[i, j] += a[i, k] * b[k, j]
    return c


def product_in_memory(a, b, c):
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            c[i, j] *= 0.5
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]
    return c


def product_until(a, b, c, n):
    # Beyond the arrays for some n: what was written before the error stays.
    for i in range(n):
        for j in range(n):
            s = 0.0
            for k in range(n):
                s += a[i, k] * b[k, j]
            c[i, j] = s
    return c


def triangle(a, c):
    for i in range(c.shape[0]):
        for j in range(i + 1):
            c[i, j] *= 1.25
        for k in range(a.shape[1]):
            for j in range(i + 1):
                c[i, j] += a[i, k] * a[j, k]
    return c


def lu(a):
    # Rows of one array: what is read lies above, or left of, what is stored.
    n = a.shape[0]
    for i in range(n):
        for j in range(i):
            for k in range(j):
                a[i, j] -= a[i, k] * a[k, j]
            a[i, j] /= a[j, j]
        for j in range(i, n):
            for k in range(i):
                a[i, j] -= a[i, k] * a[k, j]
    return a


def columns_of_one(a, first, last, rows, shift):
    # The same with bounds that may let them meet.
    for i in range(rows):
        for j in range(first, last):
            w = a[i, j]
            for k in range(rows):
                w -= a[i, k] * a[k, j + shift]
            a[i, j] = w
    return a


def durbin(r, y, z):
    # The rest of a row in reverse; an array that is too short raises in the midst of it.
    y[0] = -r[0]
    beta = 1.0
    alpha = -r[0]
    for k in range(1, r.shape[0]):
        beta = (1.0 - alpha * alpha) * beta
        total = 0.0
        for i in range(k):
            total += r[k - i - 1] * y[i]
        alpha = -(r[k] + total) / beta
        for i in range(k):
            z[i] = y[i] + alpha * y[k - i - 1]
        for i in range(k):
            y[i] = z[i]
        y[k] = alpha
    return y


def behind_diagonal(a, b, shift):
    for i in range(a.shape[0]):
        for j in range(i, a.shape[0]):
            b[j - i + shift] += a[i] * a[j - i]
    return b


def vector_product(a, x, y):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            y[i] += a[i, j] * x[j]
    return y


def vector_product_across(a, x, y):
    for i in range(a.shape[1]):
        s = 1.0
        for j in range(a.shape[0]):
            s -= a[j, i] * x[j]
        y[i] = s
    return y


def convolve(x, w, y):
    for i in range(len(y)):
        s = 0.0
        for k in range(len(w)):
            s += x[i + k] * w[k]
        y[i] = s
    return y


def convolve_2d(image, kernel, out):
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            s = 0.0
            for p in range(kernel.shape[0]):
                for q in range(kernel.shape[1]):
                    s += image[i + p, j + q] * kernel[p, q]
            out[i, j] = s
    return out


def convolve_in_memory(image, kernel, out):
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for p in range(kernel.shape[0]):
                for q in range(kernel.shape[1]):
                    out[i, j] += image[i + p, j + q] * kernel[p, q]
    return out


def distances(x, d):
    for i in range(x.shape[0]):
        for j in range(x.shape[0]):
            s = 0.0
            for k in range(x.shape[1]):
                t = x[i, k] - x[j, k]
                s += t * t
            d[i, j] = s ** 0.5
            d[j, i] = d[i, j]
    return d


def nearest(x, centres, label):
    total = 0.0
    for i in range(x.shape[0]):
        best = np.inf
        at = -1
        for k in range(centres.shape[0]):
            s = 0.0
            for j in range(x.shape[1]):
                t = x[i, j] - centres[k, j]
                s += t * t
            if s < best:
                best = s
                at = k
        label[i] = at
        total += best
    return total


def two_sums(a, b, out):
    for i in range(a.shape[0]):
        plus = 0.0
        times = 1.0
        for j in range(a.shape[1]):
            plus += a[i, j]
            times *= b[j]
        out[i] = plus + times
    return out


def carried_on(a, x, y):
    # Each row starts with what the one before has stored.
    for i in range(1, a.shape[0]):
        s = y[i - 1]
        for j in range(a.shape[1]):
            s += a[i, j] * x[j]
        y[i] = s
    return y


def both_ways(a, x, y):
    # Two loops in an iteration: a sum, and a row for all iterations.
    for i in range(a.shape[0]):
        s = 0.0
        for j in range(a.shape[1]):
            s += a[i, j] * x[j]
        y[i] = s
        for j in range(a.shape[1]):
            x[j] = x[j] + a[i, j] * 0.125
    return x, y


def normalised(a, out):
    # A sum, then a row of its own.
    for i in range(a.shape[0]):
        s = 0.0
        for j in range(a.shape[1]):
            s += a[i, j]
        for j in range(a.shape[1]):
            out[i, j] = a[i, j] - s
    return out


def scaled_columns(a, scale):
    for j in range(a.shape[1]):
        s = 1.0
        for i in range(a.shape[0]):
            s += a[i, j] * a[i, j]
        scale[j] = s
        for i in range(a.shape[0]):
            a[i, j] *= 0.5
    return a


def filtered_rows(a, out):
    for i in range(a.shape[0]):
        before = 0.0
        last = 0.0
        for j in range(a.shape[1]):
            out[i, j] = 0.25 * a[i, j] + 0.5 * last + 0.125 * before
            before = last
            last = out[i, j]
    return out


def filtered_columns(a, out):
    for j in range(a.shape[1]):
        last = 0.0
        for i in range(a.shape[0] - 1, -1, -1):
            out[i, j] = 0.25 * a[i, j] + 0.5 * last
            last = out[i, j]
    return out


def running(a):
    # In place, with neighbours of the same row.
    for i in range(a.shape[0]):
        s = 0.0
        for j in range(1, a.shape[1]):
            s += a[i, j - 1]
            a[i, j] = s
    return a


def one_sum(a, x):
    s = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            s += a[i, j] * x[j]
    return s


def factors(a):
    # One array: rows and columns of it feed each other.
    for i in range(a.shape[0]):
        for j in range(i):
            for k in range(j):
                a[i, j] -= a[i, k] * a[k, j]
            a[i, j] /= a[j, j] + 3.0
        for j in range(i, a.shape[0]):
            for k in range(i):
                a[i, j] -= a[i, k] * a[k, j]
    return a


def row_of_sums(a, out):
    for k in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[j] += a[k, j]
    return out


def same_cell(a, out):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            if a[i, j] > 0.0:
                out[0] += a[i, j]
            else:
                out[0] -= 1.0
    return out


def maybe_cell(a, out, n):
    # The place is outside of the array where no iteration comes to it.
    for i in range(len(a)):
        if a[i] > 1e9:
            out[n] += a[i]
    return out


def steps_back(a, x, y):
    for i in range(a.shape[0] - 1, -1, -1):
        s = 0.0
        for j in range(a.shape[1] - 1, -1, -1):
            s += a[i, j] * x[j]
        y[i] = s
    return y


SIZES = [(0, 0, 0), (1, 1, 1), (4, 3, 2), (3, 0, 5), (5, 4, 8), (9, 10, 11), (2, 17, 6), (13, 7, 35)]
PRODUCTS = [
    (numbers(n, p, seed=1, special=s), numbers(p, m, seed=2, special=s), numbers(n, m, seed=3, special=s))
    for n, p, m in SIZES
    for s in (False, True)
]
SQUARE = numbers(12, 12, seed=4)
PRODUCTS += [
    (numbers(9, 9, dtype=np.float32), numbers(9, 9, seed=1, dtype=np.float32), numbers(9, 9, seed=2, dtype=np.float32)),
    (np.asfortranarray(SQUARE), SQUARE.T, SQUARE.copy()),
    (SQUARE[::-1, ::-1], SQUARE[:, ::-1], np.asfortranarray(SQUARE)),
    (frozen(SQUARE.copy()), frozen(SQUARE.copy()), SQUARE.copy()),
    (np.arange(81).reshape(9, 9), np.arange(81).reshape(9, 9) % 7, np.zeros((9, 9))),
]


def overlapping():
    """Arguments that are one another, or share memory."""
    a = numbers(12, 12, seed=5)
    yield a, a, a
    yield a[:6, :6], a[6:, 6:], a[3:9, 3:9]
    yield a[:6, :6], a[:6, 6:], a[6:, :6]
    yield a[::2, ::2], a[1::2, ::2], a[1::2, 1::2]


def column_from_above(a, j):
    # Strides are known at run time only: the same column, some rows apart.
    for i in range(1, a.shape[0]):
        a[i, j] = np.sqrt(np.abs(a[i - 1, j])) / 3.0 + a[i, j]


def column_from_below(a, j):
    for i in range(a.shape[0] - 1):
        a[i, j] = np.sqrt(np.abs(a[i + 1, j])) / 3.0 + a[i, j]


def column_from_far(a, j):
    for i in range(3, a.shape[0]):
        a[i, j] = np.sqrt(np.abs(a[i - 3, j])) / 3.0 + a[i, j]


def column_twice(a, j):
    for i in range(a.shape[0] - 2):
        a[i + 2, j] = np.sqrt(np.abs(a[i, j])) / 3.0
        a[i, j] = a[i + 1, j] / 7.0 + a[i + 2, j] / 3.0


def column_stored_twice(a, j):
    for i in range(a.shape[0] - 5):
        a[i, j] = np.sqrt(i / 3.0)
        a[i + 5, j] = np.sqrt(i / 7.0) + 1.0


def columns():
    """One column, of any stride: also none, and less than an element."""
    for dtype in (np.float64, np.float32):
        size = np.dtype(dtype).itemsize
        for n in (0, 1, 2, 3, 7, 40):
            yield numbers(n, 3, dtype=dtype), 1
        a = numbers(40, 6, dtype=dtype)
        for view in (a[::-1], a[::2, ::-2], a[:, ::2], a.T, np.asfortranarray(a)):
            yield view, 1
        for stride in (0, size, -size, 2 * size, 3 * size):
            flat = numbers(200, dtype=dtype)[100:]
            yield np.lib.stride_tricks.as_strided(flat, (30, 2), (stride, size)), 1


MATRICES = [(numbers(n, m, special=s), numbers(m, seed=1), numbers(n, seed=2)) for n, m, _ in SIZES for s in (False, True)]
GRID = numbers(13, 14, seed=6)

CASES = [
    (product_ijk, PRODUCTS + list(overlapping())),
    (product_ikj, PRODUCTS + list(overlapping())),
    (product_in_memory, PRODUCTS + list(overlapping())),
    (product_until, [(SQUARE, SQUARE.T, np.zeros((12, 12)), n) for n in (-1, 0, 3, 12, 13)]),
    (product_until, [(SQUARE, SQUARE[:7], np.zeros((12, 12)), 9), (SQUARE, SQUARE, np.zeros((9, 5)), 8)]),
    (triangle, [(numbers(n, m), numbers(n, n, seed=1)) for n, m, _ in SIZES]),
    (triangle, [(SQUARE.copy(), SQUARE.copy()), (SQUARE, SQUARE)]),
    (lu, [(numbers(n, n) + n * np.eye(n),) for n in (0, 1, 2, 5, 8, 13)] + [((numbers(9, 9) + 9 * np.eye(9)).T,)]),
    (lu, [((numbers(18, 18) + 9 * np.eye(18))[::s, ::t],) for s in (2, -2, 1) for t in (2, -2, 1)] + [(numbers(7, 7, special=True),)]),
    (columns_of_one, [(numbers(9, 20), f, l, r, s) for f, l in ((9, 18), (0, 9), (3, 12), (9, 9), (12, 3)) for r in (0, 1, 5, 9) for s in (0, 1, -1)]),
    (columns_of_one, [(numbers(20, 9).T, 9, 18, 9, 1), (numbers(18, 40)[::-2, ::-2], 9, 18, 9, 0), (np.zeros(40)[5:].reshape(1, -1), 1, 30, 1, 0)]),
    (durbin, [(0.1 * numbers(n), np.zeros(n), np.zeros(n)) for n in (1, 2, 3, 9, 40)]),
    (durbin, [(0.1 * numbers(9), np.zeros(n), np.zeros(m)) for n, m in ((8, 9), (9, 7), (9, 8), (3, 9), (12, 12), (0, 9))]),
    (durbin, [(0.1 * numbers(9)[::-1], np.zeros(9)[::-1], np.zeros(9)), (numbers(9, special=True), np.zeros(9), np.zeros(9))]),
    (behind_diagonal, [(numbers(n), np.zeros(m), s) for n, m in ((0, 0), (5, 5), (9, 7), (9, 12)) for s in (0, 1, 3, -1, -12)]),
    (vector_product, MATRICES + [(SQUARE, SQUARE[0], SQUARE[1]), (SQUARE, SQUARE[:, 3], SQUARE[:, 5]), (SQUARE, SQUARE[2], SQUARE[2])]),
    (vector_product_across, [(a, y, x) for a, x, y in MATRICES] + [(GRID, GRID[:, 1].copy(), np.zeros(14)[::-1])]),
    (convolve, [(numbers(n + m), numbers(m, seed=1, special=True), numbers(n, seed=2)) for n, m, _ in SIZES]),
    (convolve, [(A, A[:3], A[2:20]) for A in (numbers(40), numbers(40)[::-1])]),
    (convolve_2d, [(GRID, numbers(p, q, special=True), np.zeros((13 - p, 14 - q))) for p in (0, 1, 3, 5) for q in (0, 1, 3, 4)]),
    (convolve_in_memory, [(GRID, numbers(p, q, special=True), np.ones((13 - p, 14 - q))) for p in (0, 1, 3, 5) for q in (0, 1, 3, 4)]),
    (convolve_in_memory, [(GRID, GRID[:3, :3], GRID[4:, 4:]), (GRID, numbers(2, 2), GRID[:9, :9])]),
    (distances, [(numbers(n, m, special=s), np.zeros((n, n))) for n, m, _ in SIZES for s in (False, True)] + [(SQUARE, SQUARE)]),
    (nearest, [(numbers(m, p), numbers(n, p, seed=1), np.zeros(m, np.int64)) for n, m, p in SIZES]),
    (nearest, [(numbers(20, 3, special=True), numbers(9, 3, seed=1, special=True), np.zeros(20, t)) for t in (np.int32, np.float64)]),
    (two_sums, [(a, x, y) for a, x, y in MATRICES]),
    (carried_on, [(a, x, y) for a, x, y in MATRICES if len(y)]),
    (both_ways, MATRICES + [(SQUARE, SQUARE[0], SQUARE[:, 3])]),
    (normalised, [(a, a.copy()) for a, _, _ in MATRICES] + [(SQUARE, SQUARE), (SQUARE.T, SQUARE.copy()), (SQUARE[::-2], np.ones((6, 12))[:, ::-1])]),
    (scaled_columns, [(a, x) for a, x, _ in MATRICES] + [(np.asfortranarray(SQUARE), np.ones(12)), (SQUARE[::2, ::-1], np.ones(12))]),
    (filtered_rows, [(a, a.copy()) for a, _, _ in MATRICES] + [(SQUARE, SQUARE), (SQUARE, np.asfortranarray(SQUARE)), (SQUARE.T, SQUARE[:, ::-1])]),
    (filtered_columns, [(a, a.copy()) for a, _, _ in MATRICES] + [(SQUARE, SQUARE), (SQUARE, np.asfortranarray(SQUARE)), (SQUARE.T, SQUARE[:, ::-1])]),
    (running, [(a,) for a, _, _ in MATRICES] + [(SQUARE.T,), (SQUARE[::-1, ::-1],), (np.lib.stride_tricks.as_strided(SQUARE.copy(), (9, 9), (8, 8)),), (np.lib.stride_tricks.as_strided(SQUARE.copy(), (9, 9), (16, 8)),)]),
    (one_sum, [(a, x) for a, x, _ in MATRICES]),
    (factors, [(numbers(n, n, special=s),) for n in (0, 1, 4, 9, 13) for s in (False, True)] + [(np.asfortranarray(SQUARE),)]),
    (row_of_sums, [(a, x) for a, x, _ in MATRICES] + [(SQUARE, SQUARE[3]), (SQUARE, SQUARE[:, 2])]),
    (same_cell, [(a, np.ones(2)) for a, _, _ in MATRICES] + [(SQUARE, SQUARE[0]), (np.ones((2, 0)), np.ones(0)), (np.ones((2, 1)), np.ones(0))]),
    (maybe_cell, [(numbers(9), np.ones(3), n) for n in (2, 3, -1)] + [(np.full(5, 1e10), np.ones(3), n) for n in (2, 3, -1)]),
    (steps_back, MATRICES),
    (column_from_above, list(columns())),
    (column_from_below, list(columns())),
    (column_from_far, list(columns())),
    (column_twice, list(columns())),
    (column_stored_twice, list(columns())),
]
