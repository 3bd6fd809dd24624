//! `prange` loops.

use crate::hir::{Expr, LocalId, Parallel, Stmt};
use crate::lower::cx::Cx;

/// A `For` with `parallel` (only where `options.parallel`; `orelse` runs after it). Uses
/// `stmt::trip_count` and `stmt::list`.
#[allow(clippy::too_many_arguments)]
pub fn lower(
    _cx: &mut Cx,
    _stmt: &Stmt,
    _counter: LocalId,
    _range: [&Expr; 3],
    _body: &[Stmt],
    _parallel: &Parallel,
) {
    unimplemented!()
}
