//! What a module costs, read off its MIR: the checks that are left and where, arrays, calls.
//!
//! In: a module before the passes (after inlining) and after them. Out: facts on lines of the source.
//! Invariant: a check is counted once, by its raise site, however often the passes have copied it; it is
//! said to stand where its most expensive copy stands.

use crate::abi::{ExcKind, SiteArg};
use crate::builtin::MathFn;
use crate::mir::{
    BinaryOp, Def, FuncKind, Function, LoopMode, Module, Op, Region, RemarkKind, RuntimeFn, SiteId,
    SourcePos, Value, walk,
};
use std::collections::BTreeMap;

/// What a check guards against.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Check {
    Index,
    Overflow,
    ZeroDivision,
    /// A local that may be unassigned.
    Unbound,
    /// An `assert`, an exception of the user's, or a condition of a library function.
    Other,
}

/// Where a check stands; the most expensive last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// Nowhere: it was proved, or another check says the same.
    Gone,
    /// In the copy of a loop that is there for inputs that the fast copy does not take.
    Rare,
    /// In no loop.
    Once,
    /// In a loop in vectors: one test for several iterations.
    Lanes,
    /// In a loop.
    Each,
}

/// What the value that is checked depends on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cause {
    /// Nothing that changes with the iterations.
    Unchanging,
    /// The loop's counter.
    Counter,
    /// A value that is carried from one iteration to the next.
    Carried,
    /// The result of a call or of floating-point arithmetic.
    Computed,
    /// An element of an array.
    Data,
}

