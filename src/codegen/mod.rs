//! MIR to machine code through Cranelift; nothing clever.
//!
//! In: a verified and optimised `mir::Module`. Out: one `CodeObject`: the reachable functions one after the
//! other, calls among them resolved, runtime functions by relocation. Invariant: the same module gives the
//! same bytes. A failure inside Cranelift is our bug and panics with the function's text.

mod abi;
pub mod align;
mod call;
mod divide;
mod exit;
mod func;
mod inst;
mod next;
mod poll;
mod region;
mod split;
pub mod target;
mod wide;
mod wrap;

pub use wide::shapes;

use crate::mir::{self, Func, FuncKind, Module, Op, RuntimeFn};
use crate::object::{CodeObject, Reloc, RelocTarget};
use crate::options::Options;
use crate::types::Type;
use cranelift_codegen::binemit::Reloc as Fixup;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{ExternalName, UserFuncName};
use cranelift_codegen::{Context, FinalizedRelocTarget};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use func::{Emit, Imports, NAMESPACE_LEAF, NAMESPACE_MODULE, Shape};
use std::cell::Cell;

/// Start of each function: a cache line, see `align`.
const ALIGN: usize = align::LINE;

/// Memory of the code generator, kept from one function to the next.
type Scratch = Box<(Context, FunctionBuilderContext)>;

thread_local! {
    static SCRATCH: Cell<Option<Scratch>> = const { Cell::new(None) };
}

/// What was emitted, as text, when asked for.
#[derive(Default)]
pub struct Text {
    pub clif: String,
    pub asm: String,
}

/// A function to emit.
#[derive(Clone, Copy)]
struct Piece {
    func: Func,
    shape: Shape,
}

/// What a call inside of the object goes to.
#[derive(Clone, Copy)]
enum Callee {
    Func(Func),
    /// Index into `Imports::leaves`.
    Leaf(u32),
}

/// A 4-byte place that waits for the offset of a function.
struct Pending {
    at: u32,
    callee: Callee,
    addend: i64,
    kind: Fixup,
}

/// Emits the module for this machine's CPU.
pub fn emit(
    module: &mir::Module,
    params: &[Type],
    result: &Type,
    hidden: &[Type],
    options: &Options,
) -> CodeObject {
    emit_with(module, params, result, hidden, options, None)
}

/// Emits the module and says how it looks.
pub fn emit_text(
    module: &mir::Module,
    params: &[Type],
    result: &Type,
    hidden: &[Type],
    options: &Options,
) -> (CodeObject, Text) {
    let mut text = Text::default();
    let object = emit_with(module, params, result, hidden, options, Some(&mut text));
    (object, text)
}

