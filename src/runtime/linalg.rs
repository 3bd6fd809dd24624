//! Products of matrices of native floats, by the `matrixmultiply` crate.
//!
//! In: shapes and strides of three matrices, from compiled code. Out: the product. Invariant: the result
//! depends on the operands and the machine alone; a long product polls for interrupts.

use super::interrupt;
use crate::abi::{Context, matmul, status};
use std::ptr;

/// Multiplications and additions between polls, about 20 ms.
const WORK: i64 = 200_000_000;

/// A matrix of `rows` and `columns` known elsewhere; strides in bytes.
#[derive(Clone, Copy)]
struct Matrix {
    data: *mut u8,
    row: isize,
    column: isize,
}

/// An element type that the crate multiplies.
trait Element: Copy + Default + std::ops::Mul<Output = Self> + std::ops::Add<Output = Self> {
    /// # Safety
    /// As `matrixmultiply::dgemm`, with strides in elements.
    unsafe fn multiply(shape: [usize; 3], a: Matrix, b: Matrix, c: Matrix);
}

macro_rules! element {
    ($ty:ty, $gemm:path) => {
        impl Element for $ty {
            unsafe fn multiply([m, k, n]: [usize; 3], a: Matrix, b: Matrix, c: Matrix) {
                // SAFETY: the caller's promise.
                unsafe {
                    $gemm(
                        m,
                        k,
                        n,
                        1.0,
                        a.data.cast(),
                        a.row,
                        a.column,
                        b.data.cast(),
                        b.row,
                        b.column,
                        0.0,
                        c.data.cast(),
                        c.row,
                        c.column,
                    );
                }
            }
        }
    };
}
element!(f32, matrixmultiply::sgemm);
element!(f64, matrixmultiply::dgemm);

/// `RuntimeFn::MatMul`: `c = a @ b`; `words` as `abi::matmul` says. `c` overlaps neither operand.
///
/// # Safety
/// `ctx` is the context of a call in progress; the words describe memory that is alive.
pub unsafe extern "C" fn mat_mul(ctx: *mut Context, words: *const i64) -> i32 {
    // SAFETY: compiled code passes as many words as `abi::matmul` counts.
    let words = unsafe { std::slice::from_raw_parts(words, matmul::WORDS) };
    let matrix = |at: usize| Matrix {
        data: words[at] as *mut u8,
        row: words[at + 1] as isize,
        column: words[at + 2] as isize,
    };
    let shape = [words[matmul::SHAPE], words[matmul::SHAPE + 1], words[matmul::SHAPE + 2]];
    let (a, b, c) = (matrix(matmul::A), matrix(matmul::B), matrix(matmul::C));
    // SAFETY: the words describe matrices of this element type.
    unsafe {
        if words[matmul::SINGLE] != 0 {
            product::<f32>(ctx, shape, a, b, c)
        } else {
            product::<f64>(ctx, shape, a, b, c)
        }
    }
}

/// The product by blocks of rows.
unsafe fn product<T: Element>(
    ctx: *mut Context,
    [m, k, n]: [i64; 3],
    a: Matrix,
    b: Matrix,
    c: Matrix,
) -> i32 {
    let block = (WORK / (k * n).max(1)).clamp(8, i64::MAX - m);
    let mut first = 0;
    while first < m {
        let rows = block.min(m - first);
        let from = |matrix: Matrix| Matrix {
            data: matrix.data.wrapping_offset(first as isize * matrix.row),
            ..matrix
        };
        // SAFETY: rows `first..first + rows` are within the matrices.
        unsafe { block_product::<T>([rows as usize, k as usize, n as usize], from(a), b, from(c)) };
        first += rows;
        if first < m {
            // SAFETY: the context is the caller's.
            let status = unsafe { interrupt::poll(ctx) };
            if status != status::OK {
                return status;
            }
        }
    }
    status::OK
}

unsafe fn block_product<T: Element>(shape: [usize; 3], a: Matrix, b: Matrix, c: Matrix) {
    let size = size_of::<T>() as isize;
    let whole = |matrix: &Matrix| {
        (matrix.data as usize).is_multiple_of(align_of::<T>())
            && matrix.row % size == 0
            && matrix.column % size == 0
    };
    if [a, b, c].iter().all(whole) {
        let elements =
            |matrix: Matrix| Matrix { row: matrix.row / size, column: matrix.column / size, ..matrix };
        // SAFETY: aligned memory of the shapes given, strides in elements.
        unsafe { T::multiply(shape, elements(a), elements(b), elements(c)) };
        return;
    }
    // Strides that are no whole elements, or data that is not aligned: rare, so plain.
    let at = |matrix: Matrix, i: usize, j: usize| {
        matrix.data.wrapping_offset(i as isize * matrix.row + j as isize * matrix.column).cast::<T>()
    };
    let [m, k, n] = shape;
    for i in 0..m {
        for j in 0..n {
            let mut total = T::default();
            for step in 0..k {
                // SAFETY: both indices are within the matrices; no alignment is asked for.
                let (x, y) =
                    unsafe { (ptr::read_unaligned(at(a, i, step)), ptr::read_unaligned(at(b, step, j))) };
                total = total + x * y;
            }
            // SAFETY: likewise.
            unsafe { ptr::write_unaligned(at(c, i, j), total) };
        }
    }
}
