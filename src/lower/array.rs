//! Arrays as words: reading and writing the word list, layout knowledge, attributes and re-seen views.
//!
//! In: array expressions of the HIR. Out: their words. Invariant: the shape and stride words of an array
//! are always valid, whatever its layout; where the layout or a constant says more, `Stride` says it, so that
//! addresses fold.

use crate::abi::{Payload, matmul};
use crate::hir::{ArrayAttr, ExcKind, Expr, ExprKind, Index, Init, Prim};
use crate::lower::cx::{Cx, Words};
use crate::lower::{alloc, copy, expr, index, map};
use crate::mir::{
    Address, ArrayParam, BinaryOp, Cond, ConvertOp, MEM_FRAME, Op, RuntimeFn, Ty, Value, effect,
};
use crate::types::{self, ArrayType, Layout, Scalar, Type};

/// Bytes from one element of an axis to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stride {
    Const(i64),
    Word(Value),
}

impl Stride {
    /// A stride word, as a constant if it is one.
    pub fn of(cx: &Cx, word: Value) -> Stride {
        match effect::constant(&cx.b.func, word) {
            Some(c) => Stride::Const(c),
            None => Stride::Word(word),
        }
    }
    pub fn word(self, cx: &mut Cx) -> Value {
        match self {
            Stride::Const(c) => cx.b.i64(c),
            Stride::Word(word) => word,
        }
    }
}

/// An array, taken apart.
#[derive(Clone, Debug)]
pub struct Array {
    pub ty: ArrayType,
    pub owner: Value,
    pub data: Value,
    pub shape: Vec<Value>,
    pub strides: Vec<Stride>,
}

impl Array {
    /// The parts of an array's words.
    pub fn of(cx: &mut Cx, ty: ArrayType, words: &[Value]) -> Array {
        let n = usize::from(ty.ndim);
        for length in &words[2..2 + n] {
            if !cx.ints.contains(length) && !cx.b.func.lengths.contains(length) {
                cx.b.func.lengths.push(*length);
            }
        }
        let mut strides: Vec<Stride> =
            words[2 + n..2 + 2 * n].iter().map(|word| Stride::of(cx, *word)).collect();
        let item = Stride::Const(i64::from(ty.elem.bytes()));
        match ty.layout {
            Layout::C if n > 0 => strides[n - 1] = item,
            Layout::F if n > 0 => strides[0] = item,
            Layout::C | Layout::F | Layout::Strided => {}
        }
        Array { ty, owner: words[0], data: words[1], shape: words[2..2 + n].to_vec(), strides }
    }

    pub fn words(&self, cx: &mut Cx) -> Words {
        let mut words = vec![self.owner, self.data];
        words.extend(&self.shape);
        for stride in &self.strides {
            words.push(stride.word(cx));
        }
        words
    }

    pub fn ndim(&self) -> usize {
        self.shape.len()
    }
}

/// The arrays among a function's parameters, whose words are given.
pub fn params<'t>(types: impl Iterator<Item = &'t Type>, mut words: &[Value]) -> Vec<ArrayParam> {
    let mut arrays = Vec::new();
    for ty in types {
        let (own, rest) = words.split_at(types::flatten(ty).len());
        words = rest;
        if let Type::Array(ty) = ty {
            let n = usize::from(ty.ndim);
            arrays.push(ArrayParam {
                data: own[1],
                item: ty.elem.bytes(),
                shape: own[2..2 + n].to_vec(),
                strides: own[2 + n..].to_vec(),
                contiguous: ty.layout != Layout::Strided,
            });
        }
    }
    arrays
}

/// Evaluates an array expression.
pub fn eval(cx: &mut Cx, expr: &Expr) -> Array {
    let words = expr::lower(cx, expr);
    Array::of(cx, expr.array(), &words)
}

/// `a * b`, folded where a side is a constant.
pub fn mul(cx: &mut Cx, a: Value, b: Stride) -> Option<Value> {
    match b {
        Stride::Const(0) => None,
        Stride::Const(1) => Some(a),
        Stride::Const(c) => match effect::constant(&cx.b.func, a) {
            Some(0) => None,
            Some(k) => Some(cx.b.i64(k.wrapping_mul(c))),
            None => {
                let c = cx.b.i64(c);
                Some(cx.b.binary(BinaryOp::Imul, a, c))
            }
        },
        Stride::Word(word) => match effect::constant(&cx.b.func, a) {
            Some(0) => None,
            Some(1) => Some(word),
            Some(_) | None => Some(cx.b.binary(BinaryOp::Imul, a, word)),
        },
    }
}

