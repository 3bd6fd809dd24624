//! Short innermost loops do several iterations in a turn (partial unrolling).
//!
//! Precondition: best last but for `strength`: nothing behind it reads loops. Effect: a serial `For` without a
//! loop, a call or a way out in it whose body is short, and which does not wait for a long chain through its
//! carried values anyway, becomes a loop of a quarter (or half) of the turns with the body as often in it,
//! and one for the rest. In the copies a value that grows by the same amount in each iteration is the one of the
//! first copy, so that addresses differ in their displacement only, or the one of the copy before plus the
//! amount: no product in the later copies. Growth is on the account of `growth`; rare loops stay. Linear.
//!
//! ```text
//! v4 = for v1 in lo..hi (v2 = v9) { v3 = load mem0[v8 + v1*8]; v5 = iadd v2, v3; yield v5 }
//! ->  v10, v11 = for v12 in 0..(hi - lo)/4 (v13 = lo, v14 = v9) {
//!         v3 = load mem0[v8 + v13*8]; v5 = iadd v14, v3; v6 = load mem0[v8 + v13*8 + 8]; ...; yield v13 + 4, v7
//!     }
//!     v4 = for v1 in v10..hi (v2 = v11) { ... }
//! ```

use super::growth;
use crate::mir::effect::constant;
use crate::mir::remark::RemarkKind;
use crate::mir::walk::{self, Remap};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashMap;

/// Largest bodies that stand in a turn several times, and how often: the loop's own operations weigh little
/// beside a longer body's.
const LARGEST: [(u32, i64); 2] = [(12, 4), (24, 2)];
/// Simple operations that a processor does in a cycle.
const WIDTH: u32 = 6;
/// Operations of the loop itself.
const OVERHEAD: u32 = 3;

/// By how much a value grows from one iteration to the next.
#[derive(Clone, Copy)]
enum Step {
    Constant(i64),
    Unchanging(Value),
}

/// A value of the copies that is one of the first copy and a constant.
type Offsets = FxHashMap<Value, (Value, i64)>;

struct Repeat<'a> {
    func: &'a mut Function,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let body = func.body;
    let mut repeat = Repeat { func, changed: false };
    repeat.region(body);
    repeat.changed
}

