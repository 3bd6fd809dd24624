//! Machine words to Python objects of the interpreter's types.
//!
//! In: the result words of a call and their type. Out: a new reference. Invariants: an array argument that
//! is returned unchanged is the same object, a view of it has it as its base, and memory made by compiled
//! code is freed with the last array over it; every reference in the words is used up, also on failure.

use crate::abi::{BUFFER_BORROWED, BufferHeader};
use crate::py::numpy_api::{self, Array, NumPy};
use crate::py::raw::{Object, Owned};
use crate::runtime::array::release;
use crate::types::{ArrayType, Dtype, Form, Items, Scalar, Type, flatten};
use pyo3::ffi;

/// Arrays made for one result, by their words: a tuple that holds an array twice gets one object twice.
#[derive(Default)]
struct Made {
    arrays: Vec<(Vec<u64>, Owned)>,
    /// Depth of the tuple that is being made: an array alone need not be remembered.
    depth: u32,
}

/// The object; null with an exception set.
///
/// # Safety
/// `words` are the result words of a call whose result has type `ty`, and the array headers that the call
/// was given are alive; the GIL is held.
pub unsafe fn rebox(ty: &Type, words: &[u64]) -> Object {
    let mut at = 0;
    // SAFETY: as promised by the caller.
    unsafe { value(ty, words, &mut at, &mut Made::default()) }
}

unsafe fn value(ty: &Type, words: &[u64], at: &mut usize, made: &mut Made) -> Object {
    // SAFETY: as `rebox`.
    unsafe {
        match ty {
            Type::Scalar(scalar) => number(*scalar, words, at),
            Type::Array(array) => {
                let count = 2 + 2 * array.ndim as usize;
                let own = &words[*at..*at + count];
                *at += count;
                array_object(*array, own, made)
            }
            Type::Tuple(items) if items.form == Form::Either => either(&items[1..], words, at, made),
            Type::Tuple(items) => sequence(items, words, at, made),
            Type::None | Type::Never => {
                let none = ffi::Py_None();
                ffi::Py_INCREF(none);
                none
            }
            Type::Str(text) => ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize),
            Type::Dtype(Dtype::Class(scalar)) => class(*scalar),
            Type::Dtype(Dtype::Described(scalar)) => match numpy_api::get() {
                Some(numpy) => numpy.dtype(*scalar),
                None => std::ptr::null_mut(),
            },
            Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis => {
                *at += flatten(ty).len();
                ffi::PyErr_SetString(
                    ffi::PyExc_TypeError,
                    c"compiled code cannot return functions, modules or classes".as_ptr(),
                );
                std::ptr::null_mut()
            }
        }
    }
}

unsafe fn number(scalar: Scalar, words: &[u64], at: &mut usize) -> Object {
    let word = words[*at];
    *at += 1;
    // SAFETY: constructors return a new reference or null.
    unsafe {
        match scalar {
            Scalar::Bool => ffi::PyBool_FromLong(i64::from(word & 0xff != 0)),
            Scalar::Int => ffi::PyLong_FromLongLong(word as i64),
            Scalar::Float => ffi::PyFloat_FromDouble(f64::from_bits(word)),
            Scalar::Complex => {
                let imag = words[*at];
                *at += 1;
                ffi::PyComplex_FromDoubles(f64::from_bits(word), f64::from_bits(imag))
            }
            Scalar::NpBool
            | Scalar::I8
            | Scalar::I16
            | Scalar::I32
            | Scalar::I64
            | Scalar::U8
            | Scalar::U16
            | Scalar::U32
            | Scalar::U64
            | Scalar::F32
            | Scalar::F64 => numpy_number(scalar, [word, 0]),
            Scalar::C64 => {
                let imag = words[*at];
                *at += 1;
                numpy_number(scalar, [(word & 0xffff_ffff) | imag << 32, 0])
            }
            Scalar::C128 => {
                let imag = words[*at];
                *at += 1;
                numpy_number(scalar, [word, imag])
            }
        }
    }
}

/// A NumPy number whose value is in the low bytes of the words.
///
/// # Safety
/// As `rebox`.
#[inline]
pub unsafe fn numpy_number(scalar: Scalar, words: [u64; 2]) -> Object {
    // SAFETY: as promised by the caller.
    unsafe {
        match numpy_api::get() {
            Some(numpy) => numpy.new_scalar(scalar, words),
            None => std::ptr::null_mut(),
        }
    }
}

unsafe fn class(scalar: Scalar) -> Object {
    // SAFETY: types live for ever; a new reference is returned.
    unsafe {
        let ty = match scalar {
            Scalar::Bool => &raw mut ffi::PyBool_Type,
            Scalar::Int => &raw mut ffi::PyLong_Type,
            Scalar::Float => &raw mut ffi::PyFloat_Type,
            Scalar::Complex => &raw mut ffi::PyComplex_Type,
            Scalar::NpBool
            | Scalar::I8
            | Scalar::I16
            | Scalar::I32
            | Scalar::I64
            | Scalar::U8
            | Scalar::U16
            | Scalar::U32
            | Scalar::U64
            | Scalar::F32
            | Scalar::F64
            | Scalar::C64
            | Scalar::C128 => {
                let Some(numpy) = numpy_api::get() else { return std::ptr::null_mut() };
                numpy.type_of(scalar)
            }
        };
        let object = ty.cast();
        ffi::Py_INCREF(object);
        object
    }
}

