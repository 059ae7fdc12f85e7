//! Loader's saddle-point form of the Poisson and binomial probabilities: exact, and without cancellation.
//!
//! C. Loader, *Fast and accurate computation of binomial probabilities* (2000). A probability is written
//! as a Stirling correction, a deviance (how far the count is from its mean) and a factor under a root.

use crate::math::{ln, ln_1p};

/// Half the logarithm of twice pi.
pub(crate) const HALF_LN_2_PI: f64 = 0.918_938_533_204_672_8;

/// ln n! less Stirling's formula, for n up to 15; computed at 50 digits.
const STIRLING_ERROR: [f64; 16] = [
    0.0,
    0.081_061_466_795_327_26,
    0.041_340_695_955_409_3,
    0.027_677_925_684_998_34,
    0.020_790_672_103_765_093,
    0.016_644_691_189_821_193,
    0.013_876_128_823_070_748,
    0.011_896_709_945_891_77,
    0.010_411_265_261_972_096,
    0.009_255_462_182_712_733,
    0.008_330_563_433_362_87,
    0.007_573_675_487_951_841,
    0.006_942_840_107_209_53,
    0.006_408_994_188_004_207,
    0.005_951_370_112_758_847_5,
    0.005_554_733_551_962_801,
];

/// `ln n! - ((n + 1/2) ln n - n + ln(2 pi)/2)`.
pub(crate) fn stirling_error(n: u64) -> f64 {
    if let Some(&error) = usize::try_from(n).ok().and_then(|n| STIRLING_ERROR.get(n)) {
        return error;
    }
    let x = n as f64;
    let inverse_square = 1.0 / (x * x);
    (1.0 / 12.0
        - (1.0 / 360.0
            - (1.0 / 1260.0 - (1.0 / 1680.0 - (1.0 / 1188.0) * inverse_square) * inverse_square)
                * inverse_square)
            * inverse_square)
        / x
}

/// `x ln(x / mean) + mean - x`, with `off = x - mean` given by the caller, who often knows it better than
/// the difference of two rounded numbers would tell.
pub(crate) fn deviance(x: f64, mean: f64, off: f64) -> f64 {
    if x == 0.0 {
        return mean;
    }
    let v = off / (x + mean);
    if v.abs() < 0.1 {
        let square = v * v;
        let mut power = 2.0 * x * v * square;
        let mut sum = off * v;
        let mut odd = 3.0;
        loop {
            let next = sum + power / odd;
            if next.to_bits() == sum.to_bits() {
                return sum;
            }
            sum = next;
            power *= square;
            odd += 2.0;
        }
    }
    let ratio = x / mean;
    let ln_ratio = if ratio.is_finite() && ratio > 0.0 {
        ln(ratio)
    } else {
        ln(x) - ln(mean)
    };
    x * ln_ratio - off
}

/// `ln P[X = k]` for a Poisson count of mean `mu > 0`.
pub(crate) fn ln_poisson_pmf(k: u64, mu: f64) -> f64 {
    if k == 0 {
        return -mu;
    }
    let x = k as f64;
    -stirling_error(k) - deviance(x, mu, x - mu) - HALF_LN_2_PI - 0.5 * ln(x)
}

/// `ln P[X = k]` for a binomial count, `0 < p < 1` and `k <= n`.
pub(crate) fn ln_binomial_pmf(k: u64, n: u64, p: f64) -> f64 {
    let q = 1.0 - p;
    let whole = n as f64;
    if k == 0 {
        return whole * ln_1p(-p);
    }
    if k == n {
        return whole * ln(p);
    }
    let (hits, misses) = (k as f64, (n - k) as f64);
    // Near the mean a rounded n p would be off by more than the deviance can bear, so its rounding error
    // is taken from a fused multiplication. What hits exceed their mean by, misses fall short of theirs.
    let mean = whole * p;
    let off = (hits - mean) - libm::fma(whole, p, -mean);
    stirling_error(n)
        - stirling_error(k)
        - stirling_error(n - k)
        - deviance(hits, mean, off)
        - deviance(misses, whole * q, -off)
        + 0.5 * ln(whole / (hits * misses))
        - HALF_LN_2_PI
}

/// `ln P[X = k]` for the marked ones among `draws` out of `population` of which `marked` are; `k` possible
/// and `0 < draws < population`.
pub(crate) fn ln_hypergeometric_pmf(k: u64, population: u64, marked: u64, draws: u64) -> f64 {
    // Three binomials of one and the same p; the true p cancels, so its rounding does not matter.
    let p = draws as f64 / population as f64;
    ln_binomial_pmf(k, marked, p) + ln_binomial_pmf(draws - k, population - marked, p)
        - ln_binomial_pmf(draws, population, p)
}
