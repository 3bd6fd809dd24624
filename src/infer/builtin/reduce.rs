//! Reductions over all axes or some, and running sums.
//!
//! In: an array and NumPy's keyword arguments. Out: calls of prelude functions on a view whose reduced axes
//! stand first (added up slice by slice) or last (one call for each element of the result). Invariant: the
//! order of additions is NumPy's for C- and F-ordered arrays.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{BinaryOp, Expr, ExprKind, Init, Prim, Stmt, StmtKind};
use crate::infer::arith::convert::{self, convert, seq};
use crate::infer::arith::map::{elem_type, elementwise};
use crate::infer::arith::{self, into_output, store_value, type_name};
use crate::infer::builtin::args::{Args, flag};
use crate::infer::builtin::names::Reduce;
use crate::infer::builtin::python::int_const;
use crate::infer::builtin::{attr, create, shape, ufunc};
use crate::infer::cx::Cx;
use crate::types::{Dtype, Kind, Layout, Scalar, Type};

/// Names of the parameters in order; `-` stands for none.
fn parameters(op: Reduce) -> [&'static str; 7] {
    match op {
        Reduce::Sum | Reduce::Prod => ["a", "axis", "dtype", "out", "keepdims", "initial", "-"],
        Reduce::Min | Reduce::Max => ["a", "axis", "out", "keepdims", "initial", "-", "-"],
        Reduce::Mean | Reduce::Nansum | Reduce::Nanprod | Reduce::Nanmean => {
            ["a", "axis", "dtype", "out", "keepdims", "-", "-"]
        }
        Reduce::Var | Reduce::Std | Reduce::Nanvar | Reduce::Nanstd => {
            ["a", "axis", "dtype", "out", "ddof", "keepdims", "correction"]
        }
        Reduce::Any
        | Reduce::All
        | Reduce::Argmin
        | Reduce::Argmax
        | Reduce::Ptp
        | Reduce::Nanmin
        | Reduce::Nanmax => ["a", "axis", "out", "keepdims", "-", "-", "-"],
        Reduce::Median => ["a", "axis", "out", "overwrite_input", "keepdims", "-", "-"],
        Reduce::CountNonzero => ["a", "axis", "keepdims", "-", "-", "-", "-"],
    }
}

/// The name that prelude functions know the reduction by.
fn kind(op: Reduce) -> &'static str {
    match op {
        Reduce::Sum => "sum",
        Reduce::Prod => "prod",
        Reduce::Min => "min",
        Reduce::Max => "max",
        Reduce::Mean => "mean",
        Reduce::Var => "var",
        Reduce::Std => "std",
        Reduce::Any => "any",
        Reduce::All => "all",
        Reduce::Argmin => "argmin",
        Reduce::Argmax => "argmax",
        Reduce::Ptp => "ptp",
        Reduce::Nansum => "nansum",
        Reduce::Nanprod => "nanprod",
        Reduce::Nanmean => "nanmean",
        Reduce::Nanvar => "nanvar",
        Reduce::Nanstd => "nanstd",
        Reduce::Nanmin => "nanmin",
        Reduce::Nanmax => "nanmax",
        Reduce::Median => "median",
        Reduce::CountNonzero => "count_nonzero",
    }
}