/// A fact about a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    Remark(RemarkKind),
    Check(CheckFact),
    /// Makes an array.
    Alloc {
        each: bool,
    },
    /// Calls a function of libm.
    Libm {
        func: MathFn,
        each: bool,
    },
    /// Calls a function of the runtime.
    Runtime {
        func: RuntimeFn,
        each: bool,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckFact {
    pub check: Check,
    pub place: Place,
    /// It stood in a loop before the passes.
    pub looped: bool,
    pub cause: Cause,
    /// A failure starts the call again in the interpreter.
    pub deopt: bool,
    /// What the message quotes: the expression that may overflow, or the name that may be unassigned.
    pub quote: String,
}

/// The checks of a module: for each raise site the line, and what is known before the passes.
pub struct Checks(BTreeMap<SiteId, (SourcePos, CheckFact)>);

/// Where the walk is.
#[derive(Clone, Copy)]
struct At {
    looped: bool,
    vector: bool,
    rare: bool,
}

/// Visits all instructions with where they stand.
fn walk_module(module: &Module, mut visit: impl FnMut(&Function, &Op, SourcePos, At)) {
    for func in &module.funcs.items {
        // A chunk of a parallel loop is a loop.
        let at = At { looped: matches!(func.kind, FuncKind::Chunk { .. }), vector: false, rare: false };
        walk_region(func, func.body, at, &mut visit);
    }
}

fn walk_region(
    func: &Function,
    region: Region,
    at: At,
    visit: &mut impl FnMut(&Function, &Op, SourcePos, At),
) {
    let data = &func.regions[region];
    let at = At { rare: at.rare || data.rare, ..at };
    for inst in &data.insts {
        let inst = &func.insts[*inst];
        visit(func, &inst.op, inst.line, at);
        let looped = at.looped || matches!(inst.op, Op::For { .. } | Op::Loop { .. });
        let vector = at.vector || matches!(inst.op, Op::For { mode: LoopMode::Vector { .. }, .. });
        for nested in walk::regions(&inst.op) {
            walk_region(func, nested, At { looped, vector, ..at }, visit);
        }
    }
}

/// The checks that the program asks for: of a module on which no pass but inlining has worked.
pub fn checks(module: &Module) -> Checks {
    let mut found: BTreeMap<SiteId, (SourcePos, CheckFact)> = BTreeMap::new();
    walk_module(module, |_, op, line, at| {
        let Op::Guard { fail, .. } = op else { return };
        // Part of making an array.
        if module.sites[fail.site].exc == Some(ExcKind::Memory) {
            return;
        }
        let (check, quote) = kind(module, fail.site);
        let fact = CheckFact {
            check,
            place: Place::Gone,
            looped: at.looped,
            cause: Cause::Unchanging,
            deopt: false,
            quote,
        };
        found.entry(fail.site).or_insert((line, fact)).1.looped |= at.looped;
    });
    Checks(found)
}

/// All facts about a module after the passes, by line; remarks first.
pub fn facts(module: &Module, checks: Checks) -> Vec<(SourcePos, Fact)> {
    let Checks(mut checks) = checks;
    let mut facts = Vec::new();
    for func in &module.funcs.items {
        let remarks = func.remarks.as_deref().unwrap_or_default();
        for remark in remarks {
            // The body of a parallel loop is a function of its own: what is left here combines the results.
            let combines = matches!(remark.kind, RemarkKind::NotVectorized(_))
                && remarks.iter().any(|other| {
                    other.line == remark.line
                        && matches!(other.kind, RemarkKind::Parallel { .. } | RemarkKind::Split)
                });
            if !combines {
                facts.push((remark.line, Fact::Remark(remark.kind.clone())));
            }
        }
    }
    walk_module(module, |func, op, line, at| match op {
        Op::Guard { cond, fail } => {
            let place = match at {
                At { rare: true, .. } => Place::Rare,
                At { vector: true, .. } => Place::Lanes,
                At { looped: true, .. } => Place::Each,
                At { .. } => Place::Once,
            };
            if let Some((_, fact)) = checks.get_mut(&fail.site) {
                if place > fact.place {
                    fact.place = place;
                    fact.cause = cause(func, *cond, 12);
                }
                fact.deopt |= fail.deopt;
            }
        }
        Op::Runtime { func: callee, .. } if !at.rare => match callee {
            RuntimeFn::Alloc => facts.push((line, Fact::Alloc { each: at.looped })),
            RuntimeFn::Math(func) | RuntimeFn::MathF32(func) => {
                facts.push((line, Fact::Libm { func: *func, each: at.looped }));
            }
            RuntimeFn::Retain
            | RuntimeFn::Release
            | RuntimeFn::ReleaseSlots
            | RuntimeFn::Poll
            | RuntimeFn::ParallelFor
            | RuntimeFn::MatMul
            | RuntimeFn::ParallelChunks => {}
            RuntimeFn::MemMove
            | RuntimeFn::MemZero
            | RuntimeFn::IntPow
            | RuntimeFn::IntPowWrap
            | RuntimeFn::RoundPython
            | RuntimeFn::RoundNumpy
            | RuntimeFn::IntTrueDiv
            | RuntimeFn::PrintValue
            | RuntimeFn::GetNumThreads
            | RuntimeFn::SetNumThreads
            | RuntimeFn::GetThreadId => {
                facts.push((line, Fact::Runtime { func: *callee, each: at.looped }));
            }
        },
        Op::Math { func, known: None, .. } if !at.rare && !func.is_instruction() => {
            facts.push((line, Fact::Libm { func: *func, each: at.looped }));
        }
        Op::Runtime { .. }
        | Op::Math { .. }
        | Op::Iconst(_)
        | Op::Fconst(_)
        | Op::Unary { .. }
        | Op::Binary { .. }
        | Op::Checked { .. }
        | Op::Compare { .. }
        | Op::Select { .. }
        | Op::Convert { .. }
        | Op::PtrAdd { .. }
        | Op::Load { .. }
        | Op::Store { .. }
        | Op::Hidden { .. }
        | Op::StackAddr(_)
        | Op::FuncAddr(_)
        | Op::OwnerSet { .. }
        | Op::OwnerTake { .. }
        | Op::RuntimeStatus { .. }
        | Op::Call { .. }
        | Op::Block { .. }
        | Op::If { .. }
        | Op::For { .. }
        | Op::Loop { .. } => {}
    });
    facts.extend(checks.into_values().map(|(line, fact)| (line, Fact::Check(fact))));
    facts
}

/// What a site's check guards against, and what its message quotes.
fn kind(module: &Module, site: SiteId) -> (Check, String) {
    let site = &module.sites[site];
    let text = site.args.iter().find_map(|arg| match arg {
        SiteArg::Text(text, _) => Some(text.as_str()),
        SiteArg::Value { .. } | SiteArg::Int(_) | SiteArg::Float(_) | SiteArg::Bool(_) | SiteArg::None => {
            None
        }
    });
    let text = text.unwrap_or_default();
    let quoted = |mark: char| text.split(mark).nth(1).unwrap_or_default().to_owned();
    match site.exc {
        Some(ExcKind::Index) => (Check::Index, String::new()),
        Some(ExcKind::ZeroDivision) => (Check::ZeroDivision, String::new()),
        // Others say that a float is too large.
        Some(ExcKind::Overflow) if text.contains("64 bits") => (Check::Overflow, quoted('`')),
        Some(ExcKind::UnboundLocal) => (Check::Unbound, quoted('\'')),
        Some(exc) => (Check::Other, raised(exc).to_owned()),
        None => (Check::Other, String::new()),
    }
}

/// The exception's class, as far as it has a name here.
fn raised(exc: ExcKind) -> &'static str {
    match exc {
        ExcKind::Index => "IndexError",
        ExcKind::ZeroDivision => "ZeroDivisionError",
        ExcKind::Value => "ValueError",
        ExcKind::Overflow => "OverflowError",
        ExcKind::Type => "TypeError",
        ExcKind::UnboundLocal => "UnboundLocalError",
        ExcKind::Assertion => "AssertionError",
        ExcKind::Recursion => "RecursionError",
        ExcKind::Memory => "MemoryError",
        ExcKind::User(_) => "an exception of yours",
    }
}

