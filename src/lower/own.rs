//! References to buffers: owner slots of locals and of temporaries.
//!
//! In: `stmt` (assignments, ends of statements, returns), `expr` (results of calls), `alloc` (new arrays).
//! Out: `OwnerSet`, `OwnerTake` and `Retain` in the open region. Invariant: a slot is zero or owns exactly
//! one reference, on every path; the exits of a function release all slots. Words of an array are valid
//! while something holds its buffer: a slot of the function, or the caller (parameters, hidden arguments).

use crate::hir::walk;
use crate::hir::{Expr, ExprKind, LocalId, Stmt, StmtKind};
use crate::lower::cx::{Cx, Words};
use crate::mir::{Def, Op, OwnerSlot, RuntimeFn, Value, effect};
use crate::types::{self, Type};

/// Owner slots in use.
#[derive(Default)]
pub struct State {
    /// Slots of each local, one for each array in it, made when first needed.
    locals: Vec<Vec<Option<OwnerSlot>>>,
    /// Buffers that the current statement has made or got, innermost last.
    temps: Vec<Temporary>,
    /// Slots of finished temporaries, to be used again.
    free: Vec<OwnerSlot>,
    /// Buffers that a slot holds until the function ends: of locals that are assigned once, in no loop.
    pinned: Vec<Value>,
    /// How often each local is assigned in the text (counted when first asked).
    assignments: Option<Vec<u32>>,
}

/// A buffer held until the end of the statement.
struct Temporary {
    owner: Value,
    slot: OwnerSlot,
    /// Made here, so that nothing else can share its memory.
    fresh: bool,
}

/// Which of the words of a type are owners of arrays.
pub fn owner_words(ty: &Type) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    owner_words_into(ty, &mut at, &mut found);
    found
}

fn owner_words_into(ty: &Type, at: &mut usize, found: &mut Vec<usize>) {
    match ty {
        Type::Array(array) => {
            found.push(*at);
            *at += 2 + 2 * usize::from(array.ndim);
        }
        Type::Tuple(items) => items.iter().for_each(|item| owner_words_into(item, at, found)),
        Type::Function { captures, .. } => captures.iter().for_each(|item| owner_words_into(item, at, found)),
        Type::Scalar(_)
        | Type::None
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => *at += types::flatten(ty).len(),
    }
}

/// Held by the caller for the whole call, or nobody's.
fn is_borrowed(cx: &Cx, owner: Value) -> bool {
    match cx.b.func.values[owner].def {
        Def::Param { region, .. } => region == cx.b.func.body,
        Def::Result { .. } => {
            matches!(effect::def_op(&cx.b.func, owner), Some(Op::Hidden { .. } | Op::Iconst(_)))
        }
    }
}

/// Something else holds the buffer until the function ends, so that a local need not.
fn is_held(cx: &Cx, owner: Value) -> bool {
    is_borrowed(cx, owner) || cx.own.pinned.contains(&owner)
}

/// True if the local is assigned at one place only, which runs at most once.
fn assigned_once(cx: &mut Cx, local: LocalId) -> bool {
    if !cx.targets.is_empty() {
        return false;
    }
    let func = cx.func;
    let counts = cx.own.assignments.get_or_insert_with(|| {
        let mut counts = vec![0; func.locals.len()];
        count_list(&func.body, &mut counts);
        counts
    });
    counts[local.0 as usize] == 1
}

fn count_list(stmts: &[Stmt], counts: &mut [u32]) {
    for stmt in stmts {
        if let StmtKind::Assign { local, .. } = &stmt.kind {
            counts[local.0 as usize] += 1;
        }
        walk::expressions(stmt, &mut |expr| count_expr(expr, counts));
        for list in walk::lists(stmt) {
            count_list(list, counts);
        }
    }
}

fn count_expr(expr: &Expr, counts: &mut [u32]) {
    if let ExprKind::Seq { stmts, .. } = &*expr.kind {
        count_list(stmts, counts);
    }
    walk::children(expr, &mut |child| count_expr(child, counts));
}

