//! Searches in lanes: the key and what goes along with it.
//!
//! In: the lanes of all reductions. Out: those of a search after an iteration, and at the end its words. Invariant:
//! lanes join as `vloop::fold` says, so that among equals the loop's choice is kept.

use super::Loop;
use super::lanes::Wide;
use crate::codegen::func::Emit;
use crate::codegen::inst::{Code, code};
use crate::mir::vloop::{self, Lane};
use crate::mir::{Cond, Ty};
use cranelift_codegen::ir::{self, InstBuilder, condcodes::IntCC};
use rustc_hash::FxHashMap;

impl Emit<'_, '_> {
    /// All of a search takes the iteration's values where its key does; done when its key's turn has come.
    pub(super) fn search(
        &mut self,
        looped: &Loop,
        key: usize,
        part: usize,
        shapes: &mut [Vec<Wide>],
        values: &FxHashMap<Lane, Wide>,
    ) {
        let vloop = looped.vloop;
        let Some(cond) = vloop.key(key) else { return };
        let value = |k: usize| &values[&vloop.reductions[k].value];
        let takes = self.wide_compare(cond, value(key), &shapes[key][part]);
        for k in vloop.search(key as u32) {
            let ty = vloop.node(vloop.reductions[k].value).ty;
            shapes[k][part] = self.wide_select(ty, &takes, value(k), &shapes[k][part]);
        }
    }

    /// The words of all searches: their lanes one after the other.
    pub(super) fn join_searches(
        &mut self,
        looped: &Loop,
        shapes: &[Vec<Wide>],
        carried: &[ir::Value],
    ) -> FxHashMap<usize, ir::Value> {
        let vloop = looped.vloop;
        let mut found = FxHashMap::default();
        for key in 0..vloop.reductions.len() {
            let Some(cond) = vloop.key(key) else { continue };
            let search = vloop.search(key as u32);
            let numbered = vloop.numbered(&search);
            let fold = vloop::fold(cond);
            let words = |this: &mut Self, k: &usize| -> Vec<ir::Value> {
                let ty = vloop.node(vloop.reductions[*k].value).ty;
                shapes[*k].iter().flat_map(|part| this.scalars(ty, part)).collect()
            };
            let of_all: Vec<Vec<ir::Value>> = search.iter().map(|k| words(self, k)).collect();
            let mut lanes = (0..of_all[0].len()).map(|lane| -> FxHashMap<usize, ir::Value> {
                search.iter().zip(&of_all).map(|(k, words)| (*k, words[lane])).collect()
            });
            let mut best = lanes.next().expect("invariant: a vector has lanes");
            for other in lanes {
                let better = self.compare_words(fold.better, other[&key], best[&key]);
                let equal = self.compare_words(fold.equal, other[&key], best[&key]);
                let order = self.compare_words(fold.order, other[&numbered], best[&numbered]);
                let comes = self.b.ins().band(equal, order);
                let takes = self.b.ins().bor(better, comes);
                for k in &search {
                    best.insert(*k, self.b.ins().select(takes, other[k], best[k]));
                }
            }
            if !fold.first {
                let nothing = self.int_constant(Ty::I64, vloop::NOTHING);
                let any = self.b.ins().icmp(IntCC::NotEqual, best[&numbered], nothing);
                for k in &search {
                    best.insert(*k, self.b.ins().select(any, best[k], carried[*k]));
                }
            }
            found.extend(best);
        }
        found
    }

    fn compare_words(&mut self, cond: Cond, a: ir::Value, b: ir::Value) -> ir::Value {
        match code(cond) {
            Code::Int(code) => self.b.ins().icmp(code, a, b),
            Code::Float(code) => self.b.ins().fcmp(code, a, b),
        }
    }
}
