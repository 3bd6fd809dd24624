//! Expressions.
//!
//! In: the parser's expressions. Out: `ast::Expr`, or a refusal with what to write instead.

#![expect(clippy::wildcard_enum_match_arm, reason = "the parser's enums, not ours")]

use crate::ast::{
    BinaryOp, Clause, CompareOp, Constant, Expr, ExprKind, FStringPart, Function, Keyword, LogicalOp, Param,
    Stmt, StmtKind, UnaryOp,
};
use crate::diag::{Result, Span};
use crate::syntax::convert::Cx;
use crate::syntax::refuse::{self, Refusal};
use crate::syntax::stmt;
use num_bigint::BigUint;
use ruff_python_ast as py;
use ruff_text_size::Ranged;

pub fn expr(cx: &Cx, node: &py::Expr, depth: u32) -> Result<Expr> {
    let depth = cx.deeper(depth, node.range())?;
    let span = cx.span(node.range());
    let no = |refusal: Refusal| Err(cx.refuse(span, refusal.0, refusal.1));
    let sub = |node: &py::Expr| expr(cx, node, depth);
    let boxed = |node: &py::Expr| expr(cx, node, depth).map(Box::new);
    let kind = match node {
        py::Expr::NoneLiteral(_) => ExprKind::Constant(Constant::None),
        py::Expr::BooleanLiteral(node) => ExprKind::Constant(Constant::Bool(node.value)),
        py::Expr::EllipsisLiteral(_) => ExprKind::Constant(Constant::Ellipsis),
        py::Expr::NumberLiteral(node) => ExprKind::Constant(number(&node.value)),
        py::Expr::StringLiteral(node) => {
            ExprKind::Constant(Constant::Str(text(cx, span, node.value.to_str())?))
        }
        py::Expr::BytesLiteral(_) => return no(refuse::BYTES),
        py::Expr::Name(node) => ExprKind::Name(node.id.to_string()),
        py::Expr::Attribute(node) => {
            ExprKind::Attribute { value: boxed(&node.value)?, attr: node.attr.to_string() }
        }
        py::Expr::UnaryOp(node) => unary(cx, node, depth)?,
        py::Expr::BinOp(node) => {
            ExprKind::Binary { op: binary_op(node.op), left: boxed(&node.left)?, right: boxed(&node.right)? }
        }
        py::Expr::BoolOp(node) => ExprKind::Logical {
            op: match node.op {
                py::BoolOp::And => LogicalOp::And,
                py::BoolOp::Or => LogicalOp::Or,
            },
            operands: node.values.iter().map(sub).collect::<Result<_>>()?,
        },
        py::Expr::Compare(node) => {
            let mut rest = Vec::with_capacity(node.ops.len());
            for (op, operand) in node.ops.iter().zip(&node.comparators) {
                rest.push((compare_op(*op), sub(operand)?));
            }
            ExprKind::Compare { left: boxed(&node.left)?, rest }
        }
        py::Expr::If(node) => ExprKind::IfExp {
            test: boxed(&node.test)?,
            then: boxed(&node.body)?,
            orelse: boxed(&node.orelse)?,
        },
        py::Expr::Call(node) => call(cx, node, depth)?,
        py::Expr::Subscript(node) => ExprKind::Subscript {
            value: boxed(&node.value)?,
            index: Box::new(index(cx, &node.slice, depth)?),
        },
        py::Expr::Slice(node) => {
            let part = |part: &Option<Box<py::Expr>>| part.as_deref().map(boxed).transpose();
            ExprKind::Slice { lower: part(&node.lower)?, upper: part(&node.upper)?, step: part(&node.step)? }
        }
        py::Expr::Tuple(node) => ExprKind::Tuple(items(cx, &node.elts, depth)?),
        py::Expr::List(node) => ExprKind::List(items(cx, &node.elts, depth)?),
        py::Expr::Named(node) => match &*node.target {
            py::Expr::Name(name) => ExprKind::Named { name: name.id.to_string(), value: boxed(&node.value)? },
            _ => unreachable!("the grammar only allows a name before `:=`"),
        },
        py::Expr::Lambda(node) => ExprKind::Lambda(Box::new(lambda(cx, node, depth)?)),
        py::Expr::FString(node) => ExprKind::FString(parts(cx, &node.value, depth)?),
        py::Expr::TString(_) => return no(refuse::TEMPLATE),
        py::Expr::Starred(_) => return no(refuse::STAR_ELSEWHERE),
        py::Expr::Dict(_) | py::Expr::DictComp(_) => return no(refuse::DICT),
        py::Expr::Set(_) | py::Expr::SetComp(_) => return no(refuse::SET),
        py::Expr::ListComp(_) | py::Expr::Generator(_) => return no(refuse::COMPREHENSION),
        py::Expr::Await(_) => return no(refuse::ASYNC),
        py::Expr::Yield(_) | py::Expr::YieldFrom(_) => return no(refuse::GENERATOR),
        py::Expr::IpyEscapeCommand(_) => return Err(cx.unknown(span, "")),
    };
    Ok(Expr { kind, span })
}

