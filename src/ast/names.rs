//! Which names a function binds, and which it takes from outside, by Python's scoping rules.
//!
//! In: `ast::Function`. Out: sorted names. Invariant: a name bound anywhere in a function is local to all
//! of it; a comprehension has a scope of its own for its targets, except for `:=`.

use crate::ast::{
    Clause, Expr, ExprKind, FStringPart, Function, Pattern, PatternKind, Stmt, StmtKind, Target, TargetKind,
};
use crate::diag::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The names local to `function` (parameters included), each with the first place that binds it.
pub fn bindings(function: &Function) -> BTreeMap<String, Span> {
    let mut bound = Bound::default();
    for param in &function.params {
        bound.bind(&param.name, param.span);
    }
    bound.block(&function.body);
    bound.0.into_iter().map(|(name, span)| (name.to_owned(), span)).collect()
}

/// The names that `function` and the functions inside it take from outside, sorted. The defaults of its
/// own parameters do not count: they were evaluated when the function was made.
pub fn free_names(function: &Function) -> Vec<String> {
    let roots: BTreeSet<String> = free_paths(function)
        .into_iter()
        .map(|path| path.split('.').next().expect("split gives one part at least").to_owned())
        .collect();
    roots.into_iter().collect()
}

/// As `free_names`, with the attributes that follow each name: `np.linalg.norm`, `config.size`, `x`.
pub fn free_paths(function: &Function) -> Vec<String> {
    let mut free = Free::default();
    free.function(function);
    free.paths.into_iter().collect()
}

#[derive(Default)]
struct Bound<'a>(BTreeMap<&'a str, Span>);

impl<'a> Bound<'a> {
    fn bind(&mut self, name: &'a str, span: Span) {
        self.0.entry(name).or_insert(span);
    }

    fn block(&mut self, body: &'a [Stmt]) {
        for stmt in body {
            match &stmt.kind {
                StmtKind::Assign { targets, value } => {
                    targets.iter().for_each(|target| self.target(target));
                    self.expr(value);
                }
                StmtKind::AugAssign { target, value, .. } => {
                    self.target(target);
                    self.expr(value);
                }
                StmtKind::Expr(value) => self.expr(value),
                StmtKind::If { test, then, orelse } => {
                    self.expr(test);
                    self.block(then);
                    self.block(orelse);
                }
                StmtKind::While { test, body, orelse } => {
                    self.expr(test);
                    self.block(body);
                    self.block(orelse);
                }
                StmtKind::For { target, iter, body, orelse } => {
                    self.target(target);
                    self.expr(iter);
                    self.block(body);
                    self.block(orelse);
                }
                StmtKind::Match { subject, cases } => {
                    self.expr(subject);
                    for case in cases {
                        self.pattern(&case.pattern);
                        case.guard.iter().for_each(|test| self.expr(test));
                        self.block(&case.body);
                    }
                }
                StmtKind::Break | StmtKind::Continue | StmtKind::Pass => {}
                StmtKind::Return(value) | StmtKind::Raise(value) => {
                    value.iter().for_each(|value| self.expr(value));
                }
                StmtKind::Assert { test, message } => {
                    self.expr(test);
                    message.iter().for_each(|value| self.expr(value));
                }
                StmtKind::Delete(targets) => targets.iter().for_each(|target| self.target(target)),
                StmtKind::Def(function) => {
                    self.bind(&function.name, function.span);
                    function
                        .params
                        .iter()
                        .filter_map(|p| p.default.as_ref())
                        .for_each(|value| self.expr(value));
                }
            }
        }
    }

    fn target(&mut self, target: &'a Target) {
        match &target.kind {
            TargetKind::Name(name) => self.bind(name, target.span),
            TargetKind::Subscript { value, index } => {
                self.expr(value);
                self.expr(index);
            }
            TargetKind::Attribute { value, .. } => self.expr(value),
            TargetKind::Tuple(items) => items.iter().for_each(|item| self.target(item)),
            TargetKind::Starred(item) => self.target(item),
        }
    }

    fn pattern(&mut self, pattern: &'a Pattern) {
        match &pattern.kind {
            PatternKind::Value(_) | PatternKind::Singleton(_) => {}
            PatternKind::Capture { pattern: inner, name } => {
                inner.iter().for_each(|inner| self.pattern(inner));
                name.iter().for_each(|name| self.bind(name, pattern.span));
            }
            PatternKind::Or(items) | PatternKind::Sequence(items) => {
                items.iter().for_each(|item| self.pattern(item));
            }
        }
    }

    /// Only `:=` binds inside an expression; the body of a lambda is a scope of its own.
    fn expr(&mut self, expr: &'a Expr) {
        if let ExprKind::Named { name, .. } = &expr.kind {
            self.bind(name, expr.span);
        }
        if let ExprKind::Lambda(function) = &expr.kind {
            function.params.iter().filter_map(|p| p.default.as_ref()).for_each(|value| self.expr(value));
        }
        children(expr, &mut |child| self.expr(child));
    }
}

