//! Subscripts: items of tuples, elements and views of arrays, and stores to them.
//!
//! In: `value[index]` as written. Out: `Element`, `View`, `Item`, `StoreElement`, `CopyInto`. Invariant: the
//! layout of a view is the strongest that its index guarantees.

use crate::abi::SiteArg;
use crate::ast;
use crate::diag::{Code, Result, Span};
use crate::hir::{Const, ExcKind, Expr, ExprKind, Index, Stmt, StmtKind};
use crate::infer::cx::Cx;
use crate::infer::expr::effect;
use crate::infer::{arith, builtin};
use crate::types::{ArrayType, Form, Items, Kind, Layout, Scalar, Type};

/// An array being indexed: what its type is afterwards.
#[derive(Clone)]
pub(super) struct Place {
    pub array: Expr,
    pub index: Vec<Index>,
    /// The type of the view; `None` for a single element.
    pub view: Option<ArrayType>,
    /// The arrays of indices or the mask of a store through arrays; empty for other places.
    pub fancy: Vec<Expr>,
}

/// An index as written, evaluated.
enum Part {
    Value(Expr),
    Slice(Option<Expr>, Option<Expr>, Option<Expr>),
}

impl Cx<'_> {
    /// `value[index]` as a value.
    pub(super) fn subscript(&mut self, value: &ast::Expr, index: &ast::Expr, span: Span) -> Result<Expr> {
        if let ast::ExprKind::Constant(ast::Constant::Str(name)) = &index.kind
            && let Some(array) = self.flags_of(value)?
        {
            return builtin::flag(self, array, name, span);
        }
        let value = self.expr(value)?;
        match value.ty.clone() {
            Type::Array(_) => {
                let parts = self.parts(index)?;
                if parts.iter().any(is_fancy) {
                    let mut values = Vec::new();
                    for part in parts {
                        match part {
                            Part::Value(value) => values.push(value),
                            Part::Slice(..) => return Err(self.mixed_fancy(index.span)),
                        }
                    }
                    return builtin::method(self, value, "__getitem__", values, Vec::new(), span);
                }
                let place = self.place(value, parts, index.span)?;
                Ok(self.value_at(place, span))
            }
            Type::Tuple(types) => self.tuple_item(value, &types, index, span),
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
                let text = format!("{} cannot be indexed", self.describe(&value.ty));
                Err(self.error(Code::TypeMismatch, value.span, text, "indexed here"))
            }
        }
    }

    fn mixed_fancy(&self, span: Span) -> Box<crate::diag::Diagnostic> {
        self.error(
            Code::UnsupportedFunction,
            span,
            "an array as an index together with slices is not supported",
            "index arrays beside slices",
        )
        .help("index with a loop, or with np.take")
        .into()
    }

    /// The value at a place.
    pub(super) fn value_at(&mut self, place: Place, span: Span) -> Expr {
        let Place { array, index, view, .. } = place;
        match view {
            None => {
                let ty = Type::Scalar(array.array().elem);
                Expr::new(ExprKind::Element { array, index }, ty, span)
            }
            Some(ty) => Expr::new(ExprKind::View { array, index }, Type::Array(ty), span),
        }
    }

    fn parts(&mut self, index: &ast::Expr) -> Result<Vec<Part>> {
        if let ast::ExprKind::Tuple(items) = &index.kind {
            return items.iter().map(|item| self.part(item)).collect();
        }
        let part = self.part(index)?;
        // A tuple as an index stands for its items.
        if let Part::Value(value) = &part
            && let Type::Tuple(types) = &value.ty
        {
            let count = types.len();
            let (stmt, read) = self.once("index", value.clone());
            let mut stmts: Vec<Stmt> = stmt.into_iter().collect();
            return Ok((0..count)
                .map(|k| {
                    let item = self.item(&read, k as u32);
                    Part::Value(self.seq(std::mem::take(&mut stmts), item))
                })
                .collect());
        }
        Ok(vec![part])
    }

    fn part(&mut self, index: &ast::Expr) -> Result<Part> {
        let ast::ExprKind::Slice { lower, upper, step } = &index.kind else {
            let value = self.number(index)?;
            // A list picks elements, as an array does.
            if matches!(&value.ty, Type::Tuple(items) if items.form == Form::List) {
                return Ok(Part::Value(builtin::create::as_array(self, value, index.span)?));
            }
            return Ok(Part::Value(value));
        };
        let lower = self.bound(lower.as_deref())?;
        let upper = self.bound(upper.as_deref())?;
        let step = self.bound(step.as_deref())?;
        let zero = step.as_ref().and_then(int_constant) == Some(0);
        if zero {
            return Err(self.error(Code::TypeMismatch, index.span, "slice step cannot be zero", "zero step"));
        }
        // A step of 1 is no step.
        let step = step.filter(|step| int_constant(step) != Some(1));
        Ok(Part::Slice(lower, upper, step))
    }

    fn bound(&mut self, bound: Option<&ast::Expr>) -> Result<Option<Expr>> {
        let Some(bound) = bound else { return Ok(None) };
        let value = self.number(bound)?;
        if value.ty == Type::None {
            return Ok(None);
        }
        let span = value.span;
        if value.ty == Type::INT {
            return Ok(Some(value));
        }
        arith::index_value(self, value, span).map(Some)
    }

    /// Where `array[parts]` is.
    fn place(&mut self, array: Expr, parts: Vec<Part>, span: Span) -> Result<Place> {
        let ty = array.array();
        let given = parts
            .iter()
            .filter(|part| match part {
                Part::Value(value) => value.ty != Type::None && value.ty != Type::Ellipsis,
                Part::Slice(..) => true,
            })
            .count();
        let ndim = ty.ndim as usize;
        if given > ndim {
            let text =
                format!("too many indices for array: array is {ndim}-dimensional, but {given} were indexed");
            return Err(self.error(Code::TypeMismatch, span, text, "too many indices"));
        }
        let mut index = Vec::with_capacity(ndim);
        let mut filled = false;
        for part in parts {
            match part {
                Part::Slice(start, stop, step) => index.push(Index::Slice { start, stop, step }),
                Part::Value(value) => match &value.ty {
                    Type::None => index.push(Index::NewAxis),
                    Type::Ellipsis => {
                        if filled {
                            let text = "an index can only have a single ellipsis ('...')";
                            return Err(self.error(Code::TypeMismatch, value.span, text, "second `...`"));
                        }
                        filled = true;
                        index.extend((given..ndim).map(|_| full()));
                    }
                    Type::Scalar(s) if matches!(s.kind(), Kind::Signed | Kind::Unsigned) => {
                        index.push(Index::At { index: value, checked: true });
                    }
                    Type::Scalar(Scalar::Bool | Scalar::NpBool) => {
                        let text = "a bool as an index selects by mask, which is not supported";
                        return Err(self
                            .error(Code::UnsupportedFunction, value.span, text, "a bool")
                            .help("use `int(x)` for the position 0 or 1")
                            .into());
                    }
                    Type::Scalar(_)
                    | Type::Array(_)
                    | Type::Tuple(_)
                    | Type::Str(_)
                    | Type::Dtype(_)
                    | Type::Module(_)
                    | Type::Builtin(_)
                    | Type::Function { .. }
                    | Type::Exception(_)
                    | Type::Never => {
                        let text = "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and \
                                    integer or boolean arrays are valid indices";
                        let label = format!("this is {}", self.describe(&value.ty));
                        let mut error = self.error(Code::TypeMismatch, value.span, text, label);
                        if value.ty.scalar().is_some() {
                            error.help = Some("divide with `//`, or convert it with `int(...)`".to_string());
                        } else if matches!(value.ty, Type::Str(_)) {
                            let help = "fields have no names here: pass each field as an array of its own";
                            error.help = Some(help.to_string());
                        }
                        return Err(error);
                    }
                },
            }
        }
        if !filled {
            index.extend((given..ndim).map(|_| full()));
        }
        let element = given == ndim && !filled && index.iter().all(|i| matches!(i, Index::At { .. }));
        let view = if element { None } else { Some(view_type(ty, &index)) };
        Ok(Place { array, index, view, fancy: Vec::new() })
    }

    fn tuple_item(&mut self, tuple: Expr, types: &Items, index: &ast::Expr, span: Span) -> Result<Expr> {
        match self.part(index)? {
            Part::Slice(start, stop, step) => {
                let bound = |part: &Option<Expr>| match part {
                    None => Some(None),
                    Some(value) => int_constant(value).map(Some),
                };
                let (Some(start), Some(stop), Some(step)) = (bound(&start), bound(&stop), bound(&step))
                else {
                    let text = "the bounds of a slice of a tuple must be known at compile time";
                    return Err(self.error(Code::NotConstant, index.span, text, "not a constant"));
                };
                let (stmt, read) = self.once("tuple", tuple);
                let picked = slice_positions(types.len() as i64, start, stop, step.unwrap_or(1));
                let values = picked.into_iter().map(|k| self.item(&read, k as u32)).collect();
                let value = self.make_items(types.form, values, span);
                Ok(self.seq(stmt.into_iter().collect(), value))
            }
            Part::Value(value) => {
                if let Some(k) = int_constant(&value) {
                    let position = if k < 0 { k + types.len() as i64 } else { k };
                    if !(0..types.len() as i64).contains(&position) {
                        let what = arith::type_name(&tuple.ty);
                        let text = format!("{what} index out of range: {k} in a {what} of {}", types.len());
                        return Err(self.error(Code::TypeMismatch, index.span, text, "out of range"));
                    }
                    let (stmt, read) = self.once("tuple", tuple);
                    let item = self.item(&read, position as u32);
                    return Ok(self.seq(stmt.into_iter().collect(), Expr { span, ..item }));
                }
                let value_span = value.span;
                let at =
                    if value.ty == Type::INT { value } else { arith::index_value(self, value, value_span)? };
                match types.first() {
                    Some(first) if types.iter().all(|ty| ty == first) => {
                        Ok(Expr::new(ExprKind::ItemAt { tuple, index: at }, first.clone(), span))
                    }
                    _different => {
                        let text =
                            "the items of this tuple have different types, so its index must be a constant";
                        Err(self
                            .error(Code::NotConstant, value_span, text, "not known at compile time")
                            .help("use a constant index, or unpack the tuple")
                            .into())
                    }
                }
            }
        }
    }

    /// What a store goes into: of `a.flat` the elements of `a`.
    fn stored(&mut self, value: &ast::Expr) -> Result<Expr> {
        if let ast::ExprKind::Attribute { value: inner, attr } = &value.kind
            && attr == "flat"
        {
            let array = self.expr(inner)?;
            if array.ty.array().is_some()
                && let Some(flat) = builtin::shape::flat_elements(array, value.span)
            {
                return Ok(flat);
            }
        }
        self.expr(value)
    }

    /// The place `value[index]` of a store.
    pub(super) fn store_place(&mut self, value: &ast::Expr, index: &ast::Expr) -> Result<Place> {
        let array = self.stored(value)?;
        if array.ty.array().is_none() {
            let text = format!("{} does not support item assignment", self.describe(&array.ty));
            let error = self.error(Code::TypeMismatch, value.span, text, "assigned to an item of this");
            return Err(error.help("use an array: `np.array([...])`, or `np.empty(n)` to be filled").into());
        }
        let parts = self.parts(index)?;
        if parts.iter().any(is_fancy) {
            let mut fancy = Vec::new();
            for part in parts {
                match part {
                    Part::Value(value) => fancy.push(value),
                    Part::Slice(..) => return Err(self.mixed_fancy(index.span)),
                }
            }
            return Ok(Place { array, index: Vec::new(), view: None, fancy });
        }
        self.place(array, parts, index.span)
    }

    /// `place = value`.
    pub(super) fn store(&mut self, place: Place, value: Expr, span: Span, out: &mut Vec<Stmt>) -> Result<()> {
        let Place { array, index, view, fancy } = place;
        let ty = array.array();
        if !fancy.is_empty() && ty.writable {
            let args = fancy.into_iter().chain([value]).collect();
            let stored = builtin::method(self, array, "__setitem__", args, Vec::new(), span)?;
            out.push(Stmt { kind: StmtKind::Expr(stored), span });
            return Ok(());
        }
        let items = view.is_some() && builtin::items::is_of_numbers(&value.ty);
        if let Some(view) = view
            && ty.writable
            && items
        {
            let dest = Expr::new(ExprKind::View { array, index }, Type::Array(view), span);
            return builtin::items::assign(self, dest, value, span, out);
        }
        let given = value.clone();
        let value = if items { value } else { arith::store_value(self, value, ty.elem, given.span)? };
        if !ty.writable {
            effect(given, out);
            // The place is evaluated, though never looked at.
            effect(array, out);
            for part in
                index.into_iter().chain(fancy.into_iter().map(|index| Index::At { index, checked: true }))
            {
                let parts = match part {
                    Index::At { index, .. } => [Some(index), None, None],
                    Index::Slice { start, stop, step } => [start, stop, step],
                    Index::NewAxis => [None, None, None],
                };
                for part in parts.into_iter().flatten() {
                    effect(part, out);
                }
            }
            let none = self.unit(Type::None, span);
            self.read_only("assignment destination is read-only", none, span, out);
            return Ok(());
        }
        let kind = match view {
            None => StmtKind::StoreElement { array, index, value },
            Some(view) => {
                let dest = Expr::new(ExprKind::View { array, index }, Type::Array(view), span);
                StmtKind::CopyInto { dest, value }
            }
        };
        out.push(Stmt { kind, span });
        Ok(())
    }

    /// The same place with everything in it evaluated, so that it can be read and then stored to.
    pub(super) fn fix_place(&mut self, place: Place, out: &mut Vec<Stmt>) -> Place {
        let mut hold = |value: Expr| {
            let (stmt, read) = self.once("at", value);
            out.extend(stmt);
            read
        };
        let array = hold(place.array);
        let index = place
            .index
            .into_iter()
            .map(|part| match part {
                Index::At { index, checked } => Index::At { index: hold(index), checked },
                Index::Slice { start, stop, step } => Index::Slice {
                    start: start.map(&mut hold),
                    stop: stop.map(&mut hold),
                    step: step.map(&mut hold),
                },
                Index::NewAxis => Index::NewAxis,
            })
            .collect();
        let fancy = place.fancy.into_iter().map(hold).collect();
        Place { array, index, view: place.view, fancy }
    }

    /// A store that always fails, once its value is there: what follows is not reached.
    pub(super) fn read_only(&mut self, message: &str, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        effect(value, out);
        let args = vec![SiteArg::Text(message.to_string(), Vec::new())];
        out.push(Stmt { kind: StmtKind::Raise { exc: ExcKind::Value, args, payload: Vec::new() }, span });
        self.frame.dead = true;
    }
}

