//! Several iterations of a loop around another are done together, so that they share what they load and do
//! not wait for each other's sums.
//!
//! Precondition: after `apart`, `licm` and `promote`; before `vectorize`. Effect: a serial loop around a
//! chain of single loops, whose bounds do not change with its iterations, is taken `TIMES` iterations at a
//! time, with one chain of loops for all of them, where (a) the inner loops sum up floats, one sum for each
//! iteration of the outer loop, or (b) the innermost loop updates elements of a row that is the same for all
//! of these iterations. A rest of iterations follows in a copy of the loop. Every sum and every element is
//! computed in its own order: what comes earlier in one iteration of the outer loop and touches memory that
//! the loop stores to still comes before the same element's next use (`Orders`). Growth is on the account of
//! `growth`; what copies have in common is found by `simplify` and `gvn` at once. Linear.
//!
//! ```text
//! for v1 in 0..n { v2 = for v3 in 0..m (v4 = 0.0) { v5 = load mem2[v8 + v3*8]; v6 = load mem2[v9 + ...v1...v3];
//!     v7 = fmul v5, v6; yield fadd v4, v7 };  store mem3[v10 + v1*8] = v2 }
//! ->  for t in 0..n/4 { v2, w2, x2, y2 = for v3 in 0..m (v4 = 0.0, w4 = 0.0, ...) { v5 = ...; v6 = ...; w6 = ...;
//!     ... }; store ...; store ...; store ...; store ... }
//!     for v1 in n/4*4..n { ... }
//! ```

use super::{growth, gvn, simplify};
use crate::mir::effect::{self, def_op};
use crate::mir::remark::RemarkKind;
use crate::mir::vloop::{Affine, Forms};
use crate::mir::walk::{self, Remap};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Iterations at a time, as a power of two.
const SHIFT: u32 = 2;
const TIMES: usize = 1 << SHIFT;
/// Instructions of an iteration.
const LARGEST: usize = 60;
/// Sums of an iteration.
const MOST_SUMS: usize = 2;

/// Where in an iteration of the outer loop an access stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Before,
    Inner,
    Behind,
}

/// The accesses to one memory.
#[derive(Default)]
struct Touched {
    stored: bool,
    parts: Vec<Part>,
    /// Where all of them are, if that is one place that is known.
    place: Option<Option<Affine>>,
    bytes: i64,
}

