//! Values as Python writes them, to machine words and back, and calls of compiled code with them.
//!
//! In: `3`, `np.float32(0.5)`, `(1, True)`, `np.array([[1.0, 2.0]])`, `np.array([1, 2], np.int8)`, `None`.
//! Out: what a call gives, in the same notation, or `IndexError: its message`.

use fastjit::abi::{
    BufferHeader, Context, ExcKind, PAYLOAD_WORDS, Payload, Site, SiteArg, TRACE_SITES, Ty, status,
};
use fastjit::hir::Const;
use fastjit::load::Executable;
use fastjit::runtime::array;
use fastjit::types::{ArrayType, Form, Kind, Layout, Scalar, Type, flatten, name};
use std::sync::atomic::AtomicU32;

#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    None,
    Scalar(Scalar, Const),
    Str(String),
    Tuple(Vec<Value>),
    List(Vec<Value>),
    /// In C order.
    Array {
        elem: Scalar,
        shape: Vec<usize>,
        items: Vec<Const>,
    },
}

/// Reads a value. Panics on anything else: the text is part of a test.
pub fn parse(text: &str) -> Value {
    let mut reader = Reader { rest: text };
    let value = reader.value();
    assert!(reader.rest.trim().is_empty(), "{:?} is left of {text:?}", reader.rest);
    value
}

