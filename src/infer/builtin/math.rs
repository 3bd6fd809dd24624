//! The functions of `math` and `cmath`: Python's results and errors.
//!
//! In: numbers of either family. Out: HIR on Python floats and ints. Invariant: arguments are converted as
//! CPython converts them (`__float__`, `__index__`).

use crate::builtin::MathFn;
use crate::diag::{Code, Result, Span};
use crate::hir::{BinaryOp, Convert, Domain, Expr, ExprKind, Prim};
use crate::infer::arith::convert::{cast, convert, seq};
use crate::infer::arith::map::element;
use crate::infer::arith::{index_value, raw_binary, shape_of, type_name};
use crate::infer::builtin::args::Args;
use crate::infer::builtin::python::int_const;
use crate::infer::cx::Cx;
use crate::types::{Kind, Scalar, Type};

/// An argument as a Python float.
pub fn float_arg(cx: &mut Cx, value: Expr) -> Result<Expr> {
    let span = value.span;
    match &value.ty {
        Type::Scalar(s) if s.kind() != Kind::Complex => Ok(convert(value, Scalar::Float)),
        Type::Array(array) if array.ndim == 0 && array.elem.kind() != Kind::Complex => {
            Ok(convert(element(value, Vec::new()), Scalar::Float))
        }
        Type::Array(_) => {
            let message = "only 0-dimensional arrays can be converted to Python scalars";
            let error =
                cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(&value.ty)));
            Err(Box::new(error.help("use the function of the same name in numpy for arrays")))
        }
        other @ (Type::None
        | Type::Scalar(_)
        | Type::Tuple(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!("must be real number, not {}", type_name(other));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(other))))
        }
    }
}

fn float_args(cx: &mut Cx, args: Vec<Expr>) -> Result<Vec<Expr>> {
    args.into_iter().map(|arg| float_arg(cx, arg)).collect()
}

/// A call of a libm function on Python floats, with the errors of `math`.
pub fn libm(func: MathFn, args: Vec<Expr>, span: Span) -> Expr {
    Expr::new(ExprKind::Math { func, domain: Domain::Python, args }, Type::FLOAT, span)
}

/// `math.sqrt(x)`, `math.atan2(y, x)`...
pub fn function(cx: &mut Cx, func: MathFn, call: Args) -> Result<Expr> {
    let (span, name) = (call.span, call.name);
    let args = call.positional(cx)?;
    if args.len() != func.arity() {
        let expected = match func.arity() {
            1 => "exactly one argument".to_string(),
            arity => format!("exactly {arity} arguments"),
        };
        let message = format!("math.{name}() takes {expected} ({} given)", args.len());
        return Err(cx.error(Code::BadCall, span, message, "called here"));
    }
    let args = float_args(cx, args)?;
    Ok(libm(func, args, span))
}

/// `math.floor`, `math.ceil`, `math.trunc`: a Python int.
pub fn round(cx: &mut Cx, kind: Convert, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    match value.ty.scalar() {
        Some(Scalar::Int | Scalar::Bool) => Ok(convert(value, Scalar::Int)),
        Some(s) if kind == Convert::Int && !matches!(s, Scalar::Float | Scalar::F64) => {
            let message = format!("type {} doesn't define __trunc__ method", type_name(&value.ty));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(&value.ty))))
        }
        // Wider ones become floats first, as they have no method of their own for it.
        Some(s) if matches!(s.kind(), Kind::Signed | Kind::Unsigned) && s.bytes() < 8 => {
            index_value(cx, value, span)
        }
        _ => Ok(cast(float_arg(cx, value)?, Scalar::Int, kind)),
    }
}

/// `math.isnan(x)`...: a Python bool.
pub fn test(cx: &mut Cx, prim: Prim, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    let value = float_arg(cx, value)?;
    Ok(Expr::new(ExprKind::Prim { prim, args: vec![value] }, Type::BOOL, span))
}

/// `math.log(x[, base])`: the quotient of two natural logarithms, as in CPython.
pub fn log(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, base] = call.bind(cx, ["x", "base"], 1)?;
    let value = float_arg(cx, value.expect("required"))?;
    let log = libm(MathFn::Log, vec![value], span);
    let Some(base) = base else { return Ok(log) };
    let base = float_arg(cx, base)?;
    Ok(raw_binary(BinaryOp::TrueDiv, log, libm(MathFn::Log, vec![base], span), Scalar::Float, span))
}

/// `math.hypot(*coordinates)`.
pub fn hypot(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let args = call.positional(cx)?;
    let args = float_args(cx, args)?;
    if args.len() == 2 && cx.options.fastmath.afn {
        return Ok(libm(MathFn::Hypot, args, span));
    }
    cx.call_prelude("math_norm", vec![crate::infer::arith::tuple(args, span)], span)
}

