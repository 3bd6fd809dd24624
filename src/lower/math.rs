//! Functions of `math` and NumPy on scalar floats, with Python's errors around them.
//!
//! In: words of the arguments. Out: the word of the result. Invariant: with `Domain::Python` exactly the
//! arguments raise for which CPython's `math` raises, but for those whose results `nnan` and `ninf` rule out.

use crate::hir::{Domain, ExcKind, Prim};
use crate::lower::cx::Cx;
use crate::lower::{convert, expr};
use crate::mir::{BinaryOp, Cond, ConvertOp, MathFn, RuntimeFn, Ty, UnaryOp, Value};
use crate::types::{Kind, Scalar};

/// `func(args)`.
pub fn lower(cx: &mut Cx, func: MathFn, domain: Domain, args: &[Value]) -> Value {
    match domain {
        Domain::Numpy => cx.b.math_near(func, args.to_vec()),
        Domain::Python => python(cx, func, args),
    }
}

/// Elsewhere the result is nan, or if `pole` infinite for some arguments.
fn domain_error(cx: &mut Cx, ok: Value, pole: bool) {
    let licence = cx.options().fastmath;
    if licence.nnan && (licence.ninf || !pole) {
        return;
    }
    cx.guard(ok, ExcKind::Value, "math domain error", &[]);
}

fn range_error(cx: &mut Cx, ok: Value) {
    cx.guard(ok, ExcKind::Overflow, "math range error", &[]);
}

/// `!(value cond bound)`: true for nan.
fn not(cx: &mut Cx, cond: Cond, value: Value, bound: f64) -> Value {
    let bound = cx.b.f64(bound);
    let fails = cx.b.compare(cond, value, bound);
    cx.b.not(fails)
}

fn size(cx: &mut Cx, value: Value) -> Value {
    cx.b.math(MathFn::Abs, vec![value])
}

fn or(cx: &mut Cx, a: Value, b: Value) -> Value {
    cx.b.binary(BinaryOp::Bor, a, b)
}

fn and(cx: &mut Cx, a: Value, b: Value) -> Value {
    cx.b.binary(BinaryOp::Band, a, b)
}

fn finite(cx: &mut Cx, value: Value) -> Value {
    let infinity = cx.b.f64(f64::INFINITY);
    let value = size(cx, value);
    cx.b.compare(Cond::Flt, value, infinity)
}

fn infinite(cx: &mut Cx, value: Value) -> Value {
    let infinity = cx.b.f64(f64::INFINITY);
    let value = size(cx, value);
    cx.b.compare(Cond::Feq, value, infinity)
}

