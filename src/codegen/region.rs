//! Regions to blocks: branches and loops.
//!
//! In: MIR regions. Out: Cranelift blocks; values that meet are block parameters. Invariant: after an
//! instruction with regions, the open block is the one where its results are.

use super::abi::clif;
use super::func::Emit;
use super::poll::{Around, STRIP};
use crate::mir::{BinaryOp, Cond, Copies, Def, End, Inst, Op, Region, Ty, UnaryOp, Value, effect, walk};
use cranelift_codegen::ir::{self, Block, BlockArg, InstBuilder, condcodes::IntCC, types};

/// Where an arm of an `If` begins.
struct Arm {
    block: Block,
    args: Vec<BlockArg>,
    /// The block belongs to somebody else, who fills it.
    direct: bool,
}

impl Emit<'_, '_> {
    /// Emits the region into the open block. `Yield` jumps to `next`.
    pub fn region(&mut self, region: Region, next: Option<Block>) {
        let mark = self.contents(region);
        self.end(region, next);
        self.forget(mark);
    }

    fn end(&mut self, region: Region, next: Option<Block>) {
        match &self.mir.regions[region].end {
            End::Yield(values) => {
                let args = self.args(values);
                self.b.ins().jump(next.expect("invariant: a function's body does not yield"), &args);
            }
            End::Continue { to, args } | End::Break { to, args } => {
                let args = self.args(args);
                let target = self.targets[to];
                self.b.ins().jump(target, &args);
            }
            End::Return(values) => self.leave(values),
            End::Fail(fail) => {
                let back = self.back_to(next);
                self.fail(fail, back);
            }
            End::Unreachable => {
                self.b.ins().trap(ir::TrapCode::unwrap_user(1));
            }
        }
    }

    /// Emits a loop's body into the open block; behind it, what the next iteration begins with. Where nothing
    /// else leads there, that is the same block: each block costs the register allocator time.
    fn iteration(&mut self, inst: Inst, body: Region, carried: &[Value]) -> Vec<BlockArg> {
        if self.is_between_nests() {
            let aside = self.put_aside();
            let args = self.one_iteration(inst, body, carried);
            self.take_up(aside);
            return args;
        }
        self.one_iteration(inst, body, carried)
    }

    fn one_iteration(&mut self, inst: Inst, body: Region, carried: &[Value]) -> Vec<BlockArg> {
        if let End::Yield(values) = &self.mir.regions[body].end
            && !self.continued.contains(&inst)
        {
            let mark = self.contents(body);
            let args = self.args(values);
            self.forget(mark);
            return args;
        }
        let latch = self.block_for(carried);
        self.targets.insert(inst, latch);
        self.region(body, Some(latch));
        self.b.switch_to_block(latch);
        self.b.block_params(latch).iter().map(|value| BlockArg::Value(*value)).collect()
    }

    /// Emits the instructions of the region into the open block. What its end uses is at hand then; the mark is
    /// that of what was before.
    fn contents(&mut self, region: Region) -> usize {
        let func = self.mir;
        let data = &func.regions[region];
        let insts = &data.insts;
        let mark = self.mark();
        self.keep(&data.params);
        let mut place = 0;
        while let Some(inst) = insts.get(place) {
            let choices = self.choices(&insts[place..]);
            if choices > 0 {
                for inst in &insts[place..place + choices] {
                    walk::operands(&func.insts[*inst].op, |value| self.fetch(value));
                }
                self.choose(&insts[place..place + choices]);
                for inst in &insts[place..place + choices] {
                    self.keep(&func.insts[*inst].results);
                }
                place += choices;
                continue;
            }
            place += 1;
            if self.is_between_nests() {
                self.inst_between_nests(*inst, mark);
                continue;
            }
            if let Op::Guard { cond, fail } = &func.insts[*inst].op
                && self.guard_of_loaded_index(region, place - 1, *cond, fail)
            {
                continue;
            }
            self.inst(*inst);
        }
        walk::end_values(&data.end).iter().for_each(|value| self.fetch(*value));
        mark
    }

