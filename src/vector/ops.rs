//! Arithmetic, comparison and choice: one instruction where there is one, else a short sequence.
//!
//! In: operations of MIR on lanes. Out: instructions that give the bits of `mir::eval`. Invariant: a sequence
//! writes its result last, so that the result may take the place of an operand.

use super::asm::{Arg, Reg, Size};
use super::emit::{Emit, by_width, repeat};
use super::forms::{self, Form};
use super::order;
use super::regs::ACTIVE;
use super::{Isa, Stop};
use crate::mir::vloop::{Lane, NodeOp};
use crate::mir::{BinaryOp, Cond, MathFn, Ty, UnaryOp};
use iced_x86::Code;

const ADD: [Form; 4] = [forms::PADD_B, forms::PADD_W, forms::PADD_D, forms::PADD_Q];
const SUB: [Form; 4] = [forms::PSUB_B, forms::PSUB_W, forms::PSUB_D, forms::PSUB_Q];
const MIN_S: [Form; 4] = [forms::PMINS_B, forms::PMINS_W, forms::PMINS_D, forms::PMINS_Q];
const MAX_S: [Form; 4] = [forms::PMAXS_B, forms::PMAXS_W, forms::PMAXS_D, forms::PMAXS_Q];
const MIN_U: [Form; 4] = [forms::PMINU_B, forms::PMINU_W, forms::PMINU_D, forms::PMINU_Q];
const MAX_U: [Form; 4] = [forms::PMAXU_B, forms::PMAXU_W, forms::PMAXU_D, forms::PMAXU_Q];
pub const EQUAL: [Form; 4] = [forms::PCMPEQ_B, forms::PCMPEQ_W, forms::PCMPEQ_D, forms::PCMPEQ_Q];
const GREATER: [Form; 4] = [forms::PCMPGT_B, forms::PCMPGT_W, forms::PCMPGT_D, forms::PCMPGT_Q];
const COMPARE_S: [Form; 4] = [forms::PCMP_B, forms::PCMP_W, forms::PCMP_D, forms::PCMP_Q];
const COMPARE_U: [Form; 4] = [forms::PCMP_UB, forms::PCMP_UW, forms::PCMP_UD, forms::PCMP_UQ];
const BLEND: [Form; 4] = [forms::PBLENDM_B, forms::PBLENDM_W, forms::PBLENDM_D, forms::PBLENDM_Q];

const SIGN: u64 = 1 << 63;

/// The form for this float type.
pub fn float(ty: Ty, double: Form, single: Form) -> Form {
    if ty == Ty::F32 { single } else { double }
}

/// The single instruction of an operation.
fn single(op: BinaryOp, ty: Ty, isa: Isa) -> Option<Form> {
    let width = ty.bytes();
    // AVX2 has no shifts by lanes of 16 bits; nobody has them of 8.
    let shift = |w: Form, d: Form, q: Form| match width {
        1 => None,
        2 => isa.masks().then_some(w),
        4 => Some(d),
        _ => Some(q),
    };
    // AVX2 has no 64-bit forms of these.
    let but_q = |forms: [Form; 4]| (width < 8 || isa.masks()).then(|| by_width(width, forms));
    match op {
        BinaryOp::Iadd => Some(by_width(width, ADD)),
        BinaryOp::Isub => Some(by_width(width, SUB)),
        BinaryOp::Imul => match width {
            2 => Some(forms::PMULL_W),
            4 => Some(forms::PMULL_D),
            8 if isa.masks() => Some(forms::PMULL_Q),
            _ => None,
        },
        BinaryOp::Ishl => shift(forms::PSLLV_W, forms::PSLLV_D, forms::PSLLV_Q),
        BinaryOp::Ushr => shift(forms::PSRLV_W, forms::PSRLV_D, forms::PSRLV_Q),
        BinaryOp::Sshr if width == 8 && !isa.masks() => None,
        BinaryOp::Sshr => shift(forms::PSRAV_W, forms::PSRAV_D, forms::PSRAV_Q),
        BinaryOp::Band => Some(forms::PAND),
        BinaryOp::Bor => Some(forms::POR),
        BinaryOp::Bxor => Some(forms::PXOR),
        BinaryOp::Smin => but_q(MIN_S),
        BinaryOp::Smax => but_q(MAX_S),
        BinaryOp::Umin => but_q(MIN_U),
        BinaryOp::Umax => but_q(MAX_U),
        BinaryOp::Fadd => Some(float(ty, forms::ADD_PD, forms::ADD_PS)),
        BinaryOp::Fsub => Some(float(ty, forms::SUB_PD, forms::SUB_PS)),
        BinaryOp::Fmul => Some(float(ty, forms::MUL_PD, forms::MUL_PS)),
        BinaryOp::Fdiv => Some(float(ty, forms::DIV_PD, forms::DIV_PS)),
        BinaryOp::Sdiv
        | BinaryOp::Udiv
        | BinaryOp::Srem
        | BinaryOp::Urem
        | BinaryOp::FloorDiv
        | BinaryOp::FloorMod
        | BinaryOp::Smulhi
        | BinaryOp::Umulhi
        | BinaryOp::Fmin
        | BinaryOp::Fmax => None,
    }
}

