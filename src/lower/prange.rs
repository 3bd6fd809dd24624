//! `prange` loops.
//!
//! In: a `For` with `parallel`. Out: a parallel `For` of MIR whose carried values are the words of the
//! reductions, or (where `serial` says why) nothing: the loop is then lowered as `range` is. Invariant:
//! `infer` has decided which loops are split; their iterations depend on each other through reductions alone, and
//! what the other locals assigned in the body hold is seen in their own iteration only.

use crate::hir::{CompareOp, ExcKind, Expr, LocalId, Ordered, Parallel, ReduceOp, Stmt, StmtKind};
use crate::lower::cx::{Cx, Target, Words};
use crate::lower::flow::Set;
use crate::lower::stmt;
use crate::mir::remark::Serial;
use crate::mir::{BinaryOp, Combine, Cond, End, LoopMode, Op, Reduction, Ty};
use crate::types::{Kind, Scalar};

/// Why the loop runs in order. `None` if it runs in parallel.
pub fn serial(cx: &Cx, counter: LocalId, body: &[Stmt], parallel: &Parallel) -> Option<Serial> {
    debug_assert!(
        parallel.ordered.is_some() || is_independent(cx, counter, body, parallel),
        "invariant: `infer` has refused what goes from one iteration to another"
    );
    Some(match parallel.ordered? {
        Ordered::Nested => Serial::Nested,
        Ordered::CombinesArrays | Ordered::Overlaps => Serial::CombinesArrays,
        Ordered::Order => Serial::Order,
        Ordered::Reduction => Serial::Reduction,
        Ordered::Else => Serial::Else,
        Ordered::Off => Serial::Off,
    })
}

/// True if no local but the reductions brings a value from one iteration to the next, or out of the loop.
fn is_independent(cx: &Cx, counter: LocalId, body: &[Stmt], parallel: &Parallel) -> bool {
    let mut needed = Set::default();
    let mut killed = Set::default();
    let mut assigned = Set::default();
    killed.insert(counter);
    for stmt in body {
        let facts = cx.flow.facts(stmt);
        needed.union_except(&facts.exposed, &killed);
        killed.union(&facts.killed);
        assigned.union(&facts.assigned);
    }
    let combined = |local: &LocalId| parallel.reductions.iter().any(|(reduced, _)| reduced == local);
    assigned.insert(counter);
    needed.union(&cx.live);
    needed.common(&assigned).iter().all(combined)
}

/// The operation that combines the words of a reduction, and what a part starts with.
fn combining(op: ReduceOp, scalar: Scalar) -> (BinaryOp, u64) {
    let ty = scalar.machine();
    let ones = if ty == Ty::Bool { 1 } else { u64::MAX >> (64 - 8 * ty.bytes()) };
    match (op, scalar.kind()) {
        // Minus zero is the neutral element: plus zero would turn a sum of minus zeros into plus zero.
        (ReduceOp::Add, Kind::Float | Kind::Complex) => (BinaryOp::Fadd, float_bits(ty, -0.0)),
        (ReduceOp::Mul, Kind::Float) => (BinaryOp::Fmul, float_bits(ty, 1.0)),
        (ReduceOp::Add, Kind::Signed | Kind::Unsigned) => (BinaryOp::Iadd, 0),
        (ReduceOp::Mul, Kind::Signed | Kind::Unsigned) => (BinaryOp::Imul, 1),
        (ReduceOp::Min, Kind::Signed) => (BinaryOp::Smin, worst(CompareOp::Lt, scalar)),
        (ReduceOp::Min, Kind::Unsigned) => (BinaryOp::Umin, worst(CompareOp::Lt, scalar)),
        (ReduceOp::Max, Kind::Signed) => (BinaryOp::Smax, worst(CompareOp::Gt, scalar)),
        (ReduceOp::Max, Kind::Unsigned) => (BinaryOp::Umax, worst(CompareOp::Gt, scalar)),
        (ReduceOp::BitAnd | ReduceOp::Min | ReduceOp::Mul, Kind::Bool)
        | (ReduceOp::BitAnd, Kind::Signed | Kind::Unsigned) => (BinaryOp::Band, ones),
        (ReduceOp::BitOr | ReduceOp::Max | ReduceOp::Add, Kind::Bool)
        | (ReduceOp::BitOr, Kind::Signed | Kind::Unsigned) => (BinaryOp::Bor, 0),
        (ReduceOp::BitXor, Kind::Bool | Kind::Signed | Kind::Unsigned) => (BinaryOp::Bxor, 0),
        // A complex product mixes the two words; the rest has no meaning in Python.
        (ReduceOp::Best { .. } | ReduceOp::Extreme { .. }, _)
        | (ReduceOp::Min | ReduceOp::Max, Kind::Float | Kind::Complex)
        | (ReduceOp::Mul, Kind::Complex)
        | (ReduceOp::BitAnd | ReduceOp::BitOr | ReduceOp::BitXor, Kind::Float | Kind::Complex) => {
            panic!("invariant: `infer` splits no such loop: {op:?} of {scalar:?}")
        }
    }
}

