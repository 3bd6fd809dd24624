//! Values of several iterations in 128-bit vectors: their shapes, and moving between shapes.
//!
//! Invariant: lane `k` of a value lies in vector `k / n` at place `k % n`, `n` lanes to a vector. A mask is
//! a value of integers, all ones or zero, as wide as what was compared.

use super::VECTOR;
use crate::codegen::abi::clif;
use crate::codegen::func::Emit;
use crate::mir::Ty;
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, immediates, types};

/// One value in a number of iterations.
#[derive(Clone, Debug)]
pub(super) struct Wide {
    pub regs: Vec<ir::Value>,
    /// Width of a lane.
    pub bytes: u32,
}

impl Wide {
    pub fn with(&self, regs: Vec<ir::Value>) -> Wide {
        Wide { regs, bytes: self.bytes }
    }
}

/// The vector of integers with lanes of some width.
pub(super) fn ints(bytes: u32) -> ir::Type {
    match bytes {
        1 => types::I8X16,
        2 => types::I16X8,
        4 => types::I32X4,
        _ => types::I64X2,
    }
}

/// The vector of a type, not of masks.
pub(super) fn vector(ty: Ty) -> ir::Type {
    let scalar = clif(ty);
    scalar.by(VECTOR / scalar.bytes()).expect("invariant: a vector has a type")
}

impl Emit<'_, '_> {
    pub(super) fn constant_word(&mut self, ty: Ty, bits: u64) -> ir::Value {
        match ty {
            Ty::F32 => self.b.ins().f32const(immediates::Ieee32::with_bits(bits as u32)),
            Ty::F64 => self.b.ins().f64const(immediates::Ieee64::with_bits(bits)),
            Ty::Bool | Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr => self.int_constant(ty, bits as i64),
        }
    }

    pub(super) fn cast(&mut self, reg: ir::Value, ty: ir::Type) -> ir::Value {
        if self.b.func.dfg.value_type(reg) == ty {
            return reg;
        }
        let flags = MemFlagsData::new().with_endianness(ir::Endianness::Little);
        self.b.ins().bitcast(ty, flags, reg)
    }

    /// The same scalar in all lanes. A mask from a byte 0 or 1 has the width at which `lanes` lanes fill one
    /// vector.
    pub(super) fn splat(&mut self, ty: Ty, scalar: ir::Value, lanes: u32) -> Wide {
        if ty == Ty::Bool {
            let bytes = VECTOR / lanes;
            let negative = self.b.ins().ineg(scalar);
            let element = ints(bytes).lane_type();
            let wide = if bytes == 1 { negative } else { self.b.ins().sextend(element, negative) };
            let reg = self.b.ins().splat(ints(bytes), wide);
            return Wide { regs: vec![reg], bytes };
        }
        let reg = self.b.ins().splat(vector(ty), scalar);
        let regs = vec![reg; (lanes * ty.bytes() / VECTOR) as usize];
        Wide { regs, bytes: ty.bytes() }
    }

    /// The lanes one by one; of a mask as bytes 0 and 1.
    pub(super) fn scalars(&mut self, ty: Ty, wide: &Wide) -> Vec<ir::Value> {
        let mut words = Vec::new();
        for reg in &wide.regs {
            for lane in 0..VECTOR / wide.bytes {
                let mut word = self.b.ins().extractlane(*reg, lane as u8);
                if ty == Ty::Bool {
                    if wide.bytes > 1 {
                        word = self.b.ins().ireduce(types::I8, word);
                    }
                    word = self.b.ins().band_imm_u(word, 1);
                }
                words.push(word);
            }
        }
        words
    }

    /// Lanes from scalars; not of masks.
    pub(super) fn gathered(&mut self, ty: Ty, words: &[ir::Value]) -> Wide {
        let per_vector = (VECTOR / ty.bytes()) as usize;
        let mut regs = Vec::new();
        for chunk in words.chunks(per_vector) {
            let mut reg = self.b.ins().splat(vector(ty), chunk[0]);
            for (lane, word) in chunk.iter().enumerate().skip(1) {
                reg = self.b.ins().insertlane(reg, *word, lane as u8);
            }
            regs.push(reg);
        }
        Wide { regs, bytes: ty.bytes() }
    }

    /// Each register by one operation.
    pub(super) fn each(&mut self, wide: &Wide, mut f: impl FnMut(&mut Self, ir::Value) -> ir::Value) -> Wide {
        let regs = wide.regs.iter().map(|reg| f(self, *reg)).collect();
        wide.with(regs)
    }

    pub(super) fn each_pair(
        &mut self,
        a: &Wide,
        b: &Wide,
        mut f: impl FnMut(&mut Self, ir::Value, ir::Value) -> ir::Value,
    ) -> Wide {
        let regs = a.regs.iter().zip(&b.regs).map(|(a, b)| f(self, *a, *b)).collect();
        a.with(regs)
    }

