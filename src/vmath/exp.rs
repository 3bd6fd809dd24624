//! exp, exp2, expm1 and the hyperbolic functions.
//!
//! In: a lane. Out: the function's value to within one unit in the last place, special values included.
//! Method: `x = k log 2 + r`, a polynomial for `exp(r)` (Chebyshev interpolation with 300 bits, rounded), and
//! scaling by `2**k` (Muller, "Elementary Functions", 3rd ed., chapter 11).

use super::ops::{Ops, Pair};
use std::f64::consts::{LN_2, LOG2_E};

/// What `LN_2` lacks.
const LN_2_LOW: f64 = 2.3190468138462996e-17;
/// `(exp(r) - 1 - r) / r**2` for `|r| <= log(2) / 2`.
const EXP: [f64; 11] = [
    0.5,
    0.1666666666666667,
    0.04166666666666667,
    0.008333333333326112,
    0.001388888888888373,
    0.0001984126987490126,
    2.4801587325605324e-05,
    2.7557255297969643e-06,
    2.755727357010214e-07,
    2.5105259538448494e-08,
    2.0914717341716378e-09,
];
/// `(2**r - 1 - r log 2) / r**2` for `|r| <= 1/2`.
const EXP2: [f64; 11] = [
    0.24022650695910072,
    0.0555041086648216,
    0.009618129107628479,
    0.001333355814641688,
    0.00015403530393375887,
    1.5252733829930098e-05,
    1.3215486802949955e-06,
    1.0178062389205206e-07,
    7.05489992833657e-09,
    4.454971919707545e-10,
    2.5725136616237127e-11,
];

/// `x = k log 2 + r`: `(k, r, what r lacks)`, for `|x| < 800`; `k` as `scale` takes it.
fn reduce<B: Ops>(b: &mut B, x: B::F) -> (B::I, B::F, B::F) {
    let (whole, k) = b.nearest_power(x, LOG2_E);
    let minus = b.neg(whole);
    // Exact: k has 11 bits, and the difference lies within 1/2.
    let high = b.fma_const(minus, LN_2, x);
    let r = b.fma_const(minus, LN_2_LOW, high);
    let lost = b.sub(high, r);
    (k, r, b.fma_const(minus, LN_2_LOW, lost))
}

/// `exp(r + low) - 1 - r` for a reduced argument.
fn tail<B: Ops>(b: &mut B, r: B::F, low: B::F) -> B::F {
    let square = b.mul(r, r);
    let poly = b.poly_steady(r, &EXP);
    let tail = b.fma(square, poly, low);
    b.fma(r, low, tail)
}

/// `exp(x + more) = 2**k (high + low)`: `(k, (high, low))`, for `|x| < 800` and a `more` below the last place
/// of `x`.
pub fn exp_parts<B: Ops>(b: &mut B, x: B::F, more: Option<B::F>) -> (B::I, Pair<B::F>) {
    let (k, mut r, mut low) = reduce(b, x);
    if let Some(more) = more {
        (r, low) = b.fast_two_sum_pair(r, low, more);
    }
    let tail = tail(b, r, low);
    let one = b.float(1.0);
    let (sum, rest) = b.fast_two_sum(one, r);
    let rest = b.add(rest, tail);
    (k, b.fast_two_sum(sum, rest))
}

pub fn exp<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let x = b.at_most(x, 710.0);
    let x = b.at_least(x, -746.0);
    let (whole, k) = b.nearest_power(x, LOG2_E);
    let minus = b.neg(whole);
    let high = b.fma_const(minus, LN_2, x);
    let low = b.mul_const(whole, -LN_2_LOW);
    let r = b.add(high, low);
    let square = b.mul(r, r);
    let poly = b.poly(r, &EXP);
    let rest = b.fma(square, poly, low);
    let sum = b.add(high, rest);
    let sum = b.add_const(sum, 1.0);
    b.scale(sum, k)
}

pub fn exp2<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let x = b.at_most(x, 1025.0);
    let x = b.at_least(x, -1076.0);
    let (whole, k) = b.nearest_power(x, 1.0);
    let r = b.sub(x, whole);
    let square = b.mul(r, r);
    let poly = b.poly(r, &EXP2);
    let ln2 = b.float(LN_2);
    let (product, lost) = b.two_prod(r, ln2);
    let lost = b.fma_const(r, LN_2_LOW, lost);
    let rest = b.fma(square, poly, lost);
    let sum = b.add(product, rest);
    let sum = b.add_const(sum, 1.0);
    b.scale(sum, k)
}

