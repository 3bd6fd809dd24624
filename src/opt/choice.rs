//! Choices that are less than a choice.
//!
//! In: the operands of a `select`. Out: the value that it is, or the operation that says the same with less.
//! Invariant: nothing is computed that was not computed before, but for a bound that is out of the way of what
//! a loop carries.

use crate::mir::effect::{constant, def_op};
use crate::mir::walk;
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
    // One of them is the other's opposite.
    if negates(func, then, orelse) {
        return Some(Choice::Becomes(Op::Binary { op: BinaryOp::Bxor, lhs: orelse, rhs: cond }));
    }
    match (constant(func, then), constant(func, orelse)) {
        (Some(1), Some(0)) => Some(Choice::Is(cond)),
        (Some(0), Some(1)) => Some(Choice::Becomes(Op::Unary { op: UnaryOp::Bnot, arg: cond })),
        (Some(1), None) => Some(either(orelse)),
        (None, Some(0)) => Some(both(then)),
        (Some(_) | None, Some(_) | None) => None,
    }
}

/// `select a and x < y, x, y` of floats, `y` less than before under a condition, is the lesser of `y` and what
/// stands for `x`: infinity where `a` does not hold. The lesser of two is one instruction, and `a` is no part of
/// the chain through a `y` that a loop carries.
pub fn bounded(func: &mut Function, inst: Inst, out: &mut Vec<Inst>) -> Option<Op> {
    let Op::Select { cond, then, orelse } = func.insts[inst].op else { return None };
    let (ty, line) = (func.values[then].ty, func.insts[inst].line);
    let Some(&Op::Binary { op: BinaryOp::Band, lhs, rhs }) = def_op(func, cond).filter(|_| ty.is_float())
    else {
        return None;
    };
    // Whether `then` is the greater, if the comparison is one of the two.
    let greater = |test: Value| match def_op(func, test) {
        Some(&Op::Compare { cond: Cond::Flt, lhs, rhs }) => order(lhs, rhs, then, orelse),
        Some(&Op::Compare { cond: Cond::Fgt, lhs, rhs }) => order(rhs, lhs, then, orelse),
        Some(_) | None => None,
    };
    let (other, greater) = match (greater(lhs), greater(rhs)) {
        (_, Some(greater)) => (lhs, greater),
        (Some(greater), None) => (rhs, greater),
        (None, None) => return None,
    };
    let infinity = if greater { f64::NEG_INFINITY } else { f64::INFINITY };
    let bits = if ty == Ty::F32 { (infinity as f32).to_bits().into() } else { infinity.to_bits() };
    let bound = walk::place(func, Op::Fconst(bits), ty, line, out);
    let then = walk::place(func, Op::Select { cond: other, then, orelse: bound }, ty, line, out);
    let cond = if greater { Cond::Fgt } else { Cond::Flt };
    let cond = walk::place(func, Op::Compare { cond, lhs: then, rhs: orelse }, Ty::Bool, line, out);
    Some(Op::Select { cond, then, orelse })
}

/// Of `lesser < greater`: whether `then` is the greater one and `orelse` the other, or the other way round.
fn order(lesser: Value, greater: Value, then: Value, orelse: Value) -> Option<bool> {
    if (lesser, greater) == (then, orelse) {
        Some(false)
    } else {
        ((greater, lesser) == (then, orelse)).then_some(true)
    }
}

/// Whether `value` is `not other`.
fn negates(func: &Function, value: Value, other: Value) -> bool {
    matches!(def_op(func, value), Some(Op::Unary { op: UnaryOp::Bnot, arg }) if *arg == other)
}
