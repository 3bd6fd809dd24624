//! The constitution of MIR, and the check that a module keeps it.
//!
//! 1. Every region, instruction and value of a function's tree stands in exactly one place, and the
//!    tables say where: `values[v].def` names the parameter or result that `v` is.
//! 2. An operand is a parameter of an enclosing region or a result of an instruction that stands earlier
//!    in its own or an enclosing region (nesting replaces dominance). Results of nested regions reach the
//!    outside only through their ends.
//! 3. Operands and results have the types that the operation documents. Integer constants fit their type
//!    in signed or unsigned reading; a bool is 0 or 1; a pointer constant is null.
//! 4. Ends match: `Yield` gives the results of `If` and `Block`, the carried values of `For` and `Loop`;
//!    `Continue` names an enclosing loop and gives its carried values; `Break` names an enclosing `Block`
//!    and gives its results; `Return` gives the function's results. The body of a function does not
//!    `Yield`. A `Loop` has no results.
//! 5. Nothing jumps out of a parallel loop: no `Break`, `Continue` or `Return` in its body leaves it
//!    (`Fail` may). It has one reduction for each carried value.
//! 6. Slots, functions, hidden words and sites exist; a payload fits the context; a call passes what the
//!    callee takes and gets what it returns; runtime functions are called by their signatures.
//!
//! In: a module. Out: all the errors with the listing. Invariant: a module that passes can be interpreted
//! and compiled; what it then does with bad pointers is `lower`'s business.

use super::*;
use crate::abi::PAYLOAD_WORDS;
use std::fmt::Write;

/// Checks a module; the error lists every breach and the functions concerned.
pub fn verify(module: &Module) -> Result<(), String> {
    let mut out = String::new();
    if module.funcs.is_empty() {
        return Err("a module has no function".to_string());
    }
    for (index, func) in module.funcs.items.iter().enumerate() {
        let errors = verify_function(func, module);
        if !errors.is_empty() {
            for error in errors {
                let _ = writeln!(out, "fn{index} {}: {error}", func.name);
            }
            let _ = writeln!(out, "fn{index} {}", print::function(func));
        }
    }
    if out.is_empty() { Ok(()) } else { Err(out) }
}

/// All breaches in one function.
pub fn verify_function(func: &Function, module: &Module) -> Vec<String> {
    let mut verifier = Verifier {
        func,
        module,
        errors: Vec::new(),
        in_scope: vec![false; func.values.len()],
        seen_insts: vec![false; func.insts.len()],
        seen_regions: vec![false; func.regions.len()],
        scope: Vec::new(),
        enclosing: Vec::new(),
    };
    verifier.run();
    verifier.errors
}

struct Verifier<'a> {
    func: &'a Function,
    module: &'a Module,
    errors: Vec<String>,
    in_scope: Vec<bool>,
    seen_insts: Vec<bool>,
    seen_regions: Vec<bool>,
    /// Values visible here, in order of definition.
    scope: Vec<Value>,
    /// Structured instructions around this place, outermost first.
    enclosing: Vec<Inst>,
}

