//! MIR: structured SSA on machine types, where loops, checks and memories are explicit.
//!
//! A function is a tree of regions. A value is defined once and is visible to everything after it in its
//! region and in the regions nested there: nesting replaces dominance. Loops carry values as region
//! parameters. In: built by `lower` through `build`. Out: rewritten by `opt`, read by `codegen`.
//! Invariant: stated in the header of `verify`. Meaning: `interp`.

pub mod build;
mod cond;
pub mod effect;
pub mod eval;
pub mod interp;
pub mod print;
pub mod remark;
pub mod verify;
pub mod vloop;
pub mod walk;

pub use crate::abi::{RuntimeFn, Site, SourcePos, Ty};
pub use crate::builtin::MathFn;
pub use cond::{inverse, swapped};
pub use remark::{Remark, RemarkKind};

use smallvec::SmallVec;
use std::ops::{Index, IndexMut};

/// A dense index type whose printed form is the one in dumps.
macro_rules! entity {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                $name(index as u32)
            }
        }
        impl From<$name> for usize {
            fn from(entity: $name) -> usize {
                entity.0 as usize
            }
        }
    };
}

entity!(
    /// An SSA value.
    Value, "v");
entity!(
    /// An instruction.
    Inst, "i");
entity!(
    /// A region: a list of instructions with parameters and an end.
    Region, "r");
entity!(
    /// A function of the module.
    Func, "fn");
entity!(
    /// A set of memory that does not overlap the others (`MEM_ANY` overlaps nothing but itself).
    Mem, "mem");
entity!(
    /// Index into `Module::sites`.
    SiteId, "site");
entity!(
    /// A block of bytes in the function's frame.
    StackSlot, "ss");
entity!(
    /// A frame slot that owns one reference to a buffer; zero at entry, released at every exit.
    OwnerSlot, "own");

/// A vector indexed by an entity.
#[derive(Clone, PartialEq, Debug)]
pub struct Table<K, V> {
    pub items: Vec<V>,
    key: std::marker::PhantomData<K>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Table { items: Vec::new(), key: std::marker::PhantomData }
    }
}

impl<K: From<usize> + Into<usize>, V> Table<K, V> {
    pub fn push(&mut self, value: V) -> K {
        self.items.push(value);
        K::from(self.items.len() - 1)
    }
    pub fn len(&self) -> usize {
        self.items.len()
    }
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    pub fn keys(&self) -> impl Iterator<Item = K> + use<K, V> {
        (0..self.items.len()).map(K::from)
    }
}

impl<K: Into<usize>, V> Index<K> for Table<K, V> {
    type Output = V;
    fn index(&self, key: K) -> &V {
        &self.items[key.into()]
    }
}

impl<K: Into<usize>, V> IndexMut<K> for Table<K, V> {
    fn index_mut(&mut self, key: K) -> &mut V {
        &mut self.items[key.into()]
    }
}

/// Array memory that may overlap any other array memory.
pub const MEM_ANY: Mem = Mem(0);
/// The frame's stack slots and the captures of parallel bodies: overlaps no array.
pub const MEM_FRAME: Mem = Mem(1);

