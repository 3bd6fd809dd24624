//! The list of diagnostic codes. Each has a kebab-case id, which is stable, and says which Python
//! exception class it becomes.

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Code {
    /// Python that is outside the subset.
    UnsupportedSyntax,
    /// A function, method or attribute that is not known.
    UnsupportedFunction,
    /// A value whose type has no meaning in compiled code.
    UnsupportedType,
    /// A name that is not defined anywhere.
    UndefinedName,
    /// Operand or argument types that Python or NumPy would reject as well.
    TypeMismatch,
    /// Two assignments that meet with types that have no common type.
    UnstableType,
    /// A value that has to be known at compile time.
    NotConstant,
    /// Wrong number or names of arguments.
    BadCall,
    /// The source text is missing or is not the source of the function that runs.
    SourceUnavailable,
    /// A `prange` body that cannot be split.
    NotParallel,
}

impl Code {
    pub fn id(self) -> &'static str {
        match self {
            Code::UnsupportedSyntax => "unsupported-syntax",
            Code::UnsupportedFunction => "unsupported-function",
            Code::UnsupportedType => "unsupported-type",
            Code::UndefinedName => "undefined-name",
            Code::TypeMismatch => "type-mismatch",
            Code::UnstableType => "unstable-type",
            Code::NotConstant => "not-constant",
            Code::BadCall => "bad-call",
            Code::SourceUnavailable => "source-unavailable",
            Code::NotParallel => "not-parallel",
        }
    }
}
