//! Objects to bytes and back.
//!
//! In: a `CodeObject`, or bytes from a file that anybody may have written. Out: the other. Invariant: each
//! `put_` has its `get_`; lengths are checked before memory is taken; numbers are little-endian; a number
//! that stands for a variant is written in one place only.

use super::{CodeObject, Reloc, RelocTarget};
use crate::abi::{ExcKind, Payload, RuntimeFn, Site, SiteArg, SourcePos};
use crate::builtin::MathFn;
use crate::types::{ArrayType, Dtype, Form, Items, Layout, Scalar, Type};
use std::sync::Arc;

/// First bytes; the last is the version of the form.
const MAGIC: [u8; 4] = *b"fjo1";
/// Types nested deeper than this are not ours.
const MAX_DEPTH: u32 = 100;

pub fn encode(object: &CodeObject) -> Vec<u8> {
    let mut out = Writer { bytes: Vec::with_capacity(object.code.len() + 512) };
    out.bytes.extend_from_slice(&MAGIC);
    out.list(&object.params, Writer::put_type);
    out.put_type(&object.result);
    out.list(&object.hidden, Writer::put_type);
    out.u32(object.code.len() as u32);
    out.bytes.extend_from_slice(&object.code);
    out.u32(object.entry);
    out.list(&object.relocs, Writer::put_reloc);
    out.list(&object.sites, Writer::put_site);
    out.u8(u8::from(object.has_loops));
    out.u8(u8::from(object.parallel));
    out.list(&object.symbols, |out, (name, offset, length)| {
        out.text(name);
        out.u32(*offset);
        out.u32(*length);
    });
    out.bytes
}

pub fn decode(bytes: &[u8]) -> Option<CodeObject> {
    let mut input = Reader { rest: bytes };
    if input.take(MAGIC.len())? != MAGIC {
        return None;
    }
    let object = CodeObject {
        params: input.list(|input| input.get_type(0))?,
        result: input.get_type(0)?,
        hidden: input.list(|input| input.get_type(0))?,
        code: {
            let length = input.u32()? as usize;
            input.take(length)?.to_vec()
        },
        entry: input.u32()?,
        relocs: input.list(Reader::get_reloc)?,
        sites: input.list(Reader::get_site)?,
        has_loops: input.bool()?,
        parallel: input.bool()?,
        symbols: input.list(|input| Some((input.text()?, input.u32()?, input.u32()?)))?,
    };
    (input.rest.is_empty() && within(&object)).then_some(object)
}

/// True if every offset lies within the code.
fn within(object: &CodeObject) -> bool {
    let end = object.code.len() as u64;
    u64::from(object.entry) < end
        && object.relocs.iter().all(|reloc| {
            let target = match reloc.target {
                RelocTarget::Runtime(_) => true,
                RelocTarget::Code(offset) => u64::from(offset) < end,
            };
            target && u64::from(reloc.offset) + 8 <= end
        })
        && object.symbols.iter().all(|(_, offset, length)| u64::from(*offset) + u64::from(*length) <= end)
}

struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }
    fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }
    fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }
    fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }
    fn text(&mut self, text: &str) {
        self.u32(text.len() as u32);
        self.bytes.extend_from_slice(text.as_bytes());
    }
    fn list<T>(&mut self, items: &[T], mut put: impl FnMut(&mut Writer, &T)) {
        self.u32(items.len() as u32);
        items.iter().for_each(|item| put(self, item));
    }

    fn put_type(&mut self, ty: &Type) {
        match ty {
            Type::None => self.u8(0),
            Type::Scalar(scalar) => {
                self.u8(1);
                self.u8(*scalar as u8);
            }
            Type::Array(array) => {
                self.u8(2);
                self.u8(array.elem as u8);
                self.u8(array.ndim);
                self.u8(match array.layout {
                    Layout::C => 0,
                    Layout::F => 1,
                    Layout::Strided => 2,
                });
                self.u8(u8::from(array.writable));
            }
            Type::Tuple(items) => {
                self.u8(3);
                self.u8(items.form as u8);
                self.list(items, Writer::put_type);
            }
            Type::Str(text) => {
                self.u8(4);
                self.text(text);
            }
            Type::Dtype(Dtype::Class(scalar)) => {
                self.u8(5);
                self.u8(*scalar as u8);
            }
            Type::Dtype(Dtype::Described(scalar)) => {
                self.u8(12);
                self.u8(*scalar as u8);
            }
            Type::Module(name) => {
                self.u8(6);
                self.text(name);
            }
            Type::Builtin(index) => {
                self.u8(7);
                self.u16(*index);
            }
            Type::Function { source, captures } => {
                self.u8(8);
                self.u32(*source);
                self.list(captures, Writer::put_type);
            }
            Type::Exception(index) => {
                self.u8(9);
                self.u32(*index);
            }
            Type::Ellipsis => self.u8(10),
            Type::Never => self.u8(11),
        }
    }

    fn put_reloc(&mut self, reloc: &Reloc) {
        self.u32(reloc.offset);
        match reloc.target {
            RelocTarget::Runtime(func) => {
                let (code, math) = runtime_code(func);
                self.u8(code);
                self.u8(math);
            }
            RelocTarget::Code(offset) => {
                self.u8(RELOC_CODE);
                self.u32(offset);
            }
        }
        self.u64(reloc.addend as u64);
    }

    fn put_site(&mut self, site: &Site) {
        match site.exc {
            None => self.u8(0),
            Some(kind) => {
                let (code, index) = exc_code(kind);
                self.u8(code);
                self.u32(index);
            }
        }
        self.list(&site.args, Writer::put_site_arg);
        self.list(&site.frames, |out, frame| {
            out.u32(frame.source);
            out.u32(frame.line);
        });
    }

    fn put_site_arg(&mut self, arg: &SiteArg) {
        match arg {
            SiteArg::Text(text, kinds) => {
                self.u8(0);
                self.text(text);
                self.list(kinds, |out, kind| out.u8(payload_code(*kind)));
            }
            SiteArg::Value { word, kind } => {
                self.u8(1);
                self.u8(*word);
                self.u8(payload_code(*kind));
            }
            SiteArg::Int(value) => {
                self.u8(2);
                self.u64(*value as u64);
            }
            SiteArg::Float(bits) => {
                self.u8(3);
                self.u64(*bits);
            }
            SiteArg::Bool(value) => {
                self.u8(4);
                self.u8(u8::from(*value));
            }
            SiteArg::None => self.u8(5),
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(head)
    }
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
    fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }
    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }
    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }
    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
    fn bool(&mut self) -> Option<bool> {
        match self.u8()? {
            0 => Some(false),
            1 => Some(true),
            2.. => None,
        }
    }
    fn text(&mut self) -> Option<String> {
        let length = self.u32()? as usize;
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }
    fn list<T>(&mut self, mut get: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.u32()? as usize;
        // An item takes a byte at least, so a count beyond the rest is a lie.
        if count > self.rest.len() {
            return None;
        }
        (0..count).map(|_| get(self)).collect()
    }

    fn get_scalar(&mut self) -> Option<Scalar> {
        let code = self.u8()?;
        Scalar::ALL.into_iter().find(|scalar| *scalar as u8 == code)
    }

    fn get_type(&mut self, depth: u32) -> Option<Type> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match self.u8()? {
            0 => Type::None,
            1 => Type::Scalar(self.get_scalar()?),
            2 => Type::Array(ArrayType {
                elem: self.get_scalar()?,
                ndim: self.u8()?,
                layout: match self.u8()? {
                    0 => Layout::C,
                    1 => Layout::F,
                    2 => Layout::Strided,
                    3.. => return None,
                },
                writable: self.bool()?,
            }),
            3 => {
                let form = match self.u8()? {
                    0 => Form::Tuple,
                    1 => Form::List,
                    2 => Form::Either,
                    3.. => return None,
                };
                let items = self.list(|input| input.get_type(depth + 1))?;
                if form == Form::Either && (items.len() < 2 || items[0] != Type::INT) {
                    return None;
                }
                Type::Tuple(Items::new(form, items))
            }
            4 => Type::Str(Arc::from(self.text()?)),
            5 => Type::Dtype(Dtype::Class(self.get_scalar()?)),
            6 => Type::Module(Arc::from(self.text()?)),
            7 => Type::Builtin(self.u16()?),
            8 => Type::Function {
                source: self.u32()?,
                captures: self.list(|input| input.get_type(depth + 1))?.into(),
            },
            9 => Type::Exception(self.u32()?),
            10 => Type::Ellipsis,
            11 => Type::Never,
            12 => Type::Dtype(Dtype::Described(self.get_scalar()?)),
            13.. => return None,
        })
    }

    fn get_reloc(&mut self) -> Option<Reloc> {
        let offset = self.u32()?;
        let target = match self.u8()? {
            RELOC_CODE => RelocTarget::Code(self.u32()?),
            code => RelocTarget::Runtime(runtime_from(code, self.u8()?)?),
        };
        Some(Reloc { offset, target, addend: self.u64()? as i64 })
    }

    fn get_site(&mut self) -> Option<Site> {
        let exc = match self.u8()? {
            0 => None,
            code => Some(exc_from(code, self.u32()?)?),
        };
        Some(Site {
            exc,
            args: self.list(Reader::get_site_arg)?,
            frames: self.list(|input| Some(SourcePos { source: input.u32()?, line: input.u32()? }))?,
        })
    }

    fn get_site_arg(&mut self) -> Option<SiteArg> {
        Some(match self.u8()? {
            0 => SiteArg::Text(self.text()?, self.list(|input| payload_from(input.u8()?))?),
            1 => SiteArg::Value { word: self.u8()?, kind: payload_from(self.u8()?)? },
            2 => SiteArg::Int(self.u64()? as i64),
            3 => SiteArg::Float(self.u64()?),
            4 => SiteArg::Bool(self.bool()?),
            5 => SiteArg::None,
            6.. => return None,
        })
    }
}

/// Codes of payloads from here on are NumPy numbers.
const NUMPY_PAYLOAD: u8 = 16;

