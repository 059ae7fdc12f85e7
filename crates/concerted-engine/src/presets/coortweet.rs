//! The rule of `CooRTweet` 2.1.3 (Righetti and Balluff 2025): shares of one object within a window,
//! and the quantile of how often two accounts meet so.
//!
//! Reproduced: `detect_groups`, `flag_speed_share`, `generate_coordinated_network`. Three columns of
//! the tool's output are wrong by its own documentation and are not: see the page of this preset.

use super::table::ByObject;
use super::{FastTie, Knob, Network, Preset, Settings, ShareTable, Tie, quantile, traces};
use crate::share::Share;
use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

pub(super) const PRESET: Preset = Preset {
    name: "cooRTweet",
    says: "CooRTweet 2.1.3: shares of one object within a window, and a quantile of how often",
    paper: "Righetti and Balluff (2025), Computational Communication Research 7",
    page: "docs/methods/compare-coortweet.md",
    networks: &[
        Network::of("shares", &[traces::SHARES], 2),
        Network::of("retweets", &[traces::REPOSTS], 2),
        Network::of("hashtags", &[traces::HASHTAGS], 2),
        Network::of("urls", &[traces::LINKS_AS_WRITTEN], 2),
        Network::of("urls_domains", &[traces::DOMAINS], 2),
        Network::of("cotweet", &[traces::TEXTS_NORMAL], 2),
        Network::of("images", &[traces::MEDIA], 2),
    ],
    directed: false,
    reads: &[
        Knob::Window,
        Knob::FastWindow,
        Knob::MinParticipation,
        Knob::Quantile,
    ],
    defaults: Settings {
        window_s: Some(10),
        quantile: 0.5,
        ..Settings::NONE
    },
    rule: ties,
};

/// Two shares of one object by two accounts within the window: a row of `detect_groups`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairOfShares {
    /// The older share.
    pub first: Share,
    /// The other.
    pub second: Share,
}

impl PairOfShares {
    /// Time between the two in milliseconds.
    pub fn lag(&self) -> i64 {
        self.second.time - self.first.time
    }

    fn accounts(&self) -> (u32, u32) {
        let (a, b) = (self.first.account, self.second.account);
        (a.min(b), a.max(b))
    }
}

/// `detect_groups(x, time_window, min_participation, remove_loops = TRUE)`: the pairs of shares, in
/// order of the accounts. Every share counts, also a repeated one.
pub fn pairs_of_shares(
    table: &ShareTable,
    shares: &[Share],
    settings: &Settings,
) -> Vec<PairOfShares> {
    let least = PRESET.least_shares(settings);
    let enough = with_participation(table, shares, least);
    let found = within(table, &enough, settings.window_s.unwrap_or(10));
    participating(table, &enough, found, least)
}

fn ties(table: &ShareTable, shares: &[Share], settings: &Settings) -> Vec<Tie> {
    let least = PRESET.least_shares(settings);
    let enough = with_participation(table, shares, least);
    let pairs = pairs_of_shares(table, shares, settings);
    let mut ties = network_of(&pairs, settings.quantile);
    if let Some(fast_s) = settings.fast_window_s {
        // flag_speed_share filters by participation again, now among the fast shares alone.
        let fast: Vec<PairOfShares> = pairs
            .into_iter()
            .filter(|pair| pair.lag() <= fast_s * 1_000)
            .collect();
        let fast = participating(table, &enough, fast, least);
        for tie in network_of(&fast, settings.quantile) {
            let full = ties.binary_search_by_key(&tie.accounts, |tie| tie.accounts);
            if let (Ok(place), Some(mean_lag_s)) = (full, tie.mean_lag_s) {
                ties[place].fast = Some(FastTie {
                    weight: tie.weight,
                    mean_lag_s,
                    kept: tie.kept,
                });
            }
        }
    }
    ties
}

/// The shares of accounts that have so many.
fn with_participation(table: &ShareTable, shares: &[Share], least: u32) -> Vec<Share> {
    let mut shares_of = vec![0u32; table.corpus.account_count()];
    for share in shares {
        shares_of[share.account as usize] += 1;
    }
    shares
        .iter()
        .filter(|share| shares_of[share.account as usize] >= least)
        .copied()
        .collect()
}

/// Every pair of shares within the window, loops left out: one content on both sides, or a content
/// that is the object itself.
fn within(table: &ShareTable, shares: &[Share], window_s: i64) -> Vec<PairOfShares> {
    let by_object: ByObject = ShareTable::by_object(shares.iter().copied());
    let found = by_object.for_each_pair(window_s * 1_000, |meetings| {
        let kept: Vec<PairOfShares> = meetings
            .iter()
            .map(|meeting| PairOfShares {
                first: by_object.shares[meeting.first as usize],
                second: by_object.shares[meeting.second as usize],
            })
            .filter(|pair| {
                let (a, b) = (table.content(&pair.first), table.content(&pair.second));
                let object = table.content_of_object[pair.first.object as usize];
                a != b && object != Some(a) && object != Some(b)
            })
            .collect();
        (!kept.is_empty()).then_some(kept)
    });
    found.into_iter().flatten().collect()
}

/// Keeps the pairs of which at least one content is by an account with enough shares among the contents
/// that stand in any pair. One of two is enough, as in the tool.
fn participating(
    table: &ShareTable,
    shares: &[Share],
    mut pairs: Vec<PairOfShares>,
    least: u32,
) -> Vec<PairOfShares> {
    let coordinated: HashSet<u32, FxBuildHasher> = pairs
        .iter()
        .flat_map(|pair| [table.content(&pair.first), table.content(&pair.second)])
        .collect();
    let mut shares_of = vec![0u32; table.corpus.account_count()];
    for share in shares {
        if coordinated.contains(&table.content(share)) {
            shares_of[share.account as usize] += 1;
        }
    }
    let enough: HashSet<u32, FxBuildHasher> = shares
        .iter()
        .filter(|share| shares_of[share.account as usize] >= least)
        .map(|share| table.content(share))
        .filter(|content| coordinated.contains(content))
        .collect();
    pairs.retain(|pair| {
        enough.contains(&table.content(&pair.first))
            || enough.contains(&table.content(&pair.second))
    });
    pairs
}

/// `generate_coordinated_network`: a tie for each pair of accounts, kept if its weight is above the
/// quantile of all weights.
fn network_of(pairs: &[PairOfShares], share: f64) -> Vec<Tie> {
    let mut ties: Vec<Tie> = pairs
        .chunk_by(|a, b| a.accounts() == b.accounts())
        .map(|pairs| {
            let mut objects: Vec<u32> = pairs.iter().map(|pair| pair.first.object).collect();
            objects.sort_unstable();
            objects.dedup();
            let lags: i64 = pairs.iter().map(PairOfShares::lag).sum();
            Tie {
                accounts: pairs[0].accounts(),
                weight: pairs.len() as f64,
                mean_lag_s: Some(lags as f64 / 1_000.0 / pairs.len() as f64),
                objects,
                ..Tie::default()
            }
        })
        .collect();
    let mut weights: Vec<f64> = ties.iter().map(|tie| tie.weight).collect();
    if let Some(cut) = quantile(&mut weights, share) {
        for tie in &mut ties {
            tie.kept = tie.weight > cut;
        }
    }
    ties
}