    /// How many of these instructions, from the first on, choose by one condition, if one of them chooses
    /// floats: the machine has no instruction for that, and Cranelift would jump for each.
    fn choices(&self, insts: &[Inst]) -> usize {
        let func = self.mir;
        let Some(&Op::Select { cond: first, .. }) = insts.first().map(|inst| &func.insts[*inst].op) else {
            return 0;
        };
        let mut made = Vec::new();
        let chooses = |inst: &&Inst| {
            let Op::Select { cond, then, orelse } = func.insts[**inst].op else { return false };
            let fits = cond == first && !made.contains(&then) && !made.contains(&orelse);
            made.push(func.insts[**inst].results[0]);
            fits
        };
        let count = insts.iter().take_while(chooses).count();
        let jumps = insts[..count].iter().any(|inst| {
            self.ty(func.insts[*inst].results[0]).is_float() && !self.is_extreme(&func.insts[*inst].op)
        });
        if jumps && (count > 1 || !self.is_comparison(first)) { count } else { 0 }
    }

    /// A choice of the lesser or the greater of two floats: one instruction.
    fn is_extreme(&self, op: &Op) -> bool {
        let Op::Select { cond, then, orelse } = *op else { return false };
        let Some(&Op::Compare { cond: Cond::Flt | Cond::Fgt, lhs, rhs }) = self.op(cond) else {
            return false;
        };
        (then, orelse) == (lhs, rhs) || (then, orelse) == (rhs, lhs)
    }

    /// Choices by one condition as a branch.
    fn choose(&mut self, insts: &[Inst]) {
        let func = self.mir;
        let (mut results, mut yes, mut no, mut test) = (Vec::new(), Vec::new(), Vec::new(), None);
        for inst in insts {
            if let Op::Select { cond, then, orelse } = func.insts[*inst].op {
                test = Some(cond);
                results.push(func.insts[*inst].results[0]);
                yes.push(then);
                no.push(orelse);
            }
        }
        let Some(cond) = test else { return };
        let done = self.block_for(&results);
        let (yes, no) = (self.args(&yes), self.args(&no));
        self.branch_away(cond, true, (done, &yes), (done, &no));
        self.open_with(done, &results);
    }

    /// The way back from a failing arm: to what follows the `If`, which must ask for no values.
    fn back_to(&self, next: Option<Block>) -> Option<Block> {
        next.filter(|block| self.b.block_params(*block).is_empty()).and_then(|block| self.way_back(block))
    }

    /// A block with a parameter for each value.
    pub fn block_for(&mut self, values: &[Value]) -> Block {
        let block = self.b.create_block();
        for value in values {
            self.b.append_block_param(block, clif(self.ty(*value)));
        }
        block
    }

    /// Opens the block and binds its parameters to the values.
    pub fn open_with(&mut self, block: Block, values: &[Value]) {
        self.b.switch_to_block(block);
        for (index, value) in values.iter().enumerate() {
            let param = self.b.block_params(block)[index];
            self.set(*value, param);
        }
    }

    /// The condition without the logical nots around it, and whether it is to be inverted: a branch takes
    /// its arms the other way round for nothing.
    pub fn peel_not(&self, mut cond: Value) -> (Value, bool) {
        let mut inverted = false;
        while let Def::Result { inst, .. } = self.mir.values[cond].def
            && let Op::Unary { op: UnaryOp::Bnot, arg } = self.mir.insts[inst].op
        {
            cond = arg;
            inverted = !inverted;
        }
        (cond, inverted)
    }

    fn is_comparison(&self, value: Value) -> bool {
        matches!(self.op(value), Some(Op::Compare { .. }))
    }

    /// Ends the block: to `leave` if the condition is `when`, else to `stay`.
    ///
    /// The way out of a loop is always the taken arm of the branch: Cranelift visits that arm last, and
    /// once it has visited a block outside the loop it moves nothing more out of the loop.
    pub fn branch_away(
        &mut self,
        cond: Value,
        when: bool,
        leave: (Block, &[BlockArg]),
        stay: (Block, &[BlockArg]),
    ) {
        let (cond, inverted) = self.peel_not(cond);
        // `a and b` in a loop: two fused comparisons are shorter than two flags and their conjunction.
        if when == inverted
            && self.around.arms.is_some()
            && let Some(&Op::Binary { op: BinaryOp::Band, lhs, rhs }) = self.op(cond)
            && self.is_comparison(lhs)
            && self.is_comparison(rhs)
        {
            let both = self.b.create_block();
            let first = self.complement(lhs);
            self.b.ins().brif(first, leave.0, leave.1, both, &[]);
            self.b.switch_to_block(both);
            let second = self.complement(rhs);
            self.b.ins().brif(second, leave.0, leave.1, stay.0, stay.1);
            return;
        }
        // `a or b` in a loop, of a check: the second is rarely asked.
        if when == inverted
            && self.around.arms.is_some()
            && let Some(&Op::Binary { op: BinaryOp::Bor, lhs, rhs }) = self.op(cond)
        {
            let otherwise = self.b.create_block();
            self.b.set_cold_block(otherwise);
            let first = self.refuted(lhs);
            self.b.ins().brif(first, otherwise, &[], stay.0, stay.1);
            self.b.switch_to_block(otherwise);
            let second = self.refuted(rhs);
            self.b.ins().brif(second, leave.0, leave.1, stay.0, stay.1);
            return;
        }
        let cond = if when == inverted { self.complement(cond) } else { self.value(cond) };
        self.b.ins().brif(cond, leave.0, leave.1, stay.0, stay.1);
    }

