//! NumPy's elementwise functions, on scalars and on arrays with broadcasting and `out=`.
//!
//! In: typed arguments. Out: scalar HIR or a `Map`. Invariant: operand and result types are those of the
//! generated table of the ufunc.

use crate::ast;
use crate::builtin::MathFn;
use crate::diag::{Code, Result, Span};
use crate::hir::{BinaryOp, CompareOp, Const, Domain, Expr, ExprKind, Prim, Stmt, StmtKind, UnaryOp, walk};
use crate::infer::arith::compare::bool_const;
use crate::infer::arith::convert::{coerce, convert, seq};
use crate::infer::arith::map::{elem_type, elementwise};
use crate::infer::arith::{
    self, broadcast_binary, coerce_operand, into_output, raw_binary, raw_unary, refusal, shape_of, truth,
    type_name,
};
use crate::infer::builtin::args::{Args, flag};
use crate::infer::builtin::create;
use crate::infer::builtin::names::{Element, Logical, Part};
use crate::infer::builtin::python::{common_elem, float_const, int_const};
use crate::infer::cx::Cx;
use crate::types::promote::{Rule, binary_rule, unary_rule};
use crate::types::{Kind, Scalar, Type};

/// Operands of a ufunc, and its output array.
struct Operands<const N: usize> {
    values: [Expr; N],
    out: Option<Expr>,
    name: String,
    span: Span,
}

/// Takes `N` operands and `out` from a call.
fn operands<const N: usize>(cx: &mut Cx, call: Args) -> Result<Operands<N>> {
    let (name, span) = (call.name.to_string(), call.span);
    let mut args = call.args;
    let mut out = None;
    let mut dtype = None;
    for (keyword, value) in call.keywords {
        match keyword.as_str() {
            "out" => out = Some(value),
            "dtype" => dtype = Some(create::dtype(cx, &value, span)?),
            _ => {
                let message = format!("the keyword argument '{keyword}' of {name}() is not known to fastjit");
                return Err(cx.error(Code::BadCall, value.span, message, "given here"));
            }
        }
    }
    if args.len() == N + 1 {
        out = args.pop();
    }
    if args.len() != N {
        let s = if N == 1 { "" } else { "s" };
        let message = format!("{name}() takes {N} positional argument{s} but {} were given", args.len());
        return Err(cx.error(Code::BadCall, span, message, "called here"));
    }
    let mut values = Vec::with_capacity(N);
    for arg in args {
        let arg = operand(cx, arg, &name)?;
        values.push(match dtype {
            Some(dtype) => elementwise(cx, vec![arg], span, |_, mut args| Ok(coerce(args.remove(0), dtype)))?,
            None => arg,
        });
    }
    let out = out.filter(|out| out.ty != Type::None);
    let Ok(values) = values.try_into() else { unreachable!("counted above") };
    Ok(Operands { values, out, name, span })
}

/// A scalar or an array; tuples and lists become arrays.
fn operand(cx: &mut Cx, value: Expr, name: &str) -> Result<Expr> {
    let span = value.span;
    match &value.ty {
        Type::Scalar(_) | Type::Array(_) => Ok(value),
        Type::Tuple(_) => create::as_array(cx, value, span),
        other @ (Type::None
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!("{name}() of a value of type '{}'", type_name(other));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(other))))
        }
    }
}

/// Stores the result in `out`, if given.
fn finish(cx: &mut Cx, result: Expr, out: Option<Expr>, name: &str, span: Span) -> Result<Expr> {
    let Some(out) = out else { return Ok(result) };
    let Some(array) = out.ty.array() else {
        let message = "return arrays must be of ArrayType";
        return Err(cx.error(
            Code::TypeMismatch,
            out.span,
            message,
            format!("this is {}", shape_of(&out.ty)),
        ));
    };
    let value = into_output(cx, name, result, array.elem, span)?;
    let (stmt, out) = cx.once("out", out);
    let copy = Stmt { kind: StmtKind::CopyInto { dest: out.clone(), value }, span };
    Ok(seq(stmt.into_iter().chain([copy]).collect(), out))
}

