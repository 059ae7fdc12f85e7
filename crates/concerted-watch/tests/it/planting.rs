//! Groups planted into a real stream, and what each rule makes of them: the power table of
//! `docs/methods/early-warning.md`.
//!
//! Members are real accounts with 3 to 60 shares of their own. A group acts ten times, about six hours
//! apart; in each action every member takes part with a probability and shares a moment later, spread
//! evenly over the jitter. An action is on a thing of its own, or on an organic one that at least ten
//! accounts shared.

use concerted_engine::detectors::{DETECTORS, Detector};
use concerted_engine::groups::sequential::{GroupEProcess, SequentialPlan};
use concerted_engine::normalize::near_duplicates::TextPlan;
use concerted_engine::normalize::understand;
use concerted_engine::post::Millis;
use concerted_engine::share::ObjectKind;
use concerted_formats::read::{Input, ReadOptions, read};
use concerted_sim::random::Draws;
use concerted_watch::score::{Named, Planted, Score, fixed_count, score};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Seconds and minutes in ms.
pub(crate) const SECOND: Millis = 1_000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;

/// A stream of shares, (time, account, object), in order.
pub(crate) struct Stream {
    pub(crate) shares: Vec<(Millis, u32, u32)>,
    /// Stratum of each share within which accounts may change places: layer, platform, six hours.
    pub(crate) strata: Vec<(u8, u8, i64)>,
    pub(crate) objects: u32,
}

/// The links and images of the German election corpus.
pub(crate) fn german(repository: &Path) -> Stream {
    let path = repository.join("corpora/german-election-2021.parquet");
    let reading = read(&[Input::Path(path)], &ReadOptions::default()).expect("the corpus is there");
    let understood = understand(&reading.posts, &TextPlan::default());
    let behaviours: Vec<&Detector> = DETECTORS
        .iter()
        .filter(|detector| matches!(detector.kind, ObjectKind::Link | ObjectKind::Media))
        .collect();
    let corpus = understood.corpus(&behaviours, SECOND);
    Stream {
        strata: corpus
            .shares
            .iter()
            .map(|share| {
                (
                    corpus.objects.detector[share.object as usize],
                    corpus.platform[share.post as usize],
                    share.time.div_euclid(6 * HOUR),
                )
            })
            .collect(),
        shares: corpus
            .shares
            .iter()
            .map(|share| (share.time, share.account, share.object))
            .collect(),
        objects: u32::try_from(corpus.objects.len()).expect("a number"),
    }
}

/// How groups are planted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    pub(crate) members: usize,
    pub(crate) jitter: Millis,
    pub(crate) participation: f64,
    /// Part of the actions that are on organic things.
    pub(crate) organic: f64,
    /// Time from one action to the next, about.
    pub(crate) spacing: Millis,
}

/// Plants so many groups; returns the shares with theirs, and the groups.
pub(crate) fn plant(
    stream: &Stream,
    cell: &Cell,
    groups: usize,
    draws: &mut Draws,
) -> (Vec<(Millis, u32, u32)>, Vec<Planted>) {
    let mut activity: BTreeMap<u32, usize> = BTreeMap::new();
    let mut sharers: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for &(_, account, object) in &stream.shares {
        *activity.entry(account).or_default() += 1;
        sharers.entry(object).or_default().insert(account);
    }
    let mut pool: Vec<u32> = activity
        .into_iter()
        .filter(|&(_, shares)| (3..=60).contains(&shares))
        .map(|(account, _)| account)
        .collect();
    let popular: Vec<u32> = sharers
        .into_iter()
        .filter(|(_, sharers)| sharers.len() >= 10)
        .map(|(object, _)| object)
        .collect();
    let (begin, end) = (stream.shares[0].0, stream.shares[stream.shares.len() - 1].0);
    let mut shares = stream.shares.clone();
    let mut next_object = stream.objects;
    let mut planted = Vec::new();
    for _ in 0..groups {
        let mut members = BTreeSet::new();
        while members.len() < cell.members {
            let place = below(draws, pool.len());
            members.insert(pool.swap_remove(place));
        }
        let mut group = Planted {
            accounts: members.clone(),
            ..Planted::default()
        };
        // After the first week, when there is something to compare with, and before the last.
        let span = end - begin - 14 * 24 * HOUR;
        let mut at = begin + 7 * 24 * HOUR + part(draws, span);
        for _ in 0..10 {
            let object = if draws.unit() < cell.organic {
                popular[below(draws, popular.len())]
            } else {
                next_object += 1;
                next_object - 1
            };
            let mut times: Vec<(Millis, u32)> = Vec::new();
            for &member in &members {
                if draws.unit() < cell.participation {
                    times.push((at + part(draws, cell.jitter), member));
                }
            }
            times.sort_unstable();
            if times.len() >= 2 {
                group.actions.push(times[0].0);
            }
            for (time, member) in times {
                group.posts.push(time);
                shares.push((time, member, object));
            }
            at += cell.spacing / 2 + part(draws, cell.spacing);
        }
        planted.push(group);
    }
    shares.sort_unstable();
    (shares, planted)
}

fn below(draws: &mut Draws, bound: usize) -> usize {
    usize::try_from(draws.below(bound as u64)).expect("below a length")
}

/// A time within so long, to the second, as the clock of the corpus has it.
fn part(draws: &mut Draws, span: Millis) -> Millis {
    let seconds = u64::try_from(span / SECOND).expect("a positive span") + 1;
    i64::try_from(draws.below(seconds)).expect("a span of weeks") * SECOND
}

/// Every alarm of the machine on these shares.
pub(crate) fn alarms(plan: &SequentialPlan, shares: &[(Millis, u32, u32)]) -> Vec<Named> {
    let mut machine = GroupEProcess::new(plan);
    let mut alarms = Vec::new();
    for &(time, account, object) in shares {
        machine.push(time, account, object, |bet| {
            if bet.alarm {
                alarms.push(Named {
                    time: bet.time,
                    core: bet.core.to_vec(),
                });
            }
        });
    }
    alarms
}

/// The watch and the fixed count on one stream with planted groups.
pub(crate) fn both(
    plan: &SequentialPlan,
    stream: &Stream,
    cell: &Cell,
    groups: usize,
    seed: u64,
) -> (Score, Score) {
    let (shares, planted) = plant(stream, cell, groups, &mut Draws::new(seed, 0));
    (
        score(&planted, &alarms(plan, &shares)),
        score(&planted, &fixed_count(&shares, MINUTE, 2)),
    )
}

/// A copy of the stream in which accounts have changed places within their strata.
pub(crate) fn permuted(stream: &Stream, seed: u64) -> Vec<(Millis, u32, u32)> {
    let mut draws = Draws::new(seed, 1);
    let mut strata: BTreeMap<(u8, u8, i64), Vec<usize>> = BTreeMap::new();
    for (place, stratum) in stream.strata.iter().enumerate() {
        strata.entry(*stratum).or_default().push(place);
    }
    let mut shares = stream.shares.clone();
    for places in strata.into_values() {
        for last in (1..places.len()).rev() {
            let other = below(&mut draws, last + 1);
            let (a, b) = (places[last], places[other]);
            (shares[a].1, shares[b].1) = (shares[b].1, shares[a].1);
        }
    }
    shares
}
