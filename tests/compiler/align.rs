//! Loops moved off the ends of cache lines: random code before and after, read back instruction by instruction.

use crate::random_mir::Rng;
use fastjit::codegen::align::{self, Aligned, LINE};
use iced_x86::{Code, Decoder, DecoderOptions, Instruction, OpKind};

/// Code of jumps of 32 bits, as the code generator emits them.
#[derive(Default)]
struct Random {
    code: Vec<u8>,
    /// Four bytes to fill in: where, and the end of their instruction.
    to_end: Vec<(usize, usize)>,
    to_constant: Vec<(usize, usize)>,
    calls: Vec<usize>,
    /// Where the constants begin; the instructions end before.
    constants: usize,
}

impl Random {
    /// An instruction with a distance, which `rest` may follow.
    fn far(&mut self, opcode: &[u8], rest: &[u8]) -> (usize, usize) {
        self.code.extend_from_slice(opcode);
        let at = self.code.len();
        self.code.extend_from_slice(&[0; 4]);
        self.code.extend_from_slice(rest);
        (at, self.code.len())
    }

    fn lead(&mut self, (at, end): (usize, usize), to: usize) {
        let distance = to as i32 - end as i32;
        self.code[at..at + 4].copy_from_slice(&distance.to_le_bytes());
    }

    /// Straight code, loops (some nested), jumps over them, reads of constants, calls that wait for addresses.
    fn new(rng: &mut Rng) -> Random {
        let mut random = Random::default();
        let mut heads = Vec::new();
        for _ in 0..rng.below(80) {
            match rng.below(10) {
                0 | 1 => heads.push(random.code.len()),
                2 | 3 => {
                    if let Some(head) = heads.pop() {
                        let jump = random.far(&[0x0f, 0x8c], &[]);
                        random.lead(jump, head);
                    }
                }
                4 => {
                    let jump = random.far(&[0xe9], &[]);
                    random.to_end.push(jump);
                }
                5 => {
                    let read = random.far(&[0x66, 0x0f, 0x58, 0x05], &[]);
                    random.to_constant.push(read);
                }
                6 => {
                    // An immediate behind the distance.
                    let read = random.far(&[0x83, 0x3d], &[7]);
                    random.to_constant.push(read);
                }
                7 => {
                    let (at, _) = random.far(&[0xe8], &[]);
                    random.calls.push(at);
                }
                8 => {
                    // Over an arm of up to a few instructions.
                    let jump = random.far(&[0x0f, 0x84], &[]);
                    for _ in 0..rng.below(6) {
                        random.code.extend_from_slice(&[0x48, 0x05, 1, 2, 3, 4]);
                    }
                    let end = random.code.len();
                    random.lead(jump, end);
                }
                _ => random.code.extend_from_slice(&[0x48, 0x05, 1, 2, 3, 4]),
            }
        }
        for jump in std::mem::take(&mut random.to_end) {
            let end = random.code.len();
            random.lead(jump, end);
        }
        random.code.push(0xc3);
        random.constants = random.code.len();
        if !random.to_constant.is_empty() {
            random.code.resize(random.code.len().next_multiple_of(16), 0);
            random.constants = random.code.len();
            random.code.extend_from_slice(&[0xff; 16]);
        }
        for read in std::mem::take(&mut random.to_constant) {
            let to = random.constants;
            random.lead(read, to);
        }
        random
    }

    fn aligned(&self) -> Option<Aligned> {
        align::loops(&self.code, |at| self.calls.contains(&at))
    }
}

/// The instructions up to the return.
fn read(code: &[u8]) -> Vec<Instruction> {
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    let mut read: Vec<Instruction> = Vec::new();
    while read.last().is_none_or(|last| last.code() != Code::Retnq) {
        read.push(decoder.decode());
    }
    read
}

fn leads_to(i: &Instruction) -> Option<usize> {
    if i.op0_kind() == OpKind::NearBranch64 && i.code() != Code::Call_rel32_64 {
        Some(i.near_branch_target() as usize)
    } else if i.is_ip_rel_memory_operand() {
        Some(i.ip_rel_memory_address() as usize)
    } else {
        None
    }
}

fn is_nop(i: &Instruction) -> bool {
    matches!(i.code(), Code::Nopd | Code::Nopw | Code::Nop_rm32 | Code::Nop_rm16)
}

/// Ranges of the loops without a jump in them.
fn straight(code: &[u8]) -> Vec<(usize, usize)> {
    let jumps: Vec<(usize, usize)> = read(code)
        .iter()
        .filter(|i| i.op0_kind() == OpKind::NearBranch64)
        .filter_map(|i| leads_to(i).map(|to| (to, i.next_ip() as usize)))
        .collect();
    let plain = |a: &(usize, usize)| {
        let inside = |place: usize| place > a.0 && place < a.1;
        a.0 < a.1 && !jumps.iter().any(|b| b != a && (inside(b.0) || inside(b.1) || b.0 == a.0))
    };
    jumps.iter().copied().filter(plain).collect()
}

