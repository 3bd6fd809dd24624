//! What each name holds at a point of the program, and how paths meet.
//!
//! In: bindings made by `stmt` and `loops`. Out: `State`, and the assignments that an edge needs so that
//! the meeting point finds every name where it expects it. A name that comes with different types keeps
//! them all as *variants*; `main` is the local that holds the value promoted to their join, if there is one.
//! Invariant: there is one local for each (name, type), so variants of a name agree between states.

use crate::diag::{Result, Span};
use crate::hir::{Const, Expr, ExprKind, LocalId, Role, Stmt, StmtKind};
use crate::infer::arith;
use crate::infer::cx::{Cx, Signal};
use crate::infer::scope::{Bits, NameId};
use crate::types::{Kind, Scalar, Type, promote};

/// Names that may be bound to more different types than this are not told apart.
const MAX_VARIANTS: usize = 4;

/// One of the types that a name may have.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub local: LocalId,
    /// The assignment it comes from.
    pub span: Span,
    pub known: Known,
}

/// What is known of the number beside its type: whether a conversion keeps it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Known {
    Nothing,
    /// Integer constants between these.
    Between(i64, i64),
    /// A float constant that single precision holds.
    Single,
}

impl Known {
    pub fn of(value: &Expr) -> Known {
        let ExprKind::Const(constant) = *value.kind else { return Known::Nothing };
        match constant {
            Const::Int(k) => Known::Between(k, k),
            Const::Bool(b) => Known::Between(i64::from(b), i64::from(b)),
            Const::Float(x) if f64::from(x as f32).to_bits() == x.to_bits() => Known::Single,
            Const::Float(_) | Const::Complex(..) => Known::Nothing,
        }
    }

    pub fn or(self, other: Known) -> Known {
        match (self, other) {
            (Known::Between(a, b), Known::Between(c, d)) => Known::Between(a.min(c), b.max(d)),
            (Known::Single, Known::Single) => Known::Single,
            (Known::Nothing | Known::Between(..) | Known::Single, _) => Known::Nothing,
        }
    }

    /// After `arith::keep` from one type to the other.
    pub fn checked(&mut self, from: &Type, to: &Type) {
        if let (Some(from), Some(to), Known::Nothing) = (from.scalar(), to.scalar(), *self)
            && arith::convert::checkable(from, to)
        {
            *self = Known::Between(-(1 << 53), 1 << 53);
        }
    }

    /// An integer of at most this size in bits.
    fn within(self, bits: u32) -> bool {
        match self {
            Known::Between(a, b) => a.unsigned_abs() <= 1 << bits && b.unsigned_abs() <= 1 << bits,
            Known::Nothing | Known::Single => false,
        }
    }

    /// A small integer constant: the same number in every floating type.
    pub fn is_exact(self) -> bool {
        self.within(24)
    }
}

/// What a promotion does to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    Exact,
    /// Another number, the nearest one.
    Rounds,
    /// It may not fit.
    Fails,
}

/// What the promotion of a scalar does.
pub fn converts(from: Scalar, to: Scalar, known: Known) -> Conversion {
    let single = matches!(to, Scalar::F32 | Scalar::C64);
    let (exact, otherwise) = match (from, to.kind()) {
        (Scalar::Int, Kind::Signed | Kind::Unsigned) if to != Scalar::Int && to != Scalar::I64 => {
            let fits = match known {
                Known::Between(a, b) => arith::convert::fits(a, to) && arith::convert::fits(b, to),
                Known::Nothing | Known::Single => false,
            };
            (fits, Conversion::Fails)
        }
        (Scalar::Int, Kind::Float | Kind::Complex) if single => (known.within(24), Conversion::Rounds),
        (Scalar::Float, Kind::Float | Kind::Complex) if single => {
            (known == Known::Single, Conversion::Rounds)
        }
        (Scalar::Int | Scalar::I64 | Scalar::U64, Kind::Float | Kind::Complex) => {
            (known.within(53), Conversion::Rounds)
        }
        (Scalar::Complex, Kind::Complex) if single => (false, Conversion::Rounds),
        _widening => (true, Conversion::Exact),
    };
    if exact { Conversion::Exact } else { otherwise }
}

/// True if the promotion keeps the number, or can be checked to keep it (`arith::keep`).
pub fn keeps(from: &Type, to: &Type, known: Known) -> bool {
    match (from, to) {
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.iter().zip(to.iter()).all(|(from, to)| keeps(from, to, Known::Nothing))
        }
        (Type::Scalar(from), Type::Scalar(to)) => {
            converts(*from, *to, known) == Conversion::Exact || arith::convert::checkable(*from, *to)
        }
        _other => type_converts(from, to, known) == Conversion::Exact,
    }
}

