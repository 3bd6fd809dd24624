//! The test of a `while` stands at its end, and a `while` that counts is cut into strips.
//!
//! Precondition: last: nothing behind it reads loops. Effect: an innermost `Loop` without an interrupt poll
//! that begins with a test does it once in front of the loop and then at the end of each iteration, where
//! the way back is the test's other way: one jump less. What is computed for the test and used behind it is
//! carried. A `Loop` whose test compares a value that moves by a constant with an unchanging bound is made
//! such a loop first: `STRIP` iterations go towards a bound that is that near, and a loop around them, which
//! polls, asks for the true one. Rare loops stay. Linear.
//!
//! ```text
//! loop i1 (v1 = v8) { v3 = cmp.sgt v1, v7; if v3 { yield } else { break i0 v1 }; ...; v5 = isub v1, 1; yield v5 }
//! ->  v3 = cmp.sgt v8, v7; if v3 { yield } else { break i0 v8 };
//!     loop i2 (v11 = v8) {
//!         v12 = isub v11, 16384; v13 = smax v12, v7;
//!         v14 = block i3 { loop i1 (v1 = v11) strip { ...; v5 = isub v1, 1; v15 = cmp.sgt v5, v13; if v15 { yield } else { break i3 v5 }; yield v5 } };
//!         v16 = cmp.sgt v14, v7; if v16 { yield } else { break i0 v14 };  yield v14
//!     }
//! ```

use super::algebra::{inverse, swapped};
use super::counted::{Nexts, nexts, step};
use super::growth;
use crate::mir::effect::{Effect, def_op, effect};
use crate::mir::vloop::STRIP;
use crate::mir::walk::{self, Remap, Substitution};
use crate::mir::*;
use crate::options::Options;

/// Operations in front of the test, at most.
const MOST: usize = 8;
/// Longest step of a counter.
const FASTEST: i64 = 1 << 16;

/// The test with which each iteration begins.
struct Test {
    /// Place of the `If` in the loop's body.
    place: usize,
    strip: Option<Strip>,
}

/// A test that a counter comes to fail.
#[derive(Clone, Copy)]
struct Strip {
    slot: usize,
    bound: Value,
    /// `cond(counter, bound)` holds as long as the loop goes on.
    cond: Cond,
    /// By how much the counter moves.
    step: i64,
}

struct Rotate<'a> {
    func: &'a mut Function,
    nexts: Nexts,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let nexts = nexts(func);
    let body = func.body;
    let mut rotate = Rotate { func, nexts, changed: false };
    rotate.region(body);
    rotate.changed
}