/// The operand and result type of a unary ufunc.
fn unary_types(cx: &Cx, table: &str, name: &str, ty: &Type, span: Span) -> Result<(Scalar, Scalar)> {
    match unary_rule(table, elem_type(ty).expect("operands are scalars or arrays")) {
        Rule::Types { operand, result } => Ok((operand, result)),
        Rule::Mixed { .. } => panic!("unary rules are never mixed"),
        Rule::Refused(message) => Err(refusal(cx, message, name, name, &[ty], span)),
    }
}

fn binary_types(cx: &Cx, table: &str, lhs: &Type, rhs: &Type, span: Span) -> Result<Rule> {
    let elem = |ty: &Type| elem_type(ty).expect("operands are scalars or arrays");
    match binary_rule(table, elem(lhs), elem(rhs)) {
        Rule::Refused(message) => Err(refusal(cx, message, table, table, &[lhs, rhs], span)),
        rule @ (Rule::Types { .. } | Rule::Mixed { .. }) => Ok(rule),
    }
}

/// A libm function of one type, with NumPy's special values.
pub fn libm(func: MathFn, args: Vec<Expr>, span: Span) -> Expr {
    let ty = args[0].ty.clone();
    Expr::new(ExprKind::Math { func, domain: Domain::Numpy, args }, ty, span)
}

/// `np.sqrt(x)`, `np.hypot(x, y)`...
pub fn math(cx: &mut Cx, table: &'static str, func: MathFn, call: Args) -> Result<Expr> {
    if func.arity() == 2 {
        let Operands { values: [lhs, rhs], out, name, span } = operands(cx, call)?;
        let rule = binary_types(cx, table, &lhs.ty, &rhs.ty, span)?;
        let Rule::Types { operand, .. } = rule else { panic!("libm functions have no mixed rule") };
        let args = vec![coerce_operand(lhs, operand), coerce_operand(rhs, operand)];
        let result = elementwise(cx, args, span, |_, args| {
            let args: Vec<Expr> = args.into_iter().map(|arg| convert(arg, operand)).collect();
            if func == MathFn::NextAfter {
                let ty = args[0].ty.clone();
                return Ok(Expr::new(ExprKind::Prim { prim: Prim::NextAfter, args }, ty, span));
            }
            Ok(libm(func, args, span))
        })?;
        return finish(cx, result, out, &name, span);
    }
    let Operands { values: [value], out, name, span } = operands(cx, call)?;
    let (operand, result) = unary_types(cx, table, &name, &value.ty, span)?;
    let result = elementwise(cx, vec![value], span, |cx, mut args| {
        let arg = convert(args.remove(0), operand);
        match operand.kind() {
            // floor, ceil and trunc of integers are the integers.
            Kind::Bool | Kind::Signed | Kind::Unsigned => Ok(convert(arg, result)),
            Kind::Float => Ok(libm(func, vec![arg], span)),
            Kind::Complex => {
                let value = convert(arg, Scalar::C128);
                let prelude = format!("npc_{table}");
                Ok(convert(cx.call_prelude(&prelude, vec![value], span)?, result))
            }
        }
    })?;
    finish(cx, result, out, &name, span)
}

/// `np.add(x, y)`...
pub fn binary(cx: &mut Cx, table: &'static str, op: BinaryOp, call: Args) -> Result<Expr> {
    let Operands { values: [lhs, rhs], out, name, span } = operands(cx, call)?;
    let result = binary_of(cx, table, op, lhs, rhs, span)?;
    finish(cx, result, out, &name, span)
}

