//! Statements, and walking one again for each type that a name may have. Assignments are in `assign.rs`.
//!
//! In: `ast::Stmt`. Out: `hir::Stmt`s appended to `out`, and the state after them. Invariant: nothing is
//! emitted for what cannot be reached; a statement that fails leaves `out` and the state as they were.

use crate::abi::SiteArg;
use crate::ast::{self, StmtKind as Ast};
use crate::diag::{Code, Result, Span};
use crate::hir::{ExcKind, Expr, ExprKind, Stmt, StmtKind};
use crate::infer::arith;
use crate::infer::choice::shares_words;
use crate::infer::condition::Test;
use crate::infer::cx::{Cx, Signal};
use crate::infer::expr::effect;
use crate::infer::flow::{Known, Slot, State, Var, Variant};
use crate::infer::operand::Operand;
use crate::infer::scope::{Bits, NameId};
use crate::types::Type;

impl Cx<'_> {
    pub(super) fn block(&mut self, block: &[ast::Stmt], out: &mut Vec<Stmt>) -> Result<()> {
        for stmt in block {
            if self.frame.dead {
                break;
            }
            self.stmt(stmt, out)?;
        }
        Ok(())
    }

    fn stmt(&mut self, stmt: &ast::Stmt, out: &mut Vec<Stmt>) -> Result<()> {
        let checkpoint = self.frame.state.has_mixed().then(|| self.frame.state.clone());
        let (mark, loops, shadows) = (out.len(), self.frame.loops.len(), self.frame.shadows.len());
        let Err(error) = self.stmt_once(stmt, out) else { return Ok(()) };
        self.frame.shadows.truncate(shadows);
        match self.signal {
            Some(Signal::Split(name)) => {
                let Some(state) = checkpoint else { return Err(error) };
                let Some(var) = state.var(name).filter(|var| var.is_mixed()).cloned() else {
                    return Err(error);
                };
                self.signal = None;
                out.truncate(mark);
                self.frame.loops.truncate(loops);
                self.split(stmt, state, name, &var, out)
            }
            // Raised when this place is reached; what follows is not.
            Some(Signal::Unbound(name)) => {
                self.signal = None;
                out.truncate(mark);
                self.frame.loops.truncate(loops);
                let text = self.frame.scope.name(name).to_string();
                self.raise_unbound(&text, stmt.span, out);
                Ok(())
            }
            // A recursive call whose result is not known yet: this path adds nothing to the result.
            Some(Signal::Never) => {
                self.signal = None;
                out.truncate(mark);
                self.frame.loops.truncate(loops);
                self.frame.dead = true;
                Ok(())
            }
            Some(Signal::Tag(_)) | None => Err(error),
        }
    }

    fn raise_unbound(&mut self, name: &str, span: Span, out: &mut Vec<Stmt>) {
        let text = if self.env.python_minor >= 11 {
            format!("cannot access local variable '{name}' where it is not associated with a value")
        } else {
            format!("local variable '{name}' referenced before assignment")
        };
        let args = vec![SiteArg::Text(text.replace('{', "{{").replace('}', "}}"), Vec::new())];
        out.push(Stmt {
            kind: StmtKind::Raise { exc: ExcKind::UnboundLocal, args, payload: Vec::new() },
            span,
        });
        self.frame.dead = true;
    }

    /// A statement walked once for each type that `name` may have, chosen at run time.
    fn split(
        &mut self,
        stmt: &ast::Stmt,
        state: State,
        name: NameId,
        var: &Var,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let scope = self.frame.scope.clone();
        let all = Bits::all(scope.names.len());
        let live = scope.live_after(stmt).unwrap_or(&all);
        let count = var.variants.len();
        let mut rest: Option<(Vec<Stmt>, Option<State>)> = None;
        for (k, variant) in var.variants.iter().enumerate().rev() {
            self.frame.state = narrowed(&state, name, var, variant);
            self.frame.dead = false;
            let mut arm = Vec::new();
            self.take_from_main(var, variant, stmt.span, &mut arm);
            self.stmt(stmt, &mut arm)?;
            let end = (!self.frame.dead).then(|| std::mem::take(&mut self.frame.state));
            let Some((mut orelse, other)) = rest.take() else {
                debug_assert_eq!(k, count - 1, "the last variant is the final else");
                rest = Some((arm, end));
                continue;
            };
            self.meet(end, other, live, stmt.span, &mut arm, &mut orelse);
            let tag = self.tag(variant.local);
            let test = self.read(tag, stmt.span);
            let choice = Stmt { kind: StmtKind::If { test, then: arm, orelse }, span: stmt.span };
            let end = (!self.frame.dead).then(|| std::mem::take(&mut self.frame.state));
            rest = Some((vec![choice], end));
        }
        let (stmts, end) = rest.expect("a mixed name has variants");
        out.extend(stmts);
        self.frame.dead = end.is_none();
        self.frame.state = end.unwrap_or_default();
        Ok(())
    }

    /// Where the promoted value has the same words, a variant is read from it: loops carry only one of them.
    fn take_from_main(&mut self, var: &Var, variant: &Variant, span: Span, out: &mut Vec<Stmt>) {
        let Some(main) = var.main.filter(|main| !var.maybe && *main != variant.local) else { return };
        let ty = self.local_type(variant.local).clone();
        if shares_words(self.local_type(main), &ty) {
            let value = self.read(main, span);
            let value = arith::promote(self, value, &ty);
            out.push(Stmt { kind: StmtKind::Assign { local: variant.local, value }, span });
        }
    }

    fn stmt_once(&mut self, stmt: &ast::Stmt, out: &mut Vec<Stmt>) -> Result<()> {
        let span = stmt.span;
        match &stmt.kind {
            Ast::Assign { targets, value } => self.assign(targets, value, span, out),
            Ast::AugAssign { target, op, value } => self.aug_assign(target, *op, value, span, out),
            Ast::Expr(value) => self.expr_stmt(value, out),
            Ast::If { test, then, orelse } => match self.test(test)? {
                Test::Known(true) => self.block(then, out),
                Test::Known(false) => self.block(orelse, out),
                Test::Dynamic(test) => {
                    let live = self.frame.scope.clone();
                    let live = &live.live(stmt).after;
                    self.branch(
                        test,
                        live,
                        span,
                        out,
                        |cx, out| cx.block(then, out),
                        |cx, out| cx.block(orelse, out),
                    )
                }
            },
            Ast::While { test, body, orelse } => self.while_loop(stmt, test, body, orelse, out),
            Ast::For { target, iter, body, orelse } => self.for_loop(stmt, target, iter, body, orelse, out),
            Ast::Match { subject, cases } => self.match_stmt(stmt, subject, cases, out),
            Ast::Break => self.break_loop(span, out),
            Ast::Continue => self.continue_loop(span, out),
            Ast::Pass => Ok(()),
            Ast::Return(None) => {
                let none = self.unit(Type::None, span);
                self.returns(none, Known::Nothing, out)
            }
            Ast::Return(Some(value)) => self.return_value(value, out),
            Ast::Raise(value) => self.raise(value.as_ref(), span, out),
            Ast::Assert { test, message } => self.assert(test, message.as_ref(), span, out),
            Ast::Delete(targets) => self.delete(targets, out),
            Ast::Def(function) => {
                let value = self.closure(function, span)?;
                let id = self.name_id(&function.name).expect("a def makes its name local");
                self.bind(id, value, out)
            }
        }
    }

    /// `if test: then else: orelse`, and the state after it.
    pub(super) fn branch(
        &mut self,
        test: Expr,
        live: &Bits,
        span: Span,
        out: &mut Vec<Stmt>,
        then: impl FnOnce(&mut Self, &mut Vec<Stmt>) -> Result<()>,
        orelse: impl FnOnce(&mut Self, &mut Vec<Stmt>) -> Result<()>,
    ) -> Result<()> {
        let before = self.frame.state.clone();
        let (mut then_out, mut else_out) = (Vec::new(), Vec::new());
        then(self, &mut then_out)?;
        let first = (!self.frame.dead).then(|| std::mem::take(&mut self.frame.state));
        self.frame.state = before;
        self.frame.dead = false;
        orelse(self, &mut else_out)?;
        let second = (!self.frame.dead).then(|| std::mem::take(&mut self.frame.state));
        self.meet(first, second, live, span, &mut then_out, &mut else_out);
        out.push(Stmt { kind: StmtKind::If { test, then: then_out, orelse: else_out }, span });
        Ok(())
    }

    fn expr_stmt(&mut self, value: &ast::Expr, out: &mut Vec<Stmt>) -> Result<()> {
        if let ast::ExprKind::Call { func, args, keywords } = &value.kind
            && let ast::ExprKind::Name(name) = &func.kind
            && self.name_id(name).is_none()
        {
            let callee = if name == "reveal_type" { None } else { Some(self.expr(func)?) };
            if callee.is_some_and(|callee| self.builtin_name(&callee.ty) == Some("print")) {
                return self.print(args, keywords, value.span, out);
            }
        }
        let operand = self.operand(value)?;
        self.each_arm(operand, out, &mut |cx, value, _known, out| {
            let never = cx.never_returns(&value);
            effect(value, out);
            cx.frame.dead |= never;
            Ok(())
        })
    }

    fn return_value(&mut self, value: &ast::Expr, out: &mut Vec<Stmt>) -> Result<()> {
        let operand = match &value.kind {
            ast::ExprKind::Tuple(items) => {
                let mut items: Vec<Operand> =
                    self.operands(items)?.into_iter().map(|item| self.untouched(item)).collect();
                if self.is_entry() {
                    items = items.into_iter().map(|item| self.either_value(item)).collect::<Result<_>>()?;
                }
                self.spread(items, value.span, &|cx, items| {
                    Ok(Operand::single(cx.make_tuple(items, value.span)))
                })?
            }
            ast::ExprKind::Constant(_)
            | ast::ExprKind::Name(_)
            | ast::ExprKind::Attribute { .. }
            | ast::ExprKind::Unary { .. }
            | ast::ExprKind::Binary { .. }
            | ast::ExprKind::Compare { .. }
            | ast::ExprKind::Logical { .. }
            | ast::ExprKind::IfExp { .. }
            | ast::ExprKind::Call { .. }
            | ast::ExprKind::Subscript { .. }
            | ast::ExprKind::Slice { .. }
            | ast::ExprKind::List(_)
            | ast::ExprKind::Starred(_)
            | ast::ExprKind::Named { .. }
            | ast::ExprKind::Lambda(_)
            | ast::ExprKind::Generator { .. }
            | ast::ExprKind::FString(_) => self.operand(value)?,
        };
        let operand = self.untouched(operand);
        if self.same_for_all(&operand) {
            let value = self.settle(operand)?;
            return self.returns(value, Known::Nothing, out);
        }
        self.each_arm(operand, out, &mut |cx, value, known, out| {
            if cx.never_returns(&value) {
                effect(value, out);
                cx.frame.dead = true;
                return Ok(());
            }
            cx.returns(value, known, out)
        })
    }

    /// The value of a name that a loop assigns, or not, may leave the program as the type it was promoted to.
    /// A caller that is compiled is given the type that it has.
    fn untouched(&self, operand: Operand) -> Operand {
        let looped = operand.name.is_some_and(|name| self.frame.scope.looped.contains(name));
        match &operand.value {
            Some(value) if looped && self.is_entry() && operand.promotes_exactly() => {
                Operand::single(value.clone())
            }
            _exact => operand,
        }
    }

    fn assert(
        &mut self,
        test: &ast::Expr,
        message: Option<&ast::Expr>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        if self.env.optimised {
            return Ok(());
        }
        let test = match self.test(test)? {
            Test::Known(true) => return Ok(()),
            Test::Known(false) => self.bool(false, span),
            Test::Dynamic(test) => test,
        };
        let mut fail = Vec::new();
        let (args, payload) = match message {
            None => (Vec::new(), Vec::new()),
            Some(message) => self.exception_args(std::slice::from_ref(message), &mut fail)?,
        };
        fail.push(Stmt { kind: StmtKind::Raise { exc: ExcKind::Assertion, args, payload }, span });
        if let ExprKind::Const(_) = *test.kind {
            out.extend(fail);
            self.frame.dead = true;
            return Ok(());
        }
        out.push(Stmt { kind: StmtKind::If { test, then: Vec::new(), orelse: fail }, span });
        Ok(())
    }

    fn delete(&mut self, targets: &[ast::Target], out: &mut Vec<Stmt>) -> Result<()> {
        for target in targets {
            let ast::TargetKind::Name(name) = &target.kind else {
                let text = "`del` of an item or attribute is not supported";
                let error = self.error(Code::UnsupportedSyntax, target.span, text, "deleted here");
                return Err(error.help("make a copy without it: `np.delete(a, i)`").into());
            };
            let id = self.name_id(name).expect("deleted names are local");
            let (maybe, unbound) = match self.frame.state.slot(id) {
                Slot::Unbound => (false, true),
                Slot::Bound(var) => (var.maybe, false),
            };
            if unbound {
                return Err(self.raise_signal(Signal::Unbound(id), target.span));
            }
            if maybe {
                let read = ast::Expr { kind: ast::ExprKind::Name(name.clone()), span: target.span };
                let value = self.expr(&read)?;
                effect(value, out);
            }
            self.frame.state.set(id, Slot::Unbound);
        }
        Ok(())
    }
}

/// `state` where `name` is known to be of one of its types.
pub(super) fn narrowed(state: &State, name: NameId, var: &Var, variant: &Variant) -> State {
    let mut state = state.clone();
    let one = Var {
        main: Some(variant.local),
        variants: Vec::new(),
        maybe: var.maybe,
        span: variant.span,
        known: variant.known,
    };
    state.set(name, Slot::Bound(one));
    state
}
