//! Marks innermost loops that several iterations of may run at once.
//!
//! Precondition: the last pass; of guards only those are left that look at what an iteration loads. Effect: a loop that has a
//! `VLoop`, whose dependences allow it (`depend`) and that gains by it (`cost`) becomes a vector loop; where
//! arrays may overlap, or the loop may be short, `if fine { vector loop } else { the loop }`, with loads that
//! do not change in front of the vector loop. Accesses with strides known at run time only get a copy for
//! consecutive elements. Results keep their bits: lanes compute what iterations computed. Linear, but for
//! the overlap tests, of which there are at most `depend::MOST_TESTS`.
//!
//! ```text
//! for v1 in lo..hi { v2 = load [v8 + v1*8]; v3 = fmul v2, v2; store [v9 + v1*8] = v3 }
//! ->  v4 = (long enough, v8.. and v9.. apart); if v4 { for vector ... } else { for ... }
//! ```

mod cost;
mod depend;
mod early;

use super::arms::{arm, choose};
use super::{contract, growth, jam};
use crate::builtin::Straight;
use crate::mir::remark::{NotVectorized, RemarkKind};
use crate::mir::vloop::{self, Combine, NodeOp, Place, Stride, VLoop};
use crate::mir::walk::{self, Remap};
use crate::mir::*;
use crate::options::Options;
use crate::timing;
use crate::vmath;
use depend::{Linear, Plan};
use early::Known;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Bytes of the vectors that every machine has.
const VECTOR_BYTES: u32 = 16;
/// Longest body, in instructions.
const LARGEST: usize = 150;
/// Fewest iterations of a loop in another that sums up in vectors,
const SHORTEST_ROW: u32 = 16;
/// if its iterations are short: so many operations in all pay for putting the sums together.
const ROW_WORK: u32 = 160;
/// Most lanes of a vector of short rows, some of which it then has to fill.
const SHORT_LANES: u32 = 4;
/// More strides than this are not tested for consecutive elements.
const MOST_STRIDES: usize = 4;

/// What the pass is asked for.
#[derive(Clone, Copy)]
struct Wish<'a> {
    options: &'a Options,
    /// Take loops that would not be faster.
    always: bool,
    /// There is a loop around.
    nested: bool,
    /// Nothing is said of loops: it is of those that they are the rest of.
    spoken_for: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, options: &Options) -> bool {
    let body = func.body;
    let wish = Wish { options, always: false, nested: false, spoken_for: false };
    timing::vectors(|| region(func, body, wish, &mut Known::default()))
}

/// Runs the pass on whatever it can take, for tests.
pub fn force(func: &mut Function, options: &Options) -> bool {
    let body = func.body;
    region(
        func,
        body,
        Wish { options, always: true, nested: false, spoken_for: false },
        &mut Known::default(),
    )
}

fn region(func: &mut Function, at: Region, wish: Wish, known: &mut Known) -> bool {
    let before = known.mark();
    let insts = std::mem::take(&mut func.regions[at].insts);
    let mut out = Vec::with_capacity(insts.len());
    let mut changed = false;
    for inst in insts {
        if let Op::For { body, mode: LoopMode::Serial, .. } = func.insts[inst].op
            && !walk::has_loop(func, body)
        {
            let hoisted = early::hoist(func, inst, known);
            match candidate(func, inst, wish, &mut out) {
                Ok(()) => {
                    changed = true;
                    continue;
                }
                Err(why) => {
                    early::restore(func, hoisted);
                    let line = func.insts[inst].line;
                    if !wish.spoken_for {
                        func.remark(line, || RemarkKind::NotVectorized(why));
                    }
                }
            }
        }
        let looping = matches!(func.insts[inst].op, Op::For { .. } | Op::Loop { .. });
        let rest = out.last().is_some_and(|before| jam::is_rest(func, inst, *before));
        let inner = Wish { nested: wish.nested || looping, spoken_for: wish.spoken_for || rest, ..wish };
        for nested in walk::regions(&func.insts[inst].op) {
            if !func.regions[nested].rare {
                let mark = known.mark();
                if let Op::If { cond, then, .. } = func.insts[inst].op
                    && then == nested
                {
                    known.learn(func, cond);
                }
                changed |= region(func, nested, inner, known);
                known.forget(mark);
            }
        }
        if let Op::Guard { cond, .. } = func.insts[inst].op {
            known.learn(func, cond);
        }
        out.push(inst);
    }
    func.regions[at].insts = out;
    known.forget(before);
    changed
}

