//! Indexing: checks with Python's wraparound, addresses of elements, slices.
//!
//! In: an array and the parts of an index. Out: an address, or a view of the same memory. Invariant: an
//! address that leaves here is inside the array, unless `bounds_check` is off.

use crate::abi::Payload;
use crate::hir::{ExcKind, Expr, Index};
use crate::lower::array::{self, Array, Stride};
use crate::lower::cx::{Cx, Words};
use crate::lower::{expr, nest};
use crate::mir::{Address, BinaryOp, Cond, ConvertOp, Ty, Value, effect};
use crate::types::{Kind, Layout, Scalar};

/// `Element`.
pub fn element(cx: &mut Cx, array: &Expr, index: &[Index]) -> Words {
    let array = array::eval(cx, array);
    let addr = element_address(cx, &array, index);
    nest::load(cx, array.ty.elem, addr)
}

/// `StoreElement`: the value first, then the place, as Python does; NumPy then makes the value an element.
pub fn store(cx: &mut Cx, array: &Expr, index: &[Index], value: &Expr) {
    let words = expr::lower(cx, expr::given(value).0);
    let array = array::eval(cx, array);
    let addr = element_address(cx, &array, index);
    let words = expr::converted(cx, value, words);
    check_writable(cx, &array, "assignment destination is read-only");
    nest::store(cx, array.ty.elem, addr, &words);
}

/// Raises for an array that may not be written.
pub fn check_writable(cx: &mut Cx, array: &Array, message: &str) {
    if !array.ty.writable {
        let never = cx.b.bool(false);
        cx.guard(never, ExcKind::Value, message, &[]);
    }
}

fn element_address(cx: &mut Cx, array: &Array, index: &[Index]) -> Address {
    // All parts are evaluated before the first is checked, as in Python.
    let mut parts = Vec::with_capacity(index.len());
    for part in index {
        match part {
            Index::At { index, checked } => {
                let word = expr::word(cx, index);
                parts.push((word, index.scalar(), *checked));
            }
            Index::Slice { .. } | Index::NewAxis => panic!("an element has an index for each axis"),
        }
    }
    let mut positions = Vec::with_capacity(parts.len());
    for (axis, (word, scalar, checked)) in parts.into_iter().enumerate() {
        positions.push(position(cx, word, scalar, checked, array.shape[axis], axis));
    }
    address_of(cx, array, &positions)
}

/// Address of the element at positions that are in range.
pub fn address_of(cx: &mut Cx, array: &Array, positions: &[Value]) -> Address {
    let n = positions.len();
    if n == 0 {
        return crate::mir::build::at(array.data, 0);
    }
    // The axis of the constant stride comes last: the rest is a row pointer that loops keep.
    let last = if array.ty.layout == Layout::F { 0 } else { n - 1 };
    let mut offset: Option<Value> = None;
    for axis in (0..n).filter(|axis| *axis != last) {
        if let Some(term) = array::mul(cx, positions[axis], array.strides[axis]) {
            offset = Some(match offset {
                None => term,
                Some(sum) => cx.b.binary(BinaryOp::Iadd, sum, term),
            });
        }
    }
    let row = match offset {
        Some(offset) => cx.b.ptr_add(array.data, offset),
        None => array.data,
    };
    nest::address(cx, row, positions[last], array.strides[last])
}

/// The position that an index means: as i64, negative ones from the end, checked against the length.
fn position(cx: &mut Cx, word: Value, scalar: Scalar, checked: bool, len: Value, axis: usize) -> Value {
    let signed = scalar.kind() == Kind::Signed;
    let wide = widen(cx, word, scalar);
    if !checked {
        return wide;
    }
    let constant = effect::constant(&cx.b.func, wide);
    if scalar == Scalar::U64 && cx.options().bounds_check && constant.is_none_or(|c| c < 0) {
        let zero = cx.b.i64(0);
        let fits = cx.b.compare(Cond::Sge, wide, zero);
        cx.guard(fits, ExcKind::Overflow, "Python int too large to convert to C long", &[]);
    }
    let normal = match constant {
        Some(c) if c >= 0 || !signed => wide,
        Some(_) => cx.b.binary(BinaryOp::Iadd, wide, len),
        None if signed => {
            let zero = cx.b.i64(0);
            let negative = cx.b.compare(Cond::Slt, wide, zero);
            let wrapped = cx.b.binary(BinaryOp::Iadd, wide, len);
            cx.b.select(negative, wrapped, wide)
        }
        None => wide,
    };
    if cx.options().bounds_check {
        let ok = cx.b.compare(Cond::Ult, normal, len);
        let message = format!("index {{0}} is out of bounds for axis {axis} with size {{1}}");
        cx.guard(ok, ExcKind::Index, &message, &[(wide, Payload::Int), (len, Payload::Int)]);
    }
    normal
}

