//! Python's builtin functions and number classes, and the primitives of the prelude.
//!
//! In: typed arguments. Out: HIR. Invariant: Python's results for Python numbers, NumPy's for NumPy's.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{CompareOp, Const, Convert, Expr, ExprKind, Prim};
use crate::infer::arith::compare::{bool_const, values};
use crate::infer::arith::convert::{
    after, cast, coerce, convert, discard, fits, item_exprs, numpy_name, seq, with_items,
};
use crate::infer::arith::map::{elem_type, element, elementwise};
use crate::infer::arith::{self, index_value, shape_of, truth, type_name};
use crate::infer::builtin::args::Args;
use crate::infer::builtin::names::{self, Builtin, Class};
use crate::infer::builtin::{attr, create};
use crate::infer::choice::Choice;
use crate::infer::cx::Cx;
use crate::infer::flow::{Known, keeps};
use crate::infer::operand::Operand;
use crate::types::promote::{join, result_type};
use crate::types::{Dtype, Form, Kind, Scalar, Type};

/// A constant Python int.
pub fn int_const(value: i64, span: Span) -> Expr {
    Expr::new(ExprKind::Const(Const::Int(value)), Type::INT, span)
}

/// A constant Python float.
pub fn float_const(value: f64, span: Span) -> Expr {
    Expr::new(ExprKind::Const(Const::Float(value)), Type::FLOAT, span)
}

pub fn len(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    match &value.ty {
        Type::Array(array) if array.ndim > 0 => Ok(attr::dimension(value, 0, span)),
        Type::Tuple(items) => {
            let count = int_const(items.len() as i64, span);
            Ok(discard(value, count))
        }
        Type::Str(text) => Ok(int_const(text.chars().count() as i64, span)),
        Type::Array(_) => Err(cx.error(Code::TypeMismatch, span, "len() of unsized object", "a 0-D array")),
        other @ (Type::None
        | Type::Scalar(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!("object of type '{}' has no len()", type_name(other));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(other))))
        }
    }
}

/// `min` (or `max`) of several values, a tuple or a 1-D array.
pub fn extremum(cx: &mut Cx, call: Args, least: bool) -> Result<Expr> {
    let span = call.span;
    let name = call.name;
    let mut default = None;
    let mut args = call.args;
    for (keyword, value) in call.keywords {
        if keyword != "default" {
            let message = format!("the keyword argument '{keyword}' of {name}() is not known to fastjit");
            let error = cx.error(Code::BadCall, span, message, "in this call");
            return Err(Box::new(error.help("write a loop that keeps the best so far")));
        }
        default = Some(value);
    }
    let mut stmts = Vec::new();
    if args.len() == 1 {
        let only = args.remove(0);
        match &only.ty {
            Type::Tuple(items) if items.is_empty() => {
                return match default {
                    Some(default) => Ok(default),
                    None => {
                        let message = format!("{name}() arg is an empty sequence");
                        Err(cx.error(Code::TypeMismatch, span, message, "an empty tuple"))
                    }
                };
            }
            Type::Tuple(_) => {
                let (stmt, tuple) = cx.once("tuple", only);
                stmts.extend(stmt);
                args = item_exprs(&tuple, span);
            }
            Type::Array(array) if array.ndim == 1 => {
                let function = if least { "builtin_min" } else { "builtin_max" };
                let mut args = vec![only];
                args.extend(default);
                let function = if args.len() == 2 { format!("{function}_default") } else { function.into() };
                return cx.call_prelude(&function, args, span);
            }
            other @ (Type::None
            | Type::Scalar(_)
            | Type::Array(_)
            | Type::Str(_)
            | Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never) => {
                let message = format!("'{}' object is not iterable", type_name(other));
                return Err(cx.error(
                    Code::TypeMismatch,
                    span,
                    message,
                    format!("this is {}", shape_of(other)),
                ));
            }
        }
    }
    let mut args = args.into_iter();
    let Some(mut best) = args.next() else {
        let message = format!("{name} expected at least 1 argument, got 0");
        return Err(cx.error(Code::BadCall, span, message, "called here"));
    };
    let op = if least { CompareOp::Lt } else { CompareOp::Gt };
    // The types that the result may have, and the choice that it is, if it is one alone.
    let mut types = vec![(best.ty.clone(), cx.known_of(&best))];
    let mut choice = None;
    for next in args {
        let next_type = (next.ty.clone(), cx.known_of(&next));
        let (first, a) = cx.once("best", best);
        let (second, b) = cx.once("next", next);
        stmts.extend(first);
        stmts.extend(second);
        let test = values(cx, op, b.clone(), a.clone(), span)?;
        let test = truth(cx, test, span)?;
        if let ExprKind::Const(Const::Bool(known)) = *test.kind {
            best = if known { b } else { a };
            if known {
                types = vec![next_type];
                choice = None;
            }
            continue;
        }
        let alone = types.len() == 1;
        if !types.contains(&next_type) {
            types.push(next_type);
        }
        if a.ty == b.ty {
            let ty = a.ty.clone();
            best = Expr::new(ExprKind::IfExp { test, then: b, orelse: a }, ty, span);
            choice = None;
        } else {
            check_common(cx, &a, &b, name, span)?;
            let (then, orelse) = (Operand::single(b), Operand::single(a));
            let arms = Choice { before: std::mem::take(&mut stmts), test, then, orelse };
            let operand = cx.choice(arms, span);
            best = operand.value.clone().expect("the types have a common one");
            choice = operand.choice.filter(|_| alone);
        }
        if stmts.len() > 24 {
            best = seq(std::mem::take(&mut stmts), best);
        }
    }
    let value = seq(stmts, best);
    if types.iter().any(|(ty, _)| *ty != types[0].0) {
        for (ty, known) in &mut types {
            known.checked(ty, &value.ty);
        }
        let value = Some(value.clone());
        cx.frame.chosen = Some(Operand { value, types, name: None, choice, known: Known::Nothing, span });
    }
    Ok(value)
}

