//! The operations of lanes, for tests: which there are for which types.

use fastjit::abi::Ty;
use fastjit::builtin::MathFn;
use fastjit::mir::{BinaryOp, Cond, ConvertOp};

pub const INT_CONDS: [Cond; 10] = [
    Cond::Eq,
    Cond::Ne,
    Cond::Slt,
    Cond::Sle,
    Cond::Sgt,
    Cond::Sge,
    Cond::Ult,
    Cond::Ule,
    Cond::Ugt,
    Cond::Uge,
];
pub const FLOAT_CONDS: [Cond; 6] = [Cond::Feq, Cond::Flt, Cond::Fle, Cond::Fgt, Cond::Fge, Cond::Fne];
pub const INT_OPS: [BinaryOp; 13] = [
    BinaryOp::Iadd,
    BinaryOp::Isub,
    BinaryOp::Imul,
    BinaryOp::Ishl,
    BinaryOp::Sshr,
    BinaryOp::Ushr,
    BinaryOp::Band,
    BinaryOp::Bor,
    BinaryOp::Bxor,
    BinaryOp::Smin,
    BinaryOp::Smax,
    BinaryOp::Umin,
    BinaryOp::Umax,
];
pub const FLOAT_OPS: [BinaryOp; 6] =
    [BinaryOp::Fadd, BinaryOp::Fsub, BinaryOp::Fmul, BinaryOp::Fdiv, BinaryOp::Fmin, BinaryOp::Fmax];
pub const FUNCTIONS: [MathFn; 7] =
    [MathFn::Sqrt, MathFn::Floor, MathFn::Ceil, MathFn::Trunc, MathFn::Rint, MathFn::Abs, MathFn::CopySign];

pub fn arguments(func: MathFn) -> usize {
    match func {
        MathFn::CopySign => 2,
        MathFn::Fma => 3,
        _ => 1,
    }
}

/// The conversions between two types.
pub fn conversions(from: Ty, to: Ty) -> Vec<ConvertOp> {
    let (a, b) = (from.bytes(), to.bytes());
    match (from.is_float(), to.is_float()) {
        _ if to == Ty::Bool => vec![],
        (false, _) if from == Ty::Bool => {
            vec![if to.is_float() { ConvertOp::UintToFloat } else { ConvertOp::Zext }]
        }
        (false, false) if a < b => vec![ConvertOp::Sext, ConvertOp::Zext],
        (false, false) if a > b => vec![ConvertOp::Trunc],
        (true, true) if a < b => vec![ConvertOp::Fpromote],
        (true, true) if a > b => vec![ConvertOp::Fdemote],
        (false, true) if a == b => {
            vec![ConvertOp::SintToFloat, ConvertOp::UintToFloat, ConvertOp::Bitcast]
        }
        (false, true) => vec![ConvertOp::SintToFloat, ConvertOp::UintToFloat],
        (true, false) if matches!(to, Ty::I32 | Ty::I64) => {
            vec![ConvertOp::FloatToSint, ConvertOp::FloatToUint, ConvertOp::FloatToSintC]
        }
        (true, false) => vec![ConvertOp::FloatToSint, ConvertOp::FloatToUint],
        _ => vec![],
    }
}
