//! NumPy as the border sees it: the layout of its objects and its C API table.
//!
//! In: the imported `numpy` package; it is never imported here before an array or a NumPy number has been
//! met or must be made. Out: types and functions for `unbox` and `rebox`. Invariant: the table, once
//! published, never changes.

use crate::py::raw::{self, Object, Owned};
use crate::types::Scalar;
use pyo3::ffi;
use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};

/// The head of an `ndarray`; the same in every NumPy since 1.7.
#[repr(C)]
pub struct Array {
    head: ffi::PyObject,
    pub data: *mut u8,
    pub ndim: c_int,
    pub shape: *mut isize,
    pub strides: *mut isize,
    pub base: Object,
    pub descr: *mut Descr,
    pub flags: c_int,
}

/// The head of a dtype object.
#[repr(C)]
pub struct Descr {
    head: ffi::PyObject,
    pub typeobj: *mut ffi::PyTypeObject,
    pub kind: u8,
    pub char: u8,
    pub byteorder: u8,
    former_flags: u8,
    pub type_num: c_int,
}

pub const C_CONTIGUOUS: c_int = 0x1;
pub const F_CONTIGUOUS: c_int = 0x2;
pub const WRITEABLE: c_int = 0x400;

/// Where the value of a NumPy scalar object starts.
pub const SCALAR_VALUE: usize = 16;

/// Element types by NumPy's type number.
pub const BY_NUMBER: [Option<Scalar>; 16] = [
    Some(Scalar::NpBool),
    Some(Scalar::I8),
    Some(Scalar::U8),
    Some(Scalar::I16),
    Some(Scalar::U16),
    Some(Scalar::I32),
    Some(Scalar::U32),
    Some(if cfg!(windows) { Scalar::I32 } else { Scalar::I64 }),
    Some(if cfg!(windows) { Scalar::U32 } else { Scalar::U64 }),
    Some(Scalar::I64),
    Some(Scalar::U64),
    Some(Scalar::F32),
    Some(Scalar::F64),
    None,
    Some(Scalar::C64),
    Some(Scalar::C128),
];

/// NumPy's type number of an element type.
pub fn number(scalar: Scalar) -> c_int {
    match scalar.to_numpy() {
        Scalar::NpBool | Scalar::Bool => 0,
        Scalar::I8 => 1,
        Scalar::U8 => 2,
        Scalar::I16 => 3,
        Scalar::U16 => 4,
        Scalar::I32 => 5,
        Scalar::U32 => 6,
        Scalar::I64 | Scalar::Int => {
            if cfg!(windows) {
                9
            } else {
                7
            }
        }
        Scalar::U64 => {
            if cfg!(windows) {
                10
            } else {
                8
            }
        }
        Scalar::F32 => 11,
        Scalar::F64 | Scalar::Float => 12,
        Scalar::C64 => 14,
        Scalar::C128 | Scalar::Complex => 15,
    }
}

type NewFromDescr = unsafe extern "C" fn(
    *mut ffi::PyTypeObject,
    Object,
    c_int,
    *const isize,
    *const isize,
    *mut c_void,
    c_int,
    Object,
) -> Object;

/// Allocates an object of a type: `tp_alloc(type, 0)`.
type Alloc = unsafe extern "C" fn(*mut ffi::PyTypeObject, isize) -> Object;

/// A scalar type of NumPy. Its objects hold the value at `SCALAR_VALUE`.
struct ScalarType {
    ty: *mut ffi::PyTypeObject,
    scalar: Scalar,
    alloc: Alloc,
    /// The number made last, with a reference of ours, or null. When nobody else has one any more it is made
    /// into the next number, as CPython's `zip` does with its tuples: making and freeing an object is most of
    /// what a short call costs. Numbers have no weak references, and no cycles lead through them.
    last: Cell<Object>,
}

/// What is used of NumPy.
pub struct NumPy {
    table: *const *const c_void,
    pub ndarray: *mut ffi::PyTypeObject,
    pub descr: *mut ffi::PyTypeObject,
    pub generic: *mut ffi::PyTypeObject,
    pub memmap: *mut ffi::PyTypeObject,
    /// Types of the scalars, the most frequent first.
    scalars: Vec<ScalarType>,
    /// `np.False_` and `np.True_`, the only objects of their type.
    bools: [Object; 2],
    /// Major and minor version.
    pub version: (u32, u32),
}