/// An integer as I64.
fn widen(cx: &mut Cx, word: Value, scalar: Scalar) -> Value {
    let ty = scalar.machine();
    if ty == Ty::I64 {
        return word;
    }
    if let Some(c) = effect::constant(&cx.b.func, word) {
        let bits = 64 - 8 * ty.bytes();
        let c = match scalar.kind() {
            Kind::Signed => (c << bits) >> bits,
            Kind::Bool | Kind::Unsigned | Kind::Float | Kind::Complex => {
                (((c as u64) << bits) >> bits) as i64
            }
        };
        return cx.b.i64(c);
    }
    let op = if scalar.kind() == Kind::Signed { ConvertOp::Sext } else { ConvertOp::Zext };
    cx.b.convert(op, word, Ty::I64)
}

/// A part of a `View`, evaluated.
enum Part {
    At(Value, Scalar, bool),
    Slice(Option<Value>, Option<Value>, Option<Value>),
    NewAxis,
}

/// The view that an index means; its type is still the array's. Axes that no part names are kept.
pub fn view(cx: &mut Cx, array: &Array, index: &[Index]) -> Array {
    let mut parts = Vec::with_capacity(index.len());
    for part in index {
        parts.push(match part {
            Index::At { index, checked } => Part::At(expr::word(cx, index), index.scalar(), *checked),
            Index::Slice { start, stop, step } => {
                let mut bound = |part: &Option<Expr>| part.as_ref().map(|part| expr::word(cx, part));
                Part::Slice(bound(start), bound(stop), bound(step))
            }
            Index::NewAxis => Part::NewAxis,
        });
    }
    let mut offset: Option<Value> = None;
    let mut shape = Vec::new();
    let mut strides = Vec::new();
    let mut axis = 0;
    for part in parts {
        let term = match part {
            Part::At(word, scalar, checked) => {
                let at = position(cx, word, scalar, checked, array.shape[axis], axis);
                axis += 1;
                array::mul(cx, at, array.strides[axis - 1])
            }
            Part::Slice(start, stop, step) => {
                let stride = array.strides[axis];
                let slice = clamp(cx, [start, stop, step], array.shape[axis]);
                axis += 1;
                shape.push(slice.len);
                strides.push(match slice.step {
                    None => stride,
                    Some(step) => match array::mul(cx, step, stride) {
                        Some(word) => Stride::of(cx, word),
                        None => Stride::Const(0),
                    },
                });
                slice.start.and_then(|start| array::mul(cx, start, stride))
            }
            Part::NewAxis => {
                shape.push(cx.b.i64(1));
                strides.push(Stride::Const(0));
                None
            }
        };
        offset = match (offset, term) {
            (Some(sum), Some(term)) => Some(cx.b.binary(BinaryOp::Iadd, sum, term)),
            (sum, term) => sum.or(term),
        };
    }
    shape.extend(&array.shape[axis..]);
    strides.extend(&array.strides[axis..]);
    let data = match offset {
        Some(offset) => cx.b.ptr_add(array.data, offset),
        None => array.data,
    };
    Array { ty: array.ty, owner: array.owner, data, shape, strides }
}

/// A slice of an axis: `None` for a start of 0 and a step of 1.
struct Slice {
    start: Option<Value>,
    step: Option<Value>,
    len: Value,
}

/// What `slice(start, stop, step).indices(len)` gives, and the number of items.
fn clamp(cx: &mut Cx, [start, stop, step]: [Option<Value>; 3], len: Value) -> Slice {
    let known = |cx: &Cx, word: Option<Value>, default: i64| match word {
        None => Some(default),
        Some(word) => effect::constant(&cx.b.func, word),
    };
    match known(cx, step, 1) {
        Some(0) => {
            let never = cx.b.bool(false);
            cx.guard(never, ExcKind::Value, "slice step cannot be zero", &[]);
            Slice { start: None, step: None, len }
        }
        Some(step) if step > 0 => clamp_forward(cx, start, stop, step, len),
        Some(_) | None => {
            let step = step.expect("invariant: a step that is not 1 is given");
            clamp_general(cx, start, stop, step, len)
        }
    }
}

