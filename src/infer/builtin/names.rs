//! The functions and classes that the language gives a name, as data.
//!
//! Owns: `Builtin` and the table from canonical names to it. In: nothing. Out: `builtin::call` gives each
//! variant its typing by one exhaustive match. Invariant: `TABLE` is sorted by name; a function's number in
//! `Type::Builtin` is its place there.

use crate::builtin::MathFn;
use crate::hir::{BinaryOp, CompareOp, Const, Convert, Prim};
use crate::infer::builtin::join::Pile;
use crate::types::Scalar;

/// What a name stands for. A `&str` payload names a typing table or a prelude function.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Builtin {
    // Recognised by statements and calls in the core of inference.
    Range,
    Enumerate,
    Zip,
    Reversed,
    Print,
    Prange,
    // Python.
    Len,
    Min,
    Max,
    Abs,
    Round,
    Pow,
    Divmod,
    Sum,
    Isinstance,
    Any,
    All,
    List,
    /// A class that is no dtype: for `isinstance`.
    Class(Class),
    Threads(Prim),
    // math and cmath.
    Math(MathFn),
    MathRound(Convert),
    MathTest(Prim),
    MathLog,
    MathHypot,
    MathNextAfter,
    /// Times a constant.
    MathScale(f64),
    /// Any number of ints, folded by a prelude function of two.
    MathFoldInt(&'static str),
    /// A prelude function of ints.
    MathInt(&'static str),
    /// A prelude function of floats.
    MathPrelude(&'static str),
    /// A prelude function of complex numbers.
    Cmath(&'static str),
    /// A prelude function that takes the arguments as they are.
    Prelude(&'static str),
    // NumPy ufuncs, by their typing table.
    NpMath(&'static str, MathFn),
    NpFmod,
    NpBinary(&'static str, BinaryOp),
    NpCompare(&'static str, CompareOp),
    NpLogical(Logical),
    NpTest(&'static str, Prim),
    NpElement(&'static str, Element),
    /// Two scalars of one type, by a prelude function named `np_` and the ufunc.
    NpPair(&'static str),
    NpPart(Part),
    Angle,
    Where,
    Clip,
    NpRound,
    Isclose,
    NanToNum,
    // NumPy creation.
    Create(Fill),
    CreateLike(Fill),
    Full,
    FullLike,
    Arange,
    Linspace,
    Eye,
    Identity,
    Array,
    Asarray,
    Ascontiguousarray,
    Copy,
    // NumPy reductions and the rest.
    Reduce(Reduce),
    Cumulate(&'static str),
    Method(&'static str),
    Sort,
    /// A prelude function of arrays: tuples and list displays are made arrays first.
    Arrays(&'static str),
    Concatenate,
    Stack,
    Pile(Pile),
    Append,
    Attribute(&'static str),
    Finfo,
    Iinfo,
    Dtype,
    ResultType,
    Isscalar,
    ExpandDims,
    Squeeze,
    Swapaxes,
    Moveaxis,
    // For the prelude.
    Prim(Prim),
    /// `(n) -> bool`: work on `n` elements is to be split over threads.
    PrimSplits,
    /// `(x) -> str`: `b`, `i`, `u`, `f` or `c`, as `dtype.kind`.
    PrimKind,
    /// `(array) -> str`: `C`, `F` or `A`.
    PrimLayout,
    /// `(array) -> array`: a C- or F-ordered array seen as 1-D.
    PrimFlat,
    /// `(x, dtype) -> scalar`: as C converts.
    PrimCast,
    /// `(x) -> scalar`: the NumPy type of a Python number.
    PrimScalar,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    Tuple,
    Str,
    Ndarray,
    Generic,
    Number,
    Integer,
    Signed,
    Unsigned,
    Inexact,
    Floating,
    ComplexFloating,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Logical {
    And,
    Or,
    Xor,
}

/// Elementwise functions of one argument that are not libm's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Element {
    Not,
    Negative,
    Positive,
    Invert,
    Absolute,
    Sign,
    Square,
    Reciprocal,
    Conjugate,
    Radians,
    Degrees,
    PopCount,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Real,
    Imag,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fill {
    Empty,
    Zeros,
    Ones,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reduce {
    Sum,
    Prod,
    Min,
    Max,
    Mean,
    Var,
    Std,
    Any,
    All,
    Argmin,
    Argmax,
    Ptp,
    Nansum,
    Nanprod,
    Nanmean,
    Nanvar,
    Nanstd,
    Nanmin,
    Nanmax,
    Median,
    CountNonzero,
}

/// The builtin with this number.
pub fn get(index: u16) -> Builtin {
    TABLE[usize::from(index)].1
}

/// The canonical name of the builtin with this number.
pub fn name(index: u16) -> &'static str {
    TABLE[usize::from(index)].0
}

/// The number of a canonical name.
pub fn index(name: &str) -> Option<u16> {
    TABLE.binary_search_by(|(key, _)| (*key).cmp(name)).ok().map(|at| at as u16)
}

/// All canonical names.
pub fn all() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

/// The dtype or number class that a canonical name stands for.
pub fn dtype(name: &str) -> Option<Scalar> {
    let (module, name) = name.split_once('.')?;
    match module {
        "builtins" => match name {
            "bool" => Some(Scalar::Bool),
            "int" => Some(Scalar::Int),
            "float" => Some(Scalar::Float),
            "complex" => Some(Scalar::Complex),
            _ => None,
        },
        "numpy" => match name {
            "bool" | "bool_" => Some(Scalar::NpBool),
            "int8" | "byte" => Some(Scalar::I8),
            "int16" | "short" => Some(Scalar::I16),
            "int32" | "intc" => Some(Scalar::I32),
            "int64" | "int_" | "intp" | "long" | "longlong" => Some(Scalar::I64),
            "uint8" | "ubyte" => Some(Scalar::U8),
            "uint16" | "ushort" => Some(Scalar::U16),
            "uint32" | "uintc" => Some(Scalar::U32),
            "uint64" | "uint" | "uintp" | "ulong" | "ulonglong" => Some(Scalar::U64),
            "float32" | "single" => Some(Scalar::F32),
            "float64" | "double" => Some(Scalar::F64),
            "complex64" | "csingle" => Some(Scalar::C64),
            "complex128" | "cdouble" => Some(Scalar::C128),
            _ => None,
        },
        _ => None,
    }
}

/// The dtype that a string names (`"float64"`, `"f8"`, `"d"`).
pub fn dtype_of_text(text: &str) -> Option<Scalar> {
    let text = text.strip_prefix(['<', '=', '|']).unwrap_or(text);
    match text {
        "?" | "b1" => Some(Scalar::NpBool),
        "i1" | "b" => Some(Scalar::I8),
        "i2" | "h" => Some(Scalar::I16),
        "i4" | "i" => Some(Scalar::I32),
        "i8" | "l" | "q" | "p" | "int" => Some(Scalar::I64),
        "u1" | "B" => Some(Scalar::U8),
        "u2" | "H" => Some(Scalar::U16),
        "u4" | "I" => Some(Scalar::U32),
        "u8" | "L" | "Q" | "P" => Some(Scalar::U64),
        "f4" | "f" => Some(Scalar::F32),
        "f8" | "d" | "float" => Some(Scalar::F64),
        "c8" | "F" => Some(Scalar::C64),
        "c16" | "D" | "complex" => Some(Scalar::C128),
        name => dtype(&format!("numpy.{name}")),
    }
}

/// A named constant and its type.
pub fn constant(name: &str) -> Option<(Scalar, Const)> {
    use std::f64::consts;
    let (module, name) = name.split_once('.')?;
    let float = |x: f64| Some((Scalar::Float, Const::Float(x)));
    let complex = |re: f64, im: f64| Some((Scalar::Complex, Const::Complex(re, im)));
    match (module, name) {
        ("math" | "cmath" | "numpy", "pi") => float(consts::PI),
        ("math" | "cmath" | "numpy", "e") => float(consts::E),
        ("math" | "cmath", "tau") => float(consts::TAU),
        ("math" | "cmath" | "numpy", "inf") => float(f64::INFINITY),
        ("math" | "cmath" | "numpy", "nan") => float(f64::NAN),
        ("numpy", "euler_gamma") => float(0.577_215_664_901_532_9),
        ("cmath", "infj") => complex(0.0, f64::INFINITY),
        ("cmath", "nanj") => complex(0.0, f64::NAN),
        ("numpy", "True_") => Some((Scalar::NpBool, Const::Bool(true))),
        ("numpy", "False_") => Some((Scalar::NpBool, Const::Bool(false))),
        _ => None,
    }
}

#[rustfmt::skip]
static TABLE: &[(&str, Builtin)] = &[
    ("_prim.assume_contiguous", Builtin::Prim(Prim::AssumeContiguous)),
    ("_prim.bits", Builtin::Prim(Prim::Bits)),
    ("_prim.cast", Builtin::PrimCast),
    ("_prim.flat", Builtin::PrimFlat),
    ("_prim.from_bits", Builtin::Prim(Prim::FromBits)),
    ("_prim.is_contiguous", Builtin::Prim(Prim::IsContiguous)),
    ("_prim.kind", Builtin::PrimKind),
    ("_prim.layout", Builtin::PrimLayout),
    ("_prim.matmul", Builtin::Prim(Prim::MatMul)),
    ("_prim.may_overlap", Builtin::Prim(Prim::MayOverlap)),
    ("_prim.next_after", Builtin::Prim(Prim::NextAfter)),
    ("_prim.pop_count", Builtin::Prim(Prim::PopCount)),
    ("_prim.prange", Builtin::Prange),
    ("_prim.retype", Builtin::Prim(Prim::Retype)),
    ("_prim.scalar", Builtin::PrimScalar),
    ("_prim.splits", Builtin::PrimSplits),
    ("builtins.abs", Builtin::Abs),
    ("builtins.all", Builtin::All),
    ("builtins.any", Builtin::Any),
    ("builtins.divmod", Builtin::Divmod),
    ("builtins.enumerate", Builtin::Enumerate),
    ("builtins.isinstance", Builtin::Isinstance),
    ("builtins.len", Builtin::Len),
    ("builtins.list", Builtin::List),
    ("builtins.max", Builtin::Max),
    ("builtins.min", Builtin::Min),
    ("builtins.pow", Builtin::Pow),
    ("builtins.print", Builtin::Print),
    ("builtins.range", Builtin::Range),
    ("builtins.reversed", Builtin::Reversed),
    ("builtins.round", Builtin::Round),
    ("builtins.str", Builtin::Class(Class::Str)),
    ("builtins.sum", Builtin::Sum),
    ("builtins.tuple", Builtin::Class(Class::Tuple)),
    ("builtins.zip", Builtin::Zip),
    ("cmath.acos", Builtin::Cmath("cmath_acos")),
    ("cmath.acosh", Builtin::Cmath("cmath_acosh")),
    ("cmath.asin", Builtin::Cmath("cmath_asin")),
    ("cmath.asinh", Builtin::Cmath("cmath_asinh")),
    ("cmath.atan", Builtin::Cmath("cmath_atan")),
    ("cmath.atanh", Builtin::Cmath("cmath_atanh")),
    ("cmath.cos", Builtin::Cmath("cmath_cos")),
    ("cmath.cosh", Builtin::Cmath("cmath_cosh")),
    ("cmath.exp", Builtin::Cmath("cmath_exp")),
    ("cmath.isclose", Builtin::Cmath("cmath_isclose")),
    ("cmath.isfinite", Builtin::Cmath("cmath_isfinite")),
    ("cmath.isinf", Builtin::Cmath("cmath_isinf")),
    ("cmath.isnan", Builtin::Cmath("cmath_isnan")),
    ("cmath.log", Builtin::Cmath("cmath_log")),
    ("cmath.log10", Builtin::Cmath("cmath_log10")),
    ("cmath.phase", Builtin::Cmath("cmath_phase")),
    ("cmath.polar", Builtin::Cmath("cmath_polar")),
    ("cmath.rect", Builtin::Cmath("cmath_rect")),
    ("cmath.sin", Builtin::Cmath("cmath_sin")),
    ("cmath.sinh", Builtin::Cmath("cmath_sinh")),
    ("cmath.sqrt", Builtin::Cmath("cmath_sqrt")),
    ("cmath.tan", Builtin::Cmath("cmath_tan")),
    ("cmath.tanh", Builtin::Cmath("cmath_tanh")),
    ("fastjit.get_num_threads", Builtin::Threads(Prim::GetNumThreads)),
    ("fastjit.get_thread_id", Builtin::Threads(Prim::GetThreadId)),
    ("fastjit.prange", Builtin::Prange),
    ("fastjit.set_num_threads", Builtin::Threads(Prim::SetNumThreads)),
    ("math.acos", Builtin::Math(MathFn::Acos)),
    ("math.acosh", Builtin::Math(MathFn::Acosh)),
    ("math.asin", Builtin::Math(MathFn::Asin)),
    ("math.asinh", Builtin::Math(MathFn::Asinh)),
    ("math.atan", Builtin::Math(MathFn::Atan)),
    ("math.atan2", Builtin::Math(MathFn::Atan2)),
    ("math.atanh", Builtin::Math(MathFn::Atanh)),
    ("math.cbrt", Builtin::Math(MathFn::Cbrt)),
    ("math.ceil", Builtin::MathRound(Convert::Ceil)),
    ("math.comb", Builtin::MathInt("math_comb")),
    ("math.copysign", Builtin::Math(MathFn::CopySign)),
    ("math.cos", Builtin::Math(MathFn::Cos)),
    ("math.cosh", Builtin::Math(MathFn::Cosh)),
    ("math.degrees", Builtin::MathScale(180.0 / std::f64::consts::PI)),
    ("math.dist", Builtin::Prelude("math_dist")),
    ("math.erf", Builtin::Math(MathFn::Erf)),
    ("math.erfc", Builtin::Math(MathFn::Erfc)),
    ("math.exp", Builtin::Math(MathFn::Exp)),
    ("math.exp2", Builtin::Math(MathFn::Exp2)),
    ("math.expm1", Builtin::Math(MathFn::Expm1)),
    ("math.fabs", Builtin::Math(MathFn::Abs)),
    ("math.factorial", Builtin::MathInt("math_factorial")),
    ("math.floor", Builtin::MathRound(Convert::Floor)),
    ("math.fma", Builtin::Math(MathFn::Fma)),
    ("math.fmod", Builtin::Math(MathFn::Fmod)),
    ("math.frexp", Builtin::MathPrelude("math_frexp")),
    ("math.fsum", Builtin::Prelude("math_fsum")),
    ("math.gamma", Builtin::Math(MathFn::Gamma)),
    ("math.gcd", Builtin::MathFoldInt("math_gcd")),
    ("math.hypot", Builtin::MathHypot),
    ("math.isclose", Builtin::Prelude("math_isclose")),
    ("math.isfinite", Builtin::MathTest(Prim::IsFinite)),
    ("math.isinf", Builtin::MathTest(Prim::IsInf)),
    ("math.isnan", Builtin::MathTest(Prim::IsNan)),
    ("math.isqrt", Builtin::MathInt("math_isqrt")),
    ("math.lcm", Builtin::MathFoldInt("math_lcm")),
    ("math.ldexp", Builtin::Prelude("math_ldexp")),
    ("math.lgamma", Builtin::Math(MathFn::Lgamma)),
    ("math.log", Builtin::MathLog),
    ("math.log10", Builtin::Math(MathFn::Log10)),
    ("math.log1p", Builtin::Math(MathFn::Log1p)),
    ("math.log2", Builtin::Math(MathFn::Log2)),
    ("math.modf", Builtin::MathPrelude("math_modf")),
    ("math.nextafter", Builtin::MathNextAfter),
    ("math.perm", Builtin::MathInt("math_perm")),
    ("math.pow", Builtin::Math(MathFn::Pow)),
    ("math.prod", Builtin::Prelude("math_prod")),
    ("math.radians", Builtin::MathScale(std::f64::consts::PI / 180.0)),
    ("math.remainder", Builtin::Math(MathFn::Remainder)),
    ("math.sin", Builtin::Math(MathFn::Sin)),
    ("math.sinh", Builtin::Math(MathFn::Sinh)),
    ("math.sqrt", Builtin::Math(MathFn::Sqrt)),
    ("math.sumprod", Builtin::Prelude("math_sumprod")),
    ("math.tan", Builtin::Math(MathFn::Tan)),
    ("math.tanh", Builtin::Math(MathFn::Tanh)),
    ("math.trunc", Builtin::MathRound(Convert::Int)),
    ("math.ulp", Builtin::MathPrelude("math_ulp")),
    ("numpy.abs", Builtin::NpElement("absolute", Element::Absolute)),
    ("numpy.absolute", Builtin::NpElement("absolute", Element::Absolute)),
    ("numpy.acos", Builtin::NpMath("arccos", MathFn::Acos)),
    ("numpy.acosh", Builtin::NpMath("arccosh", MathFn::Acosh)),
    ("numpy.add", Builtin::NpBinary("add", BinaryOp::Add)),
    ("numpy.all", Builtin::Reduce(Reduce::All)),
    ("numpy.allclose", Builtin::Arrays("allclose")),
    ("numpy.amax", Builtin::Reduce(Reduce::Max)),
    ("numpy.amin", Builtin::Reduce(Reduce::Min)),
    ("numpy.angle", Builtin::Angle),
    ("numpy.any", Builtin::Reduce(Reduce::Any)),
    ("numpy.append", Builtin::Append),
    ("numpy.arange", Builtin::Arange),
    ("numpy.arccos", Builtin::NpMath("arccos", MathFn::Acos)),
    ("numpy.arccosh", Builtin::NpMath("arccosh", MathFn::Acosh)),
    ("numpy.arcsin", Builtin::NpMath("arcsin", MathFn::Asin)),
    ("numpy.arcsinh", Builtin::NpMath("arcsinh", MathFn::Asinh)),
    ("numpy.arctan", Builtin::NpMath("arctan", MathFn::Atan)),
    ("numpy.arctan2", Builtin::NpMath("arctan2", MathFn::Atan2)),
    ("numpy.arctanh", Builtin::NpMath("arctanh", MathFn::Atanh)),
    ("numpy.argmax", Builtin::Reduce(Reduce::Argmax)),
    ("numpy.argmin", Builtin::Reduce(Reduce::Argmin)),
    ("numpy.argsort", Builtin::Arrays("argsort")),
    ("numpy.argwhere", Builtin::Arrays("argwhere")),
    ("numpy.around", Builtin::NpRound),
    ("numpy.array", Builtin::Array),
    ("numpy.array_equal", Builtin::Arrays("array_equal")),
    ("numpy.asarray", Builtin::Asarray),
    ("numpy.ascontiguousarray", Builtin::Ascontiguousarray),
    ("numpy.asin", Builtin::NpMath("arcsin", MathFn::Asin)),
    ("numpy.asinh", Builtin::NpMath("arcsinh", MathFn::Asinh)),
    ("numpy.atan", Builtin::NpMath("arctan", MathFn::Atan)),
    ("numpy.atan2", Builtin::NpMath("arctan2", MathFn::Atan2)),
    ("numpy.atanh", Builtin::NpMath("arctanh", MathFn::Atanh)),
    ("numpy.bincount", Builtin::Arrays("bincount")),
    ("numpy.bitwise_and", Builtin::NpBinary("bitwise_and", BinaryOp::BitAnd)),
    ("numpy.bitwise_count", Builtin::NpElement("bitwise_count", Element::PopCount)),
    ("numpy.bitwise_invert", Builtin::NpElement("invert", Element::Invert)),
    ("numpy.bitwise_left_shift", Builtin::NpBinary("left_shift", BinaryOp::LShift)),
    ("numpy.bitwise_not", Builtin::NpElement("invert", Element::Invert)),
    ("numpy.bitwise_or", Builtin::NpBinary("bitwise_or", BinaryOp::BitOr)),
    ("numpy.bitwise_right_shift", Builtin::NpBinary("right_shift", BinaryOp::RShift)),
    ("numpy.bitwise_xor", Builtin::NpBinary("bitwise_xor", BinaryOp::BitXor)),
    ("numpy.cbrt", Builtin::NpMath("cbrt", MathFn::Cbrt)),
    ("numpy.ceil", Builtin::NpMath("ceil", MathFn::Ceil)),
    ("numpy.clip", Builtin::Clip),
    ("numpy.column_stack", Builtin::Pile(Pile::Columns)),
    ("numpy.complexfloating", Builtin::Class(Class::ComplexFloating)),
    ("numpy.concatenate", Builtin::Concatenate),
    ("numpy.conj", Builtin::NpElement("conjugate", Element::Conjugate)),
    ("numpy.conjugate", Builtin::NpElement("conjugate", Element::Conjugate)),
    ("numpy.convolve", Builtin::Arrays("convolve")),
    ("numpy.copy", Builtin::Copy),
    ("numpy.copysign", Builtin::NpMath("copysign", MathFn::CopySign)),
    ("numpy.correlate", Builtin::Arrays("correlate")),
    ("numpy.cos", Builtin::NpMath("cos", MathFn::Cos)),
    ("numpy.cosh", Builtin::NpMath("cosh", MathFn::Cosh)),
    ("numpy.count_nonzero", Builtin::Reduce(Reduce::CountNonzero)),
    ("numpy.cross", Builtin::Arrays("cross")),
    ("numpy.cumprod", Builtin::Cumulate("cumprod")),
    ("numpy.cumsum", Builtin::Cumulate("cumsum")),
    ("numpy.deg2rad", Builtin::NpElement("deg2rad", Element::Radians)),
    ("numpy.degrees", Builtin::NpElement("rad2deg", Element::Degrees)),
    ("numpy.diag", Builtin::Arrays("diag")),
    ("numpy.diff", Builtin::Arrays("diff")),
    ("numpy.digitize", Builtin::Arrays("digitize")),
    ("numpy.divide", Builtin::NpBinary("true_divide", BinaryOp::TrueDiv)),
    ("numpy.divmod", Builtin::Divmod),
    ("numpy.dot", Builtin::Arrays("dot")),
    ("numpy.dtype", Builtin::Dtype),
    ("numpy.ediff1d", Builtin::Arrays("ediff1d")),
    ("numpy.empty", Builtin::Create(Fill::Empty)),
    ("numpy.empty_like", Builtin::CreateLike(Fill::Empty)),
    ("numpy.equal", Builtin::NpCompare("equal", CompareOp::Eq)),
    ("numpy.exp", Builtin::NpMath("exp", MathFn::Exp)),
    ("numpy.exp2", Builtin::NpMath("exp2", MathFn::Exp2)),
    ("numpy.expand_dims", Builtin::ExpandDims),
    ("numpy.expm1", Builtin::NpMath("expm1", MathFn::Expm1)),
    ("numpy.eye", Builtin::Eye),
    ("numpy.fabs", Builtin::NpMath("fabs", MathFn::Abs)),
    ("numpy.fill_diagonal", Builtin::Arrays("fill_diagonal")),
    ("numpy.finfo", Builtin::Finfo),
    ("numpy.fix", Builtin::NpMath("trunc", MathFn::Trunc)),
    ("numpy.flatnonzero", Builtin::Arrays("flatnonzero")),
    ("numpy.flip", Builtin::Arrays("flip")),
    ("numpy.fliplr", Builtin::Arrays("fliplr")),
    ("numpy.flipud", Builtin::Arrays("flipud")),
    ("numpy.float_power", Builtin::NpBinary("float_power", BinaryOp::Pow)),
    ("numpy.floating", Builtin::Class(Class::Floating)),
    ("numpy.floor", Builtin::NpMath("floor", MathFn::Floor)),
    ("numpy.floor_divide", Builtin::NpBinary("floor_divide", BinaryOp::FloorDiv)),
    ("numpy.fmax", Builtin::NpBinary("fmax", BinaryOp::Fmax)),
    ("numpy.fmin", Builtin::NpBinary("fmin", BinaryOp::Fmin)),
    ("numpy.fmod", Builtin::NpFmod),
    ("numpy.full", Builtin::Full),
    ("numpy.full_like", Builtin::FullLike),
    ("numpy.gcd", Builtin::NpPair("gcd")),
    ("numpy.generic", Builtin::Class(Class::Generic)),
    ("numpy.gradient", Builtin::Arrays("gradient")),
    ("numpy.greater", Builtin::NpCompare("greater", CompareOp::Gt)),
    ("numpy.greater_equal", Builtin::NpCompare("greater_equal", CompareOp::Ge)),
    ("numpy.heaviside", Builtin::NpPair("heaviside")),
    ("numpy.histogram", Builtin::Arrays("histogram")),
    ("numpy.hstack", Builtin::Pile(Pile::Along)),
    ("numpy.hypot", Builtin::NpMath("hypot", MathFn::Hypot)),
    ("numpy.identity", Builtin::Identity),
    ("numpy.iinfo", Builtin::Iinfo),
    ("numpy.imag", Builtin::NpPart(Part::Imag)),
    ("numpy.inexact", Builtin::Class(Class::Inexact)),
    ("numpy.integer", Builtin::Class(Class::Integer)),
    ("numpy.interp", Builtin::Arrays("interp")),
    ("numpy.invert", Builtin::NpElement("invert", Element::Invert)),
    ("numpy.isclose", Builtin::Isclose),
    ("numpy.isfinite", Builtin::NpTest("isfinite", Prim::IsFinite)),
    ("numpy.isin", Builtin::Arrays("isin")),
    ("numpy.isinf", Builtin::NpTest("isinf", Prim::IsInf)),
    ("numpy.isnan", Builtin::NpTest("isnan", Prim::IsNan)),
    ("numpy.isscalar", Builtin::Isscalar),
    ("numpy.kron", Builtin::Arrays("kron")),
    ("numpy.lcm", Builtin::NpPair("lcm")),
    ("numpy.left_shift", Builtin::NpBinary("left_shift", BinaryOp::LShift)),
    ("numpy.less", Builtin::NpCompare("less", CompareOp::Lt)),
    ("numpy.less_equal", Builtin::NpCompare("less_equal", CompareOp::Le)),
    ("numpy.linalg.norm", Builtin::Arrays("norm")),
    ("numpy.linspace", Builtin::Linspace),
    ("numpy.log", Builtin::NpMath("log", MathFn::Log)),
    ("numpy.log10", Builtin::NpMath("log10", MathFn::Log10)),
    ("numpy.log1p", Builtin::NpMath("log1p", MathFn::Log1p)),
    ("numpy.log2", Builtin::NpMath("log2", MathFn::Log2)),
    ("numpy.logaddexp", Builtin::NpPair("logaddexp")),
    ("numpy.logaddexp2", Builtin::NpPair("logaddexp2")),
    ("numpy.logical_and", Builtin::NpLogical(Logical::And)),
    ("numpy.logical_not", Builtin::NpElement("logical_not", Element::Not)),
    ("numpy.logical_or", Builtin::NpLogical(Logical::Or)),
    ("numpy.logical_xor", Builtin::NpLogical(Logical::Xor)),
    ("numpy.matmul", Builtin::Arrays("matmul")),
    ("numpy.max", Builtin::Reduce(Reduce::Max)),
    ("numpy.maximum", Builtin::NpBinary("maximum", BinaryOp::Maximum)),
    ("numpy.mean", Builtin::Reduce(Reduce::Mean)),
    ("numpy.median", Builtin::Reduce(Reduce::Median)),
    ("numpy.meshgrid", Builtin::Arrays("meshgrid")),
    ("numpy.min", Builtin::Reduce(Reduce::Min)),
    ("numpy.minimum", Builtin::NpBinary("minimum", BinaryOp::Minimum)),
    ("numpy.mod", Builtin::NpBinary("remainder", BinaryOp::Mod)),
    ("numpy.moveaxis", Builtin::Moveaxis),
    ("numpy.multiply", Builtin::NpBinary("multiply", BinaryOp::Mul)),
    ("numpy.nan_to_num", Builtin::NanToNum),
    ("numpy.nanmax", Builtin::Reduce(Reduce::Nanmax)),
    ("numpy.nanmean", Builtin::Reduce(Reduce::Nanmean)),
    ("numpy.nanmin", Builtin::Reduce(Reduce::Nanmin)),
    ("numpy.nanprod", Builtin::Reduce(Reduce::Nanprod)),
    ("numpy.nanstd", Builtin::Reduce(Reduce::Nanstd)),
    ("numpy.nansum", Builtin::Reduce(Reduce::Nansum)),
    ("numpy.nanvar", Builtin::Reduce(Reduce::Nanvar)),
    ("numpy.ndarray", Builtin::Class(Class::Ndarray)),
    ("numpy.ndim", Builtin::Attribute("ndim")),
    ("numpy.negative", Builtin::NpElement("negative", Element::Negative)),
    ("numpy.nextafter", Builtin::NpMath("nextafter", MathFn::NextAfter)),
    ("numpy.nonzero", Builtin::Method("nonzero")),
    ("numpy.not_equal", Builtin::NpCompare("not_equal", CompareOp::Ne)),
    ("numpy.number", Builtin::Class(Class::Number)),
    ("numpy.ones", Builtin::Create(Fill::Ones)),
    ("numpy.ones_like", Builtin::CreateLike(Fill::Ones)),
    ("numpy.outer", Builtin::Arrays("outer")),
    ("numpy.percentile", Builtin::Arrays("percentile")),
    ("numpy.polyval", Builtin::Arrays("polyval")),
    ("numpy.positive", Builtin::NpElement("positive", Element::Positive)),
    ("numpy.pow", Builtin::NpBinary("power", BinaryOp::Pow)),
    ("numpy.power", Builtin::NpBinary("power", BinaryOp::Pow)),
    ("numpy.prod", Builtin::Reduce(Reduce::Prod)),
    ("numpy.ptp", Builtin::Reduce(Reduce::Ptp)),
    ("numpy.quantile", Builtin::Arrays("quantile")),
    ("numpy.rad2deg", Builtin::NpElement("rad2deg", Element::Degrees)),
    ("numpy.radians", Builtin::NpElement("deg2rad", Element::Radians)),
    ("numpy.ravel", Builtin::Method("ravel")),
    ("numpy.real", Builtin::NpPart(Part::Real)),
    ("numpy.reciprocal", Builtin::NpElement("reciprocal", Element::Reciprocal)),
    ("numpy.remainder", Builtin::NpBinary("remainder", BinaryOp::Mod)),
    ("numpy.repeat", Builtin::Arrays("repeat")),
    ("numpy.reshape", Builtin::Method("reshape")),
    ("numpy.result_type", Builtin::ResultType),
    ("numpy.right_shift", Builtin::NpBinary("right_shift", BinaryOp::RShift)),
    ("numpy.rint", Builtin::NpMath("rint", MathFn::Rint)),
    ("numpy.roll", Builtin::Arrays("roll")),
    ("numpy.round", Builtin::NpRound),
    ("numpy.searchsorted", Builtin::Arrays("searchsorted")),
    ("numpy.shape", Builtin::Attribute("shape")),
    ("numpy.sign", Builtin::NpElement("sign", Element::Sign)),
    ("numpy.signbit", Builtin::NpTest("signbit", Prim::SignBit)),
    ("numpy.signedinteger", Builtin::Class(Class::Signed)),
    ("numpy.sin", Builtin::NpMath("sin", MathFn::Sin)),
    ("numpy.sinh", Builtin::NpMath("sinh", MathFn::Sinh)),
    ("numpy.size", Builtin::Attribute("size")),
    ("numpy.sort", Builtin::Sort),
    ("numpy.sqrt", Builtin::NpMath("sqrt", MathFn::Sqrt)),
    ("numpy.square", Builtin::NpElement("square", Element::Square)),
    ("numpy.squeeze", Builtin::Squeeze),
    ("numpy.stack", Builtin::Stack),
    ("numpy.std", Builtin::Reduce(Reduce::Std)),
    ("numpy.subtract", Builtin::NpBinary("subtract", BinaryOp::Sub)),
    ("numpy.sum", Builtin::Reduce(Reduce::Sum)),
    ("numpy.swapaxes", Builtin::Swapaxes),
    ("numpy.take", Builtin::Arrays("take")),
    ("numpy.tan", Builtin::NpMath("tan", MathFn::Tan)),
    ("numpy.tanh", Builtin::NpMath("tanh", MathFn::Tanh)),
    ("numpy.tile", Builtin::Arrays("tile")),
    ("numpy.trace", Builtin::Arrays("trace")),
    ("numpy.transpose", Builtin::Method("transpose")),
    ("numpy.trapezoid", Builtin::Arrays("trapezoid")),
    ("numpy.tril", Builtin::Arrays("tril")),
    ("numpy.triu", Builtin::Arrays("triu")),
    ("numpy.true_divide", Builtin::NpBinary("true_divide", BinaryOp::TrueDiv)),
    ("numpy.trunc", Builtin::NpMath("trunc", MathFn::Trunc)),
    ("numpy.unique", Builtin::Arrays("unique")),
    ("numpy.unsignedinteger", Builtin::Class(Class::Unsigned)),
    ("numpy.var", Builtin::Reduce(Reduce::Var)),
    ("numpy.vdot", Builtin::Arrays("vdot")),
    ("numpy.vstack", Builtin::Pile(Pile::Rows)),
    ("numpy.where", Builtin::Where),
    ("numpy.zeros", Builtin::Create(Fill::Zeros)),
    ("numpy.zeros_like", Builtin::CreateLike(Fill::Zeros)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(index("numpy.sum").map(get), Some(Builtin::Reduce(Reduce::Sum)));
    }

    #[test]
    fn dtypes_by_text() {
        assert_eq!(dtype_of_text("f8"), Some(Scalar::F64));
        assert_eq!(dtype_of_text("uint16"), Some(Scalar::U16));
        assert_eq!(dtype_of_text("f2"), None);
    }
}
