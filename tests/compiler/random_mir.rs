//! Random MIR for tests of passes: structured, well formed, with loops, guards, memory, calls, owners.
//!
//! In: a seed. Out: a module and arguments for it. Invariant: the same seed gives the same module; memory
//! is accessed in range; `Deopt` guards stand only where nothing visible has happened.

use fastjit::abi::{ExcKind, RuntimeFn, Site, SourcePos, Ty};
use fastjit::builtin::MathFn;
use fastjit::mir::build::{Builder, indexed};
use fastjit::mir::*;

/// SplitMix64.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
    /// Integers that break things: small, extreme, powers of two.
    pub fn integer(&mut self) -> i64 {
        match self.below(8) {
            0..4 => self.below(20) as i64 - 4,
            4 => i64::MAX - self.below(3) as i64,
            5 => i64::MIN + self.below(3) as i64,
            6 => 1i64.wrapping_shl(self.below(64) as u32),
            _ => self.next() as i64,
        }
    }
    pub fn float(&mut self) -> f64 {
        let special = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e300, -1e-300, f64::NAN, f64::INFINITY];
        if self.chance(70) {
            special[self.below(special.len())]
        } else {
            self.below(1000) as f64 / 8.0 - 20.0
        }
    }
}

/// Words of the two buffers that the entry is given.
pub const BUFFER_WORDS: usize = 16;
const MEM_INTS: Mem = Mem(2);
const MEM_FLOATS: Mem = Mem(3);
/// Parameters of every function.
pub const PARAMS: [Ty; 7] = [Ty::I64, Ty::I64, Ty::I64, Ty::F64, Ty::Bool, Ty::Ptr, Ty::Ptr];
const RESULTS: [Ty; 4] = [Ty::I64, Ty::I64, Ty::F64, Ty::Bool];

struct Gen<'a> {
    rng: &'a mut Rng,
    b: Builder,
    sites: &'a mut Table<SiteId, Site>,
    /// Values in scope.
    scope: Vec<Value>,
    callees: usize,
    /// A store may have happened, here or in a loop around this place.
    effects: bool,
    /// The function may store at all.
    stores: bool,
    budget: usize,
    /// Loops and blocks around this place with the types of their slots.
    loops: Vec<(Inst, Vec<Ty>)>,
    blocks: Vec<(Inst, Vec<Ty>)>,
    parallel: bool,
}

/// A module whose entry takes `PARAMS`.
pub fn module(rng: &mut Rng) -> Module {
    let mut module = Module::default();
    let count = 1 + rng.below(3);
    let stores = rng.chance(70);
    let mut sites = Table::default();
    // Callees have higher numbers, but are needed first: build backward, then reverse the order.
    let mut funcs = Vec::new();
    for index in (0..count).rev() {
        funcs.push(function(rng, &mut sites, index, count, stores));
    }
    funcs.reverse();
    module.funcs.items = funcs;
    module.sites = sites;
    module
}

fn function(
    rng: &mut Rng,
    sites: &mut Table<SiteId, Site>,
    index: usize,
    count: usize,
    stores: bool,
) -> Function {
    let b = Builder::new(format!("f{index}"), index as u32, &PARAMS, RESULTS.to_vec());
    let scope = b.params(Region(0)).to_vec();
    let budget = if index == 0 { 20 + rng.below(60) } else { 3 + rng.below(20) };
    let mut g = Gen {
        rng,
        b,
        sites,
        scope,
        callees: count - index - 1,
        effects: false,
        stores,
        budget,
        loops: Vec::new(),
        blocks: Vec::new(),
        parallel: false,
    };
    g.statements(0, index as u32, count);
    let results = g.values(&RESULTS);
    g.b.close(End::Return(results));
    g.b.finish()
}

