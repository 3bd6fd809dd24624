"""Random programs of array expressions, stores in place and loops, run by CPython and compiled.

`FASTJIT_RANDOM_PROGRAMS=first:last` runs other seeds than those of every day.
"""

import importlib.util
import os
import sys
import warnings
from pathlib import Path

import pytest

from fastjit import errors, fastjit
from fastjit.testing import assert_same

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import random_programs

FIRST, LAST = (int(part) for part in os.environ.get("FASTJIT_RANDOM_PROGRAMS", "0:60").split(":"))
CALLS = 4


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_random_program(seed, tmp_path):
    path = tmp_path / f"program_{seed}.py"
    path.write_text("import numpy as np\n\n" + random_programs.source(seed))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    compiled = fastjit(module.program)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for call in range(CALLS):
            try:
                assert_same(compiled, *random_programs.arguments(CALLS * seed + call))
            except AssertionError as error:
                if isinstance(error.__cause__, errors.FastjitError):
                    pytest.skip("refused: " + str(error.__cause__).splitlines()[0])
                # Python ints beyond 64 bits after a store: the one error of its own that compiled code may raise.
                if "does not fit in 64 bits" not in str(error.__cause__):
                    raise
