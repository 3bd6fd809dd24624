//! What every file of the conversion needs: spans, diagnostics, the limit on nesting.
//!
//! In: the text and how far the parser's offsets are ahead of it. Out: `ast` spans and refusals.
//! Invariant: a span lies within the text and on character boundaries.

use crate::diag::{Code, Diagnostic, Result, Span};
use ruff_text_size::TextRange;

/// Nesting of expressions and blocks that is accepted: each stage walks the tree recursively, so the
/// limit bounds the stack that a compilation takes.
pub const MAX_DEPTH: u32 = 300;
/// Operators one after the other, without a comma between them, that are given to the parser at all.
pub const MAX_CHAIN: usize = 4000;

pub struct Cx<'a> {
    pub text: &'a str,
    pub source: u32,
    pub shift: u32,
}

impl<'a> Cx<'a> {
    pub fn new(text: &'a str, source: u32, shift: u32) -> Self {
        Cx { text, source, shift }
    }

    pub fn span(&self, range: TextRange) -> Span {
        let clamp = |at: u32| {
            let mut at = (at.saturating_sub(self.shift) as usize).min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
            at as u32
        };
        Span { start: clamp(range.start().into()), end: clamp(range.end().into()) }
    }

    /// From the start of a statement to the end of `last`, without the block below it: what a label on
    /// the statement underlines.
    pub fn header_to(&self, range: TextRange, last: TextRange) -> Span {
        Span { start: self.span(range).start, end: self.span(last).end }
    }

    /// `def name` of a definition.
    pub fn header(&self, range: TextRange, name: &str) -> Span {
        let span = self.span(range);
        let text = &self.text[span.start as usize..span.end as usize];
        // The range may start at the decorators.
        let def = keyword_line(text).unwrap_or(0);
        // Past the keyword, which may contain the name's letters.
        let keyword = if text[def..].starts_with("class") { "class" } else { "def" };
        let after = text[def..].find(keyword).map_or(def, |at| def + at + keyword.len());
        let end = text[after..].find(name).map_or(text.len(), |at| after + at + name.len());
        Span { start: span.start + def as u32, end: span.start + end as u32 }
    }

    /// Refuses a construct; `message` names it, `help` says what to write instead.
    pub fn refuse(&self, span: Span, message: &str, help: &str) -> Box<Diagnostic> {
        Box::new(
            Diagnostic::new(Code::UnsupportedSyntax, message)
                .label(self.source, span, "not in the compiled subset")
                .help(help),
        )
    }

    pub fn unknown(&self, span: Span, detail: &str) -> Box<Diagnostic> {
        let label = if detail.is_empty() { "here".to_owned() } else { format!("the parser says: {detail}") };
        Box::new(
            Diagnostic::new(
                Code::UnsupportedSyntax,
                "the fastjit parser does not know this form of Python yet",
            )
            .label(self.source, span, label)
            .help("write it in the syntax of Python 3.14"),
        )
    }

    pub fn too_deep(&self, span: Span) -> Box<Diagnostic> {
        Box::new(
            Diagnostic::new(Code::UnsupportedSyntax, "the function is nested too deeply")
                .label(self.source, span, format!("more than {MAX_DEPTH} levels here"))
                .help("store parts of the expression in variables of their own"),
        )
    }

    /// The depth of the children of a node at `depth`.
    pub fn deeper(&self, depth: u32, range: TextRange) -> Result<u32> {
        if depth >= MAX_DEPTH { Err(self.too_deep(self.span(range))) } else { Ok(depth + 1) }
    }
}

/// Offset of the `def`, `async` or `class` that starts a line of `text`.
fn keyword_line(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let word = line.trim_start();
        if word.starts_with("def ") || word.starts_with("async ") || word.starts_with("class ") {
            return Some(at + line.len() - word.len());
        }
        at += line.len();
    }
    None
}
