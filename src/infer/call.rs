//! Functions of the program and their specialisations: one `hir::Function` for each callable and list of
//! argument types.
//!
//! In: calls met by `expr`, by builtins and by the entry. Out: `hir::Function`s. Invariant: a function that
//! is being walked is in `Programs::running`; a call to it uses the result type found so far, and it is
//! walked again until that type no longer changes, together with all that relied on it.

use crate::ast;
use crate::diag::{Code, Diagnostic, Label, Result, SourceText, Span};
use crate::hir::{self, Expr, ExprKind, FuncId, LocalId, Stmt, StmtKind};
use crate::infer::arith;
use crate::infer::cx::{Cx, Frame, Signal};
use crate::infer::env::Env;
use crate::infer::flow::{Known, Slot, Var, keeps};
use crate::infer::scope::{NameId, Scope};
use crate::types::{Form, Items, Layout, Type};
use crate::{prelude, syntax};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Calls nested deeper than this while types are inferred are refused.
const MAX_DEPTH: usize = 60;
/// Walks of one function before its types are taken not to settle.
const MAX_ROUNDS: usize = 24;
/// A function that returns values of more different types is refused.
const MAX_RESULTS: usize = 8;

/// Where the free names of a callable get their meaning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Origin {
    /// `Env::sources[k]`.
    User(u32),
    Prelude,
    /// An inner function or lambda of another callable.
    Inner(u32),
}

pub(super) struct Callable {
    pub origin: Origin,
    /// Index that labels and `hir::Function::source` carry.
    pub source: u32,
    pub name: String,
    pub ast: Arc<ast::Function>,
    pub scope: Arc<Scope>,
    /// What an inner function captures, in the order of its first parameters.
    pub captures: Vec<Capture>,
    pub text: Arc<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Capture {
    /// A local of the enclosing function.
    Name(String),
    /// The default of this parameter.
    Default(String),
}

struct Spec {
    callable: u32,
    types: Vec<Type>,
    func: Option<hir::Function>,
    result: Type,
    /// The types that a result may have had before it was promoted, where that can matter to the caller.
    mixed: Vec<(Type, Known)>,
    /// Never returns (always raises).
    never: bool,
    done: bool,
    recursive: bool,
}

/// What one walk of a function has found.
struct Walked {
    function: hir::Function,
    mixed: Vec<(Type, Known)>,
    /// The end is never reached.
    never: bool,
}

/// A specialisation being walked.
struct Running {
    spec: FuncId,
    /// Called while running.
    used: bool,
    /// Index into `running` of the outermost function whose result so far this walk has used.
    lowest: usize,
}

pub(super) struct Programs {
    /// By `Type::Function::source`; the first are the user's, made when first needed.
    pub callables: Vec<Option<Callable>>,
    preludes: FxHashMap<String, u32>,
    /// Inner functions by the address of their tree.
    inner: FxHashMap<usize, u32>,
    table: FxHashMap<(u32, Vec<Type>), FuncId>,
    specs: Vec<Spec>,
    running: Vec<Running>,
    /// Finished specialisations that relied on the result so far of a function still running.
    provisional: Vec<FuncId>,
}

impl Programs {
    pub fn new(env: &Env) -> Programs {
        Programs {
            callables: env.sources.iter().map(|_| None).collect(),
            preludes: FxHashMap::default(),
            inner: FxHashMap::default(),
            table: FxHashMap::default(),
            specs: Vec::new(),
            running: Vec::new(),
            provisional: Vec::new(),
        }
    }

    /// The functions in the order of their ids.
    pub fn finish(self) -> Vec<hir::Function> {
        self.specs
            .into_iter()
            .map(|spec| {
                let mut func = spec.func.expect("every specialisation that was asked for is finished");
                func.recursive = spec.recursive;
                func
            })
            .collect()
    }
}

impl Cx<'_> {
    pub(super) fn callable(&self, id: u32) -> &Callable {
        self.programs.callables[id as usize].as_ref().expect("callables are loaded before they are walked")
    }

