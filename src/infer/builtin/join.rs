//! Arrays put together: `concatenate`, `stack` and their like.
//!
//! In: a tuple (or list display) of arrays. Out: a new array and copies into its parts. Invariant: the
//! element type is NumPy's promotion of all of them; lengths that differ are refused at run time.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{Expr, ExprKind, Index, Init, Stmt, StmtKind};
use crate::infer::arith::convert::{item_exprs, seq};
use crate::infer::arith::{self, type_name};
use crate::infer::builtin::args::{Args, const_int};
use crate::infer::builtin::python::int_const;
use crate::infer::builtin::{attr, create, shape};
use crate::infer::cx::Cx;
use crate::types::promote::result_type;
use crate::types::{ArrayType, Layout, Scalar, Type};

/// The arrays of a call, each to be evaluated once.
fn arrays(cx: &mut Cx, value: Expr) -> Result<(Vec<Stmt>, Vec<Expr>)> {
    let span = value.span;
    if !matches!(value.ty, Type::Tuple(_)) {
        let message = format!("a tuple or list display of arrays is needed, not '{}'", type_name(&value.ty));
        return Err(cx.error(Code::TypeMismatch, span, message, "these arrays"));
    }
    let (stmt, tuple) = cx.once("arrays", value);
    let mut stmts: Vec<Stmt> = stmt.into_iter().collect();
    let mut found = Vec::new();
    for item in item_exprs(&tuple, span) {
        let array = create::as_array(cx, item, span)?;
        let (stmt, array) = cx.once("array", array);
        stmts.extend(stmt);
        found.push(array);
    }
    if found.is_empty() {
        return Err(cx.error(
            Code::TypeMismatch,
            span,
            "need at least one array to concatenate",
            "an empty tuple",
        ));
    }
    Ok((stmts, found))
}

fn axis_of(cx: &Cx, axis: Option<Expr>, default: i64, ndim: usize) -> Result<usize> {
    let span = axis.as_ref().map_or(Span::default(), |axis| axis.span);
    let axis = axis.map_or(Ok(default), |axis| const_int(cx, &axis, "axis"))?;
    shape::normal_axis(cx, axis, ndim, span)
}

/// `np.concatenate(arrays, axis=0)`.
pub fn concatenate(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, axis] = call.bind(cx, ["arrays", "axis"], 1)?;
    let (stmts, mut found) = arrays(cx, value.expect("required"))?;
    if axis.is_none() && found.iter().any(|array| array.array().ndim == 0) {
        let message = "zero-dimensional arrays cannot be concatenated";
        return Err(cx.error(Code::TypeMismatch, span, message, "of these"));
    }
    let axis = axis_of(cx, axis, 0, usize::from(found[0].array().ndim))?;
    let joined = join(cx, std::mem::take(&mut found), axis, "check_joined", span)?;
    Ok(seq(stmts, joined))
}

