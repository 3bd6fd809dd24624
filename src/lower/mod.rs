//! HIR to MIR: tuples, complex numbers and arrays become machine words, statements become regions, and
//! each check becomes a guard that raises or leaves the call to the interpreter.
//!
//! In: a `hir::Program` that `infer` has completed. Out: a `mir::Module` with one function for each of the
//! program's (`FuncId(k)` becomes `Func(k)`). Invariant: nothing is refused here; a broken tree panics.

pub mod alloc;
pub mod array;
pub mod call;
pub mod complex;
pub mod convert;
pub mod copy;
pub mod cx;
pub mod effect;
pub mod expr;
pub mod flow;
pub mod index;
pub mod map;
pub mod math;
pub mod nest;
pub mod own;
pub mod power;
pub mod prange;
pub mod print;
pub mod raise;
pub mod scalar;
pub mod stmt;
pub mod tuple;

use crate::abi::SiteArg;
use crate::hir::ExcKind;
use crate::lower::cx::{Cx, Shared};
use crate::mir::build::Builder;
use crate::mir::{End, Table};
use crate::options::Options;
use crate::types;
use crate::{hir, mir};
use std::rc::Rc;

/// Lowers a whole program. Cannot fail: what has no lowering was refused by `infer`.
pub fn lower(program: &hir::Program, options: &Options) -> mir::Module {
    lower_and_remark(program, options, false)
}

/// As `lower`; with `remarks`, the functions collect what `lower` and the passes have to say.
pub fn lower_and_remark(program: &hir::Program, options: &Options, remarks: bool) -> mir::Module {
    let (summaries, aliases) = effect::analyse(program);
    let mut hidden = Vec::new();
    let mut hidden_words = Vec::with_capacity(program.hidden.len());
    for ty in &program.hidden {
        hidden_words.push(hidden.len() as u32);
        hidden.extend(types::flatten(ty));
    }
    let mut shared = Shared { program, options, remarks, sites: Table::default(), summaries, hidden_words };
    let mut module = mir::Module { hidden, sources: program.sources, ..mir::Module::default() };
    for (func, aliases) in program.funcs.iter().zip(aliases) {
        module.funcs.push(function(&mut shared, func, aliases));
    }
    module.sites = shared.sites;
    module
}

fn function<'a>(shared: &mut Shared<'a>, func: &'a hir::Function, aliases: Vec<u64>) -> mir::Function {
    let params = func.params as usize;
    let param_types: Vec<mir::Ty> =
        func.locals[..params].iter().flat_map(|local| types::flatten(&local.ty)).collect();
    let flow = Rc::new(flow::analyse(&func.body, &aliases, &shared.summaries));
    let mut cx = Cx {
        b: Builder::new(func.name.clone(), func.source, &param_types, types::flatten(&func.result)),
        shared,
        func,
        flow,
        aliases,
        live: flow::Set::default(),
        inner: false,
        locals: vec![None; func.locals.len()],
        targets: Vec::new(),
        effect: false,
        pending: false,
        split: false,
        map_args: Vec::new(),
        own: own::State::default(),
        ints: Vec::new(),
        lines: func
            .text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at as u32)
            .collect(),
    };
    cx.b.func.remarks = cx.shared.remarks.then(Vec::new);
    cx.at(func.span);
    let words = cx.b.params(cx.b.func.body).to_vec();
    let locals: Vec<hir::LocalId> = (0..func.params).map(hir::LocalId).collect();
    cx.set_all(&locals, &words);
    cx.b.func.arrays = array::params(func.locals[..params].iter().map(|local| &local.ty), &words);
    // From the start: a function that is put in here may be the first to ask for a length.
    cx.b.func.lengths = cx.b.func.arrays.iter().flat_map(|array| array.shape.clone()).collect();
    if func.recursive {
        let message = SiteArg::Text("maximum recursion depth exceeded".to_owned(), Vec::new());
        cx.b.func.stack_check = Some(cx.site(ExcKind::Recursion, vec![message]));
    }
    let end = match stmt::list(&mut cx, &func.body) {
        Some(end) => end,
        None if cx.b.func.results.is_empty() => End::Return(Vec::new()),
        None => End::Unreachable,
    };
    cx.b.close(end);
    cx.b.finish()
}