#[derive(Clone, Debug, Default)]
pub struct Module {
    /// `funcs[0]` is the entry.
    pub funcs: Table<Func, Function>,
    pub sites: Table<SiteId, Site>,
    /// Words of the hidden arguments.
    pub hidden: Vec<Ty>,
    /// Number of the user's source functions; positions beyond them are the library's.
    pub sources: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FuncKind {
    /// `(ctx, params...) -> (status, results...)`.
    Normal,
    /// Body of a parallel loop, made by `opt::outline`: parameters `(captures: Ptr, lo: I64, hi: I64,
    /// partial: Ptr)`, no results. `written` as in `LoopMode::Parallel`.
    Chunk { written: bool },
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    /// Index into `Env::sources`.
    pub source: u32,
    pub kind: FuncKind,
    /// The body; its parameters are the function's, its ends are `Return`, `Fail` or `Unreachable`.
    pub body: Region,
    pub results: Vec<Ty>,
    pub values: Table<Value, ValueData>,
    pub insts: Table<Inst, InstData>,
    pub regions: Table<Region, RegionData>,
    /// Sizes in bytes (8-byte aligned).
    pub stack_slots: Table<StackSlot, u32>,
    pub owner_slots: u32,
    /// Values that are lengths of an array's axes: not negative, at most 2**60.
    pub lengths: Vec<Value>,
    /// The arrays among the parameters.
    pub arrays: Vec<ArrayParam>,
    /// Code that passes have added by copying.
    pub growth: Growth,
    /// Checks the stack limit on entry; the site raises `RecursionError`.
    pub stack_check: Option<SiteId>,
    /// What passes have to say, if anybody asked.
    pub remarks: Option<Vec<Remark>>,
}

/// An array among a function's parameters: where its elements are, of which the function touches no others
/// through `data`.
#[derive(Clone, Debug)]
pub struct ArrayParam {
    pub data: Value,
    /// Bytes of an element.
    pub item: u32,
    pub shape: Vec<Value>,
    /// Bytes from one element to the next along each axis.
    pub strides: Vec<Value>,
    /// The elements follow each other without gaps, in one order or another.
    pub contiguous: bool,
}

/// A function's account of copied code, kept by `opt::growth`.
#[derive(Clone, Copy, Default, Debug)]
pub struct Growth {
    /// Instructions before the first copy; 0 if there was none yet.
    pub written: u32,
    /// Instructions copied since.
    pub copied: u32,
}

#[derive(Clone, Copy, Debug)]
pub struct ValueData {
    pub ty: Ty,
    pub def: Def,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Def {
    Param { region: Region, index: u32 },
    Result { inst: Inst, index: u32 },
}

/// Results of an operation: seldom more than two.
pub type Results = SmallVec<[Value; 2]>;

#[derive(Clone, Debug)]
pub struct InstData {
    pub op: Op,
    pub results: Results,
    /// Where in the source it comes from; of a library function's body: the line that calls it.
    pub line: SourcePos,
}

#[derive(Clone, Debug)]
pub struct RegionData {
    pub params: Vec<Value>,
    pub insts: Vec<Inst>,
    pub end: End,
    /// The copy of a loop for inputs that its fast copy does not take: passes spend no code on it (see
    /// `opt::growth`).
    pub rare: bool,
    /// The loop's body was copied for several iterations in a turn (see `opt::repeat`).
    pub copies: Option<Copies>,
    /// The body of a `Loop` that ends soon enough to need no interrupt poll of its own.
    pub limit: Option<Limit>,
}

/// How many iterations a `Loop` makes at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// About as many as a word has bits: something is halved or doubled each time (see `opt::facts::brief`).
    Few,
    /// As many as run between two interrupt polls (see `opt::strip`).
    Strip,
}

/// What a loop does of those that became two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Copies {
    /// Several iterations in each.
    Turn,
    /// The few that are left.
    Rest,
}

impl RegionData {
    /// An empty region, which control does not leave.
    #[expect(clippy::new_without_default, reason = "there is no region that one would call the default")]
    pub fn new() -> RegionData {
        RegionData {
            params: Vec::new(),
            insts: Vec::new(),
            end: End::Unreachable,
            rare: false,
            copies: None,
            limit: None,
        }
    }
}

/// How a region finishes.
#[derive(Clone, PartialEq, Debug)]
pub enum End {
    /// Normally. `If`: the results. `For`: the carried values of the next iteration. `Loop`: likewise (the
    /// next iteration). `Block`: the results.
    Yield(Vec<Value>),
    /// Next iteration of an enclosing `For` or `Loop` (Python's `continue`).
    Continue {
        to: Inst,
        args: Vec<Value>,
    },
    /// Leave an enclosing `Block` with its results.
    Break {
        to: Inst,
        args: Vec<Value>,
    },
    Return(Vec<Value>),
    /// Leave the function with an error.
    Fail(Fail),
    /// Control does not come here.
    Unreachable,
}

