"""Timing and printing shared by the examples.

Each example has a function `example()` that returns a `Row`; run as a script it prints that row.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Row:
    """One line of the table. Times are in seconds for one run on the same input."""

    name: str
    answer: str
    fastjit: float
    python: float
    numpy: float | None
    equal: bool
    note: str = ""

    def cells(self) -> list[str]:
        """The row as text: name, answer, times, speed-ups, check."""
        return [
            self.name,
            self.answer,
            milliseconds(self.fastjit),
            milliseconds(self.python),
            milliseconds(self.numpy) if self.numpy is not None else "-",
            f"{self.python / self.fastjit:.0f}x",
            f"{self.numpy / self.fastjit:.1f}x" if self.numpy is not None else "-",
            "yes" if self.equal else "NO",
        ]


HEADER = ["example", "answer", "fastjit", "Python", "NumPy", "vs Python", "vs NumPy", "equal"]


def milliseconds(seconds: float) -> str:
    """`12.3 ms`, with three significant digits."""
    value = seconds * 1e3
    digits = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:.{min(digits, 4)}f} ms"


def timed(function: Callable[..., Any], *args: Any, repeat: int = 1) -> tuple[float, Any]:
    """The shortest time of `repeat` calls, and the last result."""
    best = math.inf
    result = None
    for _ in range(repeat):
        start = time.perf_counter()
        result = function(*args)
        best = min(best, time.perf_counter() - start)
    return best, result


def interpreted(function: Any, **names: Any) -> Callable[..., Any]:
    """What a compiled function's source gives in the interpreter, with `names` in place of its globals of
    those names (its helpers' Python originals)."""
    plain = function.py_func
    return type(plain)(plain.__code__, {**plain.__globals__, **names})


def table(rows: list[Row]) -> str:
    """Aligned text of the rows under the header."""
    lines = [HEADER] + [row.cells() for row in rows]
    widths = [max(len(line[k]) for line in lines) for k in range(len(HEADER))]
    text = []
    for line in lines:
        cells = [line[0].ljust(widths[0]), line[1].ljust(widths[1])]
        cells += [cell.rjust(width) for cell, width in zip(line[2:], widths[2:])]
        text.append("  ".join(cells).rstrip())
    text.insert(1, "-" * max(len(line) for line in text))
    return "\n".join(text)


def main(example: Callable[[], Row]) -> None:
    """Runs one example and prints its row."""
    row = example()
    print(table([row]))
    if row.note:
        print(row.note)
    assert row.equal, "the compiled answer differs from Python's"
