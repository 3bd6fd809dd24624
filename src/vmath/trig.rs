//! sin, cos, tan and their inverses.
//!
//! In: a lane. Out: the function's value to within one unit in the last place, special values included.
//! Method: `x = k pi/2 + r` with pi/2 in three floats and `r` in two (Cody and Waite; exact for
//! `|x| < 2**40`, the C library takes the rest), polynomials on `|r| <= pi/4`; the inverses by polynomials
//! after one reduction (as in Sun's fdlibm).

use super::ops::{Ops, Pair};
use crate::builtin::MathFn;
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, FRAC_PI_4, PI};

const FRAC_PI_2_LOW: f64 = 6.123233995736766e-17;
const FRAC_PI_2_LOWEST: f64 = -1.4973849048591698e-33;
const FRAC_PI_4_LOW: f64 = 3.061616997868383e-17;
const PI_LOW: f64 = 1.2246467991473532e-16;
/// Larger arguments are the C library's.
pub const LARGEST: f64 = 1_099_511_627_776.0;
/// `(sin r - r) / r**3` in `r**2`.
const SIN: [f64; 7] = [
    -0.16666666666666666,
    0.008333333333333331,
    -0.00019841269841264968,
    2.755731921926441e-06,
    -2.5052106206531682e-08,
    1.605852751943773e-10,
    -7.586455940017973e-13,
];
/// `(cos r - 1 + r**2 / 2) / r**4` in `r**2`.
const COS: [f64; 7] = [
    0.041666666666666664,
    -0.0013888888888888887,
    2.4801587301584594e-05,
    -2.755731922136126e-07,
    2.0876755776671767e-09,
    -1.1470458608341428e-11,
    4.745737811425911e-14,
];
/// `(asin x - x) / x**3` in `x**2 <= 1/4`.
const ASIN: [f64; 13] = [
    0.16666666666666669,
    0.07499999999998425,
    0.04464285714637338,
    0.030381944137085216,
    0.022372173002005596,
    0.017352391265909227,
    0.013971235301124539,
    0.011478952690257387,
    0.010324318288744113,
    0.00545087818772055,
    0.017419357964884856,
    -0.014881409392818066,
    0.02877844261259304,
];
/// `(atan x - x) / x**3` in `x**2 <= 1/4`.
const ATAN: [f64; 13] = [
    -0.3333333333333333,
    0.19999999999999485,
    -0.1428571428559874,
    0.11111111100881761,
    -0.09090908618865388,
    0.07692294677482635,
    -0.06666435144143137,
    0.05879573107799684,
    -0.052400641544110685,
    0.04627870086418654,
    -0.03806224794996687,
    0.024999689507521367,
    -0.009211063504627926,
];

/// `x = k pi/2 + r`: `r` as a pair, and `k` in the low bits of an integer.
fn reduce<B: Ops>(b: &mut B, x: B::F) -> (Pair<B::F>, B::I) {
    let (k, bits) = b.nearest(x, FRAC_2_PI);
    let minus = b.neg(k);
    // Exact: a multiple of the last bit of pi/2 within 1.
    let high = b.fma_const(minus, FRAC_PI_2, x);
    let second = b.float(FRAC_PI_2_LOW);
    let (product, lost) = b.two_prod(minus, second);
    // (Where it is smaller, the first is a multiple of the last place of the second.)
    let (r, rest) = b.fast_two_sum(high, product);
    let low = b.add(rest, lost);
    ((r, b.fma_const(minus, FRAC_PI_2_LOWEST, low)), bits)
}

/// `sin(r + low) - r` for a reduced argument.
fn sin_rest<B: Ops>(b: &mut B, r: B::F, low: B::F, z: B::F) -> B::F {
    let poly = b.poly_steady(z, &SIN);
    let cube = b.mul(z, r);
    // cos r is nearly 1 - z / 2.
    let half = b.mul_const(z, 0.5);
    let linear = b.fnma(half, low, low);
    b.fma(cube, poly, linear)
}

/// `cos(r + low)` as a pair.
fn cos_pair<B: Ops>(b: &mut B, r: B::F, low: B::F, z: B::F) -> Pair<B::F> {
    let poly = b.poly_steady(z, &COS);
    let fourth = b.mul(z, z);
    let half = b.mul_const(z, -0.5);
    let one = b.float(1.0);
    let (sum, rest) = b.fast_two_sum(one, half);
    // What z lacks of r * r counts at the edge.
    let minus = b.neg(z);
    let lost = b.fma(r, r, minus);
    let rest = b.fma_const(lost, -0.5, rest);
    let rest = b.fnma(r, low, rest);
    (sum, b.fma(fourth, poly, rest))
}