/// As `converts`, for types that have a join.
pub fn type_converts(from: &Type, to: &Type, known: Known) -> Conversion {
    match (from, to) {
        (Type::Scalar(from), Type::Scalar(to)) => converts(*from, *to, known),
        (Type::Tuple(from), Type::Tuple(to)) => {
            let mut worst = Conversion::Exact;
            for (from, to) in from.iter().zip(to.iter()) {
                match type_converts(from, to, Known::Nothing) {
                    Conversion::Fails => return Conversion::Fails,
                    Conversion::Rounds => worst = Conversion::Rounds,
                    Conversion::Exact => {}
                }
            }
            worst
        }
        _same => Conversion::Exact,
    }
}

/// A bound name.
#[derive(Clone, Debug)]
pub struct Var {
    /// Holds the value, promoted to the join of the variants; `None` if they have no join.
    pub main: Option<LocalId>,
    /// Two or more, or none where there is one type only.
    pub variants: Vec<Variant>,
    /// May also be unassigned: its flag says so.
    pub maybe: bool,
    pub span: Span,
    pub known: Known,
}

impl Var {
    fn of(&self) -> Vec<Variant> {
        match (self.main, self.variants.is_empty()) {
            (Some(local), true) => vec![Variant { local, span: self.span, known: self.known }],
            _several => self.variants.clone(),
        }
    }
    pub fn is_mixed(&self) -> bool {
        !self.variants.is_empty()
    }
}

#[derive(Clone, Debug, Default)]
pub enum Slot {
    #[default]
    Unbound,
    Bound(Var),
}

/// What every local name holds, by `NameId`.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub slots: Vec<Slot>,
    /// (captured name, name that holds the closure): the first must not be rebound while the second lives.
    pub closures: Vec<(NameId, NameId)>,
}

impl State {
    pub fn slot(&self, name: NameId) -> &Slot {
        self.slots.get(name as usize).unwrap_or(&Slot::Unbound)
    }
    pub fn set(&mut self, name: NameId, slot: Slot) {
        if self.slots.len() <= name as usize {
            self.slots.resize(name as usize + 1, Slot::Unbound);
        }
        self.slots[name as usize] = slot;
    }
    pub fn var(&self, name: NameId) -> Option<&Var> {
        match self.slot(name) {
            Slot::Bound(var) => Some(var),
            Slot::Unbound => None,
        }
    }
    /// Forgets the names that are not in `live`.
    pub fn keep(&mut self, live: &Bits) {
        for (id, slot) in self.slots.iter_mut().enumerate() {
            if !live.contains(id as NameId) {
                *slot = Slot::Unbound;
            }
        }
    }
    /// Forgets the numbers of the names in `assigned`, keeping their types.
    pub fn forget_numbers(&mut self, assigned: &Bits) {
        for (id, slot) in self.slots.iter_mut().enumerate() {
            if let Slot::Bound(var) = slot
                && assigned.contains(id as NameId)
            {
                var.known = Known::Nothing;
            }
        }
    }

    /// Where a name comes to the head of a loop with a new type, its old type is that of the entry alone, as
    /// far as is known yet, and so is its number.
    pub fn remember_numbers(&mut self, entry: &State, incoming: &State) {
        for (id, slot) in self.slots.iter_mut().enumerate() {
            let Slot::Bound(var) = slot else { continue };
            let (Some(first), Some(new)) = (entry.var(id as NameId), incoming.var(id as NameId)) else {
                continue;
            };
            let other = !var.is_mixed() && !new.of().iter().any(|v| Some(v.local) == var.main);
            if other && first.main == var.main && !first.is_mixed() {
                var.known = first.known;
            }
        }
    }

    pub fn has_mixed(&self) -> bool {
        self.slots.iter().any(|slot| match slot {
            Slot::Bound(var) => var.is_mixed(),
            Slot::Unbound => false,
        })
    }
}

