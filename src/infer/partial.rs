//! Arrays that the iterations of a `prange` loop combine into: `total += row`, `histogram[k] += 1`.
//!
//! In: the written loop, and its range. Out: a parallel loop over pieces of the range, each with an array of
//! its own, and a serial loop that combines those in order. Invariant: into how many pieces a range is cut
//! depends on its length and on the shapes of the arrays alone, so that any number of threads gives the same
//! bits.
//!
//! ```text
//! for i in prange(n): total += f(i)
//!
//! parts = np.empty((pieces,) + total.shape)
//! for p in prange(pieces):
//!     part = parts[p]; part[...] = 0
//!     for i in range(n * p // pieces, n * (p + 1) // pieces): part += f(i)
//! for part in parts: total += part
//! ```

use crate::ast::{self, BinaryOp};
use crate::diag::{Result, Span};
use crate::hir::walk;
use crate::hir::{
    CompareOp, Const, Convert, Expr, ExprKind, HiddenId, Init, LocalId, Ordered, Parallel, Prim, Stmt,
    StmtKind, UnaryOp,
};
use crate::infer::arith;
use crate::infer::cx::Cx;
use crate::infer::expr::holds_array;
use crate::infer::flow::{Known, Slot, Var};
use crate::infer::loops::Iter;
use crate::infer::scope::{Bits, Live, NameId, assigned_by, each_block, each_expr, free_names, uses_of_expr};
use crate::types::{Form, Kind, Scalar, Type};

/// A range is cut into at most so many pieces.
const PIECES: i64 = 32;
/// Iterations that a piece has at least, where each works on a whole array.
const LEAST: i64 = 4;
/// The arrays of all pieces have about as many elements as the loop has iterations, or this many.
const ELEMENTS: i64 = 1 << 16;

/// An array that iterations combine into.
pub(super) struct Combined {
    pub name: NameId,
    op: BinaryOp,
    /// Single elements are updated, not the whole.
    elements: bool,
}

