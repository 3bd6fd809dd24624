//! Tests of the compiler without Python, as one binary.

mod architecture;
mod codegen;
mod errors;
mod golden;
mod names;
mod object;
mod outline;
mod runtime;
mod parallel;
mod syntax;