/// Refuses a choice between two types whose common type does not hold the value of each.
fn check_common(cx: &mut Cx, a: &Expr, b: &Expr, name: &str, span: Span) -> Result<()> {
    let Some(ty) = join(&a.ty, &b.ty) else {
        let message =
            format!("{name}() of values of types '{}' and '{}'", type_name(&a.ty), type_name(&b.ty));
        return Err(cx.error(Code::UnstableType, span, message, "these have no common type"));
    };
    for (value, other) in [(a, b), (b, a)] {
        if !keeps(&value.ty, &ty, cx.known_of(value)) {
            let (from, other) = (type_name(&value.ty), type_name(&other.ty));
            let message = format!("{name}() of '{from}' and '{other}' has a type that depends on the values");
            let error = cx.error(Code::UnstableType, span, message, "one of these is returned as it is");
            let help = format!("convert one of them first, such as {}(...)", ty_call(&ty));
            return Err(Box::new(error.help(help)));
        }
    }
    Ok(())
}

fn ty_call(ty: &Type) -> String {
    match ty.scalar() {
        Some(s) if !s.is_python() => format!("np.{}", numpy_name(s)),
        _ => type_name(ty),
    }
}

pub fn abs(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    let table = if value.ty.array().is_some() { "absolute" } else { "abs" };
    arith::absolute(cx, table, value, span)
}

pub fn round(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, digits] = call.bind(cx, ["number", "ndigits"], 1)?;
    let value = value.expect("required");
    let Some(scalar) = value.ty.scalar() else {
        let digits = digits.unwrap_or_else(|| int_const(0, span));
        if value.ty.array().is_some() {
            return super::ufunc::round_to(cx, value, digits, span);
        }
        let message = format!("type {} doesn't define __round__ method", type_name(&value.ty));
        return Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(&value.ty))));
    };
    let Some(digits) = digits else {
        return match scalar.kind() {
            Kind::Float => Ok(cast(convert(value, Scalar::Float), Scalar::Int, Convert::Round)),
            Kind::Bool | Kind::Signed | Kind::Unsigned if scalar != Scalar::NpBool => {
                index_value(cx, value, span)
            }
            Kind::Bool | Kind::Signed | Kind::Unsigned | Kind::Complex => {
                let message = format!("type {} doesn't define __round__ method", type_name(&value.ty));
                Err(cx.error(Code::TypeMismatch, span, message, "rounded here"))
            }
        };
    };
    let digits = index_value(cx, digits, span)?;
    match scalar {
        Scalar::Float => {
            let kind = ExprKind::Prim { prim: Prim::RoundPython, args: vec![value, digits] };
            Ok(Expr::new(kind, Type::FLOAT, span))
        }
        Scalar::Int | Scalar::Bool => {
            let value = convert(value, Scalar::Int);
            cx.call_prelude("round_int", vec![value, digits], span)
        }
        Scalar::Complex
        | Scalar::NpBool
        | Scalar::I8
        | Scalar::I16
        | Scalar::I32
        | Scalar::I64
        | Scalar::U8
        | Scalar::U16
        | Scalar::U32
        | Scalar::U64
        | Scalar::F32
        | Scalar::F64
        | Scalar::C64
        | Scalar::C128 => super::ufunc::round_to(cx, value, digits, span),
    }
}

