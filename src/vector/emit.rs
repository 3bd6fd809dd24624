//! The state of emission, and the lanes of one vector: values into registers, operands out of them.
//!
//! In: a `VLoop`. Out: instructions in `asm`. Invariant: `held` and `left` say which register holds a node's
//! value and how many uses are to come; a register in `fixed` outlives the vector.

use super::asm::{Arg, Asm, Label, Mem, Reg, Size};
use super::check::Refusal;
use super::forms::{self, Form};
use super::frame::Frame;
use super::memory::Access;
use super::order::{self, Order, Step};
use super::rare::Rare;
use super::regs::Pool;
use super::spill::Spills;
use super::stride::Every;
use super::turns::Turns;
use super::{Isa, Stop, Wanted};
use crate::mir::Ty;
use crate::mir::vloop::{Input, Lane, NodeOp, VLoop};
use iced_x86::{Code, Register};

/// Something that is the same in every lane and every iteration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Splat {
    /// The low bytes (1, 2, 4 or 8) of an input.
    Word(Input, u32),
    /// An input of type Bool, as a vector mask.
    Mask(Input),
    /// These 64 bits.
    Bits(u64),
    /// These 128 bits.
    Bits128([u64; 2]),
    /// The places of elements for a load of theirs.
    Every(Every, u32),
    /// The places of elements that take turns.
    Turns(Turns),
}

pub struct Emit<'a> {
    pub v: &'a VLoop,
    pub isa: Isa,
    pub asm: Asm,
    pub pool: Pool,
    pub frame: Frame,
    /// Bytes of the widest lane; on AVX2 every mask has lanes of this width.
    pub widest: u32,
    /// Lanes of the vector at hand.
    pub lanes: u32,
    /// Iterations that lie between the counter and the vector at hand.
    pub ahead: i32,
    /// Only the lanes in `ACTIVE` run.
    pub tail: bool,
    /// What was asked for in a register, and what memory would do for, in that order; if `keep`, `splats` are in
    /// `kept`.
    pub splats: Vec<Splat>,
    pub in_memory: Vec<Splat>,
    pub keep: bool,
    /// So many vector registers are to be as they were in the end, and all general ones.
    pub quiet: Option<u32>,
    pub kept: Vec<Reg>,
    /// Bits of the registers that outlive a vector.
    pub fixed: u64,
    pub counter: Option<Reg>,
    pub accumulators: Vec<Vec<Reg>>,
    pub order: Order,
    /// Vectors of a turn.
    pub unroll: u32,
    pub spills: Spills,
    /// Jumps to code that is still to come.
    pub rare: Vec<Rare>,
    pub refusals: Vec<Refusal>,
    /// Where the leaf goes on when a check has failed.
    pub after: Label,
    pub left: Vec<u32>,
    pub held: Vec<Option<Reg>>,
    /// Operands got and not yet done: a splat goes when nobody needs it at the moment.
    pub pins: Vec<u32>,
}

