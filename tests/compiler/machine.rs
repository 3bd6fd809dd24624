//! Machine code does what the reference interpreter does, on random programs, before and after the passes.

use crate::context::context;
use crate::random_mir::{self, BUFFER_WORDS, Rng};
use fastjit::abi::{self, status};
use fastjit::mir::interp::{Machine, Outcome};
use fastjit::mir::{Func, Module, print};
use fastjit::options::Options;
use fastjit::types::Type;
use fastjit::{codegen, load, opt};

/// All that a call can be seen to do.
#[derive(Clone, PartialEq, Debug)]
struct Seen {
    status: i32,
    /// Results, or the site and the payload.
    words: Vec<u64>,
    trace: Vec<u32>,
    ints: Vec<u64>,
    floats: Vec<u64>,
}

struct Input {
    ints: Vec<u64>,
    floats: Vec<u64>,
    args: Vec<u64>,
}

fn input(seed: u64) -> Input {
    let mut rng = Rng(seed);
    let (mut ints, mut floats) = (Vec::new(), Vec::new());
    for _ in 0..BUFFER_WORDS {
        ints.push(rng.integer() as u64);
        floats.push(rng.float().to_bits());
    }
    let mut args: Vec<u64> = (0..3).map(|_| rng.integer() as u64).collect();
    args.extend([rng.float().to_bits(), u64::from(rng.chance(50))]);
    Input { ints, floats, args }
}

/// Nans are alike: their bits are nobody's promise.
fn nan(word: u64) -> u64 {
    if f64::from_bits(word).is_nan() { f64::NAN.to_bits() } else { word }
}

fn interpret(module: &Module, input: &Input) -> Option<Seen> {
    let mut machine = Machine::new(module);
    machine.fuel = 60_000;
    let ints = machine.memory.allocate(8 * BUFFER_WORDS);
    let floats = machine.memory.allocate(8 * BUFFER_WORDS);
    for (k, (int, float)) in input.ints.iter().zip(&input.floats).enumerate() {
        machine.memory.store(ints + 8 * k as u64, &int.to_le_bytes()).ok()?;
        machine.memory.store(floats + 8 * k as u64, &float.to_le_bytes()).ok()?;
    }
    let mut args = input.args.clone();
    args.extend([ints, floats]);
    let outcome = machine.call(Func(0), &args).ok()?;
    let mut read = |at: u64| -> Vec<u64> {
        (0..BUFFER_WORDS as u64).map(|k| machine.memory.load(at + 8 * k, 8).unwrap()).collect()
    };
    let (ints, floats) = (read(ints), read(floats).into_iter().map(nan).collect());
    Some(match outcome {
        Outcome::Done(mut words) => {
            words[2] = nan(words[2]);
            Seen { status: status::OK, words, trace: Vec::new(), ints, floats }
        }
        Outcome::Failed(failure) => {
            let mut words = vec![u64::from(failure.site.0)];
            words.extend(&failure.payload);
            let trace = failure.trace.iter().map(|site| site.0).collect();
            Seen { status: failure.status, words, trace, ints, floats }
        }
    })
}

/// Runs the code; `words` is how many payload words to look at if it fails.
fn execute(code: &load::Executable, input: &Input, payload: usize) -> Seen {
    let (mut ints, mut floats) = (input.ints.clone(), input.floats.clone());
    let mut args = input.args.clone();
    args.extend([ints.as_mut_ptr() as u64, floats.as_mut_ptr() as u64]);
    let mut results = [0u64; 4];
    let mut ctx = context();
    let status = unsafe { (code.entry)(&mut *ctx, args.as_ptr(), results.as_mut_ptr()) };
    let floats = floats.into_iter().map(nan).collect();
    if status == status::OK {
        results[2] = nan(results[2]);
        return Seen { status, words: results.to_vec(), trace: Vec::new(), ints, floats };
    }
    let mut words = vec![u64::from(ctx.site)];
    words.extend(&ctx.payload[..payload]);
    Seen { status, words, trace: ctx.trace[..ctx.trace_len as usize].to_vec(), ints, floats }
}

fn compile(module: &Module) -> load::Executable {
    let object = codegen::emit(module, &[], &Type::None, &[], &Options::default());
    load::load(object).unwrap()
}

#[test]
fn random_programs_run_as_interpreted() {
    let (mut runs, mut done) = (0, 0);
    for seed in 0..600u64 {
        let mut rng = Rng(seed.wrapping_mul(0xA24B_AED4_963E_E407));
        let original = random_mir::module(&mut rng);
        let mut optimized = original.clone();
        opt::optimize(&mut optimized, &Options::default());
        // Parallel loops are the passes' business to take apart; as they stand, code runs them in order.
        let plain = (!print::module(&original).contains(" parallel ")).then(|| compile(&original));
        let fast = compile(&optimized);
        for run in 0..4 {
            let input = input(seed * 4 + run);
            let Some(expected) = interpret(&original, &input) else { continue };
            runs += 1;
            done += u32::from(expected.status == status::OK);
            let payload = expected.words.len() - 1;
            if let Some(plain) = &plain {
                let got = execute(plain, &input, payload.min(abi::PAYLOAD_WORDS));
                assert_eq!(got, expected, "seed {seed} run {run}\n{}", print::module(&original));
            }

            // The passes may decide earlier to leave a failing call to the interpreter, and they change
            // the way of a failure through inlined functions.
            let mut got = execute(&fast, &input, payload.min(abi::PAYLOAD_WORDS));
            got.trace.clone_from(&expected.trace);
            if got.status != status::OK && expected.status != status::OK {
                let (was, is) = (
                    &original.sites.items[expected.words[0] as usize],
                    &optimized.sites.items[got.words[0] as usize],
                );
                if (was.exc, &was.args, was.frames.first()) == (is.exc, &is.args, is.frames.first()) {
                    got.words[0] = expected.words[0];
                }
            }
            let left = got.status == status::DEOPT && expected.status != status::OK;
            assert!(
                got == expected || left,
                "seed {seed} run {run}: {expected:?}\nbecame {got:?}\n{}\nbecame\n{}",
                print::module(&original),
                print::module(&optimized)
            );
        }
    }
    assert!(runs > 500 && done * 5 > runs, "{done} of {runs}");
}
