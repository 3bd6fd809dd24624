//! The language definition as tests: the Python blocks of `tests/spec/*.md`.
//!
//! A function under `# args: float64[::1], int` is compiled for these types; in it
//! - `reveal_type(x)  # revealed: float` says what type is found there,
//! - `# error: [type-mismatch] "text"` says that this line is refused, with that code and that text in the
//!   message.
//!
//! Below it `# value: f(2, 0.5) -> 1.0` says what a call gives, `# value: f(2, 0) -> ZeroDivisionError:
//! division by zero` what it raises, and `..., by the interpreter` that compiled code leaves this call to
//! the interpreter. `tests/python/test_spec.py` asks CPython the same questions.

use crate::program::{self, File};
use crate::value::{self, Ended, Value};
use fastjit::diag::render;
use fastjit::infer;
use fastjit::infer::env::Env;
use fastjit::load::Executable;
use fastjit::options::Options;
use fastjit::types::Type;
use fastjit::{driver, load};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

const INTERPRETER: &str = ", by the interpreter";

/// Everything in which the program and its comments disagree.
pub fn problems(name: &str, text: &str) -> String {
    let file = program::read(name, text);
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    for (index, def) in file.defs.iter().enumerate() {
        if let Some(args) = &def.args {
            inferred(&file, index, args, &lines, &mut out);
        }
    }
    for (number, line) in lines.iter().enumerate() {
        if let Some(claim) = line.strip_prefix("# value: ") {
            let (call, expected) = claim.split_once(" -> ").expect("`# value: f(x) -> y`");
            let found = call_of(&file, call);
            if !agrees(&found, expected) {
                let _ = writeln!(out, "{name}:{}: {call} is {found}, not {expected}", number + 1);
            }
        }
    }
    out
}

/// A call left to the interpreter ends as the interpreter says, which `tests/python/test_spec.py` checks; an
/// error that the compiled code would have raised itself later on has to be the same.
fn agrees(found: &str, expected: &str) -> bool {
    match (found.strip_suffix(INTERPRETER), expected.strip_suffix(INTERPRETER)) {
        (Some(_), Some(_)) => true,
        (found_there, None) => found_there.unwrap_or(found) == expected,
        (None, Some(_)) => false,
    }
}

/// Compiles the function and compares the types and refusals with the comments.
fn inferred(file: &File, index: usize, args: &[Type], lines: &[&str], out: &mut String) {
    let env = file.env(index);
    let def = &file.defs[index];
    let mut complain = |line: usize, text: String| {
        let _ = writeln!(out, "{}:{}: {text}", file.name, line + 1);
    };
    let range = def.line..def.line + def.text.lines().count();
    match infer::infer_and_reveal(&env, args, &Options::default()) {
        Ok((_, revealed)) => {
            let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
            for (source, span, ty) in revealed {
                let source = &env.sources[source as usize].text;
                let line = source.first_line - 1 + source.line_column(span.start).0;
                let types = found.entry(line as usize).or_default();
                let ty = ty.to_string();
                if !types.contains(&ty) {
                    types.push(ty);
                }
            }
            for line in range {
                let found = found.remove(&line).map(|types| types.join(" | "));
                let expected = lines[line].split_once("# revealed: ").map(|(_, ty)| ty.to_owned());
                if found != expected {
                    let word = |ty: Option<String>| ty.unwrap_or_else(|| "nothing".to_owned());
                    complain(line, format!("{} is revealed, not {}", word(found), word(expected)));
                }
                if lines[line].contains("# error: ") {
                    complain(line, "is not refused".to_owned());
                }
            }
            if let Err(error) = executable(&env, args) {
                complain(def.line, error);
            }
        }
        Err(diagnostic) => {
            let label = diagnostic.labels.first().expect("an error has a place");
            let source = &env.sources[label.source as usize].text;
            let line = (source.first_line - 1 + source.line_column(label.span.start).0) as usize;
            let found = format!("[{}] {:?}", diagnostic.code.id(), diagnostic.message);
            let expected = lines[line].split_once("# error: ").map_or("", |(_, claim)| claim);
            let (code, text) = expected.split_once(' ').unwrap_or((expected, ""));
            let says = found.starts_with(code) && diagnostic.message.contains(text.trim_matches('"'));
            if expected.is_empty() || !says {
                complain(line, format!("refused with {found}, not {expected}"));
            }
        }
    }
}

fn executable(env: &Env, args: &[Type]) -> Result<Executable, String> {
    let object = driver::compile(env, args, &Options::default()).map_err(|diagnostic| {
        let sources: Vec<_> = env.sources.iter().map(|source| &source.text).collect();
        render::full(&diagnostic, &sources)
    })?;
    Ok(load::load(object).expect("there is executable memory"))
}

/// What `f(1, 2.0)` gives.
fn call_of(file: &File, call: &str) -> String {
    let (name, args) = call.split_once('(').expect("a call has parentheses");
    let args = value::parse_list(args.strip_suffix(')').expect("a call has parentheses"));
    let index = file.defs.iter().position(|def| def.name == name).expect("the function is in the block");
    let args = file.defs[index].complete(args);
    let types: Vec<Type> = args.iter().map(value::type_of).collect();
    match executable(&file.env(index), &types) {
        Err(error) => error,
        Ok(exe) => ended(&exe, &args, file),
    }
}

fn ended(exe: &Executable, args: &[Value], file: &File) -> String {
    match value::call(exe, args, &file.globals, &file.objects) {
        Ended::Value(text) | Ended::Error(text) => text,
        Ended::Interpreter(text) => format!("{text}{INTERPRETER}"),
    }
}

#[test]
fn the_language_is_as_described() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec");
    let mut chapters: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    chapters.sort();
    let mut wrong = String::new();
    for path in chapters {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        // Lines keep their numbers: what is not in a block is left blank.
        let mut block = String::new();
        let mut skipped = String::new();
        let mut inside = false;
        for line in text.lines() {
            match line {
                "```py" => {
                    inside = true;
                    block.clone_from(&skipped);
                }
                "```" if inside => {
                    inside = false;
                    wrong.push_str(&problems(name, &block));
                }
                line if inside => block.push_str(line),
                _ => {}
            }
            block.push('\n');
            skipped.push('\n');
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
