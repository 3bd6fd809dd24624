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
    let python = ty == Scalar::Complex;
    let machine = cx.b.ty(a.0);
    let whole_limit = if python { 100.0 } else { 99.0 };
    let known = cx.const_float(b.0).zip(cx.const_float(b.1));
    let (re, im) = match known {
        Some((re, im)) if im == 0.0 && re == re.trunc() && re.abs() <= whole_limit => {
            let power = whole_power(cx, ty, a, re as i64);
            let in_array_loop = !cx.map_args.is_empty() && (1.0..=3.0).contains(&re);
            if python || in_array_loop { power } else { numpy_of_zero(cx, a, b, power) }
        }
        Some(_) => polar_power(cx, python, a, b),
        None => {
            let limit = cx.b.fconst(machine, whole_limit);
            let zero = cx.b.zero(machine);
            let real = cx.b.compare(Cond::Feq, b.1, zero);
            let trunc = cx.b.math(MathFn::Trunc, vec![b.0]);
            let whole = cx.b.compare(Cond::Feq, trunc, b.0);
            let size = cx.b.math(MathFn::Abs, vec![b.0]);
            let small = cx.b.compare(Cond::Fle, size, limit);
            let test = cx.b.binary(BinaryOp::Band, real, whole);
            let test = cx.b.binary(BinaryOp::Band, test, small);
            let repeated = |cx: &mut Cx| {
                let mut power = repeated_power(cx, ty, a, b.0);
                if !python {
                    power = numpy_small(cx, a, b.0, power);
                    power = numpy_of_zero(cx, a, b, power);
                }
                vec![power.0, power.1]
            };
            let polar = |cx: &mut Cx| {
                let (re, im) = polar_power(cx, python, a, b);
                vec![re, im]
            };
            let words = expr::fork(cx, test, &[], &[machine, machine], repeated, polar);
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

fn is_zero(cx: &mut Cx, value: Pair) -> Value {
    let zero = cx.b.zero(cx.b.ty(value.0));
    let re = cx.b.compare(Cond::Feq, value.0, zero);
    let im = cx.b.compare(Cond::Feq, value.1, zero);
    cx.b.binary(BinaryOp::Band, re, im)
}

/// `ZeroDivisionError` where a power of zero has no value.
fn base_nonzero(cx: &mut Cx, a: Pair) {
    let zero = is_zero(cx, a);
    let ok = cx.b.not(zero);
    raise::divisor(cx, ok, "0.0 to a negative or complex power");
}

/// NumPy's powers of zero: zero for a positive exponent, one for zero, else nan.
fn numpy_of_zero(cx: &mut Cx, a: Pair, b: Pair, power: Pair) -> Pair {
    let machine = cx.b.ty(a.0);
    let zero = cx.b.zero(machine);
    let nan = cx.b.fconst(machine, f64::NAN);
    let zero_base = is_zero(cx, a);
    let zero_exponent = is_zero(cx, b);
    let exponent = cx.b.not(zero_exponent);
    let test = cx.b.binary(BinaryOp::Band, zero_base, exponent);
    let positive = cx.b.compare(Cond::Fgt, b.0, zero);
    let value = cx.b.select(positive, zero, nan);
    (cx.b.select(test, value, power.0), cx.b.select(test, value, power.1))
}

/// NumPy multiplies directly for exponents 1 to 3; elsewhere it starts from one.
fn numpy_small(cx: &mut Cx, a: Pair, exponent: Value, power: Pair) -> Pair {
    let machine = cx.b.ty(a.0);
    let square = product(cx, a, a);
    let cube = product(cx, a, square);
    let mut result = power;
    for (count, small) in [(1.0, a), (2.0, square), (3.0, cube)] {
        let count = cx.b.fconst(machine, count);
        let here = cx.b.compare(Cond::Feq, exponent, count);
        result = (cx.b.select(here, small.0, result.0), cx.b.select(here, small.1, result.1));
    }
    result
}

/// A constant whole exponent: the interpreter's multiplications, unrolled.
fn whole_power(cx: &mut Cx, ty: Scalar, a: Pair, exponent: i64) -> Pair {
    let machine = cx.b.ty(a.0);
    let one = (cx.b.fconst(machine, 1.0), cx.b.zero(machine));
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
    let machine = cx.b.ty(a.0);
    let zero = cx.b.zero(machine);
    let one = (cx.b.fconst(machine, 1.0), zero);
    let size = cx.b.math(MathFn::Abs, vec![exponent]);
    let count = cx.b.convert(ConvertOp::FloatToSint, size, Ty::I64);
    let (block, repeat) = (cx.b.reserve(), cx.b.reserve());
    cx.b.open(&[]);
    let (_, carried) = cx.b.open(&[machine, machine, machine, machine, Ty::I64]);
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
    let words = cx.b.place(block, Op::Block { body }, &[machine, machine]);
    let positive = (words[0], words[1]);
    let negative = cx.b.compare(Cond::Flt, exponent, zero);
    let inverse = |cx: &mut Cx| {
        if ty == Scalar::Complex {
            base_nonzero(cx, a);
        }
        let (re, im) = quotient(cx, ty, one, positive);
        vec![re, im]
    };
    let words = expr::fork(cx, negative, &[], &[machine, machine], inverse, |_| vec![positive.0, positive.1]);
    (words[0], words[1])
}

/// By modulus and angle, in double precision.
fn polar_power(cx: &mut Cx, python: bool, a: Pair, b: Pair) -> Pair {
    let machine = cx.b.ty(a.0);
    if machine == Ty::F32 {
        let wide = |cx: &mut Cx, (re, im): Pair| {
            (cx.b.convert(ConvertOp::Fpromote, re, Ty::F64), cx.b.convert(ConvertOp::Fpromote, im, Ty::F64))
        };
        let (a, b) = (wide(cx, a), wide(cx, b));
        let (re, im) = polar_power(cx, python, a, b);
        return (
            cx.b.convert(ConvertOp::Fdemote, re, Ty::F32),
            cx.b.convert(ConvertOp::Fdemote, im, Ty::F32),
        );
    }
    let zero = cx.b.f64(0.0);
    let one = cx.b.f64(1.0);
    let zero_base = is_zero(cx, a);
    let zero_exponent = is_zero(cx, b);
    let real_exponent = cx.b.compare(Cond::Feq, b.1, zero);
    let modulus = cx.b.math(MathFn::Hypot, vec![a.0, a.1]);
    let angle = cx.b.math(MathFn::Atan2, vec![a.1, a.0]);
    let logarithm = cx.b.math(MathFn::Log, vec![modulus]);
    let turn = mul(cx, angle, b.1);
    let phase = mul(cx, angle, b.0);
    let twist = mul(cx, b.1, logarithm);
    let twisted = add(cx, phase, twist);
    let (length, phase) = if python {
        let length = cx.b.math(MathFn::Pow, vec![modulus, b.0]);
        let shrink = cx.b.math(MathFn::Exp, vec![turn]);
        let shrunk = div(cx, length, shrink);
        (cx.b.select(real_exponent, length, shrunk), cx.b.select(real_exponent, phase, twisted))
    } else {
        // exp(b * log(a)), as the C library has it.
        let grow = mul(cx, b.0, logarithm);
        let exponent = sub(cx, grow, turn);
        (cx.b.math(MathFn::Exp, vec![exponent]), twisted)
    };
    let cos = cx.b.math(MathFn::Cos, vec![phase]);
    let sin = cx.b.math(MathFn::Sin, vec![phase]);
    let mut power = (mul(cx, length, cos), mul(cx, length, sin));
    if python {
        // Zero to a positive real power is zero; to another one an error, as is an infinite angle.
        let positive = cx.b.compare(Cond::Fgt, b.0, zero);
        let real = cx.b.binary(BinaryOp::Band, positive, real_exponent);
        let has_value = cx.b.binary(BinaryOp::Bor, real, zero_exponent);
        let size = cx.b.math(MathFn::Abs, vec![phase]);
        let infinity = cx.b.f64(f64::INFINITY);
        let turns = cx.b.compare(Cond::Fne, size, infinity);
        let ok = cx.b.select(zero_base, has_value, turns);
        raise::divisor(cx, ok, "0.0 to a negative or complex power");
        power = (cx.b.select(zero_base, zero, power.0), cx.b.select(zero_base, zero, power.1));
    } else {
        power = numpy_of_zero(cx, a, b, power);
    }
    (cx.b.select(zero_exponent, one, power.0), cx.b.select(zero_exponent, zero, power.1))
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
            // In NumPy's array loops the real parts decide only if both imaginary ones are numbers.
            let mut first = cx.b.compare(strict, lhs[0], rhs[0]);
            if !cx.map_args.is_empty() {
                for part in [lhs[1], rhs[1]] {
                    let number = cx.b.compare(Cond::Feq, part, part);
                    first = cx.b.binary(BinaryOp::Band, first, number);
                }
            }
            let same = cx.b.compare(Cond::Feq, lhs[0], rhs[0]);
            let second = cx.b.compare(condition, lhs[1], rhs[1]);
            let second = cx.b.binary(BinaryOp::Band, same, second);
            cx.b.binary(BinaryOp::Bor, first, second)
        }
    }
}
