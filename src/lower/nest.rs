//! Loop nests over the axes of arrays, and the reading and writing of elements.
//!
//! In: lengths of the axes and, for each operand, its data pointer and its stride along each axis. Out: a
//! nest of serial loops whose innermost body gets one address for each operand. Invariant: the row pointers
//! of the outer loops are computed where they change, so that the innermost address is
//! `row + i * constant` wherever the stride is known.

use crate::lower::array::{Stride, mul};
use crate::lower::cx::{Cx, Words};
use crate::mir::build::{at, indexed};
use crate::mir::{Address, Cond, End, LoopMode, MEM_ANY, Op, Ty, Value};
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

/// Loops over `dims`, outermost first; `body` gets the operands' addresses.
pub fn walk<'a, 's>(
    cx: &mut Cx<'a, 's>,
    dims: &[Value],
    operands: &[Operand],
    body: &mut dyn FnMut(&mut Cx<'a, 's>, &[Address]),
) {
    let rows: Vec<Value> = operands.iter().map(|operand| operand.data).collect();
    level(cx, dims, operands, 0, rows, body);
}

fn level<'a, 's>(
    cx: &mut Cx<'a, 's>,
    dims: &[Value],
    operands: &[Operand],
    axis: usize,
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
        level(cx, dims, operands, axis + 1, inner, body);
    }
    cx.b.close(End::Yield(Vec::new()));
    let op = Op::For { lo, hi: dims[axis], init: Vec::new(), body: region, mode: LoopMode::Serial };
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
