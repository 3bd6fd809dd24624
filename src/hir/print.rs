//! Printed form of HIR: an indented listing in which every local, operation and call shows its type.
//!
//! In: a program. Out: text, for dumps, `inspect("hir")` and golden files. Invariant: the same program gives
//! the same text; nothing is left out but spans.

use super::{
    ArrayAttr, BinaryOp, CompareOp, Const, Domain, Expr, ExprKind, Function, Index, Init, LocalId, PrintPart,
    Program, ReduceOp, Stmt, StmtKind, UnaryOp,
};
use crate::types::Type;
use std::fmt::Write;

/// The listing of all functions.
pub fn program(program: &Program) -> String {
    let mut out = String::new();
    for (index, ty) in program.hidden.iter().enumerate() {
        line(&mut out, 0, &format!("hidden h{index}: {ty}"));
    }
    for (index, func) in program.funcs.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        function(&mut out, index, func);
    }
    out
}

fn function(out: &mut String, index: usize, func: &Function) {
    let params: Vec<String> = (0..func.params)
        .map(|param| format!("{}: {}", name(func, LocalId(param)), func.locals[param as usize].ty))
        .collect();
    let recursive = if func.recursive { " recursive" } else { "" };
    line(out, 0, &format!("fn{index} {}({}) -> {}{recursive}", func.name, params.join(", "), func.result));
    for (index, local) in func.locals.iter().enumerate().skip(func.params as usize) {
        line(out, 1, &format!("local {}: {}", name(func, LocalId(index as u32)), local.ty));
    }
    block(out, 1, func, &func.body);
}

fn line(out: &mut String, depth: usize, text: &str) {
    let _ = writeln!(out, "{:indent$}{text}", "", indent = 2 * depth);
}

/// Locals are told apart by their number: a Python name has one for each type.
fn name(func: &Function, local: LocalId) -> String {
    format!("{}.{}", func.locals[local.0 as usize].name, local.0)
}

fn block(out: &mut String, depth: usize, func: &Function, stmts: &[Stmt]) {
    for stmt in stmts {
        statement(out, depth, func, stmt);
    }
    if stmts.is_empty() {
        line(out, depth, "pass");
    }
}

/// The part of a statement that follows an optional `else`.
fn orelse(out: &mut String, depth: usize, func: &Function, stmts: &[Stmt]) {
    if !stmts.is_empty() {
        line(out, depth, "else:");
        block(out, depth + 1, func, stmts);
    }
}

