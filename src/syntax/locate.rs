//! Finds the function in the text: the `def` below its decorators, or the only lambda of the lines.
//!
//! In: `SourceText`. Out: the parser's node, and how far its offsets are shifted against the text.
//! Invariant: the parser only sees text whose nesting is bounded, so that walking and freeing its tree
//! cannot exhaust the stack.

#![expect(clippy::wildcard_enum_match_arm, reason = "the parser's enums, not ours")]

use crate::diag::{Code, Diagnostic, Result, SourceText, Span};
use crate::syntax::convert::{Cx, MAX_CHAIN};
use rustpython_parser::ast::{self as py, Ranged};
use rustpython_parser::lexer::LexicalErrorType;
use rustpython_parser::text_size::{TextRange, TextSize};
use rustpython_parser::{Mode, ParseError, Tok, lexer, parse_tokens};

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
        // The bracket that is put before the lambda.
        let shift = 1;
        return Ok((Located::Lambda(lambda(&Cx::new(&text.text, source, shift))?), shift));
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
    let tokens: Vec<lexer::LexResult> = lexer::lex(text, Mode::Module).collect();
    check_chains(cx, &tokens)?;
    let module = parse_tokens(tokens, Mode::Module, "").map_err(|error| unknown_form(cx, &error))?;
    let py::Mod::Module(module) = module else { unreachable!("module mode gives a module") };
    let first = module.body.into_iter().next();
    let first = match first {
        Some(py::Stmt::If(block)) if cx.shift > 0 => block.body.into_iter().next(),
        other => other,
    };
    match first {
        Some(py::Stmt::FunctionDef(def)) => Ok(def),
        Some(py::Stmt::AsyncFunctionDef(def)) => Err(cx.refuse(
            cx.header(def.range, def.name.as_str()),
            "`async def` functions cannot be compiled",
            "compile the numeric part as a plain `def` function and call it from the coroutine",
        )),
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
/// a tree takes stack. Counted by logical line; commas and names add breadth, not depth.
fn check_chains(cx: &Cx, tokens: &[lexer::LexResult]) -> Result<()> {
    let mut depth = 0usize;
    let mut elifs = 0usize;
    for token in tokens {
        let Ok((token, range)) = token else { return Ok(()) };
        if matches!(token, Tok::Newline | Tok::Semi) {
            depth = 0;
        } else if *token == Tok::Elif {
            elifs += 1;
        } else if !is_leaf(token) {
            depth += 1;
        }
        if depth > MAX_CHAIN || elifs > MAX_CHAIN {
            return Err(cx.too_deep(cx.span(*range)));
        }
    }
    Ok(())
}

/// Tokens that add no depth to the tree.
fn is_leaf(token: &Tok) -> bool {
    matches!(
        token,
        Tok::Name { .. }
            | Tok::Int { .. }
            | Tok::Float { .. }
            | Tok::Complex { .. }
            | Tok::String { .. }
            | Tok::Comma
            | Tok::Rpar
            | Tok::Rsqb
            | Tok::Rbrace
            | Tok::Dedent
    )
}

/// The only lambda of the lines. The lines themselves need not be a whole statement (a lambda inside a
/// call that spans lines), so the tokens are searched and just the lambda is parsed. If the lambda does not
/// end where its line does, the bracket that is open around it lies above the text: the second try adds it.
fn lambda(cx: &Cx) -> Result<py::ExprLambda> {
    only_lambda(cx, &tokens_of(cx.text)).or_else(|refused| {
        let mut tokens = tokens_of(&format!("({}", cx.text));
        for (_, range) in &mut tokens {
            let back = |at: TextSize| TextSize::from(u32::from(at).saturating_sub(1));
            *range = TextRange::new(back(range.start()), back(range.end()));
        }
        only_lambda(cx, &tokens).map_err(|_| refused)
    })
}

/// The tokens of lines that need not be whole statements: brackets closed without having been opened are
/// passed over.
fn tokens_of(text: &str) -> Vec<lexer::Spanned> {
    let mut tokens = Vec::new();
    let mut from = 0;
    'again: while from < text.len() {
        for token in lexer::lex_starts_at(&text[from..], Mode::Module, TextSize::from(from as u32)) {
            match token {
                Ok(token) => tokens.push(token),
                Err(error) if error.error == LexicalErrorType::NestingError => {
                    let at = usize::from(error.location).max(from);
                    let bracket = text[at..].find([')', ']', '}']);
                    let Some(bracket) = bracket else { return tokens };
                    from = at + bracket + 1;
                    let range = TextRange::at(TextSize::from(from as u32 - 1), TextSize::from(1));
                    tokens.push((Tok::Rpar, range));
                    continue 'again;
                }
                Err(_) => return tokens,
            }
        }
        return tokens;
    }
    tokens
}

