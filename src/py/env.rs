//! What a live Python function's names mean, as the plain data that the compiler takes.
//!
//! In: a function object. Out: `Names`: the `Env` and, beside it, the Python objects that plain data cannot
//! hold (functions, exception classes, hidden arguments) and the places that were looked at, for
//! `py::live` to watch. Nothing is parsed: names come from the bytecode. Invariant: the environment is made
//! only of what is reachable from the function's code by `LOAD_GLOBAL`, cells, defaults and attributes of
//! modules; two collections of unchanged objects are equal.

use crate::diag::SourceText;
use crate::hir::Const;
use crate::infer::env::{Binding, Env, Source};
use crate::py::code::{self, Paths};
use crate::types::{Scalar, Type};
use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyDict, PyFloat, PyInt, PyModule, PyString, PyTuple, PyType};
use std::collections::{BTreeMap, BTreeSet};

/// A place where a name was found.
pub enum Place {
    /// A namespace and the name in it.
    Dict { dict: Py<PyDict>, name: Py<PyString> },
    /// A closure cell.
    Cell(Py<PyAny>),
    /// A class and the name of its attribute.
    Attribute { class: Py<PyAny>, name: Py<PyString> },
}

/// A place and the object that was there (`None`: nothing).
pub struct Seen {
    pub place: Place,
    pub object: Option<Py<PyAny>>,
    /// The value is passed anew with each call: index into `Names::hidden`.
    pub hidden: Option<usize>,
    /// The value is a number that was compiled in as a constant.
    pub number: bool,
}

/// Numbers that have been rebound since they were first compiled in: from then on hidden arguments.
pub type Rebound = BTreeSet<(usize, String)>;

/// The names of a program.
pub struct Names {
    pub env: Env,
    /// The function object of each of `env.sources`.
    pub functions: Vec<Py<PyAny>>,
    /// The exception class of each of `env.objects`.
    pub objects: Vec<Py<PyAny>>,
    /// The value of each of `env.hidden`; index into `seen` of its place.
    pub hidden: Vec<usize>,
    pub seen: Vec<Seen>,
}

