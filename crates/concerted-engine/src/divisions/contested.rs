//! Do both camps use an item, and does it keep them apart?
//!
//! A slogan belongs to one camp; a contested item is used by both, and what is said with it stays within
//! the camps. Balance and cross-camp flow measure that where reposts are known. Seasons, anniversaries
//! and places lean too, and are no conflict: items whose use is one short burst, or whose accounts are a
//! small circle, are listed apart and never dropped.

use super::uses::{Passed, Use, Uses};
use crate::post::Millis;
use std::collections::BTreeMap;

/// Fewest reposts with both ends placed.
pub const LEAST_REPOSTS: u32 = 15;

/// How contested an item is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contested {
    /// Reposts of posts that carry it with both ends placed.
    pub reposts: u32,
    /// Share of camp B among those who passed them on.
    pub share_b: f64,
    /// Share of these reposts that cross the camps.
    pub cross: f64,
    /// The share that would cross if camps played no part.
    pub by_chance: f64,
    /// `4 p (1 - p) (1 - min(1, cross / by chance))`.
    pub weight: f64,
}

/// The weight of these shares. With little crossing overall it is nearly the balance alone.
pub fn weight(share_b: f64, by_chance: f64, cross: f64) -> f64 {
    let flow = if by_chance > 0.0 {
        (cross / by_chance).min(1.0)
    } else {
        1.0
    };
    4.0 * share_b * (1.0 - share_b) * (1.0 - flow)
}

/// How contested each tag is that was passed on often enough, by name.
pub fn contested(passed: &[Passed], camp: &[Option<bool>]) -> BTreeMap<String, Contested> {
    let mut counts: BTreeMap<&str, [u32; 4]> = BTreeMap::new();
    for repost in passed {
        let (Some(by), Some(of)) = (camp[repost.by as usize], camp[repost.of as usize]) else {
            continue;
        };
        for tag in &repost.tags {
            counts.entry(tag).or_default()[usize::from(by) * 2 + usize::from(of)] += 1;
        }
    }
    counts
        .into_iter()
        .filter_map(|(tag, [aa, ab, ba, bb])| {
            let reposts = aa + ab + ba + bb;
            if reposts < LEAST_REPOSTS {
                return None;
            }
            let all = f64::from(reposts);
            let share_b = f64::from(ba + bb) / all;
            let share_of_b = f64::from(ab + bb) / all;
            let cross = f64::from(ab + ba) / all;
            let by_chance = share_of_b * (1.0 - share_b) + (1.0 - share_of_b) * share_b;
            Some((
                tag.to_owned(),
                Contested {
                    reposts,
                    share_b,
                    cross,
                    by_chance,
                    weight: weight(share_b, by_chance, cross),
                },
            ))
        })
        .collect()
}

/// `2 min(pA, pB) / (pA + pB)`, where p is the share of a camp that uses the item: 1 if both use it alike.
pub fn balance(users: [u32; 2], camps: [usize; 2]) -> f64 {
    let [a, b] = [0, 1].map(|camp| f64::from(users[camp]) / camps[camp].max(1) as f64);
    if a + b > 0.0 {
        2.0 * a.min(b) / (a + b)
    } else {
        0.0
    }
}

/// Why an item is listed apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Apart {
    /// Eight in ten of its accounts first used it within two days of a corpus of two weeks or more.
    Burst,
    /// Half of its accounts, or more, also use one other item that at most one in twenty accounts uses.
    Circle,
}

impl Apart {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Burst => "one short burst",
            Self::Circle => "a small circle",
        }
    }
}

const DAY: Millis = 86_400_000;

/// Whether the use of an item is one short burst, in a corpus of this span.
pub fn is_burst(uses: &[Use], time: impl Fn(u32) -> Millis, span: Millis) -> bool {
    if span < 14 * DAY {
        return false;
    }
    let mut firsts: Vec<Millis> = uses
        .chunk_by(|a, b| a.account == b.account)
        .filter_map(|of_account| of_account.iter().map(|of| time(of.post)).min())
        .collect();
    firsts.sort_unstable();
    let mut within = 0;
    let mut start = 0;
    for (at, &first) in firsts.iter().enumerate() {
        while first - firsts[start] > 2 * DAY {
            start += 1;
        }
        within = within.max(at + 1 - start);
    }
    within * 10 >= firsts.len() * 8
}

/// The item that makes an item the affair of a small circle, if there is one. `items_of` gives the items of
/// an account, `users` the accounts of an item, `all` the accounts of the population.
pub fn circle(
    item: u32,
    uses: &Uses,
    items_of: impl Fn(u32) -> Vec<u32>,
    users: &[u32],
    all: usize,
) -> Option<u32> {
    let mut beside: BTreeMap<u32, u32> = BTreeMap::new();
    let mut own = 0;
    for of_account in uses.of(item).chunk_by(|a, b| a.account == b.account) {
        own += 1;
        for other in items_of(of_account[0].account) {
            if other != item && users[other as usize] as usize * 20 <= all {
                *beside.entry(other).or_default() += 1;
            }
        }
    }
    // A wide item is no circle's, whatever its accounts share besides.
    if own as usize * 20 > all {
        return None;
    }
    beside
        .into_iter()
        .filter(|&(_, both)| 2 * both >= own)
        .max_by_key(|&(other, both)| (both, std::cmp::Reverse(other)))
        .map(|(other, _)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_is_that_of_the_hand_test() {
        assert!((weight(0.514_019, 0.499_868, 0.009_346) - 0.9805).abs() < 5e-5);
        assert!(
            weight(0.5, 0.5, 0.6).abs() < 1e-12,
            "more crossing than chance is no conflict"
        );
    }

    #[test]
    fn flow_is_counted_where_both_ends_are_placed() {
        let camp = [Some(false), Some(true), None];
        let repost = |by, of| Passed {
            by,
            of,
            tags: vec!["x".into()],
        };
        let mut passed = vec![repost(0, 0); 8];
        passed.extend(vec![repost(1, 1); 8]);
        passed.extend(vec![repost(2, 1); 50]);
        let found = contested(&passed, &camp);
        assert_eq!(found["x"].reposts, 16);
        assert!((found["x"].weight - 1.0).abs() < 1e-12);
        assert!(contested(&passed[..8], &camp).is_empty());
    }

    #[test]
    fn a_burst_is_told_from_a_habit() {
        let uses: Vec<Use> = (0..10)
            .map(|account| Use {
                item: 0,
                account,
                post: account,
            })
            .collect();
        let one_day = |post: u32| Millis::from(post) * 3_600_000;
        let every_week = |post: u32| Millis::from(post) * 7 * DAY;
        assert!(is_burst(&uses, one_day, 60 * DAY));
        assert!(!is_burst(&uses, every_week, 70 * DAY));
        assert!(!is_burst(&uses, one_day, 3 * DAY));
    }
}
