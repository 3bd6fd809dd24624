//! Stores of whole arrays: fills, copies, and elementwise expressions into existing memory.
//!
//! In: `CopyInto`. Out: loops (or block moves) that store. Invariant: the result is as if the value had been
//! computed before the first store: where the memory of a source may overlap the destination otherwise than
//! element for element, the value goes through a temporary.

use crate::abi::PAYLOAD_WORDS;
use crate::hir::{self, ExcKind, Expr, ExprKind, Stmt, StmtKind, walk};
use crate::lower::array::{self, Array, Stride};
use crate::lower::cx::Cx;
use crate::lower::map::{self, Input, and};
use crate::lower::{alloc, expr, index, nest, own};
use crate::mir::{Address, BinaryOp, Cond, ConvertOp, End, MEM_ANY, RuntimeFn, Ty, UnaryOp, Value, effect};
use crate::types::{ArrayType, Kind, Layout, Scalar};

/// `dest[...] = value`.
pub fn into(cx: &mut Cx, dest: &Expr, value: &Expr, visible: bool) {
    // `infer` keeps the target of `a op= b` and of `out=` in a local; that of `a[...] = b` is a view.
    let out = matches!(*dest.kind, ExprKind::Local { .. });
    if let ExprKind::Map { inputs, body } = &*value.kind {
        let inputs = map::evaluate(cx, inputs);
        let dest = destination(cx, dest, out);
        cx.effect |= visible;
        // Of a value none of whose elements is stored if one raises; a ufunc stores into its output operand as
        // it goes, once its operands are there.
        let whole = visible && if out { operands_raise(cx, body) } else { can_raise(cx, body) };
        map_into(cx, &inputs, body, &dest, out, whole);
    } else if let Some(ty) = value.ty.array() {
        let words = expr::lower(cx, value);
        let source = Array::of(cx, ty, &words);
        let dest = destination(cx, dest, out);
        cx.effect |= visible;
        array_into(cx, &source, &dest);
    } else {
        let words = expr::lower(cx, value);
        let dest = destination(cx, dest, out);
        cx.effect |= visible;
        fill(cx, &dest, &words);
    }
}

fn destination(cx: &mut Cx, dest: &Expr, out: bool) -> Array {
    let dest = array::eval(cx, dest);
    let message = if out { "output array is read-only" } else { "assignment destination is read-only" };
    index::check_writable(cx, &dest, message);
    dest
}

fn is_constant(cx: &Cx, value: Value, wanted: i64) -> bool {
    effect::constant(&cx.b.func, value) == Some(wanted)
}

/// Guards that a value of shape `from` broadcasts to `to`; leading axes of length 1 may be too many.
fn check_fits(cx: &mut Cx, from: &[Value], to: &[Value]) {
    let one = cx.b.i64(1);
    let extra = from.len().saturating_sub(to.len());
    for axis in 0..extra {
        // NumPy drops such axes one by one, and names what is left.
        if !is_constant(cx, from[axis], 1) {
            let single = cx.b.compare(Cond::Eq, from[axis], one);
            fits_or_raise(cx, single, &from[axis..], to);
        }
    }
    let from = &from[extra..];
    let mut ok = None;
    for (own, wanted) in from.iter().zip(&to[to.len() - from.len()..]) {
        if own == wanted || is_constant(cx, *own, 1) {
            continue;
        }
        let single = cx.b.compare(Cond::Eq, *own, one);
        let same = cx.b.compare(Cond::Eq, *own, *wanted);
        let fits = cx.b.binary(BinaryOp::Bor, single, same);
        ok = Some(and(cx, ok, fits));
    }
    if let Some(ok) = ok {
        fits_or_raise(cx, ok, from, to);
    }
}

fn fits_or_raise(cx: &mut Cx, ok: Value, from: &[Value], to: &[Value]) {
    let mut payload = Vec::new();
    let source = array::shape_text(from, &mut payload);
    let target = array::shape_text(to, &mut payload);
    let mut message = format!("could not broadcast input array from shape {source} into shape {target}");
    if payload.len() > PAYLOAD_WORDS {
        payload.clear();
        message = "could not broadcast input array".to_owned();
    }
    cx.guard(ok, ExcKind::Value, &message, &payload);
}