/// The type of the accumulator and the type of the result.
fn result_types(op: Reduce, elem: Scalar, dtype: Option<Scalar>) -> (Scalar, Scalar) {
    let widened = match elem.kind() {
        Kind::Bool | Kind::Signed => Scalar::I64,
        Kind::Unsigned => Scalar::U64,
        Kind::Float | Kind::Complex => elem,
    };
    let inexact = match elem.kind() {
        Kind::Bool | Kind::Signed | Kind::Unsigned => Scalar::F64,
        Kind::Float | Kind::Complex => elem,
    };
    match op {
        Reduce::Sum | Reduce::Prod | Reduce::Nansum | Reduce::Nanprod => {
            let ty = dtype.unwrap_or(widened);
            (ty, ty)
        }
        Reduce::Mean | Reduce::Nanmean => {
            let ty = dtype.unwrap_or(inexact);
            (ty, ty)
        }
        Reduce::Var | Reduce::Std | Reduce::Nanvar | Reduce::Nanstd => {
            let ty = dtype.unwrap_or(inexact);
            let real = match ty {
                Scalar::C64 => Scalar::F32,
                Scalar::C128 => Scalar::F64,
                Scalar::Bool
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
                | Scalar::U64
                | Scalar::F32
                | Scalar::F64 => ty,
            };
            (ty, real)
        }
        Reduce::Min | Reduce::Max | Reduce::Ptp | Reduce::Nanmin | Reduce::Nanmax => (elem, elem),
        Reduce::Any | Reduce::All => (Scalar::NpBool, Scalar::NpBool),
        Reduce::Argmin | Reduce::Argmax | Reduce::CountNonzero => (Scalar::I64, Scalar::I64),
        Reduce::Median => (inexact, inexact),
    }
}

/// A reduction with its arguments.
struct Job {
    op: Reduce,
    /// Of the accumulator, passed to the prelude as a dtype.
    dtype: Scalar,
    result: Scalar,
    initial: Option<Expr>,
    ddof: Option<Expr>,
    span: Span,
}

/// `np.sum(a, axis, ...)` and its like.
pub fn reduce(cx: &mut Cx, op: Reduce, call: Args) -> Result<Expr> {
    let (span, name) = (call.span, call.name.to_string());
    let params = parameters(op);
    let values = call.bind(cx, params, 1)?;
    let mut named: Vec<(&str, Expr)> =
        params.iter().copied().zip(values).filter_map(|(k, v)| Some((k, v?))).collect();
    let mut take = |key: &str| named.iter().position(|(k, _)| *k == key).map(|at| named.remove(at).1);
    let value = take("a").expect("required");
    let (axis, dtype, out) = (take("axis"), take("dtype"), take("out"));
    let (keepdims, initial, ddof) =
        (take("keepdims"), take("initial"), take("ddof").or_else(|| take("correction")));
    let array = create::as_array(cx, value, span)?;
    let elem = array.array().elem;
    if elem.kind() == Kind::Complex && orders(op) {
        let message = format!("{name}() of complex numbers is not known to fastjit");
        return Err(cx.error(Code::UnsupportedFunction, span, message, "called here"));
    }
    if elem.kind() == Kind::Bool && op == Reduce::Ptp {
        let message = "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the \
                       `^` operator, or the logical_xor function instead.";
        return Err(cx.error(Code::TypeMismatch, span, message, "of an array of bools"));
    }
    let dtype = match dtype {
        Some(dtype) => Some(create::dtype(cx, &dtype, span)?),
        None => None,
    };
    let keepdims = flag(cx, keepdims, false, "keepdims")?;
    let (dtype, result) = result_types(op, elem, dtype);
    // Without nan, or of a copy in which nan is neutral, these are the plain reductions.
    let (op, array) = match op {
        Reduce::Nansum | Reduce::Nanprod if elem.kind() == Kind::Float => {
            let (op, neutral) = if op == Reduce::Nansum { (Reduce::Sum, 0) } else { (Reduce::Prod, 1) };
            (op, without_nan(cx, array, neutral, span)?)
        }
        Reduce::Nansum => (Reduce::Sum, array),
        Reduce::Nanprod => (Reduce::Prod, array),
        Reduce::Sum
        | Reduce::Prod
        | Reduce::Min
        | Reduce::Max
        | Reduce::Mean
        | Reduce::Var
        | Reduce::Std
        | Reduce::Any
        | Reduce::All
        | Reduce::Argmin
        | Reduce::Argmax
        | Reduce::Ptp
        | Reduce::Nanmean
        | Reduce::Nanvar
        | Reduce::Nanstd
        | Reduce::Nanmin
        | Reduce::Nanmax
        | Reduce::Median
        | Reduce::CountNonzero => (op, array),
    };
    let mut array = array;
    let job = Job { op, dtype, result, initial, ddof, span };
    let ndim = usize::from(array.array().ndim);
    let axes = match axis {
        Some(axis) => shape::axes(cx, &axis, ndim.max(1))?,
        None => (0..ndim).collect(),
    };
    if ndim == 0 {
        array = shape::with_new_axes(array, &[0], span);
    }
    let reduced = if axes.len() >= ndim && !(axes.is_empty() && ndim > 0) {
        let total = whole(cx, &job, array)?;
        if keepdims && ndim > 0 {
            let total = convert(total, job.result);
            let ones = vec![int_const(1, span); ndim];
            let new = create::alloc(ones, job.result, false, Init::Empty, span);
            create::filled_with(cx, new, total, span)
        } else {
            total
        }
    } else if axes.is_empty() {
        // axis=() reduces nothing.
        return Err(cx.error(
            Code::UnsupportedFunction,
            span,
            "axis=() is not known to fastjit",
            "called here",
        ));
    } else {
        if matches!(op, Reduce::Argmin | Reduce::Argmax) && axes.len() > 1 {
            return Err(cx.error(
                Code::TypeMismatch,
                span,
                "argmin and argmax take one axis",
                "several axes",
            ));
        }
        partial(cx, &job, array, &axes, keepdims)?
    };
    let Some(out) = out else { return Ok(reduced) };
    let Some(target) = out.ty.array() else {
        return Err(cx.error(Code::TypeMismatch, out.span, "output must be an array", "not an array"));
    };
    let (stmt, out) = cx.once("out", out);
    let value = into_output(cx, &name, reduced, target.elem, span)?;
    let copy = Stmt { kind: StmtKind::CopyInto { dest: out.clone(), value }, span };
    Ok(seq(stmt.into_iter().chain([copy]).collect(), out))
}

