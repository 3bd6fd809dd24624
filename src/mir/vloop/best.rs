//! Searches: the greatest or least of the loop's values, and what goes along with it, such as its place.
//!
//! In: carried values that all take a new value under one condition, which compares one of them with its new
//! value. Out: reductions that lanes can do each for itself, and how two lanes become one. Invariant: among equals
//! the loop's choice is kept, the first or the last: so a search is one only if the counter goes along.

use super::derive::{Derive, Result};
use super::{Combine, Lane, NodeOp, VLoop, VReduction};
use crate::mir::effect::{constant, def_op, same};
use crate::mir::{BinaryOp, Cond, Function, Op, Ty, UnaryOp, Value, eval, inverse, swapped};

/// Something that is said of an iteration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Test {
    Is(Value, bool),
    /// An order of two values.
    Order(Cond, Value, Value),
}

/// A carried value that is replaced where all the tests hold, and by what.
struct Replaced {
    tests: Vec<Test>,
    by: Value,
}

impl Replaced {
    fn under_the_same(&self, other: &Replaced) -> bool {
        let holds = |tests: &[Test], all: &[Test]| tests.iter().all(|test| all.contains(test));
        holds(&self.tests, &other.tests) && holds(&other.tests, &self.tests)
    }
}

impl Derive<'_> {
    /// The reductions of those carried values that belong to a search.
    pub fn searches(&mut self, carried: &[(Value, Value)], lo: Value) -> Result<Vec<Option<VReduction>>> {
        let replaced: Vec<Option<Replaced>> =
            carried.iter().map(|(param, next)| self.replaced(*param, *next)).collect();
        let mut found = vec![None; carried.len()];
        for (key, (param, _)) in carried.iter().enumerate() {
            let Some(own) = replaced[key].as_ref().filter(|_| found[key].is_none()) else { continue };
            let Some((test, cond)) = own.tests.iter().find_map(|test| self.order(*test, *param, own.by))
            else {
                continue;
            };
            let same = |k: &usize| replaced[*k].as_ref().filter(|other| other.under_the_same(own));
            let members: Vec<(usize, Value)> =
                (0..carried.len()).filter_map(|k| Some((k, same(&k)?.by))).collect();
            let numbered = members.iter().any(|(k, by)| *k != key && *by == self.counter);
            let masks = members.iter().any(|(k, _)| self.func.values[carried[*k].0].ty == Ty::Bool);
            // Lanes that have found nothing have the least number there is.
            let lo_counts = fold(cond).first || constant(self.func, lo).is_some_and(|lo| lo > NOTHING);
            let free = |value: Value| carried.iter().all(|(param, _)| !self.depends(value, *param));
            let others: Vec<Test> = own.tests.iter().copied().filter(|other| *other != test).collect();
            let free_tests = others.iter().all(|test| match *test {
                Test::Is(value, _) => free(value),
                Test::Order(_, lhs, rhs) => free(lhs) && free(rhs),
            });
            let free = free_tests && members.iter().all(|(_, by)| free(*by));
            if !numbered || masks || !lo_counts || !free {
                continue;
            }
            let ty = self.func.values[*param].ty;
            let value = match (others.is_empty(), never(cond, ty)) {
                (true, _) => self.lane(own.by)?,
                (false, None) => continue,
                (false, Some(never)) => {
                    let (mask, value) = (self.all(&others)?, self.lane(own.by)?);
                    let never = self.constant(ty, never);
                    self.select(mask, value, never)
                }
            };
            let combine = Combine::Best { cond, key: key as u32 };
            for (k, by) in members {
                let value = if k == key { value } else { self.lane(by)? };
                found[k] = Some(VReduction { combine, value, ordered: false, checked: false, fused: false });
            }
        }
        Ok(found)
    }

    fn choice_of(&self, value: Value) -> Option<(Value, Value, Value)> {
        match (self.choices.get(&value), def_op(self.func, value)) {
            (Some(choice), _) => Some(*choice),
            (None, Some(Op::Select { cond, then, orelse })) => Some((*cond, *then, *orelse)),
            (None, Some(_) | None) => None,
        }
    }

    /// When a carried value is not just handed on.
    fn replaced(&self, param: Value, next: Value) -> Option<Replaced> {
        let (mut by, mut tests) = (next, Vec::new());
        while let Some((cond, then, orelse)) = self.choice_of(by) {
            let mut inner = Vec::new();
            self.tests(cond, then != param, &mut inner);
            if then == param || orelse == param {
                tests.extend(inner);
            } else if !inner.iter().all(|test| tests.contains(test)) {
                break;
            }
            by = if then == param { orelse } else { then };
        }
        (!tests.is_empty() && by != param).then_some(Replaced { tests, by })
    }

    /// Takes a condition apart into tests that must all hold.
    fn tests(&self, cond: Value, truth: bool, out: &mut Vec<Test>) {
        match def_op(self.func, cond) {
            Some(Op::Unary { op: UnaryOp::Bnot, arg }) => self.tests(*arg, !truth, out),
            Some(Op::Binary { op: BinaryOp::Band, lhs, rhs }) if truth => {
                self.tests(*lhs, true, out);
                self.tests(*rhs, true, out);
            }
            Some(Op::Compare { cond: order, lhs, rhs }) => {
                let order = if truth { Some(*order) } else { inverse(*order) };
                let Some(order) = order else { return out.push(Test::Is(cond, truth)) };
                let (mut lhs, rhs) = (*lhs, *rhs);
                // What stands for a value where it does not count is `order` to nothing.
                if let Some((counts, value, bound)) = self.choice_of(lhs)
                    && counts_for_nothing(self.func, order, bound)
                {
                    self.tests(counts, true, out);
                    lhs = value;
                }
                let test = Test::Order(order, lhs, rhs);
                out.push(if rhs < lhs { Test::Order(swapped(order), rhs, lhs) } else { test });
            }
            Some(_) | None => out.push(Test::Is(cond, truth)),
        }
    }

    /// A test that is an order of a value and a carried one, and the order of the value to it.
    fn order(&self, test: Test, param: Value, value: Value) -> Option<(Test, Cond)> {
        let Test::Order(cond, lhs, rhs) = test else { return None };
        let cond = if rhs == param && same(self.func, lhs, value) {
            cond
        } else if lhs == param && same(self.func, rhs, value) {
            swapped(cond)
        } else {
            return None;
        };
        let equality = matches!(cond, Cond::Eq | Cond::Ne | Cond::Feq | Cond::Fne);
        (!equality).then_some((test, cond))
    }

    /// The mask of the lanes in which all tests hold.
    fn all(&mut self, tests: &[Test]) -> Result<Lane> {
        let mut all = None;
        for test in tests {
            let lane = match *test {
                Test::Is(value, true) => self.lane(value)?,
                Test::Is(value, false) => {
                    let lane = self.lane(value)?;
                    self.unary(UnaryOp::Bnot, lane)
                }
                Test::Order(cond, lhs, rhs) => self.compare(cond, lhs, rhs)?,
            };
            all = Some(all.map_or(lane, |all| self.binary(BinaryOp::Band, all, lane)));
        }
        Ok(all.expect("invariant: there is a test"))
    }
}

