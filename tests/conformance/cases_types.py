"""The types of what comes out: extremes of names of several types, dtypes as values, arguments of exceptions; and the
order of the errors of a store."""

import math

import numpy as np

SINGLE = np.float32(0.1)
NUMBERS = [
    0, -3, 2**63 - 1, -(2**63), True, 1.5, -0.0, math.inf, math.nan, 1.5 - 2j, np.bool_(True), np.int8(-128),
    np.int64(2**63 - 1), np.uint8(255), np.uint64(2**64 - 1), np.float32(1.1), np.float32(-0.0), np.float32(math.nan),
    np.float64(0.1), np.float64(-math.inf), np.complex64(1.1 - 2j), np.complex128(complex(-0.0, math.nan)),
]  # fmt: skip


# `min` and `max` give back one of their arguments: of two kinds of float too.


def least_of_itself(flag, x, a):
    c = x
    if flag:
        c = a[0]
    least = min(c, c)
    return least * SINGLE, max(c, c) + SINGLE, least


def least_in_a_loop(a, x, r):
    best = x
    for v in a:
        best = min(best, v)
    return best * r[0]


def least_beside_single(a, x, r):
    best = x
    for v in a:
        best = max(best, v)
        r[1] = best + r[0]
    return r[1], best / r[0]


def least_of_two_names(flag, x, a, r):
    c, d = x, 2.5
    if flag:
        c = a[1]
    if x > 1.0:
        d = a[2]
    e = min(c, d)
    f = max(e, c)
    return e * r[0], f - r[0]


def least_divided(flag, x, a):
    c = x
    if flag:
        c = a[0]
    # A Python float cannot be divided by zero, a NumPy float can.
    return min(c, c) / 0.0


def least_of_large_int(flag, k, x):
    c = 0.5
    if flag:
        c = k
    return min(c, x), max(x, c)


# A store finds its place before it makes the value an element.


def store(q, k, value):
    q[k] = value


def store_2d(q, i, j, value):
    q[i, j] = value


def store_negative(q, k, value):
    q[-k] = value


def store_rows(q, values):
    for k in range(len(values)):
        q[k] = values[k]
        q[k + 1] = k * 100


def add_to(q, k, value):
    q[k] += value


# A dtype is what describes elements; a class is what is called.


def dtype_of(a):
    return a.dtype, a.dtype.type, a[0].dtype


def dtype_made(a):
    return np.dtype("f4"), np.dtype(np.int64), np.dtype(float), np.result_type(a, np.float32), np.finfo(np.float64).dtype


def dtype_equals(a):
    d = a.dtype
    return d == np.float64, d == "float64", d == "f8", d == float, d == int, d != "int8", d in ("float32", np.float64), d == None  # noqa: E711


def dtype_is(a):
    return a.dtype is np.float64, a.dtype is not np.float64, a.dtype.type is np.float64, a.dtype.type == np.float64


def class_equals():
    return float == np.float64, np.float64 == np.dtype("f8"), np.dtype("i4") == np.int32, np.dtype(bool) == bool  # noqa: E721


DESCRIBED = np.dtype("float32")


def dtype_global(x):
    return DESCRIBED, DESCRIBED == np.float32, np.zeros(2, DESCRIBED), DESCRIBED.type(x)


def dtype_argument(dtype):
    return dtype, np.ones(2, dtype), dtype == np.float64


def dtype_letters(a):
    return a.dtype.kind, a.dtype.char, a.dtype.name, a.dtype.itemsize


# The arguments of an exception are the objects.


def raise_number(x):
    raise ValueError(x)


def raise_several(x):
    raise KeyError("bad", x, 3, x)


def raise_text(x):
    raise ArithmeticError(f"{x} and {x!r}: {x}")


def raise_formatted(x):
    raise ValueError(f"{x:8.3f}|{x:.2e}|{x!s:>9}")


def assert_number(x):
    assert x != x, x


def raise_element(a, k):
    a[0] += 1
    if a[k] > 0:
        raise IndexError(a[k], k)
    raise ValueError(a[k] * 2)


FLOATS = np.array([1.1, -2.5, 3.0])
INTEGERS = (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)
STORED = [300, -1, 2**62, math.nan, math.inf, 1e300, -0.5, True, np.int64(300), np.float64(math.nan), np.float32(1e30), np.uint64(2**64 - 1)]
DTYPES = [np.int8, np.uint8, np.int32, np.int64, np.uint64, np.float32, np.float64, np.bool_]

