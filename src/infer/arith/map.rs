//! Elementwise operations on arrays: one `Map` for a whole expression, without temporaries.
//!
//! In: operands, scalars or arrays. Out: a `Map`, or a scalar expression if every operand is 0-D or a
//! scalar (NumPy returns scalars there). Invariant: the inputs of a `Map` are not themselves `Map`s.

use crate::diag::{Result, Span};
use crate::hir::{Expr, ExprKind, Index};
use crate::infer::cx::Cx;
use crate::types::{ArrayType, Layout, Scalar, Type};

/// The type of a new C-ordered array.
pub fn fresh(elem: Scalar, ndim: usize) -> Type {
    Type::Array(ArrayType { elem: elem.to_numpy(), ndim: ndim as u8, layout: Layout::C, writable: true })
}

/// The element (or the scalar) type of an operand.
pub fn elem_type(ty: &Type) -> Option<Scalar> {
    ty.scalar().or_else(|| ty.array().map(|array| array.elem))
}

/// `array[index]` for a single element.
pub fn element(array: Expr, index: Vec<Index>) -> Expr {
    let (elem, span) = (array.array().elem, array.span);
    Expr::new(ExprKind::Element { array, index }, Type::Scalar(elem), span)
}

/// Applies `body` to the elements of `operands` broadcast against each other. `body` is given one scalar
/// expression for each operand, which it must not evaluate more than once.
pub fn elementwise(
    cx: &mut Cx,
    operands: Vec<Expr>,
    span: Span,
    body: impl FnOnce(&mut Cx, Vec<Expr>) -> Result<Expr>,
) -> Result<Expr> {
    let ndim = operands.iter().filter_map(|e| e.ty.array()).map(|a| a.ndim).max().unwrap_or(0);
    if ndim == 0 {
        let args =
            operands.into_iter().map(|e| if e.ty.array().is_some() { element(e, Vec::new()) } else { e });
        let args = args.collect();
        return body(cx, args);
    }
    let mut inputs: Vec<Expr> = Vec::new();
    let args: Vec<Expr> = operands.into_iter().map(|operand| input(&mut inputs, operand)).collect();
    let body = body(cx, args)?;
    let ty = fresh(body.scalar(), usize::from(ndim));
    // A body of the Python family (a comparison made of Python bools, say) is stored as NumPy's type.
    let elem = body.scalar().to_numpy();
    let body = super::convert::convert(body, elem);
    Ok(Expr::new(ExprKind::Map { inputs, body }, ty, span))
}

/// Makes `operand` an input and returns what stands for its element in the body.
fn input(inputs: &mut Vec<Expr>, operand: Expr) -> Expr {
    if matches!(*operand.kind, ExprKind::Const(_)) {
        return operand;
    }
    if !matches!(*operand.kind, ExprKind::Map { .. }) {
        let elem =
            elem_type(&operand.ty).expect("operands of an elementwise operation are scalars or arrays");
        let span = operand.span;
        return Expr::new(ExprKind::MapArg(place(inputs, operand)), Type::Scalar(elem), span);
    }
    let ExprKind::Map { inputs: inner, mut body } = *operand.kind else { unreachable!("just matched") };
    let places: Vec<u32> = inner.into_iter().map(|e| place(inputs, e)).collect();
    renumber(&mut body, &places);
    body
}

/// The number of an input; the same local is one input.
fn place(inputs: &mut Vec<Expr>, operand: Expr) -> u32 {
    if let ExprKind::Local { .. } = *operand.kind
        && let Some(at) = inputs.iter().position(|known| known.kind == operand.kind)
    {
        return at as u32;
    }
    inputs.push(operand);
    inputs.len() as u32 - 1
}

/// Gives the inputs of a spliced body their new numbers.
fn renumber(expr: &mut Expr, places: &[u32]) {
    match &mut *expr.kind {
        ExprKind::MapArg(k) => *k = places[*k as usize],
        ExprKind::Convert { arg, .. } | ExprKind::Unary { arg, .. } => renumber(arg, places),
        ExprKind::Truth(arg) | ExprKind::Real(arg) | ExprKind::Imag(arg) => renumber(arg, places),
        ExprKind::Binary { lhs, rhs, .. } | ExprKind::Compare { lhs, rhs, .. } => {
            renumber(lhs, places);
            renumber(rhs, places);
        }
        ExprKind::And(lhs, rhs) | ExprKind::Or(lhs, rhs) | ExprKind::MakeComplex { re: lhs, im: rhs } => {
            renumber(lhs, places);
            renumber(rhs, places);
        }
        ExprKind::IfExp { test, then, orelse } => {
            renumber(test, places);
            renumber(then, places);
            renumber(orelse, places);
        }
        ExprKind::Math { args, .. }
        | ExprKind::Call { args, .. }
        | ExprKind::Prim { args, .. }
        | ExprKind::Tuple(args) => args.iter_mut().for_each(|arg| renumber(arg, places)),
        ExprKind::Item { tuple, .. } => renumber(tuple, places),
        ExprKind::Seq { stmts, value } => {
            for stmt in stmts {
                match &mut stmt.kind {
                    crate::hir::StmtKind::Assign { value, .. } | crate::hir::StmtKind::Expr(value) => {
                        renumber(value, places);
                    }
                    other @ (crate::hir::StmtKind::StoreElement { .. }
                    | crate::hir::StmtKind::CopyInto { .. }
                    | crate::hir::StmtKind::If { .. }
                    | crate::hir::StmtKind::While { .. }
                    | crate::hir::StmtKind::For { .. }
                    | crate::hir::StmtKind::Break
                    | crate::hir::StmtKind::Continue
                    | crate::hir::StmtKind::Return(_)
                    | crate::hir::StmtKind::Raise { .. }
                    | crate::hir::StmtKind::Print { .. }) => {
                        panic!("statement inside an elementwise body: {other:?}")
                    }
                }
            }
            renumber(value, places);
        }
        ExprKind::Const(_)
        | ExprKind::Unit
        | ExprKind::Local { .. }
        | ExprKind::Hidden(_)
        | ExprKind::ItemAt { .. }
        | ExprKind::Element { .. }
        | ExprKind::View { .. }
        | ExprKind::ArrayAttr { .. }
        | ExprKind::Transpose(_)
        | ExprKind::Permute { .. }
        | ExprKind::Reshape { .. }
        | ExprKind::ComplexPart { .. }
        | ExprKind::Alloc { .. }
        | ExprKind::Map { .. } => {}
    }
}