/// Sine with `shift` 0, cosine with `shift` 1: the quadrants between them.
fn sin_shifted<B: Ops>(b: &mut B, x: B::F, shift: i64, func: MathFn) -> B::F {
    let size = b.abs(x);
    let ok = b.lt_const(size, LARGEST);
    let ((r, low), k) = reduce(b, x);
    let z = b.mul(r, r);
    let rest = sin_rest(b, r, low, z);
    let sine = b.add(r, rest);
    let (sum, rest) = cos_pair(b, r, low, z);
    let cosine = b.add(sum, rest);
    let value = quadrant(b, k, shift, sine, cosine);
    b.otherwise(ok, value, func, &[x])
}

/// The sine in quadrant `k + shift`, from that and the cosine in the first.
pub fn quadrant<B: Ops>(b: &mut B, k: B::I, shift: i64, sine: B::F, cosine: B::F) -> B::F {
    let shift = b.int(shift);
    let quadrant = b.int_add(k, shift);
    let (one, two) = (b.int(1), b.int(2));
    let odd = b.int_and(quadrant, one);
    let odd = b.int_eq(odd, one);
    let value = b.select(odd, cosine, sine);
    let second = b.int_and(quadrant, two);
    let sign = b.shl(second, 62);
    b.flip_sign(value, sign)
}

pub fn sin<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let value = sin_shifted(b, x, 0, MathFn::Sin);
    // -0.0 - 0 * pi/2 has lost its sign.
    let size = b.abs(x);
    let tiny = b.lt_const(size, 1e-300);
    b.select(tiny, x, value)
}

pub fn cos<B: Ops>(b: &mut B, x: B::F) -> B::F {
    sin_shifted(b, x, 1, MathFn::Cos)
}

pub fn tan<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let size = b.abs(x);
    let ok = b.lt_const(size, LARGEST);
    let ((r, low), k) = reduce(b, x);
    let z = b.mul(r, r);
    let rest = sin_rest(b, r, low, z);
    let sine = b.fast_two_sum(r, rest);
    let (sum, rest) = cos_pair(b, r, low, z);
    let cosine = b.fast_two_sum(sum, rest);
    let one = b.int(1);
    let odd = b.int_and(k, one);
    let sign = b.shl(odd, 63);
    let odd = b.int_eq(odd, one);
    let above = (b.select(odd, cosine.0, sine.0), b.select(odd, cosine.1, sine.1));
    let below = (b.select(odd, sine.0, cosine.0), b.select(odd, sine.1, cosine.1));
    let (quotient, rest) = b.divide_pairs(above, below);
    let value = b.add(quotient, rest);
    let value = b.flip_sign(value, sign);
    let tiny = b.lt_const(size, 1e-300);
    let value = b.select(tiny, x, value);
    b.otherwise(ok, value, MathFn::Tan, &[x])
}

/// For `a = |x|`: whether it is at most 1/2; and `asin a` there, else `asin sqrt((1 - a) / 2)`, as a pair.
fn asin_parts<B: Ops>(b: &mut B, a: B::F) -> (B::M, Pair<B::F>) {
    let small = b.le_const(a, 0.5);
    let half = b.float(0.5);
    let distance = b.fnma(half, a, half);
    let root = b.sqrt(distance);
    let square = b.mul(a, a);
    let z = b.select(small, square, distance);
    let s = b.select(small, a, root);
    let poly = b.poly(z, &ASIN);
    let cube = b.mul(z, s);
    let tail = b.mul(cube, poly);
    // What the root lacks of the exact one.
    let error = b.fnma(root, root, distance);
    let twice = b.add(root, root);
    let lost = b.div(error, twice);
    let zero = b.float(0.0);
    let is_zero = b.le_const(root, 0.0);
    let lost = b.select(is_zero, zero, lost);
    let lost = b.select(small, zero, lost);
    (small, (s, b.add(tail, lost)))
}

pub fn asin<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let sign = b.sign(x);
    let a = b.abs(x);
    let (small, (s, tail)) = asin_parts(b, a);
    let near = b.add(s, tail);
    // pi/2 - 2 (s + tail).
    let right = b.float(FRAC_PI_2);
    let minus = b.mul_const(s, -2.0);
    let (high, low) = b.fast_two_sum(right, minus);
    let low = b.fma_const(tail, -2.0, low);
    let low = b.add_const(low, FRAC_PI_2_LOW);
    let far = b.add(high, low);
    let value = b.select(small, near, far);
    b.flip_sign(value, sign)
}

