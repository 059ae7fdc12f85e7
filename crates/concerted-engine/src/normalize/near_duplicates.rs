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

mod search;

use self::search::{Buckets, Search};
use super::grams::{GramSet, Size, letters};
use super::minhash::{Bands, Sketcher, SlotBits};
use super::outline;
use super::waves::waves;
use crate::columns::{Index, Strings, hash};
use rayon::prelude::*;
use std::cmp::Reverse;

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
    /// Pairs of texts compared: by the outlines of their grams and, where those leave it open, gram by
    /// gram.
    pub compared: usize,
    /// Distinct texts which met more representatives than the plan lets them be compared with.
    pub capped: usize,
}

/// Finds the object of every normal text. Objects are numbered from the longest representative down,
/// by bytes and then alphabetically.
pub fn near_duplicates(texts: &Strings, plan: &TextPlan) -> NearDuplicates {
    // Distinct texts are known by their first rows, so that none is copied.
    let (mut row, mut known) = (Vec::new(), Index::default());
    let of: Vec<u32> = texts
        .iter()
        .enumerate()
        .map(|(place, text)| {
            let hash = hash(text);
            let found = known.find(hash, |code| texts.get(row[code as usize]) == text);
            found.unwrap_or_else(|| {
                let code = number(row.len());
                known.insert(hash, code);
                row.push(place);
                code
            })
        })
        .collect();
    drop(known);
    let text = |text: u32| texts.get(row[text as usize]);
    let found = objects_of_distinct(row.len(), text, |_| true, plan);
    let of_text = |&text: &u32| Some(found.objects[text as usize]).filter(|&found| found != NONE);
    let objects: Vec<Option<u32>> = of.iter().map(of_text).collect();
    let report = TextReport {
        texts: objects.len(),
        too_short: objects.iter().filter(|object| object.is_none()).count(),
        ..found.report
    };
    let representatives = found.representatives.iter();
    NearDuplicates {
        representatives: representatives.map(|&text| row[text as usize]).collect(),
        objects,
        report,
    }
}

/// What [`objects_of_distinct`] found.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    /// For each text the number of its object, or [`NONE`].
    pub(super) objects: Vec<u32>,
    /// For each object the text that is its representative.
    pub(super) representatives: Vec<u32>,
    /// Texts themselves are not counted.
    pub(super) report: TextReport,
}

/// The same for so many texts of which no two are equal; only those for which `among` holds are looked at.
pub(super) fn objects_of_distinct<'a>(
    count: usize,
    text: impl Fn(u32) -> &'a str + Sync,
    among: impl Fn(u32) -> bool + Sync,
    plan: &TextPlan,
) -> Assigned {
    let order = canonical_order(count, &text, among);
    let text = |rank: usize| text(order[rank]);

    let mut signed = sign(order.len(), &text, plan);
    let first_equal = first_with_equal_grams(&signed);
    let buckets = Buckets::new(std::mem::take(&mut signed.keys), &first_equal, plan.bucket);
    let mut search = Search::new(&text, &signed, plan, buckets, first_equal);
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
            representatives.push(order[rank]);
        } else if leader[rank] != NONE {
            numbers[rank] = numbers[leader[rank] as usize];
        }
    }
    let mut objects = vec![NONE; count];
    for (&text, object) in order.iter().zip(numbers) {
        objects[text as usize] = object;
    }
    Assigned {
        objects,
        report: TextReport {
            distinct: leader.iter().filter(|&&leader| leader != NONE).count(),
            objects: representatives.len(),
            compared,
            capped,
            ..TextReport::default()
        },
        representatives,
    }
}

/// No object, no bucket, no representative.
pub(super) const NONE: u32 = u32::MAX;

fn number(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 texts fit in memory")
}

