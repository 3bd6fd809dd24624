//! What happens once for each signature: names resolved, source read, code found or compiled.
//!
//! In: a function's state and the type codes of a call. Out: a `Record`. Invariants: source text is read
//! only if the code is not at hand; a panic of the compiler becomes `CompilerBug`, an exception as any other.

use crate::abi::ExcKind;
use crate::diag::SourceText;
use crate::dispatch::{Key, release};
use crate::infer::env::Env;
use crate::load::Executable;
use crate::py::call::prints;
use crate::py::env::{self, Names};
use crate::py::live::{self, Outcome, Watch};
use crate::py::raw::{Object, Owned};
use crate::py::state::{Code, Live, Record, Records, Resolution, ResultKind, State};
use crate::py::unbox::{Frame, Put, put, tag};
use crate::py::{errors, raw, typeof_value};
use crate::types::{Kind, Scalar, Type, flatten};
use pyo3::prelude::*;
use pyo3::types::PyInt;
use std::cell::{OnceCell, RefCell, UnsafeCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How a signature that was not known turned out.
pub enum Miss {
    Record(*const Record),
    /// The names were resolved anew: type the call again.
    Again,
    /// An exception is set.
    Failed,
}

/// The qualified name of the function.
pub fn name_of(state: &State) -> String {
    let function = state.function();
    if function.is_null() {
        return "function".to_owned();
    }
    // SAFETY: the function is alive; the GIL is held.
    unsafe {
        let name = pyo3::ffi::PyObject_GetAttrString(function, c"__qualname__".as_ptr());
        let text = raw::text_of(name).unwrap_or_default();
        drop(Owned::steal(name));
        text
    }
}

/// Runs fallible Python code from a slot: errors are set, panics become `CompilerBug`.
pub fn at_border<T>(work: impl FnOnce(Python<'_>) -> PyResult<T>) -> Option<T> {
    Python::attach(|py| {
        let outcome = catch_unwind(AssertUnwindSafe(|| work(py))).unwrap_or_else(|panic| {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("unknown panic");
            Err(errors::bug(py, text))
        });
        outcome.map_err(|error| errors::set(py, &error)).ok()
    })
}

/// Makes `state.current` say what the names mean now. `None` with an exception set.
#[cold]
pub fn resolve(state: &State) -> Option<()> {
    at_border(|py| {
        if let Some(resolution) = state.resolution() {
            let mut names = resolution.names.borrow_mut();
            // SAFETY: nobody else uses `live` while this runs with the GIL held: looking names up in dicts
            // and cells runs no Python code.
            let live = unsafe { &mut *resolution.live.get() };
            let mut gone = Vec::new();
            let mut rebound = state.rebound.borrow_mut();
            let outcome = live::recheck(py, &mut names, &mut live.watch, &mut rebound, &mut gone);
            live.hidden = hidden_objects(&names);
            let fit = names.hidden.iter().all(|seen| {
                let object = names.seen[*seen].object.as_ref().map(|object| object.bind(py));
                // An int beyond 64 bits sends the call to the interpreter.
                object
                    .is_some_and(|object| object.is_exact_instance_of::<PyInt>() || type_of(object).is_some())
            });
            drop((names, rebound));
            drop(gone);
            match outcome? {
                Outcome::Same => return Ok(()),
                Outcome::Hidden if fit => return Ok(()),
                Outcome::Hidden | Outcome::Changed => {}
            }
        }
        resolve_anew(py, state)
    })
}

fn resolve_anew(py: Python<'_>, state: &State) -> PyResult<()> {
    let function = state.function();
    if function.is_null() {
        return Err(pyo3::exceptions::PyRuntimeError::new_err("the function has been cleared"));
    }
    // SAFETY: the state holds the function.
    let function = unsafe { Bound::from_borrowed_ptr(py, function) };
    let rebound = state.rebound.borrow().clone();
    let mut names = env::collect(&function, &rebound, &type_of)?;
    if let Some(source) = names.env.sources.first_mut() {
        source.inline_always = state.behaviour.inline_always;
    }
    let callbacks = state.callbacks.borrow().clone();
    for callback in &callbacks {
        // SAFETY: the state holds it.
        let callback = unsafe { Bound::from_borrowed_ptr(py, callback.ptr()) };
        env::add_function(&mut names, &callback, &rebound, &type_of)?;
    }
    let fingerprint = fingerprint(&names.env);
    let live = Live { watch: Watch::new(py, &names), hidden: hidden_objects(&names) };
    state.last.set(std::ptr::null());
    let mut resolutions = state.resolutions.borrow_mut();
    if let Some(known) = resolutions.iter().find(|known| known.fingerprint == fingerprint) {
        let old = known.names.replace(names);
        // SAFETY: as in `resolve`.
        unsafe { *known.live.get() = live };
        state.current.set(&**known);
        drop(resolutions);
        // May run Python code.
        drop(old);
        return Ok(());
    }
    let new = Box::new(Resolution {
        names: RefCell::new(names),
        fingerprint,
        live: UnsafeCell::new(live),
        records: RefCell::new(Records::default()),
    });
    state.current.set(&*new);
    resolutions.push(new);
    Ok(())
}

fn hidden_objects(names: &Names) -> Vec<Object> {
    names
        .hidden
        .iter()
        .map(|seen| {
            let object = names.seen[*seen].object.as_ref();
            object.expect("invariant: a hidden argument has a value").as_ptr()
        })
        .collect()
}

/// Equal for environments that compile alike: everything but texts and the types of hidden arguments.
fn fingerprint(env: &Env) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for source in &env.sources {
        let place = (&source.name, &source.text.file, source.text.first_line);
        let text = format!("{:?}", (place, &source.names, &source.defaults));
        hasher.update(text.as_bytes()).update(&source.code_hash).update(&[u8::from(source.inline_always)]);
    }
    let rest = format!("{:?}", (&env.objects, env.numpy));
    *hasher.update(rest.as_bytes()).finalize().as_bytes()
}

/// Type of a value that may become a hidden argument.
fn type_of(value: &Bound<'_, PyAny>) -> Option<Type> {
    let (mut words, mut codes, mut headers) = ([0u64; 64], [0u64; 4], Vec::with_capacity(1));
    let words = words.as_mut_ptr_range();
    let range = codes.as_mut_ptr_range();
    let header: *mut crate::abi::BufferHeader = headers.as_mut_ptr();
    // SAFETY: the ends are those of the arrays; the value is alive.
    let ended = unsafe {
        let mut frame = Frame {
            words: words.start,
            words_end: words.end,
            codes: range.start,
            codes_end: range.end,
            headers: header,
            headers_end: header.add(1),
            work: 0,
        };
        put(value.as_ptr(), &mut frame)
    };
    // A tuple's codes may be many: tuples are constants, or have no meaning.
    if ended != Put::Done || !matches!(codes[0] & 0xff, tag::SCALAR | tag::ARRAY) {
        return None;
    }
    Some(typeof_value::decode(&mut codes.iter(), &mut |_| 0))
}

/// Compiles a signature that is not known yet.
///
/// # Safety
/// The codes were made from live arguments; the GIL is held.
#[cold]
pub unsafe fn miss(state: &State, codes: &[u64]) -> Miss {
    match at_border(|py| {
        let functions = codes.iter().filter(|code| **code & 0xff == tag::FUNCTION).map(|code| code >> 8);
        if add_callbacks(py, state, functions)? {
            return Ok(Miss::Again);
        }
        compile(py, state, codes).map(Miss::Record)
    }) {
        Some(miss) => miss,
        None => Miss::Failed,
    }
}

/// Most functions passed as arguments that are remembered at a time.
const MAX_CALLBACKS: usize = 16;

/// Resolves the names of functions that are arguments for the first time. True if there were any.
fn add_callbacks(py: Python<'_>, state: &State, functions: impl Iterator<Item = u64>) -> PyResult<bool> {
    let resolution = state.resolution().expect("invariant: names are resolved");
    let mut found = false;
    for address in functions {
        let known = resolution.names.borrow().functions.iter().any(|f| f.as_ptr() as u64 == address);
        if !known {
            let mut callbacks = state.callbacks.borrow_mut();
            if callbacks.len() >= MAX_CALLBACKS {
                callbacks.remove(0);
            }
            // SAFETY: the address is that of a live argument.
            callbacks.push(unsafe { Owned::share(address as Object) });
            found = true;
        }
    }
    if found {
        resolve_anew(py, state)?;
    }
    Ok(found)
}

fn compile(py: Python<'_>, state: &State, codes: &[u64]) -> PyResult<*const Record> {
    let resolution = state.resolution().expect("invariant: names are resolved");
    let (mut env, functions, objects) = {
        let names = resolution.names.borrow();
        let functions: Vec<Py<PyAny>> = names.functions.iter().map(|f| f.clone_ref(py)).collect();
        (names.env.clone(), functions, names.hidden.len())
    };
    crate::runtime::output::set_numpy(env.numpy);
    let mut source_of = |address: Object| {
        let at = functions.iter().position(|function| function.as_ptr() == address);
        at.expect("invariant: functions in codes are among the sources") as u32
    };
    let mut rest = codes.iter();
    let params: Vec<Type> =
        state.parameters.iter().map(|_| typeof_value::decode(&mut rest, &mut source_of)).collect();
    env.hidden = (0..objects).map(|_| typeof_value::decode(&mut rest, &mut source_of)).collect();
    let key = Key { names: resolution.fingerprint, codes: Box::from(codes), fast_only: true };
    let executable = match state.dispatcher.find(&key, &env, &params) {
        Some(executable) => Ok(executable),
        None => {
            read_sources(py, &mut env, &functions)?;
            if let Ok(mut names) = resolution.names.try_borrow_mut()
                && names.env.sources.len() == env.sources.len()
            {
                names.env.sources.clone_from(&env.sources);
            }
            state.dispatcher.compile(&key, &env, &params)
        }
    };
    let code = match executable {
        Ok(executable) => Some(code(state, executable)),
        Err(diagnostic) => {
            let texts: Vec<&SourceText> = env.sources.iter().map(|source| &source.text).collect();
            let error = errors::diagnostic(py, &diagnostic, &texts);
            if !state.behaviour.fallback {
                return Err(error);
            }
            warn_fallback(py, state, &error.value(py).str()?.to_string())?;
            None
        }
    };
    let functions = codes
        .iter()
        .filter(|code| **code & 0xff == tag::FUNCTION)
        // SAFETY: the address is that of a live argument.
        .map(|code| unsafe { Owned::share((code >> 8) as Object) })
        .collect();
    let record = Record { codes: codes.into(), code, params, functions, resolution };
    Ok(resolution.records.borrow_mut().insert(record))
}

/// The code for a call that failed a test before a loop in `code` (see `Options::fast_only`), made when it is
/// first needed. `None` with an exception set.
#[cold]
pub fn second<'a>(state: &State, record: &Record, code: &'a Code) -> Option<&'a Code> {
    if let Some(known) = code.second.get() {
        return Some(known);
    }
    let made = at_border(|py| {
        // SAFETY: records and resolutions live as long as the state.
        let resolution = unsafe { &*record.resolution };
        let (mut env, functions) = {
            let names = resolution.names.borrow();
            let functions: Vec<Py<PyAny>> = names.functions.iter().map(|f| f.clone_ref(py)).collect();
            (names.env.clone(), functions)
        };
        env.hidden.clone_from(&code.executable.object.hidden);
        let key = Key { names: resolution.fingerprint, codes: record.codes.clone(), fast_only: false };
        let executable = match state.dispatcher.find(&key, &env, &record.params) {
            Some(executable) => executable,
            None => {
                read_sources(py, &mut env, &functions)?;
                state.dispatcher.compile(&key, &env, &record.params).map_err(|diagnostic| {
                    let texts: Vec<&SourceText> = env.sources.iter().map(|source| &source.text).collect();
                    errors::diagnostic(py, &diagnostic, &texts)
                })?
            }
        };
        Ok(Box::new(self::code(state, executable)))
    })?;
    Some(code.second.get_or_init(|| made))
}

