//! The three roads of failure, as Python exceptions: diagnostics, bugs of ours, and what compiled code
//! raised.
//!
//! In: a `Diagnostic`, a panic's text, or a raise site with its payload. Out: a `PyErr`. Invariant: an
//! exception of compiled code has the class and the arguments that the interpreter would give it, and a
//! traceback whose last entries are the user's file, function and line, innermost last.

use crate::abi::{AFTER_EFFECT, Context, ExcKind, Payload, Site, SiteArg, SourcePos, Ty};
use crate::diag::{Code, Diagnostic, SourceText, render};
use crate::object::CodeObject;
use crate::py::env::Names;
use crate::py::rebox::numpy_number;
use crate::types::{Kind, Scalar};
use pyo3::exceptions::{
    PyAssertionError, PyIndexError, PyMemoryError, PyOverflowError, PyRecursionError, PyTypeError,
    PyUnboundLocalError, PyValueError, PyZeroDivisionError,
};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyComplex, PyDict, PyTuple, PyType};

/// A user error found by the compiler.
pub fn diagnostic(py: Python<'_>, diagnostic: &Diagnostic, sources: &[&SourceText]) -> PyErr {
    let class = match diagnostic.code {
        Code::UnsupportedSyntax | Code::UnsupportedFunction | Code::UnsupportedType | Code::NotParallel => {
            "UnsupportedError"
        }
        Code::UndefinedName => "UndefinedNameError",
        Code::TypeMismatch | Code::UnstableType | Code::NotConstant | Code::BadCall => "TypingError",
        Code::SourceUnavailable => "SourceError",
    };
    let place = diagnostic.labels.first().and_then(|label| {
        let text = sources.get(label.source as usize)?;
        Some((text.file.clone(), text.first_line + text.line_column(label.span.start).0))
    });
    let (file, line) = place.unzip();
    let concise = render::concise(diagnostic, sources);
    own_error(py, class, (render::full(diagnostic, sources), file, line, (concise,)))
}

/// A call that cannot be compiled for a reason that has no place in the source.
pub fn unsupported(py: Python<'_>, why: &str) -> PyErr {
    own_error(py, "UnsupportedError", (why,))
}

/// A panic of ours, caught at the border.
pub fn bug(py: Python<'_>, text: &str) -> PyErr {
    let message = format!(
        "This is a bug in fastjit {}, not in your program.\n{text}\nPlease report it with the function that was \
         compiled; FASTJIT_DUMP=hir,mir,clif prints what the compiler made of it.",
        env!("CARGO_PKG_VERSION")
    );
    own_error(py, "CompilerBug", (message,))
}

/// Sets an exception as a `raise` statement does: in the context of the one that is being handled.
pub fn set(py: Python<'_>, error: &PyErr) {
    let value = error.value(py);
    // SAFETY: `value` is an exception and its type is alive.
    unsafe { pyo3::ffi::PyErr_SetObject(value.get_type().as_ptr(), value.as_ptr()) };
}

/// An exception class of `fastjit.errors`, called with the arguments.
fn own_error<'py, A: pyo3::call::PyCallArgs<'py>>(py: Python<'py>, class: &str, args: A) -> PyErr {
    let made = py.import("fastjit.errors").and_then(|module| module.getattr(class)?.call1(args));
    match made {
        Ok(value) => PyErr::from_value(value),
        Err(error) => error,
    }
}

/// What compiled code raised: the site and the payload are in `ctx`.
pub fn raised(py: Python<'_>, object: &CodeObject, names: &Names, ctx: &Context) -> PyErr {
    let site = &object.sites[ctx.site as usize];
    match exception(py, site, names, ctx) {
        Ok(value) => {
            let frames: Vec<SourcePos> = positions(object, site, ctx).collect();
            if let Ok(Some(traceback)) = traceback(py, names, &frames)
                && value.setattr("__traceback__", &traceback).is_err()
            {
                // The user's class refuses attributes: the exception goes without our frames.
                let _ = PyErr::take(py);
            }
            PyErr::from_value(value)
        }
        Err(error) => error,
    }
}

/// Where the error arose, innermost first: the site's own frames, then those of the calls around it.
fn positions<'a>(
    object: &'a CodeObject,
    site: &'a Site,
    ctx: &'a Context,
) -> impl Iterator<Item = SourcePos> + 'a {
    let calls = ctx.trace[..(ctx.trace_len as usize).min(ctx.trace.len())].iter();
    site.frames.iter().chain(calls.flat_map(|call| &object.sites[*call as usize].frames)).copied()
}

