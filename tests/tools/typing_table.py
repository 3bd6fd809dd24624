"""Asks NumPy for the types of every operator and ufunc over all pairs of number types.

Writes src/types/table.rs; `--check` compares instead and fails on a difference.

Each cell has two letters: the type that the operands are converted to and the type of the result, as the
index of the type in `Scalar::ALL` ('a' is the first); '~' stands for int64 beside uint64. Where the interpreter refuses, both are the same
capital letter: the index of a message in ERRORS. float16, which is not supported, is one of those.
"""

import operator
import pathlib
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")

PYTHON = [bool, int, float, complex]
NUMPY = [np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64,
         np.float32, np.float64, np.complex64, np.complex128]  # fmt: skip
ALL = PYTHON + NUMPY
LETTER = {ty: chr(ord("a") + k) for k, ty in enumerate(ALL)}
# A signed and an unsigned operand, compared exactly: int64 beside uint64.
MIXED = "mixed"
LETTER[MIXED] = "~"

OPERATORS = {
    "+": (operator.add, "add"), "-": (operator.sub, "subtract"), "*": (operator.mul, "multiply"),
    "/": (operator.truediv, "true_divide"), "//": (operator.floordiv, "floor_divide"),
    "%": (operator.mod, "remainder"), "**": (operator.pow, "power"), "<<": (operator.lshift, "left_shift"),
    ">>": (operator.rshift, "right_shift"), "&": (operator.and_, "bitwise_and"),
    "|": (operator.or_, "bitwise_or"), "^": (operator.xor, "bitwise_xor"), "==": (operator.eq, "equal"),
    "!=": (operator.ne, "not_equal"), "<": (operator.lt, "less"), "<=": (operator.le, "less_equal"),
    ">": (operator.gt, "greater"), ">=": (operator.ge, "greater_equal"),
}  # fmt: skip
UNARY_OPERATORS = {
    "-x": (operator.neg, "negative"), "+x": (operator.pos, "positive"), "~x": (operator.invert, "invert"),
    "abs": (abs, "absolute"),
}  # fmt: skip
BINARY_UFUNCS = """add subtract multiply true_divide floor_divide remainder power fmod float_power
    left_shift right_shift bitwise_and bitwise_or bitwise_xor
    equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor
    minimum maximum fmin fmax arctan2 hypot copysign nextafter logaddexp logaddexp2 heaviside
    gcd lcm""".split()
UNARY_UFUNCS = """negative positive invert absolute fabs sign square reciprocal conjugate sqrt cbrt
    exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh
    floor ceil trunc rint deg2rad rad2deg isnan isinf isfinite signbit logical_not spacing
    bitwise_count""".split()

errors = []


def error(message, name, *types):
    """The letter of a message, with the names in it made into placeholders."""
    for slot, ty in zip(("'{lhs}'", "'{rhs}'"), types):
        message = message.replace(f"'{ty.__module__}.{ty.__name__}'", slot, 1)
        message = message.replace(f"'{ty.__name__}'", slot, 1)
    message = message.replace(f"ufunc '{name}'", "ufunc '{ufunc}'")
    message = message.split(" with signature matching types")[0] if "did not contain a loop" in message else message
    for op in OPERATORS:
        message = message.replace(f"type(s) for {op}:", "type(s) for {op}:").replace(f"'{op}' not", "'{op}' not")
    message = message.replace("** or pow()", "{op}")
    if message not in errors:
        errors.append(message)
    return chr(ord("A") + errors.index(message)) * 2


def family(result):
    ty = type(result)
    if ty in LETTER:
        return ty
    if ty is np.float16:
        return None
    raise AssertionError(ty)


HALF = "the result would be float16, which is not supported"


def canonical(dtype):
    """int64 for long and long long alike."""
    return np.dtype(dtype.str).type


def operand_type(ufunc, types):
    """The type of the operands of the loop that NumPy picks, or None for float16."""
    if all(ty in PYTHON for ty in types):
        types = [np.dtype(ty).type for ty in types]
    types = [np.bool_ if ty is bool else ty for ty in types]
    weak = [ty if ty in PYTHON else np.dtype(ty) for ty in types]
    loop = [canonical(dtype) for dtype in ufunc.resolve_dtypes((*weak, None))]
    if np.float16 in loop:
        return None
    ins = loop[:-1]
    if len(set(ins)) == 2:
        assert set(ins) == {np.int64, np.uint64} and loop[-1] is np.bool_, (ufunc, ins)
        return MIXED
    return ins[0]


