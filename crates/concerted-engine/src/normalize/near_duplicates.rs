//! Which texts of a corpus are the same text, though words were dropped or exchanged?
//!
//! Here are the normal texts of all posts; which of them put the same text before people? Equal texts
//! are one. Of the rest, those that meet in a band of their sketches ([`super::minhash`]) are compared
//! gram by gram, and a text joins the earliest representative whose similarity reaches the threshold;
//! if there is none, it becomes a representative itself. So every text of an object is near one text
//! that stands in the data, and objects do not grow by chains. The earliest is the longest, because
//! a copy that lost words is nearer to the full text than to another copy.
//!
//! The answer depends on the set of texts alone: not on their order, and not on threads.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ranks and numbers of grams are below 2^32 and positive"
)]

use super::grams::{GramSet, Size, letters};
use super::minhash::{Bands, Sketcher, SlotBits};
use crate::columns::Strings;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::hash::Hasher;

/// What makes two texts the same; the defaults are reasoned in `docs/methods/text.md`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextPlan {
    /// Jaccard similarity of gram sets from which on two texts are the same.
    pub threshold: f64,
    /// Probability with which two texts just at the threshold must be compared.
    pub recall: f64,
    /// What a text must hold to be an object, in letters (see [`letters`]).
    pub min_letters: f64,
    /// Distinct grams that it must have, so that `haha haha haha` is none.
    pub min_grams: u32,
    /// How many representatives a bucket offers for comparison: the latest, which are those nearest in
    /// length.
    pub bucket: usize,
    /// How many representatives a text is compared with at most, from the emptiest buckets first,
    /// since what few texts have in common tells most.
    pub candidates: usize,
}

impl Default for TextPlan {
    fn default() -> Self {
        Self {
            threshold: 0.45,
            recall: 0.95,
            min_letters: 25.0,
            min_grams: 8,
            bucket: 16,
            candidates: 64,
        }
    }
}

impl TextPlan {
    /// The bands in which texts meet.
    pub fn bands(&self) -> Bands {
        Bands::reaching(self.recall, self.threshold)
    }

    /// The size of a normal text with these grams, or `None` where it holds too little to be an object.
    ///
    /// What two texts share must be enough to be an object too: as large a part of the grams of the
    /// shorter one as `min_letters` are of its letters. Otherwise short posts with one stock phrase or
    /// two hashtags in common would be the same.
    pub fn size(&self, text: &str, grams: &GramSet) -> Option<Size> {
        let (size, letters) = (grams.size(), letters(text));
        let part = self.min_letters / letters.max(1.0);
        (size.distinct >= self.min_grams.max(1) && part <= 1.0).then(|| Size {
            least: (f64::from(size.distinct) * part) as u32,
            ..size
        })
    }
}

/// What [`near_duplicates`] found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NearDuplicates {
    /// For each text the number of its object, `None` where it is too short to be one.
    pub objects: Vec<Option<u32>>,
    /// For each object a row whose text is its representative.
    pub representatives: Vec<usize>,
    /// What was counted on the way.
    pub report: TextReport,
}

/// What was counted while near-duplicates were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextReport {
    /// Texts given.
    pub texts: usize,
    /// Of these, too short to be an object.
    pub too_short: usize,
    /// Distinct texts among the others.
    pub distinct: usize,
    /// Objects: texts that are not the same.
    pub objects: usize,
    /// Pairs of texts compared gram by gram.
    pub compared: usize,
    /// Distinct texts which met more representatives than the plan lets them be compared with.
    pub capped: usize,
}

