//! Checks cost nothing where the program itself shows that they cannot fail: what is left of the loops of
//! common kernels after the passes.

use crate::program;
use fastjit::mir::{self, Function, LoopMode, Module, Op, Region, print, walk};
use fastjit::options::Options;
use fastjit::{infer, lower, opt};

/// The module after all passes but outlining, so that parallel loops are still loops, and before several
/// iterations become a turn, so that what stands in a loop is one iteration.
fn optimized(program: &str) -> Module {
    optimized_with(program, Options::default())
}

pub fn optimized_with(program: &str, options: Options) -> Module {
    let file = program::read("kernel.py", program);
    let (entry, params) = file.entry();
    let typed = match infer::infer(&file.env(entry), &params, &options) {
        Ok(typed) => typed,
        Err(diagnostic) => panic!("{}", diagnostic.message),
    };
    let mut module = lower::lower(&typed, &options);
    for pass in opt::PIPELINE {
        if !matches!(pass.name, "outline" | "repeat") {
            opt::run_pass(&mut module, &options, pass);
        }
    }
    module
}

/// What stands in the innermost loops of a function: guards, and operations that can overflow. Of a loop
/// in two copies only the fast one counts.
#[derive(Default, Debug, PartialEq)]
struct Left {
    loops: usize,
    guards: usize,
    checked: usize,
    insts: usize,
}

fn innermost(func: &Function, region: Region, left: &mut Left) -> bool {
    let mut found = false;
    for inst in &func.regions[region].insts {
        match &func.insts[*inst].op {
            Op::For { body, .. } | Op::Loop { body, .. } => {
                found = true;
                if !innermost(func, *body, left) {
                    left.loops += 1;
                    walk::for_each_inst(func, *body, &mut |_, inst| match func.insts[inst].op {
                        Op::Guard { .. } => left.guards += 1,
                        Op::Checked { .. } => left.checked += 1,
                        _ => left.insts += 1,
                    });
                }
            }
            Op::If { then, orelse, .. } => {
                let first = innermost(func, *then, left);
                found |= first || innermost(func, *orelse, left);
            }
            Op::Block { body } => found |= innermost(func, *body, left),
            _ => {}
        }
    }
    found
}

fn left(program: &str) -> (Left, String) {
    let module = optimized(program);
    let entry = &module.funcs.items[0];
    let mut left = Left::default();
    innermost(entry, entry.body, &mut left);
    (left, print::module(&module))
}

#[track_caller]
fn check_free(program: &str) {
    let (left, text) = left(program);
    assert!(left.loops > 0, "no loop is left\n{text}");
    assert_eq!((left.guards, left.checked), (0, 0), "in the innermost loops: {left:?}\n{program}\n{text}");
}

#[test]
fn sum_by_own_length() {
    check_free(
        "def f(a: \"float64[::1]\"):\n    s = 0.0\n    for i in range(len(a)):\n        s += a[i]\n    return s\n",
    );
}

#[test]
fn sum_by_other_length() {
    check_free(
        "def f(a: \"float64[::1]\", n: \"int\"):\n    s = 0.0\n    for i in range(n):\n        s += a[i]\n    return s\n",
    );
}

#[test]
fn add_arrays() {
    check_free(
        "def f(a: \"float64[::1]\", b: \"float64[::1]\", c: \"float64[::1]\"):\n    for i in range(a.shape[0]):\n        c[i] = a[i] + b[i]\n",
    );
}

#[test]
fn stencil() {
    check_free(
        "def f(a: \"float64[:, ::1]\", b: \"float64[:, ::1]\"):\n    n, m = a.shape\n    for i in range(1, n - 1):\n        for j in range(1, m - 1):\n            b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])\n",
    );
}

#[test]
fn matmul() {
    check_free(
        "def f(a: \"float64[:, ::1]\", b: \"float64[:, ::1]\", c: \"float64[:, ::1]\"):\n    n = a.shape[0]\n    for i in range(n):\n        for k in range(n):\n            for j in range(n):\n                c[i, j] += a[i, k] * b[k, j]\n",
    );
}

#[test]
fn counting() {
    check_free(
        "def f(a: \"float64[::1]\"):\n    k = 0\n    for i in range(len(a)):\n        if a[i] > 0.5:\n            k += 1\n    return k\n",
    );
}

#[test]
fn while_loop() {
    check_free(
        "def f(a: \"float64[::1]\"):\n    i = 0\n    s = 0.0\n    while i < len(a):\n        s += a[i]\n        i += 1\n    return s\n",
    );
}

#[test]
fn nested_triangle() {
    check_free(
        "def f(a: \"float64[:, ::1]\"):\n    s = 0.0\n    for i in range(a.shape[0]):\n        for j in range(i):\n            s += a[i, j]\n    return s\n",
    );
}

#[test]
fn backwards_and_steps() {
    check_free(
        "def f(a: \"float64[::1]\"):\n    s = 0.0\n    for i in range(len(a) - 1, -1, -1):\n        s += a[i]\n    return s\n",
    );
    check_free(
        "def f(a: \"float64[::1]\"):\n    s = 0.0\n    for i in range(0, len(a), 2):\n        s += a[i]\n    return s\n",
    );
}

#[test]
fn parallel_rows() {
    check_free(
        "def f(a: \"float64[:, ::1]\", b: \"float64[::1]\"):\n    for i in prange(a.shape[0]):\n        s = 0.0\n        for j in range(a.shape[1]):\n            s += a[i, j]\n        b[i] = s\n",
    );
}

#[test]
fn stencil_line() {
    check_free(
        "def f(a: \"float64[::1]\", b: \"float64[::1]\"):\n    n = len(a)\n    for i in range(1, n - 1):\n        b[i] = a[i - 1] + a[i] + a[i + 1]\n",
    );
}

#[test]
fn triangle_above() {
    check_free(
        "def f(a: \"float64[:, ::1]\", n: \"int\"):\n    s = 0.0\n    for i in range(n):\n        for j in range(i + 1, n):\n            s += a[i, j] * a[j, i]\n    return s\n",
    );
}

/// A name that is Python's float at first and NumPy's from then on: the machine sees no difference.
#[test]
fn a_float_of_either_family() {
    let module = optimized(
        "def f(a: \"float64[::1]\", y: \"float64[::1]\", k: \"float\"):\n    x1 = 0.0\n    y1 = 0.0\n    y2 = 0.0\n    for i in range(len(a)):\n        y[i] = k * a[i] + 0.5 * x1 + 0.25 * y1 - k * y2\n        x1 = a[i]\n        y2 = y1\n        y1 = y[i]\n",
    );
    let text = print::module(&module);
    assert_eq!(text.matches(": f64 = fmul").count(), 8, "four in each of two copies\n{text}");
    assert!(!text.contains(": f64 = if"), "{text}");
}