/// Calls `each` with the expressions directly below `expr`, outside lambdas and targets of comprehensions.
fn children<'a>(expr: &'a Expr, each: &mut dyn FnMut(&'a Expr)) {
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Name(_) | ExprKind::Lambda(_) => {}
        ExprKind::Attribute { value, .. } | ExprKind::Starred(value) | ExprKind::Named { value, .. } => {
            each(value)
        }
        ExprKind::Unary { operand, .. } => each(operand),
        ExprKind::Binary { left, right, .. } => {
            each(left);
            each(right);
        }
        ExprKind::Compare { left, rest } => {
            each(left);
            rest.iter().for_each(|(_, operand)| each(operand));
        }
        ExprKind::Logical { operands, .. } => operands.iter().for_each(each),
        ExprKind::IfExp { test, then, orelse } => {
            each(test);
            each(then);
            each(orelse);
        }
        ExprKind::Call { func, args, keywords } => {
            each(func);
            args.iter().for_each(&mut *each);
            keywords.iter().for_each(|keyword| each(&keyword.value));
        }
        ExprKind::Subscript { value, index } => {
            each(value);
            each(index);
        }
        ExprKind::Slice { lower, upper, step } => {
            [lower, upper, step].into_iter().flatten().for_each(|part| each(part));
        }
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(each),
        ExprKind::Generator { elt, clauses } => {
            for clause in clauses {
                each(&clause.iter);
                clause.conditions.iter().for_each(&mut *each);
            }
            each(elt);
        }
        ExprKind::FString(parts) => {
            for part in parts {
                match part {
                    FStringPart::Text(_) => {}
                    FStringPart::Value { value, .. } => each(value),
                }
            }
        }
    }
}

#[derive(Default)]
struct Free {
    scopes: Vec<BTreeSet<String>>,
    paths: BTreeSet<String>,
}

impl Free {
    fn function(&mut self, function: &Function) {
        self.scopes.push(bindings(function).into_keys().collect());
        self.block(&function.body);
        self.scopes.pop();
    }

    fn inner_function(&mut self, function: &Function) {
        function.params.iter().filter_map(|p| p.default.as_ref()).for_each(|value| self.expr(value));
        self.function(function);
    }

    fn read(&mut self, root: &str, path: String) {
        if !self.scopes.iter().any(|scope| scope.contains(root)) {
            self.paths.insert(path);
        }
    }

    fn block(&mut self, body: &[Stmt]) {
        for stmt in body {
            match &stmt.kind {
                StmtKind::Assign { targets, value } => {
                    targets.iter().for_each(|target| self.target(target));
                    self.expr(value);
                }
                StmtKind::AugAssign { target, value, .. } => {
                    self.target(target);
                    self.expr(value);
                }
                StmtKind::Expr(value) => self.expr(value),
                StmtKind::If { test, then, orelse } => {
                    self.expr(test);
                    self.block(then);
                    self.block(orelse);
                }
                StmtKind::While { test, body, orelse } => {
                    self.expr(test);
                    self.block(body);
                    self.block(orelse);
                }
                StmtKind::For { target, iter, body, orelse } => {
                    self.target(target);
                    self.expr(iter);
                    self.block(body);
                    self.block(orelse);
                }
                StmtKind::Match { subject, cases } => {
                    self.expr(subject);
                    for case in cases {
                        self.pattern(&case.pattern);
                        case.guard.iter().for_each(|test| self.expr(test));
                        self.block(&case.body);
                    }
                }
                StmtKind::Break | StmtKind::Continue | StmtKind::Pass => {}
                StmtKind::Return(value) | StmtKind::Raise(value) => {
                    value.iter().for_each(|value| self.expr(value));
                }
                StmtKind::Assert { test, message } => {
                    self.expr(test);
                    message.iter().for_each(|value| self.expr(value));
                }
                StmtKind::Delete(targets) => targets.iter().for_each(|target| self.target(target)),
                StmtKind::Def(function) => self.inner_function(function),
            }
        }
    }

    fn target(&mut self, target: &Target) {
        match &target.kind {
            TargetKind::Name(_) => {}
            TargetKind::Subscript { value, index } => {
                self.expr(value);
                self.expr(index);
            }
            TargetKind::Attribute { value, .. } => self.expr(value),
            TargetKind::Tuple(items) => items.iter().for_each(|item| self.target(item)),
            TargetKind::Starred(item) => self.target(item),
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Value(value) => self.expr(value),
            PatternKind::Singleton(_) => {}
            PatternKind::Capture { pattern, .. } => pattern.iter().for_each(|inner| self.pattern(inner)),
            PatternKind::Or(items) | PatternKind::Sequence(items) => {
                items.iter().for_each(|item| self.pattern(item));
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Name(name) = &expr.kind {
            self.read(name, name.clone());
        } else if let ExprKind::Attribute { .. } = &expr.kind
            && let Some((root, path)) = dotted(expr)
        {
            self.read(root, path);
        } else if let ExprKind::Lambda(function) = &expr.kind {
            self.inner_function(function);
        } else if let ExprKind::Generator { elt, clauses } = &expr.kind {
            self.generator(elt, clauses);
        } else {
            children(expr, &mut |child| self.expr(child));
        }
    }

    /// The first iterable belongs to the scope around; the rest sees the targets.
    fn generator(&mut self, elt: &Expr, clauses: &[Clause]) {
        let mut own = Bound::default();
        clauses.iter().for_each(|clause| own.target(&clause.target));
        let own = own.0.into_keys().map(str::to_owned).collect();
        clauses.iter().take(1).for_each(|clause| self.expr(&clause.iter));
        self.scopes.push(own);
        for (at, clause) in clauses.iter().enumerate() {
            if at > 0 {
                self.expr(&clause.iter);
            }
            self.target(&clause.target);
            clause.conditions.iter().for_each(|test| self.expr(test));
        }
        self.expr(elt);
        self.scopes.pop();
    }
}

/// `a.b.c` as its first name and its text.
fn dotted(expr: &Expr) -> Option<(&str, String)> {
    let mut names = Vec::new();
    let mut at = expr;
    while let ExprKind::Attribute { value, attr } = &at.kind {
        names.push(attr.as_str());
        at = value;
    }
    let ExprKind::Name(root) = &at.kind else { return None };
    names.push(root);
    names.reverse();
    Some((root, names.join(".")))
}