/// A binary ufunc of two operands.
pub fn binary_of(cx: &mut Cx, table: &str, op: BinaryOp, lhs: Expr, rhs: Expr, span: Span) -> Result<Expr> {
    let rule = binary_types(cx, table, &lhs.ty, &rhs.ty, span)?;
    if let Rule::Types { operand, .. } = rule
        && operand.kind() == Kind::Complex
        && matches!(op, BinaryOp::Minimum | BinaryOp::Maximum | BinaryOp::Fmin | BinaryOp::Fmax)
    {
        let message = format!("np.{table}() of complex numbers is not known to fastjit");
        return Err(cx.error(Code::UnsupportedFunction, span, message, "called here"));
    }
    broadcast_binary(cx, op, rule, lhs, rhs, span)
}

/// `np.fmod(x, y)`: C's remainder.
pub fn fmod(cx: &mut Cx, call: Args) -> Result<Expr> {
    let Operands { values: [lhs, rhs], out, name, span } = operands(cx, call)?;
    let Rule::Types { operand, .. } = binary_types(cx, "fmod", &lhs.ty, &rhs.ty, span)? else {
        panic!("fmod has no mixed rule")
    };
    let args = vec![coerce_operand(lhs, operand), coerce_operand(rhs, operand)];
    let result = elementwise(cx, args, span, |cx, args| {
        let args: Vec<Expr> = args.into_iter().map(|arg| convert(arg, operand)).collect();
        match operand.kind() {
            Kind::Float => Ok(libm(MathFn::Fmod, args, span)),
            Kind::Bool | Kind::Signed | Kind::Unsigned | Kind::Complex => {
                cx.call_prelude("np_fmod_int", args, span)
            }
        }
    })?;
    finish(cx, result, out, &name, span)
}

/// `np.less(x, y)`...
pub fn compare(cx: &mut Cx, table: &'static str, op: CompareOp, call: Args) -> Result<Expr> {
    let Operands { values: [lhs, rhs], out, name, span } = operands(cx, call)?;
    let result = arith::compare::broadcast(cx, op, table, lhs, rhs, span)?;
    finish(cx, result, out, &name, span)
}

/// `np.logical_and(x, y)`...: of the truths of the operands.
pub fn logical(cx: &mut Cx, op: Logical, call: Args) -> Result<Expr> {
    let Operands { values: [lhs, rhs], out, name, span } = operands(cx, call)?;
    let op = match op {
        Logical::And => BinaryOp::BitAnd,
        Logical::Or => BinaryOp::BitOr,
        Logical::Xor => BinaryOp::BitXor,
    };
    let result = elementwise(cx, vec![lhs, rhs], span, |cx, mut args| {
        let rhs = np_truth(cx, args.pop().expect("two operands"), span)?;
        let lhs = np_truth(cx, args.pop().expect("two operands"), span)?;
        Ok(raw_binary(op, lhs, rhs, Scalar::NpBool, span))
    })?;
    finish(cx, result, out, &name, span)
}

/// The truth of a scalar as a NumPy bool.
pub fn np_truth(cx: &mut Cx, value: Expr, span: Span) -> Result<Expr> {
    if value.scalar() == Scalar::NpBool {
        return Ok(value);
    }
    Ok(convert(truth(cx, value, span)?, Scalar::NpBool))
}

/// `np.isnan(x)`...: false (or true, for `isfinite`) for integers.
pub fn test(cx: &mut Cx, table: &'static str, prim: Prim, call: Args) -> Result<Expr> {
    let Operands { values: [value], out, name, span } = operands(cx, call)?;
    let elem = elem_type(&value.ty).expect("operands are scalars or arrays");
    let (operand, result) = match elem.kind() {
        // NumPy converts small integers to float16 and looks at that sign.
        Kind::Bool | Kind::Signed | Kind::Unsigned => (elem.to_numpy(), Scalar::NpBool),
        Kind::Float | Kind::Complex => unary_types(cx, table, &name, &value.ty, span)?,
    };
    let result = elementwise(cx, vec![value], span, |cx, mut args| {
        let arg = args.remove(0);
        let test = float_test(cx, prim, arg, operand, span)?;
        Ok(convert(test, result))
    })?;
    finish(cx, result, out, &name, span)
}

