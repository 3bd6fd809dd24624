"""What one kernel of the suite is: a plain Python function, its inputs, and the name of the same thing in C."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

# A processor learns the branches of calls that are repeated: some sixty thousand of them, where there are few others.
DRAWS = 40


@dataclass(frozen=True)
class Kernel:
    """`inputs(*small)` are the arguments that the answer is checked on, `inputs(*full)` those that are timed.

    The C function has the Python function's name and stands in the file of the same family. Where branches depend
    on numbers that are drawn, `drawn` says so, and `inputs` takes a seed: many draws are timed in turn.
    """

    name: str
    function: Callable[..., object]
    inputs: Callable[..., tuple[object, ...]]
    small: tuple[object, ...]
    full: tuple[object, ...]
    drawn: bool = field(default=False, kw_only=True)

    def turns(self) -> list[tuple[object, ...]]:
        """The arguments to time, in turn. What no draw decides (outputs, above all) is the same object in all."""
        first = self.inputs(*self.full)
        if not self.drawn:
            return [first]
        others = [self.inputs(*self.full, seed=seed) for seed in range(1, DRAWS)]
        alike = [tuple(a if np.array_equal(a, b) else b for a, b in zip(first, other)) for other in others]
        return [first, *alike]
