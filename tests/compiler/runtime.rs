//! The runtime's arithmetic and printing against the interpreter's answers.

use fastjit::runtime::{array, gamma, math, output};

#[test]
fn python_rounds_the_exact_value_to_even() {
    for (x, digits, expected) in [
        (2.675, 2, 2.67),
        (0.5, 0, 0.0),
        (1.5, 0, 2.0),
        (2.5, 0, 2.0),
        (-2.5, 0, -2.0),
        (0.25, 1, 0.2),
        (0.35, 1, 0.3),
        (0.75, 1, 0.8),
        (0.125, 2, 0.12),
        (0.375, 2, 0.38),
        (1e22, 5, 1e22),
        (5e-324, 323, 0.0),
        (5e-324, 324, 5e-324),
        (25.0, -1, 20.0),
        (35.0, -1, 40.0),
        (25.000000000000004, -1, 30.0),
        (1250.0, -2, 1200.0),
        (999.0, -1, 1000.0),
        (999.0, -3, 1000.0),
        (499.9, -3, 0.0),
        (500.0, -3, 0.0),
        (500.5, -3, 1000.0),
        (501.0, -4, 0.0),
        (1.5e300, -300, 2e300),
        (1e300, -309, 0.0),
        (1.7976931348623157e308, -308, f64::INFINITY),
        (123456789.0, -9, 0.0),
        (987654321.0, -9, 1e9),
    ] {
        assert_eq!(math::round_python(x, digits), expected, "round({x}, {digits})");
        assert_eq!(math::round_python(-x, digits), -expected, "round(-{x}, {digits})");
    }
    assert!(math::round_python(-0.3, 0).is_sign_negative());
    assert!(math::round_python(-3.0, -1).is_sign_negative());
    assert!(math::round_python(f64::NAN, 2).is_nan());
}

#[test]
fn numpy_rounds_the_scaled_value() {
    assert_eq!(math::round_numpy(2.675, 2), 2.68);
    assert_eq!(math::round_numpy(2.5, 0), 2.0);
    assert_eq!(math::round_numpy(1250.0, -2), 1200.0);
    assert_eq!(math::round_numpy(0.5, 1), 0.5);
}

#[test]
fn powers_and_quotients_of_integers_are_exact() {
    let pow = |base, exp| {
        let mut overflow = -1;
        let value = unsafe { math::int_pow(base, exp, &mut overflow) };
        (overflow == 0).then_some(value)
    };
    assert_eq!(pow(3, 39), Some(4052555153018976267));
    assert_eq!(pow(3, 40), None);
    assert_eq!(pow(-2, 63), Some(i64::MIN));
    assert_eq!(pow(2, 63), None);
    assert_eq!(pow(0, 0), Some(1));
    assert_eq!(pow(-1, i64::MAX), Some(-1));
    assert_eq!(pow(0, i64::MAX), Some(0));
    assert_eq!(pow(2, 1 << 32), None);
    assert_eq!(math::int_pow_wrap(3, 41), 3i64.wrapping_pow(41));
    assert_eq!(math::int_pow_wrap(2, 64), 0);

    for (a, b, quotient) in [
        (1, 3, 1.0 / 3.0),
        (i64::MAX, 1, 9.223372036854775807e18),
        (i64::MIN, -1, 9.223372036854775808e18),
        (1, i64::MAX, 1.0842021724855044e-19),
        ((1 << 53) + 1, 1, 9007199254740992.0),
        ((1 << 53) + 3, 2, 4503599627370497.5),
        (-((1 << 53) + 1), (1 << 53) - 1, -1.0000000000000002),
        (0, i64::MAX, 0.0),
    ] {
        assert_eq!(math::int_true_div(a, b), quotient, "{a} / {b}");
    }
}

#[test]
fn numbers_look_as_in_python() {
    for (x, text) in [
        (0.1, "0.1"),
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (100.0, "100.0"),
        (123456.789, "123456.789"),
        (1e15, "1000000000000000.0"),
        (1e16, "1e+16"),
        (1.5e16, "1.5e+16"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1.25e-7, "1.25e-07"),
        (1e100, "1e+100"),
        (5e-324, "5e-324"),
        (2137544529718872.25, "2137544529718872.2"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
        (f64::NAN, "nan"),
    ] {
        assert_eq!(output::float(x), text);
    }
    assert_eq!(output::float32(0.1), "0.1");
    assert_eq!(output::float32(16777216.0), "1.6777216e+07");
}

#[test]
fn buffers_are_aligned_zeroed_and_refused_when_absurd() {
    for bytes in [0i64, 1, 8, 1000, 1 << 20] {
        let buffer = array::alloc(bytes, 1);
        let data = unsafe { std::slice::from_raw_parts((*buffer).data, bytes as usize) };
        assert_eq!(data.as_ptr() as usize % 64, 0);
        assert!(data.iter().all(|byte| *byte == 0));
        unsafe { array::retain(buffer) };
        unsafe { array::release(buffer) };
        unsafe { array::release(buffer) };
    }
    assert!(array::alloc(-1, 0).is_null());
    assert!(array::alloc(i64::MAX, 0).is_null());
    unsafe { array::release(std::ptr::null_mut()) };
    let mut borrowed = array::borrowed(std::ptr::null_mut());
    unsafe { array::release(&mut borrowed) };
}

#[test]
fn gamma_has_the_bits_of_the_interpreter() {
    for (x, value) in [
        (0.5, 1.7724538509055159),
        (5.0, 24.0),
        (25.0, 6.204484017332391e23),
        (101.0, 9.332621544394415e157),
        (14.999155528607616, 86981631234.31853),
        (-1.5, 2.3632718012073544),
        (1e-310, f64::INFINITY),
        (171.7, f64::INFINITY),
    ] {
        assert_eq!(gamma::gamma(x), value, "gamma({x})");
    }
    for (x, value) in [
        (0.5, 0.5723649429247004),
        (1.0, 0.0),
        (2.0, 0.0),
        (100.5, 361.4355404677776),
        (-1.5, 0.8600470153764812),
    ] {
        assert_eq!(gamma::log_gamma(x), value, "lgamma({x})");
    }
    assert!(gamma::gamma(-3.0).is_nan());
    assert_eq!(gamma::log_gamma(-3.0), f64::INFINITY);
}
