//! Instructions without regions, one by one.
//!
//! In: a MIR instruction. Out: Cranelift instructions in the open block. Invariant: the value is what
//! `mir::interp` computes.

use super::abi::clif;
use super::func::Emit;
use super::target;
use crate::mir::effect::{constant, not_negative};
use crate::mir::{
    Address, BinaryOp, CheckedOp, Cond, ConvertOp, Def, Inst, LoopMode, MathFn, Op, RuntimeFn, Ty, UnaryOp,
    Value,
};
use cranelift_codegen::ir::condcodes::{CondCode, FloatCC, IntCC};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, MemFlagsData, types};

impl Emit<'_, '_> {
    pub fn inst(&mut self, inst: Inst) {
        let func = self.mir;
        if let Some((first, site)) = self.stack_check
            && first == inst
        {
            self.check_stack(site);
        }
        let data = &func.insts[inst];
        let results = &data.results;
        if let Some(value) = self.next_number(inst) {
            return self.set(results[0], value);
        }
        let value = match &data.op {
            Op::Iconst(constant) if self.held.contains(&results[0]) => self.held_constant(*constant),
            Op::Iconst(constant) => self.int_constant(self.ty(results[0]), *constant),
            Op::Fconst(bits) => match self.ty(results[0]) {
                Ty::F32 => self.b.ins().f32const(ir::immediates::Ieee32::with_bits(*bits as u32)),
                Ty::F64 => self.b.ins().f64const(ir::immediates::Ieee64::with_bits(*bits)),
                Ty::Bool | Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr => {
                    unreachable!("a float constant is a float")
                }
            },
            Op::Unary { op, arg } => self.unary(*op, *arg),
            Op::Binary { op, lhs, rhs } => self.binary(*op, *lhs, *rhs),
            Op::Checked { op, lhs, rhs } => {
                let (value, overflow) = self.checked(*op, *lhs, *rhs);
                self.set(results[1], overflow);
                value
            }
            Op::Compare { cond, lhs, rhs } => self.compare(*cond, *lhs, *rhs),
            Op::Select { cond, then, orelse } => {
                let (cond, inverted) = self.peel_not(*cond);
                let (then, orelse) = if inverted { (orelse, then) } else { (then, orelse) };
                let (cond, then, orelse) = (self.value(cond), self.value(*then), self.value(*orelse));
                self.b.ins().select(cond, then, orelse)
            }
            Op::Convert { op, arg } => self.convert(*op, *arg, self.ty(results[0])),
            Op::Math { func, args, known, .. } => self.math(*func, args, *known, self.ty(results[0])),
            Op::PtrAdd { base, bytes } => {
                let (base, bytes) = (self.value(*base), self.value(*bytes));
                self.b.ins().iadd(base, bytes)
            }
            Op::Load { mem, addr } => {
                let flags = self.flags(mem.0);
                let (base, disp) = self.address(addr);
                let ty = clif(self.ty(results[0]));
                self.b.ins().load(ty, flags, base, disp)
            }
            Op::Store { mem, addr, value } => {
                let flags = self.flags(mem.0);
                let (base, disp) = self.address(addr);
                let value = self.value(*value);
                self.b.ins().store(flags, value, base, disp);
                return;
            }
            Op::Hidden { word } => {
                let flags = self.constant_flags();
                let words = self.b.ins().load(types::I64, flags, self.ctx, crate::abi::OFFSET_HIDDEN);
                let ty = clif(self.ty(results[0]));
                self.b.ins().load(ty, flags, words, 8 * *word as i32)
            }
            Op::StackAddr(slot) => self.stack_addr(*slot),
            Op::FuncAddr(func) => self.func_address(*func),
            Op::Guard { cond, fail } => {
                let ok = self.b.create_block();
                let failed = self.fail_block(fail, self.way_back_of_check(*cond, ok));
                self.branch_away(*cond, false, (failed, &[]), (ok, &[]));
                self.b.switch_to_block(ok);
                return;
            }
            Op::OwnerSet { slot, value } => {
                let old = self.load_owner(*slot);
                let value = self.value(*value);
                self.store_owner(*slot, value);
                self.release(old);
                return;
            }
            Op::OwnerTake { slot } => {
                let value = self.load_owner(*slot);
                let empty = self.b.ins().iconst(types::I64, 0);
                self.store_owner(*slot, empty);
                value
            }
            Op::Runtime { func, args } => {
                let result = results.first().map(|result| self.ty(*result));
                match self.call_runtime(*func, args, result) {
                    Some(value) => value,
                    None => return,
                }
            }
            Op::RuntimeStatus { func, args } => {
                self.call_runtime_status(*func, args);
                return;
            }
            Op::Call { func, args, site, after_effect } => {
                self.call_module(*func, args, *site, *after_effect, results);
                return;
            }
            Op::Block { body } => return self.emit_block(inst, *body),
            Op::If { cond, then, orelse } => return self.emit_if(inst, *cond, *then, *orelse),
            Op::For { mode: LoopMode::Vector { lanes, reassoc, rows }, .. } => {
                return self.emit_vector_for(inst, *lanes, *reassoc, *rows);
            }
            Op::For { lo, hi, init, body, mode: LoopMode::Serial | LoopMode::Parallel { .. } } => {
                return self.emit_for(inst, *lo, *hi, init, *body);
            }
            Op::Loop { init, body } => return self.emit_loop(inst, init, *body),
        };
        self.set(results[0], value);
    }

