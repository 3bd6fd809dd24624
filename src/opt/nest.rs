//! Early ways out become arms: a helper that returns early, once it is inlined, and an iteration that
//! `continue` ends are choices between ways that meet again, and stand as such.
//!
//! Precondition: none; best after `straighten`, which leaves nothing in the arms that stay. Effect: where
//! every `Break` to a `Block` (or `Continue` of a loop) ends an arm of an `If` and nothing has to be copied
//! for it, what stands behind the `If` moves into its other arm, and the exits become the arms' results; a
//! `Block` without exits is dissolved. The results can then be chosen (`ifconvert`), and the loop around
//! them vectorised. Linear: an instruction moves once for each arm around it, of which there are few.
//!
//! ```text
//! v9 = block i5 { if v1 { break i5 v2 } else { yield };  v3 = ...;  yield v3 }
//! ->  v9 = if v1 { yield v2 } else { v3 = ...; yield v3 }
//! ```

use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;

/// Arms within arms that one `Block` or loop body may become: what is deeper stays as it is.
const DEPTH: u32 = 24;

struct Nest<'a> {
    func: &'a mut Function,
    subst: Substitution,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let subst = Substitution::new(func);
    let body = func.body;
    let mut nest = Nest { func, subst, changed: false };
    nest.region(body);
    if nest.changed {
        let Nest { func, subst, .. } = nest;
        subst.apply(func, body);
        return true;
    }
    false
}

impl Nest<'_> {
    /// Inner ones first: a `Block` in an arm is gone before its surroundings are looked at.
    fn region(&mut self, region: Region) {
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            for nested in walk::regions(&self.func.insts[inst].op) {
                self.region(nested);
            }
            if let Op::Block { body } = self.func.insts[inst].op
                && self.fits(body, inst, 0, false)
            {
                self.dissolve(inst, body, &mut out);
                continue;
            }
            if let Op::For { body, .. } | Op::Loop { body, .. } = self.func.insts[inst].op
                && leaves_below(self.func, body, inst)
                && self.fits(body, inst, 0, false)
            {
                let types = self.carried(body, inst);
                self.arms(body, inst, &types);
            }
            out.push(inst);
        }
        self.func.regions[region].insts = out;
    }

    /// True if each exit to `target` in the region ends it or an arm, with nothing to be copied; `more` is
    /// to stand behind the region's contents.
    fn fits(&self, region: Region, target: Inst, depth: u32, more: bool) -> bool {
        let func = &*self.func;
        let insts = &func.regions[region].insts;
        let mut depth = depth;
        for (at, inst) in insts.iter().enumerate() {
            let op = &func.insts[*inst].op;
            if !walk::regions(op).any(|nested| leaves(func, nested, target)) {
                continue;
            }
            let Op::If { then, orelse, .. } = *op else { return false };
            depth += 1;
            let more = more || at + 1 < insts.len();
            let [yes, no] = [then, orelse].map(|arm| matches!(func.regions[arm].end, End::Yield(_)));
            if depth > DEPTH
                || yes && no && more
                || !self.fits(then, target, depth, yes && more)
                || !self.fits(orelse, target, depth, no && more)
            {
                return false;
            }
        }
        true
    }

    /// Types of what a loop's iterations pass on.
    fn carried(&self, body: Region, inst: Inst) -> Vec<Ty> {
        let skip = usize::from(matches!(self.func.insts[inst].op, Op::For { .. }));
        self.func.regions[body].params[skip..].iter().map(|param| self.func.values[*param].ty).collect()
    }

    /// Puts the contents of a `Block` in its place.
    fn dissolve(&mut self, inst: Inst, body: Region, out: &mut Vec<Inst>) {
        let results = self.func.insts[inst].results.clone();
        let types: Vec<Ty> = results.iter().map(|result| self.func.values[*result].ty).collect();
        self.arms(body, inst, &types);
        self.changed = true;
        let data = &mut self.func.regions[body];
        // A way that never comes to the end of the block has nothing behind it.
        let End::Yield(values) = &mut data.end else {
            out.push(inst);
            return;
        };
        let values = std::mem::take(values);
        out.append(&mut data.insts);
        for (result, value) in results.into_iter().zip(values) {
            self.subst.set(result, value);
        }
    }

    /// Makes the exits of a region that `fits` results: its own end and those of the arms yield.
    fn arms(&mut self, region: Region, target: Inst, types: &[Ty]) {
        let data = &mut self.func.regions[region];
        if let End::Break { to, args } | End::Continue { to, args } = &mut data.end
            && *to == target
        {
            data.end = End::Yield(std::mem::take(args));
            self.changed = true;
        }
        let func = &*self.func;
        let leaving = |inst: &Inst| walk::regions(&func.insts[*inst].op).any(|arm| leaves(func, arm, target));
        let Some(at) = func.regions[region].insts.iter().position(leaving) else { return };
        self.changed = true;
        let mut rest = self.func.regions[region].insts.split_off(at + 1);
        let test = self.func.regions[region].insts[at];
        let end = std::mem::replace(&mut self.func.regions[region].end, End::Unreachable);
        let Op::If { then, orelse, .. } = self.func.insts[test].op else {
            unreachable!("invariant: exits stand in arms only");
        };
        let old = std::mem::take(&mut self.func.insts[test].results);
        for arm in [then, orelse] {
            if let End::Yield(values) = &self.func.regions[arm].end {
                let values = values.clone();
                // Both arms come here only if there is no rest: then the end alone stands twice.
                let mut end = end.clone();
                if !rest.is_empty() {
                    for (result, value) in old.iter().zip(&values) {
                        self.subst.set(*result, *value);
                    }
                    self.func.regions[arm].insts.append(&mut rest);
                } else if let Some(given) = walk::end_values_mut(&mut end) {
                    for value in given {
                        *value = self.subst.get(*value);
                        if let Some(at) = old.iter().position(|result| result == value) {
                            *value = values[at];
                        }
                    }
                }
                self.func.regions[arm].end = end;
            }
            self.arms(arm, target, types);
        }
        for (index, ty) in types.iter().enumerate() {
            let def = Def::Result { inst: test, index: index as u32 };
            let value = self.func.values.push(ValueData { ty: *ty, def });
            self.func.insts[test].results.push(value);
        }
        self.func.regions[region].end = End::Yield(self.func.insts[test].results.to_vec());
    }
}

/// True if control can leave to `target` from the region or below.
fn leaves(func: &Function, region: Region, target: Inst) -> bool {
    matches!(func.regions[region].end, End::Break { to, .. } | End::Continue { to, .. } if to == target)
        || leaves_below(func, region, target)
}

fn leaves_below(func: &Function, region: Region, target: Inst) -> bool {
    let insts = &func.regions[region].insts;
    insts.iter().any(|inst| walk::regions(&func.insts[*inst].op).any(|nested| leaves(func, nested, target)))
}
