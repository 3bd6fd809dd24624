//! Complex numbers: two words, by the algorithms of CPython and of NumPy, step by step.
//!
//! In: words `re, im` of the operands. Out: words of the result. Invariant: the order of the floating-point
//! operations is the interpreter's, so the bits are too.

use crate::hir::{BinaryOp as HirOp, CompareOp, ExcKind, UnaryOp};
use crate::lower::cx::{Cx, Words};
use crate::lower::{expr, raise, scalar};
use crate::mir::{BinaryOp, Cond, ConvertOp, End, MathFn, Op, Ty, UnaryOp as MirUnary, Value};
use crate::types::Scalar;

type Pair = (Value, Value);

fn add(cx: &mut Cx, a: Value, b: Value) -> Value {
    cx.b.binary(BinaryOp::Fadd, a, b)
}
fn sub(cx: &mut Cx, a: Value, b: Value) -> Value {
    cx.b.binary(BinaryOp::Fsub, a, b)
}
fn mul(cx: &mut Cx, a: Value, b: Value) -> Value {
    cx.b.binary(BinaryOp::Fmul, a, b)
}
fn div(cx: &mut Cx, a: Value, b: Value) -> Value {
    cx.b.binary(BinaryOp::Fdiv, a, b)
}

/// `lhs op rhs` of two complex numbers of type `ty`.
pub fn binary(cx: &mut Cx, op: HirOp, ty: Scalar, lhs: &[Value], rhs: &[Value]) -> Words {
    let a = (lhs[0], lhs[1]);
    let b = (rhs[0], rhs[1]);
    let (re, im) = match op {
        HirOp::Add => (add(cx, a.0, b.0), add(cx, a.1, b.1)),
        HirOp::Sub => (sub(cx, a.0, b.0), sub(cx, a.1, b.1)),
        HirOp::Mul => product(cx, a, b),
        HirOp::TrueDiv => {
            if ty == Scalar::Complex && !cx.options().numpy_errors {
                let zero = cx.b.f64(0.0);
                let re = cx.b.compare(Cond::Fne, b.0, zero);
                let im = cx.b.compare(Cond::Fne, b.1, zero);
                let ok = cx.b.binary(BinaryOp::Bor, re, im);
                raise::divisor(cx, ok, "complex division by zero");
            }
            quotient(cx, ty, a, b)
        }
        HirOp::Pow => power(cx, ty, a, b),
        HirOp::FloorDiv
        | HirOp::Mod
        | HirOp::LShift
        | HirOp::RShift
        | HirOp::BitAnd
        | HirOp::BitOr
        | HirOp::BitXor
        | HirOp::Minimum
        | HirOp::Maximum
        | HirOp::Fmin
        | HirOp::Fmax => panic!("{op:?} of {ty:?} has no lowering"),
    };
    vec![re, im]
}

fn product(cx: &mut Cx, a: Pair, b: Pair) -> Pair {
    let rr = mul(cx, a.0, b.0);
    let ii = mul(cx, a.1, b.1);
    let ri = mul(cx, a.0, b.1);
    let ir = mul(cx, a.1, b.0);
    (sub(cx, rr, ii), add(cx, ri, ir))
}

/// Smith's algorithm. Its two cases differ by an exchange of roles.
fn quotient(cx: &mut Cx, ty: Scalar, a: Pair, b: Pair) -> Pair {
    let machine = cx.b.ty(a.0);
    let size_re = cx.b.math(MathFn::Abs, vec![b.0]);
    let size_im = cx.b.math(MathFn::Abs, vec![b.1]);
    let real_case = cx.b.compare(Cond::Fge, size_re, size_im);
    let large = cx.b.select(real_case, b.0, b.1);
    let small = cx.b.select(real_case, b.1, b.0);
    let first = cx.b.select(real_case, a.0, a.1);
    let second = cx.b.select(real_case, a.1, a.0);
    let ratio = div(cx, small, large);
    let scaled = mul(cx, small, ratio);
    let denominator = add(cx, large, scaled);
    let moved = mul(cx, second, ratio);
    let re = add(cx, first, moved);
    let moved = mul(cx, first, ratio);
    let one_way = sub(cx, second, moved);
    let other_way = sub(cx, moved, second);
    let im = cx.b.select(real_case, one_way, other_way);
    if ty == Scalar::Complex {
        return (div(cx, re, denominator), div(cx, im, denominator));
    }
    let one = cx.b.fconst(machine, 1.0);
    let scale = div(cx, one, denominator);
    let (re, im) = (mul(cx, re, scale), mul(cx, im, scale));
    // By zero: each part by zero.
    let zero = cx.b.zero(machine);
    let zero_re = cx.b.compare(Cond::Feq, b.0, zero);
    let zero_im = cx.b.compare(Cond::Feq, b.1, zero);
    let by_zero = cx.b.binary(BinaryOp::Band, zero_re, zero_im);
    let infinite_re = div(cx, a.0, size_re);
    let infinite_im = div(cx, a.1, size_re);
    (cx.b.select(by_zero, infinite_re, re), cx.b.select(by_zero, infinite_im, im))
}