fn float_bits(ty: Ty, value: f64) -> u64 {
    if ty == Ty::F32 { u64::from((value as f32).to_bits()) } else { value.to_bits() }
}

/// The number of a type that compares so with no other.
fn worst(op: CompareOp, scalar: Scalar) -> u64 {
    let ty = scalar.machine();
    let ones = u64::MAX >> (64 - 8 * ty.bytes());
    let least = matches!(op, CompareOp::Lt | CompareOp::Le);
    match scalar.kind() {
        Kind::Float if least => float_bits(ty, f64::INFINITY),
        Kind::Float => float_bits(ty, f64::NEG_INFINITY),
        Kind::Signed if least => ones >> 1,
        Kind::Signed => 1 << (8 * ty.bytes() - 1),
        Kind::Unsigned if least => ones,
        Kind::Unsigned => 0,
        Kind::Bool | Kind::Complex => panic!("invariant: {scalar:?} has no extremes"),
    }
}

/// How two numbers are compared.
fn condition(op: CompareOp, scalar: Scalar) -> Cond {
    let [float, signed, unsigned] = match op {
        CompareOp::Lt => [Cond::Flt, Cond::Slt, Cond::Ult],
        CompareOp::Le => [Cond::Fle, Cond::Sle, Cond::Ule],
        CompareOp::Gt => [Cond::Fgt, Cond::Sgt, Cond::Ugt],
        CompareOp::Ge => [Cond::Fge, Cond::Sge, Cond::Uge],
        CompareOp::Eq | CompareOp::Ne => panic!("invariant: extremes are ordered"),
    };
    match scalar.kind() {
        Kind::Float => float,
        Kind::Signed => signed,
        Kind::Unsigned | Kind::Bool | Kind::Complex => unsigned,
    }
}

/// True if an arm is the copy of a loop for arrays that overlap.
pub fn is_copy(arm: &[Stmt]) -> bool {
    arm.iter().any(|stmt| match &stmt.kind {
        StmtKind::For { parallel, .. } => {
            parallel.as_ref().is_some_and(|parallel| parallel.ordered == Some(Ordered::Overlaps))
        }
        StmtKind::Assign { .. }
        | StmtKind::StoreElement { .. }
        | StmtKind::CopyInto { .. }
        | StmtKind::Expr(_)
        | StmtKind::If { .. }
        | StmtKind::While { .. }
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Return(_)
        | StmtKind::Raise { .. }
        | StmtKind::Print { .. } => false,
    })
}

