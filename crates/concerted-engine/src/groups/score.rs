//! How far beyond chance did these accounts meet? The union-bound score `E'` of a group.
//!
//! A *run* starts at a member's share of an object and extends while the next member shares it within
//! the window. Chance says that each slot behind the start falls to the group with probability
//! `pi_G(h)`, the group's part of the activity in that stratum; a group that acts together fills more.
//! The likelihood ratio of the two, multiplied over runs and averaged over windows, is an e-value of
//! the group; the penalty `ln C(n, k) + ln k(k-1)` is a union bound over all groups of its size, so
//! any search for the best group is allowed.
//!
//! Runs that rest on the same posts (a copied text brings its link and its hashtags along) are one
//! piece of evidence: their factors are averaged, since an average of e-values is an e-value whatever
//! their dependence.

use crate::post::Millis;
use crate::traces::Traces;
use concerted_stats::evalue::NullChance;
use concerted_stats::math::{exp, ln_1p};
use concerted_stats::{LnProduct, PValue, RunScorer, ln_mean_exp, ln_poisson_sf, ln_union_penalty};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

const SECOND: Millis = 1_000;

/// Shares of one account at most this far apart are one action, whatever the window.
pub const ACTION: Millis = 60 * SECOND;

/// Bounds of `pi_G(h)`.
const PI: (f64, f64) = (1e-9, 0.95);

/// A run of a group on one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First and last slot that are the group's.
    pub first: u32,
    /// See `first`.
    pub last: u32,
    /// Where the group's slots of this run stand in the list they were cut from: `from..to`.
    pub from: u32,
    /// See `from`.
    pub to: u32,
}

impl Run {
    /// How many members share the object in this run.
    pub fn members(&self) -> u32 {
        self.to - self.from
    }
}

/// The score of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// ln of the mean over windows of the product over runs.
    pub ln_e: f64,
    /// `E'`: ln E less the union penalty, in nats.
    pub union_bound: f64,
    /// Index of the window with the largest product.
    pub best: usize,
    /// ln of the product for each window.
    pub by_scale: Vec<f64>,
}

/// How often a group met at its window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Meetings {
    /// Runs with at least two members, on distinct actions.
    pub joint_actions: u32,
    /// Sum over all its runs of the chance that at least two members meet there.
    pub expected: f64,
    /// Members' shares behind the first of each run.
    pub repeats: u32,
    /// How many of the slots there chance gives to members.
    pub expected_repeats: f64,
}

/// How often a member joins the runs of the others, and how often chance would have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OwnTail {
    /// `c_i`: runs of the others that it joined, one for each action of its own.
    pub joined: u32,
    /// `mu_i`: runs it would have joined by chance.
    pub expected: f64,
    /// `P[Poisson(mu_i) >= c_i]`.
    pub p: PValue,
}

/// Scores groups over one set of traces; holds the scratch space, so that scoring allocates nothing.
#[derive(Clone, Debug)]
pub struct Scorer<'a> {
    traces: &'a Traces,
    /// Part of each stratum's activity that is the group's; 0 outside the group.
    pi: Vec<f64>,
    chances: Vec<NullChance>,
    runs_of: RunScorer,
    /// Those of other sizes of group: a search goes to and fro between a few.
    other_sizes: Vec<Option<RunScorer>>,
    touched: Vec<u32>,
    slots: Vec<u32>,
    tied: Vec<(u32, u32)>,
    tied_runs: Vec<f64>,
    parent: Vec<u32>,
}

impl<'a> Scorer<'a> {
    /// A scorer over these traces.
    pub fn new(traces: &'a Traces) -> Self {
        Self {
            traces,
            pi: vec![0.0; traces.stratum_total.len()],
            chances: vec![NullChance::new(0.0); traces.stratum_total.len()],
            runs_of: RunScorer::new(0),
            other_sizes: Vec::new(),
            touched: Vec::new(),
            slots: Vec::new(),
            tied: Vec::new(),
            tied_runs: Vec::new(),
            parent: Vec::new(),
        }
    }

