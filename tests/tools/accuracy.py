"""The largest error of each vector function, in units of the last place, as compiled loops compute it.

    python tests/tools/accuracy.py [--points 1e8] [--only sin,cos] [--single | --double]

float64: sampled points, beside the C library's `long double`, which is itself held against mpmath at the worst
points and at random ones. float32: every float32 there is, or evenly spaced ones if `--points` are fewer
(functions of two: sampled), beside the C library's float64. Fails if any error exceeds one unit. Needs a C compiler and mpmath.
"""

import argparse
import ctypes
import importlib.util
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

BLOCK = 1 << 20
# What a function is called in programs; `math.*` is compiled under `afn`.
NAMES = {
    **{name: f"np.{name}" for name in "exp exp2 expm1 log log2 log10 log1p sin cos tan sinh cosh tanh cbrt".split()},
    **{name: f"np.{name}" for name in "sqrt floor ceil rint hypot".split()},
    **{name: f"np.arc{name[1:]}" for name in "asin acos atan atan2 asinh acosh atanh".split()},
    "erf": "math.erf",
    "erfc": "math.erfc",
    "pow": "**",
}
BINARY = ["pow", "hypot", "atan2"]
# Where the function's arguments are interesting: sampled evenly, besides all magnitudes and all bit patterns.
RANGES = {
    "exp": [(-746, 710), (-1, 1)],
    "exp2": [(-1075, 1025), (-1, 1)],
    "expm1": [(-40, 710), (-1, 1)],
    "sinh": [(-711, 711), (-1, 1)],
    "cosh": [(-711, 711), (-1, 1)],
    "tanh": [(-22, 22), (-1, 1)],
    "log": [(0, 1e5), (0.5, 2)],
    "log2": [(0, 1e5), (0.5, 2)],
    "log10": [(0, 1e5), (0.5, 2)],
    "log1p": [(-1, 10), (-0.5, 1)],
    "sin": [(-1e5, 1e5), (-4, 4)],
    "cos": [(-1e5, 1e5), (-4, 4)],
    "tan": [(-1e5, 1e5), (-4, 4)],
    "asin": [(-1, 1)],
    "acos": [(-1, 1)],
    "atan": [(-10, 10)],
    "asinh": [(-10, 10), (-1, 1)],
    "acosh": [(1, 10), (1, 1.1)],
    "atanh": [(-1, 1)],
    "erf": [(-6.5, 6.5), (-1, 1)],
    "erfc": [(-6.5, 28), (-1, 3)],
}

LOOP_OF_ONE = """
@njit(cache=False{options})
def {name}(x, out):
    for i in range(len(x)):
        out[i] = {function}(x[i])
"""
LOOP_OF_TWO = """
@njit(cache=False)
def {name}(x, y, out):
    for i in range(len(x)):
        out[i] = {value}
"""


def loops(folder):
    """A module of compiled loops, one for each function."""
    text = "import math\nimport numpy as np\nfrom fastjit import njit\n"
    for name, function in NAMES.items():
        if name in BINARY:
            value = "x[i] ** y[i]" if function == "**" else f"{function}(x[i], y[i])"
            text += LOOP_OF_TWO.format(name=name, value=value)
        else:
            options = ', fastmath={"afn"}' if function.startswith("math.") else ""
            text += LOOP_OF_ONE.format(name=name, function=function, options=options)
    path = Path(folder) / "loops.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location("loops", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def library(folder):
    """The reference."""
    path = Path(folder) / "accuracy.so"
    source = Path(__file__).with_suffix(".c")
    subprocess.run(["cc", "-O2", "-march=native", "-Wall", "-shared", "-fPIC", "-o", path, source, "-lm"], check=True)
    loaded = ctypes.CDLL(str(path))
    loaded.worst_double.restype = loaded.worst_float.restype = ctypes.c_double
    return loaded


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data if array is not None else None)


class Worst:
    """The largest error so far, and the arguments that have it."""

    def __init__(self, loaded, loop, name):
        self.loaded, self.loop, self.name = loaded, loop, name
        self.error, self.at, self.points = -1.0, (), 0

    def take(self, *args):
        """Runs the loop over a block of arguments."""
        out = np.empty_like(args[0])
        self.loop(*args, out)
        at = ctypes.c_int64()
        second = args[1] if len(args) == 2 else None
        worst = self.loaded.worst_double if out.dtype == np.float64 else self.loaded.worst_float
        error = worst(
            self.name.encode(), pointer(args[0]), pointer(second), pointer(out), ctypes.c_int64(len(out)),
            ctypes.c_double(self.error), ctypes.byref(at),
        )  # fmt: skip
        self.points += len(out)
        if error > self.error:
            self.error, self.at = error, tuple(float(arg[at.value]) for arg in args)


def bits(rng, n):
    return rng.integers(0, 1 << 64, n, dtype=np.uint64).view(np.float64)


def magnitudes(rng, n, least, most):
    """Both signs, exponents from `least` to `most`."""
    return np.exp2(rng.uniform(least, most, n)) * rng.choice([-1.0, 1.0], n)


def near(rng, centres, n):
    """A few units of the last place from them."""
    return (np.asarray(centres).view(np.int64) + rng.integers(-4, 5, n)).view(np.float64)


def sample_one(name, rng, block):
    """A block of arguments; kinds of blocks take turns."""
    ranges = RANGES.get(name, [(-10, 10)])
    kind = block % (len(ranges) + 4)
    if kind < len(ranges):
        return rng.uniform(*ranges[kind], BLOCK)
    kind -= len(ranges)
    if kind == 0:
        return bits(rng, BLOCK)
    if kind == 1:
        return magnitudes(rng, BLOCK, -60, 40)
    if kind == 2:
        # Near multiples of pi/2, of 1/2 and of log 2.
        step = (np.pi / 2, 0.5, np.log(2))[block % 3]
        centres = np.rint(magnitudes(rng, BLOCK, 0, 12 if block % 2 else 40)) * step
        return near(rng, centres, BLOCK)
    # Near one, from both sides.
    return 1.0 + magnitudes(rng, BLOCK, -52, 0)


