//! Statements to regions: mutable locals become values that branches yield and loops carry.
//!
//! In: statement lists of HIR. Out: instructions in the open region. Invariant: `list` leaves the region it
//! found open, and `cx.locals` as they are after the statements; the locals that a branch yields or a loop
//! carries are those assigned in it and needed after it (`flow`).

use crate::diag::Span;
use crate::hir::{ExcKind, Expr, LocalId, Ordered, Stmt, StmtKind};
use crate::lower::cx::{Cx, Target};
use crate::lower::effect::holds_array;
use crate::lower::flow::{self, Facts, Set};
use crate::lower::{array, expr, own, prange, print, raise};
use crate::mir::remark::RemarkKind;
use crate::mir::{BinaryOp, Cond, End, LoopMode, Op, SourcePos, Value};
use crate::types;
use std::rc::Rc;

/// Lowers statements into the open region. `Some(end)` if control does not come to their end: the caller
/// closes the region with it.
pub fn list(cx: &mut Cx, stmts: &[Stmt]) -> Option<End> {
    let flow = Rc::clone(&cx.flow);
    let needed = needed_after(cx, stmts);
    let live = cx.live.clone();
    let inner = cx.inner;
    let mut end = None;
    for (stmt, needed) in stmts.iter().zip(needed) {
        if let Some(needed) = needed {
            cx.live = needed;
        }
        let facts = flow.facts(stmt);
        cx.inner = facts.inner;
        let mark = own::mark(cx);
        end = statement(cx, stmt, facts);
        if end.is_none() {
            own::finish(cx, mark);
        } else {
            own::forget(cx, mark);
        }
        if end.is_some() {
            break;
        }
    }
    cx.live = live;
    cx.inner = inner;
    end
}

/// For each statement that has nested statements: the locals needed after it.
fn needed_after(cx: &Cx, stmts: &[Stmt]) -> Vec<Option<Set>> {
    let mut sets: Vec<Option<Set>> = vec![None; stmts.len()];
    let Some(first) = stmts.iter().position(|stmt| nests(stmt, cx.flow.facts(stmt))) else { return sets };
    let mut needed = cx.live.clone();
    for (index, stmt) in stmts.iter().enumerate().skip(first).rev() {
        let facts = cx.flow.facts(stmt);
        if nests(stmt, facts) {
            let mut after = needed.clone();
            if !is_control(stmt) {
                // What a part of the statement assigns, another part may read.
                after.union(&facts.assigned);
            }
            sets[index] = Some(after);
        }
        if facts.ends {
            needed = Set::default();
        } else {
            needed.subtract(&facts.killed);
        }
        needed.union(&facts.exposed);
        if facts.escapes
            && let Some(target) = cx.targets.last()
        {
            needed.union(&target.live);
        }
    }
    sets
}

fn nests(stmt: &Stmt, facts: &Facts) -> bool {
    facts.inner || is_control(stmt)
}

fn is_control(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::If { .. } | StmtKind::While { .. } | StmtKind::For { .. })
}

/// Evaluates parts of a control statement. What their inner statements assign counts as needed meanwhile.
fn words_of<const N: usize>(cx: &mut Cx, parts: [&Expr; N]) -> [Value; N] {
    if !cx.inner {
        return parts.map(|part| expr::word(cx, part));
    }
    let live = cx.live.clone();
    for part in parts {
        let assigned = cx.flow.assigned_inside(part);
        cx.live.union(&assigned);
    }
    let words = parts.map(|part| expr::word(cx, part));
    cx.live = live;
    words
}