/// The one of several values that the first word names.
unsafe fn either(types: &[Type], words: &[u64], at: &mut usize, made: &mut Made) -> Object {
    let chosen = words[*at] as usize;
    *at += 1;
    let mut object = std::ptr::null_mut();
    for (index, ty) in types.iter().enumerate() {
        if index == chosen {
            // SAFETY: as `rebox`; the words of this one are a value.
            object = unsafe { value(ty, words, at, made) };
        } else {
            let count = flatten(ty).len();
            // SAFETY: arrays that stand in for a value hold a reference as any others.
            unsafe { release_arrays(ty, &words[*at..*at + count]) };
            *at += count;
        }
    }
    object
}

/// A tuple or a list.
unsafe fn sequence(items: &Items, words: &[u64], at: &mut usize, made: &mut Made) -> Object {
    // SAFETY: `Py*_SetItem` takes each item over; missing ones are released with the tuple or list.
    unsafe {
        let list = items.form == Form::List;
        let size = items.len() as isize;
        let Some(tuple) = Owned::steal(if list { ffi::PyList_New(size) } else { ffi::PyTuple_New(size) })
        else {
            return std::ptr::null_mut();
        };
        let mut failed = false;
        made.depth += 1;
        for (index, item) in items.iter().enumerate() {
            if failed {
                let count = flatten(item).len();
                release_arrays(item, &words[*at..*at + count]);
                *at += count;
                continue;
            }
            let object = value(item, words, at, made);
            if object.is_null() {
                failed = true;
            } else if list {
                ffi::PyList_SetItem(tuple.ptr(), index as isize, object);
            } else {
                ffi::PyTuple_SetItem(tuple.ptr(), index as isize, object);
            }
        }
        if failed { std::ptr::null_mut() } else { tuple.into_ptr() }
    }
}

/// Gives up the references in words that are not boxed.
unsafe fn release_arrays(ty: &Type, words: &[u64]) {
    match ty {
        // SAFETY: the first word of an array is its owner, whose reference the words hold.
        Type::Array(_) => unsafe { release(words[0] as *mut BufferHeader) },
        Type::Tuple(items) => {
            let mut at = 0;
            for item in items.iter() {
                let count = flatten(item).len();
                // SAFETY: as for the caller.
                unsafe { release_arrays(item, &words[at..at + count]) };
                at += count;
            }
        }
        Type::None
        | Type::Scalar(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => {}
    }
}

unsafe fn array_object(ty: ArrayType, words: &[u64], made: &mut Made) -> Object {
    let owner = words[0] as *mut BufferHeader;
    // SAFETY: a non-null owner is a live header; borrowed ones name the argument's object.
    unsafe {
        if let Some((_, known)) = made.arrays.iter().find(|(known, _)| known == words) {
            release(owner);
            return known.clone().into_ptr();
        }
        let Some(numpy) = numpy_api::get() else {
            release(owner);
            return std::ptr::null_mut();
        };
        let object = if owner.is_null() {
            new_array(numpy, ty, words, None)
        } else if (*owner).kind == BUFFER_BORROWED {
            let argument: Object = (*owner).object.cast();
            if is_same(argument, ty, words) {
                ffi::Py_INCREF(argument);
                argument
            } else {
                new_array(numpy, ty, words, Some(Owned::share(argument)))
            }
        } else {
            let capsule = ffi::PyCapsule_New(owner.cast(), CAPSULE.as_ptr(), Some(capsule_gone));
            match Owned::steal(capsule) {
                Some(capsule) => new_array(numpy, ty, words, Some(capsule)),
                None => {
                    release(owner);
                    std::ptr::null_mut()
                }
            }
        };
        if made.depth > 0 && !object.is_null() {
            made.arrays.push((words.to_vec(), Owned::share(object)));
        }
        object
    }
}

const CAPSULE: &std::ffi::CStr = c"fastjit.buffer";

unsafe extern "C" fn capsule_gone(capsule: Object) {
    // SAFETY: called once, with a capsule made above, which holds one reference to its buffer.
    unsafe { release(ffi::PyCapsule_GetPointer(capsule, CAPSULE.as_ptr()).cast()) };
}

/// Whether the words describe exactly the argument.
unsafe fn is_same(argument: Object, ty: ArrayType, words: &[u64]) -> bool {
    // SAFETY: borrowed headers are made for arrays only.
    unsafe {
        let array = &*argument.cast::<Array>();
        let ndim = ty.ndim as usize;
        let writable = array.flags & numpy_api::WRITEABLE != 0;
        let descr = &*array.descr;
        array.data as u64 == words[1]
            && array.ndim as usize == ndim
            && numpy_api::BY_NUMBER.get(descr.type_num as usize) == Some(&Some(ty.elem))
            && writable == ty.writable
            && (0..ndim).all(|axis| {
                *array.shape.add(axis) as u64 == words[2 + axis]
                    && *array.strides.add(axis) as u64 == words[2 + ndim + axis]
            })
    }
}

unsafe fn new_array(numpy: &NumPy, ty: ArrayType, words: &[u64], base: Option<Owned>) -> Object {
    let ndim = ty.ndim as usize;
    // SAFETY: words and `isize` have one representation. Compiled code keeps within the memory of the owner.
    // An array without memory is empty: NumPy allocates for a null address.
    unsafe {
        let sizes = std::slice::from_raw_parts(words.as_ptr().add(2).cast::<isize>(), 2 * ndim);
        let (shape, strides) = sizes.split_at(ndim);
        numpy.new_array(ty.elem, shape, strides, words[1] as *mut u8, ty.writable, base)
    }
}