def values(types):
    return [ty(1) for ty in types]


def python_operand(symbol, types, result):
    top = max(types, key=PYTHON.index)
    if symbol in ("/", "**") or symbol in ("==", "!=", "<", "<=", ">", ">="):
        return int if top is bool else top
    if top is bool:
        return bool if result is bool else int
    return top


def cell(name, function, ufunc_name, types, is_operator):
    try:
        result = family(function(*values(types)))
    except TypeError as exc:
        return error(str(exc), ufunc_name, *types)
    if result is None:
        return error(HALF, ufunc_name, *types)
    if is_operator and all(ty in PYTHON for ty in types):
        operand = python_operand(name, types, result)
    else:
        try:
            operand = operand_type(getattr(np, ufunc_name), types)
        except TypeError as exc:
            return error(str(exc), ufunc_name, *types)
    if operand is None:
        return error(HALF, ufunc_name, *types)
    return LETTER[operand] + LETTER[result]


def tables():
    out = {}
    for name, (function, ufunc) in OPERATORS.items():
        out[name] = ["".join(cell(name, function, ufunc, (a, b), True) for b in ALL) for a in ALL]
    for name in BINARY_UFUNCS:
        out[name] = ["".join(cell(name, getattr(np, name), name, (a, b), False) for b in ALL) for a in ALL]
    for name, (function, ufunc) in UNARY_OPERATORS.items():
        out[name] = ["".join(cell(name, function, ufunc, (a,), True) for a in ALL)]
    for name in UNARY_UFUNCS:
        out[name] = ["".join(cell(name, getattr(np, name), name, (a,), False) for a in ALL)]
    out["result_type"] = ["".join(LETTER[join(a, b)] * 2 for b in ALL) for a in ALL]
    return out


def join(a, b):
    if a in PYTHON and b in PYTHON:
        return max(a, b, key=PYTHON.index)
    one, two = (np.zeros((), ty) if ty in NUMPY else ty(1) for ty in (a, b))
    return np.result_type(one, two).type


HEAD = '''//! Types of operators and ufuncs over all pairs of number types, as NumPy gives them.
//!
//! Generated by tests/tools/typing_table.py; do not edit. Each row of a table is a left operand, each cell
//! two letters: operand type and result type, counted from 'a' in `Scalar::ALL` ('~': int64 beside
//! uint64); a capital letter counts in `ERRORS`. In: nothing. Out: read by `types::promote` alone.
//! Invariant: `TABLES` is sorted by name.

/// Messages of refusals, with `{op}`, `{ufunc}`, `{lhs}` and `{rhs}` to be filled in.
'''


def render():
    out = tables()
    distinct, lines = {}, []
    for name in sorted(out):
        distinct.setdefault(tuple(out[name]), f"T{len(distinct)}")
    text = [HEAD, "#[rustfmt::skip]\n", f"pub static ERRORS: [&str; {len(errors)}] = [\n"]
    text += ['    "%s",\n' % message.replace('"', '\\"') for message in errors]
    text += ["];\n\n"]
    for rows, ident in distinct.items():
        text.append("#[rustfmt::skip]\n")
        text.append(f"static {ident}: &[u8] = b\"\\\n")
        text += [f"    {row}\\\n" for row in rows]
        text.append('    ";\n')
    text += [f"\n/// Name of an operator or ufunc, and its table.\npub static TABLES: [(&str, &[u8]); {len(out)}] = [\n"]
    text += [f'    ("{name}", {distinct[tuple(out[name])]}),\n' for name in sorted(out)]
    text += ["];\n"]
    return "".join(text)


def main():
    path = pathlib.Path(__file__).resolve().parents[2] / "src" / "types" / "table.rs"
    text = render()
    if "--check" in sys.argv:
        if path.read_text() != text:
            sys.exit(f"{path} is not what NumPy {np.__version__} says; run {sys.argv[0]}")
    else:
        path.write_text(text)


if __name__ == "__main__":
    main()
