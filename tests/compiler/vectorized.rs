//! Which loops run several iterations at once, read from the MIR: a lost vectorisation fails here.

use crate::optimized::optimized_with;
use fastjit::mir::{LoopMode, Op, print, walk};
use fastjit::options::{FastMath, Options};

/// Number of vector loops of a kernel.
#[track_caller]
fn vector_loops(program: &str, options: Options) -> (usize, String) {
    let module = optimized_with(program, options);
    let mut count = 0;
    for func in &module.funcs.items {
        walk::for_each_inst(func, func.body, &mut |_, inst| {
            let is_vector = matches!(func.insts[inst].op, Op::For { mode: LoopMode::Vector { .. }, .. });
            count += usize::from(is_vector);
        });
    }
    (count, print::module(&module))
}

#[track_caller]
fn vectorised(program: &str) {
    let (count, text) = vector_loops(program, Options::default());
    assert!(count > 0, "no vector loop\n{program}\n{text}");
}

#[track_caller]
fn scalar(program: &str) {
    let (count, text) = vector_loops(program, Options::default());
    assert_eq!(count, 0, "a vector loop\n{program}\n{text}");
}

/// `for i in range(len(a))` over the lines given.
fn over(params: &str, lines: &[&str]) -> String {
    let body: String = lines.iter().map(|line| format!("        {line}\n")).collect();
    format!("def f({params}):\n    for i in range(len(a)):\n{body}")
}

const AB: &str = "a: \"float64[::1]\", b: \"float64[::1]\"";

#[test]
fn element_by_element() {
    vectorised(&over(AB, &["b[i] = 2.0 * a[i] + b[i]"]));
    vectorised(&over("a: \"float32[::1]\", b: \"float32[::1]\"", &["b[i] = a[i] * a[i]"]));
    vectorised(&over("a: \"float64[:]\", b: \"float64[:]\"", &["b[i] = 2.0 * a[i]"]));
    vectorised(&over(AB, &["b[i] = a[len(a) - 1 - i]"]));
    vectorised(&over(AB, &["b[i] = abs(a[i])"]));
}

#[test]
fn two_dimensions() {
    vectorised(
        "def f(a: \"float64[:, ::1]\", b: \"float64[:, ::1]\"):\n    n, m = a.shape\n    for i in range(1, n - 1):\n        for j in range(1, m - 1):\n            b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])\n",
    );
    vectorised(
        "def f(a: \"float64[:, ::1]\", b: \"float64[:, ::1]\", c: \"float64[:, ::1]\"):\n    n = a.shape[0]\n    for i in range(n):\n        for k in range(n):\n            for j in range(n):\n                c[i, j] += a[i, k] * b[k, j]\n",
    );
}

#[test]
fn branches_become_masks() {
    vectorised(&over(AB, &["if a[i] > 0.5:", "    b[i] = a[i]", "else:", "    b[i] = 0.0"]));
    vectorised(&over(AB, &["b[i] = min(max(a[i], 0.0), 1.0)"]));
}

/// Several iterations of the outer loop at a time: what an arm loads, and what each iteration stores, is loaded
/// and stored once.
#[test]
fn several_steps_of_a_row() {
    let array = "float64[::1]";
    let program = format!(
        "def f(re: \"{array}\", zr: \"{array}\", count: \"{array}\", steps: \"int\"):\n    for _ in range(steps):\n        for i in range(re.shape[0]):\n            x = zr[i]\n            inside = x * x <= 4.0\n            zr[i] = x * x + re[i] if inside else x\n            count[i] += 1.0 if inside else 0.0\n"
    );
    let (count, text) = vector_loops(&program, Options { fast_only: true, ..Options::default() });
    assert_eq!(count, 2, "{text}");
    let arms = text.split(" vector {").skip(1).filter(|body| body.contains("then = load"));
    assert_eq!(arms.count(), 0, "{text}");
    // Here most of the time goes into the arithmetic, which is the same.
    let program = format!(
        "def f(re: \"{array}\", im: \"{array}\", zr: \"{array}\", zi: \"{array}\", steps: \"int\"):\n    for _ in range(steps):\n        for i in range(re.shape[0]):\n            x = zr[i]\n            y = zi[i]\n            inside = x * x + y * y <= 4.0\n            zr[i] = x * x - y * y + re[i] if inside else x\n            zi[i] = 2.0 * x * y + im[i] if inside else y\n"
    );
    let (count, text) = vector_loops(&program, Options { fast_only: true, ..Options::default() });
    assert_eq!(count, 1, "{text}");
}

