//! Do these p-values behave as p-values should? Their distance from the uniform distribution.
//!
//! Under a null model that holds, p-values are uniform, or larger if they are discrete. The greatest gap
//! between their empirical distribution and the uniform one says how far off they are, and the inequality
//! of Dvoretzky, Kiefer and Wolfowitz, with the constant of P. Massart (1990), how much of that the sample's
//! size explains.

use crate::math::{ln, sqrt};

/// The distance of a sample of p-values from uniform.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uniformity {
    /// Number of p-values.
    pub n: usize,
    /// Kolmogorov distance: the greatest gap either way, 0 to 1.
    pub distance: f64,
    /// The greatest excess of small p-values over uniform. This is the harmful side: it means that
    /// the null model finds more than it should.
    pub excess: f64,
    /// The greatest lack of small p-values. Discrete tests have one and are the more careful for it.
    pub lack: f64,
    /// Half the width of the band that holds the whole true distribution with the confidence asked for.
    pub margin: f64,
}

impl Uniformity {
    /// Measures a sample. `alpha` is the chance that the band misses: 0.05 for 95 % confidence. Values
    /// outside `[0, 1]` count as the nearer end; not-a-numbers count as 1.
    ///
    /// ```
    /// use concerted_stats::Uniformity;
    /// let u = Uniformity::of(&[0.1, 0.4, 0.7, 1.0], 0.05);
    /// assert!((u.excess - 0.15).abs() < 1e-15 && (u.lack - 0.25).abs() < 1e-12);
    /// assert!((u.margin - 0.6791).abs() < 1e-4);
    /// ```
    pub fn of(p: &[f64], alpha: f64) -> Self {
        let mut sorted: Vec<f64> = p
            .iter()
            .map(|&p| if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) })
            .collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len() as f64;
        let (mut excess, mut lack) = (0.0f64, 0.0f64);
        for (i, x) in sorted.iter().enumerate() {
            excess = excess.max((i + 1) as f64 / n - x);
            lack = lack.max(x - i as f64 / n);
        }
        let margin = if sorted.is_empty() {
            1.0
        } else {
            sqrt(ln(2.0 / alpha.clamp(1e-300, 1.0)) / (2.0 * n)).min(1.0)
        };
        Self {
            n: sorted.len(),
            distance: excess.max(lack),
            excess,
            lack,
            margin,
        }
    }

    /// Bounds of the true distance at the confidence asked for.
    ///
    /// ```
    /// use concerted_stats::Uniformity;
    /// let p: Vec<f64> = (1..=10_000).map(|i| f64::from(i) / 20_000.0).collect();
    /// let (low, high) = Uniformity::of(&p, 0.05).interval();
    /// assert!((low - 0.4864).abs() < 1e-4 && (high - 0.5136).abs() < 1e-4);
    /// ```
    pub fn interval(&self) -> (f64, f64) {
        (
            (self.distance - self.margin).max(0.0),
            (self.distance + self.margin).min(1.0),
        )
    }

    /// Whether more small p-values were seen than chance in a sample of this size explains.
    pub fn finds_too_much(&self) -> bool {
        self.excess > self.margin
    }
}

/// The quantiles of a sample at the given shares, between neighbours linearly (type 7 of Hyndman and Fan,
/// 1996). Not-a-number for an empty sample; not-a-numbers in the sample are left out.
///
/// ```
/// use concerted_stats::quantiles;
/// assert_eq!(quantiles(&[4.0, 1.0, 3.0, 2.0], &[0.0, 0.5, 1.0]), [1.0, 2.5, 4.0]);
/// ```
pub fn quantiles(sample: &[f64], shares: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = sample.iter().copied().filter(|x| !x.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    shares
        .iter()
        .map(|&share| {
            let Some(last) = sorted.len().checked_sub(1) else {
                return f64::NAN;
            };
            let at = share.clamp(0.0, 1.0) * last as f64;
            let below = at.floor();
            let part = at - below;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and the last index"
            )]
            let i = below as usize;
            match sorted.get(i + 1) {
                Some(next) if part > 0.0 => sorted[i] + part * (next - sorted[i]),
                _ => sorted[i.min(last)],
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_perfect_grid_is_uniform_and_zeros_are_not() {
        let grid: Vec<f64> = (0..1000).map(|i| (f64::from(i) + 0.5) / 1000.0).collect();
        let u = Uniformity::of(&grid, 0.05);
        assert!((u.distance - 0.0005).abs() < 1e-12 && !u.finds_too_much());
        let zeros = Uniformity::of(&[0.0; 100], 0.05);
        assert!(zeros.distance == 1.0 && zeros.finds_too_much() && zeros.lack == 0.0);
    }

    #[test]
    fn nothing_says_nothing() {
        let u = Uniformity::of(&[], 0.05);
        assert_eq!((u.distance, u.interval()), (0.0, (0.0, 1.0)));
        assert!(quantiles(&[], &[0.5])[0].is_nan());
    }

    proptest! {
        #[test]
        fn order_does_not_matter(mut p in proptest::collection::vec(0.0f64..1.0, 1..50)) {
            let here = Uniformity::of(&p, 0.1);
            p.reverse();
            prop_assert_eq!(here, Uniformity::of(&p, 0.1));
            prop_assert!(here.distance >= 0.5 / p.len() as f64 - 1e-15);
        }

        #[test]
        fn quantiles_rise(x in proptest::collection::vec(-9.0f64..9.0, 1..40), a in 0.0f64..1.0, b in 0.0f64..1.0) {
            let q = quantiles(&x, &[a.min(b), a.max(b)]);
            prop_assert!(q[0] <= q[1]);
        }
    }
}
