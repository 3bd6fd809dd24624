//! Loops of which several iterations run at once: 128-bit vectors.
//!
//! In: a `For` in vector mode, read as a `VLoop`. Out: strips of vector iterations with a scalar rest and a
//! poll after each strip; carried values are split into lanes at the start of a strip and combined at its
//! end. A turn in which a check fails is not done: the scalar loop goes on from its first iteration. Invariant:
//! lanes compute what iterations compute; all loads and checks of a turn stand before its stores.

mod best;
mod lanes;
mod leaf;
mod memory;
mod node;

use super::func::Emit;
use super::poll::STRIP;
use crate::mir::vloop::{self, Combine, Lane, NodeOp, Place, VCheck, VLoop, VReduction};
use crate::mir::{BinaryOp, Function, Inst, InstData, LoopMode, Op, Rows, SourcePos, Ty, walk};
use crate::timing;
use crate::vector::{self, Vectors, Wanted};
use cranelift_codegen::ir::{self, Block, BlockArg, InstBuilder, condcodes::IntCC, types};
use lanes::Wide;
use rustc_hash::FxHashMap;

/// Bytes of a vector.
pub(super) const VECTOR: u32 = 16;

/// A vector loop being emitted.
struct Loop<'v> {
    vloop: &'v VLoop,
    /// Iterations in a vector of the narrowest lanes: the others take several vectors.
    lanes: u32,
    /// What does not change: constants, inputs.
    fixed: FxHashMap<Lane, Wide>,
    /// Where each place is in iteration 0, without the displacement.
    starts: FxHashMap<Place, ir::Value>,
    /// Bytes from one iteration to the next, where that is known at run time only.
    strides: FxHashMap<Place, ir::Value>,
}

/// A store that waits for the end of the turn.
struct Waiting {
    node: Lane,
    value: Wide,
    mask: Option<Wide>,
    /// Iterations behind the turn's first.
    ahead: i64,
}