/// Finds the object of every normal text. Objects are numbered from the longest representative down,
/// by bytes and then alphabetically.
pub fn near_duplicates(texts: &Strings, plan: &TextPlan) -> NearDuplicates {
    let (row_text, distinct) = distinct_texts(texts);
    let order = canonical_order(texts, &distinct);
    let rows: Vec<u32> = order.iter().map(|&text| distinct[text as usize]).collect();
    let text = |rank: usize| texts.get(rows[rank] as usize);

    let mut signed = sign(order.len(), &text, plan);
    let first_equal = first_with_equal_grams(&signed);
    let (memberships, sizes) = Memberships::new(&signed, &first_equal, plan.bands().bands);
    drop(std::mem::take(&mut signed.keys));
    let (buckets, offered) = empty_buckets(&sizes, plan.bucket);
    let mut search = Search {
        text: &text,
        traits: &signed.traits,
        memberships: &memberships,
        plan,
        buckets,
        offered,
        leader: first_equal,
        compared: 0,
        capped: 0,
    };
    search.run();

    let Search {
        leader,
        compared,
        capped,
        ..
    } = search;
    let mut numbers = vec![NONE; order.len()];
    let mut representatives = Vec::new();
    for rank in 0..order.len() {
        if leader[rank] as usize == rank {
            numbers[rank] = number(representatives.len());
            representatives.push(rows[rank] as usize);
        } else if leader[rank] != NONE {
            numbers[rank] = numbers[leader[rank] as usize];
        }
    }
    let mut of_text = vec![NONE; order.len()];
    for (rank, &text) in order.iter().enumerate() {
        of_text[text as usize] = numbers[rank];
    }
    let objects: Vec<Option<u32>> = row_text
        .par_iter()
        .map(|&text| Some(of_text[text as usize]).filter(|&object| object != NONE))
        .collect();
    let report = TextReport {
        texts: objects.len(),
        too_short: objects.iter().filter(|object| object.is_none()).count(),
        distinct: leader.iter().filter(|&&leader| leader != NONE).count(),
        objects: representatives.len(),
        compared,
        capped,
    };
    NearDuplicates {
        objects,
        representatives,
        report,
    }
}

const NONE: u32 = u32::MAX;

fn number(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 texts fit in memory")
}

/// For each row the number of its text among the distinct ones, and for each of those its first row.
fn distinct_texts(texts: &Strings) -> (Vec<u32>, Vec<u32>) {
    let mut rows: Vec<(u64, u32)> = (0..texts.len())
        .into_par_iter()
        .map(|row| {
            let mut hasher = rustc_hash::FxHasher::default();
            hasher.write(texts.get(row).as_bytes());
            (hasher.finish(), number(row))
        })
        .collect();
    rows.par_sort_unstable();
    let mut row_text = vec![NONE; texts.len()];
    let mut distinct = Vec::new();
    for run in rows.chunk_by_mut(|a, b| a.0 == b.0) {
        // Most texts are alone with their hash and need not be read again.
        if let [(_, row)] = run {
            row_text[*row as usize] = number(distinct.len());
            distinct.push(*row);
            continue;
        }
        let first = texts.get(run[0].1 as usize);
        if run.iter().any(|&(_, row)| texts.get(row as usize) != first) {
            run.sort_unstable_by_key(|&(_, row)| (texts.get(row as usize), row));
        }
        for equal in run.chunk_by(|a, b| texts.get(a.1 as usize) == texts.get(b.1 as usize)) {
            for &(_, row) in equal {
                row_text[row as usize] = number(distinct.len());
            }
            distinct.push(equal[0].1);
        }
    }
    (row_text, distinct)
}

/// The distinct texts from the longest down, then alphabetically.
fn canonical_order(texts: &Strings, distinct: &[u32]) -> Vec<u32> {
    let mut order: Vec<(Reverse<usize>, u128, u32)> = distinct
        .par_iter()
        .enumerate()
        .map(|(index, &row)| {
            let text = texts.get(row as usize).as_bytes();
            let mut start = [0; 16];
            let shown = text.len().min(16);
            start[..shown].copy_from_slice(&text[..shown]);
            (
                Reverse(text.len()),
                u128::from_be_bytes(start),
                number(index),
            )
        })
        .collect();
    order.par_sort_unstable_by(|a, b| {
        (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| {
            let text = |index: u32| texts.get(distinct[index as usize] as usize);
            text(a.2).cmp(text(b.2))
        })
    });
    order.into_iter().map(|(.., index)| index).collect()
}

/// What is known of a text before it is read again.
#[derive(Clone, Copy, Default)]
struct Traits {
    size: Size,
    bits: SlotBits,
}

