//! Gives the memory of the arrays that a call is given names of their own, after one test that they are apart.
//!
//! Precondition: after `inline`; before the passes that ask what a store may change. Effect: in a function
//! that can start again in code without the test (`Options::fast_only`), and that stores into one array and
//! touches another in a loop, a guard in front says that no array that is stored to shares a byte with
//! another one. Behind it each of those is a `Mem` of its own, and all that are only read are one, so that
//! nothing has to be tested loop by loop: loads leave loops, sums stay in registers, vectors and copies of
//! iterations are possible. Not done where a pointer is not known to be that of a parameter. Linear.
//!
//! ```text
//! fn (v1: ptr, v2: i64, v4: ptr, v5: i64) { for v8 in 0..v2 { v9 = load mem0[v1 + v8*8]; store mem0[v4 + v8*8] = v9 } }
//! ->  v12 = (v1 + 8*v2 <= v4 or v4 + 8*v5 <= v1);  guard v12 else deopt;
//!     for v8 in 0..v2 { v9 = load mem2[v1 + v8*8]; store mem3[v4 + v8*8] = v9 }
//! ```

use crate::mir::build::Builder;
use crate::mir::effect::def_op;
use crate::mir::walk;
use crate::mir::*;
use crate::options::Options;

/// More pairs of arrays than this are not tested.
const MOST_PAIRS: usize = 24;

/// What a function does with one of its arrays.
#[derive(Clone, Copy, Default)]
struct Use {
    loaded: bool,
    stored: bool,
    /// In a loop.
    often: bool,
}

/// Accesses of unknown memory, with the array that each belongs to.
type Accesses = Vec<(Inst, usize)>;

/// Runs the pass.
pub fn run(module: &mut Module, options: &Options) -> bool {
    let mut called = false;
    for func in &module.funcs.items {
        walk::for_each_inst(func, func.body, &mut |_, inst| {
            called |= matches!(func.insts[inst].op, Op::Call { func: Func(0), .. });
        });
    }
    let entry = &module.funcs.items[0];
    if !options.fast_only || called || entry.arrays.len() < 2 {
        return false;
    }
    let mut uses = vec![Use::default(); entry.arrays.len()];
    let mut accesses = Vec::new();
    if !survey(entry, entry.body, false, &mut uses, &mut accesses) {
        return false;
    }
    let pairs = pairs(&uses);
    let gains = |(a, b): &(usize, usize)| uses[*a].often && uses[*b].often;
    if pairs.len() > MOST_PAIRS || !pairs.iter().any(gains) {
        return false;
    }
    name(module, &uses, &accesses);
    let line = module.funcs.items[0].insts[accesses[0].0].line;
    let site = module.sites.push(Site { exc: None, args: Vec::new(), frames: vec![line] });
    let entry = &mut module.funcs.items[0];
    guard(entry, &pairs, site, line);
    true
}

/// Collects the accesses of unknown memory in a region; false if one is not known to be an array's.
fn survey(func: &Function, region: Region, often: bool, uses: &mut [Use], accesses: &mut Accesses) -> bool {
    func.regions[region].insts.iter().all(|inst| {
        let op = &func.insts[*inst].op;
        if let Op::Load { mem: MEM_ANY, addr } | Op::Store { mem: MEM_ANY, addr, .. } = op {
            let Some(array) = array_of(func, addr.base) else { return false };
            let stored = matches!(op, Op::Store { .. });
            uses[array].stored |= stored;
            uses[array].loaded |= !stored;
            uses[array].often |= often;
            accesses.push((*inst, array));
        }
        let often = often || matches!(op, Op::For { .. } | Op::Loop { .. });
        walk::regions(op).all(|nested| survey(func, nested, often, uses, accesses))
    })
}

/// The array that a pointer points into.
fn array_of(func: &Function, pointer: Value) -> Option<usize> {
    match def_op(func, pointer) {
        Some(Op::PtrAdd { base, .. }) => array_of(func, *base),
        Some(_) => None,
        None => func.arrays.iter().position(|array| array.data == pointer),
    }
}

/// The pairs of arrays of which one is stored to.
fn pairs(uses: &[Use]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (b, second) in uses.iter().enumerate() {
        for (a, first) in uses[..b].iter().enumerate() {
            let stored = first.stored || second.stored;
            if stored && (first.loaded || first.stored) && (second.loaded || second.stored) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

/// Gives the accesses their memories.
fn name(module: &mut Module, uses: &[Use], accesses: &Accesses) {
    let mut next = super::alias::first_free(module);
    let read_only = Mem(next);
    let names: Vec<Mem> = uses
        .iter()
        .map(|used| {
            if used.stored {
                next += 1;
                Mem(next)
            } else {
                read_only
            }
        })
        .collect();
    let entry = &mut module.funcs.items[0];
    for (inst, array) in accesses {
        if let Op::Load { mem, .. } | Op::Store { mem, .. } = &mut entry.insts[*inst].op {
            *mem = names[*array];
        }
    }
}

/// Puts the tests in front of everything else.
fn guard(func: &mut Function, pairs: &[(usize, usize)], site: SiteId, line: SourcePos) {
    let placeholder = Builder::new("", 0, &[], Vec::new()).func;
    let mut b = Builder::resume(std::mem::replace(func, placeholder));
    b.line = line;
    let arrays = b.func.arrays.clone();
    let mut spans = vec![None; arrays.len()];
    let mut all: Option<Value> = None;
    for (first, second) in pairs {
        let [(a, a_end), (c, c_end)] =
            [*first, *second].map(|at| *spans[at].get_or_insert_with(|| span(&mut b, &arrays[at])));
        let below = b.compare(Cond::Ule, a_end, c);
        let above = b.compare(Cond::Ule, c_end, a);
        let apart = b.binary(BinaryOp::Bor, below, above);
        all = Some(all.map_or(apart, |all| b.binary(BinaryOp::Band, all, apart)));
    }
    if let Some(cond) = all {
        let fail = Fail { deopt: true, site, payload: Vec::new() };
        b.guard(cond, fail);
    }
    let (done, mut insts) = b.detach();
    *func = done;
    let body = &mut func.regions[func.body].insts;
    insts.append(body);
    *body = insts;
}

/// The first byte of an array and the one behind its last. (Of an array without elements, which nobody
/// touches, any two numbers.)
fn span(b: &mut Builder, array: &ArrayParam) -> (Value, Value) {
    let data = b.convert(ConvertOp::Bitcast, array.data, Ty::I64);
    let item = b.i64(i64::from(array.item));
    if array.contiguous {
        let bytes = array.shape.iter().fold(item, |bytes, length| b.binary(BinaryOp::Imul, bytes, *length));
        return (data, b.binary(BinaryOp::Iadd, data, bytes));
    }
    let (mut first, mut end) = (data, b.binary(BinaryOp::Iadd, data, item));
    let (zero, minus_one) = (b.i64(0), b.i64(-1));
    for (length, stride) in array.shape.iter().zip(&array.strides) {
        let steps = b.binary(BinaryOp::Iadd, *length, minus_one);
        let way = b.binary(BinaryOp::Imul, steps, *stride);
        let (back, forth) = (b.binary(BinaryOp::Smin, way, zero), b.binary(BinaryOp::Smax, way, zero));
        first = b.binary(BinaryOp::Iadd, first, back);
        end = b.binary(BinaryOp::Iadd, end, forth);
    }
    (first, end)
}
