//! Tests before a loop what its checks would test in each iteration.
//!
//! Precondition: after `licm` and `ranges`, so that what is left could not be proved and what does not change
//! stands outside. Effect: for guards on sums and products of counters and of what does not change, the outermost loop of
//! the nest becomes `if all in range { fast copy } else { checked copy }`, so that stores before an error
//! still happen: what a value can be at least and at most in the nest is computed before it, exactly, from the
//! bounds of its counters. Where a failing test means that a guard that leaves the call to the interpreter is
//! certain to fail, the test itself is such a guard and there is no second copy; nor is there one before the
//! first work of a call that can start again in code that has it (`Options::fast_only`). At most doubles a
//! loop nest; linear.
//!
//! ```text
//! for v1 in 0..v8 { v2 = cmp.ult v1, v9; guard v2 else raise site0; store ... }
//! ->  v3 = cmp.sle v8, v9; if v3 { for ... (the guard is now provable) } else { for ... }
//! ```

use super::counted::{Nexts, nexts};
use super::facts::counters::{Counters, Limits, narrow};
use super::facts::terms::{Bound, SMALL, Span, Sum, Term, TermKind, Terms};
use super::growth;
use crate::mir::effect::{self, Effect, constant, def_op};
use crate::mir::remark::{NotVersioned, RemarkKind};
use crate::mir::walk::{self, Remap};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Loops with more instructions are not copied.
const LARGEST: usize = 600;
/// More tests than this before a loop do not pay.
const MOST_TESTS: usize = 24;

/// `x <= y + d`, where a missing term is zero.
type Tests = BTreeMap<Sides, i64>;
type Sides = (Option<Term>, Option<Term>);

/// What must hold before a nest for a condition to hold in all iterations.
#[derive(Default)]
struct Needs {
    tests: Tests,
    /// Conditions that do not change.
    conditions: BTreeSet<Value>,
    /// What is then known of conditions in the nest.
    known: Vec<(Inst, bool)>,
}

impl Needs {
    fn append(&mut self, mut more: Needs) {
        for (key, d) in more.tests {
            let least = self.tests.entry(key).or_insert(d);
            *least = d.min(*least);
        }
        self.conditions.append(&mut more.conditions);
        self.known.append(&mut more.known);
    }
}

struct Versioning<'a> {
    func: &'a mut Function,
    /// The call may be left to the interpreter whatever the payload: nobody calls this function after an
    /// effect.
    outermost: bool,
    /// The call can start again from here and has done no work yet.
    restarts: bool,
    sites: &'a mut Table<SiteId, Site>,
    changed: bool,
    /// Guards that a test outside covers: they need no test of their own further in.
    tested: FxHashSet<Inst>,
    terms: Terms,
    /// Regions that go on to the next iteration of each `Loop`.
    nexts: Nexts,
}

/// A loop nest under consideration.
#[derive(Default)]
struct Nest {
    /// Values defined in the nest.
    inside: BTreeSet<Value>,
    /// Bounds of the counters: at the place at hand, and in the whole nest.
    counters: Counters,
    everywhere: Counters,
    /// What is defined in the innermost arm that is entered only for some of the counters' numbers.
    arm: Option<BTreeSet<Value>>,
    /// The counters, those of outer loops first.
    order: Vec<Value>,
    /// What the `Loop`s carry: what it can be in an iteration.
    carried: FxHashMap<Value, Vec<Value>>,
    /// For the fast copy.
    needs: Needs,
    /// The guards that these are from.
    guards: Vec<Inst>,
    /// Guards to put in front: the test, its failure, and the ranges that must not be empty.
    early: Vec<Early>,
}

struct Early {
    test: (Sides, i64),
    fail: Fail,
    line: SourcePos,
    ranges: Vec<(Value, Value)>,
}

/// What has been made for terms, and the conditions under which it is exact.
#[derive(Default)]
struct Code {
    values: FxHashMap<Term, Value>,
    fine: Vec<Value>,
}

/// Adds the test `x <= y + d`; false if it is certain to fail, or too far off.
fn test(x: Bound, y: Bound, d: i64, tests: &mut Tests) -> bool {
    let Some(d) = d.checked_add(y.1).and_then(|d| d.checked_sub(x.1)) else { return false };
    if x.0 == y.0 {
        // Decided already; a false one would send every call to the checked copy.
        return d >= 0;
    }
    if d.unsigned_abs() > 1 << 33 && x.0.is_some() && y.0.is_some() {
        return false;
    }
    let least = tests.entry((x.0, y.0)).or_insert(d);
    *least = d.min(*least);
    true
}

