//! Accounts permuted: who shared it is chance, what was shared when stays.
//!
//! The unit is a message with all it puts before people, so that a text keeps its link and hashtags
//! and evidence cannot be counted twice unseen. Accounts change places among messages of the same
//! hours, platform and kinds of object, never so that an account would share an object twice.

use crate::post::Millis;
use crate::rng::Rng;
use crate::share::{Corpus, Share};
use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;

const HOUR: Millis = 3_600_000;

/// Sweeps over each stratum; one swap a message and sweep is tried.
const SWEEPS: usize = 10;

/// A message: its account and the shares it makes.
struct Unit {
    account: u32,
    time: Millis,
    platform: u8,
    kinds: u64,
    shares: std::ops::Range<usize>,
}

/// Messages, ready to be permuted.
pub(crate) struct Units {
    messages: Vec<Unit>,
    /// Shares (first of each account on each object), by unit, with their place in canonical order.
    shares: Vec<(Share, u32)>,
    start: Millis,
}

impl Units {
    pub(crate) fn new(corpus: &Corpus) -> Self {
        let mut seen: HashSet<u64, FxBuildHasher> = HashSet::default();
        let mut shares: Vec<(Share, u32)> = Vec::with_capacity(corpus.shares.len());
        for (place, share) in corpus.shares.iter().enumerate() {
            if seen.insert(key(share.object, share.account)) {
                shares.push((
                    *share,
                    u32::try_from(place).expect("shares are numbered in 32 bits"),
                ));
            }
        }
        let message = |share: &Share| corpus.message[share.post as usize];
        shares.sort_by_key(|(share, place)| (message(share), *place));
        let mut messages: Vec<Unit> = Vec::new();
        let mut from = 0;
        for group in shares.chunk_by(|a, b| message(&a.0) == message(&b.0)) {
            let first = group[0].0;
            messages.push(Unit {
                account: first.account,
                time: first.time,
                platform: corpus.platform[first.post as usize],
                kinds: group
                    .iter()
                    .map(|(share, _)| 1 << (corpus.objects.detector[share.object as usize] % 64))
                    .fold(0, |a, b: u64| a | b),
                shares: from..from + group.len(),
            });
            from += group.len();
        }
        let start = messages.iter().map(|unit| unit.time).min().unwrap_or(0);
        Self {
            messages,
            shares,
            start,
        }
    }

    pub(super) fn shares(&self) -> u64 {
        self.shares.len() as u64
    }

    /// Messages in the stratum of the median message.
    pub(super) fn median_stratum(&self, hours: i64) -> u32 {
        let mut sizes: Vec<u32> = Vec::with_capacity(self.messages.len());
        for stratum in self.strata(hours) {
            let size = u32::try_from(stratum.len()).unwrap_or(u32::MAX);
            sizes.extend(std::iter::repeat_n(size, stratum.len()));
        }
        sizes.sort_unstable();
        sizes.get(sizes.len() / 2).copied().unwrap_or(0)
    }

    /// Units of each stratum, strata in canonical order.
    fn strata(&self, hours: i64) -> Vec<Vec<u32>> {
        let mut number: HashMap<(i64, u8, u64), usize, FxBuildHasher> = HashMap::default();
        let mut strata: Vec<Vec<u32>> = Vec::new();
        for (place, unit) in self.messages.iter().enumerate() {
            let key = (
                (unit.time - self.start).div_euclid(hours * HOUR),
                unit.platform,
                unit.kinds,
            );
            let stratum = *number.entry(key).or_insert_with(|| {
                strata.push(Vec::new());
                strata.len() - 1
            });
            strata[stratum].push(u32::try_from(place).expect("messages are numbered in 32 bits"));
        }
        strata
    }

    /// The shares of one copy permuted within so many hours, in canonical order.
    pub(crate) fn permuted(&self, hours: i64, seed: u64, copy: u64) -> Vec<Share> {
        let mut rng = Rng::stream(seed, copy);
        let mut account: Vec<u32> = self.messages.iter().map(|unit| unit.account).collect();
        let mut held: HashSet<u64, FxBuildHasher> = self
            .shares
            .iter()
            .map(|(share, _)| key(share.object, share.account))
            .collect();
        for stratum in self.strata(hours) {
            for _ in 0..SWEEPS {
                for &a in &stratum {
                    let b = stratum[usize::try_from(rng.below(stratum.len() as u64))
                        .expect("a place in a list")];
                    self.swap(a, b, &mut account, &mut held);
                }
            }
        }
        let mut shares: Vec<(Share, u32)> = Vec::with_capacity(self.shares.len());
        for (unit, &account) in self.messages.iter().zip(&account) {
            shares.extend(
                self.shares[unit.shares.clone()]
                    .iter()
                    .map(|&(share, place)| (Share { account, ..share }, place)),
            );
        }
        shares.sort_unstable_by_key(|(_, place)| *place);
        shares.into_iter().map(|(share, _)| share).collect()
    }

    /// Lets two messages change accounts, unless an account would then share an object twice.
    fn swap(&self, a: u32, b: u32, account: &mut [u32], held: &mut HashSet<u64, FxBuildHasher>) {
        let (a, b) = (a as usize, b as usize);
        let (of_a, of_b) = (account[a], account[b]);
        let objects = |unit: usize| {
            self.shares[self.messages[unit].shares.clone()]
                .iter()
                .map(|(share, _)| share.object)
        };
        if of_a == of_b
            || objects(a).any(|object| held.contains(&key(object, of_b)))
            || objects(b).any(|object| held.contains(&key(object, of_a)))
        {
            return;
        }
        for (unit, old, new) in [(a, of_a, of_b), (b, of_b, of_a)] {
            for object in objects(unit) {
                held.remove(&key(object, old));
                held.insert(key(object, new));
            }
        }
        account[a] = of_b;
        account[b] = of_a;
    }
}

fn key(object: u32, account: u32) -> u64 {
    u64::from(object) << 32 | u64::from(account)
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
        let copy = units.permuted(6, 1, 0);
        let first: Vec<Share> = units.permuted(6, 1, 0);
        assert_eq!(copy, first, "the same seed and copy give the same shares");
        assert_ne!(copy, units.permuted(6, 1, 1));

        let mut kept: Vec<Share> = units.shares.iter().map(|(share, _)| *share).collect();
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
