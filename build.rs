//! Gives the crate its build identity: a hash of everything that decides what code it generates. Compiled
//! code kept on disk by one build is never run by another.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let mut files = vec![PathBuf::from("Cargo.lock"), PathBuf::from("Cargo.toml")];
    collect(Path::new("src"), &mut files);
    files.sort();
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325_6c62_272e_07bb_0142);
    for path in &files {
        hash.add(path.to_string_lossy().as_bytes());
        hash.add(&fs::read(path).unwrap_or_default());
    }
    for variable in ["TARGET", "PROFILE", "OPT_LEVEL", "DEBUG"] {
        #[expect(clippy::disallowed_methods, reason = "cargo talks to build scripts through the environment")]
        let value = std::env::var(variable).unwrap_or_default();
        hash.add(value.as_bytes());
    }
    println!("cargo:rustc-env=FASTJIT_BUILD_ID={:032x}", hash.0);
    for path in ["src", "Cargo.lock", "Cargo.toml", "build.rs"] {
        println!("cargo:rerun-if-changed={path}");
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// FNV-1a, 128 bits: this must tell apart builds, not resist an attacker.
struct Fnv(u128);

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        let length = (bytes.len() as u64).to_le_bytes();
        for byte in length.iter().chain(bytes) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}
