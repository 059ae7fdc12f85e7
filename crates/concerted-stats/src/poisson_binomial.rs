//! How likely are at least `k` hits when every trial has a chance of its own?
//!
//! Written `S = X_1 + ... + X_n` with independent `X_i`, `P[X_i = 1] = p_i`. Equal chances are merged into
//! one binomial first, and the distribution is built group by group from positive terms only, so that the
//! far tail keeps its relative precision; transform methods lose everything below 1e-16. Underflow is
//! avoided by tilting: the odds of all trials are multiplied by one factor that moves the mean to `k`,
//! and the factor is taken out again exactly.
//!
//! For a number of trials at which that is too much work there is an upper bound, marked as such: the
//! smaller of Chernoff's and the binomial of the mean chance (W. Hoeffding, *On the distribution of the
//! number of successes in independent trials*, 1956).

use crate::math::{exp, ln, ln_1p, ln_add_exp};
use crate::saddle::ln_binomial_pmf;
use crate::tails::ln_binomial_sf;

/// A tail probability, and whether it is the value or an upper bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// `ln P[S >= k]`, or an upper bound of it.
    pub ln_p: f64,
    /// Whether `ln_p` is the value itself.
    pub exact: bool,
}

/// Trials of one and the same chance.
#[derive(Clone, Copy)]
struct Group {
    p: f64,
    trials: u64,
}

/// `ln P[S >= k]` for trials with the chances `p`; not a number if one of them is not in `[0, 1]`.
///
/// Takes time in proportion to `k` times the number of trials, and less where chances are equal.
///
/// ```
/// use concerted_stats::ln_poisson_binomial_sf;
/// assert!((ln_poisson_binomial_sf(2, &[0.1, 0.2, 0.3]).exp() - 0.098).abs() < 1e-15);
/// ```
pub fn ln_poisson_binomial_sf(k: u64, p: &[f64]) -> f64 {
    poisson_binomial_tail(k, p, u64::MAX).ln_p
}

/// As [`ln_poisson_binomial_sf`], but an upper bound where `k * p.len()` exceeds `most_work`.
///
/// ```
/// use concerted_stats::poisson_binomial_tail;
/// let chances: Vec<f64> = (1..=2000).map(|i| 1e-5 * f64::from(i)).collect();
/// let exact = poisson_binomial_tail(60, &chances, 1_000_000);
/// let bound = poisson_binomial_tail(60, &chances, 1_000);
/// assert!(exact.exact && !bound.exact);
/// assert!(exact.ln_p < bound.ln_p && bound.ln_p < exact.ln_p + 0.5);
/// ```
pub fn poisson_binomial_tail(k: u64, p: &[f64], most_work: u64) -> Tail {
    let exactly = |ln_p| Tail { ln_p, exact: true };
    if p.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return exactly(f64::NAN);
    }
    let certain = p.iter().filter(|&&p| p >= 1.0).count() as u64;
    let k = k.saturating_sub(certain);
    if k == 0 {
        return exactly(0.0);
    }
    let groups = merged(p);
    let trials: u64 = groups.iter().map(|g| g.trials).sum();
    if k > trials {
        return exactly(f64::NEG_INFINITY);
    }
    if let [only] = groups[..] {
        return exactly(ln_binomial_sf(k, only.trials, only.p));
    }
    if k.saturating_mul(p.len() as u64) > most_work {
        return Tail {
            ln_p: upper_bound(k, &groups, trials),
            exact: false,
        };
    }
    let mean: f64 = groups.iter().map(|g| g.trials as f64 * g.p).sum();
    exactly(if k as f64 > mean {
        upper_tail(k, &groups, trials)
    } else {
        ln_1p(-exp(lower_tail(k, &groups, trials)))
    })
}

/// The chances strictly between 0 and 1, ascending, equal ones together.
fn merged(p: &[f64]) -> Vec<Group> {
    let mut p: Vec<f64> = p.iter().copied().filter(|&p| p > 0.0 && p < 1.0).collect();
    p.sort_unstable_by(f64::total_cmp);
    p.chunk_by(|a, b| a.total_cmp(b).is_eq())
        .map(|same| Group {
            p: same[0],
            trials: same.len() as u64,
        })
        .collect()
}

