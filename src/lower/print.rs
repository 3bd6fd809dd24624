//! `print(...)`.
//!
//! In: texts and scalars. Out: one runtime call for each number and for each eight bytes of text.
//! Invariant: every value is evaluated before the first byte is written, as in Python.

use crate::abi::print_kind as kind;
use crate::hir::PrintPart;
use crate::lower::cx::Cx;
use crate::lower::{convert, expr};
use crate::mir::{ConvertOp, RuntimeFn, Ty, Value};
use crate::types::{Kind, Scalar};

/// Lowers a `Print` statement.
pub fn lower(cx: &mut Cx, parts: &[PrintPart], end: &str) {
    let values: Vec<Vec<Value>> = parts
        .iter()
        .map(|part| match part {
            PrintPart::Text(_) | PrintPart::Format(_) => Vec::new(),
            PrintPart::Value(value) => expr::lower(cx, value),
        })
        .collect();
    cx.effect = true;
    for (part, words) in parts.iter().zip(values) {
        match part {
            PrintPart::Text(string) => text(cx, kind::TEXT, string),
            PrintPart::Format(format) => text(cx, kind::FORMAT, format),
            PrintPart::Value(value) => number(cx, value.scalar(), &words),
        }
    }
    text(cx, kind::TEXT, end);
}

fn text(cx: &mut Cx, kind: i64, text: &str) {
    for piece in text.as_bytes().chunks(8) {
        let mut bytes = [0; 8];
        bytes[..piece.len()].copy_from_slice(piece);
        let bits = cx.b.i64(i64::from_le_bytes(bytes));
        call(cx, kind + piece.len() as i64, bits);
    }
}

fn call(cx: &mut Cx, kind: i64, bits: Value) {
    let kind = cx.b.i64(kind);
    cx.b.runtime(RuntimeFn::PrintValue, vec![kind, bits], None);
}

fn number(cx: &mut Cx, scalar: Scalar, words: &[Value]) {
    match scalar.kind() {
        Kind::Bool => {
            let bits = cx.b.convert(ConvertOp::Zext, words[0], Ty::I64);
            call(cx, kind::BOOL, bits);
        }
        Kind::Signed => {
            let bits = convert::widen(cx, scalar, words[0]);
            call(cx, kind::INT, bits);
        }
        Kind::Unsigned => {
            let bits = convert::widen(cx, scalar, words[0]);
            call(cx, kind::UINT, bits);
        }
        Kind::Float => {
            let bits = float_bits(cx, words[0]);
            call(cx, if scalar == Scalar::F32 { kind::FLOAT32 } else { kind::FLOAT }, bits);
        }
        Kind::Complex => {
            let (first, second) =
                if scalar == Scalar::C64 { (kind::REAL32, kind::IMAG32) } else { (kind::REAL, kind::IMAG) };
            let bits = float_bits(cx, words[0]);
            call(cx, first, bits);
            let bits = float_bits(cx, words[1]);
            call(cx, second, bits);
        }
    }
}

/// Bits of a float in an I64.
fn float_bits(cx: &mut Cx, value: Value) -> Value {
    if cx.b.ty(value) == Ty::F32 {
        let bits = cx.b.convert(ConvertOp::Bitcast, value, Ty::I32);
        cx.b.convert(ConvertOp::Zext, bits, Ty::I64)
    } else {
        cx.b.convert(ConvertOp::Bitcast, value, Ty::I64)
    }
}
