//! `print`, and the parts of f-strings.
//!
//! In: the arguments as written. Out: `StmtKind::Print` with the texts and values in order. Invariant: all
//! arguments are evaluated before the first is printed.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{Expr, ExprKind, PrintPart, Stmt, StmtKind};
use crate::infer::cx::Cx;
use crate::types::{Form, Scalar, Type};

impl Cx<'_> {
    pub(super) fn print(
        &mut self,
        args: &[ast::Expr],
        keywords: &[ast::Keyword],
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let (mut sep, mut end) = (" ".to_string(), "\n".to_string());
        for keyword in keywords {
            let value = self.expr(&keyword.value)?;
            let text = if let Type::Str(text) = &value.ty { Some(text.to_string()) } else { None };
            if text.is_none() && value.ty != Type::None {
                let text =
                    format!("'{}' of print must be a string that is known at compile time", keyword.name);
                return Err(self.error(Code::NotConstant, keyword.span, text, "not a constant"));
            }
            match keyword.name.as_str() {
                "sep" => sep = text.unwrap_or(sep),
                "end" => end = text.unwrap_or(end),
                "flush" => {}
                other => {
                    let text = format!("print() argument '{other}' is not supported");
                    return Err(self.error(Code::BadCall, keyword.span, text, "here"));
                }
            }
        }
        let mut parts = Vec::new();
        for (k, arg) in args.iter().enumerate() {
            if k > 0 && !sep.is_empty() {
                parts.push(PrintPart::Text(sep.clone()));
            }
            self.print_parts(arg, &mut parts)?;
        }
        // All arguments are evaluated before the first is printed.
        for part in &mut parts {
            if let PrintPart::Value(value) = part {
                let (stmt, read) = self.once("printed", value.clone());
                out.extend(stmt);
                *value = read;
            }
        }
        out.push(Stmt { kind: StmtKind::Print { parts, end }, span });
        Ok(())
    }

    fn print_parts(&mut self, arg: &ast::Expr, parts: &mut Vec<PrintPart>) -> Result<()> {
        if let ast::ExprKind::FString(pieces) = &arg.kind {
            for piece in pieces {
                match piece {
                    ast::FStringPart::Text(text) => parts.push(PrintPart::Text(text.clone())),
                    ast::FStringPart::Value { value, conversion, format } => {
                        self.plain_format(value.span, *conversion, format.as_deref())?;
                        self.print_parts(value, parts)?;
                    }
                }
            }
            return Ok(());
        }
        let value = self.expr(arg)?;
        self.print_value(value, parts)
    }

    fn print_value(&mut self, value: Expr, parts: &mut Vec<PrintPart>) -> Result<()> {
        match value.ty.clone() {
            Type::None => parts.push(PrintPart::Text("None".to_string())),
            Type::Str(text) => parts.push(PrintPart::Text(text.to_string())),
            Type::Scalar(_) => parts.push(PrintPart::Value(value)),
            Type::Tuple(types)
                if matches!(*value.kind, ExprKind::Local { .. } | ExprKind::Tuple(_))
                    && types.iter().all(|ty| ty.scalar().is_some_and(Scalar::is_python)) =>
            {
                let list = matches!(&value.ty, Type::Tuple(items) if items.form == Form::List);
                parts.push(PrintPart::Text(if list { "[" } else { "(" }.to_string()));
                for k in 0..types.len() {
                    if k > 0 {
                        parts.push(PrintPart::Text(", ".to_string()));
                    }
                    let item = self.item(&value, k as u32);
                    self.print_value(item, parts)?;
                }
                let close = match types.len() {
                    _any if list => "]",
                    1 => ",)",
                    _several => ")",
                };
                parts.push(PrintPart::Text(close.to_string()));
            }
            Type::Tuple(_)
            | Type::Array(_)
            | Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never => {
                let text = format!("print of {} is not supported", self.describe(&value.ty));
                return Err(self
                    .error(Code::UnsupportedFunction, value.span, text, "printed here")
                    .help("print its numbers one by one")
                    .into());
            }
        }
        Ok(())
    }

    pub(super) fn plain_format(
        &self,
        span: Span,
        conversion: Option<char>,
        format: Option<&str>,
    ) -> Result<()> {
        if conversion.is_none() && format.is_none_or(str::is_empty) {
            return Ok(());
        }
        let text = "formats and conversions in f-strings are not supported";
        Err(self
            .error(Code::UnsupportedSyntax, span, text, "formatted here")
            .help("write `{x}` alone")
            .into())
    }
}
