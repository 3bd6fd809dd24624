//! Expressions to words.
//!
//! In: an expression of HIR. Out: its machine words, computed in the open region. Invariant: operands are
//! evaluated from left to right, and only those that Python evaluates.

use crate::hir::{Const, Convert, Expr, ExprKind, LocalId, Prim, UnaryOp};
use crate::lower::cx::{Cx, Words};
use crate::lower::{array, call, complex, convert, math, raise, scalar, stmt, tuple};
use crate::mir::{BinaryOp, Cond, End, Op, Region, RuntimeFn, Ty, Value};
use crate::types::{self, Kind, Scalar};

/// Words of an expression, evaluated here.
pub fn lower(cx: &mut Cx, expr: &Expr) -> Words {
    let line = cx.at(expr.span);
    let words = kind(cx, expr);
    cx.b.line = line;
    words
}

/// The word of an expression that has exactly one.
pub fn word(cx: &mut Cx, expr: &Expr) -> Value {
    lower(cx, expr)[0]
}

/// A value before the conversion that its use makes of it, and that conversion: of a number that may not fit.
pub fn given(expr: &Expr) -> (&Expr, Option<Convert>) {
    if let ExprKind::Convert { kind: kind @ (Convert::Fit | Convert::FitFloat), arg } = &*expr.kind {
        (arg, Some(*kind))
    } else {
        (expr, None)
    }
}

/// Words of `given`'s value as those of the converted one.
pub fn converted(cx: &mut Cx, expr: &Expr, words: Words) -> Words {
    match given(expr) {
        (arg, Some(kind)) => convert::convert(cx, kind, arg.scalar(), expr.scalar(), &words, expr.span),
        (_, None) => words,
    }
}

/// Two operands: both are there before either is made to fit.
fn operands(cx: &mut Cx, [lhs, rhs]: [&Expr; 2]) -> [Words; 2] {
    let left = lower(cx, given(lhs).0);
    let right = lower(cx, given(rhs).0);
    [converted(cx, lhs, left), converted(cx, rhs, right)]
}

fn kind(cx: &mut Cx, expr: &Expr) -> Words {
    match &*expr.kind {
        ExprKind::Const(value) => constant(cx, expr.scalar(), *value),
        ExprKind::Unit => Vec::new(),
        ExprKind::Local { local, bound } => read(cx, *local, *bound),
        ExprKind::Hidden(hidden) => {
            let first = cx.shared.hidden_words[hidden.0 as usize];
            let words = types::flatten(&expr.ty);
            words
                .into_iter()
                .zip(first..)
                .map(|(ty, word)| {
                    let inst = cx.b.inst(Op::Hidden { word }, &[ty]);
                    cx.b.func.insts[inst].results[0]
                })
                .collect()
        }
        ExprKind::Convert { kind, arg } => {
            let words = lower(cx, arg);
            cx.at(expr.span);
            convert::convert(cx, *kind, arg.scalar(), expr.scalar(), &words, expr.span)
        }
        ExprKind::Unary { op, arg } => {
            let words = lower(cx, arg);
            cx.at(expr.span);
            scalar::unary(cx, *op, arg.scalar(), &words, expr.span)
        }
        ExprKind::Binary { op, lhs, rhs } => {
            if lhs.scalar() == Scalar::Int
                && let Some(word) = scalar::demanded(cx, *op, lhs, rhs)
            {
                return vec![word];
            }
            let [left, right] = operands(cx, [lhs, rhs]);
            cx.at(expr.span);
            scalar::binary(cx, *op, lhs.scalar(), &left, &right, expr.span)
        }
        ExprKind::Compare { op, lhs, rhs } => {
            let [left, right] = operands(cx, [lhs, rhs]);
            vec![scalar::compare(cx, *op, (lhs.scalar(), &left), (rhs.scalar(), &right))]
        }
        ExprKind::Truth(arg) => {
            let words = lower(cx, arg);
            vec![truth(cx, arg.scalar(), &words)]
        }
        ExprKind::And(first, second) => {
            let test = word(cx, first);
            vec![short_circuit(cx, test, second, true)]
        }
        ExprKind::Or(first, second) => {
            let test = word(cx, first);
            vec![short_circuit(cx, test, second, false)]
        }
        ExprKind::IfExp { test, then, orelse } => {
            let test = word(cx, test);
            conditional(cx, test, then, orelse)
        }
        ExprKind::Math { func, domain, args } => {
            let words: Words = args.iter().map(|arg| word(cx, arg)).collect();
            cx.at(expr.span);
            vec![math::lower(cx, *func, *domain, &words)]
        }
        ExprKind::Tuple(items) => {
            let mut words = Vec::new();
            for item in items {
                words.extend(lower(cx, item));
            }
            words
        }
        ExprKind::Item { tuple, index } => tuple::item(cx, tuple, *index),
        ExprKind::ItemAt { tuple, index } => tuple::item_at(cx, tuple, index),
        ExprKind::Real(arg) => vec![lower(cx, arg)[0]],
        ExprKind::Imag(arg) => {
            let words = lower(cx, arg);
            let ty = cx.b.ty(words[0]);
            vec![if words.len() > 1 { words[1] } else { cx.b.zero(ty) }]
        }
        ExprKind::MakeComplex { re, im } => vec![word(cx, re), word(cx, im)],
        ExprKind::Call { func, args } => call::lower(cx, expr, *func, args),
        ExprKind::Prim { prim, args } => primitive(cx, expr, *prim, args),
        ExprKind::Seq { stmts, value } => {
            if let Some(end) = stmt::list(cx, stmts) {
                leave(cx, end);
                // Not reached, but still well formed.
                return cx.zeros(&value.ty);
            }
            lower(cx, value)
        }
        ExprKind::Element { .. }
        | ExprKind::View { .. }
        | ExprKind::ArrayAttr { .. }
        | ExprKind::Transpose(_)
        | ExprKind::Permute { .. }
        | ExprKind::Reshape { .. }
        | ExprKind::ComplexPart { .. }
        | ExprKind::Alloc { .. }
        | ExprKind::Map { .. }
        | ExprKind::MapArg(_) => array::lower(cx, expr),
    }
}

