//! What passes know about values: data and queries, no rewriting.

pub mod induction;
pub mod range;
