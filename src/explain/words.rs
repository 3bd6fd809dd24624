//! The sentences: each fact's mark, text and advice, by exhaustive matches.
//!
//! In: the facts about one line. Out: its notes, gains first. Invariant: a sentence is understandable
//! without knowledge of the compiler, and advice is something that the user can write.

use super::survey::{Cause, Check, CheckFact, Fact, Place};
use super::{Mark, Note};
use crate::builtin::MathFn;
use crate::diag::Diagnostic;
use crate::mir::remark::{NotInlined, NotVectorized, NotVersioned, Serial};
use crate::mir::{RemarkKind, RuntimeFn, Ty};

/// The notes on a line.
pub fn notes(facts: &[Fact]) -> Vec<Note> {
    let mut notes = Vec::new();
    let vectorised = facts.iter().any(|fact| matches!(fact, Fact::Remark(RemarkKind::Vectorized { .. })));
    let mut checks = Vec::new();
    for fact in facts {
        let note = match fact {
            // The loop is there several times, and the one that counts is in vectors.
            Fact::Remark(RemarkKind::NotVectorized(_)) if vectorised => continue,
            Fact::Remark(kind) => remark(kind),
            Fact::Check(fact) => {
                checks.push(fact);
                continue;
            }
            Fact::Alloc { each: true } => {
                note(Mark::Cost, "array-in-loop", "makes a new array in each iteration")
                    .help("make it once before the loop, and fill it there element by element")
            }
            Fact::Alloc { each: false } => {
                note(Mark::Plain, "array", "makes a new array, which is freed with the last reference to it")
            }
            Fact::Libm { func, each: true } => {
                note(Mark::Plain, "libm-in-loop", format!("calls libm's `{}` in each iteration", math(*func)))
            }
            Fact::Libm { func, each: false } => {
                note(Mark::Plain, "libm", format!("calls libm's `{}`", math(*func)))
            }
            Fact::Runtime { func, each: true } => note(
                Mark::Cost,
                "runtime-in-loop",
                format!("calls the runtime in each iteration: {}", runtime(*func)),
            ),
            Fact::Runtime { func, each: false } => {
                note(Mark::Plain, "runtime", format!("calls the runtime: {}", runtime(*func)))
            }
        };
        notes.push(note);
    }
    notes.extend(check_notes(&checks));
    merge(notes)
}

fn note(mark: Mark, id: &'static str, text: impl Into<String>) -> Note {
    Note { mark, id, text: text.into(), help: None }
}

impl Note {
    fn help(mut self, help: impl Into<String>) -> Note {
        self.help = Some(help.into());
        self
    }
}

/// The note on the place for which a program is refused.
pub fn refused(why: &Diagnostic) -> Note {
    Note { help: why.help.clone(), ..note(Mark::Cost, why.code.id(), why.message.clone()) }
}

/// Equal notes become one that says how many there are; gains come first, then costs.
fn merge(notes: Vec<Note>) -> Vec<Note> {
    let mut merged: Vec<(Note, u32)> = Vec::new();
    for note in notes {
        match merged.iter_mut().find(|(known, _)| *known == note) {
            Some((_, count)) => *count += 1,
            None => merged.push((note, 1)),
        }
    }
    merged.sort_by_key(|(note, _)| note.mark);
    let text = |(mut note, count): (Note, u32)| {
        if count > 1 {
            note.text = format!("{} ({count} times)", note.text);
        }
        note
    };
    merged.into_iter().map(text).collect()
}