pub fn pow(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [base, exp, modulus] = call.bind(cx, ["base", "exp", "mod"], 2)?;
    let (base, exp) = (base.expect("required"), exp.expect("required"));
    match modulus {
        None => arith::binary(cx, ast::BinaryOp::Pow, base, exp, span),
        Some(modulus) => {
            let mut ints = Vec::new();
            for value in [base, exp, modulus] {
                ints.push(python_int(cx, value, "pow() with a third argument", span)?);
            }
            cx.call_prelude("pow_mod", ints, span)
        }
    }
}

/// A Python int (or bool) argument.
fn python_int(cx: &mut Cx, value: Expr, what: &str, span: Span) -> Result<Expr> {
    match value.ty.scalar() {
        Some(Scalar::Int | Scalar::Bool) => Ok(convert(value, Scalar::Int)),
        _ => {
            let message = format!("{what} takes ints, not '{}'", type_name(&value.ty));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(&value.ty))))
        }
    }
}

pub fn divmod(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [a, b] = call.exactly(cx)?;
    let scalar = |e: &Expr| e.ty.scalar();
    if let (Some(x), Some(y)) = (scalar(&a), scalar(&b))
        && x.is_python()
        && y.is_python()
        && (x == Scalar::Float || y == Scalar::Float)
        && x != Scalar::Complex
        && y != Scalar::Complex
    {
        let args = vec![convert(a, Scalar::Float), convert(b, Scalar::Float)];
        return cx.call_prelude("divmod_float", args, span);
    }
    let (first, a) = cx.once("dividend", a);
    let (second, b) = cx.once("divisor", b);
    let quotient = arith::binary(cx, ast::BinaryOp::FloorDiv, a.clone(), b.clone(), span)?;
    let rest = arith::binary(cx, ast::BinaryOp::Mod, a, b, span)?;
    Ok(seq(first.into_iter().chain(second).collect(), arith::tuple(vec![quotient, rest], span)))
}

pub fn sum(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [iterable, start] = call.bind(cx, ["iterable", "start"], 1)?;
    let iterable = iterable.expect("required");
    let start = start.unwrap_or_else(|| int_const(0, span));
    match &iterable.ty {
        Type::Tuple(items) => {
            let floats = items.iter().filter(|ty| **ty == Type::FLOAT).count();
            let python = items.iter().all(|ty| matches!(ty, Type::Scalar(s) if s.is_python()));
            let (stmt, tuple) = cx.once("tuple", iterable);
            let items = item_exprs(&tuple, span);
            // Python 3.12 and later compensate the rounding of floats.
            if floats > 1 && python && cx.env.python_minor >= 12 {
                let mut args = items;
                args.push(start);
                let floats: Vec<Expr> = args.into_iter().map(|e| convert(e, Scalar::Float)).collect();
                let total = cx.call_prelude("sum_compensated", vec![arith::tuple(floats, span)], span)?;
                return Ok(after(stmt, total));
            }
            let mut total = start;
            for item in items {
                total = arith::binary(cx, ast::BinaryOp::Add, total, item, span)?;
            }
            Ok(after(stmt, total))
        }
        Type::Array(array) if array.ndim == 1 => cx.call_prelude("builtin_sum", vec![iterable, start], span),
        Type::Array(array) if array.ndim > 1 => {
            cx.call_prelude("builtin_sum_rows", vec![iterable, start], span)
        }
        other @ (Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!("'{}' object is not iterable", type_name(other));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(other))))
        }
    }
}

