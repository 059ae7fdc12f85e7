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

use self::search::{Memberships, Search, empty_buckets};
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

#[cfg(test)]
mod tests;
