"""Arrays that the iterations of prange combine into: whole, element by element, with errors."""

import numpy as np

from fastjit import prange


def columns(a):
    total = np.zeros(a.shape[1], a.dtype)
    for i in prange(a.shape[0]):
        total += a[i]
    return total


def columns_of_argument(a, total):
    for i in prange(a.shape[0]):
        if a[i, 0] > 1:
            total -= a[i]
    return 0


def products(a):
    total = np.ones(a.shape[1], np.int64)
    for i in prange(a.shape[0]):
        total *= a[i]
    return total


def matrix(a, n):
    total = np.zeros((2, a.shape[1]), np.int64)
    count = 0
    for i in prange(n, 0, -3):
        total += a[i % a.shape[0]] * i
        count += 1
    return total, count


def histogram(values, n):
    counts = np.zeros(n, np.int64)
    for i in prange(len(values)):
        counts[values[i]] += 1
    return counts


def histogram_of_two(values, counts, sums):
    for i in prange(len(values)):
        k = values[i]
        if k >= 0:
            counts[k] += 1
            sums[k, 0] += i
            for j in range(i):
                sums[j % 2, 1] -= 1
    return 0


def bits(values, out):
    for i in prange(len(values)):
        out[values[i] % 2] ^= values[i]
    return 0


def flags(values, out):
    for i in prange(len(values)):
        out[values[i] % 3] |= values[i] > 2
    return 0


def own_places(values, out):
    for i in prange(len(values)):
        out[i] += values[i]
        out[i] *= 2
    return 0


def shifted_places(values, out):
    for i in prange(len(values) - 1):
        out[i + 1] += values[i]
    return 0


def read_too(values, out):
    for i in prange(len(values)):
        out[values[i] % 2] += values[i]
        out[2] = out[0] * 2 + i
    return 0


def two_operations(values, out):
    for i in prange(len(values)):
        out[values[i] % 2] += i
        out[values[i] % 2] *= 3
    return 0


def with_others(a):
    total = np.zeros(a.shape[1], np.int64)
    out = np.zeros(a.shape[0], np.int64)
    best = 0
    for i in prange(a.shape[0]):
        row = a[i] * 2
        total += row
        out[i] = row.sum()
        best = max(best, row[0])
    return total, out, best


def nested(a):
    total = np.zeros(a.shape[1], np.int64)
    for i in prange(a.shape[0]):
        for j in prange(a.shape[1]):
            total[j] += a[i, j]
    return total


def in_helper(a, n):
    t = np.zeros(a.shape[1], np.int64)
    for k in range(n):
        t += columns(a)
    return t


def reads_alias(values, out, view):
    for i in prange(len(values)):
        out[values[i] % 3] += view[i % 3] + values[i]
    return 0


def rows_of_itself(a, total):
    for i in prange(a.shape[0]):
        total += a[i]
    return 0


def view_inside_function(a):
    total = np.zeros(6, np.int64)
    first = total[:3]
    seen = 0
    for i in prange(a.shape[0]):
        total[a[i, 0] % 6] += i
        seen += first[i % 3]
    return total, seen


def two_of_one(values, first, second):
    for i in prange(len(values)):
        first[values[i] % 2] += 1
        second[values[i] % 3] += 2
    return 0


def writes_alias(values, out, other):
    for i in prange(len(values)):
        other[i % 2] = i
        out[values[i] % 3] += values[i]
    return 0


def in_a_pair(values, out, pair):
    for i in prange(len(values)):
        out[values[i] % 3] += pair[1][i % 3] * pair[0]
    return 0


def after_a_store(values, out, view):
    out[0] = 5
    for i in prange(len(values)):
        out[values[i] % 3] += view[i % 3] + 1
    return out.sum()


def again_and_again(values, out, view):
    seen = 0
    for t in range(3):
        for i in prange(len(values)):
            out[values[i] % 3] += view[i % 3] + t
            seen += i
        last = t
    return seen, last


def reads_through_helper(values, k):
    return values[k % 3]


def calls_reader(values, out, view):
    for i in prange(len(values)):
        out[values[i] % 3] += reads_through_helper(view, i)
    return 0


TABLE = np.arange(3, dtype=np.int64)


def reads_table(k):
    return TABLE[k % 3]


def calls_reader_of_global(values, n):
    total = TABLE[:2]
    for i in prange(n):
        total[i % 2] += reads_table(i)
    result = total.copy()
    for i in range(2):
        total[i] = i
    return result


