//! Statements to regions.

use crate::diag::Span;
use crate::hir::{Expr, Stmt};
use crate::lower::cx::Cx;
use crate::mir::{End, Value};

/// Lowers statements into the open region. `Some(end)` if control does not come to their end: the caller
/// closes the region with it.
pub fn list(_cx: &mut Cx, _stmts: &[Stmt]) -> Option<End> {
    unimplemented!()
}

/// A `range`, evaluated: values of the counter are `start + k * step` for `k` in `0..trip`.
pub struct Range {
    pub start: Value,
    pub step: Value,
    pub trip: Value,
}

/// Evaluates the three parts of a `range` (`ValueError` for a zero step) and counts its trips exactly.
pub fn trip_count(_cx: &mut Cx, _range: [&Expr; 3], _span: Span) -> Range {
    unimplemented!()
}
