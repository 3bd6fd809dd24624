//! Tests of the compiler without Python, as one binary.

mod architecture;
mod codegen;
mod errors;
mod golden;
mod names;
mod object;
mod outline;
mod parallel;
mod runtime;
mod syntax;
