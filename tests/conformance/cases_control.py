"""Statements: loops with else, break, continue, unpacking, match, assert, raise, names that are not bound."""

import numpy as np


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def ranges(a, b, c):
    out = 0
    last = -1
    for i in range(a, b, c):
        out = out * 31 + i
        last = i
        if out > 10**9:
            out %= 1000003
    return out, last


def range_else(n, stop):
    for i in range(n):
        if i == stop:
            found = i
            break
    else:
        found = -1
    return found


def while_else(n, stop):
    i = 0
    while i < n:
        if i == stop:
            break
        i += 1
    else:
        return -1
    return i


def continues(n):
    total = 0
    for i in range(n):
        if i % 3 == 0:
            continue
        for j in range(i):
            if j > 5:
                break
            if j == 2:
                continue
            total += j
    return total


def ways_out(x, low, high):
    if x != x:
        return 7.0
    if x < low:
        if low < 0.0:
            return low - x
        return low
    if x >= high:
        return x - high
    if x == 0.0:
        pass
    elif x > 0.5:
        return -x
    return x


def early_returns(a, low, high):
    out = np.empty_like(a)
    for i in range(len(a)):
        out[i] = ways_out(a[i], low, high)
    return out


def some_iterations(a, b):
    total = 0.0
    seen = 0
    for i in range(len(a)):
        if a[i] < 0.0:
            continue
        seen += 1
        if b[i] == 0.0:
            total += 1.0
            continue
        elif b[i] < 0.0:
            b[i] = 5.0
        else:
            if a[i] > 1.0:
                continue
            b[i] = 3.0
        total += a[i]
    return total, seen


def counts_down(n):
    found = 0
    while n > 0:
        if n % 3 == 0:
            n -= 2
            continue
        if n % 5 == 0:
            n -= 3
            found += 1
            continue
        n -= 1
    return found


def first_below(a, limit):
    for i in range(len(a)):
        for j in range(i):
            if a[j] > limit:
                break
            if a[j] == limit:
                return i, j
            if a[i] < a[j]:
                continue
            a[j] += 1.0
        else:
            continue
        if a[i] < limit:
            return i, -1
    return -1, -1


def reassigned_counter(n):
    total = 0
    for i in range(n):
        i = i * 2
        total += i
    return total


def unbound(flag):
    if flag:
        x = 1
    return x


def unbound_loop(n):
    for i in range(n):
        pass
    return i


def deleted(flag):
    x = 1
    if flag:
        del x
    return x


def swap(a, b):
    a, b = b, a
    (c, d), e = (a, b), a
    return a, b, c, d, e


def starred(t):
    first, *rest = t
    return first, rest[0], len(rest)


def nested_tuple(a):
    t = (a, (a + 1, 2.5), True)
    x, (y, z), w = t
    return t[1][0], x, y, z, w, t == (a, (a + 1, 2.5), True), t[-1]


def tuple_loop(a, b, c):
    total = 0
    for x in (a, b, c):
        total += x
    return total


def tuple_index(i):
    return (10, 20, 30)[i]


def tuple_in(x):
    return x in (1, 2, 3), x not in (1.5, 2.0)


def walrus(n):
    total = 0
    while (n := n - 1) > 0:
        total += n
    return total, n


def match_number(x):
    match x:
        case 0:
            return 10
        case 1 | 2:
            return 20
        case n if n > 100:
            return n
        case _:
            return -1


def asserts(x):
    assert x > 0, "must be positive"
    assert x < 100
    return x


def raises(x):
    if x == 1:
        raise ValueError("bad value", x)
    if x == 2:
        raise KeyError
    if x == 3:
        raise RuntimeError()
    if x == 4:
        raise ValueError(f"x is {x}")
    return x


def many_returns(x):
    if x < 0:
        return -1.0
    if x == 0:
        return 0.0
    return x * 0.5


def no_return(x):
    y = x + 1


def joined(flag):
    x = 1
    if flag:
        x = 2.5
    return x + 0.5


def accumulates(n):
    total = 0
    for i in range(n):
        total += i * 0.5
    return total + 0.0


def type_changes(x):
    y = x + 1
    y = y * 0.5
    y = (y, x)
    return y