    /// A constant that stays in a register, as Cranelift does not see that it is one: a comparison with memory and
    /// the jump after it are two instructions for the processor, those with a register are one.
    pub fn held_constant(&mut self, constant: i64) -> ir::Value {
        let [number, zero] = [constant, 0].map(|bits| self.b.ins().iconst(types::I64, bits));
        self.b.ins().select(self.ctx, number, zero)
    }

    pub fn int_constant(&mut self, ty: Ty, constant: i64) -> ir::Value {
        // Cranelift wants the bits of a narrow constant, zero-extended.
        let bits = match ty.bytes() {
            8 => constant,
            bytes => constant & ((1 << (8 * bytes)) - 1),
        };
        self.b.ins().iconst(clif(ty), bits)
    }

    fn unary(&mut self, op: UnaryOp, arg: Value) -> ir::Value {
        let ty = self.ty(arg);
        let arg = self.value(arg);
        match op {
            UnaryOp::Ineg => self.b.ins().ineg(arg),
            UnaryOp::Bnot if ty == Ty::Bool => self.b.ins().icmp_imm_u(IntCC::Equal, arg, 0),
            UnaryOp::Bnot => self.b.ins().bnot(arg),
            UnaryOp::Popcnt => self.b.ins().popcnt(arg),
            UnaryOp::Clz => self.b.ins().clz(arg),
            UnaryOp::Ctz => self.b.ins().ctz(arg),
            UnaryOp::Fneg => self.b.ins().fneg(arg),
        }
    }

    fn binary(&mut self, op: BinaryOp, lhs: Value, rhs: Value) -> ir::Value {
        // A constant on the right can be an operand in memory; on the left it takes a register.
        let swaps =
            matches!(op, BinaryOp::Fadd | BinaryOp::Fmul) && matches!(self.op(lhs), Some(Op::Fconst(_)));
        let (lhs, rhs) = if swaps { (rhs, lhs) } else { (lhs, rhs) };
        let (a, b) = (self.value(lhs), self.value(rhs));
        match op {
            BinaryOp::Iadd => self.b.ins().iadd(a, b),
            BinaryOp::Isub => self.b.ins().isub(a, b),
            BinaryOp::Imul => self.b.ins().imul(a, b),
            BinaryOp::Sdiv
            | BinaryOp::Udiv
            | BinaryOp::Srem
            | BinaryOp::Urem
            | BinaryOp::FloorDiv
            | BinaryOp::FloorMod => self.divide(op, a, b, constant(self.mir, rhs), self.ty(lhs)),
            BinaryOp::Ishl => self.b.ins().ishl(a, b),
            BinaryOp::Sshr => self.b.ins().sshr(a, b),
            BinaryOp::Ushr => self.b.ins().ushr(a, b),
            BinaryOp::Band => self.b.ins().band(a, b),
            BinaryOp::Bor => self.b.ins().bor(a, b),
            BinaryOp::Bxor => self.b.ins().bxor(a, b),
            BinaryOp::Smin => self.b.ins().smin(a, b),
            BinaryOp::Smax => self.b.ins().smax(a, b),
            BinaryOp::Umin => self.b.ins().umin(a, b),
            BinaryOp::Umax => self.b.ins().umax(a, b),
            BinaryOp::Smulhi => self.b.ins().smulhi(a, b),
            BinaryOp::Umulhi => self.b.ins().umulhi(a, b),
            BinaryOp::Fadd => self.b.ins().fadd(a, b),
            BinaryOp::Fsub => self.b.ins().fsub(a, b),
            BinaryOp::Fmul => self.b.ins().fmul(a, b),
            BinaryOp::Fdiv => self.b.ins().fdiv(a, b),
            BinaryOp::Fmin => self.b.ins().fmin(a, b),
            BinaryOp::Fmax => self.b.ins().fmax(a, b),
        }
    }

