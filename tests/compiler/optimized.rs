//! Checks cost nothing where the program itself shows that they cannot fail: what is left of the loops of
//! common kernels after the passes.

use crate::program;
use fastjit::mir::{self, Function, LoopMode, Module, Op, Region, print, walk};
use fastjit::options::Options;
use fastjit::{infer, lower, opt};

/// The module after all passes but outlining, so that parallel loops are still loops.
fn optimized(program: &str) -> Module {
    let options = Options::default();
    let file = program::read("kernel.py", program);
    let (entry, params) = file.entry();
    let typed = match infer::infer(&file.env(entry), &params, &options) {
        Ok(typed) => typed,
        Err(diagnostic) => panic!("{}", diagnostic.message),
    };
    let mut module = lower::lower(&typed, &options);
    for pass in opt::PIPELINE {
        if pass.name != "outline" {
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