    /// Makes sure that callable `id` is parsed.
    fn load(&mut self, id: u32, span: Span) -> Result<()> {
        if self.programs.callables[id as usize].is_some() {
            return Ok(());
        }
        let env = self.env;
        let source = &env.sources[id as usize];
        if let Some(reason) = &source.text_error {
            let text = format!("the source of '{}' is not available: {reason}", source.name);
            return Err(self.error(Code::SourceUnavailable, span, text, "needed here"));
        }
        let ast = Arc::new(syntax::parse(&source.text, id)?);
        let scope = Arc::new(Scope::new(&ast));
        let callable = Callable {
            origin: Origin::User(id),
            source: id,
            name: source.name.clone(),
            ast,
            scope,
            captures: Vec::new(),
            text: Arc::from(source.text.text.as_str()),
        };
        self.programs.callables[id as usize] = Some(callable);
        Ok(())
    }

    fn add_callable(&mut self, callable: Callable) -> u32 {
        self.programs.callables.push(Some(callable));
        self.programs.callables.len() as u32 - 1
    }

    /// The callable of a prelude function; parsed when first named.
    pub(super) fn prelude_callable(&mut self, name: &str) -> Result<u32> {
        if let Some(id) = self.programs.preludes.get(name) {
            return Ok(*id);
        }
        let text = prelude::source(name).unwrap_or_else(|| panic!("no prelude function {name}"));
        let id = self.programs.callables.len() as u32;
        let source = SourceText { file: "<fastjit>".to_string(), first_line: 1, text: text.to_string() };
        let ast = Arc::new(syntax::parse(&source, id)?);
        let scope = Arc::new(Scope::new(&ast));
        self.programs.preludes.insert(name.to_string(), id);
        Ok(self.add_callable(Callable {
            origin: Origin::Prelude,
            source: id,
            name: name.to_string(),
            ast,
            scope,
            captures: Vec::new(),
            text: Arc::from(text),
        }))
    }

    /// The callable of an inner function of the current one.
    pub(super) fn inner_callable(&mut self, function: &ast::Function, captures: Vec<Capture>) -> u32 {
        let key = std::ptr::from_ref(function) as usize;
        if let Some(id) = self.programs.inner.get(&key) {
            return *id;
        }
        let parent = self.frame.callable;
        let text = self.callable(parent).text.clone();
        let ast = Arc::new(function.clone());
        let scope = Arc::new(Scope::new(&ast));
        let id = self.add_callable(Callable {
            origin: Origin::Inner(parent),
            source: self.source,
            name: function.name.clone(),
            ast,
            scope,
            captures,
            text,
        });
        self.programs.inner.insert(key, id);
        id
    }

    /// Call of callable `id` with the values it captured and the arguments as written.
    pub(super) fn call_function(
        &mut self,
        id: u32,
        captures: Vec<Expr>,
        args: Vec<Expr>,
        keywords: Vec<(String, Expr)>,
        span: Span,
    ) -> Result<Expr> {
        self.load(id, span)?;
        let mut stmts = Vec::new();
        let values = self.bind_arguments(id, captures, args, keywords, span, &mut stmts)?;
        let types = values.iter().map(|value| value.ty.clone()).collect();
        let (func, result) = self.specialise(id, types, span)?;
        let call = Expr::new(ExprKind::Call { func, args: values }, result, span);
        Ok(self.seq(stmts, call))
    }

    /// The types that the result of a call may have had in the callee, if that matters.
    pub(super) fn mixed_result(&self, expr: &Expr) -> &[(Type, Known)] {
        called(expr).map_or(&[], |func| &self.programs.specs[func.0 as usize].mixed)
    }

    /// True if the call never returns: what follows it is not reached.
    pub(super) fn never_returns(&self, expr: &Expr) -> bool {
        called(expr).is_some_and(|func| self.programs.specs[func.0 as usize].never)
    }

