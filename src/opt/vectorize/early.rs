//! Loads in arms that are done whatever the condition says, since every iteration's element is there.
//!
//! In: an innermost loop, and what holds before it. Out: loads of an arm that stand in front of the branch, where
//! lanes need no mask for them and several of one place are one. Invariant: the element is one of an array that
//! the function was given, and nothing between the new place and the old one stores to its memory.

use crate::mir::effect::{Summary, constant, def_op};
use crate::mir::*;

/// Pairs of values of which the first is not above the second.
#[derive(Default)]
pub struct Known {
    pairs: Vec<(Value, Value)>,
}

impl Known {
    pub fn mark(&self) -> usize {
        self.pairs.len()
    }

    /// Forgets what was learnt since the mark.
    pub fn forget(&mut self, mark: usize) {
        self.pairs.truncate(mark);
    }

    /// A condition holds from here on.
    pub fn learn(&mut self, func: &Function, cond: Value) {
        match def_op(func, cond) {
            Some(Op::Binary { op: BinaryOp::Band, lhs, rhs }) => {
                self.learn(func, *lhs);
                self.learn(func, *rhs);
            }
            Some(Op::Compare { cond: Cond::Sle | Cond::Slt, lhs, rhs }) => self.pairs.push((*lhs, *rhs)),
            Some(Op::Compare { cond: Cond::Sge | Cond::Sgt, lhs, rhs }) => self.pairs.push((*rhs, *lhs)),
            Some(_) | None => {}
        }
    }

    fn not_above(&self, low: Value, high: Value) -> bool {
        low == high || self.pairs.contains(&(low, high))
    }
}

/// The instructions of regions as they were.
pub type Before = Vec<(Region, Vec<Inst>)>;

/// Moves what can be moved out of the arms of a loop's body.
pub fn hoist(func: &mut Function, inst: Inst, known: &Known) -> Before {
    let mut before = Vec::new();
    let Op::For { lo, hi, body, .. } = func.insts[inst].op else { return before };
    if constant(func, lo).is_some_and(|lo| lo >= 0) {
        let counter = func.regions[body].params[0];
        region(func, body, &|func, addr, ty| inside(func, known, addr, ty, counter, hi), &mut before);
    }
    before
}

/// Undoes it.
pub fn restore(func: &mut Function, before: Before) {
    for (region, insts) in before.into_iter().rev() {
        func.regions[region].insts = insts;
    }
}

type Test<'a> = &'a dyn Fn(&Function, &Address, Ty) -> bool;

fn region(func: &mut Function, at: Region, fine: Test, before: &mut Before) {
    let insts = func.regions[at].insts.clone();
    let mut out = Vec::with_capacity(insts.len());
    for inst in &insts {
        if let Op::If { then, orelse, .. } = func.insts[*inst].op {
            for arm in [then, orelse] {
                region(func, arm, fine, before);
                let kept = func.regions[arm].insts.clone();
                let (early, late) = sort(func, &kept, fine);
                if !early.is_empty() {
                    before.push((arm, kept));
                    func.regions[arm].insts = late;
                    out.extend(early);
                }
            }
        }
        out.push(*inst);
    }
    if out.len() > insts.len() {
        before.push((at, insts));
        func.regions[at].insts = out;
    }
}

/// The loads of an arm that may stand in front of it, and the rest.
fn sort(func: &Function, arm: &[Inst], fine: Test) -> (Vec<Inst>, Vec<Inst>) {
    let (mut early, mut late) = (Vec::new(), Vec::new());
    let mut passed = Summary::default();
    for inst in arm {
        let data = &func.insts[*inst];
        if let Op::Load { mem, addr } = &data.op
            && !passed.writes(*mem)
            && fine(func, addr, func.values[data.results[0]].ty)
        {
            early.push(*inst);
        } else {
            passed.add(func, *inst);
            late.push(*inst);
        }
    }
    (early, late)
}

/// The element of the iteration's number is there in all iterations up to `hi`.
fn inside(func: &Function, known: &Known, addr: &Address, ty: Ty, counter: Value, hi: Value) -> bool {
    let item = ty.bytes();
    let Address { base, index: Some((index, scale)), disp: 0 } = *addr else { return false };
    let array = func.arrays.iter().find(|array| array.data == base);
    array.is_some_and(|array| {
        let [length] = array.shape[..] else { return false };
        let element = array.contiguous && array.item == item && scale == item;
        element && index == counter && known.not_above(hi, length)
    })
}
