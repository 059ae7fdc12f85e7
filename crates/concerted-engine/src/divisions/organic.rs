//! What do groups look like that grew by themselves?
//!
//! Random sets of accounts are the wrong measure of anything a group does: they stand on both sides by
//! construction, and they share no taste. So groups are grown from the background of this very corpus: a
//! random account, then again and again one that uses what the group uses, the more of it the likelier.

use super::matrix::{Matrix, below};
use crate::rng::Rng;
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
    let mut weight = vec![0u64; matrix.accounts.len()];
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
                if weight[user as usize] == 0 {
                    touched.push(user);
                }
                weight[user as usize] += 1;
            }
        }
        // Squared, so that those who share much are drawn before those who share something.
        let drawn = |user: u32| {
            if inside[user as usize] {
                0
            } else {
                weight[user as usize] * weight[user as usize]
            }
        };
        let total: u64 = touched.iter().map(|&user| drawn(user)).sum();
        if total == 0 {
            return group;
        }
        let mut left = rng.below(total);
        let chosen = touched.iter().copied().find(|&user| {
            let own = drawn(user);
            if left < own {
                return true;
            }
            left -= own;
            false
        });
        let Some(chosen) = chosen else { return group };
        next = chosen as usize;
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
