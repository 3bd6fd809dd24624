//! A `while` that counts is cut into strips, in which what its counter decides is not asked.
//!
//! Precondition: late, as loops become two; `rotate` follows. Effect: an innermost `Loop` without an interrupt
//! poll of its own, one of whose carried values moves by a constant, does `STRIP` iterations at most without
//! a poll; a loop around them polls. A test of the counter with which each iteration begins stands at the end
//! of iterations, against a bound that is that near. Checks of the counter plus a constant against a
//! length are dropped in a strip, which ends where one of them would fail; there, one iteration of a copy
//! that has them runs. Rare loops stay. Linear.
//!
//! ```text
//! loop i1 (v1 = v8) { v3 = cmp.sgt v1, v7; if v3 { yield } else { break i0 v1 }; v4 = cmp.ult v1, v9; guard v4; ...; v5 = isub v1, 1; yield v5 }
//! ->  v3 = cmp.sgt v8, v7; if v3 { yield } else { break i0 v8 };
//!     loop i2 (v11 = v8) {
//!         v12 = isub v11, 16384; v13 = smax v12, v7; v14 = smax v13, -1; v17 = cmp.ult v11, v9;
//!         v18 = if v17 { v19 = block i3 { loop i1 (v1 = v11) strip { ...; v5 = isub v1, 1; v6 = cmp.sgt v5, v14; if v6 { yield } else { break i3 v5 }; yield v5 } }; yield v19 }
//!               else rare { v21 = cmp.ult v11, v9; guard v21; ...; v22 = isub v11, 1; yield v22 }
//!         v20 = cmp.sgt v18, v7; if v20 { yield } else { break i0 v18 };  yield v18
//!     }
//! ```

use super::counted::{starts_low, step};
use super::growth;
use super::rotate::{self, carry, continues, exit, repeat, used};
use crate::mir::effect::{Effect, constant, def_op, effect};
use crate::mir::vloop::STRIP;
use crate::mir::walk::{self, Remap};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashSet;

/// Longest step of a counter.
const FASTEST: i64 = 1 << 16;
/// Loops with more operations are not copied: beside them a check costs little.
const LARGEST: usize = 100;
/// Lengths to ask for in front of a strip, at most.
const MOST: usize = 2;
/// Constants beyond this are not added to counters.
const SMALL: i64 = 1 << 31;
/// Largest length of an array's axis.
const LONGEST: i64 = 1 << 60;

/// How a loop is cut.
struct Plan {
    slot: usize,
    /// By how much the counter moves.
    step: i64,
    /// A strip goes on as long as `cond(counter, near)` holds.
    cond: Cond,
    head: Option<Head>,
    checks: Checks,
}

/// The test with which each iteration begins: its place in the body, and the bound of the counter.
#[derive(Clone, Copy)]
struct Head {
    place: usize,
    bound: Value,
}

/// What is certain as long as the counter is at least `least` and less than each of some lengths plus constants.
#[derive(Default)]
struct Checks {
    least: Option<i64>,
    below: Vec<(Value, i64)>,
    guards: FxHashSet<Inst>,
    /// Indices as they are where they are not negative.
    wraps: Vec<(Value, Value)>,
}

/// A loop under consideration.
struct Candidate {
    body: Region,
    /// By how much each carried value moves.
    steps: Vec<Option<i64>>,
    inside: FxHashSet<Value>,
}

struct Cut<'a> {
    func: &'a mut Function,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let body = func.body;
    let mut cut = Cut { func, changed: false };
    cut.region(body);
    cut.changed
}

