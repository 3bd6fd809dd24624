//! Takes the licences of `fastmath` that allow one operation in the place of another.
//!
//! Precondition: before `licm`, which takes the reciprocals out of loops. Effect, each by its own flag:
//! `arcp`: a quotient by something that does not change in the innermost loop is a product with its
//! reciprocal; `nnan`: a value is equal to itself; `ninf`: nothing is infinite; `nnan` with `nsz`: a minimum or
//! maximum is one comparison and a choice; `afn`: functions need not have libm's bits, so that `vectorize` may
//! take their loops. (`reassoc` is read by `vectorize`, `nsz` there too; `contract` is a pass of its own.)
//! Linear.
//!
//! ```text
//! arcp:  for ... { v3 = fdiv v2, v1 }  ->  for ... { v4 = fdiv 1.0, v1; v3 = fmul v2, v4 }
//! ```

use crate::builtin::Straight;
use crate::mir::effect::def_op;
use crate::mir::walk;
use crate::mir::*;
use crate::options::{FastMath, Options};

/// Runs the pass.
pub fn run(func: &mut Function, options: &Options) -> bool {
    let flags = options.fastmath;
    if flags == FastMath::default() {
        return false;
    }
    let depths = walk::loop_depths(func);
    let body = func.body;
    region(func, body, 0, flags, &depths)
}

fn region(func: &mut Function, at: Region, depth: u32, flags: FastMath, depths: &[u32]) -> bool {
    let insts = std::mem::take(&mut func.regions[at].insts);
    let mut out = Vec::with_capacity(insts.len());
    let mut changed = false;
    for inst in insts {
        let nested: Vec<Region> = walk::regions(&func.insts[inst].op).collect();
        let inner = depth + u32::from(matches!(func.insts[inst].op, Op::For { .. } | Op::Loop { .. }));
        for inside in nested {
            changed |= region(func, inside, inner, flags, depths);
        }
        // Values made here are not in the list, and change.
        let fixed = |value: Value| depths.get(value.0 as usize).is_some_and(|defined| *defined < depth);
        if let Some(op) = rewrite(func, inst, flags, fixed, &mut out) {
            func.insts[inst].op = op;
            changed = true;
        }
        out.push(inst);
    }
    func.regions[at].insts = out;
    changed
}

/// What the operation may be instead; what that needs goes to `out`.
fn rewrite(
    func: &mut Function,
    inst: Inst,
    flags: FastMath,
    fixed: impl Fn(Value) -> bool,
    out: &mut Vec<Inst>,
) -> Option<Op> {
    let line = func.insts[inst].line;
    let mut make = |func: &mut Function, op: Op, ty: Ty| walk::place(func, op, ty, line, out);
    if let Op::Binary { op: BinaryOp::Fdiv, lhs, rhs } = func.insts[inst].op {
        if !flags.arcp || is_float(func, lhs, 1.0) {
            return None;
        }
        let ty = func.values[rhs].ty;
        let reciprocal = if let Some(Op::Fconst(bits)) = def_op(func, rhs) {
            let reciprocal = 1.0 / eval::to_f64(ty, *bits);
            if !reciprocal.is_normal() {
                return None;
            }
            make(func, Op::Fconst(eval::from_f64(ty, reciprocal)), ty)
        } else if fixed(rhs) {
            let one = make(func, Op::Fconst(eval::from_f64(ty, 1.0)), ty);
            make(func, Op::Binary { op: BinaryOp::Fdiv, lhs: one, rhs }, ty)
        } else {
            return None;
        };
        return Some(Op::Binary { op: BinaryOp::Fmul, lhs, rhs: reciprocal });
    }
    if let Op::Binary { op: op @ (BinaryOp::Fmin | BinaryOp::Fmax), lhs, rhs } = func.insts[inst].op {
        if !(flags.nnan && flags.nsz) {
            return None;
        }
        let cond = if op == BinaryOp::Fmin { Cond::Flt } else { Cond::Fgt };
        let cond = make(func, Op::Compare { cond, lhs, rhs }, Ty::Bool);
        return Some(Op::Select { cond, then: lhs, orelse: rhs });
    }
    if let Op::Compare { cond, lhs, rhs } = func.insts[inst].op {
        return compare(func, cond, lhs, rhs, flags);
    }
    if let Op::Math { func: math, args, near: false, known: None } = &func.insts[inst].op
        && flags.afn
        && math.straight() != Straight::No
    {
        return Some(Op::Math { func: *math, args: args.clone(), near: true, known: None });
    }
    None
}

fn compare(func: &Function, cond: Cond, lhs: Value, rhs: Value, flags: FastMath) -> Option<Op> {
    let above = is_float(func, rhs, f64::INFINITY);
    let truth = |yes: bool| Some(Op::Iconst(i64::from(yes)));
    if cond == Cond::Feq && (flags.nnan && lhs == rhs) {
        truth(true)
    } else if cond == Cond::Fne && (flags.nnan && lhs == rhs) {
        truth(false)
    } else if !flags.ninf || !(above || is_float(func, rhs, f64::NEG_INFINITY)) {
        None
    } else if cond == Cond::Feq {
        truth(false)
    } else if cond == Cond::Fne {
        truth(true)
    } else if cond == if above { Cond::Flt } else { Cond::Fgt } {
        // Whatever is not nan.
        if flags.nnan { truth(true) } else { Some(Op::Compare { cond: Cond::Feq, lhs, rhs: lhs }) }
    } else {
        None
    }
}

fn is_float(func: &Function, value: Value, wanted: f64) -> bool {
    let ty = func.values[value].ty;
    matches!(def_op(func, value), Some(Op::Fconst(bits)) if eval::to_f64(ty, *bits) == wanted)
}
