//! Errors: the `raise` statement, and the messages of failures that the interpreter would not have.
//!
//! In: conditions and payloads. Out: guards and `Fail` ends. Invariant: texts are those of the running
//! Python's version where it has the error too.

use crate::abi::{AFTER_EFFECT, Payload, SiteArg};
use crate::diag::Span;
use crate::hir::{ExcKind, Expr};
use crate::lower::cx::Cx;
use crate::lower::{convert, expr};
use crate::mir::{ConvertOp, End, Fail, Ty, Value};
use crate::types::{Kind, Scalar};

/// `raise exc(args)`.
pub fn statement(cx: &mut Cx, exc: ExcKind, args: &[SiteArg], payload: &[Expr]) -> End {
    let words = payload.iter().map(|value| payload_word(cx, value)).collect();
    let site = cx.site(exc, args.to_vec());
    End::Fail(Fail { deopt: cx.left_to_interpreter(), site, payload: words })
}

/// A scalar as the 64 bits that a site's payload holds.
fn payload_word(cx: &mut Cx, value: &Expr) -> Value {
    let scalar = value.scalar();
    let word = expr::lower(cx, value)[0];
    match scalar.kind() {
        Kind::Bool | Kind::Signed | Kind::Unsigned => convert::widen(cx, scalar, word),
        Kind::Float | Kind::Complex if cx.b.ty(word) == Ty::F32 => {
            cx.b.convert(ConvertOp::Fpromote, word, Ty::F64)
        }
        Kind::Float | Kind::Complex => word,
    }
}

/// `local` is bound, or `UnboundLocalError`.
pub fn bound(cx: &mut Cx, flag: Value, name: &str) {
    if cx.const_int(flag) == Some(1) {
        return;
    }
    let message = if cx.python_minor() >= 11 {
        format!("cannot access local variable '{name}' where it is not associated with a value")
    } else {
        format!("local variable '{name}' referenced before assignment")
    };
    cx.guard(flag, ExcKind::UnboundLocal, &message, &[]);
}

/// The exact result of the expression at `span` is an int that fits 64 bits; else the interpreter has it.
pub fn fits(cx: &mut Cx, ok: Value, span: Span) {
    let text = escape(&cx.quote(span));
    let message = format!("integer overflow: the result of `{text}` does not fit in 64 bits{AFTER_EFFECT}");
    cx.guard_deopt(ok, ExcKind::Overflow, &message, &[]);
}

/// The result of the expression at `span` has the type that was inferred (a real number, an int); else
/// the interpreter has it. `is` says what it would be.
pub fn stays(cx: &mut Cx, ok: Value, span: Span, is: &str) {
    let text = escape(&cx.quote(span));
    let message =
        format!("the result of `{text}` is {is}, which this compiled call cannot hold{AFTER_EFFECT}");
    cx.guard_deopt(ok, ExcKind::Overflow, &message, &[]);
}

/// Of two numbers in the expression at `span` it is known whether they are one object; else the interpreter
/// knows.
pub fn known(cx: &mut Cx, ok: Value, span: Span) {
    let text = escape(&cx.quote(span));
    let message = format!(
        "`{text}` compares nan with nan: equal if they are one object, which is not known{AFTER_EFFECT}"
    );
    cx.guard_deopt(ok, ExcKind::Value, &message, &[]);
}

/// `OverflowError(34, 'Numerical result out of range')`, as float powers raise it.
pub fn out_of_range(cx: &mut Cx, ok: Value) {
    let args = vec![SiteArg::Int(34), SiteArg::Text("Numerical result out of range".to_owned(), Vec::new())];
    let site = cx.site(ExcKind::Overflow, args);
    let deopt = cx.left_to_interpreter();
    cx.b.guard(ok, Fail { deopt, site, payload: Vec::new() });
}

/// `divisor` is not zero; `message` is the ZeroDivisionError's.
pub fn divisor(cx: &mut Cx, ok: Value, message: &str) {
    cx.guard(ok, ExcKind::ZeroDivision, message, &[]);
}

/// Text without meaning for braces.
pub fn escape(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// A payload word of an integer scalar, widened to 64 bits.
pub fn int_payload(cx: &mut Cx, scalar: Scalar, word: Value) -> (Value, Payload) {
    let kind = if scalar.kind() == Kind::Unsigned { Payload::UInt } else { Payload::Int };
    (convert::widen(cx, scalar, word), kind)
}
