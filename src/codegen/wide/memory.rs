//! Loads and stores of several iterations.
//!
//! Invariant: no byte is touched that the iterations do not touch.

use super::lanes::{Wide, vector};
use super::{Loop, VECTOR, Waiting};
use crate::codegen::abi::clif;
use crate::codegen::func::Emit;
use crate::mir::Ty;
use crate::mir::vloop::{NodeOp, Place, Stride};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, condcodes::IntCC, types};

/// Where vector `r` or lane `k` of an access is.
type At = (ir::Value, i32);

impl Emit<'_, '_> {
    /// Computes in front of the loop what an address needs.
    pub(super) fn start(&mut self, looped: &mut Loop, at: &Place) {
        if looped.starts.contains_key(at) {
            return;
        }
        let input = |this: &Self, input: crate::mir::vloop::Input| {
            this.value(looped.vloop.inputs[input.0 as usize].0)
        };
        let mut start = input(self, at.base);
        for (term, factor) in &at.terms {
            let bytes = input(self, *term);
            let bytes = self.scaled(bytes, *factor);
            start = self.b.ins().iadd(start, bytes);
        }
        if let Stride::Input(stride, factor) = at.stride {
            let stride = input(self, stride);
            let stride = self.scaled(stride, factor);
            looped.strides.insert(at.clone(), stride);
        }
        looped.starts.insert(at.clone(), start);
    }

    fn scaled(&mut self, value: ir::Value, factor: i64) -> ir::Value {
        match factor {
            1 => value,
            factor if factor > 0 && (factor as u64).is_power_of_two() => {
                self.b.ins().ishl_imm_u(value, i64::from(factor.trailing_zeros()))
            }
            factor => self.b.ins().imul_imm_s(value, factor),
        }
    }

    /// The address of iteration `counter + ahead`, which is `bytes` bytes more.
    fn at(&mut self, looped: &Loop, at: &Place, counter: ir::Value, ahead: i64) -> At {
        let start = looped.starts[at];
        match at.stride {
            Stride::Known(0) => (start, at.disp),
            Stride::Known(stride) => {
                let moved = self.scaled(counter, stride);
                let base = self.b.ins().iadd(start, moved);
                self.plus((base, at.disp), ahead.wrapping_mul(stride))
            }
            Stride::Input(..) => {
                let counter = self.b.ins().iadd_imm_s(counter, ahead);
                let moved = self.b.ins().imul(counter, looped.strides[at]);
                (self.b.ins().iadd(start, moved), at.disp)
            }
            Stride::Index(..) => (start, at.disp),
        }
    }

    fn plus(&mut self, (base, disp): At, bytes: i64) -> At {
        match i64::from(disp).checked_add(bytes).and_then(|sum| i32::try_from(sum).ok()) {
            Some(disp) => (base, disp),
            None => (self.b.ins().iadd_imm_s(base, bytes), disp),
        }
    }

