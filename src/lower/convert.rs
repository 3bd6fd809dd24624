//! Conversions between scalars.
//!
//! In: words of one scalar type. Out: words of another. Invariant: as `hir::Convert` documents; a float out
//! of the range of an integer gives what NumPy on x86-64 gives.

use crate::abi::Payload;
use crate::diag::Span;
use crate::hir::{Convert, ExcKind};
use crate::lower::cx::{Cx, Words};
use crate::lower::{expr, raise};
use crate::mir::{BinaryOp, Cond, ConvertOp, MathFn, Ty, Value};
use crate::types::{Kind, Scalar};

/// `value` of type `from` as `to`, by `kind`; `span` is quoted in messages.
pub fn convert(cx: &mut Cx, kind: Convert, from: Scalar, to: Scalar, value: &[Value], span: Span) -> Words {
    match kind {
        Convert::Cast => cast(cx, from, to, value),
        Convert::Fit => {
            fit(cx, to, value[0]);
            cast(cx, from, to, value)
        }
        Convert::Int => match from.kind() {
            Kind::Float => vec![float_to_int(cx, value[0], span)],
            Kind::Bool | Kind::Signed | Kind::Unsigned | Kind::Complex => cast(cx, from, to, value),
        },
        Convert::FitFloat => {
            if to == Scalar::U64 {
                return vec![float_to_c_ulong(cx, value[0])];
            }
            let whole = float_to_c_long(cx, to, value[0]);
            fit(cx, to, whole);
            cast(cx, Scalar::Int, to, &[whole])
        }
        Convert::Exact if to.kind() == Kind::Float => {
            let wide = 1i64 << 53;
            if cx.const_int(value[0]).is_none_or(|value| !(-wide..=wide).contains(&value)) {
                let (shifted, most) = match from.kind() {
                    Kind::Unsigned => (value[0], wide),
                    Kind::Bool | Kind::Signed | Kind::Float | Kind::Complex => {
                        let wide = cx.b.i64(wide);
                        (cx.b.binary(BinaryOp::Iadd, value[0], wide), 2 << 53)
                    }
                };
                let most = cx.b.i64(most);
                let ok = cx.b.compare(Cond::Ule, shifted, most);
                raise::stays(cx, ok, span, "an integer beyond 2**53 where other paths give a float");
            }
            cast(cx, from, to, value)
        }
        Convert::Exact => {
            let zero = cx.b.zero(from.machine());
            if cx.const_int(value[0]).is_none_or(|value| value < 0) {
                let ok = cx.b.compare(Cond::Sge, value[0], zero);
                raise::fits(cx, ok, span);
            }
            cast(cx, from, to, value)
        }
        Convert::Floor => rounded(cx, MathFn::Floor, value[0], to, span),
        Convert::Ceil => rounded(cx, MathFn::Ceil, value[0], to, span),
        Convert::Round => rounded(cx, MathFn::Rint, value[0], to, span),
    }
}

fn rounded(cx: &mut Cx, func: MathFn, value: Value, to: Scalar, span: Span) -> Words {
    let value = cx.b.math(func, vec![value]);
    let int = float_to_int(cx, value, span);
    cast(cx, Scalar::Int, to, &[int])
}

/// An integer or bool word in 64 bits, by its signedness.
pub fn widen(cx: &mut Cx, from: Scalar, value: Value) -> Value {
    if from.machine() == Ty::I64 {
        return value;
    }
    if let Some(known) = cx.const_int(value) {
        return cx.b.i64(normal(from, known));
    }
    let op = if from.kind() == Kind::Signed { ConvertOp::Sext } else { ConvertOp::Zext };
    cx.b.convert(op, value, Ty::I64)
}

/// The number that a constant of an integer type stands for, as 64 bits.
fn normal(ty: Scalar, value: i64) -> i64 {
    let shift = 64 - 8 * ty.machine().bytes();
    if ty.kind() == Kind::Signed {
        value << shift >> shift
    } else {
        ((value << shift) as u64 >> shift) as i64
    }
}

/// An integer or bool word as a float of machine type `to`, rounded once.
pub fn to_float(cx: &mut Cx, from: Scalar, value: Value, to: Ty) -> Value {
    let unsigned_64 = from == Scalar::U64;
    if let Some(known) = cx.const_int(value) {
        let known = normal(from, known);
        // Through f64 only where that is exact.
        if unsigned_64 && to == Ty::F64 {
            return cx.b.f64(known as u64 as f64);
        }
        if !unsigned_64 && (to == Ty::F64 || known.unsigned_abs() <= 1 << 53) {
            return cx.b.fconst(to, known as f64);
        }
    }
    let wide = widen(cx, from, value);
    let op = if unsigned_64 { ConvertOp::UintToFloat } else { ConvertOp::SintToFloat };
    cx.b.convert(op, wide, to)
}

