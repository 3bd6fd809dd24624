"""Names are live: globals and closures mean what they mean when the call starts."""

import math

import numpy as np
import pytest

from fastjit import fastjit

SCALE = 2
TABLE = np.arange(4.0)


def helper(x):
    return x + 1


@fastjit
def compiled_helper(x):
    return x + 1


@fastjit
def scaled(x):
    return x * SCALE


@fastjit
def looked_up(i):
    return TABLE[i]


@fastjit
def through_helpers(x):
    return helper(x) * compiled_helper(x)


def test_rebound_number(monkeypatch):
    assert scaled(3) == 6
    for value in (5, 7, 9):
        monkeypatch.setitem(globals(), "SCALE", value)
        assert scaled(3) == 3 * value
    monkeypatch.setitem(globals(), "SCALE", 0.5)
    assert scaled(3) == 1.5


def test_rebound_number_does_not_compile_each_time(monkeypatch):
    scaled(3)
    monkeypatch.setitem(globals(), "SCALE", 101)
    scaled(3)
    before = len(scaled.signatures)
    for value in range(200, 220):
        monkeypatch.setitem(globals(), "SCALE", value)
        assert scaled(3) == 3 * value
    assert len(scaled.signatures) == before


def test_array_global(monkeypatch):
    assert looked_up(3) == 3.0
    TABLE[3] = 30.0
    assert looked_up(3) == 30.0
    TABLE[3] = 3.0
    monkeypatch.setitem(globals(), "TABLE", np.arange(4.0) + 10)
    assert looked_up(3) == 13.0
    monkeypatch.setitem(globals(), "TABLE", np.arange(8, dtype=np.int32)[::2])
    assert looked_up(3) == 6


def test_rebound_function(monkeypatch):
    assert through_helpers(2) == 9
    monkeypatch.setitem(globals(), "helper", lambda x: x + 10)
    assert through_helpers(2) == 36


def test_deleted_name(monkeypatch):
    @fastjit
    def f(x):
        return x + VANISHING  # noqa: F821

    globals()["VANISHING"] = 1
    assert f(1) == 2
    del globals()["VANISHING"]
    with pytest.raises(Exception) as error:
        f(1)
    assert "VANISHING" in str(error.value)
    globals()["VANISHING"] = 5
    assert f(1) == 6
    del globals()["VANISHING"]


def test_shadowed_builtin(monkeypatch):
    @fastjit
    def f(x):
        return abs(x)

    assert f(-1) == 1
    monkeypatch.setitem(globals(), "abs", lambda x: x * 100)
    assert f(-1) == -100


def test_closure_cell():
    k = 1

    @fastjit
    def f(x):
        return x + k

    assert f(1) == 2
    k = 5
    assert f(1) == 6
    k = 0.5
    assert f(1) == 1.5


def test_attribute_of_module(monkeypatch):
    import settings_for_names as settings

    @fastjit
    def f(x):
        return x * settings.FACTOR

    assert f(2) == 6
    monkeypatch.setattr(settings, "FACTOR", 7)
    assert f(2) == 14


def test_library_constants():
    @fastjit
    def f():
        return math.pi, np.pi, np.inf, math.tau

    assert f() == (math.pi, np.pi, np.inf, math.tau)


def test_attribute_of_class():
    class Settings:
        FACTOR = 3
        TABLE = np.arange(3.0)

    @fastjit
    def f(x):
        return x * Settings.FACTOR + Settings.TABLE[1]

    assert f(2) == 7.0
    for factor in (5, 7):
        Settings.FACTOR = factor
        assert f(2) == 2 * factor + 1
    Settings.TABLE = np.arange(3) + 1
    assert f(2) == 16


def test_array_that_becomes_something_else(monkeypatch):
    monkeypatch.setitem(globals(), "TABLE", 5)
    with pytest.raises(Exception):
        looked_up(3)
    monkeypatch.setitem(globals(), "TABLE", (1, 2, 3, 4))
    assert looked_up(3) == 4
    monkeypatch.undo()
    assert looked_up(3) == 3.0


def test_functions_as_arguments():
    @fastjit
    def apply(function, x):
        return function(x)

    assert apply(helper, 1) == 2
    assert apply(compiled_helper, 1) == 2
    assert apply(math.sqrt, 9.0) == 3.0
    assert apply(abs, -9) == 9
    assert apply(np.sqrt, 9.0) == 3.0
    for k in range(20):
        assert apply(lambda v: v * 2, k) == 2 * k
    assert apply(float, 2) == 2.0
