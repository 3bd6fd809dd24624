//! Arithmetic on scalars: Python's checked integers, NumPy's wrapping ones, floats of both.
//!
//! In: words of two operands of one type. Out: words of the result. Invariant: an operation whose operands
//! must avoid a trap (division, shifts) is given operands that do.

use crate::diag::Span;
use crate::hir::{BinaryOp as Op, CompareOp, Const, ExcKind, Expr, ExprKind, UnaryOp};
use crate::lower::cx::{Cx, Words};
use crate::lower::{complex, convert, expr, power, raise};
use crate::mir::{BinaryOp, CheckedOp, Cond, ConvertOp, MathFn, RuntimeFn, Ty, UnaryOp as MirUnary, Value};
use crate::types::{Kind, Scalar};

/// `lhs op rhs` of two values of type `ty`; `span` is quoted in messages. The result has type `ty`, except
/// `TrueDiv` of integers: a float.
pub fn binary(cx: &mut Cx, op: Op, ty: Scalar, lhs: &[Value], rhs: &[Value], span: Span) -> Words {
    let word = match ty {
        Scalar::Complex | Scalar::C64 | Scalar::C128 => return complex::binary(cx, op, ty, lhs, rhs),
        Scalar::Bool | Scalar::NpBool => bools(cx, op, lhs[0], rhs[0]),
        Scalar::Int => python_int(cx, op, lhs[0], rhs[0], span),
        Scalar::I8
        | Scalar::I16
        | Scalar::I32
        | Scalar::I64
        | Scalar::U8
        | Scalar::U16
        | Scalar::U32
        | Scalar::U64 => numpy_int(cx, op, ty, lhs[0], rhs[0]),
        Scalar::Float | Scalar::F32 | Scalar::F64 => float(cx, op, ty, lhs[0], rhs[0], span),
    };
    vec![word]
}

fn refused(op: Op, ty: Scalar) -> ! {
    panic!("{op:?} of {ty:?} has no lowering")
}

fn bools(cx: &mut Cx, op: Op, lhs: Value, rhs: Value) -> Value {
    let op = match op {
        Op::Add | Op::BitOr | Op::Maximum | Op::Fmax => BinaryOp::Bor,
        Op::Mul | Op::BitAnd | Op::Minimum | Op::Fmin => BinaryOp::Band,
        Op::BitXor => BinaryOp::Bxor,
        Op::Sub | Op::TrueDiv | Op::FloorDiv | Op::Mod | Op::Pow | Op::LShift | Op::RShift => {
            refused(op, Scalar::NpBool)
        }
    };
    cx.b.binary(op, lhs, rhs)
}

/// A checked operation of Python's ints, wrapping where the options say so.
pub fn checked(cx: &mut Cx, op: CheckedOp, lhs: Value, rhs: Value, span: Span) -> Value {
    if cx.options().overflow_wrap {
        let op = match op {
            CheckedOp::Add => BinaryOp::Iadd,
            CheckedOp::Sub => BinaryOp::Isub,
            CheckedOp::Mul => BinaryOp::Imul,
        };
        return cx.b.binary(op, lhs, rhs);
    }
    let (value, overflow) = cx.b.checked(op, lhs, rhs);
    let ok = cx.b.not(overflow);
    raise::fits(cx, ok, span);
    value
}