/// What is known of each text, in canonical order; a text too short to be an object has no grams.
#[derive(Default)]
struct Signed {
    traits: Vec<Traits>,
    /// A number that equal sets of grams have in common.
    sets: Vec<u64>,
    /// The keys of all bands, text after text.
    keys: Vec<u32>,
}

fn sign<'a>(count: usize, text: &(impl Fn(usize) -> &'a str + Sync), plan: &TextPlan) -> Signed {
    const CHUNK: usize = 1024;
    let chunks: Vec<Signed> = (0..count.div_ceil(CHUNK))
        .into_par_iter()
        .map_init(
            || (GramSet::default(), Sketcher::new(plan.bands())),
            |(grams, sketcher), chunk| {
                let mut signed = Signed::default();
                for rank in chunk * CHUNK..count.min((chunk + 1) * CHUNK) {
                    let text = text(rank);
                    grams.load(text);
                    if let Some(size) = plan.size(text, grams) {
                        sketcher.keys(grams.distinct(), &mut signed.keys);
                        let bits = sketcher.bits();
                        signed.traits.push(Traits { size, bits });
                        signed.sets.push(grams.fingerprint());
                    } else {
                        signed.traits.push(Traits::default());
                        signed.sets.push(0);
                        let keys = signed.keys.len() + plan.bands().bands;
                        signed.keys.resize(keys, 0);
                    }
                }
                signed
            },
        )
        .collect();
    let mut all = Signed {
        traits: Vec::with_capacity(count),
        sets: Vec::with_capacity(count),
        keys: Vec::with_capacity(count * plan.bands().bands),
    };
    for chunk in chunks {
        all.traits.extend(chunk.traits);
        all.sets.extend(chunk.sets);
        all.keys.extend(chunk.keys);
    }
    all
}

/// For each text the first with the same set of grams, such texts being the same at any threshold and
/// whatever is capped; `NONE` for a text that is no object.
fn first_with_equal_grams(signed: &Signed) -> Vec<u32> {
    let mut sets: Vec<(u64, u32, u32)> = signed
        .traits
        .par_iter()
        .enumerate()
        .filter(|(_, traits)| traits.size.distinct > 0)
        .map(|(rank, traits)| (signed.sets[rank], traits.size.distinct, number(rank)))
        .collect();
    sets.par_sort_unstable();
    let mut first = vec![NONE; signed.traits.len()];
    for equal in sets.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        for &(.., rank) in equal {
            first[rank as usize] = equal[0].2;
        }
    }
    first
}

/// For each text the buckets it is in, of those in which at least two texts meet.
struct Memberships {
    buckets: Vec<u32>,
    ends: Vec<usize>,
}

impl Memberships {
    /// The memberships, and how many texts each bucket holds.
    fn new(signed: &Signed, first_equal: &[u32], bands: usize) -> (Self, Vec<u32>) {
        // For each band the texts of its shared buckets, and the sizes of those.
        let shared: Vec<(Vec<u32>, Vec<u32>)> = (0..bands)
            .into_par_iter()
            .map(|band| {
                let mut keys: Vec<u64> = (0..first_equal.len())
                    .filter(|&rank| first_equal[rank] as usize == rank)
                    .map(|rank| (u64::from(signed.keys[rank * bands + band]) << 32) | rank as u64)
                    .collect();
                keys.sort_unstable();
                let (mut texts, mut sizes) = (Vec::new(), Vec::new());
                for bucket in keys.chunk_by(|a, b| a >> 32 == b >> 32) {
                    if bucket.len() > 1 {
                        texts.extend(bucket.iter().map(|&key| (key & 0xffff_ffff) as u32));
                        sizes.push(number(bucket.len()));
                    }
                }
                (texts, sizes)
            })
            .collect();
        let mut ends = vec![0; first_equal.len()];
        for &text in shared.iter().flat_map(|(texts, _)| texts) {
            ends[text as usize] += 1;
        }
        let mut start = 0;
        for end in &mut ends {
            start += std::mem::replace(end, start);
        }
        let (mut buckets, mut all_sizes) = (vec![0; start], Vec::new());
        for (texts, sizes) in shared {
            let mut texts = texts.into_iter();
            for size in sizes {
                for text in texts.by_ref().take(size as usize) {
                    let end = &mut ends[text as usize];
                    buckets[*end] = number(all_sizes.len());
                    *end += 1;
                }
                all_sizes.push(size);
            }
        }
        (Self { buckets, ends }, all_sizes)
    }

