//! What each statement does to the locals: those it assigns, those it needs, those it overwrites; and
//! whether it has a visible effect.
//!
//! In: the body of a function, the masks of `effect`. Out: `Flow`, one `Facts` for each statement (also
//! for those inside expressions), from which `stmt` decides which locals a branch yields and a loop
//! carries. One pass over the tree. Invariant: `assigned` and `exposed` may name too many locals,
//! `killed` too few.

use crate::hir::walk;
use crate::hir::{Const, Expr, ExprKind, LocalId, Stmt, StmtKind};
use crate::lower::effect::{self, Summary};
use rustc_hash::FxHashMap;

/// A set of locals.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Set(Vec<u64>);

impl Set {
    pub fn insert(&mut self, local: LocalId) {
        let word = local.0 as usize / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (local.0 % 64);
    }
    pub fn contains(&self, local: LocalId) -> bool {
        self.0.get(local.0 as usize / 64).is_some_and(|word| word >> (local.0 % 64) & 1 == 1)
    }
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
    pub fn union(&mut self, other: &Set) {
        if other.0.len() > self.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }
    pub fn subtract(&mut self, other: &Set) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, less)| *word &= !less);
    }
    /// Adds what is in `other` and not in `except`.
    pub fn union_except(&mut self, other: &Set, except: &Set) {
        if other.0.len() > self.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (index, more) in other.0.iter().enumerate() {
            self.0[index] |= more & !except.0.get(index).copied().unwrap_or(0);
        }
    }
    fn intersect(&mut self, other: &Set) {
        self.0.truncate(other.0.len());
        self.0.iter_mut().zip(&other.0).for_each(|(word, common)| *word &= common);
    }
    /// The locals in both sets, in order.
    pub fn common(&self, other: &Set) -> Vec<LocalId> {
        let mut locals = Vec::new();
        for (index, (a, b)) in self.0.iter().zip(&other.0).enumerate() {
            let mut word = a & b;
            while word != 0 {
                locals.push(LocalId(index as u32 * 64 + word.trailing_zeros()));
                word &= word - 1;
            }
        }
        locals
    }
}

/// What a statement (or a list, or an expression) does.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Locals that it may assign.
    pub assigned: Set,
    /// Locals that it may read before it has assigned them.
    pub exposed: Set,
    /// Locals that it has assigned when control comes to its end.
    pub killed: Set,
    /// Control may leave it by a `break` or `continue` of a loop around it.
    pub escapes: bool,
    /// A loop that is left by `break`.
    pub breaks: bool,
    /// Control never comes to its end.
    pub ends: bool,
    /// It may do something that the function's caller can see.
    pub effect: bool,
    /// Its own expressions assign locals (statements inside expressions).
    pub inner: bool,
}

impl Facts {
    /// Adds what happens next.
    fn then(&mut self, next: &Facts) {
        self.exposed.union_except(&next.exposed, &self.killed);
        self.assigned.union(&next.assigned);
        self.killed.union(&next.killed);
        self.escapes |= next.escapes;
        self.effect |= next.effect;
        self.ends |= next.ends;
    }

    /// Adds what may happen next, or not.
    fn maybe(&mut self, next: &Facts) {
        self.exposed.union_except(&next.exposed, &self.killed);
        self.assigned.union(&next.assigned);
        self.escapes |= next.escapes;
        self.effect |= next.effect;
    }
}

/// Facts of all statements of a function.
#[derive(Default)]
pub struct Flow {
    facts: FxHashMap<*const Stmt, Facts>,
}

impl Flow {
    /// Facts of a statement of the function.
    pub fn facts(&self, stmt: &Stmt) -> &Facts {
        &self.facts[&std::ptr::from_ref(stmt)]
    }

    /// Locals assigned by a list of statements.
    pub fn assigned(&self, stmts: &[Stmt]) -> Set {
        let mut set = Set::default();
        stmts.iter().for_each(|stmt| set.union(&self.facts(stmt).assigned));
        set
    }

    /// Locals that the statements inside an expression assign.
    pub fn assigned_inside(&self, expr: &Expr) -> Set {
        fn visit(flow: &Flow, expr: &Expr, set: &mut Set) {
            if let ExprKind::Seq { stmts, .. } = &*expr.kind {
                set.union(&flow.assigned(stmts));
            }
            walk::children(expr, &mut |child| visit(flow, child, set));
        }
        let mut set = Set::default();
        visit(self, expr, &mut set);
        set
    }
}

/// Computes the facts of a function's statements. `aliases` are the masks of its locals.
pub fn analyse(body: &[Stmt], aliases: &[u64], summaries: &[Summary]) -> Flow {
    let mut pass = Pass { flow: Flow::default(), aliases, summaries, breaks: false };
    pass.list(body);
    pass.flow
}

struct Pass<'p> {
    flow: Flow,
    aliases: &'p [u64],
    summaries: &'p [Summary],
    /// A `break` of the innermost loop has been met.
    breaks: bool,
}