    fn checked(&mut self, op: CheckedOp, lhs: Value, rhs: Value) -> (ir::Value, ir::Value) {
        let (a, b) = (self.value(lhs), self.value(rhs));
        let known = match op {
            CheckedOp::Add => {
                constant(self.mir, rhs).map(|k| (a, k)).or(constant(self.mir, lhs).map(|k| (b, k)))
            }
            CheckedOp::Sub => constant(self.mir, rhs).map(|k| (a, k)),
            CheckedOp::Mul => None,
        };
        // Cranelift has no branch on the overflow flag (it makes a bool and tests it); with a constant
        // operand one comparison says the same.
        if let Some((other, k)) = known {
            let (value, rises) = match op {
                CheckedOp::Add | CheckedOp::Mul => (self.b.ins().iadd(a, b), k >= 0),
                CheckedOp::Sub => (self.b.ins().isub(a, b), k < 0),
            };
            let wrong = if rises { IntCC::SignedLessThan } else { IntCC::SignedGreaterThan };
            return (value, self.b.ins().icmp(wrong, value, other));
        }
        // From a constant: what is taken away says by itself whether it overflows.
        if let (CheckedOp::Sub, Some(k)) = (op, constant(self.mir, lhs)) {
            let (wrong, end) = if k >= 0 {
                (IntCC::SignedLessThan, k - i64::MAX)
            } else {
                (IntCC::SignedGreaterThan, k - i64::MIN)
            };
            let (value, end) = (self.b.ins().isub(a, b), self.b.ins().iconst(types::I64, end));
            return (value, self.b.ins().icmp(wrong, b, end));
        }
        // Likewise with an operand that is never negative.
        if op == CheckedOp::Add {
            for (other, known) in [(a, rhs), (b, lhs)] {
                if not_negative(self.mir, known) {
                    let value = self.b.ins().iadd(a, b);
                    return (value, self.b.ins().icmp(IntCC::SignedLessThan, value, other));
                }
            }
        }
        if let (CheckedOp::Mul, Some(k)) = (op, constant(self.mir, rhs)) {
            return self.checked_mul_by(a, k);
        }
        if let (CheckedOp::Mul, Some(k)) = (op, constant(self.mir, lhs)) {
            return self.checked_mul_by(b, k);
        }
        match op {
            CheckedOp::Add => self.b.ins().sadd_overflow(a, b),
            CheckedOp::Sub => self.b.ins().ssub_overflow(a, b),
            CheckedOp::Mul => self.b.ins().smul_overflow(a, b),
        }
    }

    /// Product with a constant; the operand says by itself whether it overflows.
    fn checked_mul_by(&mut self, a: ir::Value, k: i64) -> (ir::Value, ir::Value) {
        let factor = self.b.ins().iconst(types::I64, k);
        if !(2..=i64::from(i32::MAX)).contains(&k) {
            return self.b.ins().smul_overflow(a, factor);
        }
        let value = match k {
            // One address computation.
            3 | 5 | 9 => {
                let shifted = self.b.ins().ishl_imm_u(a, i64::from((k - 1).trailing_zeros()));
                self.b.ins().iadd(a, shifted)
            }
            _ => self.b.ins().imul(a, factor),
        };
        // From the smallest operand that fits, `least`, there are `range` more: one unsigned comparison.
        let least = i64::MIN / k;
        let range = (i64::MAX / k).wrapping_sub(least);
        let least = self.b.ins().iconst(types::I64, least.wrapping_neg());
        let distance = self.b.ins().iadd(a, least);
        let range = self.b.ins().iconst(types::I64, range);
        (value, self.b.ins().icmp(IntCC::UnsignedGreaterThan, distance, range))
    }

