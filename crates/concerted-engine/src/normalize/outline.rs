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

/// How many grams the first text surely has that the second lacks.
pub(super) fn foreign(first: &[u64], second: &[u64]) -> u32 {
    if first.len() == second.len() {
        let pairs = first.iter().zip(second);
        return pairs.map(|(a, b)| (a & !b).count_ones()).sum();
    }
    // A larger outline becomes a smaller one when its parts are laid on each other.
    let words = first.len().min(second.len());
    let lay = |outline: &[u64], word: usize| {
        let parts = outline.iter().skip(word).step_by(words);
        parts.fold(0, |all, part| all | part)
    };
    (0..words)
        .map(|word| (lay(first, word) & !lay(second, word)).count_ones())
        .sum()
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
                let (only_first, only_second) = (foreign(&a, &b), foreign(&b, &a));
                let (lacks_first, lacks_second) = (size - shared, other - shared);
                assert!(only_first as usize <= lacks_first && only_second as usize <= lacks_second);
                // Of the grams that the other lacks about three of four are seen.
                assert!(2 * (only_first as usize) >= lacks_first || lacks_first < 20);
            }
        }
    }
}
