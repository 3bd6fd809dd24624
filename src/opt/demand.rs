//! Masks and extensions that nobody looks behind.
//!
//! Precondition: none; late, as masks say much to `ranges`. Effect: every integer is asked for some of its
//! bits only (all, unless its uses are such as `& mask`, a narrowing or a shift); an operand that is a mask,
//! or an extension of a narrowing, of a value with the same bits where they are asked for, is that value.
//! A mask at the end of each iteration of a loop whose body does not need it is done once, behind the
//! loop. Sweeps over the function until the demands come to rest, a few times; else nothing is done.
//!
//! ```text
//! for i1 v1 in ... (v2 = 5) { v3 = imul v2, 33; v4 = iadd v3, v9; v5 = band v4, 255; yield v5 }
//! ->  v6 = for ... { v3 = imul v2, 33; v4 = iadd v3, v9; yield v4 };  v7 = band v6, 255
//! ```

use crate::mir::effect::{constant, def_op};
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Sweeps before giving up. Demands grow by whole ranges of low bits, so that few are enough.
const SWEEPS: u32 = 8;
const ALL: u64 = u64::MAX;

struct Demand<'a> {
    func: &'a mut Function,
    /// Bits that are asked for, of each value.
    bits: Vec<u64>,
    /// Loops, with the mask that each result may be given behind the loop.
    masks: Vec<(Inst, Vec<Option<u64>>)>,
    /// Where each loop stands in `masks`.
    place: FxHashMap<Inst, usize>,
    /// The last sweep asked for more than those before.
    grown: bool,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let bits = vec![0; func.values.len()];
    let body = func.body;
    let mut demand =
        Demand { func, bits, masks: Vec::new(), place: FxHashMap::default(), grown: true, changed: false };
    demand.find_masks();
    for _ in 0..SWEEPS {
        if !demand.grown {
            break;
        }
        demand.grown = false;
        demand.sweep(body, None);
    }
    if demand.grown {
        return false;
    }
    demand.rewrite(body, None);
    demand.mask_results();
    demand.changed
}

fn ones(ty: Ty) -> u64 {
    eval::canonical(ty, ALL)
}

/// All bits up to the highest one: what carries can come from.
fn up_to(bits: u64) -> u64 {
    if bits == 0 { 0 } else { ALL >> bits.leading_zeros() }
}