    fn compare(&mut self, cond: Cond, lhs: Value, rhs: Value) -> ir::Value {
        let (a, b) = (self.value(lhs), self.value(rhs));
        match code(cond) {
            Code::Int(code) => self.b.ins().icmp(code, a, b),
            // Cranelift knows `minsd` and `maxsd` by "less than" only.
            Code::Float(FloatCC::GreaterThan) => self.b.ins().fcmp(FloatCC::LessThan, b, a),
            Code::Float(code) => self.b.ins().fcmp(code, a, b),
        }
    }

    /// The opposite of a Bool: a comparison the other way round where it is one.
    pub fn complement(&mut self, value: Value) -> ir::Value {
        if let Def::Result { inst, .. } = self.mir.values[value].def
            && let Op::Compare { cond, lhs, rhs } = self.mir.insts[inst].op
        {
            let (a, b) = (self.value(lhs), self.value(rhs));
            return match code(cond) {
                Code::Int(code) => self.b.ins().icmp(code.complement(), a, b),
                Code::Float(code) => self.b.ins().fcmp(code.complement(), a, b),
            };
        }
        let value = self.value(value);
        self.b.ins().icmp_imm_u(IntCC::Equal, value, 0)
    }

    fn convert(&mut self, op: ConvertOp, arg: Value, to: Ty) -> ir::Value {
        let (from, arg) = (self.ty(arg), self.value(arg));
        self.convert_word(op, arg, from, to)
    }

    /// A conversion of one Cranelift value.
    pub fn convert_word(&mut self, op: ConvertOp, arg: ir::Value, from: Ty, to: Ty) -> ir::Value {
        let target = clif(to);
        let same_width = clif(from) == target;
        match op {
            // `Bool` and `I8` are both bytes.
            ConvertOp::Sext | ConvertOp::Zext if same_width => arg,
            ConvertOp::Sext => self.b.ins().sextend(target, arg),
            ConvertOp::Zext => self.b.ins().uextend(target, arg),
            ConvertOp::Trunc => {
                let narrow = if same_width { arg } else { self.b.ins().ireduce(target, arg) };
                if to == Ty::Bool && from != Ty::Bool { self.b.ins().band_imm_u(narrow, 1) } else { narrow }
            }
            ConvertOp::SintToFloat => {
                let wide = if from.bytes() < 4 { self.b.ins().sextend(types::I32, arg) } else { arg };
                self.b.ins().fcvt_from_sint(target, wide)
            }
            // A narrower unsigned integer is a non-negative signed one.
            ConvertOp::UintToFloat if from.bytes() < 8 => {
                let wide = self.b.ins().uextend(types::I64, arg);
                self.b.ins().fcvt_from_sint(target, wide)
            }
            ConvertOp::UintToFloat => self.b.ins().fcvt_from_uint(target, arg),
            ConvertOp::FloatToSint if to.bytes() >= 4 => self.b.ins().fcvt_to_sint_sat(target, arg),
            ConvertOp::FloatToUint if to.bytes() >= 4 => self.b.ins().fcvt_to_uint_sat(target, arg),
            ConvertOp::FloatToSintC => {
                let bits = target.bits() as i32;
                let limit = if from == Ty::F32 {
                    self.b.ins().f32const(2f32.powi(bits - 1))
                } else {
                    self.b.ins().f64const(2f64.powi(bits - 1))
                };
                let below = self.b.ins().fcmp(FloatCC::LessThan, arg, limit);
                let whole = self.b.ins().fcvt_to_sint_sat(target, arg);
                let least = self.b.ins().iconst(target, i64::MIN >> (64 - bits));
                self.b.ins().select(below, whole, least)
            }
            ConvertOp::FloatToSint => {
                let half = 1i64 << (8 * to.bytes() - 1);
                self.clamped(arg, -half, half - 1, target)
            }
            ConvertOp::FloatToUint => self.clamped(arg, 0, (1i64 << (8 * to.bytes())) - 1, target),
            ConvertOp::Fpromote => self.b.ins().fpromote(target, arg),
            ConvertOp::Fdemote => self.b.ins().fdemote(target, arg),
            ConvertOp::Bitcast if same_width => arg,
            ConvertOp::Bitcast => self.b.ins().bitcast(target, MemFlagsData::new(), arg),
        }
    }

