//! The meaning of pure operations on constant words: one definition for the interpreter and for folding.
//!
//! In: an operation, machine types, words. Out: the result's word, or `None` where the operation has no
//! defined result (division by zero) or where folding it would not give the bits of the running program.
//! Invariant: a word holds its value zero-extended from the width of its type (see `canonical`).

use super::*;

/// Number of bits of an integer or pointer type (1 for Bool).
pub fn bits(ty: Ty) -> u32 {
    if ty == Ty::Bool { 1 } else { 8 * ty.bytes() }
}

/// Cuts a word to the width of its type.
pub fn canonical(ty: Ty, word: u64) -> u64 {
    let bits = bits(ty);
    if bits == 64 { word } else { word & ((1 << bits) - 1) }
}

/// The signed reading of a canonical word.
pub fn signed(ty: Ty, word: u64) -> i64 {
    let shift = 64 - bits(ty);
    ((word << shift) as i64) >> shift
}

pub fn unary(op: UnaryOp, ty: Ty, a: u64) -> u64 {
    let width = bits(ty);
    match op {
        UnaryOp::Ineg => canonical(ty, a.wrapping_neg()),
        UnaryOp::Bnot => canonical(ty, !a),
        UnaryOp::Popcnt => u64::from(a.count_ones()),
        UnaryOp::Clz => u64::from(a.leading_zeros() - (64 - width)),
        UnaryOp::Ctz => u64::from(a.trailing_zeros().min(width)),
        UnaryOp::Fneg => {
            if ty == Ty::F32 {
                a ^ (1 << 31)
            } else {
                a ^ (1 << 63)
            }
        }
    }
}

/// `None`: division by zero, or of the smallest integer by -1.
pub fn binary(op: BinaryOp, ty: Ty, a: u64, b: u64) -> Option<u64> {
    let (x, y) = (signed(ty, a), signed(ty, b));
    let width = bits(ty);
    let shift = (b as u32) & (width.max(2) - 1);
    let divides = b != 0 && !(y == -1 && x == signed(ty, 1 << (width - 1)));
    let word = match op {
        BinaryOp::Iadd => a.wrapping_add(b),
        BinaryOp::Isub => a.wrapping_sub(b),
        BinaryOp::Imul => a.wrapping_mul(b),
        BinaryOp::Sdiv => divides.then(|| (x / y) as u64)?,
        BinaryOp::Srem => divides.then(|| (x % y) as u64)?,
        BinaryOp::FloorDiv => divides.then(|| floor_div(x, y) as u64)?,
        BinaryOp::FloorMod => divides.then(|| x.wrapping_sub(floor_div(x, y).wrapping_mul(y)) as u64)?,
        BinaryOp::Udiv => a.checked_div(b)?,
        BinaryOp::Urem => a.checked_rem(b)?,
        BinaryOp::Ishl => a << shift,
        BinaryOp::Sshr => (x >> shift) as u64,
        BinaryOp::Ushr => a >> shift,
        BinaryOp::Band => a & b,
        BinaryOp::Bor => a | b,
        BinaryOp::Bxor => a ^ b,
        BinaryOp::Smin => x.min(y) as u64,
        BinaryOp::Smax => x.max(y) as u64,
        BinaryOp::Umin => a.min(b),
        BinaryOp::Umax => a.max(b),
        BinaryOp::Smulhi => ((i128::from(x) * i128::from(y)) >> width) as u64,
        BinaryOp::Umulhi => ((u128::from(a) * u128::from(b)) >> width) as u64,
        BinaryOp::Fadd
        | BinaryOp::Fsub
        | BinaryOp::Fmul
        | BinaryOp::Fdiv
        | BinaryOp::Fmin
        | BinaryOp::Fmax => return Some(float_binary(op, ty, a, b)),
    };
    Some(canonical(ty, word))
}

/// Rounds toward minus infinity; the divisor is not 0, and not -1 with the smallest dividend.
fn floor_div(x: i64, y: i64) -> i64 {
    let quotient = x.wrapping_div(y);
    if x.wrapping_rem(y) != 0 && ((x < 0) != (y < 0)) { quotient - 1 } else { quotient }
}

