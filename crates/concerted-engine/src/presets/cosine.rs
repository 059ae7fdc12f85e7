//! Accounts as vectors of what they share, and the cosine between them, as scikit-learn weighs it.
//!
//! tf is the number of shares, or 1 + ln of it; idf = ln((1 + n) / (1 + df)) + 1; each vector has length
//! one (Pedregosa and others 2011, `TfidfTransformer` with its defaults). Only accounts with an object
//! in common have a cosine above 0, so the objects are walked and no matrix of all accounts is made.

use super::Tie;
use concerted_stats::math::{ln, sqrt};
use rayon::prelude::*;

/// Buckets of the cosine, for a quantile without keeping every pair.
const BUCKETS: usize = 1 << 16;

/// Accounts as vectors of length one.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    /// Account number of each row, ascending.
    pub(super) accounts: Vec<u32>,
    /// (feature, weight) of each row, by feature.
    rows: Vec<Vec<(u32, f64)>>,
    /// (row, weight) of each feature, by row.
    columns: Vec<Vec<(u32, f64)>>,
}

/// How counts become weights.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighing {
    /// 1 + ln of the count in place of the count.
    pub(super) sublinear: bool,
    /// Least accounts of a feature.
    pub(super) least_accounts: usize,
}

impl Vectors {
    /// Vectors from (account, feature, count), sorted, each account and feature once. An account without
    /// any feature left has no vector, but counts in n, as in the published code.
    pub(super) fn new(counts: &[(u32, u32, u32)], weighing: Weighing) -> Self {
        let features = counts.iter().map(|count| count.1 as usize + 1).max();
        let mut accounts_of = vec![0usize; features.unwrap_or(0)];
        for count in counts {
            accounts_of[count.1 as usize] += 1;
        }
        let all = counts.chunk_by(|a, b| a.0 == b.0).count() as f64;
        let mut vectors = Self {
            columns: vec![Vec::new(); accounts_of.len()],
            ..Self::default()
        };
        for of in counts.chunk_by(|a, b| a.0 == b.0) {
            let mut row: Vec<(u32, f64)> = of
                .iter()
                .filter(|count| accounts_of[count.1 as usize] >= weighing.least_accounts)
                .map(|&(_, feature, count)| {
                    let tf = if weighing.sublinear {
                        1.0 + ln(f64::from(count))
                    } else {
                        f64::from(count)
                    };
                    let df = accounts_of[feature as usize] as f64;
                    (feature, tf * (ln((1.0 + all) / (1.0 + df)) + 1.0))
                })
                .collect();
            let length = sqrt(row.iter().map(|(_, weight)| weight * weight).sum());
            if length > 0.0 {
                for (_, weight) in &mut *row {
                    *weight /= length;
                }
                let number = u32::try_from(vectors.rows.len()).unwrap_or(u32::MAX);
                for &(feature, weight) in &row {
                    vectors.columns[feature as usize].push((number, weight));
                }
                vectors.accounts.push(of[0].0);
                vectors.rows.push(row);
            }
        }
        vectors
    }

    /// Ties of every pair of accounts that have at least `shared` features in common and a cosine of at
    /// least `least`, in order of the accounts; none of them kept yet.
    pub(super) fn ties(&self, shared: u32, least: f64) -> Vec<Tie> {
        (0..self.rows.len())
            .into_par_iter()
            .map_init(
                || vec![(0.0, 0u32); self.rows.len()],
                |sums, row| {
                    let mut ties = Vec::new();
                    self.visit(row, sums, |other, cosine, common| {
                        if common >= shared && cosine >= least {
                            ties.push(Tie {
                                accounts: (self.accounts[row], self.accounts[other as usize]),
                                weight: cosine,
                                ..Tie::default()
                            });
                        }
                    });
                    ties
                },
            )
            .collect::<Vec<_>>()
            .into_iter()
            .flatten()
            .collect()
    }

    /// Ties of the pairs whose cosine is among the given top share of all cosines above 0, and kept;
    /// equal cosines stay together.
    pub(super) fn top(&self, shared: u32, share: f64) -> Vec<Tie> {
        let counts = (0..self.rows.len())
            .into_par_iter()
            .fold(
                || (vec![(0.0, 0u32); self.rows.len()], vec![0u64; BUCKETS + 1]),
                |(mut sums, mut counts), row| {
                    self.visit(row, &mut sums, |_, cosine, common| {
                        counts[bucket(cosine)] += u64::from(common >= shared);
                    });
                    (sums, counts)
                },
            )
            .map(|(_, counts)| counts)
            .reduce(
                || vec![0; BUCKETS + 1],
                |a, b| a.iter().zip(b).map(|(a, b)| a + b).collect(),
            );
        let all: u64 = counts.iter().sum();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a count is a count"
        )]
        let wanted = ((all as f64 * share).ceil() as u64).max(1);
        let mut sum = 0;
        let from = (0..=BUCKETS)
            .rev()
            .find(|&bucket| {
                sum += counts[bucket];
                sum >= wanted
            })
            .unwrap_or(0);
        let mut ties = self.ties(shared, from as f64 / BUCKETS as f64);
        let mut weights: Vec<f64> = ties.iter().map(|tie| tie.weight).collect();
        weights.sort_by(|a, b| b.total_cmp(a));
        let last = usize::try_from(wanted).unwrap_or(usize::MAX) - 1;
        let cut = weights.get(last).or(weights.last()).copied().unwrap_or(0.0);
        ties.retain(|tie| tie.weight >= cut);
        for tie in &mut ties {
            tie.kept = true;
        }
        ties
    }

    /// Calls `visit` with every later row that has a feature of `row`, the cosine and the number of
    /// common features.
    fn visit(&self, row: usize, sums: &mut [(f64, u32)], mut visit: impl FnMut(u32, f64, u32)) {
        let mut met: Vec<u32> = Vec::new();
        for &(feature, weight) in &self.rows[row] {
            let column = &self.columns[feature as usize];
            let later = column.partition_point(|&(other, _)| other as usize <= row);
            for &(other, theirs) in &column[later..] {
                let sum = &mut sums[other as usize];
                if sum.1 == 0 {
                    met.push(other);
                }
                *sum = (sum.0 + weight * theirs, sum.1 + 1);
            }
        }
        met.sort_unstable();
        for other in met {
            let (cosine, common) = std::mem::take(&mut sums[other as usize]);
            visit(other, cosine, common);
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cosine of weights above 0 is in 0..=1"
)]
fn bucket(cosine: f64) -> usize {
    (cosine.clamp(0.0, 1.0) * BUCKETS as f64) as usize
}
