//! Sums that quotients are made of, and how far the quotients move when blocks are drawn again.

use crate::rng::Rng;
use std::iter::Sum;
use std::ops::Add;

/// What is summed over accounts and pairs of accounts. Adding two parts gives the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Accounts named that are sought.
    pub hits: f64,
    /// Accounts named that are not.
    pub false_alarms: f64,
    /// Accounts sought that were not named.
    pub missed: f64,
    /// Posts of the accounts named that are sought.
    pub hit_posts: f64,
    /// Posts of the accounts named that are not.
    pub false_posts: f64,
    /// Pairs of accounts together in a named group.
    pub pairs_named: f64,
    /// Pairs of accounts together in a known group.
    pub pairs_known: f64,
    /// Pairs together in both.
    pub pairs_both: f64,
    /// Over the named accounts: the share of an account's named group that is of its known group.
    pub b_precision: f64,
    /// Over the accounts sought: the share of an account's known group that is in its named group.
    pub b_recall: f64,
}

/// The figures. Nothing stands where there is nothing to divide by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scores {
    /// Of the accounts named, the share that is sought.
    pub precision: Option<f64>,
    /// Of the accounts sought, the share that was named.
    pub recall: Option<f64>,
    /// Harmonic mean of the two.
    pub f1: Option<f64>,
    /// Precision with each account counted as often as it posted: of the posts a reader is sent to, the share
    /// that is by accounts sought.
    pub weighted_precision: Option<f64>,
    /// Of the pairs named together, the share that belongs together.
    pub pair_precision: Option<f64>,
    /// Of the pairs that belong together, the share named together.
    pub pair_recall: Option<f64>,
    /// Harmonic mean of the two.
    pub pair_f1: Option<f64>,
    /// B-cubed precision (Bagga and Baldwin 1998).
    pub b_cubed_precision: Option<f64>,
    /// B-cubed recall.
    pub b_cubed_recall: Option<f64>,
    /// Harmonic mean of the two.
    pub b_cubed_f1: Option<f64>,
}

/// A figure with the middle 95 % of the draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its name.
    pub name: &'static str,
    /// The figure.
    pub value: Option<f64>,
    /// The 2.5 % and the 97.5 % point.
    pub middle: Option<(f64, f64)>,
}

impl Scores {
    /// The figures with their names, in the order in which they are told.
    pub fn list(&self) -> [(&'static str, Option<f64>); 10] {
        [
            ("precision", self.precision),
            ("recall", self.recall),
            ("F1", self.f1),
            ("weighted precision", self.weighted_precision),
            ("pairwise precision", self.pair_precision),
            ("pairwise recall", self.pair_recall),
            ("pairwise F1", self.pair_f1),
            ("B-cubed precision", self.b_cubed_precision),
            ("B-cubed recall", self.b_cubed_recall),
            ("B-cubed F1", self.b_cubed_f1),
        ]
    }

    fn from_list(list: [Option<f64>; 10]) -> Self {
        Self {
            precision: list[0],
            recall: list[1],
            f1: list[2],
            weighted_precision: list[3],
            pair_precision: list[4],
            pair_recall: list[5],
            pair_f1: list[6],
            b_cubed_precision: list[7],
            b_cubed_recall: list[8],
            b_cubed_f1: list[9],
        }
    }
}

impl super::Evaluation {
    /// Every figure with its interval.
    pub fn list(&self) -> Vec<Interval> {
        let ends = self.intervals.map(|[low, high]| (low.list(), high.list()));
        self.scores
            .list()
            .into_iter()
            .enumerate()
            .map(|(place, (name, value))| Interval {
                name,
                value,
                middle: ends.and_then(|(low, high)| low[place].1.zip(high[place].1)),
            })
            .collect()
    }
}

impl Tally {
    /// The figures of these sums.
    pub fn scores(&self) -> Scores {
        let named = self.hits + self.false_alarms;
        let sought = self.hits + self.missed;
        let (precision, recall) = (share(self.hits, named), share(self.hits, sought));
        let pair_precision = share(self.pairs_both, self.pairs_named);
        let pair_recall = share(self.pairs_both, self.pairs_known);
        let b_precision = share(self.b_precision, named);
        let b_recall = share(self.b_recall, sought);
        Scores {
            precision,
            recall,
            f1: harmonic(precision, recall),
            weighted_precision: share(self.hit_posts, self.hit_posts + self.false_posts),
            pair_precision,
            pair_recall,
            pair_f1: harmonic(pair_precision, pair_recall),
            b_cubed_precision: b_precision,
            b_cubed_recall: b_recall,
            b_cubed_f1: harmonic(b_precision, b_recall),
        }
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The harmonic mean; 0 where one of the two is 0, nothing where one is missing.
fn harmonic(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    let (a, b) = (a?, b?);
    Some(if a + b > 0.0 {
        2.0 * a * b / (a + b)
    } else {
        0.0
    })
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            false_alarms: self.false_alarms + other.false_alarms,
            missed: self.missed + other.missed,
            hit_posts: self.hit_posts + other.hit_posts,
            false_posts: self.false_posts + other.false_posts,
            pairs_named: self.pairs_named + other.pairs_named,
            pairs_known: self.pairs_known + other.pairs_known,
            pairs_both: self.pairs_both + other.pairs_both,
            b_precision: self.b_precision + other.b_precision,
            b_recall: self.b_recall + other.b_recall,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}

/// The 2.5 % and 97.5 % points of every figure over so many draws of as many blocks, with replacement
/// (Efron 1979, percentile intervals). Nothing for fewer than two blocks, which draw nothing but
/// themselves. A draw in which a figure has nothing to divide by does not count for it.
pub(super) fn bootstrap(blocks: &[Tally], draws: u32, seed: u64) -> Option<[Scores; 2]> {
    if blocks.len() < 2 || draws == 0 {
        return None;
    }
    let mut values: [Vec<f64>; 10] = Default::default();
    for draw in 0..draws {
        let mut rng = Rng::stream(seed, u64::from(draw));
        let sum: Tally = (0..blocks.len())
            .map(|_| {
                let drawn = rng.below(blocks.len() as u64);
                blocks[usize::try_from(drawn).unwrap_or(0)]
            })
            .sum();
        for (values, (_, value)) in values.iter_mut().zip(sum.scores().list()) {
            values.extend(value);
        }
    }
    let ends = [0.025, 0.975].map(|share| {
        let mut list = [None; 10];
        for (end, values) in list.iter_mut().zip(&mut values) {
            *end = crate::presets::quantile(values, share);
        }
        Scores::from_list(list)
    });
    Some(ends)
}
