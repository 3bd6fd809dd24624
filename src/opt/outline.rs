//! Outlining: the body of each parallel loop becomes a function that runs a chunk of the iterations.
//!
//! Precondition: well-formed MIR. Mandatory: `codegen` knows no parallel loops. Effect: no parallel loop is
//! left; what the body uses from outside travels through a block of captures in the frame, the partial
//! results of the reductions come back through another and are combined in the order of the chunks.
//!
//! ```text
//! v9 = for i in 0..n (v8 = v7) parallel fadd { ... a ... yield v8' }
//! =>  store captures <- a;  c = ParallelChunks(n);  ParallelFor(&chunk, &captures, n, &partials, 8, c)
//!     v9 = for k in 0..c (v = v7) { yield v + load partials[k] }
//! fn chunk(captures, lo, hi, partial) { a = load captures; r = for i in lo..hi (-0.0) {...}; store partial <- r }
//! ```

use crate::abi::MAX_CHUNKS;
use crate::mir::build::{Builder, at, indexed};
use crate::mir::remark::RemarkKind;
use crate::mir::{
    BinaryOp, Combine, Cond, End, Func, FuncKind, Function, Inst, LoopMode, MEM_FRAME, Module, Op, OwnerSlot,
    Reduction, Region, RuntimeFn, SourcePos, StackSlot, Ty, Value, effect, walk,
};
use crate::options::Options;
use rustc_hash::FxHashMap;

/// Runs on the module; functions that it adds are looked at in turn.
pub fn run(module: &mut Module, _options: &Options) -> bool {
    let mut changed = false;
    let mut index = 0;
    while index < module.funcs.len() {
        let func = Func(index as u32);
        while let Some((region, position)) = find(&module.funcs[func]) {
            outline(module, func, region, position);
            changed = true;
        }
        index += 1;
    }
    changed
}

/// The first parallel loop that is in no other, with its place.
fn find(func: &Function) -> Option<(Region, usize)> {
    find_in(func, func.body)
}

fn find_in(func: &Function, region: Region) -> Option<(Region, usize)> {
    for (position, inst) in func.regions[region].insts.iter().enumerate() {
        let op = &func.insts[*inst].op;
        if matches!(op, Op::For { mode: LoopMode::Parallel { .. }, .. }) {
            return Some((region, position));
        }
        for nested in walk::regions(op) {
            if let Some(found) = find_in(func, nested) {
                return Some(found);
            }
        }
    }
    None
}

/// A parallel loop, taken apart.
struct Parallel {
    inst: Inst,
    lo: Value,
    hi: Value,
    init: Vec<Value>,
    body: Region,
    reductions: Vec<Reduction>,
    written: bool,
    /// Types of the carried values.
    types: Vec<Ty>,
    results: Vec<Value>,
    line: SourcePos,
}

fn outline(module: &mut Module, index: Func, region: Region, position: usize) {
    let chunk_index = Func(module.funcs.len() as u32);
    let placeholder = Builder::new("", 0, &[], Vec::new()).func;
    let func = std::mem::replace(&mut module.funcs[index], placeholder);
    let found = take_apart(&func, func.regions[region].insts[position]);
    let captures = captures(&func, &found);
    let chunk = chunk(&func, &found, &captures, format!("{}.chunk{}", func.name, chunk_index.0));
    let (mut func, insts, results) = call(func, &found, &captures, chunk_index);
    func.remark(found.line, || match found.written {
        true => RemarkKind::Parallel { reductions: found.reductions.len() as u32 },
        false => RemarkKind::Split,
    });
    func.regions[region].insts.splice(position..=position, insts);
    let mut substitution = walk::Substitution::new(&func);
    for (old, new) in found.results.iter().zip(results) {
        substitution.set(*old, new);
    }
    if !found.results.is_empty() {
        let body = func.body;
        substitution.apply(&mut func, body);
    }
    module.funcs[index] = func;
    let pushed: Func = module.funcs.push(chunk);
    debug_assert_eq!(pushed, chunk_index);
}

fn take_apart(func: &Function, inst: Inst) -> Parallel {
    let data = &func.insts[inst];
    let Op::For { lo, hi, init, body, mode: LoopMode::Parallel { reductions, written } } = &data.op else {
        panic!("invariant: a parallel loop was found");
    };
    Parallel {
        inst,
        lo: *lo,
        hi: *hi,
        init: init.clone(),
        body: *body,
        reductions: reductions.clone(),
        written: *written,
        types: init.iter().map(|value| func.values[*value].ty).collect(),
        results: data.results.to_vec(),
        line: data.line,
    }
}

