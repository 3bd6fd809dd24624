//! Conditions: tests, `and`, `or`, `not`, and expressions of which a part may be skipped.
//!
//! In: `ast::Expr`. Out: a Python bool, or the outcome where it is known now; the value chosen. Invariant: a name
//! that a skipped part would assign means the same after it.

use crate::ast::{self, LogicalOp, UnaryOp};
use crate::diag::{Code, Result, Span};
use crate::hir::{Expr, ExprKind};
use crate::infer::arith;
use crate::infer::choice::Choice;
use crate::infer::cx::{Cx, Signal};
use crate::infer::flow::State;
use crate::infer::operand::{Operand, only};
use crate::infer::scope::NameId;
use crate::types::Type;

/// A test whose outcome may be known now.
pub(super) enum Test {
    Known(bool),
    /// A Python bool.
    Dynamic(Expr),
}

impl Cx<'_> {
    /// Python's truth of an expression.
    pub(super) fn test(&mut self, expr: &ast::Expr) -> Result<Test> {
        if let ast::ExprKind::Unary { op: UnaryOp::Not, operand } = &expr.kind {
            return Ok(match self.test(operand)? {
                Test::Known(value) => Test::Known(!value),
                Test::Dynamic(value) => {
                    let kind = ExprKind::Unary { op: crate::hir::UnaryOp::Not, arg: value };
                    Test::Dynamic(Expr::new(kind, Type::BOOL, expr.span))
                }
            });
        }
        if let ast::ExprKind::Logical { op, operands } = &expr.kind {
            return self.logical_test(*op, operands, expr.span);
        }
        let operand = self.operand(expr)?;
        self.test_of(operand)
    }

    pub(super) fn test_of(&mut self, operand: Operand) -> Result<Test> {
        let span = operand.span;
        // The truth of a number does not depend on its type.
        let numbers = operand.types.iter().all(|(ty, _)| ty.scalar().is_some());
        let operand = if operand.is_mixed() && (!numbers || operand.value.is_none()) {
            self.spread(vec![operand], span, &|cx, values| {
                let [value] = only(values);
                Ok(Operand::single(arith::truth(cx, value, span)?))
            })?
        } else {
            operand
        };
        let value = operand.value.expect("a number or a truth");
        if let Some(known) = known_truth(&value) {
            return Ok(Test::Known(known));
        }
        let span = value.span;
        let value = arith::truth(self, value, span)?;
        Ok(match known_truth(&value) {
            Some(known) => Test::Known(known),
            None => Test::Dynamic(value),
        })
    }

    /// `and` / `or` where only the truth matters.
    fn logical_test(&mut self, op: LogicalOp, operands: &[ast::Expr], span: Span) -> Result<Test> {
        let stop = op == LogicalOp::Or;
        let mut parts: Vec<Expr> = Vec::new();
        let mut end = None;
        for (k, operand) in operands.iter().enumerate() {
            let part = if k == 0 { self.test(operand)? } else { self.conditionally(|cx| cx.test(operand))? };
            match part {
                // The rest is never evaluated.
                Test::Known(value) if value == stop => {
                    end = Some(value);
                    break;
                }
                Test::Known(_) => {}
                Test::Dynamic(value) => parts.push(value),
            }
        }
        if let Some(value) = end {
            if parts.is_empty() {
                return Ok(Test::Known(value));
            }
            parts.push(self.bool(value, span));
        }
        let mut parts = parts.into_iter().rev();
        let Some(mut value) = parts.next() else { return Ok(Test::Known(!stop)) };
        for part in parts {
            let kind = if stop { ExprKind::Or(part, value) } else { ExprKind::And(part, value) };
            value = Expr::new(kind, Type::BOOL, span);
        }
        Ok(Test::Dynamic(value))
    }

    /// Walks something that may be skipped at run time. Names that it assigns are merged with the case that
    /// it is skipped.
    fn conditionally(&mut self, walk: impl FnOnce(&mut Self) -> Result<Test>) -> Result<Test> {
        self.frame.conditional += 1;
        let before = self.frame.scope.has_walrus.then(|| self.frame.state.clone());
        let outcome = walk(self);
        self.frame.conditional -= 1;
        let mut outcome = match outcome {
            Err(_) if self.signal == Some(Signal::Never) => {
                self.signal = None;
                return Ok(Test::Dynamic(self.bool(true, Span::default())));
            }
            outcome => outcome?,
        };
        if let Some(before) = before
            && let Test::Dynamic(value) = &mut outcome
        {
            let span = value.span;
            self.merge_skipped(&before, span)?;
        }
        Ok(outcome)
    }

    /// The state after something that assigned names and may have been skipped.
    fn merge_skipped(&mut self, before: &State, span: Span) -> Result<()> {
        let after = self.frame.state.clone();
        for id in 0..after.slots.len() as NameId {
            let same = match (before.var(id), after.var(id)) {
                (Some(old), Some(new)) => old.main == new.main && old.maybe == new.maybe,
                (None, None) => true,
                (None, Some(_)) | (Some(_), None) => false,
            };
            if !same {
                let name = self.frame.scope.name(id).to_string();
                let text = format!("'{name}' is assigned in a part of an expression that may be skipped");
                return Err(self
                    .error(Code::UnsupportedSyntax, span, text, "may be skipped")
                    .help(format!("assign '{name}' in a statement of its own, before or inside an `if`"))
                    .into());
            }
        }
        Ok(())
    }

    /// `a and b`, `a or b` by value.
    pub(super) fn logical(&mut self, op: LogicalOp, operands: &[ast::Expr], span: Span) -> Result<Operand> {
        let mut values = Vec::new();
        for (k, operand) in operands.iter().enumerate() {
            if k > 0 {
                self.frame.conditional += 1;
            }
            let before = (k > 0 && self.frame.scope.has_walrus).then(|| self.frame.state.clone());
            let value = if k > 0 { self.arm(operand) } else { self.operand(operand).map(Some) };
            if k > 0 {
                self.frame.conditional -= 1;
            }
            let Some(value) = value? else { continue };
            if let Some(before) = before {
                self.merge_skipped(&before, span)?;
            }
            let known = if value.is_mixed() { None } else { value.value.as_ref().and_then(known_truth) };
            match known {
                Some(truth) if truth == (op == LogicalOp::Or) => {
                    values.push(value);
                    break;
                }
                // Never the result, unless it is the last.
                Some(_) if k + 1 < operands.len() => {}
                _other => values.push(value),
            }
        }
        let mut values = values.into_iter().rev();
        let mut result = values.next().expect("a logical expression has operands");
        for value in values {
            result = self.choose(op, value, result, span)?;
        }
        Ok(result)
    }

    /// `left op right` by value, both being typed already.
    pub(super) fn choose(
        &mut self,
        op: LogicalOp,
        left: Operand,
        right: Operand,
        span: Span,
    ) -> Result<Operand> {
        if let (Some(a), Some(b)) = (&left.value, &right.value)
            && a.ty == Type::BOOL
            && b.ty == Type::BOOL
        {
            let (left, right) = (a.clone(), b.clone());
            let kind = match op {
                LogicalOp::And => ExprKind::And(left, right),
                LogicalOp::Or => ExprKind::Or(left, right),
            };
            return Ok(Operand::single(Expr::new(kind, Type::BOOL, span)));
        }
        let mut before = Vec::new();
        let left = self.steady(left, &mut before)?;
        let test = match self.test_of(left.clone())? {
            Test::Known(known) => self.bool(known, span),
            Test::Dynamic(test) => test,
        };
        let (then, orelse) = match op {
            LogicalOp::And => (right, left),
            LogicalOp::Or => (left, right),
        };
        Ok(self.choice(Choice { before, test, then, orelse }, span))
    }

    pub(super) fn if_exp(
        &mut self,
        test: &ast::Expr,
        then: &ast::Expr,
        orelse: &ast::Expr,
        span: Span,
    ) -> Result<Operand> {
        let test = match self.test(test)? {
            Test::Known(true) => return self.operand(then),
            Test::Known(false) => return self.operand(orelse),
            Test::Dynamic(test) => test,
        };
        self.frame.conditional += 1;
        let before = self.frame.scope.has_walrus.then(|| self.frame.state.clone());
        let arms = self.arm(then).and_then(|then| Ok((then, self.arm(orelse)?)));
        self.frame.conditional -= 1;
        let arms = arms?;
        if let Some(before) = before {
            self.merge_skipped(&before, span)?;
        }
        match arms {
            (Some(then), Some(orelse)) => {
                Ok(self.choice(Choice { before: Vec::new(), test, then, orelse }, span))
            }
            (Some(only), None) | (None, Some(only)) => Ok(only),
            (None, None) => Err(self.raise_signal(Signal::Never, span)),
        }
    }

    /// The value of a part that may be skipped; `None` if it is a recursive call of which nothing is known yet.
    fn arm(&mut self, expr: &ast::Expr) -> Result<Option<Operand>> {
        match self.operand(expr) {
            Ok(value) => Ok(Some(value)),
            Err(_) if self.signal == Some(Signal::Never) => {
                self.signal = None;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// The truth of a value that is known at compile time.
pub(super) fn known_truth(value: &Expr) -> Option<bool> {
    arith::fold::truth(value).or(match (&*value.kind, &value.ty) {
        (ExprKind::Unit, Type::None) => Some(false),
        (ExprKind::Unit, Type::Str(text)) => Some(!text.is_empty()),
        _value => None,
    })
}
