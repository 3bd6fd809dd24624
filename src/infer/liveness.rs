//! Where each name of a function is still needed.
//!
//! In: the names of a `Scope`, the statements. Out: `Scope::live`. Invariant: every `If`, `While`, `For` and `Match`
//! has an entry, which holds for the last of the rounds that a loop is walked.

use crate::ast::walk::{
    each_block, each_expr, exprs_of_target, names_of_pattern, names_of_target, values_of_pattern,
};
use crate::ast::{Expr, Stmt, StmtKind, Target};
use crate::infer::scope::{Bits, Event, Live, Scope, address, assigned_by, events, free_names};

/// Fills in `scope.live` and `scope.looped` for a function's body.
pub(super) fn compute(scope: &mut Scope, body: &[Stmt]) {
    Liveness { scope, loops: Vec::new() }.block(body, &mut Bits::default());
}

/// Backward walk that computes `Scope::live`.
struct Liveness<'s> {
    scope: &'s mut Scope,
    /// Live names at the head and after each enclosing loop.
    loops: Vec<(Bits, Bits)>,
}

impl Liveness<'_> {
    fn block(&mut self, block: &[Stmt], live: &mut Bits) {
        for stmt in block.iter().rev() {
            self.stmt(stmt, live);
        }
    }

    fn read(&self, name: &str, live: &mut Bits) {
        if let Some(id) = self.scope.id(name) {
            live.insert(id);
        }
    }

    fn write(&self, name: &str, live: &mut Bits) {
        if let Some(id) = self.scope.id(name) {
            live.remove(id);
        }
    }

    fn expr(&self, expr: &Expr, live: &mut Bits) {
        let mut trail = Vec::new();
        events(expr, false, &mut Vec::new(), &mut |event| trail.push(event));
        for event in trail.iter().rev() {
            match event {
                Event::Use(name) => self.read(name, live),
                Event::Assign(name, conditional) => {
                    if !conditional {
                        self.write(name, live);
                    }
                }
                Event::Inner(function) => {
                    free_names(function).iter().for_each(|name| self.read(name, live));
                }
            }
        }
    }

    fn target(&self, target: &Target, live: &mut Bits) {
        names_of_target(target, &mut |name| self.write(name, live));
        exprs_of_target(target, &mut |e| self.expr(e, live));
    }

    fn record(&mut self, stmt: &Stmt, header: Bits, after: Bits) {
        let mut assigned = Bits::default();
        self.assigned_in(std::slice::from_ref(stmt), &mut assigned);
        if matches!(stmt.kind, StmtKind::While { .. } | StmtKind::For { .. }) {
            self.scope.looped.union(&assigned);
        }
        self.scope.live.insert(address(stmt), Live { header, after, assigned });
    }

    fn assigned_in(&self, block: &[Stmt], assigned: &mut Bits) {
        for stmt in block {
            assigned_by(stmt, &mut |name| self.read(name, assigned));
            each_block(stmt, &mut |inner| self.assigned_in(inner, assigned));
        }
    }

    fn stmt(&mut self, stmt: &Stmt, live: &mut Bits) {
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                targets.iter().rev().for_each(|target| self.target(target, live));
                self.expr(value, live);
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.target(target, live);
                self.expr(value, live);
                names_of_target(target, &mut |name| self.read(name, live));
            }
            StmtKind::Expr(value) => self.expr(value, live),
            StmtKind::If { test, then, orelse } => {
                let after = live.clone();
                let mut other = after.clone();
                self.block(then, live);
                self.block(orelse, &mut other);
                live.union(&other);
                self.expr(test, live);
                self.record(stmt, Bits::default(), after);
            }
            StmtKind::While { test, body, orelse } => {
                let after = live.clone();
                self.block(orelse, live);
                let exhausted = live.clone();
                self.expr(test, live);
                let header = self.loop_header(stmt, live, &after, |this, live| {
                    this.block(body, live);
                    live.union(&exhausted);
                    this.expr(test, live);
                });
                *live = header.clone();
                self.record(stmt, header, after);
            }
            StmtKind::For { target, iter, body, orelse } => {
                let after = live.clone();
                self.block(orelse, live);
                let header = self.loop_header(stmt, live, &after, |this, live| {
                    this.block(body, live);
                    this.target(target, live);
                });
                *live = header.clone();
                self.expr(iter, live);
                self.record(stmt, header, after);
            }
            StmtKind::Match { subject, cases } => {
                let after = live.clone();
                for case in cases.iter().rev() {
                    let mut arm = after.clone();
                    self.block(&case.body, &mut arm);
                    if let Some(guard) = &case.guard {
                        self.expr(guard, &mut arm);
                    }
                    names_of_pattern(&case.pattern, &mut |name| self.write(name, &mut arm));
                    live.union(&arm);
                    values_of_pattern(&case.pattern, &mut |value| self.expr(value, live));
                }
                self.expr(subject, live);
                self.record(stmt, Bits::default(), after);
            }
            StmtKind::Break => *live = self.loops.last().map(|l| l.1.clone()).unwrap_or_default(),
            StmtKind::Continue => *live = self.loops.last().map(|l| l.0.clone()).unwrap_or_default(),
            StmtKind::Return(value) | StmtKind::Raise(value) => {
                live.clear();
                if let Some(value) = value {
                    self.expr(value, live);
                }
            }
            StmtKind::Assert { test, message } => {
                if let Some(message) = message {
                    self.expr(message, live);
                }
                self.expr(test, live);
            }
            StmtKind::Delete(targets) => {
                for target in targets {
                    names_of_target(target, &mut |name| self.read(name, live));
                }
            }
            StmtKind::Def(function) => {
                self.write(&function.name, live);
                free_names(function).iter().for_each(|name| self.read(name, live));
                each_expr(stmt, &mut |default| self.expr(default, live));
            }
            StmtKind::Pass => {}
        }
    }

    /// Live names at the head of a loop. `exit` are those live when the loop is exhausted; `round` walks the
    /// body backward from the head. Gen/kill transfer: one round finds the solution; a second one is needed
    /// only so that statements inside see it. It starts from what an earlier round of an enclosing loop found,
    /// so that the rounds of nested loops do not multiply.
    fn loop_header(
        &mut self,
        stmt: &Stmt,
        exit: &Bits,
        after: &Bits,
        round: impl Fn(&mut Self, &mut Bits),
    ) -> Bits {
        let mut header = exit.clone();
        if let Some(earlier) = self.scope.live.get(&address(stmt)) {
            header.union(&earlier.header);
        }
        for _ in 0..2 {
            self.loops.push((header.clone(), after.clone()));
            let mut live = header.clone();
            round(self, &mut live);
            self.loops.pop();
            if !header.union(&live) {
                break;
            }
        }
        header
    }
}
