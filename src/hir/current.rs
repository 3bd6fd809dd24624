//! Part of the verifier: what is read of a name is its present value.
//!
//! In: a function. Out: complaints. A name that may hold values of several types has a local for each type, and one for
//! what they are promoted to where paths meet; each path into that place has to assign it. Invariant: every path is
//! followed; of a name whose types are told apart at run time only the locals without a tag are looked at.
//!
//! ```text
//! x.0 = 1; if c: x.1 = 0.5 else: pass     # x.1 is out of date on the second path:
//! return x.1                              # `x.1 = float(x.0)` is missing there
//! ```

use crate::hir::{Const, Expr, ExprKind, Function, LocalId, Prim, Program, Role, Stmt, StmtKind, walk};
use crate::types::Type;
use std::collections::BTreeSet;

/// The complaints about a function, each once.
pub fn check(program: &Program, func: &Function) -> BTreeSet<String> {
    let tagged = func.locals.iter().filter_map(|local| match local.role {
        Role::Tag(variant) => Some(variant),
        Role::Own | Role::Name(_) | Role::Bound(_) => None,
    });
    let mut check =
        Check { program, func, tagged: tagged.collect(), loops: Vec::new(), errors: BTreeSet::new() };
    check.block(&func.body, Some(vec![false; func.locals.len()]));
    check.errors
}

/// For each local, whether its name may have been given a value since that is not in it; `None` where no path leads.
type State = Option<Vec<bool>>;

/// The states in which a loop is left by `break`, and those in which `continue` goes on.
#[derive(Default)]
struct Exits {
    breaks: State,
    continues: State,
}

struct Check<'a> {
    program: &'a Program,
    func: &'a Function,
    /// Locals that are read only where a tag says that they hold the value.
    tagged: BTreeSet<LocalId>,
    loops: Vec<Exits>,
    errors: BTreeSet<String>,
}

fn join(a: State, b: State) -> State {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.into_iter().zip(b).map(|(a, b)| a | b).collect()),
        (Some(only), None) | (None, Some(only)) => Some(only),
        (None, None) => None,
    }
}

impl Check<'_> {
    fn role(&self, local: LocalId) -> Role {
        self.func.locals[local.0 as usize].role
    }

    fn block(&mut self, block: &[Stmt], mut state: State) -> State {
        for stmt in block {
            state = self.stmt(stmt, state);
        }
        state
    }

    fn stmt(&mut self, stmt: &Stmt, state: State) -> State {
        match &stmt.kind {
            StmtKind::Assign { local, value } => {
                let state = self.expr(value, state);
                self.assign(*local, value, state)
            }
            StmtKind::If { test, then, orelse } => {
                let state = self.expr(test, state);
                let (mut first, mut second) = (state.clone(), state);
                if let ExprKind::Const(Const::Bool(known)) = *test.kind {
                    *(if known { &mut second } else { &mut first }) = None;
                }
                // Without a value nothing is out of date.
                if let ExprKind::Local { local, .. } = *test.kind
                    && let Role::Bound(name) = self.role(local)
                {
                    self.clear(name, &mut second);
                }
                join(self.block(then, first), self.block(orelse, second))
            }
            StmtKind::While { test, body, orelse } => {
                let endless = matches!(*test.kind, ExprKind::Const(Const::Bool(true)));
                self.looping(state, body, orelse, endless, &mut |check, state| check.expr(test, state))
            }
            StmtKind::For { counter, start, stop, step, body, orelse, .. } => {
                let state = [start, stop, step].into_iter().fold(state, |state, e| self.expr(e, state));
                let counter = *counter;
                self.looping(state, body, orelse, false, &mut |check, state| {
                    check.assign(counter, start, state)
                })
            }
            StmtKind::Break => {
                let exits = self.loops.last_mut().expect("checked by the verifier");
                exits.breaks = join(exits.breaks.take(), state);
                None
            }
            StmtKind::Continue => {
                let exits = self.loops.last_mut().expect("checked by the verifier");
                exits.continues = join(exits.continues.take(), state);
                None
            }
            StmtKind::Return(_) | StmtKind::Raise { .. } => {
                self.values(stmt, state);
                None
            }
            StmtKind::Expr(value) => {
                let state = self.expr(value, state);
                if self.never(value) { None } else { state }
            }
            StmtKind::StoreElement { .. } | StmtKind::CopyInto { .. } | StmtKind::Print { .. } => {
                self.values(stmt, state)
            }
        }
    }

    fn never(&self, value: &Expr) -> bool {
        let callee = if let ExprKind::Call { func, .. } = *value.kind { Some(func) } else { None };
        value.ty == Type::Never
            || callee.is_some_and(|func| self.program.funcs[func.0 as usize].result == Type::Never)
    }

    fn values(&mut self, stmt: &Stmt, mut state: State) -> State {
        let mut found = Vec::new();
        walk::expressions(stmt, &mut |value| found.push(value));
        for value in found {
            state = self.expr(value, state);
        }
        state
    }

    fn looping(
        &mut self,
        mut state: State,
        body: &[Stmt],
        orelse: &[Stmt],
        endless: bool,
        head: &mut dyn FnMut(&mut Self, State) -> State,
    ) -> State {
        loop {
            let start = head(self, state.clone());
            self.loops.push(Exits::default());
            let end = self.block(body, start.clone());
            let exits = self.loops.pop().expect("pushed above");
            let next = join(state.clone(), join(end, exits.continues));
            if next != state {
                state = next;
                continue;
            }
            // `for` leaves its counter alone when it ends; it is nobody's name.
            let over = if endless { None } else { start };
            return join(self.block(orelse, over), exits.breaks);
        }
    }

    /// The locals of a name.
    fn named(&self, name: u32) -> impl Iterator<Item = usize> {
        let locals = self.func.locals.iter().enumerate();
        locals.filter(move |(_, local)| local.role == Role::Name(name)).map(|(k, _)| k)
    }

    fn clear(&self, name: u32, state: &mut State) {
        if let Some(old) = state {
            self.named(name).for_each(|k| old[k] = false);
        }
    }

    fn assign(&self, local: LocalId, value: &Expr, mut state: State) -> State {
        let (Role::Name(name), Some(old)) = (self.role(local), &mut state) else { return state };
        let own = local.0 as usize;
        match source(value).filter(|source| self.role(*source) == Role::Name(name)) {
            Some(source) => old[own] = old[source.0 as usize] && !self.tagged.contains(&source),
            None => self.named(name).for_each(|k| old[k] = k != own),
        }
        state
    }

    fn expr(&mut self, value: &Expr, mut state: State) -> State {
        match &*value.kind {
            ExprKind::Local { local, .. } => {
                let late = state.as_ref().is_some_and(|state| state[local.0 as usize]);
                if late && !self.tagged.contains(local) {
                    let name = &self.func.locals[local.0 as usize].name;
                    self.errors
                        .insert(format!("local {} ({name}) may be out of date where it is read", local.0));
                }
                state
            }
            ExprKind::Seq { stmts, value } => {
                state = self.block(stmts, state);
                self.expr(value, state)
            }
            ExprKind::IfExp { test, then, orelse } => {
                let state = self.expr(test, state);
                join(self.expr(then, state.clone()), self.expr(orelse, state))
            }
            ExprKind::And(first, second) | ExprKind::Or(first, second) => {
                let state = self.expr(first, state);
                join(state.clone(), self.expr(second, state))
            }
            ExprKind::Const(_)
            | ExprKind::Unit
            | ExprKind::Hidden(_)
            | ExprKind::MapArg(_)
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
            | ExprKind::Map { .. }
            | ExprKind::Call { .. }
            | ExprKind::Prim { .. } => {
                let mut found = Vec::new();
                walk::children(value, &mut |child| found.push(child));
                found.into_iter().fold(state, |state, child| self.expr(child, state))
            }
        }
    }
}