/// Number of elements.
pub fn size(cx: &mut Cx, shape: &[Value]) -> Value {
    let mut total = None;
    for dim in shape {
        total = Some(match total {
            None => *dim,
            Some(total) => cx.b.binary(BinaryOp::Imul, total, *dim),
        });
    }
    total.unwrap_or_else(|| cx.b.i64(1))
}

/// Strides of a contiguous array.
pub fn contiguous_strides(cx: &mut Cx, elem_bytes: u32, layout: Layout, shape: &[Value]) -> Vec<Stride> {
    let n = shape.len();
    let mut strides = vec![Stride::Const(i64::from(elem_bytes)); n];
    let order: Vec<usize> = match layout {
        Layout::F => (0..n).collect(),
        Layout::C | Layout::Strided => (0..n).rev().collect(),
    };
    for pair in order.windows(2) {
        let (inner, outer) = (pair[0], pair[1]);
        strides[outer] = match mul(cx, shape[inner], strides[inner]) {
            Some(word) => Stride::of(cx, word),
            None => Stride::Const(0),
        };
    }
    strides
}

/// Words of an array-room expression: `Element`, `View`, `ArrayAttr`, `Transpose`, `Permute`, `Reshape`,
/// `ComplexPart`, `Alloc`, `Map`, `MapArg`, and the `Prim`s `IsContiguous`, `AssumeContiguous`,
/// `MayOverlap`, `Retype`.
pub fn lower(cx: &mut Cx, expr: &Expr) -> Words {
    match &*expr.kind {
        ExprKind::Element { array, index } => index::element(cx, array, index),
        ExprKind::View { array, index } => view(cx, array, index, expr),
        ExprKind::ArrayAttr { array, attr } => vec![attribute(cx, array, *attr)],
        ExprKind::Transpose(array) => {
            let array = eval(cx, array);
            let axes: Vec<usize> = (0..array.ndim()).rev().collect();
            permute(cx, array, &axes, expr)
        }
        ExprKind::Permute { array, axes } => {
            let array = eval(cx, array);
            let axes: Vec<usize> = axes.iter().map(|axis| usize::from(*axis)).collect();
            permute(cx, array, &axes, expr)
        }
        ExprKind::Reshape { array, shape } => reshape(cx, array, shape, expr),
        ExprKind::ComplexPart { array, imag } => {
            let mut array = eval(cx, array);
            if *imag {
                let half = cx.b.i64(i64::from(array.ty.elem.machine().bytes()));
                array.data = cx.b.ptr_add(array.data, half);
            }
            array.words(cx)
        }
        ExprKind::Alloc { shape, init } => {
            let shape: Vec<Value> = shape.iter().map(|dim| expr::word(cx, dim)).collect();
            let array = alloc::new(cx, expr.array(), shape, *init == Init::Zero, true);
            array.words(cx)
        }
        ExprKind::Map { inputs, body } => map::lower(cx, inputs, body, expr.array()),
        ExprKind::MapArg(k) => cx.map_args[*k as usize].clone(),
        ExprKind::Prim { prim, args } => primitive(cx, *prim, args, expr),
        ExprKind::Const(_)
        | ExprKind::Unit
        | ExprKind::Local { .. }
        | ExprKind::Hidden(_)
        | ExprKind::Convert { .. }
        | ExprKind::Unary { .. }
        | ExprKind::Binary { .. }
        | ExprKind::Compare { .. }
        | ExprKind::Truth(_)
        | ExprKind::And(..)
        | ExprKind::Or(..)
        | ExprKind::IfExp { .. }
        | ExprKind::Math { .. }
        | ExprKind::Tuple(_)
        | ExprKind::Item { .. }
        | ExprKind::ItemAt { .. }
        | ExprKind::Real(_)
        | ExprKind::Imag(_)
        | ExprKind::MakeComplex { .. }
        | ExprKind::Call { .. }
        | ExprKind::Seq { .. } => panic!("not an array expression: {:?}", expr.kind),
    }
}

/// `StmtKind::StoreElement`.
pub fn store_element(cx: &mut Cx, array: &Expr, index: &[Index], value: &Expr) {
    index::store(cx, array, index, value);
}

/// `StmtKind::CopyInto`. `visible` says whether the caller can see `dest`: then set `cx.effect` after the
/// operands are evaluated and before the loop that stores.
pub fn copy_into(cx: &mut Cx, dest: &Expr, value: &Expr, visible: bool) {
    copy::into(cx, dest, value, visible);
}

