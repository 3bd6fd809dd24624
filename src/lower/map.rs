//! Elementwise array expressions: one loop nest, no temporaries.
//!
//! In: `Map` of the HIR, for a new array or (from `copy`) for an existing one. Out: the loops that store the
//! body's value for each element. Invariant: the inputs have been evaluated once and checked to broadcast
//! before the first element is computed; there are at most two copies of the body: `exact`, in which every
//! axis of every input is either as long as the result's or known to be 1, and the general one.

use crate::abi::PAYLOAD_WORDS;
use crate::hir::walk;
use crate::hir::{ExcKind, Expr, ExprKind};
use crate::lower::array::{self, Array, Stride};
use crate::lower::cx::{Cx, Words};
use crate::lower::nest::{self, Operand};
use crate::lower::{alloc, expr};
use crate::mir::{BinaryOp, Cond, End, Value, effect};
use crate::types::{ArrayType, Layout};

/// An evaluated input.
pub enum Input {
    Array(Array),
    Scalar(Words),
}

/// A `Map` that makes a new array of type `ty`.
pub fn lower(cx: &mut Cx, inputs: &[Expr], body: &Expr, ty: ArrayType) -> Words {
    let inputs = evaluate(cx, inputs);
    let dims = broadcast(cx, &inputs, body, None);
    let target = alloc::new(cx, ty, dims, false, false);
    match exactness(cx, &arrays(&inputs), &target.shape) {
        None => emit(cx, &inputs, body, &target, true),
        Some(exact) => {
            cx.b.open(&[]);
            emit(cx, &inputs, body, &target, true);
            let then = cx.b.close(End::Yield(Vec::new()));
            cx.b.open(&[]);
            emit(cx, &inputs, body, &target, false);
            let orelse = cx.b.close(End::Yield(Vec::new()));
            cx.b.if_(exact, then, orelse, &[]);
        }
    }
    target.words(cx)
}

/// Evaluates the inputs.
pub fn evaluate(cx: &mut Cx, inputs: &[Expr]) -> Vec<Input> {
    let mut evaluated = Vec::with_capacity(inputs.len());
    for input in inputs {
        let words = expr::lower(cx, input);
        evaluated.push(match input.ty.array() {
            Some(ty) => Input::Array(Array::of(cx, ty, &words)),
            None => Input::Scalar(words),
        });
    }
    evaluated
}

/// The arrays among the inputs.
pub fn arrays(inputs: &[Input]) -> Vec<&Array> {
    let mut arrays = Vec::with_capacity(inputs.len());
    for input in inputs {
        if let Input::Array(array) = input {
            arrays.push(array);
        }
    }
    arrays
}

/// The shape that the inputs broadcast to, checked in the order in which NumPy would meet them. `out` is
/// the shape of an output operand, which takes part in it.
pub fn broadcast(cx: &mut Cx, inputs: &[Input], body: &Expr, out: Option<&[Value]>) -> Vec<Value> {
    let mut shape = shape_of(cx, inputs, body, out);
    for k in 0..inputs.len() {
        if let Some(own) = input_shape(inputs, k)
            && shape.as_ref().is_none_or(|shape| !shape.from.contains(&k))
        {
            shape = Some(match shape {
                None => own,
                Some(shape) => join(cx, &[Some(shape), Some(own)]),
            });
        }
    }
    shape.map(|shape| shape.dims).unwrap_or_default()
}

/// A shape and the inputs that it comes from (sorted).
#[derive(Clone)]
struct Shape {
    from: Vec<usize>,
    dims: Vec<Value>,
}

fn input_shape(inputs: &[Input], k: usize) -> Option<Shape> {
    match &inputs[k] {
        Input::Array(array) => Some(Shape { from: vec![k], dims: array.shape.clone() }),
        Input::Scalar(_) => None,
    }
}