    /// Saturating conversion to an integer narrower than the machine converts to.
    fn clamped(&mut self, arg: ir::Value, least: i64, most: i64, target: ir::Type) -> ir::Value {
        let wide = self.b.ins().fcvt_to_sint_sat(types::I64, arg);
        let least = self.b.ins().iconst(types::I64, least);
        let most = self.b.ins().iconst(types::I64, most);
        let raised = self.b.ins().smax(wide, least);
        let clamped = self.b.ins().smin(raised, most);
        self.b.ins().ireduce(target, clamped)
    }

    fn math(&mut self, func: MathFn, args: &[Value], known: Option<(Value, Value)>, ty: Ty) -> ir::Value {
        if let Some((cond, value)) = known {
            let (cond, value) = (self.value(cond), self.value(value));
            return self.otherwise(cond, value, ty, |this| this.math(func, args, None, ty));
        }
        let arg = |index: usize| self.value(args[index]);
        match func {
            MathFn::Sqrt => {
                let x = arg(0);
                self.b.ins().sqrt(x)
            }
            MathFn::Floor => {
                let x = arg(0);
                self.b.ins().floor(x)
            }
            MathFn::Ceil => {
                let x = arg(0);
                self.b.ins().ceil(x)
            }
            MathFn::Trunc => {
                let x = arg(0);
                self.b.ins().trunc(x)
            }
            MathFn::Rint => {
                let x = arg(0);
                self.b.ins().nearest(x)
            }
            MathFn::Abs => {
                let x = arg(0);
                self.b.ins().fabs(x)
            }
            MathFn::Fma if target::has_fma() => {
                let (x, y, z) = (arg(0), arg(1), arg(2));
                self.b.ins().fma(x, y, z)
            }
            MathFn::CopySign => {
                let (x, y) = (arg(0), arg(1));
                self.b.ins().fcopysign(x, y)
            }
            MathFn::Exp
            | MathFn::Exp2
            | MathFn::Expm1
            | MathFn::Log
            | MathFn::Log2
            | MathFn::Log10
            | MathFn::Log1p
            | MathFn::Sin
            | MathFn::Cos
            | MathFn::Tan
            | MathFn::Asin
            | MathFn::Acos
            | MathFn::Atan
            | MathFn::Atan2
            | MathFn::Sinh
            | MathFn::Cosh
            | MathFn::Tanh
            | MathFn::Asinh
            | MathFn::Acosh
            | MathFn::Atanh
            | MathFn::Pow
            | MathFn::Cbrt
            | MathFn::Hypot
            | MathFn::Fmod
            | MathFn::Erf
            | MathFn::Erfc
            | MathFn::Gamma
            | MathFn::Lgamma
            | MathFn::NextAfter
            | MathFn::Remainder
            | MathFn::Fma => {
                let func = if ty == Ty::F32 { RuntimeFn::MathF32(func) } else { RuntimeFn::Math(func) };
                self.call_runtime(func, args, Some(ty)).expect("invariant: a math function has a result")
            }
        }
    }

    /// `value` if `cond`, else what is computed away from the rest.
    pub fn otherwise(
        &mut self,
        cond: ir::Value,
        value: ir::Value,
        ty: Ty,
        compute: impl FnOnce(&mut Self) -> ir::Value,
    ) -> ir::Value {
        let [away, done] = [(); 2].map(|()| self.b.create_block());
        self.b.append_block_param(done, clif(ty));
        self.b.set_cold_block(away);
        self.b.ins().brif(cond, done, &[BlockArg::Value(value)], away, &[]);
        self.b.switch_to_block(away);
        let result = compute(self);
        self.b.ins().jump(done, &[BlockArg::Value(result)]);
        self.b.switch_to_block(done);
        self.b.block_params(done)[0]
    }