/// Guards that an output operand has the shape that the operands (it is one of them) broadcast to.
fn check_output(cx: &mut Cx, dims: &[Value], out: &[Value]) {
    let mut ok = None;
    if dims.len() > out.len() {
        ok = Some(cx.b.bool(false));
    } else {
        for (dim, own) in dims.iter().zip(out).filter(|(dim, own)| dim != own) {
            let same = cx.b.compare(Cond::Eq, *dim, *own);
            ok = Some(and(cx, ok, same));
        }
    }
    let Some(ok) = ok else { return };
    let mut payload = Vec::new();
    let own = array::shape_text(out, &mut payload);
    let wanted = array::shape_text(dims, &mut payload);
    let mut message = format!(
        "non-broadcastable output operand with shape {own} doesn't match the broadcast shape {wanted}"
    );
    if payload.len() > PAYLOAD_WORDS {
        payload.clear();
        message = "non-broadcastable output operand".to_owned();
    }
    cx.guard(ok, ExcKind::Value, &message, &payload);
}

/// Bytes of a contiguous array.
fn byte_size(cx: &mut Cx, array: &Array) -> Value {
    let size = array::size(cx, &array.shape);
    let bytes = Stride::Const(i64::from(array.ty.elem.bytes()));
    array::mul(cx, size, bytes).unwrap_or_else(|| cx.b.i64(0))
}

/// `dest[...] = scalar`.
pub fn fill(cx: &mut Cx, dest: &Array, words: &[Value]) {
    let zero = words
        .iter()
        .all(|word| is_constant(cx, *word, 0) || effect::float_bits(&cx.b.func, *word) == Some(0));
    if zero && dest.ndim() > 0 && matches!(dest.ty.layout, Layout::C | Layout::F) {
        let bytes = byte_size(cx, dest);
        cx.b.runtime(RuntimeFn::MemZero, vec![dest.data, bytes], None);
        return;
    }
    let (dims, operands) = map::axes(cx, &[], dest, true);
    let elem = dest.ty.elem;
    nest::walk(cx, &dims, &operands, elem, &mut |cx, addresses| nest::store(cx, elem, addresses[0], words));
}

fn copy_element(cx: &mut Cx, ty: ArrayType, from: Address, to: Address) {
    if ty.elem.kind() == Kind::Bool {
        let byte = cx.b.load(MEM_ANY, Ty::I8, from);
        cx.b.store(MEM_ANY, to, byte);
    } else {
        let words = nest::load(cx, ty.elem, from);
        nest::store(cx, ty.elem, to, &words);
    }
}

/// Copies element by element; the memories do not overlap, or are the same element for element.
fn copy_loops(cx: &mut Cx, source: &Array, dest: &Array, exact: bool) {
    let (dims, operands) = map::axes(cx, &[source], dest, exact);
    nest::walk(cx, &dims, &operands, dest.ty.elem, &mut |cx, addresses| {
        copy_element(cx, dest.ty, addresses[0], addresses[1]);
    });
}

fn contiguous_alike(source: &Array, dest: &Array) -> bool {
    source.ndim() == dest.ndim()
        && source.ty.layout == dest.ty.layout
        && matches!(dest.ty.layout, Layout::C | Layout::F)
}

fn block_move(cx: &mut Cx, source: &Array, dest: &Array) {
    let bytes = byte_size(cx, dest);
    cx.b.runtime(RuntimeFn::MemMove, vec![dest.data, source.data, bytes], None);
}

/// `fast` if the condition holds (`None`: it does), else `slow`.
fn branch<'a, 's>(
    cx: &mut Cx<'a, 's>,
    cond: Option<Value>,
    fast: &mut dyn FnMut(&mut Cx<'a, 's>),
    slow: &mut dyn FnMut(&mut Cx<'a, 's>),
) {
    let Some(cond) = cond else { return fast(cx) };
    cx.b.open(&[]);
    fast(cx);
    let then = cx.b.close(End::Yield(Vec::new()));
    cx.b.open(&[]);
    let mark = own::mark(cx);
    slow(cx);
    own::finish(cx, mark);
    let orelse = cx.b.close(End::Yield(Vec::new()));
    cx.b.if_(cond, then, orelse, &[]);
}

/// Copies an array of the same element type into `dest`.
pub fn array_into(cx: &mut Cx, source: &Array, dest: &Array) {
    if source.ndim() > dest.ndim() {
        check_fits(cx, &source.shape, &dest.shape);
    }
    let exact = map::exactness(cx, &[source], &dest.shape);
    // `exactness` passes over axes known to be of length 1: those are repeated, not moved.
    let repeats =
        source.shape.iter().zip(&dest.shape).any(|(own, dim)| own != dim && is_constant(cx, *own, 1));
    let moves = contiguous_alike(source, dest) && dest.ndim() > 0 && !repeats;
    let mut cond = exact;
    if !moves && let Some(apart) = apart(cx, source, dest) {
        cond = Some(and(cx, cond, apart));
    }
    branch(
        cx,
        cond,
        &mut |cx| {
            if moves {
                block_move(cx, source, dest);
            } else {
                copy_loops(cx, source, dest, true);
            }
        },
        &mut |cx| {
            check_fits(cx, &source.shape, &dest.shape);
            let copy = temporary(cx, source.ty, &source.shape);
            copy_loops(cx, source, &copy, true);
            copy_loops(cx, &copy, dest, false);
        },
    );
}

