//! Places of the accounts in the picture of a network: those that act together stand together.
//!
//! Forces after Fruchterman and Reingold (1991) with a pull to the middle. The start comes of a seed
//! and only sums, products, quotients and square roots are used, which every machine rounds alike, so
//! the picture is the same each time, in the report and in the workbench.

use concerted_stats::math::sqrt;

/// Rounds of the cooling; more move nothing that an eye would see.
const ROUNDS: u32 = 300;

/// A place in the unit square for each of `nodes`, given weighted lines between them.
pub fn places(nodes: usize, lines: &[(usize, usize, f64)], seed: u64) -> Vec<(f64, f64)> {
    let mut draw = Draws(seed);
    let mut places: Vec<(f64, f64)> = (0..nodes).map(|_| (draw.next(), draw.next())).collect();
    if nodes < 2 {
        return vec![(0.5, 0.5); nodes];
    }
    let ideal = sqrt(1.0 / nodes as f64);
    let mut moves = vec![(0.0, 0.0); nodes];
    for round in 0..ROUNDS {
        let heat = 0.1 * (1.0 - f64::from(round) / f64::from(ROUNDS)) + 0.001;
        for (place, push) in places.iter().zip(&mut moves) {
            // Without a pull, accounts that no line holds would drift to the edge.
            *push = ((0.5 - place.0) * 0.6 * ideal, (0.5 - place.1) * 0.6 * ideal);
        }
        for a in 0..nodes {
            for b in a + 1..nodes {
                let (dx, dy) = apart(places[a], places[b]);
                let force = ideal * ideal / (dx * dx + dy * dy).max(1e-6);
                moves[a] = (moves[a].0 + dx * force, moves[a].1 + dy * force);
                moves[b] = (moves[b].0 - dx * force, moves[b].1 - dy * force);
            }
        }
        for &(a, b, weight) in lines {
            let (dx, dy) = apart(places[a], places[b]);
            let force = sqrt(dx * dx + dy * dy) / ideal * weight;
            moves[a] = (moves[a].0 - dx * force, moves[a].1 - dy * force);
            moves[b] = (moves[b].0 + dx * force, moves[b].1 + dy * force);
        }
        for (place, push) in places.iter_mut().zip(&moves) {
            let length = sqrt(push.0 * push.0 + push.1 * push.1).max(1e-9);
            let step = length.min(heat) / length;
            *place = (place.0 + push.0 * step, place.1 + push.1 * step);
        }
    }
    fitted(&places)
}

/// Two places that coincide are pushed apart along a line.
fn apart(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (a.0 - b.0, a.1 - b.1);
    if dx.abs() + dy.abs() < 1e-9 {
        (1e-4, 1e-4)
    } else {
        (dx, dy)
    }
}

/// Stretched to the unit square, and rounded so that a last bit cannot be seen.
fn fitted(places: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let bounds = |axis: fn(&(f64, f64)) -> f64| {
        places
            .iter()
            .map(axis)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                (low.min(x), high.max(x))
            })
    };
    let ((left, right), (top, bottom)) = (bounds(|place| place.0), bounds(|place| place.1));
    let part = |x: f64, low: f64, high: f64| {
        let part = (x - low) / (high - low).max(1e-9);
        (part * 1e4).round() / 1e4
    };
    places
        .iter()
        .map(|place| (part(place.0, left, right), part(place.1, top, bottom)))
        .collect()
}

/// Numbers in [0, 1) from a seed (`SplitMix64`; Steele, Lea and Flood 2014).
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_brings_two_accounts_together_and_a_seed_gives_one_picture() {
        let lines = [
            (0, 1, 1.0),
            (1, 2, 1.0),
            (0, 2, 1.0),
            (3, 4, 1.0),
            (4, 5, 1.0),
            (3, 5, 1.0),
        ];
        let places = super::places(6, &lines, 1);
        assert_eq!(places, super::places(6, &lines, 1));
        assert_ne!(places, super::places(6, &lines, 2));
        let distance = |a: usize, b: usize| {
            let (dx, dy) = (places[a].0 - places[b].0, places[a].1 - places[b].1);
            sqrt(dx * dx + dy * dy)
        };
        for (a, b, _) in lines {
            for c in 0..3 {
                assert!(distance(a, b) < distance(c, c + 3), "{places:?}");
            }
        }
        assert_eq!(super::places(1, &[], 1), [(0.5, 0.5)]);
        assert_eq!(super::places(0, &[], 1), []);
    }
}
