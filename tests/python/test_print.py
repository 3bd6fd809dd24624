"""What compiled code prints: numbers of every type, alone and in the formats of f-strings."""

import contextlib
import io

import numpy as np
import pytest

from fastjit import errors, fastjit

NUMBERS = [
    0, 3, -7, 2**62, True, False, 1.5, -0.0, 1e22, 5e-324, float("nan"), float("inf"), 1.5 - 2j, complex(-0.0, float("nan")),
    np.bool_(True), np.int8(-5), np.int64(-(2**63)), np.uint64(2**64 - 1), np.float32(1.1), np.float32(1e10),
    np.float64(0.1), np.complex64(1.1 + 2j), np.complex128(2j),
]  # fmt: skip


def printed(function, *arguments):
    """What the call prints; or its class, if it raises an error."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        try:
            function(*arguments)
        except Exception as error:
            return type(error)
    return text.getvalue()


def plain(x):
    print(x, f"{x}", f"a{x}b{x!s}c", sep="|", end="$\n")


def width(x):
    print(f"{x:12}", f"{x:<12}|", f"{x:^12}|{x:*>12}|{x:+}")


def text(x):
    print(f"{x!s:>12}|{x!s:.2}|{x!s:^9}")


def fixed(x):
    print(f"{x:.3f} {x:10.2f} {x:.0f} {x:,.2f} {x:_}")


def scientific(x):
    print(f"{x:e} {x:.2E} {x:g} {x:#.3g} {x:G}")


def padded(x):
    print(f"{x:08.3f}|{x:=+9}|{x:09}|{x:.1%}")


def integer(x):
    print(f"{x:d} {x:x} {x:#X} {x:#b} {x:o} {x:+,d} {x:_b}")


def representation(x):
    print(f"{x!r}", f"{x=}")


def nested(x):
    print(f"a {f'b {x}'} {(1, 2.5)} {None} {'c'}")


def ordinal(x):
    print(f"{x:c} {x:n}")


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
@pytest.mark.parametrize(
    "function", [plain, width, text, fixed, scientific, padded, integer, representation, nested, ordinal]
)
def test_print(function, number):
    ours, theirs = printed(fastjit(function), number), printed(function, number)
    # What the interpreter cannot format is refused, and so is what depends on the locale.
    may_refuse = isinstance(theirs, type) or function is ordinal or (function is representation and not type(number) is int)
    assert ours == theirs or (may_refuse and ours is errors.UnsupportedError)


def test_print_in_loops():
    def table(a):
        for i in range(len(a)):
            print(f"{i:3d}: {a[i]:8.3f}", end="")
            print(f" {a[i] / a[0]:.1%}")

    a = np.array([3.0, 1.0, -2.0])
    assert printed(fastjit(table), a) == printed(table, a)
