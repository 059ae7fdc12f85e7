//! Probabilities that carry meaning and may be far smaller than a double can hold.

use core::cmp::Ordering;
use core::f64::consts::LN_10;
use core::fmt;

use crate::math::{exp, ln, pow};

/// The chance under the null model of a result at least this extreme, kept as its natural logarithm.
///
/// Printed it never reads 0: a p-value of 1e-5000 prints as `1.0e-5000`.
///
/// ```
/// use concerted_stats::PValue;
/// assert_eq!(PValue::from_ln(-11_512.925_464_970_229).to_string(), "1.0e-5000");
/// assert_eq!(PValue::new(0.0123).to_string(), "0.0123");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct PValue(f64);

/// The expected share of false findings among all findings at least this strong, kept as its natural
/// logarithm (Benjamini and Hochberg 1995; see [`crate::benjamini_hochberg`]).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct QValue(f64);

macro_rules! probability {
    ($name:ident) => {
        impl $name {
            /// From a probability; what is not a number or above 1 counts as 1, so that a failed
            /// computation never looks like evidence.
            pub fn new(p: f64) -> Self {
                Self::from_ln(if p < 0.0 { f64::NAN } else { ln(p) })
            }

            /// From the natural logarithm of a probability; see [`Self::new`] for what is out of range.
            pub fn from_ln(ln_p: f64) -> Self {
                Self(if ln_p < 0.0 { ln_p } else { 0.0 })
            }

            /// Natural logarithm.
            pub fn ln(self) -> f64 {
                self.0
            }

            /// Logarithm to base 10.
            pub fn log10(self) -> f64 {
                self.0 / LN_10
            }

            /// The probability as a plain number, which is 0 below about 5e-324.
            pub fn value(self) -> f64 {
                exp(self.0)
            }

            /// Orders from strong to weak. There is no not-a-number among these, so the order is total.
            pub fn total_cmp(&self, other: &Self) -> Ordering {
                self.0.total_cmp(&other.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&spelled(self.0))
            }
        }
    };
}

probability!(PValue);
probability!(QValue);

/// A probability in at most three significant digits.
fn spelled(ln_p: f64) -> String {
    if ln_p == f64::NEG_INFINITY {
        return "< 1e-300".to_owned();
    }
    let p = exp(ln_p);
    if p >= 0.1 {
        return format!("{p:.2}");
    }
    if p >= 1e-3 {
        return format!("{p:.4}");
    }
    if p >= 1e-290 {
        return format!("{p:.1e}");
    }
    let log10 = ln_p / LN_10;
    let exponent = log10.floor();
    let mantissa = format!("{:.1}", pow(10.0, log10 - exponent));
    if mantissa == "10.0" {
        format!("1.0e{}", exponent + 1.0)
    } else {
        format!("{mantissa}e{exponent}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed() {
        for (ln_p, want) in [
            (0.0, "1.00"),
            (0.5f64.ln(), "0.50"),
            (0.05f64.ln(), "0.0500"),
            (2.696e-9f64.ln(), "2.7e-9"),
            (-700.0, "9.9e-305"),
            (-1e5, "3.6e-43430"),
            (-2e8, "4.2e-86858897"),
            (f64::NEG_INFINITY, "< 1e-300"),
        ] {
            assert_eq!(PValue::from_ln(ln_p).to_string(), want);
        }
        assert_eq!(format!("[{:>10}]", QValue::new(0.5)), "[      0.50]");
    }

    #[test]
    fn what_is_no_probability_is_no_evidence() {
        for p in [f64::NAN, 1.5, -0.1] {
            assert_eq!(PValue::new(p).ln(), 0.0);
        }
        assert_eq!(PValue::from_ln(1e-17).value(), 1.0);
    }

    #[test]
    fn smaller_is_less_even_where_doubles_end() {
        let (small, smaller) = (PValue::from_ln(-2000.0), PValue::from_ln(-3000.0));
        assert_eq!(small.value(), smaller.value());
        assert!(smaller < small);
        assert_eq!(smaller.total_cmp(&small), Ordering::Less);
    }
}
