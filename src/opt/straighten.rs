//! Ways that part for good part at once: what follows an `If` whose other arm leaves stands behind it, and
//! a truth value that was only made to be tested is tested where it is made.
//!
//! Precondition: none; best after `simplify`. Effect: of an `If` of which one arm does not come back, the
//! other arm's contents move behind it, so that they are at hand there; where an `If` yields a constant
//! that the next `If` tests, and one arm of that only leaves, each arm of the first makes the test itself.
//! Linear: an end is copied, an instruction never.
//!
//! ```text
//! v3 = if v1 { v2 = ...; yield v2 } else { yield false };  if v3 { yield } else { break i1 }
//! ->  if v1 { yield } else { break i1 };  v2 = ...;  if v2 { yield } else { break i1 }
//! ```

use crate::mir::effect::constant;
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;

struct Straighten<'a> {
    func: &'a mut Function,
    subst: Substitution,
    uses: Vec<u32>,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let subst = Substitution::new(func);
    let uses = walk::use_counts(func);
    let body = func.body;
    let mut straighten = Straighten { func, subst, uses, changed: false };
    straighten.region(body);
    straighten.changed
}

/// An `If` of which one arm has nothing but an end that leaves, and the other nothing but a `Yield`.
struct Exit {
    cond: Value,
    /// The condition's value on the way out.
    when: bool,
    end: End,
}

impl Straighten<'_> {
    fn region(&mut self, region: Region) {
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        // Those that are still to come, the next one last.
        let mut rest: Vec<Inst> = insts.into_iter().rev().collect();
        while let Some(inst) = rest.pop() {
            self.subst.rewrite(&mut self.func.insts[inst].op);
            if let Op::If { then, orelse, .. } = self.func.insts[inst].op {
                if let Some(next) = rest.last().copied()
                    && self.test_in_arms(inst, [then, orelse], next)
                {
                    rest.pop();
                }
                if let Some(arm) = self.only_way(then, orelse) {
                    self.take_out(inst, arm, &mut rest);
                }
            }
            for nested in walk::regions(&self.func.insts[inst].op) {
                self.region(nested);
            }
            out.push(inst);
        }
        let mut end = std::mem::replace(&mut self.func.regions[region].end, End::Unreachable);
        self.subst.rewrite_end(&mut end);
        let data = &mut self.func.regions[region];
        data.insts = out;
        data.end = end;
    }

    fn falls(&self, region: Region) -> bool {
        matches!(self.func.regions[region].end, End::Yield(_))
    }

    /// The arm that comes back, if the other one does not.
    fn only_way(&self, then: Region, orelse: Region) -> Option<Region> {
        match (self.falls(then), self.falls(orelse)) {
            (true, false) => Some(then),
            (false, true) => Some(orelse),
            (true, true) | (false, false) => None,
        }
    }

    /// Moves the contents of the arm to what comes next.
    fn take_out(&mut self, inst: Inst, arm: Region, rest: &mut Vec<Inst>) {
        let data = &mut self.func.regions[arm];
        let End::Yield(values) = &mut data.end else { return };
        let values = std::mem::take(values);
        let insts = std::mem::take(&mut data.insts);
        self.changed |= !insts.is_empty() || !values.is_empty();
        rest.extend(insts.into_iter().rev());
        for (result, value) in std::mem::take(&mut self.func.insts[inst].results).into_iter().zip(values) {
            self.subst.set(result, value);
        }
    }

    /// The way out that an `If` is, read with the values that are in scope in front of `before`.
    fn exit(&self, inst: Inst) -> Option<Exit> {
        let Op::If { cond, then, orelse } = self.func.insts[inst].op else { return None };
        let arm = self.only_way(then, orelse)?;
        let (stay, leave) = (&self.func.regions[arm], if arm == then { orelse } else { then });
        let leave = &self.func.regions[leave];
        let plain =
            stay.insts.is_empty() && leave.insts.is_empty() && self.func.insts[inst].results.is_empty();
        plain.then(|| Exit { cond, when: arm != then, end: leave.end.clone() })
    }

    /// Moves the test of a result into the arms that yield it, if that decides it in one of them.
    fn test_in_arms(&mut self, inst: Inst, arms: [Region; 2], next: Inst) -> bool {
        let Some(exit) = self.exit(next) else { return false };
        let Def::Result { inst: made, index } = self.func.values[exit.cond].def else { return false };
        if made != inst || self.uses[exit.cond.0 as usize] != 1 || !arms.iter().all(|arm| self.falls(*arm)) {
            return false;
        }
        let yielded = arms.map(|arm| walk::end_values(&self.func.regions[arm].end)[index as usize]);
        if yielded.iter().all(|value| constant(self.func, *value).is_none()) {
            return false;
        }
        let line = self.func.insts[next].line;
        let results = self.func.insts[inst].results.clone();
        for (arm, cond) in arms.into_iter().zip(yielded) {
            // The end may name results of the `If`.
            let mut end = exit.end.clone();
            let given = walk::end_values(&self.func.regions[arm].end).to_vec();
            if let Some(values) = walk::end_values_mut(&mut end) {
                for value in values {
                    *value = self.subst.get(*value);
                    if let Some(at) = results.iter().position(|result| result == value) {
                        *value = given[at];
                    }
                }
            }
            match constant(self.func, cond) {
                Some(truth) if (truth != 0) == exit.when => self.func.regions[arm].end = end,
                Some(_) => {}
                None => {
                    let (leave, stay) = (walk::new_region(self.func, &[]), walk::new_region(self.func, &[]));
                    self.func.regions[leave].end = end;
                    self.func.regions[stay].end = End::Yield(Vec::new());
                    let (then, orelse) = if exit.when { (leave, stay) } else { (stay, leave) };
                    let test = walk::new_inst(self.func, Op::If { cond, then, orelse }, &[], line);
                    self.func.regions[arm].insts.push(test);
                }
            }
        }
        // The results are still there for others; the tested one has no use left.
        self.changed = true;
        true
    }
}
