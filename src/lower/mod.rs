//! HIR to MIR.

use crate::options::Options;
use crate::{hir, mir};

/// Lowers a whole program. Cannot fail: what has no lowering was refused by `infer`.
pub fn lower(_program: &hir::Program, _options: &Options) -> mir::Module {
    unimplemented!()
}
