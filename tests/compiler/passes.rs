//! Passes keep the meaning of MIR: the interpreter gives the same before and after each of them, the
//! verifier accepts what they leave, and they come to rest.

use crate::random_mir::{self, BUFFER_WORDS, Rng};
use fastjit::abi::{ExcKind, SourcePos, status};
use fastjit::mir::interp::{Machine, Outcome, Trap};
use fastjit::mir::{Func, Module, print, verify};
use fastjit::opt::{self, Pass};
use fastjit::options::Options;

/// All that a call can be seen to do.
#[derive(PartialEq, Debug)]
struct Seen {
    outcome: Outcome,
    ints: Vec<u8>,
    floats: Vec<u8>,
    leaked: usize,
    /// Nothing was stored that could be seen afterwards.
    untouched: bool,
    /// Class and frames of the error, innermost first.
    traceback: Option<(Option<ExcKind>, Vec<SourcePos>)>,
}

fn observe(module: &Module, seed: u64, fuel: u64) -> Result<Seen, Trap> {
    let mut rng = Rng(seed);
    let mut machine = Machine::new(module);
    machine.fuel = fuel;
    let ints = machine.memory.allocate(8 * BUFFER_WORDS);
    let floats = machine.memory.allocate(8 * BUFFER_WORDS);
    for k in 0..BUFFER_WORDS as u64 {
        machine.memory.store(ints + 8 * k, &rng.integer().to_le_bytes())?;
        machine.memory.store(floats + 8 * k, &rng.float().to_le_bytes())?;
    }
    let mut args: Vec<u64> = (0..3).map(|_| rng.integer() as u64).collect();
    args.extend([rng.float().to_bits(), u64::from(rng.chance(50)), ints, floats]);
    let start =
        (machine.memory.read(ints, 8 * BUFFER_WORDS)?, machine.memory.read(floats, 8 * BUFFER_WORDS)?);
    let outcome = machine.call(Func(0), &args)?;
    let ints = machine.memory.read(ints, 8 * BUFFER_WORDS)?;
    let floats = machine.memory.read(floats, 8 * BUFFER_WORDS)?;
    let untouched = start.0 == ints && start.1 == floats;
    let traceback = match &outcome {
        Outcome::Done(_) => None,
        Outcome::Failed(failure) => {
            let site = &module.sites[failure.site];
            let mut frames = site.frames.clone();
            for call in &failure.trace {
                frames.extend(&module.sites[*call].frames);
            }
            Some((site.exc, frames))
        }
    };
    Ok(Seen { outcome, ints, floats, leaked: machine.memory.live_heap(), untouched, traceback })
}

fn deopts(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(failure) if failure.status == status::DEOPT)
}

/// Two runs agree. Leaving the call to the interpreter is the same wherever it is decided, and may be
/// decided where an error would have been raised before anything was stored. A call that starts again may
/// have had any end.
fn agree(before: &Seen, after: &Seen) -> bool {
    if deopts(&after.outcome) {
        let restarts = matches!(after.traceback, Some((None, _)));
        let failed = matches!(before.outcome, Outcome::Failed(_));
        return after.untouched && (restarts || failed && before.untouched);
    }
    let nan = |word: u64| if f64::from_bits(word).is_nan() { f64::NAN.to_bits() } else { word };
    let same = match (&before.outcome, &after.outcome) {
        (Outcome::Done(a), Outcome::Done(b)) => {
            a[..2] == b[..2] && nan(a[2]) == nan(b[2]) && a[3..] == b[3..]
        }
        (Outcome::Failed(a), Outcome::Failed(b)) => {
            a.status == b.status && before.traceback == after.traceback && a.payload == b.payload
        }
        (Outcome::Done(_), Outcome::Failed(_)) | (Outcome::Failed(_), Outcome::Done(_)) => false,
    };
    same && before.ints == after.ints && before.floats == after.floats
}

