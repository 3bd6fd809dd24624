//! Values chosen at run time from several of different types: `1 if c else x`, `a or b`, `max(0, x)`, the result
//! of a function that returns an int here and a float there.
//!
//! In: the tests and the values. Out: an `Operand` of several types that remembers its arms. An operation on it
//! that depends on the type is done in each arm, so that none is promoted before its time; what leaves is
//! promoted only where that keeps the number. Invariant: what stands before the choice is evaluated once, and
//! in the order of the source.

use crate::ast;
use crate::diag::{Result, Span};
use crate::hir::{CompareOp, Expr, ExprKind, Init, LocalId, Stmt, StmtKind};
use crate::infer::arith;
use crate::infer::call::differ_in_layout;
use crate::infer::cx::Cx;
use crate::infer::flow::{Conversion, Known, Slot, Var, type_converts};
use crate::infer::operand::Operand;
use crate::infer::scope::Bits;
use crate::types::{ArrayType, Form, Items, Layout, Type, flatten, promote};

/// An operation is repeated for at most so many combinations of types.
const MAX_COMBINATIONS: usize = 16;

/// Two values and what decides between them.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub before: Vec<Stmt>,
    pub test: Expr,
    pub then: Operand,
    pub orelse: Operand,
}

/// An operation on values of one type each.
type Apply<'a> = &'a dyn Fn(&mut Cx, Vec<Expr>) -> Result<Operand>;

/// What is done with the value in each arm of a choice; with what is known of the number.
type Each<'a> = &'a mut dyn FnMut(&mut Cx, Expr, Known, &mut Vec<Stmt>) -> Result<()>;

