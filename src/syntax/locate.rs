//! Finds the function in the text: the `def` below its decorators, or the only lambda of the lines.
//!
//! In: `SourceText`. Out: the parser's node, and how far its offsets are shifted against the text.
//! Invariant: the parser only sees text whose nesting is bounded, so that walking and freeing its tree
//! cannot exhaust the stack.

#![expect(clippy::wildcard_enum_match_arm, reason = "the parser's enums, not ours")]

use crate::diag::{Code, Diagnostic, Result, SourceText, Span};
use crate::syntax::convert::{Cx, MAX_CHAIN, MAX_DEPTH};
use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{self as py};
use ruff_python_parser::{Mode, ParseError, ParseOptions, lexer};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// An indented function is parsed as the body of this block: dedenting the text would change offsets and
/// the contents of multi-line strings.
const BLOCK: &str = "if 1:\n";

pub enum Located {
    Def(py::StmtFunctionDef),
    Lambda(py::ExprLambda),
}

/// The parser's node and the number of bytes that its offsets are ahead of the text.
pub fn locate(text: &SourceText, source: u32) -> Result<(Located, u32)> {
    let Some(first) = first_code_line(&text.text) else {
        return Err(Box::new(
            Diagnostic::new(Code::SourceUnavailable, "the source text of the function is empty")
                .help("define the function in a file that the running program can read"),
        ));
    };
    let word = first.trim_start();
    let is_statement = word.starts_with('@')
        || ["def", "async", "class"].iter().any(|keyword| {
            word.strip_prefix(keyword)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '\\'))
        });
    if !is_statement {
        return Ok((Located::Lambda(lambda(&Cx::new(&text.text, source, 0))?), 0));
    }
    let indented = word.len() != first.len();
    if !indented {
        let cx = Cx::new(&text.text, source, 0);
        return Ok((Located::Def(definition(&cx, &text.text)?), 0));
    }
    let shift = BLOCK.len() as u32;
    let cx = Cx::new(&text.text, source, shift);
    let wrapped = format!("{BLOCK}{}", text.text);
    Ok((Located::Def(definition(&cx, &wrapped)?), shift))
}

/// The first line that is neither blank nor a comment.
fn first_code_line(text: &str) -> Option<&str> {
    text.lines().find(|line| {
        let trimmed = line.trim_start();
        !trimmed.is_empty() && !trimmed.starts_with('#')
    })
}

fn definition(cx: &Cx, text: &str) -> Result<py::StmtFunctionDef> {
    check_chains(cx, text)?;
    let module = ruff_python_parser::parse_module(text).map_err(|error| unknown_form(cx, &error))?;
    let first = module.into_suite().into_iter().next();
    let first = match first {
        Some(py::Stmt::If(block)) if cx.shift > 0 => block.body.into_iter().next(),
        other => other,
    };
    match first {
        Some(py::Stmt::FunctionDef(def)) if def.is_async => Err(cx.refuse(
            cx.header(def.range, def.name.as_str()),
            "`async def` functions cannot be compiled",
            "compile the numeric part as a plain `def` function and call it from the coroutine",
        )),
        Some(py::Stmt::FunctionDef(def)) => Ok(def),
        Some(py::Stmt::ClassDef(def)) => Err(cx.refuse(
            cx.header(def.range, def.name.as_str()),
            "classes cannot be compiled",
            "decorate the functions or methods that compute",
        )),
        other => Err(Box::new(
            Diagnostic::new(Code::SourceUnavailable, "the source text does not start with a function").label(
                cx.source,
                other.map_or(Span::default(), |stmt| cx.span(stmt.range())),
                "found this instead",
            ),
        )),
    }
}

/// An expression of n operators is a tree of depth n: refused before it is built, since even freeing such
/// a tree takes stack. Operands between commas lie beside each other, brackets in each other.
fn check_chains(cx: &Cx, text: &str) -> Result<()> {
    let mut lexer = lexer::lex(text, Mode::Module);
    let mut open: Vec<usize> = Vec::new();
    let mut depth = 0usize;
    loop {
        let token = lexer.next_token();
        match token {
            TokenKind::EndOfFile => return Ok(()),
            TokenKind::Newline | TokenKind::Semi => {
                open.clear();
                depth = 0;
            }
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                depth += 1;
                open.push(depth);
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth = open.pop().unwrap_or(0),
            TokenKind::Comma => depth = open.last().copied().unwrap_or(0),
            _ => depth += usize::from(!is_leaf(token)),
        }
        if depth > MAX_CHAIN || open.len() > MAX_DEPTH as usize {
            return Err(cx.too_deep(Span { start: 0, end: cx.text.trim_end().len() as u32 }));
        }
    }
}

