//! The treaty with machine code: what compiled code, the runtime and the Python border agree on.
//!
//! Owns: the machine types, the call context, status codes, raise sites, and the list of runtime
//! functions with their signatures. In: nothing. Out: used by every stage from MIR down.
//! Invariant: `Context` and `BufferHeader` are `repr(C)`; compiled code addresses their fields by the
//! `OFFSET_*` constants, which a test checks against `offset_of!`.
//!
//! Entry signature: `extern "C" fn(ctx: *mut Context, args: *const u64, results: *mut u64) -> i32`.
//! Arguments and results are flattened to 8-byte words (see `types::flatten`): integers are sign- or
//! zero-extended, `f32` sits in the low half, an N-d array is `owner, data, shape[N], strides[N]`
//! (strides in bytes), a tuple is its items in order, `None` and compile-time values have no words.

/// A machine type. Signedness is in the operation, not in the type. `Bool` is a byte holding 0 or 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ty {
    Bool,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
    Ptr,
}

impl Ty {
    /// Size in bytes in memory.
    pub fn bytes(self) -> u32 {
        match self {
            Ty::Bool | Ty::I8 => 1,
            Ty::I16 => 2,
            Ty::I32 | Ty::F32 => 4,
            Ty::I64 | Ty::F64 | Ty::Ptr => 8,
        }
    }
    pub fn is_float(self) -> bool {
        matches!(self, Ty::F32 | Ty::F64)
    }
    pub fn is_int(self) -> bool {
        matches!(self, Ty::Bool | Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64)
    }
}

/// How a compiled call ended. Returned by every compiled function, in a register.
pub mod status {
    /// Results are valid.
    pub const OK: i32 = 0;
    /// `Context::site` and `payload` say what to raise.
    pub const RAISE: i32 = 1;
    /// Nothing visible has happened: run the call again in the interpreter. `site` and `payload` hold
    /// the exception to raise instead if a caller further out has already had an effect.
    pub const DEOPT: i32 = 2;
    /// A Python exception is already set (Ctrl-C).
    pub const INTERRUPT: i32 = 3;
}

pub const PAYLOAD_WORDS: usize = 16;
pub const TRACE_SITES: usize = 64;

/// Per-call state, on the stack of the border (one per chunk inside `prange`).
#[repr(C)]
pub struct Context {
    /// Set by the ticker; polled by loops.
    pub interrupt: *const std::sync::atomic::AtomicU32,
    /// Words of the hidden arguments (arrays and rebound numbers named by globals and closures).
    pub hidden: *const u64,
    /// Recursive functions raise `RecursionError` when the stack pointer falls below this address.
    pub stack_limit: usize,
    /// Index into `CodeObject::sites`: where the error was raised.
    pub site: u32,
    /// Number of valid entries in `trace`.
    pub trace_len: u32,
    /// Words named by the site's message.
    pub payload: [u64; PAYLOAD_WORDS],
    /// Call sites passed while unwinding, innermost first (sites beyond the capacity are dropped).
    pub trace: [u32; TRACE_SITES],
    /// Opaque to compiled code: the border's own state, for the poll handler.
    pub border: *mut std::ffi::c_void,
}

pub const OFFSET_INTERRUPT: i32 = 0;
pub const OFFSET_HIDDEN: i32 = 8;
pub const OFFSET_STACK_LIMIT: i32 = 16;
pub const OFFSET_SITE: i32 = 24;
pub const OFFSET_TRACE_LEN: i32 = 28;
pub const OFFSET_PAYLOAD: i32 = 32;
pub const OFFSET_TRACE: i32 = 32 + 8 * PAYLOAD_WORDS as i32;

/// What an array's `owner` word points to; null for memory that nobody owns (empty arrays).
/// `Heap`: reference-counted (atomically), `data` was allocated by the runtime and is freed at zero.
/// `Borrowed`: lives on the border's stack for the duration of a call, is never freed, `object` is the
/// Python object that owns the memory.
#[repr(C)]
pub struct BufferHeader {
    pub refcount: std::sync::atomic::AtomicUsize,
    /// `BUFFER_HEAP` or `BUFFER_BORROWED`.
    pub kind: u64,
    /// Start of the allocation (64-byte aligned) for `Heap`.
    pub data: *mut u8,
    /// Size of the allocation in bytes for `Heap`.
    pub bytes: usize,
    /// Owning Python object for `Borrowed`.
    pub object: *mut std::ffi::c_void,
}
pub const BUFFER_HEAP: u64 = 0;
pub const BUFFER_BORROWED: u64 = 1;
pub const OFFSET_BUFFER_DATA: i32 = 16;

/// The class of an exception raised by compiled code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ExcKind {
    Index,
    ZeroDivision,
    Value,
    Overflow,
    Type,
    UnboundLocal,
    Assertion,
    Recursion,
    Memory,
    /// A class named by the user's code: index into `infer::env::Env::objects`.
    User(u32),
}

/// The Python object that a payload word stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Payload {
    Int,
    UInt,
    Float,
    Bool,
    /// Two words: the parts.
    Complex,
    /// A NumPy number, by its place in `types::Scalar::ALL`: an integer or bool widened to 64 bits, a float in double
    /// precision, a complex number as two of them.
    Numpy(u8),
}

/// Ends the message of an overflow that could not be left to the interpreter; a deoptimised call leaves it out.
pub const AFTER_EFFECT: &str = " (after an array was changed or something was printed, the call cannot start again in \
                                the interpreter)";

/// One argument of the exception.
#[derive(Clone, PartialEq, Debug)]
pub enum SiteArg {
    /// Text in which `{k}` stands for payload word `k` (`{{` and `}}` for braces), `{k!r:.3f}`
    /// and all the others shown as an f-string does.
    Text(String, Vec<Payload>),
    /// Payload word `word` as a Python object.
    Value {
        word: u8,
        kind: Payload,
    },
    Int(i64),
    Float(u64),
    Bool(bool),
    None,
}

