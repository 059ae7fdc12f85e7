//! What does chance give on this very corpus? The same search on copies with the signal destroyed.
//!
//! *Accounts permuted* keeps what was shared when and how active everybody was, and destroys who
//! shared it: whatever the search finds there, chance gave. *Times jittered* keeps who shared what and
//! destroys when: whatever it finds there is shared taste. Both are counted beside every result.

pub mod jitter;
pub mod permute;

use crate::groups::{self, GroupPlan};
use crate::share::{Corpus, Share};
use rayon::prelude::*;

/// Which controls run.
#[derive(Clone, Debug, PartialEq)]
pub struct ControlPlan {
    /// Copies with accounts permuted within six hours, the strata of the score: what they hold is
    /// chance.
    pub permuted: u32,
    /// Copies with accounts permuted within one hour. They keep who was active in which hour, so a
    /// group that works in quiet hours in part survives; what they hold beyond the others is not
    /// chance but joint hours.
    pub permuted_within_hour: u32,
    /// Spans by which times are jittered, in hours; one copy each.
    pub jittered_h: Vec<i64>,
    /// Seed of every random choice.
    pub seed: u64,
}

impl Default for ControlPlan {
    fn default() -> Self {
        Self::with_copies(20)
    }
}

impl ControlPlan {
    /// This many copies permuted within six hours, a fifth as many within one, and three jittered;
    /// none at all for 0.
    pub fn with_copies(copies: u32) -> Self {
        Self {
            permuted: copies,
            permuted_within_hour: copies.div_ceil(5),
            jittered_h: if copies == 0 {
                Vec::new()
            } else {
                vec![1, 6, 24]
            },
            seed: 1,
        }
    }

    /// How many copies that makes.
    pub fn copies(&self) -> u32 {
        self.permuted
            + self.permuted_within_hour
            + u32::try_from(self.jittered_h.len()).unwrap_or(0)
    }
}

/// What the search found on one copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Groups.
    pub groups: u32,
    /// Accounts in them.
    pub accounts: u32,
    /// Of the groups, those on rare originals alone, whose bar only this control sets.
    pub rare_only: u32,
    /// Incidents that the burst search raised, before hindsight.
    pub incidents: u32,
}

/// What the controls gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Controls {
    /// Messages in the stratum of the median message, itself included, for strata of one hour and of six.
    pub messages_per_stratum: (u32, u32),
    /// Shares on each permuted copy.
    pub shares: u64,
    /// One count per copy permuted within six hours.
    pub permuted: Vec<Count>,
    /// One count per copy permuted within one hour.
    pub permuted_within_hour: Vec<Count>,
    /// One count per jittered copy, with its span in hours.
    pub jittered: Vec<(i64, Count)>,
}

impl Controls {
    /// Groups on all copies permuted within six hours together.
    pub fn groups_by_chance(&self) -> u64 {
        self.permuted
            .iter()
            .map(|count| u64::from(count.groups))
            .sum()
    }

    /// Upper 95 % limit of chance groups on one copy, from the exact Poisson interval on the total.
    pub fn groups_per_copy_limit(&self) -> f64 {
        poisson_upper(self.groups_by_chance()) / self.permuted.len().max(1) as f64
    }
}

/// Upper limit of the one-sided 95 % interval of a Poisson mean after `seen` events: the mean at which
/// so few or fewer have a chance of 5 % (Garwood 1936).
fn poisson_upper(seen: u64) -> f64 {
    let (mut low, mut high) = (0.0, 10.0 + 4.0 * seen as f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        // P[X <= seen] = 1 - P[X >= seen + 1].
        let tail =
            1.0 - concerted_stats::math::exp(concerted_stats::ln_poisson_sf(seen + 1, middle));
        if tail > 0.05 {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Runs the search on every copy, in parallel; `done` is called after each.
pub fn controls(
    corpus: &Corpus,
    groups: &GroupPlan,
    plan: &ControlPlan,
    done: &(dyn Fn() + Sync),
) -> Controls {
    enum Copy {
        /// Accounts permuted within so many hours.
        Permuted(permute::Span),
        /// Times jittered by up to so many hours.
        Jittered(i64),
    }
    let units = permute::Units::new(corpus);
    let repeat = |span, copies: u32| (0..copies).map(move |_| Copy::Permuted(span));
    let copies: Vec<Copy> = repeat(permute::Span::SixHours, plan.permuted)
        .chain(repeat(permute::Span::Hour, plan.permuted_within_hour))
        .chain(plan.jittered_h.iter().map(|&span| Copy::Jittered(span)))
        .collect();
    let mut counts: Vec<Count> = copies
        .par_iter()
        .enumerate()
        .map(|(stream, copy)| {
            let stream = stream as u64;
            let shares = match *copy {
                Copy::Permuted(span) => units.permuted(span, plan.seed, stream),
                Copy::Jittered(span_h) => jitter::jittered(corpus, span_h, plan.seed, stream),
            };
            let count = count(corpus, &shares, groups);
            done();
            count
        })
        .collect();
    let jittered = counts.split_off((plan.permuted + plan.permuted_within_hour) as usize);
    let permuted_within_hour = counts.split_off(plan.permuted as usize);
    Controls {
        messages_per_stratum: (
            units.median_stratum(permute::Span::Hour),
            units.median_stratum(permute::Span::SixHours),
        ),
        shares: units.shares(),
        permuted: counts,
        permuted_within_hour,
        jittered: plan.jittered_h.iter().copied().zip(jittered).collect(),
    }
}

/// The shares of each copy of a corpus in which accounts changed places within six hours: the very copies that
/// [`controls`] searches, for who wants to measure something else on them.
pub fn permuted_copies(
    corpus: &Corpus,
    seed: u64,
    copies: u32,
) -> impl Iterator<Item = Vec<Share>> {
    let units = permute::Units::new(corpus);
    (0..copies).map(move |copy| units.permuted(permute::Span::SixHours, seed, u64::from(copy)))
}

fn count(corpus: &Corpus, shares: &[Share], plan: &GroupPlan) -> Count {
    let found = groups::find(corpus, shares, plan);
    let size = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Count {
        groups: size(found.groups.len()),
        accounts: size(found.groups.iter().map(|group| group.members.len()).sum()),
        rare_only: size(
            found
                .groups
                .iter()
                .filter(|group| group.found_by == groups::FoundBy::RareOriginals)
                .count(),
        ),
        incidents: size(found.incidents),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_after_nothing_is_three() {
        assert!((poisson_upper(0) - 2.995_732).abs() < 1e-5);
        assert!((poisson_upper(2) - 6.295_794).abs() < 1e-5);
    }
}
