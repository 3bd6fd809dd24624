//! Loops that do what one instruction does.
//!
//! Precondition: after `ranges` and `gvn`, which leave such a loop without checks. Effect: a loop that takes the
//! lowest bit that is set from a number until there is none, and in which all else grows by a constant, is the
//! count of those bits. Exact for every number, as the arithmetic wraps; where a check is left, as on a Python
//! number that may be negative, whose loop never ends, it stays. Linear.
//!
//! ```text
//! v5 = block i1 { loop i2 (v1 = v8, v2 = v9) { if v2 != 0 { yield } else { break i1 v1 };
//!                                             yield iadd v1, 1, band v2, iadd v2, -1 } }
//! ->  v3 = popcnt v9;  v5 = iadd v8, v3
//! ```

use crate::mir::effect::{constant, def_op};
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;

/// What is left of a loop.
struct Count {
    /// The number at the start.
    number: Value,
    /// For each result, what it is at the start (zero if nothing), and by how much each bit increases it.
    results: Vec<(Option<Value>, i64)>,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut found = Vec::new();
    walk::for_each_region(func, func.body, &mut |region| {
        for inst in &func.regions[region].insts {
            if let Some(count) = count(func, *inst) {
                found.push((region, *inst, count));
            }
        }
    });
    if found.is_empty() {
        return false;
    }
    let mut subst = Substitution::new(func);
    for (region, inst, count) in found {
        let line = func.insts[inst].line;
        let mut made = Vec::new();
        // What stands in front of the loop in its block is constant.
        if let Op::Block { body } = func.insts[inst].op {
            made = std::mem::take(&mut func.regions[body].insts);
            made.pop();
        }
        let op = Op::Unary { op: UnaryOp::Popcnt, arg: count.number };
        let bits = walk::place(func, op, Ty::I64, line, &mut made);
        let results = std::mem::take(&mut func.insts[inst].results);
        for (result, (start, step)) in results.into_iter().zip(count.results) {
            let mut make = |op: Op| walk::place(func, op, Ty::I64, line, &mut made);
            let value = match start {
                None => make(Op::Iconst(0)),
                Some(start) if step == 0 => start,
                Some(start) => {
                    let step = make(Op::Iconst(step));
                    let product = make(Op::Binary { op: BinaryOp::Imul, lhs: bits, rhs: step });
                    make(Op::Binary { op: BinaryOp::Iadd, lhs: start, rhs: product })
                }
            };
            subst.set(result, value);
        }
        let insts = &mut func.regions[region].insts;
        if let Some(place) = insts.iter().position(|other| *other == inst) {
            insts.splice(place..=place, made);
        }
    }
    subst.apply(func, func.body);
    true
}

/// The block as a count of bits.
fn count(func: &Function, block: Inst) -> Option<Count> {
    let Op::Block { body } = func.insts[block].op else { return None };
    let (last, before) = func.regions[body].insts.split_last()?;
    let Op::Loop { init, body } = &func.insts[*last].op else { return None };
    let data = &func.regions[*body];
    let End::Yield(next) = &data.end else { return None };
    let [test, exit, rest @ ..] = data.insts.as_slice() else { return None };
    let plain = |inst: &Inst| matches!(func.insts[*inst].op, Op::Iconst(_));
    let sum =
        |inst: &Inst| matches!(func.insts[*inst].op, Op::Binary { op: BinaryOp::Iadd | BinaryOp::Band, .. });
    if !before.iter().all(plain) || !rest.iter().all(|inst| plain(inst) || sum(inst)) {
        return None;
    }
    // `if number != 0 { yield } else { break }`
    let Op::Compare { cond: Cond::Ne, lhs: number, rhs: zero } = func.insts[*test].op else { return None };
    let Op::If { cond, then, orelse } = func.insts[*exit].op else { return None };
    let (stay, leave) = (&func.regions[then], &func.regions[orelse]);
    let End::Break { to, args } = &leave.end else { return None };
    let empty = stay.insts.is_empty() && leave.insts.is_empty() && func.insts[*exit].results.is_empty();
    if cond != func.insts[*test].results[0] || *to != block || !empty || constant(func, zero) != Some(0) {
        return None;
    }
    let slot = data.params.iter().position(|param| *param == number)?;
    if func.values[number].ty != Ty::I64 || !clears_lowest(func, number, next[slot]) {
        return None;
    }
    let results = args.iter().map(|arg| {
        let Some(carried) = data.params.iter().position(|param| param == arg) else {
            // What is made in the loop is not there when it has none.
            let outside = data.insts.iter().all(|inst| !func.insts[*inst].results.contains(arg));
            return outside.then_some((Some(*arg), 0));
        };
        if carried == slot {
            return Some((None, 0));
        }
        if next[carried] == *arg {
            return Some((Some(init[carried]), 0));
        }
        match def_op(func, next[carried]) {
            Some(&Op::Binary { op: BinaryOp::Iadd, lhs, rhs })
                if lhs == *arg && func.values[lhs].ty == Ty::I64 =>
            {
                Some((Some(init[carried]), constant(func, rhs)?))
            }
            Some(_) | None => None,
        }
    });
    Some(Count { number: init[slot], results: results.collect::<Option<_>>()? })
}

/// Whether `next` is `number & (number - 1)`.
fn clears_lowest(func: &Function, number: Value, next: Value) -> bool {
    let Some(&Op::Binary { op: BinaryOp::Band, lhs, rhs }) = def_op(func, next) else { return false };
    let other = if lhs == number { rhs } else { lhs };
    let less = match def_op(func, other) {
        Some(&Op::Binary { op: BinaryOp::Iadd, lhs, rhs }) => {
            lhs == number && constant(func, rhs) == Some(-1)
        }
        Some(_) | None => false,
    };
    less && (lhs == number || rhs == number)
}
