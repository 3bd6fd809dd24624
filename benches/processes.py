"""Whole processes beside Numba: import, cold start, warm caches, and the size on disk.

Every contestant runs with bytecode caches present and a cache folder of its own.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure

HERE = Path(__file__).parent

FAST_SUM = """
from {package} import njit

@njit(cache={cache})
def fast_sum(n):
    total = 0.0
    for i in range(n):
        total += i ** 0.5
    return total

print(fast_sum(10_000_000))
"""


def figures() -> list[measure.Figure]:
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, NUMBA_CACHE_DIR=f"{folder}/numba", FASTJIT_CACHE_DIR=f"{folder}/fastjit")
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        rows = [imports(environment)]
        for label, cache in [("cold", False), ("both caches warm", True)]:
            rows.append(fast_sum(Path(folder), environment, label, cache))
        rows.append(cached_first_call(Path(folder), environment))
    rows.append(size())
    return rows


def wall(arguments: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def in_turn(first: list[str], second: list[str], environment: dict[str, str], rounds: int) -> tuple[float, float]:
    """Medians of two commands run alternately; one unmeasured run of each fills the caches."""
    wall(first, environment), wall(second, environment)
    times = [(wall(first, environment), wall(second, environment)) for _ in range(rounds)]
    return statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)


def imports(environment: dict[str, str]) -> measure.Figure:
    """What `import fastjit` adds to a bare interpreter, beside what it may add: 15 ms."""
    bare, ours = in_turn(["-c", "pass"], ["-c", "import fastjit"], environment, 21)
    check = "import sys, fastjit; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True, env=environment)
    return measure.Figure("process", "import, beside a limit of 15 ms", (ours - bare) * 1e3, 15.0, "ms", 1.0)


def fast_sum(folder: Path, environment: dict[str, str], label: str, cache: bool) -> measure.Figure:
    """`python fast_sum.py` with n = 10 million."""
    scripts = []
    for package in ("fastjit", "numba"):
        script = folder / f"fast_sum_{package}_{cache}.py"
        script.write_text(FAST_SUM.format(package=package, cache=cache))
        scripts.append([str(script)])
    ours, theirs = in_turn(scripts[0], scripts[1], environment, 9)
    return measure.Figure("process", f"fast_sum.py, {label}", ours * 1e3, theirs * 1e3, "ms", 0.15)


def cached_first_call(folder: Path, environment: dict[str, str]) -> measure.Figure:
    """First call from the cache in a 2,000-line module with five callees, beside a limit of 1 ms."""
    module = folder / "large_module.py"
    source = (HERE / "sixty_lines.py").read_text()
    filler = "".join(f"\n\ndef filler_{k}(x):\n    y = x + {k}\n    return y * 2\n" for k in range(400))
    helpers = ["wrap", "nearest", "pair_force", "kinetic", "rescale", "simulate"]
    for name in helpers:
        source = source.replace(f"def {name}(", f"@fastjit\ndef {name}(")
    module.write_text("from fastjit import fastjit\n" + source + filler)
    script = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); import large_module as m\n"
        "args = m.simulate_arguments(); start = time.perf_counter(); m.simulate(*args)\n"
        "middle = time.perf_counter(); m.simulate(*args); end = time.perf_counter()\n"
        "print((middle - start) - (end - middle), m.simulate.stats)"
    )
    times = []
    for _ in range(12):
        out = subprocess.run(
            [sys.executable, "-c", script, str(folder)], check=True, env=environment, capture_output=True, text=True
        ).stdout
        times.append(float(out.split()[0]))
    return measure.Figure(
        "process", "first call from cache, limit 1 ms", statistics.median(times[2:]) * 1e3, 1.0, "ms", 1.0
    )


def size() -> measure.Figure:
    """Installed size in MB beside the limit of 15."""
    import fastjit

    folder = Path(fastjit.__file__).parent
    mine = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return measure.Figure("process", "installed size, limit 15 MB", mine / 1e6, 15.0, "MB", 1.0)
