//! The functions of vector math as MIR.
//!
//! In: a `Math` instruction. Out: the instructions that compute it, the last of which defines its result.
//! Invariant: a constant, a sum and a product is written once; nothing is emitted that a later one does not use.

use super::ops::Ops;
use super::{single_value, value};
use crate::builtin::{MathFn, Straight};
use crate::mir::{BinaryOp, Cond, ConvertOp, Def, Function, Inst, Op, SourcePos, Ty, UnaryOp, Value, walk};
use rustc_hash::FxHashMap;

/// Whether straight code pays on this machine: without a fused multiply and add it would not.
pub fn available() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        std::arch::is_x86_feature_detected!("fma")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        cfg!(target_arch = "aarch64")
    }
}

/// The instructions that take the place of `inst`, or `None` if it is no function that may be replaced. Its
/// result is afterwards that of the last of them.
pub fn expand(func: &mut Function, inst: Inst) -> Option<Vec<Inst>> {
    let Op::Math { func: math, args, near: true, known: None } = &func.insts[inst].op else { return None };
    let (math, args) = (*math, args.clone());
    if math.straight() == Straight::No {
        return None;
    }
    let result = func.insts[inst].results[0];
    let single = func.values[result].ty == Ty::F32;
    let line = func.insts[inst].line;
    let mut emit = Emit {
        func,
        out: Vec::new(),
        floats: FxHashMap::default(),
        ints: FxHashMap::default(),
        known: FxHashMap::default(),
        line,
    };
    let wide: Vec<Value> = args
        .iter()
        .map(|arg| if single { emit.convert(ConvertOp::Fpromote, *arg, Ty::F64) } else { *arg })
        .collect();
    let found = if single { single_value(&mut emit, math, &wide) } else { value(&mut emit, math, &wide) };
    let mut last = found.expect("invariant: the function is covered");
    if single {
        last = emit.convert(ConvertOp::Fdemote, last, Ty::F32);
    }
    let out = emit.out;
    // The old result becomes the last instruction's.
    let Def::Result { inst: end, .. } = func.values[last].def else {
        unreachable!("a function's value is computed")
    };
    func.insts[end].results[0] = result;
    func.values[result].def = Def::Result { inst: end, index: 0 };
    Some(out)
}

struct Emit<'a> {
    func: &'a mut Function,
    out: Vec<Inst>,
    floats: FxHashMap<u64, Value>,
    ints: FxHashMap<i64, Value>,
    /// Sums, products and the like.
    known: FxHashMap<(BinaryOp, Value, Value), Value>,
    line: SourcePos,
}

impl Emit<'_> {
    fn add_op(&mut self, op: Op, ty: Ty) -> Value {
        walk::place(self.func, op, ty, self.line, &mut self.out)
    }
    fn binary(&mut self, op: BinaryOp, lhs: Value, rhs: Value) -> Value {
        if let Some(known) = self.known.get(&(op, lhs, rhs)) {
            return *known;
        }
        let ty = self.func.values[lhs].ty;
        let known = self.add_op(Op::Binary { op, lhs, rhs }, ty);
        self.known.insert((op, lhs, rhs), known);
        known
    }
    fn convert(&mut self, op: ConvertOp, arg: Value, ty: Ty) -> Value {
        self.add_op(Op::Convert { op, arg }, ty)
    }
    fn math(&mut self, func: MathFn, args: Vec<Value>) -> Value {
        self.add_op(Op::Math { func, args, near: false, known: None }, Ty::F64)
    }
    fn compare(&mut self, cond: Cond, lhs: Value, rhs: Value) -> Value {
        self.add_op(Op::Compare { cond, lhs, rhs }, Ty::Bool)
    }
    fn shift(&mut self, op: BinaryOp, a: Value, count: u32) -> Value {
        let count = self.int(i64::from(count));
        self.binary(op, a, count)
    }
}

impl Ops for Emit<'_> {
    type F = Value;
    type I = Value;
    type M = Value;

    fn float(&mut self, value: f64) -> Value {
        let bits = value.to_bits();
        if let Some(known) = self.floats.get(&bits) {
            return *known;
        }
        let known = self.add_op(Op::Fconst(bits), Ty::F64);
        self.floats.insert(bits, known);
        known
    }
    fn int(&mut self, value: i64) -> Value {
        if let Some(known) = self.ints.get(&value) {
            return *known;
        }
        let known = self.add_op(Op::Iconst(value), Ty::I64);
        self.ints.insert(value, known);
        known
    }

    fn add(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Fadd, a, b)
    }
    fn sub(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Fsub, a, b)
    }
    fn mul(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Fmul, a, b)
    }
    fn div(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Fdiv, a, b)
    }
    fn fma(&mut self, a: Value, b: Value, c: Value) -> Value {
        self.math(MathFn::Fma, vec![a, b, c])
    }
    fn neg(&mut self, a: Value) -> Value {
        self.add_op(Op::Unary { op: UnaryOp::Fneg, arg: a }, Ty::F64)
    }
    fn abs(&mut self, a: Value) -> Value {
        self.math(MathFn::Abs, vec![a])
    }
    fn sqrt(&mut self, a: Value) -> Value {
        self.math(MathFn::Sqrt, vec![a])
    }
    fn rint(&mut self, a: Value) -> Value {
        self.math(MathFn::Rint, vec![a])
    }

    fn lt(&mut self, a: Value, b: Value) -> Value {
        self.compare(Cond::Flt, a, b)
    }
    fn le(&mut self, a: Value, b: Value) -> Value {
        self.compare(Cond::Fle, a, b)
    }
    fn int_eq(&mut self, a: Value, b: Value) -> Value {
        self.compare(Cond::Eq, a, b)
    }
    fn both(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Band, a, b)
    }
    fn select(&mut self, cond: Value, then: Value, orelse: Value) -> Value {
        self.add_op(Op::Select { cond, then, orelse }, Ty::F64)
    }

    fn bits(&mut self, a: Value) -> Value {
        self.convert(ConvertOp::Bitcast, a, Ty::I64)
    }
    fn of_bits(&mut self, a: Value) -> Value {
        self.convert(ConvertOp::Bitcast, a, Ty::F64)
    }
    fn int_add(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Iadd, a, b)
    }
    fn int_sub(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Isub, a, b)
    }
    fn int_and(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Band, a, b)
    }
    fn int_or(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Bor, a, b)
    }
    fn int_xor(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Bxor, a, b)
    }
    fn shl(&mut self, a: Value, count: u32) -> Value {
        self.shift(BinaryOp::Ishl, a, count)
    }
    fn shr(&mut self, a: Value, count: u32) -> Value {
        self.shift(BinaryOp::Ushr, a, count)
    }

    fn otherwise(&mut self, ok: Value, value: Value, func: MathFn, args: &[Value]) -> Value {
        let op = Op::Math { func, args: args.to_vec(), near: false, known: Some((ok, value)) };
        self.add_op(op, Ty::F64)
    }
}
