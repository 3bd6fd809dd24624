//! Calls of the module's functions and of the runtime's.
//!
//! In: MIR calls. Out: Cranelift calls with a check of the status. Invariant: signatures are those of
//! `super::abi`.

use super::abi;
use super::func::{Emit, NAMESPACE_MODULE, NAMESPACE_RUNTIME};
use crate::mir::{self, MathFn, RuntimeFn, SiteId, Ty};
use cranelift_codegen::ir::{
    self, BlockArg, ExtFuncData, ExternalName, FuncRef, InstBuilder, MemFlagsData, StackSlotData,
    StackSlotKind, UserExternalName, types,
};
use cranelift_codegen::isa::CallConv;
use rustc_hash::FxHashMap;

/// Functions that the function under way has imported.
#[derive(Default)]
pub(super) struct Refs {
    module: FxHashMap<mir::Func, FuncRef>,
    runtime: FxHashMap<RuntimeFn, FuncRef>,
}

impl Emit<'_, '_> {
    pub fn module_ref(&mut self, func: mir::Func) -> FuncRef {
        if let Some(known) = self.refs.module.get(&func) {
            return *known;
        }
        let signature = self.b.import_signature(abi::internal(&self.module.funcs[func], self.conv));
        let name = UserExternalName::new(NAMESPACE_MODULE, func.0);
        // Colocated: in the same blob, so a 32-bit displacement reaches it.
        let known = self.import(name, signature, true);
        self.refs.module.insert(func, known);
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
        if let Some(known) = self.refs.runtime.get(&func) {
            return *known;
        }
        let conv = if func == RuntimeFn::Poll { CallConv::PreserveAll } else { self.conv };
        let signature = self.b.import_signature(abi::runtime(args, result, conv));
        let name = UserExternalName::new(NAMESPACE_RUNTIME, self.imports.index(func));
        let known = self.import(name, signature, false);
        self.refs.runtime.insert(func, known);
        known
    }

    pub fn import(&mut self, name: UserExternalName, signature: ir::SigRef, colocated: bool) -> FuncRef {
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

    fn math_ref(&mut self, func: MathFn) -> FuncRef {
        self.runtime_ref(RuntimeFn::Math(func), &vec![Ty::F64; func.arity()], Some(Ty::F64))
    }

    /// A function of the C library on float64.
    pub fn call_math(&mut self, func: MathFn, args: &[ir::Value]) -> ir::Value {
        let func = self.math_ref(func);
        let call = self.b.ins().call(func, args);
        self.b.inst_results(call)[0]
    }

    pub fn math_address(&mut self, func: MathFn) -> ir::Value {
        let func = self.math_ref(func);
        self.b.ins().func_addr(types::I64, func)
    }

    /// Call of a runtime function that may fail.
    pub fn call_runtime_status(&mut self, func: RuntimeFn, args: &[mir::Value]) {
        let status = if func == RuntimeFn::Poll {
            self.poll()
        } else {
            self.call_runtime(func, args, Some(Ty::I32)).expect("invariant: the call returns a status")
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
        let ok = self.b.create_block();
        let failed = self.callee_block(site, after_effect, self.way_back(ok));
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
