"""The Mandelbrot set: complex iteration with an early exit, which NumPy cannot express without waste."""

import numpy as np
from show import Row, main, timed

from fastjit import fastjit


@fastjit
def escape_time(re, im, limit):
    """Iterations until |z| > 2, or `limit`."""
    x = 0.0
    y = 0.0
    for k in range(limit):
        xx = x * x
        yy = y * y
        if xx + yy > 4.0:
            return k
        y = 2.0 * x * y + im
        x = xx - yy + re
    return limit


@fastjit
def mandelbrot(width, height, limit):
    """Escape times on a grid over [-2, 0.6] x [-1.2, 1.2], as an int32 array of shape (height, width)."""
    image = np.empty((height, width), np.int32)
    for row in range(height):
        im = -1.2 + 2.4 * row / (height - 1)
        for column in range(width):
            re = -2.0 + 2.6 * column / (width - 1)
            image[row, column] = escape_time(re, im, limit)
    return image


def mandelbrot_python(width, height, limit):
    """The same without compilation."""
    image = np.empty((height, width), np.int32)
    for row in range(height):
        im = -1.2 + 2.4 * row / (height - 1)
        for column in range(width):
            re = -2.0 + 2.6 * column / (width - 1)
            image[row, column] = escape_time.py_func(re, im, limit)
    return image


def mandelbrot_numpy(width, height, limit):
    """The usual NumPy idiom: every point is carried to the end, masked once it has escaped."""
    re = -2.0 + 2.6 * np.arange(width) / (width - 1)
    im = (-1.2 + 2.4 * np.arange(height) / (height - 1))[:, None]
    x = np.zeros((height, width))
    y = np.zeros((height, width))
    image = np.full((height, width), limit, np.int32)
    inside = np.ones((height, width), bool)
    for k in range(limit):
        xx = x * x
        yy = y * y
        escaped = inside & (xx + yy > 4.0)
        image[escaped] = k
        inside &= ~escaped
        y = np.where(inside, 2.0 * x * y + im, y)
        x = np.where(inside, xx - yy + re, x)
    return image


def example() -> Row:
    size = (300, 240, 200)
    mandelbrot(8, 8, 4)
    fast, image = timed(mandelbrot, *size, repeat=5)
    slow, expected = timed(mandelbrot_python, *size)
    numpy, _ = timed(mandelbrot_numpy, *size)
    return Row(
        "Mandelbrot 300 x 240", f"{int(image.sum())} steps", fast, slow, numpy, bool((image == expected).all())
    )


def picture(axes) -> None:
    """Draws a finer grid."""
    axes.imshow(np.log(mandelbrot(1040, 960, 400) + 1.0), cmap="magma", extent=(-2, 0.6, -1.2, 1.2))
    axes.set_title("Mandelbrot set, 400 iterations")


if __name__ == "__main__":
    main(example)
