"""What loops choose and count: the least under a condition, truth values that turn, names of two kinds of float,
arms that begin alike, products near the end of the integers, rows next to each other."""

import math

import numpy as np

INT_MAX = 2**63 - 1
THIRD = INT_MAX // 3
EDGES = [0.0, -0.0, 1.0, -1.0, 5e-324, np.inf, -np.inf, np.nan, 2.5]


def least_allowed(values, allowed, best):
    for i in range(len(values)):
        if allowed[i] and values[i] < best:
            best = values[i]
    return float(best)


def least_positive(values, best):
    for v in values:
        if 0.0 < v < best:
            best = v
    return float(best)


def greatest_below(values, best, limit):
    for v in values:
        if v <= limit and best < v:
            best = v
    return float(best)


def where_least(values, allowed):
    best = np.inf
    where = -1
    for i in range(len(values)):
        if allowed[i] and best > values[i]:
            best = values[i]
            where = i
    return float(best), where


def turns(values, level):
    above = False
    changes = 0
    for v in values:
        if v > level:
            above = not above
        changes = changes + 1 if above else changes
    return above, changes


def step(v):
    if v < 0.0:
        return -1.0
    return v * 2.0


def nearest_of_two_kinds(values):
    nearest = 1e9
    total = 0.0
    for k in range(len(values)):
        distance = step(values[k])
        if 0.0 < distance < nearest:
            nearest = distance
        if nearest < 5.0:
            total += nearest
    return float(nearest), float(total)


def while_of_two_kinds(values, x):
    k = 0
    while x < 10.0 and k < len(values):
        x = x + values[k] if values[k] > 0.0 else 0.5
        k += 1
    return float(x), k


def maybe_of_two_kinds(values):
    for v in values:
        if v > 0.0:
            x = v
        elif v < 0.0:
            x = 1.5
    return float(x / 2.0)


def alike(x, a, b):
    kind = 0
    total = 0.0
    for k in range(3):
        if x > k:
            y = a * b + x
            kind += 1
        else:
            y = a * b + x
            kind -= 1
        total += y
    return total, kind


def alike_but_checked(n, a, b):
    if n > 0:
        return a // b + n
    return a // b - n


def collatz_like(n, limit):
    steps = 0
    while n > 1 and steps < limit:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return n, steps


def thrice_of_what_is_not_negative(n):
    total = 0
    for k in range(2):
        m = (n + k) & INT_MAX
        total = m * 3
    return total


def from_constants(which, x):
    if which == 0:
        return 0 - x
    if which == 1:
        return 5 - x
    if which == 2:
        return -1 - x
    if which == 3:
        return -0x8000000000000000 - x
    return 0x7FFFFFFFFFFFFFFF - x


def bits_of_all(values):
    bits = 0
    for v in values:
        while v:
            v &= v - 1
            bits += 1
    return bits


def bits_and_more(n, start):
    v = n & 0x7FFFFFFFFFFFFFFF
    down = start
    kept = 7
    while v != 0:
        v = (v - 1) & v
        down -= 3
    return v, down, kept


def bits_of_one(n):
    count = 0
    while n:
        n &= n - 1
        count += 1
    return count


def not_the_lowest_bit(n):
    count = 0
    n &= 1023
    while n:
        n &= n - 2
        count += 1
        if count > 2000:
            break
    return count, n


def neighbours(a):
    total = 0.0
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            total += a[i - 1, j] + 2.0 * a[i + 1, j] - a[i, j - 1] * a[i, j + 1]
    return float(total)


def rows(a, b):
    for i in range(1, a.shape[0]):
        for j in range(a.shape[1]):
            best = -np.inf
            arg = 0
            for p in range(a.shape[1]):
                candidate = a[i - 1, p] + b[p, j]
                if candidate > best:
                    best = candidate
                    arg = p
            a[i, j] = best + arg
    return a


def accepted(proposals, gains, start):
    """One way of the truth value is decided at once."""
    x = start
    y = -start
    total = 0.0
    for i in range(len(proposals)):
        proposal = float(proposals[i])
        if gains[i] >= 0.0 or 0.5 < math.exp(gains[i]):
            x = proposal
            y = x
        total += x * x - y
    return x, y, total


def both_below(a, b, x, y):
    """The other one is false at once, and what is chosen changes."""
    least, other = x, y
    for i in range(len(a)):
        if a[i] < least and math.sqrt(abs(b[i])) < other:
            least, other = other, float(a[i])
    return least, other


def line(n, seed=0):
    return np.random.default_rng(seed).choice(EDGES, n)


LINES = [line(0), line(1), line(9), line(40, 1), np.array([np.nan, 1.0, -0.0, 0.0]), line(30, 2)[::-2]]
GRID = np.random.default_rng(3).random((7, 6))

