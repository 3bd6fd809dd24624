//! Puts small functions, and functions called from one place, where they are called.
//!
//! Precondition: runs before parallel loops are outlined. Effect: the callee's body becomes a `Block` of the
//! caller whose returns are breaks; its errors and calls carry the call's frames behind their own, so that
//! tracebacks stay exact; a callee's `Deopt` raises if the call comes after an effect; its owner slots become
//! the caller's and are emptied where it returned. Functions that nobody calls any more are dropped.
//! Recursive functions stay, but small ones that call themselves are put into themselves, a level or two
//! deep. Linear in the size of the result.
//!
//! ```text
//! v5 = call fn1(v3) site7          with fn1(v0) { v1 = fmul v0, v0; return v1 }
//! ->  v5 = block { v6 = fmul v3, v3; break v6 }
//! ```

use super::growth;
use crate::abi::Site;
use crate::mir::remark::{NotInlined, RemarkKind};
use crate::mir::walk::{self, Remap};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashMap;

/// Runs the pass.
pub fn run(module: &mut Module, _options: &Options) -> bool {
    let graph = calls(module);
    if graph.iter().all(Vec::is_empty) {
        return false;
    }
    let recursive: Vec<bool> = (0..graph.len())
        .map(|index| module.funcs.items[index].stack_check.is_some() || reaches_itself(&graph, index))
        .collect();
    let mut callers = vec![0; graph.len()];
    for callee in graph.iter().flatten() {
        callers[*callee] += 1;
    }
    let mut sizes: Vec<usize> = module.funcs.items.iter().map(size).collect();
    let mut changed = false;
    for index in callees_first(&graph) {
        let declined = |callee: usize, sizes: &[usize], size: usize| {
            if recursive[callee] || module.funcs.items[callee].kind != FuncKind::Normal {
                return Some(NotInlined::Recursive);
            }
            growth::inlines(sizes[callee], callers[callee], size).err()
        };
        let mut calls = Vec::new();
        let mut size = sizes[index];
        let caller = &module.funcs.items[index];
        walk::for_each_inst(caller, caller.body, &mut |region, inst| {
            if let Op::Call { func, .. } = caller.insts[inst].op {
                let why = declined(func.0 as usize, &sizes, size);
                if why.is_none() {
                    size += sizes[func.0 as usize];
                }
                calls.push((region, inst, func, why));
            }
        });
        sizes[index] = size;
        for (region, inst, callee, why) in calls {
            remark(module, index, inst, callee, why);
            if why.is_none() {
                let from = module.funcs[callee].clone();
                inline(module, index, region, inst, &from);
                changed = true;
            }
        }
        if recursive[index] {
            changed |= unfold(module, index);
        }
    }
    if changed {
        drop_unused(module);
    }
    changed
}

/// What a copy would cost: constants are parts of other instructions.
fn size(func: &Function) -> usize {
    let mut count = 0;
    walk::for_each_inst(func, func.body, &mut |_, inst| {
        count += usize::from(!matches!(func.insts[inst].op, Op::Iconst(_) | Op::Fconst(_)));
    });
    count
}

/// Says what became of a call.
fn remark(module: &mut Module, caller: usize, call: Inst, callee: Func, why: Option<NotInlined>) {
    if module.funcs.items[caller].remarks.is_none() {
        return;
    }
    let callee = module.funcs[callee].name.clone();
    let func = &mut module.funcs.items[caller];
    let line = func.insts[call].line;
    func.remark(line, || match why {
        None => RemarkKind::Inlined { callee },
        Some(why) => RemarkKind::NotInlined { callee, why },
    });
}

/// The functions that each function calls, with repetitions.
fn calls(module: &Module) -> Vec<Vec<usize>> {
    let mut graph = Vec::with_capacity(module.funcs.len());
    for func in &module.funcs.items {
        let mut callees = Vec::new();
        walk::for_each_inst(func, func.body, &mut |_, inst| {
            if let Op::Call { func, .. } = func.insts[inst].op {
                callees.push(func.0 as usize);
            }
        });
        graph.push(callees);
    }
    graph
}