fn python(cx: &mut Cx, func: MathFn, args: &[Value]) -> Value {
    let x = args[0];
    // What must hold before the call.
    match func {
        MathFn::Sqrt => {
            let ok = not(cx, Cond::Flt, x, 0.0);
            domain_error(cx, ok, false);
        }
        MathFn::Log | MathFn::Log2 | MathFn::Log10 => {
            let ok = not(cx, Cond::Fle, x, 0.0);
            domain_error(cx, ok, true);
        }
        MathFn::Log1p => {
            let ok = not(cx, Cond::Fle, x, -1.0);
            domain_error(cx, ok, true);
        }
        MathFn::Sin | MathFn::Cos | MathFn::Tan => {
            let x = size(cx, x);
            let ok = not(cx, Cond::Feq, x, f64::INFINITY);
            domain_error(cx, ok, false);
        }
        MathFn::Asin | MathFn::Acos => {
            let x = size(cx, x);
            let ok = not(cx, Cond::Fgt, x, 1.0);
            domain_error(cx, ok, false);
        }
        MathFn::Acosh => {
            let ok = not(cx, Cond::Flt, x, 1.0);
            domain_error(cx, ok, false);
        }
        MathFn::Atanh => {
            let x = size(cx, x);
            let ok = not(cx, Cond::Fge, x, 1.0);
            domain_error(cx, ok, true);
        }
        MathFn::Gamma | MathFn::Lgamma => poles(cx, func, x),
        MathFn::Floor
        | MathFn::Ceil
        | MathFn::Trunc
        | MathFn::Rint
        | MathFn::Abs
        | MathFn::CopySign
        | MathFn::Exp
        | MathFn::Exp2
        | MathFn::Expm1
        | MathFn::Atan
        | MathFn::Atan2
        | MathFn::Sinh
        | MathFn::Cosh
        | MathFn::Tanh
        | MathFn::Asinh
        | MathFn::Pow
        | MathFn::Cbrt
        | MathFn::Hypot
        | MathFn::Fmod
        | MathFn::Erf
        | MathFn::Erfc
        | MathFn::NextAfter
        | MathFn::Remainder
        | MathFn::Fma => {}
    }
    let result = cx.b.math(func, args.to_vec());
    // What must hold after it.
    match func {
        MathFn::Exp
        | MathFn::Exp2
        | MathFn::Expm1
        | MathFn::Sinh
        | MathFn::Cosh
        | MathFn::Gamma
        | MathFn::Lgamma => {
            let result_infinite = infinite(cx, result);
            let fine = cx.b.not(result_infinite);
            let given = infinite(cx, x);
            let ok = or(cx, fine, given);
            range_error(cx, ok);
        }
        MathFn::Fmod | MathFn::Remainder => {
            let number = cx.b.compare(Cond::Feq, result, result);
            let nan_x = cx.b.compare(Cond::Fne, x, x);
            let nan_y = cx.b.compare(Cond::Fne, args[1], args[1]);
            let nan = or(cx, nan_x, nan_y);
            let ok = or(cx, number, nan);
            domain_error(cx, ok, false);
        }
        MathFn::Pow => {
            let fine = finite(cx, result);
            expr::unless(cx, fine, |cx| pow_errors(cx, x, args[1], result));
        }
        MathFn::Fma => {
            let fine = finite(cx, result);
            expr::unless(cx, fine, |cx| fma_errors(cx, args, result));
        }
        MathFn::Sqrt
        | MathFn::Floor
        | MathFn::Ceil
        | MathFn::Trunc
        | MathFn::Rint
        | MathFn::Abs
        | MathFn::CopySign
        | MathFn::Log
        | MathFn::Log2
        | MathFn::Log10
        | MathFn::Log1p
        | MathFn::Sin
        | MathFn::Cos
        | MathFn::Tan
        | MathFn::Asin
        | MathFn::Acos
        | MathFn::Atan
        | MathFn::Atan2
        | MathFn::Tanh
        | MathFn::Asinh
        | MathFn::Acosh
        | MathFn::Atanh
        | MathFn::Cbrt
        | MathFn::Hypot
        | MathFn::Erf
        | MathFn::Erfc
        | MathFn::NextAfter => {}
    }
    result
}

/// The poles of the gamma functions: whole numbers up to zero; minus infinity for `gamma` only.
fn poles(cx: &mut Cx, func: MathFn, x: Value) {
    let ok = not(cx, Cond::Fle, x, 0.0);
    let floor = cx.b.math(MathFn::Floor, vec![x]);
    let between = cx.b.compare(Cond::Fne, floor, x);
    let mut ok = or(cx, ok, between);
    if func == MathFn::Lgamma {
        let least = cx.b.f64(f64::NEG_INFINITY);
        let end = cx.b.compare(Cond::Feq, x, least);
        ok = or(cx, ok, end);
    }
    domain_error(cx, ok, true);
}

/// `math.pow` gave no finite result.
fn pow_errors(cx: &mut Cx, x: Value, y: Value, result: Value) {
    let zero = cx.b.f64(0.0);
    let finite_x = finite(cx, x);
    let finite_y = finite(cx, y);
    let both = and(cx, finite_x, finite_y);
    let special = cx.b.not(both);
    let nonzero = cx.b.compare(Cond::Fne, x, zero);
    let number = cx.b.compare(Cond::Feq, result, result);
    let regular = and(cx, nonzero, number);
    if cx.python_minor() < 11 {
        // There, zero to minus infinity is an error too.
        let nan = cx.b.compare(Cond::Fne, y, y);
        let excused = and(cx, special, nonzero);
        let excused = or(cx, excused, nan);
        let ok = or(cx, regular, excused);
        domain_error(cx, ok, true);
    } else {
        let ok = or(cx, regular, special);
        domain_error(cx, ok, true);
    }
    range_error(cx, special);
}

