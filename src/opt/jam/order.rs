//! Whether iterations of a loop keep the order in which they touch the same memory when several of them are
//! taken together.
//!
//! In: the body of a loop, cut into parts: straight code, and chains of loops. Taken together, each part is
//! done for one iteration after the other, in turn; within a chain, each innermost iteration is. Out: what
//! must hold before the loop, or that it cannot be said. Invariant: two accesses of one byte, one of which
//! stores, come in the order of the program. Accesses are places `base + sum of counters times their steps`; what
//! is stored to has a place of its own for each iteration, or is a row for all, and other places keep clear of it.

use crate::mir::effect::{self, constant};
use crate::mir::vloop::{Affine, Forms};
use crate::mir::walk;
use crate::mir::{Address, BinaryOp, CheckedOp, Def, Function, Mem, Op, Region, Value};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Operations on the way from a counter to an address.
const DEEPEST: u32 = 8;

/// More places that are only read, beside those that are stored to, are not tested.
const MOST_OTHERS: usize = 4;

/// A loop of a chain: its counter and bounds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    pub counter: Value,
    pub lo: Value,
    pub hi: Value,
}

/// A piece of the outer loop's body: its instructions from `from` up to and without `to`.
#[derive(Clone, Debug)]
pub struct Part {
    pub from: usize,
    pub to: usize,
    /// Empty: straight code.
    pub chain: Vec<Level>,
}

/// Bytes for each step of a counter: a number, or a value times it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    pub by: Option<Value>,
    pub bytes: i64,
}

impl Step {
    fn is_zero(self) -> bool {
        self.bytes == 0
    }
    fn known(self) -> Option<u64> {
        self.by.is_none().then_some(self.bytes.unsigned_abs())
    }
}

/// What accesses touch in all iterations: bytes from `place` on, at each step of its counters.
#[derive(Clone, PartialEq, Debug)]
pub struct Range {
    pub base: Affine,
    pub bytes: i64,
    pub steps: Vec<(Level, Step)>,
}

/// What must hold before the loop; steps in absolute values.
#[derive(Clone, Debug)]
pub enum Test {
    /// `outer >= (iterations of the loop - 1) * inner + bytes`: rows lie apart.
    Rows { outer: Step, inner: Step, level: Level, bytes: i64 },
    /// `inner >= times * outer + bytes`: columns do.
    Columns { outer: Step, inner: Step, times: i64, bytes: i64 },
    /// `outer >= bytes`.
    Apart { outer: Step, bytes: i64 },
    /// The ranges have no byte in common.
    Disjoint(Range, Range),
}

#[derive(Default)]
pub struct Order {
    /// All of these hold, or one of two.
    pub tests: Vec<Vec<Test>>,
    /// Parts that add to a row that is the same for all iterations of the outer loop.
    pub rows: Vec<usize>,
}

#[derive(Clone, PartialEq, Debug)]
struct Place {
    base: Affine,
    outer: Step,
    inner: Vec<(Level, Step)>,
}

struct Access {
    part: usize,
    stored: bool,
    bytes: i64,
    place: Option<Place>,
}

/// The places of a loop's body.
struct Places<'a> {
    func: &'a Function,
    inside: &'a FxHashSet<Value>,
    /// For each counter, with the others at zero.
    forms: Vec<(Value, Forms<'a>)>,
}

/// `times`: iterations of the loop around the parts to take together.
pub fn order(
    func: &Function,
    (around, body): (Level, Region),
    parts: &[Part],
    inside: &FxHashSet<Value>,
    times: i64,
) -> Option<Order> {
    let mut counters = vec![around.counter];
    counters.extend(parts.iter().flat_map(|part| &part.chain).map(|level| level.counter));
    let mut places = Places { func, inside, forms: Vec::new() };
    for counter in &counters {
        let mut forms = Forms::new(func, inside, *counter);
        for other in counters.iter().filter(|other| *other != counter) {
            forms.set(*other, Affine::default());
        }
        places.forms.push((*counter, forms));
    }
    let written = effect::summary(func, body).writes;
    let mut touched: BTreeMap<Mem, Vec<Access>> = BTreeMap::new();
    for (number, part) in parts.iter().enumerate() {
        let mut visit = |inst| {
            let data = &func.insts[inst];
            let (Op::Load { mem, addr } | Op::Store { mem, addr, .. }) = &data.op else { return };
            if !written.contains(mem) {
                return;
            }
            let (stored, value) = if let Op::Store { value, .. } = &data.op {
                (true, *value)
            } else {
                (false, data.results[0])
            };
            let bytes = i64::from(func.values[value].ty.bytes());
            let place = places.place(addr, part);
            touched.entry(*mem).or_default().push(Access { part: number, stored, bytes, place });
        };
        for inst in &func.regions[body].insts[part.from..part.to] {
            visit(*inst);
            for nested in walk::regions(&func.insts[*inst].op) {
                walk::for_each_inst(func, nested, &mut |_, inst| visit(inst));
            }
        }
    }
    let mut order = Order::default();
    for accesses in touched.values() {
        keeps(accesses, around, parts, times, &mut order)?;
    }
    Some(order)
}

