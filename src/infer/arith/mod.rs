//! Operators on scalars, arrays and tuples: promotion (NEP 50), broadcasting types, conversions.
//!
//! In: typed operands. Out: HIR whose operands have equal types. Invariant: the types are those of the
//! generated table (`types::promote`), so they are NumPy's and Python's.

pub mod compare;
pub mod convert;
pub mod fold;
pub mod map;

pub use compare::{compare, truth};
pub use convert::{index_value, keep, promote, store_value};

use crate::ast;
use crate::diag::{Code, Diagnostic, Result, Span};
use crate::hir::{BinaryOp, Const, Expr, ExprKind, UnaryOp};
use crate::infer::cx::Cx;
use crate::types::promote::{Rule, binary_rule, unary_rule};
use crate::types::{ArrayType, Dtype, Form, Kind, Scalar, Type};
use convert::{coerce, convert, item_exprs};
use map::{elem_type, elementwise};

/// `lhs op rhs`.
pub fn binary(cx: &mut Cx, op: ast::BinaryOp, lhs: Expr, rhs: Expr, span: Span) -> Result<Expr> {
    if let Some(folded) = fold::binary(op, &lhs, &rhs, span) {
        return Ok(folded);
    }
    let array = lhs.ty.array().is_some() || rhs.ty.array().is_some();
    let numeric = elem_type(&lhs.ty).is_some() && elem_type(&rhs.ty).is_some();
    if op == ast::BinaryOp::MatMul && array && numeric {
        return cx.call_prelude("matmul", vec![lhs, rhs], span);
    }
    match (&lhs.ty, &rhs.ty) {
        (a, b) if op == ast::BinaryOp::MatMul => {
            let found = format!("{} @ {}", type_name(a), type_name(b));
            let error =
                cx.error(Code::TypeMismatch, span, unsupported("@", a, b), format!("this is {found}"));
            Err(Box::new(error.help("`@` multiplies arrays; numbers are multiplied with `*`")))
        }
        (Type::Scalar(_), Type::Scalar(_)) => scalar_binary(cx, op, lhs, rhs, span),
        (Type::Array(_) | Type::Scalar(_), Type::Array(_) | Type::Scalar(_)) => {
            let types = [&lhs.ty, &rhs.ty].map(|ty| elem_type(ty).expect("a scalar or an array"));
            let rule = operator_rule(cx, op, types, [&lhs.ty, &rhs.ty], span)?;
            broadcast_binary(cx, hir_op(op), rule, lhs, rhs, span)
        }
        (Type::Tuple(a), Type::Tuple(b)) if op == ast::BinaryOp::Add && a.form == b.form => {
            Ok(concatenate(cx, lhs, rhs, span))
        }
        (Type::Tuple(_), Type::Scalar(Scalar::Int)) if op == ast::BinaryOp::Mul => repeat(cx, lhs, rhs, span),
        (Type::Scalar(Scalar::Int), Type::Tuple(_)) if op == ast::BinaryOp::Mul => repeat(cx, rhs, lhs, span),
        (Type::Str(a), Type::Str(b)) if op == ast::BinaryOp::Add => {
            Ok(Expr::new(ExprKind::Unit, Type::Str(format!("{a}{b}").into()), span))
        }
        (Type::Str(_), _) if op == ast::BinaryOp::Mod => {
            let message = "formatting with `%` is not supported in compiled code";
            let error = cx.error(Code::UnsupportedFunction, span, message, "this string");
            Err(Box::new(error.help("write an f-string, such as f\"{x} is too large\"")))
        }
        (a, b) => {
            let symbol = op.symbol();
            let found = format!("{} {symbol} {}", type_name(a), type_name(b));
            let message = match (a, op) {
                (Type::Tuple(_), ast::BinaryOp::Add) => {
                    let own = type_name(a);
                    format!("can only concatenate {own} (not \"{}\") to {own}", type_name(b))
                }
                _ => unsupported(symbol, a, b),
            };
            let mut error = cx.error(Code::TypeMismatch, span, message, format!("this is {found}"));
            if *a == Type::None || *b == Type::None {
                error.help = Some("test for None before: `if x is not None:`".to_owned());
            }
            Err(error)
        }
    }
}

