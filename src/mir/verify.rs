//! MIR: verify.