fn statement(out: &mut String, depth: usize, func: &Function, stmt: &Stmt) {
    let show = |value: &Expr| expr(func, value);
    match &stmt.kind {
        StmtKind::Assign { local, value } => {
            line(out, depth, &format!("{} = {}", name(func, *local), show(value)));
        }
        StmtKind::StoreElement { array, index, value } => {
            line(out, depth, &format!("{}[{}] = {}", show(array), indices(func, index), show(value)));
        }
        StmtKind::CopyInto { dest, value } => {
            line(out, depth, &format!("copy {} into {}", show(value), show(dest)));
        }
        StmtKind::Expr(value) => line(out, depth, &show(value)),
        StmtKind::If { test, then, orelse: other } => {
            line(out, depth, &format!("if {}:", show(test)));
            block(out, depth + 1, func, then);
            orelse(out, depth, func, other);
        }
        StmtKind::While { test, body, orelse: other } => {
            line(out, depth, &format!("while {}:", show(test)));
            block(out, depth + 1, func, body);
            orelse(out, depth, func, other);
        }
        StmtKind::For { counter, start, stop, step, body, orelse: other, parallel } => {
            let reductions = parallel.as_ref().map_or(String::new(), |parallel| {
                let list: Vec<String> = parallel
                    .reductions
                    .iter()
                    .map(|(local, op)| match op {
                        ReduceOp::Best { op, key } => {
                            format!("Best {op:?} {} {}", name(func, *key), name(func, *local))
                        }
                        ReduceOp::Extreme { op, mirrored } => {
                            let side = if *mirrored { " mirrored" } else { "" };
                            format!("Extreme {op:?}{side} {}", name(func, *local))
                        }
                        ReduceOp::Add
                        | ReduceOp::Mul
                        | ReduceOp::Min
                        | ReduceOp::Max
                        | ReduceOp::BitAnd
                        | ReduceOp::BitOr
                        | ReduceOp::BitXor => format!("{op:?} {}", name(func, *local)),
                    })
                    .collect();
                match parallel.ordered {
                    None => format!(" parallel({})", list.join(", ")),
                    Some(why) => format!(" ordered({why:?})"),
                }
            });
            let counter = name(func, *counter);
            let range = format!("range({}, {}, {})", show(start), show(stop), show(step));
            line(out, depth, &format!("for {counter} in {range}{reductions}:"));
            block(out, depth + 1, func, body);
            orelse(out, depth, func, other);
        }
        StmtKind::Break => line(out, depth, "break"),
        StmtKind::Continue => line(out, depth, "continue"),
        StmtKind::Return(value) => line(out, depth, &format!("return {}", show(value))),
        StmtKind::Raise { exc, args, payload } => {
            line(out, depth, &format!("raise {exc:?} {args:?} ({})", list(func, payload)));
        }
        StmtKind::Print { parts, end } => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    PrintPart::Text(text) => format!("{text:?}"),
                    PrintPart::Format(format) => format!("format {format:?}"),
                    PrintPart::Value(value) => show(value),
                })
                .collect();
            line(out, depth, &format!("print({}, end={end:?})", parts.join(", ")));
        }
    }
}

fn list(func: &Function, values: &[Expr]) -> String {
    values.iter().map(|value| expr(func, value)).collect::<Vec<_>>().join(", ")
}

