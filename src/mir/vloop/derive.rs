//! A `For` as a `VLoop`, or why not.
//!
//! In: an innermost `For`. Out: its body with branches turned into masks, addresses taken apart, carried
//! values recognised as reductions, guards as masks that must be true. Whether several iterations may run at
//! once is not decided here: see `opt::vectorize`. Invariant: the same loop gives the same `VLoop`, whatever its
//! mode.
//!
//! Pure operations are translated when somebody asks for their value; loads, stores and branches in the
//! order of the program.

use super::affine::{Affine, Forms};
use super::{Input, Lane, Node, NodeOp, Place, Stride, VLoop};
use crate::builtin::Straight;
use crate::mir::effect::constant;
use crate::mir::remark::NotVectorized;
use crate::mir::{
    Address, BinaryOp, CheckedOp, Cond, ConvertOp, Def, End, Function, Inst, Mem, Op, Region, Ty, UnaryOp,
    Value, eval, walk,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

pub(super) type Result<T> = std::result::Result<T, NotVectorized>;

/// A mask as the conjunction of an outer one and a condition or its opposite.
struct Arm {
    outer: Option<Lane>,
    cond: Lane,
    positive: bool,
}

struct PendingStore {
    at: Place,
    value: Lane,
    mask: Option<Lane>,
    ty: Ty,
    /// Place in the order of accesses.
    order: u32,
}

pub(super) struct Derive<'a> {
    pub func: &'a Function,
    pub counter: Value,
    pub inside: FxHashSet<Value>,
    forms: Forms<'a>,
    pub out: VLoop,
    inputs: FxHashMap<Value, Input>,
    lanes: FxHashMap<Value, Lane>,
    consts: FxHashMap<(Ty, u64), Lane>,
    /// Results of an `If`: the condition and what the arms yield.
    pub choices: FxHashMap<Value, (Value, Value, Value)>,
    /// Carried values that are counters themselves: their start, the loop's start, and their step.
    pub inductions: FxHashMap<Value, (Value, Value, i64)>,
    /// What each mask of an arm is made of.
    arms: FxHashMap<Lane, Arm>,
    /// Sums of a carried value that are checked: those that no reduction has been found for yet, and how many
    /// others.
    pub sums: FxHashSet<Inst>,
    pub summed: usize,
    loads: Vec<(Lane, u32)>,
    stores: Vec<PendingStore>,
    accesses: u32,
}

/// The vector loop of a `For`. `reassoc`: sums and products of floats in any order.
pub fn derive(func: &Function, inst: Inst, reassoc: bool) -> Result<VLoop> {
    let Op::For { lo, init, body, .. } = &func.insts[inst].op else { return Err(NotVectorized::Nested) };
    let (lo, body) = (*lo, *body);
    let mut inside = FxHashSet::default();
    let mut nested = false;
    walk::for_each_region(func, body, &mut |region| {
        inside.extend(func.regions[region].params.iter().copied());
        for inst in &func.regions[region].insts {
            inside.extend(func.insts[*inst].results.iter().copied());
            nested |= matches!(func.insts[*inst].op, Op::For { .. } | Op::Loop { .. });
        }
    });
    if nested {
        return Err(NotVectorized::Nested);
    }
    let params = &func.regions[body].params;
    let End::Yield(next) = &func.regions[body].end else { return Err(NotVectorized::Branches) };
    let counter = params[0];
    let shared = inside.clone();
    let mut inductions = FxHashMap::default();
    let mut carried_forms = Vec::new();
    for ((param, next), init) in params[1..].iter().zip(next).zip(init) {
        if let Some(step) = step(func, *param, *next) {
            inductions.insert(*param, (*init, lo, step));
            // init + (i - lo) * step
            let terms = BTreeMap::from([(*init, 1)]);
            let start = Affine { terms, ..Affine::default() };
            let offset = match constant(func, lo) {
                Some(k) => Affine { constant: k.wrapping_neg(), ..Affine::default() },
                None => Affine { terms: BTreeMap::from([(lo, -1)]), ..Affine::default() },
            };
            let start = match constant(func, *init) {
                Some(k) => Affine { constant: k, ..Affine::default() },
                None => start,
            };
            let moved = Affine { step: 1, ..Affine::default() }.plus(&offset).and_then(|x| x.times(step));
            if let Some(form) = moved.and_then(|moved| start.plus(&moved)) {
                carried_forms.push((*param, form));
            }
        }
    }
    let mut forms = Forms::new(func, &shared, counter);
    for (param, form) in carried_forms {
        forms.set(param, form);
    }
    let mut derive = Derive {
        func,
        counter,
        inside,
        forms,
        out: VLoop::default(),
        inputs: FxHashMap::default(),
        lanes: FxHashMap::default(),
        consts: FxHashMap::default(),
        choices: FxHashMap::default(),
        inductions,
        arms: FxHashMap::default(),
        sums: FxHashSet::default(),
        summed: 0,
        loads: Vec::new(),
        stores: Vec::new(),
        accesses: 0,
    };
    derive.region(body, None)?;
    let carried: Vec<(Value, Value)> = params[1..].iter().copied().zip(next.iter().copied()).collect();
    let searches = derive.searches(&carried, lo)?;
    for ((param, next), search) in carried.into_iter().zip(searches) {
        let reduction = search.map_or_else(|| derive.reduction(param, next, reassoc), Ok)?;
        derive.out.reductions.push(reduction);
    }
    if !derive.sums.is_empty() {
        return Err(NotVectorized::Check);
    }
    Ok(derive.finish())
}

