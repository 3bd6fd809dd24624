//! Ranges of I64 values: an interval for each, and differences between two (`x <= y + c`).
//!
//! In: facts, added in the order of the walk. Out: answers to "how far can `x` lie above `y`". Invariant:
//! facts are about the mathematical integers that the values hold (an operation that may wrap has none);
//! they hold until `undo` goes back behind them, as the walk leaves a region.

use crate::mir::Value;

/// Longest chain of differences, and most values looked at on each side of a question.
const STEPS: usize = 20;
/// Differences beyond this are of no use.
const FAR: i128 = 1 << 62;

/// One fact to take back.
enum Undo {
    Interval(Value, (i64, i64)),
    Difference(Value, Value),
    Sum(Value, Option<Sum>),
}

/// What a value is exactly.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Sum {
    Plus(Value, Value),
    Minus(Value, Value),
}

/// What is known here.
pub struct Facts {
    intervals: Vec<(i64, i64)>,
    /// `x <= y + c`, kept with `x`.
    above: Vec<Vec<(Value, i64)>>,
    /// `y >= x - c`, kept with `y` as `(x, -c)`.
    below: Vec<Vec<(Value, i64)>>,
    sums: Vec<Option<Sum>>,
    undo: Vec<Undo>,
}

/// What is known of a value where control leaves a region, for the place where it arrives.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub low: i64,
    pub high: i64,
    above: Vec<(Value, i128)>,
    below: Vec<(Value, i128)>,
}

impl Facts {
    pub fn new(values: usize) -> Facts {
        Facts {
            intervals: vec![(i64::MIN, i64::MAX); values],
            above: vec![Vec::new(); values],
            below: vec![Vec::new(); values],
            sums: vec![None; values],
            undo: Vec::new(),
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
                Some(Undo::Difference(x, y)) => {
                    self.above[x.0 as usize].pop();
                    self.below[y.0 as usize].pop();
                }
                Some(Undo::Sum(value, old)) => self.sums[value.0 as usize] = old,
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
        let old = self.sums[value.0 as usize].replace(sum);
        self.undo.push(Undo::Sum(value, old));
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
        if x == y || c.abs() >= FAR {
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
        self.above[x.0 as usize].push((y, c as i64));
        self.below[y.0 as usize].push((x, -c as i64));
        self.undo.push(Undo::Difference(x, y));
    }

    /// `x == y + c`.
    pub fn equal(&mut self, x: Value, y: Value, c: i128) {
        self.add(x, y, c);
        self.add(y, x, -c);
    }

    /// Values that differ from `start` by known bounds, nearest first, with the sum of the bounds.
    fn reach(edges: &[Vec<(Value, i64)>], start: Value, best: fn(i128, i128) -> bool) -> Vec<(Value, i128)> {
        let mut found = vec![(start, 0)];
        let mut at = 0;
        while at < found.len() {
            let (value, sum) = found[at];
            at += 1;
            // The newest facts are the nearest ones.
            for (next, c) in edges[value.0 as usize].iter().rev().take(8) {
                let sum = sum + i128::from(*c);
                match found.iter().position(|(value, _)| value == next) {
                    Some(at) if best(sum, found[at].1) => found[at].1 = sum,
                    None if found.len() < STEPS => found.push((*next, sum)),
                    Some(_) | None => {}
                }
            }
        }
        found
    }

    /// The least `c` known with `x <= y + c`.
    pub fn at_most(&self, x: Value, y: Value) -> i128 {
        let (_, x_high) = self.interval(x);
        let (y_low, _) = self.interval(y);
        let mut bound = i128::from(x_high) - i128::from(y_low);
        if x == y {
            return bound.min(0);
        }
        let above = Self::reach(&self.above, x, |new, old| new < old);
        let below = Self::reach(&self.below, y, |new, old| new > old);
        for (z, c) in &above {
            // x <= z + c, y >= w + d
            let (_, z_high) = self.interval(*z);
            bound = bound.min(i128::from(z_high) + c - i128::from(y_low));
            for (w, d) in &below {
                let (w_low, _) = self.interval(*w);
                let between = if z == w { 0 } else { i128::from(z_high) - i128::from(w_low) };
                bound = bound.min(between + c - d);
            }
        }
        bound
    }

    /// Values known not to lie below `value` by more than the amount given, nearest facts first.
    pub fn above(&self, value: Value) -> Vec<(Value, i128)> {
        Self::reach(&self.above, value, |new, old| new < old)
    }

    /// What is known of a value here.
    pub fn snapshot(&self, value: Value) -> Snapshot {
        let (low, high) = self.interval(value);
        Snapshot {
            low,
            high,
            above: Self::reach(&self.above, value, |new, old| new < old),
            below: Self::reach(&self.below, value, |new, old| new > old),
        }
    }

    /// `result` is one of the values that the snapshots were taken of.
    pub fn merge(&mut self, result: Value, arms: &[Snapshot]) {
        let Some((first, rest)) = arms.split_first() else { return };
        let low = arms.iter().map(|arm| arm.low).min().unwrap_or(i64::MIN);
        let high = arms.iter().map(|arm| arm.high).max().unwrap_or(i64::MAX);
        self.limit(result, low, high);
        let mut above = Vec::new();
        for (z, c) in arms.iter().flat_map(|arm| &arm.above).take(2 * STEPS) {
            if *z == result || above.iter().any(|(seen, _)| seen == z) {
                continue;
            }
            let (z_low, _) = self.interval(*z);
            let mut bound = *c;
            for arm in std::iter::once(first).chain(rest) {
                let direct = arm.above.iter().find(|(w, _)| w == z).map(|(_, d)| *d);
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
            let mut bound = *c;
            for arm in std::iter::once(first).chain(rest) {
                let direct = arm.below.iter().find(|(w, _)| w == z).map(|(_, d)| *d);
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
