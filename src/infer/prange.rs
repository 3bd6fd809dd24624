//! Which names a `prange` loop combines over its iterations, and refusal of what cannot be split.
//!
//! In: the written loop, its liveness and the state around it. Out: reductions. Invariant: a name that is
//! assigned in the body and needed at the head of the loop is a reduction, or the loop is refused: so each
//! iteration depends on nothing that another one assigned.

use crate::ast;
use crate::ast::walk::{each_block, each_expr, names_of_target};
use crate::diag::{Code, Result, Span};
use crate::hir::{CompareOp, Const, ExprKind, LocalId, Ordered, Parallel, ReduceOp, Stmt, StmtKind};
use crate::infer::cx::Cx;
use crate::infer::env::Binding;
use crate::infer::flow::State;
use crate::infer::scope::{Live, NameId, uses_of_expr};
use crate::infer::update::{Combined, Fold};
use crate::types::{Kind, Scalar};

/// How the body uses a name.
#[derive(Default)]
struct Uses {
    fold: Option<Fold>,
    /// It stands on both sides of what it is compared with.
    both_sides: bool,
    /// Why the name is no reduction, and where.
    spoiled: Option<(Span, &'static str)>,
    seen: Option<Span>,
}

impl Cx<'_> {
    /// The reductions of a `prange` loop. If arrays are combined, the iterations run in order.
    pub(super) fn reductions(
        &mut self,
        before: &State,
        (target, body, typed): (&ast::Target, &[ast::Stmt], &[Stmt]),
        orelse: &[ast::Stmt],
        combined: &[Combined],
        live: &Live,
        span: Span,
    ) -> Result<Parallel> {
        let scope = self.frame.scope.clone();
        let mut reductions = Vec::new();
        let extremes = self.extremes(body);
        let in_order = combined.is_empty() && self.updates(target, body, live).ordered;
        let mut ordered = in_order.then_some(Ordered::CombinesArrays);
        for id in 0..scope.names.len() as NameId {
            let apart = combined.iter().any(|array| array.name == id);
            if apart || !live.assigned.contains(id) || !live.header.contains(id) {
                continue;
            }
            let name = scope.name(id);
            let mut uses = Uses::default();
            names_of_target(target, &mut |bound| {
                if bound == name {
                    uses.spoiled = Some((target.span, "the loop variable is used after the loop"));
                }
            });
            let extreme = extremes
                .iter()
                .find(|extreme| extreme.name == name || extreme.along.iter().any(|along| along == name))
                .filter(|_| uses.spoiled.is_none());
            if extreme.is_none() {
                self.collect(body, name, &mut uses);
            }
            let fold = uses.fold.filter(|_| uses.spoiled.is_none());
            if extreme.is_none() && fold.is_none() {
                let (at, why) =
                    uses.spoiled.unwrap_or((span, "assigned in the loop and needed by other iterations"));
                return Err(self.not_parallel(name, at, why, span));
            }
            let Some(var) = before.var(id) else {
                let at = uses.seen.unwrap_or(span);
                return Err(self.not_parallel(name, at, "not assigned before the loop", span));
            };
            if var.maybe {
                return Err(self.not_parallel(name, span, "may be unassigned before the loop", span));
            }
            if self.frame.tagged.contains(&id) {
                let Some(flags) = self.flags(id, typed).filter(|_| extreme.is_none()) else {
                    return Err(self
                        .not_parallel(name, uses.seen.unwrap_or(span), "changes its type in the loop", span)
                        .help(match extreme {
                            Some(_) => format!(
                                "start with a value of the type that it gets, such as `{name} = a[0]`"
                            ),
                            None => {
                                format!("start with a value of the type of the sum, such as `{name} = 0.0`")
                            }
                        })
                        .into());
                };
                reductions.extend(flags);
            }
            let Some(local) = self.frame.state.var(id).or(before.var(id)).and_then(|var| var.main) else {
                return Err(self.not_parallel(name, span, "has several types", span));
            };
            let ty = self.local_type(local);
            if let Some(scalar) = ty.scalar() {
                let number = matches!(scalar.kind(), Kind::Float | Kind::Signed | Kind::Unsigned);
                let op = match (extreme, fold) {
                    (Some(extreme), _) => {
                        let key = self
                            .name_id(&extreme.name)
                            .and_then(|key| self.frame.state.var(key).or(before.var(key))?.main);
                        let Some(key) = key else {
                            return Err(self.not_parallel(&extreme.name, span, "has several types", span));
                        };
                        ReduceOp::Best { op: extreme.op, key }
                    }
                    (None, fold) => match fold.expect("asked before") {
                        Fold::Op(op) => reduce_op(op).expect("noted before"),
                        Fold::Extreme { op, mirrored } if scalar.kind() == Kind::Float => {
                            ordered = ordered.or(uses.both_sides.then_some(Ordered::Order));
                            ReduceOp::Extreme { op, mirrored }
                        }
                        Fold::Taken(op) if number && !uses.both_sides => ReduceOp::Best { op, key: local },
                        Fold::Taken(op) | Fold::Kept(op) if scalar.kind() == Kind::Float => {
                            ordered = ordered.or(Some(Ordered::Order));
                            ReduceOp::Best { op, key: local }
                        }
                        Fold::Extreme { op: CompareOp::Lt, .. }
                        | Fold::Taken(CompareOp::Lt)
                        | Fold::Kept(CompareOp::Lt) => ReduceOp::Min,
                        Fold::Extreme { .. } | Fold::Taken(_) | Fold::Kept(_) => ReduceOp::Max,
                    },
                };
                let decides = if let ReduceOp::Best { key, .. } = op { key } else { local };
                let kind = self.local_type(decides).scalar().map(Scalar::kind);
                if !kind.is_some_and(|kind| op.splits(kind)) {
                    ordered = ordered.or(Some(Ordered::Reduction));
                }
                reductions.push((local, op));
            } else if ty.array().is_some() {
                ordered = Some(Ordered::CombinesArrays);
            } else {
                let at = uses.seen.unwrap_or(span);
                return Err(self.not_parallel(name, at, "only numbers and arrays can be combined", span));
            }
        }
        let local =
            |array: &Combined| before.var(array.name).filter(|_| !array.rebinds).and_then(|var| var.main);
        if !orelse.is_empty() {
            ordered = ordered.or(Some(Ordered::Else));
        }
        Ok(Parallel { reductions, combines: combined.iter().filter_map(local).collect(), ordered })
    }

