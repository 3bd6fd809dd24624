//! Each refusal as the user sees it: `tests/golden/errors/*.py`.

use crate::{golden, program};
use fastjit::ast::print;
use fastjit::diag::{Code, Diagnostic, SourceText, Span, render};
use fastjit::infer;
use fastjit::options::Options;
use fastjit::syntax::parse;

#[test]
fn rendered_errors() {
    golden::check("errors", |name, program| {
        let source = SourceText { file: name.to_owned(), first_line: 1, text: program.to_owned() };
        match parse(&source, 0) {
            Ok(function) => format!("accepted\n{}", print::print(&function)),
            Err(diagnostic) => {
                format!(
                    "{}\n\n{}",
                    render::full(&diagnostic, &[&source]),
                    render::concise(&diagnostic, &[&source])
                )
            }
        }
    });
}

/// Each function of `tests/golden/mistakes/*.py` under a comment `# args:`, and what its user reads.
#[test]
fn typical_mistakes() {
    golden::check("mistakes", |name, program| {
        let file = program::read(name, program);
        let mut out = String::new();
        for (index, def) in file.defs.iter().enumerate() {
            let Some(args) = &def.args else { continue };
            let env = file.env(index);
            let sources: Vec<&SourceText> = env.sources.iter().map(|source| &source.text).collect();
            match infer::infer(&env, args, &Options::default()) {
                Ok(_) => out.push_str(&format!("`{}` is accepted\n\n", def.name)),
                Err(error) => out.push_str(&format!("{}\n\n", render::full(&error, &sources))),
            }
        }
        out
    });
}

#[test]
fn labels_in_several_sources() {
    let caller =
        SourceText { file: "a.py".into(), first_line: 100, text: "def f(x):\n\treturn g(x, ü)\n".into() };
    let callee = SourceText { file: "b.py".into(), first_line: 7, text: "def g(x): pass".into() };
    let diagnostic = Diagnostic::new(Code::BadCall, "`g` takes 1 argument but 2 were given")
        .label(0, Span { start: 18, end: 26 }, "called here")
        .label(1, Span { start: 4, end: 5 }, "defined here")
        .help("pass one\nargument");
    let expected = "\
`g` takes 1 argument but 2 were given [bad-call]
    --> a.py:101:9
    |
101 |     return g(x, ü)
    |            ^^^^^^^ called here
    |
    --> b.py:7:5
    |
  7 | def g(x): pass
    |     - defined here
    |
    = help: pass one
            argument";
    let text = render::full(&diagnostic, &[&caller, &callee]);
    assert_eq!(text, expected, "\n{text}");
    assert_eq!(
        render::concise(&diagnostic, &[&caller, &callee]),
        "a.py:101:9: `g` takes 1 argument but 2 were given [bad-call]"
    );
}

#[test]
fn labels_that_point_nowhere() {
    let source = SourceText { file: "a.py".into(), first_line: 1, text: "é".into() };
    let diagnostic = Diagnostic::new(Code::BadCall, "bad").label(5, Span::default(), "no such source").label(
        0,
        Span { start: 1, end: 99 },
        "here",
    );
    let text = render::full(&diagnostic, &[&source]);
    assert!(text.starts_with("bad [bad-call]\n"), "{text}");
    assert!(text.contains("a.py:1:1"), "{text}");
    assert_eq!(render::concise(&diagnostic, &[&source]), "bad [bad-call]");
    assert_eq!(render::full(&Diagnostic::new(Code::BadCall, "bad"), &[]), "bad [bad-call]");
}
