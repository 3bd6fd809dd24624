//! Whole programs, compiled and run: `tests/golden/run/*.py`.
//!
//! The first function is the entry; its annotations are signature spelling. Each `#> 1, [2.0]` below is a
//! call; the `#|` lines are what CPython gives (`tests/tools/check_run.py` writes them), the arrays after
//! the call included. A call marked `#> ! 1` must be left to the interpreter. Each program runs with the
//! passes and without them.

use crate::{golden, program};
use fastjit::abi::{self, BufferHeader, Context, ExcKind, Payload, SiteArg, status};
use fastjit::diag::{SourceText, render};
use fastjit::infer::env::Env;
use fastjit::load::{self, Executable};
use fastjit::mir::verify;
use fastjit::options::Options;
use fastjit::types::{Kind, Layout, Scalar, Type, name};
use fastjit::{codegen, infer, lower, opt};
use std::fmt::Write;
use std::sync::atomic::{AtomicU32, AtomicUsize};

static NO_INTERRUPT: AtomicU32 = AtomicU32::new(0);

/// A literal of a call line.
#[derive(Clone, Debug)]
enum Literal {
    Int(i128),
    Float(f64),
    List(Vec<Literal>),
}

fn parse_literals(text: &str) -> Vec<Literal> {
    let mut rest = text;
    let mut literals = Vec::new();
    while !rest.trim().is_empty() {
        literals.push(parse_literal(&mut rest));
        rest = rest.trim_start().strip_prefix(',').unwrap_or(rest);
    }
    literals
}

fn parse_literal(rest: &mut &str) -> Literal {
    *rest = rest.trim_start();
    if let Some(inner) = rest.strip_prefix('[') {
        let mut items = Vec::new();
        *rest = inner.trim_start();
        while !rest.starts_with(']') {
            items.push(parse_literal(rest));
            *rest = rest.trim_start();
            *rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        }
        *rest = &rest[1..];
        return Literal::List(items);
    }
    let end = rest.find([',', ']']).unwrap_or(rest.len());
    let word = rest[..end].trim();
    *rest = &rest[end..];
    match word {
        "True" => Literal::Int(1),
        "False" => Literal::Int(0),
        _ => match word.parse::<i128>() {
            Ok(value) => Literal::Int(value),
            Err(_) => Literal::Float(word.parse().unwrap_or_else(|_| panic!("literal {word:?}"))),
        },
    }
}

impl Literal {
    fn float(&self) -> f64 {
        match self {
            Literal::Int(value) => *value as f64,
            Literal::Float(value) => *value,
            Literal::List(_) => panic!("a list where a number was expected"),
        }
    }

    fn word(&self, scalar: Scalar) -> u64 {
        match (self, scalar.kind()) {
            (Literal::Int(value), Kind::Bool | Kind::Signed | Kind::Unsigned) => *value as u64,
            (_, Kind::Float) if scalar == Scalar::F32 => u64::from((self.float() as f32).to_bits()),
            (_, Kind::Float) => self.float().to_bits(),
            (literal, _) => panic!("{literal:?} for {scalar:?}"),
        }
    }
}

/// An array argument: its memory lives here.
struct Array {
    elem: Scalar,
    shape: Vec<usize>,
    bytes: Vec<u64>,
    header: Box<BufferHeader>,
}

fn array(elem: Scalar, ndim: usize, literal: &Literal) -> Array {
    fn fill(literal: &Literal, elem: Scalar, out: &mut Vec<u8>) {
        match literal {
            Literal::List(items) => items.iter().for_each(|item| fill(item, elem, out)),
            Literal::Int(_) | Literal::Float(_) => {
                out.extend(&literal.word(elem).to_le_bytes()[..elem.bytes() as usize]);
            }
        }
    }
    let mut shape = Vec::new();
    let mut level = literal;
    for _ in 0..ndim {
        let Literal::List(items) = level else { panic!("a list was expected") };
        shape.push(items.len());
        level = items.first().unwrap_or(&Literal::Int(0));
    }
    let mut data = Vec::new();
    fill(literal, elem, &mut data);
    data.resize(data.len().next_multiple_of(8) + 8, 0);
    let bytes = data.chunks(8).map(|word| u64::from_le_bytes(word.try_into().unwrap())).collect();
    let header = Box::new(BufferHeader {
        refcount: AtomicUsize::new(1),
        kind: abi::BUFFER_BORROWED,
        data: std::ptr::null_mut(),
        bytes: 0,
        object: std::ptr::null_mut(),
    });
    Array { elem, shape, bytes, header }
}

impl Array {
    fn words(&mut self) -> Vec<u64> {
        let mut words = vec![&raw mut *self.header as u64, self.bytes.as_mut_ptr() as u64];
        words.extend(self.shape.iter().map(|n| *n as u64));
        let mut strides = vec![u64::from(self.elem.bytes()); self.shape.len()];
        for axis in (1..self.shape.len()).rev() {
            strides[axis - 1] = strides[axis] * self.shape[axis] as u64;
        }
        words.extend(strides);
        words
    }
}

