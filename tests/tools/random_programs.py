"""Random programs in Python: array expressions of mixed types, stores in place, loops with `else`, early returns.

In: a seed. Out: the source of a function `program(a, b, r, u, w, q, m, h, n, x, flag)` and calls for it. `a` and `b` are
float64, `r` is float32, `u` int64, `w` int32 and `q` uint8, all of length `n`; `m` (float64) and `h` (int64) have `n` rows
of four. What a program computes is returned and left in its arrays, so that stores before an error count too.
Invariant: the same seed gives the same program; its operations are exact, so that answers can be compared bit for bit.
"""

import random

import numpy as np

FLOATS = ("a", "b", "r")
INTS = ("u", "w", "q")
COLUMNS = 4
SPECIAL = (0.0, -0.0, 1.0, -1.5, 0.1, 1e300, float("inf"), float("-inf"), float("nan"))


class Program:
    """A function as it is being written, and the locals that hold a value wherever they are named."""

    def __init__(self, seed):
        self.random = random.Random(f"program {seed}")
        self.lines = []
        self.names = 0
        self.loops = []
        # Locals with arrays of length n.
        self.rows = []

    def write(self, depth, text):
        self.lines.append("    " * depth + text)

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def name(self, letter):
        self.names += 1
        return f"{letter}{self.names}"

    def source(self):
        self.write(0, "def program(a, b, r, u, w, q, m, h, n, x, flag):")
        for line in ("s = 0.0", "t = 0", "c = x", "k = n", "pair = (x, n)"):
            self.write(1, line)
        for _ in range(self.random.randrange(2, 6)):
            self.statement(1, 2)
        self.write(1, f"return {self.result()}")
        return "\n".join(self.lines) + "\n"

    # Statements.

    def block(self, depth, nest):
        known = len(self.rows)
        for _ in range(self.pick(1, 1, 2, 3)):
            self.statement(depth, nest)
        # What a branch assigns may be missing behind it.
        del self.rows[known:]

    def statement(self, depth, nest):
        kind = self.random.randrange(24)
        if kind < 3:
            name = self.name("y")
            self.write(depth, f"{name} = {self.row(2)}")
            self.rows.append(name)
        elif kind < 6:
            self.store(depth)
        elif kind < 9:
            self.update_in_place(depth)
        elif kind < 12:
            self.scalar(depth)
        elif kind < 13:
            self.write(depth, self.pick("pair = (c, k)", "pair = (pair[0] + s, pair[1])", "c, k = pair", "pair = pair[0], t", "s, c = c, s"))
        elif kind < 14 and self.loops:
            self.write(depth, f"if {self.condition()}:")
            self.write(depth + 1, self.pick("break", "continue", "break", f"return {self.result()}"))
        elif kind < 15:
            self.element(depth)
        elif nest == 0:
            self.element(depth) if self.loops else self.scalar(depth)
        elif kind < 18:
            self.branch(depth, nest - 1)
        elif kind < 20:
            self.counted(depth, nest - 1)
        elif kind < 22:
            self.over(depth, nest - 1)
        else:
            self.repeated(depth, nest - 1)

    def result(self):
        # A number that no loop has touched may have the type that it would have been given.
        numbers = "float(s), int(t), float(c), int(k), float(pair[0]), int(pair[1])"
        return numbers + "".join(f", {name}" for name in self.rows[-3:])

    def branch(self, depth, nest):
        self.write(depth, f"if {self.condition()}:")
        self.block(depth + 1, nest)
        if self.chance(40):
            self.write(depth, f"elif {self.condition()}:")
            self.block(depth + 1, nest)
        if self.chance(50):
            self.write(depth, "else:")
            self.block(depth + 1, nest)

    def loop_body(self, depth, nest, index):
        self.loops.append(index)
        self.block(depth + 1, nest)
        self.loops.pop()
        if self.chance(25):
            self.write(depth, "else:")
            self.scalar(depth + 1)

    def counted(self, depth, nest):
        index = self.name("i")
        bounds = self.pick("n", "n", "1, n", "n - 1, -1, -1", "0, n, 2", "n - 1", "len(u)", "3", "m.shape[0]", "k - 3, k")
        self.write(depth, f"for {index} in range({bounds}):")
        self.loop_body(depth, nest, index)

    def over(self, depth, nest):
        index, value = self.name("i"), self.name("v")
        head, known = self.pick(
            (f"{index}, {value} in enumerate({self.vector()})", True),
            (f"{index}, ({value}, c) in enumerate(zip({self.pick('a', 'b')}, {self.pick('a[::-1]', 'b')}))", True),
            (f"{index} in (0, 1, n - 1)", True),
            (f"{value} in {self.vector()}", False),
            (f"{value} in reversed({self.vector()})", False),
        )
        self.write(depth, f"for {head}:")
        if not known:
            self.write(depth + 1, f"s += {value}")
        self.loop_body(depth, nest, index if known else "0")

    def repeated(self, depth, nest):
        counter = self.name("g")
        self.write(depth, f"{counter} = {self.pick('n', '0', 'n + 2')}")
        test = self.pick(f"{counter} < 9", f"{counter} < n", f"{counter} * {counter} < 50 and flag", "True")
        self.write(depth, f"while {test}:")
        self.write(depth + 1, f"{counter} += {self.pick(1, 1, 2, 3)}")
        if test == "True" or self.chance(20):
            self.write(depth + 1, f"if {counter} > {self.pick(5, 12)}:")
            self.write(depth + 2, "break")
        self.loop_body(depth, nest, counter)

    def store(self, depth):
        kind = self.random.randrange(8)
        if kind < 3:
            self.write(depth, f"{self.pick(*FLOATS, 'a')}{self.pick('[...]', '[:]', '[::-1]')} = {self.row(2)}")
        elif kind < 5:
            left, right = self.pick(("[1:]", "[:-1]"), ("[:-1]", "[1:]"), ("[::2]", "[::2]"), ("[1::2]", "[1::2]"), ("[:-1]", "[:0:-1]"), ("[:k]", "[:k]"), ("[-3:]", "[:3]"))
            target, source = self.pick("a", "b", "r"), self.pick(*FLOATS, *INTS)
            self.write(depth, f"{target}{left} = {self.pick('', '-', '2 * ')}{source}{right}{self.pick('', ' + x', ' * ' + target + left)}")
        elif kind < 6:
            self.write(depth, f"{self.pick('u', 'w', 'q')}[...] = {self.int_row(2)}")
        elif kind < 7:
            self.write(depth, f"m{self.pick('', '[...]', '[:, ::-1]', '[::-1]')}{self.pick('[...]', '[:]')} = {self.matrix(2)}")
        else:
            at = self.index()
            self.write(depth, f"{self.pick('m', 'h')}[{at}] = {self.pick(f'h[{at}]', 'h[0]', 'h[-1, ::-1]', '3', 't & 7')}")

    def update_in_place(self, depth):
        op = self.pick("+=", "-=", "*=", "+=")
        kind = self.random.randrange(7)
        if kind < 2:
            self.write(depth, f"{self.pick('a', 'b')} {self.pick(op, '/=', '//=', '%=')} {self.row(2)}")
        elif kind < 3:
            self.write(depth, f"{self.pick('u', 'u', 'w', 'q')} {self.pick(op, '//=', '&=', '^=', '%=')} {self.pick('u', 'u % 5', 'q', '3', 't & 3', 'w')}")
        elif kind < 5:
            left, right = self.pick(("[1:]", "[:-1]"), ("[:-1]", "[1:]"), ("[::2]", "[::-2]"), ("[:k]", "[:k]"), ("[::-1]", ""))
            self.write(depth, f"{self.pick('a', 'b', 'r')}{left} {op} {self.pick('a', 'b', 'r', 'q')}{right}")
        elif kind < 6:
            self.write(depth, f"m{self.pick('', '[1:]', '[:, :2]', '[::-1]')} {op} {self.pick('x', '2', 'm[0, 0]', 'm[:1, :1]')}")
        else:
            self.write(depth, f"m[:, {self.pick('0', '-1', '1')}] {op} {self.row(1)}")

    def element(self, depth):
        at = self.index()
        self.write(
            depth,
            self.pick(
                f"a[{at}] {self.pick('=', '+=', '-=')} {self.float_value(2)}",
                f"b[{at}] = a[{self.index()}] * {self.float_value(1)}",
                f"r[{at}] {self.pick('=', '*=')} {self.float_value(1)}",
                f"u[{at}] {self.pick('=', '+=', '^=')} {self.int_value(2)}",
                f"w[{at}] {self.pick('=', '+=')} {self.int_value(1)} & 1023",
                f"q[{at}] {self.pick('=', '+=')} {self.int_value(1)}",
                f"m[{at}, {self.pick(0, 1, -1, 3)}] {self.pick('=', '+=')} {self.float_value(2)}",
                f"h[{at}, {at}] += {self.int_value(1)}",
                f"a[{at}], b[{at}] = b[{at}], a[{at}]",
            ),
        )

    def scalar(self, depth):
        self.write(
            depth,
            self.pick(
                f"s {self.pick('=', '+=', '-=', '*=')} {self.float_value(2)}",
                f"c = {self.float_value(2)}",
                f"t {self.pick('=', '+=', '-=', '^=')} {self.int_value(2)}",
                f"k = {self.int_value(1)} % 7",
                f"s = {self.reduction()}",
                f"s += {self.reduction()}",
                f"t = {self.int_reduction()}",
            ),
        )

    # Values.

    def index(self):
        if not self.loops:
            return self.pick("0", "-1", "n - 1", "n // 2", "k", "t % 5")
        i = self.random.choice(self.loops)
        return self.pick(i, i, i, i, f"{i} - 1", f"-{i}", f"n - 1 - {i}", f"{i} % n", "0", f"u[{i}] % n")

    def vector(self):
        return self.pick(*FLOATS, "a[::-1]", "b[1:]", "u", "w", "m[0]", "m[:, 1]", "h[:, -1]", *self.rows)

    def row(self, depth):
        """An array of length n (mostly)."""
        kind = self.random.randrange(16)
        if depth == 0 or kind < 4:
            return self.pick(*FLOATS, *FLOATS, *INTS, "a[::-1]", "m[:, 1]", "m[::-1, 0]", "h[:, 2]", *self.rows, *self.rows)
        if kind < 9:
            return f"({self.row(depth - 1)} {self.pick('+', '-', '*', '+', '/')} {self.operand(depth - 1)})"
        if kind < 10:
            return f"({self.operand(depth - 1)} {self.pick('+', '-', '*')} {self.row(depth - 1)})"
        if kind < 12:
            return f"{self.pick('np.abs', '-', 'np.sqrt', 'np.floor', 'np.square', 'abs', 'np.ceil')}({self.pick('a', 'b', 'r', 'u', 'w')})"
        if kind < 13:
            return f"np.{self.pick('minimum', 'maximum')}({self.row(depth - 1)}, {self.operand(depth - 1)})"
        if kind < 14:
            return f"np.where({self.mask()}, {self.row(depth - 1)}, {self.operand(depth - 1)})"
        if kind < 15:
            return f"({self.pick('a', 'b', 'r')} {self.pick('//', '%', '**')} {self.pick('2', '3', 'np.float32(2.0)')})"
        return self.pick("a.copy()", "np.zeros(n)", "np.zeros_like(a)", "np.arange(n)", "np.full(n, x)", "u.astype(np.float64)", "r.astype(np.float64)", "np.ones(n, np.float32)", "h.sum(axis=1)", "m.max(axis=1) + 0.0", "np.cumsum(u)")

    def int_row(self, depth):
        kind = self.random.randrange(8)
        if depth == 0 or kind < 3:
            return self.pick("u", "w", "q", "h[:, 0]", "u[::-1]")
        if kind < 6:
            return f"({self.int_row(depth - 1)} {self.pick('+', '-', '*', '&', '|', '^', '//', '%', '>>')} {self.pick('3', '5', 'q', 'w', 'u')})"
        if kind < 7:
            return f"({self.pick('u', 'w', 'q')} ** {self.pick('2', 'q', 'u', '(u % 4)')})"
        return f"np.where({self.mask()}, {self.int_row(depth - 1)}, {self.int_row(depth - 1)})"

    def operand(self, depth):
        return self.pick(self.row(depth), self.row(depth), "x", "2", "0.5", "s", "a[0]", "u[-1]", "b[:1]", "np.float32(1.5)", "np.int8(3)", "n", "flag", "(t & 15)")

    def mask(self):
        return self.pick("a > 0", "a < b", "u == 3", "(a > x) & (b <= a)", "(u > 2) | (w < 1)", "~(r > 1)", "q != 4", "np.isnan(a)", "a[::-1] >= b")

    def matrix(self, depth):
        if depth == 0 or self.chance(30):
            return self.pick("m", "h", "m[::-1]", "m[:, ::-1]", "a[:, None]", "m[:1]", "h[0]", "np.zeros((n, 4))", "m.T.copy().T")
        return f"({self.matrix(depth - 1)} {self.pick('+', '-', '*')} {self.pick(self.matrix(depth - 1), 'x', 'm[0]', 'a[:, None]', 'b[:, np.newaxis]', '2')})"

    def reduction(self):
        # Which of two equal zeros is the largest depends on the machine.
        return self.pick(
            f"{self.row(1)}.sum()",
            f"np.max({self.row(1)}) + 0.0",
            f"({self.row(1)}).min() + 0.0",
            "a.mean()",
            "np.sum(a * b)",
            "m[:, 0].sum()",
            "np.abs(a - b).max()",
            "b[:k].sum()",
            "sum(u) * 0.5",
            "max(a[0], b[0])",
        )

    def int_reduction(self):
        return self.pick("u.sum()", "w.max()", "int(u.min())", "h.sum()", "(a > 0).sum()", "np.argmin(b)", "int(q.sum())", "len(a)", "np.count_nonzero(u)", "int(np.any(a > 1))", "u.argmax()", "h[0, 1]", "int((u * w).sum()) & 255")

    def float_value(self, depth):
        kind = self.random.randrange(10)
        if depth == 0 or kind < 4:
            return self.pick("s", "c", "x", "pair[0]", f"a[{self.index()}]", f"r[{self.index()}]", f"m[{self.index()}, 1]", "0.5", "k", f"float(u[{self.index()}])")
        if kind < 8:
            return f"({self.float_value(depth - 1)} {self.pick('+', '-', '*', '+')} {self.float_value(depth - 1)})"
        return self.pick(
            f"({self.float_value(depth - 1)} if {self.condition()} else {self.float_value(depth - 1)})",
            f"abs({self.float_value(depth - 1)})",
            f"min({self.float_value(depth - 1)}, {self.float_value(depth - 1)})",
            f"({self.float_value(depth - 1)} / {self.pick('2', 'x', 'k')})",
        )

    def int_value(self, depth):
        kind = self.random.randrange(10)
        if depth == 0 or kind < 4:
            return self.pick("t", "k", "n", "pair[1]", f"u[{self.index()}]", f"w[{self.index()}]", "int(q[0])", "3", *self.loops)
        if kind < 8:
            return f"({self.int_value(depth - 1)} {self.pick('+', '-', '*', '&', '^', '|')} {self.int_value(depth - 1)})"
        return self.pick(f"({self.int_value(depth - 1)} // {self.pick('3', 'k', '-2')})", f"({self.int_value(depth - 1)} % {self.pick('5', 'k', '-3')})", f"abs({self.int_value(depth - 1)})")

    def condition(self):
        return self.pick(
            f"{self.float_value(1)} {self.pick('<', '>', '<=', '!=')} {self.float_value(1)}",
            f"{self.int_value(1)} {self.pick('<', '>', '==', '!=')} {self.int_value(1)}",
            "flag",
            f"0 <= {self.int_value(1)} < n",
            f"flag {self.pick('and', 'or')} {self.int_value(0)} > 2",
            f"not {self.int_value(0)}",
            f"k in (1, 3, {self.int_value(0)})",
            f"(a > {self.float_value(0)}).any()",
        )


