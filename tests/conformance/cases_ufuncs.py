"""Methods of ufuncs, functions with several results, and what is evaluated although it is not chosen.

Special floats, every kind of integer, empty arrays, other axes and layouts, places out of bounds; powers and
divisions that raise in the arm that is not taken; messages with formats.
"""

import numpy as np

FLOATS = np.array([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 5e-324, 1e308, 1.7976931348623157e308, -1.7976931348623157e308, 2.2250738585072014e-308, 0.3, -3.7, 1e-310])
SINGLES = np.array([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 1e-45, 1e38, 3.4028235e38, -3.4028235e38, 1.1754944e-38, 0.3, -3.7, 1e-40], np.float32)
INTS = np.array([3, -2, 5, 0, 120, -7])
CUBE = np.arange(24).reshape(2, 3, 4) % 7 - 2
ARRAYS = [INTS, INTS[::-2], INTS[:0], INTS > 0, INTS.astype(np.int8), INTS.astype(np.uint8), CUBE, np.asfortranarray(CUBE), CUBE.transpose(2, 0, 1), CUBE[:0]]
REALS = [FLOATS[:7], FLOATS[2:4], SINGLES[:7], CUBE.astype(np.float64), CUBE.astype(np.float64)[:, ::-1], FLOATS[:0]]


def sums(a):
    return np.add.reduce(a), np.add.reduce(a, axis=-1), np.add.reduce(a, -1, keepdims=True), np.multiply.reduce(a)


def running_sums(a):
    return np.add.accumulate(a), np.add.accumulate(a, -1), np.multiply.accumulate(a, axis=0)


def extremes(a):
    return np.minimum.reduce(a), np.maximum.reduce(a, axis=-1), np.fmin.reduce(a), np.fmax.reduce(a)


def running_extremes(a):
    return np.minimum.accumulate(a), np.maximum.accumulate(a, -1), np.fmin.accumulate(a), np.fmax.accumulate(a)


def truths(a):
    return np.logical_and.reduce(a), np.logical_or.reduce(a, -1), np.logical_and.accumulate(a), np.logical_or.accumulate(a)


def bits(a):
    return np.bitwise_and.reduce(a), np.bitwise_or.reduce(a, axis=-1), np.bitwise_xor.reduce(a), np.bitwise_or.accumulate(a)


def differences(a):
    return np.subtract.accumulate(a, axis=-1)


def outer(a, b):
    return np.subtract.outer(a, b), np.multiply.outer(a, b), np.maximum.outer(a, b), np.less.outer(a, b)


def added_at(a, k, x):
    np.add.at(a, k, x)
    np.maximum.at(a, k, 1)
    return a


def scaled_at(a, k, x):
    np.multiply.at(a, k, x)
    np.subtract.at(a, k, x)
    return a


def parts(x):
    return np.modf(x), np.frexp(x), np.spacing(x)


def scaled(x, k):
    return np.ldexp(x, k)


def pairs(a, b):
    return np.divmod(a, b)


def clipped(a, low):
    return np.clip(a, low, None), np.clip(a, None, low), np.clip(a, None, None)


def power_or_zero(a, b):
    return np.where(b >= 0, a**b, 0)