    /// The traces.
    pub fn traces(&self) -> &'a Traces {
        self.traces
    }

    /// The score of a group.
    pub fn score(&mut self, group: &[u32]) -> Score {
        self.score_boosted(group, 1.0)
    }

    /// `E'` of a group, in nats.
    pub fn union_bound(&mut self, group: &[u32]) -> f64 {
        self.score(group).union_bound
    }

    /// The score if the group met on these objects `boost` times as often by shared taste alone.
    pub fn score_boosted(&mut self, group: &[u32], boost: f64) -> Score {
        self.load(group);
        self.resize(group.len());
        for &h in &self.touched {
            self.chances[h as usize] = NullChance::new(boost * self.pi[h as usize]);
        }
        let by_scale: Vec<f64> = (0..self.traces.scales_s.len())
            .map(|scale| self.ln_product(scale))
            .collect();
        let best = best_scale(&by_scale);
        let ln_e = ln_mean_exp(&by_scale);
        let union_bound = ln_e - ln_union_penalty(self.traces.active, group.len() as u64);
        Score {
            ln_e,
            union_bound,
            best,
            by_scale,
        }
    }

    /// `E'` over the windows up to `longest_s` seconds alone.
    pub fn union_bound_within(&self, score: &Score, members: usize, longest_s: i64) -> Option<f64> {
        let short: Vec<f64> = self
            .traces
            .scales_s
            .iter()
            .zip(&score.by_scale)
            .filter(|(scale, _)| **scale <= longest_s)
            .map(|(_, ln_e)| *ln_e)
            .collect();
        (!short.is_empty())
            .then(|| ln_mean_exp(&short) - ln_union_penalty(self.traces.active, members as u64))
    }

    /// Takes the bets of this size of group, which depend on nothing else.
    fn resize(&mut self, size: usize) {
        let before = self.runs_of.group_size();
        if before == size {
            return;
        }
        let most = size.max(before);
        if self.other_sizes.len() <= most {
            self.other_sizes.resize(most + 1, None);
        }
        let taken = self.other_sizes[size]
            .take()
            .unwrap_or_else(|| RunScorer::new(size));
        self.other_sizes[before] = Some(std::mem::replace(&mut self.runs_of, taken));
    }

    /// Slots of the group, and the group's part of each stratum's activity.
    fn load(&mut self, group: &[u32]) {
        for h in self.touched.drain(..) {
            self.pi[h as usize] = 0.0;
        }
        self.slots.clear();
        for &member in group {
            for &(h, k) in self.traces.activity(member) {
                let pi = &mut self.pi[h as usize];
                if *pi == 0.0 {
                    self.touched.push(h);
                }
                *pi += f64::from(k);
            }
            self.slots.extend_from_slice(self.traces.slots_of(member));
        }
        for &h in &self.touched {
            self.pi[h as usize] =
                (self.pi[h as usize] / self.traces.stratum_total[h as usize]).clamp(PI.0, PI.1);
        }
        self.slots.sort_unstable();
    }

    fn ln_product(&mut self, scale: usize) -> f64 {
        let traces = self.traces;
        let ends = &traces.window_end[scale];
        let mut product = LnProduct::default();
        self.tied.clear();
        self.tied_runs.clear();
        for_each_run(traces, &self.slots, scale, |run| {
            let (n_w, n_e) = (
                ends[run.first as usize] - run.first,
                ends[run.last as usize] - run.first,
            );
            if n_e == 0 {
                return;
            }
            let follows = run.members() - 1;
            let chance = self.chances[traces.stratum[run.first as usize] as usize]
                .max(self.chances[traces.stratum[run.last as usize] as usize]);
            let (n_w, n_e, f) = (u64::from(n_w), u64::from(n_e), u64::from(follows));
            let own = &self.slots[run.from as usize..run.to as usize];
            if follows == 0 || !own.iter().any(|&slot| traces.shares_message[slot as usize]) {
                self.runs_of.multiply(&mut product, &chance, n_w, n_e, f);
                return;
            }
            let index = u32::try_from(self.tied_runs.len()).expect("runs are numbered in 32 bits");
            self.tied_runs
                .push(self.runs_of.ln_lr(&chance, n_w, n_e, f));
            let tied = own
                .iter()
                .filter(|&&slot| traces.shares_message[slot as usize]);
            self.tied
                .extend(tied.map(|&slot| (traces.message[slot as usize], index)));
        });
        let tied = if self.tied_runs.is_empty() {
            0.0
        } else {
            self.ln_product_of_tied()
        };
        product.ln() + tied
    }

    /// Product over sets of runs tied by common posts of the mean factor in each.
    fn ln_product_of_tied(&mut self) -> f64 {
        fn root(parent: &mut [u32], mut run: u32) -> u32 {
            while parent[run as usize] != run {
                parent[run as usize] = parent[parent[run as usize] as usize];
                run = parent[run as usize];
            }
            run
        }
        let runs = u32::try_from(self.tied_runs.len()).expect("runs are numbered in 32 bits");
        self.parent.clear();
        self.parent.extend(0..runs);
        self.tied.sort_unstable();
        for pair in self.tied.windows(2) {
            if pair[0].0 == pair[1].0 {
                let (a, b) = (
                    root(&mut self.parent, pair[0].1),
                    root(&mut self.parent, pair[1].1),
                );
                self.parent[a.max(b) as usize] = a.min(b);
            }
        }
        let mut by_root: Vec<(u32, f64)> = (0..runs)
            .map(|run| (root(&mut self.parent, run), self.tied_runs[run as usize]))
            .collect();
        by_root.sort_by_key(|entry| entry.0);
        by_root
            .chunk_by(|a, b| a.0 == b.0)
            .map(|tied| {
                if let [only] = tied {
                    only.1
                } else {
                    ln_mean_exp(&tied.iter().map(|entry| entry.1).collect::<Vec<_>>())
                }
            })
            .sum()
    }

    /// The runs of a group at one window, and the slots they are cut from.
    pub fn runs(&mut self, group: &[u32], scale: usize) -> (Vec<Run>, Vec<u32>) {
        self.load(group);
        let mut runs = Vec::new();
        for_each_run(self.traces, &self.slots, scale, |run| runs.push(run));
        (runs, self.slots.clone())
    }

    /// The own tail of each member at one window, in the order of the group.
    pub fn own_tails(&mut self, group: &[u32], scale: usize) -> Vec<OwnTail> {
        self.load(group);
        let mut rest = Vec::with_capacity(self.slots.len());
        group
            .iter()
            .map(|&member| {
                rest.clear();
                rest.extend(
                    self.slots
                        .iter()
                        .filter(|&&slot| self.traces.account[slot as usize] != member),
                );
                own_tail(self.traces, &rest, member, scale)
            })
            .collect()
    }

    /// How often the group met at one window, and how often chance would have it.
    pub fn meetings(&mut self, group: &[u32], scale: usize) -> Meetings {
        let (runs, slots) = self.runs(group, scale);
        let traces = self.traces;
        let mut meetings = Meetings {
            joint_actions: u32::try_from(joint_runs(traces, &runs, &slots, scale).len())
                .unwrap_or(u32::MAX),
            ..Meetings::default()
        };
        for run in &runs {
            let others = f64::from(traces.window_end[scale][run.first as usize] - run.first);
            let p = self.pi[traces.stratum[run.first as usize] as usize];
            // P[at least 2 of the slots in the window are members'] = 1 - (1-p)^N - N p (1-p)^(N-1).
            let ln_miss = ln_1p(-p);
            let most_miss = exp(others * ln_miss);
            meetings.expected += 1.0 - most_miss * ((1.0 - p) + (others + 1.0) * p);
            meetings.repeats += run.members() - 1;
            let within = traces.window_end[scale][run.last as usize] - run.first;
            meetings.expected_repeats += f64::from(within) * p;
        }
        meetings
    }

    /// What the group would have to share by taste to meet again hours later as often as it does:
    /// `b`, from the slots on the objects of its runs at a lag in (max(window, 1 h), 24 h].
    pub fn taste(&mut self, group: &[u32], scale: usize) -> f64 {
        let (runs, _) = self.runs(group, scale);
        let traces = self.traces;
        let near = (traces.scales_s[scale] * SECOND).max(3_600 * SECOND);
        let far = 86_400 * SECOND;
        let (mut follows, mut expected) = (0.0, 0.0);
        for run in &runs {
            let last = run.last as usize;
            let from = traces.end_until(last, traces.time[last] + near);
            let to = traces.end_until(last, traces.time[last] + far);
            for slot in from..to {
                expected += self.pi[traces.stratum[slot] as usize].max(PI.0);
                follows += f64::from(u8::from(group.binary_search(&traces.account[slot]).is_ok()));
            }
        }
        ((follows + 1.0) / (expected + 1.0)).max(1.0)
    }
}

