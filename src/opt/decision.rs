//! What ranges have decided about an operation, and the rewriting that follows.
//!
//! In: decisions of `ranges`, each about an instruction once. Out: the function rewritten in place.
//! Invariant: a decision holds wherever its instruction is reached.

use super::algebra::wrapping;
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use rustc_hash::FxHashMap;

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Decision {
    /// The comparison has this value.
    Known(bool),
    /// The checked operation cannot overflow.
    Exact,
    /// The product overflows exactly where its first operand is greater than this.
    ExactUpTo(i64),
    /// The result is this value.
    Same(Value),
    /// Both operands are not negative: the unsigned form.
    Unsigned(BinaryOp),
    /// The `Loop` ends within a few iterations.
    Brief,
}

/// Rewrites what was decided.
pub fn apply(func: &mut Function, decisions: Vec<(Inst, Decision)>) -> bool {
    if decisions.is_empty() {
        return false;
    }
    let mut subst = Substitution::new(func);
    // Flags of operations that are checked no longer: what gives them is placed behind the operation.
    let mut flags: FxHashMap<Inst, Vec<Inst>> = FxHashMap::default();
    for (inst, decision) in decisions {
        let line = func.insts[inst].line;
        match decision {
            Decision::Known(truth) => func.insts[inst].op = Op::Iconst(i64::from(truth)),
            Decision::Same(value) => subst.set(func.insts[inst].results[0], value),
            Decision::Unsigned(op) => {
                if let Op::Binary { lhs, rhs, .. } = func.insts[inst].op {
                    func.insts[inst].op = Op::Binary { op, lhs, rhs };
                }
            }
            Decision::Brief => {
                if let Op::Loop { body, .. } = func.insts[inst].op {
                    func.regions[body].limit = Some(Limit::Few);
                }
            }
            Decision::Exact => {
                if let Some((flag, _)) = unchecked(func, inst) {
                    let known = walk::new_inst(func, Op::Iconst(0), &[], line);
                    give(func, known, flag);
                    flags.insert(inst, vec![known]);
                }
            }
            Decision::ExactUpTo(most) => {
                if let Some((flag, lhs)) = unchecked(func, inst) {
                    let mut made = Vec::new();
                    let rhs = walk::place(func, Op::Iconst(most), Ty::I64, line, &mut made);
                    let op = Op::Compare { cond: Cond::Sgt, lhs, rhs };
                    let compared = walk::new_inst(func, op, &[], line);
                    give(func, compared, flag);
                    made.push(compared);
                    flags.insert(inst, made);
                }
            }
        }
    }
    if !flags.is_empty() {
        let mut regions = Vec::new();
        walk::for_each_region(func, func.body, &mut |region| regions.push(region));
        for region in regions {
            let insts = &mut func.regions[region].insts;
            if insts.iter().any(|inst| flags.contains_key(inst)) {
                *insts = insts
                    .iter()
                    .flat_map(|inst| {
                        std::iter::once(*inst).chain(flags.get(inst).into_iter().flatten().copied())
                    })
                    .collect();
            }
        }
    }
    if !subst.is_empty() {
        subst.apply(func, func.body);
    }
    true
}

/// Makes an operation one that wraps; its flag, which nothing gives now, and its first operand.
fn unchecked(func: &mut Function, inst: Inst) -> Option<(Value, Value)> {
    let Op::Checked { op, lhs, rhs } = func.insts[inst].op else { return None };
    func.insts[inst].op = Op::Binary { op: wrapping(op), lhs, rhs };
    Some((func.insts[inst].results.pop()?, lhs))
}

/// Makes `value` the result of an instruction that has none.
fn give(func: &mut Function, inst: Inst, value: Value) {
    func.insts[inst].results.push(value);
    func.values[value].def = Def::Result { inst, index: 0 };
}
