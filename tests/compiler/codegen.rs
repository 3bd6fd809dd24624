//! Machine code against what MIR means: modules built by hand, emitted, loaded and run.

use fastjit::abi::{self, Context, ExcKind, Site, SourcePos, Ty, status};
use fastjit::builtin::MathFn;
use fastjit::codegen;
use fastjit::load::{self, Executable};
use fastjit::mir::build::{Builder, at, indexed};
use fastjit::mir::{
    BinaryOp, CheckedOp, Cond, ConvertOp, End, Fail, Func, Function, LoopMode, MEM_ANY, Module, Op,
    RuntimeFn, SiteId, Table, UnaryOp, Value,
};
use fastjit::options::Options;
use fastjit::types::Type;
use std::sync::atomic::AtomicU32;

static NO_INTERRUPT: AtomicU32 = AtomicU32::new(0);

fn site() -> Site {
    Site { exc: Some(ExcKind::Value), args: Vec::new(), frames: vec![SourcePos::default()] }
}

fn module(funcs: Vec<Function>) -> Module {
    let mut table = Table::default();
    for func in funcs {
        table.push(func);
    }
    let mut sites = Table::default();
    for _ in 0..4 {
        sites.push(site());
    }
    Module { funcs: table, sites, sources: 1, hidden: Vec::new() }
}

fn compile(module: &Module) -> Executable {
    let object = codegen::emit(module, &[], &Type::None, &[], &Options::default());
    load::load(object).unwrap()
}

fn context() -> Context {
    Context {
        interrupt: &NO_INTERRUPT,
        hidden: std::ptr::null(),
        stack_limit: 0,
        site: u32::MAX,
        trace_len: 0,
        payload: [0; abi::PAYLOAD_WORDS],
        trace: [0; abi::TRACE_SITES],
        border: std::ptr::null_mut(),
    }
}

/// Runs the code; results, or the context of a failure.
fn run(exe: &Executable, args: &[u64]) -> Result<Vec<u64>, (i32, Box<Context>)> {
    let mut results = vec![0; 8];
    let mut ctx = Box::new(context());
    let status = unsafe { (exe.entry)(&mut *ctx, args.as_ptr(), results.as_mut_ptr()) };
    if status == status::OK { Ok(results) } else { Err((status, ctx)) }
}

fn one(exe: &Executable, args: &[u64]) -> u64 {
    run(exe, args).map_err(|(status, _)| status).unwrap()[0]
}

/// A function of one expression.
fn expression(params: &[Ty], result: Ty, body: impl FnOnce(&mut Builder, &[Value]) -> Value) -> Executable {
    let mut b = Builder::new("f", 0, params, vec![result]);
    let values = b.params(b.func.body).to_vec();
    let value = body(&mut b, &values);
    b.close(End::Return(vec![value]));
    compile(&module(vec![b.finish()]))
}

fn fail(site: u32, payload: Vec<Value>) -> Fail {
    Fail { deopt: false, site: SiteId(site), payload }
}

/// `for i in range(lo, hi): acc = step(i, acc)`.
fn counted(
    b: &mut Builder,
    lo: Value,
    hi: Value,
    init: Vec<Value>,
    step: impl FnOnce(&mut Builder, Value, &[Value]) -> Vec<Value>,
) -> Vec<Value> {
    let tys: Vec<Ty> = init.iter().map(|v| b.ty(*v)).collect();
    let inst = b.reserve();
    let mut params = vec![Ty::I64];
    params.extend(&tys);
    let (_, values) = b.open(&params);
    let next = step(b, values[0], &values[1..]);
    let body = b.close(End::Yield(next));
    b.place(inst, Op::For { lo, hi, init, body, mode: LoopMode::Serial }, &tys)
}

