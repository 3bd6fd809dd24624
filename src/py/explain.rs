//! What compiled code looks like: `f.inspect(stage)`, and what `f.explain()` is made of.
//!
//! In: a function's state and perhaps a signature. Out: text, HTML and notes. Invariant: nothing here changes
//! what a call does; the compilation is done again from the names and texts of the first one.

use crate::diag::SourceText;
use crate::dispatch::release::Release;
use crate::driver;
use crate::dump::Stage;
use crate::explain::{Explanation, html, text};
use crate::infer::env::Env;
use crate::options::Options;
use crate::py::compile::{explicit, name_of, read_sources};
use crate::py::state::{Record, State};
use crate::py::{callable, errors};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

/// The records of a function: the one of a signature, or all in the order of their first calls.
fn records(py: Python<'_>, state: &State, signature: Option<&str>) -> PyResult<Vec<*const Record>> {
    if let Some(text) = signature {
        return Ok(vec![explicit(py, state, text)?]);
    }
    let mut records = Vec::new();
    for resolution in state.resolutions.borrow().iter() {
        records.extend(resolution.records.borrow().order.iter().map(|record| record.as_ptr().cast_const()));
    }
    if records.is_empty() {
        return Err(PyValueError::new_err(
            "nothing has been compiled yet: call the function first, or name a signature such as \
             \"(float64[:], int64)\"",
        ));
    }
    Ok(records)
}

/// The environment in which a record was compiled, with its texts.
fn environment(py: Python<'_>, record: &Record) -> PyResult<Env> {
    // SAFETY: resolutions live as long as the state, and so do its records.
    let resolution = unsafe { &*record.resolution };
    let (mut env, functions) = {
        let names = resolution.names.borrow();
        let functions: Vec<Py<PyAny>> = names.functions.iter().map(|f| f.clone_ref(py)).collect();
        (names.env.clone(), functions)
    };
    if let Some(code) = &record.code {
        env.hidden = code.executable.object.hidden.clone();
    }
    read_sources(py, &mut env, &functions)?;
    Ok(env)
}

/// A stage of the compilation of a signature (the first one called, or the one named), printed.
pub fn inspect(py: Python<'_>, state: &State, stage: &str, signature: Option<&str>) -> PyResult<String> {
    let Some(stage) = Stage::from_name(stage) else {
        let stages = Stage::ALL.map(Stage::name).join(", ");
        return Err(PyValueError::new_err(format!("no stage {stage:?}; there are {stages}")));
    };
    // SAFETY: records live as long as the state.
    let record = unsafe { &*records(py, state, signature)?[0] };
    let env = environment(py, record)?;
    // What calls run: the code with all tests and copies only once it was needed.
    let second = record.code.as_ref().is_some_and(|code| code.second.get().is_some());
    let options = Options { fast_only: !second, ..state.dispatcher.options };
    driver::inspect(&env, &record.params, &options, stage).map_err(|diagnostic| {
        let texts: Vec<&SourceText> = env.sources.iter().map(|source| &source.text).collect();
        errors::diagnostic(py, &diagnostic, &texts)
    })
}

/// File, line, mark, id, text and advice of a note.
type Note = (String, u32, char, &'static str, String, Option<String>);

/// The explanation of a `Function`'s signature, or of all that were compiled: plain text, text with colours,
/// a fragment of HTML, a page, and the notes.
#[pyfunction]
#[pyo3(signature = (function, signature=None))]
pub fn explain(
    function: &Bound<'_, PyAny>,
    signature: Option<&str>,
) -> PyResult<(String, String, String, String, Vec<Note>)> {
    let py = function.py();
    // SAFETY: the object is alive during the call.
    let Some(state) = (unsafe { callable::state_of(function.as_ptr()) }) else {
        return Err(PyTypeError::new_err("only functions compiled by fastjit can be explained"));
    };
    let mut explanations = Vec::new();
    for record in records(py, state, signature)? {
        // SAFETY: records live as long as the state.
        let record = unsafe { &*record };
        let env = environment(py, record)?;
        let mut explanation = driver::explain(&env, &record.params, &state.dispatcher.options);
        border(state, record, &mut explanation);
        explanations.push(explanation);
    }
    let plain: Vec<String> = explanations.iter().map(|one| text::render(one, false)).collect();
    let coloured: Vec<String> = explanations.iter().map(|one| text::render(one, true)).collect();
    let mut notes = Vec::new();
    for listing in explanations.iter().flat_map(|explanation| &explanation.listings) {
        for line in &listing.lines {
            notes.extend(line.notes.iter().map(|note| {
                let mark = text::mark(note.mark);
                (listing.file.clone(), line.number, mark, note.id, note.text.clone(), note.help.clone())
            }));
        }
    }
    let title = format!("{} - fastjit", name_of(state));
    let (fragment, page) = (html::fragment(&explanations), html::page(&title, &explanations));
    Ok((plain.join("\n"), coloured.join("\n"), fragment, page, notes))
}

/// Adds what the border knows: size, the GIL, calls that ran again.
fn border(state: &State, record: &Record, explanation: &mut Explanation) {
    if let Some(code) = &record.code {
        let gil = match code.release {
            Release::Never => "keeps the GIL",
            Release::Always => "releases the GIL",
            Release::Large => "releases the GIL for large inputs",
        };
        let bytes = code.executable.object.code.len();
        explanation.summary.push(("code", format!("{bytes} bytes, {gil}")));
    }
    let again = state.deoptimised.get();
    if again > 0 {
        let calls = if again == 1 { "1 call".to_owned() } else { format!("{again} calls") };
        explanation.summary.push(("deopt", format!("{calls} ran again in the interpreter")));
    }
}
