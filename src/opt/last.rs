//! Constants that loops leave behind are known behind them.
//!
//! Precondition: none; best after `simplify`. Effect: a carried value of a counted loop that every iteration
//! sets to the same constant, and none reads, is that constant behind the loop if there was an iteration, and
//! else what it was before. Linear, but for loops with such values, which are read once more.
//!
//! ```text
//! v5 = for v1 in lo..hi (v2 = v9) { ...; yield 0 }
//! ->  for v1 in lo..hi (v2 = v9) { ...; yield v2 }; v4 = cmp.slt lo, hi; v5 = select v4, 0, v9
//! ```

use crate::mir::effect::def_op;
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut subst = Substitution::new(func);
    let mut regions = Vec::new();
    walk::for_each_region(func, func.body, &mut |region| regions.push(region));
    for region in regions {
        let insts = std::mem::take(&mut func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            out.push(inst);
            if let Op::For { lo, hi, body, mode: LoopMode::Serial, .. } = func.insts[inst].op {
                for slot in constant_slots(func, inst, body) {
                    replace(func, inst, (lo, hi), body, slot, &mut subst, &mut out);
                }
            }
        }
        func.regions[region].insts = out;
    }
    let changed = !subst.is_empty();
    if changed {
        subst.apply(func, func.body);
    }
    changed
}

/// Carried values that each iteration sets to a constant and none reads.
fn constant_slots(func: &Function, inst: Inst, body: Region) -> Vec<usize> {
    let End::Yield(args) = &func.regions[body].end else { return Vec::new() };
    let is_constant = |value: Value| matches!(def_op(func, value), Some(Op::Iconst(_) | Op::Fconst(_)));
    let mut slots: Vec<usize> = (0..args.len()).filter(|slot| is_constant(args[*slot])).collect();
    if slots.is_empty() {
        return slots;
    }
    let params = &func.regions[body].params[1..];
    let mut read = vec![false; args.len()];
    let mut note = |value: Value| {
        if let Some(slot) = params.iter().position(|param| *param == value) {
            read[slot] = true;
        }
    };
    walk::for_each_region(func, body, &mut |region| {
        let data = &func.regions[region];
        data.insts.iter().for_each(|inst| walk::operands(&func.insts[*inst].op, &mut note));
        walk::end_values(&data.end).iter().copied().for_each(&mut note);
        // Another way to the next iteration may set something else.
        if matches!(data.end, End::Continue { to, .. } if to == inst) {
            params.iter().copied().for_each(&mut note);
        }
    });
    slots.retain(|slot| !read[*slot]);
    slots
}

fn replace(
    func: &mut Function,
    inst: Inst,
    (lo, hi): (Value, Value),
    body: Region,
    slot: usize,
    subst: &mut Substitution,
    out: &mut Vec<Inst>,
) {
    let param = func.regions[body].params[slot + 1];
    let (ty, line) = (func.values[param].ty, func.insts[inst].line);
    let End::Yield(args) = &mut func.regions[body].end else { return };
    let last = std::mem::replace(&mut args[slot], param);
    let Op::For { init, .. } = &func.insts[inst].op else { return };
    let orelse = init[slot];
    let Some(constant) = def_op(func, last).cloned() else { return };
    let then = walk::place(func, constant, ty, line, out);
    let cond = walk::place(func, Op::Compare { cond: Cond::Slt, lhs: lo, rhs: hi }, Ty::Bool, line, out);
    let choice = walk::place(func, Op::Select { cond, then, orelse }, ty, line, out);
    subst.set(func.insts[inst].results[slot], choice);
}
