//! Walking and rewriting the tree: operands, nested regions, substitution, cloning.
//!
//! In: a function. Out: visits in program order, or the function rewritten. Invariant: every operand of
//! every operation and end is visited once, in the order in which it is printed; a clone defines fresh
//! values, instructions and regions only.

use super::*;
use rustc_hash::FxHashMap;

/// The regions nested directly in an operation, in program order.
pub fn regions(op: &Op) -> impl Iterator<Item = Region> + use<> {
    let pair = match op {
        Op::Block { body } | Op::For { body, .. } | Op::Loop { body, .. } => [Some(*body), None],
        Op::If { then, orelse, .. } => [Some(*then), Some(*orelse)],
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
        | Op::Call { .. } => [None, None],
    };
    pair.into_iter().flatten()
}

/// True if a loop stands in the region.
pub fn has_loop(func: &Function, region: Region) -> bool {
    func.regions[region].insts.iter().any(|inst| {
        let op = &func.insts[*inst].op;
        matches!(op, Op::For { .. } | Op::Loop { .. }) || regions(op).any(|nested| has_loop(func, nested))
    })
}

/// Visits each operand for rewriting.
pub fn map_operands(op: &mut Op, mut f: impl FnMut(&mut Value)) {
    match op {
        Op::Iconst(_)
        | Op::Fconst(_)
        | Op::Hidden { .. }
        | Op::StackAddr(_)
        | Op::FuncAddr(_)
        | Op::OwnerTake { .. }
        | Op::Block { .. } => {}
        Op::Unary { arg, .. } | Op::Convert { arg, .. } => f(arg),
        Op::Binary { lhs, rhs, .. } | Op::Checked { lhs, rhs, .. } | Op::Compare { lhs, rhs, .. } => {
            f(lhs);
            f(rhs);
        }
        Op::Select { cond, then, orelse } => {
            f(cond);
            f(then);
            f(orelse);
        }
        Op::PtrAdd { base, bytes } => {
            f(base);
            f(bytes);
        }
        Op::Load { addr, .. } => map_address(addr, &mut f),
        Op::Store { addr, value, .. } => {
            map_address(addr, &mut f);
            f(value);
        }
        Op::Guard { cond, fail } => {
            f(cond);
            fail.payload.iter_mut().for_each(f);
        }
        Op::OwnerSet { value, .. } => f(value),
        Op::Math { args, known, .. } => {
            args.iter_mut().for_each(&mut f);
            if let Some((cond, value)) = known {
                f(cond);
                f(value);
            }
        }
        Op::Runtime { args, .. } | Op::RuntimeStatus { args, .. } | Op::Call { args, .. } => {
            args.iter_mut().for_each(f);
        }
        Op::If { cond, .. } => f(cond),
        Op::For { lo, hi, init, .. } => {
            f(lo);
            f(hi);
            init.iter_mut().for_each(f);
        }
        Op::Loop { init, .. } => init.iter_mut().for_each(f),
    }
}

fn map_address(addr: &mut Address, f: &mut impl FnMut(&mut Value)) {
    f(&mut addr.base);
    if let Some((index, _)) = &mut addr.index {
        f(index);
    }
}

/// Visits each operand.
pub fn operands(op: &Op, mut f: impl FnMut(Value)) {
    match op {
        Op::Iconst(_)
        | Op::Fconst(_)
        | Op::Hidden { .. }
        | Op::StackAddr(_)
        | Op::FuncAddr(_)
        | Op::OwnerTake { .. }
        | Op::Block { .. } => {}
        Op::Unary { arg, .. } | Op::Convert { arg, .. } => f(*arg),
        Op::Binary { lhs, rhs, .. } | Op::Checked { lhs, rhs, .. } | Op::Compare { lhs, rhs, .. } => {
            f(*lhs);
            f(*rhs);
        }
        Op::Select { cond, then, orelse } => {
            f(*cond);
            f(*then);
            f(*orelse);
        }
        Op::PtrAdd { base, bytes } => {
            f(*base);
            f(*bytes);
        }
        Op::Load { addr, .. } => address_operands(addr, &mut f),
        Op::Store { addr, value, .. } => {
            address_operands(addr, &mut f);
            f(*value);
        }
        Op::Guard { cond, fail } => {
            f(*cond);
            fail.payload.iter().copied().for_each(f);
        }
        Op::OwnerSet { value, .. } => f(*value),
        Op::Math { args, known, .. } => {
            args.iter().copied().for_each(&mut f);
            if let Some((cond, value)) = known {
                f(*cond);
                f(*value);
            }
        }
        Op::Runtime { args, .. } | Op::RuntimeStatus { args, .. } | Op::Call { args, .. } => {
            args.iter().copied().for_each(f);
        }
        Op::If { cond, .. } => f(*cond),
        Op::For { lo, hi, init, .. } => {
            f(*lo);
            f(*hi);
            init.iter().copied().for_each(f);
        }
        Op::Loop { init, .. } => init.iter().copied().for_each(f),
    }
}

