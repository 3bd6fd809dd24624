//! Verifier of HIR: the invariants that `hir::Expr` and `hir::Stmt` document.
//!
//! In: a program that `infer` has finished. Out: nothing, or a panic that says what is wrong and prints the
//! function. Debug builds only.

use crate::hir::{
    ArrayAttr, BinaryOp, Const, Convert, Expr, ExprKind, Function, Index, LocalId, Prim, PrintPart, Program,
    ReduceOp, Stmt, StmtKind, UnaryOp, current, print,
};
use crate::types::{ArrayType, Kind, Layout, Scalar, Type};

/// Panics if the program breaks an invariant.
pub fn verify(program: &Program) {
    for (index, func) in program.funcs.iter().enumerate() {
        let mut check = Check { program, func, inputs: Vec::new(), loops: 0, errors: Vec::new() };
        check.function();
        if !check.errors.is_empty() {
            let text = check.errors.join("\n");
            panic!("bad HIR in fn{index} {}:\n{text}\n{}", func.name, print::program(program));
        }
    }
}

struct Check<'a> {
    program: &'a Program,
    func: &'a Function,
    /// Element types of the inputs of the enclosing `Map`s.
    inputs: Vec<Vec<Type>>,
    /// Loops around the statement, within the function or the loop's `orelse`.
    loops: u32,
    errors: Vec<String>,
}

