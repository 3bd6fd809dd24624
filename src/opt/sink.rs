//! A store with which both arms of an `If` end stands behind it.
//!
//! Precondition: none; best after `gvn` and `licm`, which make one value of equal addresses. Effect: where
//! the last instruction of both arms stores to the same address, the arms yield what they would have stored
//! and one store follows. Inner ones first, so that a chain of `elif` ends in one store. Linear.
//!
//! ```text
//! if v1 { ...; store mem0[v5] = v2; yield } else { ...; store mem0[v5] = v3; yield }
//! ->  v4 = if v1 { ...; yield v2 } else { ...; yield v3 };  store mem0[v5] = v4
//! ```

use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let body = func.body;
    region(func, body)
}

fn region(func: &mut Function, region_: Region) -> bool {
    let mut changed = false;
    let insts = std::mem::take(&mut func.regions[region_].insts);
    let mut out = Vec::with_capacity(insts.len());
    for inst in insts {
        for nested in walk::regions(&func.insts[inst].op) {
            changed |= region(func, nested);
        }
        out.push(inst);
        if let Op::If { then, orelse, .. } = func.insts[inst].op {
            let mut sunk = Vec::new();
            while let Some(store) = sink(func, inst, then, orelse) {
                sunk.push(store);
            }
            changed |= !sunk.is_empty();
            out.extend(sunk.into_iter().rev());
        }
    }
    func.regions[region_].insts = out;
    changed
}

/// Takes one store out of both arms: the store that is to follow.
fn sink(func: &mut Function, inst: Inst, then: Region, orelse: Region) -> Option<Inst> {
    let (yes, no) = (last_store(func, then)?, last_store(func, orelse)?);
    let (Op::Store { mem, addr, value: a }, Op::Store { mem: other_mem, addr: other_addr, value: b }) =
        (&func.insts[yes].op, &func.insts[no].op)
    else {
        return None;
    };
    let (mem, addr, a, b) = (*mem, *addr, *a, *b);
    let ty = func.values[a].ty;
    if (mem, addr, ty) != (*other_mem, *other_addr, func.values[b].ty) {
        return None;
    }
    for (arm, value) in [(then, a), (orelse, b)] {
        let data = &mut func.regions[arm];
        data.insts.pop();
        walk::end_values_mut(&mut data.end)?.push(value);
    }
    let index = func.insts[inst].results.len() as u32;
    let value = func.values.push(ValueData { ty, def: Def::Result { inst, index } });
    func.insts[inst].results.push(value);
    let line = func.insts[yes].line;
    Some(walk::new_inst(func, Op::Store { mem, addr, value }, &[], line))
}

/// The store with which a region ends that comes back.
fn last_store(func: &Function, region: Region) -> Option<Inst> {
    let data = &func.regions[region];
    let last = *data.insts.last()?;
    (matches!(data.end, End::Yield(_)) && matches!(func.insts[last].op, Op::Store { .. })).then_some(last)
}
