//! Is the text that just arrived one we know? The same question as [`mod@super::near_duplicates`], asked
//! of a stream in bounded memory.
//!
//! Same normal text, grams, bands, and threshold. What differs is which texts came before: a stream
//! compares with representatives that arrived earlier, a corpus with those that are longer, and a
//! stream forgets. See `docs/methods/text.md`.

use super::grams::{GramSet, Size, mix};
use super::minhash::Sketcher;
use super::near_duplicates::TextPlan;
use super::outline;
use crate::columns;
use hashbrown::{HashMap, HashTable};
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
    known: Known,
    /// Each bucket by its latest object.
    buckets: HashTable<Latest>,
    /// The object of each representative's text.
    texts: HashTable<(u32, u64)>,
    /// The object of each representative's set of grams.
    sets: HashMap<u64, u64, FxBuildHasher>,
    sketcher: Sketcher,
    grams: GramSet,
    /// The keys of the text at hand, its outline, and what it is compared with.
    keys: Vec<u32>,
    outline: Vec<u64>,
    candidates: Vec<u64>,
}

#[derive(Debug, Default)]
struct Known {
    representatives: VecDeque<Representative>,
    /// Number of the first of them.
    oldest: u64,
}

#[derive(Debug)]
struct Representative {
    text: Box<str>,
    outline: Box<[u64]>,
    set: u64,
    size: Size,
    /// For each band the key, and how many objects ago the one before it in the same bucket came; zero
    /// where there was none.
    bands: Box<[(u32, u32)]>,
}

/// The latest object of a bucket; the bucket's key stands with the representative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Latest {
    band: u32,
    object: u64,
}

impl Known {
    fn get(&self, object: u64) -> Option<&Representative> {
        let place = usize::try_from(object.checked_sub(self.oldest)?).ok()?;
        self.representatives.get(place)
    }

    /// Number of the next object.
    fn next(&self) -> u64 {
        self.oldest + self.representatives.len() as u64
    }

    fn key(&self, latest: Latest) -> Option<u32> {
        Some(self.get(latest.object)?.bands[latest.band as usize].0)
    }
}

impl TextIndex {
    /// An index that keeps this many representatives, at least one, and forgets the oldest first.
    pub fn new(plan: TextPlan, capacity: usize) -> Self {
        Self {
            sketcher: Sketcher::new(plan.bands()),
            plan,
            capacity: capacity.max(1),
            known: Known::default(),
            buckets: HashTable::new(),
            texts: HashTable::new(),
            sets: HashMap::default(),
            grams: GramSet::default(),
            keys: Vec::new(),
            outline: Vec::new(),
            candidates: Vec::new(),
        }
    }

    /// The number of the object of a normal text: of the earliest known representative it is near,
    /// or else the next number, and the text becomes its representative. `None` if it is too short.
    pub fn insert(&mut self, text: &str) -> Option<u64> {
        let hash = columns::hash(text);
        let same = |&(known, object): &(u32, u64)| {
            known == hash && self.known.get(object).is_some_and(|of| *of.text == *text)
        };
        if let Some(&(_, object)) = self.texts.find(columns::spread(hash), same) {
            return Some(object);
        }
        self.grams.load(text);
        let size = self.plan.size(text, &self.grams)?;
        let set = self.grams.fingerprint();
        if let Some(&object) = self.sets.get(&set) {
            return Some(object);
        }
        self.sign();
        if let Some(object) = self.earliest(size) {
            return Some(object);
        }
        if self.known.representatives.len() == self.capacity {
            self.forget_oldest();
        }
        Some(self.remember(text, size, set))
    }

    /// The representative of an object, unless it was forgotten.
    pub fn representative(&self, object: u64) -> Option<&str> {
        Some(&self.known.get(object)?.text)
    }

    /// The number of the oldest object that is still known, and the representatives from it on: all that
    /// [`TextIndex::restore`] needs.
    pub fn remembered(&self) -> (u64, impl Iterator<Item = &str>) {
        let texts = self.known.representatives.iter();
        (self.known.oldest, texts.map(|known| &*known.text))
    }

