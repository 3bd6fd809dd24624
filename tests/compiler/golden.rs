//! Golden files: a program, and below it in `#|` lines what the compiler must say about it.
//!
//! `FASTJIT_BLESS=1 cargo test` rewrites the expectations, to be read before they are committed.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Runs `render` on the program of each `tests/golden/<folder>/*.py` and compares.
pub fn check(folder: &str, render: impl Fn(&str, &str) -> String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&root)
        .unwrap_or_else(|error| panic!("{}: {error}", root.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no golden files in {}", root.display());
    let bless = std::env::var_os("FASTJIT_BLESS").is_some();
    let mut wrong = String::new();
    for path in files {
        let content = std::fs::read_to_string(&path).unwrap();
        let program = content.split("#|").next().unwrap().trim_end().to_owned() + "\n";
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut expected = program.clone() + "\n";
        for line in render(&name, &program).lines() {
            expected.push_str(format!("#| {line}").trim_end());
            expected.push('\n');
        }
        if content == expected {
            continue;
        }
        if bless {
            std::fs::write(&path, expected).unwrap();
        } else {
            let _ = write!(wrong, "--- {folder}/{name} has\n{content}--- but should have\n{expected}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}(FASTJIT_BLESS=1 rewrites the files)");
}
