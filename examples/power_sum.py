"""The sum of square roots: one loop over Python numbers, compile time included.

The first call compiles. Nothing but Python's own types is involved: `i` is an `int`, `total` a `float`,
and the answer is Python's to the last bit.
"""

from show import Row, main, timed

from fastjit import fastjit


@fastjit(cache=False)
def fast_sum(n):
    total = 0.0
    for i in range(n):
        total += i**0.5
    return total


def example() -> Row:
    n = 10_000_000
    fast, answer = timed(fast_sum, n)
    slow, expected = timed(fast_sum.py_func, n)
    return Row("sum of i ** 0.5", f"{answer:.3f}", fast, slow, None, same(answer, expected))


def same(answer: float, expected: float) -> bool:
    """Powers may differ from libm's in the last bit once in a thousand; see the documentation."""
    return abs(answer - expected) <= 1e-12 * expected


if __name__ == "__main__":
    main(example)