/// A helper that returns early, put in place of its call, and an iteration that ends early.
#[test]
fn early_ways_out_are_branches() {
    let helper = "def wrap(x, size):\n    if x < 0.0:\n        return x + size\n    if x >= size:\n        return x - size\n    return x\n\n";
    let whole = over(&format!("{AB}, size: \"float\""), &["b[i] = wrap(a[i], size)"]);
    vectorised(&format!("{helper}{whole}"));
    vectorised(
        "def f(a: \"float64[::1]\"):\n    n = 0\n    for i in range(len(a)):\n        if a[i] < 0.5:\n            continue\n        n += 1\n    return n\n",
    );
    // The search ends the loop: what comes later must not be looked at.
    scalar(&over(AB, &["if a[i] < 0.5:", "    break", "b[i] = a[i]"]));
}

#[test]
fn several_widths() {
    vectorised(&over("a: \"int32[::1]\", b: \"float64[::1]\"", &["b[i] = a[i] * 0.5"]));
    vectorised(&over(
        "a: \"uint8[::1]\", b: \"uint8[::1]\"",
        &["b[i] = (np.uint16(a[i]) * np.uint16(3) + np.uint16(b[i])) >> np.uint16(2)"],
    ));
}

#[test]
fn rows_of_a_few_elements() {
    vectorised(
        "def f(a: \"float32[:, ::1]\", b: \"float32[::1]\"):\n    for i in range(len(b)):\n        b[i] = a[i, 0] * np.float32(0.5) + a[i, 1] + a[i, 2]\n",
    );
}

#[test]
fn checks_of_what_is_loaded() {
    vectorised(&over("a: \"int32[::1]\", b: \"int16[::1]\"", &["b[i] = int(a[i])"]));
    vectorised(&over("a: \"int64[::1]\", b: \"int64[::1]\"", &["b[i] = int(a[i]) + int(b[i])"]));
    vectorised(&over("a: \"float64[::1]\", b: \"float64[::1]\"", &["b[i] = float(a[i]) / float(b[i])"]));
    vectorised(&reduce("uint8[::1]", "0", &["s += int(a[i])"]));
    vectorised(&reduce("int64[::1]", "0", &["s -= int(a[i])"]));
    // Whether a product overflows cannot be asked in lanes.
    scalar(&over("a: \"int16[::1]\"", &["a[i] = int(a[i]) * int(a[i]) * int(a[i]) * int(a[i]) * int(a[i])"]));
}

#[test]
fn functions_in_place() {
    vectorised(&over(AB, &["a[i] = np.sin(a[i]) + b[i] ** a[i]"]));
    vectorised(&over(AB, &["if a[i] > 0.0:", "    b[i] = np.cos(a[i])"]));
    vectorised(&over(AB, &["b[i] = a[i] ** 3"]));
}

#[test]
fn numbers_stay_narrow() {
    let program =
        over("a: \"uint8[::1]\", b: \"uint8[::1]\", level: \"int\"", &["b[i] = 255 if a[i] > level else 0"]);
    let module = optimized_with(&program, Options::default());
    let func = &module.funcs.items[0];
    walk::for_each_inst(func, func.body, &mut |_, inst| {
        if let Op::For { body, mode: LoopMode::Vector { .. }, .. } = func.insts[inst].op {
            for inst in &func.regions[body].insts {
                for result in &func.insts[*inst].results {
                    let ty = func.values[*result].ty;
                    assert!(ty.bytes() <= 2, "{result:?} is wide\n{}", print::module(&module));
                }
            }
        }
    });
    vectorised(&program);
    vectorised(&over("a: \"float64[::1]\", b: \"int32[::1]\"", &["b[i] = np.int32(a[i])"]));
}

#[test]
fn licences_of_fastmath() {
    let program = over(AB, &["b[i] = a[i] * 3.5 + b[i] / 7.0"]);
    let count = |fastmath: FastMath, word: &str| {
        let (_, text) = vector_loops(&program, Options { fastmath, ..Options::default() });
        text.matches(word).count()
    };
    let none = FastMath::default();
    assert_eq!((count(none, "math.fma"), count(none, "fmul") > 0, count(none, "fdiv") > 0), (0, true, true));
    if fastjit::vmath::available() {
        assert!(count(FastMath { contract: true, ..none }, "math.fma") > 0);
    }
    assert_eq!(count(FastMath { arcp: true, ..none }, "fdiv"), 0);
}

/// A loop that ends in `return s`.
fn reduce(ty: &str, start: &str, lines: &[&str]) -> String {
    let body: String = lines.iter().map(|line| format!("        {line}\n")).collect();
    format!("def f(a: \"{ty}\"):\n    s = {start}\n    for i in range(len(a)):\n{body}    return s\n")
}

#[test]
fn reductions_in_any_order() {
    vectorised(&reduce("int64[::1]", "0", &["s += a[i]"]));
    vectorised(&reduce("float64[::1]", "0", &["if a[i] > 0.5:", "    s += 1"]));
    vectorised(&reduce("float64[::1]", "False", &["if np.isnan(a[i]):", "    s = True"]));
    vectorised(&reduce("float64[::1]", "a[0]", &["if a[i] > s:", "    s = a[i]"]));
    vectorised(&reduce("float64[::1]", "a[0]", &["s = min(s, a[i])"]));
}