impl Check<'_> {
    fn error(&mut self, at: &Expr, text: impl std::fmt::Display) {
        let (start, end) = (at.span.start as usize, at.span.end as usize);
        let quote = self.func.text.get(start..end).unwrap_or("");
        self.errors.push(format!("`{quote}`: {text}"));
    }

    fn require(&mut self, good: bool, at: &Expr, text: impl std::fmt::Display) {
        if !good {
            self.error(at, text);
        }
    }

    fn local(&mut self, local: LocalId, at: &str) -> Type {
        match self.func.locals.get(local.0 as usize) {
            Some(data) => data.ty.clone(),
            None => {
                self.errors.push(format!("{at}: no local {}", local.0));
                Type::Never
            }
        }
    }

    fn function(&mut self) {
        if self.func.params as usize > self.func.locals.len() {
            self.errors.push("fewer locals than parameters".to_owned());
        }
        self.block(&self.func.body);
        if self.errors.is_empty() {
            self.errors.extend(current::check(self.program, self.func));
        }
    }

    fn block(&mut self, block: &[Stmt]) {
        for stmt in block {
            self.stmt(stmt);
        }
    }

    fn same(&mut self, value: &Expr, ty: &Type, what: &str) {
        if value.ty != *ty {
            self.error(value, format!("{what} has type {:?}, not {ty:?}", value.ty));
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign { local, value } => {
                self.expr(value);
                let ty = self.local(*local, "assignment");
                self.same(value, &ty, "the assigned value");
            }
            StmtKind::StoreElement { array, index, value } => {
                self.expr(array);
                self.expr(value);
                if let Some(ty) = self.array(array) {
                    self.require(ty.writable, array, "a store to a read-only array");
                    self.indices(array, ty, index, true);
                    self.same(value, &Type::Scalar(ty.elem), "the stored value");
                }
            }
            StmtKind::CopyInto { dest, value } => {
                self.expr(dest);
                self.expr(value);
                if let Some(ty) = self.array(dest) {
                    let elem = element(&value.ty);
                    self.require(elem == Some(ty.elem), value, format!("copied into {ty}: {:?}", value.ty));
                    // More axes than `dest` has are an error of the run, unless their length is 1.
                }
            }
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::If { test, then, orelse } => {
                self.bool(test);
                self.block(then);
                self.block(orelse);
            }
            StmtKind::While { test, body, orelse } => {
                self.bool(test);
                self.looping(body);
                self.block(orelse);
            }
            StmtKind::For { counter, start, stop, step, body, orelse, parallel } => {
                [start, stop, step].into_iter().for_each(|bound| self.int(bound));
                if self.local(*counter, "counter") != Type::INT {
                    self.error(start, "the counter is no Python int");
                }
                for parallel in parallel.iter().filter(|parallel| parallel.ordered.is_none()) {
                    for (local, op) in &parallel.reductions {
                        let decides = if let ReduceOp::Best { key, .. } = op { key } else { local };
                        let scalar = self.local(*local, "reduction").scalar();
                        let kind = scalar.and(self.local(*decides, "reduction").scalar()).map(Scalar::kind);
                        let splits = kind.is_some_and(|kind| op.splits(kind));
                        self.require(splits, start, "a reduction that has no parts");
                    }
                    self.require(orelse.is_empty(), start, "a parallel loop with an `else`");
                }
                self.looping(body);
                if assigns(body, *counter) {
                    self.error(start, "the counter is assigned in its loop");
                }
                self.block(orelse);
            }
            StmtKind::Break | StmtKind::Continue => {
                if self.loops == 0 {
                    self.errors.push("`break` or `continue` outside a loop".to_owned());
                }
            }
            StmtKind::Return(value) => {
                self.expr(value);
                self.same(value, &self.func.result, "the returned value");
            }
            StmtKind::Raise { payload, .. } => {
                for value in payload {
                    self.expr(value);
                    self.require(value.ty.scalar().is_some(), value, "no scalar in the payload");
                }
            }
            StmtKind::Print { parts, .. } => {
                for part in parts {
                    if let PrintPart::Value(value) = part {
                        self.expr(value);
                        self.require(value.ty.scalar().is_some(), value, "printed, but no scalar");
                    }
                }
            }
        }
    }

    fn looping(&mut self, body: &[Stmt]) {
        self.loops += 1;
        self.block(body);
        self.loops -= 1;
    }

    fn bool(&mut self, value: &Expr) {
        self.expr(value);
        self.same(value, &Type::BOOL, "a condition");
    }

    fn int(&mut self, value: &Expr) {
        self.expr(value);
        self.same(value, &Type::INT, "a Python int");
    }

    fn array(&mut self, value: &Expr) -> Option<ArrayType> {
        let ty = value.ty.array();
        self.require(ty.is_some(), value, format!("an array is needed, not {:?}", value.ty));
        ty
    }

    /// The scalar type of a value that has to have one.
    fn scalar(&mut self, value: &Expr) -> Option<Scalar> {
        let ty = value.ty.scalar();
        self.require(ty.is_some(), value, format!("a scalar is needed, not {:?}", value.ty));
        ty
    }

    fn indices(&mut self, at: &Expr, ty: ArrayType, index: &[Index], all: bool) {
        let mut axes = 0;
        for part in index {
            match part {
                Index::At { index, .. } => {
                    axes += 1;
                    self.expr(index);
                    let integer =
                        index.ty.scalar().is_some_and(|s| matches!(s.kind(), Kind::Signed | Kind::Unsigned));
                    self.require(integer, index, "an index that is no integer");
                }
                Index::Slice { start, stop, step } => {
                    axes += 1;
                    [start, stop, step].into_iter().flatten().for_each(|bound| self.int(bound));
                    self.require(!all, at, "a slice where one element is meant");
                }
                Index::NewAxis => self.require(!all, at, "a new axis where one element is meant"),
            }
        }
        let fits = if all { axes == ty.ndim } else { axes <= ty.ndim };
        self.require(fits, at, format!("{axes} indices of {ty}"));
    }

    /// The rank of a view made by `index`.
    fn rank(ty: ArrayType, index: &[Index]) -> u8 {
        index.iter().fold(ty.ndim, |rank, part| match part {
            Index::At { .. } => rank.saturating_sub(1),
            Index::Slice { .. } => rank,
            Index::NewAxis => rank + 1,
        })
    }

    fn expr(&mut self, value: &Expr) {
        let ty = &value.ty;
        match &*value.kind {
            ExprKind::Const(constant) => {
                let kind = ty.scalar().map(Scalar::kind);
                let good = match constant {
                    Const::Bool(_) => kind == Some(Kind::Bool),
                    Const::Int(_) => matches!(kind, Some(Kind::Signed | Kind::Unsigned)),
                    Const::Float(_) => kind == Some(Kind::Float),
                    Const::Complex(..) => kind == Some(Kind::Complex),
                };
                self.require(good, value, format!("constant {constant:?} of type {ty:?}"));
            }
            ExprKind::Unit => {
                let none = crate::types::flatten(ty).is_empty();
                self.require(none, value, format!("no value for the words of {ty:?}"));
            }
            ExprKind::Local { local, bound } => {
                let own = self.local(*local, "use");
                self.same(value, &own, "the local");
                if let Some(flag) = bound {
                    let flag = self.local(*flag, "flag");
                    self.require(flag == Type::BOOL, value, "a flag that is no bool");
                }
            }
            ExprKind::Hidden(index) => {
                let own = self.program.hidden.get(index.0 as usize).cloned();
                self.require(own.as_ref() == Some(ty), value, format!("hidden argument {own:?} as {ty:?}"));
            }
            ExprKind::Convert { kind, arg } => {
                self.expr(arg);
                let (Some(from), Some(to)) = (self.scalar(arg), self.scalar(value)) else { return };
                self.convert(value, *kind, from, to);
            }
            ExprKind::Unary { op, arg } => {
                self.expr(arg);
                let (Some(from), Some(to)) = (self.scalar(arg), self.scalar(value)) else { return };
                let good = match op {
                    UnaryOp::Abs if from.kind() == Kind::Complex => {
                        to.kind() == Kind::Float && to.machine() == from.machine()
                    }
                    UnaryOp::Not => from == Scalar::Bool && to == Scalar::Bool,
                    UnaryOp::Neg => from == to && from.kind() != Kind::Bool,
                    UnaryOp::Invert => from == to && !matches!(from.kind(), Kind::Float | Kind::Complex),
                    UnaryOp::Abs => from == to,
                };
                self.require(good, value, format!("{op:?} of {from} gives {to}"));
            }
            ExprKind::Binary { op, lhs, rhs } => {
                self.expr(lhs);
                self.expr(rhs);
                self.same(rhs, &lhs.ty, "the right operand");
                let (Some(from), Some(to)) = (self.scalar(lhs), self.scalar(value)) else { return };
                let integer = matches!(from.kind(), Kind::Signed | Kind::Unsigned);
                let good = match op {
                    BinaryOp::TrueDiv if integer => to.kind() == Kind::Float,
                    BinaryOp::LShift | BinaryOp::RShift => integer && from == to,
                    BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor => {
                        from == to && (integer || from.kind() == Kind::Bool)
                    }
                    BinaryOp::FloorDiv | BinaryOp::Mod => from == to && from.kind() != Kind::Complex,
                    BinaryOp::Add
                    | BinaryOp::Sub
                    | BinaryOp::Mul
                    | BinaryOp::TrueDiv
                    | BinaryOp::Pow
                    | BinaryOp::Minimum
                    | BinaryOp::Maximum
                    | BinaryOp::Fmin
                    | BinaryOp::Fmax => from == to,
                };
                self.require(good, value, format!("{op:?} of {from} gives {to}"));
            }
            ExprKind::Compare { lhs, rhs, .. } => {
                self.expr(lhs);
                self.expr(rhs);
                let result = matches!(ty.scalar(), Some(Scalar::Bool | Scalar::NpBool));
                self.require(result, value, "a comparison that gives no bool");
                let (Some(a), Some(b)) = (self.scalar(lhs), self.scalar(rhs)) else { return };
                let mixed = matches!(
                    (a.kind(), b.kind()),
                    (Kind::Signed, Kind::Unsigned) | (Kind::Unsigned, Kind::Signed)
                );
                let python = matches!((a, b), (Scalar::Int, Scalar::Float) | (Scalar::Float, Scalar::Int));
                self.require(a == b || mixed || python, value, format!("{a} compared with {b}"));
            }
            ExprKind::Truth(arg) => {
                self.expr(arg);
                self.scalar(arg);
                self.same(value, &Type::BOOL, "a truth value");
            }
            ExprKind::And(lhs, rhs) | ExprKind::Or(lhs, rhs) => {
                self.bool(lhs);
                self.bool(rhs);
                self.same(value, &Type::BOOL, "a truth value");
            }
            ExprKind::IfExp { test, then, orelse } => {
                self.bool(test);
                for arm in [then, orelse] {
                    self.expr(arm);
                    self.same(arm, ty, "an arm");
                }
            }
            ExprKind::Math { func: _, domain: _, args } => {
                for arg in args {
                    self.expr(arg);
                    self.same(arg, ty, "the operand of a function of floats");
                }
                let float = ty.scalar().is_some_and(|s| s.kind() == Kind::Float);
                self.require(float, value, "a function of floats that gives none");
            }
            ExprKind::Tuple(items) => {
                items.iter().for_each(|item| self.expr(item));
                let types: Vec<Type> = items.iter().map(|item| item.ty.clone()).collect();
                self.require(self::items(ty) == Some(&types[..]), value, format!("{types:?} as {ty:?}"));
            }
            ExprKind::Item { tuple, index } => {
                self.expr(tuple);
                let item = self::items(&tuple.ty).and_then(|items| items.get(*index as usize));
                self.require(item == Some(ty), value, format!("item {index} of {:?} as {ty:?}", tuple.ty));
            }
            ExprKind::ItemAt { tuple, index } => {
                self.expr(tuple);
                self.int(index);
                let good = self::items(&tuple.ty).is_some_and(|items| items.iter().all(|item| item == ty));
                self.require(good, value, format!("item of {:?} as {ty:?}", tuple.ty));
            }
            ExprKind::Real(arg) | ExprKind::Imag(arg) => {
                self.expr(arg);
                let (Some(whole), Some(part)) = (self.scalar(arg), self.scalar(value)) else { return };
                self.parts(value, whole, part);
            }
            ExprKind::MakeComplex { re, im } => {
                let Some(whole) = self.scalar(value) else { return };
                for part in [re, im] {
                    self.expr(part);
                    let Some(ty) = self.scalar(part) else { return };
                    self.parts(part, whole, ty);
                }
            }
            ExprKind::Element { array, index } => {
                self.expr(array);
                let Some(from) = self.array(array) else { return };
                self.indices(value, from, index, true);
                self.same(value, &Type::Scalar(from.elem), "the element");
            }
            ExprKind::View { array, index } => {
                self.expr(array);
                let (Some(from), Some(to)) = (self.array(array), self.array(value)) else { return };
                self.indices(value, from, index, false);
                self.shares(value, from, to, Self::rank(from, index));
            }
            ExprKind::ArrayAttr { array, attr } => {
                self.expr(array);
                self.same(value, &Type::INT, "an attribute of an array");
                let Some(from) = self.array(array) else { return };
                match attr {
                    ArrayAttr::Shape(axis) | ArrayAttr::Stride(axis) => {
                        self.require(*axis < from.ndim, value, format!("axis {axis} of {from}"));
                    }
                    ArrayAttr::Size => {}
                }
            }
            ExprKind::Transpose(array) => {
                self.expr(array);
                let (Some(from), Some(to)) = (self.array(array), self.array(value)) else { return };
                self.shares(value, from, to, from.ndim);
            }
            ExprKind::Permute { array, axes } => {
                self.expr(array);
                let (Some(from), Some(to)) = (self.array(array), self.array(value)) else { return };
                self.shares(value, from, to, from.ndim);
                let mut order = axes.clone();
                order.sort_unstable();
                self.require(order.iter().copied().eq(0..from.ndim), value, "is no order of the axes");
            }
            ExprKind::Reshape { array, shape } => {
                self.expr(array);
                shape.iter().for_each(|n| self.int(n));
                let (Some(from), Some(to)) = (self.array(array), self.array(value)) else { return };
                self.shares(value, from, to, shape.len() as u8);
                let contiguous = from.layout == Layout::C;
                self.require(contiguous, array, format!("reshaped, but {from} is not C-contiguous"));
            }
            ExprKind::ComplexPart { array, imag: _ } => {
                self.expr(array);
                let (Some(from), Some(to)) = (self.array(array), self.array(value)) else { return };
                self.parts(value, from.elem, to.elem);
                self.require(from.ndim == to.ndim, value, "a part of another rank");
            }
            ExprKind::Alloc { shape, init: _ } => {
                shape.iter().for_each(|n| self.int(n));
                let Some(to) = self.array(value) else { return };
                self.require(shape.len() == usize::from(to.ndim), value, format!("{to} of another rank"));
                let layout = to.layout != Layout::Strided;
                self.require(layout && to.writable, value, format!("a new array of type {to}"));
            }
            ExprKind::Map { inputs, body } => {
                let mut types = Vec::new();
                let mut rank = 0;
                for input in inputs {
                    self.expr(input);
                    let elem = element(&input.ty);
                    self.require(elem.is_some(), input, "neither array nor scalar");
                    types.push(elem.map_or(Type::Never, Type::Scalar));
                    rank = rank.max(input.ty.array().map_or(0, |array| array.ndim));
                }
                self.inputs.push(types);
                self.expr(body);
                self.inputs.pop();
                let Some(to) = self.array(value) else { return };
                self.require(to.ndim == rank, value, format!("inputs of rank {rank} give {to}"));
                self.same(body, &Type::Scalar(to.elem), "the element");
            }
            ExprKind::MapArg(index) => {
                let own = self.inputs.last().and_then(|inputs| inputs.get(*index as usize)).cloned();
                self.require(
                    own.as_ref() == Some(ty),
                    value,
                    format!("input {index} is {own:?}, not {ty:?}"),
                );
            }
            ExprKind::Call { func, args } => {
                args.iter().for_each(|arg| self.expr(arg));
                let Some(callee) = self.program.funcs.get(func.0 as usize) else {
                    self.error(value, format!("no function {}", func.0));
                    return;
                };
                self.require(callee.result == *ty, value, format!("{:?} as {ty:?}", callee.result));
                let count = callee.params as usize == args.len();
                self.require(count, value, format!("{} arguments for {}", args.len(), callee.name));
                for (arg, param) in args.iter().zip(&callee.locals) {
                    self.same(arg, &param.ty, "an argument");
                }
            }
            ExprKind::Prim { prim, args } => {
                args.iter().for_each(|arg| self.expr(arg));
                self.prim(value, *prim, args);
            }
            ExprKind::Seq { stmts, value: last } => {
                self.block(stmts);
                self.expr(last);
                self.same(last, ty, "the value");
            }
        }
    }

    /// Real and imaginary part of a complex type.
    fn parts(&mut self, at: &Expr, whole: Scalar, part: Scalar) {
        let good = whole.kind() == Kind::Complex
            && part.kind() == Kind::Float
            && whole.machine() == part.machine()
            && whole.is_python() <= part.is_python();
        self.require(good, at, format!("{part} as a part of {whole}"));
    }

    /// A view of `from` typed `to`.
    fn shares(&mut self, at: &Expr, from: ArrayType, to: ArrayType, ndim: u8) {
        self.require(to.elem == from.elem, at, format!("{from} seen as {to}"));
        self.require(to.ndim == ndim, at, format!("rank {ndim} typed as {to}"));
        self.require(!to.writable || from.writable, at, "a writable view of a read-only array");
    }

    fn convert(&mut self, at: &Expr, kind: Convert, from: Scalar, to: Scalar) {
        let integer = |scalar: Scalar| matches!(scalar.kind(), Kind::Signed | Kind::Unsigned);
        let good = match kind {
            Convert::Cast => true,
            Convert::Fit => from == Scalar::Int && integer(to),
            Convert::Int => {
                (matches!(from, Scalar::Int | Scalar::Bool) && to == Scalar::Float)
                    || (from.kind() == Kind::Float && to == Scalar::Int)
            }
            Convert::FitFloat => from.kind() == Kind::Float && integer(to),
            Convert::Exact => {
                (from == Scalar::U64 && to == Scalar::Int)
                    || (matches!(from, Scalar::Int | Scalar::I64 | Scalar::U64)
                        && matches!(to, Scalar::Float | Scalar::F64))
            }
            Convert::Floor | Convert::Ceil | Convert::Round => {
                from.kind() == Kind::Float && to == Scalar::Int
            }
        };
        self.require(good, at, format!("{kind:?} from {from} to {to}"));
    }

    fn prim(&mut self, at: &Expr, prim: Prim, args: &[Expr]) {
        let count = match prim {
            Prim::GetNumThreads | Prim::GetThreadId => 0,
            Prim::MatMul => 3,
            Prim::RoundPython | Prim::RoundNumpy | Prim::NextAfter | Prim::MayOverlap | Prim::Same => 2,
            Prim::IsContiguous
            | Prim::AssumeContiguous
            | Prim::SetNumThreads
            | Prim::Retype
            | Prim::IsNan
            | Prim::IsInf
            | Prim::IsFinite
            | Prim::SignBit
            | Prim::PopCount
            | Prim::Bits
            | Prim::FromBits => 1,
        };
        self.require(args.len() == count, at, format!("{prim:?} of {} arguments", args.len()));
        let float = |arg: &Expr| arg.ty.scalar().is_some_and(|s| s.kind() == Kind::Float);
        let good = match (prim, args) {
            (Prim::IsNan | Prim::IsInf | Prim::IsFinite | Prim::SignBit, [x]) => {
                float(x) && matches!(at.ty.scalar(), Some(Scalar::Bool | Scalar::NpBool))
            }
            (Prim::RoundPython | Prim::RoundNumpy, [x, digits]) => {
                float(x) && at.ty == x.ty && digits.ty == Type::INT
            }
            (Prim::NextAfter, [x, y]) => float(x) && at.ty == x.ty && y.ty == x.ty,
            (Prim::Same, [x, y]) => float(x) && y.ty == x.ty && at.ty == Type::BOOL,
            (Prim::IsContiguous, [a]) => a.ty.array().is_some() && at.ty == Type::BOOL,
            (Prim::MayOverlap, [a, b]) => {
                a.ty.array().is_some() && b.ty.array().is_some() && at.ty == Type::BOOL
            }
            (Prim::MatMul, [out, a, b]) => {
                let matrix =
                    |arg: &Expr| arg.ty.array().filter(|array| array.ndim == 2).map(|array| array.elem);
                let elem = matrix(out);
                matches!(elem, Some(Scalar::F32 | Scalar::F64)) && elem == matrix(a) && elem == matrix(b)
            }
            (Prim::AssumeContiguous | Prim::Retype, [a]) => {
                let same = |a: ArrayType, b: ArrayType| {
                    let resized = a.elem.bytes() != b.elem.bytes();
                    let elem = a.elem == b.elem || prim == Prim::Retype && (!resized || a.ndim > 0);
                    elem && a.ndim == b.ndim && (!resized || b.layout != Layout::F)
                };
                a.ty.array().zip(at.ty.array()).is_some_and(|(a, b)| same(a, b))
            }
            (
                Prim::RoundPython
                | Prim::RoundNumpy
                | Prim::NextAfter
                | Prim::IsContiguous
                | Prim::MayOverlap
                | Prim::MatMul
                | Prim::AssumeContiguous
                | Prim::Retype
                | Prim::IsNan
                | Prim::IsInf
                | Prim::IsFinite
                | Prim::SignBit
                | Prim::Same
                | Prim::GetNumThreads
                | Prim::SetNumThreads
                | Prim::GetThreadId
                | Prim::PopCount
                | Prim::Bits
                | Prim::FromBits,
                _,
            ) => true,
        };
        self.require(good, at, format!("{prim:?} gives {:?}", at.ty));
    }
}

