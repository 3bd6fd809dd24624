//! Lane operations without memory.
//!
//! Invariant: each lane gets what `codegen::inst` computes for one value.

use super::Loop;
use super::block_args;
use super::lanes::{Wide, ints, vector};
use crate::codegen::func::Emit;
use crate::codegen::inst::{Code, code};
use crate::mir::vloop::{Combine, Lane, Node, NodeOp};
use crate::mir::{BinaryOp, Cond, ConvertOp, MathFn, Ty, UnaryOp};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{self, InstBuilder, types};
use rustc_hash::FxHashMap;

impl Emit<'_, '_> {
    pub(super) fn wide_node(
        &mut self,
        looped: &Loop,
        node: &Node,
        values: &FxHashMap<Lane, Wide>,
        counter: ir::Value,
        ahead: i64,
    ) -> Wide {
        let ty_of = |lane: &Lane| looped.vloop.node(*lane).ty;
        match &node.op {
            NodeOp::Counter => {
                let regs = (0..looped.lanes / 2)
                    .map(|r| {
                        let first = self.b.ins().iadd_imm_s(counter, ahead + 2 * i64::from(r));
                        let second = self.b.ins().iadd_imm_s(counter, ahead + 2 * i64::from(r) + 1);
                        let both = self.b.ins().splat(types::I64X2, first);
                        self.b.ins().insertlane(both, second, 1)
                    })
                    .collect();
                Wide { regs, bytes: 8 }
            }
            NodeOp::Unary { op, arg } => {
                let op = *op;
                self.each(&values[arg], |this, reg| match op {
                    UnaryOp::Ineg => this.b.ins().ineg(reg),
                    UnaryOp::Bnot => this.b.ins().bnot(reg),
                    UnaryOp::Fneg => this.b.ins().fneg(reg),
                    UnaryOp::Popcnt | UnaryOp::Clz | UnaryOp::Ctz => {
                        unreachable!("invariant: lanes have no {op:?}")
                    }
                })
            }
            NodeOp::Binary { op: op @ (BinaryOp::Ishl | BinaryOp::Sshr | BinaryOp::Ushr), lhs, rhs } => {
                self.wide_shift(looped, *op, node.ty, values, *lhs, *rhs)
            }
            NodeOp::Binary { op, lhs, rhs } => self.wide_binary(*op, node.ty, &values[lhs], &values[rhs]),
            NodeOp::Compare { cond, lhs, rhs } => self.wide_compare(*cond, &values[lhs], &values[rhs]),
            NodeOp::Select { cond, then, orelse } => {
                self.wide_select(node.ty, &values[cond], &values[then], &values[orelse])
            }
            NodeOp::Convert { op, arg } => self.wide_convert(*op, &values[arg], ty_of(arg), node.ty),
            NodeOp::Math { func, args } => {
                let x = &values[&args[0]];
                if *func == MathFn::CopySign {
                    return self.wide_copysign(node.ty, x, &values[&args[1]]);
                }
                if *func == MathFn::Fma {
                    return self.wide_fma(x, &values[&args[1]], &values[&args[2]]);
                }
                let func = *func;
                self.each(x, |this, reg| this.wide_math(func, reg))
            }
            NodeOp::Otherwise { func, args, ok, value } => {
                let args: Vec<&Wide> = args.iter().map(|arg| &values[arg]).collect();
                self.wide_otherwise(*func, &args, &values[ok], &values[value])
            }
            NodeOp::Splat(_) | NodeOp::Const(_) | NodeOp::Load { .. } | NodeOp::Store { .. } => {
                unreachable!("invariant: done elsewhere")
            }
        }
    }