fn power(cx: &mut Cx, ty: Scalar, a: Pair, b: Pair) -> Pair {
    if ty == Scalar::C64 {
        let wide = |cx: &mut Cx, (re, im): Pair| {
            (cx.b.convert(ConvertOp::Fpromote, re, Ty::F64), cx.b.convert(ConvertOp::Fpromote, im, Ty::F64))
        };
        let known = cx.const_float(b.0).zip(cx.const_float(b.1));
        let a = wide(cx, a);
        let b = match known {
            Some((re, im)) => (cx.b.f64(re), cx.b.f64(im)),
            None => wide(cx, b),
        };
        let (re, im) = power(cx, Scalar::C128, a, b);
        return (
            cx.b.convert(ConvertOp::Fdemote, re, Ty::F32),
            cx.b.convert(ConvertOp::Fdemote, im, Ty::F32),
        );
    }
    let python = ty == Scalar::Complex;
    let whole_limit = if python { 100.0 } else { 99.0 };
    let known = cx.const_float(b.0).zip(cx.const_float(b.1));
    let (re, im) = match known {
        Some((re, im)) if im == 0.0 && re == re.trunc() && re.abs() <= whole_limit => {
            whole_power(cx, ty, a, re as i64)
        }
        Some(_) => polar_power(cx, python, a, b),
        None => {
            let limit = cx.b.f64(whole_limit);
            let zero = cx.b.f64(0.0);
            let real = cx.b.compare(Cond::Feq, b.1, zero);
            let trunc = cx.b.math(MathFn::Trunc, vec![b.0]);
            let whole = cx.b.compare(Cond::Feq, trunc, b.0);
            let size = cx.b.math(MathFn::Abs, vec![b.0]);
            let small = cx.b.compare(Cond::Fle, size, limit);
            let test = cx.b.binary(BinaryOp::Band, real, whole);
            let test = cx.b.binary(BinaryOp::Band, test, small);
            let words = expr::fork(
                cx,
                test,
                &[],
                &[Ty::F64, Ty::F64],
                |cx| {
                    let (re, im) = repeated_power(cx, ty, a, b.0);
                    vec![re, im]
                },
                |cx| {
                    let (re, im) = polar_power(cx, python, a, b);
                    vec![re, im]
                },
            );
            (words[0], words[1])
        }
    };
    if python {
        for part in [re, im] {
            let infinity = cx.b.f64(f64::INFINITY);
            let size = cx.b.math(MathFn::Abs, vec![part]);
            let ok = cx.b.compare(Cond::Fne, size, infinity);
            cx.guard(ok, ExcKind::Overflow, "complex exponentiation", &[]);
        }
    }
    (re, im)
}

/// `ZeroDivisionError` where a power of zero has no value.
fn base_nonzero(cx: &mut Cx, a: Pair) {
    let zero = cx.b.f64(0.0);
    let re = cx.b.compare(Cond::Fne, a.0, zero);
    let im = cx.b.compare(Cond::Fne, a.1, zero);
    let ok = cx.b.binary(BinaryOp::Bor, re, im);
    raise::divisor(cx, ok, "0.0 to a negative or complex power");
}

