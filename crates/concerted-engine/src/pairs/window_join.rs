//! Who met whom within the window? Every pair of slots on one object at most a window apart.
//!
//! Slots come sorted by object and time, so the slots that meet one are those right behind it: a
//! trailing pointer finds them, and nothing outside the window is ever formed. All windows are
//! answered in one pass over the widest. Meetings are cut into partitions by the smaller account, and
//! partitions are counted one by one in the processor's own cache; one hash table of all pairs is
//! several times slower. Never more than [`Join::held`] meetings are in memory, however many there
//! are: what does not fit is formed again in another round over the slots.
//!
//! *What can never matter is never formed.* A pair is tested only from two meetings on, and two
//! meetings of one pair are on two objects, since an account has one slot on each. So an account with a
//! single slot is in no tested pair, whatever the others do, and its meetings need not be formed. Nor
//! are those of a slot with a crowd behind it: an object that hundreds share within the window tells
//! nothing of any two of them, and what was left out is counted and said. That bounds the cost of every
//! slot by [`Join::crowd`], whatever the object. Of the meetings formed, those whose pair meets only
//! once are dropped before anything is sorted: each is counted under a few bits of its pair, and where
//! the count stays at one the pair cannot have met twice. The count may be too high where two pairs
//! share the bits, never too low, so no pair is lost.

use rayon::prelude::*;

/// Meetings held at once by default: 256 MB.
pub const HELD: usize = 16_000_000;

/// Meetings in one partition, on average: their counts fit the processor's own cache.
const PARTITION: usize = 1 << 17;

/// The slot of an account that is in no tested pair.
const NOBODY: u32 = u32::MAX;

/// Two slots of one pair of accounts on one object within the widest window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
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

    /// A few bits of the pair, spread evenly (Fibonacci hashing, Knuth 1973).
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the result has as many bits as asked for"
    )]
    fn bits(&self, bits: u32) -> usize {
        (self.pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize
    }
}

/// What a join is set to.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// A slot with more slots than this in a window behind it forms no pair in that window: a crowd
    /// that large tells nothing of any two of its members. `u32::MAX` forms them all.
    pub crowd: u32,
    /// Meetings that make a pair worth visiting: 1, or 2 where an account has one slot on each object.
    pub least: u32,
    /// Meetings in memory at once, on average; it bounds memory and changes no result.
    pub held: usize,
}

impl Default for Join {
    fn default() -> Self {
        Self {
            crowd: u32::MAX,
            least: 2,
            held: HELD,
        }
    }
}

/// What the join left out in one window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crowds {
    /// Slots that formed no pair because a crowd followed.
    pub slots: u64,
    /// Meetings that were therefore not formed.
    pub meetings: u64,
}

/// What a join found.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined<T> {
    /// For each window what the visitor returned, in order of the pair.
    pub found: Vec<Vec<T>>,
    /// For each window what was left out.
    pub crowds: Vec<Crowds>,
    /// Meetings that were formed: the cost, in the only unit that every machine agrees on.
    pub formed: u64,
}

impl Join {
    /// Calls `visit` with each window and all meetings in it of each pair that has at least
    /// [`Join::least`], in order of the slots; collects what it returns, in order of the pair.
    ///
    /// `account` and each column of `ends` have an entry a slot; slots stand by object, then time, and
    /// `ends` gives for each window, shortest first, the last slot on the object within the window.
    pub fn for_each_pair<T: Send>(
        &self,
        account: &[u32],
        ends: &[Vec<u32>],
        visit: impl Fn(usize, &[Meeting]) -> Option<T> + Sync,
    ) -> Joined<T> {
        let (reach, crowds) = self.reach(account.len(), ends);
        let accounts = account.iter().max().map_or(0, |&most| most as usize + 1);
        let emitter = Emitter {
            who: if self.least >= 2 {
                with_two_slots(account, accounts)
            } else {
                account.to_vec()
            },
            reach: &reach,
            shift: accounts.div_ceil(1 << 16).next_power_of_two().ilog2(),
        };
        let mut joined = Joined {
            found: ends.iter().map(|_| Vec::new()).collect(),
            crowds,
            formed: 0,
        };
        let pieces = emitter.pieces();
        let counts: Vec<Vec<u32>> = pieces
            .par_iter()
            .map(|piece| emitter.count(piece.clone(), accounts))
            .collect();
        let mut cuts = Cuts::new(&counts);
        // Used again in every round, so that the system need not hand out fresh memory.
        let mut parts: Vec<Part> = pieces.iter().map(|_| Part::default()).collect();
        while let Some(round) = cuts.round(self.held) {
            joined.formed += round.meetings as u64;
            pieces
                .par_iter()
                .zip(&counts)
                .zip(&mut parts)
                .for_each(|((piece, counts), part)| {
                    emitter.form(piece.clone(), counts, &round, part);
                });
            let found: Vec<Vec<Vec<T>>> = (0..round.partitions.len())
                .into_par_iter()
                .map(|partition| {
                    let meetings = self.of_partition(&parts, partition);
                    self.visit_windows(&meetings, ends, &visit)
                })
                .collect();
            for partition in found {
                for (all, some) in joined.found.iter_mut().zip(partition) {
                    all.extend(some);
                }
            }
        }
        joined
    }

