//! Attributes of arrays, scalars, dtypes and modules.
//!
//! In: a typed value and a name. Out: HIR; a constant where the type alone decides. Invariant: what NumPy
//! makes a view is a view here.

use crate::abi::SPLIT_ELEMENTS;
use crate::diag::{Code, Result, Span};
use crate::hir::{ArrayAttr, BinaryOp, CompareOp, Const, Expr, ExprKind, Prim};
use crate::infer::advice;
use crate::infer::arith::convert::{after, convert, discard, numpy_name};
use crate::infer::arith::map::elem_type;
use crate::infer::arith::{raw_binary, shape_of, tuple, type_name};
use crate::infer::builtin::args::Args;
use crate::infer::builtin::create::{self, transpose};
use crate::infer::builtin::names::Part;
use crate::infer::builtin::python::{int_const, zero};
use crate::infer::builtin::ufunc::part_of;
use crate::infer::builtin::{known, names, shape, ufunc_method};
use crate::infer::cx::Cx;
use crate::types::{ArrayType, Dtype, Kind, Layout, Scalar, Type};

/// Length of an axis as a Python int.
pub fn dimension(array: Expr, axis: u8, span: Span) -> Expr {
    Expr::new(ExprKind::ArrayAttr { array, attr: ArrayAttr::Shape(axis) }, Type::INT, span)
}

fn unit(ty: Type, span: Span) -> Expr {
    Expr::new(ExprKind::Unit, ty, span)
}

fn text(value: &str, span: Span) -> Expr {
    unit(Type::Str(value.into()), span)
}

/// `value.attr` where `value` is an array, a scalar, a dtype, a known module...
pub fn attribute(cx: &mut Cx, value: Expr, attr: &str, span: Span) -> Result<Expr> {
    let found = match value.ty.clone() {
        Type::Array(array) => of_array(cx, &value, array, attr, span),
        Type::Scalar(scalar) => of_scalar(cx, &value, scalar, attr, span)?,
        Type::Dtype(dtype) => of_dtype(dtype, attr, span).map(|found| discard(value.clone(), found)),
        Type::Module(name) => match name.split_once(':') {
            Some(("numpy.finfo", dtype)) => {
                names::dtype(&format!("numpy.{dtype}")).and_then(|d| finfo_of(d, attr, span))
            }
            Some(("numpy.iinfo", dtype)) => {
                names::dtype(&format!("numpy.{dtype}")).and_then(|d| iinfo_of(d, attr, span))
            }
            _ => known(cx, &format!("{name}.{attr}"), span),
        },
        Type::Builtin(index) if ufunc_method::has_methods(index) => {
            known(cx, &format!("{}.{attr}", names::name(index)), span)
        }
        Type::None
        | Type::Tuple(_)
        | Type::Str(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => None,
    };
    found.ok_or_else(|| match &value.ty {
        Type::Module(name) => {
            let message = format!("'{name}.{attr}' is not known to fastjit");
            let error = cx.error(Code::UnsupportedFunction, span, message, "used here");
            Box::new(error.help(advice::function(&format!("{name}.{attr}"))))
        }
        Type::Array(_) | Type::Scalar(_) | Type::Dtype(_) => {
            let message =
                format!("the attribute '{attr}' of {} is not known to fastjit", shape_of(&value.ty));
            let mut error = cx.error(Code::UnsupportedFunction, span, message, "used here");
            error.help = advice::attribute(attr);
            error
        }
        Type::Builtin(index) if ufunc_method::has_methods(*index) => {
            let message = format!("'{}.{attr}' is not known to fastjit", names::name(*index));
            let error = cx.error(Code::UnsupportedFunction, span, message, "used here");
            Box::new(error.help("write a loop over the elements"))
        }
        other @ (Type::None
        | Type::Tuple(_)
        | Type::Str(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!("'{}' object has no attribute '{attr}'", type_name(other));
            cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(other)))
        }
    })
}

