//! The C library's mathematical functions: the ones CPython calls, so that the bits are the same.
//!
//! In: a `MathFn`. Out: the address of its function in double or single precision.
//! Invariant: an exhaustive match for each precision; a new function does not compile until it is here.

use crate::builtin::MathFn;

/// Declares each function in double precision and in single (with an `f` at the end of its name).
macro_rules! declare {
    ($($name:ident, $single:ident ($($arg:ident),*);)*) => {
        // Named so that the C library's functions are linked, not the copies that the compiler brings along.
        #[cfg_attr(unix, link(name = "m"))]
        unsafe extern "C" {
            $(pub(super) safe fn $name($($arg: f64),*) -> f64; safe fn $single($($arg: f32),*) -> f32;)*
        }
    };
}

declare! {
    sqrt, sqrtf(x);
    floor, floorf(x);
    ceil, ceilf(x);
    trunc, truncf(x);
    rint, rintf(x);
    fabs, fabsf(x);
    copysign, copysignf(x, y);
    exp, expf(x);
    exp2, exp2f(x);
    expm1, expm1f(x);
    log, logf(x);
    log2, log2f(x);
    log10, log10f(x);
    log1p, log1pf(x);
    sin, sinf(x);
    cos, cosf(x);
    tan, tanf(x);
    asin, asinf(x);
    acos, acosf(x);
    atan, atanf(x);
    atan2, atan2f(x, y);
    sinh, sinhf(x);
    cosh, coshf(x);
    tanh, tanhf(x);
    asinh, asinhf(x);
    acosh, acoshf(x);
    atanh, atanhf(x);
    pow, powf(x, y);
    cbrt, cbrtf(x);
    hypot, hypotf(x, y);
    fmod, fmodf(x, y);
    erf, erff(x);
    erfc, erfcf(x);
    nextafter, nextafterf(x, y);
    remainder, remainderf(x, y);
    fma, fmaf(x, y, z);
}

unsafe extern "C" {
    safe fn tgammaf(x: f32) -> f32;
    safe fn lgammaf(x: f32) -> f32;
}

/// Address of the function in double precision.
pub fn double(func: MathFn) -> usize {
    let address = match func {
        MathFn::Sqrt => sqrt as *const (),
        MathFn::Floor => floor as *const (),
        MathFn::Ceil => ceil as *const (),
        MathFn::Trunc => trunc as *const (),
        MathFn::Rint => rint as *const (),
        MathFn::Abs => fabs as *const (),
        MathFn::CopySign => copysign as *const (),
        MathFn::Exp => exp as *const (),
        MathFn::Exp2 => exp2 as *const (),
        MathFn::Expm1 => expm1 as *const (),
        MathFn::Log => log as *const (),
        MathFn::Log2 => log2 as *const (),
        MathFn::Log10 => log10 as *const (),
        MathFn::Log1p => log1p as *const (),
        MathFn::Sin => sin as *const (),
        MathFn::Cos => cos as *const (),
        MathFn::Tan => tan as *const (),
        MathFn::Asin => asin as *const (),
        MathFn::Acos => acos as *const (),
        MathFn::Atan => atan as *const (),
        MathFn::Atan2 => atan2 as *const (),
        MathFn::Sinh => sinh as *const (),
        MathFn::Cosh => cosh as *const (),
        MathFn::Tanh => tanh as *const (),
        MathFn::Asinh => asinh as *const (),
        MathFn::Acosh => acosh as *const (),
        MathFn::Atanh => atanh as *const (),
        MathFn::Pow => pow as *const (),
        MathFn::Cbrt => cbrt as *const (),
        MathFn::Hypot => hypot as *const (),
        MathFn::Fmod => fmod as *const (),
        MathFn::Erf => erf as *const (),
        MathFn::Erfc => erfc as *const (),
        MathFn::Gamma => super::gamma::gamma as *const (),
        MathFn::Lgamma => super::gamma::log_gamma as *const (),
        MathFn::NextAfter => nextafter as *const (),
        MathFn::Remainder => remainder as *const (),
        MathFn::Fma => fma as *const (),
    };
    address as usize
}

/// Address of the function in single precision.
pub fn single(func: MathFn) -> usize {
    let address = match func {
        MathFn::Sqrt => sqrtf as *const (),
        MathFn::Floor => floorf as *const (),
        MathFn::Ceil => ceilf as *const (),
        MathFn::Trunc => truncf as *const (),
        MathFn::Rint => rintf as *const (),
        MathFn::Abs => fabsf as *const (),
        MathFn::CopySign => copysignf as *const (),
        MathFn::Exp => expf as *const (),
        MathFn::Exp2 => exp2f as *const (),
        MathFn::Expm1 => expm1f as *const (),
        MathFn::Log => logf as *const (),
        MathFn::Log2 => log2f as *const (),
        MathFn::Log10 => log10f as *const (),
        MathFn::Log1p => log1pf as *const (),
        MathFn::Sin => sinf as *const (),
        MathFn::Cos => cosf as *const (),
        MathFn::Tan => tanf as *const (),
        MathFn::Asin => asinf as *const (),
        MathFn::Acos => acosf as *const (),
        MathFn::Atan => atanf as *const (),
        MathFn::Atan2 => atan2f as *const (),
        MathFn::Sinh => sinhf as *const (),
        MathFn::Cosh => coshf as *const (),
        MathFn::Tanh => tanhf as *const (),
        MathFn::Asinh => asinhf as *const (),
        MathFn::Acosh => acoshf as *const (),
        MathFn::Atanh => atanhf as *const (),
        MathFn::Pow => powf as *const (),
        MathFn::Cbrt => cbrtf as *const (),
        MathFn::Hypot => hypotf as *const (),
        MathFn::Fmod => fmodf as *const (),
        MathFn::Erf => erff as *const (),
        MathFn::Erfc => erfcf as *const (),
        MathFn::Gamma => tgammaf as *const (),
        MathFn::Lgamma => lgammaf as *const (),
        MathFn::NextAfter => nextafterf as *const (),
        MathFn::Remainder => remainderf as *const (),
        MathFn::Fma => fmaf as *const (),
    };
    address as usize
}
