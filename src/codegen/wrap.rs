//! Checks of indices that come from memory.
//!
//! In: a guard `select(x < 0, x + n, x) <u n`. Out: one unsigned comparison of `x`; the rest stands in a
//! cold block. Invariant: after the guard the wrapped index has the same value as before.
//!
//! Only where `x` was loaded or is what an innermost `while` carries: there a negative index is rare and the
//! shorter chain to the access pays (0.6 of the time in a histogram, 0.8 in quick sort). On counters of loops
//! the extra block costs more than the select.

use super::func::Emit;
use crate::mir::effect::constant;
use crate::mir::{BinaryOp, Cond, Def, Fail, Op, Region, Ty, Value};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, types};

/// A wrapped index and its check.
struct Wrap {
    /// The index as it was loaded, and the length.
    index: Value,
    length: Value,
    /// `select(index < 0, index + length, index)`.
    wrapped: Value,
}

impl Emit<'_, '_> {
    /// Emits the guard at `place` of the region if it is the check of a loaded index.
    pub fn guard_of_loaded_index(&mut self, region: Region, place: usize, cond: Value, fail: &Fail) -> bool {
        let Some(wrap) = self.wrap(cond) else { return false };
        // The wrapped index gets a new Cranelift value, which is right for all later uses only if it was
        // computed in this very region, just before.
        let insts = &self.mir.regions[region].insts[place.saturating_sub(8)..place];
        let Def::Result { inst, .. } = self.mir.values[wrap.wrapped].def else { return false };
        if !insts.contains(&inst) {
            return false;
        }
        let (index, length) = (self.value(wrap.index), self.value(wrap.length));
        let ok = self.b.create_block();
        let checked = self.b.append_block_param(ok, types::I64);
        let negative = self.b.create_block();
        self.b.set_cold_block(negative);
        let outside = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, index, length);
        self.b.ins().brif(outside, negative, &[], ok, &[BlockArg::Value(index)]);

        self.b.switch_to_block(negative);
        let moved = self.b.ins().iadd(index, length);
        // The sum wraps to a number below the length only for negative indices within it; an index of
        // the other sign beyond the length stays beyond it, or becomes negative.
        let outside = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, moved, length);
        let again = self.way_back(ok).map(|_| self.b.create_block());
        let failed = self.fail_block(fail, again);
        self.b.ins().brif(outside, failed, &[], ok, &[BlockArg::Value(moved)]);
        if let Some(again) = again {
            self.b.set_cold_block(again);
            self.b.switch_to_block(again);
            self.b.ins().jump(ok, &[BlockArg::Value(index)]);
        }

        self.b.switch_to_block(ok);
        self.set(wrap.wrapped, checked);
        true
    }

    fn wrap(&self, cond: Value) -> Option<Wrap> {
        let Op::Compare { cond: Cond::Ult, lhs: wrapped, rhs: length } = *self.op(cond)? else { return None };
        let Op::Select { cond, then, orelse: index } = *self.op(wrapped)? else { return None };
        let Op::Compare { cond: Cond::Slt, lhs, rhs } = *self.op(cond)? else { return None };
        let Op::Binary { op: BinaryOp::Iadd, lhs: a, rhs: b } = *self.op(then)? else { return None };
        let sums = (a, b) == (index, length) || (a, b) == (length, index);
        let negative = lhs == index && constant(self.mir, rhs) == Some(0);
        (sums && negative && (self.is_loaded(index) || self.is_searching(index))).then_some(Wrap {
            index,
            length,
            wrapped,
        })
    }

    /// The innermost `while` around this place carries the value.
    fn is_searching(&self, value: Value) -> bool {
        match self.mir.values[value].def {
            Def::Param { region, .. } => self.search == Some(region),
            Def::Result { .. } => false,
        }
    }

    fn is_loaded(&self, value: Value) -> bool {
        if self.ty(value) != Ty::I64 {
            return false;
        }
        match self.op(value) {
            Some(Op::Load { .. }) => true,
            Some(Op::Convert { arg, .. }) => matches!(self.op(*arg), Some(Op::Load { .. })),
            Some(_) | None => false,
        }
    }

    /// The operation that defines the value.
    pub fn op(&self, value: Value) -> Option<&Op> {
        match self.mir.values[value].def {
            Def::Result { inst, .. } => Some(&self.mir.insts[inst].op),
            Def::Param { .. } => None,
        }
    }
}
