//! Who says the same rare thing? The search over originals on objects that few accounts share.
//!
//! A campaign that rewrites its words and waits half an hour leaves nothing for the burst search; what
//! it leaves is a handful of objects of its own making, each on few accounts. Pairs that meet on at
//! least two of them lead; a group grows from each by the account that raises its score most.

use super::members::by_leave_one_out;
use super::score::Scorer;
use crate::traces::Traces;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// Candidates looked at for each step of growth.
const BEST_OF: usize = 12;
/// Steps that may lower the score in a row.
const SLACK: u32 = 2;
/// Accounts a group grows to at most; it must exceed the largest group sought on rare objects.
const GROWN_MAX: usize = 200;
/// Neighbours of an account that are kept.
const NEIGHBOURS: usize = 60;
/// Lead pairs tried at most, and tries of one account.
const LEADS: usize = 20_000;
const TRIES: u8 = 3;

/// Groups scored at most before they are forgotten.
const SCORES: usize = 1 << 20;

/// The scores of groups seen on the way: leads among the same few accounts grow through the same groups.
#[derive(Default)]
struct Scores {
    known: HashMap<Vec<u32>, f64, FxBuildHasher>,
}

impl Scores {
    /// `E'` of a group, accounts ascending.
    fn of(&mut self, scorer: &mut Scorer<'_>, group: &[u32]) -> f64 {
        if let Some(&score) = self.known.get(group) {
            return score;
        }
        if self.known.len() >= SCORES {
            self.known.clear();
        }
        let score = scorer.union_bound(group);
        self.known.insert(group.to_vec(), score);
        score
    }
}

/// A pair of accounts and how often they met on rare objects.
struct Met {
    pair: (u32, u32),
    weight: f64,
    times: u32,
}

/// Groups that score at least `bar`, best first; each account is in one of them.
pub fn search(traces: &Traces, bar: f64) -> Vec<Vec<u32>> {
    let met = meetings(traces);
    let neighbours = Neighbours::new(&met);
    let mut leads: Vec<&Met> = met.iter().filter(|met| met.times >= 2).collect();
    leads.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.pair.cmp(&b.pair)));

    let mut scorer = Scorer::new(traces);
    let mut scores = Scores::default();
    let accounts = neighbours.start.len() - 1;
    let (mut used, mut tried) = (vec![false; accounts], vec![0u8; accounts]);
    let mut found: Vec<(f64, Vec<u32>)> = Vec::new();
    for lead in leads.into_iter().take(LEADS) {
        let (a, b) = (lead.pair.0 as usize, lead.pair.1 as usize);
        if used[a] || used[b] || tried[a] >= TRIES || tried[b] >= TRIES {
            continue;
        }
        tried[a] += 1;
        tried[b] += 1;
        let group = grow(&mut scorer, &mut scores, &neighbours, &used, lead.pair);
        // Two that nobody joined are a pair, which is counted elsewhere.
        let group = if group.len() > 2 {
            by_leave_one_out(&mut scorer, group)
        } else {
            Vec::new()
        };
        if group.is_empty() {
            continue;
        }
        let score = scorer.score(&group);
        let (runs, _) = scorer.runs(&group, score.best);
        if score.union_bound >= bar && runs.iter().filter(|run| run.members() >= 2).count() >= 2 {
            for &member in &group {
                used[member as usize] = true;
            }
            found.push((score.union_bound, group));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, group)| group).collect()
}

