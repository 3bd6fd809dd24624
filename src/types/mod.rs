//! What the user's program talks about: the types of values.
//!
//! Owns: `Type`, `Scalar`, `ArrayType`, and how a type is flattened to machine words. In: nothing.
//! Out: every stage down to `lower`, and the border. Invariant: array elements are of the NumPy family;
//! two types are equal exactly if compiled code for one serves the other.

pub mod name;
pub mod promote;
mod table;

use crate::abi::Ty;
use std::sync::Arc;

/// A number type. Python's and NumPy's are different types even where the machine representation is
/// the same: arithmetic, promotion and the boxed result differ.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub enum Scalar {
    /// Python `bool`.
    Bool,
    /// Python `int`, held in 64 bits; overflow is caught.
    Int,
    /// Python `float`.
    Float,
    /// Python `complex`.
    Complex,
    NpBool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    C64,
    C128,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
    Complex,
}

impl Scalar {
    pub const ALL: [Scalar; 17] = [
        Scalar::Bool,
        Scalar::Int,
        Scalar::Float,
        Scalar::Complex,
        Scalar::NpBool,
        Scalar::I8,
        Scalar::I16,
        Scalar::I32,
        Scalar::I64,
        Scalar::U8,
        Scalar::U16,
        Scalar::U32,
        Scalar::U64,
        Scalar::F32,
        Scalar::F64,
        Scalar::C64,
        Scalar::C128,
    ];

    /// True for the Python family (weak beside NumPy types).
    pub fn is_python(self) -> bool {
        matches!(self, Scalar::Bool | Scalar::Int | Scalar::Float | Scalar::Complex)
    }

    pub fn kind(self) -> Kind {
        match self {
            Scalar::Bool | Scalar::NpBool => Kind::Bool,
            Scalar::Int | Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64 => Kind::Signed,
            Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64 => Kind::Unsigned,
            Scalar::Float | Scalar::F32 | Scalar::F64 => Kind::Float,
            Scalar::Complex | Scalar::C64 | Scalar::C128 => Kind::Complex,
        }
    }

    /// The machine type of the value, or of each half of a complex number.
    pub fn machine(self) -> Ty {
        match self {
            Scalar::Bool | Scalar::NpBool => Ty::Bool,
            Scalar::I8 | Scalar::U8 => Ty::I8,
            Scalar::I16 | Scalar::U16 => Ty::I16,
            Scalar::I32 | Scalar::U32 => Ty::I32,
            Scalar::Int | Scalar::I64 | Scalar::U64 => Ty::I64,
            Scalar::F32 | Scalar::C64 => Ty::F32,
            Scalar::Float | Scalar::F64 | Scalar::Complex | Scalar::C128 => Ty::F64,
        }
    }

    /// Size of an array element in bytes.
    pub fn bytes(self) -> u32 {
        match self.kind() {
            Kind::Complex => 2 * self.machine().bytes(),
            Kind::Bool | Kind::Signed | Kind::Unsigned | Kind::Float => self.machine().bytes(),
        }
    }

    /// The NumPy type that an array made of such values has (`float` gives `float64`).
    pub fn to_numpy(self) -> Scalar {
        match self {
            Scalar::Bool => Scalar::NpBool,
            Scalar::Int => Scalar::I64,
            Scalar::Float => Scalar::F64,
            Scalar::Complex => Scalar::C128,
            Scalar::NpBool
            | Scalar::I8
            | Scalar::I16
            | Scalar::I32
            | Scalar::I64
            | Scalar::U8
            | Scalar::U16
            | Scalar::U32
            | Scalar::U64
            | Scalar::F32
            | Scalar::F64
            | Scalar::C64
            | Scalar::C128 => self,
        }
    }
}

/// `C`: row-major contiguous; `F`: column-major contiguous with two or more dimensions; else `Strided`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Layout {
    C,
    F,
    Strided,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ArrayType {
    pub elem: Scalar,
    pub ndim: u8,
    pub layout: Layout,
    pub writable: bool,
}

/// What the words of a `Type::Tuple` are to Python.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Form {
    Tuple,
    /// A list of known length that nothing changes.
    List,
    /// The result of a function that returns values of several types: the first item, an int, says which of
    /// the others is the value. Only calls have such a type, never a name.
    Either,
}