/// An error exit: what to raise, or to leave to the interpreter.
#[derive(Clone, PartialEq, Debug)]
pub struct Fail {
    /// Nothing visible has happened on any path to here and the interpreter would have an answer: run
    /// the call again there. Otherwise raise.
    pub deopt: bool,
    pub site: SiteId,
    /// Words for the site's message, each stored as 64 bits (integers sign-extended when narrower).
    pub payload: Vec<Value>,
}

/// `base + index * scale + disp`, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Address {
    pub base: Value,
    /// I64, with its scale (any positive number; codegen prefers 1, 2, 4, 8).
    pub index: Option<(Value, u32)>,
    pub disp: i32,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Op {
    /// Integer, bool (0/1) or pointer (null) constant of the result's type.
    Iconst(i64),
    /// Bits of an F64, or of an F32 in the low half.
    Fconst(u64),
    Unary {
        op: UnaryOp,
        arg: Value,
    },
    Binary {
        op: BinaryOp,
        lhs: Value,
        rhs: Value,
    },
    /// Signed I64 arithmetic with overflow: results `(I64, Bool)`.
    Checked {
        op: CheckedOp,
        lhs: Value,
        rhs: Value,
    },
    Compare {
        cond: Cond,
        lhs: Value,
        rhs: Value,
    },
    Select {
        cond: Value,
        then: Value,
        orelse: Value,
    },
    /// To the type of the result.
    Convert {
        op: ConvertOp,
        arg: Value,
    },
    /// Scalar function; results and arguments all F64 or all F32.
    Math {
        func: MathFn,
        args: Vec<Value>,
        /// Of two ways to compute it that are both right to within one unit in the last place either will do;
        /// otherwise the bits are libm's.
        near: bool,
        /// `(cond, value)`: where `cond` holds, `value` is the result and the function is not called.
        known: Option<(Value, Value)>,
    },
    /// `base: Ptr + bytes: I64`, wrapping.
    PtrAdd {
        base: Value,
        bytes: Value,
    },
    Load {
        mem: Mem,
        addr: Address,
    },
    Store {
        mem: Mem,
        addr: Address,
        value: Value,
    },
    /// Word of a hidden argument.
    Hidden {
        word: u32,
    },
    StackAddr(StackSlot),
    /// Address of a function (the body of a parallel loop).
    FuncAddr(Func),
    /// Goes on if `cond` is true, else leaves the function.
    Guard {
        cond: Value,
        fail: Fail,
    },
    /// Moves a reference into the slot; what was there is released first.
    OwnerSet {
        slot: OwnerSlot,
        value: Value,
    },
    /// Takes the reference out of the slot, which becomes empty. Result: Ptr.
    OwnerTake {
        slot: OwnerSlot,
    },
    /// Call of a runtime function that cannot fail. Results by its signature.
    Runtime {
        func: RuntimeFn,
        args: Vec<Value>,
    },
    /// Call of a runtime function whose result is a status: anything but OK leaves the function.
    RuntimeStatus {
        func: RuntimeFn,
        args: Vec<Value>,
    },
    /// Call of a function of the module. If it fails, `site` joins the traceback and this function fails
    /// with the same status; `after_effect` turns Deopt into Raise.
    Call {
        func: Func,
        args: Vec<Value>,
        site: SiteId,
        after_effect: bool,
    },
    Block {
        body: Region,
    },
    If {
        cond: Value,
        then: Region,
        orelse: Region,
    },
    /// `for iv in lo..hi` (I64, signed, step 1). `body` has parameters `(iv, carried...)`; results are the
    /// carried values at the end. The trip count is exact unless the loop is left by `Break`/`Return`.
    For {
        lo: Value,
        hi: Value,
        init: Vec<Value>,
        body: Region,
        mode: LoopMode,
    },
    /// `body` has parameters `(carried...)` and repeats for ever; it is left by `Break` to a `Block`.
    Loop {
        init: Vec<Value>,
        body: Region,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LoopMode {
    Serial,
    /// Iterations are independent except for the carried values, one reduction each.
    Parallel {
        /// By the program, as `prange`; else a large array expression is split.
        written: bool,
        reductions: Vec<Reduction>,
    },
    /// Any `lanes` consecutive iterations may run at once: all their loads and guards, then all their stores; if a
    /// guard fails, they run one after the other. Carried values are reductions; `reassoc`: also sums and products of
    /// floats, in any order. What the lanes do is in the loop's `VLoop` (see `vloop::derive`). `Short` rows have no
    /// checks.
    Vector {
        lanes: u32,
        reassoc: bool,
        rows: Rows,
    },
}

/// How many iterations a vector loop has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rows {
    /// Any number, or where there are too few, a loop that is rare.
    Any,
    /// Many: a loop beside it has the short rows, and is not to suffer from what this one does to registers.
    Long,
    /// Few: too few for a function of their own.
    Short,
}

/// Combining operation of a carried value of a parallel loop. Its neutral element is its starting value
/// in each chunk; `init` is combined in at the end, first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reduction {
    pub combine: Combine,
    /// The neutral element's bits.
    pub neutral: u64,
    /// For sums and products of Python ints (I64): where combining goes when it overflows, and whether the
    /// interpreter then takes the call.
    pub overflow: Option<(SiteId, bool)>,
}