    /// The opposite of a Bool, without the nots around it.
    fn refuted(&mut self, cond: Value) -> ir::Value {
        let (cond, inverted) = self.peel_not(cond);
        if inverted { self.value(cond) } else { self.complement(cond) }
    }

    pub fn emit_if(&mut self, inst: Inst, cond: Value, then: Region, orelse: Region) {
        let results = &self.mir.insts[inst].results;
        let done = self.block_for(results);
        let (yes, no) = (self.arm(then, done), self.arm(orelse, done));
        if self.leaves(orelse) && !self.leaves(then) {
            self.branch_away(cond, false, (no.block, &no.args), (yes.block, &yes.args));
        } else {
            self.branch_away(cond, true, (yes.block, &yes.args), (no.block, &no.args));
        }
        let outside = self.around;
        let arms = outside.arms.map(|arms| arms + 1);
        for (region, arm) in [(then, yes), (orelse, no)] {
            if !arm.direct {
                self.b.switch_to_block(arm.block);
                let first = self.b.func.dfg.num_blocks();
                let rare = outside.rare || self.mir.regions[region].rare;
                self.around = Around { arms, rare, ..outside };
                self.region(region, Some(done));
                // All that it consists of stands behind the rest of the function.
                if self.mir.regions[region].rare {
                    let inside = first..self.b.func.dfg.num_blocks();
                    inside.for_each(|block| self.b.set_cold_block(Block::from_u32(block as u32)));
                }
            }
        }
        self.around = outside;
        self.open_with(done, results);
    }

    /// True if the region's end is not inside the innermost loop around it.
    fn leaves(&self, region: Region) -> bool {
        match self.mir.regions[region].end {
            End::Yield(_) | End::Continue { .. } => false,
            End::Break { .. } | End::Return(_) | End::Fail(_) | End::Unreachable => true,
        }
    }

    /// Where an arm begins. An arm without instructions is the edge to where it goes.
    fn arm(&mut self, region: Region, done: Block) -> Arm {
        let data = &self.mir.regions[region];
        let target = match &data.end {
            _ if !data.insts.is_empty() => None,
            // Cranelift gives the edge from a rare branch to a place of many ways a block, among those of the
            // rest.
            End::Yield(_) | End::Continue { .. } | End::Break { .. } if self.around.rare => None,
            End::Yield(values) => Some((done, self.args(values))),
            End::Continue { to, args } | End::Break { to, args } => Some((self.targets[to], self.args(args))),
            End::Fail(fail) => {
                let back = self.back_to(Some(done));
                Some((self.fail_block(fail, back), Vec::new()))
            }
            End::Return(_) | End::Unreachable => None,
        };
        if let Some((block, args)) = target {
            return Arm { block, args, direct: true };
        }
        let block = self.b.create_block();
        if data.rare || matches!(data.end, End::Fail(_)) {
            self.b.set_cold_block(block);
        }
        Arm { block, args: Vec::new(), direct: false }
    }

    pub fn emit_block(&mut self, inst: Inst, body: Region) {
        let results = &self.mir.insts[inst].results;
        let done = self.block_for(results);
        self.targets.insert(inst, done);
        self.region(body, Some(done));
        self.open_with(done, results);
    }

