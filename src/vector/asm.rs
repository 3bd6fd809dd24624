//! Instructions to bytes: labels, constants behind the code, and a record of what was encoded.
//!
//! In: codes with operands. Out: the bytes, position-independent, and the instructions as text or for tests.
//! Invariant: jumps and references to constants have four bytes, whatever their distance, so that their
//! places are known before their targets are.

use super::forms::Form;
use iced_x86::{Code, Encoder, Instruction, OpKind, Register};
use rustc_hash::FxHashMap;

/// What constants begin at: a cache line.
const LINE: usize = 64;

/// Width of a vector register.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Size {
    X,
    Y,
    Z,
}

impl Size {
    /// The narrowest register with room for so many bytes.
    pub fn of(bytes: u32) -> Size {
        match bytes {
            0..=16 => Size::X,
            17..=32 => Size::Y,
            _ => Size::Z,
        }
    }
}

/// A register of the allocator: vectors 0 to 31, then the mask registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reg(pub u8);

pub const FIRST_MASK: u8 = 32;

impl Reg {
    pub fn at(self, size: Size) -> Register {
        let (first, number) = match (self.is_mask(), size) {
            (true, _) => (Register::K0, self.0 - FIRST_MASK),
            (false, Size::X) => (Register::XMM0, self.0),
            (false, Size::Y) => (Register::YMM0, self.0),
            (false, Size::Z) => (Register::ZMM0, self.0),
        };
        first + u32::from(number)
    }

    pub fn is_mask(self) -> bool {
        self.0 >= FIRST_MASK
    }
}

/// `base + index * scale + disp`; with base RIP, `disp` is a place among the constants.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mem {
    pub base: Register,
    pub index: Register,
    pub scale: u32,
    pub disp: i32,
}

impl Mem {
    pub fn at(base: Register, disp: i32) -> Mem {
        Mem { base, index: Register::None, scale: 1, disp }
    }
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Arg {
    Reg(Register),
    Mem(Mem),
    /// One element of memory for every lane (AVX-512).
    Each(Mem),
    Imm8(u8),
    Imm32(i32),
}

impl From<Register> for Arg {
    fn from(register: Register) -> Arg {
        Arg::Reg(register)
    }
}

impl From<Mem> for Arg {
    fn from(mem: Mem) -> Arg {
        Arg::Mem(mem)
    }
}

/// A place in the code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label(usize);

enum Target {
    Label(Label),
    /// Bytes from the first constant.
    Constant(i32),
}

/// Four bytes that wait for their target.
struct Fixup {
    instruction: usize,
    at: usize,
    target: Target,
}

pub struct Asm {
    encoder: Encoder,
    pub instructions: Vec<Instruction>,
    /// Bytes so far.
    length: usize,
    /// Where labels stand.
    labels: Vec<Option<usize>>,
    fixups: Vec<Fixup>,
    constants: Vec<u64>,
    /// Where each of them stands.
    places: FxHashMap<Box<[u64]>, usize>,
}

impl Default for Asm {
    fn default() -> Asm {
        Asm {
            encoder: Encoder::new(64),
            instructions: Vec::new(),
            length: 0,
            labels: Vec::new(),
            fixups: Vec::new(),
            constants: Vec::new(),
            places: FxHashMap::default(),
        }
    }
}

impl Asm {
    pub fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    pub fn bind(&mut self, label: Label) {
        self.labels[label.0] = Some(self.length);
    }

    pub fn jump(&mut self, code: Code, to: Label) {
        let mut instruction = Instruction::new();
        instruction.set_code(code);
        instruction.set_op_kind(0, OpKind::NearBranch64);
        let end = self.encode(instruction);
        let instruction = self.instructions.len() - 1;
        self.fixups.push(Fixup { instruction, at: end - 4, target: Target::Label(to) });
    }

    /// Loads a number of any size.
    pub fn mov_imm(&mut self, to: Register, value: i64) {
        if let Ok(value) = i32::try_from(value) {
            return self.op(Code::Mov_rm64_imm32, &[to.into(), Arg::Imm32(value)]);
        }
        let mut instruction = Instruction::new();
        instruction.set_code(Code::Mov_r64_imm64);
        instruction.set_op_kind(0, OpKind::Register);
        instruction.set_op_register(0, to);
        instruction.set_op_kind(1, OpKind::Immediate64);
        instruction.set_immediate64(value as u64);
        self.encode(instruction);
    }

    pub fn op(&mut self, code: Code, args: &[Arg]) {
        self.masked_op(code, args, None, false);
    }