fn statement(cx: &mut Cx, stmt: &Stmt, facts: &Facts) -> Option<End> {
    cx.at(stmt.span);
    match &stmt.kind {
        StmtKind::Assign { local, value } => {
            let words = expr::lower(cx, value);
            if holds_array(cx.local_type(*local)) {
                own::assign(cx, *local, &words);
            }
            cx.set(*local, words);
            None
        }
        StmtKind::StoreElement { array, index, value } => {
            array::store_element(cx, array, index, value);
            cx.effect |= facts.effect;
            None
        }
        StmtKind::CopyInto { dest, value } => {
            array::copy_into(cx, dest, value, facts.effect);
            cx.effect |= facts.effect;
            None
        }
        StmtKind::Expr(value) => {
            expr::lower(cx, value);
            (value.ty == types::Type::Never).then_some(End::Unreachable)
        }
        StmtKind::If { test, then, orelse } => branch(cx, test, then, orelse),
        StmtKind::While { test, body, orelse } => while_loop(cx, test, body, orelse, facts),
        StmtKind::For { counter, start, stop, step, body, orelse, parallel } => {
            let range = [start, stop, step];
            if let Some(parallel) = parallel
                && parallel.ordered != Some(Ordered::Overlaps)
            {
                let Some(why) = prange::serial(cx, *counter, body, parallel) else {
                    cx.effect |= facts.effect;
                    prange::lower(cx, stmt, *counter, range, body, parallel);
                    return None;
                };
                let line = SourcePos { line: cx.line_of(stmt.span), ..cx.b.line };
                cx.b.func.remark(line, || RemarkKind::Serial(why));
            }
            for_loop(cx, stmt.span, *counter, range, (body, orelse), facts)
        }
        StmtKind::Break => Some(break_(cx)),
        StmtKind::Continue => {
            let target = cx.targets.last().expect("invariant: continue stands in a loop");
            let (to, carried) = (target.repeat, target.carried.clone());
            Some(End::Continue { to, args: cx.get_all(&carried) })
        }
        StmtKind::Return(value) => {
            let words = expr::lower(cx, value);
            if value.ty == types::Type::Never {
                return Some(End::Unreachable);
            }
            let words = if holds_array(&value.ty) { own::returned(cx, &value.ty, words) } else { words };
            Some(End::Return(words))
        }
        StmtKind::Raise { exc, args, payload } => Some(raise::statement(cx, *exc, args, payload)),
        StmtKind::Print { parts, end } => {
            print::lower(cx, parts, end);
            None
        }
    }
}

fn break_(cx: &mut Cx) -> End {
    let target = cx.targets.last().expect("invariant: break stands in a loop");
    let (to, results) = (target.block, target.block_locals.clone());
    End::Break { to, args: cx.get_all(&results) }
}

fn branch(cx: &mut Cx, test: &Expr, then: &[Stmt], orelse: &[Stmt]) -> Option<End> {
    let [cond] = words_of(cx, [test]);
    if let Some(known) = cx.const_int(cond) {
        return list(cx, if known != 0 { then } else { orelse });
    }
    let rare = prange::is_copy(orelse);
    if rare && cx.restarts() {
        // The copy is in the code that the call starts again in.
        cx.restart_unless(cond);
        return list(cx, then);
    }
    let mut assigned = cx.flow.assigned(then);
    assigned.union(&cx.flow.assigned(orelse));
    let merged = assigned.common(&cx.live);
    let written = assigned.common(&assigned);
    let saved = cx.save(&written);
    let line = cx.b.line;
    let before = cx.effect;

    let mut after = before;
    let mut arms = Vec::with_capacity(2);
    for arm in [then, orelse] {
        cx.effect = before;
        cx.b.open(&[]);
        let end = list(cx, arm);
        let falls = end.is_none();
        if falls {
            after |= cx.effect;
        }
        let end = match end {
            Some(end) => end,
            None => End::Yield(cx.get_all(&merged)),
        };
        arms.push((cx.b.close(end), falls));
        cx.restore(&written, saved.clone());
    }
    cx.b.func.regions[arms[1].0].rare = rare;
    cx.effect = after;
    cx.b.line = line;
    let falls = arms[0].1 || arms[1].1;
    let results = if falls { cx.types_of(&merged) } else { Vec::new() };
    let words = cx.b.if_(cond, arms[0].0, arms[1].0, &results);
    if falls {
        cx.set_all(&merged, &words);
        None
    } else {
        Some(End::Unreachable)
    }
}

/// The locals that a loop carries and those that leave its block.
struct Plan {
    carried: Vec<LocalId>,
    results: Vec<LocalId>,
    /// All that is assigned inside.
    written: Vec<LocalId>,
    /// Needed at its head or after it.
    live: Set,
}

fn plan(cx: &Cx, inside: Set, facts: &Facts) -> Plan {
    let mut live = cx.live.clone();
    live.union(&facts.exposed);
    Plan {
        carried: inside.common(&live),
        results: facts.assigned.common(&cx.live),
        written: facts.assigned.common(&facts.assigned),
        live,
    }
}

