//! What operations on I64 values say about their results, and what comparisons say about their operands.
//!
//! In: an operation whose operands have facts. Out: facts about the result, or a decision about the operation
//! itself. Invariant: what may wrap gives no fact.

use super::range::{Facts, Sum};
use crate::mir::effect::{constant, def_op};
use crate::mir::*;
use crate::opt::decision::Decision;

impl Facts {
    /// Learns that a comparison of I64 values is true.
    pub fn compared(&mut self, cond: Cond, x: Value, y: Value) {
        match cond {
            Cond::Slt => self.add(x, y, -1),
            Cond::Sle => self.add(x, y, 0),
            Cond::Sgt => self.add(y, x, -1),
            Cond::Sge => self.add(y, x, 0),
            Cond::Eq => self.equal(x, y, 0),
            Cond::Ne => {
                self.differs(x, y);
                self.differs(y, x);
            }
            Cond::Ult | Cond::Ule => self.unsigned_below(x, y, cond == Cond::Ult),
            Cond::Ugt | Cond::Uge => self.unsigned_below(y, x, cond == Cond::Ugt),
            Cond::Feq | Cond::Flt | Cond::Fle | Cond::Fgt | Cond::Fge | Cond::Fne => {}
        }
    }

    /// `x != y`: cuts an end off the interval of `x`.
    fn differs(&mut self, x: Value, y: Value) {
        let Some(c) = self.constant(y) else { return };
        let (low, high) = self.interval(x);
        if low == c && low < high {
            self.limit(x, low + 1, high);
        } else if high == c && low < high {
            self.limit(x, low, high - 1);
        }
    }

    /// `x < y` or `x <= y` as unsigned numbers says something if the larger one is not negative.
    fn unsigned_below(&mut self, x: Value, y: Value, strict: bool) {
        if self.interval(y).0 >= 0 {
            self.limit(x, 0, i64::MAX);
            self.add(x, y, -i128::from(strict));
        }
    }

    /// `select(x < 0, x + n, x)` lies below `n` as an unsigned number: so does `x`, and not below `-n`.
    pub fn index_below(&mut self, func: &Function, wrapped: Value, length: Value) {
        let Some(Op::Select { cond, then, orelse: index }) = def_op(func, wrapped) else { return };
        let Some(Op::Compare { cond: Cond::Slt, lhs, rhs }) = def_op(func, *cond) else { return };
        let Some(Op::Binary { op: BinaryOp::Iadd, lhs: a, rhs: b }) = def_op(func, *then) else { return };
        let sums = (*a, *b) == (*index, length) || (*a, *b) == (length, *index);
        let (least, most) = self.interval(length);
        if sums && lhs == index && constant(func, *rhs) == Some(0) && least >= 0 {
            self.limit(*index, -most, i64::MAX);
            self.add(*index, length, -1);
        }
    }

    /// `result` is exactly `lhs op rhs`.
    pub fn exact(&mut self, op: CheckedOp, result: Value, lhs: Value, rhs: Value) {
        // What a product says about its operand.
        if op == CheckedOp::Mul
            && let Some(factor) = self.constant(rhs).filter(|factor| *factor > 0)
        {
            self.limit(lhs, i64::MIN / factor, i64::MAX / factor);
        }
        let (low, high) = self.span(op, lhs, rhs);
        let clamp = |word: i128| word.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        self.limit(result, clamp(low), clamp(high));
        let ((a, b), (c, d)) = (self.interval(lhs), self.interval(rhs));
        let [a, b, c, d] = [a, b, c, d].map(i128::from);
        match op {
            CheckedOp::Add => {
                self.add(result, lhs, d);
                self.add(lhs, result, -c);
                if c != d {
                    self.add(result, rhs, b);
                    self.add(rhs, result, -a);
                    self.towards(result, lhs, rhs);
                    self.towards(result, rhs, lhs);
                }
                self.set_sum(result, Sum::Plus(lhs, rhs));
            }
            CheckedOp::Sub => {
                self.add(result, lhs, -c);
                self.add(lhs, result, d);
                if c != d {
                    // rhs <= lhs + k gives result >= -k.
                    let (below, above) = (self.at_most(rhs, lhs), self.at_most(lhs, rhs));
                    self.limit(result, clamp(-below), clamp(above));
                }
                self.set_sum(result, Sum::Minus(lhs, rhs));
            }
            CheckedOp::Mul => {
                if a >= 0 && c >= 1 {
                    self.add(lhs, result, 0);
                }
                if a >= 1 && c >= 0 {
                    self.add(rhs, result, 0);
                }
            }
        }
    }

    /// `result` is `x + y`: where `y` is at most the way from `x` to a goal, the result is at most the goal.
    fn towards(&mut self, result: Value, x: Value, y: Value) {
        if !self.is_taken_away(x) {
            return;
        }
        for (way, c) in self.above(y) {
            if let Some(Sum::Minus(goal, start)) = self.sum(way)
                && start == x
            {
                self.add(result, goal, c.into());
            }
        }
    }

