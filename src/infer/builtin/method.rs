//! Methods of arrays and scalars.
//!
//! In: the typed object, the name and the arguments. Out: HIR. Invariant: a method that is also a function
//! of NumPy shares its implementation.

use crate::diag::{Code, Result, Span};
use crate::hir::{Convert, Expr, ExprKind, Prim, Stmt, StmtKind};
use crate::infer::advice;
use crate::infer::arith::convert::{cast, convert, seq};
use crate::infer::arith::map::element;
use crate::infer::arith::{index_value, shape_of, store_value, type_name};
use crate::infer::builtin::args::{Args, flag};
use crate::infer::builtin::names::{self, Part};
use crate::infer::builtin::python::int_const;
use crate::infer::builtin::{attr, call, create, shape, ufunc};
use crate::infer::cx::Cx;
use crate::types::{ArrayType, Dtype, Kind, Layout, Scalar, Type};

/// `value.method(args, keywords)` where `value` is an array or a scalar.
pub fn method(
    cx: &mut Cx,
    value: Expr,
    method: &str,
    args: Vec<Expr>,
    keywords: Vec<(String, Expr)>,
    span: Span,
) -> Result<Expr> {
    let call = Args { name: method, args, keywords, span };
    match value.ty.clone() {
        Type::Array(array) => of_array(cx, value, array, call),
        Type::Scalar(scalar) => of_scalar(cx, value, scalar, call),
        Type::Module(_) => {
            let callee = attr::attribute(cx, value, method, span)?;
            match callee.ty {
                Type::Builtin(index) => super::call(cx, index, call.args, call.keywords, span),
                Type::Dtype(Dtype::Class(dtype)) => super::construct(cx, dtype, call.args, span),
                other @ (Type::None
                | Type::Scalar(_)
                | Type::Array(_)
                | Type::Tuple(_)
                | Type::Str(_)
                | Type::Module(_)
                | Type::Function { .. }
                | Type::Exception(_)
                | Type::Dtype(Dtype::Described(_))
                | Type::Ellipsis
                | Type::Never) => {
                    let message = format!("'{}' object is not callable", type_name(&other));
                    Err(cx.error(Code::TypeMismatch, span, message, "called here"))
                }
            }
        }
        Type::Tuple(_) if matches!(method, "index" | "count") => {
            let [item] = call.exactly(cx)?;
            tuple_search(cx, value, item, method == "count", span)
        }
        other @ (Type::None
        | Type::Tuple(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!(
                "the method '{method}' of a value of type '{}' is not known to fastjit",
                type_name(&other)
            );
            let label = format!("this is {}", shape_of(&other));
            let mut error = cx.error(Code::UnsupportedFunction, span, message, label);
            if matches!((&other, method), (Type::Tuple(_), "append" | "extend" | "insert" | "pop" | "remove"))
            {
                let help =
                    "lists have a fixed length in compiled code: make an array with np.empty and fill it";
                error.help = Some(help.to_owned());
            } else if matches!(other, Type::Str(_)) {
                let help = if method == "format" {
                    "write an f-string, such as f\"{x} is too large\", in `print` or as an exception's message"
                } else {
                    "change the text in the calling Python code, and pass it"
                };
                error.help = Some(help.to_owned());
            }
            Err(error)
        }
    }
}

/// Methods that are the function of the same name in NumPy.
const FUNCTIONS: [&str; 25] = [
    "repeat",
    "take",
    "sum",
    "prod",
    "min",
    "max",
    "mean",
    "var",
    "std",
    "any",
    "all",
    "argmin",
    "argmax",
    "cumsum",
    "cumprod",
    "dot",
    "round",
    "clip",
    "conj",
    "conjugate",
    "squeeze",
    "swapaxes",
    "trace",
    "argsort",
    "searchsorted",
];

fn of_array(cx: &mut Cx, value: Expr, array: ArrayType, mut args: Args) -> Result<Expr> {
    let span = args.span;
    let name = args.name;
    if FUNCTIONS.contains(&name)
        && let Some(index) = names::index(&format!("numpy.{name}"))
    {
        args.args.insert(0, value);
        return call(cx, index, args.args, args.keywords, span);
    }
    match name {
        "copy" => {
            let [order] = args.bind(cx, ["order"], 0)?;
            let column_major = create::keeps_fortran(cx, order, false, array)?;
            create::copy_as(cx, value, array.elem, column_major, span)
        }
        "astype" => {
            let [dtype, order, _casting, _subok, copy] =
                args.bind(cx, ["dtype", "order", "casting", "subok", "copy"], 1)?;
            let elem = create::dtype(cx, &dtype.expect("required"), span)?;
            let copy = flag(cx, copy, true, "copy")?;
            let column_major = create::keeps_fortran(cx, order, true, array)?;
            if !copy && elem == array.elem {
                return Ok(value);
            }
            create::copy_as(cx, value, elem, column_major, span)
        }
        "reshape" => {
            let order = args.keywords.iter().position(|(key, _)| key == "order");
            if let Some(at) = order {
                let (_, order) = args.keywords.remove(at);
                if !matches!(&order.ty, Type::Str(text) if &**text == "C") {
                    let message = "reshape() with order= other than 'C' is not known to fastjit";
                    return Err(cx.error(Code::UnsupportedFunction, order.span, message, "given here"));
                }
            }
            for (key, shape) in std::mem::take(&mut args.keywords) {
                if !matches!(key.as_str(), "shape" | "newshape") {
                    let message = format!("reshape() got an unexpected keyword argument '{key}'");
                    return Err(cx.error(Code::BadCall, span, message, "in this call"));
                }
                args.args.push(shape);
            }
            let (stmts, lengths) = shape::shape_args(cx, args.args, span)?;
            let result = shape::reshape(cx, value, lengths, span)?;
            Ok(seq(stmts, result))
        }
        "ravel" => {
            let [order] = args.bind(cx, ["order"], 0)?;
            match order.map(|order| order.ty) {
                None => shape::ravel(cx, value, span),
                Some(Type::Str(text)) if &*text == "C" => shape::ravel(cx, value, span),
                Some(Type::Str(text)) if &*text == "F" => shape::ravel(cx, create::transpose(value), span),
                Some(_) => {
                    let message = "ravel() with this order is not known to fastjit";
                    Err(cx.error(Code::UnsupportedFunction, span, message, "called here"))
                }
            }
        }
        "flatten" => {
            let [order] = args.bind(cx, ["order"], 0)?;
            let value = match order.map(|order| order.ty) {
                Some(Type::Str(text)) if &*text == "F" => create::transpose(value),
                _ => value,
            };
            let copy = create::copy_as(cx, value, array.elem, false, span)?;
            shape::ravel(cx, copy, span)
        }
        "fill" => {
            let [fill] = args.exactly(cx)?;
            let fill = store_value(cx, fill, array.elem, span)?;
            let copy = Stmt { kind: StmtKind::CopyInto { dest: value, value: fill }, span };
            Ok(seq(vec![copy], Expr::new(ExprKind::Unit, Type::None, span)))
        }
        "transpose" => {
            let axes = args.positional(cx)?;
            shape::transposed(cx, value, axes, span)
        }
        "view" => {
            let args = args.positional(cx)?;
            match args.as_slice() {
                [] => Ok(value),
                [dtype] => {
                    let elem = create::dtype(cx, dtype, span)?;
                    let resized = elem.bytes() != array.elem.bytes();
                    if resized && array.ndim == 0 {
                        let message =
                            "Changing the dtype of a 0d array is only supported if the itemsize is unchanged";
                        return Err(cx.error(Code::TypeMismatch, span, message, "this view"));
                    }
                    // The axis that is resized is the last one.
                    let layout = match array.layout {
                        Layout::F if resized => Layout::Strided,
                        layout @ (Layout::C | Layout::F | Layout::Strided) => layout,
                    };
                    Ok(shape::retype(value, &Type::Array(ArrayType { elem, layout, ..array }), span))
                }
                _ => {
                    let message = "view() takes a dtype";
                    Err(cx.error(Code::UnsupportedFunction, span, message, "this view"))
                }
            }
        }
        "item" => {
            let index = args.positional(cx)?;
            item(cx, value, array, index, span)
        }
        "sort" => {
            let [axis, _kind] = args.bind(cx, ["axis", "kind"], 0)?;
            let last = i64::from(array.ndim) - 1;
            let axis = axis.map_or(Ok(last), |axis| super::args::const_int(cx, &axis, "axis"))?;
            let axis = shape::normal_axis(cx, axis, usize::from(array.ndim), span)?;
            let mut order: Vec<usize> = (0..usize::from(array.ndim)).filter(|k| *k != axis).collect();
            order.push(axis);
            let rows = shape::permute(value, &order, span);
            cx.call_prelude("sort_rows", vec![rows], span)
        }
        "__getitem__" => {
            let index = args.positional(cx)?;
            fancy(cx, value, index, span)
        }
        "__setitem__" => {
            let mut args = args.positional(cx)?;
            let stored = args.pop().expect("a value is stored");
            put(cx, value, args, stored, span)
        }
        "nonzero" => cx.call_prelude("nonzero", vec![value], span),
        "tolist" => {
            let message = "lists are not known to fastjit yet";
            let error = cx.error(Code::UnsupportedFunction, span, message, "makes a list");
            Err(Box::new(error.help("return the array and call tolist() outside")))
        }
        _ => {
            let message = format!("the method '{name}' of arrays is not known to fastjit");
            let label = format!("this is {}", shape_of(&value.ty));
            let mut error = cx.error(Code::UnsupportedFunction, span, message, label);
            error.help = advice::attribute(name);
            Err(error)
        }
    }
}

/// `a[index]` by arrays: a mask, an array of integers, or two of them.
fn fancy(cx: &mut Cx, value: Expr, index: Vec<Expr>, span: Span) -> Result<Expr> {
    let ndim = value.array().ndim;
    let kinds: Vec<Option<(Kind, u8)>> =
        index.iter().map(|part| part.ty.array().map(|array| (array.elem.kind(), array.ndim))).collect();
    let integer = |kind: Kind| matches!(kind, Kind::Signed | Kind::Unsigned);
    let prelude = match kinds.as_slice() {
        [Some((Kind::Bool, 1))] => "take_mask",
        [Some((Kind::Bool, dims))] if *dims == ndim => "take_mask",
        [Some((kind, _))] if integer(*kind) => "take_index",
        [Some((first, 1)), Some((second, 1))] if integer(*first) && integer(*second) && ndim >= 2 => {
            "take_pairs"
        }
        _ => {
            let message = "this combination of arrays as an index is not known to fastjit";
            let error = cx.error(Code::UnsupportedFunction, span, message, "indexed by arrays");
            return Err(Box::new(error.help("index in a loop")));
        }
    };
    let args = [value].into_iter().chain(index).collect();
    cx.call_prelude(prelude, args, span)
}

/// `a[index] = stored` by a mask or an array of integers.
fn put(cx: &mut Cx, value: Expr, index: Vec<Expr>, stored: Expr, span: Span) -> Result<Expr> {
    let array = value.array();
    let prelude =
        match index.as_slice() {
            [mask]
                if mask.ty.array().is_some_and(|m| {
                    m.elem.kind() == Kind::Bool && (m.ndim == 1 || m.ndim == array.ndim)
                }) =>
            {
                "put_mask"
            }
            [places]
                if places.ty.array().is_some_and(|p| {
                    matches!(p.elem.kind(), Kind::Signed | Kind::Unsigned) && p.ndim == 1
                }) =>
            {
                "put_index"
            }
            _ => {
                let message = "this combination of arrays as an index is not known to fastjit";
                let error = cx.error(Code::UnsupportedFunction, span, message, "indexed by arrays");
                return Err(Box::new(error.help("assign in a loop over the indices")));
            }
        };
    let stored = store_value(cx, stored, array.elem, span)?;
    let args = [value].into_iter().chain(index).chain([stored]).collect();
    cx.call_prelude(prelude, args, span)
}

/// `a.item()`, `a.item(k)` (the place in C order), `a.item(i, j)`, `a.item((i, j))`: a Python number.
fn item(cx: &mut Cx, value: Expr, array: ArrayType, index: Vec<Expr>, span: Span) -> Result<Expr> {
    if let [k] = index.as_slice()
        && k.ty.scalar().is_some()
    {
        let k = index_value(cx, k.clone(), span)?;
        let value = cx.call_prelude("item_at", vec![value, k], span)?;
        return Ok(to_python(value));
    }
    if index.is_empty() {
        if array.ndim == 0 {
            return Ok(to_python(element(value, Vec::new())));
        }
        let value = cx.call_prelude("item", vec![value], span)?;
        return Ok(to_python(value));
    }
    if index.len() != usize::from(array.ndim) {
        let message = "incorrect number of indices for array";
        return Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(&value.ty))));
    }
    let mut places = Vec::new();
    for part in index {
        let part = index_value(cx, part, span)?;
        places.push(crate::hir::Index::At { index: part, checked: true });
    }
    Ok(to_python(element(value, places)))
}