impl Cut<'_> {
    /// Cuts the loops of a region; true if there are any.
    fn region(&mut self, region: Region) -> bool {
        if self.func.regions[region].rare {
            return walk::has_loop(self.func, region);
        }
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        let mut loops = false;
        let last = insts.last().copied().filter(|_| self.func.regions[region].end == End::Unreachable);
        for inst in insts {
            let mut inner = false;
            for nested in walk::regions(&self.func.insts[inst].op) {
                inner |= self.region(nested);
            }
            let mut placed = inst;
            if !inner
                && let Some(candidate) = self.candidate(inst, last == Some(inst))
                && let Some(plan) = self.plan(&candidate)
            {
                self.unbind(inst);
                placed = self.cut(inst, candidate.body, &plan, &mut out);
            }
            loops |= inner || matches!(self.func.insts[inst].op, Op::For { .. } | Op::Loop { .. });
            out.push(placed);
        }
        self.func.regions[region].insts = out;
        loops
    }

    /// The loop, if it has no bound and only its body's end leads to the next iteration. `last`: nothing stands
    /// behind it.
    fn candidate(&self, inst: Inst, last: bool) -> Option<Candidate> {
        let func = &*self.func;
        let op = &func.insts[inst].op;
        let (body, counts) = if let Op::Loop { body, .. } = op {
            (*body, false)
        } else if let Op::For { lo, hi, body, mode: LoopMode::Serial, .. } = op
            && last
            && starts_low(func, *lo)
            && constant(func, *hi) == Some(i64::MAX)
        {
            // A bound that is never reached (see `endless`).
            (*body, true)
        } else {
            return None;
        };
        let data = &func.regions[body];
        let End::Yield(next) = &data.end else { return None };
        if data.limit.is_some() || data.copies.is_some() {
            return None;
        }
        let mut inside: FxHashSet<Value> = data.params.iter().copied().collect();
        let mut plain = !continues(func, inst, body);
        walk::for_each_region(func, body, &mut |region| {
            let data = &func.regions[region];
            inside.extend(&data.params);
            for inst in &data.insts {
                inside.extend(&func.insts[*inst].results);
                plain &= effect(&func.insts[*inst].op) != Effect::Call;
            }
        });
        let mut steps: Vec<Option<i64>> = counts.then_some(Some(1)).into_iter().collect();
        for (next, param) in next.iter().zip(&data.params[steps.len()..]) {
            let step = if func.values[*param].ty == Ty::I64 { step(func, *next, *param) } else { None };
            steps.push(step.filter(|step| *step != 0 && (-FASTEST..=FASTEST).contains(step)));
        }
        plain.then_some(Candidate { body, steps, inside })
    }

    fn plan(&mut self, candidate: &Candidate) -> Option<Plan> {
        let body = candidate.body;
        let small = walk::size(self.func, body) <= LARGEST;
        let headed = self.head(candidate);
        let counters = candidate.steps.iter().enumerate().filter_map(|(slot, step)| Some((slot, (*step)?)));
        let plans = match headed {
            Some(headed) => vec![headed],
            None => counters
                .map(|(slot, step)| {
                    let cond = if step > 0 { Cond::Slt } else { Cond::Sgt };
                    Plan { slot, step, cond, head: None, checks: Checks::default() }
                })
                .collect(),
        };
        for mut plan in plans {
            if small {
                plan.checks = self.checks(candidate, &plan);
            }
            let size = plan.head.map_or(0, |head| 2 * (head.place + 1));
            if !plan.checks.is_empty() {
                if growth::takes(self.func, size + walk::size(self.func, body)) {
                    return Some(plan);
                }
                plan.checks = Checks::default();
            }
            if plan.head.is_some() && growth::takes(self.func, size) {
                return Some(plan);
            }
        }
        None
    }

    /// The plan for a loop each iteration of which begins with a test that a counter comes to fail.
    fn head(&self, candidate: &Candidate) -> Option<Plan> {
        let func = &*self.func;
        let data = &func.regions[candidate.body];
        // What is computed in front of the test is computed once more at the end of a strip.
        let place = data.insts.iter().position(|inst| effect(&func.insts[*inst].op) != Effect::Pure)?;
        let (cond, stays) = exit(func, data.insts[place])?;
        // A loop that ends with a test gains nothing.
        if place > rotate::MOST || exit(func, *data.insts.last()?).is_some() {
            return None;
        }
        let Op::Compare { cond, lhs, rhs } = *def_op(func, cond)? else { return None };
        let cond = if stays { cond } else { inverse(cond)? };
        for (counter, bound, cond) in [(lhs, rhs, cond), (rhs, lhs, swapped(cond))] {
            let Some(slot) = data.params.iter().position(|param| *param == counter) else { continue };
            let Some(step) = candidate.steps[slot].filter(|_| !candidate.inside.contains(&bound)) else {
                continue;
            };
            let towards = match cond {
                Cond::Slt | Cond::Sle => step > 0,
                Cond::Sgt | Cond::Sge => step < 0,
                Cond::Eq
                | Cond::Ne
                | Cond::Ult
                | Cond::Ule
                | Cond::Ugt
                | Cond::Uge
                | Cond::Feq
                | Cond::Flt
                | Cond::Fle
                | Cond::Fgt
                | Cond::Fge
                | Cond::Fne => false,
            };
            if towards {
                let head = Some(Head { place, bound });
                return Some(Plan { slot, step, cond, head, checks: Checks::default() });
            }
        }
        None
    }

    /// The checks that the counter decides.
    fn checks(&self, candidate: &Candidate, plan: &Plan) -> Checks {
        let func = &*self.func;
        let counter = func.regions[candidate.body].params[plan.slot];
        let mut checks = Checks::default();
        walk::for_each_inst(func, candidate.body, &mut |_, inst| {
            if let Op::Select { .. } = func.insts[inst].op
                && let wrapped = func.insts[inst].results[0]
                && let index = from_start(func, wrapped)
                && index != wrapped
                && let Some(c) = distance(func, index, counter)
            {
                checks.not_negative(c);
                checks.wraps.push((wrapped, index));
            }
            if let Op::Guard { cond, .. } = func.insts[inst].op
                && let Some(&Op::Compare { cond: Cond::Ult, lhs, rhs: length }) = def_op(func, cond)
                && let Some(c) = distance(func, from_start(func, lhs), counter)
                && !candidate.inside.contains(&length)
                && (func.lengths.contains(&length)
                    || constant(func, length).is_some_and(|c| (0..LONGEST).contains(&c)))
                && checks.less(length, c)
            {
                checks.not_negative(c);
                checks.guards.insert(inst);
            }
        });
        checks
    }

    /// Makes a `For` without a bound a `Loop` that counts itself.
    fn unbind(&mut self, inst: Inst) {
        let func = &mut *self.func;
        let line = func.insts[inst].line;
        let Op::For { lo, init, body, .. } = &func.insts[inst].op else { return };
        let (body, mut all) = (*body, vec![*lo]);
        all.extend(init);
        let mut insts = std::mem::take(&mut func.regions[body].insts);
        let lhs = func.regions[body].params[0];
        let rhs = walk::place(func, Op::Iconst(1), Ty::I64, line, &mut insts);
        let next = walk::place(func, Op::Binary { op: BinaryOp::Iadd, lhs, rhs }, Ty::I64, line, &mut insts);
        func.regions[body].insts = insts;
        if let Some(values) = walk::end_values_mut(&mut func.regions[body].end) {
            values.insert(0, next);
        }
        func.insts[inst].op = Op::Loop { init: all, body };
        func.insts[inst].results.clear();
    }

    /// Cuts the loop; gives what stands in its place.
    fn cut(&mut self, inst: Inst, body: Region, plan: &Plan, out: &mut Vec<Inst>) -> Inst {
        self.changed = true;
        let func = &mut *self.func;
        let line = func.insts[inst].line;
        let Op::Loop { init, .. } = &func.insts[inst].op else { unreachable!("invariant: a `Loop`") };
        let mut init = init.clone();
        let params = func.regions[body].params.clone();
        let mut head = std::mem::take(&mut func.regions[body].insts);
        func.regions[body].insts = head.split_off(plan.head.map_or(0, |head| head.place + 1));
        // What it computes for the rest of the body is carried.
        let kept = used(func, body, &head);
        let first = repeat(func, &head, &params, &init, out);
        init.extend(kept.iter().map(|value| first.value(*value)));
        let types: Vec<Ty> = init.iter().map(|value| func.values[*value].ty).collect();
        let outer = walk::new_region(func, &types);
        let carried = func.regions[outer].params.clone();
        let types = &types[..params.len()];

        let mut around = Vec::new();
        let (near, inside) = bounds(func, plan, carried[plan.slot], line, &mut around);
        let strip = walk::new_region(func, &[]);
        let block = walk::new_inst(func, Op::Block { body: strip }, types, line);
        let reached = func.insts[block].results.to_vec();
        let reached = match inside {
            None => {
                around.push(block);
                reached
            }
            Some(cond) => {
                let mut remap = Remap::default();
                remap.values.extend(params.iter().chain(&kept).copied().zip(carried.iter().copied()));
                let orelse = walk::clone_region(func, body, &mut remap);
                func.regions[orelse].params.clear();
                func.regions[orelse].rare = true;
                let then = walk::new_region(func, &[]);
                func.regions[then].insts.push(block);
                func.regions[then].end = End::Yield(reached);
                let choice = walk::new_inst(func, Op::If { cond, then, orelse }, types, line);
                around.push(choice);
                func.insts[choice].results.to_vec()
            }
        };
        let last = repeat(func, &head, &params, &reached, &mut around);
        let next = reached.into_iter().chain(kept.iter().map(|value| last.value(*value)));
        func.regions[outer].end = End::Yield(next.collect());
        func.regions[outer].insts = around;

        // The strip.
        let mut subst = carry(func, body, &kept);
        plan.checks.wraps.iter().for_each(|(wrapped, index)| subst.set(*wrapped, *index));
        subst.apply(func, body);
        drop_guards(func, body, &plan.checks.guards);
        let mut insts = std::mem::take(&mut func.regions[body].insts);
        let mut next = walk::end_values(&func.regions[body].end).to_vec();
        let leave = walk::new_region(func, &[]);
        func.regions[leave].end = End::Break { to: block, args: next.clone() };
        let stay = walk::new_region(func, &[]);
        func.regions[stay].end = End::Yield(Vec::new());
        let counter = next[plan.slot];
        let last = repeat(func, &head[..head.len().saturating_sub(1)], &params, &next, &mut insts);
        next.extend(kept.iter().map(|value| last.value(*value)));
        let compare = Op::Compare { cond: plan.cond, lhs: counter, rhs: near };
        let more = walk::place(func, compare, Ty::Bool, line, &mut insts);
        insts.push(walk::new_inst(func, Op::If { cond: more, then: stay, orelse: leave }, &[], line));
        func.regions[body].insts = insts;
        func.regions[body].end = End::Yield(next);
        func.regions[body].limit = Some(Limit::Strip);
        func.insts[inst].op = Op::Loop { init: carried, body };
        func.regions[strip].insts.push(inst);
        walk::new_inst(func, Op::Loop { init, body: outer }, &[], line)
    }
}

