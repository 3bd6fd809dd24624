//! MIR to machine code through Cranelift; nothing clever.

use crate::mir;
use crate::object::CodeObject;
use crate::options::Options;
use crate::types::Type;

/// Emits the module for this machine's CPU.
pub fn emit(
    _module: &mir::Module,
    _params: &[Type],
    _result: &Type,
    _hidden: &[Type],
    _options: &Options,
) -> CodeObject {
    unimplemented!()
}
