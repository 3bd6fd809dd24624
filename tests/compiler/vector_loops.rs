//! Random vector loops: what the interpreter and machine code make of them, scalar and vector, bit for bit.

use crate::context::context;
use crate::random_mir::Rng;
use fastjit::abi::{ExcKind, Ty, status};
use fastjit::builtin::MathFn;
use fastjit::mir::build::{Builder, at, indexed};
use fastjit::mir::interp::{Machine, Outcome};
use fastjit::mir::*;
use fastjit::opt::vectorize;
use fastjit::options::{FastMath, Options};
use fastjit::types::Type;
use fastjit::{codegen, load};

/// Bytes of the memory that all arrays lie in.
const BYTES: usize = 24 << 10;
const ARRAYS: usize = 3;
/// Three arrays, bounds, an offset, a stride in bytes, a number of each kind.
const PARAMS: [Ty; 9] = [Ty::Ptr, Ty::Ptr, Ty::Ptr, Ty::I64, Ty::I64, Ty::I64, Ty::I64, Ty::F64, Ty::I32];
const TYPES: [Ty; 7] = [Ty::F64, Ty::F64, Ty::F32, Ty::I64, Ty::I32, Ty::I8, Ty::I16];

struct Gen<'a> {
    rng: &'a mut Rng,
    b: Builder,
    params: Vec<Value>,
    counter: Value,
    /// Values of an iteration.
    scope: Vec<Value>,
    /// Element type of each array.
    elements: [Ty; ARRAYS],
    /// Other accesses than of consecutive elements.
    wild: bool,
    /// Iterations that fail.
    guards: bool,
}

