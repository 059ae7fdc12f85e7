//! How far does a run of joint action speak against chance? Bets, and what the search for them costs.
//!
//! An e-value is what a fair bet against the null model has made of a stake of 1: its expectation under the
//! null is at most 1, so it exceeds `1/a` with a chance of at most `a`, whenever one looks (Ville 1939).
//! Independent bets multiply and averages of bets are bets, so everything here is added up as natural
//! logarithms ("nats").
//!
//! Two bets are offered. [`ln_lr_run`] is made in hindsight, on one run of a group, against a few fixed
//! alternatives. [`ln_bet`] is made live, on each next joiner, with a uniform prior on the rate of hits.

use crate::factorial::{ln_beta, ln_choose};
use crate::math::{exp, ln, ln_1p};

/// The share of the stake that is not bet, so that one run can cost no more than `ln 0.8`.
const KEPT: f64 = 0.8;
/// The alternatives: how much of the group takes part.
const RATES: [f64; 3] = [0.2, 0.5, 0.9];
/// No alternative says that a slot is a member's with more than this chance.
const MOST: f64 = 0.8;

/// The log of the bet on one run of a group of `k` accounts.
///
/// A run begins with a share by a member. `n_w` other slots follow within the window; of the `n_e` slots up
/// to the end of the run and a window beyond, `f` are members', each with the chance `p` under the null
/// (clamped to `[1e-9, 0.95]`). With `a = max(min(rho (k-1) / max(n_w, 1), 0.8), p)`,
///
/// `LR = 0.8 + 0.2 * mean over rho in {0.2, 0.5, 0.9} of (a/p)^f ((1-a)/(1-p))^(n_e - f)`,
///
/// and 1 where `n_e = 0`. To score many runs of one group use [`RunScorer`], which gives the same.
///
/// ```
/// use concerted_stats::ln_lr_run;
/// assert!((ln_lr_run(3, 0.01, 2, 2, 2) - 6.431_009).abs() < 5e-7);
/// assert!((ln_lr_run(2, 0.05, 3, 3, 0) + 0.067_329).abs() < 5e-7);
/// ```
pub fn ln_lr_run(k: usize, p: f64, n_w: u64, n_e: u64, f: u64) -> f64 {
    let bets = Bets::of(k, n_w);
    bets.ln_factor(&NullChance::new(p), n_e, f)
}

/// What the null model gives for one slot, with the logarithms that every bet needs.
///
/// It depends on the group and the stratum only, so compute it once for both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NullChance {
    p: f64,
    ln_p: f64,
    ln_rest: f64,
    inverse: f64,
    inverse_rest: f64,
}

impl NullChance {
    /// From a chance, which is clamped to `[1e-9, 0.95]` (what is not a number becomes 0.95).
    pub fn new(p: f64) -> Self {
        let p = if p.is_nan() {
            0.95
        } else {
            p.clamp(1e-9, 0.95)
        };
        Self {
            p,
            ln_p: ln(p),
            ln_rest: ln_1p(-p),
            inverse: 1.0 / p,
            inverse_rest: 1.0 / (1.0 - p),
        }
    }

    /// The chance after clamping.
    pub fn p(&self) -> f64 {
        self.p
    }

    /// The larger of two, as a run that spans two strata takes it.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        if other.p > self.p { other } else { self }
    }
}

/// The three alternatives for one size of group and one number of slots.
#[derive(Clone, Copy, Debug)]
struct Bets {
    a: [f64; 3],
    ln_a: [f64; 3],
    ln_rest: [f64; 3],
}

impl Bets {
    fn of(k: usize, n_w: u64) -> Self {
        let others = k.saturating_sub(1) as f64;
        let a = RATES.map(|rho| (rho * others / n_w.max(1) as f64).min(MOST));
        Self {
            a,
            ln_a: a.map(ln),
            ln_rest: a.map(|a| ln_1p(-a)),
        }
    }

