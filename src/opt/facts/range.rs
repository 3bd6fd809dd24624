//! Ranges of I64 values: an interval for each, and differences between two (`x <= y + c`).
//!
//! In: facts, added in the order of the walk. Out: answers to "how far can `x` lie above `y`". Invariant:
//! facts are about the mathematical integers that the values hold (an operation that may wrap has none);
//! they hold until `undo` goes back behind them, as the walk leaves a region.

use crate::mir::Value;
use smallvec::{SmallVec, smallvec};
use std::cell::Cell;

/// Longest chain of differences, and most values looked at on each side of a question.
const STEPS: usize = 20;
/// Differences beyond this are of no use: two that are less have a sum that fits.
const FAR: i64 = 1 << 62;

/// One fact to take back.
enum Undo {
    Interval(Value, (i64, i64)),
    Above(Value),
    Below(Value),
    Sum(Value, Option<Sum>),
}

/// What a value is exactly.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Sum {
    Plus(Value, Value),
    Minus(Value, Value),
}

/// Values within known distances of another.
type Near = SmallVec<[(Value, i64); STEPS]>;

/// Differences, by the value that each is kept with. What came last goes first, whatever it is kept with: all
/// lie in one vector.
struct Edges {
    /// The newest one of each value, as a place in `all`.
    newest: Vec<Option<u32>>,
    all: Vec<Edge>,
}

struct Edge {
    to: Value,
    c: i64,
    older: Option<u32>,
}

impl Edges {
    fn new(values: usize) -> Edges {
        Edges { newest: vec![None; values], all: Vec::new() }
    }
    fn push(&mut self, from: Value, to: Value, c: i64) {
        let newest = &mut self.newest[from.0 as usize];
        self.all.push(Edge { to, c, older: *newest });
        *newest = Some(self.all.len() as u32 - 1);
    }
    /// Takes back the newest one of all, which is kept with `from`.
    fn pop(&mut self, from: Value) {
        let edge = self.all.pop().expect("invariant: what is taken back was added");
        self.newest[from.0 as usize] = edge.older;
    }
    /// Those of a value, newest first.
    fn of(&self, from: Value) -> impl Iterator<Item = &Edge> {
        let edge = |at: Option<u32>| at.map(|at| &self.all[at as usize]);
        std::iter::successors(edge(self.newest[from.0 as usize]), move |known| edge(known.older))
    }
}

/// What is known here.
pub struct Facts {
    intervals: Vec<(i64, i64)>,
    /// `x <= y + c`, kept with `x`.
    above: Edges,
    /// `y >= x - c`, kept with `y` as `(x, -c)`.
    below: Edges,
    sums: Vec<Option<Sum>>,
    /// How many differences (`Sum::Minus`) each value is taken away in.
    taken: Vec<u32>,
    undo: Vec<Undo>,
    /// Where each value stands in what `reach` has found so far; empty but for that.
    places: Vec<Cell<Option<u8>>>,
}

/// What is known of a value where control leaves a region, for the place where it arrives.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub low: i64,
    pub high: i64,
    above: Near,
    below: Near,
}

impl Facts {
    pub fn new(values: usize) -> Facts {
        Facts {
            intervals: vec![(i64::MIN, i64::MAX); values],
            above: Edges::new(values),
            below: Edges::new(values),
            sums: vec![None; values],
            taken: vec![0; values],
            undo: Vec::new(),
            places: vec![Cell::new(None); values],
        }
    }

    pub fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Forgets what was learnt since the mark.
    pub fn undo(&mut self, mark: usize) {
        while self.undo.len() > mark {
            match self.undo.pop() {
                Some(Undo::Interval(value, old)) => self.intervals[value.0 as usize] = old,
                Some(Undo::Above(x)) => self.above.pop(x),
                Some(Undo::Below(y)) => self.below.pop(y),
                Some(Undo::Sum(value, old)) => {
                    self.replace_sum(value, old);
                }
                None => return,
            }
        }
    }

    /// The value as an exact sum, where it is known to be one.
    pub fn sum(&self, value: Value) -> Option<Sum> {
        self.sums[value.0 as usize]
    }

    /// The value is exactly this.
    pub fn set_sum(&mut self, value: Value, sum: Sum) {
        let old = self.replace_sum(value, Some(sum));
        self.undo.push(Undo::Sum(value, old));
    }

