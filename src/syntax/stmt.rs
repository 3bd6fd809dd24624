//! Statements and assignment targets.
//!
//! In: the parser's statements. Out: `ast::Stmt`, or a refusal with what to write instead. Invariants:
//! annotations and docstrings are gone; a name that Python would make local only by an annotation, or
//! global by a declaration, means the same without it.

#![expect(clippy::wildcard_enum_match_arm, reason = "the parser's enums, not ours")]

use crate::ast::{Case, ExprKind, Function, Stmt, StmtKind, Target, TargetKind, names};
use crate::diag::{Code, Diagnostic, Result, Span};
use crate::syntax::convert::Cx;
use crate::syntax::expr::{binary_op, expr, params};
use crate::syntax::pattern::pattern;
use crate::syntax::refuse::{self, Refusal};
use ruff_python_ast as py;
use ruff_text_size::Ranged;

/// Names that statements say something about without assigning them.
#[derive(Default)]
struct Declared {
    /// `global x`, `nonlocal x`.
    outer: Vec<(String, Span)>,
    /// `x: int` without a value.
    local: Vec<(String, Span)>,
}

/// A `def`; `depth` is 0 for the outermost one.
pub fn function_def(cx: &Cx, node: &py::StmtFunctionDef, depth: u32) -> Result<Function> {
    let span = cx.header(node.range, node.name.as_str());
    if node.type_params.is_some() {
        return Err(cx.refuse(span, refuse::TYPE_PARAMETERS.0, refuse::TYPE_PARAMETERS.1));
    }
    let params = params(cx, &node.parameters, depth)?;
    let mut declared = Declared::default();
    let mut body = Vec::with_capacity(node.body.len());
    block_into(cx, &node.body, depth, &mut declared, &mut body)?;
    let function = Function { name: node.name.to_string(), params, body, is_lambda: false, span };
    check_declared(cx, &function, &declared, depth)?;
    Ok(function)
}

fn check_declared(cx: &Cx, function: &Function, declared: &Declared, depth: u32) -> Result<()> {
    if declared.outer.is_empty() && declared.local.is_empty() {
        return Ok(());
    }
    let bound = names::bindings(function);
    for (name, at) in &declared.outer {
        if let Some(assigned) = bound.get(name) {
            return Err(Box::new(
                Diagnostic::new(
                    Code::UnsupportedSyntax,
                    format!("compiled code cannot assign to `{name}`, which belongs to an outer scope"),
                )
                .label(cx.source, *assigned, "assigned here")
                .label(cx.source, *at, "declared here")
                .help(format!("return the new value and assign it in Python, or keep `{name}` in an array")),
            ));
        }
        if depth > 0 {
            // Without the declaration the name might mean a local of the function around.
            return Err(cx.refuse(
                *at,
                "`global` and `nonlocal` are not supported in inner functions",
                "pass the value as a parameter",
            ));
        }
    }
    let used = if declared.local.is_empty() { Vec::new() } else { names::free_names(function) };
    for (name, at) in &declared.local {
        if !bound.contains_key(name) && used.contains(name) {
            return Err(cx.refuse(
                *at,
                &format!("`{name}` is declared but never assigned"),
                "assign it a value, or leave the declaration away",
            ));
        }
    }
    Ok(())
}

fn block(cx: &Cx, nodes: &[py::Stmt], depth: u32, declared: &mut Declared) -> Result<Vec<Stmt>> {
    let mut body = Vec::with_capacity(nodes.len());
    block_into(cx, nodes, depth, declared, &mut body)?;
    Ok(body)
}

fn block_into(
    cx: &Cx,
    nodes: &[py::Stmt],
    depth: u32,
    declared: &mut Declared,
    body: &mut Vec<Stmt>,
) -> Result<()> {
    for node in nodes {
        body.push(stmt(cx, node, depth, declared)?);
    }
    Ok(())
}

