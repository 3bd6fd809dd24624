"""Comparing a compiled function with the interpreter."""

import copy
import struct

from fastjit import errors
from fastjit._core import Function
from fastjit._decorators import fastjit


def assert_same(function, *arguments, **options):
    """Calls `function` interpreted and compiled, each with its own copy of the arguments: arrays keep their
    strides, whether they are read-only, and what memory they share with each other.

    Value (bits of floats; every nan equals every nan), type, dtype, shape, what happened to array arguments,
    and of exceptions the class, the message and the types of the arguments must agree. One difference is permitted:
    where an array argument is empty, a number that no loop has touched may have the NumPy type that it would have
    been given.
    Returns what the interpreter returned.
    """
    if isinstance(function, Function):
        compiled, plain = function, function.py_func
    else:
        compiled, plain = fastjit(**options)(function), function
    ours_arguments = _copied(arguments)
    theirs_arguments = _copied(arguments)
    theirs, expected = _run(plain, theirs_arguments)
    ours, raised = _run(compiled, ours_arguments)
    if expected is not None or raised is not None:
        _compare_exceptions(plain.__name__, arguments, raised, expected, ours, theirs)
        if isinstance(raised, errors.FastjitError):
            # It was not run.
            return theirs
    else:
        untouched = any(getattr(argument, "size", 1) == 0 for argument in arguments)
        _compare(ours, theirs, f"result of {plain.__name__}{_shown(arguments)}", untouched)
    for position, (ours_one, theirs_one) in enumerate(zip(ours_arguments, theirs_arguments)):
        _compare(ours_one, theirs_one, f"argument {position} after {plain.__name__}{_shown(arguments)}")
    return theirs


def _copied(arguments):
    """`copy.deepcopy`, but arrays that overlap are copied as views of one piece of memory, strides and all."""
    arrays = [argument for argument in arguments if _is_numeric(argument)]
    memo = {}
    while arrays:
        low, high = _extent(arrays[0])
        group = []
        while joined := [array for array in arrays if _extent(array)[0] < high and low < _extent(array)[1]]:
            group += joined
            arrays = [array for array in arrays if not any(array is one for one in joined)]
            low = min(_extent(array)[0] for array in group)
            high = max(_extent(array)[1] for array in group)
        _copy_group(group, low, high, memo)
    return copy.deepcopy(arguments, memo)


def _is_numeric(argument):
    return type(argument).__name__ == "ndarray" and argument.size > 0 and not argument.dtype.hasobject


def _extent(array):
    """The first address of a non-empty array's elements and the one after the last."""
    low = high = array.__array_interface__["data"][0]
    for length, stride in zip(array.shape, array.strides):
        low += min(0, (length - 1) * stride)
        high += max(0, (length - 1) * stride)
    return low, high + array.itemsize


def _copy_group(group, low, high, memo):
    """Puts copies of arrays whose elements lie from `low` to `high` into `memo`, as `copy.deepcopy` reads it."""
    import numpy as np

    memory = np.zeros(high - low + 64, np.uint8)
    start = (low - memory.__array_interface__["data"][0]) % 64
    for array in group:
        offset = start + array.__array_interface__["data"][0] - low
        view = np.ndarray(array.shape, array.dtype, memory, offset, array.strides)
        view[...] = array
        view.flags.writeable = array.flags.writeable
        memo[id(array)] = view


def _run(function, arguments):
    try:
        return function(*arguments), None
    except Exception as error:
        return None, error


def _shown(arguments):
    text = ", ".join(repr(argument) for argument in arguments)
    return f"({text if len(text) <= 200 else text[:200] + '...'})"


def _compare_exceptions(name, arguments, raised, expected, ours, theirs):
    call = f"{name}{_shown(arguments)}"
    if raised is None:
        raise AssertionError(f"{call} returned {ours!r}; the interpreter raises {expected!r}")
    if expected is None:
        raise AssertionError(f"{call} raised {raised!r}; the interpreter returns {theirs!r}") from raised
    if isinstance(raised, errors.FastjitError):
        # Refused when it was compiled: right if the interpreter refuses the same kind of thing.
        if isinstance(raised, type(expected)):
            return
    elif type(raised) is type(expected) and str(raised) == str(expected):
        if list(map(type, raised.args)) == list(map(type, expected.args)):
            return
    raise AssertionError(f"{call} raised {raised!r}; the interpreter raises {expected!r}") from raised


def _compare(ours, theirs, what, untouched=False):
    if untouched and hasattr(ours, "dtype") and type(theirs) in (bool, int, float, complex):
        ours = ours.item()
    if type(ours) is not type(theirs):
        raise AssertionError(
            f"{what}: {ours!r} of type {type(ours).__name__}; the interpreter gives {theirs!r} of type "
            f"{type(theirs).__name__}"
        )
    if isinstance(ours, (tuple, list)):
        if len(ours) != len(theirs):
            raise AssertionError(f"{what}: {len(ours)} items; the interpreter gives {len(theirs)}")
        for position, (a, b) in enumerate(zip(ours, theirs)):
            _compare(a, b, f"item {position} of {what}", untouched)
    elif hasattr(ours, "dtype"):
        _compare_numpy(ours, theirs, what)
    elif isinstance(ours, float):
        if struct.pack("d", ours) != struct.pack("d", theirs) and not (ours != ours and theirs != theirs):
            raise AssertionError(f"{what}: {ours!r}; the interpreter gives {theirs!r}")
    elif isinstance(ours, complex):
        _compare((ours.real, ours.imag), (theirs.real, theirs.imag), what)
    elif ours != theirs:
        raise AssertionError(f"{what}: {ours!r}; the interpreter gives {theirs!r}")


def _compare_numpy(ours, theirs, what):
    import numpy as np

    if ours.dtype != theirs.dtype:
        raise AssertionError(f"{what}: dtype {ours.dtype}; the interpreter gives {theirs.dtype}")
    if ours.shape != theirs.shape:
        raise AssertionError(f"{what}: shape {ours.shape}; the interpreter gives {theirs.shape}")
    a, b = np.ascontiguousarray(ours), np.ascontiguousarray(theirs)
    if a.tobytes() == b.tobytes():
        return
    same = (a == b) | ((a != a) & (b != b))
    if a.dtype.kind in "fc":
        parts = [(a, b)] if a.dtype.kind == "f" else [(a.real, b.real), (a.imag, b.imag)]
        for x, y in parts:
            same &= (np.signbit(x) == np.signbit(y)) | (x != x)
    if not same.all():
        where = tuple(int(axis[0]) for axis in np.nonzero(np.atleast_1d(~same)))
        raise AssertionError(f"{what}: {ours!r}; the interpreter gives {theirs!r}; first difference at {where}")