    fn replace_sum(&mut self, value: Value, new: Option<Sum>) -> Option<Sum> {
        let old = std::mem::replace(&mut self.sums[value.0 as usize], new);
        if let Some(Sum::Minus(_, x)) = old {
            self.taken[x.0 as usize] -= 1;
        }
        if let Some(Sum::Minus(_, x)) = new {
            self.taken[x.0 as usize] += 1;
        }
        old
    }

    /// Whether the value is taken away in what is known to be a difference.
    pub fn is_taken_away(&self, value: Value) -> bool {
        self.taken[value.0 as usize] > 0
    }

    /// Smallest and largest value possible.
    pub fn interval(&self, value: Value) -> (i64, i64) {
        self.intervals[value.0 as usize]
    }

    /// The value if only one is possible.
    pub fn constant(&self, value: Value) -> Option<i64> {
        let (low, high) = self.interval(value);
        (low == high).then_some(low)
    }

    /// `value` lies in `low..=high`. Contradictions (code that is never reached) are ignored.
    pub fn limit(&mut self, value: Value, low: i64, high: i64) {
        let old = self.interval(value);
        let new = (old.0.max(low), old.1.min(high));
        if new != old && new.0 <= new.1 {
            self.undo.push(Undo::Interval(value, old));
            self.intervals[value.0 as usize] = new;
        }
    }

    /// `x <= y + c`.
    pub fn add(&mut self, x: Value, y: Value, c: i128) {
        if x == y || c.abs() >= i128::from(FAR) {
            return;
        }
        let (_, y_high) = self.interval(y);
        let high = (i128::from(y_high) + c).min(i64::MAX.into());
        if high >= i64::MIN.into() {
            self.limit(x, i64::MIN, high as i64);
        }
        let (x_low, _) = self.interval(x);
        let low = (i128::from(x_low) - c).max(i64::MIN.into());
        if low <= i64::MAX.into() {
            self.limit(y, low as i64, i64::MAX);
        }
        // No way leads to a constant: what lies beyond it lies within an interval.
        let c = c as i64;
        let known = |edge: &Edge| edge.to == y && edge.c <= c;
        if self.constant(y).is_none() && !self.above.of(x).take(4).any(known) {
            self.above.push(x, y, c);
            self.undo.push(Undo::Above(x));
        }
        let known = |edge: &Edge| edge.to == x && edge.c >= -c;
        if self.constant(x).is_none() && !self.below.of(y).take(4).any(known) {
            self.below.push(y, x, -c);
            self.undo.push(Undo::Below(y));
        }
    }

    /// `x == y + c`.
    pub fn equal(&mut self, x: Value, y: Value, c: i128) {
        self.add(x, y, c);
        self.add(y, x, -c);
    }

    /// Values that differ from `start` by known bounds, nearest first, with the sum of the bounds.
    fn reach(&self, edges: &Edges, start: Value, best: impl Fn(i64, i64) -> bool) -> Near {
        let place = |value: Value| &self.places[value.0 as usize];
        let mut found: Near = smallvec![(start, 0)];
        place(start).set(Some(0));
        let mut at = 0;
        while at < found.len() {
            let (value, sum) = found[at];
            at += 1;
            // The newest facts are the nearest ones.
            for Edge { to, c, .. } in edges.of(value).take(8) {
                let sum = sum + c;
                if sum.abs() >= FAR {
                    continue;
                }
                match place(*to).get() {
                    Some(known) => {
                        let known = &mut found[usize::from(known)].1;
                        if best(sum, *known) {
                            *known = sum;
                        }
                    }
                    None if found.len() < STEPS => {
                        place(*to).set(Some(found.len() as u8));
                        found.push((*to, sum));
                    }
                    None => {}
                }
            }
        }
        found.iter().for_each(|(value, _)| place(*value).set(None));
        found
    }

    /// Values known not to lie below `value` by more than the amount given, nearest facts first.
    pub fn above(&self, value: Value) -> Near {
        self.reach(&self.above, value, |new, old| new < old)
    }

    /// Values known not to lie above `value` plus the amount given, negated: `value >= w + d`.
    fn below(&self, value: Value) -> Near {
        self.reach(&self.below, value, |new, old| new > old)
    }

    /// The least `c` known with `x <= y + c`.
    pub fn at_most(&self, x: Value, y: Value) -> i128 {
        if x == y { 0 } else { self.between(&self.bounds(x, Self::above), y) }
    }

