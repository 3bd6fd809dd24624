"""Loops with checks that fail somewhere: what was written before stays, the error is that of the first element.

Lengths around one and several vectors, and a failing element at each place of them; what is stored narrower than
it was computed, indices out of bounds, asserts, in branches and without; sums of Python integers that come near
the ends of 64 bits, and leave them; channels side by side.
"""

import numpy as np

LENGTHS = [0, 1, 3, 8, 16, 17, 33, 70]


def narrow(samples, gain, out):
    for i in range(samples.shape[0]):
        out[i] = (np.int32(samples[i]) * gain) >> 8
    return out


def to_bytes(a, out):
    for i in range(a.shape[0]):
        out[i] = int(a[i]) + 100
    return out


def two_arrays(a, b, out, other):
    # The first is written before the second fails.
    for i in range(a.shape[0]):
        out[i] = int(a[i])
        other[i] = int(b[i])
    return out


def in_a_branch(a, out):
    for i in range(a.shape[0]):
        if a[i] > 0:
            out[i] = int(a[i])
        else:
            out[i] = 7
    return out


def taken(a, indices, out):
    for i in range(indices.shape[0]):
        out[i] = a[indices[i]] * 2.0 + 1.0
    return out


def taken_twice(a, indices, out):
    for i in range(indices.shape[0]):
        out[i] = a[indices[i]] + a[0]
    return out


def and_summed(a, out):
    count = 0
    for i in range(a.shape[0]):
        out[i] = int(a[i])
        if a[i] > 10:
            count += 1
    return count


def quotients(a, b, out):
    for i in range(a.shape[0]):
        out[i] = float(b[i]) / float(a[i])
    return out


def whole(a, out):
    for i in range(a.shape[0]):
        out[i] = int(a[i])
    return out


def as_int32(a, out):
    for i in range(a.shape[0]):
        out[i] = np.int32(a[i])
    return out


def as_int64(a, out):
    for i in range(a.shape[0]):
        out[i] = np.int64(a[i])
    return out


def as_byte(a, out):
    for i in range(a.shape[0]):
        out[i] = np.uint8(a[i])
    return out


def root_of(a, out):
    for i in range(a.shape[0]):
        assert a[i] >= 0.0, "negative"
        out[i] = np.sqrt(a[i])
    return out


def total(a, start):
    for i in range(a.shape[0]):
        start += int(a[i])
    return start


def total_of_rows(a):
    result = 0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            result += int(a[i, j])
    return result


def total_where(a, b, start):
    for i in range(a.shape[0]):
        if b[i] > 3:
            start += int(a[i])
        else:
            start -= int(b[i])
    return start


def two_at_once(a, b, start):
    for i in range(a.shape[0]):
        start += int(a[i])
        start -= int(b[i])
    return start


def products(a, b):
    total = 0
    for i in range(a.shape[0]):
        total += int(a[i]) * int(b[i])
    return total


def grey(rgb, out):
    for i in range(rgb.shape[0]):
        out[i] = rgb[i, 0] * 2 + rgb[i, 1] * 3 + rgb[i, 2]
    return out


def blue(rgb, out):
    for i in range(rgb.shape[0]):
        out[i] = rgb[i, 2]
    return out


