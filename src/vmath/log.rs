//! log, log2, log10, log1p, pow and the roots.
//!
//! In: a lane. Out: the function's value to within one unit in the last place, special values included.
//! Method: `x = m 2**e`, `s = (m - 1) / (m + 1)`, `log m = 2 atanh s` by a polynomial in `s**2` (as in Sun's
//! fdlibm); `pow` as `2**(y log2 x)` with the logarithm in two floats (Muller, "Elementary Functions").

use super::ops::{EXPONENT_OFFSET, Ops, Pair};
use crate::builtin::MathFn;
use std::f64::consts::{LOG2_E, LOG10_2, LOG10_E};

/// The first 42 bits of log 2: products with exponents are exact. And the rest.
const LN_2_SHORT: f64 = 0.6931471805598903;
const LN_2_REST: f64 = 5.497923018708371e-14;
const LOG2_E_LOW: f64 = 2.0355273740931033e-17;
const LOG10_E_LOW: f64 = 1.098319650216765e-17;
const LOG10_2_LOW: f64 = -2.8037281277851704e-18;
/// `(2 atanh s - 2 s) / s**3` in `s**2`, for `|s| <= 0.1717`.
const LOG: [f64; 8] = [
    0.6666666666666666,
    0.4000000000000089,
    0.28571428570795937,
    0.2222222239345263,
    0.181817954545265,
    0.15386249788196105,
    0.1326850331279476,
    0.13089445145246312,
];
/// `(log2 m - LOG2_FIRST s - LOG2_SECOND s**3) / s**5` in `s**2`.
const LOG2_TAIL: [f64; 8] = [
    0.5770780163555853,
    0.41219858311114393,
    0.32059889796710966,
    0.2623081914783527,
    0.2219527874957096,
    0.19238062525249075,
    0.16888370598444666,
    0.16914628508443877,
];
/// `2 / log 2` and `2 / (3 log 2)`, with what the floats lack.
const LOG2_FIRST: (f64, f64) = (2.8853900817779268, 4.0710547481862066e-17);
const LOG2_SECOND: (f64, f64) = (0.9617966939259756, 5.0577616648125907e-17);
/// 2**54, for subnormal arguments.
const LIFT: f64 = 18_014_398_509_481_984.0;

/// `x = m 2**e` also for a subnormal `x > 0`.
fn split_any<B: Ops>(b: &mut B, x: B::F) -> Pair<B::F> {
    let small = b.lt_const(x, f64::MIN_POSITIVE);
    let lifted = b.mul_const(x, LIFT);
    let x = b.select(small, lifted, x);
    let (m, _, e) = b.split_parts(x);
    let (usual, lower) = (b.float(-EXPONENT_OFFSET), b.float(-EXPONENT_OFFSET - 54.0));
    let offset = b.select(small, lower, usual);
    (m, b.add(e, offset))
}

/// `log(1 + f) = f - f**2 / 2 + s sum`: `(s, sum)`.
fn log_terms<B: Ops>(b: &mut B, f: B::F) -> Pair<B::F> {
    let two = b.add_const(f, 2.0);
    let s = b.div(f, two);
    let z = b.mul(s, s);
    let poly = b.poly(z, &LOG);
    let half = b.mul_const(f, 0.5);
    let half = b.mul(half, f);
    (s, b.fma(poly, z, half))
}

/// Puts in what a logarithm is of 0, of infinity, of nan and of negative numbers.
pub fn log_special<B: Ops>(b: &mut B, x: B::F, value: B::F) -> B::F {
    let (zero, infinity) = (b.float(0.0), b.float(f64::INFINITY));
    let (nan, least) = (b.float(f64::NAN), b.float(f64::NEG_INFINITY));
    let negative = b.lt(x, zero);
    let below = b.select(negative, nan, least);
    let finite = b.lt(x, infinity);
    let value = b.select(finite, value, x);
    let not_positive = b.le(x, zero);
    b.select(not_positive, below, value)
}

/// `e log 2 + log(1 + f + lost)`, `lost` below the last place of `f`.
fn log_sum<B: Ops>(b: &mut B, e: B::F, f: B::F, lost: Option<B::F>) -> B::F {
    let (s, sum) = log_terms(b, f);
    // e log 2 + f, of which the product is exact, and what that lacks.
    let ln2 = b.float(LN_2_SHORT);
    let high = b.fma(e, ln2, f);
    let minus = b.neg(high);
    let low = b.fma(e, ln2, minus);
    let low = b.add(low, f);
    let mut low = b.fma_const(e, LN_2_REST, low);
    if let Some(lost) = lost {
        // The slope at f, 1 / (1 + f), to within 6 %.
        let minus = b.neg(f);
        let slope = b.add_const(minus, 1.06);
        low = b.fma(lost, slope, low);
    }
    // f**2 / 2 is not rounded before the rest joins.
    let half = b.mul_const(f, 0.5);
    let low = b.fnma(half, f, low);
    let low = b.fma(s, sum, low);
    b.add(high, low)
}

