//! Loops of which several iterations run at once: 128-bit vectors.
//!
//! In: a `For` in vector mode (see `opt::vectorize`). Out: strips of vector iterations with a scalar rest
//! and a poll after each strip. Invariant: lanes compute what iterations compute; all loads of a vector
//! iteration stand before its stores.

use super::abi::clif;
use super::func::Emit;
use super::poll::STRIP;
use crate::mir::{Address, BinaryOp, Inst, MathFn, Op, Region, Ty, UnaryOp, Value};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, condcodes::IntCC, types};
use std::collections::HashMap;

/// Vector iterations in one turn of the loop.
const UNROLL: i64 = 2;

impl Emit<'_, '_> {
    /// `for iv in lo..hi` without carried values, `lanes` iterations at once.
    pub fn emit_vector_for(&mut self, inst: Inst, lo: Value, hi: Value, body: Region, lanes: u32) {
        let func = self.mir;
        let param = func.regions[body].params[0];
        let turn = UNROLL * i64::from(lanes);
        let (lo, hi) = (self.value(lo), self.value(hi));
        let [strip, wide, rest, done] = [(); 4].map(|()| self.b.create_block());
        let [scalar, latch, after_strip, poll] = [(); 4].map(|()| self.b.create_block());
        for block in [strip, wide, rest, scalar] {
            self.b.append_block_param(block, types::I64);
        }
        let constants = self.splats(body, lanes);
        let none = self.b.ins().icmp(IntCC::SignedGreaterThanOrEqual, lo, hi);
        self.b.ins().brif(none, done, &[], strip, &[BlockArg::Value(lo)]);

        // A strip: as many whole turns as fit, then the iterations that are left.
        self.b.switch_to_block(strip);
        let start = self.b.block_params(strip)[0];
        let left = self.b.ins().isub(hi, start);
        let most = self.b.ins().iconst(types::I64, STRIP);
        let count = self.b.ins().umin(left, most);
        let end = self.b.ins().iadd(start, count);
        let whole = self.b.ins().band_imm_s(count, -turn);
        let wide_end = self.b.ins().iadd(start, whole);
        let start_args = [BlockArg::Value(start)];
        self.b.ins().brif(whole, wide, &start_args, rest, &start_args);

        self.b.switch_to_block(wide);
        let iv = self.b.block_params(wide)[0];
        self.set(param, iv);
        let outside = self.arms.replace(0);
        self.turn(body, lanes, &constants);
        let next = self.b.ins().iadd_imm_s(iv, turn);
        let more = self.b.ins().icmp(IntCC::SignedLessThan, next, wide_end);
        let next_args = [BlockArg::Value(next)];
        self.b.ins().brif(more, wide, &next_args, rest, &next_args);

        self.b.switch_to_block(rest);
        let at = self.b.block_params(rest)[0];
        let more = self.b.ins().icmp(IntCC::SignedLessThan, at, end);
        self.b.ins().brif(more, scalar, &[BlockArg::Value(at)], after_strip, &[]);

        self.b.switch_to_block(scalar);
        let iv = self.b.block_params(scalar)[0];
        self.set(param, iv);
        self.targets.insert(inst, latch);
        self.region(body, Some(latch));
        self.arms = outside;
        self.b.switch_to_block(latch);
        let next = self.b.ins().iadd_imm_s(iv, 1);
        let more = self.b.ins().icmp(IntCC::SignedLessThan, next, end);
        self.b.ins().brif(more, scalar, &[BlockArg::Value(next)], after_strip, &[]);

        self.b.switch_to_block(after_strip);
        let finished = self.b.ins().icmp(IntCC::SignedGreaterThanOrEqual, end, hi);
        self.b.ins().brif(finished, done, &[], poll, &[]);
        self.b.switch_to_block(poll);
        self.poll_and_jump(strip, vec![BlockArg::Value(end)]);
        self.b.switch_to_block(done);
    }

    /// Vectors of the values from outside the body that lanes use.
    fn splats(&mut self, body: Region, lanes: u32) -> HashMap<Value, ir::Value> {
        let func = self.mir;
        let iv = func.regions[body].params[0];
        let mut splats = HashMap::new();
        let own: Vec<Value> = func.regions[body]
            .insts
            .iter()
            .flat_map(|inst| &func.insts[*inst].results)
            .chain(&func.regions[body].params)
            .copied()
            .collect();
        for inst in &func.regions[body].insts {
            let mut operands = Vec::new();
            let op = &func.insts[*inst].op;
            if let Op::Binary { lhs, rhs, .. } = op {
                // An index stays a scalar.
                if *lhs != iv && *rhs != iv {
                    operands.extend([*lhs, *rhs]);
                }
            } else if let Op::Unary { arg: value, .. } | Op::Store { value, .. } = op {
                operands.push(*value);
            } else if let Op::Math { args, .. } = op {
                operands.extend(args);
            }
            for value in operands {
                if !own.contains(&value) && !splats.contains_key(&value) {
                    let ty = vector(self.ty(value), lanes);
                    let scalar = self.value(value);
                    let splat = self.b.ins().splat(ty, scalar);
                    splats.insert(value, splat);
                }
            }
        }
        splats
    }

