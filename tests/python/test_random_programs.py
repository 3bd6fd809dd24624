"""Random programs of array expressions, stores in place and loops, run by CPython and compiled.

`FASTJIT_RANDOM_PROGRAMS=first:last` runs other seeds than those of every day.
"""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import random_programs
import random_run

FIRST, LAST = (int(part) for part in os.environ.get("FASTJIT_RANDOM_PROGRAMS", "0:60").split(":"))


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_random_program(seed, tmp_path):
    random_run.check(random_programs, "program", seed, tmp_path, refused=True)