/// The window with the largest product; the shorter one of equals.
fn best_scale(by_scale: &[f64]) -> usize {
    let mut best = 0;
    for (scale, ln_e) in by_scale.iter().enumerate() {
        if *ln_e > by_scale[best] {
            best = scale;
        }
    }
    best
}

fn for_each_run(traces: &Traces, slots: &[u32], scale: usize, mut visit: impl FnMut(Run)) {
    let window = traces.scales_s[scale] * SECOND;
    let mut from = 0;
    while from < slots.len() {
        let mut to = from + 1;
        while to < slots.len() {
            let (last, next) = (slots[to - 1] as usize, slots[to] as usize);
            if traces.object[next] != traces.object[last]
                || traces.time[next] - traces.time[last] > window
            {
                break;
            }
            to += 1;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "slots are numbered in 32 bits"
        )]
        visit(Run {
            first: slots[from],
            last: slots[to - 1],
            from: from as u32,
            to: to as u32,
        });
        from = to;
    }
}

/// Runs with at least two members on distinct actions: a run whose every member acted less than
/// max(window, 60 s) before, in an earlier run, is the second object of one action.
pub fn joint_runs(traces: &Traces, runs: &[Run], slots: &[u32], scale: usize) -> Vec<Run> {
    let apart = (traces.scales_s[scale] * SECOND).max(ACTION);
    let mut joint: Vec<Run> = runs
        .iter()
        .copied()
        .filter(|run| run.members() >= 2)
        .collect();
    joint.sort_by_key(|run| (traces.time[run.first as usize], run.first));
    let mut latest: HashMap<u32, Millis, FxBuildHasher> = HashMap::default();
    joint.retain(|run| {
        let own = &slots[run.from as usize..run.to as usize];
        let fresh = own
            .iter()
            .filter(|&&slot| {
                let slot = slot as usize;
                latest
                    .get(&traces.account[slot])
                    .is_none_or(|&t| (traces.time[slot] - t).abs() >= apart)
            })
            .count();
        if fresh < 2 {
            return false;
        }
        for &slot in own {
            latest.insert(traces.account[slot as usize], traces.time[slot as usize]);
        }
        true
    });
    joint
}