fn float_test(cx: &mut Cx, prim: Prim, arg: Expr, operand: Scalar, span: Span) -> Result<Expr> {
    let check = |arg: Expr| Expr::new(ExprKind::Prim { prim, args: vec![arg] }, Type::BOOL, span);
    match operand.kind() {
        Kind::Signed if prim == Prim::SignBit => {
            let zero = convert(int_const(0, span), operand);
            let arg = convert(arg, operand);
            arith::compare::values(cx, CompareOp::Lt, arg, zero, span)
        }
        Kind::Bool | Kind::Signed | Kind::Unsigned => {
            Ok(arith::convert::discard(arg, bool_const(prim == Prim::IsFinite, span)))
        }
        Kind::Float => Ok(check(convert(arg, operand))),
        Kind::Complex => arith::convert::once(cx, convert(arg, operand), |_, arg| {
            let (re, im) = (check(part_of(arg.clone(), Part::Real)), check(part_of(arg, Part::Imag)));
            let both = prim == Prim::IsFinite;
            let kind = if both { ExprKind::And(re, im) } else { ExprKind::Or(re, im) };
            Ok(Expr::new(kind, Type::BOOL, span))
        }),
    }
}

/// The real or imaginary part of a complex scalar.
pub fn part_of(value: Expr, part: Part) -> Expr {
    let span = value.span;
    let ty = match value.scalar() {
        Scalar::C64 => Scalar::F32,
        Scalar::C128 => Scalar::F64,
        Scalar::Bool
        | Scalar::Int
        | Scalar::Float
        | Scalar::Complex
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
        | Scalar::F64 => Scalar::Float,
    };
    let kind = match part {
        Part::Real => ExprKind::Real(value),
        Part::Imag => ExprKind::Imag(value),
    };
    Expr::new(kind, Type::Scalar(ty), span)
}

/// Elementwise functions of one argument that are not libm's.
pub fn element(cx: &mut Cx, table: &'static str, op: Element, call: Args) -> Result<Expr> {
    let Operands { values: [value], out, name, span } = operands(cx, call)?;
    let (operand, result) = unary_types(cx, table, &name, &value.ty, span)?;
    if op == Element::Absolute {
        let value = arith::absolute(cx, table, value, span)?;
        return finish(cx, value, out, &name, span);
    }
    let result = elementwise(cx, vec![value], span, |cx, mut args| {
        let arg = args.remove(0);
        if op == Element::Not {
            let test = truth(cx, arg, span)?;
            return Ok(convert(raw_unary(UnaryOp::Not, test, Scalar::Bool, span), Scalar::NpBool));
        }
        element_of(cx, op, convert(arg, operand), result, span)
    })?;
    finish(cx, result, out, &name, span)
}