def sample_two(name, rng, block):
    kind = block % 4
    if kind == 0:
        return bits(rng, BLOCK), bits(rng, BLOCK)
    if name != "pow":
        near_by = magnitudes(rng, BLOCK, -40, 40)
        spread = (3, 30, 0.01)[kind - 1]
        return near_by, near_by * magnitudes(rng, BLOCK, -spread, spread)
    if kind == 1:
        return rng.uniform(0, 10, BLOCK), rng.uniform(-20, 20, BLOCK)
    x = np.abs(magnitudes(rng, BLOCK, -1000, 1000) if kind == 2 else 1.0 + magnitudes(rng, BLOCK, -40, -1))
    return x, rng.uniform(-1075, 1025, BLOCK) / np.log2(x)


def doubles(worst, points):
    rng = np.random.default_rng(1)
    for block in range(math.ceil(points / BLOCK)):
        with np.errstate(all="ignore"):
            if worst.name in BINARY:
                worst.take(*sample_two(worst.name, rng, block))
            else:
                worst.take(sample_one(worst.name, rng, block))


def singles(worst, points):
    rng = np.random.default_rng(1)
    if worst.name in BINARY:
        for block in range(math.ceil(points / BLOCK)):
            with np.errstate(all="ignore"):
                x, y = sample_two(worst.name, rng, block)
                if block % 4 == 0:
                    pair = (x.view(np.uint64) >> 32).astype(np.uint32), (y.view(np.uint64) >> 32).astype(np.uint32)
                    worst.take(*(part.view(np.float32) for part in pair))
                else:
                    scale = 8.0 if worst.name == "pow" and block % 4 >= 2 else 1.0
                    worst.take(np.float32(x if scale == 1.0 else x ** (1 / scale)), np.float32(y))
        return
    # An odd step meets all last bits.
    step = max(1, (int((1 << 32) / points) - 1) | 1)
    for start in range(0, 1 << 32, BLOCK * step):
        some = np.arange(start, min(start + BLOCK * step, 1 << 32), step, dtype=np.uint64)
        worst.take(some.astype(np.uint32).view(np.float32))


def mpmath_apart(loaded, name, args):
    """How far the reference is from mpmath's value, in units of the last place of float64."""
    import mpmath

    mpmath.mp.prec = 2400
    functions = {
        "log2": lambda x: mpmath.log(x) / mpmath.log(2), "exp2": lambda x: mpmath.power(2, x),
        "log1p": lambda x: mpmath.log(1 + x),
        "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), "pow": mpmath.power, "rint": mpmath.nint,
    }  # fmt: skip
    function = functions.get(name) or getattr(mpmath, name)
    high, low = ctypes.c_double(), ctypes.c_double()
    x, y = map(ctypes.c_double, (*args, 0.0)[:2])
    loaded.reference(name.encode(), x, y, ctypes.byref(high), ctypes.byref(low))
    if not math.isfinite(high.value) or high.value == 0 or not all(map(math.isfinite, args)):
        return 0.0
    exact = function(*(mpmath.mpf(arg) for arg in args))
    return float(abs(mpmath.mpf(high.value) + mpmath.mpf(low.value) - exact) / mpmath.mpf(math.ulp(high.value)))


def spot_check(loaded, worst):
    """The reference's own largest error at the worst arguments and at random ones."""
    rng = np.random.default_rng(2)
    if worst.name in BINARY:
        points = [(float(x[0]), float(y[0])) for x, y in (sample_two(worst.name, rng, block) for block in range(1, 40))]
    else:
        points = [(float(sample_one(worst.name, rng, block)[0]),) for block in range(40)]
    # Of enormous arguments mpmath would need as many digits.
    points = [point for point in points if all(abs(x) < 1e9 for x in point)]
    return max(mpmath_apart(loaded, worst.name, point) for point in [worst.at, *points])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    usual = "by default 1e8; of float32 all for functions of one"
    parser.add_argument("--points", type=float, help=f"for each function, {usual}")
    parser.add_argument("--only", default=",".join(NAMES), help="functions, with commas between them")
    precisions = parser.add_mutually_exclusive_group()
    precisions.add_argument("--single", action="store_true", help="float32 alone")
    precisions.add_argument("--double", action="store_true", help="float64 alone")
    options = parser.parse_args()
    bad = []
    with tempfile.TemporaryDirectory() as folder:
        module, loaded = loops(folder), library(folder)
        for name in options.only.split(","):
            for single in (False, True):
                if single and (options.double or NAMES[name].startswith("math.")) or not single and options.single:
                    continue
                start = time.monotonic()
                loop = getattr(module, name)
                worst = Worst(loaded, loop, name)
                usual = 1 << 32 if single and name not in BINARY else 10**8
                (singles if single else doubles)(worst, options.points or usual)
                assert "vectorised: " in str(loop.explain()).replace("not vectorised: ", ""), name
                checked = "" if single else f"  reference {spot_check(loaded, worst):.1e}"
                at = ", ".join(map(repr, worst.at))
                print(
                    f"{name:6} {'float32' if single else 'float64'} {worst.points:11} points  {worst.error:7.4f} ULP"
                    f"  at {at}{checked}  {time.monotonic() - start:.0f} s",
                    flush=True,
                )
                if not worst.error <= 1.0:
                    bad.append(name)
    print(f"above one unit: {', '.join(bad)}" if bad else "none above one unit")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
