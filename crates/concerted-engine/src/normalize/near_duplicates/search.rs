//! Which earlier representative is this text the same as? The buckets in which texts meet, and the walk
//! over all texts in canonical order.

use super::{NONE, Signed, TextPlan, Traits, number};
use crate::normalize::grams::GramSet;
use rayon::prelude::*;

/// For each text the buckets it is in, of those in which at least two texts meet.
pub(super) struct Memberships {
    buckets: Vec<u32>,
    ends: Vec<usize>,
}

impl Memberships {
    /// The memberships, and how many texts each bucket holds.
    pub(super) fn new(signed: &Signed, first_equal: &[u32], bands: usize) -> (Self, Vec<u32>) {
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
pub(super) struct Bucket {
    start: usize,
    room: u32,
    entered: u32,
}

pub(super) fn empty_buckets(sizes: &[u32], most: usize) -> (Vec<Bucket>, Vec<u32>) {
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
pub(super) struct Search<'a, F> {
    pub(super) text: &'a F,
    pub(super) traits: &'a [Traits],
    pub(super) memberships: &'a Memberships,
    pub(super) plan: &'a TextPlan,
    pub(super) buckets: Vec<Bucket>,
    /// The representatives that each bucket offers, the latest in place of the earliest.
    pub(super) offered: Vec<u32>,
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
