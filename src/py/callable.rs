//! `fastjit.Function`: the object that a decorated function becomes.
//!
//! In: `_core.make`. Out: a heap type with a vectorcall, attributes, the descriptor protocol, pickling by
//! name, weak references and garbage collection. Invariant: an object of the type always has its state;
//! clearing it drops the Python function only.

use crate::dispatch::Dispatcher;
use crate::options::Options;
use crate::py::call::vectorcall;
use crate::py::compile::{self, at_border};
use crate::py::explain as explanation;
use crate::py::raw::{self, Object, Owned};
use crate::py::state::{Behaviour, Parameter, State};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use std::cell::{Cell, RefCell};
use std::ffi::{c_char, c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

type Vectorcall = unsafe extern "C" fn(Object, *const Object, usize, Object) -> Object;

#[repr(C)]
pub struct FunctionObject {
    head: ffi::PyObject,
    vectorcall: Option<Vectorcall>,
    pub state: *mut State,
    /// Number of arguments of a call that can be taken as they come.
    pub arity: usize,
    dict: Object,
    weak_references: Object,
}

static TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// The state of a `fastjit.Function`, or `None` for another object.
///
/// # Safety
/// `object` is alive; the GIL is held; the state is used while the object is alive.
pub unsafe fn state_of<'a>(object: Object) -> Option<&'a State> {
    // SAFETY: types are compared by address; objects of our type have a state.
    unsafe {
        if ffi::Py_TYPE(object) != TYPE.load(Ordering::Relaxed) {
            return None;
        }
        (*object.cast::<FunctionObject>()).state.as_ref()
    }
}

/// The Python function of a plain function or a `fastjit.Function`, borrowed; `None` for anything else.
///
/// # Safety
/// `object` is alive; the GIL is held.
pub unsafe fn python_function(object: Object) -> Option<Object> {
    static FUNCTION: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());
    // SAFETY: `PyFunction_Type` is looked up by name, as the limited API does not declare it.
    unsafe {
        let mut function = FUNCTION.load(Ordering::Relaxed);
        if function.is_null() {
            function = raw::symbol(c"PyFunction_Type").cast();
            FUNCTION.store(function, Ordering::Relaxed);
        }
        if ffi::Py_TYPE(object) == function {
            return Some(object);
        }
        state_of(object).map(State::function).filter(|function| !function.is_null())
    }
}

#[repr(C)]
struct Member {
    name: *const c_char,
    type_code: c_int,
    offset: isize,
    flags: c_int,
    doc: *const c_char,
}

/// `Py_T_PYSSIZET` and `Py_READONLY`.
const T_PYSSIZET: c_int = 19;
const READONLY: c_int = 1;

