"""A kernel of the vector suite: one of the scalar suite's, its class, and its floating-point licence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from suite.kernel import Kernel


@dataclass(frozen=True)
class Kind:
    """A class of kernels; `limit` is what the geometric mean of its ratios to Numba may reach."""

    name: str
    limit: float


CACHE = Kind("elementwise and stencils in cache, float64", 0.95)
REUSE = Kind("nests with reuse", 0.75)
CHAIN = Kind("sums and recurrences in order", 1.00)
FAST = Kind("reductions under fastmath", 0.95)
SINGLE = Kind("float32 with Python's constants", 0.60)
SMALL = Kind("small integers", 0.80)
EXP = Kind("exp, sin, cos, tanh", 0.40)
LOG = Kind("log, log1p", 0.60)
POWER = Kind("powers", 0.90)
MEMORY = Kind("larger than the cache", 1.05)

KINDS = [CACHE, REUSE, CHAIN, FAST, SINGLE, SMALL, EXP, LOG, POWER, MEMORY]


@dataclass(frozen=True)
class VectorKernel(Kernel):
    """`fastmath` holds for every contestant. `tolerance`, relative, is zero where the answer is exact."""

    kind: Kind
    fastmath: bool = False
    tolerance: float = 0.0


def exact(kind, name, function, inputs, small, full) -> VectorKernel:
    return VectorKernel(name, function, inputs, small, full, kind)


def close(kind, name, function, inputs, small, full, tolerance=1e-14) -> VectorKernel:
    """Functions of NumPy's, which may be off by a unit in the last place here and there."""
    return VectorKernel(name, function, inputs, small, full, kind, tolerance=tolerance)


def fast(name, function, inputs, small, full, kind=FAST) -> VectorKernel:
    """The sum in another order: as exact as the terms are alike in sign and size."""
    return VectorKernel(name, function, inputs, small, full, kind, fastmath=True, tolerance=1e-10)


def arrays(*shapes: object) -> tuple[np.ndarray, ...]:
    """Random arrays of float64 in [0, 1), the same in every run."""
    rng = np.random.default_rng(len(shapes))
    return tuple(rng.random(shape) for shape in shapes)