fn address_operands(addr: &Address, f: &mut impl FnMut(Value)) {
    f(addr.base);
    if let Some((index, _)) = addr.index {
        f(index);
    }
}

/// The values that an end passes on.
pub fn end_values(end: &End) -> &[Value] {
    match end {
        End::Yield(args) | End::Return(args) | End::Continue { args, .. } | End::Break { args, .. } => args,
        End::Fail(fail) => &fail.payload,
        End::Unreachable => &[],
    }
}

/// Likewise, for rewriting; `None` for `Unreachable`.
pub fn end_values_mut(end: &mut End) -> Option<&mut Vec<Value>> {
    match end {
        End::Yield(args) | End::Return(args) | End::Continue { args, .. } | End::Break { args, .. } => {
            Some(args)
        }
        End::Fail(fail) => Some(&mut fail.payload),
        End::Unreachable => None,
    }
}

/// Which values become which others in a region and below it: what an operation chooses, what loops carry, and what
/// arms, loops and blocks give.
pub fn for_each_flow(func: &Function, region: Region, owner: Option<Inst>, f: &mut impl FnMut(Value, Value)) {
    let mut flows = |from: &[Value], to: &[Value]| from.iter().zip(to).for_each(|(from, to)| f(*from, *to));
    let data = &func.regions[region];
    for inst in &data.insts {
        let InstData { op, results, .. } = &func.insts[*inst];
        if let Op::Select { then, orelse, .. } = op {
            flows(&[*then], results);
            flows(&[*orelse], results);
        } else if let Op::For { init, body, .. } | Op::Loop { init, body } = op {
            let carried = carried(func, *body, init.len());
            flows(init, carried);
            flows(carried, results);
        }
    }
    let target = match data.end {
        End::Yield(_) => owner,
        End::Continue { to, .. } | End::Break { to, .. } => Some(to),
        End::Return(_) | End::Fail(_) | End::Unreachable => None,
    };
    if let Some(target) = target {
        let args = end_values(&data.end);
        if let Op::For { body, .. } | Op::Loop { body, .. } = func.insts[target].op {
            flows(args, carried(func, body, args.len()));
        } else {
            flows(args, &func.insts[target].results);
        }
    }
    for inst in &data.insts {
        for nested in regions(&func.insts[*inst].op) {
            for_each_flow(func, nested, Some(*inst), f);
        }
    }
}

/// The parameters of a loop's body that are carried.
fn carried(func: &Function, body: Region, count: usize) -> &[Value] {
    let params = &func.regions[body].params;
    &params[params.len() - count..]
}

/// Number of loops around the definition of each value.
pub fn loop_depths(func: &Function) -> Vec<u32> {
    fn mark(func: &Function, region: Region, depth: u32, depths: &mut [u32]) {
        let data = &func.regions[region];
        for param in &data.params {
            depths[param.0 as usize] = depth;
        }
        for inst in &data.insts {
            let InstData { op, results, .. } = &func.insts[*inst];
            for result in results {
                depths[result.0 as usize] = depth;
            }
            let inner = depth + u32::from(matches!(op, Op::For { .. } | Op::Loop { .. }));
            for nested in regions(op) {
                mark(func, nested, inner, depths);
            }
        }
    }
    let mut depths = vec![0; func.values.len()];
    mark(func, func.body, 0, &mut depths);
    depths
}

/// Visits every instruction of a region and of the regions below it, an operation before its regions.
pub fn for_each_inst(func: &Function, region: Region, f: &mut impl FnMut(Region, Inst)) {
    for inst in &func.regions[region].insts {
        f(region, *inst);
        for nested in regions(&func.insts[*inst].op) {
            for_each_inst(func, nested, f);
        }
    }
}

/// Visits a region and every region below it, outer ones first.
pub fn for_each_region(func: &Function, region: Region, f: &mut impl FnMut(Region)) {
    f(region);
    for inst in &func.regions[region].insts {
        for nested in regions(&func.insts[*inst].op) {
            for_each_region(func, nested, f);
        }
    }
}

