//! Folding of operations on literal Python numbers: what `-1`, `2**31` and pruned tests are made of.
//!
//! In: operands. Out: a constant, or `None`. Invariant: only exact or correctly rounded results are
//! folded; whatever could raise or leave 64 bits is left to run time.

use crate::ast;
use crate::diag::Span;
use crate::hir::{CompareOp, Const, Expr, ExprKind};
use crate::types::{Scalar, Type};

fn constant(expr: &Expr) -> Option<Const> {
    match (&*expr.kind, &expr.ty) {
        (ExprKind::Const(value), Type::Scalar(s)) if s.is_python() => Some(*value),
        _ => None,
    }
}

fn integer(value: Const) -> Option<i64> {
    match value {
        Const::Bool(b) => Some(i64::from(b)),
        Const::Int(n) => Some(n),
        Const::Float(_) | Const::Complex(..) => None,
    }
}

fn real(value: Const) -> Option<f64> {
    match value {
        Const::Float(x) => Some(x),
        Const::Bool(_) | Const::Int(_) => integer(value).map(|n| n as f64),
        Const::Complex(..) => None,
    }
}

fn number(value: Const, ty: Scalar, span: Span) -> Expr {
    Expr::new(ExprKind::Const(value), Type::Scalar(ty), span)
}

/// `lhs op rhs` of two literal numbers.
pub fn binary(op: ast::BinaryOp, lhs: &Expr, rhs: &Expr, span: Span) -> Option<Expr> {
    let (a, b) = (constant(lhs)?, constant(rhs)?);
    if let (Const::Bool(_), Const::Bool(_)) = (a, b)
        && matches!(op, ast::BinaryOp::BitAnd | ast::BinaryOp::BitOr | ast::BinaryOp::BitXor)
    {
        return None;
    }
    if let (Some(a), Some(b)) = (integer(a), integer(b)) {
        if op == ast::BinaryOp::TrueDiv {
            // Beyond 2**53 the quotient of the exact ints is not that of the floats.
            let exact = a.unsigned_abs() <= 1 << 53 && b.unsigned_abs() <= 1 << 53 && b != 0;
            return exact.then(|| number(Const::Float(a as f64 / b as f64), Scalar::Float, span));
        }
        return int_binary(op, a, b).map(|n| number(Const::Int(n), Scalar::Int, span));
    }
    if let (Some(x), Some(y)) = (real(a), real(b)) {
        let value = match op {
            ast::BinaryOp::Add => x + y,
            ast::BinaryOp::Sub => x - y,
            ast::BinaryOp::Mul => x * y,
            ast::BinaryOp::TrueDiv if y != 0.0 => x / y,
            ast::BinaryOp::TrueDiv
            | ast::BinaryOp::FloorDiv
            | ast::BinaryOp::Mod
            | ast::BinaryOp::Pow
            | ast::BinaryOp::LShift
            | ast::BinaryOp::RShift
            | ast::BinaryOp::BitAnd
            | ast::BinaryOp::BitOr
            | ast::BinaryOp::BitXor
            | ast::BinaryOp::MatMul => return None,
        };
        return Some(number(Const::Float(value), Scalar::Float, span));
    }
    complex_binary(op, a, b).map(|value| number(value, Scalar::Complex, span))
}

/// `1 + 2j` and `1 - 2j`: how complex literals are written.
fn complex_binary(op: ast::BinaryOp, a: Const, b: Const) -> Option<Const> {
    match (op, a, b) {
        (ast::BinaryOp::Add, Const::Complex(re, im), other) => {
            real(other).map(|x| Const::Complex(re + x, im + 0.0))
        }
        (ast::BinaryOp::Add, other, Const::Complex(re, im)) => {
            real(other).map(|x| Const::Complex(x + re, 0.0 + im))
        }
        (ast::BinaryOp::Sub, Const::Complex(re, im), other) => {
            real(other).map(|x| Const::Complex(re - x, im - 0.0))
        }
        (ast::BinaryOp::Sub, other, Const::Complex(re, im)) => {
            real(other).map(|x| Const::Complex(x - re, 0.0 - im))
        }
        _ => None,
    }
}

fn int_binary(op: ast::BinaryOp, a: i64, b: i64) -> Option<i64> {
    match op {
        ast::BinaryOp::Add => a.checked_add(b),
        ast::BinaryOp::Sub => a.checked_sub(b),
        ast::BinaryOp::Mul => a.checked_mul(b),
        ast::BinaryOp::FloorDiv => {
            let quotient = a.checked_div(b)?;
            Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
        }
        ast::BinaryOp::Mod => {
            let rest = a.checked_rem(b)?;
            Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
        }
        ast::BinaryOp::Pow => a.checked_pow(u32::try_from(b).ok()?),
        ast::BinaryOp::LShift if (0..63).contains(&b) => {
            let shifted = a << b;
            (shifted >> b == a).then_some(shifted)
        }
        ast::BinaryOp::RShift if b >= 0 => Some(a >> b.min(63)),
        ast::BinaryOp::BitAnd => Some(a & b),
        ast::BinaryOp::BitOr => Some(a | b),
        ast::BinaryOp::BitXor => Some(a ^ b),
        ast::BinaryOp::TrueDiv | ast::BinaryOp::LShift | ast::BinaryOp::RShift | ast::BinaryOp::MatMul => {
            None
        }
    }
}

/// `op operand` of a literal number; `not` is folded by the caller.
pub fn unary(op: ast::UnaryOp, operand: &Expr, span: Span) -> Option<Expr> {
    let value = constant(operand)?;
    match (op, value) {
        (ast::UnaryOp::Neg, Const::Float(x)) => Some(number(Const::Float(-x), Scalar::Float, span)),
        (ast::UnaryOp::Neg, Const::Complex(re, im)) => {
            Some(number(Const::Complex(-re, -im), Scalar::Complex, span))
        }
        (ast::UnaryOp::Neg, _) => Some(number(Const::Int(integer(value)?.checked_neg()?), Scalar::Int, span)),
        (ast::UnaryOp::Pos, Const::Float(_) | Const::Complex(..)) => Some(operand.clone()),
        (ast::UnaryOp::Pos, _) => Some(number(Const::Int(integer(value)?), Scalar::Int, span)),
        (ast::UnaryOp::Invert, _) => Some(number(Const::Int(!integer(value)?), Scalar::Int, span)),
        (ast::UnaryOp::Not, _) => None,
    }
}

/// `lhs op rhs` of two literal numbers.
pub fn compare(op: CompareOp, lhs: &Expr, rhs: &Expr) -> Option<bool> {
    let (a, b) = (constant(lhs)?, constant(rhs)?);
    if let (Some(a), Some(b)) = (integer(a), integer(b)) {
        return Some(ordered(op, a, b));
    }
    match (a, b) {
        (Const::Float(x), Const::Float(y)) => Some(ordered(op, x, y)),
        _ => None,
    }
}

fn ordered<T: PartialOrd>(op: CompareOp, a: T, b: T) -> bool {
    match op {
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        CompareOp::Lt => a < b,
        CompareOp::Le => a <= b,
        CompareOp::Gt => a > b,
        CompareOp::Ge => a >= b,
    }
}

/// The truth of a literal.
pub fn truth(expr: &Expr) -> Option<bool> {
    let ExprKind::Const(value) = &*expr.kind else { return None };
    Some(match value {
        Const::Bool(b) => *b,
        Const::Int(n) => *n != 0,
        Const::Float(x) => *x != 0.0,
        Const::Complex(re, im) => *re != 0.0 || *im != 0.0,
    })
}