    /// The logs of the three likelihood ratios. A bet on less than chance is no bet: its ratio is 1.
    #[inline]
    fn ln_ratios(&self, null: &NullChance, n_e: u64, f: u64) -> [f64; 3] {
        let (hits, misses) = (f as f64, n_e.saturating_sub(f) as f64);
        core::array::from_fn(|i| {
            if self.a[i] <= null.p {
                0.0
            } else {
                hits * (self.ln_a[i] - null.ln_p) + misses * (self.ln_rest[i] - null.ln_rest)
            }
        })
    }

    /// The bet itself, for few enough hits and misses.
    #[inline]
    fn short_factor(&self, null: &NullChance, hits: u64, misses: u64) -> f64 {
        let sum: f64 = (0..3)
            .map(|i| {
                if self.a[i] <= null.p {
                    1.0
                } else {
                    power(self.a[i] * null.inverse, hits)
                        * power((1.0 - self.a[i]) * null.inverse_rest, misses)
                }
            })
            .sum();
        KEPT + (1.0 - KEPT) / 3.0 * sum
    }

    fn ln_factor(&self, null: &NullChance, n_e: u64, f: u64) -> f64 {
        if n_e == 0 || self.a[2] <= null.p {
            return 0.0;
        }
        let x = self.ln_ratios(null, n_e, f);
        let most = x[0].max(x[1]).max(x[2]).max(0.0);
        most + ln(factor(x, most))
    }
}

/// `x` to a whole power, by squaring.
#[inline]
fn power(mut x: f64, mut n: u64) -> f64 {
    let mut result = 1.0;
    while n > 0 {
        if n & 1 == 1 {
            result *= x;
        }
        x *= x;
        n >>= 1;
    }
    result
}

/// `(0.8 + 0.2 * mean of exp(x)) / exp(most)`.
#[inline]
fn factor(x: [f64; 3], most: f64) -> f64 {
    // Below exp(-45) a term cannot move a sum that is at least 0.2/3, so it is not computed.
    let term = |x: f64| if x < -45.0 { 0.0 } else { exp(x) };
    let kept = if most == 0.0 {
        KEPT
    } else {
        KEPT * term(-most)
    };
    kept + (1.0 - KEPT) / 3.0 * (term(x[0] - most) + term(x[1] - most) + term(x[2] - most))
}

/// Scores the runs of one group: [`ln_lr_run`] with everything kept that does not change from run to run.
///
/// ```
/// use concerted_stats::evalue::{LnProduct, NullChance, RunScorer, ln_lr_run};
/// let scorer = RunScorer::new(3);
/// let null = NullChance::new(0.012);
/// let mut product = LnProduct::default();
/// for _ in 0..4 {
///     scorer.multiply(&mut product, &null, 2, 2, 2);
/// }
/// assert!((product.ln() - 4.0 * ln_lr_run(3, 0.012, 2, 2, 2)).abs() < 1e-12);
/// ```
#[derive(Clone, Debug)]
pub struct RunScorer {
    k: usize,
    by_slots: Vec<Bets>,
}

impl RunScorer {
    /// Numbers of slots in a window for which the alternatives are kept; most windows hold fewer.
    const KEPT_SLOTS: u64 = 64;

    /// For a group of `k` accounts.
    pub fn new(k: usize) -> Self {
        Self {
            k,
            by_slots: (0..Self::KEPT_SLOTS).map(|n_w| Bets::of(k, n_w)).collect(),
        }
    }

    /// The size of the group.
    pub fn group_size(&self) -> usize {
        self.k
    }

    /// The log of the bet on one run; see [`ln_lr_run`].
    pub fn ln_lr(&self, null: &NullChance, n_w: u64, n_e: u64, f: u64) -> f64 {
        match usize::try_from(n_w).ok().and_then(|n| self.by_slots.get(n)) {
            Some(bets) => bets.ln_factor(null, n_e, f),
            None => Bets::of(self.k, n_w).ln_factor(null, n_e, f),
        }
    }

