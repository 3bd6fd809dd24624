//! Memory of arrays: reference-counted buffers.
//!
//! In: sizes, from compiled code; headers, from compiled code and from the border's capsules. Out: buffers
//! whose first element is 64-byte aligned. Invariant: `live_buffers` counts what was allocated and not
//! freed.

use crate::abi::{BUFFER_BORROWED, BUFFER_HEAP, BufferHeader};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering, fence};

/// Alignment of elements, and room for the header before them.
const LINE: usize = 64;

/// A buffer of ours: header and elements in one allocation.
#[repr(C)]
struct HeapBuffer {
    header: BufferHeader,
    /// What the C allocator returned.
    raw: *mut libc::c_void,
}

const _: () = assert!(size_of::<HeapBuffer>() <= LINE);

static LIVE: AtomicUsize = AtomicUsize::new(0);

/// Number of buffers that are alive, for tests of leaks.
pub fn live_buffers() -> usize {
    LIVE.load(Ordering::Acquire)
}

/// `RuntimeFn::Alloc`: a buffer with one reference, or null when memory is short.
///
/// Zeroed memory comes from `calloc`, so that large buffers are zeroed by the system when first touched.
pub extern "C" fn alloc(bytes: i64, zero: i64) -> *mut BufferHeader {
    let Ok(bytes) = usize::try_from(bytes) else {
        return ptr::null_mut();
    };
    // Header, elements, and slack to align the header: the C allocator aligns to 16.
    let Some(total) = bytes.checked_add(2 * LINE).filter(|total| *total <= isize::MAX as usize) else {
        return ptr::null_mut();
    };
    // SAFETY: plain allocation calls.
    let raw = unsafe { if zero != 0 { libc::calloc(1, total) } else { libc::malloc(total) } };
    if raw.is_null() {
        return ptr::null_mut();
    }
    let start = (raw as usize).next_multiple_of(LINE) as *mut HeapBuffer;
    // SAFETY: `start` is aligned, and `LINE + bytes` bytes from it lie within the allocation.
    unsafe {
        let data = start.cast::<u8>().add(LINE);
        start.write(HeapBuffer {
            header: BufferHeader {
                refcount: AtomicUsize::new(1),
                kind: BUFFER_HEAP,
                data,
                bytes,
                object: ptr::null_mut(),
            },
            raw,
        });
    }
    LIVE.fetch_add(1, Ordering::Relaxed);
    start.cast()
}

/// A header for memory that belongs to a Python object; it lives where the caller puts it.
pub fn borrowed(object: *mut std::ffi::c_void) -> BufferHeader {
    BufferHeader {
        refcount: AtomicUsize::new(1),
        kind: BUFFER_BORROWED,
        data: ptr::null_mut(),
        bytes: 0,
        object,
    }
}

/// `RuntimeFn::Retain`.
///
/// # Safety
/// The header is null or alive, and the caller owns a reference.
pub unsafe extern "C" fn retain(buffer: *mut BufferHeader) {
    // SAFETY: the caller's header is null or alive.
    if let Some(header) = unsafe { buffer.as_ref() }
        && header.kind == BUFFER_HEAP
    {
        header.refcount.fetch_add(1, Ordering::Relaxed);
    }
}

/// `RuntimeFn::Release`.
///
/// # Safety
/// The header is null or alive, and the caller owns a reference of it, which it gives up.
pub unsafe extern "C" fn release(buffer: *mut BufferHeader) {
    // SAFETY: the caller's header is null or alive.
    let Some(header) = (unsafe { buffer.as_ref() }) else { return };
    if header.kind != BUFFER_HEAP || header.refcount.fetch_sub(1, Ordering::Release) != 1 {
        return;
    }
    // What other threads did with the buffer comes before its end.
    fence(Ordering::Acquire);
    LIVE.fetch_sub(1, Ordering::Relaxed);
    // SAFETY: the last reference is gone, and every `BUFFER_HEAP` header was made by `alloc`.
    unsafe { libc::free((*buffer.cast::<HeapBuffer>()).raw) };
}

/// `RuntimeFn::ReleaseSlots`: releases and clears each set slot.
///
/// # Safety
/// `slots` points to `count` words, each null or a header with a reference that the slot owns.
pub unsafe extern "C" fn release_slots(slots: *mut *mut BufferHeader, count: i64) {
    for index in 0..usize::try_from(count).unwrap_or(0) {
        // SAFETY: the caller passes so many slots, and each owns the reference that is in it.
        unsafe { release(std::mem::replace(&mut *slots.add(index), ptr::null_mut())) };
    }
}

/// `RuntimeFn::MemMove`.
///
/// # Safety
/// Both ranges of `bytes` bytes are mapped, and `dst` may be written.
pub unsafe extern "C" fn mem_move(dst: *mut u8, src: *const u8, bytes: i64) {
    if bytes > 0 {
        // SAFETY: the caller has checked that both ranges are within their arrays.
        unsafe { ptr::copy(src, dst, bytes as usize) };
    }
}

/// `RuntimeFn::MemZero`.
///
/// # Safety
/// The `bytes` bytes from `dst` may be written.
pub unsafe extern "C" fn mem_zero(dst: *mut u8, bytes: i64) {
    if bytes > 0 {
        // SAFETY: the caller has checked that the range is within its array.
        unsafe { ptr::write_bytes(dst, 0, bytes as usize) };
    }
}
