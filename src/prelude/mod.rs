//! Array functions written in the subset itself.
