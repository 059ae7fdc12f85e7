//! Short sketches of sets of grams, so that similar texts meet in a bucket without comparing all pairs.
//!
//! A sketch has a number of slots; two sets agree in a slot with probability equal to their Jaccard
//! similarity. The slots are filled in rounds until none is empty, each round throwing every gram into
//! one slot, which keeps the slots of short texts as good as independent at the cost of one hash per
//! gram for long ones: Dahlgaard, Knudsen, Thorup, *Fast Similarity Sketching*, FOCS 2017. Some slots
//! together make a band; texts that agree in all slots of any band are compared.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "hashes are cut to the bits in use; a number of bands is small and positive"
)]

use super::grams::mix;

/// How the slots are bound into bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    /// Slots in a band, all of which must agree.
    pub rows: usize,
    /// Bands, any of which may agree.
    pub bands: usize,
}

impl Bands {
    /// The fewest bands of three slots in which two texts of this similarity meet with at least this
    /// probability.
    ///
    /// Three slots are the least at which unrelated texts (similarity about 0.01) stay apart: a band
    /// of two would make ten thousand candidates of a hundred million pairs, one of three a hundred.
    ///
    /// ```
    /// use concerted_engine::normalize::minhash::Bands;
    ///
    /// let bands = Bands::reaching(0.95, 0.5);
    /// assert_eq!((bands.rows, bands.bands), (3, 23));
    /// assert!(bands.recall(0.5) > 0.95 && bands.recall(0.01) < 1e-4);
    /// ```
    pub fn reaching(recall: f64, similarity: f64) -> Self {
        let rows = 3;
        let band = similarity.clamp(0.05, 0.999).powi(3);
        let bands = ((1.0 - recall.clamp(0.0, 0.9999)).ln() / (1.0 - band).ln()).ceil();
        Self {
            rows,
            bands: (bands as usize).max(1),
        }
    }

    /// In how many bits texts of this similarity differ at most, but for one pair in seven hundred:
    /// the mean, `(1 - s) / 2` of the bits, and three standard deviations.
    pub fn most_differing(self, similarity: f64) -> u32 {
        let bits = (self.rows * self.bands).min(128) as f64;
        let deviation = (bits * (1.0 - similarity * similarity)).max(0.0).sqrt() / 2.0;
        (bits * (1.0 - similarity) / 2.0 + 3.0 * deviation).ceil() as u32
    }

    /// Probability that two texts of this similarity meet: `1 - (1 - s^rows)^bands`.
    pub fn recall(self, similarity: f64) -> f64 {
        let rows = i32::try_from(self.rows).unwrap_or(i32::MAX);
        let bands = i32::try_from(self.bands).unwrap_or(i32::MAX);
        1.0 - (1.0 - similarity.powi(rows)).powi(bands)
    }
}

/// The lowest bit of every slot (of the first 128), by which most unlike pairs are told apart at the cost
/// of one operation; Li and König, *b-Bit Minwise Hashing*, WWW 2010.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotBits([u64; 2]);

impl SlotBits {
    /// In how many slots the bits differ.
    pub fn differing(self, other: Self) -> u32 {
        (self.0[0] ^ other.0[0]).count_ones() + (self.0[1] ^ other.0[1]).count_ones()
    }
}

/// Makes the keys of the bands of one set of grams after another, without allocation.
#[derive(Clone, Debug)]
pub struct Sketcher {
    bands: Bands,
    /// In the upper half the round in which a slot was filled, in the lower its value: the least of all
    /// that was thrown into a slot is the least value of the first round that reached it.
    slots: Vec<u64>,
}

const EMPTY: u64 = u64::MAX;

impl Sketcher {
    /// A sketcher for these bands.
    pub fn new(bands: Bands) -> Self {
        Self {
            bands,
            slots: vec![EMPTY; bands.rows * bands.bands],
        }
    }

    /// The key of every band, into `keys`; the grams must be distinct and at least one.
    pub fn keys(&mut self, grams: &[u64], keys: &mut Vec<u32>) {
        self.sketch(grams);
        keys.extend(self.slots.chunks_exact(self.bands.rows).map(|band| {
            let key = band.iter().fold(0, |key, &slot| {
                mix(key ^ u64::from(slot as u32)).rotate_left(32)
            });
            (mix(key) >> 32) as u32
        }));
    }

