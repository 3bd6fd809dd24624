//! When a call gives the GIL up: it costs about 50 ns, and more where other threads wait for it.
//!
//! In: the code, and what the decorator asked. Out: a rule for the border. Invariant: code without loops
//! never gives the GIL up unasked.

use crate::object::CodeObject;

/// Iterations from which a call is taken to last 100 microseconds or more.
pub const LARGE: u64 = 100_000;

/// What a call does with the GIL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Release {
    Never,
    Always,
    /// If the largest int or array among the arguments is `LARGE` or more.
    Large,
}

/// The rule for a compiled signature; `nogil` is the decorator's option.
pub fn rule(object: &CodeObject, nogil: Option<bool>) -> Release {
    match nogil {
        Some(true) => Release::Always,
        Some(false) => Release::Never,
        None if object.parallel => Release::Always,
        None if object.has_loops => Release::Large,
        None => Release::Never,
    }
}
