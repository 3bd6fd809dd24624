//! The names of one function: which are local, which are free, and where each is still needed (`liveness.rs`).
//!
//! In: `ast::Function`. Out: `Scope`, read by the whole of `infer`. Liveness decides what has to be
//! merged where paths meet: a name that nobody reads later needs no common type. Invariant: `live` has an
//! entry for each `If`, `While`, `For` and `Match` of the function, by the address of the statement in the
//! tree, which outlives the scope's use.

use crate::ast::walk::{children, each_block, each_expr, exprs_of_target, names_of_pattern, names_of_target};
use crate::ast::{Expr, ExprKind, Function, Stmt, StmtKind, Target};
use crate::infer::liveness;
use rustc_hash::FxHashMap;

/// Index of a local name in `Scope::names`.
pub type NameId = u32;

/// A set of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// All of the first `count` names.
    pub fn all(count: usize) -> Bits {
        Bits(vec![u64::MAX; count.div_ceil(64)])
    }
    pub fn contains(&self, id: NameId) -> bool {
        self.0.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 == 1)
    }
    pub fn insert(&mut self, id: NameId) {
        let word = id as usize / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (id % 64);
    }
    pub fn remove(&mut self, id: NameId) {
        if let Some(word) = self.0.get_mut(id as usize / 64) {
            *word &= !(1 << (id % 64));
        }
    }
    /// Adds the members of `other`; true if there were new ones.
    pub fn union(&mut self, other: &Bits) -> bool {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut grown = false;
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            grown |= more & !*word != 0;
            *word |= more;
        }
        grown
    }
    pub fn clear(&mut self) {
        self.0.fill(0);
    }
}

/// What a statement with several paths needs to know.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// Names read later when control stands at the head of the loop (loops only).
    pub header: Bits,
    /// Names read after the statement.
    pub after: Bits,
    /// Names assigned anywhere in the statement.
    pub assigned: Bits,
}

#[derive(Debug, Default)]
pub struct Scope {
    /// Local names; the parameters come first.
    pub names: Vec<String>,
    index: FxHashMap<String, NameId>,
    /// Names read here or in inner functions that are not local.
    pub free: Vec<String>,
    /// Some expression assigns a name.
    pub has_walrus: bool,
    /// Names that a loop assigns.
    pub looped: Bits,
    pub(super) live: FxHashMap<usize, Live>,
    /// Names of comprehension targets, by the address of the target.
    targets: FxHashMap<usize, Vec<(String, NameId)>>,
}

