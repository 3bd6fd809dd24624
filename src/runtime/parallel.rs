//! Parallel loops: `RuntimeFn::ParallelFor` and the number of threads.
//!
//! In: the outlined body of a loop, its trip count and room for the partial results of each chunk. Out: all
//! chunks have run, or the error of the lowest chunk that failed stands in the caller's context.
//! Invariants: the chunks depend on the trip count alone, so the number of threads changes no bit; the
//! calling thread takes part, and it alone polls for signals; no memory of the caller is touched after
//! `parallel_for` returns.
//!
//! Helpers are jobs on a Rayon pool that claim chunks one by one until none is left. A job that comes too
//! late finds nothing to claim. The caller waits only for chunks that somebody is running, so that nested
//! and concurrent regions cannot block each other for ever.

use super::{interrupt, process};
use crate::abi::{Context, PAYLOAD_WORDS, TRACE_SITES, chunk_bounds, status};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Body of a parallel loop: `(ctx, captures, lo, hi, partial) -> status`.
pub type Body = extern "C" fn(*mut Context, *const u8, i64, i64, *mut u8) -> i32;

/// Less work than this is not worth waking a thread for.
const SMALL_NS: u64 = 30_000;
/// Pieces that a loop with less work is cut into.
const SMALL_CHUNKS: i64 = 8;
/// Work that a helper should find at least.
const SHARE_NS: u64 = 15_000;
const STACK_BYTES: usize = 8 << 20;
/// Part of a helper's stack that is left to functions without a stack check.
const STACK_RESERVE: usize = 512 << 10;
/// How long the caller sleeps between two looks at the interrupt flag.
const WAIT: Duration = Duration::from_millis(5);

thread_local! {
    /// Chosen by `set_num_threads` on this thread, or the region's number on a helper; 0 for the default.
    static THREADS: Cell<usize> = const { Cell::new(0) };
    static THREAD_ID: Cell<i64> = const { Cell::new(0) };
    /// Parallel regions that this thread is inside of.
    static REGIONS: Cell<u32> = const { Cell::new(0) };
}

/// Configured number of threads; 0 until asked for.
static MAX_THREADS: AtomicUsize = AtomicUsize::new(0);
static POOLS: AtomicPtr<Pools> = AtomicPtr::new(std::ptr::null_mut());

/// A pool for each number of helpers asked for, so that thread ids stay below `get_num_threads()`. `None`
/// where threads could not be made.
type Pools = Mutex<BTreeMap<usize, Option<Arc<ThreadPool>>>>;

/// Sets the number of threads where `set_num_threads` was not called.
pub fn set_max_threads(threads: usize) {
    MAX_THREADS.store(threads.max(1), Ordering::SeqCst);
}

pub fn max_threads() -> usize {
    match MAX_THREADS.load(Ordering::SeqCst) {
        0 => {
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            set_max_threads(threads);
            threads
        }
        threads => threads,
    }
}

/// `RuntimeFn::ParallelChunks`.
pub extern "C" fn parallel_chunks(trip: i64) -> i64 {
    crate::abi::parallel_chunks(trip)
}

/// `RuntimeFn::GetNumThreads`.
pub extern "C" fn get_num_threads() -> i64 {
    match THREADS.get() {
        0 => max_threads() as i64,
        threads => threads as i64,
    }
}

/// More threads than this help nobody.
const MOST_THREADS: i64 = 1024;

/// `RuntimeFn::SetNumThreads`: for the calling thread. Inside a region it does nothing, since the ids of the
/// threads at work would no longer fit.
pub extern "C" fn set_num_threads(threads: i64) {
    if REGIONS.get() == 0 {
        THREADS.set(threads.clamp(1, MOST_THREADS) as usize);
    }
}

/// `RuntimeFn::GetThreadId`: unique among the threads of a region and below `get_num_threads()`.
pub extern "C" fn get_thread_id() -> i64 {
    THREAD_ID.get()
}

