//! The rules of the house, read off the sources: who may use whom, and what may stand where.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A file of `src`: its room, its path for messages, its text, and the text of its code alone.
struct File {
    room: String,
    path: String,
    text: String,
    /// Comments and literals blanked, the unit tests at the end cut off; same lines.
    code: String,
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let relative = path.strip_prefix(&root).unwrap();
            let room = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let code = code_of(&text);
            File { room, path: relative.display().to_string(), text, code }
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn code_of(text: &str) -> String {
    let cut = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    let chars: Vec<char> = text[..cut].chars().collect();
    let mut code = String::with_capacity(cut);
    let mut at = 0;
    let blank = |code: &mut String, from: usize, to: usize| {
        code.extend(chars[from..to.min(chars.len())].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
    };
    let starts =
        |at: usize, token: &str| token.chars().enumerate().all(|(k, c)| chars.get(at + k) == Some(&c));
    while at < chars.len() {
        let start = at;
        let in_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
        if starts(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if starts(at, "/*") {
            while at < chars.len() && !starts(at, "*/") {
                at += 1;
            }
            at += 2;
        } else if !in_word && (starts(at, "r\"") || starts(at, "r#")) && raw_hashes(&chars, at).is_some() {
            let hashes = raw_hashes(&chars, at).unwrap();
            at += 2 + hashes;
            let end = format!("\"{}", "#".repeat(hashes));
            while at < chars.len() && !starts(at, &end) {
                at += 1;
            }
            at += end.len();
        } else if chars[at] == '"' {
            at += 1;
            while at < chars.len() && chars[at] != '"' {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if chars[at] == '\'' && (starts(at + 1, "\\") || chars.get(at + 2) == Some(&'\'')) {
            at += if chars[at + 1] == '\\' { 3 } else { 2 };
            while at < chars.len() && chars[at] != '\'' {
                at += 1;
            }
            at += 1;
        } else {
            code.push(chars[at]);
            at += 1;
            continue;
        }
        blank(&mut code, start, at);
    }
    code
}

/// Number of `#` of a raw string that starts at `at`.
fn raw_hashes(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    (chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// The rooms named after each `crate::`, also those in a group `crate::{a, b::{c, d}}`.
fn used_rooms(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            rooms.insert(identifier(rest).to_owned());
            continue;
        };
        let mut depth = 0;
        let mut item = String::new();
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    rooms.insert(identifier(item.trim()).to_owned());
                    item.clear();
                    continue;
                }
                _ => {}
            }
            if depth == 0 {
                item.push(c);
            }
        }
        rooms.insert(identifier(item.trim()).to_owned());
    }
    rooms.remove("");
    rooms
}

/// The table in the documentation of `src/lib.rs`: room -> rooms that it may use.
fn table() -> BTreeMap<String, Vec<String>> {
    let text = include_str!("../../src/lib.rs");
    let mut table = BTreeMap::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("//! ")) {
        let (Some(open), Some(rest)) = (line.rfind('['), line.strip_suffix(']')) else { continue };
        let room = identifier(line).to_owned();
        let rooms = rest[open + 1..].split_whitespace().map(str::to_owned).collect();
        table.insert(room, rooms);
    }
    assert!(table.len() > 15, "the table in src/lib.rs was not understood: {table:?}");
    table
}

#[test]
fn rooms_use_only_what_the_table_allows() {
    let table = table();
    let border = ["dispatch", "py", "cache", "load", "runtime"];
    let mut wrong = Vec::new();
    for file in files() {
        if file.room == "lib" {
            continue;
        }
        let Some(allowed) = table.get(&file.room) else {
            wrong.push(format!("{}: the room `{}` is not in the table", file.path, file.room));
            continue;
        };
        let all_stages = allowed.join(" ") == "all compiler stages";
        for room in used_rooms(&file.code) {
            let stage = all_stages && table.contains_key(&room) && !border.contains(&room.as_str());
            if room != file.room && !stage && !allowed.contains(&room) {
                wrong.push(format!("{} uses `crate::{room}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "not in the table of src/lib.rs:\n{}", wrong.join("\n"));
}

#[test]
fn every_room_of_the_table_exists() {
    let rooms: BTreeSet<String> = files().into_iter().map(|file| file.room).collect();
    let missing: Vec<String> = table().into_keys().filter(|room| !rooms.contains(room)).collect();
    assert!(missing.is_empty(), "in the table of src/lib.rs but not in src: {missing:?}");
}

#[test]
fn files_have_a_header_and_a_bounded_length() {
    let mut wrong = Vec::new();
    for file in files() {
        if !file.text.starts_with("//! ") {
            wrong.push(format!("{}: does not start with `//! `", file.path));
        }
        let lines = file.text.lines().count();
        if lines > 800 {
            wrong.push(format!("{}: {lines} lines, 800 at most", file.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each line of code (not of comments, strings or unit tests) for which `bad` holds, outside `rooms`.
fn forbid(what: &str, rooms: &[&str], bad: impl Fn(&str) -> bool) {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| !rooms.contains(&file.room.as_str())) {
        for (number, line) in file.code.lines().enumerate() {
            if bad(line) {
                wrong.push(format!("src/{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        !line[..at].ends_with(part) && !line[at + word.len()..].starts_with(part)
    })
}

#[test]
fn only_options_reads_the_environment() {
    forbid("reads the environment outside options.rs", &["options"], |line| {
        (line.contains("std::env") && !line.contains("std::env::consts"))
            || line.contains("env::var")
            || line.contains("libc::getenv")
    });
}

#[test]
fn unsafe_stays_in_its_rooms() {
    forbid("`unsafe` outside runtime, load, vector and py", &["runtime", "load", "vector", "py"], |line| {
        has_word(line, "unsafe")
    });
}

#[test]
fn unsafe_blocks_are_justified() {
    let mut wrong = Vec::new();
    for file in files() {
        let lines: Vec<&str> = file.text.lines().collect();
        for (number, line) in file.code.lines().enumerate() {
            let block = line.contains("unsafe {") || has_word(line, "unsafe impl");
            let near = &lines[number.saturating_sub(8)..=number];
            if block && !near.iter().any(|line| line.contains("SAFETY:")) {
                wrong.push(format!("src/{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "`unsafe` without a `// SAFETY:` comment:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_prints_or_is_left_unfinished() {
    let words = ["println!", "eprintln!", "print!", "dbg!", "todo!", "unimplemented!"];
    forbid("not allowed in the library", &[], |line| words.iter().any(|word| has_word(line, word)));
}

#[test]
fn failures_are_not_unwrapped() {
    forbid("`unwrap()` outside tests", &[], |line| line.contains(".unwrap()"));
}

#[test]
fn the_parser_crate_stays_in_its_room() {
    forbid("uses the parser crate", &["syntax"], |line| line.contains("ruff_python"));
    forbid("uses pyo3", &["py", "lib"], |line| has_word(line, "pyo3"));
    forbid("uses rayon", &["runtime"], |line| has_word(line, "rayon"));
    forbid("uses Cranelift", &["codegen", "vector", "load", "dump"], |line| line.contains("cranelift"));
}

#[test]
fn the_reader_of_sources_works() {
    let code = code_of(
        "use crate::{a, b::{c, d}, e};\nlet x = \"crate::f\"; // crate::g\nlet y = '\"'; crate::h::i();",
    );
    assert_eq!(used_rooms(&code).into_iter().collect::<Vec<_>>(), ["a", "b", "e", "h"]);
    assert!(!code_of("r#\"unsafe \" {\"# '\\'' x").contains("unsafe"));
    assert!(has_word("unsafe { }", "unsafe") && !has_word("unsafely", "unsafe"));
}