fn view(cx: &mut Cx, array: &Expr, parts: &[Index], expr: &Expr) -> Words {
    let array = eval(cx, array);
    let mut view = index::view(cx, &array, parts);
    view.ty = expr.array();
    view.words(cx)
}

fn attribute(cx: &mut Cx, array: &Expr, attr: ArrayAttr) -> Value {
    let array = eval(cx, array);
    match attr {
        ArrayAttr::Shape(axis) => array.shape[usize::from(axis)],
        ArrayAttr::Stride(axis) => array.strides[usize::from(axis)].word(cx),
        ArrayAttr::Size => size(cx, &array.shape),
    }
}

fn permute(cx: &mut Cx, array: Array, axes: &[usize], expr: &Expr) -> Words {
    let permuted = Array {
        ty: expr.array(),
        owner: array.owner,
        data: array.data,
        shape: axes.iter().map(|axis| array.shape[*axis]).collect(),
        strides: axes.iter().map(|axis| array.strides[*axis]).collect(),
    };
    permuted.words(cx)
}

fn primitive(cx: &mut Cx, prim: Prim, args: &[Expr], expr: &Expr) -> Words {
    match prim {
        Prim::IsContiguous => {
            let array = eval(cx, &args[0]);
            vec![is_contiguous(cx, &array)]
        }
        Prim::AssumeContiguous => {
            let mut array = eval(cx, &args[0]);
            array.ty = expr.array();
            array.strides = contiguous_strides(cx, array.ty.elem.bytes(), array.ty.layout, &array.shape);
            array.words(cx)
        }
        Prim::MayOverlap => {
            let a = eval(cx, &args[0]);
            let b = eval(cx, &args[1]);
            vec![copy::may_overlap(cx, &a, &b)]
        }
        Prim::MatMul => {
            let [out, a, b] = [0, 1, 2].map(|index| eval(cx, &args[index]));
            mat_mul(cx, &out, &a, &b);
            Vec::new()
        }
        Prim::Retype if args[0].array().elem.bytes() != expr.array().elem.bytes() => {
            let array = eval(cx, &args[0]);
            resized(cx, array, expr.array())
        }
        Prim::Retype => expr::lower(cx, &args[0]),
        Prim::RoundPython
        | Prim::RoundNumpy
        | Prim::NextAfter
        | Prim::GetNumThreads
        | Prim::SetNumThreads
        | Prim::GetThreadId
        | Prim::IsNan
        | Prim::IsInf
        | Prim::IsFinite
        | Prim::SignBit
        | Prim::Same
        | Prim::PopCount
        | Prim::Bits
        | Prim::FromBits => panic!("not a primitive on arrays: {prim:?}"),
    }
}

/// The memory of an array as elements of another size: its last axis has as many as fit exactly.
fn resized(cx: &mut Cx, array: Array, to: ArrayType) -> Words {
    let (old, new) = (i64::from(array.ty.elem.bytes()), i64::from(to.elem.bytes()));
    let last = array.ndim() - 1;
    let length = array.shape[last];
    if array.strides[last] != Stride::Const(old) {
        let stride = array.strides[last].word(cx);
        let (old, one, zero) = (cx.b.i64(old), cx.b.i64(1), cx.b.i64(0));
        let count = size(cx, &array.shape);
        let close = cx.b.compare(Cond::Eq, stride, old);
        let single = cx.b.compare(Cond::Eq, length, one);
        let empty = cx.b.compare(Cond::Eq, count, zero);
        let either = cx.b.binary(BinaryOp::Bor, close, single);
        let ok = cx.b.binary(BinaryOp::Bor, either, empty);
        let message = "To change to a dtype of a different size, the last axis must be contiguous";
        cx.guard(ok, ExcKind::Value, message, &[]);
    }
    let old = cx.b.i64(old);
    let bytes = cx.b.binary(BinaryOp::Imul, length, old);
    let shift = cx.b.i64(i64::from(new.trailing_zeros()));
    let items = cx.b.binary(BinaryOp::Ushr, bytes, shift);
    if array.ty.elem.bytes() < to.elem.bytes() {
        let mask = cx.b.i64(new - 1);
        let rest = cx.b.binary(BinaryOp::Band, bytes, mask);
        let zero = cx.b.i64(0);
        let ok = cx.b.compare(Cond::Eq, rest, zero);
        let message = "When changing to a larger dtype, its size must be a divisor of the total size in bytes of the \
                       last axis of the array.";
        cx.guard(ok, ExcKind::Value, message, &[]);
    }
    let Array { owner, data, mut shape, mut strides, .. } = array;
    shape[last] = items;
    strides[last] = Stride::Const(new);
    Array { ty: to, owner, data, shape, strides }.words(cx)
}

