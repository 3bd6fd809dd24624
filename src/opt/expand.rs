//! Puts straight code in the place of elementary functions in vector loops.
//!
//! Precondition: loops have been vectorised. Effect: a function that need not have libm's bits (`near`) and
//! stands in a vector loop becomes straight code (`vmath`), and so do all its copies, which have the same
//! source line: an element's value depends neither on the copy of the loop that computes it nor on its
//! place. Linear.
//!
//! ```text
//! for vector v1 in lo..hi { v2 = load [..]; v3 = math.near.sin v2; store [..] = v3 }
//! ->  for vector v1 in lo..hi { v2 = load [..]; v4 = cmp.flt ..; ...; v9 = math.sin v2 unless v4: v7; store [..] = v9 }
//! ```

use crate::builtin::Straight;
use crate::mir::walk;
use crate::mir::{Function, Inst, LoopMode, Op, SourcePos};
use crate::options::Options;
use crate::vmath;
use rustc_hash::FxHashSet;

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut places: FxHashSet<SourcePos> = FxHashSet::default();
    walk::for_each_inst(func, func.body, &mut |_, inst| {
        if let Op::For { body, mode: LoopMode::Vector { .. }, .. } = func.insts[inst].op {
            walk::for_each_inst(func, body, &mut |_, inst| {
                if expands(func, inst) {
                    places.insert(func.insts[inst].line);
                }
            });
        }
    });
    if places.is_empty() {
        return false;
    }
    let mut regions = Vec::new();
    walk::for_each_region(func, func.body, &mut |region| regions.push(region));
    for region in regions {
        let insts = std::mem::take(&mut func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            let taken = expands(func, inst) && places.contains(&func.insts[inst].line);
            match taken.then(|| vmath::expand(func, inst)).flatten() {
                Some(code) => out.extend(code),
                None => out.push(inst),
            }
        }
        func.regions[region].insts = out;
    }
    true
}

fn expands(func: &Function, inst: Inst) -> bool {
    matches!(&func.insts[inst].op, Op::Math { func, near: true, known: None, .. } if func.straight() != Straight::No)
}