impl Gen<'_> {
    fn value(&mut self, ty: Ty) -> Value {
        let found: Vec<Value> = self.scope.iter().copied().filter(|v| self.b.ty(*v) == ty).collect();
        if !found.is_empty() && self.rng.chance(75) {
            return found[self.rng.below(found.len())];
        }
        match ty {
            Ty::F64 if self.rng.chance(30) => self.params[7],
            Ty::I32 if self.rng.chance(30) => self.params[8],
            Ty::I64 if self.rng.chance(30) => self.params[5],
            Ty::F64 | Ty::F32 => {
                let value = self.rng.float();
                self.b.fconst(ty, value)
            }
            Ty::Bool => self.compare(),
            Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 => {
                let value = eval::canonical(ty, self.rng.integer() as u64);
                self.b.iconst(ty, eval::signed(ty, value))
            }
            Ty::Ptr => self.params[0],
        }
    }

    fn compare(&mut self) -> Value {
        let ty = self.rng.pick(&TYPES);
        let (x, y) = (self.value(ty), self.value(ty));
        let cond = if ty.is_float() {
            self.rng.pick(&[Cond::Feq, Cond::Flt, Cond::Fle, Cond::Fgt, Cond::Fge, Cond::Fne])
        } else {
            let all = [Cond::Eq, Cond::Ne, Cond::Slt, Cond::Sle, Cond::Sgt, Cond::Sge];
            if self.rng.chance(60) {
                self.rng.pick(&all)
            } else {
                self.rng.pick(&[Cond::Ult, Cond::Ule, Cond::Ugt, Cond::Uge])
            }
        };
        self.b.compare(cond, x, y)
    }

    fn address(&mut self, array: usize) -> Address {
        let base = self.params[array];
        let size = self.elements[array].bytes();
        let i = self.counter;
        let disp = if self.rng.chance(70) { 0 } else { (self.rng.below(9) as i32 - 4) * size as i32 };
        let mut addr = match if self.wild { self.rng.below(10) } else { 0 } {
            0..4 => indexed(base, i, size),
            4 => {
                let sum = self.b.binary(BinaryOp::Iadd, i, self.params[5]);
                indexed(base, sum, size)
            }
            5 => {
                let bytes = self.b.binary(BinaryOp::Imul, i, self.params[6]);
                indexed(base, bytes, 1)
            }
            6 => {
                let back = self.b.binary(BinaryOp::Isub, self.params[5], i);
                indexed(base, back, size)
            }
            7 => {
                let k = 2 + self.rng.below(3) as i64;
                let k = self.b.i64(k);
                let scaled = self.b.binary(BinaryOp::Imul, k, i);
                indexed(base, scaled, size)
            }
            8 => at(base, 0),
            _ => {
                let any = self.value(Ty::I64);
                let mask = self.b.i64(63);
                let index = self.b.binary(BinaryOp::Band, any, mask);
                indexed(base, index, size)
            }
        };
        addr.disp = disp;
        addr
    }

    fn load(&mut self) {
        let array = self.rng.below(ARRAYS);
        let addr = self.address(array);
        let value = self.b.load(MEM_ANY, self.elements[array], addr);
        self.scope.push(value);
        if self.elements[array] == Ty::I8 && self.rng.chance(30) {
            let flag = self.b.convert(ConvertOp::Trunc, value, Ty::Bool);
            self.scope.push(flag);
        }
    }

    fn store(&mut self) {
        let array = self.rng.below(ARRAYS);
        let addr = self.address(array);
        let value = self.value(self.elements[array]);
        self.b.store(MEM_ANY, addr, value);
    }

    /// A check of something loaded, or computed, that fails seldom.
    fn guard(&mut self) {
        let ty = self.rng.pick(&[Ty::I64, Ty::I32, Ty::I16, Ty::I8, Ty::F64]);
        let x = self.value(ty);
        let cond = match ty {
            Ty::F64 => {
                let limit = self.b.f64(1e300);
                let fails = self.b.compare(Cond::Fgt, x, limit);
                self.b.not(fails)
            }
            Ty::I64 if self.rng.chance(40) => {
                let y = self.value(ty);
                let op = self.rng.pick(&[CheckedOp::Add, CheckedOp::Sub]);
                let results = self.b.inst(Op::Checked { op, lhs: x, rhs: y }, &[Ty::I64, Ty::Bool]);
                let results = self.b.func.insts[results].results.to_vec();
                self.scope.push(results[0]);
                self.b.not(results[1])
            }
            _ => {
                let number = self.rng.below(120) as i64;
                let number = self.b.iconst(ty, number);
                self.b.compare(Cond::Ne, x, number)
            }
        };
        self.b.guard(cond, Fail { deopt: false, site: SiteId(0), payload: vec![] });
    }

    fn arithmetic(&mut self) {
        let ints =
            [BinaryOp::Iadd, BinaryOp::Isub, BinaryOp::Imul, BinaryOp::Band, BinaryOp::Bor, BinaryOp::Bxor];
        let extremes = [BinaryOp::Smin, BinaryOp::Smax, BinaryOp::Umin, BinaryOp::Umax];
        let floats =
            [BinaryOp::Fadd, BinaryOp::Fsub, BinaryOp::Fmul, BinaryOp::Fdiv, BinaryOp::Fmin, BinaryOp::Fmax];
        let ty = self.rng.pick(&TYPES);
        let value = match self.rng.below(9) {
            0..3 => {
                let (x, y) = (self.value(ty), self.value(ty));
                let op = if ty.is_float() {
                    self.rng.pick(&floats)
                } else if self.rng.chance(70) {
                    self.rng.pick(&ints)
                } else {
                    self.rng.pick(&extremes)
                };
                self.b.binary(op, x, y)
            }
            3 => {
                let cond = self.value(Ty::Bool);
                let (x, y) = (self.value(ty), self.value(ty));
                self.b.select(cond, x, y)
            }
            4 => self.compare(),
            5 if ty.is_float() => {
                let x = self.value(ty);
                let simple =
                    [MathFn::Sqrt, MathFn::Abs, MathFn::Floor, MathFn::Ceil, MathFn::Trunc, MathFn::Rint];
                match self.rng.below(8) {
                    0 => self.b.unary(UnaryOp::Fneg, x),
                    1 => {
                        let y = self.value(ty);
                        self.b.math(MathFn::CopySign, vec![x, y])
                    }
                    _ => {
                        let func = self.rng.pick(&simple);
                        self.b.math(func, vec![x])
                    }
                }
            }
            5 => {
                let x = self.value(ty);
                match self.rng.below(4) {
                    0 => self.b.unary(UnaryOp::Ineg, x),
                    1 => self.b.unary(UnaryOp::Bnot, x),
                    _ => {
                        let op = self.rng.pick(&[BinaryOp::Ishl, BinaryOp::Sshr, BinaryOp::Ushr]);
                        let count = self.rng.below(8 * ty.bytes() as usize) as i64;
                        let count = self.b.iconst(ty, count);
                        self.b.binary(op, x, count)
                    }
                }
            }
            6 => {
                let op = self.rng.pick(&[BinaryOp::Band, BinaryOp::Bor, BinaryOp::Bxor]);
                let (x, y) = (self.value(Ty::Bool), self.value(Ty::Bool));
                let value = self.b.binary(op, x, y);
                if self.rng.chance(30) { self.b.not(value) } else { value }
            }
            _ => self.conversion(ty),
        };
        self.scope.push(value);
    }

    fn conversion(&mut self, to: Ty) -> Value {
        let from = if self.rng.chance(15) { Ty::Bool } else { self.rng.pick(&TYPES) };
        let x = self.value(from);
        let float = from.is_float();
        let signed = self.rng.chance(60);
        let op = match (float, to.is_float()) {
            _ if from == to => return x,
            _ if from == Ty::Bool => {
                if to.is_float() {
                    ConvertOp::UintToFloat
                } else {
                    ConvertOp::Zext
                }
            }
            (true, true) => {
                if to == Ty::F64 {
                    ConvertOp::Fpromote
                } else {
                    ConvertOp::Fdemote
                }
            }
            (true, false) => {
                if signed {
                    ConvertOp::FloatToSint
                } else {
                    ConvertOp::FloatToUint
                }
            }
            (false, true) => {
                if signed {
                    ConvertOp::SintToFloat
                } else {
                    ConvertOp::UintToFloat
                }
            }
            (false, false) if from.bytes() > to.bytes() => ConvertOp::Trunc,
            (false, false) => {
                if signed {
                    ConvertOp::Sext
                } else {
                    ConvertOp::Zext
                }
            }
        };
        self.b.convert(op, x, to)
    }

    fn branch(&mut self) {
        let cond = self.value(Ty::Bool);
        let results: Vec<Ty> = (0..self.rng.below(3)).map(|_| self.rng.pick(&TYPES)).collect();
        let mark = self.scope.len();
        let arms = [(); 2].map(|()| {
            let (region, _) = self.b.open(&[]);
            for _ in 0..self.rng.below(4) {
                match self.rng.below(if self.guards { 5 } else { 4 }) {
                    0 => self.load(),
                    1 => self.store(),
                    4 => self.guard(),
                    _ => self.arithmetic(),
                }
            }
            let yields = results.iter().map(|ty| self.value(*ty)).collect();
            self.b.close(End::Yield(yields));
            self.scope.truncate(mark);
            region
        });
        let values = self.b.if_(cond, arms[0], arms[1], &results);
        self.scope.extend(values);
    }

    /// What a carried value becomes.
    fn reduction(&mut self, carried: Value) -> Value {
        let ty = self.b.ty(carried);
        let x = self.value(ty);
        if ty == Ty::Bool {
            let op = self.rng.pick(&[BinaryOp::Bor, BinaryOp::Band]);
            return self.b.binary(op, carried, x);
        }
        let op = if ty.is_float() {
            match self.rng.below(8) {
                0 => BinaryOp::Fadd,
                1 => BinaryOp::Fmul,
                2 => BinaryOp::Fmin,
                3 => BinaryOp::Fmax,
                _ => {
                    let cond = self.rng.pick(&[Cond::Fgt, Cond::Flt, Cond::Fge, Cond::Fle]);
                    let takes = self.b.compare(cond, x, carried);
                    return self.b.select(takes, x, carried);
                }
            }
        } else {
            self.rng.pick(&[
                BinaryOp::Iadd,
                BinaryOp::Iadd,
                BinaryOp::Imul,
                BinaryOp::Band,
                BinaryOp::Bxor,
                BinaryOp::Smin,
                BinaryOp::Umax,
            ])
        };
        if ty == Ty::I64 && self.guards && self.rng.chance(60) {
            let op = self.rng.pick(&[CheckedOp::Add, CheckedOp::Add, CheckedOp::Sub]);
            let sum = self.b.inst(Op::Checked { op, lhs: carried, rhs: x }, &[Ty::I64, Ty::Bool]);
            let [next, flag] = [0, 1].map(|k| self.b.func.insts[sum].results[k]);
            let fine = self.b.not(flag);
            self.b.guard(fine, Fail { deopt: false, site: SiteId(0), payload: vec![] });
            return next;
        }
        let next = self.b.binary(op, carried, x);
        if self.rng.chance(40) {
            let cond = self.value(Ty::Bool);
            return self.b.select(cond, next, carried);
        }
        next
    }
}

