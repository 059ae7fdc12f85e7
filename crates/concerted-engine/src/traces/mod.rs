//! Here is an object; who touched it, and when? Here is an account; what did it touch?
//!
//! [`Traces`] is the view that every statistic reads: the first share of each account on each object
//! (a *slot*), sorted by object and time, with what the null model conditions on: how active each
//! account was in each stratum of six hours, kind of object and platform, and how many shares the
//! stratum holds.

use crate::post::Millis;
use crate::share::{Corpus, Share};
use hashbrown::HashMap;
use rayon::prelude::*;
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
    activity: Vec<(u32, u32)>,
}

impl Traces {
    /// The traces of these shares of a corpus, in canonical order, for these windows.
    pub fn build(corpus: &Corpus, shares: &[Share], scales_s: &[i64]) -> Self {
        let order = first_shares_by_object(corpus, shares);
        let slot = |index: &u32| shares[*index as usize];
        let account: Vec<u32> = order.iter().map(|index| slot(index).account).collect();
        let object: Vec<u32> = order.iter().map(|index| slot(index).object).collect();
        let time: Vec<Millis> = order.iter().map(|index| slot(index).time).collect();
        let post: Vec<u32> = order.iter().map(|index| slot(index).post).collect();
        drop(order);
        let message: Vec<u32> = post
            .iter()
            .map(|&post| corpus.message[post as usize])
            .collect();

        let (stratum, stratum_total) = strata(corpus, &object, &time, &post);
        let mut object_start = vec![0u32; corpus.objects.len() + 1];
        let mut objects_of_message = vec![0u8; corpus.message.len()];
        for (&object, &message) in object.iter().zip(&message) {
            object_start[object as usize + 1] += 1;
            let objects = &mut objects_of_message[message as usize];
            *objects = objects.saturating_add(1);
        }
        for o in 0..corpus.objects.len() {
            object_start[o + 1] += object_start[o];
        }
        let shares_message = message
            .iter()
            .map(|&message| objects_of_message[message as usize] > 1)
            .collect();
        drop(objects_of_message);

        let account_count = corpus.account_count();
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
                activity.push((chunk[0], number(chunk.len())));
            }
            activity_start[a + 1] = number(activity.len());
        }
        activity.shrink_to_fit();
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
    pub fn activity(&self, account: u32) -> &[(u32, u32)] {
        let a = account as usize;
        &self.activity[self.activity_start[a] as usize..self.activity_start[a + 1] as usize]
    }

    /// `k_ih`: shares of the account in one stratum.
    pub fn activity_in(&self, account: u32, stratum: u32) -> f64 {
        let activity = self.activity(account);
        activity
            .binary_search_by_key(&stratum, |entry| entry.0)
            .map_or(0.0, |place| f64::from(activity[place].1))
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
///
/// Shares come in canonical order, so one stable pass that counts objects first puts them in order of
/// object and time; nothing is compared.
pub(crate) fn first_shares_by_object(corpus: &Corpus, shares: &[Share]) -> Vec<u32> {
    let mut order = by_object(shares.len(), corpus.objects.len(), |row| shares[row].object);
    let accounts = shares.iter().map(|share| share.account as usize + 1).max();
    let mut latest_object = vec![u32::MAX; accounts.unwrap_or(0)];
    order.retain(|&index| {
        let share = &shares[index as usize];
        std::mem::replace(&mut latest_object[share.account as usize], share.object) != share.object
    });
    order
}

/// Shares as columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareColumns {
    /// Who.
    pub account: Vec<u32>,
    /// What.
    pub object: Vec<u32>,
    /// When.
    pub time: Vec<Millis>,
}

/// Shares in any order sorted by object, time and account: one radix pass puts each object's shares
/// together and compares nothing; these are few enough to be sorted in the processor's cache, by a key
/// of 64 bits where the times span at most 49 days, else by time and account.
///
/// Takes the columns, and lets them go before the sorted ones are made, so that both are never held.
pub fn sorted_by_object_and_time(shares: ShareColumns) -> ShareColumns {
    let (account, time) = (&shares.account, &shares.time);
    let start = time.iter().min().copied().unwrap_or(0);
    let longest = time.iter().max().map_or(0, |last| last.abs_diff(start));
    let objects = shares
        .object
        .iter()
        .max()
        .map_or(0, |&most| most as usize + 1);
    let rows = shares.object.len();
    let object = |row: usize| shares.object[row];
    if longest >> 32 == 0 {
        let key = |row: usize| time[row].abs_diff(start) << 32 | u64::from(account[row]);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the key has two halves of 32 bits"
        )]
        let halves = |key: u64| (start + i64::from((key >> 32) as u32), key as u32);
        let (starts, keys) = gathered(rows, objects, object, key);
        drop(shares);
        sorted_within(&starts, keys, halves)
    } else {
        let key = |row: usize| (time[row], account[row]);
        let (starts, keys) = gathered(rows, objects, object, key);
        drop(shares);
        sorted_within(&starts, keys, |key| key)
    }
}

