//! Signature to entry; no Python in it.
