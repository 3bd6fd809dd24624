//! Vector math: the straight code of each function, run on numbers and as machine code, beside libm.

use crate::context::context;
use fastjit::abi::{self, status};
use fastjit::builtin::{MathFn, Straight};
use fastjit::mir::build::{Builder, indexed};
use fastjit::mir::{End, LoopMode, Module, Op, Ty};
use fastjit::options::Options;
use fastjit::runtime::symbols;
use fastjit::types::Type;
use fastjit::vmath;
use fastjit::vmath::ops::Ops;
use fastjit::{codegen, load, mir, opt};

/// libm's value, by the address that machine code calls.
pub fn libm(func: MathFn, args: &[f64]) -> f64 {
    let address = symbols::address(abi::RuntimeFn::Math(func)) as *const ();
    match args {
        [x] => {
            let call = unsafe { std::mem::transmute::<*const (), extern "C" fn(f64) -> f64>(address) };
            call(*x)
        }
        [x, y] => {
            let call = unsafe { std::mem::transmute::<*const (), extern "C" fn(f64, f64) -> f64>(address) };
            call(*x, *y)
        }
        _ => unreachable!("functions of one or two arguments"),
    }
}

/// Runs the functions on numbers.
struct Numbers;

impl Ops for Numbers {
    type F = f64;
    type I = i64;
    type M = bool;
    fn float(&mut self, value: f64) -> f64 {
        value
    }
    fn int(&mut self, value: i64) -> i64 {
        value
    }
    fn add(&mut self, a: f64, b: f64) -> f64 {
        a + b
    }
    fn sub(&mut self, a: f64, b: f64) -> f64 {
        a - b
    }
    fn mul(&mut self, a: f64, b: f64) -> f64 {
        a * b
    }
    fn div(&mut self, a: f64, b: f64) -> f64 {
        a / b
    }
    fn fma(&mut self, a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }
    fn neg(&mut self, a: f64) -> f64 {
        -a
    }
    fn abs(&mut self, a: f64) -> f64 {
        a.abs()
    }
    fn sqrt(&mut self, a: f64) -> f64 {
        a.sqrt()
    }
    fn rint(&mut self, a: f64) -> f64 {
        a.round_ties_even()
    }
    fn lt(&mut self, a: f64, b: f64) -> bool {
        a < b
    }
    fn le(&mut self, a: f64, b: f64) -> bool {
        a <= b
    }
    fn int_eq(&mut self, a: i64, b: i64) -> bool {
        a == b
    }
    fn both(&mut self, a: bool, b: bool) -> bool {
        a & b
    }
    fn select(&mut self, cond: bool, then: f64, orelse: f64) -> f64 {
        if cond { then } else { orelse }
    }
    fn bits(&mut self, a: f64) -> i64 {
        a.to_bits() as i64
    }
    fn of_bits(&mut self, a: i64) -> f64 {
        f64::from_bits(a as u64)
    }
    fn int_add(&mut self, a: i64, b: i64) -> i64 {
        a.wrapping_add(b)
    }
    fn int_sub(&mut self, a: i64, b: i64) -> i64 {
        a.wrapping_sub(b)
    }
    fn int_and(&mut self, a: i64, b: i64) -> i64 {
        a & b
    }
    fn int_or(&mut self, a: i64, b: i64) -> i64 {
        a | b
    }
    fn int_xor(&mut self, a: i64, b: i64) -> i64 {
        a ^ b
    }
    fn shl(&mut self, a: i64, count: u32) -> i64 {
        a << count
    }
    fn shr(&mut self, a: i64, count: u32) -> i64 {
        (a as u64 >> count) as i64
    }
    fn otherwise(&mut self, ok: bool, value: f64, func: MathFn, args: &[f64]) -> f64 {
        if ok { value } else { libm(func, args) }
    }
}

