"""Where compilation spends its time, stage by stage, for the kernels and for generated functions of growing size.

Ours is compiled in a process of its own, which prints its stages; beside it is Numba's first call. `rest` is
what lies outside of the stages: the names, the source texts, loading. The exponent says how time grows with lines.
Stages are wall time: of several rounds the least counts.
"""

import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from importlib import import_module
from pathlib import Path

import compiling
import measure
import numpy as np
import vectors
from kernels import kernels
from sixty_lines import simulate, simulate_arguments

SIZES = (300, 600, 1200)
ROUNDS = 7
STAGES = ("infer", "lower", "optimise", "emit")
# Of that, planning vector loops and making their leaves.
VECTORS = "vectors"
GROUP = "source to callable (cache off)"
# Before the names of kernels that are there for their vector loops.
LOOP = "loop: "

# What the generated functions are made of; `k` is the block's number.
BLOCKS = (
    """
    for i in range(n):
        x = a[i] * {k}.5 + s
        if x > {k}.0:
            x = x - b[i]
        elif x < -{k}.0:
            x = x + b[i]
        b[i] = 0.5 * x
    for i in range(1, n - 1):
        a[i] = 0.25 * (b[i - 1] + 2.0 * b[i] + b[i + 1])
    s = 0.0
    for i in range(n):
        s += a[i] * b[i]
    if s > 1e9:
        s = 1e9
    count += n
""",
    """
    for i in range(n):
        best = 0
        for j in range(n):
            d = a[i] - b[j]
            if d * d < s + {k}.0:
                best = j
        c[i] = (c[i] + best * {k}) % 1009
    low = 0
    high = n
    while low < high:
        middle = (low + high) // 2
        if c[middle] < {k}:
            low = middle + 1
        else:
            high = middle
    count += low
""",
    """
    state = count + {k}
    for i in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        j = state % n
        c[j] = c[j] ^ i
        if state & 1:
            a[j] = a[j] + 0.5
        else:
            a[j] = a[j] - 0.5
    t = 0.0
    for i in range(n):
        if a[i] > 0.0:
            t += math.sqrt(a[i])
        count += c[i] & {k}
    s = s + t
    s = min(s, {k}e3)
""",
)


def generated(lines: int) -> str:
    """A function of so many lines: loops over arrays, branches, integer and float arithmetic."""
    body = ["    s = 0.0", "    count = 0"]
    for k in range(lines):
        block = BLOCKS[k % len(BLOCKS)].format(k=k + 1).strip("\n").split("\n")
        if len(body) + len(block) + 2 > lines:
            break
        body += block
    return "\n".join(["import math", "", "", f"def lines_{lines}(a, b, c, n):", *body, "    return s, count", ""])


def arguments() -> tuple[object, ...]:
    rng = np.random.default_rng(7)
    return rng.random(16) - 0.5, rng.random(16) - 0.5, rng.integers(0, 100, 16), 16


def cases(folder: str) -> list[tuple[str, object, tuple[object, ...]]]:
    """(name, function, arguments); the generated ones are written into `folder`, where both compilers read them."""
    sys.path.insert(0, folder)
    found = [(name, function, args) for name, function, args, _ in kernels()]
    found.append(("60 lines, five helpers", simulate, simulate_arguments()))
    for lines in SIZES:
        Path(folder, f"lines_{lines}.py").write_text(generated(lines))
        found.append((f"{lines} lines", getattr(import_module(f"lines_{lines}"), f"lines_{lines}"), arguments()))
    return found


def measure_here(folder: str) -> None:
    """The child: one line a first call to standard error, after the line with the stages."""
    import fastjit

    loops = [(LOOP + k.name, k.function, k.inputs(*k.small), k.fastmath) for k in vectors.kernels()]
    for name, function, args, fastmath in [(*case, False) for case in cases(folder)] + loops:
        for _ in range(ROUNDS):
            seconds = compiling.first_call(partial(fastjit.fastjit, cache=False, fastmath=fastmath), function, args)
            print(f"first call {seconds * 1e3:.4f} {name}", file=sys.stderr, flush=True)


def figures(_ours, theirs) -> list[measure.Figure]:
    """Prints the table of stages; the figures are the first calls, and the limit for 300 lines."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, FASTJIT_TIMING="1")
        command = [sys.executable, __file__, folder]
        text = subprocess.run(command, check=True, env=environment, stderr=subprocess.PIPE, text=True).stderr
        stages, totals = parsed(text)
        print(f"\n{'milliseconds':24}" + "".join(f"{name:>9}" for name in (*STAGES, "rest", "first call", "Numba's")))
        rows, numba = [], {}
        for name, function, args in cases(folder):
            numba[name] = compiling.first_call(theirs, function, args) * 1e3
            total = min(totals[name])
            parts = [min(stages[name][stage]) for stage in STAGES]
            columns = [*parts, total - sum(parts), total, numba[name]]
            print(f"{name:24}" + "".join(f"{value:9.2f}" for value in columns))
            rows.append(measure.Figure(GROUP, name, total, numba[name], "ms", 1 / 50))
    small, large = (f"{lines} lines" for lines in (SIZES[0], SIZES[-1]))
    ratio = math.log(SIZES[-1] / SIZES[0])
    for label, table in (("ours", {name: min(t) for name, t in totals.items()}), ("Numba's", numba)):
        print(f"{label} grow as lines ** {math.log(table[large] / table[small]) / ratio:.2f}")
    rows.append(measure.Figure(GROUP, f"{small}, limit 50 ms", min(totals[small]), 50.0, "ms", 1.0))
    loops = {name: min(stages[name][VECTORS]) for name in stages if name.startswith(LOOP)}
    worst = max(loops, key=loops.__getitem__)
    print(f"vector loops of {len(loops)} kernels: {worst.removeprefix(LOOP)} takes longest")
    median = statistics.median(loops.values())
    rows.append(measure.Figure(GROUP, "vector loops, median", median, 1.0, "ms", 1.0))
    rows.append(measure.Figure(GROUP, "vector loops, longest", loops[worst], 1.0, "ms"))
    return rows


def parsed(text: str) -> tuple[dict[str, dict[str, list[float]]], dict[str, list[float]]]:
    """Milliseconds of each stage and of the first calls, by kernel: several functions may be compiled for one."""
    stages: dict[str, dict[str, list[float]]] = {}
    totals: dict[str, list[float]] = {}
    sums = dict.fromkeys((*STAGES, VECTORS), 0.0)
    for line in text.splitlines():
        if line.startswith("first call "):
            seconds, name = line.removeprefix("first call ").split(" ", 1)
            totals.setdefault(name, []).append(float(seconds))
            for stage, value in sums.items():
                stages.setdefault(name, {}).setdefault(stage, []).append(value)
            sums = dict.fromkeys((*STAGES, VECTORS), 0.0)
        else:
            for stage, micros in re.findall(r"(\w+) (\d+)", line.partition("(microseconds):")[2]):
                sums[stage] += int(micros) / 1e3
    return stages, totals


if __name__ == "__main__":
    measure_here(sys.argv[1])
