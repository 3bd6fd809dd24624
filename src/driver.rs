//! The whole house in one function: the only file that names every stage.

use crate::diag::Result;
use crate::infer::env::Env;
use crate::object::CodeObject;
use crate::options::Options;
use crate::types::Type;
use crate::{codegen, infer, lower, opt};

/// Compiles `env.sources[0]` for parameters of the given types.
pub fn compile(env: &Env, params: &[Type], options: &Options) -> Result<CodeObject> {
    let program = infer::infer(env, params, options)?;
    let mut module = lower::lower(&program, options);
    opt::optimize(&mut module, options);
    Ok(codegen::emit(&module, params, &program.funcs[0].result, &program.hidden, options))
}
