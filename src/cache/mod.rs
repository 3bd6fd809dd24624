//! Compiled code that survives the process: content-addressed, one self-contained file a specialisation.
//!
//! In: what a compilation depends on (`key`), and code objects. Out: code objects, or nothing. Invariant: a
//! file is only ever a shortcut; whatever is wrong with it, the function is compiled as if it were absent.

pub mod key;
pub mod store;

pub use key::{Key, key};
pub use store::{Info, Store};

use std::sync::OnceLock;

/// The store that the environment variables describe.
pub fn default_store() -> &'static Store {
    static STORE: OnceLock<Store> = OnceLock::new();
    STORE.get_or_init(|| Store::new(crate::options::cache_dir(), crate::options::cache_size()))
}