/// The local whose value an expression promotes.
fn source(value: &Expr) -> Option<LocalId> {
    if let ExprKind::Local { local, .. } = *value.kind {
        Some(local)
    } else if let ExprKind::Convert { arg, .. } = &*value.kind {
        source(arg)
    } else if let ExprKind::Prim { prim: Prim::Retype, args } = &*value.kind {
        source(&args[0])
    } else if let ExprKind::Item { tuple, .. } = &*value.kind {
        source(tuple)
    } else if let ExprKind::Tuple(items) = &*value.kind {
        items.first().and_then(source)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Span;
    use crate::hir::{Convert, LocalData};
    use crate::types::Scalar;

    const INT: LocalId = LocalId(1);
    const FLOAT: LocalId = LocalId(2);

    fn at(kind: StmtKind) -> Stmt {
        Stmt { kind, span: Span::default() }
    }

    fn expr(kind: ExprKind, ty: Type) -> Expr {
        Expr::new(kind, ty, Span::default())
    }

    fn read(local: LocalId, ty: Type) -> Expr {
        expr(ExprKind::Local { local, bound: None }, ty)
    }

    fn assign(local: LocalId, value: Expr) -> Stmt {
        at(StmtKind::Assign { local, value })
    }

    /// `x = 0.5`, then `then` if the first parameter says so, then `x` as a float is returned.
    fn complaints(then: Vec<Stmt>) -> BTreeSet<String> {
        let local = |name: &str, ty, role| LocalData { name: name.to_owned(), ty, role };
        let half = expr(ExprKind::Const(Const::Float(0.5)), Type::FLOAT);
        let body = vec![
            assign(FLOAT, half),
            at(StmtKind::If { test: read(LocalId(0), Type::BOOL), then, orelse: Vec::new() }),
            at(StmtKind::Return(read(FLOAT, Type::FLOAT))),
        ];
        let func = Function {
            name: "f".to_owned(),
            source: 0,
            text: "".into(),
            params: 1,
            locals: vec![
                local("c", Type::BOOL, Role::Name(0)),
                local("x", Type::INT, Role::Name(1)),
                local("x", Type::FLOAT, Role::Name(1)),
            ],
            result: Type::FLOAT,
            body,
            recursive: false,
            span: Span::default(),
        };
        let program = Program { funcs: vec![func], hidden: Vec::new(), python_minor: 11, sources: 1 };
        check(&program, &program.funcs[0])
    }

    fn one() -> Stmt {
        assign(INT, expr(ExprKind::Const(Const::Int(1)), Type::INT))
    }

    #[test]
    fn an_edge_without_the_promotion_is_found() {
        assert_eq!(complaints(vec![one()]).len(), 1);
    }

    #[test]
    fn an_edge_with_the_promotion_is_fine() {
        let kind = ExprKind::Convert { kind: Convert::Cast, arg: read(INT, Type::INT) };
        let promoted = expr(kind, Type::Scalar(Scalar::Float));
        assert_eq!(complaints(vec![one(), assign(FLOAT, promoted)]), BTreeSet::new());
    }

    #[test]
    fn an_edge_that_leads_elsewhere_is_fine() {
        let seven = expr(ExprKind::Const(Const::Float(7.0)), Type::FLOAT);
        assert_eq!(complaints(vec![one(), at(StmtKind::Return(seven))]), BTreeSet::new());
    }
}
