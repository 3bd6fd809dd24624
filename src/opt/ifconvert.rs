//! Small arms become choices: where a branch would only pick one of two cheap integers, both are computed.
//!
//! Precondition: none; best late, as an arm knows its condition. Effect: an `If` whose arms hold nothing
//! but a few cheap pure operations and checks, and which yields no float, is replaced by its arms'
//! operations and a `select` for each result that differs; a check stays where it was and passes if its arm
//! was not taken. An arm that stores, loads, divides, calls or leaves is a branch as before, and so is a
//! choice of floats, for which the machine has no instruction; and so is a choice by what was loaded of
//! where to load next (a binary search): the branch, when foretold, does not wait for the load. Inner ones first, so that a chain of
//! choices is bounded by the cost of all of it. Linear.
//!
//! ```text
//! v5 = if v1 { v2 = sshr v9, 1; yield v2 } else { v3, v4 = checked.mul v9, 3; ...; guard v6 ...; yield v3 }
//! ->  v2 = sshr v9, 1;  v3, v4 = checked.mul v9, 3; ...; v7 = bor v6, v1; guard v7 ...;  v5 = select v1, v2, v3
//! ```

use crate::mir::effect::can_speculate;
use crate::mir::remark::RemarkKind;
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::{FxHashMap, FxHashSet};

/// What both arms may cost together: about what a mispredicted branch costs in one of a few times.
const COST: u32 = 10;
/// Choices that one `If` may become.
const SELECTS: usize = 2;

struct Convert<'a> {
    func: &'a mut Function,
    subst: Substitution,
    /// Values that addresses are computed from, in this or a later iteration.
    places: FxHashSet<Value>,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let subst = Substitution::new(func);
    let body = func.body;
    let mut ifs = false;
    walk::for_each_inst(func, body, &mut |_, inst| ifs |= matches!(func.insts[inst].op, Op::If { .. }));
    if !ifs {
        return false;
    }
    let places = places(func);
    let mut convert = Convert { func, subst, places, changed: false };
    convert.region(body);
    convert.changed
}

impl Convert<'_> {
    fn region(&mut self, region: Region) {
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            self.subst.rewrite(&mut self.func.insts[inst].op);
            for nested in walk::regions(&self.func.insts[inst].op) {
                self.region(nested);
            }
            if let Op::If { cond, then, orelse } = self.func.insts[inst].op
                && self.worth(then, orelse)
                && !self.leads_on(inst, cond)
            {
                self.convert(inst, cond, [then, orelse], &mut out);
            } else {
                out.push(inst);
            }
        }
        let mut end = std::mem::replace(&mut self.func.regions[region].end, End::Unreachable);
        self.subst.rewrite_end(&mut end);
        let data = &mut self.func.regions[region];
        data.insts = out;
        data.end = end;
    }

    fn worth(&self, then: Region, orelse: Region) -> bool {
        let func = &*self.func;
        let (End::Yield(yes), End::Yield(no)) = (&func.regions[then].end, &func.regions[orelse].end) else {
            return false;
        };
        let differing = || yes.iter().zip(no).filter(|(a, b)| a != b).map(|(value, _)| *value);
        if differing().any(|value| func.values[value].ty.is_float()) {
            return false;
        }
        let selects = differing().count();
        let mut cost = selects as u32;
        for inst in func.regions[then].insts.iter().chain(&func.regions[orelse].insts) {
            let Some(more) = cost_of(func, *inst) else { return false };
            cost += more;
        }
        (1..=SELECTS).contains(&selects) && cost <= COST
    }

    /// Chooses by a loaded value where to load next.
    fn leads_on(&self, inst: Inst, cond: Value) -> bool {
        let func = &*self.func;
        func.insts[inst].results.iter().any(|result| self.places.contains(result)) && is_loaded(func, cond)
    }

    fn convert(&mut self, inst: Inst, cond: Value, arms: [Region; 2], out: &mut Vec<Inst>) {
        self.changed = true;
        let line = self.func.insts[inst].line;
        self.func.remark(line, || RemarkKind::IfConverted);
        let mut not = None;
        for (arm, taken) in arms.into_iter().zip([true, false]) {
            for moved in std::mem::take(&mut self.func.regions[arm].insts) {
                if let Op::Guard { cond: fine, .. } = self.func.insts[moved].op {
                    // The other arm's condition comes second: the check itself is the one that decides.
                    let other = if taken {
                        *not.get_or_insert_with(|| {
                            let op = Op::Unary { op: UnaryOp::Bnot, arg: cond };
                            walk::place(self.func, op, Ty::Bool, line, out)
                        })
                    } else {
                        cond
                    };
                    let op = Op::Binary { op: BinaryOp::Bor, lhs: fine, rhs: other };
                    let passes = walk::place(self.func, op, Ty::Bool, line, out);
                    if let Op::Guard { cond, .. } = &mut self.func.insts[moved].op {
                        *cond = passes;
                    }
                }
                out.push(moved);
            }
        }
        let [yes, no] = arms.map(|arm| walk::end_values(&self.func.regions[arm].end).to_vec());
        let results = std::mem::take(&mut self.func.insts[inst].results);
        for ((result, then), orelse) in results.into_iter().zip(yes).zip(no) {
            let value = if then == orelse {
                then
            } else {
                let ty = self.func.values[then].ty;
                walk::place(self.func, Op::Select { cond, then, orelse }, ty, line, out)
            };
            self.subst.set(result, value);
        }
    }
}

