//! Which loops pass along an array and are too quick to look at the interrupt flag.
//!
//! Precondition: late: nothing behind it makes iterations longer. Effect: a light loop without a loop in it
//! that checks in each iteration an index that moves by a constant, or counts up to the length of an array,
//! is marked `Pass`: it takes no longer than one operation of NumPy on that array, which nobody interrupts
//! either. A `For` that has no loop around it and ends is not: cutting it into strips costs nothing. Linear.
//!
//! ```text
//! loop i1 (v1 = v8) { v3 = cmp.ult v1, v7; guard v3 else ...; ...; v5 = iadd v1, 1; yield v5 }    v7 is a length
//! ->  loop i1 (v1 = v8) pass { ... }
//! ```

use super::counted::{Nexts, nexts, step};
use crate::mir::effect::{constant, def_op};
use crate::mir::*;
use crate::options::Options;

/// Operations of a light loop, less than this.
const LIGHT: usize = 48;

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let nexts = nexts(func);
    let mut found = Vec::new();
    region(func, &nexts, func.body, 0, &mut found);
    for body in &found {
        func.regions[*body].limit = Some(Limit::Pass);
    }
    !found.is_empty()
}

/// Notes such loops in a region that stands in `depth` loops; true if there are any loops.
fn region(func: &Function, nexts: &Nexts, at: Region, depth: u32, found: &mut Vec<Region>) -> bool {
    let mut loops = false;
    for inst in &func.regions[at].insts {
        let op = &func.insts[*inst].op;
        let looping = matches!(op, Op::For { .. } | Op::Loop { .. });
        let mut inner = false;
        for nested in walk::regions(op) {
            inner |= region(func, nexts, nested, depth + u32::from(looping), found);
        }
        loops |= inner || looping;
        if inner {
            continue;
        }
        if let Op::For { hi, body, mode: LoopMode::Serial, .. } = *op
            && (depth > 0 || constant(func, hi) == Some(i64::MAX))
            && (func.lengths.contains(&base(func, hi)) || checks(func, nexts, *inst, body))
            && is_light(func, body)
        {
            found.push(body);
        } else if let Op::Loop { body, .. } = *op
            && func.regions[body].limit.is_none()
            && checks(func, nexts, *inst, body)
            && is_light(func, body)
        {
            found.push(body);
        }
    }
    loops
}

fn is_light(func: &Function, body: Region) -> bool {
    let mut size = 0;
    walk::for_each_inst(func, body, &mut |_, inst| {
        let calls = matches!(
            func.insts[inst].op,
            Op::Math { .. } | Op::Runtime { .. } | Op::RuntimeStatus { .. } | Op::Call { .. }
        );
        size += if calls { LIGHT } else { 1 };
    });
    size < LIGHT
}

/// Each iteration checks an index that moves by a constant.
fn checks(func: &Function, nexts: &Nexts, inst: Inst, body: Region) -> bool {
    let first = usize::from(matches!(func.insts[inst].op, Op::For { .. }));
    let params = &func.regions[body].params;
    let moves = |index: Value| {
        let value = base(func, index);
        let Some(at) = params.iter().position(|param| *param == value) else { return false };
        let next = |region: &Region| walk::end_values(&func.regions[*region].end)[at - first];
        let steps = |region: &Region| step(func, next(region), value).is_some_and(|step| step != 0);
        at < first || nexts.get(&inst).is_some_and(|nexts| nexts.iter().all(steps))
    };
    func.regions[body].insts.iter().any(|inst| {
        if let Op::Guard { cond, .. } = func.insts[*inst].op
            && let Some(&Op::Compare { cond: Cond::Ult, lhs, rhs }) = def_op(func, cond)
        {
            func.lengths.contains(&rhs) && moves(lhs)
        } else {
            false
        }
    })
}

/// What a value is but for the wraparound of negative indices and a constant.
fn base(func: &Function, value: Value) -> Value {
    match def_op(func, value) {
        Some(Op::Select { orelse, .. }) => base(func, *orelse),
        Some(Op::Binary { op: BinaryOp::Iadd | BinaryOp::Isub, lhs, rhs })
            if constant(func, *rhs).is_some() =>
        {
            *lhs
        }
        Some(_) | None => value,
    }
}
