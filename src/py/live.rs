//! Names are live: has anything that a program's names mean changed since they were collected?
//!
//! In: `env::Names`. Out: `Watch`, asked at every call. Owns: one counter for each watched namespace, which
//! moves when a name that some program uses is rebound there: from CPython 3.12 on by a dict watcher, before
//! by the dict's version tag, else never trusted (names are looked up at each call). Invariant: while
//! `Watch::unchanged` is true, every recorded place holds the recorded object.

use crate::py::env::{Names, Place, Rebound, Seen};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{c_char, c_int, c_void};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// What a second look at changed namespaces found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Every name still means the same.
    Same,
    /// Only values that are passed anew with each call: `Names::seen` has the new objects.
    Hidden,
    /// The program has to be collected again; numbers that were rebound have been noted.
    Changed,
}

/// The watched places of one program.
pub struct Watch {
    namespaces: Vec<Namespace>,
    /// Cell and the object that was in it.
    cells: Vec<(*mut ffi::PyObject, *mut ffi::PyObject)>,
}

struct Namespace {
    /// Where the counter is read: the watcher's, or the dict's version tag.
    counter: *const AtomicU64,
    seen: u64,
}

/// Offset of `ma_version_tag` in a dict object of CPython 3.10 and 3.11: after the header and `ma_used`.
const VERSION_TAG: usize = 24;
/// Offset of `ob_ref` in a cell object.
const CELL_CONTENT: usize = 16;

/// How changes of a namespace are noticed on this interpreter.
enum Method {
    /// `PyDict_Watch` and the identifier of our watcher.
    Watcher {
        watch: WatchFn,
        id: c_int,
    },
    VersionTag,
    None,
}

type WatchFn = unsafe extern "C" fn(c_int, *mut ffi::PyObject) -> c_int;
type AddWatcherFn = unsafe extern "C" fn(WatchCallback) -> c_int;
type WatchCallback =
    unsafe extern "C" fn(c_int, *mut ffi::PyObject, *mut ffi::PyObject, *mut ffi::PyObject) -> c_int;

/// `PyDict_EVENT_CLONED`, `PyDict_EVENT_CLEARED` and `PyDict_EVENT_DEALLOCATED`: no single key.
const EVENT_CLONED: c_int = 3;
const EVENT_CLEARED: c_int = 4;
const EVENT_DEALLOCATED: c_int = 5;

/// A watched dict: a counter that lives for ever and the names that programs use.
struct Watched {
    counter: &'static AtomicU64,
    /// Hashes of the names (a string object keeps its hash, and equal strings have equal hashes).
    names: BTreeSet<isize>,
}

/// Watched dicts by address. Reached from the watcher, which runs with the GIL held.
static WATCHED: Mutex<BTreeMap<usize, Watched>> = Mutex::new(BTreeMap::new());

fn method(py: Python<'_>) -> &'static Method {
    static METHOD: OnceLock<Method> = OnceLock::new();
    METHOD.get_or_init(|| {
        let version = py.version_info();
        if version < (3, 12) {
            return Method::VersionTag;
        }
        let (Some(add), Some(watch)) = (symbol(c"PyDict_AddWatcher"), symbol(c"PyDict_Watch")) else {
            return Method::None;
        };
        // SAFETY: the names and signatures are those of CPython's C API from 3.12 on.
        let (add, watch) = unsafe {
            (
                std::mem::transmute::<*mut c_void, AddWatcherFn>(add),
                std::mem::transmute::<*mut c_void, WatchFn>(watch),
            )
        };
        // SAFETY: called with the GIL held; the callback is a static function.
        let id = unsafe { add(changed) };
        if id < 0 {
            // All watchers are taken.
            let _ = PyErr::take(py);
            return Method::None;
        }
        Method::Watcher { watch, id }
    })
}

/// A symbol of the running interpreter that the stable ABI does not declare.
fn symbol(name: &std::ffi::CStr) -> Option<*mut c_void> {
    // SAFETY: the name ends with a zero byte; a missing symbol gives null.
    let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr().cast::<c_char>()) };
    (!address.is_null()).then_some(address)
}

/// The watcher: called before a watched dict changes.
unsafe extern "C" fn changed(
    event: c_int,
    dict: *mut ffi::PyObject,
    key: *mut ffi::PyObject,
    _new_value: *mut ffi::PyObject,
) -> c_int {
    let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    let address = dict as usize;
    if event == EVENT_DEALLOCATED {
        if let Some(gone) = watched.remove(&address) {
            gone.counter.fetch_add(1, Ordering::Relaxed);
        }
    } else if let Some(entry) = watched.get(&address)
        && (event == EVENT_CLONED || event == EVENT_CLEARED || entry.names.contains(&name_hash(key)))
    {
        entry.counter.fetch_add(1, Ordering::Relaxed);
    }
    0
}

/// Hash of a key of a namespace; keys that are not strings are nobody's names.
fn name_hash(key: *mut ffi::PyObject) -> isize {
    // SAFETY: called with the GIL held on a live object; hashing an exact string runs no code.
    unsafe { if ffi::PyUnicode_CheckExact(key) != 0 { ffi::PyObject_Hash(key) } else { 0 } }
}