def zipped(a, b):
    total = 0
    for i, (x, y) in enumerate(zip((a, b, a), (b, a, b))):
        total += i * x - y
    for x in reversed(range(a)):
        total = total * 3 + x
    return total


def closure(a):
    k = a * 2

    def inner(x):
        return x * k

    return inner(3) + (lambda y: y - k)(1)


def apply(f, x):
    return f(x)


def higher_order(x):
    return apply(lambda v: v * v, x) + apply(abs, -x)


def helper(x, scale=2, *, offset=1):
    return x * scale + offset


def keywords(x):
    return helper(x), helper(x, 3), helper(x, offset=5), helper(scale=4, x=x)


def early(n):
    i = 0
    while True:
        i += 1
        if i * i > n:
            return i


def while_up(start, bound):
    i = start
    steps = 0
    while i < bound:
        steps += i & 3
        i += 1
    return i, steps


def while_up_to(start, bound):
    i = start
    while i <= bound:
        i += 1
        if i % 7 == 0:
            i += 1
    j = 0
    while bound >= j:
        j += 1
    return i, j


def while_and(limit, x, step):
    k = 0
    while k < limit and x * x <= 4.0:
        x += step
        k += 1
    return k, x


def while_or(limit, x):
    k = 0
    while k < limit or x < 3:
        k += 1
        x += 2
        if k > 50:
            break
    return k, x


def while_nested_tests(a, b, n):
    i = 0
    found = 0
    while not (i >= n) and (i != a or i == b):
        i += 1
        if i == 4:
            continue
        found += i
    else:
        found = -found
    return i, found


def while_counts(n, stop):
    steps = 0
    other = 10
    while True:
        if n == stop:
            break
        n = n * 5 % 97
        steps += 1
        other -= 1
        if steps > 200:
            return -1, other
    return steps, other


def while_in_while(n):
    i = 0
    total = 0
    while i < n:
        j = i
        while j < n:
            if j == 3:
                j += 1
                continue
            total += i * j
            j += 1
        i += 1
    return total, i


def masked_state(n, seed):
    state = 5381
    low = seed
    for i in range(n):
        state = (state * 33 + i) & 0xFFFFFFFF
        low = (low * 6364136223846793005 + 1442695040888963407) & 0x7FFFFFFFFFFFFFFF
    return state, low, state >> 7, low & 255


def masked_and_read(n):
    state = 1
    total = 0
    for i in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        total ^= state >> 16
        if state > 0x40000000:
            total += 1
    return state, total


def divisions(a, b):
    return a // b, a % b, (a * 3) // b, divmod(a, b)


def euclid(a, b):
    while b:
        a, b = b, a % b
    return a


def written_out(x):
    total = 0.0
    for k in range(-2, 3):
        if k == 0:
            continue
        for j in range(3):
            if j == k:
                break
            total = total * 0.5 + x / k + j
        else:
            total += 100.0
    for k in range(1):
        total += k
    return total, k


def returns_from_short(n):
    for k in range(4):
        if k * k >= n:
            return k
    return -1


def products(a):
    b = a * 33 + a // 3
    return (a * 31) & 0xFFFF, (a * 65) ^ a, b, a * 7 - a, a * 1023 + 5


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def power_of_three(n):
    """Overflows on the way out of the recursion, deep in it."""
    if n == 0:
        return 1
    return 3 * power_of_three(n - 1)


def fails_deep(n, at):
    if n == at:
        raise ValueError(n)
    if n == 0:
        return 0
    return fails_deep(n - 1, at) + n


def fills(a, low, high):
    """Stores before the error, at whatever depth, have happened."""
    if low > high:
        return 0
    middle = (low + high) // 2
    a[middle] = low * 10 + high
    return fills(a, low, middle - 1) + 1 + fills(a, middle + 1, high)


def permutations(n, used, depth):
    if depth == n:
        return 1
    count = 0
    for k in range(n):
        if used & (1 << k):
            continue
        count += permutations(n, used | (1 << k), depth + 1)
    return count


def summed_copies(a):
    """Each level owns an array."""
    if len(a) == 0:
        return 0.0
    b = a[1:] * 2.0
    return a[0] + summed_copies(b)


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def hanoi(n, a, b, c):
    if n == 0:
        return (a, b, 0)
    first = hanoi(n - 1, a, c, b)
    second = hanoi(n - 1, c, b, a)
    return (first[0] + second[1], second[0] - first[1], first[2] + second[2] + 1)


