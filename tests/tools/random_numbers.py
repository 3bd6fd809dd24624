"""Random programs over numbers of every type: Python's and NumPy's beside each other, as scalars and as elements.

In: a seed. Out: the source of a function `numbers(...)` of four scalars, three arrays and a matrix of random types, and calls for
it. What it computes is returned with its types, and left in its arrays: what was stored before an error counts too.
Invariant: the same seed gives the same program; its operations are exact, so that answers can be compared bit for bit.
"""

import builtins
import random

import numpy as np

PYTHON = ("bool", "int", "float", "complex")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float32", "float64")
NUMPY = ("bool_", *INTEGERS, *FLOATS, "complex64", "complex128")
LENGTH = 7

# A number that no loop has touched may have the type that it would have been given; not so what is made of it.
RESULT = "s * 1, t * 1, u * 1"

# The names of the parameters, the scalars first.
SCALARS = ("x", "y", "z", "k")
ARRAYS = ("a", "b", "c")
MATRIX = "m"
ROWS = 3
PARAMETERS = (*SCALARS, *ARRAYS, MATRIX)


def types(seed):
    """The type of each parameter of a program."""
    rng = random.Random(f"types {seed}")
    complex_too = rng.random() < 0.2

    def allowed(names):
        return [name for name in names if complex_too or not name.startswith("complex")]

    scalars = [rng.choice(allowed(PYTHON * 2 + NUMPY)) for _ in SCALARS[:-1]] + ["int"]
    arrays = [rng.choice(allowed(NUMPY)) for _ in (*ARRAYS, MATRIX)]
    return dict(zip(PARAMETERS, scalars + arrays))