fn full() -> Index {
    Index::Slice { start: None, stop: None, step: None }
}

fn is_full(index: &Index) -> bool {
    matches!(index, Index::Slice { start: None, stop: None, step: None })
}

fn is_fancy(part: &Part) -> bool {
    match part {
        Part::Value(value) => value.ty.array().is_some(),
        Part::Slice(..) => false,
    }
}

/// A Python int that is known now.
pub(super) fn int_constant(value: &Expr) -> Option<i64> {
    match (&*value.kind, &value.ty) {
        (ExprKind::Const(Const::Int(k)), Type::Scalar(s)) if s.kind() != Kind::Unsigned || *k >= 0 => {
            Some(*k)
        }
        (ExprKind::Const(Const::Bool(b)), Type::Scalar(Scalar::Bool)) => Some(i64::from(*b)),
        _other => None,
    }
}

/// Positions that a slice picks from `len` items.
fn slice_positions(len: i64, start: Option<i64>, stop: Option<i64>, step: i64) -> Vec<i64> {
    let clamp =
        |bound: i64, low: i64, high: i64| (if bound < 0 { bound + len } else { bound }).clamp(low, high);
    let mut picked = Vec::new();
    if step > 0 {
        let mut at = start.map_or(0, |s| clamp(s, 0, len));
        let stop = stop.map_or(len, |s| clamp(s, 0, len));
        while at < stop {
            picked.push(at);
            at += step;
        }
    } else {
        let mut at = start.map_or(len - 1, |s| clamp(s, -1, len - 1));
        let stop = stop.map_or(-1, |s| clamp(s, -1, len - 1));
        while at > stop {
            picked.push(at);
            at += step;
        }
    }
    picked
}