/// What is read in reverse stays within what is summed up so far, for some number of iterations.
#[test]
fn backwards_within() {
    check_free(
        "def f(r: \"float64[::1]\", y: \"float64[::1]\"):\n    s = 0.0\n    for k in range(1, len(r)):\n        for i in range(k):\n            s += r[k - i - 1] * y[k - i - 1]\n    return s\n",
    );
    let module = optimized(
        "def f(r: \"float64[::1]\", y: \"float64[::1]\"):\n    s = 0.0\n    for k in range(1, len(r)):\n        for i in range(k):\n            s += y[k - i - 1]\n    return s\n",
    );
    let text = print::module(&module);
    assert!(!text.contains("cmp.sge"), "a test of a least value, which no length passes\n{text}");
}

/// An index that the first iterations do not use: the test before the loop does not ask about them.
#[test]
fn what_an_arm_uses() {
    let program = "def f(a: \"float64[::1]\", w: \"int\", out: \"float64[::1]\"):\n    for i in range(len(a)):\n        if i >= w:\n            out[i] = a[i - w]\n        else:\n            out[i] = 0.0\n";
    check_free(program);
    let text = print::module(&optimized(program));
    assert_eq!(
        text.matches("checked.sub").count(),
        2,
        "of the last iteration, and in the checked copy\n{text}"
    );
}

#[test]
fn pairs_of_points() {
    check_free(
        "def f(x: \"float64[::1]\", e: \"float64[::1]\"):\n    n = len(x)\n    for i in range(n):\n        for j in range(i + 1, n):\n            d = x[i] - x[j]\n            e[i] += d\n            e[j] -= d\n",
    );
}

#[test]
fn flat_index() {
    check_free(
        "def f(a: \"float64[::1]\", n: \"int\", m: \"int\"):\n    s = 0.0\n    for i in range(n):\n        for j in range(m):\n            s += a[i * m + j]\n    return s\n",
    );
}

#[test]
fn flat_stencil() {
    check_free(
        "def f(a: \"float64[::1]\", b: \"float64[::1]\", n: \"int\", m: \"int\"):\n    for i in range(1, n - 1):\n        for j in range(1, m - 1):\n            b[i * m + j] = a[(i - 1) * m + j] + a[(i + 1) * m + j] + a[i * m + j - 1] + a[i * m + j + 1]\n",
    );
}

#[test]
fn binary_search() {
    check_free(
        "def f(a: \"float64[::1]\", x: \"float\"):\n    lo = 0\n    hi = len(a)\n    while lo < hi:\n        mid = (lo + hi) // 2\n        if a[mid] < x:\n            lo = mid + 1\n        else:\n            hi = mid\n    return lo\n",
    );
}

#[test]
fn binary_search_inclusive() {
    check_free(
        "def f(a: \"int64[::1]\", x: \"int\"):\n    lo = 0\n    hi = len(a) - 1\n    while lo <= hi:\n        mid = (lo + hi) // 2\n        if a[mid] == x:\n            return mid\n        if a[mid] < x:\n            lo = mid + 1\n        else:\n            hi = mid - 1\n    return -1\n",
    );
}

#[test]
fn two_pointers() {
    check_free(
        "def f(a: \"int64[::1]\", x: \"int\"):\n    i = 0\n    j = len(a) - 1\n    k = 0\n    while i < j:\n        s = a[i] + a[j]\n        if s == x:\n            k += 1\n            i += 1\n            j -= 1\n        elif s < x:\n            i += 1\n        else:\n            j -= 1\n    return k\n",
    );
}

#[test]
fn sift_down() {
    check_free(
        "def f(a: \"float64[::1]\", start: \"int\"):\n    n = len(a)\n    for start in range(n // 2 - 1, -1, -1):\n        root = start\n        while True:\n            child = 2 * root + 1\n            if child >= n:\n                break\n            if child + 1 < n and a[child] < a[child + 1]:\n                child += 1\n            if a[root] >= a[child]:\n                break\n            t = a[root]\n            a[root] = a[child]\n            a[child] = t\n            root = child\n",
    );
}

#[test]
fn heap_sort() {
    check_free(
        "def f(a: \"float64[::1]\"):\n    n = len(a)\n    for end in range(n - 1, 0, -1):\n        t = a[0]\n        a[0] = a[end]\n        a[end] = t\n        root = 0\n        while 2 * root + 1 < end:\n            child = 2 * root + 1\n            if child + 1 < end and a[child] < a[child + 1]:\n                child = child + 1\n            if a[root] >= a[child]:\n                break\n            a[root], a[child] = a[child], a[root]\n            root = child\n",
    );
}

#[test]
fn prefix_sum() {
    check_free(
        "def f(a: \"float64[::1]\", b: \"float64[::1]\"):\n    b[0] = a[0]\n    for i in range(1, len(a)):\n        b[i] = b[i - 1] + a[i]\n",
    );
}

#[test]
fn levenshtein() {
    check_free(
        "import numpy as np\n\ndef f(a: \"int64[::1]\", b: \"int64[::1]\"):\n    n, m = len(a), len(b)\n    prev = np.arange(m + 1)\n    cur = np.zeros(m + 1, dtype=np.int64)\n    for i in range(1, n + 1):\n        cur[0] = i\n        for j in range(1, m + 1):\n            cost = 0 if a[i - 1] == b[j - 1] else 1\n            cur[j] = min(prev[j] + 1, cur[j - 1] + 1, prev[j - 1] + cost)\n        prev, cur = cur, prev\n    return prev[m]\n",
    );
}

#[test]
fn knapsack() {
    check_free(
        "import numpy as np\n\ndef f(w: \"int64[::1]\", v: \"int64[::1]\", cap: \"int\"):\n    best = np.zeros(cap + 1, dtype=np.int64)\n    for i in range(len(w)):\n        for c in range(cap, w[i] - 1, -1):\n            t = best[c - w[i]] + v[i]\n            if t > best[c]:\n                best[c] = t\n    return best[cap]\n",
    );
}

