//! Text of a diagnostic: the full form with source lines and carets, and one line.
//!
//! In: a `Diagnostic` and the sources that its labels point into. Out: plain text without colour.
//! Invariants: line numbers are those of the file; a label that points nowhere is left out rather than
//! spoiling the message.

use crate::diag::{Diagnostic, SourceText, Span};
use codespan_reporting::diagnostic as report;
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Chars, Config, DisplayStyle};
use std::ops::Range;

/// Headline, source lines with carets, and what to write instead. Ends without a line break.
pub fn full(diagnostic: &Diagnostic, sources: &[&SourceText]) -> String {
    let headline = format!("{} [{}]", diagnostic.message, diagnostic.code.id());
    let files = Sources(sources);
    let mut labels = Vec::with_capacity(diagnostic.labels.len());
    for label in &diagnostic.labels {
        let Some(text) = sources.get(label.source as usize) else { continue };
        let range = clamp(&text.text, label.span);
        let style =
            if labels.is_empty() { report::LabelStyle::Primary } else { report::LabelStyle::Secondary };
        labels.push(report::Label::new(style, label.source, range).with_message(&label.text));
    }
    let notes =
        diagnostic.help.iter().map(|help| format!("help: {}", help.replace('\n', "\n      "))).collect();
    let report = report::Diagnostic::error().with_labels(labels).with_notes(notes);
    let config = Config {
        display_style: DisplayStyle::Rich,
        tab_width: 4,
        chars: Chars::ascii(),
        start_context_lines: 1,
        end_context_lines: 1,
        ..Config::default()
    };
    match term::emit_into_string(&config, &files, &report) {
        // The library's headline starts with the severity, which says nothing in an exception.
        Ok(text) => {
            let below = text.split_once('\n').map_or("", |(_, below)| below);
            let mut out = headline;
            for line in below.lines() {
                out.push('\n');
                out.push_str(line.trim_end());
            }
            out.truncate(out.trim_end().len());
            out
        }
        // Unreachable with clamped spans, but a message must come out whatever happens.
        Err(_) => match &diagnostic.help {
            Some(help) => format!("{headline}\n  = help: {help}"),
            None => headline,
        },
    }
}

/// `file:line:column: message [id]`, with what the first label points to.
pub fn concise(diagnostic: &Diagnostic, sources: &[&SourceText]) -> String {
    let message = format!("{} [{}]", diagnostic.message, diagnostic.code.id());
    let Some(label) = diagnostic.labels.first() else { return message };
    let Some(text) = sources.get(label.source as usize) else { return message };
    let (line, column) = text.line_column(clamp(&text.text, label.span).start as u32);
    format!("{}:{}:{}: {message}", text.file, text.first_line + line, column + 1)
}

/// The span as a range within the text, on character boundaries.
fn clamp(text: &str, span: Span) -> Range<usize> {
    let fit = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (fit(span.start), fit(span.end));
    start..end.max(start)
}

/// The sources as the library wants to see them, with the line numbers of their files.
struct Sources<'a>(&'a [&'a SourceText]);

impl<'a> Sources<'a> {
    fn get(&self, id: u32) -> Result<&'a SourceText, Error> {
        self.0.get(id as usize).copied().ok_or(Error::FileMissing)
    }
}

impl<'a> Files<'a> for Sources<'_> {
    type FileId = u32;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: u32) -> Result<&'a str, Error> {
        self.get(id).map(|text| text.file.as_str())
    }

    fn source(&'a self, id: u32) -> Result<&'a str, Error> {
        self.get(id).map(|text| text.text.as_str())
    }

    fn line_index(&'a self, id: u32, at: usize) -> Result<usize, Error> {
        let text = &self.get(id)?.text;
        Ok(text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count())
    }

    fn line_number(&'a self, id: u32, line: usize) -> Result<usize, Error> {
        Ok(self.get(id)?.first_line as usize + line)
    }

    fn line_range(&'a self, id: u32, line: usize) -> Result<Range<usize>, Error> {
        let text = &self.get(id)?.text;
        let mut start = 0;
        for (index, content) in text.split_inclusive('\n').enumerate() {
            if index == line {
                return Ok(start..start + content.len());
            }
            start += content.len();
        }
        // The place after the last line break.
        Ok(text.len()..text.len())
    }
}
