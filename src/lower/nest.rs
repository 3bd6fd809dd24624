//! Loop nests over the axes of arrays, and the reading and writing of elements.
//!
//! In: lengths of the axes and, for each operand, its data pointer and its stride along each axis. Out: a
//! nest of loops whose innermost body gets one address for each operand; the outermost one runs on threads if
//! that is asked for and the nest is large. Invariant: the row pointers
//! of the outer loops are computed where they change, so that the innermost address is
//! `row + i * constant` wherever the stride is known.

use crate::abi::SPLIT_ELEMENTS;
use crate::lower::array::{self, Stride, mul};
use crate::lower::cx::{Cx, Words};
use crate::mir::build::{at, indexed};
use crate::mir::{Address, BinaryOp, Cond, End, LoopMode, MEM_ANY, Op, Ty, Value, effect};
use crate::types::{Kind, Scalar};

/// Something that is walked over: strides in the order of the nest's axes.
#[derive(Clone, Debug)]
pub struct Operand {
    pub data: Value,
    pub strides: Vec<Stride>,
}

/// `data + i * stride` as an address.
pub fn address(cx: &mut Cx, data: Value, i: Value, stride: Stride) -> Address {
    if let (Some(k), Stride::Const(c)) = (crate::mir::effect::constant(&cx.b.func, i), stride)
        && let Ok(disp) = i32::try_from(k.wrapping_mul(c))
    {
        return at(data, disp);
    }
    match stride {
        Stride::Const(c) if (1..=64).contains(&c) => indexed(data, i, c as u32),
        Stride::Const(_) | Stride::Word(_) => match mul(cx, i, stride) {
            Some(offset) => indexed(data, offset, 1),
            None => at(data, 0),
        },
    }
}

/// `data + i * stride` as a pointer.
pub fn advance(cx: &mut Cx, data: Value, i: Value, stride: Stride) -> Value {
    match mul(cx, i, stride) {
        Some(offset) => cx.b.ptr_add(data, offset),
        None => data,
    }
}

/// Loops over `dims`, outermost first; `body` gets the operands' addresses, and stores to the last one alone: an
/// element of type `elem`.
pub fn walk<'a, 's>(
    cx: &mut Cx<'a, 's>,
    dims: &[Value],
    operands: &[Operand],
    elem: Scalar,
    body: &mut dyn FnMut(&mut Cx<'a, 's>, &[Address]),
) {
    if cx.split || !cx.options().split_arrays || dims.is_empty() {
        return run(cx, dims, operands, LoopMode::Serial, body);
    }
    cx.b.open(&[]);
    run(cx, dims, operands, LoopMode::Serial, body);
    let serial = cx.b.close(End::Yield(Vec::new()));
    let mut can = effect::Summary::default();
    can.add_region(&cx.b.func, serial);
    if can.raises || can.deopts || can.jumps || can.owner {
        // Of elements before the one that fails those are stored that the order says.
        return cx.b.append(serial);
    }
    let large = is_large(cx, dims, &operands[operands.len() - 1], elem);
    cx.b.open(&[]);
    cx.split = true;
    let mode = LoopMode::Parallel { reductions: Vec::new(), written: false };
    run(cx, dims, operands, mode, body);
    cx.split = false;
    let parallel = cx.b.close(End::Yield(Vec::new()));
    cx.b.if_(large, parallel, serial, &[]);
}

/// True at run time if a nest is worth threads, and if the iterations of its outermost loop store to places of
/// their own.
fn is_large(cx: &mut Cx, dims: &[Value], dest: &Operand, elem: Scalar) -> Value {
    let item = i64::from(elem.bytes());
    let size = array::size(cx, dims);
    let least = cx.b.i64(SPLIT_ELEMENTS);
    let large = cx.b.compare(Cond::Sge, size, least);
    if let [Stride::Const(step)] = dest.strides[..]
        && step.abs() >= item
    {
        return large;
    }
    // A row reaches from its first element to behind its last one, where the next row may begin.
    let one = cx.b.i64(1);
    let mut reach = cx.b.i64(item);
    for (dim, stride) in dims.iter().zip(&dest.strides).skip(1) {
        let steps = cx.b.binary(BinaryOp::Isub, *dim, one);
        let stride = magnitude(cx, *stride);
        let distance = cx.b.binary(BinaryOp::Imul, steps, stride);
        reach = cx.b.binary(BinaryOp::Iadd, reach, distance);
    }
    let next = magnitude(cx, dest.strides[0]);
    let apart = cx.b.compare(Cond::Sge, next, reach);
    cx.b.binary(BinaryOp::Band, large, apart)
}