/// `order` holds between the value and nothing: it stands where no value counts.
fn counts_for_nothing(func: &Function, order: Cond, value: Value) -> bool {
    let Some(Op::Fconst(bits)) = def_op(func, value) else { return false };
    let bound = eval::to_f64(func.values[value].ty, *bits);
    (order == Cond::Flt && bound == f64::INFINITY) || (order == Cond::Fgt && bound == f64::NEG_INFINITY)
}

/// A value that is `cond` to none.
fn never(cond: Cond, ty: Ty) -> Option<u64> {
    match cond {
        Cond::Slt => Some(Combine::Op(BinaryOp::Smin).neutral(ty)),
        Cond::Sgt => Some(Combine::Op(BinaryOp::Smax).neutral(ty)),
        Cond::Ult => Some(Combine::Op(BinaryOp::Umin).neutral(ty)),
        Cond::Ugt => Some(Combine::Op(BinaryOp::Umax).neutral(ty)),
        Cond::Flt | Cond::Fle | Cond::Fgt | Cond::Fge => Some(eval::from_f64(ty, f64::NAN)),
        Cond::Eq | Cond::Ne | Cond::Sle | Cond::Sge | Cond::Ule | Cond::Uge | Cond::Feq | Cond::Fne => None,
    }
}

/// The counter in lanes that have found nothing, where the last of equals counts.
pub const NOTHING: i64 = i64::MIN;

/// How a lane's findings join another's: they are taken where `better.key than.key`, and where both keys are `equal`
/// and `ours.counter order theirs.counter`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fold {
    pub better: Cond,
    pub equal: Cond,
    pub order: Cond,
    /// The first of equals counts, else the last. Lanes begin with the initial values; if the last counts, with
    /// `NOTHING` for the counter, and the initial values join again at the end.
    pub first: bool,
}

pub fn fold(cond: Cond) -> Fold {
    let (better, equal, first) = match cond {
        Cond::Slt | Cond::Sgt | Cond::Ult | Cond::Ugt => (cond, Cond::Eq, true),
        Cond::Sle => (Cond::Slt, Cond::Eq, false),
        Cond::Sge => (Cond::Sgt, Cond::Eq, false),
        Cond::Ule => (Cond::Ult, Cond::Eq, false),
        Cond::Uge => (Cond::Ugt, Cond::Eq, false),
        Cond::Flt | Cond::Fgt => (cond, Cond::Feq, true),
        Cond::Fle => (Cond::Flt, Cond::Feq, false),
        Cond::Fge => (Cond::Fgt, Cond::Feq, false),
        Cond::Eq | Cond::Ne | Cond::Feq | Cond::Fne => unreachable!("invariant: a search goes by an order"),
    };
    Fold { better, equal, order: if first { Cond::Slt } else { Cond::Sgt }, first }
}

impl VLoop {
    /// The reductions of a search, its key among them.
    pub fn search(&self, key: u32) -> Vec<usize> {
        let of =
            |k: &usize| matches!(self.reductions[*k].combine, Combine::Best { key: of, .. } if of == key);
        (0..self.reductions.len()).filter(of).collect()
    }

    /// The search of a reduction, if it is the key of one.
    pub fn key(&self, index: usize) -> Option<Cond> {
        match self.reductions[index].combine {
            Combine::Best { cond, key } if key as usize == index => Some(cond),
            Combine::Best { .. } | Combine::Op(_) | Combine::Greater | Combine::Less => None,
        }
    }

    /// True if the reduction is one that tells of its search which came first.
    fn numbers(&self, index: usize) -> bool {
        self.key(index).is_none() && self.node(self.reductions[index].value).op == NodeOp::Counter
    }

    /// Lanes of a search's reduction begin with `NOTHING`, else with the initial value.
    pub fn begins_with_nothing(&self, index: usize) -> bool {
        matches!(self.reductions[index].combine, Combine::Best { cond, .. } if !fold(cond).first)
            && self.numbers(index)
    }

    /// One of a search that tells which came first.
    pub fn numbered(&self, search: &[usize]) -> usize {
        let found = search.iter().find(|k| self.numbers(**k));
        *found.expect("invariant: the counter goes along")
    }
}