/// The texts from the longest down, then alphabetically.
fn canonical_order<'a>(
    count: usize,
    text: &(impl Fn(u32) -> &'a str + Sync),
    among: impl Fn(u32) -> bool + Sync,
) -> Vec<u32> {
    // The first letters beside the length decide nearly always.
    let mut order: Vec<(Reverse<u32>, u64, u32)> = (0..number(count))
        .into_par_iter()
        .filter(|&code| among(code))
        .map(|code| {
            let bytes = text(code).as_bytes();
            let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            let [start] = letters_from(bytes, 0);
            (Reverse(length), start, code)
        })
        .collect();
    order.par_sort_unstable();
    // Where they do not, each text is read once more and not at every comparison.
    let alike = order.par_chunk_by_mut(|a, b| (a.0, a.1) == (b.0, b.1));
    alike.filter(|alike| alike.len() > 1).for_each(|alike| {
        let mut further: Vec<([u64; 3], u32)> = alike
            .iter()
            .map(|&(.., code)| (letters_from(text(code).as_bytes(), 8), code))
            .collect();
        further.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| {
                let [a, b] = [a.1, b.1].map(text);
                b.len().cmp(&a.len()).then_with(|| a.cmp(b))
            })
        });
        for (place, (_, code)) in alike.iter_mut().zip(further) {
            place.2 = code;
        }
    });
    order.into_iter().map(|(.., code)| code).collect()
}

/// Eight bytes a number from this place on, so that numbers are in order as the bytes are.
fn letters_from<const N: usize>(bytes: &[u8], from: usize) -> [u64; N] {
    let mut numbers = [0; N];
    let rest = bytes.get(from..).unwrap_or_default();
    for (number, part) in numbers.iter_mut().zip(rest.chunks(8)) {
        let mut letters = [0; 8];
        letters[..part.len()].copy_from_slice(part);
        *number = u64::from_be_bytes(letters);
    }
    numbers
}

/// What is known of a text before it is read again.
#[derive(Clone, Copy, Default)]
struct Traits {
    bits: SlotBits,
    size: Size,
    /// Word at which its outline begins.
    outline: u32,
}

/// What is known of each text, in canonical order; a text too short to be an object has no grams.
#[derive(Default)]
struct Signed {
    traits: Vec<Traits>,
    outlines: Vec<u64>,
    /// A number that equal sets of grams have in common.
    sets: Vec<u64>,
    /// For each band the keys of all texts.
    keys: Vec<Vec<u32>>,
}

impl Signed {
    fn outline(&self, traits: Traits) -> &[u64] {
        let words = outline::words(traits.size.distinct as usize);
        &self.outlines[traits.outline as usize..][..words]
    }
}

fn sign<'a>(count: usize, text: &(impl Fn(usize) -> &'a str + Sync), plan: &TextPlan) -> Signed {
    let bands = plan.bands();
    let mut all = Signed {
        traits: Vec::with_capacity(count),
        sets: Vec::with_capacity(count),
        keys: vec![Vec::with_capacity(count); bands.bands],
        ..Signed::default()
    };
    let make = |range: std::ops::Range<usize>| {
        let (mut grams, mut sketcher) = (GramSet::default(), Sketcher::new(bands));
        let (mut signed, mut keys) = (Signed::default(), Vec::new());
        signed.keys.resize_with(bands.bands, Vec::new);
        for rank in range {
            let text = text(rank);
            grams.load(text);
            keys.clear();
            if let Some(size) = plan.size(text, &grams) {
                sketcher.keys(grams.distinct(), &mut keys);
                signed.traits.push(Traits {
                    bits: sketcher.bits(),
                    size,
                    outline: number(signed.outlines.len()),
                });
                outline::push(grams.distinct(), &mut signed.outlines);
                signed.sets.push(grams.fingerprint());
            } else {
                keys.resize(bands.bands, 0);
                signed.traits.push(Traits::default());
                signed.sets.push(0);
            }
            for (column, &key) in signed.keys.iter_mut().zip(&keys) {
                column.push(key);
            }
        }
        signed
    };
    waves(count, 1024, make, |_, part| {
        let shift = number(all.outlines.len());
        all.traits.extend(part.traits.iter().map(|traits| Traits {
            outline: traits.outline + shift,
            ..*traits
        }));
        all.outlines.extend(part.outlines);
        all.sets.extend(part.sets);
        for (column, keys) in all.keys.iter_mut().zip(part.keys) {
            column.extend(keys);
        }
    });
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

#[cfg(test)]
mod tests;
