//! Lowering of arrays: programs built by hand as HIR, lowered, and interpreted as MIR (where a wild
//! address, a use after free and a leak are errors), then run as machine code.

use fastjit::abi::Payload;
use fastjit::diag::Span;
use fastjit::hir::*;
use fastjit::lower;
use fastjit::mir::interp::{Machine, Outcome};
use fastjit::mir::{self, Func, Module};
use fastjit::options::Options;
use fastjit::types::{ArrayType, Layout, Scalar, Type};

const SPAN: Span = Span { start: 0, end: 0 };

fn array_type(elem: Scalar, ndim: u8, layout: Layout) -> Type {
    Type::Array(ArrayType { elem, ndim, layout, writable: true })
}
fn vector() -> Type {
    array_type(Scalar::F64, 1, Layout::C)
}
fn strided(ndim: u8) -> Type {
    array_type(Scalar::F64, ndim, Layout::Strided)
}
fn scalar(s: Scalar) -> Type {
    Type::Scalar(s)
}
fn expr(kind: ExprKind, ty: Type) -> Expr {
    Expr::new(kind, ty, SPAN)
}
fn int(value: i64) -> Expr {
    expr(ExprKind::Const(Const::Int(value)), Type::INT)
}
fn f64_(value: f64) -> Expr {
    expr(ExprKind::Const(Const::Float(value)), scalar(Scalar::F64))
}
fn local(k: u32, ty: Type) -> Expr {
    expr(ExprKind::Local { local: LocalId(k), bound: None }, ty)
}
fn stmt(kind: StmtKind) -> Stmt {
    Stmt { kind, span: SPAN }
}
fn assign(k: u32, value: Expr) -> Stmt {
    stmt(StmtKind::Assign { local: LocalId(k), value })
}
fn ret(value: Expr) -> Stmt {
    stmt(StmtKind::Return(value))
}
fn at(index: Expr) -> Index {
    Index::At { index, checked: true }
}
fn slice(start: Option<Expr>, stop: Option<Expr>, step: Option<Expr>) -> Index {
    Index::Slice { start, stop, step }
}
fn element(array: Expr, index: Vec<Index>) -> Expr {
    let elem = array.array().elem;
    expr(ExprKind::Element { array, index }, scalar(elem))
}
fn view(array: Expr, index: Vec<Index>, ty: Type) -> Expr {
    expr(ExprKind::View { array, index }, ty)
}
fn arg(k: u32) -> Expr {
    expr(ExprKind::MapArg(k), scalar(Scalar::F64))
}
fn add(lhs: Expr, rhs: Expr) -> Expr {
    let ty = lhs.ty.clone();
    expr(ExprKind::Binary { op: BinaryOp::Add, lhs, rhs }, ty)
}
fn map(inputs: Vec<Expr>, body: Expr, ndim: u8) -> Expr {
    expr(ExprKind::Map { inputs, body }, array_type(Scalar::F64, ndim, Layout::C))
}

fn function(params: Vec<Type>, more: Vec<Type>, result: Type, body: Vec<Stmt>) -> Function {
    let count = params.len() as u32;
    let locals = params.into_iter().chain(more).enumerate();
    Function {
        name: "f".into(),
        source: 0,
        text: "def f(): pass\n".into(),
        params: count,
        locals: locals.map(|(k, ty)| LocalData { name: format!("x{k}"), ty, role: Role::Own }).collect(),
        result,
        body,
        recursive: false,
        span: SPAN,
    }
}

fn lowered(funcs: Vec<Function>) -> Module {
    let program = Program { funcs, hidden: Vec::new(), python_minor: 11, sources: 1 };
    let options = Options::default();
    let mut module = lower::lower(&program, &options);
    if let Err(text) = mir::verify::verify(&module) {
        panic!("{text}");
    }
    fastjit::opt::outline::run(&mut module, &options);
    if let Err(text) = mir::verify::verify(&module) {
        panic!("{text}");
    }
    module
}

/// An argument.
enum Arg {
    Int(i64),
    /// Data, shape, strides in elements, offset of the first element.
    Array(Vec<f64>, Vec<i64>, Vec<i64>, i64),
}

fn array1(data: &[f64]) -> Arg {
    Arg::Array(data.to_vec(), vec![data.len() as i64], vec![1], 0)
}

struct Ran {
    outcome: Outcome,
    /// Contents of the array arguments afterwards.
    arrays: Vec<Vec<f64>>,
    /// Elements of a returned array of rank 1 or 2, in C order.
    result: Vec<f64>,
}