/// Makes the type. Called once.
pub fn init(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let member = |name: &'static std::ffi::CStr, offset: usize| Member {
        name: name.as_ptr(),
        type_code: T_PYSSIZET,
        offset: offset as isize,
        flags: READONLY,
        doc: ptr::null(),
    };
    let end = Member { name: ptr::null(), type_code: 0, offset: 0, flags: 0, doc: ptr::null() };
    let members = Box::leak(Box::new([
        member(c"__vectorcalloffset__", std::mem::offset_of!(FunctionObject, vectorcall)),
        member(c"__dictoffset__", std::mem::offset_of!(FunctionObject, dict)),
        member(c"__weaklistoffset__", std::mem::offset_of!(FunctionObject, weak_references)),
        end,
    ]));
    let getset =
        |name: &'static std::ffi::CStr, get: ffi::getter, doc: &'static std::ffi::CStr| ffi::PyGetSetDef {
            name: name.as_ptr(),
            get: Some(get),
            set: None,
            doc: doc.as_ptr(),
            closure: ptr::null_mut(),
        };
    let getsets = Box::leak(Box::new([
        ffi::PyGetSetDef {
            name: c"__dict__".as_ptr(),
            get: Some(ffi::PyObject_GenericGetDict),
            set: None,
            doc: ptr::null(),
            closure: ptr::null_mut(),
        },
        getset(c"py_func", get_py_func, c"The Python function."),
        getset(c"signatures", get_signatures, c"Types of the parameters of each compiled version."),
        getset(c"stats", get_stats, c"Counts of compilations, loads from the cache, and calls run again."),
        ffi::PyGetSetDef::default(),
    ]));
    let method = |name: &'static std::ffi::CStr,
                  call: ffi::PyCFunction,
                  flags: c_int,
                  doc: &'static std::ffi::CStr| {
        ffi::PyMethodDef {
            ml_name: name.as_ptr(),
            ml_meth: ffi::PyMethodDefPointer { PyCFunction: call },
            ml_flags: flags,
            ml_doc: doc.as_ptr(),
        }
    };
    let methods = Box::leak(Box::new([
        method(c"compile", compile_signature, ffi::METH_O, c"Compiles for a signature given as text."),
        method(
            c"inspect",
            inspect,
            ffi::METH_VARARGS,
            c"inspect($self, stage, signature=None, /)\n--\n\nWhat became of the function: 'hir', 'mir', 'clif' or 'asm'.",
        ),
        ffi::PyMethodDef {
            ml_name: c"explain".as_ptr(),
            ml_meth: ffi::PyMethodDefPointer { PyCFunctionWithKeywords: explain },
            ml_flags: ffi::METH_VARARGS | ffi::METH_KEYWORDS,
            ml_doc: c"explain($self, file=None, /, *, signature=None, html=False)\n--\n\nWhat became of each line: printed, shown in a notebook, or written to a file.".as_ptr(),
        },
        method(c"__reduce__", reduce, ffi::METH_NOARGS, c"Pickled by name, as functions are."),
        ffi::PyMethodDef::zeroed(),
    ]));
    let slots = Box::leak(Box::new([
        slot(ffi::Py_tp_members, members.as_mut_ptr().cast()),
        slot(ffi::Py_tp_getset, getsets.as_mut_ptr().cast()),
        slot(ffi::Py_tp_methods, methods.as_mut_ptr().cast()),
        slot(ffi::Py_tp_call, tp_call as *mut c_void),
        slot(ffi::Py_tp_dealloc, dealloc as *mut c_void),
        slot(ffi::Py_tp_traverse, traverse as *mut c_void),
        slot(ffi::Py_tp_clear, clear as *mut c_void),
        slot(ffi::Py_tp_descr_get, descr_get as *mut c_void),
        slot(ffi::Py_tp_repr, repr as *mut c_void),
        slot(0, ptr::null_mut()),
    ]));
    let mut spec = ffi::PyType_Spec {
        name: c"fastjit._core.Function".as_ptr(),
        basicsize: size_of::<FunctionObject>() as c_int,
        itemsize: 0,
        flags: (ffi::Py_TPFLAGS_DEFAULT | raw::HAVE_VECTORCALL | ffi::Py_TPFLAGS_HAVE_GC) as u32,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the specification and what it points to are complete; the latter lives for ever.
    let made = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyType_FromSpec(&mut spec))? };
    // Objects keep the type alive; so does this.
    TYPE.store(made.clone().into_ptr().cast(), Ordering::Release);
    Ok(made)
}

fn slot(slot: c_int, pfunc: *mut c_void) -> ffi::PyType_Slot {
    ffi::PyType_Slot { slot, pfunc }
}

