//! What the previous iteration stored or loaded is not loaded again: it is carried.
//!
//! Precondition: none; best after `sink`, and after `vectorize`, which wants loops that carry nothing.
//! Effect: a load that reads, in every iteration but the first, what the iteration before has stored or
//! loaded at the end of its way becomes a carried value. A load that the first iteration is certain to reach
//! before anything can fail is done in front of the loop (if there is an iteration), and none is done where the
//! code in front of the loop has stored the value; any other is still done in its place, in the first iteration only. Loops that are rare stay. Linear in size times depth.
//!
//! ```text
//! for v1 in lo..hi { v2 = load mem0[v9 + v1*8 - 8]; ...; store mem0[v9 + v1*8] = v3; yield }
//! ->  v4 = if lo < hi { load mem0[v9 + lo*8 - 8] } else { 0.0 };
//!     for v1 in lo..hi (v2 = v4) { ...; store mem0[v9 + v1*8] = v3; yield v3 }
//! ```

use super::arms;
use crate::mir::effect::{Effect, Summary, constant, def_op, effect};
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashSet;

/// Values that one loop may carry for this, so that they stay in registers.
const MOST: usize = 6;

/// A load or store: what stands at an address.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Cell {
    mem: Mem,
    addr: Address,
    ty: Ty,
}

/// What stands in a cell at the end of an iteration.
struct Last {
    cell: Cell,
    value: Value,
    stored: bool,
}

/// A load that no write in the same iteration comes before.
struct Early {
    region: Region,
    inst: Inst,
    cell: Cell,
    /// The first iteration reaches it before anything can fail.
    certain: bool,
    /// It stands where it is known not to be the first iteration.
    later: bool,
}

/// A loop: where its values are and how they go on.
struct Shape {
    inst: Inst,
    body: Region,
    /// Bounds of a `For`; its counter is the first parameter.
    bounds: Option<(Value, Value)>,
    params: Vec<Value>,
    init: Vec<Value>,
    /// Values defined in the loop.
    inside: FxHashSet<Value>,
}

struct Carry<'a> {
    func: &'a mut Function,
    /// Only what each iteration stores to the same place, where no loop can be a vector loop.
    fixed: bool,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    carry(func, false)
}

/// Runs the pass on sums that are kept in one place, which may stand before `vectorize`.
pub fn run_fixed(func: &mut Function, _options: &Options) -> bool {
    carry(func, true)
}

fn carry(func: &mut Function, fixed: bool) -> bool {
    let body = func.body;
    let mut carry = Carry { func, fixed, changed: false };
    carry.region(body);
    carry.changed
}

