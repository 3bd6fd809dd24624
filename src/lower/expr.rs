//! Expressions to words.

use crate::hir::Expr;
use crate::lower::cx::{Cx, Words};
use crate::mir::Value;

/// Words of an expression, evaluated here.
pub fn lower(_cx: &mut Cx, _expr: &Expr) -> Words {
    unimplemented!()
}

/// The word of an expression that has exactly one.
pub fn word(cx: &mut Cx, expr: &Expr) -> Value {
    lower(cx, expr)[0]
}
