"""Random programs over numbers of every type, run by CPython and compiled.

`FASTJIT_RANDOM_NUMBERS=first:last` runs other seeds than those of every day.
"""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import random_numbers
import random_run

FIRST, LAST = (int(part) for part in os.environ.get("FASTJIT_RANDOM_NUMBERS", "0:60").split(":"))


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_random_numbers(seed, tmp_path):
    random_run.check(random_numbers, "numbers", seed, tmp_path, refused=True)
