//! What the parser's room accepts, and what it makes of it.

use fastjit::ast::{self, names, print};
use fastjit::diag::{Code, Diagnostic, SourceText};
use fastjit::syntax::parse;

fn source(text: &str) -> SourceText {
    SourceText { file: "example.py".to_owned(), first_line: 10, text: text.to_owned() }
}

fn accept(text: &str) -> ast::Function {
    match parse(&source(text), 0) {
        Ok(function) => function,
        Err(diagnostic) => panic!("refused: {}\n{text}", diagnostic.message),
    }
}

fn refuse(text: &str) -> Diagnostic {
    match parse(&source(text), 0) {
        Ok(function) => panic!("accepted: {}", print::print(&function)),
        Err(diagnostic) => *diagnostic,
    }
}

/// The text that the first label underlines.
fn marked<'a>(text: &'a str, diagnostic: &Diagnostic) -> &'a str {
    let span = diagnostic.labels[0].span;
    &text[span.start as usize..span.end as usize]
}

#[test]
fn statements_and_expressions() {
    let function = accept(
        "def f(a, b=2, /, c: int = 3, *, d=None) -> float:\n    \"\"\"Docstring.\"\"\"\n    x: float = a[0, 1:, ::2, ...]\n    \
         (y, *z), w = v = c\n    a[x] += -b ** 2\n    for i in range(3):\n        if 0 < i <= 2 and not d:\n            \
         continue\n        elif i is None:\n            break\n        else:\n            pass\n    else:\n        del y\n    \
         while (n := x) > 0: x = x - 1 if n else 2.5j\n    assert x, f\"{x!r:>3} is bad\"\n    raise ValueError('no', 1)\n    \
         return sum(k * 2 for k in z if k), np.array([1, 2], dtype=np.float32), lambda q, r=1: q @ r\n",
    );
    let expected = "\
(def f (pos:a pos:b=2 c=3 kw:d=None)
  (pass)
  (= x ([] a (tuple 0 (slice 1 _ _) (slice _ _ 2) ...)))
  (= (tuple (tuple y *z) w) v c)
  (+= ([] a x) (neg (** b 2)))
  (for i (call range 3)
    (if (and (cmp 0 < i <= 2) (not d))
      (continue)
    else
      (if (cmp i is None)
        (break)
      else
        (pass)))
  else
    (del y))
  (while (cmp (:= n x) > 0)
    (= x (ifexp n (- x 1) 2.5j)))
  (assert x (fstring {x!r:\">3\"} \" is bad\"))
  (raise (call ValueError \"no\" 1))
  (return (tuple (call sum (generator (* k 2) for k in z if k)) (call (.array np) (list 1 2) dtype=(.float32 np)) (lambda (q r=1) (return (@ q r))))))
";
    assert_eq!(print::print(&function), expected);
    assert_eq!(names::free_names(&function), ["ValueError", "np", "range", "sum"]);
    assert_eq!(names::free_paths(&function), ["ValueError", "np.array", "np.float32", "range", "sum"]);
}

#[test]
fn a_match_statement() {
    let function = accept(
        "def f(x):\n    match x:\n        case 1 | -2:\n            return 1\n        case (a, _) if a > 0:\n            \
         return a\n        case None:\n            return 0\n        case other:\n            return other\n",
    );
    let expected = "\
(def f (x)
  (match x
    (case (or 1 (neg 2))
      (return 1))
    (case (sequence (as a) (as _)) if (cmp a > 0)
      (return a))
    (case is:None
      (return 0))
    (case (as other)
      (return other))))
";
    assert_eq!(print::print(&function), expected);
}

#[test]
fn spans_are_offsets_into_the_original_text() {
    let text = "    # Ünïcode above\n    @jit(cache=True)\n    # between\n    def method(self, x):\n        y = (x +\n  1)\n# low\n        return y\n";
    let function = accept(text);
    let cut = |span: fastjit::diag::Span| &text[span.start as usize..span.end as usize];
    assert_eq!(cut(function.span), "def method");
    assert_eq!(cut(function.params[1].span), "x");
    assert_eq!(cut(function.body[0].span), "y = (x +\n  1)");
    assert_eq!(cut(function.body[1].span), "return y");
    let compound = accept("def f(x):\n    while x > 0:\n        x -= 1\n    return x");
    assert_eq!(compound.body[0].span, fastjit::diag::Span { start: 14, end: 25 });
}

#[test]
fn lambdas() {
    for (text, expected) in [
        ("f = jit(lambda x: x + 1)\n", "(def <lambda> (x)\n  (return (+ x 1)))\n"),
        (
            "    key=lambda a, b=(1, 2): (a,\n        b), other=3)\n",
            "(def <lambda> (a b=(tuple 1 2))\n  (return (tuple a b)))\n",
        ),
        ("g = [lambda x: {1}[0] if x else (lambda y: y)(x), 3]\n", ""),
        ("    ] = make(lambda x: x * 2)\n", "(def <lambda> (x)\n  (return (* x 2)))\n"),
        (
            "        lambda x, y:  # a comment\n            x +\n            y, 3)\n",
            "(def <lambda> (x y)\n  (return (+ x y)))\n",
        ),
        ("lambda: 1", "(def <lambda> ()\n  (return 1))\n"),
        (
            "  t = lambda x, f=lambda y: y: f(x)\n",
            "(def <lambda> (x f=(lambda (y) (return y)))\n  (return (call f x)))\n",
        ),
    ] {
        if expected.is_empty() {
            assert_eq!(marked(text, &refuse(text)), "{1}");
        } else {
            let function = accept(text);
            assert_eq!(print::print(&function), expected);
            let span = function.span;
            assert!(text[span.start as usize..span.end as usize].starts_with("lambda"), "{text}");
        }
    }
    let several = refuse("f, g = jit(lambda x: x), jit(lambda x: 2)\n");
    assert_eq!(several.code, Code::SourceUnavailable);
    assert_eq!(several.labels.len(), 2);
    assert_eq!(marked("f, g = jit(lambda x: x), jit(lambda x: 2)\n", &several), "lambda x: x");
    assert_eq!(refuse("f = lambda x: x\ng = lambda x: 2\n").code, Code::SourceUnavailable);
    assert_eq!(refuse("x = 3\n").code, Code::SourceUnavailable);
    assert_eq!(refuse("  \n# nothing\n").code, Code::SourceUnavailable);
}

#[test]
fn integers_at_the_edge() {
    let function = accept("def f():\n    return -9223372036854775808, 9223372036854775808, 1_000, 0xff\n");
    assert_eq!(
        print::print(&function),
        "(def f ()\n  (return (tuple -9223372036854775808 9223372036854775808 1000 255)))\n"
    );
}

#[test]
fn integers_of_any_length_and_base() {
    let function = accept(
        "def f():\n    return 0xFFFF_FFFF_FFFF_FFFF_FFFF, 0o7_777_777_777_777_777_777_777_777, 0b1, 100_000_000_000_000_000_000\n",
    );
    assert_eq!(
        print::print(&function),
        "(def f ()\n  (return (tuple 1208925819614629174706175 37778931862957161709567 1 100000000000000000000)))\n"
    );
}

#[test]
fn f_strings() {
    let function = accept("def f(x):\n    return 'a' f\"b{x = }{x=:>3}{x!s}{x + f\"{1}\"}{{}}\" 'c', f''\n");
    assert_eq!(
        print::print(&function),
        "(def f (x)\n  (return (tuple (fstring \"a\" \"b\" \"x = \" {x!r} \"x=\" {x:\">3\"} {x!s} {(+ x (fstring {1}))} \"{}\" \"c\") (fstring))))\n"
    );
    refuse("def f(x, w):\n    return f'{x:{w}}'\n");
    refuse("def f(x, w):\n    return '\\ud800'\n");
}

#[test]
fn scopes() {
    let function = accept(
        "def f(a, b=D):\n    def g(c=E):\n        h = c + a + M.x.y\n        return h\n    z = [1 for i in q if (w := i)] if g else 1\n    return w\n"
            .replace("[1 for i in q if (w := i)]", "sum([i for i in i if (w := p)])")
            .as_str(),
    );
    assert_eq!(names::free_paths(&function), ["E", "M.x.y", "i", "p", "sum"]);
    let bound: Vec<String> = names::bindings(&function).into_keys().collect();
    assert_eq!(bound, ["a", "b", "g", "w", "z"]);
}

#[test]
fn declarations() {
    accept("def f():\n    global X\n    return X\n");
    let text = "def f():\n    global X\n    X = 1\n";
    assert_eq!(marked(text, &refuse(text)), "X");
    accept("def f(c):\n    x: int\n    x = 1\n    return x\n");
    refuse("def f(c):\n    x: int\n    return x\n");
    refuse("def f(x):\n    def g():\n        nonlocal x\n        return x\n    return g()\n");
    accept("def f(x, table={1: 2}):\n    return x\n");
    refuse("def f(x):\n    def g(table={1: 2}): return x\n    return g()\n");
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow() {
    let chain = |n: usize| format!("def f(a):\n    return {}\n", vec!["a"; n].join(" + "));
    accept(&chain(250));
    assert!(refuse(&chain(1000)).message.contains("nested too deeply"));
    assert!(refuse(&chain(200_000)).message.contains("nested too deeply"));
    let brackets = format!("def f(a):\n    return {}a{}\n", "(".repeat(100_000), ")".repeat(100_000));
    assert!(refuse(&brackets).message.contains("nested too deeply"));
    let calls = format!("def f(a):\n    return {}a{}\n", "f(".repeat(5000), ")".repeat(5000));
    assert!(refuse(&calls).message.contains("nested too deeply"));
    let elifs = format!("def f(a):\n    if a: pass\n{}", "    elif a: pass\n".repeat(5000));
    assert!(refuse(&elifs).message.contains("nested too deeply"));
    let table = format!("def f(a):\n    return ({})[a]\n", "1.5, ".repeat(20_000));
    accept(&table);
}

#[test]
fn unknown_python_is_not_called_a_syntax_error() {
    let diagnostic = refuse("def f(a):\n    return a ? 1\n");
    assert_eq!(diagnostic.message, "the fastjit parser does not know this form of Python yet");
    assert_eq!(diagnostic.code, Code::UnsupportedSyntax);
}
