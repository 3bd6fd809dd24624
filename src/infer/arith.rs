//! Operators on scalars, arrays and tuples: promotion (NEP 50), broadcasting types, conversions.

use crate::ast;
use crate::diag::{Result, Span};
use crate::hir::Expr;
use crate::infer::cx::Cx;
use crate::types::Type;

/// `lhs op rhs`.
pub fn binary(_cx: &mut Cx, _op: ast::BinaryOp, _lhs: Expr, _rhs: Expr, _span: Span) -> Result<Expr> {
    unimplemented!()
}

/// `op operand`.
pub fn unary(_cx: &mut Cx, _op: ast::UnaryOp, _operand: Expr, _span: Span) -> Result<Expr> {
    unimplemented!()
}

/// `lhs op rhs` for one link of a comparison (`is` and `in` included); a Python bool, a NumPy bool or an
/// array of bools.
pub fn compare(_cx: &mut Cx, _op: ast::CompareOp, _lhs: Expr, _rhs: Expr, _span: Span) -> Result<Expr> {
    unimplemented!()
}

/// Python's truth of a value, as a Python bool.
pub fn truth(_cx: &mut Cx, _value: Expr, _span: Span) -> Result<Expr> {
    unimplemented!()
}

/// `value` as a Python int where an index or a count is needed (`__index__`: bools and NumPy integers are
/// accepted, floats are not).
pub fn index_value(_cx: &mut Cx, _value: Expr, _span: Span) -> Result<Expr> {
    unimplemented!()
}

/// Converts to a type that `types::promote::join` gave (a promotion; tuples item by item).
pub fn promote(_cx: &mut Cx, _value: Expr, _ty: &Type) -> Expr {
    unimplemented!()
}

/// Converts a scalar or array for storing into an element of type `elem`, with NumPy's rules for stores.
pub fn store_value(_cx: &mut Cx, _value: Expr, _elem: crate::types::Scalar, _span: Span) -> Result<Expr> {
    unimplemented!()
}

/// Type-level rule: the result types and operand type of a scalar operation, or `None` if refused.
/// Used at joins to see whether an unpromoted operand would give the same.
pub fn scalar_rule(
    _op: ast::BinaryOp,
    _lhs: crate::types::Scalar,
    _rhs: crate::types::Scalar,
) -> Option<(crate::types::Scalar, crate::types::Scalar)> {
    unimplemented!()
}
