//! Verifier of HIR.