/// `repr` of a float in Python.
fn float_repr(value: f64, single: bool) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let text = if single { format!("{:e}", value as f32) } else { format!("{value:e}") };
    let (mantissa, exponent) = text.split_once('e').unwrap();
    let exponent: i32 = exponent.parse().unwrap();
    if (-4..16).contains(&exponent) {
        let plain = if single { format!("{}", value as f32) } else { format!("{value}") };
        return if plain.contains('.') { plain } else { format!("{plain}.0") };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

fn bare(scalar: Scalar, words: &[u64]) -> String {
    let word = words[0];
    let float = |word: u64| {
        if matches!(scalar, Scalar::F32 | Scalar::C64) {
            float_repr(f32::from_bits(word as u32).into(), true)
        } else {
            float_repr(f64::from_bits(word), false)
        }
    };
    match scalar {
        Scalar::Bool | Scalar::NpBool => if word & 0xff == 1 { "True" } else { "False" }.to_owned(),
        Scalar::I8 => (word as i8).to_string(),
        Scalar::I16 => (word as i16).to_string(),
        Scalar::I32 => (word as i32).to_string(),
        Scalar::Int | Scalar::I64 => (word as i64).to_string(),
        Scalar::U8 => (word as u8).to_string(),
        Scalar::U16 => (word as u16).to_string(),
        Scalar::U32 => (word as u32).to_string(),
        Scalar::U64 => word.to_string(),
        Scalar::Float | Scalar::F32 | Scalar::F64 => float(word),
        Scalar::Complex | Scalar::C64 | Scalar::C128 => format!("{}|{}", float(words[0]), float(words[1])),
    }
}

/// The value as `check_run.py` writes it; takes its words off the front.
fn show(ty: &Type, words: &mut &[u64]) -> String {
    match ty {
        Type::Scalar(scalar) => {
            let count = if scalar.kind() == Kind::Complex { 2 } else { 1 };
            let text = bare(*scalar, words);
            *words = &words[count..];
            if scalar.is_python() { text } else { format!("{}({text})", name::scalar(*scalar)) }
        }
        Type::Tuple(items) => {
            let items: Vec<String> = items.iter().map(|item| show(item, words)).collect();
            format!("({})", items.join(", "))
        }
        Type::Array(array) => {
            let ndim = usize::from(array.ndim);
            let (data, shape, strides) = (words[1], &words[2..2 + ndim], &words[2 + ndim..2 + 2 * ndim]);
            let text = show_array(array.elem, data, shape, strides);
            *words = &words[2 + 2 * ndim..];
            text
        }
        Type::None => "None".to_owned(),
        _ => panic!("no way to show a {ty:?}"),
    }
}

fn show_array(elem: Scalar, data: u64, shape: &[u64], strides: &[u64]) -> String {
    fn elements(elem: Scalar, data: u64, shape: &[u64], strides: &[u64], out: &mut Vec<String>) {
        if let [first, rest @ ..] = shape {
            for k in 0..*first {
                let at = data.wrapping_add(k.wrapping_mul(strides[0]));
                elements(elem, at, rest, &strides[1..], out);
            }
            return;
        }
        let size = elem.bytes() as usize / if elem.kind() == Kind::Complex { 2 } else { 1 };
        let mut words = Vec::new();
        for part in 0..elem.bytes() as usize / size {
            let mut bytes = [0; 8];
            // SAFETY: the array is alive and its shape and strides stay inside its memory.
            unsafe {
                std::ptr::copy_nonoverlapping(
                    (data as usize + part * size) as *const u8,
                    bytes.as_mut_ptr(),
                    size,
                );
            }
            words.push(u64::from_le_bytes(bytes));
        }
        out.push(bare(elem, &words));
    }
    let mut out = Vec::new();
    elements(elem, data, shape, strides, &mut out);
    let shape: Vec<String> = shape.iter().map(u64::to_string).collect();
    format!("{}[{}][{}]", name::scalar(elem), shape.join(", "), out.join(", "))
}

fn message(arg: &SiteArg, payload: &[u64]) -> String {
    let word = |kind: &Payload, word: u64| match kind {
        Payload::Int => (word as i64).to_string(),
        Payload::UInt => word.to_string(),
        Payload::Float => float_repr(f64::from_bits(word), false),
        Payload::Bool => if word & 1 == 1 { "True" } else { "False" }.to_owned(),
        Payload::Numpy(scalar) => match Scalar::ALL[usize::from(*scalar)].kind() {
            Kind::Bool => if word & 1 == 1 { "True" } else { "False" }.to_owned(),
            Kind::Signed => (word as i64).to_string(),
            Kind::Unsigned => word.to_string(),
            Kind::Float => float_repr(f64::from_bits(word), false),
            Kind::Complex => panic!("a test that shows a complex number"),
        },
        Payload::Complex => panic!("a test that shows a complex number"),
    };
    match arg {
        SiteArg::Text(text, kinds) => {
            let mut text = text.replace("{{", "\u{1}").replace("}}", "\u{2}");
            for (k, kind) in kinds.iter().enumerate() {
                text = text.replace(&format!("{{{k}}}"), &word(kind, payload[k]));
            }
            format!("{:?}", text.replace('\u{1}', "{").replace('\u{2}', "}"))
        }
        SiteArg::Value { word: at, kind } => word(kind, payload[usize::from(*at)]),
        SiteArg::Int(value) => value.to_string(),
        SiteArg::Float(bits) => float_repr(f64::from_bits(*bits), false),
        SiteArg::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        SiteArg::None => "None".to_owned(),
    }
}

fn exception(kind: ExcKind) -> &'static str {
    match kind {
        ExcKind::Index => "IndexError",
        ExcKind::ZeroDivision => "ZeroDivisionError",
        ExcKind::Value => "ValueError",
        ExcKind::Overflow => "OverflowError",
        ExcKind::Type => "TypeError",
        ExcKind::UnboundLocal => "UnboundLocalError",
        ExcKind::Assertion => "AssertionError",
        ExcKind::Recursion => "RecursionError",
        ExcKind::Memory => "MemoryError",
        ExcKind::User(_) => "a user's exception",
    }
}

