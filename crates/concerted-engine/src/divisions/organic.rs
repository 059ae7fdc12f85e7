//! What do groups look like that grew by themselves?
//!
//! Random sets of accounts are the wrong measure of anything a group does: they stand on both sides by
//! construction, and they share no taste. So groups are grown from the background of this very corpus: a
//! random account, then again and again the one that shares most of what few use with the group.

use super::matrix::{Matrix, below};
use crate::rng::Rng;
use concerted_stats::math::sqrt;
use rayon::prelude::*;

/// Groups grown.
pub(crate) const GROUPS: u64 = 250;
/// Most accounts of a grown group; a larger group is held against groups of this size.
pub(crate) const LARGEST: usize = 60;
/// Items of more accounts say nothing of who belongs together.
const CROWD: usize = 500;

/// Groups of `size` accounts, each in the order of joining; fewer than asked for where the background gives
/// no more. The first `n` accounts of a group are a group of `n`.
pub(crate) fn organic(matrix: &Matrix, size: usize, seed: u64) -> Vec<Vec<u32>> {
    let size = size.min(LARGEST);
    if matrix.accounts.len() <= size || size == 0 {
        return Vec::new();
    }
    (0..GROUPS)
        .into_par_iter()
        .map(|group| grow(matrix, size, &mut Rng::stream(seed, 4_000_000 + group)))
        .collect::<Vec<_>>()
        .into_iter()
        .filter(|group| group.len() == size)
        .collect()
}

fn grow(matrix: &Matrix, size: usize, rng: &mut Rng) -> Vec<u32> {
    let mut weight = vec![0.0; matrix.accounts.len()];
    let mut touched: Vec<u32> = Vec::new();
    let mut inside = vec![false; matrix.accounts.len()];
    let mut group = Vec::new();
    let mut next = below(rng, matrix.accounts.len());
    loop {
        inside[next] = true;
        group.push(matrix.accounts[next]);
        if group.len() == size {
            return group;
        }
        for &item in matrix.rows.get(next) {
            let users = matrix.columns.get(item as usize);
            if users.len() > CROWD {
                continue;
            }
            for &user in users {
                if weight[user as usize] == 0.0 {
                    touched.push(user);
                }
                // What everybody uses ties nobody, so an item weighs by how few use it.
                weight[user as usize] += 1.0 / users.len() as f64;
            }
        }
        // Divided by activity, or every group would end among the loudest.
        let tie =
            |user: u32| weight[user as usize] / sqrt(matrix.rows.get(user as usize).len() as f64);
        let nearest = touched
            .iter()
            .copied()
            .filter(|&user| !inside[user as usize])
            .max_by(|&a, &b| tie(a).total_cmp(&tie(b)).then(b.cmp(&a)));
        let Some(nearest) = nearest else { return group };
        next = nearest as usize;
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrix::tests::matrix;
    use super::*;

    #[test]
    fn groups_grow_among_those_who_share_something() {
        let made = matrix(&["1100", "1100", "1100", "0011", "0011", "0011"]);
        let groups = organic(&made, 3, 1);
        assert_eq!(groups.len(), 250);
        for mut group in groups {
            group.sort_unstable();
            assert!(group == [0, 1, 2] || group == [3, 4, 5], "{group:?}");
        }
        assert!(organic(&made, 4, 1).is_empty(), "no four share anything");
    }
}
