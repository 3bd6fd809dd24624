//! Innermost loops are moved so that control seldom runs across the end of a cache line in them.
//!
//! A processor takes its instructions a line of 64 bytes at a time, one in a cycle, and goes on with another
//! one after each jump; a loop of a few instructions, or one that jumps every few instructions, takes up to
//! twice as long where its ways lie across the ends of lines. Cranelift places no blocks, so no-ops are put in
//! front of such loops in what it has emitted: as few as make the expected number of ends crossed in an
//! iteration the least. Of a branch in the loop both ways are as likely; the loop itself is seldom left.
//!
//! In: one function's x86-64 instructions, then its constants, to be placed at a multiple of `LINE`. Out: the
//! same with no-ops, and where each place went; nothing if no loop is to be moved. Invariant: the instructions
//! are the same ones, but for the no-ops, and their distances still lead where they led; constants keep their
//! alignment.

use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, OpKind};

/// What the processor takes at once: also what a function is aligned to.
pub const LINE: usize = 64;
/// Longer loops take many cycles anyway.
const LONGEST: usize = 8 * LINE;
/// How often the head of a loop runs in an iteration, in parts.
const ALWAYS: u32 = 1 << 16;
/// What is gained less often than this is not worth a no-op.
const SELDOM: u32 = ALWAYS / 8;
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

/// A place behind which control does not, or not always, go on.
struct Jump {
    end: usize,
    /// Nothing for a return.
    to: Option<usize>,
    always: bool,
}

/// What is read in the code.
struct Reading {
    distances: Vec<Distance>,
    /// In the order of the code.
    jumps: Vec<Jump>,
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
    let mut reading = Reading { distances: Vec::new(), jumps: Vec::new(), end: code.len() };
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
        let mnemonic = instruction.mnemonic();
        if matches!(mnemonic, Mnemonic::Ret | Mnemonic::Ud2) || (mnemonic == Mnemonic::Jmp && !branch) {
            reading.jumps.push(Jump { end, to: None, always: true });
        }
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
        } else if mnemonic != Mnemonic::Call {
            reading.jumps.push(Jump { end, to: Some(to), always: mnemonic == Mnemonic::Jmp });
        }
        reading.distances.push(Distance { at, end, to });
    }
    Some(reading)
}

/// What goes in front of which place.
fn pads(reading: &Reading, length: usize) -> Vec<(usize, usize)> {
    let back = reading
        .jumps
        .iter()
        .filter_map(|jump| Some((jump.to.filter(|to| *to < jump.end)?, jump.always, jump.end)));
    let mut loops: Vec<(usize, bool, usize)> =
        back.filter(|(start, _, end)| end - start <= LONGEST).collect();
    loops.sort_unstable();
    // Of the jumps to one place the nearest is the loop's own, if it is one that may end the loop; a loop with
    // another one in it is not innermost.
    loops.dedup_by_key(|(start, ..)| *start);
    let loops: Vec<(usize, usize)> = loops.into_iter().map(|(start, _, end)| (start, end)).collect();
    // What comes back into the midst of a loop from behind it is a rare way through that loop, not one of its own.
    let innermost = |&(start, end): &(usize, usize)| {
        let holds = |(from, to): &(usize, usize)| *from > start && *to <= end;
        let crosses = |(from, to): &(usize, usize)| *from < start && start < *to && *to < end;
        !loops.iter().any(|other| holds(other) || crosses(other))
    };
    let mut pads = Vec::new();
    let mut before = 0;
    for (start, end) in loops.iter().copied().filter(innermost) {
        let bytes = pad(&flow(reading, start, end), (start + before) % LINE);
        if bytes > 0 {
            pads.push((start, bytes));
            before += bytes;
        }
    }
    if before % CONSTANTS != 0 && reading.end < length {
        pads.push((reading.end, CONSTANTS - before % CONSTANTS));
    }
    pads
}

/// How often control runs across each place in an iteration of the loop: from a place, counted from the loop's
/// head, up to the next one, this often.
fn flow(reading: &Reading, start: usize, end: usize) -> Vec<(usize, u32)> {
    let first = reading.jumps.partition_point(|jump| jump.end <= start);
    let jumps = reading.jumps[first..].iter().take_while(|jump| jump.end <= end);
    // Places that are jumped to from in front of them, and how often.
    let mut arrivals: Vec<(usize, u32)> = Vec::new();
    let mut flow = vec![(0, ALWAYS)];
    let mut now = ALWAYS;
    let arrive =
        |arrivals: &mut Vec<(usize, u32)>, flow: &mut Vec<(usize, u32)>, now: &mut u32, upto: usize| {
            arrivals.sort_unstable();
            let count = arrivals.partition_point(|(place, _)| *place < upto);
            for (place, often) in arrivals.drain(..count) {
                *now += often;
                // What jumps to the end of a line does not run across it.
                flow.push((place - start + 1, *now));
            }
        };
    for jump in jumps {
        arrive(&mut arrivals, &mut flow, &mut now, jump.end);
        let taken = match jump.to {
            Some(to) if (start..end).contains(&to) => {
                let taken = if jump.always { now } else { now / 2 };
                if to >= jump.end {
                    arrivals.push((to, taken));
                }
                taken
            }
            Some(_) | None if jump.always => now,
            Some(_) | None => 0,
        };
        now -= taken;
        flow.push((jump.end - start, now));
    }
    flow
}

/// Bytes in front of a loop that begins at `within` a line.
fn pad(flow: &[(usize, u32)], within: usize) -> usize {
    let size = flow.last().map_or(0, |(place, _)| *place);
    let crossed = |pad: usize| -> u32 {
        let ends = (1..).map(|line| line * LINE - (within + pad) % LINE).take_while(|end| *end < size);
        ends.map(|end| flow[flow.partition_point(|(place, _)| *place <= end) - 1].1).sum()
    };
    let least = (0..LINE).map(crossed).min().unwrap_or(0);
    let fits = (0..LINE).find(|pad| crossed(*pad) <= least + SELDOM);
    fits.unwrap_or(0)
}
