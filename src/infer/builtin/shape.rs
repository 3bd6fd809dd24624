//! Views: other shapes and other orders of axes over the same memory.
//!
//! In: arrays. Out: arrays sharing their memory where NumPy shares it. Invariant: where only NumPy's answer
//! at run time says whether memory is shared, the result is typed read-only, so that no store can tell.

use crate::diag::{Code, Result, Span};
use crate::hir::{Const, Expr, ExprKind, Index, Prim};
use crate::infer::arith::convert::{after, seq};
use crate::infer::arith::index_value;
use crate::infer::builtin::args::{Args, const_int};
use crate::infer::builtin::create::{self, transpose};
use crate::infer::builtin::python::int_const;
use crate::infer::cx::Cx;
use crate::types::{ArrayType, Layout, Type};

/// `array[index]` by integers (leading axes), full slices and new axes. Axes without an index are kept.
pub fn view(array: Expr, mut index: Vec<Index>, span: Span) -> Expr {
    let ty = array.array();
    let used = index.iter().filter(|part| !matches!(part, Index::NewAxis)).count();
    index.extend((used..usize::from(ty.ndim)).map(|_| full()));
    let taken = index.iter().filter(|part| matches!(part, Index::At { .. })).count();
    let leading = index.iter().skip(taken).all(|part| !matches!(part, Index::At { .. }));
    let new = index.iter().filter(|part| matches!(part, Index::NewAxis)).count();
    let ndim = ty.ndim - taken as u8 + new as u8;
    let layout = if ty.layout == Layout::C && leading { Layout::C } else { Layout::Strided };
    let kind = ExprKind::View { array, index };
    Expr::new(kind, Type::Array(ArrayType { ndim, layout, ..ty }), span)
}

fn full() -> Index {
    Index::Slice { start: None, stop: None, step: None }
}

/// An axis of an array of `ndim` dimensions, negative ones counted from the end.
pub fn normal_axis(cx: &Cx, axis: i64, ndim: usize, span: Span) -> Result<usize> {
    let place = if axis < 0 { axis + ndim as i64 } else { axis };
    match usize::try_from(place) {
        Ok(place) if place < ndim => Ok(place),
        _ => {
            let message = format!("axis {axis} is out of bounds for array of dimension {ndim}");
            Err(cx.error(Code::TypeMismatch, span, message, format!("this array has {ndim} dimensions")))
        }
    }
}

/// The axes that an argument names: an int or a tuple of ints, known at compile time.
pub fn axes(cx: &Cx, value: &Expr, ndim: usize) -> Result<Vec<usize>> {
    let span = value.span;
    let mut found = Vec::new();
    match (&*value.kind, &value.ty) {
        (ExprKind::Tuple(items), _) => {
            for item in items {
                found.push(normal_axis(cx, const_int(cx, item, "axis")?, ndim, span)?);
            }
        }
        _ => found.push(normal_axis(cx, const_int(cx, value, "axis")?, ndim, span)?),
    }
    let mut sorted = found.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(cx.error(Code::TypeMismatch, span, "duplicate value in 'axis'", "these axes"));
    }
    Ok(found)
}

/// The axes of `array` in the given order.
pub fn permute(array: Expr, order: &[usize], span: Span) -> Expr {
    let ty = array.array();
    if order.iter().enumerate().all(|(k, axis)| k == *axis) {
        return array;
    }
    if order.iter().rev().enumerate().all(|(k, axis)| k == *axis) {
        return transpose(array);
    }
    let axes = order.iter().map(|axis| *axis as u8).collect();
    let layout = Layout::Strided;
    Expr::new(ExprKind::Permute { array, axes }, Type::Array(ArrayType { layout, ..ty }), span)
}