/// What a body does with an array.
#[derive(Default)]
struct Uses {
    ops: Vec<BinaryOp>,
    elements: bool,
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
        let iteration = Iteration { counter, assigned: &assigned };
        let mut names = Vec::new();
        updated(body, &mut names);
        let mut updates = Updates::default();
        for name in names {
            let id = self.name_id(name);
            let own = id.is_some_and(|id| live.assigned.contains(id) && !live.header.contains(id));
            let mut uses = Uses::default();
            iteration.collect(body, name, &mut uses);
            if own || uses.ops.is_empty() {
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
        let array = self.local_type(var.main?).array().filter(|array| array.writable && array.ndim > 0)?;
        let op = combining(*uses.ops.first()?);
        let same = uses.ops.iter().all(|other| combining(*other) == op);
        (same && !uses.other).then_some(())?;
        neutral(op, array.elem)?;
        Some(Combined { name, op, elements: uses.elements })
    }

    /// A `prange` loop that combines arrays, and its copy in order for the case that one of them overlaps
    /// another array of the loop.
    #[expect(clippy::too_many_arguments, reason = "the parts of one statement")]
    pub(super) fn combine(
        &mut self,
        combined: &[Combined],
        range: (Expr, Expr, i64),
        span: Span,
        (target, written): (&ast::Target, &[ast::Stmt]),
        orelse: &[ast::Stmt],
        live: &Live,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let arrays: Vec<Expr> = combined.iter().map(|combined| self.array_of(combined.name, span)).collect();
        // Which arrays the loop has is known when it has been walked.
        let apart = self.local("apart", Type::BOOL);
        let mut choice = Vec::new();
        self.branch(
            self.read(apart, span),
            &live.after,
            span,
            &mut choice,
            |cx, out| cx.combining_loop(combined, range.clone(), span, (target, written), orelse, live, out),
            |cx, out| {
                let step = cx.int(range.2, span);
                let over =
                    Iter::Range { start: range.0.clone(), stop: range.1.clone(), step, parallel: false };
                let each = |cx: &mut Self, item: Expr, out: &mut Vec<Stmt>| {
                    cx.assign_target(target, item, out)?;
                    cx.block(written, out)
                };
                cx.counted(over, span, live.clone(), out, each, orelse, None)?;
                let copy = out.iter_mut().rev().find_map(|stmt| {
                    if let StmtKind::For { parallel, .. } = &mut stmt.kind { Some(parallel) } else { None }
                });
                *copy.expect("a counted loop is a loop") = Some(Parallel::in_order(Ordered::Overlaps));
                Ok(())
            },
        )?;
        let Some(Stmt { kind: StmtKind::If { then, .. }, .. }) = choice.last() else {
            unreachable!("a branch is an `if`")
        };
        let value = self.apart(&arrays, then, span);
        out.push(Stmt { kind: StmtKind::Assign { local: apart, value }, span });
        out.append(&mut choice);
        Ok(())
    }

    /// True at run time if none of the arrays that are combined by `stmts` overlaps another of them or any
    /// array from outside that is used there.
    fn apart(&mut self, arrays: &[Expr], stmts: &[Stmt], span: Span) -> Expr {
        let mut outside = Outside::default();
        outside.list(stmts);
        if outside.calls {
            // What is called may use any array that a name outside of functions means.
            for (index, ty) in self.env.hidden.iter().enumerate() {
                let kind = ExprKind::Hidden(HiddenId(index as u32));
                outside.read(&Expr::new(kind, ty.clone(), span));
            }
        }
        let mut apart = self.bool(true, span);
        for (index, array) in arrays.iter().enumerate() {
            for other in &arrays[index + 1..] {
                apart = self.and_apart(apart, array, other);
            }
        }
        for read in outside.reads {
            let mut bound = None;
            let mut read = read;
            if let ExprKind::Local { local, bound: flag } = &mut *read.kind {
                bound = flag.take();
                if outside.assigned.contains(local) || arrays.iter().any(|array| array.kind == read.kind) {
                    continue;
                }
            }
            let mut others = Vec::new();
            if !self.arrays_in(&read, &mut others) {
                return self.bool(false, span);
            }
            let mut here = self.bool(true, span);
            for (array, other) in
                arrays.iter().flat_map(|array| others.iter().map(move |other| (array, other)))
            {
                here = self.and_apart(here, array, other);
            }
            if let Some(flag) = bound.filter(|_| !others.is_empty()) {
                // A name that is not assigned means no array.
                let kind = ExprKind::Unary { op: UnaryOp::Not, arg: self.read(flag, span) };
                here = Expr::new(ExprKind::Or(Expr::new(kind, Type::BOOL, span), here), Type::BOOL, span);
            }
            apart = both(apart, here);
        }
        apart
    }

    fn and_apart(&self, before: Expr, a: &Expr, b: &Expr) -> Expr {
        let span = before.span;
        let args = vec![a.clone(), b.clone()];
        let overlap = Expr::new(ExprKind::Prim { prim: Prim::MayOverlap, args }, Type::BOOL, span);
        both(before, Expr::new(ExprKind::Unary { op: UnaryOp::Not, arg: overlap }, Type::BOOL, span))
    }

    /// The arrays of a value. False if it has arrays that cannot be named.
    fn arrays_in(&mut self, value: &Expr, found: &mut Vec<Expr>) -> bool {
        match &value.ty {
            Type::Array(_) => {
                found.push(value.clone());
                true
            }
            Type::Tuple(items) if items.form == Form::Either => !holds_array(&value.ty),
            Type::Tuple(items) => (0..items.len()).all(|index| {
                let item = self.item(value, index as u32);
                self.arrays_in(&item, found)
            }),
            Type::None
            | Type::Scalar(_)
            | Type::Str(_)
            | Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never => !holds_array(&value.ty),
        }
    }

    /// A `prange` loop that combines arrays.
    #[expect(clippy::too_many_arguments, reason = "the parts of one statement")]
    pub(super) fn combining_loop(
        &mut self,
        combined: &[Combined],
        (start, stop, step): (Expr, Expr, i64),
        span: Span,
        (target, body): (&ast::Target, &[ast::Stmt]),
        orelse: &[ast::Stmt],
        live: &Live,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let arrays: Vec<Expr> = combined.iter().map(|combined| self.array_of(combined.name, span)).collect();
        let (count, pieces) = self.cut(combined, &arrays, (&start, &stop, step), span, out);
        let mut parts = Vec::new();
        for array in &arrays {
            let ty = array.array();
            let mut shape = vec![pieces.clone()];
            shape.extend((0..ty.ndim).map(|axis| self.shape(array, axis, span)));
            let ty = arith::map::fresh(ty.elem, usize::from(ty.ndim) + 1);
            let alloc = Expr::new(ExprKind::Alloc { shape, init: Init::Empty }, ty, span);
            parts.push(self.put("parts", alloc, out));
        }
        let over = Iter::Range {
            start: self.int(0, span),
            stop: pieces.clone(),
            step: self.int(1, span),
            parallel: true,
        };
        let each = |cx: &mut Self, piece: Expr, out: &mut Vec<Stmt>| {
            let saved: Vec<Slot> =
                combined.iter().map(|combined| cx.frame.state.slot(combined.name).clone()).collect();
            for (combined, parts) in combined.iter().zip(&parts) {
                let part = cx.array_item(parts, piece.clone(), span);
                let part = cx.put("part", part, out);
                let value = neutral(combined.op, part.array().elem).expect("asked before");
                let value = arith::convert::cast(
                    Expr::new(ExprKind::Const(value.0), Type::Scalar(value.1), span),
                    part.array().elem,
                    Convert::Cast,
                );
                let ExprKind::Local { local, .. } = *part.kind else { unreachable!("put into a local") };
                out.push(Stmt { kind: StmtKind::CopyInto { dest: part, value }, span });
                let main = Some(local);
                let var = Var { main, variants: Vec::new(), maybe: false, span, known: Known::Nothing };
                cx.frame.state.set(combined.name, Slot::Bound(var));
            }
            let bound = |cx: &mut Self, piece: Expr, out: &mut Vec<Stmt>| {
                let before = cx.int_binary(BinaryOp::Mul, count.clone(), piece, span);
                let place = cx.int_binary(BinaryOp::FloorDiv, before, pieces.clone(), span);
                let step = cx.int(step, span);
                let distance = cx.int_binary(BinaryOp::Mul, place, step, span);
                let bound = cx.int_binary(BinaryOp::Add, start.clone(), distance, span);
                cx.put("bound", bound, out)
            };
            let one = cx.int(1, span);
            let first = bound(cx, piece.clone(), out);
            let next = cx.int_binary(BinaryOp::Add, piece, one, span);
            let last = bound(cx, next, out);
            let over = Iter::Range { start: first, stop: last, step: cx.int(step, span), parallel: false };
            let inner = |cx: &mut Self, item: Expr, out: &mut Vec<Stmt>| {
                cx.assign_target(target, item, out)?;
                cx.block(body, out)
            };
            // After a piece comes the next one.
            let mut own = live.clone();
            own.after.union(&live.header);
            cx.counted(over, span, own, out, inner, &[], None)?;
            for (combined, slot) in combined.iter().zip(saved) {
                cx.frame.state.set(combined.name, slot);
            }
            Ok(())
        };
        self.counted(over, span, live.clone(), out, each, orelse, Some((target, body, combined)))?;
        let all = Bits::all(self.frame.scope.names.len());
        for ((combined, array), parts) in combined.iter().zip(arrays).zip(parts) {
            let live = Live { header: all.clone(), after: all.clone(), assigned: Bits::default() };
            let add = |cx: &mut Self, part: Expr, out: &mut Vec<Stmt>| {
                let value = arith::inplace_value(cx, combined.op, array.clone(), part, span)?;
                out.push(Stmt { kind: StmtKind::CopyInto { dest: array.clone(), value }, span });
                Ok(())
            };
            self.counted(Iter::Array(parts), span, live, out, add, &[], None)?;
        }
        Ok(())
    }

    /// The number of iterations, and into how many pieces they are cut.
    fn cut(
        &mut self,
        combined: &[Combined],
        arrays: &[Expr],
        (start, stop, step): (&Expr, &Expr, i64),
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> (Expr, Expr) {
        let (from, to) = if step > 0 { (start, stop) } else { (stop, start) };
        let size = self.int(step.abs(), span);
        let beyond = self.int(step.abs() - 1, span);
        let distance = self.int_binary(BinaryOp::Sub, to.clone(), from.clone(), span);
        let distance = self.int_binary(BinaryOp::Add, distance, beyond, span);
        let count = self.int_binary(BinaryOp::FloorDiv, distance, size, span);
        let count = self.put("count", count, out);
        let mut pieces = self.int(PIECES, span);
        for (combined, array) in combined.iter().zip(arrays) {
            let few = if combined.elements {
                let kind = ExprKind::ArrayAttr { array: array.clone(), attr: crate::hir::ArrayAttr::Size };
                let size = Expr::new(kind, Type::INT, span);
                let (room, one) = (self.int(ELEMENTS, span), self.int(1, span));
                let total = self.int_binary(BinaryOp::Add, count.clone(), room, span);
                let size = self.int_binary(BinaryOp::Add, size, one, span);
                self.int_binary(BinaryOp::FloorDiv, total, size, span)
            } else {
                let least = self.int(LEAST, span);
                self.int_binary(BinaryOp::FloorDiv, count.clone(), least, span)
            };
            let few = self.put("few", few, out);
            pieces = self.choose_int(CompareOp::Lt, few, pieces, span, out);
        }
        let one = self.int(1, span);
        pieces = self.choose_int(CompareOp::Gt, one, pieces, span, out);
        pieces = self.choose_int(CompareOp::Lt, count.clone(), pieces, span, out);
        let zero = self.int(0, span);
        pieces = self.choose_int(CompareOp::Gt, zero, pieces, span, out);
        (count, pieces)
    }

    /// The one of two integers that the comparison favours.
    fn choose_int(&mut self, op: CompareOp, a: Expr, b: Expr, span: Span, out: &mut Vec<Stmt>) -> Expr {
        let test = self.int_compare(op, a.clone(), b.clone(), span);
        let value = Expr::new(ExprKind::IfExp { test, then: a, orelse: b }, Type::INT, span);
        self.put("pieces", value, out)
    }

    /// A value in a local of its own.
    fn put(&mut self, name: &str, value: Expr, out: &mut Vec<Stmt>) -> Expr {
        let (stmt, read) = self.temp(name, value);
        out.push(stmt);
        read
    }

    fn array_of(&mut self, name: NameId, span: Span) -> Expr {
        let local = self.frame.state.var(name).and_then(|var| var.main).expect("an array");
        self.read(local, span)
    }
}

/// What statements use of what was there before them.
#[derive(Default)]
struct Outside {
    /// Locals and hidden arguments that are read, each once.
    reads: Vec<Expr>,
    assigned: Vec<LocalId>,
    /// Functions of the program are called.
    calls: bool,
}

impl Outside {
    fn list(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            if let StmtKind::Assign { local, .. } = &stmt.kind {
                self.assigned.push(*local);
            }
            walk::expressions(stmt, &mut |expr| self.expr(expr));
            walk::lists(stmt).into_iter().for_each(|list| self.list(list));
        }
    }

    fn read(&mut self, expr: &Expr) {
        if self.reads.iter().all(|known| known.kind != expr.kind) {
            self.reads.push(expr.clone());
        }
    }

    fn expr(&mut self, expr: &Expr) {
        if matches!(*expr.kind, ExprKind::Local { .. } | ExprKind::Hidden(_)) {
            self.read(expr);
        }
        if let ExprKind::Seq { stmts, .. } = &*expr.kind {
            self.list(stmts);
        }
        self.calls |= matches!(*expr.kind, ExprKind::Call { .. });
        walk::children(expr, &mut |child| self.expr(child));
    }
}

/// `a and b`, without what is certain.
fn both(a: Expr, b: Expr) -> Expr {
    let span = a.span;
    match (&*a.kind, &*b.kind) {
        (ExprKind::Const(Const::Bool(true)), _) => b,
        (_, ExprKind::Const(Const::Bool(true))) => a,
        _both => Expr::new(ExprKind::And(a, b), Type::BOOL, span),
    }
}

/// What parts are combined by: what was taken away from them is added in the end.
fn combining(op: BinaryOp) -> BinaryOp {
    if op == BinaryOp::Sub { BinaryOp::Add } else { op }
}

/// What an array of these elements starts with, so that combining it changes nothing.
fn neutral(op: BinaryOp, elem: Scalar) -> Option<(Const, Scalar)> {
    let int = |value| Some((Const::Int(value), Scalar::Int));
    match (op, elem.kind()) {
        // Plus zero would turn a sum of minus zeros into plus zero.
        (BinaryOp::Add, Kind::Float) => Some((Const::Float(-0.0), Scalar::Float)),
        (BinaryOp::Add, Kind::Complex) => Some((Const::Complex(-0.0, -0.0), Scalar::Complex)),
        (BinaryOp::Add | BinaryOp::BitOr | BinaryOp::BitXor, Kind::Signed | Kind::Unsigned | Kind::Bool) => {
            int(0)
        }
        (BinaryOp::Mul, Kind::Signed | Kind::Unsigned | Kind::Float | Kind::Bool) => int(1),
        (BinaryOp::BitAnd, Kind::Signed | Kind::Unsigned) => int(-1),
        (BinaryOp::BitAnd, Kind::Bool) => int(1),
        (
            BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::TrueDiv
            | BinaryOp::FloorDiv
            | BinaryOp::Mod
            | BinaryOp::Pow
            | BinaryOp::LShift
            | BinaryOp::RShift
            | BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::MatMul,
            _,
        ) => None,
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

/// The names `a` of `a += x` and `a[..] += x`, each once.
fn updated<'s>(block: &'s [ast::Stmt], names: &mut Vec<&'s str>) {
    for stmt in block {
        if let ast::StmtKind::AugAssign { target, .. } = &stmt.kind
            && let Some((name, _)) = place(target)
            && !names.contains(&name)
        {
            names.push(name);
        }
        each_block(stmt, &mut |inner| updated(inner, names));
    }
}

fn mentions(expr: &ast::Expr, name: &str) -> bool {
    let mut found = false;
    uses_of_expr(expr, &mut |used| found |= used == name);
    found
}

/// What is the same in an iteration and in no other.
struct Iteration<'a> {
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
            if let ast::StmtKind::AugAssign { target, op, value } = &stmt.kind
                && let Some((updated, indices)) = place(target)
                && updated == name
            {
                if indices.iter().any(|index| self.is_own(index)) {
                    uses.other = true;
                } else {
                    uses.ops.push(*op);
                    uses.elements |= !indices.is_empty();
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

/// True if a body has a `break` of its own loop.
pub(super) fn breaks(body: &[ast::Stmt]) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        ast::StmtKind::Break => true,
        ast::StmtKind::If { then, orelse, .. } => breaks(then) || breaks(orelse),
        ast::StmtKind::While { orelse, .. } | ast::StmtKind::For { orelse, .. } => breaks(orelse),
        ast::StmtKind::Match { cases, .. } => cases.iter().any(|case| breaks(&case.body)),
        ast::StmtKind::Assign { .. }
        | ast::StmtKind::AugAssign { .. }
        | ast::StmtKind::Expr(_)
        | ast::StmtKind::Continue
        | ast::StmtKind::Pass
        | ast::StmtKind::Return(_)
        | ast::StmtKind::Raise(_)
        | ast::StmtKind::Assert { .. }
        | ast::StmtKind::Delete(_)
        | ast::StmtKind::Def(_) => false,
    })
}