/// A function with one loop.
fn module(rng: &mut Rng) -> Module {
    let carried: Vec<Ty> = (0..rng.below(3))
        .map(|_| rng.pick(&[Ty::I64, Ty::I64, Ty::F64, Ty::F32, Ty::Bool, Ty::I32]))
        .collect();
    let b = Builder::new("f", 0, &PARAMS, carried.clone());
    let params = b.params(Region(0)).to_vec();
    let elements = [rng.pick(&TYPES), rng.pick(&TYPES), rng.pick(&TYPES)];
    let (wild, guards) = (rng.chance(60), rng.chance(40));
    let mut g = Gen { rng, b, counter: params[0], params, scope: Vec::new(), elements, wild, guards };
    let init: Vec<Value> =
        carried.iter().map(|ty| if *ty == Ty::Bool { g.b.bool(false) } else { g.value(*ty) }).collect();
    let mut types = vec![Ty::I64];
    types.extend(&carried);
    let (body, inner) = g.b.open(&types);
    g.counter = inner[0];
    if g.rng.chance(40) {
        g.scope.push(inner[0]);
    }
    g.load();
    for _ in 0..1 + g.rng.below(7) {
        match g.rng.below(10) {
            0..3 => g.load(),
            3 => g.store(),
            4 => g.branch(),
            5 if g.guards => g.guard(),
            _ => g.arithmetic(),
        }
    }
    if carried.is_empty() || g.rng.chance(50) {
        g.store();
    }
    let next: Vec<Value> = inner[1..].iter().map(|carried| g.reduction(*carried)).collect();
    g.b.close(End::Yield(next));
    let (lo, hi) = (g.params[3], g.params[4]);
    let inst = g.b.inst(Op::For { lo, hi, init, body, mode: LoopMode::Serial }, &carried);
    let results = g.b.func.insts[inst].results.to_vec();
    g.b.close(End::Return(results));
    let mut module = Module::default();
    module.funcs.push(g.b.finish());
    module.sites.push(Site {
        exc: Some(ExcKind::Overflow),
        args: vec![],
        frames: vec![SourcePos { source: 0, line: 1 }],
    });
    module
}