/// A C-ordered array of the same elements: the array itself if it is, its memory if it turns out to be
/// contiguous, else a copy.
pub fn contiguous(cx: &mut Cx, array: Expr, span: Span) -> Result<Expr> {
    let ty = array.array();
    if ty.layout == Layout::C {
        return Ok(array);
    }
    if ty.layout == Layout::F {
        return create::copy_as(cx, array, ty.elem, false, span);
    }
    let (stmt, array) = cx.once("array", array);
    let wanted = Type::Array(ArrayType { layout: Layout::C, ..ty });
    let test =
        Expr::new(ExprKind::Prim { prim: Prim::IsContiguous, args: vec![array.clone()] }, Type::BOOL, span);
    let same = ExprKind::Prim { prim: Prim::AssumeContiguous, args: vec![array.clone()] };
    let then = Expr::new(same, wanted.clone(), span);
    let orelse = create::copy_as(cx, array, ty.elem, false, span)?;
    let orelse = retype(orelse, &wanted, span);
    Ok(after(stmt, Expr::new(ExprKind::IfExp { test, then, orelse }, wanted, span)))
}

/// `a.flat`, for elements to be read or stored; `None` if the array's elements do not lie in order.
pub fn flat_elements(array: Expr, span: Span) -> Option<Expr> {
    let ty = array.array();
    match (ty.layout, ty.ndim) {
        (_, 1) => Some(array),
        (Layout::C, _) => Some(flat(array, span)),
        (Layout::F | Layout::Strided, _) => None,
    }
}

/// The same array at another type (read-only, of a more general layout, of other elements of the same size).
pub fn retype(array: Expr, ty: &Type, span: Span) -> Expr {
    if array.ty == *ty {
        return array;
    }
    Expr::new(ExprKind::Prim { prim: Prim::Retype, args: vec![array] }, ty.clone(), span)
}

/// `a.reshape(shape)`.
pub fn reshape(cx: &mut Cx, array: Expr, shape: Vec<Expr>, span: Span) -> Result<Expr> {
    let ty = array.array();
    let array = contiguous(cx, array, span)?;
    let ndim = shape.len() as u8;
    let new = Type::Array(ArrayType { ndim, layout: Layout::C, ..array.array() });
    let result = Expr::new(ExprKind::Reshape { array, shape }, new, span);
    if ty.layout == Layout::C {
        return Ok(result);
    }
    let read_only = Type::Array(ArrayType { writable: false, ..result.array() });
    Ok(retype(result, &read_only, span))
}

/// `a.ravel()`: 1-D, the same memory if contiguous.
pub fn ravel(cx: &mut Cx, array: Expr, span: Span) -> Result<Expr> {
    let array = contiguous(cx, array, span)?;
    if array.array().ndim == 1 {
        return Ok(array);
    }
    Ok(flat(array, span))
}

/// A C-ordered array seen as 1-D.
fn flat(array: Expr, span: Span) -> Expr {
    let ty = Type::Array(ArrayType { ndim: 1, ..array.array() });
    Expr::new(ExprKind::Reshape { array, shape: vec![int_const(-1, span)] }, ty, span)
}

/// A C- or F-ordered array seen as 1-D in the order of memory.
pub fn memory_order(array: Expr, span: Span) -> Option<Expr> {
    match array.array().layout {
        Layout::C if array.array().ndim == 1 => Some(array),
        Layout::C => Some(flat(array, span)),
        Layout::F => Some(flat(transpose(array), span)),
        Layout::Strided => None,
    }
}

/// `_prim.flat(array)`: see `Builtin::PrimFlat`.
pub fn prim_flat(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [array] = call.exactly(cx)?;
    Ok(memory_order(array, span).expect("the prelude tests the layout first"))
}

/// The lengths given to `reshape`: ints or one tuple.
pub fn shape_args(
    cx: &mut Cx,
    mut args: Vec<Expr>,
    span: Span,
) -> Result<(Vec<crate::hir::Stmt>, Vec<Expr>)> {
    if args.len() == 1 && matches!(args[0].ty, Type::Tuple(_)) {
        return create::shape(cx, args.remove(0));
    }
    let mut shape = Vec::new();
    for arg in args {
        shape.push(index_value(cx, arg, span)?);
    }
    Ok((Vec::new(), shape))
}

