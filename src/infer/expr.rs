//! Expressions: names, operators, conditions. Calls are in `invoke.rs`, subscripts in `index.rs`.
//!
//! In: `ast::Expr`. Out: `hir::Expr`. Invariant: an expression that may have several types leaves this file
//! only through `operand`; `expr` settles it, or asks the statement to be walked once for each type.

use crate::ast::{self, BinaryOp, CompareOp, Constant, LogicalOp, UnaryOp};
use crate::diag::{Code, Result, Span};
use crate::hir::{Const, Expr, ExprKind, Stmt, StmtKind};
use crate::infer::choice::Choice;
use crate::infer::cx::{Cx, Signal};
use crate::infer::flow::{Conversion, Known, Slot, State, converts, type_converts};
use crate::infer::scope::NameId;
use crate::infer::{arith, builtin};
use crate::types::{Form, Items, Scalar, Type};

/// A test whose outcome may be known now.
pub(super) enum Test {
    Known(bool),
    /// A Python bool.
    Dynamic(Expr),
}

/// The value of an expression that may have several types.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    /// Promoted to the join of the types; `None` if there is none.
    pub value: Option<Expr>,
    /// The types that it may have and whether it is an exact integer then; empty if there is one only.
    pub types: Vec<(Type, Known)>,
    /// The name that it is the value of.
    pub name: Option<NameId>,
    /// The values of several types that it is chosen from.
    pub choice: Option<Box<Choice>>,
    /// What is known of the number, if there is one type only.
    pub known: Known,
    pub span: Span,
}

impl Operand {
    pub fn single(value: Expr) -> Operand {
        let span = value.span;
        let known = Known::of(&value);
        Operand { value: Some(value), types: Vec::new(), name: None, choice: None, known, span }
    }

    pub fn is_mixed(&self) -> bool {
        !self.types.is_empty()
    }

    /// True if the promoted value is the same number as the value, whatever type that has.
    pub fn promotes_exactly(&self) -> bool {
        self.value.as_ref().is_some_and(|value| {
            self.types.iter().all(|(ty, known)| {
                ty.scalar().is_some() && type_converts(ty, &value.ty, *known) == Conversion::Exact
            })
        })
    }

    /// True if a function of Python floats gives the same for the promoted value: it makes floats of ints.
    pub fn promotes_as_float(&self) -> bool {
        let python = |ty: &Type| matches!(ty.scalar(), Some(Scalar::Int | Scalar::Bool | Scalar::Float));
        self.value.as_ref().is_some_and(|value| value.ty == Type::FLOAT)
            && self.types.iter().all(|(ty, _)| python(ty))
    }

    /// The types that it may have.
    fn each(&self) -> Vec<(Type, Known)> {
        match &self.value {
            Some(value) if self.types.is_empty() => vec![(value.ty.clone(), Known::Nothing)],
            _mixed => self.types.clone(),
        }
    }
}

/// An integer literal that only an unsigned integer of 64 bits holds.
pub(super) fn unsigned_literal(expr: &ast::Expr) -> Option<u64> {
    let ast::ExprKind::Constant(Constant::BigInt(digits)) = &expr.kind else { return None };
    digits.parse().ok()
}