#[test]
fn searches_with_what_goes_along() {
    let search = |ty: &str, start: &str, test: &str| {
        format!(
            "def f(a: \"{ty}\"):\n    best = {start}\n    at = -1\n    for i in range(len(a)):\n        x = a[i]\n        \
             if {test}:\n            best = x\n            at = i\n    return best, at\n"
        )
    };
    for ty in ["float64[::1]", "float32[::1]", "int64[::1]", "uint8[::1]"] {
        for test in ["x < best", "x <= best", "best < x", "not x < best"] {
            let program = search(ty, "a[0]", test);
            // A nan would be taken, and given up again for what comes after it.
            if test.starts_with("not") && ty.starts_with("float") {
                scalar(&program)
            } else {
                vectorised(&program)
            }
        }
    }
    vectorised(&search("float64[::1]", "0.0", "x != 3.0 and x > best"));
    // There is no integer that is never less or equal.
    scalar(&search("int64[::1]", "5", "x != 3 and x <= best"));
    vectorised("def f(a: \"float64[::1]\"):\n    return np.argmax(a)\n");
    // Which of two equals came first would be forgotten.
    scalar(
        "def f(a: \"float64[::1]\", b: \"int64[::1]\"):\n    best = a[0]\n    of = 0\n    for i in range(min(len(a), len(b))):\n        \
         if a[i] < best:\n            best = a[i]\n            of = b[i]\n    return of\n",
    );
}

#[test]
fn floats_are_added_in_order_unless_told_otherwise() {
    let sum = reduce("float64[::1]", "0.0", &["s += a[i]"]);
    scalar(&sum);
    let fastmath = FastMath { reassoc: true, ..FastMath::default() };
    let (count, text) = vector_loops(&sum, Options { fastmath, ..Options::default() });
    assert_eq!(count, 1, "{text}");
    // Square roots two at a time, added one after the other.
    vectorised(
        "def f(n: \"int\"):\n    s = 0.0\n    for i in range(n):\n        s += i ** 0.5\n    return s\n",
    );
}

/// Sums of short rows: the loop for few iterations has vectors in line; products are rounded with their sums.
#[test]
fn short_rows_are_summed_up_in_line() {
    let program = "def f(a: \"float64[:, ::1]\", b: \"float64[:, ::1]\", c: \"float64[:, ::1]\"):\n    for i in range(len(a)):\n        for j in range(len(b)):\n            s = 0.0\n            for k in range(a.shape[1]):\n                d = a[i, k] - b[j, k]\n                s += d * d\n            c[i, j] = s\n";
    let fastmath = FastMath { reassoc: true, contract: true, ..FastMath::default() };
    let (count, text) = vector_loops(program, Options { fastmath, fast_only: true, ..Options::default() });
    let short = text.matches(" vector 2 reassoc short {").count();
    assert_eq!((count, short), (4, 2), "{text}");
    if fastjit::vmath::available() {
        // Four rows at a time, and the rest, each in two ways.
        assert_eq!(text.matches("math.fma").count(), 10, "{text}");
    }
    let whole = Options { fastmath: FastMath { contract: false, ..fastmath }, ..Options::default() };
    assert_eq!(vector_loops(program, whole).1.matches("math.fma").count(), 0);
    // One loop for all lengths, which is not in another one.
    let (_, text) = vector_loops(
        &reduce("float64[::1]", "0.0", &["s += a[i] * a[i]"]),
        Options { fastmath, ..Options::default() },
    );
    assert!(!text.contains(" short"), "{text}");
}

#[test]
fn what_depends_on_the_iteration_before_stays() {
    scalar(&over("a: \"float64[::1]\"", &["if i > 0:", "    a[i] = a[i - 1] * 0.5"]));
    scalar("def f(a: \"float64[::1]\"):\n    for i in range(1, len(a)):\n        a[i] = a[i - 1] + 1.0\n");
    // The same in a column, whose stride is known at run time only; what comes later is loaded first.
    let column = |from: &str| {
        format!(
            "def f(a: \"float64[:, :]\", j: \"int\"):\n    for i in range(1, a.shape[0] - 1):\n        a[i, j] = np.sqrt(abs(a[{from}, j])) / 3.0\n"
        )
    };
    scalar(&column("i - 1"));
    vectorised(&column("i + 1"));
    // Forty elements apart, it is far enough.
    vectorised(
        "def f(a: \"float64[::1]\"):\n    for i in range(40, len(a)):\n        a[i] = a[i - 40] + 1.0\n",
    );
}
