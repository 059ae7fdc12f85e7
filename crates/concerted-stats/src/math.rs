//! Logarithms, exponentials and roots whose bits are the same on every platform.
//!
//! The standard library's `ln` and `exp` call the system's C library and differ in the last bit from
//! one system to the next. All results that are stored, compared or hashed go through these instead.

/// Natural logarithm.
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `ln(1 + x)`, exact for small `x`.
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Logarithm to base 2.
#[inline]
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// Logarithm to base 10.
#[inline]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// `e` to the power `x`.
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `exp(x) - 1`, exact for small `x`.
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// 2 to the power `x`.
#[inline]
pub fn exp2(x: f64) -> f64 {
    libm::exp2(x)
}

/// `x` to the power `y`.
#[inline]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Square root.
#[inline]
pub fn sqrt(x: f64) -> f64 {
    libm::sqrt(x)
}

/// Sine of an angle in radians.
#[inline]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
#[inline]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// `ln(exp(a) + exp(b))` without overflow.
///
/// ```
/// let twice = concerted_stats::math::ln_add_exp(-5000.0, -5000.0);
/// assert!((twice + 5000.0 - 2f64.ln()).abs() < 1e-12);
/// ```
#[inline]
pub fn ln_add_exp(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY || high == f64::INFINITY {
        return high;
    }
    high + ln_1p(exp(low - high))
}

/// `ln(1 - exp(x))` for `x <= 0`: the log of what remains of a probability.
///
/// ```
/// assert!((concerted_stats::math::ln_1m_exp(0.25f64.ln()) - 0.75f64.ln()).abs() < 1e-15);
/// ```
#[inline]
pub fn ln_1m_exp(x: f64) -> f64 {
    if x > -core::f64::consts::LN_2 {
        ln(-exp_m1(x))
    } else {
        ln_1p(-exp(x))
    }
}
