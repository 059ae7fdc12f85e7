//! Who met whom within the window, how often, and is it more than chance?
//!
//! For the network picture and the count table (the finder is `groups`). Chance keeps how active each
//! account was in each stratum and how many shares each object drew when; under it the number of joint
//! actions of a pair is close to Poisson with a mean that factorises over strata (`expected`). The tail
//! is corrected over all pairs of active accounts (Benjamini and Hochberg 1995), also those never seen.

pub mod expected;
pub mod window_join;

use crate::post::Millis;
use crate::share::{Corpus, Share};
use crate::traces::Traces;
use concerted_stats::{PValue, QValue, benjamini_hochberg, ln_poisson_sf};
use expected::Expectations;
use window_join::{Crowds, Join, Meeting};

/// Joint actions that make a pair worth testing: one meeting is what everybody has.
const JOINT_MIN: u32 = 2;

/// What pairs are counted by.
#[derive(Clone, Debug, PartialEq)]
pub struct PairPlan {
    /// Windows in seconds.
    pub windows_s: Vec<i64>,
    /// False discovery rate among the pairs called more than chance.
    pub q: f64,
    /// A slot with more slots than this in the window behind it forms no pair.
    pub crowd: u32,
    /// Meetings in memory at once, on average; it changes no result.
    pub held: usize,
}

impl PairPlan {
    /// The default plan for a clock of this resolution in milliseconds.
    pub fn for_resolution(resolution: Millis) -> Self {
        let mut windows_s = vec![10, 60, 600, 3_600];
        windows_s.retain(|window| window * 1_000 >= resolution);
        Self {
            windows_s,
            q: 0.01,
            crowd: 256,
            held: window_join::HELD,
        }
    }
}

/// A pair of accounts that met at least twice on the objects of one detector.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Place of the detector in the corpus's list.
    pub detector: u8,
    /// The two accounts, the smaller number first.
    pub accounts: (u32, u32),
    /// The window in seconds.
    pub window_s: i64,
    /// Joint actions: meetings in distinct messages.
    pub joint_actions: u32,
    /// Distinct objects among them.
    pub objects: u32,
    /// How many chance gives.
    pub expected: f64,
    /// P[Poisson(expected) >= joint actions].
    pub p: PValue,
    /// The q-value over all pairs of active accounts, for this detector and window.
    pub q: QValue,
    /// Median lag in milliseconds.
    pub median_lag: Millis,
    /// Smallest lag in milliseconds.
    pub least_lag: Millis,
    /// Time of the first and of the last meeting.
    pub span: (Millis, Millis),
    /// The meetings, the earlier share first; empty unless the pair is more than chance.
    pub meetings: Vec<(Share, Share)>,
}

/// The tested pairs of one detector.
#[derive(Debug)]
pub struct DetectorPairs {
    /// Place of the detector in the corpus's list.
    pub detector: u8,
    /// Accounts with at least two of its objects: every two of them are a tested pair, also if they never met.
    pub active: u64,
    /// The pairs, by window, then accounts.
    pub pairs: Vec<Pair>,
    /// What was left out, for each window.
    pub crowds: Vec<(i64, Crowds)>,
}

/// Counts and tests the pairs of every detector at every window.
pub fn pairs(corpus: &Corpus, detectors: usize, plan: &PairPlan) -> Vec<DetectorPairs> {
    let mut windows_s = plan.windows_s.clone();
    windows_s.sort_unstable();
    (0..u8::try_from(detectors).expect("there are fewer than 256 detectors"))
        .filter_map(|detector| {
            let of_detector =
                |share: &Share| corpus.objects.detector[share.object as usize] == detector;
            let mut shares = Vec::with_capacity(
                corpus
                    .shares
                    .iter()
                    .filter(|share| of_detector(share))
                    .count(),
            );
            shares.extend(corpus.shares.iter().copied().filter(of_detector));
            let traces = Traces::build(corpus, &shares, &windows_s);
            drop(shares);
            (!traces.is_empty()).then(|| self::of_detector(&traces, detector, plan))
        })
        .collect()
}

