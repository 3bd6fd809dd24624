//! Creation of arrays.
//!
//! In: shapes, dtypes, tuples (also from list displays), other arrays. Out: HIR that allocates and fills.
//! Invariant: the result has the type NumPy gives; it is C-ordered unless the call says otherwise.

use crate::diag::{Code, Result, Span};
use crate::hir::{ArrayAttr, Const, Expr, ExprKind, Init, Stmt, StmtKind};
use crate::infer::arith::convert::{convert, item_exprs, seq};
use crate::infer::arith::map::{elem_type, element, fresh};
use crate::infer::arith::{index_value, shape_of, store_value, type_name};
use crate::infer::builtin::args::{Args, flag};
use crate::infer::builtin::items::from_tuple;
use crate::infer::builtin::names::{self, Fill};
use crate::infer::builtin::python::int_const;
use crate::infer::cx::Cx;
use crate::types::{ArrayType, Dtype, Kind, Layout, Scalar, Type};

/// The dtype that an argument names: a dtype, a scalar class, a string.
pub fn dtype(cx: &Cx, value: &Expr, span: Span) -> Result<Scalar> {
    let found = match &value.ty {
        Type::Dtype(dtype) => Some(dtype.scalar().to_numpy()),
        Type::Str(text) => names::dtype_of_text(text),
        Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => None,
    };
    found.ok_or_else(|| {
        let message = match &value.ty {
            Type::Str(text) => format!("data type '{text}' is not known to fastjit"),
            other @ (Type::None
            | Type::Scalar(_)
            | Type::Array(_)
            | Type::Tuple(_)
            | Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never) => format!("a dtype is needed here, not a value of type '{}'", type_name(other)),
        };
        let error = cx.error(Code::UnsupportedType, span, message, "this dtype");
        Box::new(error.help("use a NumPy dtype such as np.float64"))
    })
}

/// The dtype of an optional argument.
pub fn dtype_or(cx: &Cx, value: Option<Expr>, default: Scalar) -> Result<Scalar> {
    match value {
        Some(value) => dtype(cx, &value, value.span),
        None => Ok(default),
    }
}

/// The lengths that a shape argument gives (an int or a tuple of ints), each to be evaluated once.
pub fn shape(cx: &mut Cx, value: Expr) -> Result<(Vec<Stmt>, Vec<Expr>)> {
    let span = value.span;
    if let Type::Tuple(_) = &value.ty {
        let (stmt, tuple) = cx.once("shape", value);
        let mut lengths = Vec::new();
        for item in item_exprs(&tuple, span) {
            lengths.push(index_value(cx, item, span)?);
        }
        return Ok((stmt.into_iter().collect(), lengths));
    }
    if let Some(array) = value.ty.array()
        && array.ndim == 1
    {
        let message = "a shape that is an array has a number of dimensions unknown at compile time";
        let error = cx.error(Code::NotConstant, span, message, "this shape");
        return Err(Box::new(error.help("write it as a tuple: (shape[0], shape[1])")));
    }
    Ok((Vec::new(), vec![index_value(cx, value, span)?]))
}

/// Whether an `order=` argument asks for column-major order.
fn fortran(cx: &Cx, order: Option<Expr>, keep: bool) -> Result<bool> {
    let Some(order) = order else { return Ok(keep) };
    match &order.ty {
        Type::Str(text) => match &**text {
            "C" => Ok(false),
            "F" => Ok(true),
            "K" | "A" => Ok(keep),
            _ => {
                let message = "order must be one of 'C', 'F', 'A', or 'K'";
                Err(cx.error(Code::TypeMismatch, order.span, message, format!("this is '{text}'")))
            }
        },
        other @ (Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!("order must be str, not {}", type_name(other));
            Err(cx.error(Code::TypeMismatch, order.span, message, "this order"))
        }
    }
}

/// A new array, not filled or zero.
pub fn alloc(mut shape: Vec<Expr>, elem: Scalar, column_major: bool, init: Init, span: Span) -> Expr {
    if column_major && shape.len() > 1 {
        shape.reverse();
        let ndim = shape.len();
        let rows = Expr::new(ExprKind::Alloc { shape, init }, fresh(elem, ndim), span);
        return transpose(rows);
    }
    let ndim = shape.len();
    Expr::new(ExprKind::Alloc { shape, init }, fresh(elem, ndim), span)
}

