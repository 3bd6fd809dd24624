//! Executable memory: many objects, and a child process that loads its own.

use crate::context::context;
use fastjit::abi::Ty;
use fastjit::load::{self, Executable};
use fastjit::mir::build::Builder;
use fastjit::mir::{End, Module, Table};
use fastjit::object::CodeObject;
use fastjit::options::Options;
use fastjit::types::Type;
use fastjit::{abi, codegen};

/// Code that returns the number.
fn constant(number: i64) -> CodeObject {
    let mut b = Builder::new("f", 0, &[], vec![Ty::I64]);
    let value = b.i64(number);
    b.close(End::Return(vec![value]));
    let mut funcs = Table::default();
    funcs.push(b.finish());
    let module = Module { funcs, ..Module::default() };
    codegen::emit(&module, &[], &Type::None, &[], &Options::default())
}

fn call(code: &Executable) -> i64 {
    let mut ctx = context();
    let mut result = [0u64];
    let status = unsafe { (code.entry)(&mut *ctx, std::ptr::null(), result.as_mut_ptr()) };
    assert_eq!(status, abi::status::OK);
    result[0] as i64
}

#[test]
fn objects_lie_apart_and_aligned() {
    let loaded: Vec<Executable> = (0..200).map(|k| load::load(constant(k)).unwrap()).collect();
    for (k, code) in loaded.iter().enumerate() {
        assert_eq!(call(code), k as i64);
        assert_eq!((code.entry as usize - code.object.entry as usize) % 64, 0);
    }
    // One that fits no arena of the usual size.
    let mut big = constant(7);
    big.code.resize(20 << 20, 0);
    assert_eq!(call(&load::load(big).unwrap()), 7);
    assert_eq!(call(&load::load(constant(8)).unwrap()), 8);
}

#[test]
fn a_forked_child_does_not_write_over_its_parent() {
    let before = load::load(constant(1)).unwrap();
    let object = constant(2);
    let third = constant(3);
    // SAFETY: the child only loads, calls, and ends without cleaning up.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let own = load::load(object).map(|code| call(&code)).unwrap_or(-1);
        let good = own == 2 && call(&before) == 1;
        // SAFETY: ends the child at once.
        unsafe { libc::_exit(if good { 0 } else { 1 }) };
    }
    let mut status = -1;
    // SAFETY: waits for the child made above.
    unsafe { libc::waitpid(child, &mut status, 0) };
    assert_eq!(status, 0);
    // The child's code went to the place where the parent's next code goes, but to other memory.
    let after = load::load(third).unwrap();
    assert_eq!((call(&before), call(&after)), (1, 3));
}
