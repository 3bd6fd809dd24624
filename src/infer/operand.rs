//! Operands: values of expressions that may have several types, and the uses in which that makes no difference.
//!
//! In: typed values. Out: one value, or the question which type it is to have. Invariant: a promoted value is
//! used only where it gives what each of the types would.

use crate::ast::BinaryOp;
use crate::diag::{Code, Result, Span};
use crate::hir::Expr;
use crate::infer::arith;
use crate::infer::choice::Choice;
use crate::infer::cx::{Cx, Signal};
use crate::infer::flow::{Conversion, Known, converts, type_converts};
use crate::infer::scope::NameId;
use crate::types::{Scalar, Type};

/// The value of an expression that may have several types.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    /// Promoted to the join of the types; `None` if there is none.
    pub value: Option<Expr>,
    /// The types that it may have and whether it is an exact integer then; empty if there is one only.
    pub types: Vec<(Type, Known)>,
    /// The name that it is the value of.
    pub name: Option<NameId>,
    /// The values of several types that it is chosen from.
    pub choice: Option<Box<Choice>>,
    /// What is known of the number, if there is one type only.
    pub known: Known,
    pub span: Span,
}

impl Operand {
    pub fn single(value: Expr) -> Operand {
        let span = value.span;
        let known = Known::of(&value);
        Operand { value: Some(value), types: Vec::new(), name: None, choice: None, known, span }
    }

    pub fn is_mixed(&self) -> bool {
        !self.types.is_empty()
    }

    /// True if the promoted value is the same number as the value, whatever type that has.
    pub fn promotes_exactly(&self) -> bool {
        self.value.as_ref().is_some_and(|value| {
            self.types.iter().all(|(ty, known)| {
                ty.scalar().is_some() && type_converts(ty, &value.ty, *known) == Conversion::Exact
            })
        })
    }

    /// True if a function of Python floats gives the same for the promoted value: it makes floats of ints.
    pub fn promotes_as_float(&self) -> bool {
        let python = |ty: &Type| matches!(ty.scalar(), Some(Scalar::Int | Scalar::Bool | Scalar::Float));
        self.value.as_ref().is_some_and(|value| value.ty == Type::FLOAT)
            && self.types.iter().all(|(ty, _)| python(ty))
    }

    /// The types that it may have.
    fn each(&self) -> Vec<(Type, Known)> {
        match &self.value {
            Some(value) if self.types.is_empty() => vec![(value.ty.clone(), Known::Nothing)],
            _mixed => self.types.clone(),
        }
    }
}

/// The scalar type that decides an operation: of a scalar, or of the elements of an array.
pub(super) fn element(ty: &Type) -> Option<Scalar> {
    ty.scalar().or(ty.array().map(|array| array.elem))
}

impl Cx<'_> {
    /// The one value of an operand for a use in which its type matters.
    pub(super) fn settle(&mut self, operand: Operand) -> Result<Expr> {
        if !operand.is_mixed() || self.same_for_all(&operand) {
            return Ok(operand.value.expect("an operand of one type has a value"));
        }
        Err(self.undecided(&operand))
    }

    /// What to do about an operand whose types make a difference where it is used.
    pub(super) fn undecided(&mut self, operand: &Operand) -> Box<crate::diag::Diagnostic> {
        if let Some(name) = operand.name {
            return match self.variants(name, operand.span) {
                Ok(_) => self.raise_signal(Signal::Split(name), operand.span),
                Err(error) => error,
            };
        }
        let types: Vec<String> = operand.types.iter().map(|(ty, _)| self.describe(ty)).collect();
        let text = format!("this is {}, depending on the path taken", types.join(" or "));
        self.error(Code::UnstableType, operand.span, text, "used where the type matters")
            .help("give both values the same type, as in `0.0` instead of `0`, or `float(n)` instead of `n`")
            .into()
    }

    /// True if the promoted value serves wherever each of the types would: arrays that differ in layout.
    pub(super) fn same_for_all(&self, operand: &Operand) -> bool {
        let Some(value) = &operand.value else { return false };
        let Some(want) = value.ty.array() else { return false };
        operand.types.iter().all(|(ty, _)| {
            ty.array()
                .is_some_and(|a| a.elem == want.elem && a.ndim == want.ndim && a.writable == want.writable)
        })
    }
}

/// The operands of an operation that has so many.
pub(super) fn only<const N: usize>(values: Vec<Expr>) -> [Expr; N] {
    values.try_into().unwrap_or_else(|_| panic!("an operation on {N} operands"))
}

/// True if the operation is the same whatever types the operands have, and so is its result.
pub(super) fn same_operation(op: BinaryOp, lhs: &Operand, rhs: &Operand) -> bool {
    let (Some(left), Some(right)) = (&lhs.value, &rhs.value) else { return false };
    let (Some(l), Some(r)) = (element(&left.ty), element(&right.ty)) else { return false };
    let Some(rule) = arith::scalar_rule(op, l, r) else { return false };
    // Promotion keeps the number, or is what the operation does to it anyway.
    let (_, operand) = rule;
    let kept = |mixed: &Operand, to: Scalar| {
        let done_anyway = to.machine() == operand.machine() && to.kind() == operand.kind();
        mixed.types.iter().all(|(ty, known)| {
            done_anyway || element(ty).is_some_and(|from| converts(from, to, *known) == Conversion::Exact)
        })
    };
    kept(lhs, l)
        && kept(rhs, r)
        && lhs.each().iter().all(|(a, _)| {
            rhs.each().iter().all(|(b, _)| {
                a.array().is_some() == left.ty.array().is_some()
                    && b.array().is_some() == right.ty.array().is_some()
                    && element(a).zip(element(b)).and_then(|(a, b)| arith::scalar_rule(op, a, b))
                        == Some(rule)
            })
        })
}

/// True if a comparison has the same result whatever types the operands have.
pub(super) fn same_comparison(lhs: &Operand, rhs: &Operand) -> bool {
    let (Some(left), Some(right)) = (&lhs.value, &rhs.value) else { return false };
    let one = |mixed: &Operand, promoted: &Expr, beside: &Operand, other: &Expr| {
        let (Some(to), Some(with)) = (promoted.ty.scalar(), element(&other.ty)) else { return false };
        let single =
            beside.each().iter().any(|(ty, _)| matches!(element(ty), Some(Scalar::F32 | Scalar::C64)));
        mixed.types.iter().all(|(ty, known)| {
            let Some(from) = ty.scalar() else { return false };
            // Python's number is rounded to the single precision of the other, NumPy's is not.
            if single && from.is_python() && !to.is_python() {
                return false;
            }
            // Numbers that convert exactly compare alike; beside a NumPy float, an int becomes one anyway.
            // An integer constant that does not fit a NumPy type compares by value.
            from == to
                || (known.is_exact() && converts(from, to, *known) == Conversion::Exact)
                || (to == Scalar::F64 && with == Scalar::F64)
                || (from == Scalar::Float && to == Scalar::F64)
        })
    };
    match (lhs.is_mixed(), rhs.is_mixed()) {
        (true, false) => one(lhs, left, rhs, right),
        (false, true) => one(rhs, right, lhs, left),
        (true, true) => one(lhs, left, rhs, right) && one(rhs, right, lhs, left),
        (false, false) => true,
    }
}
