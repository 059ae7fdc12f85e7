//! How early, and at what price in false alarms? The measures of a replay with known truth.
//!
//! An alert counts at the time of the post that raises it, and with what had been named by then. See
//! `docs/methods/early-warning.md` for the definitions.

use concerted_engine::groups::incidents::Incidents;
use concerted_engine::post::Millis;
use std::collections::{BTreeMap, BTreeSet};

/// A group that is known to act in concert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planted {
    /// Its accounts.
    pub accounts: BTreeSet<u32>,
    /// Time of the first share of each of its joint actions, ascending.
    pub actions: Vec<Millis>,
    /// Times of its posts.
    pub posts: Vec<Millis>,
}

/// An alarm: when, and whom it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// When.
    pub time: Millis,
    /// The accounts.
    pub core: Vec<u32>,
}

/// What became of one group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Time from its first action to the first alert that is about it, in ms; `None` if there was none.
    pub delay: Option<Millis>,
    /// Joint actions that had begun by then.
    pub actions: Option<usize>,
    /// Part of its posts that were still to come.
    pub preventable: f64,
    /// Whether half of it was named at some time, by an incident that is mostly its own.
    pub half_named: bool,
}

/// What a rule achieved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// One for each group.
    pub outcomes: Vec<Outcome>,
    /// Incidents of which fewer than half of the accounts are of any group.
    pub false_incidents: usize,
    /// Incidents.
    pub incidents: usize,
}

impl Score {
    /// Adds the outcomes of another stream.
    pub fn add(&mut self, other: Self) {
        self.outcomes.extend(other.outcomes);
        self.false_incidents += other.false_incidents;
        self.incidents += other.incidents;
    }

    /// Part of the groups that were found.
    pub fn found(&self) -> f64 {
        self.part(|outcome| outcome.delay.is_some())
    }

    /// Part of the groups that were found at this many actions or fewer.
    pub fn by(&self, actions: usize) -> f64 {
        self.part(|outcome| outcome.actions.is_some_and(|at| at <= actions))
    }

    /// Part of the groups of which half was named.
    pub fn half_named(&self) -> f64 {
        self.part(|outcome| outcome.half_named)
    }

    /// Mean part of the posts that were still to come.
    pub fn preventable(&self) -> f64 {
        let sum: f64 = self
            .outcomes
            .iter()
            .map(|outcome| outcome.preventable)
            .sum();
        sum / self.outcomes.len().max(1) as f64
    }

    /// Median of the actions at the alert; never counts as infinite. `None` if that is the median.
    pub fn median_actions(&self) -> Option<usize> {
        let actions = self
            .outcomes
            .iter()
            .map(|outcome| outcome.actions.unwrap_or(usize::MAX));
        median(actions.collect()).filter(|&actions| actions < usize::MAX)
    }

    /// Median time to detect in ms; never counts as infinite.
    pub fn median_delay(&self) -> Option<Millis> {
        let delays = self
            .outcomes
            .iter()
            .map(|outcome| outcome.delay.unwrap_or(Millis::MAX));
        median(delays.collect()).filter(|&delay| delay < Millis::MAX)
    }

    fn part(&self, holds: impl Fn(&Outcome) -> bool) -> f64 {
        let count = self
            .outcomes
            .iter()
            .filter(|outcome| holds(outcome))
            .count();
        count as f64 / self.outcomes.len().max(1) as f64
    }
}

fn median<T: Ord + Copy>(mut values: Vec<T>) -> Option<T> {
    values.sort_unstable();
    values.get((values.len().max(1) - 1) / 2).copied()
}