def captured(values, out, view):
    def at(k):
        return view[k % 3]

    for i in prange(len(values)):
        out[values[i] % 3] += at(i)
    return 0


def maybe_unassigned(values, out, n):
    if n > 1:
        view = out[1:]
    for i in prange(len(values)):
        if n > 0:
            out[values[i] % 3] += view[0]
        else:
            out[0] += 1
    return 0


def largest(a, high):
    for i in prange(len(a)):
        if a[i] > high:
            high = a[i]
    return high


def smallest_mirrored(a, low):
    for i in prange(len(a)):
        if low > a[i]:
            low = a[i]
    return low


def first_of_largest(a, high):
    at = -1
    for i in prange(len(a)):
        v = a[i]
        if v > high:
            at = i
            high = v
    return high, at


def first_of_smallest(a, low):
    row, column = -1, -1
    for i in prange(a.shape[0]):
        for j in range(a.shape[1]):
            if a[i, j] < low:
                low = a[i, j]
                row = i
                column = j
    return low, row, column


def place_of_largest(a):
    at, high = 0, a[0]
    for i in prange(1, len(a)):
        if high < a[i]:
            high, at = a[i], i
    return at


def equals_too(a, high):
    for i in prange(len(a)):
        if a[i] >= high:
            high = a[i]
    return high


def of_some(a, high):
    count = 0
    for i in prange(len(a)):
        if i % 3 == 0:
            x = abs(a[i])
            if x > high:
                high = x
        else:
            count += 1
    return high, count


def both_ends(a, low, high):
    for i in prange(len(a)):
        if np.abs(a[i]) > high:
            high = np.abs(a[i])
        if a[i] < low:
            low = a[i]
    return low, high


def by_max(a, high):
    for i in prange(len(a)):
        high = max(high, a[i])
    return high


def by_min(a, low):
    for i in prange(len(a)):
        low = min(low, a[i])
    return low


def max_kept(a, high):
    for i in prange(len(a)):
        high = max(a[i], high)
    return high


def along_complex(a, z):
    best = a[0]
    for i in prange(len(a)):
        if a[i] < best:
            best = a[i]
            z = complex(i, float(a[i]))
    return best, z


def lowest(a, low):
    for i in prange(a.shape[0]):
        low = np.minimum(low, a[i])
    return low


def lowest_mirrored(a, low):
    for i in prange(a.shape[0]):
        low = np.minimum(a[i], low)
    return low


def lowest_both_ways(a, low):
    for i in prange(a.shape[0]):
        low = np.minimum(a[i], low)
        low = np.minimum(low, a[i, ::-1])
    return low


def bounds_of_columns(a):
    low = a[0]
    high = a[0].copy()
    for i in prange(1, a.shape[0]):
        low = np.minimum(low, a[i])
        if a[i, 0] >= 0:
            high = np.maximum(high, a[i])
    return low, high


def lowest_of_numbers(values, n):
    low = np.full(n, 99)
    for i in prange(len(values)):
        low = np.minimum(low, values[i])
    return low


def lowest_of_another_type(a, low):
    for i in prange(a.shape[0]):
        low = np.minimum(low, a[i])
    return low


def lowest_and_total(a, total):
    low = total
    for i in prange(a.shape[0]):
        low = np.minimum(low, a[i])
        total += a[i]
    return low, total


def lowest_after_a_store(a, low, out):
    out[0] = 1
    for i in prange(a.shape[0]):
        low = np.minimum(low, a[i])
    return low


def highest_by_group(groups, values, high):
    for i in prange(len(groups)):
        high[groups[i] % len(high)] = max(high[groups[i] % len(high)], values[i])
    return 0


def highest_by_group_mirrored(groups, values, high):
    for i in prange(len(groups)):
        k = groups[i] % len(high)
        high[k] = max(values[i], high[k])
    return 0


def lowest_by_group(groups, values, low):
    for i in prange(len(groups)):
        k = groups[i] % len(low)
        low[k] = min(low[k], values[i])
    return 0


def maximum_by_group(groups, values, high):
    for i in prange(len(groups)):
        k = groups[i] % len(high)
        high[k] = np.maximum(high[k], values[i])
    return 0


def maximum_by_group_mirrored(groups, values, high):
    for i in prange(len(groups)):
        k = groups[i] % len(high)
        high[k] = np.maximum(values[i], high[k])
    return 0


def maximum_at_own_place(values, high):
    for i in prange(len(values)):
        high[i] = max(high[i], values[i])
    return 0


