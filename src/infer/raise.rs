//! `raise` and the messages of exceptions.
//!
//! In: `raise Class(args)`, `assert test, message`. Out: `Raise` with the arguments as text and payload.
//! Invariant: payload values are evaluated before the exception is raised, in the order written.

use crate::abi::{PAYLOAD_WORDS, Payload, SiteArg};
use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{Const, ExcKind, Expr, ExprKind, Stmt, StmtKind};
use crate::infer::builtin::names::Part;
use crate::infer::builtin::ufunc::part_of;
use crate::infer::cx::Cx;
use crate::infer::env::Binding;
use crate::types::{Kind, Scalar, Type};

/// Builtin exception classes that machine code names by kind.
fn builtin_exception(name: &str) -> Option<ExcKind> {
    Some(match name {
        "IndexError" => ExcKind::Index,
        "ZeroDivisionError" => ExcKind::ZeroDivision,
        "ValueError" => ExcKind::Value,
        "OverflowError" => ExcKind::Overflow,
        "TypeError" => ExcKind::Type,
        "UnboundLocalError" => ExcKind::UnboundLocal,
        "AssertionError" => ExcKind::Assertion,
        "RecursionError" => ExcKind::Recursion,
        "MemoryError" => ExcKind::Memory,
        _unknown => return None,
    })
}

