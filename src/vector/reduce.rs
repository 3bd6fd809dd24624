//! Reductions: one accumulator for each vector of a turn, combined at the end; or lane after lane, in order.
//!
//! In: the values of each vector. Out: the combined value in its word. Invariant: the initial value joins at
//! the end, or first where the order counts; lanes that do not run never reach an accumulator. Sums of bytes add
//! up eight at once, so that lanes are as narrow as the bytes.

use super::Stop;
use super::asm::{Reg, Size};
use super::emit::{Emit, repeat, word};
use super::forms;
use super::memory::Access;
use super::ops::float;
use super::regs::ACTIVE;
use crate::mir::vloop::{Combine, Lane, NodeOp, VLoop, VReduction};
use crate::mir::{BinaryOp, ConvertOp, Ty};
use iced_x86::{Code, Register};

/// The loaded bytes that a reduction adds up as numbers of 64 bits without a sign.
pub fn bytes_added(v: &VLoop, reduction: &VReduction) -> Option<Lane> {
    let NodeOp::Convert { op: ConvertOp::Zext, arg } = v.node(reduction.value).op else { return None };
    let node = v.node(arg);
    let NodeOp::Load { at, mask: None } = &node.op else { return None };
    let added = reduction.combine == Combine::Op(BinaryOp::Iadd) && v.node(reduction.value).ty == Ty::I64;
    (added && node.ty == Ty::I8 && Access::of(at, node.ty) == Access::Consecutive).then_some(arg)
}