fn python_int(cx: &mut Cx, op: Op, lhs: Value, rhs: Value, span: Span) -> Value {
    match op {
        Op::Add => checked(cx, CheckedOp::Add, lhs, rhs, span),
        Op::Sub => checked(cx, CheckedOp::Sub, lhs, rhs, span),
        Op::Mul => checked(cx, CheckedOp::Mul, lhs, rhs, span),
        Op::TrueDiv => int_true_div(cx, lhs, rhs),
        Op::FloorDiv => {
            nonzero(cx, rhs, "integer division or modulo by zero");
            let divisor = match cx.const_int(rhs) {
                Some(-1) | None => {
                    let least = cx.b.i64(i64::MIN);
                    let minus = cx.b.i64(-1);
                    let not_least = cx.b.compare(Cond::Ne, lhs, least);
                    let not_minus = cx.b.compare(Cond::Ne, rhs, minus);
                    let ok = cx.b.binary(BinaryOp::Bor, not_least, not_minus);
                    if cx.options().overflow_wrap {
                        let one = cx.b.i64(1);
                        cx.b.select(ok, rhs, one)
                    } else {
                        raise::fits(cx, ok, span);
                        rhs
                    }
                }
                Some(_) => rhs,
            };
            cx.b.binary(BinaryOp::FloorDiv, lhs, divisor)
        }
        Op::Mod => {
            let message = if cx.python_minor() >= 11 {
                "integer modulo by zero"
            } else {
                "integer division or modulo by zero"
            };
            nonzero(cx, rhs, message);
            floor_mod(cx, lhs, rhs)
        }
        Op::Pow => power::int(cx, lhs, rhs, span),
        Op::LShift => left_shift(cx, lhs, rhs, span),
        Op::RShift => {
            shift_count(cx, rhs);
            let most = cx.b.i64(63);
            let count = match cx.const_int(rhs) {
                Some(0..=63) => rhs,
                Some(_) => most,
                None => cx.b.binary(BinaryOp::Umin, rhs, most),
            };
            cx.b.binary(BinaryOp::Sshr, lhs, count)
        }
        Op::BitAnd => cx.b.binary(BinaryOp::Band, lhs, rhs),
        Op::BitOr => cx.b.binary(BinaryOp::Bor, lhs, rhs),
        Op::BitXor => cx.b.binary(BinaryOp::Bxor, lhs, rhs),
        Op::Minimum | Op::Fmin => cx.b.binary(BinaryOp::Smin, lhs, rhs),
        Op::Maximum | Op::Fmax => cx.b.binary(BinaryOp::Smax, lhs, rhs),
    }
}

/// `ZeroDivisionError` unless the integer is not zero.
fn nonzero(cx: &mut Cx, value: Value, message: &str) {
    if cx.const_int(value).is_some_and(|value| value != 0) {
        return;
    }
    let zero = cx.b.zero(cx.b.ty(value));
    let ok = cx.b.compare(Cond::Ne, value, zero);
    raise::divisor(cx, ok, message);
}

/// Floor modulo by a divisor that is not zero. Modulo -1 is 0 like modulo 1, without the trap.
fn floor_mod(cx: &mut Cx, lhs: Value, rhs: Value) -> Value {
    let ty = cx.b.ty(lhs);
    let divisor = match cx.const_int(rhs) {
        Some(-1) => cx.b.iconst(ty, 1),
        Some(_) => rhs,
        None => {
            let minus = cx.b.iconst(ty, -1);
            let one = cx.b.iconst(ty, 1);
            let is_minus = cx.b.compare(Cond::Eq, rhs, minus);
            cx.b.select(is_minus, one, rhs)
        }
    };
    cx.b.binary(BinaryOp::FloorMod, lhs, divisor)
}

fn shift_count(cx: &mut Cx, count: Value) {
    if cx.const_int(count).is_some_and(|count| count >= 0) {
        return;
    }
    let zero = cx.b.i64(0);
    let ok = cx.b.compare(Cond::Sge, count, zero);
    cx.guard(ok, ExcKind::Value, "negative shift count", &[]);
}

fn left_shift(cx: &mut Cx, lhs: Value, rhs: Value, span: Span) -> Value {
    shift_count(cx, rhs);
    let most = cx.b.i64(63);
    let zero = cx.b.i64(0);
    let known = cx.const_int(rhs);
    let count = match known {
        Some(0..=63) => rhs,
        Some(_) => most,
        None => cx.b.binary(BinaryOp::Umin, rhs, most),
    };
    let shifted = cx.b.binary(BinaryOp::Ishl, lhs, count);
    if cx.options().overflow_wrap {
        let small = cx.b.compare(Cond::Sle, rhs, most);
        return cx.b.select(small, shifted, zero);
    }
    if known == Some(0) {
        return lhs;
    }
    let back = cx.b.binary(BinaryOp::Sshr, shifted, count);
    let mut ok = cx.b.compare(Cond::Eq, back, lhs);
    if known.is_none_or(|count| count > 63) {
        // By 64 and more, -1 comes back as well, but only 0 fits.
        let small = cx.b.compare(Cond::Sle, rhs, most);
        let is_zero = cx.b.compare(Cond::Eq, lhs, zero);
        let either = cx.b.binary(BinaryOp::Bor, small, is_zero);
        ok = cx.b.binary(BinaryOp::Band, ok, either);
    }
    raise::fits(cx, ok, span);
    shifted
}