/// Runs passes over random modules and compares what they do before and after.
fn check(passes: &[&Pass], seeds: std::ops::Range<u64>, options: Options) {
    let (mut runs, mut done) = (0, 0);
    for seed in seeds {
        let mut rng = Rng(seed.wrapping_mul(0x1234_5678_9ABC_DEF1));
        let original = random_mir::module(&mut rng);
        if let Err(text) = verify::verify(&original) {
            panic!("seed {seed}: the generator made bad MIR\n{text}");
        }
        let mut module = original.clone();
        for pass in passes {
            let before = print::module(&module);
            opt::run_pass(&mut module, &options, pass);
            if let Err(text) = verify::verify(&module) {
                panic!("seed {seed}: {} made bad MIR\n{text}\nfrom\n{before}", pass.name);
            }
        }
        for run in 0..4 {
            let inputs = seed * 4 + run;
            let Ok(before) = observe(&original, inputs, 60_000) else { continue };
            assert_eq!(before.leaked, 0);
            runs += 1;
            done += u32::from(matches!(before.outcome, Outcome::Done(_)));
            match observe(&module, inputs, 600_000) {
                Err(Trap(text)) => {
                    panic!(
                        "seed {seed} input {inputs}: trap {text}\n{}\nbecame\n{}",
                        print::module(&original),
                        print::module(&module)
                    )
                }
                Ok(after) => assert!(
                    after.leaked == 0 && agree(&before, &after),
                    "seed {seed} input {inputs}: {before:?}\nbecame {after:?}\n{}\nbecame\n{}",
                    print::module(&original),
                    print::module(&module)
                ),
            }
        }
    }
    // Most programs run, and a fair part of them to the end: the test means something.
    assert!(runs > 500 && done * 5 > runs, "{done} of {runs}");
}

const CASES: u64 = 1500;

/// The passes of the pipeline, each once.
fn each_pass() -> impl Iterator<Item = &'static Pass> {
    let first = |index: usize, name: &str| opt::PIPELINE[..index].iter().all(|earlier| earlier.name != name);
    opt::PIPELINE
        .iter()
        .enumerate()
        .filter(move |(index, pass)| first(*index, pass.name))
        .map(|(_, pass)| pass)
}

#[test]
fn each_pass_keeps_the_meaning() {
    for pass in each_pass() {
        check(&[pass], 0..CASES / 4, Options::default());
    }
}

#[test]
fn the_pipeline_keeps_the_meaning() {
    let passes: Vec<&Pass> = opt::PIPELINE.iter().collect();
    check(&passes, 10_000..10_000 + CASES, Options::default());
}

#[test]
fn calls_start_again_before_anything_has_happened() {
    let passes: Vec<&Pass> = opt::PIPELINE.iter().collect();
    check(&passes, 20_000..20_000 + CASES / 2, Options { fast_only: true, ..Options::default() });
}

/// A second run of a pass finds little left to do, a few more nothing. `version` is tested in the pipeline
/// only: it leaves the guards that it has tested to `ranges`.
#[test]
fn each_pass_comes_to_rest() {
    let options = Options::default();
    for pass in each_pass().filter(|pass| pass.name != "version") {
        for seed in 0..CASES / 8 {
            let mut module = random_mir::module(&mut Rng(seed));
            let mut before = print::module(&module);
            let mut rounds = 0;
            loop {
                opt::run_pass(&mut module, &options, pass);
                let after = print::module(&module);
                if after == before {
                    break;
                }
                rounds += 1;
                assert!(rounds < 8, "{}, seed {seed}: still changing\n{before}\nbecame\n{after}", pass.name);
                before = after;
            }
        }
    }
}

#[test]
fn the_pipeline_comes_to_rest() {
    let options = Options::default();
    for seed in 0..CASES / 8 {
        let mut rng = Rng(seed);
        let mut module = random_mir::module(&mut rng);
        let mut before = print::module(&module);
        let mut rounds = 0;
        loop {
            opt::optimize(&mut module, &options);
            let after = print::module(&module);
            if after.len() == before.len() {
                break;
            }
            rounds += 1;
            assert!(rounds < 12, "seed {seed} is still changing\n{before}\nbecame\n{after}");
            before = after;
        }
    }
}