impl Pass<'_> {
    fn list(&mut self, stmts: &[Stmt]) -> Facts {
        let mut all = Facts::default();
        for stmt in stmts {
            let facts = self.stmt(stmt);
            // After an end nothing runs, but lowering may still ask for the facts of what is there.
            if !all.ends {
                all.then(&facts);
            }
            self.flow.facts.insert(std::ptr::from_ref(stmt), facts);
        }
        all
    }

    fn stmt(&mut self, stmt: &Stmt) -> Facts {
        let mut facts = Facts::default();
        if !matches!(stmt.kind, StmtKind::While { .. }) {
            walk::expressions(stmt, &mut |expr| self.expr(expr, &mut facts));
        }
        facts.inner = !facts.assigned.is_empty();
        match &stmt.kind {
            StmtKind::Assign { local, .. } => {
                facts.assigned.insert(*local);
                facts.killed.insert(*local);
            }
            StmtKind::StoreElement { array, .. } | StmtKind::CopyInto { dest: array, .. } => {
                facts.effect |= effect::memories(array, self.aliases, self.summaries) != 0;
            }
            StmtKind::Expr(_) => {}
            StmtKind::If { then, orelse, .. } => {
                let then = self.list(then);
                let mut orelse = self.list(orelse);
                facts.maybe(&then);
                facts.maybe(&orelse);
                if then.ends && orelse.ends {
                    facts.ends = true;
                } else if then.ends {
                    facts.killed.union(&orelse.killed);
                } else if orelse.ends {
                    facts.killed.union(&then.killed);
                } else {
                    orelse.killed.intersect(&then.killed);
                    facts.killed.union(&orelse.killed);
                }
            }
            StmtKind::While { test, body, orelse } => {
                self.expr(test, &mut facts);
                facts.inner = !facts.assigned.is_empty();
                let outer = std::mem::replace(&mut self.breaks, false);
                let body = self.list(body);
                facts.breaks = std::mem::replace(&mut self.breaks, outer);
                facts.maybe(&Facts { escapes: false, ..body });
                let orelse = self.list(orelse);
                facts.maybe(&orelse);
                facts.ends = is_true(test) && !facts.breaks;
            }
            StmtKind::For { counter, body, orelse, .. } => {
                let outer = std::mem::replace(&mut self.breaks, false);
                let mut body = self.list(body);
                facts.breaks = std::mem::replace(&mut self.breaks, outer);
                let mut own = Set::default();
                own.insert(*counter);
                body.exposed.subtract(&own);
                facts.assigned.insert(*counter);
                // What the range killed, an iteration may have assigned again: all of it is needed.
                facts.exposed.union(&body.exposed);
                facts.maybe(&Facts { escapes: false, ..body });
                let orelse = self.list(orelse);
                facts.maybe(&orelse);
            }
            StmtKind::Break => {
                self.breaks = true;
                facts.escapes = true;
                facts.ends = true;
            }
            StmtKind::Continue => {
                facts.escapes = true;
                facts.ends = true;
            }
            StmtKind::Return(_) | StmtKind::Raise { .. } => facts.ends = true,
            StmtKind::Print { .. } => facts.effect = true,
        }
        facts
    }

    fn expr(&mut self, expr: &Expr, facts: &mut Facts) {
        match &*expr.kind {
            ExprKind::Local { local, bound } => {
                for read in [Some(*local), *bound].into_iter().flatten() {
                    if !facts.killed.contains(read) {
                        facts.exposed.insert(read);
                    }
                }
            }
            ExprKind::Seq { stmts, value } => {
                let inner = self.list(stmts);
                facts.then(&inner);
                self.expr(value, facts);
            }
            ExprKind::IfExp { test, then, orelse } => {
                self.expr(test, facts);
                self.arm(then, facts);
                self.arm(orelse, facts);
            }
            ExprKind::And(first, second) | ExprKind::Or(first, second) => {
                self.expr(first, facts);
                self.arm(second, facts);
            }
            ExprKind::Map { inputs, body } => {
                inputs.iter().for_each(|input| self.expr(input, facts));
                self.arm(body, facts);
            }
            ExprKind::Call { func, args } => {
                args.iter().for_each(|arg| self.expr(arg, facts));
                facts.effect |= call_effect(func.0 as usize, args, self.aliases, self.summaries);
            }
            ExprKind::Const(_)
            | ExprKind::Unit
            | ExprKind::Hidden(_)
            | ExprKind::Convert { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::Compare { .. }
            | ExprKind::Truth(_)
            | ExprKind::Math { .. }
            | ExprKind::Tuple(_)
            | ExprKind::Item { .. }
            | ExprKind::ItemAt { .. }
            | ExprKind::Real(_)
            | ExprKind::Imag(_)
            | ExprKind::MakeComplex { .. }
            | ExprKind::Element { .. }
            | ExprKind::View { .. }
            | ExprKind::ArrayAttr { .. }
            | ExprKind::Transpose(_)
            | ExprKind::Permute { .. }
            | ExprKind::Reshape { .. }
            | ExprKind::ComplexPart { .. }
            | ExprKind::Alloc { .. }
            | ExprKind::MapArg(_)
            | ExprKind::Prim { .. } => walk::children(expr, &mut |child| self.expr(child, facts)),
        }
    }

    /// An expression that may not be evaluated.
    fn arm(&mut self, expr: &Expr, facts: &mut Facts) {
        let mut arm = Facts { killed: facts.killed.clone(), ..Facts::default() };
        self.expr(expr, &mut arm);
        facts.exposed.union(&arm.exposed);
        facts.assigned.union(&arm.assigned);
        facts.effect |= arm.effect;
    }
}

/// The constant true: a `while` on it is left by `break` only.
pub fn is_true(test: &Expr) -> bool {
    matches!(&*test.kind, ExprKind::Const(Const::Bool(true)))
}

/// True if the caller of the function that makes this call can see an effect of it.
pub fn call_effect(func: usize, args: &[Expr], aliases: &[u64], summaries: &[Summary]) -> bool {
    let callee = summaries[func];
    callee.other || effect::translate(callee.writes, args, aliases, summaries) != 0
}
