//! What the border knows of CPython beyond its stable API: layouts, versions, and owned references.
//!
//! In: the running interpreter's version. Out: direct reads for `unbox` and `names`, `Owned` for all.
//! Invariant: a layout is read only on versions whose sources were checked (3.10 to 3.14, with the GIL);
//! on others every function here falls back to the API.

use pyo3::ffi;
use std::ffi::{c_int, c_void};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU8, Ordering};

pub type Object = *mut ffi::PyObject;

/// Bit of `nargsf` that a caller sets when it lets the callee use the slot before the arguments.
pub const VECTORCALL_OFFSET: usize = 1 << (usize::BITS - 1);
/// `Py_TPFLAGS_HAVE_VECTORCALL`: the same bit in every CPython since 3.9.
pub const HAVE_VECTORCALL: u64 = 1 << 11;

unsafe extern "C" {
    /// Exported by every CPython, though not part of its limited API.
    pub fn PyMethod_New(function: Object, instance: Object) -> Object;
}

/// A reference that is given back when dropped. Made and dropped with the GIL held.
pub struct Owned(NonNull<ffi::PyObject>);

impl Owned {
    /// Takes over a new reference; `None` for null (an exception is set).
    ///
    /// # Safety
    /// `object` is null or a reference that the caller owns; the GIL is held.
    pub unsafe fn steal(object: Object) -> Option<Owned> {
        NonNull::new(object).map(Owned)
    }

    /// A reference of its own to a live object.
    ///
    /// # Safety
    /// `object` is a live object; the GIL is held.
    pub unsafe fn share(object: Object) -> Owned {
        // SAFETY: promised by the caller.
        unsafe { ffi::Py_INCREF(object) };
        Owned(NonNull::new(object).expect("invariant: a live object is not null"))
    }

    pub fn ptr(&self) -> Object {
        self.0.as_ptr()
    }

    /// Hands the reference over.
    pub fn into_ptr(self) -> Object {
        let object = self.ptr();
        std::mem::forget(self);
        object
    }
}

impl Clone for Owned {
    fn clone(&self) -> Owned {
        // SAFETY: the object is alive, being owned.
        unsafe { Owned::share(self.ptr()) }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: the reference is ours, and owners are dropped with the GIL held.
        unsafe { ffi::Py_DECREF(self.ptr()) };
    }
}

const UNKNOWN: u8 = 0;
/// Sign and number of digits in `ob_size`.
const SIGNED_SIZE: u8 = 1;
/// Sign and number of digits in `lv_tag`.
const TAGGED: u8 = 2;

static LONG_LAYOUT: AtomicU8 = AtomicU8::new(UNKNOWN);
static MINOR: AtomicU8 = AtomicU8::new(0);

/// Notes the version of the running interpreter. Called once, by the module's initialisation.
pub fn init(minor: u8) {
    MINOR.store(minor, Ordering::Relaxed);
    let layout = match minor {
        10 | 11 => SIGNED_SIZE,
        12..=14 => TAGGED,
        _ => UNKNOWN,
    };
    LONG_LAYOUT.store(layout, Ordering::Relaxed);
}

/// Minor version of the running Python.
pub fn minor() -> u8 {
    MINOR.load(Ordering::Relaxed)
}

pub fn layouts_known() -> bool {
    LONG_LAYOUT.load(Ordering::Relaxed) != UNKNOWN
}

/// If the only reference to an object is the caller's, makes it two and says true. False for null.
///
/// # Safety
/// `object` is null or alive and not immortal; the GIL is held.
#[inline(always)]
pub unsafe fn share_again(object: Object) -> bool {
    if object.is_null() || !layouts_known() {
        return false;
    }
    // SAFETY: the count is the first field, 64 bits with the flags that later versions keep in its upper
    // half and that are zero for ordinary objects.
    unsafe {
        let count = object.cast::<u64>();
        let ours = count.read() == 1;
        if ours {
            count.write(2);
        }
        ours
    }
}

/// Reads a field of a Python object.
///
/// # Safety
/// `object` is alive and has a `T` at `offset`.
#[inline(always)]
pub unsafe fn field<T: Copy>(object: Object, offset: usize) -> T {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<u8>().add(offset).cast::<T>().read_unaligned() }
}

