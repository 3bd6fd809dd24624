//! Tests before a loop what its checks would test in each iteration.
//!
//! Precondition: after `licm` and `ranges`, so that what is left could not be proved and what does not change
//! stands outside. Effect: for guards on `counter + c` against something unchanging, the outermost loop of
//! the nest becomes `if all in range { fast copy } else { checked copy }`, so that stores before an error
//! still happen. Where a failing test means that a guard that leaves the call to the interpreter is certain
//! to fail, the test itself is such a guard and there is no second copy. Nothing is proved here: `ranges`
//! draws the conclusions. At most doubles a loop nest; linear.
//!
//! ```text
//! for v1 in 0..v8 { v2 = cmp.ult v1, v9; guard v2 else raise site0; store ... }
//! ->  v3 = cmp.sle v8, v9; if v3 { for ... (the guard is now provable) } else { for ... }
//! ```

use super::growth;
use crate::mir::effect::{self, constant, def_op};
use crate::mir::remark::{NotVersioned, RemarkKind};
use crate::mir::walk::{self, Remap};
use crate::mir::*;
use crate::options::Options;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

/// Loops with more instructions are not copied.
const LARGEST: usize = 600;
/// More tests than this before a loop do not pay.
const MOST_TESTS: usize = 24;

/// `x <= y + d`, where a missing value is zero.
type Tests = BTreeMap<(Option<Value>, Option<Value>), i64>;

/// A value that does not change in the loop (or zero) plus a constant.
type Bound = (Option<Value>, i64);

struct Versioning<'a> {
    func: &'a mut Function,
    /// The call may be left to the interpreter whatever the payload: nobody calls this function after an
    /// effect.
    outermost: bool,
    changed: bool,
    /// Guards that a test outside covers: they need no test of their own further in.
    tested: HashSet<Inst>,
}

/// A loop nest under consideration.
#[derive(Default)]
struct Nest {
    /// Values defined in the nest.
    inside: BTreeSet<Value>,
    /// Bounds of the counters, and whether each iteration of the nest that runs the counter's loop.
    counters: HashMap<Value, (Value, Value)>,
    /// Tests for the fast copy.
    tests: Tests,
    /// Conditions that do not change.
    conditions: BTreeSet<Value>,
    /// The guards that these are from.
    guards: Vec<Inst>,
    /// Guards to put in front: the test, its failure, and the ranges that must not be empty.
    early: Vec<Early>,
}

struct Early {
    test: ((Option<Value>, Option<Value>), i64),
    fail: Fail,
    line: SourcePos,
    ranges: Vec<(Value, Value)>,
}

