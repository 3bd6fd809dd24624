//! Ways out of a function, and the cold blocks on the way.
//!
//! In: guards, failing calls, returns, polls. Out: blocks behind the body. Invariant: every path out of the
//! function passes `leave` or the exit block, and both release the owner slots.
//!
//! Cranelift moves invariant code out of a loop while it walks the dominator tree inside that loop, and
//! gives the loop up for good at the first block outside it. A failing guard is such a block. At the top
//! level of a loop's body it is visited last (`branch_away`); in an arm of an `If` it would be visited before
//! the code after the `If`. There the cold block ends in a branch that could return to the loop but never
//! does (the context's address is not null), and so counts as a part of it.

use super::func::{Emit, REGION_CONTEXT, Shape};
use crate::abi as treaty;
use crate::mir::{self, Fail, RuntimeFn, SiteId, Ty};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, Block, BlockArg, InstBuilder, MemFlagsData, types};
use rustc_hash::FxHashMap;

/// A block that is rarely reached, filled when the body is done.
pub(super) enum Cold {
    Fail {
        block: Block,
        fail: Fail,
        back: Option<Block>,
    },
    /// A callee failed; the block's parameter is its status.
    Callee {
        block: Block,
        site: SiteId,
        after_effect: bool,
        back: Option<Block>,
    },
    /// The interrupt flag is set: poll, then go on.
    Poll {
        block: Block,
        resume: Block,
        args: Vec<BlockArg>,
    },
}

/// The function's ways out so far.
#[derive(Default)]
pub(super) struct Exits {
    cold: Vec<Cold>,
    fails: FxHashMap<(SiteId, bool, Vec<mir::Value>), Block>,
    callees: FxHashMap<(SiteId, bool), Block>,
    /// Leaves with the status in its parameter.
    exit: Option<Block>,
    /// Appends the site (second parameter) to the trace and leaves with the status (first parameter).
    unwind: Option<Block>,
}

impl Emit<'_, '_> {
    pub fn leave(&mut self, results: &[mir::Value]) {
        self.release_owners();
        let ok = self.b.ins().iconst(types::I32, i64::from(treaty::status::OK));
        let mut returned = vec![ok];
        match self.out {
            Some(out) => {
                for (word, result) in results.iter().enumerate() {
                    let value = self.widen(self.value(*result), self.ty(*result));
                    let flags = MemFlagsData::new().with_notrap();
                    self.b.ins().store(flags, value, out, 8 * word as i32);
                }
            }
            None => returned.extend(results.iter().map(|result| self.value(*result))),
        }
        self.b.ins().return_(&returned);
    }

    /// An integer as a 64-bit word; floats as they are.
    pub fn widen(&mut self, value: ir::Value, ty: Ty) -> ir::Value {
        match ty {
            Ty::Bool => self.b.ins().uextend(types::I64, value),
            Ty::I8 | Ty::I16 | Ty::I32 => self.b.ins().sextend(types::I64, value),
            Ty::I64 | Ty::Ptr | Ty::F32 | Ty::F64 => value,
        }
    }

    /// The block that leaves with the status in its parameter.
    pub fn exit_block(&mut self) -> Block {
        *self.exits.exit.get_or_insert_with(|| {
            let block = self.b.create_block();
            self.b.append_block_param(block, types::I32);
            self.b.set_cold_block(block);
            block
        })
    }

    /// The block that a cold block after what fails in an arm seems to return to: where it goes on.
    pub fn way_back(&self, ok: Block) -> Option<Block> {
        self.around.arms.is_some_and(|arms| arms > 0).then_some(ok)
    }

    /// Likewise after a check of this condition.
    pub fn way_back_of_check(&self, cond: mir::Value, ok: Block) -> Option<Block> {
        self.around.is_in_arm(self.mir, cond).then_some(ok)
    }

    /// Makes the entry lead to the exit block, seemingly: so that it lies outside all loops for Cranelift,
    /// even if a single guard in a loop leads there.
    pub fn pin_exit(&mut self) {
        let exit = self.exit_block();
        let ok = self.b.create_block();
        let none = self.b.ins().icmp_imm_u(IntCC::Equal, self.ctx, 0);
        let status = self.b.ins().iconst(types::I32, 0);
        self.b.ins().brif(none, exit, &[BlockArg::Value(status)], ok, &[]);
        self.b.switch_to_block(ok);
    }

    /// A cold block that raises; guards with the same failure share it, unless they have a way back.
    pub fn fail_block(&mut self, fail: &Fail, back: Option<Block>) -> Block {
        let key = (fail.site, fail.deopt, fail.payload.clone());
        if back.is_none()
            && let Some(block) = self.exits.fails.get(&key)
        {
            return *block;
        }
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        if back.is_none() {
            self.exits.fails.insert(key, block);
        }
        self.exits.cold.push(Cold::Fail { block, fail: fail.clone(), back });
        block
    }

    pub fn callee_block(&mut self, site: SiteId, after_effect: bool, back: Option<Block>) -> Block {
        if back.is_none()
            && let Some(block) = self.exits.callees.get(&(site, after_effect))
        {
            return *block;
        }
        let block = self.b.create_block();
        self.b.append_block_param(block, types::I32);
        self.b.set_cold_block(block);
        if back.is_none() {
            self.exits.callees.insert((site, after_effect), block);
        }
        self.exits.cold.push(Cold::Callee { block, site, after_effect, back });
        block
    }

    /// Ends the block: to `to`, or seemingly to `back`.
    fn go_or_back(&mut self, to: Block, args: &[BlockArg], back: Option<Block>) {
        match back {
            Some(back) => self.b.ins().brif(self.ctx, to, args, back, &[]),
            None => self.b.ins().jump(to, args),
        };
    }

