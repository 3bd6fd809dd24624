//! The `If`s that passes put around code: a choice between two copies, a load that is done in time.
//!
//! In: instructions that stand nowhere, or that the caller takes from their place. Out: instructions to put
//! there. Invariant: a value that had a name keeps it, so that nothing behind has to be rewritten.

use crate::mir::walk;
use crate::mir::*;

/// A region that does the instructions and yields the values.
pub fn arm(func: &mut Function, insts: Vec<Inst>, results: Vec<Value>) -> Region {
    let region = walk::new_region(func, &[]);
    func.regions[region].insts = insts;
    func.regions[region].end = End::Yield(results);
    region
}

/// A zero of the type, which stands nowhere yet.
pub fn zero(func: &mut Function, ty: Ty, line: SourcePos) -> Inst {
    let op = if ty.is_float() { Op::Fconst(0) } else { Op::Iconst(0) };
    walk::new_inst(func, op, &[ty], line)
}

/// `results of inst = if cond { first } else rare { inst }`.
pub fn choose(
    func: &mut Function,
    cond: Value,
    first: (Vec<Inst>, Vec<Value>),
    inst: Inst,
    out: &mut Vec<Inst>,
) {
    let line = func.insts[inst].line;
    let names = take_results(func, inst);
    let plain = func.insts[inst].results.to_vec();
    let then = arm(func, first.0, first.1);
    let orelse = arm(func, vec![inst], plain);
    func.regions[orelse].rare = true;
    out.push(named(func, Op::If { cond, then, orelse }, names, line));
}

/// `result of load = if lo < hi { load } else { 0 }`: a load in front of a loop that may have no iteration.
/// Returns the two instructions to put there.
pub fn load_if_it_runs(func: &mut Function, load: Inst, lo: Value, hi: Value) -> [Inst; 2] {
    let line = func.insts[load].line;
    let names = take_results(func, load);
    let ty = func.values[names[0]].ty;
    let loaded = func.insts[load].results.to_vec();
    let zero = zero(func, ty, line);
    let nothing = func.insts[zero].results.to_vec();
    let runs = walk::new_inst(func, Op::Compare { cond: Cond::Slt, lhs: lo, rhs: hi }, &[Ty::Bool], line);
    let cond = func.insts[runs].results[0];
    let then = arm(func, vec![load], loaded);
    let orelse = arm(func, vec![zero], nothing);
    [runs, named(func, Op::If { cond, then, orelse }, names, line)]
}

/// An instruction whose results are values that have lost their definition.
fn named(func: &mut Function, op: Op, results: Results, line: SourcePos) -> Inst {
    let inst = func.insts.push(InstData { op, results, line });
    for index in 0..func.insts[inst].results.len() {
        let result = func.insts[inst].results[index];
        func.values[result].def = Def::Result { inst, index: index as u32 };
    }
    inst
}

/// Gives an instruction fresh results; gives back the old ones, which somebody else will define.
fn take_results(func: &mut Function, inst: Inst) -> Results {
    let names = std::mem::take(&mut func.insts[inst].results);
    for (index, name) in names.iter().enumerate() {
        let ty = func.values[*name].ty;
        let fresh = func.values.push(ValueData { ty, def: Def::Result { inst, index: index as u32 } });
        func.insts[inst].results.push(fresh);
    }
    names
}
