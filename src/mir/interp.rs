//! The reference interpreter: what MIR means.
//!
//! In: a module, argument words, a simulated memory. Out: result words or how the call failed; the memory
//! as it was left; what was printed. A `Trap` is not an outcome: the program did something that MIR does
//! not define (a wild pointer, use after free, division by zero, a leak), so the MIR is wrong.
//! Invariant: deterministic; parallel loops run chunk by chunk, split as the runtime splits them.

use super::*;
use crate::abi::{BUFFER_BORROWED, BUFFER_HEAP, OFFSET_BUFFER_DATA, chunk_bounds, parallel_chunks, status};

/// Undefined behaviour, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trap(pub String);

type Result<T> = std::result::Result<T, Trap>;

fn trap<T>(text: impl Into<String>) -> Result<T> {
    Err(Trap(text.into()))
}

/// How a call ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// Result words, cut to the width of their types.
    Done(Vec<u64>),
    Failed(Failure),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Failure {
    /// `status::RAISE` or `status::DEOPT`.
    pub status: i32,
    pub site: SiteId,
    /// 64-bit words, narrower integers sign-extended.
    pub payload: Vec<u64>,
    /// Call sites passed on the way out, innermost first.
    pub trace: Vec<SiteId>,
}

/// Calls deeper than this overflow the simulated stack.
const MAX_DEPTH: usize = 60;
/// Address bits of the offset in a buffer.
const OFFSET_BITS: u32 = 40;
/// Iterations that a vector loop runs at once here, if it may run as many.
const TURN: i64 = 16;
/// Addresses of functions carry this bit.
const CODE: u64 = 1 << 63;

/// Iterations of a vector loop that run at once: their stores come after all their loads.
#[derive(Default)]
struct Turn {
    stores: Vec<Delayed>,
    /// The first of the iteration that runs.
    own: usize,
}

struct Delayed {
    inst: Inst,
    at: u64,
    bytes: Vec<u8>,
}

/// Simulated memory: buffers that cannot reach each other.
#[derive(Clone, Default, Debug)]
pub struct Memory {
    buffers: Vec<Buffer>,
}

#[derive(Clone, Debug)]
struct Buffer {
    bytes: Vec<u8>,
    live: bool,
    /// Made by `Alloc`: must be gone, or returned, at the end.
    heap: bool,
}

impl Memory {
    /// New zeroed memory; gives its address.
    pub fn allocate(&mut self, bytes: usize) -> u64 {
        self.buffers.push(Buffer { bytes: vec![0; bytes], live: true, heap: false });
        (self.buffers.len() as u64) << OFFSET_BITS
    }

    /// A header for memory that the caller owns, as the border makes for array arguments.
    pub fn borrowed(&mut self, data: u64) -> u64 {
        let header = self.allocate(40);
        self.write_words(header, &[1, BUFFER_BORROWED, data, 0, 0]);
        header
    }

    fn write_words(&mut self, address: u64, words: &[u64]) {
        for (index, word) in words.iter().enumerate() {
            self.store(address + 8 * index as u64, &word.to_le_bytes()).expect("invariant: fresh memory");
        }
    }

    fn at(&mut self, address: u64, bytes: usize) -> Result<&mut [u8]> {
        let (buffer, offset) = (address >> OFFSET_BITS, (address & ((1 << OFFSET_BITS) - 1)) as usize);
        match (buffer as usize).checked_sub(1).and_then(|index| self.buffers.get_mut(index)) {
            None => trap(format!("no memory at {address:#x}")),
            Some(buffer) if !buffer.live => trap(format!("memory at {address:#x} was freed")),
            Some(buffer) => match buffer.bytes.get_mut(offset..offset.saturating_add(bytes)) {
                Some(found) => Ok(found),
                None => trap(format!("{bytes} bytes at {address:#x} are outside their buffer")),
            },
        }
    }

