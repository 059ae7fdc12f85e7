//! Who acts together? Candidates from two searches, scored in hindsight, pruned, split and named.
//!
//! The burst search (`sequential`) finds accounts that keep turning up together on anything; the
//! search over rare originals (`rare_originals`) finds those that say the same rare things. Both hand
//! over candidates; what they are worth is decided by one score over all of history (`score`), by what
//! each member adds (`members`) and by whether one group or two explain more (`split`).

pub mod grade;
pub mod incidents;
pub mod members;
pub mod rare_originals;
pub mod score;
pub mod sequential;
pub mod split;

use crate::share::{Corpus, Share};
use crate::traces::Traces;
use grade::Grade;
use incidents::Incidents;
use members::{CORE_RUNS, GROUP_MIN, PROBABLE_RUNS};
use score::{Meetings, OwnTail, Scorer};
use sequential::{GroupEProcess, SequentialPlan};

/// What the two searches are set to.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPlan {
    /// The machine of the burst search.
    pub sequential: SequentialPlan,
    /// Windows of the score, in seconds.
    pub scales_s: Vec<i64>,
    /// Bar of `E'` for groups of the burst search: ln 1/.05, Markov's.
    pub bar: f64,
    /// Bar of `E'` for groups on rare originals. Not Markov's: it is set by permutation, so every scan
    /// prints what permuted copies give beside it.
    pub rare_bar: f64,
    /// Accounts on an object that is rare, at most.
    pub rare_accounts: usize,
}

impl GroupPlan {
    /// The default plan for a clock of this resolution in milliseconds: no window is shorter.
    pub fn for_resolution(resolution: i64) -> Self {
        let mut scales_s = vec![60, 600, 3_600, 21_600];
        scales_s.retain(|scale| scale * 1_000 >= resolution);
        Self {
            sequential: SequentialPlan::for_resolution(resolution),
            scales_s,
            bar: 3.0,
            rare_bar: -6.0,
            rare_accounts: 12,
        }
    }
}

/// Which search found a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    /// The burst search, over everything shared.
    Bursts,
    /// The search over originals on objects that few accounts share.
    RareOriginals,
    /// Both, on accounts half of which are the same.
    Both,
}

impl FoundBy {
    /// The word in `groups.csv`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bursts => "bursts",
            Self::RareOriginals => "rare-originals",
            Self::Both => "both",
        }
    }
}

/// A named member of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// The account.
    pub account: u32,
    /// How often it joined the others and how often chance would have it.
    pub tail: OwnTail,
}

impl Member {
    /// Whether it joined at least three runs of the others.
    pub fn is_core(&self) -> bool {
        self.tail.joined >= CORE_RUNS
    }

    /// The word in `members.csv`.
    pub fn role(&self) -> &'static str {
        if self.is_core() { "core" } else { "probable" }
    }
}

/// Accounts that met more often than chance allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The named members, by account.
    pub members: Vec<Member>,
    /// Which search found it.
    pub found_by: FoundBy,
    /// `E'`, in nats.
    pub score: f64,
    /// The window that explains most, in seconds.
    pub scale_s: i64,
    /// How often it met at that window, and how often chance would have it.
    pub meetings: Meetings,
    /// What the meetings show.
    pub grade: Grade,
}

impl Group {
    /// The accounts, ascending.
    pub fn accounts(&self) -> Vec<u32> {
        self.members.iter().map(|member| member.account).collect()
    }
}

/// The groups of one corpus, best first, and how they came about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    /// The groups.
    pub groups: Vec<Group>,
    /// Incidents that the burst search raised.
    pub incidents: usize,
    /// Candidates that the search over rare originals raised.
    pub rare_candidates: usize,
    /// Best `E'` that did not make it, for each search.
    pub closest: Option<f64>,
}

/// Finds the groups among these shares (canonical order) of a corpus.
pub fn find(corpus: &Corpus, shares: &[Share], plan: &GroupPlan) -> Groups {
    find_over(corpus, shares, None, plan)
}

/// As [`find`], with the traces of these shares for the windows of the plan where they are at hand
/// already; they are made only where a candidate turns up.
pub fn find_over(
    corpus: &Corpus,
    shares: &[Share],
    traces: Option<&Traces>,
    plan: &GroupPlan,
) -> Groups {
    let (bursts, rare) = rayon::join(
        || by_bursts(corpus, shares, traces, plan),
        || by_rare_originals(corpus, shares, plan),
    );
    let closest = bursts
        .closest
        .into_iter()
        .chain(rare.closest)
        .reduce(f64::max);
    let mut groups = bursts.groups;
    for group in rare.groups {
        join_or_add(&mut groups, group);
    }
    groups.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| a.accounts().cmp(&b.accounts()))
    });
    Groups {
        groups,
        incidents: bursts.incidents,
        rare_candidates: rare.rare_candidates,
        closest,
    }
}

/// M2: incidents of the group e-process, as they stand at the end, refined in hindsight. Such a group
/// is reported on its core alone: at two runs the audience of one account passes for a group.
fn by_bursts(
    corpus: &Corpus,
    shares: &[Share],
    traces: Option<&Traces>,
    plan: &GroupPlan,
) -> Groups {
    let mut machine = GroupEProcess::new(&plan.sequential);
    let mut incidents: Incidents = Incidents::default();
    for share in shares {
        machine.push(share.time, share.account, share.object, |bet| {
            if bet.alarm {
                incidents.alarm(bet.time, bet.core);
            }
        });
    }
    let candidates: Vec<Vec<u32>> = incidents
        .into_list()
        .into_iter()
        .map(|incident| incident.accounts)
        .collect();
    let incidents = candidates.len();
    if candidates.is_empty() {
        return Groups::default();
    }
    // The machine and its bursts are gone before the traces of a copy are made.
    drop(machine);
    let made = traces
        .is_none()
        .then(|| Traces::build(corpus, shares, &plan.scales_s));
    let traces = traces.or(made.as_ref()).expect("traces are given or made");
    let search = Refinement {
        runs_min: CORE_RUNS,
        bar: plan.bar,
        found_by: FoundBy::Bursts,
    };
    Groups {
        incidents,
        ..search.refine(traces, candidates)
    }
}