#[test]
fn arithmetic_of_integers() {
    let samples = [0, 1, -1, 2, 3, -3, 7, 8, -8, 100, -100, i64::MAX, i64::MIN + 1, i64::MIN];
    for op in [
        BinaryOp::Iadd,
        BinaryOp::Isub,
        BinaryOp::Imul,
        BinaryOp::Sdiv,
        BinaryOp::Srem,
        BinaryOp::Udiv,
        BinaryOp::Urem,
        BinaryOp::FloorDiv,
        BinaryOp::FloorMod,
        BinaryOp::Smin,
        BinaryOp::Umax,
        BinaryOp::Smulhi,
        BinaryOp::Umulhi,
    ] {
        let meaning = |a: i64, b: i64| match op {
            BinaryOp::Iadd => a.wrapping_add(b),
            BinaryOp::Isub => a.wrapping_sub(b),
            BinaryOp::Imul => a.wrapping_mul(b),
            BinaryOp::Sdiv => a / b,
            BinaryOp::Srem => a % b,
            BinaryOp::Udiv => (a as u64 / b as u64) as i64,
            BinaryOp::Urem => (a as u64 % b as u64) as i64,
            BinaryOp::FloorDiv => {
                let exact = i128::from(a).div_euclid(i128::from(b));
                let floor =
                    if b < 0 && i128::from(a).rem_euclid(i128::from(b)) != 0 { exact - 1 } else { exact };
                floor as i64
            }
            BinaryOp::FloorMod => {
                let rest = i128::from(a).rem_euclid(i128::from(b));
                (if rest != 0 && b < 0 { rest + i128::from(b) } else { rest }) as i64
            }
            BinaryOp::Smin => a.min(b),
            BinaryOp::Umax => (a as u64).max(b as u64) as i64,
            BinaryOp::Smulhi => ((i128::from(a) * i128::from(b)) >> 64) as i64,
            BinaryOp::Umulhi => ((u128::from(a as u64) * u128::from(b as u64)) >> 64) as i64,
            _ => unreachable!(),
        };
        let divides = matches!(
            op,
            BinaryOp::Sdiv
                | BinaryOp::Srem
                | BinaryOp::Udiv
                | BinaryOp::Urem
                | BinaryOp::FloorDiv
                | BinaryOp::FloorMod
        );
        let general = expression(&[Ty::I64, Ty::I64], Ty::I64, |b, v| b.binary(op, v[0], v[1]));
        for y in samples {
            let constant = expression(&[Ty::I64], Ty::I64, |b, v| {
                let k = b.i64(if divides && y == 0 { 1 } else { y });
                b.binary(op, v[0], k)
            });
            for x in samples {
                if divides && (y == 0 || (x == i64::MIN && y == -1)) {
                    continue;
                }
                let expected = meaning(x, y);
                assert_eq!(one(&general, &[x as u64, y as u64]) as i64, expected, "{x} {op:?} {y}");
                assert_eq!(one(&constant, &[x as u64]) as i64, expected, "{x} {op:?} constant {y}");
            }
        }
    }
}

#[test]
fn narrow_division_rounds_down() {
    for (ty, bits) in [(Ty::I8, 8), (Ty::I16, 16), (Ty::I32, 32)] {
        for op in [BinaryOp::FloorDiv, BinaryOp::FloorMod, BinaryOp::Srem] {
            let general = expression(&[ty, ty], ty, |b, v| b.binary(op, v[0], v[1]));
            for x in [-128i64, -127, -7, -1, 0, 1, 5, 127] {
                for y in [-128i64, -7, -1, 1, 2, 3, 8, 127] {
                    if x == -(1 << (bits - 1)) && y == -1 {
                        continue;
                    }
                    let floor = (x as f64 / y as f64).floor() as i64;
                    let expected = match op {
                        BinaryOp::FloorDiv => floor,
                        BinaryOp::FloorMod => x - floor * y,
                        _ => x % y,
                    };
                    let got = one(&general, &[x as u64, y as u64]) as i64;
                    assert_eq!(got, expected, "{x} {op:?} {y} in {bits} bits");
                }
            }
        }
    }
}

#[test]
fn checked_arithmetic_says_when_it_overflows() {
    let samples = [0, 1, -1, 2, -2, 1 << 32, -(1 << 32), i64::MAX, i64::MAX - 1, i64::MIN, i64::MIN + 1];
    for op in [CheckedOp::Add, CheckedOp::Sub, CheckedOp::Mul] {
        let exact = |a: i64, b: i64| match op {
            CheckedOp::Add => a.checked_add(b),
            CheckedOp::Sub => a.checked_sub(b),
            CheckedOp::Mul => a.checked_mul(b),
        };
        let build = |b: &mut Builder, x: Value, y: Value| {
            let (value, overflow) = b.checked(op, x, y);
            let ok = b.not(overflow);
            b.guard(ok, fail(2, vec![x, y]));
            value
        };
        let general = expression(&[Ty::I64, Ty::I64], Ty::I64, |b, v| build(b, v[0], v[1]));
        for y in samples {
            let right = expression(&[Ty::I64], Ty::I64, |b, v| {
                let k = b.i64(y);
                build(b, v[0], k)
            });
            let left = expression(&[Ty::I64], Ty::I64, |b, v| {
                let k = b.i64(y);
                build(b, k, v[0])
            });
            for x in samples {
                for (exe, args, expected) in [
                    (&general, vec![x as u64, y as u64], exact(x, y)),
                    (&right, vec![x as u64], exact(x, y)),
                    (&left, vec![x as u64], exact(y, x)),
                ] {
                    match (run(exe, &args), expected) {
                        (Ok(results), Some(value)) => assert_eq!(results[0] as i64, value),
                        (Err((status::RAISE, ctx)), None) => assert_eq!(ctx.site, 2),
                        (got, _) => panic!("{x} {op:?} {y}: {:?}", got.map_err(|e| e.0)),
                    }
                }
            }
        }
    }
}

