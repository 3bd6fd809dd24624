//! What compiled code prints.
//!
//! In: numbers and pieces of text, in the order in which they are printed. Out: text, a line at a time, to
//! the function that the border has installed (which writes to `sys.stdout`), else to the process's
//! standard output. Invariant: numbers look as Python's `str` shows them.

use crate::abi::print_kind;
use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Takes whole lines, or what is left at a flush.
pub type Handler = fn(&str);

static HANDLER: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

/// Installs the function that text goes to.
pub fn set_handler(handler: Handler) {
    HANDLER.store(handler as *mut (), Ordering::Release);
}

#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    /// Real part of a complex number whose imaginary part is to come.
    real: f64,
}

thread_local! {
    static LINE: RefCell<Line> = RefCell::default();
}

/// `RuntimeFn::PrintValue`; kinds in `abi::print_kind`.
pub extern "C" fn print_value(kind: i64, bits: i64) {
    let text = LINE.with_borrow_mut(|line| {
        line.append(kind, bits);
        // The handler is called outside the borrow: Python code may run there and print in its turn.
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
    let handler = HANDLER.load(Ordering::Acquire);
    if handler.is_null() {
        // Nobody could be told of a closed standard output.
        let _ = std::io::stdout().write_all(text);
        return;
    }
    // SAFETY: only `set_handler` stores here, and it stores a `Handler`.
    let handler = unsafe { std::mem::transmute::<*mut (), Handler>(handler) };
    handler(&String::from_utf8_lossy(text));
}

impl Line {
    fn append(&mut self, kind: i64, bits: i64) {
        let text = match kind {
            print_kind::INT => bits.to_string(),
            print_kind::UINT => (bits as u64).to_string(),
            print_kind::FLOAT => float(f64::from_bits(bits as u64)),
            print_kind::FLOAT32 => float32(f32::from_bits(bits as u32)),
            print_kind::BOOL => String::from(if bits & 1 != 0 { "True" } else { "False" }),
            print_kind::REAL => {
                self.real = f64::from_bits(bits as u64);
                return;
            }
            print_kind::REAL32 => {
                self.real = f64::from(f32::from_bits(bits as u32));
                return;
            }
            print_kind::IMAG => complex(self.real, f64::from_bits(bits as u64), float),
            print_kind::IMAG32 => {
                let narrow = |x: f64| float32(x as f32);
                complex(self.real, f64::from(f32::from_bits(bits as u32)), narrow)
            }
            kind => {
                let count = (kind - print_kind::TEXT).clamp(0, 8) as usize;
                self.bytes.extend_from_slice(&bits.to_le_bytes()[..count]);
                return;
            }
        };
        self.bytes.extend_from_slice(text.as_bytes());
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
/// million on (NumPy 2.4; older versions follow Python's limit).
pub fn float32(x: f32) -> String {
    let shortest = format!("{:e}", x.abs());
    let wide = f64::from(x);
    let tie = if x.is_finite() { even_of_tie(wide.abs(), &shortest) } else { None };
    let tie = tie.filter(|text| text.parse() == Ok(x.abs()));
    decimal(wide, &tie.unwrap_or(shortest), !(1e-4..1e6).contains(&wide.abs()))
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
