//! What innocent reading fits an alert? Few, from what the joint acts themselves show; the labels of a
//! scan need all of history and are given by a scan.
//!
//! None silences an alert: a covert network that pushes one site matches the first exactly.

use super::things::Things;
use crate::groups::sequential::Act;
use crate::post::Millis;
use std::collections::BTreeMap;

/// Part of the joint links or reposts that must point one way.
const MOSTLY: f64 = 0.8;

/// From when on an incident is an old acquaintance.
const STANDING: Millis = 7 * 24 * 3_600_000;

/// An innocent reading that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct LooksLike {
    /// The word.
    pub label: &'static str,
    /// What it rests on, as a sentence.
    pub because: String,
}

/// The readings that fit these joint acts of an incident first seen at `first`.
pub(super) fn looks_like(
    acts: &[Act],
    things: &Things,
    scale_s: i64,
    first: Millis,
    now: Millis,
) -> Vec<LooksLike> {
    let mut found = Vec::new();
    let mut domains: BTreeMap<&str, usize> = BTreeMap::new();
    let mut authors: BTreeMap<&str, usize> = BTreeMap::new();
    for act in acts {
        let thing = things.thing(act.object);
        if let Some(domain) = &thing.domain {
            *domains.entry(domain).or_default() += 1;
        }
        if let Some(author) = &thing.author {
            *authors.entry(author).or_default() += 1;
        }
    }
    if let Some((domain, count, all)) = mostly(&domains) {
        found.push(LooksLike {
            label: "single-outlet",
            because: format!(
                "{count} of {all} joint links lead to {domain}; pages of one publisher do that"
            ),
        });
    }
    if let Some((_, count, all)) = mostly(&authors) {
        found.push(LooksLike {
            label: "audience",
            because: format!(
                "{count} of {all} joint reposts are of one account; its followers do that"
            ),
        });
    }
    if scale_s > super::PROBABLY_TIMED_S {
        found.push(LooksLike {
            label: "slow-same-items",
            because: "the shares lie minutes apart; people of one taste meet like that".to_owned(),
        });
    }
    if now - first > STANDING {
        found.push(LooksLike {
            label: "standing",
            because: format!(
                "first seen {} days ago; what is open and lasting looks like that",
                (now - first) / (24 * 3_600_000)
            ),
        });
    }
    found
}

/// The commonest of at least two, if most are that one.
fn mostly<'a>(counts: &BTreeMap<&'a str, usize>) -> Option<(&'a str, usize, usize)> {
    let all: usize = counts.values().sum();
    let (&name, &count) = counts
        .iter()
        .max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name)))?;
    (all >= 2 && count as f64 >= MOSTLY * all as f64).then_some((name, count, all))
}
