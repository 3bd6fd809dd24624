//! MIR: effect.
