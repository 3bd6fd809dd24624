//! Bounds that are computed at run time: what a value can be at least and at most in all iterations of a loop
//! nest, in terms of values from outside of it.
//!
//! In: values. Out: terms, equal ones only once. Invariant: a term is meant exactly, as a mathematical integer;
//! whoever makes code of it checks each operation for overflow.

use crate::mir::Value;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Term(pub u32);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TermKind {
    Value(Value),
    Const(i64),
    Plus(Term, Term),
    Minus(Term, Term),
    Times(Term, Term),
}

/// A term (zero if missing) plus a constant.
pub type Bound = (Option<Term>, i64);

/// The least and the greatest that a value can be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Span {
    pub least: Bound,
    pub most: Bound,
}

/// Constants beyond this are not taken out of terms.
pub const SMALL: i64 = 1 << 31;

/// Values times their factors, none of which is 0, plus a constant: small numbers all.
#[derive(Clone, Default)]
pub struct Sum {
    pub factors: BTreeMap<Value, i64>,
    pub constant: i64,
}

impl Sum {
    /// Adds another sum times a factor; `None` if a number is no longer small.
    pub fn add(&mut self, other: &Sum, times: i64) -> Option<()> {
        let small = |sum: i64| (sum.unsigned_abs() <= SMALL as u64).then_some(sum);
        self.constant = small(self.constant + small(other.constant.checked_mul(times)?)?)?;
        for (value, factor) in &other.factors {
            let sum = self.factors.entry(*value).or_insert(0);
            *sum = small(*sum + small(factor.checked_mul(times)?)?)?;
            if *sum == 0 {
                self.factors.remove(value);
            }
        }
        Some(())
    }
}

#[derive(Default)]
pub struct Terms {
    items: Vec<TermKind>,
    known: FxHashMap<TermKind, Term>,
}

impl Terms {
    pub fn kind(&self, term: Term) -> TermKind {
        self.items[term.0 as usize]
    }

    pub fn term(&mut self, kind: TermKind) -> Term {
        if let Some(term) = self.known.get(&kind) {
            return *term;
        }
        let term = Term(self.items.len() as u32);
        self.items.push(kind);
        self.known.insert(kind, term);
        term
    }

    pub fn value(&mut self, value: Value) -> Bound {
        (Some(self.term(TermKind::Value(value))), 0)
    }

    /// The bound as one term, its constant added as the program adds it.
    fn whole(&mut self, (term, c): Bound) -> Term {
        match term {
            None => self.term(TermKind::Const(c)),
            Some(term) if c == 0 => term,
            Some(term) => {
                let c = self.term(TermKind::Const(c));
                self.term(TermKind::Plus(term, c))
            }
        }
    }

    pub fn plus(&mut self, a: Bound, b: Bound) -> Option<Bound> {
        let sum = a.1.checked_add(b.1).filter(|c| c.unsigned_abs() <= SMALL as u64);
        match (a.0, b.0) {
            (None, other) | (other, None) if other.is_none() || sum.is_some() => Some((other, sum?)),
            _ => {
                let (a, b) = (self.whole(a), self.whole(b));
                Some((Some(self.term(TermKind::Plus(a.min(b), a.max(b)))), 0))
            }
        }
    }

    pub fn minus(&mut self, a: Bound, b: Bound) -> Option<Bound> {
        let difference = a.1.checked_sub(b.1).filter(|c| c.unsigned_abs() <= SMALL as u64);
        if b.0.is_none()
            && let Some(c) = difference
        {
            return Some((a.0, c));
        }
        let (a, b) = (self.whole(a), self.whole(b));
        Some((Some(self.term(TermKind::Minus(a, b))), 0))
    }

    pub fn times(&mut self, a: Bound, b: Bound) -> Option<Bound> {
        if let ((None, a), (None, b)) = (a, b) {
            return a.checked_mul(b).filter(|c| c.unsigned_abs() <= SMALL as u64).map(|c| (None, c));
        }
        if a == (None, 0) || b == (None, 0) {
            return Some((None, 0));
        }
        if a == (None, 1) || b == (None, 1) {
            return Some(if a == (None, 1) { b } else { a });
        }
        let (a, b) = (self.whole(a), self.whole(b));
        Some((Some(self.term(TermKind::Times(a.min(b), a.max(b)))), 0))
    }
}