fn unsupported(symbol: &str, a: &Type, b: &Type) -> String {
    let symbol = if symbol == "**" { "** or pow()" } else { symbol };
    format!("unsupported operand type(s) for {symbol}: '{}' and '{}'", type_name(a), type_name(b))
}

fn scalar_binary(cx: &mut Cx, op: ast::BinaryOp, lhs: Expr, rhs: Expr, span: Span) -> Result<Expr> {
    let types = [lhs.scalar(), rhs.scalar()];
    // A negative constant exponent makes a Python float of two ints.
    if op == ast::BinaryOp::Pow
        && types.iter().all(|ty| matches!(ty, Scalar::Int | Scalar::Bool))
        && matches!(*rhs.kind, ExprKind::Const(Const::Int(n)) if n < 0)
    {
        let args = (convert(lhs, Scalar::Float), convert(rhs, Scalar::Float));
        return Ok(raw_binary(BinaryOp::Pow, args.0, args.1, Scalar::Float, span));
    }
    let rule = operator_rule(cx, op, types, [&lhs.ty, &rhs.ty], span)?;
    Ok(apply_binary(hir_op(op), rule, lhs, rhs, span))
}

/// The rule of an operator, or the interpreter's refusal.
fn operator_rule(
    cx: &Cx,
    op: ast::BinaryOp,
    types: [Scalar; 2],
    shown: [&Type; 2],
    span: Span,
) -> Result<Rule> {
    let rule = binary_rule(op.symbol(), types[0], types[1]);
    match rule {
        Rule::Refused(message) => Err(refusal(cx, message, op.symbol(), ufunc_name(op), &shown, span)),
        Rule::Types { .. } | Rule::Mixed { .. } => Ok(rule),
    }
}

/// A diagnostic with the interpreter's message; see `types::promote::Rule::Refused`.
pub fn refusal(
    cx: &Cx,
    message: &str,
    op: &str,
    ufunc: &str,
    types: &[&Type],
    span: Span,
) -> Box<Diagnostic> {
    let name = |k: usize| types.get(k).map_or(String::new(), |ty| type_name(ty));
    let text = message.replace("{op}", if op == "**" { "** or pow()" } else { op });
    let text = text.replace("{ufunc}", ufunc).replace("{lhs}", &name(0)).replace("{rhs}", &name(1));
    let found: Vec<String> = types.iter().map(|ty| shape_of(ty)).collect();
    let error = cx.error(Code::TypeMismatch, span, text, format!("operands: {}", found.join(" and ")));
    if message.contains("float16") {
        return Box::new(error.help("convert the operand with np.float32(...) or np.float64(...) first"));
    }
    error
}

/// A binary operation on scalars by a rule; see `ExprKind::Binary`.
pub fn apply_binary(op: BinaryOp, rule: Rule, lhs: Expr, rhs: Expr, span: Span) -> Expr {
    let Rule::Types { operand, result } = rule else { panic!("arithmetic has no mixed rule: {op:?}") };
    let (lhs, rhs) = (coerce(lhs, operand), coerce(rhs, operand));
    convert(raw_binary(op, lhs, rhs, if op == BinaryOp::TrueDiv { result } else { operand }, span), result)
}

/// `lhs op rhs` on operands of one type.
pub fn raw_binary(op: BinaryOp, lhs: Expr, rhs: Expr, result: Scalar, span: Span) -> Expr {
    Expr::new(ExprKind::Binary { op, lhs, rhs }, Type::Scalar(result), span)
}

