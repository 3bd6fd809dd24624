"""Timing of the vector suite: fastjit, Numba and C in turn, equal settings; classes and what they may reach."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path

import compiling
import measure
from suite import figures, native
from vectors import FAMILIES
from vectors.kernel import KINDS, Kind, VectorKernel

# What no kernel may exceed, and what the mean of all may reach.
WORST, WHOLE = 1.10, 0.80

FOLDER = Path(__file__).parent


class Row:
    """Median seconds of one call for each contestant."""

    def __init__(self, kernel: VectorKernel, seconds: dict[str, float]) -> None:
        self.name, self.kind, self.seconds = kernel.name, kernel.kind, seconds

    def ratio(self, peer: str) -> float | None:
        return self.seconds["fastjit"] / self.seconds[peer] if peer in self.seconds else None


def rows(ours: Callable[..., object], theirs: Callable[..., object], only: str = "") -> list[Row]:
    """Measures the kernels whose names, or classes, contain `only`."""
    sources = [FOLDER / f"{family}.c" for family in FAMILIES]
    strict, licensed = native.library(sources, native.EXACT), native.library(sources, native.FAST)
    kernels = [kernel for family in FAMILIES.values() for kernel in family]
    return [
        row(kernel, ours, theirs, licensed if kernel.fastmath else strict)
        for kernel in kernels
        if only in kernel.name or only in kernel.kind.name
    ]


def row(kernel: VectorKernel, ours, theirs, loaded) -> Row:
    settings = {"fastmath": True} if kernel.fastmath else {}
    contestants = {
        "fastjit": compiling.compiled(partial(ours, **settings), kernel.function),
        "numba": compiling.compiled(partial(theirs, **settings), kernel.function),
    }
    if loaded is not None and not hasattr(loaded, kernel.function.__name__):
        loaded = None
    figures.check(kernel, contestants, loaded, max(kernel.tolerance, 1e-14))
    turns = kernel.turns()
    timers = {name: partial(measure.loop, function, turns) for name, function in contestants.items()}
    if loaded is not None:
        timers["c"] = lambda rounds: native.run(loaded, kernel.function.__name__, turns, rounds)[0]
    times = figures.in_turn({name: [timer] for name, timer in timers.items()})
    return Row(kernel, {name: statistics.median(ours) / len(turns) for name, [ours] in times.items()})


def table(measured: list[Row]) -> str:
    """The report, class by class: `*` marks a ratio above what it may reach."""
    lines = ["vectors: ratios of processor time, below one is faster"]
    for kind in KINDS:
        members = [one for one in measured if one.kind is kind]
        if not members:
            continue
        lines.append(f"\n{kind.name:40}{'us':>9}{'/ Numba':>10}{'/ C':>10}")
        for one in members:
            cells = cell(one.ratio("numba"), WORST) + cell(one.ratio("c"), None)
            lines.append(f"  {one.name:38}{one.seconds['fastjit'] * 1e6:9.1f}{cells}")
        lines.append(f"  {'geometric mean':38}{'':9}{mean_cells(members, kind.limit)}")
    if measured:
        lines.append(f"\n{'geometric mean, all':40}{'':9}{mean_cells(measured, WHOLE)}")
    return "\n".join(lines)


def mean(members: list[Row], peer: str) -> float | None:
    return figures.geometric([ratio for one in members if (ratio := one.ratio(peer)) is not None])


def mean_cells(members: list[Row], limit: float) -> str:
    return cell(mean(members, "numba"), limit) + cell(mean(members, "c"), None)


def cell(ratio: float | None, limit: float | None) -> str:
    if ratio is None:
        return f"{'-':>9} "
    return f"{ratio:9.3f}{'*' if limit is not None and ratio > limit else ' '}"


def as_figures(measured: list[Row]) -> list[measure.Figure]:
    """The rows and the means of their classes as figures, for the JSON file."""
    found = []
    for one in measured:
        for peer, limit in (("numba", WORST), ("c", None)):
            if one.ratio(peer) is not None:
                times = one.seconds["fastjit"] * 1e6, one.seconds[peer] * 1e6
                found.append(measure.Figure(f"vectors, / {peer}", one.name, *times, "us", limit))
    for kind in [*KINDS, Kind("whole suite", WHOLE)]:
        average = mean([one for one in measured if one.kind is kind or kind.name == "whole suite"], "numba")
        if average is not None:
            found.append(measure.Figure("vectors, means", kind.name, average, 1.0, "", kind.limit))
    return found