/// Types a hidden argument; `None` if such a value cannot be passed. Supplied by the border's `typeof`.
pub type TypeOf<'a> = &'a dyn Fn(&Bound<'_, PyAny>) -> Option<Type>;

/// Collects the names of `function` and of every Python function that it can reach.
pub fn collect(function: &Bound<'_, PyAny>, rebound: &Rebound, type_of: TypeOf<'_>) -> PyResult<Names> {
    let py = function.py();
    let numpy = numpy_version(py);
    let optimised: u32 = py.import("sys")?.getattr("flags")?.getattr("optimize")?.extract()?;
    let env = Env {
        optimised: optimised > 0,
        python_minor: u32::from(py.version_info().minor),
        numpy,
        ..Env::default()
    };
    let names =
        Names { env, functions: Vec::new(), objects: Vec::new(), hidden: Vec::new(), seen: Vec::new() };
    let mut collector = Collector { names, rebound, type_of, known: BTreeMap::new(), next: 0 };
    collector.source(function)?;
    while collector.next < collector.names.functions.len() {
        collector.fill(py)?;
    }
    Ok(collector.names)
}

/// Index of another function in the environment (an argument that is a function), added if it is new.
pub fn add_function(
    names: &mut Names,
    function: &Bound<'_, PyAny>,
    rebound: &Rebound,
    type_of: TypeOf<'_>,
) -> PyResult<u32> {
    let py = function.py();
    let taken = std::mem::replace(
        names,
        Names {
            env: Env::default(),
            functions: Vec::new(),
            objects: Vec::new(),
            hidden: Vec::new(),
            seen: Vec::new(),
        },
    );
    let known =
        taken.functions.iter().enumerate().map(|(index, f)| (f.as_ptr() as usize, index as u32)).collect();
    let next = taken.functions.len();
    let mut collector = Collector { names: taken, rebound, type_of, known, next };
    let index = collector.source(function);
    let mut outcome = Ok(());
    while outcome.is_ok() && collector.next < collector.names.functions.len() {
        outcome = collector.fill(py);
    }
    *names = collector.names;
    outcome?;
    index
}

/// NumPy's major and minor version if it has been imported.
fn numpy_version(py: Python<'_>) -> Option<(u32, u32)> {
    let modules = py.import("sys").ok()?.getattr("modules").ok()?;
    let version: String = modules.get_item("numpy").ok()?.getattr("__version__").ok()?.extract().ok()?;
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

/// Most Python functions that a compiled function may reach.
const MAX_SOURCES: u32 = 1000;

struct Collector<'a> {
    names: Names,
    rebound: &'a Rebound,
    type_of: TypeOf<'a>,
    /// Function object (by address) to its source.
    known: BTreeMap<usize, u32>,
    /// First source whose names are still to be resolved.
    next: usize,
}

impl Collector<'_> {
    /// The source of a plain Python function, added to the list if it is new.
    fn source(&mut self, function: &Bound<'_, PyAny>) -> PyResult<u32> {
        let address = function.as_ptr() as usize;
        if let Some(index) = self.known.get(&address) {
            return Ok(*index);
        }
        let index = self.names.functions.len() as u32;
        if index >= MAX_SOURCES {
            return Err(crate::py::errors::unsupported(
                function.py(),
                &format!(
                    "more than {MAX_SOURCES} Python functions are called, directly or through others; \
                     {} is one of them",
                    attribute(function, "__qualname__")
                ),
            ));
        }
        self.known.insert(address, index);
        self.names.functions.push(function.clone().unbind());
        self.names.env.sources.push(Source::default());
        Ok(index)
    }

    /// Resolves the names of the next source.
    fn fill(&mut self, py: Python<'_>) -> PyResult<()> {
        let index = self.next;
        self.next += 1;
        let function = self.names.functions[index].bind(py).clone();
        let code = function.getattr("__code__")?;
        let used = code::used_names(&code)?;
        let mut source = Source {
            name: function.getattr("__qualname__")?.extract()?,
            text: SourceText {
                file: code.getattr("co_filename")?.extract()?,
                first_line: code.getattr("co_firstlineno")?.extract()?,
                text: String::new(),
            },
            code_hash: code::hash(&code)?,
            ..Source::default()
        };
        let own_name: String = function.getattr("__name__")?.extract()?;
        let globals = function.getattr("__globals__")?.cast_into::<PyDict>()?;
        let builtins = function.getattr("__builtins__")?.cast_into::<PyDict>()?;
        for (name, attributes) in &used.globals.0 {
            let key = PyString::intern(py, name);
            let binding = match globals.get_item(&key)? {
                Some(value) => Some(self.place(&globals, &key, Some(&value), attributes)?),
                None => {
                    self.place(&globals, &key, None, attributes)?;
                    match builtins.get_item(&key)? {
                        Some(value) => Some(self.binding(&value, attributes)?.0),
                        // Compiled while it is being decorated: the name is not bound yet.
                        None if *name == own_name => Some(Binding::Function(index as u32)),
                        None => None,
                    }
                }
            };
            if let Some(binding) = binding {
                source.names.insert(name.clone(), binding);
            }
        }
        self.cells(&function, &code, &used.cells, &mut source)?;
        self.defaults(&function, &code, &mut source)?;
        self.names.env.sources[index] = source;
        Ok(())
    }

    /// Closure variables.
    fn cells(
        &mut self,
        function: &Bound<'_, PyAny>,
        code: &Bound<'_, PyAny>,
        attributes: &Paths,
        source: &mut Source,
    ) -> PyResult<()> {
        let free: Vec<String> = code.getattr("co_freevars")?.extract()?;
        if free.is_empty() {
            return Ok(());
        }
        let none = Paths::default();
        let cells = function.getattr("__closure__")?;
        for (name, cell) in free.into_iter().zip(cells.try_iter()?) {
            let cell = cell?;
            let value = cell.getattr("cell_contents").ok();
            let seen = self.names.seen.len();
            let key = (cell.as_ptr() as usize, String::new());
            self.names.seen.push(Seen {
                place: Place::Cell(cell.unbind()),
                object: value.as_ref().map(|value| value.clone().unbind()),
                hidden: None,
                number: false,
            });
            if let Some(value) = value {
                let paths = attributes.0.get(&name).unwrap_or(&none);
                let binding = self.seen_binding(seen, &value, paths, self.rebound.contains(&key))?;
                source.names.insert(name, binding);
            }
        }
        Ok(())
    }

    /// Defaults of parameters, positional and keyword-only.
    fn defaults(
        &mut self,
        function: &Bound<'_, PyAny>,
        code: &Bound<'_, PyAny>,
        source: &mut Source,
    ) -> PyResult<()> {
        let none = Paths::default();
        if let Ok(values) = function.getattr("__defaults__")?.cast_into::<PyTuple>() {
            let count: usize = code.getattr("co_argcount")?.extract()?;
            let names: Vec<String> = code.getattr("co_varnames")?.extract()?;
            for (name, value) in names[..count].iter().rev().zip(values.iter().rev()) {
                source.defaults.insert(name.clone(), self.binding(&value, &none)?.0);
            }
        }
        if let Ok(values) = function.getattr("__kwdefaults__")?.cast_into::<PyDict>() {
            for (name, value) in values.iter() {
                source.defaults.insert(name.extract()?, self.binding(&value, &none)?.0);
            }
        }
        Ok(())
    }

    /// Records a place in a namespace and says what the value there means.
    fn place(
        &mut self,
        dict: &Bound<'_, PyDict>,
        name: &Bound<'_, PyString>,
        value: Option<&Bound<'_, PyAny>>,
        attributes: &Paths,
    ) -> PyResult<Binding> {
        let seen = self.names.seen.len();
        self.names.seen.push(Seen {
            place: Place::Dict { dict: dict.clone().unbind(), name: name.clone().unbind() },
            object: value.map(|value| value.clone().unbind()),
            hidden: None,
            number: false,
        });
        let Some(value) = value else { return Ok(Binding::None) };
        let key = (dict.as_ptr() as usize, name.to_string());
        self.seen_binding(seen, value, attributes, self.rebound.contains(&key))
    }

    /// The meaning of a value found at a recorded place.
    fn seen_binding(
        &mut self,
        seen: usize,
        value: &Bound<'_, PyAny>,
        attributes: &Paths,
        rebound: bool,
    ) -> PyResult<Binding> {
        let (binding, hideable) = self.binding(value, attributes)?;
        let number = matches!(binding, Binding::Scalar(..));
        if (hideable || (number && rebound))
            && let Some(ty) = (self.type_of)(value)
        {
            let hidden = self.names.hidden.len();
            self.names.hidden.push(seen);
            self.names.env.hidden.push(ty);
            self.names.seen[seen].hidden = Some(hidden);
            return Ok(Binding::Hidden(hidden as u32));
        }
        self.names.seen[seen].number = number;
        Ok(binding)
    }

    /// The meaning of a value, and whether it has to be passed as a hidden argument (an array).
    fn binding(&mut self, value: &Bound<'_, PyAny>, attributes: &Paths) -> PyResult<(Binding, bool)> {
        if let Some(binding) = constant(value)? {
            return Ok((binding, false));
        }
        let ty = value.get_type();
        let type_name = ty.name()?.to_string();
        let type_module = ty.module().map_or(String::new(), |module| module.to_string());
        let root = type_module.split('.').next().unwrap_or("");
        if root == "numpy" && (type_name == "ndarray" || type_name == "memmap") {
            return Ok((Binding::Unsupported("array of this kind".to_owned()), true));
        }
        if matches!(root, "fastjit" | "numba")
            && let Ok(function) = value.getattr("py_func")
        {
            return Ok((Binding::Function(self.source(&function)?), false));
        }
        if let Ok(module) = value.cast::<PyModule>() {
            return Ok((self.module(module, attributes)?, false));
        }
        if let Ok(class) = value.cast::<PyType>() {
            return Ok((self.class(class, attributes)?, false));
        }
        if root == "numpy" && type_name.ends_with("DType") || type_name == "dtype" {
            let name: String = value.getattr("type")?.getattr("__name__")?.extract()?;
            return Ok((Binding::Known(format!("numpy.dtype.{name}")), false));
        }
        if type_name == "function" && type_module == "builtins" {
            let module = attribute(value, "__module__");
            if module.starts_with("fastjit.") || module == "fastjit" {
                return Ok((Binding::Known(format!("fastjit.{}", attribute(value, "__name__"))), false));
            }
            if !module.starts_with("numpy") {
                return Ok((Binding::Function(self.source(value)?), false));
            }
        }
        if let Some(name) = library_name(value, &type_name) {
            return Ok((Binding::Known(name), false));
        }
        Ok((Binding::Unsupported(type_name), false))
    }

    /// A module: one that the compiler knows, or the user's with the attributes that the code names.
    fn module(&mut self, module: &Bound<'_, PyModule>, attributes: &Paths) -> PyResult<Binding> {
        let name = module.name()?.to_string();
        let root = name.split('.').next().unwrap_or("");
        if matches!(root, "math" | "cmath" | "numpy" | "builtins" | "fastjit" | "numba") {
            return Ok(Binding::KnownModule(name));
        }
        self.members(&module.dict(), attributes)
    }

    /// A class: an exception, a type that the compiler knows, or a namespace of constants.
    fn class(&mut self, class: &Bound<'_, PyType>, attributes: &Paths) -> PyResult<Binding> {
        if class.is_subclass_of::<PyBaseException>()? {
            let address = class.as_ptr();
            if let Some(index) = self.names.objects.iter().position(|object| object.as_ptr() == address) {
                return Ok(Binding::Exception(index as u32));
            }
            self.names.objects.push(class.clone().into_any().unbind());
            self.names.env.objects.push(class.name()?.to_string());
            return Ok(Binding::Exception(self.names.objects.len() as u32 - 1));
        }
        let name = class.name()?.to_string();
        let module = class.module().map_or(String::new(), |module| module.to_string());
        if matches!(module.as_str(), "builtins" | "numpy" | "fastjit") {
            return Ok(Binding::Known(format!("{module}.{name}")));
        }
        if module.starts_with("fastjit.") {
            return Ok(Binding::Known(format!("fastjit.{name}")));
        }
        let members = class.getattr("__dict__")?;
        let mut found = BTreeMap::new();
        for (name, next) in &attributes.0 {
            if let Ok(value) = members.get_item(name) {
                let key = PyString::intern(class.py(), name);
                let place = Place::Attribute { class: class.clone().into_any().unbind(), name: key.unbind() };
                let rebound = self.rebound.contains(&(class.as_ptr() as usize, name.clone()));
                let seen = self.names.seen.len();
                let object = Some(value.clone().unbind());
                self.names.seen.push(Seen { place, object, hidden: None, number: false });
                found.insert(name.clone(), self.seen_binding(seen, &value, next, rebound)?);
            }
        }
        Ok(Binding::Module(found))
    }

    /// The attributes of a namespace that the code names.
    fn members(&mut self, dict: &Bound<'_, PyDict>, attributes: &Paths) -> PyResult<Binding> {
        let mut found = BTreeMap::new();
        for (name, next) in &attributes.0 {
            let key = PyString::intern(dict.py(), name);
            if let Some(value) = dict.get_item(&key)? {
                found.insert(name.clone(), self.place(dict, &key, Some(&value), next)?);
            }
        }
        Ok(Binding::Module(found))
    }
}

