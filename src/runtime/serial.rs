//! Parallel loops on one thread, and a poll that sees nothing.
//!
//! In: calls from machine code. Out: the same results as on many threads. Invariant: chunks run in order.

use crate::abi::{Context, chunk_bounds, status};

/// Body of a parallel loop: `(ctx, captures, lo, hi, partial) -> status`.
type Body = extern "C" fn(*mut Context, *const u8, i64, i64, *mut u8) -> i32;

/// `RuntimeFn::Poll`.
pub extern "C" fn poll(_ctx: *mut Context) -> i32 {
    status::OK
}

/// `RuntimeFn::ParallelFor`.
pub extern "C" fn parallel_for(
    ctx: *mut Context,
    body: Body,
    captures: *const u8,
    trip: i64,
    partials: *mut u8,
    partial_bytes: i64,
    chunks: i64,
) -> i32 {
    for chunk in 0..chunks {
        let (lo, hi) = chunk_bounds(trip, chunks, chunk);
        let partial = partials.wrapping_offset((chunk * partial_bytes) as isize);
        let status = body(ctx, captures, lo, hi, partial);
        if status != status::OK {
            return status;
        }
    }
    status::OK
}

/// `RuntimeFn::ParallelChunks`.
pub extern "C" fn parallel_chunks(trip: i64) -> i64 {
    crate::abi::parallel_chunks(trip)
}

/// `RuntimeFn::GetNumThreads`.
pub extern "C" fn get_num_threads() -> i64 {
    1
}

/// `RuntimeFn::SetNumThreads`.
pub extern "C" fn set_num_threads(_threads: i64) {}

/// `RuntimeFn::GetThreadId`.
pub extern "C" fn get_thread_id() -> i64 {
    0
}
