//! The state of inferring one program: what every file of `infer` may ask for.
//!
//! In: the environment and the options. Out: the functions of the `hir::Program` as they are completed.
//! Invariant: `frame` is the function being walked; a call to a function not yet specialised swaps it
//! out (`call.rs`) and brings it back.

use crate::diag::{Code, Diagnostic, Result, Span};
use crate::hir::{self, Expr, ExprKind, LocalData, LocalId, Role, Stmt, StmtKind};
use crate::infer::arith::convert::discard;
use crate::infer::builtin;
use crate::infer::call::Programs;
use crate::infer::env::Env;
use crate::infer::flow::{Known, State};
use crate::infer::loops::LoopFrame;
use crate::infer::operand::Operand;
use crate::infer::scope::{NameId, Scope};
use crate::options::Options;
use crate::types::{Dtype, Type};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

pub struct Cx<'a> {
    pub env: &'a Env,
    pub options: &'a Options,
    /// Index into `Env::sources` of the function being inferred (prelude functions follow the user's).
    pub source: u32,
    pub(super) programs: Programs,
    pub(super) frame: Frame,
    /// Set when an `Err` on its way up is no error of the user's but asks an enclosing level to act.
    pub(super) signal: Option<Signal>,
    /// What `reveal_type` was called on, in order: for tests.
    pub revealed: Vec<(u32, Span, Type)>,
}

/// What an enclosing level is asked to do; travels as an `Err` beside a placeholder diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// A name that may hold several types is used where they make a difference: walk the statement once
    /// for each of its types.
    Split(NameId),
    /// As `Split`, but the types of the name are not told apart at run time yet: walk the function again
    /// with flags for it.
    Tag(NameId),
    /// A call that, as far as is known in this round, never returns (recursion).
    Never,
    /// A name is read that is certainly not assigned: raise when the statement is reached.
    Unbound(NameId),
}

/// The function being walked.
#[derive(Default)]
pub(super) struct Frame {
    /// Index into `Programs::callables`.
    pub callable: u32,
    pub scope: Arc<Scope>,
    pub locals: Vec<LocalData>,
    /// The local of each (name, type).
    pub named: FxHashMap<(NameId, Type), LocalId>,
    /// Bool locals: is the name assigned?
    pub bound_flags: FxHashMap<NameId, LocalId>,
    /// Bool locals: does the name hold the value of this local (and type)?
    pub tags: FxHashMap<LocalId, LocalId>,
    /// Names whose types are told apart at run time.
    pub tagged: BTreeSet<NameId>,
    pub state: State,
    /// The statement being walked cannot be reached.
    pub dead: bool,
    pub loops: Vec<LoopFrame>,
    /// The types returned so far, each once, with what is known of the numbers and the place of the first.
    pub returned: Vec<(Type, Known, Span)>,
    /// Names of comprehensions that hide others, innermost last.
    pub shadows: Vec<(String, NameId)>,
    /// More than zero inside a part of an expression that may be skipped.
    pub conditional: u32,
    /// The value of the last builtin that chose among values of several types.
    pub chosen: Option<Operand>,
    /// Locals that captured names come in.
    pub captures: FxHashMap<String, LocalId>,
}