impl Cx<'_> {
    /// The type of a local.
    pub(super) fn local_type(&self, local: LocalId) -> &Type {
        &self.frame.locals[local.0 as usize].ty
    }

    /// The local that holds `name` when it has type `ty`.
    pub(super) fn named_local(&mut self, name: NameId, ty: &Type) -> LocalId {
        if let Some(local) = self.frame.named.get(&(name, ty.clone())) {
            return *local;
        }
        let text = self.frame.scope.name(name).to_string();
        let local = self.local_for(&text, ty.clone(), Role::Name(name));
        self.frame.named.insert((name, ty.clone()), local);
        local
    }

    /// The bool local that says whether `name` is assigned.
    pub(super) fn bound_flag(&mut self, name: NameId) -> LocalId {
        if let Some(flag) = self.frame.bound_flags.get(&name) {
            return *flag;
        }
        let text = format!("{}.bound", self.frame.scope.name(name));
        let flag = self.local_for(&text, Type::BOOL, Role::Bound(name));
        self.frame.bound_flags.insert(name, flag);
        flag
    }

    /// The bool local that says whether a name holds the value of `variant`.
    pub(super) fn tag(&mut self, variant: LocalId) -> LocalId {
        if let Some(tag) = self.frame.tags.get(&variant) {
            return *tag;
        }
        let text = format!("{}.is{}", self.frame.locals[variant.0 as usize].name, variant.0);
        let tag = self.local_for(&text, Type::BOOL, Role::Tag(variant));
        self.frame.tags.insert(variant, tag);
        tag
    }

    /// `name = value` where `value` has one type.
    pub(super) fn bind(&mut self, name: NameId, value: Expr, out: &mut Vec<Stmt>) -> Result<()> {
        let span = value.span;
        self.bind_at(name, value, span, out)
    }

    /// As `bind`, for an assignment at `span`.
    pub(super) fn bind_at(
        &mut self,
        name: NameId,
        value: Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        self.check_rebinding(name, span)?;
        let local = self.named_local(name, &value.ty);
        let known = Known::of(&value);
        out.push(Stmt { kind: StmtKind::Assign { local, value }, span });
        let var = Var { main: Some(local), variants: Vec::new(), maybe: false, span, known };
        self.frame.state.set(name, Slot::Bound(var));
        let ty = self.local_type(local).clone();
        self.note_closure(name, &ty);
        Ok(())
    }

    /// Adds what `incoming` knows to the meeting point `target`. True if `target` has grown.
    pub(super) fn merge(&mut self, target: &mut State, incoming: &State, live: &Bits) -> bool {
        let mut grown = false;
        for pair in &incoming.closures {
            if !target.closures.contains(pair) {
                target.closures.push(*pair);
                grown = true;
            }
        }
        let count = target.slots.len().max(incoming.slots.len());
        for name in (0..count as NameId).filter(|name| live.contains(*name)) {
            match (target.slot(name), incoming.slot(name)) {
                (Slot::Unbound, Slot::Unbound) => {}
                (Slot::Unbound, Slot::Bound(var)) => {
                    let var = Var { maybe: true, ..var.clone() };
                    target.set(name, Slot::Bound(var));
                    grown = true;
                }
                (Slot::Bound(var), Slot::Unbound) => {
                    if !var.maybe {
                        let var = Var { maybe: true, ..var.clone() };
                        target.set(name, Slot::Bound(var));
                        grown = true;
                    }
                }
                (Slot::Bound(old), Slot::Bound(new)) => {
                    let plain = old.main == new.main && !old.is_mixed() && !new.is_mixed();
                    if plain && old.maybe >= new.maybe && old.known == new.known {
                        continue;
                    }
                    let (old, new) = (old.clone(), new.clone());
                    let (var, changed) = self.merge_vars(name, &old, &new);
                    if changed {
                        target.set(name, Slot::Bound(var));
                        grown = true;
                    }
                }
            }
        }
        grown
    }

    fn merge_vars(&mut self, name: NameId, old: &Var, new: &Var) -> (Var, bool) {
        let mut variants = old.of();
        let mut changed = new.maybe && !old.maybe;
        for variant in new.of() {
            match variants.iter_mut().find(|known| known.local == variant.local) {
                Some(known) => {
                    let both = known.known.or(variant.known);
                    if known.known != both {
                        known.known = both;
                        changed = true;
                    }
                }
                None => {
                    variants.push(variant);
                    changed = true;
                }
            }
        }
        let mut var = Var { maybe: old.maybe || new.maybe, ..old.clone() };
        if variants.len() == 1 {
            var.known = variants[0].known;
            return (var, changed);
        }
        let mut joined = Some(self.local_type(variants[0].local).clone());
        for variant in &variants[1..] {
            let ty = self.local_type(variant.local);
            joined = joined.and_then(|so_far| promote::join(&so_far, ty));
        }
        let joined = joined.filter(|ty| {
            let keeps =
                |v: &Variant| type_converts(self.local_type(v.local), ty, v.known) != Conversion::Fails;
            variants.iter().all(keeps)
        });
        // What one side has in several locals and in none of them promoted, or rounded to a type that is not
        // the one of all, an edge cannot move.
        let apart = |var: &Var, joined: &Type| {
            let Some(main) = var.main.map(|main| self.local_type(main)) else { return var.is_mixed() };
            let rounds =
                |v: &Variant| type_converts(self.local_type(v.local), main, v.known) == Conversion::Rounds;
            let single = main.scalar().is_none_or(|scalar| matches!(scalar, Scalar::F32 | Scalar::C64));
            main != joined && single && var.variants.iter().any(rounds)
        };
        let joined = joined.filter(|joined| !apart(old, joined) && !apart(new, joined));
        var.main = joined.map(|ty| self.named_local(name, &ty));
        changed |= var.main != old.main;
        var.variants = variants;
        var.known = Known::Nothing;
        (var, changed)
    }

    /// What has to be assigned on an edge from a point with state `from` to a meeting point `to`.
    pub(super) fn moves(&mut self, from: &State, to: &State, span: Span, out: &mut Vec<Stmt>) {
        for name in 0..to.slots.len() as NameId {
            let Slot::Bound(target) = to.slot(name) else { continue };
            let Slot::Bound(source) = from.slot(name) else {
                let flag = self.bound_flag(name);
                self.set_flag(flag, false, span, out);
                continue;
            };
            let mut moves = Vec::new();
            if let (Some(have), Some(want)) = (source.main, target.main)
                && have != want
            {
                let ty = self.local_type(want).clone();
                let value = self.read(have, span);
                let value = arith::promote(self, value, &ty);
                moves.push(Stmt { kind: StmtKind::Assign { local: want, value }, span });
            }
            if self.frame.tagged.contains(&name) && target.is_mixed() {
                for variant in &target.variants {
                    if source.is_mixed() {
                        if !source.variants.iter().any(|v| v.local == variant.local) {
                            let tag = self.tag(variant.local);
                            self.set_flag(tag, false, span, &mut moves);
                        }
                    } else {
                        let tag = self.tag(variant.local);
                        self.set_flag(tag, source.main == Some(variant.local), span, &mut moves);
                    }
                }
            }
            if source.maybe && !moves.is_empty() {
                let flag = self.bound_flag(name);
                let test = self.read(flag, span);
                out.push(Stmt { kind: StmtKind::If { test, then: moves, orelse: Vec::new() }, span });
            } else {
                out.append(&mut moves);
            }
            if target.maybe && !source.maybe {
                let flag = self.bound_flag(name);
                self.set_flag(flag, true, span, out);
            }
        }
    }

    fn set_flag(&mut self, flag: LocalId, value: bool, span: Span, out: &mut Vec<Stmt>) {
        let value = self.bool(value, span);
        out.push(Stmt { kind: StmtKind::Assign { local: flag, value }, span });
    }

    /// Two arms that ran from the same state meet: afterwards the state is their join. `None` for an arm
    /// that does not reach its end.
    pub(super) fn meet(
        &mut self,
        first: Option<State>,
        second: Option<State>,
        live: &Bits,
        span: Span,
        first_out: &mut Vec<Stmt>,
        second_out: &mut Vec<Stmt>,
    ) {
        self.frame.dead = false;
        self.frame.state = match (first, second) {
            (Some(first), Some(second)) => {
                let mut joined = first.clone();
                joined.keep(live);
                self.merge(&mut joined, &second, live);
                self.moves(&first, &joined, span, first_out);
                self.moves(&second, &joined, span, second_out);
                joined
            }
            (Some(mut only), None) | (None, Some(mut only)) => {
                only.keep(live);
                only
            }
            (None, None) => {
                self.frame.dead = true;
                State::default()
            }
        };
    }

    /// The types that a mixed name may have, if it is told apart at run time; asks for that otherwise.
    pub(super) fn variants(&mut self, name: NameId, span: Span) -> Result<Vec<Variant>> {
        let var = self.frame.state.var(name).expect("a mixed name is bound").clone();
        if var.variants.len() > MAX_VARIANTS {
            return Err(self.unstable(name, &var, span));
        }
        if !self.frame.tagged.contains(&name) {
            return Err(self.raise_signal(Signal::Tag(name), span));
        }
        Ok(var.variants)
    }

    /// The error for a name whose possible types cannot be told apart.
    pub(super) fn unstable(&self, name: NameId, var: &Var, span: Span) -> Box<crate::diag::Diagnostic> {
        let text = self.frame.scope.name(name);
        let types: Vec<String> = var.of().iter().map(|v| self.describe(self.local_type(v.local))).collect();
        let message = format!("'{text}' may be {} here", types.join(" or "));
        let mut error = self.error(crate::diag::Code::UnstableType, span, message, "used here");
        for (variant, ty) in var.of().iter().zip(&types) {
            error.labels.push(crate::diag::Label {
                source: self.source,
                span: variant.span,
                text: format!("{ty} here"),
            });
        }
        let start = var.of().first().and_then(|v| self.local_type(v.local).scalar());
        let float = var.main.is_some_and(|m| {
            matches!(self.local_type(m), Type::Scalar(Scalar::Float | Scalar::F64 | Scalar::F32))
        });
        error.help = Some(match start {
            Some(Scalar::Int) if float => format!("start with a float, such as `{text} = 0.0`"),
            _other => format!("give the values different names, or the same type, before '{text}' is used"),
        });
        error
    }
}