/// Items of a tuple, or what a function captured.
fn items(ty: &Type) -> Option<&[Type]> {
    match ty {
        Type::Tuple(items) => Some(items),
        Type::Function { captures, .. } => Some(captures),
        Type::None
        | Type::Scalar(_)
        | Type::Array(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => None,
    }
}

/// The number type of a scalar or of an array's elements.
fn element(ty: &Type) -> Option<Scalar> {
    ty.scalar().or(ty.array().map(|array| array.elem))
}

/// True if a statement of the block assigns the local.
fn assigns(block: &[Stmt], local: LocalId) -> bool {
    block.iter().any(|stmt| match &stmt.kind {
        StmtKind::Assign { local: assigned, .. } => *assigned == local,
        StmtKind::If { then, orelse, .. } => assigns(then, local) || assigns(orelse, local),
        StmtKind::While { body, orelse, .. } => assigns(body, local) || assigns(orelse, local),
        StmtKind::For { counter, body, orelse, .. } => {
            *counter == local || assigns(body, local) || assigns(orelse, local)
        }
        StmtKind::StoreElement { .. }
        | StmtKind::CopyInto { .. }
        | StmtKind::Expr(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Return(_)
        | StmtKind::Raise { .. }
        | StmtKind::Print { .. } => false,
    })
}