/// `ln P[S >= k]` as the sum over the group in which the k-th hit falls.
fn upper_tail(k: u64, groups: &[Group], trials: u64) -> f64 {
    let tilt = Tilt::towards(k as f64, groups, trials);
    let mut hits = Hits::none(k);
    let mut untilt = 0.0;
    let mut total = f64::NEG_INFINITY;
    for group in groups {
        for (j, &weight) in hits.weights.iter().enumerate() {
            let missing = k - j as u64;
            if weight > 0.0 && missing <= group.trials {
                let before = ln(weight) - j as f64 * tilt.ln_odds + untilt;
                total = ln_add_exp(
                    total,
                    before + ln_binomial_sf(missing, group.trials, group.p),
                );
            }
        }
        hits.add(group, tilt.chance(group.p));
        untilt += group.trials as f64 * tilt.ln_norm(group.p);
    }
    total.min(0.0)
}

/// `ln P[S < k]`.
fn lower_tail(k: u64, groups: &[Group], trials: u64) -> f64 {
    let tilt = Tilt::towards(k as f64 - 1.0, groups, trials);
    let mut hits = Hits::none(k);
    let mut untilt = 0.0;
    for group in groups {
        hits.add(group, tilt.chance(group.p));
        untilt += group.trials as f64 * tilt.ln_norm(group.p);
    }
    let most = (k - 1) as f64;
    let sum: f64 = hits
        .weights
        .iter()
        .enumerate()
        .map(|(j, weight)| weight * exp((most - j as f64) * tilt.ln_odds))
        .sum();
    (ln(sum) - most * tilt.ln_odds + untilt).min(0.0)
}

/// Chernoff's bound, or the binomial of the mean chance where Hoeffding's theorem allows it.
fn upper_bound(k: u64, groups: &[Group], trials: u64) -> f64 {
    let mean: f64 = groups.iter().map(|g| g.trials as f64 * g.p).sum();
    let x = k as f64;
    if x <= mean {
        return 0.0;
    }
    let tilt = Tilt::towards(x, groups, trials);
    let norm: f64 = groups
        .iter()
        .map(|g| g.trials as f64 * tilt.ln_norm(g.p))
        .sum();
    let chernoff = (norm - x * tilt.ln_odds).min(0.0);
    if x >= mean + 1.0 {
        chernoff.min(ln_binomial_sf(k, trials, mean / trials as f64))
    } else {
        chernoff
    }
}

/// The distribution of the hits so far, below `k`, under tilted chances.
struct Hits {
    weights: Vec<f64>,
    below: usize,
}

impl Hits {
    fn none(k: u64) -> Self {
        Self {
            weights: vec![1.0],
            below: usize::try_from(k).unwrap_or(usize::MAX),
        }
    }

    fn add(&mut self, group: &Group, chance: f64) {
        let old = self.weights.len();
        let new = old
            .saturating_add(usize::try_from(group.trials).unwrap_or(usize::MAX))
            .min(self.below);
        self.weights.resize(new, 0.0);
        if group.trials == 1 {
            for j in (0..new).rev() {
                let from_below = if j > 0 { self.weights[j - 1] } else { 0.0 };
                self.weights[j] = self.weights[j] * (1.0 - chance) + from_below * chance;
            }
            return;
        }
        let step: Vec<f64> = (0..new as u64)
            .take_while(|&x| x <= group.trials)
            .map(|x| point(x, group.trials, chance))
            .collect();
        for j in (0..new).rev() {
            let first = (j + 1).saturating_sub(step.len());
            self.weights[j] = (first..=j.min(old - 1))
                .map(|i| self.weights[i] * step[j - i])
                .sum();
        }
    }
}

/// `P[X = x]` for a binomial count whose chance may have been rounded to 0 or 1.
fn point(x: u64, trials: u64, chance: f64) -> f64 {
    if chance <= 0.0 || chance >= 1.0 {
        let sure = if chance <= 0.0 { 0 } else { trials };
        return f64::from(u8::from(x == sure));
    }
    exp(ln_binomial_pmf(x, trials, chance))
}

/// One factor on the odds of every trial.
struct Tilt {
    ln_odds: f64,
    odds: f64,
}