fn element_of(cx: &mut Cx, op: Element, arg: Expr, result: Scalar, span: Span) -> Result<Expr> {
    let ty = arg.scalar();
    Ok(match op {
        Element::Negative => raw_unary(UnaryOp::Neg, arg, result, span),
        Element::Positive => arg,
        Element::Invert => raw_unary(UnaryOp::Invert, arg, result, span),
        Element::Square => {
            return arith::convert::once(cx, arg, |_, arg| {
                Ok(raw_binary(BinaryOp::Mul, arg.clone(), arg, result, span))
            });
        }
        Element::Reciprocal => match ty.kind() {
            Kind::Float | Kind::Complex => {
                let one = convert(int_const(1, span), ty);
                raw_binary(BinaryOp::TrueDiv, one, arg, ty, span)
            }
            Kind::Bool | Kind::Signed | Kind::Unsigned => {
                return cx.call_prelude("np_reciprocal_int", vec![arg], span);
            }
        },
        Element::Conjugate if ty.kind() == Kind::Complex => {
            return arith::convert::once(cx, arg, |_, arg| {
                let (re, im) = (part_of(arg.clone(), Part::Real), part_of(arg, Part::Imag));
                let float = im.scalar();
                let im = raw_unary(UnaryOp::Neg, im, float, span);
                Ok(Expr::new(ExprKind::MakeComplex { re, im }, Type::Scalar(ty), span))
            });
        }
        Element::Conjugate => arg,
        Element::Sign => return cx.call_prelude("np_sign", vec![arg], span),
        Element::Radians | Element::Degrees => {
            // NumPy's factors are of the operand's own precision.
            let pi = std::f64::consts::PI;
            let factor = match (op, ty) {
                (Element::Radians, Scalar::F32) => f64::from(pi as f32 / 180.0),
                (Element::Radians, _) => pi / 180.0,
                (_, Scalar::F32) => f64::from(180.0 / pi as f32),
                (_, _) => 180.0 / pi,
            };
            let factor = convert(float_const(factor, span), ty);
            raw_binary(BinaryOp::Mul, arg, factor, ty, span)
        }
        Element::PopCount => {
            let arg = if ty.kind() == Kind::Signed { raw_unary(UnaryOp::Abs, arg, ty, span) } else { arg };
            let count = ExprKind::Prim { prim: Prim::PopCount, args: vec![arg] };
            Expr::new(count, Type::Scalar(result), span)
        }
        Element::Not | Element::Absolute => unreachable!("handled by the caller"),
    })
}

/// A ufunc of two operands whose scalar function is in the prelude.
pub fn pair(cx: &mut Cx, table: &'static str, call: Args) -> Result<Expr> {
    let Operands { values: [lhs, rhs], out, name, span } = operands(cx, call)?;
    let Rule::Types { operand, .. } = binary_types(cx, table, &lhs.ty, &rhs.ty, span)? else {
        panic!("these ufuncs have no mixed rule")
    };
    let args = vec![coerce_operand(lhs, operand), coerce_operand(rhs, operand)];
    let result = elementwise(cx, args, span, |cx, args| {
        let args: Vec<Expr> = args.into_iter().map(|arg| convert(arg, operand)).collect();
        cx.call_prelude(&format!("np_{table}"), args, span)
    })?;
    finish(cx, result, out, &name, span)
}

/// `np.modf(x)`, `np.frexp(x)`, `np.spacing(x)`: one result for each prelude function.
pub fn parts(cx: &mut Cx, preludes: &[&str], call: Args) -> Result<Expr> {
    let Operands { values: [value], out, name, span } = operands(cx, call)?;
    let operand = real_float(cx, &name, &value.ty, span)?;
    let (stmt, value) = cx.once("x", value);
    let mut results = Vec::with_capacity(preludes.len());
    for prelude in preludes {
        results.push(elementwise(cx, vec![value.clone()], span, |cx, mut args| {
            let arg = convert(args.remove(0), operand);
            cx.call_prelude(prelude, vec![arg], span)
        })?);
    }
    if results.len() == 1 {
        let result = seq(stmt.into_iter().collect(), results.remove(0));
        return finish(cx, result, out, &name, span);
    }
    if let Some(out) = out {
        let message = format!("np.{name}() with output arrays is not known to fastjit");
        return Err(cx.error(Code::UnsupportedFunction, out.span, message, "given here"));
    }
    Ok(seq(stmt.into_iter().collect(), arith::tuple(results, span)))
}

/// The float type that a function of floats takes a value as.
fn real_float(cx: &Cx, name: &str, ty: &Type, span: Span) -> Result<Scalar> {
    let (operand, _) = unary_types(cx, "sqrt", name, ty, span)?;
    if operand.kind() == Kind::Complex {
        let message = format!(
            "ufunc '{name}' not supported for the input types, and the inputs could not be safely coerced to any \
             supported types according to the casting rule ''safe''"
        );
        return Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(ty))));
    }
    Ok(operand)
}