/// A constant whole exponent: the interpreter's multiplications, unrolled.
fn whole_power(cx: &mut Cx, ty: Scalar, a: Pair, exponent: i64) -> Pair {
    let one = (cx.b.f64(1.0), cx.b.f64(0.0));
    if ty != Scalar::Complex {
        match exponent {
            0 => return one,
            1 => return a,
            2 => return product(cx, a, a),
            3 => {
                let square = product(cx, a, a);
                return product(cx, a, square);
            }
            _ => {}
        }
    }
    let count = exponent.unsigned_abs();
    let mut result = one;
    let mut square = a;
    let mut mask = 1;
    while mask <= count {
        if count & mask != 0 {
            result = product(cx, result, square);
        }
        mask <<= 1;
        if mask <= count {
            square = product(cx, square, square);
        }
    }
    if exponent >= 0 {
        return result;
    }
    if ty == Scalar::Complex {
        base_nonzero(cx, a);
    }
    quotient(cx, ty, one, result)
}

/// A whole exponent known at run time: the same by a loop.
fn repeated_power(cx: &mut Cx, ty: Scalar, a: Pair, exponent: Value) -> Pair {
    let zero = cx.b.f64(0.0);
    let one = (cx.b.f64(1.0), zero);
    let size = cx.b.math(MathFn::Abs, vec![exponent]);
    let count = cx.b.convert(ConvertOp::FloatToSint, size, Ty::I64);
    let (block, repeat) = (cx.b.reserve(), cx.b.reserve());
    cx.b.open(&[]);
    let (_, carried) = cx.b.open(&[Ty::F64, Ty::F64, Ty::F64, Ty::F64, Ty::I64]);
    let (result, square, rest) = ((carried[0], carried[1]), (carried[2], carried[3]), carried[4]);
    let none = cx.b.i64(0);
    let more = cx.b.compare(Cond::Ne, rest, none);
    cx.b.open(&[]);
    let then = cx.b.close(End::Yield(Vec::new()));
    cx.b.open(&[]);
    let orelse = cx.b.close(End::Break { to: block, args: vec![result.0, result.1] });
    cx.b.if_(more, then, orelse, &[]);
    let bit = cx.b.i64(1);
    let low = cx.b.binary(BinaryOp::Band, rest, bit);
    let odd = cx.b.compare(Cond::Ne, low, none);
    let next = product(cx, result, square);
    let re = cx.b.select(odd, next.0, result.0);
    let im = cx.b.select(odd, next.1, result.1);
    let square = product(cx, square, square);
    let rest = cx.b.binary(BinaryOp::Ushr, rest, bit);
    let body = cx.b.close(End::Yield(vec![re, im, square.0, square.1, rest]));
    cx.b.place(repeat, Op::Loop { init: vec![one.0, one.1, a.0, a.1, count], body }, &[]);
    let body = cx.b.close(End::Unreachable);
    let words = cx.b.place(block, Op::Block { body }, &[Ty::F64, Ty::F64]);
    let positive = (words[0], words[1]);
    let negative = cx.b.compare(Cond::Flt, exponent, zero);
    let inverse = |cx: &mut Cx| {
        if ty == Scalar::Complex {
            base_nonzero(cx, a);
        }
        let (re, im) = quotient(cx, ty, one, positive);
        vec![re, im]
    };
    let words = expr::fork(cx, negative, &[], &[Ty::F64, Ty::F64], inverse, |_| vec![positive.0, positive.1]);
    (words[0], words[1])
}

