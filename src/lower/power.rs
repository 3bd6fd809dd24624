//! `**` of integers and floats, Python's and NumPy's.
//!
//! In: words of base and exponent of one type. Out: the word of the result. Invariant: where the
//! interpreter's result would have another type (a float, a complex number, a big int) a guard leaves the
//! call to it.

use crate::diag::Span;
use crate::hir::ExcKind;
use crate::lower::cx::Cx;
use crate::lower::{expr, raise, scalar};
use crate::mir::build::at;
use crate::mir::{
    BinaryOp, CheckedOp, Cond, ConvertOp, MEM_FRAME, MathFn, Op, RuntimeFn, Ty, UnaryOp, Value,
};
use crate::types::{Kind, Scalar};

/// Exponents up to here become multiplications.
const UNROLLED: i64 = 32;

/// `base ** exponent` of Python ints.
pub fn int(cx: &mut Cx, base: Value, exponent: Value, span: Span) -> Value {
    match cx.const_int(exponent) {
        Some(0) => return cx.b.i64(1),
        Some(count @ 1..=UNROLLED) => {
            return by_squaring(count, base, |a, b| scalar::checked(cx, CheckedOp::Mul, a, b, span));
        }
        Some(_) | None => {}
    }
    if cx.const_int(base) == Some(2) {
        let one = cx.b.i64(1);
        let most = cx.b.i64(62);
        let ok = cx.b.compare(Cond::Ule, exponent, most);
        if cx.options().overflow_wrap {
            return wrapping(cx, base, exponent);
        }
        raise::fits(cx, ok, span);
        return cx.b.binary(BinaryOp::Ishl, one, exponent);
    }
    let zero = cx.b.i64(0);
    let ok = cx.b.compare(Cond::Sge, exponent, zero);
    raise::stays(cx, ok, span, "a float");
    if cx.options().overflow_wrap {
        return wrapping(cx, base, exponent);
    }
    let slot = cx.b.stack_slot(8);
    let inst = cx.b.inst(Op::StackAddr(slot), &[Ty::Ptr]);
    let flag = cx.b.func.insts[inst].results[0];
    let power =
        cx.b.runtime(RuntimeFn::IntPow, vec![base, exponent, flag], Some(Ty::I64))
            .expect("invariant: the power has a result");
    let flag = cx.b.load(MEM_FRAME, Ty::I64, at(flag, 0));
    let ok = cx.b.compare(Cond::Eq, flag, zero);
    raise::fits(cx, ok, span);
    power
}

fn wrapping(cx: &mut Cx, base: Value, exponent: Value) -> Value {
    cx.b.runtime(RuntimeFn::IntPowWrap, vec![base, exponent], Some(Ty::I64))
        .expect("invariant: the power has a result")
}

/// `value ** count` for a positive count, by the multiplication given. Every intermediate product divides
/// the result, so none overflows that does not.
fn by_squaring(mut count: i64, value: Value, mut multiply: impl FnMut(Value, Value) -> Value) -> Value {
    let mut square = value;
    let mut result = None;
    loop {
        if count & 1 == 1 {
            result = Some(match result {
                Some(product) => multiply(product, square),
                None => square,
            });
        }
        count >>= 1;
        if count == 0 {
            return result.expect("invariant: the count is positive");
        }
        square = multiply(square, square);
    }
}

/// `base ** exponent` of NumPy integers of type `ty`.
pub fn numpy_int(cx: &mut Cx, ty: Scalar, base: Value, exponent: Value) -> Value {
    let machine = ty.machine();
    let signed = ty.kind() == Kind::Signed;
    match cx.const_int(exponent) {
        Some(0) => return cx.b.iconst(machine, 1),
        Some(count @ 1..=UNROLLED) => {
            return by_squaring(count, base, |a, b| cx.b.binary(BinaryOp::Imul, a, b));
        }
        Some(_) | None => {}
    }
    if signed {
        let zero = cx.b.zero(machine);
        let ok = cx.b.compare(Cond::Sge, exponent, zero);
        cx.guard(ok, ExcKind::Value, "Integers to negative integer powers are not allowed.", &[]);
    }
    if machine != Ty::I64 {
        let widen = if signed { ConvertOp::Sext } else { ConvertOp::Zext };
        let base = cx.b.convert(widen, base, Ty::I64);
        let exponent = cx.b.convert(widen, exponent, Ty::I64);
        let power = wrapping(cx, base, exponent);
        return cx.b.convert(ConvertOp::Trunc, power, machine);
    }
    if signed {
        return wrapping(cx, base, exponent);
    }
    // The runtime takes exponents below 2**63: half of it, squared, times the odd one.
    let one = cx.b.i64(1);
    let half = cx.b.binary(BinaryOp::Ushr, exponent, one);
    let root = wrapping(cx, base, half);
    let even = cx.b.binary(BinaryOp::Imul, root, root);
    let odd = cx.b.binary(BinaryOp::Band, exponent, one);
    let zero = cx.b.i64(0);
    let is_odd = cx.b.compare(Cond::Ne, odd, zero);
    let factor = cx.b.select(is_odd, base, one);
    cx.b.binary(BinaryOp::Imul, even, factor)
}