class Numbers:
    """A function as it is being written."""

    def __init__(self, seed):
        self.random = random.Random(f"numbers {seed}")
        self.types = types(seed)
        self.complex = any(name.startswith("complex") for name in self.types.values())
        self.lines = []
        self.locals = []
        self.pair = False
        self.loops = []

    def write(self, depth, text):
        self.lines.append("    " * depth + text)

    def pick(self, *choices):
        return self.random.choice(choices)

    def source(self):
        self.helper()
        self.lines.append("")
        self.write(0, f"def numbers({', '.join(PARAMETERS)}):")
        for name in self.random.sample(("s", "t", "u"), 3):
            self.write(1, f"{name} = {self.pick('0', '1', '0.5', 'x', 'y', 'z', 'a[0]', 'b[1]', self.value(1))}")
            self.locals.append(name)
        for _ in range(self.random.randrange(2, 6)):
            self.statement(1, 2)
        self.write(1, f"return {RESULT}")
        return "\n".join(self.lines) + "\n"

    def helper(self):
        """A function that may return numbers of several types."""
        self.write(0, "def helper(p, q):")
        p, q = self.pick(("p", "q"), ("q", "p"), ("p", "p + q"), ("p", "1"), ("q", "0.5"), ("p * q", "q"), ("p", "-q"))
        kind = self.random.randrange(5)
        if kind == 0:
            self.write(1, f"return {p}, {q}")
            self.pair = True
            return
        if kind == 1:
            self.write(1, f"return {p} if {self.pick('p', 'p < q', 'q == 1')} else {q}")
        elif kind == 2:
            self.write(1, "r, n = p, 0")
            self.write(1, "while r < 5 and n < 9:")
            self.write(2, f"r += {self.pick('1', 'q * q + 1', '0.75')}")
            self.write(2, "n += 1")
            self.write(1, "return r")
        else:
            self.write(1, f"if {self.pick('p > q', 'not q', '0 <= p < 3')}:")
            self.write(2, f"return {p}")
            self.write(1, f"return {q}")
        self.pair = False

    def block(self, depth, nest):
        for _ in range(self.pick(1, 1, 2)):
            self.statement(depth, nest)

    def statement(self, depth, nest):
        kind = self.random.randrange(16)
        if kind < 4 or (nest == 0 and kind >= 12):
            self.write(depth, f"{self.pick('s', 't', 'u')} = {self.value(2)}")
        elif kind < 6:
            operator = self.operator()
            # A power of Python's may have any number of digits.
            right = self.pick("2", "3", "0", "0.5") if operator == "**" else self.value(1)
            self.write(depth, f"{self.pick('s', 't', 'u')} {operator}= {right}")
        elif kind < 9:
            self.write(depth, f"{self.element()} {self.pick('=', '=', '=', '+=', '-=', '*=', '/=', '//=', '%=')} {self.value(1)}")
        elif kind < 10:
            self.write(depth, f"{self.view()} {self.pick('=', '=', '+=', '-=', '*=')} {self.pick(self.value(1), self.view())}")
        elif kind < 11:
            self.write(depth, f"if {self.condition()}:")
            error = self.pick("ValueError", "KeyError", "ArithmeticError")
            self.write(depth + 1, f"raise {error}({self.pick(self.value(0), repr('bad'))}, {self.value(0)})")
        elif kind < 12 and self.loops:
            self.write(depth, f"if {self.condition()}:")
            self.write(depth + 1, self.pick("break", "continue", f"return {RESULT}"))
        elif kind < 14:
            self.write(depth, f"if {self.condition()}:")
            self.block(depth + 1, nest - 1)
            if self.pick(True, False):
                self.write(depth, "else:")
                self.block(depth + 1, nest - 1)
        elif nest > 0:
            self.loop(depth, nest)
        elif self.pair:
            self.write(depth, f"s, {self.pick('t', 'u', 'a[0]')} = helper({self.value(1)}, {self.leaf()})")
        else:
            self.write(depth, f"{self.pick('s, t', 't, u', 's, a[k]')} = {self.pick('t', 's')}, {self.value(1)}")

    def loop(self, depth, nest):
        index = f"i{len(self.loops)}"
        array = self.pick(*ARRAYS)
        head, at, value = self.pick(
            (f"{index} in range(len({array}))", index, None),
            (f"{index} in range(len({array}))", index, None),
            (f"{index} in range({len(ARRAYS) + 3}, -1, -1)", index, None),
            (f"{index} in range(1, len({array}), 2)", index, None),
            (f"v{index} in {array}", None, f"v{index}"),
            (f"{index}, v{index} in enumerate({array}[::-1])", index, f"v{index}"),
        )
        if self.random.randrange(6) == 0:
            self.write(depth, f"{index} = 0")
            head, at, value = f"while {index} < {self.pick('7', 'k', 'len(a) - 1')}", index, None
        self.write(depth, f"{head}:" if head.startswith("while") else f"for {head}:")
        if head.startswith("while"):
            self.write(depth + 1, f"{index} += {self.pick(1, 1, 3)}")
        known = len(self.locals)
        self.loops.append(at or "0")
        if value:
            self.locals.append(value)
        self.block(depth + 1, nest - 1)
        del self.locals[known:]
        self.loops.pop()
        if self.random.randrange(6) == 0:
            self.write(depth, "else:")
            self.write(depth + 1, f"{self.pick('s', 't', 'u')} {self.pick('=', '+=')} {self.value(1)}")

    def index(self):
        if self.loops and self.pick(True, True, True, False):
            i = self.random.choice(self.loops)
            return self.pick(i, i, i, f"{i} - 1", f"-{i}", f"{i} // 2", f"{i} + 1")
        return self.pick("0", "-1", "2", "k", "k % 3", "-7", "6", "7")

    def element(self):
        if self.random.randrange(5) == 0:
            return f"{MATRIX}[{self.index()}, {self.index()} % {ROWS}]"
        return f"{self.pick(*ARRAYS)}[{self.index()}]"

    def view(self):
        if self.random.randrange(5) == 0:
            return f"{MATRIX}{self.pick('[:, 0]', '[::-1, -1]', '[:, k % 3]', '[::2, 1]')}"
        return f"{self.pick(*ARRAYS)}{self.pick('[:]', '[::2]', '[1::2]', '[::-1]', '[::-3]', '[5:0:-2]', '[k:]', '[:k]', '[-3::-1]', '[1:5:3]')}"

    def operator(self):
        # Complex powers are not exact.
        power = "+" if self.complex else "**"
        return self.pick("+", "-", "*", "+", "-", "*", "/", "//", "%", power)

    def bits(self, depth):
        """An operation on the bits of integers."""
        if depth == 0:
            names = [name for name in SCALARS if self.types[name].lstrip("u").startswith(("int", "bool"))]
            arrays = [name for name in ARRAYS if self.types[name].lstrip("u").startswith(("int", "bool"))]
            elements = [f"{name}[{self.index()}]" for name in arrays]
            return self.pick(*names, *names, *elements, *elements, "3", "1", "255", "k", *(name for name in self.loops if name != "0"))
        if self.pick(True, False):
            return f"({self.bits(depth - 1)} {self.pick('<<', '>>')} {self.pick('1', '3', 'k', '31', '64', 'np.uint8(9)')})"
        return f"({self.bits(depth - 1)} {self.pick('&', '|', '^')} {self.bits(0)})"

    def value(self, depth):
        kind = self.random.randrange(20)
        if depth == 0 or kind < 5:
            return self.leaf()
        one = lambda: self.value(depth - 1)  # noqa: E731
        if kind < 11:
            operator = self.operator()
            right = self.pick("2", "0", "1", "3", "0.5", "k") if operator == "**" else one()
            return f"({one()} {operator} {right})"
        if kind < 12:
            return self.pick(f"{self.pick('-', '+', '-')}({one()})", self.bits(depth), self.bits(depth), f"~{self.bits(0)}")
        return self.pick(
            f"{self.pick('min', 'max')}({one()}, {one()})",
            f"{self.pick('min', 'max')}({self.leaf()}, {self.leaf()}, {self.leaf()})",
            f"{self.pick('abs', 'round', 'abs', 'bool', 'int', 'float')}({one()})",
            f"divmod({one()}, {one()})[{self.pick(0, 1)}]",
            f"({one()} if {self.condition()} else {one()})",
            f"np.{self.pick(*(name for name in NUMPY if not name.startswith('complex')))}({one()})",
            f"np.{self.pick('minimum', 'maximum', 'fmin', 'add', 'subtract', 'multiply')}({one()}, {one()})",
            f"np.{self.pick('abs', 'sign', 'floor', 'ceil', 'trunc', 'negative', 'square', 'isnan', 'sqrt')}({one()})",
            f"({self.condition()})",
            f"({one()} {self.pick('and', 'or')} {one()})",
            one() if self.complex else f"pow({one()}, {self.pick('2', '3', '0', 'k')})",
            f"round({one()}, {self.pick('1', '2', '0', '-1')})",
            f"helper({one()}, {self.leaf()}){self.pick('[0]', '[1]') if self.pair else ''}",
            f"helper({self.leaf()}, {one()}){self.pick('[0]', '[1]') if self.pair else ''}",
            f"math.{self.pick('floor', 'ceil', 'trunc', 'sqrt', 'fabs', 'isnan', 'isfinite', 'isqrt')}({one()})",
            f"math.{self.pick('copysign', 'fmod', 'gcd', 'isclose')}({one()}, {one()})",
            f"{self.element()}.{self.pick('real', 'imag', 'item()', 'dtype.type(2)')}",
        )

    def leaf(self):
        return self.pick(
            *SCALARS,
            *self.locals,
            *self.locals,
            self.element(),
            self.element(),
            self.element(),
            self.pick("0", "1", "-1", "2", "7", "255", "-128", "0.0", "-0.0", "0.5", "True", "1e300", "3.0", "2**31", "9223372036854775807"),
            *(name for name in self.loops if name != "0"),
            f"len({self.pick(*ARRAYS)})",
            # Which of two equal zeros is the largest depends on the machine.
            f"{self.pick(*ARRAYS)}.{self.pick('sum()', 'max() + 0', 'min() + 0', 'any()', 'prod()')}",
        )

    def condition(self):
        order = ("<", "<=", ">", ">=", "==", "!=")
        return self.pick(
            f"{self.leaf()} {self.pick(*order)} {self.leaf()}",
            f"{self.leaf()} {self.pick(*order)} {self.leaf()} {self.pick(*order)} {self.leaf()}",
            f"{self.leaf()}",
            f"not {self.leaf()}",
            f"{self.leaf()} {self.pick(*order)} {self.leaf()} {self.pick('and', 'or')} {self.leaf()} {self.pick(*order)} {self.leaf()}",
            f"{self.leaf()} in (0, 1, {self.leaf()})",
        )