/// Python's `int / int`: correctly rounded, so operands beyond 2**53 take the slow road.
fn int_true_div(cx: &mut Cx, lhs: Value, rhs: Value) -> Value {
    let direct = |cx: &mut Cx| {
        let a = cx.b.convert(ConvertOp::SintToFloat, lhs, Ty::F64);
        let b = cx.b.convert(ConvertOp::SintToFloat, rhs, Ty::F64);
        cx.b.binary(BinaryOp::Fdiv, a, b)
    };
    if cx.options().numpy_errors {
        return direct(cx);
    }
    nonzero(cx, rhs, "division by zero");
    const EXACT: i64 = 1 << 53;
    let mut fine: Option<Value> = None;
    for operand in [lhs, rhs] {
        if cx.const_int(operand).is_some_and(|value| (-EXACT..=EXACT).contains(&value)) {
            continue;
        }
        let offset = cx.b.i64(EXACT);
        let range = cx.b.i64(2 * EXACT);
        let moved = cx.b.binary(BinaryOp::Iadd, operand, offset);
        let small = cx.b.compare(Cond::Ule, moved, range);
        fine = Some(match fine {
            Some(before) => cx.b.binary(BinaryOp::Band, before, small),
            None => small,
        });
    }
    let Some(fine) = fine else { return direct(cx) };
    let slow = |cx: &mut Cx| {
        cx.b.runtime(RuntimeFn::IntTrueDiv, vec![lhs, rhs], Some(Ty::F64)).into_iter().collect()
    };
    expr::fork(cx, fine, &[], &[Ty::F64], |cx| vec![direct(cx)], slow)[0]
}

fn numpy_int(cx: &mut Cx, op: Op, ty: Scalar, lhs: Value, rhs: Value) -> Value {
    let signed = ty.kind() == Kind::Signed;
    let pick = |yes, no| if signed { yes } else { no };
    match op {
        Op::Add => cx.b.binary(BinaryOp::Iadd, lhs, rhs),
        Op::Sub => cx.b.binary(BinaryOp::Isub, lhs, rhs),
        Op::Mul => cx.b.binary(BinaryOp::Imul, lhs, rhs),
        Op::TrueDiv => {
            let a = convert::to_float(cx, ty, lhs, Ty::F64);
            let b = convert::to_float(cx, ty, rhs, Ty::F64);
            cx.b.binary(BinaryOp::Fdiv, a, b)
        }
        Op::FloorDiv | Op::Mod => numpy_division(cx, op == Op::FloorDiv, ty, lhs, rhs),
        Op::Pow => power::numpy_int(cx, ty, lhs, rhs),
        Op::LShift | Op::RShift => numpy_shift(cx, op == Op::LShift, ty, lhs, rhs),
        Op::BitAnd => cx.b.binary(BinaryOp::Band, lhs, rhs),
        Op::BitOr => cx.b.binary(BinaryOp::Bor, lhs, rhs),
        Op::BitXor => cx.b.binary(BinaryOp::Bxor, lhs, rhs),
        Op::Minimum | Op::Fmin => cx.b.binary(pick(BinaryOp::Smin, BinaryOp::Umin), lhs, rhs),
        Op::Maximum | Op::Fmax => cx.b.binary(pick(BinaryOp::Smax, BinaryOp::Umax), lhs, rhs),
    }
}