    /// The addresses of the lanes.
    fn each_at(
        &mut self,
        looped: &Loop,
        at: &Place,
        counter: ir::Value,
        ahead: i64,
        index: Option<&Wide>,
    ) -> Vec<At> {
        let first = self.at(looped, at, counter, ahead);
        match at.stride {
            Stride::Known(stride) => {
                (0..looped.lanes).map(|k| self.plus(first, i64::from(k).wrapping_mul(stride))).collect()
            }
            Stride::Input(..) => {
                let mut places = vec![first];
                for _ in 1..looped.lanes {
                    let (base, disp) = places[places.len() - 1];
                    places.push((self.b.ins().iadd(base, looped.strides[at]), disp));
                }
                places
            }
            Stride::Index(_, scale) => {
                let index = index.expect("invariant: a gather has an index");
                let words = self.scalars(Ty::I64, index);
                let mut places = Vec::new();
                for word in words {
                    let bytes = self.scaled(word, i64::from(scale));
                    places.push((self.b.ins().iadd(first.0, bytes), first.1));
                }
                places
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "an access in a turn")]
    pub(super) fn wide_load(
        &mut self,
        looped: &Loop,
        ty: Ty,
        at: &Place,
        mask: Option<Wide>,
        counter: ir::Value,
        ahead: i64,
        index: Option<&Wide>,
    ) -> Wide {
        let loaded = match mask {
            None => self.load_all(looped, ty, at, counter, ahead, index),
            Some(mask) => {
                // All lanes at once, or one by one.
                let (bits, lanes) = self.mask_bits(&mask);
                let [every, some, done] = [(); 3].map(|()| self.b.create_block());
                let full = i64::from(if lanes == 32 { -1 } else { (1i32 << lanes) - 1 });
                let all = self.b.ins().icmp_imm_u(IntCC::Equal, bits, full);
                self.b.ins().brif(all, every, &[], some, &[]);
                self.b.switch_to_block(every);
                let loaded = self.load_all(looped, ty, at, counter, ahead, index);
                let args: Vec<BlockArg> = loaded.regs.iter().map(|reg| BlockArg::Value(*reg)).collect();
                let mut result = loaded.clone();
                for reg in &mut result.regs {
                    *reg = self.b.append_block_param(done, vector(ty));
                }
                self.b.ins().jump(done, &args);
                self.b.switch_to_block(some);
                let places = self.each_at(looped, at, counter, ahead, index);
                let flags = self.flags(at.mem.0);
                let zero = self.constant_word(ty, 0);
                let mut words = Vec::new();
                for (k, (base, disp)) in places.into_iter().enumerate() {
                    let [yes, next] = [(); 2].map(|()| self.b.create_block());
                    let word = self.b.append_block_param(next, clif(ty));
                    let bit = self.b.ins().band_imm_u(bits, 1 << k);
                    self.b.ins().brif(bit, yes, &[], next, &[BlockArg::Value(zero)]);
                    self.b.switch_to_block(yes);
                    let loaded = self.b.ins().load(clif(ty), flags, base, disp);
                    self.b.ins().jump(next, &[BlockArg::Value(loaded)]);
                    self.b.switch_to_block(next);
                    words.push(word);
                }
                let some = self.gathered(ty, &words);
                let args: Vec<BlockArg> = some.regs.iter().map(|reg| BlockArg::Value(*reg)).collect();
                self.b.ins().jump(done, &args);
                self.b.switch_to_block(done);
                result
            }
        };
        if ty == Ty::Bool {
            return self.each(&loaded, |this, reg| {
                let zero = this.b.ins().iconst(types::I8, 0);
                let zero = this.b.ins().splat(types::I8X16, zero);
                this.b.ins().icmp(IntCC::NotEqual, reg, zero)
            });
        }
        loaded
    }

    /// A load of all lanes; bools are still bytes.
    fn load_all(
        &mut self,
        looped: &Loop,
        ty: Ty,
        at: &Place,
        counter: ir::Value,
        ahead: i64,
        index: Option<&Wide>,
    ) -> Wide {
        let bytes = ty.bytes();
        let flags = self.flags(at.mem.0);
        let count = looped.lanes * bytes / VECTOR;
        let per_vector = i64::from(VECTOR / bytes);
        match at.stride {
            Stride::Known(stride) if stride == i64::from(bytes) => {
                let first = self.at(looped, at, counter, ahead);
                let mut regs = Vec::new();
                for r in 0..count {
                    let (base, disp) = self.plus(first, i64::from(r * VECTOR));
                    regs.push(self.b.ins().load(vector(ty), flags, base, disp));
                }
                Wide { regs, bytes }
            }
            Stride::Known(stride) if stride == -i64::from(bytes) => {
                let first = self.at(looped, at, counter, ahead);
                let mut regs = Vec::new();
                for r in 0..count {
                    let last = (i64::from(r) + 1) * per_vector - 1;
                    let (base, disp) = self.plus(first, -last * i64::from(bytes));
                    let reg = self.b.ins().load(vector(ty), flags, base, disp);
                    regs.push(self.reversed(reg, bytes));
                }
                Wide { regs, bytes }
            }
            Stride::Known(0) => {
                let (base, disp) = self.at(looped, at, counter, ahead);
                let word = self.b.ins().load(clif(ty), flags, base, disp);
                let reg = self.b.ins().splat(vector(ty), word);
                Wide { regs: vec![reg; count as usize], bytes }
            }
            Stride::Known(_) | Stride::Input(..) | Stride::Index(..) => {
                let mut words = Vec::new();
                for (base, disp) in self.each_at(looped, at, counter, ahead, index) {
                    words.push(self.b.ins().load(clif(ty), flags, base, disp));
                }
                self.gathered(ty, &words)
            }
        }
    }

    pub(super) fn wide_store(
        &mut self,
        looped: &Loop,
        store: Waiting,
        counter: ir::Value,
        index: Option<&Wide>,
    ) {
        let node = looped.vloop.node(store.node);
        let NodeOp::Store { at, .. } = &node.op else { unreachable!("invariant: a store waits") };
        let ty = node.ty;
        let mut value = store.value;
        if ty == Ty::Bool {
            let mask = self.mask_to(&value, 1);
            let one = self.b.ins().iconst(types::I8, 1);
            let one = self.b.ins().splat(types::I8X16, one);
            value = self.each(&mask, |this, reg| this.b.ins().band(reg, one));
        }
        let Some(mask) = store.mask else {
            return self.store_all(looped, ty, at, &value, counter, store.ahead, index);
        };
        let (bits, lanes) = self.mask_bits(&mask);
        let [every, some, done] = [(); 3].map(|()| self.b.create_block());
        let full = i64::from(if lanes == 32 { -1 } else { (1i32 << lanes) - 1 });
        let all = self.b.ins().icmp_imm_u(IntCC::Equal, bits, full);
        self.b.ins().brif(all, every, &[], some, &[]);
        self.b.switch_to_block(every);
        self.store_all(looped, ty, at, &value, counter, store.ahead, index);
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(some);
        let places = self.each_at(looped, at, counter, store.ahead, index);
        let flags = self.flags(at.mem.0);
        let words = self.bytes_or_scalars(ty, &value);
        for (k, ((base, disp), word)) in places.into_iter().zip(words).enumerate() {
            let [yes, next] = [(); 2].map(|()| self.b.create_block());
            let bit = self.b.ins().band_imm_u(bits, 1 << k);
            self.b.ins().brif(bit, yes, &[], next, &[]);
            self.b.switch_to_block(yes);
            self.b.ins().store(flags, word, base, disp);
            self.b.ins().jump(next, &[]);
            self.b.switch_to_block(next);
        }
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(done);
    }

    /// Lanes that are bytes already need not become 0 and 1.
    fn bytes_or_scalars(&mut self, ty: Ty, value: &Wide) -> Vec<ir::Value> {
        self.scalars(if ty == Ty::Bool { Ty::I8 } else { ty }, value)
    }

    #[expect(clippy::too_many_arguments, reason = "an access in a turn")]
    fn store_all(
        &mut self,
        looped: &Loop,
        ty: Ty,
        at: &Place,
        value: &Wide,
        counter: ir::Value,
        ahead: i64,
        index: Option<&Wide>,
    ) {
        let bytes = ty.bytes();
        let flags = self.flags(at.mem.0);
        let per_vector = i64::from(VECTOR / bytes);
        match at.stride {
            Stride::Known(stride) if stride == i64::from(bytes) => {
                let first = self.at(looped, at, counter, ahead);
                for (r, reg) in value.regs.iter().enumerate() {
                    let (base, disp) = self.plus(first, i64::from(r as u32 * VECTOR));
                    self.b.ins().store(flags, *reg, base, disp);
                }
            }
            Stride::Known(stride) if stride == -i64::from(bytes) => {
                let first = self.at(looped, at, counter, ahead);
                for (r, reg) in value.regs.iter().enumerate() {
                    let last = (r as i64 + 1) * per_vector - 1;
                    let (base, disp) = self.plus(first, -last * i64::from(bytes));
                    let reg = self.reversed(*reg, bytes);
                    self.b.ins().store(flags, reg, base, disp);
                }
            }
            Stride::Known(_) | Stride::Input(..) | Stride::Index(..) => {
                let words = self.bytes_or_scalars(ty, value);
                let places = self.each_at(looped, at, counter, ahead, index);
                for ((base, disp), word) in places.into_iter().zip(words) {
                    self.b.ins().store(flags, word, base, disp);
                }
            }
        }
    }
}