/// One `Reduction` for each word of the reduced locals.
fn reductions(cx: &mut Cx, parallel: &Parallel) -> Vec<Reduction> {
    let mut all = Vec::new();
    let mut first_words = Vec::new();
    let mut next = 0;
    for (local, _) in &parallel.reductions {
        first_words.push((*local, next));
        next += crate::types::flatten(cx.local_type(*local)).len() as u32;
    }
    for (local, op) in &parallel.reductions {
        let scalar_of = |cx: &Cx, local: LocalId| {
            cx.local_type(local).scalar().expect("invariant: reductions are of numbers")
        };
        let scalar = scalar_of(cx, *local);
        let (combine, neutral) = match *op {
            ReduceOp::Best { op, key } => {
                let place = first_words.iter().find(|(known, _)| *known == key);
                let (_, place) = *place.expect("invariant: what decides is a reduction too");
                let cond = condition(op, scalar_of(cx, key));
                (Combine::Best { cond, key: place }, if key == *local { worst(op, scalar) } else { 0 })
            }
            ReduceOp::Extreme { op, mirrored } => {
                (Combine::Extreme { cond: condition(op, scalar), mirrored }, worst(op, scalar))
            }
            ReduceOp::Add
            | ReduceOp::Mul
            | ReduceOp::Min
            | ReduceOp::Max
            | ReduceOp::BitAnd
            | ReduceOp::BitOr
            | ReduceOp::BitXor => {
                let (op, neutral) = combining(*op, scalar);
                (Combine::Op(op), neutral)
            }
        };
        let exact = scalar == Scalar::Int
            && matches!(op, ReduceOp::Add | ReduceOp::Mul)
            && !cx.options().overflow_wrap;
        let overflow = exact.then(|| {
            let name = &cx.func.locals[local.0 as usize].name;
            let message = format!("the result of the reduction of {name} does not fit 64 bits");
            let args = vec![crate::abi::SiteArg::Text(message, Vec::new())];
            (cx.site(ExcKind::Overflow, args), !cx.effect)
        });
        let words = if scalar.kind() == Kind::Complex { 2 } else { 1 };
        for _word in 0..words {
            all.push(Reduction { combine, neutral, overflow });
        }
    }
    all
}

/// A `For` for which `serial` gives nothing, without its `orelse`. The caller has set `cx.effect` if an
/// iteration has an effect.
pub fn lower(
    cx: &mut Cx,
    statement: &Stmt,
    counter: LocalId,
    range: [&Expr; 3],
    body: &[Stmt],
    parallel: &Parallel,
) {
    let range = stmt::trip_count(cx, range, statement.span);
    let reductions = reductions(cx, parallel);
    let carried: Vec<LocalId> = parallel.reductions.iter().map(|(local, _)| *local).collect();
    let init: Words = cx.get_all(&carried);
    let types = cx.types_of(&carried);
    let saved = cx.locals.clone();
    let repeat = cx.b.reserve();
    let mut params = vec![Ty::I64];
    params.extend(&types);
    let (region, params) = cx.b.open(&params);
    cx.set_all(&carried, &params[1..]);
    // The counter never goes beyond `stop`, which is a Python int: the arithmetic cannot overflow.
    let distance = crate::lower::array::mul(cx, params[0], crate::lower::array::Stride::of(cx, range.step));
    let value = match distance {
        Some(distance) => cx.b.binary(BinaryOp::Iadd, range.start, distance),
        None => range.start,
    };
    cx.set(counter, vec![value]);
    let mut live = Set::default();
    carried.iter().for_each(|local| live.insert(*local));
    let after = std::mem::replace(&mut cx.live, live.clone());
    // Nothing breaks out of a parallel loop: the block is the loop itself.
    cx.targets.push(Target {
        block: repeat,
        block_locals: Vec::new(),
        repeat,
        carried: carried.clone(),
        live,
    });
    let visible = parallel.combines.iter().any(|array| cx.aliases[array.0 as usize] != 0);
    let pending = cx.pending;
    cx.pending |= visible;
    let split = std::mem::replace(&mut cx.split, true);
    let end = stmt::list(cx, body);
    cx.split = split;
    cx.pending = pending;
    cx.targets.pop();
    cx.live = after;
    let end = match end {
        Some(end) => end,
        None => End::Yield(cx.get_all(&carried)),
    };
    cx.b.close(end);
    let lo = cx.b.i64(0);
    let written = cx.func.source < cx.program().sources;
    let mode = LoopMode::Parallel { reductions, written };
    let op = Op::For { lo, hi: range.trip, init, body: region, mode };
    let results = cx.b.place(repeat, op, &types);
    cx.locals = saved;
    cx.set_all(&carried, &results);
}