    /// `value` where `ok`; elsewhere the C library's, away from the loop.
    fn wide_otherwise(&mut self, func: MathFn, args: &[&Wide], ok: &Wide, value: &Wide) -> Wide {
        let mut all = ok.regs[0];
        for reg in &ok.regs[1..] {
            all = self.b.ins().band(all, *reg);
        }
        let all = self.b.ins().vall_true(all);
        let [away, back] = [(); 2].map(|()| self.b.create_block());
        for _ in &value.regs {
            self.b.append_block_param(back, vector(Ty::F64));
        }
        self.b.set_cold_block(away);
        self.b.ins().brif(all, back, &block_args(&value.regs), away, &[]);
        self.b.switch_to_block(away);
        let good = self.scalars(Ty::Bool, ok);
        let known = self.scalars(Ty::F64, value);
        let args: Vec<Vec<ir::Value>> = args.iter().map(|arg| self.scalars(Ty::F64, arg)).collect();
        let mut words = Vec::new();
        for (lane, (good, known)) in good.into_iter().zip(known).enumerate() {
            let args: Vec<ir::Value> = args.iter().map(|arg| arg[lane]).collect();
            words.push(self.otherwise(good, known, Ty::F64, |this| this.call_math(func, &args)));
        }
        let patched = self.gathered(Ty::F64, &words);
        self.b.ins().jump(back, &block_args(&patched.regs));
        self.b.switch_to_block(back);
        value.with(self.b.block_params(back).to_vec())
    }

    pub(super) fn wide_binary(&mut self, op: BinaryOp, ty: Ty, a: &Wide, b: &Wide) -> Wide {
        if ty == Ty::Bool {
            let b = self.mask_to(b, a.bytes);
            return self.each_pair(a, &b, |this, a, b| this.vector_binary(op, a, b));
        }
        if op == BinaryOp::Imul && ty == Ty::I8 {
            // There is no product of bytes.
            let (a, b) = (self.widened(a.clone(), 2, false), self.widened(b.clone(), 2, false));
            let product = self.each_pair(&a, &b, |this, a, b| this.b.ins().imul(a, b));
            return self.narrow(product, 1, false);
        }
        self.each_pair(a, b, |this, a, b| this.vector_binary(op, a, b))
    }

    /// One operation, on scalars or on vectors.
    fn vector_binary(&mut self, op: BinaryOp, a: ir::Value, b: ir::Value) -> ir::Value {
        match op {
            BinaryOp::Iadd => self.b.ins().iadd(a, b),
            BinaryOp::Isub => self.b.ins().isub(a, b),
            BinaryOp::Imul => self.b.ins().imul(a, b),
            BinaryOp::Band => self.b.ins().band(a, b),
            BinaryOp::Bor => self.b.ins().bor(a, b),
            BinaryOp::Bxor => self.b.ins().bxor(a, b),
            BinaryOp::Smin => self.b.ins().smin(a, b),
            BinaryOp::Smax => self.b.ins().smax(a, b),
            BinaryOp::Umin => self.b.ins().umin(a, b),
            BinaryOp::Umax => self.b.ins().umax(a, b),
            BinaryOp::Fadd => self.b.ins().fadd(a, b),
            BinaryOp::Fsub => self.b.ins().fsub(a, b),
            BinaryOp::Fmul => self.b.ins().fmul(a, b),
            BinaryOp::Fdiv => self.b.ins().fdiv(a, b),
            BinaryOp::Fmin => self.b.ins().fmin(a, b),
            BinaryOp::Fmax => self.b.ins().fmax(a, b),
            BinaryOp::Ishl
            | BinaryOp::Sshr
            | BinaryOp::Ushr
            | BinaryOp::Sdiv
            | BinaryOp::Udiv
            | BinaryOp::Srem
            | BinaryOp::Urem
            | BinaryOp::FloorDiv
            | BinaryOp::FloorMod
            | BinaryOp::Smulhi
            | BinaryOp::Umulhi => unreachable!("invariant: lanes have no {op:?}"),
        }
    }

