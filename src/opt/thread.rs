//! A choice of floats by what an `If` yields is made in its arms, one of which decides it.
//!
//! Precondition: late: to other passes a `select` says more; no `If` is made one behind it. Effect: where a
//! truth value that an `If` yields is only read by choices of floats behind it, and is constant in
//! one arm, that arm yields what is chosen, and the other one chooses: the machine has no instruction for
//! it and would jump twice. Linear.
//!
//! ```text
//! v3 = if v1 { yield true } else { ...; v2 = cmp.flt v8, v9; yield v2 };  v4 = select v3, v5, v6
//! ->  v4 = if v1 { yield v5 } else { ...; v2 = cmp.flt v8, v9; v7 = select v2, v5, v6; yield v7 }
//! ```

use crate::mir::effect::constant;
use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut regions = Vec::new();
    walk::for_each_region(func, func.body, &mut |region| {
        let chooses = |inst: &Inst| matches!(func.insts[*inst].op, Op::Select { .. });
        if func.regions[region].insts.iter().any(chooses) {
            regions.push(region);
        }
    });
    if regions.is_empty() {
        return false;
    }
    let uses = walk::use_counts(func);
    let mut changed = false;
    for region in regions {
        changed |= thread(func, region, &uses);
    }
    changed
}

fn thread(func: &mut Function, region: Region, uses: &[u32]) -> bool {
    let insts = func.regions[region].insts.clone();
    let mut taken = Vec::new();
    for (place, inst) in insts.iter().enumerate() {
        let Op::If { then, orelse, .. } = func.insts[*inst].op else { continue };
        for index in (0..func.insts[*inst].results.len()).rev() {
            let cond = func.insts[*inst].results[index];
            let choices = choices(func, &insts[place + 1..], cond);
            if !choices.is_empty()
                && choices.len() == uses[cond.0 as usize] as usize
                && decided(func, [then, orelse], index)
            {
                for choice in &choices {
                    choose_in_arms(func, *inst, [then, orelse], index, *choice);
                }
                forget(func, *inst, [then, orelse], index);
                taken.extend(choices);
            }
        }
    }
    func.regions[region].insts.retain(|inst| !taken.contains(inst));
    !taken.is_empty()
}

/// The choices of floats by a condition among these instructions, as far as they could be made in front of them.
fn choices(func: &Function, insts: &[Inst], cond: Value) -> Vec<Inst> {
    let mut found = Vec::new();
    let mut between: Vec<Value> = Vec::new();
    for inst in insts {
        let data = &func.insts[*inst];
        if let Op::Select { cond: by, then, orelse } = data.op
            && by == cond
            && func.values[then].ty.is_float()
            && ![then, orelse].iter().any(|value| *value == cond || between.contains(value))
        {
            found.push(*inst);
        } else {
            between.extend(&data.results);
        }
    }
    found
}

/// Both arms come back, and one of them with a constant.
fn decided(func: &Function, arms: [Region; 2], index: usize) -> bool {
    let yielded = arms.map(|arm| match &func.regions[arm].end {
        End::Yield(values) => Some(constant(func, values[index]).is_some()),
        End::Continue { .. } | End::Break { .. } | End::Return(_) | End::Fail(_) | End::Unreachable => None,
    });
    yielded.iter().all(Option::is_some) && yielded.contains(&Some(true))
}

fn choose_in_arms(func: &mut Function, inst: Inst, arms: [Region; 2], index: usize, choice: Inst) {
    let Op::Select { then, orelse, .. } = func.insts[choice].op else { return };
    let line = func.insts[choice].line;
    let result = func.insts[choice].results[0];
    let ty = func.values[result].ty;
    for arm in arms {
        let given = walk::end_values(&func.regions[arm].end).to_vec();
        let results = &func.insts[inst].results;
        let here =
            |value: Value| results.iter().position(|result| *result == value).map_or(value, |at| given[at]);
        let (cond, then, orelse) = (given[index], here(then), here(orelse));
        let chosen = match constant(func, cond) {
            Some(truth) => {
                if truth != 0 {
                    then
                } else {
                    orelse
                }
            }
            None => {
                let mut insts = std::mem::take(&mut func.regions[arm].insts);
                let chosen = walk::place(func, Op::Select { cond, then, orelse }, ty, line, &mut insts);
                func.regions[arm].insts = insts;
                chosen
            }
        };
        if let Some(values) = walk::end_values_mut(&mut func.regions[arm].end) {
            values.push(chosen);
        }
    }
    func.values[result].def = Def::Result { inst, index: func.insts[inst].results.len() as u32 };
    func.insts[inst].results.push(result);
}

/// Drops a result that nothing reads.
fn forget(func: &mut Function, inst: Inst, arms: [Region; 2], index: usize) {
    for arm in arms {
        if let Some(values) = walk::end_values_mut(&mut func.regions[arm].end) {
            values.remove(index);
        }
    }
    let keep: Vec<bool> = (0..func.insts[inst].results.len()).map(|at| at != index).collect();
    walk::retain_results(func, inst, &keep);
}