/// `np.ldexp(x, i)`: `x * 2 ** i`.
pub fn ldexp(cx: &mut Cx, call: Args) -> Result<Expr> {
    let Operands { values: [value, exponent], out, name, span } = operands(cx, call)?;
    let operand = if value.ty.scalar().is_some_and(|x| x.kind() != Kind::Float && x.is_python())
        && exponent.ty.scalar().is_none_or(|k| !k.is_python())
    {
        // What NumPy makes of them is a float16.
        real_float(cx, &name, &Type::Scalar(Scalar::I8), span)?
    } else {
        real_float(cx, &name, &value.ty, span)?
    };
    let given = elem_type(&exponent.ty).expect("operands are scalars or arrays");
    let small = matches!(given, Scalar::Int | Scalar::Bool | Scalar::NpBool | Scalar::U8);
    let integer = if small { Scalar::I32 } else { given };
    if integer.kind() != Kind::Signed && !matches!(integer, Scalar::U16 | Scalar::U32) {
        let message =
            format!("the second operand of np.ldexp() is an integer, not {}", shape_of(&exponent.ty));
        return Err(cx.error(Code::TypeMismatch, exponent.span, message, "this exponent"));
    }
    let args = vec![coerce_operand(value, operand), coerce_operand(exponent, integer)];
    let result = elementwise(cx, args, span, |cx, mut args| {
        let exponent = convert(convert(args.remove(1), integer), Scalar::I64);
        let value = convert(args.remove(0), operand);
        cx.call_prelude("np_ldexp", vec![value, exponent], span)
    })?;
    finish(cx, result, out, &name, span)
}

/// `np.real(x)`, `np.imag(x)`.
pub fn part(cx: &mut Cx, part: Part, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    let attr = if part == Part::Real { "real" } else { "imag" };
    let value = operand(cx, value, attr)?;
    super::attr::attribute(cx, value, attr, span)
}

/// `np.angle(z, deg=False)`.
pub fn angle(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, deg] = call.bind(cx, ["z", "deg"], 1)?;
    let value = operand(cx, value.expect("required"), "angle")?;
    let degrees = flag(cx, deg, false, "deg")?;
    let elem = elem_type(&value.ty).expect("checked").to_numpy();
    let (float, _) = match elem.kind() {
        Kind::Bool => (Scalar::F64, Scalar::F64),
        Kind::Signed | Kind::Unsigned | Kind::Float | Kind::Complex => {
            unary_types(cx, "sqrt", "angle", &value.ty, span)?
        }
    };
    let result = elementwise(cx, vec![value], span, |cx, mut args| {
        let arg = args.remove(0);
        arith::convert::once(cx, arg, |_, arg| {
            let arg = convert(arg, elem);
            let (re, im) = if elem.kind() == Kind::Complex {
                (part_of(arg.clone(), Part::Real), part_of(arg, Part::Imag))
            } else {
                (convert(arg, float), convert(int_const(0, span), float))
            };
            Ok(libm(MathFn::Atan2, vec![im, re], span))
        })
    })?;
    if !degrees {
        return Ok(result);
    }
    let factor = float_const(180.0 / std::f64::consts::PI, span);
    arith::binary(cx, ast::BinaryOp::Mul, result, factor, span)
}