/// Words of a constant of type `scalar`.
pub fn constant(cx: &mut Cx, scalar: Scalar, value: Const) -> Words {
    let ty = scalar.machine();
    let (re, im) = match value {
        Const::Bool(value) => return real_constant(cx, scalar, value.into()),
        Const::Int(value) => return real_constant(cx, scalar, value),
        Const::Float(value) => (value, 0.0),
        Const::Complex(re, im) => (re, im),
    };
    match scalar.kind() {
        Kind::Complex => vec![cx.b.fconst(ty, re), cx.b.fconst(ty, im)],
        Kind::Float => vec![cx.b.fconst(ty, re)],
        Kind::Bool | Kind::Signed | Kind::Unsigned => panic!("a float constant of type {scalar:?}"),
    }
}

fn real_constant(cx: &mut Cx, scalar: Scalar, value: i64) -> Words {
    let ty = scalar.machine();
    match scalar.kind() {
        Kind::Bool | Kind::Signed | Kind::Unsigned => vec![cx.b.iconst(ty, value)],
        Kind::Float => vec![cx.b.fconst(ty, value as f64)],
        Kind::Complex => vec![cx.b.fconst(ty, value as f64), cx.b.fconst(ty, 0.0)],
    }
}

fn read(cx: &mut Cx, local: LocalId, bound: Option<LocalId>) -> Words {
    if let Some(flag) = bound {
        let flag = cx.get(flag)[0];
        let func = cx.func;
        raise::bound(cx, flag, &func.locals[local.0 as usize].name);
    }
    cx.get(local)
}

/// Python's truth of a scalar, as a Bool word.
pub fn truth(cx: &mut Cx, scalar: Scalar, words: &[Value]) -> Value {
    match scalar.kind() {
        Kind::Bool => words[0],
        Kind::Signed | Kind::Unsigned => {
            let zero = cx.b.zero(scalar.machine());
            cx.b.compare(Cond::Ne, words[0], zero)
        }
        Kind::Float => {
            let zero = cx.b.zero(scalar.machine());
            cx.b.compare(Cond::Fne, words[0], zero)
        }
        Kind::Complex => complex::truth(cx, words),
    }
}

/// `test and second`, or `test or second`.
fn short_circuit(cx: &mut Cx, test: Value, second: &Expr, and: bool) -> Value {
    match cx.const_int(test) {
        Some(known) if (known != 0) == and => return word(cx, second),
        Some(_) => return test,
        None => {}
    }
    if is_cheap(second, 3) {
        let second = word(cx, second);
        return cx.b.binary(if and { BinaryOp::Band } else { BinaryOp::Bor }, test, second);
    }
    let evaluate = |cx: &mut Cx| vec![word(cx, second)];
    let settle = |cx: &mut Cx| vec![cx.b.bool(!and)];
    let written = if cx.inner { cx.flow.assigned_inside(second).common(&cx.live) } else { Vec::new() };
    let words = if and {
        fork(cx, test, &written, &[Ty::Bool], evaluate, settle)
    } else {
        fork(cx, test, &written, &[Ty::Bool], settle, evaluate)
    };
    words[0]
}

fn conditional(cx: &mut Cx, test: Value, then: &Expr, orelse: &Expr) -> Words {
    if let Some(known) = cx.const_int(test) {
        return lower(cx, if known != 0 { then } else { orelse });
    }
    if is_cheap(then, 2) && is_cheap(orelse, 2) {
        let then = lower(cx, then);
        let orelse = lower(cx, orelse);
        return then.into_iter().zip(orelse).map(|(a, b)| cx.b.select(test, a, b)).collect();
    }
    let results = types::flatten(&then.ty);
    let written = if cx.inner {
        let mut written = cx.flow.assigned_inside(then);
        written.union(&cx.flow.assigned_inside(orelse));
        written.common(&cx.live)
    } else {
        Vec::new()
    };
    fork(cx, test, &written, &results, |cx| lower(cx, then), |cx| lower(cx, orelse))
}

