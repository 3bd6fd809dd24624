"""Random loop nests over arrays of many layouts, some overlapping, run by CPython and compiled.

`FASTJIT_RANDOM_KERNELS=first:last` runs other seeds than the hundred of every day.
"""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import random_kernels
import random_run

FIRST, LAST = (int(part) for part in os.environ.get("FASTJIT_RANDOM_KERNELS", "0:100").split(":"))


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_random_kernel(seed, tmp_path):
    random_run.check(random_kernels, "kernel", seed, tmp_path)
