"""Exceptions: tracebacks that end at the user's line, messages, and what had been written before."""

import math
import traceback

import numpy as np
import pytest

from fastjit import errors, fastjit, prange


@fastjit
def inner(a, i):
    return a[i]


@fastjit
def outer(a, i):
    x = 1.0
    y = inner(a, i)
    return x + y


def frames(error):
    return [(f.name, f.line) for f in traceback.extract_tb(error.__traceback__)]


def test_traceback_ends_at_the_users_line():
    with pytest.raises(IndexError) as error:
        inner(np.arange(3.0), 5)
    assert str(error.value) == "index 5 is out of bounds for axis 0 with size 3"
    assert frames(error.value)[-1] == ("inner", "return a[i]")
    assert traceback.extract_tb(error.value.__traceback__)[-1].filename == __file__


def test_traceback_through_calls():
    with pytest.raises(IndexError) as error:
        outer(np.arange(3.0), -4)
    assert frames(error.value)[-2:] == [("outer", "y = inner(a, i)"), ("inner", "return a[i]")]


def test_user_exception():
    class Problem(Exception):
        pass

    @fastjit
    def f(x):
        if x > 1:
            raise Problem("too large", x)
        return x

    with pytest.raises(Problem) as error:
        f(3)
    assert error.value.args == ("too large", 3)


def test_stores_before_the_error_stay():
    @fastjit
    def f(a, n):
        for i in range(n):
            a[i] = i

    a = np.full(3, -1.0)
    with pytest.raises(IndexError):
        f(a, 5)
    assert a.tolist() == [0.0, 1.0, 2.0]


def test_overflow_after_an_effect_names_the_expression():
    @fastjit
    def f(a, x):
        a[0] = 1.0
        return x * x

    a = np.zeros(1)
    with pytest.raises(OverflowError) as error:
        f(a, 2**40)
    assert "x * x" in str(error.value)


def test_recursion():
    @fastjit
    def f(n):
        if n < 0:
            return 0
        return f(n + 1) + 1

    with pytest.raises(RecursionError):
        f(0)


@pytest.mark.parametrize(
    "source, words",
    [
        ("    with open('x') as g:\n        pass\n", ["with"]),
        ("    return {1: x}\n", ["dict"]),
        ("    import os\n", ["import"]),
        ("    return x.nonsense\n", ["nonsense"]),
        ("    return undefined_thing\n", ["undefined_thing"]),
        ("    yield x\n", ["yield"]),
        ("    y = x\n    y = y.shape\n    return y.foo()\n", ["shape"]),
    ],
)
def test_refused_code_is_shown(tmp_path, source, words):
    path = tmp_path / "refused.py"
    text = "def f(x):\n" + source
    path.write_text(text)
    namespace = {}
    exec(compile(text, str(path), "exec"), namespace)
    with pytest.raises(errors.FastjitError) as error:
        fastjit(namespace["f"])(1)
    message = str(error.value)
    for word in words:
        assert word in message
    assert "refused.py" in message
    assert "^" in message
    assert error.value.lineno is not None
    assert "\n" not in error.value.concise()


def test_missing_source():
    namespace = {}
    exec("def f(x): return x", namespace)
    with pytest.raises(errors.FastjitError) as error:
        fastjit(namespace["f"])(1)
    assert "source" in str(error.value)


def test_fallback_asks_for_the_interpreter():
    def f(x):
        return {1: x}[1]

    with pytest.warns(UserWarning, match="f"):
        assert fastjit(fallback=True)(f)(3) == 3


def test_context_is_kept():
    a = np.zeros(2)
    with pytest.raises(IndexError) as error:
        try:
            raise KeyError("first")
        except KeyError:
            inner(a, 7)
    assert isinstance(error.value.__context__, KeyError)


def test_a_program_that_fails_ends_cleanly(run_python):
    done = run_python(
        """
        import numpy as np
        from fastjit import fastjit

        TABLE = np.arange(3.0)

        def helper(x):
            return x + TABLE[0]

        @fastjit
        def f(x):
            return helper(x)

        def main():
            f(1.0)
            raise ValueError("the program's own error")

        main()
        """,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("ValueError: the program's own error")


def combining(values, counts, seen):
    for i in prange(len(values)):
        counts[values[i]] += 1
        if seen is not None:
            seen[i] = True


def test_error_in_a_loop_that_combines_arrays():
    """Nothing else visible: the interpreter's state. Else the array is as it was before the loop."""
    values = np.array([0, 1, 1, 0, 7, 1])
    compiled = fastjit(combining)
    theirs = np.zeros(2, np.int64)
    with pytest.raises(IndexError) as expected:
        combining(values, theirs, None)
    ours = np.zeros(2, np.int64)
    with pytest.raises(IndexError) as raised, pytest.warns(errors.DeoptWarning):
        compiled(values, ours, None)
    assert str(raised.value) == str(expected.value)
    assert ours.tolist() == theirs.tolist() == [2, 2]
    ours, seen = np.zeros(2, np.int64), np.zeros(6, bool)
    with pytest.raises(IndexError) as raised:
        compiled(values, ours, seen)
    assert str(raised.value) == str(expected.value)
    assert ours.tolist() == [0, 0]
    assert seen[:4].all()


def test_identity_of_nans_after_an_effect():
    @fastjit
    def f(a, x):
        a[0] = 1.0
        s = x
        return s in (0.5, x)

    a = np.zeros(1)
    assert f(a, 0.25) is True
    assert f.py_func(a, math.nan) is True
    with pytest.raises(ValueError, match=r"`s in \(0\.5, x\)` compares nan with nan: equal if they are one object"):
        f(a, math.nan)
