"""Results of several types: what a function returns here and there, and what callers do with it; lists."""

import math

import numpy as np

from fastjit import prange


def total(a, start):
    t = start
    for x in a:
        t += x
    return t


def double(x):
    return x * 2


def find(a, x):
    for i in range(len(a)):
        if a[i] == x:
            return i
    return None


def half(n):
    if n % 2 == 0:
        return n // 2
    return n / 2


def above(a, x):
    if len(a) == 0:
        return False
    return a[0] > x


def argument(a, x):
    return double(total(a, x)), total(a, total(a, x))


def operand(a, x):
    return total(a, x) * 2 + 1, total(a, x) / 3, -total(a, x), total(a, x) ** 2, 1 - total(a, x)


def divided(a, x):
    return 1.0 / total(a, x)


def both(a, x):
    return total(a, x) / total(a, x)


def compared(a, x):
    return total(a, x) > 3, total(a, x) == total(a, x), 1 < total(a, x) < 9


def stored(a, x):
    out = np.zeros(3)
    out[0] = total(a, x)
    out[1] = total(a, x) * 2
    out[2] -= total(a, x)
    return out


def stored_int(a, n):
    out = np.zeros(2, np.int64)
    out[0] = half(n)
    out[1] += 3
    return out


def assigned(a, x):
    s = total(a, x)
    y = s * s
    s += 1
    return y, s


def looped(a, x):
    s = 0.0
    best = x
    for i in range(len(a)):
        v = total(a[i:], x)
        s += v * total(a, x)
        if v > best:
            best = v
    return s, bool(best > 2)


def functions(a, x):
    return math.sqrt(total(a, x)), np.sqrt(total(a, x)), abs(total(a, x)), round(total(a, x), 1)


def extremes(a, x):
    return max(total(a, x), 3.0), min(3, total(a, x)), max(half(3), half(4))


def converted(a, x):
    return int(total(a, x)), float(total(a, x)), bool(total(a, x)), np.float32(total(a, x))


def tests(a, x):
    if above(a, x):
        return 1
    if not above(a, -1.0):
        return 2.5
    while total(a, x) > 100:
        return np.float32(3)
    return None


def displays(a, x):
    pair = (total(a, x), 1)
    return pair, [total(a, x)], (pair[0], half(3))


def chosen(a, x):
    y = total(a, x) if x > 1 else x
    return y, (total(a, x) or x), (total(a, x) and 2)


def returned(n):
    if n == 0:
        return "none"
    if n == 1:
        return (1, 2.5)
    if n == 2:
        return None
    if n == 3:
        return True
    return 1j


def maybe_array(a, n):
    if n == 0:
        return None
    if n == 1:
        return a * 2
    if n == 2:
        return a[::2]
    return a, n


def array_or_none(a, n):
    return a * n if n else None


def used_array(a, n):
    b = array_or_none(a, n)
    if b is None:
        return 0.5
    return b.sum() + a[0]


def arrays(a, n):
    if n == 1:
        return a, 1
    return a[1:], 2.5


def caller(n):
    return half(n)


def power(x, n):
    if n == 0:
        return 1
    return x * power(x, n - 1)


def searched(a, x):
    i = find(a, x)
    if i is None:
        return -1.0
    return a[i]


def searched_again(a, x):
    if find(a, x) is None or find(a, x + 1) is not None:
        return "no"
    return find(a, x) == 1


def searched_truth(a, x):
    return 1 if find(a, x) else 0


def ignored(a, x):
    find(a, x)
    total(a, x)
    return 0


def sum_of_parts(a):
    t = 0.0
    for i in prange(len(a)):
        if a[i] > 0.5:
            t += a[i]
    return t


def share_of_parts(a, x):
    return x / sum_of_parts(a), double(sum_of_parts(a))


def mean_in_parts(a):
    t = 0.0
    for i in prange(len(a)):
        t += a[i]
    return t / len(a), 1.0 / t


def scaled(factor, *values, offset=0):
    total = offset
    for x in values:
        total += x * factor
    return total, len(values)