/// The value of an exact `int`, or `None` if it does not fit 64 bits.
///
/// # Safety
/// `object` is an `int`; the GIL is held.
#[inline(always)]
pub unsafe fn int_value(object: Object) -> Option<i64> {
    let layout = LONG_LAYOUT.load(Ordering::Relaxed);
    // SAFETY: the layout of `int` in this version: size or tag, then 30-bit digits.
    unsafe {
        if layout == TAGGED {
            let tag: usize = field(object, 16);
            if tag < 16 {
                let digit: u32 = field(object, 24);
                return Some((1 - (tag & 3) as i64) * i64::from(digit));
            }
        } else if layout == SIGNED_SIZE {
            let size: isize = field(object, 16);
            if size == 0 {
                return Some(0);
            }
            if size == 1 || size == -1 {
                let digit: u32 = field(object, 24);
                return Some(size as i64 * i64::from(digit));
            }
        }
        int_by_api(object)
    }
}

#[cold]
unsafe fn int_by_api(object: Object) -> Option<i64> {
    let mut overflow: c_int = 0;
    // SAFETY: `object` is an `int`, which cannot fail to convert other than by overflow.
    let value = unsafe { ffi::PyLong_AsLongLongAndOverflow(object, &mut overflow) };
    (overflow == 0).then_some(value)
}

/// The value of an exact `float`.
///
/// # Safety
/// `object` is a `float`; the GIL is held.
#[inline(always)]
pub unsafe fn float_value(object: Object) -> f64 {
    // SAFETY: a float's value follows the header in every known version.
    unsafe { if layouts_known() { field(object, 16) } else { ffi::PyFloat_AsDouble(object) } }
}

/// Number of items of an exact tuple, and the address of the first.
///
/// # Safety
/// `object` is a `tuple` that stays alive; the GIL is held.
pub unsafe fn tuple_len(object: Object) -> usize {
    // SAFETY: promised by the caller.
    unsafe { ffi::PyTuple_Size(object) as usize }
}

/// What a closure cell holds, borrowed; null if it is empty.
///
/// # Safety
/// `cell` is a cell; the GIL is held, and the result is used before any Python code runs.
#[inline(always)]
pub unsafe fn cell_value(cell: Object) -> Object {
    // SAFETY: the contents follow the header in every known version; else the attribute is read, and the
    // cell keeps what it returned alive.
    unsafe {
        if layouts_known() {
            return field(cell, 16);
        }
        let value = ffi::PyObject_GetAttrString(cell, c"cell_contents".as_ptr());
        if value.is_null() {
            ffi::PyErr_Clear();
        } else {
            ffi::Py_DECREF(value);
        }
        value
    }
}

/// The version tag of a dict, which every change renews (3.10 and 3.11).
///
/// # Safety
/// `dict` is an exact dict and the running Python is 3.10 or 3.11.
#[inline(always)]
pub unsafe fn dict_tag(dict: Object) -> u64 {
    // SAFETY: `ma_version_tag` follows the header and `ma_used`.
    unsafe { field(dict, 24) }
}

/// A module if it has been imported, without importing it. Borrowed.
///
/// # Safety
/// The GIL is held.
pub unsafe fn imported(name: &std::ffi::CStr) -> Object {
    // SAFETY: plain look-up in `sys.modules`.
    unsafe { ffi::PyDict_GetItemString(ffi::PyImport_GetModuleDict(), name.as_ptr()) }
}

/// An address inside the interpreter that its limited API does not name.
pub fn symbol(name: &std::ffi::CStr) -> *mut c_void {
    // SAFETY: looks a name up among the loaded libraries.
    unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) }
}

/// The name of an object's type, for messages.
///
/// # Safety
/// `object` is alive; the GIL is held.
pub unsafe fn type_name(object: Object) -> String {
    // SAFETY: every object has a type, and a type has a name.
    unsafe {
        let ty = ffi::Py_TYPE(object).cast::<ffi::PyObject>();
        let name = ffi::PyObject_GetAttrString(ty, c"__name__".as_ptr());
        let text = text_of(name);
        match Owned::steal(name) {
            Some(_) => text.unwrap_or_else(|| "object".to_owned()),
            None => {
                ffi::PyErr_Clear();
                "object".to_owned()
            }
        }
    }
}

/// The text of a `str`, or `None` if `object` is null or something else.
///
/// # Safety
/// `object` is null or alive; the GIL is held.
pub unsafe fn text_of(object: Object) -> Option<String> {
    // SAFETY: checked to be a `str`; the bytes live as long as the object and are copied.
    unsafe {
        if object.is_null() || ffi::PyUnicode_Check(object) == 0 {
            return None;
        }
        let mut len = 0;
        let data = ffi::PyUnicode_AsUTF8AndSize(object, &mut len);
        if data.is_null() {
            ffi::PyErr_Clear();
            return None;
        }
        let bytes = std::slice::from_raw_parts(data.cast::<u8>(), len as usize);
        Some(String::from_utf8_lossy(bytes).into_owned())
    }
}
