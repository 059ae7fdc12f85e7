//! Which items belong to one camp more than to the other?
//!
//! Log-odds with an informative Dirichlet prior (B. Monroe, M. Colaresi, K. Quinn 2008). Accounts are
//! counted, not uses. The camps were cut on such items, so a lean is no evidence of a divide; it says
//! what the divide is about, and a tag can be used against as well as for: lean is not stance.

use super::gate::quantile;
use super::matrix::below;
use super::uses::Uses;
use crate::rng::Rng;
use concerted_stats::math::{ln, sqrt};
use rayon::prelude::*;

/// How far one item leans.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lean {
    /// Accounts of camps A and B that use it.
    pub users: [u32; 2],
    /// Log odds of B against A.
    pub delta: f64,
    /// The same in standard deviations: positive towards B.
    pub z: f64,
}

/// The leans of all items of a kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leans {
    /// For each item.
    pub items: Vec<Lean>,
    /// `|z|` that the strongest item of this kind exceeds in one of twenty shuffles of the camps' labels.
    pub bar: f64,
}

/// `|z|` from which an item counts for the side of an account.
pub const LEANS: f64 = 1.96;
/// Fewest accounts of a leaning item.
pub const LEAST: u32 = 5;
/// Shuffles behind the bar.
pub const SHUFFLES: u64 = 50;

impl Lean {
    /// Whether it counts for the side of an account, and for which: B or A.
    pub fn side(&self) -> Option<bool> {
        (self.users[0] + self.users[1] >= LEAST && self.z.abs() >= LEANS).then_some(self.z > 0.0)
    }
}

/// The log odds of the second camp against the first, and in standard deviations: `users` of `sizes` uses by
/// account, with a prior of `weight` uses in the proportion of both camps together.
pub fn log_odds(users: [f64; 2], sizes: [f64; 2], weight: f64) -> (f64, f64) {
    let prior = weight * (users[0] + users[1]) / (sizes[0] + sizes[1]);
    let [a, b] = [0, 1].map(|camp| {
        let with = users[camp] + prior;
        ln(with / (sizes[camp] + weight - with))
    });
    let variance = 1.0 / (users[0] + prior) + 1.0 / (users[1] + prior);
    (b - a, (b - a) / sqrt(variance))
}

/// The weight of the prior for camps of these sizes.
pub fn prior_weight(sizes: [f64; 2]) -> f64 {
    (0.1 * (sizes[0] + sizes[1])).min(500.0)
}

/// The leans of every item, given the camp of each account (none for those without).
pub fn leans(uses: &Uses, camp: &[Option<bool>]) -> Vec<Lean> {
    let users: Vec<[u32; 2]> = (0..uses.items())
        .into_par_iter()
        .with_min_len(64)
        .map(|item| {
            let of = uses.of(super::matrix::number(item));
            let mut users = [0u32; 2];
            for of_account in of.chunk_by(|a, b| a.account == b.account) {
                if let Some(side) = camp[of_account[0].account as usize] {
                    users[usize::from(side)] += 1;
                }
            }
            users
        })
        .collect();
    let sizes = users.iter().fold([0.0, 0.0], |sum, users| {
        [sum[0] + f64::from(users[0]), sum[1] + f64::from(users[1])]
    });
    let weight = prior_weight(sizes);
    users
        .into_iter()
        .map(|users| {
            if users == [0, 0] {
                return Lean::default();
            }
            let (delta, z) = log_odds(users.map(f64::from), sizes, weight);
            Lean { users, delta, z }
        })
        .collect()
}

/// The leans with the bar that pays for having looked at all of them.
pub(crate) fn leans_with_bar(uses: &Uses, camp: &[Option<bool>], seed: u64) -> Leans {
    let placed: Vec<usize> = (0..camp.len())
        .filter(|&place| camp[place].is_some())
        .collect();
    let highest: Vec<f64> = (0..SHUFFLES)
        .into_par_iter()
        .map(|shuffle| {
            let mut rng = Rng::stream(seed, 2_000_000 + shuffle);
            let mut labels: Vec<Option<bool>> = placed.iter().map(|&place| camp[place]).collect();
            for place in (1..labels.len()).rev() {
                labels.swap(place, below(&mut rng, place + 1));
            }
            let mut shuffled = vec![None; camp.len()];
            for (&place, label) in placed.iter().zip(labels) {
                shuffled[place] = label;
            }
            leans(uses, &shuffled)
                .iter()
                .filter(|lean| lean.users[0] + lean.users[1] >= LEAST)
                .map(|lean| lean.z.abs())
                .fold(0.0, f64::max)
        })
        .collect();
    Leans {
        items: leans(uses, camp),
        bar: quantile(highest, 0.95).max(LEANS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_are_those_of_the_hand_tests() {
        let (delta, z) = log_odds([2.0, 10.0], [100.0, 100.0], 20.0);
        assert!((delta - 1.323_71).abs() < 5e-6 && (z - 2.088_32).abs() < 5e-6);
        assert!(((delta / z) * (delta / z) - 0.401_786).abs() < 5e-7);
        for (one, other, wanted, wanted_z) in [
            (30.0, 5.0, 1.6254, 4.2321),
            (5.0, 30.0, -1.6254, -4.2321),
            (1.0, 1.0, 0.0, 0.0),
            (64.0, 64.0, 0.0, 0.0),
        ] {
            let (delta, z) = log_odds([other, one], [100.0, 100.0], 20.0);
            assert!((delta - wanted).abs() < 5e-5, "{delta}");
            assert!((z - wanted_z).abs() < 5e-5, "{z}");
        }
    }

    #[test]
    fn an_item_leans_only_with_enough_accounts() {
        let lean = |users, z| Lean {
            users,
            z,
            delta: 0.0,
        };
        assert_eq!(lean([0, 4], 9.0).side(), None);
        assert_eq!(lean([0, 5], 1.95).side(), None);
        assert_eq!(lean([5, 0], -2.0).side(), Some(false));
    }
}
