//! A `while` that counts up to a bound is a counted loop.
//!
//! Precondition: none; best after `straighten` and `licm` (the bound is defined outside). Effect: a `Loop`
//! that is left when a carried value `k` reaches an unchanging bound, and that adds one to `k` on every way
//! to the next iteration, becomes a `For` over `k`; what stood behind the test's way out stands behind the
//! loop. The sum `k + 1` is left in place: as `k` is below the bound, `ranges` finds that it does not
//! overflow. Linear.
//!
//! ```text
//! loop i1 (v1 = v8, v2 = v9) { v3 = cmp.slt v1, v7; if v3 { yield } else { break i0 v2 }; ...; v5 = iadd v1, 1; yield v5, v4 }
//! ->  v6 = for v1 in v8..v7 (v2 = v9) { ...; yield v4 };  break i0 v6
//! ```

use crate::mir::effect::{Effect, constant, def_op, effect};
use crate::mir::walk::{self, Remap, Substitution};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashMap;

/// Starting values this far from the ends of I64 are never counted to an end: 2**62 iterations take
/// longer than machines last.
const NEAR: i64 = 1 << 62;

/// Regions whose end gives the next iteration of each loop.
pub(super) type Nexts = FxHashMap<Inst, Vec<Region>>;

/// The test that ends a loop.
struct Test {
    /// Place of the `If` in the loop's body.
    place: usize,
    slot: usize,
    bound: Value,
    /// The counter may be equal to the bound.
    inclusive: bool,
    /// The arm that leaves.
    leave: Region,
}

struct Counted<'a> {
    func: &'a mut Function,
    nexts: Nexts,
    /// Values defined in the loop that is looked at.
    inside: Vec<bool>,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let nexts = nexts(func);
    let inside = vec![false; func.values.len()];
    let body = func.body;
    let mut counted = Counted { func, nexts, inside, changed: false };
    counted.region(body);
    counted.changed
}

/// Finds the regions that go on to the next iteration of each `Loop`.
pub(super) fn nexts(func: &Function) -> Nexts {
    let mut nexts = Nexts::default();
    walk::for_each_region(func, func.body, &mut |region| {
        for inst in &func.regions[region].insts {
            if let Op::Loop { body, .. } = func.insts[*inst].op
                && matches!(func.regions[body].end, End::Yield(_))
            {
                nexts.entry(*inst).or_default().push(body);
            }
        }
        if let End::Continue { to, .. } = &func.regions[region].end
            && matches!(func.insts[*to].op, Op::Loop { .. })
        {
            nexts.entry(*to).or_default().push(region);
        }
    });
    nexts
}

/// By how much a carried value's next one differs from it, if that is a constant.
pub(super) fn step(func: &Function, next: Value, param: Value) -> Option<i64> {
    let Def::Result { inst, index: 0 } = func.values[next].def else { return None };
    if let Op::Checked { op: CheckedOp::Add, lhs, rhs } | Op::Binary { op: BinaryOp::Iadd, lhs, rhs } =
        func.insts[inst].op
    {
        constant(func, rhs).filter(|_| lhs == param)
    } else if let Op::Checked { op: CheckedOp::Sub, lhs, rhs } | Op::Binary { op: BinaryOp::Isub, lhs, rhs } =
        func.insts[inst].op
    {
        constant(func, rhs).filter(|_| lhs == param).and_then(i64::checked_neg)
    } else {
        None
    }
}

/// On every way to the next iteration the carried value grows by one.
pub(super) fn counts(func: &Function, nexts: &[Region], param: Value, slot: usize) -> bool {
    let next = |region: &Region| walk::end_values(&func.regions[*region].end)[slot];
    !nexts.is_empty() && nexts.iter().all(|region| step(func, next(region), param) == Some(1))
}

/// A starting value from which counting never ends.
pub(super) fn starts_low(func: &Function, init: Value) -> bool {
    constant(func, init).is_some_and(|c| (-NEAR..NEAR).contains(&c)) || func.lengths.contains(&init)
}

/// Makes the loop a `For` over the carried value at `slot`, up to `hi`. Its results are the other carried
/// values.
pub(super) fn convert(
    func: &mut Function,
    inst: Inst,
    slot: usize,
    hi: Value,
    nexts: &[Region],
) -> Vec<Value> {
    let Op::Loop { init, body } = &func.insts[inst].op else { unreachable!("invariant: a `Loop`") };
    let (mut init, body) = (init.clone(), *body);
    let lo = init.remove(slot);
    for region in nexts {
        if let Some(args) = walk::end_values_mut(&mut func.regions[*region].end) {
            args.remove(slot);
        }
    }
    let params = &mut func.regions[body].params;
    let counter = params.remove(slot);
    params.insert(0, counter);
    for (index, param) in params.iter().enumerate() {
        func.values[*param].def = Def::Param { region: body, index: index as u32 };
    }
    let mut results = Vec::with_capacity(init.len());
    for (index, value) in init.iter().enumerate() {
        let ty = func.values[*value].ty;
        results.push(func.values.push(ValueData { ty, def: Def::Result { inst, index: index as u32 } }));
    }
    func.insts[inst].op = Op::For { lo, hi, init, body, mode: LoopMode::Serial };
    func.insts[inst].results = Results::from_slice(&results);
    results
}

