"""Random kernels in Python: loop nests over arrays that may overlap, with branches, carried values and errors.

In: a seed. Out: the source of a function `kernel(a, b, c, u, v, m, h, n, x)` and calls for it. The arrays `a`,
`b`, `c` are float64, `u` and `v` int64, all one-dimensional; `m` and `h` are float64 matrices. What a kernel computes is
left in its arrays, so that stores before an error count too. Invariant: the same seed gives the same kernel.
"""

import random

import numpy as np

FLOAT_ARRAYS = ("a", "b", "c")
INT_ARRAYS = ("u", "v")
SPECIAL = (0.0, -0.0, 1.0, -1.5, 0.1, 3.25, 1e300, float("inf"), float("nan"))


class Kernel:
    """A function as it is being written: its lines, and the loop variables in scope."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.loops = []
        self.names = 0

    def write(self, depth, text):
        self.lines.append("    " * depth + text)

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def source(self):
        self.write(0, "def kernel(a, b, c, u, v, m, h, n, x):")
        for line in ("s = a[0] * 0.5", "t = 0", "p = x", "q = n + 1"):
            self.write(1, line)
        for _ in range(self.pick(1, 1, 2)):
            if self.chance(25):
                self.matrices(1)
            else:
                self.loop(1, self.pick(1, 2, 2, 3))
        self.write(1, "c[0] = s + p")
        self.write(1, "v[0] = t")
        return "\n".join(self.lines) + "\n"

    # Statements.

    def loop(self, depth, nest):
        name = "ijkl"[len(self.loops)] if len(self.loops) < 4 else "i"
        if self.chance(12):
            self.names += 1
            counter = f"w{self.names}"
            self.write(depth, f"{counter} = {self.pick('n', 'len(b) - 1', 'n // 2')}")
            self.write(depth, f"while {counter} > {self.pick(0, 1)}:")
            self.loops.append(counter)
            self.body(depth + 1, nest)
            self.write(depth + 1, f"{counter} {self.pick('-= 1', '-= 1', '//= 2', '-= 2')}")
            self.loops.pop()
            return
        self.write(depth, f"for {name} in range({self.bounds()}):")
        self.loops.append(name)
        self.body(depth + 1, nest)
        self.loops.pop()

    def matrices(self, depth):
        """A nest of three loops over matrices, as in products, convolutions and distances."""
        whole = self.pick(("n", "n", "n"), ("m.shape[0]", "m.shape[1]", "n"), ("h.shape[0]", "m.shape[0]", "h.shape[1]"))
        for name, length in zip("ijk", whole):
            self.write(depth, f"for {name} in range({self.pick(length, length, length, f'1, {length}')}):")
            self.loops.append(name)
            depth += 1
            if name == "j" and self.chance(30):
                self.write(depth, self.pick("s = 0.0", "m[i, j] = 0.0", "m[i, j] *= x"))
        place = self.random.sample("ijk", 3)
        first, second, third = (f"{self.pick(p, p, p, p + ' - 1')}" for p in place)
        left = self.pick(f"m[{first}, {second}]", f"a[{first}]", f"h[{second}, {first}]")
        right = self.pick(f"h[{second}, {third}]", f"h[{third}, {second}]", f"b[{third}]", f"m[{second}, {third}]")
        sum_ = self.pick(f"m[{first}, {third}]", f"h[{first}, {third}]", f"c[{first}]", f"c[{third}]", "s", "m[i, j]", "c[j]")
        product = self.pick(f"{left} * {right}", f"{left} * {right}", f"({left} - {right}) * x", f"max({left}, {right})")
        self.write(depth, self.pick(f"{sum_} += {product}", f"{sum_} -= {product}", f"{sum_} = min({sum_}, {product})"))
        if self.chance(30):
            self.statement(depth)
        if self.chance(30):
            self.write(depth - 1, "c[i] = s")
        self.loops = []

    def bounds(self):
        choices = ["n", "1, n", "1, n - 1", "n - 1", "n - 1, -1, -1", "0, n, 2", "len(a)", "len(u)", "3", "2, n"]
        if self.loops:
            outer = self.random.choice(self.loops)
            choices += [outer, f"{outer}, n", f"{outer} + 1, n", f"0, {outer} + 1", f"{outer}, -1, -1", "m.shape[1]"]
        else:
            choices += ["m.shape[0]", "1, m.shape[0] - 1"]
        return self.random.choice(choices)

    def body(self, depth, nest):
        before = nest > 1 and self.chance(50)
        for _ in range(self.pick(1, 2, 3) if nest == 1 or before else 0):
            self.statement(depth)
        if nest > 1:
            self.loop(depth, nest - 1)
            if self.chance(40):
                self.statement(depth)
        elif self.chance(8):
            self.write(depth, f"if {self.condition()}:")
            # In a `while` loop, `continue` would pass over the step.
            self.write(depth + 1, "break" if self.loops[-1].startswith("w") else self.pick("break", "continue"))
            self.statement(depth)

    def statement(self, depth, nested=True):
        kind = self.random.randrange(12 if nested else 9)
        if kind < 3:
            op = self.pick("=", "=", "+=", "-=", "*=")
            self.write(depth, f"{self.float_element()} {op} {self.float_value(2)}")
        elif kind < 4:
            op = self.pick("=", "+=", "-=", "^=", "&=")
            self.write(depth, f"{self.pick(*INT_ARRAYS)}[{self.index()}] {op} {self.int_value(2)}")
        elif kind < 6:
            self.write(depth, self.float_update())
        elif kind < 8:
            self.write(depth, self.int_update())
        elif kind < 9:
            self.write(depth, f"{self.pick('m', 'h')}[{self.row()}, {self.row()}] {self.pick('=', '+=')} {self.float_value(2)}")
        else:
            self.write(depth, f"if {self.condition()}:")
            self.statement(depth + 1, nested=False)
            if self.chance(40):
                self.write(depth, "else:")
                self.statement(depth + 1, nested=False)

    def float_update(self):
        value = self.float_value(2)
        return self.pick(
            f"s += {value}",
            f"s = {value}",
            f"s = max(s, {value})",
            f"s = s * 0.5 + {value}",
            f"p, s = s, {value}",
            f"p = p - {value}",
        )

    def int_update(self):
        value = self.int_value(2)
        return self.pick(
            f"t += {value}",
            f"t = (t * 31 + {value}) & 65535",
            f"t = (t ^ {value}) % 1009",
            f"q = {value}",
            f"t, q = q, {value}",
            f"t = min(t, {value})",
        )

    # Expressions.

    def loop_name(self):
        return self.random.choice(self.loops)

    def index(self):
        i = self.loop_name()
        choices = [i, i, i, i, f"{i} - 1", f"{i} + 1", f"n - 1 - {i}", f"{i} % len(a)", f"-{i}", f"{i} // 2", "0", "n - 1"]
        if len(self.loops) > 1:
            j = self.loop_name()
            choices += [f"({i} + {j}) % len(b)", f"{i} - {j}", f"{i} * 2 - {j}"]
        choices += [f"u[{i}] % len(a)", f"2 * {i} % len(c)", "t % len(b)"]
        return self.random.choice(choices)

    def row(self):
        i = self.loop_name()
        return self.pick(i, i, i, f"{i} - 1", "0", f"{i} % 3", "-1")

    def float_element(self):
        return f"{self.pick(*FLOAT_ARRAYS)}[{self.index()}]"

    def float_value(self, depth):
        kind = self.random.randrange(10)
        if depth == 0 or kind < 3:
            return self.pick(self.float_element(), self.float_element(), f"{self.pick('m', 'h')}[{self.row()}, {self.row()}]", "s", "p", "x")
        if kind < 7:
            op = self.pick("+", "-", "*", "+")
            return f"({self.float_value(depth - 1)} {op} {self.float_value(depth - 1)})"
        if kind < 8:
            return self.pick(f"abs({self.float_value(depth - 1)})", f"-{self.float_value(depth - 1)}")
        if kind < 9:
            function = self.pick("max", "min")
            return f"{function}({self.float_value(depth - 1)}, {self.float_value(depth - 1)})"
        return self.pick("0.5", "2.0", f"{self.loop_name()} * 0.25", self.float_element())

    def int_value(self, depth):
        kind = self.random.randrange(8)
        if depth == 0 or kind < 3:
            return self.pick(f"u[{self.index()}]", f"v[{self.index()}]", self.loop_name(), "t", "q", "3")
        if kind < 7:
            op = self.pick("+", "-", "*", "&", "^", "+")
            return f"({self.int_value(depth - 1)} {op} {self.int_value(depth - 1)})"
        return self.pick(f"{self.int_value(depth - 1)} // 7", f"{self.int_value(depth - 1)} % 5", f"abs({self.int_value(depth - 1)})")

    def condition(self):
        return self.pick(
            f"{self.float_value(1)} {self.pick('<', '>', '<=', '!=')} {self.float_value(1)}",
            f"{self.int_value(1)} {self.pick('<', '>', '==', '!=')} {self.int_value(1)}",
            f"{self.loop_name()} % 2 == 0",
            f"0 <= {self.int_value(1)} < n",
        )


def source(seed):
    """The text of a kernel."""
    return Kernel(seed).source()


def arguments(seed):
    """What a kernel is called with: arrays of many layouts, some of them sharing memory."""
    rng = random.Random(f"arguments {seed}")
    n = rng.choice((0, 1, 2, 3, 5, 8, 13, 40))
    size = n + rng.choice((0, 0, 0, 1, 3)) or 1
    floats = np.array([rng.choice(SPECIAL) if rng.random() < 0.1 else rng.randrange(-40, 40) / 8 for _ in range(6 * size + 8)])
    ints = np.array([rng.randrange(-9, 50) for _ in range(4 * size + 8)])

    def view(memory, length):
        step = rng.choice((1, 1, 1, 2, -1))
        start = rng.randrange(len(memory) - abs(step) * (length - 1))
        part = memory[start : start + abs(step) * (length - 1) + 1 : abs(step)]
        return part[::-1] if step < 0 else part

    shared = rng.random() < 0.4
    place = (lambda memory, k: view(memory, size)) if shared else (lambda memory, k: memory[k * size : k * size + size])
    a, b, c = (place(floats, k) for k in range(3))
    u, v = (place(ints, k) for k in range(2))
    m, h = (matrix(rng, floats, n, size, shared) for _ in range(2))
    if rng.random() < 0.05:
        b.flags.writeable = False
    return a, b, c, u, v, m, h, n, rng.choice((0.5, -0.0, 2.0))


def matrix(rng, floats, n, size, shared):
    """A matrix of some layout, which may lie in the memory that the other arrays share."""
    rows, columns = rng.choice(((n, n), (n, n), (size, size), (3, size), (n, 2)))
    if shared and rows * columns <= len(floats):
        start = rng.randrange(len(floats) - rows * columns + 1)
        m = floats[start : start + rows * columns].reshape(rows, columns)
    else:
        m = np.array([rng.randrange(-40, 40) / 8 for _ in range(rows * columns)]).reshape(rows, columns)
    return rng.choice((m, m, m.T, m[::-1]))
