//! Options of a compilation and the `FASTJIT_*` environment variables: the only reader of the latter.

/// Set of floating-point licences, as Numba names them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct FastMath {
    pub nnan: bool,
    pub ninf: bool,
    pub nsz: bool,
    pub arcp: bool,
    pub contract: bool,
    pub afn: bool,
    pub reassoc: bool,
}

/// What a decorated function asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Options {
    pub fastmath: FastMath,
    /// Check indices (on by default).
    pub bounds_check: bool,
    /// `overflow="wrap"`: Python ints wrap at 64 bits as Numba's do.
    pub overflow_wrap: bool,
    /// `error_model="numpy"`: float division by zero gives inf/nan for Python floats too.
    pub numpy_errors: bool,
    /// `prange` runs on threads (the default; `parallel=False` makes it `range`).
    pub parallel: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            fastmath: FastMath::default(),
            bounds_check: true,
            overflow_wrap: false,
            numpy_errors: false,
            parallel: true,
        }
    }
}