    pub fn emit_loop(&mut self, inst: Inst, init: &[Value], body: Region) {
        let func = self.mir;
        let params = &func.regions[body].params;
        let innermost = self.heights[body.0 as usize] == 0;
        if innermost {
            self.look_at_next(body, params);
        }
        let ends_soon = innermost && func.regions[body].limit.is_some();
        let counts_fuel = innermost && !ends_soon;
        let header = self.block_for(params);
        let mut args = self.args(init);
        let fuel = counts_fuel.then(|| {
            let full = self.b.ins().iconst(types::I64, STRIP);
            args.push(BlockArg::Value(full));
            self.b.append_block_param(header, types::I64)
        });
        self.b.ins().jump(header, &args);
        self.open_with(header, params);
        let outside = self.enter_loop(innermost);
        let around = std::mem::replace(&mut self.search, innermost.then_some(body));
        let mut args = self.iteration(inst, body, params);
        self.search = around;
        self.around = outside;
        match fuel {
            Some(fuel) => {
                let full = self.b.ins().iconst(types::I64, STRIP);
                let mut refilled = args.clone();
                refilled.push(BlockArg::Value(full));
                let empty = self.cold_poll_block(header, refilled);
                let left = self.b.ins().iadd_imm_s(fuel, -1);
                args.push(BlockArg::Value(left));
                self.b.ins().brif(left, header, &args, empty, &[]);
            }
            None if ends_soon => {
                self.b.ins().jump(header, &args);
            }
            None => self.poll_and_jump(header, args),
        }
        // Nothing follows a loop that is only left by `Break`; later code of the region is unreachable.
        let after = self.b.create_block();
        self.b.switch_to_block(after);
    }

    /// `for iv in lo..hi`, rotated: the test is at the bottom.
    pub fn emit_for(&mut self, inst: Inst, lo: Value, hi: Value, init: &[Value], body: Region) {
        let func = self.mir;
        let results = &func.insts[inst].results;
        let params = &func.regions[body].params;
        let trip = effect::trip(func, lo, hi);
        let nested = self.heights[body.0 as usize] > 0;
        if !nested {
            self.look_at_next(body, &params[1..]);
        }
        // What counts to the largest integer never gets there.
        let endless =
            effect::constant(func, hi) == Some(i64::MAX) && trip.is_some_and(|trip| trip >= 1 << 62);
        let few = func.regions[body].copies == Some(Copies::Rest);
        let stripped = !nested
            && !few
            && func.regions[body].limit.is_none()
            && trip.is_none_or(|trip| trip > STRIP as u64);

        // A carried number that moves in step with the counter can do its work.
        let paced = stripped && !self.is_between_nests() && !self.continued.contains(&inst);
        let pace = if paced { self.pace(body) } else { None };
        let done = self.block_for(results);
        let start = self.block_for(params);
        let (lo_value, hi_value) = (self.value(lo), self.value(hi));
        let init = self.args(init);
        let mut first = vec![BlockArg::Value(lo_value)];
        first.extend_from_slice(&init);
        // Out of a loop with checks Cranelift may move nothing (see `exit`): what a strip runs to comes with the way
        // in, and is computed where a strip begins in others.
        let given = stripped && self.has_checks(body);
        if given {
            let ends = self.strip(&values(&first), hi_value, pace);
            first.extend(ends.into_iter().map(BlockArg::Value));
        }
        match trip {
            Some(0) => self.b.ins().jump(done, &init),
            Some(_) => self.b.ins().jump(start, &first),
            None => {
                let none = self.b.ins().icmp(IntCC::SignedGreaterThanOrEqual, lo_value, hi_value);
                self.b.ins().brif(none, done, &init, start, &first)
            }
        };

        // `start` is the body, or the head of a strip.
        let (header, end, last) = if stripped {
            let carried = if pace.is_some() { &params[1..] } else { &params[..] };
            let header = self.block_for(carried);
            self.b.switch_to_block(start);
            let begin = self.b.block_params(start).to_vec();
            let ends = if given {
                let count = 1 + usize::from(pace.is_some());
                (0..count).map(|_| self.b.append_block_param(start, types::I64)).collect()
            } else {
                self.strip(&begin, hi_value, pace)
            };
            let last = pace.map(|(slot, _)| (slot, ends[1]));
            let end = ends[0];
            let begin = &begin[params.len() - carried.len()..];
            let args: Vec<BlockArg> = begin.iter().map(|v| BlockArg::Value(*v)).collect();
            self.b.ins().jump(header, &args);
            self.open_with(header, carried);
            (header, end, last)
        } else {
            self.open_with(start, params);
            (start, hi_value, None)
        };
        let iv = self.b.block_params(header).first().copied();
        let outside = self.enter_loop(!nested);
        let carried = self.iteration(inst, body, results);
        self.around = outside;
        if nested {
            self.poll_here();
        }
        let (more, again) = if let Some((slot, last)) = last {
            let next = carried[slot].as_value().expect("invariant: arguments are values");
            (self.b.ins().icmp(IntCC::NotEqual, next, last), carried.clone())
        } else {
            // Around nests the counter and its end wait in memory too.
            let (iv, end) = if self.is_between_nests() {
                let mark = self.mark();
                self.fetch(params[0]);
                self.fetch(hi);
                let pair = (self.value(params[0]), self.value(hi));
                self.forget(mark);
                pair
            } else {
                (iv.expect("invariant: the counter is the first parameter"), end)
            };
            let following = self.b.ins().iadd_imm_s(iv, 1);
            let mut again = vec![BlockArg::Value(following)];
            again.extend_from_slice(&carried);
            if endless && !stripped {
                self.b.ins().jump(header, &again);
                self.open_with(done, results);
                return;
            }
            (self.b.ins().icmp(IntCC::SignedLessThan, following, end), again)
        };
        if stripped {
            let strip_done = self.b.create_block();
            self.b.ins().brif(more, header, &again, strip_done, &[]);
            self.b.switch_to_block(strip_done);
            let look = self.b.create_block();
            let finished = self.b.ins().icmp(IntCC::SignedGreaterThanOrEqual, end, hi_value);
            self.b.ins().brif(finished, done, &carried, look, &[]);
            self.b.switch_to_block(look);
            let mut again = vec![BlockArg::Value(end)];
            again.extend_from_slice(&carried);
            if given {
                let ends = self.strip(&values(&again), hi_value, pace);
                again.extend(ends.into_iter().map(BlockArg::Value));
            }
            self.poll_and_jump(start, again);
        } else {
            self.b.ins().brif(more, header, &again, done, &carried);
        }
        self.open_with(done, results);
    }

