//! A call: arguments in order, types and words in one pass, the entry found, run, and its result boxed.
//!
//! In: a vectorcall. Out: the result, or an exception. Owns the frame of the call: words, codes, array
//! headers and `Context`, on the stack unless they are many. Invariant: nothing on the way from the
//! arguments to a known signature's entry allocates, locks or runs Python code.

use crate::abi::{BufferHeader, Context, RuntimeFn, status};
use crate::dispatch::release::{LARGE, Release};
use crate::object::RelocTarget;
use crate::py::callable::FunctionObject;
use crate::py::compile::{self, Miss};
use crate::py::interrupt::{self, Border};
use crate::py::raw::{Object, Owned, VECTORCALL_OFFSET};
use crate::py::state::{Code, Record, ResultKind, State};
use crate::py::unbox::{Frame, Put, put};
use crate::py::{errors, rebox, typeof_value};
use crate::runtime;
use pyo3::ffi;
use pyo3::prelude::*;
use std::mem::MaybeUninit;
use std::ptr;

/// Room on the stack; calls that need more are tried again with room on the heap.
const WORDS: usize = 96;
const CODES: usize = 32;
const HEADERS: usize = 8;
const RESULTS: usize = 24;
const PARAMETERS: usize = 24;

/// A call as it came in, for the interpreter.
#[derive(Clone, Copy)]
struct Call {
    args: *const Object,
    positional: usize,
    /// Tuple of the names of the arguments after the positional ones, or null.
    keywords: Object,
}

/// Why an attempt did not end.
enum Stop {
    /// The frame is too small.
    Full,
    /// Names were resolved anew: start again.
    Again,
}

/// The vectorcall of `fastjit.Function`.
///
/// # Safety
/// Called by the interpreter, with the GIL, as the vectorcall protocol says.
pub unsafe extern "C" fn vectorcall(
    callable: Object,
    args: *const Object,
    nargsf: usize,
    keywords: Object,
) -> Object {
    // SAFETY: called by the interpreter with an object of our type and the arguments it describes.
    unsafe {
        let function = callable.cast::<FunctionObject>();
        let state = &*(*function).state;
        let call = Call { args, positional: nargsf & !VECTORCALL_OFFSET, keywords };
        if call.positional == (*function).arity && keywords.is_null() {
            return run(state, args, call);
        }
        folded_call(state, call)
    }
}

/// A call with keywords, with defaults, or with a wrong number of arguments.
#[inline(never)]
unsafe fn folded_call(state: &State, call: Call) -> Object {
    // SAFETY: as `vectorcall`; `fold` sets every entry or fails.
    unsafe {
        let count = state.parameters.len();
        let mut short = [ptr::null_mut(); PARAMETERS];
        let mut long = Vec::new();
        let ordered = if count <= PARAMETERS {
            &mut short[..count]
        } else {
            long.resize(count, ptr::null_mut());
            &mut long[..]
        };
        if state.variadic {
            return variadic(state, call);
        }
        // Lives as long as the call.
        let rest = if state.star { surplus(state, call) } else { None };
        if let Some(rest) = &rest {
            ordered[state.positional] = rest.ptr();
        } else if state.star {
            return ptr::null_mut();
        }
        if !fold(state, call, ordered) {
            return interpret(state, call);
        }
        run(state, ordered.as_ptr(), call)
    }
}

/// The positional arguments that `*args` takes, as a tuple. `None`: an exception is set.
unsafe fn surplus(state: &State, call: Call) -> Option<Owned> {
    // SAFETY: `call` describes live arguments; the tuple takes references of its own.
    unsafe {
        let given = call.positional.min(state.positional);
        let rest = Owned::steal(ffi::PyTuple_New((call.positional - given) as isize))?;
        for index in given..call.positional {
            let item = Owned::share(*call.args.add(index));
            ffi::PyTuple_SetItem(rest.ptr(), (index - given) as isize, item.into_ptr());
        }
        Some(rest)
    }
}

/// Puts the arguments in the order of the parameters; that of `*args` is there already. False if they do not
/// fit: the interpreter, asked to make the call, says why.
unsafe fn fold(state: &State, call: Call, ordered: &mut [Object]) -> bool {
    // SAFETY: `call` describes live arguments; names of keywords are strings.
    unsafe {
        let given = call.positional.min(state.positional);
        if call.positional > given && !state.star {
            return false;
        }
        ordered[..given].copy_from_slice(std::slice::from_raw_parts(call.args, given));
        if !call.keywords.is_null() {
            for at in 0..ffi::PyTuple_Size(call.keywords) as usize {
                let name = ffi::PyTuple_GetItem(call.keywords, at as isize);
                let Some(index) = parameter(state, name) else { return false };
                if index < state.positional_only || !ordered[index].is_null() {
                    return false;
                }
                ordered[index] = *call.args.add(call.positional + at);
            }
        }
        for (slot, parameter) in ordered.iter_mut().zip(&state.parameters) {
            if slot.is_null() {
                let Some(default) = &parameter.default else { return false };
                *slot = default.ptr();
            }
        }
        true
    }
}

