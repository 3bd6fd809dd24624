//! Carried values as reductions.
//!
//! In: what an iteration makes of a carried value. Out: the operation that combines it with a value that
//! does not depend on it. Invariant: combining the values of the iterations in their order gives the loop's
//! result, bit for bit (but for the sign of a zero from `Greater` and `Less`).

use super::derive::{Derive, Result};
use super::{Combine, Lane, NodeOp, VLoop, VReduction};
use crate::mir::effect::{def_op, same};
use crate::mir::remark::NotVectorized;
use crate::mir::{BinaryOp, CheckedOp, Cond, Def, MathFn, Op, Ty, UnaryOp, Value, swapped};

impl Derive<'_> {
    /// The reduction that makes `next` of `param`.
    pub fn reduction(&mut self, param: Value, next: Value, reassoc: bool) -> Result<VReduction> {
        let before = self.summed;
        match self.combined(param, next, reassoc)? {
            Some((combine, value)) => {
                let strict = matches!(combine, Combine::Op(BinaryOp::Fadd | BinaryOp::Fmul));
                let checked = self.summed > before;
                if checked {
                    self.moderate(combine, value, self.summed - before)?;
                }
                let ordered = strict && !reassoc;
                let fused = !ordered && self.fused_sum(next).is_some_and(|(_, _, sum)| sum == param);
                Ok(VReduction { combine, value, ordered, checked, fused })
            }
            None => Err(NotVectorized::Carried),
        }
    }

    /// The factors of a product and what it is added to in one operation.
    fn fused_sum(&self, value: Value) -> Option<(Value, Value, Value)> {
        let Some(Op::Math { func: MathFn::Fma, args, .. }) = def_op(self.func, value) else { return None };
        Some((args[0], args[1], args[2]))
    }

    /// `value` as a combination of the carried value and a lane; `None` if it is the carried value itself.
    fn combined(&mut self, param: Value, value: Value, reassoc: bool) -> Result<Option<(Combine, Lane)>> {
        if value == param {
            return Ok(None);
        }
        let ty = self.func.values[param].ty;
        let choice = match self.choices.get(&value) {
            Some(choice) => Some(*choice),
            None => match def_op(self.func, value) {
                Some(Op::Select { cond, then, orelse }) => Some((*cond, *then, *orelse)),
                Some(_) | None => None,
            },
        };
        if let Some((cond, then, orelse)) = choice {
            if let Some(found) = self.extreme(param, cond, then, orelse)? {
                return Ok(Some(found));
            }
            if self.depends(cond, param) {
                return Err(NotVectorized::Carried);
            }
            let (a, b) = (self.combined(param, then, reassoc)?, self.combined(param, orelse, reassoc)?);
            let combine = match (a, b) {
                (None, None) => return Ok(None),
                (Some((x, _)), Some((y, _))) if x != y => return Err(NotVectorized::Carried),
                (Some((combine, _)), _) | (None, Some((combine, _))) => combine,
            };
            let neutral = self.constant(ty, combine.neutral(ty));
            let cond = self.lane(cond)?;
            let lane = |arm: Option<(Combine, Lane)>| arm.map_or(neutral, |(_, lane)| lane);
            return Ok(Some((combine, self.select(cond, lane(a), lane(b)))));
        }
        if let Def::Result { inst, .. } = self.func.values[value].def
            && self.sums.remove(&inst)
        {
            self.summed += 1;
        }
        if let Some((a, b, sum)) = self.fused_sum(value) {
            if !reassoc || sum != param || self.depends(a, param) || self.depends(b, param) {
                return Err(NotVectorized::Carried);
            }
            let (a, b) = (self.lane(a)?, self.lane(b)?);
            return Ok(Some((Combine::Op(BinaryOp::Fadd), self.binary(BinaryOp::Fmul, a, b))));
        }
        let (op, lhs, rhs) = match def_op(self.func, value) {
            Some(Op::Binary { op, lhs, rhs }) => (*op, *lhs, *rhs),
            Some(Op::Checked { op, lhs, rhs }) => {
                let op = match op {
                    CheckedOp::Add => BinaryOp::Iadd,
                    CheckedOp::Sub => BinaryOp::Isub,
                    CheckedOp::Mul => BinaryOp::Imul,
                };
                (op, *lhs, *rhs)
            }
            Some(_) | None => return Err(NotVectorized::Carried),
        };
        let (chain, other) = match (self.depends(lhs, param), self.depends(rhs, param)) {
            (true, false) => (lhs, rhs),
            (false, true) if !matches!(op, BinaryOp::Isub | BinaryOp::Fsub) => (rhs, lhs),
            (_, _) => return Err(NotVectorized::Carried),
        };
        let mut lane = self.lane(other)?;
        let op = match op {
            BinaryOp::Isub => {
                lane = self.unary(UnaryOp::Ineg, lane);
                BinaryOp::Iadd
            }
            BinaryOp::Fsub => {
                lane = self.unary(UnaryOp::Fneg, lane);
                BinaryOp::Fadd
            }
            BinaryOp::Iadd
            | BinaryOp::Imul
            | BinaryOp::Band
            | BinaryOp::Bor
            | BinaryOp::Bxor
            | BinaryOp::Smin
            | BinaryOp::Smax
            | BinaryOp::Umin
            | BinaryOp::Umax
            | BinaryOp::Fadd
            | BinaryOp::Fmul
            | BinaryOp::Fmin
            | BinaryOp::Fmax => op,
            BinaryOp::Sdiv
            | BinaryOp::Udiv
            | BinaryOp::Srem
            | BinaryOp::Urem
            | BinaryOp::FloorDiv
            | BinaryOp::FloorMod
            | BinaryOp::Ishl
            | BinaryOp::Sshr
            | BinaryOp::Ushr
            | BinaryOp::Smulhi
            | BinaryOp::Umulhi
            | BinaryOp::Fdiv => return Err(NotVectorized::Carried),
        };
        let strict = matches!(op, BinaryOp::Fadd | BinaryOp::Fmul) && !reassoc;
        match self.combined(param, chain, reassoc)? {
            None => Ok(Some((Combine::Op(op), lane))),
            Some((Combine::Op(inner), first)) if inner == op && !strict => {
                Ok(Some((Combine::Op(op), self.binary(op, first, lane))))
            }
            Some(_) if strict => Err(NotVectorized::Order),
            Some(_) => Err(NotVectorized::Carried),
        }
    }

    /// `x if x > so_far else so_far` and its like.
    fn extreme(
        &mut self,
        param: Value,
        cond: Value,
        then: Value,
        orelse: Value,
    ) -> Result<Option<(Combine, Lane)>> {
        let (mut cond, mut then, mut orelse) = (cond, then, orelse);
        while let Some(Op::Unary { op: UnaryOp::Bnot, arg }) = def_op(self.func, cond) {
            cond = *arg;
            std::mem::swap(&mut then, &mut orelse);
        }
        let Some(Op::Compare { cond, lhs, rhs }) = def_op(self.func, cond) else { return Ok(None) };
        let (mut cond, mut x, so_far) = (*cond, *lhs, *rhs);
        if so_far != param {
            (cond, x) = (swapped(cond), so_far);
            if *lhs != param {
                return Ok(None);
            }
        }
        // Now `x cond param`.
        let takes = if same(self.func, then, x) && orelse == param {
            true
        } else if then == param && same(self.func, orelse, x) {
            false
        } else {
            return Ok(None);
        };
        if self.depends(x, param) || self.func.values[x].ty == Ty::Bool {
            return Ok(None);
        }
        let combine = match (cond, takes) {
            (Cond::Sgt | Cond::Sge, true) | (Cond::Slt | Cond::Sle, false) => Combine::Op(BinaryOp::Smax),
            (Cond::Slt | Cond::Sle, true) | (Cond::Sgt | Cond::Sge, false) => Combine::Op(BinaryOp::Smin),
            (Cond::Ugt | Cond::Uge, true) | (Cond::Ult | Cond::Ule, false) => Combine::Op(BinaryOp::Umax),
            (Cond::Ult | Cond::Ule, true) | (Cond::Ugt | Cond::Uge, false) => Combine::Op(BinaryOp::Umin),
            (Cond::Fgt | Cond::Fge, true) => Combine::Greater,
            (Cond::Flt | Cond::Fle, true) => Combine::Less,
            // A nan would be taken, and given up again for what comes after it.
            (Cond::Fgt | Cond::Fge | Cond::Flt | Cond::Fle, false)
            | (Cond::Eq | Cond::Ne | Cond::Feq | Cond::Fne, _) => return Ok(None),
        };
        let lane = self.lane(x)?;
        Ok(Some((combine, lane)))
    }
}

impl VLoop {
    /// The factors of a product that joins its sum without being rounded.
    pub fn product(&self, reduction: &VReduction) -> Option<(Lane, Lane)> {
        if let NodeOp::Binary { op: BinaryOp::Fmul, lhs, rhs } = self.node(reduction.value).op
            && reduction.fused
        {
            return Some((lhs, rhs));
        }
        None
    }
}