/// The scalar type that decides an operation: of a scalar, or of the elements of an array.
fn element(ty: &Type) -> Option<Scalar> {
    ty.scalar().or(ty.array().map(|array| array.elem))
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

    /// The one value of an operand for a use in which its type matters.
    pub(super) fn settle(&mut self, operand: Operand) -> Result<Expr> {
        if !operand.is_mixed() || self.same_for_all(&operand) {
            return Ok(operand.value.expect("an operand of one type has a value"));
        }
        Err(self.undecided(&operand))
    }

    /// What to do about an operand whose types make a difference where it is used.
    pub(super) fn undecided(&mut self, operand: &Operand) -> Box<crate::diag::Diagnostic> {
        if let Some(name) = operand.name {
            return match self.variants(name, operand.span) {
                Ok(_) => self.raise_signal(Signal::Split(name), operand.span),
                Err(error) => error,
            };
        }
        let types: Vec<String> = operand.types.iter().map(|(ty, _)| self.describe(ty)).collect();
        let text = format!("this is {}, depending on the path taken", types.join(" or "));
        self.error(Code::UnstableType, operand.span, text, "used where the type matters")
            .help("give both values the same type, as in `0.0` instead of `0`, or `float(n)` instead of `n`")
            .into()
    }

    /// True if the promoted value serves wherever each of the types would: arrays that differ in layout.
    pub(super) fn same_for_all(&self, operand: &Operand) -> bool {
        let Some(value) = &operand.value else { return false };
        let Some(want) = value.ty.array() else { return false };
        operand.types.iter().all(|(ty, _)| {
            ty.array()
                .is_some_and(|a| a.elem == want.elem && a.ndim == want.ndim && a.writable == want.writable)
        })
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

    /// Python's truth of an expression.
    pub(super) fn test(&mut self, expr: &ast::Expr) -> Result<Test> {
        if let ast::ExprKind::Unary { op: UnaryOp::Not, operand } = &expr.kind {
            return Ok(match self.test(operand)? {
                Test::Known(value) => Test::Known(!value),
                Test::Dynamic(value) => {
                    let kind = ExprKind::Unary { op: crate::hir::UnaryOp::Not, arg: value };
                    Test::Dynamic(Expr::new(kind, Type::BOOL, expr.span))
                }
            });
        }
        if let ast::ExprKind::Logical { op, operands } = &expr.kind {
            return self.logical_test(*op, operands, expr.span);
        }
        let operand = self.operand(expr)?;
        self.test_of(operand)
    }

    fn test_of(&mut self, operand: Operand) -> Result<Test> {
        let span = operand.span;
        // The truth of a number does not depend on its type.
        let numbers = operand.types.iter().all(|(ty, _)| ty.scalar().is_some());
        let operand = if operand.is_mixed() && (!numbers || operand.value.is_none()) {
            self.spread(vec![operand], span, &|cx, values| {
                let [value] = only(values);
                Ok(Operand::single(arith::truth(cx, value, span)?))
            })?
        } else {
            operand
        };
        let value = operand.value.expect("a number or a truth");
        if let Some(known) = known_truth(&value) {
            return Ok(Test::Known(known));
        }
        let span = value.span;
        let value = arith::truth(self, value, span)?;
        Ok(match known_truth(&value) {
            Some(known) => Test::Known(known),
            None => Test::Dynamic(value),
        })
    }

    /// `and` / `or` where only the truth matters.
    fn logical_test(&mut self, op: LogicalOp, operands: &[ast::Expr], span: Span) -> Result<Test> {
        let stop = op == LogicalOp::Or;
        let mut parts: Vec<Expr> = Vec::new();
        let mut end = None;
        for (k, operand) in operands.iter().enumerate() {
            let part = if k == 0 { self.test(operand)? } else { self.conditionally(|cx| cx.test(operand))? };
            match part {
                // The rest is never evaluated.
                Test::Known(value) if value == stop => {
                    end = Some(value);
                    break;
                }
                Test::Known(_) => {}
                Test::Dynamic(value) => parts.push(value),
            }
        }
        if let Some(value) = end {
            if parts.is_empty() {
                return Ok(Test::Known(value));
            }
            parts.push(self.bool(value, span));
        }
        let mut parts = parts.into_iter().rev();
        let Some(mut value) = parts.next() else { return Ok(Test::Known(!stop)) };
        for part in parts {
            let kind = if stop { ExprKind::Or(part, value) } else { ExprKind::And(part, value) };
            value = Expr::new(kind, Type::BOOL, span);
        }
        Ok(Test::Dynamic(value))
    }

    /// Walks something that may be skipped at run time. Names that it assigns are merged with the case that
    /// it is skipped.
    fn conditionally(&mut self, walk: impl FnOnce(&mut Self) -> Result<Test>) -> Result<Test> {
        self.frame.conditional += 1;
        let before = self.frame.scope.has_walrus.then(|| self.frame.state.clone());
        let outcome = walk(self);
        self.frame.conditional -= 1;
        let mut outcome = match outcome {
            Err(_) if self.signal == Some(Signal::Never) => {
                self.signal = None;
                return Ok(Test::Dynamic(self.bool(true, Span::default())));
            }
            outcome => outcome?,
        };
        if let Some(before) = before
            && let Test::Dynamic(value) = &mut outcome
        {
            let span = value.span;
            self.merge_skipped(&before, span)?;
        }
        Ok(outcome)
    }

    /// The state after something that assigned names and may have been skipped.
    fn merge_skipped(&mut self, before: &State, span: Span) -> Result<()> {
        let after = self.frame.state.clone();
        for id in 0..after.slots.len() as NameId {
            let same = match (before.var(id), after.var(id)) {
                (Some(old), Some(new)) => old.main == new.main && old.maybe == new.maybe,
                (None, None) => true,
                (None, Some(_)) | (Some(_), None) => false,
            };
            if !same {
                let name = self.frame.scope.name(id).to_string();
                let text = format!("'{name}' is assigned in a part of an expression that may be skipped");
                return Err(self
                    .error(Code::UnsupportedSyntax, span, text, "may be skipped")
                    .help(format!("assign '{name}' in a statement of its own, before or inside an `if`"))
                    .into());
            }
        }
        Ok(())
    }

    /// `a and b`, `a or b` by value.
    fn logical(&mut self, op: LogicalOp, operands: &[ast::Expr], span: Span) -> Result<Operand> {
        let mut values = Vec::new();
        for (k, operand) in operands.iter().enumerate() {
            if k > 0 {
                self.frame.conditional += 1;
            }
            let before = (k > 0 && self.frame.scope.has_walrus).then(|| self.frame.state.clone());
            let value = if k > 0 { self.arm(operand) } else { self.operand(operand).map(Some) };
            if k > 0 {
                self.frame.conditional -= 1;
            }
            let Some(value) = value? else { continue };
            if let Some(before) = before {
                self.merge_skipped(&before, span)?;
            }
            let known = if value.is_mixed() { None } else { value.value.as_ref().and_then(known_truth) };
            match known {
                Some(truth) if truth == (op == LogicalOp::Or) => {
                    values.push(value);
                    break;
                }
                // Never the result, unless it is the last.
                Some(_) if k + 1 < operands.len() => {}
                _other => values.push(value),
            }
        }
        let mut values = values.into_iter().rev();
        let mut result = values.next().expect("a logical expression has operands");
        for value in values {
            result = self.choose(op, value, result, span)?;
        }
        Ok(result)
    }

    /// `left op right` by value, both being typed already.
    fn choose(&mut self, op: LogicalOp, left: Operand, right: Operand, span: Span) -> Result<Operand> {
        if let (Some(a), Some(b)) = (&left.value, &right.value)
            && a.ty == Type::BOOL
            && b.ty == Type::BOOL
        {
            let (left, right) = (a.clone(), b.clone());
            let kind = match op {
                LogicalOp::And => ExprKind::And(left, right),
                LogicalOp::Or => ExprKind::Or(left, right),
            };
            return Ok(Operand::single(Expr::new(kind, Type::BOOL, span)));
        }
        let mut before = Vec::new();
        let left = self.steady(left, &mut before)?;
        let test = match self.test_of(left.clone())? {
            Test::Known(known) => self.bool(known, span),
            Test::Dynamic(test) => test,
        };
        let (then, orelse) = match op {
            LogicalOp::And => (right, left),
            LogicalOp::Or => (left, right),
        };
        Ok(self.choice(Choice { before, test, then, orelse }, span))
    }

    fn if_exp(
        &mut self,
        test: &ast::Expr,
        then: &ast::Expr,
        orelse: &ast::Expr,
        span: Span,
    ) -> Result<Operand> {
        let test = match self.test(test)? {
            Test::Known(true) => return self.operand(then),
            Test::Known(false) => return self.operand(orelse),
            Test::Dynamic(test) => test,
        };
        self.frame.conditional += 1;
        let before = self.frame.scope.has_walrus.then(|| self.frame.state.clone());
        let arms = self.arm(then).and_then(|then| Ok((then, self.arm(orelse)?)));
        self.frame.conditional -= 1;
        let arms = arms?;
        if let Some(before) = before {
            self.merge_skipped(&before, span)?;
        }
        match arms {
            (Some(then), Some(orelse)) => {
                Ok(self.choice(Choice { before: Vec::new(), test, then, orelse }, span))
            }
            (Some(only), None) | (None, Some(only)) => Ok(only),
            (None, None) => Err(self.raise_signal(Signal::Never, span)),
        }
    }

    /// The value of a part that may be skipped; `None` if it is a recursive call of which nothing is known yet.
    fn arm(&mut self, expr: &ast::Expr) -> Result<Option<Operand>> {
        match self.operand(expr) {
            Ok(value) => Ok(Some(value)),
            Err(_) if self.signal == Some(Signal::Never) => {
                self.signal = None;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// The operands of an operation that has so many.
pub(super) fn only<const N: usize>(values: Vec<Expr>) -> [Expr; N] {
    values.try_into().unwrap_or_else(|_| panic!("an operation on {N} operands"))
}

/// True if the operation is the same whatever types the operands have, and so is its result.
fn same_operation(op: BinaryOp, lhs: &Operand, rhs: &Operand) -> bool {
    let (Some(left), Some(right)) = (&lhs.value, &rhs.value) else { return false };
    let (Some(l), Some(r)) = (element(&left.ty), element(&right.ty)) else { return false };
    let Some(rule) = arith::scalar_rule(op, l, r) else { return false };
    // Promotion keeps the number, or is what the operation does to it anyway.
    let (_, operand) = rule;
    let kept = |mixed: &Operand, to: Scalar| {
        let done_anyway = to.machine() == operand.machine() && to.kind() == operand.kind();
        mixed.types.iter().all(|(ty, known)| {
            done_anyway || element(ty).is_some_and(|from| converts(from, to, *known) == Conversion::Exact)
        })
    };
    kept(lhs, l)
        && kept(rhs, r)
        && lhs.each().iter().all(|(a, _)| {
            rhs.each().iter().all(|(b, _)| {
                a.array().is_some() == left.ty.array().is_some()
                    && b.array().is_some() == right.ty.array().is_some()
                    && element(a).zip(element(b)).and_then(|(a, b)| arith::scalar_rule(op, a, b))
                        == Some(rule)
            })
        })
}

/// True if a comparison has the same result whatever types the operands have.
fn same_comparison(lhs: &Operand, rhs: &Operand) -> bool {
    let (Some(left), Some(right)) = (&lhs.value, &rhs.value) else { return false };
    let one = |mixed: &Operand, promoted: &Expr, beside: &Operand, other: &Expr| {
        let (Some(to), Some(with)) = (promoted.ty.scalar(), element(&other.ty)) else { return false };
        let single =
            beside.each().iter().any(|(ty, _)| matches!(element(ty), Some(Scalar::F32 | Scalar::C64)));
        mixed.types.iter().all(|(ty, known)| {
            let Some(from) = ty.scalar() else { return false };
            // Python's number is rounded to the single precision of the other, NumPy's is not.
            if single && from.is_python() && !to.is_python() {
                return false;
            }
            // Numbers that convert exactly compare alike; beside a NumPy float, an int becomes one anyway.
            // An integer constant that does not fit a NumPy type compares by value.
            from == to
                || (known.is_exact() && converts(from, to, *known) == Conversion::Exact)
                || (to == Scalar::F64 && with == Scalar::F64)
                || (from == Scalar::Float && to == Scalar::F64)
        })
    };
    match (lhs.is_mixed(), rhs.is_mixed()) {
        (true, false) => one(lhs, left, rhs, right),
        (false, true) => one(rhs, right, lhs, left),
        (true, true) => one(lhs, left, rhs, right) && one(rhs, right, lhs, left),
        (false, false) => true,
    }
}

/// The truth of a value that is known at compile time.
pub(super) fn known_truth(value: &Expr) -> Option<bool> {
    arith::fold::truth(value).or(match (&*value.kind, &value.ty) {
        (ExprKind::Unit, Type::None) => Some(false),
        (ExprKind::Unit, Type::Str(text)) => Some(!text.is_empty()),
        _value => None,
    })
}

/// Puts the statement that evaluates `value` for its effects only, if it can have any.
pub(super) fn effect(value: Expr, out: &mut Vec<Stmt>) {
    if !matches!(*value.kind, ExprKind::Const(_) | ExprKind::Unit) {
        let span = value.span;
        out.push(Stmt { kind: StmtKind::Expr(value), span });
    }
}
