//! The files of the cache: one a specialisation, named by its key.
//!
//! In: a folder, a size limit, keys and code objects. Out: code objects, or nothing. Invariants: a file is
//! complete or absent (written aside, then renamed), so that many processes can share the folder without a
//! lock; only a file of our own user that nobody else can write, with the right key and checksum, is
//! believed; no failure here is ever an error.
//!
//! A file is: `MAGIC`, key (32 bytes), blake3 of what follows (32), the encoded `CodeObject`.

use super::Key;
use crate::object::CodeObject;
use crate::runtime::process;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

const MAGIC: &[u8; 8] = b"fastjit\x01";
const HEADER: usize = MAGIC.len() + 32 + 32;
const EXTENSION: &str = "fastjit";
/// Nothing that is compiled comes near this size; a larger file is not read.
const LARGEST: u64 = 64 << 20;
/// A file is marked as used at most this often.
const TOUCH: Duration = Duration::from_secs(3600);
/// A file under its temporary name for longer than this was left by a process that died.
const ABANDONED: Duration = Duration::from_secs(3600);
/// The folder is measured after the first write of a process and then after as many writes.
const MEASURE_EVERY: u64 = 64;

/// A folder of compiled code; without a folder, a store that is always empty.
#[derive(Debug)]
pub struct Store {
    folder: Option<PathBuf>,
    /// Bytes that the files may take together.
    limit: u64,
    writes: AtomicU64,
}

/// What is in the folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Info {
    pub folder: Option<PathBuf>,
    pub files: u64,
    pub bytes: u64,
    pub limit: u64,
}

impl Store {
    /// Touches nothing: the folder is made by the first write.
    pub fn new(folder: Option<PathBuf>, limit: u64) -> Store {
        Store { folder, limit, writes: AtomicU64::new(0) }
    }

    /// The code object with this key, if there is a file that can be trusted.
    pub fn load(&self, key: &Key) -> Option<CodeObject> {
        let path = self.path(key)?;
        let mut file = open(&path)?;
        let metadata = file.metadata().ok()?;
        if !trusted(&metadata) || metadata.len() > LARGEST || metadata.len() < HEADER as u64 {
            return None;
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
        file.read_to_end(&mut bytes).ok()?;
        let object = decode(&bytes, key)?;
        touch(&file, &metadata);
        Some(object)
    }

    /// Writes the file for this key. False if that was not possible.
    pub fn save(&self, key: &Key, object: &CodeObject) -> bool {
        let (Some(folder), Some(path)) = (&self.folder, self.path(key)) else { return false };
        let bytes = encode(key, object);
        if bytes.len() as u64 > LARGEST.min(self.limit) || !make_folder(folder) {
            return false;
        }
        let count = self.writes.fetch_add(1, Ordering::Relaxed);
        let aside = folder.join(format!(".{}-{}-{count}.tmp", std::process::id(), unique()));
        let written = create(&aside).is_some_and(|mut file| file.write_all(&bytes).is_ok());
        if !written || fs::rename(&aside, &path).is_err() {
            let _ = fs::remove_file(&aside);
            return false;
        }
        if count.is_multiple_of(MEASURE_EVERY) {
            self.evict();
        }
        true
    }

    /// Counts files and bytes.
    pub fn info(&self) -> Info {
        let files = self.files();
        Info {
            folder: self.folder.clone(),
            files: files.len() as u64,
            bytes: files.iter().map(|file| file.bytes).sum(),
            limit: self.limit,
        }
    }

    /// Removes every file of the cache; how many there were.
    pub fn clear(&self) -> u64 {
        let removed = self.files().iter().filter(|file| fs::remove_file(&file.path).is_ok()).count();
        self.remove_abandoned(Duration::ZERO);
        removed as u64
    }

    /// Removes the files unused for longest until a tenth of the limit is free.
    pub fn evict(&self) {
        self.remove_abandoned(ABANDONED);
        let mut files = self.files();
        let mut total: u64 = files.iter().map(|file| file.bytes).sum();
        if total <= self.limit {
            return;
        }
        files.sort_by(|a, b| a.used.cmp(&b.used).then_with(|| a.path.cmp(&b.path)));
        for file in files {
            if total <= self.limit - self.limit / 10 {
                return;
            }
            // Another process may have been faster: the space is free either way.
            let _ = fs::remove_file(&file.path);
            total -= file.bytes;
        }
    }

    fn path(&self, key: &Key) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{}.{EXTENSION}", key.hex())))
    }

    fn entries(&self) -> impl Iterator<Item = (PathBuf, Metadata)> {
        let entries = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok());
        entries.into_iter().flatten().flatten().filter_map(|entry| {
            // Not following links: what is counted and removed lies in the folder.
            let metadata = entry.metadata().ok()?;
            metadata.is_file().then(|| (entry.path(), metadata))
        })
    }

    fn files(&self) -> Vec<Entry> {
        self.entries()
            .filter(|(path, _)| path.extension().is_some_and(|extension| extension == EXTENSION))
            .map(|(path, metadata)| Entry {
                path,
                bytes: metadata.len(),
                used: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
            })
            .collect()
    }

    fn remove_abandoned(&self, age: Duration) {
        for (path, metadata) in self.entries() {
            let ours = path.extension().is_some_and(|extension| extension == "tmp");
            let old = metadata
                .modified()
                .ok()
                .and_then(|at| at.elapsed().ok())
                .is_some_and(|elapsed| elapsed >= age);
            if ours && old {
                let _ = fs::remove_file(path);
            }
        }
    }
}

struct Entry {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}

/// The content of the file for `object`.
fn encode(key: &Key, object: &CodeObject) -> Vec<u8> {
    let body = object.encode();
    let mut bytes = Vec::with_capacity(HEADER + body.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&key.0);
    bytes.extend_from_slice(blake3::hash(&body).as_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

fn decode(bytes: &[u8], key: &Key) -> Option<CodeObject> {
    let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(&key.0)?;
    let (checksum, body) = rest.split_at_checked(32)?;
    if blake3::hash(body).as_bytes() != checksum {
        return None;
    }
    CodeObject::decode(body)
}

/// Distinguishes temporary files of processes that share a folder but not their process ids (containers).
fn unique() -> u128 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_nanos())
}

#[cfg(unix)]
fn open(path: &Path) -> Option<File> {
    use std::os::unix::fs::OpenOptionsExt;
    // A link or a pipe in place of the file is not followed and does not block.
    OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path).ok()
}

#[cfg(not(unix))]
fn open(path: &Path) -> Option<File> {
    File::open(path).ok()
}

/// A new file, readable and writable by its owner alone.
fn create(path: &Path) -> Option<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).ok()
}

fn make_folder(folder: &Path) -> bool {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).is_ok()
}

/// Code is run from this file: only its owner, who must be us, may have written it.
fn trusted(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let owned = Some(metadata.uid()) == process::effective_user();
        metadata.is_file() && owned && metadata.mode() & 0o022 == 0
    }
    #[cfg(not(unix))]
    {
        let _ = process::effective_user();
        metadata.is_file()
    }
}

/// Marks the file as used, for eviction.
fn touch(file: &File, metadata: &Metadata) {
    let elapsed = metadata.modified().ok().and_then(|at| at.elapsed().ok());
    if elapsed.is_some_and(|elapsed| elapsed > TOUCH) {
        let _ = file.set_modified(SystemTime::now());
    }
}
