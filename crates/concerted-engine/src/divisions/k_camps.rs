//! More than two camps: how many would the spectrum bear, and what would they be?
//!
//! As many as there are axes that exceed those of copies in which chance decided, and one more (J. Horn's
//! parallel analysis, 1965). Accounts are then grouped by K-means on these axes (S. Lloyd 1982). Within one
//! party the same rule finds regions and trades, so only the division in two has passed the gate; further
//! camps are shown for a person to name, with the range that random halves of the accounts give.

use super::camps::Fit;
use super::matrix::below;
use crate::rng::Rng;
use rayon::prelude::*;

/// The camp of each account, 0 to `camps - 1`, the largest first.
pub(crate) fn k_camps(fit: &Fit, camps: usize, seed: u64) -> Vec<usize> {
    let axes = camps.saturating_sub(1).min(fit.places.len());
    let n = fit.side.len();
    if axes == 0 || n < camps {
        return vec![0; n];
    }
    // An axis weighs as much as it explains.
    let points: Vec<Vec<f64>> = (0..n)
        .map(|row| {
            (0..axes)
                .map(|axis| fit.places[axis][row] * fit.values[axis + 1])
                .collect()
        })
        .collect();
    let best = (0..10u64)
        .into_par_iter()
        .map(|start| lloyd(&points, camps, &mut Rng::stream(seed, 3_000_000 + start)))
        .collect::<Vec<_>>()
        .into_iter()
        .min_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, mut labels)) = best else {
        return vec![0; n];
    };
    let mut sizes = vec![(0usize, usize::MAX); camps];
    for (row, &label) in labels.iter().enumerate() {
        sizes[label].0 += 1;
        sizes[label].1 = sizes[label].1.min(row);
    }
    let mut order: Vec<usize> = (0..camps).collect();
    order.sort_by_key(|&label| (std::cmp::Reverse(sizes[label].0), sizes[label].1));
    let mut rank = vec![0; camps];
    for (place, &label) in order.iter().enumerate() {
        rank[label] = place;
    }
    for label in &mut labels {
        *label = rank[*label];
    }
    labels
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The sum of squares within and the labels, from one random start (D. Arthur, S. Vassilvitskii 2007).
fn lloyd(points: &[Vec<f64>], camps: usize, rng: &mut Rng) -> (f64, Vec<usize>) {
    let mut centres = vec![points[below(rng, points.len())].clone()];
    while centres.len() < camps {
        let far: Vec<f64> = points
            .iter()
            .map(|point| {
                centres
                    .iter()
                    .map(|centre| distance(point, centre))
                    .fold(f64::INFINITY, f64::min)
            })
            .collect();
        let total: f64 = far.iter().sum();
        let mut left = total * (rng.below(1 << 53) as f64 / (1u64 << 53) as f64);
        let chosen = far
            .iter()
            .position(|&far| {
                left -= far;
                left < 0.0
            })
            .unwrap_or(points.len() - 1);
        centres.push(points[chosen].clone());
    }
    let mut labels = vec![0; points.len()];
    for _ in 0..100 {
        let mut moved = false;
        for (label, point) in labels.iter_mut().zip(points) {
            let nearest = (0..camps)
                .min_by(|&a, &b| {
                    distance(point, &centres[a]).total_cmp(&distance(point, &centres[b]))
                })
                .unwrap_or(0);
            moved |= nearest != *label;
            *label = nearest;
        }
        if !moved {
            break;
        }
        for (camp, centre) in centres.iter_mut().enumerate() {
            let (mut sum, mut members) = (vec![0.0; centre.len()], 0.0);
            for (point, _) in points
                .iter()
                .zip(&labels)
                .filter(|(_, label)| **label == camp)
            {
                members += 1.0;
                for (sum, value) in sum.iter_mut().zip(point) {
                    *sum += value;
                }
            }
            if members > 0.0 {
                *centre = sum.into_iter().map(|sum| sum / members).collect();
            }
        }
    }
    let within = points
        .iter()
        .zip(&labels)
        .map(|(point, &label)| distance(point, &centres[label]))
        .sum();
    (within, labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_heaps_are_three_camps_the_largest_first() {
        let centres = [(0.0, 0.0, 9), (10.0, 0.0, 7), (0.0, 10.0, 5)];
        let mut places = vec![Vec::new(), Vec::new()];
        for (camp, (x, y, members)) in centres.into_iter().enumerate() {
            for member in 0..members {
                places[0].push(x + 0.1 * f64::from(member));
                places[1].push(y + 0.01 * camp as f64);
            }
        }
        let fit = Fit {
            side: vec![false; 21],
            values: vec![1.0, 1.0, 1.0],
            places,
            ..Fit::default()
        };
        let wanted: Vec<usize> = [(0, 9), (1, 7), (2, 5)]
            .into_iter()
            .flat_map(|(camp, members)| vec![camp; members])
            .collect();
        assert_eq!(k_camps(&fit, 3, 1), wanted);
    }
}
