//! New arrays.
//!
//! In: a type and a shape. Out: the array, whose buffer a temporary's slot holds. Invariant: the size in
//! bytes fits i64, the shape has no negative length.

use crate::abi::OFFSET_BUFFER_DATA;
use crate::hir::ExcKind;
use crate::lower::array::{self, Array, Stride};
use crate::lower::cx::Cx;
use crate::lower::own;
use crate::mir::build::at;
use crate::mir::{CheckedOp, Cond, MEM_FRAME, RuntimeFn, Ty, Value, effect};
use crate::types::ArrayType;

const TOO_BIG: &str =
    "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.";

/// A new contiguous array (C unless the type says F). `check`: the lengths may be negative.
pub fn new(cx: &mut Cx, ty: ArrayType, shape: Vec<Value>, zero: bool, check: bool) -> Array {
    if check {
        for dim in &shape {
            if effect::constant(&cx.b.func, *dim).is_some_and(|c| c >= 0) {
                continue;
            }
            let none = cx.b.i64(0);
            let ok = cx.b.compare(Cond::Sge, *dim, none);
            cx.guard(ok, ExcKind::Value, "negative dimensions are not allowed", &[]);
            if !cx.b.func.lengths.contains(dim) {
                cx.ints.push(*dim);
            }
        }
    }
    let bytes = byte_size(cx, ty.elem.bytes(), &shape);
    let zero = cx.b.i64(i64::from(zero));
    let owner =
        cx.b.runtime(RuntimeFn::Alloc, vec![bytes, zero], Some(Ty::Ptr))
            .expect("invariant: Alloc has a result");
    let null = cx.b.null();
    let ok = cx.b.compare(Cond::Ne, owner, null);
    cx.guard(
        ok,
        ExcKind::Memory,
        "Unable to allocate {0} bytes for an array",
        &[(bytes, crate::abi::Payload::Int)],
    );
    own::adopt_buffer(cx, owner);
    let data = cx.b.load(MEM_FRAME, Ty::Ptr, at(owner, OFFSET_BUFFER_DATA));
    let strides = array::contiguous_strides(cx, ty.elem.bytes(), ty.layout, &shape);
    Array { ty, owner, data, shape, strides }
}

/// Bytes of an array, guarded against overflow.
fn byte_size(cx: &mut Cx, elem: u32, shape: &[Value]) -> Value {
    let mut known = i64::from(elem);
    let mut factors = Vec::new();
    for dim in shape {
        match effect::constant(&cx.b.func, *dim).and_then(|c| known.checked_mul(c)) {
            Some(product) => known = product,
            None => factors.push(*dim),
        }
    }
    let mut total: Option<Value> = None;
    let known = Stride::Const(known).word(cx);
    factors.push(known);
    for factor in factors {
        total = Some(match total {
            None => factor,
            Some(total) if effect::constant(&cx.b.func, factor) == Some(1) => total,
            Some(total) => {
                let (product, overflow) = cx.b.checked(CheckedOp::Mul, total, factor);
                let ok = cx.b.not(overflow);
                cx.guard(ok, ExcKind::Value, TOO_BIG, &[]);
                product
            }
        });
    }
    total.expect("invariant: the item size is a factor")
}
