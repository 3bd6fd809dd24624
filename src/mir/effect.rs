//! What each operation does besides computing its results, by one exhaustive match.
//!
//! In: an operation. Out: its `Effect`, the `Summary` of a region, whether it may run where the program
//! would not have run it, and the signatures of runtime functions. Invariant: an operation may do less
//! than its effect says, never more; two `Mem`s never overlap.

use super::walk;
use super::*;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Same operands, same results; nothing else.
    Pure,
    Read(Mem),
    Write(Mem),
    /// May leave the function with an error (`Guard`).
    Raise {
        deopt: bool,
    },
    /// Moves or drops references to buffers, or makes a buffer: keeps its place among its like; it ends or
    /// begins the life of memory, but changes no memory that was there before and is there after.
    Owner,
    /// Reads and writes any memory, or speaks to the world, but always returns.
    Opaque,
    /// Like `Opaque`, and may leave the function.
    Call,
    /// A structured operation: see `summary` of its regions.
    Nested,
}

/// The effect of an operation, without its nested regions.
pub fn effect(op: &Op) -> Effect {
    match op {
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
        | Op::Hidden { .. }
        | Op::StackAddr(_)
        | Op::FuncAddr(_) => Effect::Pure,
        Op::Load { mem, .. } => Effect::Read(*mem),
        Op::Store { mem, .. } => Effect::Write(*mem),
        Op::Guard { fail, .. } => Effect::Raise { deopt: fail.deopt },
        Op::OwnerSet { .. } | Op::OwnerTake { .. } => Effect::Owner,
        Op::Runtime { func, .. } => runtime_effect(*func),
        Op::RuntimeStatus { .. } | Op::Call { .. } => Effect::Call,
        Op::Block { .. } | Op::If { .. } | Op::For { .. } | Op::Loop { .. } => Effect::Nested,
    }
}

fn runtime_effect(func: RuntimeFn) -> Effect {
    match func {
        RuntimeFn::Alloc | RuntimeFn::Retain | RuntimeFn::Release | RuntimeFn::ReleaseSlots => Effect::Owner,
        RuntimeFn::ParallelChunks
        | RuntimeFn::IntPowWrap
        | RuntimeFn::RoundPython
        | RuntimeFn::RoundNumpy
        | RuntimeFn::IntTrueDiv
        | RuntimeFn::Math(_)
        | RuntimeFn::MathF32(_) => Effect::Pure,
        RuntimeFn::IntPow => Effect::Write(MEM_FRAME),
        RuntimeFn::MemMove
        | RuntimeFn::MemZero
        | RuntimeFn::PrintValue
        | RuntimeFn::GetNumThreads
        | RuntimeFn::SetNumThreads
        | RuntimeFn::GetThreadId => Effect::Opaque,
        RuntimeFn::Poll | RuntimeFn::ParallelFor | RuntimeFn::MatMul => Effect::Call,
    }
}

/// Parameters (without the implicit context), result, and whether the result is a status.
pub struct Signature {
    pub params: &'static [Ty],
    pub result: Option<Ty>,
    pub status: bool,
}

/// The signature of a runtime function as MIR calls it.
pub fn signature(func: RuntimeFn) -> Signature {
    use Ty::{F32, F64, I64, Ptr};
    let plain = |params, result| Signature { params, result, status: false };
    match func {
        RuntimeFn::Alloc => plain(&[I64, I64], Some(Ptr)),
        RuntimeFn::Retain | RuntimeFn::Release => plain(&[Ptr], None),
        RuntimeFn::ReleaseSlots => plain(&[Ptr, I64], None),
        RuntimeFn::Poll => Signature { params: &[], result: None, status: true },
        RuntimeFn::ParallelFor => {
            Signature { params: &[Ptr, Ptr, I64, Ptr, I64, I64], result: None, status: true }
        }
        RuntimeFn::MatMul => Signature { params: &[Ptr], result: None, status: true },
        RuntimeFn::ParallelChunks => plain(&[I64], Some(I64)),
        RuntimeFn::MemMove => plain(&[Ptr, Ptr, I64], None),
        RuntimeFn::MemZero => plain(&[Ptr, I64], None),
        RuntimeFn::IntPow => plain(&[I64, I64, Ptr], Some(I64)),
        RuntimeFn::IntPowWrap => plain(&[I64, I64], Some(I64)),
        RuntimeFn::RoundPython | RuntimeFn::RoundNumpy => plain(&[F64, I64], Some(F64)),
        RuntimeFn::IntTrueDiv => plain(&[I64, I64], Some(F64)),
        RuntimeFn::PrintValue => plain(&[I64, I64], None),
        RuntimeFn::GetNumThreads | RuntimeFn::GetThreadId => plain(&[], Some(I64)),
        RuntimeFn::SetNumThreads => plain(&[I64], None),
        RuntimeFn::Math(f) => plain([&[F64][..], &[F64, F64], &[F64, F64, F64]][f.arity() - 1], Some(F64)),
        RuntimeFn::MathF32(f) => plain([&[F32][..], &[F32, F32], &[F32, F32, F32]][f.arity() - 1], Some(F32)),
    }
}

