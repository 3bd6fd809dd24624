//! Calls of the C library for arguments that vector math leaves to it, away from the loop.
//!
//! In: a vector of results, and in which lanes they hold. Out: one test and one jump in the loop; behind the
//! function, code that calls the library for the other lanes. Invariant: what is held across a call is saved
//! before it, whole, and a saved register is also where lanes of arguments and results are read and written.

use super::Stop;
use super::asm::{Arg, FIRST_MASK, Label, Mem, Reg, Size};
use super::emit::{Emit, word};
use super::forms;
use super::frame::SCRATCH;
use super::regs::ACTIVE;
use crate::mir::MathFn;
use crate::mir::vloop::Lane;
use iced_x86::{Code, Register};

/// Bytes below the stack pointer that the leaf uses without saying so.
const RED_ZONE: i32 = 128;
/// Registers of the leaf's own that a call may change.
const GENERAL: [Register; 7] =
    [Register::RDI, Register::RSI, Register::RDX, Register::RCX, Register::R8, Register::R9, Register::R10];
/// What a call keeps, used here: the stack pointer before, the lanes to be done, the lane at hand.
const STACK: Register = Register::RBP;
const LANES: Register = Register::RBX;
const LANE: Register = Register::R12;

/// A jump away and back.
pub struct Rare {
    away: Label,
    back: Label,
    func: MathFn,
    args: Vec<Reg>,
    to: Reg,
    /// The lanes as a mask register (AVX-512); else they are in the scratch register.
    mask: Option<Reg>,
    /// Registers that hold something.
    held: u64,
}