fn of_array(cx: &mut Cx, value: &Expr, array: ArrayType, attr: &str, span: Span) -> Option<Expr> {
    let constant = |result: Expr| Some(discard(value.clone(), result));
    let size = |array: Expr| Expr::new(ExprKind::ArrayAttr { array, attr: ArrayAttr::Size }, Type::INT, span);
    match attr {
        "ndim" => constant(int_const(i64::from(array.ndim), span)),
        "itemsize" => constant(int_const(i64::from(array.elem.bytes()), span)),
        // What is taken from it is a copy in NumPy: here a view that nobody can store to.
        "flat" => shape::flat_elements(value.clone(), span).map(|flat| {
            let read_only = Type::Array(ArrayType { writable: false, ..flat.array() });
            shape::retype(flat, &read_only, span)
        }),
        "dtype" => constant(unit(Type::Dtype(Dtype::Described(array.elem)), span)),
        "size" => Some(size(value.clone())),
        "nbytes" => {
            let bytes = int_const(i64::from(array.elem.bytes()), span);
            Some(raw_binary(BinaryOp::Mul, size(value.clone()), bytes, Scalar::Int, span))
        }
        "shape" | "strides" => {
            let (stmt, array) = cx.once("array", value.clone());
            let item = |axis| {
                let attr = if attr == "shape" { ArrayAttr::Shape(axis) } else { ArrayAttr::Stride(axis) };
                Expr::new(ExprKind::ArrayAttr { array: array.clone(), attr }, Type::INT, span)
            };
            let items = (0..array.array().ndim).map(item).collect();
            Some(after(stmt, tuple(items, span)))
        }
        "T" => Some(transpose(value.clone())),
        "real" | "imag" if array.elem.kind() == Kind::Complex => {
            let elem = if array.elem == Scalar::C64 { Scalar::F32 } else { Scalar::F64 };
            let ty = Type::Array(ArrayType { elem, layout: Layout::Strided, ..array });
            let kind = ExprKind::ComplexPart { array: value.clone(), imag: attr == "imag" };
            Some(Expr::new(kind, ty, span))
        }
        "real" => Some(value.clone()),
        // Zeros, which NumPy makes read-only.
        "imag" => {
            let (stmt, array) = cx.once("array", value.clone());
            let shape = create::lengths(&array, span);
            let zeros = create::alloc(shape, array.array().elem, false, crate::hir::Init::Zero, span);
            let ty = Type::Array(ArrayType { writable: false, ..zeros.array() });
            Some(after(stmt, super::shape::retype(zeros, &ty, span)))
        }
        _ => None,
    }
}

/// `array.flags.name` and `array.flags["NAME"]`.
pub fn flag(cx: &mut Cx, array: Expr, name: &str, span: Span) -> Result<Expr> {
    let contiguous = |array: Expr| {
        Expr::new(ExprKind::Prim { prim: Prim::IsContiguous, args: vec![array] }, Type::BOOL, span)
    };
    match name {
        "c_contiguous" | "contiguous" | "C_CONTIGUOUS" | "CONTIGUOUS" | "C" => Ok(contiguous(array)),
        "f_contiguous" | "F_CONTIGUOUS" | "FORTRAN" | "F" => Ok(contiguous(transpose(array))),
        "writeable" | "WRITEABLE" | "W" => {
            let known = cx.bool(array.array().writable, span);
            Ok(discard(array, known))
        }
        _other => {
            let message = format!("the flag '{name}' is not known to fastjit");
            let error = cx.error(Code::UnsupportedFunction, span, message, "used here");
            Err(Box::new(error.help("known are c_contiguous, f_contiguous and writeable")))
        }
    }
}

