//! How sure is a share of so many out of so many, and how wide is an interval on few units?
//!
//! Exact and approximate limits of a proportion, quantiles of Student's t with a fractional number of
//! degrees of freedom (few and unequal clusters have such), the rule of three for a count of zero, and
//! the ratio of two rates from clustered counts.

use crate::math::{exp, ln, sqrt};
use crate::tails::ln_binomial_sf;

/// The exact one-sided lower limit of a proportion, `hits` of `trials`, at this confidence: the share at
/// which so many hits or more have the chance `1 - confidence` (C. Clopper, E. Pearson 1934).
///
/// ```
/// let lower = concerted_stats::proportion::clopper_pearson_lower(3, 10, 0.95);
/// assert!((lower - 0.0873).abs() < 5e-5);
/// ```
pub fn clopper_pearson_lower(hits: u64, trials: u64, confidence: f64) -> f64 {
    if hits == 0 || trials == 0 {
        return 0.0;
    }
    let bar = ln(1.0 - confidence);
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if ln_binomial_sf(hits, trials, middle) < bar {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The exact one-sided upper limit of a proportion; 1 where there was no trial.
pub fn clopper_pearson_upper(hits: u64, trials: u64, confidence: f64) -> f64 {
    if trials == 0 {
        return 1.0;
    }
    1.0 - clopper_pearson_lower(trials.saturating_sub(hits), trials, confidence)
}

/// The upper limit of a proportion at `z` standard deviations (E. B. Wilson 1927); 1 where there was no trial.
pub fn wilson_upper(hits: u64, trials: u64, z: f64) -> f64 {
    if trials == 0 {
        return 1.0;
    }
    let (n, z2) = (trials as f64, z * z);
    let p = hits as f64 / n;
    (p + z2 / (2.0 * n) + z * sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n))) / (1.0 + z2 / n)
}

/// The upper 95 % limit of a rate of which none was seen in `trials`: three in so many.
pub fn rule_of_three(trials: u64) -> f64 {
    if trials == 0 {
        1.0
    } else {
        (3.0 / trials as f64).min(1.0)
    }
}

/// `I_x(a, b)`, the regularised incomplete beta function, by its continued fraction (W. Lentz 1976).
/// `a` and `b` must be positive.
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let tiny = 1e-300;
    let floor = |value: f64| if value.abs() < tiny { tiny } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / floor(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..500 {
        let m = f64::from(step);
        for numerator in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / floor(1.0 + numerator * d);
            c = floor(1.0 + numerator / c);
            fraction *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    let ln_front = a * ln(x) + b * crate::math::ln_1p(-x)
        - (libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b));
    exp(ln_front) * fraction / a
}

/// The quantile of Student's t with `df` degrees of freedom, which need not be whole; infinite where
/// `df` is not positive.
///
/// ```
/// assert!((concerted_stats::proportion::student_t(0.975, 2.0) - 4.302_653).abs() < 1e-6);
/// ```
pub fn student_t(share: f64, df: f64) -> f64 {
    if df.is_nan() || df <= 0.0 {
        return f64::INFINITY;
    }
    if share < 0.5 {
        return -student_t(1.0 - share, df);
    }
    // Both tails beyond t weigh I_x(df/2, 1/2) at x = df / (df + t^2), which falls as t grows.
    let tails = 2.0 * (1.0 - share);
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if incomplete_beta(df / 2.0, 0.5, middle) < tails {
            low = middle;
        } else {
            high = middle;
        }
    }
    let x = f64::midpoint(low, high);
    sqrt(df * (1.0 - x) / x)
}

/// Counts of units, summed: of how many trials each, how many were hits. Trials may be weighted and need
/// not be whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Clusters {
    units: f64,
    hits: f64,
    trials: f64,
    hits_squared: f64,
    hits_trials: f64,
    trials_squared: f64,
}

impl Clusters {
    /// Adds a unit with trials, and with no hit yet.
    pub fn add_trials(&mut self, trials: f64) {
        self.units += 1.0;
        self.trials += trials;
        self.trials_squared += trials * trials;
    }

    /// Adds all hits of a unit whose trials were added.
    pub fn add_hits(&mut self, hits: f64, trials: f64) {
        self.hits += hits;
        self.hits_squared += hits * hits;
        self.hits_trials += hits * trials;
    }

    /// Hits of all units.
    pub fn hits(&self) -> f64 {
        self.hits
    }

    /// Trials of all units.
    pub fn trials(&self) -> f64 {
        self.trials
    }

    /// The variance of the logarithm of a rate, `k/(k-1) sum (x - pN)^2 / X^2`.
    fn spread(&self, rate: f64, hits: f64) -> f64 {
        let squares =
            self.hits_squared - 2.0 * rate * self.hits_trials + rate * rate * self.trials_squared;
        self.units / (self.units - 1.0).max(1.0) * squares.max(0.0) / (hits * hits)
    }
}

impl FromIterator<(f64, f64)> for Clusters {
    /// From (hits, trials) of each unit.
    fn from_iter<I: IntoIterator<Item = (f64, f64)>>(units: I) -> Self {
        let mut clusters = Self::default();
        for (hits, trials) in units {
            clusters.add_trials(trials);
            clusters.add_hits(hits, trials);
        }
        clusters
    }
}

/// The ratio of two rates with an interval that counts units and not trials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateRatio {
    /// `[(X+.5)/(N+1)] / [(Y+.5)/(M+1)]`.
    pub ratio: f64,
    /// Lower 95 % limit.
    pub low: f64,
    /// Upper 95 % limit.
    pub high: f64,
    /// How many hits the second rate would give in the trials of the first.
    pub expected: f64,
}

