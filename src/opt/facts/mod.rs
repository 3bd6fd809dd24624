//! What passes know about values: data and queries, no rewriting.

pub mod arith;
pub mod brief;
pub mod counters;
pub mod float;
pub mod induction;
pub mod range;
pub mod terms;