    /// For each slot how many slots behind it it meets, in the widest window in which no crowd follows.
    fn reach(&self, slots: usize, ends: &[Vec<u32>]) -> (Vec<u32>, Vec<Crowds>) {
        let mut reach = vec![0u32; slots];
        let mut crowds = vec![Crowds::default(); ends.len()];
        for (ends, crowds) in ends.iter().zip(&mut crowds) {
            for (slot, (&end, reach)) in ends.iter().zip(&mut reach).enumerate() {
                let behind = end - place(slot);
                if behind > self.crowd {
                    crowds.slots += 1;
                    crowds.meetings += u64::from(behind);
                } else {
                    *reach = behind;
                }
            }
        }
        (reach, crowds)
    }

    /// The meetings of a partition, by pair, then slots; where two are needed without most of those
    /// whose pair met once.
    fn of_partition(&self, parts: &[Part], partition: usize) -> Vec<Meeting> {
        let formed = || parts.iter().flat_map(|part| part.of(partition));
        let mut meetings: Vec<Meeting> = if self.least >= 2 {
            let size: usize = parts.iter().map(|part| part.of(partition).len()).sum();
            let bits = (2 * size).next_power_of_two().ilog2().max(1);
            let mut counts = vec![0u8; 1 << bits];
            for meeting in formed() {
                let count = &mut counts[meeting.bits(bits)];
                *count = count.saturating_add(1);
            }
            formed()
                .filter(|meeting| counts[meeting.bits(bits)] > 1)
                .copied()
                .collect()
        } else {
            formed().copied().collect()
        };
        meetings.sort_unstable();
        meetings
    }

    fn visit_windows<T>(
        &self,
        meetings: &[Meeting],
        ends: &[Vec<u32>],
        visit: &impl Fn(usize, &[Meeting]) -> Option<T>,
    ) -> Vec<Vec<T>> {
        let mut found: Vec<Vec<T>> = ends.iter().map(|_| Vec::new()).collect();
        let mut within = Vec::new();
        for pair in meetings.chunk_by(|a, b| a.pair == b.pair) {
            for (window, ends) in ends.iter().enumerate() {
                within.clear();
                within.extend(pair.iter().filter(|meeting| {
                    let end = ends[meeting.first as usize];
                    meeting.second <= end && end - meeting.first <= self.crowd
                }));
                if within.len() >= self.least as usize {
                    found[window].extend(visit(window, &within));
                }
            }
        }
        found
    }
}

/// The account of each slot, or nobody where the account has no other slot.
fn with_two_slots(account: &[u32], accounts: usize) -> Vec<u32> {
    let mut slots = vec![0u8; accounts];
    for &account in account {
        let slots = &mut slots[account as usize];
        *slots = slots.saturating_add(1);
    }
    account
        .iter()
        .map(|&account| {
            if slots[account as usize] < 2 {
                NOBODY
            } else {
                account
            }
        })
        .collect()
}

/// Walks over the meetings of a piece of the slots.
struct Emitter<'a> {
    who: Vec<u32>,
    reach: &'a [u32],
    /// Accounts are counted in buckets of `1 << shift`, of which there are at most 65,536.
    shift: u32,
}

/// The meetings of one piece in one round, by partition.
#[derive(Default)]
struct Part {
    starts: Vec<usize>,
    meetings: Vec<Meeting>,
}

