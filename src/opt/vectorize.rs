//! Marks innermost loops that several iterations of may run at once.
//!
//! Precondition: the last pass; guards are gone from the loops that it takes. Effect: a loop whose
//! body is straight-line arithmetic on one type, with loads and stores of consecutive elements and without
//! carried values, becomes `if no overlap { vector loop } else { the loop }`; loads that do not change go in
//! front of the vector loop. Results keep their bits: lanes compute what iterations computed. Linear, but
//! for the overlap tests, of which there are at most `MOST_TESTS`.
//!
//! ```text
//! for v1 in lo..hi { v2 = load [v8 + v1*8]; v3 = fmul v2, v2; store [v9 + v1*8] = v3 }
//! ->  v4 = (v8.. and v9.. do not overlap); if v4 { for vector 2 ... } else { for ... }
//! ```

use super::growth;
use crate::mir::effect;
use crate::mir::remark::{NotVectorized, RemarkKind};
use crate::mir::walk::{self, Remap};
use crate::mir::*;
use crate::options::Options;
use std::collections::{HashMap, HashSet};

/// Bytes of a vector register.
const VECTOR_BYTES: u32 = 16;
/// More overlap tests than this before a loop do not pay.
const MOST_TESTS: usize = 8;
/// Longest body, in instructions.
const LARGEST: usize = 60;

/// Memory that a loop touches: consecutive elements, or one that does not change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    base: Value,
    /// Added to the counter.
    offset: Option<Value>,
    /// Moves with the counter.
    moves: bool,
}

/// All accesses to one place.
#[derive(Clone, Debug)]
struct Group {
    place: Place,
    stored: bool,
    least: i32,
    most: i32,
}

/// What the vector loop is made of.
struct Plan {
    elem: Ty,
    groups: Vec<Group>,
    /// Loads that do not change.
    fixed: Vec<Inst>,
}

impl Plan {
    fn lanes(&self) -> u32 {
        VECTOR_BYTES / self.elem.bytes()
    }
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let body = func.body;
    region(func, body)
}

fn region(func: &mut Function, at: Region) -> bool {
    let insts = std::mem::take(&mut func.regions[at].insts);
    let mut out = Vec::with_capacity(insts.len());
    let mut changed = false;
    for inst in insts {
        if let Op::For { lo, hi, init, body, mode: LoopMode::Serial } = &func.insts[inst].op {
            let (lo, hi, body) = (*lo, *hi, *body);
            let plan = if init.is_empty() { plan(func, body) } else { Err(NotVectorized::Carried) };
            let plan = plan.and_then(|plan| {
                let short = effect::trip(func, lo, hi).is_some_and(|n| n < u64::from(2 * plan.lanes()));
                if short {
                    Err(NotVectorized::Short)
                } else if !growth::takes(func, func.regions[body].insts.len()) {
                    Err(NotVectorized::Large)
                } else {
                    Ok(plan)
                }
            });
            let line = func.insts[inst].line;
            match plan {
                Ok(plan) => {
                    transform(func, inst, (lo, hi), body, &plan, &mut out);
                    let lanes = plan.lanes();
                    func.remark(line, || RemarkKind::Vectorized { lanes, ty: plan.elem, unroll: 1 });
                    changed = true;
                    continue;
                }
                Err(why) if !walk::has_loop(func, body) => {
                    func.remark(line, || RemarkKind::NotVectorized(why));
                }
                Err(_) => {}
            }
        }
        for nested in walk::regions(&func.insts[inst].op) {
            if !func.regions[nested].rare {
                changed |= region(func, nested);
            }
        }
        out.push(inst);
    }
    func.regions[at].insts = out;
    changed
}

/// What is known of a value in the body.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    /// Differs from lane to lane.
    Lane,
    /// The counter plus a value from outside.
    Counter(Option<Value>),
}