/// Values that the address of a load depends on, across iterations too.
fn places(func: &Function) -> FxHashSet<Value> {
    let mut owners: FxHashMap<Region, Inst> = FxHashMap::default();
    let mut open: Vec<Value> = Vec::new();
    walk::for_each_inst(func, func.body, &mut |_, inst| {
        let op = &func.insts[inst].op;
        for region in walk::regions(op) {
            owners.insert(region, inst);
        }
        if let Op::Load { addr, .. } = op {
            open.extend(addr.index.map(|(index, _)| index));
        }
    });
    let mut found = FxHashSet::default();
    while let Some(value) = open.pop() {
        if !found.insert(value) {
            continue;
        }
        let (inst, index) = match func.values[value].def {
            Def::Result { inst, index } => (inst, index as usize),
            Def::Param { region, index } => match owners.get(&region) {
                // The first parameter of a `For` is its counter.
                Some(inst) if matches!(func.insts[*inst].op, Op::For { .. }) && index > 0 => {
                    (*inst, index as usize - 1)
                }
                Some(inst) if matches!(func.insts[*inst].op, Op::Loop { .. }) => (*inst, index as usize),
                Some(_) | None => continue,
            },
        };
        let op = &func.insts[inst].op;
        if let Op::For { init, .. } | Op::Loop { init, .. } = op {
            open.extend(init.get(index));
        }
        let mut ends = walk::regions(op).peekable();
        if ends.peek().is_none() {
            walk::operands(op, |operand| open.push(operand));
        }
        for region in ends {
            if let End::Yield(values) = &func.regions[region].end {
                open.extend(values.get(index));
            }
        }
    }
    found
}

/// Whether a value is computed from one that is loaded in the same iteration.
fn is_loaded(func: &Function, value: Value) -> bool {
    let mut open = vec![value];
    let mut seen = FxHashSet::default();
    while let Some(value) = open.pop() {
        let Def::Result { inst, .. } = func.values[value].def else { continue };
        let op = &func.insts[inst].op;
        if matches!(op, Op::Load { .. }) {
            return true;
        }
        if seen.insert(value) && walk::regions(op).next().is_none() {
            walk::operands(op, |operand| open.push(operand));
        }
    }
    false
}

/// What an operation costs where the program would not have done it; `None` if it stays in its arm.
fn cost_of(func: &Function, inst: Inst) -> Option<u32> {
    let op = &func.insts[inst].op;
    if !matches!(op, Op::Guard { .. }) && !can_speculate(func, op) {
        return None;
    }
    match op {
        Op::Iconst(_) | Op::Fconst(_) => Some(0),
        Op::Binary { op, .. } => match op {
            BinaryOp::Iadd
            | BinaryOp::Isub
            | BinaryOp::Ishl
            | BinaryOp::Sshr
            | BinaryOp::Ushr
            | BinaryOp::Band
            | BinaryOp::Bor
            | BinaryOp::Bxor => Some(1),
            BinaryOp::Smin | BinaryOp::Smax | BinaryOp::Umin | BinaryOp::Umax => Some(2),
            BinaryOp::Imul => Some(3),
            BinaryOp::Fadd | BinaryOp::Fsub | BinaryOp::Fmul => Some(4),
            BinaryOp::Sdiv
            | BinaryOp::Udiv
            | BinaryOp::Srem
            | BinaryOp::Urem
            | BinaryOp::FloorDiv
            | BinaryOp::FloorMod
            | BinaryOp::Smulhi
            | BinaryOp::Umulhi
            | BinaryOp::Fdiv
            | BinaryOp::Fmin
            | BinaryOp::Fmax => None,
        },
        Op::Unary { .. } | Op::Compare { .. } | Op::Select { .. } | Op::PtrAdd { .. } | Op::Guard { .. } => {
            Some(1)
        }
        Op::Checked { .. } => Some(2),
        Op::Convert { op, .. } => match op {
            ConvertOp::Sext | ConvertOp::Zext | ConvertOp::Trunc | ConvertOp::Bitcast => Some(1),
            ConvertOp::SintToFloat
            | ConvertOp::UintToFloat
            | ConvertOp::FloatToSint
            | ConvertOp::FloatToSintC
            | ConvertOp::FloatToUint
            | ConvertOp::Fpromote
            | ConvertOp::Fdemote => Some(4),
        },
        Op::Math { .. }
        | Op::Hidden { .. }
        | Op::StackAddr(_)
        | Op::FuncAddr(_)
        | Op::Load { .. }
        | Op::Store { .. }
        | Op::OwnerSet { .. }
        | Op::OwnerTake { .. }
        | Op::Runtime { .. }
        | Op::RuntimeStatus { .. }
        | Op::Call { .. }
        | Op::Block { .. }
        | Op::If { .. }
        | Op::For { .. }
        | Op::Loop { .. } => None,
    }
}
