//! How likely is a count at least this high? Natural logs of survival functions, however small.
//!
//! Each function returns `ln P[X >= k]`. The side on which the terms fall is summed: the largest term in
//! Loader's exact form, times a series of ratios. Below the mean that gives `1 - P`, and `ln(1 - x)`
//! keeps its digits.
//!
//! Against a table of 568 points made at 60 digits (`tests/data/make_ln_sf.py`, down to
//! `ln P = -1.6 * 10^8`) the error is at most 2e-14 of the larger of 1 and `|ln P|` for the Poisson, 1e-13 for
//! the binomial (10^7 trials, next to the mean) and 5e-15 for the hypergeometric. Near certainty, where
//! `ln P` is close to 0, it is at most 1e-13 of `ln P` itself. The error next to the mean grows with the
//! standard deviation, since so many terms count there, and so does the time: about 50 ns for a mean
//! below 1, 50 microseconds for a mean of 10^7. Counts are exact up to 2^53.

use crate::math::{exp, ln, ln_1p};
use crate::saddle::{ln_binomial_pmf, ln_hypergeometric_pmf, ln_poisson_pmf};

/// `ln P[X >= k]` for a Poisson count of mean `mu`; not a number if `mu` is negative or not a number.
///
/// ```
/// use concerted_stats::ln_poisson_sf;
/// assert!((ln_poisson_sf(2, 0.01).exp() / 4.966791e-5 - 1.0).abs() < 1e-6);
/// assert_eq!(ln_poisson_sf(0, 3.0), 0.0);
/// // 2000 joint actions where a thousandth was expected: p is about 1e-11,700.
/// assert!(ln_poisson_sf(2000, 0.001) < -26_000.0);
/// ```
pub fn ln_poisson_sf(k: u64, mu: f64) -> f64 {
    if mu.is_nan() || mu < 0.0 {
        return f64::NAN;
    }
    if k == 0 || mu == f64::INFINITY {
        return 0.0;
    }
    if mu == 0.0 {
        return f64::NEG_INFINITY;
    }
    let x = k as f64;
    if x > mu {
        ln_poisson_pmf(k, mu) + ln(ratio_series(|j| mu / (x + 1.0 + j)))
    } else {
        let below = ln_poisson_pmf(k - 1, mu) + ln(ratio_series(|j| (x - 1.0 - j) / mu));
        ln_1p(-exp(below))
    }
}

/// `ln P[X >= k]` for a binomial count of `n` trials; not a number if `p` is not in `[0, 1]`.
///
/// ```
/// use concerted_stats::ln_binomial_sf;
/// assert!((ln_binomial_sf(3, 5, 0.05).exp() / 1.158125e-3 - 1.0).abs() < 1e-6);
/// assert_eq!(ln_binomial_sf(6, 5, 0.05), f64::NEG_INFINITY);
/// ```
pub fn ln_binomial_sf(k: u64, n: u64, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if k == 0 {
        return 0.0;
    }
    if k > n || p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return 0.0;
    }
    let q = 1.0 - p;
    let (x, whole) = (k as f64, n as f64);
    if x > whole * p {
        let odds = p / q;
        ln_binomial_pmf(k, n, p) + ln(ratio_series(|j| (whole - x - j) / (x + 1.0 + j) * odds))
    } else {
        let odds = q / p;
        let below = ln_binomial_pmf(k - 1, n, p)
            + ln(ratio_series(|j| {
                (x - 1.0 - j) / (whole - x + 2.0 + j) * odds
            }));
        ln_1p(-exp(below))
    }
}

/// `ln P[X >= k]`, X the marked ones among `draws` taken without return out of `population`, of which
/// `marked` are marked; not a number if `marked` or `draws` exceeds `population`.
///
/// ```
/// use concerted_stats::ln_hypergeometric_sf;
/// // Four aces of 52 cards, five drawn: at least two in 4.168 % of hands.
/// assert!((ln_hypergeometric_sf(2, 52, 4, 5).exp() - 0.041_684).abs() < 1e-6);
/// ```
pub fn ln_hypergeometric_sf(k: u64, population: u64, marked: u64, draws: u64) -> f64 {
    if marked > population || draws > population {
        return f64::NAN;
    }
    let lowest = (u128::from(marked) + u128::from(draws)).saturating_sub(u128::from(population));
    if u128::from(k) <= lowest {
        return 0.0;
    }
    if k > marked.min(draws) {
        return f64::NEG_INFINITY;
    }
    let (x, good, taken) = (k as f64, marked as f64, draws as f64);
    // How many unmarked ones stay behind when k marked ones are drawn.
    let behind =
        (i128::from(population) - i128::from(marked) - i128::from(draws) + i128::from(k)) as f64;
    if x > good * taken / population as f64 {
        ln_hypergeometric_pmf(k, population, marked, draws)
            + ln(ratio_series(|j| {
                (good - x - j) * (taken - x - j) / ((x + 1.0 + j) * (behind + 1.0 + j))
            }))
    } else {
        let below = ln_hypergeometric_pmf(k - 1, population, marked, draws)
            + ln(ratio_series(|j| {
                (x - 1.0 - j) * (behind - 1.0 - j) / ((good - x + 2.0 + j) * (taken - x + 2.0 + j))
            }));
        ln_1p(-exp(below))
    }
}