fn stmt(cx: &Cx, node: &py::Stmt, depth: u32, declared: &mut Declared) -> Result<Stmt> {
    let depth = cx.deeper(depth, node.range())?;
    let mut span = cx.span(node.range());
    let no = |keyword: &str, refusal: Refusal| {
        let end = span.end.min(span.start + keyword.len() as u32);
        Err(cx.refuse(Span { start: span.start, end }, refusal.0, refusal.1))
    };
    let kind = match node {
        py::Stmt::Expr(node) => match &*node.value {
            // A docstring, or a comment in the form of a string; `...` as an empty body.
            py::Expr::StringLiteral(_) | py::Expr::EllipsisLiteral(_) => StmtKind::Pass,
            value => StmtKind::Expr(expr(cx, value, depth)?),
        },
        py::Stmt::Assign(node) => StmtKind::Assign {
            targets: node.targets.iter().map(|node| target(cx, node, depth)).collect::<Result<_>>()?,
            value: expr(cx, &node.value, depth)?,
        },
        py::Stmt::AnnAssign(node) => match &node.value {
            Some(value) => StmtKind::Assign {
                targets: vec![target(cx, &node.target, depth)?],
                value: expr(cx, value, depth)?,
            },
            None => {
                if let py::Expr::Name(name) = &*node.target {
                    declared.local.push((name.id.to_string(), cx.span(name.range)));
                }
                StmtKind::Pass
            }
        },
        py::Stmt::AugAssign(node) => StmtKind::AugAssign {
            target: target(cx, &node.target, depth)?,
            op: binary_op(node.op),
            value: expr(cx, &node.value, depth)?,
        },
        py::Stmt::If(node) => {
            span = cx.header_to(node.range, node.test.range());
            StmtKind::If {
                test: expr(cx, &node.test, depth)?,
                then: block(cx, &node.body, depth, declared)?,
                orelse: otherwise(cx, &node.elif_else_clauses, depth, declared)?,
            }
        }
        py::Stmt::While(node) => {
            span = cx.header_to(node.range, node.test.range());
            StmtKind::While {
                test: expr(cx, &node.test, depth)?,
                body: block(cx, &node.body, depth, declared)?,
                orelse: block(cx, &node.orelse, depth, declared)?,
            }
        }
        py::Stmt::For(node) if node.is_async => return no("async", refuse::ASYNC),
        py::Stmt::With(node) if node.is_async => return no("async", refuse::ASYNC),
        py::Stmt::FunctionDef(node) if node.is_async => return no("async", refuse::ASYNC),
        py::Stmt::For(node) => {
            span = cx.header_to(node.range, node.iter.range());
            StmtKind::For {
                target: target(cx, &node.target, depth)?,
                iter: expr(cx, &node.iter, depth)?,
                body: block(cx, &node.body, depth, declared)?,
                orelse: block(cx, &node.orelse, depth, declared)?,
            }
        }
        py::Stmt::Match(node) => {
            span = cx.header_to(node.range, node.subject.range());
            let mut cases = Vec::with_capacity(node.cases.len());
            for case in &node.cases {
                cases.push(Case {
                    pattern: pattern(cx, &case.pattern, depth)?,
                    guard: case.guard.as_deref().map(|test| expr(cx, test, depth)).transpose()?,
                    body: block(cx, &case.body, depth, declared)?,
                });
            }
            StmtKind::Match { subject: expr(cx, &node.subject, depth)?, cases }
        }
        py::Stmt::Break(_) => StmtKind::Break,
        py::Stmt::Continue(_) => StmtKind::Continue,
        py::Stmt::Pass(_) => StmtKind::Pass,
        py::Stmt::Return(node) => {
            StmtKind::Return(node.value.as_deref().map(|value| expr(cx, value, depth)).transpose()?)
        }
        py::Stmt::Raise(node) => {
            if node.cause.is_some() {
                return Err(cx.refuse(span, refuse::RAISE_FROM.0, refuse::RAISE_FROM.1));
            }
            StmtKind::Raise(node.exc.as_deref().map(|value| expr(cx, value, depth)).transpose()?)
        }
        py::Stmt::Assert(node) => StmtKind::Assert {
            test: expr(cx, &node.test, depth)?,
            message: node.msg.as_deref().map(|value| expr(cx, value, depth)).transpose()?,
        },
        py::Stmt::Delete(node) => {
            StmtKind::Delete(node.targets.iter().map(|node| target(cx, node, depth)).collect::<Result<_>>()?)
        }
        py::Stmt::FunctionDef(node) => {
            if let Some(decorator) = node.decorator_list.first() {
                let at = cx.span(decorator.range());
                return Err(cx.refuse(at, refuse::INNER_DECORATOR.0, refuse::INNER_DECORATOR.1));
            }
            span = cx.header(node.range, node.name.as_str());
            StmtKind::Def(Box::new(function_def(cx, node, depth)?))
        }
        py::Stmt::Global(node) => {
            declared.outer.extend(node.names.iter().map(|name| (name.to_string(), span)));
            StmtKind::Pass
        }
        py::Stmt::Nonlocal(node) => {
            declared.outer.extend(node.names.iter().map(|name| (name.to_string(), span)));
            StmtKind::Pass
        }
        py::Stmt::Try(_) => return no("try", refuse::TRY),
        py::Stmt::With(_) => return no("with", refuse::WITH),
        py::Stmt::Import(_) | py::Stmt::ImportFrom(_) => {
            return Err(cx.refuse(span, refuse::IMPORT.0, refuse::IMPORT.1));
        }
        py::Stmt::ClassDef(node) => {
            return Err(cx.refuse(
                cx.header(node.range, node.name.as_str()),
                refuse::CLASS.0,
                refuse::CLASS.1,
            ));
        }
        py::Stmt::TypeAlias(_) => return no("type", refuse::TYPE_ALIAS),
        py::Stmt::IpyEscapeCommand(_) => return Err(cx.unknown(span, "")),
    };
    Ok(Stmt { kind, span })
}

