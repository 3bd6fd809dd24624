"""Arrays made inside are freed on every path; references of arguments balance."""

import gc
import resource
import sys

import numpy as np
import pytest

from fastjit import fastjit


@fastjit
def temporaries(a, n):
    total = 0.0
    for i in range(n):
        b = a * 2.0 + i
        c = b[1:]
        total += c[0]
    return total


@fastjit
def fails(a, i):
    b = a + 1.0
    c = np.zeros(1000)
    d = (b, c[1:])
    return d[0][i]


@fastjit
def helper(n):
    return np.zeros(n), 1


@fastjit
def returns(n):
    a, k = helper(n)
    b = np.ones(n)
    return a[k:], b, b


def peak():
    """Largest resident size so far, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_no_growth_over_failing_calls():
    a = np.zeros(100_000)
    with pytest.raises(IndexError):
        fails(a, 10**6)
    references = sys.getrefcount(a)
    before = peak()
    for _ in range(10_000):
        try:
            fails(a, 10**6)
        except IndexError:
            pass
    assert sys.getrefcount(a) == references
    assert peak() - before < 40_000


def test_no_growth_in_loops():
    a = np.zeros(100_000)
    temporaries(a, 3)
    before = peak()
    temporaries(a, 2000)
    assert peak() - before < 40_000


def test_results_own_their_memory():
    a, b, c = returns(1000)
    gc.collect()
    assert (a == 0).all() and len(a) == 999
    assert (b == 1).all()
    b[0] = 5.0
    assert c[0] == 5.0
    before = peak()
    for _ in range(20_000):
        returns(10_000)
    assert peak() - before < 40_000


def test_results_can_be_resized_and_written():
    a, _, _ = returns(10)
    a[:] = 3.0
    assert a.sum() == 27.0
    assert a.flags.writeable


def test_argument_references_balance():
    @fastjit
    def f(a, t):
        return a, t[0], a[1:]

    a = np.zeros(10)
    f(a, (a, 1))
    before = sys.getrefcount(a)
    for _ in range(1000):
        f(a, (a, 1))
    assert sys.getrefcount(a) == before


def test_references_balance_where_arguments_change_places():
    @fastjit
    def f(a, b, n, at):
        fresh = a.copy()
        for i in range(n):
            a, b = b, a
            a[at] = i
            if n > 4:
                b, fresh = fresh, b
        return b

    a, b = np.zeros(10), np.zeros(10)
    results = [f(a, b, n, 1) for n in range(8)]
    assert [r is a or np.shares_memory(r, a) for r in results[:3]] == [False, True, False]
    del results
    before = sys.getrefcount(a), sys.getrefcount(b)
    for n in range(8):
        for _ in range(100):
            f(a, b, n, 1)
            if n:
                with pytest.raises(IndexError):
                    f(a, b, n, 10)
    assert (sys.getrefcount(a), sys.getrefcount(b)) == before