impl<'a> Emit<'a> {
    pub fn new(v: &'a VLoop, isa: Isa, wanted: Wanted, unroll: u32) -> Result<Emit<'a>, Stop> {
        let order = order::order(v);
        let width = |lane: &Lane| v.nodes[lane.0 as usize].ty.bytes();
        let widest = order.reached.iter().map(width).max().ok_or(Stop::Unsupported("empty loop"))?;
        let lanes = (isa.bytes() / widest).min(1 << wanted.most.max(1).ilog2());
        if lanes == 1 {
            return Err(Stop::Unsupported("one iteration after the other"));
        }
        let mut asm = Asm::default();
        let after = asm.label();
        Ok(Emit {
            v,
            isa,
            asm,
            pool: Pool::new(isa.vectors(), isa.masks(), wanted.apart),
            frame: Frame::default(),
            widest,
            lanes,
            ahead: 0,
            tail: false,
            splats: Vec::new(),
            in_memory: Vec::new(),
            keep: false,
            quiet: None,
            kept: Vec::new(),
            fixed: 0,
            counter: None,
            accumulators: Vec::new(),
            unroll,
            spills: Spills::default(),
            rare: Vec::new(),
            refusals: Vec::new(),
            after,
            left: order.uses.clone(),
            order,
            held: vec![None; v.nodes.len()],
            pins: vec![0; v.nodes.len()],
        })
    }

    /// One vector: `lanes` iterations, `ahead` of the counter. Accumulators of turn `copy` take the results.
    pub fn one_vector(&mut self, copy: usize) -> Result<(), Stop> {
        self.left.clone_from(&self.order.uses);
        let mut stored = false;
        for at in 0..self.order.steps.len() {
            self.spills.step(at);
            if std::mem::take(&mut stored) {
                continue;
            }
            match self.order.steps[at] {
                Step::Node(lane) => {
                    let reg = self.node(lane)?;
                    self.held[lane.0 as usize] = Some(reg);
                }
                Step::Check(index) => self.check(index)?,
                Step::Reduce(index) => self.reduce(index, copy)?,
                Step::Store(lane) => {
                    if let Some(Step::Store(next)) = self.order.steps.get(at + 1) {
                        stored = self.store_in_turn(lane, *next)?;
                    }
                    if !stored {
                        self.store(lane)?;
                    }
                }
            }
        }
        self.spills.step(0);
        debug_assert!(self.held.iter().all(Option::is_none), "a value outlives its vector");
        Ok(())
    }

    fn node(&mut self, lane: Lane) -> Result<Reg, Stop> {
        let v = self.v;
        let node = &v.nodes[lane.0 as usize];
        match &node.op {
            NodeOp::Unary { op, arg } => self.unary(*op, node.ty, *arg),
            NodeOp::Binary { op, lhs, rhs } => self.binary(*op, node.ty, *lhs, *rhs),
            NodeOp::Compare { cond, lhs, rhs } => self.compare(*cond, *lhs, *rhs),
            NodeOp::Select { cond, then, orelse } => self.select(node.ty, *cond, *then, *orelse),
            NodeOp::Convert { op, arg } => self.convert(*op, node.ty, *arg),
            NodeOp::Math { func, args } => self.math(*func, node.ty, args),
            NodeOp::Otherwise { func, args, ok, value } => self.otherwise(*func, args, *ok, *value),
            NodeOp::Load { .. } => self.load(lane),
            NodeOp::Splat(_) | NodeOp::Const(_) | NodeOp::Counter | NodeOp::Store { .. } => {
                unreachable!("invariant: not among the steps")
            }
        }
    }

    pub fn ty(&self, lane: Lane) -> Ty {
        self.v.nodes[lane.0 as usize].ty
    }

    /// The register for lanes of so many bytes.
    pub fn size(&self, width: u32) -> Size {
        Size::of(self.lanes * width)
    }

    /// The register of a mask as a vector (AVX2).
    pub fn mask_size(&self) -> Size {
        self.size(self.widest)
    }

    /// The register that holds the node's value.
    pub fn get(&mut self, lane: Lane) -> Result<Reg, Stop> {
        self.pins[lane.0 as usize] += 1;
        if let Some(reg) = self.held[lane.0 as usize] {
            return Ok(reg);
        }
        if let Some(reg) = self.reload(lane)? {
            return Ok(reg);
        }
        let v = self.v;
        let node = &v.nodes[lane.0 as usize];
        let reg = match &node.op {
            NodeOp::Splat(input) if node.ty == Ty::Bool && self.isa.masks() => self.mask_of_input(*input)?,
            NodeOp::Splat(input) if node.ty == Ty::Bool => self.splat(Splat::Mask(*input))?,
            NodeOp::Splat(input) => self.splat(Splat::Word(*input, node.ty.bytes()))?,
            NodeOp::Const(bits) if node.ty == Ty::Bool && self.isa.masks() => {
                let (reg, code) = (self.pool.mask()?, [Code::VEX_Kxorq_kr_kr_kr, Code::VEX_Kxnorq_kr_kr_kr]);
                let k = reg.at(Size::X);
                self.asm.op(code[(*bits & 1) as usize], &[k.into(), k.into(), k.into()]);
                reg
            }
            NodeOp::Const(bits) if node.ty == Ty::Bool => self.bits((*bits & 1).wrapping_neg())?,
            NodeOp::Const(bits) => self.bits(repeat(*bits, node.ty.bytes()))?,
            NodeOp::Counter => self.counter.expect("invariant: the frame has made it"),
            NodeOp::Load { .. } => self.load(lane)?,
            NodeOp::Unary { .. }
            | NodeOp::Binary { .. }
            | NodeOp::Compare { .. }
            | NodeOp::Select { .. }
            | NodeOp::Convert { .. }
            | NodeOp::Math { .. }
            | NodeOp::Otherwise { .. }
            | NodeOp::Store { .. } => unreachable!("invariant: operands stand before their uses"),
        };
        self.held[lane.0 as usize] = Some(reg);
        Ok(reg)
    }

    /// The value as an operand that may be memory: a load without other uses is folded into its use, and so are
    /// numbers that have no register.
    pub fn get_or_memory(&mut self, lane: Lane) -> Result<Arg, Stop> {
        if self.held[lane.0 as usize].is_none() {
            let waiting = match self.const_bits(lane) {
                Some(bits) => self.bits_in_memory(bits),
                None => self.spilled(lane),
            };
            if let Some(arg) = waiting {
                return Ok(arg);
            }
        }
        self.get_or_load(lane)
    }

    /// True if `get_or_memory` will give memory.
    pub fn is_in_memory(&self, lane: Lane) -> bool {
        self.held[lane.0 as usize].is_none()
            && match self.const_bits(lane) {
                Some(bits) => self.has_no_register(bits),
                None => self.folds(lane) || self.spilled(lane).is_some(),
            }
    }

    /// The bits of a number that can be an operand in memory, in 64 bits.
    fn const_bits(&self, lane: Lane) -> Option<u64> {
        let node = self.v.node(lane);
        let NodeOp::Const(bits) = node.op else { return None };
        (node.ty.bytes() >= 4).then(|| repeat(bits, node.ty.bytes()))
    }

    /// These bits in every 64-bit lane as an operand in memory, unless they have a register. Not for instructions
    /// on lanes of 8 and 16 bits.
    pub fn bits_in_memory(&mut self, bits: u64) -> Option<Arg> {
        if !self.has_no_register(bits) {
            return None;
        }
        let splat = Splat::Bits(bits);
        if !self.keep && !self.in_memory.contains(&splat) {
            self.in_memory.push(splat);
        }
        let each = self.isa.masks();
        let mem = self.asm.constant(&[bits; 4][..if each { 1 } else { 4 }]);
        Some(if each { Arg::Each(mem) } else { Arg::Mem(mem) })
    }

    /// Zero is made in a register.
    fn has_no_register(&self, bits: u64) -> bool {
        let kept = &self.splats[..self.kept.len()];
        bits != 0 && !kept.contains(&Splat::Bits(bits))
    }

    fn get_or_load(&mut self, lane: Lane) -> Result<Arg, Stop> {
        if self.folds(lane)
            && let NodeOp::Load { at, .. } = &self.v.nodes[lane.0 as usize].op
        {
            return Ok(Arg::Mem(self.memory(at, 0)?));
        }
        let size = self.size(self.ty(lane).bytes());
        Ok(Arg::Reg(self.get(lane)?.at(size)))
    }

    /// True if the node is a load that can be an operand in memory: of a whole register.
    pub fn folds(&self, lane: Lane) -> bool {
        self.lanes * self.ty(lane).bytes() >= 16 && self.folds_into(lane)
    }

    /// True if the node is a load that can be an operand of an instruction that reads exactly its bytes.
    pub fn folds_into(&self, lane: Lane) -> bool {
        let node = &self.v.nodes[lane.0 as usize];
        let NodeOp::Load { at, mask: None } = &node.op else { return false };
        self.held[lane.0 as usize].is_none()
            && self.spilled(lane).is_none()
            && node.ty != Ty::Bool
            && !self.tail
            && Access::of(at, node.ty) == Access::Consecutive
    }

    /// One use of the node is over.
    pub fn done(&mut self, lane: Lane) {
        let at = lane.0 as usize;
        self.left[at] -= 1;
        self.pins[at] = self.pins[at].saturating_sub(1);
        let again = matches!(self.v.nodes[at].op, NodeOp::Splat(_) | NodeOp::Const(_));
        if (self.left[at] == 0 || (again && self.pins[at] == 0))
            && let Some(reg) = self.held[at].take()
        {
            self.give(reg);
        }
        if self.left[at] == 0 {
            self.spills.forget(lane);
        }
    }

    /// Gives a register back unless it is fixed.
    pub fn give(&mut self, reg: Reg) {
        if self.fixed & (1 << reg.0) == 0 {
            self.pool.give(reg);
        }
    }

    pub fn fix(&mut self, reg: Reg) {
        self.fixed |= 1 << reg.0;
    }

    /// These bits in every 64-bit lane; to be given back.
    pub fn bits(&mut self, bits: u64) -> Result<Reg, Stop> {
        self.splat(Splat::Bits(bits))
    }

    /// The splat in a register, to be given back.
    pub fn splat(&mut self, splat: Splat) -> Result<Reg, Stop> {
        let place = self.splats.iter().position(|known| *known == splat);
        if let Some(reg) = place.and_then(|place| self.kept.get(place)) {
            return Ok(*reg);
        }
        if place.is_none() && !self.keep {
            self.splats.push(splat);
        }
        let reg = self.vector()?;
        self.load_splat(reg, splat);
        Ok(reg)
    }

    fn load_words(&mut self, reg: Reg, words: &[u64]) {
        let (size, mem) = (Size::of(8 * words.len() as u32), self.asm.constant(words));
        self.asm.form(forms::MOV_LOAD, size, &[reg.at(size).into(), mem.into()]);
    }

    /// Loads the splat into the whole register.
    pub fn load_splat(&mut self, reg: Reg, splat: Splat) {
        let size = Size::of(self.isa.bytes());
        match splat {
            Splat::Bits(0) => self.v3(forms::PXOR, size, reg, reg, reg),
            Splat::Bits(bits) => {
                let mem = self.asm.constant(&[bits]);
                self.asm.form(forms::PBROADCAST_Q, size, &[reg.at(size).into(), mem.into()]);
            }
            Splat::Bits128(words) => {
                let mem = self.asm.constant(&words);
                self.asm.form(forms::BROADCAST_128, size, &[reg.at(size).into(), mem.into()]);
            }
            Splat::Every(every, load) => self.load_words(reg, &every.lanes_of(load)),
            Splat::Turns(turns) => self.load_words(reg, &turns.lanes()),
            Splat::Word(input, width) => {
                let mem = word(input.0);
                self.asm.form(broadcast(width), size, &[reg.at(size).into(), mem.into()]);
            }
            Splat::Mask(input) => {
                // 0 or 1 becomes 0 or -1: the lowest bit moves up and is spread.
                let mem = word(input.0);
                self.asm.form(forms::PBROADCAST_D, size, &[reg.at(size).into(), mem.into()]);
                self.v2i(forms::PSLL_D, size, reg, reg, 31);
                self.v2i(forms::PSRA_D, size, reg, reg, 31);
            }
        }
    }

    fn mask_of_input(&mut self, input: Input) -> Result<Reg, Stop> {
        let reg = self.pool.mask()?;
        self.asm.op(Code::Mov_r64_rm64, &[Register::RAX.into(), word(input.0).into()]);
        self.asm.op(Code::And_rm64_imm32, &[Register::RAX.into(), Arg::Imm32(1)]);
        self.asm.op(Code::Neg_rm64, &[Register::RAX.into()]);
        self.asm.op(Code::VEX_Kmovq_kr_r64, &[reg.at(Size::X).into(), Register::RAX.into()]);
        Ok(reg)
    }

    pub fn v2(&mut self, form: Form, size: Size, to: Reg, a: Reg) {
        self.asm.form(form, size, &[to.at(size).into(), a.at(size).into()]);
    }

    pub fn v2i(&mut self, form: Form, size: Size, to: Reg, a: Reg, imm: u8) {
        self.asm.form(form, size, &[to.at(size).into(), a.at(size).into(), Arg::Imm8(imm)]);
    }

    pub fn v3(&mut self, form: Form, size: Size, to: Reg, a: Reg, b: Reg) {
        self.asm.form(form, size, &[to.at(size).into(), a.at(size).into(), b.at(size).into()]);
    }

    pub fn v3i(&mut self, form: Form, size: Size, to: Reg, a: Reg, b: Reg, imm: u8) {
        let args = [to.at(size).into(), a.at(size).into(), b.at(size).into(), Arg::Imm8(imm)];
        self.asm.form(form, size, &args);
    }

    pub fn copy(&mut self, size: Size, to: Reg, from: Reg) {
        if to != from {
            self.v2(forms::MOV_LOAD, size, to, from);
        }
    }
}

/// A word of the leaf's argument.
pub fn word(index: u32) -> Mem {
    Mem::at(Register::RDI, 8 * index as i32)
}

pub fn broadcast(width: u32) -> Form {
    by_width(width, [forms::PBROADCAST_B, forms::PBROADCAST_W, forms::PBROADCAST_D, forms::PBROADCAST_Q])
}

/// The item for lanes of 1, 2, 4, 8 bytes.
pub fn by_width<T: Copy>(width: u32, items: [T; 4]) -> T {
    items[width.trailing_zeros() as usize]
}

/// The low bytes, as often as 64 bits hold them.
pub fn repeat(bits: u64, width: u32) -> u64 {
    match width {
        1 => (bits & 0xff) * 0x0101_0101_0101_0101,
        2 => (bits & 0xffff) * 0x0001_0001_0001_0001,
        4 => (bits & 0xffff_ffff) * 0x0000_0001_0000_0001,
        _ => bits,
    }
}