/// `2**(r + low)` for `|r| <= 1/2`.
pub fn exp2_pair<B: Ops>(b: &mut B, r: B::F, low: B::F) -> B::F {
    let square = b.mul(r, r);
    let poly = b.poly(r, &EXP2);
    let linear = b.float(LN_2);
    let (product, lost) = b.two_prod(r, linear);
    let lost = b.fma_const(low, LN_2, lost);
    let rest = b.fma(square, poly, lost);
    let one = b.float(1.0);
    let (sum, low) = b.fast_two_sum(one, product);
    let rest = b.add(rest, low);
    b.add(sum, rest)
}

/// The value with the sign, or `x` itself where that is all there is (zeros and subnormals).
fn tiny_is_itself<B: Ops>(b: &mut B, x: B::F, value: B::F, sign: B::I) -> B::F {
    let size = b.abs(value);
    let value = b.with_sign(size, sign);
    let size = b.abs(x);
    let tiny = b.lt_const(size, 1e-300);
    b.select(tiny, x, value)
}

/// `exp(x) - 1` as a pair, divided by two; `-40 <= x <= 710`.
fn half_expm1<B: Ops>(b: &mut B, x: B::F) -> Pair<B::F> {
    let (k, r, low) = reduce(b, x);
    let tail = tail(b, r, low);
    // Half of the power: 2**1024 is no float.
    let half = b.power_near(k, -1);
    let minus = b.float(-0.5);
    let (shift, lost) = b.fast_two_sum(half, minus);
    let scaled = b.mul(half, r);
    let (sum, rest) = b.two_sum(shift, scaled);
    let rest = b.add(rest, lost);
    let rest = b.fma(half, tail, rest);
    b.fast_two_sum(sum, rest)
}

pub fn expm1<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let sign = b.sign(x);
    let inside = b.at_most(x, 710.0);
    let inside = b.at_least(inside, -40.0);
    let (sum, _) = half_expm1(b, inside);
    let twice = b.add(sum, sum);
    tiny_is_itself(b, x, twice, sign)
}

pub fn sinh<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let sign = b.sign(x);
    let outside = x;
    let x = b.abs(x);
    let inside = b.at_most(x, 710.5);
    // exp(x - log 2) is finite wherever sinh is: both halves of exp(x) - exp(-x) from E = exp(x) - 1.
    let (k, r, low) = reduce(b, inside);
    let tail = tail(b, r, low);
    let quarter = b.power_near(k, -2);
    let minus = b.float(-0.25);
    let (shift, lost) = b.fast_two_sum(quarter, minus);
    let scaled = b.mul(quarter, r);
    let (sum, rest) = b.two_sum(shift, scaled);
    let rest = b.add(rest, lost);
    let rest = b.fma(quarter, tail, rest);
    // (exp(x) - 1) / 4.
    let e = b.fast_two_sum(sum, rest);
    // sinh = 2 (e + e / (1 + 4 e)); e / (1 + 4 e) = e / exp(x).
    let quarter_one = b.float(0.25);
    let whole = b.two_sum(quarter_one, e.0);
    let whole_low = b.add(whole.1, e.1);
    let fraction = b.divide_pairs(e, (whole.0, whole_low));
    let fraction = (b.mul_const(fraction.0, 0.25), b.mul_const(fraction.1, 0.25));
    let (high, low) = b.two_sum(e.0, fraction.0);
    let lows = b.add(e.1, fraction.1);
    let low = b.add(low, lows);
    let sum = b.add(high, low);
    let sum = b.add(sum, sum);
    tiny_is_itself(b, outside, sum, sign)
}

pub fn cosh<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let x = b.abs(x);
    let x = b.at_most(x, 710.5);
    let (k, (high, low)) = exp_parts(b, x, None);
    let quarter = b.power_near(k, -2);
    // exp(x) / 4 and exp(-x) / 4.
    let (high, low) = (b.mul(high, quarter), b.mul(low, quarter));
    let sixteenth = b.float(0.0625);
    let inverse = b.div(sixteenth, high);
    let (sum, rest) = b.fast_two_sum(high, inverse);
    let rest = b.add(rest, low);
    let sum = b.add(sum, rest);
    b.add(sum, sum)
}

pub fn tanh<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let sign = b.sign(x);
    let outside = x;
    let x = b.abs(x);
    let x = b.at_most(x, 20.0);
    let twice = b.add(x, x);
    // tanh(x) = E / (E + 2) with E = exp(2 x) - 1; here with half of E.
    let e = half_expm1(b, twice);
    let one = b.float(1.0);
    let whole = b.two_sum(one, e.0);
    let whole_low = b.add(whole.1, e.1);
    let quotient = b.divide_pairs(e, (whole.0, whole_low));
    let sum = b.add(quotient.0, quotient.1);
    tiny_is_itself(b, outside, sum, sign)
}
