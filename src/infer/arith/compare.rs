//! Comparisons, membership, identity and truth.
//!
//! In: typed operands. Out: a Python bool, a NumPy bool or an array of bools; a constant where the types
//! alone decide, so that branches can be pruned. Invariant: comparisons are exact, and nothing is checked
//! to fit.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{BinaryOp, CompareOp, Const, Expr, ExprKind, Prim};
use crate::infer::arith::convert::{coerce, convert, discard, fits, item_exprs, once, seq};
use crate::infer::arith::map::{elem_type, element, elementwise};
use crate::infer::arith::{fold, refusal, shape_of, type_name};
use crate::infer::builtin::names::{self, Part};
use crate::infer::builtin::ufunc::part_of;
use crate::infer::cx::Cx;
use crate::types::promote::{Rule, binary_rule};
use crate::types::{Dtype, Kind, Scalar, Type};

/// A constant Python bool.
pub fn bool_const(value: bool, span: Span) -> Expr {
    Expr::new(ExprKind::Const(Const::Bool(value)), Type::BOOL, span)
}

/// `lhs op rhs` for one link of a comparison (`is` and `in` included); a Python bool, a NumPy bool or an
/// array of bools.
pub fn compare(cx: &mut Cx, op: ast::CompareOp, lhs: Expr, rhs: Expr, span: Span) -> Result<Expr> {
    let op = match op {
        ast::CompareOp::Eq => CompareOp::Eq,
        ast::CompareOp::Ne => CompareOp::Ne,
        ast::CompareOp::Lt => CompareOp::Lt,
        ast::CompareOp::Le => CompareOp::Le,
        ast::CompareOp::Gt => CompareOp::Gt,
        ast::CompareOp::Ge => CompareOp::Ge,
        ast::CompareOp::Is => return identity(cx, lhs, rhs, span),
        ast::CompareOp::In => return contains(cx, lhs, rhs, span),
        ast::CompareOp::IsNot => {
            let same = identity(cx, lhs, rhs, span)?;
            return super::unary(cx, ast::UnaryOp::Not, same, span);
        }
        ast::CompareOp::NotIn => {
            let found = contains(cx, lhs, rhs, span)?;
            return super::unary(cx, ast::UnaryOp::Not, found, span);
        }
    };
    values(cx, op, lhs, rhs, span)
}

fn symbol(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "==",
        CompareOp::Ne => "!=",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}

fn ufunc(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "equal",
        CompareOp::Ne => "not_equal",
        CompareOp::Lt => "less",
        CompareOp::Le => "less_equal",
        CompareOp::Gt => "greater",
        CompareOp::Ge => "greater_equal",
    }
}

/// Comparison of values: scalars, arrays, tuples, compile-time values.
pub fn values(cx: &mut Cx, op: CompareOp, lhs: Expr, rhs: Expr, span: Span) -> Result<Expr> {
    if let Some(known) = fold::compare(op, &lhs, &rhs) {
        return Ok(bool_const(known, span));
    }
    match (&lhs.ty, &rhs.ty) {
        (Type::Scalar(_) | Type::Array(_), Type::Scalar(_) | Type::Array(_)) => {
            broadcast(cx, op, symbol(op), lhs, rhs, span)
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.form == b.form => tuples(cx, op, lhs, rhs, span),
        (Type::Str(a), Type::Str(b)) => {
            let order = a.cmp(b);
            Ok(bool_const(
                match op {
                    CompareOp::Eq => order.is_eq(),
                    CompareOp::Ne => order.is_ne(),
                    CompareOp::Lt => order.is_lt(),
                    CompareOp::Le => order.is_le(),
                    CompareOp::Gt => order.is_gt(),
                    CompareOp::Ge => order.is_ge(),
                },
                span,
            ))
        }
        (Type::Array(_), other) | (other, Type::Array(_)) => {
            let message = format!("comparing an array with a value of type '{}'", type_name(other));
            let error = cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(other)));
            Err(Box::new(error.help("use `is None` to test for None")))
        }
        (a, b) if matches!(op, CompareOp::Eq | CompareOp::Ne) => {
            let named = dtype_named(a, b).or_else(|| dtype_named(b, a));
            // Values of unrelated types are unequal; compile-time values are equal if their types are.
            let same = named.unwrap_or(a == b && !matches!(a, Type::Function { .. }));
            let result = bool_const(same == (op == CompareOp::Eq), span);
            let result = discard(rhs, result);
            Ok(discard(lhs, result))
        }
        (a, b) => {
            let (a, b) = (type_name(a), type_name(b));
            let message = format!("'{}' not supported between instances of '{a}' and '{b}'", symbol(op));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this compares {a} with {b}")))
        }
    }
}

