//! The cache across runs: keys, and files that must or must not be believed.

use fastjit::abi::{ExcKind, RuntimeFn, Site, SiteArg, SourcePos};
use fastjit::cache::{Key, Store, key};
use fastjit::hir::Const;
use fastjit::infer::env::{Binding, Env, Source};
use fastjit::object::{CodeObject, Reloc, RelocTarget};
use fastjit::options::Options;
use fastjit::types::{Scalar, Type};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("fastjit-test-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn object(size: usize) -> CodeObject {
    CodeObject {
        params: vec![Type::FLOAT, Type::INT],
        result: Type::FLOAT,
        hidden: vec![],
        code: (0..size.max(8)).map(|k| k as u8).collect(),
        entry: 0,
        relocs: vec![Reloc { offset: 0, target: RelocTarget::Runtime(RuntimeFn::Poll), addend: 0 }],
        sites: vec![Site {
            exc: Some(ExcKind::Value),
            args: vec![SiteArg::Int(3)],
            frames: vec![SourcePos { source: 0, line: 2 }],
        }],
        has_loops: true,
        parallel: false,
        symbols: vec![("f".to_owned(), 0, 8)],
    }
}

fn some_key(k: u8) -> Key {
    Key([k; 32])
}

fn only_file(folder: &Path) -> PathBuf {
    let files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn what_is_saved_is_loaded() {
    let folder = Folder::new("round-trip");
    let store = Store::new(Some(folder.0.join("a/b")), 1 << 20);
    assert_eq!(store.load(&some_key(1)), None);
    assert_eq!(store.info().files, 0);
    assert!(store.save(&some_key(1), &object(100)));
    assert_eq!(store.load(&some_key(1)), Some(object(100)));
    assert_eq!(store.load(&some_key(2)), None);
    assert!(store.save(&some_key(1), &object(200)));
    assert_eq!(store.load(&some_key(1)), Some(object(200)));
    let info = store.info();
    assert_eq!((info.files, info.limit), (1, 1 << 20));
    assert!(info.bytes > 200);
    assert_eq!(store.clear(), 1);
    assert_eq!(store.load(&some_key(1)), None);
    assert_eq!(fs::read_dir(folder.0.join("a/b")).unwrap().count(), 0);
}

#[test]
fn a_file_under_another_name_is_not_believed() {
    let folder = Folder::new("renamed");
    let store = Store::new(Some(folder.0.clone()), 1 << 20);
    assert!(store.save(&some_key(1), &object(100)));
    let path = only_file(&folder.0);
    fs::copy(&path, path.with_file_name(format!("{}.fastjit", some_key(2).hex()))).unwrap();
    assert_eq!(store.load(&some_key(2)), None);
    assert!(store.load(&some_key(1)).is_some());
}

#[test]
fn truncated_and_flipped_files_are_misses() {
    let folder = Folder::new("corrupt");
    let store = Store::new(Some(folder.0.clone()), 1 << 20);
    assert!(store.save(&some_key(1), &object(64)));
    let path = only_file(&folder.0);
    let good = fs::read(&path).unwrap();
    for length in 0..good.len() {
        fs::write(&path, &good[..length]).unwrap();
        assert_eq!(store.load(&some_key(1)), None, "truncated to {length}");
    }
    for at in 0..good.len() {
        for bit in [0, 3, 7] {
            let mut bad = good.clone();
            bad[at] ^= 1 << bit;
            fs::write(&path, &bad).unwrap();
            assert_eq!(store.load(&some_key(1)), None, "bit {bit} of byte {at}");
        }
    }
    let mut longer = good.clone();
    longer.push(0);
    fs::write(&path, &longer).unwrap();
    assert_eq!(store.load(&some_key(1)), None);
    fs::write(&path, &good).unwrap();
    assert!(store.load(&some_key(1)).is_some());
}

#[cfg(unix)]
#[test]
fn files_that_others_could_have_written_are_misses() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = Folder::new("owner");
    let store = Store::new(Some(folder.0.clone()), 1 << 20);
    assert!(store.save(&some_key(1), &object(64)));
    let path = only_file(&folder.0);
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(&folder.0).unwrap().mode() & 0o777, 0o700);
    for (mode, believed) in [(0o644, true), (0o620, false), (0o602, false), (0o666, false), (0o600, true)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(store.load(&some_key(1)).is_some(), believed, "{mode:o}");
    }
    // Only the superuser can give a file away.
    if std::os::unix::fs::chown(&path, Some(12345), None).is_ok() {
        assert_eq!(store.load(&some_key(1)), None);
        std::os::unix::fs::chown(&path, Some(fs::metadata(&folder.0).unwrap().uid()), None).unwrap();
    }
    assert!(store.load(&some_key(1)).is_some());
    // A link, even to a good file.
    let elsewhere = folder.0.join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    assert_eq!(store.load(&some_key(1)), None);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(store.load(&some_key(1)), None);
}

