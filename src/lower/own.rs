//! References to buffers: owner slots of locals and temporaries.

use crate::hir::LocalId;
use crate::lower::cx::{Cx, Words};
use crate::types::Type;

/// `local = words`: the local's slots take references to the arrays in `words`. Called by `stmt` for every
/// local whose type holds arrays, before `cx.set(local, words)`.
pub fn assign(_cx: &mut Cx, _local: LocalId, _words: &Words) {
    unimplemented!()
}

/// Words to return from the function: each array in them carries a reference for the caller.
pub fn returned(_cx: &mut Cx, _ty: &Type, words: Words) -> Words {
    let _ = words;
    unimplemented!()
}

/// The result of a call, which carries one reference for each array: kept by slots of its own.
pub fn adopt(_cx: &mut Cx, _ty: &Type, _words: &Words) {
    unimplemented!()
}
