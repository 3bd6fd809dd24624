//! The machine that code is made for: one Cranelift target per process.
//!
//! In: the host's CPU. Out: the target description, and a string that names it for the cache.
//! Invariant: equal identities accept each other's code.

use crate::options::{self, VectorWish};
use crate::vector::{Isa, Vectors};
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use std::sync::OnceLock;

static TARGET: OnceLock<OwnedTargetIsa> = OnceLock::new();
static VECTORS: OnceLock<Option<Vectors>> = OnceLock::new();
static IDENTITY: OnceLock<String> = OnceLock::new();

/// The host, with every feature its CPU has.
pub fn target() -> &'static OwnedTargetIsa {
    TARGET.get_or_init(|| {
        let mut builder = cranelift_native::builder().expect("invariant: Cranelift supports the host");
        for (name, _) in known_features().into_iter().filter(|(name, _)| !is_asked_for(name)) {
            builder.set(name, "false").expect("invariant: the flag exists in this version of Cranelift");
        }
        finish(builder)
    })
}

/// Whether a feature may be used, if the CPU has it.
fn is_asked_for(feature: &str) -> bool {
    !feature.starts_with("has_avx512") || options::vector_bits() != Some(VectorWish::Avx2)
}

/// From now on code is made for another machine, to be looked at: before anything has been compiled.
pub fn instead_of_host(triple: &str) -> Result<(), String> {
    let builder = isa::lookup_by_name(triple).map_err(|error| error.to_string())?;
    let first = VECTORS.set(None).is_ok() && TARGET.set(finish(builder)).is_ok();
    first.then_some(()).ok_or_else(|| "something has been compiled already".to_owned())
}

fn finish(builder: isa::Builder) -> OwnedTargetIsa {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "speed"),
        ("regalloc_algorithm", "backtracking"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
        ("enable_probestack", "false"),
        ("unwind_info", "false"),
        ("is_pic", "false"),
        ("use_colocated_libcalls", "false"),
        ("machine_code_cfg_info", "false"),
        ("preserve_frame_pointers", "false"),
        // MIR's passes have done it; it would take back what `split` does.
        ("enable_alias_analysis", "false"),
    ] {
        flags.set(name, value).expect("invariant: the flag exists in this version of Cranelift");
    }
    builder.finish(settings::Flags::new(flags)).expect("invariant: the flags are consistent")
}

/// Whether code is made for x86-64.
pub fn is_x86() -> bool {
    target().name() == "x64"
}

/// Whether the machine multiplies and adds in one instruction.
pub fn has_fma() -> bool {
    !is_x86()
        || target().isa_flags().iter().any(|value| value.name == "has_fma" && value.as_bool() == Some(true))
}

/// The instructions for vector loops, where the CPU has wider ones than 128 bits.
pub fn vectors() -> Option<Vectors> {
    *VECTORS.get_or_init(|| {
        let wide = Isa::host()?;
        match options::vector_bits() {
            None => Some(Vectors { moving: wide.narrow(), computing: wide }),
            Some(VectorWish::Avx2) => Some(Vectors::all(Isa::Avx2)),
            Some(VectorWish::Bits(512..)) => Some(Vectors::all(wide)),
            Some(VectorWish::Bits(256..512)) => Some(Vectors::all(wide.narrow())),
            Some(VectorWish::Bits(0..256)) => None,
        }
    })
}

/// Names the target: machine, CPU features in use, version of the code generator. Part of a cache key.
pub fn identity() -> &'static str {
    IDENTITY.get_or_init(|| {
        use std::env::consts::{ARCH, OS};
        let mut text = format!("{ARCH} {OS} cranelift-{}", cranelift_codegen::VERSION);
        if let Some(vectors) = vectors() {
            text.push_str(&format!(" {vectors:?}"));
        }
        for feature in features() {
            text.push(' ');
            text.push_str(feature);
        }
        text
    })
}

/// The features of the CPU that the code generator uses, by its names for them; a test holds them against
/// the target's flags. Code from the cache needs no target, and making one takes longer than all else that
/// is done for such code.
#[cfg(target_arch = "x86_64")]
fn features() -> impl Iterator<Item = &'static str> {
    known_features().into_iter().filter_map(|(name, there)| (there && is_asked_for(name)).then_some(name))
}

#[cfg(target_arch = "x86_64")]
fn known_features() -> [(&'static str, bool); 19] {
    use std::arch::is_x86_feature_detected as has;
    [
        ("has_cmpxchg16b", has!("cmpxchg16b")),
        ("has_sse3", has!("sse3")),
        ("has_ssse3", has!("ssse3")),
        ("has_sse41", has!("sse4.1")),
        ("has_sse42", has!("sse4.2")),
        ("has_popcnt", has!("popcnt")),
        ("has_avx", has!("avx")),
        ("has_avx2", has!("avx2")),
        ("has_fma", has!("fma")),
        ("has_avx_vnni", has!("avxvnni")),
        ("has_avx512vnni", has!("avx512vnni")),
        ("has_bmi1", has!("bmi1")),
        ("has_bmi2", has!("bmi2")),
        ("has_avx512bitalg", has!("avx512bitalg")),
        ("has_avx512dq", has!("avx512dq")),
        ("has_avx512f", has!("avx512f")),
        ("has_avx512vl", has!("avx512vl")),
        ("has_avx512vbmi", has!("avx512vbmi")),
        ("has_lzcnt", has!("lzcnt")),
    ]
}

/// Elsewhere the target itself is asked.
#[cfg(not(target_arch = "x86_64"))]
fn features() -> impl Iterator<Item = &'static str> {
    target().isa_flags().into_iter().filter(|flag| flag.as_bool() == Some(true)).map(|flag| flag.name)
}

#[cfg(not(target_arch = "x86_64"))]
fn known_features() -> [(&'static str, bool); 0] {
    []
}
