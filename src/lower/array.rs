//! Array expressions and stores.

use crate::hir::{Expr, Index};
use crate::lower::cx::{Cx, Words};

/// Words of an array-room expression: `Element`, `View`, `ArrayAttr`, `Transpose`, `Permute`, `Reshape`,
/// `ComplexPart`, `Alloc`, `Map`, `MapArg`, and the `Prim`s `IsContiguous`, `AssumeContiguous`,
/// `MayOverlap`, `Retype`.
pub fn lower(_cx: &mut Cx, _expr: &Expr) -> Words {
    unimplemented!()
}

/// `StmtKind::StoreElement`.
pub fn store_element(_cx: &mut Cx, _array: &Expr, _index: &[Index], _value: &Expr) {
    unimplemented!()
}

/// `StmtKind::CopyInto`. `visible` says whether the caller can see `dest`: then set `cx.effect` after the
/// operands are evaluated and before the loop that stores.
pub fn copy_into(_cx: &mut Cx, _dest: &Expr, _value: &Expr, _visible: bool) {
    unimplemented!()
}