fn only_lambda(cx: &Cx, tokens: &[lexer::Spanned]) -> Result<py::ExprLambda> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for (at, (token, range)) in tokens.iter().enumerate() {
        let start = u32::from(range.start());
        let nested = found.last().is_some_and(|(_, end)| start < *end);
        if *token == Tok::Lambda && !nested {
            found.push((start, lambda_end(&tokens[at..])));
        }
    }
    match found.as_slice() {
        [] => Err(Box::new(
            Diagnostic::new(Code::SourceUnavailable, "the source text holds neither a `def` nor a `lambda`")
                .help("define the function with `def` in a file that the running program can read"),
        )),
        [(start, end)] => {
            // Brackets let the lambda span lines, as those around it did.
            let text = format!("({})", &cx.text[*start as usize..*end as usize]);
            let offset = TextSize::from(*start);
            let tokens: Vec<lexer::LexResult> =
                lexer::lex_starts_at(&text, Mode::Expression, offset).collect();
            check_chains(cx, &tokens)?;
            let parsed =
                parse_tokens(tokens, Mode::Expression, "").map_err(|error| unknown_form(cx, &error))?;
            match parsed {
                py::Mod::Expression(py::ModExpression { body, .. }) => match *body {
                    py::Expr::Lambda(lambda) => Ok(lambda),
                    _ => Err(cx.unknown(Span { start: *start, end: *end }, "")),
                },
                _ => unreachable!("expression mode gives an expression"),
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
fn lambda_end(tokens: &[lexer::Spanned]) -> u32 {
    let mut depth = 0usize;
    // Lambdas whose colon is still to come: the parameters of one may have another as a default.
    let mut open = 0usize;
    let mut end = 0;
    for (token, range) in tokens {
        match token {
            Tok::Lambda => open += usize::from(depth == 0),
            Tok::Lpar | Tok::Lsqb | Tok::Lbrace => depth += 1,
            Tok::Rpar | Tok::Rsqb | Tok::Rbrace => {
                if depth == 0 {
                    return end;
                }
                depth -= 1;
            }
            Tok::Colon if depth == 0 => {
                if open == 0 {
                    return end;
                }
                open -= 1;
            }
            Tok::Comma | Tok::Equal if depth == 0 && open == 0 => return end,
            Tok::Newline | Tok::Semi | Tok::EndOfFile | Tok::For | Tok::Async if depth == 0 => return end,
            _ => {}
        }
        end = u32::from(range.end());
    }
    end
}

/// Python that ran but that the parser refuses: never called a syntax error.
fn unknown_form(cx: &Cx, error: &ParseError) -> Box<Diagnostic> {
    let at = u32::from(error.offset).saturating_sub(cx.shift);
    let end = cx
        .text
        .get(at as usize..)
        .and_then(|rest| rest.chars().next())
        .map_or(at, |c| at + c.len_utf8() as u32);
    cx.unknown(Span { start: at, end }, &error.error.to_string())
}