def quotient_or_zero(a, b):
    return np.where(b != 0, a // b, 0)


def into_read_only(a, b):
    a += b
    return a


def element_of_read_only(a, b):
    a[0] = b[5]
    return a


def declared(n):
    total: int
    unused: float
    for i in range(n):
        total = i
    return total


def formatted(x, n):
    raise ValueError(f"{x:.3f} {x:e} {x!r:>12} {x!s} {x:%}|{n:5d}|{n:<6}|{n:>+8,}|{n:x}|{{{n:03d}}}")


def formatted_single(x, n):
    assert n < 0, f"{x:.3f}: {n:b}"


def wrong_format(x):
    raise ValueError(f"{x:d}")


PLACES = [np.array(k) for k in ([0, 1, 1, -1], [0, 5], [0, -6], [2, 2])] + [np.zeros(0, np.int64), np.array([1, 1], np.uint8)]

CASES = [
    *((f, [(a,) for a in ARRAYS + REALS]) for f in (sums, running_sums, truths)),
    (extremes, [(a,) for a in ARRAYS + REALS]),
    (running_extremes, [(a,) for a in ARRAYS + REALS]),
    (bits, [(a,) for a in ARRAYS]),
    (differences, [(a,) for a in ARRAYS + REALS]),
    (outer, [(a, b) for a in (INTS, FLOATS[:4], CUBE) for b in (INTS.astype(np.int8), 2.5, CUBE[0])]),
    *((f, [(np.arange(5.0)[::s], k, x) for s in (1, -1) for k in PLACES for x in (2, 2.5, np.array([3.0]), np.arange(len(k)), np.zeros(9))]) for f in (added_at, scaled_at)),
    (added_at, [(np.arange(6.0).reshape(3, 2), k, x) for k in ((np.array([0, 1, 1]), np.array([1, 1, 1])), (np.array([0, 1, 2]), np.array([1, 1, 2])), np.array([0, 2, 2])) for x in (1.5, np.array([1.0, 2.0]) if isinstance(k, np.ndarray) else np.arange(3.0))]),
    (added_at, [(np.arange(5, dtype=t), np.array([0, 1, 1]), x) for t in (np.uint8, np.int32) for x in (1, 300, -1)]),
    (parts, [(x,) for x in (FLOATS, SINGLES, FLOATS[::-2], FLOATS.reshape(3, 5), np.arange(3), 3, 2.5, np.float32(0.1), np.array(2.5))]),
    (scaled, [(x, k) for x in (FLOATS, SINGLES, 2.5) for k in (0, 1, -1, -1074, -1080, 2000, -3000, np.int64(3), np.int8(-3))] + [(FLOATS, np.arange(-7, 8) * 200), (1.5, np.arange(3))]),
    (pairs, [(3, 2), (7, 0), (3.5, 2), (True, True), (INTS, 3), (INTS, 0), (np.int8(7), 3), (3, np.uint8(2)), (FLOATS, 2.0)]),
    (clipped, [(a, low) for a in (FLOATS, SINGLES, FLOATS[::-1], INTS) for low in (0, 0.0, -0.0, a[::-1])]),
    (power_or_zero, [(INTS, INTS[::-1]), (INTS, np.arange(6)), (3, -1), (np.int64(3), np.int64(-1)), (INTS, 2), (INTS, -1)]),
    (quotient_or_zero, [(3, 0), (3, 2), (INTS, 0), (INTS, INTS)]),
    (declared, [(0,), (3,)]),
    (formatted, [(x, n) for x in (1.23456, -0.0, float("nan"), 1e300) for n in (42, -7, 0)]),
    (formatted_single, [(x, n) for x in (np.float32(0.1), np.float64(2.5)) for n in (np.uint8(7), np.int16(3), 5)]),
    (wrong_format, [(1.5,), (2,)]),
]


def read_only(a):
    a = a.copy()
    a.flags.writeable = False
    return a


CASES += [(f, [(read_only(INTS), INTS), (read_only(INTS), INTS[:3]), (INTS, INTS)]) for f in (into_read_only, element_of_read_only)]


def star(first, *rest):
    total = first
    for x in rest:
        total += x
    return total, len(rest), rest


def only_star(*arrays):
    return arrays


def star_and_keyword(a, b=2, *rest, scale=3):
    return (a + b + len(rest)) * scale


def bits_of(a):
    seen = a.view(np.int64)
    seen[0] ^= 1
    return seen, a.view(np.uint64) >> np.uint64(52), a[1].view(np.int64)


def flat(a, k, x):
    total = 0.0
    for value in a.flat:
        total += value
    a.flat[k] = x
    a.flat[0] += 1.0
    return total, a.flat[k], a.flat[1:3].sum()


def places(a):
    return a.argsort(kind="stable"), np.argsort(a, axis=-1)


def places_of_columns(a):
    return np.argsort(a, axis=0), a.argsort(1, kind="stable")


CASES += [
    (star, [(1,), (1, 2), (1, 2, 3), (1.5, 2.5), (np.int8(3), np.int8(100))]),
    (only_star, [(), (INTS,), (INTS, FLOATS, 2)]),
    (star_and_keyword, [(1,), (1, 5), (1, 5, 7, 8)]),
    (bits_of, [(FLOATS,), (FLOATS[::-1],), (np.arange(5),), (FLOATS.reshape(3, 5)[0],)]),
    (flat, [(a, k, 2.5) for a in (np.arange(12.0).reshape(3, 4), np.arange(12.0)[::-2], np.arange(24.0).reshape(2, 3, 4)) for k in (0, 5, -1)]),
    (places, [(a,) for a in (np.array([3, 1, 2, 1]), np.array([np.nan, 1.0, -np.inf]), np.zeros(0), (CUBE * 7 + np.arange(24).reshape(2, 3, 4))[0])]),
    (places_of_columns, [(a,) for a in (np.array([[3, 1], [2, 9], [1, 0]]), np.array([[3.0, np.nan], [2.0, 9.0]]).T)]),
]
