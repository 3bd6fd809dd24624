//! Python values to machine words, and their types to type codes, in one pass.
//!
//! In: argument objects. Out: words as `types::flatten` orders them, and codes: short numbers that say
//! exactly what the type is, so that comparing two calls' types is comparing numbers. `typeof_value` turns
//! codes into `Type`. Invariant: equal codes mean equal types; a failed value leaves no exception set.

use crate::abi::BufferHeader;
use crate::py::numpy_api::{self, Array};
use crate::py::raw::{self, Object};
use crate::runtime::array::borrowed;
use crate::types::{Dtype, Layout, Scalar};
use pyo3::ffi;

/// Low byte of a code: what kind of type it is. The bytes above say which.
pub mod tag {
    /// Byte 1: the scalar.
    pub const SCALAR: u64 = 1;
    pub const NONE: u64 = 2;
    /// Byte 1: element, 2: dimensions, 3: layout, 4: writable.
    pub const ARRAY: u64 = 3;
    /// From byte 1: number of items, whose codes follow.
    pub const TUPLE: u64 = 4;
    /// Byte 1: the scalar.
    pub const DTYPE: u64 = 5;
    /// From byte 1: index of the text in `typeof_value`'s table.
    pub const STR: u64 = 6;
    /// From byte 1: number of a function that the compiler knows, `math.sin` or `np.sqrt`.
    pub const BUILTIN: u64 = 8;
    /// From byte 1: address of the Python function, which whoever keeps the code keeps alive.
    pub const FUNCTION: u64 = 7;
}

pub const fn scalar_code(scalar: Scalar) -> u64 {
    tag::SCALAR | (scalar as u64) << 8
}
const INT: u64 = scalar_code(Scalar::Int);
const FLOAT: u64 = scalar_code(Scalar::Float);
const BOOL: u64 = scalar_code(Scalar::Bool);
const COMPLEX: u64 = scalar_code(Scalar::Complex);

/// NumPy's own limit on dimensions is higher; ours bounds the words of an array.
pub const MAX_NDIM: usize = 16;
const MAX_TUPLE_DEPTH: u32 = 16;

/// Where the words, codes and array headers of a call go. The ends are those of the memory given.
pub struct Frame {
    pub words: *mut u64,
    pub words_end: *mut u64,
    pub codes: *mut u64,
    pub codes_end: *mut u64,
    pub headers: *mut BufferHeader,
    pub headers_end: *mut BufferHeader,
    /// An estimate of the work of the call: the largest int or array size among its arguments.
    pub work: u64,
}

/// How unboxing a value ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Put {
    Done,
    /// The frame has no room left: call again with a larger one.
    Full,
    /// A Python int beyond 64 bits.
    BigInt,
    /// A value of a type that compiled code does not take.
    Unsupported,
}

impl Frame {
    #[inline(always)]
    unsafe fn room(&self, words: usize) -> bool {
        // SAFETY: both pointers of each pair are into one allocation.
        unsafe { self.words_end.offset_from(self.words) >= words as isize && self.codes < self.codes_end }
    }

    #[inline(always)]
    unsafe fn word(&mut self, word: u64) {
        // SAFETY: callers check `room` first.
        unsafe {
            self.words.write(word);
            self.words = self.words.add(1);
        }
    }

    #[inline(always)]
    unsafe fn code(&mut self, code: u64) {
        // SAFETY: callers check `room` first.
        unsafe {
            self.codes.write(code);
            self.codes = self.codes.add(1);
        }
    }
}

/// Appends one value.
///
/// # Safety
/// `object` is alive and stays so as long as the frame's words are used; the GIL is held.
#[inline(always)]
pub unsafe fn put(object: Object, frame: &mut Frame) -> Put {
    // SAFETY: types are compared by address; layouts belong to the types that were found.
    unsafe {
        let ty = ffi::Py_TYPE(object);
        if !frame.room(2) {
            return Put::Full;
        }
        if ty == &raw mut ffi::PyLong_Type {
            let Some(value) = raw::int_value(object) else { return Put::BigInt };
            frame.work |= value.unsigned_abs();
            frame.word(value as u64);
            frame.code(INT);
            return Put::Done;
        }
        if ty == &raw mut ffi::PyFloat_Type {
            frame.word(raw::float_value(object).to_bits());
            frame.code(FLOAT);
            return Put::Done;
        }
        if ty == numpy_api::ndarray_type() {
            return put_array(object, frame);
        }
        put_other(object, frame, 0)
    }
}

#[inline]
unsafe fn put_array(object: Object, frame: &mut Frame) -> Put {
    // SAFETY: `object` is an ndarray, whose head is read; shape and strides have `ndim` entries.
    unsafe {
        let array = &*object.cast::<Array>();
        let descr = &*array.descr;
        let ndim = array.ndim as usize;
        let Some(Some(elem)) = numpy_api::BY_NUMBER.get(descr.type_num as usize) else {
            return Put::Unsupported;
        };
        if descr.byteorder == b'>' || ndim > MAX_NDIM {
            return Put::Unsupported;
        }
        if !frame.room(2 + 2 * ndim) || frame.headers == frame.headers_end {
            return Put::Full;
        }
        let header = frame.headers;
        header.write(borrowed(object.cast()));
        frame.headers = header.add(1);
        frame.word(header as u64);
        frame.word(array.data as u64);
        let mut size = 1u64;
        for axis in 0..ndim {
            let len = *array.shape.add(axis);
            size = size.wrapping_mul(len as u64);
            frame.word(len as u64);
        }
        for axis in 0..ndim {
            frame.word(*array.strides.add(axis) as u64);
        }
        frame.work |= size;
        let layout = if array.flags & numpy_api::C_CONTIGUOUS != 0 {
            Layout::C
        } else if array.flags & numpy_api::F_CONTIGUOUS != 0 {
            Layout::F
        } else {
            Layout::Strided
        };
        let writable = u64::from(array.flags & numpy_api::WRITEABLE != 0);
        frame.code(
            tag::ARRAY | (*elem as u64) << 8 | (ndim as u64) << 16 | (layout as u64) << 24 | writable << 32,
        );
        Put::Done
    }
}

