//! Intervals of floats: between which bounds a value lies if it is a number.
//!
//! In: definitions, and comparisons that are true or false in the place of the walk. Out: bounds, and what a
//! comparison gives. Invariant: nothing is said about nan, which every comparison but `!=` refutes; a bound of
//! zero includes both zeros; bounds are rounded as the operation's results are.

use super::range::Facts;
use crate::mir::effect::{def_op, float_bits};
use crate::mir::*;
use rustc_hash::FxHashMap;

/// The least and the largest number that a value can be.
pub type Interval = (f64, f64);

const ANY: Interval = (f64::NEG_INFINITY, f64::INFINITY);
const NOT_NEGATIVE: Interval = (0.0, f64::INFINITY);
/// Longest chain of definitions that is followed.
const DEPTH: u32 = 6;

/// What comparisons have said; the rest is read off the definitions.
#[derive(Default)]
pub struct Floats {
    known: FxHashMap<Value, Interval>,
    /// What there was before, to take back.
    past: Vec<(Value, Option<Interval>)>,
}

impl Floats {
    pub fn mark(&self) -> usize {
        self.past.len()
    }

    /// Forgets what was learnt since the mark.
    pub fn undo(&mut self, mark: usize) {
        for (value, before) in self.past.drain(mark..).rev() {
            match before {
                Some(interval) => self.known.insert(value, interval),
                None => self.known.remove(&value),
            };
        }
    }

    /// Learns that a comparison of floats is true, or that it is false.
    pub fn compared(&mut self, func: &Function, facts: &Facts, cond: Cond, x: Value, y: Value, truth: bool) {
        for (value, other, cond) in [(x, y, cond), (y, x, swapped(cond))] {
            let bound = limit(func, cond, truth, other, || self.bounds(func, facts, other));
            self.learn(value, bound);
        }
    }

    /// Learns that the value lies in the interval if it is a number.
    pub fn learn(&mut self, value: Value, bound: Interval) {
        if bound != ANY {
            let before = self.known.get(&value).copied();
            self.past.push((value, before));
            self.known.insert(value, both(before.unwrap_or(ANY), bound));
        }
    }

    /// The bounds of a value in this place.
    pub fn bounds(&self, func: &Function, facts: &Facts, value: Value) -> Interval {
        self.interval(func, facts, value, DEPTH)
    }

    /// What a comparison of floats gives, if that is known.
    pub fn decide(&self, func: &Function, facts: &Facts, cond: Cond, x: Value, y: Value) -> Option<bool> {
        let (x, y) = (self.bounds(func, facts, x), self.bounds(func, facts, y));
        let apart = x.1 < y.0 || y.1 < x.0;
        match cond {
            Cond::Feq if apart => Some(false),
            Cond::Fne if apart => Some(true),
            Cond::Flt if x.0 >= y.1 => Some(false),
            Cond::Fle if x.0 > y.1 => Some(false),
            Cond::Fgt if x.1 <= y.0 => Some(false),
            Cond::Fge if x.1 < y.0 => Some(false),
            Cond::Feq | Cond::Fne | Cond::Flt | Cond::Fle | Cond::Fgt | Cond::Fge => None,
            Cond::Eq
            | Cond::Ne
            | Cond::Slt
            | Cond::Sle
            | Cond::Sgt
            | Cond::Sge
            | Cond::Ult
            | Cond::Ule
            | Cond::Ugt
            | Cond::Uge => None,
        }
    }

    fn interval(&self, func: &Function, facts: &Facts, value: Value, depth: u32) -> Interval {
        let learnt = self.known.get(&value).copied().unwrap_or(ANY);
        if depth == 0 {
            return learnt;
        }
        let ty = func.values[value].ty;
        let (low, high) = self.defined(func, facts, value, depth);
        // A sum of infinities is no number; the bound then says nothing.
        let round = |bound: f64, unknown: f64| {
            if bound.is_nan() { unknown } else { eval::to_f64(ty, eval::from_f64(ty, bound)) }
        };
        both(learnt, (round(low, ANY.0), round(high, ANY.1)))
    }

