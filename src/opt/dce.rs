//! Removes what nobody needs: pure operations and loads without uses, structured operations without
//! effects, unused carried values, results and parameters of nested regions, unused tests for overflow.
//!
//! Precondition: none. Effect: a value that only feeds itself round a loop goes too. Guards, stores and
//! calls stay. Linear.
//!
//! ```text
//! v5 = for v1 in 0..n (v2 = x, v3 = y) { v4 = iadd v3, 1; yield v2, v4 }    with v3's result unused
//! ->   for v1 in 0..n (v2 = x) { yield v2 }    and, v5 being x, nothing at all after `simplify`
//! ```

use super::algebra::wrapping;
use crate::mir::effect::{Effect, combining_exits, effect};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashMap;

struct Liveness<'a> {
    func: &'a Function,
    /// The structured instruction that holds each region, and the region that holds each instruction.
    owner: Vec<Option<Inst>>,
    home: Vec<Option<Region>>,
    /// Regions that end in a jump to a structured instruction, or by yielding in one of its regions.
    arrivals: FxHashMap<Inst, Vec<Region>>,
    /// Instructions from whose regions control jumps to the key, as the outermost target: needed if it is.
    steering: FxHashMap<Inst, Vec<Inst>>,
    live_values: Vec<bool>,
    live_insts: Vec<bool>,
    work: Vec<Value>,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut live = Liveness {
        func,
        owner: vec![None; func.regions.len()],
        home: vec![None; func.insts.len()],
        arrivals: FxHashMap::default(),
        steering: FxHashMap::default(),
        live_values: vec![false; func.values.len()],
        live_insts: vec![false; func.insts.len()],
        work: Vec::new(),
    };
    let mut roots = Vec::new();
    live.survey(func.body, &mut Vec::new(), &mut roots);
    for inst in roots {
        live.inst(inst);
    }
    while let Some(value) = live.work.pop() {
        live.value(value);
    }
    let (values, insts) = (live.live_values, live.live_insts);
    sweep(func, &values, &insts)
}