/// NumPy's integer division: by zero gives 0, the smallest by -1 gives the smallest.
fn numpy_division(cx: &mut Cx, quotient: bool, ty: Scalar, lhs: Value, rhs: Value) -> Value {
    let signed = ty.kind() == Kind::Signed;
    let operation = match (quotient, signed) {
        (true, true) => BinaryOp::FloorDiv,
        (true, false) => BinaryOp::Udiv,
        (false, true) => BinaryOp::FloorMod,
        (false, false) => BinaryOp::Urem,
    };
    if cx.const_int(rhs).is_some_and(|value| value > 0 || (value != -1 && value != 0)) {
        return cx.b.binary(operation, lhs, rhs);
    }
    let machine = ty.machine();
    let zero = cx.b.zero(machine);
    let one = cx.b.iconst(machine, 1);
    let by_zero = cx.b.compare(Cond::Eq, rhs, zero);
    let mut replace = by_zero;
    if signed {
        let minus = cx.b.iconst(machine, -1);
        let mut trap = cx.b.compare(Cond::Eq, rhs, minus);
        if quotient {
            let least = cx.b.iconst(machine, i64::MIN >> (64 - 8 * machine.bytes()));
            let is_least = cx.b.compare(Cond::Eq, lhs, least);
            trap = cx.b.binary(BinaryOp::Band, trap, is_least);
        }
        replace = cx.b.binary(BinaryOp::Bor, by_zero, trap);
    }
    let divisor = cx.b.select(replace, one, rhs);
    let result = cx.b.binary(operation, lhs, divisor);
    // The remainder by 1 is 0 already.
    if quotient { cx.b.select(by_zero, zero, result) } else { result }
}

/// NumPy's shifts: a count outside the width (negative ones too) shifts everything out.
fn numpy_shift(cx: &mut Cx, left: bool, ty: Scalar, lhs: Value, rhs: Value) -> Value {
    let machine = ty.machine();
    let bits = i64::from(8 * machine.bytes());
    let arithmetic = !left && ty.kind() == Kind::Signed;
    let operation = match (left, arithmetic) {
        (true, _) => BinaryOp::Ishl,
        (false, true) => BinaryOp::Sshr,
        (false, false) => BinaryOp::Ushr,
    };
    if cx.const_int(rhs).is_some_and(|count| (0..bits).contains(&count)) {
        return cx.b.binary(operation, lhs, rhs);
    }
    let most = cx.b.iconst(machine, bits - 1);
    let count = cx.b.binary(BinaryOp::Umin, rhs, most);
    let shifted = cx.b.binary(operation, lhs, count);
    if arithmetic {
        return shifted;
    }
    let inside = cx.b.compare(Cond::Ule, rhs, most);
    let zero = cx.b.zero(machine);
    cx.b.select(inside, shifted, zero)
}

fn float(cx: &mut Cx, op: Op, ty: Scalar, lhs: Value, rhs: Value, span: Span) -> Value {
    let python = ty == Scalar::Float && !cx.options().numpy_errors;
    match op {
        Op::Add => cx.b.binary(BinaryOp::Fadd, lhs, rhs),
        Op::Sub => cx.b.binary(BinaryOp::Fsub, lhs, rhs),
        Op::Mul => cx.b.binary(BinaryOp::Fmul, lhs, rhs),
        Op::TrueDiv => {
            if python {
                float_nonzero(cx, rhs, "float division by zero");
            }
            cx.b.binary(BinaryOp::Fdiv, lhs, rhs)
        }
        Op::FloorDiv => {
            if python {
                float_nonzero(cx, rhs, "float floor division by zero");
            }
            float_floor_div(cx, lhs, rhs, !python)
        }
        Op::Mod => {
            if python {
                let message = if cx.python_minor() >= 13 { "float modulo by zero" } else { "float modulo" };
                float_nonzero(cx, rhs, message);
            }
            float_mod(cx, lhs, rhs, !python)
        }
        Op::Pow => power::float(cx, ty, lhs, rhs, span),
        Op::Minimum => extreme(cx, BinaryOp::Fmin, lhs, rhs),
        Op::Maximum => extreme(cx, BinaryOp::Fmax, lhs, rhs),
        Op::Fmin | Op::Fmax => {
            // Of equal zeros the first.
            let first = cx.b.compare(if op == Op::Fmin { Cond::Fle } else { Cond::Fge }, lhs, rhs);
            let rhs_is_number = cx.b.compare(Cond::Feq, rhs, rhs);
            let second = cx.b.select(rhs_is_number, rhs, lhs);
            cx.b.select(first, lhs, second)
        }
        Op::LShift | Op::RShift | Op::BitAnd | Op::BitOr | Op::BitXor => refused(op, ty),
    }
}

