//! Printing of stages: what `FASTJIT_DUMP=hir,mir,clif,asm` sends to standard error and what
//! `f.inspect(stage)` returns.
//!
//! In: the text of a stage. Out: bytes on standard error. Invariant: nothing is formatted for a stage that
//! was not asked for.

use crate::options;
use std::io::Write;
use std::sync::OnceLock;

/// A stage that can be printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// The typed tree.
    Hir,
    /// Structured SSA after the passes.
    Mir,
    /// Cranelift's input.
    Clif,
    /// Machine code.
    Asm,
}

impl Stage {
    pub const ALL: [Stage; 4] = [Stage::Hir, Stage::Mir, Stage::Clif, Stage::Asm];

    /// The name by which users ask for it.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Hir => "hir",
            Stage::Mir => "mir",
            Stage::Clif => "clif",
            Stage::Asm => "asm",
        }
    }

    pub fn from_name(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.name() == name)
    }
}

/// True if `FASTJIT_DUMP` names the stage.
pub fn wanted(stage: Stage) -> bool {
    static WANTED: OnceLock<Vec<Stage>> = OnceLock::new();
    WANTED
        .get_or_init(|| options::dump().split(',').filter_map(|name| Stage::from_name(name.trim())).collect())
        .contains(&stage)
}

/// Sends the text of a stage to standard error under a headline.
pub fn show(stage: Stage, function: &str, text: &str) {
    // Standard error may be closed: dumps are for reading, not worth an error.
    let _ = write!(std::io::stderr().lock(), "=== {} of {function}\n{text}\n", stage.name());
}