#[derive(Clone)]
struct Input {
    memory: Vec<u8>,
    offsets: [usize; ARRAYS],
    args: Vec<u64>,
}

fn input(rng: &mut Rng, elements: u32) -> Input {
    let mut memory = Vec::new();
    while memory.len() < BYTES {
        // Mostly words that are numbers of some type.
        match rng.below(4) {
            0 => memory.extend((rng.float() as f32).to_bits().to_le_bytes().repeat(2)),
            1 => memory.extend(rng.integer().to_le_bytes()),
            _ => memory.extend(rng.float().to_bits().to_le_bytes()),
        }
    }
    let near = rng.chance(40);
    let step = if near { 8 * rng.below(6) + if rng.chance(30) { 1 + rng.below(7) } else { 0 } } else { 6000 };
    let first = 4096 + rng.below(64);
    let offsets = [first, first + step, first + 2 * step];
    let lo = rng.below(7) as i64 - 3;
    let n = rng.below(71) as i64 - 1;
    let stride = rng.pick(&[8, 8, 4, 1, 2, 16, -8, 0, 24, i64::from(elements)]);
    let args = vec![
        lo as u64,
        (lo + n) as u64,
        rng.below(12) as u64,
        stride as u64,
        rng.float().to_bits(),
        u64::from(rng.next() as u32),
    ];
    Input { memory, offsets, args }
}