#[test]
fn comparison_of_floats_knows_nan() {
    let samples = [0.0, -0.0, 1.0, -1.5, f64::INFINITY, f64::NAN];
    type Meaning = fn(f64, f64) -> bool;
    let conds: [(Cond, Meaning); 6] = [
        (Cond::Feq, |a, b| a == b),
        (Cond::Fne, |a, b| a != b),
        (Cond::Flt, |a, b| a < b),
        (Cond::Fle, |a, b| a <= b),
        (Cond::Fgt, |a, b| a > b),
        (Cond::Fge, |a, b| a >= b),
    ];
    for (cond, meaning) in conds {
        let plain = expression(&[Ty::F64, Ty::F64], Ty::Bool, |b, v| b.compare(cond, v[0], v[1]));
        let inverted = expression(&[Ty::F64, Ty::F64], Ty::Bool, |b, v| {
            let c = b.compare(cond, v[0], v[1]);
            b.not(c)
        });
        // Through a branch on the inverted condition.
        let branch = expression(&[Ty::F64, Ty::F64], Ty::I64, |b, v| {
            let c = b.compare(cond, v[0], v[1]);
            let not = b.not(c);
            b.open(&[]);
            let zero = b.i64(0);
            let then = b.close(End::Yield(vec![zero]));
            b.open(&[]);
            let one = b.i64(1);
            let orelse = b.close(End::Yield(vec![one]));
            b.if_(not, then, orelse, &[Ty::I64])[0]
        });
        for x in samples {
            for y in samples {
                let args = [x.to_bits(), y.to_bits()];
                let expected = meaning(x, y);
                assert_eq!(one(&plain, &args), u64::from(expected), "{x} {cond:?} {y}");
                assert_eq!(one(&inverted, &args), u64::from(!expected), "not {x} {cond:?} {y}");
                assert_eq!(one(&branch, &args), u64::from(expected), "if {x} {cond:?} {y}");
            }
        }
    }
}

#[test]
fn conversions() {
    for x in [0.0, -0.0, 1.9, -1.9, 127.0, 128.0, -129.0, 255.5, 256.0, 1e10, -1e10, 1e30, -1e30, f64::NAN] {
        for (ty, low) in [
            (Ty::I8, i64::from(x as i8)),
            (Ty::I16, i64::from(x as i16)),
            (Ty::I32, i64::from(x as i32)),
            (Ty::I64, x as i64),
        ] {
            let exe = expression(&[Ty::F64], ty, |b, v| b.convert(ConvertOp::FloatToSint, v[0], ty));
            assert_eq!(one(&exe, &[x.to_bits()]) as i64, low, "{x} to {ty:?}");
        }
        for (ty, wide) in [
            (Ty::I8, u64::from(x as u8)),
            (Ty::I16, u64::from(x as u16)),
            (Ty::I32, u64::from(x as u32)),
            (Ty::I64, x as u64),
        ] {
            let exe = expression(&[Ty::F64], Ty::I64, |b, v| {
                let narrow = b.convert(ConvertOp::FloatToUint, v[0], ty);
                if ty == Ty::I64 { narrow } else { b.convert(ConvertOp::Zext, narrow, Ty::I64) }
            });
            assert_eq!(one(&exe, &[x.to_bits()]), wide, "{x} to unsigned {ty:?}");
        }
    }
    for x in [0, 1, -1, 200, -200, i64::MAX, i64::MIN] {
        let sint = expression(&[Ty::I64], Ty::F64, |b, v| b.convert(ConvertOp::SintToFloat, v[0], Ty::F64));
        let uint = expression(&[Ty::I64], Ty::F64, |b, v| b.convert(ConvertOp::UintToFloat, v[0], Ty::F64));
        let byte = expression(&[Ty::I64], Ty::F32, |b, v| {
            let byte = b.convert(ConvertOp::Trunc, v[0], Ty::I8);
            b.convert(ConvertOp::UintToFloat, byte, Ty::F32)
        });
        let bit = expression(&[Ty::I64], Ty::Bool, |b, v| b.convert(ConvertOp::Trunc, v[0], Ty::Bool));
        assert_eq!(f64::from_bits(one(&sint, &[x as u64])), x as f64);
        assert_eq!(f64::from_bits(one(&uint, &[x as u64])), x as u64 as f64);
        assert_eq!(f32::from_bits(one(&byte, &[x as u64]) as u32), f32::from(x as u8));
        assert_eq!(one(&bit, &[x as u64]), x as u64 & 1);
    }
}