def by_minimum(a, low):
    for i in prange(len(a)):
        low = np.minimum(low, a[i])
    return low


def by_minimum_mirrored(a, low):
    for i in prange(len(a)):
        low = np.minimum(a[i], low)
    return low


def by_maximum_both_ways(a, high):
    for i in prange(len(a)):
        high = np.maximum(a[i], high)
        high = np.maximum(high, a[i])
    return high


def scaled(z):
    product = 1 + 0j
    for i in prange(len(z)):
        product *= z[i]
    return product


SMALL = np.arange(12, dtype=np.int64).reshape(4, 3)
BIG = np.arange(300, dtype=np.int64).reshape(100, 3) % 17
VALUES = np.arange(1000, dtype=np.int64) * 7 % 13


def overlapping():
    """Three elements and three more: the same, backwards, shifted by one, behind, and in an array of their own."""
    values, base = VALUES[:300] % 5, np.arange(6)
    first = base[:3]
    return [(values, first, second) for second in (first, first[::-1], base[1:4], base[3:], np.ones(3, np.int64))]


def runs(dtype):
    """Numbers with ties, nan, infinities and zeros of both signs, and what to start with."""
    kind = np.dtype(dtype).kind
    rng = np.random.default_rng(7)
    if kind != "f":
        info = np.iinfo(dtype)
        some = rng.integers(0, 50, 5000).astype(dtype)
        ends = np.array([info.min, info.max, 3, info.max, info.min], dtype)
        return [(a, dtype(start)) for a in (some, ends, ends[:1], some[:0]) for start in (info.min, 7, info.max)]
    some = rng.integers(-50, 50, 5000).astype(dtype)
    holes = some.copy()
    holes[::7] = np.nan
    holes[-1] = np.nan
    zeros = np.where(rng.integers(0, 2, 3000) > 0, dtype(0.0), dtype(-0.0)).astype(dtype)
    ends = np.array([np.inf, -np.inf, np.nan, -np.inf, np.inf, 0.0, -0.0], dtype)
    starts = [dtype(x) for x in (-np.inf, np.inf, np.nan, 0.0, -0.0, 13.0)]
    arrays = [some, holes, zeros, ends, ends[1:2], some[:0], holes[::-3]]
    return [(a, start) for a in arrays for start in starts]


