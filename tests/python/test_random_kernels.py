"""Random loop nests over arrays of many layouts, some overlapping, run by CPython and compiled.

`FASTJIT_RANDOM_KERNELS=first:last` runs other seeds than the hundred of every day.
"""

import importlib.util
import os
import sys
import warnings
from pathlib import Path

import pytest

from fastjit import fastjit
from fastjit.testing import assert_same

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import random_kernels

FIRST, LAST = (int(part) for part in os.environ.get("FASTJIT_RANDOM_KERNELS", "0:100").split(":"))
CALLS = 4


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_random_kernel(seed, tmp_path):
    path = tmp_path / f"kernel_{seed}.py"
    path.write_text(random_kernels.source(seed))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    compiled = fastjit(module.kernel)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for call in range(CALLS):
            arguments = random_kernels.arguments(CALLS * seed + call)
            try:
                assert_same(compiled, *arguments)
            except AssertionError as error:
                # Python ints beyond 64 bits after a store: the one error of its own that compiled code may raise.
                if "does not fit in 64 bits" not in str(error.__cause__):
                    raise