    /// Base register and displacement. Constants added to the index or the base move into the
    /// displacement, so that `a[i - 1]`, `a[i]` and `a[i + 1]` share one index register.
    pub fn address(&mut self, addr: &Address) -> (ir::Value, i32) {
        let mut disp = addr.disp;
        let mut base = addr.base;
        while let Some((inner, offset)) = self.constant_offset(base)
            && let Ok(moved) = i32::try_from(i64::from(disp).wrapping_add(offset))
        {
            (base, disp) = (inner, moved);
        }
        let base = self.value(base);
        let Some((mut index, scale)) = addr.index else {
            return (base, disp);
        };
        while let Some((inner, offset)) = self.constant_offset(index)
            && let Some(bytes) = offset.checked_mul(i64::from(scale))
            && let Some(moved) = i64::from(disp).checked_add(bytes)
            && let Ok(moved) = i32::try_from(moved)
        {
            (index, disp) = (inner, moved);
        }
        let index = self.value(index);
        let bytes = match scale {
            1 => index,
            scale if scale.is_power_of_two() => {
                self.b.ins().ishl_imm_u(index, i64::from(scale.trailing_zeros()))
            }
            scale => self.b.ins().imul_imm_s(index, i64::from(scale)),
        };
        (self.b.ins().iadd(base, bytes), disp)
    }

    /// The value as another plus a constant. The wrapped result of a checked sum will do: where it has
    /// wrapped, the guard after it has left.
    fn constant_offset(&self, value: Value) -> Option<(Value, i64)> {
        let Def::Result { inst, index: 0 } = self.mir.values[value].def else {
            return None;
        };
        let sum = |lhs: Value, rhs: Value| {
            constant(self.mir, rhs).map(|k| (lhs, k)).or_else(|| constant(self.mir, lhs).map(|k| (rhs, k)))
        };
        let difference = |lhs: Value, rhs: Value| Some((lhs, constant(self.mir, rhs)?.checked_neg()?));
        let op = &self.mir.insts[inst].op;
        if let Op::Binary { op: BinaryOp::Iadd, lhs, rhs } | Op::Checked { op: CheckedOp::Add, lhs, rhs } =
            *op
        {
            sum(lhs, rhs)
        } else if let Op::Binary { op: BinaryOp::Isub, lhs, rhs }
        | Op::Checked { op: CheckedOp::Sub, lhs, rhs } = *op
        {
            difference(lhs, rhs)
        } else if let Op::PtrAdd { base, bytes } = *op {
            Some((base, constant(self.mir, bytes)?))
        } else {
            None
        }
    }
}

/// A condition as Cranelift has it.
pub(super) enum Code {
    Int(IntCC),
    Float(FloatCC),
}

pub(super) fn code(cond: Cond) -> Code {
    match cond {
        Cond::Eq => Code::Int(IntCC::Equal),
        Cond::Ne => Code::Int(IntCC::NotEqual),
        Cond::Slt => Code::Int(IntCC::SignedLessThan),
        Cond::Sle => Code::Int(IntCC::SignedLessThanOrEqual),
        Cond::Sgt => Code::Int(IntCC::SignedGreaterThan),
        Cond::Sge => Code::Int(IntCC::SignedGreaterThanOrEqual),
        Cond::Ult => Code::Int(IntCC::UnsignedLessThan),
        Cond::Ule => Code::Int(IntCC::UnsignedLessThanOrEqual),
        Cond::Ugt => Code::Int(IntCC::UnsignedGreaterThan),
        Cond::Uge => Code::Int(IntCC::UnsignedGreaterThanOrEqual),
        Cond::Feq => Code::Float(FloatCC::Equal),
        Cond::Flt => Code::Float(FloatCC::LessThan),
        Cond::Fle => Code::Float(FloatCC::LessThanOrEqual),
        Cond::Fgt => Code::Float(FloatCC::GreaterThan),
        Cond::Fge => Code::Float(FloatCC::GreaterThanOrEqual),
        Cond::Fne => Code::Float(FloatCC::NotEqual),
    }
}

/// Small additions to Cranelift's instruction builder.
pub(super) trait InsExt {
    /// Zero-extends a byte to `ty`, which may be a byte already.
    fn uextend_to(self, ty: ir::Type, byte: ir::Value) -> ir::Value;
}
impl<'a, T: InstBuilder<'a>> InsExt for T {
    fn uextend_to(self, ty: ir::Type, byte: ir::Value) -> ir::Value {
        if ty == types::I8 { byte } else { self.uextend(ty, byte) }
    }
}
