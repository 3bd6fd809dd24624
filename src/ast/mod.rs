//! The subset of Python that is compiled, as plain data, and nothing else.
//!
//! In: `syntax` builds it. Out: `infer` reads it. Invariant: every construct here has a meaning in the
//! language; what is outside was refused by `syntax::convert`. Names are not resolved.

pub mod names;
pub mod print;
pub mod walk;

use crate::diag::Span;

/// A function, lambda or inner function.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    pub name: String,
    pub params: Vec<Param>,
    pub body: Vec<Stmt>,
    /// Names declared `global` or `nonlocal` are refused when assigned; reads need no declaration.
    pub is_lambda: bool,
    pub span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Param {
    pub name: String,
    /// Evaluated when the function object was made: for inner functions, by `infer`; for the outermost
    /// one the border supplies the objects.
    pub default: Option<Expr>,
    /// Before a `/`: cannot be passed by keyword.
    pub positional_only: bool,
    /// After a `*`.
    pub keyword_only: bool,
    /// `*args`: the tuple of the positional arguments that are left.
    pub variadic: bool,
    pub span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub enum StmtKind {
    /// `a = b = value`: targets in order.
    Assign {
        targets: Vec<Target>,
        value: Expr,
    },
    AugAssign {
        target: Target,
        op: BinaryOp,
        value: Expr,
    },
    Expr(Expr),
    If {
        test: Expr,
        then: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    While {
        test: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    For {
        target: Target,
        iter: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    Match {
        subject: Expr,
        cases: Vec<Case>,
    },
    Break,
    Continue,
    Pass,
    Return(Option<Expr>),
    Raise(Option<Expr>),
    Assert {
        test: Expr,
        message: Option<Expr>,
    },
    Delete(Vec<Target>),
    /// An inner function.
    Def(Box<Function>),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    pub kind: TargetKind,
    pub span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub enum TargetKind {
    Name(String),
    Subscript {
        value: Box<Expr>,
        index: Box<Expr>,
    },
    Attribute {
        value: Box<Expr>,
        attr: String,
    },
    /// `a, b = ...`; at most one `Starred`.
    Tuple(Vec<Target>),
    Starred(Box<Target>),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    pub pattern: Pattern,
    pub guard: Option<Expr>,
    pub body: Vec<Stmt>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Pattern {
    pub kind: PatternKind,
    pub span: Span,
}

/// Patterns on scalars, and tuples of them.
#[derive(Clone, PartialEq, Debug)]
pub enum PatternKind {
    /// Compared with `==`.
    Value(Expr),
    /// `None`, `True`, `False`: compared with `is`.
    Singleton(Constant),
    /// `_` or a name, possibly with a pattern before `as`.
    Capture {
        pattern: Option<Box<Pattern>>,
        name: Option<String>,
    },
    Or(Vec<Pattern>),
    Sequence(Vec<Pattern>),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Constant {
    None,
    Bool(bool),
    Int(i64),
    /// An integer literal beyond 64 bits, in decimal.
    BigInt(String),
    Float(f64),
    /// Imaginary part.
    Imaginary(f64),
    Str(String),
    Ellipsis,
}

#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    Constant(Constant),
    Name(String),
    Attribute {
        value: Box<Expr>,
        attr: String,
    },
    Unary {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `a < b < c`: `rest` has one or more links.
    Compare {
        left: Box<Expr>,
        rest: Vec<(CompareOp, Expr)>,
    },
    /// `and` / `or` by value, two or more operands.
    Logical {
        op: LogicalOp,
        operands: Vec<Expr>,
    },
    IfExp {
        test: Box<Expr>,
        then: Box<Expr>,
        orelse: Box<Expr>,
    },
    Call {
        func: Box<Expr>,
        args: Vec<Expr>,
        keywords: Vec<Keyword>,
    },
    Subscript {
        value: Box<Expr>,
        index: Box<Expr>,
    },
    /// Only inside a subscript.
    Slice {
        lower: Option<Box<Expr>>,
        upper: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
    Tuple(Vec<Expr>),
    /// A list display: allowed where it is consumed at once (`np.array([...])`, `for x in [..]`, `in`).
    List(Vec<Expr>),
    /// `*x` in a call or a tuple display.
    Starred(Box<Expr>),
    /// `name := value`.
    Named {
        name: String,
        value: Box<Expr>,
    },
    Lambda(Box<Function>),
    /// `[elt for target in iter if cond...]` as the argument of `sum any all min max`, one clause or more.
    Generator {
        elt: Box<Expr>,
        clauses: Vec<Clause>,
    },
    /// An f-string; allowed in messages and `print`.
    FString(Vec<FStringPart>),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Clause {
    pub target: Target,
    pub iter: Expr,
    pub conditions: Vec<Expr>,
}

#[derive(Clone, PartialEq, Debug)]
pub enum FStringPart {
    Text(String),
    /// `{value!conversion:format}`; what has no format of its own is told so later.
    Value {
        value: Expr,
        conversion: Option<char>,
        format: Option<String>,
    },
}

#[derive(Clone, PartialEq, Debug)]
pub struct Keyword {
    /// `None` for `**kwargs` (refused by `syntax`).
    pub name: String,
    pub value: Expr,
    pub span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    Neg,
    Pos,
    Invert,
    Not,
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
    MatMul,
}

impl BinaryOp {
    /// As written in Python.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::TrueDiv => "/",
            BinaryOp::FloorDiv => "//",
            BinaryOp::Mod => "%",
            BinaryOp::Pow => "**",
            BinaryOp::LShift => "<<",
            BinaryOp::RShift => ">>",
            BinaryOp::BitAnd => "&",
            BinaryOp::BitOr => "|",
            BinaryOp::BitXor => "^",
            BinaryOp::MatMul => "@",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Is,
    IsNot,
    In,
    NotIn,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LogicalOp {
    And,
    Or,
}