pub fn log<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let (m, e) = split_any(b, x);
    let f = b.add_const(m, -1.0);
    let value = log_sum(b, e, f, None);
    log_special(b, x, value)
}

/// `log(1 + f)` as a pair.
fn log_pair<B: Ops>(b: &mut B, f: B::F) -> Pair<B::F> {
    let (s, sum) = log_terms(b, f);
    let h = b.mul_const(f, 0.5);
    let half = b.mul(h, f);
    let minus = b.neg(half);
    let (high, low) = b.fast_two_sum(f, minus);
    // What `half` itself lacks.
    let lost = b.fma(h, f, minus);
    let low = b.sub(low, lost);
    let low = b.fma(s, sum, low);
    b.fast_two_sum(high, low)
}

pub fn log2<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let (m, e) = split_any(b, x);
    let f = b.add_const(m, -1.0);
    let (high, low) = log_pair(b, f);
    let value = in_base(b, (high, low), (LOG2_E, LOG2_E_LOW), (e, None));
    log_special(b, x, value)
}

pub fn log10<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let (m, e) = split_any(b, x);
    let f = b.add_const(m, -1.0);
    let (high, low) = log_pair(b, f);
    let scale = b.float(LOG10_2);
    let (product, lost) = b.two_prod(e, scale);
    let lost = b.fma_const(e, LOG10_2_LOW, lost);
    let value = in_base(b, (high, low), (LOG10_E, LOG10_E_LOW), (product, Some(lost)));
    log_special(b, x, value)
}

/// `log * scale + add`.
fn in_base<B: Ops>(b: &mut B, log: Pair<B::F>, scale: (f64, f64), add: (B::F, Option<B::F>)) -> B::F {
    let factor = b.float(scale.0);
    let (product, lost) = b.two_prod(log.0, factor);
    let lost = b.fma_const(log.0, scale.1, lost);
    let lost = b.fma_const(log.1, scale.0, lost);
    let (sum, rest) = b.fast_two_sum(add.0, product);
    let mut low = b.add(rest, lost);
    if let Some(more) = add.1 {
        low = b.add(low, more);
    }
    b.add(sum, low)
}

pub fn log1p<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let (u, value) = log1p_pair(b, x, None);
    // It has the sign of x; of a zero that got lost.
    let sign = b.sign(x);
    let value = b.with_sign(value, sign);
    // Where 1 + x is no finite positive number the value has no meaning.
    log_special(b, u, value)
}

/// `1 + x`, and `log(1 + x + low)` for `x > -1` and a `low` below the last place of `x`.
pub fn log1p_pair<B: Ops>(b: &mut B, x: B::F, low: Option<B::F>) -> (B::F, B::F) {
    let u = b.add_const(x, 1.0);
    let (_, exponent, e) = b.split_parts(u);
    let e = b.add_const(e, -EXPONENT_OFFSET);
    // f = (1 + x) / 2**e - 1, of which both parts are exact; x itself for e = 0.
    let twice = b.inverse_power(exponent);
    let (half, minus) = (b.float(0.5), b.float(-1.0));
    let less = b.fma(twice, half, minus);
    let scaled = b.scale_down(x, exponent);
    let (f, mut lost) = b.two_sum(less, scaled);
    if let Some(low) = low {
        let scale = b.mul(twice, half);
        lost = b.fma(low, scale, lost);
    }
    (u, log_sum(b, e, f, Some(lost)))
}

/// `x ** y`; the C library's for all but positive normal `x` and results well inside of the range.
pub fn pow<B: Ops>(b: &mut B, x: B::F, y: B::F) -> B::F {
    let (m, e) = b.split(x);
    // s = f / (2 + f) as a pair.
    let f = b.add_const(m, -1.0);
    let two = b.add_const(f, 2.0);
    let one = b.float(1.0);
    let inverse = b.div(one, two);
    let s = b.mul(f, inverse);
    // f - 2 s is exact.
    let minus = b.neg(s);
    let rest = b.fma_const(minus, 2.0, f);
    let rest = b.fma(minus, f, rest);
    let s_low = b.mul(rest, inverse);
    // log2 m = s (FIRST + s**2 (SECOND + s**2 tail)) as a pair: a large `y` magnifies what it lacks.
    let z = b.mul(s, s);
    let minus = b.neg(z);
    let z_low = b.fma(s, s, minus);
    let twice = b.add(s, s);
    let z_low = b.fma(twice, s_low, z_low);
    let tail = b.poly(z, &LOG2_TAIL);
    let tail = b.mul(z, tail);
    let (second, second_low) = b.float_plus(LOG2_SECOND, tail);
    let second_low = b.fma_const(z_low, LOG2_TAIL[0], second_low);
    let (third, third_low) = b.multiply_pairs((z, z_low), (second, second_low));
    let (first, first_low) = b.float_plus(LOG2_FIRST, third);
    let first_low = b.add(first_low, third_low);
    let (log, log_low) = b.multiply_pairs((s, s_low), (first, first_low));
    // log2 x = e + log2 m.
    let (log, rest) = b.fast_two_sum(e, log);
    let log_low = b.add(log_low, rest);
    // y log2 x = k + r.
    let (power, lost) = b.two_prod(y, log);
    let lost = b.fma(y, log_low, lost);
    let size = b.abs(power);
    let (whole, k) = b.nearest_power(power, 1.0);
    let r = b.sub(power, whole);
    let (r, r_low) = b.fast_two_sum(r, lost);
    let value = super::exp::exp2_pair(b, r, r_low);
    let scale = b.power_near(k, 0);
    let value = b.mul(value, scale);
    // nan fails every one of these.
    let least = b.float(f64::MIN_POSITIVE);
    let normal = b.le(least, x);
    let finite = b.lt_const(x, f64::INFINITY);
    let inside = b.lt_const(size, 1021.0);
    let ok = b.both(normal, finite);
    let ok = b.both(ok, inside);
    b.otherwise(ok, value, MathFn::Pow, &[x, y])
}