/// What happens to names in an expression, in the order of evaluation.
pub(super) enum Event<'e> {
    Use(&'e str),
    /// A walrus; true if it may be skipped.
    Assign(&'e str, bool),
    Inner(&'e Function),
}

pub(super) fn address<T>(item: &T) -> usize {
    std::ptr::from_ref(item) as usize
}

impl Scope {
    pub fn new(function: &Function) -> Scope {
        let mut scope = Scope::default();
        for param in &function.params {
            scope.local(&param.name);
        }
        collect_assigned(&function.body, &mut scope);
        let mut free = Vec::new();
        uses_of_block(&function.body, &mut |name| {
            if !scope.index.contains_key(name) && !free.iter().any(|known| known == name) {
                free.push(name.to_string());
            }
        });
        scope.free = free;
        liveness::compute(&mut scope, &function.body);
        scope
    }

    fn local(&mut self, name: &str) -> NameId {
        if let Some(id) = self.index.get(name) {
            return *id;
        }
        let id = self.names.len() as NameId;
        self.names.push(name.to_string());
        self.index.insert(name.to_string(), id);
        id
    }

    pub fn id(&self, name: &str) -> Option<NameId> {
        self.index.get(name).copied()
    }

    pub fn name(&self, id: NameId) -> &str {
        &self.names[id as usize]
    }

    /// Liveness at an `If`, a loop or a `Match`.
    pub fn live(&self, stmt: &Stmt) -> &Live {
        self.live.get(&address(stmt)).expect("liveness was computed for every branching statement")
    }

    /// Names read after the statement, if it is an `If`, a loop or a `Match`.
    pub fn live_after(&self, stmt: &Stmt) -> Option<&Bits> {
        self.live.get(&address(stmt)).map(|live| &live.after)
    }

    /// The names that a clause of a comprehension binds, with ids of their own.
    pub fn clause_names(&self, target: &Target) -> &[(String, NameId)] {
        self.targets.get(&address(target)).map_or(&[], |names| names)
    }
}

/// Registers the local names of a block: assigned by statements or by walruses, and comprehension targets.
fn collect_assigned(block: &[Stmt], scope: &mut Scope) {
    for stmt in block {
        let mut exprs: Vec<&Expr> = Vec::new();
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                exprs.push(value);
                for target in targets {
                    names_of_target(target, &mut |name| {
                        scope.local(name);
                    });
                    exprs_of_target(target, &mut |e| exprs.push(e));
                }
            }
            StmtKind::AugAssign { target, value, .. } => {
                exprs.push(value);
                names_of_target(target, &mut |name| {
                    scope.local(name);
                });
                exprs_of_target(target, &mut |e| exprs.push(e));
            }
            StmtKind::Expr(value) => exprs.push(value),
            StmtKind::If { test, then, orelse } | StmtKind::While { test, body: then, orelse } => {
                exprs.push(test);
                collect_assigned(then, scope);
                collect_assigned(orelse, scope);
            }
            StmtKind::For { target, iter, body, orelse } => {
                exprs.push(iter);
                names_of_target(target, &mut |name| {
                    scope.local(name);
                });
                collect_assigned(body, scope);
                collect_assigned(orelse, scope);
            }
            StmtKind::Match { subject, cases } => {
                exprs.push(subject);
                for case in cases {
                    names_of_pattern(&case.pattern, &mut |name| {
                        scope.local(name);
                    });
                    exprs.extend(&case.guard);
                    collect_assigned(&case.body, scope);
                }
            }
            StmtKind::Return(value) | StmtKind::Raise(value) => exprs.extend(value),
            StmtKind::Assert { test, message } => {
                exprs.push(test);
                exprs.extend(message);
            }
            StmtKind::Delete(targets) => {
                for target in targets {
                    names_of_target(target, &mut |name| {
                        scope.local(name);
                    });
                }
            }
            StmtKind::Def(function) => {
                scope.local(&function.name);
                exprs.extend(function.params.iter().filter_map(|p| p.default.as_ref()));
            }
            StmtKind::Break | StmtKind::Continue | StmtKind::Pass => {}
        }
        for expr in exprs {
            comprehensions(expr, scope);
            events(expr, false, &mut Vec::new(), &mut |event| {
                if let Event::Assign(name, _) = event {
                    scope.local(name);
                    scope.has_walrus = true;
                }
            });
        }
    }
}

/// Gives the targets of the comprehensions in an expression names of their own.
fn comprehensions(expr: &Expr, scope: &mut Scope) {
    if let ExprKind::Generator { clauses, .. } = &expr.kind {
        for clause in clauses {
            let mut names = Vec::new();
            names_of_target(&clause.target, &mut |name| {
                let id = scope.names.len() as NameId;
                scope.names.push(name.to_string());
                names.push((name.to_string(), id));
            });
            scope.targets.insert(address(&clause.target), names);
        }
    }
    children(expr, &mut |child| comprehensions(child, scope));
}

