//! The leaf around its vectors: pointers, loops over fewer and fewer lanes, the tail, the way out.
//!
//! In: a `VLoop`. Out: the whole function in `asm`. Invariants: RDI holds the words, RSI the counter, RDX the
//! end, RCX the end of the loop at hand; RAX and R11 hold nothing between instructions; `Walker` pointers
//! stand at the counter's iteration whenever a turn begins.

use super::asm::{Arg, Mem, Reg, Size};
use super::emit::{Emit, word};
use super::memory::Access;
use super::order::{Step, operands};
use super::regs::ACTIVE;
use super::{Stop, forms};
use crate::mir::Ty;
use crate::mir::vloop::{Input, Lane, NodeOp, Place, Stride, VLoop};
use iced_x86::{Code, Register};

/// General registers that hold nothing between instructions.
pub const SCRATCH: Register = Register::RAX;
pub const POINTER: Register = Register::R11;

/// Homes of pointers and strides, those that the caller saves first.
const HOMES: [Register; 9] = [
    Register::R8,
    Register::R9,
    Register::R10,
    Register::RBX,
    Register::RBP,
    Register::R12,
    Register::R13,
    Register::R14,
    Register::R15,
];
const SAVED_FROM: usize = 3;
/// Words below the stack pointer that a leaf may use.
const RED_ZONE: usize = 16;
/// General registers that every leaf changes.
const CHANGED: [Register; 4] = [Register::RAX, Register::RCX, Register::RSI, Register::R11];
/// Vector registers that a quiet leaf keeps, at most: where it needs more, its caller does better.
pub const KEPT: u32 = 4;

/// Whether a leaf may be quiet: that convention has no results, and other functions know nothing of it.
pub fn is_quiet(v: &VLoop) -> bool {
    v.checks.is_empty() && v.calls().is_empty()
}

/// A 64-bit number that loops need.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Key {
    /// `base + terms`.
    Pointer(Input, Vec<(Input, i64)>),
    /// `base + terms + counter * stride`.
    Walker(Input, Vec<(Input, i64)>, Stride),
    /// An input times a number.
    Stride(Input, i64),
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Home {
    Register(Register),
    Stack(Mem),
}

#[derive(Default)]
pub struct Frame {
    homes: Vec<(Key, Home)>,
}

impl Frame {
    /// True if some home is in memory.
    pub fn overflows(&self) -> bool {
        self.homes.len() > HOMES.len()
    }
}

fn key(at: &Place) -> Key {
    match at.stride {
        Stride::Known(0 | 1 | 2 | 4 | 8) | Stride::Index(..) => Key::Pointer(at.base, at.terms.clone()),
        Stride::Known(_) | Stride::Input(..) => Key::Walker(at.base, at.terms.clone(), at.stride),
    }
}

/// Vectors in one turn: enough to pay for the loop's own instructions, and for sums not to wait for each
/// other; fewer where the body is long.
pub fn unroll(emit: &Emit) -> u32 {
    let sums = emit.v.reductions.iter().filter(|reduction| !reduction.ordered).count();
    let fused = emit.order.fused.iter().filter(|fused| **fused).count();
    let wanted = match emit.order.steps.len() + fused {
        0..=1 => 8,
        // A sum of squares waits for its sums, that of products for their operands.
        2..=3 if fused > 0 && emit.v.accesses.len() == 1 => 8,
        2..=10 => 4,
        11..=24 => 2,
        _ => 1,
    };
    match sums {
        0 => wanted.min(4),
        1 => wanted,
        2 => wanted.min(4),
        3..=4 => wanted.min(2),
        _ => 1,
    }
}

