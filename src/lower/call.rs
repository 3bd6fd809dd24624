//! Calls of the program's functions.
//!
//! In: arguments in the order of the callee's parameters. Out: `Op::Call`. Invariant: arrays are passed as
//! borrowed references and come back owned; a call after an effect says so.

use crate::hir::{Expr, FuncId};
use crate::lower::cx::{Cx, Words};
use crate::lower::effect::holds_array;
use crate::lower::{expr, flow, own};
use crate::mir::Func;
use crate::types;

/// Words of the result.
pub fn lower(cx: &mut Cx, call: &Expr, func: FuncId, args: &[Expr]) -> Words {
    let mut words = Vec::new();
    for arg in args {
        words.extend(expr::lower(cx, arg));
    }
    cx.at(call.span);
    let callee = &cx.program().funcs[func.0 as usize];
    let results = types::flatten(&callee.result);
    let site = cx.call_site();
    let results = cx.b.call(Func(func.0), words, &results, site, cx.effect);
    cx.effect |= flow::call_effect(func.0 as usize, args, &cx.aliases, &cx.shared.summaries);
    if holds_array(&callee.result) {
        own::adopt(cx, &callee.result, &results);
    }
    results
}
