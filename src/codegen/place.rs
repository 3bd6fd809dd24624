//! Where a function starts: so that its innermost loops lie in as few cache lines as they can.
//!
//! In: the code and where its blocks start. Out: bytes to leave free in front of it. Invariant: the start
//! is aligned as the code asks.
//!
//! The machine fetches whole lines: a short loop that lies across two takes a cycle more for each iteration,
//! half its time at worst. Cranelift aligns no loops, but which line they begin in can be chosen for all of
//! a function at once.

const LINE: usize = 64;

/// A loop as it lies in the code: from its first byte up to its end.
type Extent = (u32, u32);

/// Bytes to leave free at `at` for code with blocks that start at these offsets, in order, if it is to start at
/// a multiple of `alignment`. `None`: it has no loops.
pub fn padding(at: usize, alignment: usize, code: &[u8], starts: &[u32]) -> Option<usize> {
    let loops = innermost(code, starts);
    if loops.is_empty() {
        return None;
    }
    let crossings = |start: usize| -> usize {
        let line = |offset: u32| (start + offset as usize) / LINE;
        loops.iter().map(|(from, to)| line(to - 1) - line(*from)).sum()
    };
    let first = at.next_multiple_of(alignment);
    let best = (first..first + LINE).step_by(alignment).min_by_key(|start| crossings(*start));
    best.map(|start| start - at)
}

/// The loops that hold no other.
fn innermost(code: &[u8], starts: &[u32]) -> Vec<Extent> {
    let mut all = Vec::new();
    for (start, end) in starts.iter().zip(starts.iter().skip(1)) {
        let back = |target: &u32| target <= start && starts.binary_search(target).is_ok();
        all.extend(
            jumps(code, *end as usize).into_iter().flatten().filter(back).map(|target| (target, *end)),
        );
    }
    // Of several jumps back to one place the nearest is the loop's own; the others come from cold blocks.
    all.sort_unstable();
    all.dedup_by_key(|(from, _)| *from);
    let holds_or_enters = |&(from, to): &Extent, &(start, stop): &Extent| {
        // It holds the other, or comes back into its middle.
        (from <= start && stop < to) || (start < from && from < stop && stop < to)
    };
    let holds_none = |one: &&Extent| !all.iter().any(|other| holds_or_enters(one, other));
    all.iter().filter(holds_none).copied().collect()
}

/// Targets of the one or two jumps that end a block, in the only form in which Cranelift writes them.
fn jumps(code: &[u8], end: usize) -> [Option<u32>; 2] {
    let target = |end: usize| -> Option<u32> {
        let distance = code.get(end.checked_sub(4)?..end)?.try_into().ok()?;
        u32::try_from(end as i64 + i64::from(i32::from_le_bytes(distance))).ok()
    };
    let is = |at: Option<usize>, opcode: &[u8], mask: u8| {
        at.and_then(|at| code.get(at..at + opcode.len())).is_some_and(|bytes| {
            bytes[0] == opcode[0] && bytes.last().map(|byte| byte & mask) == opcode.last().copied()
        })
    };
    let always = |end: usize| is(end.checked_sub(5), &[0xe9], 0xff);
    let sometimes = |end: usize| is(end.checked_sub(6), &[0x0f, 0x80], 0xf0);
    if !cfg!(target_arch = "x86_64") {
        [None, None]
    } else if always(end) {
        [target(end), if sometimes(end - 5) { target(end - 5) } else { None }]
    } else if sometimes(end) {
        [target(end), None]
    } else {
        [None, None]
    }
}