/// The types of the items of a tuple.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Items {
    pub form: Form,
    types: Arc<[Type]>,
}

impl Items {
    pub fn new(form: Form, types: Vec<Type>) -> Items {
        Items { form, types: types.into() }
    }
}

impl std::ops::Deref for Items {
    type Target = [Type];
    fn deref(&self) -> &[Type] {
        &self.types
    }
}

impl From<Vec<Type>> for Items {
    fn from(types: Vec<Type>) -> Items {
        Items::new(Form::Tuple, types)
    }
}

impl FromIterator<Type> for Items {
    fn from_iter<I: IntoIterator<Item = Type>>(types: I) -> Items {
        Items { form: Form::Tuple, types: types.into_iter().collect() }
    }
}

/// What names a number type. Both kinds serve as `dtype=`; only classes are called.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Dtype {
    /// `np.float32`, `float`.
    Class(Scalar),
    /// `x.dtype`, `np.dtype("f4")`: of NumPy's types alone.
    Described(Scalar),
}

impl Dtype {
    pub fn scalar(self) -> Scalar {
        match self {
            Dtype::Class(scalar) | Dtype::Described(scalar) => scalar,
        }
    }
}

/// The type of a value. Variants from `Str` on are compile-time values: they have no machine words,
/// and two of them are equal only if they are the same value.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Type {
    None,
    Scalar(Scalar),
    Array(ArrayType),
    Tuple(Items),
    Str(Arc<str>),
    /// What names a number type: `np.float32`, `float`, `x.dtype`.
    Dtype(Dtype),
    /// A module known to the compiler or a namespace of the user's.
    Module(Arc<str>),
    /// A builtin function, by the index that `infer::names` gives it.
    Builtin(u16),
    /// A Python function compiled on demand: index into `infer::env::Env::sources` (prelude functions
    /// follow the user's), with the values it captured as its machine words.
    Function {
        source: u32,
        captures: Arc<[Type]>,
    },
    /// An exception class: index into `infer::env::Env::objects`.
    Exception(u32),
    Ellipsis,
    /// The type of an expression that never finishes (after `raise`).
    Never,
}

impl Type {
    pub const BOOL: Type = Type::Scalar(Scalar::Bool);
    pub const INT: Type = Type::Scalar(Scalar::Int);
    pub const FLOAT: Type = Type::Scalar(Scalar::Float);

    /// A list of known length.
    pub fn list(items: Vec<Type>) -> Type {
        Type::Tuple(Items::new(Form::List, items))
    }

    /// The types that a result may have, if there are several.
    pub fn either(&self) -> Option<&[Type]> {
        match self {
            Type::Tuple(items) if items.form == Form::Either => Some(&items[1..]),
            Type::None
            | Type::Scalar(_)
            | Type::Array(_)
            | Type::Tuple(_)
            | Type::Str(_)
            | Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never => None,
        }
    }

    pub fn scalar(&self) -> Option<Scalar> {
        match self {
            Type::Scalar(s) => Some(*s),
            Type::None
            | Type::Array(_)
            | Type::Tuple(_)
            | Type::Str(_)
            | Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never => None,
        }
    }

    pub fn array(&self) -> Option<ArrayType> {
        match self {
            Type::Array(a) => Some(*a),
            Type::None
            | Type::Scalar(_)
            | Type::Tuple(_)
            | Type::Str(_)
            | Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never => None,
        }
    }
}

/// The machine words of a value of type `ty`, in order.
pub fn flatten(ty: &Type) -> Vec<Ty> {
    let mut words = Vec::new();
    flatten_into(ty, &mut words);
    words
}

fn flatten_into(ty: &Type, words: &mut Vec<Ty>) {
    match ty {
        Type::Scalar(s) => {
            words.push(s.machine());
            if s.kind() == Kind::Complex {
                words.push(s.machine());
            }
        }
        Type::Array(a) => {
            words.extend([Ty::Ptr, Ty::Ptr]);
            words.extend(std::iter::repeat_n(Ty::I64, 2 * a.ndim as usize));
        }
        Type::Tuple(items) => items.iter().for_each(|item| flatten_into(item, words)),
        Type::Function { captures, .. } => captures.iter().for_each(|item| flatten_into(item, words)),
        Type::None
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => {}
    }
}
