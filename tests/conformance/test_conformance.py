"""Runs every case of the modules `cases_*.py` by CPython and compiled, and compares.

A case module has `CASES`: a list of `(function, [arguments, ...])`, where `arguments` is a tuple of what the
function is called with. `fastjit.testing.assert_same` compares value (bits of floats, nan included), type,
dtype, shape, what happened to array arguments, and class, message and types of the arguments of exceptions.
"""

import importlib.util
import warnings
from pathlib import Path

import pytest

from fastjit.testing import assert_same

FOLDER = Path(__file__).parent


def load(path):
    """The module at `path`, imported by file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases():
    """One parameter set for each function and arguments, in order."""
    for path in sorted(FOLDER.glob("cases_*.py")):
        for function, calls in load(path).CASES:
            for number, arguments in enumerate(calls):
                yield pytest.param(function, arguments, id=f"{path.stem[6:]}-{function.__name__}-{number}")


@pytest.mark.parametrize(("function", "arguments"), list(cases()))
def test_same_as_cpython(function, arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_same(function, *arguments)