/// `np.where(condition, x, y)`.
pub fn choose(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    if call.args.len() == 1 {
        let [value] = call.exactly(cx)?;
        return super::method::method(cx, value, "nonzero", Vec::new(), Vec::new(), span);
    }
    let [test, x, y] = call.exactly(cx)?;
    let test = operand(cx, test, "where")?;
    let (x, y) = (operand(cx, x, "where")?, operand(cx, y, "where")?);
    // What may raise does so whether it is chosen or not.
    let mut before = Vec::new();
    let mut strict = |cx: &mut Cx, value: Expr| {
        if value.ty.array().is_some() && !has_power(&value) {
            return value;
        }
        let (stmt, value) = cx.once("choice", value);
        before.extend(stmt);
        value
    };
    let (test, x) = (strict(cx, test), strict(cx, x));
    let y = strict(cx, y);
    let elem = common_elem(&[&x.ty, &y.ty]).expect("scalars and arrays").to_numpy();
    let all_scalars = [&test, &x, &y].iter().all(|e| e.ty.array().is_none());
    let args = vec![test, coerce_operand(x, elem), coerce_operand(y, elem)];
    let chosen = elementwise(cx, args, span, |cx, mut args| {
        let y = convert(args.pop().expect("three operands"), elem);
        let x = convert(args.pop().expect("three operands"), elem);
        let test = truth(cx, args.pop().expect("three operands"), span)?;
        Ok(Expr::new(ExprKind::IfExp { test, then: x, orelse: y }, Type::Scalar(elem), span))
    })?;
    // np.where gives an array, even of scalars.
    let zero_dim = all_scalars || chosen.ty.scalar().is_some();
    let chosen = if zero_dim { create::zero_dim(cx, chosen, span)? } else { chosen };
    Ok(seq(before, chosen))
}

/// True if the elements of an array expression are powers of integers, which raise for negative exponents.
fn has_power(value: &Expr) -> bool {
    let mut found = false;
    if let ExprKind::Binary { op: BinaryOp::Pow, lhs, rhs } = &*value.kind {
        let natural = matches!(*rhs.kind, ExprKind::Const(Const::Int(0..)));
        found = lhs.scalar().kind() == Kind::Signed && !natural;
    }
    walk::children(value, &mut |child| found = found || has_power(child));
    found
}

/// `np.clip(x, low, high)`: `minimum(high, maximum(low, x))`, of equal zeros the one that is `x`.
pub fn clip(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let keywords = call.keywords.into_iter().map(|(key, value)| {
        let key = match key.as_str() {
            "min" => "a_min".to_string(),
            "max" => "a_max".to_string(),
            _ => key,
        };
        (key, value)
    });
    let call = Args { name: call.name, args: call.args, keywords: keywords.collect(), span };
    let [value, low, high, out] = call.bind(cx, ["a", "a_min", "a_max", "out"], 1)?;
    let value = operand(cx, value.expect("required"), "clip")?;
    let result = match (low, high) {
        (None, None) => elementwise(cx, vec![value], span, |_, mut args| Ok(args.remove(0)))?,
        // One bound alone is what the ufunc makes of it, which takes the second of equal zeros.
        (Some(low), None) => binary_of(cx, "maximum", BinaryOp::Maximum, value, low, span)?,
        (None, Some(high)) => binary_of(cx, "minimum", BinaryOp::Minimum, value, high, span)?,
        (Some(low), Some(high)) => {
            let above = binary_of(cx, "maximum", BinaryOp::Maximum, low, value, span)?;
            binary_of(cx, "minimum", BinaryOp::Minimum, high, above, span)?
        }
    };
    finish(cx, result, out, "clip", span)
}

/// `np.divmod(x, y)`.
pub fn divmod(cx: &mut Cx, call: Args) -> Result<Expr> {
    let Operands { values: [a, b], out, span, .. } = operands(cx, call)?;
    if let Some(out) = out {
        let message = "np.divmod() with an output array is not known to fastjit";
        let error = cx.error(Code::UnsupportedFunction, out.span, message, "given here");
        return Err(error.help("call np.floor_divide() and np.remainder()").into());
    }
    let (first, a) = cx.once("dividend", a);
    let (second, b) = cx.once("divisor", b);
    let quotient = binary_of(cx, "floor_divide", BinaryOp::FloorDiv, a.clone(), b.clone(), span)?;
    let rest = binary_of(cx, "remainder", BinaryOp::Mod, a, b, span)?;
    Ok(seq(first.into_iter().chain(second).collect(), arith::tuple(vec![quotient, rest], span)))
}

/// `np.round(x, decimals=0)`.
pub fn round(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, decimals, out] = call.bind(cx, ["a", "decimals", "out"], 1)?;
    let value = operand(cx, value.expect("required"), "round")?;
    let decimals = decimals.unwrap_or_else(|| int_const(0, span));
    let result = round_to(cx, value, decimals, span)?;
    finish(cx, result, out, "round", span)
}