fn lies_well(code: &[u8], seed: u64) {
    for (start, end) in straight(code) {
        let size = end - start;
        assert!(start % LINE + size <= size.next_multiple_of(LINE), "seed {seed}");
    }
}

#[test]
fn moved_loops_do_what_they_did_and_lie_in_as_few_lines_as_they_fill() {
    let mut moved = 0;
    for seed in 0..3000 {
        let random = Random::new(&mut Rng(seed * 2 + 1));
        let Some(aligned) = random.aligned() else {
            lies_well(&random.code, seed);
            continue;
        };
        moved += 1;
        let (before, after) = (read(&random.code), read(&aligned.code));
        let kept: Vec<&Instruction> = after.iter().filter(|i| !is_nop(i)).collect();
        assert_eq!(before.len(), kept.len(), "seed {seed}");
        for (old, new) in before.iter().zip(kept) {
            assert_eq!((old.code(), old.len()), (new.code(), new.len()), "seed {seed}");
            assert_eq!(aligned.place(old.ip() as usize), new.ip() as usize, "seed {seed}");
            assert_eq!(leads_to(old).map(|to| aligned.place(to)), leads_to(new), "seed {seed}");
        }
        if random.constants < random.code.len() {
            let at = aligned.place(random.constants);
            assert_eq!(at % 16, 0, "seed {seed}");
            assert_eq!(aligned.code[at..], [0xff; 16], "seed {seed}");
        }
        lies_well(&aligned.code, seed);
    }
    assert!(moved > 500, "{moved}");
}

#[test]
fn what_cannot_be_read_stays() {
    // A short jump back across a line, and no instruction at all.
    let mut short = vec![0x90; 60];
    short.extend_from_slice(&[0x48, 0x01, 0xc8, 0x7c, 0xfb, 0xc3]);
    assert!(align::loops(&short, |_| false).is_none());
    let mut long = vec![0x90; 60];
    long.extend_from_slice(&[0x48, 0x01, 0xc8, 0x0f, 0x8c, 0xf7, 0xff, 0xff, 0xff, 0xc3]);
    assert!(align::loops(&long, |_| false).is_some());
    long.push(0x06);
    assert!(align::loops(&long, |_| false).is_none());
}

/// A loop behind `before` bytes: `head` bytes, an arm that is jumped over or not, `tail` bytes.
fn with_an_arm(before: usize, head: usize, arm: usize, tail: usize) -> Vec<u8> {
    let mut random = Random::default();
    random.code.resize(before + head, 0x90);
    let over = random.far(&[0x0f, 0x84], &[]);
    random.code.resize(over.1 + arm, 0x90);
    random.lead(over, over.1 + arm);
    random.code.resize(over.1 + arm + tail, 0x90);
    let back = random.far(&[0x0f, 0x8c], &[]);
    random.lead(back, before);
    random.code.push(0xc3);
    random.code
}

/// A rare way through a loop, which stands behind it and comes back into its midst, is not a loop.
#[test]
fn nothing_is_put_into_a_loop() {
    for before in 0..LINE {
        let mut random = Random::default();
        random.code.resize(before, 0x90);
        let head = random.code.len();
        let rare = random.far(&[0x0f, 0x84], &[]);
        let midst = random.code.len();
        random.code.resize(midst + 40, 0x90);
        let back = random.far(&[0x0f, 0x8c], &[]);
        random.lead(back, head);
        random.code.push(0xc3);
        let behind = random.code.len();
        random.lead(rare, behind);
        random.code.resize(behind + 10, 0x90);
        let again = random.far(&[0xe9], &[]);
        random.lead(again, midst);
        random.code.push(0xc3);
        if let Some(aligned) = random.aligned() {
            assert_eq!(aligned.place(midst) - aligned.place(head), midst - head, "{before}");
        }
    }
}

#[test]
fn the_end_of_a_line_lies_where_control_seldom_is() {
    let moved = |before: usize| align::loops(&with_an_arm(before, 20, 40, 20), |_| false);
    // In the arm already.
    assert!(moved(2 * LINE).is_none());
    assert!(moved(LINE + 30).is_none());
    // In the head, and again in the tail.
    let aligned = moved(50).expect("a loop to be moved");
    assert_eq!(aligned.place(50), LINE);
    // In the tail only: fewer no-ops than to the next line do not help.
    let aligned = moved(45).expect("a loop to be moved");
    assert_eq!(aligned.place(45), LINE);
}
