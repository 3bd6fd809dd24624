//! Conversions between all types of lanes, masks among them.
//!
//! In: conversions of MIR. Out: instructions that give the bits of `mir::eval`: out of range is the nearest
//! integer, nan is 0. Invariant: a narrow type uses the low part of a register.

use super::Stop;
use super::asm::{Arg, Reg, Size};
use super::emit::{Emit, Splat, by_width, repeat};
use super::forms::{self, Form};
use super::ops::{EQUAL, float};
use crate::mir::vloop::{Lane, NodeOp};
use crate::mir::{ConvertOp, Ty};
use iced_x86::Register;

/// Predicates of float comparison.
const ORDERED: u8 = 7;
const AT_LEAST: u8 = 29;

const TWO_52: f64 = 4_503_599_627_370_496.0;
const TWO_63: f64 = 9_223_372_036_854_775_808.0;
const TWO_84: f64 = 19_342_813_113_834_066_795_298_816.0;

/// From narrow to wide lanes.
fn widening(from: u32, to: u32, signed: bool) -> Form {
    let [sign, zero] = match (from, to) {
        (1, 2) => [forms::PMOVSX_BW, forms::PMOVZX_BW],
        (1, 4) => [forms::PMOVSX_BD, forms::PMOVZX_BD],
        (1, _) => [forms::PMOVSX_BQ, forms::PMOVZX_BQ],
        (2, 4) => [forms::PMOVSX_WD, forms::PMOVZX_WD],
        (2, _) => [forms::PMOVSX_WQ, forms::PMOVZX_WQ],
        _ => [forms::PMOVSX_DQ, forms::PMOVZX_DQ],
    };
    if signed { sign } else { zero }
}

/// AVX-512: from wide to narrow lanes.
fn narrowing(from: u32, to: u32) -> Form {
    match (from, to) {
        (8, 1) => forms::PMOV_QB,
        (8, 2) => forms::PMOV_QW,
        (8, _) => forms::PMOV_QD,
        (4, 1) => forms::PMOV_DB,
        (4, _) => forms::PMOV_DW,
        _ => forms::PMOV_WB,
    }
}

