//! The Python border: the extension module `fastjit._core`.
//!
//! In: calls from Python. Out: calls into compiled code and back. Invariant: Python objects and the GIL are
//! known here and nowhere else in the crate.

pub mod call;
pub mod callable;
pub mod code;
pub mod compile;
pub mod env;
pub mod errors;
pub mod explain;
pub mod interrupt;
pub mod live;
mod memory;
pub mod numpy_api;
pub mod raw;
pub mod rebox;
pub mod state;
pub mod typeof_value;
pub mod unbox;

use crate::options::{FastMath, Options};
use crate::runtime::parallel;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Makes a `Function` from a Python function and checked options.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "one for each option of the decorator")]
fn make(
    function: &Bound<'_, PyAny>,
    cache: bool,
    nogil: Option<bool>,
    parallel: Option<bool>,
    fastmath: u32,
    boundscheck: bool,
    numpy_errors: bool,
    overflow_wrap: bool,
    fallback: bool,
    inline_always: bool,
) -> PyResult<Py<PyAny>> {
    let flag = |bit: u32| fastmath & 1 << bit != 0;
    let options = Options {
        fastmath: FastMath {
            nnan: flag(0),
            ninf: flag(1),
            nsz: flag(2),
            arcp: flag(3),
            contract: flag(4),
            afn: flag(5),
            reassoc: flag(6),
        },
        bounds_check: boundscheck,
        overflow_wrap,
        numpy_errors,
        parallel: parallel != Some(false),
        split_arrays: parallel == Some(true),
        fast_only: false,
    };
    let behaviour = state::Behaviour { nogil, fallback, inline_always };
    callable::make(function, options, cache, behaviour)
}

/// Sets the number of threads that parallel loops started by this thread use.
#[pyfunction]
fn set_num_threads(n: i64) -> PyResult<()> {
    if n < 1 {
        return Err(PyValueError::new_err(format!("the number of threads must be at least 1, not {n}")));
    }
    parallel::set_num_threads(n);
    Ok(())
}

/// The number of threads that parallel loops started by this thread use.
#[pyfunction]
fn get_num_threads() -> i64 {
    parallel::get_num_threads()
}

/// The number of this thread within a parallel loop, from 0; 0 outside.
#[pyfunction]
fn get_thread_id() -> i64 {
    parallel::get_thread_id()
}

/// The folder of compiled code or None, the number of files and their size in bytes.
#[pyfunction]
fn cache_info() -> (Option<String>, u64, u64) {
    crate::dispatch::cache_info()
}

/// Removes all compiled code; returns the number of files removed.
#[pyfunction]
fn cache_clear() -> u64 {
    crate::dispatch::cache_clear()
}

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    raw::init(py.version_info().minor);
    interrupt::init();
    if let Some(threads) = crate::options::num_threads() {
        parallel::set_max_threads(threads);
    }
    module.add("Function", callable::init(py)?)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(make, module)?)?;
    module.add_function(wrap_pyfunction!(set_num_threads, module)?)?;
    module.add_function(wrap_pyfunction!(get_num_threads, module)?)?;
    module.add_function(wrap_pyfunction!(get_thread_id, module)?)?;
    module.add_function(wrap_pyfunction!(cache_info, module)?)?;
    module.add_function(wrap_pyfunction!(cache_clear, module)?)?;
    module.add_function(wrap_pyfunction!(explain::explain, module)?)?;
    Ok(())
}