impl Tilt {
    /// The factor that moves the mean number of hits to about `target`. Any factor gives the same tail,
    /// so a rough solution is enough.
    fn towards(target: f64, groups: &[Group], trials: u64) -> Self {
        let target = target.clamp(0.5, trials as f64 - 0.5);
        let (mut low, mut high) = (-600.0, 600.0);
        for _ in 0..50 {
            let tilt = Self::by(0.5 * (low + high));
            let mean: f64 = groups
                .iter()
                .map(|g| g.trials as f64 * tilt.chance(g.p))
                .sum();
            if mean < target {
                low = tilt.ln_odds;
            } else {
                high = tilt.ln_odds;
            }
        }
        Self::by(0.5 * (low + high))
    }

    fn by(ln_odds: f64) -> Self {
        Self {
            ln_odds,
            odds: exp(ln_odds),
        }
    }

    fn chance(&self, p: f64) -> f64 {
        p * self.odds / ((1.0 - p) + p * self.odds)
    }

    /// `ln(1 - p + p odds)`, what tilting one trial divided its probabilities by.
    fn ln_norm(&self, p: f64) -> f64 {
        ln_1p(p * (self.odds - 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By adding up all outcomes.
    fn enumerated(k: u64, p: &[f64]) -> f64 {
        (0u32..1 << p.len())
            .filter(|hits| u64::from(hits.count_ones()) >= k)
            .map(|hits| -> f64 {
                p.iter()
                    .enumerate()
                    .map(|(i, p)| if hits >> i & 1 == 1 { *p } else { 1.0 - p })
                    .product()
            })
            .sum()
    }

    #[test]
    fn published_vectors() {
        assert!((ln_poisson_binomial_sf(2, &[0.1, 0.2, 0.3]).exp() - 9.8e-2).abs() < 1e-15);
        assert!((ln_poisson_binomial_sf(3, &[0.05; 5]).exp() - 1.158_125e-3).abs() < 1e-15);
    }

    #[test]
    fn edges() {
        assert_eq!(ln_poisson_binomial_sf(0, &[]), 0.0);
        assert_eq!(ln_poisson_binomial_sf(1, &[]), f64::NEG_INFINITY);
        assert_eq!(ln_poisson_binomial_sf(2, &[1.0, 1.0, 0.3]), 0.0);
        assert!(ln_poisson_binomial_sf(1, &[0.1, f64::NAN]).is_nan());
        // A tail that no double can hold: 400 trials, each about one in a million or less.
        let rare: Vec<f64> = (1..=400).map(|i| 1e-9 * f64::from(i * i)).collect();
        let all: f64 = rare.iter().map(|p| p.ln()).sum();
        assert!((ln_poisson_binomial_sf(400, &rare) / all - 1.0).abs() < 1e-13);
    }

    proptest! {
        #[test]
        fn agrees_with_all_outcomes(p in proptest::collection::vec(0.0f64..1.0, 1..12), twice in 0usize..4, k in 0u64..14) {
            let mut p = p;
            p.extend(vec![p[0]; twice.min(12 - p.len().min(12))]);
            let (got, want) = (ln_poisson_binomial_sf(k, &p).exp(), enumerated(k, &p));
            prop_assert!((got - want).abs() < 1e-13, "{got} {want}");
        }

        #[test]
        fn order_does_not_matter_and_more_chance_is_more_likely(mut p in proptest::collection::vec(1e-6f64..0.9, 2..60), k in 1u64..20) {
            let here = ln_poisson_binomial_sf(k, &p);
            p.reverse();
            prop_assert_eq!(here, ln_poisson_binomial_sf(k, &p));
            prop_assert!(ln_poisson_binomial_sf(k + 1, &p) <= here);
            p[0] *= 1.1;
            prop_assert!(ln_poisson_binomial_sf(k, &p) >= here - 1e-12 * here.abs());
        }

        #[test]
        fn the_bound_is_above(p in proptest::collection::vec(1e-6f64..0.9, 2..60), k in 1u64..40) {
            let exact = poisson_binomial_tail(k, &p, u64::MAX).ln_p;
            prop_assert!(poisson_binomial_tail(k, &p, 0).ln_p >= exact - 1e-12 * exact.abs());
        }
    }
}
