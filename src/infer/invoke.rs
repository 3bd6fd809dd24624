//! Calls as they are written, and what free names mean.
//!
//! In: `ast::ExprKind::Call`, names that are not local. Out: typed calls. Names are looked up as Python
//! does: local, captured, global, builtin.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{Expr, ExprKind, HiddenId};
use crate::infer::call::{Capture, Origin};
use crate::infer::cx::Cx;
use crate::infer::env::Binding;
use crate::infer::expr::unsigned_literal;
use crate::infer::flow::Known;
use crate::infer::operand::Operand;
use crate::infer::{advice, builtin};
use crate::types::{Dtype, Scalar, Type};

/// Modules that prelude code may name without importing them.
const PRELUDE_MODULES: [(&str, &str); 3] = [("np", "numpy"), ("math", "math"), ("_prim", "_prim")];

/// Functions of `math` that treat ints as ints.
const MATH_OF_INTS: [&str; 9] =
    ["floor", "ceil", "trunc", "factorial", "gcd", "lcm", "comb", "perm", "isqrt"];

impl<'a> Cx<'a> {
    pub(super) fn call(
        &mut self,
        func: &ast::Expr,
        args: &[ast::Expr],
        keywords: &[ast::Keyword],
        span: Span,
    ) -> Result<Operand> {
        if let Some(value) = self.reveal(func, args)? {
            return Ok(Operand::single(value));
        }
        if let ast::ExprKind::Attribute { value, attr } = &func.kind
            && self.namespace(value).is_none()
        {
            let value = self.expr(value)?;
            return match &value.ty {
                Type::Module(_)
                | Type::Dtype(_)
                | Type::Builtin(_)
                | Type::Function { .. }
                | Type::Exception(_)
                | Type::None
                | Type::Ellipsis
                | Type::Never => {
                    let callee = builtin::attribute(self, value, attr, func.span)?;
                    self.call_written(callee, args, keywords, span)
                }
                Type::Scalar(_) | Type::Array(_) | Type::Tuple(_) | Type::Str(_) => {
                    let (name, named) = (attr.as_str(), names_of(keywords));
                    let operands = self.arguments(args, keywords)?;
                    self.spread(operands, span, &|cx, mut values| {
                        let keywords =
                            named.iter().cloned().zip(values.split_off(values.len() - named.len()));
                        let result =
                            builtin::method(cx, value.clone(), name, values, keywords.collect(), span)?;
                        Ok(Operand::single(result))
                    })
                }
            };
        }
        let callee = self.expr(func)?;
        self.call_written(callee, args, keywords, span)
    }

    fn call_written(
        &mut self,
        callee: Expr,
        args: &[ast::Expr],
        keywords: &[ast::Keyword],
        span: Span,
    ) -> Result<Operand> {
        if let ([ast::Expr { kind: ast::ExprKind::Generator { elt, clauses }, .. }], Type::Builtin(which)) =
            (args, &callee.ty)
        {
            let value = self.comprehension(*which, elt, clauses, keywords, span)?;
            return Ok(self.called(value, span));
        }
        if let ([arg], Type::Dtype(Dtype::Class(Scalar::U64))) = (args, &callee.ty)
            && let Some(bits) = unsigned_literal(arg)
        {
            return Ok(Operand::single(self.uint64(bits, span)));
        }
        let any = takes_any_number(&callee.ty);
        let named = names_of(keywords);
        let mut operands = self.arguments(args, keywords)?;
        if matches!(self.builtin_name(&callee.ty), Some("min" | "max"))
            && operands.len() > 1
            && keywords.is_empty()
        {
            return self.least_of(callee, operands, span);
        }
        if any {
            operands = operands.into_iter().map(promoted).collect();
        }
        self.spread(operands, span, &|cx, mut values| {
            let keywords = named.iter().cloned().zip(values.split_off(values.len() - named.len()));
            let value = cx.call_with(callee.clone(), values, keywords.collect(), span)?;
            Ok(cx.called(value, span))
        })
    }

