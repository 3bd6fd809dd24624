//! How the number that the next iteration begins with is computed, where that is what an innermost loop waits for.
//!
//! In: the body of a loop on x86-64, before it is entered. Out: the instructions to emit in another form. Invariant:
//! the values are the same ones.
//!
//! ```text
//! n = n // 2 if n % 2 == 0 else 3 * n + 1
//! ```
//!
//! Cranelift makes `test n, 1` directly in front of the conditional move: the old `n` lives longer than what
//! the new one is made of, so that they cannot share a register, and each iteration copies it twice. Here the bits
//! are taken into a register of their own before the arms, and the arm that is computed in its operand's place
//! comes last. The sum of three parts is one instruction, but one of two or three cycles that few units of the
//! processor have: with its constant in a register it is two of one cycle each.

use super::func::Emit;
use super::target;
use crate::mir::effect::constant;
use crate::mir::{BinaryOp, CheckedOp, Cond, Def, End, Inst, Op, Region, Ty, Value};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder};
use rustc_hash::FxHashMap;

/// What is emitted in another form.
#[derive(Default)]
pub struct Next {
    /// Choices by the lowest bits of a number, and how far these are shifted to leave the others behind.
    choices: FxHashMap<Inst, Bits>,
    /// Sums, and the constants among their parts.
    sums: FxHashMap<Inst, ir::Value>,
}

/// The choice is by whether the number's bits are all zero once it is shifted to the left.
#[derive(Clone, Copy)]
struct Bits {
    number: Value,
    shift: i64,
}

impl<'a> Emit<'a, '_> {
    /// Looks at the body of an innermost loop that carries these numbers.
    pub fn look_at_next(&mut self, body: Region, carried: &[Value]) {
        let func = self.mir;
        let End::Yield(next) = &func.regions[body].end else { return };
        if !target::is_x86() || func.regions[body].rare {
            return;
        }
        for (number, next) in carried.iter().zip(next) {
            if self.ty(*number) != Ty::I64 {
                continue;
            }
            let Some((inst, &Op::Select { cond, then, orelse })) = self.made_by(*next) else {
                self.look_at_sum(*next, *number);
                continue;
            };
            if let Some(bits) = self.lowest_bits(cond, *number) {
                self.next.choices.insert(inst, bits);
                self.look_at_sum(then, *number);
                self.look_at_sum(orelse, *number);
            }
        }
    }

    fn made_by(&self, value: Value) -> Option<(Inst, &'a Op)> {
        let Def::Result { inst, .. } = self.mir.values[value].def else { return None };
        Some((inst, &self.mir.insts[inst].op))
    }

    /// `number & mask == 0`, the mask being of the lowest bits.
    fn lowest_bits(&self, cond: Value, number: Value) -> Option<Bits> {
        let Some(&Op::Compare { cond: Cond::Eq | Cond::Ne, lhs, rhs }) = self.op(self.peel_not(cond).0)
        else {
            return None;
        };
        let Some(&Op::Binary { op: BinaryOp::Band, lhs: masked, rhs: mask }) = self.op(lhs) else {
            return None;
        };
        let mask =
            constant(self.mir, mask).filter(|mask| masked == number && mask & mask.wrapping_add(1) == 0)?;
        let shift = i64::from(mask.leading_zeros());
        (constant(self.mir, rhs) == Some(0) && (1..64).contains(&shift)).then_some(Bits { number, shift })
    }

    /// `number + other + constant`; a product with three, five or nine is such a sum of two.
    fn look_at_sum(&mut self, sum: Value, number: Value) {
        let func = self.mir;
        let Some((inst, &Op::Binary { op: BinaryOp::Iadd, lhs, rhs })) = self.made_by(sum) else { return };
        let Some(part) = constant(func, rhs).filter(|part| i32::try_from(*part).is_ok()) else { return };
        let is = |value: Value| value == number;
        let times = |value: Value| matches!(constant(func, value), Some(3 | 5 | 9));
        let two = if let Some(&Op::Binary { op: BinaryOp::Iadd, lhs, rhs }) = self.op(lhs) {
            (is(lhs) || is(rhs)) && constant(func, rhs).is_none()
        } else if let Some(&Op::Checked { op: CheckedOp::Mul, lhs, rhs }) = self.op(lhs) {
            is(lhs) && times(rhs) || is(rhs) && times(lhs)
        } else {
            false
        };
        if two {
            let held = self.held_constant(part);
            self.next.sums.insert(inst, held);
        }
    }

    /// The result of the instruction, if it takes another form.
    pub fn next_number(&mut self, inst: Inst) -> Option<ir::Value> {
        if let Some(part) = self.next.sums.get(&inst).copied()
            && let Op::Binary { lhs, .. } = self.mir.insts[inst].op
        {
            let rest = self.value(lhs);
            return Some(self.b.ins().iadd(rest, part));
        }
        let bits = self.next.choices.get(&inst).copied()?;
        let Op::Select { cond, then, orelse } = self.mir.insts[inst].op else { return None };
        let (cond, inverted) = self.peel_not(cond);
        let mut zero = matches!(self.op(cond), Some(Op::Compare { cond: Cond::Eq, .. })) != inverted;
        let (mut then, mut orelse) = (then, orelse);
        let in_place = |value| {
            matches!(self.op(value), Some(Op::Binary { op, lhs, .. })
                if *op != BinaryOp::Iadd && *lhs == bits.number)
        };
        if in_place(then) && !in_place(orelse) {
            (then, orelse, zero) = (orelse, then, !zero);
        }
        let (number, then, orelse) = (self.value(bits.number), self.value(then), self.value(orelse));
        let alone = self.b.ins().ishl_imm_u(number, bits.shift);
        let code = if zero { IntCC::Equal } else { IntCC::NotEqual };
        let cond = self.b.ins().icmp_imm_u(code, alone, 0);
        Some(self.b.ins().select(cond, then, orelse))
    }
}