    fn of(&self, rank: usize) -> &[u32] {
        let start = if rank == 0 { 0 } else { self.ends[rank - 1] };
        &self.buckets[start..self.ends[rank]]
    }
}

/// A bucket during the search: where its offers stand, how many there is room for, and how many
/// representatives entered so far.
#[derive(Clone, Copy)]
struct Bucket {
    start: usize,
    room: u32,
    entered: u32,
}

fn empty_buckets(sizes: &[u32], most: usize) -> (Vec<Bucket>, Vec<u32>) {
    let most = number(most.clamp(1, 1 << 20));
    let mut start = 0;
    let buckets = sizes
        .iter()
        .map(|&size| {
            let room = size.min(most);
            start += room as usize;
            Bucket {
                start: start - room as usize,
                room,
                entered: 0,
            }
        })
        .collect();
    (buckets, vec![NONE; start])
}

/// The walk over all texts in canonical order, in which each finds its representative.
struct Search<'a, F> {
    text: &'a F,
    traits: &'a [Traits],
    memberships: &'a Memberships,
    plan: &'a TextPlan,
    buckets: Vec<Bucket>,
    /// The representatives that each bucket offers, the latest in place of the earliest.
    offered: Vec<u32>,
    /// For each text its representative, which is itself until it is found.
    leader: Vec<u32>,
    compared: usize,
    capped: usize,
}

/// What a thread reuses from text to text.
#[derive(Default)]
struct Scratch {
    grams: GramSet,
    candidates: Vec<u32>,
    /// Representatives in a bucket, and the bucket.
    buckets: Vec<(u32, u32)>,
}

/// What the search for one text's representative came to.
#[derive(Clone, Copy, Default)]
struct Found {
    leader: Option<u32>,
    compared: usize,
    capped: bool,
}