fn run_call(exe: &Executable, env: &Env, params: &[Type], result: &Type, call: &str) -> String {
    let literals = parse_literals(call);
    assert_eq!(literals.len(), params.len(), "arguments of {call:?}");
    let mut arrays = Vec::new();
    let mut args = Vec::new();
    for (ty, literal) in params.iter().zip(&literals) {
        match ty {
            Type::Scalar(scalar) => args.push(literal.word(*scalar)),
            Type::Array(ty) => {
                assert_eq!(ty.layout, Layout::C, "array arguments are C arrays");
                let mut array = array(ty.elem, usize::from(ty.ndim), literal);
                args.extend(array.words());
                arrays.push(array);
            }
            _ => panic!("no arguments of type {ty:?}"),
        }
    }
    let here = 0u8;
    let mut ctx = Box::new(Context {
        interrupt: &NO_INTERRUPT,
        hidden: std::ptr::null(),
        stack_limit: (&raw const here as usize).saturating_sub(1 << 19),
        site: u32::MAX,
        trace_len: 0,
        payload: [0; abi::PAYLOAD_WORDS],
        trace: [0; abi::TRACE_SITES],
        border: std::ptr::null_mut(),
    });
    let mut words = vec![0u64; 64];
    // SAFETY: the arguments are laid out as the entry's types say, and live until it returns.
    let status = unsafe { (exe.entry)(&mut *ctx, args.as_ptr(), words.as_mut_ptr()) };
    let mut text = match status {
        status::OK => show(result, &mut words.as_slice()),
        status::DEOPT => "left to the interpreter".to_owned(),
        status::RAISE => {
            let site = &exe.object.sites[ctx.site as usize];
            let args: Vec<String> = site.args.iter().map(|arg| message(arg, &ctx.payload)).collect();
            // The innermost frame of the user's, as the border shows it.
            let trace = &ctx.trace[..ctx.trace_len as usize];
            let calls = trace.iter().flat_map(|site| &exe.object.sites[*site as usize].frames);
            let at = site.frames.iter().chain(calls).find(|at| (at.source as usize) < env.sources.len());
            let line = at.map_or(0, |at| env.sources[at.source as usize].text.first_line + at.line);
            format!("{}({}) line {line}", exception(site.exc.expect("an exception")), args.join(", "))
        }
        other => format!("status {other}"),
    };
    for array in &mut arrays {
        let words = array.words();
        let ndim = array.shape.len();
        let _ =
            write!(text, "; {}", show_array(array.elem, words[1], &words[2..2 + ndim], &words[2 + ndim..]));
    }
    text
}

/// A panic becomes the file's text, so that the other files are still seen.
fn render_calls(file: &str, program: &str, optimise: bool) -> String {
    std::panic::catch_unwind(|| compile_and_call(file, program, optimise)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    })
}

fn compile_and_call(file: &str, text: &str, optimise: bool) -> String {
    let read = program::read(file, text);
    let (entry, params) = read.entry();
    let env = read.env(entry);
    let options = Options::default();
    let typed = match infer::infer(&env, &params, &options) {
        Ok(typed) => typed,
        Err(diagnostic) => {
            let texts: Vec<&SourceText> = env.sources.iter().map(|source| &source.text).collect();
            return render::full(&diagnostic, &texts);
        }
    };
    let mut module = lower::lower(&typed, &options);
    verify::verify(&module).unwrap_or_else(|errors| panic!("{file}: {errors}"));
    if optimise {
        opt::optimize(&mut module, &options);
    }
    let result = &typed.funcs[0].result;
    let exe = load::load(codegen::emit(&module, &params, result, &typed.hidden, &options)).unwrap();
    let mut out = String::new();
    for call in text.lines().filter_map(|line| line.strip_prefix("#>")) {
        let call = call.trim_start().trim_start_matches('!');
        let _ = writeln!(out, "{}", run_call(&exe, &env, &params, result, call));
    }
    out
}

#[test]
fn golden_run() {
    golden::check("run", |file, program| render_calls(file, program, false));
}

#[test]
fn golden_run_optimised() {
    golden::check("run", |file, program| render_calls(file, program, true));
}