impl Emit<'_> {
    pub fn convert(&mut self, op: ConvertOp, to: Ty, arg: Lane) -> Result<Reg, Stop> {
        let from = self.ty(arg);
        if let ConvertOp::Sext | ConvertOp::Zext = op
            && from != Ty::Bool
            && from.bytes() < to.bytes()
        {
            let form = widening(from.bytes(), to.bytes(), op == ConvertOp::Sext);
            return self.widen_lane(form, arg, to);
        }
        if op == ConvertOp::Fpromote {
            return self.widen_lane(forms::CVT_PS2PD, arg, to);
        }
        let a = self.get(arg)?;
        let result = match op {
            ConvertOp::Sext | ConvertOp::Zext if from == Ty::Bool => {
                self.int_of_mask(a, to.bytes(), op == ConvertOp::Sext)?
            }
            ConvertOp::Bitcast if self.left[arg.0 as usize] == 1 => {
                // The same register, if it is nobody else's.
                self.done(arg);
                if self.pool.take(a) {
                    return Ok(a);
                }
                let result = self.vector()?;
                self.copy(self.size(to.bytes()), result, a);
                return Ok(result);
            }
            ConvertOp::Sext | ConvertOp::Zext | ConvertOp::Bitcast => {
                let result = self.vector()?;
                self.copy(self.size(to.bytes()), result, a);
                result
            }
            ConvertOp::Trunc if to == Ty::Bool => self.lowest_bit(a, from.bytes())?,
            ConvertOp::Trunc => self.narrow(a, from.bytes(), to.bytes(), true)?,
            ConvertOp::SintToFloat | ConvertOp::UintToFloat => {
                self.int_to_float(a, from, to, op == ConvertOp::SintToFloat)?
            }
            ConvertOp::FloatToSint => self.float_to_sint(a, from, to.bytes())?,
            ConvertOp::FloatToUint => self.float_to_uint(a, from, to.bytes())?,
            ConvertOp::FloatToSintC => self.float_to_sint_c(a, from, to.bytes())?,
            ConvertOp::Fpromote => unreachable!("invariant: it widens"),
            ConvertOp::Fdemote => {
                let result = self.vector()?;
                self.resize(forms::CVT_PD2PS, 8, result, 4, a, 8);
                result
            }
        };
        self.done(arg);
        Ok(result)
    }

    /// An instruction whose operands have lanes of different widths; `row`: of the wider one.
    fn resize(&mut self, form: Form, row: u32, to: Reg, to_width: u32, from: Reg, from_width: u32) {
        let args = [to.at(self.size(to_width)).into(), from.at(self.size(from_width)).into()];
        self.asm.form(form, self.size(row), &args);
    }

    /// To wider lanes, from memory where the operand is loaded for this alone.
    fn widen_lane(&mut self, form: Form, arg: Lane, to: Ty) -> Result<Reg, Stop> {
        let whole = self.lanes * to.bytes() >= 16;
        let a = if whole
            && self.folds_into(arg)
            && let NodeOp::Load { at, .. } = &self.v.nodes[arg.0 as usize].op
        {
            Arg::Mem(self.memory(at, 0)?)
        } else {
            let size = self.size(self.ty(arg).bytes());
            Arg::Reg(self.get(arg)?.at(size))
        };
        self.done(arg);
        let result = self.vector()?;
        let size = self.size(to.bytes());
        self.asm.form(form, size, &[result.at(size).into(), a]);
        Ok(result)
    }

    /// To narrower lanes, into a register of its own. Not `exact`: all bits of a lane are equal.
    pub fn narrow(&mut self, from: Reg, wide: u32, narrow: u32, exact: bool) -> Result<Reg, Stop> {
        let to = self.vector()?;
        if wide == narrow {
            self.copy(self.size(wide), to, from);
            return Ok(to);
        }
        if self.isa.masks() {
            self.resize(narrowing(wide, narrow), wide, to, narrow, from, wide);
            return Ok(to);
        }
        let mut width = wide;
        let mut source = from;
        while width > narrow {
            let size = self.size(width);
            let high = self.vector()?;
            if exact && width < 8 {
                // The packing instructions saturate: the upper half of each lane goes first.
                self.with_bits(
                    forms::PAND,
                    size,
                    to,
                    source,
                    repeat(if width == 4 { 0xffff } else { 0xff }, width),
                )?;
                source = to;
            }
            let mut upper = source;
            if size == Size::Y {
                let args = [high.at(Size::X).into(), source.at(Size::Y).into(), Arg::Imm8(1)];
                self.asm.form(forms::EXTRACT_128, Size::Y, &args);
                upper = high;
            }
            match (width, exact) {
                (8, _) => self.v3i(forms::SHUF_PS, Size::X, to, source, upper, 0x88),
                (4, true) => self.v3(forms::PACKUS_DW, Size::X, to, source, upper),
                (4, false) => self.v3(forms::PACKSS_DW, Size::X, to, source, upper),
                (_, true) => self.v3(forms::PACKUS_WB, Size::X, to, source, upper),
                (_, false) => self.v3(forms::PACKSS_WB, Size::X, to, source, upper),
            }
            self.give(high);
            source = to;
            width /= 2;
        }
        Ok(to)
    }

    /// AVX2: a mask with lanes of `from` bytes gets those of the widest type.
    pub fn widen_mask(&mut self, mask: Reg, from: u32) {
        if from < self.widest {
            let form = widening(from, self.widest, true);
            self.resize(form, self.widest, mask, self.widest, mask, from);
        }
    }

    /// AVX2: the mask for lanes of `to` bytes: itself, or a register to be given back.
    pub fn narrow_mask(&mut self, mask: Reg, to: u32) -> Result<Reg, Stop> {
        if to == self.widest { Ok(mask) } else { self.narrow(mask, self.widest, to, false) }
    }

    /// The mask of loaded bytes, whose register it takes.
    pub fn mask_of_bytes(&mut self, bytes: Reg) -> Result<Reg, Stop> {
        let size = self.size(1);
        if self.isa.masks() {
            let to = self.pool.mask()?;
            let args = [to, bytes, bytes].map(|reg| Arg::Reg(reg.at(size)));
            self.asm.masked(forms::PTESTM_B, size, &args, self.partial(1), false);
            self.give(bytes);
            return Ok(to);
        }
        let zero = self.bits(0)?;
        self.v3(forms::PCMPGT_B, size, bytes, bytes, zero);
        self.give(zero);
        self.widen_mask(bytes, 1);
        Ok(bytes)
    }

    /// A mask as bytes of 0 and 1, in a register to be given back.
    pub fn bytes_of_mask(&mut self, mask: Reg) -> Result<Reg, Stop> {
        self.int_of_mask(mask, 1, false)
    }

    /// A mask as integers: 0 and 1, or 0 and -1.
    fn int_of_mask(&mut self, mask: Reg, width: u32, signed: bool) -> Result<Reg, Stop> {
        let size = self.size(width);
        if self.isa.masks() {
            let to = self.vector()?;
            let one = self.bits(if signed { u64::MAX } else { repeat(1, width) })?;
            let form = by_width(
                width,
                [forms::MOVDQU8_LOAD, forms::MOVDQU16_LOAD, forms::MOVDQU32_LOAD, forms::MOVDQU64_LOAD],
            );
            let args = [to.at(size).into(), one.at(size).into()];
            self.asm.masked(form, size, &args, Some(mask), true);
            self.give(one);
            return Ok(to);
        }
        let to = self.narrow(mask, self.widest, width, false)?;
        if !signed {
            self.with_bits(forms::PAND, size, to, to, repeat(1, width))?;
        }
        Ok(to)
    }

    fn lowest_bit(&mut self, a: Reg, width: u32) -> Result<Reg, Stop> {
        let size = self.size(width);
        let one = self.bits(repeat(1, width))?;
        let to;
        if self.isa.masks() {
            to = self.pool.mask()?;
            let form = by_width(width, [forms::PTESTM_B, forms::PTESTM_W, forms::PTESTM_D, forms::PTESTM_Q]);
            let args = [to, a, one].map(|reg| Arg::Reg(reg.at(size)));
            self.asm.masked(form, size, &args, self.partial(width), false);
        } else {
            to = self.vector()?;
            self.v3(forms::PAND, size, to, a, one);
            self.v3(by_width(width, EQUAL), size, to, to, one);
            self.widen_mask(to, width);
        }
        self.give(one);
        Ok(to)
    }

    fn int_to_float(&mut self, a: Reg, from: Ty, to: Ty, signed: bool) -> Result<Reg, Stop> {
        // Of 32 bits first.
        if from == Ty::Bool || from.bytes() < 4 {
            let wide = if from == Ty::Bool {
                self.int_of_mask(a, 4, signed)?
            } else {
                let wide = self.vector()?;
                self.resize(widening(from.bytes(), 4, signed), 4, wide, 4, a, from.bytes());
                wide
            };
            let result = self.int_to_float(wide, Ty::I32, to, true)?;
            self.give(wide);
            return Ok(result);
        }
        let result = self.vector()?;
        let (width, size) = (to.bytes(), self.size(to.bytes()));
        match (from.bytes(), to, signed) {
            (4, Ty::F64, true) => self.resize(forms::CVT_DQ2PD, 8, result, 8, a, 4),
            (4, _, true) => self.v2(forms::CVT_DQ2PS, size, result, a),
            (4, Ty::F64, false) if self.isa.masks() => self.resize(forms::CVT_UDQ2PD, 8, result, 8, a, 4),
            (4, _, false) if self.isa.masks() => self.v2(forms::CVT_UDQ2PS, size, result, a),
            (4, Ty::F64, false) => {
                // The bits of 2**52 + a; then without 2**52.
                self.resize(forms::PMOVZX_DQ, 8, result, 8, a, 4);
                self.with_bits(forms::POR, size, result, result, TWO_52.to_bits())?;
                self.with_bits(forms::SUB_PD, size, result, result, TWO_52.to_bits())?;
            }
            (4, _, false) => {
                // Halves convert exactly; their sum rounds once.
                let high = self.vector()?;
                self.v2i(forms::PSRL_D, size, high, a, 16);
                self.v2(forms::CVT_DQ2PS, size, high, high);
                let scale = repeat(u64::from(65536f32.to_bits()), 4);
                self.with_bits(forms::MUL_PS, size, high, high, scale)?;
                self.with_bits(forms::PAND, size, result, a, repeat(0xffff, 4))?;
                self.v2(forms::CVT_DQ2PS, size, result, result);
                self.v3(forms::ADD_PS, size, result, high, result);
                self.give(high);
            }
            (_, _, true) if self.isa.masks() => {
                self.resize(float(to, forms::CVT_QQ2PD, forms::CVT_QQ2PS), 8, result, width, a, 8);
            }
            (_, _, false) if self.isa.masks() => {
                self.resize(float(to, forms::CVT_UQQ2PD, forms::CVT_UQQ2PS), 8, result, width, a, 8);
            }
            (_, Ty::F64, _) => self.long_to_double(a, result, signed)?,
            (_, _, _) => return Err(Stop::Unsupported("int64 to float32 on AVX2")),
        }
        Ok(result)
    }

    /// AVX2: the halves as the low bits of doubles with fitting exponents; their sum rounds once.
    fn long_to_double(&mut self, a: Reg, to: Reg, signed: bool) -> Result<(), Stop> {
        let size = self.size(8);
        let high = self.vector()?;
        let base;
        if signed {
            // The upper 48 bits, signed, times 2**16 on 3 * 2**67; the lower 16 bits on 2**52.
            base = 3.0 * 2f64.powi(67);
            let zero = self.bits(0)?;
            self.v2i(forms::PSRA_D, size, high, a, 16);
            self.v3i(forms::PBLEND_W, size, high, high, zero, 0x33);
            self.give(zero);
            self.with_bits(forms::PADD_Q, size, high, high, base.to_bits())?;
        } else {
            base = TWO_84;
            self.v2i(forms::PSRL_Q, size, high, a, 32);
            self.with_bits(forms::POR, size, high, high, base.to_bits())?;
        }
        let small = self.bits(TWO_52.to_bits())?;
        self.v3i(forms::PBLEND_W, size, to, a, small, if signed { 0x88 } else { 0xcc });
        self.give(small);
        self.with_bits(forms::SUB_PD, size, high, high, (base + TWO_52).to_bits())?;
        self.v3(forms::ADD_PD, size, to, high, to);
        self.give(high);
        Ok(())
    }

    /// Bits of a number in every lane of a float type.
    fn number(&mut self, ty: Ty, value: f64) -> Result<Reg, Stop> {
        let bits =
            if ty == Ty::F32 { repeat(u64::from((value as f32).to_bits()), 4) } else { value.to_bits() };
        self.splat(Splat::Bits(bits))
    }

    /// `to = a op number`.
    fn with_number(&mut self, form: [Form; 2], ty: Ty, to: Reg, a: Reg, value: f64) -> Result<(), Stop> {
        let number = self.number(ty, value)?;
        self.v3(float(ty, form[0], form[1]), self.size(ty.bytes()), to, a, number);
        self.give(number);
        Ok(())
    }

    /// `to = a` where the comparison of two floats holds, else 0. `to` is not one of them.
    fn keep_where(&mut self, ty: Ty, to: Reg, a: Reg, compared: [Reg; 2], predicate: u8) -> Result<(), Stop> {
        let size = self.size(ty.bytes());
        let form = float(ty, forms::CMP_PD, forms::CMP_PS);
        if self.isa.masks() {
            let mask = self.pool.mask()?;
            self.v3i(form, size, mask, compared[0], compared[1], predicate);
            let mov = if ty == Ty::F32 { forms::MOVDQU32_LOAD } else { forms::MOVDQU64_LOAD };
            let args = [to.at(size).into(), a.at(size).into()];
            self.asm.masked(mov, size, &args, Some(mask), true);
            self.give(mask);
        } else {
            let mask = self.vector()?;
            self.v3i(form, size, mask, compared[0], compared[1], predicate);
            self.v3(forms::PAND, size, to, mask, a);
            self.give(mask);
        }
        Ok(())
    }

    /// What the instructions do: what does not fit, and nan, gives the smallest integer.
    fn float_to_sint_c(&mut self, a: Reg, from: Ty, to: u32) -> Result<Reg, Stop> {
        let size = self.size(from.bytes());
        let result = self.vector()?;
        match (from, to, self.isa.masks()) {
            (Ty::F32, 8, _) => {
                self.give(result);
                return self.by_way_of_double(a, Self::float_to_sint_c);
            }
            (Ty::F32, _, _) => self.v2(forms::CVTT_PS2DQ, size, result, a),
            (_, 8, true) => self.v2(forms::CVTT_PD2QQ, size, result, a),
            (_, 8, false) => self.double_to_long(a, result)?,
            _ => self.resize(forms::CVTT_PD2DQ, 8, result, 4, a, 8),
        }
        Ok(result)
    }

    /// A float32 to 64 bits by a conversion of float64.
    fn by_way_of_double(
        &mut self,
        a: Reg,
        convert: fn(&mut Self, Reg, Ty, u32) -> Result<Reg, Stop>,
    ) -> Result<Reg, Stop> {
        let double = self.vector()?;
        self.resize(forms::CVT_PS2PD, 8, double, 8, a, 4);
        let result = convert(self, double, Ty::F64, 8)?;
        self.give(double);
        Ok(result)
    }

    fn float_to_sint(&mut self, a: Reg, from: Ty, to: u32) -> Result<Reg, Stop> {
        if from == Ty::F32 && to == 8 {
            return self.by_way_of_double(a, Self::float_to_sint);
        }
        if from.bytes() == to {
            // Right below the range; above it with all bits turned.
            let size = self.size(from.bytes());
            let result = self.float_to_sint_c(a, from, to)?;
            let bound = self.number(from, if to == 8 { TWO_63 } else { 2_147_483_648.0 })?;
            let turn = self.vector()?;
            let ones = self.bits(u64::MAX)?;
            self.keep_where(from, turn, ones, [a, bound], AT_LEAST)?;
            self.v3(forms::PXOR, size, turn, result, turn);
            self.keep_where(from, result, turn, [a, a], ORDERED)?;
            self.give(ones);
            self.give(bound);
            self.give(turn);
            return Ok(result);
        }
        let result = self.vector()?;
        self.keep_where(from, result, a, [a, a], ORDERED)?;
        let low = (i64::MIN >> (64 - 8 * to)) as f64;
        let high = (i64::MAX >> (64 - 8 * to)) as f64;
        self.with_number([forms::MIN_PD, forms::MIN_PS], from, result, result, high)?;
        self.with_number([forms::MAX_PD, forms::MAX_PS], from, result, result, low)?;
        self.clamped(result, from, to)
    }

    /// A float in the range of a signed integer of at most 32 bits; takes its register.
    fn clamped(&mut self, a: Reg, from: Ty, to: u32) -> Result<Reg, Stop> {
        let form = float(from, forms::CVTT_PD2DQ, forms::CVTT_PS2DQ);
        self.resize(form, from.bytes(), a, 4, a, from.bytes());
        if to == 4 {
            return Ok(a);
        }
        let result = self.narrow(a, 4, to, true)?;
        self.give(a);
        Ok(result)
    }

    /// AVX2: one lane after the other.
    fn double_to_long(&mut self, a: Reg, to: Reg) -> Result<(), Stop> {
        let x = |reg: Reg| Arg::Reg(reg.at(Size::X));
        let [part, swapped] = [self.vector()?, self.vector()?];
        for first in (0..self.lanes).step_by(2) {
            let chunk = self.chunk(a, 8 * first)?;
            let into = if first == 0 { to } else { part };
            let rax = Register::RAX.into();
            self.asm.form(forms::CVTT_SD2SI, Size::X, &[rax, x(chunk)]);
            if self.lanes > 1 {
                self.v2i(forms::PSHUF_D, Size::X, swapped, chunk, 0xee);
            }
            self.asm.form(forms::MOV_Q_TO, Size::X, &[x(into), rax]);
            if self.lanes > 1 {
                self.asm.form(forms::CVTT_SD2SI, Size::X, &[rax, x(swapped)]);
                self.asm.form(forms::PINSR_Q, Size::X, &[x(into), x(into), rax, Arg::Imm8(1)]);
            }
            if first > 0 {
                let args = [to.at(Size::Y).into(), to.at(Size::Y).into(), x(part), Arg::Imm8(1)];
                self.asm.form(forms::INSERT_128, Size::Y, &args);
            }
            if chunk != a {
                self.give(chunk);
            }
        }
        self.give(part);
        self.give(swapped);
        Ok(())
    }

    fn float_to_uint(&mut self, a: Reg, from: Ty, to: u32) -> Result<Reg, Stop> {
        if from == Ty::F32 && to == 8 {
            let double = self.vector()?;
            self.resize(forms::CVT_PS2PD, 8, double, 8, a, 4);
            let result = self.float_to_uint(double, Ty::F64, 8)?;
            self.give(double);
            return Ok(result);
        }
        let size = self.size(from.bytes());
        let result = self.vector()?;
        // The second operand, 0, is taken if the first is nan.
        self.with_number([forms::MAX_PD, forms::MAX_PS], from, result, a, 0.0)?;
        match (from, to, self.isa.masks()) {
            (Ty::F64, 8, true) => self.v2(forms::CVTT_PD2UQQ, size, result, result),
            (Ty::F64, 8, false) => return Err(Stop::Unsupported("float64 to uint64 on AVX2")),
            (Ty::F64, 4, true) => self.resize(forms::CVTT_PD2UDQ, 8, result, 4, result, 8),
            (_, 4, true) => self.v2(forms::CVTT_PS2UDQ, size, result, result),
            (Ty::F64, 4, false) => {
                // The integer in the low bits of 2**52 + it.
                let bound = f64::from(u32::MAX);
                self.with_number([forms::MIN_PD, forms::MIN_PS], from, result, result, bound)?;
                self.v2i(forms::ROUND_PD, size, result, result, 11);
                self.with_number([forms::ADD_PD, forms::ADD_PS], from, result, result, TWO_52)?;
                let narrow = self.narrow(result, 8, 4, true)?;
                self.give(result);
                return Ok(narrow);
            }
            (_, 4, false) => {
                // From 2**31 on without it, the bit put back; from 2**32 on all bits.
                let [high, bits] = [self.vector()?, self.vector()?];
                let bound = self.number(from, 2_147_483_648.0)?;
                self.keep_where(from, high, bound, [result, bound], AT_LEAST)?;
                self.v3(forms::SUB_PS, size, bits, result, high);
                self.v2(forms::CVTT_PS2DQ, size, bits, bits);
                // The bit: nothing, or the bound's exponent, as it is not 0.
                let zero = self.bits(0)?;
                self.v3(forms::PCMPGT_D, size, high, high, zero);
                self.v2i(forms::PSLL_D, size, high, high, 31);
                self.v3(forms::PXOR, size, bits, bits, high);
                self.give(zero);
                self.give(bound);
                let beyond = self.number(from, 4_294_967_296.0)?;
                let ones = self.bits(u64::MAX)?;
                self.keep_where(from, high, ones, [result, beyond], AT_LEAST)?;
                self.v3(forms::POR, size, result, bits, high);
                self.give(ones);
                self.give(beyond);
                self.give(high);
                self.give(bits);
            }
            (_, _, _) => {
                let high = (u64::MAX >> (64 - 8 * to)) as f64;
                self.with_number([forms::MIN_PD, forms::MIN_PS], from, result, result, high)?;
                return self.clamped(result, from, to);
            }
        }
        Ok(result)
    }
}
