//! fastjit compiles numeric Python functions to machine code in milliseconds.
//!
//! # The house
//!
//! Data flows one way. `[..]` lists the crate modules that a room may use; a test
//! (`tests/compiler/architecture.rs`) reads the `use crate::` lines and holds them against this table.
//!
//! ```text
//! abi       the treaty with machine code                                   [builtin]
//! builtin   names of functions: data only                                  []
//! diag      Diagnostic, codes, spans, rendering                            []
//! types     Type, Scalar, ArrayType, promotion, names                      [abi]
//! ast       the subset of Python, nothing else                             [diag]
//! syntax    parse, convert; refuses what is outside the subset             [ast diag]
//! hir       typed tree, printer, verifier                                  [types builtin diag abi]
//! infer     names and types -> HIR                                         [ast hir types builtin diag abi options syntax prelude]
//! mir       structured SSA: data, builder, printer, verifier, interpreter  [abi builtin]
//! lower     HIR -> MIR                                                     [hir mir types builtin diag abi options]
//! opt       passes on MIR                                                  [mir abi builtin options vmath timing]
//! vmath     elementary functions as straight MIR                         [mir builtin]
//! prelude   array functions written in the subset                          []
//! codegen   MIR -> Cranelift -> CodeObject                                 [mir vector object abi builtin options types timing]
//! vector    vector loops -> machine code for AVX2 and AVX-512                [mir]
//! object    CodeObject: plain bytes                                        [types abi builtin]
//! explain   MIR and remarks -> what became of each line               [mir abi builtin diag]
//! load      CodeObject -> executable memory                                [object abi runtime]
//! cache     key, store                                                     [object types options infer abi builtin hir runtime]
//! runtime   called by machine code                                         [abi builtin]
//! options   options and environment variables                              []
//! dump      printing of stages                                             [options]
//! timing    time of stages                                                 [options]
//! driver    compile(): the only file naming every stage                    [all compiler stages]
//! dispatch  signature -> entry                                             [driver cache load object types options infer abi runtime diag dump]
//! py        the Python border                                              [dispatch driver explain types diag abi options infer hir object load dump runtime]
//! ```

pub mod abi;
pub mod ast;
pub mod builtin;
pub mod cache;
pub mod codegen;
pub mod diag;
pub mod dispatch;
pub mod driver;
pub mod dump;
pub mod explain;
pub mod hir;
pub mod infer;
pub mod load;
pub mod lower;
pub mod mir;
pub mod object;
pub mod opt;
pub mod options;
pub mod prelude;
#[cfg(feature = "python")]
pub mod py;
pub mod runtime;
pub mod syntax;
pub mod timing;
pub mod types;
pub mod vector;
pub mod vmath;
