//! Guards as lanes.
//!
//! In: a guard of the loop's body, with the mask of the lanes that come to it. Out: a mask that must be true in
//! every lane before anything is stored. Invariant: what stands behind a guard, and might be wrong to load
//! without it, waits for it (see `VCheck`).

use super::derive::{Derive, Result};
use super::{Combine, Lane, MOST, NodeOp, VCheck};
use crate::mir::effect::def_op;
use crate::mir::remark::NotVectorized;
use crate::mir::{BinaryOp, CheckedOp, Cond, ConvertOp, Def, Inst, Op, Ty, UnaryOp, Value, eval, walk};
use rustc_hash::FxHashSet;

impl Derive<'_> {
    /// A guard, where the mask is set.
    pub fn check(&mut self, cond: Value, mask: Option<Lane>) -> Result<()> {
        if let Some(sum) = self.sum(cond) {
            self.sums.insert(sum);
            return Ok(());
        }
        // Accesses of the next iteration may rely on what a check says of values that move on from one to the
        // next.
        if self.moves(cond) {
            return Err(NotVectorized::Check);
        }
        let mut cond = self.lane(cond)?;
        if let Some(mask) = mask {
            let off = self.unary(UnaryOp::Bnot, mask);
            cond = self.binary(BinaryOp::Bor, cond, off);
        }
        let before = Lane(self.out.nodes.len() as u32);
        self.out.checks.push(VCheck { cond, before });
        Ok(())
    }

    /// The sum of a carried value and something else that a guard checks for overflow.
    fn sum(&self, cond: Value) -> Option<Inst> {
        let Some(Op::Unary { op: UnaryOp::Bnot, arg }) = def_op(self.func, cond) else { return None };
        let Def::Result { inst, index: 1 } = self.func.values[*arg].def else { return None };
        let Op::Checked { op: CheckedOp::Add | CheckedOp::Sub, lhs, rhs } = self.func.insts[inst].op else {
            return None;
        };
        (self.moves(lhs) || self.moves(rhs)).then_some(inst)
    }

    /// Sees to it that a sum's values are moderate (see `VReduction::checked`), of which `adds` are added in an
    /// iteration: as they are known to be, or by a check.
    pub fn moderate(&mut self, combine: Combine, value: Lane, adds: usize) -> Result<()> {
        if combine != Combine::Op(BinaryOp::Iadd) {
            return Err(NotVectorized::Check);
        }
        if self.greatest(value).is_some_and(|greatest| greatest <= MOST as u64) {
            return Ok(());
        }
        if adds > 1 {
            return Err(NotVectorized::Check);
        }
        let (most, range) = (self.constant(Ty::I64, MOST as u64), self.constant(Ty::I64, 2 * MOST as u64));
        let lhs = self.binary(BinaryOp::Iadd, value, most);
        let cond = self.node(Ty::Bool, NodeOp::Compare { cond: Cond::Ule, lhs, rhs: range });
        let before = Lane(self.out.nodes.len() as u32);
        self.out.checks.push(VCheck { cond, before });
        Ok(())
    }

    /// How far from zero a lane of integers can be, as far as its shape shows it.
    fn greatest(&self, lane: Lane) -> Option<u64> {
        let node = self.out.node(lane);
        let both = |a: Lane, b: Lane| Some((self.greatest(a)?, self.greatest(b)?));
        match node.op {
            NodeOp::Const(bits) => Some(eval::signed(node.ty, bits).unsigned_abs()),
            NodeOp::Convert { op, arg } => {
                let ty = self.out.node(arg).ty;
                let bits = eval::bits(ty);
                match op {
                    _ if ty.is_float() => None,
                    ConvertOp::Zext if ty == Ty::Bool => Some(1),
                    ConvertOp::Zext => Some((1 << bits) - 1),
                    ConvertOp::Sext => Some(1 << (bits - 1)),
                    ConvertOp::Trunc
                    | ConvertOp::SintToFloat
                    | ConvertOp::UintToFloat
                    | ConvertOp::FloatToSint
                    | ConvertOp::FloatToSintC
                    | ConvertOp::FloatToUint
                    | ConvertOp::Fpromote
                    | ConvertOp::Fdemote
                    | ConvertOp::Bitcast => None,
                }
            }
            NodeOp::Select { then, orelse, .. } => both(then, orelse).map(|(a, b)| a.max(b)),
            NodeOp::Unary { op: UnaryOp::Ineg, arg } => self.greatest(arg),
            NodeOp::Binary { op: BinaryOp::Iadd | BinaryOp::Isub, lhs, rhs } => {
                both(lhs, rhs).map(|(a, b)| a.saturating_add(b))
            }
            NodeOp::Binary { op: BinaryOp::Imul, lhs, rhs } => {
                both(lhs, rhs).map(|(a, b)| a.saturating_mul(b))
            }
            NodeOp::Unary { .. }
            | NodeOp::Binary { .. }
            | NodeOp::Splat(_)
            | NodeOp::Counter
            | NodeOp::Compare { .. }
            | NodeOp::Math { .. }
            | NodeOp::Otherwise { .. }
            | NodeOp::Load { .. }
            | NodeOp::Store { .. } => None,
        }
    }

    /// The value is computed from the counter or a carried value, other than through memory.
    fn moves(&self, value: Value) -> bool {
        let mut seen = FxHashSet::default();
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            if !self.inside.contains(&value) || !seen.insert(value) {
                continue;
            }
            if let Some((cond, then, orelse)) = self.choices.get(&value) {
                open.extend([*cond, *then, *orelse]);
                continue;
            }
            let Def::Result { inst, .. } = self.func.values[value].def else { return true };
            let op = &self.func.insts[inst].op;
            if !matches!(op, Op::Load { .. }) {
                walk::operands(op, |operand| open.push(operand));
            }
        }
        false
    }

    /// Where a sum or a difference of 64 bits wraps around: its sign is not what those of its operands say.
    pub fn overflow(&mut self, op: CheckedOp, lhs: Value, rhs: Value, result: Value) -> Result<Lane> {
        let (a, b, result) = (self.lane(lhs)?, self.lane(rhs)?, self.lane(result)?);
        let other = match op {
            CheckedOp::Add => self.binary(BinaryOp::Bxor, b, result),
            CheckedOp::Sub => self.binary(BinaryOp::Bxor, a, b),
            CheckedOp::Mul => return self.no_form(),
        };
        let changed = self.binary(BinaryOp::Bxor, a, result);
        let both = self.binary(BinaryOp::Band, changed, other);
        let zero = self.constant(Ty::I64, 0);
        Ok(self.node(Ty::Bool, NodeOp::Compare { cond: Cond::Slt, lhs: both, rhs: zero }))
    }
}