    /// What bounds a value on one side, to compare it: of a constant its interval says all.
    fn bounds(&self, value: Value, side: impl Fn(&Self, Value) -> Near) -> Near {
        if self.constant(value).is_some() { smallvec![(value, 0)] } else { side(self, value) }
    }

    /// The least `c` known with `x <= y + c`, where `above` are the values above `x`.
    fn between(&self, above: &[(Value, i64)], y: Value) -> i128 {
        // x <= z + c and y >= w + d, by the ends of the intervals of z and w or where they are one value.
        let below = self.bounds(y, Self::below);
        let low = below.iter().map(|(w, d)| self.interval(*w).0.saturating_add(*d)).max();
        let mut bound = i128::from(self.highest(above)) - i128::from(low.unwrap_or(i64::MIN));
        let place = |value: Value| &self.places[value.0 as usize];
        for (at, (z, _)) in above.iter().enumerate() {
            place(*z).set(Some(at as u8));
        }
        for (w, d) in &below {
            if let Some(at) = place(*w).get() {
                bound = bound.min(i128::from(above[usize::from(at)].1) - i128::from(*d));
            }
        }
        above.iter().for_each(|(z, _)| place(*z).set(None));
        bound
    }

    /// The end of the interval of a value with these above it.
    fn highest(&self, above: &[(Value, i64)]) -> i64 {
        let ends = above.iter().map(|(z, c)| self.interval(*z).1.saturating_add(*c));
        ends.min().unwrap_or(i64::MAX)
    }

    /// `x <= y - by` is known: `at_most` gives no more than `-by`, but the quick ways are tried first.
    pub fn lies_below(&self, x: Value, y: Value, by: i128) -> bool {
        let (high, low) = (i128::from(self.interval(x).1), i128::from(self.interval(y).0));
        if x == y {
            return by <= 0;
        }
        if high - low <= -by {
            return true;
        }
        if self.constant(x).is_some() && self.constant(y).is_some() {
            return false;
        }
        let above = self.bounds(x, Self::above);
        let direct = above.iter().any(|(z, c)| *z == y && i128::from(*c) <= -by);
        direct || i128::from(self.highest(&above)) - low <= -by || self.between(&above, y) <= -by
    }

    /// What is known of a value here.
    pub fn snapshot(&self, value: Value) -> Snapshot {
        let (low, high) = self.interval(value);
        Snapshot { low, high, above: self.above(value), below: self.below(value) }
    }

    /// `result` is one of the values that the snapshots were taken of.
    pub fn merge(&mut self, result: Value, arms: &[&Snapshot]) {
        if arms.is_empty() {
            return;
        }
        let low = arms.iter().map(|arm| arm.low).min().unwrap_or(i64::MIN);
        let high = arms.iter().map(|arm| arm.high).max().unwrap_or(i64::MAX);
        self.limit(result, low, high);
        let mut above = Vec::new();
        for (z, c) in arms.iter().flat_map(|arm| &arm.above).take(2 * STEPS) {
            if *z == result || above.iter().any(|(seen, _)| seen == z) {
                continue;
            }
            let (z_low, _) = self.interval(*z);
            let mut bound = i128::from(*c);
            for arm in arms {
                let direct = arm.above.iter().find(|(w, _)| w == z).map(|(_, d)| i128::from(*d));
                bound = bound.max(direct.unwrap_or(i128::from(arm.high) - i128::from(z_low)));
            }
            above.push((*z, bound));
        }
        let mut below = Vec::new();
        for (z, c) in arms.iter().flat_map(|arm| &arm.below).take(2 * STEPS) {
            if *z == result || below.iter().any(|(seen, _)| seen == z) {
                continue;
            }
            let (_, z_high) = self.interval(*z);
            let mut bound = i128::from(*c);
            for arm in arms {
                let direct = arm.below.iter().find(|(w, _)| w == z).map(|(_, d)| i128::from(*d));
                bound = bound.min(direct.unwrap_or(i128::from(arm.low) - i128::from(z_high)));
            }
            below.push((*z, bound));
        }
        for (z, bound) in above.into_iter().take(6) {
            self.add(result, z, bound);
        }
        for (z, bound) in below.into_iter().take(6) {
            self.add(z, result, -bound);
        }
    }
}
