//! Loops: `while` and `for`. What can be iterated over is in `iterable.rs`.
//!
//! In: `ast::StmtKind::{While, For, Break, Continue}`. Out: `While` and `For` of HIR with a hidden counter.
//! A loop is walked until the state at its head no longer grows; only the last round's statements are kept.
//! Invariant: when the last round begins, the states at the head and at the exit are final, so the
//! assignments on every edge are right.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{self, ArrayAttr, Expr, ExprKind, Index, Ordered, Parallel, Stmt, StmtKind};
use crate::infer::arith;
use crate::infer::condition::Test;
use crate::infer::cx::{Cx, Signal};
use crate::infer::flow::{State, Var};
use crate::infer::index::int_constant;
use crate::infer::iterable::{Iter, indexable, static_items};
use crate::infer::partial::breaks;
use crate::infer::scope::{Live, NameId};
use crate::infer::stmt::narrowed;
use crate::infer::update::Combined;
use crate::types::{Layout, Type};

/// Rounds after which a loop is taken not to settle.
const MAX_ROUNDS: usize = 16;
/// Tuples up to this length are unrolled.
const UNROLL: usize = 8;

/// A loop being walked.
pub(super) struct LoopFrame {
    /// State before the loop.
    pub entry: State,
    /// State at the head, so far.
    pub header: State,
    /// State after the loop, so far; `None` until an edge leads there.
    pub exit: Option<State>,
    pub live: Live,
    /// `header` has grown in this round.
    pub header_grown: bool,
    /// `exit` has grown in this round.
    pub exit_grown: bool,
    /// Iterations run on threads: it cannot be left early.
    pub parallel: bool,
    /// Names that iterations make new arrays of, which are stored into the part that the name means.
    pub parts: Vec<NameId>,
    /// The statement, for messages.
    pub span: Span,
}

