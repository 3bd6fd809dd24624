"""A suite of loops over arrays: PolyBench's thirty kernels and others. Each kernel is also a test."""

from vectors import elementwise, functions, images, mining, products, reductions, solvers, stencils
from vectors.kernel import VectorKernel

FAMILIES = {
    "products": products.KERNELS,
    "solvers": solvers.KERNELS,
    "mining": mining.KERNELS,
    "stencils": stencils.KERNELS,
    "elementwise": elementwise.KERNELS,
    "images": images.KERNELS,
    "functions": functions.KERNELS,
    "reductions": reductions.KERNELS,
}


def kernels() -> list[VectorKernel]:
    """All kernels, family by family."""
    return [kernel for family in FAMILIES.values() for kernel in family]
