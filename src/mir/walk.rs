//! MIR: walk.