#[test]
fn mathematics() {
    let x = 0.7f64;
    let y = 2.3f64;
    type Unary = fn(f64) -> f64;
    let unary: [(MathFn, Unary); 8] = [
        (MathFn::Sqrt, f64::sqrt),
        (MathFn::Floor, f64::floor),
        (MathFn::Rint, f64::round_ties_even),
        (MathFn::Exp, f64::exp),
        (MathFn::Log, f64::ln),
        (MathFn::Sin, f64::sin),
        (MathFn::Tanh, f64::tanh),
        (MathFn::Cbrt, f64::cbrt),
    ];
    for (func, meaning) in unary {
        let exe = expression(&[Ty::F64], Ty::F64, |b, v| b.math(func, vec![v[0]]));
        assert_eq!(f64::from_bits(one(&exe, &[x.to_bits()])), meaning(x), "{func:?}");
    }
    for (func, expected) in
        [(MathFn::Pow, x.powf(y)), (MathFn::Atan2, x.atan2(y)), (MathFn::CopySign, x), (MathFn::Fmod, x % y)]
    {
        let exe = expression(&[Ty::F64, Ty::F64], Ty::F64, |b, v| b.math(func, vec![v[0], v[1]]));
        assert_eq!(f64::from_bits(one(&exe, &[x.to_bits(), y.to_bits()])), expected, "{func:?}");
    }
    let exe = expression(&[Ty::F32], Ty::F32, |b, v| b.math(MathFn::Exp, vec![v[0]]));
    assert_eq!(f32::from_bits(one(&exe, &[u64::from(0.7f32.to_bits())]) as u32), 0.7f32.exp());
    // Every function has an address.
    for func in MathFn::ALL {
        for ty in [Ty::F64, Ty::F32] {
            let exe = expression(&vec![ty; func.arity()], ty, |b, v| b.math(func, v.to_vec()));
            one(&exe, &vec![0; func.arity()]);
        }
    }
}

#[test]
fn loops_count() {
    let exe = expression(&[Ty::I64, Ty::I64], Ty::I64, |b, v| {
        let zero = b.i64(0);
        counted(b, v[0], v[1], vec![zero], |b, i, acc| vec![b.binary(BinaryOp::Iadd, acc[0], i)])[0]
    });
    for (lo, hi) in [(0i64, 0i64), (0, 1), (3, 2), (-5, 5), (0, 16384), (0, 16385), (7, 100_000)] {
        assert_eq!(one(&exe, &[lo as u64, hi as u64]) as i64, (lo..hi).sum::<i64>(), "{lo}..{hi}");
    }
    // The ends of the range of integers.
    let near = |a: i64, b: i64| (a..b).fold(0i64, |sum, i| sum.wrapping_add(i));
    for (lo, hi) in [(i64::MAX - 3, i64::MAX), (i64::MIN, i64::MIN + 3), (i64::MAX, i64::MIN)] {
        assert_eq!(one(&exe, &[lo as u64, hi as u64]) as i64, near(lo, hi));
    }
    // A constant trip count, and a nest.
    let exe = expression(&[Ty::I64], Ty::I64, |b, v| {
        let zero = b.i64(0);
        counted(b, zero, v[0], vec![zero], |b, i, acc| {
            let ten = b.i64(10);
            let zero = b.i64(0);
            counted(b, zero, ten, vec![acc[0]], |b, j, acc| {
                let product = b.binary(BinaryOp::Imul, i, j);
                vec![b.binary(BinaryOp::Iadd, acc[0], product)]
            })
        })[0]
    });
    assert_eq!(one(&exe, &[20]), 190 * 45);
}

/// `n = then(n) if (n & mask == 0) == zero else orelse(n)`, where either arm is computed in `n`'s place.
#[test]
fn the_next_number_is_chosen_by_bits_of_the_last() {
    let cases = [1i64, 3, 7, i64::MAX, 6, -1].into_iter().flat_map(|mask| {
        [(true, true), (true, false), (false, true), (false, false)]
            .map(|(zero, halved)| (mask, zero, halved))
    });
    for (mask, zero, halved) in cases {
        let exe = expression(&[Ty::I64, Ty::I64], Ty::I64, |b, v| {
            let from = b.i64(0);
            counted(b, from, v[1], vec![v[0]], |b, _, n| {
                let [one, mask, none] = [1, mask, 0].map(|k| b.i64(k));
                let masked = b.binary(BinaryOp::Band, n[0], mask);
                let cond = b.compare(if zero { Cond::Eq } else { Cond::Ne }, masked, none);
                let half = b.binary(BinaryOp::Sshr, n[0], one);
                let double = b.binary(BinaryOp::Ishl, n[0], one);
                let triple = b.binary(BinaryOp::Iadd, n[0], double);
                let more = b.binary(BinaryOp::Iadd, triple, one);
                let (then, orelse) = if halved { (half, more) } else { (more, half) };
                vec![b.select(cond, then, orelse)]
            })[0]
        });
        for (start, turns) in
            [(27i64, 111), (1, 3), (0, 4), (-5, 9), (i64::MIN, 70), (i64::MAX, 70), (6, 20_000)]
        {
            let expected = (0..turns).fold(start, |n, _| {
                if ((n & mask == 0) == zero) == halved { n >> 1 } else { n.wrapping_mul(3).wrapping_add(1) }
            });
            let got = one(&exe, &[start as u64, turns as u64]) as i64;
            assert_eq!(got, expected, "{start} {mask} {zero} {halved}");
        }
    }
}

