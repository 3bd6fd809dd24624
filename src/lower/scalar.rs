//! Arithmetic on scalars.

use crate::diag::Span;
use crate::hir::{BinaryOp, CompareOp};
use crate::lower::cx::{Cx, Words};
use crate::mir::Value;
use crate::types::Scalar;

/// `lhs op rhs` of two values of type `ty`; `span` is quoted in messages. Result words are of `result_type`
/// (`ty`, except `TrueDiv` of ints: a float).
pub fn binary(
    _cx: &mut Cx,
    _op: BinaryOp,
    _ty: Scalar,
    _lhs: &[Value],
    _rhs: &[Value],
    _span: Span,
) -> Words {
    unimplemented!()
}

/// Comparison to a Bool word; the types may differ as `hir::ExprKind::Compare` says.
pub fn compare(_cx: &mut Cx, _op: CompareOp, _lhs: (Scalar, &[Value]), _rhs: (Scalar, &[Value])) -> Value {
    unimplemented!()
}
