//! A vector loop as a list of lane operations: what the vector back ends read.
//!
//! In: made by `derive` from a `For`. Out: read by `opt::vectorize` (dependences, cost), by `codegen::wide`
//! (128 bits, Cranelift) and by `vector` (AVX2 and AVX-512). Invariant: a list in SSA form, operands before
//! uses, loads before stores; every lane computes what its iteration computes, so that consecutive iterations
//! (at most `lanes` of the loop's mode) may run at once; the order of a reduction is free unless it is
//! `ordered`.
//!
//! A leaf function has the signature `extern "C" fn(words: *mut u64, lo: i64, hi: i64)`: `words` holds the
//! inputs, 64 bits each (integers sign-extended, floats narrower than 64 bits in the low half), then one word
//! for each reduction, which holds its initial value on entry and the combined value on return, then the
//! addresses of the functions that it `calls`. It runs iterations `lo..hi` (`lo < hi`), tails included. Of a loop
//! with checks it returns how far it came: `hi`, or, where a check failed, some iteration at or before the
//! first that fails, from which the scalar loop goes on; what it has stored and combined is that of the iterations
//! before. The signature then is `extern "C" fn(words: *mut u64, lo: i64, hi: i64) -> i64`.

mod affine;
mod best;
mod check;
mod derive;
mod print;
mod reduce;

pub use affine::{Affine, Forms};
pub use best::{Fold, NOTHING, fold};
pub use derive::derive;
pub use print::print;

use super::{BinaryOp, Cond, ConvertOp, MathFn, Mem, Ty, UnaryOp, Value};

/// Index into `VLoop::nodes`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Lane(pub u32);

/// Index into `VLoop::inputs`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Input(pub u32);

#[derive(Clone, PartialEq, Debug, Default)]
pub struct VLoop {
    /// Values from outside of the loop, with their types.
    pub inputs: Vec<(Value, Ty)>,
    pub nodes: Vec<Node>,
    /// One for each carried value of the loop.
    pub reductions: Vec<VReduction>,
    /// The loads and stores in the order in which an iteration of the program does them.
    pub accesses: Vec<Lane>,
    /// In the order of the program.
    pub checks: Vec<VCheck>,
}

/// What must hold in every lane; where it does not, the scalar loop does the iterations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VCheck {
    /// A mask: true where all is well.
    pub cond: Lane,
    /// Loads from this node on wait until the check has passed, for their places may depend on it; so do all
    /// stores and reductions.
    pub before: Lane,
}

impl VLoop {
    pub fn node(&self, lane: Lane) -> &Node {
        &self.nodes[lane.0 as usize]
    }

    /// The functions of the C library that its lanes may call.
    pub fn calls(&self) -> Vec<MathFn> {
        let mut calls = Vec::new();
        for node in &self.nodes {
            if let NodeOp::Otherwise { func, .. } = node.op
                && !calls.contains(&func)
            {
                calls.push(func);
            }
        }
        calls
    }

    /// Of two stores without masks whose elements take turns in memory, that with the first and the other.
    pub fn in_turn(&self, a: Lane, b: Lane) -> Option<(Lane, Lane)> {
        let (NodeOp::Store { at: first, mask: None, .. }, NodeOp::Store { at: second, mask: None, .. }) =
            (&self.node(a).op, &self.node(b).op)
        else {
            return None;
        };
        let width = self.node(a).ty.bytes();
        let turns = self.node(b).ty.bytes() == width && first.stride == Stride::Known(2 * i64::from(width));
        if !turns || *second != (Place { disp: second.disp, ..first.clone() }) {
            return None;
        }
        match i64::from(second.disp) - i64::from(first.disp) {
            ahead if ahead == i64::from(width) => Some((a, b)),
            ahead if ahead == -i64::from(width) => Some((b, a)),
            _ => None,
        }
    }

    /// Width of the narrowest lanes, in bytes: as many lanes as fit into one vector fill whole vectors of
    /// every type.
    pub fn narrowest(&self) -> u32 {
        // A mask has the width of what was compared, but in memory it is a byte.
        let bytes = |node: &Node| match (&node.op, node.ty) {
            (NodeOp::Load { .. } | NodeOp::Store { .. }, ty) => ty.bytes(),
            (_, Ty::Bool) => 8,
            (_, ty) => ty.bytes(),
        };
        self.nodes.iter().map(bytes).min().unwrap_or(8)
    }
}

