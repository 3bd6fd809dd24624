//! Several iterations of a loop around others are done together, so that they share what they load and do
//! not wait for each other's sums.
//!
//! Precondition: after `apart`, `licm` and `promote`; before `vectorize`. Effect: a serial loop around single
//! loops, or chains of them, whose bounds do not change with its iterations, is taken two or four iterations
//! at a time, with one inner loop for all of them, where an inner loop (a) carries sums or other floats that
//! start anew in each iteration of the outer one, or (b) adds to a row that is the same for all of them, and loads
//! and stores more than it computes. The
//! iterations that are left follow in the loop as it was; so do all of them where a test in front says that
//! places that are stored to are not apart (`order`). Stores in front of the inner loops wait until behind
//! them where they can. Each sum and each element is computed in its own order.
//! Growth is on the account of `growth`; what copies have in common is found by `simplify` and `gvn` at once.
//! Linear.
//!
//! ```text
//! for v1 in 0..n { v2 = for v3 in 0..m (v4 = 0.0) { v5 = load mem2[v8 + v3*8]; v6 = load mem2[v9 + ...v1...v3];
//!     v7 = fmul v5, v6; yield fadd v4, v7 };  store mem3[v10 + v1*8] = v2 }
//! ->  for t in 0..n/4 { v2, w2, x2, y2 = for v3 in 0..m (v4 = 0.0, w4 = 0.0, ...) { v5 = ...; v6 = ...; w6 = ...;
//!     ... }; store ...; store ...; store ...; store ... }
//!     for v1 in n/4*4..n { ... }
//! ```

mod order;

use super::{growth, gvn, simplify};
use crate::mir::effect::{self, Summary, def_op};
use crate::mir::remark::RemarkKind;
use crate::mir::walk::{self, Remap};
use crate::mir::*;
use crate::options::Options;
use order::{Level, Order, Part, Range, Step, Test};
use rustc_hash::FxHashSet;

/// Instructions of an iteration.
const LARGEST: usize = 80;
/// Iterations at a time, as a power of two, by the floats that an inner loop carries in each, and by its size.
const SHIFTS: [(usize, usize, u32); 2] = [(2, 60, 2), (5, LARGEST, 1)];

/// A loop to take several iterations at a time.
struct Plan {
    parts: Vec<Part>,
    shift: u32,
    tests: Vec<Vec<Test>>,
}

/// Runs the pass.
pub fn run(func: &mut Function, options: &Options) -> bool {
    let body = func.body;
    let changed = region(func, body);
    if changed {
        simplify::run(func, options);
        gvn::run(func, options);
    }
    changed
}

fn region(func: &mut Function, at: Region) -> bool {
    if func.regions[at].rare {
        return false;
    }
    let insts = std::mem::take(&mut func.regions[at].insts);
    let mut out = Vec::with_capacity(insts.len());
    let mut changed = false;
    for inst in insts {
        if let Op::For { body, mode: LoopMode::Serial, .. } = func.insts[inst].op {
            changed |= delay(func, body);
        }
        if let Some(plan) = plan(func, inst) {
            Jam { func, line: SourcePos::default(), out: &mut out }.take(inst, &plan);
            changed = true;
            continue;
        }
        for nested in walk::regions(&func.insts[inst].op) {
            changed |= region(func, nested);
        }
        out.push(inst);
    }
    func.regions[at].insts = out;
    changed
}

/// Puts stores in front of a body's loops behind them, where nothing before asks for what they store.
fn delay(func: &mut Function, body: Region) -> bool {
    let insts = &func.regions[body].insts;
    let Some(last) = insts.iter().rposition(|inst| loops(func, *inst)) else { return false };
    let mut others = Summary::default();
    let stored = |inst: &Inst| {
        if let Op::Store { mem, .. } = func.insts[*inst].op { Some(mem) } else { None }
    };
    insts[..=last].iter().filter(|inst| stored(inst).is_none()).for_each(|inst| others.add(func, *inst));
    if others.opaque || others.owner || others.raises || others.deopts || others.jumps {
        return false;
    }
    let waits =
        |inst: &&Inst| stored(inst).is_some_and(|mem| !others.reads.contains(&mem) && !others.writes(mem));
    let (late, early): (Vec<&Inst>, Vec<&Inst>) = insts[..=last].iter().partition(waits);
    let order = early.into_iter().chain(late).chain(&insts[last + 1..]).copied().collect();
    let changed = order != *insts;
    func.regions[body].insts = order;
    changed
}

