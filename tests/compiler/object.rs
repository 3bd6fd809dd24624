//! Compiled code to bytes and back; damaged bytes.

use fastjit::abi::{ExcKind, Payload, RuntimeFn, Site, SiteArg, SourcePos};
use fastjit::builtin::MathFn;
use fastjit::object::{CodeObject, Reloc, RelocTarget};
use fastjit::types::{ArrayType, Dtype, Layout, Scalar, Type};

fn sample() -> CodeObject {
    let array = Type::Array(ArrayType { elem: Scalar::F32, ndim: 2, layout: Layout::F, writable: false });
    let tuple = Type::Tuple(vec![Type::INT, Type::Tuple(vec![array.clone()].into()), Type::None].into());
    CodeObject {
        params: vec![
            array,
            tuple,
            Type::Str("é".into()),
            Type::Dtype(Dtype::Class(Scalar::U16)),
            Type::Dtype(Dtype::Described(Scalar::F32)),
            Type::Module("math".into()),
            Type::Builtin(700),
            Type::Function { source: 3, captures: vec![Type::FLOAT].into() },
            Type::Exception(9),
            Type::Ellipsis,
            Type::Never,
        ],
        result: Type::FLOAT,
        hidden: vec![Type::BOOL],
        code: (0..200).collect(),
        entry: 64,
        relocs: vec![
            Reloc { offset: 10, target: RelocTarget::Runtime(RuntimeFn::Math(MathFn::Erfc)), addend: -1 },
            Reloc { offset: 192, target: RelocTarget::Runtime(RuntimeFn::Poll), addend: 0 },
            Reloc { offset: 40, target: RelocTarget::Code(128), addend: i64::MIN },
        ],
        sites: vec![
            Site {
                exc: Some(ExcKind::User(77)),
                args: vec![
                    SiteArg::Text("index {0} of {1}".into(), vec![Payload::Int, Payload::UInt]),
                    SiteArg::Value { word: 2, kind: Payload::Float },
                    SiteArg::Value { word: 3, kind: Payload::Complex },
                    SiteArg::Value { word: 5, kind: Payload::Numpy(Scalar::F32 as u8) },
                    SiteArg::Int(-5),
                    SiteArg::Float(1.5f64.to_bits()),
                    SiteArg::Bool(true),
                    SiteArg::None,
                ],
                frames: vec![SourcePos { source: 1, line: 2 }, SourcePos { source: 0, line: 70 }],
            },
            Site { exc: None, args: vec![], frames: vec![] },
            Site { exc: Some(ExcKind::Memory), args: vec![], frames: vec![SourcePos::default()] },
        ],
        has_loops: true,
        parallel: false,
        symbols: vec![("f".into(), 64, 100)],
    }
}

#[test]
fn comes_back_as_it_was() {
    let object = sample();
    assert_eq!(CodeObject::decode(&object.encode()), Some(object));
}

#[test]
fn truncated_or_lengthened_bytes_are_refused() {
    let bytes = sample().encode();
    for end in 0..bytes.len() {
        assert_eq!(CodeObject::decode(&bytes[..end]), None, "{end}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(CodeObject::decode(&longer), None);
}

#[test]
fn flipped_bytes_never_panic_nor_leave_the_code() {
    let bytes = sample().encode();
    let mut state = 1u64;
    for position in 0..bytes.len() {
        for _ in 0..40 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mut damaged = bytes.clone();
            damaged[position] = (state >> 56) as u8;
            // A second hit elsewhere, half of the time.
            if state & 1 == 1 {
                let other = (state >> 16) as usize % damaged.len();
                damaged[other] ^= (state >> 8) as u8;
            }
            if let Some(object) = CodeObject::decode(&damaged) {
                let end = object.code.len() as u64;
                assert!(u64::from(object.entry) < end);
                assert!(object.relocs.iter().all(|r| u64::from(r.offset) + 8 <= end));
                assert_eq!(CodeObject::decode(&object.encode()), Some(object));
            }
        }
    }
}

#[test]
fn deep_types_do_not_exhaust_the_stack() {
    let mut bytes = b"fjo1".to_vec();
    bytes.extend_from_slice(&1u32.to_le_bytes());
    for _ in 0..1_000_000 {
        bytes.push(3);
        bytes.extend_from_slice(&1u32.to_le_bytes());
    }
    assert_eq!(CodeObject::decode(&bytes), None);
}
