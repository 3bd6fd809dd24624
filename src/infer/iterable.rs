//! What a `for` iterates over: ranges, arrays, tuples, and `enumerate`, `zip`, `reversed` of them.
//!
//! In: the expression after `in`. Out: an `Iter`, its length and its items. Invariant: everything in an `Iter` is
//! evaluated, once, and can be read again and again.

use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{self, Expr, ExprKind, Stmt};
use crate::infer::arith;
use crate::infer::cx::Cx;
use crate::infer::index::int_constant;
use crate::types::{Type, flatten};

/// Something to iterate over, evaluated.
pub(super) enum Iter {
    Range {
        start: Expr,
        stop: Expr,
        step: Expr,
        parallel: bool,
    },
    Array(Expr),
    /// Items that can be read again and again.
    Items(Vec<Expr>),
    /// A tuple of items of one type.
    Tuple(Expr, usize),
    Enumerate(Box<Iter>, Expr),
    Zip(Vec<Iter>),
    Reversed(Box<Iter>),
}

impl Cx<'_> {
    /// Evaluates what a `for` iterates over.
    pub(super) fn iterable(&mut self, iter: &ast::Expr, out: &mut Vec<Stmt>) -> Result<Iter> {
        if let ast::ExprKind::Tuple(items) | ast::ExprKind::List(items) = &iter.kind {
            let values = self.items(items)?;
            return Ok(Iter::Items(self.hold_all(values, out)));
        }
        if let ast::ExprKind::Call { func, args, keywords } = &iter.kind
            && matches!(func.kind, ast::ExprKind::Name(_) | ast::ExprKind::Attribute { .. })
            && let Some(name) = self.iterator_function(func)?
        {
            return self.iterator_call(name, args, keywords, iter.span, out);
        }
        let value = self.expr(iter)?;
        let span = iter.span;
        match value.ty.clone() {
            Type::Array(ty) if ty.ndim > 0 => {
                let (stmt, read) = self.temp("iterated", value);
                out.push(stmt);
                Ok(Iter::Array(read))
            }
            Type::Tuple(types) => {
                let (stmt, read) = self.temp("iterated", value);
                out.push(stmt);
                if types.first().is_some_and(|first| types.iter().all(|ty| ty == first)) {
                    return Ok(Iter::Tuple(read, types.len()));
                }
                Ok(Iter::Items((0..types.len()).map(|k| self.item(&read, k as u32)).collect()))
            }
            Type::Array(_)
            | Type::None
            | Type::Scalar(_)
            | Type::Str(_)
            | Type::Dtype(_)
            | Type::Module(_)
            | Type::Builtin(_)
            | Type::Function { .. }
            | Type::Exception(_)
            | Type::Ellipsis
            | Type::Never => {
                let text = format!("{} is not iterable", self.describe(&value.ty));
                let mut error = self.error(Code::TypeMismatch, span, text, "iterated here");
                if value.ty == Type::INT {
                    error.help = Some("write `range(...)` around it".to_string());
                }
                Err(error)
            }
        }
    }

    pub(super) fn iterator_function(&mut self, func: &ast::Expr) -> Result<Option<&'static str>> {
        if let ast::ExprKind::Name(name) = &func.kind
            && self.name_id(name).is_some()
        {
            return Ok(None);
        }
        if let ast::ExprKind::Attribute { value, .. } = &func.kind {
            // Only `module.function`: methods of values are not iterators.
            let local = |name: &String| self.name_id(name).is_some();
            if !matches!(&value.kind, ast::ExprKind::Name(name) if !local(name)) {
                return Ok(None);
            }
        }
        let callee = self.expr(func)?;
        let known = ["range", "prange", "enumerate", "zip", "reversed"];
        Ok(self.builtin_name(&callee.ty).and_then(|name| known.into_iter().find(|k| *k == name)))
    }

    pub(super) fn iterator_call(
        &mut self,
        name: &str,
        args: &[ast::Expr],
        keywords: &[ast::Keyword],
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<Iter> {
        if let Some(keyword) = keywords.first()
            && (name, keyword.name.as_str()) != ("enumerate", "start")
        {
            let text = format!("{name}() takes no keyword argument '{}'", keyword.name);
            let mut error = self.error(Code::BadCall, keyword.span, text, "here");
            if (name, keyword.name.as_str()) == ("zip", "strict") {
                error.message = "zip(strict=...) is not supported in compiled code".to_owned();
                error.help = Some("compare the lengths before the loop, and raise ValueError".to_owned());
            }
            return Err(error);
        }
        match name {
            "range" | "prange" => {
                let values = self.numbers(args)?;
                if values.is_empty() || values.len() > 3 {
                    let text = format!("{name} expected 1 to 3 arguments, got {}", values.len());
                    return Err(self.error(Code::BadCall, span, text, "called here"));
                }
                let mut values: Vec<Expr> = values
                    .into_iter()
                    .map(|value| {
                        let at = value.span;
                        if value.ty == Type::INT { Ok(value) } else { arith::index_value(self, value, at) }
                    })
                    .collect::<Result<_>>()?;
                values = self.hold_all(values, out);
                let mut values = values.into_iter();
                let first = values.next().expect("counted above");
                let (start, stop) = match values.next() {
                    None => (self.int(0, span), first),
                    Some(stop) => (first, stop),
                };
                let step = values.next().unwrap_or_else(|| self.int(1, span));
                Ok(Iter::Range { start, stop, step, parallel: name == "prange" })
            }
            "enumerate" => {
                let count = args.len() + keywords.len();
                let (Some(inner), true) = (args.first(), count <= 2) else {
                    let text = format!("enumerate() takes 1 or 2 arguments, got {count}");
                    return Err(self.error(Code::BadCall, span, text, "called here"));
                };
                let inner = self.iterable(inner, out)?;
                let start = match args.get(1).or(keywords.first().map(|k| &k.value)) {
                    None => self.int(0, span),
                    Some(start) => {
                        let value = self.expr(start)?;
                        let value = arith::index_value(self, value, start.span)?;
                        self.hold_all(vec![value], out).remove(0)
                    }
                };
                Ok(Iter::Enumerate(Box::new(inner), start))
            }
            "zip" => {
                let items: Result<Vec<Iter>> = args.iter().map(|arg| self.iterable(arg, out)).collect();
                let items = items?;
                if items.is_empty() {
                    return Ok(Iter::Items(Vec::new()));
                }
                Ok(Iter::Zip(items))
            }
            _reversed => {
                let [arg] = args else {
                    let text = format!("reversed expected 1 argument, got {}", args.len());
                    return Err(self.error(Code::BadCall, span, text, "called here"));
                };
                Ok(Iter::Reversed(Box::new(self.iterable(arg, out)?)))
            }
        }
    }

    /// Expressions that may be read several times, later.
    fn hold_all(&mut self, values: Vec<Expr>, out: &mut Vec<Stmt>) -> Vec<Expr> {
        values
            .into_iter()
            .map(|value| {
                if matches!(*value.kind, ExprKind::Const(_) | ExprKind::Unit) {
                    return value;
                }
                let (stmt, read) = self.temp("held", value);
                out.push(stmt);
                read
            })
            .collect()
    }

    /// How many items there are, as a Python int that can be read several times.
    pub(super) fn iter_len(&mut self, over: &Iter, span: Span, out: &mut Vec<Stmt>) -> Result<Expr> {
        let len = match over {
            Iter::Range { start, stop, step, .. } => {
                let Some(step) = int_constant(step).filter(|k| *k != 0) else {
                    let text =
                        "a range with a variable step cannot be used inside enumerate, zip or reversed";
                    return Err(self.error(Code::NotConstant, span, text, "the step must be a constant"));
                };
                // ceil((stop - start) / step), at least 0.
                let (low, high) = if step > 0 { (start, stop) } else { (stop, start) };
                let wide = self.int_binary(ast::BinaryOp::Sub, high.clone(), low.clone(), span);
                let size = step.abs();
                let extra = self.int(size - 1, span);
                let wide = self.int_binary(ast::BinaryOp::Add, wide, extra, span);
                let count = if size == 1 {
                    wide
                } else {
                    let size = self.int(size, span);
                    Expr::new(
                        ExprKind::Binary { op: hir::BinaryOp::FloorDiv, lhs: wide, rhs: size },
                        Type::INT,
                        span,
                    )
                };
                let test = self.int_compare(hir::CompareOp::Lt, low.clone(), high.clone(), span);
                let zero = self.int(0, span);
                Expr::new(ExprKind::IfExp { test, then: count, orelse: zero }, Type::INT, span)
            }
            Iter::Array(array) => self.shape(array, 0, span),
            Iter::Items(items) => self.int(items.len() as i64, span),
            Iter::Tuple(_, count) => self.int(*count as i64, span),
            Iter::Enumerate(inner, _) | Iter::Reversed(inner) => return self.iter_len(inner, span, out),
            Iter::Zip(items) => {
                let mut least: Option<Expr> = None;
                for item in items {
                    let len = self.iter_len(item, span, out)?;
                    least = Some(match least {
                        None => len,
                        Some(so_far) => {
                            let test =
                                self.int_compare(hir::CompareOp::Lt, len.clone(), so_far.clone(), span);
                            let kind = ExprKind::IfExp { test, then: len, orelse: so_far };
                            self.hold_all(vec![Expr::new(kind, Type::INT, span)], out).remove(0)
                        }
                    });
                }
                least.expect("zip of nothing has no loop")
            }
        };
        Ok(self.hold_all(vec![len], out).remove(0))
    }

    /// Item number `at`, which is in range.
    pub(super) fn iter_item(&mut self, over: &Iter, at: Expr, span: Span) -> Expr {
        match over {
            Iter::Range { start, step, .. } => {
                let offset = if int_constant(step) == Some(1) {
                    at
                } else {
                    self.int_binary(ast::BinaryOp::Mul, at, step.clone(), span)
                };
                if int_constant(start) == Some(0) {
                    return offset;
                }
                self.int_binary(ast::BinaryOp::Add, start.clone(), offset, span)
            }
            Iter::Array(array) => self.array_item(array, at, span),
            Iter::Items(items) => {
                if let Some(k) = int_constant(&at) {
                    return items[k as usize].clone();
                }
                let ty = items[0].ty.clone();
                let tuple = self.make_tuple(items.clone(), span);
                Expr::new(ExprKind::ItemAt { tuple, index: at }, ty, span)
            }
            Iter::Tuple(tuple, _) => {
                if let Some(k) = int_constant(&at) {
                    return self.item(tuple, k as u32);
                }
                let Type::Tuple(types) = &tuple.ty else { panic!("expected a tuple, found {:?}", tuple.ty) };
                let ty = types[0].clone();
                Expr::new(ExprKind::ItemAt { tuple: tuple.clone(), index: at }, ty, span)
            }
            Iter::Enumerate(inner, start) => {
                let position = if int_constant(start) == Some(0) {
                    at.clone()
                } else {
                    self.int_binary(ast::BinaryOp::Add, start.clone(), at.clone(), span)
                };
                let item = self.iter_item(inner, at, span);
                self.make_tuple(vec![position, item], span)
            }
            Iter::Zip(items) => {
                let values = items.iter().map(|item| self.iter_item(item, at.clone(), span)).collect();
                self.make_tuple(values, span)
            }
            Iter::Reversed(inner) => {
                let mut setup = Vec::new();
                let len = self.iter_len(inner, span, &mut setup).expect("the length was asked for before");
                let one = self.int(1, span);
                let last = self.int_binary(ast::BinaryOp::Sub, len, one, span);
                let mirrored = self.int_binary(ast::BinaryOp::Sub, last, at, span);
                let item = self.iter_item(inner, mirrored, span);
                self.seq(setup, item)
            }
        }
    }
}