/// The values of an argument list.
pub fn parse_list(text: &str) -> Vec<Value> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    match parse(&format!("({text},)")) {
        Value::Tuple(items) => items,
        other => panic!("{other:?} is no list"),
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        let found = self.rest.strip_prefix(token);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn expect(&mut self, token: &str) {
        assert!(self.eat(token), "expected {token} before {:?}", self.rest);
    }

    fn value(&mut self) -> Value {
        if self.eat("np.array(") {
            return self.array();
        }
        if self.eat("np.") {
            let (ty, rest) = self.rest.split_once('(').expect("a constructor has a parenthesis");
            self.rest = rest;
            let elem = dtype(ty);
            let value = self.value();
            self.expect(")");
            return Value::Scalar(elem, convert(&value, elem));
        }
        if self.eat("(") {
            let mut items = Vec::new();
            while !self.eat(")") {
                items.push(self.value());
                if !self.eat(",") {
                    self.expect(")");
                    break;
                }
            }
            return Value::Tuple(items);
        }
        if self.eat("[") {
            let mut items = Vec::new();
            while !self.eat("]") {
                items.push(self.value());
                self.eat(",");
            }
            return Value::List(items);
        }
        for quote in ['"', '\''] {
            if let Some(rest) = self.rest.strip_prefix(quote) {
                let (text, rest) = rest.split_once(quote).expect("a string ends");
                self.rest = rest;
                return Value::Str(text.to_owned());
            }
        }
        let end = self.rest.find([',', ')', ']']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word.trim() {
            "None" => Value::None,
            "True" => Value::Scalar(Scalar::Bool, Const::Bool(true)),
            "False" => Value::Scalar(Scalar::Bool, Const::Bool(false)),
            word => number(word),
        }
    }

    /// Nested lists after `np.array(`, and perhaps the element type.
    fn array(&mut self) -> Value {
        let mut shape = Vec::new();
        let mut items = Vec::new();
        self.nested(0, &mut shape, &mut items);
        let mut elem = match items.first() {
            Some(Value::Scalar(scalar, _)) => scalar.to_numpy(),
            _ => Scalar::F64,
        };
        if self.eat(",") {
            self.eat("dtype=");
            self.expect("np.");
            let end = self.rest.find(')').expect("the call ends");
            elem = dtype(&self.rest[..end]);
            self.rest = &self.rest[end..];
        }
        self.expect(")");
        let items = items.iter().map(|item| convert(item, elem)).collect();
        Value::Array { elem, shape, items }
    }

    fn nested(&mut self, depth: usize, shape: &mut Vec<usize>, items: &mut Vec<Value>) {
        if !self.eat("[") {
            items.push(self.value());
            return;
        }
        if shape.len() == depth {
            shape.push(0);
        }
        let mut count = 0;
        while !self.eat("]") {
            self.nested(depth + 1, shape, items);
            count += 1;
            self.eat(",");
        }
        shape[depth] = count;
    }
}

fn dtype(name: &str) -> Scalar {
    match name::parse_type(name) {
        Ok(Type::Scalar(scalar)) => scalar,
        other => panic!("{name}: {other:?}"),
    }
}

fn number(word: &str) -> Value {
    if let Ok(value) = word.parse() {
        return Value::Scalar(Scalar::Int, Const::Int(value));
    }
    if let Some(imag) = word.strip_suffix('j') {
        // The sign between the parts is the last one that is not of an exponent.
        let at = imag.rfind(['+', '-']).filter(|at| *at > 0 && !imag[..*at].ends_with('e')).unwrap_or(0);
        let re = if at == 0 { 0.0 } else { float(&imag[..at]) };
        return Value::Scalar(Scalar::Complex, Const::Complex(re, float(&imag[at..])));
    }
    Value::Scalar(Scalar::Float, Const::Float(float(word)))
}

fn float(word: &str) -> f64 {
    word.parse().unwrap_or_else(|_| panic!("{word:?} is no number"))
}

/// The constant as one of type `elem`, as NumPy's constructor would.
fn convert(value: &Value, elem: Scalar) -> Const {
    let Value::Scalar(_, value) = value else { panic!("{value:?} is no number") };
    let (re, im) = match *value {
        Const::Bool(b) => (f64::from(b), 0.0),
        Const::Int(k) => (k as f64, 0.0),
        Const::Float(x) => (x, 0.0),
        Const::Complex(re, im) => (re, im),
    };
    match (elem.kind(), *value) {
        (Kind::Bool, _) => Const::Bool(re != 0.0),
        (Kind::Signed | Kind::Unsigned, Const::Int(k)) => Const::Int(k),
        (Kind::Signed | Kind::Unsigned, _) => Const::Int(re as i64),
        (Kind::Float, _) => Const::Float(re),
        (Kind::Complex, _) => Const::Complex(re, im),
    }
}

/// The type that the border gives the value.
pub fn type_of(value: &Value) -> Type {
    match value {
        Value::None => Type::None,
        Value::Scalar(scalar, _) => Type::Scalar(*scalar),
        Value::Str(text) => Type::Str(text.as_str().into()),
        Value::Tuple(items) => Type::Tuple(items.iter().map(type_of).collect()),
        Value::List(items) => Type::list(items.iter().map(type_of).collect()),
        Value::Array { elem, shape, .. } => {
            Type::Array(ArrayType { elem: *elem, ndim: shape.len() as u8, layout: Layout::C, writable: true })
        }
    }
}

/// The words of one number.
fn words(elem: Scalar, value: Const, out: &mut Vec<u64>) {
    let half = |x: f64| match elem.machine() {
        Ty::F32 => u64::from((x as f32).to_bits()),
        _ => x.to_bits(),
    };
    match value {
        Const::Bool(b) => out.push(u64::from(b)),
        Const::Int(k) => out.push(k as u64),
        Const::Float(x) => out.push(half(x)),
        Const::Complex(re, im) => out.extend([half(re), half(im)]),
    }
}

/// What the machine words of a number mean.
fn number_of(elem: Scalar, words: &mut impl Iterator<Item = u64>) -> Const {
    let mut next = || words.next().expect("a value has its words");
    let half = |word: u64| match elem.machine() {
        Ty::F32 => f64::from(f32::from_bits(word as u32)),
        _ => f64::from_bits(word),
    };
    match elem.kind() {
        Kind::Bool => Const::Bool(next() & 1 != 0),
        // What lies above the bits of a narrow number does not count.
        Kind::Signed => {
            let above = 64 - 8 * elem.bytes();
            Const::Int((next() << above) as i64 >> above)
        }
        Kind::Unsigned => {
            let above = 64 - 8 * elem.bytes();
            Const::Int((next() << above >> above) as i64)
        }
        Kind::Float => Const::Float(half(next())),
        Kind::Complex => Const::Complex(half(next()), half(next())),
    }
}

/// Arguments in memory for the time of a call.
#[derive(Default)]
struct Arguments {
    words: Vec<u64>,
    headers: Vec<Box<BufferHeader>>,
    memory: Vec<Vec<u64>>,
}

impl Arguments {
    fn push(&mut self, value: &Value) {
        match value {
            Value::None | Value::Str(_) => {}
            Value::Scalar(scalar, value) => words(*scalar, *value, &mut self.words),
            Value::Tuple(items) | Value::List(items) => items.iter().for_each(|item| self.push(item)),
            Value::Array { elem, shape, items } => {
                let mut bytes = Vec::new();
                let mut parts = Vec::new();
                for item in items {
                    parts.clear();
                    words(*elem, *item, &mut parts);
                    let each = elem.bytes() as usize / parts.len();
                    parts.iter().for_each(|word| bytes.extend(&word.to_le_bytes()[..each]));
                }
                bytes.resize(bytes.len().next_multiple_of(8).max(8), 0);
                let memory: Vec<u64> =
                    bytes.chunks(8).map(|c| u64::from_le_bytes(c.try_into().expect("8 bytes"))).collect();
                let header = Box::new(array::borrowed(std::ptr::null_mut()));
                self.words.extend([&raw const *header as u64, memory.as_ptr() as u64]);
                self.headers.push(header);
                self.memory.push(memory);
                self.words.extend(shape.iter().map(|n| *n as u64));
                let mut stride = u64::from(elem.bytes());
                let mut strides = Vec::new();
                for n in shape.iter().rev() {
                    strides.push(stride);
                    stride *= *n as u64;
                }
                self.words.extend(strides.iter().rev());
            }
        }
    }
}

static NO_INTERRUPT: AtomicU32 = AtomicU32::new(0);

/// How a call ended.
#[derive(PartialEq, Debug)]
pub enum Ended {
    Value(String),
    /// `IndexError: its message`.
    Error(String),
    /// Left to the interpreter; the error that it would have been after an effect.
    Interpreter(String),
}

/// Calls the code. `objects` are the names of the user's exception classes.
pub fn call(exe: &Executable, args: &[Value], hidden: &[Value], objects: &[String]) -> Ended {
    let mut arguments = Arguments::default();
    args.iter().for_each(|arg| arguments.push(arg));
    let mut globals = Arguments::default();
    hidden.iter().for_each(|arg| globals.push(arg));
    let mut ctx = Context {
        interrupt: &NO_INTERRUPT,
        hidden: globals.words.as_ptr(),
        stack_limit: (&raw const arguments as usize) - (512 << 10),
        site: u32::MAX,
        trace_len: 0,
        payload: [0; PAYLOAD_WORDS],
        trace: [0; TRACE_SITES],
        border: std::ptr::null_mut(),
    };
    let mut results = vec![0; flatten(&exe.object.result).len().max(1)];
    // SAFETY: the words are those of the types that the code was compiled for.
    let code = unsafe { (exe.entry)(&mut ctx, arguments.words.as_ptr(), results.as_mut_ptr()) };
    match code {
        status::OK => Ended::Value(show(&exe.object.result, &mut results.iter().copied())),
        status::DEOPT => Ended::Interpreter(error(&exe.object.sites, &ctx, objects)),
        status::RAISE => Ended::Error(error(&exe.object.sites, &ctx, objects)),
        other => panic!("status {other}"),
    }
}

/// A value of a type as `repr` shows it. Arrays that the call made are freed.
fn show(ty: &Type, words: &mut impl Iterator<Item = u64>) -> String {
    match ty {
        Type::Scalar(scalar) => scalar_text(*scalar, number_of(*scalar, words)),
        Type::Tuple(items) => {
            let parts: Vec<String> = items.iter().map(|item| show(item, words)).collect();
            if items.form == Form::Either {
                // The first says which of the others is the value.
                let chosen: usize = parts[0].parse().expect("a number");
                parts[1 + chosen].clone()
            } else if items.form == Form::List {
                format!("[{}]", parts.join(", "))
            } else if parts.len() == 1 {
                format!("({},)", parts[0])
            } else {
                format!("({})", parts.join(", "))
            }
        }
        Type::Array(array) => array_text(*array, words),
        Type::None => "None".to_owned(),
        Type::Str(text) => format!("'{text}'"),
        other => other.to_string(),
    }
}

fn scalar_text(scalar: Scalar, value: Const) -> String {
    let plain = plain_text(scalar, value);
    match scalar {
        _ if scalar.is_python() => plain,
        Scalar::NpBool => format!("np.{plain}_"),
        _ => format!("np.{scalar}({})", plain.trim_matches(['(', ')'])),
    }
}

fn plain_text(scalar: Scalar, value: Const) -> String {
    let float = |x: f64| match scalar.machine() {
        Ty::F32 => fastjit::runtime::output::float32(x as f32),
        _ => fastjit::runtime::output::float(x),
    };
    match value {
        Const::Bool(b) => if b { "True" } else { "False" }.to_owned(),
        Const::Int(k) if scalar.kind() == Kind::Unsigned => (k as u64).to_string(),
        Const::Int(k) => k.to_string(),
        Const::Float(x) => float(x),
        Const::Complex(re, im) => {
            let short = |x: f64| float(x).trim_end_matches(".0").to_owned();
            if re == 0.0 && re.is_sign_positive() {
                return format!("{}j", short(im));
            }
            let sign = if im.is_sign_negative() { "" } else { "+" };
            format!("({}{sign}{}j)", short(re), short(im))
        }
    }
}

fn array_text(ty: ArrayType, words: &mut impl Iterator<Item = u64>) -> String {
    let head: Vec<u64> = words.take(2 + 2 * ty.ndim as usize).collect();
    let ndim = ty.ndim as usize;
    let (shape, strides) = (&head[2..2 + ndim], &head[2 + ndim..]);
    let mut text = String::new();
    part(ty.elem, head[1], shape, strides, &mut text);
    unsafe { array::release(head[0] as *mut BufferHeader) };
    let by_default = matches!(ty.elem, Scalar::F64 | Scalar::I64 | Scalar::C128 | Scalar::NpBool);
    if by_default { format!("np.array({text})") } else { format!("np.array({text}, np.{})", ty.elem) }
}

fn part(elem: Scalar, at: u64, shape: &[u64], strides: &[u64], out: &mut String) {
    let (Some(n), Some(stride)) = (shape.first(), strides.first()) else {
        let bytes = elem.bytes() as usize;
        // SAFETY: the element lies within the array that the compiled code returned.
        let raw = unsafe { std::slice::from_raw_parts(at as *const u8, bytes) };
        let each = if elem.kind() == Kind::Complex { bytes / 2 } else { bytes };
        let mut words = raw.chunks(each).map(|chunk| {
            let negative = elem.kind() == Kind::Signed && chunk[each - 1] & 0x80 != 0;
            let mut word = [if negative { 0xff } else { 0 }; 8];
            word[..each].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        });
        let value = number_of(elem, &mut words);
        out.push_str(&plain_text(elem, value));
        return;
    };
    out.push('[');
    for k in 0..*n {
        if k > 0 {
            out.push_str(", ");
        }
        part(elem, at.wrapping_add(k.wrapping_mul(*stride)), &shape[1..], &strides[1..], out);
    }
    out.push(']');
}

fn error(sites: &[Site], ctx: &Context, objects: &[String]) -> String {
    let site = &sites[ctx.site as usize];
    let class = match site.exc.expect("an error has a class") {
        ExcKind::Index => "IndexError",
        ExcKind::ZeroDivision => "ZeroDivisionError",
        ExcKind::Value => "ValueError",
        ExcKind::Overflow => "OverflowError",
        ExcKind::Type => "TypeError",
        ExcKind::UnboundLocal => "UnboundLocalError",
        ExcKind::Assertion => "AssertionError",
        ExcKind::Recursion => "RecursionError",
        ExcKind::Memory => "MemoryError",
        ExcKind::User(index) => &objects[index as usize],
    };
    let payload = |word: usize, kind: Payload| match kind {
        Payload::Int => (ctx.payload[word] as i64).to_string(),
        Payload::UInt => ctx.payload[word].to_string(),
        Payload::Float => fastjit::runtime::output::float(f64::from_bits(ctx.payload[word])),
        Payload::Complex | Payload::Numpy(_) => panic!("a test that shows numbers of other types"),
        Payload::Bool => if ctx.payload[word] & 1 != 0 { "True" } else { "False" }.to_owned(),
    };
    let args: Vec<String> = site
        .args
        .iter()
        .map(|arg| match arg {
            SiteArg::Text(text, kinds) => {
                let mut text = text.clone();
                for (word, kind) in kinds.iter().enumerate() {
                    text = text.replace(&format!("{{{word}}}"), &payload(word, *kind));
                }
                text.replace("{{", "{").replace("}}", "}")
            }
            SiteArg::Value { word, kind } => payload(*word as usize, *kind),
            SiteArg::Int(value) => value.to_string(),
            SiteArg::Float(bits) => fastjit::runtime::output::float(f64::from_bits(*bits)),
            SiteArg::Bool(true) => "True".to_owned(),
            SiteArg::Bool(false) => "False".to_owned(),
            SiteArg::None => "None".to_owned(),
        })
        .collect();
    if args.is_empty() { class.to_owned() } else { format!("{class}: {}", args.join(", ")) }
}
