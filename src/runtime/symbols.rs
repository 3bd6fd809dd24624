//! From the name of a runtime function to its address.
//!
//! In: a `RuntimeFn`. Out: the address to put into machine code. Invariant: an exhaustive match; the
//! function has the signature that `RuntimeFn` states.

use super::{array, libm, linalg, math, output, parallel, preserve};
use crate::abi::RuntimeFn;

/// Address of the function in this process.
pub fn address(func: RuntimeFn) -> usize {
    let address = match func {
        RuntimeFn::Alloc => array::alloc as *const (),
        RuntimeFn::Retain => array::retain as *const (),
        RuntimeFn::Release => array::release as *const (),
        RuntimeFn::ReleaseSlots => array::release_slots as *const (),
        RuntimeFn::Poll => preserve::poll as *const (),
        RuntimeFn::ParallelFor => parallel::parallel_for as *const (),
        RuntimeFn::ParallelChunks => parallel::parallel_chunks as *const (),
        RuntimeFn::MemMove => array::mem_move as *const (),
        RuntimeFn::MemZero => array::mem_zero as *const (),
        RuntimeFn::IntPow => math::int_pow as *const (),
        RuntimeFn::IntPowWrap => math::int_pow_wrap as *const (),
        RuntimeFn::RoundPython => math::round_python as *const (),
        RuntimeFn::RoundNumpy => math::round_numpy as *const (),
        RuntimeFn::IntTrueDiv => math::int_true_div as *const (),
        RuntimeFn::MatMul => linalg::mat_mul as *const (),
        RuntimeFn::PrintValue => output::print_value as *const (),
        RuntimeFn::GetNumThreads => parallel::get_num_threads as *const (),
        RuntimeFn::SetNumThreads => parallel::set_num_threads as *const (),
        RuntimeFn::GetThreadId => parallel::get_thread_id as *const (),
        RuntimeFn::Math(func) => return libm::double(func),
        RuntimeFn::MathF32(func) => return libm::single(func),
    };
    address as usize
}