impl Part {
    fn of(&self, partition: usize) -> &[Meeting] {
        &self.meetings[self.starts[partition]..self.starts[partition + 1]]
    }
}

impl Emitter<'_> {
    /// Pieces of the slots that threads work on, more than threads so that none waits for long.
    fn pieces(&self) -> Vec<std::ops::Range<usize>> {
        let length = (self.who.len() / (4 * rayon::current_num_threads()) + 1).max(1 << 16);
        (0..self.who.len())
            .step_by(length)
            .map(|start| start..self.who.len().min(start + length))
            .collect()
    }

    /// The meetings whose smaller account is at least `from`; a slot of a smaller one has none of them.
    #[inline]
    fn each(
        &self,
        piece: std::ops::Range<usize>,
        from: u32,
        mut visit: impl FnMut(u32, u32, usize, usize),
    ) {
        for slot in piece {
            let (own, reach) = (self.who[slot], self.reach[slot] as usize);
            if own == NOBODY || own < from || reach == 0 {
                continue;
            }
            for (ahead, &other) in self.who[slot + 1..=slot + reach].iter().enumerate() {
                if other != NOBODY && other != own {
                    visit(own.min(other), own.max(other), slot, slot + 1 + ahead);
                }
            }
        }
    }

    /// Meetings in each bucket of the smaller account.
    fn count(&self, piece: std::ops::Range<usize>, accounts: usize) -> Vec<u32> {
        let mut counts = vec![0u32; (accounts >> self.shift) + 1];
        self.each(piece, 0, |smaller, _, _, _| {
            counts[(smaller >> self.shift) as usize] += 1;
        });
        counts
    }

    /// The meetings of a piece that belong to this round, each partition in order of the slots.
    fn form(&self, piece: std::ops::Range<usize>, counts: &[u32], round: &Round, part: &mut Part) {
        let first_bucket = round.partitions.first().map_or(0, |buckets| buckets.start);
        let end_bucket = round.partitions.last().map_or(0, |buckets| buckets.end);
        let mut next = Vec::with_capacity(round.partitions.len());
        let mut partition_of = vec![0u32; end_bucket - first_bucket];
        let mut sum = 0;
        part.starts.clear();
        for (partition, buckets) in round.partitions.iter().enumerate() {
            part.starts.push(sum);
            next.push(sum);
            partition_of[buckets.start - first_bucket..buckets.end - first_bucket]
                .fill(place(partition));
            sum += counts[buckets.clone()]
                .iter()
                .map(|&count| count as usize)
                .sum::<usize>();
        }
        part.starts.push(sum);
        // What an earlier round left is overwritten: exactly as many meetings come as were counted.
        part.meetings.resize(sum, Meeting::default());
        if sum == 0 {
            return;
        }
        let meetings = &mut part.meetings;
        self.each(
            piece,
            place(first_bucket << self.shift),
            |a, b, first, second| {
                // A bucket before the round turns into a number beyond its end.
                let bucket = ((a >> self.shift) as usize).wrapping_sub(first_bucket);
                if let Some(&partition) = partition_of.get(bucket) {
                    let next = &mut next[partition as usize];
                    meetings[*next] = Meeting {
                        pair: u64::from(a) << 32 | u64::from(b),
                        first: place(first),
                        second: place(second),
                    };
                    *next += 1;
                }
            },
        );
    }
}

/// Buckets cut into partitions, and partitions into rounds.
struct Cuts {
    totals: Vec<usize>,
    next: usize,
}

/// Partitions that are in memory together, each a range of buckets.
struct Round {
    partitions: Vec<std::ops::Range<usize>>,
    meetings: usize,
}

impl Cuts {
    fn new(counts: &[Vec<u32>]) -> Self {
        let mut totals = vec![0usize; counts.first().map_or(0, Vec::len)];
        for counts in counts {
            for (total, &count) in totals.iter_mut().zip(counts) {
                *total += count as usize;
            }
        }
        Self { totals, next: 0 }
    }

