//! Typed HIR of small programs: `tests/golden/hir/*.py`. The parameters have annotations in signature
//! spelling, as in `a: "float64[::1]"`, which the compiler itself ignores.

use crate::golden;
use fastjit::diag::{SourceText, render};
use fastjit::hir::print;
use fastjit::infer::env::{Binding, Env, Source};
use fastjit::infer::infer;
use fastjit::options::Options;
use fastjit::types::{Type, name};

/// The environment of a program in one file: the first function is the entry, and sees the others, `np`,
/// `math` and `prange`.
pub fn environment(file: &str, program: &str) -> Env {
    let mut env = Env { python_minor: 11, numpy: Some((2, 3)), ..Env::default() };
    let mut line = 1;
    for text in program.split("\n\n\n") {
        let trimmed = text.trim_start_matches('\n');
        line += text[..text.len() - trimmed.len()].matches('\n').count() as u32;
        let name = trimmed
            .lines()
            .find_map(|l| l.strip_prefix("def "))
            .and_then(|l| l.split('(').next())
            .unwrap_or_default();
        if !name.is_empty() {
            let text = format!("{}\n", trimmed.trim_end());
            let text = SourceText { file: file.to_owned(), first_line: line, text };
            env.sources.push(Source { name: name.to_owned(), text, ..Source::default() });
        }
        line += trimmed.matches('\n').count() as u32 + 3;
    }
    let mut names = std::collections::BTreeMap::new();
    names.insert("np".to_owned(), Binding::KnownModule("numpy".to_owned()));
    names.insert("math".to_owned(), Binding::KnownModule("math".to_owned()));
    names.insert("prange".to_owned(), Binding::Known("fastjit.prange".to_owned()));
    for (k, source) in env.sources.iter().enumerate() {
        names.insert(source.name.clone(), Binding::Function(k as u32));
    }
    for source in &mut env.sources {
        source.names = names.clone();
    }
    env
}

/// The types in the annotations of the first function's parameters.
pub fn annotated(program: &str) -> Vec<Type> {
    let Some(def) = program.lines().find(|line| line.starts_with("def ")) else { return Vec::new() };
    def.split('"').skip(1).step_by(2).map(|text| name::parse_type(text).expect("an annotation")).collect()
}

#[test]
fn golden_hir() {
    golden::check("hir", |file, program| {
        let env = environment(file, program);
        match infer(&env, &annotated(program), &Options::default()) {
            Ok(program) => print::program(&program),
            Err(diagnostic) => {
                let texts: Vec<&SourceText> = env.sources.iter().map(|source| &source.text).collect();
                render::full(&diagnostic, &texts)
            }
        }
    });
}
