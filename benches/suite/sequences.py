"""Searching, sorting, scanning, graphs: indices that depend on the data."""

import numpy as np
from suite.kernel import Kernel


def find(sorted_values, wanted):
    low = 0
    high = len(sorted_values)
    while low < high:
        middle = (low + high) // 2
        if sorted_values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def binary_search(sorted_values, queries):
    total = 0
    for i in range(len(queries)):
        total += find(sorted_values, queries[i])
    return total


def insertion_sort(source, a):
    a[:] = source
    for i in range(1, len(a)):
        x = a[i]
        j = i - 1
        while j >= 0 and a[j] > x:
            a[j + 1] = a[j]
            j -= 1
        a[j + 1] = x


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


def quick_sort_part(a, low, high):
    while low < high:
        i, j = partition(a, low, high)
        quick_sort_part(a, low, j)
        low = i


def quick_sort(source, a):
    a[:] = source
    quick_sort_part(a, 0, len(a) - 1)


def sift_down(a, root, end):
    while 2 * root + 1 < end:
        child = 2 * root + 1
        if child + 1 < end and a[child] < a[child + 1]:
            child += 1
        if a[root] >= a[child]:
            return
        a[root], a[child] = a[child], a[root]
        root = child


def heap_sort(source, a):
    a[:] = source
    n = len(a)
    for root in range(n // 2 - 1, -1, -1):
        sift_down(a, root, n)
    for end in range(n - 1, 0, -1):
        a[0], a[end] = a[end], a[0]
        sift_down(a, 0, end)


def prefix_sum(a, out):
    total = 0
    for i in range(len(a)):
        total += a[i]
        out[i] = total
    return total


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


def root_of(parent, x):
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


def components(edges, order, parent):
    """Union-find with path halving."""
    parent[:] = order
    count = len(parent)
    for e in range(edges.shape[0]):
        a = root_of(parent, edges[e, 0])
        b = root_of(parent, edges[e, 1])
        if a != b:
            parent[a] = b
            count -= 1
    return count


def breadth_first(start, indptr, indices, distance, queue):
    distance[:] = -1
    distance[start] = 0
    queue[0] = start
    head = 0
    tail = 1
    while head < tail:
        node = queue[head]
        head += 1
        for k in range(indptr[node], indptr[node + 1]):
            other = indices[k]
            if distance[other] < 0:
                distance[other] = distance[node] + 1
                queue[tail] = other
                tail += 1
    return tail


def sparse_product(indptr, indices, data, x, y):
    for row in range(len(indptr) - 1):
        total = 0.0
        for k in range(indptr[row], indptr[row + 1]):
            total += data[k] * x[indices[k]]
        y[row] = total


def rolling_median(a, window, ordered, out):
    """A sorted window, updated by insertion."""
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
        if filled % 2:
            out[i] = ordered[filled // 2]
        else:
            out[i] = 0.5 * (ordered[filled // 2 - 1] + ordered[filled // 2])


def merge(a, b, out):
    """Two sorted arrays into one."""
    i = 0
    j = 0
    for k in range(len(out)):
        if j >= len(b) or (i < len(a) and a[i] <= b[j]):
            out[k] = a[i]
            i += 1
        else:
            out[k] = b[j]
            j += 1


def floats(n, seed=0):
    return np.random.default_rng([1, seed]).random(n)


def sorted_and_queries(n, seed=0):
    return np.sort(floats(n, seed)), floats(2 * n, seed)[n:].copy()


def unsorted(n, seed=0):
    return floats(n, seed), np.zeros(n)


def unsorted_ints(n, seed=0):
    source = np.random.default_rng([2, seed]).integers(0, 10 * n, n)
    return source, np.zeros_like(source)


def runs(n, seed=0):
    a = np.random.default_rng([3, seed]).integers(0, 2, n)
    return a, np.zeros_like(a), np.zeros_like(a)


def edge_list(nodes, count, seed=0):
    edges = np.random.default_rng([4, seed]).integers(0, nodes, (count, 2))
    return edges, np.arange(nodes), np.zeros(nodes, np.int64)


def sparse(rows, each, seed):
    rng = np.random.default_rng([5, seed])
    indptr = np.concatenate([[0], np.cumsum(rng.integers(0, 2 * each, rows))])
    return rng, indptr, rng.integers(0, rows, indptr[-1])


def adjacency(nodes, each, seed=0):
    _, indptr, indices = sparse(nodes, each, seed)
    return 0, indptr, indices, np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)


def matrix(rows, each, seed=0):
    rng, indptr, indices = sparse(rows, each, seed)
    return indptr.astype(np.int32), indices.astype(np.int32), rng.random(len(indices)), floats(rows), np.zeros(rows)


def series(n, window, seed=0):
    return floats(n, seed), window, np.zeros(window), np.zeros(n)


def two_sorted(n, seed=0):
    return np.sort(floats(n, seed)), np.sort(floats(3 * n, seed)[2 * n :]), np.zeros(2 * n)


KERNELS = [
    Kernel("binary search", binary_search, sorted_and_queries, (12,), (1000,), drawn=True),
    Kernel("insertion sort", insertion_sort, unsorted, (12,), (200,), drawn=True),
    Kernel("quick sort", quick_sort, unsorted, (20,), (2000,), drawn=True),
    Kernel("heap sort", heap_sort, unsorted_ints, (20,), (2000,), drawn=True),
    Kernel("merge", merge, two_sorted, (10,), (3000,), drawn=True),
    Kernel("prefix sum", prefix_sum, unsorted_ints, (20,), (20_000,)),
    Kernel("run lengths", run_lengths, runs, (20,), (4000,), drawn=True),
    Kernel("union-find", components, edge_list, (20, 15), (2000, 3000), drawn=True),
    Kernel("breadth-first search", breadth_first, adjacency, (15, 2), (2000, 4), drawn=True),
    Kernel("sparse product (CSR)", sparse_product, matrix, (10, 3), (1500, 5), drawn=True),
    Kernel("rolling median", rolling_median, series, (20, 5), (2000, 21), drawn=True),
]