    /// Multiplies the bet on one run into a product, which costs a logarithm less than adding
    /// [`RunScorer::ln_lr`] and, for runs of at most 16 hits and 64 misses, all exponentials.
    #[inline]
    pub fn multiply(&self, product: &mut LnProduct, null: &NullChance, n_w: u64, n_e: u64, f: u64) {
        let kept = usize::try_from(n_w).ok().and_then(|n| self.by_slots.get(n));
        let computed;
        let bets = if let Some(bets) = kept {
            bets
        } else {
            computed = Bets::of(self.k, n_w);
            &computed
        };
        if n_e == 0 || bets.a[2] <= null.p {
            return;
        }
        // Nearly all runs are short: their powers fit a double and need no exponential. The largest
        // is (0.8 / 1e-9)^16, about 3e142.
        let misses = n_e.saturating_sub(f);
        if f <= 16 && misses <= 64 {
            product.multiply(bets.short_factor(null, f, misses));
            return;
        }
        let x = bets.ln_ratios(null, n_e, f);
        let most = x[0].max(x[1]).max(x[2]);
        // What fits into a double is multiplied as it is.
        let most = if most > 300.0 { most } else { 0.0 };
        product.ln += most;
        product.multiply(factor(x, most));
    }
}

/// A product of positive numbers that neither overflows nor vanishes.
#[derive(Clone, Copy, Debug)]
pub struct LnProduct {
    ln: f64,
    factor: f64,
}

impl Default for LnProduct {
    /// The empty product, 1.
    fn default() -> Self {
        Self {
            ln: 0.0,
            factor: 1.0,
        }
    }
}

impl LnProduct {
    /// Multiplies by a number between 1e-150 and 1e150.
    #[inline]
    pub fn multiply(&mut self, by: f64) {
        self.factor *= by;
        if !(1e-150..=1e150).contains(&self.factor) {
            self.ln += ln(self.factor);
            self.factor = 1.0;
        }
    }

    /// The natural logarithm of the product.
    pub fn ln(&self) -> f64 {
        self.ln + ln(self.factor)
    }
}

/// What a score pays for its search: `ln C(n, k) + ln k(k-1)`, a union bound over all groups of all sizes
/// from 2 that `n` accounts could form. Subtract it from the log of a bet. Below 2 accounts the second
/// term is that of 2; infinite if `k > n`, since there is no such group.
///
/// ```
/// use concerted_stats::ln_union_penalty;
/// assert!((ln_union_penalty(23, 3) - 9.271_059).abs() < 5e-7);
/// assert!((ln_union_penalty(1731, 10) - 63.933_898).abs() < 5e-7);
/// ```
pub fn ln_union_penalty(n: u64, k: u64) -> f64 {
    if k > n {
        return f64::INFINITY;
    }
    let size = k.max(2) as f64;
    ln_choose(n, k) + ln(size * (size - 1.0))
}

/// The log of the mean of `exp(x)`, so of the mean of bets given as logs; minus infinity of none.
///
/// ```
/// use concerted_stats::ln_mean_exp;
/// assert!((ln_mean_exp(&[2000.0, 0.0, 0.0, 0.0]) - (2000.0 - 4f64.ln())).abs() < 1e-12);
/// ```
pub fn ln_mean_exp(x: &[f64]) -> f64 {
    let most = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !most.is_finite() {
        return most;
    }
    let sum: f64 = x.iter().map(|x| exp(x - most)).sum();
    most + ln(sum / x.len() as f64)
}

