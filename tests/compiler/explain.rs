//! What `f.explain()` says: `tests/golden/explain/*.py`.

use crate::{golden, program};
use fastjit::driver;
use fastjit::explain::{Explanation, html, text};
use fastjit::options::Options;

fn explain(name: &str, text: &str) -> Explanation {
    let file = program::read(name, text);
    let (entry, args) = file.entry();
    let env = file.env(entry);
    driver::explain(&env, &args, &Options::default())
}

#[test]
fn explanations() {
    golden::check("explain", |name, program| text::render(&explain(name, program), false));
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
