//! Decides comparisons, overflow checks, minima and divisions by the ranges of their operands.
//!
//! Precondition: none; best after `gvn` (one length is one value). Effect: a comparison that is decided
//! becomes a constant (so that `simplify` drops its guard or the wraparound of a negative index), a checked
//! operation that cannot overflow becomes a plain one, a minimum one of its operands. Carried values are
//! assumed to move one way if they look so, and the assumption is proved at each jump to the next
//! iteration, or dropped. Linear but for that: a body is walked again when an assumption fails.
//!
//! ```text
//! for v1 in 0..v9 { v2 = cmp.slt v1, 0; v3 = select v2, ..., v1; v4 = cmp.ult v3, v9; guard v4 ... }
//! ->  v2 = false, and with v3 = v1, v4 = true
//! ```

use super::algebra::inverse;
use super::decision::{Decision, apply};
use super::facts::induction::{Feeding, Shapes};
use super::facts::range::{Facts, Snapshot};

use crate::mir::effect::def_op;
use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;
use std::collections::HashMap;

/// Largest length of an array's axis.
const LONGEST: i64 = 1 << 60;
/// Walks of a loop's body again after a failed assumption, in one function.
const RETRIES: u32 = 12;

/// What is assumed of a carried value of a loop.
#[derive(Clone, Copy, Debug)]
struct Assumption {
    param: Value,
    init: Value,
    slot: usize,
    kind: Way,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Way {
    /// `param >= init`.
    Up,
    /// `param <= init`.
    Down,
    /// `param <= iv + c`.
    WithCounter { iv: Value, c: i128 },
    /// `param >= iv + c`.
    BesideCounter { iv: Value, c: i128 },
}

struct Ranges<'a> {
    func: &'a Function,
    facts: Facts,
    decisions: Vec<(Inst, Decision)>,
    /// What arrived at structured instructions so far: for each arrival, a snapshot of each I64 slot.
    arrivals: HashMap<Inst, Vec<Vec<Option<Snapshot>>>>,
    /// Assumptions of the loops around this place, with whether each failed.
    loops: HashMap<Inst, Vec<(Assumption, bool)>>,
    /// Regions whose end gives the next iteration of each loop, or a result of each `If` and `Block`.
    feeding: Feeding,
    retries: u32,
    /// `a or b` that hold here: once one is refuted, the other holds.
    either: Vec<(Value, Value)>,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut ranges = Ranges {
        func,
        facts: Facts::new(func.values.len()),
        decisions: Vec::new(),
        arrivals: HashMap::new(),
        loops: HashMap::new(),
        feeding: Feeding::new(),
        retries: RETRIES,
        either: Vec::new(),
    };
    ranges.survey(func.body, None);
    for length in &func.lengths {
        ranges.facts.limit(*length, 0, LONGEST);
    }
    ranges.region(func.body, None);
    let decisions = ranges.decisions;
    apply(func, decisions)
}