impl Emit<'_, '_> {
    /// `for iv in lo..hi`, at most `most` iterations at once.
    pub fn emit_vector_for(&mut self, inst: Inst, most: u32, reassoc: bool, rows: Rows) {
        let func = self.mir;
        let Op::For { lo, hi, init, body, .. } = &func.insts[inst].op else {
            unreachable!("invariant: only loops have a mode")
        };
        let vloop = match timing::vectors(|| vloop::derive(func, inst, reassoc)) {
            Ok(vloop) => vloop,
            Err(why) => unreachable!("invariant: the verifier derives vector loops too: {why:?}"),
        };
        let short = rows == Rows::Short;
        if !short && self.emit_leaf_for(inst, &vloop, Wanted { most, apart: rows == Rows::Long }) {
            return;
        }
        let lanes = VECTOR / vloop.narrowest();
        if lanes > most {
            return self.emit_for(inst, *lo, *hi, init, *body);
        }
        let unroll = if short { 1 } else { unroll(&vloop, lanes, most) };
        let turn = i64::from(unroll * lanes);
        let results = &func.insts[inst].results;
        let params = &func.regions[*body].params;
        let (lo, hi) = (self.value(*lo), self.value(*hi));
        let init = self.args(init);
        let [strip, rest, scalar] = [(); 3].map(|()| self.block_for(params));
        let [latch, after_strip] = [(); 2].map(|()| self.block_for(results));
        let done = self.block_for(results);
        let [enter, wide] = [(); 2].map(|()| self.b.create_block());
        let looped = self.outside(&vloop, lanes);
        let none = self.b.ins().icmp(IntCC::SignedGreaterThanOrEqual, lo, hi);
        let mut first = vec![BlockArg::Value(lo)];
        first.extend(&init);
        self.b.ins().brif(none, done, &init, strip, &first);

        // A strip: as many whole turns as fit, then the iterations that are left.
        self.b.switch_to_block(strip);
        let strip_params = self.b.block_params(strip).to_vec();
        let (start, carried) = (strip_params[0], &strip_params[1..]);
        let left = self.b.ins().isub(hi, start);
        let (count, end) = if short {
            (left, hi)
        } else {
            let most = self.b.ins().iconst(types::I64, STRIP);
            let count = self.b.ins().umin(left, most);
            (count, self.b.ins().iadd(start, count))
        };
        let whole = self.b.ins().band_imm_s(count, -turn);
        let wide_end = self.b.ins().iadd(start, whole);
        let strip_args = block_args(&strip_params);
        let lanes_run = match self.near(&vloop, carried) {
            Some(near) => {
                let none = self.b.ins().iconst(types::I64, 0);
                self.b.ins().select(near, whole, none)
            }
            None => whole,
        };
        self.b.ins().brif(lanes_run, enter, &[], rest, &strip_args);

        self.b.switch_to_block(enter);
        let mut args = vec![BlockArg::Value(start)];
        let counter = self.b.append_block_param(wide, types::I64);
        let mut shapes = Vec::new();
        for (k, so_far) in carried.iter().enumerate() {
            let parts = self.split(&looped, k, *so_far, unroll);
            for part in &parts {
                for reg in &part.regs {
                    let ty = self.b.func.dfg.value_type(*reg);
                    self.b.append_block_param(wide, ty);
                    args.push(BlockArg::Value(*reg));
                }
            }
            shapes.push(parts);
        }
        self.b.ins().jump(wide, &args);

        self.b.switch_to_block(wide);
        let mut regs = self.b.block_params(wide)[1..].iter().copied();
        for part in shapes.iter_mut().flatten() {
            for reg in &mut part.regs {
                *reg = regs.next().expect("invariant: as many parameters as arguments");
            }
        }
        let outside = self.enter_loop(true);
        let before = shapes.clone();
        let refused = self.b.create_block();
        self.turn(&looped, counter, unroll, &mut shapes, refused);
        let next = self.b.ins().iadd_imm_s(counter, turn);
        let more = self.b.ins().icmp(IntCC::SignedLessThan, next, wide_end);
        let mut args = vec![BlockArg::Value(next)];
        args.extend(shapes.iter().flatten().flat_map(|part| &part.regs).map(|reg| BlockArg::Value(*reg)));
        let combine = self.b.create_block();
        self.b.ins().brif(more, wide, &args, combine, &[]);
        let mut ways = vec![(combine, wide_end, &shapes)];
        if !vloop.checks.is_empty() {
            ways.push((refused, counter, &before));
            self.b.set_cold_block(refused);
        }
        for (block, stop, shapes) in ways {
            self.b.switch_to_block(block);
            let mut args = vec![BlockArg::Value(stop)];
            let found = self.join_searches(&looped, shapes, carried);
            for (k, reduction) in vloop.reductions.iter().enumerate() {
                let word = found.get(&k).copied();
                let word = word.unwrap_or_else(|| self.join(&looped, reduction, &shapes[k]));
                args.push(BlockArg::Value(word));
            }
            self.b.ins().jump(rest, &args);
        }

        self.b.switch_to_block(rest);
        let rest_params = self.b.block_params(rest).to_vec();
        let more = self.b.ins().icmp(IntCC::SignedLessThan, rest_params[0], end);
        let args = block_args(&rest_params);
        // What only the scalar loop needs is computed in front of it, not where there is no rest.
        let some = self.b.create_block();
        self.b.ins().brif(more, some, &[], after_strip, &args[1..]);
        self.b.switch_to_block(some);
        self.b.ins().jump(scalar, &args);

        self.scalar_iterations(inst, scalar, (latch, end, after_strip));
        self.around = outside;
        if short {
            self.b.switch_to_block(after_strip);
            let carried = block_args(self.b.block_params(after_strip));
            self.b.ins().jump(done, &carried);
        } else {
            self.after_strip(after_strip, end, hi, (done, strip));
        }
        self.open_with(done, results);
    }

    /// Whether the checked sums are not far from zero, so that a strip cannot take them out of 64 bits.
    fn near(&mut self, vloop: &VLoop, carried: &[ir::Value]) -> Option<ir::Value> {
        let mut all: Option<ir::Value> = None;
        for (reduction, sum) in vloop.reductions.iter().zip(carried) {
            if reduction.checked {
                let above = self.b.ins().iadd_imm_s(*sum, vloop::FAR);
                let near = self.b.ins().icmp_imm_s(IntCC::SignedGreaterThanOrEqual, above, 0);
                all = Some(all.map_or(near, |all| self.b.ins().band(all, near)));
            }
        }
        all
    }

