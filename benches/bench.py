"""The benchmark: `make bench`. Prints figures beside Numba, wins and losses alike, and writes them as JSON.

Both compilers run in this process on the same sources and inputs, measured in turn; processes are compared
whole. Checks are on for fastjit; Numba runs with its defaults.
"""

import argparse
import json
import os
import platform
import sys
import warnings
from functools import partial
from pathlib import Path

import blas
import calls
import compiling
import measure
import processes
import stages
from kernels import kernels
from suite import figures as suite_figures
from vectors import expressions, narrow
from vectors import figures as vector_figures


GROUPS = ["calls", "kernels", "suite", "vectors", "compile", "stages", "process"]
# These print tables of their own.
PRINTED = ["suite", "vectors"]


def kernel_figures(ours, theirs) -> list[measure.Figure]:
    """Steady state of each kernel."""
    rows = []
    for name, function, args, target in kernels():
        f, g = compiling.compiled(ours, function), compiling.compiled(theirs, function)
        f(*args), g(*args)
        mine, peer = measure.paired(f, g, args)
        rows.append(measure.Figure("kernels, checks on", name, mine * 1e6, peer * 1e6, "us", target))
    return rows


def suite(ours, theirs, only: str) -> list[measure.Figure]:
    """The suite prints its own table: four ratios a kernel."""
    measured = suite_figures.rows(ours, theirs, only)
    print(suite_figures.table(measured))
    return suite_figures.as_figures(measured)


def vectors(ours, theirs, only: str) -> list[measure.Figure]:
    """The vector suite prints its own table; its functions on AVX2, array expressions and products of matrices follow."""
    measured = vector_figures.rows(ours, theirs, only)
    print(vector_figures.table(measured))
    found = vector_figures.as_figures(measured)
    if not only:
        more = narrow.figures() + expressions.figures(ours, theirs) + blas.figures(ours)
        print(measure.report(more))
        found += more
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--only", choices=GROUPS, help="one group")
    parser.add_argument("--kernel", default="", help="of the suites: only kernels whose names contain this")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    import numba

    import fastjit

    # A call that the interpreter answers is no measurement of compiled code.
    warnings.simplefilter("error", fastjit.errors.DeoptWarning)
    ours = partial(fastjit.fastjit, cache=False)
    theirs = numba.njit
    theirs(lambda x: x + 1)(1)
    groups = {
        "calls": lambda: calls.figures(ours, theirs),
        "kernels": lambda: kernel_figures(ours, theirs),
        "suite": lambda: suite(ours, theirs, options.kernel),
        "vectors": lambda: vectors(ours, theirs, options.kernel),
        "compile": lambda: compiling.figures(ours, theirs),
        "stages": lambda: stages.figures(ours, theirs),
        "process": processes.figures,
    }
    print(f"fastjit {fastjit.__version__} beside Numba {numba.__version__}, CPython {platform.python_version()}")
    figures = []
    for name in GROUPS:
        if options.only in (None, name):
            found = groups[name]()
            figures += found
            if name not in PRINTED and found:
                print(measure.report(found))
    missed = [figure.name for figure in figures if figure.verdict == "MISSED"]
    print(f"\n{len(missed)} targets missed{': ' + ', '.join(missed) if missed else ''}")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps([figure.as_dict() for figure in figures], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