    /// Arguments in the order of the parameters, defaults filled in, captured values first.
    fn bind_arguments(
        &mut self,
        id: u32,
        captures: Vec<Expr>,
        args: Vec<Expr>,
        keywords: Vec<(String, Expr)>,
        span: Span,
        stmts: &mut Vec<Stmt>,
    ) -> Result<Vec<Expr>> {
        let callable = self.callable(id);
        let (ast, origin, name) = (callable.ast.clone(), callable.origin, callable.ast.name.clone());
        let capture_names = callable.captures.clone();
        let positional = ast.params.iter().filter(|p| !p.keyword_only && !p.variadic).count();
        let star = ast.params.iter().position(|p| p.variadic);
        let mut args = args;
        let rest = if star.is_some() { args.split_off(positional.min(args.len())) } else { Vec::new() };
        if args.len() > positional {
            let text = format!(
                "{name}() takes {positional} positional argument{} but {} {} given",
                if positional == 1 { "" } else { "s" },
                args.len(),
                if args.len() == 1 { "was" } else { "were" },
            );
            return Err(self.error(Code::BadCall, span, text, "called here"));
        }
        let mut values: Vec<Option<Expr>> = args.into_iter().map(Some).collect();
        values.resize_with(ast.params.len(), || None);
        if let Some(star) = star {
            values[star] = Some(self.make_tuple(rest, span));
        }
        // Arguments are evaluated in the order written, not in the order of the parameters.
        let mut last = 0;
        let ordered = keywords.iter().all(|(keyword, _)| {
            let place = ast.params.iter().position(|p| &p.name == keyword).unwrap_or(0);
            let rising = place >= last;
            last = place;
            rising
        });
        if !ordered {
            for value in values.iter_mut().flatten() {
                let (stmt, read) = self.once("arg", value.clone());
                stmts.extend(stmt);
                *value = read;
            }
        }
        for (keyword, value) in keywords {
            let Some(place) = ast.params.iter().position(|p| p.name == keyword && !p.variadic) else {
                let text = if origin == Origin::Prelude {
                    format!("the keyword argument '{keyword}' of {name}() is not known to fastjit")
                } else {
                    format!("{name}() got an unexpected keyword argument '{keyword}'")
                };
                return Err(self.error(Code::BadCall, span, text, "called here"));
            };
            if values[place].is_some() {
                let text = format!("{name}() got multiple values for argument '{keyword}'");
                return Err(self.error(Code::BadCall, span, text, "called here"));
            }
            values[place] = Some(if ordered {
                value
            } else {
                let (stmt, read) = self.once("arg", value);
                stmts.extend(stmt);
                read
            });
        }
        let mut missing = Vec::new();
        let mut bound = captures;
        let captured = bound.clone();
        for (param, value) in ast.params.iter().zip(values) {
            if let Some(value) = value {
                bound.push(value);
                continue;
            }
            let default = match origin {
                Origin::User(source) => {
                    let env = self.env;
                    match env.sources[source as usize].defaults.get(&param.name) {
                        Some(binding) => Some(self.binding_value(binding, &param.name, span)?),
                        None => None,
                    }
                }
                Origin::Inner(_) => capture_names
                    .iter()
                    .position(|c| matches!(c, Capture::Default(p) if *p == param.name))
                    .map(|k| captured[k].clone()),
                Origin::Prelude => match &param.default {
                    Some(default) => Some(self.expr(default)?),
                    None => None,
                },
            };
            match default {
                Some(value) => bound.push(value),
                None => missing.push(param.name.clone()),
            }
        }
        if missing.is_empty() {
            return Ok(bound);
        }
        let quoted: Vec<String> = missing.iter().map(|name| format!("'{name}'")).collect();
        let text = format!(
            "{name}() missing {} required positional argument{}: {}",
            missing.len(),
            if missing.len() == 1 { "" } else { "s" },
            and_list(&quoted)
        );
        Err(self.error(Code::BadCall, span, text, "called here"))
    }

    /// The specialisation of callable `id` for argument types, walked if it is new.
    pub(super) fn specialise(&mut self, id: u32, types: Vec<Type>, span: Span) -> Result<(FuncId, Type)> {
        let key = (id, types);
        let func = match self.programs.table.get(&key) {
            Some(func) => *func,
            None => {
                let func = FuncId(self.programs.specs.len() as u32);
                self.programs.specs.push(Spec {
                    callable: id,
                    types: key.1.clone(),
                    func: None,
                    result: Type::Never,
                    mixed: Vec::new(),
                    never: false,
                    done: false,
                    recursive: false,
                });
                self.programs.table.insert(key, func);
                func
            }
        };
        if self.programs.specs[func.0 as usize].done {
            return Ok((func, self.programs.specs[func.0 as usize].result.clone()));
        }
        if let Some(place) = self.programs.running.iter().position(|r| r.spec == func) {
            self.programs.running[place].used = true;
            for later in &mut self.programs.running[place..] {
                later.lowest = later.lowest.min(place);
                self.programs.specs[later.spec.0 as usize].recursive = true;
            }
            let result = self.programs.specs[func.0 as usize].result.clone();
            if result == Type::Never {
                return Err(self.raise_signal(Signal::Never, span));
            }
            return Ok((func, result));
        }
        if self.programs.running.len() >= MAX_DEPTH {
            let name = self.callable(id).name.clone();
            let text = format!("calls are nested too deep while the types of '{name}' are inferred");
            return Err(self
                .error(Code::UnstableType, span, text, "called here")
                .help("a recursive function must not call itself with ever new types")
                .into());
        }
        match self.walk(func) {
            Ok(()) => Ok((func, self.programs.specs[func.0 as usize].result.clone())),
            Err(mut error) => {
                // A signal is for the level that raised it; none leaves its function.
                if error.labels.len() < 6 && (1..6).contains(&self.programs.running.len()) {
                    let text = "in this call".to_string();
                    error.labels.push(Label { source: self.source, span, text });
                }
                Err(error)
            }
        }
    }

