//! One function: its frame, entry, exits and calls.
//!
//! In: a MIR function. Out: a Cranelift function. Invariant: every path out of the function passes `leave`,
//! which releases the owner slots; cold blocks are filled after the body, so that they lie behind it.

use super::abi;
use crate::abi as treaty;
use crate::mir::{self, Fail, Function, Module, RuntimeFn, SiteId, Ty};
use cranelift_codegen::ir::{
    self, AliasRegion, AliasRegionData, Block, BlockArg, ExtFuncData, ExternalName, FuncRef, InstBuilder,
    MemFlagsData, StackSlotData, StackSlotKind, UserExternalName, types,
};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::FunctionBuilder;
use std::borrow::Cow;
use std::collections::HashMap;

/// Namespace of `UserExternalName` for functions of the module; the index is the function's.
pub const NAMESPACE_MODULE: u32 = 0;
/// Namespace for functions of the runtime; the index is the place in `Imports`.
pub const NAMESPACE_RUNTIME: u32 = 1;

/// Runtime functions that the module calls; names in Cranelift code are places in this list.
#[derive(Default)]
pub struct Imports {
    pub funcs: Vec<RuntimeFn>,
}

impl Imports {
    fn index(&mut self, func: RuntimeFn) -> u32 {
        let known = self.funcs.iter().position(|f| *f == func);
        known.unwrap_or_else(|| {
            self.funcs.push(func);
            self.funcs.len() - 1
        }) as u32
    }
}

/// How the function is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// By the border: `(ctx, args, results) -> status`.
    Entry,
    /// By functions of the module.
    Internal,
}

/// A block that is rarely reached, filled when the body is done.
pub(super) enum Cold {
    Fail {
        block: Block,
        fail: Fail,
    },
    /// A callee failed; the block's parameter is its status.
    Callee {
        block: Block,
        site: SiteId,
        after_effect: bool,
    },
    /// The interrupt flag is set: poll, then go on.
    Poll {
        block: Block,
        resume: Block,
        args: Vec<BlockArg>,
    },
}

pub(super) struct Emit<'a, 'f> {
    pub b: FunctionBuilder<'f>,
    pub module: &'a Module,
    pub mir: &'a Function,
    pub imports: &'a mut Imports,
    pub shape: Shape,
    pub conv: CallConv,
    /// Cranelift value of each MIR value.
    values: Vec<Option<ir::Value>>,
    pub ctx: ir::Value,
    /// Where results go if not to registers.
    out: Option<ir::Value>,
    /// Where `Continue` goes (for `For` and `Loop`) and where `Break` goes (for `Block`).
    pub targets: HashMap<mir::Inst, Block>,
    /// See `poll::heights`.
    pub heights: Vec<u32>,
    cold: Vec<Cold>,
    fails: HashMap<(SiteId, bool, Vec<mir::Value>), Block>,
    callees: HashMap<(SiteId, bool), Block>,
    /// Leaves with the status in its parameter.
    exit: Option<Block>,
    /// Appends the site (second parameter) to the trace and leaves with the status (first parameter).
    unwind: Option<Block>,
    module_refs: HashMap<mir::Func, FuncRef>,
    runtime_refs: HashMap<RuntimeFn, FuncRef>,
    regions: HashMap<u32, AliasRegion>,
    slots: Vec<ir::StackSlot>,
    owners: Option<ir::StackSlot>,
}

/// Alias regions that are not MIR memories.
const REGION_CONTEXT: u32 = u32::MAX;
const REGION_OWNERS: u32 = u32::MAX - 1;

