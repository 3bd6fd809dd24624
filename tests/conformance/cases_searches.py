"""Loops without a count: searches, loops that count down or halve something, what follows them."""

import numpy as np

FEWEST = -(2**63)


def counts_down(start, stop):
    i = start
    total = 0
    while i > stop:
        total = (total * 3 + i) % 1000003
        i -= 1
    return i, total


def counts_down_by(start, stop):
    i = start
    turns = 0
    while i >= stop:
        turns += 1
        i -= 7
    return i, turns


def counts_up_by(start, stop):
    i = start
    last = 0
    while i < stop:
        last = i
        i += 3
    return i, last


def counts_two_ways(n):
    i = n
    j = 0
    while i > j:
        i -= 1
        if i % 3 == 0:
            continue
        j += 1
    return i, j


def counts_down_to_what(a, x):
    j = len(a) - 1
    while j >= 0 and a[j] > x:
        a[j] = -a[j]
        j -= 1
    return j


def leaves_the_outer(a, n):
    turns = 0
    for k in range(n):
        j = len(a)
        while j > 0:
            j -= 1
            turns += 1
            if a[j] == k:
                break
        else:
            return k, turns
    return -1, turns


def digits(n):
    total = 0
    while n > 0:
        total += n % 10
        n //= 10
    return total


def halvings(n):
    steps = 0
    while n != 0 and steps < 70:
        n >>= 1
        steps += 1
    return n, steps


def bits(values):
    total = 0
    for k in range(len(values)):
        v = values[k]
        while v:
            v &= v - 1
            total += 1
    return total


def doubles(root, end):
    path = 0
    while 2 * root + 1 < end:
        root = 2 * root + 1 + (root & 1)
        path += 1
        if path > 70:
            break
    return root, path


def divisor(a, b):
    while b:
        a, b = b, a % b
    return a


