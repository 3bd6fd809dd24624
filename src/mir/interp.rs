//! MIR: interp.
