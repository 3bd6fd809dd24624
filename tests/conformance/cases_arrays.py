"""Arrays: dtypes, layouts, indexing, slices, views, stores, constructors, elementwise expressions."""

import numpy as np

A = np.arange(12.0)
GRID = np.arange(24.0).reshape(4, 6)
LAYOUTS = [GRID, np.asfortranarray(GRID), GRID[::2], GRID[:, ::-1], GRID.T, GRID[1:1], np.zeros((0, 3))]
DTYPES = [
    np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.float32, np.float64,
    np.complex64, np.complex128,
]  # fmt: skip


def frozen(a):
    """A read-only copy."""
    a = a.copy()
    a.flags.writeable = False
    return a


def total(a):
    s = 0.0
    for i in range(len(a)):
        s += a[i]
    return s


def total_2d(a):
    s = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            s += a[i, j] * (i + 1)
    return s


def get(a, i):
    return a[i]


def get2(a, i, j):
    return a[i, j], a[i][j]


def put(a, i, v):
    a[i] = v
    return a[0]


def add_to(a, i, v):
    a[i] += v


def attributes(a):
    return a.shape, a.size, a.ndim, len(a)


def iterate(a):
    s = 0
    for x in a:
        s += x
    return s


def rows(a):
    s = 0.0
    for row in a:
        s = s * 0.5 + row[0] + row[-1]
    return s


def count_rows(a):
    # A sum that starts as a Python number may come back as NumPy's where nothing was added: counts may not.
    n = 0
    for row in a:
        n += len(row)
    return n


def slices(a, i, j, k):
    return a[i:j], a[i:j:k], a[::k], a[:j], a[i:]


def slices_2d(a):
    return a[1:, :2], a[..., 0], a[:, -1], a[::-1, ::2], a[1], a[np.newaxis, 0], a.T[0]


def store_slice(a, v):
    a[1:4] = v
    a[::5] += 1
    return a


def store_row(a):
    a[0] = a[-1]
    a[:, 0] = 7
    a[1:, 1:] = a[:-1, :-1]
    return a


def shifted(a):
    a[1:] = a[:-1] + 1
    return a


def returns_same(a):
    return a


def constructors(n):
    return np.zeros(n), np.ones((n, 2), np.int32), np.full(n, 2.5), np.arange(n), np.arange(1, n, 2), np.arange(0.0, n, 0.5)


def likes(a):
    return np.zeros_like(a), np.ones_like(a), np.full_like(a, 3), np.empty_like(a).shape


def linspaces(n):
    return np.linspace(0, 1, n), np.linspace(2.0, -3.0, n)


def items(a, k):
    return a.item(k), a.item(-1)


def tiles(a, n):
    return np.tile(a, n)


def negative_size(n):
    return np.zeros(-n)


def elementwise(a, b):
    return a + b, a - b, a * b, a / b, -a, a > b, a == b


def expression(a):
    return (a * 2.0 + 1.0) / (a + 0.5) - a**2


def broadcast(a, b):
    return a[:, None] + b[None, :]


def functions(a):
    return np.sqrt(a), np.exp(a), np.sin(a) + np.cos(a), np.abs(a), np.floor(a), np.maximum(a, 1.5)


def reductions(a):
    return a.sum(), a.min(), a.max(), a.mean(), a.prod(), a.any(), a.all(), a.argmin(), a.argmax()


def reductions_np(a):
    return np.sum(a), np.min(a), np.max(a), np.mean(a), np.any(a), np.all(a), np.argmin(a), np.argmax(a)


def dots(a, b):
    return np.dot(a, b), a.dot(b)


def methods(a):
    b = a.copy()
    b.fill(3)
    return b, a.astype(np.float32), a.astype(np.int64), a.reshape(-1), a.reshape((2, 3)), a.ravel()


def where(a):
    return np.where(a > 2, a, -a)


def swap_views(a, n):
    b = a.copy()
    for _ in range(n):
        for i in range(1, len(a) - 1):
            b[i] = (a[i - 1] + a[i + 1]) * 0.5
        a, b = b, a
    return a, b


