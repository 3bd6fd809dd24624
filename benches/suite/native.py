"""The kernels in C: compiled by the system's compiler when the benchmark runs, called through ctypes.

With `EXACT` flags C rounds as Python does, and its answers can be held against the interpreter's.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

EXACT = ["-fno-fast-math", "-ffp-contract=off"]
FAST = ["-ffast-math"]
# What the others are limited to, if they are.
MACHINE = "haswell" if os.environ.get("FASTJIT_VECTOR_BITS") == "avx2" else "native"
FOLDER = Path(__file__).parent


class Word(ctypes.Union):
    """An argument or a result (`suite.h`)."""

    _fields_ = [("i", ctypes.c_int64), ("u", ctypes.c_uint64), ("f", ctypes.c_double), ("p", ctypes.c_void_p)]


def library(sources: list[Path], flags: list[str]) -> ctypes.CDLL | None:
    """The sources and the driver in one shared object; None where there is no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    compile_one = [compiler, "-O3", f"-march={MACHINE}", *flags, "-fPIC", "-Wall", "-I", FOLDER, "-c"]
    with tempfile.TemporaryDirectory() as folder:
        # Linked without -ffast-math: with it, loading the library would flush subnormals in the whole process.
        subprocess.run([*compile_one, *sources, FOLDER / "driver.c"], check=True, cwd=folder)
        objects, library = Path(folder).glob("*.o"), Path(folder) / "suite.so"
        subprocess.run([compiler, "-shared", "-o", library, *objects, "-lm"], check=True)
        loaded = ctypes.CDLL(str(library))
    loaded.run.restype = ctypes.c_double
    return loaded


def words(arguments: tuple[object, ...]) -> list[Word]:
    """The arguments as C takes them; arrays are not copied."""
    flat = []
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            assert argument.flags.c_contiguous
            flat += [Word(p=argument.ctypes.data), *(Word(i=length) for length in argument.shape)]
        elif isinstance(argument, complex):
            flat += [Word(f=argument.real), Word(f=argument.imag)]
        elif isinstance(argument, float):
            flat.append(Word(f=argument))
        elif isinstance(argument, np.unsignedinteger):
            flat.append(Word(u=int(argument)))
        else:
            flat.append(Word(i=argument))
    return flat


def run(loaded: ctypes.CDLL, name: str, turns: list[tuple[object, ...]], rounds: int) -> tuple[float, Word]:
    """Seconds of processor time for `rounds` calls with each of `turns`, timed in C, and the last result."""
    result = Word()
    function = ctypes.cast(getattr(loaded, name), ctypes.c_void_p)
    lists = [words(arguments) for arguments in turns]
    width = len(lists[0])
    flat = (Word * (width * len(lists)))(*(word for one in lists for word in one))
    counts = [ctypes.c_int64(count) for count in (len(turns), width, rounds)]
    return loaded.run(function, flat, *counts, ctypes.byref(result)), result


def value(word: Word, like: object) -> object:
    """The result as the interpreter's type."""
    if like is None:
        return None
    if isinstance(like, (float, np.floating)):
        return word.f
    return word.u if isinstance(like, np.unsignedinteger) else word.i