CASES = [
    (least_of_itself, [(flag, x, FLOATS) for flag in (False, True) for x in (1.1, -0.0, math.nan, math.inf)]),
    (least_in_a_loop, [(a, x, np.array([0.1], np.float32)) for a in (FLOATS, FLOATS[:1], np.array([math.nan])) for x in (5.1, -5.1, math.inf)]),
    (least_beside_single, [(FLOATS, x, np.array([0.1, 0], np.float32)) for x in (0.1, 9.1, math.nan)]),
    (least_of_two_names, [(flag, x, FLOATS, np.array([0.1], np.float32)) for flag in (False, True) for x in (0.1, 1.1)]),
    (least_divided, [(flag, x, FLOATS) for flag in (False, True) for x in (0.0, 1.5)]),
    (least_of_large_int, [(flag, k, x) for flag in (False, True) for k in (0, 2**53 + 1, -(2**63)) for x in (2.0**53, 5e20, math.nan)]),
    (store, [(np.zeros(3, dtype), k, value) for dtype in DTYPES for k in (1, 3, -4) for value in STORED]),
    (store_2d, [(np.zeros((3, 3), dtype), i, j, value) for dtype in (np.uint8, np.int64) for i, j in ((3, 0), (0, 3), (3, 3), (2, 2)) for value in (300, math.nan, 1e300)]),
    (store_negative, [(np.zeros(3, np.uint8), k, value) for k in (3, 4) for value in (-1, 255)]),
    (store_rows, [(np.zeros(n, np.int8), np.array([1, 2, 3, 4])) for n in (2, 3, 5)]),
    (add_to, [(np.zeros(3, np.uint8), k, value) for k in (1, 3) for value in (300, 1.5)]),
    (dtype_of, [(np.zeros(2, dtype),) for dtype in (*DTYPES, np.complex64)]),
    (dtype_made, [(FLOATS,)]),
    (dtype_equals, [(np.zeros(2, dtype),) for dtype in (np.float64, np.float32, np.int64)]),
    (dtype_is, [(FLOATS,)]),
    (class_equals, [()]),
    (dtype_global, [(1.1,)]),
    (dtype_argument, [(dtype,) for dtype in (np.float64, np.dtype("f8"), float, int, np.dtype("i2"), np.bool_)]),
    (dtype_letters, [(np.zeros(2, dtype),) for dtype in (*DTYPES, np.complex64, np.complex128)]),
    (raise_number, [(x,) for x in NUMBERS]),
    (raise_several, [(x,) for x in NUMBERS]),
    (raise_text, [(x,) for x in NUMBERS]),
    (raise_formatted, [(x,) for x in (3, True, 2.5, math.nan, np.float32(1.1), np.int8(-3), np.float64(1e22))]),
    (assert_number, [(x,) for x in (1.5, np.float32(1.1), np.int8(3), np.complex64(1j), math.nan)]),
    (raise_element, [(np.array([0, 3, -4], dtype), k) for dtype in (np.int8, np.float32, np.float64, np.int64) for k in (1, 2)]),
]  # fmt: skip


# Flags of arrays, and views of other elements.


def flags(a):
    return a.flags.c_contiguous, a.flags.f_contiguous, a.flags.writeable, a.flags["C_CONTIGUOUS"], a.flags["F"]


def flags_of_views(a):
    b = a[::-1]
    c = a.T
    d = a[:1]
    return b.flags.c_contiguous, b.flags.contiguous, c.flags.c_contiguous, c.flags.f_contiguous, d.flags.c_contiguous, d.flags.f_contiguous


def flags_decide(a):
    if a.flags.c_contiguous:
        return a.sum()
    return -a.sum()


def view_bytes(a):
    b = a.view(np.uint8)
    return b, b.shape, b.strides, b.sum()


def view_wide(a):
    return a.view(np.complex128)


def view_single(a):
    return a.view("f4")