/// Runs the pass.
pub fn run(module: &mut Module, _options: &Options) -> bool {
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
    for (index, func) in module.funcs.items.iter_mut().enumerate() {
        let outermost = index == 0 && !called.contains(&Func(0));
        let body = func.body;
        let mut versioning = Versioning { func, outermost, changed: false, tested: HashSet::new() };
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
            for nested in walk::regions(op) {
                self.region(nested);
            }
            out.push(inst);
        }
        self.func.regions[region].insts = out;
    }

    fn nest(&mut self, inst: Inst, out: &mut Vec<Inst>) {
        let Op::For { body, .. } = self.func.insts[inst].op else { return };
        let mut nest = Nest::default();
        self.survey(inst, &mut nest);
        let summary = effect::summary(self.func, body);
        let steady = self.outermost && !summary.jumps;
        let Op::For { lo, hi, .. } = self.func.insts[inst].op else { return };
        self.guards(body, &mut nest, steady.then(|| vec![(lo, hi)]));
        for early in std::mem::take(&mut nest.early) {
            self.early_guard(early, out);
        }
        let tests = nest.tests.len() + nest.conditions.len();
        let size = walk::size(self.func, body);
        let line = self.func.insts[inst].line;
        let declined = if tests > MOST_TESTS {
            Some(NotVersioned::Tests(tests as u32))
        } else if tests > 0 && (size > LARGEST || !growth::takes(self.func, size)) {
            Some(NotVersioned::Large)
        } else {
            None
        };
        match declined {
            None if tests > 0 => {
                self.tested.extend(&nest.guards);
                self.split(inst, body, &nest, out);
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
            nest.counters.insert(self.func.regions[*body].params[0], (*lo, *hi));
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
                let mut tests = Tests::new();
                let mut conditions = BTreeSet::new();
                if !self.condition(*cond, nest, &mut tests, &mut conditions) {
                    continue;
                }
                // One test that fails only if the guard fails in some iteration.
                if let Some(ranges) = &certain
                    && fail.deopt
                    && conditions.is_empty()
                    && tests.len() == 1
                    && self.upper_only(*cond, nest)
                    && ranges.iter().all(|(lo, hi)| !nest.inside.contains(lo) && !nest.inside.contains(hi))
                    && let Some((key, d)) = tests.iter().next()
                {
                    self.tested.insert(inst);
                    nest.early.push(Early {
                        test: (*key, *d),
                        fail: fail.clone(),
                        line: data.line,
                        ranges: ranges.clone(),
                    });
                    continue;
                }
                for (key, d) in tests {
                    let least = nest.tests.entry(key).or_insert(d);
                    *least = d.min(*least);
                }
                nest.conditions.append(&mut conditions);
                nest.guards.push(inst);
            } else if let Op::For { lo, hi, body, .. } = &data.op {
                let (lo, hi, body) = (*lo, *hi, *body);
                let certain = certain.clone().map(|mut ranges| {
                    ranges.push((lo, hi));
                    ranges
                });
                self.guards(body, nest, certain);
            } else {
                for nested in walk::regions(&data.op) {
                    self.guards(nested, nest, None);
                }
            }
        }
    }

    /// Adds what must hold before the nest for a condition to hold in all iterations; false if it cannot be
    /// said.
    fn condition(
        &self,
        cond: Value,
        nest: &Nest,
        tests: &mut Tests,
        conditions: &mut BTreeSet<Value>,
    ) -> bool {
        if !nest.inside.contains(&cond) {
            conditions.insert(cond);
            return true;
        }
        match def_op(self.func, cond) {
            Some(Op::Binary { op: BinaryOp::Band, lhs, rhs }) => {
                self.condition(*lhs, nest, tests, conditions) && self.condition(*rhs, nest, tests, conditions)
            }
            // `licm` makes guards that also pass if a loop has no iteration.
            Some(Op::Binary { op: BinaryOp::Bor, lhs, rhs }) => {
                let inside = |value: &Value| nest.inside.contains(value);
                match (inside(lhs), inside(rhs)) {
                    (true, false) => self.condition(*lhs, nest, tests, conditions),
                    (false, true) => self.condition(*rhs, nest, tests, conditions),
                    (true, true) | (false, false) => false,
                }
            }
            Some(Op::Compare { cond, lhs, rhs }) if self.func.values[*lhs].ty == Ty::I64 => {
                let (lhs, rhs) = (self.unwrapped(*lhs), self.unwrapped(*rhs));
                match cond {
                    Cond::Slt => self.at_most(lhs, rhs, -1, nest, tests),
                    Cond::Sle => self.at_most(lhs, rhs, 0, nest, tests),
                    Cond::Sgt => self.at_most(rhs, lhs, -1, nest, tests),
                    Cond::Sge => self.at_most(rhs, lhs, 0, nest, tests),
                    Cond::Ult => {
                        self.not_negative(lhs, nest, tests) && self.at_most(lhs, rhs, -1, nest, tests)
                    }
                    Cond::Ule => {
                        self.not_negative(lhs, nest, tests) && self.at_most(lhs, rhs, 0, nest, tests)
                    }
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
                }
            }
            Some(_) | None => false,
        }
    }

    /// The index itself where a negative one would be taken from the end.
    fn unwrapped(&self, value: Value) -> Value {
        if let Some(Op::Select { cond, orelse, .. }) = def_op(self.func, value)
            && let Some(Op::Compare { cond: Cond::Slt, lhs, rhs }) = def_op(self.func, *cond)
            && lhs == orelse
            && constant(self.func, *rhs) == Some(0)
        {
            return *orelse;
        }
        value
    }

    /// The condition is `counter + c < bound`, with the counter certain to be in range below, and the test
    /// before the loop is exact: the last iteration's.
    fn upper_only(&self, cond: Value, nest: &Nest) -> bool {
        let Some(Op::Compare { cond: Cond::Ult | Cond::Slt, lhs, rhs }) = def_op(self.func, cond) else {
            return false;
        };
        // A wraparound that is still there means that the counter may be negative.
        let (base, c) = self.affine(*lhs);
        let Some((lo, hi)) = nest.counters.get(&base) else { return false };
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

    /// Greatest (or least) value in the nest, in terms of what stands outside.
    fn extreme(&self, value: Value, greatest: bool, nest: &Nest, depth: u32) -> Option<Bound> {
        if let Some(c) = constant(self.func, value) {
            return Some((None, c));
        }
        let (base, c) = self.affine(value);
        if let Some(k) = constant(self.func, base) {
            return Some((None, k.checked_add(c)?));
        }
        if !nest.inside.contains(&base) {
            return Some((Some(base), c));
        }
        let (lo, hi) = nest.counters.get(&base)?;
        if depth == 0 {
            return None;
        }
        let (bound, d) = if greatest {
            let (bound, d) = self.extreme(*hi, true, nest, depth - 1)?;
            (bound, d.checked_sub(1)?)
        } else {
            self.extreme(*lo, false, nest, depth - 1)?
        };
        Some((bound, d.checked_add(c)?))
    }

    /// `x <= y + d` in all iterations.
    fn at_most(&self, x: Value, y: Value, d: i64, nest: &Nest, tests: &mut Tests) -> bool {
        let Some((x, c)) = self.extreme(x, true, nest, 4) else { return false };
        let Some((y, e)) = self.extreme(y, false, nest, 4) else { return false };
        let Some(d) = d.checked_add(e).and_then(|d| d.checked_sub(c)) else { return false };
        self.test(x, y, d, tests)
    }

    fn not_negative(&self, x: Value, nest: &Nest, tests: &mut Tests) -> bool {
        match self.extreme(x, false, nest, 4) {
            Some((x, c)) => self.test(None, x, c, tests),
            None => false,
        }
    }

    fn test(&self, x: Option<Value>, y: Option<Value>, d: i64, tests: &mut Tests) -> bool {
        if x == y {
            // Decided already; a false one would send every call to the checked copy.
            return d >= 0;
        }
        if d.unsigned_abs() > 1 << 32 && (x.is_some() || y.is_some()) {
            return false;
        }
        let least = tests.entry((x, y)).or_insert(d);
        *least = d.min(*least);
        true
    }

    fn add(&mut self, op: Op, ty: Ty, line: SourcePos, out: &mut Vec<Inst>) -> Value {
        let inst = walk::new_inst(self.func, op, &[ty], line);
        out.push(inst);
        self.func.insts[inst].results[0]
    }

    /// Code for `x <= y + d`, exact for all values.
    fn emit_test(
        &mut self,
        (x, y): (Option<Value>, Option<Value>),
        d: i64,
        line: SourcePos,
        out: &mut Vec<Inst>,
    ) -> Value {
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
        let mut cond = self.emit_test(key, d, line, out);
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

    /// Makes the fast and the checked copy.
    fn split(&mut self, inst: Inst, body: Region, nest: &Nest, out: &mut Vec<Inst>) {
        self.changed = true;
        let line = self.func.insts[inst].line;
        let mut parts: VecDeque<Value> = nest.conditions.iter().copied().collect();
        for (key, d) in &nest.tests {
            parts.push_back(self.emit_test(*key, *d, line, out));
        }
        // A flat tree: who draws conclusions from it follows it only so far.
        let Some(mut cond) = parts.pop_front() else { return };
        while let Some(rhs) = parts.pop_front() {
            let both = Op::Binary { op: BinaryOp::Band, lhs: cond, rhs };
            parts.push_back(self.add(both, Ty::Bool, line, out));
            cond = parts.pop_front().expect("invariant: just pushed");
        }
        let checked = walk::clone_inst(self.func, None, inst, &mut Remap::default());
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
            func.regions[region].end = End::Yield(func.insts[inst].results.clone());
            region
        };
        let then = arm(self.func, inst, false);
        let orelse = arm(self.func, checked, true);
        let choice = self.func.insts.push(InstData { op: Op::If { cond, then, orelse }, results, line });
        for index in 0..self.func.insts[choice].results.len() {
            let result = self.func.insts[choice].results[index];
            self.func.values[result].def = Def::Result { inst: choice, index: index as u32 };
        }
        // Loops inside may have checks of their own that could not be tested out here.
        self.region(body);
        out.push(choice);
    }
}
