"""Timing of the suite: four contestants in turn on the same arrays, ratios of medians of processor time."""

from __future__ import annotations

import gc
import statistics
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import compiling
import measure
import numpy as np
from suite import FAMILIES, kernels, native
from suite.kernel import Kernel
from suite.packed import packed_loops

ROUNDS, BLOCK = 21, 0.004

# The columns: name, numerator, denominator, what each kernel may reach, what the geometric mean may reach.
COLUMNS = [
    ("checked / Numba", "checked", "numba", 1.15, 1.00),
    ("unchecked / Numba", "unchecked", "numba", None, 1.00),
    ("checked / unchecked", "checked", "unchecked", 1.15, 1.03),
    ("checked / C", "checked", "c", None, 1.15),
]


@dataclass
class Row:
    """Median seconds of one call for each contestant; `packed`: Numba's code has vector arithmetic in a loop."""

    name: str
    packed: bool
    seconds: dict[str, float]

    def ratio(self, above: str, below: str) -> float | None:
        if above not in self.seconds or below not in self.seconds:
            return None
        return self.seconds[above] / self.seconds[below]


def rows(ours: Callable[..., object], theirs: Callable[..., object], only: str = "") -> list[Row]:
    """Measures the kernels whose names contain `only`."""
    loaded = native.library([native.FOLDER / f"{family}.c" for family in FAMILIES], native.EXACT)
    return [row(kernel, ours, theirs, loaded) for kernel in kernels() if only in kernel.name]


def row(kernel: Kernel, ours, theirs, loaded) -> Row:
    contestants = {
        "checked": compiling.compiled(ours, kernel.function),
        "unchecked": compiling.compiled(partial(ours, boundscheck=False, overflow="wrap"), kernel.function),
        "numba": compiling.compiled(theirs, kernel.function),
    }
    check(kernel, contestants, loaded)
    arguments = kernel.inputs(*kernel.full)
    timers = {name: partial(measure.loop, function, arguments) for name, function in contestants.items()}
    if loaded is not None:
        timers["c"] = lambda calls: native.run(loaded, kernel.function.__name__, arguments, calls)[0]
    packed = any(map(packed_loops, contestants["numba"].inspect_asm().values()))
    return Row(kernel.name, packed, medians(timers))


def medians(timers: dict[str, Callable[[int], float]]) -> dict[str, float]:
    """Median seconds of a call of each contestant, in turn."""
    for timer in timers.values():
        timer(1)
    calls = {name: max(1, int(BLOCK * 3 / max(timer(3), 1e-9))) for name, timer in timers.items()}
    times: dict[str, list[float]] = {name: [] for name in timers}
    gc.disable()
    try:
        for _ in range(ROUNDS):
            for name, timer in timers.items():
                times[name].append(timer(calls[name]) / calls[name])
    finally:
        gc.enable()
    return {name: statistics.median(values) for name, values in times.items()}


def check(kernel: Kernel, contestants: dict[str, Callable[..., object]], loaded, tolerance: float = 1e-14) -> None:
    """Every contestant gives the interpreter's numbers on the small input."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected_arguments = kernel.inputs(*kernel.small)
        expected = kernel.function(*expected_arguments)
    for name, function in contestants.items():
        arguments = kernel.inputs(*kernel.small)
        hold(kernel.name, name, function(*arguments), expected, arguments, expected_arguments, tolerance)
    if loaded is not None:
        arguments = kernel.inputs(*kernel.small)
        _, word = native.run(loaded, kernel.function.__name__, arguments, 1)
        hold(kernel.name, "C", native.value(word, expected), expected, arguments, expected_arguments, tolerance)


def hold(kernel: str, contestant: str, result, expected, arguments, expected_arguments, tolerance: float) -> None:
    """The same numbers, but for the last bits of powers."""
    for a, b in [(result, expected), *zip(arguments, expected_arguments)]:
        if b is not None and not np.allclose(a, b, rtol=tolerance, atol=0.0, equal_nan=True):
            raise AssertionError(f"{kernel}: {contestant} gives {a!r}; the interpreter gives {b!r}")


def means(measured: list[Row], column) -> tuple[float | None, float | None]:
    """Geometric means of a column: scalar kernels, all kernels."""
    ratios = [(r.packed, ratio) for r in measured if (ratio := r.ratio(column[1], column[2])) is not None]
    scalar = [ratio for packed, ratio in ratios if not packed]
    return geometric(scalar), geometric([ratio for _, ratio in ratios])


def geometric(ratios: list[float]) -> float | None:
    return statistics.geometric_mean(ratios) if ratios else None


def table(measured: list[Row]) -> str:
    """The report: `v` marks kernels that LLVM vectorised, `*` a ratio above what its column allows."""
    titles = "".join(f"{column[0]:>21} " for column in COLUMNS)
    lines = ["suite: ratios of processor time, below one is faster", f"  {'':32}{'us':>9}{titles}"]
    for measured_row in measured:
        mark = "v" if measured_row.packed else " "
        cells = "".join(
            cell(measured_row.ratio(above, below), None if measured_row.packed else limit)
            for _, above, below, limit, _ in COLUMNS
        )
        lines.append(f"{mark} {measured_row.name:32}{measured_row.seconds['checked'] * 1e6:9.1f}{cells}")
    for title, which in (("geometric mean, without v", 0), ("geometric mean, all", 1)):
        cells = "".join(cell(means(measured, column)[which], column[4]) for column in COLUMNS)
        lines.append(f"  {title:32}{'':9}{cells}")
    return "\n".join(lines)


def cell(ratio: float | None, limit: float | None) -> str:
    if ratio is None:
        return f"{'-':>21} "
    return f"{ratio:21.3f}{'*' if limit is not None and ratio > limit else ' '}"


def as_figures(measured: list[Row]) -> list[measure.Figure]:
    """The rows and their means as figures, for the JSON file."""
    figures = []
    for column in COLUMNS:
        title, above, below, limit, mean_limit = column
        for one in measured:
            if one.ratio(above, below) is not None:
                times = one.seconds[above] * 1e6, one.seconds[below] * 1e6
                target = None if one.packed else limit
                figures.append(measure.Figure(f"suite, {title}", one.name, *times, "us", target))
        scalar, everything = means(measured, column)
        for name, mean in (("geometric mean, without v", scalar), ("geometric mean, all", everything)):
            if mean is not None:
                target = mean_limit if mean is scalar else None
                figures.append(measure.Figure(f"suite, {title}", name, mean, 1.0, "", target))
    return figures