fn fma_errors(cx: &mut Cx, args: &[Value], result: Value) {
    let mut all = None;
    let mut nan = None;
    for arg in args {
        let is_finite = finite(cx, *arg);
        let is_nan = cx.b.compare(Cond::Fne, *arg, *arg);
        all = Some(all.map_or(is_finite, |before| and(cx, before, is_finite)));
        nan = Some(nan.map_or(is_nan, |before| or(cx, before, is_nan)));
    }
    let (Some(all), Some(nan)) = (all, nan) else { return };
    let number = cx.b.compare(Cond::Feq, result, result);
    let ok = or(cx, number, nan);
    cx.guard(ok, ExcKind::Value, "invalid operation in fma", &[]);
    let special = cx.b.not(all);
    cx.guard(special, ExcKind::Overflow, "overflow in fma", &[]);
}

/// Primitive operations on scalars: `args` of type `ty`, the result of type `to`.
pub fn primitive(cx: &mut Cx, prim: Prim, ty: Scalar, to: Scalar, args: &[Value]) -> Value {
    let x = args[0];
    let machine = ty.machine();
    match prim {
        Prim::RoundPython => {
            let result = runtime(cx, RuntimeFn::RoundPython, args);
            let fine = finite(cx, result);
            expr::unless(cx, fine, |cx| {
                let given = finite(cx, x);
                let ok = cx.b.not(given);
                cx.guard(ok, ExcKind::Overflow, "rounded value too large to represent", &[]);
            });
            result
        }
        Prim::RoundNumpy if machine == Ty::F32 => {
            let wide = cx.b.convert(ConvertOp::Fpromote, x, Ty::F64);
            let result = runtime(cx, RuntimeFn::RoundNumpy, &[wide, args[1]]);
            cx.b.convert(ConvertOp::Fdemote, result, Ty::F32)
        }
        Prim::RoundNumpy => runtime(cx, RuntimeFn::RoundNumpy, args),
        Prim::NextAfter => cx.b.math(MathFn::NextAfter, args.to_vec()),
        Prim::IsNan => cx.b.compare(Cond::Fne, x, x),
        Prim::IsInf | Prim::IsFinite => {
            let infinity = cx.b.fconst(machine, f64::INFINITY);
            let value = cx.b.math(MathFn::Abs, vec![x]);
            cx.b.compare(if prim == Prim::IsInf { Cond::Feq } else { Cond::Flt }, value, infinity)
        }
        Prim::SignBit => {
            let bits = integer_of(machine);
            let value = cx.b.convert(ConvertOp::Bitcast, x, bits);
            let zero = cx.b.zero(bits);
            cx.b.compare(Cond::Slt, value, zero)
        }
        Prim::PopCount => {
            let value = if ty.kind() == Kind::Signed {
                // The bits of the absolute value; that of the smallest number is its own pattern.
                let zero = cx.b.zero(machine);
                let negative = cx.b.compare(Cond::Slt, x, zero);
                let opposite = cx.b.unary(UnaryOp::Ineg, x);
                cx.b.select(negative, opposite, x)
            } else {
                x
            };
            let count = cx.b.unary(UnaryOp::Popcnt, value);
            convert::cast(cx, unsigned(ty), to, &[count])[0]
        }
        Prim::Bits | Prim::FromBits => cx.b.convert(ConvertOp::Bitcast, x, to.machine()),
        Prim::Same
        | Prim::IsContiguous
        | Prim::AssumeContiguous
        | Prim::GetNumThreads
        | Prim::SetNumThreads
        | Prim::GetThreadId
        | Prim::MayOverlap
        | Prim::MatMul
        | Prim::Retype => panic!("{prim:?} is not an operation on scalars"),
    }
}

fn runtime(cx: &mut Cx, func: RuntimeFn, args: &[Value]) -> Value {
    cx.b.runtime(func, args.to_vec(), Some(Ty::F64)).expect("invariant: the function has a result")
}

fn integer_of(float: Ty) -> Ty {
    if float == Ty::F32 { Ty::I32 } else { Ty::I64 }
}

/// The unsigned type of an integer type's width.
fn unsigned(ty: Scalar) -> Scalar {
    match ty.machine() {
        Ty::I8 | Ty::Bool => Scalar::U8,
        Ty::I16 => Scalar::U16,
        Ty::I32 => Scalar::U32,
        Ty::I64 | Ty::F32 | Ty::F64 | Ty::Ptr => Scalar::U64,
    }
}
