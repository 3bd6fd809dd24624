//! Comprehensions that are consumed at once: the argument of `sum`, `any`, `all`, `min` and `max`.
//!
//! In: `sum(elt for target in iter if cond)`. Out: loops that update an accumulator, then its value.
//! Invariant: the names of the clauses are seen by the comprehension only.

use crate::abi::SiteArg;
use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{self, BinaryOp, CompareOp, Const, ExcKind, Expr, ExprKind, LocalId, Stmt, StmtKind};
use crate::infer::condition::Test;
use crate::infer::cx::Cx;
use crate::infer::scope::{Bits, Live};
use crate::infer::{arith, builtin};
use crate::types::{Scalar, Type};

/// What to do with each element.
type Leaf<'l> = dyn FnMut(&mut Cx, Expr, &mut Vec<Stmt>) -> Result<()> + 'l;

impl Cx<'_> {
    /// `builtin(elt for ... )`.
    pub(super) fn comprehension(
        &mut self,
        which: u16,
        elt: &ast::Expr,
        clauses: &[ast::Clause],
        keywords: &[ast::Keyword],
        span: Span,
    ) -> Result<Expr> {
        let name = builtin::name(which).rsplit('.').next().unwrap_or_default();
        if let Some(keyword) = keywords.iter().find(|k| (name, k.name.as_str()) != ("sum", "start")) {
            let text = format!("'{}' beside a comprehension is not supported", keyword.name);
            return Err(self.error(Code::BadCall, keyword.span, text, "here"));
        }
        let mut out = Vec::new();
        let value = match name {
            "sum" => self.sum_of(elt, clauses, keywords, span, &mut out)?,
            "any" | "all" => self.any_of(name == "any", elt, clauses, span, &mut out)?,
            "min" | "max" => self.extreme_of(name, elt, clauses, span, &mut out)?,
            other => {
                let text = format!("{other}() of a comprehension is not supported");
                return Err(self
                    .error(Code::UnsupportedSyntax, span, text, "a comprehension")
                    .help("write a `for` loop that fills an array")
                    .into());
            }
        };
        Ok(self.seq(out, value))
    }

    fn sum_of(
        &mut self,
        elt: &ast::Expr,
        clauses: &[ast::Clause],
        keywords: &[ast::Keyword],
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<Expr> {
        let start = match keywords.first() {
            Some(keyword) => self.expr(&keyword.value)?,
            None => self.int(0, span),
        };
        let (stmt, start) = self.once("start", start);
        out.extend(stmt);
        let mut sum: Option<(LocalId, Option<LocalId>)> = None;
        let mut loops = Vec::new();
        let start_again = start.clone();
        self.clauses(elt, clauses, &mut loops, &mut |cx, value, out| {
            let (total, lost) = match sum {
                Some(sum) => sum,
                None => {
                    let once =
                        arith::binary(cx, ast::BinaryOp::Add, start_again.clone(), value.clone(), span)?;
                    let ty = once.ty.clone();
                    // Python 3.12 and later compensate sums of floats.
                    let compensates =
                        cx.env.python_minor >= 12 && ty == Type::FLOAT && value.ty == Type::FLOAT;
                    let total = cx.local("sum", ty);
                    let lost = compensates.then(|| cx.local("lost", Type::FLOAT));
                    *sum.insert((total, lost))
                }
            };
            let old = cx.read(total, span);
            let Some(lost) = lost else {
                let new = arith::binary(cx, ast::BinaryOp::Add, old, value, span)?;
                if new.ty != *cx.local_type(total) {
                    let text = format!("the sum changes its type to {}", cx.describe(&new.ty));
                    return Err(cx.error(Code::UnstableType, span, text, "added here"));
                }
                out.push(Stmt { kind: StmtKind::Assign { local: total, value: new }, span });
                return Ok(());
            };
            cx.compensated(total, lost, value, span, out);
            Ok(())
        })?;
        let Some((total, lost)) = sum else { return Ok(start) };
        let ty = self.local_type(total).clone();
        let value = arith::promote(self, start, &ty);
        out.push(Stmt { kind: StmtKind::Assign { local: total, value }, span });
        let zero = Expr::new(ExprKind::Const(Const::Float(0.0)), Type::FLOAT, span);
        if let Some(lost) = lost {
            out.push(Stmt { kind: StmtKind::Assign { local: lost, value: zero.clone() }, span });
        }
        out.append(&mut loops);
        let total = self.read(total, span);
        let Some(lost) = lost else { return Ok(total) };
        let lost = self.read(lost, span);
        let finite = ExprKind::Prim { prim: hir::Prim::IsFinite, args: vec![lost.clone()] };
        let finite = Expr::new(finite, Type::BOOL, span);
        let then = float_op(BinaryOp::Add, total.clone(), lost, span);
        Ok(Expr::new(ExprKind::IfExp { test: finite, then, orelse: total }, Type::FLOAT, span))
    }

    /// `total += value` with the rounding errors gathered in `lost` (Neumaier).
    fn compensated(&mut self, total: LocalId, lost: LocalId, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        let (stmt, x) = self.temp("added", value);
        out.push(stmt);
        let old = self.read(total, span);
        let (stmt, new) = self.temp("new", float_op(BinaryOp::Add, old.clone(), x.clone(), span));
        out.push(stmt);
        let abs = |e: &Expr| {
            Expr::new(ExprKind::Unary { op: hir::UnaryOp::Abs, arg: e.clone() }, Type::FLOAT, span)
        };
        let error = |big: &Expr, small: &Expr| {
            let part = float_op(BinaryOp::Sub, big.clone(), new.clone(), span);
            float_op(BinaryOp::Add, part, small.clone(), span)
        };
        let test = ExprKind::Compare { op: CompareOp::Ge, lhs: abs(&old), rhs: abs(&x) };
        let error = ExprKind::IfExp {
            test: Expr::new(test, Type::BOOL, span),
            then: error(&old, &x),
            orelse: error(&x, &old),
        };
        let error = Expr::new(error, Type::FLOAT, span);
        let value = float_op(BinaryOp::Add, self.read(lost, span), error, span);
        out.push(Stmt { kind: StmtKind::Assign { local: lost, value }, span });
        out.push(Stmt { kind: StmtKind::Assign { local: total, value: new.clone() }, span });
    }

    fn any_of(
        &mut self,
        any: bool,
        elt: &ast::Expr,
        clauses: &[ast::Clause],
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<Expr> {
        let found = self.local("found", Type::BOOL);
        let value = self.bool(!any, span);
        out.push(Stmt { kind: StmtKind::Assign { local: found, value }, span });
        self.clauses(elt, clauses, out, &mut |cx, value, out| {
            // Nothing is evaluated once the answer is known; in a loop it is left, see `clauses`.
            let truth = arith::truth(cx, value, span)?;
            let so_far = cx.read(found, span);
            let kind = if any { ExprKind::Or(so_far, truth) } else { ExprKind::And(so_far, truth) };
            let value = Expr::new(kind, Type::BOOL, span);
            out.push(Stmt { kind: StmtKind::Assign { local: found, value }, span });
            Ok(())
        })?;
        self.leave_early(found, any, span, out);
        Ok(self.read(found, span))
    }

    /// Makes the loops in `out` end as soon as `found` has become `when`.
    fn leave_early(&mut self, found: LocalId, when: bool, span: Span, out: &mut [Stmt]) {
        for stmt in out {
            match &mut stmt.kind {
                StmtKind::For { body, .. } | StmtKind::While { body, .. } => {
                    self.leave_early(found, when, span, body);
                    let flag = self.read(found, span);
                    let leave = vec![Stmt { kind: StmtKind::Break, span }];
                    let (then, orelse) = if when { (leave, Vec::new()) } else { (Vec::new(), leave) };
                    body.push(Stmt { kind: StmtKind::If { test: flag, then, orelse }, span });
                }
                StmtKind::If { then, orelse, .. } => {
                    self.leave_early(found, when, span, then);
                    self.leave_early(found, when, span, orelse);
                }
                StmtKind::Assign { .. }
                | StmtKind::StoreElement { .. }
                | StmtKind::CopyInto { .. }
                | StmtKind::Expr(_)
                | StmtKind::Break
                | StmtKind::Continue
                | StmtKind::Return(_)
                | StmtKind::Raise { .. }
                | StmtKind::Print { .. } => {}
            }
        }
    }

    fn extreme_of(
        &mut self,
        name: &str,
        elt: &ast::Expr,
        clauses: &[ast::Clause],
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<Expr> {
        let empty = self.local("empty", Type::BOOL);
        let value = self.bool(true, span);
        out.push(Stmt { kind: StmtKind::Assign { local: empty, value }, span });
        let op = if name == "min" { ast::CompareOp::Lt } else { ast::CompareOp::Gt };
        let mut best: Option<LocalId> = None;
        self.clauses(elt, clauses, out, &mut |cx, value, out| {
            if value.ty.scalar().is_none() {
                let text =
                    format!("{name}() of a comprehension needs numbers, not {}", cx.describe(&value.ty));
                return Err(cx.error(Code::TypeMismatch, span, text, "here"));
            }
            let known = best;
            let local = *best.get_or_insert_with(|| cx.local("best", value.ty.clone()));
            if known.is_some() && *cx.local_type(local) != value.ty {
                let text = format!("the elements change their type to {}", cx.describe(&value.ty));
                return Err(cx.error(Code::UnstableType, span, text, "here"));
            }
            let (stmt, value) = cx.temp("element", value);
            out.push(stmt);
            let old = cx.read(local, span);
            let better = arith::compare(cx, op, value.clone(), old, span)?;
            let better = arith::truth(cx, better, span)?;
            let first = cx.read(empty, span);
            let test = Expr::new(ExprKind::Or(first, better), Type::BOOL, span);
            let no = cx.bool(false, span);
            let then = vec![
                Stmt { kind: StmtKind::Assign { local, value }, span },
                Stmt { kind: StmtKind::Assign { local: empty, value: no }, span },
            ];
            out.push(Stmt { kind: StmtKind::If { test, then, orelse: Vec::new() }, span });
            Ok(())
        })?;
        let text = if self.env.python_minor >= 12 {
            format!("{name}() iterable argument is empty")
        } else {
            format!("{name}() arg is an empty sequence")
        };
        let args = vec![SiteArg::Text(text, Vec::new())];
        let fail = Stmt { kind: StmtKind::Raise { exc: ExcKind::Value, args, payload: Vec::new() }, span };
        let test = self.read(empty, span);
        let Some(best) = best else {
            let text = format!("{name}() of nothing");
            return Err(self.error(Code::TypeMismatch, span, text, "there is no element"));
        };
        out.push(Stmt { kind: StmtKind::If { test, then: vec![fail], orelse: Vec::new() }, span });
        // Assigned before it is read, as far as can be seen without following `empty`.
        let kind = match self.local_type(best).scalar() {
            Some(Scalar::Bool | Scalar::NpBool) => Const::Bool(false),
            Some(Scalar::Float | Scalar::F32 | Scalar::F64) => Const::Float(0.0),
            Some(Scalar::Complex | Scalar::C64 | Scalar::C128) => Const::Complex(0.0, 0.0),
            _integer => Const::Int(0),
        };
        let ty = self.local_type(best).clone();
        let value = Expr::new(ExprKind::Const(kind), ty, span);
        out.insert(0, Stmt { kind: StmtKind::Assign { local: best, value }, span });
        Ok(self.read(best, span))
    }

    /// The loops of a comprehension around `leaf`.
    fn clauses(
        &mut self,
        elt: &ast::Expr,
        clauses: &[ast::Clause],
        out: &mut Vec<Stmt>,
        leaf: &mut Leaf,
    ) -> Result<()> {
        let shadows = self.frame.shadows.len();
        let outcome = self.clause(elt, clauses, out, leaf);
        self.frame.shadows.truncate(shadows);
        outcome
    }

    fn clause(
        &mut self,
        elt: &ast::Expr,
        clauses: &[ast::Clause],
        out: &mut Vec<Stmt>,
        leaf: &mut Leaf,
    ) -> Result<()> {
        let Some((clause, rest)) = clauses.split_first() else {
            let value = self.expr(elt)?;
            return leaf(self, value, out);
        };
        let span = clause.target.span;
        let over = self.iterable(&clause.iter, out)?;
        let scope = self.frame.scope.clone();
        let names = scope.clause_names(&clause.target);
        self.frame.shadows.extend(names.iter().cloned());
        // The targets are not seen outside, so nothing about them has to be merged; those of the clauses
        // around this one are seen here.
        let mut outer = Bits::all(scope.names.len());
        names.iter().for_each(|(_, id)| outer.remove(*id));
        let live = Live { header: outer.clone(), after: outer, assigned: Bits::default() };
        let each = |cx: &mut Self, item: Expr, out: &mut Vec<Stmt>| {
            cx.assign_target(&clause.target, item, out)?;
            cx.conditions(&clause.conditions, elt, rest, span, out, leaf)
        };
        self.iterate(over, span, live, out, each)
    }

    /// `if` clauses, then the inner loops.
    fn conditions(
        &mut self,
        conditions: &[ast::Expr],
        elt: &ast::Expr,
        rest: &[ast::Clause],
        span: Span,
        out: &mut Vec<Stmt>,
        leaf: &mut Leaf,
    ) -> Result<()> {
        let Some((condition, others)) = conditions.split_first() else {
            return self.clause(elt, rest, out, leaf);
        };
        match self.test(condition)? {
            Test::Known(false) => Ok(()),
            Test::Known(true) => self.conditions(others, elt, rest, span, out, leaf),
            Test::Dynamic(test) => {
                let mut then = Vec::new();
                self.conditions(others, elt, rest, span, &mut then, leaf)?;
                out.push(Stmt { kind: StmtKind::If { test, then, orelse: Vec::new() }, span });
                Ok(())
            }
        }
    }
}

fn float_op(op: BinaryOp, lhs: Expr, rhs: Expr, span: Span) -> Expr {
    Expr::new(ExprKind::Binary { op, lhs, rhs }, Type::FLOAT, span)
}