/// `if test { then } else { orelse }` with results of the given types. `written` are the locals that the
/// arms assign and that are needed afterwards.
pub fn fork(
    cx: &mut Cx,
    test: Value,
    written: &[LocalId],
    results: &[Ty],
    then: impl FnOnce(&mut Cx) -> Words,
    orelse: impl FnOnce(&mut Cx) -> Words,
) -> Words {
    let saved = cx.save(written);
    let before = cx.effect;
    let then = arm(cx, written, then);
    cx.restore(written, saved.clone());
    let after = std::mem::replace(&mut cx.effect, before);
    let orelse = arm(cx, written, orelse);
    cx.restore(written, saved);
    cx.effect |= after;
    let mut all = results.to_vec();
    all.extend(cx.types_of(written));
    let mut words = cx.b.if_(test, then, orelse, &all);
    let locals = words.split_off(results.len());
    cx.set_all(written, &locals);
    words
}

fn arm(cx: &mut Cx, written: &[LocalId], body: impl FnOnce(&mut Cx) -> Words) -> Region {
    cx.b.open(&[]);
    let mut words = body(cx);
    words.extend(cx.get_all(written));
    cx.b.close(End::Yield(words))
}

/// Ends the control flow in the middle of a region.
fn leave(cx: &mut Cx, end: End) {
    let yes = cx.b.bool(true);
    cx.b.open(&[]);
    let then = cx.b.close(end);
    cx.b.open(&[]);
    let orelse = cx.b.close(End::Yield(Vec::new()));
    cx.b.if_(yes, then, orelse, &[]);
}

/// Runs `cold` (guards that may fail) only where `fine` is false.
pub fn unless(cx: &mut Cx, fine: Value, cold: impl FnOnce(&mut Cx)) {
    cx.b.open(&[]);
    let then = cx.b.close(End::Yield(Vec::new()));
    cx.b.open(&[]);
    cold(cx);
    let orelse = cx.b.close(End::Yield(Vec::new()));
    cx.b.if_(fine, then, orelse, &[]);
}

/// No check, no effect and hardly any work: better computed always than branched around.
fn is_cheap(expr: &Expr, budget: u32) -> bool {
    if expr.ty.scalar().is_none() {
        return false;
    }
    match &*expr.kind {
        ExprKind::Const(_) | ExprKind::Local { bound: None, .. } | ExprKind::MapArg(_) => true,
        ExprKind::Truth(arg) | ExprKind::Unary { op: UnaryOp::Not, arg } => {
            budget > 0 && is_cheap(arg, budget - 1)
        }
        ExprKind::Compare { lhs, rhs, .. } => {
            budget > 0 && lhs.ty == rhs.ty && is_cheap(lhs, budget - 1) && is_cheap(rhs, budget - 1)
        }
        ExprKind::Local { bound: Some(_), .. }
        | ExprKind::Unit
        | ExprKind::Hidden(_)
        | ExprKind::Convert { .. }
        | ExprKind::Unary { .. }
        | ExprKind::Binary { .. }
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
        | ExprKind::Call { .. }
        | ExprKind::Prim { .. }
        | ExprKind::Seq { .. } => false,
    }
}

fn primitive(cx: &mut Cx, expr: &Expr, prim: Prim, args: &[Expr]) -> Words {
    match prim {
        Prim::IsContiguous | Prim::AssumeContiguous | Prim::MayOverlap | Prim::MatMul | Prim::Retype => {
            array::lower(cx, expr)
        }
        Prim::GetNumThreads => {
            cx.b.runtime(RuntimeFn::GetNumThreads, vec![], Some(Ty::I64)).into_iter().collect()
        }
        Prim::GetThreadId => {
            cx.b.runtime(RuntimeFn::GetThreadId, vec![], Some(Ty::I64)).into_iter().collect()
        }
        Prim::SetNumThreads => {
            let count = word(cx, &args[0]);
            cx.b.runtime(RuntimeFn::SetNumThreads, vec![count], None);
            Vec::new()
        }
        Prim::Same => {
            let [x, y]: [Value; 2] = [word(cx, &args[0]), word(cx, &args[1])];
            let numbers = [x, y].map(|side| cx.b.compare(Cond::Feq, side, side));
            let known = cx.b.binary(BinaryOp::Bor, numbers[0], numbers[1]);
            raise::known(cx, known, expr.span);
            vec![cx.b.compare(Cond::Feq, x, y)]
        }
        Prim::RoundPython
        | Prim::RoundNumpy
        | Prim::NextAfter
        | Prim::IsNan
        | Prim::IsInf
        | Prim::IsFinite
        | Prim::SignBit
        | Prim::PopCount
        | Prim::Bits
        | Prim::FromBits => {
            let words: Words = args.iter().map(|arg| word(cx, arg)).collect();
            cx.at(expr.span);
            vec![math::primitive(cx, prim, args[0].scalar(), expr.scalar(), &words)]
        }
    }
}
