//! The rule of `CooRnet` (Giglietto, Righetti, Rossi and Marino 2020): links shared by several accounts
//! in one bin of time, the bins counted from each link's first share.
//!
//! The interval is estimated from the quickest links unless it is given. Two accounts are tied if both
//! have some coordinated share of the same link, even hours apart: that is the published projection.
//! The two functions of `pycoornet` 0.6.0, which differ, are networks of their own.

use super::{Knob, Network, Preset, Settings, ShareTable, Tie, quantile, traces};
use crate::share::Share;

pub(super) const PRESET: Preset = Preset {
    name: "coornet",
    says: "CooRnet: links shared by several accounts in one bin of time from the link's first share",
    paper: "Giglietto, Righetti, Rossi and Marino (2020), Information, Communication and Society 23",
    page: "docs/methods/compare-coornet.md",
    networks: &[
        Network::of("coord_shares", LINKS, 1),
        Network::of("pycoornet_coord_shares", LINKS, 1),
        Network::of("pycoornet_differential", LINKS, 1),
    ],
    directed: false,
    reads: &[Knob::Window, Knob::Quantile],
    defaults: Settings {
        quantile: 0.9,
        ..Settings::NONE
    },
    rule: ties,
};

const LINKS: &[crate::detectors::Detector] = &[traces::LINKS_AS_WRITTEN];

/// `estimate_coord_interval(q = 0.1, p = 0.5)` in whole seconds, at least 1: of the links whose second
/// share came quickest (the tenth), the median time until half of the link's shares were passed. Nothing
/// where no link was shared twice.
pub fn interval_s(shares: &[Share]) -> Option<i64> {
    const QUICKEST: f64 = 0.1;
    const HALF: f64 = 0.5;
    let by_object = ShareTable::by_object(shares.iter().copied());
    // For each link: seconds to the second share, seconds to the first share past the half.
    let links: Vec<(f64, f64)> = by_object
        .shares
        .chunk_by(|a, b| a.object == b.object)
        .filter(|of| of.len() > 1)
        .map(|of| {
            let since = |place: usize| (of[place].time - of[0].time) as f64 / 1_000.0;
            // The first rank r with r / n > p.
            let past = (1..=of.len())
                .find(|&rank| rank as f64 / of.len() as f64 > HALF)
                .unwrap_or(of.len());
            (since(1), since(past - 1))
        })
        .collect();
    let mut seconds: Vec<f64> = links.iter().map(|link| link.0).collect();
    let quick = quantile(&mut seconds, QUICKEST)?;
    let mut times: Vec<f64> = links
        .iter()
        .filter(|link| link.0 <= quick)
        .map(|link| link.1)
        .collect();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the span of a corpus in seconds fits"
    )]
    quantile(&mut times, HALF).map(|seconds| (seconds as i64).max(1))
}

fn ties(_: &ShareTable, shares: &[Share], settings: &Settings) -> Vec<Tie> {
    let Some(interval) = settings.window_s.or_else(|| interval_s(shares)) else {
        return Vec::new();
    };
    let interval = interval * 1_000;
    let by_object = ShareTable::by_object(shares.iter().copied());
    let mut sharers: Vec<(u32, u32)> = Vec::new();
    for of in by_object.shares.chunk_by(|a, b| a.object == b.object) {
        if of.len() < 2 {
            continue;
        }
        let coordinated = match settings.network {
            0 => binned(of, |share| {
                (share.time - of[0].time).div_euclid(interval.max(1))
            }),
            1 => evenly_binned(of, interval),
            _ => chained(of, interval),
        };
        sharers.extend(
            of.iter()
                .zip(coordinated)
                .filter(|(_, coordinated)| *coordinated)
                .map(|(share, _)| (share.object, share.account)),
        );
    }
    sharers.sort_unstable();
    sharers.dedup();
    projection(&sharers, settings.quantile)
}

/// Whether each share stands in a bin with another share, be it of the same account.
fn binned(of: &[Share], bin: impl Fn(&Share) -> i64) -> Vec<bool> {
    // Shares come in order of time, so a bin is a run.
    let mut coordinated = Vec::with_capacity(of.len());
    for run in of.chunk_by(|a, b| bin(a) == bin(b)) {
        coordinated.extend(std::iter::repeat_n(run.len() > 1, run.len()));
    }
    coordinated
}

/// `pandas.cut` into as many equal bins as intervals fit: closed on the right, the first reaching a
/// thousandth of the span further to the left.
fn evenly_binned(of: &[Share], interval: i64) -> Vec<bool> {
    let (first, last) = (of[0].time, of[of.len() - 1].time);
    let span = last - first;
    let bins = span.div_euclid(interval.max(1)) + 1;
    if span == 0 {
        return vec![true; of.len()];
    }
    // Bin b holds times in (first + b * span / bins, first + (b + 1) * span / bins], in whole numbers.
    binned(of, |share| {
        let scaled = i128::from(share.time - first) * i128::from(bins);
        let bin = (scaled + i128::from(span) - 1).div_euclid(i128::from(span)) - 1;
        i64::try_from(bin).unwrap_or(i64::MAX).max(0)
    })
}

/// Whether each share follows or is followed by another within the interval.
fn chained(of: &[Share], interval: i64) -> Vec<bool> {
    let near = |a: usize, b: usize| of[b].time - of[a].time <= interval;
    (0..of.len())
        .map(|place| {
            (place > 0 && near(place - 1, place))
                || (place + 1 < of.len() && near(place, place + 1))
        })
        .collect()
}

/// Two accounts are tied by the number of objects that both have; kept from the quantile on.
fn projection(sharers: &[(u32, u32)], share: f64) -> Vec<Tie> {
    let slots = ShareTable::by_object(sharers.iter().map(|&(object, account)| Share {
        time: 0,
        account,
        object,
        post: 0,
    }));
    let mut ties = slots.for_each_pair(0, |meetings| {
        Some(Tie {
            accounts: meetings[0].accounts(),
            weight: meetings.len() as f64,
            ..Tie::default()
        })
    });
    let mut weights: Vec<f64> = ties.iter().map(|tie| tie.weight).collect();
    if let Some(cut) = quantile(&mut weights, share) {
        for tie in &mut ties {
            tie.kept = tie.weight >= cut;
        }
    }
    ties
}
