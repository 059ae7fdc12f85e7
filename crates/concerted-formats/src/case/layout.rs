//! Where accounts stand in the picture of the network: the same place in every run.
//!
//! Groups stand on a sunflower spiral, the first in the middle; their members on a circle around the
//! group's place. Accounts of no group stand on an outer ring. A graph tool may lay them out anew; the
//! file opens readable.

use hashbrown::HashMap;
use std::f64::consts::{PI, TAU};

/// Colours of groups in turn, and of accounts without one.
const COLORS: [&str; 8] = [
    "#1a5f9e", "#7423c6", "#9a5a00", "#0f766e", "#b42355", "#4d6b1f", "#5b4bd1", "#8a4b2f",
];
const NO_GROUP: &str = "#8a94a0";

/// The colour of a group.
pub(super) fn color(group: Option<usize>) -> &'static str {
    group.map_or(NO_GROUP, |group| COLORS[group % COLORS.len()])
}

/// A place for each account, given the group of those that have one.
pub(super) fn by_group(
    accounts: &[u32],
    of_account: &HashMap<u32, usize>,
    groups: usize,
) -> Vec<(f64, f64)> {
    let mut sizes = vec![0usize; groups];
    for account in accounts {
        if let Some(&group) = of_account.get(account) {
            sizes[group] += 1;
        }
    }
    let radius = |size: usize| 12.0 * (size as f64).sqrt();
    let widest = sizes.iter().map(|&size| radius(size)).fold(0.0, f64::max);
    let golden = PI * (3.0 - 5.0f64.sqrt());
    let centre = |group: usize| {
        let (distance, angle) = (2.2 * widest * (group as f64).sqrt(), golden * group as f64);
        (distance * angle.cos(), distance * angle.sin())
    };
    let loners = accounts
        .iter()
        .filter(|account| !of_account.contains_key(*account))
        .count();
    let ring = 2.2 * widest * (groups as f64 + 1.0).sqrt() + 60.0 + loners as f64;
    let mut seen = vec![0usize; groups];
    let mut alone = 0usize;
    let rounded = |x: f64| (x * 100.0).round() / 100.0;
    accounts
        .iter()
        .map(|account| {
            let (x, y) = if let Some(&group) = of_account.get(account) {
                let angle = TAU * seen[group] as f64 / sizes[group] as f64;
                seen[group] += 1;
                let (x, y) = centre(group);
                (
                    x + radius(sizes[group]) * angle.cos(),
                    y + radius(sizes[group]) * angle.sin(),
                )
            } else {
                let angle = TAU * alone as f64 / loners as f64;
                alone += 1;
                (ring * angle.cos(), ring * angle.sin())
            };
            (rounded(x), rounded(y))
        })
        .collect()
}