/// A text attribute, or nothing.
fn attribute(value: &Bound<'_, PyAny>, name: &str) -> String {
    value.getattr(name).ok().and_then(|text| text.extract().ok()).unwrap_or_default()
}

/// The canonical dotted name of a function of a library that the compiler knows.
pub fn library_name(value: &Bound<'_, PyAny>, type_name: &str) -> Option<String> {
    let name = attribute(value, "__name__");
    if name.is_empty() {
        return None;
    }
    if type_name == "ufunc" {
        return Some(format!("numpy.{name}"));
    }
    let module = attribute(value, "__module__");
    let root = module.split('.').next().unwrap_or("");
    match root {
        "math" | "cmath" | "builtins" => Some(format!("{module}.{name}")),
        "numpy" if module.starts_with("numpy.linalg") => Some(format!("numpy.linalg.{name}")),
        "numpy" => Some(format!("numpy.{name}")),
        "fastjit" => Some(format!("fastjit.{name}")),
        _ => None,
    }
}

/// A value that is compiled in: a number, text, `None`, or a tuple of such.
fn constant(value: &Bound<'_, PyAny>) -> PyResult<Option<Binding>> {
    if value.is_none() {
        return Ok(Some(Binding::None));
    }
    if value.is_exact_instance_of::<PyBool>() {
        return Ok(Some(Binding::Scalar(Scalar::Bool, Const::Bool(value.extract()?))));
    }
    if value.is_exact_instance_of::<PyInt>() {
        return Ok(Some(match value.extract::<i64>() {
            Ok(number) => Binding::Scalar(Scalar::Int, Const::Int(number)),
            Err(_) => Binding::Unsupported("int beyond 64 bits".to_owned()),
        }));
    }
    if value.is_exact_instance_of::<PyFloat>() {
        return Ok(Some(Binding::Scalar(Scalar::Float, Const::Float(value.extract()?))));
    }
    if value.is_exact_instance_of::<PyComplex>() {
        return Ok(Some(Binding::Scalar(Scalar::Complex, complex(value)?)));
    }
    if value.is_exact_instance_of::<PyString>() {
        return Ok(Some(Binding::Str(value.extract()?)));
    }
    if let Ok(tuple) = value.cast_exact::<PyTuple>() {
        let mut items = Vec::with_capacity(tuple.len());
        for item in tuple.iter() {
            items.push(
                constant(&item)?
                    .unwrap_or_else(|| Binding::Unsupported(attribute(&item.get_type(), "__name__"))),
            );
        }
        return Ok(Some(Binding::Tuple(items)));
    }
    numpy_scalar(value)
}

