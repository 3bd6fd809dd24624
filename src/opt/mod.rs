//! The passes on MIR and their order.
//!
//! In: a module from `lower`. Out: the same program, cheaper. Invariant: a pass keeps `verify` and the
//! meaning that `interp` gives (see `tests/compiler/passes.rs`); a guard that raises never moves across
//! another such guard or a store that the caller can see.

pub mod algebra;
pub mod alias;
pub mod alike;
pub mod apart;
pub mod arms;
pub mod borrow;
pub mod carry;
pub mod choice;
pub mod contract;
pub mod counted;
pub mod dce;
pub mod decision;
pub mod demand;
pub mod endless;
pub mod expand;
pub mod facts;
pub mod fastmath;
pub mod growth;
pub mod gvn;
pub mod idiom;
pub mod ifconvert;
pub mod inline;
pub mod jam;
pub mod last;
pub mod licm;
pub mod narrow;
pub mod nest;
pub mod outline;
pub mod peel;
pub mod promote;
pub mod ranges;
pub mod reassociate;
pub mod repeat;
pub mod rotate;
pub mod simplify;
pub mod sink;
pub mod straighten;
pub mod strength;
pub mod strip;
pub mod thread;
pub mod unroll;
pub mod vectorize;
pub mod version;

use crate::mir::{self, Function, Module};
use crate::options::Options;

/// A pass: returns whether it changed anything.
#[derive(Clone, Copy)]
pub struct Pass {
    pub name: &'static str,
    pub run: Run,
}

/// What a pass works on.
#[derive(Clone, Copy)]
pub enum Run {
    Function(fn(&mut Function, &Options) -> bool),
    Module(fn(&mut Module, &Options) -> bool),
}

/// The passes in the order in which they run.
pub const PIPELINE: &[Pass] = &[
    Pass { name: "alike", run: Run::Module(alike::run) },
    Pass { name: "inline", run: Run::Module(inline::run) },
    Pass { name: "simplify", run: Run::Function(simplify::run) },
    Pass { name: "straighten", run: Run::Function(straighten::run) },
    Pass { name: "nest", run: Run::Function(nest::run) },
    Pass { name: "borrow", run: Run::Function(borrow::run) },
    Pass { name: "alias", run: Run::Module(alias::run) },
    Pass { name: "apart", run: Run::Module(apart::run) },
    Pass { name: "gvn", run: Run::Function(gvn::run) },
    Pass { name: "last", run: Run::Function(last::run) },
    Pass { name: "simplify", run: Run::Function(simplify::run) },
    Pass { name: "unroll", run: Run::Function(unroll::run) },
    Pass { name: "fastmath", run: Run::Function(fastmath::run) },
    Pass { name: "licm", run: Run::Function(licm::run) },
    Pass { name: "counted", run: Run::Function(counted::run) },
    Pass { name: "peel", run: Run::Function(peel::run) },
    Pass { name: "ranges", run: Run::Function(ranges::run) },
    Pass { name: "simplify", run: Run::Function(simplify::run) },
    Pass { name: "gvn", run: Run::Function(gvn::run) },
    Pass { name: "idiom", run: Run::Function(idiom::run) },
    Pass { name: "version", run: Run::Module(version::run) },
    Pass { name: "endless", run: Run::Function(endless::run) },
    Pass { name: "ranges", run: Run::Function(ranges::finish) },
    Pass { name: "simplify", run: Run::Function(simplify::run) },
    Pass { name: "licm", run: Run::Function(licm::run) },
    Pass { name: "demand", run: Run::Function(demand::run) },
    Pass { name: "ifconvert", run: Run::Function(ifconvert::run) },
    Pass { name: "gvn", run: Run::Function(gvn::run) },
    Pass { name: "simplify", run: Run::Function(simplify::run) },
    Pass { name: "narrow", run: Run::Function(narrow::run) },
    Pass { name: "contract", run: Run::Function(contract::run) },
    Pass { name: "sink", run: Run::Function(sink::run) },
    Pass { name: "dce", run: Run::Function(dce::run) },
    // Mandatory: code generation knows no parallel loops.
    Pass { name: "outline", run: Run::Module(outline::run) },
    Pass { name: "promote", run: Run::Function(promote::run) },
    Pass { name: "hold", run: Run::Function(carry::run_fixed) },
    Pass { name: "jam", run: Run::Function(jam::run) },
    Pass { name: "vectorize", run: Run::Function(vectorize::run) },
    // Mandatory: lanes have no calls.
    Pass { name: "expand", run: Run::Function(expand::run) },
    Pass { name: "carry", run: Run::Function(carry::run) },
    Pass { name: "reassociate", run: Run::Function(reassociate::run) },
    Pass { name: "repeat", run: Run::Function(repeat::run) },
    Pass { name: "strength", run: Run::Function(strength::run) },
    Pass { name: "thread", run: Run::Function(thread::run) },
    Pass { name: "strip", run: Run::Function(strip::run) },
    Pass { name: "rotate", run: Run::Function(rotate::run) },
];

/// The passes in two parts: up to inlining, which leaves each check of the program where it was written, and
/// the rest.
pub fn parts() -> (&'static [Pass], &'static [Pass]) {
    let inlined = PIPELINE.iter().position(|pass| pass.name == "inline").map_or(0, |at| at + 1);
    PIPELINE.split_at(inlined)
}

/// Runs the pipeline.
pub fn optimize(module: &mut Module, options: &Options) {
    check(module, "lower");
    for pass in PIPELINE {
        run_pass(module, options, pass);
    }
}

/// Runs one pass over the module; in debug builds the result is verified.
pub fn run_pass(module: &mut Module, options: &Options, pass: &Pass) -> bool {
    let changed = match pass.run {
        Run::Module(run) => run(module, options),
        Run::Function(run) => {
            let mut changed = false;
            for func in &mut module.funcs.items {
                changed |= run(func, options);
            }
            changed
        }
    };
    check(module, pass.name);
    changed
}

/// In debug builds: the module is well formed.
fn check(module: &Module, after: &str) {
    if cfg!(debug_assertions)
        && let Err(text) = mir::verify::verify(module)
    {
        panic!("bad MIR after {after}:\n{text}");
    }
}