fn plan(func: &Function, body: Region) -> Result<Plan, NotVectorized> {
    let data = &func.regions[body];
    if data.insts.len() > LARGEST {
        return Err(NotVectorized::Large);
    }
    if data.end != End::Yield(Vec::new()) {
        return Err(NotVectorized::Branches);
    }
    let mut kinds: HashMap<Value, Kind> = HashMap::new();
    kinds.insert(data.params[0], Kind::Counter(None));
    let inside: HashSet<Value> =
        data.insts.iter().flat_map(|inst| &func.insts[*inst].results).copied().collect();
    let mut elem: Option<Ty> = None;
    let mut same = |ty: Ty| *elem.get_or_insert(ty) == ty;
    let mut groups: Vec<Group> = Vec::new();
    let mut fixed = Vec::new();
    // Exact places of stores so far: what is loaded again must have been forwarded.
    let mut stored: Vec<(Place, i32)> = Vec::new();
    for inst in &data.insts {
        let op = &func.insts[*inst].op;
        let results = &func.insts[*inst].results;
        // A value from outside, or one that differs from lane to lane; not the counter.
        let fits = |value: &Value| match kinds.get(value) {
            Some(Kind::Lane) => true,
            Some(Kind::Counter(_)) => false,
            None => true,
        };
        match op {
            Op::Binary { op: BinaryOp::Iadd, lhs, rhs }
                if matches!(kinds.get(lhs), Some(Kind::Counter(None)))
                    && !inside.contains(rhs)
                    && lhs != rhs =>
            {
                kinds.insert(results[0], Kind::Counter(Some(*rhs)));
            }
            Op::Binary { op: BinaryOp::Iadd, lhs, rhs }
                if matches!(kinds.get(rhs), Some(Kind::Counter(None)))
                    && !inside.contains(lhs)
                    && lhs != rhs =>
            {
                kinds.insert(results[0], Kind::Counter(Some(*lhs)));
            }
            Op::Binary { op, lhs, rhs } => {
                let ty = func.values[results[0]].ty;
                if !fits(lhs) || !fits(rhs) || !has_lanes(*op, ty) {
                    return Err(NotVectorized::Operation);
                }
                if !same(ty) {
                    return Err(NotVectorized::MixedTypes);
                }
                kinds.insert(results[0], Kind::Lane);
            }
            Op::Unary { op: UnaryOp::Fneg, arg } => {
                if !fits(arg) || !same(func.values[*arg].ty) {
                    return Err(NotVectorized::MixedTypes);
                }
                kinds.insert(results[0], Kind::Lane);
            }
            Op::Math { func: MathFn::Sqrt | MathFn::Abs, args, .. } => {
                if !args.iter().all(fits) || !same(func.values[results[0]].ty) {
                    return Err(NotVectorized::MixedTypes);
                }
                kinds.insert(results[0], Kind::Lane);
            }
            Op::Fconst(_) => {
                if !same(func.values[results[0]].ty) {
                    return Err(NotVectorized::MixedTypes);
                }
                kinds.insert(results[0], Kind::Lane);
            }
            Op::Load { addr, .. } => {
                let ty = func.values[results[0]].ty;
                let place = place(addr, &kinds, &inside, ty).ok_or(NotVectorized::Scattered)?;
                if !lane_type(ty) || !same(ty) {
                    return Err(if lane_type(ty) {
                        NotVectorized::MixedTypes
                    } else {
                        NotVectorized::Operation
                    });
                }
                if stored.contains(&(place, addr.disp)) {
                    return Err(NotVectorized::Overlap);
                }
                if place.moves {
                    kinds.insert(results[0], Kind::Lane);
                } else {
                    fixed.push(*inst);
                }
                touch(&mut groups, place, addr.disp, false);
            }
            Op::Store { addr, value, .. } => {
                let ty = func.values[*value].ty;
                let place = place(addr, &kinds, &inside, ty).ok_or(NotVectorized::Scattered)?;
                if !place.moves {
                    return Err(NotVectorized::Carried);
                }
                if !fits(value) || !lane_type(ty) || !same(ty) {
                    return Err(if lane_type(ty) {
                        NotVectorized::MixedTypes
                    } else {
                        NotVectorized::Operation
                    });
                }
                stored.push((place, addr.disp));
                touch(&mut groups, place, addr.disp, true);
            }
            Op::Guard { .. } => return Err(NotVectorized::Check),
            Op::Block { .. } | Op::If { .. } | Op::For { .. } | Op::Loop { .. } => {
                return Err(NotVectorized::Branches);
            }
            Op::OwnerSet { .. }
            | Op::OwnerTake { .. }
            | Op::Runtime { .. }
            | Op::RuntimeStatus { .. }
            | Op::Call { .. } => return Err(NotVectorized::Call),
            Op::Iconst(_)
            | Op::Unary { .. }
            | Op::Checked { .. }
            | Op::Compare { .. }
            | Op::Select { .. }
            | Op::Convert { .. }
            | Op::Math { .. }
            | Op::PtrAdd { .. }
            | Op::Hidden { .. }
            | Op::StackAddr(_)
            | Op::FuncAddr(_) => return Err(NotVectorized::Operation),
        }
    }
    let stores = groups.iter().filter(|group| group.stored).count();
    let tests = stores * (groups.len() - stores) + stores * stores.saturating_sub(1) / 2;
    // One place at several distances, with a store among them, depends on the order of iterations.
    let apart = groups.iter().any(|group| group.stored && group.least != group.most);
    match elem {
        Some(elem) if stores > 0 && tests <= MOST_TESTS && !apart => Ok(Plan { elem, groups, fixed }),
        _ if stores == 0 => Err(NotVectorized::NoStore),
        _ if apart => Err(NotVectorized::Overlap),
        _ => Err(NotVectorized::Tests),
    }
}