/// Results and memory afterwards, nans alike; of a failure no results.
#[derive(PartialEq, Debug)]
struct Seen {
    failed: bool,
    words: Vec<u64>,
    memory: Vec<u8>,
}

fn interpret(module: &Module, input: &Input) -> Seen {
    let mut machine = Machine::new(module);
    let base = machine.memory.allocate(BYTES);
    machine.memory.store(base, &input.memory).unwrap();
    let mut args: Vec<u64> = input.offsets.iter().map(|offset| base + *offset as u64).collect();
    args.extend(&input.args);
    let (failed, words) = match machine.call(Func(0), &args).unwrap() {
        Outcome::Done(words) => (false, words),
        Outcome::Failed(_) => (true, vec![]),
    };
    Seen { failed, words, memory: machine.memory.read(base, BYTES).unwrap() }
}

fn execute(code: &load::Executable, input: &Input) -> Seen {
    let mut memory = input.memory.clone();
    let base = memory.as_mut_ptr() as u64;
    let mut args: Vec<u64> = input.offsets.iter().map(|offset| base + *offset as u64).collect();
    args.extend(&input.args);
    let mut results = [0u64; 4];
    let mut ctx = context();
    let done = unsafe { (code.entry)(&mut *ctx, args.as_ptr(), results.as_mut_ptr()) };
    let failed = done == status::RAISE;
    assert!(failed || done == status::OK);
    Seen { failed, words: if failed { vec![] } else { results.to_vec() }, memory }
}

/// Cut to the width of their types, nans alike.
fn words(seen: &Seen, types: &[Ty]) -> Vec<u64> {
    let alike = |(word, ty): (&u64, &Ty)| {
        let word = eval::canonical(*ty, *word);
        if ty.is_float() && eval::to_f64(*ty, word).is_nan() { u64::MAX } else { word }
    };
    seen.words.iter().zip(types).map(alike).collect()
}

/// The same bytes, but for nans, whose bits may be read as numbers of any width: where a byte differs,
/// both sides hold a nan there.
fn same_memory(a: &[u8], b: &[u8]) -> bool {
    let nan = |bytes: &[u8], at: usize| {
        (at.saturating_sub(7)..=at).any(|start| {
            let word = bytes.get(start..start + 8).map(|w| f64::from_le_bytes(w.try_into().unwrap()));
            let half = bytes.get(start..start + 4).map(|w| f32::from_le_bytes(w.try_into().unwrap()));
            word.is_some_and(f64::is_nan) || (start + 4 > at && half.is_some_and(f32::is_nan))
        })
    };
    a.iter().zip(b).enumerate().all(|(at, (x, y))| x == y || (nan(a, at) && nan(b, at)))
}