fn grow(
    scorer: &mut Scorer<'_>,
    scores: &mut Scores,
    neighbours: &Neighbours,
    used: &[bool],
    lead: (u32, u32),
) -> Vec<u32> {
    let mut group = vec![lead.0, lead.1];
    let mut current = scores.of(scorer, &group);
    let mut best = (current, group.clone());
    let mut slack = 0;
    while group.len() < GROWN_MAX {
        let mut candidates: Vec<(u32, f64)> = Vec::new();
        for &member in &group {
            candidates.extend(
                neighbours
                    .of(member)
                    .iter()
                    .filter(|(account, _)| !used[*account as usize]),
            );
        }
        candidates.sort_by_key(|candidate| candidate.0);
        candidates.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        candidates.retain(|candidate| group.binary_search(&candidate.0).is_err());
        candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        candidates.truncate(BEST_OF);
        let mut step: Option<(f64, Vec<u32>)> = None;
        for (account, _) in candidates {
            let mut larger = group.clone();
            larger.insert(larger.partition_point(|&member| member < account), account);
            let score = scores.of(scorer, &larger);
            if step.as_ref().is_none_or(|step| score > step.0) {
                step = Some((score, larger));
            }
        }
        let Some((score, larger)) = step else { break };
        if score > current {
            slack = 0;
        } else {
            slack += 1;
            if slack > SLACK {
                break;
            }
        }
        group = larger;
        current = score;
        if current > best.0 {
            best = (current, group.clone());
        }
    }
    best.1
}

/// Pairs that met within the longest window, with the evidence each meeting would carry.
fn meetings(traces: &Traces) -> Vec<Met> {
    let Some(longest) = traces.window_end.last() else {
        return Vec::new();
    };
    let mut meetings: Vec<(u64, u32)> = Vec::new();
    let mut weights: Vec<f64> = Vec::new();
    for (slot, &last) in longest.iter().enumerate() {
        let account = traces.account[slot];
        let own = traces.slots_of(account).len();
        if own < 2 {
            continue;
        }
        for other in slot + 1..=last as usize {
            let their = traces.slots_of(traces.account[other]).len();
            if their < 2 {
                continue;
            }
            let lag = traces.time[other] - traces.time[slot];
            let scale = traces
                .scales_s
                .iter()
                .position(|&tau| lag <= tau * 1_000)
                .expect("within the longest window");
            let n_w = f64::from(traces.window_end[scale][slot]) - slot as f64;
            let chance =
                own.min(their) as f64 / traces.stratum_total[traces.stratum[slot] as usize];
            let (a, b) = (
                account.min(traces.account[other]),
                account.max(traces.account[other]),
            );
            meetings.push((
                u64::from(a) << 32 | u64::from(b),
                u32::try_from(weights.len()).unwrap_or(u32::MAX),
            ));
            weights.push(concerted_stats::math::ln_1p(0.1 / n_w / chance.min(1.0)));
        }
    }
    meetings.sort_unstable();
    meetings
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the two halves of the key are 32 bits each"
            )]
            let pair = ((same[0].0 >> 32) as u32, same[0].0 as u32);
            Met {
                pair,
                weight: same.iter().map(|meeting| weights[meeting.1 as usize]).sum(),
                times: u32::try_from(same.len()).unwrap_or(u32::MAX),
            }
        })
        .collect()
}

/// The strongest neighbours of each account.
struct Neighbours {
    start: Vec<usize>,
    list: Vec<(u32, f64)>,
}

impl Neighbours {
    fn new(met: &[Met]) -> Self {
        let accounts = met
            .iter()
            .map(|met| met.pair.1 as usize + 1)
            .max()
            .unwrap_or(0);
        let mut directed: Vec<(u32, u32, f64)> = met
            .iter()
            .flat_map(|met| {
                [
                    (met.pair.0, met.pair.1, met.weight),
                    (met.pair.1, met.pair.0, met.weight),
                ]
            })
            .collect();
        directed.sort_by(|a, b| a.0.cmp(&b.0).then(b.2.total_cmp(&a.2)).then(a.1.cmp(&b.1)));
        let (mut start, mut list) = (vec![0], Vec::new());
        let mut rest = directed.as_slice();
        for account in 0..accounts {
            let own = rest.partition_point(|entry| entry.0 as usize <= account);
            list.extend(
                rest[..own.min(NEIGHBOURS)]
                    .iter()
                    .map(|entry| (entry.1, entry.2)),
            );
            start.push(list.len());
            rest = &rest[own..];
        }
        Self { start, list }
    }

    fn of(&self, account: u32) -> &[(u32, f64)] {
        &self.list[self.start[account as usize]..self.start[account as usize + 1]]
    }
}