/// A function of machine code that computes `func` by straight code.
fn compile(func: MathFn, ty: Ty) -> load::Executable {
    let mut b = Builder::new("f", 0, &vec![ty; func.arity()], vec![ty]);
    let args = b.params(b.func.body).to_vec();
    let value = b.math_near(func, args);
    b.close(End::Return(vec![value]));
    let mut function = b.finish();
    let body = function.body;
    let insts = std::mem::take(&mut function.regions[body].insts);
    for inst in insts {
        let expanded = vmath::expand(&mut function, inst).expect("the function is covered");
        function.regions[body].insts.extend(expanded);
    }
    let mut module = Module::default();
    module.funcs.push(function);
    mir::verify::verify(&module).unwrap();
    let only_rare = module.funcs.items[0].regions[body].insts.iter().all(|inst| {
        let op = &module.funcs.items[0].insts[*inst].op;
        !matches!(op, Op::Math { func, known: None, .. } if func.straight() != Straight::No)
    });
    assert!(only_rare, "{func:?} calls libm for every value");
    load::load(codegen::emit(&module, &[], &Type::None, &[], &Options::default())).unwrap()
}

fn call(code: &load::Executable, words: &[u64]) -> u64 {
    let mut ctx = context();
    let mut result = 0u64;
    let status = unsafe { (code.entry)(&mut *ctx, words.as_ptr(), &mut result) };
    assert_eq!(status, status::OK);
    result
}

const SPECIAL: [f64; 44] = [
    0.0,
    -0.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    5e-324,
    -5e-324,
    2.2e-308,
    -2.2e-308,
    1.0,
    -1.0,
    0.5,
    -0.5,
    2.0,
    -2.0,
    3.0,
    -3.0,
    1.7e308,
    -1.7e308,
    709.78,
    709.79,
    710.47,
    710.48,
    -745.1,
    -745.2,
    -708.4,
    1e22,
    -1e22,
    1e300,
    1024.0,
    1023.999,
    -1074.0,
    -1075.0,
    -1074.5,
    0.9999999999999999,
    1.0000000000000002,
    std::f64::consts::FRAC_PI_2,
    std::f64::consts::PI,
    1e-300,
    1e-160,
    -36.7,
    1099511627776.0,
    -1e-17,
    1e10,
];

/// Numbers of every size, most of them moderate.
fn samples() -> Vec<f64> {
    let mut state = 88172645463325252u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut out = SPECIAL.to_vec();
    for k in 0..1500 {
        let unit = next() as f64 / u64::MAX as f64 * 2.0 - 1.0;
        out.push(match k % 5 {
            0 => unit,
            1 => unit * 10.0,
            2 => unit * 750.0,
            3 => 1.0 + unit * 1e-3,
            _ => f64::from_bits(next()),
        });
    }
    out
}

/// Distance in units of the last place; nans are equal, zeros of two signs are not.
fn apart(a: f64, b: f64) -> u64 {
    if a.is_nan() && b.is_nan() {
        return 0;
    }
    if a.is_nan() || b.is_nan() || (a == 0.0 && b == 0.0 && a.is_sign_negative() != b.is_sign_negative()) {
        return u64::MAX;
    }
    let order = |x: f64| {
        let bits = x.to_bits() as i64;
        if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
    };
    order(a).abs_diff(order(b))
}

#[test]
fn functions_are_libms_but_for_the_last_bit() {
    if !vmath::available() {
        println!("skipped: no fused multiply and add on this machine");
        return;
    }
    let samples = samples();
    for func in MathFn::ALL.into_iter().filter(|func| func.straight() != Straight::No) {
        let double = compile(func, Ty::F64);
        let single = compile(func, Ty::F32);
        for (k, x) in samples.iter().enumerate() {
            // The special values among themselves, then pairs as they come.
            let partners = if func.arity() == 1 {
                1
            } else if k < SPECIAL.len() {
                SPECIAL.len()
            } else {
                2
            };
            for partner in 0..partners {
                let args = [*x, samples[if k < SPECIAL.len() { partner } else { (k * 7 + partner) % 1500 }]];
                let args = &args[..func.arity()];
                let value = vmath::value(&mut Numbers, func, args).unwrap();
                let expected = libm(func, args);
                // Each is within one of the exact value.
                assert!(apart(value, expected) <= 2, "{func:?}{args:?}: {value:?}, libm {expected:?}");
                let words: Vec<u64> = args.iter().map(|arg| arg.to_bits()).collect();
                let run = f64::from_bits(call(&double, &words));
                assert!(apart(run, value) == 0, "{func:?}{args:?}: machine code {run:?}, numbers {value:?}");

                let words: Vec<u64> = args.iter().map(|arg| u64::from((*arg as f32).to_bits())).collect();
                let run = f32::from_bits(call(&single, &words) as u32);
                let args: Vec<f64> = args.iter().map(|arg| f64::from(*arg as f32)).collect();
                let expected = libm(func, &args) as f32;
                let same =
                    run.to_bits().abs_diff(expected.to_bits()) <= 1 || run.is_nan() && expected.is_nan();
                assert!(same, "{func:?}{args:?} in single precision: {run:?}, {expected:?}");
            }
        }
    }
}

