//! The cosine rules of Pacheco and others (2021): accounts that repost the same, or post in the same
//! half hours, and of all pairs the most alike half percent.

use super::cosine::{Vectors, Weighing};
use super::{Knob, Network, Preset, Settings, ShareTable, Tie, traces};
use crate::share::Share;

pub(super) const PRESET: Preset = Preset {
    name: "pacheco",
    says: "Pacheco and others: TF-IDF cosine of what accounts repost, or when they post; the top half percent",
    paper: "Pacheco, Hui, Torres-Lugo, Truong, Flammini and Menczer (2021), ICWSM 15, case studies 4 and 5",
    page: "docs/methods/compare-pacheco.md",
    networks: &[
        Network::of("co_retweet", &[traces::REPOSTS], 10),
        Network::recurring("synchrony", &[traces::HALF_HOURS], 8),
    ],
    directed: false,
    reads: &[Knob::MinParticipation, Knob::Quantile, Knob::SharedObjects],
    defaults: Settings {
        quantile: 0.995,
        ..Settings::NONE
    },
    rule: ties,
};

fn ties(_: &ShareTable, shares: &[Share], settings: &Settings) -> Vec<Tie> {
    let counts = counted(shares, PRESET.least_shares(settings));
    let weighing = Weighing {
        sublinear: true,
        least_accounts: 3,
    };
    Vectors::new(&counts, weighing).top(settings.shared_objects, 1.0 - settings.quantile)
}

/// (account, object, shares) of the accounts with at least so many shares, sorted.
pub(super) fn counted(shares: &[Share], least: u32) -> Vec<(u32, u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = shares
        .iter()
        .map(|share| (share.account, share.object))
        .collect();
    pairs.sort_unstable();
    let mut counts = Vec::new();
    for own in pairs.chunk_by(|a, b| a.0 == b.0) {
        if own.len() < least as usize {
            continue;
        }
        counts.extend(own.chunk_by(|a, b| a == b).map(|same| {
            let count = u32::try_from(same.len()).unwrap_or(u32::MAX);
            (same[0].0, same[0].1, count)
        }));
    }
    counts
}