    /// Integers (or a mask, signed) with wider lanes.
    pub(super) fn widened(&mut self, wide: Wide, bytes: u32, signed: bool) -> Wide {
        let mut wide = wide;
        while wide.bytes < bytes {
            let mut regs = Vec::new();
            for reg in &wide.regs {
                let (low, high) = if signed {
                    (self.b.ins().swiden_low(*reg), self.b.ins().swiden_high(*reg))
                } else {
                    (self.b.ins().uwiden_low(*reg), self.b.ins().uwiden_high(*reg))
                };
                regs.extend([low, high]);
            }
            wide = Wide { regs, bytes: 2 * wide.bytes };
        }
        wide
    }

    /// Integers cut to narrower lanes; of a mask all ones stay all ones.
    pub(super) fn narrow(&mut self, wide: Wide, bytes: u32, mask: bool) -> Wide {
        let mut wide = wide;
        while wide.bytes > bytes {
            let mut regs = Vec::new();
            for pair in wide.regs.chunks(2) {
                let (a, b) = (pair[0], pair[1]);
                regs.push(match wide.bytes {
                    8 => self.even_words(a, b),
                    _ if mask => self.b.ins().snarrow(a, b),
                    from => {
                        // Cut first, so that nothing saturates.
                        let low = self.b.ins().iconst(ints(from).lane_type(), (1 << (4 * from)) - 1);
                        let low = self.b.ins().splat(ints(from), low);
                        let (a, b) = (self.b.ins().band(a, low), self.b.ins().band(b, low));
                        self.b.ins().unarrow(a, b)
                    }
                });
            }
            wide = Wide { regs, bytes: wide.bytes / 2 };
        }
        wide
    }

    /// The low halves of the 64-bit lanes of two vectors.
    fn even_words(&mut self, a: ir::Value, b: ir::Value) -> ir::Value {
        let (a, b) = (self.cast(a, types::I8X16), self.cast(b, types::I8X16));
        let bytes = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
        let reg = self.shuffled(a, b, bytes);
        self.cast(reg, types::I32X4)
    }

    /// Bytes of two vectors by their numbers.
    pub(super) fn shuffled(&mut self, a: ir::Value, b: ir::Value, bytes: [u8; 16]) -> ir::Value {
        let mask = self.b.func.dfg.immediates.push(ir::ConstantData::from(&bytes[..]));
        self.b.ins().shuffle(a, b, mask)
    }

    /// The upper half of a vector as the lower half of one.
    pub(super) fn high_half(&mut self, reg: ir::Value) -> ir::Value {
        let ty = self.b.func.dfg.value_type(reg);
        let bytes = self.cast(reg, types::I8X16);
        let high = self.shuffled(bytes, bytes, std::array::from_fn(|k| 8 + k as u8 % 8));
        self.cast(high, ty)
    }

    /// The low halves of two vectors.
    pub(super) fn low_halves(&mut self, a: ir::Value, b: ir::Value) -> ir::Value {
        let ty = self.b.func.dfg.value_type(a);
        let (a, b) = (self.cast(a, types::I8X16), self.cast(b, types::I8X16));
        let both = self.shuffled(a, b, std::array::from_fn(|k| if k < 8 { k as u8 } else { 8 + k as u8 }));
        self.cast(both, ty)
    }

    /// Lanes in the opposite order.
    pub(super) fn reversed(&mut self, reg: ir::Value, bytes: u32) -> ir::Value {
        let ty = self.b.func.dfg.value_type(reg);
        let cast = self.cast(reg, types::I8X16);
        let n = bytes as usize;
        let back = self.shuffled(cast, cast, std::array::from_fn(|k| (16 - n - k / n * n + k % n) as u8));
        self.cast(back, ty)
    }

    /// A mask with lanes of another width.
    pub(super) fn mask_to(&mut self, mask: &Wide, bytes: u32) -> Wide {
        let widened = self.widened(mask.clone(), bytes, true);
        self.narrow(widened, bytes, true)
    }

    /// A bit for each lane, from the lowest up; and how many lanes there are.
    pub(super) fn mask_bits(&mut self, mask: &Wide) -> (ir::Value, u32) {
        let per_vector = VECTOR / mask.bytes;
        let mut bits: Option<ir::Value> = None;
        for (k, reg) in mask.regs.iter().enumerate() {
            let part = self.b.ins().vhigh_bits(types::I32, *reg);
            let shift = i64::from(k as u32 * per_vector);
            bits = Some(match bits {
                None => part,
                Some(bits) => {
                    let part = self.b.ins().ishl_imm_u(part, shift);
                    self.b.ins().bor(bits, part)
                }
            });
        }
        let bits = bits.expect("invariant: a value has a register");
        (bits, per_vector * mask.regs.len() as u32)
    }
}
