//! What compiled code prints.
//!
//! In: numbers and pieces of text, in the order in which they are printed. Out: text, a line at a time, to
//! the function that the border has installed (which writes to `sys.stdout`), else to the process's
//! standard output. Invariant: numbers look as Python's `str` shows them.

use crate::abi::print_kind;
use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// Takes whole lines, or what is left at a flush.
pub type Handler = fn(&str);

/// A number that is shown in a format, as `format()` does.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Number {
    Int(i64),
    UInt(u64),
    Float(f64),
    Bool(bool),
    Complex(f64, f64),
}

/// What goes to and comes from the interpreter: lines, and numbers (or what `str` shows of them, if that is given)
/// with the format in which they are wanted.
#[derive(Clone, Copy)]
pub struct Hooks {
    pub write: Handler,
    pub format: fn(Number, Option<&str>, &str) -> String,
}

static HOOKS: OnceLock<Hooks> = OnceLock::new();

/// Installs the functions of the border.
pub fn set_hooks(hooks: Hooks) {
    // A second time they are the same.
    let _ = HOOKS.set(hooks);
}

/// NumPy is older than 2.4, which shows `float32` by rules of its own.
static OLD_NUMPY: AtomicBool = AtomicBool::new(false);

/// Says which NumPy (major, minor) has been imported: its numbers are shown as it shows them.
pub fn set_numpy(version: Option<(u32, u32)>) {
    OLD_NUMPY.store(version.is_some_and(|version| version < (2, 4)), Ordering::Relaxed);
}

#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    /// Real part of a complex number whose imaginary part is to come.
    real: f64,
    /// Format of the number that is to come.
    format: Vec<u8>,
}

thread_local! {
    static LINE: RefCell<Line> = RefCell::default();
}

/// `RuntimeFn::PrintValue`; kinds in `abi::print_kind`.
pub extern "C" fn print_value(kind: i64, bits: i64) {
    // The border is called outside of the borrows: Python code may run there and print in its turn.
    let formatted = LINE.with_borrow_mut(|line| line.append(kind, bits)).map(|number| number.show());
    let text = LINE.with_borrow_mut(|line| {
        line.bytes.extend_from_slice(formatted.unwrap_or_default().as_bytes());
        let end = line.bytes.iter().rposition(|byte| *byte == b'\n')?;
        let rest = line.bytes.split_off(end + 1);
        Some(std::mem::replace(&mut line.bytes, rest))
    });
    if let Some(text) = text {
        write(&text);
    }
}

/// Hands over what this thread has printed since its last line ended; the border calls it after a call.
pub fn flush() {
    let text = LINE.with_borrow_mut(|line| std::mem::take(&mut line.bytes));
    if !text.is_empty() {
        write(&text);
    }
}

fn write(text: &[u8]) {
    match HOOKS.get() {
        Some(hooks) => (hooks.write)(&String::from_utf8_lossy(text)),
        // Nobody could be told of a closed standard output.
        None => drop(std::io::stdout().write_all(text)),
    }
}

impl Line {
    /// Gives back a number that is to be formatted first.
    fn append(&mut self, kind: i64, bits: i64) -> Option<Formatted> {
        let double = f64::from_bits(bits as u64);
        let single = f32::from_bits(bits as u32);
        let (number, text) = match kind {
            print_kind::INT => (Number::Int(bits), bits.to_string()),
            print_kind::UINT => (Number::UInt(bits as u64), (bits as u64).to_string()),
            print_kind::FLOAT => (Number::Float(double), float(double)),
            print_kind::FLOAT32 => (Number::Float(single.into()), float32(single)),
            print_kind::BOOL => {
                let set = bits & 1 != 0;
                (Number::Bool(set), String::from(if set { "True" } else { "False" }))
            }
            print_kind::REAL => {
                self.real = double;
                return None;
            }
            print_kind::REAL32 => {
                self.real = single.into();
                return None;
            }
            print_kind::IMAG => (Number::Complex(self.real, double), complex(self.real, double, float)),
            print_kind::IMAG32 => {
                let narrow = |x: f64| float32(x as f32);
                (Number::Complex(self.real, single.into()), complex(self.real, single.into(), narrow))
            }
            kind if kind >= print_kind::FORMAT => {
                let count = (kind - print_kind::FORMAT).clamp(0, 8) as usize;
                self.format.extend_from_slice(&bits.to_le_bytes()[..count]);
                return None;
            }
            kind => {
                let count = (kind - print_kind::TEXT).clamp(0, 8) as usize;
                self.bytes.extend_from_slice(&bits.to_le_bytes()[..count]);
                return None;
            }
        };
        if !self.format.is_empty() {
            let format = String::from_utf8_lossy(&std::mem::take(&mut self.format)).into_owned();
            return Some(Formatted { number, text, format });
        }
        self.bytes.extend_from_slice(text.as_bytes());
        None
    }
}