/// A reference to the buffer `owner` of the caller's own: that of a temporary moves, else a new one.
fn reference(cx: &mut Cx, owner: Value) -> Value {
    if let Some(at) = cx.own.temps.iter().position(|temp| temp.owner == owner) {
        let Temporary { slot, .. } = cx.own.temps.remove(at);
        cx.own.free.push(slot);
        let inst = cx.b.inst(Op::OwnerTake { slot }, &[crate::mir::Ty::Ptr]);
        return cx.b.func.insts[inst].results[0];
    }
    if !is_held(cx, owner) {
        cx.b.runtime(RuntimeFn::Retain, vec![owner], None);
    }
    owner
}

/// `local = words`: the local's slots take references to the arrays in `words`. Called by `stmt` for every
/// local whose type holds arrays, before `cx.set(local, words)`.
pub fn assign(cx: &mut Cx, local: LocalId, words: &Words) {
    let owners = owner_words(cx.local_type(local));
    let index = local.0 as usize;
    if cx.own.locals.len() <= index {
        cx.own.locals.resize(index + 1, Vec::new());
    }
    if cx.own.locals[index].len() < owners.len() {
        cx.own.locals[index].resize(owners.len(), None);
    }
    // All the new references first: releasing an old one may free what another is about to hold.
    let mut references = Vec::with_capacity(owners.len());
    for at in &owners {
        references.push(reference(cx, words[*at]));
    }
    for (k, value) in references.into_iter().enumerate() {
        let slot = cx.own.locals[index][k];
        if is_held(cx, value) {
            // Something else holds it. What the slot still holds is released early if the slot is known here;
            // else by its next assignment or the exit.
            if let Some(slot) = slot {
                set_null(cx, slot);
            }
            continue;
        }
        let slot = match slot {
            Some(slot) => slot,
            None => {
                let slot = cx.b.owner_slot();
                cx.own.locals[index][k] = Some(slot);
                slot
            }
        };
        cx.b.inst(Op::OwnerSet { slot, value }, &[]);
        if assigned_once(cx, local) {
            cx.own.pinned.push(words[owners[k]]);
        }
    }
}

/// Words to return from the function: each array in them carries a reference for the caller.
pub fn returned(cx: &mut Cx, ty: &Type, words: Words) -> Words {
    let mut words = words;
    for at in owner_words(ty) {
        let owner = words[at];
        words[at] = if is_held(cx, owner) {
            cx.b.runtime(RuntimeFn::Retain, vec![owner], None);
            owner
        } else {
            reference(cx, owner)
        };
    }
    words
}

/// The result of a call, which carries one reference for each array: kept by slots of its own.
pub fn adopt(cx: &mut Cx, ty: &Type, words: &Words) {
    for at in owner_words(ty) {
        hold(cx, words[at], false);
    }
}

/// A new buffer, with its one reference: kept until the end of the statement or until it moves elsewhere.
pub fn adopt_buffer(cx: &mut Cx, owner: Value) {
    hold(cx, owner, true);
}

fn hold(cx: &mut Cx, owner: Value, fresh: bool) {
    let slot = match cx.own.free.pop() {
        Some(slot) => slot,
        None => cx.b.owner_slot(),
    };
    cx.b.inst(Op::OwnerSet { slot, value: owner }, &[]);
    cx.own.temps.push(Temporary { owner, slot, fresh });
}

/// True for a buffer that the current statement has made.
pub fn is_temporary(cx: &Cx, owner: Value) -> bool {
    cx.own.temps.iter().any(|temp| temp.fresh && temp.owner == owner)
}

/// The temporaries that exist now; `finish` ends those that come later.
pub fn mark(cx: &Cx) -> usize {
    cx.own.temps.len()
}

/// Releases the temporaries made since `mark`: at the end of a statement.
pub fn finish(cx: &mut Cx, mark: usize) {
    while cx.own.temps.len() > mark {
        if let Some(Temporary { slot, .. }) = cx.own.temps.pop() {
            set_null(cx, slot);
            cx.own.free.push(slot);
        }
    }
}

/// Likewise where control has left: the exit releases what the slots hold.
pub fn forget(cx: &mut Cx, mark: usize) {
    while cx.own.temps.len() > mark {
        if let Some(Temporary { slot, .. }) = cx.own.temps.pop() {
            cx.own.free.push(slot);
        }
    }
}

fn set_null(cx: &mut Cx, slot: OwnerSlot) {
    let value = cx.b.null();
    cx.b.inst(Op::OwnerSet { slot, value }, &[]);
}
