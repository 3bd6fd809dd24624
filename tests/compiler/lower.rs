//! What lowering decides statically: which failures are left to the interpreter and which are raised, and
//! what control flow carries.

use crate::program;
use fastjit::abi::SiteArg;
use fastjit::infer;
use fastjit::lower;
use fastjit::mir::{Fail, Func, Module, Op, verify};
use fastjit::options::Options;

fn lowered(text: &str) -> Module {
    let options = Options::default();
    let read = program::read("test.py", text);
    let (entry, params) = read.entry();
    let typed = infer::infer(&read.env(entry), &params, &options).unwrap_or_else(|error| panic!("{error:?}"));
    let module = lower::lower(&typed, &options);
    verify::verify(&module).unwrap_or_else(|errors| panic!("{errors}"));
    module
}

/// Guards of a function whose message starts with the text.
fn guards(module: &Module, func: u32, text: &str) -> Vec<Fail> {
    let insts = &module.funcs[Func(func)].insts.items;
    let guards = insts.iter().filter_map(|inst| match &inst.op {
        Op::Guard { fail, .. } => Some(fail.clone()),
        _ => None,
    });
    guards
        .filter(|fail| match module.sites[fail.site].args.first() {
            Some(SiteArg::Text(message, _)) => message.starts_with(text),
            _ => false,
        })
        .collect()
}

/// For each overflow guard of the function, in order: is it left to the interpreter?
fn overflows(module: &Module, func: u32) -> Vec<bool> {
    guards(module, func, "integer overflow").iter().map(|fail| fail.deopt).collect()
}

#[test]
fn before_a_store_the_interpreter_answers() {
    let module =
        lowered("# args: int64[::1], int\ndef f(a, n):\n    m = n * n\n    a[0] = 1\n    return m * n\n");
    assert_eq!(overflows(&module, 0), [true, false]);
}

#[test]
fn a_loop_with_a_store_is_after_it_from_its_start() {
    let module = lowered(
        "# args: int64[::1], int\ndef f(a, n):\n    x = n\n    for i in range(3):\n        x = x * n\n        a[i] = 1\n    return x\n",
    );
    assert_eq!(overflows(&module, 0), [false]);
}

#[test]
fn stores_to_own_memory_are_invisible() {
    let module = lowered(
        "# args: int\ndef f(n):\n    a = np.zeros(3)\n    b = a[1:]\n    b[0] = 1.0\n    return a, n * n\n",
    );
    assert_eq!(overflows(&module, 0), [true]);
}

#[test]
fn one_arm_does_not_taint_the_other() {
    let module = lowered(
        "# args: int64[::1], int\ndef f(a, n):\n    if n > 3:\n        a[0] = 1\n        return n * n\n    return n * n * n\n",
    );
    assert_eq!(overflows(&module, 0), [false, true, true]);
}

#[test]
fn a_store_in_one_arm_taints_what_follows() {
    let module = lowered(
        "# args: int64[::1], int\ndef f(a, n):\n    if n > 3:\n        a[0] = 1\n    else:\n        n = n * n\n    return n * 3\n",
    );
    assert_eq!(overflows(&module, 0), [true, false]);
}

#[test]
fn a_callee_that_fills_fresh_memory_has_no_effect() {
    let module = lowered(
        "# args: int\ndef f(n):\n    a = np.zeros(4)\n    fill(a)\n    return a, n * n\n\n\ndef fill(a):\n    a[0] = 1.0\n",
    );
    assert_eq!(overflows(&module, 0), [true]);
}

#[test]
fn a_callee_that_fills_an_argument_has_one() {
    let module = lowered(
        "# args: float64[::1], int\ndef f(a, n):\n    fill(a)\n    return n * n\n\n\ndef fill(a):\n    a[0] = 1.0\n",
    );
    assert_eq!(overflows(&module, 0), [false]);
}

#[test]
fn a_call_after_an_effect_says_so() {
    let module = lowered(
        "# args: int\ndef f(n):\n    a = g(n)\n    print(a)\n    return g(a)\n\n\ndef g(n):\n    return n * n\n",
    );
    let calls = module.funcs[Func(0)].insts.items.iter().filter_map(|inst| match &inst.op {
        Op::Call { after_effect, .. } => Some(*after_effect),
        _ => None,
    });
    assert_eq!(calls.collect::<Vec<_>>(), [false, true]);
}

#[test]
fn low_bits_need_no_checks() {
    let module = lowered("# args: int, int\ndef f(x, y):\n    return (x * 31 + (y << 7) - x * y) & 0xFFFF\n");
    assert_eq!(overflows(&module, 0), [] as [bool; 0]);
    let module = lowered("# args: int\ndef f(x):\n    return (x * 31 + 7) % 4096\n");
    assert_eq!(overflows(&module, 0), [] as [bool; 0]);
    let module = lowered("# args: int\ndef f(x):\n    return (x * 31 + 7) % 4095\n");
    assert_eq!(overflows(&module, 0), [true, true]);
}

#[test]
fn loops_carry_what_is_needed_and_no_more() {
    let module = lowered(
        "# args: int\ndef f(n):\n    total = 0.0\n    for i in range(n):\n        half = i * 0.5\n        square = half * half\n        total += square\n    return total\n",
    );
    let loops = module.funcs[Func(0)].insts.items.iter().filter_map(|inst| match &inst.op {
        Op::For { init, .. } => Some(init.len()),
        _ => None,
    });
    assert_eq!(loops.collect::<Vec<_>>(), [1]);
}

#[test]
fn messages_quote_the_expression() {
    let module = lowered("# args: int, int\ndef f(abc, d):\n    return abc  *  d\n");
    assert_eq!(guards(&module, 0, "integer overflow: the result of `abc * d`").len(), 1);
}
