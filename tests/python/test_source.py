"""Source text: found for every kind of function, and refused if it is not that of the code that runs."""

import json
import json as renamed
import sys
from collections import OrderedDict
from pathlib import Path

import pytest

from fastjit import errors, fastjit
from fastjit._source import text


def decorated(*_arguments):
    """A decorator that changes nothing."""
    return lambda function: function


@decorated(
    1,
    2,
)
def several_lines(
    x,
    y=1,
):
    """Doc."""

    def inner(q):
        return q + y

    return inner(
        x,
    )
    # comment


# not part of it


class Owner:
    def method(self, x): return self.__private + x  # noqa: E704

    @decorated()
    def second(self):
        return 1


def outer(k):
    @decorated()
    def free(x):
        if x:
            return k + x
        # comment

    alone = lambda v: v + k  # noqa: E731
    pair = [lambda u: u * 2, lambda u: u * 3]
    return free, alone, *pair


over_lines = decorated()(lambda x: x +
    1)  # fmt: skip


def imported(x):
    return json.loads(x), renamed.dumps(x), OrderedDict.fromkeys(x)


# From another function, so that `imported` above is a name that is not imported at the top level.
free, alone, double, triple = outer(1)


@pytest.mark.parametrize(
    "function",
    [several_lines, Owner.method, Owner.second, free, alone, over_lines, imported, pytest.approx, json.loads],
)
def test_found(function):
    found, reason = text(function)
    assert reason is None
    lines = Path(function.__code__.co_filename).read_text(encoding="utf-8").splitlines(keepends=True)
    first = function.__code__.co_firstlineno - 1
    assert found == "".join(lines[first : first + found.count("\n")])


def test_lambdas_on_one_line():
    assert text(double)[0].strip() == "lambda u: u * 2"
    assert "u * 3" in text(triple)[0]
    assert fastjit(double)(5) == 10
    assert fastjit(triple)(5) == 15


def test_edited_file(tmp_path):
    path = tmp_path / "edited.py"
    path.write_text("def f(x):\n    return x + 1\n")
    namespace = {}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    path.write_text("def f(x):\n    return x + 2\n")
    with pytest.raises(errors.SourceError) as error:
        fastjit(namespace["f"])(1)
    assert "edited.py" in str(error.value)


def test_encodings(tmp_path):
    for number, head in enumerate([b"\xef\xbb\xbf", b"# -*- coding: latin-1 -*-\n", b""]):
        path = tmp_path / f"encoded{number}.py"
        codec = "latin-1" if b"latin" in head else "utf-8"
        path.write_bytes(head + "def f(x):\n    é = x\n    return é\n".encode(codec))
        namespace = {}
        exec(compile(path.read_bytes(), str(path), "exec"), namespace)
        assert fastjit(namespace["f"])(3) == 3


def test_registered_lines():
    import linecache

    source = "def f(x):\n    return x * 3\n"
    name = "<shell-input-1>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    namespace = {}
    exec(compile(source, name, "exec"), namespace)
    assert fastjit(namespace["f"])(3) == 9


def test_rewritten_asserts_are_explained():
    def f(x):
        assert x
        return x

    with pytest.raises(errors.SourceError, match="pytest"):
        fastjit(f)(1)


def test_optimised_python_skips_asserts(run_python):
    script = """
        import subprocess, sys
        from fastjit import fastjit

        @fastjit
        def f(x):
            assert x > 0, "negative"
            return x

        try:
            print(f(-1))
        except AssertionError as error:
            print(error)
        if __debug__:
            sys.stdout.flush()
            subprocess.run([sys.executable, "-O", __file__], check=True)
        """
    assert run_python(script).split() == ["negative", "-1"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="columns came with 3.11")
def test_no_columns_are_invented():
    import traceback

    @fastjit
    def f(a):
        return 1 // a

    with pytest.raises(ZeroDivisionError) as error:
        f(0)
    assert "^" not in traceback.format_list(traceback.extract_tb(error.value.__traceback__))[-1]