/// Items of a tuple, list or argument list, where `*x` may stand.
fn items(cx: &Cx, nodes: &[py::Expr], depth: u32) -> Result<Vec<Expr>> {
    nodes
        .iter()
        .map(|node| match node {
            py::Expr::Starred(starred) => {
                let value = expr(cx, &starred.value, depth)?;
                Ok(Expr { kind: ExprKind::Starred(Box::new(value)), span: cx.span(starred.range) })
            }
            _ => expr(cx, node, depth),
        })
        .collect()
}

/// The index of a subscript: `*x` is not supported in it.
fn index(cx: &Cx, node: &py::Expr, depth: u32) -> Result<Expr> {
    if let py::Expr::Tuple(tuple) = node
        && let Some(starred) = tuple.elts.iter().find(|item| matches!(item, py::Expr::Starred(_)))
    {
        return Err(cx.refuse(cx.span(starred.range()), refuse::STAR_ELSEWHERE.0, refuse::STAR_ELSEWHERE.1));
    }
    expr(cx, node, depth)
}

fn call(cx: &Cx, node: &py::ExprCall, depth: u32) -> Result<ExprKind> {
    let func = Box::new(expr(cx, &node.func, depth)?);
    let mut args = Vec::with_capacity(node.arguments.args.len());
    for arg in &node.arguments.args {
        args.push(match arg {
            py::Expr::ListComp(comp) => generator(cx, arg, &comp.elt, &comp.generators, depth)?,
            py::Expr::Generator(comp) => generator(cx, arg, &comp.elt, &comp.generators, depth)?,
            _ => {
                let mut item = items(cx, std::slice::from_ref(arg), depth)?;
                item.pop().expect("one item for one node")
            }
        });
    }
    let mut keywords = Vec::with_capacity(node.arguments.keywords.len());
    for keyword in &node.arguments.keywords {
        let span = cx.span(keyword.range);
        let Some(name) = &keyword.arg else {
            return Err(cx.refuse(span, refuse::STAR_STAR_ARGUMENT.0, refuse::STAR_STAR_ARGUMENT.1));
        };
        keywords.push(Keyword { name: name.to_string(), value: expr(cx, &keyword.value, depth)?, span });
    }
    Ok(ExprKind::Call { func, args, keywords })
}

fn generator(
    cx: &Cx,
    node: &py::Expr,
    elt: &py::Expr,
    generators: &[py::Comprehension],
    depth: u32,
) -> Result<Expr> {
    let depth = cx.deeper(depth, node.range())?;
    let span = cx.span(node.range());
    let mut clauses = Vec::with_capacity(generators.len());
    for clause in generators {
        if clause.is_async {
            return Err(cx.refuse(span, refuse::ASYNC.0, refuse::ASYNC.1));
        }
        clauses.push(Clause {
            target: stmt::target(cx, &clause.target, depth)?,
            iter: expr(cx, &clause.iter, depth)?,
            conditions: clause.ifs.iter().map(|test| expr(cx, test, depth)).collect::<Result<_>>()?,
        });
    }
    let elt = Box::new(expr(cx, elt, depth)?);
    Ok(Expr { kind: ExprKind::Generator { elt, clauses }, span })
}

