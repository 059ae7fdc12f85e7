//! Chance that can be repeated: every random choice comes from the plan's seed.
//!
//! `ChaCha8` is stable by value; the bounded draw (Lemire 2019) and the shuffle are written out here so
//! that a new version of a library cannot change a result. Each (seed, copy) has a stream of its own,
//! so the number of threads cannot either.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Rng(ChaCha8Rng);

impl Rng {
    /// The stream of one copy under a seed.
    pub(crate) fn stream(seed: u64, copy: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(copy);
        Self(rng)
    }

    /// A number in `0..bound`, each equally likely. `bound` must not be 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let mut product = u128::from(self.0.next_u64()) * u128::from(bound);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the low half decides whether the draw is fair"
        )]
        while (product as u64) < bound {
            let unfair = bound.wrapping_neg() % bound;
            if product as u64 >= unfair {
                break;
            }
            product = u128::from(self.0.next_u64()) * u128::from(bound);
        }
        u64::try_from(product >> 64).expect("the high half of a 128-bit product has 64 bits")
    }

    /// A number in `-span..=span`, each equally likely. `span` must not be negative.
    pub(crate) fn within(&mut self, span: i64) -> i64 {
        let span = span.unsigned_abs();
        let drawn = self.below(2 * span + 1);
        i64::try_from(drawn).unwrap_or(i64::MAX) - i64::try_from(span).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |seed, copy| {
            let mut rng = Rng::stream(seed, copy);
            (0..8).map(|_| rng.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 1), draw(1, 1));
        assert_ne!(draw(1, 1), draw(1, 2));
        assert_ne!(draw(1, 1), draw(2, 1));
    }

    #[test]
    fn draws_are_fair() {
        let mut rng = Rng::stream(7, 0);
        let mut counts = [0u32; 6];
        for _ in 0..60_000 {
            counts[usize::try_from(rng.below(6)).unwrap()] += 1;
        }
        // Chi-square with 5 degrees of freedom: 20.5 is the 99.9 % point.
        let chi: f64 = counts
            .iter()
            .map(|&c| (f64::from(c) - 1e4).powi(2) / 1e4)
            .sum();
        assert!(chi < 20.5, "{counts:?}");
        assert!(
            (0..1_000)
                .map(|_| rng.within(3))
                .all(|x| (-3..=3).contains(&x))
        );
    }
}