pub fn any_all(cx: &mut Cx, call: Args, any: bool) -> Result<Expr> {
    let span = call.span;
    let [iterable] = call.exactly(cx)?;
    match &iterable.ty {
        Type::Tuple(_) => {
            let (stmt, tuple) = cx.once("tuple", iterable);
            let mut result = bool_const(!any, span);
            for item in item_exprs(&tuple, span).into_iter().rev() {
                let test = truth(cx, item, span)?;
                let kind = if any { ExprKind::Or(test, result) } else { ExprKind::And(test, result) };
                result = Expr::new(kind, Type::BOOL, span);
            }
            Ok(after(stmt, result))
        }
        Type::Array(array) if array.ndim == 1 => {
            cx.call_prelude(if any { "builtin_any" } else { "builtin_all" }, vec![iterable], span)
        }
        other @ (Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!("'{}' object is not iterable here", type_name(other));
            let error = cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(other)));
            Err(Box::new(error.help("for an array use a.any() or a.all()")))
        }
    }
}

pub fn tuple(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let args = call.positional(cx)?;
    match args.as_slice() {
        [] => Ok(arith::tuple(Vec::new(), span)),
        [only] if matches!(only.ty, Type::Tuple(_)) => {
            Ok(with_items(cx, only.clone(), |_cx, items| arith::tuple(items, span)))
        }
        _ => {
            let message = "tuple() of anything but a tuple needs a length known at compile time";
            Err(cx.error(Code::NotConstant, span, message, "called here"))
        }
    }
}

pub fn isinstance(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, class] = call.exactly(cx)?;
    let Some(known) = instance_of(&value.ty, &class.ty) else {
        let message = "isinstance() arg 2 must be a type or tuple of types known to the compiler";
        return Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(&class.ty))));
    };
    Ok(discard(value, bool_const(known, span)))
}

fn instance_of(value: &Type, class: &Type) -> Option<bool> {
    match class {
        Type::Tuple(classes) => {
            classes.iter().try_fold(false, |found, class| Some(found | instance_of(value, class)?))
        }
        Type::Dtype(Dtype::Class(class)) => Some(match (value.scalar(), class) {
            (Some(s), class) if s == *class => true,
            (Some(Scalar::Bool), Scalar::Int)
            | (Some(Scalar::F64), Scalar::Float)
            | (Some(Scalar::C128), Scalar::Complex) => true,
            _ => false,
        }),
        Type::Builtin(index) => {
            let Builtin::Class(class) = names::get(*index) else { return None };
            Some(instance_of_class(value, class))
        }
        Type::Dtype(Dtype::Described(_))
        | Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Str(_)
        | Type::Module(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => None,
    }
}

fn instance_of_class(value: &Type, class: Class) -> bool {
    let kind = value.scalar().filter(|s| !s.is_python()).map(Scalar::kind);
    let is = |kinds: &[Kind]| kind.is_some_and(|kind| kinds.contains(&kind));
    match class {
        Class::Tuple => matches!(value, Type::Tuple(items) if items.form == Form::Tuple),
        Class::Str => matches!(value, Type::Str(_)),
        Class::Ndarray => matches!(value, Type::Array(_)),
        Class::Generic => kind.is_some(),
        Class::Number => is(&[Kind::Signed, Kind::Unsigned, Kind::Float, Kind::Complex]),
        Class::Integer => is(&[Kind::Signed, Kind::Unsigned]),
        Class::Signed => is(&[Kind::Signed]),
        Class::Unsigned => is(&[Kind::Unsigned]),
        Class::Inexact => is(&[Kind::Float, Kind::Complex]),
        Class::Floating => is(&[Kind::Float]),
        Class::ComplexFloating => is(&[Kind::Complex]),
    }
}

pub fn isscalar(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    let known = bool_const(matches!(value.ty, Type::Scalar(_) | Type::Str(_)), span);
    Ok(discard(value, known))
}

/// `dtype(args)`: `np.float32(x)`, `float(x)`, `int(x)`, `bool(x)`, `complex(re, im)`.
pub fn construct(cx: &mut Cx, dtype: Scalar, args: Vec<Expr>, span: Span) -> Result<Expr> {
    if dtype.kind() == Kind::Complex && args.len() == 2 && dtype.is_python() {
        return complex(cx, args, span);
    }
    if args.len() > 1 {
        let message = format!("{}() takes at most one argument here", constructor(dtype));
        return Err(cx.error(Code::BadCall, span, message, "called here"));
    }
    let Some(value) = args.into_iter().next() else {
        return Ok(zero(dtype, span));
    };
    match &value.ty {
        Type::Str(text) => match parse_number(text, dtype) {
            Some(number) => Ok(Expr::new(ExprKind::Const(number), Type::Scalar(dtype), span)),
            None => {
                let message = format!("'{text}' cannot be converted to {} here", constructor(dtype));
                Err(cx.error(Code::TypeMismatch, span, message, "this text"))
            }
        },
        Type::Array(array) if array.ndim == 0 => construct(cx, dtype, vec![element(value, Vec::new())], span),
        Type::Array(_) if !dtype.is_python() => {
            elementwise(cx, vec![value], span, |_, mut args| Ok(convert(args.remove(0), dtype)))
        }
        Type::Tuple(_) if !dtype.is_python() => {
            let array = create::as_array(cx, value, span)?;
            construct(cx, dtype, vec![array], span)
        }
        _ if matches!(dtype, Scalar::Bool) => truth(cx, value, span),
        Type::Scalar(from) => {
            let from = *from;
            construct_scalar(cx, dtype, from, value, span)
        }
        Type::Array(_) => {
            let message = "only 0-dimensional arrays can be converted to Python scalars";
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(&value.ty))))
        }
        other @ (Type::None
        | Type::Tuple(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = no_argument(dtype, &type_name(other));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(other))))
        }
    }
}