impl<'a, 'f> Emit<'a, 'f> {
    pub fn new(
        b: FunctionBuilder<'f>,
        module: &'a Module,
        mir: &'a Function,
        imports: &'a mut Imports,
        shape: Shape,
        conv: CallConv,
    ) -> Self {
        Emit {
            b,
            module,
            mir,
            imports,
            shape,
            conv,
            values: vec![None; mir.values.len()],
            ctx: ir::Value::from_u32(0),
            out: None,
            targets: HashMap::new(),
            heights: super::poll::heights(mir),
            cold: Vec::new(),
            fails: HashMap::new(),
            callees: HashMap::new(),
            exit: None,
            unwind: None,
            module_refs: HashMap::new(),
            runtime_refs: HashMap::new(),
            regions: HashMap::new(),
            slots: Vec::new(),
            owners: None,
        }
    }

    /// Emits the whole function.
    pub fn run(mut self, config: cranelift_codegen::isa::TargetFrontendConfig) {
        self.prologue();
        let body = self.mir.body;
        self.region(body, None);
        self.cold_blocks();
        self.b.seal_all_blocks();
        self.b.finalize(config);
    }

    fn prologue(&mut self) {
        let block = self.b.create_block();
        self.b.append_block_params_for_function_params(block);
        self.b.switch_to_block(block);
        let given = self.b.block_params(block).to_vec();
        self.ctx = given[0];
        let params = &self.mir.regions[self.mir.body].params;
        match self.shape {
            Shape::Entry => {
                // Loads that stay here: one that could move would sink into the loop that uses it.
                let flags = MemFlagsData::new().with_notrap().with_readonly();
                // Cranelift keeps dead loads.
                let uses = mir::walk::use_counts(self.mir);
                for (word, param) in params.iter().enumerate() {
                    if uses[param.0 as usize] == 0 {
                        continue;
                    }
                    let ty = abi::clif(self.mir.values[*param].ty);
                    let value = self.b.ins().load(ty, flags, given[1], 8 * word as i32);
                    self.set(*param, value);
                }
                self.out = Some(given[2]);
            }
            Shape::Internal => {
                for (param, value) in params.iter().zip(&given[1..]) {
                    self.set(*param, *value);
                }
                if !abi::results_in_registers(&self.mir.results) {
                    self.out = given.last().copied();
                }
            }
        }
        for bytes in &self.mir.stack_slots.items {
            let slot = self.b.create_sized_stack_slot(StackSlotData::new(
                StackSlotKind::ExplicitSlot,
                *bytes,
                // Parallel reductions keep one cache line a chunk; 8-byte words need no more than 8.
                3,
            ));
            self.slots.push(slot);
        }
        if self.mir.owner_slots > 0 {
            let slot = self.b.create_sized_stack_slot(StackSlotData::new(
                StackSlotKind::ExplicitSlot,
                8 * self.mir.owner_slots,
                3,
            ));
            self.owners = Some(slot);
            let zero = self.b.ins().iconst(types::I64, 0);
            for index in 0..self.mir.owner_slots {
                self.store_owner(mir::OwnerSlot(index), zero);
            }
        }
        if let Some(site) = self.mir.stack_check {
            let sp = self.b.ins().get_stack_pointer(types::I64);
            let flags = self.constant_flags();
            let limit = self.b.ins().load(types::I64, flags, self.ctx, treaty::OFFSET_STACK_LIMIT);
            let deep = self.b.ins().icmp(ir::condcodes::IntCC::UnsignedLessThan, sp, limit);
            let fail = self.fail_block(&Fail { deopt: false, site, payload: Vec::new() });
            let ok = self.b.create_block();
            self.b.ins().brif(deep, fail, &[], ok, &[]);
            self.b.switch_to_block(ok);
            // Endless recursion has no back edge to poll at.
            self.poll_here();
        }
    }

    // Values.

    pub fn value(&self, value: mir::Value) -> ir::Value {
        self.values[value.0 as usize].expect("invariant: a value is defined before it is used")
    }
    pub fn set(&mut self, value: mir::Value, to: ir::Value) {
        self.values[value.0 as usize] = Some(to);
    }
    pub fn ty(&self, value: mir::Value) -> Ty {
        self.mir.values[value].ty
    }
    pub fn args(&self, values: &[mir::Value]) -> Vec<BlockArg> {
        values.iter().map(|value| BlockArg::Value(self.value(*value))).collect()
    }