/// A number that waits for its format.
struct Formatted {
    number: Number,
    /// As `str` shows it.
    text: String,
    format: String,
}

impl Formatted {
    fn show(&self) -> String {
        let Some(hooks) = HOOKS.get() else { return self.text.clone() };
        let (conversion, format) = self.format.split_once(':').unwrap_or((&self.format, ""));
        let text = if conversion.is_empty() { None } else { Some(self.text.as_str()) };
        (hooks.format)(self.number, text, format)
    }
}

/// Python's `repr` of a float.
pub fn float(x: f64) -> String {
    let shortest = format!("{:e}", x.abs());
    let tie = if x.is_finite() { even_of_tie(x.abs(), &shortest) } else { None };
    let tie = tie.filter(|text| text.parse() == Ok(x.abs()));
    let scientific = !(1e-4..1e16).contains(&x.abs());
    decimal(x, &tie.unwrap_or(shortest), scientific)
}

/// Where `x` lies half-way between two shortest forms, Rust takes the upper one and Python the even one.
fn even_of_tie(x: f64, upper: &str) -> Option<String> {
    let (mantissa, exponent) = upper.split_once('e')?;
    let decimals = mantissa.split_once('.')?.1.len();
    // An odd digit, so not 0, and the lower form differs in it alone.
    let last = mantissa.bytes().next_back().filter(|digit| digit % 2 == 1)?;
    let lower = format!("{}{}", &mantissa[..mantissa.len() - 1], char::from(last - 1));
    // Exact, to far more digits than the one that a tie adds.
    let exact = format!("{:.*e}", decimals + 20, x);
    let rest = exact.strip_prefix(&lower)?.split_once('e')?.0;
    let lower = format!("{lower}e{exponent}");
    let half = rest.starts_with('5') && rest[1..].bytes().all(|digit| digit == b'0');
    half.then_some(lower)
}

/// `str` of a NumPy `float32`: the shortest digits that tell it from its neighbours, scientific from a
/// million on (before NumPy 2.4 from Python's limit on).
pub fn float32(x: f32) -> String {
    let shortest = format!("{:e}", x.abs());
    let wide = f64::from(x);
    let tie = if x.is_finite() { even_of_tie(wide.abs(), &shortest) } else { None };
    let tie = tie.filter(|text| text.parse() == Ok(x.abs()));
    let limit = if OLD_NUMPY.load(Ordering::Relaxed) { 1e16 } else { 1e6 };
    decimal(wide, &tie.unwrap_or(shortest), !(1e-4..limit).contains(&wide.abs()))
}

/// `x` from the shortest digits of its magnitude in scientific form (`d.ddde-n`), as Python writes it.
fn decimal(x: f64, shortest: &str, scientific: bool) -> String {
    if x.is_nan() {
        return String::from("nan");
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    let (mantissa, exponent) = shortest.split_once('e').expect("invariant: scientific form");
    let exponent: i32 = exponent.parse().expect("invariant: scientific form");
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let mut text = String::from(sign);
    if scientific && x != 0.0 {
        text.push_str(mantissa);
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(text, "e{sign}{:02}", exponent.abs());
    } else if exponent < 0 {
        let _ = write!(text, "0.{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1));
    } else {
        let whole = exponent as usize + 1;
        if digits.len() <= whole {
            let _ = write!(text, "{digits}{}.0", "0".repeat(whole - digits.len()));
        } else {
            let _ = write!(text, "{}.{}", &digits[..whole], &digits[whole..]);
        }
    }
    text
}

/// Python's `str` of a complex number.
fn complex(real: f64, imag: f64, show: impl Fn(f64) -> String) -> String {
    // Whole numbers show no `.0` inside a complex number.
    let part = |x: f64| {
        let text = show(x);
        text.strip_suffix(".0").map(String::from).unwrap_or(text)
    };
    if real == 0.0 && real.is_sign_positive() {
        return format!("{}j", part(imag));
    }
    let plus = if imag.is_nan() || imag.is_sign_positive() { "+" } else { "" };
    format!("({}{plus}{}j)", part(real), part(imag))
}