/// The ratio of the rate of the first clusters to that of the second, with a 95 % interval.
///
/// The variance of its logarithm is, for each side, `k/(k-1) sum (x - pN)^2 / X^2`, together at least
/// `1/X + 1/Y`; the interval takes Student's t with the effective number of the first clusters,
/// `N^2 / sum N_a^2`, less one. An interval that takes every trial for itself (Poisson) is wrong two to
/// five times in ten, because one unit repeats itself.
pub fn cluster_rate_ratio(first: &Clusters, second: &Clusters) -> RateRatio {
    let (x, y) = (first.hits + 0.5, second.hits + 0.5);
    let (p, q) = (x / (first.trials + 1.0), y / (second.trials + 1.0));
    let variance = (first.spread(p, x) + second.spread(q, y)).max(1.0 / x + 1.0 / y);
    let effective = first.trials * first.trials / first.trials_squared.max(f64::MIN_POSITIVE);
    let width = student_t(0.975, effective - 1.0) * sqrt(variance);
    let ratio = p / q;
    RateRatio {
        ratio,
        low: ratio * exp(-width),
        high: ratio * exp(width),
        expected: if second.trials > 0.0 {
            first.trials * second.hits / second.trials
        } else {
            0.0
        },
    }
}

/// Hits and trials of one side.
pub type HitsOfTrials = (f64, f64);

/// The ratio of two rates over strata (N. Mantel, W. Haenszel 1959), with `correction` added above and
/// below. A stratum is (hits, trials) of the first and of the second side.
pub fn mantel_haenszel(strata: &[(HitsOfTrials, HitsOfTrials)], correction: f64) -> f64 {
    let (mut above, mut below) = (correction, correction);
    for (first, second) in strata {
        let total = first.1 + second.1;
        if total > 0.0 {
            above += first.0 * second.1 / total;
            below += second.0 * first.1 / total;
        }
    }
    above / below
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, wanted: f64, within: f64) {
        assert!((value - wanted).abs() <= within, "{value}, not {wanted}");
    }

    fn floats(counts: &[(u32, u32)]) -> impl Iterator<Item = (f64, f64)> {
        counts
            .iter()
            .map(|&(hits, trials)| (f64::from(hits), f64::from(trials)))
    }

    #[test]
    fn exact_lower_limits_are_those_of_the_tables() {
        for (hits, trials, wanted) in [
            (3, 10, 0.0873),
            (5, 10, 0.2224),
            (2, 20, 0.0181),
            (6, 20, 0.1396),
            (10, 20, 0.3020),
            (12, 40, 0.1831),
            (59, 178, 0.2731),
        ] {
            near(clopper_pearson_lower(hits, trials, 0.95), wanted, 5.1e-5);
        }
        near(clopper_pearson_upper(0, 10, 0.95), 0.2589, 5e-5);
        near(clopper_pearson_upper(0, 0, 0.95), 1.0, 0.0);
    }

    #[test]
    fn a_wilson_limit_below_a_fifth_takes_eleven() {
        assert!(wilson_upper(0, 10, 1.645) > 0.2);
        assert!(wilson_upper(0, 11, 1.645) < 0.2);
    }

    #[test]
    fn quantiles_of_t_are_those_of_the_tables() {
        near(student_t(0.975, 1.0), 12.7062, 5e-5);
        near(student_t(0.975, 3.0), 3.18245, 5e-6);
        near(student_t(0.975, 30.0), 2.04227, 5e-6);
        near(student_t(0.975, 1e6), 1.95997, 1e-5);
        near(student_t(0.025, 2.0), -4.30265, 5e-6);
        assert!(student_t(0.975, 0.0).is_infinite());
        near(incomplete_beta(2.0, 3.0, 0.4), 0.5248, 1e-12);
    }

    #[test]
    fn a_ratio_of_rates_counts_units() {
        let clusters = |counts: &[(u32, u32)]| floats(counts).collect::<Clusters>();
        let background = clusters(&[(2, 200), (0, 200), (4, 200), (2, 200)]);
        let loose = cluster_rate_ratio(&clusters(&[(10, 100), (0, 100), (5, 100)]), &background);
        near(loose.ratio, 4.8526, 5e-5);
        near(loose.low, 0.2611, 5e-5);
        near(loose.high, 90.19, 5e-3);
        let firm = cluster_rate_ratio(
            &clusters(&[(10, 100), (6, 100), (8, 100), (12, 100)]),
            &background,
        );
        near(firm.ratio, 8.5775, 5e-5);
        near(firm.low, 2.3202, 5e-5);
        near(firm.high, 31.711, 5e-4);
        near(firm.expected, 4.0, 1e-12);
    }

    #[test]
    fn strata_are_held_apart() {
        let strata: Vec<_> = floats(&[(8, 100), (2, 50)])
            .zip(floats(&[(10, 400), (1, 100)]))
            .collect();
        near(mantel_haenszel(&strata, 0.0), 3.3143, 5e-5);
        near(mantel_haenszel(&strata, 0.5), 2.9059, 5e-5);
    }

    #[test]
    fn none_of_many_is_three_in_so_many_at_most() {
        near(rule_of_three(53_000), 5.66e-5, 5e-8);
        near(exp(ln_binomial_sf(6, 20, 0.05)), 0.000_329, 5e-7);
        near(exp(ln_binomial_sf(2, 20, 0.05)), 0.2642, 5e-5);
    }
}