fn remark(kind: &RemarkKind) -> Note {
    match kind {
        RemarkKind::Inlined { callee } => note(
            Mark::Gain,
            "inlined",
            format!("`{callee}` is inlined: its body stands in place of the call"),
        ),
        RemarkKind::NotInlined { callee, why } => {
            let why = match why {
                NotInlined::Recursive => "it calls itself".to_owned(),
                NotInlined::Large { size, limit } => {
                    format!("its {size} operations are more than the {limit} that are worth copying")
                }
                NotInlined::CallerFull => "the function around it is large enough already".to_owned(),
            };
            note(Mark::Plain, "not-inlined", format!("`{callee}` is called, not inlined: {why}"))
        }
        RemarkKind::Unfolded { callee, depth } => note(
            Mark::Gain,
            "unfolded",
            format!("`{callee}` stands in itself, {depth} deep: the last calls of a recursion are not made"),
        ),
        RemarkKind::Versioned { tests } => note(
            Mark::Gain,
            "versioned",
            format!("{} before the loop: if true, it runs without checks", plural(*tests, "comparison")),
        ),
        RemarkKind::NotVersioned(why) => {
            let why = match why {
                NotVersioned::Tests(tests) => format!("{tests} comparisons before it would be too many"),
                NotVersioned::Large => "it is too long to be there twice".to_owned(),
            };
            note(Mark::Cost, "not-versioned", format!("the loop has no copy without checks: {why}"))
                .help("move parts of the loop into functions or loops of their own")
        }
        RemarkKind::IfConverted => {
            note(Mark::Gain, "if-converted", "no jump: both values are computed and one is selected")
        }
        RemarkKind::Unrolled { times, whole: true } => {
            note(Mark::Gain, "unrolled", format!("unrolled: all {times} iterations are written out"))
        }
        RemarkKind::Unrolled { times, whole: false } => {
            note(Mark::Gain, "unrolled", format!("unrolled: {times} iterations at a time"))
        }
        RemarkKind::Peeled { last } => {
            let which = if *last { "last" } else { "first" };
            note(
                Mark::Gain,
                "peeled",
                format!("the {which} iteration stands alone: the others no longer ask for it"),
            )
        }
        RemarkKind::Vectorized { lanes, ty, unroll } => {
            let unroll =
                if *unroll > 1 { format!(", {unroll} vectors in each round") } else { String::new() };
            note(Mark::Gain, "vectorised", format!("vectorised: {lanes} {} at a time{unroll}", element(*ty)))
        }
        RemarkKind::NotVectorized(why) => not_vectorised(*why),
        RemarkKind::Split => note(
            Mark::Gain,
            "parallel",
            format!("split over all threads, from {} elements on", crate::abi::SPLIT_ELEMENTS),
        ),
        RemarkKind::Parallel { reductions: 0 } => {
            note(Mark::Gain, "parallel", "runs in parallel, on all threads")
        }
        RemarkKind::Parallel { reductions } => note(
            Mark::Gain,
            "parallel",
            format!(
                "runs in parallel, on all threads; {} combined in a fixed order",
                if *reductions == 1 {
                    "one result is".to_owned()
                } else {
                    format!("{reductions} results are")
                }
            ),
        ),
        RemarkKind::Serial(why) => serial(*why),
    }
}

fn not_vectorised(why: NotVectorized) -> Note {
    let (why, help) = match why {
        NotVectorized::Carried => ("an iteration needs a value of the one before", None),
        NotVectorized::Branches => ("it has branches, or is left early", None),
        NotVectorized::Check => ("a check is left in it", Some("see the checks on the lines below")),
        NotVectorized::Call => ("it calls a function or makes an array", None),
        NotVectorized::Scattered => (
            "its elements do not lie side by side",
            Some("let the innermost loop run over the last axis of C-contiguous arrays"),
        ),
        NotVectorized::Operation => ("an operation or an element type in it has no vector form", None),
        NotVectorized::Overlap => {
            ("it stores into what other iterations may touch", Some("store into another array"))
        }
        NotVectorized::Tests => {
            ("too many pairs of arrays might overlap", Some("split the loop into several"))
        }
        NotVectorized::Short => ("it has too few iterations", None),
        NotVectorized::NoStore => ("it stores nothing", None),
        NotVectorized::Order => (
            "floats are combined in the order of the iterations",
            Some("`fastmath={'reassoc'}` allows another order, and so another last digit"),
        ),
        NotVectorized::Nested => ("it contains a loop", None),
        NotVectorized::Cost => ("it would not be faster", None),
        NotVectorized::Large => ("its body is too long", Some("split the loop into several")),
    };
    Note {
        help: help.map(str::to_owned),
        ..note(Mark::Plain, "not-vectorised", format!("not vectorised: {why}"))
    }
}

