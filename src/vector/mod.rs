//! Machine code for vector loops on x86-64: AVX2 and AVX-512.
//!
//! In: a `VLoop`. Out: a leaf function (signature and meaning in `mir::vloop`), or why there is none: an
//! operation has no good instructions, or the registers do not suffice; the caller keeps its 128-bit version.
//! Invariants: the bits are those of `mir::eval`; no memory is touched that no iteration touches; the code is
//! position-independent and calls nothing but the functions that it is given.
//!
//! One vectorisation factor for the whole loop: as many lanes as the widest type has in a register; narrower
//! types use a part of theirs. A loop is emitted several times with fewer and fewer lanes: unrolled, single
//! vectors, then the rest: under a mask of lanes (AVX-512) or with one lane (`frame`). Every vector of an
//! unrolled turn finishes before the next begins, so that unrolling costs no registers: the processor overlaps
//! them by itself.

mod asm;
mod best;
mod check;
mod convert;
mod emit;
mod forms;
mod frame;
mod memory;
mod ops;
mod order;
mod rare;
mod reduce;
mod regs;
mod spill;
mod stride;
mod turns;

use crate::mir::vloop::{Lane, NodeOp, VLoop};
use iced_x86::Instruction;

/// The instructions to use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isa {
    Avx2,
    /// AVX-512 (F, BW, DQ, VL) with registers of 256 bits.
    Avx512Narrow,
    Avx512,
}

impl Isa {
    /// The widest set this machine has.
    pub fn host() -> Option<Isa> {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::is_x86_feature_detected as has;
            let avx512 = has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl");
            if has!("avx2") && has!("fma") && has!("bmi2") {
                return Some(if avx512 { Isa::Avx512 } else { Isa::Avx2 });
            }
        }
        None
    }

    /// The same instructions with registers of 256 bits.
    pub fn narrow(self) -> Isa {
        match self {
            Isa::Avx2 => Isa::Avx2,
            Isa::Avx512Narrow | Isa::Avx512 => Isa::Avx512Narrow,
        }
    }

    fn bytes(self) -> u32 {
        match self {
            Isa::Avx2 | Isa::Avx512Narrow => 32,
            Isa::Avx512 => 64,
        }
    }

    /// True if masks live in registers of their own.
    fn masks(self) -> bool {
        match self {
            Isa::Avx2 => false,
            Isa::Avx512Narrow | Isa::Avx512 => true,
        }
    }

    fn vectors(self) -> u32 {
        if self.masks() { 32 } else { 16 }
    }
}

/// Which instructions a loop is to have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Vectors {
    /// For loops that wait for memory: arrays seldom start at a cache line, so that each access of 512 bits
    /// would cross one.
    pub moving: Isa,
    /// For loops that compute much with what they load, or in wider numbers.
    pub computing: Isa,
}

impl Vectors {
    pub fn all(isa: Isa) -> Vectors {
        Vectors { moving: isa, computing: isa }
    }

    pub fn of(&self, vloop: &VLoop) -> Isa {
        if computes(vloop) || widens(vloop) { self.computing } else { self.moving }
    }
}

/// What is loaded and stored is narrower than what is computed with it: even of a vector of the most bits no
/// access is that wide.
fn widens(vloop: &VLoop) -> bool {
    let width = |lane: &Lane| vloop.node(*lane).ty.bytes();
    let computed = vloop.nodes.iter().map(|node| node.ty.bytes()).max();
    vloop.accesses.iter().map(width).max() < computed
}

/// Operations for each access from which on the loop's time is that of its arithmetic.
const MUCH: usize = 8;

