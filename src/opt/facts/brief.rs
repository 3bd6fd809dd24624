//! Loops that end within a few iterations, because something is halved or doubled each time.
//!
//! In: a `Loop`, facts at the start of its iterations. Out: whether it makes about as many iterations as a
//! word has bits, at most. Invariant: only the time between interrupt polls rests on the answer.
//!
//! ```text
//! while n > 0: n //= 10        while low < high: middle = (low + high) // 2; low = middle + 1 or high = middle
//! while b: a, b = b, a % b     while 2 * root + 1 < end: root = 2 * root + 1 or 2 * root + 2
//! ```

use super::super::algebra;
use super::range::Facts;
use crate::mir::effect::{constant, def_op};
use crate::mir::*;

/// Numbers below this can be doubled and more.
const HALF: i64 = 1 << 61;
/// Nested choices that are looked through.
const DEPTH: u32 = 3;

/// A comparison that holds as long as the loop goes on.
pub struct Test {
    cond: Cond,
    lhs: Value,
    rhs: Value,
}

impl Test {
    /// The lesser and the greater one, if that is what is tested, and whether they may not be equal.
    fn order(&self) -> Option<(Value, Value, bool)> {
        let strict = matches!(self.cond, Cond::Slt | Cond::Sgt);
        if matches!(self.cond, Cond::Slt | Cond::Sle) {
            Some((self.lhs, self.rhs, strict))
        } else if matches!(self.cond, Cond::Sgt | Cond::Sge) {
            Some((self.rhs, self.lhs, strict))
        } else {
            None
        }
    }
}

struct Shape<'a> {
    func: &'a Function,
    facts: &'a Facts,
    tests: &'a [Test],
    /// Each way in which all carried values get their next ones.
    ways: Vec<Vec<Value>>,
    params: &'a [Value],
}

/// The comparisons that every iteration makes to go on: none behind a way that goes on before.
pub fn tests(func: &Function, body: Region) -> Vec<Test> {
    fn goes_on(func: &Function, inst: Inst) -> bool {
        walk::regions(&func.insts[inst].op).any(|region| {
            matches!(func.regions[region].end, End::Continue { .. })
                || func.regions[region].insts.iter().any(|inst| goes_on(func, *inst))
        })
    }
    let falls = |region: Region| matches!(func.regions[region].end, End::Yield(_));
    let test = |inst: &Inst| {
        let Op::If { cond, then, orelse } = func.insts[*inst].op else { return None };
        let Op::Compare { cond, lhs, rhs } = *def_op(func, cond)? else { return None };
        let cond = match (falls(then), falls(orelse)) {
            (true, false) => cond,
            (false, true) => inverse(cond)?,
            (true, true) | (false, false) => return None,
        };
        (func.values[lhs].ty == Ty::I64).then_some(Test { cond, lhs, rhs })
    };
    func.regions[body].insts.iter().take_while(|inst| !goes_on(func, **inst)).filter_map(test).collect()
}

/// The loop ends soon. `next`: the regions whose ends give the next iteration.
pub fn ends_soon(func: &Function, facts: &Facts, body: Region, next: &[Region], tests: &[Test]) -> bool {
    let params = &func.regions[body].params;
    let mut ways: Vec<Vec<Value>> =
        next.iter().map(|region| walk::end_values(&func.regions[*region].end).to_vec()).collect();
    for _ in 0..DEPTH {
        ways = ways.into_iter().flat_map(|way| parted(func, way)).collect();
    }
    let shape = Shape { func, facts, tests, ways, params };
    let slots = || (0..params.len()).filter(|slot| func.values[params[*slot]].ty == Ty::I64);
    slots().any(|slot| shape.halves(slot) || shape.doubles(slot))
        || slots().any(|a| slots().any(|b| a != b && (shape.closes(a, b) || shape.divides(a, b))))
}

