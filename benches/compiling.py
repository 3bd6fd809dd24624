"""Time from source to callable, cache off: the first call of fresh decorators, beside Numba's.

By the thread's processor time, as elsewhere: both compile in the thread that calls.
"""

import statistics
import time

import measure
import numpy as np
from kernels import kernels
from sixty_lines import simulate, simulate_arguments


def figures(ours, theirs) -> list[measure.Figure]:
    """Each first call compiles anew. Numba is warmed up by a trivial compile before (by the caller)."""
    rows = []
    cases = [(name, function, args) for name, function, args, _ in kernels()]
    cases.append(("60 lines, five helpers", simulate, simulate_arguments()))
    for name, function, args in cases:
        mine = statistics.median(first_call(ours, function, args) for _ in range(7))
        peer = statistics.median(first_call(theirs, function, args) for _ in range(2))
        rows.append(measure.Figure("source to callable (cache off)", name, mine * 1e3, peer * 1e3, "ms", 1 / 50))
    slowest = max(row.ours for row in rows)
    rows.append(measure.Figure("source to callable (cache off)", "the slowest, limit 5 ms", slowest, 5.0, "ms", 1.0))
    return rows


def first_call(decorate, function, args) -> float:
    """Seconds of the first call less a second call's."""
    call = compiled(decorate, function)
    args = tuple(arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args)
    start = time.thread_time()
    call(*args)
    middle = time.thread_time()
    call(*args)
    return (middle - start) - (time.thread_time() - middle)


def compiled(decorate, function, made=None):
    """A new function object of the same code, decorated; its helpers are new and decorated too, each once."""
    made = {} if made is None else made
    if function in made:
        return made[function]
    namespace = dict(function.__globals__)
    for name in function.__code__.co_names:
        helper = namespace.get(name)
        if type(helper) is type(function) and helper is not function:
            namespace[name] = compiled(decorate, helper, made)
    clone = type(function)(function.__code__, namespace, function.__name__, function.__defaults__)
    clone.__module__ = function.__module__
    clone.__qualname__ = function.__qualname__
    made[function] = namespace[function.__name__] = decorate(clone)
    return made[function]