def source(seed):
    """The text of a program."""
    return Program(seed).source()


def arguments(seed):
    """What a program is called with: arrays of many layouts, some of them sharing memory, a few read-only."""
    rng = random.Random(f"arguments {seed}")
    n = rng.choice((0, 1, 2, 3, 5, 8, 17, 40))

    def float_of(_):
        return rng.choice(SPECIAL) if rng.random() < 0.15 else rng.randrange(-40, 40) / 8

    def laid_out(values):
        array = np.array(values)
        kind = rng.randrange(5)
        if kind == 0 and n:
            wide = np.zeros((n, 2), array.dtype)
            wide[:, 1] = array
            return wide[:, 1]
        return array[::-1] if kind == 1 else array

    floats = [laid_out([float_of(k) for k in range(n)]).astype(t, copy=False) for t in (np.float64, np.float64)]
    a, b = floats
    if rng.random() < 0.15:
        b = a if rng.random() < 0.5 else a[::-1]
    r = laid_out(np.array([float_of(k) for k in range(n)]).clip(-1e30, 1e30).astype(np.float32))
    u = laid_out(np.array([rng.randrange(-9, 50) for _ in range(n)], np.int64))
    w = laid_out(np.array([rng.randrange(-99, 99) for _ in range(n)], np.int32))
    q = laid_out(np.array([rng.randrange(256) for _ in range(n)], np.uint8))
    m = np.array([float_of(k) for k in range(n * COLUMNS)], np.float64).reshape(n, COLUMNS)
    h = np.array([rng.randrange(-9, 50) for _ in range(n * COLUMNS)], np.int64).reshape(n, COLUMNS)
    m = rng.choice((m, m, m[::-1], np.asfortranarray(m)))
    h = rng.choice((h, h, h[:, ::-1], np.asfortranarray(h)))
    if rng.random() < 0.05:
        b.flags.writeable = False
    return a, b, r, u, w, q, m, h, n, rng.choice((0.5, -0.0, 2.0, 1e308)), rng.random() < 0.5