/// Collatz: `Block { Loop { If { Break } .. } }`, with `Continue`.
#[test]
fn while_loops_break_and_continue() {
    let exe = expression(&[Ty::I64], Ty::I64, |b, v| {
        let block = b.reserve();
        b.open(&[]);
        let repeat = b.reserve();
        let zero = b.i64(0);
        let (_, carried) = b.open(&[Ty::I64, Ty::I64]);
        let (n, steps) = (carried[0], carried[1]);
        let one = b.i64(1);
        let done = b.compare(Cond::Eq, n, one);
        b.open(&[]);
        let then = b.close(End::Break { to: block, args: vec![steps] });
        b.open(&[]);
        let orelse = b.close(End::Yield(vec![]));
        b.if_(done, then, orelse, &[]);
        let more = b.binary(BinaryOp::Iadd, steps, one);
        let odd = b.binary(BinaryOp::Band, n, one);
        let odd = b.convert(ConvertOp::Trunc, odd, Ty::Bool);
        b.open(&[]);
        let three = b.i64(3);
        let triple = b.binary(BinaryOp::Imul, n, three);
        let up = b.binary(BinaryOp::Iadd, triple, one);
        let then = b.close(End::Continue { to: repeat, args: vec![up, more] });
        b.open(&[]);
        let orelse = b.close(End::Yield(vec![]));
        b.if_(odd, then, orelse, &[]);
        let half = b.binary(BinaryOp::Sshr, n, one);
        let body = b.close(End::Yield(vec![half, more]));
        b.place(repeat, Op::Loop { init: vec![v[0], zero], body }, &[]);
        let outer = b.close(End::Unreachable);
        b.place(block, Op::Block { body: outer }, &[Ty::I64])[0]
    });
    assert_eq!(one(&exe, &[27]), 111);
    assert_eq!(one(&exe, &[1]), 0);
}

#[test]
fn arrays_are_indexed_with_offsets() {
    // sum of a[i - 1] + 2 * a[i + 1] over 1..n-1
    let exe = expression(&[Ty::Ptr, Ty::I64], Ty::F64, |b, v| {
        let one = b.i64(1);
        let end = b.binary(BinaryOp::Isub, v[1], one);
        let zero = b.f64(0.0);
        counted(b, one, end, vec![zero], |b, i, acc| {
            let one = b.i64(1);
            let before = b.binary(BinaryOp::Isub, i, one);
            let (after, _) = b.checked(CheckedOp::Add, one, i);
            let left = b.load(MEM_ANY, Ty::F64, indexed(v[0], before, 8));
            let right = b.load(MEM_ANY, Ty::F64, indexed(v[0], after, 8));
            let two = b.f64(2.0);
            let right = b.binary(BinaryOp::Fmul, two, right);
            let both = b.binary(BinaryOp::Fadd, left, right);
            vec![b.binary(BinaryOp::Fadd, acc[0], both)]
        })[0]
    });
    let a: Vec<f64> = (0..1000).map(|i| f64::from(i) * 0.5).collect();
    let expected: f64 = (1..a.len() - 1).map(|i| a[i - 1] + 2.0 * a[i + 1]).sum();
    let got = f64::from_bits(one(&exe, &[a.as_ptr() as u64, a.len() as u64]));
    assert_eq!(got, expected);

    // Strided, with a scale that is no power of two, and stores.
    let exe = expression(&[Ty::Ptr, Ty::I64], Ty::I64, |b, v| {
        let zero = b.i64(0);
        counted(b, zero, v[1], vec![zero], |b, i, acc| {
            let old = b.load(MEM_ANY, Ty::I64, indexed(v[0], i, 24));
            let new = b.binary(BinaryOp::Iadd, old, i);
            b.store(MEM_ANY, indexed(v[0], i, 24), new);
            vec![b.binary(BinaryOp::Iadd, acc[0], old)]
        })[0]
    });
    let mut a: Vec<i64> = (0..30).collect();
    let expected: i64 = a.iter().step_by(3).sum();
    assert_eq!(one(&exe, &[a.as_mut_ptr() as u64, 10]) as i64, expected);
    assert_eq!(a[27], 27 + 9);
    assert_eq!(a[28], 28);
}