/// What stands after an `if`: each `elif` is an `if` in the `else` of the one before.
fn otherwise(
    cx: &Cx,
    clauses: &[py::ElifElseClause],
    depth: u32,
    declared: &mut Declared,
) -> Result<Vec<Stmt>> {
    let Some((first, rest)) = clauses.split_first() else { return Ok(Vec::new()) };
    let Some(test) = &first.test else { return block(cx, &first.body, depth, declared) };
    let depth = cx.deeper(depth, first.range)?;
    let span = cx.header_to(first.range, test.range());
    let kind = StmtKind::If {
        test: expr(cx, test, depth)?,
        then: block(cx, &first.body, depth, declared)?,
        orelse: otherwise(cx, rest, depth, declared)?,
    };
    Ok(vec![Stmt { kind, span }])
}

pub fn target(cx: &Cx, node: &py::Expr, depth: u32) -> Result<Target> {
    let depth = cx.deeper(depth, node.range())?;
    let span = cx.span(node.range());
    let nested =
        |nodes: &[py::Expr]| nodes.iter().map(|node| target(cx, node, depth)).collect::<Result<Vec<_>>>();
    let kind = match node {
        py::Expr::Name(node) => TargetKind::Name(node.id.to_string()),
        py::Expr::Tuple(node) => TargetKind::Tuple(nested(&node.elts)?),
        py::Expr::List(node) => TargetKind::Tuple(nested(&node.elts)?),
        py::Expr::Starred(node) => TargetKind::Starred(Box::new(target(cx, &node.value, depth)?)),
        _ => match expr(cx, node, depth)?.kind {
            ExprKind::Subscript { value, index } => TargetKind::Subscript { value, index },
            ExprKind::Attribute { value, attr } => TargetKind::Attribute { value, attr },
            ExprKind::Constant(_)
            | ExprKind::Name(_)
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::Compare { .. }
            | ExprKind::Logical { .. }
            | ExprKind::IfExp { .. }
            | ExprKind::Call { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Tuple(_)
            | ExprKind::List(_)
            | ExprKind::Starred(_)
            | ExprKind::Named { .. }
            | ExprKind::Lambda(_)
            | ExprKind::Generator { .. }
            | ExprKind::FString(_) => return Err(cx.unknown(span, "cannot assign to this")),
        },
    };
    Ok(Target { kind, span })
}
