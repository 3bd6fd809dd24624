//! Where loops look at the interrupt flag.
//!
//! In: a MIR function. Out: for each region the height of the loop nest in it. Invariant: between two polls
//! at most `STRIP` iterations of an innermost loop run, once per level of loops around them.
//!
//! An innermost counted loop is strip-mined: its inner part runs `STRIP` iterations without looking. A
//! `while` counts fuel, unless it is known to end soon (`Limit`). A loop around other loops (or calls) looks
//! at every back edge, which is cheap beside what its body does.

use crate::mir::effect::{self, trip};
use crate::mir::{BinaryOp, End, Function, Inst, Limit, Op, Region, Value, walk};

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

/// What is around a place.
#[derive(Clone, Copy, Default)]
pub struct Around {
    /// Arms of `If`s between here and the innermost loop; none outside loops.
    pub arms: Option<u32>,
    /// There is no loop in that loop.
    pub innermost: bool,
    /// This place is in a rare region.
    pub rare: bool,
}

impl Around {
    /// Whether a check of this condition stands in an arm of an `If` in a loop (see `exit`). Where an innermost loop
    /// checks that one of two conditions holds, it branches twice: the second time in an arm of the first branch.
    pub fn is_in_arm(self, func: &Function, cond: Value) -> bool {
        let twice = || matches!(effect::def_op(func, cond), Some(Op::Binary { op: BinaryOp::Bor, .. }));
        self.arms.is_some_and(|arms| arms > 0 || self.innermost && !self.rare && twice())
    }
}

/// True if a check stands in an arm of an `If` in a loop.
pub fn has_guards_in_arms(func: &Function, heights: &[u32]) -> bool {
    guards_in_arms(func, heights, func.body, Around::default())
}

fn guards_in_arms(func: &Function, heights: &[u32], region: Region, around: Around) -> bool {
    func.regions[region].insts.iter().any(|inst| match &func.insts[*inst].op {
        Op::Guard { cond, .. } => around.is_in_arm(func, *cond),
        Op::Call { .. } | Op::RuntimeStatus { .. } => around.arms.is_some_and(|arms| arms > 0),
        Op::If { then, orelse, .. } => {
            let arms = around.arms.map(|arms| arms + 1);
            [*then, *orelse].into_iter().any(|arm| {
                let fails = matches!(func.regions[arm].end, End::Fail(_));
                let around = Around { arms, rare: around.rare || func.regions[arm].rare, ..around };
                (fails && arms.is_some_and(|arms| arms > 1)) || guards_in_arms(func, heights, arm, around)
            })
        }
        Op::Block { body } => guards_in_arms(func, heights, *body, around),
        Op::For { body, .. } | Op::Loop { body, .. } => {
            let innermost = heights[body.0 as usize] == 0;
            guards_in_arms(func, heights, *body, Around { arms: Some(0), innermost, ..around })
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