/// Values from outside that the body uses, and the loop's lower bound first.
fn captures(func: &Function, found: &Parallel) -> Vec<Value> {
    let mut inside = vec![false; func.values.len()];
    let mut captures = Vec::new();
    let mut taken = vec![false; func.values.len()];
    walk::for_each_region(func, found.body, &mut |region| {
        let data = &func.regions[region];
        for param in &data.params {
            inside[param.0 as usize] = true;
        }
        for inst in &data.insts {
            for result in &func.insts[*inst].results {
                inside[result.0 as usize] = true;
            }
        }
    });
    let mut add = |value: Value| {
        let at = value.0 as usize;
        if !inside[at] && !taken[at] {
            taken[at] = true;
            captures.push(value);
        }
    };
    add(found.lo);
    walk::for_each_use(func, found.body, &mut add);
    captures
}

/// True for values that the chunk makes itself instead of loading them.
fn is_constant(func: &Function, value: Value) -> bool {
    effect::constant(func, value).is_some() || effect::float_bits(func, value).is_some()
}

/// The function that runs the iterations `lo..hi`, counted from the loop's own lower bound.
fn chunk(from: &Function, found: &Parallel, captures: &[Value], name: String) -> Function {
    let mut b = Builder::new(name, from.source, &[Ty::Ptr, Ty::I64, Ty::I64, Ty::Ptr], Vec::new());
    b.func.kind = FuncKind::Chunk { written: found.written };
    b.line = found.line;
    b.func.remarks = from.remarks.is_some().then(Vec::new);
    let params = b.params(b.func.body).to_vec();
    let [block, lo, hi, partial] = params[..] else { panic!("invariant: a chunk has four parameters") };
    let mut remap = walk::Remap::default();
    let mut offset = 0;
    for value in captures {
        let ty = from.values[*value].ty;
        let own = if let Some(c) = effect::constant(from, *value) {
            b.iconst(ty, c)
        } else if let Some(bits) = effect::float_bits(from, *value) {
            let inst = b.inst(Op::Fconst(bits), &[ty]);
            b.func.insts[inst].results[0]
        } else {
            offset += 8;
            b.load(MEM_FRAME, ty, at(block, offset - 8))
        };
        remap.values.insert(*value, own);
    }
    let first = remap.value(found.lo);
    let (lo, hi) = if effect::constant(&b.func, first) == Some(0) {
        (lo, hi)
    } else {
        (b.binary(BinaryOp::Iadd, first, lo), b.binary(BinaryOp::Iadd, first, hi))
    };
    let mut init = Vec::new();
    for (reduction, ty) in found.reductions.iter().zip(&found.types) {
        init.push(neutral(&mut b, reduction, *ty));
    }
    let inst = b.reserve();
    remap.insts.insert(found.inst, inst);
    let body = walk::import_region(&mut b.func, from, found.body, &mut remap);
    let op = Op::For { lo, hi, init, body, mode: LoopMode::Serial };
    let results = b.place(inst, op, &found.types);
    for (k, result) in results.into_iter().enumerate() {
        b.store(MEM_FRAME, at(partial, 8 * k as i32), result);
    }
    b.close(End::Return(Vec::new()));
    let mut chunk = b.finish();
    renumber_slots(&mut chunk, from);
    chunk
}

fn neutral(b: &mut Builder, reduction: &Reduction, ty: Ty) -> Value {
    if ty.is_float() {
        let inst = b.inst(Op::Fconst(reduction.neutral), &[ty]);
        b.func.insts[inst].results[0]
    } else {
        b.iconst(ty, reduction.neutral as i64)
    }
}