/// Runs the pass.
pub fn run(module: &mut Module, options: &Options) -> bool {
    // Functions that someone calls: their errors may have to be raised by the caller.
    let mut called = BTreeSet::new();
    for func in &module.funcs.items {
        walk::for_each_inst(func, func.body, &mut |_, inst| {
            if let Op::Call { func, .. } = func.insts[inst].op {
                called.insert(func);
            }
        });
    }
    let mut changed = false;
    let Module { funcs, sites, .. } = module;
    for (index, func) in funcs.items.iter_mut().enumerate() {
        let outermost = index == 0 && !called.contains(&Func(0));
        let body = func.body;
        let (tested, terms, nexts) = (FxHashSet::default(), Terms::default(), nexts(func));
        let restarts = options.fast_only && outermost;
        let mut versioning =
            Versioning { func, sites, outermost, restarts, changed: false, tested, terms, nexts };
        versioning.region(body);
        changed |= versioning.changed;
    }
    changed
}

impl Versioning<'_> {
    /// Looks for loops in a region, outermost first.
    fn region(&mut self, region: Region) {
        if self.func.regions[region].rare {
            return;
        }
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            let op = &self.func.insts[inst].op;
            if let Op::For { .. } = op {
                self.nest(inst, &mut out);
                continue;
            }
            let nested = walk::regions(op);
            self.restarts &= match effect::effect(op) {
                Effect::Pure | Effect::Read(_) | Effect::Raise { .. } | Effect::Owner => true,
                Effect::Nested => !matches!(op, Op::Loop { .. }),
                Effect::Write(_) | Effect::Opaque | Effect::Call => false,
            };
            let restarts = self.restarts;
            let mut all = restarts;
            for nested in nested {
                self.restarts = restarts;
                self.region(nested);
                all &= self.restarts;
            }
            self.restarts = all;
            out.push(inst);
        }
        self.func.regions[region].insts = out;
    }

    fn nest(&mut self, inst: Inst, out: &mut Vec<Inst>) {
        let Op::For { body, .. } = self.func.insts[inst].op else { return };
        let mut nest = Nest::default();
        self.survey(inst, &mut nest);
        nest.everywhere.clone_from(&nest.counters);
        let summary = effect::summary(self.func, body);
        let steady = self.outermost && !summary.jumps;
        let Op::For { lo, hi, .. } = self.func.insts[inst].op else { return };
        self.guards(body, &mut nest, steady.then(|| vec![(lo, hi)]));
        for early in std::mem::take(&mut nest.early) {
            self.early_guard(early, out);
        }
        let tests = nest.needs.tests.len() + nest.needs.conditions.len();
        let size = walk::size(self.func, body);
        let line = self.func.insts[inst].line;
        let restarts = std::mem::replace(&mut self.restarts, false);
        let declined = if tests > MOST_TESTS {
            Some(NotVersioned::Tests(tests as u32))
        } else if tests > 0 && !restarts && (size > LARGEST || !growth::takes(self.func, size)) {
            Some(NotVersioned::Large)
        } else {
            None
        };
        match declined {
            None if tests > 0 => {
                self.tested.extend(&nest.guards);
                let cond = self.all_hold(&nest, line, out);
                let checked =
                    (!restarts).then(|| walk::clone_inst(self.func, None, inst, &mut Remap::default()));
                for (known, truth) in &nest.needs.known {
                    self.func.insts[*known].op = Op::Iconst(i64::from(*truth));
                }
                let fast = match checked {
                    Some(checked) => self.choose(cond, inst, checked),
                    None => {
                        self.leave_unless(cond, line, out);
                        inst
                    }
                };
                // Loops inside may have checks of their own that could not be tested out here.
                self.region(body);
                out.push(fast);
                self.func.remark(line, || RemarkKind::Versioned { tests: tests as u32 });
                return;
            }
            Some(why) if tests > 0 => self.func.remark(line, || RemarkKind::NotVersioned(why)),
            None | Some(_) => {}
        }
        self.region(body);
        out.push(inst);
    }

    /// Collects the values and counters of a nest.
    fn survey(&self, inst: Inst, nest: &mut Nest) {
        let op = &self.func.insts[inst].op;
        if let Op::For { lo, hi, body, .. } = op {
            let counter = self.func.regions[*body].params[0];
            nest.counters.insert(counter, Limits { lo: (*lo, 0), hi: (*hi, 0) });
            nest.order.push(counter);
        }
        if let Op::Loop { init, body } = op
            && let Some(nexts) = self.nexts.get(&inst)
        {
            for (slot, param) in self.func.regions[*body].params.iter().enumerate() {
                let next = nexts.iter().map(|region| walk::end_values(&self.func.regions[*region].end)[slot]);
                nest.carried
                    .insert(*param, next.chain([init[slot]]).filter(|value| value != param).collect());
            }
        }
        for region in walk::regions(op) {
            let data = &self.func.regions[region];
            nest.inside.extend(&data.params);
            for nested in &data.insts {
                nest.inside.extend(&self.func.insts[*nested].results);
                self.survey(*nested, nest);
            }
        }
    }

    /// Collects tests from the guards in a region. `certain`: the ranges that must not be empty for control
    /// to come here in each of their iterations; `None` if it may not come here.
    fn guards(&mut self, region: Region, nest: &mut Nest, certain: Option<Vec<(Value, Value)>>) {
        if self.func.regions[region].rare {
            return;
        }
        for k in 0..self.func.regions[region].insts.len() {
            let inst = self.func.regions[region].insts[k];
            let data = &self.func.insts[inst];
            if let Op::Guard { cond, fail } = &data.op {
                if self.tested.contains(&inst) {
                    continue;
                }
                let (cond, fail, line) = (*cond, fail.clone(), data.line);
                let Some(needs) = self.needs(nest, |this, nest, needs| this.condition(cond, nest, needs))
                else {
                    continue;
                };
                // One test that fails only if the guard fails in some iteration.
                if let Some(ranges) = &certain
                    && fail.deopt
                    && needs.conditions.is_empty()
                    && needs.tests.len() == 1
                    && self.upper_only(cond, nest)
                    && ranges.iter().all(|(lo, hi)| !nest.inside.contains(lo) && !nest.inside.contains(hi))
                    && let Some((key, d)) = needs.tests.iter().next()
                {
                    self.tested.insert(inst);
                    nest.early.push(Early { test: (*key, *d), fail, line, ranges: ranges.clone() });
                    continue;
                }
                nest.needs.append(needs);
                nest.guards.push(inst);
            } else if let Op::Select { .. } = &data.op {
                let chosen = data.results[0];
                let needs = self.needs(nest, |this, nest, needs| this.no_wraparound(chosen, nest, needs));
                nest.needs.append(needs.unwrap_or_default());
            } else if let Op::For { lo, hi, body, .. } = &data.op {
                let (lo, hi, body) = (*lo, *hi, *body);
                let certain = certain.clone().map(|mut ranges| {
                    ranges.push((lo, hi));
                    ranges
                });
                self.guards(body, nest, certain);
            } else if let Op::If { cond, then, orelse } = data.op {
                self.arm(cond, then, true, nest);
                self.arm(cond, orelse, false, nest);
            } else {
                for nested in walk::regions(&data.op) {
                    self.guards(nested, nest, None);
                }
            }
        }
    }

    /// Collects tests in an arm, with what its condition says of counters.
    fn arm(&mut self, cond: Value, arm: Region, truth: bool, nest: &mut Nest) {
        let mut counters = nest.counters.clone();
        if !narrow(self.func, cond, truth, &nest.inside, &mut counters) {
            return self.guards(arm, nest, None);
        }
        let mut inside = BTreeSet::new();
        walk::for_each_inst(self.func, arm, &mut |_, inst| inside.extend(&self.func.insts[inst].results));
        let around = (std::mem::replace(&mut nest.counters, counters), nest.arm.replace(inside));
        self.guards(arm, nest, None);
        (nest.counters, nest.arm) = around;
    }

    /// What must hold before the nest for something to hold in all iterations that come to this place; `None` if
    /// it cannot be said. What is then known of conditions outside of an arm has to hold outside of it too.
    fn needs(
        &mut self,
        nest: &mut Nest,
        ask: impl Fn(&mut Self, &Nest, &mut Needs) -> bool,
    ) -> Option<Needs> {
        let mut needs = Needs::default();
        let fine = ask(self, nest, &mut needs);
        let Some(inside) = &nest.arm else { return fine.then_some(needs) };
        if fine && needs.known.iter().all(|(inst, _)| inside.contains(&self.func.insts[*inst].results[0])) {
            return Some(needs);
        }
        let mut needs = Needs::default();
        let narrowed = std::mem::replace(&mut nest.counters, nest.everywhere.clone());
        let fine = ask(self, nest, &mut needs);
        nest.counters = narrowed;
        fine.then_some(needs)
    }

    /// Adds what must hold before the nest for a condition to hold in all iterations; false if it cannot be
    /// said.
    fn condition(&mut self, cond: Value, nest: &Nest, needs: &mut Needs) -> bool {
        if !nest.inside.contains(&cond) {
            needs.conditions.insert(cond);
            return true;
        }
        let Def::Result { inst, .. } = self.func.values[cond].def else { return false };
        let understood = match def_op(self.func, cond) {
            Some(&Op::Binary { op: BinaryOp::Band, lhs, rhs }) => {
                self.condition(lhs, nest, needs) && self.condition(rhs, nest, needs)
            }
            // `licm` makes guards that also pass if a loop has no iteration, on the right; to test for that
            // would send every call to the checked copy.
            Some(&Op::Binary { op: BinaryOp::Bor, lhs, .. }) => self.condition(lhs, nest, needs),
            Some(&Op::Unary { op: UnaryOp::Bnot, arg }) => self.no_overflow(arg, nest, needs),
            Some(&Op::Compare { cond, lhs, rhs }) if self.func.values[lhs].ty == Ty::I64 => {
                self.comparison(cond, lhs, rhs, nest, needs)
            }
            Some(_) | None => false,
        };
        if understood {
            needs.known.push((inst, true));
        }
        understood
    }

    /// What a comparison needs to be true.
    fn comparison(&mut self, cond: Cond, lhs: Value, rhs: Value, nest: &Nest, needs: &mut Needs) -> bool {
        let (left, wrap) = self.unwrapped(lhs);
        let (Some(x), Some(y)) =
            (self.span(left, nest, &mut needs.tests, 4), self.span(rhs, nest, &mut needs.tests, 4))
        else {
            return false;
        };
        let mut below = |x: Span, y: Span, d: i64| test(x.most, y.least, d, &mut needs.tests);
        let understood = match cond {
            Cond::Slt => below(x, y, -1),
            Cond::Sle => below(x, y, 0),
            Cond::Sgt => below(y, x, -1),
            Cond::Sge => below(y, x, 0),
            Cond::Ult => below(x, y, -1),
            Cond::Ule => below(x, y, 0),
            Cond::Eq
            | Cond::Ne
            | Cond::Ugt
            | Cond::Uge
            | Cond::Feq
            | Cond::Flt
            | Cond::Fle
            | Cond::Fgt
            | Cond::Fge
            | Cond::Fne => false,
        };
        if !understood {
            return false;
        }
        let unsigned = matches!(cond, Cond::Ult | Cond::Ule);
        if (unsigned || wrap.is_some()) && !test((None, 0), x.least, 0, &mut needs.tests) {
            return false;
        }
        needs.known.extend(wrap.map(|inst| (inst, false)));
        // Between zero and a length nothing is near the ends of the integers.
        let length =
            self.func.lengths.contains(&rhs) || constant(self.func, rhs).is_some_and(|c| c < 1 << 60);
        (unsigned && length) || (self.moderate(x, &mut needs.tests) && self.moderate(y, &mut needs.tests))
    }

    /// What an operation that may overflow needs not to do so.
    fn no_overflow(&mut self, flag: Value, nest: &Nest, needs: &mut Needs) -> bool {
        let Def::Result { inst, index: 1 } = self.func.values[flag].def else { return false };
        if !matches!(self.func.insts[inst].op, Op::Checked { .. }) {
            return false;
        }
        let result = self.func.insts[inst].results[0];
        match self.span(result, nest, &mut needs.tests, 4) {
            Some(span) => self.moderate(span, &mut needs.tests),
            None => false,
        }
    }

    /// What an index that nothing checks needs not to be taken from the end.
    fn no_wraparound(&mut self, value: Value, nest: &Nest, needs: &mut Needs) -> bool {
        let (index, Some(negative)) = self.unwrapped(value) else { return false };
        let Some(&Op::Select { then, .. }) = def_op(self.func, value) else { return false };
        let from_end = matches!(def_op(self.func, then), Some(&Op::Binary { op: BinaryOp::Iadd, lhs, .. }) if lhs == index);
        if !from_end || !nest.inside.contains(&index) {
            return false;
        }
        let Some(span) = self.span(index, nest, &mut needs.tests, 4) else { return false };
        needs.known.push((negative, false));
        test((None, 0), span.least, 0, &mut needs.tests) && self.moderate(span, &mut needs.tests)
    }

    /// The span, and each sum on the way to it that differs by a constant, is an integer of 64 bits.
    fn moderate(&self, span: Span, tests: &mut Tests) -> bool {
        let plain = |bound: Bound| bound.0.is_none_or(|term| self.is_length(term));
        (plain(span.most) || test(span.most, (None, 0), i64::MAX - 2 * SMALL, tests))
            && (plain(span.least) || test((None, 0), span.least, i64::MAX - 2 * SMALL, tests))
    }

    fn is_length(&self, term: Term) -> bool {
        match self.terms.kind(term) {
            TermKind::Value(value) => self.func.lengths.contains(&value),
            TermKind::Const(_) | TermKind::Plus(..) | TermKind::Minus(..) | TermKind::Times(..) => false,
        }
    }

    /// The index itself where a negative one would be taken from the end, with the test for that.
    fn unwrapped(&self, value: Value) -> (Value, Option<Inst>) {
        if let Some(Op::Select { cond, orelse, .. }) = def_op(self.func, value)
            && let Def::Result { inst, .. } = self.func.values[*cond].def
            && let Op::Compare { cond: Cond::Slt, lhs, rhs } = &self.func.insts[inst].op
            && lhs == orelse
            && constant(self.func, *rhs) == Some(0)
        {
            return (*orelse, Some(inst));
        }
        (value, None)
    }

    /// The condition is `counter + c < bound`, with the counter certain to be in range below, and the test
    /// before the loop is exact: the last iteration's.
    fn upper_only(&self, cond: Value, nest: &Nest) -> bool {
        let Some(Op::Compare { cond: Cond::Ult | Cond::Slt, lhs, rhs }) = def_op(self.func, cond) else {
            return false;
        };
        // A wraparound that is still there means that the counter may be negative.
        let (base, c) = self.affine(*lhs);
        let Some(Limits { lo: (lo, _), hi: (hi, _) }) = nest.everywhere.get(&base) else { return false };
        let from_start = constant(self.func, *lo).is_some_and(|lo| lo.checked_add(c).is_some_and(|x| x >= 0));
        // A length: the counter reaches it before it could wrap.
        let length = self.func.lengths.contains(rhs)
            || constant(self.func, *rhs).is_some_and(|c| (0..1 << 60).contains(&c));
        from_start && length && !nest.inside.contains(hi) && !nest.inside.contains(rhs)
    }

    /// `value` as another value plus a constant.
    fn affine(&self, value: Value) -> (Value, i64) {
        let (mut value, mut sum) = (value, 0i64);
        for _ in 0..4 {
            let Def::Result { inst, index: 0 } = self.func.values[value].def else { break };
            let op = &self.func.insts[inst].op;
            let (base, c) = if let Op::Binary { op: BinaryOp::Iadd, lhs, rhs }
            | Op::Checked { op: CheckedOp::Add, lhs, rhs } = op
            {
                (*lhs, constant(self.func, *rhs))
            } else if let Op::Checked { op: CheckedOp::Sub, lhs, rhs } = op {
                (*lhs, constant(self.func, *rhs).and_then(i64::checked_neg))
            } else {
                break;
            };
            let Some(total) = c.and_then(|c| sum.checked_add(c)) else { break };
            value = base;
            sum = total;
        }
        (value, sum)
    }

    /// What a value can be in the nest, in terms of what stands outside.
    fn span(&mut self, value: Value, nest: &Nest, tests: &mut Tests, depth: u32) -> Option<Span> {
        let point = |bound: Bound| Some(Span { least: bound, most: bound });
        if let Some(c) = constant(self.func, value).filter(|c| c.unsigned_abs() <= SMALL as u64) {
            return point((None, c));
        }
        if !nest.inside.contains(&value) {
            return point(self.terms.value(value));
        }
        let depth = depth.checked_sub(1)?;
        if let Some(Limits { lo, hi }) = nest.counters.get(&value).copied() {
            let least = self.span(lo.0, nest, tests, depth)?.least;
            let end = self.span(hi.0, nest, tests, depth)?.most;
            let (least, most) =
                (self.terms.plus(least, (None, lo.1))?, self.terms.plus(end, (None, hi.1 - 1))?);
            return Some(Span { least, most });
        }
        if let Some(values) = nest.carried.get(&value) {
            let (first, rest) = values.split_first()?;
            let span = self.span(*first, nest, tests, depth)?;
            let same = |value: &Value| self.span(*value, nest, tests, depth) == Some(span);
            return rest.iter().all(same).then_some(span);
        }
        if let Some(span) = self.triangular(value, nest) {
            return Some(span);
        }
        let Def::Result { inst, index: 0 } = self.func.values[value].def else { return None };
        match Some(&self.func.insts[inst].op) {
            Some(
                &Op::Binary { op: BinaryOp::Iadd, lhs, rhs } | &Op::Checked { op: CheckedOp::Add, lhs, rhs },
            ) => {
                let (x, y) = (self.span(lhs, nest, tests, depth)?, self.span(rhs, nest, tests, depth)?);
                let least = self.terms.plus(x.least, y.least)?;
                Some(Span { least, most: self.terms.plus(x.most, y.most)? })
            }
            Some(
                &Op::Binary { op: BinaryOp::Isub, lhs, rhs } | &Op::Checked { op: CheckedOp::Sub, lhs, rhs },
            ) => {
                let (x, y) = (self.span(lhs, nest, tests, depth)?, self.span(rhs, nest, tests, depth)?);
                let least = self.terms.minus(x.least, y.most)?;
                Some(Span { least, most: self.terms.minus(x.most, y.least)? })
            }
            Some(
                &Op::Binary { op: BinaryOp::Imul, lhs, rhs } | &Op::Checked { op: CheckedOp::Mul, lhs, rhs },
            ) => {
                let (x, y) = (self.span(lhs, nest, tests, depth)?, self.span(rhs, nest, tests, depth)?);
                // A factor that does not change and is not negative keeps the order of the other.
                let fixed = |span: Span| span.least == span.most;
                let zero = (None, 0);
                let fine = (fixed(y) && test(zero, y.least, 0, tests))
                    || (fixed(x) && test(zero, x.least, 0, tests))
                    || (test(zero, x.least, 0, tests) && test(zero, y.least, 0, tests));
                let least = self.terms.times(x.least, y.least)?;
                fine.then_some(Span { least, most: self.terms.times(x.most, y.most)? })
            }
            // A place in a table: what a mask or a number of places leaves.
            Some(&Op::Binary { op: BinaryOp::Band, lhs, rhs }) => {
                let mask = if nest.inside.contains(&rhs) { lhs } else { rhs };
                let (zero, most) = ((None, 0), self.span(mask, nest, tests, 1)?.most);
                test(zero, most, 0, tests).then_some(Span { least: zero, most })
            }
            Some(&Op::Binary { op: BinaryOp::FloorMod, rhs, .. }) if !nest.inside.contains(&rhs) => {
                let (zero, places) = ((None, 0), self.span(rhs, nest, tests, 1)?.most);
                let most = self.terms.plus(places, (None, -1))?;
                test(zero, most, 0, tests).then_some(Span { least: zero, most })
            }
            Some(_) | None => None,
        }
    }

    /// The span of a sum of counters one of which is a bound of another (`k - i` with `i` below `k`): what
    /// they have in common cancels out.
    fn triangular(&mut self, value: Value, nest: &Nest) -> Option<Span> {
        let sum = self.sum(value, nest, 4)?;
        let (least, first) = self.extreme(sum.clone(), false, nest)?;
        let (most, second) = self.extreme(sum, true, nest)?;
        if first || second { Some(Span { least: self.bound(least)?, most: self.bound(most)? }) } else { None }
    }

    /// A value as a sum of counters and of what stands outside.
    fn sum(&self, value: Value, nest: &Nest, depth: u32) -> Option<Sum> {
        if let Some(constant) = constant(self.func, value).filter(|c| c.unsigned_abs() <= SMALL as u64) {
            return Some(Sum { constant, ..Sum::default() });
        }
        if !nest.inside.contains(&value) || nest.counters.contains_key(&value) {
            return Some(Sum { factors: BTreeMap::from([(value, 1)]), constant: 0 });
        }
        let depth = depth.checked_sub(1)?;
        let op = def_op(self.func, value)?;
        let (lhs, rhs, sign) = if let Op::Binary { op: BinaryOp::Iadd, lhs, rhs }
        | Op::Checked { op: CheckedOp::Add, lhs, rhs } = op
        {
            (*lhs, *rhs, 1)
        } else if let Op::Binary { op: BinaryOp::Isub, lhs, rhs }
        | Op::Checked { op: CheckedOp::Sub, lhs, rhs } = op
        {
            (*lhs, *rhs, -1)
        } else {
            return None;
        };
        let mut sum = self.sum(lhs, nest, depth)?;
        sum.add(&self.sum(rhs, nest, depth)?, sign)?;
        Some(sum)
    }

    /// The least or the most that a sum can be, without counters, and whether something cancelled out.
    fn extreme(&self, mut sum: Sum, most: bool, nest: &Nest) -> Option<(Sum, bool)> {
        let mut cancelled = false;
        for counter in nest.order.iter().rev() {
            let Some(factor) = sum.factors.remove(counter) else { continue };
            let Limits { lo, hi } = nest.counters[counter];
            let (end, c) = if (factor > 0) == most { (hi.0, hi.1 - 1) } else { lo };
            let mut bound = self.sum(end, nest, 4)?;
            bound.constant += c;
            cancelled |= bound.factors.keys().any(|value| sum.factors.contains_key(value));
            sum.add(&bound, factor)?;
        }
        Some((sum, cancelled))
    }

    fn bound(&mut self, sum: Sum) -> Option<Bound> {
        let mut bound = (None, 0);
        for positive in [true, false] {
            for (value, factor) in sum.factors.iter().filter(|(_, factor)| (**factor > 0) == positive) {
                let value = self.terms.value(*value);
                let term = self.terms.times(value, (None, factor.abs()))?;
                bound =
                    if positive { self.terms.plus(bound, term)? } else { self.terms.minus(bound, term)? };
            }
        }
        self.terms.plus(bound, (None, sum.constant))
    }

    fn add(&mut self, op: Op, ty: Ty, line: SourcePos, out: &mut Vec<Inst>) -> Value {
        walk::place(self.func, op, ty, line, out)
    }

    /// Code for a term.
    fn emit_term(&mut self, term: Term, code: &mut Code, line: SourcePos, out: &mut Vec<Inst>) -> Value {
        if let Some(value) = code.values.get(&term) {
            return *value;
        }
        let (op, a, b) = match self.terms.kind(term) {
            TermKind::Value(value) => return value,
            TermKind::Const(c) => return self.add(Op::Iconst(c), Ty::I64, line, out),
            TermKind::Plus(a, b) => (CheckedOp::Add, a, b),
            TermKind::Minus(a, b) => (CheckedOp::Sub, a, b),
            TermKind::Times(a, b) => (CheckedOp::Mul, a, b),
        };
        let lhs = self.emit_term(a, code, line, out);
        let rhs = self.emit_term(b, code, line, out);
        let checked = walk::new_inst(self.func, Op::Checked { op, lhs, rhs }, &[Ty::I64, Ty::Bool], line);
        out.push(checked);
        let (value, arg) = (self.func.insts[checked].results[0], self.func.insts[checked].results[1]);
        code.fine.push(self.add(Op::Unary { op: UnaryOp::Bnot, arg }, Ty::Bool, line, out));
        code.values.insert(term, value);
        value
    }

    /// Code for `x <= y + d`, exact for all values if the terms are.
    fn emit_test(
        &mut self,
        (x, y): Sides,
        d: i64,
        code: &mut Code,
        line: SourcePos,
        out: &mut Vec<Inst>,
    ) -> Value {
        let x = x.map(|term| self.emit_term(term, code, line, out));
        let y = y.map(|term| self.emit_term(term, code, line, out));
        let (lhs, rhs) = match (x, y) {
            (Some(x), None) => (x, self.add(Op::Iconst(d), Ty::I64, line, out)),
            (None, y) => {
                let least = self.add(Op::Iconst(-d), Ty::I64, line, out);
                let y = y.unwrap_or(least);
                (least, y)
            }
            (Some(x), Some(y)) if d == 0 => (x, y),
            (Some(x), Some(y)) if d == -1 => {
                return self.add(Op::Compare { cond: Cond::Slt, lhs: x, rhs: y }, Ty::Bool, line, out);
            }
            (Some(x), Some(y)) => {
                let d = self.add(Op::Iconst(d), Ty::I64, line, out);
                let checked = Op::Checked { op: CheckedOp::Add, lhs: y, rhs: d };
                let sum = walk::new_inst(self.func, checked, &[Ty::I64, Ty::Bool], line);
                out.push(sum);
                let (sum, overflow) = (self.func.insts[sum].results[0], self.func.insts[sum].results[1]);
                let fine = self.add(Op::Unary { op: UnaryOp::Bnot, arg: overflow }, Ty::Bool, line, out);
                let below = self.add(Op::Compare { cond: Cond::Sle, lhs: x, rhs: sum }, Ty::Bool, line, out);
                let both = Op::Binary { op: BinaryOp::Band, lhs: fine, rhs: below };
                return self.add(both, Ty::Bool, line, out);
            }
        };
        self.add(Op::Compare { cond: Cond::Sle, lhs, rhs }, Ty::Bool, line, out)
    }

    /// A guard before the nest that fails if and only if one in it would.
    fn early_guard(&mut self, early: Early, out: &mut Vec<Inst>) {
        self.changed = true;
        let line = early.line;
        let (key, d) = early.test;
        let mut cond = self.emit_test(key, d, &mut Code::default(), line, out);
        for (lo, hi) in early.ranges {
            let empty = self.add(Op::Compare { cond: Cond::Sge, lhs: lo, rhs: hi }, Ty::Bool, line, out);
            cond = self.add(Op::Binary { op: BinaryOp::Bor, lhs: cond, rhs: empty }, Ty::Bool, line, out);
        }
        // Nobody reads the payload: the interpreter finds the error itself.
        let mut payload = Vec::new();
        for value in &early.fail.payload {
            let ty = self.func.values[*value].ty;
            let op = if ty.is_float() { Op::Fconst(0) } else { Op::Iconst(0) };
            payload.push(self.add(op, ty, line, out));
        }
        let fail = Fail { deopt: true, site: early.fail.site, payload };
        out.push(walk::new_inst(self.func, Op::Guard { cond, fail }, &[], line));
    }

    /// Code for all tests of a nest.
    fn all_hold(&mut self, nest: &Nest, line: SourcePos, out: &mut Vec<Inst>) -> Value {
        self.changed = true;
        let mut parts: VecDeque<Value> = nest.needs.conditions.iter().copied().collect();
        let mut code = Code::default();
        for (key, d) in &nest.needs.tests {
            parts.push_back(self.emit_test(*key, *d, &mut code, line, out));
        }
        parts.extend(code.fine);
        // A flat tree: who draws conclusions from it follows it only so far.
        let mut cond = parts.pop_front().expect("invariant: a nest with tests");
        while let Some(rhs) = parts.pop_front() {
            let both = Op::Binary { op: BinaryOp::Band, lhs: cond, rhs };
            parts.push_back(self.add(both, Ty::Bool, line, out));
            cond = parts.pop_front().expect("invariant: just pushed");
        }
        cond
    }

    /// Leaves the call to code that has the checked copy too.
    fn leave_unless(&mut self, cond: Value, line: SourcePos, out: &mut Vec<Inst>) {
        let site = self.sites.push(Site { exc: None, args: Vec::new(), frames: vec![line] });
        let fail = Fail { deopt: true, site, payload: Vec::new() };
        out.push(walk::new_inst(self.func, Op::Guard { cond, fail }, &[], line));
    }

    /// Makes the choice between the fast and the checked copy of a loop.
    fn choose(&mut self, cond: Value, inst: Inst, checked: Inst) -> Inst {
        let line = self.func.insts[inst].line;
        // The results keep their names as results of the `If`.
        let results = std::mem::take(&mut self.func.insts[inst].results);
        for (index, result) in results.iter().enumerate() {
            let ty = self.func.values[*result].ty;
            let def = Def::Result { inst, index: index as u32 };
            let fresh = self.func.values.push(ValueData { ty, def });
            self.func.insts[inst].results.push(fresh);
        }
        let arm = |func: &mut Function, inst: Inst, rare: bool| {
            let region = walk::new_region(func, &[]);
            func.regions[region].rare = rare;
            func.regions[region].insts.push(inst);
            func.regions[region].end = End::Yield(func.insts[inst].results.to_vec());
            region
        };
        let then = arm(self.func, inst, false);
        let orelse = arm(self.func, checked, true);
        let choice = self.func.insts.push(InstData { op: Op::If { cond, then, orelse }, results, line });
        for index in 0..self.func.insts[choice].results.len() {
            let result = self.func.insts[choice].results[index];
            self.func.values[result].def = Def::Result { inst: choice, index: index as u32 };
        }
        choice
    }
}
