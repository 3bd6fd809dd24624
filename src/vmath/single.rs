//! Functions of float32: float64 arithmetic has bits to spare, so short polynomials do and no pairs are needed.
//!
//! In: a lane of float64 that holds a float32. Out: the function's value to some 30 bits, for the caller to
//! round; special values included. `None` where the functions of float64 serve. Polynomials are interpolations
//! at Chebyshev's points.

use super::log::log_special;
use super::ops::{Ops, Pair};
use super::trig;
use crate::builtin::MathFn;
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, LN_2, LOG2_E, LOG10_2, LOG10_E};

/// `(exp(r) - 1) / r` for `|r| <= log(2) / 2`.
const EXP: [f64; 7] = [
    1.0,
    0.5000000047117757,
    0.16666666718997508,
    0.041666352896775186,
    0.008333298483754957,
    0.0013941108433970662,
    0.000198992739586188,
];
/// `(2**r - 1) / r` for `|r| <= 1/2`.
const EXP2: [f64; 7] = [
    LN_2,
    0.24022650922288757,
    0.055504108839096185,
    0.009618056678524629,
    0.0013333502386162976,
    0.0001546144469857237,
    1.5297323760644568e-05,
];
/// `2 atanh(s) / s` in `s**2`, for `|s| <= 0.1717`.
const LOG: [f64; 5] =
    [2.00000000000845, 0.666666652351558, 0.40000387187421377, 0.285348915322923, 0.23619454882263996];
/// Likewise, for logarithms that are multiplied.
const LOG_LONG: [f64; 7] = [
    2.0000000000000004,
    0.666666666665514,
    0.40000000062424357,
    0.2857141591044574,
    0.22223442569216081,
    0.18121668763943696,
    0.1684093480155945,
];
/// `sin(r) / r` in `r**2`, for `|r| <= pi/4`.
const SIN: [f64; 5] = [
    0.999999999995673,
    -0.1666666663159051,
    0.008333328782395228,
    -0.00019839202192971744,
    2.7173455057196074e-06,
];
/// `cos(r)` in `r**2`.
const COS: [f64; 6] = [
    0.9999999999999444,
    -0.49999999999351097,
    0.041666666543908874,
    -0.0013888880393656767,
    2.4798928730465802e-05,
    -2.7173428054089314e-07,
];
const FRAC_PI_2_LOW: f64 = 6.123233995736766e-17;
/// Exponentials of larger numbers overflow, those of smaller ones are zero, in float32.
const LARGEST: f64 = 128.0;
/// Smaller numbers are what their functions are, to 50 bits.
const TINY: f64 = 1e-15;

pub fn value<B: Ops>(b: &mut B, func: MathFn, args: &[B::F]) -> Option<B::F> {
    let x = args[0];
    Some(match func {
        MathFn::Exp => {
            let (power, rest) = exp_parts(b, x, LARGEST);
            b.fma(power, rest, power)
        }
        MathFn::Exp2 => exp2(b, x, 2.0 * LARGEST),
        MathFn::Expm1 => {
            let value = expm1(b, x, LARGEST);
            tiny_is_itself(b, x, value)
        }
        MathFn::Log => {
            let (e, log) = log_parts(b, x, &LOG);
            let value = b.fma_const(e, LN_2, log);
            log_special(b, x, value)
        }
        MathFn::Log2 => {
            let (e, log) = log_parts(b, x, &LOG);
            let value = b.fma_const(log, LOG2_E, e);
            log_special(b, x, value)
        }
        MathFn::Log10 => {
            let (e, log) = log_parts(b, x, &LOG);
            let log = b.mul_const(log, LOG10_E);
            let value = b.fma_const(e, LOG10_2, log);
            log_special(b, x, value)
        }
        MathFn::Log1p => log1p(b, x),
        MathFn::Sin => sin(b, x, 0, func),
        MathFn::Cos => sin(b, x, 1, func),
        MathFn::Tan => tan(b, x),
        MathFn::Sinh => {
            // (e + e / (e + 1)) / 2, e = exp(|x|) - 1.
            let size = b.abs(x);
            let e = expm1(b, size, LARGEST);
            let under = b.add_const(e, 1.0);
            let fraction = b.div(e, under);
            let sum = b.add(e, fraction);
            let value = b.mul_const(sum, 0.5);
            let sign = b.sign(x);
            let value = b.flip_sign(value, sign);
            tiny_is_itself(b, x, value)
        }
        MathFn::Cosh => {
            let (power, rest) = exp_parts(b, x, LARGEST);
            let e = b.fma(power, rest, power);
            let one = b.float(1.0);
            let inverse = b.div(one, e);
            let sum = b.add(e, inverse);
            b.mul_const(sum, 0.5)
        }
        MathFn::Tanh => {
            let twice = b.add(x, x);
            let e = expm1(b, twice, 64.0);
            let under = b.add_const(e, 2.0);
            let value = b.div(e, under);
            tiny_is_itself(b, x, value)
        }
        MathFn::Pow => pow(b, x, args[1]),
        MathFn::Asin
        | MathFn::Acos
        | MathFn::Atan
        | MathFn::Atan2
        | MathFn::Cbrt
        | MathFn::Hypot
        | MathFn::Sqrt
        | MathFn::Floor
        | MathFn::Ceil
        | MathFn::Trunc
        | MathFn::Rint
        | MathFn::Abs
        | MathFn::CopySign
        | MathFn::Asinh
        | MathFn::Acosh
        | MathFn::Atanh
        | MathFn::Fmod
        | MathFn::Erf
        | MathFn::Erfc
        | MathFn::Gamma
        | MathFn::Lgamma
        | MathFn::NextAfter
        | MathFn::Remainder
        | MathFn::Fma => return None,
    })
}

