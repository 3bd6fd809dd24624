//! Compiled code as plain data: what `codegen` makes, `cache` stores and `load` puts into memory.
//!
//! In: nothing. Out: `load`, `cache`, `dispatch`. Invariant: position-independent except for the listed
//! relocations; contains no address of this process; `decode(encode(x)) == x`, and `decode` of any other
//! bytes is `None`, never a panic and never an object whose offsets leave its code.

mod codec;

use crate::abi::{RuntimeFn, Site};
use crate::types::Type;

#[derive(Clone, PartialEq, Debug)]
pub struct CodeObject {
    /// Types of the parameters of the entry function, as flattened in the entry's `args`.
    pub params: Vec<Type>,
    pub result: Type,
    /// Hidden arguments: types, in the order of `Env::hidden`.
    pub hidden: Vec<Type>,
    /// All functions, one after the other; calls among them are already resolved.
    pub code: Vec<u8>,
    /// Offset of the entry in `code`.
    pub entry: u32,
    pub relocs: Vec<Reloc>,
    pub sites: Vec<Site>,
    /// True if the code has loops or calls (so that releasing the GIL can pay).
    pub has_loops: bool,
    /// True if the code runs a parallel loop.
    pub parallel: bool,
    /// Function boundaries for disassembly and profilers: name, offset, length.
    pub symbols: Vec<(String, u32, u32)>,
}

/// An 8-byte absolute address to fill in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reloc {
    pub offset: u32,
    pub target: RelocTarget,
    pub addend: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RelocTarget {
    Runtime(RuntimeFn),
    /// Offset in `CodeObject::code` itself.
    Code(u32),
}

impl CodeObject {
    /// The object as bytes, the same bytes for equal objects.
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// The object that was encoded; none if the bytes are anything else.
    pub fn decode(bytes: &[u8]) -> Option<CodeObject> {
        codec::decode(bytes)
    }
}