/// Whether what a dtype is compared with names the same type; `None` if neither is a dtype.
fn dtype_named(dtype: &Type, other: &Type) -> Option<bool> {
    let Type::Dtype(Dtype::Described(own)) = dtype else { return None };
    Some(match other {
        Type::Dtype(other) => other.scalar().to_numpy() == *own,
        Type::Str(text) => names::dtype_of_text(text) == Some(*own),
        // `np.dtype(None)` is the default.
        Type::None => *own == Scalar::F64,
        Type::Scalar(_)
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => false,
    })
}

/// Comparison of scalars and arrays by the operator's (`"<"`) or the ufunc's (`"less"`) table.
pub fn broadcast(cx: &mut Cx, op: CompareOp, table: &str, lhs: Expr, rhs: Expr, span: Span) -> Result<Expr> {
    let (a, b) = (elem_type(&lhs.ty).expect("checked"), elem_type(&rhs.ty).expect("checked"));
    let rule = binary_rule(table, a, b);
    if let Rule::Refused(message) = rule {
        return Err(refusal(cx, message, symbol(op), ufunc(op), &[&lhs.ty, &rhs.ty], span));
    }
    // A literal that fits is compared at the width of the other side.
    let lhs = if b.is_python() { lhs } else { narrow(lhs, b) };
    let rhs = if a.is_python() { rhs } else { narrow(rhs, a) };
    let numbers = matches!((&lhs.ty, &rhs.ty), (Type::Scalar(_), Type::Scalar(_)));
    let complex = a.kind() == Kind::Complex || b.kind() == Kind::Complex;
    let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
    if numbers && complex && ordered && (table == ufunc(op) || through_array_loop(rule, a, b)) {
        return once(cx, lhs, |cx, lhs| {
            once(cx, rhs, |_, rhs| {
                Ok(by_array_loop(scalars(op, rule, lhs.clone(), rhs.clone(), span), [lhs, rhs]))
            })
        });
    }
    elementwise(cx, vec![lhs, rhs], span, |_, mut args| {
        let rhs = args.pop().expect("two operands");
        let lhs = args.pop().expect("two operands");
        Ok(scalars(op, rule, lhs, rhs, span))
    })
}

/// Whether NumPy sends an operator's two numbers, one of them complex, through its array loop: where neither
/// converts to the other's type without loss, for a Python complex beside a NumPy number, and for a bool on the
/// left.
fn through_array_loop(rule: Rule, lhs: Scalar, rhs: Scalar) -> bool {
    let complex = |s: Scalar| s.kind() == Kind::Complex;
    match (lhs.is_python(), rhs.is_python()) {
        (true, true) => false,
        (true, false) => complex(lhs) && !complex(rhs),
        (false, true) => complex(rhs) && !complex(lhs),
        (false, false) => match rule {
            Rule::Types { operand, .. } => lhs == Scalar::NpBool || (operand != lhs && operand != rhs),
            Rule::Mixed { .. } | Rule::Refused(_) => false,
        },
    }
}