/// What one memory asks for.
fn keeps(accesses: &[Access], around: Level, parts: &[Part], times: i64, order: &mut Order) -> Option<()> {
    let part = accesses[0].part;
    let together = accesses.iter().all(|access| access.part == part);
    if together && parts[part].chain.is_empty() {
        return Some(());
    }
    let stored = accesses.iter().find(|access| access.stored).expect("invariant: a memory that is written");
    let first = stored.place.as_ref()?;
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    let mut inner: Option<(Level, Step)> = None;
    // Places that are read only, and move otherwise than those that are stored to.
    let mut others: Vec<Range> = Vec::new();
    for access in accesses {
        let place = access.place.as_ref()?;
        let same = place.base.ptr == first.base.ptr && place.base.terms == first.base.terms;
        if !same || place.outer != first.outer || place.inner.len() > 1 {
            // Neighbours of what is stored to would not pass.
            if access.stored || (place.base.ptr == first.base.ptr && place.outer == first.outer) {
                return None;
            }
            let other = range(around, place, place.base.constant, access.bytes);
            if !others.contains(&other) {
                others.push(other);
            }
            continue;
        }
        least = least.min(place.base.constant);
        most = most.max(place.base.constant.checked_add(access.bytes)?);
        let one = place.inner.first().copied();
        match (inner, one) {
            (Some((a, x)), Some((b, y))) if (a.lo, a.hi, x) != (b.lo, b.hi, y) => return None,
            (Some(_), _) => {}
            (None, one) => inner = one,
        }
    }
    let (outer, bytes) = (first.outer, most.checked_sub(least).filter(|bytes| *bytes < 1 << 20)?);
    if !others.is_empty() {
        if outer.is_zero() || others.len() > MOST_OTHERS {
            return None;
        }
        let place = Place { inner: inner.into_iter().collect(), ..first.clone() };
        let own = range(around, &place, least, bytes);
        order.tests.extend(others.into_iter().map(|other| vec![Test::Disjoint(own.clone(), other)]));
    }
    if outer.is_zero() {
        // One row for all: an element is an iteration of a single loop.
        let single = together && parts[part].chain.len() == 1 && bytes == accesses[0].bytes;
        let apart = inner.is_some_and(|(_, step)| step.known().is_some_and(|step| step >= bytes as u64));
        let all = accesses.iter().all(|access| access.place.as_ref() == Some(first));
        order.rows.push(part);
        return (single && apart && all).then_some(());
    }
    // A place of its own for each iteration of the outer loop.
    let Some((level, inner)) = inner else {
        return decide(vec![Test::Apart { outer, bytes }], order);
    };
    let rows = Test::Rows { outer, inner, level, bytes };
    let columns = Test::Columns { outer, inner, times: times - 1, bytes };
    match (outer.known(), inner.known()) {
        (Some(x), Some(y)) if x >= bytes as u64 && y >= x * (times as u64 - 1) + bytes as u64 => Some(()),
        (None, Some(_)) | (Some(_), Some(_)) => decide(vec![rows], order),
        (Some(x), None) if x >= bytes as u64 => decide(vec![columns], order),
        (Some(_), None) => None,
        (None, None) => {
            decide(vec![Test::Apart { outer, bytes }], order)?;
            decide(vec![rows, columns], order)
        }
    }
}

/// What a place touches, with the loop around all.
fn range(around: Level, place: &Place, constant: i64, bytes: i64) -> Range {
    let base = Affine { constant, ..place.base.clone() };
    let mut steps = place.inner.clone();
    if !place.outer.is_zero() {
        steps.push((around, place.outer));
    }
    Range { base, bytes, steps }
}

/// Adds a test unless it is decided already.
fn decide(any: Vec<Test>, order: &mut Order) -> Option<()> {
    if let [Test::Apart { outer, bytes }] = any.as_slice()
        && let Some(step) = outer.known()
    {
        return (step >= *bytes as u64).then_some(());
    }
    order.tests.push(any);
    Some(())
}

impl Places<'_> {
    fn place(&mut self, addr: &Address, part: &Part) -> Option<Place> {
        self.depends(addr.base, DEEPEST)?;
        if let Some((index, _)) = addr.index {
            self.depends(index, DEEPEST)?;
        }
        let mut found: Option<Place> = None;
        for at in 0..self.forms.len() {
            let (counter, forms) = &mut self.forms[at];
            let base = forms.of(addr.base)?;
            let base = base.plus(&Affine { constant: i64::from(addr.disp), ..Affine::default() })?;
            let mut form = match addr.index {
                Some((index, scale)) => base.plus(&forms.of(index)?.times(i64::from(scale))?)?,
                None => base,
            };
            let step = match (form.step, form.by.take()) {
                (bytes, None) => Step { by: None, bytes },
                (0, Some((value, bytes))) => Step { by: Some(value), bytes },
                (_, Some(_)) => return None,
            };
            form.step = 0;
            let Some(place) = &mut found else {
                found = Some(Place { base: form, outer: step, inner: Vec::new() });
                continue;
            };
            if !step.is_zero() {
                let level = part.chain.iter().find(|level| level.counter == *counter)?;
                place.inner.push((*level, step));
            }
        }
        found
    }

    /// Whether a value depends on counters; `None` if on a product of two, or if it takes too long to say.
    fn depends(&self, value: Value, depth: u32) -> Option<bool> {
        if !self.inside.contains(&value) || constant(self.func, value).is_some() {
            return Some(false);
        }
        let Def::Result { inst, .. } = self.func.values[value].def else { return Some(true) };
        let (depth, op) = (depth.checked_sub(1)?, &self.func.insts[inst].op);
        let (mut count, mut mixed) = (0, false);
        walk::operands(op, |operand| match self.depends(operand, depth) {
            Some(depends) => count += u32::from(depends),
            None => mixed = true,
        });
        let sum = matches!(
            op,
            Op::PtrAdd { .. }
                | Op::Binary { op: BinaryOp::Iadd | BinaryOp::Isub, .. }
                | Op::Checked { op: CheckedOp::Add | CheckedOp::Sub, .. }
        );
        if mixed || (count > 1 && !sum) { None } else { Some(count > 0) }
    }
}