/// A loop to take several iterations at a time: its place among the instructions of the outer body.
struct Plan {
    inner: usize,
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
        if let Some(plan) = plan(func, inst) {
            jam(func, inst, &plan, &mut out);
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

/// The loop in a body, if there is one only and nothing else contains one.
fn only_loop(func: &Function, body: Region) -> Option<usize> {
    let insts = &func.regions[body].insts;
    let contains = |inst: &Inst| {
        let op = &func.insts[*inst].op;
        matches!(op, Op::For { .. } | Op::Loop { .. })
            || walk::regions(op).any(|nested| walk::has_loop(func, nested))
    };
    let at = insts.iter().position(contains)?;
    let plain = matches!(func.insts[insts[at]].op, Op::For { mode: LoopMode::Serial, .. });
    (plain && !insts[at + 1..].iter().any(contains)).then_some(at)
}

/// Whether and how to take a loop.
fn plan(func: &mut Function, inst: Inst) -> Option<Plan> {
    let Op::For { lo, hi, body, mode: LoopMode::Serial, .. } = func.insts[inst].op else { return None };
    let inner = only_loop(func, body)?;
    if effect::trip(func, lo, hi).is_some_and(|trip| trip < TIMES as u64) || is_rest(func, lo) {
        return None;
    }
    let size = walk::size(func, body);
    let summary = effect::summary(func, body);
    let leaves = summary.opaque || summary.owner || summary.raises || summary.deopts || summary.jumps;
    if size > LARGEST || leaves || !matches!(func.regions[body].end, End::Yield(_)) {
        return None;
    }
    let mut inside = FxHashSet::default();
    walk::for_each_region(func, body, &mut |region| {
        inside.extend(func.regions[region].params.iter().copied());
        for inst in &func.regions[region].insts {
            inside.extend(func.insts[*inst].results.iter().copied());
        }
    });
    let counters = chain(func, body, &inside)?;
    if !pays(func, body, inner, &counters) || !independent(func, body, inner) {
        return None;
    }
    if !in_order(func, body, inner, &inside, &counters) || !growth::takes(func, size * TIMES) {
        return None;
    }
    Some(Plan { inner })
}

/// The rest of a loop that was taken: it begins at a multiple.
fn is_rest(func: &Function, lo: Value) -> bool {
    let multiple = |value: Value| matches!(def_op(func, value), Some(Op::Binary { op: BinaryOp::Ishl, .. }));
    match def_op(func, lo) {
        Some(Op::Binary { op: BinaryOp::Iadd, lhs, rhs }) => multiple(*lhs) || multiple(*rhs),
        Some(_) | None => multiple(lo),
    }
}

/// The counters of the loops in a body, each of which contains the next and nothing but that; their bounds
/// are from outside.
fn chain(func: &Function, mut body: Region, inside: &FxHashSet<Value>) -> Option<Vec<Value>> {
    let mut counters = Vec::new();
    while let Some(at) = only_loop(func, body) {
        let Op::For { lo, hi, body: nested, .. } = func.insts[func.regions[body].insts[at]].op else {
            return None;
        };
        if inside.contains(&lo) || inside.contains(&hi) {
            return None;
        }
        counters.push(func.regions[nested].params[0]);
        body = nested;
    }
    (!walk::has_loop(func, body)).then_some(counters)
}

/// The innermost loop carries sums through all of the chain, or adds up a row.
fn pays(func: &Function, body: Region, inner: usize, counters: &[Value]) -> bool {
    let (mut at, mut insts) = (inner, &func.regions[body].insts);
    loop {
        let inst = insts[at];
        let Op::For { init, body, .. } = &func.insts[inst].op else { return false };
        let floats = init.iter().any(|value| func.values[*value].ty.is_float());
        let stores = !effect::summary(func, *body).writes.is_empty();
        let Some(next) = only_loop(func, *body) else {
            // (That the row is the same is left to `in_order`.)
            return (floats && !stores && init.len() <= MOST_SUMS)
                || (init.is_empty() && stores && counters.len() == 1);
        };
        if !floats || stores || init.len() > MOST_SUMS {
            return false;
        }
        (at, insts) = (next, &func.regions[*body].insts);
    }
}

/// Up to the end of the inner loop nothing needs what the outer one carries.
fn independent(func: &Function, body: Region, inner: usize) -> bool {
    let carried: FxHashSet<Value> = func.regions[body].params[1..].iter().copied().collect();
    let mut free = true;
    for inst in &func.regions[body].insts[..=inner] {
        let op = &func.insts[*inst].op;
        walk::operands(op, |value| free &= !carried.contains(&value));
        for nested in walk::regions(op) {
            walk::for_each_region(func, nested, &mut |region| {
                let data = &func.regions[region];
                for inst in &data.insts {
                    walk::operands(&func.insts[*inst].op, |value| free &= !carried.contains(&value));
                }
                free &= walk::end_values(&data.end).iter().all(|value| !carried.contains(value));
            });
        }
    }
    free
}

/// Whether all accesses of one place keep their order.
fn in_order(
    func: &Function,
    body: Region,
    inner: usize,
    inside: &FxHashSet<Value>,
    counters: &[Value],
) -> bool {
    let mut forms = Forms::new(func, inside, func.regions[body].params[0]);
    for counter in counters {
        let terms = BTreeMap::from([(*counter, 1)]);
        forms.set(*counter, Affine { terms, ..Affine::default() });
    }
    let written = effect::summary(func, body).writes;
    let mut touched: BTreeMap<Mem, Touched> = BTreeMap::new();
    for (at, inst) in func.regions[body].insts.iter().enumerate() {
        let part = match at.cmp(&inner) {
            std::cmp::Ordering::Less => Part::Before,
            std::cmp::Ordering::Equal => Part::Inner,
            std::cmp::Ordering::Greater => Part::Behind,
        };
        let mut visit = |inst: Inst| {
            let InstData { op, results, .. } = &func.insts[inst];
            let (Op::Load { mem, addr } | Op::Store { mem, addr, .. }) = op else { return };
            let (stored, value) =
                if let Op::Store { value, .. } = op { (true, *value) } else { (false, results[0]) };
            let (mem, ty) = (*mem, func.values[value].ty);
            if !written.contains(&mem) {
                return;
            }
            let place = address(&mut forms, addr);
            let all = touched.entry(mem).or_default();
            all.stored |= stored;
            all.parts.push(part);
            all.bytes = all.bytes.max(i64::from(ty.bytes()));
            match &all.place {
                Some(known) if *known == place => {}
                Some(_) => all.place = Some(None),
                None => all.place = Some(place),
            }
        };
        visit(*inst);
        for nested in walk::regions(&func.insts[*inst].op) {
            walk::for_each_inst(func, nested, &mut |_, inst| visit(inst));
        }
    }
    touched.values().all(|all| keeps_order(all, counters))
}

fn keeps_order(all: &Touched, counters: &[Value]) -> bool {
    let only = |part: Part| all.parts.iter().all(|other| *other == part);
    if !all.stored || only(Part::Before) || only(Part::Behind) {
        return true;
    }
    let Some(Some(place)) = &all.place else { return false };
    if place.by.is_some() {
        return false;
    }
    let moves = |counter: &Value| place.terms.get(counter).copied().unwrap_or(0);
    if counters.iter().all(|counter| moves(counter) == 0) {
        // An element of its own for each iteration of the outer loop.
        return place.step.unsigned_abs() >= all.bytes as u64;
    }
    // A row for all of them, an element for each iteration of the inner loop.
    let [counter] = counters else { return false };
    only(Part::Inner) && place.step == 0 && moves(counter).unsigned_abs() >= all.bytes as u64
}

fn address(forms: &mut Forms, addr: &Address) -> Option<Affine> {
    let base = forms.of(addr.base)?;
    let base = base.plus(&Affine { constant: i64::from(addr.disp), ..Affine::default() })?;
    match addr.index {
        Some((index, scale)) => base.plus(&forms.of(index)?.times(i64::from(scale))?),
        None => Some(base),
    }
}

/// Takes a loop `TIMES` iterations at a time; the rest is left to the loop.
fn jam(func: &mut Function, inst: Inst, plan: &Plan, out: &mut Vec<Inst>) {
    let line = func.insts[inst].line;
    func.remark(line, || RemarkKind::Unrolled { times: TIMES as u32, whole: false });
    let Op::For { lo, hi, init, body, .. } = &func.insts[inst].op else { unreachable!("invariant: a `For`") };
    let (lo, hi, init, body) = (*lo, *hi, init.clone(), *body);
    let params = func.regions[body].params.clone();
    let types: Vec<Ty> = init.iter().map(|value| func.values[*value].ty).collect();
    // Where the number of iterations is more than 2**63, the rest is all of them.
    let zero = word(func, 0, line, out);
    let shift = word(func, i64::from(SHIFT), line, out);
    let last = binary(func, BinaryOp::Smax, lo, hi, line, out);
    let trip = binary(func, BinaryOp::Isub, last, lo, line, out);
    let turns = binary(func, BinaryOp::Sshr, trip, shift, line, out);
    let turns = binary(func, BinaryOp::Smax, turns, zero, line, out);
    let done = binary(func, BinaryOp::Ishl, turns, shift, line, out);
    let middle = binary(func, BinaryOp::Iadd, lo, done, line, out);

    let mut with_counter = vec![Ty::I64];
    with_counter.extend(&types);
    let turn = walk::new_region(func, &with_counter);
    let mut code = Vec::new();
    let ahead = binary(func, BinaryOp::Ishl, func.regions[turn].params[0], shift, line, &mut code);
    let first = binary(func, BinaryOp::Iadd, lo, ahead, line, &mut code);
    let mut copies: Vec<Remap> = Vec::new();
    for number in 0..TIMES {
        let mut remap = Remap::default();
        let mut counter = first;
        if number > 0 {
            let number = word(func, number as i64, line, &mut code);
            counter = binary(func, BinaryOp::Iadd, first, number, line, &mut code);
        }
        remap.values.insert(params[0], counter);
        copies.push(remap);
    }
    let mut carried: Vec<Value> = func.regions[turn].params[1..].to_vec();
    let insts = func.regions[body].insts.clone();
    let end = func.regions[body].end.clone();
    for remap in &mut copies {
        clone_all(func, &insts[..plan.inner], remap, &mut code);
    }
    let fused = fuse(func, insts[plan.inner], &mut copies);
    code.push(fused);
    for remap in &mut copies {
        remap.values.extend(params[1..].iter().copied().zip(carried));
        clone_all(func, &insts[plan.inner + 1..], remap, &mut code);
        carried = walk::end_values(&end).iter().map(|value| remap.value(*value)).collect();
    }
    func.regions[turn].insts = code;
    func.regions[turn].end = End::Yield(carried);
    let op = Op::For { lo: zero, hi: turns, init, body: turn, mode: LoopMode::Serial };
    let main = walk::new_inst(func, op, &types, line);
    let results = func.insts[main].results.clone();
    out.push(main);
    if let Op::For { lo, init, .. } = &mut func.insts[inst].op {
        *lo = middle;
        *init = results;
    }
    out.push(inst);
}

/// One loop for the copies of a loop; the copies then know its counter and their results.
fn fuse(func: &mut Function, inst: Inst, copies: &mut [Remap]) -> Inst {
    let line = func.insts[inst].line;
    let Op::For { lo, hi, init, body, .. } = func.insts[inst].op.clone() else {
        unreachable!("invariant: a `For`")
    };
    let params = func.regions[body].params.clone();
    let types: Vec<Ty> = init.iter().map(|value| func.values[*value].ty).collect();
    let all_types: Vec<Ty> = std::iter::repeat_n(&types, copies.len()).flatten().copied().collect();
    let mut all_init = Vec::new();
    for remap in copies.iter() {
        all_init.extend(init.iter().map(|value| remap.value(*value)));
    }
    let mut with_counter = vec![Ty::I64];
    with_counter.extend(&all_types);
    let joint = walk::new_region(func, &with_counter);
    let mut fresh = func.regions[joint].params.clone().into_iter();
    let counter = fresh.next().expect("invariant: a loop has a counter");
    for remap in copies.iter_mut() {
        remap.values.insert(params[0], counter);
        remap.values.extend(params[1..].iter().copied().zip(fresh.by_ref()));
    }
    let insts = func.regions[body].insts.clone();
    let inner = only_loop(func, body);
    let mut code = Vec::new();
    for remap in copies.iter_mut() {
        clone_all(func, &insts[..inner.unwrap_or(insts.len())], remap, &mut code);
    }
    if let Some(at) = inner {
        let fused = fuse(func, insts[at], copies);
        code.push(fused);
        for remap in copies.iter_mut() {
            clone_all(func, &insts[at + 1..], remap, &mut code);
        }
    }
    let next = walk::end_values(&func.regions[body].end).to_vec();
    let mut all_next = Vec::new();
    for remap in copies.iter() {
        all_next.extend(next.iter().map(|value| remap.value(*value)));
    }
    func.regions[joint].insts = code;
    func.regions[joint].end = End::Yield(all_next);
    let op = Op::For { lo, hi, init: all_init, body: joint, mode: LoopMode::Serial };
    let fused = walk::new_inst(func, op, &all_types, line);
    let results = func.insts[inst].results.clone();
    let mut values = func.insts[fused].results.clone().into_iter();
    for remap in copies.iter_mut() {
        remap.values.extend(results.iter().copied().zip(values.by_ref()));
    }
    fused
}

fn clone_all(func: &mut Function, insts: &[Inst], remap: &mut Remap, out: &mut Vec<Inst>) {
    for inst in insts {
        out.push(walk::clone_inst(func, None, *inst, remap));
    }
}

fn word(func: &mut Function, value: i64, line: SourcePos, out: &mut Vec<Inst>) -> Value {
    let inst = walk::new_inst(func, Op::Iconst(value), &[Ty::I64], line);
    out.push(inst);
    func.insts[inst].results[0]
}

fn binary(
    func: &mut Function,
    op: BinaryOp,
    lhs: Value,
    rhs: Value,
    line: SourcePos,
    out: &mut Vec<Inst>,
) -> Value {
    let inst = walk::new_inst(func, Op::Binary { op, lhs, rhs }, &[Ty::I64], line);
    out.push(inst);
    func.insts[inst].results[0]
}
