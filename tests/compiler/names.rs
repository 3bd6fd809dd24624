//! Names of types and signatures, both ways.

use fastjit::types::name::{parse_signature, parse_type};

#[test]
fn what_is_printed_is_read_back() {
    for name in [
        "None",
        "int",
        "float",
        "complex",
        "bool",
        "bool_",
        "int8",
        "uint64",
        "float32",
        "complex64",
        "float64[:]",
        "float64[::1]",
        "float64[:, ::1]",
        "float64[::1, :]",
        "int32[:, :, :]",
        "float64[()]",
        "UniTuple(float64, 3)",
        "Tuple((int64, float))",
        "Tuple((float64[::1],))",
        "Tuple(())",
        "Tuple((UniTuple(int, 2), bool_[:]))",
    ] {
        let ty = parse_type(name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(ty.to_string(), name);
    }
}

#[test]
fn other_spellings() {
    for (name, shown) in [
        ("f8", "float64"),
        ("void", "None"),
        ("boolean", "bool_"),
        ("types.float64[:,:]", "float64[:, :]"),
        (" nb.i4 [ :, ::1 ] ", "int32[:, ::1]"),
        ("float[:]", "float64[:]"),
        ("(f8, i8)", "Tuple((float64, int64))"),
        ("Tuple([f8, f8])", "UniTuple(float64, 2)"),
        ("Array(float64, 2, 'F')", "float64[::1, :]"),
        ("array(float64, 1d, C)", "float64[::1]"),
        ("Array(float64, 1, 'F', readonly=True)", "read-only float64[::1]"),
        ("Array(float64, 1, 'A', readonly=False)", "float64[:]"),
    ] {
        let ty = parse_type(name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(ty.to_string(), shown);
    }
}

#[test]
fn signatures() {
    for (text, shown) in [
        ("float64(float64[:], int64)", "float64(float64[:], int64)"),
        ("f8(f8[:,::1])", "float64(float64[:, ::1])"),
        ("void(i8[:])", "None(int64[:])"),
        ("(f8, f8)", "(float64, float64)"),
        ("int()", "int()"),
        ("Tuple((i8,f8))(UniTuple(f8,3))", "Tuple((int64, float64))(UniTuple(float64, 3))"),
        ("f8((i8, i8))", "float64(UniTuple(int64, 2))"),
    ] {
        let signature = parse_signature(text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(signature.to_string(), shown);
    }
}

#[test]
fn mistakes_are_explained() {
    for (text, part) in [
        ("flot64", "unknown type `flot64` at column 1"),
        ("f8[::1, ::1]", "contiguous axis"),
        ("f8[:, ::1, :]", "contiguous axis"),
        ("f8[", "expected `:` but found the end"),
        ("f8[:", "expected `]` but found the end"),
        ("void[:]", "cannot be the element"),
        ("", "expected the name of a type but found the end"),
        ("f8 f8", "expected the end but found `f`"),
        ("Tuple(f8)", "expected `(`"),
        ("Array(Array(f8,1,'C'),1,'C')", "must be numbers"),
    ] {
        let error = parse_type(text).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
    assert!(parse_signature("f8(f8").unwrap_err().contains("found the end"));
    assert!(parse_signature("f8").unwrap_err().contains("expected `(`"));
    assert!(parse_type(&"Array(".repeat(100_000)).unwrap_err().contains("nested too deeply"));
    assert!(parse_type(&"(".repeat(100_000)).unwrap_err().contains("nested too deeply"));
    assert!(parse_type("UniTuple(UniTuple(f8, 9999999), 999999999)").is_err());
}
