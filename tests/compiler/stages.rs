//! What each stage makes of small programs: `tests/golden/{infer,lower,opt,codegen}/*.py`.
//!
//! `# stage:` on the first line names the text: `hir`, `mir-raw` (before the passes), `mir`, `clif`.

use crate::{golden, program};
use fastjit::diag::render;
use fastjit::dump::Stage;
use fastjit::options::Options;
use fastjit::{driver, infer, lower, mir};

fn render(name: &str, text: &str) -> String {
    let (stage, rest) = text.split_once('\n').expect("a program has lines");
    let stage = stage.strip_prefix("# stage: ").unwrap_or_else(|| panic!("{name} names no stage"));
    let file = program::read(name, rest);
    let entry = file.defs.iter().position(|def| def.args.is_some()).expect("a function has `# args:`");
    let env = file.env(entry);
    let args = file.defs[entry].args.as_ref().expect("found above");
    let options = Options::default();
    let text = match stage {
        "mir-raw" => infer::infer(&env, args, &options)
            .map(|program| mir::print::module(&lower::lower(&program, &options))),
        _ => {
            let stage = Stage::from_name(stage).unwrap_or_else(|| panic!("{name}: no stage {stage}"));
            driver::inspect(&env, args, &options, stage)
        }
    };
    text.unwrap_or_else(|diagnostic| {
        let sources: Vec<_> = env.sources.iter().map(|source| &source.text).collect();
        render::full(&diagnostic, &sources)
    })
}

#[test]
fn typed_trees() {
    golden::check("infer", render);
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
