//! How carried values of loops move from one iteration to the next, as far as their shape shows it.
//!
//! In: a value, the parameter that it is the next value of, facts gathered so far. Out: the least and the
//! greatest step. Invariant: a proposal, not a fact: operations may wrap, and `ranges` proves what it uses.

use super::range::Facts;
use crate::mir::effect::{constant, def_op};
use crate::mir::*;
use rustc_hash::FxHashMap;

/// Regions whose end gives the next iteration of each loop, or a result of each `If` and `Block`.
pub type Feeding = FxHashMap<Inst, Vec<Region>>;

/// What shapes are read from.
pub struct Shapes<'a> {
    pub func: &'a Function,
    pub facts: &'a Facts,
    pub feeding: &'a Feeding,
    /// The loop of which each region is the body.
    pub owners: &'a FxHashMap<Region, Inst>,
}

/// How a carried value moves from one iteration to the next.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Move {
    /// By an amount between these.
    By(i64, i64),
    /// It is computed from integers in some other way.
    Computed,
    /// Nothing can be said: it comes out of memory, from a call, from floats.
    Any,
}

impl Shapes<'_> {
    /// How `param` moves, if these are the next values of it.
    pub fn movement(&self, next: impl Iterator<Item = Value>, param: Value) -> Move {
        let mut all: Option<Move> = None;
        for value in next {
            let one = match self.step(value, param, 6) {
                Some((low, high)) => Move::By(low, high),
                None if self.computed(value, 6) => Move::Computed,
                None => return Move::Any,
            };
            all = Some(match (all, one) {
                (None, one) => one,
                (Some(Move::By(a, b)), Move::By(c, d)) => Move::By(a.min(c), b.max(d)),
                (Some(Move::By(..) | Move::Computed | Move::Any), _) => Move::Computed,
            });
        }
        all.unwrap_or(Move::Any)
    }

    /// What these values lie between, whatever the loop carries, as far as their shape shows it.
    pub fn between(&self, values: impl Iterator<Item = Value>) -> Option<(i64, i64)> {
        let mut all: Option<(i64, i64)> = None;
        for value in values {
            let one = self.interval(value, 6)?;
            all = Some(all.map_or(one, |all| (all.0.min(one.0), all.1.max(one.1))));
        }
        all
    }

    fn interval(&self, value: Value, depth: u32) -> Option<(i64, i64)> {
        let func = self.func;
        let (inst, index) = match func.values[value].def {
            Def::Result { inst, index } => (inst, index as usize),
            Def::Param { region, index: 0 } => {
                let Op::For { lo, hi, .. } = func.insts[*self.owners.get(&region)?].op else { return None };
                let (low, high) = (self.facts.interval(lo).0, self.facts.interval(hi).1);
                return Some((low, high.saturating_sub(1)));
            }
            Def::Param { .. } => return None,
        };
        if depth == 0 {
            return None;
        }
        if let Op::Iconst(c) = func.insts[inst].op {
            Some((c, c))
        } else if let Op::Convert { op: ConvertOp::Zext, arg } = func.insts[inst].op {
            Some((0, (1 << eval::bits(func.values[arg].ty).min(62)) - 1))
        } else if let Op::Binary { op, rhs, .. } = func.insts[inst].op {
            let c = constant(func, rhs)?;
            match (op, c) {
                (BinaryOp::FloorMod | BinaryOp::Urem, 1..) => Some((0, c - 1)),
                (BinaryOp::Band, 0..) => Some((0, c)),
                (BinaryOp::Ushr, 1..=63) => Some((0, (u64::MAX >> c) as i64)),
                _ => None,
            }
        } else if let Op::Select { then, orelse, .. } = func.insts[inst].op {
            let (a, b) = (self.interval(then, depth - 1)?, self.interval(orelse, depth - 1)?);
            Some((a.0.min(b.0), a.1.max(b.1)))
        } else if let Op::If { .. } | Op::Block { .. } = func.insts[inst].op {
            let mut all: Option<(i64, i64)> = None;
            for region in self.feeding.get(&inst)? {
                let arg = walk::end_values(&func.regions[*region].end)[index];
                let one = self.interval(arg, depth - 1)?;
                all = Some(all.map_or(one, |all| (all.0.min(one.0), all.1.max(one.1))));
            }
            all
        } else {
            None
        }
    }

    /// The value comes from integer arithmetic on what the loop carries.
    fn computed(&self, value: Value, depth: u32) -> bool {
        let Def::Result { inst, index } = self.func.values[value].def else { return true };
        if depth == 0 {
            return false;
        }
        match &self.func.insts[inst].op {
            Op::Iconst(_) => true,
            Op::Checked { lhs, rhs, .. } | Op::Binary { lhs, rhs, .. } => {
                self.computed(*lhs, depth - 1) && self.computed(*rhs, depth - 1)
            }
            Op::Select { then, orelse, .. } => {
                self.computed(*then, depth - 1) && self.computed(*orelse, depth - 1)
            }
            Op::If { .. } | Op::Block { .. } => self.feeding.get(&inst).is_some_and(|regions| {
                regions.iter().all(|region| {
                    let args = walk::end_values(&self.func.regions[*region].end);
                    self.computed(args[index as usize], depth - 1)
                })
            }),
            Op::For { .. }
            | Op::Loop { .. }
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
            | Op::Call { .. } => false,
        }
    }

    /// The carried value `param` changes only by additions of at most `stride`, each of which is done anew
    /// every time, in its loop or in loops in it.
    pub fn strolls(&self, param: Value, stride: i64) -> bool {
        let Def::Param { region, index } = self.func.values[param].def else { return false };
        let mut seen = vec![param];
        self.rounds(region, index, stride, &mut seen, 8)
    }

    /// All next values of a carried value do so.
    fn rounds(&self, body: Region, index: u32, stride: i64, seen: &mut Vec<Value>, depth: u32) -> bool {
        let Some(inst) = self.owners.get(&body) else { return false };
        let op = &self.func.insts[*inst].op;
        let first = u32::from(matches!(op, Op::For { .. }));
        if index < first || matches!(op, Op::For { mode: LoopMode::Parallel { .. }, .. }) {
            return false;
        }
        let slot = (index - first) as usize;
        self.feeding.get(inst).is_some_and(|regions| {
            regions.iter().all(|region| {
                let args = walk::end_values(&self.func.regions[*region].end);
                self.wanders(args[slot], stride, seen, depth)
            })
        })
    }

    /// The value is one of those seen, plus a number of additions of at most `stride`.
    fn wanders(&self, value: Value, stride: i64, seen: &mut Vec<Value>, depth: u32) -> bool {
        if seen.contains(&value) {
            return true;
        }
        if depth == 0 {
            return false;
        }
        let small =
            |value: Value| self.shape(value, 4).is_some_and(|(low, high)| -stride <= low && high <= stride);
        let (inst, index) = match self.func.values[value].def {
            Def::Result { inst, index } => (inst, index),
            Def::Param { region, index } => return self.enters(region, index, stride, seen, depth),
        };
        match &self.func.insts[inst].op {
            Op::Checked { op: CheckedOp::Add, lhs, rhs } | Op::Binary { op: BinaryOp::Iadd, lhs, rhs } => {
                (small(*rhs) && self.wanders(*lhs, stride, seen, depth - 1))
                    || (small(*lhs) && self.wanders(*rhs, stride, seen, depth - 1))
            }
            Op::Checked { op: CheckedOp::Sub, lhs, rhs } | Op::Binary { op: BinaryOp::Isub, lhs, rhs } => {
                small(*rhs) && self.wanders(*lhs, stride, seen, depth - 1)
            }
            Op::Select { then, orelse, .. } => {
                self.wanders(*then, stride, seen, depth - 1) && self.wanders(*orelse, stride, seen, depth - 1)
            }
            Op::If { .. } | Op::Block { .. } => self.feeding.get(&inst).is_some_and(|regions| {
                regions.iter().all(|region| {
                    let args = walk::end_values(&self.func.regions[*region].end);
                    self.wanders(args[index as usize], stride, seen, depth - 1)
                })
            }),
            Op::For { body, .. } => self.enters(*body, index + 1, stride, seen, depth),
            Op::Loop { .. }
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
            | Op::Call { .. } => false,
        }
    }

    /// A carried value of a loop inside: it starts as such a value and stays one.
    fn enters(&self, body: Region, index: u32, stride: i64, seen: &mut Vec<Value>, depth: u32) -> bool {
        let Some(inst) = self.owners.get(&body) else { return false };
        let (Op::For { init, .. } | Op::Loop { init, .. }) = &self.func.insts[*inst].op else { return false };
        let first = u32::from(matches!(self.func.insts[*inst].op, Op::For { .. }));
        let param = self.func.regions[body].params[index as usize];
        if index < first || seen.contains(&param) {
            return index >= first;
        }
        let start = init[(index - first) as usize];
        if !self.wanders(start, stride, seen, depth - 1) {
            return false;
        }
        seen.push(param);
        self.rounds(body, index, stride, seen, depth - 1)
    }

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
        if let Some((low, high)) = self.interval(value, depth) {
            return Some((low.clamp(-HALF, HALF), high.clamp(-HALF, HALF)));
        }
        match def_op(self.func, value)? {
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
}