impl<'a, F: Fn(usize) -> &'a str + Sync> Search<'a, F> {
    /// Texts are taken in blocks of fixed size: all of a block look among earlier blocks at the same
    /// time, then those that found nothing look inside the block one after the other. Earlier blocks
    /// hold earlier representatives, so that the earliest is found either way.
    fn run(&mut self) {
        const BLOCK: usize = 4096;
        let mut scratch = Scratch::default();
        for start in (0..self.leader.len()).step_by(BLOCK) {
            let block = start..self.leader.len().min(start + BLOCK);
            let earlier: Vec<Found> = block
                .clone()
                .into_par_iter()
                .with_min_len(32)
                .map_init(Scratch::default, |scratch, rank| {
                    self.earliest(rank, 0, scratch)
                })
                .collect();
            for (rank, mut found) in block.zip(earlier) {
                if self.leader[rank] as usize != rank {
                    // An equal text went before; what it found is found for this one.
                    if self.leader[rank] != NONE {
                        self.leader[rank] = self.leader[self.leader[rank] as usize];
                    }
                    continue;
                }
                if found.leader.is_none() {
                    let inside = self.earliest(rank, start, &mut scratch);
                    found.leader = inside.leader;
                    found.compared += inside.compared;
                    found.capped |= inside.capped;
                }
                self.compared += found.compared;
                self.capped += usize::from(found.capped);
                match found.leader {
                    Some(leader) => self.leader[rank] = leader,
                    None => self.enter(rank),
                }
            }
        }
    }

    /// The earliest representative from `from` on that is near this text.
    fn earliest(&self, rank: usize, from: usize, scratch: &mut Scratch) -> Found {
        let mut found = Found::default();
        if self.leader[rank] as usize != rank {
            return found;
        }
        scratch.candidates.clear();
        scratch.buckets.clear();
        let mut met = 0;
        for &bucket in self.memberships.of(rank) {
            let Bucket { room, entered, .. } = self.buckets[bucket as usize];
            if entered > 0 {
                scratch.buckets.push((entered, bucket));
                met += entered.min(room) as usize;
                found.capped |= entered > room;
            }
        }
        if met > self.plan.candidates {
            scratch.buckets.sort_unstable();
        }
        for &(entered, bucket) in &scratch.buckets {
            let Bucket { start, room, .. } = self.buckets[bucket as usize];
            let offered = &self.offered[start..start + entered.min(room) as usize];
            let inside = offered.iter().filter(|&&offer| offer as usize >= from);
            scratch.candidates.extend(inside);
            if scratch.candidates.len() >= self.plan.candidates {
                scratch.candidates.sort_unstable();
                scratch.candidates.dedup();
                if scratch.candidates.len() >= self.plan.candidates {
                    found.capped = true;
                    break;
                }
            }
        }
        scratch.candidates.sort_unstable();
        scratch.candidates.dedup();
        let (own, threshold) = (self.traits[rank], self.plan.threshold);
        let most_differing = self.plan.bands().most_differing(threshold);
        let mut loaded = false;
        for &candidate in &scratch.candidates {
            let other = self.traits[candidate as usize];
            if own.bits.differing(other.bits) > most_differing {
                continue;
            }
            let Some(needed) = own.size.needed(other.size, threshold) else {
                continue;
            };
            if !loaded {
                scratch.grams.load((self.text)(rank));
                loaded = true;
            }
            found.compared += 1;
            let text = (self.text)(candidate as usize);
            if scratch.grams.shares(text, other.size, needed) {
                found.leader = Some(candidate);
                break;
            }
        }
        found
    }

    /// Makes a text a representative in all its buckets.
    fn enter(&mut self, rank: usize) {
        for &bucket in self.memberships.of(rank) {
            let bucket = &mut self.buckets[bucket as usize];
            self.offered[bucket.start + (bucket.entered % bucket.room) as usize] = number(rank);
            bucket.entered += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    fn objects(texts: &Strings) -> Vec<Option<u32>> {
        near_duplicates(texts, &TextPlan::default()).objects
    }

    /// A text of words that stand nowhere else, but for the seed's own.
    fn message(rng: &mut ChaCha8Rng, words: usize, alphabet: &[char]) -> Vec<String> {
        (0..words)
            .map(|_| {
                let letters = 2 + rng.next_u32() as usize % 8;
                (0..letters)
                    .map(|_| alphabet[rng.next_u32() as usize % alphabet.len()])
                    .collect()
            })
            .collect()
    }

    fn copy(rng: &mut ChaCha8Rng, message: &[String], drop: f64) -> String {
        let kept = message
            .iter()
            .filter(|_| f64::from(rng.next_u32()) / 4_294_967_296.0 >= drop);
        kept.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    fn alphabets() -> Vec<Vec<char>> {
        [
            ('a', 'z'),
            ('а', 'я'),
            ('ء', 'ي'),
            ('ก', 'ฮ'),
            ('一', '鿿'),
            ('가', '힣'),
        ]
        .into_iter()
        .map(|(first, last)| (first..=last).collect())
        .collect()
    }

    /// 60 messages in six scripts, ten copies each with words dropped.
    fn corpus() -> Strings {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut texts = Strings::default();
        for alphabet in alphabets() {
            for _ in 0..10 {
                let message = message(&mut rng, 14, &alphabet);
                for _ in 0..10 {
                    texts.push(&copy(&mut rng, &message, 0.05));
                }
            }
        }
        texts
    }

    #[test]
    fn copies_with_words_dropped_are_one_object_in_any_script() {
        let objects = objects(&corpus());
        let (mut together, mut apart) = (0, 0);
        for message in objects.chunks(10) {
            for (i, a) in message.iter().enumerate() {
                assert!(a.is_some());
                for b in &message[i + 1..] {
                    if a == b { together += 1 } else { apart += 1 }
                }
            }
        }
        assert!(together > 9 * apart, "{together} together, {apart} apart");
        let mut owners: Vec<(u32, usize)> = objects
            .iter()
            .enumerate()
            .map(|(row, object)| (object.unwrap(), row / 10))
            .collect();
        owners.sort_unstable();
        owners.dedup();
        owners.dedup_by_key(|owner| owner.0);
        let objects = owners.len();
        assert!(objects >= 60, "two messages share one of {objects} objects");
        assert!(owners.windows(2).all(|pair| pair[0].0 != pair[1].0));
    }

    #[test]
    fn the_answer_does_not_depend_on_order_or_threads() {
        let mut texts = corpus();
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        for _ in 0..6000 {
            let words = message(&mut rng, 9, &alphabets()[0]);
            texts.push(&copy(&mut rng, &words, 0.0));
        }
        let plan = TextPlan::default();
        let expect = near_duplicates(&texts, &plan);
        let mut rows: Vec<usize> = (0..texts.len()).collect();
        for i in (1..rows.len()).rev() {
            rows.swap(i, rng.next_u32() as usize % (i + 1));
        }
        let shuffled: Strings = rows.iter().map(|&row| texts.get(row)).collect();
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let found = pool.install(|| near_duplicates(&shuffled, &plan));
            assert_eq!(found.report, expect.report);
            for (place, &row) in rows.iter().enumerate() {
                assert_eq!(found.objects[place], expect.objects[row]);
            }
        }
    }

    #[test]
    fn short_and_empty_texts_are_no_object_and_script_counts() {
        let texts: Strings = [
            "",
            "good morning",
            "ha ha ha ha ha ha ha ha ha ha ha ha ha",
            "we vote on sunday come all",
            "我们星期天都要去投票站",
            "我们去投票",
            "🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥",
        ]
        .into_iter()
        .collect();
        let found = near_duplicates(&texts, &TextPlan::default());
        assert_eq!(
            found.objects,
            [None, None, None, Some(1), Some(0), None, None]
        );
        assert_eq!(found.representatives, [4, 3]);
        assert_eq!(found.report.too_short, 5);
        let empty = near_duplicates(&Strings::default(), &TextPlan::default());
        assert_eq!(empty, NearDuplicates::default());
    }

    #[test]
    fn texts_with_equal_grams_are_together_whatever_the_cap() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let mut texts = Strings::default();
        for _ in 0..500 {
            let words = message(&mut rng, 8, &alphabets()[0]);
            let base = format!(
                "the long opening that all of these have {}",
                words.join(" ")
            );
            let doubled = format!("{base} {base} {base}");
            texts.push(&format!("{base} {base}"));
            texts.push(&doubled);
        }
        let plan = TextPlan {
            bucket: 1,
            threshold: 0.9,
            ..TextPlan::default()
        };
        let found = near_duplicates(&texts, &plan);
        assert!(found.objects.chunks(2).all(|twins| twins[0] == twins[1]));
        assert!(found.report.objects > 400);
    }

    #[test]
    fn a_hundred_thousand_equal_texts_are_one_object_compared_with_none() {
        let texts: Strings = (0..100_000)
            .map(|_| "the same words from everyone at once")
            .collect();
        let found = near_duplicates(&texts, &TextPlan::default());
        assert_eq!((found.report.objects, found.report.compared), (1, 0));
        assert!(found.objects.iter().all(|&object| object == Some(0)));
    }

    #[test]
    fn a_crowd_that_shares_an_opening_stays_linear_and_is_counted() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let opening = "dear friends and members of our beloved group, ".repeat(2);
        let texts: Strings = (0..50_000)
            .map(|_| {
                format!(
                    "{opening}{}",
                    message(&mut rng, 20, &alphabets()[0]).join(" ")
                )
            })
            .collect();
        let plan = TextPlan::default();
        let report = near_duplicates(&texts, &plan).report;
        assert!(report.capped > 0);
        assert!(report.compared < 50_000 * plan.bucket * plan.bands().bands / 4);
        assert!(report.objects > 49_000, "{} objects", report.objects);
    }

    #[test]
    fn a_megabyte_of_text_is_a_text_like_others() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let words = message(&mut rng, 180_000, &alphabets()[0]);
        let long = words.join(" ");
        assert!(long.len() > 1_000_000);
        let texts: Strings = [
            long.as_str(),
            &long[5000..],
            "a short one beside the long ones",
        ]
        .into_iter()
        .collect();
        assert_eq!(objects(&texts), [Some(0), Some(0), Some(1)]);
    }
}