    /// The loop's body in `scalar`, once for each iteration up to `end`; then on to `after`.
    fn scalar_iterations(
        &mut self,
        inst: Inst,
        scalar: Block,
        (latch, end, after): (Block, ir::Value, Block),
    ) {
        let func = self.mir;
        let Op::For { body, .. } = &func.insts[inst].op else {
            unreachable!("invariant: a loop that has become blocks")
        };
        self.open_with(scalar, &func.regions[*body].params);
        let iv = self.b.block_params(scalar)[0];
        self.targets.insert(inst, latch);
        self.region(*body, Some(latch));
        self.b.switch_to_block(latch);
        let carried = block_args(self.b.block_params(latch));
        let next = self.b.ins().iadd_imm_s(iv, 1);
        let more = self.b.ins().icmp(IntCC::SignedLessThan, next, end);
        let mut args = vec![BlockArg::Value(next)];
        args.extend(&carried);
        self.b.ins().brif(more, scalar, &args, after, &carried);
    }

    /// Out of the loop, or to the next strip with a look at the interrupt flag.
    fn after_strip(&mut self, block: Block, end: ir::Value, hi: ir::Value, (done, strip): (Block, Block)) {
        self.b.switch_to_block(block);
        let poll = self.b.create_block();
        let carried = block_args(self.b.block_params(block));
        let finished = self.b.ins().icmp(IntCC::SignedGreaterThanOrEqual, end, hi);
        self.b.ins().brif(finished, done, &carried, poll, &[]);
        self.b.switch_to_block(poll);
        let mut args = vec![BlockArg::Value(end)];
        args.extend(&carried);
        self.poll_and_jump(strip, args);
    }

