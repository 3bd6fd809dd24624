//! Vector loops for tests: random ones, one of each operation, and what they mean, iteration by iteration.
//!
//! In: a seed. Out: a loop with its memory. Invariant: each array has exactly the bytes that the iterations
//! touch, with a page that must not be touched behind them or in front of them.

use crate::lane_ops::*;
use crate::random_mir::Rng;
use fastjit::abi::{RuntimeFn, Ty};
use fastjit::builtin::MathFn;
use fastjit::mir::vloop::*;
use fastjit::mir::{BinaryOp, Cond, ConvertOp, Mem, UnaryOp, Value, eval};
use fastjit::runtime::symbols;
use std::collections::HashMap;

const PAGE: usize = 4096;
/// Pages of an array, between two that must not be touched.
const PAGES: usize = 4;
const CANARY: u8 = 0xa5;

pub const NUMBERS: [Ty; 6] = [Ty::I8, Ty::I16, Ty::I32, Ty::I64, Ty::F32, Ty::F64];

/// Memory of one array.
struct Array {
    pages: *mut u8,
    ty: Ty,
    /// First byte and number of bytes that may be touched.
    start: usize,
    bytes: usize,
    /// From one element to the next.
    stride: usize,
    contents: Vec<u8>,
}

impl Array {
    fn all(&self) -> &'static mut [u8] {
        unsafe { std::slice::from_raw_parts_mut(self.pages.add(PAGE), PAGES * PAGE) }
    }

    fn new(rng: &mut Rng, ty: Ty, stride: i64, bytes: usize) -> Array {
        let total = (PAGES + 2) * PAGE;
        assert!(bytes <= PAGES * PAGE, "{bytes}");
        let pages = unsafe {
            let pages = libc::mmap(
                std::ptr::null_mut(),
                total,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANON,
                -1,
                0,
            );
            assert_ne!(pages, libc::MAP_FAILED);
            libc::mprotect(pages, PAGE, libc::PROT_NONE);
            libc::mprotect(pages.add((PAGES + 1) * PAGE), PAGE, libc::PROT_NONE);
            pages.cast::<u8>()
        };
        // At the last byte, at the first, or anywhere.
        let room = PAGES * PAGE - bytes;
        let start = match rng.below(3) {
            0 => room,
            1 => 0,
            _ => rng.below(room / 8 + 1) * 8,
        };
        let step = stride.unsigned_abs().max(1) as usize;
        let mut array = Array { pages, ty, start, bytes, stride: step, contents: Vec::new() };
        let all = array.all();
        all.fill(CANARY);
        let width = ty.bytes() as usize;
        for at in (start..(start + bytes).saturating_sub(width - 1)).step_by(step) {
            let word = number(rng, ty);
            all[at..at + width].copy_from_slice(&word.to_le_bytes()[..width]);
        }
        array.contents = all.to_vec();
        array
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        unsafe { libc::munmap(self.pages.cast(), (PAGES + 2) * PAGE) };
    }
}

/// A word that breaks things.
pub fn number(rng: &mut Rng, ty: Ty) -> u64 {
    let word = match ty {
        Ty::Bool => rng.next() & 1,
        Ty::F32 | Ty::F64 => {
            let value = match rng.below(6) {
                0 => rng.float(),
                1 => rng.integer() as f64,
                2 => rng.pick(&[
                    2147483647.0,
                    2147483648.0,
                    -2147483649.0,
                    4294967295.0,
                    4294967296.0,
                    9.223372036854775e18,
                    9.3e18,
                    -9.3e18,
                    1.9e19,
                    32767.5,
                    65536.0,
                    255.9,
                    256.0,
                    -0.5,
                    -1.0,
                    f64::NEG_INFINITY,
                    1e-310,
                ]),
                _ => rng.below(4000) as f64 / 8.0 - 250.0,
            };
            eval::from_f64(ty, value)
        }
        Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr => rng.integer() as u64,
    };
    eval::canonical(ty, word)
}

pub struct Case {
    pub vloop: VLoop,
    pub words: Vec<u64>,
    pub lo: i64,
    pub hi: i64,
    arrays: Vec<Array>,
}

impl Case {
    pub fn reset(&mut self) {
        for array in &self.arrays {
            array.all().copy_from_slice(&array.contents);
        }
    }

    pub fn memory(&self) -> Vec<Vec<u8>> {
        self.arrays.iter().map(|array| array.all().to_vec()).collect()
    }

    pub fn restore(&mut self, memory: &[Vec<u8>]) {
        for (array, bytes) in self.arrays.iter().zip(memory) {
            array.all().copy_from_slice(bytes);
        }
    }