#[test]
fn folders_that_cannot_be_used() {
    let folder = Folder::new("unusable");
    fs::create_dir(&folder.0).unwrap();
    let file = folder.0.join("file");
    fs::write(&file, "").unwrap();
    for place in [Some(file.join("below")), Some(PathBuf::from("/proc/nowhere")), Some(file), None] {
        let store = Store::new(place, 1 << 20);
        assert!(!store.save(&some_key(1), &object(64)));
        assert_eq!(store.load(&some_key(1)), None);
        assert_eq!(store.info().files, 0);
        assert_eq!(store.clear(), 0);
        store.evict();
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_still_serves() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("read-only");
    let store = Store::new(Some(folder.0.clone()), 1 << 20);
    assert!(store.save(&some_key(1), &object(64)));
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o500)).unwrap();
    assert!(store.load(&some_key(1)).is_some());
    // The superuser writes all the same.
    let superuser = unsafe { libc::geteuid() } == 0;
    assert_eq!(store.save(&some_key(2), &object(64)), superuser);
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn the_least_recently_used_files_go() {
    let folder = Folder::new("evict");
    let store = Store::new(Some(folder.0.clone()), 1 << 20);
    for k in 0..10 {
        assert!(store.save(&some_key(k), &object(1000)));
        let path = folder.0.join(format!("{}.fastjit", some_key(k).hex()));
        let age = Duration::from_secs(36_000 * (20 - u64::from(k)));
        fs::File::open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
    }
    // A load marks the oldest as used.
    assert!(store.load(&some_key(0)).is_some());
    let bytes = store.info().bytes;
    let foreign = folder.0.join("notes.txt");
    fs::write(&foreign, "not ours").unwrap();
    let abandoned = folder.0.join(".1-2-3.tmp");
    fs::write(&abandoned, "").unwrap();
    fs::File::open(&abandoned).unwrap().set_modified(SystemTime::now() - Duration::from_secs(7200)).unwrap();
    let small = Store::new(Some(folder.0.clone()), bytes / 2);
    small.evict();
    assert!(small.info().bytes <= bytes / 2);
    let left: Vec<u8> = (0..10).filter(|k| small.load(&some_key(*k)).is_some()).collect();
    assert_eq!(left, [0, 7, 8, 9]);
    assert!(foreign.exists() && !abandoned.exists());
    // The first write of a process measures the folder.
    let tiny = Store::new(Some(folder.0.clone()), 2000);
    assert!(tiny.save(&some_key(11), &object(1000)));
    assert!(tiny.info().bytes <= 2000);
    assert!(!tiny.save(&some_key(12), &object(5000)));
}

#[test]
fn concurrent_writers_and_readers() {
    let folder = Folder::new("concurrent");
    std::thread::scope(|scope| {
        for writer in 0..4usize {
            let folder = folder.0.clone();
            scope.spawn(move || {
                let store = Store::new(Some(folder), 1 << 20);
                for round in 0..50usize {
                    let k = (round % 3) as u8;
                    assert!(store.save(&some_key(k), &object(100 + 1000 * writer)));
                    let found = store.load(&some_key(k)).expect("complete at any time");
                    assert_eq!(found, object(found.code.len()));
                }
            });
        }
    });
    let store = Store::new(Some(folder.0.clone()), 1 << 20);
    assert_eq!(store.info().files, 3);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 3);
}

#[test]
fn whatever_decides_the_code_changes_the_key() {
    let env = || Env {
        sources: vec![Source { name: "f".to_owned(), ..Source::default() }],
        python_minor: 11,
        ..Env::default()
    };
    let options = Options::default();
    let params = [Type::INT];
    let base = key(&env(), &params, &options, "x86-64");
    let mut keys = BTreeSet::from([base]);
    let mut different = |other: Key, what: &str| assert!(keys.insert(other), "{what} is not in the key");
    different(key(&env(), &[Type::FLOAT], &options, "x86-64"), "a parameter type");
    different(key(&env(), &[Type::Scalar(Scalar::I64)], &options, "x86-64"), "the family of a type");
    different(key(&env(), &[Type::INT, Type::INT], &options, "x86-64"), "the number of parameters");
    different(key(&env(), &[Type::Tuple(params.to_vec().into())], &options, "x86-64"), "a tuple");
    different(key(&env(), &params, &options, "x86-64 avx2"), "the target");
    different(key(&env(), &params, &Options { overflow_wrap: true, ..options }, "x86-64"), "an option");
    let change = |change: &dyn Fn(&mut Env)| {
        let mut env = env();
        change(&mut env);
        key(&env, &params, &options, "x86-64")
    };
    different(change(&|env| env.python_minor = 12), "the version of Python");
    different(change(&|env| env.numpy = Some((2, 0))), "NumPy");
    different(change(&|env| env.numpy = Some((2, 3))), "the version of NumPy");
    different(change(&|env| env.hidden.push(Type::INT)), "a hidden argument");
    different(change(&|env| env.objects.push("MyError".to_owned())), "an exception class");
    different(change(&|env| env.sources[0].code_hash[31] = 1), "the code");
    different(change(&|env| env.sources.push(Source::default())), "a callee");
    let bind = |binding: Binding| {
        change(&|env| {
            env.sources[0].names.insert("x".to_owned(), binding.clone());
        })
    };
    different(bind(Binding::None), "a name");
    different(bind(Binding::Scalar(Scalar::Int, Const::Int(0))), "a constant");
    different(bind(Binding::Scalar(Scalar::I64, Const::Int(0))), "the type of a constant");
    different(bind(Binding::Scalar(Scalar::Float, Const::Float(0.0))), "a float");
    different(bind(Binding::Scalar(Scalar::Float, Const::Float(-0.0))), "the sign of zero");
    different(bind(Binding::Known("math.sqrt".to_owned())), "a builtin");
    different(bind(Binding::Tuple(vec![Binding::None])), "a tuple of constants");
    different(bind(Binding::Tuple(vec![Binding::Tuple(vec![]), Binding::None])), "nesting");
    different(bind(Binding::Tuple(vec![Binding::Tuple(vec![Binding::None])])), "nesting");
    different(
        change(&|env| {
            env.sources[0].defaults.insert("x".to_owned(), Binding::None);
        }),
        "a default",
    );
    // The place in the file is not part of it.
    let moved = change(&|env| {
        env.sources[0].text.first_line = 99;
        env.sources[0].text.file = "elsewhere.py".to_owned();
    });
    assert_eq!(moved, base);
}
