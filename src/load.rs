//! The one door into executable memory.
//!
//! In: a `CodeObject`, fresh or cached. Out: an `Executable`. Invariants: no page is ever writable and
//! executable at one address; pages with live code never change their protection; code is never freed.
//!
//! On Linux an arena is a memory file mapped twice, once to write and once to run, so that a load is a copy
//! and a few relocations. The mapping is shared: a forked child that wrote would write over its parent's
//! code, so the child drops the arena (its old code stays mapped) and makes its own at its next load.
//! Elsewhere, and where memory files are forbidden, each object has pages of its own, written first and
//! made executable after.

use crate::object::{CodeObject, RelocTarget};
use crate::runtime::symbols;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Code in executable memory. Never freed: running calls may hold its address.
pub struct Executable {
    pub entry: EntryFn,
    pub object: CodeObject,
}

pub type EntryFn = unsafe extern "C" fn(*mut crate::abi::Context, *const u64, *mut u64) -> i32;

/// Address space of one arena; memory is taken page by page as it is written.
const ARENA_BYTES: usize = 16 << 20;

/// Code starts at a cache line.
const ALIGN: usize = 64;

struct Arena {
    /// Address to write through and address to run at, of the same memory.
    write: usize,
    run: usize,
    bytes: usize,
    used: usize,
    /// Value of `GENERATION` in the process that made the arena.
    generation: u32,
}

static ARENA: Mutex<Option<Arena>> = Mutex::new(None);
/// Number of forks between this process and the first.
static GENERATION: AtomicU32 = AtomicU32::new(0);
static FORK_HANDLERS: AtomicBool = AtomicBool::new(false);

/// Puts the code into executable memory.
pub fn load(object: CodeObject) -> io::Result<Executable> {
    let run = place(&object)?;
    let entry = run + object.entry as usize;
    // SAFETY: `entry` is the address of code that `codegen` emitted with this signature, mapped to run.
    let entry = unsafe { std::mem::transmute::<usize, EntryFn>(entry) };
    Ok(Executable { entry, object })
}

fn place(object: &CodeObject) -> io::Result<usize> {
    if let Some(arena) = lock().as_mut_slot(object.code.len())? {
        let (write, run) = arena.take(object.code.len());
        copy(object, write, run);
        return Ok(run);
    }
    place_alone(object)
}

