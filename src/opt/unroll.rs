//! Loops of a few iterations are written out.
//!
//! Precondition: none; best where bounds are constants already. Effect: a serial `For` between constants that
//! has at most `MOST` iterations, and not too much in them, is replaced by its iterations, one behind the
//! other, each with its own number for the counter. Growth is on the account of `growth`. Linear in the size
//! of the result.
//!
//! ```text
//! v4 = for v1 in 0..2 (v2 = v9) { v3 = load mem0[v8 + v1*8]; ...; yield v3 }
//! ->  v5 = 0;  v6 = load mem0[v8 + v5*8]; ...;  v7 = 1;  v4 = load mem0[v8 + v7*8]; ...
//! ```

use super::growth;
use crate::mir::effect::constant;
use crate::mir::remark::RemarkKind;
use crate::mir::walk::{self, Remap, Substitution};
use crate::mir::*;
use crate::options::Options;

/// Iterations of a loop that is written out.
const MOST: i64 = 8;
/// Instructions of all of them.
const LARGEST: usize = 200;

struct Unroll<'a> {
    func: &'a mut Function,
    subst: Substitution,
    changed: bool,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let subst = Substitution::new(func);
    let body = func.body;
    let mut unroll = Unroll { func, subst, changed: false };
    unroll.region(body);
    unroll.changed
}

impl Unroll<'_> {
    /// Inner loops first: what they become counts for those around them.
    fn region(&mut self, region: Region) {
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        let mut end = std::mem::replace(&mut self.func.regions[region].end, End::Unreachable);
        for inst in insts {
            self.subst.rewrite(&mut self.func.insts[inst].op);
            for nested in walk::regions(&self.func.insts[inst].op) {
                self.region(nested);
            }
            let Some((lo, trip)) = self.written_out(inst) else {
                out.push(inst);
                continue;
            };
            if let Some(early) = self.write_out(inst, lo, trip, &mut out) {
                end = early;
                break;
            }
        }
        self.subst.rewrite_end(&mut end);
        let data = &mut self.func.regions[region];
        data.insts = out;
        data.end = end;
    }

    /// The first number and the count of the iterations, if the loop is to go.
    fn written_out(&mut self, inst: Inst) -> Option<(i64, i64)> {
        let Op::For { lo, hi, body, mode: LoopMode::Serial, .. } = &self.func.insts[inst].op else {
            return None;
        };
        let (lo, hi) = (constant(self.func, *lo)?, constant(self.func, *hi)?);
        let trip = hi.checked_sub(lo).filter(|trip| (1..=MOST).contains(trip))?;
        let size = walk::size(self.func, *body);
        (size * trip as usize <= LARGEST && growth::takes(self.func, size * (trip as usize - 1)))
            .then_some((lo, trip))
    }

    /// Puts the iterations into `out`; an end if one of them leaves.
    fn write_out(&mut self, inst: Inst, lo: i64, trip: i64, out: &mut Vec<Inst>) -> Option<End> {
        self.changed = true;
        let line = self.func.insts[inst].line;
        self.func.remark(line, || RemarkKind::Unrolled { times: trip as u32, whole: true });
        let Op::For { init, body, .. } = &self.func.insts[inst].op else {
            unreachable!("invariant: a `For`")
        };
        let (mut carried, body) = (init.clone(), *body);
        let mut continues = false;
        walk::for_each_region(self.func, body, &mut |region| {
            continues |= matches!(&self.func.regions[region].end, End::Continue { to, .. } if *to == inst);
        });
        for number in lo..lo + trip {
            let counter = walk::new_inst(self.func, Op::Iconst(number), &[Ty::I64], line);
            out.push(counter);
            let mut remap = Remap::default();
            let params = self.func.regions[body].params.clone();
            let given = std::iter::once(self.func.insts[counter].results[0]).chain(carried.iter().copied());
            remap.values.extend(params.into_iter().zip(given));
            if continues {
                carried = self.block(inst, body, &carried, remap, line, out);
                continue;
            }
            let copy = self.copy(body, &mut remap);
            let data = &mut self.func.regions[copy];
            out.append(&mut data.insts);
            let end = std::mem::replace(&mut data.end, End::Unreachable);
            let End::Yield(next) = end else { return Some(end) };
            carried = next;
        }
        for (result, value) in std::mem::take(&mut self.func.insts[inst].results).into_iter().zip(carried) {
            self.subst.set(result, value);
        }
        None
    }

    /// Clones the body for one iteration; its parameters are not the copy's.
    fn copy(&mut self, body: Region, remap: &mut Remap) -> Region {
        let copy = walk::clone_region(self.func, body, remap);
        self.func.regions[copy].params.clear();
        copy
    }

    /// An iteration from which `continue` goes on to the next: its results.
    fn block(
        &mut self,
        inst: Inst,
        body: Region,
        carried: &[Value],
        mut remap: Remap,
        line: SourcePos,
        out: &mut Vec<Inst>,
    ) -> Vec<Value> {
        let types: Vec<Ty> = carried.iter().map(|value| self.func.values[*value].ty).collect();
        let block = walk::new_inst(self.func, Op::Iconst(0), &types, line);
        remap.insts.insert(inst, block);
        let copy = self.copy(body, &mut remap);
        let mut regions = Vec::new();
        walk::for_each_region(self.func, copy, &mut |region| regions.push(region));
        for region in regions {
            let end = &mut self.func.regions[region].end;
            if let End::Continue { to, args } = end
                && *to == block
            {
                *end = End::Break { to: block, args: std::mem::take(args) };
            }
        }
        self.func.insts[block].op = Op::Block { body: copy };
        out.push(block);
        self.func.insts[block].results.to_vec()
    }
}