fn code(state: &State, executable: Arc<Executable>) -> Code {
    let object = &executable.object;
    let result = match &object.result {
        Type::None | Type::Never => ResultKind::None,
        Type::Scalar(Scalar::Int) => ResultKind::Int,
        Type::Scalar(Scalar::Float) => ResultKind::Float,
        Type::Scalar(Scalar::Bool) => ResultKind::Bool,
        Type::Scalar(scalar) if scalar.kind() != Kind::Complex => ResultKind::NumPy(*scalar),
        Type::Scalar(_)
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis => ResultKind::Other,
    };
    let prints = prints(object);
    Code {
        entry: executable.entry,
        result,
        result_words: flatten(&object.result).len(),
        release: release::rule(object, state.behaviour.nogil),
        loops: object.has_loops || object.parallel || prints || state.behaviour.nogil == Some(true),
        prints,
        recursive: object.sites.iter().any(|site| site.exc == Some(ExcKind::Recursion)),
        executable,
        second: OnceCell::new(),
    }
}

/// Fills in the text of every source.
pub fn read_sources(py: Python<'_>, env: &mut Env, functions: &[Py<PyAny>]) -> PyResult<()> {
    let read = py.import("fastjit._source")?.getattr("text")?;
    for (source, function) in env.sources.iter_mut().zip(functions) {
        if !source.text.text.is_empty() {
            continue;
        }
        let (text, error): (Option<String>, Option<String>) = read.call1((function,))?.extract()?;
        source.text.text = text.unwrap_or_default();
        source.text_error = error;
    }
    Ok(())
}