/// A `fastjit.Function` for a Python function.
pub fn make(
    function: &Bound<'_, PyAny>,
    options: Options,
    cached: bool,
    behaviour: Behaviour,
) -> PyResult<Py<PyAny>> {
    let py = function.py();
    let state = state(function, options, cached, behaviour)?;
    let arity = if state.variadic || state.star || state.positional != state.parameters.len() {
        usize::MAX
    } else {
        state.positional
    };
    // SAFETY: the type is ours; its fields are set before anybody sees the object.
    let object = unsafe {
        let ty = TYPE.load(Ordering::Acquire);
        let object = Bound::from_owned_ptr_or_err(py, ffi::PyType_GenericAlloc(ty, 0))?;
        let fields = object.as_ptr().cast::<FunctionObject>();
        (&raw mut (*fields).vectorcall).write(Some(vectorcall));
        (&raw mut (*fields).arity).write(arity);
        (&raw mut (*fields).state).write(Box::into_raw(Box::new(state)));
        object
    };
    for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
        object.setattr(name, function.getattr(name)?)?;
    }
    let dict = object.getattr("__dict__")?.cast_into::<PyDict>()?;
    dict.update(function.getattr("__dict__")?.cast::<PyDict>()?.as_mapping())?;
    object.setattr("__wrapped__", function)?;
    Ok(object.unbind())
}

const CO_VARARGS: u32 = 0x04;
const CO_VARKEYWORDS: u32 = 0x08;

fn state(
    function: &Bound<'_, PyAny>,
    options: Options,
    cached: bool,
    behaviour: Behaviour,
) -> PyResult<State> {
    let py = function.py();
    let code = function.getattr("__code__")?;
    let count = |name: &str| -> PyResult<usize> { code.getattr(name)?.extract() };
    let (positional, keyword_only) = (count("co_argcount")?, count("co_kwonlyargcount")?);
    let flags: u32 = code.getattr("co_flags")?.extract()?;
    let names = code.getattr("co_varnames")?.cast_into::<PyTuple>()?;
    let defaults: Option<Vec<Bound<'_, PyAny>>> = function.getattr("__defaults__")?.extract()?;
    let defaults = defaults.unwrap_or_default();
    let keyword_defaults: Option<Bound<'_, PyDict>> = function.getattr("__kwdefaults__")?.extract()?;
    let mut parameters = Vec::with_capacity(positional + keyword_only);
    for (index, name) in names.iter().take(positional + keyword_only).enumerate() {
        let name = PyString::intern(py, name.extract()?);
        let default = if index < positional {
            (index + defaults.len()).checked_sub(positional).map(|at| defaults[at].clone())
        } else {
            match &keyword_defaults {
                Some(given) => given.get_item(&name)?,
                None => None,
            }
        };
        // SAFETY: new references, made with the GIL held.
        parameters.push(unsafe {
            Parameter {
                name: Owned::share(name.as_ptr()),
                default: default.map(|value| Owned::share(value.as_ptr())),
            }
        });
    }
    let star = flags & CO_VARARGS != 0;
    if star {
        let name = PyString::intern(py, names.get_item(positional + keyword_only)?.extract()?);
        // SAFETY: as above.
        let name = unsafe { Owned::share(name.as_ptr()) };
        parameters.insert(positional, Parameter { name, default: None });
    }
    Ok(State {
        // SAFETY: as above.
        function: RefCell::new(Some(unsafe { Owned::share(function.as_ptr()) })),
        parameters,
        positional,
        positional_only: count("co_posonlyargcount")?,
        star,
        variadic: flags & CO_VARKEYWORDS != 0,
        behaviour,
        dispatcher: Dispatcher::new(options, cached),
        last: Cell::new(ptr::null()),
        current: Cell::new(ptr::null()),
        resolutions: RefCell::default(),
        rebound: RefCell::default(),
        callbacks: RefCell::default(),
        warned: Cell::new(false),
        deoptimised: Cell::new(0),
    })
}

