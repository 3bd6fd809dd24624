//! Typing and HIR of everything the language gives a name: builtins, `math`, `cmath`, NumPy functions,
//! attributes and methods.
//!
//! In: calls whose callee and arguments are typed. Out: HIR. Invariant: `call` matches every `Builtin`,
//! so a half-added function does not compile.

pub mod args;
pub mod attr;
pub mod create;
pub mod items;
pub mod join;
pub mod math;
pub mod method;
pub mod names;
pub mod python;
pub mod reduce;
pub mod shape;
pub mod ufunc;
pub mod ufunc_method;

pub use attr::{attribute, flag};
pub use method::method;
pub use names::{Builtin, get, name};
pub use python::construct;

use crate::diag::{Code, Result, Span};
use crate::hir::{Expr, ExprKind};
use crate::infer::cx::Cx;
use crate::types::{Dtype, Type};

/// The value of a canonical dotted name (`numpy.float32`, `math.pi`, `builtins.len`), or `None` if the
/// compiler does not know it. Functions come back as `Type::Builtin`, dtypes as `Type::Dtype`,
/// submodules as `Type::Module`, constants as scalars.
pub fn known(_cx: &mut Cx, name: &str, span: Span) -> Option<Expr> {
    let unit = |ty: Type| Some(Expr::new(ExprKind::Unit, ty, span));
    if let Some(dtype) = names::dtype(name) {
        return unit(Type::Dtype(Dtype::Class(dtype)));
    }
    if let Some(dtype) =
        name.strip_prefix("numpy.dtype.").and_then(|name| names::dtype(&format!("numpy.{name}")))
    {
        return unit(Type::Dtype(Dtype::Described(dtype)));
    }
    if let Some((ty, value)) = names::constant(name) {
        return Some(Expr::new(ExprKind::Const(value), Type::Scalar(ty), span));
    }
    if let Some(index) = names::index(name) {
        return unit(Type::Builtin(index));
    }
    match name {
        "numpy.newaxis" => unit(Type::None),
        "numpy" | "numpy.linalg" | "math" | "cmath" | "builtins" | "fastjit" | "_prim" => {
            unit(Type::Module(name.into()))
        }
        _ => None,
    }
}

/// True for `prange`. Kept here so that callers need not know the numbering.
pub fn is_prange(ty: &Type) -> bool {
    matches!(ty, Type::Builtin(index) if get(*index) == Builtin::Prange)
}

