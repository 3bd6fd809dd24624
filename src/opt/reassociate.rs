//! Sums, minima and the like are formed so that what the previous iteration gives comes last.
//!
//! Precondition: none; best after `carry`, which makes the chains. Effect: in the body of a loop, a tree of one
//! associative operation on integers (wrapping sums, bitwise operations, smallest and largest, also where
//! they are written as a comparison and a choice) is built anew if that shortens the way from a carried value
//! that depends on itself: the operands that are ready first are combined first. A sum of what is ready and
//! of a constant or nothing becomes a choice. Linear in size, but for the sorting of a tree's operands.
//!
//! ```text
//! for v1 in lo..hi (v2 = v9) { ...; v5 = iadd v2, v3; v6 = iadd v5, v4; yield v6 }
//! ->  for v1 in lo..hi (v2 = v9) { ...; v5 = iadd v3, v4; v6 = iadd v2, v5; yield v6 }
//! ```

use super::algebra::associates;
use crate::mir::effect::{constant, def_op};
use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashMap;

/// Carried values of a loop that are looked at.
const MOST: usize = 64;

/// When a value is ready: 0 if it does not wait for the previous iteration.
type Time = u32;

struct Body<'a> {
    func: &'a mut Function,
    uses: &'a mut Vec<u32>,
    /// Of the values in the body: the carried values that they depend on, as bits, and when they are ready.
    reach: FxHashMap<Value, (u64, Time)>,
    /// Carried values that depend on themselves.
    recurrent: u64,
}

/// One operation of a tree.
struct Node {
    op: BinaryOp,
    operands: [Value; 2],
    /// The comparison, where the node is a choice.
    compare: Option<Inst>,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut bodies = Vec::new();
    walk::for_each_inst(func, func.body, &mut |region, inst| {
        let op = &func.insts[inst].op;
        if let Op::For { body, mode: LoopMode::Serial, .. } | Op::Loop { body, .. } = op
            && !func.regions[region].rare
        {
            bodies.push((*body, usize::from(matches!(op, Op::For { .. }))));
        }
    });
    let mut changed = false;
    let mut uses = walk::use_counts(func);
    for (body, counters) in bodies {
        let carried = func.regions[body].params[counters..].to_vec();
        let next = walk::end_values(&func.regions[body].end).to_vec();
        if carried.is_empty() || carried.len() > MOST || next.len() != carried.len() {
            continue;
        }
        let mut pass = Body { func, uses: &mut uses, reach: FxHashMap::default(), recurrent: u64::MAX };
        pass.follow(body, &carried);
        pass.recurrent = recurrent(next.iter().map(|value| pass.mask(*value)).collect());
        if pass.recurrent != 0 {
            pass.follow(body, &carried);
            changed |= pass.rebuild(body);
        }
    }
    changed
}

/// Of carried values whose next ones depend on these others: those that depend on themselves.
fn recurrent(mut masks: Vec<u64>) -> u64 {
    loop {
        let wider: Vec<u64> = masks.iter().map(|mask| bits(*mask).fold(*mask, |m, k| m | masks[k])).collect();
        if wider == masks {
            return (0..masks.len()).filter(|k| masks[*k] >> k & 1 == 1).fold(0, |set, k| set | 1 << k);
        }
        masks = wider;
    }
}

fn bits(mask: u64) -> impl Iterator<Item = usize> {
    (0..MOST).filter(move |k| mask >> k & 1 == 1)
}

