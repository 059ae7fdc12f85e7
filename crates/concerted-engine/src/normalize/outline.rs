//! How many grams can two texts have in common at most? Told from a few hundred bits each.
//!
//! An outline has a box for each of some hundred values of a gram's hash, and marks the boxes in which
//! at least one gram of the text lies. A box that only one of two texts marks holds a gram that
//! the other lacks. So the marks give an upper bound of what they share that never errs: most pairs
//! that are not the same are ruled out without their texts being read, and none that is.

/// How many boxes a text gets for each of its grams, at least: with five, two texts of equal length that
/// share half of the grams that they must share are told apart nearly always.
const BOXES: usize = 5;

/// The outline of distinct grams, added behind others: 64 boxes a word, and a power of two of words.
pub(super) fn push(grams: &[u64], outlines: &mut Vec<u64>) {
    let start = outlines.len();
    outlines.resize(start + words(grams.len()), 0);
    let own = &mut outlines[start..];
    let last = own.len() as u64 - 1;
    for gram in grams {
        // Other bits than those by which a set of grams looks its members up.
        let place = gram >> 32;
        own[(place >> 6 & last) as usize] |= 1 << (place & 63);
    }
}

/// How many words the outline of so many distinct grams has.
pub(super) fn words(grams: usize) -> usize {
    (grams * BOXES).div_ceil(64).next_power_of_two()
}

/// Grams that the first text has and the second surely lacks, and the other way round, at least.
pub(super) fn foreign(first: &[u64], second: &[u64]) -> (u32, u32) {
    if first.len() < second.len() {
        let (second, first) = foreign(second, first);
        return (first, second);
    }
    if first.len() == second.len() {
        let pairs = first.iter().zip(second);
        return pairs.fold((0, 0), |sums, (a, b)| marks(sums, *a, *b));
    }
    // A larger outline becomes a smaller one when its parts are laid on each other.
    (0..second.len()).fold((0, 0), |sums, word| {
        let parts = first.iter().skip(word).step_by(second.len());
        marks(sums, parts.fold(0, |all, part| all | part), second[word])
    })
}

fn marks(sums: (u32, u32), a: u64, b: u64) -> (u32, u32) {
    (
        sums.0 + (a & !b).count_ones(),
        sums.1 + (b & !a).count_ones(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::grams::mix;

    #[test]
    fn the_bound_never_errs_and_is_sharp_for_unlike_sets() {
        for (size, other, shared) in [(100, 100, 0), (100, 60, 30), (40, 170, 40), (300, 300, 290)]
        {
            for seed in 0..50_u64 {
                let gram = |place: usize| mix(seed << 32 | place as u64);
                let first: Vec<u64> = (0..size).map(gram).collect();
                let second: Vec<u64> = (size - shared..size - shared + other).map(gram).collect();
                let outline = |grams: &[u64]| {
                    let mut words = vec![7];
                    push(grams, &mut words);
                    words.split_off(1)
                };
                let (a, b) = (outline(&first), outline(&second));
                let (only_first, only_second) = foreign(&a, &b);
                assert_eq!(foreign(&b, &a), (only_second, only_first));
                let (lacks_first, lacks_second) = (size - shared, other - shared);
                assert!(only_first as usize <= lacks_first && only_second as usize <= lacks_second);
                // Of the grams that the other lacks about three of four are seen.
                assert!(2 * (only_first as usize) >= lacks_first || lacks_first < 20);
            }
        }
    }
}