    // Memory.

    /// Flags of loads from words that do not change during the call and are always mapped.
    pub fn constant_flags(&self) -> MemFlagsData {
        MemFlagsData::new().with_notrap().with_readonly()
    }
    pub fn flags(&mut self, region: u32) -> MemFlagsData {
        let func = &mut self.b.func;
        let region = *self.regions.entry(region).or_insert_with(|| {
            func.dfg.alias_regions.insert(AliasRegionData { user_id: region, description: Cow::Borrowed("") })
        });
        MemFlagsData::new().with_notrap().with_alias_region(Some(region))
    }
    pub fn stack_addr(&mut self, slot: mir::StackSlot) -> ir::Value {
        self.b.ins().stack_addr(types::I64, self.slots[slot.0 as usize], 0)
    }

    // Owner slots.

    /// Address of the owner slots.
    fn owners(&mut self) -> ir::Value {
        let slots = self.owners.expect("invariant: a function that names owner slots has them");
        self.b.ins().stack_addr(types::I64, slots, 0)
    }
    pub fn load_owner(&mut self, slot: mir::OwnerSlot) -> ir::Value {
        let flags = self.flags(REGION_OWNERS);
        let base = self.owners();
        self.b.ins().load(types::I64, flags, base, 8 * slot.0 as i32)
    }
    pub fn store_owner(&mut self, slot: mir::OwnerSlot, value: ir::Value) {
        let flags = self.flags(REGION_OWNERS);
        let base = self.owners();
        self.b.ins().store(flags, value, base, 8 * slot.0 as i32);
    }
    /// Calls `Release` unless the pointer is null.
    pub fn release(&mut self, owner: ir::Value) {
        let call = self.b.create_block();
        let done = self.b.create_block();
        self.b.ins().brif(owner, call, &[], done, &[]);
        self.b.switch_to_block(call);
        let func = self.runtime_ref(RuntimeFn::Release, &[Ty::Ptr], None);
        self.b.ins().call(func, &[owner]);
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(done);
    }
    fn release_owners(&mut self) {
        match self.mir.owner_slots {
            0 => {}
            count @ 1..=2 => {
                for index in 0..count {
                    let owner = self.load_owner(mir::OwnerSlot(index));
                    self.release(owner);
                }
            }
            count => {
                let func = self.runtime_ref(RuntimeFn::ReleaseSlots, &[Ty::Ptr, Ty::I64], None);
                let base = self.owners();
                let count = self.b.ins().iconst(types::I64, i64::from(count));
                self.b.ins().call(func, &[base, count]);
            }
        }
    }

    // Leaving.