/// Scores alarms, in order of time, against the groups.
pub fn score(groups: &[Planted], alarms: &[Named]) -> Score {
    let mut planted: BTreeMap<u32, usize> = BTreeMap::new();
    for (place, group) in groups.iter().enumerate() {
        for &account in &group.accounts {
            planted.insert(account, place);
        }
    }
    let mut first: Vec<Option<Millis>> = vec![None; groups.len()];
    let mut half: Vec<bool> = vec![false; groups.len()];
    let mut incidents: Incidents<u32> = Incidents::default();
    for alarm in alarms {
        let (index, _) = incidents.alarm(alarm.time, &alarm.core);
        let named = &incidents.list()[index].accounts;
        let mut concerned: Vec<usize> = alarm
            .core
            .iter()
            .filter_map(|account| planted.get(account).copied())
            .collect();
        concerned.sort_unstable();
        concerned.dedup();
        for place in concerned {
            let group = &groups[place];
            if group
                .actions
                .first()
                .is_none_or(|&begin| alarm.time < begin)
            {
                continue;
            }
            let of_core = alarm
                .core
                .iter()
                .filter(|account| group.accounts.contains(account))
                .count();
            let of_incident = named
                .iter()
                .filter(|account| group.accounts.contains(account))
                .count();
            if of_core * 2 >= alarm.core.len() && of_incident >= 2 {
                first[place].get_or_insert(alarm.time);
            }
            half[place] |=
                of_incident * 2 >= group.accounts.len() && of_incident * 2 >= named.len();
        }
    }
    let outcomes = groups
        .iter()
        .zip(first)
        .zip(half)
        .map(|((group, first), half_named)| Outcome {
            delay: first.map(|time| time - group.actions[0]),
            actions: first.map(|time| group.actions.iter().filter(|&&begin| begin <= time).count()),
            preventable: first.map_or(0.0, |time| {
                let later = group.posts.iter().filter(|&&post| post > time).count();
                later as f64 / group.posts.len().max(1) as f64
            }),
            half_named,
        })
        .collect();
    let false_incidents = incidents
        .list()
        .iter()
        .filter(|incident| {
            let known = incident
                .accounts
                .iter()
                .filter(|account| planted.contains_key(account));
            known.count() * 2 < incident.accounts.len()
        })
        .count();
    Score {
        outcomes,
        false_incidents,
        incidents: incidents.list().len(),
    }
}

/// The fixed count of the field: a pair is named once it has shared `count` different objects within
/// `window` ms of each other. Shares are (time, account, object) in order of time.
pub fn fixed_count(shares: &[(Millis, u32, u32)], window: Millis, count: u32) -> Vec<Named> {
    let mut recent: BTreeMap<u32, Vec<(Millis, u32)>> = BTreeMap::new();
    let mut pairs: BTreeMap<(u32, u32), (u32, u32)> = BTreeMap::new();
    let mut alarms = Vec::new();
    for &(time, account, object) in shares {
        let sharers = recent.entry(object).or_default();
        sharers.retain(|&(then, _)| time - then <= window);
        for &(_, other) in sharers.iter().filter(|(_, other)| *other != account) {
            let pair = pairs
                .entry((account.min(other), account.max(other)))
                .or_insert((0, u32::MAX));
            // Each object counts once for a pair, as long as no other comes between.
            if pair.1 == object {
                continue;
            }
            *pair = (pair.0 + 1, object);
            if pair.0 == count {
                alarms.push(Named {
                    time,
                    core: vec![account.min(other), account.max(other)],
                });
            }
        }
        sharers.push((time, account));
    }
    alarms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group() -> Planted {
        Planted {
            accounts: [1, 2, 3, 4].into(),
            actions: vec![100, 200, 300],
            posts: vec![100, 110, 200, 210, 300, 310],
        }
    }

    fn named(time: Millis, core: &[u32]) -> Named {
        Named {
            time,
            core: core.to_vec(),
        }
    }

    #[test]
    fn an_alert_counts_when_half_of_its_core_is_of_the_group() {
        let score = score(
            &[group()],
            &[
                named(50, &[1, 2]),
                named(150, &[1, 8, 9]),
                named(210, &[1, 2]),
            ],
        );
        assert_eq!(
            score.outcomes,
            [Outcome {
                delay: Some(110),
                actions: Some(2),
                preventable: 2.0 / 6.0,
                half_named: true
            }]
        );
        assert_eq!((score.incidents, score.false_incidents), (2, 1));
        assert_eq!((score.by(1), score.by(2), score.found()), (0.0, 1.0, 1.0));
    }

    #[test]
    fn never_stays_in_the_median() {
        let mut never = score(&[group()], &[]);
        assert_eq!(never.median_delay(), None);
        never.add(score(&[group()], &[named(100, &[1, 2])]));
        assert_eq!(never.median_actions(), Some(1));
        never.add(score(&[group()], &[]));
        assert_eq!(never.median_actions(), None);
    }

    #[test]
    fn the_fixed_count_names_a_pair_at_its_second_object() {
        let alarms = fixed_count(
            &[
                (0, 1, 7),
                (30, 2, 7),
                (40, 1, 7),
                (100, 2, 8),
                (161, 1, 8),
                (300, 1, 9),
                (310, 2, 9),
            ],
            60,
            2,
        );
        assert_eq!(alarms, [named(310, &[1, 2])]);
    }
}