unsafe fn parameter(state: &State, name: Object) -> Option<usize> {
    // Names are interned nearly always.
    if let Some(index) = state.parameters.iter().position(|parameter| parameter.name.ptr() == name) {
        return Some(index);
    }
    // SAFETY: both are strings.
    state
        .parameters
        .iter()
        .position(|parameter| unsafe { ffi::PyUnicode_Compare(parameter.name.ptr(), name) } == 0)
}

/// Runs a call whose arguments are in order, on the stack if it fits.
#[inline(always)]
unsafe fn run(state: &State, args: *const Object, call: Call) -> Object {
    let mut words = [const { MaybeUninit::<u64>::uninit() }; WORDS];
    let mut codes = [const { MaybeUninit::<u64>::uninit() }; CODES];
    let mut headers = [const { MaybeUninit::<BufferHeader>::uninit() }; HEADERS];
    // SAFETY: the ends are those of the arrays, which outlive the attempt.
    unsafe {
        let words = words.as_mut_ptr().cast::<u64>();
        let codes = codes.as_mut_ptr().cast::<u64>();
        let headers = headers.as_mut_ptr().cast::<BufferHeader>();
        let mut frame = Frame {
            words,
            words_end: words.add(WORDS),
            codes,
            codes_end: codes.add(CODES),
            headers,
            headers_end: headers.add(HEADERS),
            work: 0,
        };
        match attempt(state, args, call, &mut frame) {
            Ok(result) => result,
            Err(_) => run_large(state, args, call),
        }
    }
}

/// As `run`, with room on the heap, as much as it takes.
#[cold]
unsafe fn run_large(state: &State, args: *const Object, call: Call) -> Object {
    let mut scale = 1;
    loop {
        let mut words = Vec::<u64>::with_capacity(WORDS * scale);
        let mut codes = Vec::<u64>::with_capacity(CODES * scale);
        let mut headers = Vec::<BufferHeader>::with_capacity(HEADERS * scale);
        // SAFETY: the ends are those of the vectors, which outlive the attempt.
        unsafe {
            let (words, codes, headers) = (words.as_mut_ptr(), codes.as_mut_ptr(), headers.as_mut_ptr());
            let mut frame = Frame {
                words,
                words_end: words.add(WORDS * scale),
                codes,
                codes_end: codes.add(CODES * scale),
                headers,
                headers_end: headers.add(HEADERS * scale),
                work: 0,
            };
            match attempt(state, args, call, &mut frame) {
                Ok(result) => return result,
                Err(Stop::Full) => scale *= 8,
                Err(Stop::Again) => {}
            }
        }
    }
}

#[inline(always)]
unsafe fn attempt(state: &State, args: *const Object, call: Call, frame: &mut Frame) -> Result<Object, Stop> {
    // SAFETY: `args` has one live object for each parameter; what `current` and `last` point to lives as
    // long as the state.
    unsafe {
        let mut current = state.current.get();
        if current.is_null() || !(*(*current).live.get()).watch.unchanged() {
            if compile::resolve(state).is_none() {
                return Ok(ptr::null_mut());
            }
            current = state.current.get();
        }
        let (words, codes) = (frame.words, frame.codes);
        for index in 0..state.parameters.len() {
            let object = *args.add(index);
            match put(object, frame) {
                Put::Done => {}
                Put::Full => return Err(Stop::Full),
                ended @ (Put::BigInt | Put::Unsupported) => {
                    return Ok(odd(state, call, index, object, ended));
                }
            }
        }
        let hidden_words = frame.words;
        let live = &*(*current).live.get();
        for hidden in 0..live.hidden.len() {
            match put(live.hidden[hidden], frame) {
                Put::Done => {}
                Put::Full => return Err(Stop::Full),
                ended @ (Put::BigInt | Put::Unsupported) => {
                    return Ok(odd(state, call, usize::MAX, live.hidden[hidden], ended));
                }
            }
        }
        let found = std::slice::from_raw_parts(codes, frame.codes.offset_from(codes) as usize);
        let mut record = state.last.get();
        if record.is_null() || !same(&(*record).codes, found) {
            match other_signature(state, found) {
                Ok(Some(other)) => record = other,
                Ok(None) => return Ok(ptr::null_mut()),
                Err(stop) => return Err(stop),
            }
        }
        let record = &*record;
        let Some(code) = &record.code else { return Ok(interpret(state, call)) };
        Ok(enter(state, record, code, words, hidden_words, frame.work, call))
    }
}

