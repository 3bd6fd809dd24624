//! Arms that do the same are done once, whatever the condition says.
//!
//! Precondition: none; best before anything is moved, as a statement that is lowered once for each type that a
//! name may have makes such arms. Effect: an `If` both arms of which hold the same operations in the same order,
//! apart from constants, with the same raise sites, and come to their ends, is replaced by the operations of
//! one; results that differ are chosen. Inner ones first. Linear in what is alike.
//!
//! ```text
//! v7 = if v1 { v3 = fmul v2, v2; guard ...; yield v3 } else { v4 = fmul v2, v2; guard ...; yield v4 }
//! ->  v3 = fmul v2, v2; guard ...    and v7 is v3
//! ```

use crate::mir::effect::def_op;
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashMap;

/// Runs the pass.
pub fn run(module: &mut Module, _options: &Options) -> bool {
    let mut changed = false;
    let Module { funcs, sites, .. } = module;
    for func in &mut funcs.items {
        let (subst, body) = (Substitution::new(func), func.body);
        let mut merge = Merge { func, sites, subst, changed: false };
        merge.region(body);
        if merge.changed {
            merge.subst.apply(merge.func, body);
            changed = true;
        }
    }
    changed
}

struct Merge<'a> {
    func: &'a mut Function,
    sites: &'a Table<SiteId, Site>,
    subst: Substitution,
    changed: bool,
}

impl Merge<'_> {
    fn region(&mut self, region: Region) {
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            for nested in walk::regions(&self.func.insts[inst].op) {
                self.region(nested);
            }
            if !self.merge(inst, &mut out) {
                out.push(inst);
            }
        }
        self.func.regions[region].insts = out;
    }

    /// Puts the operations of one arm into `out` if the other has the same.
    fn merge(&mut self, inst: Inst, out: &mut Vec<Inst>) -> bool {
        let Op::If { cond, then, orelse } = self.func.insts[inst].op else { return false };
        let mut alike = Alike {
            func: self.func,
            sites: self.sites,
            subst: &self.subst,
            values: FxHashMap::default(),
            insts: FxHashMap::default(),
        };
        if work(alike.func, then).next().is_none() || !alike.operations(then, orelse) {
            return false;
        }
        let (End::Yield(yes), End::Yield(no)) =
            (&self.func.regions[then].end, &self.func.regions[orelse].end)
        else {
            return false;
        };
        let chosen: Vec<(Value, Option<Value>)> = yes
            .iter()
            .zip(no)
            .map(|(a, b)| (*a, (!alike.value(*a, *b)).then(|| alike.partner(*b))))
            .collect();
        self.changed = true;
        let line = self.func.insts[inst].line;
        let constants: Vec<Inst> = {
            let func = &*self.func;
            func.regions[orelse].insts.iter().copied().filter(|inst| is_constant(func, *inst)).collect()
        };
        out.append(&mut self.func.regions[then].insts);
        out.extend(constants);
        let results = std::mem::take(&mut self.func.insts[inst].results);
        for (result, (then, orelse)) in results.into_iter().zip(chosen) {
            let value = match orelse {
                None => then,
                Some(orelse) => {
                    let ty = self.func.values[then].ty;
                    walk::place(self.func, Op::Select { cond, then, orelse }, ty, line, out)
                }
            };
            self.subst.set(result, value);
        }
        true
    }
}

fn is_constant(func: &Function, inst: Inst) -> bool {
    matches!(func.insts[inst].op, Op::Iconst(_) | Op::Fconst(_))
}

/// A region's instructions but the constants.
fn work(func: &Function, region: Region) -> impl Iterator<Item = Inst> {
    func.regions[region].insts.iter().copied().filter(|inst| !is_constant(func, *inst))
}

/// A comparison of two regions, as far as it has come.
struct Alike<'a> {
    func: &'a Function,
    sites: &'a Table<SiteId, Site>,
    subst: &'a Substitution,
    /// What is defined in the second, with its like in the first.
    values: FxHashMap<Value, Value>,
    insts: FxHashMap<Inst, Inst>,
}