#[test]
fn longest_common_subsequence() {
    check_free(
        "import numpy as np\n\ndef f(a: \"int64[::1]\", b: \"int64[::1]\"):\n    n, m = len(a), len(b)\n    t = np.zeros((n + 1, m + 1), dtype=np.int64)\n    for i in range(n):\n        for j in range(m):\n            if a[i] == b[j]:\n                t[i + 1, j + 1] = t[i, j] + 1\n            else:\n                t[i + 1, j + 1] = max(t[i, j + 1], t[i + 1, j])\n    return t[n, m]\n",
    );
}

#[test]
fn guarded_index() {
    check_free(
        "def f(a: \"float64[::1]\", idx: \"int64[::1]\"):\n    s = 0.0\n    n = len(a)\n    for k in range(len(idx)):\n        i = idx[k]\n        if 0 <= i < n:\n            s += a[i]\n    return s\n",
    );
}

#[test]
fn bounded_counter() {
    check_free(
        "import numpy as np\n\ndef f(a: \"float64[::1]\"):\n    out = np.empty(len(a))\n    k = 0\n    for i in range(len(a)):\n        if a[i] > 0.5:\n            out[k] = a[i]\n            k += 1\n    return k\n",
    );
}

/// Where `k == i + j` is written, one comparison stays in each arm: sums of two counters are not followed.
#[test]
fn merge() {
    let (left, text) = left(
        "import numpy as np\n\ndef f(a: \"float64[::1]\", b: \"float64[::1]\"):\n    n, m = len(a), len(b)\n    out = np.empty(n + m)\n    i = 0\n    j = 0\n    k = 0\n    while i < n and j < m:\n        if a[i] < b[j]:\n            out[k] = a[i]\n            i += 1\n        else:\n            out[k] = b[j]\n            j += 1\n        k += 1\n    return out\n",
    );
    assert_eq!((left.guards, left.checked), (2, 0), "in the innermost loops: {left:?}\n{text}");
}

#[test]
fn insertion_sort() {
    check_free(
        "def f(a: \"float64[::1]\"):\n    for i in range(1, len(a)):\n        x = a[i]\n        j = i - 1\n        while j >= 0 and a[j] > x:\n            a[j + 1] = a[j]\n            j -= 1\n        a[j + 1] = x\n",
    );
}

#[test]
fn sieve() {
    check_free(
        "import numpy as np\n\ndef f(n: \"int\"):\n    p = np.ones(n + 1, dtype=np.bool_)\n    i = 2\n    while i * i <= n:\n        if p[i]:\n            for j in range(i * i, n + 1, i):\n                p[j] = False\n        i += 1\n    return p.sum()\n",
    );
}

#[test]
fn modulo_index() {
    check_free(
        "def f(a: \"float64[::1]\", n: \"int\"):\n    m = len(a)\n    s = 0.0\n    for i in range(n):\n        s += a[i % m]\n    return s\n",
    );
}

#[test]
fn wrapped_neighbours() {
    check_free(
        "def f(a: \"float64[::1]\", b: \"float64[::1]\"):\n    n = len(a)\n    for i in range(n):\n        b[i] = a[(i - 1) % n] + a[(i + 1) % n]\n",
    );
}

#[test]
fn convolve() {
    check_free(
        "def f(a: \"float64[::1]\", k: \"float64[::1]\", out: \"float64[::1]\"):\n    m = len(k)\n    for i in range(len(a) - m + 1):\n        s = 0.0\n        for j in range(m):\n            s += a[i + j] * k[j]\n        out[i] = s\n",
    );
}

/// The gather keeps its one comparison; nothing else is left.
#[test]
fn sparse_rows() {
    let (left, text) = left(
        "def f(data: \"float64[::1]\", cols: \"int64[::1]\", rows: \"int64[::1]\", x: \"float64[::1]\", y: \"float64[::1]\"):\n    for i in range(len(rows) - 1):\n        s = 0.0\n        for k in range(rows[i], rows[i + 1]):\n            s += data[k] * x[cols[k]]\n        y[i] = s\n",
    );
    assert_eq!((left.guards, left.checked), (1, 0), "in the innermost loops: {left:?}\n{text}");
}

/// A loop in a module is serial or parallel as the program says.
#[test]
fn parallel_stays_parallel() {
    let module =
        optimized("def f(b: \"float64[::1]\"):\n    for i in prange(b.shape[0]):\n        b[i] = 1.0\n");
    let entry = &module.funcs.items[0];
    let mut parallel = 0;
    walk::for_each_inst(entry, entry.body, &mut |_, inst| {
        parallel +=
            usize::from(matches!(entry.insts[inst].op, Op::For { mode: LoopMode::Parallel { .. }, .. }));
    });
    assert_eq!(parallel, 1, "{}", mir::print::module(&module));
}

/// Loops over large arrays are split where that is asked for, but for those that can raise for an element.
#[test]
fn large_array_expressions_are_split() {
    let split = |program: &str, split_arrays: bool| {
        let module = optimized_with(program, Options { split_arrays, ..Options::default() });
        count(&module, |op| matches!(op, Op::For { mode: LoopMode::Parallel { written: false, .. }, .. }))
    };
    let body = "def f(a: \"float64[:, :]\", b: \"float64[:, :]\", k: \"int8[::1]\", n: \"int\"):\n";
    for (statement, is_split) in [
        ("    b[...] = a * 2.0\n", true),
        ("    return a + b\n", true),
        ("    b[1:] = 3.0\n", true),
        ("    k += n\n", true),
        ("    for i in range(n):\n        a[i] = b[i]\n", true),
        // In a parallel loop already.
        ("    for i in prange(n):\n        a[i] = b[i]\n", false),
        // A power may be negative.
        ("    k **= k\n", false),
        ("    return k ** k\n", false),
    ] {
        let program = format!("{body}{statement}");
        assert_eq!(split(&program, true) > 0, is_split, "{program}");
        assert_eq!(split(&program, false), 0, "{program}");
    }
}

/// How many operations of the entry satisfy `wanted`.
fn count(module: &Module, wanted: impl Fn(&Op) -> bool) -> usize {
    let entry = &module.funcs.items[0];
    let mut found = 0;
    walk::for_each_inst(entry, entry.body, &mut |_, inst| {
        found += usize::from(wanted(&entry.insts[inst].op));
    });
    found
}

fn is_product(op: &Op) -> bool {
    matches!(op, Op::Binary { op: mir::BinaryOp::Fmul, .. })
}

