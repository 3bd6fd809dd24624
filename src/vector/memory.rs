//! Loads and stores: whole vectors, under masks, reversed, and element by element (see also `stride`).
//!
//! In: places of a vector loop. Out: instructions that touch the memory of their iterations and no other.
//! Invariant: a vector of fewer than 16 bytes is loaded and stored with exactly its bytes.

use super::asm::{Arg, Mem, Reg, Size};
use super::emit::{Emit, Splat, broadcast, by_width};
use super::forms::{self, Form};
use super::frame::{Key, POINTER, SCRATCH};
use super::order::operands;
use super::regs::ACTIVE;
use super::{Isa, Stop};
use crate::mir::Ty;
use crate::mir::vloop::{Lane, NodeOp, Place, Stride};
use iced_x86::{Code, Register};

/// How the iterations of a vector lie in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    Consecutive,
    /// One place for all.
    Same,
    Reversed,
    /// Bytes from one to the next.
    Strided(i64),
    /// Likewise, known at run time.
    Stepped,
    Indexed(Lane, u32),
}

impl Access {
    pub fn of(at: &Place, ty: Ty) -> Access {
        let width = i64::from(ty.bytes());
        match at.stride {
            Stride::Known(0) => Access::Same,
            Stride::Known(bytes) if bytes == width => Access::Consecutive,
            Stride::Known(bytes) if bytes == -width => Access::Reversed,
            Stride::Known(bytes) => Access::Strided(bytes),
            Stride::Input(..) => Access::Stepped,
            Stride::Index(lane, scale) => Access::Indexed(lane, scale),
        }
    }
}

const MASKED_LOADS: [Form; 4] =
    [forms::MOVDQU8_LOAD, forms::MOVDQU16_LOAD, forms::MOVDQU32_LOAD, forms::MOVDQU64_LOAD];
const MASKED_STORES: [Form; 4] =
    [forms::MOVDQU8_STORE, forms::MOVDQU16_STORE, forms::MOVDQU32_STORE, forms::MOVDQU64_STORE];