    /// One turn: the vector iterations up to their stores, then all stores.
    fn turn(&mut self, body: Region, lanes: u32, constants: &HashMap<Value, ir::Value>) {
        let func = self.mir;
        let iv = func.regions[body].params[0];
        let mut stores = Vec::new();
        for step in 0..UNROLL {
            let mut wide = constants.clone();
            // What a vector iteration lies behind the first one, in elements.
            let ahead = step * i64::from(lanes);
            for inst in &func.regions[body].insts {
                let data = &func.insts[*inst];
                let value = match &data.op {
                    Op::Binary { op: BinaryOp::Iadd, lhs, rhs } if *lhs == iv || *rhs == iv => {
                        // An index: it stays a scalar.
                        let (a, b) = (self.value(*lhs), self.value(*rhs));
                        let index = self.b.ins().iadd(a, b);
                        self.set(data.results[0], index);
                        continue;
                    }
                    Op::Binary { op, lhs, rhs } => self.lanes_binary(*op, wide[lhs], wide[rhs]),
                    Op::Unary { op: UnaryOp::Fneg, arg } => self.b.ins().fneg(wide[arg]),
                    Op::Math { func: MathFn::Sqrt, args, .. } => self.b.ins().sqrt(wide[&args[0]]),
                    Op::Math { func: MathFn::Abs, args, .. } => self.b.ins().fabs(wide[&args[0]]),
                    Op::Fconst(_) => {
                        self.inst(*inst);
                        let scalar = self.value(data.results[0]);
                        let ty = vector(self.ty(data.results[0]), lanes);
                        self.b.ins().splat(ty, scalar)
                    }
                    Op::Load { mem, addr } => {
                        let ty = self.ty(data.results[0]);
                        let (base, disp) = self.lanes_address(addr, ahead, ty);
                        let flags = self.flags(mem.0);
                        self.b.ins().load(vector(ty, lanes), flags, base, disp)
                    }
                    Op::Store { mem, addr, value } => {
                        let (base, disp) = self.lanes_address(addr, ahead, self.ty(*value));
                        stores.push((*mem, base, disp, wide[value]));
                        continue;
                    }
                    op @ (Op::Iconst(_)
                    | Op::Unary { .. }
                    | Op::Checked { .. }
                    | Op::Compare { .. }
                    | Op::Select { .. }
                    | Op::Convert { .. }
                    | Op::Math { .. }
                    | Op::PtrAdd { .. }
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
                    | Op::Loop { .. }) => panic!("invariant: vector loops have no {op:?}"),
                };
                wide.insert(data.results[0], value);
            }
        }
        for (mem, base, disp, value) in stores {
            let flags = self.flags(mem.0);
            self.b.ins().store(flags, value, base, disp);
        }
    }

    /// The address of a vector iteration that lies `ahead` elements behind the turn's first.
    fn lanes_address(&mut self, addr: &Address, ahead: i64, ty: Ty) -> (ir::Value, i32) {
        let bytes = ahead * i64::from(ty.bytes());
        match i32::try_from(i64::from(addr.disp) + bytes) {
            Ok(disp) => self.address(&Address { disp, ..*addr }),
            Err(_) => {
                let (base, disp) = self.address(addr);
                (self.b.ins().iadd_imm_s(base, bytes), disp)
            }
        }
    }

    fn lanes_binary(&mut self, op: BinaryOp, a: ir::Value, b: ir::Value) -> ir::Value {
        match op {
            BinaryOp::Fadd => self.b.ins().fadd(a, b),
            BinaryOp::Fsub => self.b.ins().fsub(a, b),
            BinaryOp::Fmul => self.b.ins().fmul(a, b),
            BinaryOp::Fdiv => self.b.ins().fdiv(a, b),
            BinaryOp::Iadd => self.b.ins().iadd(a, b),
            BinaryOp::Isub => self.b.ins().isub(a, b),
            BinaryOp::Band => self.b.ins().band(a, b),
            BinaryOp::Bor => self.b.ins().bor(a, b),
            BinaryOp::Bxor => self.b.ins().bxor(a, b),
            BinaryOp::Imul
            | BinaryOp::Sdiv
            | BinaryOp::Udiv
            | BinaryOp::Srem
            | BinaryOp::Urem
            | BinaryOp::FloorDiv
            | BinaryOp::FloorMod
            | BinaryOp::Ishl
            | BinaryOp::Sshr
            | BinaryOp::Ushr
            | BinaryOp::Smin
            | BinaryOp::Smax
            | BinaryOp::Umin
            | BinaryOp::Umax
            | BinaryOp::Smulhi
            | BinaryOp::Umulhi
            | BinaryOp::Fmin
            | BinaryOp::Fmax => panic!("invariant: vector loops have no {op:?}"),
        }
    }
}

fn vector(ty: Ty, lanes: u32) -> ir::Type {
    clif(ty).by(lanes).expect("invariant: a vector has a type")
}
