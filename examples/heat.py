"""Heat in a plate: Jacobi iteration of Laplace's equation on a square grid.

The loops are written out as on paper; every index is checked, and NumPy's slicing form is beside it.
"""

import numpy as np
from show import Row, main, timed

from fastjit import fastjit


@fastjit
def relax(grid, steps):
    """`steps` Jacobi sweeps of a float64 grid of shape (n, m); the rim is held fixed. Returns a new grid."""
    n, m = grid.shape
    old = grid.copy()
    new = grid.copy()
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                new[i, j] = 0.25 * (old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1])
        old, new = new, old
    return old


def relax_numpy(grid, steps):
    """The same with slices."""
    old = grid.copy()
    new = grid.copy()
    for _ in range(steps):
        new[1:-1, 1:-1] = 0.25 * (old[:-2, 1:-1] + old[2:, 1:-1] + old[1:-1, :-2] + old[1:-1, 2:])
        old, new = new, old
    return old


def plate(n):
    """A cold plate with a hot left edge and a warm spot on the top."""
    grid = np.zeros((n, n))
    grid[:, 0] = 100.0
    grid[0, n // 3 : 2 * n // 3] = 60.0
    return grid


def example() -> Row:
    grid = plate(128)
    relax(grid, 1)
    fast, result = timed(relax, grid, 60, repeat=5)
    slow, expected = timed(relax.py_func, grid, 60)
    numpy, _ = timed(relax_numpy, grid, 60, repeat=3)
    return Row("heat, 128 x 128 x 60", f"mean {result.mean():.4f}", fast, slow, numpy, bool((result == expected).all()))


def picture(axes) -> None:
    """Draws the plate after many sweeps."""
    axes.imshow(relax(plate(128), 6000), cmap="inferno")
    axes.set_title("Heat in a plate, 6000 sweeps")


if __name__ == "__main__":
    main(example)