#[test]
fn guards_store_what_to_say() {
    let exe = expression(&[Ty::I64, Ty::I32], Ty::I64, |b, v| {
        let limit = b.i64(10);
        let ok = b.compare(Cond::Slt, v[0], limit);
        b.guard(ok, fail(1, vec![v[0], v[1]]));
        v[0]
    });
    assert_eq!(one(&exe, &[9, 0]), 9);
    let (status, ctx) = run(&exe, &[10, -5i64 as u64]).unwrap_err();
    assert_eq!((status, ctx.site), (status::RAISE, 1));
    assert_eq!((ctx.payload[0], ctx.payload[1] as i64), (10, -5));
}

/// `fib`, which calls itself, with a stack check.
fn fib() -> Module {
    let mut b = Builder::new("fib", 0, &[Ty::I64], vec![Ty::I64]);
    b.func.stack_check = Some(SiteId(3));
    let n = b.params(b.func.body)[0];
    let two = b.i64(2);
    let small = b.compare(Cond::Slt, n, two);
    b.open(&[]);
    let then = b.close(End::Return(vec![n]));
    b.open(&[]);
    let orelse = b.close(End::Yield(vec![]));
    b.if_(small, then, orelse, &[]);
    let one = b.i64(1);
    let first = b.binary(BinaryOp::Isub, n, one);
    let first = b.call(Func(0), vec![first], &[Ty::I64], SiteId(0), false)[0];
    let second = b.binary(BinaryOp::Isub, n, two);
    let second = b.call(Func(0), vec![second], &[Ty::I64], SiteId(0), true)[0];
    let sum = b.binary(BinaryOp::Iadd, first, second);
    b.close(End::Return(vec![sum]));
    module(vec![b.finish()])
}

#[test]
fn recursion_works_and_is_limited() {
    let exe = compile(&fib());
    assert_eq!(one(&exe, &[20]), 6765);
    let mut ctx = context();
    let here = &raw const ctx as usize;
    ctx.stack_limit = here - 40_000;
    let mut results = [0u64; 1];
    let status = unsafe { (exe.entry)(&mut ctx, [1_000_000u64].as_ptr(), results.as_mut_ptr()) };
    assert_eq!((status, ctx.site), (status::RAISE, 3));
    assert_eq!(ctx.trace_len as usize, abi::TRACE_SITES);
}

#[test]
fn callees_return_many_words_and_fail_through() {
    // g(x) = (x, x * 2, float(x)), fails with Deopt for negative x.
    let mut g = Builder::new("g", 0, &[Ty::I64], vec![Ty::I64, Ty::I64, Ty::F64]);
    let x = g.params(g.func.body)[0];
    let zero = g.i64(0);
    let ok = g.compare(Cond::Sge, x, zero);
    g.guard(ok, Fail { deopt: true, site: SiteId(2), payload: vec![x] });
    let double = g.binary(BinaryOp::Iadd, x, x);
    let float = g.convert(ConvertOp::SintToFloat, x, Ty::F64);
    g.close(End::Return(vec![x, double, float]));
    let g = g.finish();
    for after_effect in [false, true] {
        let mut f = Builder::new("f", 0, &[Ty::I64], vec![Ty::F64]);
        let x = f.params(f.func.body)[0];
        let results = f.call(Func(1), vec![x], &[Ty::I64, Ty::I64, Ty::F64], SiteId(1), after_effect);
        let sum = f.binary(BinaryOp::Iadd, results[0], results[1]);
        let sum = f.convert(ConvertOp::SintToFloat, sum, Ty::F64);
        let sum = f.binary(BinaryOp::Fadd, sum, results[2]);
        f.close(End::Return(vec![sum]));
        let exe = compile(&module(vec![f.finish(), g.clone()]));
        assert_eq!(f64::from_bits(one(&exe, &[5])), 20.0);
        let (status, ctx) = run(&exe, &[-1i64 as u64]).unwrap_err();
        assert_eq!(status, if after_effect { status::RAISE } else { status::DEOPT });
        assert_eq!((ctx.site, ctx.trace_len, ctx.trace[0]), (2, 1, 1));
    }
}