/// The arrays one after the other along an axis.
fn join(cx: &mut Cx, found: Vec<Expr>, axis: usize, check: &str, span: Span) -> Result<Expr> {
    let ndim = usize::from(found[0].array().ndim);
    let mut elem: Scalar = found[0].array().elem;
    let mut stmts: Vec<Stmt> = Vec::new();
    let mut total = int_const(0, span);
    let mut places = Vec::new();
    for (k, array) in found.iter().enumerate() {
        let ty = array.array();
        if usize::from(ty.ndim) != ndim {
            let message = format!(
                "all the input arrays must have same number of dimensions, but the array at index 0 has {ndim} \
                 dimension(s) and the array at index {k} has {} dimension(s)",
                ty.ndim
            );
            return Err(cx.error(Code::TypeMismatch, span, message, "these arrays"));
        }
        elem = result_type(elem, ty.elem);
        for other in (0..ndim).filter(|other| *other != axis && k > 0) {
            let dimension = |array: &Expr| attr::dimension(array.clone(), other as u8, span);
            let mut args = vec![dimension(&found[0]), dimension(array)];
            if check == "check_joined" {
                args.insert(0, int_const(other as i64, span));
                args.push(int_const(k as i64, span));
            }
            let check = cx.call_prelude(check, args, span)?;
            stmts.push(Stmt { kind: StmtKind::Expr(check), span });
        }
        let start = total.clone();
        let length = attr::dimension(array.clone(), axis as u8, span);
        let end = arith::binary(cx, ast::BinaryOp::Add, total, length, span)?;
        let (stmt, end) = cx.once("end", end);
        stmts.extend(stmt);
        places.push((start, end.clone()));
        total = end;
    }
    let lengths = (0..ndim).map(|other| {
        if other == axis { total.clone() } else { attr::dimension(found[0].clone(), other as u8, span) }
    });
    let new = create::alloc(lengths.collect(), elem, false, Init::Empty, span);
    let (stmt, out) = cx.once("joined", new);
    stmts.extend(stmt);
    for (array, (start, stop)) in found.into_iter().zip(places) {
        let part = |other: usize| {
            let (start, stop) =
                if other == axis { (Some(start.clone()), Some(stop.clone())) } else { (None, None) };
            Index::Slice { start, stop, step: None }
        };
        let index: Vec<Index> = (0..ndim).map(part).collect();
        let layout = if axis == 0 { Layout::C } else { Layout::Strided };
        let ty = Type::Array(ArrayType { layout, ..out.array() });
        let dest = Expr::new(ExprKind::View { array: out.clone(), index }, ty, span);
        let value = create::cast_array(cx, array, elem, span)?;
        stmts.push(Stmt { kind: StmtKind::CopyInto { dest, value }, span });
    }
    Ok(seq(stmts, out))
}

/// `np.stack(arrays, axis=0)`.
pub fn stack(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, axis] = call.bind(cx, ["arrays", "axis"], 1)?;
    let (stmts, found) = arrays(cx, value.expect("required"))?;
    let ndim = usize::from(found[0].array().ndim);
    if found.iter().any(|array| usize::from(array.array().ndim) != ndim) {
        let message = "all input arrays must have the same shape";
        return Err(cx.error(Code::TypeMismatch, span, message, "these arrays"));
    }
    let axis = axis_of(cx, axis, 0, ndim + 1)?;
    let found = found.into_iter().map(|array| shape::with_new_axes(array, &[axis], span)).collect();
    let joined = join(cx, found, axis, "check_stacked", span)?;
    Ok(seq(stmts, joined))
}

/// `np.vstack`, `np.hstack`, `np.column_stack`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pile {
    Rows,
    Along,
    Columns,
}

/// `np.vstack(arrays)` and its like.
pub fn pile(cx: &mut Cx, pile: Pile, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    let (stmts, found) = arrays(cx, value)?;
    let widen = |array: Expr| {
        let array = if array.array().ndim == 0 { shape::with_new_axes(array, &[0], span) } else { array };
        match pile {
            Pile::Rows if array.array().ndim == 1 => shape::with_new_axes(array, &[0], span),
            Pile::Columns if array.array().ndim == 1 => shape::with_new_axes(array, &[1], span),
            Pile::Rows | Pile::Along | Pile::Columns => array,
        }
    };
    let found: Vec<Expr> = found.into_iter().map(widen).collect();
    let axis = match pile {
        Pile::Rows => 0,
        Pile::Along => usize::from(found[0].array().ndim > 1),
        Pile::Columns => 1,
    };
    let joined = join(cx, found, axis, "check_joined", span)?;
    Ok(seq(stmts, joined))
}

/// `np.append(a, values)`: both flattened.
pub fn append(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [a, values] = call.exactly(cx)?;
    let mut parts = Vec::new();
    let mut stmts: Vec<Stmt> = Vec::new();
    for value in [a, values] {
        let array = create::as_array(cx, value, span)?;
        let array = if array.array().ndim == 0 { shape::with_new_axes(array, &[0], span) } else { array };
        let flat = shape::ravel(cx, array, span)?;
        let (stmt, flat) = cx.once("part", flat);
        stmts.extend(stmt);
        parts.push(flat);
    }
    let joined = join(cx, parts, 0, "check_joined", span)?;
    Ok(seq(stmts, joined))
}
