//! Decides comparisons (of floats too), overflow checks, minima and divisions by the ranges of their operands.
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

use super::decision::{Decision, apply};
use super::facts::brief;
use super::facts::float::{self, Floats};
use super::facts::induction::{Feeding, Move, Shapes};
use super::facts::range::{Facts, Snapshot};

use crate::mir::effect::{constant, def_op};
use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;
use rustc_hash::{FxHashMap, FxHashSet};

/// Largest length of an array's axis.
const LONGEST: i64 = 1 << 60;
/// Instructions walked for each one of the function, before no more is assumed.
const WALKS: usize = 12;
/// How far a counter can move that starts anywhere and moves by at most `STRIDE` at a time: more would take
/// months. (A pass that does many iterations at once must check what they add up to.)
const LIFETIME: i64 = 1 << 60;
const STRIDE: i64 = 16;
/// Outer values with which each carried value is compared at most.
const MOST_BOUNDS: usize = 4;
/// Bounds that are farther from where a value starts say little.
const NEAR: i128 = 1 << 32;

/// What is assumed at the start of each iteration of a loop: `x <= y + c`.
#[derive(Clone, Copy, Debug)]
struct Assumption {
    x: Side,
    y: Side,
    c: i128,
    /// Need not be proved.
    granted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Side {
    Carried(usize),
    Counter,
    Outer(Value),
    Zero,
}

struct Ranges<'a> {
    func: &'a Function,
    facts: Facts,
    floats: Floats,
    decisions: Vec<(Inst, Decision)>,
    /// What arrived at structured instructions so far: for each arrival, a snapshot of each I64 slot.
    arrivals: FxHashMap<Inst, Vec<Vec<Option<Snapshot>>>>,
    /// Likewise what is common to all that arrived in a float slot.
    float_arrivals: FxHashMap<(Inst, usize), float::Interval>,
    /// Regions whose end gives the next iteration of each loop, or a result of each `If` and `Block`.
    feeding: Feeding,
    /// Order of definitions, and the part of it that lies in each loop.
    order: Vec<u32>,
    span: FxHashMap<Inst, (u32, u32)>,
    next: u32,
    /// The loop of which each region is the body.
    owners: FxHashMap<Region, Inst>,
    bounds: FxHashMap<Inst, Vec<Value>>,
    /// Assumptions that did not hold.
    refuted: FxHashSet<(Inst, Side, Side, i128)>,
    /// Instructions that may still be walked with assumptions.
    fuel: usize,
    /// Assumptions of the loops around this place, with whether each failed.
    loops: FxHashMap<Inst, Vec<(Assumption, bool)>>,
    /// `a or b` that hold here: once one is refuted, the other holds.
    either: Vec<(Value, Value)>,
    last: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    decide(func, false)
}

/// Runs it for the last time: checks that stay take the form that costs least.
pub fn finish(func: &mut Function, _options: &Options) -> bool {
    decide(func, true)
}

