//! Puts straight code in the place of elementary functions in vector loops.
//!
//! Precondition: loops have been vectorised. Effect: a function that need not have libm's bits (`near`) and
//! stands in a vector loop becomes straight code (`vmath`), and so do all its copies, which have the same
//! source line: an element's value depends neither on the copy of the loop that computes it nor on its
//! place. Where the C library helps with rare arguments, a vector loop notes whether there was one; if so the
//! loop runs again, one by one (`opt::vectorize` takes only loops that may run twice). Linear.
//!
//! ```text
//! for vector v1 in lo..hi { v2 = load [..]; v3 = math.near.sin v2; store [..] = v3 }
//! ->  v9 = for vector v1, v8 = true in lo..hi { v2 = load [..]; v4 = cmp.flt ..; ...; store [..] = v7; yield v8 & v4 }
//!     if v9 {} else rare { for v1 in lo..hi { ... math.sin v2 unless v4: v7 ... } }
//! ```

use super::arms;
use crate::builtin::Straight;
use crate::mir::walk::{self, Remap, Substitution};
use crate::mir::{BinaryOp, Def, End, Function, Inst, LoopMode, Op, Region, SourcePos, Ty, Value, ValueData};
use crate::options::Options;
use crate::vmath;
use rustc_hash::FxHashSet;

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut places: FxHashSet<SourcePos> = FxHashSet::default();
    // Vector loops that may meet rare arguments, and where they stand.
    let mut again: Vec<(Region, Inst)> = Vec::new();
    walk::for_each_inst(func, func.body, &mut |region, inst| {
        if let Op::For { body, mode: LoopMode::Vector { .. }, .. } = func.insts[inst].op {
            let mut rare = false;
            walk::for_each_inst(func, body, &mut |_, inst| match straight(func, inst) {
                Straight::All | Straight::Most => {
                    rare |= straight(func, inst) == Straight::Most;
                    places.insert(func.insts[inst].line);
                }
                Straight::No => {}
            });
            if rare {
                again.push((region, inst));
            }
        }
    });
    if places.is_empty() {
        return false;
    }
    let loops: Vec<Inst> = again.iter().map(|(region, inst)| run_again(func, *region, *inst)).collect();
    let mut regions = Vec::new();
    walk::for_each_region(func, func.body, &mut |region| regions.push(region));
    for region in regions {
        let insts = std::mem::take(&mut func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            let taken = straight(func, inst) != Straight::No && places.contains(&func.insts[inst].line);
            match taken.then(|| vmath::expand(func, inst)).flatten() {
                Some(code) => out.extend(code),
                None => out.push(inst),
            }
        }
        func.regions[region].insts = out;
    }
    for inst in loops {
        note_rare(func, inst);
    }
    true
}

fn straight(func: &Function, inst: Inst) -> Straight {
    if let Op::Math { func, near: true, known: None, .. } = &func.insts[inst].op {
        func.straight()
    } else {
        Straight::No
    }
}

/// Puts a vector copy and `if good { } else { the loop, one by one }` in the place of a vector loop; `good` is
/// the last result of the copy, which is returned.
fn run_again(func: &mut Function, at: Region, inst: Inst) -> Inst {
    let line = func.insts[inst].line;
    let fast = walk::clone_inst(func, None, inst, &mut Remap::default());
    if let Op::For { mode, .. } = &mut func.insts[inst].op {
        *mode = LoopMode::Serial;
    }
    let found = func.insts[fast].results.clone();
    let yes = walk::new_inst(func, Op::Iconst(1), &[Ty::Bool], line);
    let yes_value = func.insts[yes].results[0];
    if let Op::For { init, body, .. } = &mut func.insts[fast].op {
        init.push(yes_value);
        let body = *body;
        let index = func.regions[body].params.len() as u32;
        let param = func.values.push(ValueData { ty: Ty::Bool, def: Def::Param { region: body, index } });
        func.regions[body].params.push(param);
        if let End::Yield(values) = &mut func.regions[body].end {
            values.push(param);
        }
    }
    let def = Def::Result { inst: fast, index: found.len() as u32 };
    let good = func.values.push(ValueData { ty: Ty::Bool, def });
    func.insts[fast].results.push(good);
    let mut code = vec![yes, fast];
    arms::choose(func, good, (Vec::new(), found), inst, &mut code);
    let insts = &mut func.regions[at].insts;
    let place = insts.iter().position(|other| *other == inst).expect("invariant: the loop stands here");
    insts.splice(place..=place, code);
    fast
}

/// In a vector loop with expanded functions: the last carried value says that no argument was rare.
fn note_rare(func: &mut Function, inst: Inst) {
    let Op::For { body, .. } = func.insts[inst].op else { return };
    let line = func.insts[inst].line;
    let Some(mut good) = func.regions[body].params.last().copied() else { return };
    let insts = std::mem::take(&mut func.regions[body].insts);
    let mut subst = Substitution::new(func);
    let mut conditions: Vec<Value> = Vec::new();
    let mut out = Vec::with_capacity(insts.len());
    for inst in insts {
        if let Op::Math { known: Some((cond, value)), .. } = func.insts[inst].op {
            conditions.push(cond);
            subst.set(func.insts[inst].results[0], value);
        } else {
            out.push(inst);
        }
    }
    for cond in conditions {
        let op = Op::Binary { op: BinaryOp::Band, lhs: good, rhs: cond };
        let both = walk::new_inst(func, op, &[Ty::Bool], line);
        good = func.insts[both].results[0];
        out.push(both);
    }
    func.regions[body].insts = out;
    if let End::Yield(values) = &mut func.regions[body].end
        && let Some(last) = values.last_mut()
    {
        *last = good;
    }
    subst.apply(func, body);
}
