//! What the functions of vector math are written in: operations on one lane, free of branches.
//!
//! In: nothing. Out: `Ops`, and what is built from it alone (error-free sums and products, polynomials,
//! scaling by powers of two). Invariant: each operation is IEEE 754's, rounded to nearest; `fma` rounds once.

use crate::builtin::MathFn;

/// A number as the unevaluated sum of two, the second much smaller than the first.
pub type Pair<F> = (F, F);

/// Adding it to a float of less than 2**51 leaves the nearest integer in the low bits of the sum.
const ROUND_TO_INT: f64 = 6_755_399_441_055_744.0;
const SIGN: i64 = i64::MIN;
/// What an exponent is stored with.
const BIAS: i64 = 1023;
const FRACTION_BITS: u32 = 52;

pub trait Ops {
    /// float64.
    type F: Copy;
    /// int64, wrapping.
    type I: Copy;
    /// Truth value.
    type M: Copy;

    fn float(&mut self, value: f64) -> Self::F;
    fn int(&mut self, value: i64) -> Self::I;

    fn add(&mut self, a: Self::F, b: Self::F) -> Self::F;
    fn sub(&mut self, a: Self::F, b: Self::F) -> Self::F;
    fn mul(&mut self, a: Self::F, b: Self::F) -> Self::F;
    fn div(&mut self, a: Self::F, b: Self::F) -> Self::F;
    /// `a * b + c`, rounded once.
    fn fma(&mut self, a: Self::F, b: Self::F, c: Self::F) -> Self::F;
    fn neg(&mut self, a: Self::F) -> Self::F;
    fn abs(&mut self, a: Self::F) -> Self::F;
    fn sqrt(&mut self, a: Self::F) -> Self::F;
    /// To the nearest integer, half to even.
    fn rint(&mut self, a: Self::F) -> Self::F;

    /// False for nan.
    fn lt(&mut self, a: Self::F, b: Self::F) -> Self::M;
    /// False for nan.
    fn le(&mut self, a: Self::F, b: Self::F) -> Self::M;
    fn int_eq(&mut self, a: Self::I, b: Self::I) -> Self::M;
    fn both(&mut self, a: Self::M, b: Self::M) -> Self::M;
    fn select(&mut self, cond: Self::M, then: Self::F, orelse: Self::F) -> Self::F;

    fn bits(&mut self, a: Self::F) -> Self::I;
    fn of_bits(&mut self, a: Self::I) -> Self::F;
    fn int_add(&mut self, a: Self::I, b: Self::I) -> Self::I;
    fn int_sub(&mut self, a: Self::I, b: Self::I) -> Self::I;
    fn int_and(&mut self, a: Self::I, b: Self::I) -> Self::I;
    fn int_or(&mut self, a: Self::I, b: Self::I) -> Self::I;
    fn int_xor(&mut self, a: Self::I, b: Self::I) -> Self::I;
    fn shl(&mut self, a: Self::I, count: u32) -> Self::I;
    /// Logical.
    fn shr(&mut self, a: Self::I, count: u32) -> Self::I;

    /// `value` where `ok`; elsewhere the C library's function, for arguments that are too rare for a lane.
    fn otherwise(&mut self, ok: Self::M, value: Self::F, func: MathFn, args: &[Self::F]) -> Self::F;

    // Built from the above.

    fn add_const(&mut self, a: Self::F, b: f64) -> Self::F {
        let b = self.float(b);
        self.add(a, b)
    }
    fn mul_const(&mut self, a: Self::F, b: f64) -> Self::F {
        let b = self.float(b);
        self.mul(a, b)
    }
    /// `a * b + c`.
    fn fma_const(&mut self, a: Self::F, b: f64, c: Self::F) -> Self::F {
        let b = self.float(b);
        self.fma(a, b, c)
    }
    /// `c - a * b`.
    fn fnma(&mut self, a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        let a = self.neg(a);
        self.fma(a, b, c)
    }
    fn lt_const(&mut self, a: Self::F, b: f64) -> Self::M {
        let b = self.float(b);
        self.lt(a, b)
    }
    fn gt_const(&mut self, a: Self::F, b: f64) -> Self::M {
        let b = self.float(b);
        self.lt(b, a)
    }
    fn le_const(&mut self, a: Self::F, b: f64) -> Self::M {
        let b = self.float(b);
        self.le(a, b)
    }
    /// The smaller; nan if `a` is.
    fn at_most(&mut self, a: Self::F, most: f64) -> Self::F {
        let over = self.gt_const(a, most);
        let most = self.float(most);
        self.select(over, most, a)
    }
    /// The larger; nan if `a` is.
    fn at_least(&mut self, a: Self::F, least: f64) -> Self::F {
        let under = self.lt_const(a, least);
        let least = self.float(least);
        self.select(under, least, a)
    }
    fn sign(&mut self, a: Self::F) -> Self::I {
        let bits = self.bits(a);
        let sign = self.int(SIGN);
        self.int_and(bits, sign)
    }
    /// `a`, which is not negative, with the sign bit.
    fn with_sign(&mut self, a: Self::F, sign: Self::I) -> Self::F {
        let bits = self.bits(a);
        let bits = self.int_or(bits, sign);
        self.of_bits(bits)
    }
    /// `a` with its sign changed where the sign bit is set.
    fn flip_sign(&mut self, a: Self::F, sign: Self::I) -> Self::F {
        let bits = self.bits(a);
        let bits = self.int_xor(bits, sign);
        self.of_bits(bits)
    }