/// Locks even after a panic elsewhere: the data is consistent at every step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pool(helpers: usize) -> Option<Arc<ThreadPool>> {
    let mut pools = POOLS.load(Ordering::Acquire);
    if pools.is_null() {
        process::register();
        let fresh = Box::into_raw(Box::new(Pools::default()));
        pools = match POOLS.compare_exchange(pools, fresh, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => fresh,
            Err(other) => {
                // SAFETY: `fresh` was made above and nobody else has seen it.
                drop(unsafe { Box::from_raw(fresh) });
                other
            }
        };
    }
    // SAFETY: never freed; after a fork the child forgets it.
    let pools = unsafe { &*pools };
    let build = || {
        let builder = ThreadPoolBuilder::new().num_threads(helpers).stack_size(STACK_BYTES);
        builder.thread_name(|k| format!("fastjit-{}", k + 1)).build().ok().map(Arc::new)
    };
    lock(pools).entry(helpers).or_insert_with(build).clone()
}

/// The child of a fork has none of the threads; the pools are leaked, for a lock inside may be taken.
pub(super) fn after_fork() {
    POOLS.store(std::ptr::null_mut(), Ordering::SeqCst);
}

/// A failed chunk.
struct Failure {
    chunk: i64,
    status: i32,
    site: u32,
    payload: [u64; PAYLOAD_WORDS],
    trace_len: u32,
    trace: [u32; TRACE_SITES],
}

/// One run of a parallel loop.
struct Region {
    body: Body,
    captures: *const u8,
    trip: i64,
    partials: *mut u8,
    partial_bytes: i64,
    chunks: i64,
    /// The context of the caller, to be copied for each chunk.
    hidden: *const u64,
    border: *mut std::ffi::c_void,
    threads: usize,
    /// The next chunk to claim.
    next: AtomicI64,
    /// Chunks above this one are not started any more.
    last: AtomicI64,
    /// The interrupt flag of each chunk that a helper runs.
    stops: Box<[AtomicU32]>,
    failure: Mutex<Option<Failure>>,
    /// Chunks that have been run or skipped.
    finished: Mutex<i64>,
    all_finished: Condvar,
    busy_ns: AtomicU64,
}

// SAFETY: the pointers are used only while a claimed chunk runs, and the caller waits for those; what they
// point to is shared among the chunks by the contract of the loop (`prange` bodies are independent).
unsafe impl Send for Region {}
// SAFETY: as above.
unsafe impl Sync for Region {}

impl Region {
    fn context(&self, interrupt: *const AtomicU32, stack_limit: usize) -> Context {
        Context {
            interrupt,
            hidden: self.hidden,
            stack_limit,
            site: 0,
            trace_len: 0,
            payload: [0; PAYLOAD_WORDS],
            trace: [0; TRACE_SITES],
            border: self.border,
        }
    }

    fn partial(&self, chunk: i64) -> *mut u8 {
        self.partials.wrapping_offset((chunk * self.partial_bytes) as isize)
    }

    /// Claims and runs chunks until none is left. `own` is the interrupt flag of the caller; helpers have a
    /// flag for each chunk. Returns false if the caller was interrupted.
    fn work(&self, own: Option<*const AtomicU32>, stack_limit: usize) -> bool {
        let start = Instant::now();
        let mut counted = 0;
        let mut interrupted = false;
        loop {
            let chunk = self.next.fetch_add(1, Ordering::Relaxed);
            if chunk >= self.chunks {
                break;
            }
            counted += 1;
            if chunk > self.last.load(Ordering::Acquire) {
                continue;
            }
            let mut ctx = self.context(own.unwrap_or(&self.stops[chunk as usize]), stack_limit);
            let (lo, hi) = chunk_bounds(self.trip, self.chunks, chunk);
            match (self.body)(&mut ctx, self.captures, lo, hi, self.partial(chunk)) {
                status::OK => {}
                // A helper is only told to stop; the reason is recorded by who told it.
                status::INTERRUPT if own.is_none() => {}
                status::INTERRUPT => {
                    interrupted = true;
                    self.stop_above(-1);
                }
                failed => self.fail(chunk, failed, &ctx),
            }
        }
        if counted > 0 {
            self.busy_ns.fetch_add(nanoseconds(start), Ordering::Relaxed);
            let mut finished = lock(&self.finished);
            *finished += counted;
            if *finished == self.chunks {
                self.all_finished.notify_all();
            }
        }
        !interrupted
    }