/// Guards that an elementwise expression fits `dest`.
fn check_map(cx: &mut Cx, inputs: &[Input], body: &Expr, dest: &Array, out: bool) {
    if out {
        let dims = map::broadcast(cx, inputs, body, Some(&dest.shape));
        check_output(cx, &dims, &dest.shape);
    } else {
        let dims = map::broadcast(cx, inputs, body, None);
        check_fits(cx, &dims, &dest.shape);
    }
}

/// An elementwise expression into `dest`, which is an output operand of it if `out`. If `whole`, nothing is stored
/// before every element is known.
fn map_into(cx: &mut Cx, inputs: &[Input], body: &Expr, dest: &Array, out: bool, whole: bool) {
    let mut by_way_of_a_copy = |cx: &mut Cx| {
        check_map(cx, inputs, body, dest, out);
        let result = temporary(cx, dest.ty, &dest.shape);
        map::emit(cx, inputs, body, &result, false);
        copy_loops(cx, &result, dest, true);
    };
    if whole {
        return by_way_of_a_copy(cx);
    }
    let arrays = map::arrays(inputs);
    // Where every length is that of the destination, nothing is left to check.
    if arrays.iter().any(|array| array.ndim() > dest.ndim()) {
        check_map(cx, inputs, body, dest, out);
    }
    let mut cond = map::exactness(cx, &arrays, &dest.shape);
    for array in &arrays {
        if let Some(apart) = apart(cx, array, dest) {
            cond = Some(and(cx, cond, apart));
        }
    }
    branch(cx, cond, &mut |cx| map::emit(cx, inputs, body, dest, true), &mut by_way_of_a_copy);
}

/// True if one of the operands of a body's outermost operation may raise.
fn operands_raise(cx: &Cx, body: &Expr) -> bool {
    if let ExprKind::Convert { arg, .. } = &*body.kind {
        return operands_raise(cx, arg);
    }
    let mut raises = false;
    walk::children(body, &mut |operand| raises |= can_raise(cx, operand));
    raises
}

/// True if the scalar expression may raise for some elements.
fn can_raise(cx: &Cx, part: &Expr) -> bool {
    let itself = match &*part.kind {
        ExprKind::Binary { op, lhs, rhs } => {
            let ty = lhs.scalar();
            let power = *op == hir::BinaryOp::Pow && ty.kind() == Kind::Signed;
            let natural = matches!(*rhs.kind, ExprKind::Const(hir::Const::Int(0..)));
            ty.is_python() || power && !natural
        }
        ExprKind::Unary { arg, .. } => arg.scalar() == Scalar::Int,
        ExprKind::Convert { kind, .. } => *kind != hir::Convert::Cast,
        ExprKind::Math { domain, .. } => *domain == hir::Domain::Python,
        ExprKind::Call { func, .. } => {
            cx.program().funcs[func.0 as usize].body.iter().any(|stmt| statement_raises(cx, stmt))
        }
        ExprKind::Local { bound, .. } => bound.is_some(),
        ExprKind::Seq { stmts, .. } => stmts.iter().any(|stmt| statement_raises(cx, stmt)),
        ExprKind::ItemAt { .. } | ExprKind::Element { .. } | ExprKind::View { .. } => true,
        ExprKind::Const(_)
        | ExprKind::Unit
        | ExprKind::Hidden(_)
        | ExprKind::Compare { .. }
        | ExprKind::Truth(_)
        | ExprKind::And(..)
        | ExprKind::Or(..)
        | ExprKind::IfExp { .. }
        | ExprKind::Tuple(_)
        | ExprKind::Item { .. }
        | ExprKind::Real(_)
        | ExprKind::Imag(_)
        | ExprKind::MakeComplex { .. }
        | ExprKind::ArrayAttr { .. }
        | ExprKind::Transpose(_)
        | ExprKind::Permute { .. }
        | ExprKind::Reshape { .. }
        | ExprKind::ComplexPart { .. }
        | ExprKind::Alloc { .. }
        | ExprKind::Map { .. }
        | ExprKind::MapArg(_)
        | ExprKind::Prim { .. } => false,
    };
    let mut raises = itself;
    walk::children(part, &mut |child| raises = raises || can_raise(cx, child));
    raises
}

