//! The overlapping pieces of a text by which two texts are compared.
//!
//! A gram is five characters, in scripts whose characters carry more fewer: two Han characters,
//! three of kana or Hangul, so that a gram carries about the same in every script (an English
//! letter is worth some 4.1 bits, a Han character some 9.6, both by frequency alone), and one
//! changed word costs a Chinese text the same part of its grams as an English one. The choice is
//! argued in `docs/methods/text.md`.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "hashes are cut to the bits in use; numbers of grams are positive and below 2^32"
)]

/// How many characters make the gram that ends with this one: 5, 3 or 2.
pub fn breadth(last: char) -> u8 {
    if last < '\u{1100}' {
        return 5;
    }
    match last as u32 {
        // Hangul, kana, bopomofo.
        0x1100..=0x11ff | 0x3041..=0x31bf | 0x31f0..=0x31ff | 0xa960..=0xa97f | 0xac00..=0xd7ff => {
            3
        }
        // Han with its extensions, iteration mark, pictographs.
        0x3005..=0x3007
        | 0x3400..=0x9fff
        | 0xf900..=0xfaff
        | 0x1f000..=0x1faff
        | 0x2_0000..=0x3_ffff => 2,
        _ => 5,
    }
}

/// How much a text holds, in letters of an alphabet: a Han character counts 2.5, kana and Hangul
/// five thirds.
///
/// ```
/// use concerted_engine::normalize::grams::letters;
///
/// assert_eq!(letters("go vote"), 7.0);
/// assert_eq!(letters("我们要投票"), 12.5);
/// ```
pub fn letters(text: &str) -> f64 {
    // Whole thirtieths of a gram, so that sums are exact.
    let thirtieths: u64 = text.chars().map(|char| 30 / u64::from(breadth(char))).sum();
    thirtieths as f64 / 6.0
}

/// The grams of a text, each as a well-mixed 64-bit number, in order and with repeats.
///
/// Two different grams share a number with probability 2^-64.
pub fn grams(text: &str) -> impl Iterator<Item = u64> {
    let mut window = 0_u128;
    let mut seen = 0_u8;
    text.chars().filter_map(move |char| {
        // A character has 21 bits, so that five of them fit.
        window = window << 21 | u128::from(char as u32);
        seen = seen.saturating_add(1);
        let breadth = breadth(char);
        (seen >= breadth).then(|| hash(window & ((1 << (21 * u32::from(breadth))) - 1)))
    })
}

fn hash(gram: u128) -> u64 {
    let low = gram as u64 ^ 0x9e37_79b9_7f4a_7c15;
    let high = (gram >> 64) as u64 ^ 0xe703_7ed1_a0b4_28db;
    let product = u128::from(low) * u128::from(high);
    mix(product as u64 ^ (product >> 64) as u64)
}

/// A bijection of 64-bit numbers after which every bit depends on every other (David Stafford's
/// thirteenth variant of the finish of `MurmurHash3`).
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

/// The distinct grams of one text, ready to be compared with many others; reused without
/// allocation.
#[derive(Clone, Debug, Default)]
pub struct GramSet {
    distinct: Vec<u64>,
    /// Open addressing: place of a gram in `distinct` plus one, zero where free.
    table: Vec<u32>,
    mask: usize,
    /// For each distinct gram the number of the comparison that last met it.
    met: Vec<u32>,
    comparison: u32,
    repeats: u32,
}

/// How many grams a text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Distinct ones.
    pub distinct: u32,
    /// Those that were there before.
    pub repeats: u32,
    /// How many distinct ones it must share with another text to be the same, however similar.
    pub least: u32,
}

impl Size {
    /// How many grams two texts must share to reach the Jaccard similarity, and no fewer than the
    /// lower of their `least`; `None` where even the smaller has fewer.
    pub fn needed(self, other: Self, threshold: f64) -> Option<u32> {
        let both = f64::from(self.distinct) + f64::from(other.distinct);
        // i / (both - i) >= t is the same as i >= t / (1 + t) * both.
        let needed = (threshold / (1.0 + threshold) * both - 1e-9)
            .ceil()
            .max(0.0) as u32;
        let needed = needed.max(self.least.min(other.least));
        (needed <= self.distinct.min(other.distinct)).then_some(needed)
    }
}

impl GramSet {
    /// Takes the grams of a text in place of those held.
    pub fn load(&mut self, text: &str) {
        self.distinct.clear();
        let size = (text.len() * 2).next_power_of_two().max(64);
        if self.table.len() < size {
            self.table.resize(size, 0);
        }
        self.table[..size].fill(0);
        self.mask = size - 1;
        let mut count = 0;
        for gram in grams(text) {
            count += 1;
            let slot = self.slot(gram);
            if self.table[slot] == 0 {
                self.distinct.push(gram);
                self.table[slot] = u32::try_from(self.distinct.len())
                    .expect("a text of less than four gigabytes has fewer than 2^32 grams");
            }
        }
        self.repeats = count - self.distinct.len() as u32;
        self.met.clear();
        self.met.resize(self.distinct.len(), 0);
        self.comparison = 0;
    }

