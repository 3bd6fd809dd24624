//! Time of stages: with `FASTJIT_TIMING=1` each compilation prints a line of microseconds to standard error.
//!
//! In: the ends of stages, and the work on vector loops, which lies in several of them. Out: one line for each
//! compilation. Invariant: off, it reads no clock.

use crate::options;
use std::cell::Cell;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

thread_local! {
    /// Time that this thread's compilation has spent on vector loops.
    static VECTORS: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// True if timing is on.
fn on() -> bool {
    static ON: OnceLock<bool> = OnceLock::new();
    *ON.get_or_init(options::timing)
}

/// Work on vector loops: planning them, or making their leaves.
pub fn vectors<T>(work: impl FnOnce() -> T) -> T {
    let start = on().then(Instant::now);
    let done = work();
    if let Some(start) = start {
        VECTORS.set(VECTORS.get() + start.elapsed());
    }
    done
}

/// The clock of one compilation.
pub struct Timer {
    last: Option<Instant>,
    line: String,
}

impl Timer {
    /// Starts the clock if timing is on.
    pub fn start() -> Timer {
        VECTORS.set(Duration::ZERO);
        Timer { last: on().then(Instant::now), line: String::new() }
    }

    /// The stage that ran since the last call is over.
    pub fn stage(&mut self, name: &str) {
        if let Some(last) = self.last {
            let now = Instant::now();
            let micros = (now - last).as_secs_f64() * 1e6;
            let _ = write!(self.line, "  {name} {micros:.0}");
            self.last = Some(now);
        }
    }

    /// Prints the line.
    pub fn finish(self, function: &str) {
        if self.last.is_some() {
            let (line, vectors) = (self.line, VECTORS.get().as_secs_f64() * 1e6);
            let line = format!("fastjit: {function} (microseconds):{line}  of that, vectors {vectors:.0}");
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
    }
}
