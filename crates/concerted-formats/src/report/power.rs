//! What would have been seen? The size of group and the number of joint acts that reach the bar on this
//! very corpus: computed from the score, not asserted.
//!
//! The group that is asked about is the plainest one: all members share the same thing within the
//! shortest window, nobody else does, and each does so on objects in different six hours, where each
//! member shares one other thing. A group that hides among others or acts in part needs more.

use crate::case::calibration::Calibration;
use concerted_stats::{ln_lr_run, ln_union_penalty};

/// Sizes that are asked about.
pub(super) const SIZES: [u64; 4] = [3, 5, 10, 20];

/// Joint acts that a group of `k` needs to reach the bar among `active` accounts where a stratum holds
/// `shares`; `None` where no number does.
pub(super) fn acts_needed(k: u64, active: u64, shares: u64, bar: f64) -> Option<u64> {
    if k > active || k < 2 || shares == 0 {
        return None;
    }
    // Each member's act and one other share, of all shares in the stratum and the acts themselves.
    let p = 2.0 * k as f64 / (shares + 2 * k) as f64;
    let others = k - 1;
    let gain = ln_lr_run(usize::try_from(k).ok()?, p, others, others, others);
    if gain <= 0.0 {
        return None;
    }
    let needed = ((bar + ln_union_penalty(active, k)) / gain).ceil();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and beyond a million acts nobody asks"
    )]
    (needed.is_finite() && needed < 1e6).then_some((needed as u64).max(1))
}

/// For each size, the acts needed where strata are small, middling and large.
pub(super) fn table(calibration: &Calibration, bar: f64) -> Vec<(u64, Vec<Option<u64>>)> {
    SIZES
        .into_iter()
        .map(|k| {
            let of = |shares: &u64| acts_needed(k, calibration.active_accounts, *shares, bar);
            (k, calibration.shares_per_stratum.iter().map(of).collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toy_corpus_of_the_specification_needs_four_acts() {
        // Statistics, section 8, vector 1: at p = .012 an act brings 6.067 nats against a penalty of
        // 18.620, so three acts stay below the bar of 3 and four reach 5.65.
        assert_eq!(acts_needed(3, 497, 494, 3.0), Some(4));
        assert_eq!(acts_needed(3, 497, 494, 5.64), Some(4));
        assert_eq!(acts_needed(3, 497, 494, 5.66), Some(5));
        assert_eq!(acts_needed(3, 2, 1_000, 3.0), None);
        assert_eq!(acts_needed(3, 497, 0, 3.0), None);
        assert!(acts_needed(3, 497, 20, 3.0) > acts_needed(3, 497, 20_000, 3.0));
    }
}
