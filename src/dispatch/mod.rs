//! Signature to entry; no Python in it.
//!
//! In: an environment and parameter types from the border. Out: code in executable memory, from the disk
//! cache or compiled now. Invariants: one compilation per signature, however many threads ask; nothing here
//! runs Python code, so that the lock cannot be held while the interpreter switches threads.

pub mod release;

use crate::diag::Result;
use crate::infer::env::Env;
use crate::load::{self, Executable};
use crate::object::CodeObject;
use crate::options::Options;
use crate::types::Type;
use crate::{cache, driver};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What identifies a specialisation in this process.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The meaning of the names.
    pub names: [u8; 32],
    /// The type codes.
    pub codes: Box<[u64]>,
    /// See `Options::fast_only`.
    pub fast_only: bool,
}

/// The compiled signatures of one function.
pub struct Dispatcher {
    pub options: Options,
    /// Look into the disk cache and write to it.
    pub cached: bool,
    loaded: Mutex<HashMap<Key, Arc<Executable>>>,
    compiled: AtomicU64,
    cache_hits: AtomicU64,
}

impl Dispatcher {
    pub fn new(options: Options, cached: bool) -> Dispatcher {
        Dispatcher {
            options,
            cached,
            loaded: Mutex::default(),
            compiled: AtomicU64::new(0),
            cache_hits: AtomicU64::new(0),
        }
    }

    fn table(&self) -> MutexGuard<'_, HashMap<Key, Arc<Executable>>> {
        // A panic of the compiler leaves the table as it was.
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Code that is at hand: made before, or in the disk cache. Needs no source text.
    pub fn find(&self, key: &Key, env: &Env, params: &[Type]) -> Option<Arc<Executable>> {
        let mut table = self.table();
        if let Some(known) = table.get(key) {
            return Some(known.clone());
        }
        if !self.cached {
            return None;
        }
        let object = cache::default_store().load(&self.cache_key(key, env, params))?;
        let executable = Arc::new(load::load(object).ok()?);
        self.cache_hits.fetch_add(1, Ordering::Relaxed);
        table.insert(key.clone(), executable.clone());
        Some(executable)
    }

    /// Compiles now, unless another thread has done so meanwhile. `env` has its source texts.
    pub fn compile(&self, key: &Key, env: &Env, params: &[Type]) -> Result<Arc<Executable>> {
        let mut table = self.table();
        if let Some(known) = table.get(key) {
            return Ok(known.clone());
        }
        let object = driver::compile(env, params, &self.options(key))?;
        self.compiled.fetch_add(1, Ordering::Relaxed);
        if self.cached {
            cache::default_store().save(&self.cache_key(key, env, params), &object);
        }
        let executable = Arc::new(place(object));
        table.insert(key.clone(), executable.clone());
        Ok(executable)
    }

    fn options(&self, key: &Key) -> Options {
        Options { fast_only: key.fast_only, ..self.options }
    }

    fn cache_key(&self, key: &Key, env: &Env, params: &[Type]) -> cache::Key {
        cache::key(env, params, &self.options(key), driver::target())
    }

    /// Numbers of compilations and of loads from the disk cache.
    pub fn counts(&self) -> (u64, u64) {
        (self.compiled.load(Ordering::Relaxed), self.cache_hits.load(Ordering::Relaxed))
    }
}

fn place(object: CodeObject) -> Executable {
    match load::load(object) {
        Ok(executable) => executable,
        Err(error) => panic!("no executable memory: {error}"),
    }
}

/// Folder of the disk cache, number of files and their size in bytes.
pub fn cache_info() -> (Option<String>, u64, u64) {
    let info = cache::default_store().info();
    (info.folder.map(|folder| folder.display().to_string()), info.files, info.bytes)
}

/// Empties the disk cache; returns the number of files removed.
pub fn cache_clear() -> u64 {
    cache::default_store().clear()
}
