//! Stores of two values whose elements take turns in memory: the parts of complex numbers, coordinates of points.
//!
//! In: two stores, one right after the other. Out: their elements in turn, as whole vectors (AVX-512). Invariant: the
//! bytes written are those of the two stores.

use super::Stop;
use super::asm::{Mem, Size};
use super::emit::{Emit, Splat, by_width};
use super::forms;
use super::order::operands;
use super::stride::{PERMUTE, packed};
use crate::mir::vloop::{Lane, NodeOp};

/// Elements of `width` bytes in turn of two vectors of `bytes` bytes: half number `half` of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turns {
    width: u32,
    bytes: u32,
    half: u32,
}

impl Turns {
    /// For VPERMT2: the places in the two vectors.
    pub fn lanes(self) -> Vec<u64> {
        let count = self.bytes / self.width;
        packed(self.width, count, |at| {
            let place = self.half * count + at;
            place / 2 + place % 2 * count
        })
    }
}

impl Emit<'_> {
    /// Both stores at once, if that can be done.
    pub fn store_in_turn(&mut self, a: Lane, b: Lane) -> Result<bool, Stop> {
        let v = self.v;
        let ty = v.node(a).ty;
        let (width, bytes) = (ty.bytes(), self.lanes * ty.bytes());
        let Some((first, second)) = v.in_turn(a, b).filter(|_| self.isa.masks() && width > 1 && bytes >= 16)
        else {
            return Ok(false);
        };
        let (NodeOp::Store { at, value: low, .. }, NodeOp::Store { value: high, .. }) =
            (&v.node(first).op, &v.node(second).op)
        else {
            unreachable!("invariant: stores");
        };
        let mem = self.memory(at, 0)?;
        let [low, high] = [self.get(*low)?, self.get(*high)?];
        for half in 0..2 {
            let order = self.splat(Splat::Turns(Turns { width, bytes, half }))?;
            let (size, to) = (Size::of(bytes), self.vector()?);
            self.copy(size, to, low);
            let form = by_width(width, PERMUTE);
            self.asm.form(form, size, &[to.at(size).into(), order.at(size).into(), high.at(size).into()]);
            let mem = Mem { disp: mem.disp + (half * bytes) as i32, ..mem };
            self.asm.form(forms::MOV_STORE, size, &[mem.into(), to.at(size).into()]);
            self.give(to);
            self.give(order);
        }
        for operand in [a, b].into_iter().flat_map(|store| operands(&v.node(store).op)) {
            self.done(operand);
        }
        Ok(true)
    }
}