/// Gives the chunk slots of its own for those that its body uses. The values that they have in the parent
/// are not seen in the body: `lower` uses slots there only for what the body itself holds.
fn renumber_slots(chunk: &mut Function, from: &Function) {
    let mut owners: FxHashMap<OwnerSlot, OwnerSlot> = FxHashMap::default();
    let mut stack: FxHashMap<StackSlot, StackSlot> = FxHashMap::default();
    let mut insts = Vec::new();
    walk::for_each_inst(chunk, chunk.body, &mut |_, inst| insts.push(inst));
    for inst in insts {
        match &mut chunk.insts[inst].op {
            Op::OwnerSet { slot, .. } | Op::OwnerTake { slot } => {
                let next = OwnerSlot(owners.len() as u32);
                *slot = *owners.entry(*slot).or_insert(next);
            }
            Op::StackAddr(slot) => {
                let bytes = from.stack_slots[*slot];
                let stack_slots = &mut chunk.stack_slots;
                *slot = *stack.entry(*slot).or_insert_with(|| stack_slots.push(bytes));
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
            | Op::FuncAddr(_)
            | Op::Guard { .. }
            | Op::Runtime { .. }
            | Op::RuntimeStatus { .. }
            | Op::Call { .. }
            | Op::Block { .. }
            | Op::If { .. }
            | Op::For { .. }
            | Op::Loop { .. } => {}
        }
    }
    chunk.owner_slots = owners.len() as u32;
}

/// The instructions that stand for the loop in its function, and the values of its results.
fn call(
    func: Function,
    found: &Parallel,
    captures: &[Value],
    chunk: Func,
) -> (Function, Vec<Inst>, Vec<Value>) {
    let mut b = Builder::resume(func);
    b.line = found.line;
    let stored: Vec<Value> = captures.iter().copied().filter(|value| !is_constant(&b.func, *value)).collect();
    let block = frame_block(&mut b, 8 * stored.len() as u32);
    for (k, value) in stored.iter().enumerate() {
        b.store(MEM_FRAME, at(block, 8 * k as i32), *value);
    }
    let zero = b.i64(0);
    let trip = b.binary(BinaryOp::Isub, found.hi, found.lo);
    // A range that runs backward is empty, whatever the difference is.
    let forward = b.compare(Cond::Slt, found.lo, found.hi);
    let trip = b.select(forward, trip, zero);
    let chunks =
        b.runtime(RuntimeFn::ParallelChunks, vec![trip], Some(Ty::I64)).expect("invariant: has a result");
    let bytes = 8 * found.types.len() as u32;
    let partials = frame_block(&mut b, bytes * MAX_CHUNKS as u32);
    let inst = b.inst(Op::FuncAddr(chunk), &[Ty::Ptr]);
    let address = b.func.insts[inst].results[0];
    let partial_bytes = b.i64(i64::from(bytes));
    let args = vec![address, block, trip, partials, partial_bytes, chunks];
    b.inst(Op::RuntimeStatus { func: RuntimeFn::ParallelFor, args }, &[]);
    let results = if found.types.is_empty() { Vec::new() } else { combine(&mut b, found, partials, chunks) };
    let (func, insts) = b.detach();
    (func, insts, results)
}

/// Address of a new block of the frame; null if it is empty.
fn frame_block(b: &mut Builder, bytes: u32) -> Value {
    if bytes == 0 {
        return b.null();
    }
    let slot = b.stack_slot(bytes);
    let inst = b.inst(Op::StackAddr(slot), &[Ty::Ptr]);
    b.func.insts[inst].results[0]
}

/// `init op partial[0] op partial[1] ...` for each reduction.
fn combine(b: &mut Builder, found: &Parallel, partials: Value, chunks: Value) -> Vec<Value> {
    let zero = b.i64(0);
    let mut types = vec![Ty::I64];
    types.extend(&found.types);
    let (body, params) = b.open(&types);
    let mut parts = Vec::new();
    for (k, ty) in found.types.iter().enumerate() {
        let mut address = indexed(partials, params[0], 8 * found.types.len() as u32);
        address.disp = 8 * k as i32;
        parts.push(b.load(MEM_FRAME, *ty, address));
    }
    let mut next = Vec::new();
    for (k, reduction) in found.reductions.iter().enumerate() {
        let (ours, part) = (params[k + 1], parts[k]);
        next.push(match (reduction.checked(), reduction.combine) {
            (Some((op, fail)), _) => {
                let (value, overflow) = b.checked(op, ours, part);
                let ok = b.not(overflow);
                b.guard(ok, fail);
                value
            }
            (None, Combine::Op(op)) => b.binary(op, ours, part),
            (None, Combine::Extreme { cond, mirrored }) => {
                let (first, second) = if mirrored { (part, ours) } else { (ours, part) };
                let better = b.compare(cond, first, second);
                let nan = b.compare(Cond::Fne, first, first);
                let first_is = b.binary(BinaryOp::Bor, better, nan);
                b.select(first_is, first, second)
            }
            (None, Combine::Best { cond, key }) => {
                let better = b.compare(cond, parts[key as usize], params[key as usize + 1]);
                b.select(better, part, ours)
            }
        });
    }
    b.close(End::Yield(next));
    let inst = b.reserve();
    let op = Op::For { lo: zero, hi: chunks, init: found.init.clone(), body, mode: LoopMode::Serial };
    b.place(inst, op, &found.types)
}