/// The counter of a dict, which moves when `name` is rebound in it.
fn counter(py: Python<'_>, dict: &Bound<'_, PyDict>, name: *mut ffi::PyObject) -> Option<*const AtomicU64> {
    match method(py) {
        Method::VersionTag => {
            // SAFETY: on CPython 3.10 and 3.11 a dict has its 64-bit version tag at this offset; it is
            // written with the GIL held only, and read so.
            Some(unsafe { dict.as_ptr().cast::<u8>().add(VERSION_TAG) }.cast::<AtomicU64>())
        }
        Method::Watcher { watch, id } => {
            let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
            let entry = watched.entry(dict.as_ptr() as usize).or_insert_with(|| Watched {
                counter: Box::leak(Box::new(AtomicU64::new(0))),
                names: BTreeSet::new(),
            });
            let first = entry.names.is_empty();
            entry.names.insert(name_hash(name));
            let counter: *const AtomicU64 = entry.counter;
            drop(watched);
            // SAFETY: the GIL is held, `id` is our watcher's and the object is a dict.
            if first && unsafe { watch(*id, dict.as_ptr()) } < 0 {
                let _ = PyErr::take(py);
                return None;
            }
            Some(counter)
        }
        Method::None => None,
    }
}

impl Watch {
    /// Starts to watch the places of a program, as they are now.
    pub fn new(py: Python<'_>, names: &Names) -> Watch {
        /// A counter that never matches, for namespaces that cannot be watched.
        static UNKNOWN: AtomicU64 = AtomicU64::new(1);
        let mut watch = Watch { namespaces: Vec::new(), cells: Vec::new() };
        for seen in &names.seen {
            match &seen.place {
                Place::Dict { dict, name } => {
                    let (counter, known) = match counter(py, dict.bind(py), name.as_ptr()) {
                        Some(counter) => (counter, true),
                        None => (&raw const UNKNOWN, false),
                    };
                    if watch.namespaces.iter().all(|namespace| namespace.counter != counter) {
                        // SAFETY: the counter is a static, leaked, or inside a dict that `names` holds.
                        let now = unsafe { (*counter).load(Ordering::Relaxed) };
                        watch.namespaces.push(Namespace { counter, seen: if known { now } else { 0 } });
                    }
                }
                Place::Cell(cell) => {
                    let object = seen.object.as_ref().map_or(std::ptr::null_mut(), |object| object.as_ptr());
                    watch.cells.push((cell.as_ptr(), object));
                }
                // Classes tell nobody: looked at before each call.
                Place::Attribute { .. } => {
                    watch.namespaces.push(Namespace { counter: &raw const UNKNOWN, seen: 0 });
                }
            }
        }
        watch
    }

    /// True if no place can have changed. A handful of loads.
    #[inline]
    pub fn unchanged(&self) -> bool {
        self.namespaces.iter().all(|namespace| {
            // SAFETY: as in `new`; `Names` outlives its watch.
            unsafe { (*namespace.counter).load(Ordering::Relaxed) == namespace.seen }
        }) && self.cells.iter().all(|(cell, object)| {
            // SAFETY: `Names` holds the cell; its content is one pointer after the header.
            unsafe { *cell.cast::<u8>().add(CELL_CONTENT).cast::<*mut ffi::PyObject>() == *object }
        })
    }
}

/// Looks at every place again after `unchanged` was false. Objects that names no longer mean are put into
/// `gone`: dropping them may run Python code, so the caller does that when it is done.
pub fn recheck(
    py: Python<'_>,
    names: &mut Names,
    watch: &mut Watch,
    rebound: &mut Rebound,
    gone: &mut Vec<Py<PyAny>>,
) -> PyResult<Outcome> {
    let mut outcome = Outcome::Same;
    for seen in &mut names.seen {
        let now = look(py, seen)?;
        let same = match (&now, &seen.object) {
            (Some(now), Some(before)) => now.as_ptr() == before.as_ptr(),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if same {
            continue;
        }
        if seen.hidden.is_some() && now.is_some() {
            gone.extend(std::mem::replace(&mut seen.object, now.map(Bound::unbind)));
            if outcome == Outcome::Same {
                outcome = Outcome::Hidden;
            }
        } else {
            if seen.number {
                rebound.insert(key(&seen.place));
            }
            outcome = Outcome::Changed;
        }
    }
    *watch = Watch::new(py, names);
    Ok(outcome)
}

/// What is at a place now.
fn look<'py>(py: Python<'py>, seen: &Seen) -> PyResult<Option<Bound<'py, PyAny>>> {
    match &seen.place {
        Place::Dict { dict, name } => dict.bind(py).get_item(name.bind(py)),
        Place::Cell(cell) => Ok(cell.bind(py).getattr("cell_contents").ok()),
        Place::Attribute { class, name } => {
            let members = class.bind(py).getattr("__dict__")?;
            Ok(members.get_item(name.bind(py)).ok())
        }
    }
}

/// The identity of a place in `Rebound`.
fn key(place: &Place) -> (usize, String) {
    match place {
        Place::Dict { dict, name } => (dict.as_ptr() as usize, name.to_string()),
        Place::Cell(cell) => (cell.as_ptr() as usize, String::new()),
        Place::Attribute { class, name } => (class.as_ptr() as usize, name.to_string()),
    }
}
