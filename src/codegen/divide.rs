//! Divisions.
//!
//! In: operands, the divisor if it is constant. Out: Cranelift instructions. Invariant: the value is what
//! `mir::interp` computes.
//!
//! The machine divides 32-bit numbers faster than 64-bit ones, and most numbers are small: where the divisor
//! is not known, two operands without high halves (so neither is negative, and rounding has one direction)
//! take a short way. A constant divisor is multiplied by: by Cranelift, which rounds toward zero, or, to round
//! down, here.

use super::abi::clif;
use super::func::Emit;
use super::inst::InsExt;
use super::target;
use crate::mir::{BinaryOp, Ty};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, condcodes::IntCC, types};

impl Emit<'_, '_> {
    /// `op` is a division or a remainder of any kind.
    pub fn divide(
        &mut self,
        op: BinaryOp,
        a: ir::Value,
        b: ir::Value,
        divisor: Option<i64>,
        ty: Ty,
    ) -> ir::Value {
        if ty != Ty::I64 || divisor.is_some() || !target::is_x86() {
            return self.divide_whole(op, a, b, divisor, ty);
        }
        let (short, long, done) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        let result = self.b.append_block_param(done, types::I64);
        self.b.set_cold_block(long);
        let either = self.b.ins().bor(a, b);
        let high = self.b.ins().ushr_imm_u(either, 32);
        self.b.ins().brif(high, long, &[], short, &[]);

        self.b.switch_to_block(short);
        let (x, y) = (self.b.ins().ireduce(types::I32, a), self.b.ins().ireduce(types::I32, b));
        let narrow = if is_remainder(op) { self.b.ins().urem(x, y) } else { self.b.ins().udiv(x, y) };
        let wide = self.b.ins().uextend(types::I64, narrow);
        self.b.ins().jump(done, &[BlockArg::Value(wide)]);

        self.b.switch_to_block(long);
        let whole = self.divide_whole(op, a, b, divisor, ty);
        self.b.ins().jump(done, &[BlockArg::Value(whole)]);

        self.b.switch_to_block(done);
        result
    }

    fn divide_whole(
        &mut self,
        op: BinaryOp,
        a: ir::Value,
        b: ir::Value,
        divisor: Option<i64>,
        ty: Ty,
    ) -> ir::Value {
        match op {
            BinaryOp::Sdiv => self.b.ins().sdiv(a, b),
            BinaryOp::Udiv => self.b.ins().udiv(a, b),
            BinaryOp::Srem => self.srem(a, b, divisor),
            BinaryOp::Urem => self.b.ins().urem(a, b),
            BinaryOp::FloorDiv => self.floor_div(a, b, divisor, ty),
            BinaryOp::FloorMod => self.floor_mod(a, b, divisor, ty),
            BinaryOp::Iadd
            | BinaryOp::Isub
            | BinaryOp::Imul
            | BinaryOp::Ishl
            | BinaryOp::Sshr
            | BinaryOp::Ushr
            | BinaryOp::Band
            | BinaryOp::Bor
            | BinaryOp::Bxor
            | BinaryOp::Smin
            | BinaryOp::Smax
            | BinaryOp::Umin
            | BinaryOp::Umax
            | BinaryOp::Smulhi
            | BinaryOp::Umulhi
            | BinaryOp::Fadd
            | BinaryOp::Fsub
            | BinaryOp::Fmul
            | BinaryOp::Fdiv
            | BinaryOp::Fmin
            | BinaryOp::Fmax => unreachable!("invariant: a division"),
        }
    }

    /// Remainder with the dividend's sign. Cranelift's own `srem` tests for a divisor of -1, which the
    /// operands' condition makes needless: quotient, product, difference.
    fn srem(&mut self, a: ir::Value, b: ir::Value, divisor: Option<i64>) -> ir::Value {
        if divisor.is_some_and(|d| d > 0) {
            return self.b.ins().srem(a, b);
        }
        let quotient = self.b.ins().sdiv(a, b);
        let product = self.b.ins().imul(quotient, b);
        self.b.ins().isub(a, product)
    }