/// As C does.
pub fn cast(cx: &mut Cx, from: Scalar, to: Scalar, value: &[Value]) -> Words {
    if to.kind() == Kind::Bool {
        return vec![expr::truth(cx, from, value)];
    }
    let word = value[0];
    let (source, target) = (from.machine(), to.machine());
    let first = match (from.kind(), to.kind()) {
        (Kind::Bool | Kind::Signed | Kind::Unsigned, Kind::Signed | Kind::Unsigned | Kind::Bool) => {
            int_to_int(cx, from, target, word)
        }
        (Kind::Bool | Kind::Signed | Kind::Unsigned, Kind::Float | Kind::Complex) => {
            to_float(cx, from, word, target)
        }
        (Kind::Float | Kind::Complex, Kind::Float | Kind::Complex) => float_to_float(cx, word, target),
        (Kind::Float | Kind::Complex, Kind::Signed | Kind::Unsigned | Kind::Bool) => {
            float_to_integer(cx, word, source, to)
        }
    };
    if to.kind() != Kind::Complex {
        return vec![first];
    }
    let second =
        if from.kind() == Kind::Complex { float_to_float(cx, value[1], target) } else { cx.b.zero(target) };
    vec![first, second]
}

fn int_to_int(cx: &mut Cx, from: Scalar, target: Ty, word: Value) -> Value {
    let source = from.machine();
    if source == target {
        return word;
    }
    if let Some(known) = cx.const_int(word) {
        let known = normal(from, known);
        let shift = 64 - 8 * target.bytes();
        return cx.b.iconst(target, known << shift >> shift);
    }
    let op = if target.bytes() < source.bytes() {
        ConvertOp::Trunc
    } else if from.kind() == Kind::Signed {
        ConvertOp::Sext
    } else {
        ConvertOp::Zext
    };
    if source.bytes() == target.bytes() {
        // A bool is a byte already, but another type.
        let wide = cx.b.convert(ConvertOp::Zext, word, Ty::I16);
        return cx.b.convert(ConvertOp::Trunc, wide, target);
    }
    cx.b.convert(op, word, target)
}

fn float_to_float(cx: &mut Cx, word: Value, target: Ty) -> Value {
    let source = cx.b.ty(word);
    if source == target {
        return word;
    }
    if let Some(known) = cx.const_float(word) {
        return cx.b.fconst(target, known);
    }
    let op = if target == Ty::F64 { ConvertOp::Fpromote } else { ConvertOp::Fdemote };
    cx.b.convert(op, word, target)
}

/// C's conversion as x86-64 does it: what does not fit gives the smallest integer of the instruction's
/// width (32 bits for results up to 32 bits signed, else 64), cut to the result's.
fn float_to_integer(cx: &mut Cx, word: Value, source: Ty, to: Scalar) -> Value {
    let target = to.machine();
    if to == Scalar::U64 {
        // Negative numbers go the signed way; what lies beyond 2**63 the unsigned one.
        let limit = cx.b.fconst(source, 2f64.powi(63));
        let large = cx.b.compare(Cond::Fge, word, limit);
        let signed = cx.b.convert(ConvertOp::FloatToSintC, word, Ty::I64);
        let end = cx.b.fconst(source, 2f64.powi(64));
        let fits = cx.b.compare(Cond::Flt, word, end);
        let unsigned = cx.b.convert(ConvertOp::FloatToUint, word, Ty::I64);
        let zero = cx.b.i64(0);
        let unsigned = cx.b.select(fits, unsigned, zero);
        return cx.b.select(large, unsigned, signed);
    }
    let width =
        if to.kind() == Kind::Unsigned && target == Ty::I32 || target == Ty::I64 { Ty::I64 } else { Ty::I32 };
    let whole = cx.b.convert(ConvertOp::FloatToSintC, word, width);
    if target == width { whole } else { cx.b.convert(ConvertOp::Trunc, whole, target) }
}

/// `nan` and infinities are errors of `int(x)`.
fn check_finite(cx: &mut Cx, value: Value) {
    let ty = cx.b.ty(value);
    let number = cx.b.compare(Cond::Feq, value, value);
    cx.guard(number, ExcKind::Value, "cannot convert float NaN to integer", &[]);
    let infinity = cx.b.fconst(ty, f64::INFINITY);
    let size = cx.b.math(MathFn::Abs, vec![value]);
    let finite = cx.b.compare(Cond::Fne, size, infinity);
    cx.guard(finite, ExcKind::Overflow, "cannot convert float infinity to integer", &[]);
}