impl Ranges<'_> {
    fn survey(&mut self, region: Region, owner: Option<Inst>) {
        let data = &self.func.regions[region];
        for inst in &data.insts {
            for nested in walk::regions(&self.func.insts[*inst].op) {
                self.survey(nested, Some(*inst));
            }
        }
        let target = match &data.end {
            End::Yield(_) => owner,
            End::Continue { to, .. } | End::Break { to, .. } => Some(*to),
            End::Return(_) | End::Fail(_) | End::Unreachable => None,
        };
        if let Some(target) = target {
            self.feeding.entry(target).or_default().push(region);
        }
    }

    fn is_i64(&self, value: Value) -> bool {
        self.func.values[value].ty == Ty::I64
    }

    /// Walks a region; what is learnt there stays until the caller goes back to its mark.
    fn region(&mut self, region: Region, owner: Option<Inst>) {
        let either = self.either.len();
        let data = &self.func.regions[region];
        for inst in &data.insts {
            self.inst(*inst);
        }
        self.either.truncate(either);
        let (target, args) = match &data.end {
            End::Yield(args) => (owner, args),
            End::Continue { to, args } | End::Break { to, args } => (Some(*to), args),
            End::Return(_) | End::Fail(_) | End::Unreachable => return,
        };
        let Some(target) = target else { return };
        if let Some(mut assumptions) = self.loops.remove(&target) {
            for (assumption, failed) in &mut assumptions {
                *failed |= !self.holds_next(assumption, args[assumption.slot]);
            }
            self.loops.insert(target, assumptions);
        } else if matches!(self.func.insts[target].op, Op::If { .. } | Op::Block { .. }) {
            let snapshots =
                args.iter().map(|arg| self.is_i64(*arg).then(|| self.facts.snapshot(*arg))).collect();
            self.arrivals.entry(target).or_default().push(snapshots);
        }
    }

    /// The assumption holds for the next iteration, which starts with `next`.
    fn holds_next(&self, assumption: &Assumption, next: Value) -> bool {
        match assumption.kind {
            Way::Up => self.facts.at_most(assumption.init, next) <= 0,
            Way::Down => self.facts.at_most(next, assumption.init) <= 0,
            Way::WithCounter { iv, c } => self.facts.at_most(next, iv) <= c + 1,
            Way::BesideCounter { iv, c } => self.facts.at_most(iv, next) < -c,
        }
    }

    fn assume(&mut self, assumption: &Assumption) {
        let Assumption { param, init, .. } = *assumption;
        match assumption.kind {
            Way::Up => self.facts.add(init, param, 0),
            Way::Down => self.facts.add(param, init, 0),
            Way::WithCounter { iv, c } => self.facts.add(param, iv, c),
            Way::BesideCounter { iv, c } => self.facts.add(iv, param, -c),
        }
    }

    fn mark(&self) -> (usize, usize) {
        (self.facts.mark(), self.either.len())
    }

    /// Forgets what was learnt since the mark.
    fn undo(&mut self, (facts, either): (usize, usize)) {
        self.facts.undo(facts);
        self.either.truncate(either);
    }

    /// Learns that a condition has a value.
    fn learn(&mut self, cond: Value, truth: bool, depth: u32) {
        if depth > 8 {
            return;
        }
        if let Def::Result { inst, index: 1 } = self.func.values[cond].def
            && let Op::Checked { op, lhs, rhs } = self.func.insts[inst].op
        {
            if !truth {
                let result = self.func.insts[inst].results[0];
                self.exact(op, result, lhs, rhs);
            }
            return;
        }
        match def_op(self.func, cond) {
            Some(Op::Unary { op: UnaryOp::Bnot, arg }) => self.learn(*arg, !truth, depth + 1),
            Some(Op::Binary { op: BinaryOp::Band, lhs, rhs }) if truth => {
                self.learn(*lhs, true, depth + 1);
                self.learn(*rhs, true, depth + 1);
            }
            Some(Op::Binary { op: BinaryOp::Bor, lhs, rhs }) if !truth => {
                self.learn(*lhs, false, depth + 1);
                self.learn(*rhs, false, depth + 1);
            }
            Some(Op::Binary { op: BinaryOp::Bor, lhs, rhs }) => self.either.push((*lhs, *rhs)),
            Some(Op::Compare { cond, lhs, rhs }) if self.is_i64(*lhs) => {
                let cond = if truth { Some(*cond) } else { inverse(*cond) };
                if let Some(cond) = cond {
                    self.compared(cond, *lhs, *rhs);
                }
            }
            Some(_) | None => {}
        }
    }

    /// Learns that a comparison of I64 values is true.
    fn compared(&mut self, cond: Cond, x: Value, y: Value) {
        match cond {
            Cond::Slt => self.facts.add(x, y, -1),
            Cond::Sle => self.facts.add(x, y, 0),
            Cond::Sgt => self.facts.add(y, x, -1),
            Cond::Sge => self.facts.add(y, x, 0),
            Cond::Eq => self.facts.equal(x, y, 0),
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
        let Some(c) = self.facts.constant(y) else { return };
        let (low, high) = self.facts.interval(x);
        if low == c && low < high {
            self.facts.limit(x, low + 1, high);
        } else if high == c && low < high {
            self.facts.limit(x, low, high - 1);
        }
    }

    /// `x < y` or `x <= y` as unsigned numbers says something if the larger one is not negative.
    fn unsigned_below(&mut self, x: Value, y: Value, strict: bool) {
        if self.facts.interval(y).0 >= 0 {
            self.facts.limit(x, 0, i64::MAX);
            self.facts.add(x, y, -i128::from(strict));
        }
    }

    /// `result` is exactly `lhs op rhs`.
    fn exact(&mut self, op: CheckedOp, result: Value, lhs: Value, rhs: Value) {
        let (low, high) = self.span(op, lhs, rhs);
        let clamp = |word: i128| word.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        self.facts.limit(result, clamp(low), clamp(high));
        let ((a, b), (c, d)) = (self.facts.interval(lhs), self.facts.interval(rhs));
        let [a, b, c, d] = [a, b, c, d].map(i128::from);
        match op {
            CheckedOp::Add => {
                self.facts.add(result, lhs, d);
                self.facts.add(lhs, result, -c);
                if c != d {
                    self.facts.add(result, rhs, b);
                    self.facts.add(rhs, result, -a);
                }
            }
            CheckedOp::Sub => {
                self.facts.add(result, lhs, -c);
                self.facts.add(lhs, result, d);
                if c != d {
                    // rhs <= lhs + k gives result >= -k.
                    let (below, above) = (self.facts.at_most(rhs, lhs), self.facts.at_most(lhs, rhs));
                    self.facts.limit(result, clamp(-below), clamp(above));
                }
            }
            CheckedOp::Mul => {}
        }
    }

    /// The exact result's interval.
    fn span(&self, op: CheckedOp, lhs: Value, rhs: Value) -> (i128, i128) {
        let ((a, b), (c, d)) = (self.facts.interval(lhs), self.facts.interval(rhs));
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

    fn fits(&self, op: CheckedOp, lhs: Value, rhs: Value) -> bool {
        let (low, high) = self.span(op, lhs, rhs);
        if low >= i64::MIN.into() && high <= i64::MAX.into() {
            return true;
        }
        // The difference of two values that lie close together.
        op == CheckedOp::Sub
            && self.facts.at_most(lhs, rhs) <= i64::MAX.into()
            && self.facts.at_most(rhs, lhs) <= i64::MAX.into()
    }

    fn inst(&mut self, inst: Inst) {
        let func = self.func;
        let data = &func.insts[inst];
        match &data.op {
            Op::Iconst(value) => {
                if self.is_i64(data.results[0]) {
                    self.facts.limit(data.results[0], *value, *value);
                }
            }
            Op::Checked { op, lhs, rhs } => {
                if self.fits(*op, *lhs, *rhs) {
                    self.decisions.push((inst, Decision::Exact));
                    self.exact(*op, data.results[0], *lhs, *rhs);
                }
            }
            Op::Compare { cond, lhs, rhs } => {
                if self.is_i64(*lhs)
                    && let Some(truth) = self.decide(*cond, *lhs, *rhs)
                {
                    self.decisions.push((inst, Decision::Known(truth)));
                }
            }
            Op::Binary { op, lhs, rhs } => {
                if self.is_i64(*lhs) {
                    self.binary(inst, *op, data.results[0], *lhs, *rhs);
                }
            }
            Op::Unary { op, arg } => {
                let result = data.results[0];
                if self.is_i64(result) {
                    let (low, high) = self.facts.interval(*arg);
                    match op {
                        UnaryOp::Ineg if low > i64::MIN => self.facts.limit(result, -high, -low),
                        UnaryOp::Popcnt | UnaryOp::Clz | UnaryOp::Ctz => self.facts.limit(result, 0, 64),
                        UnaryOp::Bnot => self.facts.limit(result, !high, !low),
                        UnaryOp::Ineg | UnaryOp::Fneg => {}
                    }
                }
            }
            Op::Convert { op, arg } => {
                let result = data.results[0];
                let from = func.values[*arg].ty;
                if self.is_i64(result) && from != Ty::I64 {
                    let bits = eval::bits(from);
                    match op {
                        ConvertOp::Zext => self.facts.limit(result, 0, (1i64 << bits) - 1),
                        ConvertOp::Sext => {
                            self.facts.limit(result, -(1i64 << (bits - 1)), (1i64 << (bits - 1)) - 1);
                        }
                        ConvertOp::Trunc
                        | ConvertOp::SintToFloat
                        | ConvertOp::UintToFloat
                        | ConvertOp::FloatToSint
                        | ConvertOp::FloatToUint
                        | ConvertOp::Fpromote
                        | ConvertOp::Fdemote
                        | ConvertOp::Bitcast => {}
                    }
                }
            }
            Op::Select { cond, then, orelse } => {
                let result = data.results[0];
                if self.is_i64(result) {
                    let arms = [(*then, true), (*orelse, false)].map(|(value, truth)| {
                        let mark = self.mark();
                        self.learn(*cond, truth, 0);
                        let snapshot = self.facts.snapshot(value);
                        self.undo(mark);
                        snapshot
                    });
                    self.facts.merge(result, &arms);
                }
            }
            Op::Guard { cond, .. } => self.learn(*cond, true, 0),
            Op::Runtime { func: runtime, .. } => {
                if let Some(result) = data.results.first() {
                    if *runtime == RuntimeFn::CompareIntFloat {
                        self.facts.limit(*result, -1, 2);
                    } else if *runtime == RuntimeFn::ParallelChunks {
                        self.facts.limit(*result, 0, crate::abi::MAX_CHUNKS);
                    }
                }
            }
            Op::If { cond, then, orelse } => self.if_(inst, *cond, *then, *orelse),
            Op::Block { body } => {
                let mark = self.mark();
                self.region(*body, Some(inst));
                self.undo(mark);
                self.arrive(inst);
            }
            Op::For { .. } | Op::Loop { .. } => self.repeat(inst),
            Op::Fconst(_)
            | Op::Math { .. }
            | Op::PtrAdd { .. }
            | Op::Load { .. }
            | Op::Store { .. }
            | Op::Hidden { .. }
            | Op::StackAddr(_)
            | Op::FuncAddr(_)
            | Op::OwnerSet { .. }
            | Op::OwnerTake { .. }
            | Op::RuntimeStatus { .. }
            | Op::Call { .. } => {}
        }
    }

    /// The value of a comparison, if the ranges decide it.
    fn decide(&self, cond: Cond, x: Value, y: Value) -> Option<bool> {
        let facts = &self.facts;
        let less = |x: Value, y: Value, by: i128| facts.at_most(x, y) <= -by;
        let decided = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
        match cond {
            Cond::Slt => decided(less(x, y, 1), less(y, x, 0)),
            Cond::Sle => decided(less(x, y, 0), less(y, x, 1)),
            Cond::Sgt => self.decide(Cond::Slt, y, x),
            Cond::Sge => self.decide(Cond::Sle, y, x),
            Cond::Ult | Cond::Ule => {
                let signed = if cond == Cond::Ult { Cond::Slt } else { Cond::Sle };
                let ((x_low, x_high), (y_low, y_high)) = (facts.interval(x), facts.interval(y));
                if x_low >= 0 && (y_low >= 0 || self.decide(signed, x, y) == Some(true)) {
                    self.decide(signed, x, y)
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
                let same = facts.constant(x).is_some() && facts.constant(x) == facts.constant(y);
                decided(same, less(x, y, 1) || less(y, x, 1))
            }
            Cond::Ne => self.decide(Cond::Eq, x, y).map(|same| !same),
            Cond::Feq | Cond::Flt | Cond::Fle | Cond::Fgt | Cond::Fge | Cond::Fne => None,
        }
    }

    fn binary(&mut self, inst: Inst, op: BinaryOp, result: Value, x: Value, y: Value) {
        let ((a, b), (c, d)) = (self.facts.interval(x), self.facts.interval(y));
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
                        self.scaled(result, x, c);
                    }
                }
            }
            BinaryOp::Smin | BinaryOp::Smax | BinaryOp::Umin | BinaryOp::Umax => {
                if matches!(op, BinaryOp::Umin | BinaryOp::Umax) && (a < 0 || c < 0) {
                    return;
                }
                let min = matches!(op, BinaryOp::Smin | BinaryOp::Umin);
                let (low, high) = if min { (x, y) } else { (y, x) };
                if self.facts.at_most(low, high) <= 0 {
                    self.decisions.push((inst, Decision::Same(x)));
                    self.facts.equal(result, x, 0);
                } else if self.facts.at_most(high, low) <= 0 {
                    self.decisions.push((inst, Decision::Same(y)));
                    self.facts.equal(result, y, 0);
                } else if min {
                    self.facts.limit(result, a.min(c), b.min(d));
                    self.facts.add(result, x, 0);
                    self.facts.add(result, y, 0);
                } else {
                    self.facts.limit(result, a.max(c), b.max(d));
                    self.facts.add(x, result, 0);
                    self.facts.add(y, result, 0);
                }
            }
            BinaryOp::Band => {
                if a >= 0 {
                    self.facts.limit(result, 0, b);
                    self.facts.add(result, x, 0);
                }
                if c >= 0 {
                    self.facts.limit(result, 0, d);
                    self.facts.add(result, y, 0);
                }
            }
            BinaryOp::Bor | BinaryOp::Bxor if a >= 0 && c >= 0 => {
                let bits = 64 - (b | d).leading_zeros();
                self.facts.limit(result, 0, ((1u64 << bits) - 1) as i64);
            }
            BinaryOp::Sshr | BinaryOp::Ushr => {
                let Some(shift) = self.facts.constant(y).filter(|k| (0..64).contains(k)) else { return };
                if op == BinaryOp::Sshr || a >= 0 {
                    self.facts.limit(result, a >> shift, b >> shift);
                } else if shift > 0 {
                    self.facts.limit(result, 0, (u64::MAX >> shift) as i64);
                }
                if a >= 0 {
                    self.facts.add(result, x, 0);
                }
            }
            BinaryOp::Ishl => {
                let Some(shift) = self.facts.constant(y).filter(|k| (0..63).contains(k)) else { return };
                let (low, high) = (i128::from(a) << shift, i128::from(b) << shift);
                if low >= i64::MIN.into() && high <= i64::MAX.into() {
                    self.facts.limit(result, low as i64, high as i64);
                    self.scaled(result, x, 1 << shift);
                }
            }
            BinaryOp::FloorMod | BinaryOp::Urem | BinaryOp::Srem if c >= 1 => {
                let plain = a >= 0;
                if plain && self.facts.at_most(x, y) <= -1 {
                    self.decisions.push((inst, Decision::Same(x)));
                    self.facts.equal(result, x, 0);
                    return;
                }
                if plain && op != BinaryOp::Urem {
                    self.decisions.push((inst, Decision::Unsigned(BinaryOp::Urem)));
                }
                if plain {
                    self.facts.add(result, x, 0);
                }
                let low = if op == BinaryOp::Srem && !plain { 1 - d } else { 0 };
                self.facts.limit(result, low, d - 1);
                self.facts.add(result, y, -1);
            }
            BinaryOp::FloorDiv | BinaryOp::Sdiv | BinaryOp::Udiv if c >= 1 => {
                if a >= 0 {
                    if op != BinaryOp::Udiv {
                        self.decisions.push((inst, Decision::Unsigned(BinaryOp::Udiv)));
                    }
                    self.facts.limit(result, a / d, b / c);
                    self.facts.add(result, x, 0);
                } else if op != BinaryOp::Udiv {
                    // The quotient lies between the dividend, rounded down by one step, and zero.
                    self.facts.limit(result, a.min(0), b.max(0));
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
    }

    /// `result` is `x * scale`: where `x` stays below a quotient by `scale`, it stays below the dividend.
    fn scaled(&mut self, result: Value, x: Value, scale: i64) {
        for (quotient, c) in self.facts.above(x) {
            let (dividend, divisor) = match def_op(self.func, quotient) {
                Some(Op::Binary { op: BinaryOp::Ushr | BinaryOp::Sshr, lhs, rhs }) => {
                    let shift = self.facts.constant(*rhs).filter(|k| (0..63).contains(k));
                    (*lhs, shift.map(|k| 1i64 << k))
                }
                Some(Op::Binary { op: BinaryOp::Udiv | BinaryOp::Sdiv | BinaryOp::FloorDiv, lhs, rhs }) => {
                    (*lhs, self.facts.constant(*rhs))
                }
                Some(_) | None => continue,
            };
            if divisor == Some(scale) && self.facts.interval(dividend).0 >= 0 {
                self.facts.add(result, dividend, c * i128::from(scale));
            }
        }
    }

    /// Learns from a loop's having an iteration that its end is not the one that means none.
    fn nonempty(&mut self, lo: Value, hi: Value) {
        let Some(Op::Select { cond, then, orelse }) = def_op(self.func, hi) else { return };
        for (none, some, truth) in [(*orelse, *then, true), (*then, *orelse, false)] {
            if self.facts.at_most(none, lo) <= 0 {
                self.learn(*cond, truth, 0);
                self.revisit(some, 6);
                self.facts.equal(hi, some, 0);
                return;
            }
        }
    }

    /// Draws the conclusions about a value again, now that more is known of its operands.
    fn revisit(&mut self, value: Value, depth: u32) {
        let Def::Result { inst, .. } = self.func.values[value].def else { return };
        let op = &self.func.insts[inst].op;
        if depth == 0 || !matches!(op, Op::Binary { .. } | Op::Checked { .. } | Op::Select { .. }) {
            return;
        }
        walk::operands(op, |operand| self.revisit(operand, depth - 1));
        let decided = self.decisions.len();
        self.inst(inst);
        self.decisions.truncate(decided);
    }

    /// Learns what is left of `a or b` where one of the two is false here. Other values of the condition
    /// may follow, so that it is done from the innermost (the newest) out.
    fn refute(&mut self) {
        for at in (0..self.either.len()).rev() {
            let (a, b) = self.either[at];
            for (one, other) in [(a, b), (b, a)] {
                if let Some(Op::Compare { cond, lhs, rhs }) = def_op(self.func, one)
                    && self.is_i64(*lhs)
                    && self.decide(*cond, *lhs, *rhs) == Some(false)
                {
                    self.learn(other, true, 0);
                }
            }
        }
    }

    fn if_(&mut self, inst: Inst, cond: Value, then: Region, orelse: Region) {
        for (arm, truth) in [(then, true), (orelse, false)] {
            let mark = self.mark();
            self.learn(cond, truth, 0);
            self.region(arm, Some(inst));
            self.undo(mark);
        }
        let falls = |region: Region| matches!(self.func.regions[region].end, End::Yield(_));
        let (first, second) = (falls(then), falls(orelse));
        if first != second {
            self.learn(cond, first, 0);
        }
        self.arrive(inst);
    }

    /// Gives the results of an `If` or `Block` what is common to the values that arrived.
    fn arrive(&mut self, inst: Inst) {
        let Some(arrivals) = self.arrivals.remove(&inst) else { return };
        for (slot, result) in self.func.insts[inst].results.iter().enumerate() {
            if self.is_i64(*result) {
                let arms: Vec<Snapshot> = arrivals.iter().filter_map(|a| a[slot].clone()).collect();
                self.facts.merge(*result, &arms);
            }
        }
    }

    /// A loop: its body under assumptions on the carried values.
    fn repeat(&mut self, inst: Inst) {
        let func = self.func;
        let (init, body, range) = if let Op::For { lo, hi, init, body, mode } = &func.insts[inst].op {
            (init, *body, Some((*lo, *hi, matches!(mode, LoopMode::Parallel { .. }))))
        } else if let Op::Loop { init, body } = &func.insts[inst].op {
            (init, *body, None)
        } else {
            unreachable!("invariant: a loop")
        };
        let params = &func.regions[body].params;
        let first = usize::from(range.is_some());
        let parallel = range.is_some_and(|(_, _, parallel)| parallel);
        let mut assumptions = Vec::new();
        if !parallel && self.retries > 0 {
            for (slot, init) in init.iter().enumerate() {
                let param = params[slot + first];
                if self.is_i64(param) {
                    let counter = range.map(|(lo, _, _)| (params[0], lo));
                    self.propose(inst, slot, param, *init, counter, &mut assumptions);
                }
            }
        }
        let mark = self.mark();
        let decided = self.decisions.len();
        loop {
            if let Some((lo, hi, _)) = range {
                // The body runs only if there is an iteration.
                let iv = params[0];
                self.facts.add(lo, hi, -1);
                self.nonempty(lo, hi);
                self.facts.add(lo, iv, 0);
                self.facts.add(iv, hi, -1);
                self.refute();
            }
            for assumption in &assumptions {
                self.assume(assumption);
            }
            self.loops.insert(inst, assumptions.iter().map(|assumption| (*assumption, false)).collect());
            self.region(body, Some(inst));
            self.undo(mark);
            let outcome = self.loops.remove(&inst).unwrap_or_default();
            let before = assumptions.len();
            assumptions = outcome.into_iter().filter(|(_, failed)| !failed).map(|(kept, _)| kept).collect();
            if assumptions.len() == before {
                break;
            }
            // What was decided in the body rested on an assumption that does not hold.
            self.decisions.truncate(decided);
            self.retries = self.retries.saturating_sub(1);
            if self.retries == 0 {
                assumptions.clear();
            }
        }
        for assumption in &assumptions {
            let Some(result) = func.insts[inst].results.get(assumption.slot) else { continue };
            match assumption.kind {
                Way::Up => self.facts.add(assumption.init, *result, 0),
                Way::Down => self.facts.add(*result, assumption.init, 0),
                Way::WithCounter { c, .. } => {
                    if let Some((lo, hi, _)) = range
                        && self.facts.at_most(lo, hi) <= 0
                    {
                        self.facts.add(*result, hi, c);
                    }
                }
                Way::BesideCounter { c, .. } => {
                    if let Some((lo, hi, _)) = range
                        && self.facts.at_most(lo, hi) <= 0
                    {
                        self.facts.add(hi, *result, -c);
                    }
                }
            }
        }
    }

    /// Assumptions worth trying for a carried value, by how the next iteration's value is made of it.
    fn propose(
        &self,
        inst: Inst,
        slot: usize,
        param: Value,
        init: Value,
        counter: Option<(Value, Value)>,
        out: &mut Vec<Assumption>,
    ) {
        let mut step: Option<(i64, i64)> = None;
        for region in self.feeding.get(&inst).map_or(&[][..], Vec::as_slice) {
            let next = walk::end_values(&self.func.regions[*region].end)[slot];
            let Some(one) =
                Shapes { func: self.func, facts: &self.facts, feeding: &self.feeding }.step(next, param, 6)
            else {
                return;
            };
            step = Some(step.map_or(one, |(low, high)| (low.min(one.0), high.max(one.1))));
        }
        let Some((low, high)) = step else { return };
        let mut add = |kind| out.push(Assumption { param, init, slot, kind });
        if low >= 0 {
            add(Way::Up);
        }
        if high <= 0 {
            add(Way::Down);
        }
        if let Some((iv, lo)) = counter {
            if high <= 1 {
                add(Way::WithCounter { iv, c: self.facts.at_most(init, lo) });
            }
            if low >= 1 {
                add(Way::BesideCounter { iv, c: -self.facts.at_most(lo, init) });
            }
        }
    }
}
