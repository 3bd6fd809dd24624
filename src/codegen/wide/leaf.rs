//! Vector loops as calls of leaf functions, where the CPU has wider vectors than Cranelift knows.
//!
//! In: a `VLoop` and its leaf (made by `vector`). Out: one call for each strip, a poll after it; where a check
//! stopped the leaf, or a checked sum is far from zero, the scalar loop for the rest of the strip. Invariant: the
//! words that a leaf is given are a frame slot: inputs, then one word for each carried value, then addresses of
//! functions.

use super::super::func::{Emit, NAMESPACE_LEAF};
use super::super::poll::STRIP;
use super::super::{abi, target};
use super::block_args;
use crate::mir::vloop::VLoop;
use crate::mir::{Inst, Op, Ty};
use crate::timing;
use crate::vector::{self, Wanted};
use cranelift_codegen::ir::{
    self, AbiParam, BlockArg, InstBuilder, MemFlagsData, Signature, StackSlotData, StackSlotKind,
    condcodes::IntCC, types,
};
use cranelift_codegen::isa::CallConv;

impl Emit<'_, '_> {
    /// True if the loop has become calls of a leaf function.
    pub fn emit_leaf_for(&mut self, inst: Inst, vloop: &VLoop, wanted: Wanted) -> bool {
        let Some(vectors) = target::vectors() else { return false };
        let leaf = timing::vectors(|| vector::emit(vloop, vectors.of(vloop), wanted));
        let Ok(leaf) = leaf else { return false };
        let checked = !vloop.checks.is_empty();
        let conv = if leaf.quiet { CallConv::PreserveAll } else { CallConv::SystemV };
        self.imports.leaves.push(leaf);
        let callee = self.leaf_ref(self.imports.leaves.len() as u32 - 1, conv, checked);
        let func = self.mir;
        let Op::For { lo, hi, init, body, .. } = &func.insts[inst].op else {
            unreachable!("invariant: only loops have a mode")
        };
        let results = &func.insts[inst].results;
        let strip = self.block_for(&func.regions[*body].params);
        let [done, after_strip] = [(); 2].map(|()| self.block_for(results));
        let run = self.b.create_block();
        let (lo, hi) = (self.value(*lo), self.value(*hi));
        let init = self.args(init);
        let none = self.b.ins().icmp(IntCC::SignedGreaterThanOrEqual, lo, hi);
        self.b.ins().brif(none, done, &init, run, &[]);

        self.b.switch_to_block(run);
        let calls = vloop.calls();
        let bytes = 8 * (vloop.inputs.len() + vloop.reductions.len() + calls.len()).max(1) as u32;
        let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3);
        let slot = self.b.create_sized_stack_slot(slot);
        let words = self.b.ins().stack_addr(types::I64, slot, 0);
        for (index, (value, ty)) in vloop.inputs.iter().enumerate() {
            let value = self.value(*value);
            self.store_word(words, index, value, *ty);
        }
        for (index, func) in calls.into_iter().enumerate() {
            let address = self.math_address(func);
            self.store_word(words, vloop.inputs.len() + vloop.reductions.len() + index, address, Ty::Ptr);
        }
        let mut first = vec![BlockArg::Value(lo)];
        first.extend(&init);
        self.b.ins().jump(strip, &first);

        self.b.switch_to_block(strip);
        let params = self.b.block_params(strip).to_vec();
        let (start, carried) = (params[0], &params[1..]);
        let left = self.b.ins().isub(hi, start);
        let most = self.b.ins().iconst(types::I64, STRIP);
        let count = self.b.ins().umin(left, most);
        let end = self.b.ins().iadd(start, count);
        let near = self.near(vloop, carried);
        let scalar = (checked || near.is_some()).then(|| self.block_for(&func.regions[*body].params));
        if let (Some(near), Some(scalar)) = (near, scalar) {
            let lanes_run = self.b.create_block();
            let mut args = vec![BlockArg::Value(start)];
            args.extend(block_args(carried));
            self.b.ins().brif(near, lanes_run, &[], scalar, &args);
            self.b.switch_to_block(lanes_run);
        }
        for (index, (value, result)) in carried.iter().zip(results).enumerate() {
            self.store_word(words, vloop.inputs.len() + index, *value, self.ty(*result));
        }
        let call = self.b.ins().call(callee, &[words, start, end]);
        let mut combined = Vec::new();
        for (index, result) in results.iter().enumerate() {
            let ty = abi::clif(self.ty(*result));
            let at = 8 * (vloop.inputs.len() + index) as i32;
            let flags = MemFlagsData::new().with_notrap();
            combined.push(self.b.ins().load(ty, flags, words, at));
        }
        let combined = block_args(&combined);
        match (self.b.inst_results(call).first().copied(), scalar) {
            (Some(stop), Some(scalar)) => {
                let through = self.b.ins().icmp(IntCC::Equal, stop, end);
                let mut args = vec![BlockArg::Value(stop)];
                args.extend(&combined);
                self.b.ins().brif(through, after_strip, &combined, scalar, &args)
            }
            (None | Some(_), _) => self.b.ins().jump(after_strip, &combined),
        };
        if let Some(scalar) = scalar {
            self.b.set_cold_block(scalar);
            let latch = self.block_for(results);
            let outside = self.enter_loop(true);
            self.scalar_iterations(inst, scalar, (latch, end, after_strip));
            self.around = outside;
        }
        self.after_strip(after_strip, end, hi, (done, strip));
        self.open_with(done, results);
        true
    }

    /// A word as leaves read it: integers extended by their sign, floats in the low bytes.
    fn store_word(&mut self, words: ir::Value, index: usize, value: ir::Value, ty: Ty) {
        let value = match ty {
            Ty::Bool => self.b.ins().uextend(types::I64, value),
            Ty::I8 | Ty::I16 | Ty::I32 => self.b.ins().sextend(types::I64, value),
            Ty::I64 | Ty::Ptr | Ty::F32 | Ty::F64 => value,
        };
        let flags = MemFlagsData::new().with_notrap();
        self.b.ins().store(flags, value, words, 8 * index as i32);
    }

    fn leaf_ref(&mut self, index: u32, conv: CallConv, checked: bool) -> ir::FuncRef {
        let mut signature = Signature::new(conv);
        signature.params = vec![AbiParam::new(types::I64); 3];
        if checked {
            signature.returns.push(AbiParam::new(types::I64));
        }
        let signature = self.b.import_signature(signature);
        self.import(ir::UserExternalName::new(NAMESPACE_LEAF, index), signature, true)
    }
}
