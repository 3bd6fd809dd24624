//! The one door into executable memory.

use crate::object::CodeObject;

/// Code in executable memory. Never freed: running calls may hold its address.
pub struct Executable {
    pub entry: EntryFn,
    pub object: CodeObject,
}

pub type EntryFn = unsafe extern "C" fn(*mut crate::abi::Context, *const u64, *mut u64) -> i32;

/// Puts the code into executable memory.
pub fn load(_object: CodeObject) -> std::io::Result<Executable> {
    unimplemented!()
}