fn tiny_is_itself<B: Ops>(b: &mut B, x: B::F, value: B::F) -> B::F {
    let size = b.abs(x);
    let tiny = b.lt_const(size, TINY);
    b.select(tiny, x, value)
}

fn clamped<B: Ops>(b: &mut B, x: B::F, most: f64) -> B::F {
    let x = b.at_most(x, most);
    b.at_least(x, -most)
}

/// `exp(x) = power + power * rest`, `power` one of two; nan in `rest`.
fn exp_parts<B: Ops>(b: &mut B, x: B::F, most: f64) -> Pair<B::F> {
    let x = clamped(b, x, most);
    let (k, bits) = b.nearest(x, LOG2_E);
    let minus = b.neg(k);
    let r = b.fma_const(minus, LN_2, x);
    let poly = b.poly(r, &EXP);
    (b.power_of_two(bits), b.mul(r, poly))
}

/// `exp(x) - 1`; the sign of a zero is open.
fn expm1<B: Ops>(b: &mut B, x: B::F, most: f64) -> B::F {
    let (power, rest) = exp_parts(b, x, most);
    let less = b.add_const(power, -1.0);
    b.fma(power, rest, less)
}

fn exp2<B: Ops>(b: &mut B, x: B::F, most: f64) -> B::F {
    let x = clamped(b, x, most);
    let (k, bits) = b.nearest(x, 1.0);
    let r = b.sub(x, k);
    let poly = b.poly(r, &EXP2);
    let rest = b.mul(r, poly);
    let power = b.power_of_two(bits);
    b.fma(power, rest, power)
}

/// `log x = e log 2 + log m` for a positive finite `x`: `(e, log m)`. No float32 is subnormal here.
fn log_parts<B: Ops>(b: &mut B, x: B::F, coefficients: &[f64]) -> Pair<B::F> {
    let (m, e) = b.split(x);
    let above = b.add_const(m, -1.0);
    let below = b.add_const(m, 1.0);
    let s = b.div(above, below);
    let z = b.mul(s, s);
    let poly = b.poly(z, coefficients);
    (e, b.mul(s, poly))
}

fn log1p<B: Ops>(b: &mut B, x: B::F) -> B::F {
    // Exact for all that is not small.
    let u = b.add_const(x, 1.0);
    let (e, log) = log_parts(b, u, &LOG);
    let value = b.fma_const(e, LN_2, log);
    let value = log_special(b, u, value);
    let half = b.mul_const(x, -0.5);
    let near = b.fma(half, x, x);
    let size = b.abs(x);
    let small = b.lt_const(size, 1e-8);
    let value = b.select(small, near, value);
    tiny_is_itself(b, x, value)
}

/// `x = k pi/2 + r`: `(r, k)`; close enough for `|x| < trig::LARGEST`.
fn reduce<B: Ops>(b: &mut B, x: B::F) -> (B::F, B::I) {
    let (k, bits) = b.nearest(x, FRAC_2_PI);
    let minus = b.neg(k);
    let high = b.fma_const(minus, FRAC_PI_2, x);
    (b.fma_const(minus, FRAC_PI_2_LOW, high), bits)
}

/// Sine and cosine of a reduced argument.
fn sin_cos<B: Ops>(b: &mut B, r: B::F) -> Pair<B::F> {
    let z = b.mul(r, r);
    let sine = b.poly(z, &SIN);
    (b.mul(r, sine), b.poly(z, &COS))
}

/// Sine with `shift` 0, cosine with `shift` 1.
fn sin<B: Ops>(b: &mut B, x: B::F, shift: i64, func: MathFn) -> B::F {
    let size = b.abs(x);
    let ok = b.lt_const(size, trig::LARGEST);
    let (r, k) = reduce(b, x);
    let (sine, cosine) = sin_cos(b, r);
    let value = trig::quadrant(b, k, shift, sine, cosine);
    b.otherwise(ok, value, func, &[x])
}

fn tan<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let size = b.abs(x);
    let ok = b.lt_const(size, trig::LARGEST);
    let (r, k) = reduce(b, x);
    let (sine, cosine) = sin_cos(b, r);
    let one = b.int(1);
    let odd = b.int_and(k, one);
    let sign = b.shl(odd, 63);
    let odd = b.int_eq(odd, one);
    let above = b.select(odd, cosine, sine);
    let below = b.select(odd, sine, cosine);
    let value = b.div(above, below);
    let value = b.flip_sign(value, sign);
    b.otherwise(ok, value, MathFn::Tan, &[x])
}

/// `x ** y`; the C library's for all but positive finite `x`.
fn pow<B: Ops>(b: &mut B, x: B::F, y: B::F) -> B::F {
    let (e, log) = log_parts(b, x, &LOG_LONG);
    let log = b.fma_const(log, LOG2_E, e);
    let power = b.mul(y, log);
    let value = exp2(b, power, 2.0 * LARGEST);
    let zero = b.float(0.0);
    let positive = b.lt(zero, x);
    let finite = b.lt_const(x, f64::INFINITY);
    let size = b.abs(power);
    let number = b.lt_const(size, f64::INFINITY);
    let ok = b.both(positive, finite);
    let ok = b.both(ok, number);
    b.otherwise(ok, value, MathFn::Pow, &[x, y])
}
