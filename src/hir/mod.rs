//! The typed tree: every expression has a type, every conversion is explicit, every name is resolved.
//! No question about Python is left open.
//!
//! In: built by `infer`. Out: read by `lower`. Invariant (checked by `verify`): operands of an operation
//! have the types that its variant documents; every local is assigned before it is read, or its
//! `bound` flag is checked.

pub mod current;
pub mod print;
pub mod verify;
pub mod walk;

use crate::abi::SiteArg;
use crate::builtin::MathFn;
use crate::diag::Span;
use crate::types::{ArrayType, Kind, Scalar, Type};

pub use crate::abi::ExcKind;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// A specialised function of the program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FuncId(pub u32);

/// A value named by a global or closure that is passed anew with each call (an array, or a number that
/// has been rebound): index into `Program::hidden`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct HiddenId(pub u32);

#[derive(Clone, PartialEq, Debug)]
pub struct Program {
    /// `funcs[0]` is the entry.
    pub funcs: Vec<Function>,
    /// Types of the hidden arguments, in the order of `Env::hidden`.
    pub hidden: Vec<Type>,
    /// Minor version of the running Python (11 for 3.11): the texts of some errors depend on it.
    pub python_minor: u32,
    /// Number of the user's source functions; those of the prelude follow.
    pub sources: u32,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    pub name: String,
    /// Index into `Env::sources`.
    pub source: u32,
    /// The text that spans point into (`SourceText::text`): for line numbers and for messages that quote
    /// an expression.
    pub text: std::sync::Arc<str>,
    /// The first `params` locals are the parameters (captured values first, for closures).
    pub params: u32,
    pub locals: Vec<LocalData>,
    pub result: Type,
    pub body: Vec<Stmt>,
    /// Part of a cycle of calls: checks the stack on entry.
    pub recursive: bool,
    pub span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub struct LocalData {
    pub name: String,
    pub ty: Type,
    pub role: Role,
}

/// What a local is to the names of the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The compiler's own.
    Own,
    /// Holds the value of the name of this number: other locals hold it where it has another type.
    Name(u32),
    /// A bool: whether the name is assigned.
    Bound(u32),
    /// A bool: whether a name holds the value of this local.
    Tag(LocalId),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub enum StmtKind {
    /// Types equal.
    Assign {
        local: LocalId,
        value: Expr,
    },
    /// `array[index] = value` for a single element: `index` has one `At` for each axis; `value` has the
    /// element's type.
    StoreElement {
        array: Expr,
        index: Vec<Index>,
        value: Expr,
    },
    /// Copies `value` (a scalar, an array or a `Map`, of the element type of `dest`) into the view `dest`
    /// with NumPy's broadcasting of `value` to the shape of `dest`; as if `value` had been computed
    /// before the first store. Raises `ValueError` if `dest` is read-only.
    CopyInto {
        dest: Expr,
        value: Expr,
    },
    Expr(Expr),
    If {
        test: Expr,
        then: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    /// `orelse` runs when the loop is not left by `Break`.
    While {
        test: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    /// `counter` (a Python int local that only this statement assigns) takes `start, start + step, ...`
    /// while before `stop`, as `range` does. All three are Python ints; a zero `step` raises
    /// `ValueError: range() arg 3 must not be zero`.
    For {
        counter: LocalId,
        start: Expr,
        stop: Expr,
        step: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
        parallel: Option<Parallel>,
    },
    Break,
    Continue,
    /// Of the function's result type.
    Return(Expr),
    /// Values named by `Payload` words of `args` are `payload`, scalars, in order.
    Raise {
        exc: ExcKind,
        args: Vec<SiteArg>,
        payload: Vec<Expr>,
    },
    /// `print(...)`: each part in turn, ends with `end`.
    Print {
        parts: Vec<PrintPart>,
        end: String,
    },
}

#[derive(Clone, PartialEq, Debug)]
pub enum PrintPart {
    Text(String),
    /// How the value that comes next is shown: `:.3f` or `!s:>9`, as in an f-string. It fits the value's type.
    Format(String),
    /// A scalar.
    Value(Expr),
}

/// A `prange` loop. `reductions` are locals combined over the iterations; every other local assigned in
/// the body is private to the iteration. Whether it is split is decided by `infer` and said here.
#[derive(Clone, PartialEq, Debug)]
pub struct Parallel {
    pub reductions: Vec<(LocalId, ReduceOp)>,
    /// Arrays that its iterations combine into by way of parts: as long as it runs they are as before.
    pub combines: Vec<LocalId>,
    /// Its iterations run in order all the same.
    pub ordered: Option<Ordered>,
}

impl Parallel {
    /// Of a loop that runs as `range` does.
    pub fn in_order(why: Ordered) -> Parallel {
        Parallel { reductions: Vec::new(), combines: Vec::new(), ordered: Some(why) }
    }
}

/// Why a `prange` loop is not to be split.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ordered {
    /// It stands in another one.
    Nested,
    /// It combines arrays.
    CombinesArrays,
    /// What it combines depends on the order.
    Order,
    /// It combines numbers of a type whose words do not combine one by one.
    Reduction,
    /// It has an `else`.
    Else,
    /// `parallel=False`.
    Off,
    /// It is the copy of a loop that combines arrays for the case that one of them overlaps another array of
    /// the loop: iterations would see what others have added.
    Overlaps,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReduceOp {
    Add,
    Mul,
    /// Of integers and bools.
    Min,
    Max,
    BitAnd,
    BitOr,
    BitXor,
    /// NumPy's minimum (`Lt`) or maximum (`Gt`) of floats: of ours and the later part's, or the other way round.
    Extreme {
        op: CompareOp,
        mirrored: bool,
    },
    /// The later part's value if that of the number `key`, itself such a reduction, compares so with ours.
    Best {
        op: CompareOp,
        key: LocalId,
    },
}

impl ReduceOp {
    /// True if numbers of this kind (that of the key for `Best`) combine out of parts, word by word.
    pub fn splits(self, kind: Kind) -> bool {
        match self {
            ReduceOp::Add => true,
            ReduceOp::Mul => kind != Kind::Complex,
            ReduceOp::Min | ReduceOp::Max => !matches!(kind, Kind::Float | Kind::Complex),
            ReduceOp::BitAnd | ReduceOp::BitOr | ReduceOp::BitXor => {
                !matches!(kind, Kind::Float | Kind::Complex)
            }
            ReduceOp::Extreme { op, .. } => {
                kind == Kind::Float && matches!(op, CompareOp::Lt | CompareOp::Gt)
            }
            ReduceOp::Best { op, .. } => {
                !matches!(kind, Kind::Bool | Kind::Complex) && !matches!(op, CompareOp::Eq | CompareOp::Ne)
            }
        }
    }
}

#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    pub kind: Box<ExprKind>,
    pub ty: Type,
    pub span: Span,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Const {
    Bool(bool),
    /// Integers of every width; `U64` reinterprets the bits.
    Int(i64),
    Float(f64),
    Complex(f64, f64),
}

#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// A scalar constant of the expression's type.
    Const(Const),
    /// A value without machine words (`None`, a module, a dtype...).
    Unit,
    /// `bound`: a Python bool local that is checked first; `UnboundLocalError` names `name` if false.
    Local {
        local: LocalId,
        bound: Option<LocalId>,
    },
    Hidden(HiddenId),
    /// Scalar to scalar.
    Convert {
        kind: Convert,
        arg: Expr,
    },
    /// Operand of the expression's type (for `Abs` of a complex: its float type). See `UnaryOp`.
    Unary {
        op: UnaryOp,
        arg: Expr,
    },
    /// Scalars: both operands have the same type, which decides the arithmetic: Python's (checked) or
    /// NumPy's (wrapping, IEEE). The result has that type, except `TrueDiv` of ints (a float).
    Binary {
        op: BinaryOp,
        lhs: Expr,
        rhs: Expr,
    },
    /// Scalars to Python bool or NumPy bool (the expression's type). Operands have the same type, or are
    /// a Python int and a Python float (compared exactly), or a signed and an unsigned integer (exactly).
    Compare {
        op: CompareOp,
        lhs: Expr,
        rhs: Expr,
    },
    /// Python's truth value of a scalar, as a Python bool.
    Truth(Expr),
    /// Short-circuit on Python bools.
    And(Expr, Expr),
    Or(Expr, Expr),
    /// `test` is a Python bool; only the chosen arm is evaluated. Arms have the expression's type.
    IfExp {
        test: Expr,
        then: Expr,
        orelse: Expr,
    },
    /// libm function on operands of one float type. With `Domain::Python` the errors of `math`.
    Math {
        func: MathFn,
        domain: Domain,
        args: Vec<Expr>,
    },
    /// A tuple, or a function value (`Type::Function`) made of the values that it captures.
    Tuple(Vec<Expr>),
    /// `index`-th item of a tuple, or captured value of a function value.
    Item {
        tuple: Expr,
        index: u32,
    },
    /// Item of a homogeneous tuple by Python int, with `IndexError: tuple index out of range`.
    ItemAt {
        tuple: Expr,
        index: Expr,
    },
    Real(Expr),
    Imag(Expr),
    /// Complex from two floats of its component type.
    MakeComplex {
        re: Expr,
        im: Expr,
    },
    /// One element: an `At` for each axis.
    Element {
        array: Expr,
        index: Vec<Index>,
    },
    /// Basic indexing with fewer or other parts: a view sharing the memory.
    View {
        array: Expr,
        index: Vec<Index>,
    },
    /// Shape or size as Python int.
    ArrayAttr {
        array: Expr,
        attr: ArrayAttr,
    },
    /// Axes reversed.
    Transpose(Expr),
    /// Axes in the given order.
    Permute {
        array: Expr,
        axes: Vec<u8>,
    },
    /// C-ordered array seen with another shape (Python ints, at most one -1); `ValueError` if the sizes
    /// differ. The operand is C-contiguous.
    Reshape {
        array: Expr,
        shape: Vec<Expr>,
    },
    /// A C-contiguous complex array seen as real, an array as bytes of another width, is not here.
    /// Real or imaginary part of a complex array as a strided view.
    ComplexPart {
        array: Expr,
        imag: bool,
    },
    /// A new array of the expression's type: shape of Python ints (`ValueError: negative dimensions are
    /// not allowed`; `MemoryError`).
    Alloc {
        shape: Vec<Expr>,
        init: Init,
    },
    /// Elementwise: `body` is a scalar expression over `MapArg(k)`; `inputs` are arrays (broadcast against
    /// each other, `ValueError: operands could not be broadcast together...`) or scalars, evaluated once.
    /// The result is a new array of the body's type; `lower` makes one loop nest and no temporaries.
    Map {
        inputs: Vec<Expr>,
        body: Expr,
    },
    /// Inside `Map::body`: the element (or the scalar) of input `k`, of that input's element type.
    MapArg(u32),
    Call {
        func: FuncId,
        args: Vec<Expr>,
    },
    /// Primitive operations that the prelude and `infer::builtin` use.
    Prim {
        prim: Prim,
        args: Vec<Expr>,
    },
    /// Statements, then a value.
    Seq {
        stmts: Vec<Stmt>,
        value: Expr,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Init {
    Empty,
    Zero,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Domain {
    /// Ieee results, as NumPy.
    Numpy,
    /// `ValueError: math domain error`, `OverflowError: math range error`, as `math`.
    Python,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ArrayAttr {
    /// Length of an axis.
    Shape(u8),
    /// Stride of an axis in bytes.
    Stride(u8),
    Size,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    Neg,
    /// Bitwise complement (logical for bools of NumPy).
    Invert,
    /// Logical not of a Python bool.
    Not,
    Abs,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    BitAnd,
    BitOr,
    BitXor,
    /// `a if not (b < a) else b`-free minimum: NumPy's `minimum`/`maximum` (nan propagates).
    Minimum,
    Maximum,
    /// `fmin`/`fmax` (nan ignored).
    Fmin,
    Fmax,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// How a scalar becomes another scalar type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Convert {
    /// As C does: widen, wrap, truncate toward zero, round to nearest. `astype`, NumPy constructors on
    /// NumPy values, stores of NumPy values, and every promotion. Complex to real drops the imaginary part.
    /// Float to integer out of range is what NumPy on this machine gives.
    Cast,
    /// Python int into a NumPy integer: `OverflowError: Python integer 300 out of bounds for uint8`.
    Fit,
    /// Python int to float: exact value correctly rounded (always fits from 64 bits).
    /// Float to Python int as `int(x)`: `ValueError: cannot convert float NaN to integer`,
    /// `OverflowError: cannot convert float infinity to integer`, beyond 64 bits deoptimises.
    Int,
    /// Float into a NumPy integer element: `ValueError: cannot convert float NaN to integer`, as Fit after.
    FitFloat,
    /// uint64 to Python int: deoptimises beyond 2**63 - 1. 64-bit integers to a float of double precision:
    /// deoptimises beyond 2**53, where a float need not hold the integer.
    Exact,
    /// `math.floor`, `math.ceil`, `round(x)`: float already rounded, then as `Int`.
    Floor,
    Ceil,
    Round,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Index {
    /// An integer of any type (checked against the axis, negative counts from the end). `checked: false`
    /// where `infer` made the index itself and it is in range.
    At {
        index: Expr,
        checked: bool,
    },
    /// Python ints.
    Slice {
        start: Option<Expr>,
        stop: Option<Expr>,
        step: Option<Expr>,
    },
    NewAxis,
}

/// Operations without a Python spelling, used by the prelude through `_prim.<name>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Prim {
    /// `(array) -> bool`: C-contiguous at run time.
    IsContiguous,
    /// `(strided array) -> C array`: the same memory, asserted contiguous.
    AssumeContiguous,
    /// `(float, digits: int) -> float`: Python's and NumPy's `round`.
    RoundPython,
    RoundNumpy,
    /// `(f, f) -> f`.
    NextAfter,
    GetNumThreads,
    SetNumThreads,
    GetThreadId,
    /// `(array, array) -> bool`: the memory of the two may overlap.
    MayOverlap,
    /// `(out, a, b)`: `out = a @ b` for matrices of one native float type.
    MatMul,
    /// `(array) -> array`: a view as the type says: read-only or writable, of elements of another type. If these have
    /// another size, the last axis is resized; `ValueError` unless it is contiguous and its bytes are whole elements.
    Retype,
    /// Adjacent float: isnan, isinf, isfinite, signbit of a float, as Python bool.
    IsNan,
    IsInf,
    IsFinite,
    SignBit,
    /// `(f, f) -> bool`: the two are equal or one object. Of two nans only the interpreter knows: it gets the call.
    Same,
    /// Bit counts of an integer.
    PopCount,
    /// Bits of a float as an integer of its width.
    Bits,
    FromBits,
}

impl Expr {
    pub fn new(kind: ExprKind, ty: Type, span: Span) -> Expr {
        Expr { kind: Box::new(kind), ty, span }
    }
    /// The scalar type of a scalar expression. Panics otherwise: a broken invariant of `infer`.
    pub fn scalar(&self) -> Scalar {
        self.ty.scalar().unwrap_or_else(|| panic!("expected a scalar, found {:?}", self.ty))
    }
    /// The array type of an array expression. Panics otherwise.
    pub fn array(&self) -> ArrayType {
        self.ty.array().unwrap_or_else(|| panic!("expected an array, found {:?}", self.ty))
    }
}