/// The type of the view that `index` (one part for each axis, and new axes) makes.
fn view_type(array: ArrayType, index: &[Index]) -> ArrayType {
    let ndim = index.iter().filter(|i| !matches!(i, Index::At { .. })).count() as u8;
    let parts: Vec<&Index> = index.iter().filter(|i| !matches!(i, Index::NewAxis)).collect();
    let is_at = |i: &&&Index| matches!(i, Index::At { .. });
    let unit = |i: &Index| matches!(i, Index::Slice { step: None, .. });
    // Contiguity survives integers on the slowest axes, one range next to them, and everything after it.
    let survives = |slowest_first: Vec<&Index>| {
        let rest: Vec<&Index> = slowest_first.iter().skip_while(|i| is_at(i)).copied().collect();
        rest.first().is_none_or(|first| unit(first)) && rest.iter().skip(1).all(|i| is_full(i))
    };
    let layout = match array.layout {
        Layout::C if survives(parts.clone()) => Layout::C,
        Layout::F if survives(parts.into_iter().rev().collect()) => {
            if ndim >= 2 {
                Layout::F
            } else {
                Layout::C
            }
        }
        Layout::C | Layout::F | Layout::Strided => Layout::Strided,
    };
    // A new axis in a column-major array would need the axes in reverse: keep to what is certain.
    let has_new = index.iter().any(|i| matches!(i, Index::NewAxis));
    let layout = if has_new && layout == Layout::F { Layout::Strided } else { layout };
    let layout = if ndim == 0 { Layout::C } else { layout };
    ArrayType { ndim, layout, ..array }
}
