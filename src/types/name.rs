//! Names of types, in Numba's spelling: `"float64[:, ::1]"` to and from `Type`, and whole signatures.
//!
//! In: text from the user, or a `Type`. Out: a `Type`, or text for messages. Invariants: sized names are
//! of the NumPy family, `int float complex bool` of Python's; what `display` prints for a value that a
//! signature can name is read back as the same type.

use crate::types::{ArrayType, Dtype, Form, Layout, Scalar, Type};
use std::fmt::{self, Display, Write};

/// An explicit signature. `result` is `None` where only the parameters are given: `"(f8, i8)"`.
#[derive(Clone, PartialEq, Debug)]
pub struct Signature {
    pub params: Vec<Type>,
    pub result: Option<Type>,
}

/// Most dimensions that NumPy 2 gives an array.
const MAX_NDIM: usize = 64;

/// Nesting of tuples that is read: text comes from the user, and the reader is recursive.
const MAX_DEPTH: u32 = 50;

/// The name of a type as shown to the user.
pub fn display(ty: &Type) -> String {
    ty.to_string()
}

/// The name of a number type.
pub fn scalar(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "bool",
        Scalar::Int => "int",
        Scalar::Float => "float",
        Scalar::Complex => "complex",
        Scalar::NpBool => "bool_",
        Scalar::I8 => "int8",
        Scalar::I16 => "int16",
        Scalar::I32 => "int32",
        Scalar::I64 => "int64",
        Scalar::U8 => "uint8",
        Scalar::U16 => "uint16",
        Scalar::U32 => "uint32",
        Scalar::U64 => "uint64",
        Scalar::F32 => "float32",
        Scalar::F64 => "float64",
        Scalar::C64 => "complex64",
        Scalar::C128 => "complex128",
    }
}

impl Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(scalar(*self))
    }
}

impl Display for ArrayType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.writable {
            f.write_str("read-only ")?;
        }
        write!(f, "{}[", self.elem)?;
        if self.ndim == 0 {
            f.write_str("()")?;
        }
        for axis in 0..self.ndim {
            if axis > 0 {
                f.write_str(", ")?;
            }
            let unit = match self.layout {
                Layout::C => axis + 1 == self.ndim,
                Layout::F => axis == 0,
                Layout::Strided => false,
            };
            f.write_str(if unit { "::1" } else { ":" })?;
        }
        f.write_char(']')
    }
}

impl Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::None => f.write_str("None"),
            Type::Scalar(scalar) => scalar.fmt(f),
            Type::Array(array) => array.fmt(f),
            Type::Tuple(items) if items.form == Form::Either => {
                for (at, item) in items[1..].iter().enumerate() {
                    if at > 0 {
                        f.write_str(" or ")?;
                    }
                    item.fmt(f)?;
                }
                Ok(())
            }
            Type::Tuple(items) if items.form == Form::List => {
                f.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        f.write_str(", ")?;
                    }
                    item.fmt(f)?;
                }
                f.write_char(']')
            }
            Type::Tuple(items) => {
                if let [first, _, ..] = &items[..]
                    && items.iter().all(|item| item == first)
                {
                    return write!(f, "UniTuple({first}, {})", items.len());
                }
                f.write_str("Tuple((")?;
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        f.write_str(", ")?;
                    }
                    item.fmt(f)?;
                }
                f.write_str(if items.len() == 1 { ",))" } else { "))" })
            }
            Type::Str(text) => write!(f, "the string {text:?}"),
            Type::Dtype(Dtype::Class(scalar)) => write!(f, "the type {scalar}"),
            Type::Dtype(Dtype::Described(scalar)) => write!(f, "the dtype {scalar}"),
            Type::Module(name) => write!(f, "the module {name}"),
            Type::Builtin(_) | Type::Function { .. } => f.write_str("a function"),
            Type::Exception(_) => f.write_str("an exception class"),
            Type::Ellipsis => f.write_str("..."),
            Type::Never => f.write_str("never"),
        }
    }
}