/// Whether and how to take a loop.
fn plan(func: &mut Function, inst: Inst) -> Option<Plan> {
    let Op::For { lo, hi, body, mode: LoopMode::Serial, .. } = func.insts[inst].op else { return None };
    let size = walk::size(func, body);
    if size > LARGEST || !matches!(func.regions[body].end, End::Yield(_)) || begins_at_multiple(func, lo) {
        return None;
    }
    let mut inside = FxHashSet::default();
    walk::for_each_region(func, body, &mut |region| {
        inside.extend(func.regions[region].params.iter().copied());
        for inst in &func.regions[region].insts {
            inside.extend(func.insts[*inst].results.iter().copied());
        }
    });
    let parts = parts(func, body, &inside)?;
    let summary = effect::summary(func, body);
    let leaves = summary.opaque || summary.owner || summary.raises || summary.deopts || summary.jumps;
    let last = parts.iter().rposition(|part| !part.chain.is_empty())?;
    if leaves || !independent(func, body, parts[last].to) {
        return None;
    }
    let carried = parts.iter().map(|part| carried(func, body, part)).max()?;
    let (_, _, shift) = SHIFTS.into_iter().find(|(most, largest, _)| carried <= *most && size <= *largest)?;
    if effect::trip(func, lo, hi).is_some_and(|trip| trip < 1 << shift) {
        return None;
    }
    let around = Level { counter: func.regions[body].params[0], lo, hi };
    let Order { tests, rows } = order::order(func, (around, body), &parts, &inside, 1 << shift)?;
    let gains = |(number, part): (usize, &Part)| {
        (rows.contains(&number) && moves(func, body, part)) || sums(func, body, part)
    };
    // What gains nothing shall lose nothing: functions in lanes are choosy about loops.
    let loses = |(number, part): (usize, &Part)| !gains((number, part)) && computes(func, body, part);
    if !parts.iter().enumerate().any(gains) || parts.iter().enumerate().any(loses) {
        return None;
    }
    growth::takes(func, size << shift).then_some(Plan { parts, shift, tests })
}

/// As the rest of a loop that was taken does.
fn begins_at_multiple(func: &Function, lo: Value) -> bool {
    let multiple = |value: Value| matches!(def_op(func, value), Some(Op::Binary { op: BinaryOp::Ishl, .. }));
    match def_op(func, lo) {
        Some(Op::Binary { op: BinaryOp::Iadd, lhs, rhs }) => multiple(*lhs) || multiple(*rhs),
        Some(_) | None => multiple(lo),
    }
}

/// Whether a loop does what is left by the one before it, which takes several iterations at a time.
pub fn is_rest(func: &Function, inst: Inst, before: Inst) -> bool {
    let (Op::For { lo, .. }, Op::For { hi: turns, .. }) = (&func.insts[inst].op, &func.insts[before].op)
    else {
        return false;
    };
    let done = |value: Value| matches!(def_op(func, value), Some(Op::Binary { op: BinaryOp::Ishl, lhs, .. }) if lhs == turns);
    match def_op(func, *lo) {
        Some(Op::Binary { op: BinaryOp::Iadd, lhs, rhs }) => done(*lhs) || done(*rhs),
        Some(_) | None => done(*lo),
    }
}

/// Whether there is a loop in an instruction.
fn loops(func: &Function, inst: Inst) -> bool {
    let op = &func.insts[inst].op;
    matches!(op, Op::For { .. } | Op::Loop { .. })
        || walk::regions(op).any(|nested| walk::has_loop(func, nested))
}

