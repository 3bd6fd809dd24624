//! A loop without a bound that counts its iterations is a counted loop too.
//!
//! Precondition: none; best late, as no trip count follows. Effect: a `Loop` with a carried value that
//! starts at a constant and grows by one on every way to the next iteration becomes a `For` up to the
//! largest integer, which is never reached: the count cannot overflow, and the counter that the program
//! has serves for the interrupt poll. Linear.
//!
//! ```text
//! loop i1 (v1 = 0, v2 = v9) { ...; v5, v6 = checked.add v1, 1; ...; yield v5, v4 }
//! ->  v7 = for v1 in 0..9223372036854775807 (v2 = v9) { ...; v5, v6 = checked.add v1, 1; ...; yield v4 };  unreachable
//! ```

use super::counted::{Nexts, convert, counts, nexts, starts_low};
use crate::mir::*;
use crate::options::Options;

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let nexts = nexts(func);
    let mut places = Vec::new();
    walk::for_each_region(func, func.body, &mut |region| {
        for (place, inst) in func.regions[region].insts.iter().enumerate() {
            if let Op::Loop { init, body } = &func.insts[*inst].op
                && let Some(slot) = counter(func, &nexts, *inst, init, *body)
            {
                // Nothing stands behind a `Loop`.
                places.push((region, place, slot));
                break;
            }
        }
    });
    for (region, place, slot) in &places {
        let inst = func.regions[*region].insts[*place];
        let line = func.insts[inst].line;
        let hi = walk::new_inst(func, Op::Iconst(i64::MAX), &[Ty::I64], line);
        let most = func.insts[hi].results[0];
        convert(func, inst, *slot, most, &nexts[&inst]);
        let data = &mut func.regions[*region];
        data.insts.truncate(*place);
        data.insts.extend([hi, inst]);
        data.end = End::Unreachable;
    }
    !places.is_empty()
}

/// The carried value that counts.
fn counter(func: &Function, nexts: &Nexts, inst: Inst, init: &[Value], body: Region) -> Option<usize> {
    let params = &func.regions[body].params;
    let nexts = nexts.get(&inst)?;
    (0..params.len()).find(|slot| {
        func.values[params[*slot]].ty == Ty::I64
            && starts_low(func, init[*slot])
            && counts(func, nexts, params[*slot], *slot)
    })
}
