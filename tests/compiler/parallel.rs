//! The runtime behind parallel loops: chunks, errors, interrupts, nesting, forks.

use fastjit::abi::{Context, PAYLOAD_WORDS, TRACE_SITES, status};
use fastjit::runtime::{interrupt, parallel};
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The flag and the handler are the process's: tests that look at them take turns.
static TURN: Mutex<()> = Mutex::new(());

fn context(interrupt: *const AtomicU32) -> Context {
    Context {
        interrupt,
        hidden: std::ptr::null(),
        stack_limit: 0,
        site: 0,
        trace_len: 0,
        payload: [0; PAYLOAD_WORDS],
        trace: [0; TRACE_SITES],
        border: std::ptr::null_mut(),
    }
}

fn run(ctx: &mut Context, body: parallel::Body, captures: *const u8, trip: i64, partials: &mut [f64]) -> i32 {
    let chunks = parallel::parallel_chunks(trip);
    assert!(partials.is_empty() || partials.len() as i64 == chunks);
    unsafe { parallel::parallel_for(ctx, body, captures, trip, partials.as_mut_ptr().cast(), 8, chunks) }
}

extern "C" fn sum(_: *mut Context, _: *const u8, lo: i64, hi: i64, partial: *mut u8) -> i32 {
    let total: f64 = (lo..hi).map(|k| 1.0 / (k as f64 + 1.0)).sum();
    unsafe { partial.cast::<f64>().write(total) };
    status::OK
}

/// `captures` counts how often each iteration ran.
extern "C" fn count(_: *mut Context, captures: *const u8, lo: i64, hi: i64, _: *mut u8) -> i32 {
    for k in lo..hi {
        unsafe { (*captures.cast::<AtomicI64>().add(k as usize)).fetch_add(1, Ordering::Relaxed) };
    }
    std::thread::sleep(Duration::from_micros(50));
    status::OK
}

fn with_threads<T: Send>(threads: i64, work: impl FnOnce() -> T + Send) -> T {
    parallel::set_max_threads(8);
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            parallel::set_num_threads(threads);
            assert_eq!(parallel::get_num_threads(), threads);
            work()
        });
        thread.join().unwrap()
    })
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let total = |threads| {
        with_threads(threads, || {
            let trip = 100_000;
            let mut partials = vec![0.0; parallel::parallel_chunks(trip) as usize];
            let mut ctx = context(std::ptr::null());
            assert_eq!(run(&mut ctx, sum, std::ptr::null(), trip, &mut partials), status::OK);
            partials.iter().sum::<f64>().to_bits()
        })
    };
    let one = total(1);
    for threads in [2, 3, 8] {
        for _ in 0..20 {
            assert_eq!(total(threads), one);
        }
    }
}

#[test]
fn every_iteration_runs_once() {
    for trip in [0, 1, 2, 63, 64, 65, 1000] {
        with_threads(4, move || {
            for _ in 0..10 {
                let counts: Vec<AtomicI64> = (0..trip).map(|_| AtomicI64::new(0)).collect();
                let mut ctx = context(std::ptr::null());
                assert_eq!(run(&mut ctx, count, counts.as_ptr().cast(), trip, &mut []), status::OK);
                assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == 1));
            }
        });
    }
}

/// Every chunk from the third on fails, the lower ones later than the higher ones.
extern "C" fn failing(ctx: *mut Context, _: *const u8, lo: i64, _: i64, _: *mut u8) -> i32 {
    if lo < 3 {
        return status::OK;
    }
    std::thread::sleep(Duration::from_micros(if lo == 3 { 3000 } else { 100 }));
    let ctx = unsafe { &mut *ctx };
    ctx.site = 7;
    ctx.payload[0] = lo as u64;
    ctx.trace_len = 2;
    ctx.trace[..2].copy_from_slice(&[lo as u32, 9]);
    status::RAISE
}

#[test]
fn the_lowest_error_wins() {
    for threads in [1, 4] {
        with_threads(threads, || {
            for _ in 0..10 {
                let mut ctx = context(std::ptr::null());
                assert_eq!(run(&mut ctx, failing, std::ptr::null(), 40, &mut []), status::RAISE);
                assert_eq!((ctx.site, ctx.payload[0], ctx.trace_len), (7, 3, 2));
                assert_eq!(ctx.trace[..2], [3, 9]);
            }
        });
    }
}

/// Runs a region of its own in each iteration.
extern "C" fn nested(ctx: *mut Context, captures: *const u8, lo: i64, hi: i64, _: *mut u8) -> i32 {
    for _ in lo..hi {
        let id = parallel::get_thread_id();
        assert!((0..parallel::get_num_threads()).contains(&id));
        let status = unsafe { parallel::parallel_for(ctx, count, captures, 20, std::ptr::null_mut(), 0, 20) };
        if status != status::OK {
            return status;
        }
        assert_eq!(parallel::get_thread_id(), id);
    }
    status::OK
}

