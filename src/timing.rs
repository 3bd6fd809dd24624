//! Time of stages: with `FASTJIT_TIMING=1` each compilation prints a line of microseconds to standard error.
//!
//! In: the ends of stages. Out: one line for each compilation. Invariant: off, it reads no clock.

use crate::options;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::OnceLock;
use std::time::Instant;

/// The clock of one compilation.
pub struct Timer {
    last: Option<Instant>,
    line: String,
}

impl Timer {
    /// Starts the clock if timing is on.
    pub fn start() -> Timer {
        static ON: OnceLock<bool> = OnceLock::new();
        let on = *ON.get_or_init(options::timing);
        Timer { last: on.then(Instant::now), line: String::new() }
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
            let _ = writeln!(std::io::stderr().lock(), "fastjit: {function} (microseconds):{}", self.line);
        }
    }
}
