//! What the caller of a function can see of it: stores to its arrays, output.

/// Bit of a mask of memories: memory that is neither a parameter's nor the function's own.
pub const EXTERNAL: u64 = 1 << 63;

/// What a call of a function does. Masks have bit `k` for parameter `k` (62 for all from 62 on) and
/// `EXTERNAL`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Memories that it may store to.
    pub writes: u64,
    /// Memories that its result may share.
    pub result: u64,
    /// Prints, or has another effect than a store.
    pub other: bool,
}