static LOADED: AtomicPtr<NumPy> = AtomicPtr::new(std::ptr::null_mut());
/// `numpy.ndarray`, or null as long as NumPy has not been met: no object has that type.
static NDARRAY: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(std::ptr::null_mut());

#[inline(always)]
pub fn ndarray_type() -> *mut ffi::PyTypeObject {
    NDARRAY.load(Ordering::Relaxed)
}

/// NumPy if the program has imported it.
///
/// # Safety
/// The GIL is held and no exception is set.
pub unsafe fn loaded() -> Option<&'static NumPy> {
    // SAFETY: a published table is never freed.
    if let Some(numpy) = unsafe { LOADED.load(Ordering::Acquire).as_ref() } {
        return Some(numpy);
    }
    // SAFETY: the GIL is held.
    unsafe {
        // While `import numpy` is under way the package is there but not complete.
        if crate::py::raw::imported(c"numpy").is_null() {
            return None;
        }
        let found = load();
        if found.is_none() {
            ffi::PyErr_Clear();
        }
        found
    }
}

/// NumPy, imported now if need be; `None` with an exception set.
///
/// # Safety
/// The GIL is held and no exception is set.
pub unsafe fn get() -> Option<&'static NumPy> {
    // SAFETY: as `loaded`.
    unsafe {
        match LOADED.load(Ordering::Acquire).as_ref() {
            Some(numpy) => Some(numpy),
            None => load(),
        }
    }
}

unsafe fn attribute(object: &Owned, name: &std::ffi::CStr) -> Option<Owned> {
    // SAFETY: the GIL is held (callers' promise); a new reference or null.
    unsafe { Owned::steal(ffi::PyObject_GetAttrString(object.ptr(), name.as_ptr())) }
}

#[cold]
unsafe fn load() -> Option<&'static NumPy> {
    // SAFETY: the GIL is held; every call's result is checked for null; types are kept alive by leaking
    // one reference each, as a program's NumPy is never unloaded.
    unsafe {
        let numpy = Owned::steal(ffi::PyImport_ImportModule(c"numpy".as_ptr()))?;
        let umath = match Owned::steal(ffi::PyImport_ImportModule(c"numpy._core._multiarray_umath".as_ptr()))
        {
            Some(module) => module,
            None => {
                ffi::PyErr_Clear();
                Owned::steal(ffi::PyImport_ImportModule(c"numpy.core._multiarray_umath".as_ptr()))?
            }
        };
        let capsule = attribute(&umath, c"_ARRAY_API")?;
        let table = ffi::PyCapsule_GetPointer(capsule.ptr(), std::ptr::null()) as *const *const c_void;
        if table.is_null() {
            return None;
        }
        let mut scalars = Vec::new();
        for (name, scalar) in [
            (c"float64", Scalar::F64),
            (c"int64", Scalar::I64),
            (c"bool_", Scalar::NpBool),
            (c"float32", Scalar::F32),
            (c"int32", Scalar::I32),
            (c"int8", Scalar::I8),
            (c"int16", Scalar::I16),
            (c"uint8", Scalar::U8),
            (c"uint16", Scalar::U16),
            (c"uint32", Scalar::U32),
            (c"uint64", Scalar::U64),
            (c"complex64", Scalar::C64),
            (c"complex128", Scalar::C128),
        ] {
            let ty = attribute(&numpy, name)?.into_ptr().cast::<ffi::PyTypeObject>();
            let alloc = ffi::PyType_GetSlot(ty, ffi::Py_tp_alloc);
            let alloc = std::mem::transmute::<*mut c_void, Option<Alloc>>(alloc)?;
            scalars.push(ScalarType { ty, scalar, alloc, last: Cell::new(std::ptr::null_mut()) });
        }
        let bools = [attribute(&numpy, c"False_")?.into_ptr(), attribute(&numpy, c"True_")?.into_ptr()];
        let memmap = attribute(&numpy, c"memmap")?.into_ptr().cast();
        let version = attribute(&numpy, c"__version__")?;
        let version = crate::py::raw::text_of(version.ptr()).unwrap_or_default();
        let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
        let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        let ndarray = table.add(2).read().cast_mut().cast::<ffi::PyTypeObject>();
        let descr = table.add(3).read().cast_mut().cast();
        let generic = table.add(10).read().cast_mut().cast();
        capsule.into_ptr();
        let new = Box::new(NumPy { table, ndarray, descr, generic, memmap, scalars, bools, version });
        let new: &'static NumPy = Box::leak(new);
        NDARRAY.store(ndarray, Ordering::Release);
        LOADED.store(std::ptr::from_ref(new).cast_mut(), Ordering::Release);
        Some(new)
    }
}