pub fn acos<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let sign = b.sign(x);
    let a = b.abs(x);
    let (small, (s, tail)) = asin_parts(b, a);
    let negative = b.lt_const(x, 0.0);
    // pi/2 - asin x.
    let right = b.float(FRAC_PI_2);
    let minus_s = b.neg(s);
    let minus_s = b.flip_sign(minus_s, sign);
    let minus_tail = b.neg(tail);
    let minus_tail = b.flip_sign(minus_tail, sign);
    let (high, low) = b.fast_two_sum(right, minus_s);
    let low = b.add(low, minus_tail);
    let low = b.add_const(low, FRAC_PI_2_LOW);
    let near = b.add(high, low);
    // 2 asin s, or pi minus that.
    let sum = b.add(s, tail);
    let double = b.add(sum, sum);
    let straight = b.float(PI);
    let minus = b.mul_const(s, -2.0);
    let (high, low) = b.fast_two_sum(straight, minus);
    let low = b.fma_const(tail, -2.0, low);
    let low = b.add_const(low, PI_LOW);
    let obtuse = b.add(high, low);
    let far = b.select(negative, obtuse, double);
    b.select(small, near, far)
}

/// `atan(y / x)` as a pair for positive `x` and `y`, of which neither is huge, tiny or nan.
fn atan_pair<B: Ops>(b: &mut B, y: B::F, x: B::F) -> Pair<B::F> {
    // The angle is taken from 0, pi/4 or pi/2, whichever is near: the differences are exact.
    let half = b.mul_const(x, 0.5);
    let twice = b.add(x, x);
    let low = b.le(y, half);
    let high = b.lt(twice, y);
    let difference = b.sub(y, x);
    let sum = b.two_sum(y, x);
    let zero = b.float(0.0);
    let minus = b.neg(x);
    let above = b.select(high, minus, difference);
    let above = b.select(low, y, above);
    let below = b.select(high, y, sum.0);
    let below = b.select(low, x, below);
    let below_low = b.select(high, zero, sum.1);
    let below_low = b.select(low, zero, below_low);
    let (quarter, right) = (b.float(FRAC_PI_4), b.float(FRAC_PI_2));
    let base = b.select(high, right, quarter);
    let base = b.select(low, zero, base);
    let (quarter, right) = (b.float(FRAC_PI_4_LOW), b.float(FRAC_PI_2_LOW));
    let base_low = b.select(high, right, quarter);
    let base_low = b.select(low, zero, base_low);
    let (u, u_low) = b.divide_pairs((above, zero), (below, below_low));
    let z = b.mul(u, u);
    let poly = b.poly(z, &ATAN);
    let cube = b.mul(z, u);
    let rest = b.fma(cube, poly, u_low);
    let rest = b.add(rest, base_low);
    let (sum, lost) = b.fast_two_sum(base, u);
    b.fast_two_sum_pair(sum, lost, rest)
}

pub fn atan<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let sign = b.sign(x);
    let size = b.abs(x);
    // Beyond it every angle rounds to pi/2.
    let a = b.at_most(size, 1e18);
    let one = b.float(1.0);
    let (high, low) = atan_pair(b, a, one);
    let value = b.add(high, low);
    let tiny = b.lt_const(size, 1e-150);
    let value = b.select(tiny, size, value);
    b.flip_sign(value, sign)
}

pub fn atan2<B: Ops>(b: &mut B, y: B::F, x: B::F) -> B::F {
    let (y_size, x_size) = (b.abs(y), b.abs(x));
    let (high, low) = atan_pair(b, y_size, x_size);
    // To the left of the axis: pi minus the angle.
    let straight = b.float(PI);
    let minus = b.neg(high);
    let (sum, rest) = b.fast_two_sum(straight, minus);
    let rest = b.sub(rest, low);
    let rest = b.add_const(rest, PI_LOW);
    let left = b.add(sum, rest);
    let right = b.add(high, low);
    let negative = b.lt_const(x, 0.0);
    let value = b.select(negative, left, right);
    let sign = b.sign(y);
    let value = b.flip_sign(value, sign);
    let mut ok = b.lt_const(y_size, 1e140);
    for (size, above) in [(x_size, false), (y_size, true), (x_size, true)] {
        let bound = b.float(if above { 1e-140 } else { 1e140 });
        let inside = if above { b.lt(bound, size) } else { b.lt(size, bound) };
        ok = b.both(ok, inside);
    }
    b.otherwise(ok, value, MathFn::Atan2, &[y, x])
}
