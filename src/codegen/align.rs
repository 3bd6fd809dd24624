//! Short loops are moved so that they do not lie across more cache lines than they fill.
//!
//! A processor takes its instructions a line of 64 bytes at a time, one in a cycle; a loop of a few
//! instructions that begins near the end of one takes twice as long for that. Cranelift places no blocks, so
//! no-ops are put in front of such loops in what it has emitted.
//!
//! In: one function's x86-64 instructions, then its constants, to be placed at a multiple of `LINE`. Out: the
//! same with no-ops, and where each place went; nothing if no loop is to be moved. Invariant: the instructions
//! are the same ones, but for the no-ops, and their distances still lead where they led; constants keep their
//! alignment.

use iced_x86::{Decoder, DecoderOptions, Instruction, OpKind};

/// What the processor takes at once: also what a function is aligned to.
pub const LINE: usize = 64;
/// Longer loops take several cycles anyway.
const LONGEST: usize = 2 * LINE;
/// What constants are aligned to.
const CONSTANTS: usize = 16;

/// No-ops of one to nine bytes, as the manuals of both makers give them.
const NOPS: [&[u8]; 9] = [
    &[0x90],
    &[0x66, 0x90],
    &[0x0f, 0x1f, 0x00],
    &[0x0f, 0x1f, 0x40, 0x00],
    &[0x0f, 0x1f, 0x44, 0x00, 0x00],
    &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
    &[0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
    &[0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
    &[0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
];

/// Code after its loops were moved.
pub struct Aligned {
    pub code: Vec<u8>,
    /// Old places and how many bytes stand in front of them, from the first to the last.
    pads: Vec<(usize, usize)>,
}

/// Four bytes of an instruction that say how far another place is from the instruction's end.
struct Distance {
    at: usize,
    end: usize,
    to: usize,
}

/// What is read in the code.
struct Reading {
    distances: Vec<Distance>,
    /// Jumps back: where to, and their end.
    loops: Vec<(usize, usize)>,
    /// End of the instructions.
    end: usize,
}

/// Moves what should be moved. `relocated`: places that wait for an address.
pub fn loops(code: &[u8], relocated: impl Fn(usize) -> bool) -> Option<Aligned> {
    let reading = read(code, relocated)?;
    let pads = pads(&reading, code.len());
    if pads.is_empty() {
        return None;
    }
    let mut aligned = Aligned { code: Vec::with_capacity(code.len() + LINE), pads };
    let mut from = 0;
    for (at, bytes) in &aligned.pads {
        aligned.code.extend_from_slice(&code[from..*at]);
        let mut left = *bytes;
        while left > 0 {
            let nop = NOPS[left.min(NOPS.len()) - 1];
            aligned.code.extend_from_slice(nop);
            left -= nop.len();
        }
        from = *at;
    }
    aligned.code.extend_from_slice(&code[from..]);
    for Distance { at, end, to } in &reading.distances {
        let place = aligned.place(*at);
        let distance = aligned.place(*to) as i64 - (place + end - at) as i64;
        let bytes = i32::try_from(distance).ok()?.to_le_bytes();
        aligned.code[place..place + 4].copy_from_slice(&bytes);
    }
    Some(aligned)
}

impl Aligned {
    /// Where the byte that was at `offset` is now.
    pub fn place(&self, offset: usize) -> usize {
        offset + self.pads.iter().take_while(|(at, _)| *at <= offset).map(|(_, bytes)| bytes).sum::<usize>()
    }
}

/// Reads the instructions up to the first constant; nothing if there is one that it does not know.
fn read(code: &[u8], relocated: impl Fn(usize) -> bool) -> Option<Reading> {
    let mut reading = Reading { distances: Vec::new(), loops: Vec::new(), end: code.len() };
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    let mut instruction = Instruction::default();
    while decoder.position() < reading.end {
        let start = decoder.position();
        decoder.decode_out(&mut instruction);
        let end = decoder.position();
        // Bytes between the instructions and the first constant are nothing to be read.
        if end > reading.end {
            break;
        }
        if instruction.is_invalid() {
            return None;
        }
        let branch = instruction.op0_kind() == OpKind::NearBranch64;
        if !branch && !instruction.is_ip_rel_memory_operand() {
            continue;
        }
        let offsets = decoder.get_constant_offsets(&instruction);
        let (within, size) = if offsets.has_displacement() {
            (offsets.displacement_offset(), offsets.displacement_size())
        } else {
            (offsets.immediate_offset(), offsets.immediate_size())
        };
        let at = start + within;
        if relocated(at) {
            continue;
        }
        let to = if branch { instruction.near_branch_target() } else { instruction.ip_rel_memory_address() };
        let to = usize::try_from(to).ok().filter(|to| size == 4 && *to <= code.len())?;
        if !branch {
            reading.end = reading.end.min(to);
        } else if to <= start {
            reading.loops.push((to, end));
        }
        reading.distances.push(Distance { at, end, to });
    }
    Some(reading)
}

/// What goes in front of which place.
fn pads(reading: &Reading, length: usize) -> Vec<(usize, usize)> {
    let mut loops: Vec<(usize, usize)> =
        reading.loops.iter().copied().filter(|(start, end)| end - start <= LONGEST).collect();
    loops.sort_unstable();
    // Of the jumps to one place the nearest is the loop's own; a loop with another one in it is not innermost.
    loops.dedup_by_key(|(start, _)| *start);
    let innermost =
        |&(start, end): &(usize, usize)| !loops.iter().any(|(from, to)| *from > start && *to <= end);
    let mut pads = Vec::new();
    let mut before = 0;
    for (start, end) in loops.iter().copied().filter(innermost) {
        let (size, within) = (end - start, (start + before) % LINE);
        if within + size > size.next_multiple_of(LINE) {
            pads.push((start, LINE - within));
            before += LINE - within;
        }
    }
    if before % CONSTANTS != 0 && reading.end < length {
        pads.push((reading.end, CONSTANTS - before % CONSTANTS));
    }
    pads
}
