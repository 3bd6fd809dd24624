//! Assignments: to names, items and several targets at once; augmented ones.
//!
//! In: `ast::Target`s and values. Out: HIR that stores, and the state after it. Invariant: the value is evaluated
//! before the places, and each place once.

use crate::abi::{Payload, SiteArg};
use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{ExcKind, Expr, ExprKind, Stmt, StmtKind};
use crate::infer::advice;
use crate::infer::condition::Test;
use crate::infer::cx::Cx;
use crate::infer::expr::effect;
use crate::infer::flow::{Slot, Var, Variant};
use crate::infer::operand::Operand;
use crate::infer::scope::Bits;
use crate::infer::{arith, builtin};
use crate::types::{Form, Kind, Scalar, Type};

impl Cx<'_> {
    pub(super) fn assign(
        &mut self,
        targets: &[ast::Target],
        value: &ast::Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let mark = out.len();
        let operand = self.operand(value)?;
        if operand.is_mixed() {
            if let ast::ExprKind::IfExp { test, then, orelse } = &value.kind
                && operand.name.is_none()
            {
                // Each arm keeps its own type.
                out.truncate(mark);
                let test = match self.test(test)? {
                    Test::Known(true) => return self.assign(targets, then, span, out),
                    Test::Known(false) => return self.assign(targets, orelse, span, out),
                    Test::Dynamic(test) => test,
                };
                let all = Bits::all(self.frame.scope.names.len());
                return self.branch(
                    test,
                    &all,
                    span,
                    out,
                    |cx, out| cx.assign(targets, then, span, out),
                    |cx, out| cx.assign(targets, orelse, span, out),
                );
            }
            if let (ast::ExprKind::Logical { op, operands }, None) = (&value.kind, operand.name) {
                return self.assign_logical(targets, *op, operands, span, out);
            }
            if operand.choice.is_some()
                && targets.iter().all(|target| matches!(target.kind, ast::TargetKind::Name(_)))
            {
                return self.assign_choice(targets, operand, out);
            }
            if let ([ast::Target { kind: ast::TargetKind::Name(target), .. }], Some(read)) =
                (targets, &operand.value)
            {
                return self.copy_mixed(target, read.clone(), &operand, span, out);
            }
        }
        if let ([ast::Target { kind: ast::TargetKind::Subscript { value: array, index }, .. }], true) =
            (targets, operand.is_mixed())
            && let Some(value) = operand.value.clone()
        {
            // A number stored into floats becomes one first, whatever it was.
            let numbers = operand.types.iter().all(|(ty, _)| {
                matches!(ty, Type::Scalar(Scalar::Bool | Scalar::Int | Scalar::Float | Scalar::F64))
            });
            let place = self.store_place(array, index)?;
            let float = matches!(place.array.array().elem.kind(), Kind::Float | Kind::Complex);
            let same = value.ty == Type::Scalar(place.array.array().elem) && operand.promotes_exactly();
            if same || (numbers && float && matches!(value.ty.scalar(), Some(Scalar::Float | Scalar::F64))) {
                return self.store(place, value, span, out);
            }
        }
        if operand.choice.is_some() && !self.same_for_all(&operand) {
            return self.assign_choice(targets, operand, out);
        }
        let value = self.settle(operand)?;
        if self.never_returns(&value) {
            effect(value, out);
            self.frame.dead = true;
            return Ok(());
        }
        if let [target] = targets {
            return self.assign_target(target, value, out);
        }
        let (stmt, read) = self.temp("value", value);
        out.push(stmt);
        for target in targets {
            self.assign_target(target, read.clone(), out)?;
        }
        Ok(())
    }

    /// `targets = a and b` where the operands have different types, as an `if`.
    fn assign_logical(
        &mut self,
        targets: &[ast::Target],
        op: ast::LogicalOp,
        operands: &[ast::Expr],
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let (first, rest) = operands.split_first().expect("a logical expression has operands");
        if rest.is_empty() {
            return self.assign(targets, first, span, out);
        }
        let value = self.expr(first)?;
        let (stmt, read) = self.temp("operand", value);
        out.push(stmt);
        let test = arith::truth(self, read.clone(), span)?;
        let all = Bits::all(self.frame.scope.names.len());
        let keep = |cx: &mut Self, out: &mut Vec<Stmt>| {
            targets.iter().try_for_each(|target| cx.assign_target(target, read.clone(), out))
        };
        let go_on = |cx: &mut Self, out: &mut Vec<Stmt>| cx.assign_logical(targets, op, rest, span, out);
        match op {
            ast::LogicalOp::And => self.branch(test, &all, span, out, go_on, keep),
            ast::LogicalOp::Or => self.branch(test, &all, span, out, keep, go_on),
        }
    }

    /// `target = value` where the value may have several types.
    fn copy_mixed(
        &mut self,
        target: &str,
        value: Expr,
        operand: &Operand,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let id = self.name_id(target).expect("assigned names are local");
        if self.frame.tagged.contains(&id) {
            // The types of the source have to be told apart as well.
            return Err(self.undecided(operand));
        }
        let mut variants = Vec::new();
        for (ty, known) in &operand.types {
            variants.push(Variant { local: self.named_local(id, ty), span, known: *known });
        }
        self.bind(id, value, out)?;
        if let Slot::Bound(bound) = self.frame.state.slot(id).clone() {
            self.frame.state.set(id, Slot::Bound(Var { variants, ..bound }));
        }
        Ok(())
    }

    /// `target = value`.
    pub(super) fn assign_target(
        &mut self,
        target: &ast::Target,
        value: Expr,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        match &target.kind {
            ast::TargetKind::Name(name) => {
                let id = self.name_id(name).expect("assigned names are local");
                if self.frame.loops.iter().any(|frame| frame.parts.contains(&id)) {
                    return self.store_part(id, value, target.span, out);
                }
                self.bind_at(id, value, target.span, out)
            }
            ast::TargetKind::Tuple(items) => self.unpack(items, value, target.span, out),
            ast::TargetKind::Starred(_) => {
                let text = "starred assignment target must be in a list or tuple";
                Err(self.error(Code::UnsupportedSyntax, target.span, text, "not here"))
            }
            ast::TargetKind::Subscript { value: array, index } => {
                // The value is evaluated before the place.
                let value = if matches!(*value.kind, ExprKind::Map { .. }) {
                    value
                } else {
                    let (stmt, read) = self.once("stored", value);
                    out.extend(stmt);
                    read
                };
                let place = self.store_place(array, index)?;
                self.store(place, value, target.span, out)
            }
            ast::TargetKind::Attribute { attr, .. } => {
                let text = format!("assignment to the attribute '{attr}' is not supported");
                let error = self.error(Code::UnsupportedSyntax, target.span, text, "assigned here");
                Err(error.help(advice::stored_attribute(attr)).into())
            }
        }
    }

    fn unpack(
        &mut self,
        targets: &[ast::Target],
        value: Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let items = match value.ty.clone() {
            Type::Tuple(types) => {
                if let ExprKind::Tuple(items) = *value.kind {
                    // `a, b = b, a`: all items before the first target.
                    let single = items.len() == 1;
                    let mut read = Vec::with_capacity(items.len());
                    for item in items {
                        if single || matches!(*item.kind, ExprKind::Const(_) | ExprKind::Unit) {
                            read.push(item);
                        } else {
                            let (stmt, local) = self.temp("item", item);
                            out.push(stmt);
                            read.push(local);
                        }
                    }
                    read
                } else {
                    let (stmt, read) = self.temp("tuple", value);
                    out.push(stmt);
                    (0..types.len()).map(|k| self.item(&read, k as u32)).collect()
                }
            }
            Type::Array(_) => self.unpack_array(targets, value, span, out)?,
            Type::None
            | Type::Scalar(_)
            | Type::Str(_)
            | Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never => {
                let text = format!("cannot unpack {}", self.describe(&value.ty));
                return Err(self.error(Code::TypeMismatch, span, text, "unpacked here"));
            }
        };
        let star = targets.iter().position(|t| matches!(t.kind, ast::TargetKind::Starred(_)));
        let required = targets.len() - usize::from(star.is_some());
        let wrong = if star.is_some() { items.len() < required } else { items.len() != required };
        if wrong {
            let text = if items.len() < required {
                let least = if star.is_some() { "at least " } else { "" };
                format!("not enough values to unpack (expected {least}{required}, got {})", items.len())
            } else {
                format!("too many values to unpack (expected {required})")
            };
            return Err(self.error(Code::TypeMismatch, span, text, "these targets"));
        }
        let mut items = items.into_iter();
        let mut left = items.len();
        for (k, target) in targets.iter().enumerate() {
            if let ast::TargetKind::Starred(inner) = &target.kind {
                let count = left - (targets.len() - k - 1);
                let rest: Vec<Expr> = items.by_ref().take(count).collect();
                left -= count;
                let rest = self.make_items(Form::List, rest, target.span);
                self.assign_target(inner, rest, out)?;
            } else {
                left -= 1;
                let item = items.next().expect("counted above");
                self.assign_target(target, item, out)?;
            }
        }
        Ok(())
    }

    /// The items of an array along its first axis, whose length is checked.
    fn unpack_array(
        &mut self,
        targets: &[ast::Target],
        value: Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<Vec<Expr>> {
        let ty = value.array();
        if ty.ndim == 0 || targets.iter().any(|t| matches!(t.kind, ast::TargetKind::Starred(_))) {
            let text = "this array cannot be unpacked here";
            return Err(self.error(Code::TypeMismatch, span, text, "unpacked here"));
        }
        let (stmt, read) = self.temp("array", value);
        out.push(stmt);
        let (stmt, len) = {
            let len = self.shape(&read, 0, span);
            self.temp("length", len)
        };
        out.push(stmt);
        let want = targets.len() as i64;
        let fail = |text: String, payload: Vec<Expr>| {
            let kinds = payload.iter().map(|_| Payload::Int).collect();
            let args = vec![SiteArg::Text(text, kinds)];
            Stmt { kind: StmtKind::Raise { exc: ExcKind::Value, args, payload }, span }
        };
        let expected = self.int(want, span);
        let few = self.int_compare(crate::hir::CompareOp::Lt, len.clone(), expected.clone(), span);
        let many = self.int_compare(crate::hir::CompareOp::Gt, len.clone(), expected, span);
        let too_few = fail(format!("not enough values to unpack (expected {want}, got {{0}})"), vec![len]);
        let too_many = fail(format!("too many values to unpack (expected {want})"), Vec::new());
        out.push(Stmt { kind: StmtKind::If { test: few, then: vec![too_few], orelse: Vec::new() }, span });
        out.push(Stmt { kind: StmtKind::If { test: many, then: vec![too_many], orelse: Vec::new() }, span });
        Ok((0..want)
            .map(|k| {
                let at = self.int(k, span);
                self.array_item(&read, at, span)
            })
            .collect())
    }

    pub(super) fn aug_assign(
        &mut self,
        target: &ast::Target,
        op: ast::BinaryOp,
        value: &ast::Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        match &target.kind {
            ast::TargetKind::Name(name) => {
                let read = ast::Expr { kind: ast::ExprKind::Name(name.clone()), span: target.span };
                let old = self.operand(&read)?;
                let is_array = |ty: &Type| ty.array().is_some();
                if old.value.as_ref().is_some_and(|v| is_array(&v.ty)) && op != ast::BinaryOp::MatMul {
                    let dest = self.settle(old)?;
                    return self.update_view(dest, op, value, span, out);
                }
                let is_list = |ty: &Type| matches!(ty, Type::Tuple(items) if items.form == Form::List);
                if old.value.as_ref().is_some_and(|v| is_list(&v.ty)) {
                    let text = format!("'{name}' is a list, which `{}=` would change in place", op.symbol());
                    return Err(self
                        .error(Code::UnsupportedSyntax, span, text, "lists have a fixed length")
                        .help(format!("write `{name} = {name} {} ...`, or use an array", op.symbol()))
                        .into());
                }
                let rhs = self.operand(value)?;
                let result = self.binary_operands(op, old, rhs, span)?;
                if result.choice.is_some() {
                    return self.assign_choice(std::slice::from_ref(target), result, out);
                }
                let result = self.settle(result)?;
                let id = self.name_id(name).expect("assigned names are local");
                self.bind(id, result, out)
            }
            ast::TargetKind::Subscript { value: array, index } => {
                let place = self.store_place(array, index)?;
                let place = self.fix_place(place, out);
                if !place.fancy.is_empty() {
                    let (from, parts) = (place.array.clone(), place.fancy.clone());
                    let old = builtin::method(self, from, "__getitem__", parts, Vec::new(), target.span)?;
                    let (stmt, old) = self.temp("elements", old);
                    out.push(stmt);
                    let rhs = self.expr(value)?;
                    let result = arith::binary(self, op, old, rhs, span)?;
                    return self.store(place, result, span, out);
                }
                match place.view {
                    None => {
                        let elem = place.array.array();
                        let kind =
                            ExprKind::Element { array: place.array.clone(), index: place.index.clone() };
                        let old = Expr::new(kind, Type::Scalar(elem.elem), target.span);
                        // Read before the right side runs.
                        let (stmt, old) = self.temp("element", old);
                        out.push(stmt);
                        let rhs = self.operand(value)?;
                        let result = self.binary_operands(op, Operand::single(old), rhs, span)?;
                        self.each_arm(result, out, &mut |cx, result, _known, out| {
                            let (stmt, result) = cx.once("stored", result);
                            out.extend(stmt);
                            cx.store(place.clone(), result, span, out)
                        })
                    }
                    Some(_) => {
                        let view = self.value_at(place, target.span);
                        let (stmt, view) = self.temp("view", view);
                        out.push(stmt);
                        self.update_view(view, op, value, span, out)
                    }
                }
            }
            ast::TargetKind::Attribute { attr, .. } => {
                let text = format!("assignment to the attribute '{attr}' is not supported");
                let error = self.error(Code::UnsupportedSyntax, target.span, text, "assigned here");
                Err(error.help(advice::stored_attribute(attr)).into())
            }
            ast::TargetKind::Tuple(_) | ast::TargetKind::Starred(_) => {
                let text = "a tuple is not a target of an augmented assignment";
                Err(self.error(Code::UnsupportedSyntax, target.span, text, "not here"))
            }
        }
    }

    /// `dest op= value` in place.
    fn update_view(
        &mut self,
        dest: Expr,
        op: ast::BinaryOp,
        value: &ast::Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let ty = dest.array();
        let (stmt, dest) = self.once("dest", dest);
        out.extend(stmt);
        let rhs = self.expr(value)?;
        let value = arith::inplace_value(self, op, dest.clone(), rhs.clone(), span)?;
        if !ty.writable {
            self.read_only("output array is read-only", rhs, span, out);
            return Ok(());
        }
        out.push(Stmt { kind: StmtKind::CopyInto { dest, value }, span });
        Ok(())
    }
}