struct Slot(MutexGuard<'static, Option<Arena>>);

fn lock() -> Slot {
    if !FORK_HANDLERS.swap(true, Ordering::AcqRel) {
        register_fork_handlers();
    }
    Slot(ARENA.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Slot {
    /// The arena with room for `bytes`, made if need be; none where double mapping is not to be had.
    fn as_mut_slot(&mut self, bytes: usize) -> io::Result<Option<&mut Arena>> {
        let generation = GENERATION.load(Ordering::Acquire);
        let arena = &mut *self.0;
        let fits = arena.as_ref().is_some_and(|a| a.generation == generation && a.bytes - a.used >= bytes);
        if !fits {
            // The old arena, full or the parent's, stays mapped: its code may be running.
            match Arena::new(bytes.max(ARENA_BYTES), generation) {
                Ok(new) => *arena = Some(new),
                Err(_) => return Ok(None),
            }
        }
        Ok(arena.as_mut())
    }
}

impl Arena {
    /// The next free place: address to write, address to run.
    fn take(&mut self, bytes: usize) -> (usize, usize) {
        let at = self.used;
        self.used = (at + bytes).next_multiple_of(ALIGN).min(self.bytes);
        (self.write + at, self.run + at)
    }

    #[cfg(target_os = "linux")]
    fn new(bytes: usize, generation: u32) -> io::Result<Arena> {
        use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
        let bytes = bytes.next_multiple_of(page());
        // SAFETY: plain system call on a constant name.
        let fd = unsafe { libc::memfd_create(c"fastjit".as_ptr(), libc::MFD_CLOEXEC) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: `fd` is open and nobody else's. Closing it leaves the mappings.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        // SAFETY: `fd` is open; the file is new, so growing it disturbs nobody.
        if unsafe { libc::ftruncate(fd.as_raw_fd(), bytes as libc::off_t) } != 0 {
            return Err(io::Error::last_os_error());
        }
        let write = map(bytes, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED, fd.as_raw_fd())?;
        match map(bytes, libc::PROT_READ | libc::PROT_EXEC, libc::MAP_SHARED, fd.as_raw_fd()) {
            Ok(run) => Ok(Arena { write, run, bytes, used: 0, generation }),
            Err(error) => {
                // SAFETY: `write` was mapped above with this length and nothing points into it.
                unsafe { libc::munmap(write as *mut libc::c_void, bytes) };
                Err(error)
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn new(_bytes: usize, _generation: u32) -> io::Result<Arena> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }
}

/// Pages of its own for one object: written, then made executable.
fn place_alone(object: &CodeObject) -> io::Result<usize> {
    let bytes = object.code.len().max(1).next_multiple_of(page());
    let flags = libc::MAP_PRIVATE | libc::MAP_ANON;
    let at = map(bytes, libc::PROT_READ | libc::PROT_WRITE, flags, -1)?;
    copy(object, at, at);
    // SAFETY: the pages were mapped above with this length and hold nothing else.
    if unsafe { libc::mprotect(at as *mut libc::c_void, bytes, libc::PROT_READ | libc::PROT_EXEC) } != 0 {
        let error = io::Error::last_os_error();
        // SAFETY: as above; the code has not been published.
        unsafe { libc::munmap(at as *mut libc::c_void, bytes) };
        return Err(error);
    }
    Ok(at)
}

fn map(bytes: usize, protection: i32, flags: i32, fd: i32) -> io::Result<usize> {
    // SAFETY: a fresh mapping at an address of the kernel's choice touches no existing memory.
    let at = unsafe { libc::mmap(std::ptr::null_mut(), bytes, protection, flags, fd, 0) };
    if at == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(at as usize) }
}

fn page() -> usize {
    // SAFETY: a query without side effects.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

/// Copies the code to `write` and relocates it for `run`.
fn copy(object: &CodeObject, write: usize, run: usize) {
    // SAFETY: `write` has room for the code, is writable, and no code runs there yet.
    let place = unsafe { std::slice::from_raw_parts_mut(write as *mut u8, object.code.len()) };
    place.copy_from_slice(&object.code);
    for reloc in &object.relocs {
        let target = match reloc.target {
            RelocTarget::Runtime(func) => symbols::address(func),
            RelocTarget::Code(offset) => run + offset as usize,
        };
        let address = (target as i64).wrapping_add(reloc.addend);
        let at = reloc.offset as usize;
        place[at..at + 8].copy_from_slice(&address.to_le_bytes());
    }
    synchronize(run, object.code.len());
}

/// Makes the instructions visible to the processor's instruction cache.
#[cfg(target_arch = "x86_64")]
fn synchronize(_run: usize, _bytes: usize) {}

/// Makes the instructions visible to the processor's instruction cache.
#[cfg(not(target_arch = "x86_64"))]
fn synchronize(run: usize, bytes: usize) {
    unsafe extern "C" {
        fn __clear_cache(start: *mut libc::c_char, end: *mut libc::c_char);
    }
    // SAFETY: the range was just mapped and written.
    unsafe { __clear_cache(run as *mut libc::c_char, (run + bytes) as *mut libc::c_char) };
}

/// The lock is held across `fork`, so that the child never finds it taken by a thread it does not have.
fn register_fork_handlers() {
    // SAFETY: the handlers are plain functions that live as long as the library; Python never unloads
    // extension modules.
    unsafe { libc::pthread_atfork(Some(before_fork), Some(after_fork_parent), Some(after_fork_child)) };
}

/// The guard held between `before_fork` and the handler after it, in the forking thread.
struct Held(std::cell::Cell<Option<MutexGuard<'static, Option<Arena>>>>);

thread_local! {
    static HELD: Held = const { Held(std::cell::Cell::new(None)) };
}

extern "C" fn before_fork() {
    let guard = ARENA.lock().unwrap_or_else(PoisonError::into_inner);
    // A thread that is being torn down has no slot any more; then the lock is simply not held.
    let _ = HELD.try_with(|held| held.0.set(Some(guard)));
}

extern "C" fn after_fork_parent() {
    let _ = HELD.try_with(|held| held.0.set(None));
}

extern "C" fn after_fork_child() {
    GENERATION.fetch_add(1, Ordering::AcqRel);
    let _ = HELD.try_with(|held| held.0.set(None));
}