impl<'a> Cx<'a> {
    pub(super) fn new(env: &'a Env, options: &'a Options) -> Cx<'a> {
        Cx {
            env,
            options,
            source: 0,
            programs: Programs::new(env),
            frame: Frame::default(),
            signal: None,
            revealed: Vec::new(),
        }
    }

    /// A new local of the current function.
    pub fn local(&mut self, name: &str, ty: Type) -> LocalId {
        self.local_for(name, ty, Role::Own)
    }

    /// As `local`, for something that belongs to a name of the source.
    pub(super) fn local_for(&mut self, name: &str, ty: Type, role: Role) -> LocalId {
        let id = LocalId(self.frame.locals.len() as u32);
        self.frame.locals.push(LocalData { name: name.to_string(), ty, role });
        id
    }

    /// Reads a local that is certainly assigned.
    pub fn read(&self, local: LocalId, span: Span) -> Expr {
        let ty = self.frame.locals[local.0 as usize].ty.clone();
        Expr::new(ExprKind::Local { local, bound: None }, ty, span)
    }

    /// Evaluates `value` once: the statement that stores it in a new local, and the expression that reads
    /// it. Constants, units and plain reads of locals that cannot change meanwhile come back unchanged
    /// with no statement.
    pub fn once(&mut self, name: &str, value: Expr) -> (Option<Stmt>, Expr) {
        let fixed = matches!(
            *value.kind,
            ExprKind::Const(_) | ExprKind::Unit | ExprKind::MapArg(_) | ExprKind::Hidden(_)
        );
        // A named local can only change within an expression through a walrus.
        let local = matches!(*value.kind, ExprKind::Local { bound: None, .. });
        if fixed || (local && !self.frame.scope.has_walrus) {
            return (None, value);
        }
        let (stmt, read) = self.temp(name, value);
        (Some(stmt), read)
    }

    /// As `once`, but always with a local of its own, which nothing else assigns.
    pub fn temp(&mut self, name: &str, value: Expr) -> (Stmt, Expr) {
        let span = value.span;
        let local = self.local(name, value.ty.clone());
        let read = self.read(local, span);
        (Stmt { kind: StmtKind::Assign { local, value }, span }, read)
    }

    /// `value` after `stmts`; `value` itself if there are none.
    pub fn seq(&self, stmts: Vec<Stmt>, value: Expr) -> Expr {
        if stmts.is_empty() {
            return value;
        }
        let (ty, span) = (value.ty.clone(), value.span);
        Expr::new(ExprKind::Seq { stmts, value }, ty, span)
    }

    /// A Python int constant.
    pub fn int(&self, value: i64, span: Span) -> Expr {
        Expr::new(ExprKind::Const(hir::Const::Int(value)), Type::INT, span)
    }

    /// A Python bool constant.
    pub fn bool(&self, value: bool, span: Span) -> Expr {
        Expr::new(ExprKind::Const(hir::Const::Bool(value)), Type::BOOL, span)
    }

    /// The value of a type without machine words.
    pub fn unit(&self, ty: Type, span: Span) -> Expr {
        Expr::new(ExprKind::Unit, ty, span)
    }

    /// Call of a prelude function (`src/prelude/*.py`), specialised for the argument types.
    pub fn call_prelude(&mut self, name: &str, args: Vec<Expr>, span: Span) -> Result<Expr> {
        let source = self.prelude_callable(name)?;
        self.call_function(source, Vec::new(), args, Vec::new(), span)
    }

    /// Call of any callable value (function, closure, builtin, dtype) with positional arguments.
    pub fn call_value(&mut self, callee: Expr, args: Vec<Expr>, span: Span) -> Result<Expr> {
        self.call_with(callee, args, Vec::new(), span)
    }

    /// Call of any callable value with positional and keyword arguments.
    pub fn call_with(
        &mut self,
        callee: Expr,
        args: Vec<Expr>,
        keywords: Vec<(String, Expr)>,
        span: Span,
    ) -> Result<Expr> {
        match callee.ty.clone() {
            Type::Function { source, captures } => {
                let mut stmts = Vec::new();
                let mut values = Vec::new();
                if !captures.is_empty() {
                    let (stmt, read) = self.once("closure", callee);
                    stmts.extend(stmt);
                    for (index, ty) in captures.iter().enumerate() {
                        let item = ExprKind::Item { tuple: read.clone(), index: index as u32 };
                        values.push(Expr::new(item, ty.clone(), span));
                    }
                }
                let call = self.call_function(source, values, args, keywords, span)?;
                Ok(self.seq(stmts, call))
            }
            Type::Builtin(which) => builtin::call(self, which, args, keywords, span),
            Type::Dtype(Dtype::Class(dtype)) => {
                if let Some((name, _)) = keywords.first() {
                    let text = format!("{}() takes no keyword argument '{name}'", dtype_name(dtype));
                    return Err(self.error(Code::BadCall, span, text, "called here"));
                }
                let made = builtin::construct(self, dtype, args, span)?;
                Ok(discard(callee, made))
            }
            Type::Dtype(Dtype::Described(_))
            | Type::Exception(_)
            | Type::None
            | Type::Scalar(_)
            | Type::Array(_)
            | Type::Tuple(_)
            | Type::Str(_)
            | Type::Module(_)
            | Type::Ellipsis
            | Type::Never => {
                let text = format!("{} is not callable", self.describe(&callee.ty));
                Err(self.error(Code::TypeMismatch, callee.span, text, "called like a function"))
            }
        }
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

    /// Sends `signal` up: the returned diagnostic is never shown.
    pub(super) fn raise_signal(&mut self, signal: Signal, span: Span) -> Box<Diagnostic> {
        self.signal = Some(signal);
        self.error(Code::UnstableType, span, "the value may have several types", "")
    }

    /// The type as users write it, for messages.
    pub fn describe(&self, ty: &Type) -> String {
        crate::infer::call::describe(self, ty)
    }
}

fn dtype_name(dtype: crate::types::Scalar) -> String {
    format!("{dtype:?}").to_lowercase()
}