/// Cuts a body into straight code and chains of loops.
fn parts(func: &Function, body: Region, inside: &FxHashSet<Value>) -> Option<Vec<Part>> {
    let insts = &func.regions[body].insts;
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, inst) in insts.iter().enumerate() {
        if loops(func, *inst) {
            parts.push(Part { from, to: at, chain: Vec::new() });
            parts.push(Part { from: at, to: at + 1, chain: chain(func, *inst, inside)? });
            from = at + 1;
        }
    }
    parts.push(Part { from, to: insts.len(), chain: Vec::new() });
    Some(parts)
}

/// A loop and the loops in it, each of which contains the next; their bounds are from outside.
fn chain(func: &Function, mut inst: Inst, inside: &FxHashSet<Value>) -> Option<Vec<Level>> {
    let mut chain = Vec::new();
    loop {
        let Op::For { lo, hi, body, mode: LoopMode::Serial, .. } = func.insts[inst].op else { return None };
        if inside.contains(&lo) || inside.contains(&hi) {
            return None;
        }
        chain.push(Level { counter: func.regions[body].params[0], lo, hi });
        let mut nested = func.regions[body].insts.iter().filter(|inst| loops(func, **inst));
        match (nested.next(), nested.next()) {
            (None, _) => return Some(chain),
            (Some(next), None) => inst = *next,
            (Some(_), Some(_)) => return None,
        }
    }
}

/// The loops of a chain.
fn chained(func: &Function, body: Region, part: &Part) -> Vec<Inst> {
    let mut found = Vec::new();
    for inst in &func.regions[body].insts[part.from..part.to] {
        found.push(*inst);
        for nested in walk::regions(&func.insts[*inst].op) {
            walk::for_each_inst(func, nested, &mut |_, inst| found.push(inst));
        }
    }
    found.retain(|inst| matches!(func.insts[*inst].op, Op::For { .. }));
    found
}

/// The most values that a loop of a chain carries.
fn carried(func: &Function, body: Region, part: &Part) -> usize {
    let count = |inst: Inst| if let Op::For { init, .. } = &func.insts[inst].op { init.len() } else { 0 };
    chained(func, body, part).into_iter().map(count).max().unwrap_or(0)
}

/// Floats go through all loops of a chain.
fn sums(func: &Function, body: Region, part: &Part) -> bool {
    let float = |value: &Value| func.values[*value].ty.is_float();
    let carries = |inst: Inst| matches!(&func.insts[inst].op, Op::For { init, .. } if init.iter().any(float));
    !part.chain.is_empty() && chained(func, body, part).into_iter().all(carries)
}

/// What a chain's loops do is load and store, more than anything that is done with what they load, or they do it
/// here and there: else iterations one behind the other have but a longer way to go.
fn moves(func: &Function, body: Region, part: &Part) -> bool {
    let (mut accesses, mut operations, mut scattered) = (0, 0, false);
    let counter = part.chain.last().map(|level| level.counter);
    for inst in chained(func, body, part) {
        for nested in walk::regions(&func.insts[inst].op) {
            walk::for_each_inst(func, nested, &mut |_, inst| match func.insts[inst].op {
                Op::Load { addr, .. } | Op::Store { addr, .. } => {
                    accesses += 1;
                    scattered |= addr.index.map(|(index, _)| index) != counter;
                }
                Op::Unary { .. }
                | Op::Binary { .. }
                | Op::Compare { .. }
                | Op::Select { .. }
                | Op::If { .. }
                | Op::Math { .. } => {
                    let floats =
                        func.insts[inst].results.iter().any(|value| func.values[*value].ty.is_float());
                    operations += usize::from(floats);
                }
                Op::Iconst(_)
                | Op::Fconst(_)
                | Op::Checked { .. }
                | Op::Convert { .. }
                | Op::PtrAdd { .. }
                | Op::Hidden { .. }
                | Op::StackAddr(_)
                | Op::FuncAddr(_)
                | Op::Guard { .. }
                | Op::OwnerSet { .. }
                | Op::OwnerTake { .. }
                | Op::Runtime { .. }
                | Op::RuntimeStatus { .. }
                | Op::Call { .. }
                | Op::Block { .. }
                | Op::For { .. }
                | Op::Loop { .. } => {}
            });
        }
    }
    scattered || operations <= accesses + accesses / 4
}

