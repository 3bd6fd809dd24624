//! Values that wait on the stack while the registers do not suffice.
//!
//! In: a demand for a register. Out: a free one, if need be that of the value whose next use is the farthest away,
//! which is stored and comes back when it is read, or is read where it is. Invariant: what an instruction at hand
//! reads keeps its register (`pins`, `busy`), and a place on the stack is not taken again within the same step.

use super::asm::{Arg, FIRST_MASK, Mem, Reg, Size};
use super::emit::Emit;
use super::order::Step;
use super::{Stop, forms};
use crate::mir::vloop::{Combine, Lane, NodeOp};
use iced_x86::Register;

/// Where values wait.
#[derive(Default)]
pub struct Spills {
    /// Places that the frame has; none is a limit while `Emit::keep` is off.
    pub places: usize,
    /// Who has each place.
    taken: Vec<Option<Lane>>,
    /// Places that are free from the next step on.
    freed: Vec<usize>,
    /// Registers that must not go, by their bits.
    pub busy: u64,
    /// The step at hand.
    at: usize,
    /// The steps that read each lane, once they are needed.
    readers: Vec<Vec<usize>>,
}

impl Spills {
    /// A step begins.
    pub fn step(&mut self, at: usize) {
        self.at = at;
        for place in self.freed.drain(..) {
            self.taken[place] = None;
        }
    }

    /// The value is not needed any more.
    pub fn forget(&mut self, lane: Lane) {
        self.freed.extend(self.place(lane));
    }

    /// Most places that were taken.
    pub fn most(&self) -> usize {
        self.taken.len()
    }

    fn place(&self, lane: Lane) -> Option<usize> {
        self.taken.iter().position(|taken| *taken == Some(lane))
    }

    /// The step that reads the lane next.
    fn next(&self, lane: Lane) -> usize {
        let readers = &self.readers[lane.0 as usize];
        readers.iter().copied().find(|step| *step >= self.at).unwrap_or(usize::MAX)
    }
}

impl Emit<'_> {
    /// A register for a vector.
    pub fn vector(&mut self) -> Result<Reg, Stop> {
        match self.pool.vector() {
            Ok(reg) => Ok(reg),
            // Rather fewer vectors in a turn than that.
            Err(stop) if self.unroll > 1 => Err(stop),
            Err(stop) => {
                self.spill().ok_or(stop)?;
                self.pool.vector()
            }
        }
    }

    /// Frees a register.
    fn spill(&mut self) -> Option<()> {
        if self.spills.readers.is_empty() {
            self.spills.readers = self.readers();
        }
        let may_go = |at: usize, reg: Reg| {
            let again = matches!(self.v.nodes[at].op, NodeOp::Splat(_) | NodeOp::Const(_));
            let free = (self.fixed | self.spills.busy) & (1 << reg.0) == 0;
            reg.0 < FIRST_MASK && self.pins[at] == 0 && !again && free
        };
        let (lane, reg) = (0..self.held.len())
            .filter_map(|at| Some((at, self.held[at]?)))
            .filter(|(at, reg)| may_go(*at, *reg))
            .map(|(at, reg)| (Lane(at as u32), reg))
            .max_by_key(|(lane, _)| self.spills.next(*lane))?;
        // What was stored once has not changed.
        if self.spills.place(lane).is_none() {
            let free = self.spills.taken.iter().position(Option::is_none);
            let place = free.unwrap_or(self.spills.taken.len());
            if self.keep && place >= self.spills.places {
                return None;
            }
            if free.is_none() {
                self.spills.taken.push(None);
            }
            self.spills.taken[place] = Some(lane);
            let size = Size::of(self.isa.bytes());
            let mem = self.waiting(place);
            self.asm.form(forms::MOV_STORE, size, &[mem.into(), reg.at(size).into()]);
        }
        self.held[lane.0 as usize] = None;
        self.give(reg);
        Some(())
    }

    /// The value from the stack, in a register again.
    pub fn reload(&mut self, lane: Lane) -> Result<Option<Reg>, Stop> {
        let Some(place) = self.spills.place(lane) else { return Ok(None) };
        let to = self.vector()?;
        let (size, mem) = (Size::of(self.isa.bytes()), self.waiting(place));
        self.asm.form(forms::MOV_LOAD, size, &[to.at(size).into(), mem.into()]);
        self.held[lane.0 as usize] = Some(to);
        Ok(Some(to))
    }

    /// The value where it waits, if it does.
    pub fn spilled(&self, lane: Lane) -> Option<Arg> {
        Some(Arg::Mem(self.waiting(self.spills.place(lane)?)))
    }

    fn waiting(&self, place: usize) -> Mem {
        Mem::at(Register::RSP, (self.isa.bytes() as usize * place) as i32)
    }

    /// The steps that read each lane. What is not a step is read with its reader.
    fn readers(&self) -> Vec<Vec<usize>> {
        let mut readers = vec![Vec::new(); self.v.nodes.len()];
        for (at, step) in self.order.steps.iter().enumerate() {
            let mut open = match *step {
                Step::Node(lane) | Step::Store(lane) => self.order.reads(self.v, lane),
                Step::Check(index) => vec![self.v.checks[index].cond],
                Step::Reduce(index) => match self.v.reductions[index].combine {
                    Combine::Best { .. } => {
                        let search = self.v.search(index as u32);
                        search.into_iter().map(|k| self.v.reductions[k].value).collect()
                    }
                    Combine::Op(_) | Combine::Greater | Combine::Less => vec![self.v.reductions[index].value],
                },
            };
            while let Some(lane) = open.pop() {
                readers[lane.0 as usize].push(at);
                if matches!(self.v.node(lane).op, NodeOp::Load { .. }) {
                    open.extend(self.order.reads(self.v, lane));
                }
            }
        }
        readers
    }
}