    /// Stops the chunks above `chunk`, started or not.
    fn stop_above(&self, chunk: i64) {
        self.last.fetch_min(chunk, Ordering::AcqRel);
        for stop in &self.stops[(chunk + 1) as usize..] {
            stop.store(1, Ordering::Relaxed);
        }
    }

    fn fail(&self, chunk: i64, status: i32, ctx: &Context) {
        let mut failure = lock(&self.failure);
        if failure.as_ref().is_none_or(|other| chunk < other.chunk) {
            *failure = Some(Failure {
                chunk,
                status,
                site: ctx.site,
                payload: ctx.payload,
                trace_len: ctx.trace_len,
                trace: ctx.trace,
            });
        }
        drop(failure);
        self.stop_above(chunk);
    }

    /// Waits until every chunk has run, polling on behalf of the whole region. Returns false if a poll
    /// reported an interrupt.
    fn wait(&self, ctx: *mut Context) -> bool {
        let mut quiet = true;
        let mut finished = lock(&self.finished);
        while *finished < self.chunks {
            let (guard, _) =
                self.all_finished.wait_timeout(finished, WAIT).unwrap_or_else(PoisonError::into_inner);
            finished = guard;
            // SAFETY: the caller's context, and the flag that it points to, outlive this call.
            let raised = unsafe {
                let flag = (*ctx).interrupt;
                !flag.is_null() && (*flag).load(Ordering::Relaxed) != 0
            };
            if quiet && raised && *finished < self.chunks {
                // The handler may wait for the GIL, and helpers need the lock to report.
                drop(finished);
                // SAFETY: the caller's context, as above.
                if unsafe { interrupt::poll(ctx) } != status::OK {
                    quiet = false;
                    self.stop_above(-1);
                }
                finished = lock(&self.finished);
            }
        }
        quiet
    }
}

fn nanoseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// `RuntimeFn::ParallelFor`.
///
/// # Safety
/// `ctx` is the context of a call in progress. `body` may be called with `captures` from several threads at
/// once, and `partials` has room for `partial_bytes` bytes for each chunk (or `body` ignores it).
pub unsafe extern "C" fn parallel_for(
    ctx: *mut Context,
    body: Body,
    captures: *const u8,
    trip: i64,
    partials: *mut u8,
    partial_bytes: i64,
    chunks: i64,
) -> i32 {
    if chunks <= 0 {
        return status::OK;
    }
    let threads = get_num_threads() as usize;
    let wanted = |left: i64| threads.saturating_sub(1).min(left as usize - 1);
    let guess = recall(body, trip);
    let small = guess.is_some_and(|ns| ns < SMALL_NS);
    // Where nothing is combined, how a small loop is cut shows nowhere: few pieces cost less.
    let chunks = if small && partial_bytes == 0 { chunks.min(SMALL_CHUNKS) } else { chunks };
    REGIONS.set(REGIONS.get() + 1);
    let mut first = 0;
    let mut spent = 0;
    if wanted(chunks) == 0 || small {
        let start = Instant::now();
        // The guess may be wrong (the work of an iteration can depend on the captures): then the rest of
        // the chunks is shared out after all.
        while first < chunks && (first + 1 == chunks || wanted(chunks - first) == 0 || spent < 2 * SMALL_NS) {
            let (lo, hi) = chunk_bounds(trip, chunks, first);
            let partial = partials.wrapping_offset((first * partial_bytes) as isize);
            let status = body(ctx, captures, lo, hi, partial);
            if status != status::OK {
                REGIONS.set(REGIONS.get() - 1);
                return status;
            }
            first += 1;
            spent = nanoseconds(start);
        }
    }
    let mut status = status::OK;
    if first < chunks {
        let helpers = match guess {
            Some(ns) if first == 0 => wanted(chunks).min((ns / SHARE_NS) as usize),
            Some(_) | None => wanted(chunks - first),
        };
        // SAFETY: compiled code passes the context that it was called with.
        let (own, stack_limit, hidden, border) =
            unsafe { ((*ctx).interrupt, (*ctx).stack_limit, (*ctx).hidden, (*ctx).border) };
        let region = Arc::new(Region {
            body,
            captures,
            trip,
            partials,
            partial_bytes,
            chunks,
            hidden,
            border,
            threads,
            next: AtomicI64::new(first),
            last: AtomicI64::new(i64::MAX),
            stops: (0..chunks).map(|_| AtomicU32::new(0)).collect(),
            failure: Mutex::new(None),
            finished: Mutex::new(first),
            all_finished: Condvar::new(),
            busy_ns: AtomicU64::new(spent),
        });
        if let Some(pool) = pool(threads - 1) {
            for _ in 0..helpers {
                let region = Arc::clone(&region);
                pool.spawn(move || help(&region));
            }
        }
        let undisturbed = region.work(Some(own), stack_limit);
        let undisturbed = region.wait(ctx) && undisturbed;
        spent = region.busy_ns.load(Ordering::Relaxed);
        status = if undisturbed { report(&region, ctx) } else { status::INTERRUPT };
    }
    REGIONS.set(REGIONS.get() - 1);
    if status == status::OK {
        remember(body, trip, spent);
    }
    status
}