fn emit_with(
    module: &mir::Module,
    params: &[Type],
    result: &Type,
    hidden: &[Type],
    _options: &Options,
    mut text: Option<&mut Text>,
) -> CodeObject {
    let isa = target::target();
    let conv = isa.default_call_conv();
    let survey = survey(module);
    let mut imports = Imports::default();
    let mut object = CodeObject {
        params: params.to_vec(),
        result: result.clone(),
        hidden: hidden.to_vec(),
        code: Vec::new(),
        entry: 0,
        relocs: Vec::new(),
        sites: module.sites.items.clone(),
        has_loops: survey.loops,
        parallel: survey.parallel,
        symbols: Vec::new(),
    };
    let mut offsets: Vec<Option<u32>> = vec![None; module.funcs.len()];
    let mut pending = Vec::new();
    // Taken, so that what a panic has left half-done is dropped.
    let mut scratch =
        SCRATCH.take().unwrap_or_else(|| Box::new((Context::new(), FunctionBuilderContext::new())));
    let (context, builder) = &mut *scratch;

    for piece in &survey.pieces {
        let func = &module.funcs[piece.func];
        context.clear();
        context.set_disasm(text.is_some());
        context.func.name = UserFuncName::user(NAMESPACE_MODULE, piece.func.0);
        context.func.signature = match piece.shape {
            Shape::Entry | Shape::Front => abi::entry(conv),
            Shape::Internal => abi::internal(func, conv),
        };
        let b = FunctionBuilder::new(&mut context.func, builder);
        Emit::new(b, module, func, &mut imports, piece.shape, conv).run(piece.func, isa.frontend_config());
        if let Some(text) = &mut text {
            text.clif += &format!("; {}\n{}\n", func.name, context.func.display());
        }
        if let Err(error) = context.compile(&**isa, &mut ControlPlane::default()) {
            let message = format!("{:?}", error.inner);
            panic!("code generator: {}: {message}\n{}", func.name, context.func.display());
        }
        let compiled = context.compiled_code().expect("invariant: it has just been compiled");
        if let Some(text) = &mut text {
            text.asm += &format!("; {}\n{}\n", func.name, compiled.vcode.as_deref().unwrap_or(""));
        }

        object.code.resize(object.code.len().next_multiple_of(ALIGN), 0);
        let start = object.code.len() as u32;
        let code = compiled.code_buffer();
        let relocated = |at| compiled.buffer.relocs().iter().any(|reloc| reloc.offset as usize == at);
        let aligned = if target::is_x86() { align::loops(code, relocated) } else { None };
        let code = aligned.as_ref().map_or(code, |aligned| &aligned.code);
        let place = |at: u32| aligned.as_ref().map_or(at, |aligned| aligned.place(at as usize) as u32);
        object.code.extend_from_slice(code);
        object.symbols.push((func.name.clone(), start, code.len() as u32));
        match piece.shape {
            Shape::Entry | Shape::Front => object.entry = start,
            Shape::Internal => offsets[piece.func.0 as usize] = Some(start),
        }
        for reloc in compiled.buffer.relocs() {
            let at = start + place(reloc.offset);
            match &reloc.target {
                FinalizedRelocTarget::ExternalName(ExternalName::User(name)) => {
                    let name = &context.func.params.user_named_funcs()[*name];
                    let callee = match name.namespace {
                        NAMESPACE_MODULE => Some(Callee::Func(Func(name.index))),
                        NAMESPACE_LEAF => Some(Callee::Leaf(name.index)),
                        _ => None,
                    };
                    if let Some(callee) = callee {
                        pending.push(Pending { at, callee, addend: reloc.addend, kind: reloc.kind });
                    } else {
                        assert_eq!(reloc.kind, Fixup::Abs8, "runtime functions are called by full address");
                        let target = RelocTarget::Runtime(imports.funcs[name.index as usize]);
                        object.relocs.push(Reloc { offset: at, target, addend: reloc.addend });
                    }
                }
                FinalizedRelocTarget::ExternalName(
                    name @ (ExternalName::TestCase(_)
                    | ExternalName::LibCall(_)
                    | ExternalName::KnownSymbol(_)),
                ) => libcall(&mut object, name, reloc.kind, at, reloc.addend),
                FinalizedRelocTarget::Func(offset) => {
                    assert_eq!(reloc.kind, Fixup::Abs8, "a function knows its own short distances");
                    let target = RelocTarget::Code(start + place(*offset));
                    object.relocs.push(Reloc { offset: at, target, addend: reloc.addend });
                }
            }
        }
    }
    SCRATCH.set(Some(scratch));
    let leaves: Vec<u32> = imports
        .leaves
        .iter()
        .enumerate()
        .map(|(index, leaf)| {
            object.code.resize(object.code.len().next_multiple_of(ALIGN), 0);
            let start = object.code.len() as u32;
            object.code.extend_from_slice(&leaf.code);
            let name = format!("vector loop {index}");
            if let Some(text) = &mut text {
                text.asm += &format!("; {name}\n{}\n", leaf.text());
            }
            object.symbols.push((name, start, leaf.code.len() as u32));
            start
        })
        .collect();
    for fixup in pending {
        let target = match fixup.callee {
            Callee::Func(func) => offsets[func.0 as usize].expect("invariant: called functions are emitted"),
            Callee::Leaf(index) => leaves[index as usize],
        };
        resolve(&mut object, &fixup, target);
    }
    object
}

/// Cranelift calls libm by itself where the CPU lacks an instruction (rounding before SSE4.1).
fn libcall(object: &mut CodeObject, name: &ExternalName, kind: Fixup, at: u32, addend: i64) {
    use crate::mir::MathFn;
    use cranelift_codegen::ir::LibCall;
    assert_eq!(kind, Fixup::Abs8, "library functions are called by full address");
    let ExternalName::LibCall(call) = name else { panic!("unexpected symbol {name:?}") };
    #[allow(clippy::wildcard_enum_match_arm, reason = "the code generator's enum, not ours")]
    let func = match call {
        LibCall::CeilF32 => RuntimeFn::MathF32(MathFn::Ceil),
        LibCall::CeilF64 => RuntimeFn::Math(MathFn::Ceil),
        LibCall::FloorF32 => RuntimeFn::MathF32(MathFn::Floor),
        LibCall::FloorF64 => RuntimeFn::Math(MathFn::Floor),
        LibCall::TruncF32 => RuntimeFn::MathF32(MathFn::Trunc),
        LibCall::TruncF64 => RuntimeFn::Math(MathFn::Trunc),
        LibCall::NearestF32 => RuntimeFn::MathF32(MathFn::Rint),
        LibCall::NearestF64 => RuntimeFn::Math(MathFn::Rint),
        LibCall::FmaF32 => RuntimeFn::MathF32(MathFn::Fma),
        LibCall::FmaF64 => RuntimeFn::Math(MathFn::Fma),
        other => panic!("unexpected library call {other:?}"),
    };
    object.relocs.push(Reloc { offset: at, target: RelocTarget::Runtime(func), addend });
}