fn indices(func: &Function, index: &[Index]) -> String {
    let part = |bound: &Option<Expr>| bound.as_ref().map_or(String::new(), |value| expr(func, value));
    index
        .iter()
        .map(|index| match index {
            Index::At { index, checked: true } => expr(func, index),
            Index::At { index, checked: false } => format!("{} unchecked", expr(func, index)),
            Index::Slice { start, stop, step } => format!("{}:{}:{}", part(start), part(stop), part(step)),
            Index::NewAxis => "newaxis".to_owned(),
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// An expression; operations are followed by the type of their result where it is not that of a local.
fn expr(func: &Function, value: &Expr) -> String {
    let show = |value: &Expr| expr(func, value);
    let ty = &value.ty;
    match &*value.kind {
        ExprKind::Const(value) => format!("{}:{ty}", constant(*value)),
        ExprKind::Unit => unit(ty),
        ExprKind::Local { local, bound: None } => name(func, *local),
        ExprKind::Local { local, bound: Some(flag) } => {
            format!("{} if {}", name(func, *local), name(func, *flag))
        }
        ExprKind::Hidden(hidden) => format!("h{}", hidden.0),
        ExprKind::Convert { kind, arg } => format!("{kind:?}({}):{ty}", show(arg)),
        ExprKind::Unary { op, arg } => format!("({}{}):{ty}", unary(*op), show(arg)),
        ExprKind::Binary { op, lhs, rhs } => format!("({} {} {}):{ty}", show(lhs), binary(*op), show(rhs)),
        ExprKind::Compare { op, lhs, rhs } => format!("({} {} {})", show(lhs), compare(*op), show(rhs)),
        ExprKind::Truth(arg) => format!("truth({})", show(arg)),
        ExprKind::And(lhs, rhs) => format!("({} and {})", show(lhs), show(rhs)),
        ExprKind::Or(lhs, rhs) => format!("({} or {})", show(lhs), show(rhs)),
        ExprKind::IfExp { test, then, orelse } => {
            format!("({} if {} else {}):{ty}", show(then), show(test), show(orelse))
        }
        ExprKind::Math { func: math, domain, args } => {
            let module = match domain {
                Domain::Numpy => "np",
                Domain::Python => "math",
            };
            format!("{module}.{math:?}({}):{ty}", list(func, args))
        }
        ExprKind::Tuple(items) => format!("({})", list(func, items)),
        ExprKind::Item { tuple, index } => format!("{}.{index}", show(tuple)),
        ExprKind::ItemAt { tuple, index } => format!("{}[{}]:{ty}", show(tuple), show(index)),
        ExprKind::Real(arg) => format!("real({})", show(arg)),
        ExprKind::Imag(arg) => format!("imag({})", show(arg)),
        ExprKind::MakeComplex { re, im } => format!("complex({}, {}):{ty}", show(re), show(im)),
        ExprKind::Element { array, index } | ExprKind::View { array, index } => {
            format!("{}[{}]:{ty}", show(array), indices(func, index))
        }
        ExprKind::ArrayAttr { array, attr } => match attr {
            ArrayAttr::Shape(axis) => format!("{}.shape[{axis}]", show(array)),
            ArrayAttr::Stride(axis) => format!("{}.strides[{axis}]", show(array)),
            ArrayAttr::Size => format!("{}.size", show(array)),
        },
        ExprKind::Transpose(array) => format!("transpose({}):{ty}", show(array)),
        ExprKind::Permute { array, axes } => format!("permute({}, {axes:?}):{ty}", show(array)),
        ExprKind::Reshape { array, shape } => {
            format!("reshape({}, ({})):{ty}", show(array), list(func, shape))
        }
        ExprKind::ComplexPart { array, imag } => {
            format!("{}({}):{ty}", if *imag { "imag" } else { "real" }, show(array))
        }
        ExprKind::Alloc { shape, init } => {
            let init = match init {
                Init::Empty => "empty",
                Init::Zero => "zeros",
            };
            format!("{init}({}):{ty}", list(func, shape))
        }
        ExprKind::Map { inputs, body } => format!("map({} -> {}):{ty}", list(func, inputs), show(body)),
        ExprKind::MapArg(index) => format!("${index}"),
        ExprKind::Call { func: callee, args } => format!("fn{}({}):{ty}", callee.0, list(func, args)),
        ExprKind::Prim { prim, args } => format!("{prim:?}({}):{ty}", list(func, args)),
        ExprKind::Seq { stmts, value } => {
            let mut text = String::new();
            block(&mut text, 0, func, stmts);
            let text = text.trim_end().replace('\n', "; ");
            format!("{{ {text}; {} }}", show(value))
        }
    }
}

fn constant(value: Const) -> String {
    match value {
        Const::Bool(value) => if value { "True" } else { "False" }.to_owned(),
        Const::Int(value) => value.to_string(),
        Const::Float(value) => format!("{value:?}"),
        Const::Complex(re, im) => format!("{re:?}+{im:?}j"),
    }
}

/// A value without machine words is its type.
fn unit(ty: &Type) -> String {
    format!("<{ty}>")
}

fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Neg => "-",
        UnaryOp::Invert => "~",
        UnaryOp::Not => "not ",
        UnaryOp::Abs => "abs ",
    }
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::TrueDiv => "/",
        BinaryOp::FloorDiv => "//",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "**",
        BinaryOp::LShift => "<<",
        BinaryOp::RShift => ">>",
        BinaryOp::BitAnd => "&",
        BinaryOp::BitOr => "|",
        BinaryOp::BitXor => "^",
        BinaryOp::Minimum => "minimum",
        BinaryOp::Maximum => "maximum",
        BinaryOp::Fmin => "fmin",
        BinaryOp::Fmax => "fmax",
    }
}

fn compare(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "==",
        CompareOp::Ne => "!=",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}