    /// Ends the block: goes to `resume` by way of the poll handler if the interrupt flag is set.
    pub fn poll_and_jump(&mut self, resume: Block, args: Vec<BlockArg>) {
        let cold = self.b.create_block();
        self.b.set_cold_block(cold);
        let flags = self.constant_flags();
        let address = self.b.ins().load(types::I64, flags, self.ctx, treaty::OFFSET_INTERRUPT);
        let flag = self.b.ins().load(types::I32, MemFlagsData::new().with_notrap(), address, 0);
        self.b.ins().brif(flag, cold, &[], resume, &args);
        self.exits.cold.push(Cold::Poll { block: cold, resume, args });
    }

    /// Calls the poll handler; its status. The convention that preserves all registers has no results.
    pub fn poll(&mut self) -> ir::Value {
        let func = self.runtime_ref(RuntimeFn::Poll, &[Ty::Ptr], None);
        self.b.ins().call(func, &[self.ctx]);
        let flags = self.flags(REGION_CONTEXT);
        self.b.ins().load(types::I32, flags, self.ctx, treaty::OFFSET_PAYLOAD)
    }

    /// Polls and goes on here.
    pub fn poll_here(&mut self) {
        let resume = self.b.create_block();
        self.poll_and_jump(resume, Vec::new());
        self.b.switch_to_block(resume);
    }

    /// Polls whatever the flag says (the fuel of a loop has run out) and goes on at `resume`.
    pub fn cold_poll_block(&mut self, resume: Block, args: Vec<BlockArg>) -> Block {
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        self.exits.cold.push(Cold::Poll { block, resume, args });
        block
    }

    pub fn cold_blocks(&mut self) {
        for cold in std::mem::take(&mut self.exits.cold) {
            match cold {
                Cold::Fail { block, fail, back } => {
                    self.b.switch_to_block(block);
                    self.fail(&fail, back);
                }
                Cold::Callee { block, site, after_effect, back } => {
                    self.b.switch_to_block(block);
                    let mut status = self.b.block_params(block)[0];
                    if after_effect {
                        let deopt = i64::from(treaty::status::DEOPT);
                        let is_deopt = self.b.ins().icmp_imm_u(IntCC::Equal, status, deopt);
                        let raise = self.b.ins().iconst(types::I32, i64::from(treaty::status::RAISE));
                        status = self.b.ins().select(is_deopt, raise, status);
                    }
                    let unwind = self.unwind_block();
                    let site = self.b.ins().iconst(types::I32, i64::from(site.0));
                    self.go_or_back(unwind, &[BlockArg::Value(status), BlockArg::Value(site)], back);
                }
                Cold::Poll { block, resume, args } => {
                    self.b.switch_to_block(block);
                    let status = self.poll();
                    let exit = self.exit_block();
                    self.b.ins().brif(status, exit, &[BlockArg::Value(status)], resume, &args);
                }
            }
        }
        if let Some(block) = self.exits.unwind {
            self.fill_unwind(block);
        }
        if let Some(block) = self.exits.exit {
            self.b.switch_to_block(block);
            let status = self.b.block_params(block)[0];
            self.release_owners();
            let mut returned = vec![status];
            if self.shape == Shape::Internal && self.out.is_none() {
                for ty in self.mir.results.clone() {
                    let zero = self.zero(ty);
                    returned.push(zero);
                }
            }
            self.b.ins().return_(&returned);
        }
    }

    /// Ends the block with a failure.
    pub fn fail(&mut self, fail: &Fail, back: Option<Block>) {
        let flags = self.flags(REGION_CONTEXT);
        for (word, value) in fail.payload.iter().enumerate() {
            let wide = self.widen(self.value(*value), self.ty(*value));
            self.b.ins().store(flags, wide, self.ctx, treaty::OFFSET_PAYLOAD + 8 * word as i32);
        }
        let site = self.b.ins().iconst(types::I32, i64::from(fail.site.0));
        self.b.ins().store(flags, site, self.ctx, treaty::OFFSET_SITE);
        let status = if fail.deopt { treaty::status::DEOPT } else { treaty::status::RAISE };
        let status = self.b.ins().iconst(types::I32, i64::from(status));
        let exit = self.exit_block();
        self.go_or_back(exit, &[BlockArg::Value(status)], back);
    }

    fn unwind_block(&mut self) -> Block {
        *self.exits.unwind.get_or_insert_with(|| {
            let block = self.b.create_block();
            self.b.append_block_param(block, types::I32);
            self.b.append_block_param(block, types::I32);
            self.b.set_cold_block(block);
            block
        })
    }

    fn fill_unwind(&mut self, block: Block) {
        let flags = self.flags(REGION_CONTEXT);
        self.b.switch_to_block(block);
        let params = self.b.block_params(block).to_vec();
        let status = [BlockArg::Value(params[0])];
        let append = self.b.create_block();
        self.b.set_cold_block(append);
        let exit = self.exit_block();
        let len = self.b.ins().load(types::I32, flags, self.ctx, treaty::OFFSET_TRACE_LEN);
        let room = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, len, treaty::TRACE_SITES as i64);
        self.b.ins().brif(room, append, &[], exit, &status);
        self.b.switch_to_block(append);
        let index = self.b.ins().uextend(types::I64, len);
        let offset = self.b.ins().ishl_imm_u(index, 2);
        let address = self.b.ins().iadd(self.ctx, offset);
        self.b.ins().store(flags, params[1], address, treaty::OFFSET_TRACE);
        let len = self.b.ins().iadd_imm_s(len, 1);
        self.b.ins().store(flags, len, self.ctx, treaty::OFFSET_TRACE_LEN);
        self.b.ins().jump(exit, &status);
    }
}