    /// Shifts of all lanes by one count, else lane by lane.
    fn wide_shift(
        &mut self,
        looped: &Loop,
        op: BinaryOp,
        ty: Ty,
        values: &FxHashMap<Lane, Wide>,
        lhs: Lane,
        rhs: Lane,
    ) -> Wide {
        let shift = |this: &mut Self, a: ir::Value, count: ir::Value| {
            if op == BinaryOp::Ishl {
                this.b.ins().ishl(a, count)
            } else if op == BinaryOp::Sshr {
                this.b.ins().sshr(a, count)
            } else {
                this.b.ins().ushr(a, count)
            }
        };
        let count = match &looped.vloop.node(rhs).op {
            NodeOp::Const(bits) => Some(self.constant_word(Ty::I32, *bits)),
            NodeOp::Splat(input) => Some(self.value(looped.vloop.inputs[input.0 as usize].0)),
            NodeOp::Counter
            | NodeOp::Unary { .. }
            | NodeOp::Binary { .. }
            | NodeOp::Compare { .. }
            | NodeOp::Select { .. }
            | NodeOp::Convert { .. }
            | NodeOp::Math { .. }
            | NodeOp::Otherwise { .. }
            | NodeOp::Load { .. }
            | NodeOp::Store { .. } => None,
        };
        if let Some(count) = count {
            return self.each(&values[&lhs], |this, reg| shift(this, reg, count));
        }
        let (a, b) = (self.scalars(ty, &values[&lhs]), self.scalars(ty, &values[&rhs]));
        let words: Vec<ir::Value> = a.into_iter().zip(b).map(|(a, b)| shift(self, a, b)).collect();
        self.gathered(ty, &words)
    }

    pub(super) fn wide_compare(&mut self, cond: Cond, a: &Wide, b: &Wide) -> Wide {
        // "Less than" with a selection is one instruction, "greater than" is not known as such.
        let (cond, a, b) = match cond {
            Cond::Fgt => (Cond::Flt, b, a),
            Cond::Fge => (Cond::Fle, b, a),
            Cond::Eq
            | Cond::Ne
            | Cond::Slt
            | Cond::Sle
            | Cond::Sgt
            | Cond::Sge
            | Cond::Ult
            | Cond::Ule
            | Cond::Ugt
            | Cond::Uge
            | Cond::Feq
            | Cond::Flt
            | Cond::Fle
            | Cond::Fne => (cond, a, b),
        };
        self.each_pair(a, b, |this, a, b| match code(cond) {
            Code::Int(code) => this.b.ins().icmp(code, a, b),
            Code::Float(code) => this.b.ins().fcmp(code, a, b),
        })
    }

    pub(super) fn wide_select(&mut self, ty: Ty, cond: &Wide, then: &Wide, orelse: &Wide) -> Wide {
        let (bytes, orelse) = if ty == Ty::Bool {
            (then.bytes, self.mask_to(orelse, then.bytes))
        } else {
            (ty.bytes(), orelse.clone())
        };
        let cond = self.mask_to(cond, bytes);
        let mut regs = Vec::new();
        for ((cond, then), orelse) in cond.regs.iter().zip(&then.regs).zip(&orelse.regs) {
            let ty = self.b.func.dfg.value_type(*then);
            let cond = self.cast(*cond, ty);
            regs.push(self.b.ins().bitselect(cond, *then, *orelse));
        }
        Wide { regs, bytes }
    }

