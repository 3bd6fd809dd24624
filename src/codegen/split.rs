//! In long functions, values that live across loops are kept in memory between them (live-range splitting
//! around loops).
//!
//! In: a MIR function. Out: a plan: which values have a place in memory, and what each loop nest fetches from
//! there; and the fetching. Invariant: what was fetched is the value; where nothing was fetched, the value
//! itself is used. The register allocator takes time for every value in every block that it lives in, and in
//! a long function it does the same in the end. In a short one it does better: nests with short rows would
//! fetch more than they work.

use super::abi::clif;
use super::func::Emit;
use crate::mir::{Def, Function, Inst, InstData, Op, Region, Value, walk};
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, StackSlotData, StackSlotKind, types};
use rustc_hash::{FxHashMap, FxHashSet};

/// A function is long if it has so many values that live across loops, times regions.
const LONG: usize = 800;

/// What to do around loops.
#[derive(Default)]
struct Plan {
    /// The place in memory of each value that has one, in words.
    homes: FxHashMap<Value, u32>,
    /// What each innermost loop nest uses of what was defined outside of nests.
    nests: FxHashMap<Inst, Vec<Value>>,
}

struct Survey<'a> {
    func: &'a Function,
    /// How many loops had been entered or left where each value was defined; none inside of nests.
    born: Vec<Option<u32>>,
    clock: u32,
    plan: Plan,
}

/// Where values are kept, and what is at hand at this place.
#[derive(Default)]
pub struct Kept {
    plan: Plan,
    /// The words for them.
    homes: Option<ir::Value>,
    /// The arguments of an entry, which lie in memory anyway.
    args: Option<ir::Value>,
    fetched: Vec<Fetched>,
    /// Inside of a nest nothing is fetched.
    in_nest: bool,
}

/// A value that is kept in memory and at hand.
pub struct Fetched {
    value: Value,
    /// What the instruction that defines it gave.
    itself: ir::Value,
    copy: ir::Value,
}

/// Plans the function; an empty plan where it is not worth it.
fn plan(func: &Function) -> Plan {
    if !is_outer(func, func.body) {
        return Plan::default();
    }
    let mut survey = Survey { func, born: vec![None; func.values.len()], clock: 0, plan: Plan::default() };
    survey.region(func.body);
    let plan = survey.plan;
    let mut regions = 0;
    walk::for_each_region(func, func.body, &mut |_| regions += 1);
    if plan.homes.len() * regions < LONG {
        return Plan::default();
    }
    plan
}

/// Whether several loops, or loops around several, stand in the region: between them values wait.
fn is_outer(func: &Function, region: Region) -> bool {
    fn loops(func: &Function, region: Region) -> u32 {
        let count = |inst: &Inst| {
            let op = &func.insts[*inst].op;
            let inside: u32 = walk::regions(op).map(|nested| loops(func, nested)).sum();
            inside.max(u32::from(matches!(op, Op::For { .. } | Op::Loop { .. })))
        };
        func.regions[region].insts.iter().map(count).sum()
    }
    loops(func, region) > 1
}

impl Survey<'_> {
    fn region(&mut self, region: Region) {
        let func = self.func;
        let data = &func.regions[region];
        self.define(&data.params);
        for inst in &data.insts {
            let InstData { op, results, .. } = &func.insts[*inst];
            walk::operands(op, |value| self.uses(value));
            if let Op::For { body, .. } | Op::Loop { body, .. } = op {
                self.clock += 1;
                if is_outer(func, *body) {
                    self.region(*body);
                } else {
                    self.nest(*inst, *body);
                }
                self.clock += 1;
            } else {
                walk::regions(op).for_each(|nested| self.region(nested));
            }
            if !matches!(op, Op::Iconst(_) | Op::Fconst(_)) {
                self.define(results);
            }
        }
        walk::end_values(&data.end).iter().for_each(|value| self.uses(*value));
    }

    fn define(&mut self, values: &[Value]) {
        for value in values {
            self.born[value.0 as usize] = Some(self.clock);
        }
    }

    fn uses(&mut self, value: Value) {
        if self.born[value.0 as usize].is_some_and(|born| self.clock > born + 1) {
            let next = self.plan.homes.len() as u32;
            self.plan.homes.entry(value).or_insert(next);
        }
    }

    /// Notes what a nest uses of what was defined outside of nests.
    fn nest(&mut self, inst: Inst, body: Region) {
        let func = self.func;
        let (mut used, mut seen) = (Vec::new(), FxHashSet::default());
        let mut note = |value: Value| {
            if self.born[value.0 as usize].is_some() && seen.insert(value) {
                used.push(value);
            }
        };
        walk::operands(&func.insts[inst].op, &mut note);
        walk::for_each_use(func, body, &mut note);
        used.iter().for_each(|value| self.uses(*value));
        self.plan.nests.insert(inst, used);
    }
}