/// A binary operation on arrays and scalars: scalars are converted before the loop.
pub fn broadcast_binary(
    cx: &mut Cx,
    op: BinaryOp,
    rule: Rule,
    lhs: Expr,
    rhs: Expr,
    span: Span,
) -> Result<Expr> {
    let Rule::Types { operand, .. } = rule else { panic!("arithmetic has no mixed rule: {op:?}") };
    let operands = vec![coerce_operand(lhs, operand), coerce_operand(rhs, operand)];
    elementwise(cx, operands, span, |_, mut args| {
        let rhs = args.pop().expect("two operands");
        let lhs = args.pop().expect("two operands");
        Ok(apply_binary(op, rule, lhs, rhs, span))
    })
}

/// Converts a scalar operand; an array's elements are converted inside the loop.
pub fn coerce_operand(operand: Expr, to: Scalar) -> Expr {
    if operand.ty.scalar().is_some() { coerce(operand, to) } else { operand }
}

/// `op operand`.
pub fn unary(cx: &mut Cx, op: ast::UnaryOp, operand: Expr, span: Span) -> Result<Expr> {
    if op == ast::UnaryOp::Not {
        let value = truth(cx, operand, span)?;
        if let ExprKind::Const(Const::Bool(b)) = *value.kind {
            return Ok(Expr::new(ExprKind::Const(Const::Bool(!b)), Type::BOOL, span));
        }
        return Ok(Expr::new(ExprKind::Unary { op: UnaryOp::Not, arg: value }, Type::BOOL, span));
    }
    if let Some(folded) = fold::unary(op, &operand, span) {
        return Ok(folded);
    }
    let (name, symbol, ufunc) = match op {
        ast::UnaryOp::Neg => ("-x", "-", "negative"),
        ast::UnaryOp::Pos => ("+x", "+", "positive"),
        ast::UnaryOp::Invert => ("~x", "~", "invert"),
        ast::UnaryOp::Not => unreachable!("handled above"),
    };
    let Some(elem) = elem_type(&operand.ty) else {
        let message = format!("bad operand type for unary {symbol}: '{}'", type_name(&operand.ty));
        let label = format!("this is {}", shape_of(&operand.ty));
        return Err(cx.error(Code::TypeMismatch, span, message, label));
    };
    let rule = unary_rule(name, elem);
    let Rule::Types { operand: to, result } = rule else {
        let Rule::Refused(message) = rule else { panic!("unary rules are never mixed") };
        return Err(refusal(cx, message, symbol, ufunc, &[&operand.ty], span));
    };
    elementwise(cx, vec![operand], span, |_, mut args| {
        let arg = convert(args.remove(0), to);
        Ok(match op {
            ast::UnaryOp::Neg => raw_unary(UnaryOp::Neg, arg, result, span),
            ast::UnaryOp::Invert => raw_unary(UnaryOp::Invert, arg, result, span),
            ast::UnaryOp::Pos | ast::UnaryOp::Not => convert(arg, result),
        })
    })
}

/// `op arg` on a scalar already of the operation's type.
pub fn raw_unary(op: UnaryOp, arg: Expr, result: Scalar, span: Span) -> Expr {
    Expr::new(ExprKind::Unary { op, arg }, Type::Scalar(result), span)
}

/// `abs(x)` and `np.absolute(x)` of a scalar or an array.
pub fn absolute(cx: &mut Cx, table: &str, operand: Expr, span: Span) -> Result<Expr> {
    let Some(elem) = elem_type(&operand.ty) else {
        let message = format!("bad operand type for abs(): '{}'", type_name(&operand.ty));
        return Err(cx.error(
            Code::TypeMismatch,
            span,
            message,
            format!("this is {}", shape_of(&operand.ty)),
        ));
    };
    let rule = unary_rule(table, elem);
    let Rule::Types { operand: to, result } = rule else {
        let Rule::Refused(message) = rule else { panic!("unary rules are never mixed") };
        return Err(refusal(cx, message, "abs()", "absolute", &[&operand.ty], span));
    };
    elementwise(cx, vec![operand], span, |_, mut args| {
        let arg = convert(args.remove(0), to);
        Ok(match to.kind() {
            Kind::Bool | Kind::Unsigned => convert(arg, result),
            Kind::Signed | Kind::Float | Kind::Complex => raw_unary(UnaryOp::Abs, arg, result, span),
        })
    })
}

