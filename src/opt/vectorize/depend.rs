//! Which iterations of a vector loop may run at once.
//!
//! In: a `VLoop`. Out: how many, and the tests that must pass before the loop. A turn does all its loads,
//! then all its stores in the order of the program's; turns follow each other. Invariant: what passes the
//! tests gives the results of one iteration after the other.
//!
//! Accesses that differ in their displacement only make a stream: what they do to each other is known. Of
//! two streams a test says that one does not reach the other, or only in the harmless direction: with
//! `first` (done first in a turn) and `second` moving by the same step, an element of `second` must not lie
//! ahead of `first`.

use super::Code;
use crate::mir::effect::constant;
use crate::mir::remark::NotVectorized;
use crate::mir::vloop::{Input, Lane, NodeOp, Place, Stride, VLoop};
use crate::mir::{BinaryOp, Cond, Mem, Value};
use std::collections::BTreeMap;

/// More overlap tests than this before a loop do not pay.
const MOST_TESTS: usize = 12;
/// Iterations of a loop whose strides are known: that many times a stride is far from 2**63.
const LONGEST: i64 = 1 << 40;
/// Iterations, and bytes of a stride, of a loop with strides from run time.
const LONGEST_STRIDED: i64 = 1 << 30;
/// Larger known strides are not taken.
const LARGEST_STRIDE: u64 = 1 << 20;

/// A sum of values times factors, modulo 2**64.
#[derive(Clone, Default, Debug)]
pub struct Linear {
    pub terms: BTreeMap<Value, i64>,
    pub constant: i64,
}

impl Linear {
    fn add(&mut self, value: Value, factor: i64) {
        let sum = self.terms.entry(value).or_insert(0);
        *sum = sum.wrapping_add(factor);
        if *sum == 0 {
            self.terms.remove(&value);
        }
    }
    fn subtract(&mut self, other: &Linear) {
        for (value, factor) in &other.terms {
            self.add(*value, factor.wrapping_neg());
        }
        self.constant = self.constant.wrapping_sub(other.constant);
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Step {
    Known(i64),
    /// A value times a factor.
    Value(Value, i64),
}

/// Accesses that differ in their displacement only.
#[derive(Clone, Debug)]
pub struct Stream {
    mem: Mem,
    /// Of iteration 0: pointer and terms.
    start: Vec<(Value, i64)>,
    step: Step,
    /// First byte and the one behind the last, in an iteration.
    least: i64,
    most: i64,
    loads: bool,
    stores: bool,
    /// Places of its first and last access in the order of the program.
    begins: usize,
    ends: usize,
}

/// What must hold before the loop.
#[derive(Clone, Debug)]
pub enum Test {
    /// The streams have no byte in common.
    Apart(Stream, Stream),
    /// No byte of the second, in some iteration, is one of the first in a later one (`same`: or in the
    /// same one).
    NotAhead { first: Stream, second: Stream, same: bool },
    /// A stride is not too large.
    Moderate(Value, i64),
    /// A stride is at least so many bytes, either way.
    Strides(Value, i64, i64),
}

pub struct Plan {
    /// So many iterations may run at once.
    pub most: u32,
    pub tests: Vec<Test>,
    /// So many iterations more than the fewest are tested for.
    pub longest: i64,
}

struct Access<'v> {
    place: &'v Place,
    bytes: i64,
    store: bool,
}

fn access(vloop: &VLoop, lane: Lane) -> Access<'_> {
    let node = vloop.node(lane);
    let bytes = i64::from(node.ty.bytes());
    match &node.op {
        NodeOp::Load { at, .. } => Access { place: at, bytes, store: false },
        NodeOp::Store { at, .. } => Access { place: at, bytes, store: true },
        NodeOp::Splat(_)
        | NodeOp::Const(_)
        | NodeOp::Counter
        | NodeOp::Unary { .. }
        | NodeOp::Binary { .. }
        | NodeOp::Compare { .. }
        | NodeOp::Select { .. }
        | NodeOp::Convert { .. }
        | NodeOp::Math { .. }
        | NodeOp::Otherwise { .. } => unreachable!("invariant: an access loads or stores"),
    }
}

fn same_stream(a: &Place, b: &Place) -> bool {
    a.mem == b.mem && a.base == b.base && a.terms == b.terms && a.stride == b.stride
}

