"""Complex numbers: `cmath`, NumPy's complex functions."""

import math

import numpy as np


def complex_of_complex(re, im):
    """complex(re, im) of complex arguments: re + im * 1j, part by part."""
    return complex(re.real - im.imag, re.imag + im.real)


def cmath_phase(z):
    return math.atan2(z.imag, z.real)


def cmath_polar(z):
    return (abs(z), math.atan2(z.imag, z.real))


def cmath_rect(r, phi):
    if math.isinf(r) and math.isfinite(phi) and phi != 0.0:
        return complex(math.copysign(math.inf, math.cos(phi) * r), math.copysign(math.inf, math.sin(phi) * r))
    if math.isinf(phi) and r != 0.0 and not math.isnan(r):
        raise ValueError("math domain error")
    if phi == 0.0:
        return complex(r, r * phi)
    if math.isinf(phi):
        return complex(r * 0.0, 0.0)
    return complex(r * math.cos(phi), r * math.sin(phi))


def cmath_isnan(z):
    return math.isnan(z.real) or math.isnan(z.imag)


def cmath_isinf(z):
    return math.isinf(z.real) or math.isinf(z.imag)


def cmath_isfinite(z):
    return math.isfinite(z.real) and math.isfinite(z.imag)


def cmath_isclose(a, b, rel_tol, abs_tol):
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a.real == b.real and a.imag == b.imag:
        return True
    if cmath_isinf(a) or cmath_isinf(b):
        return False
    difference = abs(a - b)
    return difference <= rel_tol * abs(b) or difference <= rel_tol * abs(a) or difference <= abs_tol


def cmath_exp(z):
    x = z.real
    y = z.imag
    if not math.isfinite(x) or not math.isfinite(y):
        if math.isinf(y) and (math.isfinite(x) or (math.isinf(x) and x > 0)):
            raise ValueError("math domain error")
        if math.isinf(x) and math.isfinite(y) and y != 0.0:
            if x > 0:
                return complex(math.copysign(math.inf, math.cos(y)), math.copysign(math.inf, math.sin(y)))
            return complex(math.copysign(0.0, math.cos(y)), math.copysign(0.0, math.sin(y)))
        if math.isinf(x):
            if y == 0.0:
                return complex(x if x > 0 else 0.0, y)
            if x < 0:
                return complex(0.0, 0.0)
            return complex(math.inf, math.nan)
        return complex(math.nan, y if y == 0.0 else math.nan)
    if x > 708.3964185322641:
        l = math.exp(x - 1.0)
        re = l * math.cos(y) * math.e
        im = l * math.sin(y) * math.e
    else:
        l = math.exp(x)
        re = l * math.cos(y)
        im = l * math.sin(y)
    if math.isinf(re) or math.isinf(im):
        raise OverflowError("math range error")
    return complex(re, im)


def cmath_sqrt(z):
    x = z.real
    y = z.imag
    if math.isinf(y):
        return complex(math.inf, y)
    if math.isinf(x):
        if x > 0:
            return complex(x, y if math.isnan(y) else math.copysign(0.0, y))
        if math.isnan(y):
            return complex(y, math.inf)
        return complex(0.0, math.copysign(math.inf, y))
    if math.isnan(x) or math.isnan(y):
        return complex(math.nan, math.nan)
    if x == 0.0 and y == 0.0:
        return complex(0.0, y)
    ax = abs(x)
    ay = abs(y)
    if ax < 2.2250738585072014e-308 and ay < 2.2250738585072014e-308:
        ax = ax * 18014398509481984.0
        s = math.sqrt(ax + math.hypot(ax, ay * 18014398509481984.0)) * 5.268356063861754e-09
    else:
        ax = ax / 8.0
        s = 2.0 * math.sqrt(ax + math.hypot(ax, ay / 8.0))
    d = ay / (2.0 * s)
    if x >= 0.0:
        return complex(s, math.copysign(d, y))
    return complex(d, math.copysign(s, y))


def log_of_size(x, y):
    """log(hypot(x, y)) without loss near one and without overflow."""
    ax = abs(x)
    ay = abs(y)
    if ax > 8.98846567431158e307 or ay > 8.98846567431158e307:
        return math.log(math.hypot(ax / 2.0, ay / 2.0)) + 0.6931471805599453
    if ax < 2.2250738585072014e-308 and ay < 2.2250738585072014e-308:
        return math.log(math.hypot(ax * 9007199254740992.0, ay * 9007199254740992.0)) - 53.0 * 0.6931471805599453
    h = math.hypot(ax, ay)
    if 0.71 <= h and h <= 1.73:
        high = ax if ax > ay else ay
        low = ay if ax > ay else ax
        return math.log1p((high - 1.0) * (high + 1.0) + low * low) / 2.0
    return math.log(h)


