//! Accounts permuted: who shared it is chance, what was shared when stays.
//!
//! The unit is a message with all it puts before people, so that a text keeps its link and hashtags
//! and evidence cannot be counted twice unseen. Accounts change places among messages of the same
//! hours, platform and kinds of object, never so that an account would share an object twice.

use crate::post::Millis;
use crate::rng::Rng;
use crate::share::{Corpus, Share};
use crate::traces::{by_object, first_shares_by_object};
use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;

const HOUR: Millis = 3_600_000;

/// Sweeps over each stratum; one swap a message and sweep is tried.
const SWEEPS: usize = 10;

/// Accounts on an object that are looked through one by one, a cache line or two; beyond, they are hashed.
const LOOK_THROUGH: usize = 24;

/// Messages of one stratum each, strata in canonical order.
type Strata = Vec<Vec<u32>>;

/// A message: its account and the shares it makes.
struct Unit {
    account: u32,
    time: Millis,
    platform: u8,
    kinds: u64,
    shares: std::ops::Range<u32>,
}

/// Messages, ready to be permuted.
pub(crate) struct Units {
    messages: Vec<Unit>,
    /// Shares (first of each account on each object), by unit.
    shares: Vec<Share>,
    /// The shares in canonical order, as places in `shares`.
    canonical: Vec<u32>,
    /// For each share its place when shares stand by object.
    on_object: Vec<u32>,
    /// Where the shares of each object stand in that order.
    object_start: Vec<u32>,
    within_hour: Strata,
    within_six: Strata,
}

impl Units {
    pub(crate) fn new(corpus: &Corpus) -> Self {
        let mut places = first_shares_by_object(corpus, &corpus.shares);
        places.sort_unstable();
        let message = |place: u32| corpus.message[corpus.shares[place as usize].post as usize];
        let mut by_unit: Vec<u32> = (0..number(places.len())).collect();
        by_unit.sort_unstable_by_key(|&rank| (message(places[rank as usize]), rank));
        let shares: Vec<Share> = by_unit
            .iter()
            .map(|&rank| corpus.shares[places[rank as usize] as usize])
            .collect();
        let canonical = inverse(&by_unit);
        drop((places, by_unit));

        let mut object_start = vec![0u32; corpus.objects.len() + 1];
        for share in &shares {
            object_start[share.object as usize + 1] += 1;
        }
        for object in 0..corpus.objects.len() {
            object_start[object + 1] += object_start[object];
        }
        let on_object = inverse(&by_object(shares.len(), corpus.objects.len(), |row| {
            shares[row].object
        }));

        let message = |share: &Share| corpus.message[share.post as usize];
        let mut messages: Vec<Unit> = Vec::new();
        let mut from = 0;
        for group in shares.chunk_by(|a, b| message(a) == message(b)) {
            let first = group[0];
            let to = from + number(group.len());
            messages.push(Unit {
                account: first.account,
                time: first.time,
                platform: corpus.platform[first.post as usize],
                kinds: group
                    .iter()
                    .map(|share| 1 << (corpus.objects.detector[share.object as usize] % 64))
                    .fold(0, |a, b: u64| a | b),
                shares: from..to,
            });
            from = to;
        }
        Self {
            within_hour: strata(&messages, 1),
            within_six: strata(&messages, 6),
            messages,
            shares,
            canonical,
            on_object,
            object_start,
        }
    }

    pub(super) fn shares(&self) -> u64 {
        self.shares.len() as u64
    }

    /// Messages in the stratum of the median message.
    pub(super) fn median_stratum(&self, span: Span) -> u32 {
        let mut sizes: Vec<u32> = Vec::with_capacity(self.messages.len());
        for stratum in self.strata(span) {
            sizes.extend(std::iter::repeat_n(number(stratum.len()), stratum.len()));
        }
        sizes.sort_unstable();
        sizes.get(sizes.len() / 2).copied().unwrap_or(0)
    }

    fn strata(&self, span: Span) -> &Strata {
        match span {
            Span::Hour => &self.within_hour,
            Span::SixHours => &self.within_six,
        }
    }

    /// The shares of one copy permuted within so many hours, in canonical order.
    pub(crate) fn permuted(&self, span: Span, seed: u64, copy: u64) -> Vec<Share> {
        let mut rng = Rng::stream(seed, copy);
        let mut copy = Shuffled::new(self);
        for stratum in self.strata(span) {
            for _ in 0..SWEEPS {
                for &a in stratum {
                    let b = stratum[usize::try_from(rng.below(stratum.len() as u64))
                        .expect("a place in a list")];
                    copy.swap(a as usize, b as usize);
                }
            }
        }
        self.canonical
            .iter()
            .map(|&share| Share {
                account: copy.holders[self.on_object[share as usize] as usize],
                ..self.shares[share as usize]
            })
            .collect()
    }
}

/// Within how many hours accounts change places.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Span {
    /// One.
    Hour,
    /// Six.
    SixHours,
}

/// One copy while accounts change places.
struct Shuffled<'a> {
    units: &'a Units,
    /// Account of each message.
    account: Vec<u32>,
    /// Account of each share, shares by object.
    holders: Vec<u32>,
    /// (object, account) of the objects that are too popular to be looked through.
    popular: HashSet<u64, FxBuildHasher>,
}