fn serial(why: Serial) -> Note {
    let (why, help) = match why {
        Serial::Nested => ("it stands in another parallel loop, which has the threads", "write `range` here"),
        Serial::CombinesArrays => (
            "it combines arrays over the iterations",
            "add up rows of a two-dimensional array after the loop",
        ),
        Serial::Else => ("it has an `else`", "put what is in the `else` behind the loop"),
        Serial::Reduction => (
            "values of this type cannot be combined out of parts",
            "combine real and imaginary parts, or numbers of another type",
        ),
        Serial::Order => (
            "if there are nans, `max(x, best)` and `min(x, best)` depend on the order",
            "write `max(best, x)` and `min(best, x)`",
        ),
        Serial::Off => ("`parallel=False` was asked for", "leave the option out"),
    };
    note(Mark::Cost, "prange-serial", format!("this prange runs as `range` does: {why}")).help(help)
}

/// Notes on all checks of a line.
fn check_notes(facts: &[&CheckFact]) -> Vec<Note> {
    let mut notes = Vec::new();
    let select = |place: Place, looped: bool| -> Vec<&CheckFact> {
        facts.iter().copied().filter(|fact| fact.place == place && fact.looped == looped).collect()
    };
    let gone = select(Place::Gone, true);
    if !gone.is_empty() {
        notes.push(note(Mark::Gain, "check-proved", format!("{} proved away", list(&gone))));
    }
    let mut moved = select(Place::Rare, true);
    moved.extend(select(Place::Once, true));
    if !moved.is_empty() {
        let text = format!("{} made before the loop, not in it", list(&moved));
        notes.push(note(Mark::Gain, "check-moved", text));
    }
    let lanes = select(Place::Lanes, true);
    if !lanes.is_empty() {
        let text = format!("{} made for several iterations at once", list(&lanes));
        notes.push(note(Mark::Gain, "check-lanes", text));
    }
    let mut left = select(Place::Each, true);
    while let Some(first) = left.first().copied() {
        let alike = |fact: &&CheckFact| {
            (fact.check, fact.cause, fact.deopt) == (first.check, first.cause, first.deopt)
        };
        let (group, rest): (Vec<&CheckFact>, Vec<&CheckFact>) = left.into_iter().partition(alike);
        notes.push(each(first, &group));
        left = rest;
    }
    notes.extend(select(Place::Once, false).into_iter().filter_map(once));
    notes
}

/// `2 index checks and 1 overflow check`.
fn list(facts: &[&CheckFact]) -> String {
    let mut parts = Vec::new();
    for check in [Check::Index, Check::Overflow, Check::ZeroDivision, Check::Unbound, Check::Other] {
        let count = facts.iter().filter(|fact| fact.check == check).count() as u32;
        if count > 0 {
            parts.push(plural(count, name(check)));
        }
    }
    match parts.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        parts => parts.join(""),
    }
}

fn name(check: Check) -> &'static str {
    match check {
        Check::Index => "index check",
        Check::Overflow => "overflow check",
        Check::ZeroDivision => "zero-division check",
        Check::Unbound => "unbound-name check",
        Check::Other => "check of values",
    }
}

fn plural(count: u32, what: &str) -> String {
    match what.split_once(' ') {
        _ if count == 1 => format!("1 {what}"),
        Some(("check", rest)) => format!("{count} checks {rest}"),
        Some(_) | None => format!("{count} {what}s"),
    }
}

/// What the messages of some checks quote.
fn quotes(facts: &[&CheckFact]) -> String {
    let mut quotes: Vec<String> = Vec::new();
    for fact in facts {
        let quote = format!("`{}`", fact.quote);
        if !fact.quote.is_empty() && !quotes.contains(&quote) {
            quotes.push(quote);
        }
    }
    if quotes.is_empty() { "the result".to_owned() } else { quotes.join(" or ") }
}

