//! Outlining of parallel loops: the module means the same before and after, interpreted and compiled.

use crate::context::context;
use fastjit::abi::{self, ExcKind, Site, SourcePos, Ty, status};
use fastjit::mir::build::{Builder, at, indexed};
use fastjit::mir::interp::{Machine, Outcome};
use fastjit::mir::{
    self, BinaryOp, Combine, Cond, End, Fail, Func, Function, LoopMode, MEM_ANY, Module, Op, Reduction,
    RuntimeFn, SiteId, Table, Value,
};
use fastjit::opt::outline;
use fastjit::options::Options;
use fastjit::types::Type;

fn module(func: Function) -> Module {
    let mut funcs = Table::default();
    funcs.push(func);
    let mut sites = Table::default();
    sites.push(Site { exc: Some(ExcKind::Overflow), args: Vec::new(), frames: vec![SourcePos::default()] });
    Module { funcs, sites, sources: 1, hidden: Vec::new() }
}

fn parallel(
    b: &mut Builder,
    lo: Value,
    hi: Value,
    init: Vec<Value>,
    reductions: Vec<Reduction>,
    body: impl FnOnce(&mut Builder, Value, &[Value]) -> Vec<Value>,
) -> Vec<Value> {
    let types: Vec<Ty> = init.iter().map(|v| b.ty(*v)).collect();
    let inst = b.reserve();
    let mut params = vec![Ty::I64];
    params.extend(&types);
    let (_, values) = b.open(&params);
    let next = body(b, values[0], &values[1..]);
    let region = b.close(End::Yield(next));
    let mode = LoopMode::Parallel { reductions, written: true };
    b.place(inst, Op::For { lo, hi, init, body: region, mode }, &types)
}

fn reduction(op: BinaryOp, neutral: u64) -> Reduction {
    Reduction { combine: Combine::Op(op), neutral, overflow: None }
}

fn interpret(module: &Module, args: &[u64]) -> Outcome {
    let mut machine = Machine::new(module);
    let outcome = machine.call(Func(0), args).unwrap_or_else(|trap| panic!("{}", trap.0));
    assert_eq!(machine.memory.live_heap(), 0);
    outcome
}

/// Machine code: results, or the status.
fn execute(module: &Module, args: &[u64]) -> Result<Vec<u64>, i32> {
    let object = fastjit::codegen::emit(module, &[], &Type::None, &[], &Options::default());
    let exe = fastjit::load::load(object).expect("code loads");
    let mut ctx = context();
    let mut results = vec![0; 4];
    // SAFETY: the code was compiled for these argument words; the pointers outlive the call.
    let status = unsafe { (exe.entry)(&mut *ctx, args.as_ptr(), results.as_mut_ptr()) };
    if status == status::OK { Ok(results) } else { Err(status) }
}

/// The same three times: as written, outlined, compiled.
fn agree(func: Function, args: &[u64]) -> Outcome {
    let mut module = module(func);
    mir::verify::verify(&module).expect("well-formed MIR");
    let before = interpret(&module, args);
    assert!(outline::run(&mut module, &Options::default()));
    mir::verify::verify(&module).expect("well-formed MIR");
    assert_eq!(interpret(&module, args), before);
    match (&before, execute(&module, args)) {
        (Outcome::Done(words), Ok(results)) => assert_eq!(*words, results[..words.len()]),
        (Outcome::Failed(failure), Err(status)) => assert_eq!(failure.status, status),
        (before, after) => panic!("{before:?} became {after:?}"),
    }
    before
}

#[test]
fn sums_with_captures_and_a_start() {
    for n in [0i64, 1, 5, 64, 1000] {
        let mut b = Builder::new("f", 0, &[Ty::I64, Ty::I64, Ty::F64], vec![Ty::I64, Ty::F64]);
        let p = b.params(b.func.body).to_vec();
        let lo = b.i64(-3);
        let start = b.i64(100);
        let half = b.f64(0.5);
        let results = parallel(
            &mut b,
            lo,
            p[0],
            vec![start, p[2]],
            vec![reduction(BinaryOp::Iadd, 0), reduction(BinaryOp::Fadd, (-0.0f64).to_bits())],
            |b, i, carried| {
                let product = b.binary(BinaryOp::Imul, i, p[1]);
                let sum = b.binary(BinaryOp::Iadd, carried[0], product);
                let float = b.binary(BinaryOp::Fadd, carried[1], half);
                vec![sum, float]
            },
        );
        b.close(End::Return(results));
        let outcome = agree(b.finish(), &[n as u64, 7, 2.0f64.to_bits()]);
        let sum: i64 = 100 + (-3..n).map(|i| 7 * i).sum::<i64>();
        let float = 2.0 + 0.5 * (n + 3) as f64;
        assert_eq!(outcome, Outcome::Done(vec![sum as u64, float.to_bits()]));
    }
}

#[test]
fn a_sum_that_overflows_when_it_is_combined_leaves() {
    let mut b = Builder::new("f", 0, &[Ty::I64], vec![Ty::I64]);
    let p = b.params(b.func.body).to_vec();
    let lo = b.i64(0);
    let start = b.i64(i64::MAX - 10);
    let overflow = Some((SiteId(0), true));
    let reductions = vec![Reduction { combine: Combine::Op(BinaryOp::Iadd), neutral: 0, overflow }];
    let results = parallel(&mut b, lo, p[0], vec![start], reductions, |b, i, c| {
        vec![b.binary(BinaryOp::Iadd, c[0], i)]
    });
    b.close(End::Return(results));
    let func = b.finish();
    assert!(matches!(agree(func.clone(), &[4]), Outcome::Done(_)));
    assert!(matches!(agree(func, &[40]), Outcome::Failed(f) if f.status == status::DEOPT));
}

