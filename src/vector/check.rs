//! Checks: one test for all lanes, and the way out where one of them fails.
//!
//! In: masks that must be true. Out: a test and a jump before the vector's stores and reductions; behind the
//! function, code that makes the vector's first iteration the end of the loop. Invariant: what is stored and
//! combined when the leaf returns is that of the iterations before the end in RDX, which it returns.

use super::Stop;
use super::asm::{Arg, Label, Mem, Size};
use super::emit::Emit;
use super::forms;
use super::regs::ACTIVE;
use iced_x86::{Code, Register};

/// A jump out of the loop.
pub struct Refusal {
    away: Label,
    /// Iterations between the counter and the vector.
    ahead: i32,
    /// Where the leaf goes on, with no iterations left.
    to: Label,
}

impl Emit<'_> {
    /// Leaves the loop before this vector unless the check holds in all its lanes.
    pub fn check(&mut self, index: usize) -> Result<(), Stop> {
        let cond = self.v.checks[index].cond;
        let good = self.get(cond)?;
        let away = self.asm.label();
        // Either test clears the carry if a bit is set in the second operand but not in the first.
        if self.isa.masks() {
            self.asm.op(Code::VEX_Ktestq_kr_kr, &[good, ACTIVE].map(|k| Arg::Reg(k.at(Size::X))));
        } else {
            let size = self.mask_size();
            let used = (self.lanes * self.widest) as usize;
            let byte = |byte: usize| if byte < used { 0xff } else { 0 };
            let word = |word: usize| u64::from_le_bytes(std::array::from_fn(|k| byte(8 * word + k)));
            let all: Vec<u64> = (0..if size == Size::X { 2 } else { 4 }).map(word).collect();
            let all = self.asm.constant(&all);
            self.asm.form(forms::PTEST, size, &[good.at(size).into(), all.into()]);
        }
        self.asm.jump(Code::Jae_rel32_64, away);
        self.done(cond);
        self.refusals.push(Refusal { away, ahead: self.ahead, to: self.after });
        Ok(())
    }

    /// The code behind the function.
    pub fn refuse(&mut self) {
        for refusal in std::mem::take(&mut self.refusals) {
            self.asm.bind(refusal.away);
            if refusal.ahead != 0 {
                let first = Mem::at(Register::RSI, refusal.ahead);
                self.asm.op(Code::Lea_r64_m, &[Register::RSI.into(), first.into()]);
            }
            self.asm.op(Code::Mov_r64_rm64, &[Register::RDX.into(), Register::RSI.into()]);
            self.asm.jump(Code::Jmp_rel32_64, refusal.to);
        }
    }
}
