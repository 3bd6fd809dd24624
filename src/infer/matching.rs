//! `match` on scalars and tuples, as a chain of tests.
//!
//! In: `ast::StmtKind::Match`. Out: nested `If`s. Invariant: the subject is evaluated once; a pattern binds
//! its names only if it matches as a whole.

use crate::ast::{self, PatternKind};
use crate::diag::{Code, Result, Span};
use crate::hir::{Expr, ExprKind, Stmt, StmtKind};
use crate::infer::arith;
use crate::infer::condition::{Test, known_truth};
use crate::infer::cx::Cx;
use crate::infer::scope::Bits;
use crate::types::Type;

/// A name that a pattern binds to a part of the subject.
type Binding<'p> = (&'p str, Expr);

impl Cx<'_> {
    pub(super) fn match_stmt(
        &mut self,
        stmt: &ast::Stmt,
        subject: &ast::Expr,
        cases: &[ast::Case],
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let scope = self.frame.scope.clone();
        let live = &scope.live(stmt).after;
        let value = self.expr(subject)?;
        let (held, read) = self.temp("subject", value);
        out.push(held);
        self.cases(&read, cases, live, stmt.span, out)
    }

    fn cases(
        &mut self,
        subject: &Expr,
        cases: &[ast::Case],
        live: &Bits,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        let Some((case, rest)) = cases.split_first() else { return Ok(()) };
        let mut bound = Vec::new();
        let test = self.pattern(&case.pattern, subject, &mut bound)?;
        let Some(guard) = &case.guard else {
            return match test {
                Test::Known(false) => self.cases(subject, rest, live, span, out),
                Test::Known(true) => self.case_body(case, bound, out),
                Test::Dynamic(test) => self.branch(
                    test,
                    live,
                    span,
                    out,
                    |cx, out| cx.case_body(case, bound, out),
                    |cx, out| cx.cases(subject, rest, live, span, out),
                ),
            };
        };
        if matches!(test, Test::Known(false)) {
            return self.cases(subject, rest, live, span, out);
        }
        // The guard sees the names; whether it holds decides, in one place, between the body and the rest.
        let chosen = self.local("chosen", Type::BOOL);
        let no = self.bool(false, span);
        out.push(Stmt { kind: StmtKind::Assign { local: chosen, value: no }, span });
        let all = Bits::all(scope_len(self));
        let choose = |cx: &mut Self, out: &mut Vec<Stmt>| {
            cx.bind_all(bound, out)?;
            let value = match cx.test(guard)? {
                Test::Known(known) => cx.bool(known, guard.span),
                Test::Dynamic(value) => value,
            };
            out.push(Stmt { kind: StmtKind::Assign { local: chosen, value }, span: guard.span });
            Ok(())
        };
        match test {
            Test::Dynamic(test) => self.branch(test, &all, span, out, choose, |_, _| Ok(()))?,
            Test::Known(_) => choose(self, out)?,
        }
        let test = self.read(chosen, guard.span);
        self.branch(
            test,
            live,
            span,
            out,
            |cx, out| cx.block(&case.body, out),
            |cx, out| cx.cases(subject, rest, live, span, out),
        )
    }

    fn case_body(&mut self, case: &ast::Case, bound: Vec<Binding>, out: &mut Vec<Stmt>) -> Result<()> {
        self.bind_all(bound, out)?;
        self.block(&case.body, out)
    }

    fn bind_all(&mut self, bound: Vec<Binding>, out: &mut Vec<Stmt>) -> Result<()> {
        for (name, value) in bound {
            let id = self.name_id(name).expect("names of patterns are local");
            self.bind(id, value, out)?;
        }
        Ok(())
    }

    /// Whether `subject` (an expression that can be repeated) matches, and what the names would be.
    fn pattern<'p>(
        &mut self,
        pattern: &'p ast::Pattern,
        subject: &Expr,
        bound: &mut Vec<Binding<'p>>,
    ) -> Result<Test> {
        let span = pattern.span;
        match &pattern.kind {
            PatternKind::Value(value) => {
                let value = self.expr(value)?;
                let equal = match (&subject.ty, &value.ty) {
                    (Type::Str(a), Type::Str(b)) => self.bool(a == b, span),
                    (Type::Scalar(_), Type::Scalar(_)) => {
                        arith::compare(self, ast::CompareOp::Eq, subject.clone(), value, span)?
                    }
                    (Type::Scalar(_) | Type::Tuple(_) | Type::None | Type::Str(_), _) => {
                        self.bool(false, span)
                    }
                    _other => return Err(self.no_match(subject, span)),
                };
                self.outcome(equal, span)
            }
            PatternKind::Singleton(constant) => {
                let none = matches!(constant, ast::Constant::None);
                if none || subject.ty != Type::BOOL {
                    return Ok(Test::Known(none && subject.ty == Type::None));
                }
                let kind = ExprKind::Unary { op: crate::hir::UnaryOp::Not, arg: subject.clone() };
                let negated = Expr::new(kind, Type::BOOL, span);
                let want = matches!(constant, ast::Constant::Bool(true));
                Ok(Test::Dynamic(if want { subject.clone() } else { negated }))
            }
            PatternKind::Capture { pattern, name } => {
                let test = match pattern {
                    Some(inner) => self.pattern(inner, subject, bound)?,
                    None => Test::Known(true),
                };
                if let Some(name) = name {
                    bound.push((name, Expr { span, ..subject.clone() }));
                }
                Ok(test)
            }
            PatternKind::Or(items) => {
                let mut any: Option<Expr> = None;
                for item in items {
                    let before = bound.len();
                    let one = self.pattern(item, subject, bound)?;
                    if bound.len() > before && items.len() > 1 {
                        let text = "names in alternatives of a pattern are not supported";
                        return Err(self.error(Code::UnsupportedSyntax, span, text, "binds a name"));
                    }
                    match one {
                        Test::Known(true) if any.is_none() => return Ok(Test::Known(true)),
                        Test::Known(true) => {
                            any = Some(self.bool(true, span));
                            break;
                        }
                        Test::Known(false) => {}
                        Test::Dynamic(one) => {
                            any = Some(match any {
                                None => one,
                                Some(so_far) => Expr::new(ExprKind::Or(so_far, one), Type::BOOL, span),
                            });
                        }
                    }
                }
                Ok(any.map_or(Test::Known(false), Test::Dynamic))
            }
            PatternKind::Sequence(items) => {
                let Type::Tuple(types) = &subject.ty else {
                    let plain = matches!(subject.ty, Type::Scalar(_) | Type::None | Type::Str(_));
                    return if plain { Ok(Test::Known(false)) } else { Err(self.no_match(subject, span)) };
                };
                if types.len() != items.len() {
                    return Ok(Test::Known(false));
                }
                let mut all: Option<Expr> = None;
                for (k, item) in items.iter().enumerate() {
                    let part = self.item(subject, k as u32);
                    match self.pattern(item, &part, bound)? {
                        Test::Known(true) => {}
                        Test::Known(false) => return Ok(Test::Known(false)),
                        Test::Dynamic(one) => {
                            all = Some(match all {
                                None => one,
                                Some(so_far) => Expr::new(ExprKind::And(so_far, one), Type::BOOL, span),
                            });
                        }
                    }
                }
                Ok(all.map_or(Test::Known(true), Test::Dynamic))
            }
        }
    }

    fn outcome(&mut self, value: Expr, span: Span) -> Result<Test> {
        if let Some(known) = known_truth(&value) {
            return Ok(Test::Known(known));
        }
        Ok(Test::Dynamic(arith::truth(self, value, span)?))
    }

    fn no_match(&self, subject: &Expr, span: Span) -> Box<crate::diag::Diagnostic> {
        let text = format!("{} cannot be matched against this pattern", self.describe(&subject.ty));
        self.error(Code::TypeMismatch, span, text, "in this pattern")
    }
}

fn scope_len(cx: &Cx) -> usize {
    cx.frame.scope.names.len()
}