impl Cx<'_> {
    /// `raise value`.
    pub(super) fn raise(&mut self, value: Option<&ast::Expr>, span: Span, out: &mut Vec<Stmt>) -> Result<()> {
        let Some(value) = value else {
            let text = "`raise` alone needs an exception that is being handled";
            return Err(self.error(Code::UnsupportedSyntax, span, text, "nothing to raise again"));
        };
        let (class, args) = if let ast::ExprKind::Call { func, args, keywords } = &value.kind
            && keywords.is_empty()
        {
            (&**func, args.as_slice())
        } else {
            (value, &[][..])
        };
        let exc = self.exception_class(class)?;
        let (args, payload) = self.exception_args(args, out)?;
        out.push(Stmt { kind: StmtKind::Raise { exc, args, payload }, span });
        self.frame.dead = true;
        Ok(())
    }

    fn exception_class(&mut self, class: &ast::Expr) -> Result<ExcKind> {
        if let ast::ExprKind::Name(name) = &class.kind
            && self.name_id(name).is_none()
        {
            let known = match self.binding(name) {
                Some(Binding::Known(known)) => known.strip_prefix("builtins."),
                Some(_other) => None,
                None => Some(name.as_str()),
            };
            if let Some(kind) = known.and_then(builtin_exception) {
                return Ok(kind);
            }
            if let Some(index) = known.and_then(|k| self.env.objects.iter().position(|object| object == k)) {
                return Ok(ExcKind::User(index as u32));
            }
            if let (Some(known), None) = (known, self.binding(name))
                && known.ends_with("Error")
            {
                let text = format!("the exception class '{name}' is not supported here");
                return Err(self.error(Code::UnsupportedType, class.span, text, "raised here"));
            }
        }
        let value = self.expr(class)?;
        let Type::Exception(index) = value.ty else {
            let text = format!("exceptions must derive from BaseException, not {}", self.describe(&value.ty));
            return Err(self.error(Code::TypeMismatch, class.span, text, "raised here"));
        };
        Ok(ExcKind::User(index))
    }

    /// The arguments of an exception, and the values they name.
    pub(super) fn exception_args(
        &mut self,
        args: &[ast::Expr],
        out: &mut Vec<Stmt>,
    ) -> Result<(Vec<SiteArg>, Vec<Expr>)> {
        let mut payload = Vec::new();
        let mut site = Vec::new();
        for arg in args {
            if let ast::ExprKind::FString(parts) = &arg.kind {
                let mut text = String::new();
                let mut kinds = Vec::new();
                self.message(parts, &mut text, &mut kinds, &mut payload, out)?;
                site.push(SiteArg::Text(text, kinds));
                continue;
            }
            let value = self.expr(arg)?;
            site.push(match (&value.ty, &*value.kind) {
                (Type::Str(text), _) => SiteArg::Text(braces(text), Vec::new()),
                (Type::None, _) => SiteArg::None,
                (Type::Scalar(Scalar::Int), ExprKind::Const(Const::Int(k))) => SiteArg::Int(*k),
                (Type::Scalar(Scalar::Float), ExprKind::Const(Const::Float(x))) => {
                    SiteArg::Float(x.to_bits())
                }
                (Type::Scalar(Scalar::Bool), ExprKind::Const(Const::Bool(b))) => SiteArg::Bool(*b),
                _value => {
                    let word = payload.len() as u8;
                    let kind = self.payload_value(value, &mut payload, out)?;
                    SiteArg::Value { word, kind }
                }
            });
        }
        Ok((site, payload))
    }

    /// Appends an f-string to a message.
    fn message(
        &mut self,
        parts: &[ast::FStringPart],
        text: &mut String,
        kinds: &mut Vec<Payload>,
        payload: &mut Vec<Expr>,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        for part in parts {
            let value = match part {
                ast::FStringPart::Text(piece) => {
                    text.push_str(&braces(piece));
                    continue;
                }
                ast::FStringPart::Value { value, conversion, format } => {
                    let value = self.expr(value)?;
                    let shown = self.shown(&value, *conversion, format.as_deref())?;
                    if !shown.is_empty() {
                        text.push_str(&format!("{{{}{shown}}}", payload.len()));
                        kinds.resize(payload.len(), Payload::Int);
                        let kind = self.payload_value(value, payload, out)?;
                        kinds.push(kind);
                        continue;
                    }
                    value
                }
            };
            if let Type::Str(piece) = &value.ty {
                text.push_str(&braces(piece));
            } else if value.ty == Type::None {
                text.push_str("None");
            } else {
                text.push_str(&format!("{{{}}}", payload.len()));
                // One kind for each word up to this one.
                kinds.resize(payload.len(), Payload::Int);
                let kind = self.payload_value(value, payload, out)?;
                kinds.push(kind);
            }
        }
        Ok(())
    }

    /// What follows the number of a payload word in a message: `!r:.3f`.
    fn shown(&self, value: &Expr, conversion: Option<char>, format: Option<&str>) -> Result<String> {
        let format = format.filter(|format| !format.is_empty());
        if (conversion.is_some() || format.is_some())
            && (value.ty.scalar().is_none() || format.is_some_and(|f| f.contains(['{', '}'])))
        {
            let text = format!("this format of {} is not supported", self.describe(&value.ty));
            return Err(self
                .error(Code::UnsupportedSyntax, value.span, text, "formatted here")
                .help("write `{x}` alone")
                .into());
        }
        let conversion = conversion.map(|letter| format!("!{letter}")).unwrap_or_default();
        Ok(conversion + &format.map(|format| format!(":{format}")).unwrap_or_default())
    }

    fn payload_value(
        &mut self,
        value: Expr,
        payload: &mut Vec<Expr>,
        out: &mut Vec<Stmt>,
    ) -> Result<Payload> {
        let span = value.span;
        let Some(scalar) = value.ty.scalar() else { return Err(self.no_payload(&value)) };
        let complex = scalar.kind() == Kind::Complex;
        if payload.len() + usize::from(complex) >= PAYLOAD_WORDS {
            let text = format!("an exception takes at most {PAYLOAD_WORDS} values");
            return Err(self.error(Code::UnsupportedFunction, span, text, "one too many"));
        }
        let (stmt, read) = self.once("argument", value);
        out.extend(stmt);
        if complex {
            payload.push(part_of(read.clone(), Part::Real));
            payload.push(part_of(read, Part::Imag));
        } else {
            payload.push(read);
        }
        Ok(match scalar {
            Scalar::Bool => Payload::Bool,
            Scalar::Int => Payload::Int,
            Scalar::Float => Payload::Float,
            Scalar::Complex => Payload::Complex,
            Scalar::NpBool
            | Scalar::I8
            | Scalar::I16
            | Scalar::I32
            | Scalar::I64
            | Scalar::U8
            | Scalar::U16
            | Scalar::U32
            | Scalar::U64
            | Scalar::F32
            | Scalar::F64
            | Scalar::C64
            | Scalar::C128 => Payload::Numpy(scalar as u8),
        })
    }

    fn no_payload(&self, value: &Expr) -> Box<crate::diag::Diagnostic> {
        let text = format!("{} cannot be part of an exception's message", self.describe(&value.ty));
        self.error(Code::UnsupportedType, value.span, text, "in the message")
            .help("numbers and constant strings can: name the items one by one, as in `f\"({x}, {y})\"`")
            .into()
    }
}

/// Text with its braces doubled.
fn braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