    /// The flags that tell which type a name has after the loop: each is set or cleared by some iteration, or
    /// left alone by all. `None` if the iterations ask for them or differ.
    fn flags(&self, name: NameId, body: &[Stmt]) -> Option<Vec<(LocalId, ReduceOp)>> {
        let own = |local: &LocalId| {
            self.frame.named.iter().any(|((named, _), variant)| named == &name && variant == local)
        };
        let mut tags: Vec<LocalId> =
            self.frame.tags.iter().filter(|(variant, _)| own(variant)).map(|(_, tag)| *tag).collect();
        tags.sort();
        let mut flags = Vec::new();
        for tag in tags {
            let mut values = Vec::new();
            if !flag_values(body, tag, &mut values) {
                return None;
            }
            match values.as_slice() {
                [] => {}
                [true] => flags.push((tag, ReduceOp::BitOr)),
                [false] => flags.push((tag, ReduceOp::BitAnd)),
                _both => return None,
            }
        }
        Some(flags)
    }

    /// True if the program gives a builtin's name a meaning of its own.
    pub(super) fn is_users(&self, name: &str) -> bool {
        let global = self.binding(name).is_some_and(|binding| !matches!(binding, Binding::Known(_)));
        global || self.name_id(name).is_some() || self.frame.captures.contains_key(name)
    }

    /// `name = name op x`, `name = x op name`, `name = min(name, x)`: the operation, and `x`.
    fn combining<'e>(&self, name: &str, value: &'e ast::Expr) -> Option<(Fold, &'e ast::Expr)> {
        let is_name = |e: &ast::Expr| matches!(&e.kind, ast::ExprKind::Name(n) if n == name);
        if let ast::ExprKind::Binary { op, left, right } = &value.kind {
            reduce_op(*op)?;
            let reduce = Fold::Op(*op);
            if is_name(left) {
                return Some((reduce, right));
            }
            return (is_name(right) && *op != ast::BinaryOp::Sub).then_some((reduce, &**left));
        }
        let ast::ExprKind::Call { func, args, keywords } = &value.kind else { return None };
        match args.as_slice() {
            [name, x] if is_name(name) && keywords.is_empty() => Some((self.fold(func, false)?, x)),
            [x, name] if is_name(name) && keywords.is_empty() => Some((self.fold(func, true)?, x)),
            _arguments => None,
        }
    }

    fn collect(&self, block: &[ast::Stmt], name: &str, uses: &mut Uses) {
        for stmt in block {
            match &stmt.kind {
                ast::StmtKind::AugAssign { target, op, value } if is_target(target, name) => {
                    note(uses, reduce_op(*op).map(|_| Fold::Op(*op)), stmt.span);
                    if mentions(value, name) {
                        spoil(uses, value.span, "its value is read in the loop");
                    }
                }
                ast::StmtKind::Assign { targets, value } if targets.iter().any(|t| binds(t, name)) => {
                    match (targets.as_slice(), self.combining(name, value)) {
                        ([one], Some((op, rest))) if is_target(one, name) => {
                            note(uses, Some(op), stmt.span);
                            if mentions(rest, name) {
                                spoil(uses, rest.span, "its value is read in the loop");
                            }
                        }
                        _other => spoil(
                            uses,
                            stmt.span,
                            "assigned here, and needed by other iterations or after the loop",
                        ),
                    }
                }
                ast::StmtKind::For { target, .. } if binds(target, name) => {
                    spoil(
                        uses,
                        target.span,
                        "assigned here, and needed by other iterations or after the loop",
                    );
                }
                ast::StmtKind::If { test, then, .. } => {
                    if mentions(test, name) {
                        let chosen = then.iter().any(|stmt| {
                            let ast::StmtKind::Assign { targets, .. } = &stmt.kind else { return false };
                            targets.iter().any(|target| binds(target, name))
                        });
                        let why = if chosen {
                            "compared here and assigned below: only `if x > best: best = x` and the like can be combined"
                        } else {
                            "its value is read in the loop"
                        };
                        spoil(uses, test.span, why);
                    }
                }
                ast::StmtKind::Assign { .. }
                | ast::StmtKind::AugAssign { .. }
                | ast::StmtKind::Expr(_)
                | ast::StmtKind::While { .. }
                | ast::StmtKind::For { .. }
                | ast::StmtKind::Match { .. }
                | ast::StmtKind::Break
                | ast::StmtKind::Continue
                | ast::StmtKind::Pass
                | ast::StmtKind::Return(_)
                | ast::StmtKind::Raise(_)
                | ast::StmtKind::Assert { .. }
                | ast::StmtKind::Delete(_)
                | ast::StmtKind::Def(_) => {
                    each_expr(stmt, &mut |expr| {
                        if mentions(expr, name) {
                            spoil(uses, expr.span, "its value is read in the loop");
                        }
                    });
                }
            }
            each_block(stmt, &mut |inner| self.collect(inner, name, uses));
        }
    }

    pub(super) fn not_parallel(
        &self,
        name: &str,
        at: Span,
        why: &str,
        span: Span,
    ) -> Box<crate::diag::Diagnostic> {
        let text = format!("the iterations of this prange loop depend on each other through '{name}'");
        let mut error = self.error(Code::NotParallel, at, text, why.to_string());
        error.labels.push(crate::diag::Label { source: self.source, span, text: "this loop".to_string() });
        error.help = Some(format!(
            "combine with `{name} += x`, `*=`, `min`, `max`, `&=`, `|=` or `^=`, use `range`, or store into an array"
        ));
        error
    }
}

