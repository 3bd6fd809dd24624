//! The children of expressions and statements, each by one exhaustive match.
//!
//! In: a node of HIR. Out: calls of a closure on its direct children, in the order of evaluation.
//! Invariant: every expression that a node contains is visited once.

use crate::hir::{Expr, ExprKind, Index, PrintPart, Stmt, StmtKind};

/// The direct subexpressions of an expression. For `Seq` only its value: its statements are the caller's
/// business.
pub fn children<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    match &*expr.kind {
        ExprKind::Const(_)
        | ExprKind::Unit
        | ExprKind::Local { .. }
        | ExprKind::Hidden(_)
        | ExprKind::MapArg(_) => {}
        ExprKind::Convert { arg, .. } | ExprKind::Unary { arg, .. } => visit(arg),
        ExprKind::Binary { lhs, rhs, .. }
        | ExprKind::Compare { lhs, rhs, .. }
        | ExprKind::And(lhs, rhs)
        | ExprKind::Or(lhs, rhs)
        | ExprKind::MakeComplex { re: lhs, im: rhs }
        | ExprKind::ItemAt { tuple: lhs, index: rhs } => {
            visit(lhs);
            visit(rhs);
        }
        ExprKind::Truth(arg) | ExprKind::Real(arg) | ExprKind::Imag(arg) | ExprKind::Transpose(arg) => {
            visit(arg);
        }
        ExprKind::IfExp { test, then, orelse } => {
            visit(test);
            visit(then);
            visit(orelse);
        }
        ExprKind::Math { args, .. }
        | ExprKind::Tuple(args)
        | ExprKind::Call { args, .. }
        | ExprKind::Prim { args, .. }
        | ExprKind::Alloc { shape: args, .. } => args.iter().for_each(visit),
        ExprKind::Item { tuple, .. } => visit(tuple),
        ExprKind::Element { array, index } | ExprKind::View { array, index } => {
            visit(array);
            indices(index, visit);
        }
        ExprKind::ArrayAttr { array, .. }
        | ExprKind::Permute { array, .. }
        | ExprKind::ComplexPart { array, .. } => visit(array),
        ExprKind::Reshape { array, shape } => {
            visit(array);
            shape.iter().for_each(visit);
        }
        ExprKind::Map { inputs, body } => {
            inputs.iter().for_each(&mut *visit);
            visit(body);
        }
        ExprKind::Seq { value, .. } => visit(value),
    }
}

fn indices<'a>(index: &'a [Index], visit: &mut dyn FnMut(&'a Expr)) {
    for part in index {
        match part {
            Index::At { index, .. } => visit(index),
            Index::Slice { start, stop, step } => {
                [start, stop, step].into_iter().flatten().for_each(&mut *visit);
            }
            Index::NewAxis => {}
        }
    }
}

/// The expressions that a statement evaluates itself (not those of nested statements).
pub fn expressions<'a>(stmt: &'a Stmt, visit: &mut dyn FnMut(&'a Expr)) {
    match &stmt.kind {
        StmtKind::Assign { value, .. } => visit(value),
        StmtKind::StoreElement { array, index, value } => {
            visit(array);
            indices(index, visit);
            visit(value);
        }
        StmtKind::CopyInto { dest, value } => {
            visit(dest);
            visit(value);
        }
        StmtKind::Expr(value) | StmtKind::Return(value) => visit(value),
        StmtKind::If { test, .. } | StmtKind::While { test, .. } => visit(test),
        StmtKind::For { start, stop, step, .. } => {
            visit(start);
            visit(stop);
            visit(step);
        }
        StmtKind::Break | StmtKind::Continue => {}
        StmtKind::Raise { payload, .. } => payload.iter().for_each(visit),
        StmtKind::Print { parts, .. } => {
            for part in parts {
                match part {
                    PrintPart::Text(_) | PrintPart::Format(_) => {}
                    PrintPart::Value(value) => visit(value),
                }
            }
        }
    }
}

/// The statement lists nested in a statement.
pub fn lists(stmt: &Stmt) -> [&[Stmt]; 2] {
    match &stmt.kind {
        StmtKind::If { then, orelse, .. } => [then, orelse],
        StmtKind::While { body, orelse, .. } | StmtKind::For { body, orelse, .. } => [body, orelse],
        StmtKind::Assign { .. }
        | StmtKind::StoreElement { .. }
        | StmtKind::CopyInto { .. }
        | StmtKind::Expr(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Return(_)
        | StmtKind::Raise { .. }
        | StmtKind::Print { .. } => [&[], &[]],
    }
}