def by_constants(a):
    return (
        (a // 3, a // 5, a // 6, a // 7, a // 10, a // 13),
        (a // 100, a // 1000, a // 65521, a // 2147483647, a // 2147483649, a // (2**62 + 1)),
        (a // (2**63 - 1), a // (2**63 - 2), a // 1000000007, a // 127),
        (a % 3, a % 5, a % 6, a % 7, a % 10, a % 13),
        (a % 100, a % 1000, a % 65521, a % 2147483647, a % 2147483649, a % (2**62 + 1)),
        (a % (2**63 - 1), a % (2**63 - 2), a % 1000000007, a % 127),
    )


def random_numbers(n, seed):
    state = seed
    total = 0.0
    for _ in range(n):
        state = state * 16807 % 2147483647
        total += state / 2147483647
    return total, state


def checksum(a):
    low = 1
    high = 0
    for i in range(len(a)):
        low = (low + int(a[i])) % 65521
        high = (high + low) % 65521
    return (high << 16) | low


def carried_remainder(n, start):
    """Starts outside of what it becomes."""
    k = start
    seen = 0
    for i in range(n):
        seen += k
        k = (k * 5 + i) % 11
    return seen, k


def ring(a, start):
    j = len(a) - start
    total = 0.0
    for i in range(len(a)):
        total += a[i] * a[j]
        j = i
    return total, j


def extremes(a):
    low = high = a[0]
    where = 0
    for k in range(1, len(a)):
        if a[k] < low:
            low = a[k]
        elif a[k] > high:
            high = a[k]
            where = k
    return low, high, where


def latest(a, limit):
    """Three choices by one condition, floats and integers."""
    value = 0.0
    place = -1
    other = 1.5
    for k in range(len(a)):
        better = a[k] > value and k < limit
        value = a[k] if better else value
        place = k if better else place
        other = value if better else other
    return value, place, other


def signs(x):
    if x < 0.0:
        return -1.0, x
    return x * 2.0, x


def sign_sums(a):
    first = second = 0.0
    for k in range(len(a)):
        one, two = signs(a[k])
        first += one
        second += two if one > 0.0 else one
    return first, second


NUMBERS = [0, 1, -1, 2, -2, 3, -3, 6, 7, -7, 9, 10, -10, 65520, 65521, 65522, -65521, 2**31 - 1, 2**31, -(2**31), 2**32 - 1, 2**62, 2**62 + 1, -(2**62) - 1, 2**63 - 2, 2**63 - 1, -(2**63), -(2**63) + 1]

# Thirty numbers with the special ones among them: whole vectors and a rest.
MIXED = np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 0.25, 0.5, 0.75, 1.0, -1.0, 2.5, -2.5, 1e308, -1e-320, 3.0] * 2)

def running_totals(a, out):
    total = 0
    for i in range(len(a)):
        total += a[i]
        out[i] = total
    return total


def running_backwards(a, out, last):
    total = 0
    for i in range(len(a) - 1, last, -3):
        total ^= a[i] + i
        out[i] = total
    return out


CASES = [
    (by_constants, [(a,) for a in NUMBERS] + [(np.int64(a),) for a in (-(2**63), 2**63 - 1, -65521, 0)]),
    (random_numbers, [(0, 5), (1, 42), (50, 42), (3, -7), (2, 2**62)]),
    (checksum, [(np.zeros(0, np.uint8),), (np.arange(255, dtype=np.uint8),), (np.full(999, 255, np.uint8)[::-3],)]),
    (carried_remainder, [(0, 5), (1, -99), (7, 2**40), (20, 3)]),
    (ring, [(np.arange(5.0), 1), (np.arange(0.0), 1), (np.arange(1.0), 1), (np.arange(5.0), 0), (np.arange(5.0), 7), (np.arange(5.0)[::-1], 2), (np.arange(5.0), 11)]),
    (extremes, [(np.array([3.0, 1.0, float("nan"), 5.0, -0.0, 0.0]),), (np.array([-0.0, 0.0]),), (np.array([float("inf"), float("-inf")]),), (np.zeros(0),)]),
    (latest, [(np.array([1.0, 3.0, float("nan"), 2.0, 5.0]), 9), (np.array([1.0, 3.0]), 1), (np.zeros(0), 3)]),
    (sign_sums, [(np.array([1.0, -2.0, 0.0, -0.0, float("nan"), float("-inf")]),), (np.zeros(0),)]),
    (fibonacci, [(0,), (1,), (2,), (3,), (4,), (15,), (-5,)]),
    (ackermann, [(0, 0), (1, 3), (2, 3), (2, 0), (3, 2), (0, 2**63 - 1)]),
    (power_of_three, [(0,), (1,), (2,), (3,), (39,), (40,), (45,)]),
    (fails_deep, [(0, 0), (1, 0), (2, 0), (3, 0), (9, 4), (9, 20), (50, 3)]),
    (fills, [(np.zeros(7, np.int64), 0, 6), (np.zeros(5, np.int64), 0, 9), (np.zeros(0, np.int64), 0, -1), (np.zeros(9, np.int64)[::-2], 0, 4)]),
    (permutations, [(0, 0, 0), (1, 0, 0), (4, 0, 0), (5, 3, 2)]),
    (summed_copies, [(np.arange(0.0),), (np.arange(1.0, 2.0),), (np.arange(9.0),), (np.arange(9.0)[::-1],)]),
    (is_even, [(0,), (1,), (2,), (7,), (100,)]),
    (hanoi, [(0, 1, 2, 3), (1, 1, 2, 3), (4, 1, 2, 3), (6, -1, 2**40, 7)]),
    (masked_state, [(0, 3), (1, 0), (100, 12345), (7, -1)]),
    (masked_and_read, [(0,), (50,)]),
    (divisions, [(a, b) for a in (0, 1, -1, 7, -7, 2**31, -(2**31), 2**32 - 1, 2**32, 2**40 + 3, -(2**40)) for b in (1, -1, 2, 3, -3, 2**31, 2**32 - 1, 2**32, 2**33 + 1, -(2**33))] + [(5, 0), (2**62, 0)]),
    (euclid, [(12, 18), (0, 0), (2**40, 2**33 * 3), (-12, 18), (12, -18)]),
    (written_out, [(1.0,), (-0.5,), (float("inf"),)]),
    (returns_from_short, [(0,), (1,), (9,), (10,)]),
    (products, [(0,), (1,), (-1,), (12345,), (-98765,), (2**40,)]),
    (while_up, [(0, 5), (5, 0), (-3, 3), (2**63 - 4, 2**63 - 1), (-(2**63), -(2**63) + 3), (2**63 - 1, 2**63 - 1)]),
    (while_up_to, [(0, 5), (5, 0), (-3, 30), (0, -1)]),
    (while_and, [(10, 0.0, 0.5), (2, 0.0, 0.5), (0, 0.0, 0.5), (-1, 9.0, 0.5), (5, float("nan"), 1.0)]),
    (while_or, [(10, 0), (0, 0), (-5, 3), (100, 0)]),
    (while_nested_tests, [(3, 3, 9), (3, 2, 9), (20, 20, 9), (0, 0, 0), (5, 5, -1)]),
    (while_counts, [(1, 1), (1, 5), (2, 3), (0, 5), (97, 96)]),
    (while_in_while, [(0,), (3,), (7,)]),
    (collatz, [(1,), (7,), (27,), (97,)]),
    (ranges, [(0, 10, 1), (10, 0, -1), (0, 10, 3), (10, 0, 1), (5, 5, 1), (0, 10, 0), (0, -10, -3), (2**63 - 5, 2**63 - 1, 3)]),
    (range_else, [(5, 3), (5, 7), (0, 0)]),
    (while_else, [(5, 3), (5, 7), (0, 0)]),
    (continues, [(0,), (20,)]),
    (early_returns, [(MIXED, 0.2, 0.9), (MIXED, -0.2, 0.9), (MIXED[::-2], -1.0, np.nan), (MIXED[:0], 0.0, 1.0), (MIXED[:3], np.inf, -0.0)]),
    (some_iterations, [(MIXED, MIXED[::-1].copy()), (MIXED[::-1], MIXED.copy()), (np.ones(9), MIXED[:9].copy()), (MIXED[:0], MIXED[:0]), (np.ones(9), np.zeros(8))]),
    (counts_down, [(0,), (-3,), (1,), (100,), (np.int64(77),)]),
    (first_below, [(MIXED.copy(), 0.5), (np.arange(9.0), 3.0), (np.arange(9.0), 100.0), (np.zeros(0), 1.0), (-np.arange(40.0), 0.0)]),
    (reassigned_counter, [(0,), (5,)]),
    (unbound, [(True,), (False,)]),
    (unbound_loop, [(3,), (0,)]),
    (deleted, [(False,), (True,)]),
    (swap, [(1, 2), (1.5, 2.5)]),
    (starred, [((1, 2, 3),)]),
    (nested_tuple, [(1,), (2.5,)]),
    (tuple_loop, [(1, 2, 3), (1.5, 2.5, 3.5)]),
    (tuple_index, [(0,), (2,), (-1,), (-3,), (3,), (-4,)]),
    (tuple_in, [(1,), (5,), (1.5,)]),
    (walrus, [(5,), (0,)]),
    (match_number, [(0,), (1,), (2,), (5,), (500,)]),
    (asserts, [(5,), (0,), (100,)]),
    (raises, [(0,), (1,), (2,), (3,), (4,)]),
    (many_returns, [(-1.5,), (0.0,), (3.0,)]),
    (no_return, [(1,)]),
    (joined, [(True,), (False,)]),
    (accumulates, [(10,)]),
    (type_changes, [(3,)]),
    (zipped, [(3, 5)]),
    (closure, [(2,), (1.5,)]),
    (higher_order, [(3,), (-2.5,)]),
    (keywords, [(1,), (2.5,)]),
    (early, [(50,)]),
    # Longer than two strips of several iterations each.
    (running_totals, [(np.arange(n), np.zeros(n, np.int64)) for n in (*range(9), 16_384, 65_535, 65_536, 65_541, 131_075)]),
    (running_backwards, [(np.arange(n), np.zeros(n, np.int64), last) for n in (0, 1, 5, 49_153, 196_611, 393_221) for last in (-1, 0, 2)]),
]


def first_alone(a, out):
    for i in range(len(a)):
        if i == 0:
            out[i] = a[i]
        else:
            out[i] = a[i] - a[i - 1]
    return out


def later_ones(a, out):
    for i in range(len(a)):
        out[i] = a[i]
        if i > 0:
            out[i] -= a[i - 1]
        if i < 1:
            out[i] += 7
    return out


def last_alone(a, out):
    n = len(a)
    for i in range(n):
        if i == n - 1:
            out[i] = a[i]
        else:
            out[i] = a[i] - a[i + 1]
    return out


def both_ends(a, out):
    n = len(a)
    for i in range(n):
        left = a[i - 1] if i >= 1 else a[i]
        right = a[i + 1] if i < n - 1 else a[i]
        out[i] = left + right
    return out


def ends_of_a_range(a, lo, hi):
    total = i = 0
    for i in range(lo, hi):
        if i != lo:
            total += 1
        if i != hi - 1:
            total += 10
        if 0 == i:
            continue
        if i == 5:
            break
        total += int(a[i])
    return total, i


def first_of_each_row(a, out):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            if j == 0:
                out[i, j] = a[i, j]
            else:
                out[i, j] = a[i, j] - out[i, j - 1]
    return out


CASES += [(f, [(np.arange(n) * 7 % 5, np.zeros(max(n - short, 0), np.int64)) for n in (0, 1, 2, 3, 9, 40) for short in (0, 1)]) for f in (first_alone, later_ones, last_alone, both_ends)]
CASES += [(ends_of_a_range, [(np.arange(8), lo, hi) for lo in (-2, 0, 1, 4, 7) for hi in (-3, -1, 0, 1, 2, 5, 8, 9)])]
CASES += [(ends_of_a_range, [(np.arange(8), lo, hi) for lo, hi in ((2**63 - 1, 2**63 - 1), (-(2**63), -(2**63)), (5, -(2**63)))])]
CASES += [(first_of_each_row, [(np.arange(n * m).reshape(n, m) % 5, np.zeros((n, m), np.int64)) for n in (0, 1, 3) for m in (0, 1, 2, 9)])]
