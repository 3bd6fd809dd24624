//! Vector math: elementary functions as straight code, for loops that run in lanes.
//!
//! In: a `Math` operation of MIR that need not have libm's bits. Out: operations without branches that take
//! its place, so that the loop around it can be vectorised; scalar code gives the same bits from the same
//! operations. Invariant: at most one unit in the last place from the exact value, and all special values
//! right, for float64; float32 goes through float64, with less precision (`single`), and rounds once more.
//!
//! The functions are written once, on `Ops`; `emit` writes them as MIR, and tests run them on numbers.

mod area;
mod emit;
mod erf;
mod exp;
mod log;
pub mod ops;
mod single;
mod trig;

use crate::builtin::MathFn;
use ops::Ops;

pub use emit::{available, expand};

/// The value of a function of float32, to be rounded; arguments and result are float64.
pub fn single_value<B: Ops>(b: &mut B, func: MathFn, args: &[B::F]) -> Option<B::F> {
    single::value(b, func, args).or_else(|| value(b, func, args))
}

/// The function's value; `None` where `MathFn::straight` says that there is none.
pub fn value<B: Ops>(b: &mut B, func: MathFn, args: &[B::F]) -> Option<B::F> {
    let x = args[0];
    Some(match func {
        MathFn::Exp => exp::exp(b, x),
        MathFn::Exp2 => exp::exp2(b, x),
        MathFn::Expm1 => exp::expm1(b, x),
        MathFn::Log => log::log(b, x),
        MathFn::Log2 => log::log2(b, x),
        MathFn::Log10 => log::log10(b, x),
        MathFn::Log1p => log::log1p(b, x),
        MathFn::Sin => trig::sin(b, x),
        MathFn::Cos => trig::cos(b, x),
        MathFn::Tan => trig::tan(b, x),
        MathFn::Asin => trig::asin(b, x),
        MathFn::Acos => trig::acos(b, x),
        MathFn::Atan => trig::atan(b, x),
        MathFn::Atan2 => trig::atan2(b, x, args[1]),
        MathFn::Sinh => exp::sinh(b, x),
        MathFn::Cosh => exp::cosh(b, x),
        MathFn::Tanh => exp::tanh(b, x),
        MathFn::Asinh => area::asinh(b, x),
        MathFn::Acosh => area::acosh(b, x),
        MathFn::Atanh => area::atanh(b, x),
        MathFn::Pow => log::pow(b, x, args[1]),
        MathFn::Cbrt => log::cbrt(b, x),
        MathFn::Hypot => log::hypot(b, x, args[1]),
        MathFn::Erf => erf::erf(b, x),
        MathFn::Erfc => erf::erfc(b, x),
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
        | MathFn::Fma => return None,
    })
}