def first_not_below(a, x):
    low = 0
    high = len(a)
    while low < high:
        middle = (low + high) // 2
        if a[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low


def place_of(a, x):
    low = 0
    high = len(a) - 1
    while low <= high:
        middle = low + (high - low) // 2
        if a[middle] == x:
            return middle
        if a[middle] < x:
            low = middle + 1
        else:
            high = middle - 1
    return -1


def never_closes(low, high):
    """The middle is never left behind."""
    turns = 0
    while low < high and turns < 100:
        low = (low + high) // 2
        turns += 1
    return low, high, turns


def found(a, k, x):
    while a[k] != x:
        k += 1
    a[k] += 10
    return k, a[k], a[k] - x


def found_or_end(a, x, y):
    k = 0
    while a[k] != x:
        if a[k] == y:
            break
        a[k] = 0
        k += 1
    return k, a[k], a[k] == x


def partition(a, low, high):
    pivot = a[(low + high) // 2]
    i = low
    j = high
    while i <= j:
        while a[i] < pivot:
            i += 1
        while a[j] > pivot:
            j -= 1
        if i <= j:
            a[i], a[j] = a[j], a[i]
            i += 1
            j -= 1
    return i, j


def probes(keys, table):
    mask = len(table) - 1
    distinct = 0
    for i in range(len(keys)):
        key = keys[i]
        slot = (key * 7) & mask
        while table[slot] != 0 and table[slot] != key:
            slot = (slot + 1) & mask
        if table[slot] == 0:
            table[slot] = key
            distinct += 1
    return distinct


def run_lengths(a, values, lengths):
    count = 0
    i = 0
    while i < len(a):
        j = i + 1
        while j < len(a) and a[j] == a[i]:
            j += 1
        values[count] = a[i]
        lengths[count] = j - i
        count += 1
        i = j
    return count


def scans_down(a, k, x):
    while a[k] != x:
        k -= 1
    return k, a[k]


def scans_by_two(a, k, x):
    while a[k] + a[k + 1] < x:
        k += 2
    return k


def moves_up(a, k, x):
    """An insertion: what stands from `k` on may lie beyond the end."""
    while k > 0 and a[k - 1] > x:
        a[k] = a[k - 1]
        k -= 1
    a[k] = x
    return k


def moves_up_to(a, k, least):
    while k >= least:
        a[k + 1] = a[k - 1]
        k -= 1
    return k


def moves_down(a, b, k, most):
    """Two lengths, and an index with a constant."""
    while k <= most:
        a[k] = b[k + 2]
        k += 1
    return k


def fills_backwards(a, k):
    turns = 0
    while True:
        if a[k] == 7:
            break
        a[k] = turns
        if turns % 3 == 0:
            a[k - 1] += 1
        k -= 1
        turns += 1
    return k, turns


def counts_from_zero(a, b, x):
    k = 0
    total = 0
    while a[k] != x:
        total += b[k]
        k += 1
    return k, total


def up_to_zero_beyond(a, x):
    """The check stands in an arm that most iterations do not take."""
    k = -len(a)
    sum = 0
    while k < 5:
        if k % 4 == x:
            sum += int(a[k])
        k += 1
    return sum


def rolling_median(a, window, ordered, out):
    for i in range(len(a)):
        filled = min(i, window)
        if i >= window:
            gone = a[i - window]
            k = 0
            while ordered[k] != gone:
                k += 1
            while k < window - 1:
                ordered[k] = ordered[k + 1]
                k += 1
            filled = window - 1
        k = filled
        while k > 0 and ordered[k - 1] > a[i]:
            ordered[k] = ordered[k - 1]
            k -= 1
        ordered[k] = a[i]
        filled += 1
        out[i] = ordered[filled // 2]


def masked(a, table, mask):
    for i in range(len(a)):
        table[a[i] & mask] += 1


def masked_by_length(a, table):
    total = 0
    mask = len(table) - 1
    for i in range(len(a)):
        total = total * 3 + table[(a[i] * 5) & mask]
    return total


def counted_by_rest(a, table, places):
    for i in range(len(a)):
        table[a[i] % places] += i


def walks(a, table, mask, most):
    """Two ways to the next place."""
    steps = 0
    for i in range(len(a)):
        place = a[i] & mask
        while table[place] != 0 and steps < most:
            steps += 1
            if table[place] < 0:
                place = (place + 3) & mask
                continue
            place = (place + 1) & mask
        table[place] = a[i]
    return steps


LONG = np.arange(50_000)
NUMBERS = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3])
SORTED = np.array([0.5, 1.5, 1.5, 2.5, 9.0])
NO_INTS, NO_FLOATS = np.zeros(0, np.int64), np.zeros(0)

CASES = [
    (counts_down, [(5, 0), (0, 5), (3, 3), (40_000, -10), (16384, 0), (16385, 0), (FEWEST + 5, FEWEST), (FEWEST, FEWEST), (2**63 - 1, 2**63 - 20_000)]),
    (counts_down_by, [(20, 0), (0, 0), (-1, 0), (300_000, 1), (FEWEST + 30, FEWEST + 9), (FEWEST + 3, FEWEST)]),
    (counts_up_by, [(0, 10), (10, 0), (-50_000, 50_000), (2**63 - 10, 2**63 - 5), (2**63 - 4, 2**63 - 1)]),
    (counts_two_ways, [(0,), (1,), (100,), (70_000,)]),
    (counts_down_to_what, [(NUMBERS, 0), (NUMBERS, 3), (NUMBERS[::-1], 3), (NO_INTS, 1), (NUMBERS[:1], 0), (np.array([1.0, np.nan, 2.0, np.inf]), 0.0), (np.ones(20_000), 0.5)]),
    (leaves_the_outer, [(NUMBERS, 12), (NO_INTS, 2), (NUMBERS, 0), (np.arange(30), 20)]),
    (digits, [(0,), (7,), (-7,), (1234567890123456789,), (2**63 - 1,), (FEWEST,)]),
    (halvings, [(0,), (1,), (-1,), (2**62,), (FEWEST,), (2**63 - 1,)]),
    (bits, [(np.array([0, 1, -1, 2**62, FEWEST, 2**63 - 1]),), (NO_INTS,), (np.array([255, 0, 1], np.uint8),)]),
    (doubles, [(0, 100), (0, 0), (1, 2**62), (-1, 100), (-5, 100), (5, 3), (2**61, 2**63 - 1)]),
    (divisor, [(12, 18), (0, 0), (7, 0), (0, 7), (-12, 18), (12, -18), (7540113804746346429, 4660046610375530309)]),
    (first_not_below, [(SORTED, x) for x in (0.0, 0.5, 1.5, 2.0, 10.0, float("nan"))] + [(NO_FLOATS, 1.0), (SORTED[:1], 1.0), (SORTED[::2], 1.5)]),
    (place_of, [(SORTED, x) for x in (0.0, 0.5, 1.5, 2.0, 10.0)] + [(NO_FLOATS, 1.0)]),
    (never_closes, [(0, 1), (0, 0), (3, 100), (-7, -1)]),
    (found, [(NUMBERS, 0, 9), (NUMBERS, -3, 5), (NUMBERS, -10, 3), (NUMBERS, 0, 7), (NUMBERS, 10, 3), (NUMBERS, -11, 3), (NO_INTS, 0, 1), (NUMBERS[::-2], 0, 1)]),
    (found_or_end, [(NUMBERS, 9, 4), (NUMBERS, 4, 9), (NUMBERS, 3, 3), (NUMBERS, 7, 8), (NO_INTS, 1, 1)]),
    (partition, [(NUMBERS, 0, 9), (NUMBERS, 2, 5), (NUMBERS, -10, -1), (NUMBERS, -3, 2), (NUMBERS, 0, 0), (NUMBERS, 0, 10), (NO_INTS, 0, 0), (np.array([1.0, np.nan, 2.0]), 0, 2)]),
    (scans_down, [(NUMBERS, 9, 9), (NUMBERS, 2, 5), (NUMBERS, 9, 7), (NUMBERS, -1, 3), (NUMBERS, 10, 3), (NUMBERS, -11, 3), (NO_INTS, 0, 1), (NUMBERS[::-2], 0, 1), (LONG, 49_999, 3), (LONG, 10, 40_000), (LONG, -1, -1)]),
    (scans_by_two, [(NUMBERS, 0, 13), (NUMBERS, 1, 11), (NUMBERS, -6, 7), (NUMBERS, -10, 50), (NUMBERS, 0, 50), (NUMBERS, -11, 0), (NO_INTS, 0, 1), (LONG, 0, 80_001), (LONG, 0, 10**9)]),
    (moves_up, [(SORTED.copy(), k, x) for k in (0, 4, 5, 6, -1) for x in (0.0, 2.0, float("nan"))] + [(NO_FLOATS, 0, 1.0), (NO_FLOATS, 1, 1.0), (LONG + 1, 49_999, 0), (LONG + 1, 50_000, 0), (LONG + 1, 20_000, 3)]),
    (moves_up_to, [(NUMBERS, 8, 1), (NUMBERS, 9, 1), (NUMBERS, 8, 0), (NUMBERS, 8, -3), (NUMBERS, 5, -30), (NUMBERS, 3, 4), (LONG, 49_998, 1), (LONG, 49_998, -60_000)]),
    (moves_down, [(NUMBERS, LONG, 0, 9), (NUMBERS, LONG, 0, 10), (LONG, NUMBERS, 0, 7), (LONG, NUMBERS, 0, 8), (NUMBERS, LONG, -10, 5), (NUMBERS, NUMBERS[::2], -4, 20), (LONG.copy(), LONG, 3, 49_997), (LONG.copy(), LONG, 3, 2**63 - 2), (NO_INTS, LONG, 0, 0)]),
    (fills_backwards, [(NUMBERS, 9), (np.array([7, 0, 0, 0]), 3), (np.array([0, 0, 7, 0]), 1), (np.zeros(5), 4), (NO_INTS, 0), (np.array([1, 2, 3]), 5), (np.concatenate([[7], LONG * 0]), 49_000)]),
    (counts_from_zero, [(NUMBERS, NUMBERS, 9), (NUMBERS, NUMBERS[:4], 9), (NUMBERS[:4], NUMBERS, 9), (LONG, LONG, 40_000), (LONG, LONG, -1), (NO_INTS, NUMBERS, 1)]),
    (up_to_zero_beyond, [(NUMBERS, 0), (NUMBERS[:3], 0), (NUMBERS[:3], 3), (NUMBERS[:3], 9), (NO_INTS, 1), (LONG, 2)]),
    (rolling_median, [(np.array([3.0, 1.0, 2.0, 9.0, 4.0, 4.0, 0.0]), window, np.zeros(size), np.zeros(7)) for window, size in ((3, 3), (3, 2), (1, 1), (4, 9), (0, 3), (9, 7), (9, 6), (-2, 3))]),
    (masked, [(NUMBERS, np.zeros(size), mask) for size, mask in ((16, 15), (4, 3), (4, 15), (8, 7), (0, 0), (1, 0), (16, -1), (16, -9), (8, -(2**63)))] + [(-NUMBERS, np.zeros(16), 15), (-NUMBERS, np.zeros(16), -1), (NO_INTS, NO_FLOATS, 3)]),
    (masked_by_length, [(NUMBERS, NUMBERS[:size].copy()) for size in (0, 1, 2, 7, 8)] + [(-NUMBERS, NUMBERS[::-1]), (NO_INTS, NO_INTS)]),
    (counted_by_rest, [(sign * NUMBERS, np.zeros(size), places) for sign in (1, -1) for size, places in ((8, 8), (4, 8), (16, 5), (1, 1), (0, 1), (8, 0), (8, -3), (8, -9))]),
    (walks, [(NUMBERS, np.array(table), mask, 50) for table in ([0] * 8, [1, -1, 0, 3, -2, 0, 0, 0], [1] * 8, [0, 0], [], [5, -5, 5, 5]) for mask in (7, 3, 0, -1)]),
    (probes, [(NUMBERS, np.zeros(16, np.int64)), (NUMBERS, np.zeros(8, np.int64)), (NUMBERS, NO_INTS), (NO_INTS, NO_INTS), (-NUMBERS, np.zeros(16, np.int64))]),
    (run_lengths, [(np.array([1, 1, 2, 3, 3, 3]), np.zeros(6, np.int64), np.zeros(6, np.int64)), (NO_INTS, NO_INTS, NO_INTS), (NUMBERS, np.zeros(3, np.int64), np.zeros(9, np.int64)), (NUMBERS, np.zeros(9, np.int64), NO_INTS)]),
]
