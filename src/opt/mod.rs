//! The passes on MIR and their order.

use crate::mir;
use crate::options::Options;

/// Runs the pipeline.
pub fn optimize(_module: &mut mir::Module, _options: &Options) {
    unimplemented!()
}
