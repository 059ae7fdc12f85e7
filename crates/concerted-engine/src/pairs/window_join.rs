//! Who met whom within the window? Every pair of slots on one object at most `window` apart.
//!
//! Slots come sorted by object and time, so the slots that meet one are those right behind it: a
//! trailing pointer finds them, and nothing outside the window is ever formed. Pairs of accounts are
//! cut into partitions, which are sorted and counted one by one, so that memory is bounded by a
//! partition and not by the number of pairs; one hash table of all pairs is several times slower.

use crate::post::Millis;
use rayon::prelude::*;

/// Meetings in one partition by default: a few dozen megabytes.
pub const PARTITION: u64 = 2_000_000;

/// Two slots of one pair of accounts on one object within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meeting {
    /// The two accounts, the smaller number in the high half.
    pair: u64,
    /// The earlier slot.
    pub first: u32,
    /// The later slot.
    pub second: u32,
}

impl Meeting {
    /// The two accounts, the smaller number first.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the two halves are 32 bits each"
    )]
    pub fn accounts(&self) -> (u32, u32) {
        ((self.pair >> 32) as u32, self.pair as u32)
    }
}

/// Columns of slots sorted by object, then time.
#[derive(Clone, Copy, Debug)]
pub struct Slots<'a> {
    /// Account of each slot.
    pub account: &'a [u32],
    /// Object of each slot.
    pub object: &'a [u32],
    /// Time of each slot.
    pub time: &'a [Millis],
}

/// What a join is set to.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// Longest lag of a meeting, inclusive.
    pub window: Millis,
    /// A slot with more slots than this in the window behind it forms no pair: a crowd that large
    /// tells nothing of any two of its members. `u32::MAX` forms them all.
    pub crowd: u32,
    /// Meetings in one partition at most, on average; it bounds memory and changes no result.
    pub partition: u64,
}

/// What the join left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crowds {
    /// Slots that formed no pair because a crowd followed.
    pub slots: u64,
    /// Meetings that were therefore not formed.
    pub meetings: u64,
}

impl Join {
    /// Calls `visit` with all meetings of each pair of accounts, in order of the pair and, within it,
    /// of the slots; collects what it returns in the same order.
    pub fn for_each_pair<T: Send>(
        &self,
        slots: Slots<'_>,
        visit: impl Fn(&[Meeting]) -> Option<T> + Sync,
    ) -> (Vec<T>, Crowds) {
        let behind = self.slots_behind(slots);
        let (mut total, mut crowds) = (0u64, Crowds::default());
        for &count in &behind {
            if count > self.crowd {
                crowds.slots += 1;
                crowds.meetings += u64::from(count);
            } else {
                total += u64::from(count);
            }
        }
        // Partitions are ranges of the smaller account, so that their results stand in order.
        let accounts = slots
            .account
            .iter()
            .max()
            .map_or(0, |&account| u64::from(account) + 1);
        let partitions = (total / self.partition.max(1) + 1).min(accounts.max(1));
        let bounds = self.partition_bounds(slots, &behind, partitions, accounts);
        let found: Vec<Vec<T>> = bounds
            .par_windows(2)
            .map(|range| {
                let mut meetings = self.meetings(slots, &behind, range[0]..range[1]);
                meetings.sort_unstable();
                meetings
                    .chunk_by(|a, b| a.pair == b.pair)
                    .filter_map(&visit)
                    .collect()
            })
            .collect();
        (found.into_iter().flatten().collect(), crowds)
    }

    /// For each slot, how many slots on its object follow within the window.
    fn slots_behind(&self, slots: Slots<'_>) -> Vec<u32> {
        let mut last = 0;
        (0..slots.time.len())
            .map(|slot| {
                last = last.max(slot);
                while last + 1 < slots.time.len()
                    && slots.object[last + 1] == slots.object[slot]
                    && slots.time[last + 1] - slots.time[slot] <= self.window
                {
                    last += 1;
                }
                u32::try_from(last - slot).expect("slots are numbered in 32 bits")
            })
            .collect()
    }

    /// Account numbers that cut the meetings into parts of about equal size, by the smaller account.
    fn partition_bounds(
        &self,
        slots: Slots<'_>,
        behind: &[u32],
        partitions: u64,
        accounts: u64,
    ) -> Vec<u32> {
        let clamp = |account: u64| u32::try_from(account).unwrap_or(u32::MAX);
        if partitions <= 1 {
            return vec![0, clamp(accounts)];
        }
        let mut load = vec![0u64; usize::try_from(accounts).unwrap_or(usize::MAX)];
        self.visit_meetings(slots, behind, |a, b, _, _| load[a.min(b) as usize] += 1);
        let part = load.iter().sum::<u64>() / partitions + 1;
        let (mut bounds, mut sum) = (vec![0], 0);
        for (account, &meetings) in load.iter().enumerate() {
            if sum >= part {
                bounds.push(clamp(account as u64));
                sum = 0;
            }
            sum += meetings;
        }
        bounds.push(clamp(accounts));
        bounds
    }

    fn meetings(
        &self,
        slots: Slots<'_>,
        behind: &[u32],
        smaller: std::ops::Range<u32>,
    ) -> Vec<Meeting> {
        let mut meetings = Vec::new();
        self.visit_meetings(slots, behind, |a, b, first, second| {
            let (a, b) = (a.min(b), a.max(b));
            if smaller.contains(&a) {
                meetings.push(Meeting {
                    pair: u64::from(a) << 32 | u64::from(b),
                    first,
                    second,
                });
            }
        });
        meetings
    }

    fn visit_meetings(
        &self,
        slots: Slots<'_>,
        behind: &[u32],
        mut visit: impl FnMut(u32, u32, u32, u32),
    ) {
        for (slot, &count) in behind.iter().enumerate() {
            if count > self.crowd {
                continue;
            }
            for other in slot + 1..=slot + count as usize {
                let (a, b) = (slots.account[slot], slots.account[other]);
                if a != b {
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "slots are numbered in 32 bits"
                    )]
                    visit(a, b, slot as u32, other as u32);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_join_finds_what_comparing_all_finds(
            mut rows in prop::collection::vec((0u32..6, 0i64..40, 0u32..8), 0..80),
            window in 0i64..20,
            partition in prop::sample::select(vec![1, 7, PARTITION]),
        ) {
            rows.sort_unstable();
            let object: Vec<u32> = rows.iter().map(|row| row.0).collect();
            let time: Vec<i64> = rows.iter().map(|row| row.1).collect();
            let account: Vec<u32> = rows.iter().map(|row| row.2).collect();
            let slots = Slots { account: &account, object: &object, time: &time };
            let (found, crowds) = Join { window, crowd: u32::MAX, partition }
                .for_each_pair(slots, |meetings| Some((meetings[0].accounts(), meetings.len())));
            let mut naive = std::collections::BTreeMap::new();
            for i in 0..rows.len() {
                for j in 0..i {
                    let near = object[i] == object[j] && (time[i] - time[j]).abs() <= window;
                    if near && account[i] != account[j] {
                        let pair = (account[i].min(account[j]), account[i].max(account[j]));
                        *naive.entry(pair).or_insert(0usize) += 1;
                    }
                }
            }
            prop_assert_eq!(found, naive.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(crowds, Crowds::default());
        }
    }
}