/// The first place of the largest remainder of `7 i` by 1000: the remainder decides, whether or not it is asked
/// for.
#[test]
fn the_place_of_the_best_comes_from_the_part_that_has_it() {
    for with_best in [true, false] {
        let mut b = Builder::new("f", 0, &[Ty::I64], vec![Ty::I64; if with_best { 2 } else { 1 }]);
        let p = b.params(b.func.body).to_vec();
        let (lo, start, nowhere) = (b.i64(0), b.i64(5), b.i64(-1));
        let best = |neutral| Reduction {
            combine: Combine::Best { cond: Cond::Sgt, key: 1 },
            neutral,
            overflow: None,
        };
        let reductions = vec![best(0), best(i64::MIN as u64)];
        let results = parallel(&mut b, lo, p[0], vec![nowhere, start], reductions, |b, i, carried| {
            let (seven, thousand) = (b.i64(7), b.i64(1000));
            let product = b.binary(BinaryOp::Imul, i, seven);
            let value = b.binary(BinaryOp::Srem, product, thousand);
            let better = b.compare(Cond::Sgt, value, carried[1]);
            vec![b.select(better, i, carried[0]), b.select(better, value, carried[1])]
        });
        b.close(End::Return(results[..if with_best { 2 } else { 1 }].to_vec()));
        let func = b.finish();
        for (n, at, value) in [(0i64, -1, 5), (1, -1, 5), (2, 1, 7), (143, 142, 994), (5000, 857, 999)] {
            let mut cleaned = module(func.clone());
            fastjit::opt::dce::run(&mut cleaned.funcs[Func(0)], &Options::default());
            let expected = [at, value].map(|word: i64| word as u64)[..if with_best { 2 } else { 1 }].to_vec();
            assert_eq!(interpret(&cleaned, &[n as u64]), Outcome::Done(expected.clone()));
            assert_eq!(agree(func.clone(), &[n as u64]), Outcome::Done(expected));
        }
    }
}

#[test]
fn bodies_hold_buffers_continue_and_fail() {
    let build = || {
        let mut b = Builder::new("f", 0, &[Ty::I64, Ty::I64], vec![Ty::I64]);
        let p = b.params(b.func.body).to_vec();
        // A buffer of the parent's own, read and written inside.
        let size = b.i64(8 * 64);
        let one = b.i64(1);
        let owner = b.runtime(RuntimeFn::Alloc, vec![size, one], Some(Ty::Ptr)).expect("Alloc has a result");
        let slot = b.owner_slot();
        b.inst(Op::OwnerSet { slot, value: owner }, &[]);
        let data = b.load(mir::MEM_FRAME, Ty::Ptr, at(owner, abi::OFFSET_BUFFER_DATA));
        let lo = b.i64(0);
        let zero = b.i64(0);
        let inner_slot = b.owner_slot();
        let results = parallel(
            &mut b,
            lo,
            p[0],
            vec![zero],
            vec![reduction(BinaryOp::Smax, i64::MIN as u64)],
            |b, i, carried| {
                let small = b.i64(16);
                let buffer =
                    b.runtime(RuntimeFn::Alloc, vec![small, lo], Some(Ty::Ptr)).expect("Alloc has a result");
                b.inst(Op::OwnerSet { slot: inner_slot, value: buffer }, &[]);
                let fine = b.compare(Cond::Ne, i, p[1]);
                b.guard(fine, Fail { deopt: false, site: SiteId(0), payload: vec![i] });
                b.store(MEM_ANY, indexed(data, i, 8), i);
                let read = b.load(MEM_ANY, Ty::I64, indexed(data, i, 8));
                vec![b.binary(BinaryOp::Smax, carried[0], read)]
            },
        );
        b.close(End::Return(results));
        b.finish()
    };
    assert_eq!(agree(build(), &[64, 99]), Outcome::Done(vec![63]));
    assert_eq!(agree(build(), &[0, 99]), Outcome::Done(vec![0]));
    assert!(matches!(agree(build(), &[64, 20]), Outcome::Failed(f) if f.payload == [20]));
    let func = build();
    assert_eq!(func.owner_slots, 2);
    let mut module = module(func);
    outline::run(&mut module, &Options::default());
    assert_eq!(module.funcs[Func(1)].owner_slots, 1);
}

#[test]
fn loops_nest() {
    let mut b = Builder::new("f", 0, &[Ty::I64, Ty::I64], vec![Ty::I64]);
    let p = b.params(b.func.body).to_vec();
    let lo = b.i64(0);
    let results = parallel(&mut b, lo, p[0], vec![lo], vec![reduction(BinaryOp::Iadd, 0)], |b, i, outer| {
        let zero = b.i64(0);
        let inner = parallel(b, lo, p[1], vec![zero], vec![reduction(BinaryOp::Iadd, 0)], |b, j, carried| {
            let product = b.binary(BinaryOp::Imul, i, j);
            vec![b.binary(BinaryOp::Iadd, carried[0], product)]
        });
        vec![b.binary(BinaryOp::Iadd, outer[0], inner[0])]
    });
    b.close(End::Return(results));
    let outcome = agree(b.finish(), &[70, 9]);
    assert_eq!(outcome, Outcome::Done(vec![(0..70u64).sum::<u64>() * 36]));
}
