//! How well do findings agree with what is known? Precision, recall and their like, never accuracy.
//!
//! Of ten thousand accounts forty act in concert: who names nobody is right on 99.6 % of them. So nothing
//! here counts the accounts that are rightly left alone. Comes in: who was named, in which group, how
//! strongly; and who is known to belong, to which group, in which role. Goes out: shares with bootstrap
//! intervals, and the same by role, by label and by innocent reading.
//!
//! Every figure is a quotient of sums over *blocks*, the sets of accounts that named or known groups
//! hold together. Members of a group are found or missed together, so blocks and not accounts are drawn
//! again for the intervals.

mod agreement;
mod tally;

pub use tally::{Interval, Scores, Tally};

use agreement::Sides;
use std::collections::{BTreeMap, BTreeSet};

/// An account that was named as member of a group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named {
    /// The account.
    pub account: String,
    /// The group.
    pub group: String,
    /// Whether it is of the core.
    pub core: bool,
    /// Score of the group: the higher, the surer.
    pub score: f64,
    /// Innocent readings that fit the group, strongest first.
    pub looks_like: Vec<String>,
}

/// What is known of an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// The account.
    pub account: String,
    /// Its group; empty where none is known.
    pub group: String,
    /// What it does there; empty where nothing is known.
    pub role: String,
    /// What kind of account or group it is.
    pub label: String,
    /// Whether it is one of those who are to be found.
    pub sought: bool,
}

/// How an evaluation is set.
#[derive(Clone, Debug, PartialEq)]
pub struct EvaluationPlan {
    /// Draws of the bootstrap; 0 for no intervals.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Numbers of false alarms at which recall is told.
    pub false_alarms: Vec<u64>,
}

impl Default for EvaluationPlan {
    fn default() -> Self {
        Self {
            draws: 1_000,
            seed: 1,
            false_alarms: vec![0, 1, 3, 10, 30],
        }
    }
}

/// What came out for one choice of named accounts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// The sums.
    pub tally: Tally,
    /// The figures.
    pub scores: Scores,
    /// The middle 95 % of each figure over the draws.
    pub intervals: Option<[Scores; 2]>,
    /// Blocks that were drawn from.
    pub blocks: usize,
    /// Known groups of those who are sought, and how many of them were found: at least half of the
    /// members named in one group.
    pub groups_found: (usize, usize),
    /// Named groups, and how many of them are right: at least half of their members of one known group.
    pub groups_right: (usize, usize),
    /// (false alarms allowed, recall at the best bar with no more of them).
    pub recall_at: Vec<(u64, f64)>,
    /// Of each role of those who are sought: known, and named.
    pub roles: Vec<Part>,
    /// Of each label, sought or not: known, and named.
    pub labels: Vec<Part>,
    /// Of each innocent reading of a named group, and of groups without one: accounts named, and those of
    /// them that are sought. The second over the first is precision.
    pub readings: Vec<Part>,
}

/// A part of a whole, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Whether those in it are sought.
    pub sought: bool,
    /// How many there are.
    pub of: u64,
    /// How many of them count.
    pub part: u64,
}

/// What a named group is called that no innocent reading fits.
pub const NO_READING: &str = "none";

/// Lays the named accounts beside the known ones. `weights` says how many posts each account made; an
/// account that it does not know weighs nothing. An account that nothing is known of is not sought.
pub fn evaluate(
    named: &[Named],
    known: &[Known],
    weights: &BTreeMap<String, u64>,
    plan: &EvaluationPlan,
) -> Evaluation {
    let sides = Sides::new(named, known);
    let blocks = sides.blocks(weights);
    let tally: Tally = blocks.iter().copied().sum();
    let (groups_found, groups_right) = sides.groups();
    Evaluation {
        tally,
        scores: tally.scores(),
        intervals: tally::bootstrap(&blocks, plan.draws, plan.seed),
        blocks: blocks.len(),
        groups_found,
        groups_right,
        recall_at: recall_at(named, known, &plan.false_alarms),
        roles: parts(named, known, |known| {
            known.sought.then_some(known.role.as_str())
        }),
        labels: parts(named, known, |known| Some(known.label.as_str())),
        readings: readings(named, known),
    }
}

/// Recall at the best bar on the score with at most so many false alarms. Accounts of one score are
/// named together or not at all.
fn recall_at(named: &[Named], known: &[Known], allowed: &[u64]) -> Vec<(u64, f64)> {
    let sought = sought(known);
    let mut best: BTreeMap<&str, f64> = BTreeMap::new();
    for account in named {
        let score = best.entry(&account.account).or_insert(f64::NEG_INFINITY);
        *score = score.max(account.score);
    }
    let mut ranked: Vec<(f64, bool)> = best
        .iter()
        .map(|(account, &score)| (score, sought.contains(account)))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut hits, mut wrong) = (0u64, 0u64);
    // (false alarms, hits) at each bar.
    let mut bars: Vec<(u64, u64)> = vec![(0, 0)];
    for same in ranked.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let right = same.iter().filter(|account| account.1).count() as u64;
        hits += right;
        wrong += same.len() as u64 - right;
        bars.push((wrong, hits));
    }
    allowed
        .iter()
        .map(|&allowed| {
            let hits = bars
                .iter()
                .filter(|bar| bar.0 <= allowed)
                .map(|bar| bar.1)
                .max()
                .unwrap_or(0);
            (allowed, hits as f64 / sought.len().max(1) as f64)
        })
        .collect()
}

fn sought(known: &[Known]) -> BTreeSet<&str> {
    known
        .iter()
        .filter(|known| known.sought)
        .map(|known| known.account.as_str())
        .collect()
}

/// Known accounts by some name of theirs, and how many of each were named.
fn parts<'k>(
    named: &[Named],
    known: &'k [Known],
    name: impl Fn(&'k Known) -> Option<&'k str>,
) -> Vec<Part> {
    let named: BTreeSet<&str> = named.iter().map(|named| named.account.as_str()).collect();
    let mut accounts: BTreeMap<(&str, bool), BTreeSet<&str>> = BTreeMap::new();
    for known in known {
        if let Some(name) = name(known) {
            accounts
                .entry((name, known.sought))
                .or_default()
                .insert(&known.account);
        }
    }
    accounts
        .into_iter()
        .map(|((name, sought), accounts)| Part {
            name: name.to_owned(),
            sought,
            of: accounts.len() as u64,
            part: accounts.intersection(&named).count() as u64,
        })
        .collect()
}

/// Named accounts by the strongest innocent reading of their group.
fn readings(named: &[Named], known: &[Known]) -> Vec<Part> {
    let sought = sought(known);
    let mut accounts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for named in named {
        let reading = named.looks_like.first().map_or(NO_READING, String::as_str);
        accounts.entry(reading).or_default().insert(&named.account);
    }
    accounts
        .into_iter()
        .map(|(name, accounts)| Part {
            name: name.to_owned(),
            sought: true,
            of: accounts.len() as u64,
            part: accounts.intersection(&sought).count() as u64,
        })
        .collect()
}

#[cfg(test)]
mod tests;