fn unary(cx: &Cx, node: &py::ExprUnaryOp, depth: u32) -> Result<ExprKind> {
    let op = match node.op {
        py::UnaryOp::USub => UnaryOp::Neg,
        py::UnaryOp::UAdd => UnaryOp::Pos,
        py::UnaryOp::Invert => UnaryOp::Invert,
        py::UnaryOp::Not => UnaryOp::Not,
    };
    let operand = expr(cx, &node.operand, depth)?;
    // `-9223372036854775808` is an int of 64 bits although its digits alone are not.
    if op == UnaryOp::Neg
        && let ExprKind::Constant(Constant::BigInt(digits)) = &operand.kind
        && let Ok(value) = format!("-{digits}").parse::<i64>()
    {
        return Ok(ExprKind::Constant(Constant::Int(value)));
    }
    Ok(ExprKind::Unary { op, operand: Box::new(operand) })
}

fn number(value: &py::Number) -> Constant {
    match value {
        py::Number::Int(value) => match value.as_i64() {
            Some(value) => Constant::Int(value),
            None => Constant::BigInt(decimal(&value.to_string())),
        },
        py::Number::Float(value) => Constant::Float(*value),
        py::Number::Complex { imag, .. } => Constant::Imaginary(*imag),
    }
}

/// The decimal digits of an integer, which the parser gives as it was written if it is long.
fn decimal(written: &str) -> String {
    let radix = match written.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => return written.to_owned(),
    };
    let digits = BigUint::parse_bytes(&written.as_bytes()[2..], radix);
    digits.expect("invariant: the parser has checked the digits").to_string()
}

/// The text of a string: the parser has U+FFFD in place of a surrogate, which Python's strings may hold and
/// Rust's may not.
fn text(cx: &Cx, span: Span, text: &str) -> Result<String> {
    if text.contains('\u{FFFD}') {
        return Err(cx.refuse(span, refuse::SURROGATE.0, refuse::SURROGATE.1));
    }
    Ok(text.to_owned())
}

/// The parts of an f-string and of the strings beside it.
fn parts(cx: &Cx, value: &py::FStringValue, depth: u32) -> Result<Vec<FStringPart>> {
    let mut parts = Vec::new();
    for part in value {
        let part = match part {
            py::FStringPart::Literal(literal) => {
                parts.push(FStringPart::Text(text(cx, cx.span(literal.range), &literal.value)?));
                continue;
            }
            py::FStringPart::FString(part) => part,
        };
        for element in &part.elements {
            match element {
                py::InterpolatedStringElement::Literal(literal) => {
                    parts.push(FStringPart::Text(text(cx, cx.span(literal.range), &literal.value)?));
                }
                py::InterpolatedStringElement::Interpolation(element) => {
                    interpolation(cx, element, depth, &mut parts)?;
                }
            }
        }
    }
    Ok(parts)
}

fn interpolation(
    cx: &Cx,
    element: &py::InterpolatedElement,
    depth: u32,
    parts: &mut Vec<FStringPart>,
) -> Result<()> {
    let mut conversion = element.conversion.to_char();
    // `{x=}` is the text before the sign and the value, by `repr` unless a format is given.
    if let Some(debug) = &element.debug_text {
        parts.push(FStringPart::Text(text(cx, cx.span(element.range), debug.as_str())?));
        if element.format_spec.is_none() {
            conversion = conversion.or(Some('r'));
        }
    }
    parts.push(FStringPart::Value {
        value: expr(cx, &element.expression, depth)?,
        conversion,
        format: element.format_spec.as_deref().map(|spec| format_spec(cx, spec)).transpose()?,
    });
    Ok(())
}

/// A format that is text without values of its own.
fn format_spec(cx: &Cx, spec: &py::InterpolatedStringFormatSpec) -> Result<String> {
    let mut text = String::new();
    for part in &spec.elements {
        match part {
            py::InterpolatedStringElement::Literal(part) => text.push_str(&part.value),
            py::InterpolatedStringElement::Interpolation(part) => {
                return Err(cx.refuse(
                    cx.span(part.range),
                    "a format that holds values of its own is not supported in compiled code",
                    "write the width and precision as constants",
                ));
            }
        }
    }
    Ok(text)
}

