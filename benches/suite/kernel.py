"""What one kernel of the suite is: a plain Python function, its inputs, and the name of the same thing in C."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kernel:
    """`inputs(*small)` are the arguments that the answer is checked on, `inputs(*full)` those that are timed.

    The C function has the Python function's name and stands in the file of the same family.
    """

    name: str
    function: Callable[..., object]
    inputs: Callable[..., tuple[object, ...]]
    small: tuple[object, ...]
    full: tuple[object, ...]