/// `1 + r(0) + r(0) r(1) + ...` for ratios that fall and end below 1. It stops where what is left cannot
/// change the sum.
#[inline]
fn ratio_series(ratio: impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut term, mut j) = (1.0, 1.0, 0.0);
    loop {
        let r = ratio(j);
        if r <= 0.0 {
            return sum;
        }
        term *= r;
        sum += term;
        if r < 1.0 && term * r < 1e-17 * sum * (1.0 - r) {
            return sum;
        }
        j += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_vectors() {
        for (mu, k, want) in [
            (0.01, 2, 4.966_791e-5),
            (0.1, 3, 1.546_531e-4),
            (0.5, 5, 1.721_156e-4),
            (0.02, 1, 1.980_133e-2),
        ] {
            let got = ln_poisson_sf(k, mu).exp();
            assert!(
                (got / want - 1.0).abs() < 5e-7,
                "P[Poisson({mu}) >= {k}] = {got}"
            );
        }
        assert!((ln_poisson_sf(4, 0.016).exp() / 2.696e-9 - 1.0).abs() < 5e-4);
    }

    #[test]
    fn edges() {
        assert_eq!(ln_poisson_sf(1, 0.0), f64::NEG_INFINITY);
        assert!(ln_poisson_sf(1, -1.0).is_nan() && ln_binomial_sf(1, 2, 1.5).is_nan());
        assert_eq!(ln_binomial_sf(3, 3, 1.0), 0.0);
        assert_eq!(ln_hypergeometric_sf(5, 10, 10, 5), 0.0);
        assert_eq!(ln_hypergeometric_sf(5, 10, 4, 5), f64::NEG_INFINITY);
        assert!(ln_hypergeometric_sf(1, 10, 11, 5).is_nan());
        // All five hits where one in 1e16 is the rule; 1 - p has no digits left to spare.
        assert!((ln_binomial_sf(5, 5, 1.1e-16) - 5.0 * 1.1e-16f64.ln()).abs() < 1e-13);
        assert!(ln_poisson_sf(1, f64::MIN_POSITIVE).is_finite());
    }

    proptest! {
        #[test]
        fn poisson_falls_in_k_and_grows_in_mu(k in 0u64..3000, mu in 1e-6f64..2000.0, more in 1e-3f64..100.0) {
            let here = ln_poisson_sf(k, mu);
            prop_assert!(ln_poisson_sf(k + 1, mu) <= here);
            prop_assert!(ln_poisson_sf(k, mu + more) >= here - 1e-13 * here.abs());
        }

        #[test]
        fn poisson_is_the_sum_of_its_terms(k in 1u64..400, mu in 1e-3f64..300.0) {
            let (here, next) = (ln_poisson_sf(k, mu), ln_poisson_sf(k + 1, mu));
            let sum = crate::math::ln_add_exp(next, ln_poisson_pmf(k, mu));
            prop_assert!((here - sum).abs() < 1e-12 * here.abs().max(1.0));
        }

        #[test]
        fn binomial_turned_round(n in 1u64..500, part in 0.0f64..1.0, p in 0.001f64..0.999) {
            let k = ((n as f64 * part) as u64).max(1);
            let above = ln_binomial_sf(k, n, p).exp();
            let below = ln_binomial_sf(n + 1 - k, n, 1.0 - p).exp();
            prop_assert!((above + below - 1.0).abs() < 1e-12);
        }

        #[test]
        fn binomial_falls_in_k_and_grows_in_p(n in 1u64..2000, part in 0.0f64..1.0, p in 0.001f64..0.9) {
            let k = (n as f64 * part) as u64;
            let here = ln_binomial_sf(k, n, p);
            prop_assert!(ln_binomial_sf(k + 1, n, p) <= here);
            prop_assert!(ln_binomial_sf(k, n, p * 1.05) >= here - 1e-13 * here.abs());
        }

        #[test]
        fn hypergeometric_is_symmetric(population in 2u64..2000, a in 0.0f64..1.0, b in 0.0f64..1.0, part in 0.0f64..1.0) {
            let (marked, draws) = ((population as f64 * a) as u64, (population as f64 * b) as u64);
            let k = (marked.min(draws) as f64 * part) as u64;
            let here = ln_hypergeometric_sf(k, population, marked, draws);
            let swapped = ln_hypergeometric_sf(k, population, draws, marked);
            prop_assert!(here == swapped || (here - swapped).abs() < 1e-11 * here.abs().max(1.0));
            prop_assert!(ln_hypergeometric_sf(k + 1, population, marked, draws) <= here + 1e-13);
        }
    }
}
