"""The functions once more for a CPU with AVX2 alone: a process of its own, in which all contestants are limited."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import measure
from vectors.kernel import EXP, LOG, POWER

BENCH = Path(__file__).parent.parent / "bench.py"
# C follows the first: see `native.MACHINE`.
LIMITS = {"FASTJIT_VECTOR_BITS": "avx2", "NUMBA_CPU_NAME": "haswell"}


def applies() -> bool:
    """True if this machine has more than that, and nobody has asked for less."""
    flags = Path("/proc/cpuinfo")
    return flags.exists() and "avx512f" in flags.read_text() and "FASTJIT_VECTOR_BITS" not in os.environ


def figures() -> list[measure.Figure]:
    return [figure for kind in (EXP, LOG, POWER) for figure in of_kind(kind.name)] if applies() else []


def of_kind(name: str) -> list[measure.Figure]:
    """The rows of a class and their mean."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        command = [sys.executable, BENCH, "--only", "vectors", "--kernel", name, "--json", path]
        subprocess.run(command, env={**os.environ, **LIMITS}, check=True, stdout=subprocess.DEVNULL)
        rows = json.loads(path.read_text())
    for row in rows:
        row["group"] = row["group"].replace("vectors", "vectors on AVX2")
        del row["ratio"], row["verdict"]
    return [measure.Figure(**row) for row in rows if row["name"] != "whole suite"]