    /// The bits of the set that was given last.
    pub fn bits(&self) -> SlotBits {
        let mut bits = [0; 2];
        for (half, slots) in bits.iter_mut().zip(self.slots.chunks(64)) {
            for (place, &slot) in slots.iter().enumerate() {
                *half |= (slot & 1) << place;
            }
        }
        SlotBits(bits)
    }

    fn sketch(&mut self, grams: &[u64]) {
        self.slots.fill(EMPTY);
        let count = self.slots.len();
        let last = u32::try_from(count).expect("a sketch has a few hundred slots");
        for round in 1..=last {
            let seed = mix(u64::from(round));
            let upper = u64::from(round) << 32;
            for gram in grams {
                let hash = mix(gram ^ seed);
                let slot = (((hash >> 32) * count as u64) >> 32) as usize;
                let value = upper | (hash & 0xffff_ffff);
                self.slots[slot] = self.slots[slot].min(value);
            }
            if !self.slots.contains(&EMPTY) {
                return;
            }
        }
        // What so many rounds left empty, as only very few grams do, is filled by all grams at once.
        for slot in 0..count {
            if self.slots[slot] == EMPTY {
                let seed = mix((count + 1 + slot) as u64);
                let values = grams.iter().map(|gram| mix(gram ^ seed) as u32);
                let least = values.min().unwrap_or_default();
                self.slots[slot] = u64::from(last + 1) << 32 | u64::from(least);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets of `size` grams, `shared` of them in both, from a seed.
    fn two_sets(seed: u64, size: u64, shared: u64) -> [Vec<u64>; 2] {
        let gram = |i: u64| mix(seed << 32 | i);
        [
            (0..size).map(gram).collect(),
            (size - shared..2 * size - shared).map(gram).collect(),
        ]
    }

    #[test]
    fn slots_agree_as_often_as_the_sets_overlap_also_in_short_texts() {
        for (size, shared) in [(12, 8), (30, 20), (300, 200)] {
            let (mut agree, mut squares) = (0.0, 0.0);
            let trials = 2000;
            for seed in 0..trials {
                let [a, b] = two_sets(seed, size, shared);
                let mut left = Sketcher::new(Bands { rows: 3, bands: 23 });
                let mut right = left.clone();
                left.sketch(&a);
                right.sketch(&b);
                let same = left.slots.iter().zip(&right.slots).filter(|(a, b)| a == b);
                let share = same.count() as f64 / 69.0;
                agree += share;
                squares += share * share;
            }
            let mean = agree / trials as f64;
            let deviation = (squares / trials as f64 - mean * mean).sqrt();
            // The similarity is 1/2; independent slots would deviate by 0.060.
            assert!((mean - 0.5).abs() < 0.01, "{size}: {mean}");
            assert!(deviation < 0.075, "{size}: {deviation}");
        }
    }

    #[test]
    fn texts_at_the_threshold_meet_as_often_as_computed() {
        let bands = Bands::reaching(0.95, 0.5);
        let mut sketcher = Sketcher::new(bands);
        for (size, shared) in [(12, 8), (30, 20), (120, 80)] {
            let met = (0..2000)
                .filter(|&seed| {
                    let [a, b] = two_sets(seed, size, shared).map(|set| {
                        let mut keys = Vec::new();
                        sketcher.keys(&set, &mut keys);
                        keys
                    });
                    a.iter().zip(&b).any(|(a, b)| a == b)
                })
                .count();
            let met = met as f64 / 2000.0;
            assert!((met - bands.recall(0.5)).abs() < 0.03, "{size}: {met}");
        }
    }

    #[test]
    fn texts_at_the_threshold_pass_by_their_bits_and_unlike_ones_do_not() {
        let bands = Bands::reaching(0.95, 0.45);
        let mut sketcher = Sketcher::new(bands);
        let mut passing = |shared: u64| {
            let pass = (0..2000).filter(|&seed| {
                let [a, b] = two_sets(seed, 100, shared).map(|set| {
                    sketcher.keys(&set, &mut Vec::new());
                    sketcher.bits()
                });
                a.differing(b) <= bands.most_differing(0.45)
            });
            pass.count()
        };
        // 62 of 100 in common is a similarity of 0.45.
        assert!(passing(62) >= 1985);
        assert!(passing(2) <= 200);
    }

    #[test]
    fn one_gram_is_enough_for_a_sketch() {
        let mut keys = Vec::new();
        let bands = Bands { rows: 3, bands: 5 };
        Sketcher::new(bands).keys(&[7], &mut keys);
        assert_eq!(keys.len(), 5);
        keys.dedup();
        assert!(keys.len() > 1);
    }
}
