//! What would the published tools have said? Their rules, exactly, on this engine.
//!
//! A preset reproduces a rule as published, with its names and defaults, so that a user sees on their
//! own data what it says, what it misses, and what it says where nothing is. It is never used by a
//! scan. Each rule has a file here and a page under `docs/methods/`, which says what is reproduced and
//! what is left out on purpose.
//!
//! [`ShareTable`] is what a rule reads: the posts as that rule sees them, as shares. [`Tie`]s come out.

mod coornet;
mod coortweet;
mod copies;
mod cosine;
mod luceri;
mod pacheco;
mod qut;
mod schoch;
mod table;
mod traces;

pub use coornet::interval_s;
pub use coortweet::{PairOfShares, pairs_of_shares};
pub use copies::permuted;
pub use table::ShareTable;

use crate::detectors::Detector;
use crate::share::Share;

/// A published rule with its name, its networks and its defaults.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// The name on the command line.
    pub name: &'static str,
    /// What it reproduces, in one line.
    pub says: &'static str,
    /// Where it was published.
    pub paper: &'static str,
    /// The page that explains it.
    pub page: &'static str,
    /// Its networks. The first is the default.
    pub networks: &'static [Network],
    /// Whether its ties have a direction.
    pub directed: bool,
    /// The settings that it reads; every other one means nothing to it.
    pub reads: &'static [Knob],
    /// The published defaults.
    pub defaults: Settings,
    pub(crate) rule: fn(&ShareTable, &[Share], &Settings) -> Vec<Tie>,
}

/// What a rule ties accounts by.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    /// The published name.
    pub name: &'static str,
    /// What counts as an object.
    pub(crate) traces: &'static [Detector],
    /// Least shares of an account, as published.
    pub(crate) least_shares: u32,
    /// Whether every account comes back to the same objects again and again, as to hours of the day, so
    /// that a permuted copy cannot keep an account from sharing an object twice.
    pub(crate) recurring: bool,
    /// Whether the words of posts are compared, beside their objects.
    pub(crate) compares_words: bool,
}

/// What a rule is set to. Which of these a rule reads stands in [`Preset::reads`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The network, by its place among the preset's.
    pub network: usize,
    /// Longest time between two shares in seconds, both ends included; nothing where the rule estimates
    /// it from the data.
    pub window_s: Option<i64>,
    /// A second, shorter window in seconds, for a second weight.
    pub fast_window_s: Option<i64>,
    /// Least shares of an account; nothing for what was published for the network.
    pub min_participation: Option<u32>,
    /// Least weight of a tie.
    pub min_weight: u32,
    /// The quantile that a tie, or an account, has to reach or pass.
    pub quantile: f64,
    /// Least likeness of two texts (Jaccard).
    pub similarity: f64,
    /// Least different words of a text that is compared.
    pub min_words: u32,
    /// Least number of different objects that two accounts have in common.
    pub shared_objects: u32,
    /// Whether an account is tied to itself by two posts of its own.
    pub self_ties: bool,
}

impl Settings {
    const NONE: Self = Self {
        network: 0,
        window_s: None,
        fast_window_s: None,
        min_participation: None,
        min_weight: 1,
        quantile: 0.0,
        similarity: 0.0,
        min_words: 1,
        shared_objects: 1,
        self_ties: false,
    };
}

/// A setting by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knob {
    /// [`Settings::window_s`].
    Window,
    /// [`Settings::fast_window_s`].
    FastWindow,
    /// [`Settings::min_participation`].
    MinParticipation,
    /// [`Settings::min_weight`].
    MinWeight,
    /// [`Settings::quantile`].
    Quantile,
    /// [`Settings::similarity`].
    Similarity,
    /// [`Settings::min_words`].
    MinWords,
    /// [`Settings::shared_objects`].
    SharedObjects,
    /// [`Settings::self_ties`].
    SelfTies,
}

/// Two accounts that a rule ties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tie {
    /// The two accounts. In a directed network the first is where the tie starts, in the others it is
    /// the smaller number.
    pub accounts: (u32, u32),
    /// Its weight, as the rule counts it.
    pub weight: f64,
    /// Whether the rule's cut keeps it.
    pub kept: bool,
    /// Mean time between the two shares in seconds, where the rule tells.
    pub mean_lag_s: Option<f64>,
    /// The objects behind it, by number, ascending, where the rule tells.
    pub objects: Vec<u32>,
    /// The same within the shorter window, where the rule has one and it holds anything.
    pub fast: Option<FastTie>,
}

/// A tie within the shorter of two windows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FastTie {
    /// Its weight.
    pub weight: f64,
    /// Mean time between the two shares in seconds.
    pub mean_lag_s: f64,
    /// Whether the rule's cut keeps it.
    pub kept: bool,
}

/// Every preset, in the order in which they are listed.
pub const PRESETS: &[Preset] = &[
    coortweet::PRESET,
    qut::PRESET,
    coornet::PRESET,
    schoch::PRESET,
    pacheco::PRESET,
    luceri::PRESET,
];

/// The preset with this name.
pub fn by_name(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

impl Network {
    const fn of(name: &'static str, traces: &'static [Detector], least_shares: u32) -> Self {
        Self {
            name,
            traces,
            least_shares,
            recurring: false,
            compares_words: false,
        }
    }

    const fn comparing_words(name: &'static str, traces: &'static [Detector]) -> Self {
        Self {
            compares_words: true,
            ..Self::recurring(name, traces, 1)
        }
    }

    const fn recurring(name: &'static str, traces: &'static [Detector], least_shares: u32) -> Self {
        Self {
            recurring: true,
            ..Self::of(name, traces, least_shares)
        }
    }
}

impl Preset {
    /// Least shares of an account under these settings.
    pub fn least_shares(&self, settings: &Settings) -> u32 {
        settings
            .min_participation
            .unwrap_or(self.networks[settings.network].least_shares)
    }

    /// The network with this name, by its place.
    pub fn network(&self, name: &str) -> Option<usize> {
        self.networks
            .iter()
            .position(|network| network.name == name)
    }

    /// The ties among these shares of a table, in order of the accounts. The shares are those of the
    /// table itself or of a permuted copy, in order of time.
    pub fn ties(&self, table: &ShareTable, shares: &[Share], settings: &Settings) -> Vec<Tie> {
        (self.rule)(table, shares, settings)
    }
}

/// The accounts that ties flag: those at either end of a tie that is kept, ascending. A tie of an
/// account with itself flags nobody.
pub fn flagged(ties: &[Tie]) -> Vec<u32> {
    let mut accounts: Vec<u32> = ties
        .iter()
        .filter(|tie| tie.kept && tie.accounts.0 != tie.accounts.1)
        .flat_map(|tie| [tie.accounts.0, tie.accounts.1])
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    accounts
}

/// The quantile of some values as R and `NumPy` compute it by default: linear between the two nearest
/// (Hyndman and Fan 1996, type 7). Nothing for no value.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let place = last as f64 * share.clamp(0.0, 1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list is whole and not below 0"
    )]
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    let part = place - place.floor();
    Some(values[below] + part * (values[above] - values[below]))
}

#[cfg(test)]
mod tests;
