//! A vector loop as a list of lane operations: what the vector back ends read.
//!
//! In: made by `opt::vectorize`'s analysis from a `For` in vector mode. Out: read by `codegen::wide` (128
//! bits, Cranelift) and by `vector` (AVX2 and AVX-512). Invariant: a list in SSA form, operands before uses,
//! loads before stores; every lane computes what its iteration computes, so that any number of consecutive
//! iterations may run at once; the order of a reduction is free unless it is `ordered`.
//!
//! A leaf function has the signature `extern "C" fn(words: *mut u64, lo: i64, hi: i64)`: `words` holds the
//! inputs, 64 bits each (integers sign-extended, floats narrower than 64 bits in the low half), then one word
//! for each reduction, which holds its initial value on entry and the combined value on return. It runs
//! iterations `lo..hi` (`lo < hi`), tails included, and calls nothing but vector math.

use super::{BinaryOp, Cond, ConvertOp, MathFn, Ty, UnaryOp, Value};

/// Index into `VLoop::nodes`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Lane(pub u32);

/// Index into `VLoop::inputs`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Input(pub u32);

#[derive(Clone, PartialEq, Debug, Default)]
pub struct VLoop {
    /// Values from outside of the loop, with their types.
    pub inputs: Vec<(Value, Ty)>,
    pub nodes: Vec<Node>,
    pub reductions: Vec<VReduction>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// Type of one lane; `Bool` is a mask. Of a store: of what it stores.
    pub ty: Ty,
    pub op: NodeOp,
}

#[derive(Clone, PartialEq, Debug)]
pub enum NodeOp {
    /// The input, in every lane.
    Splat(Input),
    /// These bits, in every lane.
    Const(u64),
    /// The loop's counter (I64): consecutive numbers.
    Counter,
    Unary {
        op: UnaryOp,
        arg: Lane,
    },
    Binary {
        op: BinaryOp,
        lhs: Lane,
        rhs: Lane,
    },
    /// Gives a mask.
    Compare {
        cond: Cond,
        lhs: Lane,
        rhs: Lane,
    },
    Select {
        cond: Lane,
        then: Lane,
        orelse: Lane,
    },
    Convert {
        op: ConvertOp,
        arg: Lane,
    },
    Math {
        func: MathFn,
        args: Vec<Lane>,
    },
    /// Lanes whose mask is false are 0 and their memory is not touched.
    Load {
        at: Place,
        mask: Option<Lane>,
    },
    Store {
        at: Place,
        value: Lane,
        mask: Option<Lane>,
    },
}

/// Memory of iteration `i`: `base + offset + i * stride + disp`, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// A pointer.
    pub base: Input,
    /// An I64 input times a number of bytes.
    pub offset: Option<(Input, u32)>,
    pub disp: i32,
    pub stride: Stride,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stride {
    /// Bytes: the size of an element (consecutive), its negative (reversed), any other number; 0 for one
    /// place that does not change.
    Known(i64),
    /// An I64 input: a number of bytes.
    Input(Input),
    /// Instead of `i`, an I64 lane times a number of bytes (gather and scatter).
    Index(Lane, u32),
}

/// `result = op(initial value, value of every iteration)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VReduction {
    pub op: BinaryOp,
    pub value: Lane,
    /// Combine in the order of iterations (strict floating point): the lanes are computed at once, the
    /// combining is scalar.
    pub ordered: bool,
}