impl Checks {
    fn is_empty(&self) -> bool {
        self.guards.is_empty() && self.wraps.is_empty()
    }

    /// The counter plus `c` is not to be negative.
    fn not_negative(&mut self, c: i64) {
        self.least = self.least.max(Some(-c));
    }

    /// The counter plus `c` is to be less than the length; false if there are too many of them.
    fn less(&mut self, length: Value, c: i64) -> bool {
        let known = self.below.iter().position(|(known, _)| *known == length);
        if let Some(known) = known {
            let least = &mut self.below[known].1;
            *least = (-c).min(*least);
        } else if self.below.len() < MOST {
            self.below.push((length, -c));
        } else {
            return false;
        }
        true
    }
}

/// Code in front of a strip: the bound of its counter, which ends it where a poll is due or a check could
/// fail; and, if there are checks, whether they hold of its first iteration.
fn bounds(
    func: &mut Function,
    plan: &Plan,
    counter: Value,
    line: SourcePos,
    out: &mut Vec<Inst>,
) -> (Value, Option<Value>) {
    let up = plan.step > 0;
    // The counter may be equal to its bound.
    let equal = i64::from(matches!(plan.cond, Cond::Sle | Cond::Sge));
    let bound = plan.head.map(|head| head.bound);
    let farthest = bound.and_then(|bound| constant(func, bound));
    let mut make = |func: &mut Function, op: Op| walk::place(func, op, Ty::I64, line, out);
    let mut plus = |func: &mut Function, lhs: Value, c: i64| {
        if c == 0 {
            return lhs;
        }
        let rhs = make(func, Op::Iconst(c));
        make(func, Op::Binary { op: BinaryOp::Iadd, lhs, rhs })
    };
    // If it wraps, it is a bound that is met at once.
    let near = plus(func, counter, plan.step * STRIP);
    let mut limits: Vec<Value> = bound.into_iter().collect();
    let mut tests: Vec<Op> = Vec::new();
    for (length, c) in &plan.checks.below {
        let lhs = plus(func, counter, -c);
        tests.push(Op::Compare { cond: Cond::Ult, lhs, rhs: *length });
        if up {
            limits.push(plus(func, *length, c - equal));
        }
    }
    if let Some(least) = plan.checks.least {
        let limit = least - 1 + equal;
        let ends = !up && farthest.is_some_and(|bound| bound >= limit);
        if !ends && plan.checks.below.iter().all(|(_, c)| *c < least) {
            let rhs = make(func, Op::Iconst(least));
            tests.push(Op::Compare { cond: Cond::Sge, lhs: counter, rhs });
        }
        if !up && !ends {
            limits.push(make(func, Op::Iconst(limit)));
        }
    }
    limits.dedup();
    let op = if up { BinaryOp::Smin } else { BinaryOp::Smax };
    let near = limits.into_iter().fold(near, |lhs, rhs| make(func, Op::Binary { op, lhs, rhs }));
    let mut all = None;
    for test in tests {
        let rhs = walk::place(func, test, Ty::Bool, line, out);
        all = Some(match all {
            None => rhs,
            Some(lhs) => {
                let both = Op::Binary { op: BinaryOp::Band, lhs, rhs };
                walk::place(func, both, Ty::Bool, line, out)
            }
        });
    }
    (near, all)
}

/// The index itself where a negative one would be taken from the end.
fn from_start(func: &Function, value: Value) -> Value {
    if let Some(Op::Select { cond, then, orelse }) = def_op(func, value)
        && let Some(Op::Compare { cond: Cond::Slt, lhs, rhs }) = def_op(func, *cond)
        && let Some(Op::Binary { op: BinaryOp::Iadd, .. }) = def_op(func, *then)
        && lhs == orelse
        && constant(func, *rhs) == Some(0)
    {
        return *orelse;
    }
    value
}

/// The constant by which the value differs from the counter.
fn distance(func: &Function, value: Value, counter: Value) -> Option<i64> {
    let c = if value == counter { Some(0) } else { step(func, value, counter) };
    c.filter(|c| (-SMALL..=SMALL).contains(c))
}

/// Removes guards from a region and those in it.
fn drop_guards(func: &mut Function, region: Region, guards: &FxHashSet<Inst>) {
    let mut insts = std::mem::take(&mut func.regions[region].insts);
    insts.retain(|inst| !guards.contains(inst));
    for inst in &insts {
        for nested in walk::regions(&func.insts[*inst].op) {
            drop_guards(func, nested, guards);
        }
    }
    func.regions[region].insts = insts;
}