/// What allows the loop to be a vector loop.
pub fn plan(vloop: &VLoop) -> Result<Plan, NotVectorized> {
    let mut plan = Plan { most: u32::MAX, tests: Vec::new(), longest: LONGEST };
    let accesses: Vec<Access> = vloop.accesses.iter().map(|lane| access(vloop, *lane)).collect();
    if !accesses.iter().any(|access| access.store) {
        return Ok(plan);
    }
    let mut streams: Vec<(usize, Stream)> = Vec::new();
    for (k, access) in accesses.iter().enumerate() {
        for earlier in &accesses[..k] {
            let related =
                same_stream(earlier.place, access.place) || rows_apart(earlier.place, access.place).is_some();
            if (access.store || earlier.store) && related {
                within(vloop, earlier, access, &mut plan)?;
            }
        }
        let (least, bytes) = (i64::from(access.place.disp), access.bytes);
        let found = streams.iter_mut().find(|(j, _)| same_stream(accesses[*j].place, access.place));
        if let Some((_, stream)) = found {
            stream.least = stream.least.min(least);
            stream.most = stream.most.max(least + bytes);
            stream.loads |= !access.store;
            stream.stores |= access.store;
            stream.ends = k;
            continue;
        }
        let value = |input: Input| vloop.inputs[input.0 as usize].0;
        let step = match access.place.stride {
            Stride::Known(bytes) if bytes.unsigned_abs() <= LARGEST_STRIDE => Step::Known(bytes),
            Stride::Input(input, factor) => Step::Value(value(input), factor),
            // Anywhere: fine if nothing is stored in this memory.
            Stride::Known(_) | Stride::Index(..) => {
                let mem = access.place.mem;
                if accesses.iter().any(|other| other.store && other.place.mem == mem) {
                    return Err(NotVectorized::Scattered);
                }
                continue;
            }
        };
        let mut start = vec![(value(access.place.base), 1)];
        start.extend(access.place.terms.iter().map(|(input, factor)| (value(*input), *factor)));
        let stream = Stream {
            mem: access.place.mem,
            start,
            step,
            least,
            most: least + bytes,
            loads: !access.store,
            stores: access.store,
            begins: k,
            ends: k,
        };
        streams.push((k, stream));
    }
    for (k, (i, a)) in streams.iter().enumerate() {
        for (j, b) in &streams[k + 1..] {
            let known = rows_apart(accesses[*i].place, accesses[*j].place).is_some();
            if a.mem == b.mem && (a.stores || b.stores) && !known {
                plan.tests.push(between(a, b));
            }
        }
    }
    if plan.tests.len() > MOST_TESTS {
        return Err(NotVectorized::Tests);
    }
    for (_, stream) in &streams {
        if let Step::Value(value, factor) = stream.step
            && !plan.tests.is_empty()
        {
            plan.longest = LONGEST_STRIDED;
            if !plan.tests.iter().any(|test| matches!(test, Test::Moderate(v, _) if *v == value)) {
                plan.tests.push(Test::Moderate(value, LONGEST_STRIDED / factor.unsigned_abs().max(1) as i64));
            }
        }
    }
    Ok(plan)
}

/// Two accesses of one stream, the first of which comes first in an iteration.
fn within(vloop: &VLoop, first: &Access, second: &Access, plan: &mut Plan) -> Result<(), NotVectorized> {
    let apart = i64::from(second.place.disp) - i64::from(first.place.disp);
    let step = match first.place.stride {
        Stride::Known(step) => step,
        Stride::Input(input, factor) => {
            let bytes = first.bytes.max(second.bytes);
            let Some(rows) = rows_apart(first.place, second.place).filter(|_| apart == 0) else {
                return Err(NotVectorized::Overlap);
            };
            let value = vloop.inputs[input.0 as usize].0;
            plan.tests.push(Test::Strides(value, factor, bytes));
            return plan.limit(first, second, rows.wrapping_neg());
        }
        Stride::Index(..) => return Err(NotVectorized::Scattered),
    };
    if step == 0 {
        return Err(NotVectorized::Carried);
    }
    // The second, `later` iterations after the first, touches what the first did.
    let reach = (apart.abs() + first.bytes + second.bytes) / step.abs() + 1;
    if reach > 1 << 16 {
        return Err(NotVectorized::Overlap);
    }
    for later in -reach..=reach {
        let distance = apart + later * step;
        if distance <= -second.bytes || distance >= first.bytes {
            continue;
        }
        plan.limit(first, second, later)?;
    }
    Ok(())
}

impl Plan {
    /// The second access, `later` iterations after the first, touches what the first did.
    fn limit(&mut self, first: &Access, second: &Access, later: i64) -> Result<(), NotVectorized> {
        let limit = match (first.store, second.store, later) {
            // A load is done before any store of its turn.
            (false, true, 0..) | (true, false, ..0) => return Ok(()),
            // Stores keep their order.
            (true, true, 0..) => return Ok(()),
            (false, false, _) => return Ok(()),
            // What an earlier iteration stores is loaded, or stored over.
            (false, true, _) | (true, true, _) => later.unsigned_abs(),
            (true, false, later) => later.unsigned_abs(),
        };
        self.most = self.most.min(u32::try_from(limit).unwrap_or(u32::MAX));
        // In the same iteration only half of an element can be meant: it would have been forwarded.
        if self.most < 2 { Err(NotVectorized::Overlap) } else { Ok(()) }
    }
}

