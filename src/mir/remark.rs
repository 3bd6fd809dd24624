//! What passes did and declined, as plain data: what `explain` shows.
//!
//! In: pushed by `lower` and the passes through `Function::remark`. Out: put into words by `explain`.
//! Invariant: collected only if `Function::remarks` is there, and then nothing else differs: the code is the
//! same whether or not somebody asked.

use super::{Function, Module, SourcePos, Ty};

/// A remark on a line of the source.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Remark {
    pub line: SourcePos,
    pub kind: RemarkKind,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum RemarkKind {
    /// The body of the function called here stands in place of the call.
    Inlined {
        callee: String,
    },
    NotInlined {
        callee: String,
        why: NotInlined,
    },
    /// The body of the function stands in place of this call of itself, `depth` times one in the other.
    Unfolded {
        callee: String,
        depth: u32,
    },
    /// The loop is there twice: without checks behind `tests` comparisons, and with them.
    Versioned {
        tests: u32,
    },
    NotVersioned(NotVersioned),
    /// Both arms of a branch are computed and one is selected.
    IfConverted,
    /// The body stands there `times` times; `whole`: and the loop is gone.
    Unrolled {
        times: u32,
        whole: bool,
    },
    /// The first (or last) iteration stands alone: the others no longer ask whether they are it.
    Peeled {
        last: bool,
    },
    Vectorized {
        lanes: u32,
        ty: Ty,
        unroll: u32,
    },
    NotVectorized(NotVectorized),
    /// A `prange` loop that runs on threads; it combines `reductions` values.
    Parallel {
        reductions: u32,
    },
    /// A loop over a large array that runs on threads.
    Split,
    /// A `prange` loop that runs as `range` does.
    Serial(Serial),
}

/// Why a call stays a call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NotInlined {
    Recursive,
    /// The callee has this many instructions, and this many are the limit.
    Large {
        size: u32,
        limit: u32,
    },
    /// The caller would grow beyond its limit.
    CallerFull,
}

/// Why a loop keeps its checks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NotVersioned {
    /// It would take this many comparisons in front of the loop.
    Tests(u32),
    /// The loop, or the function, has too many instructions for a copy.
    Large,
}

/// Why an innermost loop runs one iteration at a time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NotVectorized {
    /// An iteration needs a value of the one before.
    Carried,
    /// It can be left early, or has branches.
    Branches,
    /// A check is left in it.
    Check,
    /// It calls a function, or makes an array.
    Call,
    /// Elements that do not lie side by side.
    Scattered,
    /// An operation, or an element type, for which there is no vector instruction.
    Operation,
    /// It stores into what it loads at another place.
    Overlap,
    /// More pairs of arrays may overlap than are worth testing.
    Tests,
    /// It has fewer iterations than pay.
    Short,
    /// It stores nothing and sums up nothing.
    NoStore,
    /// Floats are added or multiplied in order; `fastmath` with `reassoc` would allow another one.
    Order,
    /// It contains a loop.
    Nested,
    /// It would not be faster.
    Cost,
    Large,
}

/// Why a `prange` loop is not split.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Serial {
    /// It stands in another parallel loop.
    Nested,
    /// It combines arrays.
    CombinesArrays,
    /// It has an `else`.
    Else,
    /// A reduction of complex numbers or of a type that cannot be combined word by word.
    Reduction,
    /// What it combines depends on the order.
    Order,
    /// `parallel=False`.
    Off,
}

impl RemarkKind {
    /// Says how the iterations of a loop follow each other.
    fn is_on_loop(&self) -> bool {
        match self {
            RemarkKind::Unrolled { .. } | RemarkKind::Vectorized { .. } | RemarkKind::NotVectorized(_) => {
                true
            }
            RemarkKind::Inlined { .. }
            | RemarkKind::NotInlined { .. }
            | RemarkKind::Unfolded { .. }
            | RemarkKind::Versioned { .. }
            | RemarkKind::NotVersioned(_)
            | RemarkKind::IfConverted
            | RemarkKind::Peeled { .. }
            | RemarkKind::Parallel { .. }
            | RemarkKind::Split
            | RemarkKind::Serial(_) => false,
        }
    }
}

/// Replaces what was said of loops by what is said in another compilation of the same program.
pub fn take_loops(module: &mut Module, from: Module) {
    for func in &mut module.funcs.items {
        func.remarks.iter_mut().for_each(|remarks| remarks.retain(|remark| !remark.kind.is_on_loop()));
    }
    for (func, from) in module.funcs.items.iter_mut().zip(from.funcs.items) {
        if let Some(remarks) = &mut func.remarks {
            remarks.extend(from.remarks.into_iter().flatten().filter(|remark| remark.kind.is_on_loop()));
        }
    }
}

impl Function {
    /// Takes a remark down; it is not even made unless somebody asked for remarks.
    pub fn remark(&mut self, line: SourcePos, kind: impl FnOnce() -> RemarkKind) {
        if let Some(remarks) = &mut self.remarks {
            remarks.push(Remark { line, kind: kind() });
        }
    }

    /// Corrects what was said of vector loops before it was known what the machine makes of them: line, lanes,
    /// and vectors of a turn of each.
    pub fn vectorized(&mut self, mut shapes: Vec<(SourcePos, u32, u32)>) {
        for remark in self.remarks.iter_mut().flatten() {
            let at = shapes.iter().position(|(line, ..)| *line == remark.line);
            if let RemarkKind::Vectorized { lanes, unroll, .. } = &mut remark.kind
                && let Some(at) = at
            {
                (_, *lanes, *unroll) = shapes[at];
                if shapes[at + 1..].iter().any(|(line, ..)| *line == remark.line) {
                    shapes.remove(at);
                }
            }
        }
    }
}
