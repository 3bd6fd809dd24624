//! Narrow numbers stay narrow, so that a vector has room for many.
//!
//! Precondition: after `ifconvert`, whose choices it reads; before `dce` and `vectorize`. Effect: a converted
//! choice of constants is a choice of converted constants; a widened number is compared with something that
//! does not change in the innermost loop at twice its own width, with the other brought into that range in
//! front of the loop; whether a widened number lies between two constants is asked of the number itself. Linear.
//!
//! ```text
//! for ... { v3 = zext v2; v4 = cmp.sgt v3, v1; v7 = select v4, 255, 0; v8 = trunc v7 }
//! ->  v9 = smin (smax v1, -1), 256; v10 = trunc v9; for ... { v3 = zext v2; v4 = cmp.sgt v3, v10; v8 = select v4, -1, 0 }
//! ```

use crate::mir::effect::{constant, def_op};
use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let depths = walk::loop_depths(func);
    let body = func.body;
    region(func, body, 0, &depths, &mut Vec::new())
}

/// `front`: what is to stand in front of the innermost loop around the region.
fn region(func: &mut Function, at: Region, depth: u32, depths: &[u32], front: &mut Vec<Inst>) -> bool {
    let insts = std::mem::take(&mut func.regions[at].insts);
    let mut out = Vec::with_capacity(insts.len());
    let mut changed = false;
    for inst in insts {
        let nested: Vec<Region> = walk::regions(&func.insts[inst].op).collect();
        if matches!(func.insts[inst].op, Op::For { .. } | Op::Loop { .. }) {
            let mut before = Vec::new();
            for inside in nested {
                changed |= region(func, inside, depth + 1, depths, &mut before);
            }
            out.append(&mut before);
        } else {
            for inside in nested {
                changed |= region(func, inside, depth, depths, front);
            }
            let fixed = |value: Value| depths.get(value.0 as usize).is_some_and(|defined| *defined < depth);
            let op = choice(func, inst, &mut out)
                .or_else(|| range_test(func, inst, &mut out))
                .or_else(|| comparison(func, inst, fixed, front, &mut out));
            if let Some(op) = op {
                func.insts[inst].op = op;
                changed = true;
            }
        }
        out.push(inst);
    }
    func.regions[at].insts = out;
    changed
}

/// The conversion of one of two integers.
fn choice(func: &mut Function, inst: Inst, out: &mut Vec<Inst>) -> Option<Op> {
    let Op::Convert { op, arg } = func.insts[inst].op else { return None };
    let (from, to) = (func.values[arg].ty, func.values[func.insts[inst].results[0]].ty);
    let number = |ty: Ty| matches!(ty, Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64);
    if !number(from) || !number(to) {
        return None;
    }
    let Some(&Op::Select { cond, then, orelse }) = def_op(func, arg) else { return None };
    let (a, b) = (constant(func, then)?, constant(func, orelse)?);
    let line = func.insts[inst].line;
    let mut arm = |k: i64| {
        let word = eval::convert(op, from, to, eval::canonical(from, k as u64));
        walk::place(func, Op::Iconst(eval::signed(to, word)), to, line, out)
    };
    let (then, orelse) = (arm(a), arm(b));
    Some(Op::Select { cond, then, orelse })
}

/// `x + c <= d`, unsigned, of a widened `x`, in the width of `x`: at least the least number of that width that is
/// in the range, and at most the greatest.
fn range_test(func: &mut Function, inst: Inst, out: &mut Vec<Inst>) -> Option<Op> {
    let Op::Compare { cond: Cond::Ule, lhs, rhs } = func.insts[inst].op else { return None };
    let (wide, above) = match def_op(func, lhs) {
        Some(Op::Binary { op: BinaryOp::Iadd, lhs, rhs }) => (*lhs, constant(func, *rhs)?),
        Some(_) | None => (lhs, 0),
    };
    let Some(&Op::Convert { op: op @ (ConvertOp::Zext | ConvertOp::Sext), arg }) = def_op(func, wide) else {
        return None;
    };
    let ty = func.values[arg].ty;
    if !matches!(ty, Ty::I8 | Ty::I16 | Ty::I32) {
        return None;
    }
    // Far from where sums of the wide type wrap around.
    let small = |k: i64| (k.unsigned_abs() < 1 << (eval::bits(func.values[wide].ty) - 2)).then_some(k);
    let (above, span) = (small(above)?, small(constant(func, rhs)?).filter(|span| *span >= 0)?);
    let count = 1i64 << eval::bits(ty);
    let (least, most) = if op == ConvertOp::Zext { (0, count - 1) } else { (-count / 2, count / 2 - 1) };
    let (low, high) = (least.max(-above), most.min(span - above));
    if low > high {
        return None;
    }
    let line = func.insts[inst].line;
    let mut number = |k: i64| {
        let word = eval::canonical(ty, k as u64);
        walk::place(func, Op::Iconst(eval::signed(ty, word)), ty, line, out)
    };
    let (first, rhs) = (number(low), number(high - low));
    let lhs = walk::place(func, Op::Binary { op: BinaryOp::Isub, lhs: arg, rhs: first }, ty, line, out);
    Some(Op::Compare { cond: Cond::Ule, lhs, rhs })
}

/// A comparison at twice the width of the number that was widened.
fn comparison(
    func: &mut Function,
    inst: Inst,
    fixed: impl Fn(Value) -> bool,
    front: &mut Vec<Inst>,
    out: &mut Vec<Inst>,
) -> Option<Op> {
    let Op::Compare { cond, lhs, rhs } = func.insts[inst].op else { return None };
    if !matches!(cond, Cond::Eq | Cond::Ne | Cond::Slt | Cond::Sle | Cond::Sgt | Cond::Sge) {
        return None;
    }
    let (cond, wide, other) = if fixed(rhs) { (cond, lhs, rhs) } else { (swapped(cond), rhs, lhs) };
    let Some(&Op::Convert { op: op @ (ConvertOp::Zext | ConvertOp::Sext), arg }) = def_op(func, wide) else {
        return None;
    };
    let (ty, origin) = (func.values[wide].ty, func.values[arg].ty);
    let narrow = match origin {
        Ty::I8 => Ty::I16,
        Ty::I16 => Ty::I32,
        Ty::Bool | Ty::I32 | Ty::I64 | Ty::F32 | Ty::F64 | Ty::Ptr => return None,
    };
    if !fixed(other) || narrow.bytes() >= ty.bytes() {
        return None;
    }
    // One below the least number and one above the greatest say as much as anything beyond.
    let count = 1i64 << eval::bits(origin);
    let (least, most) = if op == ConvertOp::Zext { (-1, count) } else { (-count / 2 - 1, count / 2) };
    let line = func.insts[inst].line;
    let other = if let Some(k) = constant(func, other) {
        walk::place(func, Op::Iconst(k.clamp(least, most)), narrow, line, out)
    } else {
        let mut clamped = other;
        for (op, bound) in [(BinaryOp::Smax, least), (BinaryOp::Smin, most)] {
            let bound = walk::place(func, Op::Iconst(bound), ty, line, front);
            clamped = walk::place(func, Op::Binary { op, lhs: clamped, rhs: bound }, ty, line, front);
        }
        walk::place(func, Op::Convert { op: ConvertOp::Trunc, arg: clamped }, narrow, line, front)
    };
    let wide = walk::place(func, Op::Convert { op, arg }, narrow, line, out);
    Some(Op::Compare { cond, lhs: wide, rhs: other })
}
