//! Join of types where paths meet, and the promotion table of NEP 50.

use crate::types::{Scalar, Type};

/// The least type that holds both, or `None`.
pub fn join(_a: &Type, _b: &Type) -> Option<Type> {
    unimplemented!()
}

/// `np.result_type` of two scalars, Python ones being weak.
pub fn result_type(_a: Scalar, _b: Scalar) -> Scalar {
    unimplemented!()
}
