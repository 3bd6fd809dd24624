"""Pricing an Asian call option by Monte Carlo, with a generator of our own.

The xorshift64* generator works on `np.uint64`, which wraps as NumPy's does. The prices are the same to the
last bit in Python.
"""

import math

import numpy as np
from show import Row, interpreted, main, timed

from fastjit import fastjit


@fastjit
def next_state(state):
    """One step of xorshift64 on a uint64."""
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    state ^= state >> np.uint64(27)
    return state


@fastjit
def uniform(state):
    """A float in (0, 1) from the upper 53 bits."""
    return (float(state * np.uint64(2685821657736338717) >> np.uint64(11)) + 0.5) / 9007199254740992.0


@fastjit
def asian_call(spot, strike, rate, volatility, years, steps, paths, seed):
    """Mean discounted pay-off of a call on the average price over `steps` dates."""
    dt = years / steps
    drift = (rate - 0.5 * volatility * volatility) * dt
    scale = volatility * math.sqrt(dt)
    state = np.uint64(seed)
    total = 0.0
    for _ in range(paths):
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


def asian_call_numpy(spot, strike, rate, volatility, years, steps, paths, seed):
    """The usual vectorised form, with NumPy's generator."""
    dt = years / steps
    normal = np.random.default_rng(seed).standard_normal((paths, steps))
    growth = (rate - 0.5 * volatility**2) * dt + volatility * math.sqrt(dt) * normal
    average = np.exp(math.log(spot) + np.cumsum(growth, axis=1)).mean(axis=1)
    return math.exp(-rate * years) * np.maximum(average - strike, 0.0).mean()


CONTRACT = (100.0, 100.0, 0.03, 0.25, 1.0, 50)


def example() -> Row:
    asian_call(*CONTRACT, 1, 88172645463325252)
    plain = interpreted(asian_call, next_state=next_state.py_func, uniform=uniform.py_func)
    with np.errstate(over="ignore"):
        fast, price = timed(asian_call, *CONTRACT, 4000, 88172645463325252, repeat=3)
        slow, expected = timed(plain, *CONTRACT, 4000, 88172645463325252)
        numpy, _ = timed(asian_call_numpy, *CONTRACT, 4000, 7, repeat=3)
    return Row("Asian option, 4000 paths", f"price {price:.4f}", fast, slow, numpy, price == expected)


def picture(axes) -> None:
    """Draws the convergence of the price."""
    counts = np.unique(np.geomspace(10, 40000, 60).astype(int))
    prices = [asian_call(*CONTRACT, int(count), 88172645463325252) for count in counts]
    axes.semilogx(counts, prices)
    axes.axhline(prices[-1], color="grey", linewidth=0.5)
    axes.set_xlabel("paths")
    axes.set_title("Asian call: price by number of paths")


if __name__ == "__main__":
    main(example)
