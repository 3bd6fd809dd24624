//! What became of a function, line by line: what `f.explain()` shows.
//!
//! In: the module before and after the passes (its functions have collected remarks) and the source texts.
//! Out: an `Explanation`, plain data, and its two renderings. Invariants: one place for each thing:
//! `survey` finds facts, `words` puts them into sentences, `text` and `html` only lay them out; the same
//! program gives the same explanation.

pub mod html;
pub mod survey;
pub mod text;
pub mod words;

use crate::diag::{Diagnostic, SourceText};
use crate::mir::{Module, RemarkKind, SourcePos};
use std::collections::BTreeMap;
use survey::{Checks, Fact, Place};

/// One compiled signature, explained.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// Name, types of the parameters and of the result.
    pub title: String,
    /// The whole in a few lines: a word on what is counted, and the counts.
    pub summary: Vec<(&'static str, String)>,
    /// The function, then those of the user's functions that stand in it or are called by it.
    pub listings: Vec<Listing>,
}

/// A source function with notes.
#[derive(Clone, PartialEq, Debug)]
pub struct Listing {
    pub name: String,
    pub file: String,
    pub lines: Vec<Line>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// In the file.
    pub number: u32,
    pub text: String,
    pub notes: Vec<Note>,
}

/// What a note means for speed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Mark {
    /// The compiler made it cheaper.
    Gain,
    /// It costs time in each iteration.
    Cost,
    /// Good to know.
    Plain,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    pub mark: Mark,
    /// Kebab-case, stable.
    pub id: &'static str,
    pub text: String,
    /// What to write to avoid the cost.
    pub help: Option<String>,
}

/// A source function: its name and text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub name: &'a str,
    pub text: &'a SourceText,
}

/// Explains a module on which the passes have run. `checks` were counted before them.
pub fn explain(title: String, module: &Module, checks: Checks, sources: &[Source]) -> Explanation {
    let facts = survey::facts(module, checks);
    let summary = summary(&facts);
    let mut by_line: BTreeMap<(u32, u32), Vec<Fact>> = BTreeMap::new();
    for (SourcePos { source, line }, fact) in facts {
        by_line.entry((source, line)).or_default().push(fact);
    }
    let notes =
        |source: u32, line: u32| by_line.get(&(source, line)).map_or(Vec::new(), |facts| words::notes(facts));
    Explanation { title, summary, listings: listings(sources, notes) }
}

/// Explains why there is no compiled code: the interpreter runs the function.
pub fn refused(title: String, why: &Diagnostic, sources: &[Source]) -> Explanation {
    let place = why.labels.first().and_then(|label| {
        let text = sources.get(label.source as usize)?.text;
        Some((label.source, text.line_column(label.span.start).0))
    });
    let note = words::refused(why);
    let notes =
        |source: u32, line: u32| if place == Some((source, line)) { vec![note.clone()] } else { Vec::new() };
    let listings = listings(sources, notes);
    let summary = vec![("runs", format!("in the interpreter: {}", why.message))];
    Explanation { title, summary, listings }
}

/// The first source, and those of the others about which there is something to say.
fn listings(sources: &[Source], notes: impl Fn(u32, u32) -> Vec<Note>) -> Vec<Listing> {
    let mut listings = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let lines: Vec<Line> = source
            .text
            .text
            .lines()
            .enumerate()
            .map(|(line, text)| Line {
                number: source.text.first_line + line as u32,
                text: text.to_owned(),
                notes: notes(index as u32, line as u32),
            })
            .collect();
        if index == 0 || lines.iter().any(|line| !line.notes.is_empty()) {
            let listing = Listing { name: source.name.to_owned(), file: source.text.file.clone(), lines };
            listings.push(listing);
        }
    }
    listings
}

/// Loops, checks and arrays in figures.
fn summary(facts: &[(SourcePos, Fact)]) -> Vec<(&'static str, String)> {
    let mut vectorised = Vec::new();
    let mut scalar = Vec::new();
    let (mut parallel, mut serial) = (0, 0);
    let mut looped: BTreeMap<Place, u32> = BTreeMap::new();
    let (mut arrays, mut arrays_in_loops) = (0, 0);
    for (line, fact) in facts {
        match fact {
            Fact::Remark(kind) => match kind {
                RemarkKind::Vectorized { .. } => vectorised.push(*line),
                RemarkKind::NotVectorized(_) => scalar.push(*line),
                RemarkKind::Parallel { .. } => parallel += 1,
                RemarkKind::Serial(_) => serial += 1,
                RemarkKind::Inlined { .. }
                | RemarkKind::NotInlined { .. }
                | RemarkKind::Unfolded { .. }
                | RemarkKind::Versioned { .. }
                | RemarkKind::NotVersioned(_)
                | RemarkKind::IfConverted
                | RemarkKind::Split
                | RemarkKind::Peeled { .. }
                | RemarkKind::Unrolled { .. } => {}
            },
            Fact::Check(fact) if fact.looped => *looped.entry(fact.place).or_default() += 1,
            Fact::Alloc { each } => {
                arrays += 1;
                arrays_in_loops += u32::from(*each);
            }
            Fact::Check(_) | Fact::Libm { .. } | Fact::Runtime { .. } => {}
        }
    }
    let mut summary = Vec::new();
    scalar.retain(|line| !vectorised.contains(line));
    for lines in [&mut vectorised, &mut scalar] {
        lines.sort_by_key(|line| (line.source, line.line));
        lines.dedup();
    }
    let innermost = vectorised.len() + scalar.len();
    if innermost > 0 {
        summary.push(("loops", format!("{} of {innermost} innermost vectorised", vectorised.len())));
    }
    if parallel + serial > 0 {
        summary.push(("prange", format!("{parallel} of {} run in parallel", parallel + serial)));
    }
    let total: u32 = looped.values().sum();
    if total > 0 {
        let of = |place: Place| looped.get(&place).copied().unwrap_or(0);
        let mut parts = vec![format!("{total} in loops")];
        for (count, what) in [
            (of(Place::Gone), "proved away"),
            (of(Place::Rare) + of(Place::Once), "made before the loop"),
            (of(Place::Lanes), "made for several iterations at once"),
            (of(Place::Each), "left in each iteration"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        summary.push(("checks", parts.join(", ")));
    }
    if arrays > 0 {
        let inner = if arrays_in_loops > 0 { format!(", {arrays_in_loops} in loops") } else { String::new() };
        summary.push(("arrays", format!("{arrays} made{inner}")));
    }
    summary
}
