//! Inner functions and lambdas: function values that carry what they captured.
//!
//! In: `def` and `lambda` inside a function. Out: a value of `Type::Function`. Invariant: captures are by
//! value, so a captured name must not be rebound while the closure can still be called.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::Expr;
use crate::infer::call::{Capture, Origin};
use crate::infer::cx::Cx;
use crate::infer::flow::Slot;
use crate::infer::scope::{NameId, free_names};
use crate::types::Type;

impl Cx<'_> {
    /// The value of a `def` or `lambda`.
    pub(super) fn closure(&mut self, function: &ast::Function, span: Span) -> Result<Expr> {
        let mut captures = Vec::new();
        let mut values = Vec::new();
        for name in free_names(function) {
            let own = !function.is_lambda && name == function.name;
            let value = if let Some(id) = self.name_id(&name) {
                if matches!(self.frame.state.slot(id), Slot::Unbound) {
                    if own {
                        continue;
                    }
                    let text = format!("'{name}' is used in an inner function before it is assigned");
                    return Err(self
                        .error(Code::UnsupportedSyntax, span, text, "the inner function is made here")
                        .help(format!("assign '{name}' before the inner function"))
                        .into());
                }
                if own {
                    // The name means the function that is being made.
                    continue;
                }
                let read = ast::Expr { kind: ast::ExprKind::Name(name.clone()), span };
                self.expr(&read)?
            } else if let Some(value) = self.captured(&name, span) {
                value
            } else if let Some(value) = self.own_name(&name, span) {
                value
            } else {
                continue;
            };
            captures.push(Capture::Name(name));
            values.push(value);
        }
        for param in &function.params {
            if let Some(default) = &param.default {
                values.push(self.expr(default)?);
                captures.push(Capture::Default(param.name.clone()));
            }
        }
        let source = self.inner_callable(function, captures);
        Ok(self.function_value(source, values, span))
    }

    /// Refuses an assignment to a name that a living closure has captured.
    pub(super) fn check_rebinding(&mut self, name: NameId, span: Span) -> Result<()> {
        if self.frame.state.closures.is_empty() {
            return Ok(());
        }
        let state = &self.frame.state;
        let held = state.closures.iter().any(|(captured, holder)| {
            *captured == name && *holder != name && matches!(state.slot(*holder), Slot::Bound(_))
        });
        if held {
            let text = self.frame.scope.name(name).to_string();
            let message = format!("'{text}' is assigned after an inner function has captured it");
            return Err(self
                .error(Code::UnsupportedSyntax, span, message, "assigned here")
                .help("pass the value as an argument of the inner function")
                .into());
        }
        self.frame.state.closures.retain(|(_, holder)| *holder != name);
        Ok(())
    }

    /// Notes what the closure now bound to `holder` has captured.
    pub(super) fn note_closure(&mut self, holder: NameId, ty: &Type) {
        let Type::Function { source, captures } = ty else { return };
        if captures.is_empty() {
            return;
        }
        let callable = self.callable(*source);
        if callable.origin != Origin::Inner(self.frame.callable) {
            return;
        }
        let names: Vec<NameId> = callable
            .captures
            .iter()
            .filter_map(|capture| match capture {
                Capture::Name(name) => self.name_id(name),
                Capture::Default(_) => None,
            })
            .collect();
        for name in names {
            self.frame.state.closures.push((name, holder));
        }
    }
}
