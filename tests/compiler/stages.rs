//! What each stage makes of small programs: `tests/golden/{hir,lower,opt,codegen}/*.py`.
//!
//! `# stage:` on the first line names the text: `hir` (also if there is no such line), `mir-raw` (before
//! the passes), `mir`, `clif`.

use crate::{golden, program};
use fastjit::diag::render;
use fastjit::dump::Stage;
use fastjit::options::Options;
use fastjit::{driver, infer, lower, mir};

fn render(name: &str, text: &str) -> String {
    let first = text.lines().next().expect("a program has lines");
    let stage = first.strip_prefix("# stage: ").unwrap_or("hir");
    let file = program::read(name, text);
    let (entry, args) = file.entry();
    let env = file.env(entry);
    let options = Options::default();
    let listing = match stage {
        "mir-raw" => infer::infer(&env, &args, &options)
            .map(|program| mir::print::module(&lower::lower(&program, &options))),
        _ => {
            let stage = Stage::from_name(stage).unwrap_or_else(|| panic!("{name}: no stage {stage}"));
            driver::inspect(&env, &args, &options, stage)
        }
    };
    listing.unwrap_or_else(|diagnostic| {
        let sources: Vec<_> = env.sources.iter().map(|source| &source.text).collect();
        render::full(&diagnostic, &sources)
    })
}

#[test]
fn typed_trees() {
    golden::check("hir", render);
}

#[test]
fn machine_types() {
    golden::check("lower", render);
}

#[test]
fn passes() {
    golden::check("opt", render);
}

#[test]
fn machine_code() {
    golden::check("codegen", render);
}