/// A lambda as a function whose body is one `return`.
pub fn lambda(cx: &Cx, node: &py::ExprLambda, depth: u32) -> Result<Function> {
    let params = match &node.parameters {
        Some(parameters) => params(cx, parameters, depth)?,
        None => Vec::new(),
    };
    let value = expr(cx, &node.body, depth)?;
    let body = vec![Stmt { span: value.span, kind: StmtKind::Return(Some(value)) }];
    Ok(Function { name: "<lambda>".to_owned(), params, body, is_lambda: true, span: cx.span(node.range) })
}

pub fn params(cx: &Cx, args: &py::Parameters, depth: u32) -> Result<Vec<Param>> {
    if let Some(star) = &args.kwarg {
        return Err(cx.refuse(
            cx.span(star.range),
            refuse::STAR_STAR_PARAMETER.0,
            refuse::STAR_STAR_PARAMETER.1,
        ));
    }
    let mut params = Vec::with_capacity(args.posonlyargs.len() + args.args.len() + args.kwonlyargs.len());
    let groups =
        [(&args.posonlyargs, true, false), (&args.args, false, false), (&args.kwonlyargs, false, true)];
    for (group, positional_only, keyword_only) in groups {
        if keyword_only && let Some(star) = &args.vararg {
            params.push(Param {
                name: star.name.to_string(),
                default: None,
                positional_only: false,
                keyword_only: false,
                variadic: true,
                span: name_span(cx, star),
            });
        }
        for arg in group {
            params.push(Param {
                name: arg.parameter.name.to_string(),
                default: arg.default.as_deref().map(|value| default(cx, value, depth)).transpose()?,
                positional_only,
                keyword_only,
                variadic: false,
                span: name_span(cx, &arg.parameter),
            });
        }
    }
    Ok(params)
}

/// The default of a parameter. Those of the outermost function were evaluated long ago and are supplied as
/// objects, so that they may lie outside the subset: then any expression stands for them.
fn default(cx: &Cx, node: &py::Expr, depth: u32) -> Result<Expr> {
    let value = expr(cx, node, depth);
    if depth == 0 && value.is_err() {
        return Ok(Expr { kind: ExprKind::Constant(Constant::None), span: cx.span(node.range()) });
    }
    value
}

/// The name of a parameter without its annotation.
fn name_span(cx: &Cx, parameter: &py::Parameter) -> Span {
    cx.span(parameter.name.range)
}

pub fn binary_op(op: py::Operator) -> BinaryOp {
    match op {
        py::Operator::Add => BinaryOp::Add,
        py::Operator::Sub => BinaryOp::Sub,
        py::Operator::Mult => BinaryOp::Mul,
        py::Operator::MatMult => BinaryOp::MatMul,
        py::Operator::Div => BinaryOp::TrueDiv,
        py::Operator::Mod => BinaryOp::Mod,
        py::Operator::Pow => BinaryOp::Pow,
        py::Operator::LShift => BinaryOp::LShift,
        py::Operator::RShift => BinaryOp::RShift,
        py::Operator::BitOr => BinaryOp::BitOr,
        py::Operator::BitXor => BinaryOp::BitXor,
        py::Operator::BitAnd => BinaryOp::BitAnd,
        py::Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

fn compare_op(op: py::CmpOp) -> CompareOp {
    match op {
        py::CmpOp::Eq => CompareOp::Eq,
        py::CmpOp::NotEq => CompareOp::Ne,
        py::CmpOp::Lt => CompareOp::Lt,
        py::CmpOp::LtE => CompareOp::Le,
        py::CmpOp::Gt => CompareOp::Gt,
        py::CmpOp::GtE => CompareOp::Ge,
        py::CmpOp::Is => CompareOp::Is,
        py::CmpOp::IsNot => CompareOp::IsNot,
        py::CmpOp::In => CompareOp::In,
        py::CmpOp::NotIn => CompareOp::NotIn,
    }
}