fn magnitude(cx: &mut Cx, stride: Stride) -> Value {
    if let Stride::Const(step) = stride {
        return cx.b.i64(step.abs());
    }
    let step = stride.word(cx);
    let zero = cx.b.i64(0);
    let back = cx.b.binary(BinaryOp::Isub, zero, step);
    cx.b.binary(BinaryOp::Smax, step, back)
}

fn run<'a, 's>(
    cx: &mut Cx<'a, 's>,
    dims: &[Value],
    operands: &[Operand],
    mode: LoopMode,
    body: &mut dyn FnMut(&mut Cx<'a, 's>, &[Address]),
) {
    let rows: Vec<Value> = operands.iter().map(|operand| operand.data).collect();
    level(cx, dims, operands, (0, mode), rows, body);
}

fn level<'a, 's>(
    cx: &mut Cx<'a, 's>,
    dims: &[Value],
    operands: &[Operand],
    (axis, mode): (usize, LoopMode),
    rows: Vec<Value>,
    body: &mut dyn FnMut(&mut Cx<'a, 's>, &[Address]),
) {
    if dims.is_empty() {
        let addresses: Vec<Address> = rows.iter().map(|row| at(*row, 0)).collect();
        body(cx, &addresses);
        return;
    }
    let lo = cx.b.i64(0);
    let (region, params) = cx.b.open(&[Ty::I64]);
    let i = params[0];
    if axis + 1 == dims.len() {
        let mut addresses = Vec::with_capacity(rows.len());
        for (row, operand) in rows.iter().zip(operands) {
            addresses.push(address(cx, *row, i, operand.strides[axis]));
        }
        body(cx, &addresses);
    } else {
        let mut inner = Vec::with_capacity(rows.len());
        for (row, operand) in rows.iter().zip(operands) {
            inner.push(advance(cx, *row, i, operand.strides[axis]));
        }
        level(cx, dims, operands, (axis + 1, LoopMode::Serial), inner, body);
    }
    cx.b.close(End::Yield(Vec::new()));
    let op = Op::For { lo, hi: dims[axis], init: Vec::new(), body: region, mode };
    cx.b.inst(op, &[]);
}

/// The words of the element at an address.
pub fn load(cx: &mut Cx, elem: Scalar, addr: Address) -> Words {
    let ty = elem.machine();
    match elem.kind() {
        Kind::Complex => {
            let re = cx.b.load(MEM_ANY, ty, addr);
            let im = cx.b.load(MEM_ANY, ty, second_half(ty, addr));
            vec![re, im]
        }
        Kind::Bool => {
            // Other producers may have left any byte that is not zero.
            let byte = cx.b.load(MEM_ANY, Ty::I8, addr);
            let zero = cx.b.zero(Ty::I8);
            vec![cx.b.compare(Cond::Ne, byte, zero)]
        }
        Kind::Signed | Kind::Unsigned | Kind::Float => vec![cx.b.load(MEM_ANY, ty, addr)],
    }
}

/// Stores the words of an element.
pub fn store(cx: &mut Cx, elem: Scalar, addr: Address, words: &[Value]) {
    cx.b.store(MEM_ANY, addr, words[0]);
    if elem.kind() == Kind::Complex {
        cx.b.store(MEM_ANY, second_half(elem.machine(), addr), words[1]);
    }
}

fn second_half(ty: Ty, addr: Address) -> Address {
    Address { disp: addr.disp + ty.bytes() as i32, ..addr }
}
