//! What the iterations of a `prange` loop update together: `total += row`, `histogram[k] += 1`,
//! `low = np.minimum(low, row)`, `high[k] = max(high[k], x)`.
//!
//! In: the written loop, its liveness and the state before it. Out: the arrays that can be combined out of parts,
//! or that the loop runs in order. Invariant: an array that is combined is used in the body in those updates alone,
//! all of one operation, and combining parts in order gives what the loop gives, ties and nan included (but for the
//! rounding of sums and products).

use crate::ast::walk::{each_block, each_expr};
use crate::ast::{self, BinaryOp};
use crate::hir::{CompareOp, Const};
use crate::infer::cx::Cx;
use crate::infer::scope::{Live, NameId, assigned_by, free_names, uses_of_expr};
use crate::types::{Kind, Scalar};

/// An array that iterations combine into.
pub(super) struct Combined {
    pub name: NameId,
    pub fold: Fold,
    /// Single elements are updated, not the whole.
    pub elements: bool,
    /// Each update makes a new array: what the name meant before the loop stays as it was.
    pub rebinds: bool,
}

/// How parts are combined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fold {
    /// `a op= x`. What was taken away from parts is added in the end.
    Op(BinaryOp),
    /// `np.minimum(a, x)` (`Lt`) or `np.maximum` (`Gt`); `mirrored` if the array comes second, which is taken if
    /// they are equal.
    Extreme { op: CompareOp, mirrored: bool },
    /// `min(a[k], x)` or `max`: `x if x op a[k] else a[k]`.
    Taken(CompareOp),
    /// `min(x, a[k])`, which depends on the order: one nan makes the rest forget what was before.
    Kept(CompareOp),
}

impl Fold {
    pub(super) fn of_parts(self) -> Fold {
        if self == Fold::Op(BinaryOp::Sub) { Fold::Op(BinaryOp::Add) } else { self }
    }

    /// The operation, whichever side what is combined stands on.
    pub(super) fn of_one_side(self) -> Fold {
        match self {
            Fold::Extreme { op, .. } => Fold::Extreme { op, mirrored: false },
            Fold::Kept(op) | Fold::Taken(op) => Fold::Taken(op),
            Fold::Op(_) => self,
        }
    }
}

/// A statement that updates a name's array, or elements of it.
struct Update<'s> {
    name: &'s str,
    /// Of `name[..][..]`, outermost first.
    indices: Vec<&'s ast::Expr>,
    fold: Fold,
    /// What is combined into it.
    value: &'s ast::Expr,
    /// The name gets a new array.
    rebinds: bool,
}

/// What a body does with an array.
#[derive(Default)]
struct Uses {
    folds: Vec<Fold>,
    elements: bool,
    /// Updates by assigning to the name, and by storing into its array.
    rebinds: bool,
    stores: bool,
    /// Used otherwise, or at the place that belongs to the iteration.
    other: bool,
}

/// The arrays that the iterations of a loop update in places that others may update too.
#[derive(Default)]
pub(super) struct Updates {
    pub combined: Vec<Combined>,
    /// Some cannot be combined: the loop runs in order.
    pub ordered: bool,
}