fn of_scalar(cx: &mut Cx, value: &Expr, scalar: Scalar, attr: &str, span: Span) -> Result<Option<Expr>> {
    let complex = scalar.kind() == Kind::Complex;
    let constant = |result: Expr| Ok(Some(discard(value.clone(), result)));
    match attr {
        "real" if complex => return Ok(Some(part_of(value.clone(), Part::Real))),
        "imag" if complex => return Ok(Some(part_of(value.clone(), Part::Imag))),
        "real" if scalar == Scalar::Bool => return Ok(Some(convert(value.clone(), Scalar::Int))),
        "real" => return Ok(Some(value.clone())),
        "imag" if scalar == Scalar::Bool => return constant(int_const(0, span)),
        "imag" => return constant(zero(scalar, span)),
        "numerator" if matches!(scalar.kind(), Kind::Signed) => return Ok(Some(value.clone())),
        "denominator" if matches!(scalar.kind(), Kind::Signed) => return constant(create::one(scalar, span)),
        _ => {}
    }
    if scalar.is_python() {
        let message = format!("'{}' object has no attribute '{attr}'", type_name(&value.ty));
        return Err(cx.error(
            Code::TypeMismatch,
            span,
            message,
            format!("a Python {}", type_name(&value.ty)),
        ));
    }
    let known = match attr {
        "dtype" => unit(Type::Dtype(Dtype::Described(scalar)), span),
        "ndim" => int_const(0, span),
        "size" => int_const(1, span),
        "itemsize" | "nbytes" => int_const(i64::from(scalar.bytes()), span),
        "shape" | "strides" => tuple(Vec::new(), span),
        "T" => return Ok(Some(value.clone())),
        _ => return Ok(None),
    };
    constant(known)
}

fn kind_letter(scalar: Scalar) -> &'static str {
    match scalar.kind() {
        Kind::Bool => "b",
        Kind::Signed => "i",
        Kind::Unsigned => "u",
        Kind::Float => "f",
        Kind::Complex => "c",
    }
}

/// The character of `dtype.char`.
fn letter(scalar: Scalar) -> &'static str {
    match scalar.to_numpy() {
        Scalar::NpBool => "?",
        Scalar::I8 => "b",
        Scalar::I16 => "h",
        Scalar::I32 => "i",
        Scalar::I64 => "l",
        Scalar::U8 => "B",
        Scalar::U16 => "H",
        Scalar::U32 => "I",
        Scalar::U64 => "L",
        Scalar::F32 => "f",
        Scalar::F64 => "d",
        Scalar::C64 => "F",
        Scalar::C128 => "D",
        Scalar::Bool | Scalar::Int | Scalar::Float | Scalar::Complex => unreachable!("to_numpy"),
    }
}

fn of_dtype(dtype: Dtype, attr: &str, span: Span) -> Option<Expr> {
    // What a class has under these names is no constant.
    let Dtype::Described(scalar) = dtype else { return None };
    match attr {
        "itemsize" => Some(int_const(i64::from(scalar.bytes()), span)),
        "name" => Some(text(numpy_name(scalar), span)),
        "kind" => Some(text(kind_letter(scalar), span)),
        "char" => Some(text(letter(scalar), span)),
        "type" => Some(unit(Type::Dtype(Dtype::Class(scalar)), span)),
        _ => None,
    }
}

