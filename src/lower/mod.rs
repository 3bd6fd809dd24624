//! HIR to MIR: tuples, complex numbers and arrays become machine words, statements become regions, and
//! each check becomes a guard that raises or leaves the call to the interpreter.
//!
//! In: a `hir::Program` that `infer` has completed. Out: a `mir::Module` with one function for each of the
//! program's (`FuncId(k)` becomes `Func(k)`). Invariant: nothing is refused here; a broken tree panics.

pub mod alloc;
pub mod array;
pub mod convert;
pub mod copy;
pub mod cx;
pub mod effect;
pub mod expr;
pub mod flow;
pub mod index;
pub mod map;
pub mod nest;
pub mod own;
pub mod prange;
pub mod scalar;
pub mod stmt;

use crate::options::Options;
use crate::{hir, mir};

/// Lowers a whole program. Cannot fail: what has no lowering was refused by `infer`.
pub fn lower(_program: &hir::Program, _options: &Options) -> mir::Module {
    unimplemented!()
}