fn payload_code(kind: Payload) -> u8 {
    match kind {
        Payload::Int => 0,
        Payload::UInt => 1,
        Payload::Float => 2,
        Payload::Bool => 3,
        Payload::Complex => 4,
        Payload::Numpy(scalar) => NUMPY_PAYLOAD + scalar,
    }
}

fn payload_from(code: u8) -> Option<Payload> {
    if let Some(scalar) = code.checked_sub(NUMPY_PAYLOAD) {
        return Scalar::ALL
            .get(usize::from(scalar))
            .filter(|scalar| !scalar.is_python())
            .map(|_| Payload::Numpy(scalar));
    }
    [Payload::Int, Payload::UInt, Payload::Float, Payload::Bool, Payload::Complex]
        .into_iter()
        .find(|kind| payload_code(*kind) == code)
}

/// Code (not 0) and index of an exception class.
fn exc_code(kind: ExcKind) -> (u8, u32) {
    match kind {
        ExcKind::Index => (1, 0),
        ExcKind::ZeroDivision => (2, 0),
        ExcKind::Value => (3, 0),
        ExcKind::Overflow => (4, 0),
        ExcKind::Type => (5, 0),
        ExcKind::UnboundLocal => (6, 0),
        ExcKind::Assertion => (7, 0),
        ExcKind::Recursion => (8, 0),
        ExcKind::Memory => (9, 0),
        ExcKind::User(index) => (10, index),
    }
}

fn exc_from(code: u8, index: u32) -> Option<ExcKind> {
    [
        ExcKind::Index,
        ExcKind::ZeroDivision,
        ExcKind::Value,
        ExcKind::Overflow,
        ExcKind::Type,
        ExcKind::UnboundLocal,
        ExcKind::Assertion,
        ExcKind::Recursion,
        ExcKind::Memory,
        ExcKind::User(index),
    ]
    .into_iter()
    .find(|kind| exc_code(*kind) == (code, index))
}

/// Where a runtime function's code would stand: the target is in the object itself.
const RELOC_CODE: u8 = u8::MAX;

/// Code of a runtime function, and of its `MathFn` if it has one.
fn runtime_code(func: RuntimeFn) -> (u8, u8) {
    match func {
        RuntimeFn::Alloc => (0, 0),
        RuntimeFn::Retain => (1, 0),
        RuntimeFn::Release => (2, 0),
        RuntimeFn::ReleaseSlots => (3, 0),
        RuntimeFn::Poll => (4, 0),
        RuntimeFn::ParallelFor => (5, 0),
        RuntimeFn::ParallelChunks => (6, 0),
        RuntimeFn::MemMove => (7, 0),
        RuntimeFn::MemZero => (8, 0),
        RuntimeFn::IntPow => (9, 0),
        RuntimeFn::IntPowWrap => (10, 0),
        RuntimeFn::RoundPython => (11, 0),
        RuntimeFn::RoundNumpy => (12, 0),
        RuntimeFn::IntTrueDiv => (13, 0),
        RuntimeFn::PrintValue => (14, 0),
        RuntimeFn::GetNumThreads => (15, 0),
        RuntimeFn::SetNumThreads => (16, 0),
        RuntimeFn::GetThreadId => (17, 0),
        RuntimeFn::Math(math) => (18, math as u8),
        RuntimeFn::MathF32(math) => (19, math as u8),
        RuntimeFn::MatMul => (20, 0),
    }
}

fn runtime_from(code: u8, math: u8) -> Option<RuntimeFn> {
    let math_fn = MathFn::ALL.into_iter().find(|func| *func as u8 == math)?;
    [
        RuntimeFn::Alloc,
        RuntimeFn::Retain,
        RuntimeFn::Release,
        RuntimeFn::ReleaseSlots,
        RuntimeFn::Poll,
        RuntimeFn::ParallelFor,
        RuntimeFn::ParallelChunks,
        RuntimeFn::MemMove,
        RuntimeFn::MemZero,
        RuntimeFn::IntPow,
        RuntimeFn::IntPowWrap,
        RuntimeFn::RoundPython,
        RuntimeFn::RoundNumpy,
        RuntimeFn::IntTrueDiv,
        RuntimeFn::PrintValue,
        RuntimeFn::GetNumThreads,
        RuntimeFn::SetNumThreads,
        RuntimeFn::GetThreadId,
        RuntimeFn::Math(math_fn),
        RuntimeFn::MathF32(math_fn),
        RuntimeFn::MatMul,
    ]
    .into_iter()
    .find(|func| runtime_code(*func) == (code, math))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes are consecutive, so this stops at the first one that `runtime_from` has forgotten.
    #[test]
    fn every_runtime_function_has_its_way_back() {
        let known = (0..=20).filter_map(|code| runtime_from(code, 0)).count();
        assert_eq!(known, 21);
        for math in MathFn::ALL {
            for func in [RuntimeFn::Math(math), RuntimeFn::MathF32(math)] {
                let (code, index) = runtime_code(func);
                assert_eq!(runtime_from(code, index), Some(func));
            }
        }
    }
}
