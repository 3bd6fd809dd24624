"""Arithmetic of Python numbers: operators, conversions, comparisons, builtins, at their edges."""

import math

INT_MIN = -(2**63)
INT_MAX = 2**63 - 1
INTS = [0, 1, -1, 2, -2, 3, -3, 7, -7, 10, 63, 64, 2**31, -(2**31), 2**53, 2**53 + 1, INT_MAX, INT_MIN, INT_MIN + 1]
FLOATS = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 2.5, -2.5, 3.0, 1e-310, 1e16, -1e16, 1e308, math.inf, -math.inf, math.nan]

PAIRS_INT = [(a, b) for a in INTS for b in (0, 1, -1, 2, -2, 3, -7, 10, 63, 64, INT_MAX, INT_MIN)]
PAIRS_FLOAT = [(a, b) for a in FLOATS for b in FLOATS]
PAIRS_MIXED = [(a, b) for a in (0, 1, -3, 2**53 + 1, INT_MAX) for b in FLOATS]
SHIFTS = [(a, b) for a in INTS for b in (-1, 0, 1, 5, 62, 63, 64, 100)]
POWERS = [(a, b) for a in (0, 1, -1, 2, -2, 3, 10, 2**31) for b in (-2, -1, 0, 1, 2, 3, 5, 19, 62, 63, 64)]


def add(a, b):
    return a + b


def larger_and_smaller(a, b):
    return (a if a > b else b, b if a > b else a, a if a < b else b, b if a < b else a, a if a >= b else b, b if a <= b else a)


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def truediv(a, b):
    return a / b


def floordiv(a, b):
    return a // b


def mod(a, b):
    return a % b


def divmod_(a, b):
    return divmod(a, b)


def power(a, b):
    return a**b


def lshift(a, b):
    return a << b


def rshift(a, b):
    return a >> b


def bits(a, b):
    return a & b, a | b, a ^ b, ~a


def compare(a, b):
    return a < b, a <= b, a == b, a != b, a > b, a >= b


def signs(a):
    return -a, +a, abs(a), not a


def as_int(a):
    return int(a)


def as_float(a):
    return float(a), bool(a)


def round_(a):
    return round(a)


def round_digits(a, n):
    return round(a, n)


def logic(a, b):
    return a and b, a or b


def chained(a, b, c):
    return a < b < c, a == b == c


def ternary(a, b):
    return a if a > b else b


def minmax(a, b):
    return min(a, b), max(a, b)


def square_root(a):
    return a**0.5


def cube(a):
    return a**3, a**2


def lcg(x, n):
    for _ in range(n):
        x = (1103515245 * x + 12345) % 2147483648
    return x


def masked_hash(x, n):
    h = x
    for i in range(n):
        h = (h * 6364136223846793005 + 1442695040888963407 + i) & 0x7FFFFFFFFFFFFFFF
    return h


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def fib_loop(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def factorial(n):
    result = 1
    for k in range(2, n + 1):
        result *= k
    return result


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def forever(n):
    return forever(n + 1)


CASES = [
    *[(f, PAIRS_INT + PAIRS_FLOAT + PAIRS_MIXED) for f in (add, sub, mul, truediv, floordiv, mod, divmod_, compare)],
    (power, POWERS + [(a, b) for a in FLOATS for b in (-1.5, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0, math.inf, math.nan)]),
    *[(f, SHIFTS) for f in (lshift, rshift)],
    (bits, PAIRS_INT),
    *[(f, [(x,) for x in INTS + FLOATS + [True, False]]) for f in (signs, as_int, as_float, round_)],
    (round_digits, [(x, n) for x in FLOATS + [2.675, 1234.5678] for n in (-2, 0, 1, 2, 5)]),
    *[(f, [(1, 2), (0, 2), (0.0, -0.0), (2, 0), (True, False), (1.5, 0.0)]) for f in (logic, ternary, minmax)],
    (larger_and_smaller, PAIRS_FLOAT),
    (chained, [(1, 2, 3), (1, 1, 1), (3, 2, 1), (1.0, 1.0, 1.0)]),
    (square_root, [(x,) for x in FLOATS + [2, 0, 9]]),
    (cube, [(x,) for x in FLOATS + [2, 0, -9, 2097151, 2097152, 2**32]]),
    (lcg, [(1, 0), (1, 1), (12345, 100)]),
    (masked_hash, [(1, 0), (1, 1), (12345, 100)]),
    (fib, [(0,), (1,), (15,)]),
    (fib_loop, [(0,), (1,), (92,), (93,), (150,)]),
    (factorial, [(0,), (5,), (20,), (21,), (30,)]),
    (is_even, [(0,), (7,), (100,)]),
    (forever, [(0,)]),
]