/// Number of items of a loop over tuples, and whether all have one type.
pub(super) fn static_items(over: &Iter) -> Option<(usize, bool)> {
    match over {
        Iter::Range { .. } | Iter::Array(_) => None,
        Iter::Items(items) => {
            let same = items.first().is_none_or(|first| items.iter().all(|item| item.ty == first.ty));
            Some((items.len(), same))
        }
        Iter::Tuple(_, count) => Some((*count, true)),
        Iter::Enumerate(inner, _) | Iter::Reversed(inner) => static_items(inner),
        Iter::Zip(items) => {
            let mut found: Option<(usize, bool)> = None;
            for item in items {
                if let Some((count, same)) = static_items(item) {
                    let (least, all) = found.unwrap_or((count, true));
                    found = Some((least.min(count), all && same));
                }
            }
            // Beside something of unknown length there has to be a loop, if the items allow it.
            let unknown = items.iter().any(|item| static_items(item).is_none());
            match found {
                Some((_, true)) if unknown => None,
                Some((_, false)) if unknown => Some((usize::MAX, false)),
                known => known,
            }
        }
    }
}

/// True if the items can be read by a position that is known at run time only.
pub(super) fn indexable(over: &Iter) -> bool {
    match over {
        Iter::Range { .. } | Iter::Array(_) => true,
        Iter::Items(items) => !items.is_empty() && !flatten(&items[0].ty).is_empty(),
        Iter::Tuple(tuple, _) => !flatten(&tuple.ty).is_empty(),
        Iter::Enumerate(inner, _) | Iter::Reversed(inner) => indexable(inner),
        Iter::Zip(items) => items.iter().all(indexable),
    }
}