def variadic(x, n):
    def first(*values):
        return values[0] if len(values) > 0 else None

    return scaled(2), scaled(2, x), scaled(x, n, 2.5, True, offset=n), scaled(*(x, n)), first(n, x), first()


def in_ranges(n):
    if n in range(10):
        return n not in range(0, 10, 3), n in range(9, -1, -2)
    return n in range(-(2**62), 2**62, 7), n in range(n, n), n in range(n, n + 1)


def rest(t):
    a, *others = t
    return others, a


def middle(t):
    a, *others, b = t
    return a, others, b, len(others)


def literal(x):
    a = [x, 2.5]
    b = a + [1]
    return b, a * 2, a[::-1], [], [[x], (x,)]


def list_or_tuple(x):
    a = [x, 1]
    return a == [x, 1], a == (x, 1), a != (x, 1), a < [x, 2], isinstance(a, tuple), tuple(a)


def list_item(x, k):
    a = [x, x + 1, x + 2]
    return a[k], x in a, sum(a), max(a)


def picked(a):
    return a[[2, 0]]


FULL = np.array([0.5, 1.5, 3.0])
EMPTY = np.zeros(0)
NAN = np.array([math.nan, -0.0])
SUMS = [(FULL, 0.5), (EMPTY, 0.5), (EMPTY, 0.0), (EMPTY, -0.0), (NAN, 2.0), (EMPTY, 2), (FULL[::-1], 3)]

CASES = [
    (argument, SUMS),
    (operand, SUMS),
    (divided, SUMS),
    (both, SUMS),
    (compared, SUMS),
    (stored, SUMS),
    (stored_int, [(FULL, 4), (FULL, 3), (EMPTY, -(2**63))]),
    (assigned, SUMS),
    (looped, SUMS),
    (functions, [(FULL, 0.5), (EMPTY, 0.5), (EMPTY, 0.0), (EMPTY, 4), (EMPTY, -1.0)]),
    (extremes, SUMS),
    (converted, [(FULL, 0.5), (EMPTY, 0.5), (EMPTY, 3), (EMPTY, -0.0)]),
    (tests, [(FULL, 0.0), (FULL, 1.0), (EMPTY, 0.0), (EMPTY, 200.0), (-FULL - 1, 0.0), (FULL, 99.0)]),
    (displays, SUMS),
    (chosen, SUMS),
    (returned, [(n,) for n in range(5)]),
    (maybe_array, [(FULL, n) for n in range(4)] + [(FULL[::-1], 2)]),
    (array_or_none, [(FULL, 0), (FULL, 2)]),
    (used_array, [(FULL, 0), (FULL, 2)]),
    (arrays, [(FULL, 1), (FULL, 2), (FULL[::-1], 2)]),
    (caller, [(3,), (4,), (-(2**63),), (2**53 + 1,), (2**62 + 2,)]),
    (power, [(2.5, 0), (2.5, 3), (2, 0), (2, 70), (np.float32(1.5), 2)]),
    (searched, [(FULL, 0.5), (FULL, 3.0), (FULL, 4.0), (EMPTY, 0.0)]),
    (searched_again, [(FULL, 0.5), (FULL, 1.5), (FULL, 4.0), (EMPTY, 0.0)]),
    (searched_truth, [(FULL, 0.5), (FULL, 1.5), (FULL, 4.0)]),
    (ignored, SUMS),
    (share_of_parts, [(FULL, 1.0), (EMPTY, 1.0), (FULL[:1], 1.0), (NAN, 2.0)]),
    (mean_in_parts, [(FULL,), (EMPTY,), (NAN,)]),
    (variadic, [(1.5, 2), (3, np.int8(2))]),
    (in_ranges, [(n,) for n in (-1, 0, 3, 4, 9, 10, 70, True, -(2**63), np.int64(5), np.uint8(9))]),
    (rest, [((1, 2, 3),), ((1.5, 2),), ((1,),)]),
    (middle, [((1, 2, 3, 4),), ((1, 2),)]),
    (literal, [(1,), (np.float32(2),)]),
    (list_or_tuple, [(1,), (2.5,)]),
    (list_item, [(1, 0), (1, -1), (1, 3)]),
    (picked, [(FULL,), (FULL[::-1],)]),
]