fn own_tail(traces: &Traces, rest: &[u32], member: u32, scale: usize) -> OwnTail {
    let window = traces.scales_s[scale] * SECOND;
    let own = traces.slots_of(member);
    let mut expected = 0.0;
    let mut joins: Vec<Millis> = Vec::new();
    for_each_run(traces, rest, scale, |run| {
        let (first, last) = (run.first as usize, run.last as usize);
        let begins = traces.first_since(first, traces.time[first] - window);
        let ends = traces.window_end[scale][last] as usize + 1;
        let others = (ends - begins) as f64 - f64::from(run.members());
        let stratum = traces.stratum[first];
        expected += others
            * (traces.activity_in(member, stratum) / traces.stratum_total[stratum as usize])
                .min(1.0);
        // Slots are sorted by object, so a member's slot on this object, if any, lies in the window
        // exactly when its number does.
        let place = own.partition_point(|&slot| (slot as usize) < begins);
        if let Some(&slot) = own.get(place).filter(|&&slot| (slot as usize) < ends) {
            joins.push(traces.time[slot as usize]);
        }
    });
    // A post that brings text, link and hashtags along joins three runs and says one thing.
    joins.sort_unstable();
    let mut joined = 0;
    let mut latest = None;
    for time in joins {
        if latest.is_none_or(|latest| time - latest >= ACTION) {
            joined += 1;
            latest = Some(time);
        }
    }
    OwnTail {
        joined,
        expected,
        p: PValue::from_ln(ln_poisson_sf(u64::from(joined), expected)),
    }
}