    /// Walks a specialisation until its result type is settled.
    fn walk(&mut self, func: FuncId) -> Result<()> {
        let place = self.programs.running.len();
        self.programs.running.push(Running { spec: func, used: false, lowest: usize::MAX });
        let saved = (std::mem::take(&mut self.frame), self.source);
        let outcome = self.rounds(func, place);
        self.frame = saved.0;
        self.source = saved.1;
        let lowest = self.programs.running.pop().expect("pushed above").lowest;
        outcome?;
        self.programs.specs[func.0 as usize].done = true;
        if lowest < place {
            // Relied on a caller's result: to be walked again if that changes; and so did the caller.
            self.programs.provisional.push(func);
            for running in &mut self.programs.running[lowest + 1..] {
                running.lowest = running.lowest.min(lowest);
            }
        }
        Ok(())
    }

    fn rounds(&mut self, func: FuncId, place: usize) -> Result<()> {
        let spec = &self.programs.specs[func.0 as usize];
        let (callable, types) = (spec.callable, spec.types.clone());
        let mut tagged = std::collections::BTreeSet::new();
        // Types tried for a function all of whose paths call it again: any that fits will do.
        let mut guesses = [Type::None, Type::INT, Type::FLOAT].into_iter();
        let mut guessing = false;
        for _ in 0..MAX_ROUNDS {
            self.programs.running[place].used = false;
            let provisional = self.programs.provisional.len();
            self.frame = Frame { callable, tagged: tagged.clone(), ..Frame::default() };
            let Walked { function, mixed, never } = match self.function(callable, &types) {
                Ok(result) => result,
                Err(error) => match self.signal.take() {
                    Some(Signal::Tag(name)) if tagged.insert(name) => continue,
                    Some(signal) => panic!("signal {signal:?} left its function: {}", error.message),
                    None => match guesses.next().filter(|_| guessing) {
                        Some(guess) => {
                            self.programs.specs[func.0 as usize].result = guess;
                            continue;
                        }
                        None => return Err(error),
                    },
                },
            };
            if never && self.programs.running[place].used && !guessing {
                guessing = true;
                self.programs.specs[func.0 as usize].result = guesses.next().expect("the first guess");
                continue;
            }
            let spec = &mut self.programs.specs[func.0 as usize];
            let settled = spec.result == function.result || !self.programs.running[place].used;
            spec.result = function.result.clone();
            spec.never = never;
            spec.mixed = mixed;
            spec.func = Some(function);
            if settled {
                return Ok(());
            }
            spec.never = false;
            for stale in self.programs.provisional.split_off(provisional) {
                self.programs.specs[stale.0 as usize].done = false;
            }
        }
        let name = self.callable(callable).name.clone();
        let span = self.callable(callable).ast.span;
        let text = format!("the types in '{name}' do not settle");
        Err(self.error(Code::UnstableType, span, text, "in this function"))
    }

