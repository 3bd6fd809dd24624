//! Arguments of a call of a builtin, matched with its parameters.
//!
//! In: positional and keyword arguments. Out: one `Option<Expr>` for each parameter. Invariant: every
//! argument is used or refused by name.

use crate::diag::{Code, Diagnostic, Result, Span};
use crate::hir::{Const, Expr, ExprKind};
use crate::infer::cx::Cx;
use crate::types::Type;

/// A call of the builtin `name`.
pub struct Args<'a> {
    pub name: &'a str,
    pub args: Vec<Expr>,
    pub keywords: Vec<(String, Expr)>,
    pub span: Span,
}

impl<'a> Args<'a> {
    /// Exactly `N` positional arguments and no keywords.
    pub fn exactly<const N: usize>(self, cx: &Cx) -> Result<[Expr; N]> {
        let (name, span) = (self.name, self.span);
        let args = self.positional(cx)?;
        let found = args.len();
        args.try_into().map_err(|_| {
            let expected =
                if N == 1 { "exactly one argument".into() } else { format!("exactly {N} arguments") };
            let message = format!("{name}() takes {expected} ({found} given)");
            cx.error(Code::BadCall, span, message, "called here")
        })
    }

    /// Positional arguments only, any number.
    pub fn positional(self, cx: &Cx) -> Result<Vec<Expr>> {
        match self.keywords.first() {
            Some((keyword, _)) => Err(unexpected(cx, self.name, keyword, self.span)),
            None => Ok(self.args),
        }
    }

    /// The first argument, and the call without it.
    pub fn split_first(mut self, cx: &Cx) -> Result<(Expr, Args<'a>)> {
        if self.args.is_empty() {
            if let Some(at) = self.keywords.iter().position(|(key, _)| key == "a") {
                let (_, first) = self.keywords.remove(at);
                return Ok((first, self));
            }
            return Err(missing(cx, self.name, "a", self.span));
        }
        let first = self.args.remove(0);
        Ok((first, self))
    }

    /// Matches parameters by place and name; the first `required` must be given. A `None` value for an
    /// optional parameter counts as not given.
    pub fn bind<const N: usize>(
        self,
        cx: &Cx,
        params: [&str; N],
        required: usize,
    ) -> Result<[Option<Expr>; N]> {
        let mut found: [Option<Expr>; N] = [const { None }; N];
        let given = self.args.len();
        if given > N {
            let message = format!("{}() takes at most {N} arguments ({given} given)", self.name);
            return Err(cx.error(Code::BadCall, self.span, message, "called here"));
        }
        for (slot, arg) in found.iter_mut().zip(self.args) {
            *slot = Some(arg);
        }
        for (keyword, value) in self.keywords {
            let Some(at) = params.iter().position(|param| *param == keyword) else {
                return Err(unexpected(cx, self.name, &keyword, self.span));
            };
            if found[at].is_some() {
                let message = format!("{}() got multiple values for argument '{keyword}'", self.name);
                return Err(cx.error(Code::BadCall, value.span, message, "given again here"));
            }
            found[at] = Some(value);
        }
        if let Some(at) = found[..required].iter().position(Option::is_none) {
            return Err(missing(cx, self.name, params[at], self.span));
        }
        for slot in &mut found[required..] {
            if slot.as_ref().is_some_and(|value| value.ty == Type::None) {
                *slot = None;
            }
        }
        Ok(found)
    }
}

fn unexpected(cx: &Cx, name: &str, keyword: &str, span: Span) -> Box<Diagnostic> {
    let message = format!("the keyword argument '{keyword}' of {name}() is not known to fastjit");
    cx.error(Code::BadCall, span, message, "in this call")
}

fn missing(cx: &Cx, name: &str, param: &str, span: Span) -> Box<Diagnostic> {
    let message = format!("{name}() missing required argument '{param}'");
    cx.error(Code::BadCall, span, message, "called here")
}

/// The value of a Python int that has to be known at compile time.
pub fn const_int(cx: &Cx, value: &Expr, what: &str) -> Result<i64> {
    if let ExprKind::Const(Const::Int(n)) = *value.kind {
        return Ok(n);
    }
    if let ExprKind::Const(Const::Bool(b)) = *value.kind {
        return Ok(i64::from(b));
    }
    Err(not_constant(cx, value, what))
}

/// The value of a Python bool that has to be known at compile time.
pub fn const_bool(cx: &Cx, value: &Expr, what: &str) -> Result<bool> {
    Ok(const_int(cx, value, what)? != 0)
}

fn not_constant(cx: &Cx, value: &Expr, what: &str) -> Box<Diagnostic> {
    let message = format!("{what} must be known at compile time");
    let error = cx.error(Code::NotConstant, value.span, message, "not a constant");
    Box::new(error.help("write the number itself here"))
}

/// An optional flag that has to be known at compile time.
pub fn flag(cx: &Cx, value: Option<Expr>, default: bool, what: &str) -> Result<bool> {
    value.map_or(Ok(default), |value| const_bool(cx, &value, what))
}