/// Makes a vector loop of a loop, with what must stand around it.
fn candidate(
    func: &mut Function,
    inst: Inst,
    wish: Wish,
    out: &mut Vec<Inst>,
) -> std::result::Result<(), NotVectorized> {
    if let Op::For { body, .. } = func.insts[inst].op
        && walk::size(func, body) > LARGEST
    {
        return Err(NotVectorized::Large);
    }
    let vloop = vloop::derive(func, inst, wish.options.fastmath.reassoc)?;
    functions(&vloop)?;
    let strides = strides(func, &vloop);
    if !strides.is_empty() && strides.len() <= MOST_STRIDES {
        let done = consecutive(func, inst, &strides, wish, out);
        if done.is_ok() {
            return done;
        }
    }
    vectorize(func, inst, &vloop, wish, out)
}

fn straight(node: &vloop::Node) -> Straight {
    if let NodeOp::Math { func, .. } = &node.op { func.straight() } else { Straight::No }
}

/// Whether `opt::expand` can do its work on the functions of a loop.
fn functions(vloop: &VLoop) -> std::result::Result<(), NotVectorized> {
    let fused = |node: &vloop::Node| matches!(node.op, NodeOp::Math { func: MathFn::Fma, .. });
    let covered =
        vmath::available() || vloop.nodes.iter().all(|node| straight(node) == Straight::No && !fused(node));
    if covered { Ok(()) } else { Err(NotVectorized::Operation) }
}

fn vectorize(
    func: &mut Function,
    inst: Inst,
    vloop: &VLoop,
    wish: Wish,
    out: &mut Vec<Inst>,
) -> std::result::Result<(), NotVectorized> {
    let stores = vloop.nodes.iter().any(|node| matches!(node.op, NodeOp::Store { .. }));
    if !stores && vloop.reductions.is_empty() {
        return Err(NotVectorized::NoStore);
    }
    // The sign of a zero depends on the order: then the loop runs again.
    let zeros: Vec<usize> = (0..vloop.reductions.len())
        .filter(|k| matches!(vloop.reductions[*k].combine, Combine::Greater | Combine::Less))
        .filter(|_| !wish.options.fastmath.nsz)
        .collect();
    if stores && !zeros.is_empty() {
        return Err(NotVectorized::Carried);
    }
    let plan = depend::plan(vloop)?;
    let lanes = VECTOR_BYTES / vloop.narrowest();
    if lanes > plan.most {
        return Err(NotVectorized::Overlap);
    }
    let Op::For { lo, hi, body, .. } = func.insts[inst].op else { return Err(NotVectorized::Nested) };
    let trip = effect::trip(func, lo, hi);
    if trip.is_some_and(|trip| trip < u64::from(2 * lanes)) {
        return Err(NotVectorized::Short);
    }
    // The sums of a short row are done before those of vectors are put together.
    let rows = wish.nested && trip.is_none() && !vloop.reductions.is_empty();
    let work = vloop.nodes.iter().filter(|node| !matches!(node.op, NodeOp::Splat(_) | NodeOp::Const(_)));
    let shortest = (ROW_WORK / work.count().max(1) as u32).min(SHORTEST_ROW);
    let least = (2 * lanes).max(if rows { shortest } else { 0 });
    if !wish.always && !cost::worth(vloop, lanes) {
        let ordered = vloop.reductions.iter().any(|reduction| reduction.ordered);
        return Err(if ordered { NotVectorized::Order } else { NotVectorized::Cost });
    }
    if !growth::takes(func, walk::size(func, body)) {
        return Err(NotVectorized::Large);
    }
    let line = func.insts[inst].line;
    let ty = element(vloop);
    if !wish.spoken_for {
        func.remark(line, || RemarkKind::Vectorized { lanes, ty, unroll: 1 });
    }
    let fastmath = wish.options.fastmath;
    let mode = LoopMode::Vector { lanes: plan.most, reassoc: fastmath.reassoc, rows: Rows::Any };
    let least = (rows || !plan.tests.is_empty() || !zeros.is_empty()).then_some(least);
    let fast = transform(func, inst, least, &plan, mode, &zeros, out);
    // Short rows are all that comes here, unless a test in front has failed.
    let few = rows && plan.tests.is_empty() && zeros.is_empty();
    let short = few && vloop.checks.is_empty() && lanes <= SHORT_LANES;
    if short {
        let mode = |lanes, rows| LoopMode::Vector { lanes, reassoc: fastmath.reassoc, rows };
        set_mode(func, fast, mode(plan.most, Rows::Long));
        set_mode(func, inst, mode(lanes, Rows::Short));
    }
    if fastmath.reassoc && fastmath.contract && vmath::available() {
        for looped in [fast, inst] {
            if let Op::For { body, mode: LoopMode::Vector { .. }, .. } = func.insts[looped].op {
                contract::sums(func, body);
            }
        }
    }
    Ok(())
}