/// The exception object of a site.
fn exception<'py>(py: Python<'py>, site: &Site, names: &Names, ctx: &Context) -> PyResult<Bound<'py, PyAny>> {
    let class = match site.exc.expect("invariant: only call sites have no exception") {
        ExcKind::Index => py.get_type::<PyIndexError>(),
        ExcKind::ZeroDivision => py.get_type::<PyZeroDivisionError>(),
        ExcKind::Value => py.get_type::<PyValueError>(),
        ExcKind::Overflow => py.get_type::<PyOverflowError>(),
        ExcKind::Type => py.get_type::<PyTypeError>(),
        ExcKind::UnboundLocal => py.get_type::<PyUnboundLocalError>(),
        ExcKind::Assertion => py.get_type::<PyAssertionError>(),
        ExcKind::Recursion => py.get_type::<PyRecursionError>(),
        ExcKind::Memory => py.get_type::<PyMemoryError>(),
        ExcKind::User(index) => names.objects[index as usize].bind(py).clone().cast_into::<PyType>()?,
    };
    let mut args = Vec::with_capacity(site.args.len());
    for arg in &site.args {
        args.push(match arg {
            SiteArg::Text(template, kinds) => {
                fill(py, template, kinds, &ctx.payload)?.into_pyobject(py)?.into_any()
            }
            SiteArg::Value { word, kind } => payload(py, &ctx.payload[*word as usize..], *kind)?,
            SiteArg::Int(value) => value.into_pyobject(py)?.into_any(),
            SiteArg::Float(bits) => f64::from_bits(*bits).into_pyobject(py)?.into_any(),
            SiteArg::Bool(value) => value.into_pyobject(py)?.to_owned().into_any(),
            SiteArg::None => py.None().into_bound(py),
        });
    }
    class.call1(PyTuple::new(py, args)?)
}

/// The Python object that the first of the words stands for.
fn payload<'py>(py: Python<'py>, words: &[u64], kind: Payload) -> PyResult<Bound<'py, PyAny>> {
    let word = words[0];
    Ok(match kind {
        Payload::Int => (word as i64).into_pyobject(py)?.into_any(),
        Payload::UInt => word.into_pyobject(py)?.into_any(),
        Payload::Float => f64::from_bits(word).into_pyobject(py)?.into_any(),
        Payload::Bool => (word & 1 != 0).into_pyobject(py)?.to_owned().into_any(),
        Payload::Complex => {
            PyComplex::from_doubles(py, f64::from_bits(word), f64::from_bits(words[1])).into_any()
        }
        Payload::Numpy(scalar) => {
            let scalar = Scalar::ALL[usize::from(scalar)];
            let single = |word: u64| u64::from((f64::from_bits(word) as f32).to_bits());
            let words = match (scalar.kind(), scalar.machine()) {
                (Kind::Complex, Ty::F32) => [single(word) | single(words[1]) << 32, 0],
                (Kind::Complex, _) => [word, words[1]],
                (_, Ty::F32) => [single(word), 0],
                (_, _) => [word, 0],
            };
            // SAFETY: the GIL is held, and a new reference comes back, or null with an exception set.
            unsafe { Bound::from_owned_ptr_or_err(py, numpy_number(scalar, words).cast())? }
        }
    })
}

/// A message with its payload words filled in, shown as the message says.
fn fill(py: Python<'_>, template: &str, kinds: &[Payload], words: &[u64]) -> PyResult<String> {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..];
        if brace.starts_with("{{") || brace.starts_with("}}") {
            text.push_str(&brace[..1]);
            rest = &brace[2..];
            continue;
        }
        let end = brace.find('}').expect("invariant: braces of a message are balanced");
        let (named, format) = brace[1..end].split_once(':').unwrap_or((&brace[1..end], ""));
        let (number, conversion) = named.split_once('!').unwrap_or((named, ""));
        let index: usize = number.parse().expect("invariant: a message names its payload by number");
        let value = payload(py, &words[index..], kinds[index])?;
        let value = match conversion {
            "r" | "a" => value.repr()?.into_any(),
            "s" => value.str()?.into_any(),
            _none => value,
        };
        let shown = value.call_method1("__format__", (format,))?.str()?;
        text.push_str(shown.to_str()?);
        rest = &brace[end + 1..];
    }
    text.push_str(rest);
    Ok(text)
}

