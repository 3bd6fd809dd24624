"""Dynamic programming over tables and rows."""

from kernels import levenshtein

import numpy as np
from suite.kernel import Kernel


def longest_common(a, b, table):
    n, m = len(a), len(b)
    for j in range(m + 1):
        table[0, j] = 0
    for i in range(1, n + 1):
        table[i, 0] = 0
        for j in range(1, m + 1):
            if a[i - 1] == b[j - 1]:
                table[i, j] = table[i - 1, j - 1] + 1
            else:
                table[i, j] = max(table[i - 1, j], table[i, j - 1])
    return table[n, m]


def knapsack(weights, values, best):
    best[:] = 0
    capacity = len(best) - 1
    for item in range(len(weights)):
        w = weights[item]
        v = values[item]
        for c in range(capacity, w - 1, -1):
            if best[c - w] + v > best[c]:
                best[c] = best[c - w] + v
    return best[capacity]


def pairs(a, b):
    return a + b == 3


def nussinov(sequence, table):
    """Most base pairs in a fold of a sequence of the bases 0 to 3."""
    n = len(sequence)
    for i in range(n):
        for j in range(n):
            table[i, j] = 0
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            best = table[i, j - 1]
            if table[i + 1, j] > best:
                best = table[i + 1, j]
            if pairs(sequence[i], sequence[j]):
                inner = table[i + 1, j - 1] + 1 if i < j - 1 else 1
                if inner > best:
                    best = inner
            for k in range(i + 1, j):
                split = table[i, k] + table[k + 1, j]
                if split > best:
                    best = split
            table[i, j] = best
    return table[0, n - 1]


def viterbi(observed, initial, transition, emission, score, back, path):
    """Most likely states of a hidden Markov model, in logarithms."""
    steps, states = score.shape
    for s in range(states):
        score[0, s] = initial[s] + emission[s, observed[0]]
    for t in range(1, steps):
        for s in range(states):
            best = -np.inf
            arg = 0
            for p in range(states):
                candidate = score[t - 1, p] + transition[p, s]
                if candidate > best:
                    best = candidate
                    arg = p
            score[t, s] = best + emission[s, observed[t]]
            back[t, s] = arg
    last = 0
    for s in range(1, states):
        if score[steps - 1, s] > score[steps - 1, last]:
            last = s
    path[steps - 1] = last
    for t in range(steps - 1, 0, -1):
        last = back[t, last]
        path[t - 1] = last
    return score[steps - 1, path[steps - 1]]


def time_warp(x, y, cost):
    """Dynamic time warping."""
    n, m = len(x), len(y)
    for i in range(n):
        for j in range(m):
            distance = abs(x[i] - y[j])
            if i == 0 and j == 0:
                cost[i, j] = distance
            elif i == 0:
                cost[i, j] = cost[i, j - 1] + distance
            elif j == 0:
                cost[i, j] = cost[i - 1, j] + distance
            else:
                cost[i, j] = min(cost[i - 1, j], cost[i, j - 1], cost[i - 1, j - 1]) + distance
    return cost[n - 1, m - 1]


def increasing(values, tails):
    """Length of the longest increasing subsequence, by patience."""
    length = 0
    for i in range(len(values)):
        v = values[i]
        low = 0
        high = length
        while low < high:
            middle = (low + high) // 2
            if tails[middle] < v:
                low = middle + 1
            else:
                high = middle
        tails[low] = v
        if low == length:
            length += 1
    return length


def shortest_paths(distance, work):
    """Floyd and Warshall."""
    n = distance.shape[0]
    work[:] = distance
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = work[i, k] + work[k, j]
                if through < work[i, j]:
                    work[i, j] = through
    return work[0, n - 1]


def two_words(n, seed=0):
    a, b = np.random.default_rng([1, seed]).integers(0, 4, (2, n)).astype(np.int32)
    return a, b


def words_and_rows(n, seed=0):
    return (*two_words(n, seed), np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64))


def words_and_table(n, seed=0):
    return (*two_words(n, seed), np.zeros((n + 1, n + 1), np.int64))


def items(n, capacity, seed=0):
    weights, values = np.random.default_rng([2, seed]).integers(1, 40, (2, n))
    return weights, values, np.zeros(capacity + 1, np.int64)


def sequence_and_table(n, seed=0):
    return np.random.default_rng([3, seed]).integers(0, 4, n), np.zeros((n, n), np.int64)


def markov(states, steps, seed=0):
    rng = np.random.default_rng([4, seed])
    arrays = [np.log(rng.random(shape)) for shape in (states, (states, states), (states, 6))]
    score = np.zeros((steps, states))
    return rng.integers(0, 6, steps), *arrays, score, score.astype(np.int64), np.zeros(steps, np.int64)


def two_signals(n, seed=0):
    x, y = np.random.default_rng([5, seed]).random((2, n))
    return x, y, np.zeros((n, n))


def values_and_tails(n, seed=0):
    return np.random.default_rng([6, seed]).integers(0, 10 * n, n), np.zeros(n, np.int64)


def graph(n, seed=0):
    distance = np.random.default_rng([7, seed]).random((n, n))
    return distance, np.zeros_like(distance)


KERNELS = [
    Kernel("Levenshtein", levenshtein, words_and_rows, (9,), (150,), drawn=True),
    Kernel("longest common subsequence", longest_common, words_and_table, (9,), (150,), drawn=True),
    Kernel("knapsack", knapsack, items, (7, 60), (40, 1000), drawn=True),
    Kernel("Nussinov", nussinov, sequence_and_table, (12,), (60,), drawn=True),
    Kernel("Viterbi", viterbi, markov, (3, 8), (8, 100), drawn=True),
    Kernel("time warping", time_warp, two_signals, (7,), (120,), drawn=True),
    Kernel("increasing subsequence", increasing, values_and_tails, (30,), (3000,), drawn=True),
    Kernel("Floyd-Warshall", shortest_paths, graph, (6,), (40,), drawn=True),
]