    /// `min` or `max` of several values: it gives back one of them, of whatever type that has.
    fn least_of(&mut self, callee: Expr, operands: Vec<Operand>, span: Span) -> Result<Operand> {
        let call = |cx: &mut Cx, values| {
            let value = cx.call_with(callee.clone(), values, Vec::new(), span)?;
            Ok(cx.called(value, span))
        };
        let name = operands.iter().find(|operand| operand.is_mixed()).and_then(|operand| operand.name);
        let promoted: Option<Vec<Expr>> = operands
            .iter()
            .map(|operand| operand.value.clone().filter(|_| operand.choice.is_none()))
            .zip(&operands)
            .map(|(value, operand)| value.filter(|_| operand.promotes_exactly()))
            .collect();
        let Some(values) = promoted.filter(|values| values.iter().all(|value| value.ty == values[0].ty))
        else {
            return self.spread(operands, span, &call);
        };
        let mut types: Vec<(Type, Known)> = Vec::new();
        for (ty, known) in operands.iter().flat_map(|operand| self.types_of(operand)) {
            match types.iter_mut().find(|(seen, _)| *seen == ty) {
                Some((_, so_far)) => *so_far = so_far.or(known),
                None => types.push((ty, known)),
            }
        }
        let result = call(self, values)?;
        // Which of the types it has can be told once that of the name is.
        Ok(if name.is_some() && result.choice.is_none() { Operand { types, name, ..result } } else { result })
    }

    /// What a call has given.
    fn called(&mut self, value: Expr, span: Span) -> Operand {
        let chosen = self.frame.chosen.take();
        if let Some(chosen) = chosen.filter(|chosen| chosen.value.as_ref() == Some(&value)) {
            return chosen;
        }
        let known = self.mixed_result(&value).to_vec();
        self.result(value, &known, span)
    }

    /// The arguments of a call, the named ones last.
    fn arguments(&mut self, args: &[ast::Expr], keywords: &[ast::Keyword]) -> Result<Vec<Operand>> {
        let mut operands = self.operands(args)?;
        for keyword in keywords {
            operands.push(self.operand(&keyword.value)?);
        }
        Ok(operands)
    }

    /// Values of which only the number counts.
    pub(super) fn numbers(&mut self, args: &[ast::Expr]) -> Result<Vec<Expr>> {
        let operands = self.operands(args)?;
        operands
            .into_iter()
            .map(|operand| match &operand.value {
                Some(value) if operand.promotes_exactly() => Ok(value.clone()),
                _differ => self.settle(operand),
            })
            .collect()
    }

    /// A value of which only the number counts, as of an index.
    pub(super) fn number(&mut self, expr: &ast::Expr) -> Result<Expr> {
        let operand = self.operand(expr)?;
        match &operand.value {
            Some(value) if operand.promotes_exactly() => Ok(value.clone()),
            _differ => self.settle(operand),
        }
    }

    /// `reveal_type(x)` records the type of `x`: a name that type checkers know too.
    fn reveal(&mut self, func: &ast::Expr, args: &[ast::Expr]) -> Result<Option<Expr>> {
        let (ast::ExprKind::Name(name), [arg]) = (&func.kind, args) else { return Ok(None) };
        if name != "reveal_type" || self.name_id(name).is_some() || self.binding(name).is_some() {
            return Ok(None);
        }
        let value = self.expr(arg)?;
        let entry = (self.source, func.span, value.ty.clone());
        match self.revealed.iter_mut().find(|known| known.0 == entry.0 && known.1 == entry.1) {
            Some(known) => *known = entry,
            None => self.revealed.push(entry),
        }
        Ok(Some(value))
    }