/// A copy in which nan is replaced.
fn without_nan(cx: &mut Cx, array: Expr, neutral: i64, span: Span) -> Result<Expr> {
    let elem = array.array().elem;
    elementwise(cx, vec![array], span, |cx, mut args| {
        convert::once(cx, args.remove(0), |_, x| {
            let test =
                Expr::new(ExprKind::Prim { prim: Prim::IsNan, args: vec![x.clone()] }, Type::BOOL, span);
            let then = convert(int_const(neutral, span), elem);
            Ok(Expr::new(ExprKind::IfExp { test, then, orelse: x }, Type::Scalar(elem), span))
        })
    })
}

/// Reductions that need an order of their elements.
fn orders(op: Reduce) -> bool {
    match op {
        Reduce::Min | Reduce::Max | Reduce::Argmin | Reduce::Argmax | Reduce::Ptp => true,
        Reduce::Nanmin | Reduce::Nanmax | Reduce::Median => true,
        Reduce::Nansum | Reduce::Nanprod | Reduce::Nanmean | Reduce::Nanvar | Reduce::Nanstd => true,
        Reduce::Sum | Reduce::Prod | Reduce::Mean | Reduce::Var | Reduce::Std => false,
        Reduce::Any | Reduce::All | Reduce::CountNonzero => false,
    }
}

fn text(value: &str, span: Span) -> Expr {
    Expr::new(ExprKind::Unit, Type::Str(value.into()), span)
}

fn dtype_expr(dtype: Scalar, span: Span) -> Expr {
    Expr::new(ExprKind::Unit, Type::Dtype(Dtype::Class(dtype)), span)
}

/// The argument that `var` and `std` take; others take none.
fn ddof(cx: &mut Cx, job: &Job) -> Result<Expr> {
    match &job.ddof {
        Some(value) if value.ty.scalar().is_some_and(|s| s.kind() != Kind::Complex) => Ok(value.clone()),
        Some(value) => {
            let message = format!("ddof must be a number, not '{}'", type_name(&value.ty));
            Err(cx.error(Code::TypeMismatch, value.span, message, "this ddof"))
        }
        None => Ok(int_const(0, job.span)),
    }
}