/// The events of an expression. `hidden` are the names that enclosing comprehensions bind.
pub(super) fn events<'e>(
    expr: &'e Expr,
    conditional: bool,
    hidden: &mut Vec<&'e str>,
    found: &mut dyn FnMut(Event<'e>),
) {
    match &expr.kind {
        ExprKind::Name(name) => {
            if !hidden.contains(&name.as_str()) {
                found(Event::Use(name));
            }
        }
        ExprKind::Named { name, value } => {
            events(value, conditional, hidden, found);
            found(Event::Assign(name, conditional));
        }
        ExprKind::Logical { operands, .. } => {
            for (k, operand) in operands.iter().enumerate() {
                events(operand, conditional || k > 0, hidden, found);
            }
        }
        ExprKind::Compare { left, rest } => {
            events(left, conditional, hidden, found);
            for (k, (_, item)) in rest.iter().enumerate() {
                events(item, conditional || k > 0, hidden, found);
            }
        }
        ExprKind::IfExp { test, then, orelse } => {
            events(test, conditional, hidden, found);
            events(then, true, hidden, found);
            events(orelse, true, hidden, found);
        }
        ExprKind::Lambda(function) => {
            children(expr, &mut |child| events(child, conditional, hidden, found));
            found(Event::Inner(function));
        }
        ExprKind::Generator { elt, clauses } => {
            let outer = hidden.len();
            for clause in clauses {
                events(&clause.iter, true, hidden, found);
                names_of_target(&clause.target, &mut |name| hidden.push(name));
                for condition in &clause.conditions {
                    events(condition, true, hidden, found);
                }
            }
            events(elt, true, hidden, found);
            hidden.truncate(outer);
        }
        ExprKind::Constant(_)
        | ExprKind::Attribute { .. }
        | ExprKind::Unary { .. }
        | ExprKind::Binary { .. }
        | ExprKind::Call { .. }
        | ExprKind::Subscript { .. }
        | ExprKind::Slice { .. }
        | ExprKind::Tuple(_)
        | ExprKind::List(_)
        | ExprKind::Starred(_)
        | ExprKind::FString(_) => children(expr, &mut |child| events(child, conditional, hidden, found)),
    }
}

/// The free names of an inner function: read in it, or in functions inside it, and not its own.
pub fn free_names(function: &Function) -> Vec<String> {
    let mut own = Scope::default();
    function.params.iter().for_each(|param| {
        own.local(&param.name);
    });
    collect_assigned(&function.body, &mut own);
    let mut free: Vec<String> = Vec::new();
    uses_of_block(&function.body, &mut |name| {
        if own.id(name).is_none() && !free.iter().any(|known| known == name) {
            free.push(name.to_string());
        }
    });
    free
}

/// Names read in an expression, free names of lambdas included.
pub fn uses_of_expr(expr: &Expr, found: &mut dyn FnMut(&str)) {
    events(expr, false, &mut Vec::new(), &mut |event| match event {
        Event::Use(name) => found(name),
        Event::Assign(..) => {}
        Event::Inner(function) => free_names(function).iter().for_each(|name| found(name)),
    });
}

/// Names read in a block, free names of inner functions included.
pub fn uses_of_block(block: &[Stmt], found: &mut dyn FnMut(&str)) {
    for stmt in block {
        each_expr(stmt, &mut |expr| uses_of_expr(expr, found));
        match &stmt.kind {
            StmtKind::AugAssign { target, .. } => names_of_target(target, &mut |name| found(name)),
            StmtKind::Def(function) => free_names(function).iter().for_each(|name| found(name)),
            StmtKind::Assign { .. }
            | StmtKind::Expr(_)
            | StmtKind::If { .. }
            | StmtKind::While { .. }
            | StmtKind::For { .. }
            | StmtKind::Match { .. }
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Pass
            | StmtKind::Return(_)
            | StmtKind::Raise(_)
            | StmtKind::Assert { .. }
            | StmtKind::Delete(_) => {}
        }
        each_block(stmt, &mut |inner| uses_of_block(inner, found));
    }
}

/// Names that a statement itself assigns (walruses included), not the blocks inside it.
pub fn assigned_by(stmt: &Stmt, found: &mut dyn FnMut(&str)) {
    match &stmt.kind {
        StmtKind::Assign { targets, .. } | StmtKind::Delete(targets) => {
            targets.iter().for_each(|target| names_of_target(target, &mut |name| found(name)));
        }
        StmtKind::AugAssign { target, .. } | StmtKind::For { target, .. } => {
            names_of_target(target, &mut |name| found(name));
        }
        StmtKind::Def(function) => found(&function.name),
        StmtKind::Match { cases, .. } => {
            cases.iter().for_each(|case| names_of_pattern(&case.pattern, &mut |name| found(name)));
        }
        StmtKind::Expr(_)
        | StmtKind::If { .. }
        | StmtKind::While { .. }
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Pass
        | StmtKind::Return(_)
        | StmtKind::Raise(_)
        | StmtKind::Assert { .. } => {}
    }
    each_expr(stmt, &mut |expr| {
        events(expr, false, &mut Vec::new(), &mut |event| {
            if let Event::Assign(name, _) = event {
                found(name);
            }
        });
    });
}
