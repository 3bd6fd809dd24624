//! Cache across runs: key and store.