/// `builtin(args, keywords)`.
pub fn call(
    cx: &mut Cx,
    builtin: u16,
    args: Vec<Expr>,
    keywords: Vec<(String, Expr)>,
    span: Span,
) -> Result<Expr> {
    let full = name(builtin);
    let short = full.rsplit('.').next().unwrap_or(full);
    let call = args::Args { name: short, args, keywords, span };
    match get(builtin) {
        Builtin::Range
        | Builtin::Enumerate
        | Builtin::Zip
        | Builtin::Reversed
        | Builtin::Prange
        | Builtin::Print => {
            let message = format!("{short}() is only known as the iterable of a `for` loop");
            let message = if short == "print" { "print() is a statement here".to_string() } else { message };
            Err(cx.error(Code::UnsupportedFunction, span, message, "used as a value here"))
        }
        Builtin::Len => python::len(cx, call),
        Builtin::Min => python::extremum(cx, call, true),
        Builtin::Max => python::extremum(cx, call, false),
        Builtin::Abs => python::abs(cx, call),
        Builtin::Round => python::round(cx, call),
        Builtin::Pow => python::pow(cx, call),
        Builtin::Divmod => python::divmod(cx, call),
        Builtin::Sum => python::sum(cx, call),
        Builtin::Isinstance => python::isinstance(cx, call),
        Builtin::Any => python::any_all(cx, call, true),
        Builtin::All => python::any_all(cx, call, false),
        Builtin::List => {
            let message = "list objects are not known to fastjit yet";
            let error = cx.error(Code::UnsupportedFunction, span, message, "list made here");
            Err(Box::new(error.help("use an array or a tuple")))
        }
        Builtin::Class(names::Class::Tuple) => python::tuple(cx, call),
        Builtin::Class(_) => {
            let shown = full.strip_prefix("builtins.").unwrap_or(full);
            let message = format!("'{shown}' is known as a class for isinstance() only");
            let error = cx.error(Code::UnsupportedFunction, span, message, "called here");
            Err(Box::new(error.help(
                "text is made only where it is shown: in an f-string, as in `raise ValueError(f\"bad {x}\")`",
            )))
        }
        Builtin::Threads(prim) => python::threads(cx, prim, call),
        Builtin::Math(func) => math::function(cx, func, call),
        Builtin::MathRound(kind) => math::round(cx, kind, call),
        Builtin::MathTest(prim) => math::test(cx, prim, call),
        Builtin::MathLog => math::log(cx, call),
        Builtin::MathHypot => math::hypot(cx, call),
        Builtin::MathNextAfter => math::next_after(cx, call),
        Builtin::MathScale(factor) => math::scale(cx, factor, call),
        Builtin::MathFoldInt(prelude) => math::fold_int(cx, prelude, call),
        Builtin::MathInt(prelude) => math::int_function(cx, prelude, call),
        Builtin::MathPrelude(prelude) => math::float_function(cx, prelude, call),
        Builtin::Cmath(prelude) => math::cmath(cx, prelude, call),
        Builtin::Prelude(prelude) => {
            let source = cx.prelude_callable(prelude)?;
            let callee = Expr::new(ExprKind::Unit, Type::Function { source, captures: [].into() }, span);
            cx.call_with(callee, call.args, call.keywords, span)
        }
        Builtin::Arrays(prelude) => {
            let source = cx.prelude_callable(prelude)?;
            let callee = Expr::new(ExprKind::Unit, Type::Function { source, captures: [].into() }, span);
            let mut arrays = Vec::with_capacity(call.args.len());
            for arg in call.args {
                let display = matches!(arg.ty, Type::Tuple(_));
                arrays.push(if display { create::as_array(cx, arg, span)? } else { arg });
            }
            cx.call_with(callee, arrays, call.keywords, span)
        }
        Builtin::Concatenate => join::concatenate(cx, call),
        Builtin::Stack => join::stack(cx, call),
        Builtin::Pile(kind) => join::pile(cx, kind, call),
        Builtin::Append => join::append(cx, call),
        Builtin::Sort => reduce::sorted(cx, call),
        Builtin::Ufunc(method) => ufunc_method::call(cx, method, full, call),
        Builtin::NpMath(table, func) => ufunc::math(cx, table, func, call),
        Builtin::NpFmod => ufunc::fmod(cx, call),
        Builtin::NpDivmod => ufunc::divmod(cx, call),
        Builtin::NpBinary(table, op) => ufunc::binary(cx, table, op, call),
        Builtin::NpCompare(table, op) => ufunc::compare(cx, table, op, call),
        Builtin::NpLogical(op) => ufunc::logical(cx, op, call),
        Builtin::NpTest(table, prim) => ufunc::test(cx, table, prim, call),
        Builtin::NpElement(table, op) => ufunc::element(cx, table, op, call),
        Builtin::NpPair(table) => ufunc::pair(cx, table, call),
        Builtin::NpParts(preludes) => ufunc::parts(cx, preludes, call),
        Builtin::Ldexp => ufunc::ldexp(cx, call),
        Builtin::NpPart(part) => ufunc::part(cx, part, call),
        Builtin::Angle => ufunc::angle(cx, call),
        Builtin::Where => ufunc::choose(cx, call),
        Builtin::Clip => ufunc::clip(cx, call),
        Builtin::NpRound => ufunc::round(cx, call),
        Builtin::Isclose => ufunc::isclose(cx, call),
        Builtin::NanToNum => ufunc::nan_to_num(cx, call),
        Builtin::Create(fill) => create::filled(cx, fill, call),
        Builtin::CreateLike(fill) => create::filled_like(cx, fill, call),
        Builtin::Full => create::full(cx, call),
        Builtin::FullLike => create::full_like(cx, call),
        Builtin::Arange => create::arange(cx, call),
        Builtin::Linspace => create::linspace(cx, call),
        Builtin::Eye => create::eye(cx, call),
        Builtin::Identity => create::identity(cx, call),
        Builtin::Array => create::array(cx, call, true),
        Builtin::Asarray => create::array(cx, call, false),
        Builtin::Ascontiguousarray => create::ascontiguousarray(cx, call),
        Builtin::Copy => create::copy(cx, call),
        Builtin::Reduce(op) => reduce::reduce(cx, op, call),
        Builtin::Cumulate(prelude) => reduce::cumulate(cx, prelude, call),
        Builtin::Method(method) => {
            let (first, rest) = call.split_first(cx)?;
            let first = create::as_array(cx, first, span)?;
            method::method(cx, first, method, rest.args, rest.keywords, span)
        }
        Builtin::Attribute(attr) => {
            let [value] = call.exactly(cx)?;
            let value = if value.ty.array().is_some() { value } else { create::as_array(cx, value, span)? };
            attr::attribute(cx, value, attr, span)
        }
        Builtin::Finfo => attr::finfo(cx, call),
        Builtin::Iinfo => attr::iinfo(cx, call),
        Builtin::Dtype => {
            let [value] = call.exactly(cx)?;
            let dtype = create::dtype(cx, &value, span)?;
            Ok(Expr::new(ExprKind::Unit, Type::Dtype(Dtype::Described(dtype)), span))
        }
        Builtin::ResultType => create::result_type(cx, call),
        Builtin::Isscalar => python::isscalar(cx, call),
        Builtin::ExpandDims => shape::expand_dims(cx, call),
        Builtin::Squeeze => shape::squeeze(cx, call),
        Builtin::Swapaxes => shape::swap_axes(cx, call),
        Builtin::Moveaxis => shape::move_axis(cx, call),
        Builtin::Prim(prim) => python::prim(cx, prim, call),
        Builtin::PrimKind => attr::prim_kind(cx, call),
        Builtin::PrimSplits => attr::prim_splits(cx, call),
        Builtin::PrimLayout => attr::prim_layout(cx, call),
        Builtin::PrimFlat => shape::prim_flat(cx, call),
        Builtin::PrimCast => python::prim_cast(cx, call),
        Builtin::PrimScalar => python::prim_scalar(cx, call),
    }
}
