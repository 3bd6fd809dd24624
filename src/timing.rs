//! Time of stages.
