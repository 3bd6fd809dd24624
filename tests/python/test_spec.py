"""The language definition, asked of CPython: each `# value:` of tests/spec/*.md is what the interpreter gives.

`python tests/python/test_spec.py file...` writes the values of the files, in place of what stands after `->`.
"""

import cmath
import math
import re
import sys
import types
import warnings
from pathlib import Path

import numpy as np
import pytest

SPEC = Path(__file__).resolve().parents[1] / "spec"
INTERPRETER = ", by the interpreter"
NATIVE = {"float64", "int64", "complex128", "bool"}


def show(value):
    """As `repr`, but an array is shown whole, with its type unless it is the usual one."""
    if isinstance(value, np.ndarray):
        items = re.sub(r"\b(nan|inf)\b", r"\1", repr(value.tolist()))
        dtype = value.dtype.name
        return f"np.array({items})" if dtype in NATIVE else f"np.array({items}, np.{dtype})"
    if isinstance(value, tuple):
        inner = ", ".join(map(show, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


def namespace(block):
    """What the block defines."""
    fastjit = types.ModuleType("fastjit")
    fastjit.prange = range
    known = sys.modules.get("fastjit")
    sys.modules["fastjit"] = fastjit
    names = {"np": np, "math": math, "cmath": cmath, "prange": range, "reveal_type": lambda value: value}
    try:
        exec(compile(block, "block", "exec"), names)
    finally:
        if known is None:
            del sys.modules["fastjit"]
        else:
            sys.modules["fastjit"] = known
    return names


def answer(call, names):
    """What the interpreter makes of the call."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return show(eval(call, names))
    except Exception as error:
        arguments = ", ".join(map(str, error.args))
        return f"{type(error).__name__}: {arguments}" if arguments else type(error).__name__


def claims(block):
    return re.findall(r"^# value: (.*?) -> (.*)$", block, re.MULTILINE)


def blocks():
    for path in sorted(SPEC.glob("*.md")):
        text = path.read_text()
        for match in re.finditer(r"^```py\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            if claims(match[1]):
                line = text[: match.start()].count("\n") + 1
                yield pytest.param(match[1], id=f"{path.name}:{line}")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the chapters quote the messages of Python 3.11")
@pytest.mark.parametrize("block", list(blocks()))
def test_values_are_the_interpreters(block):
    for call, expected in claims(block):
        assert answer(call, namespace(block)) == expected.removesuffix(INTERPRETER)


def write(path):
    def fill(block):
        names = namespace(block)

        def line(match):
            call, old = match[1], match[2]
            left = INTERPRETER if old.endswith(INTERPRETER) else ""
            return f"# value: {call} -> {answer(call, dict(names))}{left}"

        return re.sub(r"^# value: (.*?) -> (.*)$", line, block, flags=re.MULTILINE)

    text = path.read_text()
    if path.suffix == ".md":
        pattern = r"(?<=^```py\n)(.*?)(?=^```)"
        path.write_text(re.sub(pattern, lambda m: fill(m[1]), text, flags=re.DOTALL | re.MULTILINE))
    else:
        head, *parts = re.split(r"^(?=# ---)", text, flags=re.MULTILINE)
        path.write_text(head + "".join(fill(head + part)[len(head) :] for part in parts))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(Path(name))