/// The ways of which a way is one, where its values are results of an `If`, or choices by one condition.
fn parted(func: &Function, way: Vec<Value>) -> Vec<Vec<Value>> {
    let split = |pick: &dyn Fn(Value, usize) -> Value| {
        [0, 1].map(|arm| way.iter().map(|value| pick(*value, arm)).collect()).to_vec()
    };
    for value in &way {
        let Def::Result { inst, .. } = func.values[*value].def else { continue };
        if let Op::If { then, orelse, .. } = func.insts[inst].op {
            let comes = |arm: &Region| matches!(func.regions[*arm].end, End::Yield(_));
            let arms: Vec<Region> = [then, orelse].into_iter().filter(comes).collect();
            let results = &func.insts[inst].results;
            return split(&|value, arm| match results.iter().position(|result| *result == value) {
                Some(at) => walk::end_values(&func.regions[arms[arm.min(arms.len() - 1)]].end)[at],
                None => value,
            });
        }
        if let Op::Select { cond, .. } = func.insts[inst].op {
            return split(&|value, arm| {
                if let Some(&Op::Select { cond: other, then, orelse }) = def_op(func, value)
                    && other == cond
                {
                    [then, orelse][arm]
                } else {
                    value
                }
            });
        }
    }
    vec![way]
}