/// `m**(1/3)` for `m` from `sqrt(1/2)` to `sqrt(2)`, to 20 bits.
const CBRT: [f64; 7] = [
    0.39969898227973394,
    1.1889836844398174,
    -1.167028308719561,
    0.9450177052336346,
    -0.4959609943557421,
    0.14853415437307,
    -0.01924538346124637,
];
/// `2**(1/3)` and `2**(-1/3)`.
const CBRT_2: f64 = 1.259_921_049_894_873_2;
const CBRT_HALF: f64 = 0.793_700_525_984_099_8;

pub fn cbrt<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let sign = b.sign(x);
    let size = b.abs(x);
    let (m, e) = split_any(b, size);
    // e = 3 q + t with t in -1, 0, 1.
    let (q, q_bits) = b.nearest(e, 1.0 / 3.0);
    let minus = b.neg(q);
    let three = b.float(3.0);
    let t = b.fma(minus, three, e);
    let (_, t_bits) = b.nearest(t, 1.0);
    let power = b.power_of_two(t_bits);
    let a = b.mul(m, power);
    let (one, double, half) = (b.float(1.0), b.float(CBRT_2), b.float(CBRT_HALF));
    let up = b.gt_const(t, 0.5);
    let down = b.lt_const(t, -0.5);
    let factor = b.select(up, double, one);
    let factor = b.select(down, half, factor);
    let start = b.poly(m, &CBRT);
    let y = b.mul(start, factor);
    // Halley's step to 52 bits: y - y (y**3 - a) / (2 y**3 + a).
    let square = b.mul(y, y);
    let cube = b.mul(square, y);
    let error = b.sub(cube, a);
    let under = b.add(cube, cube);
    let under = b.add(under, a);
    let quotient = b.div(error, under);
    let y = b.fnma(y, quotient, y);
    // Newton's step with the error in two floats.
    let (square, square_low) = b.two_prod(y, y);
    let (cube, cube_low) = b.two_prod(square, y);
    let cube_low = b.fma(square_low, y, cube_low);
    let error = b.sub(cube, a);
    let error = b.add(error, cube_low);
    let under = b.mul_const(square, 3.0);
    let step = b.div(error, under);
    let y = b.sub(y, step);
    let power = b.power_of_two(q_bits);
    let value = b.mul(y, power);
    // Zeros, infinities and nan are their own roots.
    let zero = b.float(0.0);
    let positive = b.lt(zero, size);
    let finite = b.lt_const(size, f64::INFINITY);
    let ok = b.both(positive, finite);
    let value = b.flip_sign(value, sign);
    b.select(ok, value, x)
}

/// `sqrt(x**2 + y**2)`; the C library's for the huge, the tiny and what is not finite.
pub fn hypot<B: Ops>(b: &mut B, x: B::F, y: B::F) -> B::F {
    let x = b.abs(x);
    let y = b.abs(y);
    let swapped = b.lt(x, y);
    let large = b.select(swapped, y, x);
    let small = b.select(swapped, x, y);
    let (square, square_low) = b.two_prod(large, large);
    let (other, other_low) = b.two_prod(small, small);
    let (sum, rest) = b.fast_two_sum(square, other);
    let low = b.add(square_low, other_low);
    let low = b.add(rest, low);
    let root = b.sqrt(sum);
    // One step of Newton's method on the sum in two floats.
    let error = b.fnma(root, root, sum);
    let error = b.add(error, low);
    let twice = b.add(root, root);
    let step = b.div(error, twice);
    let value = b.add(root, step);
    let below = b.lt_const(large, 1e150);
    let least = b.float(1e-130);
    let above = b.lt(least, small);
    let ok = b.both(below, above);
    b.otherwise(ok, value, MathFn::Hypot, &[x, y])
}