/// `out = a @ b`, by the runtime.
fn mat_mul(cx: &mut Cx, out: &Array, a: &Array, b: &Array) {
    let slot = cx.b.stack_slot(8 * matmul::WORDS as u32);
    let inst = cx.b.inst(Op::StackAddr(slot), &[Ty::Ptr]);
    let words = cx.b.func.insts[inst].results[0];
    let single = cx.b.i64(i64::from(out.ty.elem == Scalar::F32));
    let mut set = vec![
        (matmul::SINGLE, single),
        (matmul::SHAPE, a.shape[0]),
        (matmul::SHAPE + 1, a.shape[1]),
        (matmul::SHAPE + 2, b.shape[1]),
    ];
    for (at, matrix) in [(matmul::A, a), (matmul::B, b), (matmul::C, out)] {
        set.push((at, matrix.data));
        for (axis, stride) in matrix.strides.iter().enumerate() {
            set.push((at + 1 + axis, stride.word(cx)));
        }
    }
    for (word, value) in set {
        cx.b.store(MEM_FRAME, Address { base: words, index: None, disp: 8 * word as i32 }, value);
    }
    cx.b.inst(Op::RuntimeStatus { func: RuntimeFn::MatMul, args: vec![words] }, &[]);
}

/// C-contiguous at run time, as NumPy counts it: the strides of axes of length 1 do not matter, and an
/// empty array is contiguous.
fn is_contiguous(cx: &mut Cx, array: &Array) -> Value {
    if array.ty.layout == Layout::C || array.ndim() == 0 {
        return cx.b.bool(true);
    }
    let expected = contiguous_strides(cx, array.ty.elem.bytes(), Layout::C, &array.shape);
    let one = cx.b.i64(1);
    let zero = cx.b.i64(0);
    let mut all = cx.b.bool(true);
    let mut empty = cx.b.bool(false);
    for (axis, wanted) in expected.into_iter().enumerate() {
        let stride = array.strides[axis].word(cx);
        let wanted = wanted.word(cx);
        let same = cx.b.compare(Cond::Eq, stride, wanted);
        let single = cx.b.compare(Cond::Eq, array.shape[axis], one);
        let fits = cx.b.binary(BinaryOp::Bor, same, single);
        all = cx.b.binary(BinaryOp::Band, all, fits);
        let none = cx.b.compare(Cond::Eq, array.shape[axis], zero);
        empty = cx.b.binary(BinaryOp::Bor, empty, none);
    }
    cx.b.binary(BinaryOp::Bor, all, empty)
}

/// `Reshape`: any negative length is the unknown one, as in NumPy.
fn reshape(cx: &mut Cx, array: &Expr, shape: &[Expr], expr: &Expr) -> Words {
    let array = eval(cx, array);
    let total = size(cx, &array.shape);
    let mut dims: Vec<Value> = shape.iter().map(|dim| expr::word(cx, dim)).collect();
    let known: Vec<Option<i64>> = dims.iter().map(|dim| effect::constant(&cx.b.func, *dim)).collect();
    let unknown: Vec<usize> = (0..dims.len()).filter(|k| known[*k].is_some_and(|c| c < 0)).collect();
    if let [k] = unknown[..] {
        // The usual case: one `-1` in the source.
        let others: Vec<Value> =
            (0..dims.len()).filter(|other| *other != k).map(|other| dims[other]).collect();
        for other in &others {
            if effect::constant(&cx.b.func, *other).is_some() {
                continue;
            }
            let zero = cx.b.i64(0);
            let ok = cx.b.compare(Cond::Sge, *other, zero);
            cx.guard(ok, ExcKind::Value, "can only specify one unknown dimension", &[]);
            cx.ints.push(*other);
        }
        let product = size(cx, &others);
        dims[k] = divide_exactly(cx, total, product, &dims, k);
    } else if unknown.is_empty() && known.iter().all(Option::is_some) {
        let wanted = size(cx, &dims);
        let ok = cx.b.compare(Cond::Eq, wanted, total);
        let (message, payload) = reshape_message(total, &dims, None);
        cx.guard(ok, ExcKind::Value, &message, &payload);
    } else {
        dims = reshape_unknown(cx, total, dims);
    }
    let ty = expr.array();
    let strides = contiguous_strides(cx, ty.elem.bytes(), Layout::C, &dims);
    Array { ty, owner: array.owner, data: array.data, shape: dims, strides }.words(cx)
}

