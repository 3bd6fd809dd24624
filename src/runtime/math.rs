//! Arithmetic that machine code leaves to a function: powers, Python's and NumPy's division of floats,
//! rounding, exact comparison.
//!
//! In: numbers. Out: numbers. Invariant: the bits are the interpreter's (or NumPy's, where the name says so).

use std::cmp::Ordering;

/// `RuntimeFn::IntPow`: exact power; sets `*overflow` to 1 if it does not fit, else to 0.
///
/// # Safety
/// `overflow` may be written.
pub unsafe extern "C" fn int_pow(base: i64, exp: i64, overflow: *mut i64) -> i64 {
    let (value, fits) = match base {
        0 => (i64::from(exp == 0), true),
        1 => (1, true),
        -1 => (if exp % 2 == 0 { 1 } else { -1 }, true),
        base => match u32::try_from(exp).ok().and_then(|exp| base.checked_pow(exp)) {
            Some(value) => (value, true),
            None => (0, false),
        },
    };
    // SAFETY: the caller passes the address of a word of its own.
    unsafe { *overflow = i64::from(!fits) };
    value
}

/// `RuntimeFn::IntPowWrap`: power modulo 2**64.
pub extern "C" fn int_pow_wrap(base: i64, exp: i64) -> i64 {
    let (mut base, mut exp, mut value) = (base, exp as u64, 1i64);
    while exp != 0 {
        if exp & 1 != 0 {
            value = value.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        exp >>= 1;
    }
    value
}

/// `RuntimeFn::IntTrueDiv`: the quotient, rounded once.
pub extern "C" fn int_true_div(a: i64, b: i64) -> f64 {
    const EXACT: u64 = 1 << 53;
    let (x, y) = (a.unsigned_abs(), b.unsigned_abs());
    if x <= EXACT && y <= EXACT {
        return a as f64 / b as f64;
    }
    // The dividend shifted to the top gives a quotient of more than 60 bits; its lowest bit takes the
    // remainder's place in the rounding.
    let shift = u128::from(x).leading_zeros() - 1;
    let wide = u128::from(x) << shift;
    let divisor = u128::from(y);
    let sticky = u128::from(!wide.is_multiple_of(divisor));
    let magnitude = ((wide / divisor) | sticky) as f64 * (-f64::from(shift)).exp2();
    if (a < 0) != (b < 0) { -magnitude } else { magnitude }
}

/// `RuntimeFn::RoundPython`: to `digits` decimals, correctly rounded from the exact value, ties to even.
/// Infinite where the result is too large.
pub extern "C" fn round_python(x: f64, digits: i64) -> f64 {
    // Beyond these every double is a whole multiple of the unit, or less than half of it.
    const MOST: i64 = 323;
    const LEAST: i64 = -308;
    if !x.is_finite() || digits > MOST {
        return x;
    }
    if digits < LEAST {
        return 0.0 * x;
    }
    if digits >= 0 {
        let text = format!("{:.*}", digits as usize, x);
        return text.parse().expect("invariant: a formatted float parses");
    }
    round_whole(x.abs(), digits.unsigned_abs() as usize).copysign(x)
}

/// `x >= 0` to a multiple of `10**places`, ties to even.
fn round_whole(x: f64, places: usize) -> f64 {
    let digits = format!("{:.0}", x.trunc());
    let Some(split) = digits.len().checked_sub(places) else { return 0.0 };
    let (kept, dropped) = digits.split_at(split);
    let mut kept: Vec<u8> = kept.bytes().collect();
    // The dropped digits against one half, then against the fraction behind them.
    let half = std::iter::once(b'5').chain(std::iter::repeat(b'0')).take(dropped.len());
    let up = match dropped.bytes().cmp(half) {
        Ordering::Greater => true,
        Ordering::Less => false,
        Ordering::Equal => x.fract() != 0.0 || kept.last().is_some_and(|digit| (digit - b'0') % 2 == 1),
    };
    if up {
        let nines = kept.iter().rev().take_while(|digit| **digit == b'9').count();
        let (head, tail) = kept.split_at_mut(split - nines);
        tail.fill(b'0');
        match head.last_mut() {
            Some(digit) => *digit += 1,
            None => kept.insert(0, b'1'),
        }
    }
    let text = format!("{}e{places}", String::from_utf8_lossy(&kept));
    if kept.is_empty() { 0.0 } else { text.parse().expect("invariant: digits and an exponent parse") }
}

/// `RuntimeFn::RoundNumpy`: scaled by a power of ten, rounded to even, scaled back.
pub extern "C" fn round_numpy(x: f64, digits: i64) -> f64 {
    if digits == 0 {
        return x.round_ties_even();
    }
    let scale = power_of_ten(digits.unsigned_abs());
    if digits > 0 { (x * scale).round_ties_even() / scale } else { (x / scale).round_ties_even() * scale }
}

fn power_of_ten(exponent: u64) -> f64 {
    match i32::try_from(exponent) {
        // Exact in a double up to 10**22.
        Ok(exponent @ 0..=22) => 10f64.powi(exponent),
        Ok(_) | Err(_) => 10f64.powf(exponent as f64),
    }
}
