//! Text to `ast`. The parser crate is used in this room and nowhere else.
//!
//! In: the text of one function as it stands in its file (a `def` with its decorators, possibly indented,
//! or lines that hold exactly one lambda). Out: `ast::Function`. Invariants: spans are byte offsets into
//! the original text; whatever is outside the subset is refused here, so that no later stage meets it.

mod convert;
mod expr;
mod locate;
mod pattern;
mod refuse;
mod stmt;

use crate::ast;
use crate::diag::{Result, SourceText};
use locate::Located;

/// Parses the text of one function. `source` is the index that labels carry.
pub fn parse(text: &SourceText, source: u32) -> Result<ast::Function> {
    let (located, shift) = locate::locate(text, source)?;
    let cx = convert::Cx::new(&text.text, source, shift);
    match located {
        Located::Def(def) => stmt::function_def(&cx, &def, 0),
        Located::Lambda(lambda) => expr::lambda(&cx, &lambda, 0),
    }
}