def cmath_log(z):
    x = z.real
    y = z.imag
    if x == 0.0 and y == 0.0:
        raise ValueError("math domain error")
    if not math.isfinite(x) or not math.isfinite(y):
        if math.isinf(x) or math.isinf(y):
            return complex(math.inf, math.atan2(y, x))
        return complex(math.nan, math.nan)
    return complex(log_of_size(x, y), math.atan2(y, x))


def cmath_log10(z):
    w = cmath_log(z)
    return complex(w.real / 2.302585092994046, w.imag / 2.302585092994046)


def cmath_sin(z):
    w = cmath_sinh(complex(-z.imag, z.real))
    return complex(w.imag, -w.real)


def cmath_cos(z):
    return cmath_cosh(complex(-z.imag, z.real))


def cmath_tan(z):
    w = cmath_tanh(complex(-z.imag, z.real))
    return complex(w.imag, -w.real)


def cmath_sinh(z):
    x = z.real
    y = z.imag
    if math.isinf(y) and not math.isnan(x) and x != 0.0:
        raise ValueError("math domain error")
    if math.isinf(x) and math.isfinite(y) and y != 0.0:
        return complex(math.copysign(math.inf, math.cos(y) * x), math.copysign(math.inf, math.sin(y)))
    if math.isinf(x):
        return complex(x, y)
    if math.isnan(x):
        return complex(x, y if y == 0.0 else math.nan)
    if not math.isfinite(y):
        return complex(x if x == 0.0 else math.nan, math.nan)
    if abs(x) > 708.3964185322641:
        half = x - math.copysign(1.0, x)
        re = math.cos(y) * math.sinh(half) * math.e
        im = math.sin(y) * math.cosh(half) * math.e
    else:
        re = math.cos(y) * math.sinh(x)
        im = math.sin(y) * math.cosh(x)
    if math.isinf(re) or math.isinf(im):
        raise OverflowError("math range error")
    return complex(re, im)


def cmath_cosh(z):
    x = z.real
    y = z.imag
    if math.isinf(y) and not math.isnan(x):
        raise ValueError("math domain error")
    if math.isinf(x) and math.isfinite(y) and y != 0.0:
        return complex(math.copysign(math.inf, math.cos(y)), math.copysign(math.inf, math.sin(y) * x))
    if math.isinf(x):
        return complex(math.inf, math.copysign(1.0, x) * y)
    if math.isnan(x):
        return complex(x, 0.0 if y == 0.0 else math.nan)
    if not math.isfinite(y):
        return complex(math.nan, 0.0 if x == 0.0 else math.nan)
    if abs(x) > 708.3964185322641:
        half = x - math.copysign(1.0, x)
        re = math.cos(y) * math.cosh(half) * math.e
        im = math.sin(y) * math.sinh(half) * math.e
    else:
        re = math.cos(y) * math.cosh(x)
        im = math.sin(y) * math.sinh(x)
    if math.isinf(re) or math.isinf(im):
        raise OverflowError("math range error")
    return complex(re, im)


def cmath_tanh(z):
    x = z.real
    y = z.imag
    if math.isinf(y) and math.isfinite(x):
        raise ValueError("math domain error")
    if not math.isfinite(x) or not math.isfinite(y):
        if math.isinf(x):
            if math.isfinite(y):
                turn = 2.0 * math.sin(y) * math.cos(y)
                return complex(math.copysign(1.0, x), math.copysign(0.0, turn))
            return complex(math.copysign(1.0, x), 0.0)
        return complex(math.nan, y if y == 0.0 else math.nan)
    if abs(x) > 354.1982092661321:
        im = 4.0 * math.sin(y) * math.cos(y) * math.exp(-2.0 * abs(x))
        return complex(math.copysign(1.0, x), im)
    tx = math.tanh(x)
    ty = math.tan(y)
    cx = 1.0 / math.cosh(x)
    txty = tx * ty
    denominator = 1.0 + txty * txty
    return complex(tx * (1.0 + ty * ty) / denominator, ((ty / denominator) * cx) * cx)