impl Carry<'_> {
    fn region(&mut self, region: Region) {
        if self.func.regions[region].rare {
            return;
        }
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            for nested in walk::regions(&self.func.insts[inst].op) {
                self.region(nested);
            }
            if let Some((shape, last)) = self.shape(inst) {
                self.convert(&shape, last, &mut out);
            }
            out.push(inst);
        }
        self.func.regions[region].insts = out;
    }

    /// The loop, if it is one that goes on at the end of its body only, and what stands where there.
    fn shape(&self, inst: Inst) -> Option<(Shape, Vec<Last>)> {
        let func = &*self.func;
        let (body, bounds, init) =
            if let Op::For { lo, hi, init, body, mode: LoopMode::Serial } = &func.insts[inst].op {
                (*body, Some((*lo, *hi)), init)
            } else if let Op::Loop { init, body } = &func.insts[inst].op {
                (*body, None, init)
            } else {
                return None;
            };
        if !matches!(func.regions[body].end, End::Yield(_)) {
            return None;
        }
        let mut last = self.last(body);
        last.retain(|last| last.stored || !self.fixed);
        if last.is_empty() {
            return None;
        }
        let mut inside = FxHashSet::default();
        let mut plain = true;
        let mut loads = false;
        walk::for_each_region(func, body, &mut |region| {
            let data = &func.regions[region];
            plain &= !matches!(&data.end, End::Continue { to, .. } if *to == inst);
            inside.extend(data.params.iter().copied());
            for inner in &data.insts {
                loads |= matches!(func.insts[*inner].op, Op::Load { .. });
                inside.extend(func.insts[*inner].results.iter().copied());
            }
        });
        let params = func.regions[body].params.clone();
        let shape = Shape { inst, body, bounds, params, init: init.clone(), inside };
        (plain && loads).then_some((shape, last))
    }

    fn convert(&mut self, shape: &Shape, mut last: Vec<Last>, out: &mut Vec<Inst>) {
        if self.fixed {
            let moves = |value: Value| shape.inside.contains(&value);
            let stays = |at: &Address| !moves(at.base) && at.index.is_none_or(|(index, _)| !moves(index));
            last.retain(|last| stays(&last.cell.addr));
        }
        if last.is_empty() {
            return;
        }
        let mut early = Vec::new();
        let way = Way { certain: true, later: false };
        self.early(shape, shape.body, way, &mut Summary::default(), &mut early);
        let mut subst = Substitution::new(self.func);
        let mut carried: Vec<(Cell, Value)> = Vec::new();
        for load in early {
            let before = self.before(shape, &load.cell);
            let Some(found) = last.iter().find(|last| before == Some(last.cell)) else { continue };
            let old = self.func.insts[load.inst].results[0];
            let start = self.stored_before(shape, &load.cell, out);
            // A test and a jump are worth it to wait for no store, not to save a load.
            let in_place = !load.certain && !load.later && start.is_none();
            if in_place && (!found.stored || shape.bounds.is_none()) {
                continue;
            }
            let known = carried.iter().position(|(cell, _)| *cell == load.cell);
            let param = match known {
                // The value of the first iteration may be made up.
                Some(_) if load.certain => continue,
                Some(at) => carried[at].1,
                None if carried.len() == MOST => continue,
                None => {
                    let init = start.unwrap_or_else(|| self.first(shape, &load, out));
                    let param = self.extend(shape, load.cell.ty, init, found.value);
                    carried.push((load.cell, param));
                    param
                }
            };
            let insts = &mut self.func.regions[load.region].insts;
            let at = insts.iter().position(|inst| *inst == load.inst).expect("invariant: it stands there");
            match shape.bounds {
                Some((lo, _)) if in_place => {
                    let value = self.load_if_first(shape, &load, lo, param, at);
                    subst.set(old, value);
                }
                Some(_) | None => {
                    insts.remove(at);
                    subst.set(old, param);
                }
            }
        }
        if !carried.is_empty() {
            self.changed = true;
            subst.apply(self.func, shape.body);
        }
    }

    /// What stands where at the end of an iteration.
    fn last(&self, body: Region) -> Vec<Last> {
        let func = &*self.func;
        let mut last: Vec<Last> = Vec::new();
        for inst in &func.regions[body].insts {
            let data = &func.insts[*inst];
            match effect(&data.op) {
                Effect::Pure | Effect::Raise { .. } | Effect::Owner => {}
                Effect::Read(_) => {
                    if let Op::Load { mem, addr } = data.op {
                        let result = data.results[0];
                        let cell = Cell { mem, addr, ty: func.values[result].ty };
                        last.push(Last { cell, value: result, stored: false });
                    }
                }
                Effect::Write(mem) => {
                    if let Op::Store { mem, addr, value } = data.op {
                        let cell = Cell { mem, addr, ty: func.values[value].ty };
                        last.retain(|other| other.cell.mem != mem || apart(&other.cell, &cell));
                        last.push(Last { cell, value, stored: true });
                    } else {
                        last.retain(|other| other.cell.mem != mem);
                    }
                }
                Effect::Opaque | Effect::Call => last.clear(),
                Effect::Nested => {
                    let mut summary = Summary::default();
                    summary.add(func, *inst);
                    last.retain(|other| !summary.writes(other.cell.mem));
                }
            }
        }
        last
    }

    /// Collects the loads that come before any write to their memory.
    fn early(
        &self,
        shape: &Shape,
        region: Region,
        mut way: Way,
        written: &mut Summary,
        out: &mut Vec<Early>,
    ) {
        let func = &*self.func;
        for inst in &func.regions[region].insts {
            let data = &func.insts[*inst];
            match (&data.op, effect(&data.op)) {
                (Op::Load { mem, addr }, _) => {
                    if !written.writes(*mem) {
                        let cell = Cell { mem: *mem, addr: *addr, ty: func.values[data.results[0]].ty };
                        let Way { certain, later } = way;
                        out.push(Early { region, inst: *inst, cell, certain, later });
                    }
                }
                (Op::If { cond, then, orelse }, _) => {
                    let first = self.is_first(shape, *cond);
                    for (arm, is) in [(*then, true), (*orelse, false)] {
                        let later = way.later || first == Some(!is);
                        let mut written = written.clone();
                        self.early(shape, arm, Way { certain: false, later }, &mut written, out);
                    }
                    written.add(func, *inst);
                    way.certain = false;
                }
                (_, Effect::Pure | Effect::Read(_) | Effect::Owner) => {}
                (_, Effect::Write(_)) => written.add(func, *inst),
                (_, Effect::Raise { .. } | Effect::Opaque | Effect::Call | Effect::Nested) => {
                    written.add(func, *inst);
                    way.certain = false;
                }
            }
        }
    }

    /// Whether the condition is true, or false, in the first iteration only.
    fn is_first(&self, shape: &Shape, cond: Value) -> Option<bool> {
        let (lo, _) = shape.bounds?;
        let Op::Compare { cond: test, lhs, rhs } = def_op(self.func, cond)? else { return None };
        if (*lhs, *rhs) != (shape.params[0], lo) {
            return None;
        }
        [(Cond::Eq, true), (Cond::Ne, false)].into_iter().find(|(cond, _)| cond == test).map(|(_, is)| is)
    }

    /// The cell as the previous iteration names it.
    fn before(&self, shape: &Shape, cell: &Cell) -> Option<Cell> {
        let Address { base, index, disp } = cell.addr;
        let yielded = walk::end_values(&self.func.regions[shape.body].end);
        let counter = usize::from(shape.bounds.is_some());
        let previous = |value: Value| {
            if !shape.inside.contains(&value) {
                return Some(value);
            }
            let at = shape.params.iter().position(|param| *param == value)?;
            yielded.get(at.checked_sub(counter)?).copied()
        };
        let base = previous(base)?;
        let (index, disp) = match index {
            Some((value, scale)) => match self.step(shape, value) {
                Some(step) => {
                    let bytes = step.checked_mul(i32::try_from(scale).ok()?)?;
                    (Some((value, scale)), disp.checked_add(bytes)?)
                }
                None => (Some((previous(value)?, scale)), disp),
            },
            None => (None, disp),
        };
        Some(Cell { addr: Address { base, index, disp }, ..*cell })
    }

    /// By how much an index grows from one iteration to the next: the counter, its sum with an unchanging
    /// value, or its distance from one.
    fn step(&self, shape: &Shape, index: Value) -> Option<i32> {
        shape.bounds?;
        let counter = shape.params[0];
        if index == counter {
            return Some(1);
        }
        let unchanging = |value: &Value| !shape.inside.contains(value);
        let Op::Binary { op, lhs, rhs } = def_op(self.func, index)? else { return None };
        let forward = *lhs == counter && unchanging(rhs);
        let backward = *rhs == counter && unchanging(lhs);
        [
            (BinaryOp::Iadd, forward || backward, 1),
            (BinaryOp::Isub, forward, 1),
            (BinaryOp::Isub, backward, -1),
        ]
        .into_iter()
        .find_map(|(kind, holds, step)| (kind == *op && holds).then_some(step))
    }

    /// What the code just in front of the loop has stored where the first iteration loads.
    fn stored_before(&self, shape: &Shape, cell: &Cell, before: &[Inst]) -> Option<Value> {
        let func = &*self.func;
        let (lo, _) = shape.bounds?;
        let Address { base, index, disp } = cell.addr;
        if shape.inside.contains(&base) {
            return None;
        }
        let addr = match index {
            Some((counter, scale)) if counter == shape.params[0] => {
                let bytes = constant(func, lo)?.checked_mul(i64::from(scale))?;
                let disp = i64::from(disp).checked_add(bytes).and_then(|disp| i32::try_from(disp).ok())?;
                Address { base, index: None, disp }
            }
            Some(_) => return None,
            None => cell.addr,
        };
        let first = Cell { addr, ..*cell };
        for inst in before.iter().rev() {
            let op = &func.insts[*inst].op;
            match effect(op) {
                Effect::Pure | Effect::Read(_) | Effect::Raise { .. } | Effect::Owner => {}
                Effect::Write(written) => {
                    if let Op::Store { mem, addr, value } = *op {
                        let cell = Cell { mem, addr, ty: func.values[value].ty };
                        if cell == first {
                            return Some(value);
                        }
                        if mem == first.mem && !apart(&cell, &first) {
                            return None;
                        }
                    } else if written == first.mem {
                        return None;
                    }
                }
                Effect::Opaque | Effect::Call => return None,
                Effect::Nested => {
                    let mut summary = Summary::default();
                    summary.add(func, *inst);
                    if summary.writes(first.mem) {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// The carried value of the first iteration, made in front of the loop.
    fn first(&mut self, shape: &Shape, load: &Early, out: &mut Vec<Inst>) -> Value {
        let line = self.func.insts[load.inst].line;
        let ty = load.cell.ty;
        let zero = if ty.is_float() { Op::Fconst(0) } else { Op::Iconst(0) };
        if !load.certain {
            return walk::place(self.func, zero, ty, line, out);
        }
        let Address { base, index, disp } = load.cell.addr;
        let base = self.start(shape, base, line, out);
        let index = index.map(|(value, scale)| (self.start(shape, value, line, out), scale));
        let addr = Address { base, index, disp };
        let read = Op::Load { mem: load.cell.mem, addr };
        let Some((lo, hi)) = shape.bounds else { return walk::place(self.func, read, ty, line, out) };
        let load = walk::new_inst(self.func, read, &[ty], line);
        let value = self.func.insts[load].results[0];
        out.extend(arms::load_if_it_runs(self.func, load, lo, hi));
        value
    }

    /// What a part of an address is in the first iteration.
    fn start(&mut self, shape: &Shape, value: Value, line: SourcePos, out: &mut Vec<Inst>) -> Value {
        if let Some(at) = shape.params.iter().position(|param| *param == value) {
            return match shape.bounds {
                Some((lo, _)) if at == 0 => lo,
                Some(_) => shape.init[at - 1],
                None => shape.init[at],
            };
        }
        if !shape.inside.contains(&value) {
            return value;
        }
        // A sum with the counter: see `step`.
        let (Some((lo, _)), Some(op)) = (shape.bounds, def_op(self.func, value)) else { return value };
        let mut op = op.clone();
        walk::map_operands(&mut op, |operand| {
            if *operand == shape.params[0] {
                *operand = lo;
            }
        });
        walk::place(self.func, op, Ty::I64, line, out)
    }

    /// One carried value more: its parameter.
    fn extend(&mut self, shape: &Shape, ty: Ty, init: Value, next: Value) -> Value {
        let func = &mut *self.func;
        let index = func.regions[shape.body].params.len() as u32;
        let param = func.values.push(ValueData { ty, def: Def::Param { region: shape.body, index } });
        let data = &mut func.regions[shape.body];
        data.params.push(param);
        if let Some(values) = walk::end_values_mut(&mut data.end) {
            values.push(next);
        }
        if shape.bounds.is_some() {
            let index = func.insts[shape.inst].results.len() as u32;
            let result = func.values.push(ValueData { ty, def: Def::Result { inst: shape.inst, index } });
            func.insts[shape.inst].results.push(result);
        }
        if let Op::For { init: inits, .. } | Op::Loop { init: inits, .. } = &mut func.insts[shape.inst].op {
            inits.push(init);
        }
        param
    }

    /// Puts, in place of a load: it in the first iteration, the carried value later.
    fn load_if_first(&mut self, shape: &Shape, load: &Early, lo: Value, param: Value, at: usize) -> Value {
        let Early { region, cell, .. } = *load;
        let line = self.func.insts[load.inst].line;
        let compare = Op::Compare { cond: Cond::Eq, lhs: shape.params[0], rhs: lo };
        let mut insts = Vec::new();
        let cond = walk::place(self.func, compare, Ty::Bool, line, &mut insts);
        let (then, orelse) = (walk::new_region(self.func, &[]), walk::new_region(self.func, &[]));
        let mut first = Vec::new();
        let value =
            walk::place(self.func, Op::Load { mem: cell.mem, addr: cell.addr }, cell.ty, line, &mut first);
        self.func.regions[then].insts = first;
        self.func.regions[then].end = End::Yield(vec![value]);
        self.func.regions[orelse].end = End::Yield(vec![param]);
        let result = walk::place(self.func, Op::If { cond, then, orelse }, cell.ty, line, &mut insts);
        self.func.regions[region].insts.splice(at..=at, insts);
        result
    }
}

/// The way from the start of a body to a place in it.
#[derive(Clone, Copy)]
struct Way {
    certain: bool,
    later: bool,
}

/// True if the two do not overlap, whatever their index.
fn apart(a: &Cell, b: &Cell) -> bool {
    let (x, y) = (i64::from(a.addr.disp), i64::from(b.addr.disp));
    a.addr.base == b.addr.base
        && a.addr.index == b.addr.index
        && (x + i64::from(a.ty.bytes()) <= y || y + i64::from(b.ty.bytes()) <= x)
}