/// Shape of a part of the body; `None` for scalars.
fn shape_of(cx: &mut Cx, inputs: &[Input], part: &Expr, out: Option<&[Value]>) -> Option<Shape> {
    if let ExprKind::MapArg(k) = &*part.kind {
        let own = input_shape(inputs, *k as usize);
        return match out {
            Some(out) => Some(join(cx, &[own, Some(Shape { from: Vec::new(), dims: out.to_vec() })])),
            None => own,
        };
    }
    if let (ExprKind::Convert { arg, .. }, Some(_)) = (&*part.kind, out) {
        return shape_of(cx, inputs, arg, out);
    }
    let shapes: Vec<Option<Shape>> =
        parts(part).into_iter().map(|child| shape_of(cx, inputs, child, None)).collect();
    if let Some(out) = out {
        let mut operands: Vec<Option<Shape>> = shapes.into_iter().filter(Option::is_some).collect();
        operands.push(Some(Shape { from: Vec::new(), dims: out.to_vec() }));
        return Some(join(cx, &operands));
    }
    let present: Vec<&Shape> = shapes.iter().flatten().collect();
    let (first, rest) = present.split_first()?;
    // A part that adds no input to another cannot fail to broadcast with it.
    let widest = present.iter().max_by_key(|shape| shape.from.len()).copied().unwrap_or(first);
    if rest.is_empty() || present.iter().all(|shape| shape.from.iter().all(|k| widest.from.contains(k))) {
        return Some((*widest).clone());
    }
    // The message of a choice names its scalar operands too; one operand alone cannot fail to broadcast.
    let operands: Vec<Option<Shape>> = if matches!(*part.kind, ExprKind::IfExp { .. }) {
        shapes
    } else {
        shapes.into_iter().filter(Option::is_some).collect()
    };
    Some(join(cx, &operands))
}

/// The parts of a scalar expression, in the order of evaluation.
fn parts(part: &Expr) -> Vec<&Expr> {
    let mut parts = Vec::new();
    if let ExprKind::Seq { stmts, .. } = &*part.kind {
        for stmt in stmts {
            walk::expressions(stmt, &mut |expr| parts.push(expr));
        }
    }
    walk::children(part, &mut |child| parts.push(child));
    parts
}

fn has_statements(part: &Expr) -> bool {
    matches!(*part.kind, ExprKind::Seq { .. }) || parts(part).into_iter().any(has_statements)
}

fn is_one(cx: &Cx, dim: Value) -> bool {
    effect::constant(&cx.b.func, dim) == Some(1)
}

/// Broadcasts operands against each other; `None` is a scalar.
fn join(cx: &mut Cx, operands: &[Option<Shape>]) -> Shape {
    let ndim = operands.iter().flatten().map(|shape| shape.dims.len()).max().unwrap_or(0);
    let mut from: Vec<usize> =
        operands.iter().flatten().flat_map(|shape| shape.from.iter().copied()).collect();
    from.sort_unstable();
    from.dedup();
    let mut ok: Option<Value> = None;
    let mut dims = Vec::with_capacity(ndim);
    for axis in 0..ndim {
        let mut dim: Option<Value> = None;
        for shape in operands.iter().flatten() {
            let Some(own) = (axis + shape.dims.len()).checked_sub(ndim).map(|k| shape.dims[k]) else {
                continue;
            };
            dim = Some(match dim {
                None => own,
                Some(dim) if own == dim || is_one(cx, own) => dim,
                Some(dim) if is_one(cx, dim) => own,
                Some(dim) => {
                    let one = cx.b.i64(1);
                    let dim_is_one = cx.b.compare(Cond::Eq, dim, one);
                    let own_is_one = cx.b.compare(Cond::Eq, own, one);
                    let same = cx.b.compare(Cond::Eq, own, dim);
                    let either = cx.b.binary(BinaryOp::Bor, dim_is_one, own_is_one);
                    let fits = cx.b.binary(BinaryOp::Bor, same, either);
                    ok = Some(and(cx, ok, fits));
                    cx.b.select(dim_is_one, own, dim)
                }
            });
        }
        dims.push(dim.expect("invariant: some operand has the axis"));
    }
    if let Some(ok) = ok {
        let mut payload = Vec::new();
        let mut message = "operands could not be broadcast together with shapes ".to_owned();
        for operand in operands {
            let shape = operand.as_ref().map_or(&[][..], |shape| &shape.dims[..]);
            message.push_str(&array::shape_text(shape, &mut payload));
            message.push(' ');
        }
        if payload.len() > PAYLOAD_WORDS {
            payload.clear();
            message = "operands could not be broadcast together".to_owned();
        }
        cx.guard(ok, ExcKind::Value, &message, &payload);
    }
    Shape { from, dims }
}

/// `all && more`.
pub fn and(cx: &mut Cx, all: Option<Value>, more: Value) -> Value {
    match all {
        None => more,
        Some(all) => cx.b.binary(BinaryOp::Band, all, more),
    }
}

/// The array's axis that stands for axis `axis` of `ndim`, if it has one.
fn own_axis(array: &Array, axis: usize, ndim: usize) -> Option<usize> {
    (axis + array.ndim()).checked_sub(ndim)
}

