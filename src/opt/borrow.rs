//! Arrays that the caller holds are not held again.
//!
//! Precondition: none; best after `inline`. Effect: an owner slot that only ever gets references, counted up
//! for it, to arrays that the function's parameters and hidden arguments name goes, as do the references:
//! the caller holds those arrays during the whole call, through whichever variables and loops they pass. The other
//! slots are numbered anew. Linear in size times depth.
//!
//! ```text
//! for v1 in lo..hi (v2 = v8, v3 = v9) { ...; runtime Retain(v3); owner_set own0 = v3; yield v3, v2 }
//! ->  for v1 in lo..hi (v2 = v8, v3 = v9) { ...; yield v3, v2 }
//! ```

use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashSet;

/// What a slot gets.
#[derive(Clone, Default)]
struct Slot {
    needed: bool,
    /// What counts up, and what sets the slot.
    insts: Vec<Inst>,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    if func.owner_slots == 0 {
        return false;
    }
    let slots = survey(func, &held(func));
    let gone: FxHashSet<Inst> =
        slots.iter().filter(|slot| !slot.needed).flat_map(|slot| slot.insts.iter().copied()).collect();
    let mut places = vec![OwnerSlot(0); slots.len()];
    let mut kept = 0;
    for (place, _) in places.iter_mut().zip(&slots).filter(|(_, slot)| slot.needed) {
        *place = OwnerSlot(kept);
        kept += 1;
    }
    if kept == func.owner_slots {
        return false;
    }
    func.owner_slots = kept;
    let mut regions = Vec::new();
    walk::for_each_region(func, func.body, &mut |region| regions.push(region));
    for region in regions {
        let Function { regions, insts, .. } = func;
        regions[region].insts.retain(|inst| !gone.contains(inst));
        for inst in &regions[region].insts {
            if let Op::OwnerSet { slot, .. } | Op::OwnerTake { slot } = &mut insts[*inst].op {
                *slot = places[slot.0 as usize];
            }
        }
    }
    true
}

/// The owners that the caller holds, whatever way they have come here.
fn held(func: &Function) -> Vec<bool> {
    let mut held: Vec<bool> = func
        .values
        .items
        .iter()
        .map(|value| match value.def {
            Def::Param { .. } => true,
            Def::Result { inst, .. } => is_passed_on(&func.insts[inst].op),
        })
        .collect();
    let mut flows = Vec::new();
    walk::for_each_flow(func, func.body, None, &mut |from, to| {
        if func.values[to].ty == Ty::Ptr {
            flows.push((from.0 as usize, to.0 as usize));
        }
    });
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for (from, to) in &flows {
            changed |= !held[*from] && std::mem::take(&mut held[*to]);
        }
    }
    held
}

/// The operation makes no reference: it names what the caller has, or passes on what was there.
fn is_passed_on(op: &Op) -> bool {
    match op {
        Op::Hidden { .. }
        | Op::Iconst(_)
        | Op::Select { .. }
        | Op::Block { .. }
        | Op::If { .. }
        | Op::For { .. }
        | Op::Loop { .. } => true,
        Op::Fconst(_)
        | Op::Unary { .. }
        | Op::Binary { .. }
        | Op::Checked { .. }
        | Op::Compare { .. }
        | Op::Convert { .. }
        | Op::Math { .. }
        | Op::PtrAdd { .. }
        | Op::Load { .. }
        | Op::Store { .. }
        | Op::StackAddr(_)
        | Op::FuncAddr(_)
        | Op::Guard { .. }
        | Op::OwnerSet { .. }
        | Op::OwnerTake { .. }
        | Op::Runtime { .. }
        | Op::RuntimeStatus { .. }
        | Op::Call { .. } => false,
    }
}

/// What is done for each slot. A slot is needed if it gets or gives anything else than what was counted up for it.
fn survey(func: &Function, held: &[bool]) -> Vec<Slot> {
    let mut slots = vec![Slot::default(); func.owner_slots as usize];
    walk::for_each_region(func, func.body, &mut |region| {
        // References that no slot has got yet.
        let mut loose: Vec<(Value, Inst)> = Vec::new();
        for inst in &func.regions[region].insts {
            let op = &func.insts[*inst].op;
            if let Op::Runtime { func: RuntimeFn::Retain, args } = op {
                loose.push((args[0], *inst));
            } else if let Op::OwnerTake { slot } = op {
                slots[slot.0 as usize].needed = true;
            } else if let Op::OwnerSet { slot, value } = op {
                let slot = &mut slots[slot.0 as usize];
                slot.insts.push(*inst);
                if matches!(effect::def_op(func, *value), Some(Op::Iconst(_))) {
                    continue;
                }
                let own = loose.iter().position(|(owner, _)| owner == value);
                match own.filter(|_| held[value.0 as usize]) {
                    Some(at) => slot.insts.push(loose.remove(at).1),
                    None => slot.needed = true,
                }
            }
        }
    });
    slots
}