impl Emit<'_, '_> {
    /// Plans the function, whose arguments are in memory at `args` if it is an entry.
    pub fn plan_splits(&mut self, args: Option<ir::Value>) {
        let plan = plan(self.mir);
        if plan.homes.is_empty() {
            return;
        }
        let bytes = 8 * plan.homes.len() as u32;
        let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3);
        let slot = self.b.create_sized_stack_slot(slot);
        let homes = Some(self.b.ins().stack_addr(types::I64, slot, 0));
        self.kept = Kept { plan, homes, args, ..Kept::default() };
    }

    /// True where values have to be kept and fetched: in a long function, between its loop nests.
    pub fn is_between_nests(&self) -> bool {
        !self.kept.in_nest && self.kept.homes.is_some()
    }

    /// Where a value is kept.
    fn home(&self, value: Value) -> Option<(ir::Value, i32)> {
        let place = self.kept.plan.homes.get(&value)?;
        if let (Def::Param { region, index }, Some(args)) = (self.mir.values[value].def, self.kept.args)
            && region == self.mir.body
        {
            return Some((args, 8 * index as i32));
        }
        Some((self.kept.homes?, 8 * *place as i32))
    }

    /// Keeps values that have just been defined, if they are to be kept.
    pub fn keep(&mut self, values: &[Value]) {
        if !self.is_between_nests() {
            return;
        }
        for value in values {
            let Some((base, offset)) = self.home(*value) else { continue };
            let itself = self.value(*value);
            if Some(base) != self.kept.args {
                self.b.ins().store(MemFlagsData::new().with_notrap(), itself, base, offset);
            }
            self.kept.fetched.push(Fetched { value: *value, itself, copy: itself });
        }
    }

    /// Fetches a value, if it is kept and not at hand.
    pub fn fetch(&mut self, value: Value) {
        if !self.is_between_nests() || self.kept.fetched.iter().any(|known| known.value == value) {
            return;
        }
        if let Some((base, offset)) = self.home(value) {
            let ty = clif(self.ty(value));
            let copy = self.b.ins().load(ty, MemFlagsData::new().with_notrap(), base, offset);
            self.kept.fetched.push(Fetched { value, itself: self.value(value), copy });
            self.set(value, copy);
        }
    }

    /// What is at hand here, for `forget`.
    pub fn mark(&self) -> usize {
        self.kept.fetched.len()
    }

    /// What has been fetched since the mark is not at hand from here on.
    pub fn forget(&mut self, mark: usize) {
        for Fetched { value, itself, .. } in self.kept.fetched.split_off(mark) {
            self.set(value, itself);
        }
    }

    /// Forgets all that has been fetched, to be given back by `take_up`.
    pub fn put_aside(&mut self) -> Vec<Fetched> {
        let aside = std::mem::take(&mut self.kept.fetched);
        aside.iter().for_each(|fetched| self.set(fetched.value, fetched.itself));
        aside
    }

    pub fn take_up(&mut self, aside: Vec<Fetched>) {
        self.forget(0);
        aside.iter().for_each(|fetched| self.set(fetched.value, fetched.copy));
        self.kept.fetched = aside;
    }

    /// Emits an instruction between nests: fetches what it uses, keeps what it gives. `mark` is that of the
    /// region.
    pub fn inst_between_nests(&mut self, inst: Inst, mark: usize) {
        let func = self.mir;
        let InstData { op, results, .. } = &func.insts[inst];
        let looping = matches!(op, Op::For { .. } | Op::Loop { .. });
        if looping {
            self.forget(mark);
        }
        if let Some(used) = self.kept.plan.nests.remove(&inst) {
            used.into_iter().for_each(|value| self.fetch(value));
            self.kept.in_nest = true;
            self.inst(inst);
            self.kept.in_nest = false;
        } else {
            walk::operands(op, |value| self.fetch(value));
            self.inst(inst);
        }
        if looping {
            self.forget(mark);
        }
        self.keep(results);
    }
}
