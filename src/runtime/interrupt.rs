//! The interrupt flag that loops poll, the ticker that raises it, and the poll handler.
//!
//! In: `RuntimeFn::Poll` from compiled code; `set_poll_handler` from the border. Out: the status of the
//! handler, which may be `INTERRUPT`. Invariant: whenever no ticker runs, the flag is set, so that the next
//! loop that polls comes here and, unless it is over in a moment, starts one; entering compiled code costs nothing.

use super::process;
use crate::abi::{Context, status};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// What `Context::interrupt` points to in a call from the border.
static FLAG: AtomicU32 = AtomicU32::new(1);
static TICKING: AtomicBool = AtomicBool::new(false);
/// When the first poll came that found no ticker, in nanoseconds; 0 for not yet.
static SINCE: AtomicU64 = AtomicU64::new(0);
/// A `PollHandler` as an address; 0 for none.
static HANDLER: AtomicUsize = AtomicUsize::new(0);

/// For so long loops poll before a ticker is started.
const EARLY: Duration = Duration::from_millis(1);
const TICK: Duration = Duration::from_millis(20);
/// Ticks without a poll after which the ticker ends.
const IDLE_TICKS: u32 = 5;

/// Called by the thread that runs the compiled call, about every 20 ms, while a loop runs. Returns
/// `status::OK` or, with a Python exception set, `status::INTERRUPT`.
pub type PollHandler = fn(*mut Context) -> i32;

/// The flag for `Context::interrupt`.
pub fn flag() -> *const AtomicU32 {
    &FLAG
}

/// Sets what a poll does beyond clearing the flag.
pub fn set_poll_handler(handler: PollHandler) {
    HANDLER.store(handler as usize, Ordering::SeqCst);
}

/// `RuntimeFn::Poll`. Contexts of helpers in a parallel region poll a flag of that region, which is only
/// ever set to stop them: Python's signal handlers run in the thread that made the call, not in helpers.
///
/// # Safety
/// `ctx` is the context of a call in progress; its flag, if it has one, is alive.
pub unsafe extern "C" fn poll(ctx: *mut Context) -> i32 {
    // SAFETY: compiled code passes the context that it was called with.
    let flag = unsafe { (*ctx).interrupt };
    if !std::ptr::eq(flag, &FLAG) {
        if flag.is_null() {
            return status::OK;
        }
        // SAFETY: a region outlives the chunks that run in it, and with them its flags.
        let stopped = unsafe { (*flag).load(Ordering::Relaxed) } != 0;
        return if stopped { status::INTERRUPT } else { status::OK };
    }
    if !TICKING.load(Ordering::SeqCst) && is_early() {
        return status::OK;
    }
    FLAG.store(0, Ordering::SeqCst);
    // After the flag is cleared: a ticker that ends meanwhile sets the flag again, as its last act.
    if !TICKING.swap(true, Ordering::SeqCst) {
        start_ticker();
    }
    match HANDLER.load(Ordering::SeqCst) {
        0 => status::OK,
        handler => {
            // SAFETY: only `set_poll_handler` stores here, and it stores a `PollHandler`.
            let handler: PollHandler = unsafe { std::mem::transmute(handler) };
            handler(ctx)
        }
    }
}

/// True in the first moments in which loops poll: to start a thread would take as long as a short call does.
/// The flag stays set, so that the next poll comes here too.
fn is_early() -> bool {
    let now = nanoseconds();
    match SINCE.compare_exchange(0, now, Ordering::SeqCst, Ordering::SeqCst) {
        Ok(_) => true,
        Err(since) => now.saturating_sub(since) < EARLY.as_nanos() as u64,
    }
}

/// Of a clock that does not go back; never 0.
fn nanoseconds() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: writes to the place given; the clock exists everywhere.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    (now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64).max(1)
}

fn start_ticker() {
    process::register();
    let thread = std::thread::Builder::new().name("fastjit-ticker".to_owned()).stack_size(128 * 1024);
    if thread.spawn(tick).is_err() {
        stop_ticking();
    }
}

/// In this order: a poll between the two finds the flag set again later and starts a ticker then.
fn stop_ticking() {
    SINCE.store(0, Ordering::SeqCst);
    TICKING.store(false, Ordering::SeqCst);
    FLAG.store(1, Ordering::SeqCst);
}

fn tick() {
    let mut idle = 0;
    while idle < IDLE_TICKS {
        std::thread::sleep(TICK);
        let unanswered = FLAG.swap(1, Ordering::SeqCst) != 0;
        idle = if unanswered { idle + 1 } else { 0 };
    }
    stop_ticking();
}

/// In the child of a fork there is no ticker.
pub(super) fn after_fork() {
    stop_ticking();
}
