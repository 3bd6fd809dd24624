//! A place in memory that a loop adds to is a value that the loop carries.
//!
//! Precondition: none; best after `licm` and `gvn`, which make one value of equal addresses, and before
//! `vectorize`. Effect: where all accesses of one memory in a serial loop, with the loops in it, are to one
//! place that does not change, and an iteration is certain to come to one of them, the place is loaded in
//! front of the loop, carried through it, and stored behind it, all if there is an iteration. Nothing in the
//! loop can leave it. Outer loops first. Loops that are rare stay. Linear in size times depth.
//!
//! ```text
//! for v1 in lo..hi { v2 = load mem2[v9]; v3 = fadd v2, v4; store mem2[v9] = v3 }
//! ->  v5 = lo < hi; v6 = if v5 { load mem2[v9] } else { 0 };
//!     v7 = for v1 in lo..hi (v2 = v6) { v3 = fadd v2, v4; yield v3 };  if v5 { store mem2[v9] = v7 }
//! ```

use super::arms::{arm, zero};
use super::{gvn, simplify};
use crate::mir::effect;
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;

/// Bounds of loops, all of which must have an iteration.
type Ranges = Vec<(Value, Value)>;

/// A place, and what is certain to come to it.
struct Cell {
    mem: Mem,
    addr: Address,
    ty: Ty,
    /// The bounds of the loops in the loop around an access that nothing else decides on.
    certain: Option<Ranges>,
    stored: bool,
    /// Every access of this memory is to this place, where a value can be carried to.
    alone: bool,
}

/// Where an access stands: `None` if something else than bounds of loops decides whether it is done.
type Way<'a> = Option<&'a Ranges>;

/// Runs the pass.
pub fn run(func: &mut Function, options: &Options) -> bool {
    let body = func.body;
    let changed = region(func, body);
    if changed {
        // What was stored in front is at hand.
        gvn::run(func, options);
        simplify::run(func, options);
    }
    changed
}

fn region(func: &mut Function, at: Region) -> bool {
    if func.regions[at].rare {
        return false;
    }
    let insts = std::mem::take(&mut func.regions[at].insts);
    let mut out = Vec::with_capacity(insts.len());
    let mut changed = false;
    for inst in insts {
        let mut behind = Vec::new();
        for cell in cells(func, inst) {
            changed = true;
            behind.push(promote(func, inst, &cell, &mut out));
        }
        for nested in walk::regions(&func.insts[inst].op) {
            changed |= region(func, nested);
        }
        out.push(inst);
        out.append(&mut behind);
    }
    func.regions[at].insts = out;
    changed
}

/// The places that a loop can carry.
fn cells(func: &Function, inst: Inst) -> Vec<Cell> {
    let Op::For { body, mode: LoopMode::Serial, .. } = func.insts[inst].op else { return Vec::new() };
    let summary = effect::summary(func, body);
    if summary.opaque || summary.owner || summary.raises || summary.deopts || summary.jumps {
        return Vec::new();
    }
    let mut inside = vec![false; func.values.len()];
    walk::for_each_region(func, body, &mut |region| {
        let data = &func.regions[region];
        let results = data.insts.iter().flat_map(|inst| &func.insts[*inst].results);
        data.params.iter().chain(results).for_each(|value| inside[value.0 as usize] = true);
    });
    let mut cells: Vec<Cell> = Vec::new();
    survey(func, body, &inside, Some(&Ranges::new()), true, &mut cells);
    cells.retain(|cell| {
        let mut fixed = !inside[cell.addr.base.0 as usize];
        fixed &= cell.addr.index.is_none_or(|(index, _)| !inside[index.0 as usize]);
        fixed && cell.alone && cell.stored && cell.certain.is_some() && cell.mem != MEM_FRAME
    });
    cells
}

