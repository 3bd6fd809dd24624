"""Runs every example, prints the table, draws `out/demo.png`, then shows the cache in a second process.

The second process is this script with `--again`: it times the first call of each kernel from a cold start,
where the code comes from the disk.
"""

import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

EXAMPLES = ["power_sum", "mandelbrot", "heat", "nbody", "options", "kmeans", "levenshtein"]
OUT = Path(__file__).resolve().parent.parent / "out"


def main() -> None:
    from show import table

    modules = [importlib.import_module(name) for name in EXAMPLES]
    rows = []
    for module in modules:
        if sys.stdout.isatty():
            print(f"running {module.__name__} ...".ljust(40), end="\r", flush=True)
        rows.append(module.example())
    print(table(rows))
    for row in rows:
        if row.note:
            print(f"  {row.name}: {row.note}")

    parallel = importlib.import_module("parallel")
    rows_parallel = [parallel.example(), parallel.example_options()]
    print("\nprange: the same kernels on threads beside the serial compiled code")
    for row in rows_parallel:
        print(f"  {row.name}: {row.python / row.fastjit:.2f} times as fast, equal: {'yes' if row.equal else 'NO'}")

    draw(modules)
    print(f"\npicture: {OUT / 'demo.png'}")
    again()
    assert all(row.equal for row in rows + rows_parallel), "an answer differs from Python's"


def draw(modules) -> None:
    """One panel for each example that has a picture."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    panels = [module.picture for module in modules if hasattr(module, "picture")]
    figure, axes = plt.subplots(2, 3, figsize=(15, 9))
    for picture, axis in zip(panels, axes.flat):
        picture(axis)
    figure.suptitle("fastjit: Python loops at machine speed")
    figure.tight_layout()
    OUT.mkdir(exist_ok=True)
    figure.savefig(OUT / "demo.png", dpi=80)


def again() -> None:
    """Starts a second process, which finds the code in the cache."""
    print("\na new process: first call of mandelbrot(8, 8, 4), with and without the cache")
    for label, folder in [("compiled", "-"), ("from the cache", None)]:
        environment = dict(os.environ)
        if folder is not None:
            environment["FASTJIT_CACHE"] = "0"
        subprocess.run([sys.executable, __file__, "--again", label], check=True, env=environment)


def first_call(label: str) -> None:
    """In the second process: times the first call."""
    import mandelbrot

    start = time.perf_counter()
    mandelbrot.mandelbrot(8, 8, 4)
    elapsed = time.perf_counter() - start
    print(f"  {label:15} {elapsed * 1e3:7.3f} ms   {mandelbrot.mandelbrot.stats}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--again"]:
        first_call(sys.argv[2])
    else:
        main()