impl Verifier<'_> {
    fn error(&mut self, place: impl std::fmt::Display, text: impl std::fmt::Display) {
        self.errors.push(format!("{place}: {text}"));
    }

    fn run(&mut self) {
        let func = self.func;
        if func.body.0 as usize >= func.regions.len() {
            return self.error(func.body, "the body does not exist");
        }
        if let Some(site) = func.stack_check {
            self.site("stack_check", site);
        }
        if matches!(func.kind, FuncKind::Chunk { .. }) {
            let params: Vec<Ty> = func.regions[func.body].params.iter().map(|v| func.values[*v].ty).collect();
            if params != [Ty::Ptr, Ty::I64, Ty::I64, Ty::Ptr] || !func.results.is_empty() {
                self.error(func.body, "a chunk takes (ptr, i64, i64, ptr) and returns nothing");
            }
        }
        for (index, bytes) in func.stack_slots.items.iter().enumerate() {
            if !bytes.is_multiple_of(8) {
                self.error(StackSlot(index as u32), "size is not a multiple of 8");
            }
        }
        self.region(func.body, None);
    }

    fn ty(&self, value: Value) -> Option<Ty> {
        self.func.values.items.get(value.0 as usize).map(|data| data.ty)
    }

    fn define(&mut self, place: &str, value: Value, def: Def) {
        let Some(data) = self.func.values.items.get(value.0 as usize) else {
            return self.error(place, format!("{value} does not exist"));
        };
        if data.def != def {
            self.error(place, format!("{value} is defined here but its table entry says {:?}", data.def));
        }
        if self.in_scope[value.0 as usize] {
            self.error(place, format!("{value} is defined twice"));
        }
        self.in_scope[value.0 as usize] = true;
        self.scope.push(value);
    }

    /// Checks that a value is visible; gives its type.
    fn use_of(&mut self, place: &str, value: Value) -> Option<Ty> {
        match self.in_scope.get(value.0 as usize) {
            None => {
                self.error(place, format!("{value} does not exist"));
                return None;
            }
            Some(false) => self.error(place, format!("{value} is not in scope")),
            Some(true) => {}
        }
        self.ty(value)
    }

    fn expect(&mut self, place: &str, value: Value, ty: Ty) {
        if let Some(found) = self.use_of(place, value)
            && found != ty
        {
            let (found, ty) = (print::type_name(found), print::type_name(ty));
            self.error(place, format!("{value} is {found}, expected {ty}"));
        }
    }

    fn expect_list(&mut self, place: &str, what: &str, values: &[Value], types: &[Ty]) {
        if values.len() != types.len() {
            self.error(place, format!("{what}: {} values, expected {}", values.len(), types.len()));
        }
        for (value, ty) in values.iter().zip(types) {
            self.expect(place, *value, *ty);
        }
        for value in values.iter().skip(types.len()) {
            self.use_of(place, *value);
        }
    }

    fn types(&self, values: &[Value]) -> Vec<Ty> {
        values.iter().filter_map(|value| self.ty(*value)).collect()
    }

    fn site(&mut self, place: &str, site: SiteId) {
        match self.module.sites.items.get(site.0 as usize) {
            None => self.error(place, format!("{site} does not exist")),
            Some(data) if data.frames.is_empty() => self.error(place, format!("{site} has no frame")),
            Some(_) => {}
        }
    }

    fn fail(&mut self, place: &str, fail: &Fail) {
        self.site(place, fail.site);
        if fail.payload.len() > PAYLOAD_WORDS {
            self.error(place, format!("payload of {} words, at most {PAYLOAD_WORDS}", fail.payload.len()));
        }
        for value in &fail.payload {
            self.use_of(place, *value);
        }
        if let Some(site) = self.module.sites.items.get(fail.site.0 as usize)
            && site.exc.is_none()
            && !(fail.deopt && fail.payload.is_empty())
        {
            self.error(place, format!("{} raises nothing: it is a call site", fail.site));
        }
    }

    fn region(&mut self, region: Region, owner: Option<Inst>) {
        let Some(data) = self.func.regions.items.get(region.0 as usize) else {
            return self.error(region, "does not exist");
        };
        if std::mem::replace(&mut self.seen_regions[region.0 as usize], true) {
            return self.error(region, "stands in two places");
        }
        let mark = self.scope.len();
        for (index, param) in data.params.iter().enumerate() {
            self.define(&region.to_string(), *param, Def::Param { region, index: index as u32 });
        }
        for inst in &data.insts {
            self.inst(*inst);
        }
        self.end(region, &data.end, owner);
        for value in self.scope.split_off(mark) {
            self.in_scope[value.0 as usize] = false;
        }
    }

    fn inst(&mut self, inst: Inst) {
        let Some(data) = self.func.insts.items.get(inst.0 as usize) else {
            return self.error(inst, "does not exist");
        };
        let place = format!("{inst} `{}`", print::inst(self.func, inst));
        if std::mem::replace(&mut self.seen_insts[inst.0 as usize], true) {
            return self.error(place, "stands in two places");
        }
        self.op(&place, inst, data);
        for (index, result) in data.results.iter().enumerate() {
            self.define(&place, *result, Def::Result { inst, index: index as u32 });
        }
    }

    /// Checks the number and types of the results.
    fn results(&mut self, place: &str, data: &InstData, types: &[Ty]) {
        let found = self.types(&data.results);
        if found != types {
            let names =
                |types: &[Ty]| types.iter().map(|ty| print::type_name(*ty)).collect::<Vec<_>>().join(", ");
            self.error(place, format!("results ({}), expected ({})", names(&found), names(types)));
        }
    }

    /// The single result's type; an error if there is not exactly one.
    fn single(&mut self, place: &str, data: &InstData) -> Ty {
        match data.results.as_slice() {
            [one] => self.ty(*one).unwrap_or(Ty::I64),
            [] | [_, ..] => {
                self.error(place, "needs exactly one result");
                Ty::I64
            }
        }
    }

    fn kind(&mut self, place: &str, ty: Ty, good: bool) {
        if !good {
            self.error(place, format!("not defined for {}", print::type_name(ty)));
        }
    }

    fn address(&mut self, place: &str, addr: &Address) {
        self.expect(place, addr.base, Ty::Ptr);
        if let Some((index, scale)) = addr.index {
            self.expect(place, index, Ty::I64);
            if scale == 0 {
                self.error(place, "scale is 0");
            }
        }
    }

    fn op(&mut self, place: &str, inst: Inst, data: &InstData) {
        let wide_int = |ty: Ty| ty.is_int() && ty != Ty::Bool;
        match &data.op {
            Op::Iconst(value) => {
                let ty = self.single(place, data);
                let fits = match ty {
                    Ty::Bool => (0..=1).contains(value),
                    Ty::I8 => (-(1 << 7)..1 << 8).contains(value),
                    Ty::I16 => (-(1 << 15)..1 << 16).contains(value),
                    Ty::I32 => (-(1i64 << 31)..1i64 << 32).contains(value),
                    Ty::I64 => true,
                    Ty::Ptr => *value == 0,
                    Ty::F32 | Ty::F64 => false,
                };
                if !fits {
                    self.error(place, "the constant does not fit its type");
                }
            }
            Op::Fconst(bits) => {
                let ty = self.single(place, data);
                self.kind(place, ty, ty == Ty::F64 || ty == Ty::F32 && *bits >> 32 == 0);
            }
            Op::Unary { op, arg } => {
                let ty = self.single(place, data);
                self.expect(place, *arg, ty);
                let good = match op {
                    UnaryOp::Ineg | UnaryOp::Popcnt | UnaryOp::Clz | UnaryOp::Ctz => wide_int(ty),
                    UnaryOp::Bnot => ty.is_int(),
                    UnaryOp::Fneg => ty.is_float(),
                };
                self.kind(place, ty, good);
            }
            Op::Binary { op, lhs, rhs } => {
                let ty = self.single(place, data);
                self.expect(place, *lhs, ty);
                self.expect(place, *rhs, ty);
                let good = match op {
                    BinaryOp::Band | BinaryOp::Bor | BinaryOp::Bxor => ty.is_int(),
                    BinaryOp::Iadd
                    | BinaryOp::Isub
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
                    | BinaryOp::Smin
                    | BinaryOp::Smax
                    | BinaryOp::Umin
                    | BinaryOp::Umax
                    | BinaryOp::Smulhi
                    | BinaryOp::Umulhi => wide_int(ty),
                    BinaryOp::Fadd
                    | BinaryOp::Fsub
                    | BinaryOp::Fmul
                    | BinaryOp::Fdiv
                    | BinaryOp::Fmin
                    | BinaryOp::Fmax => ty.is_float(),
                };
                self.kind(place, ty, good);
            }
            Op::Checked { lhs, rhs, .. } => {
                self.results(place, data, &[Ty::I64, Ty::Bool]);
                self.expect(place, *lhs, Ty::I64);
                self.expect(place, *rhs, Ty::I64);
            }
            Op::Compare { cond, lhs, rhs } => {
                self.results(place, data, &[Ty::Bool]);
                let ty = self.use_of(place, *lhs).unwrap_or(Ty::I64);
                self.expect(place, *rhs, ty);
                let good = match cond {
                    Cond::Eq | Cond::Ne | Cond::Ult | Cond::Ule | Cond::Ugt | Cond::Uge => !ty.is_float(),
                    Cond::Slt | Cond::Sle | Cond::Sgt | Cond::Sge => wide_int(ty),
                    Cond::Feq | Cond::Flt | Cond::Fle | Cond::Fgt | Cond::Fge | Cond::Fne => ty.is_float(),
                };
                self.kind(place, ty, good);
            }
            Op::Select { cond, then, orelse } => {
                let ty = self.single(place, data);
                self.expect(place, *cond, Ty::Bool);
                self.expect(place, *then, ty);
                self.expect(place, *orelse, ty);
            }
            Op::Convert { op, arg } => {
                let to = self.single(place, data);
                let from = self.use_of(place, *arg).unwrap_or(to);
                let good = match op {
                    ConvertOp::Sext => wide_int(from) && wide_int(to) && from.bytes() < to.bytes(),
                    ConvertOp::Zext => {
                        from.is_int() && wide_int(to) && (from.bytes() < to.bytes() || from == Ty::Bool)
                    }
                    ConvertOp::Trunc => {
                        wide_int(from) && to.is_int() && (to.bytes() < from.bytes() || to == Ty::Bool)
                    }
                    ConvertOp::SintToFloat => wide_int(from) && to.is_float(),
                    ConvertOp::UintToFloat => from.is_int() && to.is_float(),
                    ConvertOp::FloatToSint | ConvertOp::FloatToUint => from.is_float() && wide_int(to),
                    ConvertOp::FloatToSintC => from.is_float() && matches!(to, Ty::I32 | Ty::I64),
                    ConvertOp::Fpromote => (from, to) == (Ty::F32, Ty::F64),
                    ConvertOp::Fdemote => (from, to) == (Ty::F64, Ty::F32),
                    ConvertOp::Bitcast => {
                        let int_float = |a: Ty, b: Ty| wide_int(a) && b.is_float() && a.bytes() == b.bytes();
                        int_float(from, to)
                            || int_float(to, from)
                            || matches!((from, to), (Ty::Ptr, Ty::I64) | (Ty::I64, Ty::Ptr))
                    }
                };
                if !good {
                    let (from, to) = (print::type_name(from), print::type_name(to));
                    self.error(place, format!("does not convert {from} to {to}"));
                }
            }
            Op::Math { func, args, known, .. } => {
                let ty = self.single(place, data);
                self.kind(place, ty, ty.is_float());
                self.expect_list(place, "arguments", args, &vec![ty; func.arity()]);
                if let Some((cond, value)) = known {
                    self.expect(place, *cond, Ty::Bool);
                    self.expect(place, *value, ty);
                }
            }
            Op::PtrAdd { base, bytes } => {
                self.results(place, data, &[Ty::Ptr]);
                self.expect(place, *base, Ty::Ptr);
                self.expect(place, *bytes, Ty::I64);
            }
            Op::Load { addr, .. } => {
                self.single(place, data);
                self.address(place, addr);
            }
            Op::Store { addr, value, .. } => {
                self.results(place, data, &[]);
                self.address(place, addr);
                self.use_of(place, *value);
            }
            Op::Hidden { word } => match self.module.hidden.get(*word as usize) {
                Some(ty) => self.results(place, data, &[*ty]),
                None => self.error(place, "no such hidden word"),
            },
            Op::StackAddr(slot) => {
                self.results(place, data, &[Ty::Ptr]);
                if slot.0 as usize >= self.func.stack_slots.len() {
                    self.error(place, format!("{slot} does not exist"));
                }
            }
            Op::FuncAddr(func) => {
                self.results(place, data, &[Ty::Ptr]);
                match self.module.funcs.items.get(func.0 as usize) {
                    Some(callee) if matches!(callee.kind, FuncKind::Chunk { .. }) => {}
                    Some(_) => self.error(place, format!("{func} is not the body of a parallel loop")),
                    None => self.error(place, format!("{func} does not exist")),
                }
            }
            Op::Guard { cond, fail } => {
                self.results(place, data, &[]);
                self.expect(place, *cond, Ty::Bool);
                self.fail(place, fail);
            }
            Op::OwnerSet { slot, value } => {
                self.results(place, data, &[]);
                self.expect(place, *value, Ty::Ptr);
                self.owner(place, *slot);
            }
            Op::OwnerTake { slot } => {
                self.results(place, data, &[Ty::Ptr]);
                self.owner(place, *slot);
            }
            Op::Runtime { func, args } => self.runtime(place, data, *func, args, false),
            Op::RuntimeStatus { func, args } => self.runtime(place, data, *func, args, true),
            Op::Call { func, args, site, .. } => {
                self.site(place, *site);
                match self.module.funcs.items.get(func.0 as usize) {
                    Some(callee) if callee.kind == FuncKind::Normal => {
                        let params: Vec<Ty> = callee
                            .regions
                            .items
                            .get(callee.body.0 as usize)
                            .map(|body| body.params.iter().map(|v| callee.values[*v].ty).collect())
                            .unwrap_or_default();
                        self.expect_list(place, "arguments", args, &params);
                        self.results(place, data, &callee.results);
                    }
                    Some(_) => self.error(place, format!("{func} is the body of a parallel loop")),
                    None => self.error(place, format!("{func} does not exist")),
                }
            }
            Op::Block { body } => {
                self.params(place, *body, &[]);
                self.enclosed(inst, *body);
            }
            Op::If { cond, then, orelse } => {
                self.expect(place, *cond, Ty::Bool);
                self.params(place, *then, &[]);
                self.params(place, *orelse, &[]);
                self.enclosed(inst, *then);
                self.enclosed(inst, *orelse);
            }
            Op::For { lo, hi, init, body, mode } => {
                self.expect(place, *lo, Ty::I64);
                self.expect(place, *hi, Ty::I64);
                let results = self.types(&data.results);
                self.expect_list(place, "carried values", init, &results);
                let mut params = vec![Ty::I64];
                params.extend(results);
                self.params(place, *body, &params);
                match mode {
                    LoopMode::Serial => {}
                    LoopMode::Vector { lanes, .. } => {
                        if *lanes < 2 {
                            self.error(place, "a vector loop runs at least two iterations at once");
                        }
                    }
                    LoopMode::Parallel { reductions, .. } => {
                        if reductions.len() != init.len() {
                            self.error(place, "needs one reduction for each carried value");
                        }
                        let best = |reduction: &Reduction| match reduction.combine {
                            Combine::Op(_) | Combine::Extreme { .. } => None,
                            Combine::Best { key, .. } => Some(key as usize),
                        };
                        if reductions.iter().filter_map(best).any(|key| key >= reductions.len()) {
                            self.error(place, "a reduction that is decided by none");
                        }
                    }
                }
                self.enclosed(inst, *body);
                // Only what is well formed can be looked at.
                if let LoopMode::Vector { reassoc, .. } = mode
                    && self.errors.is_empty()
                    && let Err(why) = super::vloop::derive(self.func, inst, *reassoc)
                {
                    self.error(place, format!("is no vector loop: {why:?}"));
                }
            }
            Op::Loop { init, body } => {
                self.results(place, data, &[]);
                for value in init {
                    self.use_of(place, *value);
                }
                let params = self.types(init);
                self.params(place, *body, &params);
                self.enclosed(inst, *body);
            }
        }
    }

    fn owner(&mut self, place: &str, slot: OwnerSlot) {
        if slot.0 >= self.func.owner_slots {
            self.error(place, format!("{slot} does not exist"));
        }
    }

    fn runtime(&mut self, place: &str, data: &InstData, func: RuntimeFn, args: &[Value], status: bool) {
        let signature = effect::signature(func);
        if signature.status != status {
            self.error(place, "status functions and only they are called with `runtime?`");
        }
        self.expect_list(place, "arguments", args, signature.params);
        let results: Vec<Ty> = signature.result.into_iter().collect();
        self.results(place, data, &results);
    }

    /// Checks the parameters of a nested region.
    fn params(&mut self, place: &str, region: Region, types: &[Ty]) {
        if let Some(data) = self.func.regions.items.get(region.0 as usize) {
            let found = self.types(&data.params);
            if found != types {
                self.error(place, format!("{region} has parameters {found:?}, expected {types:?}"));
            }
        }
    }

    fn enclosed(&mut self, inst: Inst, region: Region) {
        self.enclosing.push(inst);
        self.region(region, Some(inst));
        self.enclosing.pop();
    }

    /// Position of the innermost parallel loop around this place in `enclosing`.
    fn fence(&self) -> Option<usize> {
        self.enclosing.iter().rposition(|inst| {
            matches!(self.func.insts[*inst].op, Op::For { mode: LoopMode::Parallel { .. }, .. })
        })
    }

    fn jump(&mut self, place: &str, to: Inst) -> Option<usize> {
        let at = self.enclosing.iter().rposition(|inst| *inst == to);
        if at.is_none() {
            self.error(place, format!("{to} does not enclose this place"));
        }
        at
    }

    fn end(&mut self, region: Region, end: &End, owner: Option<Inst>) {
        let place = format!("end of {region}");
        let place = place.as_str();
        match end {
            End::Yield(args) => match owner.map(|inst| &self.func.insts[inst]) {
                None => self.error(place, "the body of a function does not yield"),
                Some(data) => {
                    let types = if let Op::Loop { init, .. } = &data.op {
                        self.types(init)
                    } else {
                        self.types(&data.results)
                    };
                    self.expect_list(place, "yield", args, &types);
                }
            },
            End::Continue { to, args } => {
                let Some(at) = self.jump(place, *to) else { return };
                if self.fence().is_some_and(|fence| at < fence) {
                    self.error(place, "leaves a parallel loop");
                }
                let target = &self.func.insts[*to];
                let types = if let Op::For { .. } = &target.op {
                    self.types(&target.results)
                } else if let Op::Loop { init, .. } = &target.op {
                    self.types(init)
                } else {
                    return self.error(place, format!("{to} is not a loop"));
                };
                self.expect_list(place, "continue", args, &types);
            }
            End::Break { to, args } => {
                let Some(at) = self.jump(place, *to) else { return };
                if self.fence().is_some_and(|fence| at < fence) {
                    self.error(place, "leaves a parallel loop");
                }
                if !matches!(self.func.insts[*to].op, Op::Block { .. }) {
                    return self.error(place, format!("{to} is not a block"));
                }
                let types = self.types(&self.func.insts[*to].results);
                self.expect_list(place, "break", args, &types);
            }
            End::Return(args) => {
                if self.fence().is_some() {
                    self.error(place, "returns out of a parallel loop");
                }
                let results = &self.func.results;
                self.expect_list(place, "return", args, results);
            }
            End::Fail(fail) => self.fail(place, fail),
            End::Unreachable => {}
        }
    }
}