    /// What the loop uses and does not change, computed in front of it.
    fn outside<'v>(&mut self, vloop: &'v VLoop, lanes: u32) -> Loop<'v> {
        let mut out = Loop {
            vloop,
            lanes,
            fixed: FxHashMap::default(),
            starts: FxHashMap::default(),
            strides: FxHashMap::default(),
        };
        for (index, node) in vloop.nodes.iter().enumerate() {
            let lane = Lane(index as u32);
            match &node.op {
                NodeOp::Splat(input) => {
                    let scalar = self.value(vloop.inputs[input.0 as usize].0);
                    let wide = self.splat(node.ty, scalar, lanes);
                    out.fixed.insert(lane, wide);
                }
                NodeOp::Const(bits) => {
                    let scalar = self.constant_word(node.ty, *bits);
                    let wide = self.splat(node.ty, scalar, lanes);
                    out.fixed.insert(lane, wide);
                }
                NodeOp::Load { at, .. } | NodeOp::Store { at, .. } => self.start(&mut out, at),
                NodeOp::Counter
                | NodeOp::Unary { .. }
                | NodeOp::Binary { .. }
                | NodeOp::Compare { .. }
                | NodeOp::Select { .. }
                | NodeOp::Convert { .. }
                | NodeOp::Math { .. }
                | NodeOp::Otherwise { .. } => {}
            }
        }
        out
    }

    /// One turn: the vector iterations up to their stores, then all stores; to `refused` before any of them if
    /// a check fails.
    fn turn(
        &mut self,
        looped: &Loop,
        counter: ir::Value,
        unroll: u32,
        shapes: &mut [Vec<Wide>],
        refused: Block,
    ) {
        let mut stores = Vec::new();
        for step in 0..unroll {
            let ahead = i64::from(step * looped.lanes);
            let mut values = looped.fixed.clone();
            let mut checks = looped.vloop.checks.as_slice();
            for (index, node) in looped.vloop.nodes.iter().enumerate() {
                let lane = Lane(index as u32);
                match &node.op {
                    NodeOp::Splat(_) | NodeOp::Const(_) => {}
                    NodeOp::Load { at, mask } => {
                        let (due, later) = checks.split_at(checks.partition_point(|c| c.before <= lane));
                        self.test(due, &values, refused);
                        checks = later;
                        let mask = mask.map(|mask| values[&mask].clone());
                        let index = index_of(at, &values);
                        let wide = self.wide_load(looped, node.ty, at, mask, counter, ahead, index.as_ref());
                        values.insert(lane, wide);
                    }
                    NodeOp::Store { value, mask, .. } => {
                        let mask = mask.map(|mask| values[&mask].clone());
                        stores.push((
                            Waiting { node: lane, value: values[value].clone(), mask, ahead },
                            index_of_node(looped, lane, &values),
                        ));
                    }
                    NodeOp::Counter
                    | NodeOp::Unary { .. }
                    | NodeOp::Binary { .. }
                    | NodeOp::Compare { .. }
                    | NodeOp::Select { .. }
                    | NodeOp::Convert { .. }
                    | NodeOp::Math { .. }
                    | NodeOp::Otherwise { .. } => {
                        let wide = self.wide_node(looped, node, &values, counter, ahead);
                        values.insert(lane, wide);
                    }
                }
            }
            self.test(checks, &values, refused);
            for (k, reduction) in looped.vloop.reductions.iter().enumerate() {
                if let Combine::Best { .. } = reduction.combine {
                    self.search(looped, k, step as usize, shapes, &values);
                    continue;
                }
                let part = if reduction.ordered { 0 } else { step as usize };
                let so_far = shapes[k][part].clone();
                shapes[k][part] = match looped.vloop.product(reduction) {
                    Some((a, b)) => self.wide_fma(&values[&a], &values[&b], &so_far),
                    None => self.accumulate(looped, reduction, so_far, &values[&reduction.value]),
                };
            }
        }
        for (store, index) in stores {
            self.wide_store(looped, store, counter, index.as_ref());
        }
    }

    /// To `refused` unless these hold in all lanes.
    fn test(&mut self, checks: &[VCheck], values: &FxHashMap<Lane, Wide>, refused: Block) {
        let mut all: Option<ir::Value> = None;
        for reg in checks.iter().flat_map(|check| &values[&check.cond].regs) {
            let holds = self.b.ins().vall_true(*reg);
            all = Some(all.map_or(holds, |all| self.b.ins().band(all, holds)));
        }
        let Some(all) = all else { return };
        let fine = self.b.create_block();
        self.b.ins().brif(all, fine, &[], refused, &[]);
        self.b.switch_to_block(fine);
    }

    /// A carried value as lanes, one set for each vector iteration of a turn.
    fn split(&mut self, looped: &Loop, index: usize, so_far: ir::Value, unroll: u32) -> Vec<Wide> {
        let reduction = &looped.vloop.reductions[index];
        let ty = looped.vloop.node(reduction.value).ty;
        if reduction.ordered {
            return vec![Wide { regs: vec![so_far], bytes: ty.bytes() }];
        }
        let scalar = if looped.vloop.begins_with_nothing(index) {
            self.constant_word(ty, vloop::NOTHING as u64)
        } else if repeats(reduction.combine) {
            so_far
        } else {
            self.constant_word(ty, reduction.combine.neutral(ty))
        };
        let wide = self.splat(ty, scalar, looped.lanes);
        let mut parts = vec![wide; unroll as usize];
        if !repeats(reduction.combine) {
            // The carried value joins the first lane.
            let first = &mut parts[0].regs[0];
            *first = self.b.ins().insertlane(*first, so_far, 0);
        }
        parts
    }

    fn accumulate(&mut self, looped: &Loop, reduction: &VReduction, so_far: Wide, value: &Wide) -> Wide {
        let ty = looped.vloop.node(reduction.value).ty;
        if !reduction.ordered {
            return self.combine(reduction.combine, ty, &so_far, value);
        }
        let mut sum = so_far.regs[0];
        for lane in self.scalars(ty, value) {
            sum = self.combine_words(reduction.combine, sum, lane);
        }
        Wide { regs: vec![sum], bytes: so_far.bytes }
    }

    /// The carried value of all lanes together.
    fn join(&mut self, looped: &Loop, reduction: &VReduction, parts: &[Wide]) -> ir::Value {
        let ty = looped.vloop.node(reduction.value).ty;
        if reduction.ordered {
            return parts[0].regs[0];
        }
        let combine = reduction.combine;
        let mut all = parts[0].clone();
        for part in &parts[1..] {
            all = self.combine(combine, ty, &all, part);
        }
        while all.regs.len() > 1 {
            let half = all.regs.len() / 2;
            let (low, high) = all.regs.split_at(half);
            let (low, high) = (all.with(low.to_vec()), all.with(high.to_vec()));
            all = self.combine(combine, ty, &low, &high);
        }
        let mut words = self.scalars(ty, &all).into_iter();
        let mut result = words.next().expect("invariant: a vector has lanes");
        for word in words {
            result = self.combine_words(combine, result, word);
        }
        result
    }
}