/// By modulus and angle.
fn polar_power(cx: &mut Cx, python: bool, a: Pair, b: Pair) -> Pair {
    let zero = cx.b.f64(0.0);
    let one = cx.b.f64(1.0);
    let is_zero = |cx: &mut Cx, value: Value| cx.b.compare(Cond::Feq, value, zero);
    let (a_re, a_im) = (is_zero(cx, a.0), is_zero(cx, a.1));
    let zero_base = cx.b.binary(BinaryOp::Band, a_re, a_im);
    let (b_re, b_im) = (is_zero(cx, b.0), is_zero(cx, b.1));
    let zero_exponent = cx.b.binary(BinaryOp::Band, b_re, b_im);
    let modulus = cx.b.math(MathFn::Hypot, vec![a.0, a.1]);
    let angle = cx.b.math(MathFn::Atan2, vec![a.1, a.0]);
    let logarithm = cx.b.math(MathFn::Log, vec![modulus]);
    let length = cx.b.math(MathFn::Pow, vec![modulus, b.0]);
    let phase = mul(cx, angle, b.0);
    let turn = mul(cx, angle, b.1);
    let shrink = cx.b.math(MathFn::Exp, vec![turn]);
    let shrunk = div(cx, length, shrink);
    let twist = mul(cx, b.1, logarithm);
    let twisted = add(cx, phase, twist);
    let length = cx.b.select(b_im, length, shrunk);
    let phase = cx.b.select(b_im, phase, twisted);
    let cos = cx.b.math(MathFn::Cos, vec![phase]);
    let sin = cx.b.math(MathFn::Sin, vec![phase]);
    let (re, im) = (mul(cx, length, cos), mul(cx, length, sin));
    // Zero to a positive real power is zero; to another one an error, or nan.
    let positive = cx.b.compare(Cond::Fgt, b.0, zero);
    let of_zero = if python {
        let real = cx.b.binary(BinaryOp::Band, positive, b_im);
        let ok = cx.b.binary(BinaryOp::Bor, real, zero_exponent);
        let nonzero_base = cx.b.not(zero_base);
        let ok = cx.b.binary(BinaryOp::Bor, ok, nonzero_base);
        raise::divisor(cx, ok, "0.0 to a negative or complex power");
        zero
    } else {
        let nan = cx.b.f64(f64::NAN);
        cx.b.select(positive, zero, nan)
    };
    let re = cx.b.select(zero_base, of_zero, re);
    let im = cx.b.select(zero_base, of_zero, im);
    (cx.b.select(zero_exponent, one, re), cx.b.select(zero_exponent, zero, im))
}

/// `-z` and `abs(z)`.
pub fn unary(cx: &mut Cx, op: UnaryOp, ty: Scalar, words: &[Value]) -> Words {
    match op {
        UnaryOp::Neg => words.iter().map(|part| cx.b.unary(MirUnary::Fneg, *part)).collect(),
        UnaryOp::Abs => {
            let size = cx.b.math(MathFn::Hypot, words.to_vec());
            if ty == Scalar::Complex {
                let infinity = cx.b.f64(f64::INFINITY);
                let finite = cx.b.compare(Cond::Fne, size, infinity);
                expr::unless(cx, finite, |cx| {
                    let re = cx.b.math(MathFn::Abs, vec![words[0]]);
                    let im = cx.b.math(MathFn::Abs, vec![words[1]]);
                    let re = cx.b.compare(Cond::Feq, re, infinity);
                    let im = cx.b.compare(Cond::Feq, im, infinity);
                    let ok = cx.b.binary(BinaryOp::Bor, re, im);
                    cx.guard(ok, ExcKind::Overflow, "absolute value too large", &[]);
                });
            }
            vec![size]
        }
        UnaryOp::Not | UnaryOp::Invert => panic!("{op:?} of {ty:?} has no lowering"),
    }
}

/// Not zero.
pub fn truth(cx: &mut Cx, words: &[Value]) -> Value {
    let zero = cx.b.zero(cx.b.ty(words[0]));
    let re = cx.b.compare(Cond::Fne, words[0], zero);
    let im = cx.b.compare(Cond::Fne, words[1], zero);
    cx.b.binary(BinaryOp::Bor, re, im)
}

/// Equality, or NumPy's order: by the real parts, then by the imaginary ones.
pub fn compare(cx: &mut Cx, op: CompareOp, lhs: &[Value], rhs: &[Value]) -> Value {
    let condition = scalar::float_cond(op);
    match op {
        CompareOp::Eq | CompareOp::Ne => {
            let re = cx.b.compare(condition, lhs[0], rhs[0]);
            let im = cx.b.compare(condition, lhs[1], rhs[1]);
            let join = if op == CompareOp::Eq { BinaryOp::Band } else { BinaryOp::Bor };
            cx.b.binary(join, re, im)
        }
        CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => {
            let strict = match op {
                CompareOp::Lt | CompareOp::Le => Cond::Flt,
                CompareOp::Gt | CompareOp::Ge | CompareOp::Eq | CompareOp::Ne => Cond::Fgt,
            };
            let first = cx.b.compare(strict, lhs[0], rhs[0]);
            let same = cx.b.compare(Cond::Feq, lhs[0], rhs[0]);
            let second = cx.b.compare(condition, lhs[1], rhs[1]);
            let second = cx.b.binary(BinaryOp::Band, same, second);
            cx.b.binary(BinaryOp::Bor, first, second)
        }
    }
}