    /// The index that remembers these representatives, the oldest first, as if it had never stopped.
    pub fn restore<'a>(
        plan: TextPlan,
        capacity: usize,
        oldest: u64,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut index = Self::new(plan, capacity);
        index.known.oldest = oldest;
        for text in texts {
            index.grams.load(text);
            if let Some(size) = index.plan.size(text, &index.grams) {
                index.sign();
                index.remember(text, size, index.grams.fingerprint());
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
        self.known.representatives.len()
    }

    /// Whether no representative is known.
    pub fn is_empty(&self) -> bool {
        self.known.representatives.is_empty()
    }

    /// Makes keys and outline of the text whose grams are loaded.
    fn sign(&mut self) {
        self.keys.clear();
        self.sketcher.keys(self.grams.distinct(), &mut self.keys);
        self.outline.clear();
        outline::push(self.grams.distinct(), &mut self.outline);
    }

    /// The earliest known representative that the text at hand is the same as. A bucket offers its latest
    /// `plan.bucket` ones.
    fn earliest(&mut self, size: Size) -> Option<u64> {
        self.candidates.clear();
        for (band, &key) in (0..).zip(&self.keys) {
            let mut latest = self.latest(band, key).map(|latest| latest.object);
            for _ in 0..self.plan.bucket.max(1) {
                let Some(object) = latest else { break };
                let Some(of) = self.known.get(object) else {
                    break;
                };
                self.candidates.push(object);
                let ago = u64::from(of.bands[band as usize].1);
                latest = object.checked_sub(ago).filter(|_| ago > 0);
            }
        }
        self.candidates.sort_unstable();
        self.candidates.dedup();
        let (known, grams, outline) = (&self.known, &mut self.grams, &self.outline);
        self.candidates.iter().copied().find(|&object| {
            known.get(object).is_some_and(|other| {
                size.needed(other.size, self.plan.threshold)
                    .is_some_and(|needed| {
                        let there = &other.outline;
                        size.distinct - outline::foreign(outline, there) >= needed
                            && other.size.distinct - outline::foreign(there, outline) >= needed
                            && grams.shares(&other.text, other.size, needed)
                    })
            })
        })
    }

    fn latest(&self, band: u32, key: u32) -> Option<Latest> {
        let known = &self.known;
        let found = self.buckets.find(bucket(band, key), |latest| {
            latest.band == band && known.key(*latest) == Some(key)
        });
        found.copied()
    }

    /// Makes the text at hand the representative of a new object.
    fn remember(&mut self, text: &str, size: Size, set: u64) -> u64 {
        let object = self.known.next();
        let mut bands = Vec::with_capacity(self.keys.len());
        for (band, &key) in (0..).zip(&self.keys) {
            let known = &self.known;
            let found = self.buckets.find_mut(bucket(band, key), |latest| {
                latest.band == band && known.key(*latest) == Some(key)
            });
            let ago = found.map_or(0, |latest| {
                let before = std::mem::replace(&mut latest.object, object);
                u32::try_from(object - before).unwrap_or(0)
            });
            bands.push((key, ago));
        }
        self.known.representatives.push_back(Representative {
            text: text.into(),
            outline: self.outline.as_slice().into(),
            set,
            size,
            bands: bands.into(),
        });
        let known = &self.known;
        for (band, &key) in (0..).zip(&self.keys) {
            if known
                .get(object)
                .is_some_and(|of| of.bands[band as usize].1 == 0)
            {
                let latest = Latest { band, object };
                self.buckets
                    .insert_unique(bucket(band, key), latest, |latest| {
                        bucket(latest.band, known.key(*latest).unwrap_or_default())
                    });
            }
        }
        let hash = columns::hash(text);
        let spread = columns::spread;
        self.texts
            .insert_unique(spread(hash), (hash, object), |&(hash, _)| spread(hash));
        self.sets.insert(set, object);
        object
    }

    fn forget_oldest(&mut self) {
        let oldest = self.known.oldest;
        let Some(gone) = self.known.get(oldest) else {
            return;
        };
        for (band, &(key, _)) in (0..).zip(&gone.bands) {
            // Only where nothing came later is the oldest object the latest of a bucket.
            let latest = Latest {
                band,
                object: oldest,
            };
            if let Ok(entry) = self
                .buckets
                .find_entry(bucket(band, key), |known| *known == latest)
            {
                entry.remove();
            }
        }
        let hash = columns::hash(&gone.text);
        if let Ok(entry) = self
            .texts
            .find_entry(columns::spread(hash), |&(_, object)| object == oldest)
        {
            entry.remove();
        }
        self.sets.remove(&gone.set);
        self.known.representatives.pop_front();
        self.known.oldest += 1;
    }
}

/// Where the table of buckets looks for one.
fn bucket(band: u32, key: u32) -> u64 {
    mix(u64::from(band) << 32 | u64::from(key))
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "places of texts in a short list"
)]
mod tests {
    use super::*;
    use crate::columns::Strings;
    use crate::normalize::near_duplicates::near_duplicates;
    use std::collections::BTreeMap;

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

