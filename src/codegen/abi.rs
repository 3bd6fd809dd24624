//! How compiled functions call each other and the runtime.
//!
//! In: signatures in machine types. Out: Cranelift signatures. Invariant: caller and callee ask the same
//! functions here.
//!
//! Inside a module a function is `(ctx, params...) -> (status, results...)` when the results fit the
//! return registers of every target, else `(ctx, params..., out) -> status` with `out` pointing to 8-byte
//! words in the caller's frame. The entry is `(ctx, args, results) -> status` as `crate::abi` says.

use crate::abi::{RuntimeFn, Ty};
use crate::mir::Function;
use cranelift_codegen::ir::{self, AbiParam, Signature, types};
use cranelift_codegen::isa::CallConv;

/// The Cranelift type of a machine type.
pub fn clif(ty: Ty) -> ir::Type {
    match ty {
        Ty::Bool | Ty::I8 => types::I8,
        Ty::I16 => types::I16,
        Ty::I32 => types::I32,
        Ty::I64 | Ty::Ptr => types::I64,
        Ty::F32 => types::F32,
        Ty::F64 => types::F64,
    }
}

/// A parameter of a C function: narrow integers are extended, as C callees may expect.
fn c_param(ty: Ty) -> AbiParam {
    let param = AbiParam::new(clif(ty));
    match ty {
        Ty::Bool => param.uext(),
        Ty::I8 | Ty::I16 | Ty::I32 => param.sext(),
        Ty::I64 | Ty::Ptr | Ty::F32 | Ty::F64 => param,
    }
}

/// True if results come back in registers: x86-64 has two of each kind and the status takes one.
pub fn results_in_registers(results: &[Ty]) -> bool {
    let floats = results.iter().filter(|ty| ty.is_float()).count();
    floats <= 2 && results.len() - floats <= 1
}

/// Signature of a function as other functions of the module call it.
pub fn internal(func: &Function, conv: CallConv) -> Signature {
    let mut sig = Signature::new(conv);
    sig.params.push(AbiParam::new(types::I64));
    for param in &func.regions[func.body].params {
        sig.params.push(AbiParam::new(clif(func.values[*param].ty)));
    }
    sig.returns.push(AbiParam::new(types::I32));
    if results_in_registers(&func.results) {
        sig.returns.extend(func.results.iter().map(|ty| AbiParam::new(clif(*ty))));
    } else {
        sig.params.push(AbiParam::new(types::I64));
    }
    sig
}

/// Signature of the entry.
pub fn entry(conv: CallConv) -> Signature {
    let mut sig = Signature::new(conv);
    sig.params.extend([AbiParam::new(types::I64); 3]);
    sig.returns.push(AbiParam::new(types::I32));
    sig
}

/// Signature of a C function of the runtime.
pub fn runtime(args: &[Ty], result: Option<Ty>, conv: CallConv) -> Signature {
    let mut sig = Signature::new(conv);
    sig.params.extend(args.iter().map(|ty| c_param(*ty)));
    sig.returns.extend(result.map(|ty| AbiParam::new(clif(ty))));
    sig
}

/// True if the function's first argument is the call context, which MIR does not name.
pub fn takes_context(func: RuntimeFn) -> bool {
    match func {
        RuntimeFn::Poll | RuntimeFn::ParallelFor | RuntimeFn::MatMul => true,
        RuntimeFn::Alloc
        | RuntimeFn::Retain
        | RuntimeFn::Release
        | RuntimeFn::ReleaseSlots
        | RuntimeFn::ParallelChunks
        | RuntimeFn::MemMove
        | RuntimeFn::MemZero
        | RuntimeFn::IntPow
        | RuntimeFn::IntPowWrap
        | RuntimeFn::RoundPython
        | RuntimeFn::RoundNumpy
        | RuntimeFn::IntTrueDiv
        | RuntimeFn::PrintValue
        | RuntimeFn::GetNumThreads
        | RuntimeFn::SetNumThreads
        | RuntimeFn::GetThreadId
        | RuntimeFn::Math(_)
        | RuntimeFn::MathF32(_) => false,
    }
}
