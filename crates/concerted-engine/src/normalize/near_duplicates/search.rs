//! Which earlier representative is this text the same as? The buckets in which texts meet, and the walk
//! over all texts in canonical order.

use super::{NONE, Signed, TextPlan, number};
use crate::normalize::grams::GramSet;
use crate::normalize::outline;
use rayon::prelude::*;

/// The buckets in which at least two texts meet, and the representatives that each offers.
pub(super) struct Buckets {
    /// For each band the bucket of each text, or `NONE`.
    of: Vec<Vec<u32>>,
    /// In the order of bands, then of keys; one more at the end.
    all: Vec<Bucket>,
    /// The representatives that each bucket offers, the latest in place of the earliest.
    offered: Vec<u32>,
}

/// A bucket during the search. There is room for its offers up to where those of the next begin.
#[derive(Clone, Copy)]
struct Bucket {
    start: usize,
    /// How many representatives entered so far.
    entered: u32,
    /// The latest of them.
    latest: u32,
}

impl Buckets {
    /// The buckets of the texts that are the first with their set of grams, from the keys of each band;
    /// each offers at most so many.
    pub(super) fn new(mut keys: Vec<Vec<u32>>, first_equal: &[u32], most: usize) -> Self {
        let most = most.clamp(1, 1 << 20);
        // For each band the sizes of its buckets; the keys become the numbers of buckets in the band.
        let sizes: Vec<Vec<u32>> = keys
            .par_iter_mut()
            .map(|keys| into_buckets(keys, first_equal))
            .collect();
        let (mut buckets, mut shifts) = (Vec::new(), Vec::new());
        let mut start = 0;
        for sizes in sizes {
            shifts.push(number(buckets.len()));
            for size in sizes {
                buckets.push(Bucket {
                    start,
                    entered: 0,
                    latest: 0,
                });
                start += (size as usize).min(most);
            }
        }
        buckets.push(Bucket {
            start,
            entered: 0,
            latest: 0,
        });
        keys.par_iter_mut().zip(shifts).for_each(|(keys, shift)| {
            for bucket in keys.iter_mut().filter(|bucket| **bucket != NONE) {
                *bucket += shift;
            }
        });
        Self {
            of: keys,
            all: buckets,
            offered: vec![NONE; start],
        }
    }

    /// The buckets that a text is in, in the order of bands.
    fn of(&self, rank: usize) -> impl Iterator<Item = u32> {
        let buckets = self.of.iter().map(move |band| band[rank]);
        buckets.filter(|&bucket| bucket != NONE)
    }

    /// The representatives that entered a bucket, the place of the next, and how many there is room for.
    fn offers(&self, bucket: u32) -> &[u32] {
        let [own, next] = [0, 1].map(|further| self.all[bucket as usize + further]);
        &self.offered[own.start..next.start.min(own.start + own.entered as usize)]
    }

    fn room(&self, bucket: u32) -> u32 {
        let [own, next] = [0, 1].map(|further| self.all[bucket as usize + further].start);
        number(next - own)
    }

    /// Makes a text a representative in all its buckets.
    fn enter(&mut self, rank: usize) {
        for band in 0..self.of.len() {
            let bucket = self.of[band][rank];
            if bucket != NONE {
                let room = self.room(bucket);
                let bucket = &mut self.all[bucket as usize];
                self.offered[bucket.start + (bucket.entered % room) as usize] = number(rank);
                bucket.entered += 1;
                bucket.latest = number(rank);
            }
        }
    }
}

/// Exchanges the key of each text for the number of its bucket, in the order of keys, or `NONE` where the
/// text is alone. Returns how many texts each bucket holds.
fn into_buckets(keys: &mut [u32], first_equal: &[u32]) -> Vec<u32> {
    let mut meeting: Vec<u64> = (0_u64..)
        .zip(keys.iter().zip(first_equal))
        .filter(|&(rank, (_, &first))| u64::from(first) == rank)
        .map(|(rank, (&key, _))| u64::from(key) << 32 | rank)
        .collect();
    sort_by_key(&mut meeting);
    keys.fill(NONE);
    let mut sizes = Vec::new();
    for bucket in meeting.chunk_by(|a, b| a >> 32 == b >> 32) {
        if bucket.len() > 1 {
            for &text in bucket {
                keys[(text & 0xffff_ffff) as usize] = number(sizes.len());
            }
            sizes.push(number(bucket.len()));
        }
    }
    sizes
}