/// M3: the search over originals on rare objects.
fn by_rare_originals(corpus: &Corpus, shares: &[Share], plan: &GroupPlan) -> Groups {
    let rare = rare_originals_of(corpus, shares, plan.rare_accounts);
    let traces = Traces::build(corpus, &rare, &plan.scales_s);
    let candidates = rare_originals::search(&traces, plan.rare_bar);
    let rare_candidates = candidates.len();
    let search = Refinement {
        runs_min: PROBABLE_RUNS,
        bar: plan.rare_bar,
        found_by: FoundBy::RareOriginals,
    };
    Groups {
        rare_candidates,
        ..search.refine(&traces, candidates)
    }
}

/// Shares in posts that are not known to be reposts, on objects that at most `most` accounts put
/// before people in such posts.
fn rare_originals_of(corpus: &Corpus, shares: &[Share], most: usize) -> Vec<Share> {
    let mut originals: Vec<Share> = shares
        .iter()
        .copied()
        .filter(|share| corpus.originality[share.post as usize] != Some(false))
        .collect();
    let mut touched: Vec<u64> = originals
        .iter()
        .map(|share| u64::from(share.object) << 32 | u64::from(share.account))
        .collect();
    touched.sort_unstable();
    touched.dedup();
    let mut accounts = vec![0usize; corpus.objects.len()];
    for key in touched {
        accounts[usize::try_from(key >> 32).expect("objects are numbered in 32 bits")] += 1;
    }
    originals.retain(|share| accounts[share.object as usize] <= most);
    originals
}

/// How candidates of one search become groups.
struct Refinement {
    runs_min: u32,
    bar: f64,
    found_by: FoundBy,
}

impl Refinement {
    fn refine(&self, traces: &Traces, candidates: Vec<Vec<u32>>) -> Groups {
        let mut scorer = Scorer::new(traces);
        let mut scored: Vec<(f64, Vec<u32>)> = Vec::new();
        for mut candidate in candidates {
            candidate.retain(|&account| !traces.slots_of(account).is_empty());
            let pruned = members::by_own_tail(&mut scorer, candidate, self.runs_min);
            if pruned.is_empty() {
                continue;
            }
            for part in split::split(&mut scorer, pruned) {
                let group = self.settle(&mut scorer, part);
                if !group.is_empty() {
                    scored.push((scorer.union_bound(&group), group));
                }
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut placed = vec![false; traces.account_count()];
        let mut groups = Groups::default();
        for (score, group) in scored {
            if score < self.bar {
                groups.closest = Some(
                    groups
                        .closest
                        .map_or(score, |closest: f64| closest.max(score)),
                );
                continue;
            }
            if group
                .iter()
                .filter(|&&account| placed[account as usize])
                .count()
                * 2
                >= group.len()
            {
                continue;
            }
            for &account in &group {
                placed[account as usize] = true;
            }
            groups.groups.push(self.describe(&mut scorer, &group));
        }
        groups
    }

    /// S2a and S2b until both agree.
    fn settle(&self, scorer: &mut Scorer<'_>, mut group: Vec<u32>) -> Vec<u32> {
        loop {
            let before = group.len();
            group = members::by_own_tail(scorer, group, self.runs_min);
            group = members::by_leave_one_out(scorer, group);
            if group.len() == before || group.is_empty() {
                return group;
            }
        }
    }

    fn describe(&self, scorer: &mut Scorer<'_>, group: &[u32]) -> Group {
        let score = scorer.score(group);
        let tails = scorer.own_tails(group, score.best);
        let meetings = scorer.meetings(group, score.best);
        let grade = grade::grade(scorer, group, &score, self.bar);
        Group {
            members: group
                .iter()
                .zip(tails)
                .map(|(&account, tail)| Member { account, tail })
                .collect(),
            found_by: self.found_by,
            score: score.union_bound,
            scale_s: scorer.traces().scales_s[score.best],
            meetings,
            grade,
        }
    }
}

/// Adds a group, or joins it to the one that holds half of the smaller of the two.
fn join_or_add(groups: &mut Vec<Group>, group: Group) {
    let accounts = group.accounts();
    let shared = |other: &Group| {
        other
            .members
            .iter()
            .filter(|member| accounts.binary_search(&member.account).is_ok())
            .count()
    };
    let partner = groups
        .iter()
        .enumerate()
        .map(|(place, other)| (shared(other), place))
        .filter(|&(shared, place)| shared * 2 >= accounts.len().min(groups[place].members.len()))
        .max_by_key(|&(shared, place)| (shared, std::cmp::Reverse(place)));
    let Some((_, place)) = partner else {
        groups.push(group);
        return;
    };
    let partner = &mut groups[place];
    for member in group.members {
        match partner
            .members
            .binary_search_by_key(&member.account, |known| known.account)
        {
            Ok(known) => {
                if member.tail.joined > partner.members[known].tail.joined {
                    partner.members[known].tail = member.tail;
                }
            }
            Err(free) => partner.members.insert(free, member),
        }
    }
    partner.found_by = FoundBy::Both;
    debug_assert!(partner.members.len() >= GROUP_MIN);
}

#[cfg(test)]
mod tests;
