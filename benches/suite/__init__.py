"""A suite of scalar and irregular kernels, each in Python and in C. Each kernel is also a test."""

from suite import hashing, integers, numerics, sequences, simulations, tables
from suite.kernel import Kernel

FAMILIES = {
    "integers": integers.KERNELS,
    "hashing": hashing.KERNELS,
    "sequences": sequences.KERNELS,
    "tables": tables.KERNELS,
    "simulations": simulations.KERNELS,
    "numerics": numerics.KERNELS,
}


def kernels() -> list[Kernel]:
    """All kernels, family by family."""
    return [kernel for family in FAMILIES.values() for kernel in family]