/// Interprets the module; `ndim` is the rank of the returned array, if it is one.
fn run(module: &Module, args: &[Arg], ndim: Option<usize>) -> Ran {
    let mut machine = Machine::new(module);
    let mut words = Vec::new();
    let mut places = Vec::new();
    for arg in args {
        match arg {
            Arg::Int(value) => words.push(*value as u64),
            Arg::Array(data, shape, strides, offset) => {
                let base = machine.memory.allocate(8 * data.len());
                for (k, value) in data.iter().enumerate() {
                    machine
                        .memory
                        .store(base + 8 * k as u64, &value.to_le_bytes())
                        .expect("inside its buffer");
                }
                places.push((base, data.len()));
                words.push(machine.memory.borrowed(base));
                words.push(base + (8 * offset) as u64);
                words.extend(shape.iter().map(|n| *n as u64));
                words.extend(strides.iter().map(|s| (8 * s) as u64));
            }
        }
    }
    let outcome = machine
        .call(Func(0), &words)
        .unwrap_or_else(|trap| panic!("{}\n{}", trap.0, mir::print::module(module)));
    let mut load = |address: u64| f64::from_bits(machine.memory.load(address, 8).expect("inside its buffer"));
    let arrays =
        places.iter().map(|(base, len)| (0..*len).map(|k| load(base + 8 * k as u64)).collect()).collect();
    let mut result = Vec::new();
    if let (Some(ndim), Outcome::Done(words)) = (ndim, &outcome) {
        let shape = &words[2..2 + ndim];
        let strides = &words[2 + ndim..2 + 2 * ndim];
        let mut addresses = vec![words[1]];
        for axis in 0..ndim {
            addresses = addresses
                .iter()
                .flat_map(|base| {
                    (0..shape[axis]).map(move |k| base.wrapping_add(k.wrapping_mul(strides[axis])))
                })
                .collect();
        }
        result = addresses.into_iter().map(load).collect();
    }
    let live = machine.memory.live_heap();
    let expected = match (&outcome, ndim) {
        (Outcome::Done(_), Some(_)) => live <= 1,
        (Outcome::Done(_), None) | (Outcome::Failed(_), _) => live == 0,
    };
    assert!(expected, "{live} buffers are left\n{}", mir::print::module(module));
    Ran { outcome, arrays, result }
}

fn failure(module: &Module, ran: &Ran) -> String {
    let Outcome::Failed(failure) = &ran.outcome else { panic!("did not fail: {:?}", ran.outcome) };
    let site = &module.sites[failure.site];
    let fastjit::abi::SiteArg::Text(text, kinds) = &site.args[0] else { panic!("no text") };
    let mut text = text.clone();
    for (k, kind) in kinds.iter().enumerate() {
        assert!(matches!(kind, Payload::Int | Payload::UInt));
        text = text.replace(&format!("{{{k}}}"), &(failure.payload[k] as i64).to_string());
    }
    text
}

const FIVE: [f64; 5] = [10.0, 11.0, 12.0, 13.0, 14.0];

#[test]
fn elements_wrap_around_and_are_checked() {
    let body = vec![ret(element(local(0, vector()), vec![at(local(1, Type::INT))]))];
    let module = lowered(vec![function(vec![vector(), Type::INT], vec![], scalar(Scalar::F64), body)]);
    for i in -7..7i64 {
        let ran = run(&module, &[array1(&FIVE), Arg::Int(i)], None);
        if (-5..5).contains(&i) {
            let wanted = FIVE[if i < 0 { i + 5 } else { i } as usize];
            assert_eq!(ran.outcome, Outcome::Done(vec![wanted.to_bits()]));
        } else {
            assert_eq!(failure(&module, &ran), format!("index {i} is out of bounds for axis 0 with size 5"));
        }
    }
}

/// What Python's `slice.indices` gives, item by item.
fn slice_items(n: i64, start: Option<i64>, stop: Option<i64>, step: i64) -> Vec<i64> {
    let (lower, upper) = if step < 0 { (-1, n - 1) } else { (0, n) };
    let clamp = |k: i64| if k < 0 { (k + n).max(lower) } else { k.min(upper) };
    let first = start.map_or(if step < 0 { upper } else { lower }, clamp);
    let last = stop.map_or(if step < 0 { lower } else { upper }, clamp);
    let mut items = Vec::new();
    let mut k = first;
    while (step > 0 && k < last) || (step < 0 && k > last) {
        items.push(k);
        k += step;
    }
    items
}