impl Shape<'_> {
    /// A sum, product or the like, whether it is tested for overflow or not.
    fn binary(&self, value: Value) -> Option<(BinaryOp, Value, Value)> {
        if let Op::Binary { op, lhs, rhs } = *def_op(self.func, value)? {
            Some((op, lhs, rhs))
        } else if let Def::Result { inst, index: 0 } = self.func.values[value].def
            && let Op::Checked { op, lhs, rhs } = self.func.insts[inst].op
        {
            Some((algebra::wrapping(op), lhs, rhs))
        } else {
            None
        }
    }

    fn constant(&self, value: Value) -> Option<i64> {
        constant(self.func, value)
    }

    /// The value as another one and a constant.
    fn offset(&self, value: Value) -> (Value, i64) {
        let found = match self.binary(value) {
            Some((BinaryOp::Iadd, lhs, rhs)) => self.constant(rhs).map(|c| (lhs, c)),
            Some((BinaryOp::Isub, lhs, rhs)) => {
                self.constant(rhs).and_then(i64::checked_neg).map(|c| (lhs, c))
            }
            Some(_) | None => None,
        };
        found.unwrap_or((value, 0))
    }

    fn not_negative(&self, value: Value) -> bool {
        self.facts.interval(value).0 >= 0
    }

    /// The loop is left where `x` is zero.
    fn ends_at_zero(&self, x: Value) -> bool {
        self.tests.iter().any(|test| {
            let stays = |lhs: i64, rhs: i64| eval::compare(test.cond, Ty::I64, lhs as u64, rhs as u64);
            (test.lhs == x && self.constant(test.rhs).is_some_and(|c| !stays(0, c)))
                || (test.rhs == x && self.constant(test.lhs).is_some_and(|c| !stays(c, 0)))
        })
    }

    /// Every way to the next iteration is like this.
    fn always(&self, like: impl Fn(&[Value]) -> bool) -> bool {
        !self.ways.is_empty() && self.ways.iter().all(|way| like(way))
    }

    /// A carried value loses bits in each iteration, and the loop ends when it has none.
    fn halves(&self, slot: usize) -> bool {
        let x = self.params[slot];
        let less = |way: &[Value]| {
            let Some((op, lhs, rhs)) = self.binary(way[slot]) else { return false };
            let by = self.constant(rhs).filter(|_| lhs == x).unwrap_or(0);
            let plain = self.not_negative(x);
            match op {
                BinaryOp::Ushr => (1..64).contains(&by),
                BinaryOp::Udiv => by >= 2,
                BinaryOp::Sshr => plain && (1..64).contains(&by),
                BinaryOp::Sdiv | BinaryOp::FloorDiv => plain && by >= 2,
                BinaryOp::Band => {
                    (lhs == x && self.offset(rhs) == (x, -1)) || (rhs == x && self.offset(lhs) == (x, -1))
                }
                BinaryOp::Iadd
                | BinaryOp::Isub
                | BinaryOp::Imul
                | BinaryOp::Srem
                | BinaryOp::Urem
                | BinaryOp::FloorMod
                | BinaryOp::Bor
                | BinaryOp::Bxor
                | BinaryOp::Ishl
                | BinaryOp::Smin
                | BinaryOp::Smax
                | BinaryOp::Umin
                | BinaryOp::Umax
                | BinaryOp::Smulhi
                | BinaryOp::Umulhi
                | BinaryOp::Fadd
                | BinaryOp::Fsub
                | BinaryOp::Fmul
                | BinaryOp::Fdiv
                | BinaryOp::Fmin
                | BinaryOp::Fmax => false,
            }
        };
        self.ends_at_zero(x) && self.always(less)
    }

    /// `2 * x + c`: the `c`.
    fn twice(&self, value: Value, x: Value) -> Option<i64> {
        let (base, c) = self.offset(value);
        let double = match self.binary(base) {
            Some((BinaryOp::Imul, lhs, rhs)) => lhs == x && self.constant(rhs) == Some(2),
            Some((BinaryOp::Ishl, lhs, rhs)) => lhs == x && self.constant(rhs) == Some(1),
            Some((BinaryOp::Iadd, lhs, rhs)) => lhs == x && rhs == x,
            Some(_) | None => false,
        };
        double.then_some(c)
    }

    /// A carried value at least doubles, and the loop ends when twice as much is beyond a bound.
    fn doubles(&self, slot: usize) -> bool {
        let x = self.params[slot];
        let bounded = |test: &Test| {
            test.order().is_some_and(|(below, above, _)| {
                (below == x || self.twice(below, x).is_some()) && self.facts.interval(above).1 < HALF
            })
        };
        self.not_negative(x)
            && self.tests.iter().any(bounded)
            && self.always(|way| self.twice(way[slot], x).is_some_and(|c| (1..HALF).contains(&c)))
    }

    /// The value is half of another one.
    fn half(&self, value: Value) -> Option<Value> {
        let (op, lhs, by) = self.binary(value)?;
        let by = self.constant(by)?;
        let shifts = by == 1 && matches!(op, BinaryOp::Sshr | BinaryOp::Ushr);
        let divides = by == 2 && matches!(op, BinaryOp::FloorDiv | BinaryOp::Sdiv | BinaryOp::Udiv);
        (shifts || divides).then_some(lhs)
    }

    /// The value lies in the middle of two: `(a + b) // 2` or `a + (b - a) // 2`.
    fn middle(&self, value: Value, a: Value, b: Value) -> bool {
        if let Some(sum) = self.half(value) {
            let sum = self.binary(sum);
            return sum == Some((BinaryOp::Iadd, a, b)) || sum == Some((BinaryOp::Iadd, b, a));
        }
        let Some((BinaryOp::Iadd, lhs, rhs)) = self.binary(value) else { return false };
        [(lhs, rhs), (rhs, lhs)].into_iter().any(|(start, half)| {
            let width = self.half(half).and_then(|width| self.binary(width));
            start == a && width == Some((BinaryOp::Isub, b, a))
        })
    }

    /// Two carried values, one below the other, close in on each other: one of them moves to the middle.
    fn closes(&self, low: usize, high: usize) -> bool {
        let (a, b) = (self.params[low], self.params[high]);
        let orders = || self.tests.iter().filter_map(Test::order);
        let Some((.., strict)) = orders().find(|(below, above, _)| (*below, *above) == (a, b)) else {
            return false;
        };
        let half = |way: &[Value]| {
            let ((up, by), (down, back)) = (self.offset(way[low]), self.offset(way[high]));
            let raised = by >= 1 && way[high] == b && self.middle(up, a, b);
            let least = if strict { 0 } else { -1 };
            raised || (back <= least && way[low] == a && self.middle(down, a, b))
        };
        let small = self.facts.interval(a).0 > -HALF && self.facts.interval(b).1 < HALF;
        small && self.always(half)
    }

    /// The remainder by a carried value becomes that value, which becomes the one that is divided.
    fn divides(&self, a: usize, b: usize) -> bool {
        let (x, y) = (self.params[a], self.params[b]);
        let plain = self.not_negative(x) && self.not_negative(y);
        let rest = |way: &[Value]| {
            let next = self.binary(way[b]);
            let signed = [BinaryOp::FloorMod, BinaryOp::Srem].map(|op| Some((op, x, y)));
            way[a] == y && (next == Some((BinaryOp::Urem, x, y)) || (plain && signed.contains(&next)))
        };
        self.ends_at_zero(y) && self.always(rest)
    }
}