/// Says, once for a function, that and why the interpreter runs it.
pub fn warn_fallback(py: Python<'_>, state: &State, why: &str) -> PyResult<()> {
    if state.warned.replace(true) {
        return Ok(());
    }
    let category = py.import("fastjit.errors")?.getattr("FallbackWarning")?;
    let message = format!("`{}` runs in the interpreter: {why}", name_of(state));
    PyErr::warn(py, &category, &std::ffi::CString::new(message.replace('\0', " "))?, 1)
}

/// Raises what the compiler says about `**kwargs`; with `fallback=True`, warns of it.
pub fn refuse_variadic(py: Python<'_>, state: &State) -> PyResult<()> {
    if state.resolution().is_none() {
        resolve_anew(py, state)?;
    }
    let mut codes = vec![tag::NONE; state.parameters.len()];
    hidden_codes(state, &mut codes);
    let error = match compile(py, state, &codes) {
        Err(error) => error,
        Ok(_) if state.behaviour.fallback => return Ok(()),
        Ok(_) => errors::unsupported(py, "**kwargs cannot be compiled; name the parameters"),
    };
    Err(error)
}

/// Appends the codes of the hidden arguments as they were when the names were resolved.
fn hidden_codes(state: &State, codes: &mut Vec<u64>) {
    let resolution = state.resolution().expect("invariant: names are resolved");
    for hidden in &resolution.names.borrow().env.hidden {
        typeof_value::encode(hidden, codes).expect("invariant: hidden arguments are numbers and arrays");
    }
}

/// Compiles for the parameter types of an explicit signature.
pub fn explicit(py: Python<'_>, state: &State, text: &str) -> PyResult<*const Record> {
    let wrong = |why: String| pyo3::exceptions::PyTypeError::new_err(format!("signature {text:?}: {why}"));
    let signature = crate::types::name::parse_signature(text).map_err(wrong)?;
    if signature.params.len() != state.parameters.len() {
        return Err(wrong(format!(
            "{} has {} parameter{}, not {}",
            name_of(state),
            state.parameters.len(),
            if state.parameters.len() == 1 { "" } else { "s" },
            signature.params.len()
        )));
    }
    let mut codes = Vec::new();
    for param in &signature.params {
        typeof_value::encode(param, &mut codes)
            .ok_or_else(|| wrong(format!("{param} is not an argument type")))?;
    }
    if state.resolution().is_none() {
        resolve_anew(py, state)?;
    }
    hidden_codes(state, &mut codes);
    compile(py, state, &codes)
}
