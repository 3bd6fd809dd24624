//! Printing of stages.
