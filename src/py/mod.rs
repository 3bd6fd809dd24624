//! The Python border.
pub mod code;
pub mod env;
pub mod errors;
pub mod live;
