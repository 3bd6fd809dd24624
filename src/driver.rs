//! The whole house in one function: the only file that names every stage.
//!
//! In: an environment (names and source texts), parameter types, options. Out: a `CodeObject`, or the first
//! thing the user has to change. Invariant: the same input gives the same bytes.

use crate::diag::Result;
use crate::dump::{self, Stage};
use crate::explain::{self, Explanation, Source};
use crate::infer::env::Env;
use crate::object::CodeObject;
use crate::options::Options;
use crate::timing::Timer;
use crate::types::Type;
use crate::vector::Vectors;
use crate::{codegen, hir, infer, lower, mir, opt};

/// Compiles `env.sources[0]` for parameters of the given types.
pub fn compile(env: &Env, params: &[Type], options: &Options) -> Result<CodeObject> {
    let name = &env.sources[0].name;
    let mut timer = Timer::start();
    let program = infer::infer(env, params, options)?;
    timer.stage("infer");
    if dump::wanted(Stage::Hir) {
        dump::show(Stage::Hir, name, &hir::print::program(&program));
    }
    let mut module = lower::lower(&program, options);
    timer.stage("lower");
    opt::optimize(&mut module, options);
    timer.stage("optimise");
    if dump::wanted(Stage::Mir) {
        dump::show(Stage::Mir, name, &mir::print::module(&module));
    }
    let result = &program.funcs[0].result;
    if dump::wanted(Stage::Clif) || dump::wanted(Stage::Asm) {
        let (_, text) = codegen::emit_text(&module, params, result, &program.hidden, options);
        if dump::wanted(Stage::Clif) {
            dump::show(Stage::Clif, name, &text.clif);
        }
        if dump::wanted(Stage::Asm) {
            dump::show(Stage::Asm, name, &text.asm);
        }
    }
    let object = codegen::emit(&module, params, result, &program.hidden, options);
    timer.stage("emit");
    timer.finish(name);
    Ok(object)
}

/// Names the machine that code is made for: part of a cache key.
pub fn target() -> &'static str {
    codegen::target::identity()
}

/// The text of one stage of the same compilation.
pub fn inspect(env: &Env, params: &[Type], options: &Options, stage: Stage) -> Result<String> {
    let program = infer::infer(env, params, options)?;
    if stage == Stage::Hir {
        return Ok(hir::print::program(&program));
    }
    let mut module = lower::lower(&program, options);
    opt::optimize(&mut module, options);
    if stage == Stage::Mir {
        return Ok(mir::print::module(&module));
    }
    let (_, text) = codegen::emit_text(&module, params, &program.funcs[0].result, &program.hidden, options);
    Ok(if stage == Stage::Clif { text.clif } else { text.asm })
}

/// What became of each line on this machine: the same compilation, with remarks; or why there is none.
pub fn explain(env: &Env, params: &[Type], options: &Options) -> Explanation {
    explain_for(env, params, options, codegen::target::vectors())
}

/// What becomes of each line where there are these instructions for vector loops.
pub fn explain_for(env: &Env, params: &[Type], options: &Options, vectors: Option<Vectors>) -> Explanation {
    let types: Vec<String> = params.iter().map(ToString::to_string).collect();
    let signature = format!("{}({})", env.sources[0].name, types.join(", "));
    let sources: Vec<Source> =
        env.sources.iter().map(|source| Source { name: &source.name, text: &source.text }).collect();
    let program = match infer::infer(env, params, options) {
        Ok(program) => program,
        Err(diagnostic) => return explain::refused(signature, &diagnostic, &sources),
    };
    let mut module = lower::lower_and_remark(&program, options, true);
    let (before, after) = opt::parts();
    for pass in before {
        opt::run_pass(&mut module, options, pass);
    }
    let checks = explain::survey::checks(&module);
    for pass in after {
        opt::run_pass(&mut module, options, pass);
    }
    // Of loops it says what becomes of them in the code that calls come to first.
    let mut first = lower::lower_and_remark(&program, options, true);
    opt::optimize(&mut first, &Options { fast_only: true, ..*options });
    for func in &mut first.funcs.items {
        let shapes = codegen::shapes(func, vectors);
        func.vectorized(shapes.into_iter().map(|shape| (shape.line, shape.lanes, shape.unroll)).collect());
    }
    mir::remark::take_loops(&mut module, first);
    let title = format!("{signature} -> {}", program.funcs[0].result);
    explain::explain(title, &module, checks, &sources)
}