fn float_binary(op: BinaryOp, ty: Ty, a: u64, b: u64) -> u64 {
    if ty == Ty::F32 {
        let (x, y) = (f32::from_bits(a as u32), f32::from_bits(b as u32));
        let value = match op {
            BinaryOp::Fadd => x + y,
            BinaryOp::Fsub => x - y,
            BinaryOp::Fmul => x * y,
            BinaryOp::Fdiv => x / y,
            BinaryOp::Fmin => minimum(f64::from(x), f64::from(y)) as f32,
            BinaryOp::Fmax => -minimum(f64::from(-x), f64::from(-y)) as f32,
            BinaryOp::Iadd
            | BinaryOp::Isub
            | BinaryOp::Imul
            | BinaryOp::Sdiv
            | BinaryOp::Udiv
            | BinaryOp::Srem
            | BinaryOp::Urem
            | BinaryOp::FloorDiv
            | BinaryOp::FloorMod
            | BinaryOp::Ishl
            | BinaryOp::Sshr
            | BinaryOp::Ushr
            | BinaryOp::Band
            | BinaryOp::Bor
            | BinaryOp::Bxor
            | BinaryOp::Smin
            | BinaryOp::Smax
            | BinaryOp::Umin
            | BinaryOp::Umax
            | BinaryOp::Smulhi
            | BinaryOp::Umulhi => unreachable!("invariant: a float operation"),
        };
        u64::from(value.to_bits())
    } else {
        let (x, y) = (f64::from_bits(a), f64::from_bits(b));
        let value = match op {
            BinaryOp::Fadd => x + y,
            BinaryOp::Fsub => x - y,
            BinaryOp::Fmul => x * y,
            BinaryOp::Fdiv => x / y,
            BinaryOp::Fmin => minimum(x, y),
            BinaryOp::Fmax => -minimum(-x, -y),
            BinaryOp::Iadd
            | BinaryOp::Isub
            | BinaryOp::Imul
            | BinaryOp::Sdiv
            | BinaryOp::Udiv
            | BinaryOp::Srem
            | BinaryOp::Urem
            | BinaryOp::FloorDiv
            | BinaryOp::FloorMod
            | BinaryOp::Ishl
            | BinaryOp::Sshr
            | BinaryOp::Ushr
            | BinaryOp::Band
            | BinaryOp::Bor
            | BinaryOp::Bxor
            | BinaryOp::Smin
            | BinaryOp::Smax
            | BinaryOp::Umin
            | BinaryOp::Umax
            | BinaryOp::Smulhi
            | BinaryOp::Umulhi => unreachable!("invariant: a float operation"),
        };
        value.to_bits()
    }
}

/// IEEE 754-2019 minimum: nan propagates, -0 is less than +0.
fn minimum(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        x + y
    } else if x == y {
        if x.is_sign_negative() { x } else { y }
    } else if x < y {
        x
    } else {
        y
    }
}

/// Wrapped result and overflow flag.
pub fn checked(op: CheckedOp, a: u64, b: u64) -> (u64, bool) {
    let (x, y) = (a as i64, b as i64);
    let (value, overflow) = match op {
        CheckedOp::Add => x.overflowing_add(y),
        CheckedOp::Sub => x.overflowing_sub(y),
        CheckedOp::Mul => x.overflowing_mul(y),
    };
    (value as u64, overflow)
}

/// `ty` is the type of the operands.
pub fn compare(cond: Cond, ty: Ty, a: u64, b: u64) -> bool {
    let (x, y) = (signed(ty, a), signed(ty, b));
    let (f, g) = (to_f64(ty, a), to_f64(ty, b));
    match cond {
        Cond::Eq => a == b,
        Cond::Ne => a != b,
        Cond::Slt => x < y,
        Cond::Sle => x <= y,
        Cond::Sgt => x > y,
        Cond::Sge => x >= y,
        Cond::Ult => a < b,
        Cond::Ule => a <= b,
        Cond::Ugt => a > b,
        Cond::Uge => a >= b,
        Cond::Feq => f == g,
        Cond::Flt => f < g,
        Cond::Fle => f <= g,
        Cond::Fgt => f > g,
        Cond::Fge => f >= g,
        Cond::Fne => f != g,
    }
}

/// The value of a float word (any word where the type is not a float's).
pub fn to_f64(ty: Ty, word: u64) -> f64 {
    if ty == Ty::F32 { f64::from(f32::from_bits(word as u32)) } else { f64::from_bits(word) }
}

/// The word of a float, rounded to its type.
pub fn from_f64(ty: Ty, value: f64) -> u64 {
    if ty == Ty::F32 { u64::from((value as f32).to_bits()) } else { value.to_bits() }
}

