//! Folds constants, applies algebraic identities that hold for every operand, and flattens structured
//! operations whose way is known.
//!
//! Precondition: none. Effect: fewer operations; constants stand on the right; `x - c` is `x + (-c)`;
//! an `If` of which one arm only fails is a `Guard`. Floats keep their bits: no reassociation, no
//! `x + 0.0 -> x`. Linear.
//!
//! ```text
//! v2 = iadd v1, 3;  v3 = iadd v2, 4;  if true { yield v3 } else { ... }
//! ->  v2 = iadd v1, 7
//! ```

use super::algebra::{commutes, exact_reciprocal, power_of_two};
use super::choice::{self, Choice};
use crate::mir::effect::{constant, def_op, float_bits};
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;

/// What becomes of an operation with one result.
enum Outcome {
    Keep,
    Become(Op),
    Same(Value),
    /// A constant of the result's type.
    Word(u64),
}

struct Simplifier<'a> {
    func: &'a mut Function,
    subst: Substitution,
    /// Breaks to each block (may count some in dead code).
    breaks: Vec<u32>,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let mut breaks = vec![0; func.insts.len()];
    walk::for_each_region(func, func.body, &mut |region| {
        if let End::Break { to, .. } = &func.regions[region].end {
            breaks[to.0 as usize] += 1;
        }
    });
    let subst = Substitution::new(func);
    let body = func.body;
    let mut simplifier = Simplifier { func, subst, breaks, changed: false };
    simplifier.region(body);
    simplifier.changed
}