fn clamp_forward(cx: &mut Cx, start: Option<Value>, stop: Option<Value>, step: i64, len: Value) -> Slice {
    let zero = cx.b.i64(0);
    let from_start = start.is_none_or(|start| effect::constant(&cx.b.func, start) == Some(0));
    let begin = if from_start { None } else { start.map(|start| bound(cx, start, zero, len, len)) };
    let end = match stop {
        None => len,
        Some(stop) => bound(cx, stop, zero, len, len),
    };
    let count = match begin {
        None => end,
        Some(begin) => {
            let span = cx.b.binary(BinaryOp::Isub, end, begin);
            cx.b.binary(BinaryOp::Smax, span, zero)
        }
    };
    if step == 1 {
        return Slice { start: begin, step: None, len: count };
    }
    // ceil(count / step) without overflow: (count + step - 1) would overflow for huge steps.
    let one = cx.b.i64(1);
    let step = cx.b.i64(step);
    let nonempty = cx.b.compare(Cond::Sgt, count, zero);
    let less = cx.b.binary(BinaryOp::Isub, count, one);
    let whole = cx.b.binary(BinaryOp::Sdiv, less, step);
    let items = cx.b.binary(BinaryOp::Iadd, whole, one);
    let count = cx.b.select(nonempty, items, zero);
    Slice { start: begin, step: Some(step), len: count }
}

/// A step that is negative or known at run time only.
fn clamp_general(cx: &mut Cx, start: Option<Value>, stop: Option<Value>, step: Value, len: Value) -> Slice {
    let zero = cx.b.i64(0);
    let one = cx.b.i64(1);
    let minus_one = cx.b.i64(-1);
    let before_end = cx.b.binary(BinaryOp::Isub, len, one);
    let step = match effect::constant(&cx.b.func, step) {
        Some(c) => cx.b.i64(c.max(-i64::MAX)),
        None => {
            let ok = cx.b.compare(Cond::Ne, step, zero);
            cx.guard(ok, ExcKind::Value, "slice step cannot be zero", &[]);
            let smallest = cx.b.i64(-i64::MAX);
            cx.b.binary(BinaryOp::Smax, step, smallest)
        }
    };
    let backward = match effect::constant(&cx.b.func, step) {
        Some(c) => cx.b.bool(c < 0),
        None => cx.b.compare(Cond::Slt, step, zero),
    };
    let lower = cx.b.select(backward, minus_one, zero);
    let upper = cx.b.select(backward, before_end, len);
    let begin = match start {
        Some(start) => bound(cx, start, lower, upper, len),
        None => cx.b.select(backward, upper, lower),
    };
    let end = match stop {
        Some(stop) => bound(cx, stop, lower, upper, len),
        None => cx.b.select(backward, lower, upper),
    };
    let down = cx.b.binary(BinaryOp::Isub, begin, end);
    let up = cx.b.binary(BinaryOp::Isub, end, begin);
    let span = cx.b.select(backward, down, up);
    let opposite = cx.b.binary(BinaryOp::Isub, zero, step);
    let size = cx.b.select(backward, opposite, step);
    // The interpreter raised for a zero step; dividing by it must not trap if the check is moved.
    let size = cx.b.binary(BinaryOp::Smax, size, one);
    let nonempty = cx.b.compare(Cond::Sgt, span, zero);
    let less = cx.b.binary(BinaryOp::Isub, span, one);
    let whole = cx.b.binary(BinaryOp::Sdiv, less, size);
    let items = cx.b.binary(BinaryOp::Iadd, whole, one);
    let count = cx.b.select(nonempty, items, zero);
    Slice { start: Some(begin), step: Some(step), len: count }
}

/// One end of a slice: negative counts from `len`, then clamped to `lower..=upper`.
fn bound(cx: &mut Cx, word: Value, lower: Value, upper: Value, len: Value) -> Value {
    match effect::constant(&cx.b.func, word) {
        Some(c) if c >= 0 => cx.b.binary(BinaryOp::Smin, word, upper),
        Some(_) => {
            let wrapped = cx.b.binary(BinaryOp::Iadd, word, len);
            cx.b.binary(BinaryOp::Smax, wrapped, lower)
        }
        None => {
            let zero = cx.b.i64(0);
            let negative = cx.b.compare(Cond::Slt, word, zero);
            let wrapped = cx.b.binary(BinaryOp::Iadd, word, len);
            let wrapped = cx.b.binary(BinaryOp::Smax, wrapped, lower);
            let clamped = cx.b.binary(BinaryOp::Smin, word, upper);
            cx.b.select(negative, wrapped, clamped)
        }
    }
}
