//! Products with constants that shifts and sums give sooner.
//!
//! Precondition: last, behind `vectorize`: other passes read products. Effect: a wrapping product with
//! `2**n + 1` or `2**n - 1`, outside vector loops, becomes a shift and a sum or difference (one address computation for 3, 5 and 9);
//! one that is only added to something is taken apart so that the sum does not wait for it; one with a
//! neighbour of a value is the value's own and the factor. Linear.
//!
//! ```text
//! v3 = imul v1, 33;  v4 = iadd v3, v2
//! ->  v5 = iadd v1, v2;  v6 = ishl v1, 5;  v4 = iadd v5, v6
//! ```

use crate::mir::effect::{constant, def_op};
use crate::mir::*;
use crate::options::Options;

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let uses = walk::use_counts(func);
    // Vector loops are read once more, as lanes.
    let (mut regions, mut vectors) = (Vec::new(), Vec::new());
    walk::for_each_region(func, func.body, &mut |region| {
        regions.push(region);
        vectors.extend(func.regions[region].insts.iter().filter_map(|inst| {
            if let Op::For { body, mode: LoopMode::Vector { .. }, .. } = func.insts[*inst].op {
                Some(body)
            } else {
                None
            }
        }));
    });
    regions.retain(|region| !vectors.contains(region));
    let mut changed = false;
    for region in regions {
        let insts = std::mem::take(&mut func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            changed |= reduce(func, &uses, inst, &mut out);
            out.push(inst);
        }
        func.regions[region].insts = out;
    }
    changed
}

/// The factor of a product with a constant, as a power of two and what is to be added to it.
fn shift_and(func: &Function, factor: Value) -> Option<(u32, BinaryOp)> {
    let c = constant(func, factor).filter(|c| (3..1 << 62).contains(c))?;
    let (below, above) = (c - 1, c + 1);
    if below.count_ones() == 1 {
        Some((below.trailing_zeros(), BinaryOp::Iadd))
    } else if above.count_ones() == 1 && eval::bits(func.values[factor].ty) > above.trailing_zeros() {
        Some((above.trailing_zeros(), BinaryOp::Isub))
    } else {
        None
    }
}

/// `(x + 1) * y` is `x * y + y`: the row before or behind, next to one that is at hand; and `x + 1` would be
/// made anew in each loop that reads the product, which then stays in there with it.
fn neighbour(func: &mut Function, uses: &[u32], inst: Inst, out: &mut Vec<Inst>) -> bool {
    let Op::Binary { op: BinaryOp::Imul, lhs, rhs } = func.insts[inst].op else { return false };
    for (sum, factor) in [(lhs, rhs), (rhs, lhs)] {
        let Some(&Op::Binary { op: BinaryOp::Iadd, lhs: x, rhs: step }) = def_op(func, sum) else { continue };
        let op = match constant(func, step) {
            Some(1) => BinaryOp::Iadd,
            Some(-1) => BinaryOp::Isub,
            Some(_) | None => continue,
        };
        if uses.get(sum.0 as usize) == Some(&1) && constant(func, factor).is_none() {
            let (ty, line) = (func.values[x].ty, func.insts[inst].line);
            let product = Op::Binary { op: BinaryOp::Imul, lhs: x, rhs: factor };
            let product = walk::place(func, product, ty, line, out);
            func.insts[inst].op = Op::Binary { op, lhs: product, rhs: factor };
            return true;
        }
    }
    false
}

/// Rewrites one operation; what it needs goes to `out`.
fn reduce(func: &mut Function, uses: &[u32], inst: Inst, out: &mut Vec<Inst>) -> bool {
    let Op::Binary { op, lhs, rhs } = func.insts[inst].op else { return false };
    let ty = func.values[lhs].ty;
    let line = func.insts[inst].line;
    let mut make = |func: &mut Function, op: Op| walk::place(func, op, ty, line, out);
    if op == BinaryOp::Imul {
        let Some((shift, op)) = shift_and(func, rhs) else { return neighbour(func, uses, inst, out) };
        let count = make(func, Op::Iconst(i64::from(shift)));
        let shifted = make(func, Op::Binary { op: BinaryOp::Ishl, lhs, rhs: count });
        let (first, second) = if op == BinaryOp::Iadd { (lhs, shifted) } else { (shifted, lhs) };
        func.insts[inst].op = Op::Binary { op, lhs: first, rhs: second };
        return true;
    }
    if op != BinaryOp::Iadd {
        return false;
    }
    for (product, other) in [(lhs, rhs), (rhs, lhs)] {
        // What was a product is a sum with a shifted value by now, if it stands in front.
        let Some(&Op::Binary { op: BinaryOp::Iadd, lhs: x, rhs: shifted }) = def_op(func, product) else {
            continue;
        };
        let Some(&Op::Binary { op: BinaryOp::Ishl, lhs: y, .. }) = def_op(func, shifted) else { continue };
        let single = uses.get(product.0 as usize) == Some(&1);
        if x == y && single && constant(func, other).is_none() {
            let sum = make(func, Op::Binary { op: BinaryOp::Iadd, lhs: x, rhs: other });
            func.insts[inst].op = Op::Binary { op: BinaryOp::Iadd, lhs: sum, rhs: shifted };
            return true;
        }
    }
    false
}
