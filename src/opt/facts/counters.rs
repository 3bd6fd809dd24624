//! Between what a loop's counter runs, and what a condition in the loop says of it besides.
//!
//! In: counters with their bounds; the condition of an `If` around a place. Out: the bounds that hold at that
//! place. Invariant: a bound that was known is given up only for one that the program asks for there.

use crate::mir::effect::{constant, def_op};
use crate::mir::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A value plus a constant.
pub type End = (Value, i64);

/// At least `lo`, less than `hi`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limits {
    pub lo: End,
    pub hi: End,
}

pub type Counters = FxHashMap<Value, Limits>;

/// Narrows the counters of a nest by a condition that has this value; true if one was narrowed. `inside`: values
/// defined in the nest.
pub fn narrow(
    func: &Function,
    cond: Value,
    truth: bool,
    inside: &BTreeSet<Value>,
    counters: &mut Counters,
) -> bool {
    let (cond, lhs, rhs) = match def_op(func, cond) {
        Some(&Op::Unary { op: UnaryOp::Bnot, arg }) => return narrow(func, arg, !truth, inside, counters),
        Some(&Op::Binary { op, lhs, rhs })
            if (op == BinaryOp::Band && truth) || (op == BinaryOp::Bor && !truth) =>
        {
            let first = narrow(func, lhs, truth, inside, counters);
            return narrow(func, rhs, truth, inside, counters) || first;
        }
        Some(&Op::Compare { cond, lhs, rhs }) => (cond, lhs, rhs),
        Some(_) | None => return false,
    };
    let Some(cond) = (if truth { Some(cond) } else { inverse(cond) }) else { return false };
    let mut narrowed = false;
    for (counter, bound, cond) in [(lhs, rhs, cond), (rhs, lhs, swapped(cond))] {
        let outside = constant(func, bound).is_some() || !inside.contains(&bound);
        let Some(limits) = counters.get_mut(&counter).filter(|_| outside) else { continue };
        let (lo, hi) = match cond {
            Cond::Slt => (None, Some((bound, 0))),
            Cond::Sle => (None, Some((bound, 1))),
            Cond::Sgt => (Some((bound, 1)), None),
            Cond::Sge => (Some((bound, 0)), None),
            Cond::Eq => (Some((bound, 0)), Some((bound, 1))),
            Cond::Ne
            | Cond::Ult
            | Cond::Ule
            | Cond::Ugt
            | Cond::Uge
            | Cond::Feq
            | Cond::Flt
            | Cond::Fle
            | Cond::Fgt
            | Cond::Fge
            | Cond::Fne => (None, None),
        };
        if let Some(lo) = lo
            && numbers(func, lo, limits.lo).is_none_or(|(new, known)| new > known)
        {
            limits.lo = lo;
            narrowed = true;
        }
        if let Some(hi) = hi
            && numbers(func, hi, limits.hi).is_none_or(|(new, known)| new < known)
        {
            limits.hi = hi;
            narrowed = true;
        }
    }
    narrowed
}

/// Two ends as numbers, if both are.
fn numbers(func: &Function, a: End, b: End) -> Option<(i64, i64)> {
    let number = |(value, c): End| constant(func, value)?.checked_add(c);
    Some((number(a)?, number(b)?))
}
