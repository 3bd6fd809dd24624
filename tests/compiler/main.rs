//! Tests of the compiler without Python, as one binary.

mod syntax;
