//! Into which two camps do the accounts fall, if they must?
//!
//! The leading axis is cut where the two sides differ most (N. Otsu 1979), then each account is asked again
//! whose habits its items are, with its own uses left out. Nothing here says that there are camps: a cut
//! can always be made. The gate decides ([`mod@super::gate`]).

use super::correspondence::axes;
use super::matrix::Matrix;
use crate::rng::Rng;
use concerted_stats::math::ln;
use rayon::prelude::*;

/// How camps are fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CampPlan {
    /// Regularisation of the axes, in mean margins.
    pub tau: f64,
    /// Smallest share of the accounts on either side of the first cut.
    pub least_side: f64,
    /// Weight of the overall habits when an account is asked again, in uses.
    pub prior: f64,
    /// Rounds of asking again.
    pub rounds: usize,
}

impl Default for CampPlan {
    fn default() -> Self {
        Self {
            tau: 1.0,
            least_side: 0.1,
            prior: 50.0,
            rounds: 10,
        }
    }
}

/// Accounts in two camps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fit {
    /// Whether each account (row) is in camp B. Camp A is the larger one, of equal ones that of the first
    /// account.
    pub side: Vec<bool>,
    /// Whether each item (column) is used more in camp B than B's part of all uses would have it.
    pub item_side: Vec<bool>,
    /// How much more the camps keep to their items than chance would, by margins (M. Barber 2007).
    pub modularity: f64,
    /// Singular values, that of activity first.
    pub values: Vec<f64>,
    /// Place of each account on each axis asked for.
    pub places: Vec<Vec<f64>>,
}

/// Fits two camps under this seed; `wanted` axes come with it. The seed changes no more than the last digits.
pub fn two_camps(matrix: &Matrix, plan: &CampPlan, wanted: usize, seed: u64) -> Fit {
    fit(matrix, plan, wanted, &mut Rng::stream(seed, 0))
}

/// Fits two camps; `wanted` axes come with it.
pub(crate) fn fit(matrix: &Matrix, plan: &CampPlan, wanted: usize, rng: &mut Rng) -> Fit {
    let axes = axes(matrix, wanted.max(1), plan.tau, rng);
    let Some(first) = axes.places.first() else {
        return Fit {
            side: vec![false; matrix.accounts.len()],
            item_side: vec![false; matrix.items.len()],
            ..Fit::default()
        };
    };
    let cut = otsu(first, plan.least_side).0;
    let start = first.iter().map(|&place| place > cut).collect();
    let mut side = refined(matrix, start, plan);
    let in_b = side.iter().filter(|&&side| side).count();
    let rest = side.len() - in_b;
    if in_b > rest || (in_b == rest && side.first() == Some(&true)) {
        for side in &mut side {
            *side = !*side;
        }
    }
    let (item_side, modularity) = modularity(matrix, &side);
    Fit {
        side,
        item_side,
        modularity,
        values: axes.values,
        places: axes.places,
    }
}

/// Where to cut, and the share of the variance that lies between the sides. Each side keeps at least this
/// share of the values.
pub fn otsu(values: &[f64], least_side: f64) -> (f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    if n < 2 {
        return (sorted.first().copied().unwrap_or(0.0), 0.0);
    }
    let mean = sorted.iter().sum::<f64>() / n as f64;
    let total: f64 = sorted
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    let least = least_side * n as f64;
    let (mut best, mut cut, mut below) = (-1.0, mean, 0.0);
    for at in 1..n {
        below += sorted[at - 1] - mean;
        let (left, right) = (at as f64, (n - at) as f64);
        if left < least || right < least || sorted[at - 1] >= sorted[at] {
            continue;
        }
        // Both sums are the same but for the sign, because the mean was taken away.
        let between = below * below / left + below * below / right;
        if between > best {
            best = between;
            cut = f64::midpoint(sorted[at - 1], sorted[at]);
        }
    }
    (
        cut,
        if total > 0.0 {
            best.max(0.0) / total
        } else {
            0.0
        },
    )
}

/// Users of each item in both camps.
fn users(matrix: &Matrix, side: &[bool]) -> Vec<[f64; 2]> {
    matrix
        .columns
        .iter()
        .map(|rows| {
            let in_b = rows.iter().filter(|&&row| side[row as usize]).count() as f64;
            [rows.len() as f64 - in_b, in_b]
        })
        .collect()
}