/// True at run time if each axis of the arrays is as long as that of `dims` (or known to be 1); `None` if
/// that is known.
pub fn exactness(cx: &mut Cx, arrays: &[&Array], dims: &[Value]) -> Option<Value> {
    let mut all = None;
    let mut seen: Vec<(Value, Value)> = Vec::new();
    for array in arrays {
        for (axis, dim) in dims.iter().enumerate() {
            let Some(k) = own_axis(array, axis, dims.len()) else { continue };
            let own = array.shape[k];
            if own == *dim || is_one(cx, own) || seen.contains(&(own, *dim)) {
                continue;
            }
            seen.push((own, *dim));
            let same = cx.b.compare(Cond::Eq, own, *dim);
            all = Some(and(cx, all, same));
        }
    }
    all
}

/// An array as an operand of a nest over `dims`. Unless `exact`, an axis of length 1 is repeated.
pub fn operand(cx: &mut Cx, array: &Array, dims: &[Value], exact: bool) -> Operand {
    let mut strides = Vec::with_capacity(dims.len());
    for (axis, dim) in dims.iter().enumerate() {
        strides.push(match own_axis(array, axis, dims.len()) {
            None => Stride::Const(0),
            Some(k) if is_one(cx, array.shape[k]) => Stride::Const(0),
            Some(k) if exact || array.shape[k] == *dim => array.strides[k],
            Some(k) => {
                let one = cx.b.i64(1);
                let zero = cx.b.i64(0);
                let single = cx.b.compare(Cond::Eq, array.shape[k], one);
                let stride = array.strides[k].word(cx);
                Stride::Word(cx.b.select(single, zero, stride))
            }
        });
    }
    Operand { data: array.data, strides }
}

/// Lengths and operands of a nest over arrays of the shape of `target` (the last operand). Exact nests over
/// arrays of one contiguous layout become one loop; those over a column-major target run along its columns.
pub fn axes(cx: &mut Cx, arrays: &[&Array], target: &Array, exact: bool) -> (Vec<Value>, Vec<Operand>) {
    let same_order = |array: &&Array| {
        array.ndim() == target.ndim()
            && array.ty.layout == target.ty.layout
            && !array.shape.iter().zip(&target.shape).any(|(own, dim)| own != dim && is_one(cx, *own))
    };
    let contiguous = matches!(target.ty.layout, Layout::C | Layout::F);
    if exact && target.ndim() > 0 && contiguous && arrays.iter().all(same_order) {
        let flat = |array: &Array| Operand {
            data: array.data,
            strides: vec![Stride::Const(i64::from(array.ty.elem.bytes()))],
        };
        let mut operands: Vec<Operand> = arrays.iter().map(|array| flat(array)).collect();
        operands.push(flat(target));
        return (vec![array::size(cx, &target.shape)], operands);
    }
    let mut dims = target.shape.clone();
    let mut operands: Vec<Operand> =
        arrays.iter().map(|array| operand(cx, array, &target.shape, exact)).collect();
    operands.push(operand(cx, target, &target.shape, true));
    if target.ty.layout == Layout::F {
        dims.reverse();
        operands.iter_mut().for_each(|operand| operand.strides.reverse());
    }
    (dims, operands)
}

/// The loops: `target[...] = body(...)` for each element. Every input broadcasts to the target's shape.
pub fn emit(cx: &mut Cx, inputs: &[Input], body: &Expr, target: &Array, exact: bool) {
    let (dims, operands) = axes(cx, &arrays(inputs), target, exact);
    let outer_args = std::mem::take(&mut cx.map_args);
    let saved = if has_statements(body) { Some(cx.locals.clone()) } else { None };
    let elem = target.ty.elem;
    nest::walk(cx, &dims, &operands, elem, &mut |cx, addresses| {
        let mut at = addresses.iter();
        let mut args = Vec::with_capacity(inputs.len());
        for input in inputs {
            args.push(match input {
                Input::Scalar(words) => words.clone(),
                Input::Array(array) => {
                    let addr = at.next().expect("invariant: one address for each array");
                    nest::load(cx, array.ty.elem, *addr)
                }
            });
        }
        cx.map_args = args;
        let words = expr::lower(cx, body);
        let addr = at.next().expect("invariant: the target's address is last");
        nest::store(cx, elem, *addr, &words);
    });
    cx.map_args = outer_args;
    if let Some(saved) = saved {
        cx.locals = saved;
    }
}
