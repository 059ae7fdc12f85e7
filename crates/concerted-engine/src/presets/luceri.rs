//! The similarity networks of Luceri, Pantè, Burghardt and Ferrara (2024), and their cut by centrality:
//! accounts whose eigenvector centrality is in the top quantile.
//!
//! The published code of three of its five traces stops with an error; what is reproduced is what the
//! paper says. The fifth trace, likeness of texts by a neural model, is left out: this program carries
//! none.

use super::cosine::{Vectors, Weighing};
use super::pacheco::counted;
use super::{Knob, Network, Preset, Settings, ShareTable, Tie, quantile, traces};
use crate::columns::Names;
use crate::share::Share;
use concerted_stats::math::sqrt;

pub(super) const PRESET: Preset = Preset {
    name: "luceri",
    says: "Luceri and others: TF-IDF cosine of reposts, links, hashtag runs or fast reposts; cut by centrality",
    paper: "Luceri, Pantè, Burghardt and Ferrara (2024), The Web Conference",
    page: "docs/methods/compare-luceri.md",
    networks: &[
        Network::of("coRetweet", &[traces::REPOSTS], 20),
        Network::of("coURL", &[traces::LINKS_AS_WRITTEN], 1),
        Network::of("hashtagSeq", &[traces::HASHTAG_RUNS], 1),
        Network::of(FAST_RETWEET, &[traces::REPOSTS], 1),
    ],
    directed: false,
    reads: &[Knob::MinParticipation, Knob::Quantile, Knob::SharedObjects],
    defaults: Settings {
        quantile: 0.995,
        ..Settings::NONE
    },
    rule: ties,
};

const FAST_RETWEET: &str = "fastRetweet";
/// A repost so soon after the original is fast.
const FAST_MS: i64 = 10_000;
/// Rounds of the power iteration at most, and when it stands.
const ROUNDS: usize = 1_000;
const STANDS: f64 = 1e-10;

fn ties(table: &ShareTable, shares: &[Share], settings: &Settings) -> Vec<Tie> {
    let fast = PRESET.networks[settings.network].name == FAST_RETWEET;
    let vectors = if fast {
        let counts = fast_reposts(table, shares);
        let weighing = Weighing {
            sublinear: false,
            least_accounts: 1,
        };
        Vectors::new(&counts, weighing)
    } else {
        // What counts is whether an account shared it, not how often; and two accounts must have.
        let mut counts = counted(shares, PRESET.least_shares(settings));
        for count in &mut counts {
            count.2 = 1;
        }
        let mut accounts_of = vec![0u32; table.corpus.objects.len()];
        for count in &counts {
            accounts_of[count.1 as usize] += 1;
        }
        counts.retain(|count| accounts_of[count.1 as usize] > 1);
        let weighing = Weighing {
            sublinear: false,
            least_accounts: 1,
        };
        Vectors::new(&counts, weighing)
    };
    let mut ties = vectors.ties(settings.shared_objects, 0.0);
    cut_by_centrality(&mut ties, settings.quantile);
    ties
}

/// (account, reposted account, fast reposts), sorted: only pairs with more than one.
fn fast_reposts(table: &ShareTable, shares: &[Share]) -> Vec<(u32, u32, u32)> {
    let objects = &table.corpus.objects;
    let mut authors = Names::default();
    let mut pairs: Vec<(u32, u32)> = shares
        .iter()
        .filter_map(|share| {
            let author = objects.author[share.object as usize]?;
            let lag = share.time - table.posted[share.object as usize]?;
            (0..=FAST_MS)
                .contains(&lag)
                .then(|| (share.account, authors.code(objects.authors.name(author))))
        })
        .collect();
    pairs.sort_unstable();
    pairs
        .chunk_by(|a, b| a == b)
        .filter(|same| same.len() > 1)
        .map(|same| {
            let count = u32::try_from(same.len()).unwrap_or(u32::MAX);
            (same[0].0, same[0].1, count)
        })
        .collect()
}

/// Keeps the ties between two accounts whose centrality is at least the quantile of all.
fn cut_by_centrality(ties: &mut [Tie], share: f64) {
    let mut accounts: Vec<u32> = ties
        .iter()
        .flat_map(|tie| [tie.accounts.0, tie.accounts.1])
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    let place = |account: u32| accounts.binary_search(&account).unwrap_or(0);
    let edges: Vec<(usize, usize, f64)> = ties
        .iter()
        .map(|tie| (place(tie.accounts.0), place(tie.accounts.1), tie.weight))
        .collect();
    let centrality = eigenvector_centrality(accounts.len(), &edges);
    let Some(cut) = quantile(&mut centrality.clone(), share) else {
        return;
    };
    for (tie, (a, b, _)) in ties.iter_mut().zip(edges) {
        tie.kept = centrality[a] >= cut && centrality[b] >= cut;
    }
}

/// Eigenvector centrality of a weighted graph: the power iteration on A + I from equal values, which
/// has the eigenvectors of A and does not swing (as networkx does).
pub(super) fn eigenvector_centrality(nodes: usize, edges: &[(usize, usize, f64)]) -> Vec<f64> {
    let mut values = vec![1.0 / (nodes.max(1) as f64); nodes];
    for _ in 0..ROUNDS {
        let mut next = values.clone();
        for &(a, b, weight) in edges {
            next[a] += weight * values[b];
            next[b] += weight * values[a];
        }
        let length = sqrt(next.iter().map(|x| x * x).sum());
        if length == 0.0 {
            return values;
        }
        for x in &mut next {
            *x /= length;
        }
        let moved: f64 = next.iter().zip(&values).map(|(a, b)| (a - b).abs()).sum();
        values = next;
        if moved < STANDS * nodes as f64 {
            break;
        }
    }
    values
}