def rows(dtype):
    """The numbers of `runs` as rows of three, with rows to start with."""
    for a, start in runs(dtype):
        if len(a) >= 3:
            yield a[: len(a) // 3 * 3].reshape(-1, 3), np.full(3, start)


def groups(dtype):
    """The numbers of `runs` with the group of each, and what a group starts with."""
    for a, start in runs(dtype):
        for n in (1, 3, 5000):
            yield np.arange(len(a)) * 7 % 13, a, np.full(n, start)


READ_ONLY = np.arange(12.0)[::-1].reshape(4, 3)
READ_ONLY.flags.writeable = False
FLOATS, INTS = runs(np.float64), runs(np.int64)
EXTREMES = FLOATS + INTS + runs(np.float32) + runs(np.uint8)

CASES = [
    (columns, [(SMALL,), (BIG,), (SMALL[:0],), (BIG[::-2, ::-1],), (BIG.astype(np.float64),), (SMALL > 3,)]),
    (columns, [(np.zeros((5, 0)),), (np.full((3, 2), -0.0),), (BIG.astype(np.int8),), (BIG * (1 + 2j),)]),
    (columns_of_argument, [(SMALL, np.zeros(3, np.int64)), (BIG, np.arange(3.0)), (BIG, np.zeros((2, 3))[:, ::-1])]),
    (columns_of_argument, [(SMALL, np.zeros(2)), (SMALL, np.zeros(3, np.int8))]),
    (products, [(SMALL + 1,), (BIG + 2,)]),
    (matrix, [(SMALL, 50), (SMALL, 0), (SMALL, 2), (BIG, 400)]),
    (histogram, [(VALUES, 13), (VALUES, 5), (VALUES[:0], 3), (VALUES - 3, 13), (VALUES - 20, 13)]),
    (histogram_of_two, [(VALUES[:200], np.zeros(13, np.int64), np.zeros((13, 2), np.int64))]),
    (bits, [(VALUES, np.zeros(2, np.int64)), (VALUES[:1], np.ones(2, np.int64))]),
    (flags, [(VALUES, np.zeros(3, bool)), (VALUES[:2], np.zeros(3, bool))]),
    (own_places, [(VALUES, np.ones(1000, np.int64))]),
    (shifted_places, [(VALUES, np.ones(1000, np.int64))]),
    (read_too, [(VALUES, np.ones(3, np.int64))]),
    (two_operations, [(VALUES[:30], np.ones(2, np.int64))]),
    (with_others, [(SMALL,), (BIG,)]),
    (nested, [(SMALL,), (BIG,)]),
    (in_helper, [(BIG, 3), (BIG, 0)]),
    (reads_alias, overlapping()),
    (rows_of_itself, [(SMALL, SMALL[1]), (BIG[1:], BIG[0]), (BIG, BIG[:3, 1]), (SMALL, np.ones(3, np.int64))]),
    (view_inside_function, [(SMALL,), (BIG,)]),
    (two_of_one, overlapping()),
    (writes_alias, overlapping()),
    (in_a_pair, [(values, first, (2, second)) for values, first, second in overlapping()]),
    (after_a_store, overlapping()),
    (again_and_again, overlapping()),
    (calls_reader, overlapping()),
    (calls_reader_of_global, [(VALUES, 40)]),
    (captured, overlapping()),
    (maybe_unassigned, [(VALUES, np.ones(3, np.int64), n) for n in (0, 1, 2)]),
    (largest, EXTREMES),
    (smallest_mirrored, EXTREMES),
    (first_of_largest, EXTREMES),
    (first_of_smallest, [(a.reshape(-1, 1), start) for a, start in EXTREMES]),
    (first_of_smallest, [(FLOATS[0][0].reshape(50, 100).T, np.float64(9)), (INTS[0][0].reshape(50, 100), np.int64(60))]),
    (place_of_largest, [(a,) for a, _ in EXTREMES]),
    (equals_too, EXTREMES),
    (of_some, FLOATS + INTS),
    (both_ends, [(a, -start, start) for a, start in FLOATS]),
    (by_max, EXTREMES),
    (by_min, EXTREMES),
    (max_kept, EXTREMES),
    (along_complex, [(a, 1j) for a, _ in EXTREMES]),
    (largest, [(FLOATS[0][0], -1.0)]),
    *[
        (function, [(a, low) for dtype in (np.float64, np.float32, np.int64, np.uint8) for a, low in rows(dtype)])
        for function in (lowest, lowest_mirrored, lowest_both_ways)
    ],
    (lowest, [(BIG > 7, np.ones(3, bool)), (BIG, BIG[3]), (READ_ONLY, READ_ONLY[0]), (READ_ONLY.T, READ_ONLY[:, 0])]),
    (lowest, [(READ_ONLY[::-1, ::-1], READ_ONLY[2, ::-1]), (READ_ONLY[:0], READ_ONLY[0]), (READ_ONLY, np.ones((2, 3)))]),
    (lowest, [(np.zeros((9, 0)), np.zeros(0)), (READ_ONLY[:, :1], np.zeros(3))]),
    (lowest, [(READ_ONLY, np.ones(2)), (BIG[:, :2], BIG[0])]),
    (lowest_after_a_store, [(READ_ONLY, np.ones(3), np.zeros(1)), (READ_ONLY, np.ones(2), np.zeros(1))]),
    (bounds_of_columns, [(SMALL,), (BIG,), (BIG[::-1, ::-1],), (READ_ONLY,), (FLOATS[1][0][:999].reshape(-1, 9),)]),
    (bounds_of_columns, [(SMALL[:1],)]),
    (lowest_of_numbers, [(VALUES, 4), (VALUES[:0], 4), (VALUES, 0)]),
    (lowest_and_total, [(BIG, np.full(3, 5)), (BIG, BIG[0]), (READ_ONLY, np.zeros((2, 3)))]),
    *[
        (function, [case for dtype in (np.float64, np.int64, np.float32) for case in groups(dtype)])
        for function in (
            highest_by_group,
            highest_by_group_mirrored,
            lowest_by_group,
            maximum_by_group,
            maximum_by_group_mirrored,
        )
    ],
    (highest_by_group, [(VALUES, VALUES.astype(np.uint8), np.zeros(5, np.uint8)), (VALUES, VALUES, np.zeros(3))]),
    (maximum_at_own_place, [(VALUES, np.full(1000, 5)), (VALUES, np.full(10, 5))]),
    (by_minimum, EXTREMES),
    (by_minimum_mirrored, EXTREMES),
    (by_maximum_both_ways, EXTREMES),
    (scaled, [(np.arange(5) * 1j,), (np.zeros(0, complex),)]),
]