unsafe extern "C" fn tp_call(callable: Object, args: Object, keywords: Object) -> Object {
    // SAFETY: called by the interpreter with a tuple and a dict or null.
    unsafe {
        let positional = raw::tuple_len(args);
        let mut given: Vec<Object> =
            (0..positional).map(|at| ffi::PyTuple_GetItem(args, at as isize)).collect();
        let mut names = None;
        if !keywords.is_null() && ffi::PyDict_Size(keywords) > 0 {
            let tuple = Owned::steal(ffi::PyTuple_New(ffi::PyDict_Size(keywords)));
            let Some(tuple) = tuple else { return ptr::null_mut() };
            let (mut at, mut index, mut name, mut value) = (0, 0, ptr::null_mut(), ptr::null_mut());
            while ffi::PyDict_Next(keywords, &mut at, &mut name, &mut value) != 0 {
                ffi::PyTuple_SetItem(tuple.ptr(), index, Owned::share(name).into_ptr());
                index += 1;
                given.push(value);
            }
            names = Some(tuple);
        }
        vectorcall(callable, given.as_ptr(), positional, names.map_or(ptr::null_mut(), |names| names.ptr()))
    }
}

unsafe extern "C" fn traverse(object: Object, visit: ffi::visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: called by the garbage collector; references are visited, not used.
    unsafe {
        let fields = object.cast::<FunctionObject>();
        let mut outcome = visit(ffi::Py_TYPE(object).cast(), arg);
        if outcome == 0 && !(*fields).dict.is_null() {
            outcome = visit((*fields).dict, arg);
        }
        if let Some(state) = (*fields).state.as_ref() {
            state.each_reference(&mut |reference| {
                if outcome == 0 {
                    outcome = visit(reference, arg);
                }
            });
        }
        outcome
    }
}

unsafe extern "C" fn clear(object: Object) -> c_int {
    // SAFETY: called by the garbage collector with an object that nobody else can reach.
    unsafe {
        let fields = object.cast::<FunctionObject>();
        drop(Owned::steal(std::mem::replace(&mut (*fields).dict, ptr::null_mut())));
        if let Some(state) = (*fields).state.as_ref() {
            drop(state.function.borrow_mut().take());
            state.last.set(ptr::null());
            state.current.set(ptr::null());
            let held = (state.callbacks.take(), state.resolutions.take());
            let mut held = Some(held);
            Python::try_attach(|_| drop(held.take()));
            // The interpreter is finishing: what is left goes with the process.
            std::mem::forget(held);
        }
        0
    }
}

unsafe extern "C" fn dealloc(object: Object) {
    // SAFETY: called once, when the last reference is gone.
    unsafe {
        let fields = object.cast::<FunctionObject>();
        ffi::PyObject_GC_UnTrack(object.cast());
        if !(*fields).weak_references.is_null() {
            ffi::PyObject_ClearWeakRefs(object);
        }
        clear(object);
        let state = (*fields).state;
        if !state.is_null() {
            drop(Box::from_raw(state));
        }
        let ty = ffi::Py_TYPE(object);
        ffi::PyObject_GC_Del(object.cast());
        ffi::Py_DECREF(ty.cast());
    }
}

unsafe extern "C" fn descr_get(function: Object, instance: Object, _owner: Object) -> Object {
    // SAFETY: called by the interpreter; `PyMethod_New` takes references of its own.
    unsafe {
        if instance.is_null() || instance == ffi::Py_None() {
            ffi::Py_INCREF(function);
            return function;
        }
        raw::PyMethod_New(function, instance)
    }
}

unsafe extern "C" fn repr(object: Object) -> Object {
    // SAFETY: the object is ours and alive.
    let name = unsafe { state_of(object) }.map_or("function".to_owned(), compile::name_of);
    let text = format!("<fastjit.Function {name}>");
    // SAFETY: the GIL is held.
    unsafe { ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize) }
}

unsafe extern "C" fn get_py_func(object: Object, _closure: *mut c_void) -> Object {
    // SAFETY: the object is ours and alive.
    unsafe {
        match state_of(object).map(State::function).filter(|function| !function.is_null()) {
            Some(function) => {
                ffi::Py_INCREF(function);
                function
            }
            None => {
                ffi::PyErr_SetString(ffi::PyExc_AttributeError, c"py_func".as_ptr());
                ptr::null_mut()
            }
        }
    }
}

