//! Running extremes of a `prange` loop: `if x > best: best = x; at = i`.
//!
//! In: the written body of a loop. Out: for each name that is compared and then given what it was compared
//! with, the comparison and the names that are assigned along with it. Invariant: nothing else in the body
//! depends on those names, and taking the extremes of consecutive parts of the range, in order, and of those
//! the extreme by the same comparison gives what the loop gives, nan and ties included.
//!
//! A part starts with what nothing is worse than, so that whether something was taken in it can be told by its
//! extreme alone: not if equals are taken too and something is assigned along.

use crate::ast::walk::{each_block, each_expr};
use crate::ast::{CompareOp, Expr, ExprKind, Stmt, StmtKind, Target, TargetKind};
use crate::hir;
use crate::infer::cx::Cx;
use crate::infer::env::Binding;
use crate::infer::scope::{assigned_by, free_names, uses_of_expr};

/// A name that holds the extreme so far.
pub(super) struct Extreme {
    pub name: String,
    /// A value is taken if `value op name`.
    pub op: hir::CompareOp,
    /// Assigned whenever a value is taken.
    pub along: Vec<String>,
}

/// One `if x > best: best = x; at = i`.
struct Step<'s> {
    name: &'s str,
    op: hir::CompareOp,
    /// What is compared, and what is assigned along.
    values: Vec<&'s Expr>,
    along: Vec<&'s str>,
}

impl Cx<'_> {
    /// The running extremes of a body.
    pub(super) fn extremes(&self, body: &[Stmt]) -> Vec<Extreme> {
        let mut found: Vec<Extreme> = Vec::new();
        self.steps(body, &mut |step| {
            let at = found.iter().position(|known| known.name == step.name).unwrap_or_else(|| {
                found.push(Extreme { name: step.name.to_owned(), op: step.op, along: Vec::new() });
                found.len() - 1
            });
            let along = &mut found[at].along;
            let new = step.along.iter().filter(|name| !along.iter().any(|known| known == *name));
            let new: Vec<String> = new.map(|name| (*name).to_owned()).collect();
            along.extend(new);
        });
        found.retain(|extreme| self.is_alone(extreme, body));
        found
    }

    fn steps<'s>(&self, body: &'s [Stmt], found: &mut dyn FnMut(Step<'s>)) {
        for stmt in body {
            match self.step(stmt) {
                Some(step) => found(step),
                None => each_block(stmt, &mut |inner| self.steps(inner, found)),
            }
        }
    }

    fn step<'s>(&self, stmt: &'s Stmt) -> Option<Step<'s>> {
        let StmtKind::If { test, then, orelse } = &stmt.kind else { return None };
        let ExprKind::Compare { left, rest } = &test.kind else { return None };
        let [(op, right)] = rest.as_slice() else { return None };
        if !orelse.is_empty() {
            return None;
        }
        let mut assigned = Vec::new();
        if !then.iter().all(|stmt| assignments(stmt, &mut assigned)) {
            return None;
        }
        let of = |name: &Expr, value: &'s Expr, op: Option<hir::CompareOp>| {
            let ExprKind::Name(name) = &name.kind else { return None };
            let (key, _) = assigned.iter().find(|(key, new)| key == name && self.same(value, new))?;
            let rest = || assigned.iter().filter(|(other, _)| other != key);
            let values: Vec<&Expr> = std::iter::once(value).chain(rest().map(|(_, value)| *value)).collect();
            let along: Vec<&str> = rest().map(|(name, _)| *name).collect();
            let once = assigned.len() == along.len() + 1;
            let plain = values.iter().all(|value| self.same(value, value));
            (once && plain).then_some(Step { name: key, op: op?, values, along })
        };
        of(right, left, order(*op)).or_else(|| of(left, right, order(*op).map(mirrored)))
    }

    /// True if the body uses the names of the extreme in its steps alone.
    fn is_alone(&self, extreme: &Extreme, body: &[Stmt]) -> bool {
        let own = |name: &str| name == extreme.name || extreme.along.iter().any(|along| along == name);
        let reads = |expr: &Expr| {
            let mut found = false;
            uses_of_expr(expr, &mut |name| found |= own(name));
            found
        };
        let strict = matches!(extreme.op, hir::CompareOp::Lt | hir::CompareOp::Gt);
        (strict || extreme.along.is_empty())
            && body.iter().all(|stmt| {
                if let Some(step) = self.step(stmt)
                    && step.name == extreme.name
                {
                    let all = step.along.len() == extreme.along.len();
                    return all && step.op == extreme.op && !step.values.into_iter().any(reads);
                }
                let mut alone = true;
                each_expr(stmt, &mut |expr| alone &= !reads(expr));
                assigned_by(stmt, &mut |name| alone &= !own(name));
                if let StmtKind::Def(function) = &stmt.kind {
                    alone &= !free_names(function).iter().any(|name| own(name));
                }
                each_block(stmt, &mut |inner| alone &= self.is_alone(extreme, inner));
                alone
            })
    }

    /// True if two expressions are the same and evaluating one twice gives the same and does nothing else.
    pub(super) fn same(&self, a: &Expr, b: &Expr) -> bool {
        let all =
            |a: &[Expr], b: &[Expr]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same(a, b));
        match (&a.kind, &b.kind) {
            (ExprKind::Constant(a), ExprKind::Constant(b)) => a == b,
            (ExprKind::Name(a), ExprKind::Name(b)) => a == b,
            (ExprKind::Attribute { value: a, attr: x }, ExprKind::Attribute { value: b, attr: y }) => {
                x == y && self.same(a, b)
            }
            (ExprKind::Unary { op: x, operand: a }, ExprKind::Unary { op: y, operand: b }) => {
                x == y && self.same(a, b)
            }
            (
                ExprKind::Binary { op: x, left: a, right: c },
                ExprKind::Binary { op: y, left: b, right: d },
            ) => x == y && self.same(a, b) && self.same(c, d),
            (ExprKind::Subscript { value: a, index: c }, ExprKind::Subscript { value: b, index: d }) => {
                self.same(a, b) && self.same(c, d)
            }
            (ExprKind::Tuple(a), ExprKind::Tuple(b)) => all(a, b),
            (
                ExprKind::Call { func: f, args: a, keywords: j },
                ExprKind::Call { func: g, args: b, keywords: k },
            ) => j.is_empty() && k.is_empty() && self.is_library(f) && self.same(f, g) && all(a, b),
            _others => false,
        }
    }

    /// A function of Python's or NumPy's own.
    pub(super) fn is_library(&self, func: &Expr) -> bool {
        if let ExprKind::Name(name) = &func.kind {
            return matches!(name.as_str(), "abs" | "float" | "int" | "complex") && !self.is_users(name);
        }
        let ExprKind::Attribute { value, .. } = &func.kind else { return false };
        let ExprKind::Name(module) = &value.kind else { return false };
        let known = |binding: &Binding| matches!(binding, Binding::KnownModule(_));
        let library = self.binding(module).is_some_and(known) || (self.in_prelude() && module == "np");
        self.name_id(module).is_none() && library
    }
}