/// The order of two numbers as NumPy's array loop has it, given that of its scalars: false where an imaginary
/// part is nan.
fn by_array_loop(order: Expr, numbers: [Expr; 2]) -> Expr {
    let mut result = order;
    for number in numbers.into_iter().filter(|number| number.scalar().kind() == Kind::Complex) {
        let (ty, span) = (result.ty.clone(), result.span);
        let part = part_of(number, Part::Imag);
        let is_number = ExprKind::Compare { op: CompareOp::Eq, lhs: part.clone(), rhs: part };
        let rhs = Expr::new(is_number, ty.clone(), span);
        result = Expr::new(ExprKind::Binary { op: BinaryOp::BitAnd, lhs: result, rhs }, ty, span);
    }
    result
}

fn narrow(value: Expr, other: Scalar) -> Expr {
    if let ExprKind::Const(Const::Int(n)) = *value.kind
        && value.scalar() == Scalar::Int
        && matches!(other.kind(), Kind::Signed | Kind::Unsigned)
        && fits(n, other)
    {
        return coerce(value, other);
    }
    value
}

fn scalars(op: CompareOp, rule: Rule, lhs: Expr, rhs: Expr, span: Span) -> Expr {
    let (a, b) = (lhs.scalar(), rhs.scalar());
    let integer = |s: Scalar| matches!(s.kind(), Kind::Signed | Kind::Unsigned);
    let (lhs, rhs, result) = match rule {
        Rule::Refused(message) => panic!("refused by the caller: {message}"),
        // Python compares an int with a float exactly.
        Rule::Types { result: Scalar::Bool, operand: Scalar::Float } => {
            let exact = |e: Expr| if e.scalar() == Scalar::Bool { convert(e, Scalar::Int) } else { e };
            (exact(lhs), exact(rhs), Scalar::Bool)
        }
        Rule::Types { result, .. } | Rule::Mixed { result } if a == b => (lhs, rhs, result),
        // Integers of any width and family are compared exactly.
        Rule::Types { result, operand } if !operand.is_python() && integer(a) && integer(b) => {
            (widen(lhs), widen(rhs), result)
        }
        Rule::Mixed { result } => (widen(lhs), widen(rhs), result),
        Rule::Types { operand, result } => (convert(lhs, operand), convert(rhs, operand), result),
    };
    Expr::new(ExprKind::Compare { op, lhs, rhs }, Type::Scalar(result), span)
}

/// An integer at 64 bits with the same value.
fn widen(value: Expr) -> Expr {
    if value.scalar() == Scalar::U64 { value } else { convert(value, Scalar::I64) }
}

/// Lexicographic comparison of tuples.
fn tuples(cx: &mut Cx, op: CompareOp, lhs: Expr, rhs: Expr, span: Span) -> Result<Expr> {
    let same = same_objects(&lhs, &rhs);
    let same = |k: usize| same.get(k).copied().flatten();
    let (first, lhs) = cx.once("tuple", lhs);
    let (second, rhs) = cx.once("tuple", rhs);
    let (a, b) = (item_exprs(&lhs, span), item_exprs(&rhs, span));
    let stmts: Vec<_> = first.into_iter().chain(second).collect();
    let lengths = a.len().cmp(&b.len());
    if matches!(op, CompareOp::Eq | CompareOp::Ne) {
        let mut all = bool_const(lengths.is_eq(), span);
        if lengths.is_eq() {
            for (k, (a, b)) in a.into_iter().zip(b).enumerate().rev() {
                let equal = same_items(cx, same(k), a, b, span)?;
                all = and(equal, all);
            }
        }
        let result = if op == CompareOp::Eq { all } else { super::unary(cx, ast::UnaryOp::Not, all, span)? };
        return Ok(seq(stmts, result));
    }
    // The first pair that differs decides; without one, the lengths do.
    let mut result = bool_const(
        match op {
            CompareOp::Lt => lengths.is_lt(),
            CompareOp::Le => lengths.is_le(),
            CompareOp::Gt => lengths.is_gt(),
            CompareOp::Ge => lengths.is_ge(),
            CompareOp::Eq | CompareOp::Ne => unreachable!("handled above"),
        },
        span,
    );
    for (k, (a, b)) in a.into_iter().zip(b).enumerate().rev() {
        let equal = same_items(cx, same(k), a.clone(), b.clone(), span)?;
        let decides = values(cx, op, a, b, span)?;
        let decides = truth(cx, decides, span)?;
        result = Expr::new(ExprKind::IfExp { test: equal, then: result, orelse: decides }, Type::BOOL, span);
    }
    Ok(seq(stmts, result))
}