/// How the value of a later part joins ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Combine {
    Op(BinaryOp),
    /// NumPy's minimum (`cond` is `Flt`) or maximum of ours and the later one; `mirrored`: of the later one and
    /// ours. The first if it compares so or is nan, else the second.
    Extreme {
        cond: Cond,
        mirrored: bool,
    },
    /// It replaces ours if, of carried value `key`, the later one compares so with ours.
    Best {
        cond: Cond,
        key: u32,
    },
}

impl Reduction {
    /// The checked form of the combining operation, where overflow is to be caught.
    pub fn checked(&self) -> Option<(CheckedOp, Fail)> {
        let (site, deopt) = self.overflow?;
        let op = if self.combine == Combine::Op(BinaryOp::Imul) { CheckedOp::Mul } else { CheckedOp::Add };
        Some((op, Fail { deopt, site, payload: Vec::new() }))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    Ineg,
    /// Bitwise not; on Bool the logical one.
    Bnot,
    Popcnt,
    Clz,
    Ctz,
    Fneg,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    // Integers, wrapping.
    Iadd,
    Isub,
    Imul,
    /// Divisor not 0, and not -1 with the smallest dividend: a guard or a select stands before it.
    Sdiv,
    Udiv,
    Srem,
    Urem,
    /// Toward minus infinity, as Python. Same condition on the operands as `Sdiv`.
    FloorDiv,
    FloorMod,
    /// Shift count 0 to bits - 1.
    Ishl,
    Sshr,
    Ushr,
    Band,
    Bor,
    Bxor,
    Smin,
    Smax,
    Umin,
    Umax,
    /// High half of the 128-bit product.
    Smulhi,
    Umulhi,
    // Floats.
    Fadd,
    Fsub,
    Fmul,
    Fdiv,
    /// IEEE 754-2019 minimum/maximum: nan propagates, -0 < +0.
    Fmin,
    Fmax,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CheckedOp {
    Add,
    Sub,
    Mul,
}

/// Comparison, on two operands of one type; result Bool.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cond {
    Eq,
    Ne,
    Slt,
    Sle,
    Sgt,
    Sge,
    Ult,
    Ule,
    Ugt,
    Uge,
    /// Ordered: false on nan.
    Feq,
    Flt,
    Fle,
    Fgt,
    Fge,
    /// Unordered or different: true on nan.
    Fne,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ConvertOp {
    Sext,
    Zext,
    /// Narrower integer, or integer to Bool by its lowest bit.
    Trunc,
    SintToFloat,
    UintToFloat,
    /// Toward zero; saturating (nan gives 0). `lower` adds what NumPy does out of range.
    FloatToSint,
    FloatToUint,
    /// To I32 or I64 as C on x86-64: toward zero; what does not fit, and nan, gives the smallest integer.
    FloatToSintC,
    /// F32 to F64 and back.
    Fpromote,
    Fdemote,
    /// Same bits, integer and float of one width; Ptr and I64.
    Bitcast,
}
