"""Call overhead beside Numba: functions that do next to nothing, called from a Python loop.

Loop cost is measured with an empty function of the interpreter and taken off both sides.
"""

import measure
import numpy as np

import constants_a
import constants_b


def one_int(n):
    return n + 1


def one_array(a):
    return a[0]


def three_arrays(a, b, c, n):
    return a[n] + b[n] + c[n]


def keyword(x, scale=2.0):
    return x * scale


def reads_globals(n):
    return (
        n
        + constants_a.A
        + constants_a.B
        + constants_a.C
        + constants_a.D
        + constants_b.E
        + constants_b.F
        + constants_b.G
        + constants_b.H
    )


def figures(ours, theirs) -> list[measure.Figure]:
    """`ours` and `theirs` are the decorators."""
    a = np.arange(3.0)
    rows = []
    cases = [
        ("f(int)", one_int, (3,), 0.3),
        ("f(array)", one_array, (a,), 0.3),
        ("f(3 arrays, int)", three_arrays, (a, a.copy(), a.copy(), 1), 0.3),
        ("f(int), eight globals", reads_globals, (3,), 0.5),
    ]
    for name, function, args, target in cases:
        rows.append(row(name, spread(ours(function), args), spread(theirs(function), args), target))
    f, g = ours(keyword), theirs(keyword)
    f(1.5, scale=3.0), g(1.5, scale=3.0)
    rows.append(row("f(x, scale=3.0)", lambda n: with_keyword(f, n), lambda n: with_keyword(g, n), 0.3))
    return rows


def spread(function, args):
    """A loop over `n` calls without a `*args` in it."""
    function(*args)
    if len(args) == 1:
        (x,) = args

        def run(n):
            for _ in range(n):
                function(x)

    else:
        w, x, y, z = args

        def run(n):
            for _ in range(n):
                function(w, x, y, z)

    return run


def with_keyword(function, n):
    for _ in range(n):
        function(1.5, scale=3.0)


def empty(n):
    for _ in range(n):
        pass


def row(name, ours, theirs, target) -> measure.Figure:
    n = 2000
    mine, peer = measure.paired(ours, theirs, (n,), rounds=60, block=0.001)
    floor, _ = measure.paired(empty, empty, (n,), rounds=20, block=0.001)
    return measure.Figure("call overhead", name, (mine - floor) / n * 1e9, (peer - floor) / n * 1e9, "ns", target)
