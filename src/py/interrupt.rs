//! What the border does while compiled code runs: signals, the GIL, the stack, and `print`.
//!
//! In: polls and printed lines from the runtime. Out: Python's signal handlers run, other threads get their
//! turn, text goes to `sys.stdout`. Invariant: on the way back to compiled code the GIL is held or not as it
//! was on the way out of it.

use crate::abi::{Context, status};
use crate::runtime;
use crate::runtime::output::{Hooks, Number};
use pyo3::ffi;
use std::cell::Cell;
use std::ffi::c_void;

/// A call's own state, which `Context::border` points to.
pub struct Border {
    /// The thread's state while the GIL is given up; null while it is held.
    thread: Cell<*mut ffi::PyThreadState>,
}

impl Border {
    #[inline(always)]
    pub fn held() -> Border {
        Border { thread: Cell::new(std::ptr::null_mut()) }
    }

    pub fn as_ptr(&self) -> *mut c_void {
        std::ptr::from_ref(self).cast_mut().cast()
    }

    /// Gives the GIL up.
    ///
    /// # Safety
    /// The GIL is held by this thread.
    pub unsafe fn save(&self) {
        // SAFETY: promised by the caller.
        self.thread.set(unsafe { ffi::PyEval_SaveThread() });
    }

    /// Takes the GIL again.
    ///
    /// # Safety
    /// `save` was called on this thread.
    pub unsafe fn restore(&self) {
        // SAFETY: promised by the caller.
        unsafe { ffi::PyEval_RestoreThread(self.thread.replace(std::ptr::null_mut())) };
    }
}

/// Installs the handlers.
pub fn init() {
    runtime::interrupt::set_poll_handler(poll);
    runtime::output::set_hooks(Hooks { write, format });
}

/// Runs Python's signal handlers, and lets other threads run if this call holds the GIL. Called by the
/// thread that made the call.
fn poll(ctx: *mut Context) -> i32 {
    // SAFETY: contexts made by the border point to its `Border`, which lives as long as the call; others
    // have null there.
    unsafe {
        let Some(border) = (*ctx).border.cast::<Border>().as_ref() else { return status::OK };
        let released = !border.thread.get().is_null();
        if released {
            border.restore();
        } else {
            // Another thread that waits for the GIL gets it now.
            border.save();
            border.restore();
        }
        let outcome = ffi::PyErr_CheckSignals();
        if released {
            // An exception that is set stays with the thread's state.
            border.save();
        }
        if outcome == 0 { status::OK } else { status::INTERRUPT }
    }
}

/// Writes text to `sys.stdout`, whether or not this thread holds the GIL.
fn write(text: &str) {
    pyo3::Python::attach(|py| {
        use pyo3::prelude::*;
        let written = py.import("sys").and_then(|sys| sys.getattr("stdout")).and_then(|stdout| {
            if stdout.is_none() { Ok(()) } else { stdout.call_method1("write", (text,)).map(drop) }
        });
        if let Err(error) = written {
            // Compiled code cannot raise here; the interpreter reports it as it does for finalisers.
            error.write_unraisable(py, None);
        }
    });
}

/// `format(number, format)`, or of what `str` shows of it.
fn format(number: Number, text: Option<&str>, format: &str) -> String {
    pyo3::Python::attach(|py| {
        use pyo3::prelude::*;
        use pyo3::types::{PyBool, PyComplex, PyFloat, PyInt, PyString};
        let value = match (text, number) {
            (Some(text), _) => PyString::new(py, text).into_any(),
            (None, Number::Int(number)) => PyInt::new(py, number).into_any(),
            (None, Number::UInt(number)) => PyInt::new(py, number).into_any(),
            (None, Number::Float(number)) => PyFloat::new(py, number).into_any(),
            (None, Number::Bool(number)) => PyBool::new(py, number).to_owned().into_any(),
            (None, Number::Complex(real, imag)) => PyComplex::from_doubles(py, real, imag).into_any(),
        };
        let shown = value.call_method1("__format__", (format,)).and_then(|shown| shown.extract());
        shown.unwrap_or_else(|error| {
            // `infer` lets no other formats through; memory may be short.
            error.write_unraisable(py, None);
            String::new()
        })
    })
}

/// What is left of a thread's stack when recursive code must stop: room for the interpreter to report it.
const RESERVE: usize = 256 * 1024;

/// The lowest address that recursive compiled code may use on this thread.
pub fn stack_limit() -> usize {
    thread_local! {
        static LIMIT: Cell<usize> = const { Cell::new(0) };
    }
    LIMIT.with(|limit| {
        if limit.get() == 0 {
            limit.set(find_stack_limit());
        }
        limit.get()
    })
}

#[cfg(target_os = "linux")]
fn find_stack_limit() -> usize {
    // SAFETY: the attributes are initialised by the first call and destroyed by the last.
    unsafe {
        let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return fallback_limit();
        }
        let mut attributes = attributes.assume_init();
        let (mut lowest, mut size) = (std::ptr::null_mut(), 0);
        let found = libc::pthread_attr_getstack(&attributes, &mut lowest, &mut size) == 0;
        libc::pthread_attr_destroy(&mut attributes);
        if !found || size <= 2 * RESERVE {
            return fallback_limit();
        }
        lowest as usize + RESERVE
    }
}

#[cfg(not(target_os = "linux"))]
fn find_stack_limit() -> usize {
    fallback_limit()
}

/// Half a megabyte below here: every platform's default stacks have that.
fn fallback_limit() -> usize {
    let here = 0u8;
    (&raw const here as usize).saturating_sub(RESERVE)
}