/// Checks of one kind, with one cause, that are left in a loop.
fn each(fact: &CheckFact, all: &[&CheckFact]) -> Note {
    let name = if all.len() == 1 {
        format!("{} in each iteration", name(fact.check))
    } else {
        format!("{} in each iteration", plural(all.len() as u32, name(fact.check)))
    };
    match fact.check {
        Check::Index => {
            let (why, help) = match fact.cause {
                Cause::Data => (
                    "the index is read from an array",
                    "it is one comparison, and only `boundscheck=False` drops it, at your risk",
                ),
                Cause::Carried => (
                    "the index goes its own way from iteration to iteration",
                    "use the counter of `for i in range(len(a))`, or test `0 <= i < len(a)` first",
                ),
                Cause::Computed => (
                    "the index is computed from something else than counters",
                    "test `0 <= i < len(a)` first",
                ),
                Cause::Counter => (
                    "nothing says that the counter stays below the length",
                    "loop over `range(len(a))` or `range(a.shape[0])`",
                ),
                Cause::Unchanging => (
                    "something before it in the loop has an effect, so it has to wait",
                    "read the element before the loop: `x = a[k]`",
                ),
            };
            note(Mark::Cost, "index-check", format!("{name}: {why}")).help(help)
        }
        Check::Overflow => {
            let then = if fact.deopt {
                "the call would then start again in the interpreter"
            } else {
                "OverflowError would be raised"
            };
            note(Mark::Cost, "overflow-check", format!("{name}: {} may leave 64 bits; {then}", quotes(all)))
                .help(
                    "NumPy integers wrap without a check: begin with `np.int64(...)`; or `overflow=\"wrap\"`",
                )
        }
        Check::ZeroDivision => {
            note(Mark::Cost, "zero-division-check", format!("{name}: the divisor may be 0"))
                .help("test `if d != 0` first; for floats `error_model=\"numpy\"` gives inf and nan")
        }
        Check::Unbound => {
            note(Mark::Cost, "unbound-check", format!("{name}: {} may be unassigned", quotes(all)))
                .help("assign it before the loop")
        }
        Check::Other => note(Mark::Plain, "check", format!("{name}: may raise {}", quotes(all))),
    }
}

/// A check outside of loops: of interest only where it may send the call to the interpreter.
fn once(fact: &CheckFact) -> Option<Note> {
    let text = match fact.check {
        Check::Index => "index check",
        Check::Overflow if fact.deopt => {
            "overflow check: a result beyond 64 bits starts the call again in the interpreter"
        }
        Check::Overflow => "overflow check: a result beyond 64 bits raises OverflowError",
        Check::ZeroDivision => "zero-division check",
        Check::Unbound => "checks that the name is assigned",
        Check::Other => return None,
    };
    Some(note(Mark::Plain, "check-once", text))
}

fn element(ty: Ty) -> &'static str {
    match ty {
        Ty::Bool => "bools",
        Ty::I8 => "8-bit integers",
        Ty::I16 => "16-bit integers",
        Ty::I32 => "32-bit integers",
        Ty::I64 => "64-bit integers",
        Ty::F32 => "float32",
        Ty::F64 => "float64",
        Ty::Ptr => "addresses",
    }
}

fn math(func: MathFn) -> String {
    format!("{func:?}").to_lowercase()
}

fn runtime(func: RuntimeFn) -> String {
    let text = match func {
        RuntimeFn::Alloc => "a new array",
        RuntimeFn::Retain | RuntimeFn::Release | RuntimeFn::ReleaseSlots => "references to arrays",
        RuntimeFn::Poll => "the test for Ctrl-C",
        RuntimeFn::ParallelFor | RuntimeFn::ParallelChunks => "a parallel loop",
        RuntimeFn::MatMul => "a product of matrices",
        RuntimeFn::MemMove => "copying memory",
        RuntimeFn::MemZero => "filling memory with zeros",
        RuntimeFn::IntPow | RuntimeFn::IntPowWrap => "`**` of integers",
        RuntimeFn::RoundPython | RuntimeFn::RoundNumpy => "`round`",
        RuntimeFn::IntTrueDiv => "`/` of ints",
        RuntimeFn::PrintValue => "`print`",
        RuntimeFn::GetNumThreads | RuntimeFn::SetNumThreads | RuntimeFn::GetThreadId => "threads",
        RuntimeFn::Math(func) | RuntimeFn::MathF32(func) => return format!("`{}`", math(func)),
    };
    text.to_owned()
}