/// Collects the places of a region, one for each memory. `carries`: values can be carried to here.
fn survey(func: &Function, at: Region, inside: &[bool], way: Way, carries: bool, cells: &mut Vec<Cell>) {
    for inst in &func.regions[at].insts {
        let data = &func.insts[*inst];
        let (mem, addr, ty, stored) = match &data.op {
            Op::Load { mem, addr } => (*mem, *addr, func.values[data.results[0]].ty, false),
            Op::Store { mem, addr, value } => (*mem, *addr, func.values[*value].ty, true),
            Op::For { lo, hi, body, mode, .. } => {
                let known = !inside[lo.0 as usize] && !inside[hi.0 as usize];
                let further = way.filter(|_| known).map(|way| [way.as_slice(), &[(*lo, *hi)]].concat());
                let carries = carries && *mode == LoopMode::Serial;
                survey(func, *body, inside, further.as_ref(), carries, cells);
                continue;
            }
            Op::If { then, orelse, .. } => {
                for nested in [*then, *orelse] {
                    let carries = carries && matches!(func.regions[nested].end, End::Yield(_));
                    survey(func, nested, inside, None, carries, cells);
                }
                continue;
            }
            Op::Block { body } | Op::Loop { body, .. } => {
                survey(func, *body, inside, None, false, cells);
                continue;
            }
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
        let certain = way.cloned();
        match cells.iter_mut().find(|cell| cell.mem == mem) {
            None => cells.push(Cell { mem, addr, ty, certain, stored, alone: carries }),
            Some(cell) => {
                cell.alone &= carries && cell.addr == addr && cell.ty == ty;
                cell.stored |= stored;
                let shorter = match (&certain, &cell.certain) {
                    (Some(new), Some(old)) => new.len() < old.len(),
                    (new, _) => new.is_some(),
                };
                if shorter {
                    cell.certain = certain;
                }
            }
        }
    }
}

/// Carries a place through a loop. What comes in front goes to `out`; the store behind is given back.
fn promote(func: &mut Function, inst: Inst, cell: &Cell, out: &mut Vec<Inst>) -> Inst {
    let line = func.insts[inst].line;
    let Op::For { lo, hi, .. } = func.insts[inst].op else { unreachable!("invariant: a `For`") };
    let ranges = [&[(lo, hi)], cell.certain.as_deref().unwrap_or_default()].concat();
    let mut place = |func: &mut Function, op: Op, ty: Ty| walk::place(func, op, ty, line, out);
    let mut runs: Option<Value> = None;
    for (lhs, rhs) in ranges {
        let one = place(func, Op::Compare { cond: Cond::Slt, lhs, rhs }, Ty::Bool);
        runs = Some(match runs {
            Some(lhs) => place(func, Op::Binary { op: BinaryOp::Band, lhs, rhs: one }, Ty::Bool),
            None => one,
        });
    }
    let cond = runs.expect("invariant: there is the loop itself");
    let load = walk::new_inst(func, Op::Load { mem: cell.mem, addr: cell.addr }, &[cell.ty], line);
    let zero = zero(func, cell.ty, line);
    let [then, orelse] = [load, zero].map(|inst| arm(func, vec![inst], func.insts[inst].results.to_vec()));
    let first = place(func, Op::If { cond, then, orelse }, cell.ty);
    let mut subst = Substitution::new(func);
    let last = carry(func, inst, cell, first, &mut subst);
    let store = Op::Store { mem: cell.mem, addr: cell.addr, value: last };
    let store = walk::new_inst(func, store, &[], line);
    let [then, orelse] = [vec![store], Vec::new()].map(|insts| arm(func, insts, Vec::new()));
    walk::new_inst(func, Op::If { cond, then, orelse }, &[], line)
}

/// The place becomes one more carried value of a loop, or result of an `If`: its value behind it.
fn carry(func: &mut Function, inst: Inst, cell: &Cell, before: Value, subst: &mut Substitution) -> Value {
    let nested: Vec<Region> = walk::regions(&func.insts[inst].op).collect();
    if let Op::For { init, body, .. } = &mut func.insts[inst].op {
        init.push(before);
        let (region, index) = (*body, func.regions[*body].params.len() as u32);
        let param = func.values.push(ValueData { ty: cell.ty, def: Def::Param { region, index } });
        func.regions[region].params.push(param);
        thread(func, region, cell, param, subst);
    } else {
        for region in nested {
            thread(func, region, cell, before, subst);
        }
    }
    let index = func.insts[inst].results.len() as u32;
    let after = func.values.push(ValueData { ty: cell.ty, def: Def::Result { inst, index } });
    func.insts[inst].results.push(after);
    after
}

/// Replaces loads and stores of the place in a region that starts with the value `now`.
fn thread(func: &mut Function, at: Region, cell: &Cell, mut now: Value, subst: &mut Substitution) {
    let insts = std::mem::take(&mut func.regions[at].insts);
    let mut out = Vec::with_capacity(insts.len());
    for inst in insts {
        subst.rewrite(&mut func.insts[inst].op);
        if let Op::Load { mem, .. } = func.insts[inst].op
            && mem == cell.mem
        {
            subst.set(func.insts[inst].results[0], now);
            continue;
        }
        if let Op::Store { mem, value, .. } = func.insts[inst].op
            && mem == cell.mem
        {
            now = value;
            continue;
        }
        let touched = walk::regions(&func.insts[inst].op).any(|nested| {
            let summary = effect::summary(func, nested);
            summary.writes(cell.mem) || summary.reads.contains(&cell.mem)
        });
        if touched {
            now = carry(func, inst, cell, now, subst);
        } else {
            for nested in walk::regions(&func.insts[inst].op) {
                subst.apply(func, nested);
            }
        }
        out.push(inst);
    }
    let data = &mut func.regions[at];
    data.insts = out;
    subst.rewrite_end(&mut data.end);
    if let End::Yield(values) = &mut data.end {
        values.push(now);
    }
}