fn statement_raises(cx: &Cx, stmt: &Stmt) -> bool {
    let mut raises = matches!(stmt.kind, StmtKind::Raise { .. });
    walk::expressions(stmt, &mut |expr| raises = raises || can_raise(cx, expr));
    raises || walk::lists(stmt).into_iter().flatten().any(|inner| statement_raises(cx, inner))
}

/// A new C array of the element type of `ty`.
fn temporary(cx: &mut Cx, ty: ArrayType, shape: &[Value]) -> Array {
    let ty = ArrayType { layout: Layout::C, writable: true, ..ty };
    alloc::new(cx, ty, shape.to_vec(), false, false)
}

/// True at run time if loops may read `source` while they store to `dest`: the memories are disjoint, or
/// the same element for element. `None` if that is known.
fn apart(cx: &mut Cx, source: &Array, dest: &Array) -> Option<Value> {
    if own::is_temporary(cx, source.owner) {
        return None;
    }
    let alike = source.ndim() == dest.ndim() && source.ty.elem.bytes() == dest.ty.elem.bytes();
    if alike
        && source.data == dest.data
        && source.shape == dest.shape
        && (source.strides == dest.strides || contiguous_alike(source, dest))
    {
        return None;
    }
    let overlap = may_overlap(cx, source, dest);
    let disjoint = cx.b.unary(UnaryOp::Bnot, overlap);
    if !alike {
        return Some(disjoint);
    }
    let mut same = cx.b.compare(Cond::Eq, source.data, dest.data);
    for axis in 0..dest.ndim() {
        let lengths = cx.b.compare(Cond::Eq, source.shape[axis], dest.shape[axis]);
        same = cx.b.binary(BinaryOp::Band, same, lengths);
        if source.strides[axis] != dest.strides[axis] {
            let own = source.strides[axis].word(cx);
            let other = dest.strides[axis].word(cx);
            let strides = cx.b.compare(Cond::Eq, own, other);
            same = cx.b.binary(BinaryOp::Band, same, strides);
        }
    }
    Some(cx.b.binary(BinaryOp::Bor, disjoint, same))
}

/// The bytes `lo..hi` that an array's elements lie in, as integers; `lo >= hi` may hold if it is empty.
fn extent(cx: &mut Cx, array: &Array) -> (Value, Value) {
    let start = cx.b.convert(ConvertOp::Bitcast, array.data, Ty::I64);
    if array.ndim() > 0 && matches!(array.ty.layout, Layout::C | Layout::F) {
        let bytes = byte_size(cx, array);
        return (start, cx.b.binary(BinaryOp::Iadd, start, bytes));
    }
    let item = cx.b.i64(i64::from(array.ty.elem.bytes()));
    let one = cx.b.i64(1);
    let zero = cx.b.i64(0);
    let mut lo = start;
    let mut hi = cx.b.binary(BinaryOp::Iadd, start, item);
    for axis in 0..array.ndim() {
        let last = cx.b.binary(BinaryOp::Isub, array.shape[axis], one);
        let Some(reach) = array::mul(cx, last, array.strides[axis]) else { continue };
        match array.strides[axis] {
            Stride::Const(c) if c >= 0 => hi = cx.b.binary(BinaryOp::Iadd, hi, reach),
            Stride::Const(_) => lo = cx.b.binary(BinaryOp::Iadd, lo, reach),
            Stride::Word(_) => {
                let below = cx.b.binary(BinaryOp::Smin, reach, zero);
                let above = cx.b.binary(BinaryOp::Smax, reach, zero);
                lo = cx.b.binary(BinaryOp::Iadd, lo, below);
                hi = cx.b.binary(BinaryOp::Iadd, hi, above);
            }
        }
    }
    (lo, hi)
}

/// True at run time if the memory of two arrays may overlap: if the ranges of their bytes do.
pub fn may_overlap(cx: &mut Cx, a: &Array, b: &Array) -> Value {
    let (a_lo, a_hi) = extent(cx, a);
    let (b_lo, b_hi) = extent(cx, b);
    let first = cx.b.compare(Cond::Ult, a_lo, b_hi);
    let second = cx.b.compare(Cond::Ult, b_lo, a_hi);
    cx.b.binary(BinaryOp::Band, first, second)
}
