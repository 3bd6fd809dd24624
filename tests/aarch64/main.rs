//! Code for 64-bit Arm, made on any machine: `cargo test --no-default-features --features aarch64 --test aarch64`.
//! The golden programs, every function of vector math and loops over every pair of types go through all stages;
//! what the code generator cannot lower there panics. Nothing is run.

#[allow(dead_code, reason = "shared with the tests that run programs")]
#[path = "../compiler/program.rs"]
mod program;
#[allow(dead_code, reason = "shared with the tests that run programs")]
#[path = "../compiler/value.rs"]
mod value;

use fastjit::codegen::target;
use fastjit::driver;
use fastjit::dump::Stage;
use fastjit::options::{FastMath, Options};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Once;

static ONCE: Once = Once::new();

/// The machine code, `None` where the program is refused. Says of a panic what the code generator said.
fn compile(name: &str, text: &str, options: &Options) -> Result<Option<String>, String> {
    ONCE.call_once(|| target::instead_of_host("aarch64").expect("the code generator knows the machine"));
    let inspect = || {
        let file = program::read(name, text);
        let (entry, params) = file.entry();
        driver::inspect(&file.env(entry), &params, options, Stage::Asm).ok()
    };
    catch_unwind(AssertUnwindSafe(inspect)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map_or("a panic", String::as_str);
        format!("{name}: {}", text.lines().next().unwrap_or_default())
    })
}

/// Compiles all programs; those that panic fail together.
fn compile_all(programs: impl Iterator<Item = (String, String)>, options: &Options) -> Vec<(String, String)> {
    let (mut made, mut failed) = (Vec::new(), Vec::new());
    for (name, text) in programs {
        match compile(&name, &text, options) {
            Ok(Some(code)) => made.push((name, code)),
            Ok(None) => {}
            Err(said) => failed.push(said),
        }
    }
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), failed.len() + made.len(), failed.join("\n"));
    made
}

/// The code has vectors of 128 bits.
fn has_lanes(code: &str) -> bool {
    [".2d", ".4s", ".8h", ".16b"].iter().any(|lanes| code.contains(lanes))
}

#[test]
fn golden_programs() {
    for folder in ["run", "opt", "lower", "codegen", "explain", "hir"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder);
        let files = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
        let programs = files.map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let program = text.split("#|").next().unwrap().trim_end().to_owned() + "\n";
            (path.file_name().unwrap().to_string_lossy().into_owned(), program)
        });
        assert!(compile_all(programs, &Options::default()).len() >= 5, "{folder}");
    }
}

const LICENSED: FastMath =
    FastMath { nnan: true, ninf: true, nsz: true, arcp: true, contract: true, afn: true, reassoc: true };

const FLOATS: [&str; 2] = ["float32", "float64"];
const NUMBERS: [&str; 10] =
    ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"];

fn over(params: &[(&str, &str)], lines: &str) -> String {
    let list: Vec<String> = params.iter().map(|(name, ty)| format!("{name}: \"{ty}[::1]\"")).collect();
    format!(
        "import math\ndef f({}):\n    s = 0.0\n    for i in range(len(a)):\n        {lines}\n    return s\n",
        list.join(", ")
    )
}

#[test]
fn functions_in_lanes() {
    let unary = "exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh cbrt sqrt \
                 floor ceil rint trunc abs";
    let mut programs = Vec::new();
    for ty in FLOATS {
        for name in unary.split_whitespace() {
            programs.push((
                format!("{name} {ty}"),
                over(&[("a", ty), ("b", ty)], &format!("b[i] = np.{name}(a[i])")),
            ));
        }
        for value in [
            "a[i] ** b[i]",
            "np.hypot(a[i], b[i])",
            "np.arctan2(a[i], b[i])",
            "a[i] ** 3",
            "np.copysign(a[i], b[i])",
        ] {
            programs.push((
                format!("{value} {ty}"),
                over(&[("a", ty), ("b", ty), ("c", ty)], &format!("c[i] = {value}")),
            ));
        }
    }
    for name in ["erf", "erfc", "exp", "log"] {
        programs.push((
            name.to_owned(),
            over(&[("a", "float64"), ("b", "float64")], &format!("b[i] = math.{name}(a[i])")),
        ));
    }
    let options = Options { fastmath: LICENSED, ..Options::default() };
    let count = programs.len();
    let made = compile_all(programs.into_iter(), &options);
    assert_eq!(made.len(), count, "some were refused");
    let scalar: Vec<&String> =
        made.iter().filter(|(_, code)| !has_lanes(code)).map(|(name, _)| name).collect();
    assert!(scalar.is_empty(), "without lanes: {scalar:?}");
}

#[test]
fn loops_over_every_type() {
    let mut programs = Vec::new();
    for ty in NUMBERS {
        for value in [
            "a[i] + b[i]",
            "a[i] - b[i]",
            "a[i] * b[i]",
            "a[i] / b[i]",
            "a[i] // b[i]",
            "a[i] % b[i]",
            "-a[i]",
            "abs(a[i])",
            "np.minimum(a[i], b[i])",
            "np.maximum(a[i], b[i])",
            "a[i] if a[i] < b[i] else b[i]",
            "a[i] & b[i]",
            "a[i] | b[i]",
            "a[i] ^ b[i]",
            "~a[i]",
            "a[i] << 3",
            "a[i] >> 3",
            "a[i] << b[i]",
            "a[i] >> b[i]",
        ] {
            programs.push((
                format!("{value} {ty}"),
                over(&[("a", ty), ("b", ty), ("c", ty)], &format!("c[i] = {value}")),
            ));
        }
        programs.push((
            format!("compared {ty}"),
            over(&[("a", ty), ("b", ty), ("c", "bool")], "c[i] = a[i] <= b[i]"),
        ));
        programs.push((format!("sum {ty}"), over(&[("a", ty)], "s += a[i]")));
        programs.push((format!("largest {ty}"), over(&[("a", ty)], "s = max(s, a[i])")));
        programs.push((format!("counted {ty}"), over(&[("a", ty)], "s += 1.0 if a[i] > 3 else 0.0")));
        for to in NUMBERS {
            programs.push((
                format!("{ty} to {to}"),
                over(&[("a", ty), ("b", to)], &format!("b[i] = np.{to}(a[i])")),
            ));
        }
    }
    for options in [Options::default(), Options { fastmath: LICENSED, ..Options::default() }] {
        let made = compile_all(programs.iter().cloned(), &options);
        let lanes = made.iter().filter(|(_, code)| has_lanes(code)).count();
        assert!(made.len() > 250, "only {} of {} are programs", made.len(), programs.len());
        assert!(lanes > made.len() / 2, "{lanes} of {} have lanes", made.len());
    }
}
