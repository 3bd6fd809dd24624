//! Where loops look at the interrupt flag.
//!
//! In: a MIR function. Out: for each region the height of the loop nest in it. Invariant: between two polls
//! at most `STRIP` iterations of an innermost loop run, once per level of loops around them.
//!
//! An innermost counted loop is strip-mined: its inner part runs `STRIP` iterations without looking. A
//! `while` counts fuel, unless it is known to end soon (`Limit`). A loop around other loops (or calls) looks
//! at every back edge, which is cheap beside what its body does.

use crate::mir::effect::trip;
use crate::mir::{End, Function, Inst, Limit, Op, Region, walk};

/// Iterations of an innermost loop between two polls.
pub use crate::mir::vloop::STRIP;

/// Loops with at most this many iterations count as straight code for the loops around them.
const SHORT: u64 = 64;

/// For each region, how many levels of loops it contains; a call counts as a loop.
pub fn heights(func: &Function) -> Vec<u32> {
    let mut heights = vec![0; func.regions.len()];
    measure(func, func.body, &mut heights);
    heights
}

/// The instruction before which a recursive function checks its stack: outside of loops, and before every
/// call on each path. `None` if there is no call.
pub fn first_call(func: &Function, heights: &[u32]) -> Option<Inst> {
    let calls = |region: Region| heights[region.0 as usize] > 0;
    let holds = |inst: &Inst| {
        matches!(func.insts[*inst].op, Op::Call { .. }) || walk::regions(&func.insts[*inst].op).any(calls)
    };
    let mut region = func.body;
    loop {
        let mut holders = func.regions[region].insts.iter().copied().filter(holds);
        let first = holders.next()?;
        let Op::If { then, orelse, .. } = &func.insts[first].op else { return Some(first) };
        if holders.next().is_some() || calls(*then) == calls(*orelse) {
            return Some(first);
        }
        region = if calls(*then) { *then } else { *orelse };
    }
}

fn measure(func: &Function, region: Region, heights: &mut Vec<u32>) -> u32 {
    let mut height = 0;
    for inst in &func.regions[region].insts {
        height = height.max(measure_inst(func, *inst, heights));
    }
    heights[region.0 as usize] = height;
    height
}

fn measure_inst(func: &Function, inst: Inst, heights: &mut Vec<u32>) -> u32 {
    match &func.insts[inst].op {
        Op::If { then, orelse, .. } => measure(func, *then, heights).max(measure(func, *orelse, heights)),
        Op::Block { body } => measure(func, *body, heights),
        Op::For { lo, hi, body, .. } => {
            let inner = measure(func, *body, heights);
            if inner == 0 && trip(func, *lo, *hi).is_some_and(|trip| trip <= SHORT) { 0 } else { inner + 1 }
        }
        Op::Loop { body, .. } => {
            let inner = measure(func, *body, heights);
            if inner == 0 && func.regions[*body].limit == Some(Limit::Few) { 0 } else { inner + 1 }
        }
        Op::Call { .. } => 1,
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
        | Op::RuntimeStatus { .. } => 0,
    }
}

/// True if a check stands in an arm of an `If` in a loop (see `exit`).
pub fn has_guards_in_arms(func: &Function) -> bool {
    guards_in_arms(func, func.body, None)
}

/// `arms`: as in `Emit`.
fn guards_in_arms(func: &Function, region: Region, arms: Option<u32>) -> bool {
    func.regions[region].insts.iter().any(|inst| match &func.insts[*inst].op {
        Op::Guard { .. } | Op::Call { .. } | Op::RuntimeStatus { .. } => arms.is_some_and(|arms| arms > 0),
        Op::If { then, orelse, .. } => {
            let arms = arms.map(|arms| arms + 1);
            [*then, *orelse].into_iter().any(|arm| {
                let fails = matches!(func.regions[arm].end, End::Fail(_));
                (fails && arms.is_some_and(|arms| arms > 1)) || guards_in_arms(func, arm, arms)
            })
        }
        Op::Block { body } => guards_in_arms(func, *body, arms),
        Op::For { body, .. } | Op::Loop { body, .. } => guards_in_arms(func, *body, Some(0)),
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
        | Op::OwnerSet { .. }
        | Op::OwnerTake { .. }
        | Op::Runtime { .. } => false,
    })
}