/// A position in the user's source: function (index into `infer::env::Env::sources`) and line relative
/// to the function's first line, so that moved code stays cached.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct SourcePos {
    pub source: u32,
    pub line: u32,
}

/// A place that can raise. `frames` is innermost first: an inlined callee's frame, then its caller's.
/// A call site has `exc == None`: it only adds its frames to the traceback.
#[derive(Clone, PartialEq, Debug)]
pub struct Site {
    /// `None`: the place of a call, or, of a deopt, the tests before a loop (`Options::fast_only`).
    pub exc: Option<ExcKind>,
    pub args: Vec<SiteArg>,
    pub frames: Vec<SourcePos>,
}

/// What `RuntimeFn::PrintValue` writes: a number as `str()` shows it, or a piece of text.
pub mod print_kind {
    /// Signed, sign-extended.
    pub const INT: i64 = 0;
    pub const UINT: i64 = 1;
    /// Bits of an `f64`.
    pub const FLOAT: i64 = 2;
    /// Bits of an `f32` in the low half: shortest digits for that width.
    pub const FLOAT32: i64 = 3;
    pub const BOOL: i64 = 4;
    /// Real part of a complex number, kept until the imaginary part comes, which writes both.
    pub const REAL: i64 = 5;
    pub const IMAG: i64 = 6;
    pub const REAL32: i64 = 7;
    pub const IMAG32: i64 = 8;
    /// `TEXT + n`: `n` bytes of UTF-8 (1 to 8), first byte lowest. A character may be split.
    pub const TEXT: i64 = 16;
    /// As `TEXT`, of how the next number is shown: `:.3f` or `!s:>9`, as in an f-string.
    pub const FORMAT: i64 = 32;
}

/// What `RuntimeFn::MatMul` is told: which 64-bit word says what. A matrix is data, row stride, column
/// stride, in bytes; the shape is rows of `a`, columns of `a`, columns of `b`.
pub mod matmul {
    /// Not 0 for float32.
    pub const SINGLE: usize = 0;
    pub const SHAPE: usize = 1;
    pub const A: usize = 4;
    pub const B: usize = 7;
    pub const C: usize = 10;
    pub const WORDS: usize = 13;
}

/// Functions of the runtime that compiled code may call. `runtime::symbols` maps each to an address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u16)]
pub enum RuntimeFn {
    /// `(bytes: i64, zero: i64) -> BufferHeader*`: refcount 1, or null when memory is short.
    Alloc,
    /// `(BufferHeader*)`: null and borrowed buffers are left alone.
    Retain,
    /// `(BufferHeader*)`: frees at zero.
    Release,
    /// `(slots: *mut BufferHeader*, count: i64)`: releases and clears each set slot.
    ReleaseSlots,
    /// `(ctx)`: called when a poll sees the interrupt flag. Preserves all registers and leaves its status
    /// in the low half of the context's first payload word.
    Poll,
    /// `(ctx, body: fn, captures: ptr, trip: i64, partials: ptr, partial_bytes: i64, chunks: i64) -> i32`
    /// with `body(ctx, captures, lo, hi, partial) -> i32`; see `runtime::parallel`.
    ParallelFor,
    /// `(trip: i64) -> i64`: how many chunks a parallel loop is split into, by trip count alone.
    ParallelChunks,
    /// `(dst, src: ptr, bytes: i64)`: may overlap.
    MemMove,
    /// `(dst: ptr, bytes: i64)`.
    MemZero,
    /// `(base: i64, exp: i64, overflow: *mut i64) -> i64`: Python int power, `exp >= 0`.
    IntPow,
    /// `(base: i64, exp: i64) -> i64`: wrapping power, `exp >= 0`.
    IntPowWrap,
    /// `round(x, n)`: Python's correctly rounded and NumPy's scaled version, `(f64, i64) -> f64`.
    RoundPython,
    RoundNumpy,
    /// Python's `int / int`, correctly rounded: `(i64, i64) -> f64`; divisor is not zero.
    IntTrueDiv,
    /// `(ctx, words: ptr) -> i32`: product of matrices; the words are `matmul`'s.
    MatMul,
    /// Text output for `print`: `(kind: i64, bits: i64)`; kinds in `print_kind`.
    PrintValue,
    /// `(id: i64)`, `set_num_threads` and friends.
    GetNumThreads,
    SetNumThreads,
    GetThreadId,
    /// libm, by `MathFn`: `(f64[, f64]) -> f64`.
    Math(crate::builtin::MathFn),
    /// libm in single precision.
    MathF32(crate::builtin::MathFn),
}

/// Elements from which a loop over arrays is split over threads, where `parallel=True` asks for it. Waking a thread
/// takes about as long as a sum of so many elements; the runtime measures, and decides for each loop anew.
pub const SPLIT_ELEMENTS: i64 = 1 << 15;

/// Most chunks that a parallel loop is split into.
pub const MAX_CHUNKS: i64 = 64;

/// How many chunks a parallel loop of `trip` iterations is split into: by the trip count alone, so that a
/// reduction has the same bits with any number of threads.
pub fn parallel_chunks(trip: i64) -> i64 {
    trip.clamp(0, MAX_CHUNKS)
}

/// The iterations `lo..hi` of chunk `chunk` of `chunks`: sizes differ by one at most.
pub fn chunk_bounds(trip: i64, chunks: i64, chunk: i64) -> (i64, i64) {
    let edge = |k: i64| (i128::from(trip) * i128::from(k) / i128::from(chunks.max(1))) as i64;
    (edge(chunk), edge(chunk + 1))
}