impl Repeat<'_> {
    fn region(&mut self, region: Region) {
        if self.func.regions[region].rare {
            return;
        }
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            if let Some(times) = self.pays(inst) {
                self.changed = true;
                let line = self.func.insts[inst].line;
                self.func.remark(line, || RemarkKind::Unrolled { times: times as u32, whole: false });
                self.repeat(inst, times, &mut out);
            } else {
                for nested in walk::regions(&self.func.insts[inst].op) {
                    self.region(nested);
                }
            }
            out.push(inst);
        }
        self.func.regions[region].insts = out;
    }

    /// How many iterations a turn is to have, if several.
    fn pays(&mut self, inst: Inst) -> Option<i64> {
        let Op::For { body, mode: LoopMode::Serial, .. } = self.func.insts[inst].op else { return None };
        let func = &*self.func;
        let data = &func.regions[body];
        if data.rare || data.copies.is_some() || !matches!(data.end, End::Yield(_)) {
            return None;
        }
        let mut size = 0;
        let mut fits = true;
        walk::for_each_region(func, body, &mut |region| {
            let data = &func.regions[region];
            fits &= match &data.end {
                // A search may end at once: counting its turns costs more than it saves.
                End::Break { .. } | End::Return(_) => false,
                End::Continue { to, .. } => *to != inst,
                End::Yield(_) | End::Fail(_) | End::Unreachable => true,
            };
            for inner in &data.insts {
                match cost(&func.insts[*inner].op) {
                    Some((operations, _)) => size += operations,
                    None => fits = false,
                }
            }
        });
        let (_, times) = LARGEST.into_iter().find(|(largest, _)| size <= *largest)?;
        if !fits || size == 0 {
            return None;
        }
        // Several chains side by side, as `jam` makes them, leave no room between their links.
        let (waits, works) = (self.chain(body), (size + OVERHEAD).div_ceil(WIDTH));
        let func = &*self.func;
        let floats = func.regions[body].params.iter().filter(|param| func.values[**param].ty.is_float());
        if waits > works || waits == works && floats.count() > 1 {
            return None;
        }
        growth::takes(self.func, walk::size(self.func, body) * times as usize).then_some(times)
    }

    /// Cycles from an iteration's carried values to the next one's.
    fn chain(&self, body: Region) -> u32 {
        let func = &*self.func;
        let mut ready: FxHashMap<Value, u32> =
            func.regions[body].params.iter().skip(1).map(|param| (*param, 0)).collect();
        self.waits(body, &mut ready);
        walk::end_values(&func.regions[body].end)
            .iter()
            .filter_map(|value| ready.get(value))
            .max()
            .copied()
            .unwrap_or(0)
    }

    /// When the values of a region are there, of those that depend on carried ones.
    fn waits(&self, region: Region, ready: &mut FxHashMap<Value, u32>) {
        let func = &*self.func;
        for inst in &func.regions[region].insts {
            let data = &func.insts[*inst];
            let mut last: Option<u32> = None;
            // What a branch chooses is foretold.
            let mut nested = false;
            for arm in walk::regions(&data.op) {
                nested = true;
                self.waits(arm, ready);
                for value in walk::end_values(&func.regions[arm].end) {
                    last = last.max(ready.get(value).copied());
                }
            }
            if !nested {
                walk::operands(&data.op, |operand| last = last.max(ready.get(&operand).copied()));
            }
            let latency = cost(&data.op).map_or(0, |(_, latency)| latency);
            if let Some(last) = last {
                ready.extend(data.results.iter().map(|result| (*result, last + latency)));
            }
        }
    }

    /// The values of the body that grow evenly: see `Step`.
    fn linear(&self, body: Region) -> FxHashMap<Value, Step> {
        let func = &*self.func;
        let mut inside: Vec<Value> = Vec::new();
        walk::for_each_region(func, body, &mut |region| {
            inside.extend(&func.regions[region].params);
            func.regions[region].insts.iter().for_each(|inst| inside.extend(&func.insts[*inst].results));
        });
        inside.sort_unstable();
        let outside = |value: &Value| inside.binary_search(value).is_err();
        let mut linear = FxHashMap::from_iter([(func.regions[body].params[0], Step::Constant(1))]);
        for inst in &func.regions[body].insts {
            let data = &func.insts[*inst];
            let step = match data.op {
                Op::PtrAdd { base, bytes } if outside(&base) => linear.get(&bytes).copied(),
                Op::Binary { op, lhs, rhs } if func.values[lhs].ty == Ty::I64 => {
                    match (op, linear.get(&lhs), linear.get(&rhs)) {
                        (BinaryOp::Iadd | BinaryOp::Isub, Some(step), None) if outside(&rhs) => Some(*step),
                        (BinaryOp::Iadd, None, Some(step)) if outside(&lhs) => Some(*step),
                        (BinaryOp::Isub, None, Some(Step::Constant(step))) if outside(&lhs) => {
                            Some(Step::Constant(step.wrapping_neg()))
                        }
                        (BinaryOp::Imul, Some(Step::Constant(1)), None) if outside(&rhs) => {
                            Some(constant(func, rhs).map_or(Step::Unchanging(rhs), Step::Constant))
                        }
                        (BinaryOp::Imul, None, Some(Step::Constant(1))) if outside(&lhs) => {
                            Some(constant(func, lhs).map_or(Step::Unchanging(lhs), Step::Constant))
                        }
                        (_, _, _) => None,
                    }
                }
                _ if data.results.is_empty() => None,
                // Others do not grow evenly, or nobody knows.
                Op::Binary { .. } | Op::PtrAdd { .. } => None,
                Op::Iconst(_)
                | Op::Fconst(_)
                | Op::Unary { .. }
                | Op::Checked { .. }
                | Op::Compare { .. }
                | Op::Select { .. }
                | Op::Convert { .. }
                | Op::Math { .. }
                | Op::Load { .. }
                | Op::Store { .. }
                | Op::Hidden { .. }
                | Op::StackAddr(_)
                | Op::FuncAddr(_)
                | Op::Guard { .. }
                | Op::OwnerSet { .. }
                | Op::OwnerTake { .. }
                | Op::Runtime { .. }
                | Op::RuntimeStatus { .. }
                | Op::Call { .. }
                | Op::Block { .. }
                | Op::If { .. }
                | Op::For { .. }
                | Op::Loop { .. } => None,
            };
            if let Some(step) = step {
                linear.insert(data.results[0], step);
            }
        }
        linear
    }

    /// Puts the loop of turns into `out`; the loop itself, which is to follow, does the rest.
    fn repeat(&mut self, inst: Inst, times: i64, out: &mut Vec<Inst>) {
        let line = self.func.insts[inst].line;
        let Op::For { lo, hi, ref init, body, .. } = self.func.insts[inst].op else {
            unreachable!("invariant: a `For`")
        };
        let inits: Vec<Value> = std::iter::once(lo).chain(init.iter().copied()).collect();
        let (none, turns) = self.turns((lo, hi), times, line, out);
        let types: Vec<Ty> = inits.iter().map(|value| self.func.values[*value].ty).collect();
        let params: Vec<Ty> = std::iter::once(Ty::I64).chain(types.iter().copied()).collect();
        let turn = walk::new_region(self.func, &params);
        self.copies(body, turn, times, line);
        self.func.regions[turn].copies = Some(Copies::Turn);
        self.func.regions[body].copies = Some(Copies::Rest);
        let op = Op::For { lo: none, hi: turns, init: inits, body: turn, mode: LoopMode::Serial };
        let made = walk::new_inst(self.func, op, &types, line);
        out.push(made);
        let results = self.func.insts[made].results.clone();
        if let Op::For { lo, init, .. } = &mut self.func.insts[inst].op {
            *lo = results[0];
            *init = results[1..].to_vec();
        }
    }

    /// Zero, and the number of turns.
    fn turns(
        &mut self,
        (lo, hi): (Value, Value),
        times: i64,
        line: SourcePos,
        out: &mut Vec<Inst>,
    ) -> (Value, Value) {
        let func = &mut *self.func;
        let mut make = |op: Op, ty: Ty| walk::place(func, op, ty, line, out);
        let none = make(Op::Iconst(0), Ty::I64);
        // Exact as an unsigned number where there is an iteration at all.
        let distance = make(Op::Binary { op: BinaryOp::Isub, lhs: hi, rhs: lo }, Ty::I64);
        let shift = make(Op::Iconst(i64::from(times.trailing_zeros())), Ty::I64);
        let turns = make(Op::Binary { op: BinaryOp::Ushr, lhs: distance, rhs: shift }, Ty::I64);
        let some = make(Op::Compare { cond: Cond::Slt, lhs: lo, rhs: hi }, Ty::Bool);
        (none, make(Op::Select { cond: some, then: turns, orelse: none }, Ty::I64))
    }

    /// Fills `turn` with `times` copies of the body.
    fn copies(&mut self, body: Region, turn: Region, times: i64, line: SourcePos) {
        let linear = self.linear(body);
        let counter = self.func.regions[body].params[0];
        let first = self.func.regions[turn].params[1];
        let mut carried = self.func.regions[turn].params[2..].to_vec();
        let mut out = Vec::new();
        // Of each value that grows evenly, the one in the first copy and in the last so far.
        let mut grown = FxHashMap::from_iter([(counter, (first, first))]);
        let mut offsets = Offsets::default();
        let original = self.func.regions[body].insts.clone();
        for number in 0..times {
            let mut remap = Remap::default();
            let params = self.func.regions[body].params[1..].to_vec();
            remap.values.extend(params.into_iter().zip(carried));
            if number == 0 {
                remap.values.insert(counter, first);
            } else {
                let value =
                    self.grow(counter, Step::Constant(1), number, &mut grown, &mut offsets, line, &mut out);
                remap.values.insert(counter, value);
            }
            for inst in &original {
                let result = self.func.insts[*inst].results.first().copied();
                if let Some(result) = result
                    && let Some(step) = linear.get(&result)
                    && number > 0
                {
                    let value = self.grow(result, *step, number, &mut grown, &mut offsets, line, &mut out);
                    remap.values.insert(result, value);
                    continue;
                }
                let copy = walk::clone_inst(self.func, None, *inst, &mut remap);
                if let Some(result) = result.filter(|result| linear.contains_key(result)) {
                    let value = remap.value(result);
                    grown.insert(result, (value, value));
                }
                self.displace(copy, &offsets);
                out.push(copy);
            }
            carried =
                walk::end_values(&self.func.regions[body].end).iter().map(|v| remap.value(*v)).collect();
        }
        let step = self.make(Op::Iconst(times), Ty::I64, line, &mut out);
        let next = Op::Binary { op: BinaryOp::Iadd, lhs: first, rhs: step };
        let next = self.make(next, Ty::I64, line, &mut out);
        let data = &mut self.func.regions[turn];
        data.insts = out;
        data.end = End::Yield(std::iter::once(next).chain(carried).collect());
    }

    /// The value in a later copy.
    #[expect(clippy::too_many_arguments, reason = "what the copies share")]
    fn grow(
        &mut self,
        value: Value,
        step: Step,
        number: i64,
        grown: &mut FxHashMap<Value, (Value, Value)>,
        offsets: &mut Offsets,
        line: SourcePos,
        out: &mut Vec<Inst>,
    ) -> Value {
        let (first, last) = grown[&value];
        let ty = self.func.values[first].ty;
        let (from, by) = match step {
            Step::Constant(step) => {
                (first, self.make(Op::Iconst(step.wrapping_mul(number)), Ty::I64, line, out))
            }
            Step::Unchanging(step) => (last, step),
        };
        let op = if ty == Ty::Ptr {
            Op::PtrAdd { base: from, bytes: by }
        } else {
            Op::Binary { op: BinaryOp::Iadd, lhs: from, rhs: by }
        };
        let made = self.make(op, ty, line, out);
        if let Step::Constant(step) = step {
            offsets.insert(made, (first, step.wrapping_mul(number)));
        }
        grown.insert(value, (first, made));
        made
    }

    /// Addresses in a copied instruction begin at what the first copy has.
    fn displace(&mut self, inst: Inst, offsets: &Offsets) {
        if let Op::Load { addr, .. } | Op::Store { addr, .. } = &mut self.func.insts[inst].op {
            let moved = |value: Value, scale: u32, disp: i32| {
                let (first, offset) = offsets.get(&value)?;
                let bytes = offset.checked_mul(i64::from(scale))?.checked_add(i64::from(disp))?;
                Some((*first, i32::try_from(bytes).ok()?))
            };
            if let Some((index, scale)) = addr.index
                && let Some((first, disp)) = moved(index, scale, addr.disp)
            {
                addr.index = Some((first, scale));
                addr.disp = disp;
            }
            if let Some((first, disp)) = moved(addr.base, 1, addr.disp) {
                addr.base = first;
                addr.disp = disp;
            }
        }
        let regions: Vec<Region> = walk::regions(&self.func.insts[inst].op).collect();
        for region in regions {
            for inner in self.func.regions[region].insts.clone() {
                self.displace(inner, offsets);
            }
        }
    }

    fn make(&mut self, op: Op, ty: Ty, line: SourcePos, out: &mut Vec<Inst>) -> Value {
        walk::place(self.func, op, ty, line, out)
    }
}