impl Cx<'_> {
    /// `array.shape[axis]`.
    pub(super) fn shape(&mut self, array: &Expr, axis: u8, span: Span) -> Expr {
        let kind = ExprKind::ArrayAttr { array: array.clone(), attr: ArrayAttr::Shape(axis) };
        Expr::new(kind, Type::INT, span)
    }

    pub(super) fn int_compare(&self, op: hir::CompareOp, lhs: Expr, rhs: Expr, span: Span) -> Expr {
        Expr::new(ExprKind::Compare { op, lhs, rhs }, Type::BOOL, span)
    }

    pub(super) fn int_binary(&self, op: ast::BinaryOp, lhs: Expr, rhs: Expr, span: Span) -> Expr {
        if let Some(folded) = arith::fold::binary(op, &lhs, &rhs, span) {
            return folded;
        }
        let op = arith::hir_op(op);
        Expr::new(ExprKind::Binary { op, lhs, rhs }, Type::INT, span)
    }

    /// Item `at` of an array along its first axis; `at` is in range.
    pub(super) fn array_item(&mut self, array: &Expr, at: Expr, span: Span) -> Expr {
        let ty = array.array();
        let mut index = vec![Index::At { index: at, checked: false }];
        if ty.ndim == 1 {
            let kind = ExprKind::Element { array: array.clone(), index };
            return Expr::new(kind, Type::Scalar(ty.elem), span);
        }
        index.extend((1..ty.ndim).map(|_| Index::Slice { start: None, stop: None, step: None }));
        let layout = if ty.layout == Layout::C { Layout::C } else { Layout::Strided };
        let view = crate::types::ArrayType { ndim: ty.ndim - 1, layout, ..ty };
        Expr::new(ExprKind::View { array: array.clone(), index }, Type::Array(view), span)
    }

    /// Walks a loop until its states are settled. `round` walks it once from the head: it emits the loop, with
    /// the code of the edges that it ends with.
    fn settle_loop(
        &mut self,
        span: Span,
        live: Live,
        parallel: bool,
        out: &mut Vec<Stmt>,
        mut round: impl FnMut(&mut Self, &mut Vec<Stmt>) -> Result<()>,
    ) -> Result<()> {
        let entry = self.frame.state.clone();
        let mut header = entry.clone();
        header.keep(&live.header);
        // Most names that a loop assigns change their number and keep their type: no second round for those.
        header.forget_numbers(&live.assigned);
        let mut exit = None;
        for _ in 0..MAX_ROUNDS {
            let mut stmts = Vec::new();
            self.frame.state = header.clone();
            self.frame.dead = false;
            self.frame.loops.push(LoopFrame {
                entry: entry.clone(),
                header,
                exit,
                live: live.clone(),
                header_grown: false,
                exit_grown: false,
                parallel,
                parts: Vec::new(),
                span,
            });
            round(self, &mut stmts)?;
            let frame = self.frame.loops.pop().expect("pushed above");
            header = frame.header;
            // What reached the exit from a head that was not final yet is not to be believed.
            exit = frame.exit.filter(|_| !frame.header_grown);
            if !frame.header_grown && !frame.exit_grown {
                self.moves(&entry, &header, span, out);
                out.append(&mut stmts);
                self.frame.dead = exit.is_none();
                self.frame.state = exit.unwrap_or_default();
                return Ok(());
            }
        }
        Err(self.error(Code::UnstableType, span, "the types in this loop do not settle", "this loop"))
    }

    /// The edge from here to the head of the innermost loop.
    fn edge_to_header(&mut self, span: Span, out: &mut Vec<Stmt>) {
        let mut frame = self.frame.loops.pop().expect("inside a loop");
        let state = std::mem::take(&mut self.frame.state);
        frame.header.remember_numbers(&frame.entry, &state);
        frame.header_grown |= self.merge(&mut frame.header, &state, &frame.live.header);
        self.moves(&state, &frame.header, span, out);
        self.frame.loops.push(frame);
        self.frame.dead = true;
    }

    /// The edge from here to what follows the innermost loop.
    fn edge_to_exit(&mut self, span: Span, out: &mut Vec<Stmt>) {
        let mut frame = self.frame.loops.pop().expect("inside a loop");
        let state = std::mem::take(&mut self.frame.state);
        match &mut frame.exit {
            None => {
                let mut exit = state.clone();
                exit.keep(&frame.live.after);
                frame.exit = Some(exit);
            }
            Some(exit) => {
                frame.exit_grown |= self.merge(exit, &state, &frame.live.after);
                self.moves(&state, exit, span, out);
            }
        }
        self.frame.loops.push(frame);
        self.frame.dead = true;
    }

    pub(super) fn break_loop(&mut self, span: Span, out: &mut Vec<Stmt>) -> Result<()> {
        self.check_leaves(span, "break")?;
        self.edge_to_exit(span, out);
        out.push(Stmt { kind: StmtKind::Break, span });
        Ok(())
    }

    pub(super) fn continue_loop(&mut self, span: Span, out: &mut Vec<Stmt>) -> Result<()> {
        self.edge_to_header(span, out);
        out.push(Stmt { kind: StmtKind::Continue, span });
        Ok(())
    }

    fn check_leaves(&self, span: Span, what: &str) -> Result<()> {
        match self.frame.loops.last() {
            Some(frame) if frame.parallel => Err(self
                .error(
                    Code::NotParallel,
                    span,
                    format!("`{what}` cannot leave a prange loop"),
                    "leaves the loop",
                )
                .help("use `range`, or remember the result and go on")
                .into()),
            _other => Ok(()),
        }
    }

    /// The outcome of the loop's test, and the states in which it holds and fails. Types that differ from one
    /// iteration to the next are told apart here.
    fn while_test(&mut self, test: &ast::Expr) -> Result<(Test, State, State)> {
        let state = self.frame.state.clone();
        let error = match self.test(test) {
            Ok(outcome) => {
                let tested = std::mem::take(&mut self.frame.state);
                return Ok((outcome, tested.clone(), tested));
            }
            Err(error) => error,
        };
        let Some(Signal::Split(name)) = self.signal else { return Err(error) };
        let Some(var) = state.var(name).filter(|var| var.is_mixed()).cloned() else { return Err(error) };
        self.signal = None;
        let span = test.span;
        let mut value: Option<Expr> = None;
        let (mut holds, mut fails) = (var.clone(), var.clone());
        for variant in var.variants.iter().rev() {
            self.frame.state = narrowed(&state, name, &var, variant);
            let one = match self.while_test(test)?.0 {
                Test::Known(known) => {
                    let ruled_out = if known { &mut fails } else { &mut holds };
                    ruled_out.variants.retain(|v| v.local != variant.local);
                    self.bool(known, span)
                }
                Test::Dynamic(one) => one,
            };
            value = Some(match value {
                None => one,
                Some(orelse) => {
                    let tag = self.tag(variant.local);
                    let test = self.read(tag, span);
                    Expr::new(ExprKind::IfExp { test, then: one, orelse }, Type::BOOL, span)
                }
            });
        }
        let only = |var: &Var| match var.variants.as_slice() {
            [one] => narrowed(&state, name, var, one),
            _several => state.clone(),
        };
        let (holds, fails) = (only(&holds), only(&fails));
        Ok((Test::Dynamic(value.expect("a mixed name has variants")), holds, fails))
    }

    pub(super) fn while_loop(
        &mut self,
        stmt: &ast::Stmt,
        test: &ast::Expr,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let span = stmt.span;
        let live = self.frame.scope.live(stmt).clone();
        self.settle_loop(span, live, false, out, |cx, out| {
            let (outcome, holds, fails) = cx.while_test(test)?;
            cx.frame.state = holds;
            let mut body_out = Vec::new();
            if !matches!(outcome, Test::Known(false)) {
                cx.block(body, &mut body_out)?;
                if !cx.frame.dead {
                    cx.edge_to_header(span, &mut body_out);
                }
            }
            let mut else_out = Vec::new();
            if !matches!(outcome, Test::Known(true)) {
                cx.exhausted(fails, orelse, span, &mut else_out)?;
            }
            let test = match outcome {
                Test::Known(known) => cx.bool(known, test.span),
                Test::Dynamic(test) => test,
            };
            out.push(Stmt { kind: StmtKind::While { test, body: body_out, orelse: else_out }, span });
            Ok(())
        })
    }

    /// What happens when a loop ends by itself: its `else`, then the exit. `break` there leaves the loop
    /// around this one.
    fn exhausted(
        &mut self,
        state: State,
        orelse: &[ast::Stmt],
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        self.frame.state = state;
        self.frame.dead = false;
        let inner = self.frame.loops.pop().expect("inside the loop");
        let walked = self.block(orelse, out);
        self.frame.loops.push(inner);
        walked?;
        if !self.frame.dead {
            self.edge_to_exit(span, out);
        }
        Ok(())
    }

    pub(super) fn for_loop(
        &mut self,
        stmt: &ast::Stmt,
        target: &ast::Target,
        iter: &ast::Expr,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let scope = self.frame.scope.clone();
        let live = scope.live(stmt);
        let over = self.iterable(iter, out)?;
        if let Some(count) = self.unrolled(&over, body, iter.span)? {
            for k in 0..count {
                let at = self.int(k as i64, iter.span);
                let item = self.iter_item(&over, at, iter.span);
                self.assign_target(target, item, out)?;
                self.block(body, out)?;
                if self.frame.dead {
                    return Ok(());
                }
            }
            return self.block(orelse, out);
        }
        if let Iter::Range { start, stop, step, parallel: true } = &over
            && let Some(step) = int_constant(step).filter(|step| *step != 0 && *step != i64::MIN)
            && self.ordered().is_none()
            && !breaks(body)
        {
            let combined = self.updates(target, body, live).combined;
            if !combined.is_empty() {
                let range = (start.clone(), stop.clone(), step);
                return self.combine(&combined, range, stmt.span, (target, body), orelse, live, out);
            }
        }
        self.counted(
            over,
            stmt.span,
            live.clone(),
            out,
            |cx, item, out| {
                cx.assign_target(target, item, out)?;
                cx.block(body, out)
            },
            orelse,
            Some((target, body, &[])),
        )
    }

    /// A loop over `over` whose body is walked by `each`, given the item.
    #[expect(clippy::too_many_arguments, reason = "the parts of one statement")]
    pub(super) fn counted(
        &mut self,
        over: Iter,
        span: Span,
        live: Live,
        out: &mut Vec<Stmt>,
        mut each: impl FnMut(&mut Self, Expr, &mut Vec<Stmt>) -> Result<()>,
        orelse: &[ast::Stmt],
        written: Option<(&ast::Target, &[ast::Stmt], &[Combined])>,
    ) -> Result<()> {
        let split = matches!(over, Iter::Range { parallel: true, .. });
        let ordered = self.ordered();
        let parallel = split && ordered.is_none();
        let (start, stop, step) = if let Iter::Range { start, stop, step, .. } = &over {
            (start.clone(), stop.clone(), step.clone())
        } else {
            (self.int(0, span), self.iter_len(&over, span, out)?, self.int(1, span))
        };
        let counter = self.local("counter", Type::INT);
        let before = self.frame.state.clone();
        self.settle_loop(span, live.clone(), parallel, out, |cx, out| {
            let head = cx.frame.state.clone();
            let mut body_out = Vec::new();
            let at = cx.read(counter, span);
            let ranged = matches!(over, Iter::Range { .. });
            let item = if ranged { at } else { cx.iter_item(&over, at, span) };
            each(cx, item, &mut body_out)?;
            if !cx.frame.dead {
                cx.edge_to_header(span, &mut body_out);
            }
            let mut else_out = Vec::new();
            cx.exhausted(head, orelse, span, &mut else_out)?;
            out.push(Stmt {
                kind: StmtKind::For {
                    counter,
                    start: start.clone(),
                    stop: stop.clone(),
                    step: step.clone(),
                    body: body_out,
                    orelse: else_out,
                    parallel: None,
                },
                span,
            });
            Ok(())
        })?;
        if split
            && let Some((target, body, combined)) = written
            && let Some(Stmt { kind: StmtKind::For { parallel, body: typed, .. }, .. }) = out.last_mut()
        {
            *parallel = Some(match ordered {
                None => self.reductions(&before, (target, body, typed), orelse, combined, &live, span)?,
                Some(ordered) => Parallel::in_order(ordered),
            });
        }
        Ok(())
    }

    /// Why a `prange` loop that stands here is not split, whatever it does.
    fn ordered(&self) -> Option<Ordered> {
        if !self.options.parallel {
            return Some(Ordered::Off);
        }
        self.frame.loops.iter().any(|l| l.parallel).then_some(Ordered::Nested)
    }

    /// A loop without `else`, written out if it is over few items.
    pub(super) fn iterate(
        &mut self,
        over: Iter,
        span: Span,
        live: Live,
        out: &mut Vec<Stmt>,
        mut each: impl FnMut(&mut Self, Expr, &mut Vec<Stmt>) -> Result<()>,
    ) -> Result<()> {
        if let Some(count) = self.unrolled(&over, &[], span)? {
            for k in 0..count {
                let at = self.int(k as i64, span);
                let item = self.iter_item(&over, at, span);
                each(self, item, out)?;
            }
            return Ok(());
        }
        self.counted(over, span, live, out, each, &[], None)
    }

    /// How often a loop over tuple items is written out; `None` if it is to be a loop.
    fn unrolled(&self, over: &Iter, body: &[ast::Stmt], span: Span) -> Result<Option<usize>> {
        let Some((count, same)) = static_items(over) else { return Ok(None) };
        let leaves = leaves_loop(body);
        if same && (leaves || count > UNROLL) && indexable(over) {
            return Ok(None);
        }
        if count == usize::MAX {
            let text = "zip of a tuple of different types with something of unknown length is not supported";
            return Err(self.error(Code::UnsupportedSyntax, span, text, "its length is not known"));
        }
        if leaves {
            let text = "`break` and `continue` in a loop over items of different types are not supported";
            return Err(self
                .error(Code::UnsupportedSyntax, span, text, "the items have different types")
                .help("loop over a range, or give the items the same type")
                .into());
        }
        Ok(Some(count))
    }
}

/// True if a body has a `break` or `continue` of its own loop.
fn leaves_loop(body: &[ast::Stmt]) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        ast::StmtKind::Break | ast::StmtKind::Continue => true,
        ast::StmtKind::If { then, orelse, .. } => leaves_loop(then) || leaves_loop(orelse),
        ast::StmtKind::While { orelse, .. } | ast::StmtKind::For { orelse, .. } => leaves_loop(orelse),
        ast::StmtKind::Match { cases, .. } => cases.iter().any(|case| leaves_loop(&case.body)),
        ast::StmtKind::Assign { .. }
        | ast::StmtKind::AugAssign { .. }
        | ast::StmtKind::Expr(_)
        | ast::StmtKind::Pass
        | ast::StmtKind::Return(_)
        | ast::StmtKind::Raise(_)
        | ast::StmtKind::Assert { .. }
        | ast::StmtKind::Delete(_)
        | ast::StmtKind::Def(_) => false,
    })
}
