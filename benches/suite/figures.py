"""Timing of the suite: four contestants in turn on the same arrays, ratios of medians of processor time.

Where branches depend on drawn numbers, calls go through many draws (`Kernel.turns`), the same for everyone. A loop
is faster in one place than in another: fastjit compiles each kernel `PLACES` times, and what counts is the median
over all. Numba's functions begin a page each, so that another compilation changes nothing.
"""

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
PLACES = 3

# The columns: name, numerator, denominator, what each kernel may reach, what the geometric mean may reach.
COLUMNS = [
    ("checked / Numba", "checked", "numba", 1.15, 1.00),
    ("unchecked / Numba", "unchecked", "numba", None, 1.00),
    ("checked / unchecked", "checked", "unchecked", 1.15, 1.03),
    ("checked / C", "checked", "c", None, 1.15),
]


@dataclass
class Row:
    """Median seconds of one call for each contestant; `packed`: Numba's code has vector arithmetic in a loop.

    `spread`: how much slower checked code is in its worst place than in its best.
    """

    name: str
    packed: bool
    seconds: dict[str, float]
    spread: float

    def ratio(self, above: str, below: str) -> float | None:
        if above not in self.seconds or below not in self.seconds:
            return None
        return self.seconds[above] / self.seconds[below]


def rows(ours: Callable[..., object], theirs: Callable[..., object], only: str = "") -> list[Row]:
    """Measures the kernels whose names contain `only`."""
    loaded = native.library([native.FOLDER / f"{family}.c" for family in FAMILIES], native.EXACT)
    return [row(kernel, ours, theirs, loaded) for kernel in kernels() if only in kernel.name]


def row(kernel: Kernel, ours, theirs, loaded) -> Row:
    decorators = {"checked": ours, "unchecked": partial(ours, boundscheck=False, overflow="wrap")}
    contestants = {name: compiling.compiled(make, kernel.function) for name, make in decorators.items()}
    contestants["numba"] = compiling.compiled(theirs, kernel.function)
    check(kernel, contestants, loaded)
    turns = kernel.turns()
    timers = {name: [partial(measure.loop, function, turns)] for name, function in contestants.items()}
    for name, make in decorators.items():
        again = [compiling.compiled(make, kernel.function) for _ in range(1, PLACES)]
        timers[name] += [partial(measure.loop, function, turns) for function in again]
    if loaded is not None:
        timers["c"] = [lambda rounds: native.run(loaded, kernel.function.__name__, turns, rounds)[0]]
    packed = any(map(packed_loops, contestants["numba"].inspect_asm().values()))
    times = in_turn(timers)
    seconds = {name: statistics.median(sum(places, [])) / len(turns) for name, places in times.items()}
    places = [statistics.median(place) for place in times["checked"]]
    return Row(kernel.name, packed, seconds, max(places) / min(places) - 1)


def in_turn(timers: dict[str, list[Callable[[int], float]]]) -> dict[str, list[list[float]]]:
    """Seconds of a round of each contestant, in turn: for each of its places as often as the others."""
    rounds = {}
    for name, places in timers.items():
        seconds = min(min(timer(1), timer(1)) for timer in places)
        rounds[name] = max(1, int(BLOCK / max(seconds, 1e-9)))
    times = {name: [[] for _ in places] for name, places in timers.items()}
    gc.disable()
    try:
        for block in range(ROUNDS):
            for name, places in timers.items():
                place = block % len(places)
                times[name][place].append(places[place](rounds[name]) / rounds[name])
    finally:
        gc.enable()
    return times


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
        _, word = native.run(loaded, kernel.function.__name__, [arguments], 1)
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
    lines = ["suite: ratios of processor time, below one is faster; spread of checked over places"]
    lines.append(f"  {'':32}{'us':>9}{titles}{'spread':>9}")
    for measured_row in measured:
        mark = "v" if measured_row.packed else " "
        cells = "".join(
            cell(measured_row.ratio(above, below), None if measured_row.packed else limit)
            for _, above, below, limit, _ in COLUMNS
        )
        lines.append(f"{mark} {measured_row.name:32}{measured_row.seconds['checked'] * 1e6:9.1f}{cells}{measured_row.spread:9.1%}")
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