#[test]
fn slices_clamp_as_python_does() {
    let bounds = [None, Some(-9), Some(-5), Some(-2), Some(-1), Some(0), Some(1), Some(3), Some(5), Some(9)];
    let source = local(0, vector());
    let dynamic = {
        let parts = slice(Some(local(1, Type::INT)), Some(local(2, Type::INT)), Some(local(3, Type::INT)));
        let body = vec![ret(view(source.clone(), vec![parts], strided(1)))];
        lowered(vec![function(vec![vector(), Type::INT, Type::INT, Type::INT], vec![], strided(1), body)])
    };
    for start in bounds {
        for stop in bounds {
            for step in [-7, -2, -1, 1, 2, 7] {
                let parts = slice(start.map(int), stop.map(int), Some(int(step)));
                let body = vec![ret(view(source.clone(), vec![parts], strided(1)))];
                let module = lowered(vec![function(vec![vector()], vec![], strided(1), body)]);
                for n in [0, 1, 4, 5] {
                    let wanted: Vec<f64> =
                        slice_items(n, start, stop, step).iter().map(|k| FIVE[*k as usize]).collect();
                    let ran = run(&module, &[array1(&FIVE[..n as usize])], Some(1));
                    assert_eq!(ran.result, wanted, "{start:?}:{stop:?}:{step} of {n}");
                    if let (Some(start), Some(stop)) = (start, stop) {
                        let args =
                            [array1(&FIVE[..n as usize]), Arg::Int(start), Arg::Int(stop), Arg::Int(step)];
                        assert_eq!(run(&dynamic, &args, Some(1)).result, wanted);
                    }
                }
            }
        }
    }
    let ran = run(&dynamic, &[array1(&FIVE), Arg::Int(0), Arg::Int(1), Arg::Int(0)], None);
    assert_eq!(failure(&dynamic, &ran), "slice step cannot be zero");
}

#[test]
fn elementwise_expressions_broadcast() {
    let two = array_type(Scalar::F64, 2, Layout::C);
    let body = vec![ret(map(vec![local(0, two.clone()), local(1, vector())], add(arg(0), arg(1)), 2))];
    let module = lowered(vec![function(vec![two.clone(), vector()], vec![], two.clone(), body)]);
    let matrix = || Arg::Array(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], vec![2, 3], vec![3, 1], 0);
    let ran = run(&module, &[matrix(), array1(&[10.0, 20.0, 30.0])], Some(2));
    assert_eq!(ran.result, [11.0, 22.0, 33.0, 14.0, 25.0, 36.0]);
    let ran = run(&module, &[matrix(), array1(&[10.0])], Some(2));
    assert_eq!(ran.result, [11.0, 12.0, 13.0, 14.0, 15.0, 16.0]);
    let column = Arg::Array(vec![1.0, 2.0], vec![2, 1], vec![1, 1], 0);
    let ran = run(&module, &[column, array1(&[10.0, 20.0])], Some(2));
    assert_eq!(ran.result, [11.0, 21.0, 12.0, 22.0]);
    let empty = Arg::Array(vec![], vec![0, 3], vec![3, 1], 0);
    assert!(run(&module, &[empty, array1(&[1.0, 2.0, 3.0])], Some(2)).result.is_empty());
    let ran = run(&module, &[matrix(), array1(&FIVE)], None);
    assert_eq!(failure(&module, &ran), "operands could not be broadcast together with shapes (2,3) (5,) ");
}

#[test]
fn stores_are_as_if_the_value_came_first() {
    // a[1:] = a[:-1] + 1.0
    let a = || local(0, vector());
    let tail = view(a(), vec![slice(Some(int(1)), None, None)], vector());
    let head = view(a(), vec![slice(None, Some(int(-1)), None)], vector());
    let shifted = |value| {
        vec![stmt(StmtKind::CopyInto { dest: tail.clone(), value }), ret(expr(ExprKind::Unit, Type::None))]
    };
    let body = shifted(map(vec![head.clone()], add(arg(0), f64_(1.0)), 1));
    let module = lowered(vec![function(vec![vector()], vec![], Type::None, body)]);
    assert_eq!(run(&module, &[array1(&FIVE)], None).arrays[0], [10.0, 11.0, 12.0, 13.0, 14.0]);
    let data = [5.0, 0.0, 0.0, 0.0];
    assert_eq!(run(&module, &[array1(&data)], None).arrays[0], [5.0, 6.0, 1.0, 1.0]);
    // a[1:] = a[:-1]
    let module = lowered(vec![function(vec![vector()], vec![], Type::None, shifted(head.clone()))]);
    assert_eq!(run(&module, &[array1(&FIVE)], None).arrays[0], [10.0, 10.0, 11.0, 12.0, 13.0]);
    // a[1:] = a[:-1][::-1], strided and overlapping
    let turned = view(head.clone(), vec![slice(None, None, Some(int(-1)))], strided(1));
    let module = lowered(vec![function(vec![vector()], vec![], Type::None, shifted(turned))]);
    assert_eq!(run(&module, &[array1(&FIVE)], None).arrays[0], [10.0, 13.0, 12.0, 11.0, 10.0]);
    // Does not fit.
    let module = lowered(vec![function(vec![vector()], vec![], Type::None, shifted(a()))]);
    let ran = run(&module, &[array1(&FIVE)], None);
    assert_eq!(failure(&module, &ran), "could not broadcast input array from shape (5,) into shape (4,)");
    assert_eq!(ran.arrays[0], FIVE);
    // A scalar, and zero.
    for value in [0.0, 2.5] {
        let module = lowered(vec![function(vec![vector()], vec![], Type::None, shifted(f64_(value)))]);
        assert_eq!(run(&module, &[array1(&FIVE)], None).arrays[0], [10.0, value, value, value, value]);
    }
}