/// Asks each account whose habits its items are, its own uses left out, until nobody moves.
pub(crate) fn refined(matrix: &Matrix, mut side: Vec<bool>, plan: &CampPlan) -> Vec<bool> {
    let uses = matrix.rows.total() as f64;
    for _ in 0..plan.rounds {
        let users = users(matrix, &side);
        let all = users.iter().fold([0.0, 0.0], |sum, users| {
            [sum[0] + users[0], sum[1] + users[1]]
        });
        // For each item ln(B) - ln(A), once for an account of A left out and once for one of B.
        let leans: Vec<[f64; 2]> = users
            .iter()
            .map(|[a, b]| {
                let prior = plan.prior * (a + b) / uses;
                [
                    ln(b + prior) - ln((a - 1.0).max(0.0) + prior),
                    ln((b - 1.0).max(0.0) + prior) - ln(a + prior),
                ]
            })
            .collect();
        let next: Vec<bool> = side
            .par_iter()
            .enumerate()
            .with_min_len(512)
            .map(|(row, &now)| {
                let items = matrix.rows.get(row);
                let own = items.len() as f64;
                let left_out = if now { [0.0, own] } else { [own, 0.0] };
                let sizes =
                    ln(all[1] - left_out[1] + plan.prior) - ln(all[0] - left_out[0] + plan.prior);
                let sum: f64 = items
                    .iter()
                    .map(|&item| leans[item as usize][usize::from(now)])
                    .sum();
                sum - own * sizes > 0.0
            })
            .collect();
        if next == side {
            break;
        }
        side = next;
    }
    side
}

/// The side of each item, and Barber's modularity of accounts and items so divided.
pub fn modularity(matrix: &Matrix, side: &[bool]) -> (Vec<bool>, f64) {
    let users = users(matrix, side);
    let all = users.iter().fold([0.0, 0.0], |sum, users| {
        [sum[0] + users[0], sum[1] + users[1]]
    });
    let uses = all[0] + all[1];
    if uses <= 0.0 {
        return (vec![false; users.len()], 0.0);
    }
    let item_side: Vec<bool> = users
        .iter()
        .map(|[a, b]| b * uses > all[1] * (a + b))
        .collect();
    let (mut inside, mut items) = ([0.0, 0.0], [0.0, 0.0]);
    for (users, &side) in users.iter().zip(&item_side) {
        inside[usize::from(side)] += users[usize::from(side)];
        items[usize::from(side)] += users[0] + users[1];
    }
    let sum = (0..2)
        .map(|camp| inside[camp] / uses - all[camp] * items[camp] / (uses * uses))
        .sum();
    (item_side, sum)
}

#[cfg(test)]
mod tests {
    use super::super::matrix::tests::matrix;
    use super::*;

    fn near(value: f64, wanted: f64) {
        assert!((value - wanted).abs() < 6e-6, "{value}, not {wanted}");
    }

    fn sides(letters: &str) -> Vec<bool> {
        letters.chars().map(|letter| letter == '1').collect()
    }

    #[test]
    fn modularity_is_that_of_the_hand_tests() {
        let of = |rows: &[&str], side: &str| modularity(&matrix(rows), &sides(side)).1;
        near(of(&["1100", "1100", "0011", "0011"], "0011"), 0.5);
        near(of(&["1111", "1111", "1111", "1111"], "0011"), 0.0);
        near(of(&["1100", "1110", "0011", "0011"], "0011"), 0.395_062);
        let made = matrix(&["11100", "11010", "11100", "00111", "00011", "01011"]);
        let (items, q) = modularity(&made, &sides("000111"));
        assert_eq!(items, sides("00011"));
        near(q, 0.318_34);
    }

    #[test]
    fn the_cut_is_that_of_the_hand_test() {
        let (cut, between) = otsu(&[-1.0, -0.9, -0.8, 0.7, 0.8, 1.2], 0.1);
        near(cut, -0.05);
        near(between, 0.968_13);
    }

    #[test]
    fn an_account_on_the_wrong_side_is_moved() {
        let rows = ["111000", "110000", "011000", "000111", "000110", "000011"];
        let plan = CampPlan {
            prior: 1.0,
            ..CampPlan::default()
        };
        assert_eq!(
            refined(&matrix(&rows), sides("100111"), &plan),
            sides("000111")
        );
    }

    #[test]
    fn camps_do_not_depend_on_the_seed_and_the_larger_is_a() {
        let rows = [
            "00111", "00011", "00111", "00110", "11000", "11000", "11100",
        ];
        let of = |seed| {
            fit(
                &matrix(&rows),
                &CampPlan::default(),
                1,
                &mut Rng::stream(seed, 0),
            )
            .side
        };
        assert_eq!(of(1), sides("0000111"));
        assert_eq!(of(1), of(2));
    }
}
