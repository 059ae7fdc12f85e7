//! How often would these two meet by chance? A mean that factorises over strata.
//!
//! Over slot pairs (r, s) on one object within the window,
//! `mu_ij = sum of (k_i,h(r) k_j,h(s) + k_j,h(r) k_i,h(s)) / (K_h(r) K_h(s))`:
//! each slot falls to an account with the account's part of the activity in the slot's stratum. The
//! sum over slot pairs depends on strata alone, so it is made once as a small sparse matrix `R`, and a
//! pair costs no more than its own activity.

use crate::traces::Traces;
use std::collections::BTreeMap;

/// Chances of a meeting, by the strata of its two slots.
#[derive(Debug)]
pub struct Expectations<'a> {
    traces: &'a Traces,
    /// For each stratum of the earlier slot, (stratum of the later slot, weight).
    rows: Vec<Vec<(u32, f64)>>,
}

impl<'a> Expectations<'a> {
    /// Sums the weights over all slot pairs within one window. The cost is slots times the strata that
    /// a window touches, whatever the number of pairs.
    pub fn new(traces: &'a Traces, scale: usize) -> Self {
        let mut rows: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); traces.stratum_total.len()];
        let ends = &traces.window_end[scale];
        // How many slots of each stratum stand in the window behind the current slot.
        let mut ahead: BTreeMap<u32, u32> = BTreeMap::new();
        let mut next = 0;
        for (slot, &last) in ends.iter().enumerate() {
            if next <= slot {
                ahead.clear();
                next = slot + 1;
            } else {
                remove(&mut ahead, traces.stratum[slot]);
            }
            while next <= last as usize {
                *ahead.entry(traces.stratum[next]).or_default() += 1;
                next += 1;
            }
            let h = traces.stratum[slot] as usize;
            for (&later, &count) in &ahead {
                *rows[h].entry(later).or_default() += f64::from(count)
                    / (traces.stratum_total[h] * traces.stratum_total[later as usize]);
            }
        }
        Self {
            traces,
            rows: rows
                .into_iter()
                .map(|row| row.into_iter().collect())
                .collect(),
        }
    }

    /// Meetings that chance gives these two accounts.
    pub fn of(&self, i: u32, j: u32) -> f64 {
        self.one_way(i, j) + self.one_way(j, i)
    }

    fn one_way(&self, earlier: u32, later: u32) -> f64 {
        let mut sum = 0.0;
        for &(h, k) in self.traces.activity(earlier) {
            for &(g, weight) in &self.rows[h as usize] {
                sum += f64::from(k) * weight * self.traces.activity_in(later, g);
            }
        }
        sum
    }
}

fn remove(counts: &mut BTreeMap<u32, u32>, key: u32) {
    if let Some(count) = counts.get_mut(&key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::{Corpus, ObjectKind, Share};

    #[test]
    fn the_factorised_mean_is_the_sum_over_slot_pairs() {
        let mut corpus = Corpus {
            resolution: 1_000,
            ..Corpus::default()
        };
        let rows: Vec<(i64, u32, u32)> = (0..240)
            .map(|i| {
                (
                    i * 997 % 40_000,
                    u32::try_from(i * 7 % 11).unwrap(),
                    u32::try_from(i * 3 % 13).unwrap(),
                )
            })
            .collect();
        for account in 0..11 {
            corpus.accounts.code(&account.to_string());
        }
        for object in 0..13 {
            corpus
                .objects
                .push(u8::from(object % 2 == 0), ObjectKind::Link, "", None, None);
        }
        for (post, &(time, account, object)) in rows.iter().enumerate() {
            let post = u32::try_from(post).unwrap();
            corpus.shares.push(Share {
                time: time * 1_000,
                account,
                object,
                post,
            });
            corpus.message.push(post);
            corpus.originality.push(None);
            corpus.platform.push(u8::from(post % 3 == 0));
        }
        corpus.shares.sort_by_key(|share| (share.time, share.post));
        let traces = Traces::build(&corpus, &corpus.shares, &[3_600, 21_600]);
        for scale in 0..2 {
            let expectations = Expectations::new(&traces, scale);
            for (i, j) in [(0, 1), (3, 9), (10, 2)] {
                let mut naive = 0.0;
                for r in 0..traces.len() {
                    for s in r + 1..=traces.window_end[scale][r] as usize {
                        let (h, g) = (traces.stratum[r], traces.stratum[s]);
                        let k = |account, stratum| traces.activity_in(account, stratum);
                        naive += (k(i, h) * k(j, g) + k(j, h) * k(i, g))
                            / (traces.stratum_total[h as usize] * traces.stratum_total[g as usize]);
                    }
                }
                assert!(naive > 0.0);
                assert!(
                    (expectations.of(i, j) - naive).abs() < 1e-12 * naive,
                    "{} {naive}",
                    expectations.of(i, j)
                );
            }
        }
    }
}
