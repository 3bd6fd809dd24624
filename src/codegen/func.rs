//! One function: its frame, parameters and values.
//!
//! In: a MIR function. Out: a Cranelift function. Invariant: a MIR value has one Cranelift value, set where
//! it is defined, or a copy of it that was fetched from memory (see `split`); cold blocks are filled after the
//! body, so that they lie behind it.

use super::abi;
use super::call::Refs;
use super::exit::Exits;
use super::next::Next;
use super::poll::{self, Around};
use super::split::Kept;
use crate::abi as treaty;
use crate::mir::{self, Fail, Function, InstData, Module, Op, RuntimeFn, Ty, walk};
use crate::vector::Leaf;
use cranelift_codegen::ir::{
    self, AliasRegion, AliasRegionData, Block, BlockArg, InstBuilder, MemFlagsData, StackSlotData,
    StackSlotKind, types,
};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::FunctionBuilder;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// Namespace of `UserExternalName` for functions of the module; the index is the function's.
pub const NAMESPACE_MODULE: u32 = 0;
/// Namespace for functions of the runtime; the index is the place in `Imports`.
pub const NAMESPACE_RUNTIME: u32 = 1;
/// Namespace for vector loops; the index is the place in `Imports`.
pub const NAMESPACE_LEAF: u32 = 2;

/// Runtime functions that the module calls; names in Cranelift code are places in this list.
#[derive(Default)]
pub struct Imports {
    pub funcs: Vec<RuntimeFn>,
    /// Vector loops, to stand behind the functions.
    pub leaves: Vec<Leaf>,
}

