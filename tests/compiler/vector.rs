//! Wide vector loops: random loops on each instruction set of this machine against their meaning, lane by
//! lane; arrays end at pages that must not be touched. Every instruction is decoded again and compared.

use crate::random_mir::Rng;
use crate::vloops::{self, Case};
use fastjit::abi::Ty;
use fastjit::load;
use fastjit::mir::vloop::VLoop;
use fastjit::object::CodeObject;
use fastjit::types::Type;
use fastjit::vector::{self, Isa, Leaf, Stop, Wanted};
use iced_x86::{Decoder, DecoderOptions, Instruction, Register};
use std::collections::BTreeMap;

/// The instruction sets that this machine runs.
fn sets() -> Vec<Isa> {
    let sets = match Isa::host() {
        None => vec![],
        Some(Isa::Avx2) => vec![Isa::Avx2],
        Some(Isa::Avx512Narrow | Isa::Avx512) => vec![Isa::Avx2, Isa::Avx512Narrow, Isa::Avx512],
    };
    if sets.len() < 3 {
        println!("this machine runs only {sets:?}: the others are not tested");
    }
    sets
}

type LeafFn = unsafe extern "sysv64" fn(*mut u64, i64, i64) -> i64;

fn load_leaf(leaf: &Leaf) -> LeafFn {
    let object = CodeObject {
        params: vec![],
        result: Type::None,
        hidden: vec![],
        code: leaf.code.clone(),
        entry: 0,
        relocs: vec![],
        sites: vec![],
        has_loops: true,
        parallel: false,
        symbols: vec![],
    };
    let entry = load::load(object).expect("executable memory").entry;
    unsafe { std::mem::transmute::<load::EntryFn, LeafFn>(entry) }
}

/// What was encoded is what is decoded.
fn check_encoding(leaf: &Leaf) {
    let instructions = leaf.instructions();
    let last = instructions.last().unwrap();
    let code = &leaf.code[..last.next_ip() as usize];
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    for written in instructions {
        let read = decoder.decode();
        assert_eq!(read.code(), written.code(), "{written:?}");
        assert_eq!(read.next_ip(), written.next_ip());
        assert_eq!(read.op_mask(), written.op_mask());
        assert_eq!(read.zeroing_masking(), written.zeroing_masking());
        assert_eq!(read.op_count(), written.op_count());
        for k in 0..read.op_count() {
            assert_eq!(read.op_kind(k), written.op_kind(k), "{:?}", written.code());
            assert_eq!(read.op_register(k), written.op_register(k), "{:?}", written.code());
            if written.op_kind(k) == iced_x86::OpKind::Memory {
                assert_eq!(memory(&read), memory(written), "{:?}", written.code());
            } else if written.op_kind(k) == iced_x86::OpKind::NearBranch64 {
                assert_eq!(read.near_branch64(), written.near_branch64());
            } else if written.op_kind(k) != iced_x86::OpKind::Register {
                assert_eq!(read.immediate(k), written.immediate(k), "{:?}", written.code());
            }
        }
    }
}

fn memory(i: &Instruction) -> (iced_x86::Register, iced_x86::Register, u32, u64) {
    (i.memory_base(), i.memory_index(), i.memory_index_scale(), i.memory_displacement64())
}

fn run_case(case: &mut Case, leaf: &Leaf) {
    let code = load_leaf(leaf);
    if leaf.quiet {
        case.reset();
        let mut words = case.words.clone();
        unsafe { run_quietly(code, words.as_mut_ptr(), case.lo, case.hi) };
    }
    run_code(case, leaf, code);
}

/// Calls the leaf and looks whether it leaves all registers as they were that a caller cannot count on elsewhere.
unsafe fn run_quietly(code: LeafFn, words: *mut u64, lo: i64, hi: i64) {
    let mut general = [words as i64, lo, hi, 11, 12, 13, 14, 15, 16];
    let mut vectors: [f64; 16] = std::array::from_fn(|k| k as f64 + 0.5);
    let (general_before, vectors_before) = (general, vectors);
    let [rdi, rsi, rdx, rax, rcx, r8, r9, r10, r11] = &mut general;
    let [x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15] = &mut vectors;
    unsafe {
        std::arch::asm!(
            // What called this may use the red zone.
            "lea rsp, [rsp - 128]",
            "call [r12]",
            "lea rsp, [rsp + 128]",
            in("r12") &code,
            inout("rdi") *rdi, inout("rsi") *rsi, inout("rdx") *rdx,
            inout("rax") *rax, inout("rcx") *rcx, inout("r8") *r8,
            inout("r9") *r9, inout("r10") *r10, inout("r11") *r11,
            inout("xmm0") *x0, inout("xmm1") *x1, inout("xmm2") *x2, inout("xmm3") *x3,
            inout("xmm4") *x4, inout("xmm5") *x5, inout("xmm6") *x6, inout("xmm7") *x7,
            inout("xmm8") *x8, inout("xmm9") *x9, inout("xmm10") *x10, inout("xmm11") *x11,
            inout("xmm12") *x12, inout("xmm13") *x13, inout("xmm14") *x14, inout("xmm15") *x15,
            out("k1") _, out("k2") _, out("k3") _, out("k4") _, out("k5") _, out("k6") _, out("k7") _,
        );
    }
    assert_eq!(general, general_before);
    assert_eq!(vectors, vectors_before);
}