/// Writes the distance from `fixup` to the function at `target`, both in the blob.
fn resolve(object: &mut CodeObject, fixup: &Pending, target: u32) {
    let place = fixup.at as usize;
    let distance = i64::from(target) + fixup.addend - i64::from(fixup.at);
    #[allow(clippy::wildcard_enum_match_arm, reason = "the code generator's enum, not ours")]
    match fixup.kind {
        Fixup::X86CallPCRel4 | Fixup::X86PCRel4 => {
            let distance = i32::try_from(distance).expect("invariant: a blob is smaller than 2 GiB");
            object.code[place..place + 4].copy_from_slice(&distance.to_le_bytes());
        }
        Fixup::Arm64Call => {
            let words = distance >> 2;
            assert!((-(1 << 25)..1 << 25).contains(&words), "a blob is smaller than 128 MiB");
            let mut bytes = [0; 4];
            bytes.copy_from_slice(&object.code[place..place + 4]);
            let inst = u32::from_le_bytes(bytes) | (words as u32 & 0x03ff_ffff);
            object.code[place..place + 4].copy_from_slice(&inst.to_le_bytes());
        }
        Fixup::Abs8 => {
            let target = RelocTarget::Code(target);
            object.relocs.push(Reloc { offset: fixup.at, target, addend: fixup.addend });
        }
        other => panic!("unexpected fixup {other:?}"),
    }
}

/// What a module needs and has.
struct Survey {
    pieces: Vec<Piece>,
    loops: bool,
    parallel: bool,
}

/// Finds the functions that can be reached from the entry. The entry itself is emitted in the border's
/// convention, unless something in the module calls it: then for the module, with a front for the border.
fn survey(module: &Module) -> Survey {
    let mut found =
        Survey { pieces: vec![Piece { func: Func(0), shape: Shape::Entry }], loops: false, parallel: false };
    let mut internal = vec![false; module.funcs.len()];
    let mut next = 0;
    while let Some(piece) = found.pieces.get(next).copied() {
        next += 1;
        // Walks live instructions through the regions; a dropped instruction may still sit in the table.
        let func = &module.funcs[piece.func];
        let mut regions = vec![func.body];
        while let Some(region) = regions.pop() {
            for inst in &func.regions[region].insts {
                let mut reached = None;
                match &func.insts[*inst].op {
                    Op::Call { func, .. } => {
                        reached = Some(*func);
                        found.loops = true;
                    }
                    Op::FuncAddr(func) => {
                        reached = Some(*func);
                        // Statements that may be split are loops like others: most calls are small.
                        found.parallel |= module.funcs[*func].kind == FuncKind::Chunk { written: true };
                    }
                    // To start again is the border's work, as in functions with loops.
                    Op::Guard { fail, .. } => found.loops |= module.sites[fail.site].exc.is_none(),
                    Op::Block { body } => regions.push(*body),
                    Op::If { then, orelse, .. } => regions.extend([*orelse, *then]),
                    Op::For { body, .. } | Op::Loop { body, .. } => {
                        found.loops = true;
                        regions.push(*body);
                    }
                    Op::Iconst(_)
                    | Op::Fconst(_)
                    | Op::Unary { .. }
                    | Op::Binary { .. }
                    | Op::Checked { .. }
                    | Op::Compare { .. }
                    | Op::Select { .. }
                    | Op::Convert { .. }
                    | Op::Math { .. }
                    | Op::PtrAdd { .. }
                    | Op::Load { .. }
                    | Op::Store { .. }
                    | Op::Hidden { .. }
                    | Op::StackAddr(_)
                    | Op::OwnerSet { .. }
                    | Op::OwnerTake { .. }
                    | Op::Runtime { .. } => {}
                    // Long enough to be a loop: it polls.
                    Op::RuntimeStatus { .. } => found.loops = true,
                }
                if let Some(func) = reached
                    && !std::mem::replace(&mut internal[func.0 as usize], true)
                {
                    found.pieces.push(Piece { func, shape: Shape::Internal });
                }
            }
        }
    }
    if internal.first() == Some(&true) {
        found.pieces[0].shape = Shape::Front;
    }
    found
}