#[test]
fn nested_and_concurrent_regions() {
    parallel::set_max_threads(8);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                parallel::set_num_threads(4);
                let counts: Vec<AtomicI64> = (0..20).map(|_| AtomicI64::new(0)).collect();
                let mut ctx = context(std::ptr::null());
                for _ in 0..5 {
                    assert_eq!(run(&mut ctx, nested, counts.as_ptr().cast(), 30, &mut []), status::OK);
                }
                assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == 150));
            });
        }
    });
}

/// No two threads of a region have the same id at the same time.
extern "C" fn exclusive(_: *mut Context, captures: *const u8, _: i64, _: i64, _: *mut u8) -> i32 {
    let slots = captures.cast::<AtomicI64>();
    let slot = unsafe { &*slots.add(parallel::get_thread_id() as usize) };
    assert_eq!(slot.swap(1, Ordering::SeqCst), 0);
    std::thread::sleep(Duration::from_micros(200));
    slot.store(0, Ordering::SeqCst);
    status::OK
}

#[test]
fn thread_ids_are_unique_and_small() {
    for threads in [2, 5] {
        with_threads(threads, || {
            let slots: Vec<AtomicI64> = (0..threads).map(|_| AtomicI64::new(0)).collect();
            let mut ctx = context(std::ptr::null());
            assert_eq!(run(&mut ctx, exclusive, slots.as_ptr().cast(), 200, &mut []), status::OK);
        });
    }
}

static POLLS: AtomicUsize = AtomicUsize::new(0);

fn interrupting(_: *mut Context) -> i32 {
    if POLLS.fetch_add(1, Ordering::SeqCst) >= 3 { status::INTERRUPT } else { status::OK }
}

fn counting(_: *mut Context) -> i32 {
    POLLS.fetch_add(1, Ordering::SeqCst);
    status::OK
}

/// An endless loop that polls as compiled loops do.
extern "C" fn endless(ctx: *mut Context, _: *const u8, lo: i64, _: i64, _: *mut u8) -> i32 {
    loop {
        if unsafe { (*(*ctx).interrupt).load(Ordering::Relaxed) } != 0 {
            let status = unsafe { interrupt::poll(ctx) };
            if status != status::OK {
                return status;
            }
        }
        // The caller's own chunks may end early: then it must poll while it waits.
        if lo == 0 {
            return status::OK;
        }
        std::hint::spin_loop();
    }
}

#[test]
fn an_interrupt_stops_a_region() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    interrupt::set_poll_handler(interrupting);
    for threads in [1, 4] {
        with_threads(threads, || {
            POLLS.store(0, Ordering::SeqCst);
            let mut ctx = context(interrupt::flag());
            assert_eq!(run(&mut ctx, endless, std::ptr::null(), 3, &mut []), status::INTERRUPT);
            // More where the helpers take longer than a tick to end.
            assert!(POLLS.load(Ordering::SeqCst) >= 4);
        });
    }
}

#[test]
fn the_ticker_rests_with_the_flag_set_and_wakes_again() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    interrupt::set_poll_handler(counting);
    let mut ctx = context(interrupt::flag());
    let flag = unsafe { &*interrupt::flag() };
    for _ in 0..2 {
        // Long enough for the ticker to give up.
        std::thread::sleep(Duration::from_millis(250));
        assert_eq!(flag.load(Ordering::SeqCst), 1);
        POLLS.store(0, Ordering::SeqCst);
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(300) {
            if flag.load(Ordering::Relaxed) != 0 {
                assert_eq!(unsafe { interrupt::poll(&mut ctx) }, status::OK);
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        let polls = POLLS.load(Ordering::SeqCst);
        assert!((4..=20).contains(&polls), "{polls} polls in 300 ms");
    }
}

#[test]
fn a_forked_child_makes_its_own_threads() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    interrupt::set_poll_handler(counting);
    with_threads(4, || {
        let work = || {
            let counts: Vec<AtomicI64> = (0..100).map(|_| AtomicI64::new(0)).collect();
            let mut ctx = context(interrupt::flag());
            unsafe { interrupt::poll(&mut ctx) };
            let status = run(&mut ctx, count, counts.as_ptr().cast(), 100, &mut []);
            status == status::OK && counts.iter().all(|count| count.load(Ordering::Relaxed) == 1)
        };
        assert!(work());
        let child = unsafe { libc::fork() };
        if child == 0 {
            let fresh = unsafe { (*interrupt::flag()).load(Ordering::SeqCst) } == 1;
            let code = if fresh && work() && work() { 0 } else { 1 };
            unsafe { libc::_exit(code) };
        }
        let mut result = -1;
        let start = Instant::now();
        while unsafe { libc::waitpid(child, &mut result, libc::WNOHANG) } == 0 {
            if start.elapsed() > Duration::from_secs(20) {
                unsafe { libc::kill(child, libc::SIGKILL) };
                panic!("the child hangs");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(result, 0);
        assert!(work());
    });
}
