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
/// Likewise, with twice the bias of exponents in the low bits.
const ROUND_TO_POWER: f64 = ROUND_TO_INT + 2.0 * BIAS as f64;
/// The integers below it fit below the exponent of their sums with it.
const TWO_52: f64 = 4_503_599_627_370_496.0;
const EXPONENT: i64 = -1 << FRACTION_BITS;
const FRACTION_BITS: u32 = 52;

/// What `split_parts` adds to exponents.
pub const EXPONENT_OFFSET: f64 = TWO_52 + BIAS as f64;

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

    /// `c[0] + c[1] x + c[2] x**2 + ...`, in pairs, pairs of pairs and so on (Estrin): a lane waits for the longest
    /// chain of operations.
    fn poly(&mut self, x: Self::F, coefficients: &[f64]) -> Self::F {
        let mut terms: Vec<Self::F> = Vec::with_capacity(coefficients.len().div_ceil(2));
        for pair in coefficients.chunks(2) {
            let first = self.float(pair[0]);
            terms.push(match pair.get(1) {
                Some(second) => self.fma_const(x, *second, first),
                None => first,
            });
        }
        let mut power = x;
        while terms.len() > 1 {
            power = self.mul(power, power);
            let pairs = terms.chunks(2).map(|pair| match *pair {
                [low, high] => self.fma(power, high, low),
                _ => pair[0],
            });
            terms = pairs.collect();
        }
        terms[0]
    }

    /// Likewise, one step longer: only the last one is rounded in the size of `c[0]`.
    fn poly_steady(&mut self, x: Self::F, coefficients: &[f64]) -> Self::F {
        let (first, rest) = coefficients.split_first().expect("invariant: a polynomial has a coefficient");
        let rest = self.poly(x, rest);
        let first = self.float(*first);
        self.fma(x, rest, first)
    }

    /// `a + b` exactly, where `|a| >= |b|`, `a == 0`, or `a` is a multiple of the last place of `b` (Dekker).
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

    /// The nearest integer to `a * factor` (less than 2**51) as a float and in the low bits of an integer.
    fn nearest(&mut self, a: Self::F, factor: f64) -> (Self::F, Self::I) {
        self.nearest_above(a, factor, ROUND_TO_INT)
    }
    fn nearest_above(&mut self, a: Self::F, factor: f64, magic: f64) -> (Self::F, Self::I) {
        let above = self.float(magic);
        let shifted = if factor == 1.0 { self.add(a, above) } else { self.fma_const(a, factor, above) };
        let whole = self.add_const(shifted, -magic);
        (whole, self.bits(shifted))
    }
    /// `2**k` for the low bits of `k`, `-1022 <= k <= 1023`.
    fn power_of_two(&mut self, k: Self::I) -> Self::F {
        let bias = self.int(BIAS);
        let biased = self.int_add(k, bias);
        let bits = self.shl(biased, FRACTION_BITS);
        self.of_bits(bits)
    }
    /// The nearest integer `k` to `a * factor` (less than 2**50), as a float and as `scale` takes it.
    fn nearest_power(&mut self, a: Self::F, factor: f64) -> (Self::F, Self::I) {
        self.nearest_above(a, factor, ROUND_TO_POWER)
    }
    /// `2**(k + more)` for a `k` of `nearest_power`, where that is a normal number.
    fn power_near(&mut self, k: Self::I, more: i64) -> Self::F {
        let bias = self.int(more - BIAS);
        let biased = self.int_add(k, bias);
        let bits = self.shl(biased, FRACTION_BITS);
        self.of_bits(bits)
    }
    /// `a * 2**k`, `-2000 <= k <= 2000`, rounded once where the result is normal and correctly to
    /// within a unit where it is subnormal. `k` as `nearest_power` gives it: both halves have their bias.
    fn scale(&mut self, a: Self::F, k: Self::I) -> Self::F {
        let first = self.shr(k, 1);
        let second = self.int_sub(k, first);
        let first = self.shl(first, FRACTION_BITS);
        let second = self.shl(second, FRACTION_BITS);
        let first = self.of_bits(first);
        let second = self.of_bits(second);
        let product = self.mul(a, first);
        self.mul(product, second)
    }
    /// `x = m * 2**e` with `m` from `sqrt(1/2)` to `sqrt(2)`, for `x` positive, normal, finite: `m`, the exponent in
    /// its place among the bits, and `e + EXPONENT_OFFSET`.
    fn split_parts(&mut self, x: Self::F) -> (Self::F, Self::I, Self::F) {
        const ROOT: i64 = std::f64::consts::FRAC_1_SQRT_2.to_bits() as i64;
        let bits = self.bits(x);
        let root = self.int(ROOT);
        let above = self.int_sub(bits, root);
        let exponent = self.int(EXPONENT);
        let exponent = self.int_and(above, exponent);
        let fraction = self.int_sub(bits, exponent);
        // With its bias the exponent is positive: a logical shift serves.
        let biased = self.int((BIAS << FRACTION_BITS) - ROOT);
        let biased = self.int_add(bits, biased);
        let biased = self.shr(biased, FRACTION_BITS);
        let whole = self.int(TWO_52.to_bits() as i64);
        let whole = self.int_or(biased, whole);
        (self.of_bits(fraction), exponent, self.of_bits(whole))
    }
    /// `x = m * 2**e`: `(m, e)`, likewise.
    fn split(&mut self, x: Self::F) -> Pair<Self::F> {
        let (m, _, e) = self.split_parts(x);
        (m, self.add_const(e, -EXPONENT_OFFSET))
    }
    /// `2**(1 - e)` for an exponent of `split_parts`, not above 1024.
    fn inverse_power(&mut self, exponent: Self::I) -> Self::F {
        let one = self.int((BIAS + 1) << FRACTION_BITS);
        let bits = self.int_sub(one, exponent);
        self.of_bits(bits)
    }
    /// `x * 2**-e` for an exponent of `split_parts`; `e = 0` if `x` is zero.
    fn scale_down(&mut self, x: Self::F, exponent: Self::I) -> Self::F {
        let bits = self.bits(x);
        let bits = self.int_sub(bits, exponent);
        self.of_bits(bits)
    }
}