    /// The carried number that moves by a constant in each turn of several iterations, where the counter is used
    /// for nothing else: its place among what is carried, and the constant. In a strip it is nothing twice.
    fn pace(&self, body: Region) -> Option<(usize, i64)> {
        let func = self.mir;
        let data = &func.regions[body];
        let End::Yield(next) = &data.end else { return None };
        if data.copies != Some(Copies::Turn) {
            return None;
        }
        let steps = |(next, param): (&Value, &Value)| {
            let &Op::Binary { op: BinaryOp::Iadd, lhs, rhs } = self.op(*next)? else { return None };
            let step = effect::constant(func, rhs).filter(|c| *c != 0 && i32::try_from(*c).is_ok());
            step.filter(|_| lhs == *param && self.ty(lhs) == Ty::I64)
        };
        let found = next
            .iter()
            .zip(&data.params[1..])
            .enumerate()
            .find_map(|(slot, pair)| Some((slot, steps(pair)?)));
        let mut used = false;
        walk::for_each_use(func, body, &mut |value| used |= value == data.params[0]);
        found.filter(|_| !used)
    }

    fn has_checks(&self, body: Region) -> bool {
        let mut found = false;
        walk::for_each_inst(self.mir, body, &mut |_, inst| {
            found |= matches!(self.mir.insts[inst].op, Op::Guard { .. });
        });
        found
    }

    /// What the strip runs to that begins with this counter and these carried values: its end, and the last of the
    /// number that moves in step, if one does.
    fn strip(&mut self, begin: &[ir::Value], hi: ir::Value, pace: Option<(usize, i64)>) -> Vec<ir::Value> {
        // The distance is exact as an unsigned number even where it overflows a signed one.
        let left = self.b.ins().isub(hi, begin[0]);
        let most = self.b.ins().iconst(types::I64, STRIP);
        let count = self.b.ins().umin(left, most);
        let mut ends = vec![self.b.ins().iadd(begin[0], count)];
        if let Some((slot, step)) = pace {
            let way = self.b.ins().imul_imm_s(count, step);
            ends.push(self.b.ins().iadd(begin[1 + slot], way));
        }
        ends
    }
}

fn values(args: &[BlockArg]) -> Vec<ir::Value> {
    args.iter().map(|arg| arg.as_value().expect("invariant: arguments are values")).collect()
}