fn run_code(case: &mut Case, leaf: &Leaf, code: LeafFn) {
    case.reset();
    let mut got = case.words.clone();
    let mut stop = unsafe { code(got.as_mut_ptr(), case.lo, case.hi) };
    if case.vloop.checks.is_empty() {
        stop = case.hi;
    }
    let memory = case.memory();
    case.reset();
    let refused = case.first_refused();
    let near =
        stop == refused || (stop < refused && refused < case.hi && refused - stop < i64::from(leaf.lanes));
    assert!(
        near,
        "stopped at {stop} for {refused}: {}..{}\n{:#?}\n{}",
        case.lo,
        case.hi,
        case.vloop,
        leaf.text()
    );
    let (expected, words) = case.reference(stop);
    case.restore(&memory);
    if let Err(what) = case.compare(&expected, &words, &got) {
        panic!("{what}\n{}..{}\n{:#?}\n{}", case.lo, case.hi, case.vloop, leaf.text());
    }
}

fn emit(vloop: &VLoop, isa: Isa, most: u32, stops: &mut BTreeMap<String, usize>) -> Option<Leaf> {
    // Every second one with registers of its own.
    let apart = stops.values().sum::<usize>() % 2 == 1;
    match vector::emit(vloop, isa, Wanted { most, apart }) {
        Ok(leaf) => {
            check_encoding(&leaf);
            *stops.entry(format!("{isa:?} done")).or_default() += 1;
            Some(leaf)
        }
        Err(Stop::Unsupported(what)) => {
            *stops.entry(format!("{isa:?} {what}")).or_default() += 1;
            None
        }
        Err(Stop::Registers) => {
            *stops.entry(format!("{isa:?} registers")).or_default() += 1;
            None
        }
    }
}

#[test]
fn random_loops_give_the_bits_of_their_iterations() {
    let seeds = std::env::var("FASTJIT_TEST_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(1500u64);
    let first = std::env::var("FASTJIT_TEST_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(0u64);
    let mut stops = BTreeMap::new();
    for seed in first..first + seeds {
        for isa in sets() {
            let mut rng = Rng(seed);
            let mut case = vloops::random(&mut rng);
            let most = rng.pick(&[64, 64, 64, 64, 16, 8, 4]);
            if let Some(leaf) = emit(&case.vloop, isa, most, &mut stops) {
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run_case(&mut case, &leaf)))
                    .unwrap_or_else(|_| panic!("seed {seed} {isa:?}"));
            }
        }
    }
    println!("{stops:#?}");
    for isa in sets() {
        let prefix = format!("{isa:?} ");
        let all: usize = stops.iter().filter(|(k, _)| k.starts_with(&prefix)).map(|(_, n)| n).sum();
        assert!(stops[&format!("{isa:?} done")] * 2 > all, "most loops have a wide version: {stops:#?}");
    }
}

/// Choices by order are minima, signs belong to products, numbers are not loaded in the loop.
#[test]
fn what_needs_no_instruction_of_its_own() {
    let mut stops = BTreeMap::new();
    for isa in sets() {
        let mut case = vloops::joined(&mut Rng(13));
        let leaf = emit(&case.vloop, isa, 64, &mut stops).expect("a leaf");
        run_case(&mut case, &leaf);
        let text = leaf.text();
        assert!(text.contains("vminpd") && text.contains("vfnmadd"), "{text}");
        assert!(!text.contains("vcmp") && !text.contains("blend") && !text.contains("vpxor"), "{text}");
        assert_eq!(text.matches("vpbroadcastq").count(), 2, "{text}");
    }
}

/// Values wait on the stack, whole, while there is no register for them.
#[test]
fn more_values_than_registers() {
    let mut stops = BTreeMap::new();
    for isa in sets() {
        let mut rng = Rng(11);
        for _ in 0..20 {
            let mut case = vloops::crowded(&mut rng);
            let leaf = emit(&case.vloop, isa, 64, &mut stops).expect("a leaf");
            let aligns = |i: &Instruction| i.op_count() > 1 && i.op0_register() == Register::RSP;
            assert!(leaf.instructions().iter().any(aligns), "no frame:\n{}", leaf.text());
            run_case(&mut case, &leaf);
        }
    }
}

/// What is stored and summed up before a check fails is that of the iterations before, wherever it fails.
#[test]
fn a_check_fails_in_any_lane() {
    let mut stops = BTreeMap::new();
    for isa in sets() {
        for ty in [Ty::I8, Ty::I16, Ty::I32, Ty::I64] {
            let mut case = vloops::refused(&mut Rng(3), ty);
            let leaf = emit(&case.vloop, isa, 64, &mut stops).expect("a leaf");
            let code = load_leaf(&leaf);
            let number = case.vloop.inputs.len() - 1;
            for hi in 1..=70 {
                for fails in 0..=hi {
                    case.hi = hi;
                    case.words[number] = fails as u64;
                    run_code(&mut case, &leaf, code);
                }
            }
        }
    }
}

#[test]
fn bytes_are_added_up_eight_at_once() {
    let mut stops = BTreeMap::new();
    for isa in sets() {
        let mut case = vloops::sum_of_bytes(&mut Rng(5));
        let leaf = emit(&case.vloop, isa, u32::MAX, &mut stops).expect("a leaf");
        assert_eq!(leaf.lanes, if isa == Isa::Avx512 { 64 } else { 32 });
        let code = load_leaf(&leaf);
        for hi in 1..=300 {
            case.hi = hi;
            run_code(&mut case, &leaf, code);
        }
    }
}

#[test]
fn every_operation_on_every_type_gives_its_bits() {
    let mut stops = BTreeMap::new();
    for isa in sets() {
        let mut rng = Rng(7);
        for mut case in vloops::operations(&mut rng) {
            if let Some(leaf) = emit(&case.vloop, isa, 64, &mut stops) {
                run_case(&mut case, &leaf);
            }
        }
    }
    println!("{stops:#?}");
}