impl Body<'_> {
    fn mask(&self, value: Value) -> u64 {
        self.reach.get(&value).map_or(0, |(mask, _)| *mask)
    }

    fn time(&self, value: Value) -> Time {
        self.reach.get(&value).map_or(0, |(_, time)| *time)
    }

    /// Finds what each value of the body depends on and when it is ready.
    fn follow(&mut self, body: Region, carried: &[Value]) {
        self.reach.clear();
        for (k, param) in carried.iter().enumerate() {
            let mask = 1 << k;
            self.reach.insert(*param, (mask, u32::from(mask & self.recurrent != 0)));
        }
        for inst in self.func.regions[body].insts.clone() {
            self.arrive(inst);
        }
    }

    /// The results of an operation and of what it holds.
    fn arrive(&mut self, inst: Inst) {
        let (mut mask, mut time) = (0, 0);
        self.gather(inst, &mut mask, &mut time);
        if mask & self.recurrent != 0 {
            time += self.latency(inst);
        } else {
            time = 0;
        }
        for result in self.func.insts[inst].results.clone() {
            self.reach.insert(result, (mask, time));
        }
    }

    fn gather(&self, inst: Inst, mask: &mut u64, time: &mut Time) {
        let mut seen = |value: Value| {
            *mask |= self.mask(value);
            *time = (*time).max(self.time(value));
        };
        let op = &self.func.insts[inst].op;
        walk::operands(op, &mut seen);
        for region in walk::regions(op) {
            walk::end_values(&self.func.regions[region].end).iter().copied().for_each(&mut seen);
        }
        for region in walk::regions(op) {
            for inner in &self.func.regions[region].insts {
                self.gather(*inner, mask, time);
            }
        }
    }

    /// About how long an operation takes, in cycles.
    fn latency(&self, inst: Inst) -> Time {
        match &self.func.insts[inst].op {
            Op::Binary { op, .. } => latency(*op),
            Op::Select { .. } => 1,
            Op::Load { .. } | Op::Convert { .. } => 4,
            Op::Checked { op: CheckedOp::Mul, .. } => 3,
            Op::Math { .. }
            | Op::Runtime { .. }
            | Op::RuntimeStatus { .. }
            | Op::Call { .. }
            | Op::For { .. }
            | Op::Loop { .. } => 20,
            Op::If { .. } | Op::Block { .. } => 3,
            Op::Iconst(_)
            | Op::Fconst(_)
            | Op::Unary { .. }
            | Op::Checked { op: CheckedOp::Add | CheckedOp::Sub, .. }
            | Op::Compare { .. }
            | Op::PtrAdd { .. }
            | Op::Store { .. }
            | Op::Hidden { .. }
            | Op::StackAddr(_)
            | Op::FuncAddr(_)
            | Op::Guard { .. }
            | Op::OwnerSet { .. }
            | Op::OwnerTake { .. } => 1,
        }
    }

    fn rebuild(&mut self, body: Region) -> bool {
        let insts = self.func.regions[body].insts.clone();
        let place: FxHashMap<Inst, usize> = insts.iter().enumerate().map(|(at, inst)| (*inst, at)).collect();
        // What stands in place of each instruction.
        let mut becomes: Vec<Vec<Inst>> = insts.iter().map(|inst| vec![*inst]).collect();
        let mut changed = false;
        // Roots come behind their trees.
        for at in (0..insts.len()).rev() {
            let inst = insts[at];
            if becomes[at] != [inst] {
                continue;
            }
            if let Some((added, made)) = self.choice_of_sums(inst, &place) {
                becomes[place[&added]].clear();
                becomes[at] = made;
                changed = true;
                continue;
            }
            let Some(root) = self.node(inst, &place) else { continue };
            let (mut leaves, mut inner) = (Vec::new(), Vec::new());
            self.flatten(&root, &place, &mut leaves, &mut inner);
            let result = self.func.insts[inst].results[0];
            if leaves.len() < 3 {
                continue;
            }
            leaves.sort_by_key(|leaf| std::cmp::Reverse(self.time(*leaf)));
            if self.ready(root.op, &leaves) >= self.time(result) {
                continue;
            }
            changed = true;
            for gone in inner.into_iter().chain(root.compare) {
                becomes[place[&gone]].clear();
            }
            becomes[at] = self.build(inst, root.op, leaves);
        }
        self.func.regions[body].insts = becomes.concat();
        changed
    }

    /// A sum with a number that a condition decides on, zero or another, as a choice of two numbers: what was chosen
    /// before, and the instructions in its place. The flag of a comparison becomes a number in a register whose old
    /// value the processor waits for, which may be one of the chain.
    fn choice_of_sums(&mut self, inst: Inst, place: &FxHashMap<Inst, usize>) -> Option<(Inst, Vec<Inst>)> {
        let &InstData { op: Op::Binary { op: BinaryOp::Iadd, lhs, rhs }, ref results, line } =
            &self.func.insts[inst]
        else {
            return None;
        };
        let ty = self.func.values[results[0]].ty;
        let (x, chosen) = [(lhs, rhs), (rhs, lhs)].into_iter().find(|(x, chosen)| {
            matches!(def_op(self.func, *chosen), Some(Op::Select { .. }))
                && self.uses[chosen.0 as usize] == 1
                && self.time(*x) == 0
                && constant(self.func, *x).is_none()
        })?;
        let Def::Result { inst: added, .. } = self.func.values[chosen].def else { return None };
        let Op::Select { cond, then, orelse } = self.func.insts[added].op else { return None };
        let (first, second) = (constant(self.func, then)?, constant(self.func, orelse)?);
        if ty != Ty::I64 || !place.contains_key(&added) || (first == 0) == (second == 0) {
            return None;
        }
        let mut made = Vec::new();
        let rhs = if first == 0 { orelse } else { then };
        let sum = walk::place(self.func, Op::Binary { op: BinaryOp::Iadd, lhs: x, rhs }, ty, line, &mut made);
        self.uses.push(1);
        let (then, orelse) = if first == 0 { (x, sum) } else { (sum, x) };
        self.func.insts[inst].op = Op::Select { cond, then, orelse };
        made.push(inst);
        Some((added, made))
    }

    /// The operation as a node of a tree, if it stands in the body.
    fn node(&self, inst: Inst, place: &FxHashMap<Inst, usize>) -> Option<Node> {
        place.get(&inst)?;
        let data = &self.func.insts[inst];
        if let Op::Binary { op, lhs, rhs } = &data.op {
            return associates(*op).then_some(Node { op: *op, operands: [*lhs, *rhs], compare: None });
        }
        let Op::Select { cond, then, orelse } = &data.op else { return None };
        let Def::Result { inst: compare, .. } = self.func.values[*cond].def else { return None };
        let Some(Op::Compare { cond: test, lhs, rhs }) = def_op(self.func, *cond) else { return None };
        let swapped = (lhs, rhs) == (orelse, then);
        if self.uses[cond.0 as usize] != 1
            || !place.contains_key(&compare)
            || matches!(self.func.values[*then].ty, Ty::Ptr | Ty::Bool)
            || !(swapped || (lhs, rhs) == (then, orelse))
        {
            return None;
        }
        let (least, most) = match test {
            Cond::Slt | Cond::Sle | Cond::Sgt | Cond::Sge => (BinaryOp::Smin, BinaryOp::Smax),
            Cond::Ult | Cond::Ule | Cond::Ugt | Cond::Uge => (BinaryOp::Umin, BinaryOp::Umax),
            Cond::Eq | Cond::Ne | Cond::Feq | Cond::Flt | Cond::Fle | Cond::Fgt | Cond::Fge | Cond::Fne => {
                return None;
            }
        };
        let less = matches!(test, Cond::Slt | Cond::Sle | Cond::Ult | Cond::Ule);
        let op = if less == swapped { most } else { least };
        Some(Node { op, operands: [*then, *orelse], compare: Some(compare) })
    }

    /// The operands of the tree, and the operations between them and the root.
    fn flatten(
        &self,
        node: &Node,
        place: &FxHashMap<Inst, usize>,
        leaves: &mut Vec<Value>,
        inner: &mut Vec<Inst>,
    ) {
        // A choice names each operand twice.
        let named = 1 + u32::from(node.compare.is_some());
        for operand in node.operands {
            if self.uses[operand.0 as usize] == named
                && let Def::Result { inst, .. } = self.func.values[operand].def
                && let Some(below) = self.node(inst, place)
                && below.op == node.op
            {
                inner.push(inst);
                inner.extend(below.compare);
                self.flatten(&below, place, leaves, inner);
            } else {
                leaves.push(operand);
            }
        }
    }

    /// When the tree of these operands, latest first, would be ready.
    fn ready(&self, op: BinaryOp, leaves: &[Value]) -> Time {
        let mut times: Vec<Time> = leaves.iter().map(|leaf| self.time(*leaf)).collect();
        while let (Some(a), Some(b)) = (times.pop(), times.pop()) {
            let time = joined(op, a, b);
            if times.is_empty() {
                return time;
            }
            times.insert(times.partition_point(|other| *other > time), time);
        }
        0
    }

    /// Combines the operands, those that are ready first first; the last operation is `root`.
    fn build(&mut self, root: Inst, op: BinaryOp, mut leaves: Vec<Value>) -> Vec<Inst> {
        let line = self.func.insts[root].line;
        let ty = self.func.values[self.func.insts[root].results[0]].ty;
        let mut made = Vec::new();
        while let (Some(lhs), Some(rhs)) = (leaves.pop(), leaves.pop()) {
            let combined = Op::Binary { op, lhs: rhs, rhs: lhs };
            if leaves.is_empty() {
                self.func.insts[root].op = combined;
                break;
            }
            let time = joined(op, self.time(lhs), self.time(rhs));
            let value = walk::place(self.func, combined, ty, line, &mut made);
            self.reach.insert(value, (0, time));
            self.uses.push(1);
            leaves.insert(leaves.partition_point(|other| self.time(*other) > time), value);
        }
        made.push(root);
        made
    }
}

fn joined(op: BinaryOp, a: Time, b: Time) -> Time {
    if a.max(b) == 0 { 0 } else { a.max(b) + latency(op) }
}

fn latency(op: BinaryOp) -> Time {
    match op {
        BinaryOp::Iadd
        | BinaryOp::Isub
        | BinaryOp::Ishl
        | BinaryOp::Sshr
        | BinaryOp::Ushr
        | BinaryOp::Band
        | BinaryOp::Bor
        | BinaryOp::Bxor => 1,
        BinaryOp::Smin | BinaryOp::Smax | BinaryOp::Umin | BinaryOp::Umax => 2,
        BinaryOp::Imul
        | BinaryOp::Smulhi
        | BinaryOp::Umulhi
        | BinaryOp::Fadd
        | BinaryOp::Fsub
        | BinaryOp::Fmul
        | BinaryOp::Fmin
        | BinaryOp::Fmax => 3,
        BinaryOp::Sdiv
        | BinaryOp::Udiv
        | BinaryOp::Srem
        | BinaryOp::Urem
        | BinaryOp::FloorDiv
        | BinaryOp::FloorMod
        | BinaryOp::Fdiv => 14,
    }
}
