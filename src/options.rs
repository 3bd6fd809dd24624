//! Options of a compilation and the `FASTJIT_*` environment variables: the only reader of the latter.

#![expect(clippy::disallowed_methods, reason = "the one file that may read the environment")]

use std::path::PathBuf;

/// Size of the cache on disk unless `FASTJIT_CACHE_SIZE` says otherwise.
const CACHE_BYTES: u64 = 256 << 20;

/// Folder of the cache on disk: `FASTJIT_CACHE_DIR`, else `fastjit` in the platform's cache folder. `None`
/// if there is no such folder, or `FASTJIT_CACHE=0`, or `FASTJIT_CACHE_DIR` is empty.
pub fn cache_dir() -> Option<PathBuf> {
    if std::env::var_os("FASTJIT_CACHE").is_some_and(|value| value == "0") {
        return None;
    }
    match std::env::var_os("FASTJIT_CACHE_DIR") {
        Some(folder) if folder.is_empty() => None,
        Some(folder) => std::path::absolute(folder).ok(),
        None => {
            use etcetera::BaseStrategy;
            Some(etcetera::base_strategy::choose_native_strategy().ok()?.cache_dir().join("fastjit"))
        }
    }
}

/// Size that the cache on disk may grow to, in bytes: `FASTJIT_CACHE_SIZE`, a number that may be followed
/// by `K`, `M` or `G`.
pub fn cache_size() -> u64 {
    let value = std::env::var("FASTJIT_CACHE_SIZE").unwrap_or_default();
    parse_size(value.trim()).unwrap_or(CACHE_BYTES)
}

fn parse_size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return None,
    };
    digits.trim().parse::<u64>().ok()?.checked_mul(unit)
}

/// Largest number of threads: `FASTJIT_NUM_THREADS`; `None` for as many as the machine has.
pub fn num_threads() -> Option<usize> {
    std::env::var("FASTJIT_NUM_THREADS").ok()?.trim().parse().ok().filter(|threads| *threads > 0)
}

/// Stages to print: `FASTJIT_DUMP`, separated by commas.
pub fn dump() -> String {
    std::env::var("FASTJIT_DUMP").unwrap_or_default()
}

/// Vectors that somebody asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VectorWish {
    /// Bits of a register.
    Bits(u32),
    /// AVX2, whatever else the CPU has.
    Avx2,
}

/// Width of vectors: `FASTJIT_VECTOR_BITS`, 128, 256 or 512, or `avx2` for the code of a CPU without AVX-512;
/// `None` for what suits the CPU.
pub fn vector_bits() -> Option<VectorWish> {
    let wish = std::env::var("FASTJIT_VECTOR_BITS").ok()?;
    match wish.trim() {
        "avx2" => Some(VectorWish::Avx2),
        bits => bits.parse().ok().map(VectorWish::Bits),
    }
}

/// Whether to print the time of stages: `FASTJIT_TIMING=1`.
pub fn timing() -> bool {
    std::env::var("FASTJIT_TIMING").is_ok_and(|value| value != "0" && !value.is_empty())
}

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
    /// Loops over large arrays run on threads too (`parallel=True`).
    pub split_arrays: bool,
    /// Leave out the checked copy of a loop where the call can start again: the dispatcher then runs code
    /// compiled without this option.
    pub fast_only: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            fastmath: FastMath::default(),
            bounds_check: true,
            overflow_wrap: false,
            numpy_errors: false,
            parallel: true,
            split_arrays: false,
            fast_only: false,
        }
    }
}