impl<'a> Shuffled<'a> {
    fn new(units: &'a Units) -> Self {
        let mut holders = vec![0; units.shares.len()];
        let mut popular = HashSet::default();
        for (share, &place) in units.shares.iter().zip(&units.on_object) {
            holders[place as usize] = share.account;
        }
        let mut copy = Self {
            units,
            account: units.messages.iter().map(|unit| unit.account).collect(),
            holders,
            popular: HashSet::default(),
        };
        popular.extend(
            units
                .shares
                .iter()
                .filter(|share| copy.on(share.object).len() > LOOK_THROUGH)
                .map(|share| key(share.object, share.account)),
        );
        copy.popular = popular;
        copy
    }

    /// The accounts on an object.
    fn on(&self, object: u32) -> &[u32] {
        let start = &self.units.object_start;
        &self.holders[start[object as usize] as usize..start[object as usize + 1] as usize]
    }

    /// Whether an account shares one of the objects of a message.
    fn shares_any(&self, account: u32, message: usize) -> bool {
        let shares = self.units.messages[message].shares.clone();
        self.units.shares[shares.start as usize..shares.end as usize]
            .iter()
            .any(|share| {
                let on = self.on(share.object);
                if on.len() <= LOOK_THROUGH {
                    on.contains(&account)
                } else {
                    self.popular.contains(&key(share.object, account))
                }
            })
    }

    /// Lets two messages change accounts, unless an account would then share an object twice.
    fn swap(&mut self, a: usize, b: usize) {
        let (of_a, of_b) = (self.account[a], self.account[b]);
        if of_a == of_b || self.shares_any(of_b, a) || self.shares_any(of_a, b) {
            return;
        }
        for (message, old, new) in [(a, of_a, of_b), (b, of_b, of_a)] {
            for share in self.units.messages[message].shares.clone() {
                let object = self.units.shares[share as usize].object;
                if self.on(object).len() > LOOK_THROUGH {
                    self.popular.remove(&key(object, old));
                    self.popular.insert(key(object, new));
                }
                self.holders[self.units.on_object[share as usize] as usize] = new;
            }
            self.account[message] = new;
        }
    }
}

/// Messages by (hours, platform, kinds of object).
fn strata(messages: &[Unit], hours: i64) -> Strata {
    let start = messages.iter().map(|unit| unit.time).min().unwrap_or(0);
    let mut known: HashMap<(i64, u8, u64), usize, FxBuildHasher> = HashMap::default();
    let mut strata: Strata = Vec::new();
    for (place, unit) in messages.iter().enumerate() {
        let key = (
            (unit.time - start).div_euclid(hours * HOUR),
            unit.platform,
            unit.kinds,
        );
        let stratum = *known.entry(key).or_insert_with(|| {
            strata.push(Vec::new());
            strata.len() - 1
        });
        strata[stratum].push(number(place));
    }
    strata
}

/// Where each value stands in a permutation.
fn inverse(permutation: &[u32]) -> Vec<u32> {
    let mut places = vec![0; permutation.len()];
    for (place, &value) in permutation.iter().enumerate() {
        places[value as usize] = number(place);
    }
    places
}

fn key(object: u32, account: u32) -> u64 {
    u64::from(object) << 32 | u64::from(account)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("messages and shares are numbered in 32 bits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::ObjectKind;

    #[test]
    fn a_copy_keeps_what_was_shared_when_and_how_active_everybody_was() {
        let mut corpus = Corpus::default();
        for account in 0..30 {
            corpus.accounts.code(&account.to_string());
        }
        for object in 0..40u32 {
            corpus.objects.push(
                u8::try_from(object % 2).unwrap(),
                ObjectKind::Link,
                "",
                None,
                None,
            );
        }
        for post in 0..600u32 {
            corpus.platform.push(0);
            corpus.message.push(post);
            corpus.originality.push(None);
            let time = i64::from(post) * 60_000;
            let account = post * 13 % 30;
            corpus.shares.push(Share {
                time,
                account,
                object: post * 7 % 40,
                post,
            });
            if post % 3 == 0 {
                corpus.shares.push(Share {
                    time,
                    account,
                    object: (post * 7 + 1) % 40,
                    post,
                });
            }
        }
        let units = Units::new(&corpus);
        let copy = units.permuted(Span::SixHours, 1, 0);
        let first: Vec<Share> = units.permuted(Span::SixHours, 1, 0);
        assert_eq!(copy, first, "the same seed and copy give the same shares");
        assert_ne!(copy, units.permuted(Span::SixHours, 1, 1));

        let mut kept: Vec<Share> = units.shares.clone();
        kept.sort_by_key(|share| (share.time, share.object));
        let slot = |share: &Share| (share.time, share.object, share.post);
        let mut moved = copy.clone();
        moved.sort_by_key(|share| (share.time, share.object));
        assert!(kept.iter().map(slot).eq(moved.iter().map(slot)));
        let by_account = |shares: &[Share]| {
            let mut counts = vec![0; 30];
            for share in shares {
                counts[share.account as usize] += 1;
            }
            counts
        };
        assert_eq!(by_account(&kept), by_account(&copy));
        let stays = copy
            .iter()
            .zip(&kept)
            .filter(|(a, b)| a.account == b.account)
            .count();
        assert!(
            stays * 4 < copy.len(),
            "{stays} of {} accounts stay in place",
            copy.len()
        );
        let mut pairs: Vec<u64> = copy
            .iter()
            .map(|share| key(share.object, share.account))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), copy.len(), "no account shares an object twice");
        for post in 0..600 {
            let accounts: HashSet<u32> = copy
                .iter()
                .filter(|share| share.post == post)
                .map(|share| share.account)
                .collect();
            assert!(accounts.len() <= 1, "a message keeps its objects together");
        }
    }
}