    /// The first iteration in which a check fails, or the end. (Nothing loads what the loop stores.)
    pub fn first_refused(&self) -> i64 {
        let fails = |i: &i64| {
            let mut lanes: Vec<u64> = Vec::new();
            let mut checks = self.vloop.checks.iter().peekable();
            for (k, node) in self.vloop.nodes.iter().enumerate() {
                while let Some(check) = checks.next_if(|check| check.before.0 as usize <= k) {
                    if lanes[check.cond.0 as usize] == 0 {
                        return true;
                    }
                }
                if let NodeOp::Store { .. } = node.op {
                    break;
                }
                lanes.push(iteration(&self.vloop, node, &lanes, &self.words, *i));
            }
            checks.any(|check| lanes[check.cond.0 as usize] == 0)
        };
        if self.vloop.checks.is_empty() { self.hi } else { (self.lo..self.hi).find(fails).unwrap_or(self.hi) }
    }

    /// Runs the iterations up to `end` one after the other: memory and words after them.
    pub fn reference(&mut self, end: i64) -> (Vec<Vec<u8>>, Vec<u64>) {
        let mut words = self.words.clone();
        let v = &self.vloop;
        for i in self.lo..end {
            let mut lanes: Vec<u64> = Vec::new();
            for node in &v.nodes {
                let lane = iteration(v, node, &lanes, &words, i);
                lanes.push(lane);
            }
            let before = words.clone();
            for (k, reduction) in v.reductions.iter().enumerate() {
                let ty = v.node(reduction.value).ty;
                let so_far = eval::canonical(ty, words[v.inputs.len() + k]);
                let value = |of: &VReduction| lanes[of.value.0 as usize];
                let joined = match reduction.combine {
                    Combine::Best { cond, key } => {
                        let by = &v.reductions[key as usize];
                        let ty = v.node(by.value).ty;
                        let so_far_of_key = eval::canonical(ty, before[v.inputs.len() + key as usize]);
                        let takes = eval::compare(cond, ty, value(by), so_far_of_key);
                        if takes { value(reduction) } else { so_far }
                    }
                    combine => combine.apply(ty, so_far, value(reduction)),
                };
                words[v.inputs.len() + k] = extended(ty, joined);
            }
        }
        (self.memory(), words)
    }

    pub fn compare(&self, memory: &[Vec<u8>], words: &[u64], got: &[u64]) -> Result<(), String> {
        for (k, array) in self.arrays.iter().enumerate() {
            let (all, expected) = (array.all(), &memory[k]);
            if *all == **expected {
                continue;
            }
            let mut loose = all.to_vec();
            let width = array.ty.bytes() as usize;
            for at in
                (array.start..(array.start + array.bytes).saturating_sub(width - 1)).step_by(array.stride)
            {
                let word = |bytes: &[u8]| {
                    let mut word = [0; 8];
                    word[..width].copy_from_slice(&bytes[at..at + width]);
                    u64::from_le_bytes(word)
                };
                if same(array.ty, word(all), word(expected)) {
                    loose[at..at + width].copy_from_slice(&expected[at..at + width]);
                }
            }
            if let Some(at) = (0..all.len()).find(|at| loose[*at] != expected[*at]) {
                let from = at.saturating_sub((at.wrapping_sub(array.start)) % width);
                let to = (from + 8).min(all.len());
                return Err(format!(
                    "array {k} of {:?}: byte {} of {}: {:x?}, expected {:x?}",
                    array.ty,
                    at as i64 - array.start as i64,
                    array.bytes,
                    &all[from..to],
                    &expected[from..to]
                ));
            }
        }
        for k in 0..words.len() {
            let reduction = k.checked_sub(self.vloop.inputs.len()).and_then(|k| self.vloop.reductions.get(k));
            let equal = reduction.map_or(words[k] == got[k], |reduction| {
                let ty = self.vloop.node(reduction.value).ty;
                // Which zero a reordered maximum gives is open.
                same(ty, words[k], got[k])
                    || (ty.is_float() && eval::to_f64(ty, words[k]) == eval::to_f64(ty, got[k]))
            });
            if !equal {
                return Err(format!("word {k}: {:x}, expected {:x}", got[k], words[k]));
            }
        }
        Ok(())
    }
}

/// Equal bits; a nan is a nan.
fn same(ty: Ty, a: u64, b: u64) -> bool {
    a == b || (ty.is_float() && eval::to_f64(ty, a).is_nan() && eval::to_f64(ty, b).is_nan())
}

/// A word as the leaf's argument has it.
fn extended(ty: Ty, word: u64) -> u64 {
    if ty.is_int() && ty != Ty::Bool { eval::signed(ty, word) as u64 } else { word }
}

