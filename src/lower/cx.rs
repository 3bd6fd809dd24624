//! The state of lowering one function: what every file of `lower` works on.
//!
//! Owns: `Cx` (the builder, the current words of each local, the enclosing loops, whether an effect may
//! have happened) and the helpers for raise sites and guards. In: `lower::lower` makes one for each
//! function. Out: the `mir::Function` in its builder. Invariant: `locals` holds values that are visible in
//! the open region; a region that is closed has restored what its statements had assigned.

use crate::abi::{Payload, Site, SiteArg, SourcePos};
use crate::diag::Span;
use crate::hir::{self, ExcKind, LocalId};
use crate::lower::effect::Summary;
use crate::lower::flow::{Flow, Set};
use crate::lower::own;
use crate::mir::build::Builder;
use crate::mir::{Def, End, Fail, Inst, Op, SiteId, Table, Ty, Value};
use crate::options::Options;
use crate::types::{self, Type};
use std::rc::Rc;

/// The machine words of a value, in the order of `types::flatten`: array = owner, data, shape[N],
/// strides[N]; tuple = its items; complex = re, im.
pub type Words = Vec<Value>;

/// What the functions of a module share.
pub struct Shared<'a> {
    pub program: &'a hir::Program,
    pub options: &'a Options,
    /// Functions collect remarks.
    pub remarks: bool,
    pub sites: Table<SiteId, Site>,
    /// Effects of each function, by `FuncId`.
    pub summaries: Vec<Summary>,
    /// First word of each hidden argument, by `HiddenId`.
    pub hidden_words: Vec<u32>,
}

/// An enclosing loop: where `break` and `continue` go.
pub struct Target {
    /// The block that `break` leaves, and the locals that are its results.
    pub block: Inst,
    pub block_locals: Vec<LocalId>,
    /// The `For` or `Loop`, and the locals it carries.
    pub repeat: Inst,
    pub carried: Vec<LocalId>,
    /// Locals that are needed where `break` and `continue` go.
    pub live: Set,
}

pub struct Cx<'a, 's> {
    /// The MIR being built. `b.line` follows the statement and the expression being lowered.
    pub b: Builder,
    pub shared: &'s mut Shared<'a>,
    pub func: &'a hir::Function,
    /// Assigned, exposed and killed locals and effects of each statement.
    pub flow: Rc<Flow>,
    /// Memories that each local may share with the outside (masks of `effect`).
    pub aliases: Vec<u64>,
    /// Locals that are needed after the statement list (or the statement) being lowered.
    pub live: Set,
    /// The statement being lowered assigns locals inside its expressions.
    pub inner: bool,
    /// Words of each local here; `None` before its first assignment (reads as zeros).
    pub locals: Vec<Option<Words>>,
    /// Enclosing loops, innermost last.
    pub targets: Vec<Target>,
    /// True if something that the caller can see may have happened on a path from entry to here (in a loop
    /// that has an effect: from its start). Set it to true *before* emitting a loop that stores to visible
    /// memory, and after any other visible effect.
    pub effect: bool,
    /// What the interpreter would have stored by now is in arrays of the function's own: an error must not
    /// leave the function before it is stored.
    pub pending: bool,
    /// What is being lowered runs on one of several threads already.
    pub split: bool,
    /// Words of `MapArg(k)` inside `Map::body`; `map` sets and restores it.
    pub map_args: Vec<Words>,
    /// Owner slots of locals and temporaries; `own` fills it (`own::State::default()` at the start).
    pub own: own::State,
    /// Python ints that arrays were given as lengths: elsewhere they may be negative, so they are not among
    /// the function's `lengths`.
    pub ints: Vec<Value>,
    /// Offsets of the line ends in `func.text`.
    pub lines: Vec<u32>,
}

