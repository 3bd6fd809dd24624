//! Patterns of `match`.
//!
//! In: the parser's patterns. Out: `ast::Pattern`: values, singletons, captures, alternatives, sequences.

use crate::ast::{Constant, Pattern, PatternKind};
use crate::diag::Result;
use crate::syntax::convert::Cx;
use crate::syntax::{expr, refuse};
use ruff_python_ast as py;
use ruff_text_size::Ranged;

pub fn pattern(cx: &Cx, node: &py::Pattern, depth: u32) -> Result<Pattern> {
    let depth = cx.deeper(depth, node.range())?;
    let span = cx.span(node.range());
    let no = |refusal: refuse::Refusal| Err(cx.refuse(span, refusal.0, refusal.1));
    let all =
        |nodes: &[py::Pattern]| nodes.iter().map(|node| pattern(cx, node, depth)).collect::<Result<Vec<_>>>();
    let kind = match node {
        py::Pattern::MatchValue(value) => PatternKind::Value(expr::expr(cx, &value.value, depth)?),
        py::Pattern::MatchSingleton(value) => PatternKind::Singleton(match value.value {
            py::Singleton::None => Constant::None,
            py::Singleton::True => Constant::Bool(true),
            py::Singleton::False => Constant::Bool(false),
        }),
        py::Pattern::MatchSequence(sequence) => PatternKind::Sequence(all(&sequence.patterns)?),
        py::Pattern::MatchOr(alternatives) => PatternKind::Or(all(&alternatives.patterns)?),
        py::Pattern::MatchAs(capture) => PatternKind::Capture {
            pattern: match &capture.pattern {
                Some(inner) => Some(Box::new(pattern(cx, inner, depth)?)),
                None => None,
            },
            name: capture.name.as_ref().map(|name| name.to_string()),
        },
        py::Pattern::MatchMapping(_) => return no(refuse::MATCH_MAPPING),
        py::Pattern::MatchClass(_) => return no(refuse::MATCH_CLASS),
        py::Pattern::MatchStar(_) => return no(refuse::MATCH_STAR),
    };
    Ok(Pattern { kind, span })
}