/// The log of the live bet of a group after `h` hits in `n` trials: `ln(h! (n-h)! / (n+1)!)` plus
/// `sum_ln_inv_pi`, the sum over the hits of `-ln pi`, each `pi` fixed before its trial.
///
/// Bets on a uniform prior for the rate of hits, in closed form, so the order of hits and misses does not
/// matter. If each hit had at most the chance `pi`, this is a supermartingale whatever the rate.
///
/// ```
/// use concerted_stats::ln_bet;
/// let three_of_ten = ln_bet(3, 10, -3.0 * 0.003f64.ln());
/// assert!((three_of_ten.exp() - 28_058.36).abs() < 0.01);
/// ```
pub fn ln_bet(h: u64, n: u64, sum_ln_inv_pi: f64) -> f64 {
    ln_beta(h + 1, n.saturating_sub(h) + 1) + sum_ln_inv_pi
}

/// The bar for a live bet: `ln(1 / (rate / scales * share))`, where `rate` is the number of false alerts
/// allowed per million posts, spread over `scales` time scales, and `share` the part of that budget which
/// the group drew.
///
/// ```
/// use concerted_stats::evalue::ln_alert_bar;
/// assert!((ln_alert_bar(10.0, 4, 25e-6) - 9.680).abs() < 5e-4);
/// ```
pub fn ln_alert_bar(rate: f64, scales: u32, share: f64) -> f64 {
    -ln(rate / f64::from(scales.max(1)) * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn runs_of_the_specification() {
        for (k, p, n_w, n_e, f, want) in [
            (3, 0.01, 2, 2, 2, 6.431_009),
            (5, 0.02, 10, 10, 1, 0.080_903),
            (2, 0.05, 3, 3, 0, -0.067_329),
            (10, 0.3, 4, 4, 0, -0.190_802),
            (3, 0.012, 2, 2, 2, 6.066_933),
        ] {
            let got = ln_lr_run(k, p, n_w, n_e, f);
            assert!((got - want).abs() < 5e-7, "{k} {p} {n_w} {n_e} {f}: {got}");
        }
        assert_eq!(ln_lr_run(3, 0.01, 0, 0, 0), 0.0);
        assert_eq!(ln_lr_run(1, 0.01, 5, 5, 1), 0.0);
    }

    #[test]
    fn penalties_of_the_specification() {
        for (n, k, want) in [
            (23, 3, 9.271_059),
            (1731, 5, 35.484_731),
            (1731, 10, 63.933_898),
            (497, 3, 18.619_7),
        ] {
            assert!((ln_union_penalty(n, k) - want).abs() < 5e-5, "{n} {k}");
        }
        assert!((ln_union_penalty(9, 1) - 18f64.ln()).abs() < 1e-14);
        assert_eq!(ln_union_penalty(2, 3), f64::INFINITY);
    }

    #[test]
    fn live_bets_of_the_specification() {
        for (h, n, pi, want) in [
            (1u64, 1u64, 0.01f64, 50.0),
            (2, 2, 0.01, 3_333.33),
            (2, 2, 0.003, 37_037.04),
            (3, 3, 0.003, 9_259_259.26),
            (3, 10, 0.003, 28_058.36),
            (1, 50, 0.02, 0.0196),
            (0, 4, 0.01, 0.2),
        ] {
            let got = ln_bet(h, n, -(h as f64) * pi.ln()).exp();
            let digits = if want < 1.0 { 5e-5 } else { 5e-3 };
            assert!((got - want).abs() <= digits, "E({h}, {n}, {pi}) = {got}");
        }
    }

    /// The toy stream of the specification: hits at .07404 and .08925 with a miss between them, and on.
    #[test]
    fn the_toy_stream() {
        let mut sum = 0.0;
        for (h, n, pi, want) in [
            (1, 1, Some(0.074_04f64), 1.910),
            (1, 2, None, 0.811),
            (2, 3, Some(0.089_25), 2.535),
            (3, 4, Some(0.103_16), 4.295),
            (4, 5, Some(0.118_37), 6.024),
        ] {
            sum += pi.map_or(0.0, |pi| -pi.ln());
            assert!(
                (ln_bet(h, n, sum) - want).abs() < 1e-3,
                "{h} {n}: {}",
                ln_bet(h, n, sum)
            );
        }
    }

    #[test]
    fn a_large_group_does_not_overflow() {
        let got = ln_lr_run(400, 1e-9, 400, 399, 399);
        assert!(got > 7000.0 && got.is_finite(), "{got}");
        let scorer = RunScorer::new(400);
        let mut product = LnProduct::default();
        for _ in 0..100 {
            scorer.multiply(&mut product, &NullChance::new(1e-9), 400, 399, 399);
        }
        assert!((product.ln() / (100.0 * got) - 1.0).abs() < 1e-13);
    }

    /// ln C(n, f) p^f (1-p)^(n-f), as a plain number.
    fn binomial(n: u64, f: u64, p: f64) -> f64 {
        (ln_choose(n, f) + f as f64 * p.ln() + (n - f) as f64 * (1.0 - p).ln()).exp()
    }

    proptest! {
        /// Under the null the expectation of a bet is at most 1, here exactly 1.
        #[test]
        fn a_run_is_a_fair_bet(k in 2usize..40, p in 1e-9f64..0.95, n_w in 0u64..30, n_e in 1u64..30) {
            let mean: f64 = (0..=n_e).map(|f| binomial(n_e, f, p) * ln_lr_run(k, p, n_w, n_e, f).exp()).sum();
            prop_assert!((mean - 1.0).abs() < 1e-9, "{mean}");
        }

        /// Two trials ahead, every path: the live bet is a supermartingale when hits are no likelier than pi.
        #[test]
        fn a_live_bet_is_fair(h in 0u64..6, misses in 0u64..20, pi in 1e-6f64..0.9, less in 0.0f64..1.0) {
            let n = h + misses;
            let now = ln_bet(h, n, 0.0);
            let hit = (ln_bet(h + 1, n + 1, -pi.ln()) - now).exp();
            let miss = (ln_bet(h, n + 1, 0.0) - now).exp();
            let chance = pi * less;
            // The prior's rate r gives hit = r/pi and miss = 1 - r.
            prop_assert!(chance * hit + (1.0 - chance) * miss <= 1.0 + 1e-12);
        }

        #[test]
        fn the_scorer_says_the_same(k in 1usize..60, p in 1e-9f64..0.95, n_w in 0u64..200, n_e in 0u64..200, part in 0.0f64..1.0) {
            let f = (n_e as f64 * part) as u64;
            let want = ln_lr_run(k, p, n_w, n_e, f);
            let scorer = RunScorer::new(k);
            let null = NullChance::new(p);
            prop_assert_eq!(scorer.ln_lr(&null, n_w, n_e, f), want);
            let mut product = LnProduct::default();
            scorer.multiply(&mut product, &null, n_w, n_e, f);
            prop_assert!((product.ln() - want).abs() <= 1e-13 * want.abs().max(1.0));
            prop_assert!(want >= KEPT.ln() - 1e-15);
        }

        #[test]
        fn one_more_hit_never_speaks_less(k in 2usize..60, p in 1e-9f64..0.95, n_w in 0u64..100, n_e in 1u64..100, part in 0.0f64..1.0) {
            let f = ((n_e - 1) as f64 * part) as u64;
            prop_assert!(ln_lr_run(k, p, n_w, n_e, f + 1) >= ln_lr_run(k, p, n_w, n_e, f));
        }

        #[test]
        fn order_does_not_matter(x in proptest::collection::vec(1e-6f64..0.5, 1..20), misses in 0u64..20) {
            let forward: f64 = x.iter().map(|p| -p.ln()).sum();
            let backward: f64 = x.iter().rev().map(|p| -p.ln()).sum();
            let (h, n) = (x.len() as u64, x.len() as u64 + misses);
            prop_assert!((ln_bet(h, n, forward) - ln_bet(h, n, backward)).abs() < 1e-10);
        }
    }
}
