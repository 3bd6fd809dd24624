//! The process: its user, and what happens to the runtime in the child after `fork()`, where only the
//! forking thread lives on.
//!
//! In: `register`, called before the first thread is made. Out: the ticker and the pools are forgotten and
//! made anew when needed. Invariant: the handler touches atomics alone; it takes no lock and frees nothing,
//! since another thread may have held any lock when the process forked.

use super::{interrupt, parallel};
use std::sync::atomic::{AtomicBool, Ordering};

static REGISTERED: AtomicBool = AtomicBool::new(false);

/// Makes sure that the child of a fork starts with a clean runtime.
pub fn register() {
    // An atomic and not a `Once`, which could be half-way through when another thread forks.
    if REGISTERED.swap(true, Ordering::SeqCst) {
        return;
    }
    #[cfg(unix)]
    // SAFETY: `child` is a plain function that only stores to atomics.
    unsafe {
        libc::pthread_atfork(None, None, Some(child));
    }
}

#[cfg(unix)]
extern "C" fn child() {
    interrupt::after_fork();
    parallel::after_fork();
}

/// Numeric id of the user whose rights the process has; `None` where there is no such thing.
pub fn effective_user() -> Option<u32> {
    #[cfg(unix)]
    {
        // SAFETY: takes nothing and cannot fail.
        Some(unsafe { libc::geteuid() })
    }
    #[cfg(not(unix))]
    None
}