/// Over all axes: a scalar.
fn whole(cx: &mut Cx, job: &Job, array: Expr) -> Result<Expr> {
    let span = job.span;
    if let Some(initial) = &job.initial {
        let initial = store_value(cx, initial.clone(), job.dtype, span)?;
        return match job.op {
            Reduce::Sum => {
                let total = total(cx, job, array)?;
                arith::binary(cx, ast::BinaryOp::Add, initial, total, span)
            }
            Reduce::Prod
            | Reduce::Min
            | Reduce::Max
            | Reduce::Mean
            | Reduce::Var
            | Reduce::Std
            | Reduce::Any
            | Reduce::All
            | Reduce::Argmin
            | Reduce::Argmax
            | Reduce::Ptp
            | Reduce::Nansum
            | Reduce::Nanprod
            | Reduce::Nanmean
            | Reduce::Nanvar
            | Reduce::Nanstd
            | Reduce::Nanmin
            | Reduce::Nanmax
            | Reduce::Median
            | Reduce::CountNonzero => {
                cx.call_prelude("fold_all", vec![text(kind(job.op), span), array, initial], span)
            }
        };
    }
    let value = total(cx, job, array)?;
    // The number of non-zero elements was a Python int before NumPy 2.4.
    let python = job.op == Reduce::CountNonzero && cx.env.numpy.is_some_and(|version| version < (2, 4));
    Ok(if python { convert(value, Scalar::Int) } else { value })
}

fn total(cx: &mut Cx, job: &Job, array: Expr) -> Result<Expr> {
    let span = job.span;
    let ddof = ddof(cx, job)?;
    let args = vec![text(kind(job.op), span), array, dtype_expr(job.dtype, span), ddof];
    cx.call_prelude("reduce_all", args, span)
}

/// Over some axes: an array.
fn partial(cx: &mut Cx, job: &Job, array: Expr, axes: &[usize], keepdims: bool) -> Result<Expr> {
    let span = job.span;
    let ndim = usize::from(array.array().ndim);
    // A column-major array is a row-major one with its axes reversed, and so is the result.
    if array.array().layout == Layout::F {
        let mirrored: Vec<usize> = axes.iter().map(|axis| ndim - 1 - axis).collect();
        let reduced = partial(cx, job, create::transpose(array), &mirrored, keepdims)?;
        return Ok(create::transpose(reduced));
    }
    let (stmt, array) = cx.once("array", array);
    let mut stmts: Vec<Stmt> = stmt.into_iter().collect();
    let kept: Vec<usize> = (0..ndim).filter(|axis| !axes.contains(axis)).collect();
    let gone: Vec<usize> = (0..ndim).filter(|axis| axes.contains(axis)).collect();
    let lengths: Vec<Expr> =
        kept.iter().map(|axis| attr::dimension(array.clone(), *axis as u8, span)).collect();
    let slices = !axes.contains(&(ndim - 1));
    let result = match job.op {
        Reduce::Sum | Reduce::Prod | Reduce::Min | Reduce::Max | Reduce::Any | Reduce::All
            if slices || job.initial.is_some() =>
        {
            columns(cx, job, kind(job.op), &array, &gone, &kept, lengths)?
        }
        Reduce::Mean if slices => {
            let sums = columns(cx, job, "sum", &array, &gone, &kept, lengths)?;
            let count = count(cx, &array, &gone, span)?;
            let count = convert(count, job.dtype);
            ufunc::binary_of(cx, "true_divide", BinaryOp::TrueDiv, sums, count, span)?
        }
        Reduce::Var | Reduce::Std if slices && job.dtype.kind() == Kind::Float => {
            let (mut more, squares) = squares(cx, job, &array, &gone)?;
            let sums = columns(cx, job, "sum", &squares, &gone, &kept, lengths)?;
            let count = count(cx, &array, &gone, span)?;
            let ddof = ddof(cx, job)?;
            let degrees = arith::binary(cx, ast::BinaryOp::Sub, count, ddof, span)?;
            let degrees = convert(degrees, job.dtype);
            let zero = super::python::zero(job.dtype, span);
            let degrees = ufunc::binary_of(cx, "maximum", BinaryOp::Maximum, degrees, zero, span)?;
            let mut result = ufunc::binary_of(cx, "true_divide", BinaryOp::TrueDiv, sums, degrees, span)?;
            if job.op == Reduce::Std {
                result = elementwise(cx, vec![result], span, |_, args| {
                    Ok(ufunc::libm(crate::builtin::MathFn::Sqrt, args, span))
                })?;
            }
            stmts.append(&mut more);
            result
        }
        Reduce::Sum
        | Reduce::Prod
        | Reduce::Min
        | Reduce::Max
        | Reduce::Mean
        | Reduce::Var
        | Reduce::Std
        | Reduce::Any
        | Reduce::All
        | Reduce::Argmin
        | Reduce::Argmax
        | Reduce::Ptp
        | Reduce::Nansum
        | Reduce::Nanprod
        | Reduce::Nanmean
        | Reduce::Nanvar
        | Reduce::Nanstd
        | Reduce::Nanmin
        | Reduce::Nanmax
        | Reduce::Median
        | Reduce::CountNonzero => {
            let order: Vec<usize> = kept.iter().chain(&gone).copied().collect();
            let view = shape::permute(array.clone(), &order, span);
            let (stmt, out) = cx.once("out", create::alloc(lengths, job.result, false, Init::Empty, span));
            let ddof = ddof(cx, job)?;
            let args = vec![text(kind(job.op), span), view, out.clone(), dtype_expr(job.dtype, span), ddof];
            let fill = cx.call_prelude("reduce_rows", args, span)?;
            let fill = Stmt { kind: StmtKind::Expr(fill), span };
            seq(stmt.into_iter().chain([fill]).collect(), out)
        }
    };
    let result = if keepdims { shape::with_new_axes(result, &gone, span) } else { result };
    Ok(seq(std::mem::take(&mut stmts), result))
}

