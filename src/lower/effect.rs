//! What the caller of a function can see of it: stores to its arrays, output.
//!
//! In: the whole program. Out: a `Summary` for each function, and for each local the memories that it may
//! share. A simple analysis that does not follow the order of statements; fresh memory is invisible until
//! it is returned. Invariant: a mask may name too many memories, never too few.

use crate::hir::walk;
use crate::hir::{Expr, ExprKind, Function, Prim, Program, Stmt, StmtKind};
use crate::types::Type;

/// Bit of a mask of memories: memory that is neither a parameter's nor the function's own.
pub const EXTERNAL: u64 = 1 << 63;

/// What a call of a function does. Masks have bit `k` for parameter `k` (62 for all from 62 on) and
/// `EXTERNAL`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Memories that it may store to.
    pub writes: u64,
    /// Memories that its result may share.
    pub result: u64,
    /// Prints, or has another effect than a store.
    pub other: bool,
}

/// The mask of parameter `index`.
pub fn param_mask(index: usize) -> u64 {
    1 << index.min(62)
}

/// True if values of the type have arrays in them.
pub fn holds_array(ty: &Type) -> bool {
    match ty {
        Type::Array(_) => true,
        Type::Tuple(items) => items.iter().any(holds_array),
        Type::Function { captures, .. } => captures.iter().any(holds_array),
        Type::None
        | Type::Scalar(_)
        | Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => false,
    }
}