pub fn convert(op: ConvertOp, from: Ty, to: Ty, a: u64) -> u64 {
    let int_bits = bits(to);
    match op {
        ConvertOp::Sext => canonical(to, signed(from, a) as u64),
        ConvertOp::Zext | ConvertOp::Trunc => canonical(to, a),
        ConvertOp::SintToFloat => {
            let value = signed(from, a);
            if to == Ty::F32 { u64::from((value as f32).to_bits()) } else { (value as f64).to_bits() }
        }
        ConvertOp::UintToFloat => {
            if to == Ty::F32 {
                u64::from((a as f32).to_bits())
            } else {
                (a as f64).to_bits()
            }
        }
        ConvertOp::FloatToSint => {
            let (low, high) = (i64::MIN >> (64 - int_bits), i64::MAX >> (64 - int_bits));
            canonical(to, (to_f64(from, a) as i64).clamp(low, high) as u64)
        }
        ConvertOp::FloatToSintC => {
            let (low, x) = (i64::MIN >> (64 - int_bits), to_f64(from, a));
            let whole = if x < -(low as f64) { (x as i64).max(low) } else { low };
            canonical(to, whole as u64)
        }
        ConvertOp::FloatToUint => (to_f64(from, a) as u64).min(u64::MAX >> (64 - int_bits)),
        ConvertOp::Fpromote => f64::from(f32::from_bits(a as u32)).to_bits(),
        ConvertOp::Fdemote => u64::from((f64::from_bits(a) as f32).to_bits()),
        ConvertOp::Bitcast => a,
    }
}

/// Functions whose result IEEE 754 fixes to the bit: safe to fold. `None` for the others.
pub fn exact_math(func: MathFn, ty: Ty, args: &[u64]) -> Option<u64> {
    let x = to_f64(ty, args[0]);
    let value = match func {
        // Rounding a double square root to single gives the single square root.
        MathFn::Sqrt => x.sqrt(),
        MathFn::Floor => x.floor(),
        MathFn::Ceil => x.ceil(),
        MathFn::Trunc => x.trunc(),
        MathFn::Rint => x.round_ties_even(),
        MathFn::Abs => x.abs(),
        MathFn::CopySign => x.copysign(to_f64(ty, args[1])),
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
        | MathFn::Remainder
        | MathFn::Fma => return None,
    };
    Some(from_f64(ty, value))
}

/// All functions that the standard library offers, for the interpreter; the last bit may differ from libm's.
pub fn math(func: MathFn, ty: Ty, args: &[u64]) -> Option<u64> {
    if let Some(word) = exact_math(func, ty, args) {
        return Some(word);
    }
    let x = to_f64(ty, args[0]);
    let y = args.get(1).map_or(0.0, |word| to_f64(ty, *word));
    let value = match func {
        MathFn::Exp => x.exp(),
        MathFn::Exp2 => x.exp2(),
        MathFn::Expm1 => x.exp_m1(),
        MathFn::Log => x.ln(),
        MathFn::Log2 => x.log2(),
        MathFn::Log10 => x.log10(),
        MathFn::Log1p => x.ln_1p(),
        MathFn::Sin => x.sin(),
        MathFn::Cos => x.cos(),
        MathFn::Tan => x.tan(),
        MathFn::Asin => x.asin(),
        MathFn::Acos => x.acos(),
        MathFn::Atan => x.atan(),
        MathFn::Atan2 => x.atan2(y),
        MathFn::Sinh => x.sinh(),
        MathFn::Cosh => x.cosh(),
        MathFn::Tanh => x.tanh(),
        MathFn::Asinh => x.asinh(),
        MathFn::Acosh => x.acosh(),
        MathFn::Atanh => x.atanh(),
        MathFn::Pow => x.powf(y),
        MathFn::Cbrt => x.cbrt(),
        MathFn::Hypot => x.hypot(y),
        MathFn::Fmod => x % y,
        MathFn::Fma => x.mul_add(y, args.get(2).map_or(0.0, |word| to_f64(ty, *word))),
        MathFn::Sqrt
        | MathFn::Floor
        | MathFn::Ceil
        | MathFn::Trunc
        | MathFn::Rint
        | MathFn::Abs
        | MathFn::CopySign
        | MathFn::Erf
        | MathFn::Erfc
        | MathFn::Gamma
        | MathFn::Lgamma
        | MathFn::NextAfter
        | MathFn::Remainder => return None,
    };
    Some(from_f64(ty, value))
}