fn while_loop(cx: &mut Cx, test: &Expr, body: &[Stmt], orelse: &[Stmt], facts: &Facts) -> Option<End> {
    let line = cx.b.line;
    let mut inside = cx.flow.assigned(body);
    if facts.inner {
        inside.union(&cx.flow.assigned_inside(test));
    }
    let plan = plan(cx, inside, facts);
    let after = std::mem::replace(&mut cx.live, plan.live.clone());
    // A second iteration starts after the effects of the first.
    cx.effect |= facts.effect;

    let init = cx.get_all(&plan.carried);
    let saved = cx.save(&plan.written);
    let (block, repeat) = (cx.b.reserve(), cx.b.reserve());
    cx.b.open(&[]);
    let carried_types = cx.types_of(&plan.carried);
    let (_, params) = cx.b.open(&carried_types);
    cx.set_all(&plan.carried, &params);
    cx.targets.push(Target {
        block,
        block_locals: plan.results.clone(),
        repeat,
        carried: plan.carried.clone(),
        live: plan.live,
    });

    let end = if flow::is_true(test) {
        list(cx, body)
    } else {
        while_test(cx, test, orelse, &after);
        list(cx, body)
    };
    let end = match end {
        Some(end) => end,
        None => End::Yield(cx.get_all(&plan.carried)),
    };
    let body = cx.b.close(end);
    cx.targets.pop();
    cx.b.line = line;
    cx.b.place(repeat, Op::Loop { init, body }, &[]);
    let body = cx.b.close(End::Unreachable);
    cx.restore(&plan.written, saved);
    cx.live = after;
    let results = if facts.ends { Vec::new() } else { cx.types_of(&plan.results) };
    let words = cx.b.place(block, Op::Block { body }, &results);
    if facts.ends {
        return Some(End::Unreachable);
    }
    cx.set_all(&plan.results, &words);
    None
}

/// `if test {} else { orelse; break }`: the body follows in the loop's own region.
fn while_test(cx: &mut Cx, test: &Expr, orelse: &[Stmt], after: &Set) {
    let line = cx.b.line;
    let head = cx.live.clone();
    let [cond] = words_of(cx, [test]);
    cx.b.open(&[]);
    let then = cx.b.close(End::Yield(Vec::new()));
    cx.b.open(&[]);
    let end = if orelse.is_empty() {
        break_(cx)
    } else {
        // `break` and `continue` in the else part are those of the loop around.
        let written: Set = cx.flow.assigned(orelse);
        let written = written.common(&written);
        let saved = cx.save(&written);
        let own = cx.targets.pop().expect("invariant: the loop's target is the innermost");
        cx.live = after.clone();
        let end = list(cx, orelse);
        cx.targets.push(own);
        let end = match end {
            Some(end) => end,
            None => break_(cx),
        };
        cx.restore(&written, saved);
        end
    };
    let orelse = cx.b.close(end);
    cx.live = head;
    cx.b.line = line;
    cx.b.if_(cond, then, orelse, &[]);
}

/// A `range`, evaluated: values of the counter are `start + k * step` for `k` in `0..trip`.
pub struct Range {
    pub start: Value,
    pub step: Value,
    pub trip: Value,
}