fn commutes(op: BinaryOp) -> bool {
    match op {
        BinaryOp::Iadd
        | BinaryOp::Imul
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
        | BinaryOp::Fmul
        | BinaryOp::Fmin
        | BinaryOp::Fmax => true,
        BinaryOp::Isub
        | BinaryOp::Sdiv
        | BinaryOp::Udiv
        | BinaryOp::Srem
        | BinaryOp::Urem
        | BinaryOp::FloorDiv
        | BinaryOp::FloorMod
        | BinaryOp::Ishl
        | BinaryOp::Sshr
        | BinaryOp::Ushr
        | BinaryOp::Fsub
        | BinaryOp::Fdiv => false,
    }
}

impl Emit<'_> {
    pub fn unary(&mut self, op: UnaryOp, ty: Ty, arg: Lane) -> Result<Reg, Stop> {
        let size = self.size(ty.bytes());
        let a = self.get(arg)?;
        if ty == Ty::Bool {
            if op != UnaryOp::Bnot {
                return Err(Stop::Unsupported("arithmetic on masks"));
            }
            let to = self.not(a)?;
            self.done(arg);
            return Ok(to);
        }
        let to = self.vector()?;
        match op {
            UnaryOp::Ineg => {
                let zero = self.bits(0)?;
                self.v3(by_width(ty.bytes(), SUB), size, to, zero, a);
                self.give(zero);
            }
            UnaryOp::Bnot => self.with_bits(forms::PXOR, size, to, a, u64::MAX)?,
            UnaryOp::Fneg => {
                let sign = repeat(SIGN >> (64 - 8 * ty.bytes()), ty.bytes());
                self.with_bits(forms::PXOR, size, to, a, sign)?;
            }
            UnaryOp::Popcnt | UnaryOp::Clz | UnaryOp::Ctz => return Err(Stop::Unsupported("bit counts")),
        }
        self.done(arg);
        Ok(to)
    }

    /// `to = a op bits`; not for forms of lanes of 8 and 16 bits.
    pub fn with_bits(&mut self, form: Form, size: Size, to: Reg, a: Reg, bits: u64) -> Result<(), Stop> {
        if let Some(mem) = self.bits_in_memory(bits) {
            self.asm.form(form, size, &[to.at(size).into(), a.at(size).into(), mem]);
            return Ok(());
        }
        let constant = self.bits(bits)?;
        self.v3(form, size, to, a, constant);
        self.give(constant);
        Ok(())
    }

    /// The other lanes of a mask.
    fn not(&mut self, a: Reg) -> Result<Reg, Stop> {
        if self.isa.masks() {
            let to = self.pool.mask()?;
            self.masks(Code::VEX_Kandnq_kr_kr_kr, to, a, ACTIVE);
            return Ok(to);
        }
        let to = self.vector()?;
        self.with_bits(forms::PXOR, self.mask_size(), to, a, u64::MAX)?;
        Ok(to)
    }

    fn masks(&mut self, code: Code, to: Reg, a: Reg, b: Reg) {
        self.asm.op(code, &[to, a, b].map(|k| Arg::Reg(k.at(Size::X))));
    }

    pub fn binary(&mut self, op: BinaryOp, ty: Ty, lhs: Lane, rhs: Lane) -> Result<Reg, Stop> {
        if ty == Ty::Bool {
            return self.binary_mask(op, lhs, rhs);
        }
        let size = self.size(ty.bytes());
        if let BinaryOp::Ishl | BinaryOp::Sshr | BinaryOp::Ushr = op
            && let NodeOp::Const(count) = self.v.nodes[rhs.0 as usize].op
        {
            let a = self.get(lhs)?;
            let to = self.vector()?;
            self.shift(op, ty, to, a, count as u8 & (8 * ty.bytes() as u8 - 1))?;
            self.done(lhs);
            self.done(rhs);
            return Ok(to);
        }
        if let Some(form) = single(op, ty, self.isa) {
            let swap = commutes(op) && self.is_in_memory(lhs) && !self.is_in_memory(rhs);
            let (first, second) = if swap { (rhs, lhs) } else { (lhs, rhs) };
            let a = self.get(first)?;
            let b = self.get_or_memory(second)?;
            self.done(lhs);
            self.done(rhs);
            let to = self.vector()?;
            self.asm.form(form, size, &[to.at(size).into(), a.at(size).into(), b]);
            return Ok(to);
        }
        let (a, b) = (self.get(lhs)?, self.get(rhs)?);
        let to = self.vector()?;
        self.combine(to, op, ty, size, a, b)?;
        self.done(lhs);
        self.done(rhs);
        Ok(to)
    }

    /// `to = a op b` on masks: one of `Band`, `Bor`.
    pub fn join_masks(&mut self, and: bool, to: Reg, a: Reg, b: Reg) {
        if self.isa.masks() {
            self.masks(if and { Code::VEX_Kandq_kr_kr_kr } else { Code::VEX_Korq_kr_kr_kr }, to, a, b);
        } else {
            self.v3(if and { forms::PAND } else { forms::POR }, self.mask_size(), to, a, b);
        }
    }

    fn binary_mask(&mut self, op: BinaryOp, lhs: Lane, rhs: Lane) -> Result<Reg, Stop> {
        let known = [
            (BinaryOp::Band, forms::PAND, Code::VEX_Kandq_kr_kr_kr),
            (BinaryOp::Bor, forms::POR, Code::VEX_Korq_kr_kr_kr),
            (BinaryOp::Bxor, forms::PXOR, Code::VEX_Kxorq_kr_kr_kr),
        ];
        let found = known.into_iter().find(|(known, ..)| *known == op);
        let (_, form, code) = found.ok_or(Stop::Unsupported("arithmetic on masks"))?;
        let (a, b) = (self.get(lhs)?, self.get(rhs)?);
        self.done(lhs);
        self.done(rhs);
        if self.isa.masks() {
            let to = self.pool.mask()?;
            self.masks(code, to, a, b);
            return Ok(to);
        }
        let to = self.vector()?;
        self.v3(form, self.mask_size(), to, a, b);
        Ok(to)
    }

    /// `to = a op b` on registers; `to` may be one of them.
    pub fn combine(&mut self, to: Reg, op: BinaryOp, ty: Ty, size: Size, a: Reg, b: Reg) -> Result<(), Stop> {
        if let Some(form) = single(op, ty, self.isa) {
            self.v3(form, size, to, a, b);
            return Ok(());
        }
        match (op, ty.bytes()) {
            (BinaryOp::Fmin | BinaryOp::Fmax, _) => return self.minimum(to, op, ty, size, a, b),
            (BinaryOp::Imul, 8) => {
                // The low halves' product and, above it, the crosswise ones.
                let [t, u] = [self.vector()?, self.vector()?];
                self.v2i(forms::PSRL_Q, size, t, a, 32);
                self.v3(forms::PMULU_DQ, size, t, t, b);
                self.v2i(forms::PSRL_Q, size, u, b, 32);
                self.v3(forms::PMULU_DQ, size, u, u, a);
                self.v3(forms::PADD_Q, size, t, t, u);
                self.v2i(forms::PSLL_Q, size, t, t, 32);
                self.v3(forms::PMULU_DQ, size, u, a, b);
                self.v3(forms::PADD_Q, size, to, t, u);
                self.give(t);
                self.give(u);
            }
            (BinaryOp::Imul, 1) => {
                // Odd bytes and even bytes as words.
                let [t, u] = [self.vector()?, self.vector()?];
                self.v2i(forms::PSRL_W, size, t, a, 8);
                self.v2i(forms::PSRL_W, size, u, b, 8);
                self.v3(forms::PMULL_W, size, t, t, u);
                self.v2i(forms::PSLL_W, size, t, t, 8);
                self.v3(forms::PMULL_W, size, u, a, b);
                self.v2i(forms::PSLL_W, size, u, u, 8);
                self.v2i(forms::PSRL_W, size, u, u, 8);
                self.v3(forms::POR, size, to, t, u);
                self.give(t);
                self.give(u);
            }
            (BinaryOp::Smin | BinaryOp::Smax | BinaryOp::Umin | BinaryOp::Umax, 8) => {
                let signed = matches!(op, BinaryOp::Smin | BinaryOp::Smax);
                let greater = self.greater_q(signed, size, a, b)?;
                let lowest = matches!(op, BinaryOp::Smin | BinaryOp::Umin);
                let (clear, set) = if lowest { (a, b) } else { (b, a) };
                let args = [to, clear, set, greater].map(|reg| Arg::Reg(reg.at(size)));
                self.asm.form(forms::PBLENDV, size, &args);
                self.give(greater);
            }
            (BinaryOp::Sshr, 8) => {
                let [t, u] = [self.vector()?, self.vector()?];
                let sign = self.bits(SIGN)?;
                self.v3(forms::PSRLV_Q, size, t, sign, b);
                self.v3(forms::PSRLV_Q, size, u, a, b);
                self.v3(forms::PXOR, size, u, u, t);
                self.v3(forms::PSUB_Q, size, to, u, t);
                self.give(sign);
                self.give(t);
                self.give(u);
            }
            _ => return Err(Stop::Unsupported("operation")),
        }
        Ok(())
    }

    /// AVX2: lanes where `a > b`, of 64 bits.
    fn greater_q(&mut self, signed: bool, size: Size, a: Reg, b: Reg) -> Result<Reg, Stop> {
        let t = self.vector()?;
        if signed {
            self.v3(forms::PCMPGT_Q, size, t, a, b);
            return Ok(t);
        }
        let u = self.vector()?;
        let sign = self.bits(SIGN)?;
        self.v3(forms::PXOR, size, t, a, sign);
        self.v3(forms::PXOR, size, u, b, sign);
        self.v3(forms::PCMPGT_Q, size, t, t, u);
        self.give(sign);
        self.give(u);
        Ok(t)
    }

    /// IEEE 754-2019 minimum and maximum. The instruction gives its second operand if either is nan and for
    /// zeros of both signs; so both orders are taken, and their bits joined.
    fn minimum(&mut self, to: Reg, op: BinaryOp, ty: Ty, size: Size, a: Reg, b: Reg) -> Result<(), Stop> {
        let [t, u] = [self.vector()?, self.vector()?];
        if op == BinaryOp::Fmin {
            // -0 or 0 is -0; nan or anything is nan.
            let form = float(ty, forms::MIN_PD, forms::MIN_PS);
            self.v3(form, size, t, a, b);
            self.v3(form, size, u, b, a);
            self.v3(forms::POR, size, to, t, u);
        } else {
            // -0 and 0 is 0; nan is put back.
            let form = float(ty, forms::MAX_PD, forms::MAX_PS);
            self.v3(form, size, t, a, b);
            self.v3(form, size, u, b, a);
            self.v3(forms::PAND, size, t, t, u);
            let compare = float(ty, forms::CMP_PD, forms::CMP_PS);
            if self.isa.masks() {
                let nan = self.pool.mask()?;
                self.v3i(compare, size, nan, a, b, UNORDERED);
                let args = [t, a, b].map(|reg| Arg::Reg(reg.at(size)));
                self.asm.masked(float(ty, forms::ADD_PD, forms::ADD_PS), size, &args, Some(nan), false);
                self.copy(size, to, t);
                self.give(nan);
            } else {
                self.v3i(compare, size, u, a, b, UNORDERED);
                self.v3(forms::POR, size, to, t, u);
            }
        }
        self.give(t);
        self.give(u);
        Ok(())
    }

    /// Shift of every lane by the same number.
    fn shift(&mut self, op: BinaryOp, ty: Ty, to: Reg, a: Reg, count: u8) -> Result<(), Stop> {
        let width = ty.bytes();
        let size = self.size(width);
        let [left, right, signed] = match width {
            1 | 2 => [forms::PSLL_W, forms::PSRL_W, forms::PSRA_W],
            4 => [forms::PSLL_D, forms::PSRL_D, forms::PSRA_D],
            _ => [forms::PSLL_Q, forms::PSRL_Q, forms::PSRA_Q],
        };
        let is_left = op == BinaryOp::Ishl;
        let lacks_signed = width == 1 || (width == 8 && !self.isa.masks());
        if width > 1 && !(op == BinaryOp::Sshr && lacks_signed) {
            let unsigned = if is_left { left } else { right };
            self.v2i(if op == BinaryOp::Sshr { signed } else { unsigned }, size, to, a, count);
            return Ok(());
        }
        self.v2i(if is_left { left } else { right }, size, to, a, count);
        if width == 1 {
            // Bits of the neighbour go.
            let stay = if is_left { 0xff << count } else { 0xff >> count };
            self.with_bits(forms::PAND, size, to, to, repeat(stay, 1))?;
        }
        if op == BinaryOp::Sshr {
            // The sign bit, where it now stands, spreads upward.
            let sign = self.bits(repeat(1 << (8 * width - 1) >> count, width))?;
            self.v3(forms::PXOR, size, to, to, sign);
            self.v3(by_width(width, SUB), size, to, to, sign);
            self.give(sign);
        }
        Ok(())
    }

    pub fn compare(&mut self, cond: Cond, lhs: Lane, rhs: Lane) -> Result<Reg, Stop> {
        let ty = self.ty(lhs);
        if ty == Ty::Bool {
            return self.compare_masks(cond, lhs, rhs);
        }
        if ty.is_float() || self.isa.masks() {
            let a = self.get(lhs)?;
            let b = self.get_or_memory(rhs)?;
            self.done(lhs);
            self.done(rhs);
            return self.compare_by_predicate(cond, ty, a, b, self.partial(ty.bytes()));
        }
        let (a, b) = (self.get(lhs)?, self.get(rhs)?);
        let to = self.compare_integers(cond, ty, a, b)?;
        self.done(lhs);
        self.done(rhs);
        Ok(to)
    }

    /// The mask of a comparison, in a register of its own; of the lanes in `active`.
    pub fn compare_registers(
        &mut self,
        cond: Cond,
        ty: Ty,
        a: Reg,
        b: Reg,
        active: Option<Reg>,
    ) -> Result<Reg, Stop> {
        if ty.is_float() || self.isa.masks() {
            let b = b.at(self.size(ty.bytes())).into();
            self.compare_by_predicate(cond, ty, a, b, active)
        } else {
            self.compare_integers(cond, ty, a, b)
        }
    }

    fn compare_by_predicate(
        &mut self,
        cond: Cond,
        ty: Ty,
        a: Reg,
        b: Arg,
        active: Option<Reg>,
    ) -> Result<Reg, Stop> {
        let width = ty.bytes();
        let size = self.size(width);
        let (form, predicate) = match predicate(cond) {
            Predicate::Float(predicate) => (float(ty, forms::CMP_PD, forms::CMP_PS), predicate),
            Predicate::Signed(predicate) => (by_width(width, COMPARE_S), predicate),
            Predicate::Unsigned(predicate) => (by_width(width, COMPARE_U), predicate),
        };
        let to = if self.isa.masks() { self.pool.mask()? } else { self.vector()? };
        let args = [to.at(size).into(), a.at(size).into(), b, Arg::Imm8(predicate)];
        if self.isa.masks() {
            self.asm.masked(form, size, &args, active, false);
        } else {
            self.asm.form(form, size, &args);
            self.widen_mask(to, width);
        }
        Ok(to)
    }

    /// AVX2: what has instructions for equal and greater only.
    fn compare_integers(&mut self, cond: Cond, ty: Ty, a: Reg, b: Reg) -> Result<Reg, Stop> {
        let width = ty.bytes();
        let size = self.size(width);
        let to = self.vector()?;
        // `negate` where only the opposite has instructions.
        let negate = match cond {
            Cond::Eq | Cond::Ne => {
                self.v3(by_width(width, EQUAL), size, to, a, b);
                cond == Cond::Ne
            }
            Cond::Sgt | Cond::Sle => {
                self.v3(by_width(width, GREATER), size, to, a, b);
                cond == Cond::Sle
            }
            Cond::Slt | Cond::Sge => {
                self.v3(by_width(width, GREATER), size, to, b, a);
                cond == Cond::Sge
            }
            Cond::Ult | Cond::Ule | Cond::Ugt | Cond::Uge if width == 8 => {
                let (a, b) = if matches!(cond, Cond::Ugt | Cond::Ule) { (a, b) } else { (b, a) };
                let greater = self.greater_q(false, size, a, b)?;
                self.copy(size, to, greater);
                self.give(greater);
                matches!(cond, Cond::Ule | Cond::Uge)
            }
            Cond::Ult | Cond::Uge => {
                // a >= b: a is the greater of both.
                self.v3(by_width(width, MAX_U), size, to, a, b);
                self.v3(by_width(width, EQUAL), size, to, to, a);
                cond == Cond::Ult
            }
            Cond::Ugt | Cond::Ule => {
                self.v3(by_width(width, MIN_U), size, to, a, b);
                self.v3(by_width(width, EQUAL), size, to, to, a);
                cond == Cond::Ugt
            }
            Cond::Feq | Cond::Flt | Cond::Fle | Cond::Fgt | Cond::Fge | Cond::Fne => {
                return Err(Stop::Unsupported("float comparison of integers"));
            }
        };
        if negate {
            self.with_bits(forms::PXOR, size, to, to, u64::MAX)?;
        }
        self.widen_mask(to, width);
        Ok(to)
    }

    /// A partial register's other lanes must not get into a mask.
    pub fn partial(&self, width: u32) -> Option<Reg> {
        (self.lanes * width < 16).then_some(ACTIVE)
    }

    fn compare_masks(&mut self, cond: Cond, lhs: Lane, rhs: Lane) -> Result<Reg, Stop> {
        if !matches!(cond, Cond::Eq | Cond::Ne) {
            return Err(Stop::Unsupported("order of masks"));
        }
        let differ = self.binary_mask(BinaryOp::Bxor, lhs, rhs)?;
        if cond == Cond::Ne {
            return Ok(differ);
        }
        let to = self.not(differ)?;
        self.give(differ);
        Ok(to)
    }

    pub fn select(&mut self, ty: Ty, cond: Lane, then: Lane, orelse: Lane) -> Result<Reg, Stop> {
        if ty == Ty::Bool {
            return self.select_mask(cond, then, orelse);
        }
        let width = ty.bytes();
        let size = self.size(width);
        if self.order.fused[cond.0 as usize]
            && let Some(least) = order::extreme(self.v, &NodeOp::Select { cond, then, orelse })
        {
            let a = self.get(then)?;
            let b = self.get_or_memory(orelse)?;
            self.done(then);
            self.done(orelse);
            let [min, max] = [[forms::MIN_PD, forms::MIN_PS], [forms::MAX_PD, forms::MAX_PS]];
            let [double, single] = if least { min } else { max };
            let to = self.vector()?;
            self.asm.form(float(ty, double, single), size, &[to.at(size).into(), a.at(size).into(), b]);
            return Ok(to);
        }
        let c = self.get(cond)?;
        let e = self.get(orelse)?;
        let t = self.get_or_memory(then)?;
        let to;
        if self.isa.masks() {
            to = self.vector()?;
            let args = [to.at(size).into(), e.at(size).into(), t];
            self.asm.masked(by_width(width, BLEND), size, &args, Some(c), false);
        } else {
            let narrow = self.narrow_mask(c, width)?;
            to = self.vector()?;
            let args = [to.at(size).into(), e.at(size).into(), t, narrow.at(size).into()];
            self.asm.form(forms::PBLENDV, size, &args);
            if narrow != c {
                self.give(narrow);
            }
        }
        for lane in [cond, then, orelse] {
            self.done(lane);
        }
        Ok(to)
    }

    fn select_mask(&mut self, cond: Lane, then: Lane, orelse: Lane) -> Result<Reg, Stop> {
        let [c, t, e] = [self.get(cond)?, self.get(then)?, self.get(orelse)?];
        let to = if self.isa.masks() {
            let [to, other] = [self.pool.mask()?, self.pool.mask()?];
            self.masks(Code::VEX_Kandq_kr_kr_kr, to, c, t);
            self.masks(Code::VEX_Kandnq_kr_kr_kr, other, c, e);
            self.masks(Code::VEX_Korq_kr_kr_kr, to, to, other);
            self.give(other);
            to
        } else {
            let to = self.vector()?;
            let size = self.mask_size();
            self.asm.form(forms::PBLENDV, size, &[to, e, t, c].map(|reg| Arg::Reg(reg.at(size))));
            to
        };
        for lane in [cond, then, orelse] {
            self.done(lane);
        }
        Ok(to)
    }

    pub fn math(&mut self, func: MathFn, ty: Ty, args: &[Lane]) -> Result<Reg, Stop> {
        let size = self.size(ty.bytes());
        let sign = repeat(SIGN >> (64 - 8 * ty.bytes()), ty.bytes());
        let round = float(ty, forms::ROUND_PD, forms::ROUND_PS);
        let to;
        match func {
            // The rounding mode; 8: no exception for inexact results.
            MathFn::Rint => return self.instruction(round, ty, args[0], Some(8)),
            MathFn::Floor => return self.instruction(round, ty, args[0], Some(9)),
            MathFn::Ceil => return self.instruction(round, ty, args[0], Some(10)),
            MathFn::Trunc => return self.instruction(round, ty, args[0], Some(11)),
            MathFn::Sqrt => {
                return self.instruction(float(ty, forms::SQRT_PD, forms::SQRT_PS), ty, args[0], None);
            }
            MathFn::Abs => {
                let a = self.get(args[0])?;
                to = self.vector()?;
                self.with_bits(forms::PAND, size, to, a, !sign)?;
            }
            MathFn::CopySign => {
                let (a, b) = (self.get(args[0])?, self.get(args[1])?);
                to = self.vector()?;
                let sign_of = self.vector()?;
                self.with_bits(forms::PAND, size, sign_of, b, sign)?;
                self.with_bits(forms::PAND, size, to, a, !sign)?;
                self.v3(forms::POR, size, to, to, sign_of);
                self.give(sign_of);
            }
            MathFn::Fma => return self.fma(ty, args),
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
            | MathFn::Remainder => return Err(Stop::Unsupported("function")),
        }
        for lane in args {
            self.done(*lane);
        }
        Ok(to)
    }

    /// `a * b + c`, with either sign of the product and of `c`, in the register of an operand that nobody needs any
    /// more, if there is one.
    fn fma(&mut self, ty: Ty, args: &[Lane]) -> Result<Reg, Stop> {
        let size = self.size(ty.bytes());
        let [(a, a_minus), (b, b_minus), (c, minus)] =
            [args[0], args[1], args[2]].map(|arg| self.order.without_sign(self.v, arg));
        let single = ty == Ty::F32;
        // By where the result goes: `to = to * third + second`, `second * to + third`, `second * third + to`.
        let [outer, inner, sum] = match (a_minus != b_minus, minus, single) {
            (false, false, false) => [forms::FMADD132_PD, forms::FMADD213_PD, forms::FMADD231_PD],
            (false, false, true) => [forms::FMADD132_PS, forms::FMADD213_PS, forms::FMADD231_PS],
            (false, true, false) => [forms::FMSUB132_PD, forms::FMSUB213_PD, forms::FMSUB231_PD],
            (false, true, true) => [forms::FMSUB132_PS, forms::FMSUB213_PS, forms::FMSUB231_PS],
            (true, false, false) => [forms::FNMADD132_PD, forms::FNMADD213_PD, forms::FNMADD231_PD],
            (true, false, true) => [forms::FNMADD132_PS, forms::FNMADD213_PS, forms::FNMADD231_PS],
            (true, true, false) => [forms::FNMSUB132_PD, forms::FNMSUB213_PD, forms::FNMSUB231_PD],
            (true, true, true) => [forms::FNMSUB132_PS, forms::FNMSUB213_PS, forms::FNMSUB231_PS],
        };
        // One operand may be in memory: the sum, or else a factor, which then stands second.
        let sum_in_memory = self.is_in_memory(c);
        let (a, b) = if !sum_in_memory && self.is_in_memory(a) { (b, a) } else { (a, b) };
        let factor_in_memory = !sum_in_memory && self.is_in_memory(b);
        let x = self.get(a)?;
        let [y, z] = if factor_in_memory {
            let z = self.get(c)?.at(size).into();
            [self.get_or_memory(b)?, z]
        } else {
            [self.get(b)?.at(size).into(), self.get_or_memory(c)?]
        };
        let registers = [a, b, c].map(|lane| self.held[lane.0 as usize]);
        for lane in [a, b, c] {
            self.done(lane);
        }
        let mut dies = |reg: Option<Reg>| reg.filter(|reg| self.pool.take(*reg));
        let (form, to, args) = if let Some(to) = dies(registers[2]) {
            (sum, to, [x.at(size).into(), y])
        } else if let Some(to) = dies(Some(x)) {
            if factor_in_memory { (outer, to, [z, y]) } else { (inner, to, [y, z]) }
        } else if let Some(to) = dies(registers[1]) {
            (inner, to, [x.at(size).into(), z])
        } else {
            let bits = |reg: Option<Reg>| reg.map_or(0, |reg| 1 << reg.0);
            self.spills.busy = registers.into_iter().map(bits).fold(0, |all, bit| all | bit);
            let to = self.vector();
            self.spills.busy = 0;
            let to = to?;
            self.copy(size, to, x);
            if factor_in_memory { (outer, to, [z, y]) } else { (inner, to, [y, z]) }
        };
        self.asm.form(form, size, &[to.at(size).into(), args[0], args[1]]);
        Ok(to)
    }

    /// A function of one operand that is one instruction.
    fn instruction(&mut self, form: Form, ty: Ty, arg: Lane, imm: Option<u8>) -> Result<Reg, Stop> {
        let size = self.size(ty.bytes());
        let a = self.get_or_memory(arg)?;
        self.done(arg);
        let to = self.vector()?;
        let args = [to.at(size).into(), a, Arg::Imm8(imm.unwrap_or(0))];
        self.asm.form(form, size, &args[..2 + usize::from(imm.is_some())]);
        Ok(to)
    }
}

/// "Either is nan", among the predicates of float comparison.
pub const UNORDERED: u8 = 3;

enum Predicate {
    Float(u8),
    Signed(u8),
    Unsigned(u8),
}

/// The instructions' number of a comparison; floats without exceptions for quiet nan.
fn predicate(cond: Cond) -> Predicate {
    match cond {
        Cond::Eq => Predicate::Signed(0),
        Cond::Slt => Predicate::Signed(1),
        Cond::Sle => Predicate::Signed(2),
        Cond::Ne => Predicate::Signed(4),
        Cond::Sge => Predicate::Signed(5),
        Cond::Sgt => Predicate::Signed(6),
        Cond::Ult => Predicate::Unsigned(1),
        Cond::Ule => Predicate::Unsigned(2),
        Cond::Uge => Predicate::Unsigned(5),
        Cond::Ugt => Predicate::Unsigned(6),
        Cond::Feq => Predicate::Float(0),
        Cond::Flt => Predicate::Float(17),
        Cond::Fle => Predicate::Float(18),
        Cond::Fgt => Predicate::Float(30),
        Cond::Fge => Predicate::Float(29),
        Cond::Fne => Predicate::Float(4),
    }
}
