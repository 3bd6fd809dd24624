"""The same two kernels on all cores with `prange`: Mandelbrot by rows, and option paths as a reduction.

Iterations of `prange` run on threads; `total +=` is recognised as a reduction and split by the number of
iterations, so the answer has the same bits with any number of threads.
"""

import math

import numpy as np
from mandelbrot import escape_time, mandelbrot
from options import CONTRACT, next_state, uniform
from show import Row, main, timed

from fastjit import fastjit, get_num_threads, prange, set_num_threads


@fastjit
def mandelbrot_rows(width, height, limit):
    """As `mandelbrot`, rows in parallel."""
    image = np.empty((height, width), np.int32)
    for row in prange(height):
        im = -1.2 + 2.4 * row / (height - 1)
        for column in range(width):
            re = -2.0 + 2.6 * column / (width - 1)
            image[row, column] = escape_time(re, im, limit)
    return image


@fastjit
def asian_call_paths(spot, strike, rate, volatility, years, steps, paths, seed):
    """As `asian_call`, each path with a stream of its own."""
    dt = years / steps
    drift = (rate - 0.5 * volatility * volatility) * dt
    scale = volatility * math.sqrt(dt)
    total = 0.0
    for path in prange(paths):
        state = np.uint64(seed) + np.uint64(path + 1) * np.uint64(11400714819323198485)
        log_price = math.log(spot)
        average = 0.0
        for _ in range(steps):
            state = next_state(state)
            radius = math.sqrt(-2.0 * math.log(uniform(state)))
            state = next_state(state)
            normal = radius * math.cos(2.0 * math.pi * uniform(state))
            log_price += drift + scale * normal
            average += math.exp(log_price)
        total += max(average / steps - strike, 0.0)
    return math.exp(-rate * years) * total / paths


def on_one_thread(function, *args):
    """Result and time on a single thread."""
    threads = get_num_threads()
    set_num_threads(1)
    try:
        return timed(function, *args, repeat=3)
    finally:
        set_num_threads(threads)


def example() -> Row:
    size = (800, 600, 300)
    mandelbrot_rows(8, 8, 4)
    mandelbrot(8, 8, 4)
    fast, image = timed(mandelbrot_rows, *size, repeat=5)
    serial, expected = timed(mandelbrot, *size, repeat=3)
    return Row(
        f"Mandelbrot, {get_num_threads()} threads",
        f"{int(image.sum())} steps",
        fast,
        serial,
        None,
        bool((image == expected).all()),
        "the Python column holds the serial compiled time",
    )


def example_options() -> Row:
    arguments = (*CONTRACT, 40000, 88172645463325252)
    asian_call_paths(*CONTRACT, 1, 1)
    fast, price = timed(asian_call_paths, *arguments, repeat=5)
    serial, expected = on_one_thread(asian_call_paths, *arguments)
    return Row(
        f"options, {get_num_threads()} threads",
        f"price {price:.4f}",
        fast,
        serial,
        None,
        price == expected,
        "the Python column holds the compiled time on one thread",
    )


if __name__ == "__main__":
    main(example)
    main(example_options)