/// The number of elements that go into each element of the result.
fn count(cx: &mut Cx, array: &Expr, gone: &[usize], span: Span) -> Result<Expr> {
    let mut count = int_const(1, span);
    for axis in gone {
        let length = attr::dimension(array.clone(), *axis as u8, span);
        count = arith::binary(cx, ast::BinaryOp::Mul, count, length, span)?;
    }
    Ok(count)
}

/// The squared distances from the mean over the axes that go, in a new array.
fn squares(cx: &mut Cx, job: &Job, array: &Expr, gone: &[usize]) -> Result<(Vec<Stmt>, Expr)> {
    let span = job.span;
    let mean = Job { op: Reduce::Mean, dtype: job.dtype, result: job.dtype, initial: None, ddof: None, span };
    let mean = partial(cx, &mean, array.clone(), gone, true)?;
    let (first, mean) = cx.once("mean", mean);
    let squares = elementwise(cx, vec![array.clone(), mean], span, |cx, mut args| {
        let mean = args.pop().expect("two operands");
        let value = convert(args.pop().expect("two operands"), job.dtype);
        let distance = arith::raw_binary(BinaryOp::Sub, value, mean, job.dtype, span);
        convert::once(cx, distance, |_, x| {
            Ok(arith::raw_binary(BinaryOp::Mul, x.clone(), x, job.dtype, span))
        })
    })?;
    let (second, squares) = cx.once("squares", squares);
    Ok((first.into_iter().chain(second).collect(), squares))
}