def cmath_asinh(z):
    x = z.real
    y = z.imag
    if not math.isfinite(x) or not math.isfinite(y):
        if math.isnan(x) or math.isnan(y):
            if math.isinf(x):
                return complex(x, math.nan)
            if math.isinf(y):
                return complex(math.copysign(math.inf, y), math.nan)
            return complex(math.nan, y if y == 0.0 else math.nan)
        return complex(math.copysign(math.inf, x if math.isinf(x) else x), math.atan2(y, abs(x)))
    if abs(x) > 4.49423283715579e307 or abs(y) > 4.49423283715579e307:
        if y == 0.0 or y > 0.0:
            re = math.copysign(math.log(math.hypot(x / 2.0, y / 2.0)) + 1.3862943611198906, x)
        else:
            re = -math.copysign(math.log(math.hypot(x / 2.0, y / 2.0)) + 1.3862943611198906, -x)
        return complex(re, math.atan2(y, abs(x)))
    s1 = cmath_sqrt(complex(1.0 + y, -x))
    s2 = cmath_sqrt(complex(1.0 - y, x))
    return complex(math.asinh(s1.real * s2.imag - s2.real * s1.imag), math.atan2(y, s1.real * s2.real - s1.imag * s2.imag))


def cmath_asin(z):
    w = cmath_asinh(complex(-z.imag, z.real))
    return complex(w.imag, -w.real)


def cmath_acos(z):
    x = z.real
    y = z.imag
    if not math.isfinite(x) or not math.isfinite(y):
        if math.isnan(x) or math.isnan(y):
            if math.isinf(x):
                return complex(math.nan, math.inf)
            if math.isinf(y):
                return complex(math.nan, -y)
            return complex(math.pi / 2.0 if x == 0.0 else math.nan, math.nan)
        return complex(math.atan2(abs(y), x), -math.copysign(math.inf, y))
    if abs(x) > 4.49423283715579e307 or abs(y) > 4.49423283715579e307:
        re = math.atan2(abs(y), x)
        size = math.log(math.hypot(x / 2.0, y / 2.0)) + 1.3862943611198906
        return complex(re, -math.copysign(size, y) if x < 0.0 else math.copysign(size, -y))
    s1 = cmath_sqrt(complex(1.0 - x, -y))
    s2 = cmath_sqrt(complex(1.0 + x, y))
    return complex(2.0 * math.atan2(s1.real, s2.real), math.asinh(s2.real * s1.imag - s2.imag * s1.real))


def cmath_acosh(z):
    x = z.real
    y = z.imag
    if not math.isfinite(x) or not math.isfinite(y):
        if math.isnan(x) or math.isnan(y):
            if math.isinf(x) or math.isinf(y):
                return complex(math.inf, math.nan)
            return complex(math.nan, math.pi / 2.0 if x == 0.0 else math.nan)
        return complex(math.inf, math.atan2(y, x))
    if abs(x) > 4.49423283715579e307 or abs(y) > 4.49423283715579e307:
        return complex(math.log(math.hypot(x / 2.0, y / 2.0)) + 1.3862943611198906, math.atan2(y, x))
    s1 = cmath_sqrt(complex(x - 1.0, y))
    s2 = cmath_sqrt(complex(x + 1.0, y))
    return complex(math.asinh(s1.real * s2.real + s1.imag * s2.imag), 2.0 * math.atan2(s1.imag, s2.real))


def cmath_atan(z):
    w = cmath_atanh(complex(-z.imag, z.real))
    return complex(w.imag, -w.real)


def cmath_atanh(z):
    x = z.real
    y = z.imag
    if not math.isfinite(x) or not math.isfinite(y):
        if math.isinf(y):
            return complex(math.copysign(0.0, x), math.copysign(math.pi / 2.0, y))
        if math.isnan(x):
            return complex(x, math.nan)
        if math.isnan(y):
            return complex(math.copysign(0.0, x) if x == 0.0 or math.isinf(x) else math.nan, y)
        return complex(math.copysign(0.0, x), math.copysign(math.pi / 2.0, y))
    if x < 0.0 or (x == 0.0 and math.copysign(1.0, x) < 0.0):
        w = cmath_atanh(complex(-x, -y))
        return complex(-w.real, -w.imag)
    ay = abs(y)
    if x > 6.703903964971298e153 or ay > 6.703903964971298e153:
        h = math.hypot(x / 2.0, y / 2.0)
        return complex(x / 4.0 / h / h, -math.copysign(math.pi / 2.0, -y))
    if x == 1.0 and ay < 1.4916681462400413e-154:
        if ay == 0.0:
            raise ValueError("math domain error")
        re = -math.log(math.sqrt(ay) / math.sqrt(math.hypot(ay, 2.0)))
        return complex(re, math.copysign(math.atan2(2.0, -ay) / 2.0, y))
    re = math.log1p(4.0 * x / ((1.0 - x) * (1.0 - x) + ay * ay)) / 4.0
    return complex(re, -math.atan2(-2.0 * y, (1.0 - x) * (1.0 + x) - ay * ay) / 2.0)


