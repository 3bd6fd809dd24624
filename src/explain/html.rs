//! The explanation as HTML that needs nothing from elsewhere: no script, no font, no address.
//!
//! In: explanations. Out: a fragment (for notebooks) or a page. Invariant: text of the program reaches the
//! page through `escape` alone, so that nothing in it is taken for markup.

use super::text::{LEGEND, mark};
use super::{Explanation, Line, Listing, Mark};
use std::fmt::{self, Display, Formatter, Write};

const STYLE: &str = include_str!("explain.css");

/// A whole page.
pub fn page(title: &str, explanations: &[Explanation]) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n</head>\n<body style=\"margin: 0\">\n{}</body>\n</html>\n",
        Escaped(title),
        fragment(explanations)
    )
}

/// The part of a page between other content.
pub fn fragment(explanations: &[Explanation]) -> String {
    let mut out = format!("<div class=\"fastjit-explain\">\n<style>\n{STYLE}</style>\n");
    for explanation in explanations {
        section(&mut out, explanation);
    }
    out.push_str("<p class=\"legend\">");
    for (kind, text) in LEGEND {
        let _ = write!(out, "<span class=\"{}\"><b>{}</b> {text}</span> ", class(kind), mark(kind));
    }
    out.push_str("</p>\n</div>\n");
    out
}

fn section(out: &mut String, explanation: &Explanation) {
    let _ = write!(out, "<section>\n<h1>{}</h1>\n<dl>\n", Escaped(&explanation.title));
    for (what, figures) in &explanation.summary {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", Escaped(what), Escaped(figures));
    }
    out.push_str("</dl>\n");
    for listing in &explanation.listings {
        listing_html(out, listing);
    }
    out.push_str("</section>\n");
}

fn listing_html(out: &mut String, listing: &Listing) {
    let first = listing.lines.first().map_or(0, |line| line.number);
    let place = format!("{}:{first}", listing.file);
    let _ = write!(
        out,
        "<h2>{} <small>{}</small></h2>\n<table>\n<tbody>\n",
        Escaped(&listing.name),
        Escaped(&place)
    );
    for line in &listing.lines {
        line_html(out, line);
    }
    out.push_str("</tbody>\n</table>\n");
}

fn line_html(out: &mut String, line: &Line) {
    // The mark that matters most colours the line.
    let marks = [Mark::Cost, Mark::Gain, Mark::Plain];
    let worst = marks.into_iter().find(|kind| line.notes.iter().any(|note| note.mark == *kind));
    let row = worst.map_or("", class);
    let _ = writeln!(
        out,
        "<tr class=\"line {row}\"><td class=\"number\">{}</td><td><pre>{}</pre></td></tr>",
        line.number,
        Escaped(&line.text)
    );
    let indent = line
        .text
        .chars()
        .take_while(|c| c.is_whitespace())
        .map(|c| if c == '\t' { 4 } else { 1 })
        .sum::<usize>();
    for note in &line.notes {
        let _ = write!(
            out,
            "<tr class=\"note {}\"><td></td><td style=\"padding-left: {}ch\" title=\"{}\"><b>{}</b> {}",
            class(note.mark),
            indent + 2,
            note.id,
            mark(note.mark),
            Words(&note.text)
        );
        if let Some(help) = &note.help {
            let _ = write!(out, "<br><i>help: {}</i>", Words(help));
        }
        out.push_str("</td></tr>\n");
    }
}

fn class(kind: Mark) -> &'static str {
    match kind {
        Mark::Gain => "gain",
        Mark::Cost => "cost",
        Mark::Plain => "plain",
    }
}

/// A sentence, in which what stands between backquotes is code.
struct Words<'a>(&'a str);

impl Display for Words<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let parts: Vec<&str> = self.0.split('`').collect();
        if parts.len().is_multiple_of(2) {
            return Escaped(self.0).fmt(f);
        }
        for (k, part) in parts.into_iter().enumerate() {
            if k % 2 == 1 { write!(f, "<code>{}</code>", Escaped(part))? } else { Escaped(part).fmt(f)? }
        }
        Ok(())
    }
}

/// Text in which nothing is markup, in content and in quoted attributes.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\t' => f.write_char(c)?,
                c if c.is_control() => f.write_char(char::REPLACEMENT_CHARACTER)?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
