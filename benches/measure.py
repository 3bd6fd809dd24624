"""Paired timing: two or more contestants in turn, many short rounds, medians.

Blocks stay below a scheduler slice and are timed by the thread's processor time, so that other work on the
machine hurts neither side; figures are ratios of medians.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass
class Figure:
    """One line of the report. `ratio` is ours / theirs: below 1 is faster; `target` is what it should reach."""

    group: str
    name: str
    ours: float
    theirs: float
    unit: str
    target: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "ok" if self.ratio <= self.target else "MISSED"

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict}


def loop(function: Callable[..., object], turns: list[tuple[object, ...]], rounds: int) -> float:
    """Seconds of this thread's processor time for `rounds` calls with each of `turns`."""
    start = time.thread_time()
    for _ in range(rounds):
        for args in turns:
            function(*args)
    return time.thread_time() - start


def calls_for(function: Callable[..., object], args: tuple[object, ...], seconds: float) -> int:
    """How many calls take about `seconds`."""
    calls = 1
    while True:
        elapsed = loop(function, [args], calls)
        if elapsed > seconds / 4 or calls > 1_000_000:
            return max(1, int(calls * seconds / max(elapsed, 1e-9)))
        calls *= 4


def paired(
    ours: Callable[..., object],
    theirs: Callable[..., object],
    args: tuple[object, ...],
    rounds: int = 25,
    block: float = 0.004,
) -> tuple[float, float]:
    """Median seconds for one call of each, measured in turn."""
    contestants = [(ours, calls_for(ours, args, block)), (theirs, calls_for(theirs, args, block))]
    times: list[list[float]] = [[], []]
    gc.disable()
    try:
        for _ in range(rounds):
            for which, (function, calls) in enumerate(contestants):
                times[which].append(loop(function, [args], calls) / calls)
    finally:
        gc.enable()
    return statistics.median(times[0]), statistics.median(times[1])


def report(figures: list[Figure]) -> str:
    """The table as text, group by group, with the geometric mean of each group's ratios."""
    lines = []
    for group in dict.fromkeys(figure.group for figure in figures):
        members = [figure for figure in figures if figure.group == group]
        lines.append(f"\n{group}")
        lines.append(f"  {'':32} {'fastjit':>12} {'peer':>12} {'ratio':>7} {'target':>7}")
        for figure in members:
            target = f"{figure.target:7.3g}" if figure.target is not None else "      -"
            lines.append(
                f"  {figure.name:32} {figure.ours:9.4g} {figure.unit:2} {figure.theirs:9.4g} {figure.unit:2}"
                f" {figure.ratio:7.3f} {target} {figure.verdict}"
            )
        mean = statistics.geometric_mean(figure.ratio for figure in members)
        lines.append(f"  {'geometric mean':32} {'':12} {'':12} {mean:7.3f}")
    return "\n".join(lines)
