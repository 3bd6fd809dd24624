//! The explanation as text for a terminal.
//!
//! In: an `Explanation`. Out: lines with aligned numbers, notes below the lines that they are about.
//! Invariant: without colour there is nothing but printable text.

use super::{Explanation, Listing, Mark, Note};
use std::fmt::Write;

/// Notes are broken so that they do not go beyond this column.
const WIDTH: usize = 100;

/// What the marks mean.
pub const LEGEND: [(Mark, &str); 3] =
    [(Mark::Gain, "made faster"), (Mark::Cost, "costs time"), (Mark::Plain, "good to know")];

/// The character in front of a note.
pub fn mark(mark: Mark) -> char {
    match mark {
        Mark::Gain => '+',
        Mark::Cost => '!',
        Mark::Plain => '.',
    }
}

/// The text; with escape sequences for colours if asked for.
pub fn render(explanation: &Explanation, colour: bool) -> String {
    let style = Style { colour };
    let mut out = String::new();
    let _ = writeln!(out, "{}", style.bold(&explanation.title));
    for (what, figures) in &explanation.summary {
        let _ = writeln!(out, "  {what:<8}{figures}");
    }
    for listing in &explanation.listings {
        listing_text(&mut out, listing, &style);
    }
    let legend = LEGEND.map(|(kind, text)| format!("{} {text}", style.mark(kind)));
    let _ = writeln!(out, "\n  {}", legend.join("   "));
    out
}

fn listing_text(out: &mut String, listing: &Listing, style: &Style) {
    let first = listing.lines.first().map_or(0, |line| line.number);
    let width = listing.lines.last().map_or(1, |line| line.number.to_string().len());
    let _ = writeln!(out, "\n{}", style.dim(&format!("{}:{first} {}", listing.file, listing.name)));
    for line in &listing.lines {
        let text = printable(&line.text);
        let number = style.dim(&format!("{:>width$} |", line.number));
        let _ = writeln!(out, "{}", format!("{number} {text}").trim_end());
        let indent = text.len() - text.trim_start().len();
        for note in &line.notes {
            note_text(out, note, width, indent, style);
        }
    }
}

fn note_text(out: &mut String, note: &Note, width: usize, indent: usize, style: &Style) {
    let gutter = format!("{:>width$} {}", "", style.dim("|"));
    let room = WIDTH.saturating_sub(width + indent + 7).max(40);
    for (k, part) in wrap(&note.text, room).into_iter().enumerate() {
        let lead = if k == 0 { style.mark(note.mark) } else { " ".to_owned() };
        let _ = writeln!(out, "{gutter} {:indent$}  {lead} {part}", "");
    }
    for (k, part) in note.help.iter().flat_map(|help| wrap(help, room - 8)).enumerate() {
        let lead = if k == 0 { style.dim("help:") } else { "     ".to_owned() };
        let _ = writeln!(out, "{gutter} {:indent$}      {lead} {part}", "");
    }
}

/// Breaks text at spaces.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("invariant: there is a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
            lines.push(word.to_owned());
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines
}

/// Tabs become spaces; other control characters, which could speak to the terminal, become `?`.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => {
                let stop = 4 - out.chars().count() % 4;
                out.extend(std::iter::repeat_n(' ', stop));
            }
            c if c.is_control() => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

struct Style {
    colour: bool,
}

impl Style {
    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.paint("2", text)
    }

    fn mark(&self, kind: Mark) -> String {
        let code = match kind {
            Mark::Gain => "32",
            Mark::Cost => "33",
            Mark::Plain => "36",
        };
        self.paint(code, mark(kind).encode_utf8(&mut [0; 4]))
    }
}