/// About how many simple operations it is, and after how many cycles its result is there; nothing for what a
/// short loop does not have.
fn cost(op: &Op) -> Option<(u32, u32)> {
    match op {
        Op::Iconst(_) | Op::Fconst(_) => Some((0, 0)),
        Op::Unary { .. } | Op::Compare { .. } | Op::Select { .. } | Op::PtrAdd { .. } => Some((1, 1)),
        Op::Binary { op, .. } => match op {
            BinaryOp::Iadd
            | BinaryOp::Isub
            | BinaryOp::Ishl
            | BinaryOp::Sshr
            | BinaryOp::Ushr
            | BinaryOp::Band
            | BinaryOp::Bor
            | BinaryOp::Bxor => Some((1, 1)),
            BinaryOp::Smin | BinaryOp::Smax | BinaryOp::Umin | BinaryOp::Umax => Some((2, 2)),
            BinaryOp::Imul | BinaryOp::Smulhi | BinaryOp::Umulhi => Some((1, 3)),
            BinaryOp::Fadd | BinaryOp::Fsub | BinaryOp::Fmul => Some((1, 4)),
            BinaryOp::Sdiv
            | BinaryOp::Udiv
            | BinaryOp::Srem
            | BinaryOp::Urem
            | BinaryOp::FloorDiv
            | BinaryOp::FloorMod
            | BinaryOp::Fdiv
            | BinaryOp::Fmin
            | BinaryOp::Fmax => None,
        },
        Op::Checked { op, .. } => Some((2, if *op == CheckedOp::Mul { 3 } else { 1 })),
        Op::Convert { op, .. } => match op {
            ConvertOp::Sext | ConvertOp::Zext | ConvertOp::Trunc => Some((1, 1)),
            ConvertOp::Bitcast
            | ConvertOp::SintToFloat
            | ConvertOp::UintToFloat
            | ConvertOp::FloatToSint
            | ConvertOp::FloatToSintC
            | ConvertOp::FloatToUint
            | ConvertOp::Fpromote
            | ConvertOp::Fdemote => Some((1, 4)),
        },
        Op::Load { .. } => Some((1, 4)),
        Op::Store { .. } | Op::Guard { .. } | Op::If { .. } => Some((1, 0)),
        Op::Math { .. }
        | Op::Hidden { .. }
        | Op::StackAddr(_)
        | Op::FuncAddr(_)
        | Op::OwnerSet { .. }
        | Op::OwnerTake { .. }
        | Op::Runtime { .. }
        | Op::RuntimeStatus { .. }
        | Op::Call { .. }
        | Op::Block { .. }
        | Op::For { .. }
        | Op::Loop { .. } => None,
    }
}