fn touch(groups: &mut Vec<Group>, place: Place, disp: i32, store: bool) {
    match groups.iter_mut().find(|group| group.place == place) {
        Some(group) => {
            group.stored |= store;
            group.least = group.least.min(disp);
            group.most = group.most.max(disp);
        }
        None => groups.push(Group { place, stored: store, least: disp, most: disp }),
    }
}

/// Where an address points, if it is fixed or moves by one element with each iteration.
fn place(addr: &Address, kinds: &HashMap<Value, Kind>, inside: &HashSet<Value>, ty: Ty) -> Option<Place> {
    if inside.contains(&addr.base) || kinds.contains_key(&addr.base) {
        return None;
    }
    match addr.index {
        None => Some(Place { base: addr.base, offset: None, moves: false }),
        Some((index, scale)) => match kinds.get(&index) {
            Some(Kind::Counter(offset)) if scale == ty.bytes() => {
                Some(Place { base: addr.base, offset: *offset, moves: true })
            }
            Some(_) => None,
            None if inside.contains(&index) => None,
            None => {
                (scale == ty.bytes()).then_some(Place { base: addr.base, offset: Some(index), moves: false })
            }
        },
    }
}

fn lane_type(ty: Ty) -> bool {
    matches!(ty, Ty::F32 | Ty::F64 | Ty::I32 | Ty::I64)
}

/// Operations that every 128-bit machine does on all lanes at once.
fn has_lanes(op: BinaryOp, ty: Ty) -> bool {
    match op {
        BinaryOp::Fadd | BinaryOp::Fsub | BinaryOp::Fmul | BinaryOp::Fdiv => ty.is_float(),
        BinaryOp::Iadd | BinaryOp::Isub | BinaryOp::Band | BinaryOp::Bor | BinaryOp::Bxor => {
            matches!(ty, Ty::I32 | Ty::I64)
        }
        BinaryOp::Imul
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
        | BinaryOp::Umulhi
        | BinaryOp::Fmin
        | BinaryOp::Fmax => false,
    }
}

/// Appends operations to a list.
struct Code<'a> {
    func: &'a mut Function,
    out: &'a mut Vec<Inst>,
    line: SourcePos,
}

