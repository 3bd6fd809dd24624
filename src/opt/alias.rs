//! Gives the memory of arrays that a function makes itself names of its own.
//!
//! Precondition: after `inline`: what a call is given is not followed. Effect: an access through a pointer
//! that can only have come from allocations in this function gets a `Mem` that overlaps no other: not the
//! arguments, and not the other arrays made here unless a variable may hold either. Pointers are sorted into
//! classes by what flows together, whatever the order; what leaves the function's sight (a call, a store)
//! joins the unknown. Almost linear.
//!
//! ```text
//! v5 = runtime Alloc ...; v6 = load mem1[v5 + 16]; store mem0[v6] = ...; load mem0[v1]
//! ->  the store is to mem2, so that the load from an argument can move over it
//! ```

use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashMap;

/// Runs the pass.
pub fn run(module: &mut Module, _options: &Options) -> bool {
    let mut next = first_free(module);
    let mut changed = false;
    for func in &mut module.funcs.items {
        if allocates(func) {
            changed |= name(func, &mut next);
        }
    }
    changed
}

/// The first name that no access of the module has.
pub(super) fn first_free(module: &Module) -> u32 {
    let accesses = module.funcs.items.iter().flat_map(|func| &func.insts.items);
    let taken = accesses.map(|inst| access(&inst.op).map_or(0, |(mem, _)| mem.0)).max();
    taken.unwrap_or(0).max(MEM_FRAME.0) + 1
}

fn access(op: &Op) -> Option<(Mem, Value)> {
    if let Op::Load { mem, addr } | Op::Store { mem, addr, .. } = op { Some((*mem, addr.base)) } else { None }
}

fn is_alloc(op: &Op) -> bool {
    matches!(op, Op::Runtime { func: RuntimeFn::Alloc, .. })
}

fn allocates(func: &Function) -> bool {
    let mut found = false;
    walk::for_each_inst(func, func.body, &mut |_, inst| found |= is_alloc(&func.insts[inst].op));
    found
}

/// Classes of pointers: values, then owner slots, then the unknown.
struct Classes<'a> {
    func: &'a Function,
    parent: Vec<u32>,
}

impl Classes<'_> {
    fn unknown(&self) -> u32 {
        self.parent.len() as u32 - 1
    }

    fn slot(&self, slot: OwnerSlot) -> u32 {
        self.func.values.len() as u32 + slot.0
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        // The unknown stays its own root.
        self.parent[a.min(b) as usize] = a.max(b);
    }

    /// A pointer flows from one value to another. A null pointer brings nothing along.
    fn flow(&mut self, from: Value, to: u32) {
        let null = matches!(crate::mir::effect::def_op(self.func, from), Some(Op::Iconst(_)));
        if self.func.values[from].ty == Ty::Ptr && !null {
            self.join(from.0, to);
        }
    }

    /// Joins what flows together by an operation, beyond `walk::for_each_flow`.
    fn inst(&mut self, inst: Inst) {
        let func = self.func;
        let data = &func.insts[inst];
        let unknown = self.unknown();
        let result = data.results.first().map_or(unknown, |result| result.0);
        match &data.op {
            Op::Load { addr, .. } => {
                // What is found in a header belongs to its buffer.
                if data.results.iter().any(|result| func.values[*result].ty == Ty::Ptr) {
                    self.flow(addr.base, result);
                }
            }
            Op::Store { value, .. } => self.flow(*value, unknown),
            Op::PtrAdd { base, .. } => self.flow(*base, result),
            Op::OwnerSet { slot, value } => self.flow(*value, self.slot(*slot)),
            Op::OwnerTake { slot } => self.join(self.slot(*slot), result),
            Op::RuntimeStatus { args, .. } | Op::Call { args, .. } => {
                for arg in args {
                    self.flow(*arg, unknown);
                }
                for result in &data.results {
                    self.flow(*result, unknown);
                }
            }
            Op::Runtime { .. } => {
                if !is_alloc(&data.op) {
                    data.results.iter().for_each(|result| self.flow(*result, unknown));
                }
            }
            // An address as a number, or a number as an address.
            Op::Convert { arg, .. } => {
                self.flow(*arg, unknown);
                data.results.iter().for_each(|result| self.flow(*result, unknown));
            }
            Op::Hidden { .. } => data.results.iter().for_each(|result| self.flow(*result, unknown)),
            Op::StackAddr(_)
            | Op::FuncAddr(_)
            | Op::Iconst(_)
            | Op::Fconst(_)
            | Op::Unary { .. }
            | Op::Binary { .. }
            | Op::Checked { .. }
            | Op::Compare { .. }
            | Op::Select { .. }
            | Op::Math { .. }
            | Op::Guard { .. }
            | Op::Block { .. }
            | Op::If { .. }
            | Op::For { .. }
            | Op::Loop { .. } => {}
        }
    }
}

/// Names the classes of one function that hold nothing unknown.
fn name(func: &mut Function, next: &mut u32) -> bool {
    let count = func.values.len() + func.owner_slots as usize + 1;
    let mut classes = Classes { func, parent: (0..count as u32).collect() };
    let unknown = classes.unknown();
    for param in &func.regions[func.body].params {
        classes.flow(*param, unknown);
    }
    walk::for_each_flow(func, func.body, None, &mut |from, to| classes.flow(from, to.0));
    walk::for_each_inst(func, func.body, &mut |_, inst| classes.inst(inst));
    // A class has a name if an allocation of this function is in it, and nothing unknown.
    let mut names: FxHashMap<u32, Option<Mem>> = FxHashMap::default();
    walk::for_each_inst(func, func.body, &mut |_, inst| {
        if is_alloc(&func.insts[inst].op) {
            names.insert(classes.root(func.insts[inst].results[0].0), None);
        }
    });
    names.remove(&classes.root(unknown));
    let mut roots = Vec::new();
    walk::for_each_inst(func, func.body, &mut |_, inst| {
        if let Some((mem, base)) = access(&func.insts[inst].op)
            && mem != MEM_FRAME
            && let Some(name) = names.get_mut(&classes.root(base.0))
        {
            if mem != MEM_ANY {
                *name = Some(mem);
            }
            roots.push((inst, classes.root(base.0)));
        }
    });
    let mut changed = false;
    for (inst, root) in roots {
        let Some(name) = names.get_mut(&root) else { continue };
        let wanted = *name.get_or_insert_with(|| {
            *next += 1;
            Mem(*next - 1)
        });
        if let Op::Load { mem, .. } | Op::Store { mem, .. } = &mut func.insts[inst].op {
            changed |= *mem != wanted;
            *mem = wanted;
        }
    }
    changed
}
