//! Is the text that just arrived one we know? The same question as [`super::near_duplicates()`], asked
//! of a stream in bounded memory.
//!
//! Same normal text, grams, bands, and threshold. What differs is which texts came before: a stream
//! compares with representatives that arrived earlier, a corpus with those that are longer, and a
//! stream forgets. See `docs/methods/text.md`.

use super::grams::{GramSet, Size, mix};
use super::minhash::Sketcher;
use super::near_duplicates::TextPlan;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::collections::VecDeque;

/// Knows the latest objects of a stream of texts by their representatives.
///
/// ```
/// use concerted_engine::normalize::near_duplicates::TextPlan;
/// use concerted_engine::normalize::text_index::TextIndex;
///
/// let mut index = TextIndex::new(TextPlan::default(), 1000);
/// assert_eq!(index.insert("they want to take away our vote on sunday"), Some(0));
/// assert_eq!(index.insert("tomorrow it will rain in most of the country"), Some(1));
/// assert_eq!(index.insert("they want to take our vote on sunday"), Some(0));
/// assert_eq!(index.insert("good morning"), None);
/// ```
#[derive(Debug)]
pub struct TextIndex {
    plan: TextPlan,
    capacity: usize,
    /// The representatives still known; each is the first text of an object, and they stand in the
    /// order of their numbers.
    representatives: VecDeque<Representative>,
    /// Number of the first of them.
    oldest: u64,
    /// The objects in each bucket, in the order of arrival, at most `plan.bucket` of them.
    buckets: HashMap<u64, VecDeque<u64>, FxBuildHasher>,
    /// The object of each representative's set of grams.
    sets: HashMap<u64, u64, FxBuildHasher>,
    sketcher: Sketcher,
    grams: GramSet,
}

#[derive(Debug)]
struct Representative {
    text: Box<str>,
    size: Size,
    set: u64,
    buckets: Box<[u64]>,
}

impl TextIndex {
    /// An index that keeps this many representatives, at least one, and forgets the oldest first.
    pub fn new(plan: TextPlan, capacity: usize) -> Self {
        Self {
            sketcher: Sketcher::new(plan.bands()),
            plan,
            capacity: capacity.max(1),
            representatives: VecDeque::new(),
            oldest: 0,
            buckets: HashMap::default(),
            sets: HashMap::default(),
            grams: GramSet::default(),
        }
    }

    /// The number of the object of a normal text: of the earliest known representative it is near,
    /// or else the next number, and the text becomes its representative. `None` if it is too short.
    pub fn insert(&mut self, text: &str) -> Option<u64> {
        self.grams.load(text);
        let size = self.plan.size(text, &self.grams)?;
        let set = self.grams.fingerprint();
        if let Some(&object) = self.sets.get(&set) {
            return Some(object);
        }
        let buckets = self.buckets_of_loaded();
        if let Some(object) = self.earliest(size, &buckets) {
            return Some(object);
        }
        if self.representatives.len() == self.capacity {
            self.forget_oldest();
        }
        Some(self.remember(text, size, set, buckets))
    }

    /// The buckets of the text whose grams are loaded.
    fn buckets_of_loaded(&mut self) -> Box<[u64]> {
        let mut keys = Vec::new();
        self.sketcher.keys(self.grams.distinct(), &mut keys);
        (0_u64..)
            .zip(keys)
            .map(|(band, key)| mix(band << 32 | u64::from(key)))
            .collect()
    }

    fn remember(&mut self, text: &str, size: Size, set: u64, buckets: Box<[u64]>) -> u64 {
        let object = self.oldest + self.representatives.len() as u64;
        for &bucket in &buckets {
            let objects = self.buckets.entry(bucket).or_default();
            if objects.len() >= self.plan.bucket.max(1) {
                objects.pop_front();
            }
            objects.push_back(object);
        }
        self.sets.insert(set, object);
        self.representatives.push_back(Representative {
            text: text.into(),
            size,
            set,
            buckets,
        });
        object
    }

    /// The representative of an object, unless it was forgotten.
    pub fn representative(&self, object: u64) -> Option<&str> {
        let place = usize::try_from(object.checked_sub(self.oldest)?).ok()?;
        Some(&self.representatives.get(place)?.text)
    }

    /// The number of the oldest object that is still known, and the representatives from it on: all that
    /// [`TextIndex::restore`] needs.
    pub fn remembered(&self) -> (u64, impl Iterator<Item = &str>) {
        let texts = self.representatives.iter();
        (self.oldest, texts.map(|known| &*known.text))
    }