/// The counter of Mandelbrot's loop is the loop's; the squares of its test serve its body too.
#[test]
fn while_with_a_counter_and_another_test() {
    let text = "def f(limit: \"int\", re: \"float\", im: \"float\"):\n    x = 0.0\n    y = 0.0\n    k = 0\n    while k < limit and x * x + y * y <= 4.0:\n        x, y = x * x - y * y + re, 2.0 * x * y + im\n        k += 1\n    return k\n";
    check_free(text);
    let module = optimized(text);
    assert_eq!(count(&module, |op| matches!(op, Op::Loop { .. })), 0, "{}", print::module(&module));
    assert_eq!(count(&module, is_product), 4, "{}", print::module(&module));
}

/// A loop without a bound that counts is a counted loop: no check of its count, no fuel.
#[test]
fn while_that_counts_on() {
    let text = "def f(n: \"int\"):\n    steps = 0\n    while n != 1:\n        n = n // 2\n        steps += 1\n    return steps\n";
    check_free(text);
    let module = optimized(text);
    assert_eq!(count(&module, |op| matches!(op, Op::Loop { .. })), 0, "{}", print::module(&module));
}

/// Loads in the innermost loops of the fast copy.
fn inner_loads(module: &Module) -> usize {
    let func = &module.funcs[mir::Func(0)];
    let mut loads = 0;
    walk::for_each_region(func, func.body, &mut |region| {
        if func.regions[region].rare {
            return;
        }
        for inst in &func.regions[region].insts {
            if let Op::For { body, mode: LoopMode::Serial, .. } = func.insts[*inst].op
                && !walk::has_loop(func, body)
            {
                walk::for_each_inst(func, body, &mut |_, inst| {
                    loads += usize::from(matches!(func.insts[inst].op, Op::Load { .. }));
                });
            }
        }
    });
    loads
}

#[test]
fn what_was_stored_is_carried() {
    let module = optimized(
        "# args: float64[::1], float64\ndef f(a, w):\n    for i in range(1, len(a)):\n        a[i] = w * a[i - 1] + a[i]\n",
    );
    assert_eq!(inner_loads(&module), 1, "{}", print::module(&module));
}

/// A short loop does four iterations in a turn, at distances from one address, with one product by a stride; one that
/// waits for its chain anyway stays.
#[test]
fn short_loops_do_several_iterations_in_a_turn() {
    let repeated = |text: &str| {
        let mut module = optimized(text);
        let pass = opt::PIPELINE.iter().find(|pass| pass.name == "repeat").unwrap();
        opt::run_pass(&mut module, &Options::default(), pass);
        module
    };
    let module = repeated(
        "# args: int64[::1], int64[::1]\ndef f(a, b):\n    total = 0\n    for i in range(min(len(a), len(b))):\n        total = total ^ a[i]\n        b[i] = total\n    return total\n",
    );
    let text = print::module(&module);
    for disp in ["*8]", "*8 + 8]", "*8 + 16]", "*8 + 24]"] {
        assert!(text.contains(disp), "{disp}:\n{text}");
    }
    let strided = repeated(
        "# args: float64[:, ::1], int\ndef f(a, k):\n    best = 0.0\n    at = 0\n    if 0 <= k < a.shape[1]:\n        for i in range(a.shape[0]):\n            if a[i, k] > best:\n                best = a[i, k]\n                at ^= i\n    return at\n",
    );
    let in_turns = |module: &Module, wanted: fn(&Op) -> bool| {
        let func = &module.funcs[mir::Func(0)];
        let mut found = 0;
        walk::for_each_region(func, func.body, &mut |region| {
            if func.regions[region].copies == Some(mir::Copies::Turn) {
                walk::for_each_inst(func, region, &mut |_, inst| {
                    found += usize::from(wanted(&func.insts[inst].op))
                });
            }
        });
        found
    };
    let product = |op: &Op| matches!(op, Op::Binary { op: mir::BinaryOp::Imul, .. });
    let load = |op: &Op| matches!(op, Op::Load { .. });
    let counts = (in_turns(&strided, product), in_turns(&strided, load));
    assert_eq!(counts, (1, 4), "{}", print::module(&strided));
    let chain = repeated(
        "# args: float64[::1], float64\ndef f(a, x):\n    t = 0.0\n    for i in range(len(a)):\n        t = t * x + a[i]\n    return t\n",
    );
    assert_eq!(in_turns(&chain, load), 0, "{}", print::module(&chain));
}

/// What stands in front of the loop is the first value carried: no load, and no test for the first iteration.
#[test]
fn what_was_stored_before_the_loop_is_carried() {
    let module = optimized(
        "# args: int64[::1], int64[::1]\ndef f(a, b):\n    if len(a) <= len(b) and len(a) > 0:\n        a[0] = 7\n        for i in range(1, len(a)):\n            if b[i] > 3:\n                a[i] = b[i] + 2\n            else:\n                a[i] = a[i - 1] * b[i - 1]\n",
    );
    let text = print::module(&module);
    assert!(!text.contains("cmp.eq"), "no iteration asks whether it is the first:\n{text}");
}

#[test]
fn stores_of_both_arms_are_one() {
    let module = optimized(
        "# args: int64[::1], int64[::1]\ndef f(a, b):\n    for i in range(len(a)):\n        if b[i] > 7:\n            a[i] = b[i] * b[i]\n        else:\n            a[i] = 3\n",
    );
    let stores = count(&module, |op| matches!(op, Op::Store { .. }));
    let loops = count(&module, |op| matches!(op, Op::For { .. }));
    assert_eq!(stores, loops, "{}", print::module(&module));
}

/// A branch between cheap integers is a choice, checks in its arms and all; one that loads, or that picks
/// floats, is not.
#[test]
fn small_arms_become_choices() {
    let ifs = |text: &str| {
        let module = optimized(text);
        count(&module, |op| matches!(op, Op::If { .. }))
    };
    let collatz = "def f(n: \"int\"):\n    steps = 0\n    while n != 1:\n        if n % 2 == 0:\n            n = n // 2\n        else:\n            n = 3 * n + 1\n        steps += 1\n    return steps\n";
    assert_eq!(ifs(collatz), 1, "the test of the loop is left");
    let module = optimized(collatz);
    assert_eq!(count(&module, |op| matches!(op, Op::Guard { .. })), 1, "{}", print::module(&module));
    let positive = format!(
        "# args: int\n{}",
        collatz.replace("(n: \"int\")", "(k)").replace("    steps = 0", "    n = k & 1023\n    steps = 0")
    );
    let module = optimized(&positive);
    let checked = count(&module, |op| matches!(op, Op::Checked { .. }));
    assert_eq!(checked, 0, "one comparison says whether it overflows\n{}", print::module(&module));
    let table = "def f(n: \"int\", a: \"int64[::1]\"):\n    k = 0\n    for i in range(n):\n        k = k + a[k & 3] if k & 1 else k - 1\n    return k\n";
    assert!(ifs(table) > 0);
    let floats = "def f(n: \"int\", x: \"float\"):\n    for i in range(n):\n        x = x * 0.5 if x > 1.0 else x + 3.0\n    return x\n";
    assert_eq!(ifs(floats), 1);
}