impl NumPy {
    unsafe fn function<F: Copy>(&self, index: usize) -> F {
        // SAFETY: the caller names the C type of the function that NumPy documents at this index.
        unsafe { std::mem::transmute_copy(&self.table.add(index).read()) }
    }

    /// The NumPy scalar type of an element type.
    pub fn scalar_of(&self, ty: *mut ffi::PyTypeObject) -> Option<Scalar> {
        self.scalars.iter().find(|known| known.ty == ty).map(|known| known.scalar)
    }

    /// The scalar type of an element type, borrowed.
    pub fn type_of(&self, scalar: Scalar) -> *mut ffi::PyTypeObject {
        let found = self.scalars.iter().find(|known| known.scalar == scalar);
        found.expect("invariant: every NumPy type is in the table").ty
    }

    /// New reference to the dtype of an element type.
    ///
    /// # Safety
    /// The GIL is held.
    pub unsafe fn dtype(&self, scalar: Scalar) -> Object {
        // SAFETY: `PyArray_DescrFromType`.
        unsafe {
            let from_type: unsafe extern "C" fn(c_int) -> Object = self.function(45);
            from_type(number(scalar))
        }
    }

    /// A NumPy number from its words, of which only complex128 has two; null with an exception set.
    ///
    /// # Safety
    /// `words` hold a value of type `scalar`, in the low bytes; the GIL is held.
    #[inline]
    pub unsafe fn new_scalar(&self, scalar: Scalar, words: [u64; 2]) -> Object {
        // SAFETY: an object of a scalar type is its header and then its value, as NumPy's own constructors
        // fill it. Nobody else can see an object whose only reference is ours.
        unsafe {
            if scalar == Scalar::NpBool {
                let object = self.bools[usize::from(words[0] & 0xff != 0)];
                ffi::Py_INCREF(object);
                return object;
            }
            let known = self.scalars.iter().find(|known| known.scalar == scalar);
            let known = known.expect("invariant: every NumPy type is in the table");
            let mut object = known.last.get();
            if !raw::share_again(object) {
                object = self.next_scalar(known);
                if object.is_null() {
                    return object;
                }
            }
            let value = object.cast::<u8>().add(SCALAR_VALUE);
            match scalar.bytes() {
                1 => value.write(words[0] as u8),
                2 => value.cast::<u16>().write(words[0] as u16),
                4 => value.cast::<u32>().write(words[0] as u32),
                8 => value.cast::<u64>().write(words[0]),
                _ => value.cast::<[u64; 2]>().write_unaligned(words),
            }
            object
        }
    }

    /// An object for a new number, of which we keep a reference.
    #[inline(never)]
    unsafe fn next_scalar(&self, known: &ScalarType) -> Object {
        // SAFETY: the type's own allocator; null with an exception set if there is no memory.
        unsafe {
            let object = (known.alloc)(known.ty, 0);
            if !object.is_null() && raw::layouts_known() {
                drop(Owned::steal(known.last.replace(Owned::share(object).into_ptr())));
            }
            object
        }
    }

    /// An array over memory that `base` keeps alive (`base` is taken over); null with an exception set.
    ///
    /// # Safety
    /// `shape` and `strides` have `ndim` entries that stay within the memory at `data`, which lives as
    /// long as `base`; the GIL is held.
    pub unsafe fn new_array(
        &self,
        elem: Scalar,
        shape: &[isize],
        strides: &[isize],
        data: *mut u8,
        writable: bool,
        base: Option<Owned>,
    ) -> Object {
        // SAFETY: `PyArray_NewFromDescr` takes over the dtype; `PyArray_SetBaseObject` the base.
        unsafe {
            let dtype = self.dtype(elem);
            if dtype.is_null() {
                return dtype;
            }
            let make: NewFromDescr = self.function(94);
            let flags = if writable { WRITEABLE } else { 0 };
            let array = make(
                self.ndarray,
                dtype,
                shape.len() as c_int,
                shape.as_ptr(),
                strides.as_ptr(),
                data.cast(),
                flags,
                std::ptr::null_mut(),
            );
            if array.is_null() {
                return array;
            }
            if let Some(base) = base {
                let set_base: unsafe extern "C" fn(Object, Object) -> c_int = self.function(282);
                if set_base(array, base.into_ptr()) != 0 {
                    ffi::Py_DECREF(array);
                    return std::ptr::null_mut();
                }
            }
            array
        }
    }
}
