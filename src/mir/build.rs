//! MIR: build.
