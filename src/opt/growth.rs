//! How much code passes may make by copying.
//!
//! In: a function and the size of a copy that a pass would like to make. Out: yes or no; the function keeps
//! the account. Every pass that copies code (loop versions, vector loops, unrolled and peeled iterations)
//! asks `takes` once for each copy, outer loops before inner ones, and leaves the code as it is if the answer
//! is no; `inline`, which comes first and works on calls, asks `inlines` and `unfolds`. Invariant: after all passes a
//! function has at most a constant factor more instructions than the program gave it, so that everything
//! behind a copying pass stays linear in the program.
//!
//! What is rarely reached is worth no code at all: a pass that keeps a slow copy (the checked copy of a loop,
//! the one for overlapping arrays) marks its region `rare`, and copying passes do not look into rare regions.

use crate::mir::remark::NotInlined;
use crate::mir::{Function, walk};

/// Any function may grow by so many instructions,
const LEAST: usize = 500;
/// and by so many for each that it had.
const FACTOR: usize = 2;

/// Functions of at most this size are inlined wherever they are called,
const SMALL: usize = 80;
/// those with a single call up to this one,
const SINGLE: usize = 600;
/// into callers that do not get larger than this.
const CALLER: usize = 3000;
/// A function that calls itself is put in place of those calls if it is not larger than this then,
const UNFOLDED: usize = 150;
/// nor so many times as large as before, which takes as many times as long to compile,
const TIMES: usize = 4;
/// and so many times one in the other.
const DEPTH: u32 = 2;

/// Whether `size` more instructions may be copied within the function; if so, they are on its account.
#[must_use]
pub fn takes(func: &mut Function, size: usize) -> bool {
    if func.growth.written == 0 {
        func.growth.written = walk::size(func, func.body).max(1) as u32;
    }
    let copied = func.growth.copied as usize + size;
    let granted = copied <= LEAST + FACTOR * func.growth.written as usize;
    if granted {
        func.growth.copied = copied as u32;
    }
    granted
}

/// Whether a callee of this size, called from `calls` places, may be copied into a caller; why not.
pub fn inlines(callee: usize, calls: usize, caller: usize) -> Result<(), NotInlined> {
    let limit = if calls == 1 { SINGLE } else { SMALL };
    if callee > limit {
        Err(NotInlined::Large { size: callee as u32, limit: limit as u32 })
    } else if caller + callee > CALLER {
        Err(NotInlined::CallerFull)
    } else {
        Ok(())
    }
}

/// Whether a function of size `before` that calls itself may be unfolded once more, to this size.
pub fn unfolds(depth: u32, before: usize, size: usize) -> bool {
    depth < DEPTH && size <= UNFOLDED.min(TIMES * before)
}
