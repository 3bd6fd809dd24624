//! The call context of machine code that a test runs by itself.

use fastjit::abi::{self, Context};
use std::sync::atomic::AtomicU32;

static NO_INTERRUPT: AtomicU32 = AtomicU32::new(0);

/// A context without hidden arguments, stack limit or border, which nobody interrupts.
pub fn context() -> Box<Context> {
    Box::new(Context {
        interrupt: &NO_INTERRUPT,
        hidden: std::ptr::null(),
        stack_limit: 0,
        site: u32::MAX,
        trace_len: 0,
        payload: [0; abi::PAYLOAD_WORDS],
        trace: [0; abi::TRACE_SITES],
        border: std::ptr::null_mut(),
    })
}