def npc_exp(z):
    """NumPy's: infinities and nans instead of errors."""
    x = float(z.real)
    y = float(z.imag)
    size = np.exp(x)
    if y == 0.0:
        return np.complex128(complex(size, y))
    if math.isinf(x) and x < 0.0 and not math.isfinite(y):
        return np.complex128(complex(0.0, 0.0))
    return np.complex128(complex(size * np.cos(y), size * np.sin(y)))


def npc_log(z):
    x = float(z.real)
    y = float(z.imag)
    if x == 0.0 and y == 0.0:
        return np.complex128(complex(-math.inf, math.atan2(y, x)))
    if math.isfinite(x) and math.isfinite(y):
        return np.complex128(complex(log_of_size(x, y), math.atan2(y, x)))
    if math.isinf(x) or math.isinf(y):
        return np.complex128(complex(math.inf, math.atan2(y, x)))
    return np.complex128(complex(math.nan, math.nan))


def npc_sqrt(z):
    return np.complex128(cmath_sqrt(complex(float(z.real), float(z.imag))))


def npc_exp2(z):
    return npc_exp(z * 0.6931471805599453)


def npc_expm1(z):
    x = float(z.real)
    y = float(z.imag)
    half = np.sin(y / 2.0)
    return np.complex128(complex(np.expm1(x) * np.cos(y) - 2.0 * half * half, np.exp(x) * np.sin(y)))


def npc_log1p(z):
    x = float(z.real) + 1.0
    y = float(z.imag)
    return np.complex128(complex(np.log(np.hypot(x, y)), np.arctan2(y, x)))


def npc_log2(z):
    return npc_log(z) * 1.4426950408889634


def npc_log10(z):
    return npc_log(z) * 0.4342944819032518


def npc_sin(z):
    x = z.real
    y = z.imag
    return np.complex128(complex(np.sin(x) * np.cosh(y), np.cos(x) * np.sinh(y)))


def npc_cos(z):
    x = z.real
    y = z.imag
    return np.complex128(complex(np.cos(x) * np.cosh(y), -(np.sin(x) * np.sinh(y))))


def npc_sinh(z):
    x = z.real
    y = z.imag
    return np.complex128(complex(np.sinh(x) * np.cos(y), np.cosh(x) * np.sin(y)))


def npc_cosh(z):
    x = z.real
    y = z.imag
    return np.complex128(complex(np.cosh(x) * np.cos(y), np.sinh(x) * np.sin(y)))


def npc_rint(z):
    return np.complex128(complex(np.rint(z.real), np.rint(z.imag)))


def npc_tan(z):
    w = npc_tanh(np.complex128(complex(-float(z.imag), float(z.real))))
    return np.complex128(complex(float(w.imag), -float(w.real)))


def npc_tanh(z):
    x = float(z.real)
    y = float(z.imag)
    if math.isinf(y) and math.isfinite(x):
        return np.complex128(complex(math.nan, math.nan))
    return np.complex128(cmath_tanh(complex(x, y)))


def npc_arcsin(z):
    return np.complex128(cmath_asin(complex(float(z.real), float(z.imag))))


def npc_arccos(z):
    return np.complex128(cmath_acos(complex(float(z.real), float(z.imag))))


def npc_arctan(z):
    w = npc_arctanh(np.complex128(complex(-float(z.imag), float(z.real))))
    return np.complex128(complex(float(w.imag), -float(w.real)))


def npc_arcsinh(z):
    return np.complex128(cmath_asinh(complex(float(z.real), float(z.imag))))


def npc_arccosh(z):
    return np.complex128(cmath_acosh(complex(float(z.real), float(z.imag))))


def npc_arctanh(z):
    x = float(z.real)
    y = float(z.imag)
    if abs(x) == 1.0 and y == 0.0:
        return np.complex128(complex(math.copysign(math.inf, x), y))
    return np.complex128(cmath_atanh(complex(x, y)))