/// `np.minimum` and `np.maximum`: of equal numbers, which are zeros of either sign, the second, as NumPy's own
/// loops on x86 give it; the machine's operation puts minus zero first. Which zero NumPy's reductions give
/// depends on how many elements they take at once, so those of the prelude take any.
fn extreme(cx: &mut Cx, op: BinaryOp, lhs: Value, rhs: Value) -> Value {
    let found = cx.b.binary(op, lhs, rhs);
    let known = |value: Option<f64>| value.is_some_and(|value| value != 0.0);
    let second = cx.const_float(rhs);
    let last = if op == BinaryOp::Fmin { -0.0f64 } else { 0.0 };
    let right = second.is_some_and(|value| value.to_bits() == last.to_bits());
    let anyway = right || known(second) || known(cx.const_float(lhs));
    if anyway || cx.func.source >= cx.program().sources || cx.options().fastmath.nsz {
        return found;
    }
    let equal = cx.b.compare(Cond::Feq, lhs, rhs);
    cx.b.select(equal, rhs, found)
}

fn float_nonzero(cx: &mut Cx, value: Value, message: &str) {
    if cx.const_float(value).is_some_and(|value| value != 0.0) {
        return;
    }
    let zero = cx.b.zero(cx.b.ty(value));
    let ok = cx.b.compare(Cond::Fne, value, zero);
    raise::divisor(cx, ok, message);
}

/// `fmod` with the sign of the divisor; by zero (where that is possible) nan.
fn float_mod(cx: &mut Cx, lhs: Value, rhs: Value, zero_divisor: bool) -> Value {
    let zero = cx.b.zero(cx.b.ty(lhs));
    let rest = cx.b.math(MathFn::Fmod, vec![lhs, rhs]);
    let differ = signs_differ(cx, rest, rhs);
    let moved = cx.b.binary(BinaryOp::Fadd, rest, rhs);
    let result = cx.b.select(differ, moved, rest);
    let is_zero = cx.b.compare(Cond::Feq, rest, zero);
    let signed = cx.b.math(MathFn::CopySign, vec![zero, rhs]);
    let result = cx.b.select(is_zero, signed, result);
    if !zero_divisor {
        return result;
    }
    let by_zero = cx.b.compare(Cond::Feq, rhs, zero);
    cx.b.select(by_zero, rest, result)
}

/// The remainder is not zero and lies on the other side of zero than the divisor.
fn signs_differ(cx: &mut Cx, rest: Value, rhs: Value) -> Value {
    let zero = cx.b.zero(cx.b.ty(rest));
    let nonzero = cx.b.compare(Cond::Fne, rest, zero);
    let rest_negative = cx.b.compare(Cond::Flt, rest, zero);
    let rhs_negative = cx.b.compare(Cond::Flt, rhs, zero);
    let differ = cx.b.binary(BinaryOp::Bxor, rest_negative, rhs_negative);
    cx.b.binary(BinaryOp::Band, nonzero, differ)
}

/// Python's and NumPy's floor division of floats (the same algorithm, step by step).
fn float_floor_div(cx: &mut Cx, lhs: Value, rhs: Value, zero_divisor: bool) -> Value {
    let ty = cx.b.ty(lhs);
    let zero = cx.b.zero(ty);
    let one = cx.b.fconst(ty, 1.0);
    let half = cx.b.fconst(ty, 0.5);
    let rest = cx.b.math(MathFn::Fmod, vec![lhs, rhs]);
    let whole = cx.b.binary(BinaryOp::Fsub, lhs, rest);
    let quotient = cx.b.binary(BinaryOp::Fdiv, whole, rhs);
    let differ = signs_differ(cx, rest, rhs);
    let less = cx.b.binary(BinaryOp::Fsub, quotient, one);
    let quotient = cx.b.select(differ, less, quotient);
    let floor = cx.b.math(MathFn::Floor, vec![quotient]);
    let off = cx.b.binary(BinaryOp::Fsub, quotient, floor);
    let far = cx.b.compare(Cond::Fgt, off, half);
    let up = cx.b.binary(BinaryOp::Fadd, floor, one);
    let floor = cx.b.select(far, up, floor);
    let ratio = cx.b.binary(BinaryOp::Fdiv, lhs, rhs);
    let signed = cx.b.math(MathFn::CopySign, vec![zero, ratio]);
    let is_zero = cx.b.compare(Cond::Feq, quotient, zero);
    let result = cx.b.select(is_zero, signed, floor);
    if !zero_divisor {
        return result;
    }
    let by_zero = cx.b.compare(Cond::Feq, rhs, zero);
    cx.b.select(by_zero, ratio, result)
}

