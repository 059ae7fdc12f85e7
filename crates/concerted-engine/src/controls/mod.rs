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
    /// Copies with permuted accounts.
    pub permuted: u32,
    /// Spans by which times are jittered, in hours; one copy each.
    pub jittered_h: Vec<i64>,
    /// Seed of every random choice.
    pub seed: u64,
}

impl Default for ControlPlan {
    fn default() -> Self {
        Self {
            permuted: 20,
            jittered_h: vec![1, 6, 24],
            seed: 1,
        }
    }
}

impl ControlPlan {
    /// This many permuted copies; none at all leaves the jittered ones out too.
    pub fn with_copies(copies: u32) -> Self {
        let plan = Self {
            permuted: copies,
            ..Self::default()
        };
        if copies == 0 {
            Self {
                jittered_h: Vec::new(),
                ..plan
            }
        } else {
            plan
        }
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
    /// Length of the strata within which accounts were permuted, in hours.
    pub stratum_h: i64,
    /// Median number of messages that a message shares its stratum with, itself included, for strata
    /// of one hour and of six.
    pub messages_per_stratum: (u32, u32),
    /// Shares on each permuted copy.
    pub shares: u64,
    /// One count per permuted copy.
    pub permuted: Vec<Count>,
    /// One count per jittered copy, with its span in hours.
    pub jittered: Vec<(i64, Count)>,
}

impl Controls {
    /// Groups on all permuted copies together.
    pub fn groups_by_chance(&self) -> u64 {
        self.permuted
            .iter()
            .map(|count| u64::from(count.groups))
            .sum()
    }

    /// Copies with at least one group, and the upper 95 % limit of chance groups on one copy: from the
    /// exact Poisson interval on the total.
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
            low = middle
        } else {
            high = middle
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
        Permuted(u64),
        Jittered(i64, u64),
    }
    let units = permute::Units::new(corpus);
    let stratum_h = units.stratum_h();
    let copies: Vec<Copy> = (0..u64::from(plan.permuted))
        .map(Copy::Permuted)
        .chain(
            (0u64..)
                .zip(&plan.jittered_h)
                .map(|(place, &span)| Copy::Jittered(span, u64::from(plan.permuted) + place)),
        )
        .collect();
    let counts: Vec<Count> = copies
        .par_iter()
        .map(|copy| {
            let shares = match *copy {
                Copy::Permuted(stream) => units.permuted(plan.seed, stream),
                Copy::Jittered(span_h, stream) => {
                    jitter::jittered(corpus, span_h, plan.seed, stream)
                }
            };
            let count = count(corpus, &shares, groups);
            done();
            count
        })
        .collect();
    let (permuted, jittered) = counts.split_at(plan.permuted as usize);
    Controls {
        stratum_h,
        messages_per_stratum: (units.median_stratum(1), units.median_stratum(6)),
        shares: units.shares(),
        permuted: permuted.to_vec(),
        jittered: plan
            .jittered_h
            .iter()
            .copied()
            .zip(jittered.iter().copied())
            .collect(),
    }
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
