//! Logarithms of factorials, binomial coefficients and the beta function at integers.
//!
//! The parts are Loader's (*Fast and accurate computation of binomial probabilities*, 2000): what
//! Stirling's formula misses, from a table or its series, and the deviance. No formula subtracts two
//! large numbers, so `ln C(10^9, 2)` has all its digits.

use crate::math::ln;
use crate::saddle::{HALF_LN_2_PI, deviance, stirling_error};

/// 0! to 170!, the largest that a double can hold.
const FACTORIALS: [f64; 171] = {
    let mut table = [1.0; 171];
    let mut n = 1;
    while n < 171 {
        table[n] = table[n - 1] * n as f64;
        n += 1;
    }
    table
};

fn factorial(n: u64) -> Option<f64> {
    FACTORIALS.get(usize::try_from(n).ok()?).copied()
}

/// `ln n!`, to 1e-15 relative.
///
/// ```
/// use concerted_stats::ln_factorial;
/// assert!((ln_factorial(10) - 3_628_800f64.ln()).abs() < 1e-14);
/// assert!((ln_factorial(1_000_000) - 12_815_518.384_658_169).abs() < 1e-8);
/// ```
pub fn ln_factorial(n: u64) -> f64 {
    if let Some(factorial) = factorial(n) {
        return ln(factorial);
    }
    let x = n as f64;
    (x + 0.5) * ln(x) - x + HALF_LN_2_PI + stirling_error(n)
}

/// `ln C(n, k)`, the number of ways to take `k` out of `n`; minus infinity if `k > n`. To 1e-14 relative.
///
/// ```
/// use concerted_stats::ln_choose;
/// assert!((ln_choose(23, 3) - 1771f64.ln()).abs() < 1e-14);
/// assert_eq!(ln_choose(5, 0), 0.0);
/// assert_eq!(ln_choose(5, 6), f64::NEG_INFINITY);
/// ```
pub fn ln_choose(n: u64, k: u64) -> f64 {
    if k > n {
        return f64::NEG_INFINITY;
    }
    let k = k.min(n - k);
    if k == 0 {
        return 0.0;
    }
    if k == 1 {
        return ln(n as f64);
    }
    if let (Some(all), Some(taken), Some(left)) = (factorial(n), factorial(k), factorial(n - k)) {
        return ln(all / taken / left);
    }
    let (whole, taken, left) = (n as f64, k as f64, (n - k) as f64);
    // k ln(n/k) + (n-k) ln(n/(n-k)): the second, for small k, is the deviance of n-k from n plus k.
    let entropy = taken * ln(whole / taken) + deviance_from_whole(left, whole, taken);
    entropy + 0.5 * ln(whole / (taken * left)) - HALF_LN_2_PI + stirling_error(n)
        - stirling_error(k)
        - stirling_error(n - k)
}

/// `left * ln(whole / left)` where `whole = left + taken`.
fn deviance_from_whole(left: f64, whole: f64, taken: f64) -> f64 {
    taken - deviance(left, whole, -taken)
}

/// `ln B(a, b) = ln((a-1)! (b-1)! / (a+b-1)!)` for positive integers; infinite if one of them is 0.
///
/// ```
/// use concerted_stats::ln_beta;
/// assert!((ln_beta(3, 4) - (1.0f64 / 60.0).ln()).abs() < 1e-14);
/// ```
pub fn ln_beta(a: u64, b: u64) -> f64 {
    if a == 0 || b == 0 {
        return f64::INFINITY;
    }
    let last = a.saturating_add(b) - 1;
    -ln_choose(last - 1, a - 1) - ln(last as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Values at 60 digits, rounded to double.
    #[test]
    fn agrees_with_sixty_digits() {
        let relative = |got: f64, want: f64| (got / want - 1.0).abs();
        for (n, want) in [
            (2u64, core::f64::consts::LN_2),
            (20, 42.335_616_460_753_485),
            (170, 706.573_062_245_787_3),
            (171, 711.714_725_802_29),
            (1000, 5_912.128_178_488_163),
            (1_000_000_000, 19_723_265_848.226_982),
        ] {
            assert!(
                relative(ln_factorial(n), want) < 1e-15,
                "{n}! {}",
                ln_factorial(n)
            );
        }
        for (n, k, want) in [
            (1731u64, 5u64, 32.488_999_013_079_96),
            (1_000_000_000, 2, 40.753_384_492_332_88),
            (1_000_000_000, 500_000_000, 693_147_169.972_521),
            (200, 3, 14.088_129_752_739_01),
            (10_000_000, 4_000_000, 6_730_108.405_664_357),
        ] {
            assert!(
                relative(ln_choose(n, k), want) < 1e-14,
                "C({n}, {k}) {}",
                ln_choose(n, k)
            );
        }
    }

    proptest! {
        #[test]
        fn pascal(n in 1u64..5_000_000, part in 0.0f64..1.0) {
            let k = ((n as f64 * part) as u64).max(1);
            let sum = crate::math::ln_add_exp(ln_choose(n, k), ln_choose(n, k - 1));
            prop_assert!((ln_choose(n + 1, k) / sum - 1.0).abs() < 1e-13);
        }

        #[test]
        fn factorials_grow_by_their_factor(n in 1u64..1_000_000) {
            let step = ln_factorial(n) - ln_factorial(n - 1);
            prop_assert!((step - ln(n as f64)).abs() <= 1e-15 * ln_factorial(n).max(1.0) );
        }
    }
}
