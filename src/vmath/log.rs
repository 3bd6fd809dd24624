//! log, log2, log10, log1p, pow and the roots.
//!
//! In: a lane. Out: the function's value to within one unit in the last place, special values included.
//! Method: `x = m 2**e`, `s = (m - 1) / (m + 1)`, `log m = 2 atanh s` by a polynomial in `s**2` (as in Sun's
//! fdlibm); `pow` as `2**(y log2 x)` with the logarithm in two floats (Muller, "Elementary Functions").

use super::ops::{Ops, Pair};
use crate::builtin::MathFn;
use std::f64::consts::{LN_2, LOG2_E, LOG10_2, LOG10_E};

const LN_2_LOW: f64 = 2.3190468138462996e-17;
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
/// `(2 atanh s - 2 s - 2/3 s**3 - 2/5 s**5) / s**7` in `s**2`.
const LOG_TAIL: [f64; 7] = [
    0.28571428571429375,
    0.22222222221649277,
    0.18181818336889324,
    0.15384594802772,
    0.13334813373687013,
    0.11706004128016817,
    0.11725604536475413,
];
/// 2**54, for subnormal arguments.
const LIFT: f64 = 18_014_398_509_481_984.0;

/// `x = m 2**e` also for a subnormal `x > 0`.
fn split_any<B: Ops>(b: &mut B, x: B::F) -> Pair<B::F> {
    let small = b.lt_const(x, f64::MIN_POSITIVE);
    let lifted = b.mul_const(x, LIFT);
    let x = b.select(small, lifted, x);
    let (m, e) = b.split(x);
    let lower = b.add_const(e, -54.0);
    (m, b.select(small, lower, e))
}

/// `log(1 + f)` as `f - half + rest` with `half = f**2 / 2`: `(half, rest)`.
fn log_terms<B: Ops>(b: &mut B, f: B::F) -> Pair<B::F> {
    let two = b.add_const(f, 2.0);
    let s = b.div(f, two);
    let z = b.mul(s, s);
    let poly = b.poly(z, &LOG);
    let poly = b.mul(poly, z);
    let half = b.mul_const(f, 0.5);
    let half = b.mul(half, f);
    let sum = b.add(half, poly);
    (half, b.mul(s, sum))
}

/// Puts in what a logarithm is of 0, of infinity, of nan and of negative numbers.
pub fn log_special<B: Ops>(b: &mut B, x: B::F, value: B::F) -> B::F {
    let infinity = b.float(f64::INFINITY);
    let finite = b.lt(x, infinity);
    let value = b.select(finite, value, x);
    let zero = b.float(0.0);
    let negative = b.lt(x, zero);
    let nan = b.float(f64::NAN);
    let value = b.select(negative, nan, value);
    let positive = b.le(x, zero);
    let not_negative = b.le(zero, x);
    let is_zero = b.both(positive, not_negative);
    let least = b.float(f64::NEG_INFINITY);
    b.select(is_zero, least, value)
}

pub fn log<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let (m, e) = split_any(b, x);
    let f = b.add_const(m, -1.0);
    let (half, rest) = log_terms(b, f);
    // Adds from small to large; f - half is not rounded before the exponent's part joins.
    let rest = b.fma_const(e, LN_2_LOW, rest);
    let low = b.sub(rest, half);
    let (sum, lost) = fused_sum(b, e, f);
    let low = b.add(low, lost);
    let value = b.add(sum, low);
    log_special(b, x, value)
}

/// `e log 2 + f` and what it lacks; `e` is 0 or an integer.
fn fused_sum<B: Ops>(b: &mut B, e: B::F, f: B::F) -> Pair<B::F> {
    let (product, lost) = {
        let ln2 = b.float(LN_2);
        b.two_prod(e, ln2)
    };
    let (sum, rest) = b.fast_two_sum(product, f);
    (sum, b.add(rest, lost))
}

/// `log(m)` as a pair.
fn log_pair<B: Ops>(b: &mut B, f: B::F) -> Pair<B::F> {
    let (half, rest) = log_terms(b, f);
    let (high, low) = {
        let minus = b.neg(half);
        b.fast_two_sum(f, minus)
    };
    // What `half` itself lacks.
    let h = b.mul_const(f, 0.5);
    let minus = b.neg(half);
    let lost = b.fma(h, f, minus);
    let low = b.sub(low, lost);
    let low = b.add(low, rest);
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
    // Where 1 + x is no finite positive number the value has no meaning.
    let value = log_special(b, u, value);
    // log1p(x) = x for the tiniest, with the sign of a zero.
    let size = b.abs(x);
    let tiny = b.lt_const(size, 1e-300);
    b.select(tiny, x, value)
}