/// The value of `array op= value`, of the array's element type, refused where NumPy's `same_kind` rule
/// for the output refuses it.
pub fn inplace_value(cx: &mut Cx, op: ast::BinaryOp, array: Expr, value: Expr, span: Span) -> Result<Expr> {
    let target: ArrayType = array.array();
    let result = binary(cx, op, array, value, span)?;
    into_output(cx, ufunc_name(op), result, target.elem, span)
}

/// Converts the result of a ufunc for an output array of type `elem`, as `casting='same_kind'` allows.
pub fn into_output(cx: &mut Cx, ufunc: &str, result: Expr, elem: Scalar, span: Span) -> Result<Expr> {
    let from = elem_type(&result.ty).expect("ufuncs give scalars or arrays").to_numpy();
    if !same_kind(from, elem) {
        let (from, to) = (convert::numpy_name(from), convert::numpy_name(elem));
        let message = format!(
            "Cannot cast ufunc '{ufunc}' output from dtype('{from}') to dtype('{to}') with casting rule \
             'same_kind'"
        );
        let error = cx.error(Code::TypeMismatch, span, message, format!("gives {from}, stored as {to}"));
        return Err(Box::new(error.help(format!("use `a[...] = (...).astype(np.{to})` to allow the loss"))));
    }
    elementwise(cx, vec![result], span, |_, mut args| Ok(convert(args.remove(0), elem)))
}

/// NumPy's `can_cast(from, to, 'same_kind')`.
pub fn same_kind(from: Scalar, to: Scalar) -> bool {
    let rank = |kind| match kind {
        Kind::Bool => 0,
        Kind::Unsigned => 1,
        Kind::Signed => 2,
        Kind::Float => 3,
        Kind::Complex => 4,
    };
    rank(from.kind()) <= rank(to.kind())
}

fn concatenate(cx: &mut Cx, lhs: Expr, rhs: Expr, span: Span) -> Expr {
    let (first, lhs) = cx.once("tuple", lhs);
    let (second, rhs) = cx.once("tuple", rhs);
    let mut items = item_exprs(&lhs, span);
    items.extend(item_exprs(&rhs, span));
    let whole = cx.make_items(form_of(&lhs.ty), items, span);
    convert::seq(first.into_iter().chain(second).collect(), whole)
}

fn form_of(ty: &Type) -> Form {
    if let Type::Tuple(items) = ty { items.form } else { Form::Tuple }
}

/// A tuple of the given items.
pub fn tuple(items: Vec<Expr>, span: Span) -> Expr {
    let ty = Type::Tuple(items.iter().map(|item| item.ty.clone()).collect());
    Expr::new(ExprKind::Tuple(items), ty, span)
}

fn repeat(cx: &mut Cx, value: Expr, times: Expr, span: Span) -> Result<Expr> {
    let ExprKind::Const(Const::Int(count)) = *times.kind else {
        let message = "a tuple can only be repeated a constant number of times";
        return Err(cx.error(Code::NotConstant, times.span, message, "this is not a constant"));
    };
    let (stmt, value) = cx.once("tuple", value);
    let items = item_exprs(&value, span);
    let count = usize::try_from(count).unwrap_or(0);
    if items.len() * count > 1024 {
        let message = "a tuple of more than 1024 items is not supported";
        let error = cx.error(Code::UnsupportedType, span, message, "this tuple is too long");
        return Err(Box::new(error.help("use an array: np.full(n, x)")));
    }
    let repeated = items.iter().cycle().take(items.len() * count).cloned().collect();
    let repeated = cx.make_items(form_of(&value.ty), repeated, span);
    Ok(convert::after(stmt, repeated))
}