    /// `c[0] + c[1] x + c[2] x**2 + ...` (Horner).
    fn poly(&mut self, x: Self::F, coefficients: &[f64]) -> Self::F {
        let (last, rest) = coefficients.split_last().expect("invariant: a polynomial has a coefficient");
        let mut sum = self.float(*last);
        for coefficient in rest.iter().rev() {
            let coefficient = self.float(*coefficient);
            sum = self.fma(sum, x, coefficient);
        }
        sum
    }

    /// `a + b` exactly, where `|a| >= |b|` or `a == 0` (Dekker).
    fn fast_two_sum(&mut self, a: Self::F, b: Self::F) -> Pair<Self::F> {
        let sum = self.add(a, b);
        let rest = self.sub(sum, a);
        (sum, self.sub(b, rest))
    }
    /// `a + a_low + b` as a pair, where `|a| >= |a_low + b|`.
    fn fast_two_sum_pair(&mut self, a: Self::F, a_low: Self::F, b: Self::F) -> Pair<Self::F> {
        let low = self.add(a_low, b);
        self.fast_two_sum(a, low)
    }
    /// `a + b` exactly (Knuth).
    fn two_sum(&mut self, a: Self::F, b: Self::F) -> Pair<Self::F> {
        let sum = self.add(a, b);
        let b_part = self.sub(sum, a);
        let a_part = self.sub(sum, b_part);
        let b_rest = self.sub(b, b_part);
        let a_rest = self.sub(a, a_part);
        (sum, self.add(a_rest, b_rest))
    }
    /// `a * b` exactly.
    fn two_prod(&mut self, a: Self::F, b: Self::F) -> Pair<Self::F> {
        let product = self.mul(a, b);
        let negative = self.neg(product);
        (product, self.fma(a, b, negative))
    }
    /// `a + b` for a constant `a`, of which the second part is what the float lacks, and `|b| <= |a|`.
    fn float_plus(&mut self, a: (f64, f64), b: Self::F) -> Pair<Self::F> {
        let high = self.float(a.0);
        let (sum, rest) = self.fast_two_sum(high, b);
        (sum, self.add_const(rest, a.1))
    }
    /// `(a + a_low) * (b + b_low)`, to about 100 bits.
    fn multiply_pairs(&mut self, a: Pair<Self::F>, b: Pair<Self::F>) -> Pair<Self::F> {
        let (product, lost) = self.two_prod(a.0, b.0);
        let lost = self.fma(a.0, b.1, lost);
        (product, self.fma(a.1, b.0, lost))
    }
    /// `(a + a_low) / (b + b_low)`, to about 100 bits.
    fn divide_pairs(&mut self, a: Pair<Self::F>, b: Pair<Self::F>) -> Pair<Self::F> {
        let one = self.float(1.0);
        let inverse = self.div(one, b.0);
        let quotient = self.mul(a.0, inverse);
        let rest = self.fnma(quotient, b.0, a.0);
        let rest = self.add(rest, a.1);
        let rest = self.fnma(quotient, b.1, rest);
        (quotient, self.mul(rest, inverse))
    }

    /// The nearest integer to `a` (less than 2**51) as a float and in the low bits of an integer.
    fn nearest(&mut self, a: Self::F) -> (Self::F, Self::I) {
        let shifted = self.add_const(a, ROUND_TO_INT);
        let whole = self.add_const(shifted, -ROUND_TO_INT);
        (whole, self.bits(shifted))
    }
    /// An integer of less than 2**51, which is not negative, as a float.
    fn int_to_float(&mut self, a: Self::I) -> Self::F {
        let magic = self.int(ROUND_TO_INT.to_bits() as i64);
        let bits = self.int_add(a, magic);
        let float = self.of_bits(bits);
        self.add_const(float, -ROUND_TO_INT)
    }
    /// `2**k` for the low bits of `k`, `-1022 <= k <= 1023`.
    fn power_of_two(&mut self, k: Self::I) -> Self::F {
        let bias = self.int(BIAS);
        let biased = self.int_add(k, bias);
        let bits = self.shl(biased, FRACTION_BITS);
        self.of_bits(bits)
    }
    /// `a * 2**k`, `-2000 <= k <= 2000`, rounded once where the result is normal and correctly to
    /// within a unit where it is subnormal. `k` as `nearest` gives it, from a float.
    fn scale(&mut self, a: Self::F, k: Self::F) -> Self::F {
        let half = self.mul_const(k, 0.5);
        let (first, first_bits) = self.nearest(half);
        let second = self.sub(k, first);
        let (_, second_bits) = self.nearest(second);
        let first = self.power_of_two(first_bits);
        let second = self.power_of_two(second_bits);
        let product = self.mul(a, first);
        self.mul(product, second)
    }
    /// `x = m * 2**e` with `m` from `sqrt(1/2)` to `sqrt(2)`: `(m, e)`; for `x` positive, normal, finite.
    fn split(&mut self, x: Self::F) -> Pair<Self::F> {
        let bits = self.bits(x);
        let root = self.int(std::f64::consts::FRAC_1_SQRT_2.to_bits() as i64);
        let above = self.int_sub(bits, root);
        // Made positive, so that a logical shift serves.
        let bias = self.int(BIAS << FRACTION_BITS);
        let above = self.int_add(above, bias);
        let exponent = self.shr(above, FRACTION_BITS);
        let power = self.shl(exponent, FRACTION_BITS);
        let power = self.int_sub(power, bias);
        let fraction = self.int_sub(bits, power);
        let exponent = self.int_to_float(exponent);
        let exponent = self.add_const(exponent, -(BIAS as f64));
        (self.of_bits(fraction), exponent)
    }
}
