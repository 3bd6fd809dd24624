//! Whether a vector loop is faster than its scalar loop.
//!
//! In: a `VLoop` and how many iterations a 128-bit machine runs at once. Out: yes or no. A model of one
//! turn against as many scalar iterations: the longest of the time to issue the instructions, the time of
//! the divider, and the time of the chain of carried values. Quarters of a cycle throughout.

use crate::builtin::Straight;
use crate::mir::vloop::{Combine, Lane, NodeOp, Stride, VLoop};
use crate::mir::{BinaryOp, ConvertOp, MathFn, Ty};

/// A turn, or an iteration.
#[derive(Clone, Copy, Default)]
struct Time {
    issue: u32,
    divider: u32,
    /// Of the carried value that takes longest.
    chain: u32,
}

impl Time {
    fn total(self, times: u32) -> u32 {
        (self.issue * times).max(self.divider * times).max(self.chain * times)
    }
}

/// True if `lanes` iterations at once take less time than one by one.
pub fn worth(vloop: &VLoop, lanes: u32) -> bool {
    let (mut scalar, mut wide) = (Time::default(), Time::default());
    // Counter, comparison and branch.
    scalar.issue = 2;
    wide.issue = 2;
    for (lane, node) in vloop.nodes.iter().enumerate() {
        let vectors = if node.ty == Ty::Bool { 1 } else { (lanes * node.ty.bytes()).div_ceil(16) };
        let (one, all) = match &node.op {
            NodeOp::Splat(_) | NodeOp::Const(_) => (0, 0),
            NodeOp::Counter => (0, 3 * vectors),
            NodeOp::Unary { .. } | NodeOp::Select { .. } => (1, vectors),
            NodeOp::Compare { .. } => (1, (lanes * vloop.narrowest()).div_ceil(16)),
            NodeOp::Binary { op, rhs, .. } => match op {
                BinaryOp::Fdiv => {
                    scalar.divider += 16;
                    wide.divider += 16 * vectors;
                    (1, vectors)
                }
                BinaryOp::Imul if node.ty == Ty::I64 => (1, 4 * vectors),
                BinaryOp::Imul if node.ty == Ty::I8 => (1, 8 * vectors),
                BinaryOp::Fmin | BinaryOp::Fmax => (5, 6 * vectors),
                BinaryOp::Ishl | BinaryOp::Sshr | BinaryOp::Ushr => match (&vloop.node(*rhs).op, node.ty) {
                    (NodeOp::Const(_) | NodeOp::Splat(_), Ty::I8) => (1, 6 * vectors),
                    (NodeOp::Const(_) | NodeOp::Splat(_), _) => (1, 2 * vectors),
                    (_, _) => (1, 6 * lanes),
                },
                BinaryOp::Iadd
                | BinaryOp::Isub
                | BinaryOp::Imul
                | BinaryOp::Sdiv
                | BinaryOp::Udiv
                | BinaryOp::Srem
                | BinaryOp::Urem
                | BinaryOp::FloorDiv
                | BinaryOp::FloorMod
                | BinaryOp::Band
                | BinaryOp::Bor
                | BinaryOp::Bxor
                | BinaryOp::Smin
                | BinaryOp::Smax
                | BinaryOp::Umin
                | BinaryOp::Umax
                | BinaryOp::Smulhi
                | BinaryOp::Umulhi
                | BinaryOp::Fadd
                | BinaryOp::Fsub
                | BinaryOp::Fmul => (1, vectors),
            },
            NodeOp::Convert { op, arg } => (1, convert(*op, vloop.node(*arg).ty, node.ty, lanes)),
            NodeOp::Math { func: MathFn::Sqrt, .. } => {
                scalar.divider += 18;
                wide.divider += 18 * vectors;
                (1, vectors)
            }
            // A call, against some fifty instructions; of which x86 with a fused multiply and add, the
            // only x86 that has them, does twice as many lanes as are counted here.
            NodeOp::Math { func, .. } if func.straight() != Straight::No => {
                (50, if cfg!(target_arch = "x86_64") { 30 } else { 60 } * vectors)
            }
            NodeOp::Math { func: MathFn::Fma, .. } => (1, vectors),
            NodeOp::Math { .. } => (2, 2 * vectors),
            // A test.
            NodeOp::Otherwise { .. } => (1, 3),
            NodeOp::Load { at, mask } | NodeOp::Store { at, mask, .. } => {
                let bytes = i64::from(node.ty.bytes());
                let stores = matches!(node.op, NodeOp::Store { .. });
                let x86 = cfg!(target_arch = "x86_64");
                let all = match at.stride {
                    Stride::Known(stride) if stride == bytes => 2 * vectors,
                    Stride::Known(stride) if stride == -bytes => 3 * vectors,
                    Stride::Known(0) => 3,
                    // Wide vectors load what lies between as well.
                    Stride::Known(stride) if x86 && !stores && near(stride, bytes) => {
                        if bytes == 8 {
                            4 * vectors
                        } else {
                            3 * vectors * (stride / bytes) as u32
                        }
                    }
                    // Wide vectors put the two together.
                    Stride::Known(_) if x86 && takes_turns(vloop, Lane(lane as u32)) => 3 * vectors,
                    Stride::Known(_) => 4 * lanes,
                    Stride::Input(..) => 5 * lanes,
                    Stride::Index(..) => 7 * lanes,
                };
                // Half of the time one by one.
                (2, all + if mask.is_some() { 6 + 3 * lanes } else { 0 })
            }
        };
        scalar.issue += one;
        wide.issue += all;
    }
    // A jump, and a test for each vector.
    let checks = vloop.checks.len() as u32;
    scalar.issue += checks;
    wide.issue += checks * (2 + lanes.div_ceil(4));
    for reduction in &vloop.reductions {
        let ty = vloop.node(reduction.value).ty;
        let vectors = if ty == Ty::Bool { 1 } else { (lanes * ty.bytes()).div_ceil(16) };
        let chain = match reduction.combine {
            Combine::Greater | Combine::Less => 16,
            // A comparison and a choice by it.
            Combine::Best { .. } => 20,
            Combine::Op(BinaryOp::Fmin | BinaryOp::Fmax) => 40,
            Combine::Op(_) if ty.is_float() => 16,
            Combine::Op(_) => 4,
        };
        scalar.issue += 1;
        scalar.chain = scalar.chain.max(chain);
        if reduction.ordered {
            // Out of its vector, one by one.
            wide.issue += 4 * lanes;
            wide.chain = wide.chain.max(chain * lanes);
        } else {
            wide.issue += vectors;
            wide.chain = wide.chain.max(chain);
        }
    }
    wide.total(1) * 10 < scalar.total(lanes) * 9
}