/// The axes of an array reversed.
pub fn transpose(array: Expr) -> Expr {
    let ty = array.array();
    if ty.ndim < 2 {
        return array;
    }
    let layout = match ty.layout {
        Layout::C => Layout::F,
        Layout::F => Layout::C,
        Layout::Strided => Layout::Strided,
    };
    let span = array.span;
    Expr::new(ExprKind::Transpose(array), Type::Array(ArrayType { layout, ..ty }), span)
}

/// A new array filled with a scalar (already of the element's type) or with the elements of an array.
pub fn filled_with(cx: &mut Cx, array: Expr, value: Expr, span: Span) -> Expr {
    let (stmts, array) = cx.once("array", array);
    let copy = Stmt { kind: StmtKind::CopyInto { dest: array.clone(), value }, span };
    seq(stmts.into_iter().chain([copy]).collect(), array)
}

/// `np.empty`, `np.zeros`, `np.ones`.
pub fn filled(cx: &mut Cx, fill: Fill, call: Args) -> Result<Expr> {
    let span = call.span;
    let [size, dtype, order] = call.bind(cx, ["shape", "dtype", "order"], 1)?;
    let elem = dtype_or(cx, dtype, Scalar::F64)?;
    let column_major = fortran(cx, order, false)?;
    let (stmts, lengths) = shape(cx, size.expect("required"))?;
    let array = fill_new(cx, fill, lengths, elem, column_major, span);
    Ok(seq(stmts, array))
}

fn fill_new(cx: &mut Cx, fill: Fill, shape: Vec<Expr>, elem: Scalar, column_major: bool, span: Span) -> Expr {
    match fill {
        Fill::Empty => alloc(shape, elem, column_major, Init::Empty, span),
        Fill::Zeros => alloc(shape, elem, column_major, Init::Zero, span),
        Fill::Ones => {
            let array = alloc(shape, elem, column_major, Init::Empty, span);
            filled_with(cx, array, one(elem, span), span)
        }
    }
}

/// The one of a type.
pub fn one(elem: Scalar, span: Span) -> Expr {
    convert(Expr::new(ExprKind::Const(Const::Bool(true)), Type::BOOL, span), elem)
}

/// The lengths of an array's axes.
pub fn lengths(array: &Expr, span: Span) -> Vec<Expr> {
    let length = |axis| {
        let attr = ArrayAttr::Shape(axis);
        Expr::new(ExprKind::ArrayAttr { array: array.clone(), attr }, Type::INT, span)
    };
    (0..array.array().ndim).map(length).collect()
}

/// The parameters that the `_like` functions share: prototype, its lengths, element type and order.
struct Like {
    stmts: Vec<Stmt>,
    lengths: Vec<Expr>,
    elem: Scalar,
    column_major: bool,
}

fn like(
    cx: &mut Cx,
    value: Expr,
    elem: Option<Expr>,
    order: Option<Expr>,
    size: Option<Expr>,
) -> Result<Like> {
    let span = value.span;
    let (default, keep) = match value.ty.array() {
        Some(array) => (array.elem, array.layout == Layout::F),
        None => (Scalar::F64, false),
    };
    let value = as_array(cx, value, span)?;
    let default = if elem_type(&value.ty).is_some() { value.array().elem } else { default };
    let elem = dtype_or(cx, elem, default)?;
    let column_major = fortran(cx, order, keep)?;
    let (stmt, array) = cx.once("prototype", value);
    let mut stmts: Vec<Stmt> = stmt.into_iter().collect();
    let lengths = match size {
        Some(size) => {
            let (more, lengths) = shape(cx, size)?;
            stmts.extend(more);
            lengths
        }
        None => lengths(&array, span),
    };
    Ok(Like { stmts, lengths, elem, column_major })
}

const LIKE: [&str; 5] = ["a", "dtype", "order", "subok", "shape"];

/// `np.empty_like`, `np.zeros_like`, `np.ones_like`.
pub fn filled_like(cx: &mut Cx, fill: Fill, call: Args) -> Result<Expr> {
    let span = call.span;
    let mut call = call;
    rename(&mut call, "prototype", "a");
    let [value, elem, order, _subok, size] = call.bind(cx, LIKE, 1)?;
    let like = like(cx, value.expect("required"), elem, order, size)?;
    let array = fill_new(cx, fill, like.lengths, like.elem, like.column_major, span);
    Ok(seq(like.stmts, array))
}

