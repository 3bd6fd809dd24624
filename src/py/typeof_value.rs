//! Type codes to `Type`, and what to say about values that have none.
//!
//! In: the codes that `unbox` made. Out: parameter types for the compiler, messages for the user.
//! Invariant: decoding is total on what `unbox` writes.

use crate::py::numpy_api::{self, Array};
use crate::py::raw::{self, Object};
use crate::py::unbox::{MAX_NDIM, tag};
use crate::types::{ArrayType, Dtype, Layout, Scalar, Type};
use pyo3::ffi;
use std::sync::{Mutex, PoisonError};

static TEXTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The number of a string in codes: equal strings have equal numbers for the life of the process.
pub fn text_number(text: &str) -> u64 {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    let at = texts.iter().position(|known| known == text).unwrap_or_else(|| {
        texts.push(text.to_owned());
        texts.len() - 1
    });
    at as u64
}

fn text(number: u64) -> String {
    let texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    texts.get(number as usize).cloned().unwrap_or_default()
}

/// Decodes one type. `source_of` gives the index in `Env::sources` of the function at an address.
pub fn decode(codes: &mut std::slice::Iter<u64>, source_of: &mut dyn FnMut(Object) -> u32) -> Type {
    let code = *codes.next().expect("invariant: codes are complete");
    let byte = |n: u32| (code >> (8 * n)) & 0xff;
    match code & 0xff {
        tag::SCALAR => Type::Scalar(scalar(byte(1))),
        tag::NONE => Type::None,
        tag::ARRAY => Type::Array(ArrayType {
            elem: scalar(byte(1)),
            ndim: byte(2) as u8,
            layout: match byte(3) {
                0 => Layout::C,
                1 => Layout::F,
                _ => Layout::Strided,
            },
            writable: byte(4) != 0,
        }),
        tag::TUPLE => Type::Tuple((0..code >> 8).map(|_| decode(codes, source_of)).collect()),
        tag::DTYPE if byte(2) == 0 => Type::Dtype(Dtype::Class(scalar(byte(1)))),
        tag::DTYPE => Type::Dtype(Dtype::Described(scalar(byte(1)))),
        tag::STR => Type::Str(text(code >> 8).into()),
        tag::FUNCTION => {
            Type::Function { source: source_of((code >> 8) as Object), captures: Vec::new().into() }
        }
        tag::BUILTIN => Type::Builtin((code >> 8) as u16),
        other => unreachable!("type code with tag {other}"),
    }
}

/// The codes of a type given in an explicit signature; `None` if values of it are not arguments.
pub fn encode(ty: &Type, codes: &mut Vec<u64>) -> Option<()> {
    match ty {
        Type::None => codes.push(tag::NONE),
        // In a signature the names of NumPy's widest types stand for Python's numbers.
        Type::Scalar(scalar) => codes.push(crate::py::unbox::scalar_code(match scalar {
            Scalar::NpBool => Scalar::Bool,
            Scalar::I64 => Scalar::Int,
            Scalar::F64 => Scalar::Float,
            Scalar::C128 => Scalar::Complex,
            Scalar::Bool
            | Scalar::Int
            | Scalar::Float
            | Scalar::Complex
            | Scalar::I8
            | Scalar::I16
            | Scalar::I32
            | Scalar::U8
            | Scalar::U16
            | Scalar::U32
            | Scalar::U64
            | Scalar::F32
            | Scalar::C64 => *scalar,
        })),
        Type::Array(array) => {
            // `[:]` leaves the layout open: the usual one is compiled at once, the others on demand.
            let layout = if array.layout == Layout::F { Layout::F } else { Layout::C };
            codes.push(
                tag::ARRAY
                    | (array.elem as u64) << 8
                    | u64::from(array.ndim) << 16
                    | (layout as u64) << 24
                    | u64::from(array.writable) << 32,
            );
        }
        Type::Tuple(items) => {
            codes.push(tag::TUPLE | (items.len() as u64) << 8);
            for item in items.iter() {
                encode(item, codes)?;
            }
        }
        Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => return None,
    }
    Some(())
}

fn scalar(number: u64) -> Scalar {
    Scalar::ALL[number as usize]
}

/// The scalar type that a type object or dtype stands for.
///
/// # Safety
/// `object` is alive and of type `ty`; the GIL is held.
pub unsafe fn dtype_value(object: Object, ty: *mut ffi::PyTypeObject) -> Option<Dtype> {
    // SAFETY: types are compared by address; a dtype object's head is read.
    unsafe {
        for (known, scalar) in [
            (&raw mut ffi::PyFloat_Type, Scalar::Float),
            (&raw mut ffi::PyLong_Type, Scalar::Int),
            (&raw mut ffi::PyBool_Type, Scalar::Bool),
            (&raw mut ffi::PyComplex_Type, Scalar::Complex),
        ] {
            if object.cast() == known {
                return Some(Dtype::Class(scalar));
            }
        }
        let numpy = numpy_api::loaded()?;
        if let Some(scalar) = numpy.scalar_of(object.cast()) {
            return Some(Dtype::Class(scalar));
        }
        if ffi::PyType_IsSubtype(ty, numpy.descr) != 0 {
            let descr = &*object.cast::<numpy_api::Descr>();
            if descr.byteorder != b'>' {
                let scalar = numpy_api::BY_NUMBER.get(descr.type_num as usize).copied().flatten();
                return scalar.map(Dtype::Described);
            }
        }
        None
    }
}