/// `lhs and rhs` of Python bools.
pub fn and(lhs: Expr, rhs: Expr) -> Expr {
    let span = lhs.span;
    match (&*lhs.kind, &*rhs.kind) {
        (ExprKind::Const(Const::Bool(true)), _) | (ExprKind::Const(Const::Bool(false)), _) => {
            if fold::truth(&lhs) == Some(true) { rhs } else { lhs }
        }
        (_, ExprKind::Const(Const::Bool(true))) => lhs,
        _ => Expr::new(ExprKind::And(lhs, rhs), Type::BOOL, span),
    }
}

fn or(lhs: Expr, rhs: Expr) -> Expr {
    let span = lhs.span;
    match (fold::truth(&lhs), fold::truth(&rhs)) {
        (Some(true), _) | (_, Some(false)) => lhs,
        (Some(false), _) => rhs,
        (None, _) => Expr::new(ExprKind::Or(lhs, rhs), Type::BOOL, span),
    }
}

/// `lhs is rhs`.
fn identity(cx: &mut Cx, lhs: Expr, rhs: Expr, span: Span) -> Result<Expr> {
    let (lhs, rhs) = match (&*lhs.kind, &lhs.ty) {
        (ExprKind::Const(Const::Bool(_)), _) | (_, Type::None) => (rhs, lhs),
        _ => (lhs, rhs),
    };
    match (&lhs.ty, &rhs.ty) {
        (ty, Type::None) => {
            let known = bool_const(*ty == Type::None, span);
            Ok(discard(lhs, known))
        }
        (Type::Scalar(Scalar::Bool), Type::Scalar(Scalar::Bool)) => values(cx, CompareOp::Eq, lhs, rhs, span),
        (ty, Type::Scalar(Scalar::Bool)) if matches!(*rhs.kind, ExprKind::Const(_)) && *ty != Type::BOOL => {
            Ok(discard(lhs, bool_const(false, span)))
        }
        (
            Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::None,
            other,
        ) => {
            let same = lhs.ty == *other;
            Ok(discard(rhs, bool_const(same, span)))
        }
        (a, b) => {
            let message = format!("`is` between '{}' and '{}'", type_name(a), type_name(b));
            let error =
                cx.error(Code::TypeMismatch, span, message, "numbers and arrays have no identity here");
            Err(Box::new(error.help("use == to compare values")))
        }
    }
}

/// What is known of two values before they are stored: whether they are one object.
fn is_same_object(a: &Expr, b: &Expr) -> Option<bool> {
    match (&*a.kind, &*b.kind) {
        (ExprKind::Local { local: a, .. }, ExprKind::Local { local: b, .. }) if a == b => Some(true),
        // Operations and elements of arrays make new objects.
        (ExprKind::Binary { .. } | ExprKind::Math { .. } | ExprKind::Element { .. }, _)
        | (_, ExprKind::Binary { .. } | ExprKind::Math { .. } | ExprKind::Element { .. }) => Some(false),
        // No literal is nan.
        (ExprKind::Const(_), _) | (_, ExprKind::Const(_)) => Some(false),
        _ => None,
    }
}