impl Gen<'_> {
    fn value(&mut self, ty: Ty) -> Value {
        let found: Vec<Value> = self.scope.iter().copied().filter(|v| self.b.ty(*v) == ty).collect();
        // Recent values are more interesting.
        if !found.is_empty() && self.rng.chance(85) {
            let last = found.len().min(6);
            let from = if self.rng.chance(70) { found.len() - last } else { 0 };
            return found[from + self.rng.below(found.len() - from)];
        }
        match ty {
            Ty::F64 => {
                let value = self.rng.float();
                self.b.f64(value)
            }
            Ty::F32 => {
                let value = self.rng.float() as f32;
                self.b.f32(value)
            }
            Ty::Bool => {
                let value = self.rng.chance(50);
                self.b.bool(value)
            }
            Ty::Ptr => self.scope[5],
            Ty::I64 => {
                let value = self.rng.integer();
                self.b.i64(value)
            }
            Ty::I8 | Ty::I16 | Ty::I32 => {
                let value = self.rng.below(256) as i64 - 128;
                self.b.iconst(ty, value)
            }
        }
    }

    fn values(&mut self, types: &[Ty]) -> Vec<Value> {
        types.iter().map(|ty| self.value(*ty)).collect()
    }

    fn keep(&mut self, value: Value) -> Value {
        self.scope.push(value);
        value
    }

    fn fail(&mut self) -> Fail {
        let exc = Some(self.rng.pick(&[ExcKind::Index, ExcKind::Overflow, ExcKind::Value]));
        let frames = vec![SourcePos { source: 0, line: self.sites.len() as u32 }];
        let site = self.sites.push(Site { exc, args: Vec::new(), frames });
        let deopt = !self.effects && !self.parallel && self.rng.chance(60);
        let payload = if self.rng.chance(50) { vec![self.value(Ty::I64)] } else { Vec::new() };
        Fail { deopt, site, payload }
    }

    fn compare(&mut self) -> Value {
        let conds = [Cond::Eq, Cond::Ne, Cond::Slt, Cond::Sle, Cond::Sgt, Cond::Sge, Cond::Ult, Cond::Uge];
        let floats = [Cond::Feq, Cond::Flt, Cond::Fle, Cond::Fgt, Cond::Fge, Cond::Fne];
        let value = if self.rng.chance(80) {
            let (x, y) = (self.value(Ty::I64), self.value(Ty::I64));
            let cond = self.rng.pick(&conds);
            self.b.compare(cond, x, y)
        } else {
            let (x, y) = (self.value(Ty::F64), self.value(Ty::F64));
            let cond = self.rng.pick(&floats);
            self.b.compare(cond, x, y)
        };
        self.keep(value)
    }

    fn address(&mut self, floats: bool) -> (Mem, Ty, Address) {
        let (base, mem, ty) =
            if floats { (self.scope[6], MEM_FLOATS, Ty::F64) } else { (self.scope[5], MEM_INTS, Ty::I64) };
        let index = self.value(Ty::I64);
        let mask = self.b.i64(BUFFER_WORDS as i64 - 1);
        let index = self.b.binary(BinaryOp::Band, index, mask);
        self.keep(index);
        (mem, ty, indexed(base, index, 8))
    }

    /// An access as `lower` makes it: wraparound, check against a length, then the element.
    fn checked_access(&mut self) {
        let index = self.value(Ty::I64);
        let len = self.b.i64(BUFFER_WORDS as i64);
        let zero = self.b.i64(0);
        let negative = self.b.compare(Cond::Slt, index, zero);
        let wrapped = self.b.binary(BinaryOp::Iadd, index, len);
        let normal = self.b.select(negative, wrapped, index);
        let ok = self.b.compare(Cond::Ult, normal, len);
        let fail = self.fail();
        self.b.guard(ok, fail);
        let base = self.scope[5];
        if self.stores && !self.parallel && self.rng.chance(40) {
            let value = self.value(Ty::I64);
            self.b.store(MEM_INTS, indexed(base, normal, 8), value);
            self.effects = true;
        } else {
            let value = self.b.load(MEM_INTS, Ty::I64, indexed(base, normal, 8));
            self.keep(value);
        }
    }

    fn arithmetic(&mut self) {
        let ints = [
            BinaryOp::Iadd,
            BinaryOp::Isub,
            BinaryOp::Imul,
            BinaryOp::Band,
            BinaryOp::Bor,
            BinaryOp::Bxor,
            BinaryOp::Smin,
            BinaryOp::Smax,
            BinaryOp::Umin,
            BinaryOp::Umax,
            BinaryOp::Ishl,
            BinaryOp::Sshr,
            BinaryOp::Ushr,
            BinaryOp::Smulhi,
            BinaryOp::Umulhi,
        ];
        let divisions = [
            BinaryOp::Sdiv,
            BinaryOp::Srem,
            BinaryOp::Udiv,
            BinaryOp::Urem,
            BinaryOp::FloorDiv,
            BinaryOp::FloorMod,
        ];
        let floats =
            [BinaryOp::Fadd, BinaryOp::Fsub, BinaryOp::Fmul, BinaryOp::Fdiv, BinaryOp::Fmin, BinaryOp::Fmax];
        let value = match self.rng.below(12) {
            0..3 => {
                let (x, y) = (self.value(Ty::I64), self.value(Ty::I64));
                let op = self.rng.pick(&ints);
                self.b.binary(op, x, y)
            }
            3 => {
                let (x, y) = (self.value(Ty::I64), 1 + self.rng.below(9) as i64);
                let y = self.b.i64(y);
                let op = self.rng.pick(&divisions);
                self.b.binary(op, x, y)
            }
            4 | 5 => {
                let (x, y) = (self.value(Ty::F64), self.value(Ty::F64));
                let op = self.rng.pick(&floats);
                self.b.binary(op, x, y)
            }
            6 => {
                let x = self.value(Ty::F64);
                let func = self.rng.pick(&[MathFn::Floor, MathFn::Abs, MathFn::Sqrt, MathFn::Exp]);
                self.b.math(func, vec![x])
            }
            7 => {
                let c = self.compare();
                let (x, y) = (self.value(Ty::I64), self.value(Ty::I64));
                self.b.select(c, x, y)
            }
            8 => {
                let op = self.rng.pick(&[BinaryOp::Band, BinaryOp::Bor, BinaryOp::Bxor]);
                let (x, y) = (self.value(Ty::Bool), self.value(Ty::Bool));
                self.b.binary(op, x, y)
            }
            9 => {
                let x = self.value(Ty::Bool);
                if self.rng.chance(50) { self.b.not(x) } else { self.b.convert(ConvertOp::Zext, x, Ty::I64) }
            }
            10 => {
                let x = self.value(Ty::I64);
                let small = self.rng.pick(&[Ty::I32, Ty::I8, Ty::I16]);
                let y = self.b.convert(ConvertOp::Trunc, x, small);
                self.keep(y);
                let op = self.rng.pick(&[ConvertOp::Sext, ConvertOp::Zext]);
                self.b.convert(op, y, Ty::I64)
            }
            _ => {
                let x = self.value(Ty::I64);
                self.b.convert(ConvertOp::SintToFloat, x, Ty::F64)
            }
        };
        self.keep(value);
    }

    fn checked_arithmetic(&mut self) {
        let op = self.rng.pick(&[CheckedOp::Add, CheckedOp::Sub, CheckedOp::Mul]);
        let (x, mut y) = (self.value(Ty::I64), self.value(Ty::I64));
        if self.rng.chance(60) {
            let small = 1 + self.rng.below(3) as i64;
            y = self.b.i64(small);
        }
        let (value, overflow) = self.b.checked(op, x, y);
        if self.rng.chance(90) {
            let fine = self.b.not(overflow);
            let fail = self.fail();
            self.b.guard(fine, fail);
        } else {
            self.keep(overflow);
        }
        self.keep(value);
    }

    fn statements(&mut self, depth: usize, index: u32, count: usize) {
        let n = 2 + self.rng.below(7);
        for _ in 0..n {
            if self.budget == 0 {
                return;
            }
            self.budget -= 1;
            self.statement(depth, index, count);
        }
    }

    fn statement(&mut self, depth: usize, index: u32, count: usize) {
        let deep = depth >= 4;
        match self.rng.below(24) {
            0..6 => self.arithmetic(),
            6 | 7 => self.checked_arithmetic(),
            8 => {
                self.compare();
            }
            9 | 10 => self.checked_access(),
            11 => {
                let floats = self.rng.chance(50);
                let (mem, ty, addr) = self.address(floats);
                let value = self.b.load(mem, ty, addr);
                self.keep(value);
            }
            12 if self.stores && !self.parallel => {
                let floats = self.rng.chance(50);
                let (mem, ty, addr) = self.address(floats);
                let value = self.value(ty);
                self.b.store(mem, addr, value);
                self.effects = true;
            }
            13 => {
                let cond = self.compare();
                let fail = self.fail();
                self.b.guard(cond, fail);
            }
            14 if self.callees > 0 && !self.parallel => {
                let target = index as usize + 1 + self.rng.below(self.callees);
                let args: Vec<Value> = PARAMS
                    .iter()
                    .enumerate()
                    .map(|(k, ty)| if k >= 5 { self.scope[k] } else { self.value(*ty) })
                    .collect();
                let frames = vec![SourcePos { source: index, line: self.sites.len() as u32 }];
                let site = self.sites.push(Site { exc: None, args: Vec::new(), frames });
                let results = self.b.call(Func(target as u32), args, &RESULTS, site, self.effects);
                self.scope.extend(results);
                self.effects |= self.stores;
            }
            15 if !self.parallel && self.rng.chance(50) => self.owner(),
            15 if !self.parallel => self.own_access(),
            16..18 if !deep => self.if_(depth, index, count),
            18 if !deep && !self.parallel && self.rng.chance(60) => self.sweep(depth, index, count),
            18..21 if !deep => self.for_(depth, index, count),
            21 if !deep => self.block(depth, index, count),
            22 if !deep && !self.parallel => self.while_(depth, index, count),
            _ => self.arithmetic(),
        }
    }

    /// An array of the function's own, in memory that no argument overlaps.
    fn owner(&mut self) {
        let (bytes, one) = (self.b.i64(8 * BUFFER_WORDS as i64), self.b.i64(1));
        let Some(header) = self.b.runtime(RuntimeFn::Alloc, vec![bytes, one], Some(Ty::Ptr)) else { return };
        let slot = self.b.owner_slot();
        self.b.inst(Op::OwnerSet { slot, value: header }, &[]);
        let data = self.b.load(MEM_FRAME, Ty::Ptr, build::at(header, fastjit::abi::OFFSET_BUFFER_DATA));
        self.keep(data);
        self.own_access();
    }

    /// An access to one of the function's own arrays, or to either of two.
    fn own_access(&mut self) {
        let own = |value: &Value| self.b.ty(*value) == Ty::Ptr;
        let arrays: Vec<Value> = self.scope.iter().copied().filter(own).skip(2).collect();
        if arrays.is_empty() {
            return;
        }
        let mut base = self.rng.pick(&arrays);
        if self.rng.chance(30) {
            let (cond, other) = (self.compare(), self.rng.pick(&arrays));
            base = self.b.select(cond, base, other);
            self.keep(base);
        }
        let (index, mask) = (self.value(Ty::I64), self.b.i64(BUFFER_WORDS as i64 - 1));
        let index = self.b.binary(BinaryOp::Band, index, mask);
        let value = self.value(Ty::I64);
        self.b.store(MEM_ANY, indexed(base, index, 8), value);
        let (other, index) = (self.rng.pick(&arrays), if self.rng.chance(50) { index } else { mask });
        let value = self.b.load(MEM_ANY, Ty::I64, indexed(other, index, 8));
        self.keep(value);
    }

    fn types(&mut self) -> Vec<Ty> {
        let n = self.rng.below(4);
        (0..n).map(|_| self.rng.pick(&[Ty::I64, Ty::I64, Ty::F64, Ty::Bool])).collect()
    }

    /// How a nested region ends: mostly normally.
    fn ending(&mut self, types: &[Ty]) -> End {
        if self.rng.chance(12) && !self.parallel {
            match self.rng.below(4) {
                0 if !self.loops.is_empty() => {
                    let at = self.rng.below(self.loops.len());
                    let (to, types) = self.loops[at].clone();
                    return End::Continue { to, args: self.values(&types) };
                }
                1 | 2 if !self.blocks.is_empty() => {
                    let at = self.rng.below(self.blocks.len());
                    let (to, types) = self.blocks[at].clone();
                    return End::Break { to, args: self.values(&types) };
                }
                3 if self.rng.chance(40) => return End::Return(self.values(&RESULTS)),
                _ if self.rng.chance(40) => return End::Fail(self.fail()),
                _ => {}
            }
        }
        End::Yield(self.values(types))
    }

    fn if_(&mut self, depth: usize, index: u32, count: usize) {
        let cond = if self.rng.chance(70) { self.compare() } else { self.value(Ty::Bool) };
        let types = self.types();
        let mark = self.scope.len();
        let mut arms = Vec::new();
        let before = self.effects;
        let mut after = before;
        for _ in 0..2 {
            self.effects = before;
            self.b.open(&[]);
            if self.rng.chance(80) {
                self.statements(depth + 1, index, count);
            }
            let end = self.ending(&types);
            arms.push(self.b.close(end));
            self.scope.truncate(mark);
            after |= self.effects;
        }
        self.effects = after;
        let results = self.b.if_(cond, arms[0], arms[1], &types);
        self.scope.extend(results);
    }

    fn for_(&mut self, depth: usize, index: u32, count: usize) {
        let (lo, hi) = match self.rng.below(6) {
            0 => (self.b.i64(i64::MAX - 3), self.b.i64(i64::MAX)),
            1 => {
                let lo = self.rng.below(7) as i64 - 3;
                (self.b.i64(lo), self.b.i64(lo + 3))
            }
            2 => {
                let x = self.value(Ty::I64);
                let mask = self.b.i64(15);
                let hi = self.b.binary(BinaryOp::Band, x, mask);
                self.keep(hi);
                let one = self.b.i64(-1);
                let hi = self.b.binary(BinaryOp::Iadd, hi, one);
                (self.b.i64(1), self.keep(hi))
            }
            3 => (self.b.i64(0), self.b.i64(BUFFER_WORDS as i64)),
            _ => {
                let x = self.value(Ty::I64);
                let mask = self.b.i64(7);
                let hi = self.b.binary(BinaryOp::Band, x, mask);
                (self.b.i64(0), self.keep(hi))
            }
        };
        let parallel = self.rng.chance(12);
        let types = if parallel { vec![Ty::I64; self.rng.below(2)] } else { self.types() };
        let init = self.values(&types);
        let inst = self.b.reserve();
        let mut params = vec![Ty::I64];
        params.extend(&types);
        let mark = self.scope.len();
        let before = (self.parallel, self.effects, self.loops.clone(), self.blocks.clone());
        self.effects |= self.stores;
        let (body, values) = self.b.open(&params);
        if parallel {
            self.parallel = true;
            self.loops.clear();
            self.blocks.clear();
        }
        self.loops.push((inst, types.clone()));
        self.scope.extend(&values);
        self.statements(depth + 1, index, count);
        let end = if parallel {
            let mut args = Vec::new();
            for value in &values[1..] {
                let term = self.value(Ty::I64);
                args.push(self.b.binary(BinaryOp::Iadd, *value, term));
            }
            End::Yield(args)
        } else {
            self.ending(&types)
        };
        self.b.close(end);
        self.scope.truncate(mark);
        (self.parallel, self.effects, self.loops, self.blocks) = (before.0, before.1, before.2, before.3);
        self.effects |= self.stores;
        let mode = if parallel {
            let (combine, neutral) = if self.rng.chance(50) {
                (Combine::Op(BinaryOp::Iadd), 0)
            } else {
                (Combine::Best { cond: Cond::Sgt, key: 0 }, i64::MIN as u64)
            };
            let reductions = vec![Reduction { combine, neutral, overflow: None }; types.len()];
            LoopMode::Parallel { reductions, written: true }
        } else {
            LoopMode::Serial
        };
        let results = self.b.place(inst, Op::For { lo, hi, init, body, mode }, &types);
        self.scope.extend(results);
    }

    /// A sweep over neighbouring elements of one or two arrays: what one iteration leaves, the next finds.
    fn sweep(&mut self, depth: usize, index: u32, count: usize) {
        let own = |value: &Value| self.b.ty(*value) == Ty::Ptr;
        let arrays: Vec<Value> = self.scope.iter().copied().filter(own).skip(2).collect();
        let ints = (MEM_INTS, self.scope[5]);
        let mut rows = vec![ints];
        rows.extend(arrays.last().map(|base| (MEM_ANY, *base)));
        let (x, mask) = (self.value(Ty::I64), self.b.i64(14));
        let masked = self.b.binary(BinaryOp::Band, x, mask);
        let last = self.b.i64(15);
        let hi = if self.rng.chance(50) { last } else { masked };
        let (lo, shift) = (self.b.i64(1), self.rng.below(3) as i64 - 1);
        let init = self.value(Ty::I64);
        let before = self.effects;
        self.effects |= self.stores;
        let inst = self.b.reserve();
        let mark = self.scope.len();
        let (body, values) = self.b.open(&[Ty::I64, Ty::I64]);
        let (iv, mut value) = (values[0], values[1]);
        self.scope.push(value);
        // The counter itself, or the other way round.
        let backwards = self.rng.chance(30);
        let at = if backwards { self.b.binary(BinaryOp::Isub, last, iv) } else { iv };
        for _ in 0..2 + self.rng.below(5) {
            let (mem, base) = self.rng.pick(&rows);
            let fixed = self.rng.chance(20);
            let disp = 8 * (self.rng.below(3) as i32 - 1);
            let mut addr = if fixed { build::at(base, 8 + disp) } else { indexed(base, at, 8) };
            // Backwards the counter runs from 14 to 1, forwards from 1 to 14.
            addr.disp = if fixed { addr.disp } else { disp };
            match self.rng.below(6) {
                0 | 1 if self.stores || mem == MEM_ANY => self.b.store(mem, addr, value),
                2 if self.rng.chance(30) => self.statement(depth + 2, index, count),
                3 => {
                    let other = self.b.i64(shift);
                    value = self.b.binary(BinaryOp::Iadd, value, other);
                }
                _ => {
                    let loaded = self.b.load(mem, Ty::I64, addr);
                    value = self.b.binary(BinaryOp::Bxor, value, loaded);
                    self.keep(loaded);
                }
            }
        }
        self.b.close(End::Yield(vec![value]));
        self.scope.truncate(mark);
        self.effects = before | self.stores;
        let op = Op::For { lo, hi, init: vec![init], body, mode: LoopMode::Serial };
        let results = self.b.place(inst, op, &[Ty::I64]);
        self.scope.extend(results);
    }

    fn block(&mut self, depth: usize, index: u32, count: usize) {
        let types = self.types();
        let inst = self.b.reserve();
        let mark = self.scope.len();
        let (body, _) = self.b.open(&[]);
        self.blocks.push((inst, types.clone()));
        self.statements(depth + 1, index, count);
        let end = self.ending(&types);
        self.b.close(end);
        self.scope.truncate(mark);
        self.blocks.pop();
        let results = self.b.place(inst, Op::Block { body }, &types);
        self.scope.extend(results);
    }

    /// `while k < bound: ...; k += 1`, as a loop in a block; in one of the shapes that passes give it.
    fn while_(&mut self, depth: usize, index: u32, count: usize) {
        let bound = self.value(Ty::I64);
        let mask = self.b.i64(7);
        let bound = self.b.binary(BinaryOp::Band, bound, mask);
        let start = self.rng.below(3) as i64;
        let start = self.b.i64(start);
        let other = self.value(Ty::I64);
        let (block, looping) = (self.b.reserve(), self.b.reserve());
        let mark = self.scope.len();
        let before = self.effects;
        self.effects |= self.stores;
        let (outer, _) = self.b.open(&[]);
        let (body, carried) = self.b.open(&[Ty::I64, Ty::I64]);
        // Test at the top with the rest in its arm or behind it, or (counting on) somewhere in the middle.
        let shape = self.rng.below(3);
        self.scope.extend(&carried);
        if shape == 2 {
            self.statements(depth + 2, index, count);
        } else if self.rng.chance(30) {
            self.arithmetic();
        }
        let cond = self.rng.pick(&[Cond::Slt, Cond::Sle, Cond::Ne]);
        let more = if cond == Cond::Ne {
            let more = self.b.compare(Cond::Slt, carried[0], bound);
            let less = self.value(Ty::Bool);
            self.b.binary(BinaryOp::Band, more, less)
        } else if self.rng.chance(50) {
            self.b.compare(cond, carried[0], bound)
        } else {
            self.b.compare(if cond == Cond::Slt { Cond::Sgt } else { Cond::Sge }, bound, carried[0])
        };
        let (orelse, _) = self.b.open(&[]);
        let args = vec![self.value(Ty::I64), carried[0]];
        self.b.close(End::Break { to: block, args });
        let (then, _) = self.b.open(&[]);
        if shape > 0 {
            self.b.close(End::Yield(Vec::new()));
            self.b.if_(more, then, orelse, &[]);
        }
        self.statements(depth + 2, index, count);
        let one = self.b.i64(1);
        let (next, overflow) = self.b.checked(CheckedOp::Add, carried[0], one);
        let fine = self.b.not(overflow);
        let fail = self.fail();
        self.b.guard(fine, fail);
        let args = vec![next, self.value(Ty::I64)];
        self.scope.truncate(mark);
        if shape > 0 {
            self.b.close(End::Yield(args));
        } else {
            self.b.close(End::Continue { to: looping, args });
            self.b.if_(more, then, orelse, &[]);
            self.b.close(End::Unreachable);
        }
        self.b.place(looping, Op::Loop { init: vec![start, other], body }, &[]);
        self.b.close(End::Unreachable);
        let results = self.b.place(block, Op::Block { body: outer }, &[Ty::I64, Ty::I64]);
        self.effects = before | self.stores;
        self.scope.extend(results);
    }
}
