//! Names and types: `ast` to HIR.

pub mod arith;
pub mod builtin;
pub mod cx;
pub mod env;

use crate::diag::Result;
use crate::hir;
use crate::options::Options;
use crate::types::Type;

/// Infers the types of `env.sources[0]` called with `params`, and of all that it calls.
pub fn infer(_env: &env::Env, _params: &[Type], _options: &Options) -> Result<hir::Program> {
    unimplemented!()
}