/// As `is_same_object`, item by item of two tuples; nothing is known of one that is not written out.
fn same_objects(a: &Expr, b: &Expr) -> Vec<Option<bool>> {
    match (&*a.kind, &*b.kind) {
        (ExprKind::Tuple(a), ExprKind::Tuple(b)) => {
            a.iter().zip(b).map(|(a, b)| is_same_object(a, b)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether two items of containers are taken for the same, as a Python bool: one object, or equal.
fn same_items(cx: &mut Cx, same: Option<bool>, a: Expr, b: Expr, span: Span) -> Result<Expr> {
    let equal_or_one =
        |a: Expr, b: Expr| Expr::new(ExprKind::Prim { prim: Prim::Same, args: vec![a, b] }, Type::BOOL, span);
    match (same, &a.ty) {
        (Some(true), _) => return Ok(bool_const(true, span)),
        (None, Type::Scalar(scalar)) if a.ty == b.ty && scalar.kind() == Kind::Float => {
            return Ok(equal_or_one(a, b));
        }
        (None, Type::Scalar(scalar)) if a.ty == b.ty && scalar.kind() == Kind::Complex => {
            let [re, im] = [Part::Real, Part::Imag]
                .map(|part| equal_or_one(part_of(a.clone(), part), part_of(b.clone(), part)));
            return Ok(and(re, im));
        }
        _ => {}
    }
    let equal = values(cx, CompareOp::Eq, a, b, span)?;
    truth(cx, equal, span)
}

/// `lhs in rhs`.
fn contains(cx: &mut Cx, lhs: Expr, rhs: Expr, span: Span) -> Result<Expr> {
    match (&lhs.ty, &rhs.ty) {
        (_, Type::Tuple(_)) => {
            let same: Vec<Option<bool>> = if let ExprKind::Tuple(items) = &*rhs.kind {
                items.iter().map(|item| is_same_object(&lhs, item)).collect()
            } else {
                Vec::new()
            };
            let (first, lhs) = cx.once("item", lhs);
            let (second, rhs) = cx.once("tuple", rhs);
            let mut found = bool_const(false, span);
            for (k, item) in item_exprs(&rhs, span).into_iter().enumerate().rev() {
                let same = same.get(k).copied().flatten();
                found = or(same_items(cx, same, lhs.clone(), item, span)?, found);
            }
            Ok(seq(first.into_iter().chain(second).collect(), found))
        }
        (Type::Str(part), Type::Str(text)) => Ok(bool_const(text.contains(&**part), span)),
        (Type::Scalar(_), Type::Array(_)) => cx.call_prelude("contains", vec![rhs, lhs], span),
        (_, other) => {
            let message = format!("argument of type '{}' is not iterable", type_name(other));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(other))))
        }
    }
}

/// Python's truth of a value, as a Python bool.
pub fn truth(cx: &mut Cx, value: Expr, span: Span) -> Result<Expr> {
    if let Some(known) = fold::truth(&value) {
        return Ok(bool_const(known, span));
    }
    match &value.ty {
        Type::Scalar(Scalar::Bool) => Ok(value),
        Type::Scalar(Scalar::NpBool) => Ok(convert(value, Scalar::Bool)),
        Type::Scalar(_) => Ok(Expr::new(ExprKind::Truth(value), Type::BOOL, span)),
        Type::Array(array) if array.ndim == 0 => {
            let value = element(value, Vec::new());
            truth(cx, value, span)
        }
        Type::Array(_) => cx.call_prelude("truth", vec![value], span),
        Type::None => Ok(discard(value, bool_const(false, span))),
        Type::Tuple(items) => {
            let known = bool_const(!items.is_empty(), span);
            Ok(discard(value, known))
        }
        Type::Str(text) => Ok(bool_const(!text.is_empty(), span)),
        Type::Never => Ok(Expr::new(ExprKind::Truth(value), Type::BOOL, span)),
        Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis => {
            let known = bool_const(true, span);
            Ok(discard(value, known))
        }
    }
}