    fn wide_math(&mut self, func: MathFn, x: ir::Value) -> ir::Value {
        match func {
            MathFn::Sqrt => self.b.ins().sqrt(x),
            MathFn::Abs => self.b.ins().fabs(x),
            MathFn::Floor => self.b.ins().floor(x),
            MathFn::Ceil => self.b.ins().ceil(x),
            MathFn::Trunc => self.b.ins().trunc(x),
            MathFn::Rint => self.b.ins().nearest(x),
            MathFn::CopySign
            | MathFn::Exp
            | MathFn::Exp2
            | MathFn::Expm1
            | MathFn::Log
            | MathFn::Log2
            | MathFn::Log10
            | MathFn::Log1p
            | MathFn::Sin
            | MathFn::Cos
            | MathFn::Tan
            | MathFn::Asin
            | MathFn::Acos
            | MathFn::Atan
            | MathFn::Atan2
            | MathFn::Sinh
            | MathFn::Cosh
            | MathFn::Tanh
            | MathFn::Asinh
            | MathFn::Acosh
            | MathFn::Atanh
            | MathFn::Pow
            | MathFn::Cbrt
            | MathFn::Hypot
            | MathFn::Fmod
            | MathFn::Erf
            | MathFn::Erfc
            | MathFn::Gamma
            | MathFn::Lgamma
            | MathFn::NextAfter
            | MathFn::Remainder
            | MathFn::Fma => unreachable!("invariant: lanes have no {func:?}"),
        }
    }

    fn wide_copysign(&mut self, ty: Ty, x: &Wide, sign: &Wide) -> Wide {
        let bits = self.constant_word(
            if ty == Ty::F32 { Ty::I32 } else { Ty::I64 },
            if ty == Ty::F32 { 1 << 31 } else { 1 << 63 },
        );
        let top = self.b.ins().splat(ints(ty.bytes()), bits);
        let top = self.cast(top, vector(ty));
        self.each_pair(x, sign, |this, x, sign| this.b.ins().bitselect(top, sign, x))
    }

    fn wide_convert(&mut self, op: ConvertOp, arg: &Wide, from: Ty, to: Ty) -> Wide {
        if from == Ty::Bool {
            let mask = self.mask_to(arg, to.bytes());
            let one = if to.is_float() { crate::mir::eval::from_f64(to, 1.0) } else { 1 };
            let one = self.constant_word(to, one);
            let one = self.b.ins().splat(vector(to), one);
            return self.each(&mask, |this, reg| {
                let reg = this.cast(reg, vector(to));
                this.b.ins().band(reg, one)
            });
        }
        match op {
            ConvertOp::Sext => self.widened(arg.clone(), to.bytes(), true),
            ConvertOp::Zext => self.widened(arg.clone(), to.bytes(), false),
            ConvertOp::Trunc => self.narrow(arg.clone(), to.bytes(), false),
            ConvertOp::Bitcast => self.each(arg, |this, reg| this.cast(reg, vector(to))),
            ConvertOp::SintToFloat | ConvertOp::UintToFloat => {
                let signed = op == ConvertOp::SintToFloat;
                let words = self.widened(arg.clone(), 4, signed);
                // A narrower unsigned integer is a non-negative signed one.
                self.ints_to_floats(words, signed || from.bytes() < 4, to)
            }
            ConvertOp::FloatToSint if from == Ty::F32 && to == Ty::I32 => {
                self.each(arg, |this, reg| this.b.ins().fcvt_to_sint_sat(types::I32X4, reg))
            }
            ConvertOp::FloatToSintC if from == Ty::F32 && to == Ty::I32 => {
                let limit = self.constant_word(from, u64::from(2f32.powi(31).to_bits()));
                let limit = self.b.ins().splat(types::F32X4, limit);
                let least = self.b.ins().iconst(types::I32, i64::from(i32::MIN));
                let least = self.b.ins().splat(types::I32X4, least);
                self.each(arg, |this, reg| {
                    let below = this.b.ins().fcmp(FloatCC::LessThan, reg, limit);
                    let whole = this.b.ins().fcvt_to_sint_sat(types::I32X4, reg);
                    this.b.ins().bitselect(below, whole, least)
                })
            }
            ConvertOp::Fpromote => {
                let mut regs = Vec::new();
                for reg in &arg.regs {
                    let high = self.high_half(*reg);
                    regs.extend([self.b.ins().fvpromote_low(*reg), self.b.ins().fvpromote_low(high)]);
                }
                Wide { regs, bytes: 8 }
            }
            ConvertOp::Fdemote => {
                let mut regs = Vec::new();
                for pair in arg.regs.chunks(2) {
                    let (a, b) = (self.b.ins().fvdemote(pair[0]), self.b.ins().fvdemote(pair[1]));
                    regs.push(self.low_halves(a, b));
                }
                Wide { regs, bytes: 4 }
            }
            ConvertOp::FloatToSint | ConvertOp::FloatToUint | ConvertOp::FloatToSintC => {
                self.one_by_one(op, arg, from, to)
            }
        }
    }