impl Liveness<'_> {
    /// Maps the tree and collects the instructions that must stay. Gives the outermost depth that control
    /// can jump to from the region (0: it can leave the function).
    fn survey(&mut self, region: Region, around: &mut Vec<Inst>, roots: &mut Vec<Inst>) -> usize {
        let depth = around.len();
        let func = self.func;
        let data = &func.regions[region];
        let mut reach = usize::MAX;
        for inst in &data.insts {
            self.home[inst.0 as usize] = Some(region);
            let op = &func.insts[*inst].op;
            match effect(op) {
                Effect::Pure | Effect::Read(_) => {}
                Effect::Write(_) | Effect::Owner | Effect::Opaque => roots.push(*inst),
                Effect::Raise { .. } | Effect::Call => roots.push(*inst),
                Effect::Nested => {
                    around.push(*inst);
                    let mut inner = usize::MAX;
                    for nested in walk::regions(op) {
                        self.owner[nested.0 as usize] = Some(*inst);
                        inner = inner.min(self.survey(nested, around, roots));
                    }
                    around.pop();
                    // Leaving the function, or an endless loop, is an effect.
                    if inner == 0 || matches!(op, Op::Loop { .. }) || combining_exits(op).next().is_some() {
                        roots.push(*inst);
                    } else if inner <= depth {
                        self.steering.entry(around[inner - 1]).or_default().push(*inst);
                    }
                    if inner <= depth {
                        reach = reach.min(inner);
                    }
                }
            }
        }
        match &data.end {
            End::Yield(_) => {
                if let Some(owner) = self.owner[region.0 as usize] {
                    self.arrivals.entry(owner).or_default().push(region);
                }
            }
            End::Continue { to, .. } | End::Break { to, .. } => {
                self.arrivals.entry(*to).or_default().push(region);
                let target = around.iter().rposition(|inst| inst == to);
                reach = reach.min(target.map_or(0, |at| at + 1));
            }
            End::Return(args) => {
                self.work.extend(args);
                reach = 0;
            }
            End::Fail(fail) => {
                self.work.extend(&fail.payload);
                reach = 0;
            }
            // Being unreachable is knowledge, not a jump; but the operation above must keep its arms.
            End::Unreachable => reach = 0,
        }
        reach
    }

    /// Makes an instruction live, and everything around it.
    fn inst(&mut self, inst: Inst) {
        if std::mem::replace(&mut self.live_insts[inst.0 as usize], true) {
            return;
        }
        if let Some(owner) = self.home[inst.0 as usize].and_then(|home| self.owner[home.0 as usize]) {
            self.inst(owner);
        }
        for steering in self.steering.remove(&inst).unwrap_or_default() {
            self.inst(steering);
        }
        match &self.func.insts[inst].op {
            Op::If { cond, .. } => self.work.push(*cond),
            Op::For { lo, hi, mode, .. } => {
                self.work.extend([*lo, *hi]);
                if let LoopMode::Parallel { reductions, .. } = mode {
                    let checked = (0..reductions.len()).filter(|k| reductions[*k].overflow.is_some());
                    self.work.extend(checked.map(|k| self.func.insts[inst].results[k]));
                }
            }
            Op::Block { .. } | Op::Loop { .. } => {}
            op @ (Op::Iconst(_)
            | Op::Fconst(_)
            | Op::Unary { .. }
            | Op::Binary { .. }
            | Op::Checked { .. }
            | Op::Compare { .. }
            | Op::Select { .. }
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
            | Op::Call { .. }) => walk::operands(op, |value| self.work.push(value)),
        }
    }

    fn value(&mut self, value: Value) {
        if std::mem::replace(&mut self.live_values[value.0 as usize], true) {
            return;
        }
        match self.func.values[value].def {
            Def::Result { inst, index } => {
                self.inst(inst);
                self.slot(inst, index as usize);
            }
            Def::Param { region, index } => {
                let Some(inst) = self.owner[region.0 as usize] else { return };
                self.inst(inst);
                let first = usize::from(matches!(self.func.insts[inst].op, Op::For { .. }));
                if index as usize >= first {
                    self.slot(inst, index as usize - first);
                }
            }
        }
    }

    /// A result or carried value of a structured instruction is needed: so is all that flows into it.
    fn slot(&mut self, inst: Inst, slot: usize) {
        let data = &self.func.insts[inst];
        match &data.op {
            Op::For { init, body, mode, .. } => {
                if let LoopMode::Parallel { reductions, .. } = mode
                    && let Combine::Best { key, .. } = reductions[slot].combine
                {
                    self.work.push(data.results[key as usize]);
                }
                self.work.push(init[slot]);
                self.work.push(data.results[slot]);
                self.work.push(self.func.regions[*body].params[slot + 1]);
            }
            Op::Loop { init, body } => {
                self.work.push(init[slot]);
                self.work.push(self.func.regions[*body].params[slot]);
            }
            Op::If { .. } | Op::Block { .. } => {}
            Op::Iconst(_)
            | Op::Fconst(_)
            | Op::Unary { .. }
            | Op::Binary { .. }
            | Op::Checked { .. }
            | Op::Compare { .. }
            | Op::Select { .. }
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
            | Op::Call { .. } => return,
        }
        if let Some(regions) = self.arrivals.get(&inst) {
            for region in regions {
                self.work.push(walk::end_values(&self.func.regions[*region].end)[slot]);
            }
        }
    }
}

