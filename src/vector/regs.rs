//! Registers that are free: 16 vectors, or 32 vectors and 6 masks.
//!
//! In: takes and gives. Out: registers, and the most vectors that were held at once. Invariant: a register
//! is held by one value at a time; running out is an error here (`spill` sends a value away then).

use super::Stop;
use super::asm::{FIRST_MASK, Reg};

/// Mask of the lanes that a whole vector (or the tail) runs; never given out.
pub const ACTIVE: Reg = Reg(FIRST_MASK + 7);

const MASKS: u64 = 0x7e << FIRST_MASK;

/// Vectors that code around the loop uses too.
pub const SHARED: u32 = 16;

pub struct Pool {
    free: u64,
    vectors: u32,
    /// Vectors that are not shared go first.
    apart: bool,
    pub peak: u32,
}

impl Pool {
    pub fn new(vectors: u32, masks: bool, apart: bool) -> Pool {
        let free = ((1 << vectors) - 1) | if masks { MASKS } else { 0 };
        Pool { free, vectors, apart, peak: 0 }
    }

    pub fn vector(&mut self) -> Result<Reg, Stop> {
        let free = self.free & ((1 << FIRST_MASK) - 1);
        let upper = free >> SHARED << SHARED;
        let reg = self.lowest(if self.apart && upper != 0 { upper } else { free })?;
        let held = self.vectors - (self.free & ((1 << FIRST_MASK) - 1)).count_ones();
        self.peak = self.peak.max(held);
        Ok(reg)
    }

    pub fn mask(&mut self) -> Result<Reg, Stop> {
        self.lowest(self.free & MASKS)
    }

    fn lowest(&mut self, among: u64) -> Result<Reg, Stop> {
        if among == 0 {
            return Err(Stop::Registers);
        }
        let number = among.trailing_zeros();
        self.free &= !(1 << number);
        Ok(Reg(number as u8))
    }

    /// Takes this register, if it is free.
    pub fn take(&mut self, reg: Reg) -> bool {
        let free = self.free & (1 << reg.0) != 0;
        self.free &= !(1 << reg.0);
        free
    }

    /// Bits of the registers that are not free.
    pub fn held(&self) -> u64 {
        let all = ((1 << self.vectors) - 1) | MASKS;
        all & !self.free
    }

    pub fn give(&mut self, reg: Reg) {
        debug_assert_eq!(self.free & (1 << reg.0), 0, "{reg:?} is given back twice");
        self.free |= 1 << reg.0;
    }
}
