//! Values chosen at run time from two of different types: `1 if c else x`, `a or b`, `max(0, x)`.
//!
//! In: the test and the two values. Out: an `Operand` of several types that remembers its arms. An operation
//! on it that depends on the type is done in each arm, so that neither is promoted before its time; what
//! leaves is promoted only where that keeps the number. Invariant: what stands before the choice is
//! evaluated once, and in the order of the source.

use crate::ast;
use crate::diag::{Result, Span};
use crate::hir::{Expr, ExprKind, LocalId, Stmt};
use crate::infer::arith;
use crate::infer::cx::Cx;
use crate::infer::expr::Operand;
use crate::infer::flow::{Conversion, Known, Slot, Var, type_converts};
use crate::infer::scope::Bits;
use crate::types::promote;

/// Two values and what decides between them.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub before: Vec<Stmt>,
    pub test: Expr,
    pub then: Expr,
    pub orelse: Expr,
}

/// An operation on values of one type.
type Apply<'a> = &'a dyn Fn(&mut Cx, Expr, Expr) -> Result<Expr>;

impl Cx<'_> {
    /// `then if test else orelse`.
    pub(super) fn join_arms(&mut self, test: Expr, then: Expr, orelse: Expr, span: Span) -> Operand {
        self.choice(Choice { before: Vec::new(), test, then, orelse }, span)
    }

    /// The operand that a choice is.
    pub(super) fn choice(&mut self, choice: Choice, span: Span) -> Operand {
        let Choice { before, test, then, orelse } = choice.clone();
        if then.ty == orelse.ty {
            let ty = then.ty.clone();
            let value = Expr::new(ExprKind::IfExp { test, then, orelse }, ty, span);
            return Operand::single(self.seq(before, value));
        }
        let mut types = [&then, &orelse].map(|arm| (arm.ty.clone(), self.known_of(arm))).to_vec();
        let joined = promote::join(&then.ty, &orelse.ty).filter(|ty| {
            types.iter().all(|(from, known)| type_converts(from, ty, *known) != Conversion::Fails)
        });
        let value = joined.map(|ty| {
            // The promoted value is the number whatever type it had: an integer that becomes a float is checked.
            for (from, known) in &mut types {
                known.checked(from, &ty);
            }
            let then = arith::keep(self, then, &ty);
            let orelse = arith::keep(self, orelse, &ty);
            let value = Expr::new(ExprKind::IfExp { test, then, orelse }, ty, span);
            self.seq(before, value)
        });
        Operand { value, types, name: None, choice: Some(Box::new(choice)), span }
    }

    /// `targets = value` where the value is chosen from two: each arm keeps its own type.
    pub(super) fn assign_choice(
        &mut self,
        targets: &[ast::Target],
        choice: Choice,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let Choice { before, test, then, orelse } = choice;
        out.extend(before);
        let all = Bits::all(self.frame.scope.names.len());
        let known = [&then, &orelse].map(|arm| self.known_of(arm));
        let arm = |value: Expr, known: Known| {
            move |cx: &mut Self, out: &mut Vec<Stmt>| {
                for target in targets {
                    cx.assign_target(target, value.clone(), out)?;
                    if let ast::TargetKind::Name(name) = &target.kind {
                        cx.note_known(name, known);
                    }
                }
                Ok(())
            }
        };
        self.branch(test, &all, span, out, arm(then, known[0]), arm(orelse, known[1]))
    }

    /// Something more is known of the name that has just been assigned.
    fn note_known(&mut self, name: &str, known: Known) {
        let id = self.name_id(name).expect("assigned names are local");
        if let Slot::Bound(var) = self.frame.state.slot(id).clone()
            && var.known == Known::Nothing
        {
            self.frame.state.set(id, Slot::Bound(Var { known, ..var }));
        }
    }

    /// What is known of a value: of a constant, and of a name that holds one.
    pub(super) fn known_of(&self, value: &Expr) -> Known {
        if let ExprKind::Local { local, .. } = &*value.kind {
            self.known_of_local(*local)
        } else {
            Known::of(value)
        }
    }

    fn known_of_local(&self, local: LocalId) -> Known {
        let slots = self.frame.state.slots.iter();
        let mut known = slots.rev().filter_map(|slot| match slot {
            Slot::Bound(var) if var.main == Some(local) && var.variants.is_empty() => Some(var.known),
            Slot::Bound(_) | Slot::Unbound => None,
        });
        known.next().unwrap_or(Known::Nothing)
    }

    /// `lhs op rhs` done in each arm of the operand that is a choice; the operands themselves if that is not
    /// possible.
    pub(super) fn distribute(
        &mut self,
        lhs: Operand,
        rhs: Operand,
        span: Span,
        apply: Apply,
    ) -> Result<std::result::Result<Operand, Box<(Operand, Operand)>>> {
        match (&lhs, &rhs) {
            (
                Operand { choice: Some(choice), .. },
                Operand { choice: None, value: Some(other), types, .. },
            ) if types.is_empty() => {
                let Choice { mut before, test, then, orelse } = (**choice).clone();
                let mut other = other.clone();
                if !self.is_simple(&other) {
                    if !self.is_simple(&then) || !self.is_simple(&orelse) {
                        return Ok(Err(Box::new((lhs, rhs))));
                    }
                    // The test comes before the right operand.
                    let (stmt, read) = self.once("test", test.clone());
                    before.extend(stmt);
                    let (stmt, value) = self.once("right", other);
                    before.extend(stmt);
                    other = value;
                    let then = apply(self, then, other.clone())?;
                    let orelse = apply(self, orelse, other)?;
                    return Ok(Ok(self.choice(Choice { before, test: read, then, orelse }, span)));
                }
                let then = apply(self, then, other.clone())?;
                let orelse = apply(self, orelse, other)?;
                Ok(Ok(self.choice(Choice { before, test, then, orelse }, span)))
            }
            (
                Operand { choice: None, value: Some(other), types, .. },
                Operand { choice: Some(choice), .. },
            ) if types.is_empty() => {
                let (stmt, other) = self.once("left", other.clone());
                let Choice { before, test, then, orelse } = (**choice).clone();
                let before = stmt.into_iter().chain(before).collect();
                let then = apply(self, other.clone(), then)?;
                let orelse = apply(self, other, orelse)?;
                Ok(Ok(self.choice(Choice { before, test, then, orelse }, span)))
            }
            (Operand { choice: Some(left), .. }, Operand { choice: Some(right), .. })
                if self.is_simple(&left.then) && self.is_simple(&left.orelse) =>
            {
                let (left, right) = ((**left).clone(), (**right).clone());
                Ok(Ok(self.distribute_both(left, right, span, apply)?))
            }
            _neither => Ok(Err(Box::new((lhs, rhs)))),
        }
    }

    /// `lhs op rhs` of two choices: of up to four types, so it is no choice itself.
    fn distribute_both(&mut self, lhs: Choice, rhs: Choice, span: Span, apply: Apply) -> Result<Operand> {
        let mut before = lhs.before;
        let (stmt, test) = self.once("test", lhs.test);
        before.extend(stmt);
        before.extend(rhs.before);
        let (stmt, right_test) = self.once("test", rhs.test);
        before.extend(stmt);
        let mut types = Vec::new();
        let mut arms = Vec::new();
        for left in [lhs.then, lhs.orelse] {
            let then = apply(self, left.clone(), rhs.then.clone())?;
            let orelse = apply(self, left, rhs.orelse.clone())?;
            let inner =
                self.choice(Choice { before: Vec::new(), test: right_test.clone(), then, orelse }, span);
            let Some(value) = &inner.value else { return Err(self.undecided(&inner)) };
            arms.push(value.clone());
            if inner.types.is_empty() {
                types.push((value.ty.clone(), Known::Nothing));
            }
            types.extend(inner.types);
        }
        let (Some(orelse), Some(then)) = (arms.pop(), arms.pop()) else { unreachable!("two arms") };
        let mut whole = self.choice(Choice { before, test, then, orelse }, span);
        whole.choice = None;
        if let Some(value) = &whole.value {
            types.iter_mut().for_each(|(ty, known)| known.checked(ty, &value.ty));
            whole.types = types;
            if whole.types.iter().all(|(ty, _)| *ty == value.ty) {
                whole.types.clear();
            }
        }
        Ok(whole)
    }

    /// An operation on one operand, done in each arm if it is a choice.
    pub(super) fn distribute_one(
        &mut self,
        operand: Operand,
        span: Span,
        apply: &dyn Fn(&mut Cx, Expr) -> Result<Expr>,
    ) -> Result<Operand> {
        let Operand { choice: Some(choice), .. } = operand else {
            let value = self.settle(operand)?;
            return Ok(Operand::single(apply(self, value)?));
        };
        let Choice { before, test, then, orelse } = *choice;
        let then = apply(self, then)?;
        let orelse = apply(self, orelse)?;
        Ok(self.choice(Choice { before, test, then, orelse }, span))
    }

    /// True if the expression may be evaluated anywhere within its statement.
    fn is_simple(&self, value: &Expr) -> bool {
        if matches!(&*value.kind, ExprKind::Local { bound: None, .. }) {
            return !self.frame.scope.has_walrus;
        }
        matches!(&*value.kind, ExprKind::Const(_))
    }
}