impl Demand<'_> {
    /// Finds the results of loops that are masked by one constant at the end of every iteration.
    fn find_masks(&mut self) {
        let func = &*self.func;
        let mut left = vec![false; func.insts.len()];
        let mut loops: Vec<Inst> = Vec::new();
        walk::for_each_region(func, func.body, &mut |region| {
            if let End::Continue { to, .. } = &func.regions[region].end {
                left[to.0 as usize] = true;
            }
            let counted =
                |inst: &Inst| matches!(func.insts[*inst].op, Op::For { mode: LoopMode::Serial, .. });
            loops.extend(func.regions[region].insts.iter().copied().filter(counted));
        });
        for inst in loops {
            let Op::For { init, body, .. } = &func.insts[inst].op else { continue };
            let End::Yield(next) = &func.regions[*body].end else { continue };
            if left[inst.0 as usize] {
                continue;
            }
            let mask = |(init, next): (&Value, &Value)| {
                let Some(Op::Binary { op: BinaryOp::Band, rhs, .. }) = def_op(func, *next) else {
                    return None;
                };
                let mask = constant(func, *rhs)?;
                let start = constant(func, *init)?;
                (func.values[*next].ty == Ty::I64 && start & !mask == 0).then_some(mask as u64)
            };
            self.place.insert(inst, self.masks.len());
            self.masks.push((inst, init.iter().zip(next).map(mask).collect()));
        }
    }

    fn ask(&mut self, value: Value, bits: u64) {
        let known = &mut self.bits[value.0 as usize];
        if bits & !*known != 0 {
            *known |= bits;
            self.grown = true;
        }
    }

    /// What is asked of the value that an end passes at `slot` to `target`.
    fn passed(&self, target: Option<Inst>, slot: usize) -> u64 {
        let Some(target) = target else { return ALL };
        let data = &self.func.insts[target];
        let result = data.results.get(slot).map_or(0, |result| self.bits[result.0 as usize]);
        let carried = |body: Region, slot: usize| self.bits[self.func.regions[body].params[slot].0 as usize];
        if let Op::If { .. } | Op::Block { .. } = data.op {
            result
        } else if let Op::For { body, mode: LoopMode::Serial, .. } = data.op {
            let mask = self.place.get(&target).and_then(|at| self.masks[*at].1[slot]);
            carried(body, slot + 1) | (result & mask.unwrap_or(ALL))
        } else if let Op::Loop { body, .. } = data.op {
            carried(body, slot)
        } else {
            ALL
        }
    }

    /// What an operation asks of each of its operands, in their order.
    fn asks(&self, inst: Inst) -> SmallVec<[(Value, u64); 4]> {
        let func = &*self.func;
        let data = &func.insts[inst];
        let bits = data.results.first().map_or(0, |result| self.bits[result.0 as usize]);
        let carried = |body: Region, slot: usize| self.bits[func.regions[body].params[slot].0 as usize];
        let mut asked = SmallVec::new();
        if let Op::Unary { op: UnaryOp::Bnot, arg } = data.op {
            asked.push((arg, bits));
        } else if let Op::Unary { op: UnaryOp::Ineg, arg } = data.op {
            asked.push((arg, up_to(bits)));
        } else if let Op::Binary { op, lhs, rhs } = data.op {
            let known = constant(func, rhs);
            let (left, right) = match (op, known) {
                (BinaryOp::Band, Some(c)) => (bits & c as u64, ALL),
                (BinaryOp::Band | BinaryOp::Bor | BinaryOp::Bxor, _) => (bits, bits),
                (BinaryOp::Iadd | BinaryOp::Isub | BinaryOp::Imul, _) => (up_to(bits), up_to(bits)),
                (BinaryOp::Ishl, Some(k @ 0..64)) => (bits >> k, ALL),
                (BinaryOp::Ushr, Some(k @ 0..64)) if func.values[lhs].ty == Ty::I64 => (bits << k, ALL),
                _ => (ALL, ALL),
            };
            asked.extend([(lhs, left), (rhs, right)]);
        } else if let Op::Select { cond, then, orelse } = data.op {
            asked.extend([(cond, ALL), (then, bits), (orelse, bits)]);
        } else if let Op::Convert { op: ConvertOp::Trunc | ConvertOp::Zext, arg } = data.op {
            let narrower = ones(func.values[arg].ty) & ones(func.values[data.results[0]].ty);
            asked.push((arg, bits & narrower));
        } else if let Op::For { init, body, mode: LoopMode::Serial, lo, hi } = &data.op {
            asked.extend([(*lo, ALL), (*hi, ALL)]);
            for (slot, value) in init.iter().enumerate() {
                let result = self.bits[data.results[slot].0 as usize];
                asked.push((*value, carried(*body, slot + 1) | result));
            }
        } else if let Op::Loop { init, body } = &data.op {
            asked.extend(init.iter().enumerate().map(|(slot, value)| (*value, carried(*body, slot))));
        } else {
            walk::operands(&data.op, |value| asked.push((value, ALL)));
        }
        asked
    }

    fn target(&self, region: Region, owner: Option<Inst>) -> Option<Inst> {
        match &self.func.regions[region].end {
            End::Yield(_) => owner,
            End::Continue { to, .. } | End::Break { to, .. } => Some(*to),
            End::Return(_) | End::Fail(_) | End::Unreachable => None,
        }
    }

    /// Adds the demands of a region, from its end to its start.
    fn sweep(&mut self, region: Region, owner: Option<Inst>) {
        let target = self.target(region, owner);
        for slot in 0..walk::end_values(&self.func.regions[region].end).len() {
            let bits = self.passed(target, slot);
            let value = walk::end_values(&self.func.regions[region].end)[slot];
            self.ask(value, bits);
        }
        for at in (0..self.func.regions[region].insts.len()).rev() {
            let inst = self.func.regions[region].insts[at];
            for nested in walk::regions(&self.func.insts[inst].op) {
                self.sweep(nested, Some(inst));
            }
            for (value, bits) in self.asks(inst) {
                self.ask(value, bits);
            }
        }
    }

    /// The value behind masks and extensions that change none of the bits.
    fn bare(&self, mut value: Value, bits: u64) -> Value {
        let func = &*self.func;
        loop {
            let inner = match def_op(func, value) {
                Some(Op::Binary { op: BinaryOp::Band, lhs, rhs }) => constant(func, *rhs)
                    .filter(|c| bits & ones(func.values[value].ty) & !(*c as u64) == 0)
                    .map(|_| *lhs),
                Some(Op::Convert { op: ConvertOp::Zext | ConvertOp::Sext, arg }) => {
                    match def_op(func, *arg) {
                        Some(Op::Convert { op: ConvertOp::Trunc, arg: wide })
                            if func.values[*wide].ty == func.values[value].ty
                                && bits & !ones(func.values[*arg].ty) == 0 =>
                        {
                            Some(*wide)
                        }
                        Some(_) | None => None,
                    }
                }
                Some(_) | None => None,
            };
            match inner {
                Some(inner) => value = inner,
                None => return value,
            }
        }
    }

    fn rewrite(&mut self, region: Region, owner: Option<Inst>) {
        for at in 0..self.func.regions[region].insts.len() {
            let inst = self.func.regions[region].insts[at];
            let asked = self.asks(inst);
            let new: Vec<Value> = asked.iter().map(|(value, bits)| self.bare(*value, *bits)).collect();
            let mut op = std::mem::replace(&mut self.func.insts[inst].op, Op::Iconst(0));
            let mut place = 0;
            walk::map_operands(&mut op, |value| {
                self.changed |= *value != new[place];
                *value = new[place];
                place += 1;
            });
            self.func.insts[inst].op = op;
            for nested in walk::regions(&self.func.insts[inst].op) {
                self.rewrite(nested, Some(inst));
            }
        }
        let target = self.target(region, owner);
        let mut values = walk::end_values(&self.func.regions[region].end).to_vec();
        for (slot, value) in values.iter_mut().enumerate() {
            let bare = self.bare(*value, self.passed(target, slot));
            self.changed |= bare != *value;
            *value = bare;
        }
        if let Some(old) = walk::end_values_mut(&mut self.func.regions[region].end) {
            *old = values;
        }
    }

    /// Masks the results of loops whose last iteration does not do it any more.
    fn mask_results(&mut self) {
        let masks = std::mem::take(&mut self.masks);
        let mut subst = Substitution::new(self.func);
        let mut added: Vec<Option<Vec<Inst>>> = vec![None; masks.len()];
        for (at, (inst, masks)) in masks.into_iter().enumerate() {
            let Op::For { body, .. } = self.func.insts[inst].op else { continue };
            let line = self.func.insts[inst].line;
            let next = walk::end_values(&self.func.regions[body].end).to_vec();
            let mut insts = Vec::new();
            for (slot, mask) in masks.into_iter().enumerate() {
                let Some(mask) = mask else { continue };
                let kept = matches!(def_op(self.func, next[slot]), Some(Op::Binary { op: BinaryOp::Band, rhs, .. })
                    if constant(self.func, *rhs).is_some_and(|c| c as u64 & !mask == 0));
                let result = self.func.insts[inst].results[slot];
                if kept || self.bits[result.0 as usize] & !mask == 0 {
                    continue;
                }
                let rhs = walk::place(self.func, Op::Iconst(mask as i64), Ty::I64, line, &mut insts);
                let op = Op::Binary { op: BinaryOp::Band, lhs: result, rhs };
                subst.set(result, walk::place(self.func, op, Ty::I64, line, &mut insts));
            }
            if !insts.is_empty() {
                added[at] = Some(insts);
            }
        }
        if added.iter().all(Option::is_none) {
            return;
        }
        let body = self.func.body;
        subst.apply(self.func, body);
        let mut regions = Vec::new();
        walk::for_each_region(self.func, body, &mut |region| regions.push(region));
        for region in regions {
            let insts = std::mem::take(&mut self.func.regions[region].insts);
            let mut out = Vec::with_capacity(insts.len());
            for inst in insts {
                out.push(inst);
                if let Some(more) = self.place.get(&inst).and_then(|at| added[*at].as_ref()) {
                    out.extend(more);
                }
            }
            self.func.regions[region].insts = out;
        }
    }
}