/// Sorts by the upper halves; what is equal in these stays in order.
fn sort_by_key(items: &mut Vec<u64>) {
    const DIGIT: u32 = 11;
    let mut sorted = vec![0; items.len()];
    for shift in [32, 32 + DIGIT, 32 + 2 * DIGIT] {
        let digit = |item: u64| (item >> shift & ((1 << DIGIT) - 1)) as usize;
        let mut places = [0_usize; 1 << DIGIT];
        for &item in &*items {
            places[digit(item)] += 1;
        }
        let mut start = 0;
        for place in &mut places {
            start += std::mem::replace(place, start);
        }
        for &item in &*items {
            let place = &mut places[digit(item)];
            sorted[*place] = item;
            *place += 1;
        }
        std::mem::swap(items, &mut sorted);
    }
}

/// The walk over all texts in canonical order, in which each finds its representative.
pub(super) struct Search<'a, F> {
    text: &'a F,
    signed: &'a Signed,
    plan: &'a TextPlan,
    most_differing: u32,
    buckets: Buckets,
    /// For each text its representative, which is itself until it is found.
    pub(super) leader: Vec<u32>,
    pub(super) compared: usize,
    pub(super) capped: usize,
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
    pub(super) fn new(
        text: &'a F,
        signed: &'a Signed,
        plan: &'a TextPlan,
        buckets: Buckets,
        first_equal: Vec<u32>,
    ) -> Self {
        Self {
            text,
            signed,
            plan,
            most_differing: plan.bands().most_differing(plan.threshold),
            buckets,
            leader: first_equal,
            compared: 0,
            capped: 0,
        }
    }

    /// Texts are taken in blocks of fixed size: all of a block look among earlier blocks at the same
    /// time, then those that found nothing look inside the block one after the other. Earlier blocks
    /// hold earlier representatives, so that the earliest is found either way.
    pub(super) fn run(&mut self) {
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
                    None => self.buckets.enter(rank),
                }
            }
        }
    }

    /// The earliest representative from `from` on that is near this text.
    fn earliest(&self, rank: usize, from: usize, scratch: &mut Scratch) -> Found {
        let mut found = Found::default();
        if self.leader[rank] as usize == rank {
            found.capped = self.candidates(rank, from, scratch);
            self.compare(rank, scratch, &mut found);
        }
        found
    }

    /// Gathers the representatives from `from` on that a text meets, in order; whether there are more.
    fn candidates(&self, rank: usize, from: usize, scratch: &mut Scratch) -> bool {
        let Scratch {
            candidates,
            buckets,
            ..
        } = scratch;
        candidates.clear();
        buckets.clear();
        let (mut met, mut capped) = (0, false);
        for bucket in self.buckets.of(rank) {
            let Bucket {
                entered, latest, ..
            } = self.buckets.all[bucket as usize];
            if entered > 0 {
                let room = self.buckets.room(bucket);
                met += entered.min(room) as usize;
                capped |= entered > room;
                if latest as usize >= from {
                    buckets.push((entered, bucket));
                }
            }
        }
        if met > self.plan.candidates {
            buckets.sort_unstable();
        }
        for &(_, bucket) in &*buckets {
            let offers = self.buckets.offers(bucket).iter();
            candidates.extend(offers.filter(|&&offer| offer as usize >= from));
            if candidates.len() >= self.plan.candidates {
                candidates.sort_unstable();
                candidates.dedup();
                if candidates.len() >= self.plan.candidates {
                    return true;
                }
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        capped
    }

    /// Compares a text with its candidates until one is the same. Each step costs more than the one
    /// before and leaves less to the next: the sketches, the sizes, the outlines, the grams.
    fn compare(&self, rank: usize, scratch: &mut Scratch, found: &mut Found) {
        let own = self.signed.traits[rank];
        let mut loaded = false;
        for &candidate in &scratch.candidates {
            let other = self.signed.traits[candidate as usize];
            if own.bits.differing(other.bits) > self.most_differing {
                continue;
            }
            let Some(needed) = own.size.needed(other.size, self.plan.threshold) else {
                continue;
            };
            found.compared += 1;
            let [here, there] = [own, other].map(|traits| self.signed.outline(traits));
            if own.size.distinct - outline::foreign(here, there) < needed
                || other.size.distinct - outline::foreign(there, here) < needed
            {
                continue;
            }
            if !loaded {
                scratch.grams.load((self.text)(rank));
                loaded = true;
            }
            let text = (self.text)(candidate as usize);
            if scratch.grams.shares(text, other.size, needed) {
                found.leader = Some(candidate);
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_equal_ones_keep_their_order() {
        let mut items: Vec<u64> = (0..5_000_u64)
            .map(|place| ((place * place % 97 * 0x0123_4567) & 0xffff_ffff) << 32 | place)
            .collect();
        let mut expect = items.clone();
        expect.sort_unstable();
        sort_by_key(&mut items);
        assert_eq!(items, expect);
    }
}