def places(n):
    """No place, the first ones, those in the middle, the last ones."""
    return [None, *sorted({k for k in (0, 1, 7, 8, 9, 15, 16, n // 2, n - 2, n - 1) if 0 <= k < n})]


def failing(make, bad):
    """Arrays from `make(n)`, the first with `bad` at one place, in each length."""
    for n in LENGTHS:
        for place in places(n):
            first, *rest = make(n)
            if place is not None:
                first[place] = bad
            yield first, *rest


def ramp(n, dtype):
    return (np.arange(n) % 100).astype(dtype)


def powers_whole(k, out):
    # The whole value is there before any of it is stored.
    out[...] = k**k + 1
    return out


def powers_of_itself(k, out):
    out[1:] = out[1:] ** k[1:]
    return out


def powers_of_number(out, n):
    out[...] = n**out
    return out


def powers_in_place(k, out):
    # A ufunc stores as it goes.
    out **= k
    return out


def powers_added(k, out):
    out += k**k
    return out


def powers_as_output(k, out):
    np.power(k + 1, k, out=out)
    return out


def powers_of_rows(k, out):
    out[:, 1] = k**k
    return out


def filled(n, dtype):
    return np.full(n, 3, dtype)


def summed():
    """Numbers of each width, those with a sign on both sides of zero."""
    for n in (0, 1, 7, 64, 200, 16_384, 16_390, 33_000):
        for dtype in (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.int64):
            yield (np.arange(n) * 2_654_435_761 % 2**33).astype(dtype)


def pixels(count):
    """Two to five channels, of which some are a part of each pixel."""
    for n in (0, 1, 4, 16, 33, 70):
        for dtype in (np.uint8, np.int16, np.uint16, np.int32, np.float32, np.float64):
            for channels in range(count, 6):
                rgb = (np.arange(n * channels) % 40).astype(dtype).reshape(n, channels)
                yield rgb, np.zeros(n, dtype)
                yield rgb[:, channels - count :], np.zeros(n, dtype)


FLOATS = np.array([0.0, -0.0, 0.9, -0.9, 127.5, -129.0, 255.9, 256.0, 2.0**31 - 0.5, 2.0**31, -(2.0**31), -(2.0**31) - 1, 2.0**32 + 3.5, 2.0**63, -(2.0**63), 1e19, -1e300, np.inf, -np.inf, np.nan, 5e-324] * 4)
SINGLES = np.where(np.abs(FLOATS) < 1e30, FLOATS, 0.5).astype(np.float32)

STARTS = [0, 2**62, -(2**62), 2**62 - 1, 2**63 - 1, -(2**63)]

CASES = [
    (total, [(a, 0) for a in summed()]),
    (total, [(np.full(n, k), start) for n in (3, 40, 16_400) for k in (1, -1, 2**47, -(2**47) - 1, 2**60, -(2**62)) for start in STARTS]),
    (total, [(np.full(n, k, np.uint8), start) for n in (3, 40, 16_400) for k in (0, 1, 255) for start in STARTS]),
    (total, [(np.array([2**62, -(2**62), 2**62, -(2**62), 1] * 9), start) for start in STARTS]),
    (total_of_rows, [(a[: len(a) // 7 * 7].reshape(-1, 7),) for a in summed()] + [(a[: len(a) // 7 * 7].reshape(7, -1),) for a in summed()]),
    (total_where, [(a, a[::-1] % 9, start) for a in list(summed())[::3] for start in (0, 2**63 - 70)]),
    (two_at_once, [(a, a[::-1], start) for a in list(summed())[::3] for start in (0, -(2**62))]),
    (products, [(a, a) for a in list(summed())[::2]] + [(np.full(40, 2**31), np.full(40, k)) for k in (3, 2**31, -(2**31), 2**33)]),
    (grey, list(pixels(3))),
    (blue, list(pixels(3))),
    (narrow, list(failing(lambda n: (ramp(n, np.int16), np.int32(400), filled(n, np.int16)), 30_000))),
    (narrow, [(ramp(40, np.int16)[::-2], np.int32(100_000), filled(20, np.int16))]),
    (to_bytes, list(failing(lambda n: (ramp(n, np.int64), filled(n, np.uint8)), 156))),
    (to_bytes, list(failing(lambda n: (ramp(n, np.int64), filled(n, np.int8)[::-1]), 10**12))),
    (to_bytes, list(failing(lambda n: (ramp(n, np.int16) % 20, filled(n, np.int8)), -300))),
    (to_bytes, list(failing(lambda n: (ramp(n, np.int64), filled(n, np.uint32)), -101))),
    (two_arrays, list(failing(lambda n: (ramp(n, np.int64), ramp(n, np.int32), filled(n, np.uint8), filled(n, np.uint16)), 256))),
    (two_arrays, [(b, a, *rest) for a, b, *rest in failing(lambda n: (ramp(n, np.int64), ramp(n, np.int64), filled(n, np.uint8), filled(n, np.uint16)), -1)]),
    (in_a_branch, list(failing(lambda n: (ramp(n, np.int64) - 50, filled(n, np.int8)), 128))),
    (in_a_branch, list(failing(lambda n: (ramp(n, np.int64) - 50, filled(n, np.int8)), -10_000))),
    (taken, list((a, k, o) for k, a, o in failing(lambda n: (ramp(n, np.int64) % 20 - 10, np.arange(10.0), np.ones(n)), 10))),
    (taken, [(np.zeros(0), np.zeros(9, np.int64), np.ones(9)), (np.arange(9.0)[::2], np.arange(-5, 5), np.ones(10))]),
    (taken_twice, list((a, k, o) for k, a, o in failing(lambda n: (ramp(n, np.int64) % 20 - 10, np.arange(10.0), np.ones(n)), -11))),
    (taken_twice, [(np.zeros(0), np.zeros(n, np.int64), np.ones(n)) for n in (0, 5, 40)]),
    (and_summed, list(failing(lambda n: (ramp(n, np.int64), filled(n, np.uint8)), 300))),
    (root_of, list(failing(lambda n: (ramp(n, np.float64), filled(n, np.float64)), -1.0))),
    (root_of, list(failing(lambda n: (ramp(n, np.float64), filled(n, np.float64)), np.nan))),
    (quotients, list(failing(lambda n: (ramp(n, np.float64) + 1, ramp(n, np.float64), filled(n, np.float64)), -0.0))),
    *((whole, list(failing(lambda n: (ramp(n, np.float64) - 50.5, filled(n, np.int16)), bad))) for bad in (4e4, np.nan, -np.inf)),
    *((f, [(a, np.zeros(len(a), t)) for a in (FLOATS, SINGLES, FLOATS[::-3])]) for f, t in ((as_int32, np.int32), (as_int64, np.int64), (as_byte, np.uint8))),
    *((f, list(failing(lambda n: (ramp(n, t) % 5, filled(n, t)), -1))) for f in (powers_whole, powers_of_itself, powers_in_place, powers_added, powers_as_output) for t in (np.int64, np.int8)),
    (powers_of_number, [(np.array(a).astype(t), n) for a in ([3, -1, 2], [0], []) for t in (np.int64, np.uint8) for n in (2, -1, t(3))]),
    (powers_of_rows, [(np.array([2, 3, k]), np.ones((3, 2), np.int64)[::s]) for k in (1, -1) for s in (1, -1)]),
]
