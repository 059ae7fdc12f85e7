//! Here is an object; who touched it, and when? Here is an account; what did it touch?
//!
//! [`Traces`] is the view that every statistic reads: the first share of each account on each object
//! (a *slot*), sorted by object and time, with what the null model conditions on: how active each
//! account was in each stratum of six hours, kind of object and platform, and how many shares the
//! stratum holds.

use crate::post::Millis;
use crate::share::{Corpus, Share};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

const SECOND: Millis = 1_000;

/// Length of a stratum: activity is compared within six hours, one kind of object and one platform.
pub const STRATUM: Millis = 6 * 3_600 * SECOND;

/// Slots sorted by object and time, and the activity that chance keeps.
#[derive(Clone, Debug)]
pub struct Traces {
    /// Account of each slot.
    pub account: Vec<u32>,
    /// Object of each slot.
    pub object: Vec<u32>,
    /// Time of each slot.
    pub time: Vec<Millis>,
    /// Post of each slot.
    pub post: Vec<u32>,
    /// First post of the message that the post is part of.
    pub message: Vec<u32>,
    /// Stratum of each slot.
    pub stratum: Vec<u32>,
    /// Whether the message of the slot puts more than one object before people.
    pub shares_message: Vec<bool>,
    /// Slots of each object: `object_start[o]..object_start[o + 1]`.
    pub object_start: Vec<u32>,
    /// The windows in seconds.
    pub scales_s: Vec<i64>,
    /// For each window and slot, the last slot on the object within the window after it.
    pub window_end: Vec<Vec<u32>>,
    /// Shares in each stratum: `K_h`.
    pub stratum_total: Vec<f64>,
    /// Accounts with slots in at least two messages: `n` of the union bound.
    pub active: u64,
    slot_start: Vec<u32>,
    slots: Vec<u32>,
    activity_start: Vec<u32>,
    activity: Vec<(u32, f64)>,
}

impl Traces {
    /// The traces of these shares of a corpus, in canonical order, for these windows.
    pub fn build(corpus: &Corpus, shares: &[Share], scales_s: &[i64]) -> Self {
        let order = first_shares_by_object(corpus, shares);
        let start = shares.iter().map(|share| share.time).min().unwrap_or(0);
        let object_count = corpus.objects.len();
        let account_count = corpus.account_count();

        let mut strata: HashMap<(i64, u8, u8), u32, FxBuildHasher> = HashMap::default();
        let mut object_start = vec![0u32; object_count + 1];
        let mut objects_of_message: HashMap<u32, u32, FxBuildHasher> = HashMap::default();
        let (mut account, mut object, mut time, mut post, mut stratum) =
            (vec![], vec![], vec![], vec![], vec![]);
        for &index in &order {
            let share = shares[index as usize];
            let key = (
                (share.time - start).div_euclid(STRATUM),
                corpus.objects.detector[share.object as usize],
                corpus.platform[share.post as usize],
            );
            let next = u32::try_from(strata.len()).expect("strata are numbered in 32 bits");
            stratum.push(*strata.entry(key).or_insert(next));
            account.push(share.account);
            object.push(share.object);
            time.push(share.time);
            post.push(share.post);
            object_start[share.object as usize + 1] += 1;
            *objects_of_message
                .entry(corpus.message[share.post as usize])
                .or_default() += 1;
        }
        for o in 0..object_count {
            object_start[o + 1] += object_start[o];
        }
        let message: Vec<u32> = post
            .iter()
            .map(|&post| corpus.message[post as usize])
            .collect();
        let shares_message = message
            .iter()
            .map(|message| objects_of_message[message] > 1)
            .collect();

        let mut stratum_total = vec![0.0; strata.len()];
        for &h in &stratum {
            stratum_total[h as usize] += 1.0;
        }
        let (slot_start, slots) = group_by(account_count, &account);
        let mut activity_start = vec![0u32; account_count + 1];
        let mut activity = Vec::new();
        let mut active = 0;
        let mut strata_of_account: Vec<u32> = Vec::new();
        for a in 0..account_count {
            let own = &slots[slot_start[a] as usize..slot_start[a + 1] as usize];
            // A text and its link in one message are one occasion to meet somebody, not two.
            let first = own.first().map(|&slot| message[slot as usize]);
            active += u64::from(
                own.iter()
                    .any(|&slot| Some(message[slot as usize]) != first),
            );
            strata_of_account.clear();
            strata_of_account.extend(own.iter().map(|&slot| stratum[slot as usize]));
            strata_of_account.sort_unstable();
            for chunk in strata_of_account.chunk_by(|a, b| a == b) {
                activity.push((chunk[0], chunk.len() as f64));
            }
            activity_start[a + 1] =
                u32::try_from(activity.len()).expect("activity is numbered in 32 bits");
        }
        let window_end = scales_s
            .iter()
            .map(|&tau| window_ends(&object, &time, tau * SECOND))
            .collect();
        Self {
            account,
            object,
            time,
            post,
            stratum,
            message,
            shares_message,
            object_start,
            scales_s: scales_s.to_vec(),
            window_end,
            stratum_total,
            active,
            slot_start,
            slots,
            activity_start,
            activity,
        }
    }