/// -2**63 <= value < 2**63.
fn in_range(cx: &mut Cx, value: Value) -> Value {
    let ty = cx.b.ty(value);
    let low = cx.b.fconst(ty, -(2f64.powi(63)));
    let high = cx.b.fconst(ty, 2f64.powi(63));
    let above = cx.b.compare(Cond::Fge, value, low);
    let below = cx.b.compare(Cond::Flt, value, high);
    cx.b.binary(BinaryOp::Band, above, below)
}

/// `int(x)`.
fn float_to_int(cx: &mut Cx, value: Value, span: Span) -> Value {
    if let Some(known) = cx.const_float(value)
        && known.abs() < 2f64.powi(63)
    {
        return cx.b.i64(known as i64);
    }
    let ok = in_range(cx, value);
    expr::unless(cx, ok, |cx| {
        check_finite(cx, value);
        let never = cx.b.bool(false);
        raise::fits(cx, never, span);
    });
    cx.b.convert(ConvertOp::FloatToSint, value, Ty::I64)
}

/// As `int(x)` for a store, where NumPy has an error and not a larger integer.
fn float_to_c_long(cx: &mut Cx, to: Scalar, value: Value) -> Value {
    let ok = in_range(cx, value);
    expr::unless(cx, ok, |cx| {
        check_finite(cx, value);
        if to == Scalar::U32 {
            // NumPy takes the number as unsigned of 64 bits first.
            let ty = cx.b.ty(value);
            let (low, high) = (cx.b.fconst(ty, 2f64.powi(63)), cx.b.fconst(ty, 2f64.powi(64)));
            let below = cx.b.compare(Cond::Flt, value, low);
            let above = cx.b.compare(Cond::Fge, value, high);
            let outside = cx.b.binary(BinaryOp::Bor, below, above);
            let whole = cx.b.convert(ConvertOp::FloatToUint, value, Ty::I64);
            let message = format!("Python integer {{0}} out of bounds for {}", numpy_name(to));
            cx.guard(outside, ExcKind::Overflow, &message, &[(whole, Payload::UInt)]);
        }
        let never = cx.b.bool(false);
        cx.guard(never, ExcKind::Overflow, "Python int too large to convert to C long", &[]);
    });
    cx.b.convert(ConvertOp::FloatToSint, value, Ty::I64)
}

/// Likewise for an unsigned 64-bit element.
fn float_to_c_ulong(cx: &mut Cx, value: Value) -> Value {
    let ty = cx.b.ty(value);
    let whole = cx.b.math(MathFn::Trunc, vec![value]);
    let low = cx.b.zero(ty);
    let high = cx.b.fconst(ty, 2f64.powi(64));
    let above = cx.b.compare(Cond::Fge, whole, low);
    let below = cx.b.compare(Cond::Flt, whole, high);
    let ok = cx.b.binary(BinaryOp::Band, above, below);
    expr::unless(cx, ok, |cx| {
        check_finite(cx, value);
        let in_long = in_range(cx, value);
        cx.guard(in_long, ExcKind::Overflow, "Python int too large to convert to C long", &[]);
        let int = cx.b.convert(ConvertOp::FloatToSint, value, Ty::I64);
        fit(cx, Scalar::U64, int);
    });
    cx.b.convert(ConvertOp::FloatToUint, value, Ty::I64)
}

/// `OverflowError` unless the Python int is a value of the NumPy integer type.
fn fit(cx: &mut Cx, to: Scalar, value: Value) {
    if to == Scalar::I64 || !matches!(to.kind(), Kind::Signed | Kind::Unsigned) {
        return;
    }
    let bits = 8 * to.machine().bytes();
    let ok = if to == Scalar::U64 {
        let zero = cx.b.i64(0);
        if cx.const_int(value).is_some_and(|value| value >= 0) {
            return;
        }
        cx.b.compare(Cond::Sge, value, zero)
    } else {
        let signed = to.kind() == Kind::Signed;
        let (low, high) =
            if signed { (-(1i64 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) };
        if cx.const_int(value).is_some_and(|value| (low..=high).contains(&value)) {
            return;
        }
        // One unsigned comparison of the distance from the lowest.
        let offset = cx.b.i64(-low);
        let moved = if low == 0 { value } else { cx.b.binary(BinaryOp::Iadd, value, offset) };
        let span = cx.b.i64(high.wrapping_sub(low));
        cx.b.compare(Cond::Ule, moved, span)
    };
    let message = format!("Python integer {{0}} out of bounds for {}", numpy_name(to));
    cx.guard(ok, ExcKind::Overflow, &message, &[(value, Payload::Int)]);
}

fn numpy_name(ty: Scalar) -> String {
    let bits = 8 * ty.machine().bytes();
    if ty.kind() == Kind::Unsigned { format!("uint{bits}") } else { format!("int{bits}") }
}
