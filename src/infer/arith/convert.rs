//! Conversions between scalar types, made explicit.
//!
//! In: typed expressions. Out: the same values at another type. Invariant: a conversion that the
//! interpreter checks (a Python int beside a small NumPy int, a store) is checked here too.

use crate::diag::{Code, Result, Span};
use crate::hir::{Const, Convert, Expr, ExprKind, Prim};
use crate::infer::arith::map::elementwise;
use crate::infer::arith::{shape_of, type_name};
use crate::infer::cx::Cx;
use crate::types::{Kind, Scalar, Type};

/// Converts a scalar as C does; constants are folded.
pub fn convert(value: Expr, to: Scalar) -> Expr {
    let from = value.scalar();
    if from == to {
        return value;
    }
    if let ExprKind::Const(constant) = *value.kind
        && let Some(folded) = fold(constant, from, to)
    {
        return Expr::new(ExprKind::Const(folded), Type::Scalar(to), value.span);
    }
    // A Python int reaches single precision by way of a double, as in NumPy.
    if from == Scalar::Int && matches!(to, Scalar::F32 | Scalar::C64) {
        return cast(cast(value, Scalar::Float, Convert::Cast), to, Convert::Cast);
    }
    cast(value, to, Convert::Cast)
}

/// A conversion of the given kind, not folded.
pub fn cast(value: Expr, to: Scalar, kind: Convert) -> Expr {
    let span = value.span;
    Expr::new(ExprKind::Convert { kind, arg: value }, Type::Scalar(to), span)
}

/// Converts an operand to the type of the operation: a Python int beside a NumPy integer must fit.
pub fn coerce(value: Expr, to: Scalar) -> Expr {
    let to_integer = matches!(to.kind(), Kind::Signed | Kind::Unsigned);
    if value.scalar() == Scalar::Int && to_integer && !to.is_python() && to != Scalar::I64 {
        if let ExprKind::Const(Const::Int(number)) = *value.kind
            && fits(number, to)
        {
            return Expr::new(ExprKind::Const(Const::Int(number)), Type::Scalar(to), value.span);
        }
        return cast(value, to, Convert::Fit);
    }
    convert(value, to)
}

/// Whether a Python int is in the range of a NumPy integer type.
pub fn fits(number: i64, to: Scalar) -> bool {
    let bits = 8 * to.bytes();
    match to.kind() {
        Kind::Signed => bits == 64 || (-(1i64 << (bits - 1))..(1i64 << (bits - 1))).contains(&number),
        Kind::Unsigned => number >= 0 && (bits == 64 || number < (1i64 << bits)),
        Kind::Bool => (0..=1).contains(&number),
        Kind::Float | Kind::Complex => true,
    }
}

fn fold(constant: Const, from: Scalar, to: Scalar) -> Option<Const> {
    let single = matches!(to, Scalar::F32 | Scalar::C64);
    let real = |x: f64| if single { f64::from(x as f32) } else { x };
    let (re, im) = match constant {
        Const::Bool(b) => (f64::from(u8::from(b)), 0.0),
        // The bits of a uint64 are not its value.
        Const::Int(_) if from == Scalar::U64 => return None,
        Const::Int(n) => (n as f64, 0.0),
        Const::Float(x) => (x, 0.0),
        Const::Complex(re, im) => (re, im),
    };
    match (to.kind(), constant) {
        (Kind::Float, Const::Bool(_) | Const::Int(_) | Const::Float(_)) => Some(Const::Float(real(re))),
        (Kind::Complex, _) => Some(Const::Complex(real(re), real(im))),
        (Kind::Signed | Kind::Unsigned, Const::Bool(b)) => Some(Const::Int(i64::from(b))),
        (Kind::Signed | Kind::Unsigned, Const::Int(n)) if fits(n, to) => Some(Const::Int(n)),
        (Kind::Bool, Const::Bool(b)) => Some(Const::Bool(b)),
        (Kind::Bool, Const::Int(n)) => Some(Const::Bool(n != 0)),
        (Kind::Bool | Kind::Signed | Kind::Unsigned | Kind::Float, _) => None,
    }
}

/// Converts to a type that `types::promote::join` gave (a promotion; tuples item by item).
pub fn promote(cx: &mut Cx, value: Expr, ty: &Type) -> Expr {
    promote_by(cx, value, ty, convert)
}

/// As `promote`, for a value that leaves as what it was promoted to: an integer that a float does not hold
/// is left to the interpreter.
pub fn keep(cx: &mut Cx, value: Expr, ty: &Type) -> Expr {
    promote_by(cx, value, ty, |value, to| {
        let from = value.scalar();
        let constant = matches!(*value.kind, ExprKind::Const(Const::Int(k)) if k.unsigned_abs() <= 1 << 53);
        if !checkable(from, to) || (constant && from != Scalar::U64) {
            return convert(value, to);
        }
        let float = if to.is_python() { Scalar::Float } else { Scalar::F64 };
        convert(cast(value, float, Convert::Exact), to)
    })
}

