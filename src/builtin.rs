//! Names of the functions that the language gives a meaning: data only.
//!
//! Owns: `MathFn` (scalar functions of libm that reach MIR) and `Builtin` (everything else a program can
//! name: Python builtins, `math`, `cmath`, NumPy). In: nothing. Out: `infer::builtin` gives each
//! `Builtin` its typing rule and its HIR by one exhaustive match; `MathFn` is lowered by `codegen`.
//! Invariant: each function appears once; the modules that export it are in `infer::names`.

/// A scalar floating-point function. Ieee semantics here; the errors of Python's `math` are guards
/// that `lower` puts around it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub enum MathFn {
    Sqrt,
    Floor,
    Ceil,
    Trunc,
    /// Round half to even.
    Rint,
    Abs,
    CopySign,
    Exp,
    Exp2,
    Expm1,
    Log,
    Log2,
    Log10,
    Log1p,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Atan2,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Pow,
    Cbrt,
    Hypot,
    Fmod,
    Erf,
    Erfc,
    Gamma,
    Lgamma,
    NextAfter,
    Remainder,
    Fma,
}

/// For which arguments a function is written as straight code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Straight {
    All,
    /// The C library computes the others, which are rare.
    Most,
    No,
}

impl MathFn {
    /// For which arguments there is straight code (see `vmath`).
    pub fn straight(self) -> Straight {
        match self {
            MathFn::Exp
            | MathFn::Exp2
            | MathFn::Expm1
            | MathFn::Log
            | MathFn::Log2
            | MathFn::Log10
            | MathFn::Log1p
            | MathFn::Asin
            | MathFn::Acos
            | MathFn::Atan
            | MathFn::Sinh
            | MathFn::Cosh
            | MathFn::Tanh
            | MathFn::Atanh
            | MathFn::Cbrt
            | MathFn::Erf
            | MathFn::Erfc => Straight::All,
            MathFn::Sin
            | MathFn::Cos
            | MathFn::Tan
            | MathFn::Atan2
            | MathFn::Asinh
            | MathFn::Acosh
            | MathFn::Pow
            | MathFn::Hypot => Straight::Most,
            MathFn::Sqrt
            | MathFn::Floor
            | MathFn::Ceil
            | MathFn::Trunc
            | MathFn::Rint
            | MathFn::Abs
            | MathFn::CopySign
            | MathFn::Fmod
            | MathFn::Gamma
            | MathFn::Lgamma
            | MathFn::NextAfter
            | MathFn::Remainder
            | MathFn::Fma => Straight::No,
        }
    }

    pub const ALL: [MathFn; 38] = [
        MathFn::Sqrt,
        MathFn::Floor,
        MathFn::Ceil,
        MathFn::Trunc,
        MathFn::Rint,
        MathFn::Abs,
        MathFn::CopySign,
        MathFn::Exp,
        MathFn::Exp2,
        MathFn::Expm1,
        MathFn::Log,
        MathFn::Log2,
        MathFn::Log10,
        MathFn::Log1p,
        MathFn::Sin,
        MathFn::Cos,
        MathFn::Tan,
        MathFn::Asin,
        MathFn::Acos,
        MathFn::Atan,
        MathFn::Atan2,
        MathFn::Sinh,
        MathFn::Cosh,
        MathFn::Tanh,
        MathFn::Asinh,
        MathFn::Acosh,
        MathFn::Atanh,
        MathFn::Pow,
        MathFn::Cbrt,
        MathFn::Hypot,
        MathFn::Fmod,
        MathFn::Erf,
        MathFn::Erfc,
        MathFn::Gamma,
        MathFn::Lgamma,
        MathFn::NextAfter,
        MathFn::Remainder,
        MathFn::Fma,
    ];

    /// Whether it is one machine instruction, on scalars and in lanes (`Fma`: on machines that have it).
    pub fn is_instruction(self) -> bool {
        match self {
            MathFn::Sqrt
            | MathFn::Floor
            | MathFn::Ceil
            | MathFn::Trunc
            | MathFn::Rint
            | MathFn::Abs
            | MathFn::CopySign
            | MathFn::Fma => true,
            MathFn::Exp
            | MathFn::Exp2
            | MathFn::Expm1
            | MathFn::Log
            | MathFn::Log2
            | MathFn::Log10
            | MathFn::Log1p
            | MathFn::Sin
            | MathFn::Cos
            | MathFn::Tan
            | MathFn::Asin
            | MathFn::Acos
            | MathFn::Atan
            | MathFn::Atan2
            | MathFn::Sinh
            | MathFn::Cosh
            | MathFn::Tanh
            | MathFn::Asinh
            | MathFn::Acosh
            | MathFn::Atanh
            | MathFn::Pow
            | MathFn::Cbrt
            | MathFn::Hypot
            | MathFn::Fmod
            | MathFn::Erf
            | MathFn::Erfc
            | MathFn::Gamma
            | MathFn::Lgamma
            | MathFn::NextAfter
            | MathFn::Remainder => false,
        }
    }

    /// Number of arguments.
    pub fn arity(self) -> usize {
        match self {
            MathFn::CopySign
            | MathFn::Atan2
            | MathFn::Pow
            | MathFn::Hypot
            | MathFn::Fmod
            | MathFn::NextAfter
            | MathFn::Remainder => 2,
            MathFn::Fma => 3,
            MathFn::Sqrt
            | MathFn::Floor
            | MathFn::Ceil
            | MathFn::Trunc
            | MathFn::Rint
            | MathFn::Abs
            | MathFn::Exp
            | MathFn::Exp2
            | MathFn::Expm1
            | MathFn::Log
            | MathFn::Log2
            | MathFn::Log10
            | MathFn::Log1p
            | MathFn::Sin
            | MathFn::Cos
            | MathFn::Tan
            | MathFn::Asin
            | MathFn::Acos
            | MathFn::Atan
            | MathFn::Sinh
            | MathFn::Cosh
            | MathFn::Tanh
            | MathFn::Asinh
            | MathFn::Acosh
            | MathFn::Atanh
            | MathFn::Cbrt
            | MathFn::Erf
            | MathFn::Erfc
            | MathFn::Gamma
            | MathFn::Lgamma => 1,
        }
    }
}
