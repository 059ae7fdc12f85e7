//! Random draws whose values never change: between machines, between versions, between runs.
//!
//! `ChaCha8` gives the bits. Bounded numbers, shuffles and distributions are written out here, because
//! libraries of distributions may change the values they draw from one minor version to the next.

use concerted_stats::math::{cos, exp, ln, ln_1p, sqrt};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of random draws. Streams of one seed and different numbers are independent.
///
/// ```
/// use concerted_sim::random::Draws;
/// let mut draws = Draws::new(7, 0);
/// let first: Vec<u64> = (0..4).map(|_| draws.below(1000)).collect();
/// assert_eq!(first, [764, 465, 5, 301]);
/// ```
#[derive(Clone, Debug)]
pub struct Draws(ChaCha8Rng);

impl Draws {
    /// The stream of this number under this seed.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut bits = ChaCha8Rng::from_seed(key);
        bits.set_stream(stream);
        Self(bits)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `n`, each equally likely (D. Lemire, *Fast random integer generation in an interval*,
    /// 2019); 0 if `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        let mut wide = u128::from(self.bits()) * u128::from(n);
        if low(wide) < n {
            let reject = n.wrapping_neg() % n;
            while low(wide) < reject {
                wide = u128::from(self.bits()) * u128::from(n);
            }
        }
        high(wide)
    }

    /// A number in `[0, 1)` with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        unit(self.bits())
    }

    /// An exponential waiting time of this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * ln_1p(-self.unit())
    }

    /// A standard normal (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = sqrt(-2.0 * ln_1p(-self.unit()));
        radius * cos(core::f64::consts::TAU * self.unit())
    }

    /// Successes in `n` trials of chance `p`: by inversion for small means, else a rounded normal.
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        if n == 0 || p <= 0.0 {
            return 0;
        }
        if p >= 1.0 {
            return n;
        }
        let trials = n as f64;
        let mean = trials * p;
        if mean > 40.0 && trials - mean > 40.0 {
            let x = mean + sqrt(mean * (1.0 - p)) * self.normal();
            return whole(x + 0.5).min(n);
        }
        if mean > 40.0 {
            return n - self.binomial(n, 1.0 - p);
        }
        let odds = p / (1.0 - p);
        let mut term = exp(trials * ln_1p(-p));
        let mut left = self.unit() - term;
        let mut x = 0;
        while left > 0.0 && x < n && term > 0.0 {
            x += 1;
            term *= odds * (trials - x as f64 + 1.0) / x as f64;
            left -= term;
        }
        x
    }

    /// Puts the items in random order, each order equally likely (Fisher and Yates).
    ///
    /// ```
    /// use concerted_sim::random::Draws;
    /// let mut items = [1, 2, 3, 4, 5];
    /// Draws::new(7, 0).shuffle(&mut items);
    /// assert_eq!(items, [5, 3, 1, 2, 4]);
    /// ```
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap_or(last);
            items.swap(last, other);
        }
    }
}

/// Scatters 64 bits, one to one (the finalizer of `SplitMix64`; Steele, Lea and Flood 2014).
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number that stands for a list of numbers: the way to ask for a property of a thing by its name
/// instead of remembering it.
pub(crate) fn key(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |h, &part| {
        mix(h.rotate_left(23) ^ part.wrapping_add(0x9e37_79b9_7f4a_7c15))
    })
}

/// A number in `[0, 1)` from 64 bits.
pub(crate) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A number below `n` from 64 bits. The bias, `n` in 2^64, does not matter for texts and tastes.
pub(crate) fn pick(bits: u64, n: u64) -> u64 {
    high(u128::from(bits) * u128::from(n))
}

/// A rank below `n`, where rank `r` has a chance in proportion to about `1 / (r + flat)`: Zipf's law with
/// Mandelbrot's flattened head. `u` is uniform in `[0, 1)`.
pub(crate) fn zipf(u: f64, n: u64, flat: f64) -> u64 {
    if n <= 1 {
        return 0;
    }
    whole(flat * (exp(u * ln(1.0 + n as f64 / flat)) - 1.0)).min(n - 1)
}

/// The whole part of a number that may be below 0 or too large.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such casts saturate, which is what is wanted"
)]
pub(crate) fn whole(x: f64) -> u64 {
    x as u64
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
fn low(wide: u128) -> u64 {
    wide as u64
}

fn high(wide: u128) -> u64 {
    (wide >> 64) as u64
}

/// A cheap sequence of draws for one text, seeded by what the text belongs to.
pub(crate) struct Seq(pub(crate) u64);

impl Seq {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        pick(self.bits(), n)
    }

    pub(crate) fn chance(&mut self, p: f64) -> bool {
        unit(self.bits()) < p
    }

    pub(crate) fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[usize::try_from(self.below(items.len() as u64)).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounded_draws_are_even() {
        let mut draws = Draws::new(1, 2);
        let mut seen = [0u32; 6];
        for _ in 0..60_000 {
            seen[draws.below(6) as usize] += 1;
        }
        // Chi-square with 5 degrees of freedom: 20.5 is passed once in a thousand.
        let chi: f64 = seen
            .iter()
            .map(|&n| (f64::from(n) - 1e4).powi(2) / 1e4)
            .sum();
        assert!(chi < 20.5, "{seen:?}");
        assert_eq!((draws.below(0), draws.below(1)), (0, 0));
    }

    #[test]
    fn binomial_has_its_mean_and_variance() {
        for (n, p) in [(50u64, 0.02), (1000, 0.3), (1000, 0.999), (40, 0.5)] {
            let mut draws = Draws::new(3, n);
            let x: Vec<f64> = (0..20_000).map(|_| draws.binomial(n, p) as f64).collect();
            let mean = x.iter().sum::<f64>() / x.len() as f64;
            let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64;
            let (want, spread) = (n as f64 * p, n as f64 * p * (1.0 - p));
            assert!(
                (mean - want).abs() < 5.0 * (spread / 20_000.0).sqrt(),
                "{n} {p}: {mean}"
            );
            assert!(
                (variance / spread - 1.0).abs() < 0.08,
                "{n} {p}: {variance}"
            );
        }
    }

    #[test]
    fn zipf_halves_from_rank_to_rank_and_stays_in_range() {
        let mut draws = Draws::new(4, 0);
        let mut seen = [0u32; 1000];
        for _ in 0..200_000 {
            seen[zipf(draws.unit(), 1000, 1.0) as usize] += 1;
        }
        let ratio =
            f64::from(seen[1..3].iter().sum::<u32>()) / f64::from(seen[7..15].iter().sum::<u32>());
        assert!((ratio - 1.0).abs() < 0.6, "{ratio}");
        assert!(seen[0] > 10_000 && seen[999] > 0);
        assert_eq!(zipf(0.999_999, 1, 3.0), 0);
    }

    #[test]
    fn mixing_is_one_to_one_and_keys_depend_on_order() {
        assert_ne!(key(&[1, 2]), key(&[2, 1]));
        assert_ne!(key(&[0]), key(&[0, 0]));
        let mut seen: Vec<u64> = (0..10_000).map(mix).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 10_000);
    }
}