/// Every second to fourth element, of few bytes; every second of many.
fn near(stride: i64, bytes: i64) -> bool {
    stride % bytes == 0 && (2..=if bytes <= 4 { 4 } else { 2 }).contains(&(stride / bytes))
}

/// True if it is a store and the elements of another one take turns with its own.
fn takes_turns(vloop: &VLoop, access: Lane) -> bool {
    vloop.accesses.iter().any(|other| vloop.in_turn(access, *other).is_some())
}

fn convert(op: ConvertOp, from: Ty, to: Ty, lanes: u32) -> u32 {
    let vectors = |ty: Ty| (lanes * ty.bytes()).div_ceil(16);
    if from == Ty::Bool {
        return 2 * vectors(to);
    }
    match op {
        ConvertOp::Sext | ConvertOp::Zext => 2 * vectors(to),
        ConvertOp::Trunc => 2 * vectors(from),
        ConvertOp::Bitcast => 0,
        ConvertOp::Fpromote | ConvertOp::Fdemote => 3 * vectors(Ty::F64),
        ConvertOp::SintToFloat | ConvertOp::UintToFloat => match (from, to) {
            (Ty::I64, Ty::F64) if op == ConvertOp::SintToFloat => 4 * vectors(to),
            (Ty::I64, _) => 6 * lanes,
            (_, _) => 4 * vectors(to),
        },
        ConvertOp::FloatToSint if from == Ty::F32 && to == Ty::I32 => 6 * vectors(to),
        // AVX2 has an instruction for integers of up to 32 bits.
        ConvertOp::FloatToSint if cfg!(target_arch = "x86_64") && to != Ty::I64 => 8 * vectors(from),
        ConvertOp::FloatToSintC if cfg!(target_arch = "x86_64") && to != Ty::I64 => 2 * vectors(from),
        ConvertOp::FloatToSintC if from == Ty::F32 && to == Ty::I32 => 3 * vectors(to),
        ConvertOp::FloatToSint | ConvertOp::FloatToUint | ConvertOp::FloatToSintC => 8 * lanes,
    }
}
