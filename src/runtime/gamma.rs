//! The gamma function and its logarithm with the interpreter's bits, which are not the C library's.
//!
//! In: a double. Out: a double; poles give infinities or nan, which `lower`'s checks turn into errors.
//! Invariant: operation for operation the Lanczos approximation that CPython documents (g and 13 terms,
//! rational form), the rest from the C library.

use crate::runtime::libm;
use std::f64::consts::PI;

const G: f64 = 6.024_680_040_776_73;
const G_MINUS_HALF: f64 = 5.524_680_040_776_73;
const LOG_PI: f64 = 1.144_729_885_849_400_2;

/// Coefficients of the numerator, lowest power first.
const NUMERATOR: [f64; 13] = [
    23_531_376_880.410_76,
    42_919_803_642.649_1,
    35_711_959_237.355_67,
    17_921_034_426.037_21,
    6_039_542_586.352_028,
    1_439_720_407.311_721_6,
    248_874_557.862_054_17,
    31_426_415.585_400_194,
    2_876_370.628_935_372_5,
    186_056.265_395_223_48,
    8_071.672_002_365_816,
    210.824_277_751_579_36,
    2.506_628_274_631_000_2,
];
/// Of the denominator `x (x + 1) ... (x + 11)`.
const DENOMINATOR: [f64; 13] = [
    0.0,
    39_916_800.0,
    120_543_840.0,
    150_917_976.0,
    105_258_076.0,
    45_995_730.0,
    13_339_535.0,
    2_637_558.0,
    357_423.0,
    32_670.0,
    1_925.0,
    66.0,
    1.0,
];

/// The rational function, in powers of `1/x` where those of `x` would overflow.
fn lanczos_sum(x: f64) -> f64 {
    let (mut above, mut below) = (0.0, 0.0);
    if x < 5.0 {
        for k in (0..NUMERATOR.len()).rev() {
            above = above * x + NUMERATOR[k];
            below = below * x + DENOMINATOR[k];
        }
    } else {
        for k in 0..NUMERATOR.len() {
            above = above / x + NUMERATOR[k];
            below = below / x + DENOMINATOR[k];
        }
    }
    above / below
}

/// `sin(pi x)` without the error of `pi * x` for large `x`.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let value = match (2.0 * y).round() as i64 {
        0 => libm::sin(PI * y),
        1 => libm::cos(PI * (y - 0.5)),
        2 => libm::sin(PI * (1.0 - y)),
        3 => -libm::cos(PI * (y - 1.5)),
        _ => libm::sin(PI * (y - 2.0)),
    };
    1f64.copysign(x) * value
}

/// `RuntimeFn::Math(Gamma)`.
pub extern "C" fn gamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x == 0.0 {
        return f64::INFINITY.copysign(x);
    }
    if x == x.floor() {
        if x < 0.0 {
            return f64::NAN;
        }
        if x <= 23.0 {
            // Factorials up to 22! are exact.
            return (1..x as u64).map(|k| k as f64).product();
        }
    }
    let size = x.abs();
    if size < 1e-20 {
        return 1.0 / x;
    }
    if size > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    let y = size + G_MINUS_HALF;
    // The rounding error of `y`, to first order.
    let error = if size > G_MINUS_HALF { (y - size) - G_MINUS_HALF } else { (y - G_MINUS_HALF) - size };
    let z = error * G / y;
    let mut value;
    if x < 0.0 {
        value = -PI / sin_pi(size) / size * libm::exp(y) / lanczos_sum(size);
        value -= z * value;
        if size < 140.0 {
            value /= libm::pow(y, size - 0.5);
        } else {
            let root = libm::pow(y, size / 2.0 - 0.25);
            value /= root;
            value /= root;
        }
    } else {
        value = lanczos_sum(size) / libm::exp(y);
        value += z * value;
        if size < 140.0 {
            value *= libm::pow(y, size - 0.5);
        } else {
            let root = libm::pow(y, size / 2.0 - 0.25);
            value *= root;
            value *= root;
        }
    }
    value
}

/// `RuntimeFn::Math(Lgamma)`.
pub extern "C" fn log_gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x.is_nan() { x } else { f64::INFINITY };
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { f64::INFINITY } else { 0.0 };
    }
    let size = x.abs();
    if size < 1e-20 {
        return -libm::log(size);
    }
    let mut value = libm::log(lanczos_sum(size)) - G;
    value += (size - 0.5) * (libm::log(size + G - 0.5) - 1.0);
    if x < 0.0 {
        value = LOG_PI - libm::log(sin_pi(size).abs()) - libm::log(size) - value;
    }
    value
}