/// Pure and free of traps whatever its operands are, so it may run where the program would not have run
/// it. Division needs a constant divisor that is neither 0 nor -1.
pub fn can_speculate(func: &Function, op: &Op) -> bool {
    match op {
        Op::Binary { op, rhs, .. } => match op {
            BinaryOp::Sdiv | BinaryOp::Srem | BinaryOp::FloorDiv | BinaryOp::FloorMod => {
                constant(func, *rhs).is_some_and(|c| c != 0 && c != -1)
            }
            BinaryOp::Udiv | BinaryOp::Urem => constant(func, *rhs).is_some_and(|c| c != 0),
            BinaryOp::Iadd
            | BinaryOp::Isub
            | BinaryOp::Imul
            | BinaryOp::Ishl
            | BinaryOp::Sshr
            | BinaryOp::Ushr
            | BinaryOp::Band
            | BinaryOp::Bor
            | BinaryOp::Bxor
            | BinaryOp::Smin
            | BinaryOp::Smax
            | BinaryOp::Umin
            | BinaryOp::Umax
            | BinaryOp::Smulhi
            | BinaryOp::Umulhi
            | BinaryOp::Fadd
            | BinaryOp::Fsub
            | BinaryOp::Fmul
            | BinaryOp::Fdiv
            | BinaryOp::Fmin
            | BinaryOp::Fmax => true,
        },
        Op::Runtime { func, .. } => match func {
            // A negative exponent is outside its contract.
            RuntimeFn::IntPowWrap => false,
            RuntimeFn::Alloc
            | RuntimeFn::Retain
            | RuntimeFn::Release
            | RuntimeFn::ReleaseSlots
            | RuntimeFn::Poll
            | RuntimeFn::ParallelFor
            | RuntimeFn::MatMul
            | RuntimeFn::ParallelChunks
            | RuntimeFn::MemMove
            | RuntimeFn::MemZero
            | RuntimeFn::IntPow
            | RuntimeFn::RoundPython
            | RuntimeFn::RoundNumpy
            | RuntimeFn::IntTrueDiv
            | RuntimeFn::PrintValue
            | RuntimeFn::GetNumThreads
            | RuntimeFn::SetNumThreads
            | RuntimeFn::GetThreadId
            | RuntimeFn::Math(_)
            | RuntimeFn::MathF32(_) => runtime_effect(*func) == Effect::Pure,
        },
        Op::Iconst(_)
        | Op::Fconst(_)
        | Op::Unary { .. }
        | Op::Checked { .. }
        | Op::Compare { .. }
        | Op::Select { .. }
        | Op::Convert { .. }
        | Op::Math { .. }
        | Op::PtrAdd { .. }
        | Op::Hidden { .. }
        | Op::StackAddr(_)
        | Op::FuncAddr(_)
        | Op::Load { .. }
        | Op::Store { .. }
        | Op::Guard { .. }
        | Op::OwnerSet { .. }
        | Op::OwnerTake { .. }
        | Op::RuntimeStatus { .. }
        | Op::Call { .. }
        | Op::Block { .. }
        | Op::If { .. }
        | Op::For { .. }
        | Op::Loop { .. } => effect(op) == Effect::Pure,
    }
}

/// The operation that defines a value, unless it is a region's parameter.
pub fn def_op(func: &Function, value: Value) -> Option<&Op> {
    match func.values[value].def {
        Def::Result { inst, .. } => Some(&func.insts[inst].op),
        Def::Param { .. } => None,
    }
}

/// The value of an integer constant.
pub fn constant(func: &Function, value: Value) -> Option<i64> {
    match def_op(func, value) {
        Some(Op::Iconst(c)) => Some(*c),
        Some(_) | None => None,
    }
}

/// Two values are one, or one integer constant.
pub fn same(func: &Function, a: Value, b: Value) -> bool {
    a == b || (constant(func, a).is_some() && constant(func, a) == constant(func, b))
}

/// Number of iterations of a `For`, if known.
pub fn trip(func: &Function, lo: Value, hi: Value) -> Option<u64> {
    let (lo, hi) = (constant(func, lo)?, constant(func, hi)?);
    Some(if lo < hi { hi.wrapping_sub(lo) as u64 } else { 0 })
}

