//! The state of inferring one program: what every file of `infer` may ask for.
//!
//! In: the environment and the options. Out: the functions of the `hir::Program` as they are completed.

use crate::diag::{Code, Diagnostic, Result, Span};
use crate::hir::{Expr, LocalId, Stmt};
use crate::infer::env::Env;
use crate::options::Options;
use crate::types::Type;

pub struct Cx<'a> {
    pub env: &'a Env,
    pub options: &'a Options,
    /// Index into `Env::sources` of the function being inferred (prelude functions follow the user's).
    pub source: u32,
}

impl<'a> Cx<'a> {
    /// A new local of the current function.
    pub fn local(&mut self, _name: &str, _ty: Type) -> LocalId {
        unimplemented!()
    }

    /// Evaluates `value` once: the statement that stores it in a new local, and the expression that reads
    /// it. Constants, units and plain reads of locals that cannot change meanwhile come back unchanged
    /// with no statement.
    pub fn once(&mut self, _name: &str, _value: Expr) -> (Option<Stmt>, Expr) {
        unimplemented!()
    }

    /// Call of a prelude function (`src/prelude/*.py`), specialised for the argument types.
    pub fn call_prelude(&mut self, _name: &str, _args: Vec<Expr>, _span: Span) -> Result<Expr> {
        unimplemented!()
    }

    /// Call of any callable value (function, closure, builtin, dtype) with positional arguments.
    pub fn call_value(&mut self, _callee: Expr, _args: Vec<Expr>, _span: Span) -> Result<Expr> {
        unimplemented!()
    }

    /// A diagnostic at `span` of the current function.
    pub fn error(
        &self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(code, message).label(self.source, span, label))
    }
}