impl Simplifier<'_> {
    /// Rewrites a region in place.
    fn region(&mut self, region: Region) {
        let mut out = Vec::with_capacity(self.func.regions[region].insts.len());
        let end = self.contents(region, &mut out);
        let data = &mut self.func.regions[region];
        data.insts = out;
        data.end = end;
    }

    /// Appends the rewritten instructions of a region; gives its end.
    fn contents(&mut self, region: Region, out: &mut Vec<Inst>) -> End {
        let data = &mut self.func.regions[region];
        let insts = std::mem::take(&mut data.insts);
        let mut end = std::mem::replace(&mut data.end, End::Unreachable);
        let count = insts.len();
        for (position, inst) in insts.into_iter().enumerate() {
            if let Some(early) = self.inst(inst, out) {
                self.changed |= position + 1 < count || early != end;
                return early;
            }
        }
        self.subst.rewrite_end(&mut end);
        end
    }

    fn push_const(&mut self, ty: Ty, word: u64, line: SourcePos, out: &mut Vec<Inst>) -> Value {
        let op = if ty.is_float() {
            Op::Fconst(word)
        } else if ty == Ty::Bool {
            Op::Iconst((word & 1) as i64)
        } else {
            Op::Iconst(eval::signed(ty, word))
        };
        walk::place(self.func, op, ty, line, out)
    }

    /// Rewrites one instruction into `out`; an end if control does not go on behind it.
    fn inst(&mut self, inst: Inst, out: &mut Vec<Inst>) -> Option<End> {
        self.subst.rewrite(&mut self.func.insts[inst].op);
        let line = self.func.insts[inst].line;
        match &self.func.insts[inst].op {
            Op::Guard { cond, fail } => {
                match constant(self.func, *cond) {
                    Some(0) => return Some(End::Fail(fail.clone())),
                    Some(_) => {
                        self.changed = true;
                        return None;
                    }
                    None => {}
                }
                out.push(inst);
                None
            }
            Op::If { cond, then, orelse } => {
                let (cond, then, orelse) = (*cond, *then, *orelse);
                self.if_(inst, cond, then, orelse, out)
            }
            Op::Block { body } => {
                let body = *body;
                self.block(inst, body, out)
            }
            Op::For { lo, hi, init, body, .. } => {
                let empty = lo == hi
                    || matches!((constant(self.func, *lo), constant(self.func, *hi)), (Some(a), Some(b)) if a >= b);
                if empty {
                    let init = init.clone();
                    self.results(inst, &init);
                    return None;
                }
                let body = *body;
                self.region(body);
                out.push(inst);
                None
            }
            Op::Loop { body, .. } => {
                let body = *body;
                self.region(body);
                out.push(inst);
                Some(End::Unreachable)
            }
            Op::Checked { op, lhs, rhs } => {
                let (op, lhs, rhs) = (*op, *lhs, *rhs);
                self.checked(inst, op, lhs, rhs, line, out);
                None
            }
            Op::Load { .. } | Op::Store { .. } => {
                self.address(inst);
                out.push(inst);
                None
            }
            Op::Iconst(_)
            | Op::Fconst(_)
            | Op::Hidden { .. }
            | Op::StackAddr(_)
            | Op::FuncAddr(_)
            | Op::OwnerSet { .. }
            | Op::OwnerTake { .. }
            | Op::Runtime { .. }
            | Op::RuntimeStatus { .. }
            | Op::Call { .. } => {
                out.push(inst);
                None
            }
            Op::Unary { .. }
            | Op::Binary { .. }
            | Op::Compare { .. }
            | Op::Select { .. }
            | Op::Convert { .. }
            | Op::Math { .. }
            | Op::PtrAdd { .. } => {
                let result = self.func.insts[inst].results[0];
                let ty = self.func.values[result].ty;
                // A rule may open the way for another; each makes the operation simpler.
                for _ in 0..4 {
                    match self.rule(inst, ty, out) {
                        Outcome::Keep => break,
                        Outcome::Become(op) => {
                            self.changed = true;
                            self.func.insts[inst].op = op;
                        }
                        Outcome::Same(value) => {
                            self.changed = true;
                            self.subst.set(result, value);
                            return None;
                        }
                        Outcome::Word(word) => {
                            self.changed = true;
                            let value = self.push_const(ty, word, line, out);
                            self.subst.set(result, value);
                            return None;
                        }
                    }
                }
                out.push(inst);
                None
            }
        }
    }

    /// Moves constants of an address into its displacement.
    fn address(&mut self, inst: Inst) {
        for _ in 0..3 {
            let (Op::Load { addr, .. } | Op::Store { addr, .. }) = &self.func.insts[inst].op else { return };
            let mut new = *addr;
            let mut disp = i64::from(addr.disp);
            if let Some(Op::PtrAdd { base, bytes }) = def_op(self.func, addr.base)
                && let Some(c) = constant(self.func, *bytes)
            {
                new.base = *base;
                disp = disp.saturating_add(c);
            } else if let Some((index, scale)) = addr.index {
                if let Some(c) = constant(self.func, index) {
                    new.index = None;
                    disp = disp.saturating_add(c.saturating_mul(scale.into()));
                } else if let Some(Op::Binary { op: BinaryOp::Iadd, lhs, rhs }) = def_op(self.func, index)
                    && let Some(c) = constant(self.func, *rhs)
                {
                    new.index = Some((*lhs, scale));
                    disp = disp.saturating_add(c.saturating_mul(scale.into()));
                }
            }
            let Ok(disp) = i32::try_from(disp) else { return };
            new.disp = disp;
            let (Op::Load { addr, .. } | Op::Store { addr, .. }) = &mut self.func.insts[inst].op else {
                return;
            };
            if *addr == new {
                return;
            }
            *addr = new;
            self.changed = true;
        }
    }

    /// Replaces the results of a structured operation that goes away.
    fn results(&mut self, inst: Inst, values: &[Value]) {
        self.changed = true;
        let results = std::mem::take(&mut self.func.insts[inst].results);
        for (result, value) in results.iter().zip(values) {
            self.subst.set(*result, *value);
        }
        self.func.insts[inst].results = results;
    }

    /// Puts the contents of a region where its operation stood.
    fn splice(&mut self, inst: Inst, region: Region, out: &mut Vec<Inst>) -> Option<End> {
        self.changed = true;
        match self.contents(region, out) {
            End::Yield(values) => {
                self.results(inst, &values);
                None
            }
            End::Break { to, args } if to == inst => {
                self.results(inst, &args);
                None
            }
            end @ (End::Continue { .. }
            | End::Break { .. }
            | End::Return(_)
            | End::Fail(_)
            | End::Unreachable) => Some(end),
        }
    }

    fn if_(
        &mut self,
        inst: Inst,
        cond: Value,
        then: Region,
        orelse: Region,
        out: &mut Vec<Inst>,
    ) -> Option<End> {
        match constant(self.func, cond) {
            Some(0) => return self.splice(inst, orelse, out),
            Some(_) => return self.splice(inst, then, out),
            None => {}
        }
        if let Some(Op::Unary { op: UnaryOp::Bnot, arg }) = def_op(self.func, cond) {
            let arg = *arg;
            self.changed = true;
            self.func.insts[inst].op = Op::If { cond: arg, then: orelse, orelse: then };
            return self.if_(inst, arg, orelse, then, out);
        }
        let line = self.func.insts[inst].line;
        // An arm that only fails makes the whole a guard.
        if let Some(fail) = self.only_fails(orelse) {
            out.push(walk::new_inst(self.func, Op::Guard { cond, fail }, &[], line));
            return self.splice(inst, then, out);
        }
        if let Some(fail) = self.only_fails(then) {
            let not =
                walk::new_inst(self.func, Op::Unary { op: UnaryOp::Bnot, arg: cond }, &[Ty::Bool], line);
            out.push(not);
            let cond = self.func.insts[not].results[0];
            out.push(walk::new_inst(self.func, Op::Guard { cond, fail }, &[], line));
            return self.splice(inst, orelse, out);
        }
        self.region(then);
        self.region(orelse);
        let (first, second) = (&self.func.regions[then], &self.func.regions[orelse]);
        if let (End::Yield(yes), End::Yield(no)) = (&first.end, &second.end) {
            if first.insts.is_empty() && second.insts.is_empty() {
                let pairs: Vec<(Value, Value)> = yes.iter().copied().zip(no.iter().copied()).collect();
                let mut values = Vec::with_capacity(pairs.len());
                for (then, orelse) in pairs {
                    if then == orelse {
                        values.push(then);
                        continue;
                    }
                    let ty = self.func.values[then].ty;
                    let select = walk::new_inst(self.func, Op::Select { cond, then, orelse }, &[ty], line);
                    out.push(select);
                    values.push(self.func.insts[select].results[0]);
                }
                self.results(inst, &values);
                return None;
            }
            out.push(inst);
            return None;
        }
        let dead_end = !matches!(first.end, End::Yield(_)) && !matches!(second.end, End::Yield(_));
        out.push(inst);
        dead_end.then_some(End::Unreachable)
    }

    /// The failure of a region that does nothing else.
    fn only_fails(&self, region: Region) -> Option<Fail> {
        let data = &self.func.regions[region];
        match &data.end {
            End::Fail(fail) if data.insts.is_empty() => {
                let mut fail = fail.clone();
                fail.payload.iter_mut().for_each(|value| *value = self.subst.get(*value));
                Some(fail)
            }
            End::Fail(_)
            | End::Yield(_)
            | End::Continue { .. }
            | End::Break { .. }
            | End::Return(_)
            | End::Unreachable => None,
        }
    }

    fn block(&mut self, inst: Inst, body: Region, out: &mut Vec<Inst>) -> Option<End> {
        let breaks = self.breaks.get(inst.0 as usize).copied().unwrap_or(u32::MAX);
        let own = matches!(&self.func.regions[body].end, End::Break { to, .. } if *to == inst);
        if breaks == u32::from(own) {
            return self.splice(inst, body, out);
        }
        self.region(body);
        if let End::Break { to, args } = &self.func.regions[body].end
            && *to == inst
        {
            self.func.regions[body].end = End::Yield(args.clone());
            self.changed = true;
        }
        out.push(inst);
        None
    }

    fn checked(
        &mut self,
        inst: Inst,
        op: CheckedOp,
        lhs: Value,
        rhs: Value,
        line: SourcePos,
        out: &mut Vec<Inst>,
    ) {
        let (a, b) = (constant(self.func, lhs), constant(self.func, rhs));
        if a.is_some() && b.is_none() && op != CheckedOp::Sub {
            self.func.insts[inst].op = Op::Checked { op, lhs: rhs, rhs: lhs };
            return self.checked(inst, op, rhs, lhs, line, out);
        }
        let exact = match (op, a, b) {
            (_, Some(a), Some(b)) => {
                let (word, overflow) = eval::checked(op, a as u64, b as u64);
                let value = self.push_const(Ty::I64, word, line, out);
                let flag = self.push_const(Ty::Bool, u64::from(overflow), line, out);
                return self.results(inst, &[value, flag]);
            }
            (CheckedOp::Add | CheckedOp::Sub, _, Some(0)) | (CheckedOp::Mul, _, Some(1)) => lhs,
            (CheckedOp::Mul, _, Some(0)) => rhs,
            (CheckedOp::Sub, _, _) if lhs == rhs => self.push_const(Ty::I64, 0, line, out),
            (CheckedOp::Add | CheckedOp::Sub | CheckedOp::Mul, _, _) => {
                out.push(inst);
                return;
            }
        };
        let flag = self.push_const(Ty::Bool, 0, line, out);
        self.results(inst, &[exact, flag]);
    }

    /// The word of a constant operand.
    fn word(&self, value: Value) -> Option<u64> {
        let ty = self.func.values[value].ty;
        constant(self.func, value)
            .map(|c| eval::canonical(ty, c as u64))
            .or_else(|| float_bits(self.func, value))
    }

    fn rule(&mut self, inst: Inst, ty: Ty, out: &mut Vec<Inst>) -> Outcome {
        let func = &*self.func;
        match &func.insts[inst].op {
            Op::Unary { op, arg } => {
                if let Some(word) = self.word(*arg) {
                    return Outcome::Word(eval::unary(*op, ty, word));
                }
                match (op, def_op(func, *arg)) {
                    (
                        UnaryOp::Ineg | UnaryOp::Bnot | UnaryOp::Fneg,
                        Some(Op::Unary { op: inner, arg: value }),
                    ) if op == inner => Outcome::Same(*value),
                    (UnaryOp::Bnot, Some(Op::Compare { cond, lhs, rhs })) => match inverse(*cond) {
                        Some(cond) => Outcome::Become(Op::Compare { cond, lhs: *lhs, rhs: *rhs }),
                        None => Outcome::Keep,
                    },
                    (
                        UnaryOp::Ineg
                        | UnaryOp::Bnot
                        | UnaryOp::Popcnt
                        | UnaryOp::Clz
                        | UnaryOp::Ctz
                        | UnaryOp::Fneg,
                        _,
                    ) => Outcome::Keep,
                }
            }
            Op::Binary { op, lhs, rhs } => {
                let (op, lhs, rhs) = (*op, *lhs, *rhs);
                self.binary(inst, op, lhs, rhs, ty, out)
            }
            Op::Compare { cond, lhs, rhs } => {
                let (cond, lhs, rhs) = (*cond, *lhs, *rhs);
                match self.sign_of_integer(inst, cond, lhs, rhs, out) {
                    Some(outcome) => outcome,
                    None => self.compare(cond, lhs, rhs),
                }
            }
            Op::Select { cond, then, orelse } => match choice::simpler(func, ty, *cond, *then, *orelse) {
                None => choice::bounded(self.func, inst, out).map_or(Outcome::Keep, Outcome::Become),
                Some(Choice::Is(value)) => Outcome::Same(value),
                Some(Choice::Becomes(op)) => Outcome::Become(op),
            },
            Op::Convert { op, arg } => self.convert(*op, *arg, ty),
            Op::Math { known: Some((cond, value)), .. } => match self.word(*cond) {
                Some(1) => Outcome::Same(*value),
                Some(_) | None => Outcome::Keep,
            },
            Op::Math { func: math, args, known: None, .. } => {
                let words: Option<Vec<u64>> = args.iter().map(|arg| self.word(*arg)).collect();
                match words.and_then(|words| eval::exact_math(*math, ty, &words)) {
                    Some(word) if !eval::to_f64(ty, word).is_nan() => Outcome::Word(word),
                    Some(_) | None => Outcome::Keep,
                }
            }
            Op::PtrAdd { base, bytes } => {
                if constant(func, *bytes) == Some(0) {
                    Outcome::Same(*base)
                } else {
                    Outcome::Keep
                }
            }
            Op::Iconst(_)
            | Op::Fconst(_)
            | Op::Checked { .. }
            | Op::Load { .. }
            | Op::Store { .. }
            | Op::Hidden { .. }
            | Op::StackAddr(_)
            | Op::FuncAddr(_)
            | Op::Guard { .. }
            | Op::OwnerSet { .. }
            | Op::OwnerTake { .. }
            | Op::Runtime { .. }
            | Op::RuntimeStatus { .. }
            | Op::Call { .. }
            | Op::Block { .. }
            | Op::If { .. }
            | Op::For { .. }
            | Op::Loop { .. } => Outcome::Keep,
        }
    }

    /// An integer made a float keeps its sign: `float(i) < 0.0` asks about `i`.
    fn sign_of_integer(
        &mut self,
        inst: Inst,
        cond: Cond,
        lhs: Value,
        rhs: Value,
        out: &mut Vec<Inst>,
    ) -> Option<Outcome> {
        let Some(Op::Convert { op: ConvertOp::SintToFloat, arg }) = def_op(self.func, lhs) else {
            return None;
        };
        let (arg, float) = (*arg, self.func.values[lhs].ty);
        let cond = if cond == Cond::Flt {
            Cond::Slt
        } else if cond == Cond::Fge {
            Cond::Sge
        } else {
            return None;
        };
        if self.word(rhs).is_none_or(|word| eval::to_f64(float, word) != 0.0) {
            return None;
        }
        let (ty, line) = (self.func.values[arg].ty, self.func.insts[inst].line);
        let zero = self.push_const(ty, 0, line, out);
        Some(Outcome::Become(Op::Compare { cond, lhs: arg, rhs: zero }))
    }

    fn compare(&self, cond: Cond, lhs: Value, rhs: Value) -> Outcome {
        let ty = self.func.values[lhs].ty;
        let (a, b) = (self.word(lhs), self.word(rhs));
        if let (Some(a), Some(b)) = (a, b) {
            return Outcome::Word(u64::from(eval::compare(cond, ty, a, b)));
        }
        if lhs == rhs && !ty.is_float() {
            return Outcome::Word(u64::from(eval::compare(cond, ty, 0, 0)));
        }
        if a.is_some() {
            return Outcome::Become(Op::Compare { cond: swapped(cond), lhs: rhs, rhs: lhs });
        }
        let Some(b) = b else { return Outcome::Keep };
        if ty == Ty::Bool {
            let not = Outcome::Become(Op::Unary { op: UnaryOp::Bnot, arg: lhs });
            let wanted = if b == 1 { Cond::Eq } else { Cond::Ne };
            return if cond == wanted {
                Outcome::Same(lhs)
            } else if matches!(cond, Cond::Eq | Cond::Ne) {
                not
            } else {
                Outcome::Keep
            };
        }
        match cond {
            // A number made from a bool.
            Cond::Ne | Cond::Eq => match def_op(self.func, lhs) {
                Some(Op::Convert { op: ConvertOp::Zext, arg })
                    if self.func.values[*arg].ty == Ty::Bool && b <= 1 =>
                {
                    if (cond == Cond::Ne) == (b == 0) {
                        Outcome::Same(*arg)
                    } else {
                        Outcome::Become(Op::Unary { op: UnaryOp::Bnot, arg: *arg })
                    }
                }
                Some(_) | None => Outcome::Keep,
            },
            Cond::Ult if b == 0 => Outcome::Word(0),
            Cond::Uge if b == 0 => Outcome::Word(1),
            Cond::Slt if eval::signed(ty, b) == i64::MIN => Outcome::Word(0),
            Cond::Sle if eval::signed(ty, b) == i64::MAX => Outcome::Word(1),
            Cond::Slt
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
            | Cond::Fgt
            | Cond::Fge
            | Cond::Fne => Outcome::Keep,
        }
    }

    fn convert(&self, op: ConvertOp, arg: Value, ty: Ty) -> Outcome {
        let func = &*self.func;
        let from = func.values[arg].ty;
        if let Some(word) = self.word(arg) {
            if ty == Ty::Ptr {
                return Outcome::Keep;
            }
            return Outcome::Word(eval::convert(op, from, ty, word));
        }
        // Shifted right, a number is not negative.
        if op == ConvertOp::UintToFloat
            && let Some(Op::Binary { op: BinaryOp::Ushr, rhs, .. }) = def_op(func, arg)
            && constant(func, *rhs).is_some_and(|bits| bits > 0 && bits < i64::from(eval::bits(from)))
        {
            return Outcome::Become(Op::Convert { op: ConvertOp::SintToFloat, arg });
        }
        let Some(Op::Convert { op: inner, arg: value }) = def_op(func, arg) else { return Outcome::Keep };
        let origin = func.values[*value].ty;
        let again = |op: ConvertOp| Outcome::Become(Op::Convert { op, arg: *value });
        match (op, inner) {
            (ConvertOp::Sext, ConvertOp::Sext)
            | (ConvertOp::Zext, ConvertOp::Zext)
            | (ConvertOp::Trunc, ConvertOp::Trunc) => again(op),
            // The top bit of a zero-extended value is clear (unless the widths were equal: Bool to I8).
            (ConvertOp::Sext, ConvertOp::Zext) => again(ConvertOp::Zext),
            (ConvertOp::Trunc, ConvertOp::Sext | ConvertOp::Zext) => {
                if ty == origin {
                    Outcome::Same(*value)
                } else if ty == Ty::Bool || ty.bytes() < origin.bytes() {
                    if origin == Ty::Bool { Outcome::Keep } else { again(ConvertOp::Trunc) }
                } else if origin == Ty::Bool || ty.bytes() > origin.bytes() {
                    again(*inner)
                } else {
                    Outcome::Keep
                }
            }
            (ConvertOp::SintToFloat, ConvertOp::Sext) => again(ConvertOp::SintToFloat),
            (ConvertOp::SintToFloat | ConvertOp::UintToFloat, ConvertOp::Zext) => {
                again(ConvertOp::UintToFloat)
            }
            (ConvertOp::Fdemote, ConvertOp::Fpromote) => Outcome::Same(*value),
            (ConvertOp::Bitcast, ConvertOp::Bitcast) if origin == ty => Outcome::Same(*value),
            (
                ConvertOp::Sext
                | ConvertOp::Zext
                | ConvertOp::Trunc
                | ConvertOp::SintToFloat
                | ConvertOp::UintToFloat
                | ConvertOp::FloatToSint
                | ConvertOp::FloatToSintC
                | ConvertOp::FloatToUint
                | ConvertOp::Fpromote
                | ConvertOp::Fdemote
                | ConvertOp::Bitcast,
                _,
            ) => Outcome::Keep,
        }
    }

    fn binary(
        &mut self,
        inst: Inst,
        op: BinaryOp,
        lhs: Value,
        rhs: Value,
        ty: Ty,
        out: &mut Vec<Inst>,
    ) -> Outcome {
        let line = self.func.insts[inst].line;
        let (a, b) = (self.word(lhs), self.word(rhs));
        if let (Some(a), Some(b)) = (a, b) {
            return match eval::binary(op, ty, a, b) {
                Some(word) if !ty.is_float() || !eval::to_f64(ty, word).is_nan() => Outcome::Word(word),
                Some(_) | None => Outcome::Keep,
            };
        }
        if a.is_some() && commutes(op) {
            return Outcome::Become(Op::Binary { op, lhs: rhs, rhs: lhs });
        }
        if lhs == rhs {
            match op {
                BinaryOp::Isub | BinaryOp::Bxor => return Outcome::Word(0),
                BinaryOp::Band
                | BinaryOp::Bor
                | BinaryOp::Smin
                | BinaryOp::Smax
                | BinaryOp::Umin
                | BinaryOp::Umax => return Outcome::Same(lhs),
                BinaryOp::Iadd
                | BinaryOp::Imul
                | BinaryOp::Sdiv
                | BinaryOp::Udiv
                | BinaryOp::Srem
                | BinaryOp::Urem
                | BinaryOp::FloorDiv
                | BinaryOp::FloorMod
                | BinaryOp::Ishl
                | BinaryOp::Sshr
                | BinaryOp::Ushr
                | BinaryOp::Smulhi
                | BinaryOp::Umulhi
                | BinaryOp::Fadd
                | BinaryOp::Fsub
                | BinaryOp::Fmul
                | BinaryOp::Fdiv
                | BinaryOp::Fmin
                | BinaryOp::Fmax => {}
            }
        }
        if matches!(op, BinaryOp::Band | BinaryOp::Bor) {
            // (x & y) & y
            for (outer, other) in [(lhs, rhs), (rhs, lhs)] {
                if let Some(Op::Binary { op: inner, lhs: x, rhs: y }) = def_op(self.func, outer)
                    && *inner == op
                    && (*x == other || *y == other)
                {
                    return Outcome::Same(outer);
                }
            }
        }
        let Some(b) = b else { return Outcome::Keep };
        let ones = eval::canonical(ty, u64::MAX);
        match op {
            BinaryOp::Iadd if b == 0 => Outcome::Same(lhs),
            BinaryOp::Iadd => match def_op(self.func, lhs) {
                // (x + c) + d
                Some(Op::Binary { op: BinaryOp::Iadd, lhs: inner, rhs: other }) => {
                    let (inner, Some(c)) = (*inner, self.word(*other)) else { return Outcome::Keep };
                    let rhs = self.push_const(ty, eval::canonical(ty, c.wrapping_add(b)), line, out);
                    Outcome::Become(Op::Binary { op, lhs: inner, rhs })
                }
                Some(_) | None => Outcome::Keep,
            },
            BinaryOp::Isub => {
                let rhs = self.push_const(ty, eval::canonical(ty, b.wrapping_neg()), line, out);
                Outcome::Become(Op::Binary { op: BinaryOp::Iadd, lhs, rhs })
            }
            BinaryOp::Imul => match b {
                0 => Outcome::Same(rhs),
                1 => Outcome::Same(lhs),
                _ => Outcome::Keep,
            },
            BinaryOp::Sdiv if b == 1 => Outcome::Same(lhs),
            BinaryOp::Udiv | BinaryOp::FloorDiv if b == 1 => Outcome::Same(lhs),
            BinaryOp::Srem | BinaryOp::Urem | BinaryOp::FloorMod if b == 1 => Outcome::Word(0),
            BinaryOp::FloorDiv | BinaryOp::Udiv if power_of_two(ty, op, b) => {
                let rhs = self.push_const(ty, u64::from(b.trailing_zeros()), line, out);
                let op = if op == BinaryOp::Udiv { BinaryOp::Ushr } else { BinaryOp::Sshr };
                Outcome::Become(Op::Binary { op, lhs, rhs })
            }
            BinaryOp::FloorMod | BinaryOp::Urem if power_of_two(ty, op, b) => {
                let rhs = self.push_const(ty, b - 1, line, out);
                Outcome::Become(Op::Binary { op: BinaryOp::Band, lhs, rhs })
            }
            BinaryOp::Ishl | BinaryOp::Sshr | BinaryOp::Ushr if b == 0 => Outcome::Same(lhs),
            BinaryOp::Band if b == 0 => Outcome::Same(rhs),
            BinaryOp::Band if b == ones => Outcome::Same(lhs),
            BinaryOp::Bor if b == 0 => Outcome::Same(lhs),
            BinaryOp::Bor if b == ones => Outcome::Same(rhs),
            BinaryOp::Bxor if b == 0 => Outcome::Same(lhs),
            BinaryOp::Bxor if ty == Ty::Bool => Outcome::Become(Op::Unary { op: UnaryOp::Bnot, arg: lhs }),
            BinaryOp::Fmul if eval::to_f64(ty, b) == 1.0 => Outcome::Same(lhs),
            BinaryOp::Fdiv if eval::to_f64(ty, b) == 1.0 => Outcome::Same(lhs),
            BinaryOp::Fdiv => match exact_reciprocal(ty, b) {
                Some(word) => {
                    let rhs = self.push_const(ty, word, line, out);
                    Outcome::Become(Op::Binary { op: BinaryOp::Fmul, lhs, rhs })
                }
                None => Outcome::Keep,
            },
            // No integer becomes -0.0.
            BinaryOp::Fadd
                if b == 0
                    && matches!(
                        def_op(self.func, lhs),
                        Some(Op::Convert { op: ConvertOp::SintToFloat, .. })
                    ) =>
            {
                Outcome::Same(lhs)
            }
            // -0.0 + -0.0 and x - 0.0 give x for every x.
            BinaryOp::Fadd if b == eval::from_f64(ty, -0.0) => Outcome::Same(lhs),
            BinaryOp::Fsub if b == 0 => Outcome::Same(lhs),
            BinaryOp::Sdiv
            | BinaryOp::Udiv
            | BinaryOp::Srem
            | BinaryOp::Urem
            | BinaryOp::FloorDiv
            | BinaryOp::FloorMod
            | BinaryOp::Ishl
            | BinaryOp::Sshr
            | BinaryOp::Ushr
            | BinaryOp::Band
            | BinaryOp::Bor
            | BinaryOp::Bxor
            | BinaryOp::Smin
            | BinaryOp::Smax
            | BinaryOp::Umin
            | BinaryOp::Umax
            | BinaryOp::Smulhi
            | BinaryOp::Umulhi
            | BinaryOp::Fadd
            | BinaryOp::Fsub
            | BinaryOp::Fmul
            | BinaryOp::Fmin
            | BinaryOp::Fmax => Outcome::Keep,
        }
    }
}
