"""Source text: found for every kind of function, and refused if it is not that of the code that runs."""

import importlib.util
import json
import json as renamed
import os
import py_compile
import statistics
import sys
import textwrap
import types
from collections import OrderedDict
from pathlib import Path

import pytest

from fastjit import _source, errors, fastjit
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


def imported_by_inner(x):
    return (lambda y: statistics.mean(y) + json.loads(y))(x)


# From another function, so that `imported` above is a name that is not imported at the top level.
free, alone, double, triple = outer(1)


@pytest.mark.parametrize(
    "function",
    [several_lines, Owner.method, Owner.second, free, alone, over_lines, imported, imported_by_inner, pytest.approx, json.loads],
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


def with_bytecode(path, later=10):
    """The module at `path`, imported from bytecode that was written so many seconds after the source."""
    # CI may tell Python to write no bytecode: by hand, then.
    cached = py_compile.compile(
        str(path), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP
    )
    written = path.stat().st_ctime_ns + later * 1_000_000_000
    os.utime(cached, ns=(written, written))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without_bytecode(function):
    """The same function as if its module had no bytecode file."""
    namespace = {**function.__globals__, "__spec__": None}
    clone = types.FunctionType(function.__code__, namespace, function.__name__, None, function.__closure__)
    clone.__qualname__ = function.__qualname__
    return clone


@pytest.fixture
def compilations(monkeypatch):
    """Texts that were compiled to see whether they are the source of a function."""
    made = []

    def compiled(source, code, original=_source._compile):
        made.append(source)
        return original(source, code)

    monkeypatch.setattr(_source, "_compile", compiled)
    return made


@pytest.mark.parametrize("source", [statistics, textwrap, json.decoder])
def test_bytecode_says_the_same_as_compiling(source, tmp_path, compilations):
    path = tmp_path / f"copy_of_{source.__name__.replace('.', '_')}.py"
    path.write_text(Path(source.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    module = with_bytecode(path)
    owners = [module, *(value for value in vars(module).values() if isinstance(value, type))]
    functions = [
        value
        for owner in owners
        for value in vars(owner).values()
        if isinstance(value, types.FunctionType) and value.__code__.co_filename == str(path)
    ]
    assert len(functions) >= 5
    quick = 0
    for function in functions:
        compilations.clear()
        found, reason = text(function)
        quick += not compilations
        assert reason is None
        # Code that names `super` or imported modules may only be found in its place.
        compiled, reason = text(without_bytecode(function))
        assert found == compiled or reason is not None
    assert quick > len(functions) * 0.6


TAILS = """
def plain(x):
    return x + 1
# comment


def closing(x):
    return max(
        x,
        1,
)
def dead(x):
    return x
    "a string"
def literal(x):
    '''A
text.'''
def quoted(x):
    return '''
plain '''
class Owner:
    def method(self, x):
        return x
    def last(self, x):
        return (x,
            2)


def outer(k):
    def inner(x):
        return x + k

    return inner


inner = outer(1)
separator = "\u2028\x0b\x1c"  # \u2028 \x85


def end(x):
    if x:
        return 1
    return 2"""


def test_ends_of_functions_with_bytecode(tmp_path, compilations):
    path = tmp_path / "tails.py"
    path.write_text(TAILS, encoding="utf-8")
    module = with_bytecode(path)
    functions = [module.plain, module.closing, module.dead, module.literal, module.quoted, module.inner]
    functions += [module.Owner.method, module.Owner.last, module.outer, module.end]
    quick = []
    for function in functions:
        compilations.clear()
        found = text(function)
        if not compilations:
            quick.append(function.__name__)
        assert found == text(without_bytecode(function))
        assert found[0].lstrip().startswith(f"def {function.__name__}(")
    assert quick == ["plain", "inner", "method", "last", "outer", "end"]


def test_bytecode_of_another_text(tmp_path, compilations):
    path = tmp_path / "same_size.py"
    path.write_text("def f(x):\n    return x + 1\n")
    status = path.stat()
    module = with_bytecode(path)
    assert text(module.f)[0] is not None
    assert not compilations
    # The same size and time: to Python the bytecode is still that of the file.
    path.write_text("def f(x):\n    return x + 2\n")
    os.utime(path, ns=(status.st_mtime_ns, status.st_mtime_ns))
    cached = module.__spec__.cached
    os.utime(cached, ns=(path.stat().st_ctime_ns, path.stat().st_ctime_ns))
    assert text(module.f)[0] is None
    assert compilations


@pytest.mark.parametrize("spoil", ["early", "truncated", "magic", "size", "hashed", "missing", "other"])
def test_bytecode_that_proves_nothing(tmp_path, compilations, spoil):
    path = tmp_path / f"spoilt_{spoil}.py"
    path.write_text("def f(x):\n    return x + 1\n")
    module = with_bytecode(path, later=0 if spoil == "early" else 10)
    cached = Path(module.__spec__.cached)
    data = cached.read_bytes()
    if spoil == "truncated":
        cached.write_bytes(data[:-20])
    elif spoil == "magic":
        cached.write_bytes(b"abcd" + data[4:])
    elif spoil == "size":
        cached.write_bytes(data[:12] + b"\0\0\1\0" + data[16:])
    elif spoil == "hashed":
        cached.write_bytes(data[:4] + b"\1\0\0\0" + data[8:])
    elif spoil == "missing":
        cached.unlink()
    elif spoil == "other":
        exec(compile("def f(x):\n    return x + 3\n", str(path), "exec"), vars(module))
    if cached.exists() and spoil != "early":
        later = path.stat().st_ctime_ns + 10_000_000_000
        os.utime(cached, ns=(later, later))
    found, reason = text(module.f)
    assert compilations
    assert (found is None) == (spoil == "other"), reason


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