/// Visits every use of a value in a region and below it, outer regions first.
pub fn for_each_use(func: &Function, region: Region, f: &mut impl FnMut(Value)) {
    for_each_region(func, region, &mut |region| {
        let data = &func.regions[region];
        data.insts.iter().for_each(|inst| operands(&func.insts[*inst].op, &mut *f));
        end_values(&data.end).iter().copied().for_each(&mut *f);
    });
}

/// Number of uses of each value in the live tree.
pub fn use_counts(func: &Function) -> Vec<u32> {
    let mut counts = vec![0; func.values.len()];
    for_each_use(func, func.body, &mut |value| counts[value.0 as usize] += 1);
    counts
}

/// Instructions in a region and below.
pub fn size(func: &Function, region: Region) -> usize {
    let mut count = 0;
    for_each_inst(func, region, &mut |_, _| count += 1);
    count
}

/// Values to be replaced by others, applied in one sweep.
#[derive(Clone, Debug, Default)]
pub struct Substitution {
    map: Vec<Option<Value>>,
}

impl Substitution {
    pub fn new(func: &Function) -> Substitution {
        Substitution { map: vec![None; func.values.len()] }
    }
    pub fn is_empty(&self) -> bool {
        self.map.iter().all(Option::is_none)
    }
    /// From now on `from` means `to`.
    pub fn set(&mut self, from: Value, to: Value) {
        let to = self.get(to);
        if from == to {
            return;
        }
        let index = from.0 as usize;
        if index >= self.map.len() {
            self.map.resize(index + 1, None);
        }
        self.map[index] = Some(to);
    }
    /// What a value means now.
    pub fn get(&self, value: Value) -> Value {
        let mut value = value;
        while let Some(Some(next)) = self.map.get(value.0 as usize) {
            value = *next;
        }
        value
    }
    /// Rewrites the operands of an operation.
    pub fn rewrite(&self, op: &mut Op) {
        map_operands(op, |value| *value = self.get(*value));
    }
    pub fn rewrite_end(&self, end: &mut End) {
        if let Some(values) = end_values_mut(end) {
            for value in values {
                *value = self.get(*value);
            }
        }
    }
    /// Rewrites a region and everything below it.
    pub fn apply(&self, func: &mut Function, region: Region) {
        let insts = std::mem::take(&mut func.regions[region].insts);
        for inst in &insts {
            self.rewrite(&mut func.insts[*inst].op);
            for nested in regions(&func.insts[*inst].op) {
                self.apply(func, nested);
            }
        }
        let data = &mut func.regions[region];
        data.insts = insts;
        self.rewrite_end(&mut data.end);
    }
}

/// What the things of the original became in a clone. Values and instructions from outside the cloned
/// region that are not in the maps stay as they are (within one function).
#[derive(Clone, Debug, Default)]
pub struct Remap {
    pub values: FxHashMap<Value, Value>,
    pub insts: FxHashMap<Inst, Inst>,
    /// Added to stack slots and owner slots (for a body that comes from another function).
    pub stack_base: u32,
    pub owner_base: u32,
}

impl Remap {
    pub fn value(&self, value: Value) -> Value {
        self.values.get(&value).copied().unwrap_or(value)
    }
    pub fn inst(&self, inst: Inst) -> Inst {
        self.insts.get(&inst).copied().unwrap_or(inst)
    }
}

/// Clones a region with everything below it within one function; its parameters become fresh ones
/// (unless the map already has them). The copy is not placed anywhere yet.
pub fn clone_region(func: &mut Function, region: Region, remap: &mut Remap) -> Region {
    let data = func.regions[region].clone();
    clone_with(func, None, data, remap)
}

/// Clones a region of another function into this one.
pub fn import_region(func: &mut Function, from: &Function, region: Region, remap: &mut Remap) -> Region {
    clone_with(func, Some(from), from.regions[region].clone(), remap)
}