fn index_of(at: &Place, values: &FxHashMap<Lane, Wide>) -> Option<Wide> {
    match at.stride {
        vloop::Stride::Index(lane, _) => Some(values[&lane].clone()),
        vloop::Stride::Known(_) | vloop::Stride::Input(..) => None,
    }
}

fn index_of_node(looped: &Loop, lane: Lane, values: &FxHashMap<Lane, Wide>) -> Option<Wide> {
    if let NodeOp::Store { at, .. } = &looped.vloop.node(lane).op { index_of(at, values) } else { None }
}

fn block_args(values: &[ir::Value]) -> Vec<BlockArg> {
    values.iter().map(|value| BlockArg::Value(*value)).collect()
}

/// Combining a value twice is combining it once: every lane may begin with the carried value.
fn repeats(combine: Combine) -> bool {
    match combine {
        Combine::Greater | Combine::Less | Combine::Best { .. } => true,
        Combine::Op(op) => matches!(
            op,
            BinaryOp::Band
                | BinaryOp::Bor
                | BinaryOp::Smin
                | BinaryOp::Smax
                | BinaryOp::Umin
                | BinaryOp::Umax
                | BinaryOp::Fmin
                | BinaryOp::Fmax
        ),
    }
}

/// A vector loop as it is emitted.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub line: SourcePos,
    /// Iterations of a vector.
    pub lanes: u32,
    /// Vectors of a turn.
    pub unroll: u32,
}

/// How the vector loops of a function are emitted, in order.
pub fn shapes(func: &Function, vectors: Option<Vectors>) -> Vec<Shape> {
    let mut shapes = Vec::new();
    walk::for_each_inst(func, func.body, &mut |_, inst| {
        let InstData { op, line, .. } = &func.insts[inst];
        if let Op::For { mode: LoopMode::Vector { lanes: most, reassoc, rows }, .. } = *op
            && rows != Rows::Short
            && let Ok(vloop) = vloop::derive(func, inst, reassoc)
        {
            let wanted = Wanted { most, apart: rows == Rows::Long };
            let leaf = vectors.and_then(|vectors| vector::emit(&vloop, vectors.of(&vloop), wanted).ok());
            let (lanes, unroll) = match leaf {
                Some(leaf) => (leaf.lanes, leaf.unroll),
                None => {
                    let lanes = VECTOR / vloop.narrowest();
                    (lanes, unroll(&vloop, lanes, most))
                }
            };
            shapes.push(Shape { line: *line, lanes, unroll });
        }
    });
    shapes
}

/// Vector iterations in a turn: as registers last.
fn unroll(vloop: &VLoop, lanes: u32, most: u32) -> u32 {
    let widest = vloop.nodes.iter().map(|node| if node.ty == Ty::Bool { 1 } else { node.ty.bytes() }).max();
    let registers = lanes * widest.unwrap_or(8) / VECTOR;
    let unordered = vloop.reductions.iter().any(|reduction| !reduction.ordered);
    let wanted = match registers {
        0 | 1 if unordered && vloop.nodes.len() <= 8 => 4,
        0 | 1 => 2,
        _ => 1,
    };
    // Stores of all vector iterations come after their loads.
    let mut unroll = wanted;
    while unroll > 1 && unroll * lanes > most {
        unroll /= 2;
    }
    unroll
}
