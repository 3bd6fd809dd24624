//! Searches: the key and what goes along with it, in one register each for each vector of a turn.
//!
//! In: the values of each vector. Out: one comparison with the key so far, by which all of the search take theirs
//! or keep what they have; at the end the lanes of all vectors together. Invariant: lanes join as `vloop::fold`
//! says; a lane that does not run takes nothing.

use super::Stop;
use super::asm::{Arg, Reg};
use super::emit::{Emit, Splat, by_width};
use super::forms;
use super::regs::ACTIVE;
use crate::mir::vloop::{Input, NOTHING, fold};
use crate::mir::{Cond, Ty};

impl Emit<'_> {
    /// What the lanes of a search's reduction begin with.
    pub fn search_start(&self, index: usize) -> Splat {
        if self.v.begins_with_nothing(index) {
            return Splat::Bits(NOTHING as u64);
        }
        let width = self.ty(self.v.reductions[index].value).bytes();
        Splat::Word(Input((self.v.inputs.len() + index) as u32), width)
    }

    /// The values of this vector, where the key's is `cond` to the one so far.
    pub fn search(&mut self, key: usize, cond: Cond, copy: usize) -> Result<(), Stop> {
        let v = self.v;
        let lane = v.reductions[key].value;
        let value = self.get(lane)?;
        let active = self.tail.then_some(ACTIVE);
        let takes =
            self.compare_registers(cond, self.ty(lane), value, self.accumulators[key][copy], active)?;
        for k in v.search(key as u32) {
            let lane = v.reductions[k].value;
            let value = if k == key { value } else { self.get(lane)? };
            self.take(self.ty(lane), takes, value, self.accumulators[k][copy])?;
            self.done(lane);
        }
        self.give(takes);
        Ok(())
    }

    /// `to = value` where the mask is set.
    fn take(&mut self, ty: Ty, takes: Reg, value: Reg, to: Reg) -> Result<(), Stop> {
        let width = ty.bytes();
        let size = self.size(width);
        if self.isa.masks() {
            let form = by_width(
                width,
                [forms::MOVDQU8_LOAD, forms::MOVDQU16_LOAD, forms::MOVDQU32_LOAD, forms::MOVDQU64_LOAD],
            );
            self.asm.masked(form, size, &[to.at(size).into(), value.at(size).into()], Some(takes), false);
            return Ok(());
        }
        let narrow = self.narrow_mask(takes, width)?;
        let args = [to, to, value, narrow].map(|reg| Arg::Reg(reg.at(size)));
        self.asm.form(forms::PBLENDV, size, &args);
        if narrow != takes {
            self.give(narrow);
        }
        Ok(())
    }

    /// All vectors and lanes of a search into the lowest lane of the first.
    pub fn combine_searches(&mut self, key: usize, cond: Cond) -> Result<(), Stop> {
        let v = self.v;
        let search = v.search(key as u32);
        let mut copies = self.accumulators[key].len();
        while copies > 1 {
            copies /= 2;
            for at in 0..copies {
                let [to, other] = [at, at + copies]
                    .map(|copy| search.iter().map(|k| self.accumulators[*k][copy]).collect::<Vec<Reg>>());
                self.join_searches(key, cond, &to, &other)?;
            }
        }
        let first: Vec<Reg> = search.iter().map(|k| self.accumulators[*k][0]).collect();
        let moved = search.iter().map(|_| self.vector()).collect::<Result<Vec<Reg>, Stop>>()?;
        let full = self.lanes;
        while self.lanes > 1 {
            self.lanes /= 2;
            for (k, (to, from)) in search.iter().zip(moved.iter().zip(&first)) {
                let bytes = self.lanes * self.ty(v.reductions[*k].value).bytes();
                self.upper_half(*to, *from, bytes);
            }
            self.join_searches(key, cond, &first, &moved)?;
        }
        self.lanes = full;
        moved.into_iter().for_each(|reg| self.give(reg));
        Ok(())
    }

    /// What lanes have found, in the order of `VLoop::search`, joins what others have.
    fn join_searches(&mut self, key: usize, cond: Cond, to: &[Reg], other: &[Reg]) -> Result<(), Stop> {
        let v = self.v;
        let (search, fold) = (v.search(key as u32), fold(cond));
        let place =
            |index: usize| search.iter().position(|k| *k == index).expect("invariant: one of the search");
        let (by, number) = (place(key), place(v.numbered(&search)));
        let ty = self.ty(v.reductions[key].value);
        let takes = self.compare_registers(fold.equal, ty, other[by], to[by], None)?;
        let order = self.compare_registers(fold.order, Ty::I64, other[number], to[number], None)?;
        self.join_masks(true, takes, takes, order);
        self.give(order);
        let better = self.compare_registers(fold.better, ty, other[by], to[by], None)?;
        self.join_masks(false, takes, takes, better);
        self.give(better);
        for (at, k) in search.iter().enumerate() {
            self.take(self.ty(v.reductions[*k].value), takes, other[at], to[at])?;
        }
        self.give(takes);
        Ok(())
    }

    /// Where nothing was found, what was found before.
    pub fn finish_search(&mut self, key: usize, cond: Cond) -> Result<(), Stop> {
        if fold(cond).first {
            return Ok(());
        }
        let v = self.v;
        let search = v.search(key as u32);
        let (nothing, initial) = (self.bits(NOTHING as u64)?, self.vector()?);
        let number = self.accumulators[v.numbered(&search)][0];
        let none = self.compare_registers(Cond::Eq, Ty::I64, number, nothing, None)?;
        self.give(nothing);
        for k in search {
            let ty = self.ty(v.reductions[k].value);
            self.load_initial(k, ty, initial);
            self.take(ty, none, initial, self.accumulators[k][0])?;
        }
        self.give(initial);
        self.give(none);
        Ok(())
    }
}