fn rename(call: &mut Args, from: &str, to: &str) {
    for (keyword, _) in &mut call.keywords {
        if keyword == from {
            *keyword = to.to_string();
        }
    }
}

/// `np.full(shape, fill_value, dtype, order)`.
pub fn full(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [size, value, elem, order] = call.bind(cx, ["shape", "fill_value", "dtype", "order"], 2)?;
    let value = value.expect("required");
    let (stmt, value) = cx.once("fill", value);
    let default = scalar_elem(cx, &value)?;
    let elem = dtype_or(cx, elem, default)?;
    let column_major = fortran(cx, order, false)?;
    let (stmts, lengths) = shape(cx, size.expect("required"))?;
    let value = store_value(cx, value, elem, span)?;
    let array = alloc(lengths, elem, column_major, Init::Empty, span);
    let array = filled_with(cx, array, value, span);
    Ok(seq(stmts.into_iter().chain(stmt).collect(), array))
}

fn scalar_elem(cx: &Cx, value: &Expr) -> Result<Scalar> {
    elem_type(&value.ty).map(Scalar::to_numpy).ok_or_else(|| {
        let message = format!("an array cannot hold values of type '{}'", type_name(&value.ty));
        cx.error(Code::TypeMismatch, value.span, message, format!("this is {}", shape_of(&value.ty)))
    })
}

/// `np.full_like(a, fill_value, dtype, order, subok, shape)`.
pub fn full_like(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let params = ["a", "fill_value", "dtype", "order", "subok", "shape"];
    let [prototype, value, elem, order, _subok, size] = call.bind(cx, params, 2)?;
    let like = like(cx, prototype.expect("required"), elem, order, size)?;
    let value = store_value(cx, value.expect("required"), like.elem, span)?;
    let array = alloc(like.lengths, like.elem, like.column_major, Init::Empty, span);
    let array = filled_with(cx, array, value, span);
    Ok(seq(like.stmts, array))
}

/// `np.arange([start,] stop[, step,][, dtype])`.
pub fn arange(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [start, stop, step, elem] = call.bind(cx, ["start", "stop", "step", "dtype"], 1)?;
    let (start, stop) = match stop {
        Some(stop) => (start.expect("required"), stop),
        None => (int_const(0, span), start.expect("required")),
    };
    let step = step.unwrap_or_else(|| int_const(1, span));
    for value in [&start, &stop, &step] {
        if value.ty.scalar().is_none_or(|s| s.kind() == Kind::Complex) {
            let message = format!("arange() of a value of type '{}'", type_name(&value.ty));
            let label = format!("this is {}", shape_of(&value.ty));
            return Err(cx.error(Code::TypeMismatch, value.span, message, label));
        }
    }
    let types = [&start.ty, &stop.ty, &step.ty];
    // The default integer takes part in the promotion.
    let default = types
        .iter()
        .filter_map(|ty| ty.scalar())
        .fold(Scalar::I64, |known, scalar| crate::types::promote::result_type(known, scalar.to_numpy()));
    let elem = dtype_or(cx, elem, default)?;
    let dtype = Expr::new(ExprKind::Unit, Type::Dtype(Dtype::Class(elem)), span);
    let all_ints = types.iter().all(|ty| {
        ty.scalar().is_some_and(|s| matches!(s.kind(), Kind::Bool | Kind::Signed | Kind::Unsigned))
    });
    if all_ints {
        let mut args = Vec::new();
        for value in [start, stop, step] {
            let value = convert(value, Scalar::Int);
            args.push(value);
        }
        args.push(dtype);
        return cx.call_prelude("arange_int", args, span);
    }
    let mut args: Vec<Expr> = [start, stop, step].into_iter().map(|e| convert(e, Scalar::Float)).collect();
    args.push(dtype);
    cx.call_prelude("arange_float", args, span)
}