/// Slice by slice: `out = out op a[i]`.
fn columns(
    cx: &mut Cx,
    job: &Job,
    kind: &str,
    array: &Expr,
    gone: &[usize],
    kept: &[usize],
    lengths: Vec<Expr>,
) -> Result<Expr> {
    let span = job.span;
    let order: Vec<usize> = gone.iter().chain(kept).copied().collect();
    let view = shape::permute(array.clone(), &order, span);
    let (stmt, out) = cx.once("out", create::alloc(lengths, job.dtype, false, Init::Empty, span));
    let mut stmts: Vec<Stmt> = stmt.into_iter().collect();
    let start = match (&job.initial, kind) {
        (Some(initial), _) => Some(store_value(cx, initial.clone(), job.dtype, span)?),
        (None, "sum" | "any") => Some(super::python::zero(job.dtype, span)),
        (None, "prod" | "all") => Some(create::one(job.dtype, span)),
        (None, _) => None,
    };
    let first = match start {
        Some(value) => Stmt { kind: StmtKind::CopyInto { dest: out.clone(), value }, span },
        None => {
            let args = vec![text(kind, span), view.clone(), out.clone()];
            let first = cx.call_prelude("first_slice", args, span)?;
            Stmt { kind: StmtKind::Expr(first), span }
        }
    };
    stmts.push(first);
    let fold = cx.call_prelude("fold_slices", vec![text(kind, span), view, out.clone()], span)?;
    stmts.push(Stmt { kind: StmtKind::Expr(fold), span });
    Ok(seq(stmts, out))
}

/// `np.sort(a, axis=-1)`: a sorted copy.
pub fn sorted(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let (value, rest) = call.split_first(cx)?;
    let array = create::as_array(cx, value, span)?;
    let elem = array.array().elem;
    let (stmt, copy) = {
        let copy = create::copy_as(cx, array, elem, false, span)?;
        cx.once("sorted", copy)
    };
    let sort = super::method::method(cx, copy.clone(), "sort", rest.args, rest.keywords, span)?;
    let sort = Stmt { kind: StmtKind::Expr(sort), span };
    Ok(seq(stmt.into_iter().chain([sort]).collect(), copy))
}

/// `np.cumsum`, `np.cumprod`.
pub fn cumulate(cx: &mut Cx, prelude: &str, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, axis, dtype, out] = call.bind(cx, ["a", "axis", "dtype", "out"], 1)?;
    let array = create::as_array(cx, value.expect("required"), span)?;
    let elem = elem_type(&array.ty).expect("an array");
    let dtype = match dtype {
        Some(dtype) => Some(create::dtype(cx, &dtype, span)?),
        None => None,
    };
    let (dtype, _) = result_types(if prelude == "cumsum" { Reduce::Sum } else { Reduce::Prod }, elem, dtype);
    let ndim = usize::from(array.array().ndim);
    let result = match axis {
        None => {
            let array = if ndim == 0 { shape::with_new_axes(array, &[0], span) } else { array };
            let flat = shape::ravel(cx, array, span)?;
            cx.call_prelude(prelude, vec![flat, dtype_expr(dtype, span)], span)?
        }
        Some(axis) => {
            let axis = shape::axes(cx, &axis, ndim)?[0];
            let (stmt, array) = cx.once("array", array);
            let new = create::alloc(create::lengths(&array, span), dtype, false, Init::Empty, span);
            let (second, result) = cx.once("out", new);
            let mut order: Vec<usize> = (0..ndim).filter(|k| *k != axis).collect();
            order.push(axis);
            let args = vec![
                text(prelude, span),
                shape::permute(array, &order, span),
                shape::permute(result.clone(), &order, span),
            ];
            let fill = cx.call_prelude("cumulate_rows", args, span)?;
            let fill = Stmt { kind: StmtKind::Expr(fill), span };
            seq(stmt.into_iter().chain(second).chain([fill]).collect(), result)
        }
    };
    let Some(out) = out else { return Ok(result) };
    let Some(target) = out.ty.array() else {
        return Err(cx.error(Code::TypeMismatch, out.span, "output must be an array", "not an array"));
    };
    let (stmt, out) = cx.once("out", out);
    let value = elementwise(cx, vec![result], span, |_, mut args| Ok(convert(args.remove(0), target.elem)))?;
    let copy = Stmt { kind: StmtKind::CopyInto { dest: out.clone(), value }, span };
    Ok(seq(stmt.into_iter().chain([copy]).collect(), out))
}
