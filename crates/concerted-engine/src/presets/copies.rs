//! The same posts with their accounts permuted: what a rule says where nobody acts in concert.
//!
//! As in the controls of a scan, accounts change places among messages of the same six hours, platform
//! and kinds of object. Unlike there, repeated shares of one object by one account stay, because the
//! published rules count them; no account comes to share an object again that it did not share again
//! before.

use super::ShareTable;
use crate::rng::Rng;
use crate::share::Share;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

const HOURS_MS: i64 = 6 * 3_600_000;

/// Sweeps over each stratum, as in the controls.
const SWEEPS: usize = 10;

/// The shares of one copy, in order of time.
pub fn permuted(table: &ShareTable, seed: u64, copy: u64) -> Vec<Share> {
    let corpus = &table.corpus;
    let message = |share: &Share| corpus.message[share.post as usize];
    let mut order: Vec<u32> = (0..number(corpus.shares.len())).collect();
    order.sort_by_key(|&place| (message(&corpus.shares[place as usize]), place));
    let mut messages: Vec<Vec<u32>> = Vec::new();
    for group in order.chunk_by(|&a, &b| {
        message(&corpus.shares[a as usize]) == message(&corpus.shares[b as usize])
    }) {
        messages.push(group.to_vec());
    }
    let first = |of: &[u32]| corpus.shares[of[0] as usize];
    let mut account: Vec<u32> = messages.iter().map(|of| first(of).account).collect();
    let start = corpus.shares.first().map_or(0, |share| share.time);

    let mut strata: HashMap<(i64, u8, u64), usize, FxBuildHasher> = HashMap::default();
    let mut members: Vec<Vec<u32>> = Vec::new();
    for (place, of) in messages.iter().enumerate() {
        let share = first(of);
        let kinds = of.iter().fold(0u64, |kinds, &place| {
            let object = corpus.shares[place as usize].object as usize;
            kinds | 1 << (corpus.objects.detector[object] % 64)
        });
        let key = (
            (share.time - start).div_euclid(HOURS_MS),
            corpus.platform[share.post as usize],
            kinds,
        );
        let stratum = *strata.entry(key).or_insert_with(|| {
            members.push(Vec::new());
            members.len() - 1
        });
        members[stratum].push(number(place));
    }

    let mut held: HashMap<u64, u32, FxBuildHasher> = HashMap::default();
    for share in &corpus.shares {
        *held.entry(key(share.object, share.account)).or_default() += 1;
    }
    let mut rng = Rng::stream(seed, copy);
    for stratum in &members {
        for _ in 0..SWEEPS {
            for &a in stratum {
                let drawn = rng.below(stratum.len() as u64);
                let b = stratum[usize::try_from(drawn).unwrap_or(0)];
                swap(table, &messages, (a, b), &mut account, &mut held);
            }
        }
    }
    let mut shares = corpus.shares.clone();
    for (of, account) in messages.iter().zip(account) {
        for &place in of {
            shares[place as usize].account = account;
        }
    }
    shares
}

fn swap(
    table: &ShareTable,
    messages: &[Vec<u32>],
    (a, b): (u32, u32),
    account: &mut [u32],
    held: &mut HashMap<u64, u32, FxBuildHasher>,
) {
    let (of_a, of_b) = (account[a as usize], account[b as usize]);
    if of_a == of_b {
        return;
    }
    let objects = |message: u32| {
        messages[message as usize]
            .iter()
            .map(|&place| table.corpus.shares[place as usize].object)
    };
    if !table.recurring {
        let would_repeat = objects(a).any(|object| held.contains_key(&key(object, of_b)))
            || objects(b).any(|object| held.contains_key(&key(object, of_a)));
        if would_repeat {
            return;
        }
        for (message, old, new) in [(a, of_a, of_b), (b, of_b, of_a)] {
            for object in objects(message) {
                if let Some(count) = held.get_mut(&key(object, old)) {
                    *count -= 1;
                    if *count == 0 {
                        held.remove(&key(object, old));
                    }
                }
                *held.entry(key(object, new)).or_default() += 1;
            }
        }
    }
    account[a as usize] = of_b;
    account[b as usize] = of_a;
}

fn key(object: u32, account: u32) -> u64 {
    u64::from(object) << 32 | u64::from(account)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("shares are numbered in 32 bits")
}
