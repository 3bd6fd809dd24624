//! What `f.explain()` says: `tests/golden/explain/*.py`.

use crate::{golden, program};
use fastjit::driver;
use fastjit::explain::{Explanation, html, text};
use fastjit::options::Options;
use fastjit::vector::{Isa, Vectors};

fn explain(name: &str, text: &str) -> Explanation {
    explain_with(name, text, Options::default())
}

fn explain_with(name: &str, text: &str, options: Options) -> Explanation {
    let file = program::read(name, text);
    let (entry, args) = file.entry();
    let env = file.env(entry);
    driver::explain_for(&env, &args, &options, Some(Vectors::all(Isa::Avx2)))
}

#[test]
fn explanations() {
    golden::check("explain", |name, program| text::render(&explain(name, program), false));
}

#[test]
fn statements_say_that_they_are_split() {
    let program =
        "# args: float64[::1], float64[::1]\ndef f(a, b):\n    b[...] = a * 2.0\n    return b.sum()\n";
    for split_arrays in [true, false] {
        let options = Options { split_arrays, ..Options::default() };
        let said = text::render(&explain_with("f.py", program, options), false);
        assert_eq!(said.contains("split over all threads"), split_arrays, "{said}");
    }
}

#[test]
fn nothing_in_the_source_is_markup() {
    let program =
        "# args: float64[::1]\ndef f(a):\n    # </pre><script>alert('x')</script> & \"q\"\n    return a[0]\n";
    let explanation = explain("<img src=x onerror=alert(1)>.py", program);
    let page = html::page("<b>f</b>", &[explanation]);
    for markup in ["<script", "<img", "<b>f</b>", "alert('x')"] {
        assert!(!page.contains(markup), "{markup} in\n{page}");
    }
    assert!(page.contains("&lt;/pre&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;"));
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;.py:2"));
}

#[test]
fn escape_sequences_in_the_source_do_not_reach_the_terminal() {
    let program = "# args: float64[::1]\ndef f(a):\n\t# \x1b[31mred\x07\n\treturn a[0]\n";
    let explanation = explain("f.py", program);
    let plain = text::render(&explanation, false);
    assert!(plain.chars().all(|c| c == '\n' || !c.is_control()), "{plain:?}");
    assert!(plain.contains("    # ?[31mred?"), "{plain}");
    assert!(text::render(&explanation, true).contains("\x1b[2m"));
}

/// A program in which a note of this kind costs time, and the program that follows the note's advice.
const ADVICE: &[(&str, &str, &str)] = &[
    (
        "index-check",
        "# args: float64[::1], int\ndef f(a, start):\n    i = start\n    s = 0.0\n    for k in range(100):\n        i = (i * 5 + 1) // 3\n        s += a[i]\n    return s\n",
        "# args: float64[::1], int\ndef f(a, start):\n    i = start\n    s = 0.0\n    for k in range(100):\n        i = (i * 5 + 1) // 3\n        if 0 <= i < len(a):\n            s += a[i]\n    return s\n",
    ),
    (
        "index-check",
        "# args: float64[::1], float64[::1]\ndef f(a, x):\n    s = 0.0\n    for v in x:\n        s += a[int(v)]\n    return s\n",
        "# args: float64[::1], float64[::1]\ndef f(a, x):\n    s = 0.0\n    for v in x:\n        i = int(v)\n        if 0 <= i < len(a):\n            s += a[i]\n    return s\n",
    ),
    (
        "overflow-check",
        "# args: int64[::1], int\ndef f(a, n):\n    s = 0\n    for k in range(n):\n        s += k * k\n    return s\n",
        "# args: int64[::1], int\ndef f(a, n):\n    s = np.int64(0)\n    for k in range(n):\n        s += np.int64(k) * np.int64(k)\n    return s\n",
    ),
    (
        "zero-division-check",
        "# args: int, int\ndef f(n, d):\n    s = 0.0\n    for k in range(n):\n        d = (d + k) & 255\n        s += k // d\n    return s\n",
        "# args: int, int\ndef f(n, d):\n    s = 0.0\n    for k in range(n):\n        d = (d + k) & 255\n        if d != 0:\n            s += k // d\n    return s\n",
    ),
    (
        "array-in-loop",
        "# args: float64[::1], int\ndef f(a, n):\n    s = 0.0\n    for k in range(n):\n        b = a * k\n        s += b[0]\n    return s\n",
        "# args: float64[::1], int\ndef f(a, n):\n    s = 0.0\n    b = np.empty(len(a))\n    for k in range(n):\n        for i in range(len(b)):\n            b[i] = a[i] * k\n        s += b[0]\n    return s\n",
    ),
    (
        "unbound-check",
        "# args: int, float\ndef f(n, y):\n    s = 0.0\n    for k in range(n):\n        if y > k:\n            x = 1.0\n        s += x\n    return s\n",
        "# args: int, float\ndef f(n, y):\n    s = 0.0\n    x = 0.0\n    for k in range(n):\n        if y > k:\n            x = 1.0\n        s += x\n    return s\n",
    ),
    (
        "prange-serial",
        "# args: float64[:, ::1]\ndef f(a):\n    for i in prange(a.shape[0]):\n        for j in prange(a.shape[1]):\n            a[i, j] = 1.0\n",
        "# args: float64[:, ::1]\ndef f(a):\n    for i in prange(a.shape[0]):\n        for j in range(a.shape[1]):\n            a[i, j] = 1.0\n",
    ),
];

#[test]
fn advice_removes_the_cost() {
    let ids = |program: &str| -> Vec<&str> {
        let listings = explain("f.py", program).listings;
        let lines = listings.into_iter().flat_map(|listing| listing.lines);
        lines.flat_map(|line| line.notes).map(|note| note.id).collect()
    };
    for (id, before, after) in ADVICE {
        let text = text::render(&explain("f.py", before), false);
        assert!(ids(before).contains(id), "no {id} in\n{text}");
        let text = text::render(&explain("f.py", after), false);
        assert!(!ids(after).contains(id), "still {id} in\n{text}");
    }
}
