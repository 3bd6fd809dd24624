//! Choices that are less than a choice.
//!
//! In: the operands of a `select`. Out: the value that it is, or the operation that says the same with less.
//! Invariant: nothing is computed that was not computed before.

use crate::mir::effect::{constant, def_op};
use crate::mir::*;

/// What a choice is by itself.
pub enum Choice {
    Is(Value),
    Becomes(Op),
}

/// What `select cond, then, orelse` of this type is, if that is simpler.
pub fn simpler(func: &Function, ty: Ty, cond: Value, then: Value, orelse: Value) -> Option<Choice> {
    if then == orelse {
        return Some(Choice::Is(then));
    }
    if let Some(truth) = constant(func, cond) {
        return Some(Choice::Is(if truth == 0 { orelse } else { then }));
    }
    if let Some(Op::Unary { op: UnaryOp::Bnot, arg }) = def_op(func, cond) {
        return Some(Choice::Becomes(Op::Select { cond: *arg, then: orelse, orelse: then }));
    }
    // Of two choices by one condition, the outer has decided.
    if let Some(&Op::Select { cond: again, then: inner, .. }) = def_op(func, then)
        && again == cond
    {
        return Some(Choice::Becomes(Op::Select { cond, then: inner, orelse }));
    }
    if let Some(&Op::Select { cond: again, orelse: inner, .. }) = def_op(func, orelse)
        && again == cond
    {
        return Some(Choice::Becomes(Op::Select { cond, then, orelse: inner }));
    }
    (ty == Ty::Bool).then(|| truth(func, cond, then, orelse)).flatten()
}

/// A choice of truth values.
fn truth(func: &Function, cond: Value, then: Value, orelse: Value) -> Option<Choice> {
    let both = |rhs: Value| Choice::Becomes(Op::Binary { op: BinaryOp::Band, lhs: cond, rhs });
    let either = |rhs: Value| Choice::Becomes(Op::Binary { op: BinaryOp::Bor, lhs: cond, rhs });
    if orelse == cond {
        return Some(both(then));
    }
    if then == cond {
        return Some(either(orelse));
    }
    match (constant(func, then), constant(func, orelse)) {
        (Some(1), Some(0)) => Some(Choice::Is(cond)),
        (Some(0), Some(1)) => Some(Choice::Becomes(Op::Unary { op: UnaryOp::Bnot, arg: cond })),
        (Some(1), None) => Some(either(orelse)),
        (None, Some(0)) => Some(both(then)),
        (Some(_) | None, Some(_) | None) => None,
    }
}