    /// The bounds that follow from the value's definition, not yet rounded.
    fn defined(&self, func: &Function, facts: &Facts, value: Value, depth: u32) -> Interval {
        let of = |value: Value| self.interval(func, facts, value, depth - 1);
        match def_op(func, value) {
            Some(Op::Fconst(word)) => {
                let c = eval::to_f64(func.values[value].ty, *word);
                (c, c)
            }
            Some(Op::Binary { op: BinaryOp::Fadd, lhs, rhs }) => {
                let (x, y) = (of(*lhs), of(*rhs));
                (x.0 + y.0, x.1 + y.1)
            }
            Some(Op::Binary { op: BinaryOp::Fsub, lhs, rhs }) => {
                let (x, y) = (of(*lhs), of(*rhs));
                (x.0 - y.1, x.1 - y.0)
            }
            Some(Op::Binary { op: BinaryOp::Fmul, lhs, rhs }) => {
                let (x, y) = (of(*lhs), of(*rhs));
                if x.0 >= 0.0 && y.0 >= 0.0 {
                    (x.0 * y.0, x.1 * y.1)
                } else if lhs == rhs {
                    NOT_NEGATIVE
                } else {
                    ANY
                }
            }
            // A divisor of -0.0 would give the other infinity.
            Some(Op::Binary { op: BinaryOp::Fdiv, lhs, rhs }) if of(*rhs).0 > 0.0 && of(*lhs).0 >= 0.0 => {
                NOT_NEGATIVE
            }
            // Either operand's nan is the result.
            Some(Op::Binary { op: BinaryOp::Fmin, lhs, rhs }) => {
                let (x, y) = (of(*lhs), of(*rhs));
                (x.0.min(y.0), x.1.min(y.1))
            }
            Some(Op::Binary { op: BinaryOp::Fmax, lhs, rhs }) => {
                let (x, y) = (of(*lhs), of(*rhs));
                (x.0.max(y.0), x.1.max(y.1))
            }
            Some(Op::Unary { op: UnaryOp::Fneg, arg }) => {
                let (low, high) = of(*arg);
                (-high, -low)
            }
            Some(Op::Convert { op: ConvertOp::Fpromote | ConvertOp::Fdemote, arg }) => of(*arg),
            Some(Op::Convert { op: ConvertOp::SintToFloat, arg }) if func.values[*arg].ty == Ty::I64 => {
                let (low, high) = facts.interval(*arg);
                (low as f64, high as f64)
            }
            Some(Op::Convert { op: ConvertOp::UintToFloat, .. }) => NOT_NEGATIVE,
            Some(Op::Math { func: MathFn::Abs, args, .. }) => {
                let (low, high) = of(args[0]);
                (low.max(-high).max(0.0), high.max(-low))
            }
            Some(Op::Math { func: MathFn::Sqrt | MathFn::Exp | MathFn::Exp2, .. }) => NOT_NEGATIVE,
            Some(Op::Select { cond, then, orelse }) => {
                let arm = |value: Value, truth: bool| {
                    let chosen = match def_op(func, *cond) {
                        Some(Op::Compare { cond, lhs, rhs }) if *lhs == value => {
                            limit(func, *cond, truth, *rhs, || of(*rhs))
                        }
                        Some(Op::Compare { cond, lhs, rhs }) if *rhs == value => {
                            limit(func, swapped(*cond), truth, *lhs, || of(*lhs))
                        }
                        Some(_) | None => ANY,
                    };
                    both(of(value), chosen)
                };
                either(arm(*then, true), arm(*orelse, false))
            }
            Some(_) | None => ANY,
        }
    }
}

/// What `value cond other` says about the value, being true or false.
fn limit(func: &Function, cond: Cond, truth: bool, other: Value, bounds: impl Fn() -> Interval) -> Interval {
    // A comparison with nan is false too.
    let number =
        float_bits(func, other).is_some_and(|word| !eval::to_f64(func.values[other].ty, word).is_nan());
    if !truth && !number {
        return ANY;
    }
    match (cond, truth) {
        (Cond::Flt, true) | (Cond::Fge, false) => (ANY.0, bounds().1.next_down()),
        (Cond::Fle, true) | (Cond::Fgt, false) => (ANY.0, bounds().1),
        (Cond::Fgt, true) | (Cond::Fle, false) => (bounds().0.next_up(), ANY.1),
        (Cond::Fge, true) | (Cond::Flt, false) => (bounds().0, ANY.1),
        (Cond::Feq, true) | (Cond::Fne, false) => bounds(),
        (Cond::Feq, false) | (Cond::Fne, true) => ANY,
        (
            Cond::Eq
            | Cond::Ne
            | Cond::Slt
            | Cond::Sle
            | Cond::Sgt
            | Cond::Sge
            | Cond::Ult
            | Cond::Ule
            | Cond::Ugt
            | Cond::Uge,
            _,
        ) => ANY,
    }
}

/// What holds one as well as the other.
pub fn either(x: Interval, y: Interval) -> Interval {
    (x.0.min(y.0), x.1.max(y.1))
}

/// What lies in both.
fn both(x: Interval, y: Interval) -> Interval {
    (x.0.max(y.0), x.1.min(y.1))
}
