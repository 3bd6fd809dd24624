//! A `prange` loop whose iterations combine arrays, out of parts: `total += row`, `low = np.minimum(low, row)`.
//!
//! In: the written loop, its range, and what `update` found. Out: a parallel loop over pieces of the range, each
//! with an array of its own, and a serial loop that combines those in order. Invariant: into how many pieces a
//! range is cut depends on its length and on the shapes of the arrays alone, so that any number of threads gives
//! the same bits.
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
use crate::hir::{self, walk};
use crate::hir::{
    CompareOp, Const, Convert, Expr, ExprKind, HiddenId, Init, LocalId, Ordered, Parallel, Prim, Stmt,
    StmtKind, UnaryOp,
};
use crate::infer::arith::{self, map};
use crate::infer::builtin::ufunc;
use crate::infer::cx::Cx;
use crate::infer::expr::holds_array;
use crate::infer::flow::{Known, Slot, Var};
use crate::infer::iterable::Iter;
use crate::infer::scope::{Bits, Live, NameId};
use crate::infer::update::{Combined, Fold, neutral};
use crate::types::{ArrayType, Form, Type};

/// A range is cut into at most so many pieces.
const PIECES: i64 = 32;
/// Iterations that a piece has at least, where each works on a whole array.
const LEAST: i64 = 4;
/// The arrays of all pieces have about as many elements as the loop has iterations, or this many.
const ELEMENTS: i64 = 1 << 16;

impl Cx<'_> {
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
        let stored = combined.iter().filter(|combined| !combined.rebinds);
        let arrays: Vec<Expr> = stored.map(|combined| self.array_of(combined.name, span)).collect();
        if arrays.is_empty() {
            return self.combining_loop(combined, range, span, (target, written), orelse, live, out);
        }
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
    fn combining_loop(
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
                let value = neutral(combined.fold, part.array().elem).expect("asked before");
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
                if combined.rebinds {
                    cx.frame.loops.last_mut().expect("in the loop").parts.push(combined.name);
                }
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
            if combined.rebinds && self.frame.state.var(combined.name).is_none() {
                // Nobody asks for it any more.
                continue;
            }
            let live = Live { header: all.clone(), after: all.clone(), assigned: Bits::default() };
            let add = |cx: &mut Self, part: Expr, out: &mut Vec<Stmt>| {
                let array = if combined.rebinds { cx.array_of(combined.name, span) } else { array.clone() };
                let value = cx.folded(combined.fold, array.clone(), part, span)?;
                if combined.rebinds {
                    return cx.bind(combined.name, value, out);
                }
                out.push(Stmt { kind: StmtKind::CopyInto { dest: array, value }, span });
                Ok(())
            };
            self.counted(Iter::Array(parts), span, live, out, add, &[], None)?;
        }
        Ok(())
    }

    /// An array and one that is combined into it.
    fn folded(&mut self, fold: Fold, array: Expr, part: Expr, span: Span) -> Result<Expr> {
        match fold {
            Fold::Op(op) => arith::inplace_value(self, op, array, part, span),
            Fold::Extreme { op, mirrored } => {
                let (table, op) = match op {
                    CompareOp::Lt => ("minimum", hir::BinaryOp::Minimum),
                    CompareOp::Gt => ("maximum", hir::BinaryOp::Maximum),
                    CompareOp::Eq | CompareOp::Ne | CompareOp::Le | CompareOp::Ge => {
                        unreachable!("not an extreme")
                    }
                };
                let (lhs, rhs) = if mirrored { (part, array) } else { (array, part) };
                ufunc::binary_of(self, table, op, lhs, rhs, span)
            }
            Fold::Taken(op) => map::elementwise(self, vec![array, part], span, |_, args| {
                let [array, part] = args.try_into().expect("two operands");
                let test = ExprKind::Compare { op, lhs: part.clone(), rhs: array.clone() };
                let test = Expr::new(test, Type::BOOL, span);
                let ty = array.ty.clone();
                Ok(Expr::new(ExprKind::IfExp { test, then: part, orelse: array }, ty, span))
            }),
            Fold::Kept(_) => unreachable!("such an array is not combined"),
        }
    }

    /// Stores the new value of a name whose array stands for a part of what an iteration combines into.
    pub(super) fn store_part(
        &mut self,
        name: NameId,
        value: Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let array = self.array_of(name, span);
        let same = |a: ArrayType, b: ArrayType| a.elem == b.elem && a.ndim == b.ndim;
        if !value.ty.array().is_some_and(|new| same(new, array.array())) {
            let text = self.frame.scope.name(name).to_owned();
            let error = self.not_parallel(&text, span, "changes its type in the loop", span);
            let help = "start with an array of the type that it gets: of that dtype, and of as many axes";
            return Err(error.help(help).into());
        }
        // A view, since this is no output operand: shapes that do not fit are said as they were written.
        let index =
            (0..array.array().ndim).map(|_| hir::Index::Slice { start: None, stop: None, step: None });
        let (ty, index) = (array.ty.clone(), index.collect());
        let dest = Expr::new(ExprKind::View { array, index }, ty, span);
        out.push(Stmt { kind: StmtKind::CopyInto { dest, value }, span });
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