fn reaches_itself(graph: &[Vec<usize>], start: usize) -> bool {
    let mut seen = vec![false; graph.len()];
    let mut work: Vec<usize> = graph[start].clone();
    while let Some(at) = work.pop() {
        if at == start {
            return true;
        }
        if !std::mem::replace(&mut seen[at], true) {
            work.extend(&graph[at]);
        }
    }
    false
}

/// All functions, callees before their callers (cycles in any order).
fn callees_first(graph: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(graph.len());
    let mut seen = vec![false; graph.len()];
    for start in 0..graph.len() {
        let mut stack = vec![(start, 0)];
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        while let Some((at, next)) = stack.pop() {
            match graph[at].get(next) {
                Some(callee) => {
                    stack.push((at, next + 1));
                    if !std::mem::replace(&mut seen[*callee], true) {
                        stack.push((*callee, 0));
                    }
                }
                None => order.push(at),
            }
        }
    }
    order
}

/// Puts a small function in place of its calls of itself, a level or two deep: most calls of a recursion are its
/// last ones, and what those do is little beside a call.
fn unfold(module: &mut Module, index: usize) -> bool {
    let mut from = module.funcs.items[index].clone();
    // What it has to say it says once.
    from.remarks = None;
    let size = walk::size(&from, from.body);
    let mut depth = 0;
    let mut lines = Vec::new();
    loop {
        let func = &mut module.funcs.items[index];
        let mut calls = Vec::new();
        walk::for_each_inst(func, func.body, &mut |region, inst| {
            if matches!(func.insts[inst].op, Op::Call { func, .. } if func == Func(index as u32)) {
                calls.push((region, inst));
            }
        });
        if depth == 0 {
            lines.extend(calls.iter().map(|(_, inst)| func.insts[*inst].line));
        }
        let unfolded = walk::size(func, func.body) + size * calls.len();
        if calls.is_empty() || !growth::unfolds(depth, size, unfolded) {
            if depth > 0 {
                for line in lines {
                    func.remark(line, || RemarkKind::Unfolded { callee: from.name.clone(), depth });
                }
            }
            return depth > 0;
        }
        for (region, inst) in calls {
            inline(module, index, region, inst, &from);
        }
        depth += 1;
    }
}

/// Replaces one call by the callee's body.
fn inline(module: &mut Module, caller: usize, region: Region, call: Inst, from: &Function) {
    let Module { funcs, sites, sources, .. } = module;
    let func = &mut funcs.items[caller];
    let Op::Call { args, site, after_effect, .. } = func.insts[call].op.clone() else { return };
    let mut remap =
        Remap { stack_base: func.stack_slots.len() as u32, owner_base: func.owner_slots, ..Remap::default() };
    remap.values.reserve(from.values.len());
    for (param, arg) in from.regions[from.body].params.iter().zip(&args) {
        remap.values.insert(*param, *arg);
    }
    func.stack_slots.items.extend(&from.stack_slots.items);
    func.owner_slots += from.owner_slots;
    let body = walk::import_region(func, from, from.body, &mut remap);
    func.regions[body].params.clear();
    // What was a parameter may be an int here that becomes a length only behind a check.
    let own = from.lengths.iter().filter(|length| !from.regions[from.body].params.contains(length));
    func.lengths.extend(own.map(|length| remap.value(*length)));
    // The call becomes a block under the same name, with the same results.
    func.insts[call].op = Op::Block { body };
    let frames = sites[site].frames.clone();
    let mut fix = Fix { sites, frames, after_effect, merged: FxHashMap::default() };
    let line = func.insts[call].line;
    let mut regions = Vec::new();
    walk::for_each_region(func, body, &mut |region| regions.push(region));
    if let (Some(remarks), Some(more)) = (&mut func.remarks, &from.remarks) {
        // What stands in the library says nothing to the user.
        remarks.extend(more.iter().filter(|remark| remark.line.source < *sources).cloned());
    }
    for inner in regions {
        for k in 0..func.regions[inner].insts.len() {
            let inst = func.regions[inner].insts[k];
            if func.insts[inst].line.source >= *sources {
                func.insts[inst].line = line;
            }
            fix.op(&mut func.insts[inst].op);
        }
        match &mut func.regions[inner].end {
            End::Fail(fail) => fix.fail(fail),
            End::Return(args) => {
                let args = std::mem::take(args);
                func.regions[inner].end = End::Break { to: call, args };
                for slot in 0..from.owner_slots {
                    let null = walk::new_inst(func, Op::Iconst(0), &[Ty::Ptr], line);
                    let value = func.insts[null].results[0];
                    let slot = OwnerSlot(remap.owner_base + slot);
                    let clear = walk::new_inst(func, Op::OwnerSet { slot, value }, &[], line);
                    func.regions[inner].insts.extend([null, clear]);
                }
            }
            End::Yield(_) | End::Continue { .. } | End::Break { .. } | End::Unreachable => {}
        }
    }
    debug_assert!(func.regions[region].insts.contains(&call));
}