/// Functions are called in a loop.
fn computes(func: &Function, body: Region, part: &Part) -> bool {
    let mut found = false;
    for inst in chained(func, body, part) {
        for nested in walk::regions(&func.insts[inst].op) {
            walk::for_each_inst(func, nested, &mut |_, inst| {
                found |= matches!(func.insts[inst].op, Op::Math { .. });
            });
        }
    }
    found
}

/// Nothing before `to` needs what the outer loop carries.
fn independent(func: &Function, body: Region, to: usize) -> bool {
    let carried = &func.regions[body].params[1..];
    let mut free = true;
    for inst in &func.regions[body].insts[..to] {
        let op = &func.insts[*inst].op;
        walk::operands(op, |value| free &= !carried.contains(&value));
        for nested in walk::regions(op) {
            walk::for_each_use(func, nested, &mut |value| free &= !carried.contains(&value));
        }
    }
    free
}

/// Makes the code.
struct Jam<'a> {
    func: &'a mut Function,
    line: SourcePos,
    out: &'a mut Vec<Inst>,
}

impl Jam<'_> {
    fn add(&mut self, op: Op, ty: Ty) -> Value {
        walk::place(self.func, op, ty, self.line, self.out)
    }

    fn word(&mut self, value: i64) -> Value {
        self.add(Op::Iconst(value), Ty::I64)
    }

    fn binary(&mut self, op: BinaryOp, lhs: Value, rhs: Value) -> Value {
        let ty = self.func.values[lhs].ty;
        self.add(Op::Binary { op, lhs, rhs }, ty)
    }

    fn copy(&mut self, insts: &[Inst], remap: &mut Remap) {
        for inst in insts {
            let copy = walk::clone_inst(self.func, None, *inst, remap);
            self.out.push(copy);
        }
    }

    /// Takes a loop several iterations at a time; the rest is left to the loop.
    fn take(&mut self, inst: Inst, plan: &Plan) {
        self.line = self.func.insts[inst].line;
        let line = self.line;
        self.func.remark(line, || RemarkKind::Unrolled { times: 1 << plan.shift, whole: false });
        let Op::For { lo, hi, init, body, .. } = &self.func.insts[inst].op else {
            unreachable!("invariant: a `For`")
        };
        let (lo, hi, init, body) = (*lo, *hi, init.clone(), *body);
        let zero = self.word(0);
        let shift = self.word(i64::from(plan.shift));
        let last = self.binary(BinaryOp::Smax, lo, hi);
        // More than 2**63 iterations, or places that are not apart: the rest is all of them.
        let trip = self.binary(BinaryOp::Isub, last, lo);
        let turns = self.binary(BinaryOp::Sshr, trip, shift);
        let mut turns = self.binary(BinaryOp::Smax, turns, zero);
        for any in &plan.tests {
            let cond = self.any(any);
            turns = self.add(Op::Select { cond, then: turns, orelse: zero }, Ty::I64);
        }
        let done = self.binary(BinaryOp::Ishl, turns, shift);
        let middle = self.binary(BinaryOp::Iadd, lo, done);

        let types: Vec<Ty> = init.iter().map(|value| self.func.values[*value].ty).collect();
        let params = [&[Ty::I64], types.as_slice()].concat();
        let turn = walk::new_region(self.func, &params);
        let mut code = Vec::new();
        let end = Jam { func: self.func, line, out: &mut code }.turn(turn, body, lo, shift, plan);
        self.func.regions[turn].insts = code;
        self.func.regions[turn].end = End::Yield(end);
        let op = Op::For { lo: zero, hi: turns, init, body: turn, mode: LoopMode::Serial };
        let main = walk::new_inst(self.func, op, &types, line);
        let results = self.func.insts[main].results.to_vec();
        if let Op::For { lo, init, .. } = &mut self.func.insts[inst].op {
            *lo = middle;
            *init = results;
        }
        self.out.extend([main, inst]);
    }

    /// The iterations of one turn: what is carried to the next.
    fn turn(&mut self, turn: Region, body: Region, lo: Value, shift: Value, plan: &Plan) -> Vec<Value> {
        let RegionData { params, insts, end, .. } = self.func.regions[body].clone();
        let given = self.func.regions[turn].params.clone();
        let ahead = self.binary(BinaryOp::Ishl, given[0], shift);
        let first = self.binary(BinaryOp::Iadd, lo, ahead);
        let mut copies: Vec<Remap> = Vec::new();
        for number in 0..1 << plan.shift {
            let counter = if number == 0 {
                first
            } else {
                let number = self.word(number);
                self.binary(BinaryOp::Iadd, first, number)
            };
            let mut remap = Remap::default();
            remap.values.insert(params[0], counter);
            copies.push(remap);
        }
        let mut carried = given[1..].to_vec();
        let (behind, before) = plan.parts.split_last().expect("invariant: there is a loop");
        for part in before {
            if part.chain.is_empty() {
                copies.iter_mut().for_each(|remap| self.copy(&insts[part.from..part.to], remap));
            } else {
                self.fuse(insts[part.from], &mut copies);
            }
        }
        for remap in &mut copies {
            remap.values.extend(params[1..].iter().copied().zip(carried));
            self.copy(&insts[behind.from..], remap);
            carried = walk::end_values(&end).iter().map(|value| remap.value(*value)).collect();
        }
        carried
    }

    /// One loop for the copies of a loop; the copies then know its counter and their results.
    fn fuse(&mut self, inst: Inst, copies: &mut [Remap]) {
        let line = self.func.insts[inst].line;
        let InstData { op, results, .. } = self.func.insts[inst].clone();
        let Op::For { lo, hi, init, body, .. } = op else { unreachable!("invariant: a `For`") };
        let RegionData { params, insts, end, .. } = self.func.regions[body].clone();
        let all = |copies: &[Remap], values: &[Value]| -> Vec<Value> {
            copies.iter().flat_map(|remap| values.iter().map(|value| remap.value(*value))).collect()
        };
        let init = all(copies, &init);
        let types: Vec<Ty> = init.iter().map(|value| self.func.values[*value].ty).collect();
        let joint = walk::new_region(self.func, &[&[Ty::I64], types.as_slice()].concat());
        let mut fresh = self.func.regions[joint].params.clone().into_iter();
        let counter = fresh.next().expect("invariant: a loop has a counter");
        for remap in copies.iter_mut() {
            remap.values.insert(params[0], counter);
            remap.values.extend(params[1..].iter().copied().zip(fresh.by_ref()));
        }
        let nested = insts.iter().position(|inst| loops(self.func, *inst));
        let mut code = Vec::new();
        let mut inner = Jam { func: self.func, line, out: &mut code };
        let until = nested.unwrap_or(insts.len());
        copies.iter_mut().for_each(|remap| inner.copy(&insts[..until], remap));
        if let Some(at) = nested {
            inner.fuse(insts[at], copies);
            copies.iter_mut().for_each(|remap| inner.copy(&insts[at + 1..], remap));
        }
        self.func.regions[joint].insts = code;
        self.func.regions[joint].end = End::Yield(all(copies, walk::end_values(&end)));
        let op = Op::For { lo, hi, init, body: joint, mode: LoopMode::Serial };
        let fused = walk::new_inst(self.func, op, &types, line);
        self.out.push(fused);
        let mut values = self.func.insts[fused].results.clone().into_iter();
        for remap in copies.iter_mut() {
            remap.values.extend(results.iter().copied().zip(values.by_ref()));
        }
    }

    /// Code for tests of which one must hold.
    fn any(&mut self, tests: &[Test]) -> Value {
        let mut any = None;
        for test in tests {
            let (large, small) = match test {
                Test::Disjoint(a, b) => {
                    let one = self.disjoint(a, b);
                    any = Some(any.map_or(one, |any| self.binary(BinaryOp::Bor, any, one)));
                    continue;
                }
                Test::Rows { outer, inner, level, bytes } => {
                    let trip = self.binary(BinaryOp::Isub, level.hi, level.lo);
                    let one = self.word(1);
                    let steps = self.binary(BinaryOp::Isub, trip, one);
                    (self.size(*outer), self.reach(*inner, steps, *bytes))
                }
                Test::Columns { outer, inner, times, bytes } => {
                    let times = self.word(*times);
                    (self.size(*inner), self.reach(*outer, times, *bytes))
                }
                Test::Apart { outer, bytes } => (self.size(*outer), self.word(*bytes)),
            };
            let one = self.add(Op::Compare { cond: Cond::Sge, lhs: large, rhs: small }, Ty::Bool);
            any = Some(any.map_or(one, |any| self.binary(BinaryOp::Bor, any, one)));
        }
        any.expect("invariant: there is a test")
    }

    /// No byte of one range is one of the other, where loops have iterations at all.
    fn disjoint(&mut self, a: &Range, b: &Range) -> Value {
        let ((a, behind_a), (b, behind_b)) = (self.ends(a), self.ends(b));
        let mut below = |lhs, rhs| self.add(Op::Compare { cond: Cond::Ule, lhs, rhs }, Ty::Bool);
        let (before, after) = (below(behind_a, b), below(behind_b, a));
        self.binary(BinaryOp::Bor, before, after)
    }

    /// The first byte of a range, and the one behind its last.
    fn ends(&mut self, range: &Range) -> (Value, Value) {
        let mut low = self.word(range.base.constant);
        if let Some(arg) = range.base.ptr {
            let start = self.add(Op::Convert { op: ConvertOp::Bitcast, arg }, Ty::I64);
            low = self.binary(BinaryOp::Iadd, low, start);
        }
        for (value, factor) in &range.base.terms {
            let factor = self.word(*factor);
            let term = self.binary(BinaryOp::Imul, *value, factor);
            low = self.binary(BinaryOp::Iadd, low, term);
        }
        let mut high = self.word(range.bytes);
        high = self.binary(BinaryOp::Iadd, low, high);
        let (zero, one) = (self.word(0), self.word(1));
        for (level, step) in &range.steps {
            let mut bytes = self.word(step.bytes);
            if let Some(by) = step.by {
                bytes = self.binary(BinaryOp::Imul, by, bytes);
            }
            let first = self.binary(BinaryOp::Imul, level.lo, bytes);
            let end = self.binary(BinaryOp::Isub, level.hi, one);
            let last = self.binary(BinaryOp::Imul, end, bytes);
            let way = self.binary(BinaryOp::Isub, last, first);
            let (back, forth) =
                (self.binary(BinaryOp::Smin, way, zero), self.binary(BinaryOp::Smax, way, zero));
            for (at, way) in [(&mut low, back), (&mut high, forth)] {
                let start = self.binary(BinaryOp::Iadd, *at, first);
                *at = self.binary(BinaryOp::Iadd, start, way);
            }
        }
        (low, high)
    }

    /// Bytes of a step, either way.
    fn size(&mut self, step: Step) -> Value {
        let bytes = self.word(step.bytes.wrapping_abs());
        let Some(value) = step.by else { return bytes };
        let zero = self.word(0);
        let back = self.binary(BinaryOp::Isub, zero, value);
        let way = self.binary(BinaryOp::Smax, value, back);
        self.binary(BinaryOp::Imul, way, bytes)
    }

    fn reach(&mut self, step: Step, times: Value, bytes: i64) -> Value {
        let size = self.size(step);
        let way = self.binary(BinaryOp::Imul, size, times);
        let bytes = self.word(bytes);
        self.binary(BinaryOp::Iadd, way, bytes)
    }
}
