//! Names and types: `ast` to HIR.
//!
//! In: the functions of an `Env`, the types of the entry's parameters. Out: a typed `hir::Program`. A forward
//! walk that knows the type of every name at every point (`flow`), and emits HIR as it goes; loops are
//! walked until their types settle (`loops`), functions for each list of argument types (`call`).
//! Invariant: the program is the same for equal environments, parameters and options.

pub mod advice;
pub mod arith;
mod assign;
pub mod builtin;
mod call;
mod choice;
mod closure;
mod comprehend;
mod condition;
pub mod cx;
pub mod env;
mod expr;
mod extreme;
mod flow;
mod index;
mod invoke;
mod iterable;
mod liveness;
mod loops;
mod matching;
mod member;
mod operand;
mod partial;
mod prange;
mod print;
mod raise;
mod scope;
mod stmt;
mod update;

use crate::diag::{Result, Span};
use crate::hir;
use crate::options::Options;
use crate::types::Type;

/// A place where `reveal_type` was called, and the type found there: source, span, type.
pub type Revealed = (u32, Span, Type);

/// Infers the types of `env.sources[0]` called with `params`, and of all that it calls.
pub fn infer(env: &env::Env, params: &[Type], options: &Options) -> Result<hir::Program> {
    infer_and_reveal(env, params, options).map(|(program, _)| program)
}

/// As `infer`, with the types that `reveal_type` was asked for.
pub fn infer_and_reveal(
    env: &env::Env,
    params: &[Type],
    options: &Options,
) -> Result<(hir::Program, Vec<Revealed>)> {
    let mut cx = cx::Cx::new(env, options);
    cx.entry(params)?;
    let revealed = std::mem::take(&mut cx.revealed);
    let program = hir::Program {
        funcs: cx.programs.finish(),
        hidden: env.hidden.clone(),
        python_minor: env.python_minor,
        sources: env.sources.len() as u32,
    };
    #[cfg(debug_assertions)]
    hir::verify::verify(&program);
    Ok((program, revealed))
}