    /// The index that remembers these representatives, the oldest first, as if it had never stopped.
    pub fn restore<'a>(
        plan: TextPlan,
        capacity: usize,
        oldest: u64,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut index = Self::new(plan, capacity);
        index.oldest = oldest;
        for text in texts {
            index.grams.load(text);
            if let Some(size) = index.plan.size(text, &index.grams) {
                let set = index.grams.fingerprint();
                let buckets = index.buckets_of_loaded();
                index.remember(text, size, set, buckets);
            }
        }
        index
    }

    /// How many representatives it keeps at most.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many representatives are known.
    pub fn len(&self) -> usize {
        self.representatives.len()
    }

    /// Whether no representative is known.
    pub fn is_empty(&self) -> bool {
        self.representatives.is_empty()
    }

    fn earliest(&mut self, size: Size, buckets: &[u64]) -> Option<u64> {
        let mut candidates: Vec<u64> = buckets
            .iter()
            .filter_map(|bucket| self.buckets.get(bucket))
            .flatten()
            .copied()
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        candidates.into_iter().find(|object| {
            let place = usize::try_from(object - self.oldest).expect("known objects are in memory");
            let other = &self.representatives[place];
            size.needed(other.size, self.plan.threshold)
                .is_some_and(|needed| self.grams.shares(&other.text, other.size, needed))
        })
    }

    fn forget_oldest(&mut self) {
        let Some(gone) = self.representatives.pop_front() else {
            return;
        };
        for bucket in &gone.buckets {
            if let Some(objects) = self.buckets.get_mut(bucket) {
                if objects.front() == Some(&self.oldest) {
                    objects.pop_front();
                }
                if objects.is_empty() {
                    self.buckets.remove(bucket);
                }
            }
        }
        self.sets.remove(&gone.set);
        self.oldest += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::Strings;
    use crate::normalize::near_duplicates::near_duplicates;

    fn unrelated(number: u64) -> String {
        let word = |i| format!("{:x}", mix(number * 16 + i) >> 40);
        (0..8).map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn memory_stays_bounded_and_the_oldest_is_forgotten_first() {
        let mut index = TextIndex::new(TextPlan::default(), 100);
        for number in 0..1000 {
            assert_eq!(index.insert(&unrelated(number)), Some(number));
        }
        assert_eq!(index.len(), 100);
        assert!(index.buckets.len() <= 100 * TextPlan::default().bands().bands);
        assert_eq!(index.sets.len(), 100);
        assert_eq!(index.representative(899), None);
        assert_eq!(index.representative(900), Some(unrelated(900).as_str()));
        assert_eq!(index.insert(&unrelated(950)), Some(950));
        assert_eq!(index.insert(&unrelated(3)), Some(1000));
    }

    #[test]
    fn a_restored_index_goes_on_as_if_it_had_never_stopped() {
        let plan = TextPlan::default();
        let text = |number: u64| format!("{} {}", unrelated(number % 150), number % 7);
        let mut index = TextIndex::new(plan, 100);
        for number in 0..700 {
            index.insert(&text(number));
        }
        let (oldest, texts) = index.remembered();
        let mut restored = TextIndex::restore(plan, 100, oldest, texts);
        assert_eq!(restored.buckets, index.buckets);
        for number in 700..1_500 {
            assert_eq!(restored.insert(&text(number)), index.insert(&text(number)));
        }
    }

    #[test]
    fn a_stream_from_the_longest_down_finds_what_the_corpus_finds() {
        let mut texts: Vec<String> = Vec::new();
        for number in 0..300 {
            let full = unrelated(number);
            let words: Vec<&str> = full.split(' ').collect();
            for dropped in 0..words.len() {
                let kept = words.iter().enumerate().filter(|&(i, _)| i != dropped);
                texts.push(kept.map(|(_, &word)| word).collect::<Vec<_>>().join(" "));
            }
            texts.push(full);
        }
        texts.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        let column: Strings = texts.iter().collect();
        let batch = near_duplicates(&column, &TextPlan::default());
        assert_eq!((batch.report.capped, batch.report.objects), (0, 300));
        let mut index = TextIndex::new(TextPlan::default(), 10_000);
        for (text, object) in texts.iter().zip(batch.objects) {
            assert_eq!(index.insert(text), object.map(u64::from));
        }
    }
}