/// What a loop carries is only compared with what is less under a condition; a truth value turns by one
/// operation; what both arms begin with is done once.
#[test]
fn choices_are_short() {
    let binary = |wanted: mir::BinaryOp| move |op: &Op| matches!(op, Op::Binary { op, .. } if *op == wanted);
    let least = optimized(
        "# args: float64[::1], float\ndef f(a, best):\n    for i in range(len(a)):\n        if 0.0 < a[i] < best:\n            best = a[i]\n    return best\n",
    );
    assert_eq!(count(&least, binary(mir::BinaryOp::Band)), 0, "{}", print::module(&least));
    let turns = optimized(
        "# args: float64[::1], float\ndef f(a, x):\n    odd = False\n    for i in range(len(a)):\n        if a[i] > x:\n            odd = not odd\n    return odd\n",
    );
    assert_eq!(count(&turns, binary(mir::BinaryOp::Bxor)), 1, "{}", print::module(&turns));
    let alike = optimized(
        "# args: float64[::1], float, float\ndef f(a, x, y):\n    n = 0\n    for i in range(len(a)):\n        if x > i:\n            a[i] = x * y + i\n            n += 1\n        else:\n            a[i] = x * y + i\n            n -= a[0] > 3.0\n    return n\n",
    );
    assert_eq!(count(&alike, is_product), 1, "{}", print::module(&alike));
}

/// A loop that takes one bit after the other is a count of bits, unless the number may be negative: then Python's
/// loop never ends.
#[test]
fn bits_are_counted_by_one_instruction() {
    let bits = |number: &str| {
        optimized(&format!(
            "# args: int64[::1], int\ndef f(a, n):\n    v = {number}\n    bits = 5\n    while v:\n        v &= v - 1\n        bits += 2\n    return bits\n"
        ))
    };
    for (number, counted) in [("a[0]", true), ("n & 1023", true), ("n", false)] {
        let module = bits(number);
        let loops = count(&module, |op| matches!(op, Op::Loop { .. } | Op::For { .. }));
        let counts = count(&module, |op| matches!(op, Op::Unary { op: mir::UnaryOp::Popcnt, .. }));
        assert_eq!((loops, counts), if counted { (0, 1) } else { (1, 0) }, "{}", print::module(&module));
    }
}

/// Without checks too an index is not asked in each iteration whether it is negative.
#[test]
fn unchecked_indices_from_the_end() {
    let options = Options { bounds_check: false, ..Options::default() };
    let module = optimized_with(
        "# args: int64[::1], int\ndef f(best, w):\n    for c in range(len(best) - 1, w - 1, -1):\n        best[c] = best[c - w] + 1\n",
        options,
    );
    let entry = &module.funcs[mir::Func(0)];
    let mut chosen = 0;
    walk::for_each_inst(entry, entry.body, &mut |region, inst| {
        let fast = matches!(entry.insts[inst].op, Op::For { body, .. } if !entry.regions[region].rare && !entry.regions[body].rare);
        if let (true, Op::For { body, .. }) = (fast, &entry.insts[inst].op) {
            walk::for_each_inst(entry, *body, &mut |_, inst| {
                chosen += usize::from(matches!(entry.insts[inst].op, Op::Select { .. }));
            });
        }
    });
    assert_eq!(chosen, 0, "{}", print::module(&module));
}

/// The carried value of a minimum of three is compared last, and once.
#[test]
fn carried_values_come_last() {
    let module = optimized(
        "# args: int64[::1], int64[::1], int64[::1]\ndef f(a, b, out):\n    left = 0\n    for i in range(len(a)):\n        left = min(left, a[i], b[i])\n        out[i] = left\n",
    );
    let entry = &module.funcs[mir::Func(0)];
    let mut chain = 0;
    walk::for_each_inst(entry, entry.body, &mut |_, inst| {
        if let Op::For { body, .. } = entry.insts[inst].op {
            let params = &entry.regions[body].params;
            walk::for_each_inst(entry, body, &mut |_, inst| {
                if let Op::Binary { op: mir::BinaryOp::Smin, lhs, rhs } = entry.insts[inst].op {
                    chain += usize::from(params.contains(&lhs) || params.contains(&rhs));
                }
            });
        }
    });
    assert_eq!(chain, 1, "{}", print::module(&module));
}

/// What only the first or the last iteration does, no other asks for: the rest are vector loops.
#[test]
fn ends_of_loops_stand_alone() {
    for body in [
        "if i == 0:\n            out[i] = a[i]\n        else:\n            out[i] = a[i] - a[i - 1]",
        "out[i] = a[i] - (a[i - 1] if i > 0 else 0.0)",
        "out[i] = (a[i - 1] if i >= 1 else 0.0) + (a[i + 1] if i < n - 1 else 0.0)",
        "if i != n - 1:\n            out[i] = a[i + 1]",
    ] {
        let module = optimized(&format!(
            "# args: float64[::1], float64[::1]\ndef f(a, out):\n    n = len(a)\n    for i in range(n):\n        {body}\n"
        ));
        let text = print::module(&module);
        assert!(text.contains(" vector {"), "{text}");
        let entry = &module.funcs.items[0];
        walk::for_each_inst(entry, entry.body, &mut |_, inst| {
            if let Op::For { body, mode: LoopMode::Vector { .. }, .. } = entry.insts[inst].op {
                walk::for_each_inst(entry, body, &mut |_, inst| {
                    assert!(!matches!(entry.insts[inst].op, Op::If { .. } | Op::Select { .. }), "{text}");
                });
            }
        });
    }
}

/// Arguments that change places are held by the caller all the time; a new array among them is not.
#[test]
fn arguments_are_not_held_again() {
    let program = |fresh: &str| {
        let text = format!(
            "# args: int64[::1], int64[::1], int\ndef f(a, b, n):\n    {fresh}\n    for i in range(n):\n        a[0] += i\n        a, b = b, a\n    return a[0]\n"
        );
        print::module(&optimized(&text))
    };
    let plain = program("pass");
    assert!(!plain.contains("Retain") && !plain.contains("owner"), "{plain}");
    let fresh = program("b = a.copy()");
    assert!(fresh.contains("Retain") && fresh.contains("owner_set"), "{fresh}");
}