impl Cx<'_> {
    /// What the iterations of a `prange` loop update together.
    pub(super) fn updates(&self, target: &ast::Target, body: &[ast::Stmt], live: &Live) -> Updates {
        let counter = match &target.kind {
            ast::TargetKind::Name(name) => name.as_str(),
            ast::TargetKind::Tuple(_)
            | ast::TargetKind::Starred(_)
            | ast::TargetKind::Subscript { .. }
            | ast::TargetKind::Attribute { .. } => "",
        };
        // A counter that the body assigns is no place of the iteration's own.
        let mut assigned = Vec::new();
        names_assigned(body, &mut assigned);
        let counter = if assigned.iter().any(|name| name == counter) { "" } else { counter };
        let iteration = Iteration { cx: self, counter, assigned: &assigned };
        let mut names = Vec::new();
        self.updated(body, &mut names);
        let mut updates = Updates::default();
        for name in names {
            let id = self.name_id(name);
            let own = id.is_some_and(|id| live.assigned.contains(id) && !live.header.contains(id));
            let mut uses = Uses::default();
            iteration.collect(body, name, &mut uses);
            if own || uses.folds.is_empty() {
                continue;
            }
            let whole = id.is_some_and(|id| live.assigned.contains(id));
            match id.and_then(|id| self.combined(id, &uses)) {
                Some(combined) => updates.combined.push(combined),
                // A name that is assigned is judged with the other reductions.
                None => updates.ordered |= !whole || uses.elements,
            }
        }
        if updates.ordered {
            updates.combined.clear();
        }
        updates
    }

    fn combined(&self, name: NameId, uses: &Uses) -> Option<Combined> {
        let var = self.frame.state.var(name).filter(|var| !var.maybe && !var.is_mixed())?;
        let array = self.local_type(var.main?).array().filter(|array| array.ndim > 0)?;
        let fold = uses.folds.first()?.of_parts();
        let same = uses.folds.iter().all(|other| other.of_parts() == fold);
        let fits = if uses.rebinds { !uses.stores } else { array.writable };
        (same && fits && !uses.other).then_some(())?;
        neutral(fold, array.elem)?;
        Some(Combined { name, fold, elements: uses.elements, rebinds: uses.rebinds })
    }

    /// What a statement updates, if that is all that it does.
    fn update<'s>(&self, stmt: &'s ast::Stmt) -> Option<Update<'s>> {
        match &stmt.kind {
            ast::StmtKind::AugAssign { target, op, value } => {
                let (name, indices) = place(target)?;
                let fold = Fold::Op(*op);
                // `name += x` is an assignment for numbers; arrays are changed in place.
                Some(Update { name, indices, fold, value, rebinds: false })
            }
            ast::StmtKind::Assign { targets, value } => {
                let [target] = targets.as_slice() else { return None };
                let (name, indices) = place(target)?;
                let ast::ExprKind::Call { func, args, keywords } = &value.kind else { return None };
                let [first, second] = args.as_slice() else { return None };
                let (fold, value) = if !keywords.is_empty() {
                    return None;
                } else if self.is_place(target, first) {
                    (self.fold(func, false)?, second)
                } else if self.is_place(target, second) {
                    (self.fold(func, true)?, first)
                } else {
                    return None;
                };
                Some(Update { name, rebinds: indices.is_empty(), indices, fold, value })
            }
            ast::StmtKind::Expr(_)
            | ast::StmtKind::If { .. }
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
            | ast::StmtKind::Def(_) => None,
        }
    }

    /// True if an expression reads what the target names.
    fn is_place(&self, target: &ast::Target, expr: &ast::Expr) -> bool {
        match (&target.kind, &expr.kind) {
            (ast::TargetKind::Name(name), ast::ExprKind::Name(read)) => name == read,
            (
                ast::TargetKind::Subscript { value, index },
                ast::ExprKind::Subscript { value: array, index: at },
            ) => self.same(value, array) && self.same(index, at),
            _others => false,
        }
    }

    /// How a function of two numbers combines, called with what is updated first or (`mirrored`) second.
    pub(super) fn fold(&self, func: &ast::Expr, mirrored: bool) -> Option<Fold> {
        if let ast::ExprKind::Attribute { attr, .. } = &func.kind {
            let op = match attr.as_str() {
                "minimum" => CompareOp::Lt,
                "maximum" => CompareOp::Gt,
                _other => return None,
            };
            return self.is_library(func).then_some(Fold::Extreme { op, mirrored });
        }
        let ast::ExprKind::Name(name) = &func.kind else { return None };
        let op = match name.as_str() {
            "min" => CompareOp::Lt,
            "max" => CompareOp::Gt,
            _other => return None,
        };
        (!self.is_users(name)).then_some(if mirrored { Fold::Kept(op) } else { Fold::Taken(op) })
    }

    /// The names that a block updates, each once.
    fn updated<'s>(&self, block: &'s [ast::Stmt], names: &mut Vec<&'s str>) {
        for stmt in block {
            if let Some(update) = self.update(stmt)
                && !names.contains(&update.name)
            {
                names.push(update.name);
            }
            each_block(stmt, &mut |inner| self.updated(inner, names));
        }
    }
}