    fn one_by_one(&mut self, op: ConvertOp, arg: &Wide, from: Ty, to: Ty) -> Wide {
        let words = self.scalars(from, arg);
        let words: Vec<ir::Value> =
            words.into_iter().map(|word| self.convert_word(op, word, from, to)).collect();
        self.gathered(to, &words)
    }

    /// Integers of 4 or 8 bytes as floats.
    fn ints_to_floats(&mut self, words: Wide, signed: bool, to: Ty) -> Wide {
        let op = if signed { ConvertOp::SintToFloat } else { ConvertOp::UintToFloat };
        match (words.bytes, to, signed) {
            (4, Ty::F32, true) => {
                let floats = self.each(&words, |this, reg| this.b.ins().fcvt_from_sint(types::F32X4, reg));
                Wide { bytes: 4, ..floats }
            }
            (4, Ty::F32, false) => {
                self.each(&words, |this, reg| this.b.ins().fcvt_from_uint(types::F32X4, reg))
            }
            (4, _, _) => {
                let mut regs = Vec::new();
                for reg in &words.regs {
                    for half in [*reg, self.high_half(*reg)] {
                        regs.push(if signed {
                            let wide = self.b.ins().swiden_low(half);
                            self.b.ins().fcvt_from_sint(types::F64X2, wide)
                        } else {
                            let wide = self.b.ins().uwiden_low(half);
                            self.b.ins().fcvt_from_uint(types::F64X2, wide)
                        });
                    }
                }
                Wide { regs, bytes: 8 }
            }
            (_, Ty::F64, true) => {
                self.each(&words, |this, reg| this.b.ins().fcvt_from_sint(types::F64X2, reg))
            }
            (_, _, _) => self.one_by_one(op, &words, Ty::I64, to),
        }
    }

    /// Combines two sets of lanes of a reduction.
    pub(super) fn combine(&mut self, combine: Combine, ty: Ty, so_far: &Wide, value: &Wide) -> Wide {
        match combine {
            Combine::Op(op) => self.wide_binary(op, ty, so_far, value),
            Combine::Greater => {
                let takes = self.wide_compare(Cond::Flt, so_far, value);
                self.wide_select(ty, &takes, value, so_far)
            }
            Combine::Less => {
                let takes = self.wide_compare(Cond::Flt, value, so_far);
                self.wide_select(ty, &takes, value, so_far)
            }
            Combine::Best { .. } => unreachable!("invariant: searches are combined whole"),
        }
    }

    pub(super) fn wide_fma(&mut self, x: &Wide, y: &Wide, z: &Wide) -> Wide {
        let regs = x.regs.iter().zip(&y.regs).zip(&z.regs);
        let regs = regs.map(|((x, y), z)| self.b.ins().fma(*x, *y, *z)).collect();
        Wide { regs, bytes: x.bytes }
    }

    /// Combines two values of a reduction.
    pub(super) fn combine_words(
        &mut self,
        combine: Combine,
        so_far: ir::Value,
        value: ir::Value,
    ) -> ir::Value {
        let (small, large) = match combine {
            Combine::Op(op) => return self.vector_binary(op, so_far, value),
            Combine::Greater => (so_far, value),
            Combine::Less => (value, so_far),
            Combine::Best { .. } => unreachable!("invariant: searches are combined whole"),
        };
        let takes = self.b.ins().fcmp(FloatCC::LessThan, small, large);
        self.b.ins().select(takes, value, so_far)
    }
}
