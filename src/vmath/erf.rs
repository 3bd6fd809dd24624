//! The error function and its complement.
//!
//! In: a lane. Out: the function's value to within one unit in the last place, special values included.
//! Method: up to 1/2 a polynomial for `erf x / x`; beyond it `erfc x = exp(-x**2) g / (x + 11/16)`, in which `g`
//! varies between 0.56 and 0.74 and is a polynomial in `(x - 5/2) / (x + 5/2)`, as Shepherd and Laframboise have it
//! ("Chebyshev approximation of (1 + 2x) exp(x**2) erfc x", 1981); 11/16 makes it flat where it begins, so that
//! what the quotient lacks does not count.

use super::exp;
use super::ops::{Ops, Pair};
use std::f64::consts::FRAC_2_SQRT_PI;

/// What `FRAC_2_SQRT_PI` lacks.
const FRAC_2_SQRT_PI_LOW: f64 = 1.533545961316588e-17;
/// `(erf x / x - 2 / sqrt pi) / x**2` in `x**2 <= 1/4`.
const NEAR: [f64; 9] = [
    -0.37612638903183754,
    0.112837916709551,
    -0.02686617064510409,
    0.005223977624325344,
    -0.0008548326793233783,
    0.0001205530629440674,
    -1.4923829613452872e-05,
    1.6389446360450111e-06,
    -1.4787385599052157e-07,
];
/// `g` at 5/2, and what the float lacks.
const MIDDLE: (f64, f64) = (0.6719452854448952, -1.6203652859949622e-17);
/// `(g - MIDDLE) / t` in `t = (x - 5/2) / (x + 5/2)`, for `1/2 <= x <= 28`.
const FAR: [f64; 22] = [
    -0.13087901915663466,
    -0.0023160460585293623,
    0.05537126219058024,
    -0.04399805194259749,
    0.015631627665651123,
    -2.949721013090279e-05,
    -0.0020268050213199337,
    0.0002887542351326432,
    0.0002918976760048041,
    -5.064886174884671e-05,
    -5.327078983193397e-05,
    4.549606220399862e-06,
    1.0918222248301856e-05,
    9.64402416868575e-07,
    -2.093508212239412e-06,
    -7.223969926636912e-07,
    2.797038713019806e-07,
    2.6199529690114964e-07,
    5.3691458118191215e-09,
    -6.948096141875933e-08,
    -1.0902889738889129e-08,
    1.2367722810568732e-08,
];

pub fn erf<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let sign = b.sign(x);
    let a = b.abs(x);
    let (high, low) = near(b, a);
    let small = b.add(high, low);
    // From 6 on it is one.
    let inside = b.at_most(a, 6.0);
    let rest = far(b, inside);
    let one = b.float(1.0);
    let large = b.sub(one, rest);
    let is_small = b.le_const(a, 0.5);
    let value = b.select(is_small, small, large);
    b.flip_sign(value, sign)
}

pub fn erfc<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let a = b.abs(x);
    let (high, low) = near(b, x);
    let minus = b.neg(high);
    let one = b.float(1.0);
    let (sum, rest) = b.fast_two_sum(one, minus);
    let rest = b.sub(rest, low);
    let small = b.add(sum, rest);
    // From 28 on it is zero.
    let inside = b.at_most(a, 28.0);
    let right = far(b, inside);
    let two = b.float(2.0);
    let left = b.sub(two, right);
    let negative = b.lt_const(x, 0.0);
    let large = b.select(negative, left, right);
    let is_small = b.le_const(a, 0.5);
    b.select(is_small, small, large)
}

/// `erf x` as a pair, for `|x| <= 1/2`.
fn near<B: Ops>(b: &mut B, x: B::F) -> Pair<B::F> {
    let z = b.mul(x, x);
    let poly = b.poly(z, &NEAR);
    let rest = b.mul(z, poly);
    let (factor, factor_low) = b.float_plus((FRAC_2_SQRT_PI, FRAC_2_SQRT_PI_LOW), rest);
    let (product, lost) = b.two_prod(x, factor);
    (product, b.fma(x, factor_low, lost))
}

/// `erfc x` for `1/2 <= x <= 28`.
fn far<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let above = b.add_const(x, -2.5);
    let below = b.add_const(x, 2.5);
    let t = b.div(above, below);
    let poly = b.poly_steady(t, &FAR);
    let rest = b.mul(t, poly);
    let g = b.float_plus(MIDDLE, rest);
    let (square, lost) = b.two_prod(x, x);
    let (square, lost) = (b.neg(square), b.neg(lost));
    let (k, power) = exp::exp_parts(b, square, Some(lost));
    let product = b.multiply_pairs(power, g);
    let shift = b.float(11.0 / 16.0);
    let under = b.two_sum(x, shift);
    let (quotient, rest) = b.divide_pairs(product, under);
    let value = b.add(quotient, rest);
    b.scale(value, k)
}