/// What an array of these elements starts with, so that combining it changes nothing: a constant of that type,
/// or one that becomes one.
pub(super) fn neutral(fold: Fold, elem: Scalar) -> Option<(Const, Scalar)> {
    let int = |value| Some((Const::Int(value), Scalar::Int));
    let float = |value| Some((Const::Float(value), Scalar::Float));
    let bits = 8 * elem.bytes();
    match (fold, elem.kind()) {
        // Plus zero would turn a sum of minus zeros into plus zero.
        (Fold::Op(BinaryOp::Add), Kind::Float) => float(-0.0),
        (Fold::Op(BinaryOp::Add), Kind::Complex) => Some((Const::Complex(-0.0, -0.0), Scalar::Complex)),
        (
            Fold::Op(BinaryOp::Add | BinaryOp::BitOr | BinaryOp::BitXor),
            Kind::Signed | Kind::Unsigned | Kind::Bool,
        ) => int(0),
        (Fold::Op(BinaryOp::Mul), Kind::Signed | Kind::Unsigned | Kind::Float | Kind::Bool) => int(1),
        (Fold::Op(BinaryOp::BitAnd), Kind::Signed | Kind::Unsigned) => int(-1),
        (Fold::Op(BinaryOp::BitAnd), Kind::Bool) => int(1),
        (Fold::Extreme { op, .. } | Fold::Taken(op), kind) => match (op, kind) {
            (CompareOp::Lt, Kind::Float) => float(f64::INFINITY),
            (CompareOp::Gt, Kind::Float) => float(f64::NEG_INFINITY),
            (CompareOp::Lt, Kind::Signed) => int(i64::MAX >> (64 - bits)),
            (CompareOp::Gt, Kind::Signed) => int(i64::MIN >> (64 - bits)),
            // All bits of the type, whose cast from 64 bits wraps.
            (CompareOp::Lt, Kind::Unsigned) => int(-1),
            (CompareOp::Gt, Kind::Unsigned | Kind::Bool) => int(0),
            (CompareOp::Lt, Kind::Bool) => int(1),
            (CompareOp::Eq | CompareOp::Ne | CompareOp::Le | CompareOp::Ge, _) | (_, Kind::Complex) => None,
        },
        (Fold::Op(_) | Fold::Kept(_), _) => None,
    }
}

/// The names that a block assigns.
fn names_assigned(block: &[ast::Stmt], found: &mut Vec<String>) {
    for stmt in block {
        assigned_by(stmt, &mut |name| found.push(name.to_string()));
        each_block(stmt, &mut |inner| names_assigned(inner, found));
    }
}

/// The name and the indices of `name[..][..]`.
fn place(target: &ast::Target) -> Option<(&str, Vec<&ast::Expr>)> {
    match &target.kind {
        ast::TargetKind::Name(name) => Some((name, Vec::new())),
        ast::TargetKind::Subscript { value, index } => {
            let mut indices: Vec<&ast::Expr> = vec![index];
            let mut value = value;
            while let ast::ExprKind::Subscript { value: inner, index } = &value.kind {
                indices.push(index);
                value = inner;
            }
            if let ast::ExprKind::Name(name) = &value.kind { Some((name, indices)) } else { None }
        }
        ast::TargetKind::Tuple(_) | ast::TargetKind::Starred(_) | ast::TargetKind::Attribute { .. } => None,
    }
}

fn mentions(expr: &ast::Expr, name: &str) -> bool {
    let mut found = false;
    uses_of_expr(expr, &mut |used| found |= used == name);
    found
}

/// What is the same in an iteration and in no other.
struct Iteration<'a> {
    cx: &'a Cx<'a>,
    counter: &'a str,
    assigned: &'a [String],
}

impl Iteration<'_> {
    /// True if the index belongs to one iteration: `i`, `i + 1`, `n - i`.
    fn is_own(&self, index: &ast::Expr) -> bool {
        let is_counter = |e: &ast::Expr| matches!(&e.kind, ast::ExprKind::Name(name) if name == self.counter);
        if let ast::ExprKind::Tuple(items) = &index.kind {
            return items.iter().any(|item| self.is_own(item));
        }
        if let ast::ExprKind::Binary { op: BinaryOp::Add | BinaryOp::Sub, left, right } = &index.kind {
            return (is_counter(left) && self.is_fixed(right)) || (is_counter(right) && self.is_fixed(left));
        }
        is_counter(index)
    }

    /// True if the value is the same in all iterations.
    fn is_fixed(&self, expr: &ast::Expr) -> bool {
        if let ast::ExprKind::Name(name) = &expr.kind {
            return name != self.counter && !self.assigned.contains(name);
        }
        matches!(expr.kind, ast::ExprKind::Constant(_))
    }

    fn collect(&self, block: &[ast::Stmt], name: &str, uses: &mut Uses) {
        for stmt in block {
            if let Some(Update { indices, fold, value, rebinds, .. }) =
                self.cx.update(stmt).filter(|update| update.name == name)
            {
                if indices.iter().any(|index| self.is_own(index)) {
                    uses.other = true;
                } else {
                    uses.folds.push(fold);
                    uses.elements |= !indices.is_empty();
                    uses.rebinds |= rebinds;
                    uses.stores |= !rebinds;
                    // A view of a view is not worth the trouble.
                    uses.other |= indices.len() > 1;
                }
                uses.other |= mentions(value, name) || indices.iter().any(|index| mentions(index, name));
            } else {
                each_expr(stmt, &mut |expr| uses.other |= mentions(expr, name));
                assigned_by(stmt, &mut |assigned| uses.other |= assigned == name);
                if let ast::StmtKind::Def(function) = &stmt.kind {
                    uses.other |= free_names(function).iter().any(|free| free == name);
                }
            }
            each_block(stmt, &mut |inner| self.collect(inner, name, uses));
        }
    }
}