/// A NumPy scalar as the Python number of its kind.
pub fn to_python(value: Expr) -> Expr {
    match value.scalar().kind() {
        Kind::Bool => convert(value, Scalar::Bool),
        Kind::Unsigned if value.scalar() == Scalar::U64 => cast(value, Scalar::Int, Convert::Exact),
        Kind::Signed | Kind::Unsigned => convert(value, Scalar::Int),
        Kind::Float => convert(value, Scalar::Float),
        Kind::Complex => convert(value, Scalar::Complex),
    }
}

fn of_scalar(cx: &mut Cx, value: Expr, scalar: Scalar, args: Args) -> Result<Expr> {
    let span = args.span;
    let name = args.name;
    match (name, scalar.kind()) {
        ("conjugate" | "conj", _) if !scalar.is_python() || name == "conjugate" => {
            let [] = args.exactly(cx)?;
            if scalar.kind() != Kind::Complex {
                return Ok(if scalar == Scalar::Bool { convert(value, Scalar::Int) } else { value });
            }
            let (stmt, value) = cx.once("value", value);
            let (re, im) = (ufunc::part_of(value.clone(), Part::Real), ufunc::part_of(value, Part::Imag));
            let float = im.scalar();
            let im = crate::infer::arith::raw_unary(crate::hir::UnaryOp::Neg, im, float, span);
            let result = Expr::new(ExprKind::MakeComplex { re, im }, Type::Scalar(scalar), span);
            Ok(seq(stmt.into_iter().collect(), result))
        }
        ("item", _) if !scalar.is_python() => {
            let [] = args.exactly(cx)?;
            Ok(to_python(value))
        }
        ("is_integer", Kind::Float) => {
            let [] = args.exactly(cx)?;
            let value = convert(value, Scalar::Float);
            cx.call_prelude("is_integer", vec![value], span)
        }
        ("bit_length", Kind::Signed) if scalar.is_python() => {
            let [] = args.exactly(cx)?;
            cx.call_prelude("bit_length", vec![value], span)
        }
        ("bit_count", Kind::Signed) if scalar.is_python() => {
            let [] = args.exactly(cx)?;
            let magnitude = crate::infer::arith::absolute(cx, "abs", value, span)?;
            let magnitude = convert(magnitude, Scalar::I64);
            let kind = ExprKind::Prim { prim: Prim::PopCount, args: vec![magnitude] };
            Ok(convert(Expr::new(kind, Type::Scalar(Scalar::U8), span), Scalar::Int))
        }
        ("astype", _) if !scalar.is_python() => {
            let [dtype] = args.exactly(cx)?;
            let elem = create::dtype(cx, &dtype, span)?;
            Ok(convert(value, elem))
        }
        ("view", _) if !scalar.is_python() => {
            let array = create::zero_dim(cx, value, span)?;
            let seen = method(cx, array, name, args.args, args.keywords, span)?;
            Ok(element(seen, Vec::new()))
        }
        // A NumPy scalar has the methods of a 0-D array.
        (
            "sum" | "prod" | "min" | "max" | "mean" | "var" | "std" | "any" | "all" | "round" | "clip",
            Kind::Bool | Kind::Signed | Kind::Unsigned | Kind::Float | Kind::Complex,
        ) if !scalar.is_python() => {
            let array = create::zero_dim(cx, value, span)?;
            method(cx, array, name, args.args, args.keywords, span)
        }
        _ => {
            let message =
                format!("the method '{name}' of '{}' is not known to fastjit", type_name(&value.ty));
            Err(cx.error(Code::UnsupportedFunction, span, message, "called here"))
        }
    }
}

/// `t.count(x)`, `t.index(x)` of a tuple.
fn tuple_search(cx: &mut Cx, value: Expr, item: Expr, count: bool, span: Span) -> Result<Expr> {
    if !count {
        let message = "the method 'index' of tuples is not known to fastjit";
        return Err(cx.error(Code::UnsupportedFunction, span, message, "called here"));
    }
    let (first, value) = cx.once("tuple", value);
    let (second, item) = cx.once("item", item);
    let mut total = int_const(0, span);
    for candidate in crate::infer::arith::convert::item_exprs(&value, span) {
        let equal = crate::infer::arith::compare::values(
            cx,
            crate::hir::CompareOp::Eq,
            candidate,
            item.clone(),
            span,
        )?;
        let equal = crate::infer::arith::truth(cx, equal, span)?;
        let equal = convert(equal, Scalar::Int);
        total = crate::infer::arith::raw_binary(crate::hir::BinaryOp::Add, total, equal, Scalar::Int, span);
    }
    Ok(seq(first.into_iter().chain(second).collect(), total))
}