/// `a.transpose(*axes)`.
pub fn transposed(cx: &mut Cx, array: Expr, args: Vec<Expr>, span: Span) -> Result<Expr> {
    let ndim = usize::from(array.array().ndim);
    let order = match args.as_slice() {
        [] => return Ok(transpose(array)),
        [only] if only.ty == Type::None => return Ok(transpose(array)),
        [only] => axes(cx, only, ndim)?,
        several => {
            let tuple = crate::infer::arith::tuple(several.to_vec(), span);
            axes(cx, &tuple, ndim)?
        }
    };
    if order.len() != ndim {
        return Err(cx.error(Code::TypeMismatch, span, "axes don't match array", "these axes"));
    }
    Ok(permute(array, &order, span))
}

/// `np.swapaxes(a, one, two)`.
pub fn swap_axes(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [array, one, two] = call.exactly(cx)?;
    let array = create::as_array(cx, array, span)?;
    let ndim = usize::from(array.array().ndim);
    let one = normal_axis(cx, const_int(cx, &one, "axis")?, ndim, span)?;
    let two = normal_axis(cx, const_int(cx, &two, "axis")?, ndim, span)?;
    let mut order: Vec<usize> = (0..ndim).collect();
    order.swap(one, two);
    Ok(permute(array, &order, span))
}

/// `np.moveaxis(a, source, destination)`, one axis.
pub fn move_axis(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [array, from, to] = call.exactly(cx)?;
    let array = create::as_array(cx, array, span)?;
    let ndim = usize::from(array.array().ndim);
    let from = normal_axis(cx, const_int(cx, &from, "source")?, ndim, span)?;
    let to = normal_axis(cx, const_int(cx, &to, "destination")?, ndim, span)?;
    let mut order: Vec<usize> = (0..ndim).filter(|axis| *axis != from).collect();
    order.insert(to, from);
    Ok(permute(array, &order, span))
}

/// `np.expand_dims(a, axis)`.
pub fn expand_dims(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [array, axis] = call.bind(cx, ["a", "axis"], 2)?;
    let array = create::as_array(cx, array.expect("required"), span)?;
    let axis = axis.expect("required");
    let extra = if let ExprKind::Tuple(items) = &*axis.kind { items.len() } else { 1 };
    let new = axes(cx, &axis, usize::from(array.array().ndim) + extra)?;
    Ok(with_new_axes(array, &new, span))
}

/// `array` with axes of length one at the given places of the result.
pub fn with_new_axes(array: Expr, places: &[usize], span: Span) -> Expr {
    let ndim = usize::from(array.array().ndim) + places.len();
    let index = (0..ndim).map(|k| if places.contains(&k) { Index::NewAxis } else { full() }).collect();
    view(array, index, span)
}

/// `np.squeeze(a, axis)`: the axes must be given, since lengths are known at run time only.
pub fn squeeze(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [array, axis] = call.bind(cx, ["a", "axis"], 1)?;
    let array = create::as_array(cx, array.expect("required"), span)?;
    let Some(axis) = axis else {
        let message = "squeeze() without axis= has a number of dimensions known at run time only";
        let error = cx.error(Code::NotConstant, span, message, "called here");
        return Err(Box::new(error.help("name the axes: np.squeeze(a, axis=0)")));
    };
    let places = axes(cx, &axis, usize::from(array.array().ndim))?;
    let (stmt, array) = cx.once("array", array);
    let mut stmts: Vec<_> = stmt.into_iter().collect();
    let mut index = Vec::new();
    for axis in 0..usize::from(array.array().ndim) {
        if !places.contains(&axis) {
            index.push(full());
            continue;
        }
        let length = super::attr::dimension(array.clone(), axis as u8, span);
        let check = cx.call_prelude("check_squeeze", vec![length], span)?;
        stmts.push(crate::hir::Stmt { kind: crate::hir::StmtKind::Expr(check), span });
        let zero = Expr::new(ExprKind::Const(Const::Int(0)), Type::INT, span);
        index.push(Index::At { index: zero, checked: false });
    }
    Ok(seq(stmts, view(array, index, span)))
}