/// `np.linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None)`.
pub fn linspace(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let params = ["start", "stop", "num", "endpoint", "retstep", "dtype"];
    let [start, stop, num, endpoint, retstep, elem] = call.bind(cx, params, 2)?;
    let float = |cx: &mut Cx, value: Option<Expr>| {
        let value = value.expect("required");
        if value.ty.scalar().is_some_and(|s| s.kind() != Kind::Complex) {
            return Ok(convert(value, Scalar::Float));
        }
        let message =
            format!("linspace() of a value of type '{}' is not known to fastjit", type_name(&value.ty));
        Err(cx.error(
            Code::UnsupportedFunction,
            value.span,
            message,
            format!("this is {}", shape_of(&value.ty)),
        ))
    };
    let (start, stop) = (float(cx, start)?, float(cx, stop)?);
    let num = match num {
        Some(num) => index_value(cx, num, span)?,
        None => int_const(50, span),
    };
    let endpoint = endpoint.unwrap_or_else(|| super::super::arith::compare::bool_const(true, span));
    let endpoint = super::super::arith::truth(cx, endpoint, span)?;
    let elem = dtype_or(cx, elem, Scalar::F64)?;
    let dtype = Expr::new(ExprKind::Unit, Type::Dtype(Dtype::Class(elem)), span);
    let name = if flag(cx, retstep, false, "retstep")? { "linspace_step" } else { "linspace" };
    cx.call_prelude(name, vec![start, stop, num, endpoint, dtype], span)
}

/// `np.eye(N, M=None, k=0, dtype=float)`.
pub fn eye(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [rows, columns, diagonal, elem] = call.bind(cx, ["N", "M", "k", "dtype"], 1)?;
    let (stmt, rows) = {
        let rows = index_value(cx, rows.expect("required"), span)?;
        cx.once("rows", rows)
    };
    let columns = match columns {
        Some(columns) => index_value(cx, columns, span)?,
        None => rows.clone(),
    };
    let diagonal = match diagonal {
        Some(diagonal) => index_value(cx, diagonal, span)?,
        None => int_const(0, span),
    };
    let elem = dtype_or(cx, elem, Scalar::F64)?;
    let dtype = Expr::new(ExprKind::Unit, Type::Dtype(Dtype::Class(elem)), span);
    let eye = cx.call_prelude("eye", vec![rows, columns, diagonal, dtype], span)?;
    Ok(seq(stmt.into_iter().collect(), eye))
}

/// `np.identity(n, dtype=float)`.
pub fn identity(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [size, elem] = call.bind(cx, ["n", "dtype"], 1)?;
    let mut args = vec![size.expect("required")];
    let mut keywords = Vec::new();
    if let Some(elem) = elem {
        keywords.push(("dtype".to_string(), elem));
    }
    eye(cx, Args { name: "identity", args: std::mem::take(&mut args), keywords, span })
}

/// `np.array(x, dtype, copy)` (always a copy) and `np.asarray(x, dtype)`.
pub fn array(cx: &mut Cx, call: Args, copies: bool) -> Result<Expr> {
    let span = call.span;
    let mut call = call;
    rename(&mut call, "a", "object");
    let (value, elem, order, ndmin) = if copies {
        let params = ["object", "dtype", "copy", "order", "subok", "ndmin"];
        let [value, elem, _copy, order, _subok, ndmin] = call.bind(cx, params, 1)?;
        (value, elem, order, ndmin)
    } else {
        let [value, elem, order] = call.bind(cx, ["object", "dtype", "order"], 1)?;
        (value, elem, order, None)
    };
    if let Some(ndmin) = ndmin {
        let message = "np.array(ndmin=) is not known to fastjit";
        return Err(cx.error(Code::UnsupportedFunction, ndmin.span, message, "given here"));
    }
    let value = value.expect("required");
    let elem = match elem {
        Some(elem) => Some(dtype(cx, &elem, span)?),
        None => None,
    };
    match value.ty.clone() {
        Type::Array(array) => {
            let to = elem.unwrap_or(array.elem);
            let column_major = fortran(cx, order, array.layout == Layout::F)?;
            let wanted = if column_major { Layout::F } else { Layout::C };
            if !copies && to == array.elem && (array.layout == wanted || array.ndim == 0) {
                return Ok(value);
            }
            if !copies && to == array.elem && array.layout == Layout::Strided {
                return Ok(value);
            }
            copy_as(cx, value, to, column_major, span)
        }
        Type::Tuple(_) => from_tuple(cx, value, elem, span),
        Type::Scalar(from) => {
            let to = elem.unwrap_or(from.to_numpy());
            let value = store_value(cx, value, to, span)?;
            zero_dim(cx, value, span)
        }
        other @ (Type::None
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message =
                format!("an array of a value of type '{}' is not known to fastjit", type_name(&other));
            Err(cx.error(Code::UnsupportedType, span, message, format!("this is {}", shape_of(&other))))
        }
    }
}

