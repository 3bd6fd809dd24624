//! Functions written in the subset itself, compiled on demand like the user's.
//!
//! Owns: `*.py` of this folder. In: nothing. Out: `infer` asks for the text of one function by name.
//! Invariant: each function stands alone in its file at the left margin, and its free names are builtins,
//! `math`, `np`, `_prim` and other functions of the prelude.

use std::collections::HashMap;
use std::sync::OnceLock;

const FILES: [&str; 8] = [
    include_str!("array.py"),
    include_str!("complex.py"),
    include_str!("create.py"),
    include_str!("linalg.py"),
    include_str!("reduce.py"),
    include_str!("scalar.py"),
    include_str!("sort.py"),
    include_str!("take.py"),
];

/// The text of the prelude function `name`.
pub fn source(name: &str) -> Option<&'static str> {
    static TEXTS: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    TEXTS.get_or_init(|| FILES.into_iter().flat_map(functions).collect()).get(name).copied()
}

/// The functions of a file with their names.
fn functions(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let starts: Vec<usize> = if file.starts_with("def ") { vec![0] } else { Vec::new() };
    let starts: Vec<usize> =
        starts.into_iter().chain(file.match_indices("\ndef ").map(|(at, _)| at + 1)).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([file.len()]).collect();
    starts.into_iter().zip(ends).map(move |(start, end)| {
        // A comment before the next function belongs to that one.
        let text = file[start..end].trim_end();
        let text = text.rfind("\n#").map_or(text, |_| strip_comments(text));
        let name = &text["def ".len()..text.find('(').expect("a function has parameters")];
        (name, text)
    })
}

/// Drops comment lines at the left margin from the end of a function's text.
fn strip_comments(mut text: &'static str) -> &'static str {
    loop {
        let line = text.rfind('\n').map_or(0, |at| at + 1);
        if !text[line..].starts_with('#') && !text[line..].trim().is_empty() || line == 0 {
            return text;
        }
        text = text[..line].trim_end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_by_name() {
        let text = source("math_isqrt").expect("math_isqrt is in the prelude");
        assert!(text.starts_with("def math_isqrt("));
        assert_eq!(text.matches("\ndef ").count(), 0);
        assert_eq!(source("no_such_function"), None);
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = FILES.into_iter().flat_map(functions).map(|(name, _)| name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