impl Alike<'_> {
    /// What the second region's value is in terms of the first.
    fn partner(&self, b: Value) -> Value {
        let b = self.subst.get(b);
        self.values.get(&b).copied().unwrap_or(b)
    }

    fn value(&self, a: Value, b: Value) -> bool {
        let (a, b) = (self.subst.get(a), self.partner(b));
        if a == b {
            return true;
        }
        let constant =
            |value| def_op(self.func, value).filter(|op| matches!(op, Op::Iconst(_) | Op::Fconst(_)));
        self.func.values[a].ty == self.func.values[b].ty
            && constant(a).is_some()
            && constant(a) == constant(b)
    }

    fn all(&self, a: &[Value], b: &[Value]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.value(*a, *b))
    }

    fn operations(&mut self, a: Region, b: Region) -> bool {
        let func = self.func;
        let (mut first, mut second) = (work(func, a), work(func, b));
        loop {
            match (first.next(), second.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if self.inst(a, b) => {}
                (_, _) => return false,
            }
        }
    }

    /// A nested region, with its parameters and its end.
    fn region(&mut self, a: Region, b: Region) -> bool {
        let func = self.func;
        let (x, y) = (&func.regions[a], &func.regions[b]);
        let types = x.params.len() == y.params.len()
            && x.params.iter().zip(&y.params).all(|(a, b)| func.values[*a].ty == func.values[*b].ty);
        self.values.extend(y.params.iter().copied().zip(x.params.iter().copied()));
        let target = |to: &Inst| self.insts.get(to).copied().unwrap_or(*to);
        let ends = match (&x.end, &y.end) {
            (End::Yield(_), End::Yield(_))
            | (End::Return(_), End::Return(_))
            | (End::Unreachable, End::Unreachable) => true,
            (End::Continue { to: a, .. }, End::Continue { to: b, .. })
            | (End::Break { to: a, .. }, End::Break { to: b, .. }) => *a == target(b),
            (End::Fail(a), End::Fail(b)) => a.deopt == b.deopt && self.sites[a.site] == self.sites[b.site],
            (_, _) => false,
        };
        types
            && ends
            && x.rare == y.rare
            && self.operations(a, b)
            && self.all(walk::end_values(&x.end), walk::end_values(&y.end))
    }

    fn inst(&mut self, a: Inst, b: Inst) -> bool {
        let func = self.func;
        let (x, y) = (&func.insts[a], &func.insts[b]);
        if std::mem::discriminant(&x.op) != std::mem::discriminant(&y.op)
            || x.results.len() != y.results.len()
        {
            return false;
        }
        // The operations themselves, without what they refer to.
        let (mut first, mut second) = (x.op.clone(), y.op.clone());
        let mut operands = (Vec::new(), Vec::new());
        walk::map_operands(&mut first, |value| operands.0.push(std::mem::replace(value, Value(0))));
        walk::map_operands(&mut second, |value| operands.1.push(std::mem::replace(value, Value(0))));
        let regions: Vec<(Region, Region)> = walk::regions(&x.op).zip(walk::regions(&y.op)).collect();
        if !self.rename(&first, &mut second) || first != second || !self.all(&operands.0, &operands.1) {
            return false;
        }
        self.insts.insert(b, a);
        if !regions.into_iter().all(|(a, b)| self.region(a, b)) {
            return false;
        }
        self.values.extend(y.results.iter().copied().zip(x.results.iter().copied()));
        x.results.iter().zip(&y.results).all(|(a, b)| func.values[*a].ty == func.values[*b].ty)
    }

    /// Gives the second operation the regions and the raise site of the first; false if the sites differ.
    fn rename(&self, first: &Op, second: &mut Op) -> bool {
        match (first, second) {
            (Op::Guard { fail: a, .. }, Op::Guard { fail: b, .. }) => {
                let same = self.sites[a.site] == self.sites[b.site];
                b.site = a.site;
                same
            }
            (Op::Call { site: a, .. }, Op::Call { site: b, .. }) => {
                let same = self.sites[*a] == self.sites[*b];
                *b = *a;
                same
            }
            (Op::Block { body: a }, Op::Block { body: b })
            | (Op::For { body: a, .. }, Op::For { body: b, .. })
            | (Op::Loop { body: a, .. }, Op::Loop { body: b, .. }) => {
                *b = *a;
                true
            }
            (Op::If { then: a, orelse: c, .. }, Op::If { then: b, orelse: d, .. }) => {
                (*b, *d) = (*a, *c);
                true
            }
            (_, _) => true,
        }
    }
}