/// An element of an array that does not change comes out of a loop that stores only to arrays of the
/// function's own.
#[test]
fn own_arrays_are_apart() {
    let module = optimized(
        "import numpy as np\n\ndef f(a: \"int64[::1]\", n: \"int\", k: \"int\"):\n    b = np.zeros(n, dtype=np.int64)\n    for i in range(len(a)):\n        for j in range(n):\n            b[j] += a[i]\n    return b[k]\n",
    );
    let entry = &module.funcs.items[0];
    let mut deepest = Vec::new();
    walk::for_each_region(entry, entry.body, &mut |region| {
        for inst in &entry.regions[region].insts {
            if let Op::For { body, .. } = entry.insts[*inst].op
                && !walk::has_loop(entry, body)
                && entry.regions[body]
                    .insts
                    .iter()
                    .any(|inst| matches!(entry.insts[*inst].op, Op::Store { .. }))
            {
                let loads = |inst: &&mir::Inst| matches!(entry.insts[**inst].op, Op::Load { .. });
                deepest.push(entry.regions[body].insts.iter().filter(loads).count());
            }
        }
    });
    assert!(!deepest.is_empty() && deepest.iter().all(|loads| *loads == 1), "{}", print::module(&module));
}

/// Which type a sum has does not have to be carried along: it is known before the loop.
#[test]
fn constants_that_loops_leave() {
    let module = optimized(
        "def f(a: \"float64[:, ::1]\"):\n    best = 0.0\n    for i in range(a.shape[0]):\n        s = 0.0\n        for j in range(a.shape[1]):\n            s += a[i, j]\n        if s > best:\n            best = s\n    return best\n",
    );
    let entry = &module.funcs.items[0];
    walk::for_each_inst(entry, entry.body, &mut |_, inst| {
        if let Op::For { init, body, .. } = &entry.insts[inst].op
            && !walk::has_loop(entry, *body)
        {
            // (Four rows at a time, then the others.)
            assert!(matches!(init.len(), 1 | 4), "{}", print::module(&module));
        }
    });
}

/// As for a call that can start again where its arrays overlap.
fn for_arrays_apart(program: &str) -> (Module, String) {
    let module = optimized_with(program, Options { fast_only: true, ..Options::default() });
    let text = print::module(&module);
    (module, text)
}

/// Carried values of the innermost loops, in order, and how often there is a store in one.
fn innermost_loops(module: &Module) -> (Vec<usize>, usize) {
    let (mut carried, mut stores) = (Vec::new(), 0);
    for func in &module.funcs.items {
        walk::for_each_inst(func, func.body, &mut |_, inst| {
            if let Op::For { init, body, .. } = &func.insts[inst].op
                && !walk::has_loop(func, *body)
            {
                carried.push(init.len());
                walk::for_each_inst(func, *body, &mut |_, inst| {
                    stores += usize::from(matches!(func.insts[inst].op, Op::Store { .. }));
                });
            }
        });
    }
    (carried, stores)
}

const THREE: &str = "a: \"float64[:, ::1]\", b: \"float64[:, ::1]\", c: \"float64[:, ::1]\"";

/// Nothing is tested loop by loop where one test in front says that the arrays are apart.
#[test]
fn arrays_are_apart() {
    let (module, text) = for_arrays_apart(&format!(
        "def f({THREE}):\n    for i in range(c.shape[0]):\n        for j in range(c.shape[1]):\n            c[i, j] = a[i, j] + b[i, j]\n"
    ));
    assert_eq!(count(&module, |op| matches!(op, Op::If { .. })), 0, "{text}");
    assert_eq!(count(&module, |op| matches!(op, Op::For { mode: LoopMode::Vector { .. }, .. })), 1, "{text}");
    let any =
        |op: &Op| matches!(op, Op::Load { mem: mir::MEM_ANY, .. } | Op::Store { mem: mir::MEM_ANY, .. });
    assert_eq!(count(&module, any), 0, "{text}");
}

/// Sums that the program keeps in an array stay in registers, four at a time.
#[test]
fn sums_in_memory() {
    let (module, text) = for_arrays_apart(&format!(
        "def f({THREE}):\n    for i in range(c.shape[0]):\n        for j in range(c.shape[1]):\n            for k in range(a.shape[1]):\n                c[i, j] += a[i, k] * b[k, j]\n"
    ));
    assert_eq!(innermost_loops(&module).1, 0, "{text}");
    assert_eq!(count(&module, |op| matches!(op, Op::Binary { op: mir::BinaryOp::Fadd, .. })), 5, "{text}");
}

/// Columns of the array that is read, four at a time, where no row meets one that is read.
#[test]
fn sums_of_rows_above() {
    for body in [
        "            for k in range(i):\n                a[i, j] -= a[i, k] * a[k, j]\n",
        "            w = a[i, j]\n            for k in range(i):\n                w -= a[i, k] * a[k, j]\n            a[i, j] = w\n",
    ] {
        let (module, text) = for_arrays_apart(&format!(
            "def f(a: \"float64[:, ::1]\"):\n    n = a.shape[0]\n    for i in range(n):\n        for j in range(i, n):\n{body}"
        ));
        let (carried, _) = innermost_loops(&module);
        assert!(carried.contains(&4) && carried.contains(&1), "{carried:?}\n{text}");
    }
}

/// Four rows are added to one, which is loaded and stored once.
#[test]
fn rows_added_to_one() {
    let (module, text) = for_arrays_apart(&format!(
        "def f({THREE}):\n    for i in range(c.shape[0]):\n        for k in range(a.shape[1]):\n            for j in range(c.shape[1]):\n                c[i, j] += a[i, k] * b[k, j]\n"
    ));
    let (carried, _) = innermost_loops(&module);
    assert_eq!(carried, vec![0, 0], "{text}");
    let products = |op: &Op| matches!(op, Op::Binary { op: mir::BinaryOp::Fmul, .. });
    assert_eq!(count(&module, products), 5, "{text}");
}