    /// The exact result's interval.
    fn span(&self, op: CheckedOp, lhs: Value, rhs: Value) -> (i128, i128) {
        let ((a, b), (c, d)) = (self.interval(lhs), self.interval(rhs));
        let [a, b, c, d] = [a, b, c, d].map(i128::from);
        match op {
            CheckedOp::Add => (a + c, b + d),
            CheckedOp::Sub => (a - d, b - c),
            CheckedOp::Mul => {
                let products = [a * c, a * d, b * c, b * d];
                let low = products.iter().copied().fold(i128::MAX, i128::min);
                (low, products.iter().copied().fold(i128::MIN, i128::max))
            }
        }
    }

    pub fn fits(&self, op: CheckedOp, lhs: Value, rhs: Value) -> bool {
        let (low, high) = self.span(op, lhs, rhs);
        if low >= i64::MIN.into() && high <= i64::MAX.into() {
            return true;
        }
        // The difference of two values that lie close together.
        op == CheckedOp::Sub
            && self.at_most(lhs, rhs) <= i64::MAX.into()
            && self.at_most(rhs, lhs) <= i64::MAX.into()
    }

    /// The greatest first operand with which a product with a constant fits, if no lesser one can fail.
    pub fn fits_up_to(&self, op: CheckedOp, lhs: Value, rhs: Value) -> Option<i64> {
        let factor = self.constant(rhs).filter(|factor| op == CheckedOp::Mul && *factor > 0)?;
        (self.interval(lhs).0 >= i64::MIN / factor).then_some(i64::MAX / factor)
    }

    /// The value of a comparison, if the ranges decide it.
    pub fn decide(&self, cond: Cond, x: Value, y: Value) -> Option<bool> {
        let less = |x: Value, y: Value, by: i128| self.lies_below(x, y, by);
        let decided = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
        match cond {
            Cond::Slt => decided(less(x, y, 1), less(y, x, 0)),
            Cond::Sle => decided(less(x, y, 0), less(y, x, 1)),
            Cond::Sgt => self.decide(Cond::Slt, y, x),
            Cond::Sge => self.decide(Cond::Sle, y, x),
            Cond::Ult | Cond::Ule => {
                let signed = if cond == Cond::Ult { Cond::Slt } else { Cond::Sle };
                let ((x_low, x_high), (y_low, y_high)) = (self.interval(x), self.interval(y));
                if x_low >= 0 && y_high >= 0 {
                    self.decide(signed, x, y).filter(|truth| *truth || y_low >= 0)
                } else if x_low >= 0 && y_high < 0 {
                    Some(true)
                } else if x_high < 0 && y_low >= 0 {
                    Some(false)
                } else {
                    None
                }
            }
            Cond::Ugt => self.decide(Cond::Ult, y, x),
            Cond::Uge => self.decide(Cond::Ule, y, x),
            Cond::Eq => {
                let same = self.constant(x).is_some() && self.constant(x) == self.constant(y);
                decided(same, less(x, y, 1) || less(y, x, 1))
            }
            Cond::Ne => self.decide(Cond::Eq, x, y).map(|same| !same),
            Cond::Feq | Cond::Flt | Cond::Fle | Cond::Fgt | Cond::Fge | Cond::Fne => None,
        }
    }

