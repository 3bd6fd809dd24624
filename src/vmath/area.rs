//! asinh, acosh and atanh.
//!
//! In: a lane. Out: the function's value to within one unit in the last place, special values included.
//! Method: each is `log(1 + u)` with `u` in two floats, which loses nothing where `u` is small.

use super::log::log1p_pair;
use super::ops::{Ops, Pair};
use crate::builtin::MathFn;

/// Squares of larger numbers are near the end of the range.
const LARGEST: f64 = 1e150;
/// Smaller numbers are what their functions are.
const TINY: f64 = 1e-300;

/// `asinh a = log(1 + a + a**2 / (1 + sqrt(1 + a**2)))`; the C library's for the huge and what is not finite.
pub fn asinh<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let sign = b.sign(x);
    let a = b.abs(x);
    let one = b.float(1.0);
    let square = b.two_prod(a, a);
    let sum = b.two_sum(one, square.0);
    let sum_low = b.add(sum.1, square.1);
    let root = sqrt_pair(b, (sum.0, sum_low));
    let below = b.two_sum(one, root.0);
    let below_low = b.add(below.1, root.1);
    let (more, more_low) = b.divide_pairs(square, (below.0, below_low));
    let (u, low) = b.two_sum(a, more);
    let low = b.add(low, more_low);
    let value = log1p_pair(b, u, Some(low)).1;
    let tiny = b.lt_const(a, TINY);
    let value = b.select(tiny, a, value);
    let value = b.flip_sign(value, sign);
    let ok = b.lt_const(a, LARGEST);
    b.otherwise(ok, value, MathFn::Asinh, &[x])
}

/// `acosh x = log(1 + t + sqrt(t (t + 2)))`, `t = x - 1`; the C library's for the huge and below one.
pub fn acosh<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let minus = b.float(-1.0);
    let (t, t_low) = b.two_sum(x, minus);
    let square = b.two_prod(x, x);
    let difference = b.two_sum(square.0, minus);
    let difference_low = b.add(difference.1, square.1);
    let root = sqrt_pair(b, (difference.0, difference_low));
    let (u, low) = b.two_sum(root.0, t);
    // Near one the square lacks more than the last place of the difference.
    let lows = b.add(root.1, t_low);
    let (u, low) = b.fast_two_sum_pair(u, low, lows);
    let value = log1p_pair(b, u, Some(low)).1;
    let one = b.float(1.0);
    let above = b.le(one, x);
    let below = b.lt_const(x, LARGEST);
    let ok = b.both(above, below);
    b.otherwise(ok, value, MathFn::Acosh, &[x])
}

/// `atanh a = log(1 + 2 a / (1 - a)) / 2`.
pub fn atanh<B: Ops>(b: &mut B, x: B::F) -> B::F {
    let sign = b.sign(x);
    let a = b.abs(x);
    let (one, zero) = (b.float(1.0), b.float(0.0));
    let minus = b.neg(a);
    let below = b.two_sum(one, minus);
    let twice = b.add(a, a);
    let (u, low) = b.divide_pairs((twice, zero), below);
    let value = log1p_pair(b, u, Some(low)).1;
    let value = b.mul_const(value, 0.5);
    let tiny = b.lt_const(a, TINY);
    let value = b.select(tiny, a, value);
    // At one it is infinite; beyond, and of nan, it is nan.
    let inside = b.lt(a, one);
    let nan = b.float(f64::NAN);
    let end = b.le(a, one);
    let infinity = b.float(f64::INFINITY);
    let outside = b.select(end, infinity, nan);
    let value = b.select(inside, value, outside);
    b.flip_sign(value, sign)
}

/// The root as a pair; of zero too.
fn sqrt_pair<B: Ops>(b: &mut B, x: Pair<B::F>) -> Pair<B::F> {
    let root = b.sqrt(x.0);
    let error = b.fnma(root, root, x.0);
    let error = b.add(error, x.1);
    let twice = b.add(root, root);
    let low = b.div(error, twice);
    let zero = b.float(0.0);
    let positive = b.lt(zero, root);
    (root, b.select(positive, low, zero))
}