/// The shape of an I64 value shows that it is not negative.
pub fn not_negative(func: &Function, value: Value) -> bool {
    if func.values[value].ty != Ty::I64 {
        return false;
    }
    let at_least = |value: Value, least: i64| constant(func, value).is_some_and(|c| c >= least);
    match def_op(func, value) {
        Some(Op::Iconst(c)) => *c >= 0,
        Some(Op::Binary { op: BinaryOp::Band, lhs, rhs }) => at_least(*rhs, 0) || at_least(*lhs, 0),
        Some(Op::Binary { op: BinaryOp::Ushr, rhs, .. }) => at_least(*rhs, 1),
        Some(Op::Binary { op: BinaryOp::Udiv, rhs, .. }) => at_least(*rhs, 2),
        Some(Op::Binary { op: BinaryOp::Urem | BinaryOp::FloorMod, rhs, .. }) => at_least(*rhs, 1),
        Some(Op::Convert { op: ConvertOp::Zext, .. }) => true,
        Some(_) | None => false,
    }
}

/// The bits of a float constant.
pub fn float_bits(func: &Function, value: Value) -> Option<u64> {
    match def_op(func, value) {
        Some(Op::Fconst(bits)) => Some(*bits),
        Some(_) | None => None,
    }
}

/// Error exits of a parallel loop whose reductions are checked when they are combined.
pub fn combining_exits(op: &Op) -> impl Iterator<Item = (SiteId, bool)> + '_ {
    let reductions = if let Op::For { mode: LoopMode::Parallel { reductions, .. }, .. } = op {
        reductions.as_slice()
    } else {
        &[]
    };
    reductions.iter().filter_map(|reduction| reduction.overflow)
}

/// What a region, or an operation with its regions, can do.
#[derive(Clone, Default, Debug)]
pub struct Summary {
    /// Sorted, without repetition.
    pub reads: Vec<Mem>,
    pub writes: Vec<Mem>,
    /// Reads and writes any memory.
    pub opaque: bool,
    pub owner: bool,
    /// Has an error exit that raises.
    pub raises: bool,
    /// Has an error exit that leaves the call to the interpreter.
    pub deopts: bool,
    /// Has an `End` that goes past the region's own end: `Break`, `Continue`, `Return`, `Fail`.
    pub jumps: bool,
}

impl Summary {
    /// May change what a load from `mem` gives.
    pub fn writes(&self, mem: Mem) -> bool {
        self.opaque || self.writes.contains(&mem)
    }
    /// No effect at all: removing it changes nothing but its results.
    pub fn is_removable(&self) -> bool {
        self.writes.is_empty() && !self.opaque && !self.owner && !self.raises && !self.deopts && !self.jumps
    }

    /// Adds one operation (its nested regions too).
    pub fn add(&mut self, func: &Function, inst: Inst) {
        let op = &func.insts[inst].op;
        match effect(op) {
            Effect::Pure => {}
            Effect::Read(mem) => insert(&mut self.reads, mem),
            Effect::Write(mem) => insert(&mut self.writes, mem),
            Effect::Raise { deopt: true } => self.deopts = true,
            Effect::Raise { deopt: false } => self.raises = true,
            Effect::Owner => self.owner = true,
            Effect::Opaque => self.opaque = true,
            Effect::Call => {
                self.opaque = true;
                self.raises = true;
                self.deopts = true;
            }
            Effect::Nested => {
                // An endless loop without an exit is an effect of its own: it must not be removed.
                if matches!(op, Op::Loop { .. }) {
                    self.jumps = true;
                }
                for (_, deopt) in combining_exits(op) {
                    self.deopts |= deopt;
                    self.raises |= !deopt;
                }
                for region in walk::regions(op) {
                    self.add_region(func, region);
                }
            }
        }
    }

    /// Adds the instructions and the end of a region.
    pub fn add_region(&mut self, func: &Function, region: Region) {
        let data = &func.regions[region];
        for inst in &data.insts {
            self.add(func, *inst);
        }
        match &data.end {
            End::Yield(_) | End::Unreachable => {}
            End::Continue { .. } | End::Break { .. } | End::Return(_) => self.jumps = true,
            End::Fail(fail) => {
                self.jumps = true;
                if fail.deopt {
                    self.deopts = true;
                } else {
                    self.raises = true;
                }
            }
        }
    }
}

fn insert(set: &mut Vec<Mem>, mem: Mem) {
    if let Err(at) = set.binary_search(&mem) {
        set.insert(at, mem);
    }
}

/// What a region can do.
pub fn summary(func: &Function, region: Region) -> Summary {
    let mut summary = Summary::default();
    summary.add_region(func, region);
    summary
}