fn clone_with(func: &mut Function, from: Option<&Function>, data: RegionData, remap: &mut Remap) -> Region {
    let RegionData { rare, copies, limit, .. } = data;
    let copy = func.regions.push(RegionData { rare, copies, limit, ..RegionData::new() });
    for (index, param) in data.params.iter().enumerate() {
        let ty = from.unwrap_or(func).values[*param].ty;
        let fresh = func.values.push(ValueData { ty, def: Def::Param { region: copy, index: index as u32 } });
        remap.values.entry(*param).or_insert(fresh);
        func.regions[copy].params.push(fresh);
    }
    for inst in &data.insts {
        let fresh = clone_inst(func, from, *inst, remap);
        func.regions[copy].insts.push(fresh);
    }
    let mut end = data.end;
    match &mut end {
        End::Continue { to, .. } | End::Break { to, .. } => *to = remap.inst(*to),
        End::Yield(_) | End::Return(_) | End::Fail(_) | End::Unreachable => {}
    }
    if let Some(values) = end_values_mut(&mut end) {
        for value in values {
            *value = remap.value(*value);
        }
    }
    func.regions[copy].end = end;
    copy
}

/// Clones one instruction with its regions (from another function if `from` is given); not placed yet.
pub fn clone_inst(func: &mut Function, from: Option<&Function>, inst: Inst, remap: &mut Remap) -> Inst {
    let data = from.unwrap_or(func).insts[inst].clone();
    let mut op = data.op;
    map_operands(&mut op, |value| *value = remap.value(*value));
    let copy = func.insts.push(InstData { op: Op::Iconst(0), results: Results::new(), line: data.line });
    match &mut op {
        Op::Block { body } | Op::For { body, .. } | Op::Loop { body, .. } => {
            remap.insts.insert(inst, copy);
            let nested = from.unwrap_or(func).regions[*body].clone();
            *body = clone_with(func, from, nested, remap);
        }
        Op::If { then, orelse, .. } => {
            let nested = from.unwrap_or(func).regions[*then].clone();
            *then = clone_with(func, from, nested, remap);
            let nested = from.unwrap_or(func).regions[*orelse].clone();
            *orelse = clone_with(func, from, nested, remap);
        }
        Op::StackAddr(slot) => slot.0 += remap.stack_base,
        Op::OwnerSet { slot, .. } | Op::OwnerTake { slot } => slot.0 += remap.owner_base,
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
        | Op::FuncAddr(_)
        | Op::Guard { .. }
        | Op::Runtime { .. }
        | Op::RuntimeStatus { .. }
        | Op::Call { .. } => {}
    }
    for (index, result) in data.results.iter().enumerate() {
        let ty = from.unwrap_or(func).values[*result].ty;
        let fresh = func.values.push(ValueData { ty, def: Def::Result { inst: copy, index: index as u32 } });
        remap.values.insert(*result, fresh);
        func.insts[copy].results.push(fresh);
    }
    func.insts[copy].op = op;
    copy
}

/// Makes an instruction that is not placed in any region yet.
pub fn new_inst(func: &mut Function, op: Op, results: &[Ty], line: SourcePos) -> Inst {
    let inst: Inst = func.insts.push(InstData { op, results: Results::new(), line });
    for (index, ty) in results.iter().enumerate() {
        let value = func.values.push(ValueData { ty: *ty, def: Def::Result { inst, index: index as u32 } });
        func.insts[inst].results.push(value);
    }
    inst
}

/// Makes an instruction of one result behind others; gives the result.
pub fn place(func: &mut Function, op: Op, ty: Ty, line: SourcePos, out: &mut Vec<Inst>) -> Value {
    let inst = new_inst(func, op, &[ty], line);
    out.push(inst);
    func.insts[inst].results[0]
}

/// Makes an empty region with parameters of the given types.
pub fn new_region(func: &mut Function, params: &[Ty]) -> Region {
    let region = func.regions.push(RegionData::new());
    for (index, ty) in params.iter().enumerate() {
        let def = Def::Param { region, index: index as u32 };
        let value = func.values.push(ValueData { ty: *ty, def });
        func.regions[region].params.push(value);
    }
    region
}

/// Keeps the parameters of a region for which `keep` is true, and renumbers the rest.
pub fn retain_params(func: &mut Function, region: Region, keep: &[bool]) {
    let mut at = 0;
    func.regions[region].params.retain(|_| {
        at += 1;
        keep[at - 1]
    });
    for (index, param) in func.regions[region].params.iter().enumerate() {
        func.values[*param].def = Def::Param { region, index: index as u32 };
    }
}

/// Keeps the results of an instruction for which `keep` is true, and renumbers the rest.
pub fn retain_results(func: &mut Function, inst: Inst, keep: &[bool]) {
    let mut at = 0;
    func.insts[inst].results.retain(|_| {
        at += 1;
        keep[at - 1]
    });
    for (index, result) in func.insts[inst].results.iter().enumerate() {
        func.values[*result].def = Def::Result { inst, index: index as u32 };
    }
}