fn address(v: &VLoop, at: &Place, lanes: &[u64], words: &[u64], i: i64) -> *mut u8 {
    let _ = v;
    let word = |input: Input| words[input.0 as usize] as i64;
    let mut address = word(at.base).wrapping_add(i64::from(at.disp));
    for (input, scale) in &at.terms {
        address = address.wrapping_add(word(*input).wrapping_mul(*scale));
    }
    address = address.wrapping_add(match at.stride {
        Stride::Known(bytes) => i.wrapping_mul(bytes),
        Stride::Input(input, scale) => i.wrapping_mul(word(input).wrapping_mul(scale)),
        Stride::Index(lane, scale) => (lanes[lane.0 as usize] as i64).wrapping_mul(i64::from(scale)),
    });
    address as *mut u8
}

fn iteration(v: &VLoop, node: &Node, lanes: &[u64], words: &[u64], i: i64) -> u64 {
    let get = |lane: &Lane| lanes[lane.0 as usize];
    let ty_of = |lane: &Lane| v.node(*lane).ty;
    let width = node.ty.bytes() as usize;
    match &node.op {
        NodeOp::Splat(input) => eval::canonical(node.ty, words[input.0 as usize]),
        NodeOp::Const(bits) => *bits,
        NodeOp::Counter => i as u64,
        NodeOp::Unary { op, arg } => eval::unary(*op, node.ty, get(arg)),
        NodeOp::Binary { op, lhs, rhs } => eval::binary(*op, node.ty, get(lhs), get(rhs)).unwrap(),
        NodeOp::Compare { cond, lhs, rhs } => u64::from(eval::compare(*cond, ty_of(lhs), get(lhs), get(rhs))),
        NodeOp::Select { cond, then, orelse } => get(if get(cond) == 1 { then } else { orelse }),
        NodeOp::Convert { op, arg } => eval::convert(*op, ty_of(arg), node.ty, get(arg)),
        NodeOp::Math { func, args } => {
            let args: Vec<u64> = args.iter().map(get).collect();
            eval::math(*func, node.ty, &args).unwrap()
        }
        NodeOp::Otherwise { func, args, ok, value } => {
            let args: Vec<f64> = args.iter().map(|arg| f64::from_bits(get(arg))).collect();
            if get(ok) == 1 { get(value) } else { crate::vmath::libm(*func, &args).to_bits() }
        }
        NodeOp::Load { at, mask } => {
            if mask.as_ref().is_some_and(|mask| get(mask) == 0) {
                return 0;
            }
            let mut word = [0; 8];
            let from = address(v, at, lanes, words, i);
            unsafe { std::ptr::copy_nonoverlapping(from, word.as_mut_ptr(), width) };
            u64::from_le_bytes(word)
        }
        NodeOp::Store { at, value, mask } => {
            if mask.as_ref().is_none_or(|mask| get(mask) == 1) {
                let word = get(value).to_le_bytes();
                let to = address(v, at, lanes, words, i);
                unsafe { std::ptr::copy_nonoverlapping(word.as_ptr(), to, width) };
            }
            0
        }
    }
}

/// A loop being made.
pub struct Maker<'a> {
    pub rng: &'a mut Rng,
    pub v: VLoop,
    words: Vec<u64>,
    arrays: Vec<Array>,
    lo: i64,
    hi: i64,
    lanes: HashMap<Ty, Vec<Lane>>,
    stores: Vec<Node>,
}

