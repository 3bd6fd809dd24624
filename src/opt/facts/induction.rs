//! How carried values of loops move from one iteration to the next, as far as their shape shows it.
//!
//! In: a value, the parameter that it is the next value of, facts gathered so far. Out: the least and the
//! greatest step. Invariant: a proposal, not a fact: operations may wrap, and `ranges` proves what it uses.

use super::range::Facts;
use crate::mir::effect::def_op;
use crate::mir::*;
use std::collections::HashMap;

/// Regions whose end gives the next iteration of each loop, or a result of each `If` and `Block`.
pub type Feeding = HashMap<Inst, Vec<Region>>;

/// What shapes are read from.
pub struct Shapes<'a> {
    pub func: &'a Function,
    pub facts: &'a Facts,
    pub feeding: &'a Feeding,
}

impl Shapes<'_> {
    /// Least and greatest amount by which `value` differs from `param`, as far as its shape shows it.
    pub fn step(&self, value: Value, param: Value, depth: u32) -> Option<(i64, i64)> {
        if value == param {
            return Some((0, 0));
        }
        let Def::Result { inst, index } = self.func.values[value].def else { return None };
        if depth == 0 {
            return None;
        }
        let join = |a: (i64, i64), b: (i64, i64)| (a.0.min(b.0), a.1.max(b.1));
        let sum = |x: Value, y: Value, sign: i64| {
            let base = self.step(x, param, depth - 1)?;
            let (low, high) = self.shape(y, 4)?;
            let (low, high) = if sign < 0 { (-high, -low) } else { (low, high) };
            Some((base.0.saturating_add(low), base.1.saturating_add(high)))
        };
        match &self.func.insts[inst].op {
            Op::Checked { op: CheckedOp::Add, lhs, rhs } | Op::Binary { op: BinaryOp::Iadd, lhs, rhs } => {
                sum(*lhs, *rhs, 1).or_else(|| sum(*rhs, *lhs, 1))
            }
            Op::Checked { op: CheckedOp::Sub, lhs, rhs } | Op::Binary { op: BinaryOp::Isub, lhs, rhs } => {
                sum(*lhs, *rhs, -1)
            }
            Op::Select { then, orelse, .. } => {
                Some(join(self.step(*then, param, depth - 1)?, self.step(*orelse, param, depth - 1)?))
            }
            Op::If { .. } | Op::Block { .. } => {
                let mut steps: Option<(i64, i64)> = None;
                for region in self.feeding.get(&inst)? {
                    let arg = walk::end_values(&self.func.regions[*region].end)[index as usize];
                    let one = self.step(arg, param, depth - 1)?;
                    steps = Some(steps.map_or(one, |all| join(all, one)));
                }
                steps
            }
            Op::For { init, body, mode: LoopMode::Serial, .. } => {
                let base = self.step(init[index as usize], param, depth - 1)?;
                let inner = self.func.regions[*body].params[index as usize + 1];
                let mut steps = (0, 0);
                for region in self.feeding.get(&inst)? {
                    let arg = walk::end_values(&self.func.regions[*region].end)[index as usize];
                    steps = join(steps, self.step(arg, inner, depth - 1)?);
                }
                // Any number of iterations.
                let low = if steps.0 < 0 { i64::MIN / 2 } else { base.0 };
                let high = if steps.1 > 0 { i64::MAX / 2 } else { base.1 };
                Some((low, high))
            }
            Op::For { .. }
            | Op::Loop { .. }
            | Op::Checked { op: CheckedOp::Mul, .. }
            | Op::Binary { .. }
            | Op::Iconst(_)
            | Op::Fconst(_)
            | Op::Unary { .. }
            | Op::Compare { .. }
            | Op::Convert { .. }
            | Op::Math { .. }
            | Op::PtrAdd { .. }
            | Op::Load { .. }
            | Op::Store { .. }
            | Op::Hidden { .. }
            | Op::StackAddr(_)
            | Op::FuncAddr(_)
            | Op::Guard { .. }
            | Op::OwnerSet { .. }
            | Op::OwnerTake { .. }
            | Op::Runtime { .. }
            | Op::RuntimeStatus { .. }
            | Op::Call { .. } => None,
        }
    }

    /// Interval of a step as far as its shape shows it, where facts are not gathered yet.
    fn shape(&self, value: Value, depth: u32) -> Option<(i64, i64)> {
        const HALF: i64 = i64::MAX / 2;
        let (low, high) = self.facts.interval(value);
        if low >= 0 || high <= 0 {
            return Some((low.clamp(-HALF, HALF), high.clamp(-HALF, HALF)));
        }
        if depth == 0 {
            return None;
        }
        match def_op(self.func, value)? {
            Op::Iconst(c) => Some((*c).clamp(-HALF, HALF)).map(|c| (c, c)),
            Op::Convert { op: ConvertOp::Zext, arg } => {
                Some((0, (1i64 << eval::bits(self.func.values[*arg].ty)) - 1))
            }
            Op::Binary { op: BinaryOp::Band, lhs, rhs } => {
                let known = self.shape(*rhs, depth - 1).or_else(|| self.shape(*lhs, depth - 1))?;
                (known.0 >= 0).then_some((0, known.1))
            }
            Op::Select { then, orelse, .. } => {
                let (a, b) = (self.shape(*then, depth - 1)?, self.shape(*orelse, depth - 1)?);
                Some((a.0.min(b.0), a.1.max(b.1)))
            }
            Op::Loop { .. }
            | Op::For { .. }
            | Op::If { .. }
            | Op::Block { .. }
            | Op::Checked { .. }
            | Op::Binary { .. }
            | Op::Fconst(_)
            | Op::Unary { .. }
            | Op::Compare { .. }
            | Op::Convert { .. }
            | Op::Math { .. }
            | Op::PtrAdd { .. }
            | Op::Load { .. }
            | Op::Store { .. }
            | Op::Hidden { .. }
            | Op::StackAddr(_)
            | Op::FuncAddr(_)
            | Op::Guard { .. }
            | Op::OwnerSet { .. }
            | Op::OwnerTake { .. }
            | Op::Runtime { .. }
            | Op::RuntimeStatus { .. }
            | Op::Call { .. } => None,
        }
    }
}