CASES = [
    (least_allowed, [(v, v == v, b) for v in LINES for b in (np.inf, np.nan, 0.0, -np.inf)]),
    (least_allowed, [(line(20).astype(np.float32), np.arange(20) % 3 == 0, np.float32(np.inf))]),
    (least_positive, [(v, b) for v in LINES for b in (1e9, np.inf, np.nan, -0.0)]),
    (greatest_below, [(v, b, x) for v in LINES for b in (-np.inf, np.nan, 0.0) for x in (2.0, np.inf, np.nan)]),
    (accepted, [(v, v[::-1], x) for v in LINES for x in (1.0, -0.0, np.nan)] + [(LINES[3], LINES[3] * 300.0, 2.5), (LINES[3], np.zeros(40), 2.5)]),
    (both_below, [(v, v[::-1], x, y) for v in LINES for x in (1.0, np.nan, np.inf) for y in (2.0, np.nan)]),
    (where_least, [(v, v > -1.0) for v in LINES]),
    (turns, [(v, x) for v in LINES for x in (0.0, np.nan)]),
    (nearest_of_two_kinds, [(v,) for v in LINES]),
    (while_of_two_kinds, [(v, x) for v in LINES for x in (0.0, -3.0, np.nan, 11.0)]),
    (maybe_of_two_kinds, [(v,) for v in LINES]),
    (alike, [(x, a, 3.0) for x in (0.5, -0.0, np.nan, 9.0) for a in (1.0, np.inf, -0.0)]),
    (alike_but_checked, [(n, a, b) for n in (0, 1, -4) for a in (7, -(2**63)) for b in (2, -1, 0)]),
    (collatz_like, [(n, k) for n in (0, 1, 7, THIRD - 1, THIRD, THIRD + 1, THIRD + 2, INT_MAX) for k in (1, 2, 60)]),
    (thrice_of_what_is_not_negative, [(n,) for n in (0, -1, -7, THIRD - 1, THIRD, THIRD + 1, -(2**63), -(2**63) + 5)]),
    (from_constants, [(k, x) for k in range(5) for x in (0, 1, -1, 6, INT_MAX, INT_MAX - 4, -INT_MAX, 5 - INT_MAX, 4 - INT_MAX, -(2**63))]),
    (bits_of_all, [(np.array(v, np.int64),) for v in ([], [0], [1, 2, 3], [-1, -(2**63), INT_MAX, 0, -6])]),
    (bits_of_all, [(np.array([0, 1, 255], np.uint8),), (np.array([2**64 - 1, 0, 2**63], np.uint64),)]),
    (bits_and_more, [(n, k) for n in (0, 1, -1, -(2**63), INT_MAX, 2**40 + 5) for k in (0, -5, -(2**63) + 5)]),
    (bits_of_one, [(0,), (1,), (INT_MAX,), (2**62,), (0b1011,)]),
    (not_the_lowest_bit, [(0,), (1,), (2,), (1023,), (64,)]),
    (neighbours, [(GRID,), (GRID[::2, ::-1],), (GRID[:2],), (GRID[::-1].T,)]),
    (rows, [(GRID[:, :4].copy(), GRID[:4, :4]), (GRID[:, ::-2].copy(), GRID[::-2, ::2][:3])]),
]


def three_types(w, u, n, flag):
    # A Python int, an int32 or an int64: what one arm changes in its own type is what the others read.
    t = 0
    if flag:
        t = w.max()
    if not n:
        t += u[1]
    t ^= (t - 3) - abs(n)
    t = t + 1
    return int(t)


def three_types_in_a_loop(w, u, n, flag):
    t = 0
    for i in range(n):
        if flag:
            t = w[i % 2]
        elif i == 2:
            t = u[0]
        t = t + i
        flag = not flag
    return int(t)


W32, U64 = np.array([3, 4], np.int32), np.array([5, 6])
CASES += [(f, [(W32, U64, n, flag) for n in (0, 1, 2, 5, 6) for flag in (True, False)]) for f in (three_types, three_types_in_a_loop)]


def compared_with_single(x, a, r, n):
    # A Python float is rounded to float32 beside one, a float64 is not.
    y = a[0] if n else x
    if n > 3:
        y = r[0]
    return (a[0] if n else x) == r[0], (x if n else a[0]) < r[0], y == r[0], r[0] >= y


CASES += [(compared_with_single, [(x, np.array([x]), np.array([x if x < 1e30 else np.inf], np.float32), n) for x in (0.1, 16777217.0, 1e308, 2.0) for n in (0, 1, 5)])]


def joined_twice(x, r, m, n):
    # The number of a Python float is not rounded to float32 on its way to a float64.
    if n > 1:
        s = m[0]
    else:
        s = r[0]
        if n:
            s = x
    return float(s)


def joined_in_a_loop(x, r, m, n):
    c = x
    s = 0.0
    if n > 1:
        for v in m[1:]:
            s += v
    else:
        s *= r[0] * (0.5 - r[0])
        for i in range(n):
            s, c = c, s
    return float(s), float(c)


CASES += [(f, [(x, np.array([0.5, 3.375], np.float32), np.array([1.0, 2.0]), n) for x in (0.1, 1e308, -0.0) for n in (0, 1, 2)]) for f in (joined_twice, joined_in_a_loop)]


def odd_or_even(n, steps):
    for _ in range(steps):
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    return n


def by_the_last_two_bits(n, steps):
    while steps > 0:
        if n & 3:
            n = 5 * n + 7
        else:
            n >>= 2
        steps -= 1
    return n


def by_a_bit(n, steps):
    # What is chosen waits for the number, as does what is checked of it.
    seen = 0
    for _ in range(steps):
        seen ^= n
        n = (n >> 1) ^ 0x5BD1E995 if n & 1 == 1 else (n << 1) - 3
        if n > 1 << 40:
            n -= 1 << 40
    return n, seen


CASES += [(f, [(n, steps) for n in (0, 1, 27, -1, -5, 2**40 + 3, -(2**62)) for steps in (0, 1, 2, 30)]) for f in (odd_or_even, by_the_last_two_bits, by_a_bit)]