    pub fn load(&mut self, address: u64, bytes: usize) -> Result<u64> {
        let mut word = [0; 8];
        word[..bytes].copy_from_slice(self.at(address, bytes)?);
        Ok(u64::from_le_bytes(word))
    }

    pub fn store(&mut self, address: u64, bytes: &[u8]) -> Result<()> {
        self.at(address, bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }

    /// The bytes at an address.
    pub fn read(&mut self, address: u64, bytes: usize) -> Result<Vec<u8>> {
        Ok(self.at(address, bytes)?.to_vec())
    }

    /// Buffers made by `Alloc` that nobody has freed.
    pub fn live_heap(&self) -> usize {
        self.buffers.iter().filter(|buffer| buffer.heap && buffer.live).count()
    }

    fn free(&mut self, address: u64) -> Result<()> {
        self.at(address, 0)?;
        self.buffers[(address >> OFFSET_BITS) as usize - 1].live = false;
        Ok(())
    }

    fn alloc(&mut self, bytes: i64, zero: bool) -> Result<u64> {
        let Ok(bytes) = usize::try_from(bytes) else { return trap(format!("Alloc of {bytes} bytes")) };
        if bytes > 1 << 30 {
            return Ok(0);
        }
        let data = self.allocate(bytes);
        let buffer = self.buffers.last_mut().expect("invariant: just allocated");
        buffer.heap = true;
        if !zero {
            buffer.bytes.fill(0xA5);
        }
        let header = self.allocate(40);
        self.write_words(header, &[1, BUFFER_HEAP, data, bytes as u64, 0]);
        Ok(header)
    }

    fn retain(&mut self, header: u64, by: i64) -> Result<()> {
        if header == 0 || self.load(header + 8, 8)? == BUFFER_BORROWED {
            return Ok(());
        }
        let count = self.load(header, 8)? as i64 + by;
        self.store(header, &count.to_le_bytes())?;
        if count == 0 {
            let data = self.load(header + OFFSET_BUFFER_DATA as u64, 8)?;
            self.free(data)?;
            self.free(header)?;
        }
        Ok(())
    }
}

/// Runs functions of one module.
pub struct Machine<'m> {
    module: &'m Module,
    pub memory: Memory,
    /// Words of the hidden arguments.
    pub hidden: Vec<u64>,
    /// What `PrintValue` was given.
    pub output: Vec<(u64, u64)>,
    /// Instructions that may still run.
    pub fuel: u64,
    depth: usize,
    /// The turn of a vector loop that runs.
    turn: Option<Turn>,
}

struct Frame<'m> {
    func: &'m Function,
    values: Vec<u64>,
    owners: Vec<u64>,
    stack: Vec<u64>,
}

/// Where control goes after a region.
enum Flow {
    Yield(Vec<u64>),
    Continue(Inst, Vec<u64>),
    Break(Inst, Vec<u64>),
    Return(Vec<u64>),
    Fail(Failure),
}