/// What one function does, collected once: the fixed point then runs over these lists.
#[derive(Default)]
struct Deeds<'a> {
    /// Locals that hold arrays, with what they are assigned.
    assigns: Vec<(usize, &'a Expr)>,
    /// Arrays that are stored to.
    stores: Vec<&'a Expr>,
    returns: Vec<&'a Expr>,
    calls: Vec<(usize, &'a [Expr])>,
    prints: bool,
}

impl<'a> Deeds<'a> {
    fn list(&mut self, stmts: &'a [Stmt]) {
        for stmt in stmts {
            match &stmt.kind {
                StmtKind::Assign { local, value } => {
                    if holds_array(&value.ty) {
                        self.assigns.push((local.0 as usize, value));
                    }
                }
                StmtKind::StoreElement { array, .. } => self.stores.push(array),
                StmtKind::CopyInto { dest, .. } => self.stores.push(dest),
                StmtKind::Return(value) => {
                    if holds_array(&value.ty) {
                        self.returns.push(value);
                    }
                }
                StmtKind::Print { .. } => self.prints = true,
                StmtKind::Expr(_)
                | StmtKind::If { .. }
                | StmtKind::While { .. }
                | StmtKind::For { .. }
                | StmtKind::Break
                | StmtKind::Continue
                | StmtKind::Raise { .. } => {}
            }
            walk::expressions(stmt, &mut |expr| self.expr(expr));
            walk::lists(stmt).into_iter().for_each(|list| self.list(list));
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        if let ExprKind::Seq { stmts, .. } = &*expr.kind {
            self.list(stmts);
        }
        if let ExprKind::Call { func, args } = &*expr.kind {
            self.calls.push((func.0 as usize, args));
        }
        walk::children(expr, &mut |child| self.expr(child));
    }
}

/// The memories that an array (or a tuple with arrays) may share with the outside, by the masks of the
/// locals.
pub fn memories(expr: &Expr, aliases: &[u64], summaries: &[Summary]) -> u64 {
    if !holds_array(&expr.ty) {
        return 0;
    }
    let of = |expr: &Expr| memories(expr, aliases, summaries);
    match &*expr.kind {
        ExprKind::Local { local, .. } => aliases[local.0 as usize],
        ExprKind::Hidden(_) => EXTERNAL,
        ExprKind::Tuple(items) => items.iter().map(of).fold(0, |a, b| a | b),
        ExprKind::Item { tuple, .. } | ExprKind::ItemAt { tuple, .. } => {
            if holds_array(&tuple.ty) {
                of(tuple)
            } else {
                0
            }
        }
        ExprKind::IfExp { then, orelse, .. } => of(then) | of(orelse),
        ExprKind::View { array, .. }
        | ExprKind::Transpose(array)
        | ExprKind::Permute { array, .. }
        | ExprKind::Reshape { array, .. }
        | ExprKind::ComplexPart { array, .. } => of(array),
        ExprKind::Alloc { .. } | ExprKind::Map { .. } => 0,
        ExprKind::Call { func, args } => {
            translate(summaries[func.0 as usize].result, args, aliases, summaries)
        }
        ExprKind::Prim { prim, args } => match prim {
            Prim::AssumeContiguous | Prim::Retype => of(&args[0]),
            Prim::IsContiguous
            | Prim::RoundPython
            | Prim::RoundNumpy
            | Prim::NextAfter
            | Prim::GetNumThreads
            | Prim::SetNumThreads
            | Prim::GetThreadId
            | Prim::MayOverlap
            | Prim::MatMul
            | Prim::IsNan
            | Prim::IsInf
            | Prim::IsFinite
            | Prim::SignBit
            | Prim::Same
            | Prim::PopCount
            | Prim::Bits
            | Prim::FromBits => EXTERNAL,
        },
        ExprKind::Seq { value, .. } => of(value),
        ExprKind::Unit
        | ExprKind::Const(_)
        | ExprKind::Convert { .. }
        | ExprKind::Unary { .. }
        | ExprKind::Binary { .. }
        | ExprKind::Compare { .. }
        | ExprKind::Truth(_)
        | ExprKind::And(..)
        | ExprKind::Or(..)
        | ExprKind::Math { .. }
        | ExprKind::Real(_)
        | ExprKind::Imag(_)
        | ExprKind::MakeComplex { .. }
        | ExprKind::Element { .. }
        | ExprKind::ArrayAttr { .. }
        | ExprKind::MapArg(_) => EXTERNAL,
    }
}

/// A callee's mask in terms of the caller's memories.
pub fn translate(mask: u64, args: &[Expr], aliases: &[u64], summaries: &[Summary]) -> u64 {
    let mut result = mask & EXTERNAL;
    if mask & !EXTERNAL == 0 {
        return result;
    }
    for (index, arg) in args.iter().enumerate() {
        if mask & param_mask(index) != 0 {
            result |= memories(arg, aliases, summaries);
        }
    }
    result
}

/// Summaries of all functions (by `FuncId`), and the masks of the locals of each.
pub fn analyse(program: &Program) -> (Vec<Summary>, Vec<Vec<u64>>) {
    let mut summaries = vec![Summary::default(); program.funcs.len()];
    let mut aliases: Vec<Vec<u64>> = program.funcs.iter().map(initial_aliases).collect();
    let deeds: Vec<Deeds> = program
        .funcs
        .iter()
        .map(|func| {
            let mut deeds = Deeds::default();
            deeds.list(&func.body);
            deeds
        })
        .collect();
    loop {
        let mut changed = false;
        // Callees mostly stand after their callers.
        for (index, deeds) in deeds.iter().enumerate().rev() {
            let locals = &mut aliases[index];
            loop {
                let mut grown = false;
                for (local, value) in &deeds.assigns {
                    let mask = locals[*local] | memories(value, locals, &summaries);
                    grown |= mask != locals[*local];
                    locals[*local] = mask;
                }
                if !grown {
                    break;
                }
                changed = true;
            }
            let mut summary = summaries[index];
            summary.other |= deeds.prints;
            for array in &deeds.stores {
                summary.writes |= memories(array, locals, &summaries);
            }
            for value in &deeds.returns {
                summary.result |= memories(value, locals, &summaries);
            }
            for (callee, args) in &deeds.calls {
                let callee = summaries[*callee];
                summary.writes |= translate(callee.writes, args, locals, &summaries);
                summary.other |= callee.other;
            }
            changed |= summary != summaries[index];
            summaries[index] = summary;
        }
        if !changed {
            return (summaries, aliases);
        }
    }
}

fn initial_aliases(func: &Function) -> Vec<u64> {
    (0..func.locals.len())
        .map(|local| if local < func.params as usize { param_mask(local) } else { 0 })
        .collect()
}
