"""Writes the expectations of tests/golden/run/*.py: what CPython and NumPy give for each call.

    python tests/tools/check_run.py          compare
    python tests/tools/check_run.py --write  rewrite
"""

import math
import pathlib
import re
import sys
import traceback
import warnings

import numpy as np

warnings.simplefilter("ignore")
ROOT = pathlib.Path(__file__).parent.parent / "golden" / "run"


def bare(value):
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (complex, np.complexfloating)):
        return f"{bare(value.real)}|{bare(value.imag)}"
    if isinstance(value, np.float32):
        if not np.isfinite(value) or value == 0 or not 1e-4 <= abs(value) < 1e16:
            return str(value)
        return np.format_float_positional(value, trim="0")
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    return str(value)


def show(value):
    if value is None:
        return "None"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(show, value)) + ")"
    if isinstance(value, np.ndarray):
        shape = ", ".join(map(str, value.shape))
        return f"{value.dtype.name if value.dtype != bool else 'bool_'}[{shape}][{', '.join(map(bare, value.ravel()))}]"
    if isinstance(value, np.generic):
        kind = "bool_" if isinstance(value, np.bool_) else value.dtype.name
        return f"{kind}({bare(value)})"
    return bare(value)


def argument(kind, literal):
    if "[" in kind:
        return np.array(literal, dtype=kind.split("[")[0])
    if kind in ("int", "float", "bool", "complex"):
        return literal
    return np.dtype(kind).type(literal)


def expected(path):
    text = path.read_text()
    program = text.split("#|")[0].rstrip() + "\n"
    names = {"np": np, "math": math, "prange": range}
    exec(compile(program, str(path), "exec"), names)
    signature = next(line for line in program.splitlines() if line.startswith("def "))
    entry = names[signature[4:].split("(")[0]]
    kinds = re.findall(r'"([^"]+)"', signature)
    lines = []
    for line in program.splitlines():
        if not line.startswith("#>"):
            continue
        call = line[2:].strip()
        left = call.startswith("!")
        literals = eval(f"({call.lstrip('!')},)" if call.strip("! ") else "()", {"nan": math.nan, "inf": math.inf})
        args = [argument(*pair) for pair in zip(kinds, literals, strict=True)]
        try:
            result = show(entry(*args))
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
            texts = ", ".join('"' + a + '"' if isinstance(a, str) else bare(a) for a in error.args)
            result = f"{type(error).__name__}({texts}) line {frames[-1].lineno}"
        if left:
            result = "left to the interpreter"
            args = [argument(*pair) for pair in zip(kinds, literals, strict=True)]
        for value in args:
            if isinstance(value, np.ndarray):
                result += "; " + show(value)
        lines.append(result)
    return program + "\n" + "".join(f"#| {line}\n" for line in lines)


def main():
    wrong = 0
    for path in sorted(ROOT.glob("*.py")):
        text = expected(path)
        if text == path.read_text():
            continue
        wrong += 1
        if "--write" in sys.argv:
            path.write_text(text)
        else:
            print(f"{path.name}: expected\n{text}")
    if wrong and "--write" not in sys.argv:
        sys.exit(1)


main()
