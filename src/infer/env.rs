//! What the names of a program mean, frozen as plain data before compilation.
//!
//! In: filled by the border (`py::env`) from live Python objects, or by tests. Out: read by `infer` and
//! hashed by `cache::key`. Invariant: no Python object in here; two equal environments compile to the
//! same code. `sources[0]` is the function being compiled; the others are the Python functions that it
//! can reach by name, in the order in which they were met.

use crate::diag::SourceText;
use crate::hir::Const;
use crate::types::{Scalar, Type};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub struct Env {
    pub sources: Vec<Source>,
    /// Types of the hidden arguments that bindings name.
    pub hidden: Vec<Type>,
    /// Names of the exception classes that bindings name; the border keeps the objects.
    pub objects: Vec<String>,
    /// Python runs with `-O`: asserts are not compiled.
    pub optimised: bool,
    /// Minor version of the running Python (11 for 3.11): some meanings depend on it.
    pub python_minor: u32,
    /// NumPy's version, major and minor; `None` until it is imported.
    pub numpy: Option<(u32, u32)>,
}

/// A Python function.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// `__qualname__`.
    pub name: String,
    pub text: SourceText,
    /// Why `text` cannot be used (no file, or not the source of the code that runs).
    pub text_error: Option<String>,
    /// Meaning of the free names, by name. An attribute of a user module is in its `Binding::Module`.
    pub names: BTreeMap<String, Binding>,
    /// Defaults of the last parameters: name and value.
    pub defaults: BTreeMap<String, Binding>,
    /// Identity of the code for the cache: a hash of the bytecode, constants and names.
    pub code_hash: [u8; 32],
    /// Decorated by us: options that its own calls use.
    pub inline_always: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Binding {
    None,
    /// A Python number, or a NumPy scalar.
    Scalar(Scalar, Const),
    Str(String),
    Tuple(Vec<Binding>),
    /// A value passed anew with each call: index into `Env::hidden`.
    Hidden(u32),
    /// Another Python function: index into `Env::sources`.
    Function(u32),
    /// A module whose contents the compiler knows: `math`, `cmath`, `numpy`, `builtins`, `fastjit`.
    KnownModule(String),
    /// A module or class of the user's, with the attributes that the program uses.
    Module(BTreeMap<String, Binding>),
    /// A function or type that the compiler knows, by its canonical dotted name (`math.sqrt`,
    /// `numpy.float32`, `builtins.len`, `fastjit.prange`).
    Known(String),
    /// An exception class: index into `Env::objects`. The canonical builtin ones are `Known`.
    Exception(u32),
    /// Something that has no meaning in compiled code: its type's name, for the message.
    Unsupported(String),
}