/// Columns from keys that stand by object, each object's in any order.
fn sorted_within<K: Copy + Ord + Send + Sync>(
    starts: &[u32],
    mut keys: Vec<K>,
    time_and_account: impl Fn(K) -> (Millis, u32) + Sync,
) -> ShareColumns {
    let mut own: Vec<&mut [K]> = Vec::new();
    let mut rest = keys.as_mut_slice();
    for ends in starts.windows(2) {
        let (keys, behind) = std::mem::take(&mut rest).split_at_mut((ends[1] - ends[0]) as usize);
        if keys.len() > 1 {
            own.push(keys);
        }
        rest = behind;
    }
    own.into_par_iter().for_each(<[K]>::sort_unstable);
    let mut object = Vec::with_capacity(keys.len());
    for (number, ends) in (0u32..).zip(starts.windows(2)) {
        object.extend(std::iter::repeat_n(number, (ends[1] - ends[0]) as usize));
    }
    ShareColumns {
        object,
        time: keys
            .par_iter()
            .map(|&key| time_and_account(key).0)
            .collect(),
        account: keys
            .par_iter()
            .map(|&key| time_and_account(key).1)
            .collect(),
    }
}

/// The values of rows put together by object, each object's as they come, and where each object's
/// begin: one pass that counts and one that moves.
fn gathered<T: Copy + Default>(
    rows: usize,
    objects: usize,
    object: impl Fn(usize) -> u32,
    value: impl Fn(usize) -> T,
) -> (Vec<u32>, Vec<T>) {
    let mut starts = vec![0u32; objects + 1];
    for row in 0..rows {
        starts[object(row) as usize + 1] += 1;
    }
    for o in 0..objects {
        starts[o + 1] += starts[o];
    }
    let mut next = starts.clone();
    let mut together = vec![T::default(); rows];
    for row in 0..rows {
        let place = &mut next[object(row) as usize];
        together[*place as usize] = value(row);
        *place += 1;
    }
    (starts, together)
}

/// Rows in order of their object, each object's as they come.
pub(crate) fn by_object(rows: usize, objects: usize, object: impl Fn(usize) -> u32) -> Vec<u32> {
    gathered(rows, objects, object, number).1
}

/// The stratum of each slot, numbered by first appearance, and the shares in each.
fn strata(corpus: &Corpus, object: &[u32], time: &[Millis], post: &[u32]) -> (Vec<u32>, Vec<f64>) {
    const UNSEEN: u32 = u32::MAX;
    /// Cells of a table of all strata that a corpus may have; beyond, the times are far apart.
    const TABLE: usize = 1 << 24;
    let start = time.iter().min().copied().unwrap_or(0);
    let end = time.iter().max().copied().unwrap_or(0);
    let detectors = 1 + usize::from(corpus.objects.detector.iter().max().copied().unwrap_or(0));
    let platforms = 1 + usize::from(corpus.platform.iter().max().copied().unwrap_or(0));
    let spans = usize::try_from((end - start) / STRATUM + 1).unwrap_or(usize::MAX);
    let mut table = (spans.saturating_mul(detectors * platforms) <= TABLE)
        .then(|| vec![UNSEEN; spans * detectors * platforms]);
    let mut far_apart: HashMap<usize, u32, FxBuildHasher> = HashMap::default();
    let mut total: Vec<f64> = Vec::new();
    let stratum = (0..time.len())
        .map(|slot| {
            let span = usize::try_from((time[slot] - start) / STRATUM)
                .expect("no slot is before the first");
            let cell = (span * detectors
                + usize::from(corpus.objects.detector[object[slot] as usize]))
                * platforms
                + usize::from(corpus.platform[post[slot] as usize]);
            let known = match &mut table {
                Some(table) => &mut table[cell],
                None => far_apart.entry(cell).or_insert(UNSEEN),
            };
            if *known == UNSEEN {
                *known = number(total.len());
                total.push(0.0);
            }
            total[*known as usize] += 1.0;
            *known
        })
        .collect();
    (stratum, total)
}

/// Places of values grouped by the value: `places[start[v]..start[v + 1]]`, ascending.
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
        places[*slot as usize] = number(place);
        *slot += 1;
    }
    (start, places)
}

/// For each slot, by object and time, the last slot on its object at most `window` milliseconds later.
pub fn window_ends(object: &[u32], time: &[Millis], window: Millis) -> Vec<u32> {
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
        ends.push(number(last));
    }
    ends
}

fn number(place: usize) -> u32 {
    u32::try_from(place).expect("slots and their parts are numbered in 32 bits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_radix_sort_sorts(
            rows in prop::collection::vec((0u32..9, any::<i32>(), any::<u32>()), 0..200),
            step in prop::sample::select(vec![1i64, 1_000]),
        ) {
            let mut expected: Vec<(u32, Millis, u32)> = rows
                .into_iter()
                .map(|(object, time, account)| (object, i64::from(time) * step, account))
                .collect();
            let columns = |rows: &[(u32, Millis, u32)]| ShareColumns {
                object: rows.iter().map(|row| row.0).collect(),
                time: rows.iter().map(|row| row.1).collect(),
                account: rows.iter().map(|row| row.2).collect(),
            };
            let given = columns(&expected);
            expected.sort_unstable();
            prop_assert_eq!(sorted_by_object_and_time(given), columns(&expected));
        }
    }
}
