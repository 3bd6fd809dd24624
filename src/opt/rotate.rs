//! The test of a `while` stands at its end.
//!
//! Precondition: last: nothing behind it reads loops. Effect: an innermost `Loop` without an interrupt poll
//! that begins with a test does it once in front of the loop and then at the end of each iteration, where
//! the way back is the test's other way: one jump less. What is computed for the test and used behind it is
//! carried. Rare loops stay. Linear.
//!
//! ```text
//! loop i1 (v1 = v8) few { v3 = cmp.sgt v1, v7; if v3 { yield } else { break i0 v1 }; ...; v5 = sshr v1, 1; yield v5 }
//! ->  v3 = cmp.sgt v8, v7; if v3 { yield } else { break i0 v8 };
//!     loop i1 (v1 = v8) few { ...; v5 = sshr v1, 1; v6 = cmp.sgt v5, v7; if v6 { yield } else { break i0 v5 }; yield v5 }
//! ```

use super::growth;
use crate::mir::effect::{Effect, effect};
use crate::mir::walk::{self, Remap, Substitution};
use crate::mir::*;
use crate::options::Options;

/// Operations in front of the test, at most.
pub(super) const MOST: usize = 8;

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut rotate = Rotate { func, changed: false };
    let body = rotate.func.body;
    rotate.region(body);
    rotate.changed
}

struct Rotate<'a> {
    func: &'a mut Function,
    changed: bool,
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
            if let Op::Loop { body, .. } = self.func.insts[inst].op
                && !inner
                && !self.func.regions[region].rare
                && let Some(place) = self.test(inst, body)
                && growth::takes(self.func, 2 * (place + 1))
            {
                self.rotate(inst, body, place, &mut out);
            }
            loops |= inner || matches!(self.func.insts[inst].op, Op::For { .. } | Op::Loop { .. });
            out.push(inst);
        }
        self.func.regions[region].insts = out;
        loops
    }

    /// Place of the `If` with which each iteration begins.
    fn test(&self, inst: Inst, body: Region) -> Option<usize> {
        let func = &*self.func;
        let data = &func.regions[body];
        if data.limit.is_none() || !matches!(data.end, End::Yield(_)) || continues(func, inst, body) {
            return None;
        }
        let place = data.insts.iter().position(|inst| match effect(&func.insts[*inst].op) {
            Effect::Pure | Effect::Read(_) | Effect::Raise { .. } => false,
            Effect::Write(_) | Effect::Owner | Effect::Opaque | Effect::Call | Effect::Nested => true,
        })?;
        exit(func, data.insts[place])?;
        // A loop that ends with a test gains nothing.
        (place <= MOST && exit(func, *data.insts.last()?).is_none()).then_some(place)
    }

    fn rotate(&mut self, inst: Inst, body: Region, place: usize, out: &mut Vec<Inst>) {
        self.changed = true;
        let func = &mut *self.func;
        let Op::Loop { init, .. } = &func.insts[inst].op else { unreachable!("invariant: a `Loop`") };
        let mut init = init.clone();
        let mut head = std::mem::take(&mut func.regions[body].insts);
        func.regions[body].insts = head.split_off(place + 1);
        let params = func.regions[body].params.clone();
        let first = repeat(func, &head, &params, &init, out);
        // What it computes for the rest of the body is carried.
        let kept = used(func, body, &head);
        init.extend(kept.iter().map(|value| first.value(*value)));
        carry(func, body, &kept).apply(func, body);
        let mut next = walk::end_values(&func.regions[body].end).to_vec();
        let mut insts = std::mem::take(&mut func.regions[body].insts);
        let last = repeat(func, &head, &params, &next, &mut insts);
        next.extend(kept.iter().map(|value| last.value(*value)));
        func.regions[body].insts = insts;
        func.regions[body].end = End::Yield(next);
        func.insts[inst].op = Op::Loop { init, body };
    }
}

/// The condition of an `If` that does nothing but leave, and its value where control stays.
pub(super) fn exit(func: &Function, inst: Inst) -> Option<(Value, bool)> {
    let Op::If { cond, then, orelse } = func.insts[inst].op else { return None };
    let falls = |region: Region| matches!(func.regions[region].end, End::Yield(_));
    let empty = [then, orelse].iter().all(|arm| func.regions[*arm].insts.is_empty());
    let plain = empty && func.insts[inst].results.is_empty() && falls(then) != falls(orelse);
    plain.then_some((cond, falls(then)))
}

/// A `continue` leads to the loop's next iteration.
pub(super) fn continues(func: &Function, inst: Inst, body: Region) -> bool {
    let mut found = false;
    walk::for_each_region(func, body, &mut |region| {
        found |= matches!(func.regions[region].end, End::Continue { to, .. } if to == inst);
    });
    found
}

/// Puts a copy of the head of a loop behind other instructions, with these carried values.
pub(super) fn repeat(
    func: &mut Function,
    head: &[Inst],
    params: &[Value],
    carried: &[Value],
    out: &mut Vec<Inst>,
) -> Remap {
    let mut remap = Remap::default();
    remap.values.extend(params.iter().copied().zip(carried.iter().copied()));
    for inst in head {
        out.push(walk::clone_inst(func, None, *inst, &mut remap));
    }
    remap
}

/// Gives a loop's body a parameter for each of these values, which is to replace it there.
pub(super) fn carry(func: &mut Function, body: Region, kept: &[Value]) -> Substitution {
    let mut subst = Substitution::new(func);
    for value in kept {
        let def = Def::Param { region: body, index: func.regions[body].params.len() as u32 };
        let param = func.values.push(ValueData { ty: func.values[*value].ty, def });
        func.regions[body].params.push(param);
        subst.set(*value, param);
    }
    subst
}

/// What the head computes and the rest of the body uses.
pub(super) fn used(func: &Function, body: Region, head: &[Inst]) -> Vec<Value> {
    let computed: Vec<Value> = head.iter().flat_map(|inst| func.insts[*inst].results.clone()).collect();
    let mut kept = Vec::new();
    let mut note = |value: Value| {
        if computed.contains(&value) && !kept.contains(&value) {
            kept.push(value);
        }
    };
    walk::for_each_use(func, body, &mut note);
    kept
}
