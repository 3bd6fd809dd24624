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
    /// The result is this value.
    Same(Value),
    /// Both operands are not negative: the unsigned form.
    Unsigned(BinaryOp),
}

/// Rewrites what was decided.
pub fn apply(func: &mut Function, decisions: Vec<(Inst, Decision)>) -> bool {
    if decisions.is_empty() {
        return false;
    }
    let mut subst = Substitution::new(func);
    // Flags of operations that cannot overflow are constants, each placed behind its operation.
    let mut flags: FxHashMap<Inst, Inst> = FxHashMap::default();
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
            Decision::Exact => {
                let Op::Checked { op, lhs, rhs } = func.insts[inst].op else { continue };
                func.insts[inst].op = Op::Binary { op: wrapping(op), lhs, rhs };
                if let Some(flag) = func.insts[inst].results.pop() {
                    let constant = func.insts.push(InstData { op: Op::Iconst(0), results: vec![flag], line });
                    func.values[flag].def = Def::Result { inst: constant, index: 0 };
                    flags.insert(inst, constant);
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
                    .flat_map(|inst| std::iter::once(*inst).chain(flags.get(inst).copied()))
                    .collect();
            }
        }
    }
    if !subst.is_empty() {
        subst.apply(func, func.body);
    }
    true
}