/// The number of a function of Python's, `math`'s or NumPy's that the compiler knows.
///
/// # Safety
/// `object` is alive; the GIL is held.
pub unsafe fn builtin_number(object: Object) -> Option<u16> {
    /// Functions asked for before: they are kept alive, so that an address keeps its meaning.
    static KNOWN: Mutex<Vec<(usize, Option<u16>)>> = Mutex::new(Vec::new());
    let lock = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, number)) = lock().iter().find(|(known, _)| *known == object as usize) {
        return *number;
    }
    // SAFETY: as promised.
    let name = unsafe { raw::type_name(object) };
    if !matches!(name.as_str(), "builtin_function_or_method" | "ufunc" | "_ArrayFunctionDispatcher") {
        return None;
    }
    let number = pyo3::Python::attach(|py| {
        // SAFETY: as promised.
        let value = unsafe { pyo3::Bound::from_borrowed_ptr(py, object) };
        crate::infer::builtin::names::index(&crate::py::env::library_name(&value, &name)?)
    });
    let mut known = lock();
    if known.len() < 256 {
        // SAFETY: as promised.
        known.push((unsafe { raw::Owned::share(object) }.into_ptr() as usize, number));
    }
    number
}

/// Why a value is refused, and what to do: the rest of a sentence that starts with the argument's name.
///
/// # Safety
/// `object` is alive; the GIL is held.
pub unsafe fn refusal(object: Object) -> String {
    // SAFETY: as promised; an ndarray's head is read only from arrays.
    unsafe {
        let name = raw::type_name(object);
        let ty = ffi::Py_TYPE(object);
        if let Some(numpy) = numpy_api::loaded() {
            if ffi::PyType_IsSubtype(ty, numpy.ndarray) != 0 {
                if ty != numpy.ndarray && ty != numpy.memmap {
                    return format!(
                        "is a {name}, whose behaviour differs from that of plain arrays; pass np.asarray(...) of it"
                    );
                }
                let array = &*object.cast::<Array>();
                let descr = &*array.descr;
                if descr.byteorder == b'>' {
                    return "is an array of swapped byte order; convert it with \
                            a.astype(a.dtype.newbyteorder('='))"
                        .to_owned();
                }
                if array.ndim as usize > MAX_NDIM {
                    return format!(
                        "is an array of {} dimensions; at most {MAX_NDIM} are supported",
                        array.ndim
                    );
                }
                let dtype = ffi::PyObject_Str(array.descr.cast());
                let text = raw::text_of(dtype).unwrap_or_default();
                drop(raw::Owned::steal(dtype));
                return format!(
                    "is an array of dtype {text}, which is not supported; arrays hold bools, integers of 8 to \
                     64 bits, or float and complex numbers of 32 or 64 bits each"
                );
            }
            if ffi::PyType_IsSubtype(ty, numpy.generic) != 0 {
                return format!(
                    "is a NumPy {name}, which is not supported; convert it to a wider or plain number"
                );
            }
        }
        if ffi::PyTuple_Check(object) != 0 {
            let plain = ffi::PyTuple_CheckExact(object) != 0;
            return if plain { tuple_refusal(object) } else { format!("is a {name}; pass tuple(...) of it") };
        }
        let advice = match name.as_str() {
            "list" => "pass np.array(...) or a tuple",
            "dict" => "pass the values that the function needs",
            "set" | "frozenset" => "pass a sorted np.array(...)",
            "range" => "pass its bounds and use range() inside",
            _ if ffi::PyType_GetFlags(ty) & ffi::Py_TPFLAGS_HEAPTYPE != 0 => {
                "pass the attributes that the function reads: leave a plain method that calls \
                 `kernel(self.x, ...)`, a compiled function outside the class"
            }
            _ => "pass numbers, tuples, None, NumPy arrays or functions",
        };
        format!("is a {name}, which is not supported; {advice}")
    }
}

/// As `refusal`, of a tuple: says which of its items is the cause, if it is a list or another object.
unsafe fn tuple_refusal(object: Object) -> String {
    // SAFETY: as `refusal`.
    unsafe {
        for index in 0..ffi::PyTuple_Size(object) {
            let item = ffi::PyTuple_GetItem(object, index);
            let name = raw::type_name(item);
            let odd = matches!(name.as_str(), "list" | "dict" | "set" | "frozenset" | "range" | "bytes");
            if odd || (name == "tuple" && !tuple_refusal(item).starts_with("is a tuple")) {
                return format!("is a tuple whose item {index} {}", refusal(item));
            }
        }
        "is a tuple with an item that is not supported; its items may be numbers, tuples, None, NumPy arrays and \
         functions"
            .to_owned()
    }
}