impl Emit<'_> {
    /// True if the order of combining can be seen.
    fn in_order(&self, reduction: &VReduction) -> bool {
        reduction.ordered && self.ty(reduction.value).is_float()
    }

    pub fn start_reductions(&mut self, copies: usize) -> Result<(), Stop> {
        let v = self.v;
        for (index, reduction) in v.reductions.iter().enumerate() {
            let ty = self.ty(reduction.value);
            let mut registers = Vec::new();
            if let Combine::Best { .. } = reduction.combine {
                let start = self.search_start(index);
                for _ in 0..copies {
                    let reg = self.keep_register()?;
                    self.load_splat(reg, start);
                    registers.push(reg);
                }
            } else if self.in_order(reduction) {
                let reg = self.keep_register()?;
                self.load_initial(index, ty, reg);
                registers.push(reg);
            } else {
                let start = repeat(start(reduction.combine, ty)?, ty.bytes());
                for _ in 0..copies {
                    let reg = self.keep_register()?;
                    self.load_splat(reg, super::emit::Splat::Bits(start));
                    registers.push(reg);
                }
            }
            self.accumulators.push(registers);
        }
        Ok(())
    }

    pub fn load_initial(&mut self, index: usize, ty: Ty, to: Reg) {
        let mem = word((self.v.inputs.len() + index) as u32);
        let form = if ty.bytes() == 8 { forms::MOV_Q_TO } else { forms::MOV_D_TO };
        self.asm.form(form, Size::X, &[to.at(Size::X).into(), mem.into()]);
    }

    /// The values of this vector join.
    pub fn reduce(&mut self, index: usize, copy: usize) -> Result<(), Stop> {
        let reduction = self.v.reductions[index];
        if let Combine::Best { cond, .. } = reduction.combine {
            return self.search(index, cond, copy);
        }
        let registers = &self.accumulators[index];
        let accumulator = registers[copy.min(registers.len() - 1)];
        if let Some(bytes) = bytes_added(self.v, &reduction) {
            // (What is loaded is zero beyond its lanes.)
            let size = self.size(1);
            let (value, zero) = (self.get(bytes)?, self.bits(0)?);
            let sums = self.vector()?;
            self.v3(forms::PSAD_BW, size, sums, value, zero);
            self.v3(forms::PADD_Q, size, accumulator, accumulator, sums);
            self.give(sums);
            self.give(zero);
            self.done(bytes);
            return Ok(());
        }
        let ty = self.ty(reduction.value);
        let size = self.size(ty.bytes());
        if let Some((a, b)) = self.order.fused_product(self.v, &reduction) {
            // One factor may be in memory.
            let (a, b) = if self.is_in_memory(a) { (b, a) } else { (a, b) };
            let x = self.get(a)?.at(size).into();
            let y = self.get_or_memory(b)?;
            let form = float(ty, forms::FMADD231_PD, forms::FMADD231_PS);
            self.asm.masked(
                form,
                size,
                &[accumulator.at(size).into(), x, y],
                self.tail.then_some(ACTIVE),
                false,
            );
            self.done(a);
            self.done(b);
            return Ok(());
        }
        let value = self.get(reduction.value)?;
        if self.in_order(&reduction) {
            self.reduce_lanes(reduction.combine, ty, accumulator, value)?;
        } else if self.tail {
            let both = self.vector()?;
            self.join(both, reduction.combine, ty, size, accumulator, value)?;
            let form = super::emit::by_width(
                ty.bytes(),
                [forms::MOVDQU8_LOAD, forms::MOVDQU16_LOAD, forms::MOVDQU32_LOAD, forms::MOVDQU64_LOAD],
            );
            let args = [accumulator.at(size).into(), both.at(size).into()];
            self.asm.masked(form, size, &args, Some(ACTIVE), false);
            self.give(both);
        } else {
            self.join(accumulator, reduction.combine, ty, size, accumulator, value)?;
        }
        self.done(reduction.value);
        Ok(())
    }

    /// `to = combine(so_far, value)`.
    fn join(
        &mut self,
        to: Reg,
        combine: Combine,
        ty: Ty,
        size: Size,
        so_far: Reg,
        value: Reg,
    ) -> Result<(), Stop> {
        // The instructions give their second operand if either is nan or both are zeros.
        match combine {
            Combine::Op(op) => self.combine(to, op, ty, size, so_far, value)?,
            Combine::Greater => self.v3(float(ty, forms::MAX_PD, forms::MAX_PS), size, to, value, so_far),
            Combine::Less => self.v3(float(ty, forms::MIN_PD, forms::MIN_PS), size, to, value, so_far),
            Combine::Best { .. } => unreachable!("invariant: searches are combined whole"),
        }
        Ok(())
    }

    /// Lane after lane into the lowest lane of the accumulator.
    fn reduce_lanes(&mut self, combine: Combine, ty: Ty, accumulator: Reg, value: Reg) -> Result<(), Stop> {
        let width = ty.bytes();
        let moved = self.vector()?;
        for lane in 0..self.lanes {
            let byte = lane * width;
            let chunk = self.chunk(value, byte)?;
            let mut one = chunk;
            if !byte.is_multiple_of(16) {
                // Every lane of the 16 bytes becomes this one, or the pair it begins.
                let order = if width == 8 { 0xee } else { (byte % 16 / 4) as u8 * 0x55 };
                self.v2i(forms::PSHUF_D, Size::X, moved, chunk, order);
                one = moved;
            }
            let form = match (combine, ty) {
                (Combine::Op(BinaryOp::Fadd), Ty::F64) => Some(forms::ADD_SD),
                (Combine::Op(BinaryOp::Fadd), Ty::F32) => Some(forms::ADD_SS),
                (Combine::Op(BinaryOp::Fmul), Ty::F64) => Some(forms::MUL_SD),
                (Combine::Op(BinaryOp::Fmul), Ty::F32) => Some(forms::MUL_SS),
                _ => None,
            };
            match form {
                Some(form) => self.v3(form, Size::X, accumulator, accumulator, one),
                None => self.join(accumulator, combine, ty, Size::X, accumulator, one)?,
            }
            if chunk != value {
                self.give(chunk);
            }
        }
        self.give(moved);
        Ok(())
    }

    /// The accumulators of all copies and lanes into the lowest lane of the first.
    pub fn combine_copies(&mut self) -> Result<(), Stop> {
        let v = self.v;
        for (index, reduction) in v.reductions.iter().enumerate() {
            if let Some(cond) = v.key(index) {
                self.combine_searches(index, cond)?;
            }
            if self.in_order(reduction) || matches!(reduction.combine, Combine::Best { .. }) {
                continue;
            }
            let (combine, ty) = (reduction.combine, self.ty(reduction.value));
            let mut registers = self.accumulators[index].clone();
            let bytes_added = bytes_added(v, reduction).is_some();
            let mut bytes = if bytes_added { self.lanes.max(8) } else { self.lanes * ty.bytes() };
            let size = Size::of(bytes);
            while registers.len() > 1 {
                let half = registers.len() / 2;
                for at in 0..half {
                    let (to, other) = (registers[at], registers[at + half]);
                    self.join(to, combine, ty, size, to, other)?;
                }
                registers.truncate(half);
            }
            let first = registers[0];
            let moved = self.vector()?;
            while bytes > ty.bytes() {
                bytes /= 2;
                self.upper_half(moved, first, bytes);
                self.join(first, combine, ty, Size::of(bytes), first, moved)?;
            }
            self.give(moved);
        }
        Ok(())
    }

    /// Moves down what lies `bytes` up.
    pub fn upper_half(&mut self, to: Reg, from: Reg, bytes: u32) {
        match bytes {
            32 => {
                // Words 4 to 7 of 64 bits, to 0 to 3.
                self.v3i(forms::SHUF_128, Size::Z, to, from, from, 0xee);
            }
            16 => {
                let args = [to.at(Size::X).into(), from.at(Size::Y).into(), super::asm::Arg::Imm8(1)];
                self.asm.form(forms::EXTRACT_128, Size::Y, &args);
            }
            8 => self.v2i(forms::PSHUF_D, Size::X, to, from, 0xee),
            4 => self.v2i(forms::PSHUF_D, Size::X, to, from, 0x55),
            2 => self.v2i(forms::PSRL_D, Size::X, to, from, 16),
            _ => self.v2i(forms::PSRL_W, Size::X, to, from, 8),
        }
    }

    /// The initial value joins; the results go to their words.
    pub fn finish_reductions(&mut self) -> Result<(), Stop> {
        let v = self.v;
        for index in 0..v.reductions.len() {
            if let Some(cond) = v.key(index) {
                self.finish_search(index, cond)?;
            }
        }
        for (index, reduction) in v.reductions.iter().enumerate() {
            let ty = self.ty(reduction.value);
            let accumulator = self.accumulators[index][0];
            if !self.in_order(reduction) && !matches!(reduction.combine, Combine::Best { .. }) {
                let initial = self.vector()?;
                self.load_initial(index, ty, initial);
                self.join(accumulator, reduction.combine, ty, Size::X, initial, accumulator)?;
                self.give(initial);
            }
            let (rax, eax) = (Register::RAX, Register::EAX);
            let mem = word((v.inputs.len() + index) as u32);
            let x = accumulator.at(Size::X);
            let (form, to) =
                if ty.bytes() == 8 { (forms::MOV_Q_FROM, rax) } else { (forms::MOV_D_FROM, eax) };
            self.asm.form(form, Size::X, &[to.into(), x.into()]);
            let extend = match ty {
                Ty::I8 => Some((Code::Movsx_r64_rm8, Register::AL)),
                Ty::I16 => Some((Code::Movsx_r64_rm16, Register::AX)),
                Ty::I32 => Some((Code::Movsxd_r64_rm32, Register::EAX)),
                Ty::Bool | Ty::I64 | Ty::F32 | Ty::F64 | Ty::Ptr => None,
            };
            if let Some((code, from)) = extend {
                self.asm.op(code, &[rax.into(), from.into()]);
            }
            self.asm.op(Code::Mov_rm64_r64, &[mem.into(), rax.into()]);
        }
        Ok(())
    }
}

/// Registers to leave free for `combine_copies` and `finish_reductions`.
pub fn reserve(v: &VLoop) -> u32 {
    let searches = (0..v.reductions.len()).filter(|index| v.key(*index).is_some());
    let most = searches.map(|key| v.search(key as u32).len()).max().unwrap_or(0);
    if v.reductions.is_empty() { 0 } else { 4 + most as u32 }
}

/// What an accumulator starts with: it gives way to any value.
fn start(combine: Combine, ty: Ty) -> Result<u64, Stop> {
    if ty == Ty::Bool {
        return Err(Stop::Unsupported("reduction of masks"));
    }
    Ok(match combine {
        Combine::Op(_) => combine.neutral(ty),
        Combine::Greater => Combine::Op(BinaryOp::Fmax).neutral(ty),
        Combine::Less => Combine::Op(BinaryOp::Fmin).neutral(ty),
        Combine::Best { .. } => unreachable!("invariant: searches start with what was found before"),
    })
}