impl Emit<'_> {
    /// `value` where `ok`, elsewhere the library's.
    pub fn otherwise(&mut self, func: MathFn, args: &[Lane], ok: Lane, value: Lane) -> Result<Reg, Stop> {
        let size = self.size(8);
        let good = self.get(ok)?;
        let from = self.get(value)?;
        let mut given = Vec::new();
        for arg in args {
            given.push(self.get(*arg)?);
        }
        let to = self.vector()?;
        self.copy(size, to, from);
        let mask = if self.isa.masks() {
            let mask = self.pool.mask()?;
            let rare = mask.at(Size::X);
            let operands = [rare, good.at(Size::X), ACTIVE.at(Size::X)].map(Arg::Reg);
            self.asm.op(Code::VEX_Kandnq_kr_kr_kr, &operands);
            self.asm.op(Code::VEX_Kortestq_kr_kr, &[rare.into(), rare.into()]);
            Some(mask)
        } else {
            let all = Arg::Imm32((1 << self.lanes) - 1);
            let (code, register) = match self.mask_size() {
                Size::X => (Code::VEX_Vmovmskpd_r32_xmm, good.at(Size::X)),
                Size::Y | Size::Z => (Code::VEX_Vmovmskpd_r32_ymm, good.at(Size::Y)),
            };
            self.asm.op(code, &[Register::EAX.into(), register.into()]);
            self.asm.op(Code::And_rm64_imm32, &[SCRATCH.into(), all]);
            self.asm.op(Code::Xor_rm64_imm32, &[SCRATCH.into(), all]);
            None
        };
        let [away, back] = [(); 2].map(|()| self.asm.label());
        self.asm.jump(Code::Jne_rel32_64, away);
        self.asm.bind(back);
        if let Some(mask) = mask {
            self.give(mask);
        }
        let held = self.pool.held();
        self.rare.push(Rare { away, back, func, args: given, to, mask, held });
        for lane in args.iter().chain([&ok, &value]) {
            self.done(*lane);
        }
        Ok(to)
    }

    /// The code behind the function.
    pub fn rare_calls(&mut self) {
        for rare in std::mem::take(&mut self.rare) {
            self.rare_call(&rare);
        }
    }

    fn rare_call(&mut self, rare: &Rare) {
        let width = self.isa.bytes() as i32;
        let size = Size::of(self.isa.bytes());
        let held: Vec<u8> = (0..64).filter(|number| rare.held & (1 << number) != 0).collect();
        let vectors: Vec<Reg> = held.iter().filter(|number| **number < FIRST_MASK).map(|n| Reg(*n)).collect();
        let mut masks: Vec<Reg> =
            held.iter().filter(|number| **number >= FIRST_MASK).map(|n| Reg(*n)).collect();
        if self.isa.masks() {
            masks.push(ACTIVE);
        }
        // The frame: vectors, general registers, masks.
        let slot = |reg: Reg| {
            let at = vectors.iter().position(|other| *other == reg);
            width * at.expect("invariant: operands are held") as i32
        };
        let general = |at: usize| Mem::at(Register::RSP, width * vectors.len() as i32 + 8 * at as i32);
        let bytes = width * vectors.len() as i32 + 8 * (GENERAL.len() + masks.len()) as i32;
        let stack = Arg::Reg(Register::RSP);

        self.asm.bind(rare.away);
        if let Some(mask) = rare.mask {
            self.asm.op(Code::VEX_Kmovq_r64_kr, &[SCRATCH.into(), mask.at(Size::X).into()]);
        }
        self.asm.op(Code::Lea_r64_m, &[stack, Mem::at(Register::RSP, -RED_ZONE).into()]);
        for register in [STACK, LANES, LANE] {
            self.asm.op(Code::Push_r64, &[register.into()]);
        }
        self.asm.op(Code::Mov_rm64_r64, &[STACK.into(), stack]);
        self.asm.op(Code::Sub_rm64_imm32, &[stack, Arg::Imm32(bytes)]);
        self.asm.op(Code::And_rm64_imm32, &[stack, Arg::Imm32(-64)]);
        self.asm.op(Code::Mov_rm64_r64, &[LANES.into(), SCRATCH.into()]);
        for (at, register) in GENERAL.into_iter().enumerate() {
            self.asm.op(Code::Mov_rm64_r64, &[general(at).into(), register.into()]);
        }
        for (at, mask) in masks.iter().enumerate() {
            let mem = general(GENERAL.len() + at);
            self.asm.op(Code::VEX_Kmovq_m64_kr, &[mem.into(), mask.at(Size::X).into()]);
        }
        for reg in &vectors {
            let mem = Mem::at(Register::RSP, slot(*reg));
            self.asm.form(forms::MOV_STORE, size, &[mem.into(), reg.at(size).into()]);
        }
        self.asm.op(Code::VEX_Vzeroupper, &[]);

        let next = self.asm.label();
        self.asm.bind(next);
        self.asm.op(Code::Tzcnt_r64_rm64, &[LANE.into(), LANES.into()]);
        let lane = |reg: Reg| Mem { base: Register::RSP, index: LANE, scale: 8, disp: slot(reg) };
        for (register, arg) in [Register::XMM0, Register::XMM1].into_iter().zip(&rare.args) {
            self.asm.op(Code::VEX_Vmovsd_xmm_m64, &[register.into(), lane(*arg).into()]);
        }
        let calls = self.v.calls();
        let place =
            calls.iter().position(|func| *func == rare.func).expect("invariant: it lists all functions");
        let mut target = word((self.v.inputs.len() + self.v.reductions.len() + place) as u32);
        // The words are where the leaf was told; their pointer is saved first.
        self.asm.op(Code::Mov_r64_rm64, &[SCRATCH.into(), general(0).into()]);
        target.base = SCRATCH;
        self.asm.op(Code::Call_rm64, &[target.into()]);
        self.asm.op(Code::VEX_Vmovsd_m64_xmm, &[lane(rare.to).into(), Register::XMM0.into()]);
        self.asm.op(Code::VEX_Blsr_r64_rm64, &[LANES.into(), LANES.into()]);
        self.asm.jump(Code::Jne_rel32_64, next);

        for reg in &vectors {
            let mem = Mem::at(Register::RSP, slot(*reg));
            self.asm.form(forms::MOV_LOAD, size, &[reg.at(size).into(), mem.into()]);
        }
        for (at, mask) in masks.iter().enumerate() {
            let mem = general(GENERAL.len() + at);
            self.asm.op(Code::VEX_Kmovq_kr_km64, &[mask.at(Size::X).into(), mem.into()]);
        }
        for (at, register) in GENERAL.into_iter().enumerate() {
            self.asm.op(Code::Mov_r64_rm64, &[register.into(), general(at).into()]);
        }
        self.asm.op(Code::Mov_rm64_r64, &[stack, STACK.into()]);
        for register in [LANE, LANES, STACK] {
            self.asm.op(Code::Pop_r64, &[register.into()]);
        }
        self.asm.op(Code::Lea_r64_m, &[stack, Mem::at(Register::RSP, RED_ZONE).into()]);
        self.asm.jump(Code::Jmp_rel32_64, rare.back);
    }
}
