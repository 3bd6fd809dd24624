//! Tests of the compiler without Python, as one binary.

mod architecture;
mod arrays;
mod builtins;
mod cache;
mod codegen;
mod errors;
mod golden;
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