/// Tokens that add no depth to the tree.
fn is_leaf(token: TokenKind) -> bool {
    matches!(
        token,
        TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringStart
            | TokenKind::FStringMiddle
            | TokenKind::FStringEnd
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline
            | TokenKind::Indent
            | TokenKind::Dedent
    )
}

/// The only lambda of the lines. The lines themselves need not be a whole statement (a lambda inside a
/// call that spans lines), so the tokens are searched and just the lambda is parsed. If the lambda does not
/// end where its line does, the bracket that is open around it lies above the text: the second try adds it.
fn lambda(cx: &Cx) -> Result<py::ExprLambda> {
    check_chains(cx, cx.text)?;
    only_lambda(cx, &tokens_of(cx.text, Mode::Module)).or_else(|refused| {
        only_lambda(cx, &tokens_of(cx.text, Mode::ParenthesizedExpression)).map_err(|_| refused)
    })
}

/// The tokens of lines that need not be whole statements.
fn tokens_of(text: &str, mode: Mode) -> Vec<Token> {
    let parsed = ruff_python_parser::parse_unchecked(text, ParseOptions::from(mode));
    let nothing = |token: &&Token| !matches!(token.kind(), TokenKind::Comment | TokenKind::NonLogicalNewline);
    parsed.tokens().iter().filter(nothing).copied().collect()
}

fn only_lambda(cx: &Cx, tokens: &[Token]) -> Result<py::ExprLambda> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let start = u32::from(token.range().start());
        let nested = found.last().is_some_and(|(_, end)| start < *end);
        if token.kind() == TokenKind::Lambda && !nested {
            found.push((start, lambda_end(&tokens[at..])));
        }
    }
    match found.as_slice() {
        [] => Err(Box::new(
            Diagnostic::new(Code::SourceUnavailable, "the source text holds neither a `def` nor a `lambda`")
                .help("define the function with `def` in a file that the running program can read"),
        )),
        [(start, end)] => {
            // It may span lines, as the brackets around it let it.
            let range = TextRange::new(TextSize::from(*start), TextSize::from(*end));
            let parsed = ruff_python_parser::parse_parenthesized_expression_range(cx.text, range)
                .map_err(|error| unknown_form(cx, &error))?;
            match parsed.into_expr() {
                py::Expr::Lambda(lambda) => Ok(lambda),
                _ => Err(cx.unknown(Span { start: *start, end: *end }, "")),
            }
        }
        [first, second, ..] => Err(Box::new(
            Diagnostic::new(
                Code::SourceUnavailable,
                "several lambdas on the same lines cannot be told apart",
            )
            .label(cx.source, Span { start: first.0, end: first.1 }, "this one")
            .label(cx.source, Span { start: second.0, end: second.1 }, "or this one")
            .help("put each lambda on a line of its own, or use `def`"),
        )),
    }
}

/// Where the lambda that `tokens` starts with ends: after its own colon, at the first token that no
/// expression can continue with at that level of brackets.
fn lambda_end(tokens: &[Token]) -> u32 {
    let mut depth = 0usize;
    // Lambdas whose colon is still to come: the parameters of one may have another as a default.
    let mut open = 0usize;
    let mut end = 0;
    for token in tokens {
        match token.kind() {
            TokenKind::Lambda => open += usize::from(depth == 0),
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                if depth == 0 {
                    return end;
                }
                depth -= 1;
            }
            TokenKind::Colon if depth == 0 => {
                if open == 0 {
                    return end;
                }
                open -= 1;
            }
            TokenKind::Comma | TokenKind::Equal if depth == 0 && open == 0 => return end,
            TokenKind::Newline
            | TokenKind::Semi
            | TokenKind::EndOfFile
            | TokenKind::For
            | TokenKind::Async
                if depth == 0 =>
            {
                return end;
            }
            _ => {}
        }
        end = u32::from(token.range().end());
    }
    end
}

/// Python that ran but that the parser refuses: never called a syntax error.
fn unknown_form(cx: &Cx, error: &ParseError) -> Box<Diagnostic> {
    let at = u32::from(error.location.start()).saturating_sub(cx.shift);
    let end = cx
        .text
        .get(at as usize..)
        .and_then(|rest| rest.chars().next())
        .map_or(at, |c| at + c.len_utf8() as u32);
    cx.unknown(Span { start: at, end }, &error.error.to_string())
}