/// Adds `name = value` or `a, b = x, y`. False for anything else.
fn assignments<'s>(stmt: &'s Stmt, found: &mut Vec<(&'s str, &'s Expr)>) -> bool {
    let StmtKind::Assign { targets, value } = &stmt.kind else { return false };
    let [target] = targets.as_slice() else { return false };
    let pairs: Vec<(&Target, &Expr)> = match (&target.kind, &value.kind) {
        (TargetKind::Tuple(targets), ExprKind::Tuple(values)) if targets.len() == values.len() => {
            targets.iter().zip(values).collect()
        }
        _one => vec![(target, value)],
    };
    pairs.into_iter().all(|(target, value)| {
        let TargetKind::Name(name) = &target.kind else { return false };
        found.push((name, value));
        true
    })
}

fn order(op: CompareOp) -> Option<hir::CompareOp> {
    match op {
        CompareOp::Lt => Some(hir::CompareOp::Lt),
        CompareOp::Le => Some(hir::CompareOp::Le),
        CompareOp::Gt => Some(hir::CompareOp::Gt),
        CompareOp::Ge => Some(hir::CompareOp::Ge),
        CompareOp::Eq
        | CompareOp::Ne
        | CompareOp::Is
        | CompareOp::IsNot
        | CompareOp::In
        | CompareOp::NotIn => None,
    }
}

/// `b op a` as `a op b`.
fn mirrored(op: hir::CompareOp) -> hir::CompareOp {
    match op {
        hir::CompareOp::Lt => hir::CompareOp::Gt,
        hir::CompareOp::Le => hir::CompareOp::Ge,
        hir::CompareOp::Gt => hir::CompareOp::Lt,
        hir::CompareOp::Ge => hir::CompareOp::Le,
        hir::CompareOp::Eq | hir::CompareOp::Ne => op,
    }
}
