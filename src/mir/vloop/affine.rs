//! Values that move by equal steps from one iteration to the next.
//!
//! In: a value of a loop's body. Out: it as `ptr + sum of terms + i * (step + by) + constant`, modulo 2**64.
//! Invariant: exact for every iteration, wrapping included.

use crate::mir::effect::constant;
use crate::mir::{BinaryOp, CheckedOp, ConvertOp, Def, Function, Op, Ty, UnaryOp, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// See the header.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Affine {
    /// A pointer from outside.
    pub ptr: Option<Value>,
    /// I64 values from outside, each with its factor, none of which is 0.
    pub terms: BTreeMap<Value, i64>,
    /// Factor of the counter.
    pub step: i64,
    /// A value from outside with a factor, which the counter is multiplied by as well.
    pub by: Option<(Value, i64)>,
    pub constant: i64,
}

impl Affine {
    fn of_constant(constant: i64) -> Affine {
        Affine { constant, ..Affine::default() }
    }

    fn is_fixed(&self) -> bool {
        self.step == 0 && self.by.is_none()
    }

    pub fn plus(mut self, other: &Affine) -> Option<Affine> {
        if self.ptr.is_some() && other.ptr.is_some() {
            return None;
        }
        self.ptr = self.ptr.or(other.ptr);
        for (value, factor) in &other.terms {
            let sum = self.terms.entry(*value).or_insert(0);
            *sum = sum.wrapping_add(*factor);
        }
        self.terms.retain(|_, factor| *factor != 0);
        self.step = self.step.wrapping_add(other.step);
        self.by = match (self.by, other.by) {
            (None, by) | (by, None) => by,
            (Some((a, x)), Some((b, y))) if a == b => {
                Some((a, x.wrapping_add(y))).filter(|(_, factor)| *factor != 0)
            }
            (Some(_), Some(_)) => return None,
        };
        self.constant = self.constant.wrapping_add(other.constant);
        Some(self)
    }

    pub fn times(mut self, k: i64) -> Option<Affine> {
        if self.ptr.is_some() && k != 1 {
            return None;
        }
        if k == 0 {
            return Some(Affine::default());
        }
        for factor in self.terms.values_mut() {
            *factor = factor.wrapping_mul(k);
        }
        self.terms.retain(|_, factor| *factor != 0);
        self.step = self.step.wrapping_mul(k);
        self.by = self.by.map(|(value, factor)| (value, factor.wrapping_mul(k)));
        self.by = self.by.filter(|(_, factor)| *factor != 0);
        self.constant = self.constant.wrapping_mul(k);
        Some(self)
    }

    /// `(k * i + c) * value`.
    fn times_value(self, value: Value) -> Option<Affine> {
        if self.ptr.is_some() || self.by.is_some() || !self.terms.is_empty() {
            return None;
        }
        let mut terms = BTreeMap::new();
        if self.constant != 0 {
            terms.insert(value, self.constant);
        }
        let by = (self.step != 0).then_some((value, self.step));
        Some(Affine { terms, by, ..Affine::default() })
    }
}

/// What is known of the values of one loop.
pub struct Forms<'a> {
    func: &'a Function,
    /// Values defined in the body.
    inside: &'a FxHashSet<Value>,
    known: FxHashMap<Value, Option<Affine>>,
}

impl<'a> Forms<'a> {
    pub fn new(func: &'a Function, inside: &'a FxHashSet<Value>, counter: Value) -> Forms<'a> {
        let mut known = FxHashMap::default();
        known.insert(counter, Some(Affine { step: 1, ..Affine::default() }));
        Forms { func, inside, known }
    }

    /// Says what a carried value is.
    pub fn set(&mut self, value: Value, form: Affine) {
        self.known.insert(value, Some(form));
    }

    pub fn of(&mut self, value: Value) -> Option<Affine> {
        if let Some(known) = self.known.get(&value) {
            return known.clone();
        }
        let form = self.compute(value);
        self.known.insert(value, form.clone());
        form
    }

    fn compute(&mut self, value: Value) -> Option<Affine> {
        let ty = self.func.values[value].ty;
        if ty == Ty::I64
            && let Some(k) = constant(self.func, value)
        {
            return Some(Affine::of_constant(k));
        }
        if !self.inside.contains(&value) {
            return match ty {
                Ty::Ptr => Some(Affine { ptr: Some(value), ..Affine::default() }),
                Ty::I64 => Some(Affine { terms: BTreeMap::from([(value, 1)]), ..Affine::default() }),
                Ty::Bool | Ty::I8 | Ty::I16 | Ty::I32 | Ty::F32 | Ty::F64 => None,
            };
        }
        let Def::Result { inst, index: 0 } = self.func.values[value].def else { return None };
        let op = &self.func.insts[inst].op;
        if !matches!(ty, Ty::I64 | Ty::Ptr) {
            return None;
        }
        if let Op::Binary { op: BinaryOp::Iadd, lhs, rhs }
        | Op::Checked { op: CheckedOp::Add, lhs, rhs }
        | Op::PtrAdd { base: lhs, bytes: rhs } = *op
        {
            self.of(lhs)?.plus(&self.of(rhs)?)
        } else if let Op::Binary { op: BinaryOp::Isub, lhs, rhs }
        | Op::Checked { op: CheckedOp::Sub, lhs, rhs } = *op
        {
            self.of(lhs)?.plus(&self.of(rhs)?.times(-1)?)
        } else if let Op::Binary { op: BinaryOp::Imul, lhs, rhs }
        | Op::Checked { op: CheckedOp::Mul, lhs, rhs } = *op
        {
            let (a, b) = (self.of(lhs)?, self.of(rhs)?);
            let (moves, fixed, value) = if b.is_fixed() { (a, b, rhs) } else { (b, a, lhs) };
            if fixed.ptr.is_none() && fixed.terms.is_empty() && fixed.is_fixed() {
                moves.times(fixed.constant)
            } else if !self.inside.contains(&value) {
                moves.times_value(value)
            } else {
                None
            }
        } else if let Op::Binary { op: BinaryOp::Ishl, lhs, rhs } = *op {
            let k = constant(self.func, rhs).filter(|k| (0..63).contains(k))?;
            self.of(lhs)?.times(1 << k)
        } else if let Op::Unary { op: UnaryOp::Ineg, arg } = *op {
            self.of(arg)?.times(-1)
        } else if let Op::Convert { op: ConvertOp::Bitcast, arg } = *op {
            matches!(self.func.values[arg].ty, Ty::I64 | Ty::Ptr).then(|| self.of(arg))?
        } else {
            None
        }
    }
}