#[test]
fn buffers_are_freed_on_every_path() {
    // b = a + 1; for i in range(n): b = b + b[i]; row = b[1:]; return row
    let int_local = |k| local(k, Type::INT);
    let v = |k| local(k, vector());
    let step = map(vec![v(2), element(v(2), vec![at(int_local(3))])], add(arg(0), arg(1)), 1);
    let body = vec![
        assign(2, map(vec![v(0)], add(arg(0), f64_(1.0)), 1)),
        stmt(StmtKind::For {
            counter: LocalId(3),
            start: int(0),
            stop: int_local(1),
            step: int(1),
            body: vec![
                assign(2, step),
                assign(4, view(v(2), vec![slice(Some(int(1)), None, None)], vector())),
            ],
            orelse: vec![],
            parallel: None,
        }),
        ret(v(4)),
    ];
    let module = lowered(vec![function(
        vec![vector(), Type::INT],
        vec![vector(), Type::INT, vector()],
        vector(),
        body,
    )]);
    let ran = run(&module, &[array1(&[0.0, 1.0, 2.0]), Arg::Int(2)], Some(1));
    assert_eq!(ran.result, [6.0, 7.0]);
    let ran = run(&module, &[array1(&[0.0, 1.0, 2.0]), Arg::Int(9)], None);
    assert_eq!(failure(&module, &ran), "index 3 is out of bounds for axis 0 with size 3");
    // A call that returns its argument, and one that returns a new array.
    for value in [v(0), map(vec![v(0)], add(arg(0), f64_(1.0)), 1)] {
        let callee = function(vec![vector()], vec![], vector(), vec![ret(value)]);
        let call = |arg| expr(ExprKind::Call { func: FuncId(1), args: vec![arg] }, vector());
        let body = vec![assign(1, call(call(v(0)))), assign(1, call(v(1))), ret(call(v(1)))];
        let module = lowered(vec![function(vec![vector()], vec![vector()], vector(), body), callee]);
        assert_eq!(run(&module, &[array1(&FIVE)], Some(1)).result.len(), 5);
    }
}

#[test]
fn parallel_loops_reduce_and_keep_privates_apart() {
    // for i in prange(n): t = a[i]; total += t; a[i] = t + 1
    let build = |ordered: Option<Ordered>| {
        let a = || local(0, vector());
        let (i, t, total) =
            (local(1, Type::INT), local(2, scalar(Scalar::F64)), local(3, scalar(Scalar::F64)));
        let inner = vec![
            assign(2, element(a(), vec![at(i.clone())])),
            assign(3, add(total.clone(), t.clone())),
            stmt(StmtKind::StoreElement { array: a(), index: vec![at(i)], value: add(t.clone(), f64_(1.0)) }),
        ];
        let body = vec![
            assign(2, f64_(0.5)),
            assign(3, f64_(1.0)),
            stmt(StmtKind::For {
                counter: LocalId(1),
                start: int(0),
                stop: expr(ExprKind::ArrayAttr { array: a(), attr: ArrayAttr::Shape(0) }, Type::INT),
                step: int(1),
                body: inner,
                orelse: vec![],
                parallel: Some(Parallel {
                    reductions: vec![(LocalId(3), ReduceOp::Add)],
                    combines: Vec::new(),
                    ordered,
                }),
            }),
            ret(total),
        ];
        let f = scalar(Scalar::F64);
        lowered(vec![function(vec![vector()], vec![Type::INT, f.clone(), f.clone()], f, body)])
    };
    let module = build(None);
    assert_eq!(module.funcs.len(), 2);
    let ran = run(&module, &[array1(&FIVE)], None);
    assert_eq!(ran.outcome, Outcome::Done(vec![61.0f64.to_bits()]));
    assert_eq!(ran.arrays[0], [11.0, 12.0, 13.0, 14.0, 15.0]);
    // `infer` has the last word on loops that run in order, on one thread.
    let module = build(Some(Ordered::Order));
    assert_eq!(module.funcs.len(), 1);
    let ran = run(&module, &[array1(&FIVE)], None);
    assert_eq!(ran.outcome, Outcome::Done(vec![61.0f64.to_bits()]));
}