/// `-x`, `~x`, `not x`, `abs(x)`.
pub fn unary(cx: &mut Cx, op: UnaryOp, ty: Scalar, words: &[Value], span: Span) -> Words {
    let word = words[0];
    let machine = ty.machine();
    let result = match (op, ty.kind()) {
        (UnaryOp::Not, _) => {
            let truth = expr::truth(cx, ty, words);
            cx.b.not(truth)
        }
        (_, Kind::Complex) => return complex::unary(cx, op, ty, words),
        (UnaryOp::Neg, Kind::Signed) if ty == Scalar::Int => match cx.const_int(word) {
            Some(value) if value != i64::MIN => cx.b.i64(-value),
            Some(_) | None => {
                let zero = cx.b.i64(0);
                checked(cx, CheckedOp::Sub, zero, word, span)
            }
        },
        (UnaryOp::Neg, Kind::Signed | Kind::Unsigned) => cx.b.unary(MirUnary::Ineg, word),
        (UnaryOp::Neg, Kind::Float) => match cx.const_float(word) {
            Some(value) => cx.b.fconst(machine, -value),
            None => cx.b.unary(MirUnary::Fneg, word),
        },
        (UnaryOp::Invert, Kind::Bool | Kind::Signed | Kind::Unsigned) => cx.b.unary(MirUnary::Bnot, word),
        (UnaryOp::Abs, Kind::Bool | Kind::Unsigned) => word,
        (UnaryOp::Abs, Kind::Signed) => {
            let zero = cx.b.zero(machine);
            if ty == Scalar::Int && !cx.options().overflow_wrap {
                let least = cx.b.i64(i64::MIN);
                let ok = cx.b.compare(Cond::Ne, word, least);
                raise::fits(cx, ok, span);
            }
            let negative = cx.b.compare(Cond::Slt, word, zero);
            let opposite = cx.b.unary(MirUnary::Ineg, word);
            cx.b.select(negative, opposite, word)
        }
        (UnaryOp::Abs, Kind::Float) => cx.b.math(MathFn::Abs, vec![word]),
        (UnaryOp::Neg, Kind::Bool) | (UnaryOp::Invert, Kind::Float) => {
            panic!("{op:?} of {ty:?} has no lowering")
        }
    };
    vec![result]
}

/// Comparison to a Bool word; the types may differ as `hir::ExprKind::Compare` says.
pub fn compare(cx: &mut Cx, op: CompareOp, lhs: (Scalar, &[Value]), rhs: (Scalar, &[Value])) -> Value {
    let (lhs_ty, lhs) = lhs;
    let (rhs_ty, rhs) = rhs;
    match (lhs_ty.kind(), rhs_ty.kind()) {
        (Kind::Complex, _) | (_, Kind::Complex) => complex::compare(cx, op, lhs, rhs),
        (Kind::Float, Kind::Float) => cx.b.compare(float_cond(op), lhs[0], rhs[0]),
        (Kind::Float, _) => compare_int_float(cx, swap(op), rhs_ty, rhs[0], lhs[0]),
        (_, Kind::Float) => compare_int_float(cx, op, lhs_ty, lhs[0], rhs[0]),
        (Kind::Signed, Kind::Signed) | (Kind::Bool | Kind::Unsigned, Kind::Bool | Kind::Unsigned) => {
            let (left, right) = if lhs_ty.machine() == rhs_ty.machine() {
                (lhs[0], rhs[0])
            } else {
                (convert::widen(cx, lhs_ty, lhs[0]), convert::widen(cx, rhs_ty, rhs[0]))
            };
            cx.b.compare(int_cond(op, lhs_ty.kind() == Kind::Signed), left, right)
        }
        (Kind::Signed, Kind::Bool | Kind::Unsigned) => {
            let (left, right) = (convert::widen(cx, lhs_ty, lhs[0]), convert::widen(cx, rhs_ty, rhs[0]));
            compare_signed_unsigned(cx, op, left, right, rhs_ty)
        }
        (Kind::Bool | Kind::Unsigned, Kind::Signed) => {
            let (left, right) = (convert::widen(cx, rhs_ty, rhs[0]), convert::widen(cx, lhs_ty, lhs[0]));
            compare_signed_unsigned(cx, swap(op), left, right, lhs_ty)
        }
    }
}