/// NumPy's rounding to a number of decimals: scale, round half to even, scale back.
pub fn round_to(cx: &mut Cx, value: Expr, decimals: Expr, span: Span) -> Result<Expr> {
    let elem = elem_type(&value.ty).expect("a scalar or an array");
    let decimals = arith::index_value(cx, decimals, span)?;
    let is_zero = matches!(*decimals.kind, ExprKind::Const(Const::Int(0)));
    match elem.kind() {
        Kind::Float if is_zero => elementwise(cx, vec![value], span, |_, mut args| {
            let to = elem.to_numpy();
            Ok(libm(MathFn::Rint, vec![convert(args.remove(0), to)], span))
        }),
        Kind::Float => elementwise(cx, vec![value, decimals], span, |cx, mut args| {
            let decimals = args.pop().expect("two operands");
            let value = convert(args.pop().expect("two operands"), elem.to_numpy());
            cx.call_prelude("np_round_float", vec![value, decimals], span)
        }),
        Kind::Signed | Kind::Unsigned => elementwise(cx, vec![value, decimals], span, |cx, mut args| {
            let decimals = args.pop().expect("two operands");
            let value = convert(args.pop().expect("two operands"), elem.to_numpy());
            if is_zero {
                return Ok(value);
            }
            cx.call_prelude("np_round_int", vec![value, decimals], span)
        }),
        Kind::Bool | Kind::Complex => {
            let message =
                format!("rounding values of type {} is not known to fastjit", type_name(&Type::Scalar(elem)));
            Err(cx.error(Code::UnsupportedFunction, span, message, "rounded here"))
        }
    }
}

/// `np.isclose(a, b, rtol, atol, equal_nan)`.
pub fn isclose(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [a, b, rtol, atol, equal_nan] = call.bind(cx, ["a", "b", "rtol", "atol", "equal_nan"], 2)?;
    let a = operand(cx, a.expect("required"), "isclose")?;
    let b = operand(cx, b.expect("required"), "isclose")?;
    let mut args = vec![a, b];
    args.push(rtol.unwrap_or_else(|| float_const(1e-5, span)));
    args.push(atol.unwrap_or_else(|| float_const(1e-8, span)));
    args.push(equal_nan.unwrap_or_else(|| bool_const(false, span)));
    elementwise(cx, args, span, |cx, args| {
        let to = |e: Expr| if e.scalar() == Scalar::Bool { e } else { convert(e, Scalar::F64) };
        let args = args.into_iter().map(to).collect();
        cx.call_prelude("np_isclose", args, span)
    })
}

/// `np.nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)`.
pub fn nan_to_num(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, copy, nan, posinf, neginf] = call.bind(cx, ["x", "copy", "nan", "posinf", "neginf"], 1)?;
    let value = operand(cx, value.expect("required"), "nan_to_num")?;
    if !flag(cx, copy, true, "copy")? {
        let message = "nan_to_num(copy=False) is not known to fastjit";
        return Err(cx.error(Code::UnsupportedFunction, span, message, "called here"));
    }
    let elem = elem_type(&value.ty).expect("checked").to_numpy();
    if elem.kind() != Kind::Float {
        return elementwise(cx, vec![value], span, |_, mut args| Ok(convert(args.remove(0), elem)));
    }
    let largest = if elem == Scalar::F32 { f64::from(f32::MAX) } else { f64::MAX };
    let args = vec![
        value,
        nan.unwrap_or_else(|| float_const(0.0, span)),
        posinf.unwrap_or_else(|| float_const(largest, span)),
        neginf.unwrap_or_else(|| float_const(-largest, span)),
    ];
    elementwise(cx, args, span, |cx, args| {
        let args = args.into_iter().map(|arg| convert(arg, elem)).collect();
        cx.call_prelude("np_nan_to_num", args, span)
    })
}