/// Comparison of a few words, without a call.
#[inline(always)]
fn same(a: &[u64], b: &[u64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b)
}

/// The record of a signature other than the last one; compiled if it is new. `None` with an exception set.
#[inline(never)]
unsafe fn other_signature(state: &State, codes: &[u64]) -> Result<Option<*const Record>, Stop> {
    let resolution = state.resolution().expect("invariant: names were resolved before arguments were typed");
    if let Some(found) = resolution.records.borrow().find(codes) {
        state.last.set(found);
        return Ok(Some(found));
    }
    // SAFETY: the codes were made from live arguments; the GIL is held.
    match unsafe { compile::miss(state, codes) } {
        Miss::Record(record) => {
            state.last.set(record);
            Ok(Some(record))
        }
        Miss::Again => Err(Stop::Again),
        Miss::Failed => Ok(None),
    }
}

/// Calls the entry and boxes the result.
#[inline(always)]
unsafe fn enter(
    state: &State,
    record: &Record,
    code: &Code,
    words: *const u64,
    hidden: *const u64,
    work: u64,
    call: Call,
) -> Object {
    let mut results = [const { MaybeUninit::<u64>::uninit() }; RESULTS];
    let mut many = Vec::new();
    let mut results = results.as_mut_ptr().cast::<u64>();
    if code.result_words > RESULTS {
        many.resize(code.result_words, 0);
        results = many.as_mut_ptr();
    }
    let border = Border::held();
    let mut ctx = MaybeUninit::<Context>::uninit();
    let ctx = ctx.as_mut_ptr();
    // SAFETY: fields are written through a pointer to the context's own memory; the entry has the types of
    // the record, which are those of the words; arguments are held by the caller, hidden ones by `held`.
    unsafe {
        (&raw mut (*ctx).interrupt).write(runtime::interrupt::flag());
        (&raw mut (*ctx).hidden).write(hidden);
        (&raw mut (*ctx).stack_limit).write(if code.recursive { interrupt::stack_limit() } else { 0 });
        (&raw mut (*ctx).site).write(0);
        (&raw mut (*ctx).trace_len).write(0);
        (&raw mut (*ctx).border).write(border.as_ptr());
        let release = match code.release {
            Release::Never => false,
            Release::Always => true,
            Release::Large => work >= LARGE,
        };
        let (ended, code) = if code.loops {
            guarded(state, record, release, &border, ctx, words, results)
        } else {
            ((code.entry)(ctx, words, results), code)
        };
        if ended == status::OK {
            return match code.result {
                ResultKind::Float => ffi::PyFloat_FromDouble(f64::from_bits(*results)),
                ResultKind::Int => ffi::PyLong_FromLongLong(*results as i64),
                ResultKind::None => {
                    let none = ffi::Py_None();
                    ffi::Py_INCREF(none);
                    none
                }
                ResultKind::Bool => ffi::PyBool_FromLong(i64::from(*results & 0xff != 0) as _),
                ResultKind::NumPy(scalar) => rebox::numpy_number(scalar, [*results, 0]),
                ResultKind::Other => {
                    let words = std::slice::from_raw_parts(results, code.result_words);
                    rebox::rebox(&code.executable.object.result, words)
                }
            };
        }
        failed(state, record, code, ended, &*ctx, call)
    }
}

/// The entry of code that loops or calls: hidden arguments are held, the GIL given up if that pays, the call
/// started again in the code's second form if it asks for it. Gives the code that ended.
#[inline(never)]
unsafe fn guarded<'a>(
    state: &State,
    record: &'a Record,
    release: bool,
    border: &Border,
    ctx: *mut Context,
    words: *const u64,
    results: *mut u64,
) -> (i32, &'a Code) {
    // SAFETY: as `enter`.
    unsafe {
        let mut code = record.code.as_ref().expect("invariant: only records with code are entered");
        let live = state.resolution().map(|resolution| &*resolution.live.get());
        // While the code runs, another thread or a signal handler may rebind the names.
        let held: Vec<Owned> = live
            .map_or_else(Vec::new, |live| live.hidden.iter().map(|object| Owned::share(*object)).collect());
        let run = move |code: &Code| {
            if !release {
                return (code.entry)(ctx, words, results);
            }
            border.save();
            let ended = (code.entry)(ctx, words, results);
            border.restore();
            ended
        };
        let mut ended = run(code);
        // The tests before a loop failed, and nothing has happened yet.
        if ended == status::DEOPT && code.executable.object.sites[(*ctx).site as usize].exc.is_none() {
            match compile::second(state, record, code) {
                Some(second) => {
                    code = second;
                    (&raw mut (*ctx).site).write(0);
                    (&raw mut (*ctx).trace_len).write(0);
                    ended = run(code);
                }
                // An exception is set.
                None => ended = status::INTERRUPT,
            }
        }
        if code.prints {
            runtime::output::flush();
        }
        drop(held);
        (ended, code)
    }
}