/// What a constructor says of an argument that it cannot convert.
fn no_argument(dtype: Scalar, found: &str) -> String {
    let bytes = if dtype == Scalar::Int { ", a bytes-like object" } else { "" };
    format!("{}() argument must be a string{bytes} or a real number, not '{found}'", constructor(dtype))
}

fn construct_scalar(cx: &mut Cx, dtype: Scalar, from: Scalar, value: Expr, span: Span) -> Result<Expr> {
    if from.kind() == Kind::Complex && dtype.kind() != Kind::Complex && dtype.kind() != Kind::Bool {
        let dtype = if dtype == Scalar::Int { dtype } else { Scalar::Float };
        let message = no_argument(dtype, "complex");
        let error = cx.error(Code::TypeMismatch, span, message, "a complex number");
        return Err(Box::new(error.help("take z.real, or abs(z)")));
    }
    let made = match (dtype, from.kind()) {
        (Scalar::Int, Kind::Float) => cast(convert(value, Scalar::Float), Scalar::Int, Convert::Int),
        (Scalar::Int, _) if from == Scalar::U64 => cast(value, Scalar::Int, Convert::Exact),
        // A Python float goes by way of an int that must fit.
        _ if from == Scalar::Float && matches!(dtype.kind(), Kind::Signed | Kind::Unsigned) => {
            cast(value, dtype, Convert::FitFloat)
        }
        _ => coerce(value, dtype),
    };
    // A conversion that is written comes in its turn; those that operators and stores make of their operands come
    // after all of these.
    if let ExprKind::Convert { kind: Convert::Fit | Convert::FitFloat, .. } = *made.kind {
        let (stmt, read) = cx.temp("made", made);
        return Ok(cx.seq(vec![stmt], read));
    }
    Ok(made)
}

fn constructor(dtype: Scalar) -> String {
    if dtype.is_python() { type_name(&Type::Scalar(dtype)) } else { numpy_name(dtype).to_string() }
}

/// The zero of a type.
pub fn zero(dtype: Scalar, span: Span) -> Expr {
    let value = match dtype.kind() {
        Kind::Bool => Const::Bool(false),
        Kind::Signed | Kind::Unsigned => Const::Int(0),
        Kind::Float => Const::Float(0.0),
        Kind::Complex => Const::Complex(0.0, 0.0),
    };
    Expr::new(ExprKind::Const(value), Type::Scalar(dtype), span)
}

fn parse_number(text: &str, dtype: Scalar) -> Option<Const> {
    let text = text.trim();
    match dtype.kind() {
        Kind::Signed | Kind::Unsigned => {
            let number: i64 = text.parse().ok()?;
            fits(number, dtype).then_some(Const::Int(number))
        }
        Kind::Float => {
            let number: f64 = text.parse().ok()?;
            Some(Const::Float(if dtype == Scalar::F32 { f64::from(number as f32) } else { number }))
        }
        Kind::Bool | Kind::Complex => None,
    }
}