def source(seed):
    """The text of a program."""
    return Numbers(seed).source()


def number(rng, name):
    """A number of the type, often at the border of what it holds."""
    if name in ("bool", "bool_"):
        value = rng.random() < 0.5
    elif name == "int":
        value = rng.choice((0, 1, -1, 2, 3, 7, 127, 128, 255, -129, 2**31, 2**53 + 1, 2**62, 2**63 - 1, -(2**63), rng.randrange(-9, 9)))
    elif name in INTEGERS:
        info = np.iinfo(name)
        value = rng.choice((0, 1, 2, 3, info.max, info.min, info.max - 1, info.min + 1, info.max // 2 + 1, rng.randrange(9)))
    else:
        part = lambda: rng.choice((0.0, -0.0, 1.0, -1.5, 0.1, 2.5, 3.0, 1e30, 1e300, 5e-324, 16777217.0, 2.0**63, np.inf, -np.inf, np.nan, rng.randrange(-20, 20) / 4))  # noqa: E731
        value = complex(part(), part()) if name.startswith("complex") else part()
    return getattr(builtins if name in PYTHON else np, name)(value)


def laid_out(rng, values):
    """The array, in one of several layouts."""
    kind = rng.randrange(5)
    if kind == 0:
        wide = np.zeros((len(values), 2), values.dtype)
        wide[:, 1] = values
        return wide[:, 1]
    return values[::-1] if kind == 1 else values


def arguments(seed):
    """What a program is called with. `seed` is the program's, times the number of calls, plus the call's."""
    from random_run import CALLS

    rng = random.Random(f"arguments {seed}")
    names = types(seed // CALLS)
    with np.errstate(all="ignore"):
        scalars = [number(rng, names[name]) for name in SCALARS[:-1]] + [rng.choice((0, 1, 2, 5, 7))]
        arrays = [laid_out(rng, np.array([number(rng, names[name]) for _ in range(LENGTH)])) for name in ARRAYS]
        cells = [number(rng, names[MATRIX]) for _ in range(LENGTH * ROWS)]
    matrix = np.array(cells).reshape(LENGTH, ROWS)
    return (*scalars, *arrays, rng.choice((matrix, matrix[::-1], np.asfortranarray(matrix), matrix[:, ::-1])))