fn of_detector(traces: &Traces, detector: u8, plan: &PairPlan) -> DetectorPairs {
    let tests = traces.active * traces.active.saturating_sub(1) / 2;
    let expectations: Vec<Expectations<'_>> = (0..traces.scales_s.len())
        .map(|scale| Expectations::new(traces, scale))
        .collect();
    let join = Join {
        crowd: plan.crowd,
        least: JOINT_MIN,
        held: plan.held,
    };
    let joined = join.for_each_pair(&traces.account, &traces.window_end, |scale, meetings| {
        let pair = describe(traces, meetings, detector, traces.scales_s[scale])?;
        let expected = expectations[scale].of(pair.accounts.0, pair.accounts.1);
        let p = PValue::from_ln(ln_poisson_sf(u64::from(pair.joint_actions), expected));
        // No correction makes a p-value smaller, so where it is above q already the pair will not be
        // called more than chance, and nobody will ask for its meetings.
        let meetings = if p.value() <= plan.q {
            meetings
                .iter()
                .map(|meeting| (share(traces, meeting.first), share(traces, meeting.second)))
                .collect()
        } else {
            Vec::new()
        };
        Some(Pair {
            expected,
            p,
            meetings,
            ..pair
        })
    });
    let mut pairs = Vec::new();
    for mut found in joined.found {
        let p: Vec<PValue> = found.iter().map(|pair| pair.p).collect();
        for (pair, q) in found.iter_mut().zip(benjamini_hochberg(&p, tests)) {
            pair.q = q;
            if q.value() > plan.q {
                pair.meetings = Vec::new();
            }
        }
        pairs.append(&mut found);
    }
    DetectorPairs {
        detector,
        active: traces.active,
        pairs,
        crowds: traces.scales_s.iter().copied().zip(joined.crowds).collect(),
    }
}

/// The share that a slot stands for.
fn share(traces: &Traces, slot: u32) -> Share {
    let slot = slot as usize;
    Share {
        time: traces.time[slot],
        account: traces.account[slot],
        object: traces.object[slot],
        post: traces.post[slot],
    }
}

/// The pair of these meetings, if there are enough of them, without its test.
fn describe(traces: &Traces, meetings: &[Meeting], detector: u8, window_s: i64) -> Option<Pair> {
    if meetings.len() < JOINT_MIN as usize {
        return None;
    }
    // Two objects of the same two messages are one action.
    let message = |slot: u32| traces.message[slot as usize];
    let mut messages: Vec<(u32, u32)> = meetings
        .iter()
        .map(|meeting| (message(meeting.first), message(meeting.second)))
        .collect();
    messages.sort_unstable();
    messages.dedup();
    let joint_actions = u32::try_from(messages.len()).unwrap_or(u32::MAX);
    if joint_actions < JOINT_MIN {
        return None;
    }
    let time = |slot: u32| traces.time[slot as usize];
    let mut lags: Vec<Millis> = meetings
        .iter()
        .map(|meeting| time(meeting.second) - time(meeting.first))
        .collect();
    lags.sort_unstable();
    Some(Pair {
        detector,
        accounts: meetings[0].accounts(),
        window_s,
        joint_actions,
        objects: u32::try_from(meetings.len()).unwrap_or(u32::MAX),
        expected: 0.0,
        p: PValue::from_ln(0.0),
        q: QValue::from_ln(0.0),
        median_lag: median(&lags),
        least_lag: lags[0],
        span: (
            meetings
                .iter()
                .map(|meeting| time(meeting.first))
                .min()
                .expect("there are meetings"),
            meetings
                .iter()
                .map(|meeting| time(meeting.second))
                .max()
                .expect("there are meetings"),
        ),
        meetings: Vec::new(),
    })
}

/// The middle of sorted values; of two middles their mean, rounded down.
pub fn median(sorted: &[Millis]) -> Millis {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[half]
    } else {
        i64::midpoint(sorted[half - 1], sorted[half])
    }
}