/// A call that did not return a value.
#[cold]
unsafe fn failed(
    state: &State,
    record: &Record,
    code: &Code,
    ended: i32,
    ctx: &Context,
    call: Call,
) -> Object {
    // SAFETY: the GIL is held; a record's resolution lives as long as the state.
    unsafe {
        match ended {
            status::INTERRUPT => ptr::null_mut(),
            status::DEOPT => {
                let warned = state.warned.replace(true);
                state.deoptimised.set(state.deoptimised.get() + 1);
                let outcome = Python::attach(|py| {
                    if warned {
                        return Ok(());
                    }
                    let names = (*record.resolution).names.borrow();
                    errors::warn_deopt(py, &code.executable.object, &names, ctx)
                        .inspect_err(|error| error.clone_ref(py).restore(py))
                });
                if outcome.is_err() { ptr::null_mut() } else { interpret(state, call) }
            }
            _ => {
                Python::attach(|py| {
                    let names = (*record.resolution).names.borrow();
                    let error = errors::raised(py, &code.executable.object, &names, ctx);
                    drop(names);
                    errors::set(py, &error);
                });
                ptr::null_mut()
            }
        }
    }
}

/// A value that compiled code does not take.
#[cold]
unsafe fn odd(state: &State, call: Call, index: usize, object: Object, ended: Put) -> Object {
    // SAFETY: `object` is alive; the GIL is held.
    unsafe {
        let name = match state.parameters.get(index) {
            Some(parameter) => crate::py::raw::text_of(parameter.name.ptr()).unwrap_or_default(),
            None => "a global".to_owned(),
        };
        let function = compile::name_of(state);
        let outcome = Python::attach(|py| {
            let outcome = if ended == Put::BigInt {
                state.deoptimised.set(state.deoptimised.get() + 1);
                if state.warned.replace(true) {
                    return Ok(());
                }
                errors::warn_rerun(py, &function, &format!("`{name}` is an int beyond 64 bits"))
            } else {
                let why = format!("{function}(): argument '{name}' {}", typeof_value::refusal(object));
                if state.behaviour.fallback {
                    compile::warn_fallback(py, state, &why)
                } else {
                    Err(pyo3::exceptions::PyTypeError::new_err(why))
                }
            };
            outcome.map_err(|error| errors::set(py, &error))
        });
        if outcome.is_err() { ptr::null_mut() } else { interpret(state, call) }
    }
}

/// A function with `**kwargs`: refused with the line that says so.
#[cold]
unsafe fn variadic(state: &State, call: Call) -> Object {
    match compile::at_border(|py| compile::refuse_variadic(py, state)) {
        // SAFETY: the call's arguments are alive.
        Some(()) => unsafe { interpret(state, call) },
        None => ptr::null_mut(),
    }
}

/// The interpreter makes the call.
#[cold]
unsafe fn interpret(state: &State, call: Call) -> Object {
    // SAFETY: `call` describes live arguments; tuple and dict take references of their own.
    unsafe {
        let function = state.function();
        if function.is_null() {
            ffi::PyErr_SetString(ffi::PyExc_RuntimeError, c"the function has been cleared".as_ptr());
            return ptr::null_mut();
        }
        let function = Owned::share(function);
        let Some(args) = Owned::steal(ffi::PyTuple_New(call.positional as isize)) else {
            return ptr::null_mut();
        };
        for index in 0..call.positional {
            let item = Owned::share(*call.args.add(index));
            ffi::PyTuple_SetItem(args.ptr(), index as isize, item.into_ptr());
        }
        let mut keywords = None;
        if !call.keywords.is_null() {
            let Some(dict) = Owned::steal(ffi::PyDict_New()) else { return ptr::null_mut() };
            for at in 0..ffi::PyTuple_Size(call.keywords) {
                let name = ffi::PyTuple_GetItem(call.keywords, at);
                ffi::PyDict_SetItem(dict.ptr(), name, *call.args.add(call.positional + at as usize));
            }
            keywords = Some(dict);
        }
        ffi::PyObject_Call(function.ptr(), args.ptr(), keywords.map_or(ptr::null_mut(), |d| d.ptr()))
    }
}

/// Whether the code prints: what is left of the last line is then written after each call.
pub fn prints(object: &crate::object::CodeObject) -> bool {
    object.relocs.iter().any(|reloc| reloc.target == RelocTarget::Runtime(RuntimeFn::PrintValue))
}