/// The comparison with its operands exchanged.
fn swap(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq => CompareOp::Eq,
        CompareOp::Ne => CompareOp::Ne,
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
    }
}

/// The MIR comparison of floats.
pub fn float_cond(op: CompareOp) -> Cond {
    match op {
        CompareOp::Eq => Cond::Feq,
        CompareOp::Ne => Cond::Fne,
        CompareOp::Lt => Cond::Flt,
        CompareOp::Le => Cond::Fle,
        CompareOp::Gt => Cond::Fgt,
        CompareOp::Ge => Cond::Fge,
    }
}

fn int_cond(op: CompareOp, signed: bool) -> Cond {
    match (op, signed) {
        (CompareOp::Eq, _) => Cond::Eq,
        (CompareOp::Ne, _) => Cond::Ne,
        (CompareOp::Lt, true) => Cond::Slt,
        (CompareOp::Le, true) => Cond::Sle,
        (CompareOp::Gt, true) => Cond::Sgt,
        (CompareOp::Ge, true) => Cond::Sge,
        (CompareOp::Lt, false) => Cond::Ult,
        (CompareOp::Le, false) => Cond::Ule,
        (CompareOp::Gt, false) => Cond::Ugt,
        (CompareOp::Ge, false) => Cond::Uge,
    }
}

/// Exact comparison of two 64-bit words, the second unsigned.
fn compare_signed_unsigned(cx: &mut Cx, op: CompareOp, lhs: Value, rhs: Value, rhs_ty: Scalar) -> Value {
    if rhs_ty.machine() != Ty::I64 {
        // A narrower unsigned number is a non-negative signed one.
        return cx.b.compare(int_cond(op, true), lhs, rhs);
    }
    let zero = cx.b.i64(0);
    let negative = cx.b.compare(Cond::Slt, lhs, zero);
    let as_unsigned = cx.b.compare(int_cond(op, false), lhs, rhs);
    let if_negative = match op {
        CompareOp::Ne | CompareOp::Lt | CompareOp::Le => true,
        CompareOp::Eq | CompareOp::Gt | CompareOp::Ge => false,
    };
    let if_negative = cx.b.bool(if_negative);
    cx.b.select(negative, if_negative, as_unsigned)
}

/// Exact comparison of an integer with a float. Rounding the integer to a float keeps the order unless it
/// lands on the float itself, which then is whole: then the integers decide.
fn compare_int_float(cx: &mut Cx, op: CompareOp, int_ty: Scalar, int: Value, float: Value) -> Value {
    let exact = match cx.const_int(int) {
        Some(value) => value.unsigned_abs() <= 1 << 24,
        None => {
            int_ty.machine().bytes() * 8 < 24 || (int_ty.machine() != Ty::I64 && cx.b.ty(float) == Ty::F64)
        }
    };
    let rounded = convert::to_float(cx, int_ty, int, cx.b.ty(float));
    let plain = cx.b.compare(float_cond(op), rounded, float);
    if exact {
        return plain;
    }
    let unsigned = int_ty.kind() == Kind::Unsigned;
    let wide = convert::widen(cx, int_ty, int);
    let to_int = if unsigned { ConvertOp::FloatToUint } else { ConvertOp::FloatToSint };
    let whole = cx.b.convert(to_int, float, Ty::I64);
    // Where the float is the power of two above all integers, the saturated integer is one too small.
    let top = if unsigned { u64::MAX as f64 } else { i64::MAX as f64 };
    let top = cx.b.fconst(cx.b.ty(float), top);
    let at_top = cx.b.compare(Cond::Fge, float, top);
    let below = match op {
        CompareOp::Ne | CompareOp::Lt | CompareOp::Le => true,
        CompareOp::Eq | CompareOp::Gt | CompareOp::Ge => false,
    };
    let below = cx.b.bool(below);
    let integers = cx.b.compare(int_cond(op, !unsigned), wide, whole);
    let integers = cx.b.select(at_top, below, integers);
    let equal = cx.b.compare(Cond::Feq, rounded, float);
    cx.b.select(equal, integers, plain)
}