    pub fn leave(&mut self, results: &[mir::Value]) {
        self.release_owners();
        let ok = self.b.ins().iconst(types::I32, i64::from(treaty::status::OK));
        let mut returned = vec![ok];
        match self.out {
            Some(out) => {
                for (word, result) in results.iter().enumerate() {
                    let value = self.value(*result);
                    let value = match self.shape {
                        Shape::Entry => self.widen(value, self.ty(*result)),
                        Shape::Internal => value,
                    };
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
    fn exit_block(&mut self) -> Block {
        *self.exit.get_or_insert_with(|| {
            let block = self.b.create_block();
            self.b.append_block_param(block, types::I32);
            self.b.set_cold_block(block);
            block
        })
    }

    /// A cold block that raises; guards with the same failure share it.
    pub fn fail_block(&mut self, fail: &Fail) -> Block {
        let key = (fail.site, fail.deopt, fail.payload.clone());
        if let Some(block) = self.fails.get(&key) {
            return *block;
        }
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        self.fails.insert(key, block);
        self.cold.push(Cold::Fail { block, fail: fail.clone() });
        block
    }

    fn callee_block(&mut self, site: SiteId, after_effect: bool) -> Block {
        if let Some(block) = self.callees.get(&(site, after_effect)) {
            return *block;
        }
        let block = self.b.create_block();
        self.b.append_block_param(block, types::I32);
        self.b.set_cold_block(block);
        self.callees.insert((site, after_effect), block);
        self.cold.push(Cold::Callee { block, site, after_effect });
        block
    }

    /// Ends the block: goes to `resume` by way of the poll handler if the interrupt flag is set.
    pub fn poll_and_jump(&mut self, resume: Block, args: Vec<BlockArg>) {
        let cold = self.b.create_block();
        self.b.set_cold_block(cold);
        let flags = self.constant_flags();
        let address = self.b.ins().load(types::I64, flags, self.ctx, treaty::OFFSET_INTERRUPT);
        let flag = self.b.ins().load(types::I32, MemFlagsData::new().with_notrap(), address, 0);
        self.b.ins().brif(flag, cold, &[], resume, &args);
        self.cold.push(Cold::Poll { block: cold, resume, args });
    }

    /// Calls the poll handler; its status. The convention that preserves all registers has no results.
    fn poll(&mut self) -> ir::Value {
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
        self.cold.push(Cold::Poll { block, resume, args });
        block
    }

    fn cold_blocks(&mut self) {
        for cold in std::mem::take(&mut self.cold) {
            match cold {
                Cold::Fail { block, fail } => {
                    self.b.switch_to_block(block);
                    self.fail(&fail);
                }
                Cold::Callee { block, site, after_effect } => {
                    self.b.switch_to_block(block);
                    let mut status = self.b.block_params(block)[0];
                    if after_effect {
                        let deopt = i64::from(treaty::status::DEOPT);
                        let is_deopt = self.b.ins().icmp_imm_u(ir::condcodes::IntCC::Equal, status, deopt);
                        let raise = self.b.ins().iconst(types::I32, i64::from(treaty::status::RAISE));
                        status = self.b.ins().select(is_deopt, raise, status);
                    }
                    let unwind = self.unwind_block();
                    let site = self.b.ins().iconst(types::I32, i64::from(site.0));
                    self.b.ins().jump(unwind, &[BlockArg::Value(status), BlockArg::Value(site)]);
                }
                Cold::Poll { block, resume, args } => {
                    self.b.switch_to_block(block);
                    let status = self.poll();
                    let exit = self.exit_block();
                    self.b.ins().brif(status, exit, &[BlockArg::Value(status)], resume, &args);
                }
            }
        }
        if let Some(block) = self.unwind {
            self.fill_unwind(block);
        }
        if let Some(block) = self.exit {
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
    pub fn fail(&mut self, fail: &Fail) {
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
        self.b.ins().jump(exit, &[BlockArg::Value(status)]);
    }

    fn unwind_block(&mut self) -> Block {
        *self.unwind.get_or_insert_with(|| {
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
        let room =
            self.b.ins().icmp_imm_u(ir::condcodes::IntCC::UnsignedLessThan, len, treaty::TRACE_SITES as i64);
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

    pub fn zero(&mut self, ty: Ty) -> ir::Value {
        match ty {
            Ty::F32 => self.b.ins().f32const(0.0),
            Ty::F64 => self.b.ins().f64const(0.0),
            Ty::Bool | Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr => {
                self.b.ins().iconst(abi::clif(ty), 0)
            }
        }
    }

    // Calls.

    pub fn module_ref(&mut self, func: mir::Func) -> FuncRef {
        if let Some(known) = self.module_refs.get(&func) {
            return *known;
        }
        let signature = self.b.import_signature(abi::internal(&self.module.funcs[func], self.conv));
        let name = UserExternalName::new(NAMESPACE_MODULE, func.0);
        // Colocated: in the same blob, so a 32-bit displacement reaches it.
        let known = self.import(name, signature, true);
        self.module_refs.insert(func, known);
        known
    }

    /// Address of a function of the module. Imported apart from the calls, as a full address: that
    /// relocation is the same on every machine.
    pub fn func_address(&mut self, func: mir::Func) -> ir::Value {
        let signature = self.b.import_signature(abi::internal(&self.module.funcs[func], self.conv));
        let name = UserExternalName::new(NAMESPACE_MODULE, func.0);
        let func = self.import(name, signature, false);
        self.b.ins().func_addr(types::I64, func)
    }

    pub fn runtime_ref(&mut self, func: RuntimeFn, args: &[Ty], result: Option<Ty>) -> FuncRef {
        if let Some(known) = self.runtime_refs.get(&func) {
            return *known;
        }
        let conv = if func == RuntimeFn::Poll { CallConv::PreserveAll } else { self.conv };
        let signature = self.b.import_signature(abi::runtime(args, result, conv));
        let name = UserExternalName::new(NAMESPACE_RUNTIME, self.imports.index(func));
        let known = self.import(name, signature, false);
        self.runtime_refs.insert(func, known);
        known
    }

    fn import(&mut self, name: UserExternalName, signature: ir::SigRef, colocated: bool) -> FuncRef {
        let name = self.b.func.declare_imported_user_function(name);
        self.b.import_function(ExtFuncData {
            name: ExternalName::user(name),
            signature,
            colocated,
            patchable: false,
        })
    }

    /// Call of a runtime function; narrow results are as the signature says.
    pub fn call_runtime(
        &mut self,
        func: RuntimeFn,
        args: &[mir::Value],
        result: Option<Ty>,
    ) -> Option<ir::Value> {
        let mut tys = Vec::with_capacity(args.len() + 1);
        let mut values = Vec::with_capacity(args.len() + 1);
        if abi::takes_context(func) {
            tys.push(Ty::Ptr);
            values.push(self.ctx);
        }
        for arg in args {
            tys.push(self.ty(*arg));
            values.push(self.value(*arg));
        }
        let func = self.runtime_ref(func, &tys, result);
        let call = self.b.ins().call(func, &values);
        self.b.inst_results(call).first().copied()
    }

    /// Call of a runtime function that may fail.
    pub fn call_runtime_status(&mut self, func: RuntimeFn, args: &[mir::Value]) {
        let status = match func {
            RuntimeFn::Poll => self.poll(),
            func => {
                self.call_runtime(func, args, Some(Ty::I32)).expect("invariant: the call returns a status")
            }
        };
        let exit = self.exit_block();
        let ok = self.b.create_block();
        self.b.ins().brif(status, exit, &[BlockArg::Value(status)], ok, &[]);
        self.b.switch_to_block(ok);
    }

    /// Call of a function of the module.
    pub fn call_module(
        &mut self,
        func: mir::Func,
        args: &[mir::Value],
        site: SiteId,
        after_effect: bool,
        results: &[mir::Value],
    ) {
        let callee = self.module_ref(func);
        let in_registers = abi::results_in_registers(&self.module.funcs[func].results);
        let mut values = Vec::with_capacity(args.len() + 2);
        values.push(self.ctx);
        values.extend(args.iter().map(|arg| self.value(*arg)));
        let mut out = None;
        if !in_registers {
            let slot = self.b.create_sized_stack_slot(StackSlotData::new(
                StackSlotKind::ExplicitSlot,
                8 * results.len() as u32,
                3,
            ));
            let address = self.b.ins().stack_addr(types::I64, slot, 0);
            values.push(address);
            out = Some(address);
        }
        let call = self.b.ins().call(callee, &values);
        let returned = self.b.inst_results(call).to_vec();
        let failed = self.callee_block(site, after_effect);
        let ok = self.b.create_block();
        self.b.ins().brif(returned[0], failed, &[BlockArg::Value(returned[0])], ok, &[]);
        self.b.switch_to_block(ok);
        for (word, result) in results.iter().enumerate() {
            let value = match out {
                Some(out) => {
                    let flags = MemFlagsData::new().with_notrap();
                    let ty = abi::clif(self.ty(*result));
                    self.b.ins().load(ty, flags, out, 8 * word as i32)
                }
                None => returned[1 + word],
            };
            self.set(*result, value);
        }
    }
}