    /// One walk of a function.
    fn function(&mut self, id: u32, types: &[Type]) -> Result<Walked> {
        let callable = self.callable(id);
        let (ast, scope, captures) =
            (callable.ast.clone(), callable.scope.clone(), callable.captures.clone());
        let (name, text) = (callable.name.clone(), callable.text.clone());
        self.source = callable.source;
        self.frame.scope = scope;
        let span = ast.span;
        let (captured, params) = types.split_at(captures.len());
        for (capture, ty) in captures.iter().zip(captured) {
            let (Capture::Name(name) | Capture::Default(name)) = capture;
            let local = self.local(name, ty.clone());
            if let Capture::Name(name) = capture {
                self.frame.captures.insert(name.clone(), local);
            }
        }
        for (index, (param, ty)) in ast.params.iter().zip(params).enumerate() {
            let id = index as NameId;
            let local = self.local_for(&param.name, ty.clone(), hir::Role::Name(id));
            self.frame.named.insert((id, ty.clone()), local);
            let var = Var {
                main: Some(local),
                variants: Vec::new(),
                maybe: false,
                span: param.span,
                known: Known::Nothing,
            };
            self.frame.state.set(id, Slot::Bound(var));
        }
        let mut body = Vec::new();
        self.block(&ast.body, &mut body)?;
        if !self.frame.dead {
            let none = self.unit(Type::None, span);
            self.returns(none, Known::Nothing, &mut body)?;
        }
        let returned = std::mem::take(&mut self.frame.returned);
        let never = returned.is_empty();
        let result = self.result_type(&returned)?;
        self.convert_returns(&mut body, &result)?;
        let function = hir::Function {
            name,
            source: self.source,
            text,
            params: types.len() as u32,
            locals: std::mem::take(&mut self.frame.locals),
            result,
            body,
            recursive: false,
            span,
        };
        let mixed = returned.into_iter().map(|(ty, known, _)| (ty, known)).collect();
        Ok(Walked { function, mixed, never })
    }

    /// True while the function is walked that Python calls.
    pub(super) fn is_entry(&self) -> bool {
        self.programs.running.len() == 1
    }

    /// The type of a function's result: the one that it returns, or all if they are told apart.
    fn result_type(&mut self, returned: &[(Type, Known, Span)]) -> Result<Type> {
        let Some((first, _, first_span)) = returned.first() else { return Ok(Type::None) };
        let prelude = self.callable(self.frame.callable).origin == Origin::Prelude;
        let mut types: Vec<Type> = Vec::new();
        for (ty, _, span) in returned {
            let same = types.iter_mut().find(|seen| prelude || differ_in_layout(seen, ty));
            if let Some(same) = same {
                *same = match crate::types::promote::join(same, ty) {
                    Some(joined) => joined,
                    None => return Err(self.different_returns(first, *first_span, ty, *span)),
                };
                continue;
            }
            if !types.is_empty() && (types.len() == MAX_RESULTS || !is_plain(ty) || !is_plain(first)) {
                return Err(self.different_returns(first, *first_span, ty, *span));
            }
            types.push(ty.clone());
        }
        if let [only] = types.as_slice() {
            return Ok(only.clone());
        }
        types.sort();
        types.insert(0, Type::INT);
        Ok(Type::Tuple(Items::new(Form::Either, types)))
    }

    /// `return value`: notes the type.
    pub(super) fn returns(&mut self, value: Expr, known: Known, out: &mut Vec<Stmt>) -> Result<()> {
        let span = value.span;
        if let Some(frame) = self.frame.loops.iter().find(|l| l.parallel) {
            let text = "`return` cannot leave a prange loop";
            let mut error = self.error(Code::NotParallel, span, text, "leaves the loop");
            error.labels.push(Label { source: self.source, span: frame.span, text: "this loop".to_string() });
            return Err(error);
        }
        match self.frame.returned.iter_mut().find(|(seen, _, _)| *seen == value.ty) {
            Some((_, so_far, _)) => *so_far = so_far.or(known),
            None => self.frame.returned.push((value.ty.clone(), known, span)),
        }
        out.push(Stmt { kind: StmtKind::Return(value), span });
        self.frame.dead = true;
        Ok(())
    }

    fn different_returns(&self, ty: &Type, first: Span, then: &Type, span: Span) -> Box<Diagnostic> {
        let name = &self.callable(self.frame.callable).name;
        let (one, other) = (self.describe(ty), self.describe(then));
        let text = format!("'{name}' returns {one} on one path and {other} on another");
        let help = if *ty == Type::None || *then == Type::None {
            "return a value on every path, such as nan or -1 where there is none"
        } else {
            "return the same type on every path"
        };
        let implicit = *then == Type::None && span == self.callable(self.frame.callable).ast.span;
        let mut error = self.error(Code::UnstableType, span, text, format!("{other} here"));
        if implicit {
            error.labels[0].text = "the end of the function returns None".to_string();
        }
        error.labels.push(Label { source: self.source, span: first, text: format!("{one} here") });
        error.help = Some(help.to_string());
        error
    }

