//! The tree as s-expressions, one statement a line: for golden tests and for looking at the stage.
//!
//! In: `ast::Function`. Out: text without spans. Invariant: two trees print alike only if they are equal
//! up to spans.

use crate::ast::{
    CompareOp, Constant, Expr, ExprKind, FStringPart, Function, LogicalOp, Param, Pattern, PatternKind, Stmt,
    StmtKind, Target, TargetKind, UnaryOp,
};
use std::fmt::Write;

/// Names that the function takes from outside, sorted.
pub use crate::ast::names::free_names;

pub fn print(function: &Function) -> String {
    let mut out = String::new();
    function_into(&mut out, function, 0);
    out.push('\n');
    out
}

fn line(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", indent));
}

fn function_into(out: &mut String, function: &Function, indent: usize) {
    let _ = write!(out, "(def {} (", function.name);
    separated(out, &function.params, param_into);
    out.push(')');
    block_into(out, &function.body, indent + 1);
    out.push(')');
}

fn param_into(out: &mut String, param: &Param) {
    if param.positional_only {
        out.push_str("pos:");
    }
    if param.keyword_only {
        out.push_str("kw:");
    }
    if param.variadic {
        out.push('*');
    }
    out.push_str(&param.name);
    if let Some(default) = &param.default {
        out.push('=');
        expr_into(out, default);
    }
}

fn separated<T>(out: &mut String, items: &[T], each: impl Fn(&mut String, &T)) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        each(out, item);
    }
}

fn block_into(out: &mut String, body: &[Stmt], indent: usize) {
    for stmt in body {
        line(out, indent);
        stmt_into(out, stmt, indent);
    }
}

fn else_into(out: &mut String, orelse: &[Stmt], indent: usize) {
    if !orelse.is_empty() {
        line(out, indent);
        out.push_str("else");
        block_into(out, orelse, indent + 1);
    }
}

fn stmt_into(out: &mut String, stmt: &Stmt, indent: usize) {
    match &stmt.kind {
        StmtKind::Assign { targets, value } => {
            out.push_str("(= ");
            separated(out, targets, target_into);
            out.push(' ');
            expr_into(out, value);
        }
        StmtKind::AugAssign { target, op, value } => {
            let _ = write!(out, "({}= ", op.symbol());
            target_into(out, target);
            out.push(' ');
            expr_into(out, value);
        }
        StmtKind::Expr(value) => {
            out.push_str("(expr ");
            expr_into(out, value);
        }
        StmtKind::If { test, then, orelse } => {
            out.push_str("(if ");
            expr_into(out, test);
            block_into(out, then, indent + 1);
            else_into(out, orelse, indent);
        }
        StmtKind::While { test, body, orelse } => {
            out.push_str("(while ");
            expr_into(out, test);
            block_into(out, body, indent + 1);
            else_into(out, orelse, indent);
        }
        StmtKind::For { target, iter, body, orelse } => {
            out.push_str("(for ");
            target_into(out, target);
            out.push(' ');
            expr_into(out, iter);
            block_into(out, body, indent + 1);
            else_into(out, orelse, indent);
        }
        StmtKind::Match { subject, cases } => {
            out.push_str("(match ");
            expr_into(out, subject);
            for case in cases {
                line(out, indent + 1);
                out.push_str("(case ");
                pattern_into(out, &case.pattern);
                if let Some(guard) = &case.guard {
                    out.push_str(" if ");
                    expr_into(out, guard);
                }
                block_into(out, &case.body, indent + 2);
                out.push(')');
            }
        }
        StmtKind::Break => out.push_str("(break"),
        StmtKind::Continue => out.push_str("(continue"),
        StmtKind::Pass => out.push_str("(pass"),
        StmtKind::Return(value) => {
            out.push_str("(return");
            optional_into(out, value);
        }
        StmtKind::Raise(value) => {
            out.push_str("(raise");
            optional_into(out, value);
        }
        StmtKind::Assert { test, message } => {
            out.push_str("(assert ");
            expr_into(out, test);
            optional_into(out, message);
        }
        StmtKind::Delete(targets) => {
            out.push_str("(del ");
            separated(out, targets, target_into);
        }
        StmtKind::Def(function) => return function_into(out, function, indent),
    }
    out.push(')');
}

fn optional_into(out: &mut String, value: &Option<Expr>) {
    if let Some(value) = value {
        out.push(' ');
        expr_into(out, value);
    }
}

fn target_into(out: &mut String, target: &Target) {
    match &target.kind {
        TargetKind::Name(name) => out.push_str(name),
        TargetKind::Subscript { value, index } => list_into(out, "[]", &[value, index]),
        TargetKind::Attribute { value, attr } => {
            let _ = write!(out, "(.{attr} ");
            expr_into(out, value);
            out.push(')');
        }
        TargetKind::Tuple(items) => {
            out.push_str("(tuple ");
            separated(out, items, target_into);
            out.push(')');
        }
        TargetKind::Starred(item) => {
            out.push('*');
            target_into(out, item);
        }
    }
}

