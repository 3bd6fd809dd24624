//! Expressions: names, operators, comparisons. Calls are in `invoke.rs`, subscripts in `index.rs`, conditions in
//! `condition.rs`.
//!
//! In: `ast::Expr`. Out: `hir::Expr`. Invariant: an expression that may have several types leaves this file
//! only through `operand`; `expr` settles it, or asks the statement to be walked once for each type.

use crate::ast::{self, BinaryOp, CompareOp, Constant, LogicalOp, UnaryOp};
use crate::diag::{Code, Result, Span};
use crate::hir::{Const, Expr, ExprKind, Stmt, StmtKind};
use crate::infer::condition::Test;
use crate::infer::cx::{Cx, Signal};
use crate::infer::flow::{Known, Slot};
use crate::infer::operand::{Operand, element, only, same_comparison, same_operation};
use crate::infer::scope::NameId;
use crate::infer::{arith, builtin};
use crate::types::{Form, Items, Scalar, Type};

/// An integer literal that only an unsigned integer of 64 bits holds.
pub(super) fn unsigned_literal(expr: &ast::Expr) -> Option<u64> {
    let ast::ExprKind::Constant(Constant::BigInt(digits)) = &expr.kind else { return None };
    digits.parse().ok()
}

/// True if a value of the type refers to the memory of an array.
pub(super) fn holds_array(ty: &Type) -> bool {
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

impl Cx<'_> {
    /// The value of an expression.
    pub(super) fn expr(&mut self, expr: &ast::Expr) -> Result<Expr> {
        let operand = self.operand(expr)?;
        self.settle(operand)
    }

    /// The value of an expression, possibly of several types.
    pub(super) fn operand(&mut self, expr: &ast::Expr) -> Result<Operand> {
        let span = expr.span;
        let value = match &expr.kind {
            ast::ExprKind::Name(name) => return self.name(name, span),
            ast::ExprKind::IfExp { test, then, orelse } => return self.if_exp(test, then, orelse, span),
            ast::ExprKind::Logical { op, operands } => return self.logical(*op, operands, span),
            ast::ExprKind::Constant(constant) => self.constant(constant, span)?,
            ast::ExprKind::Attribute { value, attr } => self.attribute(value, attr, span)?,
            ast::ExprKind::Unary { op, operand } => return self.unary(*op, operand, span),
            ast::ExprKind::Binary { op, left, right } => return self.binary(*op, left, right, span),
            ast::ExprKind::Compare { left, rest } => return self.comparison(left, rest, span),
            ast::ExprKind::Call { func, args, keywords } => return self.call(func, args, keywords, span),
            ast::ExprKind::Subscript { value, index } => self.subscript(value, index, span)?,
            ast::ExprKind::Tuple(items) => return self.display(Form::Tuple, items, span),
            ast::ExprKind::List(items) => return self.display(Form::List, items, span),
            ast::ExprKind::Named { name, value } => self.walrus(name, value, span)?,
            ast::ExprKind::Lambda(function) => self.closure(function, span)?,
            ast::ExprKind::Slice { .. } => {
                return Err(self.error(
                    Code::UnsupportedSyntax,
                    span,
                    "a slice stands alone",
                    "outside `[]`",
                ));
            }
            ast::ExprKind::Starred(_) => {
                let text = "`*` is allowed in calls and tuples only";
                return Err(self.error(Code::UnsupportedSyntax, span, text, "not here"));
            }
            ast::ExprKind::Generator { .. } => {
                let text = "a comprehension is allowed as the argument of sum, any, all, min and max only";
                return Err(self
                    .error(Code::UnsupportedSyntax, span, text, "not here")
                    .help("write a `for` loop that fills an array")
                    .into());
            }
            ast::ExprKind::FString(parts) => self.fstring(parts, span)?,
        };
        Ok(Operand::single(value))
    }

    fn constant(&mut self, constant: &Constant, span: Span) -> Result<Expr> {
        let (value, ty) = match constant {
            Constant::None => return Ok(self.unit(Type::None, span)),
            Constant::Str(text) => return Ok(self.unit(Type::Str(text.as_str().into()), span)),
            Constant::Ellipsis => return Ok(self.unit(Type::Ellipsis, span)),
            Constant::Bool(b) => (Const::Bool(*b), Type::BOOL),
            Constant::Int(k) => (Const::Int(*k), Type::INT),
            Constant::Float(x) => (Const::Float(*x), Type::FLOAT),
            Constant::Imaginary(x) => (Const::Complex(0.0, *x), Type::Scalar(Scalar::Complex)),
            Constant::BigInt(digits) => {
                let text = format!("the integer {digits} does not fit in 64 bits");
                return Err(self
                    .error(Code::UnsupportedType, span, text, "too large")
                    .help("compiled integers have 64 bits; use a float, or split the number")
                    .into());
            }
        };
        Ok(Expr::new(ExprKind::Const(value), ty, span))
    }

    fn fstring(&mut self, parts: &[ast::FStringPart], span: Span) -> Result<Expr> {
        match parts {
            [] => Ok(self.unit(Type::Str("".into()), span)),
            [ast::FStringPart::Text(text)] => Ok(self.unit(Type::Str(text.as_str().into()), span)),
            _parts => {
                let text = "an f-string is allowed in messages of exceptions and in print only";
                Err(self
                    .error(Code::UnsupportedSyntax, span, text, "not here")
                    .help("return the numbers and make the text in the calling Python code")
                    .into())
            }
        }
    }

    fn display(&mut self, form: Form, items: &[ast::Expr], span: Span) -> Result<Operand> {
        let items = self.operands(items)?;
        self.spread(items, span, &|cx, items| Ok(Operand::single(cx.make_items(form, items, span))))
    }

    /// The items of a display or the arguments of a call, with `*tuple` spread out.
    pub(super) fn items(&mut self, items: &[ast::Expr]) -> Result<Vec<Expr>> {
        let operands = self.operands(items)?;
        operands.into_iter().map(|operand| self.settle(operand)).collect()
    }

    /// As `items`, each possibly of several types.
    pub(super) fn operands(&mut self, items: &[ast::Expr]) -> Result<Vec<Operand>> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            let ast::ExprKind::Starred(inner) = &item.kind else {
                values.push(self.operand(item)?);
                continue;
            };
            let value = self.expr(inner)?;
            let span = value.span;
            let Type::Tuple(types) = value.ty.clone() else {
                let text = format!("`*` needs a tuple here, not {}", self.describe(&value.ty));
                return Err(self.error(Code::TypeMismatch, span, text, "not a tuple"));
            };
            let (stmt, read) = self.once("spread", value);
            let mut stmts: Vec<Stmt> = stmt.into_iter().collect();
            for index in 0..types.len() {
                let item = self.item(&read, index as u32);
                values.push(Operand::single(self.seq(std::mem::take(&mut stmts), item)));
            }
        }
        Ok(values)
    }

    pub(super) fn make_tuple(&mut self, values: Vec<Expr>, span: Span) -> Expr {
        self.make_items(Form::Tuple, values, span)
    }

    /// A tuple or a list.
    pub(super) fn make_items(&mut self, form: Form, values: Vec<Expr>, span: Span) -> Expr {
        let types = values.iter().map(|value| value.ty.clone()).collect();
        Expr::new(ExprKind::Tuple(values), Type::Tuple(Items::new(form, types)), span)
    }

    /// Item `index` of a tuple whose expression may be repeated.
    pub(super) fn item(&mut self, tuple: &Expr, index: u32) -> Expr {
        let Type::Tuple(types) = &tuple.ty else { panic!("expected a tuple, found {:?}", tuple.ty) };
        let ty = types[index as usize].clone();
        if let ExprKind::Tuple(items) = &*tuple.kind {
            return items[index as usize].clone();
        }
        if crate::types::flatten(&ty).is_empty() && !matches!(ty, Type::Tuple(_)) {
            return self.unit(ty, tuple.span);
        }
        Expr::new(ExprKind::Item { tuple: tuple.clone(), index }, ty, tuple.span)
    }

    fn walrus(&mut self, name: &str, value: &ast::Expr, span: Span) -> Result<Expr> {
        let value = self.expr(value)?;
        let mut stmts = Vec::new();
        let id = self.name_id(name).expect("a walrus makes its name local");
        if let Slot::Bound(var) = self.frame.state.slot(id)
            && var.main.is_some_and(|local| holds_array(self.local_type(local)))
        {
            // What was read from the name earlier in the expression would outlive the array.
            let text = format!("'{name}' holds an array, which `:=` would replace within an expression");
            return Err(self
                .error(Code::UnsupportedSyntax, span, text, "replaced here")
                .help(format!("assign in a statement of its own: `{name} = ...`"))
                .into());
        }
        self.bind(id, value, &mut stmts)?;
        let read = self.name(name, span)?;
        let read = self.settle(read)?;
        Ok(self.seq(stmts, read))
    }

    /// The id of a local name, names of comprehensions first.
    pub(super) fn name_id(&self, name: &str) -> Option<NameId> {
        let shadow = self.frame.shadows.iter().rev().find(|(known, _)| known == name);
        shadow.map(|(_, id)| *id).or_else(|| self.frame.scope.id(name))
    }

    /// The value of a name.
    fn name(&mut self, name: &str, span: Span) -> Result<Operand> {
        let Some(id) = self.name_id(name) else {
            return Ok(Operand::single(self.free_name(name, span)?));
        };
        let Slot::Bound(var) = self.frame.state.slot(id) else {
            if self.frame.conditional > 0 {
                let text = format!("'{name}' is not assigned here");
                return Err(self.error(Code::UndefinedName, span, text, "read before any assignment"));
            }
            return Err(self.raise_signal(Signal::Unbound(id), span));
        };
        let (main, maybe) = (var.main, var.maybe);
        let types: Vec<(Type, Known)> =
            var.variants.iter().map(|v| (self.local_type(v.local).clone(), v.known)).collect();
        let bound = if maybe { Some(self.bound_flag(id)) } else { None };
        let value = main.map(|local| {
            let ty = self.local_type(local).clone();
            let wordless = bound.is_none() && crate::types::flatten(&ty).is_empty();
            let kind = if wordless && !matches!(ty, Type::Tuple(_)) {
                ExprKind::Unit
            } else {
                ExprKind::Local { local, bound }
            };
            Expr::new(kind, ty, span)
        });
        Ok(Operand { value, types, name: Some(id), choice: None, known: Known::Nothing, span })
    }

    fn attribute(&mut self, value: &ast::Expr, attr: &str, span: Span) -> Result<Expr> {
        if let Some(binding) = self.namespace(value) {
            return self.member(binding, value, attr, span);
        }
        if let Some(array) = self.flags_of(value)? {
            return builtin::flag(self, array, attr, span);
        }
        let value = self.expr(value)?;
        builtin::attribute(self, value, attr, span)
    }

    /// The array whose `flags` an expression names.
    pub(super) fn flags_of(&mut self, expr: &ast::Expr) -> Result<Option<Expr>> {
        let ast::ExprKind::Attribute { value, attr } = &expr.kind else { return Ok(None) };
        if attr != "flags" || self.namespace(value).is_some() {
            return Ok(None);
        }
        let value = self.expr(value)?;
        Ok(Some(value).filter(|value| value.ty.array().is_some()))
    }

    fn unary(&mut self, op: UnaryOp, operand: &ast::Expr, span: Span) -> Result<Operand> {
        if op == UnaryOp::Not {
            return Ok(Operand::single(match self.test(operand)? {
                Test::Known(value) => self.bool(!value, span),
                Test::Dynamic(value) => {
                    Expr::new(ExprKind::Unary { op: crate::hir::UnaryOp::Not, arg: value }, Type::BOOL, span)
                }
            }));
        }
        // `-2 ** 63` is written as the negative of a number that does not fit.
        if let (UnaryOp::Neg, ast::ExprKind::Constant(Constant::BigInt(digits))) = (op, &operand.kind)
            && digits == "9223372036854775808"
        {
            return Ok(Operand::single(self.int(i64::MIN, span)));
        }
        let operand = self.operand(operand)?;
        self.spread(vec![operand], span, &|cx, values| {
            let [value] = only(values);
            Ok(Operand::single(arith::unary(cx, op, value, span)?))
        })
    }

    fn binary(&mut self, op: BinaryOp, left: &ast::Expr, right: &ast::Expr, span: Span) -> Result<Operand> {
        let (lhs, rhs) = match (unsigned_literal(left), unsigned_literal(right)) {
            // A literal beyond int64 beside a uint64 is one.
            (None, Some(bits)) => {
                let lhs = self.operand(left)?;
                let rhs = self.beside_unsigned(&lhs, bits, right)?;
                (lhs, rhs)
            }
            (Some(bits), None) => {
                let rhs = self.operand(right)?;
                let lhs = self.beside_unsigned(&rhs, bits, left)?;
                (lhs, rhs)
            }
            (None, None) | (Some(_), Some(_)) => (self.operand(left)?, self.operand(right)?),
        };
        self.binary_operands(op, lhs, rhs, span)
    }

    fn beside_unsigned(&mut self, other: &Operand, bits: u64, literal: &ast::Expr) -> Result<Operand> {
        let unsigned = |value: &Expr| element(&value.ty) == Some(Scalar::U64);
        if other.value.as_ref().is_some_and(unsigned) {
            return Ok(Operand::single(self.uint64(bits, literal.span)));
        }
        self.operand(literal)
    }

    /// A uint64 constant.
    pub(super) fn uint64(&mut self, bits: u64, span: Span) -> Expr {
        Expr::new(ExprKind::Const(Const::Int(bits as i64)), Type::Scalar(Scalar::U64), span)
    }

    /// `lhs op rhs` where an operand may have several types, if all give the same operation.
    pub(super) fn binary_operands(
        &mut self,
        op: BinaryOp,
        lhs: Operand,
        rhs: Operand,
        span: Span,
    ) -> Result<Operand> {
        if (lhs.is_mixed() || rhs.is_mixed()) && !same_operation(op, &lhs, &rhs) {
            return self.spread(vec![lhs, rhs], span, &|cx, values| {
                let [lhs, rhs] = only(values);
                Ok(Operand::single(arith::binary(cx, op, lhs, rhs, span)?))
            });
        }
        let (lhs, rhs) = (
            lhs.value.expect("operands that differ were split"),
            rhs.value.expect("operands that differ were split"),
        );
        Ok(Operand::single(arith::binary(self, op, lhs, rhs, span)?))
    }

    fn comparison(
        &mut self,
        left: &ast::Expr,
        rest: &[(CompareOp, ast::Expr)],
        span: Span,
    ) -> Result<Operand> {
        if let [(op, right)] = rest
            && let Some(found) = self.in_range(left, *op, right, span)?
        {
            return Ok(found);
        }
        let mut lhs = self.operand(left)?;
        if let [(op, right)] = rest {
            let rhs = self.operand(right)?;
            return self.compare_link(*op, lhs, rhs, span);
        }
        // `a < b < c` is `a < b and b < c`, by value, `b` being evaluated once.
        let mut before = Vec::new();
        lhs = self.held(lhs, &mut before)?;
        let mut links: Vec<Operand> = Vec::new();
        for (k, (op, right)) in rest.iter().enumerate() {
            if k > 0 {
                self.frame.conditional += 1;
            }
            let rhs = self.operand(right);
            if k > 0 {
                self.frame.conditional -= 1;
            }
            let mut rhs = rhs?;
            if k + 1 < rest.len() || rhs.choice.is_some() {
                rhs = self.held(rhs, &mut before)?;
            }
            let link = self.compare_link(*op, lhs, rhs.clone(), left.span.to(right.span))?;
            links.push(self.preceded(std::mem::take(&mut before), link));
            lhs = rhs;
        }
        let mut links = links.into_iter();
        let mut value = links.next().expect("a comparison has a link");
        for link in links {
            value = self.choose(LogicalOp::And, value, link, span)?;
        }
        Ok(value)
    }

    /// As `steady`; a name is left as it is, whose types need not make a difference.
    fn held(&mut self, operand: Operand, before: &mut Vec<Stmt>) -> Result<Operand> {
        let name = operand.name.is_some() && !self.frame.scope.has_walrus;
        if operand.choice.is_none() && (name || operand.is_mixed()) {
            return Ok(operand);
        }
        self.steady(operand, before)
    }

    /// One comparison.
    fn compare_link(&mut self, op: CompareOp, lhs: Operand, rhs: Operand, span: Span) -> Result<Operand> {
        let identity = matches!(op, CompareOp::Is | CompareOp::IsNot);
        if (lhs.is_mixed() || rhs.is_mixed()) && (identity || !same_comparison(&lhs, &rhs)) {
            return self.spread(vec![lhs, rhs], span, &|cx, values| {
                let [lhs, rhs] = only(values);
                Ok(Operand::single(arith::compare(cx, op, lhs, rhs, span)?))
            });
        }
        let lhs = lhs.value.expect("operands that differ were split");
        let rhs = rhs.value.expect("operands that differ were split");
        Ok(Operand::single(arith::compare(self, op, lhs, rhs, span)?))
    }
}

/// Puts the statement that evaluates `value` for its effects only, if it can have any.
pub(super) fn effect(value: Expr, out: &mut Vec<Stmt>) {
    if !matches!(*value.kind, ExprKind::Const(_) | ExprKind::Unit) {
        let span = value.span;
        out.push(Stmt { kind: StmtKind::Expr(value), span });
    }
}
