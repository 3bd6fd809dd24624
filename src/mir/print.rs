//! MIR: print.
