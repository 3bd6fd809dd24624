//! `x in range(...)`.
//!
//! In: the value, and the range as written. Out: comparisons with its bounds. Invariant: no range is made.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{CompareOp, Expr, ExprKind, UnaryOp};
use crate::infer::arith;
use crate::infer::cx::Cx;
use crate::infer::index::int_constant;
use crate::infer::iterable::Iter;
use crate::infer::operand::Operand;
use crate::types::{Kind, Scalar, Type};

impl Cx<'_> {
    /// `item in right` or `item not in right`, if `right` is a call of `range`.
    pub(super) fn in_range(
        &mut self,
        item: &ast::Expr,
        op: ast::CompareOp,
        right: &ast::Expr,
        span: Span,
    ) -> Result<Option<Operand>> {
        let ast::ExprKind::Call { func, args, keywords } = &right.kind else { return Ok(None) };
        if !matches!(op, ast::CompareOp::In | ast::CompareOp::NotIn)
            || !matches!(&func.kind, ast::ExprKind::Name(_))
            || self.iterator_function(func)? != Some("range")
        {
            return Ok(None);
        }
        let mut stmts = Vec::new();
        let item = self.expr(item)?;
        let integer = match item.ty.scalar() {
            Some(scalar) => {
                matches!(scalar.kind(), Kind::Signed | Kind::Unsigned | Kind::Bool) && scalar != Scalar::U64
            }
            None => false,
        };
        if !integer {
            let text = format!("{} is looked for in a range", self.describe(&item.ty));
            return Err(self
                .error(Code::TypeMismatch, item.span, text, "not an integer")
                .help("compare with the bounds: `a <= x < b`")
                .into());
        }
        let item = arith::convert::convert(item, Scalar::Int);
        let (stmt, item) = self.temp("item", item);
        stmts.push(stmt);
        let Iter::Range { start, stop, step, .. } =
            self.iterator_call("range", args, keywords, right.span, &mut stmts)?
        else {
            unreachable!("a range")
        };
        let Some(step) = int_constant(&step).filter(|step| *step != 0 && *step != i64::MIN) else {
            let text = "the step of a range in `in` must be a constant other than 0";
            return Err(self.error(Code::NotConstant, right.span, text, "this range"));
        };
        let (low, high, closed, open) = if step > 0 {
            (start.clone(), stop, CompareOp::Le, CompareOp::Lt)
        } else {
            (stop, start.clone(), CompareOp::Lt, CompareOp::Le)
        };
        let above = self.int_compare(closed, low, item.clone(), span);
        let below = self.int_compare(open, item.clone(), high, span);
        let mut found = arith::compare::and(above, below);
        if step.abs() > 1 {
            let (from, to) = if step > 0 { (start, item) } else { (item, start) };
            let distance = self.int_binary(ast::BinaryOp::Sub, to, from, span);
            let size = self.int(step.abs(), span);
            let rest = self.int_binary(ast::BinaryOp::Mod, distance, size, span);
            let zero = self.int(0, span);
            let hit = self.int_compare(CompareOp::Eq, rest, zero, span);
            found = arith::compare::and(found, hit);
        }
        if op == ast::CompareOp::NotIn {
            found = Expr::new(ExprKind::Unary { op: UnaryOp::Not, arg: found }, Type::BOOL, span);
        }
        Ok(Some(Operand::single(self.seq(stmts, found))))
    }
}