impl Emit<'_> {
    /// The whole function; of a dry run only what registers and splats are needed for.
    pub fn run(&mut self) -> Result<(), Stop> {
        let full = self.lanes;
        let copies = self.unroll as i32;
        self.enter()?;
        self.start_reductions(copies as usize)?;
        let counts = self.order.steps.iter().any(|step| match step {
            Step::Node(lane) | Step::Store(lane) => self.reads_counter(*lane),
            Step::Check(_) => false,
            Step::Reduce(index) if self.v.key(*index).is_some() => true,
            Step::Reduce(index) => self.is_counter(self.v.reductions[*index].value),
        });
        if counts {
            let reg = self.vector()?;
            self.fix(reg);
            self.counter = Some(reg);
        }
        let masked_tail = self.isa.masks() && self.has_masked_tail();
        if !self.keep {
            self.turn(1)?;
            self.tail = masked_tail;
            self.lanes = if masked_tail { full } else { 1 };
            return self.turn(1);
        }
        for splat in self.splats.clone() {
            let reg = self.vector()?;
            self.load_splat(reg, splat);
            self.fix(reg);
            self.kept.push(reg);
        }
        self.phase(full, copies)?;
        if copies > 1 {
            self.phase(full, 1)?;
        }
        if masked_tail {
            self.masked_tail()?;
            self.asm.bind(self.after);
            self.lanes = full;
            self.combine_copies()?;
        } else {
            self.asm.bind(self.after);
            self.lanes = full;
            self.combine_copies()?;
            self.after = self.asm.label();
            // (Lanes above the lowest hold nothing that counts any more.)
            if full >= 16 && self.v.reductions.is_empty() {
                self.phase(full / 4, 1)?;
            }
            self.phase(1, 1)?;
            self.asm.bind(self.after);
        }
        self.finish_reductions()?;
        if !self.v.checks.is_empty() {
            self.asm.op(Code::Mov_r64_rm64, &[Register::RAX.into(), Register::RDX.into()]);
        }
        self.leave();
        self.refuse();
        self.rare_calls();
        Ok(())
    }

    fn is_counter(&self, lane: Lane) -> bool {
        self.v.nodes[lane.0 as usize].op == NodeOp::Counter
    }

    fn reads_counter(&self, lane: Lane) -> bool {
        operands(&self.v.nodes[lane.0 as usize].op).into_iter().any(|operand| {
            let op = &self.v.nodes[operand.0 as usize].op;
            // Loads with one use are not steps of their own.
            *op == NodeOp::Counter || (matches!(op, NodeOp::Load { .. }) && self.reads_counter(operand))
        })
    }

    /// True if the last iterations can run as one vector of which some lanes are off.
    fn has_masked_tail(&self) -> bool {
        let ordered = self.v.reductions.iter().any(|reduction| reduction.ordered);
        !ordered
            && self.v.nodes.iter().all(|node| match &node.op {
                NodeOp::Load { at, .. } => {
                    matches!(Access::of(at, node.ty), Access::Consecutive | Access::Same)
                }
                NodeOp::Store { at, .. } => Access::of(at, node.ty) == Access::Consecutive,
                NodeOp::Splat(_)
                | NodeOp::Const(_)
                | NodeOp::Counter
                | NodeOp::Unary { .. }
                | NodeOp::Binary { .. }
                | NodeOp::Compare { .. }
                | NodeOp::Select { .. }
                | NodeOp::Convert { .. }
                | NodeOp::Math { .. }
                | NodeOp::Otherwise { .. } => true,
            })
    }

    /// Computes the pointers.
    fn enter(&mut self) -> Result<(), Stop> {
        let mut keys: Vec<Key> = Vec::new();
        for node in &self.v.nodes {
            if let NodeOp::Load { at, .. } | NodeOp::Store { at, .. } = &node.op {
                keys.push(key(at));
                if let Stride::Input(input, scale) = at.stride {
                    keys.push(Key::Stride(input, scale));
                }
            }
        }
        for key in keys {
            if self.frame.homes.iter().any(|(known, _)| *known == key) {
                continue;
            }
            let place = self.frame.homes.len();
            let home = match HOMES.get(place) {
                Some(register) => Home::Register(*register),
                None if place - HOMES.len() < RED_ZONE => {
                    Home::Stack(Mem::at(Register::RSP, -8 * (place - HOMES.len() + 1) as i32))
                }
                None => return Err(Stop::Unsupported("too many arrays")),
            };
            self.frame.homes.push((key, home));
        }
        for register in self.saved() {
            self.asm.op(Code::Push_r64, &[register.into()]);
        }
        if let Some(above) = self.above_spills() {
            // Whole vectors from the stack pointer on, then that of the caller.
            let stack = Arg::Reg(Register::RSP);
            self.asm.op(Code::Mov_r64_rm64, &[SCRATCH.into(), stack]);
            self.asm.op(Code::Sub_rm64_imm32, &[stack, Arg::Imm32(above.disp + 8)]);
            self.asm.op(Code::And_rm64_imm32, &[stack, Arg::Imm32(-64)]);
            self.asm.op(Code::Mov_rm64_r64, &[above.into(), SCRATCH.into()]);
        }
        for (reg, home) in self.saved_vectors() {
            self.asm.form(forms::MOV_STORE, Size::X, &[home.into(), reg.at(Size::X).into()]);
        }
        for (key, home) in self.frame.homes.clone() {
            let to = match home {
                Home::Register(register) => register,
                Home::Stack(_) => POINTER,
            };
            let (base, terms, stride) = match key {
                Key::Pointer(base, terms) => (Some(base), terms, None),
                Key::Walker(base, terms, stride) => (Some(base), terms, Some(stride)),
                Key::Stride(input, scale) => (None, vec![(input, scale)], None),
            };
            let base = base.map_or(Arg::Imm32(0), |base| word(base.0).into());
            let mov = if base == Arg::Imm32(0) { Code::Mov_rm64_imm32 } else { Code::Mov_r64_rm64 };
            self.asm.op(mov, &[to.into(), base]);
            for (input, scale) in terms {
                let index = Mem { base: to, index: SCRATCH, scale: scale as u32, disp: 0 };
                match scale {
                    1 => self.asm.op(Code::Add_r64_rm64, &[to.into(), word(input.0).into()]),
                    2 | 4 | 8 => {
                        self.asm.op(Code::Mov_r64_rm64, &[SCRATCH.into(), word(input.0).into()]);
                        self.asm.op(Code::Lea_r64_m, &[to.into(), index.into()]);
                    }
                    _ => {
                        self.multiple(input, scale)?;
                        self.asm.op(Code::Add_r64_rm64, &[to.into(), SCRATCH.into()]);
                    }
                }
            }
            if let Some(stride) = stride {
                match stride {
                    Stride::Known(bytes) => self.asm.mov_imm(SCRATCH, bytes),
                    Stride::Input(input, scale) => self.multiple(input, scale)?,
                    Stride::Index(..) => unreachable!("invariant: indices have no walker"),
                }
                self.asm.op(Code::Imul_r64_rm64, &[SCRATCH.into(), Register::RSI.into()]);
                self.asm.op(Code::Add_r64_rm64, &[to.into(), SCRATCH.into()]);
            }
            if let Home::Stack(mem) = home {
                self.asm.op(Code::Mov_rm64_r64, &[mem.into(), POINTER.into()]);
            }
        }
        Ok(())
    }

    /// An input times a number, into the scratch register.
    fn multiple(&mut self, input: Input, scale: i64) -> Result<(), Stop> {
        let scale = i32::try_from(scale).map_err(|_| Stop::Unsupported("scale"))?;
        let args = [SCRATCH.into(), word(input.0).into(), Arg::Imm32(scale)];
        self.asm.op(Code::Imul_r64_rm64_imm32, &args);
        Ok(())
    }

    fn leave(&mut self) {
        self.asm.op(Code::VEX_Vzeroupper, &[]);
        if let Some(above) = self.above_spills() {
            self.asm.op(Code::Mov_r64_rm64, &[Register::RSP.into(), above.into()]);
        }
        for (reg, home) in self.saved_vectors() {
            self.asm.form(forms::MOV_LOAD, Size::X, &[reg.at(Size::X).into(), home.into()]);
        }
        for register in self.saved().into_iter().rev() {
            self.asm.op(Code::Pop_r64, &[register.into()]);
        }
        self.asm.op(Code::Retnq, &[]);
    }

    /// Above the values that wait on the stack, if any do.
    fn above_spills(&self) -> Option<Mem> {
        let bytes = self.isa.bytes() as usize * self.spills.places;
        (bytes > 0).then(|| Mem::at(Register::RSP, bytes as i32))
    }

    /// General registers of the caller's that are changed here.
    fn saved(&self) -> Vec<Register> {
        let homes = HOMES.into_iter().take(self.frame.homes.len());
        match self.quiet {
            Some(_) => CHANGED.into_iter().chain(homes).collect(),
            None => homes.skip(SAVED_FROM).collect(),
        }
    }

    /// Vector registers of the caller's that are changed here, and where they wait.
    fn saved_vectors(&self) -> impl Iterator<Item = (Reg, Mem)> + use<> {
        let count = self.quiet.unwrap_or(0);
        (0..count).map(|number| (Reg(number as u8), Mem::at(Register::RSP, -16 * (number as i32 + 1))))
    }

    /// The number, in its register or in memory.
    pub fn general(&self, key: &Key) -> Arg {
        let home = self.frame.homes.iter().find(|(known, _)| known == key);
        match home.expect("invariant: it was computed at entry").1 {
            Home::Register(register) => register.into(),
            Home::Stack(mem) => mem.into(),
        }
    }

    /// The pointer's register, or `scratch` with the pointer in it.
    pub fn pointer(&mut self, at: &Place, scratch: Register) -> Register {
        match self.general(&key(at)) {
            Arg::Reg(register) => register,
            arg @ (Arg::Mem(_) | Arg::Each(_) | Arg::Imm8(_) | Arg::Imm32(_)) => {
                self.asm.op(Code::Mov_r64_rm64, &[scratch.into(), arg]);
                scratch
            }
        }
    }

    /// A loop: `copies` vectors of `lanes` at a time, as often as they fit.
    fn phase(&mut self, lanes: u32, copies: i32) -> Result<(), Stop> {
        self.lanes = lanes;
        let turn = lanes as i32 * copies;
        let [head, end] = [(); 2].map(|()| self.asm.label());
        let [rcx, rdx, rsi] = [Register::RCX, Register::RDX, Register::RSI].map(Arg::Reg);
        self.asm.op(Code::Mov_r64_rm64, &[rcx, rdx]);
        self.asm.op(Code::Sub_r64_rm64, &[rcx, rsi]);
        self.asm.op(Code::And_rm64_imm32, &[rcx, Arg::Imm32(-turn)]);
        self.asm.jump(Code::Je_rel32_64, end);
        self.asm.op(Code::Add_r64_rm64, &[rcx, rsi]);
        if self.isa.masks() && self.v.nodes.iter().any(|node| node.ty == Ty::Bool) {
            self.asm.mov_imm(SCRATCH, (u64::MAX >> (64 - lanes)) as i64);
            self.asm.op(Code::VEX_Kmovq_kr_r64, &[ACTIVE.at(Size::X).into(), SCRATCH.into()]);
        }
        self.start_counter();
        self.asm.bind(head);
        self.turn(copies)?;
        self.asm.op(Code::Add_rm64_imm32, &[rsi, Arg::Imm32(turn)]);
        self.asm.op(Code::Cmp_r64_rm64, &[rsi, rcx]);
        self.asm.jump(Code::Jne_rel32_64, head);
        self.asm.bind(end);
        Ok(())
    }

    /// The iterations that are left, fewer than a vector has lanes.
    fn masked_tail(&mut self) -> Result<(), Stop> {
        let end = self.asm.label();
        let [rcx, rdx, rsi] = [Register::RCX, Register::RDX, Register::RSI].map(Arg::Reg);
        self.asm.op(Code::Mov_r64_rm64, &[rcx, rdx]);
        self.asm.op(Code::Sub_r64_rm64, &[rcx, rsi]);
        self.asm.jump(Code::Je_rel32_64, end);
        self.asm.mov_imm(SCRATCH, -1);
        self.asm.op(Code::VEX_Bzhi_r64_rm64_r64, &[SCRATCH.into(), SCRATCH.into(), rcx]);
        self.asm.op(Code::VEX_Kmovq_kr_r64, &[ACTIVE.at(Size::X).into(), SCRATCH.into()]);
        self.start_counter();
        self.tail = true;
        self.turn(1)?;
        self.tail = false;
        self.asm.bind(end);
        Ok(())
    }

    fn turn(&mut self, copies: i32) -> Result<(), Stop> {
        for copy in 0..copies {
            self.ahead = copy * self.lanes as i32;
            self.one_vector(copy as usize)?;
            if let Some(counter) = self.counter {
                let step = self.bits(u64::from(self.lanes))?;
                self.v3(forms::PADD_Q, self.size(8), counter, counter, step);
                self.give(step);
            }
            self.advance(|stride| matches!(stride, Stride::Input(..)), self.lanes)?;
        }
        self.ahead = 0;
        self.advance(|stride| matches!(stride, Stride::Known(_)), self.lanes * copies as u32)
    }

    /// Moves walking pointers on.
    fn advance(&mut self, which: fn(Stride) -> bool, iterations: u32) -> Result<(), Stop> {
        for at in 0..self.frame.homes.len() {
            let (key, home) = self.frame.homes[at].clone();
            let Key::Walker(_, _, stride) = key else { continue };
            if !which(stride) {
                continue;
            }
            let pointer = match home {
                Home::Register(register) => Arg::Reg(register),
                Home::Stack(mem) => Arg::Mem(mem),
            };
            match stride {
                Stride::Known(bytes) => {
                    let bytes = i32::try_from(bytes.saturating_mul(i64::from(iterations)));
                    let bytes = bytes.map_err(|_| Stop::Unsupported("distance"))?;
                    self.asm.op(Code::Add_rm64_imm32, &[pointer, Arg::Imm32(bytes)]);
                }
                Stride::Input(input, scale) => {
                    let step = self.general(&Key::Stride(input, scale));
                    let args = [SCRATCH.into(), step, Arg::Imm32(iterations as i32)];
                    self.asm.op(Code::Imul_r64_rm64_imm32, &args);
                    self.asm.op(Code::Add_rm64_r64, &[pointer, SCRATCH.into()]);
                }
                Stride::Index(..) => unreachable!("invariant: indices have no walker"),
            }
        }
        Ok(())
    }

    /// The counter's lanes: `rsi, rsi + 1, ...`.
    fn start_counter(&mut self) {
        let Some(reg) = self.counter else { return };
        let size = self.size(8);
        let iota: Vec<u64> = (0..u64::from(self.lanes.max(2))).collect();
        let iota = self.asm.constant(&iota);
        self.asm.form(forms::MOV_Q_TO, Size::X, &[reg.at(Size::X).into(), Register::RSI.into()]);
        let args: [Arg; 2] = [reg.at(size).into(), reg.at(Size::X).into()];
        self.asm.form(forms::PBROADCAST_Q, size, &args);
        let args: [Arg; 3] = [reg.at(size).into(), reg.at(size).into(), iota.into()];
        self.asm.form(forms::PADD_Q, size, &args);
    }

    /// Extra registers that a reduction holds: see `reduce`.
    pub fn keep_register(&mut self) -> Result<Reg, Stop> {
        let reg = self.vector()?;
        self.fix(reg);
        Ok(reg)
    }
}