/// `_prim.kind(x)`: see `Builtin::PrimKind`.
pub fn prim_kind(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    let scalar = match &value.ty {
        Type::Dtype(dtype) => dtype.scalar(),
        ty @ (Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Str(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => elem_type(ty).expect("the prelude asks for numbers and arrays"),
    };
    Ok(discard(value, text(kind_letter(scalar), span)))
}

/// `_prim.splits(n)`: see `Builtin::PrimSplits`.
pub fn prim_splits(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [n] = call.exactly(cx)?;
    if !cx.options.split_arrays {
        return Ok(discard(n, cx.bool(false, span)));
    }
    let least = int_const(SPLIT_ELEMENTS, span);
    let kind = ExprKind::Compare { op: CompareOp::Ge, lhs: n, rhs: least };
    Ok(Expr::new(kind, Type::BOOL, span))
}

/// `_prim.layout(array)`: see `Builtin::PrimLayout`.
pub fn prim_layout(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    let letter = match value.array().layout {
        Layout::C => "C",
        Layout::F => "F",
        Layout::Strided => "A",
    };
    Ok(discard(value, text(letter, span)))
}

/// The dtype that `np.finfo` and `np.iinfo` are asked about: a dtype or any number or array.
fn info_dtype(cx: &Cx, call: Args) -> Result<Scalar> {
    let span = call.span;
    let [value] = call.exactly(cx)?;
    match elem_type(&value.ty) {
        Some(elem) => Ok(elem.to_numpy()),
        None => create::dtype(cx, &value, span),
    }
}

/// `np.finfo(dtype)`: a namespace of constants.
pub fn finfo(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let float = match info_dtype(cx, call)? {
        Scalar::F32 | Scalar::C64 => Scalar::F32,
        Scalar::F64 | Scalar::C128 => Scalar::F64,
        other @ (Scalar::Bool
        | Scalar::Int
        | Scalar::Float
        | Scalar::Complex
        | Scalar::NpBool
        | Scalar::I8
        | Scalar::I16
        | Scalar::I32
        | Scalar::I64
        | Scalar::U8
        | Scalar::U16
        | Scalar::U32
        | Scalar::U64) => {
            let message = format!("data type dtype('{}') not inexact", numpy_name(other));
            return Err(cx.error(Code::TypeMismatch, span, message, "not a float type"));
        }
    };
    Ok(unit(Type::Module(format!("numpy.finfo:{}", numpy_name(float)).into()), span))
}

/// `np.iinfo(dtype)`.
pub fn iinfo(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let dtype = info_dtype(cx, call)?;
    if !matches!(dtype.kind(), Kind::Signed | Kind::Unsigned) {
        let message = format!("Invalid integer data type '{}'.", kind_letter(dtype));
        return Err(cx.error(Code::TypeMismatch, span, message, "not an integer type"));
    }
    Ok(unit(Type::Module(format!("numpy.iinfo:{}", numpy_name(dtype)).into()), span))
}

fn finfo_of(dtype: Scalar, attr: &str, span: Span) -> Option<Expr> {
    let float = |single: f32, double: f64| {
        let value = if dtype == Scalar::F32 { f64::from(single) } else { double };
        Some(Expr::new(ExprKind::Const(Const::Float(value)), Type::Scalar(dtype), span))
    };
    let int =
        |single: i64, double: i64| Some(int_const(if dtype == Scalar::F32 { single } else { double }, span));
    match attr {
        "eps" => float(f32::EPSILON, f64::EPSILON),
        "epsneg" => float(f32::EPSILON / 2.0, f64::EPSILON / 2.0),
        "max" => float(f32::MAX, f64::MAX),
        "min" => float(f32::MIN, f64::MIN),
        "tiny" | "smallest_normal" => float(f32::MIN_POSITIVE, f64::MIN_POSITIVE),
        "smallest_subnormal" => float(f32::from_bits(1), f64::from_bits(1)),
        "resolution" => float(1e-6, 1e-15),
        "bits" => int(32, 64),
        "precision" => int(6, 15),
        "nmant" => int(23, 52),
        "nexp" => int(8, 11),
        "maxexp" => int(128, 1024),
        "minexp" => int(-126, -1022),
        "dtype" => Some(unit(Type::Dtype(Dtype::Described(dtype)), span)),
        _ => None,
    }
}

fn iinfo_of(dtype: Scalar, attr: &str, span: Span) -> Option<Expr> {
    let bits = 8 * i64::from(dtype.bytes());
    let signed = dtype.kind() == Kind::Signed;
    match attr {
        "max" if signed => Some(int_const(i64::MAX >> (64 - bits), span)),
        // The largest uint64 is no 64-bit Python int.
        "max" if bits == 64 => None,
        "max" => Some(int_const((1 << bits) - 1, span)),
        "min" if signed => Some(int_const(i64::MIN >> (64 - bits), span)),
        "min" => Some(int_const(0, span)),
        "bits" => Some(int_const(bits, span)),
        "dtype" => Some(unit(Type::Dtype(Dtype::Described(dtype)), span)),
        _ => None,
    }
}