    /// Converts the values returned before the result type was final.
    fn convert_returns(&mut self, block: &mut [Stmt], result: &Type) -> Result<()> {
        for stmt in block {
            match &mut stmt.kind {
                StmtKind::Return(value) => {
                    if value.ty == *result {
                        continue;
                    }
                    let either = result.either().is_some();
                    if !either && !keeps(&value.ty, result, Known::of(value)) {
                        return Err(self.different_returns(result, stmt.span, &value.ty, value.span));
                    }
                    let placeholder = Expr::new(ExprKind::Unit, Type::None, value.span);
                    let old = std::mem::replace(value, placeholder);
                    *value =
                        if either { self.either_words(old, result) } else { arith::keep(self, old, result) };
                }
                StmtKind::If { then, orelse, .. } => {
                    self.convert_returns(then, result)?;
                    self.convert_returns(orelse, result)?;
                }
                StmtKind::While { body, orelse, .. } | StmtKind::For { body, orelse, .. } => {
                    self.convert_returns(body, result)?;
                    self.convert_returns(orelse, result)?;
                }
                StmtKind::Assign { .. }
                | StmtKind::StoreElement { .. }
                | StmtKind::CopyInto { .. }
                | StmtKind::Expr(_)
                | StmtKind::Break
                | StmtKind::Continue
                | StmtKind::Raise { .. }
                | StmtKind::Print { .. } => {}
            }
        }
        Ok(())
    }

    /// The entry of the program: callable 0 with these parameter types.
    pub(super) fn entry(&mut self, params: &[Type]) -> Result<()> {
        self.load(0, Span::default())?;
        let ast = self.callable(0).ast.clone();
        if ast.params.len() != params.len() {
            let text = format!(
                "{}() takes {} arguments but {} were given",
                ast.name,
                ast.params.len(),
                params.len()
            );
            return Err(self.error(Code::BadCall, ast.span, text, "this function"));
        }
        self.specialise(0, params.to_vec(), ast.span)?;
        Ok(())
    }

    /// Reads what a closure captured under `name`.
    pub(super) fn captured(&self, name: &str, span: Span) -> Option<Expr> {
        let local: LocalId = *self.frame.captures.get(name)?;
        Some(self.read(local, span))
    }
}

/// True for arrays, and tuples of them, that are the same but for their layouts.
pub(super) fn differ_in_layout(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Array(a), Type::Array(b)) => a.elem == b.elem && a.ndim == b.ndim && a.writable == b.writable,
        (Type::Tuple(a), Type::Tuple(b)) => {
            let items = || a.iter().zip(b.iter()).all(|(a, b)| a == b || differ_in_layout(a, b));
            a.form == b.form && a.len() == b.len() && items()
        }
        _others => false,
    }
}

/// True for types whose values may be returned beside others: any value will do in the place of one that is
/// not returned.
fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::None | Type::Scalar(_) | Type::Str(_) => true,
        Type::Tuple(items) => items.iter().all(is_plain),
        Type::Array(array) => array.layout != Layout::F,
        Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => false,
    }
}

/// The function whose result an expression is, statements before the call aside.
fn called(mut expr: &Expr) -> Option<FuncId> {
    while let ExprKind::Seq { value, .. } = &*expr.kind {
        expr = value;
    }
    if let ExprKind::Call { func, .. } = &*expr.kind { Some(*func) } else { None }
}

/// `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'` as CPython lists names.
fn and_list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [most @ .., last] => format!("{}, and {last}", most.join(", ")),
    }
}

/// A type as the user writes it.
pub(super) fn describe(cx: &Cx, ty: &Type) -> String {
    match ty {
        Type::Function { source, .. } => match &cx.programs.callables[*source as usize] {
            Some(callable) => format!("the function '{}'", callable.name),
            None => format!("the function '{}'", cx.env.sources[*source as usize].name),
        },
        Type::Exception(k) => {
            cx.env.objects.get(*k as usize).cloned().unwrap_or_else(|| "an exception".into())
        }
        Type::Builtin(which) => format!("the function '{}'", crate::infer::builtin::name(*which)),
        Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Ellipsis
        | Type::Never => crate::types::name::display(ty),
    }
}