/// Iterations that need each other's results are not taken together.
#[test]
fn rows_that_need_each_other() {
    for body in [
        // A sum over everything.
        "    s = 0.0\n    for i in range(a.shape[0]):\n        for j in range(a.shape[1]):\n            s += a[i, j]\n    b[0, 0] = s\n",
        // What the row before has stored.
        "    for i in range(1, a.shape[0]):\n        s = b[i - 1, 0]\n        for j in range(a.shape[1]):\n            s += a[i, j]\n        b[i, 0] = s\n",
        // Bounds that change.
        "    for i in range(a.shape[0]):\n        s = 0.0\n        for j in range(i):\n            s += a[i, j]\n        b[i, 0] = s\n",
    ] {
        let (module, text) = for_arrays_apart(&format!("def f({THREE}):\n{body}"));
        assert_eq!(innermost_loops(&module).0, vec![1], "{text}");
    }
}

/// The mask of a generator is not on the way from one state to the next; after the loop it is.
#[test]
fn masks_behind_the_loop() {
    let module = optimized(
        "def f(n: \"int\", seed: \"int\"):\n    state = 7\n    for _ in range(n):\n        state = (state * 1103515245 + 12345) & 0x7FFFFFFF\n    return state\n",
    );
    let entry = &module.funcs.items[0];
    let is_mask = |op: &Op| matches!(op, Op::Binary { op: mir::BinaryOp::Band, .. });
    let outside = entry.regions[entry.body].insts.iter().filter(|inst| is_mask(&entry.insts[**inst].op));
    assert_eq!((count(&module, is_mask), outside.count()), (1, 1), "{}", print::module(&module));
}

/// Short loops between constants are written out, `continue` and all.
#[test]
fn short_loops_are_written_out() {
    let loops = |text: &str| {
        let module = optimized(text);
        count(&module, |op| matches!(op, Op::For { .. } | Op::Loop { .. }))
    };
    let rows = "def f(a: \"float64[:, ::1]\"):\n    s = 0.0\n    for i in range(a.shape[0]):\n        for k in range(3):\n            if a[i, k] < 0.0:\n                continue\n            s += a[i, k]\n    return s\n";
    assert_eq!(loops(rows), 2, "the loop over the rows, with checks and without");
    let long = "def f(x: \"float\"):\n    for k in range(100):\n        x = x * 0.5 + 1.0\n    return x\n";
    assert_eq!(loops(long), 1);
}

/// Remainders stay below their divisor whatever the loop carries.
#[test]
fn sums_of_remainders() {
    check_free(
        "def f(a: \"uint8[::1]\"):\n    s = 1\n    t = 0\n    for i in range(len(a)):\n        s = (s + int(a[i])) % 65521\n        t = (t + s) % 65521\n    return (t & 65535) * 65536 + s\n",
    );
}

/// `j` starts at the last element, of which there is one in the loop.
#[test]
fn neighbours_around_a_ring() {
    check_free(
        "def f(a: \"float64[::1]\"):\n    s = 0.0\n    j = len(a) - 1\n    for i in range(len(a)):\n        s += a[i] * a[j]\n        j = i\n    return s\n",
    );
}

/// What hardly differs in type is one value in the machine.
#[test]
fn equal_results_are_one() {
    let module = optimized(
        "def g(x: \"float\"):\n    if x < 0.0:\n        return -1.0, -1.0\n    return x * 2.0, x * 2.0\ndef f(x: \"float\"):\n    a, b = g(x)\n    return a - b\n",
    );
    let entry = &module.funcs.items[0];
    walk::for_each_inst(entry, entry.body, &mut |_, inst| {
        let results = entry.insts[inst].results.len();
        assert!(results < 2, "{}", print::module(&module));
    });
}

/// Digits add up to less than what can be counted in a lifetime.
#[test]
fn sums_of_digits() {
    check_free(
        "def f(n: \"int\"):\n    total = 0\n    if n > 0:\n        while n > 0:\n            total += n % 10\n            n //= 10\n    return total\n",
    );
}

/// Sequences of loops in one iteration, recursions along rows and columns: iterations are taken together
/// where what they store lies apart, which is tested where it is known at run time only.
#[test]
fn several_loops_in_an_iteration() {
    let params = "a: \"float64[:, ::1]\", x: \"float64[::1]\", y: \"float64[::1]\"";
    let (module, text) = for_arrays_apart(&format!(
        "def f({params}):\n    for i in range(a.shape[0]):\n        s = 0.0\n        for j in range(a.shape[1]):\n            s += a[i, j] * x[j]\n        for j in range(a.shape[1]):\n            y[j] += a[i, j] * s\n"
    ));
    assert_eq!(innermost_loops(&module).0, vec![4, 0, 1, 0], "{text}");
    for index in ["i, j", "j, i"] {
        let (module, text) = for_arrays_apart(&format!(
            "def f({params}):\n    for i in range(len(x)):\n        s = x[i]\n        for j in range(len(y)):\n            s = 0.5 * s + a[{index}]\n            a[{index}] = s\n"
        ));
        let (carried, stores) = innermost_loops(&module);
        assert_eq!((carried.len(), stores), (2, 5), "{text}");
        assert_eq!(count(&module, |op| matches!(op, Op::Select { .. })), 1, "{text}");
    }
}

#[test]
fn domains_that_the_program_keeps() {
    check_free(
        "# args: float64[::1], float64[::1], float64[::1]
import math
def f(x, y, out):
    for i in range(min(len(x), len(y), len(out))):
        dx = x[i] - 1.0
        dy = y[i] - 2.0
        out[i] = math.sqrt(dx * dx + dy * dy + 0.01) + math.log(1.0 + abs(x[i]))
",
    );
    check_free(
        "# args: float64[::1], float64[::1]
import math
def f(x, out):
    for i in range(min(len(x), len(out))):
        if x[i] > 0.0:
            out[i] = math.log(x[i])
        else:
            out[i] = math.acos(max(-1.0, min(1.0, x[i])))
",
    );
    let (left, text) = left(
        "# args: float64[::1], float64[::1]
import math
def f(x, out):
    for i in range(min(len(x), len(out))):
        out[i] = math.log(x[i] * x[i]) + math.sqrt(x[i] - 1.0)
",
    );
    assert_eq!(left.guards, 2, "{text}");
}