/// True if `Convert::Exact` stands for the conversion: of 64-bit integers to double precision.
pub fn checkable(from: Scalar, to: Scalar) -> bool {
    let double = matches!(to, Scalar::Float | Scalar::F64 | Scalar::Complex | Scalar::C128);
    double && matches!(from, Scalar::Int | Scalar::I64 | Scalar::U64)
}

fn promote_by(cx: &mut Cx, value: Expr, ty: &Type, scalar: fn(Expr, Scalar) -> Expr) -> Expr {
    if value.ty == *ty || value.ty == Type::Never {
        return value;
    }
    let span = value.span;
    match ty {
        Type::Scalar(to) => scalar(value, *to),
        Type::Array(_) => {
            Expr::new(ExprKind::Prim { prim: Prim::Retype, args: vec![value] }, ty.clone(), span)
        }
        Type::Tuple(types) => {
            let items = |cx: &mut Cx, values: Vec<Expr>| {
                let items =
                    values.into_iter().zip(types.iter()).map(|(item, ty)| promote_by(cx, item, ty, scalar));
                Expr::new(ExprKind::Tuple(items.collect()), ty.clone(), span)
            };
            with_items(cx, value, items)
        }
        Type::None
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => panic!("no promotion from {:?} to {ty:?}", value.ty),
    }
}

/// Gives the items of a tuple to `make`, the tuple being evaluated once.
pub fn with_items(cx: &mut Cx, tuple: Expr, make: impl FnOnce(&mut Cx, Vec<Expr>) -> Expr) -> Expr {
    let span = tuple.span;
    if matches!(*tuple.kind, ExprKind::Tuple(_)) {
        let ExprKind::Tuple(items) = *tuple.kind else { unreachable!("just matched") };
        return make(cx, items);
    }
    let (stmt, tuple) = cx.once("tuple", tuple);
    let items = item_exprs(&tuple, span);
    let value = make(cx, items);
    after(stmt, value)
}

/// The items of a tuple that may be evaluated more than once.
pub fn item_exprs(tuple: &Expr, span: Span) -> Vec<Expr> {
    let Type::Tuple(types) = &tuple.ty else { panic!("expected a tuple, found {:?}", tuple.ty) };
    if let ExprKind::Tuple(items) = &*tuple.kind {
        return items.clone();
    }
    let item = |(k, ty): (usize, &Type)| {
        Expr::new(ExprKind::Item { tuple: tuple.clone(), index: k as u32 }, ty.clone(), span)
    };
    types.iter().enumerate().map(item).collect()
}

/// `value` after `stmt`, if there is one.
pub fn after(stmt: Option<crate::hir::Stmt>, value: Expr) -> Expr {
    match stmt {
        Some(stmt) => seq(vec![stmt], value),
        None => value,
    }
}

/// `value` after `stmts`.
pub fn seq(stmts: Vec<crate::hir::Stmt>, value: Expr) -> Expr {
    if stmts.is_empty() {
        return value;
    }
    let (ty, span) = (value.ty.clone(), value.span);
    Expr::new(ExprKind::Seq { stmts, value }, ty, span)
}

/// Evaluates `value` once and gives it to `make`, which may use it more than once.
pub fn once(cx: &mut Cx, value: Expr, make: impl FnOnce(&mut Cx, Expr) -> Result<Expr>) -> Result<Expr> {
    let (stmt, value) = cx.once("value", value);
    let result = make(cx, value)?;
    Ok(after(stmt, result))
}

/// `result`, after `dropped` has been evaluated for its effects.
pub fn discard(dropped: Expr, result: Expr) -> Expr {
    match &*dropped.kind {
        ExprKind::Const(_) | ExprKind::Unit | ExprKind::Local { bound: None, .. } | ExprKind::Hidden(_) => {
            result
        }
        ExprKind::Local { .. }
        | ExprKind::Convert { .. }
        | ExprKind::Unary { .. }
        | ExprKind::Binary { .. }
        | ExprKind::Compare { .. }
        | ExprKind::Truth(_)
        | ExprKind::And(..)
        | ExprKind::Or(..)
        | ExprKind::IfExp { .. }
        | ExprKind::Math { .. }
        | ExprKind::Tuple(_)
        | ExprKind::Item { .. }
        | ExprKind::ItemAt { .. }
        | ExprKind::Real(_)
        | ExprKind::Imag(_)
        | ExprKind::MakeComplex { .. }
        | ExprKind::Element { .. }
        | ExprKind::View { .. }
        | ExprKind::ArrayAttr { .. }
        | ExprKind::Transpose(_)
        | ExprKind::Permute { .. }
        | ExprKind::Reshape { .. }
        | ExprKind::ComplexPart { .. }
        | ExprKind::Alloc { .. }
        | ExprKind::Map { .. }
        | ExprKind::MapArg(_)
        | ExprKind::Call { .. }
        | ExprKind::Prim { .. }
        | ExprKind::Seq { .. } => {
            let span = dropped.span;
            seq(vec![crate::hir::Stmt { kind: crate::hir::StmtKind::Expr(dropped), span }], result)
        }
    }
}

