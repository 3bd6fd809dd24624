//! Laws of operations that several passes use.
//!
//! In: an operation, words. Out: its relatives. Invariant: what is said here holds for every operand.

use crate::mir::*;

/// A power of two that is positive in the operation's reading.
pub fn power_of_two(ty: Ty, op: BinaryOp, word: u64) -> bool {
    let unsigned = matches!(op, BinaryOp::Udiv | BinaryOp::Urem);
    word.is_power_of_two() && (unsigned || eval::signed(ty, word) > 0)
}

/// `1 / c` where multiplying by it gives the same bits as dividing by `c`.
pub fn exact_reciprocal(ty: Ty, word: u64) -> Option<u64> {
    let c = eval::to_f64(ty, word);
    let (mantissa, low, high) =
        if ty == Ty::F32 { (word & 0x7f_ffff, 1e-37, 1e37) } else { (word & ((1 << 52) - 1), 1e-300, 1e300) };
    (mantissa == 0 && c.abs() > low && c.abs() < high).then(|| eval::from_f64(ty, 1.0 / c))
}

/// The operation without its test for overflow.
pub fn wrapping(op: CheckedOp) -> BinaryOp {
    match op {
        CheckedOp::Add => BinaryOp::Iadd,
        CheckedOp::Sub => BinaryOp::Isub,
        CheckedOp::Mul => BinaryOp::Imul,
    }
}

/// Order of the operands does not matter.
pub fn commutes(op: BinaryOp) -> bool {
    match op {
        BinaryOp::Iadd
        | BinaryOp::Imul
        | BinaryOp::Band
        | BinaryOp::Bor
        | BinaryOp::Bxor
        | BinaryOp::Smin
        | BinaryOp::Smax
        | BinaryOp::Umin
        | BinaryOp::Umax
        | BinaryOp::Smulhi
        | BinaryOp::Umulhi => true,
        // Two nans could give either payload; nobody depends on it, but bits stay as they are.
        BinaryOp::Fadd | BinaryOp::Fmul | BinaryOp::Fmin | BinaryOp::Fmax => false,
        BinaryOp::Isub
        | BinaryOp::Sdiv
        | BinaryOp::Udiv
        | BinaryOp::Srem
        | BinaryOp::Urem
        | BinaryOp::FloorDiv
        | BinaryOp::FloorMod
        | BinaryOp::Ishl
        | BinaryOp::Sshr
        | BinaryOp::Ushr
        | BinaryOp::Fsub
        | BinaryOp::Fdiv => false,
    }
}

/// Operations whose operands may be taken in any order and grouping, bit for bit.
pub fn associates(op: BinaryOp) -> bool {
    match op {
        BinaryOp::Iadd
        | BinaryOp::Band
        | BinaryOp::Bor
        | BinaryOp::Bxor
        | BinaryOp::Smin
        | BinaryOp::Smax
        | BinaryOp::Umin
        | BinaryOp::Umax => true,
        BinaryOp::Isub
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
        | BinaryOp::Smulhi
        | BinaryOp::Umulhi
        | BinaryOp::Fadd
        | BinaryOp::Fsub
        | BinaryOp::Fmul
        | BinaryOp::Fdiv
        | BinaryOp::Fmin
        | BinaryOp::Fmax => false,
    }
}
