//! The six networks of the QUT coordination network toolkit (Graham and QUT Digital Observatory):
//! directed, an account's posts that another account's posts match within the window.
//!
//! Not reproduced: rows without a link are no link here. The toolkit stores them as the link `""`, which
//! ties everybody who posts without one.

use super::{Knob, Network, Preset, Settings, ShareTable, Tie, traces};
use crate::share::Share;

pub(super) const PRESET: Preset = Preset {
    name: "qut",
    says: "the QUT coordination network toolkit: posts of one account that another's match within the window",
    paper: "Graham and QUT Digital Observatory (2020), coordination-network-toolkit",
    page: "docs/methods/compare-qut.md",
    networks: &[
        Network::of("co_retweet", &[traces::REPOSTS], 1),
        Network::of("co_tweet", &[traces::TEXTS_WITHOUT_MENTIONS], 1),
        Network::comparing_words("co_similar_tweet", &[traces::OWN_WORDS]),
        Network::of("co_link", &[traces::LINKS_AS_WRITTEN], 1),
        Network::of("co_reply", &[traces::REPLIES], 1),
        Network::recurring("co_post", &[traces::POSTING], 1),
    ],
    directed: true,
    reads: &[
        Knob::Window,
        Knob::MinWeight,
        Knob::Similarity,
        Knob::MinWords,
        Knob::SelfTies,
    ],
    defaults: Settings {
        window_s: Some(1),
        min_weight: 2,
        similarity: 0.8,
        ..Settings::NONE
    },
    rule: ties,
};

fn ties(table: &ShareTable, shares: &[Share], settings: &Settings) -> Vec<Tie> {
    let by_object = ShareTable::by_object(
        shares
            .iter()
            .filter(|share| {
                table.words.is_empty()
                    || table.words[share.post as usize].len() >= settings.min_words as usize
            })
            .copied(),
    );
    let window = settings.window_s.unwrap_or(1) * 1_000;
    let matches = |a: &Share, b: &Share| {
        table.content(a) != table.content(b)
            && (table.words.is_empty() || alike(table, a, b) >= settings.similarity)
    };
    let found = by_object.for_each_pair(window, |meetings| {
        let pair = meetings[0].accounts();
        // Contents of either account that match: the weight of the tie from it.
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for meeting in meetings {
            let (a, b) = (
                &by_object.shares[meeting.first as usize],
                &by_object.shares[meeting.second as usize],
            );
            if matches(a, b) {
                let (a, b) = if a.account == pair.0 { (a, b) } else { (b, a) };
                ours.push(table.content(a));
                theirs.push(table.content(b));
            }
        }
        (!ours.is_empty()).then(|| {
            [
                tie(pair, different(ours), settings),
                tie((pair.1, pair.0), different(theirs), settings),
            ]
        })
    });
    let mut ties: Vec<Tie> = found.into_iter().flatten().collect();
    if settings.self_ties {
        ties.extend(self_ties(
            &by_object.shares,
            window,
            matches,
            table,
            settings,
        ));
    }
    ties.sort_by_key(|tie| tie.accounts);
    ties
}

fn tie(accounts: (u32, u32), weight: usize, settings: &Settings) -> Tie {
    Tie {
        accounts,
        weight: weight as f64,
        kept: weight >= settings.min_weight as usize,
        ..Tie::default()
    }
}

fn different(mut contents: Vec<u32>) -> usize {
    contents.sort_unstable();
    contents.dedup();
    contents.len()
}

/// The posts of an account that other posts of its own match.
fn self_ties(
    shares: &[Share],
    window: i64,
    matches: impl Fn(&Share, &Share) -> bool,
    table: &ShareTable,
    settings: &Settings,
) -> Vec<Tie> {
    let mut own: Vec<Share> = shares.to_vec();
    own.sort_by_key(|share| (share.account, share.object, share.time));
    let mut contents: Vec<(u32, u32)> = Vec::new();
    for group in own.chunk_by(|a, b| (a.account, a.object) == (b.account, b.object)) {
        for (place, a) in group.iter().enumerate() {
            for b in group[place + 1..]
                .iter()
                .take_while(|b| b.time - a.time <= window)
            {
                if matches(a, b) {
                    contents.push((a.account, table.content(a)));
                    contents.push((a.account, table.content(b)));
                }
            }
        }
    }
    contents.sort_unstable();
    contents.dedup();
    contents
        .chunk_by(|a, b| a.0 == b.0)
        .map(|of| tie((of[0].0, of[0].0), of.len(), settings))
        .collect()
}

/// Jaccard's likeness of the words of two posts.
fn alike(table: &ShareTable, a: &Share, b: &Share) -> f64 {
    let (a, b) = (&table.words[a.post as usize], &table.words[b.post as usize]);
    let both = a
        .iter()
        .filter(|word| b.binary_search(word).is_ok())
        .count();
    both as f64 / (a.len() + b.len() - both).max(1) as f64
}