    /// Number of slots.
    pub fn len(&self) -> usize {
        self.account.len()
    }

    /// Whether there is no slot.
    pub fn is_empty(&self) -> bool {
        self.account.is_empty()
    }

    /// Number of accounts of the corpus, with or without a slot.
    pub fn account_count(&self) -> usize {
        self.slot_start.len() - 1
    }

    /// Slots of an account, ascending.
    pub fn slots_of(&self, account: u32) -> &[u32] {
        let a = account as usize;
        &self.slots[self.slot_start[a] as usize..self.slot_start[a + 1] as usize]
    }

    /// Slots of an object, in time order.
    pub fn slots_on(&self, object: u32) -> std::ops::Range<usize> {
        self.object_start[object as usize] as usize..self.object_start[object as usize + 1] as usize
    }

    /// How many shares the account has in each stratum: `k_ih`, by ascending stratum.
    pub fn activity(&self, account: u32) -> &[(u32, f64)] {
        let a = account as usize;
        &self.activity[self.activity_start[a] as usize..self.activity_start[a + 1] as usize]
    }

    /// `k_ih`: shares of the account in one stratum.
    pub fn activity_in(&self, account: u32, stratum: u32) -> f64 {
        let activity = self.activity(account);
        activity
            .binary_search_by_key(&stratum, |entry| entry.0)
            .map_or(0.0, |place| activity[place].1)
    }

    /// The first slot on the object of `slot` that is not earlier than `time`.
    pub fn first_since(&self, slot: usize, time: Millis) -> usize {
        let range = self.slots_on(self.object[slot]);
        range.start + self.time[range.start..=slot].partition_point(|&t| t < time)
    }

    /// The slot after the last one on the object of `slot` that is not later than `time`.
    pub fn end_until(&self, slot: usize, time: Millis) -> usize {
        let range = self.slots_on(self.object[slot]);
        slot + self.time[slot..range.end].partition_point(|&t| t <= time)
    }
}

/// Places in `shares` of the first share of each account on each object, by object, then canonical.
fn first_shares_by_object(corpus: &Corpus, shares: &[Share]) -> Vec<u32> {
    let mut keys: Vec<u64> = shares
        .iter()
        .enumerate()
        .map(|(index, share)| u64::from(share.object) << 32 | index as u64)
        .collect();
    keys.sort_unstable();
    let mut latest_object = vec![u32::MAX; corpus.account_count()];
    let mut order = Vec::with_capacity(keys.len());
    for key in keys {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the two halves of the key are 32 bits each"
        )]
        let (object, index) = ((key >> 32) as u32, key as u32);
        let latest = &mut latest_object[shares[index as usize].account as usize];
        if *latest != object {
            *latest = object;
            order.push(index);
        }
    }
    order
}

fn group_by(count: usize, values: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut start = vec![0u32; count + 1];
    for &value in values {
        start[value as usize + 1] += 1;
    }
    for i in 0..count {
        start[i + 1] += start[i];
    }
    let mut next = start.clone();
    let mut places = vec![0u32; values.len()];
    for (place, &value) in values.iter().enumerate() {
        let slot = &mut next[value as usize];
        places[*slot as usize] = u32::try_from(place).expect("slots are numbered in 32 bits");
        *slot += 1;
    }
    (start, places)
}

fn window_ends(object: &[u32], time: &[Millis], window: Millis) -> Vec<u32> {
    let mut ends = Vec::with_capacity(object.len());
    let mut last = 0;
    for slot in 0..object.len() {
        last = last.max(slot);
        while last + 1 < object.len()
            && object[last + 1] == object[slot]
            && time[last + 1] - time[slot] <= window
        {
            last += 1;
        }
        ends.push(u32::try_from(last).expect("slots are numbered in 32 bits"));
    }
    ends
}