impl Cx<'_> {
    /// The operand that a choice is.
    pub(super) fn choice(&mut self, choice: Choice, span: Span) -> Operand {
        let Choice { before, test, then, orelse } = choice.clone();
        if let (false, false, Some(a), Some(b)) =
            (then.is_mixed(), orelse.is_mixed(), &then.value, &orelse.value)
            && a.ty == b.ty
        {
            let ty = a.ty.clone();
            let kind = ExprKind::IfExp { test, then: a.clone(), orelse: b.clone() };
            return Operand::single(self.seq(before, Expr::new(kind, ty, span)));
        }
        let mut types = self.types_of(&then);
        for (ty, known) in self.types_of(&orelse) {
            match types.iter_mut().find(|(seen, _)| *seen == ty) {
                Some((_, so_far)) => *so_far = so_far.or(known),
                None => types.push((ty, known)),
            }
        }
        let mut joined = Some(types[0].0.clone());
        for (ty, _) in &types[1..] {
            joined = joined.and_then(|so_far| promote::join(&so_far, ty));
        }
        let joined = joined.filter(|ty| {
            types.iter().all(|(from, known)| type_converts(from, ty, *known) != Conversion::Fails)
        });
        let value = match (joined, then.value, orelse.value) {
            (Some(ty), Some(then), Some(orelse)) => {
                // The promoted value is the number whatever type it had: an integer that becomes a float is
                // checked.
                for (from, known) in &mut types {
                    known.checked(from, &ty);
                }
                let then = arith::keep(self, then, &ty);
                let orelse = arith::keep(self, orelse, &ty);
                let value = Expr::new(ExprKind::IfExp { test, then, orelse }, ty, span);
                Some(self.seq(before, value))
            }
            (_, _, _) => None,
        };
        Operand { value, types, name: None, choice: Some(Box::new(choice)), known: Known::Nothing, span }
    }

    /// The types that an operand may have.
    pub(super) fn types_of(&self, operand: &Operand) -> Vec<(Type, Known)> {
        match &operand.value {
            Some(value) if !operand.is_mixed() => {
                let known =
                    if operand.known == Known::Nothing { self.known_of(value) } else { operand.known };
                vec![(value.ty.clone(), known)]
            }
            _several => operand.types.clone(),
        }
    }

    /// The result of a call: a choice where the function returns values of several types, of whose numbers
    /// `known` tells.
    pub(super) fn result(&mut self, call: Expr, known: &[(Type, Known)], span: Span) -> Operand {
        let Some(types) = call.ty.either().map(<[Type]>::to_vec) else { return Operand::single(call) };
        let (stmt, read) = self.temp("result", call);
        let mut leaves: Vec<Operand> = Vec::new();
        for (k, ty) in types.iter().enumerate() {
            let value = Expr { span, ..self.item(&read, k as u32 + 1) };
            let known = known.iter().find(|(seen, _)| seen == ty).map_or(Known::Nothing, |(_, known)| *known);
            leaves.push(Operand { known, ..Operand::single(value) });
        }
        let mut whole = leaves.pop().expect("a result of several types");
        let tag = self.item(&read, 0);
        for (k, leaf) in leaves.into_iter().enumerate().rev() {
            let which = self.int(k as i64, span);
            let test = self.int_compare(CompareOp::Eq, tag.clone(), which, span);
            whole = self.choice(Choice { before: Vec::new(), test, then: leaf, orelse: whole }, span);
        }
        // `either_words` has put the value in every place that it fits.
        if let Some(value) = &whole.value
            && let Some(place) = types.iter().position(|ty| *ty == value.ty)
            && types.iter().all(|ty| shares_words(ty, &value.ty))
        {
            whole.value = Some(Expr { span, ..self.item(&read, place as u32 + 1) });
        }
        self.preceded(vec![stmt], whole)
    }

    /// What a function returns for a value, where its result has several types.
    pub(super) fn either_words(&mut self, value: Expr, result: &Type) -> Expr {
        let span = value.span;
        let types = result.either().expect("a result of several types").to_vec();
        let (stmt, value) = self.temp("returned", value);
        let exact = types.iter().position(|ty| *ty == value.ty);
        let chosen = exact
            .or(types.iter().position(|ty| differ_in_layout(ty, &value.ty)))
            .expect("one of the types returned");
        let mut words = vec![self.int(chosen as i64, span)];
        for (k, ty) in types.iter().enumerate() {
            words.push(if k == chosen || shares_words(&value.ty, ty) {
                arith::promote(self, value.clone(), ty)
            } else {
                self.nothing(ty, span)
            });
        }
        let words = Expr::new(ExprKind::Tuple(words), result.clone(), span);
        self.seq(vec![stmt], words)
    }

    /// A choice as the words of a result of several types, for a place from which only Python reads.
    pub(super) fn either_value(&mut self, operand: Operand) -> Result<Operand> {
        if operand.choice.is_none() || self.same_for_all(&operand) {
            return Ok(operand);
        }
        let mut types: Vec<Type> = operand.types.iter().map(|(ty, _)| ty.clone()).collect();
        types.sort();
        types.insert(0, Type::INT);
        let ty = Type::Tuple(Items::new(Form::Either, types));
        Ok(Operand::single(self.either_arm(operand, &ty)?))
    }

    fn either_arm(&mut self, operand: Operand, ty: &Type) -> Result<Expr> {
        let span = operand.span;
        let Operand { choice: Some(choice), .. } = operand else {
            let value = self.settle(operand)?;
            return Ok(self.either_words(value, ty));
        };
        let Choice { before, test, then, orelse } = *choice;
        let then = self.either_arm(then, ty)?;
        let orelse = self.either_arm(orelse, ty)?;
        Ok(self.seq(before, Expr::new(ExprKind::IfExp { test, then, orelse }, ty.clone(), span)))
    }

    /// Any value of a type; of arrays an empty one.
    fn nothing(&mut self, ty: &Type, span: Span) -> Expr {
        match ty {
            Type::Scalar(scalar) => {
                let zero = self.int(0, span);
                arith::convert::cast(zero, *scalar, crate::hir::Convert::Cast)
            }
            Type::Tuple(items) => {
                let values = items.iter().map(|item| self.nothing(item, span)).collect();
                Expr::new(ExprKind::Tuple(values), ty.clone(), span)
            }
            Type::Array(array) => {
                let fresh = Type::Array(ArrayType { layout: Layout::C, writable: true, ..*array });
                let shape = vec![self.int(0, span); usize::from(array.ndim)];
                let empty = Expr::new(ExprKind::Alloc { shape, init: Init::Empty }, fresh, span);
                arith::promote(self, empty, ty)
            }
            Type::None
            | Type::Str(_)
            | Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never => self.unit(ty.clone(), span),
        }
    }

    /// `operand` after statements.
    pub(super) fn preceded(&mut self, before: Vec<Stmt>, operand: Operand) -> Operand {
        let Operand { value, types, name, choice, known, span } = operand;
        let choice = choice.map(|mut choice| {
            choice.before.splice(0..0, before.iter().cloned());
            choice
        });
        let value = value.map(|value| self.seq(before, value));
        Operand { value, types, name, choice, known, span }
    }

    /// Does something with the value, in each arm where it is a choice.
    pub(super) fn each_arm(&mut self, operand: Operand, out: &mut Vec<Stmt>, each: Each) -> Result<()> {
        let Operand { choice: Some(choice), span, .. } = operand else {
            let known = operand.known;
            let value = self.settle(operand)?;
            let known = if known == Known::Nothing { self.known_of(&value) } else { known };
            return each(self, value, known, out);
        };
        let Choice { before, test, then, orelse } = *choice;
        out.extend(before);
        let all = Bits::all(self.frame.scope.names.len());
        let each = std::cell::RefCell::new(each);
        self.branch(
            test,
            &all,
            span,
            out,
            |cx, out| cx.each_arm(then, out, &mut **each.borrow_mut()),
            |cx, out| cx.each_arm(orelse, out, &mut **each.borrow_mut()),
        )
    }

    /// `targets = value` where the value is a choice: each arm keeps its own type.
    pub(super) fn assign_choice(
        &mut self,
        targets: &[ast::Target],
        value: Operand,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        self.each_arm(value, out, &mut |cx, value, known, out| {
            for target in targets {
                cx.assign_target(target, value.clone(), out)?;
                if let ast::TargetKind::Name(name) = &target.kind {
                    cx.note_known(name, known);
                }
            }
            Ok(())
        })
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

    /// An operation done for each combination of the types that its operands may have.
    pub(super) fn spread(&mut self, operands: Vec<Operand>, span: Span, apply: Apply) -> Result<Operand> {
        let mut operands: Vec<Operand> = operands
            .into_iter()
            .map(|operand| match &operand.value {
                Some(value) if operand.is_mixed() && self.same_for_all(&operand) => {
                    Operand::single(value.clone())
                }
                _other => operand,
            })
            .collect();
        let chosen = operands.iter().filter(|operand| operand.choice.is_some()).count();
        if operands.iter().map(arms).product::<usize>() > MAX_COMBINATIONS
            && let Some(first) = operands.iter().find(|operand| operand.choice.is_some())
        {
            return Err(self.undecided(first));
        }
        let simple = |operand: &Operand| {
            operand.choice.is_some() || operand.value.as_ref().is_some_and(|value| self.is_simple(value))
        };
        let mut before = Vec::new();
        if chosen > 1 || (chosen == 1 && !operands.iter().all(simple)) {
            operands = operands
                .into_iter()
                .map(|operand| self.steady(operand, &mut before))
                .collect::<Result<_>>()?;
        }
        let result = self.spread_over(operands, span, apply)?;
        Ok(self.preceded(before, result))
    }

    fn spread_over(&mut self, operands: Vec<Operand>, span: Span, apply: Apply) -> Result<Operand> {
        let Some(place) = operands.iter().position(|operand| operand.choice.is_some()) else {
            let values = operands.into_iter().map(|operand| self.settle(operand)).collect::<Result<_>>()?;
            return apply(self, values);
        };
        let with = |arm: &Operand| {
            let mut operands = operands.clone();
            operands[place] = arm.clone();
            operands
        };
        let Some(choice) = &operands[place].choice else { unreachable!("found above") };
        let then = self.spread_over(with(&choice.then), span, apply)?;
        let orelse = self.spread_over(with(&choice.orelse), span, apply)?;
        let (before, test) = (choice.before.clone(), choice.test.clone());
        Ok(self.choice(Choice { before, test, then, orelse }, span))
    }

    /// The operand, evaluated by statements: what is left reads locals.
    pub(super) fn steady(&mut self, operand: Operand, before: &mut Vec<Stmt>) -> Result<Operand> {
        let (known, span) = (operand.known, operand.span);
        let Operand { choice: Some(choice), .. } = operand else {
            let value = self.settle(operand)?;
            let (stmt, read) = self.once("operand", value);
            before.extend(stmt);
            return Ok(Operand { known, ..Operand::single(read) });
        };
        let choice = *choice;
        before.extend(choice.before);
        let (stmt, test) = self.once("test", choice.test);
        before.extend(stmt);
        let (mut first, mut second) = (Vec::new(), Vec::new());
        let then = self.steady(choice.then, &mut first)?;
        let orelse = self.steady(choice.orelse, &mut second)?;
        if !first.is_empty() || !second.is_empty() {
            let kind = StmtKind::If { test: test.clone(), then: first, orelse: second };
            before.push(Stmt { kind, span });
        }
        Ok(self.choice(Choice { before: Vec::new(), test, then, orelse }, span))
    }

    /// True if the expression may be evaluated anywhere within its statement.
    fn is_simple(&self, value: &Expr) -> bool {
        if let ExprKind::Local { bound: None, .. } = &*value.kind {
            return !self.frame.scope.has_walrus;
        }
        matches!(&*value.kind, ExprKind::Const(_) | ExprKind::Unit)
    }
}

/// Of how many values an operand is chosen.
fn arms(operand: &Operand) -> usize {
    operand.choice.as_ref().map_or(1, |choice| arms(&choice.then) + arms(&choice.orelse))
}

/// True if the words of a number of one type are those of the same number of the other.
pub(super) fn shares_words(a: &Type, b: &Type) -> bool {
    a.scalar().zip(b.scalar()).is_some_and(|(x, y)| x.kind() == y.kind()) && flatten(a) == flatten(b)
}