/// `complex(re, im)`; complex arguments are allowed, as in Python.
fn complex(cx: &mut Cx, args: Vec<Expr>, span: Span) -> Result<Expr> {
    let mut parts = args.into_iter();
    let (re, im) = (parts.next().expect("two arguments"), parts.next().expect("two arguments"));
    for part in [&re, &im] {
        if part.ty.scalar().is_none() {
            let message = format!("complex() argument must be a number, not '{}'", type_name(&part.ty));
            return Err(cx.error(
                Code::TypeMismatch,
                span,
                message,
                format!("this is {}", shape_of(&part.ty)),
            ));
        }
    }
    if re.scalar().kind() == Kind::Complex || im.scalar().kind() == Kind::Complex {
        let (re, im) = (convert(re, Scalar::Complex), convert(im, Scalar::Complex));
        return cx.call_prelude("complex_of_complex", vec![re, im], span);
    }
    let (re, im) = (convert(re, Scalar::Float), convert(im, Scalar::Float));
    if let (ExprKind::Const(Const::Float(re)), ExprKind::Const(Const::Float(im))) = (&*re.kind, &*im.kind) {
        let value = Const::Complex(*re, *im);
        return Ok(Expr::new(ExprKind::Const(value), Type::Scalar(Scalar::Complex), span));
    }
    Ok(Expr::new(ExprKind::MakeComplex { re, im }, Type::Scalar(Scalar::Complex), span))
}

pub fn threads(cx: &mut Cx, prim: Prim, call: Args) -> Result<Expr> {
    let span = call.span;
    if prim == Prim::SetNumThreads {
        let [count] = call.exactly(cx)?;
        let count = index_value(cx, count, span)?;
        return Ok(Expr::new(ExprKind::Prim { prim, args: vec![count] }, Type::None, span));
    }
    let [] = call.exactly(cx)?;
    Ok(Expr::new(ExprKind::Prim { prim, args: Vec::new() }, Type::INT, span))
}

/// `_prim.name(...)` of the prelude.
pub fn prim(cx: &mut Cx, prim: Prim, call: Args) -> Result<Expr> {
    let span = call.span;
    let args = call.positional(cx)?;
    let ty = match prim {
        Prim::IsContiguous
        | Prim::MayOverlap
        | Prim::IsNan
        | Prim::IsInf
        | Prim::IsFinite
        | Prim::SignBit
        | Prim::Same => Type::BOOL,
        Prim::AssumeContiguous => {
            let array = args[0].array();
            Type::Array(crate::types::ArrayType { layout: crate::types::Layout::C, ..array })
        }
        Prim::Retype => args[0].ty.clone(),
        Prim::RoundPython | Prim::RoundNumpy | Prim::NextAfter => args[0].ty.clone(),
        Prim::GetNumThreads | Prim::GetThreadId => Type::INT,
        Prim::SetNumThreads | Prim::MatMul => Type::None,
        Prim::PopCount => Type::Scalar(Scalar::U8),
        Prim::Bits if args[0].scalar().bytes() == 4 => Type::Scalar(Scalar::I32),
        Prim::Bits => Type::Scalar(Scalar::I64),
        Prim::FromBits if args[0].scalar().bytes() == 4 => Type::Scalar(Scalar::F32),
        Prim::FromBits => Type::Scalar(Scalar::F64),
    };
    Ok(Expr::new(ExprKind::Prim { prim, args }, ty, span))
}

/// `_prim.cast(x, dtype)`: as C converts, scalars and arrays.
pub fn prim_cast(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, dtype] = call.exactly(cx)?;
    let to = create::dtype(cx, &dtype, span)?;
    elementwise(cx, vec![value], span, |_, mut args| Ok(convert(args.remove(0), to)))
}

/// `_prim.scalar(x)`: a number as NumPy's type of it.
pub fn prim_scalar(cx: &mut Cx, call: Args) -> Result<Expr> {
    let [value] = call.exactly(cx)?;
    let to = value.scalar().to_numpy();
    Ok(convert(value, to))
}

/// The common element type of several operands, as `np.result_type`; scalars of Python are weak.
pub fn common_elem(types: &[&Type]) -> Option<Scalar> {
    let mut elems = types.iter().map(|ty| elem_type(ty));
    let mut result = elems.next()??;
    for elem in elems {
        result = result_type(result, elem?);
    }
    Some(result)
}
