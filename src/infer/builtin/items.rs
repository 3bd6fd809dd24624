//! Arrays from the items of nested tuples, and tuples stored into parts of arrays.
//!
//! In: tuples of numbers and arrays, also from list displays. Out: HIR that stores them item by item. Invariant:
//! each item is converted as NumPy converts it when it is stored alone.

use crate::diag::{Code, Result, Span};
use crate::hir::{CompareOp, Expr, ExprKind, Index, Init, Stmt, StmtKind};
use crate::infer::arith::compare::{and, bool_const};
use crate::infer::arith::convert::{item_exprs, seq};
use crate::infer::arith::{store_value, type_name};
use crate::infer::builtin::create::{alloc, lengths};
use crate::infer::builtin::python::int_const;
use crate::infer::builtin::shape::view;
use crate::infer::cx::Cx;
use crate::types::{ArrayType, Scalar, Type};

/// The element type of nested tuples of scalars and arrays, and the number of dimensions.
fn nested(cx: &Cx, ty: &Type, span: Span) -> Result<(Option<Scalar>, usize)> {
    match ty {
        Type::Scalar(s) => Ok((Some(*s), 0)),
        Type::Array(array) => Ok((Some(array.elem), usize::from(array.ndim))),
        Type::Tuple(items) => {
            let mut elem: Option<Scalar> = None;
            let mut depth: Option<usize> = None;
            for item in items.iter() {
                let (item, inner) = nested(cx, item, span)?;
                elem = match (elem, item) {
                    // Python numbers are not weak among the items of an array.
                    (Some(a), Some(b)) => {
                        Some(crate::types::promote::result_type(a.to_numpy(), b.to_numpy()))
                    }
                    (a, b) => a.or(b).map(Scalar::to_numpy),
                };
                if depth.is_some_and(|depth| depth != inner) {
                    let message = "setting an array element with a sequence. The requested array has an \
                                   inhomogeneous shape";
                    return Err(cx.error(Code::TypeMismatch, span, message, "items of different depth"));
                }
                depth = Some(inner);
            }
            let length = |ty: &Type| if let Type::Tuple(items) = ty { Some(items.len()) } else { None };
            if items.windows(2).any(|pair| length(&pair[0]) != length(&pair[1])) {
                let message = "setting an array element with a sequence. The requested array has an \
                               inhomogeneous shape";
                return Err(cx.error(Code::TypeMismatch, span, message, "rows of different lengths"));
            }
            Ok((elem.map(Scalar::to_numpy), depth.unwrap_or(0) + 1))
        }
        other @ (Type::None
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!("an array cannot hold values of type '{}'", type_name(other));
            Err(cx.error(Code::TypeMismatch, span, message, "in this array"))
        }
    }
}

/// A new array of the items of nested tuples.
pub fn from_tuple(cx: &mut Cx, value: Expr, elem: Option<Scalar>, span: Span) -> Result<Expr> {
    let (found, ndim) = nested(cx, &value.ty, span)?;
    let elem = elem.or(found).unwrap_or(Scalar::F64);
    let (stmt, value) = cx.once("items", value);
    let mut stmts: Vec<Stmt> = stmt.into_iter().collect();
    let mut lengths = Vec::with_capacity(ndim);
    shape_of_nested(&value, &mut lengths, span);
    let (more, array) = cx.once("array", alloc(lengths, elem, false, Init::Empty, span));
    stmts.extend(more);
    store_items(cx, &array, &mut Vec::new(), value, elem, &mut stmts, span)?;
    Ok(seq(stmts, array))
}

fn shape_of_nested(value: &Expr, shape: &mut Vec<Expr>, span: Span) {
    match &value.ty {
        Type::Tuple(items) => {
            shape.push(int_const(items.len() as i64, span));
            if let Some(first) = item_exprs(value, span).first() {
                shape_of_nested(first, shape, span);
            }
        }
        Type::Array(_) => shape.extend(lengths(value, span)),
        Type::None
        | Type::Scalar(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => {}
    }
}

fn store_items(
    cx: &mut Cx,
    array: &Expr,
    place: &mut Vec<i64>,
    value: Expr,
    elem: Scalar,
    stmts: &mut Vec<Stmt>,
    span: Span,
) -> Result<()> {
    let at = |k: &i64| Index::At { index: int_const(*k, span), checked: false };
    match value.ty.clone() {
        Type::Tuple(_) => {
            let shared = item_exprs(&value, span);
            for (k, item) in shared.into_iter().enumerate() {
                place.push(k as i64);
                store_items(cx, array, place, item, elem, stmts, span)?;
                place.pop();
            }
        }
        Type::Array(_) => {
            let index: Vec<Index> = place.iter().map(at).collect();
            let dest = view(array.clone(), index, span);
            let value = store_value(cx, value, elem, span)?;
            stmts.push(Stmt { kind: StmtKind::CopyInto { dest, value }, span });
        }
        Type::None
        | Type::Scalar(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => {
            let index = place.iter().map(at).collect();
            let value = store_value(cx, value, elem, span)?;
            stmts.push(Stmt { kind: StmtKind::StoreElement { array: array.clone(), index, value }, span });
        }
    }
    Ok(())
}

/// `dest[...] = items` for a tuple of numbers or of such tuples: item by item where the shapes agree; else the items
/// become an array, which is broadcast. An error leaves what had been stored before it, as in NumPy.
pub fn assign(cx: &mut Cx, dest: Expr, items: Expr, span: Span, out: &mut Vec<Stmt>) -> Result<()> {
    let ArrayType { elem, ndim, .. } = dest.array();
    let (_, depth) = nested(cx, &items.ty, items.span)?;
    if depth > usize::from(ndim) {
        let message = format!(
            "setting an array element with a sequence. The requested array would exceed the maximum number of \
             dimension of {ndim}."
        );
        return Err(cx.error(
            Code::TypeMismatch,
            items.span,
            message,
            format!("this has {depth} dimensions"),
        ));
    }
    let at = items.span;
    let (stmt, items) = cx.once("items", items);
    out.extend(stmt);
    let (stmt, dest) = cx.once("dest", dest);
    out.extend(stmt);
    let mut shape = Vec::with_capacity(depth);
    shape_of_nested(&items, &mut shape, span);
    let broadcast = |cx: &mut Cx| -> Result<Vec<Stmt>> {
        let value = from_tuple(cx, items.clone(), Some(elem), at)?;
        Ok(vec![Stmt { kind: StmtKind::CopyInto { dest: dest.clone(), value }, span }])
    };
    if depth < usize::from(ndim) {
        out.extend(broadcast(cx)?);
        return Ok(());
    }
    let mut test = bool_const(true, span);
    for (length, count) in lengths(&dest, span).into_iter().zip(shape) {
        let agrees = ExprKind::Compare { op: CompareOp::Eq, lhs: length, rhs: count };
        test = and(test, Expr::new(agrees, Type::BOOL, span));
    }
    let mut then = Vec::new();
    store_items(cx, &dest, &mut Vec::new(), items.clone(), elem, &mut then, at)?;
    let orelse = broadcast(cx)?;
    out.push(Stmt { kind: StmtKind::If { test, then, orelse }, span });
    Ok(())
}

/// True for tuples of numbers, of tuples of numbers and so on.
pub fn is_of_numbers(ty: &Type) -> bool {
    match ty {
        Type::Tuple(items) => items.iter().all(|item| item.scalar().is_some() || is_of_numbers(item)),
        Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => false,
    }
}