/// Every type but the most frequent ones.
#[inline(never)]
unsafe fn put_other(object: Object, frame: &mut Frame, depth: u32) -> Put {
    // SAFETY: as `put`.
    unsafe {
        let ty = ffi::Py_TYPE(object);
        if ty == &raw mut ffi::PyBool_Type {
            frame.word(u64::from(object == ffi::Py_True()));
            frame.code(BOOL);
            return Put::Done;
        }
        if object == ffi::Py_None() {
            frame.code(tag::NONE);
            return Put::Done;
        }
        if ty == &raw mut ffi::PyComplex_Type {
            frame.word(ffi::PyComplex_RealAsDouble(object).to_bits());
            frame.word(ffi::PyComplex_ImagAsDouble(object).to_bits());
            frame.code(COMPLEX);
            return Put::Done;
        }
        if ty == &raw mut ffi::PyTuple_Type {
            let len = raw::tuple_len(object);
            if depth > MAX_TUPLE_DEPTH {
                return Put::Unsupported;
            }
            frame.code(tag::TUPLE | (len as u64) << 8);
            for index in 0..len {
                let item = ffi::PyTuple_GetItem(object, index as isize);
                let ended = if ffi::Py_TYPE(item) == &raw mut ffi::PyTuple_Type {
                    if !frame.room(2) {
                        return Put::Full;
                    }
                    put_other(item, frame, depth + 1)
                } else {
                    put(item, frame)
                };
                if ended != Put::Done {
                    return ended;
                }
            }
            return Put::Done;
        }
        if ty == &raw mut ffi::PyUnicode_Type {
            let Some(text) = raw::text_of(object) else { return Put::Unsupported };
            frame.code(tag::STR | crate::py::typeof_value::text_number(&text) << 8);
            return Put::Done;
        }
        if let Some(function) = crate::py::callable::python_function(object) {
            frame.code(tag::FUNCTION | (function as u64) << 8);
            return Put::Done;
        }
        put_numpy(object, ty, frame)
    }
}

unsafe fn put_numpy(object: Object, ty: *mut ffi::PyTypeObject, frame: &mut Frame) -> Put {
    // SAFETY: as `put`; a NumPy scalar's value follows the header.
    unsafe {
        let Some(numpy) = numpy_api::loaded() else {
            return put_type(object, ty, frame);
        };
        if ty == numpy.ndarray || ty == numpy.memmap {
            return put_array(object, frame);
        }
        let Some(scalar) = numpy.scalar_of(ty) else { return put_type(object, ty, frame) };
        let at = numpy_api::SCALAR_VALUE;
        match scalar {
            Scalar::NpBool | Scalar::U8 => frame.word(u64::from(raw::field::<u8>(object, at))),
            Scalar::I8 => frame.word(i64::from(raw::field::<i8>(object, at)) as u64),
            Scalar::I16 => frame.word(i64::from(raw::field::<i16>(object, at)) as u64),
            Scalar::U16 => frame.word(u64::from(raw::field::<u16>(object, at))),
            Scalar::I32 => frame.word(i64::from(raw::field::<i32>(object, at)) as u64),
            Scalar::U32 | Scalar::F32 => frame.word(u64::from(raw::field::<u32>(object, at))),
            Scalar::I64 | Scalar::U64 | Scalar::F64 => frame.word(raw::field::<u64>(object, at)),
            Scalar::C64 => {
                frame.word(u64::from(raw::field::<u32>(object, at)));
                frame.word(u64::from(raw::field::<u32>(object, at + 4)));
            }
            Scalar::C128 => {
                frame.word(raw::field::<u64>(object, at));
                frame.word(raw::field::<u64>(object, at + 8));
            }
            Scalar::Bool | Scalar::Int | Scalar::Float | Scalar::Complex => {
                unreachable!("the table holds NumPy's types")
            }
        }
        frame.code(scalar_code(scalar));
        Put::Done
    }
}

/// `np.float32`, `float`, `np.dtype("f4")`, `math.sin` as values.
unsafe fn put_type(object: Object, ty: *mut ffi::PyTypeObject, frame: &mut Frame) -> Put {
    // SAFETY: as `put`.
    unsafe {
        if let Some(dtype) = crate::py::typeof_value::dtype_value(object, ty) {
            let described = matches!(dtype, Dtype::Described(_));
            frame.code(tag::DTYPE | (dtype.scalar() as u64) << 8 | u64::from(described) << 16);
            return Put::Done;
        }
        let Some(number) = crate::py::typeof_value::builtin_number(object) else { return Put::Unsupported };
        frame.code(tag::BUILTIN | u64::from(number) << 8);
        Put::Done
    }
}