fn for_loop(
    cx: &mut Cx,
    span: Span,
    counter: LocalId,
    range: [&Expr; 3],
    (body, orelse): (&[Stmt], &[Stmt]),
    facts: &Facts,
) -> Option<End> {
    let line = cx.b.line;
    let mut inside = cx.flow.assigned(body);
    inside.insert(counter);
    let plan = plan(cx, inside, facts);

    let [start, stop, step] = evaluate(cx, range, span);
    let unit = cx.const_int(step) == Some(1);
    let (lo, hi) = if unit {
        (start, stop)
    } else {
        let trip = count(cx, start, stop, step);
        (cx.b.i64(0), trip)
    };
    let after = std::mem::replace(&mut cx.live, plan.live.clone());
    cx.effect |= facts.effect;

    let init = cx.get_all(&plan.carried);
    let saved = cx.save(&plan.written);
    let (block, repeat) = (cx.b.reserve(), cx.b.reserve());
    if facts.breaks {
        cx.b.open(&[]);
    }
    let mut params_types = vec![crate::mir::Ty::I64];
    params_types.extend(cx.types_of(&plan.carried));
    let (_, params) = cx.b.open(&params_types);
    cx.set_all(&plan.carried, &params[1..]);
    let value = if unit {
        params[0]
    } else {
        let offset = if cx.const_int(step) == Some(-1) {
            None
        } else {
            Some(cx.b.binary(BinaryOp::Imul, params[0], step))
        };
        match offset {
            Some(offset) => cx.b.binary(BinaryOp::Iadd, start, offset),
            None => cx.b.binary(BinaryOp::Isub, start, params[0]),
        }
    };
    cx.set(counter, vec![value]);
    cx.targets.push(Target {
        block,
        block_locals: plan.results.clone(),
        repeat,
        carried: plan.carried.clone(),
        live: plan.live,
    });
    let end = match list(cx, body) {
        Some(end) => end,
        None => End::Yield(cx.get_all(&plan.carried)),
    };
    cx.targets.pop();
    let body = cx.b.close(end);
    cx.restore(&plan.written, saved.clone());
    cx.live = after;
    cx.b.line = line;
    let words =
        cx.b.place(repeat, Op::For { lo, hi, init, body, mode: LoopMode::Serial }, &params_types[1..]);
    cx.set_all(&plan.carried, &words);
    let end = list(cx, orelse);
    if !facts.breaks {
        return end;
    }
    let end = match end {
        Some(end) => end,
        None => End::Break { to: block, args: cx.get_all(&plan.results) },
    };
    let body = cx.b.close(end);
    cx.restore(&plan.written, saved);
    cx.b.line = line;
    let results = cx.types_of(&plan.results);
    let words = cx.b.place(block, Op::Block { body }, &results);
    cx.set_all(&plan.results, &words);
    None
}

/// The three parts of a `range`; `ValueError` for a zero step.
fn evaluate(cx: &mut Cx, range: [&Expr; 3], span: Span) -> [Value; 3] {
    let [start, stop, step] = words_of(cx, range);
    cx.at(span);
    if cx.const_int(step).is_none_or(|step| step == 0) {
        let zero = cx.b.i64(0);
        let ok = cx.b.compare(Cond::Ne, step, zero);
        cx.guard(ok, ExcKind::Value, "range() arg 3 must not be zero", &[]);
    }
    [start, stop, step]
}

/// Evaluates the three parts of a `range` (`ValueError` for a zero step) and counts its trips exactly.
pub fn trip_count(cx: &mut Cx, range: [&Expr; 3], span: Span) -> Range {
    let [start, stop, step] = evaluate(cx, range, span);
    let trip = count(cx, start, stop, step);
    Range { start, step, trip }
}

/// Length of a range. The distance of the ends is right as an unsigned number even where the difference
/// overflows; a length beyond 2**63 - 1 is cut there, since no loop lives to see it.
fn count(cx: &mut Cx, start: Value, stop: Value, step: Value) -> Value {
    let known = cx.const_int(step);
    let zero = cx.b.i64(0);
    let one = cx.b.i64(1);
    let (low, high, size) = match known {
        Some(step) if step > 0 => (start, stop, cx.b.i64(step)),
        Some(step) => (stop, start, cx.b.i64(step.wrapping_neg())),
        None => {
            let up = cx.b.compare(Cond::Sgt, step, zero);
            let low = cx.b.select(up, start, stop);
            let high = cx.b.select(up, stop, start);
            let down = cx.b.binary(BinaryOp::Isub, zero, step);
            (low, high, cx.b.select(up, step, down))
        }
    };
    let some = cx.b.compare(Cond::Slt, low, high);
    let distance = cx.b.binary(BinaryOp::Isub, high, low);
    let trip = match known {
        Some(1 | -1) => distance,
        Some(_) | None => {
            let last = cx.b.binary(BinaryOp::Isub, distance, one);
            let steps = cx.b.binary(BinaryOp::Udiv, last, size);
            cx.b.binary(BinaryOp::Iadd, steps, one)
        }
    };
    let most = cx.b.i64(i64::MAX);
    let trip = cx.b.binary(BinaryOp::Umin, trip, most);
    cx.b.select(some, trip, zero)
}