fn computes(vloop: &VLoop) -> bool {
    let operations = vloop.nodes.iter().filter(|node| match node.op {
        NodeOp::Unary { .. }
        | NodeOp::Binary { .. }
        | NodeOp::Compare { .. }
        | NodeOp::Select { .. }
        | NodeOp::Convert { .. }
        | NodeOp::Math { .. }
        | NodeOp::Otherwise { .. } => true,
        NodeOp::Splat(_)
        | NodeOp::Const(_)
        | NodeOp::Counter
        | NodeOp::Load { .. }
        | NodeOp::Store { .. } => false,
    });
    operations.count() >= MUCH * vloop.accesses.len()
}

/// A leaf function: its entry is its first byte.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Instructions, then their constants; to be placed at a cache line.
    pub code: Vec<u8>,
    /// Iterations of a vector.
    pub lanes: u32,
    /// Vectors of a turn.
    pub unroll: u32,
    /// It changes no register that its caller may use: vectors to 128 bits.
    pub quiet: bool,
    instructions: Vec<Instruction>,
}

impl Leaf {
    /// What was encoded, with the places in `code`.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// The code as text.
    pub fn text(&self) -> String {
        use iced_x86::{FastFormatter, FastFormatterOptions};
        let mut formatter = FastFormatter::new();
        let options: &mut FastFormatterOptions = formatter.options_mut();
        options.set_rip_relative_addresses(true);
        let mut text = String::new();
        for instruction in &self.instructions {
            text += &format!("  {:4x}: ", instruction.ip());
            formatter.format(instruction, &mut text);
            text.push('\n');
        }
        text
    }
}

/// Why a loop has no wide version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// What has no instructions.
    Unsupported(&'static str),
    /// More values than registers.
    Registers,
}

/// What is asked of a leaf.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// So many iterations may run at once.
    pub most: u32,
    /// Registers that code around it does not use are taken first, if there are any: then it is quiet, but its
    /// instructions are longer.
    pub apart: bool,
}

/// The leaf function of the loop.
pub fn emit(vloop: &VLoop, isa: Isa, wanted: Wanted) -> Result<Leaf, Stop> {
    let mut unroll = frame::unroll(&emit::Emit::new(vloop, isa, wanted, 1)?);
    loop {
        match emit_unrolled(vloop, isa, wanted, unroll) {
            // Sums of their own for each vector of a turn take registers.
            Err(Stop::Registers) if unroll > 1 => unroll /= 2,
            done => return done,
        }
    }
}

fn emit_unrolled(vloop: &VLoop, isa: Isa, wanted: Wanted, unroll: u32) -> Result<Leaf, Stop> {
    // The first run finds what is worth a register of its own and how many are left for that.
    let mut dry = emit::Emit::new(vloop, isa, wanted, unroll)?;
    dry.run()?;
    let spare = isa.vectors().saturating_sub(dry.pool.peak + reduce::reserve(vloop));
    let mut splats = dry.splats;
    let more = dry.in_memory.into_iter().filter(|splat| !splats.contains(splat)).collect::<Vec<_>>();
    splats.extend(more);
    splats.truncate(spare as usize);
    let held = dry.pool.peak + splats.len() as u32;
    let apart = if wanted.apart { isa.vectors() - regs::SHARED } else { 0 };
    let shared = held.saturating_sub(apart);
    let quiet = frame::is_quiet(vloop) && shared <= frame::KEPT && dry.spills.most() == 0;
    let mut emit = emit::Emit::new(vloop, isa, wanted, unroll)?;
    emit.spills.places = dry.spills.most();
    let lanes = emit.lanes;
    emit.splats.clone_from(&splats);
    emit.keep = true;
    emit.quiet = quiet.then_some(shared);
    emit.run()?;
    if quiet && (emit.pool.peak > held || emit.frame.overflows()) {
        let mut again = emit::Emit::new(vloop, isa, wanted, unroll)?;
        again.spills.places = emit.spills.places;
        again.splats = splats;
        again.keep = true;
        again.run()?;
        emit = again;
    }
    let quiet = emit.quiet.is_some();
    let (code, instructions) = emit.asm.finish();
    Ok(Leaf { code, lanes, unroll, quiet, instructions })
}
