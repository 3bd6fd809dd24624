//! Walks over one level of the tree: the expressions, blocks and names directly in something.
//!
//! In: a node. Out: calls of `found` for each part, in the order of evaluation. Invariant: exhaustive, so that a new
//! kind of node is walked or said to have no parts.

use crate::ast::{Expr, ExprKind, FStringPart, Pattern, PatternKind, Stmt, StmtKind, Target, TargetKind};

/// Calls `found` with each name that a target binds.
pub fn names_of_target<'t>(target: &'t Target, found: &mut dyn FnMut(&'t str)) {
    match &target.kind {
        TargetKind::Name(name) => found(name),
        TargetKind::Tuple(items) => items.iter().for_each(|item| names_of_target(item, found)),
        TargetKind::Starred(inner) => names_of_target(inner, found),
        TargetKind::Subscript { .. } | TargetKind::Attribute { .. } => {}
    }
}

/// Calls `found` with each name that a pattern binds.
pub fn names_of_pattern<'p>(pattern: &'p Pattern, found: &mut dyn FnMut(&'p str)) {
    match &pattern.kind {
        PatternKind::Capture { pattern, name } => {
            if let Some(inner) = pattern {
                names_of_pattern(inner, found);
            }
            if let Some(name) = name {
                found(name);
            }
        }
        PatternKind::Or(items) | PatternKind::Sequence(items) => {
            items.iter().for_each(|item| names_of_pattern(item, found));
        }
        PatternKind::Value(_) | PatternKind::Singleton(_) => {}
    }
}

/// The expressions in a target, in the order of evaluation.
pub fn exprs_of_target<'t>(target: &'t Target, found: &mut dyn FnMut(&'t Expr)) {
    match &target.kind {
        TargetKind::Name(_) => {}
        TargetKind::Subscript { value, index } => {
            found(value);
            found(index);
        }
        TargetKind::Attribute { value, .. } => found(value),
        TargetKind::Tuple(items) => items.iter().for_each(|item| exprs_of_target(item, found)),
        TargetKind::Starred(inner) => exprs_of_target(inner, found),
    }
}

/// The direct parts of an expression, in the order of evaluation; not the bodies of lambdas.
pub fn children<'e>(expr: &'e Expr, found: &mut dyn FnMut(&'e Expr)) {
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Name(_) => {}
        ExprKind::Attribute { value, .. } | ExprKind::Starred(value) | ExprKind::Named { value, .. } => {
            found(value);
        }
        ExprKind::Unary { operand, .. } => found(operand),
        ExprKind::Binary { left, right, .. } => {
            found(left);
            found(right);
        }
        ExprKind::Compare { left, rest } => {
            found(left);
            rest.iter().for_each(|(_, item)| found(item));
        }
        ExprKind::Logical { operands: items, .. } | ExprKind::Tuple(items) | ExprKind::List(items) => {
            items.iter().for_each(found);
        }
        ExprKind::IfExp { test, then, orelse } => {
            found(test);
            found(then);
            found(orelse);
        }
        ExprKind::Call { func, args, keywords } => {
            found(func);
            args.iter().for_each(&mut *found);
            keywords.iter().for_each(|k| found(&k.value));
        }
        ExprKind::Subscript { value, index } => {
            found(value);
            found(index);
        }
        ExprKind::Slice { lower, upper, step } => {
            [lower, upper, step].into_iter().flatten().for_each(|part| found(part));
        }
        ExprKind::Lambda(function) => {
            function.params.iter().filter_map(|p| p.default.as_ref()).for_each(found);
        }
        ExprKind::Generator { elt, clauses } => {
            for clause in clauses {
                found(&clause.iter);
                clause.conditions.iter().for_each(&mut *found);
            }
            found(elt);
        }
        ExprKind::FString(parts) => {
            for part in parts {
                match part {
                    FStringPart::Text(_) => {}
                    FStringPart::Value { value, .. } => found(value),
                }
            }
        }
    }
}

/// The expressions of a statement itself, not of the blocks inside it.
pub fn each_expr<'s>(stmt: &'s Stmt, found: &mut dyn FnMut(&'s Expr)) {
    match &stmt.kind {
        StmtKind::Assign { targets, value } => {
            found(value);
            targets.iter().for_each(|target| exprs_of_target(target, found));
        }
        StmtKind::AugAssign { target, value, .. } => {
            exprs_of_target(target, found);
            found(value);
        }
        StmtKind::Expr(value) => found(value),
        StmtKind::If { test, .. } | StmtKind::While { test, .. } => found(test),
        StmtKind::For { iter, target, .. } => {
            found(iter);
            exprs_of_target(target, found);
        }
        StmtKind::Match { subject, cases } => {
            found(subject);
            for case in cases {
                values_of_pattern(&case.pattern, found);
                case.guard.iter().for_each(&mut *found);
            }
        }
        StmtKind::Return(value) | StmtKind::Raise(value) => value.iter().for_each(found),
        StmtKind::Assert { test, message } => {
            found(test);
            message.iter().for_each(found);
        }
        StmtKind::Delete(targets) => targets.iter().for_each(|target| exprs_of_target(target, found)),
        StmtKind::Def(function) => {
            function.params.iter().filter_map(|p| p.default.as_ref()).for_each(found);
        }
        StmtKind::Break | StmtKind::Continue | StmtKind::Pass => {}
    }
}

/// The values that a pattern compares with.
pub fn values_of_pattern<'p>(pattern: &'p Pattern, found: &mut dyn FnMut(&'p Expr)) {
    match &pattern.kind {
        PatternKind::Value(value) => found(value),
        PatternKind::Singleton(_) => {}
        PatternKind::Capture { pattern, .. } => {
            pattern.iter().for_each(|inner| values_of_pattern(inner, found));
        }
        PatternKind::Or(items) | PatternKind::Sequence(items) => {
            items.iter().for_each(|item| values_of_pattern(item, found));
        }
    }
}

/// The blocks directly inside a statement.
pub fn each_block<'s>(stmt: &'s Stmt, found: &mut dyn FnMut(&'s [Stmt])) {
    match &stmt.kind {
        StmtKind::If { then: body, orelse, .. }
        | StmtKind::While { body, orelse, .. }
        | StmtKind::For { body, orelse, .. } => {
            found(body);
            found(orelse);
        }
        StmtKind::Match { cases, .. } => cases.iter().for_each(|case| found(&case.body)),
        StmtKind::Assign { .. }
        | StmtKind::AugAssign { .. }
        | StmtKind::Expr(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Pass
        | StmtKind::Return(_)
        | StmtKind::Raise(_)
        | StmtKind::Assert { .. }
        | StmtKind::Delete(_)
        | StmtKind::Def(_) => {}
    }
}