fn complex(value: &Bound<'_, PyAny>) -> PyResult<Const> {
    Ok(Const::Complex(value.getattr("real")?.extract()?, value.getattr("imag")?.extract()?))
}

/// A NumPy scalar as a constant.
fn numpy_scalar(value: &Bound<'_, PyAny>) -> PyResult<Option<Binding>> {
    let ty = value.get_type();
    if ty.module().map_or(true, |module| module != "numpy") {
        return Ok(None);
    }
    let scalar = match ty.name()?.to_string().as_str() {
        "bool" | "bool_" => Scalar::NpBool,
        "int8" => Scalar::I8,
        "int16" => Scalar::I16,
        "int32" => Scalar::I32,
        "int64" => Scalar::I64,
        "uint8" => Scalar::U8,
        "uint16" => Scalar::U16,
        "uint32" => Scalar::U32,
        "uint64" => Scalar::U64,
        "float32" => Scalar::F32,
        "float64" => Scalar::F64,
        "complex64" => Scalar::C64,
        "complex128" => Scalar::C128,
        _ => return Ok(None),
    };
    let item = value.call_method0("item")?;
    let value = match scalar {
        Scalar::NpBool => Const::Bool(item.extract()?),
        Scalar::U64 => Const::Int(item.extract::<u64>()? as i64),
        Scalar::F32 | Scalar::F64 => Const::Float(item.extract()?),
        Scalar::C64 | Scalar::C128 => complex(&item)?,
        Scalar::Bool
        | Scalar::Int
        | Scalar::Float
        | Scalar::Complex
        | Scalar::I8
        | Scalar::I16
        | Scalar::I32
        | Scalar::I64
        | Scalar::U8
        | Scalar::U16
        | Scalar::U32 => Const::Int(item.extract()?),
    };
    Ok(Some(Binding::Scalar(scalar, value)))
}