#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// Type of one lane; `Bool` is a mask (a byte 0 or 1 in memory). Of a store: of what it stores.
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
    /// `Ineg`, `Bnot`, `Fneg`.
    Unary {
        op: UnaryOp,
        arg: Lane,
    },
    /// No divisions of integers, no high halves of products; on masks the bitwise operations.
    Binary {
        op: BinaryOp,
        lhs: Lane,
        rhs: Lane,
    },
    /// Gives a mask; the operands are numbers.
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
    /// Never to a mask; from a mask only `Zext` and `UintToFloat`.
    Convert {
        op: ConvertOp,
        arg: Lane,
    },
    /// One instruction; or, until `opt::expand` has put its straight code there, a function that has one.
    Math {
        func: MathFn,
        args: Vec<Lane>,
    },
    /// `value` (F64) where `ok`; elsewhere the C library's function, for arguments that vector math leaves to it.
    Otherwise {
        func: MathFn,
        args: Vec<Lane>,
        ok: Lane,
        value: Lane,
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

/// Memory of iteration `i`: `base + sum of terms + i * stride + disp`, in bytes, modulo 2**64.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    pub mem: Mem,
    /// A pointer.
    pub base: Input,
    /// I64 inputs times a number of bytes each; in order of the inputs.
    pub terms: Vec<(Input, i64)>,
    pub disp: i32,
    pub stride: Stride,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stride {
    /// Bytes: the size of an element (consecutive), its negative (reversed), any other number; 0 for one
    /// place that does not change.
    Known(i64),
    /// An I64 input times a number of bytes.
    Input(Input, i64),
    /// Instead of `i`, an I64 lane times a number of bytes (gather and scatter).
    Index(Lane, u32),
}

/// `result = combine(... combine(initial value, value of the first iteration) ..., of the last)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VReduction {
    pub combine: Combine,
    pub value: Lane,
    /// Combine in the order of iterations (strict floating point): the lanes are computed at once, the
    /// combining is scalar.
    pub ordered: bool,
    /// A sum (I64) that the program checks for overflow: each value is between `-MOST` and `MOST`, and lanes are
    /// given to it only from a sum that is not `FAR` from zero, for `STRIP` iterations.
    pub checked: bool,
    /// A sum (in any order) of `value`, a product, which joins without being rounded.
    pub fused: bool,
}

/// Iterations that run without a look at what they add up to, or at the interrupt flag.
pub const STRIP: i64 = 1 << 14;
/// See `VReduction::checked`: no sum on the way from `FAR` leaves 64 bits.
pub const FAR: i64 = 1 << 62;
pub const MOST: i64 = FAR / STRIP / 2;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Combine {
    /// An associative operation: integer and mask ones, `Fadd`, `Fmul`, `Fmin`, `Fmax`.
    Op(BinaryOp),
    /// `value > so_far ? value : so_far` of floats (x86's `max(value, so_far)`): nan is passed over. In
    /// any order but for the sign of a zero, of which whoever reorders takes care.
    Greater,
    /// `value < so_far ? value : so_far`.
    Less,
    /// `value` where that of the reduction `key` is `cond` (an order) to what `key` has so far, else `so_far`: a
    /// search for the greatest or least (`key` itself) and what goes along with it. The value of one that goes
    /// along is the counter, which tells lanes which of equals came first.
    Best { cond: Cond, key: u32 },
}

impl Combine {
    /// The bits of a value that changes nothing.
    pub fn neutral(self, ty: Ty) -> u64 {
        let bits = super::eval::bits(ty);
        let float = |value: f64| super::eval::from_f64(ty, value);
        let ones = super::eval::canonical(ty, u64::MAX);
        match self {
            Combine::Greater | Combine::Less => float(f64::NAN),
            Combine::Best { .. } => unreachable!("invariant: a search has no such value"),
            Combine::Op(op) => match op {
                BinaryOp::Iadd | BinaryOp::Bor | BinaryOp::Bxor | BinaryOp::Umax => 0,
                BinaryOp::Imul => 1,
                BinaryOp::Band | BinaryOp::Umin => ones,
                BinaryOp::Smin => ones >> 1,
                BinaryOp::Smax => 1 << (bits - 1),
                BinaryOp::Fadd => float(-0.0),
                BinaryOp::Fmul => float(1.0),
                BinaryOp::Fmin => float(f64::INFINITY),
                BinaryOp::Fmax => float(f64::NEG_INFINITY),
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
                | BinaryOp::Smulhi
                | BinaryOp::Umulhi
                | BinaryOp::Fsub
                | BinaryOp::Fdiv => unreachable!("invariant: a reduction's operation is associative"),
            },
        }
    }

    /// The operation on canonical words, as one iteration does it; not of searches.
    pub fn apply(self, ty: Ty, so_far: u64, value: u64) -> u64 {
        let (x, y) = (super::eval::to_f64(ty, value), super::eval::to_f64(ty, so_far));
        match self {
            Combine::Op(op) => super::eval::binary(op, ty, so_far, value)
                .expect("invariant: a reduction's operation is defined for all operands"),
            Combine::Greater => {
                if x > y {
                    value
                } else {
                    so_far
                }
            }
            Combine::Less => {
                if x < y {
                    value
                } else {
                    so_far
                }
            }
            Combine::Best { .. } => unreachable!("invariant: a search compares its key"),
        }
    }
}