/// `math.nextafter(x, y, *, steps=None)`.
pub fn next_after(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [x, y, steps] = call.bind(cx, ["x", "y", "steps"], 2)?;
    if let Some(steps) = steps {
        let message = "math.nextafter() with steps= is not known to fastjit";
        return Err(cx.error(Code::UnsupportedFunction, steps.span, message, "given here"));
    }
    let args = float_args(cx, vec![x.expect("required"), y.expect("required")])?;
    Ok(Expr::new(ExprKind::Prim { prim: Prim::NextAfter, args }, Type::FLOAT, span))
}

/// `math.degrees`, `math.radians`.
pub fn scale(cx: &mut Cx, factor: f64, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    let value = float_arg(cx, value)?;
    let factor = crate::infer::builtin::python::float_const(factor, span);
    Ok(raw_binary(BinaryOp::Mul, value, factor, Scalar::Float, span))
}

/// An argument as a Python int (`__index__`).
fn int_args(cx: &mut Cx, args: Vec<Expr>, span: Span) -> Result<Vec<Expr>> {
    args.into_iter().map(|arg| index_value(cx, arg, span)).collect()
}

/// `math.gcd(*ints)`, `math.lcm(*ints)`.
pub fn fold_int(cx: &mut Cx, prelude: &str, call: Args) -> Result<Expr> {
    let span = call.span;
    let args = call.positional(cx)?;
    let mut args = int_args(cx, args, span)?.into_iter();
    let Some(first) = args.next() else {
        return Ok(int_const(if prelude == "math_gcd" { 0 } else { 1 }, span));
    };
    // One argument: its absolute value, as the function with itself gives.
    let (stmt, first) = cx.once("first", first);
    let mut result = cx.call_prelude(prelude, vec![first.clone(), first], span)?;
    for next in args {
        result = cx.call_prelude(prelude, vec![result, next], span)?;
    }
    Ok(seq(stmt.into_iter().collect(), result))
}

/// `math.comb(n, k)`, `math.factorial(n)`, `math.isqrt(n)`, `math.perm(n[, k])`.
pub fn int_function(cx: &mut Cx, prelude: &str, call: Args) -> Result<Expr> {
    let span = call.span;
    let mut args = call.positional(cx)?;
    // perm(n) and perm(n, None) are factorial(n).
    let factorial =
        prelude == "math_perm" && (args.len() == 1 || args.get(1).is_some_and(|k| k.ty == Type::None));
    if factorial {
        args.truncate(1);
    }
    let args = int_args(cx, args, span)?;
    cx.call_prelude(if factorial { "math_factorial" } else { prelude }, args, span)
}

/// A prelude function of floats.
pub fn float_function(cx: &mut Cx, prelude: &str, call: Args) -> Result<Expr> {
    let span = call.span;
    let args = call.positional(cx)?;
    let args = float_args(cx, args)?;
    cx.call_prelude(prelude, args, span)
}

/// `cmath.name(...)`: arguments are complex numbers, save those of `rect` and the tolerances of `isclose`.
pub fn cmath(cx: &mut Cx, prelude: &str, call: Args) -> Result<Expr> {
    let span = call.span;
    if prelude == "cmath_isclose" {
        let [a, b, relative, absolute] = call.bind(cx, ["a", "b", "rel_tol", "abs_tol"], 2)?;
        let float = |value: Option<Expr>, default: f64| {
            value.unwrap_or_else(|| super::python::float_const(default, span))
        };
        let a = complex_arg(cx, a.expect("required"))?;
        let b = complex_arg(cx, b.expect("required"))?;
        let relative = float_arg(cx, float(relative, 1e-9))?;
        let absolute = float_arg(cx, float(absolute, 0.0))?;
        return cx.call_prelude(prelude, vec![a, b, relative, absolute], span);
    }
    let args = call.positional(cx)?;
    let reals = prelude == "cmath_rect";
    let args: Result<Vec<Expr>> =
        args.into_iter().map(|arg| if reals { float_arg(cx, arg) } else { complex_arg(cx, arg) }).collect();
    let mut args = args?;
    if prelude == "cmath_log" && args.len() == 2 {
        let base = args.pop().expect("two arguments");
        let over = cx.call_prelude(prelude, args, span)?;
        let under = cx.call_prelude(prelude, vec![base], span)?;
        return Ok(raw_binary(BinaryOp::TrueDiv, over, under, Scalar::Complex, span));
    }
    cx.call_prelude(prelude, args, span)
}

fn complex_arg(cx: &mut Cx, value: Expr) -> Result<Expr> {
    let span = value.span;
    if value.ty.scalar().is_some() {
        return Ok(convert(value, Scalar::Complex));
    }
    let message = format!("must be complex number, not {}", type_name(&value.ty));
    Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(&value.ty))))
}