impl Rotate<'_> {
    /// Rotates the loops of a region; true if there are any.
    fn region(&mut self, region: Region) -> bool {
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        let mut loops = false;
        for inst in insts {
            let mut inner = false;
            for nested in walk::regions(&self.func.insts[inst].op) {
                inner |= self.region(nested);
            }
            let mut placed = inst;
            if let Op::Loop { body, .. } = self.func.insts[inst].op
                && !inner
                && !self.func.regions[region].rare
                && let Some(test) = self.test(inst, body)
                && growth::takes(self.func, 2 * (test.place + 1))
            {
                placed = self.rotate(inst, body, &test, &mut out);
            }
            loops |= inner || matches!(self.func.insts[inst].op, Op::For { .. } | Op::Loop { .. });
            out.push(placed);
        }
        self.func.regions[region].insts = out;
        loops
    }

    fn test(&self, inst: Inst, body: Region) -> Option<Test> {
        let func = &*self.func;
        let data = &func.regions[body];
        if !matches!(data.end, End::Yield(_)) || self.nexts.get(&inst).is_none_or(|nexts| nexts.len() != 1) {
            return None;
        }
        let place = data.insts.iter().position(|inst| match effect(&func.insts[*inst].op) {
            Effect::Pure | Effect::Read(_) | Effect::Raise { .. } => false,
            Effect::Write(_) | Effect::Owner | Effect::Opaque | Effect::Call | Effect::Nested => true,
        })?;
        let (cond, stays) = self.exit(data.insts[place])?;
        // A loop that ends with a test gains nothing.
        if place > MOST || self.exit(*data.insts.last()?).is_some() {
            return None;
        }
        let strip = match data.limit {
            Some(Limit::Few | Limit::Strip) => None,
            None => Some(self.strip(body, place, cond, stays)?),
        };
        Some(Test { place, strip })
    }

    /// The condition of an `If` that does nothing but leave, and its value where control stays.
    fn exit(&self, inst: Inst) -> Option<(Value, bool)> {
        let func = &*self.func;
        let Op::If { cond, then, orelse } = func.insts[inst].op else { return None };
        let falls = |region: Region| matches!(func.regions[region].end, End::Yield(_));
        let empty = [then, orelse].iter().all(|arm| func.regions[*arm].insts.is_empty());
        let plain = empty && func.insts[inst].results.is_empty() && falls(then) != falls(orelse);
        plain.then_some((cond, falls(then)))
    }

    /// The counter that the test compares with a bound.
    fn strip(&self, body: Region, place: usize, cond: Value, stays: bool) -> Option<Strip> {
        let func = &*self.func;
        let data = &func.regions[body];
        // What is computed in front of the test is computed once more at the end of a strip.
        let pure = |inst: &Inst| effect(&func.insts[*inst].op) == Effect::Pure;
        if !data.insts[..place].iter().all(pure) {
            return None;
        }
        let mut calls = false;
        walk::for_each_inst(func, body, &mut |_, inst| {
            calls |= matches!(effect(&func.insts[inst].op), Effect::Call);
        });
        if calls {
            return None;
        }
        let Op::Compare { cond, lhs, rhs } = *def_op(func, cond)? else { return None };
        let cond = if stays { cond } else { inverse(cond)? };
        let next = walk::end_values(&data.end);
        for (counter, bound, cond) in [(lhs, rhs, cond), (rhs, lhs, swapped(cond))] {
            let Some(slot) = data.params.iter().position(|param| *param == counter) else { continue };
            if func.values[counter].ty != Ty::I64 || !self.outside(body, bound) {
                continue;
            }
            let Some(step) = step(func, next[slot], counter) else { continue };
            let towards = match cond {
                Cond::Slt | Cond::Sle => (1..=FASTEST).contains(&step),
                Cond::Sgt | Cond::Sge => (-FASTEST..0).contains(&step),
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
                return Some(Strip { slot, bound, cond, step });
            }
        }
        None
    }

    /// The value is not defined in the loop.
    fn outside(&self, body: Region, value: Value) -> bool {
        let func = &*self.func;
        let mut inside = func.regions[body].params.contains(&value);
        walk::for_each_inst(func, body, &mut |_, inst| inside |= func.insts[inst].results.contains(&value));
        !inside
    }

    /// Rotates the loop; gives what stands in its place.
    fn rotate(&mut self, inst: Inst, body: Region, test: &Test, out: &mut Vec<Inst>) -> Inst {
        self.changed = true;
        let func = &mut *self.func;
        let line = func.insts[inst].line;
        let Op::Loop { init, .. } = &func.insts[inst].op else { unreachable!("invariant: a `Loop`") };
        let mut init = init.clone();
        let mut rest = std::mem::take(&mut func.regions[body].insts);
        let head: Vec<Inst> = rest.drain(..=test.place).collect();
        func.regions[body].insts = rest;
        let params = func.regions[body].params.clone();
        // The head, with these carried values.
        let repeat = |func: &mut Function, carried: &[Value], out: &mut Vec<Inst>| {
            let mut remap = Remap::default();
            remap.values.extend(params.iter().copied().zip(carried.iter().copied()));
            for inst in &head {
                out.push(walk::clone_inst(func, None, *inst, &mut remap));
            }
            remap
        };
        let first = repeat(func, &init, out);
        // What it computes for the rest of the body is carried.
        let kept = used(func, body, &head);
        let mut subst = Substitution::new(func);
        for value in &kept {
            let def = Def::Param { region: body, index: func.regions[body].params.len() as u32 };
            let param = func.values.push(ValueData { ty: func.values[*value].ty, def });
            func.regions[body].params.push(param);
            init.push(first.value(*value));
            subst.set(*value, param);
        }
        subst.apply(func, body);
        let mut next = walk::end_values(&func.regions[body].end).to_vec();
        let mut tail = std::mem::take(&mut func.regions[body].insts);
        let Some(strip) = test.strip else {
            let last = repeat(func, &next, &mut tail);
            next.extend(kept.iter().map(|value| last.value(*value)));
            func.regions[body].insts = tail;
            func.regions[body].end = End::Yield(next);
            func.insts[inst].op = Op::Loop { init, body };
            return inst;
        };
        let types: Vec<Ty> = init.iter().map(|value| func.values[*value].ty).collect();
        let outer = walk::new_region(func, &types);
        let carried = func.regions[outer].params.clone();
        let mut around = Vec::new();
        let mut make = |func: &mut Function, op: Op| walk::place(func, op, Ty::I64, line, &mut around);
        let length = make(func, Op::Iconst(strip.step * STRIP));
        let near = make(func, Op::Binary { op: BinaryOp::Iadd, lhs: carried[strip.slot], rhs: length });
        let nearer = if strip.step > 0 { BinaryOp::Smin } else { BinaryOp::Smax };
        let bound = make(func, Op::Binary { op: nearer, lhs: near, rhs: strip.bound });
        let inner = walk::new_region(func, &[]);
        let block = walk::new_inst(func, Op::Block { body: inner }, &types, line);
        // The end of an iteration in the strip.
        let mut last = Remap::default();
        last.values.extend(params.iter().copied().zip(next.iter().copied()));
        for inst in &head[..test.place] {
            tail.push(walk::clone_inst(func, None, *inst, &mut last));
        }
        let counter = next[strip.slot];
        next.extend(kept.iter().map(|value| last.value(*value)));
        let compare = Op::Compare { cond: strip.cond, lhs: counter, rhs: bound };
        let more = walk::place(func, compare, Ty::Bool, line, &mut tail);
        let (stay, leave) = (walk::new_region(func, &[]), walk::new_region(func, &[]));
        func.regions[stay].end = End::Yield(Vec::new());
        func.regions[leave].end = End::Break { to: block, args: next.clone() };
        tail.push(walk::new_inst(func, Op::If { cond: more, then: stay, orelse: leave }, &[], line));
        func.regions[body].insts = tail;
        func.regions[body].end = End::Yield(next);
        func.regions[body].limit = Some(Limit::Strip);
        func.insts[inst].op = Op::Loop { init: carried, body };
        func.regions[inner].insts.push(inst);
        around.push(block);
        // The end of a strip.
        let reached = func.insts[block].results.clone();
        repeat(func, &reached[..params.len()], &mut around);
        func.regions[outer].insts = around;
        func.regions[outer].end = End::Yield(reached);
        walk::new_inst(func, Op::Loop { init, body: outer }, &[], line)
    }
}

/// What the head computes and the rest of the body uses.
fn used(func: &Function, body: Region, head: &[Inst]) -> Vec<Value> {
    let computed: Vec<Value> = head.iter().flat_map(|inst| func.insts[*inst].results.clone()).collect();
    let mut kept = Vec::new();
    let mut note = |value: Value| {
        if computed.contains(&value) && !kept.contains(&value) {
            kept.push(value);
        }
    };
    walk::for_each_region(func, body, &mut |region| {
        let data = &func.regions[region];
        data.insts.iter().for_each(|inst| walk::operands(&func.insts[*inst].op, &mut note));
        walk::end_values(&data.end).iter().copied().for_each(&mut note);
    });
    kept
}
