//! Tests of the compiler without Python, as one binary.

#![allow(
    clippy::excessive_precision,
    clippy::vec_box,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::undocumented_unsafe_blocks,
    reason = "a test that fails says so, reads its environment, and shows numbers as they are written"
)]

mod align;
mod architecture;
mod arrays;
mod builtins;
mod cache;
mod codegen;
mod context;
mod errors;
mod explain;
mod golden;
mod lane_ops;
mod load;
mod lower;
mod machine;
mod names;
mod object;
mod optimized;
mod outline;
mod parallel;
mod passes;
mod program;
mod random_mir;
mod run;
mod runtime;
mod spec;
mod stages;
mod syntax;
mod value;
mod vector;
mod vector_loops;
mod vectorized;
mod vloops;
mod vmath;