/// The type that says most about a loop: of what it stores, else of what it sums up.
fn element(vloop: &VLoop) -> Ty {
    let stored = vloop.nodes.iter().rev().find(|node| matches!(node.op, NodeOp::Store { .. }));
    let summed = vloop.reductions.first().map(|reduction| vloop.node(reduction.value));
    stored.or(summed).map_or(Ty::I64, |node| node.ty)
}

/// Strides known at run time only, with what each must be for the loop to touch all that lies there: elements one
/// behind the other, or those of each row. None if one of them is a choice: of an operand that may be repeated the
/// consecutive case has had its own copy before.
fn strides(func: &Function, vloop: &VLoop) -> BTreeMap<Value, i64> {
    let mut strides = BTreeMap::new();
    for node in &vloop.nodes {
        if let NodeOp::Load { at, .. } | NodeOp::Store { at, .. } = &node.op
            && let Stride::Input(input, factor) = at.stride
        {
            let row = row(vloop, at);
            if row % factor != 0 {
                continue;
            }
            let stride = vloop.inputs[input.0 as usize].0;
            if let Some(Op::Select { .. }) = effect::def_op(func, stride) {
                return BTreeMap::new();
            }
            let known = strides.entry(stride).or_insert(0);
            *known = (row / factor).max(*known);
        }
    }
    strides
}

/// Bytes from the first element that an iteration touches in a stream to the end of the last.
fn row(vloop: &VLoop, at: &Place) -> i64 {
    let (mut first, mut end) = (i64::MAX, i64::MIN);
    for node in &vloop.nodes {
        if let NodeOp::Load { at: other, .. } | NodeOp::Store { at: other, .. } = &node.op
            && (other.base, &other.terms, other.stride) == (at.base, &at.terms, at.stride)
        {
            first = first.min(i64::from(other.disp));
            end = end.max(i64::from(other.disp) + i64::from(node.ty.bytes()));
        }
    }
    end - first
}

/// `if strides are those of consecutive elements, or rows { copy for them } else { the loop }`.
fn consecutive(
    func: &mut Function,
    inst: Inst,
    strides: &BTreeMap<Value, i64>,
    wish: Wish,
    out: &mut Vec<Inst>,
) -> std::result::Result<(), NotVectorized> {
    let line = func.insts[inst].line;
    let mut before = Vec::new();
    let mut code = Code { func, out: &mut before, line };
    let mut all: Option<Value> = None;
    let mut remap = Remap::default();
    for (stride, bytes) in strides {
        let bytes = code.word(*bytes);
        remap.values.insert(*stride, bytes);
        let same = code.compare(Cond::Eq, *stride, bytes);
        all = Some(all.map_or(same, |all| code.binary(BinaryOp::Band, all, same)));
    }
    let Some(cond) = all else { return Err(NotVectorized::Scattered) };
    let copy = walk::clone_inst(func, None, inst, &mut remap);
    let vloop = vloop::derive(func, copy, wish.options.fastmath.reassoc)?;
    let mut fast = Vec::new();
    vectorize(func, copy, &vloop, wish, &mut fast)?;
    out.extend(before);
    // The copy's results, which may be those of an `If` around it, and the loop's own.
    let results = func.insts[*fast.last().unwrap_or(&copy)].results.to_vec();
    choose(func, cond, (fast, results), inst, out);
    Ok(())
}

/// Appends operations to a list.
struct Code<'a> {
    func: &'a mut Function,
    out: &'a mut Vec<Inst>,
    line: SourcePos,
}

impl Code<'_> {
    fn add(&mut self, op: Op, ty: Ty) -> Value {
        walk::place(self.func, op, ty, self.line, self.out)
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
    fn linear(&mut self, linear: &Linear) -> Value {
        let mut sum: Option<Value> = None;
        for (value, factor) in &linear.terms {
            let mut term = *value;
            if self.func.values[term].ty == Ty::Ptr {
                term = self.add(Op::Convert { op: ConvertOp::Bitcast, arg: term }, Ty::I64);
            }
            let (op, factor) =
                if *factor < 0 { (BinaryOp::Isub, factor.wrapping_neg()) } else { (BinaryOp::Iadd, *factor) };
            if factor != 1 {
                let factor = self.word(factor);
                term = self.binary(BinaryOp::Imul, term, factor);
            }
            sum = Some(match (sum, op) {
                (None, BinaryOp::Iadd) => term,
                (None, _) => self.add(Op::Unary { op: UnaryOp::Ineg, arg: term }, Ty::I64),
                (Some(sum), op) => self.binary(op, sum, term),
            });
        }
        match sum {
            Some(sum) if linear.constant == 0 => sum,
            Some(sum) => {
                let constant = self.word(linear.constant);
                self.binary(BinaryOp::Iadd, sum, constant)
            }
            None => self.word(linear.constant),
        }
    }
}