/// What a condition depends on, looking back through arithmetic.
fn cause(func: &Function, value: Value, depth: u32) -> Cause {
    let inst = match func.values[value].def {
        Def::Param { region, index } => return parameter(func, region, index),
        Def::Result { inst, .. } => inst,
    };
    let Some(depth) = depth.checked_sub(1) else { return Cause::Computed };
    let op = &func.insts[inst].op;
    match op {
        Op::Load { addr, .. } => {
            // The parts of a global array are loaded once.
            let changes = addr.index.is_some_and(|(index, _)| cause(func, index, depth) > Cause::Unchanging);
            if changes || cause(func, addr.base, depth) > Cause::Unchanging {
                Cause::Data
            } else {
                Cause::Unchanging
            }
        }
        Op::Binary { op: BinaryOp::Fadd | BinaryOp::Fsub | BinaryOp::Fmul | BinaryOp::Fdiv, .. } => {
            Cause::Computed
        }
        Op::Iconst(_) | Op::Fconst(_) | Op::Hidden { .. } | Op::StackAddr(_) | Op::FuncAddr(_) => {
            Cause::Unchanging
        }
        Op::Unary { .. }
        | Op::Binary { .. }
        | Op::Checked { .. }
        | Op::Compare { .. }
        | Op::Select { .. }
        | Op::Convert { .. }
        | Op::PtrAdd { .. } => {
            let mut worst = Cause::Unchanging;
            walk::operands(op, |operand| worst = worst.max(cause(func, operand, depth)));
            worst
        }
        Op::If { .. } | Op::Block { .. } | Op::For { .. } | Op::Loop { .. } => Cause::Carried,
        Op::Math { .. }
        | Op::Store { .. }
        | Op::Guard { .. }
        | Op::OwnerSet { .. }
        | Op::OwnerTake { .. }
        | Op::Runtime { .. }
        | Op::RuntimeStatus { .. }
        | Op::Call { .. } => Cause::Computed,
    }
}

/// What a region's parameter is: of the function's body unchanging, of a loop its counter or carried.
fn parameter(func: &Function, region: Region, index: u32) -> Cause {
    if region == func.body {
        return Cause::Unchanging;
    }
    let mut counts = false;
    walk::for_each_inst(func, func.body, &mut |_, inst| {
        if let Op::For { body, .. } = func.insts[inst].op {
            counts |= body == region && index == 0;
        }
    });
    if counts { Cause::Counter } else { Cause::Carried }
}
