//! The first or the last iteration of a loop stands alone where the loop asks in each whether it is that one.
//!
//! Precondition: after `licm`, so that the last number of a range stands outside; before `ranges`, which then knows more
//! of the rest. Effect: an innermost serial `For` whose body has an `If` of the counter that is decided one way in
//! the first (or last) iteration and the other way in all others becomes two loops, one after the other, of which
//! one has at most that iteration; in neither the counter is asked. Growth is on the account of `growth`; rare
//! loops stay. Linear.
//!
//! ```text
//! v4 = for v1 in lo..hi (v2 = v9) { v3 = cmp.eq v1, lo; if v3 { a } else { b }; ...; yield v5 }
//! ->  v6 = cmp.slt lo, hi; v7 = iadd lo, 1; v8 = select v6, v7, lo;
//!     v10 = for v1 in lo..v8 (v2 = v9) rest { a; ...; yield v5 };  v4 = for v1 in v8..hi (v2 = v10) { b; ...; yield v5 }
//! ```

use super::growth;
use crate::mir::effect::{constant, def_op, same};
use crate::mir::remark::RemarkKind;
use crate::mir::walk::{self, Remap};
use crate::mir::*;
use crate::options::Options;

/// Larger bodies have other things to do than to ask.
const LARGEST: usize = 60;

/// Which iteration is another one.
#[derive(Clone, Copy)]
enum Odd {
    First,
    Last,
}

/// The comparison that tells, and what it says in that iteration.
struct Asked {
    compare: Inst,
    odd: Odd,
    truth: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut regions = Vec::new();
    walk::for_each_region(func, func.body, &mut |region| regions.push(region));
    let mut changed = false;
    for region in regions {
        if !func.regions[region].rare {
            changed |= peel(func, region);
        }
    }
    changed
}

/// Peels the loops that stand in a region.
fn peel(func: &mut Function, region: Region) -> bool {
    let mut changed = false;
    let mut at = 0;
    while let Some(inst) = func.regions[region].insts.get(at).copied() {
        let Some((asked, _)) = asked(func, inst).filter(|(_, size)| growth::takes(func, *size)) else {
            at += 1;
            continue;
        };
        let line = func.insts[inst].line;
        func.remark(line, || RemarkKind::Peeled { last: matches!(asked.odd, Odd::Last) });
        let made = split(func, inst, &asked);
        // The rest may ask for its other end: it is looked at again.
        let rest = match asked.odd {
            Odd::First => made.len() - 1,
            Odd::Last => made.len() - 2,
        };
        func.regions[region].insts.splice(at..=at, made);
        at += rest;
        changed = true;
    }
    changed
}

/// What the loop asks of its counter that only one end of its range answers otherwise; the size of its body.
fn asked(func: &Function, inst: Inst) -> Option<(Asked, usize)> {
    let Op::For { lo, hi, body, mode: LoopMode::Serial, .. } = func.insts[inst].op else { return None };
    let data = &func.regions[body];
    if data.rare || data.copies.is_some() {
        return None;
    }
    let asked = data.insts.iter().find_map(|inst| {
        let Op::If { cond, .. } = func.insts[*inst].op else { return None };
        let Def::Result { inst: compare, .. } = func.values[cond].def else { return None };
        let Op::Compare { cond, lhs, rhs } = func.insts[compare].op else { return None };
        let counter = data.params[0];
        let (cond, bound) = if lhs == counter {
            (cond, rhs)
        } else if rhs == counter {
            (swapped(cond), lhs)
        } else {
            return None;
        };
        let (odd, truth) = odd(func, cond, bound, (lo, hi))?;
        Some(Asked { compare, odd, truth })
    })?;
    let size = walk::size(func, body);
    (size <= LARGEST && !walk::has_loop(func, body)).then_some((asked, size))
}

/// Which iteration `counter cond bound` tells from the others, and whether it is true in that one.
fn odd(func: &Function, cond: Cond, bound: Value, (lo, hi): (Value, Value)) -> Option<(Odd, bool)> {
    let first = same(func, bound, lo);
    let second = constant(func, lo).is_some_and(|lo| lo < i64::MAX && constant(func, bound) == Some(lo + 1));
    let last = match def_op(func, bound) {
        Some(Op::Binary { op: BinaryOp::Isub, lhs, rhs })
        | Some(Op::Checked { op: CheckedOp::Sub, lhs, rhs }) => *lhs == hi && constant(func, *rhs) == Some(1),
        Some(Op::Binary { op: BinaryOp::Iadd, lhs, rhs }) => *lhs == hi && constant(func, *rhs) == Some(-1),
        Some(_) | None => false,
    };
    match cond {
        Cond::Eq | Cond::Sle if first => Some((Odd::First, true)),
        Cond::Ne | Cond::Sgt if first => Some((Odd::First, false)),
        Cond::Slt if second => Some((Odd::First, true)),
        Cond::Sge if second => Some((Odd::First, false)),
        Cond::Eq | Cond::Sge if last => Some((Odd::Last, true)),
        Cond::Ne | Cond::Slt if last => Some((Odd::Last, false)),
        Cond::Eq
        | Cond::Ne
        | Cond::Slt
        | Cond::Sle
        | Cond::Sgt
        | Cond::Sge
        | Cond::Ult
        | Cond::Ule
        | Cond::Ugt
        | Cond::Uge
        | Cond::Feq
        | Cond::Flt
        | Cond::Fle
        | Cond::Fgt
        | Cond::Fge
        | Cond::Fne => None,
    }
}

/// Two loops in place of one, and what stands in front of them.
fn split(func: &mut Function, inst: Inst, asked: &Asked) -> Vec<Inst> {
    let mut made = Vec::new();
    let line = func.insts[inst].line;
    let Op::For { lo, hi, body, .. } = func.insts[inst].op else { return vec![inst] };
    let step = walk::place(func, Op::Iconst(1), Ty::I64, line, &mut made);
    let (op, from, orelse) = match asked.odd {
        Odd::First => (BinaryOp::Iadd, lo, lo),
        Odd::Last => (BinaryOp::Isub, hi, hi),
    };
    let then = walk::place(func, Op::Binary { op, lhs: from, rhs: step }, Ty::I64, line, &mut made);
    let some = Op::Compare { cond: Cond::Slt, lhs: lo, rhs: hi };
    let cond = walk::place(func, some, Ty::Bool, line, &mut made);
    let middle = walk::place(func, Op::Select { cond, then, orelse }, Ty::I64, line, &mut made);
    let mut remap = Remap::default();
    let before = walk::clone_inst(func, None, inst, &mut remap);
    let results = func.insts[before].results.to_vec();
    let mut first_body = body;
    if let Op::For { hi, body, .. } = &mut func.insts[before].op {
        *hi = middle;
        first_body = *body;
    }
    if let Op::For { lo, init, .. } = &mut func.insts[inst].op {
        *lo = middle;
        *init = results;
    }
    let Def::Result { inst: copied, .. } = func.values[remap.value(func.insts[asked.compare].results[0])].def
    else {
        unreachable!("invariant: the copy of a result is a result")
    };
    let (single, odd, others) = match asked.odd {
        Odd::First => (first_body, copied, asked.compare),
        Odd::Last => (body, asked.compare, copied),
    };
    func.insts[odd].op = Op::Iconst(i64::from(asked.truth));
    func.insts[others].op = Op::Iconst(i64::from(!asked.truth));
    func.regions[single].copies = Some(Copies::Rest);
    made.extend([before, inst]);
    made
}