/// The step of a carried value that grows by a constant.
fn step(func: &Function, param: Value, next: Value) -> Option<i64> {
    if func.values[param].ty != Ty::I64 {
        return None;
    }
    let Def::Result { inst, index: 0 } = func.values[next].def else { return None };
    if let Op::Binary { op: BinaryOp::Iadd, lhs, rhs } | Op::Checked { op: CheckedOp::Add, lhs, rhs } =
        func.insts[inst].op
    {
        if lhs == param {
            constant(func, rhs)
        } else if rhs == param {
            constant(func, lhs)
        } else {
            None
        }
    } else {
        None
    }
}

impl Derive<'_> {
    /// Stores behind all else; what an unmasked access touches needs no mask.
    fn finish(mut self) -> VLoop {
        let mut order: Vec<(u32, Lane)> = Vec::new();
        // (Behind a check it may be that an iteration does not come to it.)
        let first_check = self.out.checks.first().map(|check| check.before);
        let reached = |lane: Lane| first_check.is_none_or(|first| lane < first);
        let mut touched: FxHashSet<Place> = FxHashSet::default();
        for (lane, _) in &self.loads {
            if let NodeOp::Load { at, mask: None } = &self.out.node(*lane).op
                && reached(*lane)
            {
                touched.insert(at.clone());
            }
        }
        for store in &self.stores {
            if store.mask.is_none() && first_check.is_none() {
                touched.insert(store.at.clone());
            }
        }
        for (lane, at_order) in &self.loads {
            if let NodeOp::Load { at, mask } = &mut self.out.nodes[lane.0 as usize].op
                && touched.contains(at)
            {
                *mask = None;
            }
            order.push((*at_order, *lane));
        }
        for store in std::mem::take(&mut self.stores) {
            let op = NodeOp::Store { at: store.at, value: store.value, mask: store.mask };
            let lane = self.node(store.ty, op);
            order.push((store.order, lane));
        }
        order.sort_unstable();
        self.out.accesses = order.into_iter().map(|(_, lane)| lane).collect();
        self.out
    }

    pub fn node(&mut self, ty: Ty, op: NodeOp) -> Lane {
        self.out.nodes.push(Node { ty, op });
        Lane(self.out.nodes.len() as u32 - 1)
    }

    pub fn binary(&mut self, op: BinaryOp, lhs: Lane, rhs: Lane) -> Lane {
        let ty = self.out.node(lhs).ty;
        self.node(ty, NodeOp::Binary { op, lhs, rhs })
    }

    pub fn unary(&mut self, op: UnaryOp, arg: Lane) -> Lane {
        let ty = self.out.node(arg).ty;
        self.node(ty, NodeOp::Unary { op, arg })
    }

    pub fn select(&mut self, cond: Lane, then: Lane, orelse: Lane) -> Lane {
        let ty = self.out.node(then).ty;
        self.node(ty, NodeOp::Select { cond, then, orelse })
    }

    pub fn constant(&mut self, ty: Ty, bits: u64) -> Lane {
        if let Some(lane) = self.consts.get(&(ty, bits)) {
            return *lane;
        }
        let lane = self.node(ty, NodeOp::Const(bits));
        self.consts.insert((ty, bits), lane);
        lane
    }

    fn input(&mut self, value: Value) -> Input {
        if let Some(input) = self.inputs.get(&value) {
            return *input;
        }
        self.out.inputs.push((value, self.func.values[value].ty));
        let input = Input(self.out.inputs.len() as u32 - 1);
        self.inputs.insert(value, input);
        input
    }

    pub fn no_form<T>(&self) -> Result<T> {
        Err(NotVectorized::Operation)
    }

    /// Translates a region, of which the lanes of the mask take part.
    fn region(&mut self, region: Region, mask: Option<Lane>) -> Result<()> {
        let func = self.func;
        for inst in &func.regions[region].insts {
            let data = &func.insts[*inst];
            match &data.op {
                Op::Load { mem, addr } => self.load(data.results[0], *mem, addr, mask)?,
                Op::Store { mem, addr, value } => self.store(*mem, addr, *value, mask)?,
                Op::If { cond, then, orelse } => {
                    self.choice(*cond, *then, *orelse, &data.results, mask)?;
                }
                Op::Guard { cond, .. } => self.check(*cond, mask)?,
                Op::Runtime { .. }
                | Op::RuntimeStatus { .. }
                | Op::Call { .. }
                | Op::OwnerSet { .. }
                | Op::OwnerTake { .. } => return Err(NotVectorized::Call),
                Op::Block { .. } => return Err(NotVectorized::Branches),
                Op::For { .. } | Op::Loop { .. } => return Err(NotVectorized::Nested),
                Op::Iconst(_)
                | Op::Fconst(_)
                | Op::Unary { .. }
                | Op::Binary { .. }
                | Op::Checked { .. }
                | Op::Compare { .. }
                | Op::Select { .. }
                | Op::Convert { .. }
                | Op::Math { .. }
                | Op::PtrAdd { .. }
                | Op::Hidden { .. }
                | Op::StackAddr(_)
                | Op::FuncAddr(_) => {}
            }
        }
        match func.regions[region].end {
            End::Yield(_) => Ok(()),
            End::Continue { .. } | End::Break { .. } | End::Return(_) | End::Fail(_) | End::Unreachable => {
                Err(NotVectorized::Branches)
            }
        }
    }

    fn choice(
        &mut self,
        cond: Value,
        then: Region,
        orelse: Region,
        results: &[Value],
        mask: Option<Lane>,
    ) -> Result<()> {
        let func = self.func;
        for (region, positive) in [(then, true), (orelse, false)] {
            if !func.regions[region].insts.is_empty() {
                let mask = self.arm(cond, positive, mask, region)?;
                self.region(region, mask)?;
            } else if !matches!(func.regions[region].end, End::Yield(_)) {
                return Err(NotVectorized::Branches);
            }
        }
        let (then, orelse) =
            (walk::end_values(&func.regions[then].end), walk::end_values(&func.regions[orelse].end));
        for ((result, then), orelse) in results.iter().zip(then).zip(orelse) {
            self.choices.insert(*result, (cond, *then, *orelse));
        }
        Ok(())
    }

    /// The mask of an arm, where anything in it asks for one.
    fn arm(
        &mut self,
        cond: Value,
        positive: bool,
        outer: Option<Lane>,
        region: Region,
    ) -> Result<Option<Lane>> {
        let touches = |inst: &Inst| {
            matches!(
                self.func.insts[*inst].op,
                Op::Load { .. } | Op::Store { .. } | Op::If { .. } | Op::Guard { .. }
            )
        };
        if !self.func.regions[region].insts.iter().any(touches) {
            return Ok(None);
        }
        let cond = self.lane(cond)?;
        let own = if positive { cond } else { self.unary(UnaryOp::Bnot, cond) };
        let mask = match outer {
            None => own,
            Some(outer) => self.binary(BinaryOp::Band, outer, own),
        };
        // A mask that is a condition as it is may be that of several arms.
        self.arms.entry(mask).or_insert(Arm { outer, cond, positive });
        Ok(Some(mask))
    }

    /// The condition of which two masks are the two sides, and the mask of both together.
    fn opposite(&self, a: Option<Lane>, b: Option<Lane>) -> Option<(Lane, Option<Lane>, bool)> {
        let (a, b) = (self.arms.get(&a?)?, self.arms.get(&b?)?);
        let apart = a.outer == b.outer && a.cond == b.cond && a.positive != b.positive;
        apart.then_some((a.cond, a.outer, a.positive))
    }

    fn load(&mut self, result: Value, mem: Mem, addr: &Address, mask: Option<Lane>) -> Result<()> {
        let ty = self.func.values[result].ty;
        if ty == Ty::Ptr {
            return self.no_form();
        }
        let at = self.place(mem, addr)?;
        // What this iteration has stored there.
        if let Some(store) = self.stores.iter().rev().find(|store| store.at == at) {
            if store.ty == ty && (store.mask.is_none() || store.mask == mask) {
                let value = store.value;
                self.lanes.insert(result, value);
                return Ok(());
            }
            return Err(NotVectorized::Overlap);
        }
        for k in 0..self.loads.len() {
            let known = self.loads[k].0;
            let node = self.out.node(known);
            let NodeOp::Load { at: place, mask: other } = &node.op else { continue };
            if *place != at || node.ty != ty {
                continue;
            }
            let other = *other;
            let checked = self.out.checks.last().is_some_and(|check| known < check.before);
            let wider = if other.is_none() || other == mask {
                other
            } else if let Some((_, outer, _)) = self.opposite(other, mask) {
                outer
            } else {
                continue;
            };
            // It would touch, before a check, what is touched behind it.
            if wider != other && checked {
                continue;
            }
            if let NodeOp::Load { mask, .. } = &mut self.out.nodes[known.0 as usize].op {
                *mask = wider;
            }
            self.lanes.insert(result, known);
            return Ok(());
        }
        let lane = self.node(ty, NodeOp::Load { at, mask });
        self.loads.push((lane, self.accesses));
        self.accesses += 1;
        self.lanes.insert(result, lane);
        Ok(())
    }

    fn store(&mut self, mem: Mem, addr: &Address, value: Value, mask: Option<Lane>) -> Result<()> {
        let ty = self.func.values[value].ty;
        if ty == Ty::Ptr {
            return self.no_form();
        }
        let at = self.place(mem, addr)?;
        if at.stride == Stride::Known(0) {
            return Err(NotVectorized::Overlap);
        }
        let value = self.lane(value)?;
        // One store instead of two to the same place, if no other of that memory stands between.
        let near = self.stores.iter().rposition(|store| store.at.mem == at.mem);
        if let Some(near) = near
            && self.stores[near].at == at
            && self.stores[near].ty == ty
        {
            let (before, last_mask) = (self.stores[near].value, self.stores[near].mask);
            let merged = if mask.is_none() || mask == last_mask {
                Some((value, mask))
            } else if let Some((cond, outer, first)) = self.opposite(last_mask, mask) {
                let (then, orelse) = if first { (before, value) } else { (value, before) };
                Some((self.select(cond, then, orelse), outer))
            } else if last_mask.is_none() {
                mask.map(|mask| (self.select(mask, value, before), None))
            } else {
                None
            };
            if let Some((value, mask)) = merged {
                self.stores[near].value = value;
                self.stores[near].mask = mask;
                return Ok(());
            }
        }
        self.stores.push(PendingStore { at, value, mask, ty, order: self.accesses });
        self.accesses += 1;
        Ok(())
    }

    fn place(&mut self, mem: Mem, addr: &Address) -> Result<Place> {
        let disp = Affine { constant: i64::from(addr.disp), ..Affine::default() };
        let base = self.forms.of(addr.base).and_then(|base| base.plus(&disp));
        let base = base.ok_or(NotVectorized::Scattered)?;
        let (form, stride) = match addr.index {
            None => (base, None),
            Some((index, scale)) => {
                let index_form = self.forms.of(index).and_then(|form| form.times(i64::from(scale)));
                match index_form.and_then(|form| base.clone().plus(&form)) {
                    Some(form) => (form, None),
                    None => (base, Some(Stride::Index(self.lane(index)?, scale))),
                }
            }
        };
        let (Some(ptr), Ok(disp)) = (form.ptr, i32::try_from(form.constant)) else {
            return Err(NotVectorized::Scattered);
        };
        let stride = match (stride, form.by) {
            (None, None) => Stride::Known(form.step),
            (None, Some((value, factor))) if form.step == 0 => Stride::Input(self.input(value), factor),
            (Some(stride), None) if form.step == 0 => stride,
            (None | Some(_), None | Some(_)) => return Err(NotVectorized::Scattered),
        };
        let base = self.input(ptr);
        let mut terms: Vec<(Input, i64)> =
            form.terms.iter().map(|(value, factor)| (self.input(*value), *factor)).collect();
        terms.sort_unstable();
        Ok(Place { mem, base, terms, disp, stride })
    }

    pub fn lanes_of(&mut self, values: &[Value]) -> Result<Vec<Lane>> {
        values.iter().map(|value| self.lane(*value)).collect()
    }

    /// The value in every iteration.
    pub fn lane(&mut self, value: Value) -> Result<Lane> {
        if let Some(lane) = self.lanes.get(&value) {
            return Ok(*lane);
        }
        let lane = self.translate(value)?;
        self.lanes.insert(value, lane);
        Ok(lane)
    }

    fn translate(&mut self, value: Value) -> Result<Lane> {
        let func = self.func;
        let ty = func.values[value].ty;
        if let Some(op) = crate::mir::effect::def_op(func, value) {
            if let Op::Iconst(k) = op
                && ty != Ty::Ptr
            {
                return Ok(self.constant(ty, eval::canonical(ty, *k as u64)));
            }
            if let Op::Fconst(bits) = op {
                return Ok(self.constant(ty, *bits));
            }
        }
        if !self.inside.contains(&value) {
            let input = self.input(value);
            return if ty == Ty::Ptr { self.no_form() } else { Ok(self.node(ty, NodeOp::Splat(input))) };
        }
        if value == self.counter {
            return Ok(self.node(Ty::I64, NodeOp::Counter));
        }
        if let Some((init, lo, step)) = self.inductions.get(&value).copied() {
            let counter = self.lane(self.counter)?;
            let (init, lo) = (self.lane(init)?, self.lane(lo)?);
            let step = self.constant(Ty::I64, step as u64);
            let turns = self.binary(BinaryOp::Isub, counter, lo);
            let moved = self.binary(BinaryOp::Imul, turns, step);
            return Ok(self.binary(BinaryOp::Iadd, init, moved));
        }
        if let Some((cond, then, orelse)) = self.choices.get(&value).copied() {
            let (then, orelse) = (self.lane(then)?, self.lane(orelse)?);
            let cond = self.lane(cond)?;
            return Ok(self.select(cond, then, orelse));
        }
        let Def::Result { inst, index } = func.values[value].def else { return Err(NotVectorized::Carried) };
        let data = &func.insts[inst];
        match &data.op {
            Op::Unary { op, arg } => match op {
                UnaryOp::Ineg | UnaryOp::Bnot | UnaryOp::Fneg => {
                    let arg = self.lane(*arg)?;
                    Ok(self.unary(*op, arg))
                }
                UnaryOp::Popcnt | UnaryOp::Clz | UnaryOp::Ctz => self.no_form(),
            },
            Op::Binary { op, lhs, rhs } => {
                if !has_lanes(*op) || ty == Ty::Ptr {
                    return self.no_form();
                }
                let (lhs, rhs) = (self.lane(*lhs)?, self.lane(*rhs)?);
                Ok(self.binary(*op, lhs, rhs))
            }
            Op::Checked { op, lhs, rhs } if index == 0 => {
                let op = match op {
                    CheckedOp::Add => BinaryOp::Iadd,
                    CheckedOp::Sub => BinaryOp::Isub,
                    CheckedOp::Mul => BinaryOp::Imul,
                };
                let (lhs, rhs) = (self.lane(*lhs)?, self.lane(*rhs)?);
                Ok(self.binary(op, lhs, rhs))
            }
            Op::Checked { op, lhs, rhs } => {
                let (result, lhs, rhs) = (data.results[0], *lhs, *rhs);
                self.overflow(*op, lhs, rhs, result)
            }
            Op::Compare { cond, lhs, rhs } => self.compare(*cond, *lhs, *rhs),
            Op::Select { cond, then, orelse } => {
                let (then, orelse) = (self.lane(*then)?, self.lane(*orelse)?);
                let cond = self.lane(*cond)?;
                Ok(self.select(cond, then, orelse))
            }
            Op::Convert { op, arg } => self.convert(*op, *arg, ty),
            Op::Math { func: math, args, known: Some((ok, value)), .. } => {
                if ty != Ty::F64 {
                    return self.no_form();
                }
                let args = self.lanes_of(args)?;
                let (ok, value) = (self.lane(*ok)?, self.lane(*value)?);
                Ok(self.node(ty, NodeOp::Otherwise { func: *math, args, ok, value }))
            }
            Op::Math { func: math, args, near, known: None } => {
                let expands = *near && math.straight() != Straight::No;
                if !math.is_instruction() && !expands {
                    return self.no_form();
                }
                let args = self.lanes_of(args)?;
                Ok(self.node(ty, NodeOp::Math { func: *math, args }))
            }
            Op::Iconst(_)
            | Op::Fconst(_)
            | Op::PtrAdd { .. }
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
            | Op::Loop { .. } => self.no_form(),
        }
    }

    pub fn compare(&mut self, cond: Cond, lhs: Value, rhs: Value) -> Result<Lane> {
        let ty = self.func.values[lhs].ty;
        if ty == Ty::Ptr {
            return self.no_form();
        }
        let (lhs, rhs) = (self.lane(lhs)?, self.lane(rhs)?);
        if ty != Ty::Bool {
            return Ok(self.node(Ty::Bool, NodeOp::Compare { cond, lhs, rhs }));
        }
        match cond {
            Cond::Ne => Ok(self.binary(BinaryOp::Bxor, lhs, rhs)),
            Cond::Eq => {
                let differ = self.binary(BinaryOp::Bxor, lhs, rhs);
                Ok(self.unary(UnaryOp::Bnot, differ))
            }
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
            | Cond::Fne => self.no_form(),
        }
    }

    fn convert(&mut self, op: ConvertOp, arg: Value, ty: Ty) -> Result<Lane> {
        let from = self.func.values[arg].ty;
        if from == Ty::Ptr || ty == Ty::Ptr {
            return self.no_form();
        }
        let arg = self.lane(arg)?;
        match (from, ty) {
            (Ty::Bool, Ty::Bool) => Ok(arg),
            (_, Ty::Bool) if op == ConvertOp::Trunc => {
                let (one, zero) = (self.constant(from, 1), self.constant(from, 0));
                let bit = self.binary(BinaryOp::Band, arg, one);
                Ok(self.node(Ty::Bool, NodeOp::Compare { cond: Cond::Ne, lhs: bit, rhs: zero }))
            }
            (_, Ty::Bool) => self.no_form(),
            (Ty::Bool, _) if !matches!(op, ConvertOp::Zext | ConvertOp::UintToFloat) => self.no_form(),
            (_, _) => Ok(self.node(ty, NodeOp::Convert { op, arg })),
        }
    }

    /// Values that depend on a carried value.
    pub fn depends(&self, value: Value, on: Value) -> bool {
        let mut seen = FxHashSet::default();
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            if value == on {
                return true;
            }
            if !self.inside.contains(&value) || !seen.insert(value) {
                continue;
            }
            if let Some((cond, then, orelse)) = self.choices.get(&value) {
                open.extend([*cond, *then, *orelse]);
            } else if let Some(op) = crate::mir::effect::def_op(self.func, value) {
                walk::operands(op, |operand| open.push(operand));
            }
        }
        false
    }
}

fn has_lanes(op: BinaryOp) -> bool {
    match op {
        BinaryOp::Iadd
        | BinaryOp::Isub
        | BinaryOp::Imul
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
        | BinaryOp::Fadd
        | BinaryOp::Fsub
        | BinaryOp::Fmul
        | BinaryOp::Fdiv
        | BinaryOp::Fmin
        | BinaryOp::Fmax => true,
        BinaryOp::Sdiv
        | BinaryOp::Udiv
        | BinaryOp::Srem
        | BinaryOp::Urem
        | BinaryOp::FloorDiv
        | BinaryOp::FloorMod
        | BinaryOp::Smulhi
        | BinaryOp::Umulhi => false,
    }
}