/// The work of one helper.
fn help(region: &Region) {
    let here = 0u8;
    let stack_limit = (&raw const here as usize).saturating_sub(STACK_BYTES - STACK_RESERVE);
    // A worker that waits for a region of its own does not take other jobs, so nothing is nested here.
    THREADS.set(region.threads);
    THREAD_ID.set(rayon::current_thread_index().map_or(0, |index| index as i64 + 1));
    REGIONS.set(REGIONS.get() + 1);
    region.work(None, stack_limit);
    REGIONS.set(REGIONS.get() - 1);
}

/// Puts the error of the lowest failed chunk into the caller's context.
fn report(region: &Region, ctx: *mut Context) -> i32 {
    let Some(failure) = lock(&region.failure).take() else { return status::OK };
    // SAFETY: the caller's context, which nobody else uses during the call.
    let ctx = unsafe { &mut *ctx };
    ctx.site = failure.site;
    ctx.payload = failure.payload;
    ctx.trace_len = failure.trace_len;
    ctx.trace = failure.trace;
    failure.status
}

/// Work of an iteration as last measured, by body: a tag in the high bits, 1/16 ns in the low ones. It only
/// decides how many threads are woken, so that a collision costs time, never a result.
static HISTORY: [AtomicU64; 256] = [const { AtomicU64::new(0) }; 256];
const COST_BITS: u32 = 44;

fn slot(body: Body) -> (&'static AtomicU64, u64) {
    let hash = (body as usize as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (&HISTORY[(hash >> 56) as usize], (hash >> 20 | 1) & ((1 << (64 - COST_BITS)) - 1))
}

/// Nanoseconds that the loop is expected to take on one thread.
fn recall(body: Body, trip: i64) -> Option<u64> {
    let (slot, tag) = slot(body);
    let entry = slot.load(Ordering::Relaxed);
    let cost = entry & ((1 << COST_BITS) - 1);
    (entry >> COST_BITS == tag).then(|| (u128::from(cost) * trip as u128 / 16).min(u64::MAX.into()) as u64)
}

fn remember(body: Body, trip: i64, ns: u64) {
    let (slot, tag) = slot(body);
    let cost = (u128::from(ns) * 16 / trip.max(1) as u128).min((1 << COST_BITS) - 1) as u64;
    slot.store(tag << COST_BITS | cost, Ordering::Relaxed);
}