    /// `mask`: lanes whose bit is clear become 0 if `zeroing`, else keep what they hold.
    pub fn masked_op(&mut self, code: Code, args: &[Arg], mask: Option<Register>, zeroing: bool) {
        let mut instruction = Instruction::new();
        instruction.set_code(code);
        let mut constant = None;
        for (k, arg) in args.iter().enumerate() {
            let k = k as u32;
            match *arg {
                Arg::Reg(register) => {
                    instruction.set_op_kind(k, OpKind::Register);
                    instruction.set_op_register(k, register);
                }
                Arg::Imm8(value) => {
                    instruction.set_op_kind(k, OpKind::Immediate8);
                    instruction.set_immediate8(value);
                }
                Arg::Imm32(value) => {
                    instruction.set_op_kind(k, OpKind::Immediate32to64);
                    instruction.set_immediate32to64(i64::from(value));
                }
                Arg::Mem(mem) | Arg::Each(mem) => {
                    instruction.set_op_kind(k, OpKind::Memory);
                    instruction.set_is_broadcast(matches!(arg, Arg::Each(_)));
                    instruction.set_memory_base(mem.base);
                    instruction.set_memory_index(mem.index);
                    instruction.set_memory_index_scale(mem.scale);
                    if mem.base == Register::RIP {
                        constant = Some(mem.disp);
                        instruction.set_memory_displ_size(8);
                        instruction.set_memory_displacement64(self.length as u64);
                    } else {
                        // RBP and R13 have no form without displacement.
                        let needs = mem.disp != 0 || matches!(mem.base, Register::RBP | Register::R13);
                        instruction.set_memory_displ_size(u32::from(needs));
                        instruction.set_memory_displacement64(i64::from(mem.disp) as u64);
                    }
                }
            }
        }
        if let Some(mask) = mask {
            instruction.set_op_mask(mask);
            instruction.set_zeroing_masking(zeroing);
        }
        let start = self.length;
        self.encode(instruction);
        if let Some(place) = constant {
            let at = start + self.encoder.get_constant_offsets().displacement_offset();
            let instruction = self.instructions.len() - 1;
            self.fixups.push(Fixup { instruction, at, target: Target::Constant(place) });
        }
    }

    /// The end of the instruction.
    fn encode(&mut self, mut instruction: Instruction) -> usize {
        let ip = self.length as u64;
        match self.encoder.encode(&instruction, ip) {
            Ok(bytes) => {
                self.length += bytes;
                instruction.set_len(bytes);
                instruction.set_next_ip(self.length as u64);
            }
            Err(error) => panic!("encoder: {error}: {:?}", instruction.code()),
        }
        self.instructions.push(instruction);
        self.length
    }

    /// These words behind the code.
    pub fn constant(&mut self, words: &[u64]) -> Mem {
        let place = self.places.get(words).copied().unwrap_or_else(|| {
            // None crosses a cache line.
            let place = self.constants.len().next_multiple_of(words.len().next_power_of_two());
            self.constants.resize(place, 0);
            self.constants.extend_from_slice(words);
            self.places.insert(words.into(), place);
            place
        });
        Mem::at(Register::RIP, 8 * place as i32)
    }

    /// The code with its constants, and the instructions as they stand there.
    pub fn finish(mut self) -> (Vec<u8>, Vec<Instruction>) {
        let mut code = self.encoder.take_buffer();
        code.resize(code.len().next_multiple_of(LINE), 0xcc);
        let constants = code.len();
        code.extend(self.constants.iter().flat_map(|word| word.to_le_bytes()));
        for fixup in &self.fixups {
            let instruction = &mut self.instructions[fixup.instruction];
            let target = match fixup.target {
                Target::Label(label) => {
                    let target = self.labels[label.0].expect("invariant: a label that is jumped to is bound");
                    instruction.set_near_branch64(target as u64);
                    target
                }
                Target::Constant(place) => {
                    let target = constants + place as usize;
                    instruction.set_memory_displacement64(target as u64);
                    target
                }
            };
            let distance = target as i64 - instruction.next_ip() as i64;
            code[fixup.at..fixup.at + 4].copy_from_slice(&(distance as i32).to_le_bytes());
        }
        (code, self.instructions)
    }

    /// The vector instruction of this form. Registers above 15, masks and elements for every lane need the EVEX
    /// encoding.
    pub fn form(&mut self, form: Form, size: Size, args: &[Arg]) {
        self.masked(form, size, args, None, false);
    }

    pub fn masked(&mut self, form: Form, size: Size, args: &[Arg], mask: Option<Reg>, zeroing: bool) {
        let needs = |arg: &Arg| match arg {
            Arg::Reg(register) => needs_evex(*register),
            Arg::Each(_) => true,
            Arg::Mem(_) | Arg::Imm8(_) | Arg::Imm32(_) => false,
        };
        let evex = mask.is_some() || args.iter().any(needs);
        let code = form.code(size, evex);
        let code = code.unwrap_or_else(|| panic!("invariant: {form:?} has no {size:?} (evex: {evex})"));
        self.masked_op(code, args, mask.map(|k| k.at(size)), zeroing);
    }
}

fn needs_evex(register: Register) -> bool {
    let high = |first: Register| (first as u32 + 16..first as u32 + 32).contains(&(register as u32));
    register.is_k() || high(Register::XMM0) || high(Register::YMM0) || high(Register::ZMM0)
}