fn check(seeds: std::ops::Range<u64>, options: &Options) -> (usize, usize, usize) {
    let (mut loops, mut runs, mut failures) = (0, 0, 0);
    for seed in seeds {
        let mut rng = Rng(seed.wrapping_mul(0xD134_2543_DE82_EF95));
        let original = module(&mut rng);
        let mut fast = original.clone();
        if !vectorize::force(&mut fast.funcs.items[0], options) {
            continue;
        }
        if let Err(text) = verify::verify(&fast) {
            panic!("seed {seed}: bad MIR\n{text}");
        }
        loops += 1;
        let types = original.funcs.items[0].results.to_vec();
        let emit =
            |module: &Module| load::load(codegen::emit(module, &[], &Type::None, &[], options)).unwrap();
        let (plain, wide) = (emit(&original), emit(&fast));
        for run in 0..8 {
            let input = input(&mut rng, [8, 4, 1, 2][run % 4]);
            let expected = interpret(&original, &input);
            for (name, got) in [
                ("interpreted", interpret(&fast, &input)),
                ("scalar", execute(&plain, &input)),
                ("vector", execute(&wide, &input)),
            ] {
                let same = expected.failed == got.failed
                    && words(&expected, &types) == words(&got, &types)
                    && same_memory(&expected.memory, &got.memory);
                if !same {
                    let at = expected.memory.iter().zip(&got.memory).position(|(a, b)| a != b);
                    panic!(
                        "seed {seed} run {run}: {name} differs: {:?} {:?}, memory at {at:?}, offsets {:?}, args {:?}\n{}",
                        words(&expected, &types),
                        words(&got, &types),
                        input.offsets,
                        input.args,
                        print::module(&fast)
                    );
                }
            }
            runs += 1;
            failures += usize::from(expected.failed);
        }
    }
    (loops, runs, failures)
}

#[test]
fn random_vector_loops_run_as_interpreted() {
    let (loops, runs, failures) = check(0..1200, &Options::default());
    assert!(loops > 200 && failures > 50, "{loops} loops, {runs} runs, {failures} failures");
}

/// With free order only integers, masks and extremes are the same to the bit; what is added here is exact.
#[test]
fn free_order_sums_exact_numbers_exactly() {
    let mut b = Builder::new("f", 0, &[Ty::Ptr, Ty::I64], vec![Ty::F64, Ty::F64]);
    let (zero, one) = (b.f64(0.0), b.f64(1.0));
    let params = b.params(Region(0)).to_vec();
    let start = b.i64(0);
    let (body, inner) = b.open(&[Ty::I64, Ty::F64, Ty::F64]);
    let x = b.load(MEM_ANY, Ty::F64, indexed(params[0], inner[0], 8));
    let sum = b.binary(BinaryOp::Fadd, inner[1], x);
    let product = b.binary(BinaryOp::Fmul, x, inner[2]);
    b.close(End::Yield(vec![sum, product]));
    let init = vec![zero, one];
    let inst =
        b.inst(Op::For { lo: start, hi: params[1], init, body, mode: LoopMode::Serial }, &[Ty::F64, Ty::F64]);
    let results = b.func.insts[inst].results.to_vec();
    b.close(End::Return(results));
    let mut module = Module::default();
    module.funcs.push(b.finish());
    assert!(!vectorize::run(&mut module.funcs.items[0].clone(), &Options::default()));
    let fastmath = FastMath { reassoc: true, ..FastMath::default() };
    let options = Options { fastmath, ..Options::default() };
    assert!(vectorize::run(&mut module.funcs.items[0], &options));
    let code = load::load(codegen::emit(&module, &[], &Type::None, &[], &options)).unwrap();
    for n in 0..70usize {
        let numbers: Vec<f64> = (0..n).map(|k| [1.0, 2.0, -0.5, -1.0][k % 4]).collect();
        let mut results = [0u64; 2];
        let args = [numbers.as_ptr() as u64, n as u64];
        let mut ctx = context();
        let done = unsafe { (code.entry)(&mut *ctx, args.as_ptr(), results.as_mut_ptr()) };
        assert_eq!(done, status::OK);
        let expected = [numbers.iter().fold(0.0, |a, b| a + b), numbers.iter().product::<f64>()];
        assert_eq!(results.map(f64::from_bits), expected, "{n}");
    }
}
