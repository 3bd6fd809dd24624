"""Functions of numbers: Python's builtins, `math`, and scalar cases of NumPy's functions."""

import math

import numpy as np


def round_int(x, digits):
    """round(int, digits): half to even, at a power of ten."""
    if digits >= 0:
        return x
    if digits < -18:
        # Beyond 64 bits: at least one half rounds away only from 5e18 up.
        if digits == -19 and (x > 5000000000000000000 or x < -5000000000000000000):
            raise OverflowError("Python int too large to convert to C long")
        return 0
    unit = 10 ** (-digits)
    low = x // unit * unit
    rest = x - low
    double = rest - (unit - rest)
    if double > 0 or (double == 0 and (low // unit) % 2 == 1):
        return low + unit
    return low


def pow_mod(base, exp, mod):
    if mod == 0:
        raise ValueError("pow() 3rd argument cannot be 0")
    if exp < 0:
        base = inverse_mod(base, mod)
        exp = -exp
    result = 1 % mod
    base = base % mod
    while exp > 0:
        if exp & 1:
            result = result * base % mod
        exp = exp >> 1
        if exp > 0:
            base = base * base % mod
    return result


def inverse_mod(a, mod):
    """The inverse of `a` modulo `mod`."""
    n = abs(mod)
    r0 = n
    r1 = a % n
    s0 = 0
    s1 = 1
    while r1 != 0:
        q = r0 // r1
        r0, r1 = r1, r0 - q * r1
        s0, s1 = s1, s0 - q * s1
    if r0 != 1:
        raise ValueError("base is not invertible for the given modulus")
    return s0 % mod


def sum_compensated(items):
    """The builtin sum of Python floats since 3.12."""
    total = items[len(items) - 1]
    c = 0.0
    for x in items[: len(items) - 1]:
        t = total + x
        if abs(total) >= abs(x):
            c += (total - t) + x
        else:
            c += (x - t) + total
        total = t
    if c != 0.0 and math.isfinite(c):
        return total + c
    return total


def builtin_sum(a, start):
    total = start
    for x in a:
        total = total + x
    return total


def builtin_sum_rows(a, start):
    out = np.zeros(a.shape[1:], a.dtype)
    out[...] = start
    for i in range(a.shape[0]):
        out[...] = out + a[i]
    return out


def builtin_any(a):
    for x in a:
        if x:
            return True
    return False


def builtin_all(a):
    for x in a:
        if not x:
            return False
    return True


def builtin_min(a):
    if len(a) == 0:
        raise ValueError("min() arg is an empty sequence")
    best = a[0]
    for i in range(1, len(a)):
        if a[i] < best:
            best = a[i]
    return best


def builtin_max(a):
    if len(a) == 0:
        raise ValueError("max() arg is an empty sequence")
    best = a[0]
    for i in range(1, len(a)):
        if a[i] > best:
            best = a[i]
    return best


def builtin_min_default(a, default):
    if len(a) == 0:
        return default
    return builtin_min(a)


def builtin_max_default(a, default):
    if len(a) == 0:
        return default
    return builtin_max(a)


def is_integer(x):
    return math.isfinite(x) and bool(np.floor(x) == x)


def bit_length(n):
    n = abs(n)
    count = 0
    while n > 0:
        count += 1
        n = n >> 1
    return count


def divmod_float(x, y):
    if y == 0.0:
        raise ZeroDivisionError("float divmod()")
    return (x // y, x % y)


def math_isqrt(n):
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    root = int(math.sqrt(n))
    # The float is off by one at most, in either direction.
    if root > 3037000499:
        root = 3037000499
    if root * root > n:
        root -= 1
    elif root < 3037000499 and (root + 1) * (root + 1) <= n:
        root += 1
    return root


def math_gcd(a, b):
    while b != 0:
        a, b = b, a % b
    return abs(a)


def math_lcm(a, b):
    if a == 0 or b == 0:
        return 0
    return abs(a // math_gcd(a, b) * b)


def math_factorial(n):
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    result = 1
    for k in range(2, n + 1):
        result = result * k
    return result


def math_comb(n, k):
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    if k > n:
        return 0
    k = min(k, n - k)
    result = 1
    for i in range(k):
        # result * (n - i) // (i + 1) without the product where it can be avoided
        factor = n - i
        divisor = i + 1
        g = math_gcd(result, divisor)
        result = result // g * (factor // (divisor // g))
    return result


def math_perm(n, k):
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    result = 1
    if k > n:
        return 0
    for i in range(k):
        result = result * (n - i)
    return result


def math_modf(x):
    if math.isinf(x):
        return (math.copysign(0.0, x), x)
    if math.isnan(x):
        return (x, x)
    whole = float(np.trunc(x))
    return (math.copysign(x - whole, x), whole)


def math_frexp(x):
    if x == 0.0 or math.isnan(x) or math.isinf(x):
        return (x, 0)
    exponent = 0
    m = x
    if abs(m) < 2.2250738585072014e-308:
        m *= 18014398509481984.0
        exponent = -54
    bits = int(_prim.bits(m))
    exponent += ((bits >> 52) & 2047) - 1022
    sign = math.copysign(1.0, m)
    mantissa = (bits & 4503599627370495) | 4602678819172646912
    return (sign * float(_prim.from_bits(np.int64(mantissa))), exponent)


def math_ldexp(x, i):
    x = float(x)
    result = x
    if x == 0.0 or math.isnan(x) or math.isinf(x):
        return x
    i = max(-2200, min(i, 2200))
    while i > 1000:
        result *= 1.0715086071862673e301
        i -= 1000
    if i >= 0:
        result = result * power_of_two(i)
        if math.isinf(result):
            raise OverflowError("math range error")
        return result
    m, e = math_frexp(result)
    e += i
    if e >= -1021:
        return m * power_of_two(e - 1) * 2.0 if e < 1024 else math_ldexp(m, e)
    # One rounding only: scale to the edge of the subnormals in a single multiplication.
    if e < -1080:
        return math.copysign(0.0, x)
    return m * power_of_two(e + 60) * 8.673617379884035e-19


def power_of_two(i):
    """2.0 ** i for -1022 <= i <= 1023."""
    return float(_prim.from_bits(np.int64((i + 1023) << 52)))


def math_ulp(x):
    x = abs(x)
    if math.isnan(x) or math.isinf(x):
        return x
    above = math.nextafter(x, math.inf)
    if math.isinf(above):
        return x - math.nextafter(x, 0.0)
    return above - x


def math_isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    x = float(a)
    y = float(b)
    if x == y:
        return True
    if math.isinf(x) or math.isinf(y):
        return False
    difference = abs(y - x)
    return difference <= abs(rel_tol * y) or difference <= abs(rel_tol * x) or difference <= abs_tol


def math_dist(p, q):
    if len(p) != len(q):
        raise ValueError("both points must have the same number of dimensions")
    total = 0.0
    largest = 0.0
    bad = False
    infinite = False
    for i in range(len(p)):
        d = abs(float(p[i]) - float(q[i]))
        if math.isinf(d):
            infinite = True
        if math.isnan(d):
            bad = True
        largest = max(largest, d)
    if infinite:
        return math.inf
    if bad:
        return math.nan
    if largest == 0.0:
        return 0.0
    if len(p) == 1:
        return largest
    scale = norm_scale(largest)
    total = 0.0
    c = 0.0
    for i in range(len(p)):
        d = abs(float(p[i]) - float(q[i])) * scale
        total, c = norm_add(total, c, d)
    return norm_root(total, c) / scale


def math_norm(coordinates):
    """hypot of any number of Python floats, as CPython computes it: scaled, compensated, corrected."""
    largest = 0.0
    infinite = False
    bad = False
    for x in coordinates:
        if math.isinf(x):
            infinite = True
        if math.isnan(x):
            bad = True
        largest = max(largest, abs(x))
    if infinite:
        return math.inf
    if bad:
        return math.nan
    if largest == 0.0 or len(coordinates) == 1:
        return largest
    scale = norm_scale(largest)
    total = 0.0
    c = 0.0
    for x in coordinates:
        total, c = norm_add(total, c, abs(x) * scale)
    return norm_root(total, c) / scale


def norm_scale(largest):
    """The power of two that brings the largest coordinate to about one."""
    m, e = math_frexp(largest)
    if e < -1022:
        return 4.49423283715579e307
    return math_ldexp(1.0, -e)


def split_square(x):
    """x * x as a sum of two floats."""
    t = x * 134217729.0
    high = t - (t - x)
    low = x - high
    product = x * x
    rest = ((high * high - product) + 2.0 * high * low) + low * low
    return (product, rest)


def norm_add(total, c, x):
    product, rest = split_square(x)
    t = total + product
    if total >= product:
        c += (total - t) + product
    else:
        c += (product - t) + total
    return (t, c + rest)


def norm_root(total, c):
    """sqrt(total + c) with a correction by the residual."""
    h = math.sqrt(total + c)
    product, rest = split_square(h)
    residual = ((total - product) + c) - rest
    return h + residual / (2.0 * h)


def math_fsum(items):
    """The correctly rounded sum, by exact partial sums (Shewchuk)."""
    partials = np.empty(64)
    n = 0
    special = 0.0
    nan = False
    for item in items:
        x = float(item)
        if math.isnan(x):
            nan = True
        if not math.isfinite(x):
            special += x
            continue
        i = 0
        for j in range(n):
            y = partials[j].item()
            if abs(x) < abs(y):
                x, y = y, x
            high = x + y
            low = y - (high - x)
            if low != 0.0:
                partials[i] = low
                i += 1
            x = high
        if math.isinf(x):
            raise OverflowError("intermediate overflow in fsum")
        partials[i] = x
        n = i + 1
    if special != 0.0:
        if math.isnan(special) and not nan:
            raise ValueError("-inf + inf in fsum")
        return special
    if n == 0:
        return 0.0
    n -= 1
    high = partials[n].item()
    low = 0.0
    while n > 0:
        x = high
        n -= 1
        y = partials[n].item()
        high = x + y
        low = y - (high - x)
        if low != 0.0:
            break
    # Half-way cases: round as the next partial says.
    if n > 0 and ((low < 0.0 and partials[n - 1] < 0.0) or (low > 0.0 and partials[n - 1] > 0.0)):
        y = low * 2.0
        x = high + y
        if y == x - high:
            high = x
    return high


def math_prod(items, *, start=1):
    total = start
    for x in items:
        total = total * x
    return total


def math_sumprod(p, q):
    if len(p) != len(q):
        raise ValueError("Inputs are not the same length")
    total = 0
    for i in range(len(p)):
        total = total + p[i] * q[i]
    return total


def np_sign(x):
    kind = _prim.kind(x)
    if kind == "c":
        size = abs(x)
        if size == 0:
            return _prim.cast(0, x.dtype)
        if math.isinf(x.real) or math.isinf(x.imag):
            re = math.copysign(1.0, x.real) if math.isinf(x.real) else 0.0
            im = math.copysign(1.0, x.imag) if math.isinf(x.imag) else 0.0
            if re != 0.0 and im != 0.0:
                return _prim.cast(complex(math.nan, math.nan), x.dtype)
            return _prim.cast(complex(re, im), x.dtype)
        return _prim.cast(complex(float(x.real / size), float(x.imag / size)), x.dtype)
    if kind == "f":
        if x > 0:
            return _prim.cast(1.0, x.dtype)
        if x < 0:
            return _prim.cast(-1.0, x.dtype)
        return x if x != x else _prim.cast(0.0, x.dtype)
    one = _prim.cast(1, x.dtype)
    zero = _prim.cast(0, x.dtype)
    if kind == "u":
        return one if x > 0 else zero
    if x > 0:
        return one
    return zero - one if x < 0 else zero


def np_reciprocal_int(x):
    one = _prim.cast(1, x.dtype)
    zero = _prim.cast(0, x.dtype)
    if x == 1:
        return one
    if x == -1:
        return zero - one
    if x == 0:
        return np_reciprocal_zero(x)
    return zero


def np_reciprocal_zero(x):
    """What the division of 1.0 by zero gives as an integer."""
    return _prim.cast(np.float64(1.0) / np.float64(0.0), x.dtype)


def np_fmod_int(x, y):
    """C's remainder: the sign of the dividend."""
    rest = x % y
    if y == 0:
        return _prim.cast(0, x.dtype)
    if rest != 0 and (x < 0) != (y < 0):
        return rest - y
    return rest


def np_round_float(x, decimals):
    scale = 10.0 ** abs(decimals)
    if decimals >= 0:
        return np.rint(x * scale) / scale
    return np.rint(x / scale) * scale


def np_round_int(x, decimals):
    if decimals >= 0:
        return x
    # In double precision, whatever that does to large numbers.
    scale = 10.0 ** -decimals
    return _prim.cast(np.rint(np.float64(x) / scale) * scale, x.dtype)


def np_gcd(a, b):
    while b != 0:
        a, b = b, a % b
    return np.abs(a)


def np_lcm(a, b):
    g = np_gcd(a, b)
    if g == 0:
        return g
    return np.abs(a) // g * np.abs(b)


def np_logaddexp(x, y):
    if x == y:
        return x + _prim.cast(0.6931471805599453, x.dtype)
    d = x - y
    if d > 0:
        return x + np.log1p(np.exp(-d))
    if d <= 0:
        return y + np.log1p(np.exp(d))
    return d


def np_logaddexp2(x, y):
    if x == y:
        return x + _prim.cast(1.0, x.dtype)
    d = x - y
    log2e = _prim.cast(1.4426950408889634, x.dtype)
    if d > 0:
        return x + log2e * np.log1p(np.exp2(-d))
    if d <= 0:
        return y + log2e * np.log1p(np.exp2(d))
    return d


def np_heaviside(x, h):
    if x != x:
        return x
    if x == 0:
        return h
    return _prim.cast(0.0, x.dtype) if x < 0 else _prim.cast(1.0, x.dtype)


def np_isclose(a, b, rtol, atol, equal_nan):
    if np.isfinite(a) and np.isfinite(b):
        return np.bool_(abs(a - b) <= atol + rtol * abs(b))
    if equal_nan and a != a and b != b:
        return np.bool_(True)
    return np.bool_(a == b)


def np_nan_to_num(x, nan, posinf, neginf):
    if x != x:
        return nan
    if np.isinf(x):
        return posinf if x > 0 else neginf
    return x


def check_squeeze(length):
    if length != 1:
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")


def np_spacing(x):
    if math.isinf(x):
        return x - x
    far = _prim.cast(math.inf, x.dtype)
    if x == 0:
        return _prim.next_after(np.abs(x), far)
    return _prim.next_after(x, np.copysign(far, x)) - x


def np_fraction(x):
    if math.isinf(x):
        return np.copysign(_prim.cast(0.0, x.dtype), x)
    return np.copysign(x - np.trunc(x), x)


def np_whole(x):
    return np.trunc(x)


def np_mantissa(x):
    return _prim.cast(math_frexp(float(x))[0], x.dtype)


def np_exponent(x):
    return np.int32(math_frexp(float(x))[1])


def np_ldexp(x, i):
    y = float(x)
    if y != 0.0 and math.isfinite(y):
        m, e = math_frexp(y)
        e += int(max(-5000, min(int(i), 5000)))
        if e > 1024:
            y = math.copysign(math.inf, y)
        else:
            y = math_ldexp(m, e)
    return _prim.cast(y, x.dtype)
