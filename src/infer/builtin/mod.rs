//! Typing and HIR of everything the language gives a name: builtins, `math`, `cmath`, NumPy functions,
//! attributes and methods.

use crate::diag::{Result, Span};
use crate::hir::Expr;
use crate::infer::cx::Cx;
use crate::types::Type;

/// The value of a canonical dotted name (`numpy.float32`, `math.pi`, `builtins.len`), or `None` if the
/// compiler does not know it. Functions come back as `Type::Builtin`, dtypes as `Type::Dtype`,
/// submodules as `Type::Module`, constants as scalars.
pub fn known(_cx: &mut Cx, _name: &str, _span: Span) -> Option<Expr> {
    unimplemented!()
}

/// `value.attr` where `value` is an array, a scalar, a dtype, a known module...
pub fn attribute(_cx: &mut Cx, _value: Expr, _attr: &str, _span: Span) -> Result<Expr> {
    unimplemented!()
}

/// `builtin(args, keywords)`.
pub fn call(
    _cx: &mut Cx,
    _builtin: u16,
    _args: Vec<Expr>,
    _keywords: Vec<(String, Expr)>,
    _span: Span,
) -> Result<Expr> {
    unimplemented!()
}

/// `value.method(args, keywords)` where `value` is an array or a scalar.
pub fn method(
    _cx: &mut Cx,
    _value: Expr,
    _method: &str,
    _args: Vec<Expr>,
    _keywords: Vec<(String, Expr)>,
    _span: Span,
) -> Result<Expr> {
    unimplemented!()
}

/// `dtype(args)`: `np.float32(x)`, `float(x)`, `int(x)`, `bool(x)`, `complex(re, im)`.
pub fn construct(_cx: &mut Cx, _dtype: crate::types::Scalar, _args: Vec<Expr>, _span: Span) -> Result<Expr> {
    unimplemented!()
}

/// The type of a `Type::Builtin` by its name, for messages.
pub fn name(_builtin: u16) -> &'static str {
    unimplemented!()
}

/// Kept here so that callers need not know the numbering.
pub fn is_prange(_ty: &Type) -> bool {
    unimplemented!()
}