impl Counted<'_> {
    fn region(&mut self, region: Region) {
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        let mut end = None;
        for inst in insts {
            for nested in walk::regions(&self.func.insts[inst].op) {
                self.region(nested);
            }
            out.push(inst);
            if let Op::Loop { body, .. } = self.func.insts[inst].op
                && let Some(test) = self.test(inst, body)
            {
                // Nothing stands behind a `Loop`.
                end = Some(self.count(region, inst, body, &test, &mut out));
                break;
            }
        }
        let data = &mut self.func.regions[region];
        data.insts = out;
        if let Some(end) = end {
            data.end = end;
        }
    }

    fn mark_inside(&mut self, body: Region, value: bool) {
        let mut inside = std::mem::take(&mut self.inside);
        inside.resize(self.func.values.len(), false);
        walk::for_each_region(self.func, body, &mut |region| {
            let data = &self.func.regions[region];
            let results = data.insts.iter().flat_map(|inst| &self.func.insts[*inst].results);
            for defined in data.params.iter().chain(results) {
                inside[defined.0 as usize] = value;
            }
        });
        self.inside = inside;
    }

    /// The test with which each iteration begins.
    fn test(&mut self, inst: Inst, body: Region) -> Option<Test> {
        let func = &*self.func;
        let data = &func.regions[body];
        let place = data.insts.iter().position(|inst| match effect(&func.insts[*inst].op) {
            Effect::Pure | Effect::Read(_) => false,
            Effect::Write(_)
            | Effect::Raise { .. }
            | Effect::Owner
            | Effect::Opaque
            | Effect::Call
            | Effect::Nested => true,
        })?;
        let Op::If { cond, then, orelse } = func.insts[data.insts[place]].op else { return None };
        let falls = |region: Region| matches!(func.regions[region].end, End::Yield(_));
        let (stay, leave, stays_if) = match (falls(then), falls(orelse)) {
            (true, false) => (then, orelse, true),
            (false, true) => (orelse, then, false),
            (true, true) | (false, false) => return None,
        };
        if !func.regions[stay].insts.is_empty() || !func.insts[data.insts[place]].results.is_empty() {
            return None;
        }
        if matches!(&func.regions[leave].end, End::Continue { to, .. } if *to == inst) {
            return None;
        }
        let Some(Op::Compare { cond, lhs, rhs }) = def_op(func, cond) else { return None };
        let cond = if stays_if { Some(*cond) } else { inverse(*cond) }?;
        let (lhs, rhs) = (*lhs, *rhs);
        let params = data.params.clone();
        self.mark_inside(body, true);
        let mut found = None;
        for (k, bound, cond) in [(lhs, rhs, cond), (rhs, lhs, swapped(cond))] {
            let func = &*self.func;
            let (Some(slot), Cond::Slt | Cond::Sle) = (params.iter().position(|param| *param == k), cond)
            else {
                continue;
            };
            let inclusive = cond == Cond::Sle;
            let Op::Loop { init, .. } = &func.insts[inst].op else { continue };
            if !self.inside[bound.0 as usize]
                && (!inclusive || starts_low(func, init[slot]))
                && counts(func, self.nexts.get(&inst)?, k, slot)
            {
                found = Some(Test { place, slot, bound, inclusive, leave });
                break;
            }
        }
        self.mark_inside(body, false);
        found
    }

    /// Rewrites the loop; gives the end of the region in which it stands.
    fn count(&mut self, region: Region, inst: Inst, body: Region, test: &Test, out: &mut Vec<Inst>) -> End {
        self.changed = true;
        out.pop();
        let func = &mut *self.func;
        let line = func.insts[inst].line;
        let Op::Loop { init, .. } = &func.insts[inst].op else { unreachable!("invariant: a `Loop`") };
        let lo = init[test.slot];
        let mut make = |func: &mut Function, op: Op| walk::place(func, op, Ty::I64, line, out);
        let mut hi = test.bound;
        if test.inclusive {
            // A bound of the largest integer is never reached, whatever stands for it.
            let most = make(func, Op::Iconst(i64::MAX - 1));
            let least = make(func, Op::Binary { op: BinaryOp::Smin, lhs: hi, rhs: most });
            let one = make(func, Op::Iconst(1));
            hi = make(func, Op::Binary { op: BinaryOp::Iadd, lhs: least, rhs: one });
        }
        // The counter where the bound is reached, or at once beyond it.
        let last = make(func, Op::Binary { op: BinaryOp::Smax, lhs: lo, rhs: hi });
        let nexts = self.nexts.remove(&inst).unwrap_or_default();
        let mut carried = convert(func, inst, test.slot, hi, &nexts);
        out.push(inst);
        carried.insert(0, last);
        // The way out now reads what the loop leaves behind; what stood in front of the test, it repeats.
        let mut remap = Remap::default();
        let params = func.regions[body].params.clone();
        remap.values.extend(params.into_iter().zip(carried));
        func.regions[body].insts.remove(test.place);
        for k in 0..test.place {
            let before = func.regions[body].insts[k];
            out.push(walk::clone_inst(func, None, before, &mut remap));
        }
        let mut subst = Substitution::new(func);
        for param in &func.regions[body].params {
            subst.set(*param, remap.value(*param));
        }
        for before in &func.regions[body].insts[..test.place] {
            for result in &func.insts[*before].results {
                subst.set(*result, remap.value(*result));
            }
        }
        subst.apply(func, test.leave);
        let data = &mut func.regions[test.leave];
        out.append(&mut data.insts);
        let end = std::mem::replace(&mut data.end, End::Unreachable);
        if let End::Continue { to, .. } = &end
            && let Some(nexts) = self.nexts.get_mut(to)
        {
            nexts.retain(|next| *next != test.leave);
            nexts.push(region);
        }
        end
    }
}