/// Runs a method on the state: null with an exception set on failure.
unsafe fn with_state(object: Object, work: impl FnOnce(Python<'_>, &State) -> PyResult<Py<PyAny>>) -> Object {
    at_border(|py| {
        // SAFETY: the object is ours, and alive during the call.
        let state = unsafe { state_of(object) };
        work(py, state.expect("invariant: a method of the type"))
    })
    .map_or(ptr::null_mut(), Py::into_ptr)
}

unsafe extern "C" fn get_signatures(object: Object, _closure: *mut c_void) -> Object {
    // SAFETY: as `with_state`.
    unsafe {
        with_state(object, |py, state| {
            let mut shown: Vec<Vec<String>> = Vec::new();
            for resolution in state.resolutions.borrow().iter() {
                for record in &resolution.records.borrow().order {
                    let params: Vec<String> =
                        record.as_ref().params.iter().map(ToString::to_string).collect();
                    if !shown.contains(&params) {
                        shown.push(params);
                    }
                }
            }
            let list = PyList::empty(py);
            for params in shown {
                list.append(PyTuple::new(py, params)?)?;
            }
            Ok(list.into_any().unbind())
        })
    }
}

unsafe extern "C" fn get_stats(object: Object, _closure: *mut c_void) -> Object {
    // SAFETY: as `with_state`.
    unsafe {
        with_state(object, |py, state| {
            let (compiled, cache_hits) = state.dispatcher.counts();
            let stats = PyDict::new(py);
            stats.set_item("compiled", compiled)?;
            stats.set_item("cache_hits", cache_hits)?;
            stats.set_item("calls_deopt", state.deoptimised.get())?;
            Ok(stats.into_any().unbind())
        })
    }
}

unsafe extern "C" fn compile_signature(object: Object, signature: Object) -> Object {
    // SAFETY: as `with_state`; the argument is alive during the call.
    unsafe {
        with_state(object, |py, state| {
            let text = Bound::from_borrowed_ptr(py, signature).str()?.to_string();
            compile::explicit(py, state, &text)?;
            Ok(py.None())
        })
    }
}

unsafe extern "C" fn inspect(object: Object, args: Object) -> Object {
    // SAFETY: as `with_state`.
    unsafe {
        with_state(object, |py, state| {
            let args = Bound::from_borrowed_ptr(py, args).cast_into::<PyTuple>()?;
            let (stage, signature) = match args.len() {
                1 => (args.get_item(0)?.extract::<String>()?, None),
                _ => args.extract::<(String, Option<String>)>()?,
            };
            let text = explanation::inspect(py, state, &stage, signature.as_deref())?;
            Ok(PyString::new(py, &text).into_any().unbind())
        })
    }
}

/// `fastjit._explain.explain(self, *args, **keywords)`.
unsafe extern "C" fn explain(object: Object, args: Object, keywords: Object) -> Object {
    // SAFETY: as `with_state`; the arguments are a tuple and a dict or null, alive during the call.
    unsafe {
        with_state(object, |py, _| {
            let function = Bound::from_borrowed_ptr(py, object);
            let args = Bound::from_borrowed_ptr(py, args).cast_into::<PyTuple>()?;
            let keywords = Bound::from_borrowed_ptr_or_opt(py, keywords);
            let keywords = keywords.map(Bound::cast_into::<PyDict>).transpose()?;
            let all: Vec<_> = std::iter::once(function).chain(args.iter()).collect();
            let explain = py.import("fastjit._explain")?.getattr("explain")?;
            Ok(explain.call(PyTuple::new(py, all)?, keywords.as_ref())?.unbind())
        })
    }
}

unsafe extern "C" fn reduce(object: Object, _none: Object) -> Object {
    // SAFETY: the object is alive.
    unsafe { ffi::PyObject_GetAttrString(object, c"__qualname__".as_ptr()) }
}