/// `for i in 0..n: out[i] = func(x[i])`, as the passes leave it.
fn vector_loop(func: MathFn, ty: Ty) -> Module {
    let mut b = Builder::new("f", 0, &[Ty::Ptr, Ty::Ptr, Ty::I64], vec![]);
    let params = b.params(b.func.body).to_vec();
    let zero = b.i64(0);
    let (body, inner) = b.open(&[Ty::I64]);
    let x = b.load(mir::MEM_ANY, ty, indexed(params[0], inner[0], ty.bytes()));
    let y = b.math_near(func, vec![x; func.arity()]);
    b.store(mir::MEM_ANY, indexed(params[1], inner[0], ty.bytes()), y);
    b.close(End::Yield(vec![]));
    let looped = Op::For { lo: zero, hi: params[2], init: vec![], body, mode: LoopMode::Serial };
    b.inst(looped, &[]);
    b.close(End::Return(vec![]));
    let mut module = Module::default();
    module.funcs.push(b.finish());
    let function = &mut module.funcs.items[0];
    assert!(opt::vectorize::force(function, &Options::default()), "{func:?} is not vectorised");
    assert!(opt::expand::run(function, &Options::default()), "{func:?} is not expanded");
    mir::verify::verify(&module).unwrap();
    module
}

#[test]
fn a_value_does_not_depend_on_its_place() {
    if !vmath::available() {
        println!("skipped: no fused multiply and add on this machine");
        return;
    }
    let samples = samples();
    for func in MathFn::ALL.into_iter().filter(|func| func.straight() != Straight::No) {
        for ty in [Ty::F64, Ty::F32] {
            let module = vector_loop(func, ty);
            let code =
                load::load(codegen::emit(&module, &[], &Type::None, &[], &Options::default())).unwrap();
            let one = compile(func, ty);
            // Long enough for whole vectors and a rest; the halves overlap in no array.
            for (start, count) in (0..40).map(|n| (7 * n, n)).chain([(0, 1543)]) {
                let x = &samples[start..start + count];
                let (mut wide, mut narrow) = (x.to_vec(), x.iter().map(|x| *x as f32).collect::<Vec<f32>>());
                let (mut wide_out, mut narrow_out) = (vec![0.0f64; count], vec![0.0f32; count]);
                let words = match ty {
                    Ty::F32 => [narrow.as_mut_ptr() as u64, narrow_out.as_mut_ptr() as u64, count as u64],
                    _ => [wide.as_mut_ptr() as u64, wide_out.as_mut_ptr() as u64, count as u64],
                };
                call(&code, &words);
                for k in 0..count {
                    let (got, expected) = match ty {
                        Ty::F32 => {
                            let expected = call(&one, &[u64::from(narrow[k].to_bits()); 2]) as u32;
                            (f64::from(narrow_out[k]), f64::from(f32::from_bits(expected)))
                        }
                        _ => (wide_out[k], f64::from_bits(call(&one, &[wide[k].to_bits(); 2]))),
                    };
                    assert!(apart(got, expected) == 0, "{func:?} of {ty:?} at {k}: {got:?}, {expected:?}");
                }
            }
        }
    }
}
