//! Tuples: lists of words.

use crate::hir::{ExcKind, Expr};
use crate::lower::cx::{Cx, Words};
use crate::lower::expr;
use crate::mir::{BinaryOp, Cond};
use crate::types::{self, Form, Type};

fn items(ty: &Type) -> &[Type] {
    // A function value is the tuple of what it captured.
    match ty {
        Type::Tuple(items) => items,
        Type::Function { captures, .. } => captures,
        Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => panic!("expected a tuple or a function, found {ty:?}"),
    }
}

/// Words of the `index`-th item.
pub fn item(cx: &mut Cx, tuple: &Expr, index: u32) -> Words {
    let words = expr::lower(cx, tuple);
    let items = items(&tuple.ty);
    let start: usize = items[..index as usize].iter().map(|item| types::flatten(item).len()).sum();
    let count = types::flatten(&items[index as usize]).len();
    words[start..start + count].to_vec()
}

/// Item of a homogeneous tuple by a Python int.
pub fn item_at(cx: &mut Cx, tuple: &Expr, index: &Expr) -> Words {
    let words = expr::lower(cx, tuple);
    let index = expr::word(cx, index);
    let length = items(&tuple.ty).len();
    let count = words.len().checked_div(length).unwrap_or(0);
    let zero = cx.b.i64(0);
    let size = cx.b.i64(length as i64);
    let negative = cx.b.compare(Cond::Slt, index, zero);
    let from_end = cx.b.binary(BinaryOp::Iadd, index, size);
    let index = cx.b.select(negative, from_end, index);
    let ok = cx.b.compare(Cond::Ult, index, size);
    let list = matches!(&tuple.ty, Type::Tuple(items) if items.form == Form::List);
    let message = if list { "list index out of range" } else { "tuple index out of range" };
    cx.guard(ok, ExcKind::Index, message, &[]);
    let Some(last) = length.checked_sub(1) else { return Vec::new() };
    let mut result = words[last * count..].to_vec();
    for k in (0..last).rev() {
        let at = cx.b.i64(k as i64);
        let here = cx.b.compare(Cond::Eq, index, at);
        for (word, value) in result.iter_mut().enumerate() {
            *value = cx.b.select(here, words[k * count + word], *value);
        }
    }
    result
}
