//! `raise` and the messages of exceptions.
//!
//! In: `raise Class(args)`, `assert test, message`. Out: `Raise` with the arguments as text and payload.
//! Invariant: payload values are evaluated before the exception is raised, in the order written.

use crate::abi::{PAYLOAD_WORDS, Payload, SiteArg};
use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{Const, Convert, ExcKind, Expr, ExprKind, Stmt, StmtKind};
use crate::infer::arith::convert::convert;
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
                        let value = match value.ty.scalar() {
                            Some(Scalar::F32) => convert(value, Scalar::F64),
                            _other => value,
                        };
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

    /// What follows the number of a payload word in a message: `!r:.3f`, nothing for `str()`. A NumPy number is
    /// formatted as the Python number of its value, but its `repr` is its own.
    fn shown(&self, value: &Expr, conversion: Option<char>, format: Option<&str>) -> Result<String> {
        let format = format.filter(|format| !format.is_empty());
        let known = match value.ty.scalar() {
            Some(scalar) => conversion.is_none() || scalar.is_python(),
            None => false,
        };
        if (conversion.is_some() || format.is_some())
            && (!known || format.is_some_and(|f| f.contains(['{', '}'])))
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
        if payload.len() >= PAYLOAD_WORDS {
            let text = format!("an exception takes at most {PAYLOAD_WORDS} values");
            return Err(self.error(Code::UnsupportedFunction, span, text, "one too many"));
        }
        let (kind, to) = match value.ty.scalar() {
            Some(Scalar::Float | Scalar::F64) => (Payload::Float, None),
            Some(Scalar::Int) => (Payload::Int, None),
            Some(scalar) => match scalar.kind() {
                Kind::Bool => (Payload::Bool, None),
                Kind::Signed => (Payload::Int, Some(Scalar::I64)),
                Kind::Unsigned => (Payload::UInt, Some(Scalar::U64)),
                Kind::Float | Kind::Complex => return Err(self.no_payload(&value)),
            },
            None => return Err(self.no_payload(&value)),
        };
        let value = match to {
            Some(to) if value.scalar() != to => {
                Expr::new(ExprKind::Convert { kind: Convert::Cast, arg: value }, Type::Scalar(to), span)
            }
            _same => value,
        };
        let (stmt, read) = self.once("argument", value);
        out.extend(stmt);
        payload.push(read);
        Ok(kind)
    }

    fn no_payload(&self, value: &Expr) -> Box<crate::diag::Diagnostic> {
        let text = format!("{} cannot be part of an exception's message", self.describe(&value.ty));
        self.error(Code::UnsupportedType, value.span, text, "in the message")
            .help("convert it with `float(...)`")
            .into()
    }
}

/// Text with its braces doubled.
fn braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