/// `base ** exponent` of floats of type `ty`.
pub fn float(cx: &mut Cx, ty: Scalar, base: Value, exponent: Value, span: Span) -> Value {
    let machine = ty.machine();
    let python = ty == Scalar::Float;
    let in_array_loop = !cx.map_args.is_empty();
    let infinity = cx.b.fconst(machine, f64::INFINITY);
    let known = cx.const_float(exponent);
    if known == Some(0.0) {
        return cx.b.fconst(machine, 1.0);
    }
    if known == Some(1.0) {
        return base;
    }
    if known == Some(2.0) {
        let square = cx.b.binary(BinaryOp::Fmul, base, base);
        if python {
            let size = cx.b.math(MathFn::Abs, vec![base]);
            let finite = cx.b.compare(Cond::Fne, square, infinity);
            let was_infinite = cx.b.compare(Cond::Feq, size, infinity);
            let ok = cx.b.binary(BinaryOp::Bor, finite, was_infinite);
            raise::out_of_range(cx, ok);
        }
        return square;
    }
    if known == Some(0.5) {
        return square_root(cx, base, python, in_array_loop, span);
    }
    if known == Some(-1.0) && in_array_loop && !python {
        let one = cx.b.fconst(machine, 1.0);
        return cx.b.binary(BinaryOp::Fdiv, one, base);
    }
    let power =
        few_products(cx, base, known).unwrap_or_else(|| cx.b.math_near(MathFn::Pow, vec![base, exponent]));
    if python {
        let size = cx.b.math(MathFn::Abs, vec![power]);
        let finite = cx.b.compare(Cond::Flt, size, infinity);
        expr::unless(cx, finite, |cx| errors(cx, base, exponent, power, span));
    }
    power
}

/// Third and fourth powers, rounded once: what the square lacks joins the last product. The first negative
/// power is a quotient.
fn few_products(cx: &mut Cx, base: Value, exponent: Option<f64>) -> Option<Value> {
    let ty = cx.b.ty(base);
    let exponent = exponent?;
    if exponent == -1.0 {
        let one = cx.b.fconst(ty, 1.0);
        return Some(cx.b.binary(BinaryOp::Fdiv, one, base));
    }
    if exponent != 3.0 && exponent != 4.0 {
        return None;
    }
    let square = cx.b.binary(BinaryOp::Fmul, base, base);
    let minus = cx.b.unary(UnaryOp::Fneg, square);
    let lost = cx.b.math(MathFn::Fma, vec![base, base, minus]);
    // (square + lost) * base, or its square.
    let (factor, lost) =
        if exponent == 3.0 { (base, lost) } else { (square, cx.b.binary(BinaryOp::Fadd, lost, lost)) };
    let rest = cx.b.binary(BinaryOp::Fmul, lost, factor);
    // Of what overflows in any case the rest might be infinite, or nan.
    let top = if ty == Ty::F32 { 128.0 } else { 1024.0 };
    let limit = cx.b.fconst(ty, 2f64.powi((2.0 * top / exponent) as i32 + 1));
    let finite = cx.b.compare(Cond::Flt, square, limit);
    let zero = cx.b.zero(ty);
    let rest = cx.b.select(finite, rest, zero);
    Some(cx.b.math(MathFn::Fma, vec![square, factor, rest]))
}

/// `base ** 0.5`.
fn square_root(cx: &mut Cx, base: Value, python: bool, in_array_loop: bool, span: Span) -> Value {
    if in_array_loop && !python {
        return cx.b.math(MathFn::Sqrt, vec![base]);
    }
    let ty = cx.b.ty(base);
    let zero = cx.b.zero(ty);
    let infinity = cx.b.fconst(ty, f64::INFINITY);
    let minus_infinity = cx.b.fconst(ty, f64::NEG_INFINITY);
    // -0.0 ** 0.5 is 0.0.
    let positive = cx.b.binary(BinaryOp::Fadd, base, zero);
    let root = cx.b.math(MathFn::Sqrt, vec![positive]);
    let negative = cx.b.compare(Cond::Flt, base, zero);
    if python && !cx.effect {
        // The interpreter may as well answer for minus infinity.
        let ok = cx.b.not(negative);
        raise::stays(cx, ok, span, "a complex number");
        return root;
    }
    let is_minus_infinity = cx.b.compare(Cond::Feq, base, minus_infinity);
    if python {
        let not_negative = cx.b.not(negative);
        let ok = cx.b.binary(BinaryOp::Bor, not_negative, is_minus_infinity);
        raise::stays(cx, ok, span, "a complex number");
    }
    cx.b.select(is_minus_infinity, infinity, root)
}

/// A power of Python floats that is not finite: what CPython says to it.
fn errors(cx: &mut Cx, base: Value, exponent: Value, power: Value, span: Span) {
    let zero = cx.b.f64(0.0);
    let infinity = cx.b.f64(f64::INFINITY);
    let finite = |cx: &mut Cx, value: Value| {
        let size = cx.b.math(MathFn::Abs, vec![value]);
        cx.b.compare(Cond::Flt, size, infinity)
    };
    let finite_base = finite(cx, base);
    let finite_exponent = finite(cx, exponent);
    let both = cx.b.binary(BinaryOp::Band, finite_base, finite_exponent);
    let special = cx.b.not(both);
    // The power is infinite or nan; from a zero it is so only for a negative exponent.
    if !cx.options().numpy_errors {
        let nonzero = cx.b.compare(Cond::Fne, base, zero);
        let ok = cx.b.binary(BinaryOp::Bor, nonzero, special);
        raise::divisor(cx, ok, "0.0 cannot be raised to a negative power");
    }
    let number = cx.b.compare(Cond::Feq, power, power);
    let ok = cx.b.binary(BinaryOp::Bor, number, special);
    raise::stays(cx, ok, span, "a complex number");
    let mut fine = cx.b.binary(BinaryOp::Bor, special, finite_base);
    if cx.options().numpy_errors {
        fine = cx.b.compare(Cond::Feq, base, zero);
        fine = cx.b.binary(BinaryOp::Bor, fine, special);
    } else {
        // Finite operands, a base that is not zero, no nan: too large.
        fine = cx.b.binary(BinaryOp::Band, fine, special);
    }
    raise::out_of_range(cx, fine);
}