/// `total / known`, with the guard that it is exact.
fn divide_exactly(cx: &mut Cx, total: Value, known: Value, dims: &[Value], unknown: usize) -> Value {
    let zero = cx.b.i64(0);
    let one = cx.b.i64(1);
    let nonzero = cx.b.compare(Cond::Ne, known, zero);
    let divisor = cx.b.select(nonzero, known, one);
    let quotient = cx.b.binary(BinaryOp::Udiv, total, divisor);
    let product = cx.b.binary(BinaryOp::Imul, quotient, divisor);
    let exact = cx.b.compare(Cond::Eq, product, total);
    let ok = cx.b.binary(BinaryOp::Band, exact, nonzero);
    let (message, payload) = reshape_message(total, dims, Some(unknown));
    cx.guard(ok, ExcKind::Value, &message, &payload);
    quotient
}

/// Lengths that are known at run time only: each may be the unknown one.
fn reshape_unknown(cx: &mut Cx, total: Value, dims: Vec<Value>) -> Vec<Value> {
    let zero = cx.b.i64(0);
    let one = cx.b.i64(1);
    let mut count = zero;
    let mut known = one;
    let mut negative = Vec::new();
    for dim in &dims {
        let is_negative = cx.b.compare(Cond::Slt, *dim, zero);
        let wide = cx.b.convert(ConvertOp::Zext, is_negative, Ty::I64);
        count = cx.b.binary(BinaryOp::Iadd, count, wide);
        let factor = cx.b.select(is_negative, one, *dim);
        known = cx.b.binary(BinaryOp::Imul, known, factor);
        negative.push(is_negative);
    }
    let ok = cx.b.compare(Cond::Sle, count, one);
    cx.guard(ok, ExcKind::Value, "can only specify one unknown dimension", &[]);
    let all_known = cx.b.compare(Cond::Eq, count, zero);
    let nonzero = cx.b.compare(Cond::Ne, known, zero);
    let divisor = cx.b.select(nonzero, known, one);
    let quotient = cx.b.binary(BinaryOp::Udiv, total, divisor);
    let product = cx.b.binary(BinaryOp::Imul, quotient, divisor);
    let divides = cx.b.compare(Cond::Eq, product, total);
    let exact = cx.b.binary(BinaryOp::Band, divides, nonzero);
    let same = cx.b.compare(Cond::Eq, known, total);
    let ok = cx.b.select(all_known, same, exact);
    // The message names the unknown length, so each has a guard of its own.
    for (k, is_negative) in negative.iter().enumerate() {
        if effect::constant(&cx.b.func, dims[k]).is_some_and(|c| c >= 0) {
            continue;
        }
        let known = cx.b.not(*is_negative);
        let ok = cx.b.binary(BinaryOp::Bor, known, ok);
        let (message, payload) = reshape_message(total, &dims, Some(k));
        cx.guard(ok, ExcKind::Value, &message, &payload);
    }
    let (message, payload) = reshape_message(total, &dims, None);
    cx.guard(ok, ExcKind::Value, &message, &payload);
    dims.iter().zip(negative).map(|(dim, is_negative)| cx.b.select(is_negative, quotient, *dim)).collect()
}

fn reshape_message(total: Value, dims: &[Value], unknown: Option<usize>) -> (String, Vec<(Value, Payload)>) {
    let mut payload = vec![(total, Payload::Int)];
    let mut parts = Vec::new();
    for (k, dim) in dims.iter().enumerate() {
        if unknown == Some(k) {
            // NumPy leaves out what it cannot name at the front.
            if k > 0 {
                parts.push("newaxis".to_owned());
            }
        } else {
            parts.push(format!("{{{}}}", payload.len()));
            payload.push((*dim, Payload::Int));
        }
    }
    if payload.len() > crate::abi::PAYLOAD_WORDS {
        payload.truncate(1);
        return ("cannot reshape array of size {0} into the new shape".to_owned(), payload);
    }
    let shape = if dims.len() == 1 { tuple_text(&parts) } else { format!("({})", parts.join(",")) };
    (format!("cannot reshape array of size {{0}} into shape {shape}"), payload)
}

/// A shape as NumPy writes it: `()`, `(3,)`, `(3,4)`.
pub fn tuple_text(parts: &[String]) -> String {
    match parts {
        [one] => format!("({one},)"),
        _ => format!("({})", parts.join(",")),
    }
}

/// A shape in a message: text with payload words, which are added to `payload`.
pub fn shape_text(shape: &[Value], payload: &mut Vec<(Value, Payload)>) -> String {
    let mut parts = Vec::new();
    for dim in shape {
        parts.push(format!("{{{}}}", payload.len()));
        payload.push((*dim, Payload::Int));
    }
    tuple_text(&parts)
}
