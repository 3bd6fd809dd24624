//! The key of a specialisation: a hash of everything that decides which code is generated.
//!
//! In: the environment, parameter types, options and target of a compilation. Out: a `Key`. Invariants:
//! two compilations with equal keys give the same code object; the encoding below is injective (lengths
//! before lists, tags before variants). File names and absolute lines are left out, so that a function that
//! was moved stays cached: raise sites hold lines relative to the function.

use crate::hir::Const;
use crate::infer::env::{Binding, Env, Source};
use crate::options::{FastMath, Options};
use crate::types::{ArrayType, Dtype, Layout, Scalar, Type};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Names a file of the store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Key(pub [u8; 32]);

impl Key {
    pub fn hex(&self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

/// Changes with every source file of the crate: code of another build is never run.
pub const BUILD_ID: &str = env!("FASTJIT_BUILD_ID");

/// The key of `env.sources[0]` for the given parameters. `target` names the machine and whatever else of
/// the process the code depends on.
pub fn key(env: &Env, params: &[Type], options: &Options, target: &str) -> Key {
    let mut bytes = Bytes(Vec::with_capacity(1024));
    bytes.text(env!("CARGO_PKG_VERSION"));
    bytes.text(BUILD_ID);
    bytes.text(target);
    bytes.options(options);
    let Env { sources, hidden, objects, optimised, python_minor, numpy } = env;
    bytes.list(params, Bytes::ty);
    bytes.list(hidden, Bytes::ty);
    bytes.list(objects, |bytes, name| bytes.text(name));
    bytes.flag(*optimised);
    bytes.number(u64::from(*python_minor));
    match numpy {
        None => bytes.tag(0),
        Some((major, minor)) => {
            bytes.tag(1);
            bytes.number(u64::from(*major));
            bytes.number(u64::from(*minor));
        }
    }
    bytes.list(sources, Bytes::source);
    Key(*blake3::hash(&bytes.0).as_bytes())
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn tag(&mut self, tag: u8) {
        self.0.push(tag);
    }

    fn flag(&mut self, flag: bool) {
        self.0.push(u8::from(flag));
    }

    fn number(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], each: impl Fn(&mut Self, &T)) {
        self.number(items.len() as u64);
        items.iter().for_each(|item| each(self, item));
    }

    fn options(&mut self, options: &Options) {
        // Taken apart without `..`: a new option must be added here.
        let Options {
            fastmath,
            bounds_check,
            overflow_wrap,
            numpy_errors,
            parallel,
            split_arrays,
            fast_only,
        } = *options;
        let FastMath { nnan, ninf, nsz, arcp, contract, afn, reassoc } = fastmath;
        for flag in [nnan, ninf, nsz, arcp, contract, afn, reassoc] {
            self.flag(flag);
        }
        for flag in [bounds_check, overflow_wrap, numpy_errors, parallel, split_arrays, fast_only] {
            self.flag(flag);
        }
    }

    fn source(&mut self, source: &Source) {
        let Source { name, text: _, text_error, names, defaults, code_hash, inline_always } = source;
        self.text(name);
        self.flag(text_error.is_some());
        self.0.extend_from_slice(code_hash);
        self.flag(*inline_always);
        self.bindings(names);
        self.bindings(defaults);
    }

    fn bindings(&mut self, bindings: &BTreeMap<String, Binding>) {
        self.number(bindings.len() as u64);
        for (name, binding) in bindings {
            self.text(name);
            self.binding(binding);
        }
    }

    fn binding(&mut self, binding: &Binding) {
        match binding {
            Binding::None => self.tag(0),
            Binding::Scalar(scalar, value) => {
                self.tag(1);
                self.scalar(*scalar);
                self.constant(value);
            }
            Binding::Str(text) => {
                self.tag(2);
                self.text(text);
            }
            Binding::Tuple(items) => {
                self.tag(3);
                self.list(items, Bytes::binding);
            }
            Binding::Hidden(index) => {
                self.tag(4);
                self.number(u64::from(*index));
            }
            Binding::Function(index) => {
                self.tag(5);
                self.number(u64::from(*index));
            }
            Binding::KnownModule(name) => {
                self.tag(6);
                self.text(name);
            }
            Binding::Module(names) => {
                self.tag(7);
                self.bindings(names);
            }
            Binding::Known(name) => {
                self.tag(8);
                self.text(name);
            }
            Binding::Exception(index) => {
                self.tag(9);
                self.number(u64::from(*index));
            }
            Binding::Unsupported(name) => {
                self.tag(10);
                self.text(name);
            }
        }
    }

    /// Floats by their bits: `0.0` and `-0.0` compile differently.
    fn constant(&mut self, value: &Const) {
        match value {
            Const::Bool(value) => {
                self.tag(0);
                self.flag(*value);
            }
            Const::Int(value) => {
                self.tag(1);
                self.number(*value as u64);
            }
            Const::Float(value) => {
                self.tag(2);
                self.number(value.to_bits());
            }
            Const::Complex(real, imag) => {
                self.tag(3);
                self.number(real.to_bits());
                self.number(imag.to_bits());
            }
        }
    }

    fn scalar(&mut self, scalar: Scalar) {
        self.tag(scalar as u8);
    }

    fn ty(&mut self, ty: &Type) {
        match ty {
            Type::None => self.tag(0),
            Type::Scalar(scalar) => {
                self.tag(1);
                self.scalar(*scalar);
            }
            Type::Array(ArrayType { elem, ndim, layout, writable }) => {
                self.tag(2);
                self.scalar(*elem);
                self.tag(*ndim);
                self.tag(match layout {
                    Layout::C => 0,
                    Layout::F => 1,
                    Layout::Strided => 2,
                });
                self.flag(*writable);
            }
            Type::Tuple(items) => {
                self.tag(3);
                self.tag(items.form as u8);
                self.list(items, Bytes::ty);
            }
            Type::Str(text) => {
                self.tag(4);
                self.text(text);
            }
            Type::Dtype(dtype) => {
                self.tag(5);
                self.flag(matches!(dtype, Dtype::Described(_)));
                self.scalar(dtype.scalar());
            }
            Type::Module(name) => {
                self.tag(6);
                self.text(name);
            }
            Type::Builtin(index) => {
                self.tag(7);
                self.number(u64::from(*index));
            }
            Type::Function { source, captures } => {
                self.tag(8);
                self.number(u64::from(*source));
                self.list(captures, Bytes::ty);
            }
            Type::Exception(index) => {
                self.tag(9);
                self.number(u64::from(*index));
            }
            Type::Ellipsis => self.tag(10),
            Type::Never => self.tag(11),
        }
    }
}