/// Loops that halve or double something need no interrupt poll; others do.
#[test]
fn loops_that_end_soon() {
    let few = |program: &str| {
        let module = optimized(program);
        let entry = &module.funcs.items[0];
        let mut limits = Vec::new();
        walk::for_each_inst(entry, entry.body, &mut |_, inst| {
            if let Op::Loop { body, .. } = entry.insts[inst].op {
                limits.push(entry.regions[body].limit);
            }
        });
        (limits, print::module(&module))
    };
    let search = "def f(a: \"float64[::1]\", x: \"float\"):\n    lo = 0\n    hi = len(a)\n    while lo < hi:\n        mid = (lo + hi) // 2\n        if a[mid] < x:\n            lo = mid + 1\n        else:\n            hi = mid\n    return lo\n";
    let other = "    while lo <= hi:\n        mid = lo + (hi - lo) // 2\n        if a[mid] == x:\n            return mid\n        if a[mid] < x:\n            lo = mid + 1\n        else:\n            hi = mid - 1\n    return -1\n";
    for program in [
        search,
        &format!("def f(a: \"int64[::1]\", x: \"int\"):\n    lo = 0\n    hi = len(a) - 1\n{other}"),
        "def f(n: \"int\"):\n    s = 0\n    while n > 0:\n        s ^= n % 10\n        n //= 10\n    return s\n",
        "def f(n: \"int64\"):\n    s = 1.0\n    while n:\n        n &= n - 1\n        s *= 2.0\n    return s\n",
        "def f(n: \"int\"):\n    s = 0.0\n    for k in range(1, n):\n        a, b = n, k\n        while b:\n            a, b = b, a % b\n        s += a\n    return s\n",
        "def f(a: \"float64[::1]\"):\n    root = 0\n    while 2 * root + 1 < len(a):\n        child = 2 * root + 1\n        if child + 1 < len(a) and a[child] < a[child + 1]:\n            child += 1\n        if a[root] >= a[child]:\n            return child\n        root = child\n    return root\n",
    ] {
        let (limits, text) = few(program);
        assert_eq!(limits, vec![Some(mir::Limit::Few)], "{text}");
    }
    for program in [
        // Three times as much and one more.
        "def f(n: \"int\"):\n    s = 1.0\n    while n != 1:\n        n = n // 2 if n % 2 == 0 else 3 * n + 1\n        s *= 2.0\n    return s\n",
        // The middle is never left behind; a negative number never comes to zero.
        &search.replace("mid + 1", "mid"),
        "def f(n: \"int\"):\n    s = 1.0\n    while n != 0:\n        s *= 0.5\n        n >>= 1\n    return s\n",
    ] {
        let (limits, text) = few(program);
        assert_eq!(limits, vec![None], "{text}");
    }
}

/// A loop that counts down polls between strips, in which its test stands at the end.
#[test]
fn loops_that_count_down_run_in_strips() {
    for step in [1, 3] {
        let module = optimized(&format!(
            "def f(a: \"float64[::1]\", x: \"float\"):\n    j = len(a) - 1\n    while j >= 0 and a[j] > x:\n        a[j] = x\n        j -= {step}\n    return j\n"
        ));
        let text = print::module(&module);
        assert!(text.contains(" strip {"), "{text}");
        assert_eq!(count(&module, |op| matches!(op, Op::Loop { .. })), 2, "{text}");
    }
}

/// What a mask leaves is tested once, against the mask.
#[test]
fn masked_places_are_not_checked() {
    let lookup = "def f(a: \"int64[::1]\", b: \"int64[::1]\", m: \"int\"):\n    for i in range(len(a)):\n        b[a[i] & m] += 1\n";
    let probing = "def f(a: \"int64[::1]\", b: \"int64[::1]\"):\n    m = len(b) - 1\n    for i in range(len(a)):\n        k = a[i] & m\n        while b[k] != 0:\n            k = (k + 1) & m\n        b[k] = a[i]\n";
    for program in [lookup, &lookup.replace("& m", "% 16"), probing] {
        let module = optimized(program);
        let entry = &module.funcs.items[0];
        let mut left = Left::default();
        // The copy with the checks comes second.
        let mut fast = true;
        walk::for_each_inst(entry, entry.body, &mut |_, inst| {
            if let Op::For { body, .. } = entry.insts[inst].op
                && std::mem::take(&mut fast)
            {
                innermost(entry, body, &mut left);
                walk::for_each_inst(entry, body, &mut |_, inst| {
                    left.guards += usize::from(matches!(entry.insts[inst].op, Op::Guard { .. }));
                });
            }
        });
        assert_eq!((fast, left.guards), (false, 0), "{}", print::module(&module));
    }
}

/// What one way decides of a choice of floats is not tested again behind it.
#[test]
fn choices_are_made_where_they_are_decided() {
    let module = optimized(
        "def f(n: \"int\", x: \"float\", d: \"float\"):\n    t = 0.0\n    for i in range(n):\n        y = x * d\n        if y > 1.0 or math.exp(y) > d:\n            x = y\n        t += x\n    return t\n",
    );
    let text = print::module(&module);
    let chosen = text.lines().filter(|line| line.contains(": bool = if ")).count();
    assert_eq!((chosen, count(&module, |op| matches!(op, Op::Select { .. }))), (0, 1), "{text}");
}

/// Checks of a counter are done once in front of a strip, in which there are none.
#[test]
fn searches_check_nothing_in_strips() {
    let up = "def f(a: \"float64[::1]\", k: \"int\", x: \"float\"):\n    while a[k] < x:\n        k += 1\n    return k\n";
    let insertion = "def f(a: \"float64[::1]\", k: \"int\", x: \"float\"):\n    while k > 0 and a[k - 1] > x:\n        a[k] = a[k - 1]\n        k -= 1\n";
    let from_zero = "def f(a: \"float64[::1]\", b: \"float64[::1]\", x: \"float\"):\n    k = 0\n    while a[k] != x:\n        b[k] = x\n        k += 1\n";
    for program in [up, &up.replace("+= 1", "-= 2"), insertion, from_zero] {
        let module = optimized(program);
        let text = print::module(&module);
        let entry = &module.funcs.items[0];
        let mut left = Left::default();
        innermost(entry, entry.body, &mut left);
        assert_eq!((left.loops, left.guards), (1, 0), "{text}");
        assert!(text.contains(" strip {"), "{text}");
    }
}

/// The element at which a search stops is at hand behind it, and so is the check of its index.
#[test]
fn what_a_search_has_found() {
    let module = optimized(
        "def f(a: \"int64[::1]\", k: \"int\", x: \"int\"):\n    while a[k] != x and a[k] != 0:\n        k += 2\n    return a[k] == x\n",
    );
    let entry = &module.funcs.items[0];
    for inst in &entry.regions[entry.body].insts {
        let again = matches!(entry.insts[*inst].op, Op::Load { .. } | Op::Guard { .. });
        assert!(!again, "{}", print::module(&module));
    }
}