/// What changes in the callee's operations at their new place.
struct Fix<'a> {
    sites: &'a mut Table<SiteId, Site>,
    /// Frames of the call.
    frames: Vec<crate::abi::SourcePos>,
    after_effect: bool,
    /// Sites of the callee with the call's frames behind them.
    merged: FxHashMap<SiteId, SiteId>,
}

impl Fix<'_> {
    fn site(&mut self, site: SiteId) -> SiteId {
        if let Some(merged) = self.merged.get(&site) {
            return *merged;
        }
        let mut data = self.sites[site].clone();
        data.frames.extend(&self.frames);
        let merged = self.sites.push(data);
        self.merged.insert(site, merged);
        merged
    }

    fn fail(&mut self, fail: &mut Fail) {
        fail.site = self.site(fail.site);
        fail.deopt &= !self.after_effect;
    }

    fn op(&mut self, op: &mut Op) {
        match op {
            Op::Guard { fail, .. } => self.fail(fail),
            Op::Call { site, after_effect, .. } => {
                *site = self.site(*site);
                *after_effect |= self.after_effect;
            }
            Op::For { mode: LoopMode::Parallel { reductions, .. }, .. } => {
                for (site, deopt) in reductions.iter_mut().filter_map(|r| r.overflow.as_mut()) {
                    *site = self.site(*site);
                    *deopt &= !self.after_effect;
                }
            }
            Op::For { mode: LoopMode::Serial | LoopMode::Vector { .. }, .. }
            | Op::Iconst(_)
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
            | Op::OwnerSet { .. }
            | Op::OwnerTake { .. }
            | Op::Runtime { .. }
            | Op::RuntimeStatus { .. }
            | Op::Block { .. }
            | Op::If { .. }
            | Op::Loop { .. } => {}
        }
    }
}

/// Drops functions that the entry does not reach, and renumbers the others.
fn drop_unused(module: &mut Module) {
    let mut used = vec![false; module.funcs.len()];
    let mut work = vec![Func(0)];
    while let Some(at) = work.pop() {
        if std::mem::replace(&mut used[at.0 as usize], true) {
            continue;
        }
        let func = &module.funcs[at];
        walk::for_each_inst(func, func.body, &mut |_, inst| {
            if let Op::Call { func: callee, .. } | Op::FuncAddr(callee) = func.insts[inst].op {
                work.push(callee);
            }
        });
    }
    if used.iter().all(|used| *used) {
        return;
    }
    let mut names = Vec::with_capacity(used.len());
    let mut next = 0;
    for used in &used {
        names.push(Func(next));
        next += u32::from(*used);
    }
    let mut at = 0;
    module.funcs.items.retain(|_| {
        at += 1;
        used[at - 1]
    });
    for func in &mut module.funcs.items {
        for data in &mut func.insts.items {
            if let Op::Call { func: callee, .. } | Op::FuncAddr(callee) = &mut data.op {
                *callee = names[callee.0 as usize];
            }
        }
    }
}