impl<'m> Machine<'m> {
    pub fn new(module: &'m Module) -> Machine<'m> {
        Machine {
            module,
            memory: Memory::default(),
            hidden: Vec::new(),
            output: Vec::new(),
            fuel: 10_000_000,
            depth: 0,
            turn: None,
        }
    }

    /// Calls a function with argument words; narrower types take the low bits.
    pub fn call(&mut self, func: Func, args: &[u64]) -> Result<Outcome> {
        let Some(data) = self.module.funcs.items.get(func.0 as usize) else {
            return trap(format!("{func} does not exist"));
        };
        let mut stack = Vec::new();
        for bytes in &data.stack_slots.items {
            // Stack slots start undefined: a pattern that shows.
            let address = self.memory.allocate(*bytes as usize);
            self.memory.at(address, *bytes as usize)?.fill(0x5A);
            stack.push(address);
        }
        let mut frame = Frame {
            func: data,
            values: vec![0; data.values.len()],
            owners: vec![0; data.owner_slots as usize],
            stack,
        };
        if self.depth >= MAX_DEPTH {
            let Some(site) = data.stack_check else { return trap("the stack overflowed") };
            let failure = Failure { status: status::RAISE, site, payload: Vec::new(), trace: Vec::new() };
            return Ok(Outcome::Failed(failure));
        }
        self.depth += 1;
        let flow = self.region(&mut frame, data.body, args)?;
        self.depth -= 1;
        for owner in std::mem::take(&mut frame.owners) {
            self.memory.retain(owner, -1)?;
        }
        for address in frame.stack {
            self.memory.free(address)?;
        }
        match flow {
            Flow::Return(words) => Ok(Outcome::Done(words)),
            Flow::Fail(failure) => Ok(Outcome::Failed(failure)),
            Flow::Yield(_) | Flow::Continue(..) | Flow::Break(..) => trap("control left the function's body"),
        }
    }

    fn region(&mut self, frame: &mut Frame<'m>, region: Region, args: &[u64]) -> Result<Flow> {
        let func = frame.func;
        let data = &func.regions[region];
        if data.params.len() != args.len() {
            return trap(format!("{region} takes {} words, got {}", data.params.len(), args.len()));
        }
        for (param, word) in data.params.iter().zip(args) {
            frame.values[param.0 as usize] = eval::canonical(func.values[*param].ty, *word);
        }
        for inst in &data.insts {
            let Some(rest) = self.fuel.checked_sub(1) else { return trap("out of fuel") };
            self.fuel = rest;
            if let Some(flow) = self.inst(frame, *inst)? {
                return Ok(flow);
            }
        }
        let words = |values: &[Value]| values.iter().map(|v| frame.values[v.0 as usize]).collect();
        Ok(match &data.end {
            End::Yield(args) => Flow::Yield(words(args)),
            End::Continue { to, args } => Flow::Continue(*to, words(args)),
            End::Break { to, args } => Flow::Break(*to, words(args)),
            End::Return(args) => Flow::Return(words(args)),
            End::Fail(fail) => Flow::Fail(self.failure(frame, fail)),
            End::Unreachable => return trap(format!("reached the end of {region}")),
        })
    }

    fn failure(&self, frame: &Frame<'m>, fail: &Fail) -> Failure {
        let payload = fail
            .payload
            .iter()
            .map(|v| {
                let (ty, word) = (frame.func.values[*v].ty, frame.values[v.0 as usize]);
                match ty {
                    Ty::I8 | Ty::I16 | Ty::I32 => eval::signed(ty, word) as u64,
                    Ty::Bool | Ty::I64 | Ty::F32 | Ty::F64 | Ty::Ptr => word,
                }
            })
            .collect();
        let status = if fail.deopt { status::DEOPT } else { status::RAISE };
        Failure { status, site: fail.site, payload, trace: Vec::new() }
    }

    fn address(frame: &Frame<'m>, addr: &Address) -> u64 {
        let mut at = frame.values[addr.base.0 as usize].wrapping_add(i64::from(addr.disp) as u64);
        if let Some((index, scale)) = addr.index {
            at = at.wrapping_add(frame.values[index.0 as usize].wrapping_mul(u64::from(scale)));
        }
        at
    }

    /// Runs one instruction; `Some` if control does not go on behind it.
    fn inst(&mut self, frame: &mut Frame<'m>, inst: Inst) -> Result<Option<Flow>> {
        let func = frame.func;
        let data = &func.insts[inst];
        let get = |value: Value| frame.values[value.0 as usize];
        let list = |values: &[Value]| -> Vec<u64> { values.iter().map(|v| get(*v)).collect() };
        let ty_of = |value: Value| func.values[value].ty;
        let result_ty = data.results.first().map_or(Ty::I64, |v| func.values[*v].ty);
        let mut results = Vec::new();
        match &data.op {
            Op::Iconst(value) => results.push(*value as u64),
            Op::Fconst(bits) => results.push(*bits),
            Op::Unary { op, arg } => results.push(eval::unary(*op, result_ty, get(*arg))),
            Op::Binary { op, lhs, rhs } => match eval::binary(*op, result_ty, get(*lhs), get(*rhs)) {
                Some(word) => results.push(word),
                None => return trap(format!("{}: not defined", print::inst(func, inst))),
            },
            Op::Checked { op, lhs, rhs } => {
                let (word, overflow) = eval::checked(*op, get(*lhs), get(*rhs));
                results.extend([word, u64::from(overflow)]);
            }
            Op::Compare { cond, lhs, rhs } => {
                results.push(u64::from(eval::compare(*cond, ty_of(*lhs), get(*lhs), get(*rhs))));
            }
            Op::Select { cond, then, orelse } => {
                results.push(if get(*cond) != 0 { get(*then) } else { get(*orelse) });
            }
            Op::Convert { op, arg } => results.push(eval::convert(*op, ty_of(*arg), result_ty, get(*arg))),
            Op::Math { known: Some((cond, value)), .. } if get(*cond) != 0 => results.push(get(*value)),
            Op::Math { func: math, args, .. } => match eval::math(*math, result_ty, &list(args)) {
                Some(word) => results.push(word),
                None => return trap(format!("{math:?} is not interpreted")),
            },
            Op::PtrAdd { base, bytes } => results.push(get(*base).wrapping_add(get(*bytes))),
            Op::Load { addr, .. } => {
                let at = Self::address(frame, addr);
                results.push(self.load(at, result_ty.bytes() as usize)?);
            }
            Op::Store { addr, value, .. } => {
                let at = Self::address(frame, addr);
                let bytes = get(*value).to_le_bytes();
                self.store(inst, at, &bytes[..ty_of(*value).bytes() as usize])?;
            }
            Op::Hidden { word } => match self.hidden.get(*word as usize) {
                Some(value) => results.push(*value),
                None => return trap("no such hidden word"),
            },
            Op::StackAddr(slot) => results.push(frame.stack[slot.0 as usize]),
            Op::FuncAddr(func) => results.push(CODE | u64::from(func.0)),
            Op::Guard { cond, fail } => {
                if get(*cond) == 0 {
                    return Ok(Some(Flow::Fail(self.failure(frame, fail))));
                }
            }
            Op::OwnerSet { slot, value } => {
                let value = get(*value);
                let old = std::mem::replace(&mut frame.owners[slot.0 as usize], value);
                self.memory.retain(old, -1)?;
            }
            Op::OwnerTake { slot } => results.push(std::mem::take(&mut frame.owners[slot.0 as usize])),
            Op::Runtime { func, args } => {
                let args = list(args);
                results.extend(self.runtime(*func, &args)?);
            }
            Op::RuntimeStatus { func, args } => {
                let args = list(args);
                if let Some(failure) = self.runtime_status(*func, &args)? {
                    return Ok(Some(Flow::Fail(failure)));
                }
            }
            Op::Call { func, args, site, after_effect } => {
                let args = list(args);
                match self.call(*func, &args)? {
                    Outcome::Done(words) => results.extend(words),
                    Outcome::Failed(mut failure) => {
                        if *after_effect && failure.status == status::DEOPT {
                            failure.status = status::RAISE;
                        }
                        failure.trace.push(*site);
                        return Ok(Some(Flow::Fail(failure)));
                    }
                }
            }
            Op::Block { body } => match self.region(frame, *body, &[])? {
                Flow::Yield(words) => results.extend(words),
                Flow::Break(to, words) if to == inst => results.extend(words),
                flow @ (Flow::Continue(..) | Flow::Break(..) | Flow::Return(_) | Flow::Fail(_)) => {
                    return Ok(Some(flow));
                }
            },
            Op::If { cond, then, orelse } => {
                let arm = if get(*cond) != 0 { *then } else { *orelse };
                match self.region(frame, arm, &[])? {
                    Flow::Yield(words) => results.extend(words),
                    flow @ (Flow::Continue(..) | Flow::Break(..) | Flow::Return(_) | Flow::Fail(_)) => {
                        return Ok(Some(flow));
                    }
                }
            }
            Op::For { lo, hi, init, body, mode } => {
                let (lo, hi, init) = (get(*lo) as i64, get(*hi) as i64, list(init));
                match mode {
                    LoopMode::Serial => match self.range(frame, inst, *body, lo, hi, init)? {
                        Ok(words) => results.extend(words),
                        Err(flow) => return Ok(Some(flow)),
                    },
                    LoopMode::Vector { lanes, .. } => {
                        let turn = i64::from(*lanes).min(TURN);
                        let (mut at, mut carried) = (lo, init);
                        while at < hi {
                            let end = at.saturating_add(turn).min(hi);
                            let outer = self.turn.replace(Turn::default());
                            let once = self.range(frame, inst, *body, at, end, carried.clone())?;
                            let done = std::mem::replace(&mut self.turn, outer);
                            carried = match once {
                                Ok(words) => {
                                    self.finish_turn(func, *body, &done.unwrap_or_default())?;
                                    words
                                }
                                // A check fails: one iteration after the other.
                                Err(_) => match self.range(frame, inst, *body, at, end, carried)? {
                                    Ok(words) => words,
                                    Err(flow) => return Ok(Some(flow)),
                                },
                            };
                            at = end;
                        }
                        results.extend(carried);
                    }
                    LoopMode::Parallel { reductions, .. } => {
                        let trip = hi.saturating_sub(lo).max(0);
                        let chunks = parallel_chunks(trip);
                        results = init;
                        for chunk in 0..chunks {
                            let (first, last) = chunk_bounds(trip, chunks, chunk);
                            let neutral = reductions.iter().map(|r| r.neutral).collect();
                            match self.range(frame, inst, *body, lo + first, lo + last, neutral)? {
                                Err(flow) => return Ok(Some(flow)),
                                Ok(words) => {
                                    let before = results.clone();
                                    for (k, word) in words.iter().enumerate() {
                                        if let Some((op, fail)) = reductions[k].checked()
                                            && eval::checked(op, results[k], *word).1
                                        {
                                            return Ok(Some(Flow::Fail(self.failure(frame, &fail))));
                                        }
                                        let ty = func.values[data.results[k]].ty;
                                        if let Some((op, fail)) = reductions[k].checked()
                                            && eval::checked(op, results[k], *word).1
                                        {
                                            return Ok(Some(Flow::Fail(self.failure(frame, &fail))));
                                        }
                                        let combined = match reductions[k].combine {
                                            Combine::Op(op) => eval::binary(op, ty, results[k], *word),
                                            Combine::Extreme { cond, mirrored } => {
                                                let (mut pair, nan) = ([results[k], *word], Cond::Fne);
                                                if mirrored {
                                                    pair.reverse();
                                                }
                                                let first = eval::compare(cond, ty, pair[0], pair[1])
                                                    || eval::compare(nan, ty, pair[0], pair[0]);
                                                Some(if first { pair[0] } else { pair[1] })
                                            }
                                            Combine::Best { cond, key } => {
                                                let key = key as usize;
                                                let ty = func.values[data.results[key]].ty;
                                                let better = eval::compare(cond, ty, words[key], before[key]);
                                                Some(if better { *word } else { results[k] })
                                            }
                                        };
                                        let Some(combined) = combined else { return trap("reduction") };
                                        results[k] = combined;
                                    }
                                }
                            }
                        }
                    }
                }
            }
            Op::Loop { init, body } => {
                let mut carried = list(init);
                loop {
                    match self.region(frame, *body, &carried)? {
                        Flow::Yield(words) => carried = words,
                        Flow::Continue(to, words) if to == inst => carried = words,
                        flow @ (Flow::Continue(..) | Flow::Break(..) | Flow::Return(_) | Flow::Fail(_)) => {
                            return Ok(Some(flow));
                        }
                    }
                    let Some(rest) = self.fuel.checked_sub(1) else { return trap("out of fuel") };
                    self.fuel = rest;
                }
            }
        }
        if results.len() != data.results.len() {
            return trap(format!("{}: wrong number of results", print::inst(func, inst)));
        }
        for (value, word) in data.results.iter().zip(results) {
            frame.values[value.0 as usize] = eval::canonical(func.values[*value].ty, word);
        }
        Ok(None)
    }

    fn load(&mut self, at: u64, bytes: usize) -> Result<u64> {
        let mut word = self.memory.load(at, bytes)?.to_le_bytes();
        // An iteration sees what it has stored itself.
        for store in self.turn.iter().flat_map(|turn| &turn.stores[turn.own..]) {
            for (k, byte) in store.bytes.iter().enumerate() {
                let place = (store.at + k as u64).wrapping_sub(at);
                if place < bytes as u64 {
                    word[place as usize] = *byte;
                }
            }
        }
        Ok(u64::from_le_bytes(word))
    }

    fn store(&mut self, inst: Inst, at: u64, bytes: &[u8]) -> Result<()> {
        match &mut self.turn {
            None => self.memory.store(at, bytes),
            Some(turn) => {
                turn.stores.push(Delayed { inst, at, bytes: bytes.to_vec() });
                self.memory.at(at, bytes.len()).map(|_| ())
            }
        }
    }

    /// Stores of a turn of a vector loop: the program's stores one after the other, each in all iterations.
    fn finish_turn(&mut self, func: &Function, body: Region, turn: &Turn) -> Result<()> {
        let mut order = Vec::new();
        walk::for_each_inst(func, body, &mut |_, inst| order.push(inst));
        for inst in order {
            for store in turn.stores.iter().filter(|store| store.inst == inst) {
                self.memory.store(store.at, &store.bytes)?;
            }
        }
        Ok(())
    }

    /// Iterations `lo..hi` of a `For`; the carried values, or where control went.
    fn range(
        &mut self,
        frame: &mut Frame<'m>,
        inst: Inst,
        body: Region,
        lo: i64,
        hi: i64,
        init: Vec<u64>,
    ) -> Result<std::result::Result<Vec<u64>, Flow>> {
        let mut carried = init;
        for iv in lo..hi {
            let Some(rest) = self.fuel.checked_sub(1) else { return trap("out of fuel") };
            self.fuel = rest;
            if let Some(turn) = &mut self.turn {
                turn.own = turn.stores.len();
            }
            let mut args = vec![iv as u64];
            args.extend(&carried);
            match self.region(frame, body, &args)? {
                Flow::Yield(words) => carried = words,
                Flow::Continue(to, words) if to == inst => carried = words,
                flow @ (Flow::Continue(..) | Flow::Break(..) | Flow::Return(_) | Flow::Fail(_)) => {
                    return Ok(Err(flow));
                }
            }
        }
        Ok(Ok(carried))
    }

    fn runtime_status(&mut self, func: RuntimeFn, args: &[u64]) -> Result<Option<Failure>> {
        if func == RuntimeFn::Poll {
            return Ok(None);
        }
        if func != RuntimeFn::ParallelFor {
            return trap(format!("{func:?} has no status"));
        }
        let [body, captures, trip, partials, partial_bytes, chunks] = *args else {
            return trap("ParallelFor takes six words");
        };
        for chunk in 0..chunks as i64 {
            let (lo, hi) = chunk_bounds(trip as i64, chunks as i64, chunk);
            let partial = partials.wrapping_add((chunk as u64).wrapping_mul(partial_bytes));
            let words = [captures, lo as u64, hi as u64, partial];
            match self.call(Func((body & !CODE) as u32), &words)? {
                Outcome::Done(_) => {}
                Outcome::Failed(failure) => return Ok(Some(failure)),
            }
        }
        Ok(None)
    }

    fn runtime(&mut self, func: RuntimeFn, args: &[u64]) -> Result<Option<u64>> {
        let float = |index: usize| f64::from_bits(args[index]);
        let int = |index: usize| args[index] as i64;
        Ok(match func {
            RuntimeFn::Alloc => Some(self.memory.alloc(int(0), int(1) != 0)?),
            RuntimeFn::Retain => {
                self.memory.retain(args[0], 1)?;
                None
            }
            RuntimeFn::Release => {
                self.memory.retain(args[0], -1)?;
                None
            }
            RuntimeFn::ReleaseSlots => {
                for slot in 0..int(1) {
                    let at = args[0] + 8 * slot as u64;
                    let header = self.memory.load(at, 8)?;
                    self.memory.store(at, &[0; 8])?;
                    self.memory.retain(header, -1)?;
                }
                None
            }
            RuntimeFn::ParallelChunks => Some(parallel_chunks(int(0)) as u64),
            RuntimeFn::MemMove => {
                let bytes = self.memory.read(args[1], int(2) as usize)?;
                self.memory.store(args[0], &bytes)?;
                None
            }
            RuntimeFn::MemZero => {
                self.memory.at(args[0], int(1) as usize)?.fill(0);
                None
            }
            RuntimeFn::IntPow => {
                let exact = u32::try_from(int(1)).ok().and_then(|exp| int(0).checked_pow(exp));
                self.memory.store(args[2], &u64::from(exact.is_none()).to_le_bytes())?;
                Some(exact.unwrap_or(0) as u64)
            }
            RuntimeFn::IntPowWrap => {
                let (mut base, mut exp, mut out) = (int(0), args[1], 1i64);
                while exp > 0 {
                    if exp & 1 == 1 {
                        out = out.wrapping_mul(base);
                    }
                    base = base.wrapping_mul(base);
                    exp >>= 1;
                }
                Some(out as u64)
            }
            RuntimeFn::RoundPython | RuntimeFn::RoundNumpy => {
                let scale = 10f64.powi(int(1) as i32);
                Some(((float(0) * scale).round_ties_even() / scale).to_bits())
            }
            RuntimeFn::IntTrueDiv => Some(int_true_div(int(0), int(1)).to_bits()),
            RuntimeFn::PrintValue => {
                self.output.push((args[0], args[1]));
                None
            }
            RuntimeFn::GetNumThreads => Some(1),
            RuntimeFn::SetNumThreads => None,
            RuntimeFn::GetThreadId => Some(0),
            RuntimeFn::Math(math) => match eval::math(math, Ty::F64, args) {
                Some(word) => Some(word),
                None => return trap(format!("{math:?} is not interpreted")),
            },
            RuntimeFn::MathF32(math) => match eval::math(math, Ty::F32, args) {
                Some(word) => Some(word),
                None => return trap(format!("{math:?} is not interpreted")),
            },
            RuntimeFn::Poll | RuntimeFn::ParallelFor | RuntimeFn::MatMul => {
                return trap(format!("{func:?} has a status"));
            }
        })
    }
}

/// The exact quotient correctly rounded: 128 bits of it, with a sticky last bit, then one rounding.
fn int_true_div(x: i64, y: i64) -> f64 {
    let (a, b) = (u128::from(x.unsigned_abs()), u128::from(y.unsigned_abs()));
    if a == 0 || b == 0 {
        return if y < 0 { -0.0 } else { 0.0 };
    }
    let shift = a.leading_zeros();
    let (quotient, rest) = ((a << shift) / b, (a << shift) % b);
    let magnitude = (quotient | u128::from(rest != 0)) as f64 * 2f64.powi(-(shift as i32));
    if (x < 0) != (y < 0) { -magnitude } else { magnitude }
}

/// Calls the entry of a module without memory of its own; for pure functions.
pub fn run(module: &Module, args: &[u64]) -> Result<Outcome> {
    Machine::new(module).call(Func(0), args)
}