/// Removes the dead instructions and slots.
fn sweep(func: &mut Function, values: &[bool], insts: &[bool]) -> bool {
    let mut regions = Vec::new();
    walk::for_each_region(func, func.body, &mut |region| regions.push(region));
    let mut changed = false;
    // Which slots of each structured instruction stay; jumps are cut to them.
    let mut keeps: FxHashMap<Inst, Vec<bool>> = FxHashMap::default();
    let mut owners: FxHashMap<Region, Inst> = FxHashMap::default();
    for region in regions {
        let data = &mut func.regions[region];
        let before = data.insts.len();
        data.insts.retain(|inst| insts[inst.0 as usize]);
        changed |= data.insts.len() != before;
        let live = std::mem::take(&mut data.insts);
        for inst in &live {
            changed |= drop_flag(func, *inst, values);
            for nested in walk::regions(&func.insts[*inst].op) {
                owners.insert(nested, *inst);
            }
            let slots: Vec<Value> = match &func.insts[*inst].op {
                Op::Loop { body, .. } => func.regions[*body].params.clone(),
                Op::For { .. } | Op::If { .. } | Op::Block { .. } => func.insts[*inst].results.to_vec(),
                Op::Iconst(_)
                | Op::Fconst(_)
                | Op::Unary { .. }
                | Op::Binary { .. }
                | Op::Checked { .. }
                | Op::Compare { .. }
                | Op::Select { .. }
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
                | Op::Call { .. } => continue,
            };
            let keep: Vec<bool> = slots.iter().map(|value| values[value.0 as usize]).collect();
            if keep.iter().all(|keep| *keep) {
                continue;
            }
            changed = true;
            drop_slots(func, *inst, &keep);
            keeps.insert(*inst, keep);
        }
        func.regions[region].insts = live;
        // The owner was visited before its regions, and so was the target of a jump.
        let owner = owners.get(&region).copied();
        let end = &mut func.regions[region].end;
        let target = match end {
            End::Yield(_) => owner,
            End::Continue { to, .. } | End::Break { to, .. } => Some(*to),
            End::Return(_) | End::Fail(_) | End::Unreachable => None,
        };
        if let Some(keep) = target.and_then(|target| keeps.get(&target))
            && let Some(args) = walk::end_values_mut(end)
        {
            retain(args, keep);
        }
    }
    changed
}

/// An operation whose overflow nobody asks for is a plain one.
fn drop_flag(func: &mut Function, inst: Inst, values: &[bool]) -> bool {
    let data = &mut func.insts[inst];
    let Op::Checked { op, lhs, rhs } = data.op else { return false };
    if values[data.results[1].0 as usize] {
        return false;
    }
    data.op = Op::Binary { op: wrapping(op), lhs, rhs };
    data.results.truncate(1);
    true
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut at = 0;
    items.retain(|_| {
        at += 1;
        keep[at - 1]
    });
}

/// Removes slots from the instruction itself and from the parameters of its body.
fn drop_slots(func: &mut Function, inst: Inst, keep: &[bool]) {
    let mut params: Option<(Region, Vec<bool>)> = None;
    match &mut func.insts[inst].op {
        Op::For { init, body, mode, .. } => {
            retain(init, keep);
            if let LoopMode::Parallel { reductions, .. } = mode {
                retain(reductions, keep);
                for reduction in reductions {
                    if let Combine::Best { key, .. } = &mut reduction.combine {
                        *key = keep[..*key as usize].iter().filter(|kept| **kept).count() as u32;
                    }
                }
            }
            let mut with_iv = vec![true];
            with_iv.extend(keep);
            params = Some((*body, with_iv));
        }
        Op::Loop { init, body } => {
            retain(init, keep);
            params = Some((*body, keep.to_vec()));
        }
        Op::If { .. } | Op::Block { .. } => {}
        Op::Iconst(_)
        | Op::Fconst(_)
        | Op::Unary { .. }
        | Op::Binary { .. }
        | Op::Checked { .. }
        | Op::Compare { .. }
        | Op::Select { .. }
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
        | Op::Call { .. } => unreachable!("invariant: a structured operation"),
    }
    if let Some((body, keep)) = params {
        walk::retain_params(func, body, &keep);
    }
    if !func.insts[inst].results.is_empty() {
        walk::retain_results(func, inst, keep);
    }
}