#[test]
fn owner_slots_are_released_on_every_way_out() {
    // Allocates twice into one slot, fails if asked, else returns the buffer.
    let mut b = Builder::new("f", 0, &[Ty::I64], vec![Ty::Ptr]);
    let x = b.params(b.func.body)[0];
    let slot = b.owner_slot();
    let other = b.owner_slot();
    let bytes = b.i64(100);
    let zero = b.i64(0);
    for target in [slot, slot, other] {
        let buffer = b.runtime(RuntimeFn::Alloc, vec![bytes, zero], Some(Ty::Ptr)).unwrap();
        b.inst(Op::OwnerSet { slot: target, value: buffer }, &[]);
    }
    let ok = b.compare(Cond::Eq, x, zero);
    b.guard(ok, fail(0, vec![]));
    let taken = b.inst(Op::OwnerTake { slot }, &[Ty::Ptr]);
    let taken = b.func.insts[taken].results[0];
    b.close(End::Return(vec![taken]));
    let exe = compile(&module(vec![b.finish()]));

    let before = fastjit::runtime::array::live_buffers();
    let buffer = one(&exe, &[0]) as *mut abi::BufferHeader;
    assert_eq!(fastjit::runtime::array::live_buffers(), before + 1);
    let data = unsafe { (*buffer).data };
    assert_eq!(data as usize % 64, 0);
    unsafe { fastjit::runtime::array::release(buffer) };
    assert_eq!(fastjit::runtime::array::live_buffers(), before);
    run(&exe, &[1]).unwrap_err();
    assert_eq!(fastjit::runtime::array::live_buffers(), before);
}

#[test]
fn selects_and_unary() {
    let exe = expression(&[Ty::F64, Ty::F64], Ty::F64, |b, v| {
        let less = b.compare(Cond::Flt, v[0], v[1]);
        let not = b.not(less);
        b.select(not, v[0], v[1])
    });
    assert_eq!(f64::from_bits(one(&exe, &[1f64.to_bits(), 2f64.to_bits()])), 2.0);
    assert_eq!(f64::from_bits(one(&exe, &[3f64.to_bits(), 2f64.to_bits()])), 3.0);
    type Meaning = fn(i64) -> i64;
    let unary: [(UnaryOp, Meaning); 5] = [
        (UnaryOp::Ineg, i64::wrapping_neg),
        (UnaryOp::Bnot, |x| !x),
        (UnaryOp::Popcnt, |x| i64::from(x.count_ones())),
        (UnaryOp::Clz, |x| i64::from(x.leading_zeros())),
        (UnaryOp::Ctz, |x| i64::from(x.trailing_zeros())),
    ];
    for (op, meaning) in unary {
        let exe = expression(&[Ty::I64], Ty::I64, |b, v| b.unary(op, v[0]));
        for x in [0, 1, -1, 12, i64::MIN, i64::MAX] {
            assert_eq!(one(&exe, &[x as u64]) as i64, meaning(x), "{op:?} {x}");
        }
    }
}

/// A parallel loop's body, through its address.
#[test]
fn chunks_are_called_by_address() {
    let mut body = Builder::new("body", 0, &[Ty::Ptr, Ty::I64, Ty::I64, Ty::Ptr], vec![]);
    body.func.kind = fastjit::mir::FuncKind::Chunk { written: true };
    let p = body.params(body.func.body).to_vec();
    counted(&mut body, p[1], p[2], vec![], |b, i, _| {
        b.store(MEM_ANY, indexed(p[0], i, 8), i);
        vec![]
    });
    body.store(MEM_ANY, at(p[3], 0), p[2]);
    body.close(End::Return(vec![]));

    let mut f = Builder::new("f", 0, &[Ty::Ptr, Ty::I64, Ty::Ptr], vec![]);
    let p = f.params(f.func.body).to_vec();
    let address = f.inst(Op::FuncAddr(Func(1)), &[Ty::Ptr]);
    let address = f.func.insts[address].results[0];
    let chunks = f.runtime(RuntimeFn::ParallelChunks, vec![p[1]], Some(Ty::I64)).unwrap();
    let size = f.i64(8);
    f.inst(
        Op::RuntimeStatus {
            func: RuntimeFn::ParallelFor,
            args: vec![address, p[0], p[1], p[2], size, chunks],
        },
        &[],
    );
    f.close(End::Return(vec![]));
    let exe = compile(&module(vec![f.finish(), body.finish()]));
    assert!(exe.object.parallel);
    let mut out = vec![0i64; 1000];
    let mut partials = vec![0i64; abi::MAX_CHUNKS as usize];
    run(&exe, &[out.as_mut_ptr() as u64, 1000, partials.as_mut_ptr() as u64]).map_err(|e| e.0).unwrap();
    assert_eq!(out, (0..1000).collect::<Vec<i64>>());
    assert_eq!(partials[abi::parallel_chunks(1000) as usize - 1], 1000);
}