impl Code<'_> {
    fn add(&mut self, op: Op, ty: Ty) -> Value {
        let inst = walk::new_inst(self.func, op, &[ty], self.line);
        self.out.push(inst);
        self.func.insts[inst].results[0]
    }
    fn word(&mut self, value: i64) -> Value {
        self.add(Op::Iconst(value), Ty::I64)
    }
    fn binary(&mut self, op: BinaryOp, lhs: Value, rhs: Value) -> Value {
        let ty = self.func.values[lhs].ty;
        self.add(Op::Binary { op, lhs, rhs }, ty)
    }
    fn compare(&mut self, cond: Cond, lhs: Value, rhs: Value) -> Value {
        self.add(Op::Compare { cond, lhs, rhs }, Ty::Bool)
    }
}

fn transform(
    func: &mut Function,
    inst: Inst,
    (lo, hi): (Value, Value),
    body: Region,
    plan: &Plan,
    out: &mut Vec<Inst>,
) {
    let line = func.insts[inst].line;
    let size = i64::from(plan.elem.bytes());
    let lanes = plan.lanes();
    let mut code = Code { func, out, line };
    // Enough iterations, and not one only because the distance wraps.
    let trip = code.binary(BinaryOp::Isub, hi, lo);
    let enough = code.word(2 * i64::from(lanes));
    let mut all = code.compare(Cond::Sge, trip, enough);
    let some = code.compare(Cond::Slt, lo, hi);
    all = code.binary(BinaryOp::Band, all, some);
    // Start and length in bytes of each place.
    let scale = code.word(size);
    let mut spans = Vec::new();
    if plan.groups.len() > 1 {
        let moved = code.binary(BinaryOp::Imul, lo, scale);
        let length = code.binary(BinaryOp::Imul, trip, scale);
        for group in &plan.groups {
            let base = Op::Convert { op: ConvertOp::Bitcast, arg: group.place.base };
            let mut start = code.add(base, Ty::I64);
            if let Some(offset) = group.place.offset {
                let bytes = code.binary(BinaryOp::Imul, offset, scale);
                start = code.binary(BinaryOp::Iadd, start, bytes);
            }
            let extent = i64::from(group.most) - i64::from(group.least);
            let mut bytes = length;
            if group.place.moves {
                start = code.binary(BinaryOp::Iadd, start, moved);
                if extent != 0 {
                    let extent = code.word(extent);
                    bytes = code.binary(BinaryOp::Iadd, bytes, extent);
                }
            } else {
                bytes = code.word(extent + size);
            }
            if group.least != 0 {
                let least = code.word(i64::from(group.least));
                start = code.binary(BinaryOp::Iadd, start, least);
            }
            spans.push((start, bytes));
        }
    }
    for (k, group) in plan.groups.iter().enumerate() {
        for (j, other) in plan.groups.iter().enumerate() {
            if group.stored && j != k && (!other.stored || j > k) {
                // As unsigned numbers: each starts at least the other's length behind it.
                let ((a, a_bytes), (b, b_bytes)) = (spans[k], spans[j]);
                let forth = code.binary(BinaryOp::Isub, b, a);
                let back = code.binary(BinaryOp::Isub, a, b);
                let forth = code.compare(Cond::Uge, forth, a_bytes);
                let back = code.compare(Cond::Uge, back, b_bytes);
                let apart = code.binary(BinaryOp::Band, forth, back);
                all = code.binary(BinaryOp::Band, all, apart);
            }
        }
    }
    let plain = walk::clone_inst(func, None, inst, &mut Remap::default());
    let then = walk::new_region(func, &[]);
    let orelse = walk::new_region(func, &[]);
    func.regions[orelse].rare = true;
    func.regions[body].insts.retain(|inst| !plan.fixed.contains(inst));
    func.regions[then].insts.clone_from(&plan.fixed);
    func.regions[then].insts.push(inst);
    func.regions[then].end = End::Yield(Vec::new());
    func.regions[orelse].insts.push(plain);
    func.regions[orelse].end = End::Yield(Vec::new());
    if let Op::For { mode, .. } = &mut func.insts[inst].op {
        *mode = LoopMode::Vector { lanes };
    }
    out.push(walk::new_inst(func, Op::If { cond: all, then, orelse }, &[], line));
}