/// Type-level rule: `(result type, operand type)` of a scalar operation, or `None` if refused.
/// Used at joins to see whether an unpromoted operand would give the same.
pub fn scalar_rule(op: ast::BinaryOp, lhs: Scalar, rhs: Scalar) -> Option<(Scalar, Scalar)> {
    if op == ast::BinaryOp::MatMul {
        return None;
    }
    match binary_rule(op.symbol(), lhs, rhs) {
        Rule::Types { operand, result } => Some((result, operand)),
        Rule::Mixed { .. } | Rule::Refused(_) => None,
    }
}

/// The operator of HIR that is written like this.
pub(super) fn hir_op(op: ast::BinaryOp) -> BinaryOp {
    match op {
        ast::BinaryOp::Add => BinaryOp::Add,
        ast::BinaryOp::Sub => BinaryOp::Sub,
        ast::BinaryOp::Mul => BinaryOp::Mul,
        ast::BinaryOp::TrueDiv => BinaryOp::TrueDiv,
        ast::BinaryOp::FloorDiv => BinaryOp::FloorDiv,
        ast::BinaryOp::Mod => BinaryOp::Mod,
        ast::BinaryOp::Pow => BinaryOp::Pow,
        ast::BinaryOp::LShift => BinaryOp::LShift,
        ast::BinaryOp::RShift => BinaryOp::RShift,
        ast::BinaryOp::BitAnd => BinaryOp::BitAnd,
        ast::BinaryOp::BitOr => BinaryOp::BitOr,
        ast::BinaryOp::BitXor => BinaryOp::BitXor,
        ast::BinaryOp::MatMul => unreachable!("a prelude function"),
    }
}

fn ufunc_name(op: ast::BinaryOp) -> &'static str {
    match op {
        ast::BinaryOp::Add => "add",
        ast::BinaryOp::Sub => "subtract",
        ast::BinaryOp::Mul => "multiply",
        ast::BinaryOp::TrueDiv => "divide",
        ast::BinaryOp::FloorDiv => "floor_divide",
        ast::BinaryOp::Mod => "remainder",
        ast::BinaryOp::Pow => "power",
        ast::BinaryOp::LShift => "left_shift",
        ast::BinaryOp::RShift => "right_shift",
        ast::BinaryOp::BitAnd => "bitwise_and",
        ast::BinaryOp::BitOr => "bitwise_or",
        ast::BinaryOp::BitXor => "bitwise_xor",
        ast::BinaryOp::MatMul => "matmul",
    }
}

/// The name of the type as Python's messages give it.
pub fn type_name(ty: &Type) -> String {
    match ty {
        Type::None => "NoneType".into(),
        Type::Scalar(Scalar::Bool) => "bool".into(),
        Type::Scalar(Scalar::Int) => "int".into(),
        Type::Scalar(Scalar::Float) => "float".into(),
        Type::Scalar(Scalar::Complex) => "complex".into(),
        Type::Scalar(s) => format!("numpy.{}", convert::numpy_name(*s)),
        Type::Array(_) => "numpy.ndarray".into(),
        Type::Tuple(items) if items.form == Form::List => "list".into(),
        Type::Tuple(_) => "tuple".into(),
        Type::Str(_) => "str".into(),
        Type::Dtype(Dtype::Described(_)) => "numpy.dtype".into(),
        Type::Dtype(Dtype::Class(_)) | Type::Exception(_) => "type".into(),
        Type::Module(_) => "module".into(),
        Type::Builtin(_) => "builtin_function_or_method".into(),
        Type::Function { .. } => "function".into(),
        Type::Ellipsis => "ellipsis".into(),
        Type::Never => "NoReturn".into(),
    }
}

/// A description of the type for labels: `2-D array of float64`.
pub fn shape_of(ty: &Type) -> String {
    match ty {
        Type::Array(array) => format!("{}-D array of {}", array.ndim, convert::numpy_name(array.elem)),
        Type::Tuple(items) => format!("{} of {} items", type_name(ty), items.len()),
        Type::Str(text) => format!("'{text}'"),
        Type::None
        | Type::Scalar(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => type_name(ty),
    }
}