    /// The same index in the plainest words: a list of objects for each bucket.
    #[derive(Default)]
    struct Plain {
        texts: VecDeque<(String, Vec<u32>)>,
        oldest: u64,
        buckets: BTreeMap<(usize, u32), Vec<u64>>,
    }

    impl Plain {
        fn insert(&mut self, text: &str, plan: &TextPlan, capacity: usize) -> Option<u64> {
            let (mut own, mut other, mut keys) =
                (GramSet::default(), GramSet::default(), Vec::new());
            own.load(text);
            let size = plan.size(text, &own)?;
            Sketcher::new(plan.bands()).keys(own.distinct(), &mut keys);
            let mut near: Vec<u64> = keys
                .iter()
                .enumerate()
                .filter_map(|(band, &key)| self.buckets.get(&(band, key)))
                .flatten()
                .copied()
                .filter(|&object| object >= self.oldest)
                .collect();
            near.extend((self.oldest..).take(self.texts.len()).filter(|object| {
                other.load(&self.texts[(object - self.oldest) as usize].0);
                other.fingerprint() == own.fingerprint()
            }));
            near.retain(|object| {
                let text = &self.texts[(object - self.oldest) as usize].0;
                other.load(text);
                let there = plan.size(text, &other).unwrap();
                let equal = other.fingerprint() == own.fingerprint();
                equal
                    || size
                        .needed(there, plan.threshold)
                        .is_some_and(|needed| own.shares(text, there, needed))
            });
            if let Some(&object) = near.iter().min() {
                return Some(object);
            }
            if self.texts.len() == capacity {
                self.texts.pop_front();
                self.oldest += 1;
            }
            let object = self.oldest + self.texts.len() as u64;
            for (band, &key) in keys.iter().enumerate() {
                let objects = self.buckets.entry((band, key)).or_default();
                objects.push(object);
                if objects.len() > plan.bucket {
                    objects.remove(0);
                }
            }
            self.texts.push_back((text.to_owned(), keys));
            Some(object)
        }
    }

    #[test]
    fn what_stands_in_chains_is_what_plain_lists_hold() {
        let plan = TextPlan {
            bucket: 2,
            ..TextPlan::default()
        };
        let (mut index, mut plain) = (TextIndex::new(plan, 40), Plain::default());
        let opening = "one opening stands before very many of these texts";
        let (mut new, mut old) = (0, 0);
        for step in 0..1_500 {
            // Some come again whole, some with other words behind or in front, and most share the opening.
            let number = mix(step) % 120;
            let text = match step % 4 {
                0 => unrelated(number),
                1 => format!("{opening} {}", unrelated(number)),
                2 => format!("{} {opening} {}", unrelated(number), unrelated(number + 1)),
                _ => format!("{opening} {} {}", unrelated(number), mix(step) % 1000),
            };
            let next = index.known.next();
            let found = index.insert(&text);
            assert_eq!(found, plain.insert(&text, &plan, 40), "step {step}: {text}");
            if found == Some(next) {
                new += 1;
            } else {
                old += 1;
            }
        }
        assert!(new > 200 && old > 200, "{new} new, {old} old");
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