fn decide(func: &mut Function, last: bool) -> bool {
    let mut ranges = Ranges {
        func,
        facts: Facts::new(func.values.len()),
        floats: Floats::default(),
        decisions: Vec::new(),
        arrivals: FxHashMap::default(),
        float_arrivals: FxHashMap::default(),
        loops: FxHashMap::default(),
        feeding: Feeding::default(),
        order: vec![0; func.values.len()],
        span: FxHashMap::default(),
        next: 0,
        owners: FxHashMap::default(),
        bounds: FxHashMap::default(),
        refuted: FxHashSet::default(),
        fuel: WALKS * func.insts.len() + 1000,
        either: Vec::new(),
        last,
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
        self.number(&data.params);
        for inst in &data.insts {
            let from = self.next;
            let op = &self.func.insts[*inst].op;
            let looping = matches!(op, Op::For { .. } | Op::Loop { .. });
            for nested in walk::regions(op) {
                if looping {
                    self.owners.insert(nested, *inst);
                }
                self.survey(nested, Some(*inst));
            }
            if looping {
                self.span.insert(*inst, (from, self.next));
            }
            self.number(&self.func.insts[*inst].results);
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

    /// Gives the next numbers to values.
    fn number(&mut self, values: &[Value]) {
        for value in values {
            self.order[value.0 as usize] = self.next;
            self.next += 1;
        }
    }

    fn is_i64(&self, value: Value) -> bool {
        self.func.values[value].ty == Ty::I64
    }

    fn is_float(&self, value: Value) -> bool {
        self.func.values[value].ty.is_float()
    }

    /// What a comparison gives, if that is known here.
    fn decide(&self, cond: Cond, lhs: Value, rhs: Value) -> Option<bool> {
        if self.is_i64(lhs) {
            self.facts.decide(cond, lhs, rhs)
        } else if self.is_float(lhs) {
            self.floats.decide(self.func, &self.facts, cond, lhs, rhs)
        } else {
            None
        }
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
                *failed |= !self.holds_next(target, assumption, args);
            }
            self.loops.insert(target, assumptions);
        } else if matches!(self.func.insts[target].op, Op::If { .. } | Op::Block { .. }) {
            let snapshots =
                args.iter().map(|arg| self.is_i64(*arg).then(|| self.facts.snapshot(*arg))).collect();
            self.arrivals.entry(target).or_default().push(snapshots);
            for (slot, arg) in args.iter().enumerate() {
                if !self.is_float(*arg) {
                    continue;
                }
                let bounds = self.floats.bounds(self.func, &self.facts, *arg);
                let common = self.float_arrivals.entry((target, slot)).or_insert(bounds);
                *common = float::either(*common, bounds);
            }
        }
    }

    /// The assumption holds for the next iteration, which starts with `args`.
    fn holds_next(&self, inst: Inst, assumption: &Assumption, args: &[Value]) -> bool {
        let Assumption { x, y, c, granted } = *assumption;
        let counter = |side: Side| i128::from(side == Side::Counter);
        let value = |side: Side| match side {
            Side::Carried(slot) => Some(args[slot]),
            Side::Counter | Side::Outer(_) | Side::Zero => self.at_start(inst, side),
        };
        granted || self.difference(value(x), value(y)) + counter(x) - counter(y) <= c
    }

    /// The least `c` known with `x <= y + c`, where a missing value is zero.
    fn difference(&self, x: Option<Value>, y: Option<Value>) -> i128 {
        let low = |value: Value| i128::from(self.facts.interval(value).0);
        let high = |value: Value| i128::from(self.facts.interval(value).1);
        match (x, y) {
            (Some(x), Some(y)) => self.facts.at_most(x, y),
            (Some(x), None) => high(x),
            (None, Some(y)) => -low(y),
            (None, None) => 0,
        }
    }

    /// The side's value in an iteration.
    fn at_start(&self, inst: Inst, side: Side) -> Option<Value> {
        let op = &self.func.insts[inst].op;
        let first = usize::from(matches!(op, Op::For { .. }));
        let params = &self.func.regions[walk::regions(op).next()?].params;
        match side {
            Side::Carried(slot) => params.get(slot + first).copied(),
            Side::Counter => params.first().copied(),
            Side::Outer(value) => Some(value),
            Side::Zero => None,
        }
    }

    /// `x <= y + c`, where a missing value is zero.
    fn assume(&mut self, x: Option<Value>, y: Option<Value>, c: i128) {
        let clamp = |word: i128| word.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        match (x, y) {
            (Some(x), Some(y)) => self.facts.add(x, y, c),
            (Some(x), None) => self.facts.limit(x, i64::MIN, clamp(c)),
            (None, Some(y)) => self.facts.limit(y, clamp(-c), i64::MAX),
            (None, None) => {}
        }
    }

    fn mark(&self) -> (usize, usize, usize) {
        (self.facts.mark(), self.floats.mark(), self.either.len())
    }

    /// Forgets what was learnt since the mark.
    fn undo(&mut self, (facts, floats, either): (usize, usize, usize)) {
        self.facts.undo(facts);
        self.floats.undo(floats);
        self.either.truncate(either);
    }

    /// Learns that a condition has a value.
    fn learn(&mut self, cond: Value, truth: bool, depth: u32) {
        if depth > 8 {
            return;
        }
        if let Def::Result { inst, index } = self.func.values[cond].def
            && let Op::If { cond, then, orelse } = self.func.insts[inst].op
        {
            self.learn_arm(cond, then, orelse, index as usize, truth, depth);
            return;
        }
        if let Def::Result { inst, index: 1 } = self.func.values[cond].def
            && let Op::Checked { op, lhs, rhs } = self.func.insts[inst].op
        {
            if !truth {
                let result = self.func.insts[inst].results[0];
                self.facts.exact(op, result, lhs, rhs);
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
                    self.facts.compared(cond, *lhs, *rhs);
                    if cond == Cond::Ult {
                        self.facts.index_below(self.func, *lhs, *rhs);
                    }
                }
            }
            Some(Op::Compare { cond, lhs, rhs }) if self.is_float(*lhs) => {
                self.floats.compared(self.func, &self.facts, *cond, *lhs, *rhs, truth);
            }
            Some(_) | None => {}
        }
    }

    /// Learns that a result of an `If` has a value: if one arm cannot have given it, the other did.
    fn learn_arm(
        &mut self,
        cond: Value,
        then: Region,
        orelse: Region,
        index: usize,
        truth: bool,
        depth: u32,
    ) {
        let given = |region: Region, chosen: bool| match &self.func.regions[region].end {
            End::Yield(args) if args[index] == cond => (chosen == truth).then_some(args[index]),
            End::Yield(args) => {
                constant(self.func, args[index]).is_none_or(|c| (c != 0) == truth).then_some(args[index])
            }
            End::Continue { .. } | End::Break { .. } | End::Return(_) | End::Fail(_) | End::Unreachable => {
                None
            }
        };
        let (first, second) = (given(then, true), given(orelse, false));
        let ((Some(value), None) | (None, Some(value))) = (first, second) else { return };
        self.learn(cond, first.is_some(), depth + 1);
        if value != cond {
            self.learn(value, truth, depth + 1);
        }
    }

    /// The value of a condition, if it is known here.
    fn truth(&self, cond: Value, depth: u32) -> Option<bool> {
        let part = |value: Value| if depth == 0 { None } else { self.truth(value, depth - 1) };
        match def_op(self.func, cond) {
            Some(Op::Iconst(c)) => Some(*c != 0),
            Some(Op::Compare { cond, lhs, rhs }) => self.decide(*cond, *lhs, *rhs),
            Some(Op::Unary { op: UnaryOp::Bnot, arg }) => part(*arg).map(|truth| !truth),
            Some(Op::Binary { op: BinaryOp::Band, lhs, rhs }) => match (part(*lhs), part(*rhs)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                (Some(true) | None, None) | (None, Some(true)) => None,
            },
            Some(Op::Binary { op: BinaryOp::Bor, lhs, rhs }) => match (part(*lhs), part(*rhs)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                (Some(false) | None, None) | (None, Some(false)) => None,
            },
            Some(_) | None => None,
        }
    }

    fn inst(&mut self, inst: Inst) {
        self.fuel = self.fuel.saturating_sub(1);
        let func = self.func;
        let data = &func.insts[inst];
        match &data.op {
            Op::Iconst(value) => {
                if self.is_i64(data.results[0]) {
                    self.facts.limit(data.results[0], *value, *value);
                }
            }
            Op::Checked { op, lhs, rhs } => {
                if self.facts.fits(*op, *lhs, *rhs) {
                    self.decisions.push((inst, Decision::Exact));
                    self.facts.exact(*op, data.results[0], *lhs, *rhs);
                } else if self.last
                    && let Some(most) = self.facts.fits_up_to(*op, *lhs, *rhs)
                {
                    self.decisions.push((inst, Decision::ExactUpTo(most)));
                }
            }
            Op::Compare { cond, lhs, rhs } => {
                if let Some(truth) = self.decide(*cond, *lhs, *rhs) {
                    self.decisions.push((inst, Decision::Known(truth)));
                }
            }
            Op::Binary { op, lhs, rhs } => {
                if self.is_i64(*lhs)
                    && let Some(decision) = self.facts.binary(func, *op, data.results[0], *lhs, *rhs)
                {
                    self.decisions.push((inst, decision));
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
                        | ConvertOp::FloatToSintC
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
                    if let Some(truth) = self.truth(*cond, 4) {
                        self.facts.equal(result, if truth { *then } else { *orelse }, 0);
                        return;
                    }
                    let arms = [(*then, true), (*orelse, false)].map(|(value, truth)| {
                        let mark = self.mark();
                        self.learn(*cond, truth, 0);
                        let snapshot = self.facts.snapshot(value);
                        self.undo(mark);
                        snapshot
                    });
                    self.facts.merge(result, &arms.each_ref());
                }
            }
            Op::Guard { cond, .. } => self.learn(*cond, true, 0),
            Op::Runtime { func: runtime, .. } => {
                if let Some(result) = data.results.first()
                    && *runtime == RuntimeFn::ParallelChunks
                {
                    self.facts.limit(*result, 0, crate::abi::MAX_CHUNKS);
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
                    && self.facts.decide(*cond, *lhs, *rhs) == Some(false)
                {
                    self.learn(other, true, 0);
                }
            }
        }
    }

    fn if_(&mut self, inst: Inst, cond: Value, then: Region, orelse: Region) {
        let known = self.truth(cond, 4);
        for (arm, truth) in [(then, true), (orelse, false)] {
            // Nothing comes from an arm that is never entered.
            if known == Some(!truth) {
                continue;
            }
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
                let arms: Vec<&Snapshot> = arrivals.iter().filter_map(|a| a[slot].as_ref()).collect();
                self.facts.merge(*result, &arms);
            } else if let Some(bounds) = self.float_arrivals.remove(&(inst, slot)) {
                self.floats.learn(*result, bounds);
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
        let parallel = range.is_some_and(|(_, _, parallel)| parallel);
        let mut assumptions = Vec::new();
        let mark = self.mark();
        if !parallel && self.fuel > 0 {
            // They are about the starts of iterations: there is one.
            if let Some((lo, hi, _)) = range {
                self.facts.add(lo, hi, -1);
                self.nonempty(lo, hi);
                init.iter().for_each(|start| self.revisit(*start, 3));
            }
            self.propose(inst, init, range.map(|(lo, _, _)| lo), &mut assumptions);
            self.undo(mark);
        }
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
            for Assumption { x, y, c, .. } in &assumptions {
                self.assume(self.at_start(inst, *x), self.at_start(inst, *y), *c);
            }
            self.loops.insert(inst, assumptions.iter().map(|assumption| (*assumption, false)).collect());
            self.region(body, Some(inst));
            self.undo(mark);
            let outcome = self.loops.remove(&inst).unwrap_or_default();
            let before = assumptions.len();
            assumptions = Vec::with_capacity(before);
            for (assumption, failed) in outcome {
                if failed {
                    self.refuted.insert((inst, assumption.x, assumption.y, assumption.c));
                } else {
                    assumptions.push(assumption);
                }
            }
            if assumptions.len() == before {
                break;
            }
            // What was decided in the body rested on an assumption that does not hold.
            self.decisions.truncate(decided);
            if self.fuel == 0 {
                assumptions.clear();
            }
        }
        // What holds at the start of an iteration holds where there is none any more.
        let Some((lo, hi, _)) = range else {
            self.brief(inst, body, &assumptions);
            return;
        };
        let reached = self.facts.at_most(lo, hi) <= 0;
        let results = &func.insts[inst].results;
        let at_end = |side: Side| match side {
            Side::Carried(slot) => results.get(slot).map(|result| Some(*result)),
            Side::Counter => reached.then_some(Some(hi)),
            Side::Outer(value) => Some(Some(value)),
            Side::Zero => Some(None),
        };
        // There may have been no iteration: then what holds at the end is what holds of the first values.
        let at_entry = |side: Side| match side {
            Side::Carried(slot) => init.get(slot).copied(),
            Side::Counter => Some(lo),
            Side::Outer(value) => Some(value),
            Side::Zero => None,
        };
        assumptions.retain(|Assumption { x, y, c, .. }| self.difference(at_entry(*x), at_entry(*y)) <= *c);
        for Assumption { x, y, c, .. } in &assumptions {
            if let (Some(x), Some(y)) = (at_end(*x), at_end(*y)) {
                self.assume(x, y, *c);
            }
        }
    }

    /// Notes that a `Loop`, at whose start this holds, ends within a few iterations.
    fn brief(&mut self, inst: Inst, body: Region, assumptions: &[Assumption]) {
        let func = self.func;
        let tests = brief::tests(func, body);
        if func.regions[body].limit.is_some() || tests.is_empty() {
            return;
        }
        let mark = self.mark();
        for Assumption { x, y, c, .. } in assumptions {
            self.assume(self.at_start(inst, *x), self.at_start(inst, *y), *c);
        }
        let next = self.feeding.get(&inst).map_or(&[][..], Vec::as_slice);
        if brief::ends_soon(func, &self.facts, body, next, &tests) {
            self.decisions.push((inst, Decision::Brief));
        }
        self.undo(mark);
    }

    /// Assumptions worth trying for the carried values of a loop, by how the next iteration's are made of
    /// this one's and what they are compared with.
    fn propose(&mut self, inst: Inst, init: &[Value], lo: Option<Value>, out: &mut Vec<Assumption>) {
        let bounds = self.bounds(inst);
        let func = self.func;
        let shapes = Shapes { func, facts: &self.facts, feeding: &self.feeding, owners: &self.owners };
        let refuted = &self.refuted;
        let mut add = |x: Side, y: Side, c: i128, granted: bool| {
            if c.abs() < 1 << 62 && !refuted.contains(&(inst, x, y, c)) {
                out.push(Assumption { x, y, c, granted });
            }
        };
        let feeding = self.feeding.get(&inst).map_or(&[][..], Vec::as_slice);
        let mut steps = Vec::with_capacity(init.len());
        let mut limits = Vec::with_capacity(init.len());
        for slot in 0..init.len() {
            let Some(param) = self.at_start(inst, Side::Carried(slot)).filter(|param| self.is_i64(*param))
            else {
                steps.push(Move::Any);
                limits.push(None);
                continue;
            };
            let next = feeding.iter().map(|region| walk::end_values(&func.regions[*region].end)[slot]);
            steps.push(shapes.movement(next.clone(), param));
            limits.push(shapes.between(next));
        }
        for (slot, step) in steps.iter().enumerate() {
            let this = Side::Carried(slot);
            let start = init[slot];
            if let Some((low, high)) = limits[slot] {
                let (least, most) = self.facts.interval(start);
                add(Side::Zero, this, -i128::from(low.min(least)), false);
                add(this, Side::Zero, i128::from(high.max(most)), false);
            }
            let (low, high) = match step {
                Move::Any => continue,
                Move::By(low, high) => (Some(*low), Some(*high)),
                Move::Computed => (None, None),
            };
            if low.is_none() && self.facts.interval(start).0 >= 0 {
                add(Side::Zero, this, 0, false);
            }
            for bound in bounds.iter().copied().filter(|bound| *bound != start) {
                let (above, below) = (self.facts.at_most(start, bound), self.facts.at_most(bound, start));
                if high.is_none_or(|high| high > 0) && above < NEAR {
                    for c in slack(above, high) {
                        add(this, Side::Outer(bound), c, false);
                    }
                }
                if low.is_none_or(|low| low < 0) && below < NEAR {
                    for c in slack(below, low.map(i64::wrapping_neg)) {
                        add(Side::Outer(bound), this, c, false);
                    }
                }
            }
            // A counter that moves at least as far each time.
            for (other, faster) in steps.iter().enumerate() {
                if let (Move::By(low, _), Some(high)) = (faster, high)
                    && other != slot
                    && high > 0
                    && high <= *low
                {
                    let c = self.facts.at_most(start, init[other]);
                    if c < NEAR {
                        add(this, Side::Carried(other), c, false);
                    }
                }
            }
            let (least, most) = self.facts.interval(start);
            if self.at_start(inst, this).is_some_and(|param| shapes.strolls(param, STRIDE)) {
                add(this, Side::Zero, i128::from(most) + i128::from(LIFETIME), true);
                add(Side::Zero, this, i128::from(LIFETIME) - i128::from(least), true);
            }
            if low.is_none_or(|low| low >= 0) {
                add(Side::Outer(start), this, 0, false);
            }
            if high.is_none_or(|high| high <= 0) {
                add(this, Side::Outer(start), 0, false);
            }
            if let Some(lo) = lo {
                if high.is_some_and(|high| high <= 1) {
                    add(this, Side::Counter, self.facts.at_most(start, lo), false);
                }
                if low.is_some_and(|low| low >= 1) {
                    add(Side::Counter, this, self.facts.at_most(lo, start), false);
                }
            }
        }
    }

    /// Values from outside of a loop with which something in it is compared.
    fn bounds(&mut self, inst: Inst) -> Vec<Value> {
        if let Some(bounds) = self.bounds.get(&inst) {
            return bounds.clone();
        }
        let func = self.func;
        let (from, to) = self.span[&inst];
        let inside = |value: Value| (from..to).contains(&self.order[value.0 as usize]);
        let mut bounds = Vec::new();
        for region in walk::regions(&func.insts[inst].op) {
            walk::for_each_inst(func, region, &mut |_, inner| {
                if let Op::Compare { lhs, rhs, .. } = func.insts[inner].op
                    && self.is_i64(lhs)
                {
                    for (bound, other) in [(lhs, rhs), (rhs, lhs)] {
                        if !inside(bound)
                            && inside(other)
                            && bounds.len() < MOST_BOUNDS
                            && !bounds.contains(&bound)
                        {
                            bounds.push(bound);
                        }
                    }
                }
            });
        }
        self.bounds.insert(inst, bounds.clone());
        bounds
    }
}

/// Distances from a bound worth trying for a value that starts `start` from it and steps by `step` until a
/// comparison with the bound fails, farthest first.
fn slack(start: i128, step: Option<i64>) -> Vec<i128> {
    let mut all: Vec<i128> =
        step.into_iter().flat_map(|step| [i128::from(step), i128::from(step) - 1]).collect();
    all.retain(|c| *c > start && *c < NEAR);
    all.push(start);
    all
}