/// Collects what is assigned to a flag, each value once. False if it is asked for.
fn flag_values(block: &[Stmt], flag: LocalId, values: &mut Vec<bool>) -> bool {
    block.iter().all(|stmt| match &stmt.kind {
        StmtKind::Assign { local, value } => {
            if *local == flag
                && let ExprKind::Const(Const::Bool(value)) = *value.kind
                && !values.contains(&value)
            {
                values.push(value);
            }
            true
        }
        StmtKind::If { test, then, orelse } => {
            !matches!(*test.kind, ExprKind::Local { local, .. } if local == flag)
                && flag_values(then, flag, values)
                && flag_values(orelse, flag, values)
        }
        StmtKind::While { body, orelse, .. } | StmtKind::For { body, orelse, .. } => {
            flag_values(body, flag, values) && flag_values(orelse, flag, values)
        }
        StmtKind::StoreElement { .. }
        | StmtKind::CopyInto { .. }
        | StmtKind::Expr(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Return(_)
        | StmtKind::Raise { .. }
        | StmtKind::Print { .. } => true,
    })
}

fn spoil(uses: &mut Uses, span: Span, why: &'static str) {
    if uses.spoiled.is_none() {
        uses.spoiled = Some((span, why));
    }
}

fn mentions(expr: &ast::Expr, name: &str) -> bool {
    let mut found = false;
    uses_of_expr(expr, &mut |used| found |= used == name);
    found
}

fn note(uses: &mut Uses, fold: Option<Fold>, span: Span) {
    let Some(fold) = fold.map(Fold::of_parts) else {
        return spoil(uses, span, "this operation cannot be combined over iterations");
    };
    uses.seen.get_or_insert(span);
    let known = *uses.fold.get_or_insert(fold);
    uses.both_sides |= known != fold;
    if known.of_one_side() != fold.of_one_side() {
        spoil(uses, span, "combined by two different operations");
    }
}

fn reduce_op(op: ast::BinaryOp) -> Option<ReduceOp> {
    match op {
        ast::BinaryOp::Add | ast::BinaryOp::Sub => Some(ReduceOp::Add),
        ast::BinaryOp::Mul => Some(ReduceOp::Mul),
        ast::BinaryOp::BitAnd => Some(ReduceOp::BitAnd),
        ast::BinaryOp::BitOr => Some(ReduceOp::BitOr),
        ast::BinaryOp::BitXor => Some(ReduceOp::BitXor),
        ast::BinaryOp::TrueDiv
        | ast::BinaryOp::FloorDiv
        | ast::BinaryOp::Mod
        | ast::BinaryOp::Pow
        | ast::BinaryOp::LShift
        | ast::BinaryOp::RShift
        | ast::BinaryOp::MatMul => None,
    }
}

fn is_target(target: &ast::Target, name: &str) -> bool {
    matches!(&target.kind, ast::TargetKind::Name(bound) if bound == name)
}

fn binds(target: &ast::Target, name: &str) -> bool {
    let mut found = false;
    names_of_target(target, &mut |bound| found |= bound == name);
    found
}
