//! Products and sums in one operation, where `fastmath` has `contract` and the machine the instruction.
//!
//! Precondition: before `dce`, which takes the products away, and before `vectorize`. Effect: a product that
//! is used once, in a sum or difference, joins it; the result is rounded once instead of twice. A carried
//! value is added as before: the sum is a reduction, and the next iteration would wait longer. Linear.
//!
//! ```text
//! v4 = fmul v1, v2;  v5 = fadd v4, v3  ->  v5 = math.fma v1, v2, v3
//! ```

use crate::builtin::MathFn;
use crate::mir::effect::def_op;
use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;
use crate::vmath;

/// Runs the pass.
pub fn run(func: &mut Function, options: &Options) -> bool {
    if !options.fastmath.contract || !vmath::available() {
        return false;
    }
    let uses = walk::use_counts(func);
    let mut regions = Vec::new();
    walk::for_each_region(func, func.body, &mut |region| regions.push(region));
    let mut changed = false;
    for region in regions {
        let insts = std::mem::take(&mut func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            changed |= contract(func, &uses, inst, &mut out);
            out.push(inst);
        }
        func.regions[region].insts = out;
    }
    changed
}

/// In the body of a loop whose sums may be done in any order: sums of products, which lanes do not wait for.
pub fn sums(func: &mut Function, body: Region) {
    let End::Yield(next) = func.regions[body].end.clone() else { return };
    for (index, sum) in next.into_iter().enumerate() {
        let Def::Result { inst, .. } = func.values[sum].def else { continue };
        let Op::Binary { op: BinaryOp::Fadd, lhs, rhs } = func.insts[inst].op else { continue };
        let param = func.regions[body].params[1 + index];
        let product = if lhs == param { rhs } else { lhs };
        let Some(&Op::Binary { op: BinaryOp::Fmul, lhs: a, rhs: b }) = def_op(func, product) else {
            continue;
        };
        let mut uses = 0;
        walk::for_each_use(func, body, &mut |value| uses += u32::from(value == product));
        if (lhs == param || rhs == param) && uses == 1 {
            let args = vec![a, b, param];
            func.insts[inst].op = Op::Math { func: MathFn::Fma, args, near: false, known: None };
            let insts = std::mem::take(&mut func.regions[body].insts);
            let read = |inst: &Inst| !func.insts[*inst].results.contains(&product);
            func.regions[body].insts = insts.into_iter().filter(read).collect();
        }
    }
}

fn contract(func: &mut Function, uses: &[u32], inst: Inst, out: &mut Vec<Inst>) -> bool {
    let Op::Binary { op: op @ (BinaryOp::Fadd | BinaryOp::Fsub), lhs, rhs } = func.insts[inst].op else {
        return false;
    };
    let ty = func.values[lhs].ty;
    let line = func.insts[inst].line;
    for (product, other) in [(lhs, rhs), (rhs, lhs)] {
        let Some(&Op::Binary { op: BinaryOp::Fmul, lhs: a, rhs: b }) = def_op(func, product) else {
            continue;
        };
        let carried = matches!(func.values[other].def, Def::Param { region, .. } if region != func.body);
        if carried || uses.get(product.0 as usize) != Some(&1) {
            continue;
        }
        let mut negative = |func: &mut Function, arg: Value| {
            walk::place(func, Op::Unary { op: UnaryOp::Fneg, arg }, ty, line, out)
        };
        let args = if op == BinaryOp::Fadd {
            vec![a, b, other]
        } else if product == lhs {
            vec![a, b, negative(func, other)]
        } else {
            vec![negative(func, a), b, other]
        };
        func.insts[inst].op = Op::Math { func: MathFn::Fma, args, near: false, known: None };
        return true;
    }
    false
}
