//! Loads of every second, third or fourth element: what lies between is loaded too, and left out.
//!
//! In: a place whose step is two to four elements. Out: loads of 16 bytes and more, and instructions that put
//! the wanted elements side by side. Invariant: nothing is read in front of the vector's first element or behind
//! its last; what lies between them is on pages that its iterations touch.

use super::Stop;
use super::asm::{Mem, Reg, Size};
use super::emit::{Emit, Splat, by_width};
use super::forms::{self, Form};
use super::memory::Access;
use crate::mir::Ty;
use crate::mir::vloop::Place;

pub const PERMUTE: [Form; 4] = [forms::PERMT2_W, forms::PERMT2_W, forms::PERMT2_D, forms::PERMT2_Q];

/// Elements of `width` bytes, each `step` elements behind the one before, out of `step` loads of `bytes` bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Every {
    step: u32,
    width: u32,
    bytes: u32,
}

impl Every {
    fn lanes(self) -> u32 {
        self.bytes / self.width
    }

    /// Where load number `load` begins: one behind the other, but the last ends with the last element.
    fn offset(self, load: u32) -> u32 {
        if load + 1 < self.step {
            load * self.bytes
        } else {
            self.step * (self.bytes - self.width) + self.width - self.bytes
        }
    }

    /// The load that element number `lane` is in, and its place there, in bytes.
    fn source(self, lane: u32) -> (u32, u32) {
        let at = lane * self.step * self.width;
        let holds =
            |load: &u32| (self.offset(*load)..=self.offset(*load) + self.bytes - self.width).contains(&at);
        let load = (0..self.step).find(holds).expect("invariant: the loads cover all elements");
        (load, at - self.offset(load))
    }

    /// Load number `load` has none of the elements that are not in loads before it.
    fn skips(self, load: u32) -> bool {
        (0..self.lanes()).all(|lane| self.source(lane).0 != load)
    }

    /// For PSHUFB: the bytes of load number `load`, zero where elements are from others.
    fn bytes_of(self, load: u32) -> [u64; 2] {
        let byte = |at: usize| {
            let (from, place) = self.source(at as u32 / self.width);
            if from == load { (place + at as u32 % self.width) as u8 } else { 0x80 }
        };
        [0, 8].map(|first| u64::from_le_bytes(std::array::from_fn(|k| byte(first + k))))
    }

    /// For VPERMT2: what elements before load number `load` stand in order in the first operand (in load 0
    /// itself, as it was loaded), those of the load are taken from the second.
    pub fn lanes_of(self, load: u32) -> Vec<u64> {
        let index = |lane: u32| {
            let (from, place) = self.source(lane);
            match from {
                _ if from == load => self.lanes() + place / self.width,
                0 if load == 1 => place / self.width,
                _ => lane,
            }
        };
        packed(self.width, self.lanes(), index)
    }

    pub fn size(self) -> Size {
        Size::of(self.bytes)
    }
}

/// Numbers of `width` bytes, side by side.
pub fn packed(width: u32, count: u32, number: impl Fn(u32) -> u32) -> Vec<u64> {
    let per_word = 8 / width;
    let word =
        |word: u32| (0..per_word).map(|k| u64::from(number(word * per_word + k)) << (8 * width * k)).sum();
    (0..count / per_word).map(word).collect()
}

impl Emit<'_> {
    /// The elements side by side, if there is a way better than one after the other.
    pub fn load_every(&mut self, at: &Place, ty: Ty) -> Result<Option<Reg>, Stop> {
        let width = ty.bytes();
        let Access::Strided(stride) = Access::of(at, ty) else { return Ok(None) };
        let bytes = self.lanes * width;
        let step = match stride / i64::from(width) {
            step @ 2..=4 if stride % i64::from(width) == 0 && bytes >= 16 => step as u32,
            _ => return Ok(None),
        };
        let first = self.memory(at, 0)?;
        if self.isa.masks() && width > 1 {
            return self.permute(Every { step, width, bytes }, first).map(Some);
        }
        // Elements of 8 bytes are as quickly put in one by one.
        if width == 8 {
            Ok(None)
        } else {
            self.shuffle(Every { step, width, bytes: 16 }, bytes / 16, first).map(Some)
        }
    }

    /// AVX-512: each load but the first joins by one instruction.
    fn permute(&mut self, every: Every, first: Mem) -> Result<Reg, Stop> {
        let size = every.size();
        let to = self.vector()?;
        self.asm.form(forms::MOV_LOAD, size, &[to.at(size).into(), first.into()]);
        for load in (1..every.step).filter(|load| !every.skips(*load)) {
            let order = self.splat(Splat::Every(every, load))?;
            let mem = Mem { disp: first.disp + every.offset(load) as i32, ..first };
            let form = by_width(every.width, PERMUTE);
            self.asm.form(form, size, &[to.at(size).into(), order.at(size).into(), mem.into()]);
            self.give(order);
        }
        Ok(to)
    }

    /// Each 16 bytes of the result out of their own loads, all of which are shuffled alike.
    fn shuffle(&mut self, every: Every, chunks: u32, first: Mem) -> Result<Reg, Stop> {
        let size = Size::of(16 * chunks);
        let [to, part] = [self.vector()?, self.vector()?];
        for load in (0..every.step).filter(|load| !every.skips(*load)) {
            let into = if load == 0 { to } else { part };
            for chunk in 0..chunks {
                let disp = first.disp + (chunk * 16 * every.step + every.offset(load)) as i32;
                let mem = Mem { disp, ..first };
                if chunk == 0 {
                    self.asm.form(forms::MOV_LOAD, Size::X, &[into.at(Size::X).into(), mem.into()]);
                } else {
                    self.insert_128(into, mem.into(), chunk);
                }
            }
            let bytes = self.splat(Splat::Bits128(every.bytes_of(load)))?;
            self.v3(forms::PSHUFB, size, into, into, bytes);
            self.give(bytes);
            if load > 0 {
                self.v3(forms::POR, size, to, to, part);
            }
        }
        self.give(part);
        Ok(to)
    }
}
