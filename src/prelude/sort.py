"""Sorting in place."""

import numpy as np


def sort_rows(a):
    """Sorts along the last axis."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            sort_rows(a[i])
    else:
        sort_flat(a)


def sort_flat(a):
    """Sorts a 1-d array in place, nan last. Only values are seen, so stability does not matter."""
    if _prim.kind(a) == "f":
        n = nan_last(a)
    else:
        n = len(a)
    sort_range(a, 0, n - 1, 2 * (64 - count_leading(n)))


def count_leading(n):
    """Leading zero bits of a positive 64-bit int."""
    zeros = 64
    while n > 0:
        n = n >> 1
        zeros -= 1
    return zeros


def nan_last(a):
    """Moves nans to the end; the number of other elements."""
    n = len(a)
    i = 0
    while i < n:
        x = a[i]
        if x != x:
            n -= 1
            a[i] = a[n]
            a[n] = x
        else:
            i += 1
    return n


def sort_range(a, low, high, depth):
    """Quicksort of a[low..high] (inclusive) with insertion sort below 17 elements and heap sort if deep."""
    while high - low > 16:
        if depth == 0:
            heap_range(a, low, high)
            return
        depth -= 1
        middle = low + (high - low) // 2
        x = a[low]
        y = a[middle]
        z = a[high]
        if y < x:
            x, y = y, x
        if z < y:
            y = x if z < x else z
        i = low
        j = high
        while i <= j:
            while a[i] < y:
                i += 1
            while y < a[j]:
                j -= 1
            if i <= j:
                t = a[i]
                a[i] = a[j]
                a[j] = t
                i += 1
                j -= 1
        if j - low < high - i:
            sort_range(a, low, j, depth)
            low = i
        else:
            sort_range(a, i, high, depth)
            high = j
    for i in range(low + 1, high + 1):
        t = a[i]
        j = i - 1
        while j >= low and t < a[j]:
            a[j + 1] = a[j]
            j -= 1
        a[j + 1] = t


def heap_range(a, low, high):
    n = high - low + 1
    for root in range(n // 2 - 1, -1, -1):
        sift(a, low, root, n)
    for end in range(n - 1, 0, -1):
        value = a[low + end]
        a[low + end] = a[low]
        a[low] = value
        sift(a, low, 0, end)


def sift(a, low, root, end):
    """Restores the heap below `root`."""
    value = a[low + root]
    while 2 * root + 1 < end:
        child = 2 * root + 1
        if child + 1 < end and a[low + child] < a[low + child + 1]:
            child += 1
        if not value < a[low + child]:
            break
        a[low + root] = a[low + child]
        root = child
    a[low + root] = value