def view_words(a):
    b = a.view(np.int16)
    for i in range(len(b)):
        b[i] += i
        a[i // 4] *= 2
    return b[::3].copy()


def view_and_back(a):
    b = a.view(np.uint8)
    b[0] = 7
    c = b.view(a.dtype)
    c[1] = 3
    return c, a


def view_parts(z):
    parts = z.view(np.float64)
    for k in range(0, len(parts), 2):
        parts[k], parts[k + 1] = parts[k + 1], -parts[k]
    return parts, z.view(np.float32).shape


def read_only(array):
    array.flags.writeable = False
    return array


MATRIX = np.arange(12.0).reshape(3, 4)
LAID_OUT = [
    MATRIX, MATRIX.T, MATRIX[::-1], MATRIX[:, ::2], MATRIX[:1], MATRIX[:, :1], MATRIX[:0], MATRIX[:, 1:3], MATRIX[1:2, ::2],
    np.zeros((1, 1)), np.zeros((0, 3)).T, read_only(np.arange(6.0).reshape(2, 3)), np.zeros((2, 1, 3)), np.zeros((1, 2, 1)).T,
]  # fmt: skip
VECTORS = [np.arange(6.0), np.arange(6.0)[::-1], np.arange(6.0)[::2], np.zeros(0), np.arange(5.0), np.arange(6.0)[:1][::-1]]

CASES += [
    (flags, [(a,) for a in (*LAID_OUT, *VECTORS, np.array(1.5))]),
    (flags_of_views, [(a,) for a in (*LAID_OUT, *VECTORS)]),
    (flags_decide, [(a,) for a in (*LAID_OUT, *VECTORS)]),
    (view_bytes, [(a,) for a in (*LAID_OUT, *VECTORS, np.arange(4, dtype=np.int16), np.array([True, False]))]),
    (view_wide, [(a,) for a in (*LAID_OUT, *VECTORS, np.arange(16, dtype=np.int8), np.arange(4, dtype=np.int64)[::-1])]),
    (view_single, [(a,) for a in (*LAID_OUT, *VECTORS, np.arange(6, dtype=np.int16), np.arange(7, dtype=np.int16), np.zeros(2, complex))]),
    (view_words, [(a,) for a in (*VECTORS, np.arange(40.0))]),
    (view_and_back, [(a,) for a in VECTORS]),
    (view_parts, [(np.arange(n) + 2.5j,) for n in (0, 1, 4, 9)]),
]  # fmt: skip


# NumPy rounds integers to tens in double precision.


def round_tens(x):
    return round(x, -1), round(x, -3), np.round(x, -2), x.round(-18)


def round_tens_of_all(a):
    return np.round(a, -1), a.round(-2), a.round(2)


# NumPy's complex numbers are stored in signed integers as their real part is.


def store_complex(q, z):
    q[0] = z
    q[1] += z.dtype.type(2)


BORDERS = {t: (np.iinfo(t).min, np.iinfo(t).min + 1, 0, 5, 15, 25, np.iinfo(t).max // 2, np.iinfo(t).max - 6, np.iinfo(t).max) for t in INTEGERS}
# What NumPy makes of a double beyond uint32 depends on the place in the array.
ROUNDED = [t for t in INTEGERS if t not in (np.uint32, np.uint64)]

CASES += [
    (round_tens, [(t(x),) for t in ROUNDED for x in BORDERS[t]]),
    (round_tens_of_all, [(np.array(BORDERS[t], t),) for t in ROUNDED]),
    (store_complex, [(np.zeros(2, t), z) for t in (np.int8, np.int64, np.uint8, np.float32) for z in (np.complex64(-1.5 + 1j), np.complex64(300), np.complex128(1e300), np.complex128(complex(math.nan, 1)), np.complex128(-math.inf))]),
]  # fmt: skip


# What an operand raises comes before what makes another one fit.


def fit_after_operand(q, k, a, j):
    return k + q[0] - 1 if j < 0 else k - q[j]


def fit_of_constant(q, k, a, j):
    t = -2 - q[j]
    return t + a[0]


def fit_of_both(q, k, a, j):
    t = k if j > 0 else q[0]
    t += q[1] | 300
    return t


def fit_as_written(q, k, a, j):
    # Constructors come in their turn.
    return np.uint8(k) + q[j]


def fit_before_store(q, k, a, j):
    q[j] = np.uint8(k)


def fit_compared(q, k, a, j):
    return k < q[j], q[j] == k


# What only the type of a value decides leaves the value evaluated.


def type_of_element(a, k):
    return a[k].dtype.type(2)


def type_of_item(a, k):
    return a[k].dtype.itemsize, a[k].dtype == np.int64


def test_of_integer(a, k):
    return np.isnan(a[k]), np.isfinite(a[k] + 1)


def test_of_unfit(q, k):
    return np.isinf(np.subtract(q[0], k))


# An object is in a tuple of it.


def in_own_tuple(x, y):
    return x in (y, x), x in (y, 1.0), x not in (x,), y in (1, 2, y, x)


def in_tuple_of_another_name(x, y):
    s = x
    return s in (y, x), (s, 1) == (x, 1), (x, y) != (s, 2), x not in (s, y)


def before_by_another_name(x, y):
    s = x
    return (x, 1) < (s, 2), (s, 2) >= (x, 3), (x + y, s) > (s + y, x)


def in_tuple_of_results(x, a):
    return x + 1 in (x, x - 1), (x * 2, 1) == (x * 2, 1), a[0] in (x, a[0]), x in (1.0, 2.0), (x, a) == (x, a)


# Numbers of two types, one of them complex: NumPy compares some with its scalars' rule, some with its arrays'.


def ordered(x, y):
    return x < y, x <= y, x > y, x >= y, y < x, y <= x, y > x, y >= x


def ordered_by_functions(x, y):
    return np.less(x, y), np.less_equal(x, y), np.greater(x, y), np.greater_equal(x, y)


COMPLEX = [kind(complex(re, im)) for kind in (np.complex64, np.complex128, complex) for re in (0, 3, math.nan) for im in (0, 1, math.nan)]  # fmt: skip
REAL = [kind(value) for kind in (np.bool_, np.uint8, np.int16, np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64, int, float) for value in (0, 1, 3)]  # fmt: skip
CASES += [
    (in_tuple_of_another_name, [(x, y) for x in (math.nan, 1.0, np.float32(math.nan), complex(math.nan, 1), np.complex64(complex(1, math.nan))) for y in (2, 0.5)]),
    (before_by_another_name, [(x, y) for x in (math.nan, 1.0, np.float32(math.nan)) for y in (2, 0.5)]),
    (in_tuple_of_results, [(x, np.array([math.nan, 2])) for x in (math.nan, 1.0, np.float64(math.nan))]),
    (ordered, [(x, y) for x in COMPLEX for y in REAL + COMPLEX if not (type(x) is complex and type(y) in (int, float, complex))]),
    (ordered_by_functions, [(x, y) for x in COMPLEX for y in REAL + COMPLEX]),
]  # fmt: skip


def rounded_numbers(x):
    return math.floor(x), math.ceil(x)


CASES += [
    (function, [(np.array([3, 250], np.uint8), k, FLOATS, j) for k in (3, 300, -1) for j in (-1, 1, 7)])
    for function in (fit_after_operand, fit_of_constant, fit_of_both, fit_as_written, fit_before_store, fit_compared)
]
CASES += [
    (type_of_element, [(np.arange(3, dtype=t), k) for t in (np.int64, np.float32) for k in (0, 3, -4)]),
    (type_of_item, [(np.arange(3), k) for k in (0, 3)]),
    (test_of_integer, [(np.arange(3, dtype=t), k) for t in (np.int64, np.uint8, np.float64) for k in (0, 3, -4)]),
    (test_of_unfit, [(np.arange(3, dtype=np.uint8), k) for k in (1, 300, -1)]),
    (in_own_tuple, [(x, y) for x in (math.nan, 1.0, np.float32(math.nan)) for y in (2, 0.5)]),
    (rounded_numbers, [(x,) for x in (np.int64(2**63 - 1), np.int64(2**53 + 1), np.int64(-5), np.uint64(2**53 + 1), np.uint64(2**64 - 1), np.int8(-3), np.float32(2.5), 2**62 + 1)]),
    (store, [(np.zeros(3, np.uint32), k, value) for k in (1, 3) for value in (2.0**63, 1.5 * 2.0**63, 2.0**64, -(2.0**63), -0.5, -1.0, 2.0**32, 1e300, math.nan)]),
]  # fmt: skip


# A read-only array is refused before its place is looked at, but after that is evaluated.


def store_read_only(q, k, value):
    q[0 // k] = value


def store_read_only_2d(q, k, value):
    q[0, 7 : 6 // k] = value


CASES += [
    (store_read_only, [(read_only(np.zeros(3, t)), k, value) for t in (np.uint8, np.float64) for k in (0, 1) for value in (1, 300, math.nan)]),
    (store_read_only_2d, [(read_only(np.zeros((2, 2))), k, 1.0) for k in (0, 1)]),
]  # fmt: skip


# A tuple is stored item by item where the shapes agree, else it is broadcast.


def store_row(a, i, x, y):
    a[i] = x, y, x
    return a


def store_list(a, i, x, y):
    a[i] = [y, 1, x]
    return a


def store_one(a, i, x, y):
    a[i] = (x,)
    a[:, i] = (y,) * 1
    return a


def store_column(a, i, x, y):
    a[::-1, i] = x, y
    a[:, ::2] = x, y
    return a


def store_wrong_length(a, i, x, y):
    a[i] = x, y
    return a


def store_table(a, i, x, y):
    a[:] = (x, y, x), (y, x, i)
    return a


def store_table_broadcast(a, i, x, y):
    a[...] = ((x,), (y,))
    a[:, 1:] = ((x, y),)
    return a


def store_nothing(a, i, x, y):
    a[i, 0:0] = ()
    return a


STORED = [(1, 2), (300, 1), (1, 300), (1.5, 2), (math.nan, 1), (1, math.nan), (1, math.inf), (np.int64(300), -1), (np.float32(0.1), True), (0.1, -0.0)]  # fmt: skip
CASES += [
    (function, [(make(np.zeros((2, 3), t)), i, x, y) for t in (np.float64, np.float32, np.uint8, np.int64, np.complex64) for make in (np.copy, np.asfortranarray, lambda a: a[::-1, ::-1]) for i in (0, -1, 2) for x, y in STORED])
    for function in (store_row, store_list, store_one, store_column, store_wrong_length, store_table, store_table_broadcast, store_nothing)
]  # fmt: skip
CASES += [(store_row, [(read_only(np.zeros((2, 3))), i, 1, 2) for i in (0, 7)])]