    /// The distinct grams in the order of first appearance.
    pub fn distinct(&self) -> &[u64] {
        &self.distinct
    }

    /// A number that texts with the same set of grams have in common, and others with probability 2^-64.
    pub fn fingerprint(&self) -> u64 {
        self.distinct
            .iter()
            .fold(0, |sum, &gram| sum.wrapping_add(mix(gram)))
    }

    /// How many grams the text has.
    pub fn size(&self) -> Size {
        Size {
            distinct: self.met.len() as u32,
            repeats: self.repeats,
            least: 0,
        }
    }

    /// Whether another text of this size has at least `needed` grams in common with this one, which
    /// may not be more than it has. Gives up as soon as it no longer can.
    pub fn shares(&mut self, other: &str, size: Size, needed: u32) -> bool {
        // A foreign gram is not recognised when it comes again, hence the repeats.
        let allowed = size.distinct - needed + size.repeats;
        self.comparison += 1;
        let (mut shared, mut foreign) = (0, 0);
        for gram in grams(other) {
            match self.table[self.slot(gram)] {
                0 => {
                    foreign += 1;
                    if foreign > allowed {
                        return false;
                    }
                }
                place => {
                    let met = &mut self.met[place as usize - 1];
                    if *met != self.comparison {
                        *met = self.comparison;
                        shared += 1;
                    }
                }
            }
        }
        shared >= needed
    }

    /// Jaccard similarity of the sets of grams of this text and another: shared grams over all
    /// grams; 0 where neither has any.
    pub fn similarity(&mut self, other: &str) -> f64 {
        let mut rest: Vec<u64> = Vec::new();
        let mut shared = 0_usize;
        self.comparison += 1;
        for gram in grams(other) {
            match self.table[self.slot(gram)] {
                0 => rest.push(gram),
                place => {
                    let met = &mut self.met[place as usize - 1];
                    if *met != self.comparison {
                        *met = self.comparison;
                        shared += 1;
                    }
                }
            }
        }
        rest.sort_unstable();
        rest.dedup();
        let all = self.distinct.len() + rest.len();
        if all == 0 {
            0.0
        } else {
            shared as f64 / all as f64
        }
    }

    /// Where a gram stands in the table, or the free place where it would.
    fn slot(&self, gram: u64) -> usize {
        let mut slot = gram as usize & self.mask;
        loop {
            match self.table[slot] {
                0 => return slot,
                place if self.distinct[place as usize - 1] == gram => return slot,
                _ => slot = (slot + 1) & self.mask,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similarity(a: &str, b: &str) -> f64 {
        let mut set = GramSet::default();
        set.load(a);
        set.similarity(b)
    }

    #[test]
    fn similarity_is_shared_grams_over_all_grams() {
        // abcde bcdef | bcdef cdefg: one of three.
        assert!((similarity("abcdef", "bcdefg") - 1.0 / 3.0).abs() < 1e-12);
        // 我们 们要 | 们要 要去
        assert!((similarity("我们要", "们要去") - 1.0 / 3.0).abs() < 1e-12);
        assert!((similarity("aaaaaaaa", "aaaaa") - 1.0).abs() < 1e-12);
        assert!(similarity("", "").abs() < 1e-12);
        assert!(similarity("abc", "abc").abs() < 1e-12);
    }

    #[test]
    fn the_short_cut_agrees_with_the_similarity() {
        let words = [
            "vote", "now", "they", "lie", "to", "you", "again", "选举", "到了", "ขอ",
        ];
        let text = |seed: u64| -> String {
            (0..12)
                .map(|i| words[(mix(seed * 100 + i) % 10) as usize])
                .collect::<Vec<_>>()
                .join(" ")
        };
        let (mut set, mut other, mut near) = (GramSet::default(), GramSet::default(), 0);
        for seed in 0..300 {
            set.load(&text(seed));
            for partner in 0..50 {
                let partner = text(partner);
                other.load(&partner);
                let similarity = set.similarity(&partner);
                let needed = set.size().needed(other.size(), 0.3);
                let is_near =
                    needed.is_some_and(|needed| set.shares(&partner, other.size(), needed));
                assert_eq!(is_near, similarity >= 0.3, "{similarity}");
                near += u32::from(is_near);
            }
        }
        assert!(near > 100, "{near} near pairs");
    }

    #[test]
    fn a_chinese_word_weighs_what_an_english_one_does() {
        let english = similarity(
            "they want to take away our vote and nobody says a word about it",
            "they want to take away our vote and nobody says a about it",
        );
        let chinese = similarity(
            "他们想要夺走我们的选票而且没有人对此说一句话",
            "他们想要夺走我们的选票而且没有人对此话",
        );
        assert!((english - chinese).abs() < 0.1, "{english} {chinese}");
    }
}
