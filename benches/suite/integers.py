"""Integer arithmetic and recursion: Python ints, helpers, early exits."""

from kernels import collatz, fib, sieve

import numpy as np
from suite.kernel import Kernel


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def coprime_pairs(n):
    count = 0
    for a in range(1, n):
        for b in range(1, a):
            if gcd(a, b) == 1:
                count += 1
    return count


def power_modulo(base, exponent, modulus):
    result = 1
    base %= modulus
    while exponent > 0:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


def fermat_test(n):
    """How many odd numbers below n pass Fermat's test to base 2."""
    passed = 0
    for candidate in range(3, n, 2):
        if power_modulo(2, candidate - 1, candidate) == 1:
            passed += 1
    return passed


def is_prime(n):
    if n < 2:
        return False
    if n % 2 == 0:
        return n == 2
    d = 3
    while d * d <= n:
        if n % d == 0:
            return False
        d += 2
    return True


def trial_division(n):
    count = 0
    for k in range(n):
        if is_prime(k):
            count += 1
    return count


def digit_sums(n):
    """Numbers below n whose digit sum divides them."""
    count = 0
    for k in range(1, n):
        rest = k
        total = 0
        while rest > 0:
            total += rest % 10
            rest //= 10
        if k % total == 0:
            count += 1
    return count


def kernighan(values):
    """Set bits, one step for each."""
    bits = 0
    for i in range(len(values)):
        v = values[i]
        while v:
            v &= v - 1
            bits += 1
    return bits


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def place_queens(full, columns, left, right):
    if columns == full:
        return 1
    count = 0
    free = full & ~(columns | left | right)
    while free:
        queen = free & -free
        free ^= queen
        count += place_queens(full, columns | queen, (left | queen) << 1, (right | queen) >> 1)
    return count


def queens(n):
    return place_queens((1 << n) - 1, 0, 0, 0)


def partitions(n, largest):
    """Ways of writing n as a sum of parts up to `largest`."""
    if n == 0:
        return 1
    total = 0
    for part in range(1, min(n, largest) + 1):
        total += partitions(n - part, part)
    return total


def numbers(*values):
    return values


def flags(n):
    return (np.ones(n, np.uint8),)


def words(n):
    return (np.random.default_rng(2).integers(0, 2**63, n),)


KERNELS = [
    Kernel("collatz", collatz, numbers, (30,), (3000,)),
    Kernel("sieve", sieve, flags, (200,), (50_000,)),
    Kernel("gcd of pairs", coprime_pairs, numbers, (20,), (200,)),
    Kernel("Fermat test (modular power)", fermat_test, numbers, (60,), (2000,)),
    Kernel("trial division", trial_division, numbers, (60,), (5000,)),
    Kernel("digit sums", digit_sums, numbers, (120,), (20_000,)),
    Kernel("bit count (Kernighan)", kernighan, words, (9,), (2000,)),
    Kernel("fib", fib, numbers, (9,), (20,)),
    Kernel("ackermann", ackermann, numbers, (2, 3), (2, 150)),
    Kernel("queens", queens, numbers, (5,), (8,)),
    Kernel("partitions", partitions, numbers, (9, 9), (26, 26)),
]