/// A traceback through the given positions (innermost first); positions outside the user's code are left out.
fn traceback<'py>(
    py: Python<'py>,
    names: &Names,
    frames: &[SourcePos],
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let make = py.import("types")?.getattr("TracebackType")?;
    let mut next: Option<Bound<'py, PyAny>> = None;
    for position in frames {
        let Some(function) = names.functions.get(position.source as usize) else { continue };
        let source = &names.env.sources[position.source as usize];
        let entry = frame(py, function.bind(py), &source.text.file, source.text.first_line + position.line)?;
        next = Some(make.call1((
            next,
            entry.getattr("tb_frame")?,
            entry.getattr("tb_lasti")?,
            entry.getattr("tb_lineno")?,
        ))?);
    }
    Ok(next)
}

/// The location table (CPython 3.11 and later) of `units` code units that all stand on the first line, with
/// no columns: those of the template would put carets under unrelated parts of the user's line.
fn lines_without_columns(units: usize) -> Vec<u8> {
    /// An entry without columns, in the bits above the length; the highest bit starts an entry.
    const NO_COLUMNS: u8 = 0x80 | 13 << 3;
    let mut table = Vec::new();
    let mut left = units;
    while left > 0 {
        let length = left.min(8);
        table.extend([NO_COLUMNS | (length - 1) as u8, 0]);
        left -= length;
    }
    table
}

/// A traceback entry in the user's file: a one-line `raise` that has been given the user's file, function
/// and line is run, and the entry taken from what it raised.
fn frame<'py>(
    py: Python<'py>,
    function: &Bound<'py, PyAny>,
    file: &str,
    line: u32,
) -> PyResult<Bound<'py, PyAny>> {
    static TEMPLATE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let builtins = py.import("builtins")?;
    let template = TEMPLATE.get_or_try_init(py, || {
        let code = builtins.getattr("compile")?.call1(("raise Exception", "<fastjit>", "exec"))?;
        if py.version_info() < (3, 11) {
            return Ok(code.unbind());
        }
        let changes = PyDict::new(py);
        let bytes = code.getattr("co_code")?.len()?;
        changes.set_item("co_linetable", PyBytes::new(py, &lines_without_columns(bytes / 2)))?;
        code.call_method("replace", (), Some(&changes)).map(Bound::unbind)
    })?;
    let changes = PyDict::new(py);
    changes.set_item("co_filename", file)?;
    changes.set_item("co_firstlineno", line.max(1))?;
    changes.set_item("co_name", function.getattr("__name__")?)?;
    if py.version_info() >= (3, 11) {
        changes.set_item("co_qualname", function.getattr("__qualname__")?)?;
    }
    let code = template.bind(py).call_method("replace", (), Some(&changes))?;
    let raised = builtins.getattr("exec")?.call1((code, function.getattr("__globals__")?));
    let error = raised.expect_err("invariant: the template raises");
    let entry = error.traceback(py).expect("invariant: an exception that was raised has a traceback");
    Ok(entry.into_any())
}

/// Warns, once for a function, that a call leaves compiled code. An error if warnings are errors.
pub fn warn_deopt(py: Python<'_>, object: &CodeObject, names: &Names, ctx: &Context) -> PyResult<()> {
    let site = &object.sites[ctx.site as usize];
    let place = site.frames.first().copied().unwrap_or_default();
    let reason = match site.args.first() {
        Some(SiteArg::Text(template, kinds)) => fill(py, template, kinds, &ctx.payload)?,
        Some(
            SiteArg::Value { .. } | SiteArg::Int(_) | SiteArg::Float(_) | SiteArg::Bool(_) | SiteArg::None,
        )
        | None => "a value does not fit the compiled types".to_owned(),
    };
    let reason = reason.strip_suffix(AFTER_EFFECT).unwrap_or(&reason);
    let source = names.env.sources.get(place.source as usize).unwrap_or(&names.env.sources[0]);
    let line = source.text.first_line + place.line;
    warn_rerun(py, &source.name, &format!("{reason} ({}, line {line})", source.text.file))
}

/// The warning itself: `reason` says why the interpreter runs the call.
pub fn warn_rerun(py: Python<'_>, function: &str, reason: &str) -> PyResult<()> {
    let category = py.import("fastjit.errors")?.getattr("DeoptWarning")?;
    let message =
        format!("`{function}` runs again in the interpreter, which gives the exact answer: {reason}");
    let message = std::ffi::CString::new(message.replace('\0', " "))?;
    PyErr::warn(py, &category, &message, 1)
}