def swap_rows(a, b, n, at):
    # Both are the caller's, whichever variable names them; fails in the middle if `at` is out of bounds.
    first, second, view = a, b, a[1:]
    for i in range(n):
        for j in range(1, len(first)):
            second[j] = min(first[j - 1] + (0 if first[j] == i else 1), second[j - 1] + 1, first[j] + 1)
        second[at] += i
        first, second = second, first
        if i % 3 == 1:
            view = second[1:] if i % 2 else first[:-1]
            a = first
    return first, second[::2], view, a


def swap_three(a, b, n):
    c = a.copy()
    for i in range(n):
        a, b, c = b, c, a
        a[0] += i
        if n > 3:
            b = c[:]
    return a, b, c


def sums_of_choices(a, b, out):
    last = np.int64(0)
    for i in range(len(a)):
        last = min(last + 3, a[i] + (0 if a[i] == b[i] else -1), b[i] + (5 if b[i] > 2 else 0), (0 if b[i] else 1) + last)
        out[i] = last
    return last


def wraps(a, v):
    a[0] = a[0] * a[1] + v
    return a[0] + a[1], a[0] >> v, a[1] // v, a[1] % v


def temporaries(a, n):
    total = 0.0
    for i in range(n):
        b = a * i + 1.0
        c = b[1:]
        total += c[0] + b.sum()
    return total


def table_of_rows(a, b, out):
    """The first column is stored before the loop that goes on from it; rows may be the same memory."""
    for i in range(1, out.shape[0]):
        out[i, 0] = a[i]
        for j in range(1, out.shape[1]):
            if a[i] == b[j]:
                out[i, j] = out[i - 1, j - 1] + 1
            else:
                out[i, j] = max(out[i - 1, j], out[i, j - 1])


def turns_prefix(a, out, low, high):
    total = 0
    for i in range(low, high):
        total ^= a[i] + i
        out[i] = total
    return int(total)


def turns_down(a, out, shift):
    total = 1
    for i in range(len(a) - 1, shift - 1, -1):
        if a[i - shift] > total:
            total = a[i - shift]
        out[i] = total
    return int(total)


def turns_counts(a, counts):
    """An index may be wrong after others were counted."""
    for i in range(len(a)):
        counts[a[i]] += 1


def turns_column(a, k):
    best = -1.0
    at = -1
    for i in range(a.shape[0]):
        if a[i, k] > best:
            best = a[i, k]
            at = i
    return at, best


def turns_found(a, x, out):
    for i in range(len(a)):
        if a[i] == x:
            return i
        out[i] = a[i] ^ i
    return -1


def turns_at_the_ends(low, high):
    bits = 0
    for i in range(low, high):
        bits ^= i
    return bits


def fails_late(a, n):
    b = np.zeros(n)
    for i in range(n):
        b[i] = a[i]
        a[i] = -1.0
    return b


def lower_of(a, b):
    return np.minimum(a, b)


def upper_of(a, b):
    return np.maximum(a, b)


def lower_each(a, b):
    out = np.empty(len(a), a.dtype)
    for i in range(len(a)):
        out[i] = np.minimum(a[i], b[i])
    return out


def upper_each(a, b):
    out = np.empty(len(a), a.dtype)
    for i in range(len(a)):
        out[i] = np.maximum(a[i], b[i])
    return out


def beside_zeros(a):
    return np.maximum(a, 0.0), np.minimum(0.0, a), np.maximum(0, a), np.minimum(a, -0.0), np.maximum(a, -0.0)


def lowest_so_far(a):
    low = a[0]
    for i in range(len(a)):
        low = np.minimum(low, a[i])
    return low


def within(a, low, high):
    return np.clip(a, low, high)


SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, np.nan, -np.nan, np.inf, -np.inf])
LEFT, RIGHT = np.repeat(SPECIAL, 8), np.tile(SPECIAL, 8)
SINGLE = [(LEFT.astype(np.float32), RIGHT.astype(np.float32))]
EXTREMES = [(LEFT, RIGHT), (LEFT[::-3], RIGHT[::-3]), (LEFT[:1], RIGHT[:1]), *SINGLE]
NUMBERS = [(kind(x), kind(y)) for kind in (np.float64, np.float32) for x, y in zip(LEFT, RIGHT)]

CASES = [
    (lower_of, EXTREMES + NUMBERS),
    (upper_of, EXTREMES + NUMBERS),
    (lower_each, EXTREMES),
    (upper_each, EXTREMES),
    (beside_zeros, [(SPECIAL,), (SPECIAL.astype(np.float32),), (np.float64(-0.0),), (np.float32(0.0),)]),
    (lowest_so_far, [(np.array(pair),) for pair in NUMBERS[:64]]),
    (within, [(SPECIAL, 0.0, 2.0), (SPECIAL, -0.0, 0.0), (SPECIAL, -1.0, -0.0)]),
    (total, [(A,), (A[::2],), (A[::-1],), (frozen(A),), (GRID[:, 1],)]),
    (total_2d, [(a,) for a in LAYOUTS if a.size]),
    (get, [(A, i) for i in (0, 11, -1, -12, 12, -13, np.int8(3), np.uint64(2), np.uint64(2**63))] + [(GRID, 1), (GRID, -5)]),
    (get2, [(GRID, 1, 2), (GRID, -1, -1), (GRID, 4, 0), (GRID, 0, 6), (GRID.T, 1, 2)]),
    (get, [(np.ones(3, t), 1) for t in DTYPES]),
    (put, [(np.zeros(3, t), 1, v) for t in DTYPES for v in (1, 300, -1, 2.5, True, np.float32(1.5), np.int64(300))]),
    (put, [(A, 12, 1.0), (frozen(A), 0, 1.0), (A, 0, np.nan)]),
    (put, [(np.zeros(3, np.int8), 0, v) for v in (np.nan, np.inf, 1e10)]),
    (add_to, [(np.ones(3, t), 1, v) for t in (np.int8, np.uint8, np.int64, np.float32, np.complex128) for v in (1, 1.5, 200)]),
    (attributes, [(a,) for a in LAYOUTS + [A, np.zeros((2, 3, 4))]]),
    (iterate, [(np.arange(4).astype(t),) for t in DTYPES]),
    (rows, [(a,) for a in LAYOUTS if a.size]),
    (count_rows, [(a,) for a in LAYOUTS]),
    (slices, [(A, i, j, k) for i in (0, 2, -3, 20) for j in (0, 5, -1, 30) for k in (1, 2, -1, -3)] + [(A, 0, 5, 0)]),
    (slices_2d, [(a,) for a in LAYOUTS[:5]]),
    (store_slice, [(A.copy(), 2.5), (A.copy(), np.ones(3)), (A.copy(), np.ones(4)), (A[::-1].copy(), 1), (np.arange(12), 3)]),
    (store_row, [(a.copy(),) for a in LAYOUTS[:5]]),
    (shifted, [(A.copy(),), (A[::-1],)]),
    (constructors, [(0,), (1,), (5,)]),
    (likes, [(A,), (GRID,), (np.asfortranarray(GRID),), (np.arange(3, dtype=np.int8),)]),
    (linspaces, [(0,), (1,), (2,), (7,)]),
    (negative_size, [(1,), (0,)]),
    (items, [(a, k) for a in LAYOUTS for k in (0, 4, -3, 12, -13)] + [(np.array(2.5), 0), (np.array(2.5), 1)]),
    (tiles, [(a, n) for a in LAYOUTS for n in (0, 1, 3)] + [(A, -1)]),
    (elementwise, [(A, A[::-1]), (A, 2.0), (GRID, GRID[0]), (A, np.arange(12)), (np.arange(5, dtype=np.int8), np.arange(5, dtype=np.uint8)), (A, np.ones(5))]),
    (elementwise, [(np.arange(1, 5).astype(t), np.arange(2, 6).astype(t)) for t in DTYPES[1:]]),
    (expression, [(A,), (A.astype(np.float32),), (A[::3],), (GRID,), (A[:0],)]),
    (broadcast, [(A, A), (A[:2], A[:5]), (A[:0], A)]),
    (functions, [(np.array([0.25, 1.0, 4.0, 9.0]),)]),
    (reductions, [(A,), (GRID,), (A[::2],), (np.arange(7),), (np.arange(7, dtype=np.int8),), (np.ones(1000, np.float32),), (np.linspace(0, 1, 1000),), (A[:0],)]),
    (reductions_np, [(A,), (np.array([1.0, np.nan, 2.0]),), (np.array([True, False]),)]),
    (dots, [(A[:4], A[4:8]), (A[:4], A[:5]), (np.arange(3), np.arange(3))]),
    (methods, [(np.arange(6.0),), (np.arange(6),), (np.arange(12.0)[::2],)]),
    (where, [(A,), (np.arange(6, dtype=np.int32),)]),
    (swap_views, [(A.copy(), 0), (A.copy(), 3), (A.copy(), 4)]),
    (swap_rows, [(np.arange(7) % 3, np.arange(7)[::s], n, at) for n in (0, 1, 2, 5, 8) for s in (1, -1) for at in (3, -7, 7)]),
    (swap_rows, [(A.astype(np.int32), A.astype(np.int32), 4, 2)]),
    (swap_three, [(np.arange(4), np.arange(4) * 2, n) for n in range(6)]),
    (sums_of_choices, [(np.array(a), np.array(b), np.zeros(5, np.int64)) for a in ([1, 2, 3, 4, 5], [-3, 9, 2**62, -(2**63), 2**63 - 1]) for b in ([1, 0, 3, 7, 5], [-3, 9, 2**63 - 1, -(2**63), 2])]),
    (wraps, [(np.array([100, 50], t), t(3)) for t in (np.int8, np.uint8, np.int32, np.uint64)]),
    (wraps, [(np.array([100, 50], np.int8), v) for v in (3, 300, 0)]),
    (temporaries, [(A, 5), (A[::2], 3)]),
    (table_of_rows, [(np.arange(9) % 3, np.arange(9) % 4, a) for a in (np.zeros((5, 7), np.int64), np.zeros((5, 7), np.int64)[::-1, ::-1], np.zeros((7, 5), np.int64).T, np.zeros((5, 1), np.int64), np.zeros((1, 5), np.int64), np.lib.stride_tricks.as_strided(np.zeros(40, np.int64), (5, 7), (8, 8)), np.lib.stride_tricks.as_strided(np.zeros(40, np.int64), (5, 7), (8, 16)))]),
    (turns_prefix, [(np.arange(n) * 7 % 5, np.zeros(n, np.int64), low, high) for n in range(11) for low, high in ((0, n), (1, n), (-2, n - 3), (0, n + 1), (3, 1))]),
    (turns_prefix, [(a, a, 0, len(a)) for a in (np.arange(9), np.arange(17)[::-2])] + [(np.arange(9), np.arange(20)[::-2][:9], 0, 9), (np.arange(9)[::-1], np.zeros(9, np.int32), 0, 9)]),
    (turns_prefix, [(a[1:], a[:-1], 0, 8) for a in (np.arange(9),)] + [(a[:-1], a[1:], 0, 8) for a in (np.arange(9),)]),
    (turns_down, [(np.arange(n) * 5 % 7, np.zeros(n, np.int64), shift) for n in range(10) for shift in (0, 1, 3)]),
    (turns_counts, [(np.array(a, np.int64), np.zeros(4, np.int64)) for a in ([], [0], [3, -1, 0], [1, 1, 1, 1], [0, 1, -4, 2, 1], [1, 1, 1, 1, 1, 4, 1], [0, 0, -5], [2] * 9)]),
    (turns_column, [(np.arange(12.0).reshape(4, 3) % 5, k) for k in (0, 2, -1, 3)] + [(np.array([[np.nan, 1.0], [2.0, np.nan], [-0.0, 0.0], [3.0, 3.0], [1.0, np.inf]])[::s], k) for s in (1, -1) for k in (0, 1)] + [(np.zeros((0, 2)), 0), (np.arange(30.0).reshape(5, 6).T, 1)]),
    (turns_found, [(np.arange(n), x, np.zeros(n, np.int64)) for n in (0, 1, 4, 7, 9) for x in (0, 2, 5, 8, 20)] + [(np.arange(9), 8, np.zeros(6, np.int64)), (np.arange(9), 3, np.zeros(6, np.int64))]),
    (turns_at_the_ends, [(2**63 - 1 - k, 2**63 - 1) for k in range(7)] + [(-(2**63), -(2**63) + k) for k in range(7)] + [(5, -5), (2**63 - 1, -(2**63))]),
    (fails_late, [(A.copy(), 12), (A.copy(), 14)]),
]