    /// Facts about `result`, which is `x op y`, and what they decide.
    pub fn binary(
        &mut self,
        func: &Function,
        op: BinaryOp,
        result: Value,
        x: Value,
        y: Value,
    ) -> Option<Decision> {
        let ((a, b), (c, d)) = (self.interval(x), self.interval(y));
        let mut decision = None;
        match op {
            BinaryOp::Iadd | BinaryOp::Isub | BinaryOp::Imul => {
                let checked = if op == BinaryOp::Iadd {
                    CheckedOp::Add
                } else if op == BinaryOp::Isub {
                    CheckedOp::Sub
                } else {
                    CheckedOp::Mul
                };
                if self.fits(checked, x, y) {
                    self.exact(checked, result, x, y);
                    if op == BinaryOp::Imul && c == d && c > 0 {
                        self.scaled(func, result, x, c);
                    }
                }
            }
            BinaryOp::Smin | BinaryOp::Smax | BinaryOp::Umin | BinaryOp::Umax => {
                if matches!(op, BinaryOp::Umin | BinaryOp::Umax) && (a < 0 || c < 0) {
                    for (side, low, high) in [(x, a, b), (y, c, d)] {
                        if op == BinaryOp::Umin && low >= 0 {
                            self.limit(result, 0, high);
                            self.add(result, side, 0);
                        }
                    }
                    return None;
                }
                let min = matches!(op, BinaryOp::Smin | BinaryOp::Umin);
                let (low, high) = if min { (x, y) } else { (y, x) };
                if self.at_most(low, high) <= 0 {
                    self.equal(result, x, 0);
                    return Some(Decision::Same(x));
                } else if self.at_most(high, low) <= 0 {
                    self.equal(result, y, 0);
                    return Some(Decision::Same(y));
                } else if min {
                    self.limit(result, a.min(c), b.min(d));
                    self.add(result, x, 0);
                    self.add(result, y, 0);
                } else {
                    self.limit(result, a.max(c), b.max(d));
                    self.add(x, result, 0);
                    self.add(y, result, 0);
                }
            }
            BinaryOp::Band => {
                if a >= 0 {
                    self.limit(result, 0, b);
                    self.add(result, x, 0);
                }
                if c >= 0 {
                    self.limit(result, 0, d);
                    self.add(result, y, 0);
                }
            }
            BinaryOp::Bor | BinaryOp::Bxor if a >= 0 && c >= 0 => {
                let bits = 64 - (b | d).leading_zeros();
                self.limit(result, 0, ((1u64 << bits) - 1) as i64);
            }
            BinaryOp::Sshr | BinaryOp::Ushr => {
                let shift = self.constant(y).filter(|k| (0..64).contains(k))?;
                if op == BinaryOp::Sshr || a >= 0 {
                    self.limit(result, a >> shift, b >> shift);
                } else if shift > 0 {
                    self.limit(result, 0, (u64::MAX >> shift) as i64);
                }
                if a >= 0 {
                    self.add(result, x, 0);
                }
                if shift == 1 && (op == BinaryOp::Sshr || a >= 0) {
                    self.middle(result, x);
                }
            }
            BinaryOp::Ishl => {
                let shift = self.constant(y).filter(|k| (0..63).contains(k))?;
                let (low, high) = (i128::from(a) << shift, i128::from(b) << shift);
                if low >= i64::MIN.into() && high <= i64::MAX.into() {
                    self.limit(result, low as i64, high as i64);
                    self.scaled(func, result, x, 1 << shift);
                }
            }
            BinaryOp::FloorMod | BinaryOp::Urem | BinaryOp::Srem if c >= 1 => {
                let plain = a >= 0;
                if plain && self.at_most(x, y) <= -1 {
                    self.equal(result, x, 0);
                    return Some(Decision::Same(x));
                }
                if plain && op != BinaryOp::Urem {
                    decision = Some(Decision::Unsigned(BinaryOp::Urem));
                }
                if plain {
                    self.add(result, x, 0);
                }
                let low = if op == BinaryOp::Srem && !plain { 1 - d } else { 0 };
                self.limit(result, low, d - 1);
                self.add(result, y, -1);
            }
            BinaryOp::FloorDiv | BinaryOp::Sdiv | BinaryOp::Udiv if c >= 1 => {
                if a >= 0 {
                    if op != BinaryOp::Udiv {
                        decision = Some(Decision::Unsigned(BinaryOp::Udiv));
                    }
                    self.limit(result, a / d, b / c);
                    self.add(result, x, 0);
                    if (c, d) == (2, 2) {
                        self.middle(result, x);
                    }
                } else if op != BinaryOp::Udiv {
                    // The quotient lies between the dividend, rounded down by one step, and zero.
                    self.limit(result, a.min(0), b.max(0));
                }
            }
            BinaryOp::FloorMod
            | BinaryOp::Urem
            | BinaryOp::Srem
            | BinaryOp::FloorDiv
            | BinaryOp::Sdiv
            | BinaryOp::Udiv
            | BinaryOp::Bor
            | BinaryOp::Bxor
            | BinaryOp::Smulhi
            | BinaryOp::Umulhi
            | BinaryOp::Fadd
            | BinaryOp::Fsub
            | BinaryOp::Fmul
            | BinaryOp::Fdiv
            | BinaryOp::Fmin
            | BinaryOp::Fmax => {}
        }
        decision
    }

    /// `result` is half of `sum`, rounded down: it lies between the two numbers that were added.
    fn middle(&mut self, result: Value, sum: Value) {
        let Some(Sum::Plus(p, q)) = self.sum(sum) else { return };
        for (x, y) in [(p, q), (q, p)] {
            let c = self.at_most(x, y);
            // x <= y + c: 2 * result <= 2 * y + c, and 2 * result + 1 >= 2 * x - c.
            self.add(result, y, c.div_euclid(2));
            self.add(x, result, (c + 1).div_euclid(2));
        }
    }

    /// `result` is `x * scale`: where `x` stays below a quotient by `scale`, it stays below the dividend.
    fn scaled(&mut self, func: &Function, result: Value, x: Value, scale: i64) {
        for (quotient, c) in self.above(x) {
            let (dividend, divisor) = match def_op(func, quotient) {
                Some(Op::Binary { op: BinaryOp::Ushr | BinaryOp::Sshr, lhs, rhs }) => {
                    let shift = self.constant(*rhs).filter(|k| (0..63).contains(k));
                    (*lhs, shift.map(|k| 1i64 << k))
                }
                Some(Op::Binary { op: BinaryOp::Udiv | BinaryOp::Sdiv | BinaryOp::FloorDiv, lhs, rhs }) => {
                    (*lhs, self.constant(*rhs))
                }
                Some(_) | None => continue,
            };
            if divisor == Some(scale) && self.interval(dividend).0 >= 0 {
                self.add(result, dividend, i128::from(c) * i128::from(scale));
            }
        }
    }
}