#[test]
fn hidden_words_are_read() {
    let mut b = Builder::new("f", 0, &[], vec![Ty::F64]);
    let word = b.inst(Op::Hidden { word: 1 }, &[Ty::F64]);
    let value = b.func.insts[word].results[0];
    b.close(End::Return(vec![value]));
    let exe = compile(&module(vec![b.finish()]));
    let hidden = [0, 2.5f64.to_bits()];
    let mut ctx = context();
    ctx.hidden = hidden.as_ptr();
    let mut results = [0u64];
    let status = unsafe { (exe.entry)(&mut ctx, std::ptr::null(), results.as_mut_ptr()) };
    assert_eq!((status, f64::from_bits(results[0])), (status::OK, 2.5));
}

#[test]
fn emitting_is_deterministic_and_prints() {
    let options = Options::default();
    let (first, text) = codegen::emit_text(&fib(), &[], &Type::None, &[], &options);
    let second = codegen::emit(&fib(), &[], &Type::None, &[], &options);
    assert_eq!(first, second);
    assert!(text.clif.contains("brif") && text.asm.contains("ret"), "{}\n{}", text.clif, text.asm);
}

/// Code from the cache runs only on a machine that has what it uses.
#[test]
fn the_target_is_named_with_every_feature_in_use() {
    let words: Vec<&str> = codegen::target::identity().split(' ').collect();
    assert!(words.iter().any(|word| word.starts_with("cranelift-")));
    for flag in codegen::target::target().isa_flags() {
        assert_eq!(flag.as_bool() == Some(true), words.contains(&flag.name), "{}", flag.name);
    }
}

/// Loops look at the interrupt flag now and then: go on with all their values, or leave.
#[test]
fn polls_keep_the_values_of_the_loop() {
    // Six float and four integer accumulators.
    let inits = [Ty::F64, Ty::F64, Ty::F64, Ty::F64, Ty::F64, Ty::F64, Ty::I64, Ty::I64, Ty::I64, Ty::I64];
    let mut b = Builder::new("f", 0, &[Ty::I64], inits.to_vec());
    let n = b.params(b.func.body)[0];
    let init: Vec<Value> = inits.iter().map(|ty| b.zero(*ty)).collect();
    // A `while`, which polls when its fuel is out, whatever the flag says.
    let block = b.reserve();
    b.open(&[]);
    let repeat = b.reserve();
    let zero = b.i64(0);
    let mut types = vec![Ty::I64];
    types.extend(inits);
    let (_, carried) = b.open(&types);
    let (i, acc) = (carried[0], &carried[1..]);
    let done = b.compare(Cond::Sge, i, n);
    b.open(&[]);
    let then = b.close(End::Break { to: block, args: acc.to_vec() });
    b.open(&[]);
    let orelse = b.close(End::Yield(vec![]));
    b.if_(done, then, orelse, &[]);
    let x = b.convert(ConvertOp::SintToFloat, i, Ty::F64);
    let one = b.i64(1);
    let mut next = vec![b.binary(BinaryOp::Iadd, i, one)];
    for (k, sum) in acc.iter().enumerate() {
        next.push(if b.ty(*sum) == Ty::F64 {
            let scale = b.f64(k as f64 + 1.0);
            let term = b.binary(BinaryOp::Fmul, x, scale);
            b.binary(BinaryOp::Fadd, *sum, term)
        } else {
            let scale = b.i64(k as i64 + 1);
            let term = b.binary(BinaryOp::Imul, i, scale);
            b.binary(BinaryOp::Iadd, *sum, term)
        });
    }
    let body = b.close(End::Yield(next));
    let mut start = vec![zero];
    start.extend(init);
    b.place(repeat, Op::Loop { init: start, body }, &[]);
    let outer = b.close(End::Unreachable);
    let sums = b.place(block, Op::Block { body: outer }, &inits);
    b.close(End::Return(sums));
    let exe = compile(&module(vec![b.finish()]));
    let n = 100_000u64;
    let mut ctx = context();
    let mut results = [0u64; 10];
    let status = unsafe { (exe.entry)(&mut ctx, [n].as_ptr(), results.as_mut_ptr()) };
    assert_eq!(status, status::OK);
    let sum = n * (n - 1) / 2;
    for (k, bits) in results.iter().enumerate() {
        let expected = sum * (k as u64 + 1);
        let got = if k < 6 { f64::from_bits(*bits) as u64 } else { *bits };
        assert_eq!(got, expected, "accumulator {k}");
    }
    let stop = AtomicU32::new(1);
    ctx.interrupt = &stop;
    let status = unsafe { (exe.entry)(&mut ctx, [n].as_ptr(), results.as_mut_ptr()) };
    assert_eq!(status, status::INTERRUPT);
    // Too short for a poll.
    let status = unsafe { (exe.entry)(&mut ctx, [100u64].as_ptr(), results.as_mut_ptr()) };
    assert_eq!(status, status::OK);
}