impl Emit<'_> {
    /// The address of the vector's iteration number `lane`; not for steps known at run time and indices.
    pub fn memory(&mut self, at: &Place, lane: i64) -> Result<Mem, Stop> {
        let base = self.pointer(at, POINTER);
        let Stride::Known(stride) = at.stride else { return Err(Stop::Unsupported("address")) };
        let ahead = (i64::from(self.ahead) + lane) * stride;
        let disp = i32::try_from(i64::from(at.disp) + ahead);
        let disp = disp.map_err(|_| Stop::Unsupported("distance"))?;
        let scaled = matches!(stride, 1 | 2 | 4 | 8);
        let (index, scale) = if scaled { (Register::RSI, stride as u32) } else { (Register::None, 1) };
        Ok(Mem { base, index, scale, disp })
    }

    pub fn load(&mut self, lane: Lane) -> Result<Reg, Stop> {
        let v = self.v;
        let ty = v.nodes[lane.0 as usize].ty;
        let NodeOp::Load { at, mask } = &v.nodes[lane.0 as usize].op else {
            unreachable!("invariant: a load");
        };
        let width = ty.bytes();
        let to = match (Access::of(at, ty), *mask) {
            (Access::Consecutive, None) => {
                let mem = self.memory(at, 0)?;
                let to = self.vector()?;
                if self.tail {
                    self.load_masked(to, width, mem, ACTIVE);
                } else {
                    self.load_bytes(to, self.lanes * width, mem);
                }
                to
            }
            (Access::Consecutive, Some(mask)) => self.load_where(at, width, mask)?,
            (Access::Same, None) => {
                let mem = self.memory(at, 0)?;
                let to = self.vector()?;
                let size = self.size(width);
                self.asm.form(broadcast(width), size, &[to.at(size).into(), mem.into()]);
                to
            }
            (Access::Reversed, None) => {
                let mem = self.memory(at, i64::from(self.lanes) - 1)?;
                let to = self.vector()?;
                self.load_bytes(to, self.lanes * width, mem);
                self.reverse(to, width)?;
                to
            }
            (Access::Strided(_) | Access::Stepped | Access::Indexed(..), None) => {
                match self.load_every(at, ty)? {
                    Some(to) => to,
                    None => self.load_elements(at, ty)?,
                }
            }
            (
                Access::Same | Access::Reversed | Access::Strided(_) | Access::Stepped | Access::Indexed(..),
                Some(_),
            ) => return Err(Stop::Unsupported("masked load of scattered places")),
        };
        if ty == Ty::Bool { self.mask_of_bytes(to) } else { Ok(to) }
    }

    pub fn store(&mut self, lane: Lane) -> Result<(), Stop> {
        let v = self.v;
        let ty = v.nodes[lane.0 as usize].ty;
        let NodeOp::Store { at, value, mask } = &v.nodes[lane.0 as usize].op else {
            unreachable!("invariant: a store");
        };
        let width = ty.bytes();
        let mut from = self.get(*value)?;
        if ty == Ty::Bool {
            from = self.bytes_of_mask(from)?;
        }
        match (Access::of(at, ty), *mask) {
            (Access::Consecutive, None) => {
                let mem = self.memory(at, 0)?;
                if self.tail {
                    self.store_masked(from, width, mem, ACTIVE);
                } else {
                    self.store_bytes(from, self.lanes * width, mem);
                }
            }
            (Access::Consecutive, Some(mask)) => self.store_where(at, width, mask, from)?,
            (Access::Same, None) => {
                // The last iteration's value stays.
                let mem = self.memory(at, 0)?;
                let last = self.lanes - 1;
                let chunk = self.chunk(from, last * width)?;
                self.store_element(chunk, width, last * width % 16 / width, mem);
                if chunk != from {
                    self.give(chunk);
                }
            }
            (Access::Reversed, None) => {
                let mem = self.memory(at, i64::from(self.lanes) - 1)?;
                let to = self.vector()?;
                self.copy(self.size(width), to, from);
                self.reverse(to, width)?;
                self.store_bytes(to, self.lanes * width, mem);
                self.give(to);
            }
            (Access::Strided(_) | Access::Stepped | Access::Indexed(..), None) => {
                self.store_elements(at, ty, from)?;
            }
            (
                Access::Same | Access::Reversed | Access::Strided(_) | Access::Stepped | Access::Indexed(..),
                Some(_),
            ) => return Err(Stop::Unsupported("masked store to scattered places")),
        }
        if ty == Ty::Bool {
            self.give(from);
        }
        for operand in operands(&v.nodes[lane.0 as usize].op) {
            self.done(operand);
        }
        Ok(())
    }

    /// 1, 2, 4, 8, 16, 32 or 64 bytes into the low end of a register.
    fn load_bytes(&mut self, to: Reg, bytes: u32, mem: Mem) {
        let size = Size::of(bytes);
        let x = to.at(Size::X);
        match bytes {
            1 | 2 => {
                let code = if bytes == 1 { Code::Movzx_r32_rm8 } else { Code::Movzx_r32_rm16 };
                self.asm.op(code, &[Register::EAX.into(), mem.into()]);
                self.asm.form(forms::MOV_D_TO, Size::X, &[x.into(), Register::EAX.into()]);
            }
            4 => self.asm.form(forms::MOV_D_TO, Size::X, &[x.into(), mem.into()]),
            8 => self.asm.form(forms::MOV_Q_TO, Size::X, &[x.into(), mem.into()]),
            _ => self.asm.form(forms::MOV_LOAD, size, &[to.at(size).into(), mem.into()]),
        }
    }

    fn store_bytes(&mut self, from: Reg, bytes: u32, mem: Mem) {
        match bytes {
            1..=8 => self.store_element(from, bytes, 0, mem),
            _ => {
                let size = Size::of(bytes);
                self.asm.form(forms::MOV_STORE, size, &[mem.into(), from.at(size).into()]);
            }
        }
    }

    fn load_masked(&mut self, to: Reg, width: u32, mem: Mem, mask: Reg) {
        let size = self.size(width);
        let args = [to.at(size).into(), mem.into()];
        self.asm.masked(by_width(width, MASKED_LOADS), size, &args, Some(mask), true);
    }

    fn store_masked(&mut self, from: Reg, width: u32, mem: Mem, mask: Reg) {
        let size = self.size(width);
        let args = [mem.into(), from.at(size).into()];
        self.asm.masked(by_width(width, MASKED_STORES), size, &args, Some(mask), false);
    }

    /// A mask register with the lanes that run and whose mask is set.
    fn active(&mut self, mask: Lane) -> Result<Reg, Stop> {
        let given = self.get(mask)?;
        let both = self.pool.mask()?;
        let [both_k, given_k, active_k] = [both, given, ACTIVE].map(|k| k.at(Size::X));
        self.asm.op(Code::VEX_Kandq_kr_kr_kr, &[both_k.into(), given_k.into(), active_k.into()]);
        Ok(both)
    }

    fn load_where(&mut self, at: &Place, width: u32, mask: Lane) -> Result<Reg, Stop> {
        let mem = self.memory(at, 0)?;
        if self.isa.masks() {
            let active = self.active(mask)?;
            let to = self.vector()?;
            self.load_masked(to, width, mem, active);
            self.give(active);
            self.done(mask);
            return Ok(to);
        }
        let given = self.get(mask)?;
        let to = self.vector()?;
        if self.lanes == 1 {
            self.v3(forms::PXOR, Size::X, to, to, to);
            let skip = self.asm.label();
            self.skip_unless(given, skip);
            self.load_bytes(to, width, mem);
            self.asm.bind(skip);
        } else {
            let form = avx2_masked(width, [forms::PMASKMOV_D_LOAD, forms::PMASKMOV_Q_LOAD])?;
            let (narrow, size) = (self.narrow_mask(given, width)?, self.size(width));
            self.asm.form(form, size, &[to.at(size).into(), narrow.at(size).into(), mem.into()]);
            if narrow != given {
                self.give(narrow);
            }
        }
        self.done(mask);
        Ok(to)
    }

    fn store_where(&mut self, at: &Place, width: u32, mask: Lane, from: Reg) -> Result<(), Stop> {
        let mem = self.memory(at, 0)?;
        if self.isa.masks() {
            let active = self.active(mask)?;
            self.store_masked(from, width, mem, active);
            self.give(active);
            return Ok(());
        }
        let given = self.get(mask)?;
        if self.lanes == 1 {
            let skip = self.asm.label();
            self.skip_unless(given, skip);
            self.store_bytes(from, width, mem);
            self.asm.bind(skip);
        } else {
            let form = avx2_masked(width, [forms::PMASKMOV_D_STORE, forms::PMASKMOV_Q_STORE])?;
            let (narrow, size) = (self.narrow_mask(given, width)?, self.size(width));
            self.asm.form(form, size, &[mem.into(), narrow.at(size).into(), from.at(size).into()]);
            if narrow != given {
                self.give(narrow);
            }
        }
        Ok(())
    }

    /// Jumps if the only lane's mask is clear.
    fn skip_unless(&mut self, mask: Reg, to: super::asm::Label) {
        self.asm.form(forms::MOV_D_FROM, Size::X, &[Register::EAX.into(), mask.at(Size::X).into()]);
        self.asm.op(Code::Test_rm8_imm8, &[Register::AL.into(), Arg::Imm8(1)]);
        self.asm.jump(Code::Je_rel32_64, to);
    }

    /// Lanes in the opposite order.
    fn reverse(&mut self, reg: Reg, width: u32) -> Result<(), Stop> {
        let bytes = self.lanes * width;
        let size = Size::of(bytes);
        if self.lanes == 1 {
            return Ok(());
        }
        // First within 16 bytes.
        match width {
            8 => self.v2i(forms::PSHUF_D, size, reg, reg, 0x4e),
            4 if bytes >= 16 => self.v2i(forms::PSHUF_D, size, reg, reg, 0x1b),
            _ => {
                let mut order = [0x80; 16];
                let used = bytes.min(16);
                for byte in 0..used {
                    let (lane, within) = (byte / width, byte % width);
                    order[byte as usize] = (used - (lane + 1) * width + within) as u8;
                }
                let words = order.as_chunks::<8>().0;
                let words = [u64::from_le_bytes(words[0]), u64::from_le_bytes(words[1])];
                let pattern = self.splat(Splat::Bits128(words))?;
                self.v3(forms::PSHUFB, size, reg, reg, pattern);
                self.give(pattern);
            }
        }
        match size {
            Size::X => {}
            Size::Y => self.v2i(forms::PERM_Q, size, reg, reg, 0x4e),
            Size::Z => self.v3i(forms::SHUF_128, size, reg, reg, reg, 0x1b),
        }
        Ok(())
    }

    /// The 16 bytes around byte number `byte`: the register itself, or one to be given back.
    pub fn chunk(&mut self, from: Reg, byte: u32) -> Result<Reg, Stop> {
        if byte < 16 {
            return Ok(from);
        }
        let to = self.vector()?;
        // 256 bits of an AVX-512 register need the wide form only above their own size.
        let size = if self.isa == Isa::Avx512 && byte >= 32 { Size::Z } else { Size::Y };
        let args = [to.at(Size::X).into(), from.at(size).into(), Arg::Imm8((byte / 16) as u8)];
        self.asm.form(forms::EXTRACT_128, size, &args);
        Ok(to)
    }

    fn store_element(&mut self, from: Reg, width: u32, lane: u32, mem: Mem) {
        let x = from.at(Size::X);
        if lane == 0 && width >= 4 {
            let form = if width == 4 { forms::MOV_D_FROM } else { forms::MOV_Q_FROM };
            return self.asm.form(form, Size::X, &[mem.into(), x.into()]);
        }
        let form = by_width(width, [forms::PEXTR_B, forms::PEXTR_W, forms::PEXTR_D, forms::PEXTR_Q]);
        self.asm.form(form, Size::X, &[mem.into(), x.into(), Arg::Imm8(lane as u8)]);
    }

    /// Puts an element into the low 16 bytes; lane 0 clears the others.
    fn load_element(&mut self, to: Reg, width: u32, lane: u32, mem: Mem) {
        if lane == 0 {
            return self.load_bytes(to, width, mem);
        }
        let form = by_width(width, [forms::PINSR_B, forms::PINSR_W, forms::PINSR_D, forms::PINSR_Q]);
        let x = to.at(Size::X);
        self.asm.form(form, Size::X, &[x.into(), x.into(), mem.into(), Arg::Imm8(lane as u8)]);
    }

    /// Puts 16 bytes in their place in a wider register.
    pub fn insert_128(&mut self, to: Reg, from: Arg, chunk: u32) {
        let size = if chunk >= 2 { Size::Z } else { Size::Y };
        let args = [to.at(size).into(), to.at(size).into(), from, Arg::Imm8(chunk as u8)];
        self.asm.form(forms::INSERT_128, size, &args);
    }

    fn load_elements(&mut self, at: &Place, ty: Ty) -> Result<Reg, Stop> {
        let width = ty.bytes();
        let bytes = self.lanes * width;
        let to = self.vector()?;
        let part = if bytes > 16 { Some(self.vector()?) } else { None };
        let mut walk = self.walk(at)?;
        for lane in 0..self.lanes {
            let mem = self.element(at, lane, &mut walk)?;
            let byte = lane * width;
            let into = if byte < 16 { to } else { part.expect("invariant: it is longer than 16 bytes") };
            self.load_element(into, width, byte % 16 / width, mem);
            if byte >= 16 && (byte + width).is_multiple_of(16) {
                self.insert_128(to, into.at(Size::X).into(), byte / 16);
            }
        }
        self.end_walk(at, walk);
        if let Some(part) = part {
            self.give(part);
        }
        Ok(to)
    }

    fn store_elements(&mut self, at: &Place, ty: Ty, from: Reg) -> Result<(), Stop> {
        let width = ty.bytes();
        let mut walk = self.walk(at)?;
        let mut chunk = from;
        for lane in 0..self.lanes {
            let byte = lane * width;
            if byte > 0 && byte.is_multiple_of(16) {
                if chunk != from {
                    self.give(chunk);
                }
                chunk = self.chunk(from, byte)?;
            }
            let mem = self.element(at, lane, &mut walk)?;
            self.store_element(chunk, width, byte % 16 / width, mem);
        }
        if chunk != from {
            self.give(chunk);
        }
        if let Walk::Indices { chunk: Some(chunk), .. } = walk {
            self.give(chunk);
        }
        Ok(())
    }

    /// Prepares addresses of one element after the other.
    fn walk(&mut self, at: &Place) -> Result<Walk, Stop> {
        match at.stride {
            Stride::Known(_) => Ok(Walk::Known),
            Stride::Input(input, scale) => {
                let pointer = self.pointer(at, POINTER);
                if pointer != POINTER {
                    self.asm.op(Code::Mov_r64_rm64, &[POINTER.into(), pointer.into()]);
                }
                Ok(Walk::Steps(self.general(&Key::Stride(input, scale))))
            }
            Stride::Index(lane, _) => Ok(Walk::Indices { indices: self.get(lane)?, chunk: None }),
        }
    }

    fn element(&mut self, at: &Place, lane: u32, walk: &mut Walk) -> Result<Mem, Stop> {
        match walk {
            Walk::Known => self.memory(at, i64::from(lane)),
            Walk::Steps(step) => {
                if lane > 0 {
                    self.asm.op(Code::Add_r64_rm64, &[POINTER.into(), *step]);
                }
                Ok(Mem::at(POINTER, at.disp))
            }
            Walk::Indices { indices, chunk } => {
                let Stride::Index(_, scale) = at.stride else { unreachable!("invariant: it has indices") };
                let byte = lane * 8;
                if byte > 0 && byte.is_multiple_of(16) {
                    if let Some(chunk) = chunk.take() {
                        self.give(chunk);
                    }
                    *chunk = Some(self.chunk(*indices, byte)?);
                }
                let from = chunk.unwrap_or(*indices).at(Size::X);
                let args = [SCRATCH.into(), from.into(), Arg::Imm8((lane % 2) as u8)];
                if lane.is_multiple_of(2) {
                    self.asm.form(forms::MOV_Q_FROM, Size::X, &args[..2]);
                } else {
                    self.asm.form(forms::PEXTR_Q, Size::X, &args);
                }
                let scaled = matches!(scale, 1 | 2 | 4 | 8);
                if !scaled {
                    let scale = i32::try_from(scale).map_err(|_| Stop::Unsupported("scale"))?;
                    let args = [SCRATCH.into(), SCRATCH.into(), Arg::Imm32(scale)];
                    self.asm.op(Code::Imul_r64_rm64_imm32, &args);
                }
                let base = self.pointer(at, POINTER);
                let scale = if scaled { scale } else { 1 };
                Ok(Mem { base, index: SCRATCH, scale, disp: at.disp })
            }
        }
    }

    /// Ends the addresses of a load.
    fn end_walk(&mut self, at: &Place, walk: Walk) {
        if let Walk::Indices { chunk, .. } = walk {
            if let Some(chunk) = chunk {
                self.give(chunk);
            }
            if let Stride::Index(lane, _) = at.stride {
                self.done(lane);
            }
        }
    }
}

/// Where the address of the next element comes from.
enum Walk {
    Known,
    /// The step, in a register or in memory.
    Steps(Arg),
    Indices {
        indices: Reg,
        chunk: Option<Reg>,
    },
}

/// AVX2 has masked moves of 4 and 8 bytes.
fn avx2_masked(width: u32, [dword, qword]: [Form; 2]) -> Result<Form, Stop> {
    match width {
        4 => Ok(dword),
        8 => Ok(qword),
        _ => Err(Stop::Unsupported("masked bytes on AVX2")),
    }
}