    /// What a builtin function is called in Python, without its module.
    pub(super) fn builtin_name(&self, ty: &Type) -> Option<&'static str> {
        let Type::Builtin(which) = ty else { return None };
        builtin::name(*which).rsplit('.').next()
    }

    /// The meaning of a global name, if it is the user's.
    pub(super) fn binding(&self, name: &str) -> Option<&'a Binding> {
        let mut callable = self.callable(self.frame.callable);
        loop {
            match callable.origin {
                Origin::User(source) => {
                    let env: &'a crate::infer::env::Env = self.env;
                    return env.sources[source as usize].names.get(name);
                }
                Origin::Inner(parent) => callable = self.callable(parent),
                Origin::Prelude => return None,
            }
        }
    }

    pub(super) fn in_prelude(&self) -> bool {
        let mut callable = self.callable(self.frame.callable);
        while let Origin::Inner(parent) = callable.origin {
            callable = self.callable(parent);
        }
        callable.origin == Origin::Prelude
    }

    /// The value of a name that is not local.
    pub(super) fn free_name(&mut self, name: &str, span: Span) -> Result<Expr> {
        if let Some(value) = self.captured(name, span) {
            return Ok(value);
        }
        if let Some(value) = self.own_name(name, span) {
            return Ok(value);
        }
        if let Some(binding) = self.binding(name) {
            return self.binding_value(binding, name, span);
        }
        if self.in_prelude() {
            if let Some((_, module)) = PRELUDE_MODULES.iter().find(|(known, _)| *known == name) {
                return Ok(self.unit(Type::Module((*module).into()), span));
            }
            if crate::prelude::source(name).is_some() {
                let source = self.prelude_callable(name)?;
                return Ok(self.unit(Type::Function { source, captures: [].into() }, span));
            }
        }
        if let Some(value) = builtin::known(self, &format!("builtins.{name}"), span) {
            return Ok(value);
        }
        let mut error = self.error(
            Code::UndefinedName,
            span,
            format!("name '{name}' is not defined"),
            "not a local, a global or a builtin",
        );
        let near = || self.nearest(name).map(|near| format!("did you mean '{near}'?"));
        error.help = advice::undefined(name).or_else(near);
        Err(error)
    }

    /// The value of the name of an inner function inside itself.
    pub(super) fn own_name(&mut self, name: &str, span: Span) -> Option<Expr> {
        let id = self.frame.callable;
        let callable = self.callable(id);
        if !matches!(callable.origin, Origin::Inner(_)) || callable.ast.is_lambda || callable.ast.name != name
        {
            return None;
        }
        let count = callable.captures.len();
        let values: Vec<Expr> = (0..count).map(|k| self.read(crate::hir::LocalId(k as u32), span)).collect();
        Some(self.function_value(id, values, span))
    }

    /// A function value made of what it captures.
    pub(super) fn function_value(&mut self, source: u32, captures: Vec<Expr>, span: Span) -> Expr {
        let types: Vec<Type> = captures.iter().map(|value| value.ty.clone()).collect();
        let ty = Type::Function { source, captures: types.into() };
        let kind = if captures.is_empty() { ExprKind::Unit } else { ExprKind::Tuple(captures) };
        Expr::new(kind, ty, span)
    }

    /// The value that a binding of the environment stands for.
    pub(super) fn binding_value(&mut self, binding: &Binding, name: &str, span: Span) -> Result<Expr> {
        Ok(match binding {
            Binding::None => self.unit(Type::None, span),
            Binding::Scalar(scalar, value) => Expr::new(ExprKind::Const(*value), Type::Scalar(*scalar), span),
            Binding::Str(text) => self.unit(Type::Str(text.as_str().into()), span),
            Binding::Tuple(items) => {
                let values: Result<Vec<Expr>> =
                    items.iter().map(|item| self.binding_value(item, name, span)).collect();
                self.make_tuple(values?, span)
            }
            Binding::Hidden(index) => {
                let ty = self.env.hidden[*index as usize].clone();
                Expr::new(ExprKind::Hidden(HiddenId(*index)), ty, span)
            }
            Binding::Function(source) => {
                self.unit(Type::Function { source: *source, captures: [].into() }, span)
            }
            Binding::KnownModule(module) => self.unit(Type::Module(module.as_str().into()), span),
            Binding::Module(_) => {
                let text = format!("'{name}' cannot be used as a value");
                return Err(self
                    .error(Code::UnsupportedType, span, text, "a module or class of yours")
                    .help(format!(
                        "compiled code makes no objects: pass their numbers and arrays; of a module or class it \
                         uses functions and constants, as in `{name}.function(x)`"
                    ))
                    .into());
            }
            Binding::Known(known) => match builtin::known(self, known, span) {
                Some(value) => value,
                None => {
                    let shown = known.strip_prefix("builtins.").unwrap_or(known);
                    let text = format!("'{shown}' is not supported in compiled functions");
                    let error = self.error(Code::UnsupportedFunction, span, text, "not known to fastjit");
                    return Err(error.help(advice::function(known)).into());
                }
            },
            Binding::Exception(index) => self.unit(Type::Exception(*index), span),
            Binding::Unsupported(ty) => {
                let (text, label) = if ty == "builtin_function_or_method" {
                    let text = format!("'{name}' is not written in Python, and not known to fastjit");
                    (text, "a function of another language".to_owned())
                } else {
                    let text = format!("'{name}' is of type {ty}, which has no meaning in compiled code");
                    (text, format!("of type {ty}"))
                };
                let error = self.error(Code::UnsupportedType, span, text, label);
                return Err(error.help(advice::value(name, ty)).into());
            }
        })
    }

    /// The user's module or class that an expression names.
    pub(super) fn namespace(&self, value: &ast::Expr) -> Option<&'a Binding> {
        let binding = if let ast::ExprKind::Name(name) = &value.kind {
            let hidden = self.name_id(name).is_some() || self.frame.captures.contains_key(name);
            if hidden { None } else { self.binding(name) }
        } else if let ast::ExprKind::Attribute { value, attr } = &value.kind
            && let Binding::Module(members) = self.namespace(value)?
        {
            members.get(attr)
        } else {
            None
        };
        binding.filter(|binding| matches!(binding, Binding::Module(_)))
    }

    /// `value.attr` where `value` names the user's module or class.
    pub(super) fn member(
        &mut self,
        binding: &Binding,
        value: &ast::Expr,
        attr: &str,
        span: Span,
    ) -> Result<Expr> {
        if let Binding::Module(members) = binding
            && let Some(member) = members.get(attr)
        {
            return self.binding_value(member, attr, span);
        }
        let text = format!("the module or class has no attribute '{attr}'");
        Err(self.error(Code::UndefinedName, value.span.to(span), text, "not found"))
    }

    /// The closest of the names that could have been meant.
    fn nearest(&self, name: &str) -> Option<String> {
        let callable = self.callable(self.frame.callable);
        let mut known: Vec<&str> = callable.scope.names.iter().map(String::as_str).collect();
        known.extend(callable.captures.iter().filter_map(|capture| match capture {
            Capture::Name(name) => Some(name.as_str()),
            Capture::Default(_) => None,
        }));
        if let Origin::User(source) = callable.origin {
            known.extend(self.env.sources[source as usize].names.keys().map(String::as_str));
        }
        known.extend([
            "range",
            "len",
            "abs",
            "min",
            "max",
            "float",
            "int",
            "round",
            "enumerate",
            "zip",
            "prange",
        ]);
        advice::nearest(name, known.into_iter())
    }
}

fn names_of(keywords: &[ast::Keyword]) -> Vec<String> {
    keywords.iter().map(|keyword| keyword.name.clone()).collect()
}

/// A value of which only the number counts, for which a float of it serves as well.
fn promoted(operand: Operand) -> Operand {
    match &operand.value {
        Some(value) if operand.promotes_exactly() || operand.promotes_as_float() => {
            Operand::single(value.clone())
        }
        _differ => operand,
    }
}

/// True for functions that begin by making floats of their arguments.
fn takes_any_number(callee: &Type) -> bool {
    match callee {
        Type::Dtype(dtype) => {
            matches!(dtype.scalar(), Scalar::Float | Scalar::F64 | Scalar::Complex | Scalar::C128)
        }
        Type::Builtin(which) => {
            let name = builtin::name(*which);
            name.strip_prefix("math.").is_some_and(|function| !MATH_OF_INTS.contains(&function))
        }
        Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Str(_)
        | Type::Module(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => false,
    }
}