/// How many steps, of a size from run time, the second place is ahead of the first in the same iteration, if that
/// is known.
fn rows_apart(first: &Place, second: &Place) -> Option<i64> {
    let Stride::Input(input, factor) = first.stride else { return None };
    let others =
        |place: &Place| place.terms.iter().filter(|term| term.0 != input).copied().collect::<Vec<_>>();
    let same = first.mem == second.mem && first.base == second.base && first.stride == second.stride;
    if !same || others(first) != others(second) {
        return None;
    }
    let at = |place: &Place| place.terms.iter().find(|term| term.0 == input).map_or(0, |term| term.1);
    let ahead = at(second).checked_sub(at(first))?;
    (ahead.checked_rem(factor)? == 0).then(|| ahead / factor)
}

/// The test for two streams, one of which stores.
fn between(a: &Stream, b: &Stream) -> Test {
    let one_way = |first: &Stream, second: &Stream| {
        let steps = matches!(first.step, Step::Known(1..)) && first.step == second.step;
        // Loads come first in a turn, stores in their order.
        let kinds =
            (!first.stores && !second.loads) || (!first.loads && !second.loads && first.ends < second.begins);
        steps && kinds
    };
    let not_ahead = |first: &Stream, second: &Stream| Test::NotAhead {
        first: first.clone(),
        second: second.clone(),
        same: first.ends > second.begins,
    };
    if one_way(a, b) {
        not_ahead(a, b)
    } else if one_way(b, a) {
        not_ahead(b, a)
    } else {
        Test::Apart(a.clone(), b.clone())
    }
}

/// First byte of the stream, and its length in bytes.
fn span(code: &mut Code, stream: &Stream, lo: Value, trip: Value) -> (Linear, Linear) {
    let mut start = Linear { constant: stream.least, ..Linear::default() };
    for (value, factor) in &stream.start {
        start.add(*value, *factor);
    }
    let mut bytes = Linear { constant: stream.most - stream.least, ..Linear::default() };
    match stream.step {
        Step::Known(step) => {
            match constant(code.func, lo) {
                Some(lo) => start.constant = start.constant.wrapping_add(lo.wrapping_mul(step)),
                None => start.add(lo, step),
            }
            if step < 0 {
                // The last iteration is the lowest.
                start.add(trip, step);
                start.constant = start.constant.wrapping_sub(step);
            }
            bytes.add(trip, step.abs());
            bytes.constant = bytes.constant.wrapping_sub(step.abs());
        }
        Step::Value(value, factor) => {
            let factor = code.word(factor);
            let step = code.binary(BinaryOp::Imul, value, factor);
            let moved = code.binary(BinaryOp::Imul, lo, step);
            start.add(moved, 1);
            let one = code.word(1);
            let turns = code.binary(BinaryOp::Isub, trip, one);
            let way = code.binary(BinaryOp::Imul, turns, step);
            let zero = code.word(0);
            let back = code.binary(BinaryOp::Smin, way, zero);
            let forth = code.binary(BinaryOp::Smax, way, zero);
            start.add(back, 1);
            bytes.add(forth, 1);
            bytes.add(back, -1);
        }
    }
    (start, bytes)
}

/// Code for a test; the number of iterations is known to be moderate.
pub fn emit(code: &mut Code, test: &Test, lo: Value, trip: Value) -> Value {
    // Forbidden are the distances between `from` and `to`, both excluded.
    let (distance, from, to) = match test {
        Test::Apart(a, b) => {
            let ((a, a_bytes), (mut b, b_bytes)) = (span(code, a, lo, trip), span(code, b, lo, trip));
            b.subtract(&a);
            let mut from = Linear::default();
            from.subtract(&b_bytes);
            (b, from, a_bytes)
        }
        Test::NotAhead { first, second, same } => {
            let ((a, a_bytes), (mut b, _)) = (span(code, first, lo, trip), span(code, second, lo, trip));
            b.subtract(&a);
            let Step::Known(step) = first.step else { unreachable!("invariant: see `between`") };
            let width = second.most - second.least;
            (b, Linear { constant: if *same { -width } else { step - width }, ..Linear::default() }, a_bytes)
        }
        Test::Moderate(value, most) => {
            let most_value = code.word(*most);
            let above = code.binary(BinaryOp::Iadd, *value, most_value);
            let range = code.word(2 * most);
            return code.compare(Cond::Ult, above, range);
        }
        Test::Strides(value, factor, bytes) => {
            let factor = code.word(*factor);
            let step = code.binary(BinaryOp::Imul, *value, factor);
            let near = code.word(bytes - 1);
            let above = code.binary(BinaryOp::Iadd, step, near);
            let range = code.word(2 * bytes - 1);
            return code.compare(Cond::Uge, above, range);
        }
    };
    let (mut above, mut range) = (distance, to);
    for linear in [&mut above, &mut range] {
        linear.subtract(&from);
        linear.constant = linear.constant.wrapping_sub(1);
    }
    let (above, range) = (code.linear(&above), code.linear(&range));
    code.compare(Cond::Uge, above, range)
}
