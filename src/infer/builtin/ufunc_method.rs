//! Methods of NumPy's binary ufuncs: `np.add.reduce(a)`, `np.minimum.accumulate(a)`, `np.add.at(a, k, x)`,
//! `np.multiply.outer(a, b)`.
//!
//! In: the method and typed arguments. Out: a call of the function that does the same, or of a prelude function
//! that takes the ufunc. Invariant: the type of a result is that of the ufunc on two elements.

use crate::diag::{Code, Diagnostic, Result, Span};
use crate::hir::{Expr, ExprKind, Index, Init, Stmt, StmtKind};
use crate::infer::arith::convert::{convert, seq};
use crate::infer::arith::map::elem_type;
use crate::infer::arith::{into_output, type_name};
use crate::infer::builtin::args::Args;
use crate::infer::builtin::names::{self, Builtin, Method, Reduce};
use crate::infer::builtin::python::int_const;
use crate::infer::builtin::{call as call_builtin, create, reduce, shape};
use crate::infer::cx::Cx;
use crate::types::{ArrayType, Kind, Layout, Scalar, Type};

/// A call of the method `full` (`numpy.add.reduce`).
pub fn call(cx: &mut Cx, method: Method, full: &'static str, call: Args) -> Result<Expr> {
    let (base, _) = full.rsplit_once('.').expect("a method of a ufunc");
    let base = names::index(base).expect("the ufunc of a method is known");
    match method {
        Method::Reduce(op) => reduced(cx, op, call),
        Method::Fold => folded(cx, base, call),
        Method::Accumulate => accumulated(cx, base, call),
        Method::At => at(cx, base, call),
        Method::Outer => outer(cx, base, call),
    }
}

/// The ufunc as a value.
fn ufunc(base: u16, span: Span) -> Expr {
    Expr::new(ExprKind::Unit, Type::Builtin(base), span)
}

/// The type of the ufunc's result for operands of these types.
fn result_of(cx: &mut Cx, base: u16, a: Scalar, b: Scalar, span: Span) -> Result<Expr> {
    // Never computed: its type alone counts.
    let operand = |ty: Scalar| Expr::new(ExprKind::Unit, Type::Scalar(ty), span);
    call_builtin(cx, base, vec![operand(a), operand(b)], Vec::new(), span)
}

fn array_of(cx: &mut Cx, value: Expr, name: &str, span: Span) -> Result<Expr> {
    let array = create::as_array(cx, value, span)?;
    if array.array().ndim == 0 {
        let message = format!("cannot {name} on a scalar");
        return Err(cx.error(Code::TypeMismatch, span, message, "this array has no axis"));
    }
    Ok(array)
}

/// By a reduction that is known as a function, whose axis is all axes unless one is given.
fn reduced(cx: &mut Cx, op: Reduce, call: Args) -> Result<Expr> {
    let Args { name, mut args, mut keywords, span } = call;
    if args.len() > 2 {
        return Err(too_many(cx, name, span));
    }
    if args.len() < 2 && keywords.iter().all(|(key, _)| key != "axis") {
        keywords.push(("axis".to_owned(), int_const(0, span)));
    }
    if let Some(first) = args.first_mut() {
        *first = array_of(cx, first.clone(), name, span)?;
    }
    reduce::reduce(cx, op, Args { name, args, keywords, span })
}

fn too_many(cx: &Cx, name: &str, span: Span) -> Box<Diagnostic> {
    let error = cx.error(Code::BadCall, span, format!("{name}() with so many arguments"), "called here");
    Box::new(error.help("name those behind the axis: `dtype=`, `keepdims=`"))
}

/// The axis of `array` in front, and the others in order.
fn axis_first(cx: &mut Cx, array: &Expr, axis: Option<Expr>, span: Span) -> Result<Vec<usize>> {
    let ndim = usize::from(array.array().ndim);
    let axes = match axis {
        Some(axis) => shape::axes(cx, &axis, ndim)?,
        None => vec![0],
    };
    let [axis] = axes[..] else {
        return Err(cx.error(Code::UnsupportedFunction, span, "one axis at a time", "several axes"));
    };
    Ok([axis].into_iter().chain((0..ndim).filter(|k| *k != axis)).collect())
}

/// Bit by bit, slice after slice.
fn folded(cx: &mut Cx, base: u16, call: Args) -> Result<Expr> {
    let (name, span) = (call.name, call.span);
    let [array, axis] = call.bind(cx, ["array", "axis"], 1)?;
    let array = array_of(cx, array.expect("required"), name, span)?;
    let elem = array.array().elem;
    let result = result_of(cx, base, elem, elem, span)?.scalar();
    let order = axis_first(cx, &array, axis, span)?;
    let (stmt, array) = cx.once("array", array);
    let all_ones = names::name(base) == "numpy.bitwise_and";
    let neutral = match (all_ones, result.kind()) {
        (false, _) => int_const(0, span),
        (true, Kind::Bool) => int_const(1, span),
        (true, _) => int_const(-1, span),
    };
    let neutral = convert(neutral, result);
    if order.len() == 1 {
        let total = cx.call_prelude("ufunc_fold", vec![ufunc(base, span), array, neutral], span)?;
        return Ok(seq(stmt.into_iter().collect(), total));
    }
    let lengths = create::lengths(&array, span);
    let lengths = order[1..].iter().map(|axis| lengths[*axis].clone()).collect();
    let new = create::alloc(lengths, result, false, Init::Empty, span);
    let new = create::filled_with(cx, new, neutral, span);
    let (second, out) = cx.once("out", new);
    let args = vec![ufunc(base, span), shape::permute(array, &order, span), out.clone()];
    let fold = Stmt { kind: StmtKind::Expr(cx.call_prelude("ufunc_fold_slices", args, span)?), span };
    Ok(seq(stmt.into_iter().chain(second).chain([fold]).collect(), out))
}