impl Imports {
    pub fn index(&mut self, func: RuntimeFn) -> u32 {
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
    /// Likewise, where the module calls the function too: only passes the call on.
    Front,
    /// By functions of the module.
    Internal,
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
    pub out: Option<ir::Value>,
    /// Where `Continue` goes (for `For` and `Loop`) and where `Break` goes (for `Block`).
    pub targets: FxHashMap<mir::Inst, Block>,
    /// Loops that an iteration goes on with from inside an arm or a block.
    pub continued: FxHashSet<mir::Inst>,
    /// The instruction before which the stack is checked, and the error.
    pub stack_check: Option<(mir::Inst, mir::SiteId)>,
    /// See `poll::heights`.
    pub heights: Vec<u32>,
    pub around: Around,
    /// Body of the innermost `while` around this place.
    pub search: Option<mir::Region>,
    pub exits: Exits,
    pub refs: Refs,
    pub kept: Kept,
    /// Constants that loops compare with and that instructions cannot hold.
    pub held: FxHashSet<mir::Value>,
    pub next: Next,
    regions: FxHashMap<u32, AliasRegion>,
    slots: Vec<ir::StackSlot>,
    owners: Option<ir::StackSlot>,
}

/// Loops that some region ends with a `Continue` of.
fn continued(func: &Function) -> FxHashSet<mir::Inst> {
    let target = |region: &mir::RegionData| match region.end {
        mir::End::Continue { to, .. } => Some(to),
        mir::End::Yield(_)
        | mir::End::Break { .. }
        | mir::End::Return(_)
        | mir::End::Fail(_)
        | mir::End::Unreachable => None,
    };
    func.regions.items.iter().filter_map(target).collect()
}

/// Constants from outside of innermost loops that these compare with, of more than 32 bits.
fn held(func: &Function) -> FxHashSet<mir::Value> {
    let mut large = FxHashSet::default();
    walk::for_each_inst(func, func.body, &mut |_, inst| {
        if let InstData { op: Op::Iconst(c), results, .. } = &func.insts[inst]
            && func.values[results[0]].ty == Ty::I64
            && i32::try_from(*c).is_err()
        {
            large.insert(results[0]);
        }
    });
    let mut held = FxHashSet::default();
    if large.is_empty() {
        return held;
    }
    walk::for_each_inst(func, func.body, &mut |_, inst| {
        let (Op::For { body, .. } | Op::Loop { body, .. }) = func.insts[inst].op else { return };
        if func.regions[body].rare || walk::has_loop(func, body) {
            return;
        }
        let mut compared = Vec::new();
        walk::for_each_inst(func, body, &mut |_, inst| match &func.insts[inst] {
            InstData { op: Op::Compare { lhs, rhs, .. }, .. } => compared.extend([*lhs, *rhs]),
            InstData { results, .. } => results.iter().for_each(|value| _ = large.remove(value)),
        });
        held.extend(compared.into_iter().filter(|value| large.contains(value)));
    });
    held
}

/// Alias regions that are not MIR memories.
pub(super) const REGION_CONTEXT: u32 = u32::MAX;
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
        let heights = poll::heights(mir);
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
            targets: FxHashMap::default(),
            continued: continued(mir),
            stack_check: poll::first_call(mir, &heights).zip(mir.stack_check),
            heights,
            around: Around::default(),
            search: None,
            exits: Exits::default(),
            refs: Refs::default(),
            kept: Kept::default(),
            held: held(mir),
            next: Next::default(),
            regions: FxHashMap::default(),
            slots: Vec::new(),
            owners: None,
        }
    }

    /// Emits the whole function.
    pub fn run(mut self, func: mir::Func, config: cranelift_codegen::isa::TargetFrontendConfig) {
        let block = self.b.create_block();
        self.b.append_block_params_for_function_params(block);
        self.b.switch_to_block(block);
        let given = self.b.block_params(block).to_vec();
        self.ctx = given[0];
        match self.shape {
            Shape::Front => self.pass_on(func, &given),
            Shape::Entry | Shape::Internal => {
                self.prologue(&given);
                self.region(self.mir.body, None);
                self.cold_blocks();
            }
        }
        self.b.seal_all_blocks();
        self.b.finalize(config);
    }

    /// Calls the function's other copy with the arguments in memory; its results go to memory.
    fn pass_on(&mut self, func: mir::Func, given: &[ir::Value]) {
        let mut args = vec![self.ctx];
        for (word, param) in self.mir.regions[self.mir.body].params.iter().enumerate() {
            let (ty, flags) = (abi::clif(self.ty(*param)), self.constant_flags());
            args.push(self.b.ins().load(ty, flags, given[1], 8 * word as i32));
        }
        if !abi::results_in_registers(&self.mir.results) {
            args.push(given[2]);
        }
        let callee = self.module_ref(func);
        let call = self.b.ins().call(callee, &args);
        let returned = self.b.inst_results(call).to_vec();
        for (word, (value, ty)) in returned[1..].iter().zip(&self.mir.results).enumerate() {
            let value = self.widen(*value, *ty);
            let flags = MemFlagsData::new().with_notrap();
            self.b.ins().store(flags, value, given[2], 8 * word as i32);
        }
        self.b.ins().return_(&returned[..1]);
    }

    fn prologue(&mut self, given: &[ir::Value]) {
        let params = &self.mir.regions[self.mir.body].params;
        match self.shape {
            Shape::Front => {}
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
        self.plan_splits((self.shape == Shape::Entry).then(|| given[1]));
        if poll::has_guards_in_arms(self.mir, &self.heights) {
            self.pin_exit();
        }
    }

    /// Leaves the function if the stack is nearly used up. Stands before the first call, so that calls that
    /// end the recursion do not pay for it.
    pub fn check_stack(&mut self, site: mir::SiteId) {
        let sp = self.b.ins().get_stack_pointer(types::I64);
        let flags = self.constant_flags();
        let limit = self.b.ins().load(types::I64, flags, self.ctx, treaty::OFFSET_STACK_LIMIT);
        let deep = self.b.ins().icmp(ir::condcodes::IntCC::UnsignedLessThan, sp, limit);
        let fail = self.fail_block(&Fail { deopt: false, site, payload: Vec::new() }, None);
        let ok = self.b.create_block();
        self.b.ins().brif(deep, fail, &[], ok, &[]);
        self.b.switch_to_block(ok);
        // Endless recursion has no back edge to poll at.
        self.poll_here();
    }

    /// From here on this place is in the body of a loop; what was around it.
    pub fn enter_loop(&mut self, innermost: bool) -> Around {
        let inside = Around { arms: Some(0), innermost, ..self.around };
        std::mem::replace(&mut self.around, inside)
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
    pub fn release_owners(&mut self) {
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

    pub fn zero(&mut self, ty: Ty) -> ir::Value {
        match ty {
            Ty::F32 => self.b.ins().f32const(0.0),
            Ty::F64 => self.b.ins().f64const(0.0),
            Ty::Bool | Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr => {
                self.b.ins().iconst(abi::clif(ty), 0)
            }
        }
    }
}
