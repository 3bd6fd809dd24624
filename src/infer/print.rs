//! `print`, and the parts of f-strings.
//!
//! In: the arguments as written. Out: `StmtKind::Print` with the texts and values in order. Invariant: all
//! arguments are evaluated before the first is printed.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{Expr, ExprKind, PrintPart, Stmt, StmtKind};
use crate::infer::arith::convert::{convert, numpy_name};
use crate::infer::arith::shape_of;
use crate::infer::cx::Cx;
use crate::types::{Form, Kind, Scalar, Type};

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
                        if matches!(value.kind, ast::ExprKind::FString(_))
                            && conversion.is_none()
                            && format.is_none()
                        {
                            self.print_parts(value, parts)?;
                            continue;
                        }
                        let value = self.expr(value)?;
                        self.print_formatted(value, *conversion, format.as_deref().unwrap_or(""), parts)?;
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
                let help = if value.ty.array().is_some() {
                    "print its elements in a loop, or the array in the calling Python code"
                } else {
                    "print its numbers one by one"
                };
                let label = format!("this is {}", shape_of(&value.ty));
                return Err(self.error(Code::UnsupportedFunction, value.span, text, label).help(help).into());
            }
        }
        Ok(())
    }

    /// A value of an f-string with its conversion and format.
    fn print_formatted(
        &mut self,
        value: Expr,
        conversion: Option<char>,
        format: &str,
        parts: &mut Vec<PrintPart>,
    ) -> Result<()> {
        let Some(scalar) = value.ty.scalar() else {
            return if conversion.is_none() && format.is_empty() {
                self.print_value(value, parts)
            } else {
                Err(self.no_format(&value))
            };
        };
        if conversion.is_some_and(|letter| letter != 's')
            && format.is_empty()
            && !scalar.is_python()
            && matches!(scalar.kind(), Kind::Signed | Kind::Unsigned | Kind::Float)
        {
            parts.push(PrintPart::Text(format!("np.{}(", numpy_name(scalar))));
            parts.push(PrintPart::Value(value));
            parts.push(PrintPart::Text(")".to_owned()));
            return Ok(());
        }
        // Python's numbers look alike by `repr` and by `str`.
        let shown = match conversion {
            None => false,
            Some('s') => true,
            Some(_repr) if scalar.is_python() => true,
            Some(_repr) => return Err(self.no_format(&value)),
        };
        if !format.is_empty() {
            if !(if shown { formats_text(format) } else { formats(format, scalar.kind()) }) {
                return Err(self.no_format(&value));
            }
            parts.push(PrintPart::Format(format!("{}:{format}", if shown { "!s" } else { "" })));
        }
        // The format of a NumPy number is that of the Python number.
        let single = matches!(scalar, Scalar::F32 | Scalar::C64);
        let double = if scalar.kind() == Kind::Complex { Scalar::C128 } else { Scalar::F64 };
        let value = if single && !shown { convert(value, double) } else { value };
        parts.push(PrintPart::Value(value));
        Ok(())
    }

    fn no_format(&self, value: &Expr) -> Box<crate::diag::Diagnostic> {
        let text = format!("this format of {} is not supported", self.describe(&value.ty));
        self.error(Code::UnsupportedSyntax, value.span, text, "formatted here")
            .help("write `{x}` alone, or a plain format of a number such as `{x:8.3f}`")
            .into()
    }
}

/// `[[fill]align][sign][#][0][width][,_][.precision][type]`.
#[derive(Default)]
struct Format {
    align: Option<char>,
    sign: bool,
    alternate: bool,
    zero: bool,
    grouping: Option<char>,
    precision: bool,
    letter: Option<char>,
}

impl Format {
    /// `None` for what is written otherwise, or larger than anybody means.
    fn of(text: &str) -> Option<Format> {
        const MOST_DIGITS: usize = 3;
        let mut rest: Vec<char> = text.chars().rev().collect();
        let mut found = Format::default();
        let aligns = |letter: Option<&char>| letter.is_some_and(|letter| "<>=^".contains(*letter));
        if rest.len() > 1 && aligns(rest.get(rest.len() - 2)) {
            rest.pop();
        }
        if aligns(rest.last()) {
            found.align = rest.pop();
        }
        let mut take = |of: &str| rest.pop_if(|letter| of.contains(*letter));
        found.sign = take("+- ").is_some();
        found.alternate = take("#").is_some();
        found.zero = take("0").is_some();
        let digits = |take: &mut dyn FnMut(&str) -> Option<char>| {
            (0..).take_while(|_| take("0123456789").is_some()).count()
        };
        let width = digits(&mut take);
        found.grouping = take(",_");
        if take(".").is_some() {
            found.precision = true;
            let count = digits(&mut take);
            if count == 0 || count > MOST_DIGITS {
                return None;
            }
        }
        found.letter = rest.pop();
        (rest.is_empty() && width <= MOST_DIGITS).then_some(found)
    }
}

/// True if `format()` takes the format for a number of the kind.
fn formats(text: &str, kind: Kind) -> bool {
    let Some(format) = Format::of(text) else { return false };
    let float = format.letter.is_none_or(|letter| "eEfFgG".contains(letter));
    match kind {
        Kind::Bool | Kind::Signed | Kind::Unsigned => match format.letter {
            None | Some('d') => !format.precision,
            Some('b' | 'o' | 'x' | 'X') => !format.precision && format.grouping != Some(','),
            Some(letter) => "eEfFgG%".contains(letter),
        },
        Kind::Float => float || format.letter == Some('%'),
        Kind::Complex => float && !format.zero && format.align != Some('='),
    }
}

/// True if `format()` takes the format for text.
fn formats_text(text: &str) -> bool {
    Format::of(text).is_some_and(|format| {
        let plain = !format.sign && !format.alternate && !format.zero && format.grouping.is_none();
        plain && format.align != Some('=') && matches!(format.letter, None | Some('s'))
    })
}
