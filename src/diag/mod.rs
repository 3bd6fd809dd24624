//! What the compiler tells the user about their program, as plain data.
//!
//! Owns: `Diagnostic`, `Label`, `Span`, the list of codes, and rendering (full and one-line).
//! In: nothing. Out: returned as `Err` by `syntax` and `infer`, shown by the border.
//! Invariant: the headline is understandable alone; labels say what each place is; `help` is the
//! smallest change that makes the program compile.

pub mod code;
pub mod render;

pub use code::Code;

/// Byte offsets into the text of one source function (`SourceText`), end exclusive.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// The text that spans point into: one function as it stands in its file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SourceText {
    /// File name as Python knows it (`co_filename`).
    pub file: String,
    /// Line of the file on which `text` starts, from 1.
    pub first_line: u32,
    /// The lines of the function, with their original indentation.
    pub text: String,
}

impl SourceText {
    /// Line of the offset relative to `first_line` (0 for the first line) and column in characters from 0.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let upto = &self.text[..(offset as usize).min(self.text.len())];
        let line = upto.bytes().filter(|b| *b == b'\n').count() as u32;
        let column = upto.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) as u32;
        (line, column)
    }
}

/// A place in the source with a word on what it is.
#[derive(Clone, PartialEq, Debug)]
pub struct Label {
    /// Index into `Env::sources`.
    pub source: u32,
    pub span: Span,
    pub text: String,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Diagnostic {
    pub code: Code,
    /// One line, understandable alone.
    pub message: String,
    /// The place at fault, first; then places that explain it.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Diagnostic { code, message: message.into(), labels: Vec::new(), help: None }
    }
    pub fn label(mut self, source: u32, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { source, span, text: text.into() });
        self
    }
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

pub type Result<T> = std::result::Result<T, Box<Diagnostic>>;
