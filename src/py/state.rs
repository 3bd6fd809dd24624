//! What a `fastjit.Function` remembers: parameters, the meaning of its names, compiled signatures.
//!
//! In: filled by `callable` and `compile`. Out: read by every call. Invariants: records and resolutions live
//! as long as the function and records are never changed, so that a call may use them while another, on
//! another thread or further down the stack, publishes more; everything is read and written with the GIL.

use crate::dispatch::Dispatcher;
use crate::dispatch::release::Release;
use crate::load::{EntryFn, Executable};
use crate::py::env::{Names, Place, Rebound};
use crate::py::live::Watch;
use crate::py::raw::{Object, Owned};
use crate::types::{Scalar, Type};
use std::cell::{Cell, OnceCell, RefCell, UnsafeCell};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::Arc;

/// A parameter of the Python function.
pub struct Parameter {
    /// Interned.
    pub name: Owned,
    pub default: Option<Owned>,
}

/// What the decorator was asked, apart from what the compiler needs to know.
#[derive(Clone, Copy)]
pub struct Behaviour {
    /// Release the GIL: always, never, or when the work is large.
    pub nogil: Option<bool>,
    pub fallback: bool,
    pub inline_always: bool,
}

pub struct State {
    /// The Python function; `None` once the garbage collector has cleared this object.
    pub function: RefCell<Option<Owned>>,
    pub parameters: Vec<Parameter>,
    /// How many of them may be given by position, and how many only so.
    pub positional: usize,
    pub positional_only: usize,
    /// Has `*args`, which stands behind the positional parameters.
    pub star: bool,
    /// Has `**kwargs`.
    pub variadic: bool,
    pub behaviour: Behaviour,
    pub dispatcher: Dispatcher,
    /// What a call looks at first: the record of the last signature.
    pub last: Cell<*const Record>,
    pub current: Cell<*const Resolution>,
    pub resolutions: RefCell<Vec<Box<Resolution>>>,
    pub rebound: RefCell<Rebound>,
    /// Functions passed as arguments, whose names are resolved along with our own.
    pub callbacks: RefCell<Vec<Owned>>,
    /// A `DeoptWarning` or `FallbackWarning` has been issued.
    pub warned: Cell<bool>,
    /// Calls that ran again in the interpreter.
    pub deoptimised: Cell<u64>,
}

/// One meaning of the names that the function uses, and what was compiled under it.
pub struct Resolution {
    pub names: RefCell<Names>,
    /// Equal for environments that compile alike.
    pub fingerprint: [u8; 32],
    pub live: UnsafeCell<Live>,
    pub records: RefCell<Records>,
}

/// What every call reads.
pub struct Live {
    pub watch: Watch,
    /// Objects passed as hidden arguments; `names` owns them.
    pub hidden: Vec<Object>,
}

/// Compiled signatures: the four most recently compiled are tried in turn before the hash is asked.
#[derive(Default)]
pub struct Records {
    recent: [Option<NonNull<Record>>; 4],
    by_codes: HashMap<Box<[u64]>, Box<Record>>,
    /// In the order of their first calls.
    pub order: Vec<NonNull<Record>>,
}

/// How a result is boxed: the frequent cases by a byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ResultKind {
    None,
    Int,
    Float,
    Bool,
    /// A NumPy number of one word.
    NumPy(Scalar),
    Other,
}

/// One compiled signature.
pub struct Record {
    /// Types of the arguments, then of the hidden arguments.
    pub codes: Box<[u64]>,
    /// `None`: refused by the compiler, and `fallback=True` was asked for.
    pub code: Option<Code>,
    /// Types of the parameters.
    pub params: Vec<Type>,
    /// Functions whose addresses are in `codes`.
    pub functions: Vec<Owned>,
    pub resolution: *const Resolution,
}

/// What a call needs to know of compiled code.
pub struct Code {
    pub entry: EntryFn,
    pub result: ResultKind,
    pub result_words: usize,
    pub release: Release,
    /// The code calls or loops: it may poll or print.
    pub loops: bool,
    pub prints: bool,
    /// The code calls itself: it asks for the stack limit.
    pub recursive: bool,
    pub executable: Arc<Executable>,
    /// What runs when the tests before a loop fail; see `Options::fast_only`.
    pub second: OnceCell<Box<Code>>,
}

impl Records {
    /// The record for these codes.
    pub fn find(&self, codes: &[u64]) -> Option<*const Record> {
        for record in self.recent.iter().flatten() {
            // SAFETY: records are boxed, owned by `by_codes`, and never removed while `self` lives.
            if unsafe { record.as_ref() }.codes[..] == *codes {
                return Some(record.as_ptr());
            }
        }
        self.by_codes.get(codes).map(|record| std::ptr::from_ref(&**record))
    }

    pub fn insert(&mut self, record: Record) -> *const Record {
        if let Some(known) = self.find(&record.codes) {
            // Another thread was faster while this one read the source.
            return known;
        }
        let record = Box::new(record);
        let at = NonNull::from(&*record);
        self.by_codes.insert(record.codes.clone(), record);
        self.recent.rotate_right(1);
        self.recent[0] = Some(at);
        self.order.push(at);
        at.as_ptr()
    }
}

impl State {
    /// The Python function, borrowed; null after the garbage collector has cleared this object.
    pub fn function(&self) -> Object {
        self.function.borrow().as_ref().map_or(std::ptr::null_mut(), Owned::ptr)
    }

    /// The resolution in force.
    pub fn resolution(&self) -> Option<&Resolution> {
        // SAFETY: resolutions are boxed and live as long as the state.
        unsafe { self.current.get().as_ref() }
    }

    /// Every reference held, for the garbage collector.
    pub fn each_reference(&self, visit: &mut dyn FnMut(Object)) {
        if let Some(function) = &*self.function.borrow() {
            visit(function.ptr());
        }
        self.callbacks.borrow().iter().for_each(|function| visit(function.ptr()));
        self.parameters.iter().filter_map(|p| p.default.as_ref()).for_each(|default| visit(default.ptr()));
        for resolution in self.resolutions.borrow().iter() {
            // Borrowed mutably only while names are looked up again, when the collector may run too.
            if let Ok(names) = resolution.names.try_borrow() {
                names.functions.iter().chain(&names.objects).for_each(|object| visit(object.as_ptr()));
                for seen in &names.seen {
                    match &seen.place {
                        Place::Dict { dict, name: _ } => visit(dict.as_ptr()),
                        Place::Cell(cell) => visit(cell.as_ptr()),
                        Place::Attribute { class, name: _ } => visit(class.as_ptr()),
                    }
                    seen.object.iter().for_each(|object| visit(object.as_ptr()));
                }
            }
            if let Ok(records) = resolution.records.try_borrow() {
                #[expect(clippy::iter_over_hash_type, reason = "the order of visits does not matter")]
                for record in records.by_codes.values() {
                    record.functions.iter().for_each(|function| visit(function.ptr()));
                }
            }
        }
    }
}