/// `value` as a Python int where an index or a count is needed (`__index__`: bools and NumPy integers are
/// accepted, floats are not).
pub fn index_value(cx: &mut Cx, value: Expr, span: Span) -> Result<Expr> {
    match &value.ty {
        Type::Scalar(Scalar::U64) => Ok(cast(value, Scalar::Int, Convert::Exact)),
        Type::Scalar(Scalar::Bool) => Ok(convert(value, Scalar::Int)),
        Type::Scalar(s) if matches!(s.kind(), Kind::Signed | Kind::Unsigned) => {
            Ok(convert(value, Scalar::Int))
        }
        Type::Array(a) if a.ndim == 0 && matches!(a.elem.kind(), Kind::Signed | Kind::Unsigned) => {
            let element = crate::infer::arith::map::element(value, Vec::new());
            index_value(cx, element, span)
        }
        other @ (Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let message = format!("'{}' object cannot be interpreted as an integer", type_name(other));
            let label = format!("this is {}", shape_of(other));
            Err(Box::new(cx.error(Code::TypeMismatch, span, message, label).help("convert it with int(...)")))
        }
    }
}

/// Converts a scalar or array for storing into an element of type `elem`, with NumPy's rules for stores:
/// a Python number must fit, and so must a NumPy one in a signed element; arrays are cast.
pub fn store_value(cx: &mut Cx, value: Expr, elem: Scalar, span: Span) -> Result<Expr> {
    match value.ty.clone() {
        Type::Scalar(from) => store_scalar(cx, value, from, elem, span),
        Type::Array(array) if array.elem == elem => Ok(value),
        Type::Array(_) => elementwise(cx, vec![value], span, |_, mut args| Ok(convert(args.remove(0), elem))),
        other @ (Type::None
        | Type::Tuple(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never) => {
            let what = type_name(&other);
            let message =
                format!("cannot store a value of type '{what}' in an array of {}", numpy_name(elem));
            Err(cx.error(Code::TypeMismatch, span, message, format!("this is {}", shape_of(&other))))
        }
    }
}

fn store_scalar(cx: &mut Cx, value: Expr, from: Scalar, elem: Scalar, span: Span) -> Result<Expr> {
    let integer = matches!(elem.kind(), Kind::Signed | Kind::Unsigned);
    if from == Scalar::Complex && (integer || elem.kind() == Kind::Float) {
        let (function, also) = if integer { ("int()", " a bytes-like object") } else { ("float()", "") };
        let sep = if integer { "," } else { "" };
        let message =
            format!("{function} argument must be a string{sep}{also} or a real number, not 'complex'");
        return Err(cx.error(Code::TypeMismatch, span, message, "a complex number is stored here"));
    }
    // Signed elements take NumPy scalars by way of a Python int, unsigned ones by a cast.
    let checked = integer && (from.is_python() || elem.kind() == Kind::Signed);
    Ok(match from.kind() {
        Kind::Signed if checked => coerce(convert(value, Scalar::Int), elem),
        Kind::Unsigned if checked && from == Scalar::U64 => {
            coerce(cast(value, Scalar::Int, Convert::Exact), elem)
        }
        Kind::Unsigned if checked => coerce(convert(value, Scalar::Int), elem),
        Kind::Float | Kind::Complex if checked => {
            cast(convert(value, Scalar::Float), elem, Convert::FitFloat)
        }
        Kind::Bool | Kind::Signed | Kind::Unsigned | Kind::Float | Kind::Complex => convert(value, elem),
    })
}

/// NumPy's name of an element type.
pub fn numpy_name(elem: Scalar) -> &'static str {
    match elem.to_numpy() {
        Scalar::NpBool => "bool",
        Scalar::I8 => "int8",
        Scalar::I16 => "int16",
        Scalar::I32 => "int32",
        Scalar::I64 => "int64",
        Scalar::U8 => "uint8",
        Scalar::U16 => "uint16",
        Scalar::U32 => "uint32",
        Scalar::U64 => "uint64",
        Scalar::F32 => "float32",
        Scalar::F64 => "float64",
        Scalar::C64 => "complex64",
        Scalar::C128 => "complex128",
        Scalar::Bool | Scalar::Int | Scalar::Float | Scalar::Complex => unreachable!("to_numpy"),
    }
}