impl Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(result) = &self.result {
            result.fmt(f)?;
        }
        f.write_char('(')?;
        for (at, param) in self.params.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            param.fmt(f)?;
        }
        f.write_char(')')
    }
}

/// Reads `"float64(float64[:], int64)"` or `"(float64[:], int64)"`. The error says what is wrong.
pub fn parse_signature(text: &str) -> Result<Signature, String> {
    let mut reader = Reader { text, at: 0 };
    let signature = reader.signature()?;
    reader.end()?;
    Ok(signature)
}

/// Reads `"float64[:, ::1]"`, `"int"`, `"UniTuple(f8, 3)"`. The error says what is wrong.
pub fn parse_type(text: &str) -> Result<Type, String> {
    let mut reader = Reader { text, at: 0 };
    let ty = reader.ty(0)?;
    reader.end()?;
    Ok(ty)
}

/// The type with the given name, without an index behind it.
fn named(name: &str) -> Option<Type> {
    let scalar = match name {
        "int" => Scalar::Int,
        "float" => Scalar::Float,
        "complex" => Scalar::Complex,
        "bool" => Scalar::Bool,
        "boolean" | "bool_" | "bool8" | "b1" => Scalar::NpBool,
        "int8" | "i1" | "byte" | "char" => Scalar::I8,
        "int16" | "i2" | "short" => Scalar::I16,
        "int32" | "i4" | "intc" => Scalar::I32,
        "int64" | "i8" | "intp" | "int_" | "longlong" | "long_" | "ssize_t" => Scalar::I64,
        "uint8" | "u1" | "uchar" | "ubyte" => Scalar::U8,
        "uint16" | "u2" | "ushort" => Scalar::U16,
        "uint32" | "u4" | "uintc" => Scalar::U32,
        "uint64" | "u8" | "uintp" | "uint" | "ulonglong" | "ulong" | "size_t" => Scalar::U64,
        "float32" | "f4" | "single" => Scalar::F32,
        "float64" | "f8" | "float_" | "double" => Scalar::F64,
        "complex64" | "c8" => Scalar::C64,
        "complex128" | "c16" | "complex_" => Scalar::C128,
        "void" | "none" | "None" => return Some(Type::None),
        _ => return None,
    };
    Some(Type::Scalar(scalar))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) { Ok(()) } else { Err(self.unexpected(&format!("`{token}`"))) }
    }

    fn unexpected(&mut self, wanted: &str) -> String {
        let at = self.at;
        let found = match self.rest().chars().next() {
            Some(found) => format!("`{found}`"),
            None => "the end".to_owned(),
        };
        format!("expected {wanted} but found {found} at column {} of {:?}", at + 1, self.text)
    }

    fn end(&mut self) -> Result<(), String> {
        if self.rest().is_empty() { Ok(()) } else { Err(self.unexpected("the end")) }
    }

    /// A dotted name; only the last part counts (`types.float64`, `numba.float64`).
    fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        if end == 0 || rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.at += end;
        rest[..end].rsplit('.').next()
    }

    fn number(&mut self) -> Result<usize, String> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let Ok(number) = rest[..end].parse() else { return Err(self.unexpected("a number")) };
        self.at += end;
        Ok(number)
    }

    fn signature(&mut self) -> Result<Signature, String> {
        let result = if self.rest().starts_with('(') { None } else { Some(self.ty(0)?) };
        self.expect("(")?;
        let params = self.list(")", 0)?;
        Ok(Signature { params, result })
    }

    /// Types up to `close`, separated by commas.
    fn list(&mut self, close: &str, depth: u32) -> Result<Vec<Type>, String> {
        let mut items = Vec::new();
        while !self.eat(close) {
            items.push(self.ty(depth)?);
            if !self.eat(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(items)
    }

    fn ty(&mut self, depth: u32) -> Result<Type, String> {
        if depth > MAX_DEPTH {
            return Err(format!("the types in {:?} are nested too deeply", self.text));
        }
        let depth = depth + 1;
        if self.eat("(") {
            return Ok(Type::Tuple(self.list(")", depth)?.into()));
        }
        let start = self.at;
        let Some(name) = self.name() else { return Err(self.unexpected("the name of a type")) };
        match name {
            "UniTuple" => {
                self.expect("(")?;
                let item = self.ty(depth)?;
                self.expect(",")?;
                let count = self.number()?;
                self.expect(")")?;
                if count > 1000 {
                    return Err(format!(
                        "a tuple of {count} items is too long for compiled code; use an array"
                    ));
                }
                return Ok(Type::Tuple(vec![item; count].into()));
            }
            "Tuple" => {
                self.expect("(")?;
                let close = if self.eat("[") { "]" } else { ")" };
                if close == ")" {
                    self.expect("(")?;
                }
                let items = self.list(close, depth)?;
                self.eat(",");
                self.expect(")")?;
                return Ok(Type::Tuple(items.into()));
            }
            "Array" | "array" => return self.array_call(depth),
            _ => {}
        }
        let Some(ty) = named(name) else {
            let known =
                "int64, float64, float32, complex128, boolean, void, float64[:], UniTuple(float64, 3)";
            return Err(format!(
                "unknown type `{name}` at column {} of {:?}; known are {known} and the like",
                start + 1,
                self.text
            ));
        };
        if !self.eat("[") {
            return Ok(ty);
        }
        let Type::Scalar(elem) = ty else {
            return Err(format!("`{name}` cannot be the element of an array"));
        };
        self.axes(elem)
    }

    /// `:, ::1]` after the bracket.
    fn axes(&mut self, elem: Scalar) -> Result<Type, String> {
        let mut unit = Vec::new();
        if self.eat("()") {
            self.expect("]")?;
            return array(elem, 0, Layout::C, true);
        }
        loop {
            if self.eat("::") {
                self.expect("1")?;
                unit.push(true);
            } else {
                self.expect(":")?;
                unit.push(false);
            }
            if !self.eat(",") {
                break;
            }
        }
        self.expect("]")?;
        let ndim = unit.len();
        let layout = match unit.iter().filter(|unit| **unit).count() {
            0 => Layout::Strided,
            1 if unit[ndim - 1] => Layout::C,
            1 if unit[0] => Layout::F,
            _ => {
                return Err(format!(
                    "`::1` stands for the contiguous axis: the last one for C order or the first one for \
                     Fortran order, in {:?}",
                    self.text
                ));
            }
        };
        array(elem, ndim, layout, true)
    }

    /// `(float64, 2, 'C', readonly=True)` after `Array`, and Numba's own printing `array(float64, 2d, C)`.
    fn array_call(&mut self, depth: u32) -> Result<Type, String> {
        self.expect("(")?;
        let Type::Scalar(elem) = self.ty(depth)? else {
            return Err(format!("the elements of an array must be numbers, in {:?}", self.text));
        };
        self.expect(",")?;
        let ndim = self.number()?;
        self.eat("d");
        self.expect(",")?;
        let quote = ["'", "\""].into_iter().find(|quote| self.eat(quote));
        let layout = match self.name() {
            Some("C") => Layout::C,
            Some("F") => Layout::F,
            Some("A") => Layout::Strided,
            _ => return Err(self.unexpected("the layout 'C', 'F' or 'A'")),
        };
        if let Some(quote) = quote {
            self.expect(quote)?;
        }
        let mut writable = true;
        if self.eat(",") && self.eat("readonly") {
            writable = !(self.eat("=") && self.eat("True"));
            if writable {
                self.expect("False")?;
            }
        }
        self.expect(")")?;
        array(elem, ndim, layout, writable)
    }
}

fn array(elem: Scalar, ndim: usize, layout: Layout, writable: bool) -> Result<Type, String> {
    if ndim > MAX_NDIM {
        return Err(format!("an array of {ndim} dimensions: NumPy has {MAX_NDIM} at most"));
    }
    // One dimension that is contiguous is contiguous in both orders.
    let layout = if ndim < 2 && layout == Layout::F { Layout::C } else { layout };
    Ok(Type::Array(ArrayType { elem: elem.to_numpy(), ndim: ndim as u8, layout, writable }))
}