/// What each element makes of those before it along an axis.
fn accumulated(cx: &mut Cx, base: u16, call: Args) -> Result<Expr> {
    let (name, span) = (call.name, call.span);
    let sums = match names::name(base) {
        "numpy.add" => Some("cumsum"),
        "numpy.multiply" => Some("cumprod"),
        _other => None,
    };
    let [array, axis, dtype, out] = call.bind(cx, ["array", "axis", "dtype", "out"], 1)?;
    let array = array_of(cx, array.expect("required"), name, span)?;
    if let Some(prelude) = sums {
        let mut keywords = vec![("axis".to_owned(), axis.unwrap_or_else(|| int_const(0, span)))];
        keywords.extend(dtype.map(|dtype| ("dtype".to_owned(), dtype)));
        keywords.extend(out.map(|out| ("out".to_owned(), out)));
        return reduce::cumulate(cx, prelude, Args { name, args: vec![array], keywords, span });
    }
    if dtype.is_some() || out.is_some() {
        let message = format!("dtype= and out= of {name}() are not known to fastjit");
        return Err(cx.error(Code::UnsupportedFunction, span, message, "called here"));
    }
    let elem = array.array().elem;
    let result = result_of(cx, base, elem, elem, span)?.scalar();
    let order = axis_first(cx, &array, axis, span)?;
    let (stmt, array) = cx.once("array", array);
    let new = create::alloc(create::lengths(&array, span), result, false, Init::Empty, span);
    let (second, out) = cx.once("out", new);
    let args = vec![
        ufunc(base, span),
        shape::permute(array, &order, span),
        shape::permute(out.clone(), &order, span),
    ];
    let extreme =
        matches!(names::name(base), "numpy.minimum" | "numpy.maximum" | "numpy.fmin" | "numpy.fmax");
    let prelude = if extreme { "extreme_accumulate" } else { "ufunc_accumulate" };
    let fill = Stmt { kind: StmtKind::Expr(cx.call_prelude(prelude, args, span)?), span };
    Ok(seq(stmt.into_iter().chain(second).chain([fill]).collect(), out))
}

/// `a[k] = f(a[k], b)` for each place in turn.
fn at(cx: &mut Cx, base: u16, call: Args) -> Result<Expr> {
    let (name, span) = (call.name, call.span);
    let [array, indices, values] = call.exactly(cx)?;
    let integers = |ty: &Type| {
        ty.array().is_some_and(|array| {
            array.ndim == 1 && matches!(array.elem.kind(), Kind::Signed | Kind::Unsigned)
        })
    };
    let listed =
        matches!(&indices.ty, Type::Tuple(items) if items.iter().all(|item| item.scalar().is_some()));
    let indices = if listed { create::as_array(cx, indices, span)? } else { indices };
    let pair = matches!(&indices.ty, Type::Tuple(items) if items.len() == 2 && items.iter().all(integers));
    let (Some(target), Some(value)) = (array.ty.array(), elem_type(&values.ty)) else {
        let message = format!("{name}() takes an array, indices and values, not '{}'", type_name(&values.ty));
        return Err(cx.error(Code::TypeMismatch, span, message, "called here"));
    };
    if !(integers(&indices.ty) && target.ndim > 0 || pair && target.ndim == 2) {
        let message = format!("{name}() with such an index is not known to fastjit");
        let error = cx.error(Code::UnsupportedFunction, indices.span, message, "indexed by this");
        return Err(Box::new(error.help("give a 1-D array of integers, or two of them in a tuple")));
    }
    let result = result_of(cx, base, target.elem, value, span)?;
    let short = names::name(base).strip_prefix("numpy.").expect("a ufunc of NumPy");
    into_output(cx, short, result, target.elem, span)?;
    // A Python int need not fit: it is converted before its type is looked at.
    let wraps = values.ty.scalar() == Some(Scalar::Int)
        && matches!(target.elem.kind(), Kind::Signed | Kind::Unsigned);
    let values = if wraps { convert(values, target.elem) } else { values };
    let prelude = if pair { "ufunc_at_pairs" } else { "ufunc_at" };
    cx.call_prelude(prelude, vec![ufunc(base, span), array, indices, values], span)
}

/// Each element of `a` with each of `b`.
fn outer(cx: &mut Cx, base: u16, call: Args) -> Result<Expr> {
    let span = call.span;
    let [a, b] = call.exactly(cx)?;
    let more = b.ty.array().map_or(0, |array| array.ndim);
    let a = match a.ty.array() {
        Some(array) if more > 0 => {
            let all = Index::Slice { start: None, stop: None, step: None };
            let mut index = vec![all; usize::from(array.ndim)];
            index.extend((0..more).map(|_| Index::NewAxis));
            let ty = ArrayType { ndim: array.ndim + more, layout: Layout::Strided, ..array };
            Expr::new(ExprKind::View { array: a, index }, Type::Array(ty), span)
        }
        Some(_) | None => a,
    };
    call_builtin(cx, base, vec![a, b], Vec::new(), span)
}

/// True for ufuncs of two operands, whose methods are in the table of names.
pub fn has_methods(base: u16) -> bool {
    matches!(
        names::get(base),
        Builtin::NpBinary(..) | Builtin::NpCompare(..) | Builtin::NpLogical(_) | Builtin::NpMath(..)
    )
}
