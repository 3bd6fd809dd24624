//! Conversions between scalars.

use crate::hir::Convert;
use crate::lower::cx::{Cx, Words};
use crate::mir::Value;
use crate::types::Scalar;

/// `value` of type `from` as `to`, by `kind`.
pub fn convert(_cx: &mut Cx, _kind: Convert, _from: Scalar, _to: Scalar, _value: &[Value]) -> Words {
    unimplemented!()
}