impl<'a> Maker<'a> {
    pub fn new(rng: &'a mut Rng) -> Maker<'a> {
        let lo = rng.pick(&[0, 0, 1, -3, 5]);
        let trip = if rng.chance(50) { rng.below(70) + 1 } else { rng.below(400) + 1 };
        let hi = lo + trip as i64;
        Maker {
            rng,
            v: VLoop::default(),
            words: Vec::new(),
            arrays: Vec::new(),
            lo,
            hi,
            lanes: HashMap::new(),
            stores: Vec::new(),
        }
    }

    pub fn input(&mut self, ty: Ty, word: u64) -> Input {
        self.v.inputs.push((Value(self.words.len() as u32), ty));
        self.words.push(word);
        Input(self.words.len() as u32 - 1)
    }

    pub fn node(&mut self, ty: Ty, op: NodeOp) -> Lane {
        self.v.nodes.push(Node { ty, op });
        let lane = Lane(self.v.nodes.len() as u32 - 1);
        self.lanes.entry(ty).or_default().push(lane);
        lane
    }

    /// A place that iterations `lo..end` touch, and with `disps` distances in elements.
    pub fn places(&mut self, ty: Ty, stride: i64, end: i64, disps: &[i64]) -> Vec<Place> {
        let width = i64::from(ty.bytes());
        let far = |i: i64| disps.iter().map(move |d| (i + d) * stride);
        let last = (end - 1).max(self.lo);
        let ends: Vec<i64> = far(self.lo).chain(far(last)).collect();
        let (low, high) = (*ends.iter().min().unwrap(), *ends.iter().max().unwrap());
        let bytes = if end > self.lo { (high - low + width) as usize } else { 0 };
        let array = Array::new(self.rng, ty, stride, bytes);
        let mut first = (array.pages as i64) + PAGE as i64 + array.start as i64 - low;
        self.arrays.push(array);
        let mut terms = Vec::new();
        if self.rng.chance(40) {
            let (count, scale) = (self.rng.below(1000) as i64 - 500, self.rng.pick(&[1, 8, 24, -8]));
            terms.push((self.input(Ty::I64, count as u64), scale));
            first -= count * scale;
        }
        let base = self.input(Ty::Ptr, first as u64);
        let stride_of = if self.rng.chance(20) && stride != width {
            let (word, scale) = if stride % 8 == 0 { (stride / 8, 8) } else { (stride, 1) };
            Stride::Input(self.input(Ty::I64, word as u64), scale)
        } else {
            Stride::Known(stride)
        };
        disps
            .iter()
            .map(|d| Place {
                mem: Mem(2),
                base,
                terms: terms.clone(),
                disp: (d * stride) as i32,
                stride: stride_of,
            })
            .collect()
    }

    fn stride(&mut self, ty: Ty) -> i64 {
        let width = i64::from(ty.bytes());
        match self.rng.below(10) {
            0 => -width,
            1 => 2 * width,
            2 => self.rng.pick(&[3, 3, 4, -3, 5]) * width,
            3 => 0,
            _ => width,
        }
    }

    pub fn load(&mut self, ty: Ty) -> Lane {
        let stride = self.stride(ty);
        if self.rng.chance(15)
            && let Some(mask) = self.any(Ty::Bool)
        {
            let width = i64::from(ty.bytes());
            let at = self.places(ty, width, self.hi, &[0]).remove(0);
            return self.node(ty, NodeOp::Load { at, mask: Some(mask) });
        }
        if self.rng.chance(10) {
            // Only the first iterations' elements exist.
            let end = self.lo + self.rng.below((self.hi - self.lo) as usize + 1) as i64;
            let at = self.places(ty, i64::from(ty.bytes()), end, &[0]).remove(0);
            let limit = self.input(Ty::I64, end as u64);
            let (counter, limit) =
                (self.node(Ty::I64, NodeOp::Counter), self.node(Ty::I64, NodeOp::Splat(limit)));
            let mask = self.node(Ty::Bool, NodeOp::Compare { cond: Cond::Slt, lhs: counter, rhs: limit });
            return self.node(ty, NodeOp::Load { at, mask: Some(mask) });
        }
        if self.rng.chance(10) {
            let index = self.index();
            let at = self.indexed(ty, index);
            return self.node(ty, NodeOp::Load { at, mask: None });
        }
        let disps: &[i64] = if self.rng.chance(30) && stride != 0 { &[-1, 0, 1] } else { &[0] };
        let mut last = Lane(0);
        for at in self.places(ty, stride, self.hi, disps) {
            last = self.node(ty, NodeOp::Load { at, mask: None });
        }
        last
    }

    /// A check that fails in one iteration, in none, or often; and behind it a load of elements of which there
    /// are only those that it lets pass.
    pub fn check(&mut self) {
        let fails = self.lo + self.rng.below((self.hi - self.lo) as usize + 20) as i64;
        let mut cond = self.only(Cond::Ne, fails);
        if self.rng.chance(10)
            && let Some(other) = self.any(Ty::Bool)
        {
            cond = other;
        }
        let before = Lane(self.v.nodes.len() as u32);
        self.v.checks.push(VCheck { cond, before });
        if self.rng.chance(30) {
            let cond = self.only(Cond::Slt, fails);
            let before = Lane(self.v.nodes.len() as u32);
            self.v.checks.push(VCheck { cond, before });
            let ty = self.rng.pick(&NUMBERS);
            let at = self.places(ty, i64::from(ty.bytes()), fails.min(self.hi), &[0]).remove(0);
            self.node(ty, NodeOp::Load { at, mask: None });
        }
    }

    /// The counter compared with a number.
    pub fn only(&mut self, cond: Cond, number: i64) -> Lane {
        let input = self.input(Ty::I64, number as u64);
        let (lhs, rhs) = (self.node(Ty::I64, NodeOp::Counter), self.node(Ty::I64, NodeOp::Splat(input)));
        self.node(Ty::Bool, NodeOp::Compare { cond, lhs, rhs })
    }

    /// A lane from 0 to 7.
    fn index(&mut self) -> Lane {
        let value = self.any(Ty::I64).unwrap_or(Lane(u32::MAX));
        let value = if value.0 == u32::MAX { self.node(Ty::I64, NodeOp::Counter) } else { value };
        let seven = self.node(Ty::I64, NodeOp::Const(7));
        self.node(Ty::I64, NodeOp::Binary { op: BinaryOp::Band, lhs: value, rhs: seven })
    }

    fn indexed(&mut self, ty: Ty, index: Lane) -> Place {
        let scale = ty.bytes() * self.rng.pick(&[1, 1, 3]);
        let bytes = (7 * scale + ty.bytes()) as usize;
        let array = Array::new(self.rng, ty, i64::from(scale), bytes);
        let first = array.pages as u64 + PAGE as u64 + array.start as u64;
        self.arrays.push(array);
        let base = self.input(Ty::Ptr, first);
        Place { mem: Mem(2), base, terms: Vec::new(), disp: 0, stride: Stride::Index(index, scale) }
    }

    pub fn any(&mut self, ty: Ty) -> Option<Lane> {
        let lanes = self.lanes.get(&ty)?;
        Some(lanes[self.rng.below(lanes.len())])
    }

    /// A lane of this type, made if there is none.
    fn lane(&mut self, ty: Ty) -> Lane {
        if self.rng.chance(75)
            && let Some(lane) = self.any(ty)
        {
            return lane;
        }
        match self.rng.below(6) {
            0 => {
                let word = number(self.rng, ty);
                self.node(ty, NodeOp::Const(word))
            }
            1 => {
                let word = extended(ty, number(self.rng, ty));
                let input = self.input(ty, word);
                self.node(ty, NodeOp::Splat(input))
            }
            2 if ty == Ty::I64 => self.node(ty, NodeOp::Counter),
            _ => self.load(ty),
        }
    }

    fn step(&mut self, types: &[Ty]) {
        let ty = self.rng.pick(types);
        match self.rng.below(10) {
            0 => {
                let (lhs, rhs) = (self.lane(ty), self.lane(ty));
                let conds: &[Cond] = if ty.is_float() { &FLOAT_CONDS } else { &INT_CONDS };
                let cond = self.rng.pick(conds);
                self.node(Ty::Bool, NodeOp::Compare { cond, lhs, rhs });
            }
            1 if ty.is_float() && self.rng.chance(30) => {
                // The smaller or the larger.
                let (lhs, rhs) = (self.lane(ty), self.lane(ty));
                let cond = self.rng.pick(&[Cond::Flt, Cond::Fgt]);
                let cond = self.node(Ty::Bool, NodeOp::Compare { cond, lhs, rhs });
                let (then, orelse) = if self.rng.chance(50) { (lhs, rhs) } else { (rhs, lhs) };
                self.node(ty, NodeOp::Select { cond, then, orelse });
            }
            1 => {
                if let Some(cond) = self.any(Ty::Bool) {
                    let ty = if self.rng.chance(15) { Ty::Bool } else { ty };
                    let (then, orelse) = (self.lane(ty), self.lane(ty));
                    self.node(ty, NodeOp::Select { cond, then, orelse });
                }
            }
            2 => {
                let to = self.rng.pick(types);
                let from = if self.rng.chance(15) { Ty::Bool } else { ty };
                let ops = conversions(from, to);
                if !ops.is_empty() {
                    let (op, arg) = (self.rng.pick(&ops), self.lane(from));
                    self.node(to, NodeOp::Convert { op, arg });
                }
            }
            3 => {
                let lhs = self.lane(Ty::Bool);
                if self.rng.chance(30) {
                    self.node(Ty::Bool, NodeOp::Unary { op: UnaryOp::Bnot, arg: lhs });
                } else {
                    let rhs = self.lane(Ty::Bool);
                    let op = self.rng.pick(&[BinaryOp::Band, BinaryOp::Bor, BinaryOp::Bxor]);
                    self.node(Ty::Bool, NodeOp::Binary { op, lhs, rhs });
                }
            }
            4 if ty == Ty::F64 && self.rng.chance(20) => {
                let (ok, value) = (self.lane(Ty::Bool), self.lane(Ty::F64));
                let func = self.rng.pick(&[MathFn::Sin, MathFn::Atan2, MathFn::Pow]);
                let args = (0..func.arity()).map(|_| self.lane(Ty::F64)).collect();
                self.node(ty, NodeOp::Otherwise { func, args, ok, value });
            }
            4 if ty == Ty::F64 && self.rng.chance(30) => {
                let args = [30, 30, 50].map(|minus| {
                    let word = number(self.rng, ty);
                    let lane =
                        if self.rng.chance(25) { self.node(ty, NodeOp::Const(word)) } else { self.lane(ty) };
                    let minus = self.rng.chance(minus);
                    if minus { self.node(ty, NodeOp::Unary { op: UnaryOp::Fneg, arg: lane }) } else { lane }
                });
                self.node(ty, NodeOp::Math { func: MathFn::Fma, args: args.to_vec() });
            }
            4 if ty.is_float() => {
                let func = self.rng.pick(&FUNCTIONS);
                let mut args: Vec<Lane> = (0..arguments(func)).map(|_| self.lane(ty)).collect();
                if func == MathFn::CopySign {
                    // The sign of a nan that was computed is open.
                    args[1] = self.load(ty);
                }
                self.node(ty, NodeOp::Math { func, args });
            }
            5 => {
                let arg = self.lane(ty);
                let op = if ty.is_float() {
                    UnaryOp::Fneg
                } else {
                    self.rng.pick(&[UnaryOp::Ineg, UnaryOp::Bnot])
                };
                self.node(ty, NodeOp::Unary { op, arg });
            }
            _ if ty.is_float() => {
                let (lhs, rhs) = (self.lane(ty), self.lane(ty));
                let op = self.rng.pick(&FLOAT_OPS);
                self.node(ty, NodeOp::Binary { op, lhs, rhs });
            }
            _ => {
                let (lhs, mut rhs) = (self.lane(ty), self.lane(ty));
                let op = self.rng.pick(&INT_OPS);
                if let BinaryOp::Ishl | BinaryOp::Sshr | BinaryOp::Ushr = op {
                    rhs = self.count(ty, rhs);
                }
                self.node(ty, NodeOp::Binary { op, lhs, rhs });
            }
        }
    }

    /// A shift's count: less than the bits.
    fn count(&mut self, ty: Ty, lane: Lane) -> Lane {
        let bits = u64::from(ty.bytes() * 8);
        if self.rng.chance(60) {
            let count = self.rng.below(bits as usize) as u64;
            return self.node(ty, NodeOp::Const(count));
        }
        let most = self.node(ty, NodeOp::Const(bits - 1));
        self.node(ty, NodeOp::Binary { op: BinaryOp::Band, lhs: lane, rhs: most })
    }

    pub fn store(&mut self, value: Lane) {
        let ty = self.v.node(value).ty;
        let width = i64::from(ty.bytes());
        let node = if self.rng.chance(15)
            && let Some(mask) = self.any(Ty::Bool)
        {
            let at = self.places(ty, width, self.hi, &[0]).remove(0);
            NodeOp::Store { at, value, mask: Some(mask) }
        } else if self.rng.chance(8) {
            let index = self.index();
            let at = self.indexed(ty, index);
            NodeOp::Store { at, value, mask: None }
        } else {
            let stride = self.stride(ty);
            let at = self.places(ty, stride, self.hi, &[0]).remove(0);
            NodeOp::Store { at, value, mask: None }
        };
        self.stores.push(Node { ty, op: node });
    }

    /// The least or greatest value with its number, and what else goes along.
    fn search(&mut self, types: &[Ty]) {
        let ty = self.rng.pick(types);
        let conds: &[Cond] = if ty.is_float() {
            &[Cond::Flt, Cond::Fle, Cond::Fgt, Cond::Fge]
        } else {
            &[Cond::Slt, Cond::Sle, Cond::Sgt, Cond::Sge, Cond::Ult, Cond::Ule, Cond::Ugt, Cond::Uge]
        };
        let cond = self.rng.pick(conds);
        let counter = self.node(Ty::I64, NodeOp::Counter);
        let mut values = vec![self.lane(ty), counter];
        if self.rng.chance(50) {
            let other = self.rng.pick(types);
            values.push(self.lane(other));
        }
        let first = self.v.reductions.len();
        let turn = self.rng.below(values.len());
        values.rotate_right(turn);
        let combine = Combine::Best { cond, key: (first + turn) as u32 };
        let one = |value| VReduction { combine, value, ordered: false, checked: false, fused: false };
        self.v.reductions.extend(values.into_iter().map(one));
    }

    fn reduction(&mut self, types: &[Ty]) {
        let ty = self.rng.pick(types);
        let mut value = self.lane(ty);
        let (mut ordered, mut fused) = (false, false);
        let combine = if ty.is_float() {
            match self.rng.below(5) {
                0 => Combine::Greater,
                1 => Combine::Less,
                2 => {
                    // Small integers: sums in any order are exact.
                    let small = self.lane(Ty::I8);
                    value = self.node(ty, NodeOp::Convert { op: ConvertOp::SintToFloat, arg: small });
                    if self.rng.chance(50) {
                        let few = self.node(ty, NodeOp::Const(eval::from_f64(ty, 3.0)));
                        let (lhs, rhs) = if self.rng.chance(50) { (value, few) } else { (value, value) };
                        value = self.node(ty, NodeOp::Binary { op: BinaryOp::Fmul, lhs, rhs });
                        fused = true;
                    }
                    Combine::Op(BinaryOp::Fadd)
                }
                3 => Combine::Op(self.rng.pick(&[BinaryOp::Fmin, BinaryOp::Fmax])),
                _ => {
                    ordered = true;
                    Combine::Op(self.rng.pick(&[
                        BinaryOp::Fadd,
                        BinaryOp::Fmul,
                        BinaryOp::Fmin,
                        BinaryOp::Fmax,
                    ]))
                }
            }
        } else {
            Combine::Op(self.rng.pick(&[
                BinaryOp::Iadd,
                BinaryOp::Imul,
                BinaryOp::Band,
                BinaryOp::Bor,
                BinaryOp::Bxor,
                BinaryOp::Smin,
                BinaryOp::Smax,
                BinaryOp::Umin,
                BinaryOp::Umax,
            ]))
        };
        self.v.reductions.push(VReduction { combine, value, ordered, checked: false, fused });
    }

    pub fn finish(mut self) -> Case {
        self.v.nodes.append(&mut self.stores);
        for reduction in self.v.reductions.clone() {
            let ty = self.v.node(reduction.value).ty;
            let sum = matches!(reduction.combine, Combine::Op(BinaryOp::Fadd)) && !reduction.ordered;
            let word = if sum { eval::from_f64(ty, 3.0) } else { number(self.rng, ty) };
            self.words.push(extended(ty, word));
        }
        for func in self.v.calls() {
            self.words.push(symbols::address(RuntimeFn::Math(func)) as u64);
        }
        self.v.accesses = (0..self.v.nodes.len() as u32)
            .map(Lane)
            .filter(|lane| matches!(self.v.node(*lane).op, NodeOp::Load { .. } | NodeOp::Store { .. }))
            .collect();
        Case { vloop: self.v, words: self.words, lo: self.lo, hi: self.hi, arrays: self.arrays }
    }
}

pub fn random(rng: &mut Rng) -> Case {
    let mut types = vec![rng.pick(&NUMBERS)];
    for _ in 0..rng.below(3) {
        types.push(rng.pick(&NUMBERS));
    }
    let mut maker = Maker::new(rng);
    maker.load(types[0]);
    let checked = maker.rng.chance(30);
    for _ in 0..maker.rng.below(12) + 1 {
        if checked && maker.rng.chance(20) {
            maker.check();
        }
        maker.step(&types);
    }
    if checked {
        maker.check();
    }
    if maker.rng.chance(25) {
        maker.reduction(&types);
    }
    if maker.rng.chance(25) {
        maker.search(&types);
    }
    for _ in 0..maker.rng.below(3) + usize::from(maker.v.reductions.is_empty()) {
        let mut ty = maker.rng.pick(&types);
        if maker.rng.chance(15) {
            ty = Ty::Bool;
        }
        if let Some(value) = maker.lanes.get(&ty).and_then(|lanes| lanes.last()).copied() {
            maker.store(value);
        }
    }
    if maker.stores.is_empty() && maker.v.reductions.is_empty() {
        let value = maker.lanes[&types[0]][0];
        maker.store(value);
    }
    maker.finish()
}

/// `out[i] = a[i]` and the sum of both, but for an iteration whose number is in the last input.
pub fn refused(rng: &mut Rng, ty: Ty) -> Case {
    let mut maker = Maker::new(rng);
    (maker.lo, maker.hi) = (0, 70);
    let at = maker.places(ty, i64::from(ty.bytes()), 70, &[0]).remove(0);
    let value = maker.node(ty, NodeOp::Load { at, mask: None });
    maker.v.reductions.push(VReduction {
        combine: Combine::Op(BinaryOp::Iadd),
        value,
        ordered: false,
        checked: false,
        fused: false,
    });
    let at = maker.places(ty, i64::from(ty.bytes()), 70, &[0]).remove(0);
    maker.stores.push(Node { ty, op: NodeOp::Store { at, value, mask: None } });
    let cond = maker.only(Cond::Ne, 0);
    let before = Lane(maker.v.nodes.len() as u32);
    maker.v.checks.push(VCheck { cond, before });
    maker.finish()
}

/// The sum of at most 300 bytes.
pub fn sum_of_bytes(rng: &mut Rng) -> Case {
    let mut maker = Maker::new(rng);
    (maker.lo, maker.hi) = (0, 300);
    let at = maker.places(Ty::I8, 1, 300, &[0]).remove(0);
    let arg = maker.node(Ty::I8, NodeOp::Load { at, mask: None });
    let value = maker.node(Ty::I64, NodeOp::Convert { op: ConvertOp::Zext, arg });
    let combine = Combine::Op(BinaryOp::Iadd);
    maker.v.reductions.push(VReduction { combine, value, ordered: false, checked: true, fused: false });
    maker.finish()
}

/// `out[i] = 3 - min(x[i], 2) * y[i]`: the smaller, the sign and the numbers are no instructions of their own.
pub fn joined(rng: &mut Rng) -> Case {
    let mut maker = Maker::new(rng);
    let ty = Ty::F64;
    let [x, y] = [(); 2].map(|()| {
        let at = maker.places(ty, 8, maker.hi, &[0]).remove(0);
        maker.node(ty, NodeOp::Load { at, mask: None })
    });
    let [two, three] = [2.0, 3.0].map(|number: f64| maker.node(ty, NodeOp::Const(number.to_bits())));
    let cond = maker.node(Ty::Bool, NodeOp::Compare { cond: Cond::Flt, lhs: two, rhs: x });
    let least = maker.node(ty, NodeOp::Select { cond, then: two, orelse: x });
    let minus = maker.node(ty, NodeOp::Unary { op: UnaryOp::Fneg, arg: least });
    let value = maker.node(ty, NodeOp::Math { func: MathFn::Fma, args: vec![minus, y, three] });
    let at = maker.places(ty, 8, maker.hi, &[0]).remove(0);
    maker.stores.push(Node { ty, op: NodeOp::Store { at, value, mask: None } });
    maker.finish()
}

/// More values at once than there are registers, the C library's help among them.
pub fn crowded(rng: &mut Rng) -> Case {
    let mut maker = Maker::new(rng);
    let ty = Ty::F64;
    let (x, y) = (maker.load(ty), maker.load(ty));
    let mut values = vec![x, y];
    for k in 0..40 {
        let number = maker.node(ty, NodeOp::Const(f64::from(k).to_bits()));
        let args = if k % 2 == 0 { vec![x, number, y] } else { vec![y, x, values[k as usize]] };
        values.push(maker.node(ty, NodeOp::Math { func: MathFn::Fma, args }));
    }
    let ok = maker.node(Ty::Bool, NodeOp::Compare { cond: Cond::Flt, lhs: x, rhs: y });
    // Every value is read twice: all of them once before any is again.
    let mut sum = x;
    for value in values.iter().chain(values.iter().rev()) {
        sum = maker.node(ty, NodeOp::Binary { op: BinaryOp::Fsub, lhs: sum, rhs: *value });
        if *value == values[20] {
            let (func, args) = (MathFn::Pow, vec![*value, y]);
            sum = maker.node(ty, NodeOp::Otherwise { func, args, ok, value: sum });
        }
    }
    maker.store(sum);
    maker.finish()
}

/// One loop for each operation and type: two arrays in, one out.
pub fn operations(rng: &mut Rng) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut make = |from: &[Ty], to: Ty, op: &dyn Fn(&[Lane]) -> NodeOp| {
        let mut maker = Maker::new(rng);
        let loaded: Vec<Lane> = from
            .iter()
            .map(|ty| {
                let at = maker.places(*ty, i64::from(ty.bytes()), maker.hi, &[0]).remove(0);
                maker.node(*ty, NodeOp::Load { at, mask: None })
            })
            .collect();
        let value = maker.node(to, op(&loaded));
        let at = maker.places(to, i64::from(to.bytes()), maker.hi, &[0]).remove(0);
        maker.stores.push(Node { ty: to, op: NodeOp::Store { at, value, mask: None } });
        cases.push(maker.finish());
    };
    for _ in 0..4 {
        for ty in NUMBERS {
            let (ops, conds): (&[BinaryOp], &[Cond]) =
                if ty.is_float() { (&FLOAT_OPS, &FLOAT_CONDS) } else { (&INT_OPS, &INT_CONDS) };
            for op in ops {
                if !matches!(op, BinaryOp::Ishl | BinaryOp::Sshr | BinaryOp::Ushr) {
                    make(&[ty, ty], ty, &|l| NodeOp::Binary { op: *op, lhs: l[0], rhs: l[1] });
                }
            }
            for cond in conds {
                make(&[ty, ty], Ty::Bool, &|l| NodeOp::Compare { cond: *cond, lhs: l[0], rhs: l[1] });
            }
            make(&[Ty::Bool, ty, ty], ty, &|l| NodeOp::Select { cond: l[0], then: l[1], orelse: l[2] });
            for to in NUMBERS {
                for op in conversions(ty, to) {
                    make(&[ty], to, &|l| NodeOp::Convert { op, arg: l[0] });
                }
            }
            for to in NUMBERS.into_iter().filter(|to| to.bytes() == ty.bytes()) {
                make(&[ty], to, &|l| NodeOp::Convert { op: ConvertOp::Bitcast, arg: l[0] });
            }
            for op in conversions(Ty::Bool, ty) {
                make(&[Ty::Bool], ty, &|l| NodeOp::Convert { op, arg: l[0] });
            }
            if ty.is_float() {
                for func in FUNCTIONS {
                    make(&vec![ty; arguments(func)], ty, &|l| NodeOp::Math { func, args: l.to_vec() });
                }
            }
        }
        make(&[Ty::F64; 3], Ty::F64, &|l| NodeOp::Math { func: MathFn::Fma, args: l.to_vec() });
        make(&[Ty::Bool, Ty::F64, Ty::F64, Ty::F64], Ty::F64, &|l| NodeOp::Otherwise {
            func: MathFn::Pow,
            args: l[2..].to_vec(),
            ok: l[0],
            value: l[1],
        });
    }
    cases
}