/// A scalar as a 0-D array.
pub fn zero_dim(cx: &mut Cx, value: Expr, span: Span) -> Result<Expr> {
    let elem = value.scalar().to_numpy();
    let value = convert(value, elem);
    let array = alloc(Vec::new(), elem, false, Init::Empty, span);
    Ok(filled_with(cx, array, value, span))
}

/// A fresh copy of an array with elements of the given type.
pub fn copy_as(cx: &mut Cx, value: Expr, elem: Scalar, column_major: bool, span: Span) -> Result<Expr> {
    let array = value.array();
    if array.ndim == 0 {
        let value = convert(element(value, Vec::new()), elem);
        return zero_dim(cx, value, span);
    }
    // An elementwise expression makes a new array already.
    if matches!(*value.kind, ExprKind::Map { .. }) && elem == array.elem && !column_major {
        return Ok(value);
    }
    let (stmt, value) = cx.once("array", value);
    let new = alloc(lengths(&value, span), elem, column_major, Init::Empty, span);
    let value = cast_array(cx, value, elem, span)?;
    let copy = filled_with(cx, new, value, span);
    Ok(seq(stmt.into_iter().collect(), copy))
}

/// The elements of an array cast to a type, as `astype` does; the array itself if it has the type.
pub fn cast_array(cx: &mut Cx, value: Expr, elem: Scalar, span: Span) -> Result<Expr> {
    if value.array().elem == elem {
        return Ok(value);
    }
    super::super::arith::map::elementwise(cx, vec![value], span, |_, mut args| {
        Ok(convert(args.remove(0), elem))
    })
}

/// `value` as an array: tuples and list displays are made into new ones, scalars into 0-D ones.
pub fn as_array(cx: &mut Cx, value: Expr, span: Span) -> Result<Expr> {
    match &value.ty {
        Type::Array(_) => Ok(value),
        Type::Tuple(_) => from_tuple(cx, value, None, span),
        Type::Scalar(_) => zero_dim(cx, value, span),
        other @ (Type::None
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!("an array is needed here, not a value of type '{}'", type_name(other));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(other))))
        }
    }
}

/// `np.ascontiguousarray(a, dtype=None)`.
pub fn ascontiguousarray(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, elem] = call.bind(cx, ["a", "dtype"], 1)?;
    let value = value.expect("required");
    let value = as_array(cx, value, span)?;
    let array = value.array();
    let elem = dtype_or(cx, elem, array.elem)?;
    if array.layout == Layout::C && elem == array.elem && array.ndim > 0 {
        return Ok(value);
    }
    if array.ndim == 0 {
        let value = convert(element(value, Vec::new()), elem);
        return from_tuple(cx, super::super::arith::tuple(vec![value], span), Some(elem), span);
    }
    copy_as(cx, value, elem, false, span)
}

/// `np.copy(a, order='K')`.
pub fn copy(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let [value, order] = call.bind(cx, ["a", "order"], 1)?;
    let value = as_array(cx, value.expect("required"), span)?;
    let array = value.array();
    let column_major = fortran(cx, order, array.layout == Layout::F)?;
    copy_as(cx, value, array.elem, column_major, span)
}

/// `a.copy(order)` and `a.astype(dtype)` know the order in the same way.
pub fn keeps_fortran(cx: &Cx, order: Option<Expr>, default_keep: bool, array: ArrayType) -> Result<bool> {
    let keep = array.layout == Layout::F && default_keep;
    let keep = if order.is_some() { array.layout == Layout::F } else { keep };
    fortran(cx, order, keep)
}

/// `np.result_type(...)` of arrays, scalars and dtypes.
pub fn result_type(cx: &mut Cx, call: Args) -> Result<Expr> {
    let span = call.span;
    let args = call.positional(cx)?;
    let mut result: Option<Scalar> = None;
    for arg in args {
        let scalar = match &arg.ty {
            Type::Dtype(_) | Type::Str(_) => dtype(cx, &arg, span)?,
            ty @ (Type::None
            | Type::Scalar(_)
            | Type::Array(_)
            | Type::Tuple(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never) => match elem_type(ty) {
                Some(elem) => elem,
                None => dtype(cx, &arg, span)?,
            },
        };
        result = Some(result.map_or(scalar, |known| crate::types::promote::result_type(known, scalar)));
    }
    let Some(result) = result else {
        return Err(cx.error(Code::BadCall, span, "at least one array or dtype is required", "called here"));
    };
    Ok(Expr::new(ExprKind::Unit, Type::Dtype(Dtype::Described(result.to_numpy())), span))
}
