"""Indices that only some iterations use: what the condition around them says of the counter."""

import numpy as np

LAGS = [0, 1, 2, 3, 7, 8, 39, 40, 41, -1, -3, 2**31, 2**33, -(2**33), 2**62, -(2**62), 2**63 - 1, -(2**63) + 100]


def lagged(a, w, out):
    for i in range(len(a)):
        if i >= w:
            out[i] = a[i - w]
        else:
            out[i] = -1.0
    return out


def lagged_more(a, w, out):
    for i in range(len(a)):
        if i > w:
            out[i] = a[i - w - 1]
    return out


def not_early(a, w, out):
    for i in range(len(a)):
        if i < w:
            continue
        out[i] += a[i - w]
    return out


def ahead(a, w, out):
    n = len(a)
    for i in range(n):
        if i < n - w:
            out[i] = a[i + w]
        else:
            out[i] = a[i]
    return out


def up_to(a, w, out):
    for i in range(len(a)):
        if i <= w:
            out[w - i] = a[i]
    return out


def neighbours(a, out):
    n = len(a)
    for i in range(n):
        left = a[i - 1] if i > 0 else 0.0
        right = a[i + 1] if i < n - 1 else 0.0
        out[i] = left + 2.0 * right
    return out


def between(a, low, high, out):
    for i in range(len(a)):
        if i >= low and i < high:
            out[i - low] = a[i]
    return out


def outside(a, low, high, out):
    for i in range(len(a)):
        if i < low or high <= i:
            out[i] = 1.0
        else:
            out[i - low] = a[i]
    return out


def only_at(a, w, out):
    for i in range(len(a)):
        if w == i:
            out[i - w] = a[i]
    return out


def also_outside(a, w, out):
    # The same place of `a`, taken from the end in the first iterations.
    for i in range(len(a)):
        if i >= w:
            out[i] = a[i - w]
        out[i] += 2.0 * a[i - w]
    return out


def before_the_arm(a, w, out):
    for i in range(len(a)):
        k = i - w
        inside = k < len(a)
        if i >= w and inside:
            out[i] = a[k]
        if inside and k >= -len(a):
            out[i] += 2.0 * a[k]
    return out


def two_counters(a, w, out):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            if j >= w:
                if i > 0:
                    out[i, j] = a[i - 1, j - w]
                elif j >= i:
                    out[i, j] = -a[i, j - i]
            else:
                out[i, j] = a[i, w - j - 1]
    return out


def moving_sum(a, w, out):
    total = 0
    for i in range(len(a)):
        total += a[i]
        if i >= w:
            total -= a[i - w]
        out[i] = total
    return total


def searched(a, w, seen, out):
    """What is written before an error stays."""
    for i in range(len(a)):
        if i >= w:
            k = 0
            while seen[k] != a[i - w]:
                k += 1
            seen[k] = a[i]
            out[i] = k
        else:
            seen[i] = a[i]
    return out


def ramp(n):
    return np.arange(n) * 1.5 + 1.0


def calls(f, kinds=(float,)):
    for kind in kinds:
        for n in (0, 1, 2, 8, 40):
            for w in LAGS:
                yield ramp(n).astype(kind), w, np.full(n, 7).astype(kind)
    yield ramp(40)[::-2], 3, np.full(20, 7.0)
    yield ramp(40), 3, np.full(30, 7.0)
    yield ramp(40), 3, np.full(80, 7.0)[::2]


def ranges():
    for n in (0, 5, 40):
        for low in (0, 1, 5, 39, 41, -1, 2**63 - 1, -(2**63) + 100):
            for high in (0, 1, 7, 40, 60, -3, 2**63 - 1, -(2**63) + 100):
                yield ramp(n), low, high, np.full(n, 7.0)


CASES = [
    *((f, list(calls(f))) for f in (lagged, lagged_more, not_early, ahead, up_to, only_at, also_outside, before_the_arm)),
    (moving_sum, list(calls(moving_sum, (np.int64,)))),
    (neighbours, [(ramp(n), np.full(n, 7.0)) for n in (0, 1, 2, 3, 8, 40)] + [(ramp(40), np.zeros(39)), (ramp(40)[::-1], np.zeros(80)[::2])]),
    *((f, list(ranges())) for f in (between, outside)),
    (two_counters, [(ramp(rows * 7).reshape(rows, 7), w, np.full((rows, 7), 5.0)) for rows in (0, 1, 4) for w in LAGS]),
    (searched, [(ramp(n), w, np.zeros(size), np.zeros(n)) for n in (0, 1, 9, 40) for w in LAGS for size in (1, 8, 40)]),
]