# Stores whose elements take turns in memory.


def pairs(a, b, out):
    for i in range(len(a)):
        out[2 * i] = a[i]
        out[2 * i + 1] = b[i]
    return out


def pairs_backward(a, b, out):
    for i in range(len(a)):
        out[2 * i + 1] = b[i]
        out[2 * i] = a[i] + b[i]
    return out


def complex_products(a, b, out):
    for i in range(len(a)):
        out[i] = a[i] * b[i]
    return out


def complex_conjugates(a, b, out):
    for i in range(len(b)):
        out[i] = b[i].conjugate() - a[i].real
    return out


def points(p, q, out):
    for i in range(p.shape[0]):
        out[i, 0] = p[i, 1] - q[i, 0]
        out[i, 1] = p[i, 0] * q[i, 1]
    return out


def swapped(p, q, out):
    for i in range(p.shape[0]):
        p[i, 0], p[i, 1] = p[i, 1], p[i, 0]
    return p


LENGTHS = [*range(20), 31, 32, 33, 40, 63, 64, 65, 100]
COMPLEX = np.arange(202.0) * 0.37 - 11 + 1j * np.sin(np.arange(202.0))
COMPLEX[7] = complex(np.inf, -0.0)
COMPLEX[12] = complex(np.nan, 3.0)
CASES += [
    (function, [((np.arange(n) * 3 % 101).astype(t), (np.arange(n) + 7).astype(t), np.zeros(2 * n + 1, t)) for n in LENGTHS for t in (np.float64, np.float32, np.int64, np.int32, np.int16, np.uint8)])
    for function in (pairs, pairs_backward)
]
CASES += [(pairs, [(x[:9], x[9:18], x) for x in (np.arange(18.0), np.arange(18, dtype=np.int32))] + [(np.arange(9.0), np.arange(9.0), np.zeros(18)[::-1]), (np.arange(9.0), np.arange(9.0), np.zeros(36)[::2]), (np.arange(9.0), np.arange(9.0), np.zeros(17))])]
CASES += [
    (function, [(COMPLEX[:n].astype(t), COMPLEX[n : 2 * n].astype(t), np.zeros(n, t)) for n in LENGTHS for t in (np.complex128, np.complex64)]
        + [(z[:40], z[40:80], z[k : k + 40]) for k in (0, 1, 39, 40, 41) for z in (COMPLEX.copy(),)]
        + [(COMPLEX[:40], COMPLEX[80:40:-1], np.zeros(80, complex)[::2]), (COMPLEX[:40][::-1], COMPLEX[:80:2], np.zeros(40, complex)[::-1])])
    for function in (complex_products, complex_conjugates)
]
CASES += [
    (function, [(np.arange(2 * n).reshape(n, 2).astype(t) % 13, np.arange(2 * n).reshape(n, 2).astype(t)[::-1] % 7, np.zeros((n, 2), t)) for n in LENGTHS for t in (np.float64, np.float32, np.int32)] + [(x, x, x) for x in (np.arange(60.0).reshape(30, 2),)])
    for function in (points, swapped)
]  # fmt: skip