    fn floor_div(&mut self, a: ir::Value, b: ir::Value, divisor: Option<i64>, ty: Ty) -> ir::Value {
        let top = i64::from(8 * ty.bytes() - 1);
        match divisor {
            Some(d) if d > 0 && (d as u64).is_power_of_two() => {
                self.b.ins().sshr_imm_u(a, i64::from(d.trailing_zeros()))
            }
            Some(d) if d > 0 && ty == Ty::I64 => self.floor_quotient(a, d as u64),
            Some(d) if d > 0 => {
                let quotient = self.b.ins().sdiv(a, b);
                let product = self.b.ins().imul(quotient, b);
                let rest = self.b.ins().isub(a, product);
                let borrow = self.b.ins().sshr_imm_u(rest, top);
                self.b.ins().iadd(quotient, borrow)
            }
            Some(_) | None => {
                let quotient = self.b.ins().sdiv(a, b);
                let product = self.b.ins().imul(quotient, b);
                let rest = self.b.ins().isub(a, product);
                let down = self.floor_adjusts(rest, b, ty);
                let borrow = self.b.ins().uextend_to(clif(ty), down);
                self.b.ins().isub(quotient, borrow)
            }
        }
    }

    fn floor_mod(&mut self, a: ir::Value, b: ir::Value, divisor: Option<i64>, ty: Ty) -> ir::Value {
        let top = i64::from(8 * ty.bytes() - 1);
        match divisor {
            Some(d) if d > 0 && (d as u64).is_power_of_two() => {
                let mask = self.int_constant(ty, d - 1);
                self.b.ins().band(a, mask)
            }
            Some(d) if d > 0 && ty == Ty::I64 => {
                let quotient = self.floor_quotient(a, d as u64);
                let product = self.times(quotient, d as u64);
                self.b.ins().isub(a, product)
            }
            Some(d) if d > 0 => {
                let rest = self.b.ins().srem(a, b);
                let negative = self.b.ins().sshr_imm_u(rest, top);
                let correction = self.b.ins().band(negative, b);
                self.b.ins().iadd(rest, correction)
            }
            Some(_) | None => {
                let rest = self.srem(a, b, divisor);
                let down = self.floor_adjusts(rest, b, ty);
                let sum = self.b.ins().iadd(rest, b);
                self.b.ins().select(down, sum, rest)
            }
        }
    }

    /// 64-bit quotient rounded down, by a constant that is no power of two. `a` or, if it is negative,
    /// `-1 - a` is below `2**63` and divided by a product's high half; the quotient of the latter is off by
    /// the same complement.
    fn floor_quotient(&mut self, a: ir::Value, divisor: u64) -> ir::Value {
        let sign = self.b.ins().sshr_imm_u(a, 63);
        let distance = self.b.ins().bxor(a, sign);
        // Granlund and Montgomery: with 2**63 < factor * divisor / 2**bits <= 2**63 + 1 the high bits of the
        // product are the quotient of any number below 2**63.
        let bits = 64 - (divisor - 1).leading_zeros();
        let factor = (1u128 << (63 + bits)) / u128::from(divisor) + 1;
        let factor = self.b.ins().iconst(types::I64, factor as i64);
        let high = self.b.ins().umulhi(distance, factor);
        let quotient = self.b.ins().ushr_imm_u(high, i64::from(bits) - 1);
        self.b.ins().bxor(quotient, sign)
    }

    /// Product with a constant; beside a power of two, a shift and a sum.
    fn times(&mut self, a: ir::Value, factor: u64) -> ir::Value {
        if (factor + 1).is_power_of_two() {
            let shifted = self.b.ins().ishl_imm_u(a, i64::from((factor + 1).trailing_zeros()));
            return self.b.ins().isub(shifted, a);
        }
        let factor = self.b.ins().iconst(types::I64, factor as i64);
        self.b.ins().imul(a, factor)
    }

    /// True if the truncated division must be taken one down: the rest is not zero and its sign is not
    /// the divisor's.
    fn floor_adjusts(&mut self, rest: ir::Value, b: ir::Value, ty: Ty) -> ir::Value {
        let signs = self.b.ins().bxor(rest, b);
        let zero = self.b.ins().iconst(clif(ty), 0);
        let differ = self.b.ins().icmp(IntCC::SignedLessThan, signs, zero);
        let some = self.b.ins().icmp(IntCC::NotEqual, rest, zero);
        self.b.ins().band(differ, some)
    }
}

fn is_remainder(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Srem | BinaryOp::Urem | BinaryOp::FloorMod)
}