/// `1 + x`, and `log(1 + x + low)` for `x > -1` and a `low` below the last place of `x`.
pub fn log1p_pair<B: Ops>(b: &mut B, x: B::F, low: Option<B::F>) -> (B::F, B::F) {
    let one = b.float(1.0);
    let (u, mut lost) = b.two_sum(one, x);
    if let Some(low) = low {
        lost = b.add(lost, low);
    }
    let (m, e) = b.split(u);
    // log(u + lost) = log u + lost / u, to first order; for e = 0 the sum m - 1 + lost is x itself.
    let f = b.add_const(m, -1.0);
    let minus = b.neg(e);
    let minus = b.at_least(minus, -1022.0);
    let (_, minus) = b.nearest(minus);
    let down = b.power_of_two(minus);
    let lost = b.mul(lost, down);
    let (f, rest_f) = b.two_sum(f, lost);
    let (half, rest) = log_terms(b, f);
    // The derivative of log(1 + f) at f.
    let under = b.add_const(f, 1.0);
    let correction = b.div(rest_f, under);
    let rest = b.add(rest, correction);
    let rest = b.fma_const(e, LN_2_LOW, rest);
    let low = b.sub(rest, half);
    let (sum, lost) = fused_sum(b, e, f);
    let low = b.add(low, lost);
    (u, b.add(sum, low))
}

/// `x ** y`; the C library's for all but positive normal `x` and results well inside of the range.
pub fn pow<B: Ops>(b: &mut B, x: B::F, y: B::F) -> B::F {
    let (m, e) = b.split(x);
    // s = f / (2 + f) as a pair.
    let f = b.add_const(m, -1.0);
    let two = b.float(2.0);
    let below = b.fast_two_sum(two, f);
    let zero = b.float(0.0);
    let (s, s_low) = b.divide_pairs((f, zero), below);
    // log m = 2 s + 2/3 s**3 + s**5 (2/5 + tail), as a pair: a large `y` magnifies what it lacks.
    let z = b.mul(s, s);
    let tail = b.poly(z, &LOG_TAIL);
    let tail = b.mul(z, tail);
    let (cube, cube_low) = {
        let (square, square_low) = b.two_prod(s, s);
        let (cube, lost) = b.two_prod(square, s);
        let low = b.fma(square_low, s, lost);
        let three = b.mul_const(square, 3.0);
        (cube, b.fma(three, s_low, low))
    };
    let (fifth, lost) = b.two_prod(cube, z);
    let fifth_low = b.fma(cube_low, z, lost);
    let (third, third_low) = {
        let factor = b.float(2.0 / 3.0);
        let (product, lost) = b.two_prod(cube, factor);
        let lost = b.fma_const(cube_low, 2.0 / 3.0, lost);
        (product, b.fma_const(cube, 3.700743415417188e-17, lost))
    };
    let rest = b.fma(fifth, tail, third_low);
    let rest = b.fma_const(fifth_low, 0.4, rest);
    let rest = b.fma_const(fifth, 0.4, rest);
    let twice = b.add(s, s);
    let twice_low = b.add(s_low, s_low);
    let (high, low) = b.fast_two_sum(twice, third);
    let low = b.add(low, twice_low);
    let low = b.add(low, rest);
    let (high, low) = b.fast_two_sum(high, low);
    // log2 x = e + log m / log 2.
    let factor = b.float(LOG2_E);
    let (product, lost) = b.two_prod(high, factor);
    let lost = b.fma_const(high, LOG2_E_LOW, lost);
    let lost = b.fma_const(low, LOG2_E, lost);
    let (log, log_low) = b.fast_two_sum(e, product);
    let log_low = b.add(log_low, lost);
    // y log2 x = k + r.
    let (product, lost) = b.two_prod(y, log);
    let lost = b.fma(y, log_low, lost);
    let (power, power_low) = b.fast_two_sum(product, lost);
    let size = b.abs(power);
    let k = b.rint(power);
    let r = b.sub(power, k);
    let (r, r_low) = b.fast_two_sum(r, power_low);
    let value = super::exp::exp2_pair(b, r, r_low);
    let (_, k_bits) = b.nearest(k);
    let scale = b.power_of_two(k_bits);
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
    let third = b.mul_const(e, 1.0 / 3.0);
    let q = b.rint(third);
    let minus = b.neg(q);
    let three = b.float(3.0);
    let t = b.fma(minus, three, e);
    let (_, t_bits) = b.nearest(t);
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
    let (_, q_bits) = b.nearest(q);
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
