//! Called by machine code; knows no compiler and no Python.
//!
//! Owns: the functions behind `abi::RuntimeFn`. In: calls from compiled code and from the border. Out:
//! nothing of the crate above `abi`. Invariant: every function here is `extern "C"`, does not unwind, and
//! means what `abi::RuntimeFn` says.

pub mod array;
pub mod gamma;
pub mod interrupt;
pub mod libm;
mod linalg;
pub mod math;
pub mod output;
pub mod parallel;
mod preserve;
pub mod process;
pub mod symbols;