    fn round(&mut self, held: usize) -> Option<Round> {
        let mut round = Round {
            partitions: Vec::new(),
            meetings: 0,
        };
        let partition = PARTITION.min(held.max(1));
        while self.next < self.totals.len() && round.meetings < held.max(1) {
            let (start, mut size) = (self.next, 0);
            while self.next < self.totals.len() && size < partition {
                size += self.totals[self.next];
                self.next += 1;
            }
            round.partitions.push(start..self.next);
            round.meetings += size;
        }
        (round.meetings > 0).then_some(round)
    }
}

fn place(slot: usize) -> u32 {
    u32::try_from(slot).expect("slots are numbered in 32 bits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traces::window_ends;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_join_finds_what_comparing_all_finds(
            mut rows in prop::collection::vec((0u32..6, 0i64..40, 0u32..8), 0..80),
            mut windows in prop::collection::vec(0i64..20, 1..4),
            crowd in prop::sample::select(vec![3, 6, u32::MAX]),
            least in 1u32..3,
            held in prop::sample::select(vec![1, 7, HELD]),
        ) {
            rows.sort_unstable();
            let mut seen = std::collections::BTreeSet::new();
            rows.retain(|row| least == 1 || seen.insert((row.0, row.2)));
            windows.sort_unstable();
            let object: Vec<u32> = rows.iter().map(|row| row.0).collect();
            let time: Vec<i64> = rows.iter().map(|row| row.1).collect();
            let account: Vec<u32> = rows.iter().map(|row| row.2).collect();
            let ends: Vec<Vec<u32>> =
                windows.iter().map(|&window| window_ends(&object, &time, window)).collect();
            let joined = Join { crowd, least, held }.for_each_pair(&account, &ends, |_, meetings| {
                Some((meetings[0].accounts(), meetings.len()))
            });
            for (place, &window) in windows.iter().enumerate() {
                let mut naive = std::collections::BTreeMap::new();
                let mut crowds = Crowds::default();
                for i in 0..rows.len() {
                    let behind: Vec<usize> = (i + 1..rows.len())
                        .filter(|&j| object[i] == object[j] && time[j] - time[i] <= window)
                        .collect();
                    if behind.len() > crowd as usize {
                        crowds.slots += 1;
                        crowds.meetings += behind.len() as u64;
                        continue;
                    }
                    for j in behind.into_iter().filter(|&j| account[i] != account[j]) {
                        let pair = (account[i].min(account[j]), account[i].max(account[j]));
                        *naive.entry(pair).or_insert(0usize) += 1;
                    }
                }
                naive.retain(|_, met| *met >= least as usize);
                prop_assert_eq!(&joined.found[place], &naive.into_iter().collect::<Vec<_>>());
                prop_assert_eq!(joined.crowds[place], crowds);
            }
        }
    }

    /// So many slots of different accounts, each with a second slot elsewhere so that it counts.
    fn with_hot_object(ordinary: u32, hot: u32) -> Joined<()> {
        let mut rows: Vec<(u32, i64, u32)> = Vec::new();
        for share in 0..ordinary {
            let object = share / 20;
            rows.push((object, i64::from(share % 20) * 10_000, share * 7 % 5_000));
        }
        for share in 0..hot {
            rows.push((
                ordinary,
                i64::from(share % 60) * 1_000,
                share % 5_000 + share / 5_000 * 5_000,
            ));
        }
        rows.sort_unstable();
        let object: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let time: Vec<i64> = rows.iter().map(|row| row.1).collect();
        let account: Vec<u32> = rows.iter().map(|row| row.2).collect();
        let ends = vec![window_ends(&object, &time, 60_000)];
        let join = Join {
            crowd: 256,
            ..Join::default()
        };
        join.for_each_pair(&account, &ends, |_, _| Some(()))
    }

    #[test]
    fn a_hundred_thousand_shares_within_a_window_cost_no_more_than_their_number() {
        let without = with_hot_object(200_000, 0);
        let with = with_hot_object(200_000, 100_000);
        assert_eq!(without.crowds[0], Crowds::default());
        assert!(without.formed > 200_000);
        // All pairs would be five thousand million; the last few of the crowd have few behind them.
        assert!(with.crowds[0].slots > 99_000, "{:?}", with.crowds);
        assert!(with.crowds[0].meetings > 4_900_000_000);
        assert!(
            with.formed <= without.formed * 2,
            "{} meetings formed, {} without the hot object",
            with.formed,
            without.formed
        );
    }
}
