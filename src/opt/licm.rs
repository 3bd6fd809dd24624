//! Moves what does not change with the iterations out of loops.
//!
//! Precondition: none; best after `gvn`. Effect: pure operations that cannot trap go in front of the loop
//! (also out of an `If` or `Block` in it, if they are cheap); divisions do so if the loop is certain to reach
//! them; loads do if the first iteration is, and are then done if there is one. A guard on an unchanging
//! condition goes in front if the first iteration is certain to reach it, as `guard (cond or no iteration)`:
//! one that leaves the call to the interpreter passes other guards, one that raises only if it is the first
//! thing that the loop does. Linear in size times depth.
//!
//! ```text
//! for v1 in lo..hi { v2 = cmp.ult v8, v9; guard v2 else raise site0; ... }
//! ->  v2 = cmp.ult v8, v9; v3 = cmp.sge lo, hi; v4 = bor v2, v3; guard v4 else raise site0; for ... { ... }
//! ```

use super::arms;
use crate::mir::effect::{self, Effect, Summary, can_speculate, constant, effect};
use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;

struct Licm<'a> {
    func: &'a mut Function,
    /// Number of loops around each value's definition.
    depth: Vec<u32>,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let depth = walk::loop_depths(func);
    let body = func.body;
    let mut licm = Licm { func, depth, changed: false };
    licm.region(body, 0);
    licm.changed
}

/// What the way from the start of a loop's body to a place in it can do before it comes there.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Way {
    /// Nothing but pure operations and loads.
    plain: bool,
    /// Nothing that could leave the loop with an error.
    safe: bool,
    /// No jump: the first iteration comes here, or an error leaves the function.
    certain: bool,
}

impl Licm<'_> {
    fn set_depth(&mut self, inst: Inst, depth: u32) {
        for result in &self.func.insts[inst].results {
            let index = result.0 as usize;
            if index >= self.depth.len() {
                self.depth.resize(index + 1, 0);
            }
            self.depth[index] = depth;
        }
    }

    /// Optimises the loops in a region that stands in `depth` loops; inner ones first, so that what leaves
    /// them can leave this one's loop too.
    fn region(&mut self, region: Region, depth: u32) {
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            let op = &self.func.insts[inst].op;
            if let Op::For { body, .. } | Op::Loop { body, .. } = op {
                let body = *body;
                self.region(body, depth + 1);
                self.hoist(inst, body, depth, &mut out);
            } else {
                for nested in walk::regions(op) {
                    self.region(nested, depth);
                }
            }
            out.push(inst);
        }
        self.func.regions[region].insts = out;
    }

    fn invariant(&self, op: &Op, depth: u32) -> bool {
        let mut invariant = true;
        walk::operands(op, |value| invariant &= self.depth[value.0 as usize] <= depth);
        invariant
    }

    /// Moves what can be moved from the body of a loop into `out`.
    fn hoist(&mut self, inst: Inst, body: Region, depth: u32, out: &mut Vec<Inst>) {
        let summary = effect::summary(self.func, body);
        let runs = if let Op::For { lo, hi, .. } = &self.func.insts[inst].op {
            matches!((constant(self.func, *lo), constant(self.func, *hi)), (Some(a), Some(b)) if a < b)
        } else {
            true
        };
        let mut way = Way { plain: true, safe: true, certain: true };
        let insts = std::mem::take(&mut self.func.regions[body].insts);
        let mut rest = Vec::with_capacity(insts.len());
        for moved in insts {
            let op = &self.func.insts[moved].op;
            let goes = self.invariant(op, depth)
                && match effect(op) {
                    Effect::Pure => can_speculate(self.func, op) || (runs && way.certain && way.plain),
                    Effect::Read(mem) => way.certain && way.safe && !summary.writes(mem),
                    Effect::Raise { deopt } => way.certain && (deopt || way.plain),
                    Effect::Write(_) | Effect::Owner | Effect::Opaque | Effect::Call | Effect::Nested => {
                        false
                    }
                };
            if goes {
                self.changed = true;
                if let Op::Guard { cond, .. } = op {
                    let cond = *cond;
                    if !runs {
                        self.weaken(inst, moved, cond, depth, out);
                    }
                }
                self.set_depth(moved, depth);
                if !runs && let Op::Load { .. } = self.func.insts[moved].op {
                    self.if_it_runs(inst, moved, depth, out);
                } else {
                    out.push(moved);
                }
                continue;
            }
            rest.push(moved);
            match effect(&self.func.insts[moved].op) {
                Effect::Pure | Effect::Read(_) => {}
                Effect::Write(_) => way.plain = false,
                Effect::Raise { .. } | Effect::Owner | Effect::Opaque | Effect::Call => {
                    way.plain = false;
                    way.safe = false;
                }
                Effect::Nested => {
                    let mut nested = Summary::default();
                    nested.add(self.func, moved);
                    way.plain &= nested.is_removable();
                    way.safe &= !nested.raises && !nested.deopts && !nested.opaque && !nested.owner;
                    way.certain &= !nested.jumps;
                    self.hoist_nested(moved, depth, out);
                }
            }
        }
        self.func.regions[body].insts = rest;
    }

    /// Puts a load in front of a loop that may have no iteration: it is done if there is one.
    fn if_it_runs(&mut self, looping: Inst, load: Inst, depth: u32, out: &mut Vec<Inst>) {
        let Op::For { lo, hi, .. } = self.func.insts[looping].op else { return };
        let [runs, choice] = arms::load_if_it_runs(self.func, load, lo, hi);
        for inst in [runs, load, choice] {
            self.set_depth(inst, depth);
        }
        out.extend([runs, choice]);
    }

    /// Makes the guard of a loop that may have no iteration true in that case.
    fn weaken(&mut self, looping: Inst, guard: Inst, cond: Value, depth: u32, out: &mut Vec<Inst>) {
        let Op::For { lo, hi, .. } = self.func.insts[looping].op else { return };
        let line = self.func.insts[guard].line;
        let empty =
            walk::new_inst(self.func, Op::Compare { cond: Cond::Sge, lhs: lo, rhs: hi }, &[Ty::Bool], line);
        let rhs = self.func.insts[empty].results[0];
        let op = Op::Binary { op: BinaryOp::Bor, lhs: cond, rhs };
        let either = walk::new_inst(self.func, op, &[Ty::Bool], line);
        let either_value = self.func.insts[either].results[0];
        self.set_depth(empty, depth);
        self.set_depth(either, depth);
        out.extend([empty, either]);
        if let Op::Guard { cond, .. } = &mut self.func.insts[guard].op {
            *cond = either_value;
        }
    }

    /// Cheap operations leave an `If` or `Block` in the loop too.
    fn hoist_nested(&mut self, inst: Inst, depth: u32, out: &mut Vec<Inst>) {
        let op = &self.func.insts[inst].op;
        if matches!(op, Op::For { .. } | Op::Loop { .. }) {
            return;
        }
        for region in walk::regions(op) {
            let insts = std::mem::take(&mut self.func.regions[region].insts);
            let mut rest = Vec::with_capacity(insts.len());
            for moved in insts {
                let op = &self.func.insts[moved].op;
                let cheap = effect(op) == Effect::Pure
                    && !matches!(op, Op::Math { .. } | Op::Runtime { .. })
                    && can_speculate(self.func, op)
                    && self.invariant(op, depth);
                if cheap {
                    self.changed = true;
                    self.set_depth(moved, depth);
                    out.push(moved);
                } else {
                    rest.push(moved);
                    self.hoist_nested(moved, depth, out);
                }
            }
            self.func.regions[region].insts = rest;
        }
    }
}