fn pattern_into(out: &mut String, pattern: &Pattern) {
    match &pattern.kind {
        PatternKind::Value(value) => expr_into(out, value),
        PatternKind::Singleton(value) => {
            out.push_str("is:");
            constant_into(out, value);
        }
        PatternKind::Capture { pattern, name } => {
            out.push_str("(as ");
            out.push_str(name.as_deref().unwrap_or("_"));
            if let Some(pattern) = pattern {
                out.push(' ');
                pattern_into(out, pattern);
            }
            out.push(')');
        }
        PatternKind::Or(items) => {
            out.push_str("(or ");
            separated(out, items, pattern_into);
            out.push(')');
        }
        PatternKind::Sequence(items) => {
            out.push_str("(sequence");
            for item in items {
                out.push(' ');
                pattern_into(out, item);
            }
            out.push(')');
        }
    }
}

fn list_into(out: &mut String, head: &str, items: &[&Expr]) {
    let _ = write!(out, "({head}");
    for item in items {
        out.push(' ');
        expr_into(out, item);
    }
    out.push(')');
}

fn items_into(out: &mut String, head: &str, items: &[Expr]) {
    let _ = write!(out, "({head}");
    for item in items {
        out.push(' ');
        expr_into(out, item);
    }
    out.push(')');
}

fn expr_into(out: &mut String, expr: &Expr) {
    match &expr.kind {
        ExprKind::Constant(value) => constant_into(out, value),
        ExprKind::Name(name) => out.push_str(name),
        ExprKind::Attribute { value, attr } => list_into(out, &format!(".{attr}"), &[value]),
        ExprKind::Unary { op, operand } => list_into(
            out,
            match op {
                UnaryOp::Neg => "neg",
                UnaryOp::Pos => "pos",
                UnaryOp::Invert => "~",
                UnaryOp::Not => "not",
            },
            &[operand],
        ),
        ExprKind::Binary { op, left, right } => list_into(out, op.symbol(), &[left, right]),
        ExprKind::Compare { left, rest } => {
            out.push_str("(cmp ");
            expr_into(out, left);
            for (op, operand) in rest {
                let _ = write!(out, " {} ", compare_symbol(*op));
                expr_into(out, operand);
            }
            out.push(')');
        }
        ExprKind::Logical { op, operands } => items_into(
            out,
            match op {
                LogicalOp::And => "and",
                LogicalOp::Or => "or",
            },
            operands,
        ),
        ExprKind::IfExp { test, then, orelse } => list_into(out, "ifexp", &[test, then, orelse]),
        ExprKind::Call { func, args, keywords } => {
            out.push_str("(call ");
            expr_into(out, func);
            for arg in args {
                out.push(' ');
                expr_into(out, arg);
            }
            for keyword in keywords {
                let _ = write!(out, " {}=", keyword.name);
                expr_into(out, &keyword.value);
            }
            out.push(')');
        }
        ExprKind::Subscript { value, index } => list_into(out, "[]", &[value, index]),
        ExprKind::Slice { lower, upper, step } => {
            out.push_str("(slice");
            for part in [lower, upper, step] {
                out.push(' ');
                match part {
                    Some(part) => expr_into(out, part),
                    None => out.push('_'),
                }
            }
            out.push(')');
        }
        ExprKind::Tuple(items) => items_into(out, "tuple", items),
        ExprKind::List(items) => items_into(out, "list", items),
        ExprKind::Starred(value) => list_into(out, "star", &[value]),
        ExprKind::Named { name, value } => list_into(out, &format!(":= {name}"), &[value]),
        ExprKind::Lambda(function) => {
            out.push_str("(lambda (");
            separated(out, &function.params, param_into);
            out.push(')');
            for stmt in &function.body {
                out.push(' ');
                stmt_into(out, stmt, 0);
            }
            out.push(')');
        }
        ExprKind::Generator { elt, clauses } => {
            out.push_str("(generator ");
            expr_into(out, elt);
            for clause in clauses {
                out.push_str(" for ");
                target_into(out, &clause.target);
                out.push_str(" in ");
                expr_into(out, &clause.iter);
                for test in &clause.conditions {
                    out.push_str(" if ");
                    expr_into(out, test);
                }
            }
            out.push(')');
        }
        ExprKind::FString(parts) => {
            out.push_str("(fstring");
            for part in parts {
                out.push(' ');
                match part {
                    FStringPart::Text(text) => {
                        let _ = write!(out, "{text:?}");
                    }
                    FStringPart::Value { value, conversion, format } => {
                        out.push('{');
                        expr_into(out, value);
                        if let Some(conversion) = conversion {
                            let _ = write!(out, "!{conversion}");
                        }
                        if let Some(format) = format {
                            let _ = write!(out, ":{format:?}");
                        }
                        out.push('}');
                    }
                }
            }
            out.push(')');
        }
    }
}

fn compare_symbol(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "==",
        CompareOp::Ne => "!=",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
        CompareOp::Is => "is",
        CompareOp::IsNot => "is-not",
        CompareOp::In => "in",
        CompareOp::NotIn => "not-in",
    }
}

fn constant_into(out: &mut String, value: &Constant) {
    let _ = match value {
        Constant::None => write!(out, "None"),
        Constant::Bool(value) => write!(out, "{}", if *value { "True" } else { "False" }),
        Constant::Int(value) => write!(out, "{value}"),
        Constant::BigInt(digits) => write!(out, "{digits}"),
        Constant::Float(value) => write!(out, "{value:?}"),
        Constant::Imaginary(value) => write!(out, "{value:?}j"),
        Constant::Str(value) => write!(out, "{value:?}"),
        Constant::Ellipsis => write!(out, "..."),
    };
}