impl<'a> Cx<'a, '_> {
    pub fn options(&self) -> &'a Options {
        self.shared.options
    }

    pub fn program(&self) -> &'a hir::Program {
        self.shared.program
    }

    pub fn python_minor(&self) -> u32 {
        self.shared.program.python_minor
    }

    /// Line of a span relative to the function's first line.
    pub fn line_of(&self, span: Span) -> u32 {
        self.lines.partition_point(|end| *end < span.start) as u32
    }

    /// New instructions and sites belong to this place. Returns the line before, to restore.
    pub fn at(&mut self, span: Span) -> SourcePos {
        let old = self.b.line;
        if span != Span::default() {
            self.b.line.line = self.line_of(span);
        }
        old
    }

    /// The user's text of an expression, in one line.
    pub fn quote(&self, span: Span) -> String {
        let text = self.func.text.get(span.start as usize..span.end as usize).unwrap_or("");
        let mut quoted = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !quoted.is_empty() {
                quoted.push(' ');
            }
            quoted.push_str(word);
        }
        quoted
    }

    /// Type of a local.
    pub fn local_type(&self, local: LocalId) -> &'a Type {
        &self.func.locals[local.0 as usize].ty
    }

    /// Current words of a local; zeros if it has not been assigned.
    pub fn get(&mut self, local: LocalId) -> Words {
        match &self.locals[local.0 as usize] {
            Some(words) => words.clone(),
            None => self.zeros(self.local_type(local)),
        }
    }

    /// Sets the words of a local, without touching the references that arrays own (`own::assign` does).
    pub fn set(&mut self, local: LocalId, words: Words) {
        self.locals[local.0 as usize] = Some(words);
    }

    /// Words of several locals, one after the other.
    pub fn get_all(&mut self, locals: &[LocalId]) -> Words {
        let mut words = Vec::new();
        for local in locals {
            words.extend(self.get(*local));
        }
        words
    }

    /// Machine types of several locals, one after the other.
    pub fn types_of(&self, locals: &[LocalId]) -> Vec<Ty> {
        locals.iter().flat_map(|local| types::flatten(self.local_type(*local))).collect()
    }

    /// Gives several locals their words out of one list (as `get_all` makes it).
    pub fn set_all(&mut self, locals: &[LocalId], words: &[Value]) {
        let mut at = 0;
        for local in locals {
            let count = types::flatten(self.local_type(*local)).len();
            self.set(*local, words[at..at + count].to_vec());
            at += count;
        }
    }

    /// The current words of some locals, to give back to `restore` when a region is left.
    pub fn save(&self, locals: &[LocalId]) -> Vec<Option<Words>> {
        locals.iter().map(|local| self.locals[local.0 as usize].clone()).collect()
    }

    pub fn restore(&mut self, locals: &[LocalId], saved: Vec<Option<Words>>) {
        for (local, words) in locals.iter().zip(saved) {
            self.locals[local.0 as usize] = words;
        }
    }

    /// The value of an integer constant (of any width; a bool is 0 or 1).
    pub fn const_int(&self, value: Value) -> Option<i64> {
        if let Op::Iconst(value) = self.def_op(value)? { Some(*value) } else { None }
    }

    /// The value of a float constant.
    pub fn const_float(&self, value: Value) -> Option<f64> {
        let Op::Fconst(bits) = self.def_op(value)? else { return None };
        Some(if self.b.ty(value) == Ty::F32 {
            f32::from_bits(*bits as u32).into()
        } else {
            f64::from_bits(*bits)
        })
    }

    fn def_op(&self, value: Value) -> Option<&Op> {
        match self.b.func.values[value].def {
            Def::Result { inst, .. } => Some(&self.b.func.insts[inst].op),
            Def::Param { .. } => None,
        }
    }

    /// Zero words of a type.
    pub fn zeros(&mut self, ty: &Type) -> Words {
        types::flatten(ty).into_iter().map(|ty| self.b.zero(ty)).collect()
    }

    /// A raise site at the current line.
    pub fn site(&mut self, exc: ExcKind, args: Vec<SiteArg>) -> SiteId {
        let frames = vec![self.b.line];
        self.shared.sites.push(Site { exc: Some(exc), args, frames })
    }

    /// A site that only adds the current line to the traceback: of a call.
    pub fn call_site(&mut self) -> SiteId {
        let frames = vec![self.b.line];
        self.shared.sites.push(Site { exc: None, args: Vec::new(), frames })
    }

    /// True where the call can start again in code that has every copy of its loops; see
    /// `Options::fast_only`.
    pub fn restarts(&self) -> bool {
        let entry = self.program().funcs.first().is_some_and(|entry| std::ptr::eq(entry, self.func));
        self.options().fast_only && entry && !self.func.recursive && !self.effect
    }

    /// Starts the call again if the condition does not hold.
    pub fn restart_unless(&mut self, cond: Value) {
        let frames = vec![self.b.line];
        let site = self.shared.sites.push(Site { exc: None, args: Vec::new(), frames });
        self.b.guard(cond, Fail { deopt: true, site, payload: Vec::new() });
    }

    /// Goes on if `ok`; else raises `exc` with the message, in which `{k}` stands for word `k` of the
    /// payload. For errors that the interpreter raises too.
    pub fn guard(&mut self, ok: Value, exc: ExcKind, message: &str, payload: &[(Value, Payload)]) {
        let fail = self.fail(exc, message, payload, false);
        self.b.guard(ok, fail);
    }

    /// As `guard`, for failures for which the interpreter would give an answer (an int beyond 64 bits):
    /// leaves the call to the interpreter if nothing visible can have happened, else raises.
    pub fn guard_deopt(&mut self, ok: Value, exc: ExcKind, message: &str, payload: &[(Value, Payload)]) {
        let fail = self.fail(exc, message, payload, !self.effect);
        self.b.guard(ok, fail);
    }

    /// The end of a region that raises.
    pub fn raise(&mut self, exc: ExcKind, message: &str, payload: &[(Value, Payload)]) -> End {
        End::Fail(self.fail(exc, message, payload, false))
    }

    /// True where errors too are left to the interpreter, as long as nothing visible can have happened.
    pub fn left_to_interpreter(&self) -> bool {
        self.pending && !self.effect
    }

    fn fail(&mut self, exc: ExcKind, message: &str, payload: &[(Value, Payload)], deopt: bool) -> Fail {
        let kinds = payload.iter().map(|(_, kind)| *kind).collect();
        let site = self.site(exc, vec![SiteArg::Text(message.to_owned(), kinds)]);
        let payload = payload.iter().map(|(word, _)| *word).collect();
        Fail { deopt: deopt || self.left_to_interpreter(), site, payload }
    }
}