/// Makes the vector loop: of at least so many iterations, where there is another loop for fewer. Returns it.
fn transform(
    func: &mut Function,
    inst: Inst,
    least: Option<u32>,
    plan: &Plan,
    mode: LoopMode,
    zeros: &[usize],
    out: &mut Vec<Inst>,
) -> Inst {
    let Op::For { lo, hi, .. } = func.insts[inst].op else { return inst };
    let Some(least) = least else {
        set_mode(func, inst, mode);
        out.push(inst);
        return inst;
    };
    let line = func.insts[inst].line;
    let mut code = Code { func, out, line };
    let trip = code.binary(BinaryOp::Isub, hi, lo);
    let mut all = if plan.tests.is_empty() {
        let least = code.word(i64::from(least));
        code.compare(Cond::Sge, trip, least)
    } else {
        // Enough iterations, and not so many that the length in bytes of what they touch could wrap.
        let least = code.word(-i64::from(least));
        let above = code.binary(BinaryOp::Iadd, trip, least);
        let most = code.word(plan.longest);
        code.compare(Cond::Ult, above, most)
    };
    for test in &plan.tests {
        let test = depend::emit(&mut code, test, lo, trip);
        all = code.binary(BinaryOp::Band, all, test);
    }
    let fast = walk::clone_inst(func, None, inst, &mut Remap::default());
    let mut then = Vec::new();
    if let Op::For { body: fast_body, .. } = func.insts[fast].op {
        then = hoisted(func, fast_body);
    }
    set_mode(func, fast, mode);
    then.push(fast);
    let results = func.insts[fast].results.to_vec();
    if zeros.is_empty() {
        choose(func, all, (then, results), inst, out);
        return fast;
    }
    // The vector loop's results and whether they are good, or not tried.
    let mut code = Code { func, out: &mut then, line };
    let mut good: Option<Value> = None;
    for k in zeros {
        let ty = code.func.values[results[*k]].ty;
        let zero = code.add(Op::Fconst(0), ty);
        let differs = code.compare(Cond::Fne, results[*k], zero);
        good = Some(good.map_or(differs, |good| code.binary(BinaryOp::Band, good, differs)));
    }
    let Op::For { init, .. } = &func.insts[inst].op else { return fast };
    let mut untried = init.clone();
    let mut tried = results.clone();
    tried.extend(good);
    let mut types: Vec<Ty> = results.iter().map(|result| func.values[*result].ty).collect();
    types.push(Ty::Bool);
    let mut otherwise = Vec::new();
    let no = Code { func, out: &mut otherwise, line }.add(Op::Iconst(0), Ty::Bool);
    untried.push(no);
    let (then, orelse) = (arm(func, then, tried), arm(func, otherwise, untried));
    let attempt = walk::new_inst(func, Op::If { cond: all, then, orelse }, &types, line);
    out.push(attempt);
    let mut found = func.insts[attempt].results.to_vec();
    let Some(good) = found.pop() else { return fast };
    choose(func, good, (Vec::new(), found), inst, out);
    fast
}

fn set_mode(func: &mut Function, inst: Inst, to: LoopMode) {
    if let Op::For { mode, .. } = &mut func.insts[inst].op {
        *mode = to;
    }
}

/// Takes the loads that do not change out of a body: nothing in the loop stores there. Those behind a check stay.
fn hoisted(func: &mut Function, body: Region) -> Vec<Inst> {
    let mut inside: FxHashSet<Value> = func.regions[body].params.iter().copied().collect();
    walk::for_each_inst(func, body, &mut |_, inst| inside.extend(&func.insts[inst].results));
    let fixed = |inst: &Inst| {
        let Op::Load { addr, .. } = &func.insts[*inst].op else { return false };
        !inside.contains(&addr.base) && addr.index.is_none_or(|(index, _)| !inside.contains(&index))
    };
    let insts = &func.regions[body].insts;
    let guard = |inst: &Inst| matches!(func.insts[*inst].op, Op::Guard { .. });
    let (before, behind) = insts.split_at(insts.iter().position(guard).unwrap_or(insts.len()));
    let (fixed, mut rest): (Vec<Inst>, Vec<Inst>) = before.iter().copied().partition(fixed);
    rest.extend(behind);
    func.regions[body].insts = rest;
    fixed
}
