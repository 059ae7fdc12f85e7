//! The one-minute rule of Schoch, Keller, Stier and Yang (2022): two accounts that posted the same words,
//! or reposted the same post, within a minute.

use super::{Knob, Network, Preset, Settings, ShareTable, Tie, traces};
use crate::share::Share;

pub(super) const PRESET: Preset = Preset {
    name: "schoch",
    says: "Schoch and others: the same words or the same repost within one minute, once",
    paper: "Schoch, Keller, Stier and Yang (2022), Scientific Reports 12, 4572",
    page: "docs/methods/compare-schoch.md",
    networks: &[
        Network::of("either", &[traces::TEXTS_AS_WRITTEN, traces::REPOSTS], 1),
        Network::of("co_tweet", &[traces::TEXTS_AS_WRITTEN], 1),
        Network::of("co_retweet", &[traces::REPOSTS], 1),
    ],
    directed: false,
    reads: &[Knob::Window, Knob::MinWeight],
    defaults: Settings {
        window_s: Some(60),
        ..Settings::NONE
    },
    rule: ties,
};

fn ties(table: &ShareTable, shares: &[Share], settings: &Settings) -> Vec<Tie> {
    let by_object = ShareTable::by_object(shares.iter().copied());
    by_object.for_each_pair(settings.window_s.unwrap_or(60) * 1_000, |meetings| {
        // One content of two rows, as of a share table, is no meeting.
        let weight = meetings
            .iter()
            .filter(|meeting| {
                let share = |slot: u32| &by_object.shares[slot as usize];
                table.content(share(meeting.first)) != table.content(share(meeting.second))
            })
            .count();
        (weight > 0).then(|| Tie {
            accounts: meetings[0].accounts(),
            weight: weight as f64,
            kept: weight >= settings.min_weight as usize,
            ..Tie::default()
        })
    })
}