/// `expr & mask` with a constant mask that is not negative, and `expr % 2**k`: only the low 64 bits of
/// `expr` are asked for, so wrapping arithmetic gives the exact result without checks.
pub fn demanded(cx: &mut Cx, op: Op, lhs: &Expr, rhs: &Expr) -> Option<Value> {
    let constant = |expr: &Expr| {
        if let ExprKind::Const(Const::Int(value)) = &*expr.kind { Some(*value) } else { None }
    };
    let (operand, mask) = match op {
        Op::BitAnd => match (constant(lhs), constant(rhs)) {
            (_, Some(mask)) if mask >= 0 => (lhs, mask),
            (Some(mask), None) if mask >= 0 => (rhs, mask),
            (_, _) => return None,
        },
        Op::Mod => match constant(rhs) {
            Some(modulus) if modulus > 0 && modulus & (modulus - 1) == 0 => (lhs, modulus - 1),
            Some(_) | None => return None,
        },
        Op::Add
        | Op::Sub
        | Op::Mul
        | Op::TrueDiv
        | Op::FloorDiv
        | Op::Pow
        | Op::LShift
        | Op::RShift
        | Op::BitOr
        | Op::BitXor
        | Op::Minimum
        | Op::Maximum
        | Op::Fmin
        | Op::Fmax => return None,
    };
    let value = low_bits(cx, operand);
    let mask = cx.b.i64(mask);
    Some(cx.b.binary(BinaryOp::Band, value, mask))
}

/// The low 64 bits of the exact value of a Python int expression.
fn low_bits(cx: &mut Cx, expr: &Expr) -> Value {
    let line = cx.at(expr.span);
    let value = if let ExprKind::Binary { op, lhs, rhs } = &*expr.kind {
        low_bits_binary(cx, *op, lhs, rhs)
    } else if let ExprKind::Unary { op, arg } = &*expr.kind {
        let op = match op {
            UnaryOp::Neg => Some(MirUnary::Ineg),
            UnaryOp::Invert => Some(MirUnary::Bnot),
            UnaryOp::Not | UnaryOp::Abs => None,
        };
        op.map(|op| {
            let value = low_bits(cx, arg);
            cx.b.unary(op, value)
        })
    } else {
        None
    };
    cx.b.line = line;
    match value {
        Some(value) => value,
        None => expr::word(cx, expr),
    }
}

fn low_bits_binary(cx: &mut Cx, op: Op, lhs: &Expr, rhs: &Expr) -> Option<Value> {
    let op = match op {
        Op::Add => BinaryOp::Iadd,
        Op::Sub => BinaryOp::Isub,
        Op::Mul => BinaryOp::Imul,
        Op::BitAnd => BinaryOp::Band,
        Op::BitOr => BinaryOp::Bor,
        Op::BitXor => BinaryOp::Bxor,
        Op::LShift => {
            let left = low_bits(cx, lhs);
            let count = expr::word(cx, rhs);
            shift_count(cx, count);
            let most = cx.b.i64(63);
            let zero = cx.b.i64(0);
            let small = cx.b.binary(BinaryOp::Umin, count, most);
            let shifted = cx.b.binary(BinaryOp::Ishl, left, small);
            let inside = cx.b.compare(Cond::Sle, count, most);
            return Some(cx.b.select(inside, shifted, zero));
        }
        Op::TrueDiv
        | Op::FloorDiv
        | Op::Mod
        | Op::Pow
        | Op::RShift
        | Op::Minimum
        | Op::Maximum
        | Op::Fmin
        | Op::Fmax => return None,
    };
    let left = low_bits(cx, lhs);
    let right = low_bits(cx, rhs);
    Some(cx.b.binary(op, left, right))
}
